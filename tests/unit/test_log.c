/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/log.h"

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
	{ "nothing", LOG_LOGFMT, "", "<6>event=fetch\n" },
};
/* clang-format on */

/* Logs with stderr going into a file, and reads that. */
static void
capture(enum log_format format, const char *text, char *got, size_t size)
{
	FILE *f = tmpfile();
	int saved = dup(STDERR_FILENO);
	size_t n = 0;

	assert_non_null(f);
	assert_true(saved >= 0 && dup2(fileno(f), STDERR_FILENO) >= 0);
	log_setup(LOG_LEVEL_INFO, format);
	log_info("fetch", "%s", text);
	log_debug("fetch", "not %s", "this");
	assert_true(dup2(saved, STDERR_FILENO) >= 0);
	(void)close(saved);
	rewind(f);
	n = fread(got, 1, size - 1, f);
	got[n] = '\0';
	(void)fclose(f);
}

static void
lines_cannot_be_forged(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		char got[1000];

		capture(lines[i].format, lines[i].text, got, sizeof(got));
		if (strcmp(got, lines[i].want) != 0)
			fail_msg("%s: got \"%s\", want \"%s\"", lines[i].name, got,
			    lines[i].want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_cannot_be_forged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
