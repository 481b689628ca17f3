/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/limits.h"
#include "base/mem.h"
#include "transport/smtp_reply.h"
#include "unit/guarded.h"

#define BYTES(s) (s), sizeof(s) - 1

static const struct {
	const char *name;
	const char *lines; /* joined by LF */
	size_t len;
	enum smtp_reply_step last; /* what the last line gives */
	int code;
	const char *status, *words;
} cases[] = {
	{ "one line", BYTES("250 ok"), SMTP_REPLY_DONE, 250, "", "250 ok" },
	{ "status", BYTES("550 5.1.1 no such user"), SMTP_REPLY_DONE, 550, "5.1.1",
	    "550 5.1.1 no such user" },
	{ "long status", BYTES("450 4.7.650 busy"), SMTP_REPLY_DONE, 450, "4.7.650",
	    "450 4.7.650 busy" },
	{ "status alone", BYTES("250 2.0.0"), SMTP_REPLY_DONE, 250, "2.0.0",
	    "250 2.0.0" },
	{ "status of another class is text", BYTES("550 2.0.0 odd"), SMTP_REPLY_DONE, 550,
	    "", "550 2.0.0 odd" },
	{ "half a status is text", BYTES("550 5.1 x"), SMTP_REPLY_DONE, 550, "",
	    "550 5.1 x" },
	{ "an address is no status", BYTES("550 5.1.1.1 x"), SMTP_REPLY_DONE, 550, "",
	    "550 5.1.1.1 x" },
	{ "four digits are no status", BYTES("550 5.1234.1 x"), SMTP_REPLY_DONE, 550, "",
	    "550 5.1234.1 x" },
	{ "code only", BYTES("250"), SMTP_REPLY_DONE, 250, "", "250" },
	{ "code and blank", BYTES("250 "), SMTP_REPLY_DONE, 250, "", "250" },
	{ "more to come", BYTES("250-one"), SMTP_REPLY_MORE, 250, "", "250 one" },
	{ "nothing, and more to come", BYTES("250-"), SMTP_REPLY_MORE, 250, "", "250" },
	{ "more behind a line with nothing", BYTES("250-\n250 b"), SMTP_REPLY_DONE, 250,
	    "", "250 b" },
	{ "several lines", BYTES("550-5.7.1 first\n550-5.7.1 second\n550 5.7.1 third"),
	    SMTP_REPLY_DONE, 550, "5.7.1", "550 5.7.1 first second third" },
	{ "code only at the end", BYTES("250-one\n250"), SMTP_REPLY_DONE, 250, "",
	    "250 one" },
	{ "controls", BYTES("550 a\x1B[2J\tb\0c\x7F"), SMTP_REPLY_DONE, 550, "",
	    "550 a[2J bc" },
	{ "ill-formed UTF-8", BYTES("550 \xFF\xFE"), SMTP_REPLY_DONE, 550, "",
	    "550 \xEF\xBF\xBD\xEF\xBF\xBD" },

	{ "empty", BYTES(""), SMTP_REPLY_BAD, 0, "", "" },
	{ "no code", BYTES("HTTP/1.1 400 Bad Request"), SMTP_REPLY_BAD, 0, "", "" },
	{ "two digits", BYTES("25"), SMTP_REPLY_BAD, 0, "", "" },
	{ "four digits", BYTES("2500 x"), SMTP_REPLY_BAD, 0, "", "" },
	{ "code of 1xx", BYTES("150 x"), SMTP_REPLY_BAD, 0, "", "" },
	{ "code of 9xx", BYTES("999 x"), SMTP_REPLY_BAD, 0, "", "" },
	{ "another mark", BYTES("250_x"), SMTP_REPLY_BAD, 0, "", "" },
	{ "blank first", BYTES(" 250 x"), SMTP_REPLY_BAD, 0, "", "" },
	{ "lowest code", BYTES("200 x"), SMTP_REPLY_DONE, 200, "", "200 x" },
	{ "highest code", BYTES("599 x"), SMTP_REPLY_DONE, 599, "", "599 x" },
	{ "below the lowest", BYTES("199 x"), SMTP_REPLY_BAD, 0, "", "" },
	{ "above the highest", BYTES("600 x"), SMTP_REPLY_BAD, 0, "", "" },
	{ "no second digit", BYTES("2/0 x"), SMTP_REPLY_BAD, 0, "", "" },
	{ "no third digit", BYTES("20: x"), SMTP_REPLY_BAD, 0, "", "" },
	{ "status of a reply that goes on", BYTES("354 3.1.1 x"), SMTP_REPLY_DONE, 354,
	    "", "354 3.1.1 x" },
	{ "status of 2", BYTES("250 2.1.5 x"), SMTP_REPLY_DONE, 250, "2.1.5",
	    "250 2.1.5 x" },
	{ "longest status", BYTES("550 5.123.456"), SMTP_REPLY_DONE, 550, "5.123.456",
	    "550 5.123.456" },
	{ "too long a detail", BYTES("550 5.1.1234 x"), SMTP_REPLY_DONE, 550, "",
	    "550 5.1.1234 x" },
	{ "a status that goes on", BYTES("550 5.1.1x"), SMTP_REPLY_DONE, 550, "",
	    "550 5.1.1x" },
	{ "no detail", BYTES("550 5.1. x"), SMTP_REPLY_DONE, 550, "", "550 5.1. x" },
	{ "no subject", BYTES("550 5..1 x"), SMTP_REPLY_DONE, 550, "", "550 5..1 x" },
	{ "another point", BYTES("550 5-1.1 x"), SMTP_REPLY_DONE, 550, "",
	    "550 5-1.1 x" },
	{ "half a status and no more", BYTES("550 5.1."), SMTP_REPLY_DONE, 550, "",
	    "550 5.1." },
	{ "status of the later line alone", BYTES("550-a\n550 5.1.1 b"), SMTP_REPLY_DONE,
	    550, "5.1.1", "550 5.1.1 a b" },
	{ "two statuses", BYTES("550-5.1.1 a\n550 5.2.2 b"), SMTP_REPLY_DONE, 550,
	    "5.1.1", "550 5.1.1 a b" },
	{ "code that changes", BYTES("250-one\n550 two"), SMTP_REPLY_BAD, 250, "",
	    "250 one" },
};

static enum smtp_reply_step
add_lines(struct smtp_reply *r, const char *text, size_t len)
{
	enum smtp_reply_step step = SMTP_REPLY_BAD;
	const char *end = text + len;

	for (;;) {
		const char *nl = memchr(text, '\n', (size_t)(end - text));

		step = smtp_reply_add_line(r, text, (size_t)((nl ? nl : end) - text));
		if (!nl)
			return step;
		text = nl + 1;
	}
}

static void
replies_are_read_strictly(void **state)
{
	struct smtp_reply r;

	(void)state;
	smtp_reply_init(&r);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new();
		struct buf words = BUF_INIT(1000);
		enum smtp_reply_step step = SMTP_REPLY_BAD;

		smtp_reply_reset(&r);
		step = add_lines(&r, guarded(cases[i].lines, cases[i].len), cases[i].len);
		smtp_reply_words(&r, a, &words);
		if (step != cases[i].last || r.code != cases[i].code ||
		    strcmp(r.status, cases[i].status) != 0 ||
		    strcmp(buf_text(&words), cases[i].words) != 0)
			fail_msg("%s: got %d %d \"%s\" \"%s\"", cases[i].name, (int)step,
			    r.code, r.status, buf_text(&words));
		buf_clear(&words);
		arena_free(a);
	}
	smtp_reply_clear(&r);
}

static void
a_reply_has_an_end(void **state)
{
	static char line[LIMIT_REPLY_LINE + 1];
	struct smtp_reply r;
	size_t count = 0;

	(void)state;
	smtp_reply_init(&r);
	memset(line, 'x', sizeof(line));
	memcpy(line, "250-", 4);
	assert_int_equal(smtp_reply_add_line(&r, line, sizeof(line)), SMTP_REPLY_BAD);
	smtp_reply_reset(&r);
	assert_int_equal(smtp_reply_add_line(&r, line, LIMIT_REPLY_LINE),
	    SMTP_REPLY_MORE);
	smtp_reply_reset(&r);
	while (smtp_reply_add_line(&r, line, 1000) == SMTP_REPLY_MORE)
		count++;
	/* 996 octets and a line end each */
	assert_int_equal(count, LIMIT_REPLY_TOTAL / 997);
	smtp_reply_clear(&r);
}

/* 250 octets of them, and no half of a character. */
static void
words_are_of_modest_length(void **state)
{
	static const struct {
		int x; /* so many, and what stands behind them */
		const char *after;
		size_t want; /* with "550 " in front */
	} lengths[] = {
		{ 249, "", 253 },
		{ 250, "", 254 },
		{ 251, "", 254 },
		{ 896, "", 254 },
		{ 248, "\u00E9", 254 },
		{ 249, "\u00E9", 253 },
		{ 248, "\u4E00", 252 },
		{ 247, "\U0001F600", 251 },
		{ 246, "\U0001F600", 254 },
	};
	struct arena *a = arena_new();
	struct buf words = BUF_INIT(4096);
	struct smtp_reply r;
	char line[1000];

	(void)state;
	smtp_reply_init(&r);
	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		memset(line, 'x', sizeof(line));
		memcpy(line, "550 ", 4);
		(void)snprintf(line + 4 + lengths[i].x, 10, "%s", lengths[i].after);
		smtp_reply_reset(&r);
		buf_reset(&words);
		assert_int_equal(smtp_reply_add_line(&r, line, strlen(line)),
		    SMTP_REPLY_DONE);
		smtp_reply_words(&r, a, &words);
		if (words.len != lengths[i].want)
			fail_msg("case %zu: got %zu", i, words.len);
	}
	/* What stands in front is parted by a blank. */
	smtp_reply_reset(&r);
	buf_reset(&words);
	smtp_reply_words(&r, a, &words);
	assert_string_equal(buf_text(&words), "");
	buf_adds(&words, "said:");
	smtp_reply_words(&r, a, &words);
	assert_string_equal(buf_text(&words), "said:");
	smtp_reply_clear(&r);
	buf_clear(&words);
	arena_free(a);
}

/* RFC 3463 2: class, subject, detail; those of success and of what is none have no subject. */
static const struct {
	const char *text;
	long subject, detail;
} statuses[] = {
	{ "5.7.26", 7, 26 },
	{ "4.7.1", 7, 1 },
	{ "4.999.999", 999, 999 },
	{ "5.0.0", 0, 0 },
	{ "5.7.1 words", 7, 1 },
	{ "5.7", 7, 0 },
	{ "5.7-1", 7, 0 },
	{ "2.1.5", -1, -1 },
	{ "3.1.5", -1, -1 },
	{ "6.1.5", -1, -1 },
	{ "5-1.5", -1, -1 },
	{ "55.1.5", -1, -1 },
	{ "4", -1, -1 },
	{ "", -1, -1 },
	{ NULL, -1, -1 },
};

static void
a_status_of_failure_has_subject_and_detail(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
		const struct smtp_status s = smtp_status_parse(statuses[i].text);

		if (s.subject != statuses[i].subject || s.detail != statuses[i].detail)
			fail_msg("%s: got %ld %ld",
			    statuses[i].text ? statuses[i].text : "(null)", s.subject,
			    s.detail);
	}
}

static const struct {
	const char *keyword, *want;
} keywords[] = {
	{ "PIPELINING", "" }, { "SIZE", "10240000" }, { "AUTH", "PLAIN LOGIN" },
	{ "8BITMIME", "" }, { "STARTTLS", NULL }, { "SIZ", NULL }, { "8BITMIM", NULL },
	{ "8BITMIMEX", NULL }, { "AUTH=", NULL }, { "XSTARTTLS", "" }, { "SIZES", "1" },
	{ "EMPTY", "" }, { "BLANK", "" },
	{ "mail.example.org", NULL }, /* the server's name is no offer */
};

static void
offers_are_found_by_their_whole_word(void **state)
{
	static const char ehlo[] =
	    "250-mail.example.org PIPELINING STARTTLS\n250-Pipelining\n"
	    "250-SIZE 10240000\n250-AUTH=PLAIN LOGIN\n250-SIZES 1\n"
	    "250-EMPTY=\n250-BLANK \n250-XSTARTTLS\n250 8BITMIME";
	struct arena *a = arena_new();
	struct smtp_reply r;

	(void)state;
	smtp_reply_init(&r);
	assert_int_equal(add_lines(&r, BYTES(ehlo)), SMTP_REPLY_DONE);
	for (size_t i = 0; i < ARRAY_LEN(keywords); i++) {
		const char *got = smtp_reply_keyword(&r, a, keywords[i].keyword);

		if (!got != !keywords[i].want ||
		    (got && strcmp(got, keywords[i].want) != 0))
			fail_msg("%s: got \"%s\"", keywords[i].keyword,
			    got ? got : "(null)");
	}
	smtp_reply_clear(&r);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(replies_are_read_strictly),
		cmocka_unit_test(a_reply_has_an_end),
		cmocka_unit_test(words_are_of_modest_length),
		cmocka_unit_test(a_status_of_failure_has_subject_and_detail),
		cmocka_unit_test(offers_are_found_by_their_whole_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
