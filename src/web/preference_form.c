/* SPDX-License-Identifier: ISC */
#include "web/preference_form.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/order.h"
#include "base/text.h"
#include "flow/reader_wishes.h"
#include "list/preferences.h"
#include "mail/address.h"
#include "store/sources.h"

enum { HOLD_DAYS_MAX = 366 };

/* ---- sources ---- */

/* "People", or the newsletter's default. */
static const char *
group_of(const struct page *p, const struct source *s)
{
	return text_is_set(s->group) ? s->group : p->run.config->feeds.default_group;
}

static const char *
name_of(const struct source *s)
{
	return text_is_set(s->name) ? s->name : text_is_set(s->title) ? s->title : s->key;
}

static int
by_group_and_name(const void *a, const void *b)
{
	const struct source *x = a;
	const struct source *y = b;
	const int order = ascii_compare(x->group, y->group);

	return order != 0 ? order : ascii_compare(name_of(x), name_of(y));
}

bool
preference_sources_load(struct page *p, struct preference_sources *out, struct err *err)
{
	memset(out, 0, sizeof(*out));
	if (!store_sources(p->run.store, p->a, true, &out->list, &out->count, err))
		return false;
	for (size_t i = 0; i < out->count; i++) {
		out->list[i].group = group_of(p, &out->list[i]);
		out->list[i].name = name_of(&out->list[i]);
	}
	list_sort(out->list, out->count, sizeof(*out->list), by_group_and_name);
	return true;
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The keys that came with the form, sorted: a planet may have thousands. */
static bool
is_ticked(const struct form *f, const char *key)
{
	return f->source_count > 0 &&
	    bsearch(&key, f->sources, f->source_count, sizeof(*f->sources), by_text);
}

static void
sort_ticks(struct form *f)
{
	list_sort(f->sources, f->source_count, sizeof(*f->sources), by_text);
}

static size_t
count_ids(const char *chosen)
{
	size_t n = 1;

	for (; *chosen; chosen++)
		n += *chosen == ' ';
	return n;
}

struct source_choice
source_choice_of(struct page *p, const char *sources)
{
	int64_t *ids = arena_array(p->a, count_ids(sources), sizeof(*ids));
	const char *at = *sources == '*' ? "" : sources + 1;
	size_t n = 0;

	while (*at) {
		char *end = NULL;

		ids[n++] = strtoll(at, &end, 10);
		at = *end == ' ' ? end + 1 : end + strlen(end);
	}
	return (struct source_choice){ *sources, ids, n };
}

bool
source_choice_takes(const struct source_choice *c, int64_t id)
{
	const bool named = c->count > 0 &&
	    bsearch(&id, c->ids, c->count, sizeof(*c->ids), order_int64) != NULL;

	return c->mode == '*' || named == (c->mode == '+');
}

/* What was chosen of sources that are not shown stays as it is. */
static size_t
keep_others(struct page *p, const char *chosen, const struct source *shown, size_t count,
    int64_t *out)
{
	const struct source_choice c = source_choice_of(p, chosen);
	int64_t *ids = arena_array(p->a, count, sizeof(*ids));
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		ids[i] = shown[i].id;
	list_sort(ids, count, sizeof(*ids), order_int64);
	for (size_t i = 0; i < c.count; i++) {
		if (!bsearch(&c.ids[i], ids, count, sizeof(*ids), order_int64))
			out[n++] = c.ids[i];
	}
	return n;
}

const char *
preference_tick(struct page *p, const char *chosen, const struct source *shown,
    size_t count)
{
	int64_t *ids = arena_array(p->a, count + count_ids(chosen), sizeof(*ids));
	const char mode = *chosen == '+' ? '+' : '-';
	size_t n = keep_others(p, chosen, shown, count, ids);

	sort_ticks(&p->form);
	for (size_t i = 0; i < count; i++) {
		if (is_ticked(&p->form, shown[i].key) == (mode == '+'))
			ids[n++] = shown[i].id;
	}
	return variant_sources(p->a, mode, ids, n);
}

/* The same sources under another rule: what of later ones is to come. */
static const char *
switch_rule(struct page *p, const struct variant *v, char mode,
    const struct preference_sources *sources)
{
	const struct source_choice c = source_choice_of(p, v->sources);
	int64_t *ids = arena_array(p->a, sources->count, sizeof(*ids));
	size_t n = 0;

	for (size_t i = 0; i < sources->count; i++) {
		if (source_choice_takes(&c, sources->list[i].id) == (mode == '+'))
			ids[n++] = sources->list[i].id;
	}
	return variant_sources(p->a, mode, ids, n);
}

static void
read_sources(struct page *p, const struct preference_sources *sources,
    struct preference_wishes *w, struct err *err)
{
	const char *which = form_value(&p->form, FIELD_WHICH);
	const bool shown = strcmp(form_value(&p->form, FIELD_GROUP), "all") == 0;
	const char *rule = strcmp(which, "only") == 0 ? "+" : "-";
	struct variant *v = &w->reader.variant;

	if (*which == '\0')
		return;
	if (strcmp(which, "all") == 0)
		v->sources = "*";
	else if (shown)
		v->sources = preference_tick(p, rule, sources->list, sources->count);
	else
		v->sources = switch_rule(p, v, *rule, sources);
	if (strcmp(v->sources, "+") == 0)
		w->problems.sources = page_words(p, "problems", "sources", NULL, err);
}

/* ---- when ---- */

static const char *
wish(struct page *p, enum form_field field)
{
	return p->form.values[field];
}

static bool
read_cadence(struct page *p, struct preference_wishes *w, struct err *err)
{
	const char *rhythm = form_value(&p->form, FIELD_RHYTHM);
	const struct reader_wishes words = {
		.rhythm = wish(p, FIELD_RHYTHM),
		.day = strcmp(rhythm, "weekly") == 0 ? wish(p, FIELD_WEEKDAY)
		    : strcmp(rhythm, "monthly") == 0 ? wish(p, FIELD_MONTHDAY)
						     : NULL,
		.hour = wish(p, FIELD_HOUR),
		.format = wish(p, FIELD_FORMAT),
		.length = wish(p, FIELD_LENGTH),
		.language = wish(p, FIELD_LANGUAGE),
		.pictures = wish(p, FIELD_PICTURES),
	};
	const struct reader_wishes zone = { .zone = wish(p, FIELD_ZONE) };
	struct err why = ERR_INIT;

	if (!flow_wishes_apply(&p->run, p->a, &words, &w->reader, err))
		return false;
	if (!flow_wishes_apply(&p->run, p->a, &zone, &w->reader, &why))
		w->problems.zone = page_words(p, "problems", "zone", NULL, err);
	return true;
}

/* ---- hold ---- */

/* The zone in which a reader's days are reckoned; *own is to be closed. */
static const struct zone *
zone_of(struct page *p, const struct reader *r, struct zone **own)
{
	struct err ignored = ERR_INIT;

	*own = text_is_set(r->cadence.zone) ? zone_open(r->cadence.zone, &ignored) : NULL;
	return *own ? *own : p->run.zone;
}

const char *
preference_hold_day(struct page *p, const struct reader *r)
{
	struct zone *own = NULL;
	struct civil c;

	if (r->state != READER_HOLD || r->hold_until == TIME_NONE)
		return "";
	c = zone_civil(zone_of(p, r, &own), r->hold_until);
	zone_close(own);
	return arena_printf(p->a, "%04d-%02d-%02d", c.year, c.month, c.day);
}

/* Midnight of that day in the reader's zone; false for what is no day. */
static bool
day_begins(struct page *p, const struct reader *r, const char *day, int64_t *out)
{
	struct zone *own = NULL;
	int64_t utc = 0;
	struct civil c;

	if (strlen(day) != strlen("2026-12-24") || !clock_parse(day, &utc))
		return false;
	c = clock_civil(utc, 0);
	const bool ok = zone_instant(zone_of(p, r, &own), &c, out);
	zone_close(own);
	return ok;
}

static void
read_hold(struct page *p, const struct reader *was, struct preference_wishes *w,
    struct err *err)
{
	const char *day = form_value(&p->form, FIELD_HOLD);
	const bool skip = p->form.values[FIELD_MISSED] == NULL;
	int64_t until = TIME_NONE;

	if (!p->form.values[FIELD_HOLD])
		return;
	if (was->state == READER_HOLD && strcmp(day, preference_hold_day(p, was)) == 0 &&
	    skip == was->hold_skip)
		return;
	if (*day == '\0') {
		/* A hold without a day shows none: that it stays empty ends nothing. */
		w->hold = was->state == READER_HOLD && was->hold_until != TIME_NONE
		    ? HOLD_END
		    : HOLD_AS_IT_IS;
		return;
	}
	if (!day_begins(p, &w->reader, day, &until) || until <= p->run.now ||
	    until > p->run.now + HOLD_DAYS_MAX * INT64_C(86400)) {
		w->problems.hold = page_words(p, "problems", "hold", NULL, err);
		return;
	}
	w->hold = HOLD_BEGIN;
	w->reader.hold_until = until;
	w->reader.hold_skip = skip;
}

/* ---- address ---- */

static void
read_address(struct page *p, struct preference_wishes *w, struct err *err)
{
	const char *text = form_value(&p->form, FIELD_EMAIL);
	size_t len = strlen(text);
	struct err why = ERR_INIT;

	ascii_trim(&text, &len);
	if (len == 0)
		return;
	if (!address_check(p->a, arena_strndup(p->a, text, len), &w->new_address, &why))
		w->problems.address = page_words(p, "problems", "email", NULL, err);
}

bool
preference_form_read(struct page *p, const struct reader *was,
    const struct preference_sources *sources, struct preference_wishes *out,
    struct err *err)
{
	memset(out, 0, sizeof(*out));
	out->reader = *was;
	if (!read_cadence(p, out, err))
		return false;
	read_sources(p, sources, out, err);
	read_hold(p, was, out, err);
	read_address(p, out, err);
	out->has_problem = out->problems.zone || out->problems.hold ||
	    out->problems.sources || out->problems.address;
	return true;
}
