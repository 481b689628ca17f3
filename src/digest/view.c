/* SPDX-License-Identifier: ISC */
#include "digest/view.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "format/url.h"
#include "digest/wording.h"
#include "digest/templates.h"
#include "model/holes.h"

enum {
	TITLES_NAMED = 3,      /* of the subject at most */
	TITLE_COLUMNS = 48,    /* of each of several */
	TITLES_COLUMNS = 62,   /* of all, without "and 23 more" */
	SUBJECT_COLUMNS = 110, /* of the one title of a letter that has no other */
	TEASER_COLUMNS = 90
};

/* ---- the letter as a whole ---- */

/* Entries whose titles tell what a letter is about: one of each source, then others. */
struct telling {
	const struct entry *entries[TITLES_NAMED + 4];
	const struct source *sources[TITLES_NAMED + 4];
	size_t count;
	size_t named; /* of them, in the subject */
};

static bool
is_told(const struct telling *t, const struct fit_item *item, bool by_source)
{
	for (size_t i = 0; i < t->count; i++) {
		if (t->entries[i] == item->entry ||
		    (by_source && t->sources[i] == item->source))
			return true;
	}
	return false;
}

static void
find_telling(const struct view *v, struct telling *out)
{
	*out = (struct telling){ .count = 0 };
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0;
		     i < v->fit->count && out->count < ARRAY_LEN(out->entries); i++) {
			const struct fit_item *item = &v->fit->items[i];

			if (is_told(out, item, round == 0))
				continue;
			out->sources[out->count] = item->source;
			out->entries[out->count++] = item->entry;
		}
	}
}

/* "DynamoDB design patterns, AI contributions and 23 more", as many titles as have room. */
static const char *
titles(const struct view *v, struct telling *t)
{
	struct template_value *values = NULL;
	const char *parts[TITLES_NAMED];
	size_t columns = 0;

	if (v->fit->count == 1)
		return view_cut(v, view_title(v, v->fit->items[0].entry),
		    SUBJECT_COLUMNS);
	for (size_t i = 0; i < t->count && i < TITLES_NAMED; i++) {
		const char *title =
		    view_cut(v, view_title(v, t->entries[i]), TITLE_COLUMNS);
		const size_t width = width_of_text(title, strlen(title)) + 2;

		if (i > 0 && columns + width > TITLES_COLUMNS)
			break;
		columns += width;
		parts[t->named++] = view_isolate(v, title);
	}
	if (t->named == 0 || v->fit->count == t->named)
		return view_join(v, parts, t->named, "titles");
	values = template_map(v->a);
	template_put_text(values, "titles", view_join(v, parts, t->named, "titles"));
	return wording_count(v->a, v->words, "titles_more",
	    (int64_t)(v->fit->count - t->named), values, v->err);
}

/* What mail programs show beside the subject: titles that it does not name. */
static const char *
teaser(const struct view *v)
{
	struct telling t;
	const char *parts[ARRAY_LEN(t.entries)];
	size_t columns = 0;
	size_t count = 0;

	find_telling(v, &t);
	(void)titles(v, &t);
	for (size_t i = t.named; i < t.count && v->fit->count > 1; i++) {
		const char *title =
		    view_cut(v, view_title(v, t.entries[i]), TITLE_COLUMNS);

		columns += width_of_text(title, strlen(title)) + 3;
		if (columns > TEASER_COLUMNS)
			break;
		parts[count++] = view_isolate(v, title);
	}
	return view_join(v, parts, count, "teaser_titles");
}

/* The editor's words: paragraphs are set apart by empty lines. */
static struct template_value *
intro(const struct view *v)
{
	struct template_value *list = template_list(v->a);
	const char *text = v->ctx->issue->intro ? v->ctx->issue->intro : "";

	while (*text) {
		const char *end = strstr(text, "\n\n");
		size_t len = end ? (size_t)(end - text) : strlen(text);
		char *line = text_one_line(v->a, text, len);
		struct template_value *map = template_map(v->a);

		text += len;
		text += strspn(text, "\n");
		if (!*line)
			continue;
		view_put_wrapped(v, map, "text", "wrapped", line);
		template_put_text(map, "dir", is_rtl(line) ? "rtl" : "");
		template_append(list, map);
	}
	return list;
}

/* posts, blogs and reading; "25 posts from 12 blogs", which is returned too. */
static const char *
set_counts(const struct view *v, struct template_value *root)
{
	const int64_t minutes = (int64_t)v->digest->minutes;
	const char *phrase = NULL;

	template_put_text(root, "posts",
	    view_count(v, "posts", (int64_t)v->digest->entry_count));
	template_put_text(root, "blogs",
	    view_count(v, "blogs", (int64_t)v->digest->source_count));
	template_put_text(root, "reading",
	    minutes == 0 ? "" : view_count(v, "minutes", minutes));
	phrase = wording_fill(v->a, v->words, "words", "counts", root, v->err);
	template_put_text(root, "counts", phrase);
	return phrase;
}

/* "Monday, 23 November to Sunday, 29 November 2026" for a letter of several days. */
static const char *
date_words(const struct view *v, const char *form, const char *first_form)
{
	const struct zone *z = v->ctx->zone;
	const struct civil last = zone_civil(z, v->ctx->issue->date);
	const struct civil first = zone_civil(z, v->ctx->first_date);
	const char *words = wording_date(v->a, v->words, form, &last, "", v->err);
	struct template_value *values = NULL;

	if (zone_day(z, v->ctx->first_date) == zone_day(z, v->ctx->issue->date))
		return words;
	values = template_map(v->a);
	template_put_text(values, "first",
	    wording_date(v->a, v->words, first_form, &first, "", v->err));
	template_put_text(values, "last", words);
	return wording_fill(v->a, v->words, "dates", "span", values, v->err);
}

/* "No. 148"; "" before an issue has a number. */
static const char *
number_words(const struct view *v)
{
	struct template_value *values = template_map(v->a);

	if (v->ctx->issue->number <= 0)
		return "";
	template_put_int(values, "number", v->ctx->issue->number);
	return wording_fill(v->a, v->words, "words", "number", values, v->err);
}

static void
set_names(const struct view *v, struct template_value *root, const char *date_form,
    const char *first_form)
{
	const struct config *c = v->ctx->config;

	template_put_text(root, "name", c->newsletter.name);
	template_put_text(root, "issue", v->ctx->issue->name);
	template_put_text(root, "number", number_words(v));
	template_put_text(root, "date", date_words(v, date_form, first_form));
}

struct template_value *
view_subject(const struct view *v)
{
	struct template_value *root = template_map(v->a);
	const char *first =
	    v->fit->count > 0 ? view_title(v, v->fit->items[0].entry) : "";
	struct telling t;

	find_telling(v, &t);
	set_names(v, root, "short", "short");
	(void)set_counts(v, root);
	template_put_text(root, "title", first);
	template_put_text(root, "titles", titles(v, &t));
	return root;
}

/* ---- the footer ---- */

static const char *
rhythm(const struct config *c)
{
	return c->digest.schedule.rhythm == RHYTHM_EACH
	    ? "off"
	    : cadence_rhythm_name(c->digest.schedule.rhythm);
}

static void
set_holes(struct template_value *root)
{
	template_put_html(root, "hole_leave", hole_mark(HOLE_LEAVE));
	template_put_html(root, "hole_manage", hole_mark(HOLE_MANAGE));
	template_put_html(root, "hole_address", hole_mark(HOLE_ADDRESS));
	template_put_html(root, "hole_since", hole_mark(HOLE_SINCE));
}

static void
set_footer(const struct view *v, struct template_value *root)
{
	const struct config *c = v->ctx->config;
	struct template_value *values = template_map(v->a);
	bool by_web = strcmp(v->ctx->leave_kind, "web") == 0;
	bool has_web = v->ctx->has_web && text_is_set(c->web.url);
	const char *why = NULL;

	set_holes(root);
	template_put_text(values, "name", c->newsletter.name);
	template_put_text(values, "since", hole_mark(HOLE_SINCE));
	template_put_text(values, "address", hole_mark(HOLE_ADDRESS));
	why = wording_fill(v->a, v->words, "words", "why", values, v->err);
	template_put_text(root, "why", why);
	/* Who gets several issues in one letter has another rhythm than the newsletter. */
	template_put_text(root, "rhythm",
	    v->ctx->first_date == v->ctx->issue->date
		? wording_raw(v->words, "rhythm", rhythm(c))
		: "");
	template_put_bool(root, "leave_by_web", by_web);
	template_put_bool(root, "leave_by_mail", !by_web);
	template_put_bool(root, "has_web", has_web);
	template_put_text(root, "browser_link",
	    has_web ? arena_printf(v->a, "%s/i/%s", c->web.url, v->ctx->issue->name)
		    : "");
	template_put_text(root, "archive_link",
	    has_web ? arena_printf(v->a, "%s/archive/", c->web.url) : "");
	view_put_wrapped(v, root, "postal_address", "postal_address_wrapped",
	    c->newsletter.postal_address);
}

/* "And 380 more blogs that had no room in this letter." */
static const char *
hidden_words(const struct view *v)
{
	const size_t blogs = v->fit->others_count - v->fit->others_shown;

	return blogs == 0 ? "" : view_count(v, "hidden_blogs", (int64_t)blogs);
}

/* Posts, unless the contents are all there is of them, and what had no room. */
static void
set_body(const struct view *v, struct template_value *root)
{
	const char *hidden = hidden_words(v);
	const char *others = wording_raw(v->words, "words", "others");
	const bool shows_posts = !v->fit->is_titles && v->fit->count > 0;

	template_put(root, "days", shows_posts ? view_days(v) : template_list(v->a));
	view_digest(v, root, shows_posts);
	template_put_bool(root, "is_plain", v->fit->style.heading == 3);
	template_put(root, "others", view_others(v));
	template_put_bool(root, "has_others", v->fit->others_shown > 0);
	template_put_text(root, "others_line", view_line(v, others, '='));
	view_put_wrapped(v, root, "hidden", "hidden_wrapped", hidden);
	template_put_bool(root, "has_body",
	    shows_posts || v->fit->others_shown > 0 || *hidden);
}

/* Number, days and counts; a letter of one day says its date over its posts. */
static void
set_masthead(const struct view *v, struct template_value *root)
{
	const struct digest *d = v->digest;
	const bool says_day = d->section_count == 1 && d->sections[0].day != TIME_NONE &&
	    v->ctx->first_date == v->ctx->issue->date && !v->fit->is_titles &&
	    d->sections[0].day == zone_day(v->ctx->zone, v->ctx->issue->date);
	const char *parts[3] = { number_words(v),
		says_day ? "" : date_words(v, "date", "day"), set_counts(v, root) };

	view_put_wrapped(v, root, "masthead", "masthead_wrapped",
	    view_join(v, parts, ARRAY_LEN(parts), "details"));
}

static void
set_logo(const struct view *v, struct template_value *root)
{
	const struct carried_logo *logo = v->ctx->logo;

	template_put_text(root, "logo", logo ? logo->id : "");
	template_put_int(root, "logo_width", logo ? logo->width : 0);
	template_put_int(root, "logo_height", logo ? logo->height : 0);
}

struct template_value *
view_make(const struct view *v)
{
	const struct config *c = v->ctx->config;
	struct template_value *root = template_map(v->a);
	const char *dir = wording_raw(v->words, "language", "dir");

	set_names(v, root, "date", "day");
	template_put_text(root, "language", v->ctx->templates->language);
	template_put_text(root, "dir", dir);
	template_put_text(root, "page_dir", dir);
	template_put_text(root, "page_end", strcmp(dir, "rtl") == 0 ? "left" : "right");
	template_put_text(root, "subject", v->subject);
	set_logo(v, root);
	template_put_text(root, "link", view_link(c->newsletter.link));
	view_put_wrapped(v, root, "description", "description_wrapped",
	    c->newsletter.description);
	template_put_text(root, "teaser", teaser(v));
	template_put(root, "intro", intro(v));
	template_put_bool(root, "has_intro",
	    v->ctx->issue->intro && *v->ctx->issue->intro);
	set_masthead(v, root);
	view_contents(v, root);
	set_body(v, root);
	template_put(root, "word", wording_section(v->a, v->words, "words"));
	template_put(root, "style", v->ctx->templates->styles.values);
	set_footer(v, root);
	return root;
}
