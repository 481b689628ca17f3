/* SPDX-License-Identifier: ISC */
/* What of a stranger's message is too much or too odd, and what of a letter came on its way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/limits.h"
#include "mail/message_parts.h"
#include "mail/received.h"
#include "unit/guarded.h"

/* "type:text" of each part, LF as "/"; "<" and the subject of what is quoted; "!" when flat. */
static const char *
told(struct arena *a, const char *bytes, size_t len)
{
	struct message_parts m;
	struct buf b = BUF_INIT(1 << 20);
	char *text = NULL;

	message_parts_read(a, guarded(bytes, len), len, &m);
	for (size_t i = 0; i < m.count; i++)
		buf_addf(&b, "%s%s:%s", i > 0 ? "," : "", m.parts[i].type,
		    m.parts[i].text);
	if (m.has_original)
		buf_addf(&b, "<%s", header_text(&m.original, "Subject"));
	if (m.is_flat)
		buf_addc(&b, '!');
	text = arena_strdup(a, buf_text(&b));
	for (char *p = text; *p; p++)
		if (*p == '\n')
			*p = '/';
	buf_clear(&b);
	return text;
}

static void
expect_told(struct arena *a, const char *name, const char *text, const char *want)
{
	const char *got = told(a, text, strlen(text));

	if (strcmp(got, want) != 0)
		fail_msg("%s: got \"%s\", want \"%s\"", name, got, want);
}

/* ---- boundaries ---------------------------------------------------------------------- */

#define TEN "aaaaaaaaaa"
#define SEVENTY TEN TEN TEN TEN TEN TEN TEN

/* value: behind "boundary"; sound: RFC 2046 5.1.1, and nothing that would be misread. */
static const struct {
	const char *value;
	bool is_sound;
} boundaries[] = {
	{ "=B", true },
	{ "=\"B\"", true },
	{ " = B", true },
	{ "\t=\tB", true },
	{ "=B; x=y", true },
	{ "=B x", true },
	{ "=" SEVENTY, true },
	{ "=" SEVENTY "a", false },
	{ "=\"" SEVENTY "\"", true },
	{ "=\"" SEVENTY "a\"", false },
	{ "=;", false },
	{ "=\"\"", false },
	{ "=\"", false },
	{ "=\"B", false },
	{ "=B\"", false },
	{ "=B\\", false },
	{ "=\"B\\\"", false },
	{ "=\"B\\C\"", false },
	{ "=\"B\nC\"", false },
	/* Another word than the parameter. */
	{ "", true },
	{ " x", true },
	{ ":", true },
};

/* A message whose text has the word: with one that is not sound it is taken as it is. */
static void
a_boundary_is_of_seventy_octets_and_simple(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(boundaries); i++) {
		const bool lower = i % 2 == 0;
		const char *text = arena_printf(a,
		    "Content-Type: multipart/mixed; boundary=Q\n\n--Q\n\nA %s%s\n\n--Q--\n",
		    lower ? "boundary" : "BOUNDARY", boundaries[i].value);
		const char *got = told(a, text, strlen(text));

		if ((strchr(got, '!') == NULL) != boundaries[i].is_sound)
			fail_msg("%s: got %s", boundaries[i].value, got);
	}
	arena_free(a);
}

/* So many of a word in a text. */
static const char *
repeated(struct arena *a, const char *word, int count)
{
	struct buf b = BUF_INIT(1 << 20);
	const char *text = NULL;

	for (int i = 0; i < count; i++)
		buf_addf(&b, "%s\n", word);
	text = arena_strdup(a, buf_text(&b));
	buf_clear(&b);
	return text;
}

static void
multiparts_and_messages_have_a_ceiling(void **state)
{
	static const struct {
		const char *word;
		int own; /* of them the message has already */
	} words[] = {
		{ "boundary=x", 1 },
		{ "Boundary", 1 },
		{ "message/rfc822", 0 },
		{ "Message/RFC822", 0 },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		for (int more = 0; more < 2; more++) {
			const char *text = arena_printf(a,
			    "Content-Type: multipart/mixed; boundary=Q\n\n--Q\n\n"
			    "%s\n--Q--\n",
			    repeated(a, words[i].word,
				LIMIT_INCOMING_BOUNDARIES - words[i].own + more));
			const char *got = told(a, text, strlen(text));

			if ((strchr(got, '!') != NULL) != (more == 1))
				fail_msg("%s: %d: %s", words[i].word, more, got);
		}
	}
	arena_free(a);
}

static void
a_zero_octet_makes_it_one_text(void **state)
{
	static const char text[] =
	    "Content-Type: multipart/mixed; boundary=Q\n\n--Q\n\na\0b\n--Q--\n";
	struct arena *a = arena_new();

	(void)state;
	assert_non_null(strchr(told(a, text, sizeof(text) - 1), '!'));
	arena_free(a);
}

/* The last octets of a message may be the beginning of such a word. */
static void
a_message_may_end_anywhere(void **state)
{
	static const char text[] = "A: b\n\nmessage/rfc822 boundary=B";
	struct arena *a = arena_new();

	(void)state;
	for (size_t len = 0; len < sizeof(text); len++)
		(void)told(a, text, len);
	assert_string_equal(told(a, text, sizeof(text) - 1),
	    "text/plain:message/rfc822 boundary=B");
	arena_free(a);
}

/* ---- parts --------------------------------------------------------------------------- */

static void
so_many_parts_are_taken(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (int count = LIMIT_INCOMING_PARTS - 1; count <= LIMIT_INCOMING_PARTS + 1;
	     count++) {
		const char *text = arena_printf(a,
		    "Content-Type: multipart/mixed; boundary=Q\n\n%s--Q--\n",
		    repeated(a, "--Q\n\nx", count));
		struct message_parts m;

		message_parts_read(a, text, strlen(text), &m);
		assert_int_equal(m.count,
		    count < LIMIT_INCOMING_PARTS ? count : LIMIT_INCOMING_PARTS);
		assert_false(m.is_flat);
	}
	arena_free(a);
}

#define OUTER(from) \
	"From: " from "\nContent-Type: multipart/mixed; boundary=\"B\"\n\n" \
	"--B\nContent-Type: text/plain\n\none\n--B\n" \
	"Content-Type: message/rfc822\n\n"
#define INNER(kind) \
	"Subject: inner\nContent-Type: multipart/" kind "; boundary=\"C\"\n\n" \
	"--C\nContent-Type: text/plain\n\nwords\n--C--\n\n--B--\n"

static const struct {
	const char *name, *text, *want;
} inside[] = {
	{ "a report of a mail system", OUTER("MAILER-DAEMON@x.example") INNER("report"),
	    "text/plain:one,text/plain:words" },
	{ "a report of a postmaster", OUTER("Postmaster@x.example") INNER("report"),
	    "text/plain:one,text/plain:words" },
	{ "a report of anybody", OUTER("ann@x.example") INNER("report"),
	    "text/plain:one<inner" },
	{ "another message of a mail system",
	    OUTER("mailer-daemon@x.example") INNER("mixed"), "text/plain:one<inner" },
	{ "a header of another name",
	    "Content-Type: multipart/report; boundary=\"B\"\n\n--B\n\none\n--B\n"
	    "Content-Type: text/rfc822-header\n\nSubject: inner\n\n--B--\n",
	    "text/plain:one<inner" },
	{ "headers of a message",
	    "Content-Type: multipart/report; boundary=\"B\"\n\n--B\n\none\n--B\n"
	    "Content-Type: message/rfc822-headers\n\nSubject: inner\n\n--B--\n",
	    "text/plain:one<inner" },
	{ "an international message",
	    "Content-Type: multipart/report; boundary=\"B\"\n\n--B\n\none\n--B\n"
	    "Content-Type: message/global\n\nSubject: inner\n\nx\n--B--\n",
	    "text/plain:one<inner" },
	{ "a text of a part and none of another",
	    "Content-Type: multipart/mixed; boundary=\"B\"\n\n--B\n\none\n--B\n\n "
	    "\n--B--\n",
	    "text/plain:one,text/plain: " },
	{ "HTML that is flat",
	    "Content-Type: text/html; boundary=\"\"\n\n<p>a<i>b</i></p>\n",
	    "text/plain:/ab//!" },
};

static void
what_is_inside_is_read_or_quoted(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(inside); i++)
		expect_told(a, inside[i].name, inside[i].text, inside[i].want);
	arena_free(a);
}

/* Where a line of words ends and where it goes on. */
static const struct {
	const char *html, *want;
} tags[] = {
	{ "a<a>b</a>c", "abc" },
	{ "a<a href=x>b</A>c", "abc" },
	{ "a<abbr>b", "a/b" },
	{ "a<b>b</b><i>c</i>", "abc" },
	{ "a<br>b<body>", "a/b/" },
	{ "a<span x>b</span>", "ab" },
	{ "a<font x>b</font>", "ab" },
	{ "a<em>b</em><strong>c</strong>", "abc" },
	{ "a<img>b", "a/b" },
	{ "a<!-- b --><!-- c -->d", "ad" },
	{ "a<title>b</title>c", "a/c" },
	{ "a&lt;&GT;&amp;&quot;&#39;&#64;&nbsp;&copy;&", "a<>&\"'@ &copy;&" },
	{ "a > b", "a > b" },
	{ "<", "<" },
	{ "a<b", "a<b" },
	{ "a<b < c > d", "a/ d" },
};

static void
html_is_words_in_lines(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(tags); i++)
		expect_told(a, tags[i].html,
		    arena_printf(a, "Content-Type: text/html\n\n%s", tags[i].html),
		    arena_printf(a, "text/html:%s", tags[i].want));
	arena_free(a);
}

/* ---- a letter that comes back -------------------------------------------------------- */

#define NAME63 "X-2345678901234567890123456789012345678901234567890123456789012"

static const struct {
	const char *name, *text, *want;
} restored[] = {
	{ "each name that is added",
	    "Return-Path: a\nReceived: a\nReceived-SPF: a\nDelivered-To: a\n"
	    "Envelope-To: a\nOriginal-Recipient: a\nDelivery-Date: a\n"
	    "DKIM-Signature: a\nDomainKey-Signature: a\nAuthentication-Results: a\n"
	    "ARC-Seal: a\nARC-Message-Signature: a\nARC-Authentication-Results: a\n"
	    "Resent-From: a\nResent-To: a\nResent-Date: a\nResent-Message-ID: a\n"
	    "Status: a\nContent-Length: 1\nLines: 1\nTo: b\n\nx\n",
	    "To: b\r\n\r\nx\r\n" },
	{ "names that begin like them", "Receive: a\nReceiveds: a\nX: b\nXY: c\n\nx\n",
	    "Receive: a\r\nReceiveds: a\r\nX: b\r\nXY: c\r\n\r\nx\r\n" },
	{ "one of ours that begins with X",
	    "X-Auto-Response-Suppress: All\nX-A: b\n\nx\n",
	    "X-Auto-Response-Suppress: All\r\n\r\nx\r\n" },
	{ "folded lines go with their field", "X-A: b\n c\n\td\nTo: e\n f\n\nx\n",
	    "To: e\r\n f\r\n\r\nx\r\n" },
	{ "a name of 63 octets", NAME63 ": a\nTo: b\n\n", "To: b\r\n\r\n" },
	{ "a name of 64 is none", NAME63 "3: a\nTo: b\n\n",
	    NAME63 "3: a\r\nTo: b\r\n\r\n" },
	{ "a line that is no field", "X-A\nX-B c: d\n\n", "X-A\r\nX-B c: d\r\n\r\n" },
	{ "no name", ": a\n\n", ": a\r\n\r\n" },
	{ "a mailbox's line alone", "From x", "" },
	{ "From without a blank", "From:\n\n>From x\n\n",
	    "From:\r\n\r\n>From x\r\n\r\n" },
	{ "the last empty line of a mailbox", "From x\nA: b\n\nx\n\n",
	    "A: b\r\n\r\nx\r\n" },
	{ "and none before it", "From x\nA: b\n\nx\n\n\n", "A: b\r\n\r\nx\r\n\r\n" },
	{ "a header alone in a mailbox", "From x\nA: b\n\n", "A: b\r\n" },
	{ "quotes of a mailbox", "From x\n\n>From a\n>>From b\n>Fro\n>From\n> From c\n",
	    "\r\nFrom a\r\n>From b\r\n>Fro\r\n>From\r\n> From c\r\n" },
	{ "a quote of five", "From x\n\n>From \n", "\r\nFrom \r\n" },
};

static void
what_came_on_the_way_goes(void **state)
{
	(void)state;
	assert_int_equal(strlen(NAME63), 63);
	for (size_t i = 0; i < ARRAY_LEN(restored); i++) {
		struct buf out = BUF_INIT(4096);

		received_restore(&out,
		    guarded(restored[i].text, strlen(restored[i].text)),
		    strlen(restored[i].text));
		if (strcmp(buf_text(&out), restored[i].want) != 0)
			fail_msg("%s: got \"%s\", want \"%s\"", restored[i].name,
			    buf_text(&out), restored[i].want);
		buf_clear(&out);
	}
}

static const struct {
	const char *letter, *name, *want; /* NULL: none */
} fields[] = {
	{ "A: b\r\n\r\n", "A", "b" },
	{ "a: b\r\n\r\n", "A", "b" },
	{ "A: <b>\r\n\r\n", "A", "b" },
	{ "A: <>\r\n\r\n", "A", "" },
	{ "A: <\r\n\r\n", "A", "<" },
	{ "A: <b\r\n\r\n", "A", "<b" },
	{ "A: b>\r\n\r\n", "A", "b>" },
	{ "A:\r\n b\r\n\tc\r\nD: e\r\n\r\n", "A", "b\tc" },
	{ "A: b\r\nA: c\r\n\r\n", "A", "b" },
	{ "AA: b\r\nA: c\r\n\r\n", "A", "c" },
	{ "B: b\r\nA: c\r\n\r\n", "A", "c" },
	{ "A: b", "A", "b" },
	{ "B: b\r\n\r\nA: c\r\n", "A", NULL },
	{ "\r\nA: c\r\n", "A", NULL },
	{ "", "A", NULL },
};

static void
a_field_of_a_letter_is_the_first_of_its_name(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		struct buf b = BUF_INIT(1000);
		const char *got = NULL;

		buf_adds(&b, fields[i].letter);
		got = received_field(a, &b, fields[i].name);
		if (!got != !fields[i].want || (got && strcmp(got, fields[i].want) != 0))
			fail_msg("%zu: got %s", i, got ? got : "NULL");
		buf_clear(&b);
	}
	arena_free(a);
}

static const struct {
	const char *want, *got;
	size_t line; /* 0: they are the same */
	bool in_header;
	const char *name, *want_line, *got_line;
} pairs[] = {
	{ "", "", 0, true, NULL, NULL, NULL },
	{ "A: b\r\n\r\nx\r\n", "A: b\r\n\r\nx\r\n", 0, false, NULL, NULL, NULL },
	{ "A: b\r\n\r\nx\r\n", "A: c\r\n\r\nx\r\n", 1, true, "A", "A: b", "A: c" },
	{ "A: b\r\n c\r\n\r\n", "A: b\r\n d\r\n\r\n", 2, true, "A", " c", " d" },
	{ "A: b\r\nC: d\r\n\r\n", "A: b\r\nC: e\r\n\r\n", 2, true, "C", "C: d", "C: e" },
	{ "A: b\r\nc\r\n\r\n", "A: b\r\nd\r\n\r\n", 2, true, NULL, "c", "d" },
	{ "A: b\r\n\r\nx\r\n", "A: b\r\n\r\ny\r\n", 3, false, "A", "x", "y" },
	{ "A: b\r\n\r\nx\r\n", "A: b\r\n\r\n", 3, false, "A", "x", "" },
	{ "A: b\r\n\r\n", "A: b\r\n\r\nx\r\n", 3, false, "A", "", "x" },
	{ "A: b\r\n", "A: b\n", 1, true, "A", "A: b", "A: b" },
	{ "A: b\r\n\r\n\x1F~\x7F\xC3\xA9\r\n", "A: b\r\n\r\n\x01 \x80\r\n", 3, false, "A",
	    "?~???", "? ?" },
};

static void
the_first_line_that_differs_is_shown(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		struct buf want = BUF_INIT(1000);
		struct buf got = BUF_INIT(1000);
		struct letter_difference d;

		buf_adds(&want, pairs[i].want);
		buf_adds(&got, pairs[i].got);
		assert_int_equal(received_compare(a, &want, &got, &d), pairs[i].line > 0);
		if (pairs[i].line > 0) {
			assert_int_equal(d.line, pairs[i].line);
			assert_int_equal(d.in_header, pairs[i].in_header);
			assert_string_equal(d.want, pairs[i].want_line);
			assert_string_equal(d.got, pairs[i].got_line);
			if (pairs[i].in_header)
				assert_string_equal(d.name ? d.name : "NULL",
				    pairs[i].name ? pairs[i].name : "NULL");
		}
		buf_clear(&want);
		buf_clear(&got);
	}
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_boundary_is_of_seventy_octets_and_simple),
		cmocka_unit_test(multiparts_and_messages_have_a_ceiling),
		cmocka_unit_test(a_zero_octet_makes_it_one_text),
		cmocka_unit_test(a_message_may_end_anywhere),
		cmocka_unit_test(so_many_parts_are_taken),
		cmocka_unit_test(what_is_inside_is_read_or_quoted),
		cmocka_unit_test(html_is_words_in_lines),
		cmocka_unit_test(what_came_on_the_way_goes),
		cmocka_unit_test(a_field_of_a_letter_is_the_first_of_its_name),
		cmocka_unit_test(the_first_line_that_differs_is_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
