/* SPDX-License-Identifier: ISC */
/*
 * Names of other blogs beside a post, each with its link: "also in A, B and C".
 */
#include "digest/view.h"

#include <string.h>

#include "digest/wording.h"
#include "format/url.h"
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
	struct template_value *values = template_map(v->a);

	template_put_text(values, "one", "");
	template_put_text(values, "two", "");
	return wording_fill(v->a, v->words, "words", pattern, values, v->err);
}

static const char *
and_more(const struct view *v, size_t count)
{
	return count == 0 ? ""
			  : arena_printf(v->a, "%s%s", separator(v, "list"),
				wording_count(v->a, v->words, "and_more", (int64_t)count,
				    NULL, v->err));
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
		const char *link = names[i].link;

		if (i > 0)
			before = separator(v, i + 1 == count ? "list_last" : "list");
		text = arena_printf(v->a, "%s%s%s", text, before, name);
		template_put_text(item, "before", before);
		template_put_text(item, "name", name);
		template_put_text(item, "link",
		    text_is_set(link) && url_is_web(link) ? link : "");
		template_append(list, item);
	}
	template_put(map, key, list);
	template_put_text(map, arena_printf(v->a, "%s_after", key), after);
	return arena_printf(v->a, "%s%s", text, after);
}

static const char *
words_around_names(const struct view *v, const char *key)
{
	struct template_value *values = template_map(v->a);

	template_put_text(values, "names", names_mark);
	return wording_fill(v->a, v->words, "words", key, values, v->err);
}

void
view_also(const struct view *v, const struct digest_ties *ties, const char *meta,
    struct template_value *map)
{
	const size_t count = ties->also_count;
	struct named_link *names = arena_array(v->a, count + 1, sizeof(*names));
	const char *phrase = words_around_names(v, "also_in");
	const char *text = NULL;

	for (size_t i = 0; i < count; i++)
		names[i] = (struct named_link){ view_source_name(v, ties->also[i]),
			ties->also[i]->link };
	template_put_text(map, "also_wrapped", "");
	template_put_bool(map, "has_small", count > 0 || *meta);
	template_put_bool(map, "has_also", count > 0);
	if (count == 0) {
		template_put(map, "also", template_list(v->a));
		template_put_text(map, "also_after", "");
		return;
	}
	text = put_names(v, map, "also", words_around_names(v, "also_in_text"), names,
	    count);
	template_put_text(map, "also_wrapped", view_wrap(v, text, "", ""));
	if (*meta)
		phrase = arena_printf(v->a, "%s%s", separator(v, "details"), phrase);
	(void)put_names(v, map, "also", phrase, names, count);
}
