/* SPDX-License-Identifier: ISC */
/* A stranger's message: its header, the texts in it, and the message that it quotes. */
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
#include "unit/guarded.h"

/* ---- headers ---- */

/* "name=value" of each field, one behind the other; then what is left as the body. */
static const struct {
	const char *name, *text, *want;
} headers[] = {
	{ "nothing", "", "|" },
	{ "one field", "A: b\n\nbody", "A=b|body" },
	{ "CRLF", "A: b\r\nC: d\r\n\r\nbody", "A=b,C=d|body" },
	{ "no body", "A: b\n", "A=b|" },
	{ "no line end", "A: b", "A=b|" },
	{ "no blank behind the colon", "A:b\n\n", "A=b|" },
	{ "blanks around", "A:  b c \t\n\n", "A=b c|" },
	{ "folded", "A: b\n c\n\td\n\n", "A=b c\td|" },
	{ "blanks alone end it", "A: b\n \nbody", "A=b|body" },
	{ "and tabs", "A: b\n\t\t\nbody", "A=b|body" },
	{ "an empty value", "A:\nC: d\n\n", "A=,C=d|" },
	{ "a line that is none", "From x\nA: b\n\n", "A=b|" },
	{ "a blank in the name", "A b: c\nD: e\n\n", "D=e|" },
	{ "a control character in it", "A\x01: c\nD: e\n\n", "D=e|" },
	{ "the last character there is", "A\x7F: c\nD: e\n\n", "D=e|" },
	{ "the one before", "A~: c\n\n", "A~=c|" },
	{ "the first", "!: c\n\n", "!=c|" },
	{ "no name", ": c\nD: e\n\n", "D=e|" },
	{ "a line of a stranger is folded with it", "x\n y: z\nD: e\n\n", "D=e|" },
	{ "twice", "A: 1\nA: 2\n\n", "A=1,A=2|" },
};

static void
headers_are_read_leniently(void **state)
{
	struct arena *a = arena_new();
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(headers); i++) {
		struct buf b = BUF_INIT(1000);
		struct header h;

		header_read(a, guarded(headers[i].text, strlen(headers[i].text)),
		    strlen(headers[i].text), &h);
		for (size_t k = 0; k < h.count; k++)
			buf_addf(&b, "%s%s=%s", k > 0 ? "," : "", h.fields[k].name,
			    h.fields[k].value);
		buf_addf(&b, "|%s", headers[i].text + h.body);
		if (strcmp(buf_text(&b), headers[i].want) != 0) {
			print_error("%s: got %s, want %s\n", headers[i].name,
			    buf_text(&b), headers[i].want);
			failed++;
		}
		buf_clear(&b);
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

static void
fields_are_found_and_taken_apart(void **state)
{
	static const char text[] =
	    "A: 1\nb: 2\nB: 3\n"
	    "T: text/plain; charset=\"utf-8\"; Format = flowed;x=y z\n\n";
	struct arena *a = arena_new();
	struct header h;
	const char *type = NULL;

	(void)state;
	header_read(a, text, sizeof(text) - 1, &h);
	assert_string_equal(header_get(&h, "B"), "2");
	assert_null(header_get(&h, "C"));
	assert_string_equal(header_text(&h, "C"), "");
	assert_int_equal(header_find(&h, "B", 0), 1);
	assert_int_equal(header_find(&h, "B", 2), 2);
	assert_int_equal(header_find(&h, "B", 3), 4);
	type = header_get(&h, "T");
	assert_string_equal(header_parameter(a, type, "charset"), "utf-8");
	assert_string_equal(header_parameter(a, type, "x"), "y");
	assert_null(header_parameter(a, type, "y"));
	assert_null(header_parameter(a, type, "text"));
	assert_null(header_parameter(a, "charset=x", "charset"));
	assert_string_equal(header_decoded(a, "=?utf-8?Q?=C3=A9?= b"), "\xC3\xA9 b");
	arena_free(a);
}

static void
fields_and_values_have_a_ceiling(void **state)
{
	struct arena *a = arena_new();
	struct buf b = BUF_INIT(1 << 22);
	struct header h;

	(void)state;
	for (int i = 0; i <= LIMIT_INCOMING_FIELDS; i++)
		buf_addf(&b, "A%d: x\n", i);
	header_read(a, buf_text(&b), b.len, &h);
	assert_int_equal(h.count, LIMIT_INCOMING_FIELDS);
	assert_int_equal(h.body, b.len);
	buf_reset(&b);
	buf_adds(&b, "A:");
	for (int i = 0; i < LIMIT_HEADER_VALUE + 10; i++)
		buf_addc(&b, 'x');
	header_read(a, buf_text(&b), b.len, &h);
	assert_int_equal(strlen(h.fields[0].value), LIMIT_HEADER_VALUE);
	buf_clear(&b);
	arena_free(a);
}

/* ---- parts ---- */

#define MULTI(kind, parts) \
	"Subject: s\nMIME-Version: 1.0\nContent-Type: multipart/" kind \
	"; boundary=\"B\"\n\n" parts "--B--\n"
#define PART(fields, text) "--B\n" fields "\n" text "\n"

/* "type:text" of each part, LF as "/"; "<" and the subject of what is quoted; "!" when flat. */
static const struct {
	const char *name, *text, *want;
} messages[] = {
	{ "plain", "Subject: s\n\nhello\n", "text/plain:hello/" },
	{ "nothing", "", "text/plain:!" },
	{ "a line of a mailbox file in front", "From x Tue\nSubject: s\n\nhello\n",
	    "text/plain:hello/" },
	{ "one with a mark", ">From x Tue\nSubject: s\n\nhello\n", "text/plain:hello/" },
	{ "blanks in front", "\n\n Subject: s\n\nhello\n", "text/plain:hello/" },
	{ "quoted printable",
	    "Content-Type: text/plain; charset=utf-8\n"
	    "Content-Transfer-Encoding: quoted-printable\n\n=C3=A9=\nx\n",
	    "text/plain:\xC3\xA9x/" },
	{ "base64",
	    "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\naGVsbG8=\n",
	    "text/plain:hello" },
	{ "said to be base64, and none",
	    "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n!!!\n",
	    "text/plain:!!!/" },
	{ "latin-1", "Content-Type: text/plain; charset=iso-8859-1\n\n\xE9\n",
	    "text/plain:\xC3\xA9/" },
	{ "no charset", "Content-Type: text/plain\n\n\xE9\n", "text/plain:\xC3\xA9/" },
	{ "HTML",
	    "Content-Type: text/html\n\n<p>a <b>b</b> &amp; &lt;c&gt;<br>d&#64;e&nbsp;&quot;"
	    "&#39;&x</p>\n",
	    "text/html:/a b & <c>/d@e \"'&x//" },
	{ "HTML with what nobody sees",
	    "Content-Type: text/html\n\n<html><head><title>t</title><STYLE>p > a {}</STYLE>"
	    "</head><!--[if mso]> m > <![endif]--><script>s</script><p>a</p>\n",
	    "text/html:///////a//" },
	{ "a comment without end", "Content-Type: text/html\n\na<!-- b > c\n",
	    "text/html:a" },
	{ "a style without end", "Content-Type: text/html\n\na<style> b > c\n",
	    "text/html:a" },
	{ "a tag without end", "Content-Type: text/html\n\na < b\n", "text/html:a < b/" },
	{ "two parts",
	    MULTI("alternative",
		PART("Content-Type: text/plain\n", "one")
		    PART("Content-Type: text/html\n", "<p>two</p>")),
	    "text/plain:one,text/html:/two/" },
	{ "a picture",
	    MULTI("mixed",
		PART("Content-Type: text/plain\n", "one")
		    PART("Content-Type: image/png\n", "x")),
	    "text/plain:one,media/png:" },
	{ "a file",
	    MULTI("mixed",
		PART("Content-Type: text/plain\n", "one")
		    PART("Content-Type: application/pdf\n", "x")),
	    "text/plain:one,application/pdf:" },
	{ "a message inside",
	    MULTI("mixed",
		PART("Content-Type: text/plain\n", "one")
		    PART("Content-Type: message/rfc822\n", "Subject: inner\n\nbody")),
	    "text/plain:one<inner" },
	{ "its header alone",
	    MULTI("report",
		PART("Content-Type: text/plain\n", "one")
		    PART("Content-Type: text/rfc822-headers\n", "Subject: inner\n")),
	    "text/plain:one<inner" },
	{ "an international one",
	    MULTI("report",
		PART("Content-Type: text/plain\n", "one")
		    PART("Content-Type: message/global-headers\n", "Subject: inner\n")),
	    "text/plain:one<inner" },
	{ "the first of two",
	    MULTI("digest",
		PART("Content-Type: text/plain\n", "one")
		    PART("Content-Type: text/rfc822-headers\n", "Subject: inner\n")
			PART("Content-Type: text/rfc822-headers\n", "Subject: other\n")),
	    "text/plain:one<inner" },
	{ "a status",
	    MULTI("report",
		PART("Content-Type: text/plain\n", "one")
		    PART("Content-Type: message/delivery-status\n", "Action: failed")),
	    "text/plain:one,message/delivery-status:Action: failed" },
	{ "a boundary that is empty",
	    "Content-Type: multipart/mixed; boundary=\"\"\n\n--\n\nhello\n",
	    "text/plain:--//hello/!" },
	{ "a boundary with a backslash",
	    "Content-Type: multipart/mixed; boundary=\"a\\b\"\n\nhello\n",
	    "text/plain:hello/!" },
	{ "a boundary without its end",
	    "Content-Type: multipart/mixed; boundary=\"ab\n\nhello\n",
	    "text/plain:hello/!" },
	{ "a boundary without quotes",
	    "Content-Type: multipart/mixed; boundary = B\n\n--B\n\nhello\n--B--\n",
	    "text/plain:hello" },
	{ "a bare one with a backslash",
	    "Content-Type: multipart/mixed; boundary=a\\b\n\nhello\n",
	    "text/plain:hello/!" },
	{ "the line of a mailbox file",
	    "From ann Tue Nov 24 06:00:00 2026\nSubject: a\n\nhello\n",
	    "text/plain:hello/" },
	{ "the same, quoted", ">From ann Tue\nSubject: a\n\nhello\n",
	    "text/plain:hello/" },
	{ "the same behind blanks", "\r\n \nFrom ann\nSubject: a\n\nhello\n",
	    "text/plain:hello/" },
	{ "that line alone", "From ann", "text/plain:!" },
	{ "a field that begins like it", "From: ann\n\nhello\n", "text/plain:hello/" },
	{ "a word that begins like it", "Fromage: x\n\nhello\n", "text/plain:hello/" },
	{ "blanks alone", " \n\t\n", "text/plain:!" },
	{ "nothing", "", "text/plain:!" },
	{ "a word like it", "Subject: boundary\n\nthe boundary is here\n",
	    "text/plain:the boundary is here/" },
};

static const char *
told(struct arena *a, const struct message_parts *m)
{
	struct buf b = BUF_INIT(10000);
	char *text = NULL;

	for (size_t i = 0; i < m->count; i++)
		buf_addf(&b, "%s%s:%s", i > 0 ? "," : "", m->parts[i].type,
		    m->parts[i].text);
	if (m->has_original)
		buf_addf(&b, "<%s", header_text(&m->original, "Subject"));
	if (m->is_flat)
		buf_addc(&b, '!');
	text = arena_strdup(a, buf_text(&b));
	for (char *p = text; *p; p++)
		if (*p == '\n')
			*p = '/';
	buf_clear(&b);
	return text;
}

static void
messages_are_taken_apart(void **state)
{
	struct arena *a = arena_new();
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(messages); i++) {
		struct message_parts m;
		const char *got = NULL;

		message_parts_read(a, guarded(messages[i].text, strlen(messages[i].text)),
		    strlen(messages[i].text), &m);
		got = told(a, &m);
		if (strcmp(got, messages[i].want) != 0) {
			print_error("%s: got %s, want %s\n", messages[i].name, got,
			    messages[i].want);
			failed++;
		}
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headers_are_read_leniently),
		cmocka_unit_test(fields_are_found_and_taken_apart),
		cmocka_unit_test(fields_and_values_have_a_ceiling),
		cmocka_unit_test(messages_are_taken_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
