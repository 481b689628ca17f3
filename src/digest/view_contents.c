/* SPDX-License-Identifier: ISC */
/*
 * The contents of a letter: a line for each source, which names its best post, so that the
 * posts begin on the first screen; all titles by day where the letter has nothing else.
 */
#include "digest/view.h"

#include <string.h>

#include "base/text.h"
#include "digest/entry_media.h"
#include "digest/wording.h"
#include "format/url.h"

enum {
	ROWS_MOST = 30,     /* more are counted */
	ROW_COLUMNS = 54,   /* of a title beside its source */
	LINE_COLUMNS = 150, /* of a title in the text part's contents */
	ENTRY_COLUMNS = 300 /* of one that is all there is of its entry */
};

/* A source's line. */
struct row {
	const struct source *source;
	const struct fit_item *best;
	int64_t weight; /* of the best */
	size_t count;
};

/* What is most worth a look: the longest, a quiz last. */
static int64_t
weight(const struct view *v, const struct entry *e)
{
	const int64_t seconds = media_seconds(e);
	const int64_t words =
	    e->words + (seconds > 0 ? seconds * WORDS_A_MINUTE / 60 : 0);

	return ascii_starts_nocase(view_title(v, e), "quiz") ? 0 : words + 1;
}

static const char *
and_more(const struct view *v, const struct row *row)
{
	return row->count < 2 ? "" : view_count(v, "and_more", (int64_t)row->count - 1);
}

/* A title that begins with the blog's name says it already. */
static const char *
name_beside(const struct view *v, const struct row *row, const char *title)
{
	const char *name = view_source_name(v, row->source);

	return row->count == 1 && ascii_starts_nocase(title, name)
	    ? ""
	    : view_isolate(v, name);
}

/* What stands before a line of the text part, and before those it goes on in. */
static const char *
item_mark(bool in_story)
{
	return in_story ? "    - " : "  - ";
}

static const char *
item_indent(bool in_story)
{
	return in_story ? "      " : "    ";
}

static struct template_value *
row_map(const struct view *v, const struct fit_item *item, const char *title,
    const char *beside, size_t columns, bool in_story)
{
	struct template_value *map = template_map(v->a);
	const char *whole = view_cut(v, view_title(v, item->entry), columns);

	view_set_language(v, map, item);
	template_put_text(map, "title", view_isolate(v, whole));
	template_put_text(map, "beside", beside);
	template_put_text(map, "reading", view_time(v, item->entry, false));
	template_put_text(map, "line",
	    view_wrap(v, wording_fill(v->a, v->words, "words", "row", map, v->err),
		item_mark(in_story), item_indent(in_story)));
	template_put_text(map, "title", title);
	template_put_text(map, "link", item->entry->link);
	template_put_text(map, "above", "");
	template_put_bool(map, "in_story", in_story);
	return map;
}

/* The lines of sources in the order in which they come; returns how many have none. */
static size_t
find_rows(const struct view *v, struct row rows[ROWS_MOST], size_t *count)
{
	*count = 0;
	for (size_t i = 0; i < v->fit->count; i++) {
		const struct fit_item *item = &v->fit->items[i];
		const int64_t w = weight(v, item->entry);
		size_t at = 0;

		while (at < *count && rows[at].source != item->source)
			at++;
		if (at == ROWS_MOST)
			continue;
		if (at == *count)
			rows[(*count)++] = (struct row){ item->source, item, w, 0 };
		rows[at].count++;
		if (w > rows[at].weight) {
			rows[at].best = item;
			rows[at].weight = w;
		}
	}
	return v->digest->source_count > *count ? v->digest->source_count - *count : 0;
}

static void
set_compact(const struct view *v, struct template_value *root)
{
	struct row rows[ROWS_MOST];
	struct template_value *days = template_list(v->a);
	struct template_value *day = template_map(v->a);
	struct template_value *list = template_list(v->a);
	size_t count = 0;
	const size_t more = find_rows(v, rows, &count);

	for (size_t i = 0; i < count; i++) {
		const char *title = view_title(v, rows[i].best->entry);
		const char *parts[2] = { name_beside(v, &rows[i], title),
			and_more(v, &rows[i]) };

		template_append(list,
		    row_map(v, rows[i].best, view_cut(v, title, ROW_COLUMNS),
			view_join(v, parts, ARRAY_LEN(parts), "list"), LINE_COLUMNS,
			false));
	}
	template_put_text(day, "heading", "");
	template_put(day, "rows", list);
	template_append(days, day);
	template_put(root, "contents", days);
	template_put_text(root, "more_rows",
	    more == 0 ? "" : view_count(v, "more_blogs", (int64_t)more));
}

/* The walk through a letter of titles: the plan's items stand in the same order. */
struct titles {
	const struct view *v;
	size_t at;
	struct template_value *list;
	const struct source *last;
	bool in_story;
};

static void
add_title(struct titles *t, const struct fit_item *item)
{
	const struct view *v = t->v;
	const char *name = view_source_name(v, item->source);
	const char *title = view_cut(v, view_title(v, item->entry), ENTRY_COLUMNS);
	struct template_value *map = NULL;

	if (item->is_hidden)
		return;
	map = row_map(v, item, title, view_isolate(v, name), ENTRY_COLUMNS, t->in_story);
	template_put_text(map, "above", item->source == t->last ? "" : name);
	template_put_text(map, "beside", "");
	template_append(t->list, map);
	t->last = item->source;
}

/* A row that is no entry's. */
static void
add_words(struct titles *t, const char *title, const char *link, const char *line,
    const char *beside)
{
	static const char *const nothing[] = { "reading", "lang", "dir", "above" };
	struct template_value *map = template_map(t->v->a);

	template_put_text(map, "title", title);
	template_put_text(map, "link", link);
	template_put_text(map, "line", line);
	template_put_text(map, "beside", beside);
	for (size_t i = 0; i < ARRAY_LEN(nothing); i++)
		template_put_text(map, nothing[i], "");
	template_put_bool(map, "in_story", t->in_story);
	template_append(t->list, map);
}

/* "And 7 more at NAME" */
static void
add_more(struct titles *t, const struct digest_source *run)
{
	const char *more = view_more_words(t->v, run);

	if (*more)
		add_words(t, more, view_link(run->source->link),
		    view_wrap(t->v, more, item_mark(t->in_story),
			item_indent(t->in_story)),
		    "");
}

/* "One story, two blogs", above the titles of one; not where only one of them has room. */
static void
add_story(struct titles *t, const struct digest_source *runs, size_t most)
{
	const struct view *v = t->v;
	const char *words = NULL;
	size_t at = t->at;
	size_t shown = 0;

	for (size_t i = 0; i < most && runs[i].story == runs[0].story; i++)
		shown += view_shows_run(v, &runs[i], &at);
	t->in_story = shown > 1;
	t->last = NULL;
	if (!t->in_story)
		return;
	words = view_story_words(v, NULL, shown, false);
	add_words(t, "", "", view_wrap(v, words, "  ", "  "), words);
}

/* All titles that have room, source above the first of each run. */
static void
set_all(const struct view *v, struct template_value *root)
{
	struct template_value *days = template_list(v->a);
	struct titles t = { .v = v };

	for (size_t d = 0; d < v->digest->section_count; d++) {
		const struct digest_section *section = &v->digest->sections[d];
		struct template_value *day = template_map(v->a);
		const char *heading = view_section_heading(v, section);

		t.list = template_list(v->a);
		t.last = NULL;
		for (size_t s = 0; s < section->count; s++) {
			const struct digest_source *run = &section->sources[s];

			if (run->story == 0)
				t.in_story = false;
			else if (s == 0 || run[-1].story != run->story)
				add_story(&t, run, section->count - s);
			for (size_t i = 0; i < run->count; i++)
				add_title(&t, &v->fit->items[t.at++]);
			add_more(&t, run);
		}
		template_put_text(day, "heading", t.last ? heading : "");
		template_put_text(day, "heading_line", view_line(v, heading, '='));
		template_put(day, "rows", t.list);
		template_append(days, day);
	}
	template_put(root, "contents", days);
	template_put_text(root, "more_rows", "");
}

void
view_contents(const struct view *v, struct template_value *root)
{
	template_put_bool(root, "has_contents", v->fit->has_contents);
	template_put_bool(root, "is_all", v->fit->is_titles);
	if (v->fit->is_titles)
		set_all(v, root);
	else
		set_compact(v, root);
}
