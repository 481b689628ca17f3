/* SPDX-License-Identifier: ISC */
/*
 * The words of a language: messages.ini, each value a small Mustache text ("by {{author}}").
 * Sections hold single words or, where a number decides, one key per plural category of CLDR
 * ("one", "few", "other") named by the rule of [plural].  Private to digest/.
 */
#ifndef DIGEST_WORDING_H
#define DIGEST_WORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "format/template.h"
#include "base/zone.h"
#include "html/media_words.h"

struct wording;

/* Owned by the caller; texts live in a. */
struct wording *wording_new(struct arena *a) MUST_CHECK;
void wording_free(struct wording *m);
/* Adds a file's values; a key that is there already stays: add the nearest file first. */
bool wording_add(struct wording *m, const char *path, const char *text, size_t len,
    struct err *err) MUST_CHECK;
/* The value as written, "" when there is none. */
const char *wording_raw(const struct wording *m, const char *section, const char *key);
/*
 * The value with its names filled in, "" when there is none.  Lives in a.  On failure err is
 * set (the first cause stays) and "" returned: callers ask err once, at their end.
 */
const char *wording_fill(struct arena *a, const struct wording *m, const char *section,
    const char *key, const struct template_value *values, struct err *err);
/*
 * The form of [section] for n things, "1 post", "25 posts": its key is the CLDR category of n
 * by the rule that [plural] names ("one", "slavic" ...), else "other".  values (or NULL) are
 * further names; n is added to them.
 */
const char *wording_count(struct arena *a, const struct wording *m, const char *section,
    int64_t n, struct template_value *values, struct err *err);
/*
 * A date in words by a form of [dates]: "day" (no year), "date", "since", "time".  The names
 * weekday, month, day, year, hour, minute and zone may stand in it.
 */
const char *wording_date(struct arena *a, const struct wording *m, const char *form,
    const struct civil *c, const char *zone, struct err *err);
/*
 * What a form of [dates] is made of, to be kept beside a letter; and a date by it, as
 * wording_date() gives it.  NULL with err set when the form is no template.
 */
struct date_words {
	const char *weekdays;  /* "Sunday Monday ..." */
	const char *months;    /* "January February ..." */
	const char *form;      /* "{{day}} {{month}} {{year}}" */
	const char *first_day; /* the first of a month: "1", in French "1er" */
};
struct date_words wording_date_words(const struct wording *m, const char *form);
const char *date_in_words(struct arena *a, const struct date_words *words,
    const struct civil *c, struct err *err);
/* What stands in posts where pictures and players were, by [media].  In a. */
struct media_words wording_media(struct arena *a, const struct wording *m,
    struct err *err);
/* True for a name of a plural rule; and all of them, "none, one, ...". */
bool wording_is_rule(const char *name);
const char *wording_rules(void);
/* All words of one section under their keys. */
struct template_value *wording_section(struct arena *a, const struct wording *m,
    const char *section) MUST_CHECK;

/* Walks the keys of a section: *at is 0 at first; NULL at the end. */
const char *wording_next_key(const struct wording *m, const char *section, size_t *at);

#endif
