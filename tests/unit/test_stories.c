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
places_are_found(void **state)
{
	static const struct {
		const char *name, *letter, *want;
	} cases[] = {
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
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct letter l;
		const char *got = NULL;

		letter_of(&l, cases[i].letter);
		got = print_places(&l);
		if (strcmp(got, cases[i].want) != 0)
			fail_msg("%s: got %s, want %s", cases[i].name, got,
			    cases[i].want);
		arena_free(l.a);
	}
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
		cmocka_unit_test(what_everybody_links_to_is_no_story),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
