/* SPDX-License-Identifier: ISC */
#include "feed_fixture.h"

#define DECLARED(name) "<?xml version='1.0' encoding='" name "'?>"
#define TITLE(text) "<rss version='2.0'><channel><title>" text "</title></channel></rss>"

static const struct {
	const char *name;
	const char *text;
	size_t len; /* 0: strlen */
	const char *type;
	const char *encoding;
	const char *title;
	const char *warning; /* or NULL */
} cases[] = {
	{ .name = "nothing said", .text = TITLE("caf\xc3\xa9 \xe2\x80\x94"), .encoding = "UTF-8",
	    .title = "café —" },
	{ .name = "declared latin1 is windows-1252", .text = DECLARED("ISO-8859-1")
	    TITLE("caf\xe9 \x93x\x94"), .encoding = "windows-1252", .title = "café “x”" },
	{ .name = "declared, but UTF-8 all the same", .text = DECLARED("ISO-8859-1")
	    TITLE("caf\xc3\xa9 \xe2\x80\x94"), .encoding = "UTF-8", .title = "café —",
	    .warning = "encoding is said to be ISO-8859-1; read as UTF-8" },
	{ .name = "UTF-8 is said, windows-1252 is meant", .text = DECLARED("UTF-8")
	    TITLE("caf\xe9"), .encoding = "windows-1252", .title = "café",
	    .warning = "encoding is said to be UTF-8; read as windows-1252" },
	{ .name = "UTF-8 with a stray byte", .text = TITLE("caf\xc3\xa9 \xe2\x80\x94 \x92"),
	    .encoding = "UTF-8", .title = "café — ’",
	    .warning = "UTF-8 with bytes of windows-1252 in it" },
	{ .name = "HTTP goes before the declaration", .text = DECLARED("ISO-8859-1")
	    TITLE("\xcf\xcb"), .type = "application/rss+xml; charset=\"KOI8-R\"",
	    .encoding = "KOI8-R", .title = "ок" },
	{ .name = "the BOM goes before all", .text = "\xef\xbb\xbf" DECLARED("KOI8-R")
	    TITLE("caf\xc3\xa9"), .type = "text/xml; charset=ISO-8859-1", .encoding = "UTF-8",
	    .title = "café" },
	{ .name = "windows-1251", .text = DECLARED("windows-1251") TITLE("\xce\xea"),
	    .encoding = "windows-1251", .title = "Ок" },
	{ .name = "Shift_JIS", .text = DECLARED("Shift_JIS") TITLE("\x93\xfa\x96\x7b"),
	    .encoding = "Shift_JIS", .title = "日本" },
	{ .name = "GB2312 is GB18030", .text = DECLARED("gb2312") TITLE("\xd6\xd0\xb9\xfa"),
	    .encoding = NULL, .title = "中国" },
	{ .name = "EUC-KR", .text = DECLARED("euc-kr") TITLE("\xb3\xe2"), .encoding = NULL,
	    .title = "년" },
	{ .name = "an encoding nobody knows", .text = DECLARED("x-none") TITLE("caf\xc3\xa9"),
	    .encoding = "UTF-8", .title = "café" },
	{ .name = "UTF-16 is claimed, ASCII is there", .text = DECLARED("UTF-16") TITLE("x"),
	    .encoding = "UTF-8", .title = "x" },
	{ .name = "encoded twice", .text = TITLE("caf\xc3\x83\xc2\xa9, r\xc3\x83\xc2\xa9sum\xc3\x83"
	    "\xc2\xa9"), .encoding = "UTF-8", .title = "café, résumé",
	    .warning = "encoded as UTF-8 twice" },
	{ .name = "C1 characters", .text = TITLE("don\xc2\x92t"), .encoding = "UTF-8",
	    .title = "don’t", .warning = "control characters read as windows-1252" },
	{ .name = "NUL bytes go", .text = "<rss version='2.0'><channel><title>a\0b</title>"
	    "</channel></rss>", .len = 62, .encoding = "UTF-8", .title = "ab" },
};

static void
what_is_said_then_what_works(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		size_t len = cases[i].len ? cases[i].len : strlen(cases[i].text);
		struct parsed p = parse_bytes(cases[i].text, len, NULL, cases[i].type);

		if (!p.feed)
			fail_msg("%s: no feed: %s", cases[i].name, p.err.text);
		expect_text(cases[i].name, "title", p.feed->title, cases[i].title);
		if (cases[i].encoding)
			expect_text(cases[i].name, "encoding", p.feed->encoding, cases[i].encoding);
		if (cases[i].warning && !has_warning(p.feed, cases[i].warning))
			fail_msg("%s: got \"%s\", want \"%s\"", cases[i].name,
			    p.feed->warning_count ? p.feed->warnings[0] : "", cases[i].warning);
		if (!cases[i].warning && p.feed->warning_count > 0 && !cases[i].len)
			fail_msg("%s: got \"%s\", want no warning", cases[i].name,
			    p.feed->warnings[0]);
		parsed_free(&p);
	}
}

static void
wide_characters_are_told_by_their_zeros(void **state)
{
	static const char text[] = TITLE("x");
	static const struct {
		const char *name;
		size_t width, at; /* bytes a character, place of the ASCII byte in it */
		const char *mark;
		size_t mark_len;
		const char *want;
	} forms[] = {
		{ "UTF-16BE with BOM", 2, 1, "\xfe\xff", 2, "UTF-16BE" },
		{ "UTF-16LE with BOM", 2, 0, "\xff\xfe", 2, "UTF-16LE" },
		{ "UTF-16BE", 2, 1, "", 0, "UTF-16BE" },
		{ "UTF-16LE", 2, 0, "", 0, "UTF-16LE" },
		{ "UTF-32BE with BOM", 4, 3, "\0\0\xfe\xff", 4, "UTF-32BE" },
		{ "UTF-32LE", 4, 0, "", 0, "UTF-32LE" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		char bytes[4 * sizeof(text) + 4] = { 0 };
		size_t len = forms[i].mark_len;
		struct parsed p;

		memcpy(bytes, forms[i].mark, forms[i].mark_len);
		for (size_t c = 0; c < sizeof(text) - 1; c++, len += forms[i].width)
			bytes[len + forms[i].at] = text[c];
		p = parse_bytes(bytes, len, NULL, NULL);
		if (!p.feed)
			fail_msg("%s: no feed: %s", forms[i].name, p.err.text);
		expect_text(forms[i].name, "title", p.feed->title, "x");
		expect_text(forms[i].name, "encoding", p.feed->encoding, forms[i].want);
		parsed_free(&p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_said_then_what_works),
		cmocka_unit_test(wide_characters_are_told_by_their_zeros),
	};

	return cmocka_run_group_tests_name("encoding", tests, NULL, NULL);
}
