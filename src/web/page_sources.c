/* SPDX-License-Identifier: ISC */
/* /sources: the blogs and how they are, in kind words; the same as OPML. */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/order.h"
#include "base/text.h"
#include "config/mailbox_address.h"
#include "format/url.h"
#include "web/page.h"
#include "web/preference_form.h"
#include "web/source_words.h"

enum { ON_A_PAGE = 60, FACES = 5, WEEK = 7 * 86400 };

static int
by_name(const void *a, const void *b)
{
	return ascii_compare(((const struct source *)a)->name,
	    ((const struct source *)b)->name);
}

static bool
load(struct page *p, struct preference_sources *all, struct err *err)
{
	if (!preference_sources_load(p, all, err))
		return false;
	list_sort(all->list, all->count, sizeof(*all->list), by_name);
	return true;
}

/* The first letter, for the round sign before the name. */
static const char *
initial(struct page *p, const char *name)
{
	uint32_t c = 0;
	const size_t len = text_decode(name, strlen(name), &c);

	return c < 0x80
	    ? arena_printf(p->a, "%c", c >= 'a' && c <= 'z' ? (char)(c - 32) : (char)c)
	    : arena_strndup(p->a, name, len);
}

static struct template_value *
source_item(struct page *p, const struct source *s, struct err *err)
{
	struct template_value *item = template_map(p->a);

	template_put_text(item, "name", s->name);
	template_put_text(item, "link",
	    text_is_set(s->link) && url_is_web(s->link) ? s->link : "");
	/* Where a mailbox lies is nobody's business. */
	template_put_text(item, "feed",
	    mailbox_address_is(s->url) ? "" : url_public(p->a, s->url));
	template_put_text(item, "words", source_words(p, s, err));
	template_put_text(item, "initial", initial(p, s->name));
	template_put_int(item, "face", s->id % FACES);
	return item;
}

/* Each mood with its sources, and whether it has any. */
static void
put_mood(struct page *p, struct template_value *root,
    const struct preference_sources *all, size_t from, size_t count, struct err *err)
{
	static const struct {
		enum source_mood mood;
		const char *list, *any;
	} moods[] = { { SOURCE_WRITES, "writing", "has_writing" },
		{ SOURCE_IS_QUIET, "quiet", "has_quiet" },
		{ SOURCE_IS_AWAY, "away", "has_away" } };

	for (size_t i = 0; i < ARRAY_LEN(moods); i++) {
		struct template_value *items = template_list(p->a);
		bool any = false;

		for (size_t n = from; n < from + count; n++) {
			if (source_mood(p, &all->list[n]) != moods[i].mood)
				continue;
			template_append(items, source_item(p, &all->list[n], err));
			any = true;
		}
		template_put(root, moods[i].list, items);
		template_put_bool(root, moods[i].any, any);
	}
}

static struct template_value *
list_parts(struct page *p, const struct preference_sources *all, size_t shown)
{
	struct template_value *list = template_list(p->a);

	for (size_t at = 0, part = 1; at < all->count; at += ON_A_PAGE, part++) {
		struct template_value *item = template_map(p->a);
		const size_t last =
		    at + ON_A_PAGE < all->count ? at + ON_A_PAGE - 1 : all->count - 1;

		template_put_text(item, "first", all->list[at].name);
		template_put_text(item, "last", all->list[last].name);
		template_put_text(item, "link", page_link(p, "/sources/%zu", part));
		template_put_bool(item, "shown", part == shown);
		template_append(list, item);
	}
	return list;
}

static int64_t
count_lately(const struct page *p, const struct preference_sources *all)
{
	int64_t n = 0;

	for (size_t i = 0; i < all->count; i++)
		n += all->list[i].last_entry != TIME_NONE &&
		    p->run.now - all->list[i].last_entry <= WEEK;
	return n;
}

bool
page_sources(struct page *p, struct err *err)
{
	const size_t part = *p->word ? (size_t)strtoul(p->word, NULL, 10) : 1;
	const size_t from = (part - 1) * ON_A_PAGE;
	struct preference_sources all;
	size_t count = 0;

	if (!load(p, &all, err))
		return false;
	if (part == 0 || part > LIMIT_SOURCES || (from >= all.count && part > 1))
		return page_show_plain(p, 404, "page-nothing", err);
	count = all.count - from < ON_A_PAGE ? all.count - from : ON_A_PAGE;
	struct template_value *root = page_begin(p, 200);
	template_put_bool(root, "at_sources", true);
	template_put_text(root, "blogs", page_count(p, "blogs", (int64_t)all.count, err));
	template_put_text(root, "lately",
	    page_count(p, "wrote_lately", count_lately(p, &all), err));
	put_mood(p, root, &all, from, count, err);
	template_put(root, "parts", list_parts(p, &all, part));
	template_put_bool(root, "has_parts", all.count > ON_A_PAGE);
	return page_show(p, "page-sources", root, err);
}

bool
page_sources_opml(struct page *p, struct err *err)
{
	struct preference_sources all;
	struct template_value *list = template_list(p->a);

	if (!load(p, &all, err))
		return false;
	for (size_t i = 0; i < all.count; i++)
		template_append(list, source_item(p, &all.list[i], err));
	struct template_value *root = page_begin(p, 200);
	template_put(root, "sources", list);
	if (!page_show(p, "sources-opml", root, err))
		return false;
	p->answer->type = "text/x-opml; charset=utf-8";
	p->answer->download = "sources.opml";
	return true;
}
