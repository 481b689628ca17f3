/* SPDX-License-Identifier: ISC */
#include "feed/entry_builder.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"
#include "feed/date.h"
#include "feed/entry_address.h"
#include "model/identity.h"

/* The next row for the same element, or NULL. */
static const struct rule *
next_rule(const struct rule *rule)
{
	const struct rule *next = rule + 1;

	return next->local && next->space == rule->space &&
		strcmp(next->local, rule->local) == 0
	    ? next
	    : NULL;
}

void
build_warn(struct build *b, unsigned line, const char *fmt, ...)
{
	char text[256] = "";
	const char *full = NULL;
	va_list ap;

	if (b->warning_count >= LIMIT_FEED_WARNINGS)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (!b->warnings)
		b->warnings =
		    arena_array(b->a, LIMIT_FEED_WARNINGS, sizeof(*b->warnings));
	full = line ? arena_printf(b->a, "line %u: %s", line, text)
		    : arena_strdup(b->a, text);
	/* What libxml2 or a feed says may hold anything. */
	b->warnings[b->warning_count++] = text_one_line(b->a, full, strlen(full));
}

void
draft_init(struct draft *d, struct build *b, bool is_feed)
{
	memset(d, 0, sizeof(*d));
	d->build = b;
	d->is_feed = is_feed;
	d->published = TIME_NONE;
	d->updated = TIME_NONE;
	d->ttl = d->period = d->frequency = d->seconds = -1;
}

void
draft_read(struct draft *d, const struct xml_node *node)
{
	unsigned scope = d->is_feed ? IN_FEED : IN_ENTRY;

	for (const struct xml_node *n = node->first; n; n = n->next) {
		const struct rule *rule = n->name ? n->name->rule : NULL;

		while (rule && !(rule->scope & scope))
			rule = next_rule(rule);
		if (rule)
			rule->read(d, n, rule);
	}
}

/* ---- fields ---- */

bool
draft_wants(const struct draft *d, enum field field, unsigned rank)
{
	/* Of equals the first counts; of an element that is there twice the second corrects. */
	if (field == FIELD_ID || field == FIELD_UPDATED || field == FIELD_DESCRIPTION)
		return rank >= d->rank[field];
	return rank > d->rank[field];
}

void
draft_set(struct draft *d, enum field field, unsigned rank, const char *text)
{
	if (!text || !*text || !draft_wants(d, field, rank))
		return;
	d->text[field] = text;
	d->rank[field] = rank;
}

static void
warn_about_date(struct draft *d, const char *text, size_t len, unsigned line,
    enum date_note note, int64_t t)
{
	struct build *b = d->build;
	const int64_t day = 86400;
	char shown[48] = "";

	snprintf(shown, sizeof(shown), "%.*s", (int)(len < 40 ? len : 40), text);
	if (note == DATE_UNREADABLE)
		build_warn(b, line, "date \"%s\" cannot be read", shown);
	else if (note == DATE_UNKNOWN_ZONE)
		build_warn(b, line, "date \"%s\" has an unknown zone; read as UTC",
		    shown);
	else if (note == DATE_NO_ZONE && !b->dates_warned)
		build_warn(b, line, "date \"%s\" has no zone; read as UTC", shown);
	if (note == DATE_NO_ZONE)
		b->dates_warned =
		    true; /* a feed that does it once does it in each entry */
	if (note != DATE_UNREADABLE && b->context->now > 0 && t > b->context->now + day)
		build_warn(b, line, "date \"%s\" lies in the future", shown);
}

void
draft_set_time(struct draft *d, enum field field, unsigned rank, const char *text,
    size_t len, unsigned line)
{
	enum date_note note = DATE_EXACT;
	int64_t t = TIME_NONE;

	ascii_trim(&text, &len);
	if (len == 0 || !draft_wants(d, field, rank))
		return;
	t = date_read(text, len, &note);
	if (note != DATE_EXACT ||
	    (d->build->context->now > 0 && t > d->build->context->now))
		warn_about_date(d, text, len, line, note, t);
	if (t == TIME_NONE)
		return;
	d->rank[field] = rank;
	if (field == FIELD_PUBLISHED)
		d->published = t;
	else
		d->updated = t;
}

void
draft_add_category(struct draft *d, const char *text)
{
	if (!text || !*text || d->category_count >= LIMIT_ENTRY_CATEGORIES)
		return;
	for (size_t i = 0; i < d->category_count; i++)
		if (strcmp(d->categories[i], text) == 0)
			return;
	d->categories[d->category_count++] = text;
}

void
draft_add_enclosure(struct draft *d, const struct enclosure *e)
{
	if (!e->url || d->enclosure_count >= LIMIT_ENTRY_ENCLOSURES)
		return;
	for (size_t i = 0; i < d->enclosure_count; i++)
		if (strcmp(d->enclosures[i].url, e->url) == 0)
			return;
	d->enclosures[d->enclosure_count++] = *e;
}

void
draft_add_picture(struct draft *d, const struct enclosure *e)
{
	const size_t before = d->enclosure_count;

	draft_add_enclosure(d, e);
	if (d->enclosure_count > before)
		d->pictures |= 1U << before;
}

void
draft_add_body(struct draft *d, unsigned rank, const struct raw_content *raw)
{
	struct draft_body *body = NULL;
	const char *text = raw->text;
	size_t len = raw->len;

	ascii_trim(&text, &len);
	if (len == 0)
		return;
	if (d->body_count < DRAFT_BODIES) {
		body = &d->bodies[d->body_count++];
	} else {
		body = &d->bodies[0];
		for (size_t i = 1; i < DRAFT_BODIES; i++)
			if (d->bodies[i].rank < body->rank)
				body = &d->bodies[i];
		if (body->rank >= rank)
			return;
	}
	body->raw = *raw;
	body->rank = rank;
}

/* ---- from draft to entry ---- */

/* A copy of a list of a draft that lives as long as the feed. */
static const void *
keep_list(struct arena *a, const void *items, size_t count, size_t size)
{
	return count ? arena_copy(a, items, count, size) : NULL;
}

/* The first that is a mail address, without what may follow it. */
static const char *
find_address(const struct person *authors, size_t count)
{
	static const char scheme[] = "mailto:";

	for (size_t i = 0; i < count; i++) {
		const char *url = authors[i].url;

		if (url && ascii_starts_nocase(url, scheme) && !strchr(url, '?'))
			return url + sizeof(scheme) - 1;
	}
	return NULL;
}

static const char *
join_names(struct arena *a, const struct person *persons, size_t count)
{
	struct buf b = BUF_INIT(LIMIT_FIELD);

	if (count == 0)
		return NULL;
	if (count == 1)
		return persons[0].name;
	for (size_t i = 0; i < count; i++) {
		buf_adds(&b, i ? ", " : "");
		buf_adds(&b, persons[i].name);
	}
	return arena_take(a, &b);
}

static bool
is_same_text(const struct raw_content *a, const struct raw_content *b)
{
	return a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}

/* The body of highest rank is the content, the next different one the summary. */
static void
set_bodies(struct draft *d, struct entry *e)
{
	const struct draft_body *best = NULL;
	const struct draft_body *second = NULL;

	for (size_t i = 0; i < d->body_count; i++)
		if (!best || d->bodies[i].rank > best->rank)
			best = &d->bodies[i];
	for (size_t i = 0; i < d->body_count; i++) {
		const struct draft_body *body = &d->bodies[i];

		if (body != best && !is_same_text(&body->raw, &best->raw) &&
		    (!second || body->rank > second->rank))
			second = body;
	}
	if (best)
		e->content = best->raw;
	if (second)
		e->raw_summary = second->raw;
}

static bool
is_picture(const struct draft *d, size_t i)
{
	const char *type = d->enclosures[i].type;

	return (d->pictures >> i & 1) != 0 ||
	    (type && ascii_starts_nocase(type, "image"));
}

_Static_assert(LIMIT_ENTRY_ENCLOSURES <= 32, "a bit for each");

/* The post's duration is that of what is heard or seen to its end. */
static void
set_enclosures(struct draft *d, struct entry *e)
{
	for (size_t i = 0; i < d->enclosure_count; i++)
		if (d->enclosures[i].seconds < 0 && !is_picture(d, i))
			d->enclosures[i].seconds = d->seconds;
	e->enclosures = keep_list(d->build->a, d->enclosures, d->enclosure_count,
	    sizeof(*d->enclosures));
	e->enclosure_count = d->enclosure_count;
}

static struct entry *
next_entry(struct build *b)
{
	b->entries =
	    arena_grow_list(b->a, b->entries, b->entry_count, sizeof(*b->entries));
	return &b->entries[b->entry_count++];
}

void
build_add_entry(struct build *b, struct draft *d, unsigned line)
{
	struct entry *e = NULL;

	if (b->entry_count >= LIMIT_FEED_ENTRIES) {
		if (!b->overfull)
			build_warn(b, line, "entries beyond the first %d left out",
			    (int)LIMIT_FEED_ENTRIES);
		b->overfull = true;
		return;
	}
	e = next_entry(b);
	memset(e, 0, sizeof(*e));
	e->guid = d->text[FIELD_ID];
	e->link = d->text[FIELD_LINK] ? d->text[FIELD_LINK] : d->permalink;
	if (d->relative)
		build_add_relative(b, d->relative);
	e->external = d->text[FIELD_EXTERNAL];
	e->title = d->text[FIELD_TITLE];
	e->language = d->text[FIELD_LANGUAGE];
	e->image = d->text[FIELD_IMAGE];
	e->published = d->published;
	e->updated = d->updated;
	e->first_seen = TIME_NONE;
	e->authors = keep_list(b->a, d->authors, d->author_count, sizeof(*d->authors));
	e->author_count = d->author_count;
	e->author = join_names(b->a, d->authors, d->author_count);
	e->author_address = find_address(d->authors, d->author_count);
	e->categories =
	    keep_list(b->a, d->categories, d->category_count, sizeof(*d->categories));
	e->category_count = d->category_count;
	set_enclosures(d, e);
	set_bodies(d, e);
	e->text_print = identity_text_print(e);
	e->fingerprint = identity_fingerprint(e);
}

/* What RSS 1.0's syndication module says; its defaults are daily, and once; -1: nothing. */
static int64_t
update_interval(const struct draft *d)
{
	if (d->period < 0 && d->frequency < 0)
		return -1;
	return (d->period < 0 ? 86400 : d->period) /
	    (d->frequency < 0 ? 1 : d->frequency);
}

struct feed *
build_finish(struct build *b)
{
	struct feed *f = arena_alloc(b->a, sizeof(*f));
	struct draft *d = &b->channel;

	f->format = b->format;
	f->title = d->text[FIELD_TITLE];
	f->link = d->text[FIELD_LINK];
	f->self = d->text[FIELD_SELF];
	f->hub = d->text[FIELD_HUB];
	f->next = d->text[FIELD_NEXT];
	f->archive = d->text[FIELD_ARCHIVE];
	f->language = d->text[FIELD_LANGUAGE];
	f->description = d->text[FIELD_DESCRIPTION];
	f->authors = keep_list(b->a, d->authors, d->author_count, sizeof(*d->authors));
	f->author_count = d->author_count;
	f->author = join_names(b->a, d->authors, d->author_count);
	f->image = d->text[FIELD_IMAGE];
	f->updated = d->updated != TIME_NONE ? d->updated : d->published;
	f->ttl = d->ttl >= 0 ? d->ttl : update_interval(d);
	f->skip_hours = d->skip_hours;
	f->skip_days = d->skip_days;
	f->entries = b->entries;
	f->entry_count = b->entry_count;
	f->warnings = b->warnings;
	f->warning_count = b->warning_count;
	f->damaged = b->damaged;
	f->torn = b->torn;
	f->ends_torn = b->ends_torn;
	build_resolve(b, f);
	return f;
}
