/* SPDX-License-Identifier: ISC */
/* The built-in languages beside English: nothing of it is missing in them, and nothing more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/ascii.h"
#include "base/attr.h"
#include "base/embed.h"
#include "digest/template_check.h"
#include "digest/templates.h"
#include "format/ini.h"

static const char *const LANGUAGES[] = { "de", "fr" };

static int failures;

static const struct embedded_file *
file_of(struct arena *a, const char *language, const char *name)
{
	return embedded_find(arena_printf(a, "templates/%s/%s", language, name));
}

/* The name of a file of a language, or NULL when it is of another place. */
static const char *
name_in(const struct embedded_file *f, struct arena *a, const char *language)
{
	const char *start = arena_printf(a, "templates/%s/", language);
	const size_t len = strlen(start);

	return strncmp(f->name, start, len) == 0 ? f->name + len : NULL;
}

/* ---- what stands in braces ---- */

/* The next {{...}} of text from *at, NULL at the end; in a. */
static const char *
next_hole(struct arena *a, const char **at)
{
	const char *open = strstr(*at, "{{");
	const char *close = open ? strstr(open, "}}") : NULL;

	if (!close)
		return NULL;
	*at = close + 2;
	return arena_strndup(a, open, (size_t)(close + 2 - open));
}

/* Each hole of one text is in the other. */
static void
check_holes(struct arena *a, const char *where, const char *text, const char *other)
{
	const char *hole = NULL;

	while ((hole = next_hole(a, &text))) {
		if (strncmp(hole, "{{!", 3) != 0 && !strstr(other, hole)) {
			print_error("%s: %s is missing\n", where, hole);
			failures++;
		}
	}
}

/* ---- words ---- */

static struct ini
words_of(struct arena *a, const char *language)
{
	const struct embedded_file *f = file_of(a, language, "messages.ini");
	struct err err = ERR_INIT;
	struct ini ini = { 0 };

	assert_non_null(f);
	if (!ini_parse(a, f->name, f->text, f->len, false, &ini, &err))
		fail_msg("%s", err.text);
	return ini;
}

static const struct ini_section *
find_section(const struct ini *ini, const char *name)
{
	for (size_t i = 0; i < ini->section_count; i++) {
		if (strcmp(ini->sections[i].name, name) == 0)
			return &ini->sections[i];
	}
	return NULL;
}

/* All values of a section, one behind the other. */
static const char *
all_values(struct arena *a, const struct ini_section *s)
{
	const char *text = "";

	for (size_t i = 0; i < s->key_count; i++)
		text = arena_printf(a, "%s %s", text, s->keys[i].value);
	return text;
}

/* Another language may have forms for numbers that English has not. */
static bool
is_plural_form(const struct ini_section *s, const char *key)
{
	static const char *const forms[] = { "zero", "one", "two", "few", "many" };

	for (size_t i = 0; ini_find(s, "other") && i < ARRAY_LEN(forms); i++) {
		if (strcmp(key, forms[i]) == 0)
			return true;
	}
	return false;
}

static void
compare_keys(const char *language, const struct ini_section *has,
    const struct ini_section *wants)
{
	for (size_t i = 0; i < wants->key_count; i++) {
		const char *key = wants->keys[i].name;

		if (has && strcmp(language, "en") == 0 && is_plural_form(has, key))
			continue;
		if (!has || !ini_find(has, key)) {
			print_error("%s: [%s] has no %s\n", language, wants->name, key);
			failures++;
		}
	}
}

/* In a word of its own; in the forms for a number, in any of them. */
static void
compare_holes(struct arena *a, const char *language, const struct ini_section *en,
    const struct ini_section *other)
{
	const bool is_counted = ini_find(en, "other") != NULL;

	for (size_t i = 0; other && i < en->key_count; i++) {
		const struct ini_key *twin = ini_find(other, en->keys[i].name);
		const char *where =
		    arena_printf(a, "%s [%s] %s", language, en->name, en->keys[i].name);

		if (!twin)
			continue;
		if (!is_counted)
			check_holes(a, where, en->keys[i].value, twin->value);
		check_holes(a, arena_printf(a, "en beside %s", where), twin->value,
		    is_counted ? all_values(a, en) : en->keys[i].value);
	}
	if (other && is_counted)
		check_holes(a, language, all_values(a, en), all_values(a, other));
}

static void
every_word_of_english_is_in_the_other_languages(void **state)
{
	struct arena *a = arena_new();
	const struct ini en = words_of(a, "en");

	(void)state;
	failures = 0;
	for (size_t l = 0; l < ARRAY_LEN(LANGUAGES); l++) {
		const struct ini other = words_of(a, LANGUAGES[l]);

		for (size_t i = 0; i < en.section_count; i++) {
			const struct ini_section *s =
			    find_section(&other, en.sections[i].name);

			compare_keys(LANGUAGES[l], s, &en.sections[i]);
			compare_holes(a, LANGUAGES[l], &en.sections[i], s);
		}
		for (size_t i = 0; i < other.section_count; i++)
			compare_keys("en", find_section(&en, other.sections[i].name),
			    &other.sections[i]);
	}
	assert_int_equal(failures, 0);
	arena_free(a);
}

/* ---- templates ---- */

/* Past a tag, in which holes may stand. */
static const char *
skip_tag(const char *p)
{
	while (*p && *p != '>') {
		const char *end = strncmp(p, "{{", 2) == 0 ? strstr(p, "}}") : NULL;

		p = end ? end + 2 : p + 1;
	}
	return *p ? p + 1 : p;
}

/* Past what begins here and is no text for readers; the same place when it is text. */
static const char *
skip_markup(const char *p)
{
	static const struct {
		const char *open, *close;
	} kinds[] = { { "{{", "}}" }, { "<style", "</style>" }, { "<!--", "-->" },
		{ "<id>", "</id>" } };

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		const char *end = NULL;

		if (strncmp(p, kinds[i].open, strlen(kinds[i].open)) != 0)
			continue;
		end = strstr(p, kinds[i].close);
		return end ? end + strlen(kinds[i].close) : p + strlen(p);
	}
	return *p == '<' ? skip_tag(p) : p;
}

static size_t
word_length(const char *text)
{
	size_t n = 0;

	while (ascii_is_alphanumeric(text[n]))
		n++;
	return n;
}

/* Names of attributes are none: some templates are parts of tags. */
static bool
has_words(const char *text)
{
	while (*text) {
		const char *next = skip_markup(text);
		const size_t len = next == text ? word_length(text) : 0;

		if (len > 0 && text[len] != '=')
			return true;
		text = next == text ? text + len + 1 : next;
	}
	return false;
}

static bool
is_template(const char *name)
{
	const size_t len = strlen(name);

	return len > 5 &&
	    (strcmp(name + len - 4, ".txt") == 0 || strcmp(name + len - 5, ".html") == 0);
}

/* A tag without what it says in words: the values of these attributes are left empty. */
static const char *
plain_tag(struct arena *a, const char *tag)
{
	static const char *const spoken[] = { " aria-label=\"", " title=\"" };
	const char *end = skip_tag(tag);
	char *plain = arena_strndup(a, tag, (size_t)(end - tag));
	size_t len = 0;

	while (tag < end) {
		const char *value = NULL;
		const char *next = tag + 1;

		for (size_t i = 0; !value && i < ARRAY_LEN(spoken); i++)
			if (strncmp(tag, spoken[i], strlen(spoken[i])) == 0)
				value = tag + strlen(spoken[i]);
		next = value ? value : next;
		while (tag < next)
			plain[len++] = *tag++;
		if (value)
			tag += strcspn(tag, "\"");
	}
	plain[len] = '\0';
	return plain;
}

struct tags {
	const char **list;
	size_t count;
};

static struct tags
tags_of(struct arena *a, const char *text)
{
	struct tags t = { NULL, 0 };

	for (const char *p = strchr(text, '<'); p; p = strchr(p + 1, '<')) {
		t.list = arena_grow_list(a, t.list, t.count, sizeof(*t.list));
		t.list[t.count++] = plain_tag(a, p);
	}
	return t;
}

static size_t
count_tag(const struct tags *t, const char *tag)
{
	size_t n = 0;

	for (size_t i = 0; i < t->count; i++)
		n += strcmp(t->list[i], tag) == 0;
	return n;
}

/* The order of a sentence is a language's own, its elements are not. */
static void
check_tags(struct arena *a, const char *where, const char *text, const char *other)
{
	const struct tags own = tags_of(a, text);
	const struct tags others = tags_of(a, other);

	for (size_t i = 0; i < own.count; i++) {
		const size_t want = count_tag(&own, own.list[i]);
		const size_t got = count_tag(&others, own.list[i]);

		if (got != want) {
			print_error("%s: has %zu of %s, want %zu\n", where, got,
			    own.list[i], want);
			failures++;
		}
	}
}

static void
compare_template(struct arena *a, const char *language, const char *name, const char *en)
{
	const struct embedded_file *other = file_of(a, language, name);

	if (!other && has_words(en)) {
		print_error("templates/%s has no %s\n", language, name);
		failures++;
	}
	if (!other)
		return;
	check_holes(a, other->name, en, other->text);
	check_holes(a, arena_printf(a, "en beside %s", other->name), other->text, en);
	check_tags(a, other->name, en, other->text);
	check_tags(a, arena_printf(a, "en beside %s", other->name), other->text, en);
}

static void
every_template_with_words_is_in_the_other_languages_alike_but_for_them(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	failures = 0;
	for (size_t i = 0; i < embedded_count; i++) {
		const struct embedded_file *f = &embedded_files[i];
		const char *name = name_in(f, a, "en");

		for (size_t l = 0; l < ARRAY_LEN(LANGUAGES); l++) {
			const char *other = name_in(f, a, LANGUAGES[l]);

			if (name && is_template(name))
				compare_template(a, LANGUAGES[l], name, f->text);
			if (other && !file_of(a, "en", other)) {
				print_error("%s is not in templates/en\n", f->name);
				failures++;
			}
		}
	}
	assert_int_equal(failures, 0);
	arena_free(a);
}

static void
text_without_words_is_told_from_text_with_them(void **state)
{
	(void)state;
	assert_false(
	    has_words("<p class=\"x\">{{name}} \xc2\xb7 {{! words }}</p><!-- a -->"));
	assert_false(has_words("<style>\na { b: c }\n</style>\n"));
	assert_false(has_words("{{#dir}} dir=\"{{dir}}\"{{/dir}}"));
	assert_false(has_words("<p {{> x}}>{{a}}</p>"));
	assert_true(has_words("<p>Hello</p>"));
	assert_true(has_words("{{a}} 1"));
}

/* ---- dates and numbers ---- */

static const struct date_case {
	const char *language;
	const char *form;
	int day, month;
	const char *want;
} date_cases[] = {
	{ "en", "date", 1, 5, "Friday, 1 May 2026" },
	{ "de", "date", 1, 5, "Freitag, 1. Mai 2026" },
	{ "fr", "date", 1, 5, "vendredi 1er mai 2026" },
	{ "fr", "day", 11, 5, "lundi 11 mai" },
	{ "de", "since", 31, 3, "31. M\xc3\xa4rz 2026" },
	{ "fr", "since", 2, 8, "2 ao\xc3\xbbt 2026" },
};

static void
dates_are_written_as_in_the_language(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(date_cases); i++) {
		const struct date_case *t = &date_cases[i];
		const struct civil given = { .year = 2026,
			.month = t->month,
			.day = t->day };
		struct err err = ERR_INIT;
		struct template_set *set = template_set_open("", t->language, "", &err);
		struct civil c;
		int64_t at = 0;

		if (!set)
			fail_msg("%s: %s", t->language, err.text);
		assert_true(clock_instant(&given, 0, &at));
		c = clock_civil(at, 0);
		assert_string_equal(wording_date(set->arena, set->words, t->form, &c, "",
					&err),
		    t->want);
		template_set_close(set);
	}
}

static const struct count_case {
	const char *language;
	const char *section;
	int n;
	const char *want;
} count_cases[] = {
	{ "en", "posts", 0, "0 posts" },
	{ "de", "posts", 1, "1 Beitrag" },
	{ "de", "posts", 0, "0 Beitr\xc3\xa4ge" },
	{ "de", "hours", 12, "12 Stunden" },
	{ "fr", "posts", 0, "0 billet" },
	{ "fr", "posts", 1, "1 billet" },
	{ "fr", "posts", 2, "2 billets" },
	{ "fr", "wrote_lately", 0,
	    "0 d\xe2\x80\x99"
	    "entre eux a \xc3\xa9"
	    "crit au cours de la derni\xc3\xa8re semaine." },
};

static void
numbers_choose_the_form_of_the_language(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(count_cases); i++) {
		const struct count_case *t = &count_cases[i];
		struct err err = ERR_INIT;
		struct template_set *set = template_set_open("", t->language, "", &err);

		assert_non_null(set);
		assert_string_equal(wording_count(set->arena, set->words, t->section,
					t->n, NULL, &err),
		    t->want);
		template_set_close(set);
	}
}

/* ---- what keepers misspell ---- */

static const struct keeper_case {
	const char *name;
	const char *text;
	const char *want; /* NULL: nothing is wrong */
	const char *hint;
} keeper_cases[] = {
	{ "messages.ini", "[words]\nby = from {{author}}\n", NULL, NULL },
	{ "messages.ini", "[posts]\none = a\nfew = b\nother = c\n", NULL, NULL },
	{ "messages.ini", "\n[wrods]\n", "X line 2: there is no section [wrods]",
	    "did you mean [words]?" },
	{ "messages.ini", "[words]\nby = a\nraed_on = b\n",
	    "X line 3: [words] has no 'raed_on'", "did you mean read_on?" },
	{ "messages.ini", "[words]\nfew = b\n", "X line 2: [words] has no 'few'", "" },
	{ "messages.ini", "[plural]\nrule = two\n",
	    "X line 2: there is no plural rule 'two'",
	    "there are: none, one, zero-one, slavic, polish, czech, arabic" },
	{ "messages.ini", "[plural]\nrule = polish\n", NULL, NULL },
	{ "style.ini", "[value]\nlink = #123\n[content]\nh5 = color:red\n", NULL, NULL },
	{ "style.ini", "[content]\nblinky = x\n", "X line 2: [content] has no 'blinky'",
	    "" },
	{ "style.ini", "[value]\nlinc = #123\n", "X line 2: [value] has no 'linc'",
	    "did you mean link?" },
};

static void
what_keepers_misspell_is_told_with_its_line(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(keeper_cases); i++) {
		const struct keeper_case *t = &keeper_cases[i];
		struct err err = ERR_INIT;
		const bool ok = template_check_words(a, "X", t->text, t->name, &err);

		if (ok != (t->want == NULL))
			fail_msg("%s: got %s", t->text, ok ? "nothing" : err.text);
		if (t->want) {
			assert_string_equal(err.text, t->want);
			assert_string_equal(err.hint, t->hint);
			assert_int_equal(err.kind, ERR_CONFIG);
		}
	}
	arena_free(a);
}

static void
every_rule_is_named(void **state)
{
	static const char *const names[] = { "none", "one", "zero-one", "slavic",
		"polish", "czech", "arabic" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		assert_true(wording_is_rule(names[i]));
		assert_non_null(strstr(wording_rules(), names[i]));
	}
	assert_false(wording_is_rule("two"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_word_of_english_is_in_the_other_languages),
		cmocka_unit_test(
		    every_template_with_words_is_in_the_other_languages_alike_but_for_them),
		cmocka_unit_test(text_without_words_is_told_from_text_with_them),
		cmocka_unit_test(dates_are_written_as_in_the_language),
		cmocka_unit_test(what_keepers_misspell_is_told_with_its_line),
		cmocka_unit_test(every_rule_is_named),
		cmocka_unit_test(numbers_choose_the_form_of_the_language),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
