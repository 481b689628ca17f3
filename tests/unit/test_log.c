/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/log.h"
#include "unit/heard_log.h"

/* clang-format off */
static const struct { const char *name; enum log_format format; const char *text, *want; } lines[] = {
	{ "text", LOG_TEXT, "3 feeds failed new=2", "info fetch: 3 feeds failed new=2\n" },
	{ "forged line", LOG_TEXT, "a\r\nwarn smtp: x", "info fetch: a\\x0d\\x0awarn smtp: x\n" },
	{ "terminal", LOG_TEXT, "\x1B[2J\x7F\xC2\x9B", "info fetch: \\x1b[2J\\x7f\\xc2\\x9b\n" },
	{ "UTF-8 stays", LOG_TEXT, "gr\u00FC\u00DF", "info fetch: gr\u00FC\u00DF\n" },
	{ "sentence and pairs", LOG_LOGFMT, "it is done feeds=3 new=2",
	    "<6>event=fetch text=\"it is done\" feeds=3 new=2\n" },
	{ "pairs alone", LOG_LOGFMT, "feeds=3 new=2", "<6>event=fetch feeds=3 new=2\n" },
	{ "quotes", LOG_LOGFMT, "a \"b\" \\c", "<6>event=fetch text=\"a \\\"b\\\" \\\\c\"\n" },
	{ "a pair with a line end is text", LOG_LOGFMT, "x y=1\nz=2",
	    "<6>event=fetch text=\"x y=1\\x0az=2\"\n" },
	{ "a pair with a control in it is text", LOG_LOGFMT, "x y=1\x1B", "<6>event=fetch text=\"x y=1\\x1b\"\n" },
	{ "one with what cannot be seen", LOG_LOGFMT, "x y=\u200B", "<6>event=fetch text=\"x y=\\xe2\\x80\\x8b\"\n" },
	{ "one with a quote", LOG_LOGFMT, "x y=\"1\"", "<6>event=fetch text=\"x y=\\\"1\\\"\"\n" },
	{ "one with a second sign", LOG_LOGFMT, "x y=1=2", "<6>event=fetch text=\"x y=1=2\"\n" },
	{ "one with a backslash", LOG_LOGFMT, "x y=\\", "<6>event=fetch text=\"x y=\\\\\"\n" },
	{ "one without a key", LOG_LOGFMT, "x =1", "<6>event=fetch text=\"x =1\"\n" },
	{ "keys of small letters", LOG_LOGFMT, "x Y=1", "<6>event=fetch text=\"x Y=1\"\n" },
	{ "from the first to the last", LOG_LOGFMT, "x az_=\u00E9", "<6>event=fetch text=\"x\" az_=\u00E9\n" },
	{ "and none beside them", LOG_LOGFMT, "x `=1 {=1", "<6>event=fetch text=\"x `=1 {=1\"\n" },
	{ "an empty value", LOG_LOGFMT, "x y=", "<6>event=fetch text=\"x\" y=\n" },
	{ "a word of one letter", LOG_LOGFMT, "y", "<6>event=fetch text=\"y\"\n" },
	{ "a pair of one letter", LOG_LOGFMT, "y=1", "<6>event=fetch y=1\n" },
	{ "a pair between words", LOG_LOGFMT, "y=1 x  z=2  w=3", "<6>event=fetch text=\"y=1 x\"  z=2  w=3\n" },
	{ "quotes in a text", LOG_TEXT, "a \"b\" \\c", "info fetch: a \"b\" \\c\n" },
	{ "a login", LOG_TEXT, "no https://me:pw@a.example/", "info fetch: no https://a.example/\n" },
	{ "nothing to say", LOG_TEXT, "", "info fetch: \n" },
	{ "nothing", LOG_LOGFMT, "", "<6>event=fetch\n" },
};
/* clang-format on */

static void
lines_cannot_be_forged(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		struct heard_log heard;

		heard_log_begin(&heard, LOG_LEVEL_INFO);
		log_setup(LOG_LEVEL_INFO, lines[i].format);
		log_info("fetch", "%s", lines[i].text);
		log_debug("fetch", "not %s", "this");
		if (strcmp(heard_log_end(&heard), lines[i].want) != 0)
			fail_msg("%s: got \"%s\", want \"%s\"", lines[i].name, heard.text,
			    lines[i].want);
	}
}

/* From quiet to loud; each level tells what those before it do. */
static void
a_level_lets_through_what_is_not_louder(void **state)
{
	static const struct {
		enum log_level level;
		const char *text, *logfmt;
	} levels[] = {
		{ LOG_LEVEL_ERROR, "", "" },
		{ LOG_LEVEL_WARN, "warn m: w\n", "<4>event=m text=\"w\"\n" },
		{ LOG_LEVEL_INFO, "warn m: w\ninfo m: i\n",
		    "<4>event=m text=\"w\"\n<6>event=m text=\"i\"\n<6>event=e n=1\n" },
		{ LOG_LEVEL_DEBUG, "warn m: w\ninfo m: i\ndebug m: d\n",
		    "<4>event=m text=\"w\"\n<6>event=m text=\"i\"\n<6>event=e n=1\n"
		    "<7>event=m text=\"d\"\n" },
		{ LOG_LEVEL_WIRE, "warn m: w\ninfo m: i\ndebug m: d\nwire m: x\n",
		    "<4>event=m text=\"w\"\n<6>event=m text=\"i\"\n<6>event=e n=1\n"
		    "<7>event=m text=\"d\"\n<7>event=m text=\"x\"\n" },
	};

	(void)state;
	for (size_t i = 0; i < 2 * ARRAY_LEN(levels); i++) {
		const bool is_text = i % 2 == 0;
		struct heard_log heard;
		enum log_level level;

		heard_log_begin(&heard, LOG_LEVEL_INFO);
		log_setup(levels[i / 2].level, is_text ? LOG_TEXT : LOG_LOGFMT);
		level = log_level();
		log_warn("m", "%s", "w");
		log_info("m", "%s", "i");
		log_event("e", "n=%d", 1);
		log_debug("m", "%s", "d");
		log_wire("m", "%s", "x");
		assert_string_equal(heard_log_end(&heard),
		    is_text ? levels[i / 2].text : levels[i / 2].logfmt);
		assert_int_equal(level, levels[i / 2].level);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_cannot_be_forged),
		cmocka_unit_test(a_level_lets_through_what_is_not_louder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
