/* SPDX-License-Identifier: ISC */
#include "digest/wording.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "format/ini.h"

struct message {
	uint64_t
	    mark; /* of section and key, by which nearly all others are passed over */
	const char *section;
	const char *key;
	const char *text;
	struct template *form;
};
struct wording {
	struct arena *a;
	struct message *list;
	size_t count;
};

struct wording *
wording_new(struct arena *a)
{
	struct wording *m = xcalloc(1, sizeof(*m));

	m->a = a;
	return m;
}

void
wording_free(struct wording *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->count; i++)
		template_free(m->list[i].form);
	free(m->list);
	free(m);
}

static uint64_t
mark_of(const char *section, const char *key)
{
	return hash_64(key, strlen(key), hash_64(section, strlen(section), 0));
}

/* A page asks for hundreds of words. */
static const struct message *
find(const struct wording *m, const char *section, const char *key)
{
	const uint64_t mark = mark_of(section, key);

	for (size_t i = 0; i < m->count; i++) {
		if (m->list[i].mark == mark && strcmp(m->list[i].key, key) == 0 &&
		    strcmp(m->list[i].section, section) == 0)
			return &m->list[i];
	}
	return NULL;
}

static bool
add(struct wording *m, const char *path, const char *section, const struct ini_key *key,
    struct err *err)
{
	struct message *message = NULL;
	struct template *form = template_new(key->name, key->value, TEMPLATE_TEXT, err);

	if (!form)
		return err_wrap(err, "%s line %d", path, key->line);
	m->list = xgrow_list(m->list, m->count, sizeof(*m->list));
	message = &m->list[m->count++];
	message->mark = mark_of(section, key->name);
	message->section = section;
	message->key = key->name;
	message->text = key->value;
	message->form = form;
	return true;
}

bool
wording_add(struct wording *m, const char *path, const char *text, size_t len,
    struct err *err)
{
	struct ini ini = { 0 };

	if (!ini_parse(m->a, path, text, len, false, &ini, err))
		return false;
	for (size_t s = 0; s < ini.section_count; s++) {
		const struct ini_section *section = &ini.sections[s];

		for (size_t k = 0; k < section->key_count; k++) {
			if (find(m, section->name, section->keys[k].name))
				continue;
			if (!add(m, path, section->name, &section->keys[k], err))
				return false;
		}
	}
	return true;
}

const char *
wording_raw(const struct wording *m, const char *section, const char *key)
{
	const struct message *message = find(m, section, key);

	return message ? message->text : "";
}

const char *
wording_fill(struct arena *a, const struct wording *m, const char *section,
    const char *key, const struct template_value *values, struct err *err)
{
	const struct message *message = find(m, section, key);
	const char *text = "";
	struct buf b = BUF_INIT(LIMIT_PART);

	if (!message)
		return "";
	if (template_render(message->form, values, NULL, false, &b, err))
		text = arena_strdup(a, buf_text(&b));
	else
		(void)err_wrap(err, "messages [%s] %s", section, key);
	buf_clear(&b);
	return text;
}

/* ---- plural forms ---- */

static const char *
plural_none(int64_t n)
{
	(void)n;
	return "other";
}

static const char *
plural_one(int64_t n)
{
	return n == 1 ? "one" : "other";
}

static const char *
plural_zero_one(int64_t n)
{
	return n <= 1 ? "one" : "other";
}

/* "few" for 2 to 4 and what ends so, but not for 12 to 14. */
static const char *
few_or_many(int64_t n)
{
	return n % 10 >= 2 && n % 10 <= 4 && n % 100 / 10 != 1 ? "few" : "many";
}

static const char *
plural_slavic(int64_t n)
{
	return n % 10 == 1 && n % 100 != 11 ? "one" : few_or_many(n);
}

static const char *
plural_polish(int64_t n)
{
	return n == 1 ? "one" : few_or_many(n);
}

static const char *
plural_czech(int64_t n)
{
	if (n == 1)
		return "one";
	return n >= 2 && n <= 4 ? "few" : "other";
}

static const char *
plural_arabic(int64_t n)
{
	if (n <= 2)
		return n == 0 ? "zero" : n == 1 ? "one" : "two";
	if (n % 100 >= 3 && n % 100 <= 10)
		return "few";
	return n % 100 >= 11 ? "many" : "other";
}

/* Unicode CLDR, plural rules for cardinals, whole numbers only. */
static const struct {
	const char *name;
	const char *(*category)(int64_t n);
} rules[] = { { "none", plural_none },   /* Chinese, Indonesian, Japanese, Korean */
	{ "one", plural_one },           /* Dutch, English, German, Spanish, ... */
	{ "zero-one", plural_zero_one }, /* French, Portuguese of Brazil */
	{ "slavic", plural_slavic },     /* Belarusian, Russian, Ukrainian */
	{ "polish", plural_polish }, { "czech", plural_czech }, /* Czech, Slovak */
	{ "arabic", plural_arabic } };

bool
wording_is_rule(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		if (strcmp(rules[i].name, name) == 0)
			return true;
	}
	return false;
}

const char *
wording_rules(void)
{
	return "none, one, zero-one, slavic, polish, czech, arabic";
}

/* The CLDR category of n by a rule's name; "other" when the rule is unknown. */
static const char *
plural_category(const char *rule, int64_t n)
{
	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		if (strcmp(rules[i].name, rule) == 0)
			return rules[i].category(n < 0 ? -n : n);
	}
	return "other";
}

const char *
wording_count(struct arena *a, const struct wording *m, const char *section, int64_t n,
    struct template_value *values, struct err *err)
{
	const char *key = plural_category(wording_raw(m, "plural", "rule"), n);

	if (!values)
		values = template_map(a);
	template_put_int(values, "n", n);
	if (!find(m, section, key))
		key = "other";
	return wording_fill(a, m, section, key, values, err);
}

/* ---- dates ---- */

/* The n-th blank-separated word of a list, counted from 0. */
static const char *
nth_word(struct arena *a, const char *list, int n)
{
	for (;;) {
		size_t len = 0;

		list += strspn(list, " \t\n");
		len = strcspn(list, " \t\n");
		if (n == 0 || len == 0)
			return arena_strndup(a, list, len);
		list += len;
		n--;
	}
}

static struct template_value *
date_values(struct arena *a, const struct date_words *words, const struct civil *c,
    const char *zone)
{
	struct template_value *values = template_map(a);

	template_put_text(values, "weekday", nth_word(a, words->weekdays, c->weekday));
	template_put_text(values, "month", nth_word(a, words->months, c->month - 1));
	template_put_int(values, "month_number", c->month);
	if (c->day == 1 && text_is_set(words->first_day))
		template_put_text(values, "day", words->first_day);
	else
		template_put_int(values, "day", c->day);
	template_put_int(values, "year", c->year);
	template_put_text(values, "hour", arena_printf(a, "%02d", c->hour));
	template_put_text(values, "minute", arena_printf(a, "%02d", c->minute));
	template_put_text(values, "zone", zone);
	return values;
}

const char *
wording_date(struct arena *a, const struct wording *m, const char *form,
    const struct civil *c, const char *zone, struct err *err)
{
	const struct date_words words = wording_date_words(m, form);

	return wording_fill(a, m, "dates", form, date_values(a, &words, c, zone), err);
}

struct date_words
wording_date_words(const struct wording *m, const char *form)
{
	return (struct date_words){ .weekdays = wording_raw(m, "dates", "weekdays"),
		.months = wording_raw(m, "dates", "months"),
		.form = wording_raw(m, "dates", form),
		.first_day = wording_raw(m, "dates", "first_day") };
}

const char *
date_in_words(struct arena *a, const struct date_words *words, const struct civil *c,
    struct err *err)
{
	struct template *form = template_new("date", words->form, TEMPLATE_TEXT, err);
	struct buf b = BUF_INIT(LIMIT_PART);
	const char *text = NULL;

	if (form &&
	    template_render(form, date_values(a, words, c, ""), NULL, false, &b, err))
		text = arena_strdup(a, buf_text(&b));
	template_free(form);
	buf_clear(&b);
	return text;
}

/* "[picture: {{alt}}]" as what stands before and behind the description. */
static void
split_picture(struct arena *a, const struct wording *m, struct media_words *out,
    struct err *err)
{
	static const char mark[] = "\x1f";
	struct template_value *values = template_map(a);
	const char *whole = NULL;
	const char *at = NULL;

	template_put_text(values, "alt", mark);
	whole = wording_fill(a, m, "media", "pictured", values, err);
	at = strstr(whole, mark);
	out->picture = wording_raw(m, "media", "no_description");
	out->picture_before = at ? arena_strndup(a, whole, (size_t)(at - whole)) : whole;
	out->picture_after = at ? at + sizeof(mark) - 1 : "";
}

struct media_words
wording_media(struct arena *a, const struct wording *m, struct err *err)
{
	static const char *const keys[MEDIA_WORDS] = { [MEDIA_WORD_VIDEO] = "video",
		[MEDIA_WORD_AUDIO] = "audio",
		[MEDIA_WORD_PICTURE] = "picture",
		[MEDIA_WORD_DOCUMENT] = "document",
		[MEDIA_WORD_PAGE] = "page",
		[MEDIA_WORD_OBJECT] = "object" };
	struct media_words words = { 0 };

	split_picture(a, m, &words, err);
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		words.kinds[i] = wording_raw(m, "media", keys[i]);
	return words;
}

struct template_value *
wording_section(struct arena *a, const struct wording *m, const char *section)
{
	struct template_value *map = template_map(a);

	for (size_t i = 0; i < m->count; i++) {
		if (strcmp(m->list[i].section, section) == 0)
			template_put_text(map, m->list[i].key, m->list[i].text);
	}
	return map;
}

const char *
wording_next_key(const struct wording *m, const char *section, size_t *at)
{
	while (*at < m->count) {
		const struct message *message = &m->list[(*at)++];

		if (strcmp(message->section, section) == 0)
			return message->key;
	}
	return NULL;
}
