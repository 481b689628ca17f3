/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/limits.h"
#include "format/ini.h"
#include "unit/guarded.h"

static void
expect(const char *name, const char *got, const char *want)
{
	if (strcmp(got, want) != 0)
		fail_msg("%s:\n got  %s\n want %s", name, got, want);
}

/* "[section]1 key=value@2 ..." with the lines; the error's text when it was refused. */
static void
dump(struct buf *out, const char *text, size_t len, bool lenient)
{
	struct arena *a = arena_new();
	struct err err = ERR_INIT;
	struct ini ini;

	if (!ini_parse(a, "f", guarded(text, len), len, lenient, &ini, &err)) {
		buf_adds(out, err.text);
		arena_free(a);
		return;
	}
	for (size_t i = 0; i < ini.section_count; i++) {
		const struct ini_section *s = &ini.sections[i];

		buf_addf(out, "%s[%s]%d", i ? " " : "", s->name, s->line);
		for (size_t k = 0; k < s->key_count; k++)
			buf_addf(out, " %s=%s@%d", s->keys[k].name, s->keys[k].value,
			    s->keys[k].line);
	}
	if (ini.skipped)
		buf_addf(out, " skipped %zu from %d", ini.skipped, ini.skipped_line);
	arena_free(a);
}

#define SIXTY "123456789012345678901234567890123456789012345678901234567890"

static const struct {
	const char *name;
	const char *text;
	const char *want;
} strict_cases[] = {
	/* clang-format off */
	{ "nothing", "", "" },
	{ "a section and a key", "[a]\nx = 1\n", "[a]1 x=1@2" },
	{ "no line end at the end", "[a]\nx = 1", "[a]1 x=1@2" },
	{ "CRLF", "[a]\r\nx = 1\r\n\r\ny = 2\r\n", "[a]1 x=1@2 y=2@4" },
	{ "byte order mark alone", "\xEF\xBB\xBF", "" },
	{ "a section without a name", "[]\nx=1\n", "[]1 x=1@2" },
	{ "a bracket alone", "[\n", "f line 1: '[' is neither [section] nor key = value" },
	{ "a colon without key", "[a]\n:x\n", "f line 2: ':x' is neither [section] nor key = value" },
	{ "one at the beginning of a line", "[a]\n\x01x = 1\n", "f line 2: control character 0x01" },
	{ "the last control character", "[a]\nx = \x1F\n", "f line 2: control character 0x1f" },
	{ "a tab and a CR within", "[a]\nx = 1\t2\r3\n", "[a]1 x=1\t2\r3@2" },
	{ "what is continued ends at a section", "[a]\nx = 1\n[b]\n  y = 2\n", "[a]1 x=1@2 [b]3 y=2@4" },
	{ "byte order mark", "\xEF\xBB\xBF[a]\nx=1\n", "[a]1 x=1@2" },
	{ "colon", "[a]\nx: 1\n", "[a]1 x=1@2" },
	{ "the first separator counts", "[a]\nx = a:b=c\ny: d=e\n", "[a]1 x=a:b=c@2 y=d=e@3" },
	{ "keys are folded", "[a]\nTime-Out = 1\n", "[a]1 time_out=1@2" },
	{ "empty value", "[a]\nx =\ny =   \n", "[a]1 x=@2 y=@3" },
	{ "blanks around", "[ a b ]\nx \t =\t 1 2 \t\n", "[a b]1 x=1 2@2" },
	{ "comments", "# one\n; two\n  # three\n[a]\n#x=1\ny=2\n", "[a]4 y=2@6" },
	{ "no inline comment", "[a]\nx = 1 # 2 ; 3\n", "[a]1 x=1 # 2 ; 3@2" },
	{ "no interpolation", "[a]\nx = %B %d %(y)s $z\n", "[a]1 x=%B %d %(y)s $z@2" },
	{ "header up to the last ]", "[http://x/?a[b]=c;d]\nname = N\n",
	    "[http://x/?a[b]=c;d]1 name=N@2" },
	{ "continued", "[a]\nx = one\n  two\n\tthree\ny = 4\n", "[a]1 x=one two three@2 y=4@5" },
	{ "continued from an empty first line", "[a]\nx =\n  one\n  two\n", "[a]1 x=one\ntwo@2" },
	{ "a comment within a continued value", "[a]\nx = 1\n# c\n  2\n", "[a]1 x=1 2@2" },
	{ "an empty line within a continued value", "[a]\nx = 1\n\n  2\n", "[a]1 x=1 2@2" },
	{ "a continuation that looks like a key", "[a]\nx = 1\n y = 2\n", "[a]1 x=1 y = 2@2" },
	{ "a continuation that looks like a section", "[a]\nx = 1\n [b]\n", "[a]1 x=1 [b]@2" },
	{ "equal sections are not merged", "[a]\nx=1\n[a]\nx=2\n", "[a]1 x=1@2 [a]3 x=2@4" },
	{ "equal keys are kept", "[a]\nx=1\nx=2\n", "[a]1 x=1@2 x=2@3" },
	{ "a key before any section", "x=1\n[a]\ny=2\n", "[]1 x=1@1 [a]2 y=2@3" },
	{ "indented keys are Pluto's", "[a]\n  x = 1\n  y = 2\n [b]\n  z = 3\n",
	    "[a]1 x=1@2 y=2@3 [b]4 z=3@5" },
	{ "a word alone", "[a]\nx = 1\nword\n",
	    "f line 3: 'word' is neither [section] nor key = value" },
	{ "a section without end", "[a]\n[b\n",
	    "f line 2: '[b' is neither [section] nor key = value" },
	{ "text behind a section", "[a]\n[b] # c\n",
	    "f line 2: '[b] # c' is neither [section] nor key = value" },
	{ "a separator without key", "[a]\n= 1\n",
	    "f line 2: '= 1' is neither [section] nor key = value" },
	{ "sixty letters of a line are said", "[a]\n" SIXTY "\n",
	    "f line 2: '" SIXTY "' is neither [section] nor key = value" },
	{ "and no more of a longer one", "[a]\n" SIXTY "7\n",
	    "f line 2: '" SIXTY "' is neither [section] nor key = value" },
	{ "not UTF-8", "[a]\nx = \xE9\n", "f line 2: not UTF-8" },
	{ "a control character", "[a]\nx = 1\n\ny = \x1B[31m\n",
	    "f line 4: control character 0x1b" }
};
/* clang-format on */

static void
strict_reading(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(strict_cases); i++) {
		struct buf got = BUF_INIT(4096);

		dump(&got, strict_cases[i].text, strlen(strict_cases[i].text), false);
		expect(strict_cases[i].name, buf_text(&got), strict_cases[i].want);
		buf_clear(&got);
	}
}

static const struct {
	const char *name;
	const char *text;
	const char *want;
} lenient_cases[] = {
	/* clang-format off */
	{ "a word alone is skipped", "[Planet]\nx=1\nword\ny=2\n[b\n",
	    "[Planet]1 x=1@2 y=2@4 skipped 2 from 3" },
	{ "text behind a section is ignored", "[Planet] # mine\nx=1\n", "[Planet]1 x=1@2" },
	{ "windows-1252", "[Planet]\nname = Andr\xE9 \x96 x\n", "[Planet]1 name=André – x@2" },
	{ "a control character is dropped", "[Planet]\nname = a\x1B" "b\n", "[Planet]1 name=ab@2" }
};
/* clang-format on */

static void
lenient_reading(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lenient_cases); i++) {
		struct buf got = BUF_INIT(4096);

		dump(&got, lenient_cases[i].text, strlen(lenient_cases[i].text), true);
		expect(lenient_cases[i].name, buf_text(&got), lenient_cases[i].want);
		buf_clear(&got);
	}
}

static void
strict_refuses_nul(void **state)
{
	struct buf got = BUF_INIT(4096);

	(void)state;
	dump(&got, "[a]\nx=1\0y\n", 10, false);
	expect("NUL", buf_text(&got), "f line 2: not UTF-8");
	buf_clear(&got);
}

static const struct {
	const char *name;
	const char *text;
	enum ini_dialect want;
} dialect_cases[] = { { "nothing", "", INI_OURS },
	{ "ours", "[fetch]\nevery = 1h\n", INI_OURS },
	{ "ours with a feed by address", "[fetch]\nevery = 1h\n[https://x/]\nname = X\n",
	    INI_OURS },
	{ "include stands above", "include = a\n[fetch]\nevery = 1h\n", INI_OURS },
	{ "Planet", "[Planet]\nname = x\n[http://x/]\nname = X\n", INI_VENUS },
	{ "addresses only", "[http://x/]\nname = X\n[http://y/]\nname = Y\n", INI_VENUS },
	{ "a key above", "title = X\n[a]\nfeed = http://x/\n", INI_PLUTO },
	{ "indented", "[a]\n  feed = http://x/\n", INI_PLUTO },
	{ "continuation is not indentation", "[a]\nx = 1\n  y = 2\n", INI_OURS },
	{ "an address of nothing", "[x://]\nname = X\n", INI_VENUS },
	{ "no address", "[x:/]\nname = X\n", INI_OURS },
	{ "Planet in other letters", "[planet]\nname = x\n", INI_OURS },
	{ "Planets", "[Planets]\nname = x\n", INI_OURS },
	{ "Planet with a continued value", "[Planet]\nx = a\n b = c\n", INI_VENUS } };

static void
dialects(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(dialect_cases); i++) {
		enum ini_dialect got =
		    ini_detect(dialect_cases[i].text, strlen(dialect_cases[i].text));

		if (got != dialect_cases[i].want)
			fail_msg("%s: got %d, want %d", dialect_cases[i].name, (int)got,
			    (int)dialect_cases[i].want);
	}
}

static const struct {
	const char *name;
	const char *text;
	const char *section;
	const char *want; /* NULL: there is no such section */
} remove_cases[] = { { "the only one", "[a]\nx=1\n", "a", "" },
	{ "the first", "[a]\nx=1\n\n[b]\ny=2\n", "a", "[b]\ny=2\n" },
	{ "the last", "[a]\nx=1\n\n[b]\ny=2\n", "b", "[a]\nx=1\n\n" },
	{ "with its comments",
	    "# top\n\n# about a\n# more\n[a]\nx=1\n# x2\n\n# about b\n[b]\n", "a",
	    "# top\n\n# about b\n[b]\n" },
	{ "the next one's comments stay", "[a]\nx=1\n# about b\n[b]\ny=2\n", "a",
	    "# about b\n[b]\ny=2\n" },
	{ "a heading apart stays", "[a]\nx=1\n\n# ---- part ----\n\n[b]\n", "a",
	    "# ---- part ----\n\n[b]\n" },
	{ "continued values go along", "[a]\nx=1\n  [b]\n[b]\ny=2\n", "a", "[b]\ny=2\n" },
	{ "all of that name", "[a]\nx=1\n[b]\n[a]\nx=2\n", "a", "[b]\n" },
	{ "two in a row", "[a]\nx=1\n[a]\nx=2\n[b]\n", "a", "[b]\n" },
	{ "an address", "[https://x/?a=[1];]\nname = X\n[b]\n", "https://x/?a=[1];",
	    "[b]\n" },
	{ "CRLF", "[a]\r\nx=1\r\n\r\n[b]\r\n", "a", "[b]\r\n" },
	{ "none of that name", "[a]\nx=1\n", "A", NULL },
	{ "a comment is no section", "# [a]\n[b]\n", "a", NULL } };

static void
removing(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(remove_cases); i++) {
		struct buf got = BUF_INIT(4096);
		bool found = ini_remove_section(&got, remove_cases[i].text,
		    remove_cases[i].section);

		if (found != (remove_cases[i].want != NULL))
			fail_msg("%s: got %d", remove_cases[i].name, found);
		expect(remove_cases[i].name, buf_text(&got),
		    remove_cases[i].want ? remove_cases[i].want : "");
		buf_clear(&got);
	}
}

static const struct {
	const char *name;
	const char *text;
	const char *key;
	const char *value;
	const char *want; /* of section a; NULL: there is no such section */
} set_cases[] = { { "a new value", "[a]\nx = 1\ny = 2\n", "x", "3",
		      "[a]\nx = 3\ny = 2\n" },
	{ "alignment stays", "[a]\nx     =   1\n", "x", "3", "[a]\nx     =   3\n" },
	{ "no blank", "[a]\nx=1\n", "x", "3", "[a]\nx= 3\n" },
	{ "from empty", "[a]\nx =  \ny=1\n", "x", "3", "[a]\nx = 3\ny=1\n" },
	{ "folded name", "[a]\nMax-Items = 1\n", "max_items", "3",
	    "[a]\nMax-Items = 3\n" },
	{ "continued", "[a]\nx = 1\n  2\n\n  3\ny = 4\n", "x", "5",
	    "[a]\nx = 5\ny = 4\n" },
	{ "the last of two", "[a]\nx=1\nx=2\n", "x", "3", "[a]\nx=1\nx= 3\n" },
	{ "a new key", "[a]\nx = 1\n\n# about b\n[b]\nx=9\n", "y", "2",
	    "[a]\nx = 1\ny = 2\n\n# about b\n[b]\nx=9\n" },
	{ "a new key at the end", "[a]\nx = 1", "y", "2", "[a]\nx = 1\ny = 2\n" },
	{ "a new key in an empty section", "[a]\n[b]\n", "y", "2", "[a]\ny = 2\n[b]\n" },
	{ "a value without line breaks", "[a]\n", "y", "2\n[evil]",
	    "[a]\ny = 2 [evil]\n" },
	{ "CRLF", "[a]\r\nx = 1\r\n", "y", "2", "[a]\r\nx = 1\r\ny = 2\r\n" },
	{ "CRLF replaced", "[a]\r\nx = 1\r\nz = 3\r\n", "x", "2",
	    "[a]\r\nx = 2\r\nz = 3\r\n" },
	{ "a colon", "[a]\nx:1\n", "x", "3", "[a]\nx: 3\n" },
	{ "a comment within", "[a]\nx = 1\n# c\n  2\ny = 4\n", "x", "5",
	    "[a]\nx = 5\ny = 4\n" },
	{ "another section's stays", "[a]\nx=1\n[b]\nx=9\n  more\n", "x", "3",
	    "[a]\nx= 3\n[b]\nx=9\n  more\n" },
	{ "the key behind stays continued", "[a]\nx=1\ny=2\n  more\n", "x", "3",
	    "[a]\nx= 3\ny=2\n  more\n" },
	{ "a section that comes twice", "[a]\nx=1\n[b]\n[a]\ny=2\n", "z", "3",
	    "[a]\nx=1\n[b]\n[a]\ny=2\nz = 3\n" },
	{ "names that begin alike", "[a]\nxy = 1\n", "x", "2", "[a]\nxy = 1\nx = 2\n" },
	{ "names of one length", "[a]\nxy = 1\n", "xz", "2", "[a]\nxy = 1\nxz = 2\n" },
	{ "a tab stays, other signs do not", "[a]\n", "y",
	    "1\t2\x1F"
	    "3",
	    "[a]\ny = 1\t2 3\n" },
	{ "no value", "[a]\nx = 1\n", "y", "", "[a]\nx = 1\ny =\n" },
	{ "a key before all sections", "x = 1\n[a]\ny = 2\n", "x", "3",
	    "x = 1\n[a]\ny = 2\nx = 3\n" },
	{ "no such section", "[b]\nx = 1\n", "x", "2", NULL } };

static const struct {
	const char *name, *text, *to, *want;
} rename_cases[] = {
	{ "a section", "# about a\n[a]\nx = 1\n[b]\n", "c",
	    "# about a\n[c]\nx = 1\n[b]\n" },
	{ "what stands behind it", "[a] # mine\r\nx=1\r\n", "https://c.example/?a=]",
	    "[https://c.example/?a=]] # mine\r\nx=1\r\n" },
	{ "without line breaks", "[a]\n", "c]\n[evil", "[c] [evil]\n" },
	{ "no such section", "[b]\nx = 1\n", "c", NULL },
};

static void
renaming(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rename_cases); i++) {
		struct buf got = BUF_INIT(4096);
		const bool found = ini_rename_section(&got, rename_cases[i].text, "a",
		    rename_cases[i].to);

		if (found != (rename_cases[i].want != NULL))
			fail_msg("%s: got %d", rename_cases[i].name, found);
		if (found && strcmp(buf_text(&got), rename_cases[i].want) != 0)
			fail_msg("%s:\n got  %s\n want %s", rename_cases[i].name,
			    buf_text(&got), rename_cases[i].want);
		buf_clear(&got);
	}
}

static void
setting(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(set_cases); i++) {
		struct buf got = BUF_INIT(4096);
		bool found = ini_set_key(&got, set_cases[i].text, "a", set_cases[i].key,
		    set_cases[i].value);

		if (found != (set_cases[i].want != NULL))
			fail_msg("%s: got %d", set_cases[i].name, found);
		expect(set_cases[i].name, buf_text(&got),
		    set_cases[i].want ? set_cases[i].want : "");
		buf_clear(&got);
	}
}

static void
appending(void **state)
{
	static const struct ini_pair pairs[] = { { "url", "https://x/" },
		{ "name", "" } };
	static const struct {
		const char *text;
		const char *want;
	} cases[] = { { "\n", "\n\n[feed x]\nurl = https://x/\nname =\n" },
		{ "", "[feed x]\nurl = https://x/\nname =\n" },
		{ "[a]\nx=1\n", "[a]\nx=1\n\n[feed x]\nurl = https://x/\nname =\n" },
		{ "[a]\nx=1", "[a]\nx=1\n\n[feed x]\nurl = https://x/\nname =\n" },
		{ "[a]\r\n", "[a]\r\n\r\n[feed x]\r\nurl = https://x/\r\nname =\r\n" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf got = BUF_INIT(4096);

		ini_append_section(&got, cases[i].text, "feed x", pairs,
		    ARRAY_LEN(pairs));
		expect(cases[i].text, buf_text(&got), cases[i].want);
		buf_clear(&got);
	}
}

static void
size_has_a_ceiling(void **state)
{
	struct arena *a = arena_new();
	struct err err = ERR_INIT;
	struct ini ini;

	(void)state;
	assert_false(
	    ini_parse(a, "f", "", (size_t)LIMIT_CONFIG_FILE + 1, true, &ini, &err));
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_string_equal(err.text,
	    arena_printf(a, "f is larger than %d bytes", LIMIT_CONFIG_FILE));
	/* A comment of as many bytes as there may be. */
	char *most = arena_alloc(a, LIMIT_CONFIG_FILE);

	memset(most, '#', LIMIT_CONFIG_FILE);
	assert_true(ini_parse(a, "f", most, LIMIT_CONFIG_FILE, false, &ini, &err));
	assert_int_equal(ini.section_count, 0);
	arena_free(a);
}

static void
keys_are_found_and_know_how_they_were_written(void **state)
{
	static const char text[] = "[a]\nTime-Out = 1\nxa = 2\nx = 3\nx = 4\n";
	struct arena *a = arena_new();
	struct err err = ERR_INIT;
	struct ini ini;

	(void)state;
	assert_true(ini_parse(a, "f", text, sizeof(text) - 1, false, &ini, &err));
	assert_string_equal(ini.path, "f");
	expect("the last of two", ini_find(ini.sections, "x")->value, "4");
	expect("another", ini_find(ini.sections, "xa")->value, "2");
	expect("the first", ini_find(ini.sections, "time_out")->value, "1");
	expect("as written", ini_find(ini.sections, "time_out")->written, "Time-Out");
	expect("as it is", ini_find(ini.sections, "xa")->written, "xa");
	assert_null(ini_find(ini.sections, "xb"));
	assert_null(ini_find(ini.sections, "y"));
	arena_free(a);
}

/* What had to be mended, so that a keeper is told. */
static void
lenience_is_told(void **state)
{
	static const struct {
		const char *text;
		bool repaired;
		size_t skipped;
		int line;
	} cases[] = {
		{ "[Planet]\nx=1\n", false, 0, 0 },
		{ "[Planet] # mine\nx=1\n", true, 0, 0 },
		{ "[Planet]\nx=\xE9\n", true, 0, 0 },
		{ "[Planet]\nword\nx=1\nword\n", false, 2, 2 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new();
		struct err err = ERR_INIT;
		struct ini ini;

		assert_true(ini_parse(a, "f", cases[i].text, strlen(cases[i].text), true,
		    &ini, &err));
		assert_int_equal(ini.repaired, cases[i].repaired);
		assert_int_equal(ini.skipped, cases[i].skipped);
		assert_int_equal(ini.skipped_line, cases[i].line);
		assert_false(ini_parse(a, "f", "word", 4, false, &ini, &err));
		assert_string_equal(err.hint,
		    "comments stand on lines of their own and begin with # or ;");
		arena_free(a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(strict_reading),
		cmocka_unit_test(lenient_reading), cmocka_unit_test(strict_refuses_nul),
		cmocka_unit_test(dialects), cmocka_unit_test(removing),
		cmocka_unit_test(setting), cmocka_unit_test(renaming),
		cmocka_unit_test(appending), cmocka_unit_test(size_has_a_ceiling),
		cmocka_unit_test(keys_are_found_and_know_how_they_were_written),
		cmocka_unit_test(lenience_is_told) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
