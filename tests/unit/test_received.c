/* SPDX-License-Identifier: ISC */
/* A letter as it arrived, brought back to what left, and where two letters differ. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"

#include "mail/received.h"
#include "unit/guarded.h"

#define LETTER \
	"Date: x\r\nTo: ann@x.example\r\nMessage-ID:\r\n <1@x.example>\r\n\r\none\r\ntwo\r\n"

static void
same_text(const char *name, const char *got, const char *want)
{
	if (!got || strcmp(got, want) != 0)
		fail_msg("%s: got \"%s\", want \"%s\"", name, got ? got : "NULL", want);
}

static void
what_is_added_on_the_way_comes_off(void **state)
{
	static const struct {
		const char *name, *text;
	} cases[] = {
		{ "as it is", LETTER },
		{ "LF",
		    "Date: x\nTo: ann@x.example\nMessage-ID:\n <1@x.example>\n\none\ntwo\n" },
		{ "trace",
		    "Return-Path: <a@b>\r\nreceived: by c;\r\n\tMonday\r\n" LETTER },
		{ "X fields", "X-A: 1\r\nx-b:\r\n 2\r\n" LETTER },
		{ "below ours",
		    "Date: x\r\nTo: ann@x.example\r\nMessage-ID:\r\n <1@x.example>\r\n"
		    "Status: RO\r\nLines: 2\r\n\r\none\r\ntwo\r\n" },
		{ "mailbox file",
		    "From a@b Mon\nDate: x\nTo: ann@x.example\nMessage-ID:\n"
		    " <1@x.example>\n\none\ntwo\n\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf out = BUF_INIT(4096);

		received_restore(&out, guarded(cases[i].text, strlen(cases[i].text)),
		    strlen(cases[i].text));
		same_text(cases[i].name, buf_text(&out), LETTER);
		buf_clear(&out);
	}
}

static void
what_is_ours_stays(void **state)
{
	static const struct {
		const char *name, *text, *want;
	} cases[] = {
		{ "fields nobody adds", "Bcc: a\n\nx\n", "Bcc: a\r\n\r\nx\r\n" },
		{ "a body's X lines", "A: b\n\nX-A: 1\nStatus: 2\n",
		    "A: b\r\n\r\nX-A: 1\r\nStatus: 2\r\n" },
		{ "a lone CR", "A: b\n\nx\ry\n", "A: b\r\n\r\nx\ry\r\n" },
		{ "an end without line end", "A: b\n\nx", "A: b\r\n\r\nx" },
		{ "> of a letter that is in no mailbox", "A: b\n\n>From x\n",
		    "A: b\r\n\r\n>From x\r\n" },
		{ "all but one >", "From x\nA: b\n\n>>From x\n>x\n\n",
		    "A: b\r\n\r\n>From x\r\n>x\r\n" },
		{ "nothing", "", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf out = BUF_INIT(4096);

		received_restore(&out, guarded(cases[i].text, strlen(cases[i].text)),
		    strlen(cases[i].text));
		same_text(cases[i].name, buf_text(&out), cases[i].want);
		buf_clear(&out);
	}
}

static void
fields_are_found(void **state)
{
	struct arena *a = arena_new();
	struct buf b = BUF_INIT(4096);

	(void)state;
	buf_adds(&b, LETTER);
	same_text("folded", received_field(a, &b, "message-id"), "1@x.example");
	same_text("plain", received_field(a, &b, "To"), "ann@x.example");
	assert_null(received_field(a, &b, "T"));
	assert_null(received_field(a, &b, "one"));
	buf_clear(&b);
	arena_free(a);
}

static void
every_changed_byte_is_found(void **state)
{
	struct arena *a = arena_new();
	struct letter_difference d;
	struct buf want = BUF_INIT(4096);
	struct buf got = BUF_INIT(4096);

	(void)state;
	buf_adds(&want, LETTER);
	assert_false(received_compare(a, &want, &want, &d));
	for (size_t i = 0; i < want.len; i++) {
		for (int byte = 0; byte < 256; byte++) {
			char text[sizeof(LETTER)];

			memcpy(text, LETTER, sizeof(text));
			if (byte == (unsigned char)text[i])
				continue;
			text[i] = (char)byte;
			buf_reset(&got);
			received_restore(&got, text, want.len);
			if (!received_compare(a, &want, &got, &d))
				fail_msg("byte %zu as %d is not found", i, byte);
		}
		arena_reset(a);
	}
	buf_clear(&got);
	buf_clear(&want);
	arena_free(a);
}

static void
a_difference_has_its_place(void **state)
{
	static const struct {
		const char *got;
		size_t line;
		bool in_header;
		const char *name, *want, *here;
	} cases[] = {
		{ "Date: y\r\n", 1, true, "Date", "Date: x", "Date: y" },
		{ "Date: x\r\nTo: ann@x.example\r\nMessage-ID:\r\n <2@x.example>\r\n", 4,
		    true, "Message-ID", " <1@x.example>", " <2@x.example>" },
		{ "Date: x\r\nTo: ann@x.example\r\nMessage-ID:\r\n <1@x.example>\r\n\r\n"
		  "one\r\ntw\x01\r\n",
		    7, false, NULL, "two", "tw?" },
		{ LETTER "more", 8, false, NULL, "", "more" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new();
		struct letter_difference d;
		struct buf want = BUF_INIT(4096);
		struct buf got = BUF_INIT(4096);

		buf_adds(&want, LETTER);
		buf_adds(&got, cases[i].got);
		assert_true(received_compare(a, &want, &got, &d));
		assert_int_equal(d.line, cases[i].line);
		assert_int_equal(d.in_header, cases[i].in_header);
		if (cases[i].name)
			same_text("field", d.name, cases[i].name);
		same_text("want", d.want, cases[i].want);
		same_text("got", d.got, cases[i].here);
		buf_clear(&got);
		buf_clear(&want);
		arena_free(a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_added_on_the_way_comes_off),
		cmocka_unit_test(what_is_ours_stays),
		cmocka_unit_test(fields_are_found),
		cmocka_unit_test(every_changed_byte_is_found),
		cmocka_unit_test(a_difference_has_its_place),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
