/* SPDX-License-Identifier: ISC */
/*
 * What iconv is asked for, and a system whose iconv knows none of it.  The program has
 * iconv_open() in front of the C library's.
 */
#include <errno.h>
#include <iconv.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/charset.h"

static char asked[300];

iconv_t
iconv_open(const char *to, const char *from)
{
	const size_t len = strlen(asked);

	(void)snprintf(asked + len, sizeof(asked) - len, "%s to %s\n", from, to);
	errno = EINVAL;
	return (iconv_t)-1;
}

/* Those that mail is written in, by iconv's names of them. */
static void
the_usual_charsets_are_loaded(void **state)
{
	(void)state;
	asked[0] = '\0';
	charset_preload();
	assert_string_equal(asked,
	    "CP1252 to UTF-8\nISO-8859-2 to UTF-8\nISO-2022-JP-3 to UTF-8\nCP932 to UTF-8\n"
	    "EUC-JP-MS to UTF-8\nKOI8-R to UTF-8\nCP1251 to UTF-8\nGB18030 to UTF-8\n"
	    "BIG5-HKSCS to UTF-8\nCP949 to UTF-8\n");
}

static void
a_charset_that_the_system_lacks_is_not_known(void **state)
{
	struct buf b = BUF_INIT(100);
	size_t bad = 7;

	(void)state;
	asked[0] = '\0';
	assert_false(charset_to_utf8(&b, "latin2", "ab", 2, &bad));
	assert_string_equal(asked, "ISO-8859-2 to UTF-8\n");
	assert_string_equal(buf_text(&b), "");
	/* Without iconv. */
	assert_true(charset_to_utf8(&b, "utf-8", "ab\xFF", 3, &bad));
	assert_string_equal(buf_text(&b), "ab\uFFFD");
	assert_int_equal(bad, 1);
	assert_string_equal(asked, "ISO-8859-2 to UTF-8\n");
	buf_clear(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_usual_charsets_are_loaded),
		cmocka_unit_test(a_charset_that_the_system_lacks_is_not_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
