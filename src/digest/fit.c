/* SPDX-License-Identifier: ISC */
#include "digest/fit.h"

#include <string.h>

#include "base/clock.h"

enum {
	CONTENTS_FROM = 3, /* fewer entries need no table of contents */
	ROW_COST = 600,    /* about what an entry's heading takes */
	OTHER_COST = 200   /* about what the line of a blog takes that is only named */
};

static void
add_items(const struct digest_source *run, enum entry_body level, struct fit *f)
{
	for (size_t i = 0; i < run->count; i++) {
		struct fit_item *item = &f->items[f->count++];

		item->entry = run->entries[i];
		item->source = run->source;
		item->level = level;
		item->rtl = entry_is_rtl(item->entry);
	}
}

void
fit_init(struct arena *a, const struct render_context *ctx, const struct digest *d,
    const struct variant *v, struct fit *out)
{
	const struct config *c = ctx->config;
	/* What the settings allow and the reader wants: the smaller of the two. */
	enum entry_body most = v->body < c->digest.body ? v->body : c->digest.body;
	int64_t chars = c->digest.summary_chars;

	memset(out, 0, sizeof(*out));
	out->style = (struct body_style){ .a = a,
		.elements = &ctx->templates->styles.elements,
		.images = c->digest.images,
		.words = &ctx->templates->media,
		.summary_chars = chars > 0 ? (size_t)chars : 1,
		.heading = 3,
		.measures_text = v->format == FORMAT_TEXT };
	out->overflow = c->digest.overflow;
	out->others_count = d->other_count;
	out->items = arena_array(a, d->entry_count + 1, sizeof(*out->items));
	for (size_t i = 0; i < d->section_count; i++) {
		const struct digest_section *section = &d->sections[i];

		if (section->day != TIME_NONE || section->heading)
			out->style.heading = 4;
		for (size_t s = 0; s < section->count; s++)
			add_items(&section->sources[s], most, out);
	}
	out->is_titles = most == BODY_TITLE;
	out->has_contents =
	    out->is_titles || (out->count >= CONTENTS_FROM && d->source_count > 1);
}

const struct shown_body *
fit_body(const struct fit *f, struct fit_item *item)
{
	struct shown_body *body = &item->bodies[item->level];

	if (item->level == BODY_TITLE)
		return NULL;
	if (!body->is_made)
		entry_body_make(&f->style, item->entry, item->level, item->rtl, body);
	return body;
}

/* What the item takes beyond its heading. */
static size_t
cost(const struct fit *f, struct fit_item *item)
{
	const struct shown_body *body = fit_body(f, item);

	return body ? body->cost : 0;
}

/* Lowers the item one level; returns the bytes saved. */
static size_t
lower(const struct fit *f, struct fit_item *item)
{
	size_t before = cost(f, item);
	size_t after = 0;

	item->level = item->level == BODY_FULL ? BODY_SUMMARY : BODY_TITLE;
	after = cost(f, item);
	return before > after ? before - after : 0;
}

/*
 * The contents cost as much as half of the excerpts: when more than half of the entries would
 * lose theirs, the contents go instead, and the excerpts come back as far as there is room.
 */
static bool
drop_contents(struct fit *f)
{
	size_t titles = 0;

	for (size_t i = 0; i < f->count; i++)
		titles += f->items[i].level == BODY_TITLE;
	if (!f->has_contents || f->is_titles || titles <= f->count / 2)
		return false;
	f->has_contents = false;
	for (size_t i = 0; i < f->count; i++) {
		if (f->items[i].level == BODY_TITLE)
			f->items[i].level = BODY_SUMMARY;
	}
	return true;
}

static bool
lower_largest(struct fit *f, size_t *saved)
{
	struct fit_item *largest = NULL;

	for (size_t i = 0; i < f->count; i++) {
		struct fit_item *item = &f->items[i];

		if (item->level > BODY_TITLE &&
		    (!largest || cost(f, item) > cost(f, largest)))
			largest = item;
	}
	if (!largest)
		return false;
	*saved += lower(f, largest);
	return true;
}

/* Blogs that are only named leave from the end and are counted, before any post does. */
static bool
hide_others(struct fit *f, size_t enough)
{
	const size_t most = enough / OTHER_COST + 1;

	if (f->others_count == 0)
		return false;
	f->others_count -= most < f->others_count ? most : f->others_count;
	return true;
}

/* The last resort: whole entries leave from the end and are only counted. */
static bool
hide_last(struct fit *f, size_t *saved)
{
	if (f->hidden_count == f->count)
		return false;
	f->hidden_count++;
	f->items[f->count - f->hidden_count].is_hidden = true;
	*saved += ROW_COST;
	return true;
}

bool
fit_shrink(struct fit *f, size_t bytes)
{
	/* Costs are estimates: a step that aims short is followed by a smaller one, a step that
	   goes too far has taken text away that there was room for. */
	size_t enough = bytes - bytes / 8;
	size_t saved = 0;
	bool any = false;

	while (saved < enough) {
		if (drop_contents(f))
			return true;
		if (!lower_largest(f, &saved))
			break;
		any = true;
	}
	if (any)
		return true;
	if (f->has_contents && !f->is_titles) {
		f->has_contents = false;
		return true;
	}
	if (f->overflow == OVERFLOW_ERROR)
		return false;
	if (hide_others(f, enough))
		return true;
	while (saved < enough && hide_last(f, &saved))
		any = true;
	return any;
}
