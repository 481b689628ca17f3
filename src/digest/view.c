/* SPDX-License-Identifier: ISC */
#include "digest/view.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "format/url.h"
#include "digest/wording.h"
#include "digest/templates.h"
#include "model/holes.h"

enum { TEASER_TITLES = 3, TEASER_CHARS = 48 };

/* ---- the letter as a whole ---- */

/* What mail programs show beside the subject: some titles "and 22 more". */
static const char *
teaser(const struct view *v)
{
	struct template_value *values = template_map(v->a);
	size_t titles = v->fit->count < TEASER_TITLES ? v->fit->count : TEASER_TITLES;
	size_t more = v->fit->count - titles;
	const char *parts[TEASER_TITLES];

	for (size_t i = 0; i < titles; i++)
		parts[i] = view_isolate(v,
		    view_cut(v, view_title(v, v->fit->items[i].entry), TEASER_CHARS));
	template_put_text(values, "titles", view_join(v, parts, titles, "list"));
	if (more == 0)
		return wording_fill(v->a, v->words, "words", "teaser", values, v->err);
	return wording_count(v->a, v->words, "teaser_more", (int64_t)more, values,
	    v->err);
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
		template_put_text(map, "text", line);
		template_put_text(map, "wrapped", view_wrap(v, line, "", ""));
		template_put_text(map, "dir", is_rtl(line) ? "rtl" : "");
		template_append(list, map);
	}
	return list;
}

static void
set_counts(const struct view *v, struct template_value *root)
{
	struct template_value *values = template_map(v->a);
	const char *posts = wording_count(v->a, v->words, "posts",
	    (int64_t)v->digest->entry_count, NULL, v->err);
	const char *blogs = wording_count(v->a, v->words, "blogs",
	    (int64_t)v->digest->source_count, NULL, v->err);
	const char *reading = v->digest->minutes == 0
	    ? ""
	    : wording_count(v->a, v->words, "minutes", (int64_t)v->digest->minutes, NULL,
		  v->err);

	template_put_text(values, "posts", posts);
	template_put_text(values, "blogs", blogs);
	template_put_text(values, "reading", reading);
	template_put_text(root, "posts", posts);
	template_put_text(root, "blogs", blogs);
	template_put_text(root, "reading", reading);
	template_put_text(root, "counts",
	    wording_fill(v->a, v->words, "words", "counts", values, v->err));
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

static void
set_names(const struct view *v, struct template_value *root, const char *date_form,
    const char *first_form)
{
	const struct config *c = v->ctx->config;

	template_put_text(root, "name", c->newsletter.name);
	template_put_text(root, "issue", v->ctx->issue->name);
	template_put_text(root, "date", date_words(v, date_form, first_form));
	set_counts(v, root);
}

struct template_value *
view_subject(const struct view *v)
{
	struct template_value *root = template_map(v->a);
	const char *first =
	    v->fit->count > 0 ? view_title(v, v->fit->items[0].entry) : "";

	set_names(v, root, "short", "short");
	template_put_text(root, "title", first);
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
	template_put_text(root, "postal_address", c->newsletter.postal_address);
	template_put_text(root, "postal_address_wrapped",
	    view_wrap(v, c->newsletter.postal_address, "", ""));
}

/* What had no room: posts, and blogs of which no post was shown either. */
static const char *
hidden_words(const struct view *v)
{
	const size_t blogs = v->digest->other_count - v->fit->others_count;
	const size_t posts = v->fit->hidden_count;
	const char *of_posts = posts == 0
	    ? ""
	    : wording_count(v->a, v->words, "hidden", (int64_t)posts, NULL, v->err);
	const char *of_blogs = blogs == 0
	    ? ""
	    : wording_count(v->a, v->words, "hidden_blogs", (int64_t)blogs, NULL, v->err);

	return arena_printf(v->a, "%s%s%s", of_blogs, blogs > 0 && posts > 0 ? " " : "",
	    of_posts);
}

struct template_value *
view_make(const struct view *v)
{
	const struct config *c = v->ctx->config;
	struct template_value *root = template_map(v->a);
	struct template_value *days = NULL;
	const char *dir = wording_raw(v->words, "language", "dir");
	const char *hidden = hidden_words(v);

	set_names(v, root, "date", "day");
	template_put_text(root, "language", c->newsletter.language);
	template_put_text(root, "dir", dir);
	template_put_text(root, "page_dir", dir);
	template_put_text(root, "page_end", strcmp(dir, "rtl") == 0 ? "left" : "right");
	template_put_text(root, "subject", v->subject);
	template_put_text(root, "link",
	    url_is_web(c->newsletter.link) ? c->newsletter.link : "");
	template_put_text(root, "description", c->newsletter.description);
	template_put_text(root, "description_wrapped",
	    view_wrap(v, c->newsletter.description, "", ""));
	template_put_text(root, "teaser", teaser(v));
	template_put(root, "intro", intro(v));
	template_put_bool(root, "has_intro",
	    v->ctx->issue->intro && *v->ctx->issue->intro);
	days = view_days(v);
	template_put(root, "days", days);
	template_put(root, "contents", days);
	template_put_bool(root, "has_contents", v->fit->has_contents);
	template_put(root, "others", view_others(v));
	template_put_bool(root, "has_others", v->fit->others_count > 0);
	template_put_bool(root, "has_more",
	    v->digest->other_count > 0 || v->fit->hidden_count > 0);
	template_put_text(root, "hidden", hidden);
	template_put_text(root, "hidden_wrapped", view_wrap(v, hidden, "", ""));
	template_put(root, "word", wording_section(v->a, v->words, "words"));
	template_put(root, "style", v->ctx->templates->styles.values);
	set_footer(v, root);
	return root;
}
