/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
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
	while (smtp_reply_add_line(&r, line, 1000) == SMTP_REPLY_MORE)
		count++;
	/* 996 octets and a line end each */
	assert_int_equal(count, LIMIT_REPLY_TOTAL / 997);
	smtp_reply_clear(&r);
}

static void
words_are_of_modest_length(void **state)
{
	struct arena *a = arena_new();
	struct buf words = BUF_INIT(4096);
	struct smtp_reply r;
	char line[900];

	(void)state;
	smtp_reply_init(&r);
	memset(line, 'x', sizeof(line));
	memcpy(line, "550 ", 4);
	assert_int_equal(smtp_reply_add_line(&r, line, sizeof(line)), SMTP_REPLY_DONE);
	smtp_reply_words(&r, a, &words);
	assert_int_equal(words.len, 254);
	smtp_reply_clear(&r);
	buf_clear(&words);
	arena_free(a);
}

static const struct {
	const char *keyword, *want;
} keywords[] = {
	{ "PIPELINING", "" }, { "SIZE", "10240000" }, { "AUTH", "PLAIN LOGIN" },
	{ "8BITMIME", "" }, { "STARTTLS", NULL }, { "SIZ", NULL },
	{ "mail.example.org", NULL }, /* the server's name is no offer */
};

static void
offers_are_found_by_their_whole_word(void **state)
{
	static const char ehlo[] =
	    "250-mail.example.org PIPELINING STARTTLS\n250-Pipelining\n"
	    "250-SIZE 10240000\n250-AUTH=PLAIN LOGIN\n250-SIZES 1\n"
	    "250-XSTARTTLS\n250 8BITMIME";
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
		cmocka_unit_test(offers_are_found_by_their_whole_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
