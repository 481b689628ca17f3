/* SPDX-License-Identifier: ISC */
#include "digest/fit.h"

#include <string.h>

enum {
	CONTENTS_FROM = 3, /* fewer entries need no table of contents */
	ROW_COST = 600     /* about what an entry's heading takes */
};

/* What the settings allow and the reader wants: the smaller of the two. */
static enum show
ceiling(const struct config *c, const struct variant *v)
{
	switch (v->body < c->digest.body ? v->body : c->digest.body) {
	case BODY_TITLE:
		return SHOW_TITLE;
	case BODY_SUMMARY:
		return SHOW_SUMMARY;
	case BODY_FULL:
		break;
	}
	return SHOW_FULL;
}

void
plan_make(struct arena *a, const struct render_context *ctx, const struct digest *d,
    const struct variant *v, struct plan *out)
{
	enum show most = ceiling(ctx->config, v);

	memset(out, 0, sizeof(*out));
	out->a = a;
	out->ctx = ctx;
	out->items = arena_array(a, d->entry_count + 1, sizeof(*out->items));
	out->entry_heading = 3;
	for (size_t i = 0; i < d->day_count; i++) {
		const struct digest_day *day = &d->days[i];

		if (day->day != TIME_NONE || day->heading)
			out->entry_heading = 4;
		for (size_t s = 0; s < day->count; s++) {
			for (size_t e = 0; e < day->sources[s].count; e++) {
				struct plan_item *item = &out->items[out->count++];

				item->entry = day->sources[s].entries[e];
				item->source = day->sources[s].source;
				item->show = most;
				item->rtl = entry_is_rtl(item->entry);
			}
		}
	}
	out->measures_text = v->format == FORMAT_TEXT;
	out->ceiling = most;
	/* A letter of titles is a table of contents already. */
	out->has_contents = out->count >= CONTENTS_FROM && most > SHOW_TITLE;
}

static struct body *
body_at(struct plan_item *item, enum show show)
{
	switch (show) {
	case SHOW_FULL:
		return &item->full;
	case SHOW_SUMMARY:
		return &item->summary;
	case SHOW_TITLE:
	case SHOW_NOTHING:
		break;
	}
	return NULL;
}

static struct body *
made_body(const struct plan *p, struct plan_item *item, enum show show)
{
	struct body *body = body_at(item, show);

	if (body && !body->is_made)
		body_make(p, item, show, body);
	return body;
}

const struct body *
plan_body(const struct plan *p, struct plan_item *item)
{
	return made_body(p, item, item->show);
}

/* What the item takes beyond its heading. */
static size_t
cost(const struct plan *p, struct plan_item *item)
{
	const struct body *body = plan_body(p, item);

	return body ? body->cost : 0;
}

/* Lowers the item one level; returns the bytes saved. */
static size_t
lower(const struct plan *p, struct plan_item *item)
{
	size_t before = cost(p, item);
	size_t after = 0;

	item->show = item->show == SHOW_FULL ? SHOW_SUMMARY : SHOW_TITLE;
	after = cost(p, item);
	return before > after ? before - after : 0;
}

static size_t
count_shown(const struct plan *p, enum show show)
{
	size_t count = 0;

	for (size_t i = 0; i < p->count; i++)
		count += p->items[i].show == show ? 1 : 0;
	return count;
}

/*
 * The contents cost as much as half of the excerpts: when more than half of the entries would
 * lose theirs, the contents go instead, and the excerpts come back as far as there is room.
 */
static bool
drop_contents(struct plan *p)
{
	if (!p->has_contents || count_shown(p, SHOW_TITLE) <= p->count / 2)
		return false;
	p->has_contents = false;
	for (size_t i = 0; i < p->count; i++) {
		if (p->items[i].show == SHOW_TITLE && p->ceiling > SHOW_TITLE)
			p->items[i].show = SHOW_SUMMARY;
	}
	return true;
}

static bool
lower_largest(struct plan *p, size_t *saved)
{
	struct plan_item *largest = NULL;

	for (size_t i = 0; i < p->count; i++) {
		struct plan_item *item = &p->items[i];

		if (item->show > SHOW_TITLE &&
		    (!largest || cost(p, item) > cost(p, largest)))
			largest = item;
	}
	if (!largest)
		return false;
	*saved += lower(p, largest);
	return true;
}

/* The last resort: whole entries leave from the end and are only counted. */
static bool
hide_last(struct plan *p, size_t *saved)
{
	for (size_t i = p->count; i > 0; i--) {
		if (p->items[i - 1].show == SHOW_NOTHING)
			continue;
		p->items[i - 1].show = SHOW_NOTHING;
		p->hidden++;
		*saved += ROW_COST;
		return true;
	}
	return false;
}

bool
plan_shrink(struct plan *p, size_t bytes)
{
	/* Costs are estimates: a step that aims short is followed by a smaller one, a step that
	   goes too far has taken text away that there was room for. */
	size_t enough = bytes - bytes / 8;
	size_t saved = 0;
	bool any = false;

	while (saved < enough) {
		if (drop_contents(p))
			return true;
		if (!lower_largest(p, &saved))
			break;
		any = true;
	}
	if (any)
		return true;
	if (p->has_contents) {
		p->has_contents = false;
		return true;
	}
	if (p->ctx->config->digest.overflow == OVERFLOW_ERROR)
		return false;
	while (saved < enough && hide_last(p, &saved))
		any = true;
	return any;
}
