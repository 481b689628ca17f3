/* SPDX-License-Identifier: ISC */
/* A keeper's folder of templates: its languages, its mistakes, and what comes before what. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/file.h"
#include "digest/template_check.h"
#include "digest/template_places.h"
#include "digest/templates.h"
#include "digest/wording.h"
#include "unit/scratch.h"

static void
same(const char *name, const char *got, const char *want)
{
	if (strcmp(got, want) != 0)
		fail_msg("%s: got \"%s\", want \"%s\"", name, got, want);
}

/* ---- words ---- */

static const struct {
	const char *name;
	const char *file, *text;
	const char *why, *hint; /* "" for what is taken */
} words[] = {
	/* clang-format off */
	{ "nothing", "messages.ini", "", "", "" },
	{ "a word", "messages.ini", "[words]\nby = x\n", "", "" },
	{ "another section", "messages.ini", "[words]\nby = x\n[pots]\nother = x\n",
	  "p line 3: there is no section [pots]", "did you mean [posts]?" },
	{ "one that is like none", "messages.ini", "[zzzzzzzzzzzz]\n",
	  "p line 1: there is no section [zzzzzzzzzzzz]", "" },
	{ "another word", "messages.ini", "[posts]\nother = x\nOth-er = x\n",
	  "p line 3: [posts] has no 'Oth-er'", "did you mean other?" },
	{ "one that is no like", "messages.ini", "[posts]\nzzzzzzzzzzzz = x\n",
	  "p line 2: [posts] has no 'zzzzzzzzzzzz'", "" },
	{ "each form of a number", "messages.ini",
	  "[posts]\nzero = x\none = x\ntwo = x\nfew = x\nmany = x\nother = x\n", "", "" },
	{ "of what is not counted", "messages.ini", "[language]\nfew = x\n",
	  "p line 2: [language] has no 'few'", "" },
	{ "the rule of a language", "messages.ini", "[plural]\nrule = polish\n", "", "" },
	{ "another one", "messages.ini", "[plural]\nrule = klingon\n",
	  "p line 2: there is no plural rule 'klingon'",
	  "there are: none, one, zero-one, slavic, polish, czech, arabic" },
	{ "no line of such a file", "messages.ini", "word\n",
	  "p line 1: 'word' is neither [section] nor key = value",
	  "comments stand on lines of their own and begin with # or ;" },
	{ "the style of an element", "style.ini", "[content]\ncaption = x\n[content_rtl]\ncaption = x\n"
	  "[class]\ncaption = x\n", "", "" },
	{ "of what is none", "style.ini", "[content]\nzzzzzzzzzzzz = x\n",
	  "p line 2: [content] has no 'zzzzzzzzzzzz'", "" },
	{ "an element in another section", "style.ini", "[value]\ncaption = x\n",
	  "p line 2: [value] has no 'caption'", "" },
	{ "no such file", "words.ini", "", "words.ini is not built in", "" },
	/* clang-format on */
};

static void
a_word_that_nothing_reads_is_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		struct arena *a = arena_new();
		struct err err = ERR_INIT;
		const bool ok =
		    template_check_words(a, "p", words[i].text, words[i].file, &err);

		if (ok != (*words[i].why == '\0'))
			fail_msg("%s: got %d, %s", words[i].name, ok, err.text);
		same(words[i].name, err.text, words[i].why);
		same(words[i].name, err.hint, words[i].hint);
		arena_free(a);
	}
}

/* ---- a folder ---- */

struct folder {
	char dir[40];
	struct arena *a;
	const char *files[8];
	size_t count;
};

static void
folder_open(struct folder *f)
{
	*f = (struct folder){ .a = arena_new() };
	assert_true(scratch_folder(f->dir, sizeof(f->dir)));
}

/* name: "entry.html", or "de/messages.ini". */
static void
folder_add(struct folder *f, const char *name, const char *text)
{
	const char *path = arena_printf(f->a, "%s/%s", f->dir, name);
	const char *slash = strchr(name, '/');
	struct err err = ERR_INIT;

	if (slash)
		(void)mkdir(arena_printf(f->a, "%s/%.*s", f->dir, (int)(slash - name),
				name),
		    0700);
	if (slash && !slash[1])
		return;
	if (!file_write(path, text, strlen(text), 0600, &err))
		fail_msg("%s", err.text);
	f->files[f->count++] = path;
}

static void
folder_close(struct folder *f)
{
	static const char *const dirs[] = { "en", "nl", "aa", "b_d", "de", "xx", "" };

	for (size_t i = 0; i < f->count; i++)
		assert_int_equal(unlink(f->files[i]), 0);
	for (size_t i = 0; i < ARRAY_LEN(dirs); i++)
		(void)rmdir(arena_printf(f->a, "%s/%s", f->dir, dirs[i]));
	assert_int_equal(access(f->dir, F_OK), -1);
	arena_free(f->a);
}

static void
a_file_that_nothing_reads_is_named(void **state)
{
	static const struct {
		const char *file;
		const char *why, *hint;
	} cases[] = {
		{ "digest.html", "", "" },
		{ "page.css", "", "" },
		{ "digst.html", "digst.html: no template is called so",
		    "did you mean digest.html?" },
		{ "zzzzzzzzzzzzzzz.txt", "zzzzzzzzzzzzzzz.txt: no template is called so",
		    "" },
		{ "zzzzzzzzzzzzzzz.ini", "zzzzzzzzzzzzzzz.ini: no template is called so",
		    "" },
		{ "README.txt", "", "" },
		{ "readme-old.html", "", "" },
		{ ".digst.html", "", "" },
		{ ".html", "", "" },
		{ "notes.md", "", "" },
		{ "html", "", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct folder f;
		struct err err = ERR_INIT;
		const char *want = "";

		folder_open(&f);
		folder_add(&f, cases[i].file, "x");
		if (*cases[i].why)
			want = arena_printf(f.a, "%s/%s", f.dir, cases[i].why);
		assert_int_equal(template_check_dir(f.dir, &err), !*want);
		same(cases[i].file, err.text, want);
		same(cases[i].file, err.hint, cases[i].hint);
		folder_close(&f);
	}
	assert_true(template_check_dir("/nowhere/at/all", &(struct err)ERR_INIT));
}

static void
tags_are_names_of_folders(void **state)
{
	static const struct {
		const char *tag;
		bool want;
	} cases[] = {
		{ "en", true },
		{ "pt-BR", true },
		{ "x1", true },
		{ "x", true },
		{ "_x", false },
		{ "", false },
		{ "e n", false },
		{ "../x", false },
		{ "e_n", false },
		{ "en.", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (template_is_tag(cases[i].tag) != cases[i].want)
			fail_msg("\"%s\": want %d", cases[i].tag, cases[i].want);
	assert_true(template_is_tag("abcdefghijklmnopqrstuvwxyz-abcdefghijkl"));
	assert_false(template_is_tag("abcdefghijklmnopqrstuvwxyz-abcdefghijklm"));
}

/* "DIR/pt-BR DIR/pt DIR pt-BR pt en", the nearest first. */
static void
what_is_nearest_comes_first(void **state)
{
	static const struct {
		const char *dir, *language;
		bool is_own;
		const char *want;
	} cases[] = {
		{ "D", "pt-BR", true, "D/pt-BR D/pt D pt-BR pt en " },
		{ "D", "pt-BR", false, "D/pt-BR D/pt pt-BR pt D en " },
		{ "D", "de", true, "D/de D de en " },
		{ "D", "en", true, "D/en D en " },
		{ "D", "en-GB", true, "D/en-GB D/en D en-GB en " },
		{ "", "de", true, "de en " },
		{ NULL, "de", true, "de en " },
		{ "D", "../x", true, "D en " },
		{ "D", NULL, true, "D en " },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new();
		struct template_places places;
		const char *got = "";

		template_places_find(a, cases[i].dir, cases[i].language, cases[i].is_own,
		    &places);
		for (size_t k = 0; k < places.count; k++)
			got = arena_printf(a, "%s%s ", got,
			    places.list[k].dir ? places.list[k].dir
					       : places.list[k].language);
		same(cases[i].want, got, cases[i].want);
		arena_free(a);
	}
}

/* ---- languages ---- */

/* "de=Deutsch en=English " */
static void
expect_languages(struct arena *a, const char *dir, const char *want)
{
	struct template_language *list = NULL;
	struct err err = ERR_INIT;
	const char *got = "";
	size_t count = 0;

	if (!template_languages(a, dir, &list, &count, &err))
		fail_msg("%s", err.text);
	for (size_t i = 0; i < count; i++)
		got = arena_printf(a, "%s%s=%s ", got, list[i].tag, list[i].name);
	same("languages", got, want);
}

static void
languages_are_built_in_or_folders(void **state)
{
	struct folder f;
	struct err err = ERR_INIT;
	struct template_language *list = NULL;
	size_t count = 0;

	(void)state;
	folder_open(&f);
	expect_languages(f.a, "", "de=Deutsch en=English fr=fran\u00e7ais ");
	expect_languages(f.a, f.dir, "de=Deutsch en=English fr=fran\u00e7ais ");
	folder_add(&f, "nl/messages.ini", "[language]\nname = Nederlands\n");
	folder_add(&f, "aa/", "");
	folder_add(&f, "b_d/messages.ini", "[language]\nname = No tag\n");
	folder_add(&f, "de/messages.ini", "[language]\nname = Alemannisch\n");
	expect_languages(f.a, f.dir,
	    "de=Alemannisch en=English fr=fran\u00e7ais nl=Nederlands ");
	folder_add(&f, "xx/messages.ini", "word\n");
	assert_false(template_languages(f.a, f.dir, &list, &count, &err));
	same("broken", err.text,
	    arena_printf(f.a,
		"%s/xx/messages.ini line 1: 'word' is neither [section] nor key = value",
		f.dir));
	folder_close(&f);
}

static void
a_language_is_there_or_its_like_is(void **state)
{
	static const struct {
		const char *language;
		bool want;
	} cases[] = {
		{ "en", true },
		{ "en-GB", true },
		{ "nl", true },
		{ "nl-BE", true },
		{ "nn", false },
		{ "n", false },
		{ "", false },
		{ "en/..", false },
	};
	struct folder f;

	(void)state;
	folder_open(&f);
	folder_add(&f, "nl/messages.ini", "[language]\nname = Nederlands\n");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err err = ERR_INIT;

		if (template_language_check(f.dir, cases[i].language, &err) !=
		    cases[i].want)
			fail_msg("%s: want %d", cases[i].language, cases[i].want);
		if (cases[i].want)
			continue;
		assert_int_equal(err.kind, ERR_CONFIG);
		same(cases[i].language, err.text,
		    arena_printf(f.a, "there are no templates in '%s'",
			cases[i].language));
		same(cases[i].language, err.hint,
		    "there are: de, en, fr, nl; for another, digest.template with a "
		    "messages.ini");
	}
	folder_close(&f);
}

/* ---- a set ---- */

static void
own_words_are_of_the_newsletters_language(void **state)
{
	struct folder f;
	struct err err = ERR_INIT;
	struct template_set *t = NULL;

	(void)state;
	folder_open(&f);
	assert_null(template_set_open(f.dir, "xx", "", &err));
	same("none", err.text, "newsletter.language: there are no templates in 'xx'");
	folder_add(&f, "messages.ini", "[words]\nby = von {{author}}\n");
	err = (struct err)ERR_INIT;
	t = template_set_open(f.dir, "xx", "", &err);
	assert_non_null(t);
	same("language", t->language, "xx");
	same("own", wording_raw(t->words, "words", "by"), "von {{author}}");
	same("the rest", wording_raw(t->words, "words", "list"), "{{one}}, {{two}}");
	assert_non_null(template_set_find(t, "digest.html"));
	assert_non_null(template_set_find(t, "subject.txt"));
	assert_null(template_set_find(t, "digest"));
	assert_null(template_set_find(t, "page.css"));
	template_set_close(t);
	assert_null(template_set_open_other(f.dir, "xx", "", &err));
	err = (struct err)ERR_INIT;
	t = template_set_open_other(f.dir, "fr", "", &err);
	assert_non_null(t);
	same("built in before it", wording_raw(t->words, "words", "by"),
	    "par {{author}}");
	template_set_close(t);
	template_set_close(NULL);
	folder_close(&f);
}

static void
a_set_with_a_mistake_is_none(void **state)
{
	static const struct {
		const char *file, *text, *why; /* behind the folder */
	} cases[] = {
		{ "digst.html", "x", "digst.html: no template is called so" },
		{ "en/digst.html", "x", "en/digst.html: no template is called so" },
		{ "messages.ini", "[word]\n",
		    "messages.ini line 1: there is no section [word]" },
		{ "messages.ini", "[words]\nby = {{x\n", "messages.ini line 2: " },
		{ "style.ini", "[valu]\n",
		    "style.ini line 1: there is no section [valu]" },
		{ "entry.txt", "a\n{{#b}}\n",
		    "entry.txt line 2: section 'b' is not closed" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct folder f;
		struct err err = ERR_INIT;
		const char *want = NULL;

		folder_open(&f);
		folder_add(&f, cases[i].file, cases[i].text);
		assert_null(template_set_open(f.dir, "en", "", &err));
		want = arena_printf(f.a, "templates: %s/%s", f.dir, cases[i].why);
		if (strncmp(err.text, want, strlen(want)) != 0)
			fail_msg("got %s, want %s", err.text, want);
		assert_int_equal(err.kind, ERR_CONFIG);
		folder_close(&f);
	}
}

static void
lines_lose_their_indentation(void **state)
{
	struct folder f;
	struct err err = ERR_INIT;

	(void)state;
	folder_open(&f);
	folder_add(&f, "page.css", "  a {\n\t \tb: c d;\n\n   }\nx");
	same("page.css", template_set_text(f.a, f.dir, "en", "page.css", &err),
	    "a {\nb: c d;\n\n}\nx");
	assert_null(template_set_text(f.a, f.dir, "en", "none.css", &err));
	same("none", err.text, "template none.css is not built in");
	assert_int_equal(err.kind, ERR_BUG);
	folder_close(&f);
}

/* A megabyte is the most that is read. */
static void
a_template_that_is_too_large_is_none(void **state)
{
	enum { MOST = 1024 * 1024 };
	struct folder f;
	struct err err = ERR_INIT;
	struct template_set *t = NULL;
	char *text = NULL;

	(void)state;
	folder_open(&f);
	text = arena_alloc(f.a, MOST + 2);
	memset(text, ' ', MOST);
	folder_add(&f, "message.txt", text);
	t = template_set_open(f.dir, "en", "", &err);
	if (!t)
		fail_msg("%s", err.text);
	template_set_close(t);
	text[MOST] = ' ';
	folder_add(&f, "subject.txt", text);
	assert_null(template_set_open(f.dir, "en", "", &err));
	assert_int_equal(err.kind, ERR_LIMIT);
	folder_close(&f);
}

/* Lines of a style before any other. */
static void
a_style_comes_first(void **state)
{
	struct folder f;
	struct err err = ERR_INIT;
	struct template_set *t = NULL;

	(void)state;
	folder_open(&f);
	folder_add(&f, "style.ini", "[value]\nlink = #111\nink = #222\n");
	t = template_set_open(f.dir, "en", "[value]\nink = #333\n", &err);
	assert_non_null(t);
	same("the given one", wording_raw(t->style_values, "value", "ink"), "#333");
	same("the keeper's", wording_raw(t->style_values, "value", "link"), "#111");
	template_set_close(t);
	folder_close(&f);
}

struct visit {
	size_t count;
	size_t most;
	bool has_words;
};

static bool
note_file(void *arg, const char *name, const char *text, struct err *err)
{
	struct visit *v = arg;

	if (strcmp(name, "messages.ini") == 0)
		v->has_words = strstr(text, "name = Deutsch") != NULL;
	assert_null(strchr(name, '/'));
	return ++v->count < v->most || err_set(err, ERR_LIMIT, "enough");
}

static void
each_file_of_a_language_is_visited(void **state)
{
	struct visit all = { .most = 1000 };
	struct visit one = { .most = 1 };
	struct err err = ERR_INIT;

	(void)state;
	assert_true(template_files("de", note_file, &all, &err));
	assert_in_range(all.count, 60, 200);
	assert_true(all.has_words);
	assert_false(template_files("de", note_file, &one, &err));
	assert_int_equal(one.count, 1);
	same("its error", err.text, "enough");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_word_that_nothing_reads_is_named),
		cmocka_unit_test(a_file_that_nothing_reads_is_named),
		cmocka_unit_test(tags_are_names_of_folders),
		cmocka_unit_test(what_is_nearest_comes_first),
		cmocka_unit_test(languages_are_built_in_or_folders),
		cmocka_unit_test(a_language_is_there_or_its_like_is),
		cmocka_unit_test(own_words_are_of_the_newsletters_language),
		cmocka_unit_test(a_set_with_a_mistake_is_none),
		cmocka_unit_test(lines_lose_their_indentation),
		cmocka_unit_test(a_template_that_is_too_large_is_none),
		cmocka_unit_test(a_style_comes_first),
		cmocka_unit_test(each_file_of_a_language_is_visited),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
