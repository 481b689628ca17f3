/* SPDX-License-Identifier: ISC */
#include "digest/view.h"
#include "digest/select.h"

#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/letter_case.h"
#include "base/text.h"
#include "format/url.h"
#include "digest/wording.h"
#include "digest/templates.h"

enum { DAY_SECONDS = 86400, PALETTE_MAX = 32 };

/* ---- sources ---- */

static bool
is_letter_or_digit(uint32_t c)
{
	if (c < 0x80)
		return ascii_is_alphanumeric((int)c);
	return c >= 0xc0 && !(c >= 0x2000 && c < 0x2c00) &&
	    !(c >= 0x3000 && c < 0x3040) && c < 0xfe00;
}

/* The first letter of a name, for the circle; its first character when it has no letter. */
static const char *
initial(const struct view *v, const char *name)
{
	struct buf b = BUF_INIT(16);
	size_t len = strlen(name);
	uint32_t shown = 0;

	for (size_t i = 0; i < len;) {
		uint32_t c = 0;

		i += text_decode(name + i, len - i, &c);
		shown = shown && !is_letter_or_digit(c) ? shown : c;
		if (is_letter_or_digit(c))
			break;
	}
	if (shown)
		text_encode(&b, letter_capital(shown));
	return arena_take(v->a, &b);
}

/*
 * One of the palette's colours, the same for a name in every issue, unless what stands before
 * it has the same: then the next.
 */
static const char *
colour(const struct view *v, const char *name, const char *last)
{
	const char *palette =
	    wording_raw(v->ctx->templates->style_values, "value", "palette");
	const char *colours[PALETTE_MAX];
	size_t lengths[PALETTE_MAX];
	size_t count = 0;
	size_t pick = 0;

	while (*palette && count < PALETTE_MAX) {
		palette += strspn(palette, " \t\n");
		colours[count] = palette;
		lengths[count] = strcspn(palette, " \t\n");
		palette += lengths[count];
		if (lengths[count] > 0)
			count++;
	}
	if (count == 0)
		return "";
	pick = (size_t)(hash_64(name, strlen(name), 0) % count);
	if (count > 1 && strlen(last) == lengths[pick] &&
	    strncmp(colours[pick], last, lengths[pick]) == 0)
		pick = (pick + 1) % count;
	return arena_strndup(v->a, colours[pick], lengths[pick]);
}

/* Faces are pictures from elsewhere: only where pictures are wanted, and not over http. */
static const char *
face(const struct view *v, const struct source *s)
{
	if (v->ctx->images != IMAGES_REMOTE || !text_is_set(s->face))
		return "";
	return ascii_starts_nocase(s->face, "https://") ? s->face : "";
}

static void
set_source(const struct view *v, struct template_value *map, const struct source *s,
    bool rtl)
{
	const char *name = view_source_name(v, s);

	view_put_wrapped(v, map, "name", "name_wrapped", name);
	template_put_text(map, "link", view_link(s->link));
	template_put_text(map, "initial", initial(v, name));
	template_put_text(map, "face", face(v, s));
	template_put_text(map, "dir", view_direction(v, rtl));
	template_put_int(map, "level", v->fit->style.heading - 1);
}

/* "and 7 more at NAME", for what the limits left out of a run. */
const char *
view_more_words(const struct view *v, const struct digest_source *run)
{
	struct template_value *values = template_map(v->a);

	if (run->more == 0)
		return "";
	template_put_text(values, "source",
	    view_isolate(v, view_source_name(v, run->source)));
	return wording_count(v->a, v->words, "more", (int64_t)run->more, values, v->err);
}

static struct template_value *
source_map(const struct view *v, const struct digest_source *run, bool rtl,
    struct template_value *entries)
{
	struct template_value *map = template_map(v->a);

	set_source(v, map, run->source, rtl);
	view_put_wrapped(v, map, "more", "more_wrapped", view_more_words(v, run));
	template_put(map, "entries", entries);
	return map;
}

struct template_value *
view_others(const struct view *v)
{
	struct template_value *list = template_list(v->a);

	for (size_t i = 0; i < v->fit->others_shown; i++) {
		const struct fit_other *run = &v->fit->others[i];
		struct template_value *map = template_map(v->a);
		const char *posts = view_count(v, "posts", (int64_t)run->posts);
		const char *name = view_source_name(v, run->source);
		const char *parts[2] = { view_isolate(v, name), posts };
		const char *line = view_join(v, parts, ARRAY_LEN(parts), "pair");

		set_source(v, map, run->source, is_rtl(name));
		template_put_text(map, "posts", posts);
		template_put_text(map, "line", view_wrap(v, line, "  - ", "    "));
		template_append(list, map);
	}
	return list;
}

/* ---- days ---- */

const char *
view_section_heading(const struct view *v, const struct digest_section *section)
{
	struct civil issue = zone_civil(v->ctx->zone, v->ctx->issue->date);
	struct civil c;

	if (section->day == TIME_NONE)
		return section->heading ? section->heading : "";
	c = clock_civil(section->day * DAY_SECONDS, 0);
	return wording_date(v->a, v->words, c.year == issue.year ? "day" : "date", &c, "",
	    v->err);
}

/* The walk through the digest: the plan's items stand in the same order. */
struct walk {
	const struct view *v;
	size_t at;   /* the next item of the plan */
	int64_t day; /* of the section; TIME_NONE: none */
	struct entry_walk said;
	const char *last_colour;
	const char *message_story; /* for messages of one story each, else "" */
	struct template_value *sources;
};

/* A story that stands under another day says its own. */
static bool
is_of_day(const struct walk *w, const struct entry *e)
{
	return w->day != TIME_NONE &&
	    (e->late || zone_day(w->v->ctx->zone, entry_instant(e)) == w->day);
}

static struct template_value *
walk_entry(struct walk *w, struct fit_item *item, struct entry_place *place)
{
	const struct view *v = w->v;
	struct template_value *entry = view_entry(v, item, place);

	view_also(v, item->ties, place->meta, entry);
	view_talk(v, item->ties, entry);
	template_put_text(entry, "story_wrapped", w->message_story);
	if (place->is_first)
		template_put_bool(entry, "has_small", false);
	if (v->format == FORMAT_DIGEST || v->format == FORMAT_PLAIN)
		view_message(v, item, entry);
	return entry;
}

/* The entries of a run that are shown; NULL when none is. */
static struct template_value *
walk_run(struct walk *w, const struct digest_source *run)
{
	const struct view *v = w->v;
	struct template_value *entries = template_list(v->a);
	struct entry_place first = { .meta = NULL };
	const struct digest_ties *ties = NULL;
	struct template_value *map = NULL;
	bool rtl = false;

	/* Times of another blog say nothing of this one's. */
	w->said.last_time = TIME_NONE;
	for (size_t i = 0; i < run->count; i++) {
		struct fit_item *item = &v->fit->items[w->at++];
		struct entry_place place = { .walk = &w->said,
			.by_day = is_of_day(w, item->entry),
			.is_first = !ties };

		if (item->is_hidden)
			continue;
		template_append(entries, walk_entry(w, item, &place));
		/* The heading stands at the side of what it heads. */
		rtl = ties ? rtl : item->rtl;
		first = ties ? first : place;
		ties = ties ? ties : item->ties;
	}
	if (!ties)
		return NULL;
	map = source_map(v, run, rtl, entries);
	w->last_colour = colour(v, view_source_name(v, run->source), w->last_colour);
	template_put_text(map, "color", w->last_colour);
	template_put_text(map, "meta", first.meta);
	template_put_text(map, "meta_link", first.meta_link);
	view_also(v, ties, first.meta, map);
	template_put_text(map, "story", "");
	template_put_bool(map, "ends_story", false);
	template_append(w->sources, map);
	return map;
}

/* The runs of one story from the first on. */
static size_t
count_runs(const struct digest_source *runs, size_t most)
{
	size_t n = 1;

	while (n < most && runs[0].story > 0 && runs[n].story == runs[0].story)
		n++;
	return n;
}

bool
view_shows_run(const struct view *v, const struct digest_source *run, size_t *at)
{
	bool any = false;

	for (size_t i = 0; i < run->count; i++)
		any = !v->fit->items[(*at)++].is_hidden || any;
	return any;
}

/* Sources of the runs of which something is shown. */
static size_t
shown_sources(const struct walk *w, const struct digest_source *runs, size_t count,
    const struct source **out)
{
	size_t at = w->at;
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		if (view_shows_run(w->v, &runs[i], &at))
			out[n++] = runs[i].source;
	}
	return n;
}

/* A source, or those of one story in a frame when more than one of them has room. */
static bool
walk_block(struct walk *w, const struct digest_source *runs, size_t count)
{
	const struct view *v = w->v;
	const struct source **sources = arena_array(v->a, count, sizeof(*sources));
	const size_t shown = shown_sources(w, runs, count, sources);
	const bool is_story = shown > 1;
	const char *label = is_story ? view_story_words(v, sources, shown, false) : "";
	struct template_value *last = NULL;

	w->message_story = is_story
	    ? view_wrap(v, view_story_words(v, sources, shown, true), "", "")
	    : "";
	for (size_t i = 0; i < count; i++) {
		struct template_value *map = walk_run(w, &runs[i]);

		if (map && !last)
			template_put_text(map, "story", label);
		last = map ? map : last;
	}
	if (last && is_story)
		template_put_bool(last, "ends_story", true);
	return last != NULL;
}

struct template_value *
view_days(const struct view *v)
{
	struct template_value *days = template_list(v->a);
	struct walk w = { .v = v, .said = { TIME_NONE, false }, .last_colour = "" };

	for (size_t d = 0; d < v->digest->section_count; d++) {
		const struct digest_section *section = &v->digest->sections[d];
		struct template_value *map = template_map(v->a);
		const char *heading = view_section_heading(v, section);
		bool any = false;

		w.day = section->day;
		w.sources = template_list(v->a);
		for (size_t i = 0; i < section->count;) {
			const size_t runs =
			    count_runs(&section->sources[i], section->count - i);

			any = walk_block(&w, &section->sources[i], runs) || any;
			i += runs;
		}
		if (!any)
			continue;
		template_put_text(map, "heading", heading);
		template_put_text(map, "heading_line", view_line(v, heading, '='));
		template_put(map, "sources", w.sources);
		template_append(days, map);
	}
	return days;
}
