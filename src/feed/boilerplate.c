/* SPDX-License-Identifier: ISC */
/*
 * Cleaning is what costs.  A few posts tell whether anything is repeated at all; only then are
 * the others cleaned, and the whole document decides.
 */
#include "feed/boilerplate.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/limits.h"
#include "base/order.h"
#include "base/text.h"
#include "feed/entry_clean.h"
#include "html/lines.h"
#include "html/to_text.h"

enum {
	POSTS_LEAST = 4,   /* that must say it */
	POSTS_OF_LOOK = 8, /* that tell whether there is anything */
	TEXT_LEAST = 25, /* bytes; shorter lines without a link are words like "Hello!" */
	TEXT_COLUMNS = 72
};

/* A line of one post. */
struct sighting {
	uint64_t key;
	size_t post;
	const char *text;
};
struct sightings {
	struct sighting *list;
	size_t count;
	size_t posts;
};

/*
 * The same words over other addresses say something else: "Discussion" of each post.  The
 * post's own address is the same for all.
 */
static uint64_t
links_key(const char *links, const char *own, uint64_t key)
{
	const size_t own_len = own ? strcspn(own, "#") : 0;

	while (*links) {
		size_t len = 0;
		size_t page = 0;

		links += strspn(links, " ");
		len = strcspn(links, " ");
		page = strcspn(links, "# ");
		if (own && page == own_len && memcmp(links, own, page) == 0)
			page = 0;
		key = hash_64(links, page, key + 1);
		links += len;
	}
	return key;
}

static uint64_t
key_of(const struct html_line *line, const struct entry *e)
{
	return hash_64(line->text, strlen(line->text),
	    hash_64(line->pictures, strlen(line->pictures),
		links_key(line->links, e->link, 0)));
}

static bool
may_repeat(const struct html_line *line)
{
	return !line->is_bound &&
	    (*line->links || *line->pictures || strlen(line->text) >= TEXT_LEAST);
}

static void
add_post(struct arena *a, const struct entry *e, struct sightings *s)
{
	struct html_line *lines = NULL;
	const size_t count = html_lines(a, e->html, SIZE_MAX, &lines);

	for (size_t i = 0; i < count; i++) {
		if (!may_repeat(&lines[i]))
			continue;
		s->list = arena_grow_list(a, s->list, s->count, sizeof(*s->list));
		s->list[s->count++] =
		    (struct sighting){ key_of(&lines[i], e), s->posts, lines[i].text };
	}
	s->posts += count > 0;
}

static int
by_key_and_post(const void *a, const void *b)
{
	const struct sighting *x = a;
	const struct sighting *y = b;

	if (x->key != y->key)
		return ORDER(x->key, y->key);
	return ORDER(x->post, y->post);
}

/* The posts of the sightings from i on with one key; *next is behind the last of them. */
static size_t
count_posts(const struct sightings *s, size_t i, size_t *next)
{
	size_t posts = 1;
	size_t k = i + 1;

	for (; k < s->count && s->list[k].key == s->list[i].key; k++)
		posts += s->list[k].post != s->list[k - 1].post;
	*next = k;
	return posts;
}

static void
sort(struct sightings *s)
{
	list_sort(s->list, s->count, sizeof(*s->list), by_key_and_post);
}

/* Whether the posts looked at first repeat a line in more than a quarter of them. */
static bool
repeats_anything(struct sightings *s)
{
	sort(s);
	for (size_t i = 0; i < s->count;) {
		const size_t posts = count_posts(s, i, &i);

		if (posts >= 2 && posts * 4 > s->posts)
			return true;
	}
	return false;
}

static void
keep_most(struct arena *a, struct sightings *s, struct boilerplate *out)
{
	sort(s);
	out->posts = s->posts;
	for (size_t i = 0, next = 0; i < s->count; i = next) {
		const size_t posts = count_posts(s, i, &next);

		if (posts * 2 <= s->posts || posts < POSTS_LEAST)
			continue;
		out->lines =
		    arena_grow_list(a, out->lines, out->count, sizeof(*out->lines));
		out->lines[out->count++] =
		    (struct boilerplate_line){ s->list[i].key, s->list[i].text, posts };
	}
}

void
boilerplate_learn(struct arena *a, struct entry *const *entries, size_t count,
    const char *strip, struct boilerplate *out)
{
	struct sightings s = { 0 };
	size_t bytes = 0;

	*out = (struct boilerplate){ 0 };
	if (count < POSTS_LEAST)
		return;
	if (count > LIMIT_BOILERPLATE_POSTS)
		count = LIMIT_BOILERPLATE_POSTS;
	for (size_t i = 0; i < count && bytes < LIMIT_BOILERPLATE_BYTES; i++) {
		if (i == POSTS_OF_LOOK && !repeats_anything(&s))
			return;
		bytes += entries[i]->content.len;
		if (!entries[i]->html)
			entry_clean(a, entries[i], strip);
		add_post(a, entries[i], &s);
	}
	if (s.posts >= POSTS_LEAST)
		keep_most(a, &s, out);
}

static int
by_key(const void *key, const void *line)
{
	return ORDER(*(const uint64_t *)key,
	    ((const struct boilerplate_line *)line)->key);
}

static bool
is_learned(const struct boilerplate *b, const struct html_line *line,
    const struct entry *e)
{
	const uint64_t key = key_of(line, e);

	return bsearch(&key, b->lines, b->count, sizeof(*b->lines), by_key) &&
	    may_repeat(line);
}

/* The rule that parted an advert from the post parts nothing any more. */
static void
drop_last_rule(char *html)
{
	static const char rule[] = "<hr>";
	size_t len = strlen(html);

	while (len >= sizeof(rule) - 1 &&
	    strcmp(html + len - (sizeof(rule) - 1), rule) == 0) {
		len -= sizeof(rule) - 1;
		while (len > 0 && ascii_is_space((unsigned char)html[len - 1]))
			len--;
		html[len] = '\0';
	}
}

void
boilerplate_drop(struct arena *a, const struct boilerplate *b, struct entry *e)
{
	struct html_line *lines = NULL;
	size_t count =
	    b->count > 0 && e->html ? html_lines(a, e->html, SIZE_MAX, &lines) : 0;
	bool *is_dropped = arena_array(a, count, sizeof(*is_dropped));
	size_t dropped = 0;
	size_t words = 0;
	char *html = NULL;

	for (size_t i = 0; i < count; i++) {
		is_dropped[i] = is_learned(b, &lines[i], e);
		dropped += is_dropped[i];
	}
	/* A post that says nothing else says that: "All systems are up." */
	if (dropped == 0 || dropped == count)
		return;
	html = html_without_lines(a, e->html, lines, is_dropped, count);
	if (is_dropped[count - 1])
		drop_last_rule(html);
	e->html = html;
	e->text = html_to_text_count(a, html, TEXT_COLUMNS, &words);
	e->words = (int64_t)words;
}
