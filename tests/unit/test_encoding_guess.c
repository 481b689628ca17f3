/* SPDX-License-Identifier: ISC */
/* How the language that a feed names speaks for an encoding; the content says next to nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/buf.h"
#include "feed/encoding_guess.h"
#include "unit/guarded.h"

static const char *
guessed(const char *text)
{
	return encoding_guess(guarded(text, strlen(text)), strlen(text));
}

#define WORD "<title>caf\xE9</title>"

/* The HTML standard's table (13.2.3.2), and where the language may stand. */
static void
a_language_stands_for_its_encoding(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "<language>ar</language>" WORD, "windows-1256" },
		{ "<language>be</language>" WORD, "windows-1251" },
		{ "<language>bg</language>" WORD, "windows-1251" },
		{ "<language>el</language>" WORD, "windows-1253" },
		{ "<language>fa</language>" WORD, "windows-1256" },
		{ "<language>he</language>" WORD, "windows-1255" },
		{ "<language>iw</language>" WORD, "windows-1255" },
		{ "<language>ja</language>" WORD, "Shift_JIS" },
		{ "<language>ko</language>" WORD, "EUC-KR" },
		{ "<language>ru</language>" WORD, "windows-1251" },
		{ "<language>th</language>" WORD, "windows-874" },
		{ "<language>zh</language>" WORD, "gb18030" },
		{ "<language>zh-cn</language>" WORD, "gb18030" },
		{ "<language>zh-tw</language>" WORD, "Big5" },
		{ "<language>zh-HK</language>" WORD, "Big5" },
		{ "<language>zh-twx</language>" WORD, "gb18030" },
		{ "<language>de</language>" WORD, "windows-1252" },
		{ "<language>fr-FR</language>" WORD, "windows-1252" },
		{ WORD, "windows-1252" },
		/* However it is written, and wherever. */
		{ "<LANGUAGE> \n RU-ru </LANGUAGE>" WORD, "windows-1251" },
		{ "<dc:language>ru</dc:language>" WORD, "windows-1251" },
		{ "<rss xml:lang=\"ru\">" WORD, "windows-1251" },
		{ "<rss xml:lang= 'ru'>" WORD, "windows-1251" },
		{ "<language>ru-abcdefghijklmnopqrst</language>" WORD, "windows-1251" },
		{ "<language>rus</language>" WORD, "windows-1252" },
		{ "<language>r</language>" WORD, "windows-1252" },
		{ "<language>ru_RU</language>" WORD, "windows-1251" },
		{ "<language></language>" WORD, "windows-1252" },
		/* What says nothing leaves the word to the next. */
		{ "<language>xx</language><rss xml:lang='ru'>" WORD, "windows-1251" },
		{ "<language></language><rss xml:lang='ru'>" WORD, "windows-1251" },
		{ "<rss xml:lang='ko'><language>ru</language>" WORD, "windows-1251" },
		{ "<dc:language>ko</dc:language><language>de</language>" WORD,
		    "windows-1252" },
		{ WORD "<language>ru", "windows-1251" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *got = guessed(cases[i].text);

		if (strcmp(got, cases[i].want) != 0)
			fail_msg("%s: got %s, want %s", cases[i].text, got,
			    cases[i].want);
	}
}

/* It is looked for in the first 4096 bytes. */
static void
a_language_stands_at_the_beginning(void **state)
{
	(void)state;
	for (size_t end = 4096; end <= 4097; end++) {
		struct buf b = BUF_INIT(8192);

		while (b.len < end - strlen("<language>ru"))
			buf_addc(&b, ' ');
		buf_adds(&b, "<language>ru</language>" WORD);
		assert_string_equal(guessed(buf_text(&b)),
		    end == 4096 ? "windows-1251" : "windows-1252");
		buf_clear(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_language_stands_for_its_encoding),
		cmocka_unit_test(a_language_stands_at_the_beginning),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
