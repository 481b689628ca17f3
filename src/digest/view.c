/* SPDX-License-Identifier: ISC */
#include "digest/view.h"

#include <string.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/url.h"
#include "digest/messages.h"
#include "digest/templates.h"

enum { DAY_SECONDS = 86400, TEASER_TITLES = 3, TEASER_CHARS = 48, PALETTE_MAX = 32 };

static const struct messages *
words(const struct view *v)
{
	return v->ctx->templates->words;
}

static bool
is_text(const char *text)
{
	return text && *text;
}

/* ---- sources ---- */

/* Upper case for the scripts that have it and that names of blogs begin with. */
static uint32_t
upper(uint32_t c)
{
	if ((c >= 'a' && c <= 'z') || (c >= 0xe0 && c <= 0xfe && c != 0xf7) ||
	    (c >= 0x3b1 && c <= 0x3c9 && c != 0x3c2) || (c >= 0x430 && c <= 0x44f))
		return c - 32;
	if (c >= 0x450 && c <= 0x45f)
		return c - 80;
	return c;
}

static bool
is_letter_or_digit(uint32_t c)
{
	if (c < 0x80)
		return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
	return c >= 0xc0 && !(c >= 0x2000 && c < 0x2c00) && !(c >= 0x3000 && c < 0x3040) &&
	    c < 0xfe00;
}

/* The first letter of a name, for the circle; its first character when it has no letter. */
static const char *
initial(const struct view *v, const char *name)
{
	struct buf b = BUF_INIT(16);
	const char *text = NULL;
	size_t len = strlen(name);
	uint32_t c = 0;

	for (size_t i = 0; i < len;) {
		i += text_decode(name + i, len - i, &c);
		if (is_letter_or_digit(c))
			break;
	}
	if (c)
		text_encode(&b, upper(c));
	text = arena_strdup(v->a, buf_text(&b));
	buf_clear(&b);
	return text;
}

/* One of the palette's colours, the same for a name in every issue. */
static const char *
colour(const struct view *v, const char *name)
{
	const char *palette = messages_raw(v->ctx->templates->styles, "value", "palette");
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
	pick = (size_t)(digest_hash64(name, strlen(name), 0) % count);
	return arena_strndup(v->a, colours[pick], lengths[pick]);
}

/* Faces are pictures from elsewhere: only where pictures are wanted, and not over http. */
static const char *
face(const struct view *v, const struct source *s)
{
	if (v->ctx->config->digest.images != SETTING_IMAGES_INLINE || !is_text(s->face))
		return "";
	return text_starts_nocase(s->face, "https://") ? s->face : "";
}

static void
set_source(const struct view *v, struct tvalue *map, const struct source *s)
{
	const char *name = view_source_name(v, s);

	tvalue_set_text(map, "name", name);
	tvalue_set_text(map, "name_wrapped", view_wrap(v, name, "", ""));
	tvalue_set_text(map, "link", url_is_web(is_text(s->link) ? s->link : "") ? s->link : "");
	tvalue_set_text(map, "initial", initial(v, name));
	tvalue_set_text(map, "color", colour(v, name));
	tvalue_set_text(map, "face", face(v, s));
	tvalue_set_text(map, "dir", is_rtl(name) ? "rtl" : "");
	tvalue_set_int(map, "level", v->plan->entry_heading - 1);
}

/* "and 7 more at NAME", for what the limits left out of a run. */
static const char *
more_words(const struct view *v, const struct digest_source *run)
{
	struct tvalue *values = tvalue_map(v->a);

	if (run->more == 0)
		return "";
	tvalue_set_text(values, "source", view_isolate(v, view_source_name(v, run->source)));
	return messages_count(v->a, words(v), "more", (int64_t)run->more, values, v->err);
}

static struct tvalue *
source_map(const struct view *v, const struct digest_source *run, struct tvalue *entries)
{
	struct tvalue *map = tvalue_map(v->a);
	const char *more = more_words(v, run);

	set_source(v, map, run->source);
	tvalue_set_text(map, "more", more);
	tvalue_set_text(map, "more_wrapped", view_wrap(v, more, "", ""));
	tvalue_set(map, "entries", entries);
	return map;
}

static struct tvalue *
others(const struct view *v)
{
	struct tvalue *list = tvalue_list(v->a);

	for (size_t i = 0; i < v->digest->other_count; i++) {
		const struct digest_source *run = &v->digest->others[i];
		struct tvalue *map = tvalue_map(v->a);
		const char *posts = messages_count(v->a, words(v), "posts", (int64_t)run->more,
		    NULL, v->err);
		const char *parts[2] = { view_isolate(v, view_source_name(v, run->source)),
			posts };
		const char *line = view_join(v, parts, ARRAY_LEN(parts), "pair");

		set_source(v, map, run->source);
		tvalue_set_text(map, "posts", posts);
		tvalue_set_text(map, "line", view_wrap(v, line, "  - ", "    "));
		tvalue_add(list, map);
	}
	return list;
}

/* ---- days ---- */

static const char *
day_heading(const struct view *v, const struct digest_day *day)
{
	struct civil issue = zone_civil(v->ctx->zone, v->ctx->issue->date);
	struct civil c;

	if (day->day == TIME_NONE)
		return day->heading ? day->heading : "";
	c = clock_civil(day->day * DAY_SECONDS, 0);
	return messages_date(v->a, words(v), c.year == issue.year ? "day" : "date", &c, "", v->err);
}

/* One line of the contents: source, title, minutes. */
static struct tvalue *
contents_row(const struct view *v, const struct plan_item *item, bool is_first)
{
	struct tvalue *row = tvalue_map(v->a);
	const char *name = view_source_name(v, item->source);
	const char *title = view_title(v, item->entry);
	const char *parts[2] = { view_isolate(v, name), view_isolate(v, title) };
	const char *line = view_join(v, parts, ARRAY_LEN(parts), "pair");

	view_set_language(v, row, item);
	tvalue_set_text(row, "source", is_first ? name : "");
	tvalue_set_text(row, "title", title);
	tvalue_set_text(row, "link", item->entry->link);
	tvalue_set_text(row, "reading", view_minutes(v, item->entry, "min"));
	tvalue_set_text(row, "line", view_wrap(v, line, "  - ", "    "));
	return row;
}

/* Fills days and contents together: both walk the plan in the order of the digest. */
static void
set_days(const struct view *v, struct tvalue *root)
{
	struct tvalue *days = tvalue_list(v->a);
	struct tvalue *contents = tvalue_list(v->a);
	size_t at = 0;

	for (size_t d = 0; d < v->digest->day_count; d++) {
		const struct digest_day *day = &v->digest->days[d];
		struct tvalue *sources = tvalue_list(v->a);
		struct tvalue *rows = tvalue_list(v->a);
		struct tvalue *map = tvalue_map(v->a);
		bool any_in_day = false;

		for (size_t s = 0; s < day->count; s++) {
			struct tvalue *entries = tvalue_list(v->a);
			bool any = false;

			for (size_t e = 0; e < day->sources[s].count; e++) {
				struct plan_item *item = &v->plan->items[at++];

				if (item->show == SHOW_NOTHING)
					continue;
				tvalue_add(entries, view_entry(v, item, day->day != TIME_NONE));
				tvalue_add(rows, contents_row(v, item, !any));
				any = true;
			}
			if (any)
				tvalue_add(sources, source_map(v, &day->sources[s], entries));
			any_in_day = any_in_day || any;
		}
		if (!any_in_day)
			continue;
		tvalue_set_text(map, "heading", day_heading(v, day));
		tvalue_set(map, "sources", sources);
		tvalue_set(map, "rows", rows);
		tvalue_set_bool(map, "has_heading", v->digest->day_count > 1);
		tvalue_add(days, map);
		tvalue_add(contents, map);
	}
	tvalue_set(root, "days", days);
	tvalue_set(root, "contents", contents);
	tvalue_set_bool(root, "has_contents", v->plan->has_contents);
}

/* ---- the letter as a whole ---- */

/* A title for the teaser: cut at a word, so that three of them fit beside a subject. */
static const char *
short_title(const struct view *v, const char *title)
{
	size_t len = strlen(title);
	size_t end = text_fit(title, len, TEASER_CHARS);
	size_t word = end;

	if (end == len)
		return title;
	while (word > end / 2 && title[word] != ' ')
		word--;
	if (word > end / 2)
		end = word;
	while (end > 0 && strchr(" ,;:-", title[end - 1]))
		end--;
	return arena_printf(v->a, "%.*s\xe2\x80\xa6", (int)end, title);
}

/* What mail programs show beside the subject: some titles "and 22 more". */
static const char *
teaser(const struct view *v)
{
	struct tvalue *values = tvalue_map(v->a);
	size_t titles = v->plan->count < TEASER_TITLES ? v->plan->count : TEASER_TITLES;
	size_t more = v->plan->count - titles;
	const char *parts[TEASER_TITLES];

	for (size_t i = 0; i < titles; i++)
		parts[i] = view_isolate(v,
		    short_title(v, view_title(v, v->plan->items[i].entry)));
	tvalue_set_text(values, "titles", view_join(v, parts, titles, "list"));
	if (more == 0)
		return messages_fill(v->a, words(v), "words", "teaser", values, v->err);
	return messages_count(v->a, words(v), "teaser_more", (int64_t)more, values, v->err);
}

/* The editor's words: paragraphs are set apart by empty lines. */
static struct tvalue *
intro(const struct view *v)
{
	struct tvalue *list = tvalue_list(v->a);
	const char *text = v->ctx->issue->intro ? v->ctx->issue->intro : "";

	while (*text) {
		const char *end = strstr(text, "\n\n");
		size_t len = end ? (size_t)(end - text) : strlen(text);
		char *line = text_one_line(v->a, text, len);
		struct tvalue *map = tvalue_map(v->a);

		text += len;
		text += strspn(text, "\n");
		if (!*line)
			continue;
		tvalue_set_text(map, "text", line);
		tvalue_set_text(map, "wrapped", view_wrap(v, line, "", ""));
		tvalue_set_text(map, "dir", is_rtl(line) ? "rtl" : "");
		tvalue_add(list, map);
	}
	return list;
}

static void
set_counts(const struct view *v, struct tvalue *root)
{
	struct tvalue *values = tvalue_map(v->a);
	const char *posts = messages_count(v->a, words(v), "posts",
	    (int64_t)v->digest->entry_count, NULL, v->err);
	const char *blogs = messages_count(v->a, words(v), "blogs",
	    (int64_t)v->digest->source_count, NULL, v->err);
	const char *reading = v->digest->minutes == 0 ? "" : messages_count(v->a, words(v),
	    "minutes", (int64_t)v->digest->minutes, NULL, v->err);

	tvalue_set_text(values, "posts", posts);
	tvalue_set_text(values, "blogs", blogs);
	tvalue_set_text(values, "reading", reading);
	tvalue_set_text(root, "posts", posts);
	tvalue_set_text(root, "blogs", blogs);
	tvalue_set_text(root, "reading", reading);
	tvalue_set_text(root, "counts",
	    messages_fill(v->a, words(v), "words", "counts", values, v->err));
}

static void
set_names(const struct view *v, struct tvalue *root, const char *date_form)
{
	const struct config *c = v->ctx->config;
	struct civil date = zone_civil(v->ctx->zone, v->ctx->issue->date);

	tvalue_set_text(root, "name", c->newsletter.name);
	tvalue_set_text(root, "issue", v->ctx->issue->name);
	tvalue_set_text(root, "date",
	    messages_date(v->a, words(v), date_form, &date, "", v->err));
	set_counts(v, root);
}

struct tvalue *
view_subject(const struct view *v)
{
	struct tvalue *root = tvalue_map(v->a);
	const char *first = v->plan->count > 0 ? view_title(v, v->plan->items[0].entry) : "";

	set_names(v, root, "short");
	tvalue_set_text(root, "title", first);
	return root;
}

/* ---- the footer ---- */

static const char *
rhythm(const struct config *c)
{
	switch (c->digest.schedule.kind) {
	case SCHEDULE_OFF:
		return "off";
	case SCHEDULE_DAILY:
		return "daily";
	case SCHEDULE_WEEKDAYS:
		return "weekdays";
	case SCHEDULE_WEEKLY:
		return "weekly";
	case SCHEDULE_MONTHLY:
		return "monthly";
	}
	return "off";
}

/* HOLE_OPEN name HOLE_CLOSE: survives templates, is filled per reader. */
static const char *
hole(const struct view *v, const char *name)
{
	return arena_printf(v->a, "%c%s%c", HOLE_OPEN, name, HOLE_CLOSE);
}

static void
set_holes(const struct view *v, struct tvalue *root)
{
	static const struct {
		const char *key;
		const char *name;
	} holes[] = {
		{ "hole_leave", "leave" },
		{ "hole_manage", "manage" },
		{ "hole_address", "address" },
		{ "hole_since", "since" }
	};

	for (size_t i = 0; i < ARRAY_LEN(holes); i++)
		tvalue_set_html(root, holes[i].key, hole(v, holes[i].name));
}

static void
set_footer(const struct view *v, struct tvalue *root)
{
	const struct config *c = v->ctx->config;
	struct tvalue *values = tvalue_map(v->a);
	bool by_web = strcmp(v->ctx->leave_kind, "web") == 0;
	bool has_web = v->ctx->has_web && is_text(c->web.url);
	const char *why = NULL;

	set_holes(v, root);
	tvalue_set_text(values, "name", c->newsletter.name);
	tvalue_set_text(values, "since", hole(v, "since"));
	tvalue_set_text(values, "address", hole(v, "address"));
	why = messages_fill(v->a, words(v), "words", "why", values, v->err);
	tvalue_set_text(root, "why", why);
	tvalue_set_text(root, "rhythm", messages_raw(words(v), "rhythm", rhythm(c)));
	tvalue_set_bool(root, "leave_by_web", by_web);
	tvalue_set_bool(root, "leave_by_mail", !by_web);
	tvalue_set_bool(root, "has_web", has_web);
	tvalue_set_text(root, "browser_link", has_web
	    ? arena_printf(v->a, "%s/i/%s", c->web.url, v->ctx->issue->name) : "");
	tvalue_set_text(root, "archive_link", has_web
	    ? arena_printf(v->a, "%s/archive/", c->web.url) : "");
	tvalue_set_text(root, "postal_address", c->newsletter.postal_address);
	tvalue_set_text(root, "postal_address_wrapped",
	    view_wrap(v, c->newsletter.postal_address, "", ""));
}

struct tvalue *
view_make(const struct view *v)
{
	const struct config *c = v->ctx->config;
	struct tvalue *root = tvalue_map(v->a);
	const char *dir = messages_raw(words(v), "language", "dir");
	const char *hidden = v->plan->hidden == 0 ? "" : messages_count(v->a, words(v), "hidden",
	    (int64_t)v->plan->hidden, NULL, v->err);

	set_names(v, root, "date");
	tvalue_set_text(root, "language", c->newsletter.language);
	tvalue_set_text(root, "dir", dir);
	tvalue_set_text(root, "page_dir", dir);
	tvalue_set_text(root, "page_end", strcmp(dir, "rtl") == 0 ? "left" : "right");
	tvalue_set_text(root, "subject", v->subject);
	tvalue_set_text(root, "link", url_is_web(c->newsletter.link) ? c->newsletter.link : "");
	tvalue_set_text(root, "description", c->newsletter.description);
	tvalue_set_text(root, "description_wrapped",
	    view_wrap(v, c->newsletter.description, "", ""));
	tvalue_set_text(root, "teaser", teaser(v));
	tvalue_set(root, "intro", intro(v));
	tvalue_set_bool(root, "has_intro", v->ctx->issue->intro && *v->ctx->issue->intro);
	set_days(v, root);
	tvalue_set(root, "others", others(v));
	tvalue_set_bool(root, "has_others", v->digest->other_count > 0);
	tvalue_set_bool(root, "has_more", v->digest->other_count > 0 || v->plan->hidden > 0);
	tvalue_set_text(root, "hidden", hidden);
	tvalue_set_text(root, "hidden_wrapped", view_wrap(v, hidden, "", ""));
	tvalue_set(root, "word", messages_section(v->a, words(v), "words"));
	tvalue_set(root, "style", v->ctx->templates->sheet.inlined);
	set_footer(v, root);
	return root;
}
