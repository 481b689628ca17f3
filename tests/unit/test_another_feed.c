/* SPDX-License-Identifier: ISC */
/* Whether what answers is another feed than before, and what is kept of what a feed says. */
#include "unit/flow_fixture.h"

#include "fetch/http.h"
#include "flow/another_feed.h"

static const struct source known = { .title = "Old",
	.self = "https://old.example/feed",
	.language = "en",
	.last_ok = NOW - 86400 };
static const struct feed other = { .title = "New",
	.self = "https://new.example/feed",
	.language = "de" };

/* One thing is otherwise in each row. */
static const struct {
	const char *name;
	struct source source;
	struct feed feed;
	bool seems;
} rows[] = {
	{ "all at once", { 0 }, { 0 }, true },
	{ "never read before", { .last_ok = TIME_NONE }, { 0 }, false },
	{ "let in by a person", { .verdict = VERDICT_RELEASE }, { 0 }, false },
	{ "it had no title", { .title = "-" }, { 0 }, false },
	{ "it had no address", { .self = "-" }, { 0 }, false },
	{ "it has no title", { 0 }, { .title = "-" }, false },
	{ "it has no address", { 0 }, { .self = "-" }, false },
	{ "the same title", { 0 }, { .title = "Old" }, false },
	{ "the same address", { 0 }, { .self = "https://old.example/feed" }, false },
	{ "the same language", { 0 }, { .language = "EN" }, false },
	{ "it had no language", { .language = "-" }, { 0 }, true },
	{ "it has no language", { 0 }, { .language = "-" }, true },
	{ "neither has one", { .language = "-" }, { .language = "-" }, false },
};

/* "-" takes away what stands there. */
static const char *
changed(const char *was, const char *is)
{
	if (!is)
		return was;
	return strcmp(is, "-") == 0 ? NULL : is;
}

static void
what_changed_all_at_once_is_another_feed(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct source s = known;
		struct feed f = other;
		const char *how = NULL;

		s.title = changed(s.title, rows[i].source.title);
		s.self = changed(s.self, rows[i].source.self);
		s.language = changed(s.language, rows[i].source.language);
		s.verdict = rows[i].source.verdict;
		if (rows[i].source.last_ok != 0)
			s.last_ok = rows[i].source.last_ok;
		f.title = changed(f.title, rows[i].feed.title);
		f.self = changed(f.self, rows[i].feed.self);
		f.language = changed(f.language, rows[i].feed.language);
		how = feed_seems_another(a, &s, &f);
		SAME_INT(rows[i].name, how != NULL, rows[i].seems);
		if (how)
			SAME_TEXT(rows[i].name, how,
			    "title, language and own address changed at once: it was "
			    "\"Old\" at https://old.example/feed, it is \"New\" at "
			    "https://new.example/feed");
	}
	arena_free(a);
}

static const char *
facts(struct arena *a, const struct source *s)
{
	return arena_printf(a, "%s|%s|%s|%s|%s|%s|%s", s->title ? s->title : "",
	    s->link ? s->link : "", s->language ? s->language : "",
	    s->self ? s->self : "", s->etag ? s->etag : "",
	    s->last_modified ? s->last_modified : "", s->hub ? s->hub : "");
}

static void
what_a_feed_says_of_itself_is_kept(void **state)
{
	static const struct {
		const char *name;
		struct feed feed;
		bool is_doubtful;
		const char *want;
	} cases[] = {
		{ "all of it",
		    { .title = "T",
			.link = "https://a.example/",
			.language = "de",
			.self = "https://a.example/feed",
			.hub = "https://hub.example/" },
		    false,
		    "T|https://a.example/|en|https://a.example/feed|tag|date|"
		    "https://hub.example/" },
		{ "nothing", { .title = "", .self = "" }, false,
		    "was|https://was.example/|en|https://was.example/feed|tag|date|" },
		{ "a link that is none of the web",
		    { .title = "T", .link = "mailto:a@b" }, false,
		    "T|https://was.example/|en|https://was.example/feed|tag|date|" },
		{ "in doubt", { .title = "T", .link = "https://a.example/", .hub = "h" },
		    true,
		    "was|https://was.example/|en|https://was.example/feed|tag|date|h" },
		{ "a half", { .title = "T", .torn = true }, false,
		    "T|https://was.example/|en|https://was.example/feed|||" },
	};
	static const struct http_response resp = { .etag = "tag",
		.last_modified = "date" };
	struct arena *a = arena_new();
	struct source fresh = { .etag = "old" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct source s = { .title = "was",
			.link = "https://was.example/",
			.language = "en",
			.self = "https://was.example/feed",
			.hub = "https://was.example/hub",
			.etag = "old" };

		feed_take_facts(&s, &cases[i].feed, &resp, cases[i].is_doubtful);
		SAME_TEXT(cases[i].name, facts(a, &s), cases[i].want);
	}
	feed_take_facts(&fresh, &other, &resp, false);
	SAME_TEXT("its language when none was known", facts(a, &fresh),
	    "New||de|https://new.example/feed|tag|date|");
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_changed_all_at_once_is_another_feed),
		cmocka_unit_test(what_a_feed_says_of_itself_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
