/* SPDX-License-Identifier: ISC */
/*
 * Names of other blogs beside a post, each with its link: "also in A, B and C"; and what stands
 * above posts that tell one story.
 */
#include "digest/view.h"

#include <string.h>

#include "digest/wording.h"
#include "format/url.h"
#include "base/attr.h"
#include "base/text.h"

enum {
	NAMES_MOST = 6, /* of one phrase; of more than that one less is named */
	NAME_COLUMNS = 60
};

/* Stands in a phrase where its names go. */
static const char names_mark[] = "\x01";

/* What stands between two things that a pattern of [words] puts beside each other. */
static const char *
separator(const struct view *v, const char *pattern)
{
	return wording_fill(v->a, v->words, "words", pattern, template_map(v->a), v->err);
}

static const char *
and_more(const struct view *v, size_t count)
{
	return count == 0 ? ""
			  : arena_printf(v->a, "%s%s", separator(v, "list"),
				view_count(v, "and_more", (int64_t)count));
}

/*
 * Puts KEY, a list with before, name and link of each, and KEY_after into map.  phrase has
 * names_mark where the names go.  Returns all of it as text.
 */
static const char *
put_names(const struct view *v, struct template_value *map, const char *key,
    const char *phrase, const struct named_link *names, size_t count)
{
	struct template_value *list = template_list(v->a);
	const size_t lead = strcspn(phrase, names_mark);
	const size_t shown = count > NAMES_MOST ? NAMES_MOST - 1 : count;
	const char *before = arena_strndup(v->a, phrase, lead);
	const char *after = arena_printf(v->a, "%s%s", and_more(v, count - shown),
	    phrase[lead] ? phrase + lead + 1 : "");
	const char *text = "";

	for (size_t i = 0; i < shown; i++) {
		struct template_value *item = template_map(v->a);
		const char *name =
		    view_isolate(v, view_cut(v, names[i].name, NAME_COLUMNS));

		if (i > 0)
			before = separator(v, i + 1 == count ? "list_last" : "list");
		text = arena_printf(v->a, "%s%s%s", text, before, name);
		template_put_text(item, "before", before);
		template_put_text(item, "name", name);
		template_put_text(item, "link", view_link(names[i].link));
		template_append(list, item);
	}
	template_put(map, key, list);
	template_put_text(map, arena_printf(v->a, "%s_after", key), after);
	return arena_printf(v->a, "%s%s", text, after);
}

void
view_also(const struct view *v, const struct digest_ties *ties, const char *meta,
    struct template_value *map)
{
	const size_t count = ties->also_count;
	struct named_link *names = arena_array(v->a, count, sizeof(*names));
	const char *phrase = view_say(v, "also_in", "names", names_mark);
	const char *text = NULL;

	for (size_t i = 0; i < count; i++)
		names[i] = (struct named_link){ view_source_name(v, ties->also[i]),
			ties->also[i]->link };
	template_put_bool(map, "has_small", count > 0 || *meta);
	template_put_bool(map, "has_also", count > 0);
	template_put(map, "also", template_list(v->a));
	template_put_text(map, "also_after", "");
	template_put_text(map, "also_wrapped", "");
	if (count == 0)
		return;
	text = put_names(v, map, "also", view_say(v, "also_in_text", "names", names_mark),
	    names, count);
	template_put_text(map, "also_wrapped", view_wrap(v, text, "", ""));
	if (*meta)
		phrase = arena_printf(v->a, "%s%s", separator(v, "details"), phrase);
	(void)put_names(v, map, "also", phrase, names, count);
}

/* A single one of the same story stands beside it and need not be named again. */
static bool
is_worth_saying(const struct digest_ties *ties)
{
	return ties->talk_count > 1 ||
	    (ties->talk_count == 1 &&
		(ties->story == 0 || ties->talks[0].story != ties->story));
}

void
view_talk(const struct view *v, const struct digest_ties *ties,
    struct template_value *map)
{
	const size_t count = is_worth_saying(ties) ? ties->talk_count : 0;
	struct named_link *names = arena_array(v->a, count, sizeof(*names));
	struct template_value *values = template_map(v->a);
	const char *text = NULL;

	template_put_bool(map, "has_talk", count > 0);
	template_put(map, "talk", template_list(v->a));
	template_put_text(map, "talk_after", "");
	template_put_text(map, "talk_wrapped", "");
	if (count == 0)
		return;
	for (size_t i = 0; i < count; i++)
		names[i] =
		    (struct named_link){ view_source_name(v, ties->talks[i].source),
			    ties->talks[i].link };
	template_put_text(values, "names", names_mark);
	text = put_names(v, map, "talk",
	    wording_count(v->a, v->words, "talked_about", (int64_t)count, values, v->err),
	    names, count);
	template_put_text(map, "talk_wrapped", view_wrap(v, text, "", ""));
}

/* "two"; as digits what has no word in this language. */
static const char *
number_word(const struct view *v, size_t n)
{
	const char *digits = arena_printf(v->a, "%zu", n);
	const char *word = wording_raw(v->words, "numbers", digits);

	return *word ? word : digits;
}

const char *
view_story_words(const struct view *v, const struct source *const *sources, size_t count,
    bool with_names)
{
	struct template_value *values = template_map(v->a);
	struct named_link *names = arena_array(v->a, count, sizeof(*names));
	const char *parts[2] = { NULL, NULL };

	template_put_text(values, "number", number_word(v, count));
	parts[0] = wording_count(v->a, v->words, "story", (int64_t)count, values, v->err);
	if (!with_names)
		return parts[0];
	for (size_t i = 0; i < count; i++)
		names[i] = (struct named_link){ view_source_name(v, sources[i]), NULL };
	parts[1] = put_names(v, values, "names", names_mark, names, count);
	return view_join(v, parts, ARRAY_LEN(parts), "pair");
}
