/* SPDX-License-Identifier: ISC */
#include "flow/reader_wishes.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "base/zone.h"
#include "digest/templates.h"
#include "flow/context.h"
#include "list/preferences.h"
#include "model/cadence.h"
#include "model/names.h"
#include "store/sources.h"

static bool
is_default(const char *text)
{
	return *text == '\0' || ascii_eq_nocase(text, "default");
}

/* ---- when ---- */

static bool
apply_rhythm(const char *text, struct cadence *c, struct err *err)
{
	enum rhythm rhythm = RHYTHM_EACH;

	if (!is_default(text) && !cadence_parse_rhythm(text, &rhythm))
		return err_set(err, ERR_INPUT,
		    "rhythm is each, daily, weekdays, weekly or monthly, not '%s'", text);
	if (rhythm != c->rhythm) {
		c->rhythm = rhythm;
		c->day =
		    rhythm == RHYTHM_WEEKLY || rhythm == RHYTHM_MONTHLY ? CADENCE_ANY : 0;
	}
	return true;
}

static bool
apply_day(const char *text, struct cadence *c, struct err *err)
{
	if (is_default(text)) {
		c->day = c->rhythm == RHYTHM_WEEKLY || c->rhythm == RHYTHM_MONTHLY
		    ? CADENCE_ANY
		    : 0;
		return true;
	}
	if (c->rhythm != RHYTHM_WEEKLY && c->rhythm != RHYTHM_MONTHLY)
		return err_set(err, ERR_INPUT,
		    "a day belongs to a weekly or monthly rhythm, not to '%s'",
		    cadence_rhythm_name(c->rhythm));
	if (cadence_parse_day(text, c->rhythm, &c->day))
		return true;
	return err_set(err, ERR_INPUT, "day is %s, not '%s'",
	    c->rhythm == RHYTHM_WEEKLY ? "Monday to Sunday" : "1 to 31", text);
}

static bool
apply_hour(const char *text, struct cadence *c, struct err *err)
{
	if (is_default(text)) {
		c->minute = CADENCE_ANY;
		return true;
	}
	return cadence_parse_minute(text, &c->minute) ||
	    err_set(err, ERR_INPUT, "hour is a time of day such as 7 or 18:30, not '%s'",
		text);
}

static bool
apply_zone(struct arena *a, const char *text, struct cadence *c, struct err *err)
{
	struct zone *zone = NULL;

	if (is_default(text)) {
		c->zone = NULL;
		return true;
	}
	if (c->zone && strcmp(c->zone, text) == 0)
		return true;
	zone = zone_open(text, err);
	if (!zone) {
		err->kind = ERR_INPUT;
		return false;
	}
	zone_close(zone);
	c->zone = arena_strdup(a, text);
	return true;
}

/* ---- how it looks ---- */

static bool
apply_format(const char *text, struct variant *v, struct err *err)
{
	if (is_default(text))
		v->format = variant_of_archive().format;
	else if (!format_parse(text, &v->format))
		return err_set(err, ERR_INPUT,
		    "format is html, text, digest or plain, not '%s'", text);
	return true;
}

static bool
apply_length(const char *text, struct variant *v, struct err *err)
{
	if (is_default(text))
		v->length = LENGTH_DEFAULT;
	else if (!length_parse(text, &v->length))
		return err_set(err, ERR_INPUT,
		    "length is default, whole, short or titles, not '%s'", text);
	return true;
}

static bool
apply_pictures(const char *text, struct variant *v, struct err *err)
{
	if (is_default(text))
		v->pictures = PICTURES_DEFAULT;
	else if (!pictures_parse(text, &v->pictures))
		return err_set(err, ERR_INPUT,
		    "pictures is none, link, first, inline or remote, not '%s'", text);
	return true;
}

static bool
apply_language(struct run *run, struct arena *a, const char *text, struct variant *v,
    struct err *err)
{
	if (is_default(text)) {
		v->language = "";
		return true;
	}
	if (!template_language_check(run->config->digest.template_dir, text, err)) {
		err->kind = ERR_INPUT;
		return false;
	}
	v->language = arena_strdup(a, text);
	return true;
}

/* ---- which sources ---- */

static bool
add_source(struct run *run, struct arena *a, char *word, int64_t **ids, size_t *count,
    struct err *err)
{
	struct source s;

	if (!store_source_find(run->store, a, word, &s, err))
		return false;
	*ids = arena_grow_list(a, *ids, *count, sizeof(**ids));
	(*ids)[(*count)++] = s.id;
	return true;
}

static bool
apply_sources(struct run *run, struct arena *a, const char *text, struct variant *v,
    struct err *err)
{
	static const char separators[] = " ,\t";
	char *words = arena_strdup(a, text);
	char *word = NULL;
	char *rest = words;
	int64_t *ids = NULL;
	size_t count = 0;
	char mode = '+';

	if (is_default(text) || ascii_eq_nocase(text, "all")) {
		v->sources = "*";
		return true;
	}
	word = strtok_r(words, separators, &rest);
	if (word && ascii_eq_nocase(word, "all")) {
		mode = '-';
		word = strtok_r(NULL, separators, &rest);
		if (!word || !ascii_eq_nocase(word, "but"))
			word = NULL;
	} else if (word && !ascii_eq_nocase(word, "only")) {
		word = NULL;
	}
	if (!word)
		return err_set(err, ERR_INPUT,
		    "sources is all, 'only KEY KEY' or 'all but KEY KEY', not '%s'",
		    text);
	while ((word = strtok_r(NULL, separators, &rest))) {
		if (!add_source(run, a, word, &ids, &count, err))
			return false;
	}
	if (count == 0)
		return err_set(err, ERR_INPUT, "'%s' names no source", text);
	v->sources = variant_sources(a, mode, ids, count);
	return true;
}

bool
flow_wishes_apply(struct run *run, struct arena *a, const struct reader_wishes *w,
    struct reader *r, struct err *err)
{
	return (!w->rhythm || apply_rhythm(w->rhythm, &r->cadence, err)) &&
	    (!w->day || apply_day(w->day, &r->cadence, err)) &&
	    (!w->hour || apply_hour(w->hour, &r->cadence, err)) &&
	    (!w->zone || apply_zone(a, w->zone, &r->cadence, err)) &&
	    (!w->language || apply_language(run, a, w->language, &r->variant, err)) &&
	    (!w->sources || apply_sources(run, a, w->sources, &r->variant, err)) &&
	    (!w->format || apply_format(w->format, &r->variant, err)) &&
	    (!w->length || apply_length(w->length, &r->variant, err)) &&
	    (!w->pictures || apply_pictures(w->pictures, &r->variant, err));
}

/* ---- words ---- */

char *
flow_cadence_words(struct arena *a, const struct cadence *c)
{
	struct buf b = BUF_INIT(LIMIT_URL);

	if (c->rhythm == RHYTHM_EACH)
		return arena_strdup(a, "each");
	cadence_print(c, &b);
	return arena_take(a, &b);
}

bool
flow_sources_words(struct run *run, struct arena *a, const struct variant *v,
    const char **out, struct err *err)
{
	struct buf b = BUF_INIT(LIMIT_SOURCES_TEXT);
	struct source *all = NULL;
	size_t count = 0;

	*out = "all";
	if (*v->sources == '*')
		return true;
	if (!store_sources(run->store, a, false, &all, &count, err))
		return false;
	buf_adds(&b, *v->sources == '+' ? "only" : "all but");
	for (size_t i = 0; i < count; i++) {
		if (variant_takes(v, all[i].id) == (*v->sources == '+'))
			buf_addf(&b, " %s", all[i].key);
	}
	*out = arena_take(a, &b);
	return true;
}
