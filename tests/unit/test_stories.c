/* SPDX-License-Identifier: ISC */
/*
 * Which posts tell one story, measured on pairs written and labelled by hand
 * (tests/fixtures/stories/README).  Prints precision and recall.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "digest/post_cache.h"
#include "digest/stories.h"

/* 2026-10-14T06:00:00Z */
enum { NOW = 1791957600, POSTS_MOST = 8, PAST_MOST = 20 };

/* ---- letters of a few posts, as fixtures write them ---- */

struct letter {
	struct arena *a;
	const char *name;
	bool is_same; /* as it is labelled */
	struct source sources[POSTS_MOST];
	struct entry entries[POSTS_MOST];
	struct story_post posts[POSTS_MOST];
	size_t count;
	struct story_past past[PAST_MOST];
	size_t past_count;
};

/* "[words](address)" as links. */
static const char *
html_of(struct arena *a, const char *line)
{
	struct buf b = BUF_INIT(65536);
	const char *html = NULL;

	buf_adds(&b, "<p>");
	while (*line) {
		const char *middle = *line == '[' ? strstr(line, "](") : NULL;
		const char *end = middle ? strchr(middle, ' ') : NULL;

		if (!middle) {
			buf_addc(&b, *line++);
			continue;
		}
		/* The address ends at the last ")" before a blank. */
		end = end ? end : middle + strlen(middle);
		while (*end != ')')
			end--;
		buf_addf(&b, "<a href=\"%.*s\">%.*s</a>", (int)(end - middle) - 2,
		    middle + 2, (int)(middle - line) - 1, line + 1);
		line = end + 1;
	}
	buf_adds(&b, "</p>");
	html = arena_strdup(a, buf_text(&b));
	buf_clear(&b);
	return html;
}

static void
begin_post(struct letter *l, const char *words)
{
	const size_t i = l->count++;
	const size_t site = strcspn(words, " ");

	assert_true(i < POSTS_MOST);
	l->sources[i] = (struct source){ .id = (int64_t)i + 1,
		.link = arena_strndup(l->a, words, site),
		.url = arena_printf(l->a, "%.*sfeed.xml", (int)site, words) };
	l->entries[i] = (struct entry){ .id = (int64_t)i + 1,
		.source_id = (int64_t)i + 1,
		.link = arena_strdup(l->a, words + site + 1),
		.published = NOW,
		.updated = TIME_NONE };
	l->posts[i] = (struct story_post){ &l->entries[i], &l->sources[i] };
}

static void
read_line(struct letter *l, const char *line)
{
	struct entry *e = l->count > 0 ? &l->entries[l->count - 1] : NULL;

	if (line[0] == '@') {
		begin_post(l, line + 2);
	} else if (e && line[0] == '#') {
		e->title = arena_strdup(l->a, line + 2);
	} else if (e && line[0] == '<') {
		assert_true(l->past_count < PAST_MOST);
		l->past[l->past_count++] =
		    (struct story_past){ e->source_id, html_of(l->a, line + 2) };
	} else if (e && *line) {
		e->html = arena_printf(l->a, "%s%s", e->html ? e->html : "",
		    html_of(l->a, line));
	}
}

/* The next letter of a file; false at its end. */
static bool
next_letter(struct arena *a, const char **at, struct letter *l)
{
	memset(l, 0, sizeof(*l));
	l->a = a;
	while (**at) {
		const size_t len = strcspn(*at, "\n");
		const char *line = arena_strndup(a, *at, len);

		if (*line == '=' && l->name)
			return true;
		*at += len + ((*at)[len] == '\n');
		if (*line == '=') {
			l->is_same = strncmp(line, "= same", 6) == 0;
			l->name = strchr(line, '|') + 2;
		} else if (l->name) {
			read_line(l, line);
		}
	}
	return l->name != NULL;
}

static const struct story_place *
find_with(struct letter *l, struct post_cache *known)
{
	struct stories *s =
	    stories_read(l->a, l->posts, l->count, "Planet Python", known);

	return stories_find(s, l->past, l->past_count);
}

static void
expect_same_places(const struct letter *l, const struct story_place *got,
    const struct story_place *want)
{
	for (size_t i = 0; i < l->count; i++) {
		assert_int_equal(got[i].story, want[i].story);
		assert_int_equal(got[i].is_head, want[i].is_head);
		assert_int_equal(got[i].talker_count, want[i].talker_count);
		for (size_t k = 0; k < want[i].talker_count; k++)
			assert_int_equal(got[i].talkers[k], want[i].talkers[k]);
	}
}

/* The same when other letters, with fewer and with all of the posts, were read before. */
static const struct story_place *
find(struct letter *l)
{
	struct post_cache *known = post_cache_new();
	const struct story_place *places = find_with(l, NULL);
	const size_t count = l->count;

	l->count = count > 1 ? count - 1 : count;
	(void)find_with(l, known);
	l->count = count;
	for (int i = 0; i < 2; i++)
		expect_same_places(l, find_with(l, known), places);
	post_cache_free(known);
	return places;
}

/* ---- the measure ---- */

struct score {
	size_t found, found_right, same, pairs;
};

static void
judge(struct letter *l, struct score *score)
{
	const struct story_place *places = find(l);
	const bool joined = places[0].story > 0 && places[0].story == places[1].story;

	assert_int_equal(l->count, 2);
	score->pairs++;
	score->same += l->is_same;
	score->found += joined;
	score->found_right += joined && l->is_same;
	if (joined != l->is_same)
		printf("  %s: %s\n", joined ? "joined, but different" : "missed",
		    l->name);
}

static void
read_pairs(const char *path, struct score *score)
{
	struct arena *a = arena_new();
	struct buf b = BUF_INIT(1024 * 1024);
	struct err err = ERR_INIT;
	struct letter l;
	const char *at = NULL;

	if (!file_read(path, &b, &err))
		fail_msg("%s", err.text);
	at = buf_text(&b);
	while (next_letter(a, &at, &l))
		judge(&l, score);
	buf_clear(&b);
	arena_free(a);
}

static void
measure(const char *name, const char *const *paths, size_t count)
{
	struct score s = { 0 };
	double precision = 0;
	double recall = 0;

	for (size_t i = 0; i < count; i++)
		read_pairs(paths[i], &s);
	precision = s.found ? (double)s.found_right / (double)s.found : 0;
	recall = s.same ? (double)s.found_right / (double)s.same : 0;
	printf("%s: %zu pairs, %zu of one story: precision %.3f, recall %.3f\n", name,
	    s.pairs, s.same, precision, recall);
	assert_true(precision >= 0.98);
	assert_true(recall >= 0.6);
}

static void
pairs_are_told_apart(void **state)
{
	static const char *const paths[] = { "tests/fixtures/stories/same.txt",
		"tests/fixtures/stories/different.txt", "tests/fixtures/stories/more.txt",
		"tests/fixtures/stories/held-back.txt" };

	(void)state;
	measure("the rules' own pairs", paths, 3);
	measure("pairs held back", paths + 3, 1);
	measure("all", paths, 4);
}

/* ---- more than two posts ---- */

static void
letter_of(struct letter *l, const char *text)
{
	if (!next_letter(arena_new(), &text, l))
		fail_msg("no letter");
}

/* "1 1* 0 2(0 1)": number of the story, * for its head, in brackets who talks about it. */
static const char *
print_places(struct letter *l)
{
	const struct story_place *places = find(l);
	const char *text = "";

	for (size_t i = 0; i < l->count; i++) {
		text = arena_printf(l->a, "%s%s%zu%s", text, i ? " " : "",
		    places[i].story, places[i].is_head ? "*" : "");
		for (size_t k = 0; k < places[i].talker_count; k++)
			text = arena_printf(l->a, "%s%s%zu%s", text, k ? " " : "(",
			    places[i].talkers[k],
			    k + 1 == places[i].talker_count ? ")" : "");
	}
	return text;
}

static void
expect_places(const char *name, const char *letter, const char *want)
{
	struct letter l;
	const char *got = NULL;

	letter_of(&l, letter);
	got = print_places(&l);
	if (strcmp(got, want) != 0)
		fail_msg("%s: got %s, want %s", name, got, want);
	arena_free(l.a);
}

static const struct {
	const char *name, *letter, *want;
} place_cases[] = {
	{ "a reply, a list of links and a post of another matter",
	    "= same | x\n"
	    "@ https://a.example/ https://a.example/posts/the-new-parser\n"
	    "# The new parser\nWords.\n"
	    "@ https://b.example/ https://b.example/reply\n"
	    "# Parser news\n[It](https://a.example/posts/the-new-parser#x)\n"
	    "@ https://c.example/ https://c.example/tea\n# Tea\nTea.\n"
	    "@ https://d.example/ https://d.example/links\n# Links\n"
	    "[1](http://www.a.example/posts/the-new-parser/?utm_source=d) "
	    "[2](https://x1.example/2026/10/one-of-many) "
	    "[3](https://x2.example/2026/10/one-of-many) "
	    "[4](https://x3.example/2026/10/one-of-many) "
	    "[5](https://x4.example/2026/10/one-of-many)\n",
	    "1*(1 3) 1 0 0" },
	{ "two stories",
	    "= same | x\n"
	    "@ https://a.example/ https://a.example/1\n# Krita 6.1 released\n"
	    "@ https://b.example/ https://b.example/2\n# Gimp 3.4 released\n"
	    "@ https://c.example/ https://c.example/3\n# Krita 6.1 is out\n"
	    "@ https://d.example/ https://d.example/4\n# Gimp 3.4 is out\n"
	    "@ https://e.example/ https://e.example/5\n# Krita 6.2 is out\n",
	    "1 2 1 2 0" },
	{ "what every post of a blog links to is no talk",
	    "= same | x\n"
	    "@ https://a.example/ https://a.example/posts/my-book-is-out\n"
	    "# My book is out\nWords.\n"
	    "@ https://b.example/ https://b.example/1\n# Soup\n"
	    "[book](https://a.example/posts/my-book-is-out)\n"
	    "< [book](https://a.example/posts/my-book-is-out)\n"
	    "< [book](https://a.example/posts/my-book-is-out)\n",
	    "0 0" },
	{ "one blog's posts are no story",
	    "= same | x\n"
	    "@ https://a.example/ https://a.example/1\n# Krita 6.1 released\n",
	    "0" },
	{ "two of a letter's posts are one blog's",
	    "= same | x\n"
	    "@ https://a.example/ https://a.example/1\n# Krita 6.1 released\n"
	    "@ https://b.example/ https://b.example/2\n# Tea\n"
	    "[1](https://a.example/1)\n"
	    "@ https://c.example/ https://c.example/3\n# Cake\n"
	    "[1](https://a.example/1)\n",
	    "0(1 2) 0 0" },
	{ "the head is what most link to",
	    "= same | x\n"
	    "@ https://a.example/ https://a.example/posts/krita-is-new\n"
	    "# Krita 6.1 released\nWords.\n"
	    "@ https://b.example/ https://b.example/posts/krita-is-out\n"
	    "# Krita 6.1 is out\n[1](https://a.example/posts/krita-is-new)\n"
	    "@ https://c.example/ https://c.example/3\n# Krita 6.1 available\n"
	    "[1](https://b.example/posts/krita-is-out)\n"
	    "@ https://d.example/ https://d.example/4\n# Krita 6.1 is here\n"
	    "[1](https://b.example/posts/krita-is-out)\n",
	    "1(1) 1*(2 3) 1 1" },
	{ "the first of two that as many link to",
	    "= same | x\n"
	    "@ https://a.example/ https://a.example/posts/krita-is-new\n"
	    "# Krita 6.1 released\nWords.\n"
	    "@ https://b.example/ https://b.example/posts/krita-is-out\n"
	    "# Krita 6.1 is out\n[1](https://a.example/posts/krita-is-new)\n"
	    "@ https://c.example/ https://c.example/3\n# Krita 6.1 available\n"
	    "[1](https://b.example/posts/krita-is-out)\n",
	    "1*(1) 1(2) 1" },
	{ "a post about a link, and one that links to the same",
	    "= same | x\n"
	    "@ https://a.example/ https://n.example/posts/the-long-walk\n# Fig\n"
	    "@ https://b.example/ https://b.example/2\n# Tea\n"
	    "[1](https://n.example/posts/the-long-walk)\n",
	    "1 1" },
	{ "with two links it says nothing",
	    "= same | x\n"
	    "@ https://a.example/ https://n.example/posts/the-long-walk\n# Fig\n"
	    "@ https://b.example/ https://b.example/2\n# Tea\n"
	    "[1](https://n.example/posts/the-long-walk) "
	    "[2](https://x.example/posts/another-walk-of-ours)\n",
	    "0 0" },
	{ "each further page is a point",
	    "= same | x\n"
	    "@ https://a.example/ https://a.example/1\n# Fig Cake\n"
	    "[1](https://n.example/posts/the-long-walk) "
	    "[2](https://x.example/posts/another-walk-of-ours)\n"
	    "@ https://b.example/ https://b.example/2\n# Fig Tea\n"
	    "[1](https://n.example/posts/the-long-walk) "
	    "[2](https://x.example/posts/another-walk-of-ours)\n",
	    "1 1" },
	{ "that of one is none",
	    "= same | x\n"
	    "@ https://a.example/ https://a.example/1\n# Fig Cake\n"
	    "[1](https://n.example/posts/the-long-walk) "
	    "[2](https://x.example/posts/another-walk-of-ours)\n"
	    "@ https://b.example/ https://b.example/2\n# Fig Tea\n"
	    "[1](https://n.example/posts/the-long-walk) "
	    "[2](https://x.example/posts/a-walk-of-theirs-alone)\n",
	    "0 0" },
	{ "nor behind a story",
	    "= same | x\n"
	    "@ https://c.example/ https://c.example/3\n# Krita 6.1 released\n"
	    "@ https://d.example/ https://d.example/4\n# Krita 6.1 is out\n"
	    "@ https://a.example/ https://a.example/1\n# Fig Cake\n"
	    "[1](https://n.example/posts/the-long-walk) "
	    "[2](https://x.example/posts/another-walk-of-ours)\n"
	    "@ https://b.example/ https://b.example/2\n# Fig Tea\n"
	    "[1](https://n.example/posts/the-long-walk) "
	    "[2](https://x.example/posts/a-walk-of-theirs-alone)\n",
	    "1 1 0 0" },
};

static void
places_are_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(place_cases); i++)
		expect_places(place_cases[i].name, place_cases[i].letter,
		    place_cases[i].want);
}

/* ---- how many points make a story ---- */

/* A post of a blog with so many links, one of them (counted from 0) to the page. */
static void
write_post(struct buf *b, char blog, const char *title, size_t focus, size_t rank,
    const char *page)
{
	buf_addf(b,
	    "@ https://%c.example/ https://%c.example/posts/the-post\n# %s\nWords", blog,
	    blog, title);
	for (size_t i = 0; i < focus; i++) {
		if (i == rank)
			buf_addf(b, " [it](%s)", page);
		else
			buf_addf(b, " [x](https://%c%zu.example/2026/10/one-of-many)",
			    blog, i);
	}
	buf_adds(b, "\n");
}

/* Titles that have so many words in common with the first. */
static const char *const titles[] = { "Fig Grape Honey Iris Jasmine",
	"Apple Grape Honey Iris Jasmine", "Apple Banana Honey Iris Jasmine",
	"Apple Banana Cherry Iris Jasmine" };
static const char first_title[] = "Apple Banana Cherry Dates Elder";

/* What links to a post: two points for the post, up to two for the link, one a word. */
static const struct {
	size_t focus, rank, shared;
	bool is_story;
} replies[] = {
	/* clang-format off */
	{ 1, 0, 0, false }, { 1, 0, 1, true },
	{ 2, 1, 1, true }, { 3, 2, 1, true }, { 4, 3, 1, false }, { 4, 1, 1, false },
	{ 4, 0, 1, true }, { 6, 0, 1, true }, { 7, 0, 1, false },
	{ 4, 1, 2, true }, { 7, 0, 2, true }, { 12, 11, 2, true }, { 13, 0, 3, false },
	{ 12, 11, 3, true }, { 2, 0, 0, false },
	/* clang-format on */
};

static void
replies_are_weighed(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(replies); i++) {
		struct buf b = BUF_INIT(65536);
		char name[80];

		(void)snprintf(name, sizeof(name), "link %zu of %zu, %zu words",
		    replies[i].rank, replies[i].focus, replies[i].shared);
		buf_adds(&b, "= same | x\n");
		write_post(&b, 'a', first_title, 0, 0, "");
		write_post(&b, 'b', titles[replies[i].shared], replies[i].focus,
		    replies[i].rank, "https://a.example/posts/the-post");
		expect_places(name, buf_text(&b),
		    replies[i].is_story ? "1*(1) 1" : "0(1) 0");
		buf_clear(&b);
	}
}

/* Two posts that link to a third page. */
static const struct {
	const char *name;
	size_t one, two; /* their links, that to the page the first */
	size_t shared;
	const char *page;
	bool is_story;
} links[] = {
	/* clang-format off */
	{ "nothing else", 1, 1, 0, "https://n.example/posts/the-long-walk", false },
	{ "a word of both titles", 1, 1, 1, "https://n.example/posts/the-long-walk", true },
	{ "a new page", 1, 1, 0, "https://n.example/2026/10/the-long-walk", true },
	{ "an old page", 1, 1, 0, "https://n.example/2025/10/the-long-walk", false },
	{ "a word of each in its address", 1, 1, 0, "https://n.example/posts/apple-and-fig", true },
	{ "a word of one in it", 1, 1, 0, "https://n.example/posts/apple-and-ash", false },
	{ "a word of the other in it", 1, 1, 0, "https://n.example/posts/fig-and-ash", false },
	{ "three links each, two words", 3, 3, 2, "https://n.example/posts/the-long-walk", true },
	{ "three links each, a word", 3, 3, 1, "https://n.example/posts/the-long-walk", false },
	{ "and a new page", 3, 3, 1, "https://n.example/2026/10/the-long-walk", true },
	{ "and a word in the address", 3, 3, 1, "https://n.example/posts/apple-and-ash", true },
	{ "three words count as two", 3, 7, 3, "https://n.example/posts/the-long-walk", false },
	{ "a new page counts beside them", 3, 7, 3, "https://n.example/2026/10/the-long-walk", true },
	{ "beside two", 3, 7, 2, "https://n.example/2026/10/the-long-walk", true },
	{ "the other way round", 7, 3, 2, "https://n.example/2026/10/the-long-walk", true },
	{ "a list of links", 1, 13, 3, "https://n.example/2026/10/the-long-walk", false },
	{ "it first", 13, 1, 3, "https://n.example/2026/10/the-long-walk", false },
	{ "less than such a list", 1, 12, 1, "https://n.example/2026/10/the-long-walk", true },
	/* clang-format on */
};

static void
links_to_a_page_are_weighed(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(links); i++) {
		struct buf b = BUF_INIT(65536);

		buf_adds(&b, "= same | x\n");
		write_post(&b, 'a', first_title, links[i].one, 0, links[i].page);
		write_post(&b, 'b', titles[links[i].shared], links[i].two, 0,
		    links[i].page);
		expect_places(links[i].name, buf_text(&b),
		    links[i].is_story ? "1 1" : "0 0");
		buf_clear(&b);
	}
}

/* Posts of a blog before this one, each with a link to the page or without. */
static const struct {
	size_t with, without;
	bool is_talk;
} habits[] = {
	{ 0, 0, true },
	{ 1, 0, true },
	{ 0, 2, true },
	{ 1, 1, false },
	{ 2, 0, false },
	{ 1, 2, true },
	{ 2, 2, false },
	{ 2, 3, true },
};

static void
write_blog(struct buf *b, size_t with, size_t without)
{
	write_post(b, 'b', titles[0], 1, 0, "https://a.example/posts/the-post");
	for (size_t k = 0; k < with; k++)
		buf_adds(b, "< [it](https://a.example/posts/the-post)\n");
	for (size_t k = 0; k < without; k++)
		buf_adds(b, "< [x](https://c.example/posts/another-post)\n");
}

static void
what_stands_in_most_posts_is_no_talk(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(habits); i++) {
		struct buf b = BUF_INIT(65536);
		char name[80];

		(void)snprintf(name, sizeof(name), "%zu with and %zu without",
		    habits[i].with, habits[i].without);
		buf_adds(&b, "= same | x\n");
		write_post(&b, 'a', first_title, 0, 0, "");
		write_blog(&b, habits[i].with, habits[i].without);
		expect_places(name, buf_text(&b), habits[i].is_talk ? "0(1) 0" : "0 0");
		buf_reset(&b);
		buf_adds(&b, "= same | x\n");
		write_blog(&b, habits[i].with, habits[i].without);
		write_post(&b, 'a', first_title, 0, 0, "");
		expect_places(name, buf_text(&b), habits[i].is_talk ? "0 0(0)" : "0 0");
		buf_clear(&b);
	}
}

/* Posts that only have a word in common with others, and a reply that has it too. */
static void
words_of_many_titles_tell_nothing(void **state)
{
	static const struct {
		size_t others;
		const char *first, *want;
	} cases[] = {
		{ 0, "Apple Banana", "1*(1) 1" },
		{ 1, "Apple Banana", "1*(1) 1 0" },
		{ 2, "Apple Banana", "0(1) 0 0 0" },
		{ 3, "Apple Banana", "0(1) 0 0 0 0" },
		{ 0, "Planet Banana", "0(1) 0" },
		{ 0, "Python Banana", "0(1) 0" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf b = BUF_INIT(65536);
		char name[80];

		(void)snprintf(name, sizeof(name), "%s and %zu others", cases[i].first,
		    cases[i].others);
		buf_adds(&b, "= same | x\n");
		write_post(&b, 'a', cases[i].first, 0, 0, "");
		write_post(&b, 'b', "Fig Apple Planet Python Cherry", 1, 0,
		    "https://a.example/posts/the-post");
		for (size_t k = 0; k < cases[i].others; k++)
			write_post(&b, (char)('c' + k), k % 2 ? "Apple Ivy" : "Oak Apple",
			    0, 0, "");
		expect_places(name, buf_text(&b), cases[i].want);
		buf_clear(&b);
	}
}

#define POST(blog, link, links) \
	"@ https://" blog ".example/ " link "\n# Title\nWords " links "\n"
#define WALK "[1](https://n.example/posts/the-long-walk)"
#define OTHER "[1](https://x.example/posts/another-walk-of-ours)"

/* Whose older posts matter: sources are counted from 1. */
static const struct {
	const char *name, *letter, *want;
} suspect_cases[] = {
	{ "two that link to a page",
	    POST("a", "https://a.example/1", WALK) POST("b", "https://b.example/2", WALK),
	    "1 2" },
	{ "the other order of pages",
	    POST("a", "https://a.example/1", OTHER " " WALK) POST("b",
		"https://b.example/2", WALK) POST("c", "https://c.example/3", OTHER),
	    "1 2 3" },
	{ "two pages of both",
	    POST("a", "https://a.example/1", WALK " " OTHER)
		POST("b", "https://b.example/2", OTHER " " WALK),
	    "1 2" },
	{ "what links to a post",
	    POST("a", "https://a.example/1", "")
		POST("b", "https://b.example/2", "[1](https://a.example/1)"),
	    "2" },
	{ "a post about a page, and what links to it",
	    POST("a", "https://n.example/posts/the-long-walk", "")
		POST("b", "https://b.example/2", WALK),
	    "2" },
	{ "a page that is no story",
	    POST("a", "https://a.example/1", "[1](https://en.wikipedia.org/wiki/Walk)")
		POST("b", "https://b.example/2",
		    "[1](https://en.wikipedia.org/wiki/Walk)"),
	    "" },
	{ "pages of one alone",
	    POST("a", "https://a.example/1", WALK)
		POST("b", "https://b.example/2", OTHER),
	    "" },
};

static void
sources_that_share_a_link_are_suspects(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(suspect_cases); i++) {
		const char *got = "";
		struct letter l;
		struct stories *s = NULL;
		const int64_t *ids = NULL;
		size_t count = 0;
		struct buf b = BUF_INIT(65536);

		buf_addf(&b, "= same | x\n%s", suspect_cases[i].letter);
		letter_of(&l, buf_text(&b));
		s = stories_read(l.a, l.posts, l.count, "Planet", NULL);
		ids = stories_suspects(s, &count);
		for (size_t k = 0; k < count; k++)
			got = arena_printf(l.a, "%s%s%d", got, k ? " " : "", (int)ids[k]);
		if (strcmp(got, suspect_cases[i].want) != 0)
			fail_msg("%s: got \"%s\", want \"%s\"", suspect_cases[i].name,
			    got, suspect_cases[i].want);
		arena_free(l.a);
		buf_clear(&b);
	}
}

/* Titles that agree make one story of as many posts as one may have; the others stand alone. */
static void
a_story_has_a_most_of_posts(void **state)
{
	enum { MANY = LIMIT_STORY_POSTS + 1 };
	struct arena *a = arena_new();
	struct source *sources = arena_array(a, MANY, sizeof(*sources));
	struct entry *entries = arena_array(a, MANY, sizeof(*entries));
	struct story_post *posts = arena_array(a, MANY, sizeof(*posts));

	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		sources[i] = (struct source){ .id = (int64_t)i + 1,
			.link = arena_printf(a, "https://b%zu.example/", i) };
		entries[i] = (struct entry){ .id = (int64_t)i + 1,
			.title = "Krita 6.1 released",
			.link = arena_printf(a, "https://b%zu.example/1", i),
			.published = NOW };
		posts[i] = (struct story_post){ &entries[i], &sources[i] };
	}
	for (size_t count = 1; count <= MANY; count++) {
		struct stories *s = stories_read(a, posts, count, "Planet", NULL);
		const struct story_place *places = stories_find(s, NULL, 0);

		for (size_t i = 0; i < count; i++)
			assert_int_equal(places[i].story,
			    count > 1 && i < LIMIT_STORY_POSTS);
	}
	arena_free(a);
}

static void
no_posts_tell_none(void **state)
{
	struct arena *a = arena_new();
	struct stories *s = stories_read(a, NULL, 0, "Planet of many words", NULL);
	size_t count = 1;

	(void)state;
	assert_non_null(stories_suspects(s, &count));
	assert_int_equal(count, 0);
	assert_non_null(stories_find(s, NULL, 0));
	arena_free(a);
}

/* A page that more blogs link to than tell a story is a commonplace. */
static void
what_everybody_links_to_is_no_story(void **state)
{
	enum { MANY = 2000 };
	struct arena *a = arena_new();
	struct source *sources = arena_array(a, MANY, sizeof(*sources));
	struct entry *entries = arena_array(a, MANY, sizeof(*entries));
	struct story_post *posts = arena_array(a, MANY, sizeof(*posts));
	const struct story_place *places = NULL;
	size_t suspects = 0;

	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		sources[i] = (struct source){ .id = (int64_t)i + 1,
			.link = arena_printf(a, "https://b%zu.example/", i),
			.url = arena_printf(a, "https://b%zu.example/feed", i) };
		entries[i] = (struct entry){ .id = (int64_t)i + 1,
			.source_id = (int64_t)i + 1,
			.title = "The same words in many titles",
			.html =
			    "<p><a href=\"https://n.example/2026/10/the-news\">n</a></p>",
			.link = arena_printf(a, "https://b%zu.example/1", i),
			.published = NOW };
		posts[i] = (struct story_post){ &entries[i], &sources[i] };
	}
	struct stories *s = stories_read(a, posts, MANY, "Planet", NULL);

	assert_non_null(stories_suspects(s, &suspects));
	places = stories_find(s, NULL, 0);
	assert_true(suspects <= LIMIT_STORY_SUSPECTS);
	for (size_t i = 0; i < MANY; i++)
		assert_int_equal(places[i].story, 0);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pairs_are_told_apart),
		cmocka_unit_test(places_are_found),
		cmocka_unit_test(replies_are_weighed),
		cmocka_unit_test(links_to_a_page_are_weighed),
		cmocka_unit_test(what_stands_in_most_posts_is_no_talk),
		cmocka_unit_test(words_of_many_titles_tell_nothing),
		cmocka_unit_test(sources_that_share_a_link_are_suspects),
		cmocka_unit_test(a_story_has_a_most_of_posts),
		cmocka_unit_test(no_posts_tell_none),
		cmocka_unit_test(what_everybody_links_to_is_no_story),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
