/* SPDX-License-Identifier: ISC */
/* What is said of a feed in trouble, what mends it, and where it went. */
#include "unit/cmd_fixture.h"

#include "cmd/health_words.h"
#include "fetch/poll_policy.h"

static const struct {
	const char *name;
	enum source_state state;
	const char *note;
	int64_t held, held_more;
	const char *words, *target, *mend; /* NULL: none */
} cases[] = {
	{ "well", SOURCE_OK, NULL, 0, 0, NULL, NULL, "test k" },
	{ "held", SOURCE_OK, NULL, 2, 0, "2 unseen posts are held: release or drop", NULL,
	    "release k" },
	{ "one", SOURCE_OK, NULL, 1, 0, "1 unseen post is held: release or drop", NULL,
	    "release k" },
	{ "one that is not stored", SOURCE_OK, NULL, 0, 1,
	    "1 unseen post is held: release or drop", NULL, "release k" },
	{ "some of which are not", SOURCE_FAILING, NULL, 2, 3,
	    "5 unseen posts are held: release or drop", NULL, "release k" },
	{ "another feed", SOURCE_CHANGED, "other posts", 4, 0, "other posts", NULL,
	    "release k" },
	{ "moved", SOURCE_MOVED, "https://u:p@new.example/f", 0, 0,
	    "moved for good to https://new.example/f", "https://u:p@new.example/f",
	    "move k" },
	{ "nobody knows where", SOURCE_MOVED, NULL, 0, 0,
	    "moved for good to another address", NULL, "move k" },
	{ "a page that names a feed", SOURCE_WEB_PAGE,
	    "a web page" POLL_PAGE_NAMES "https://u:p@b.example/f", 0, 0,
	    "a web page" POLL_PAGE_NAMES "https://u:p@b.example/f",
	    "https://u:p@b.example/f", "move k https://b.example/f" },
	{ "a page that names none", SOURCE_WEB_PAGE, "a web page, not a feed", 0, 0,
	    "a web page, not a feed", NULL, "test k" },
	{ "a page", SOURCE_WEB_PAGE, NULL, 0, 0, "web-page", NULL, "test k" },
	/* Only a page names feeds. */
	{ "words like those of a page", SOURCE_FAILING,
	    "x" POLL_PAGE_NAMES "https://b.example/f", 0, 0,
	    "x" POLL_PAGE_NAMES "https://b.example/f", NULL, "test k" },
	{ "gone", SOURCE_GONE, "410 Gone", 0, 0, "410 Gone", NULL, "remove k" },
	{ "twice", SOURCE_DUPLICATE, "the posts of a", 0, 0, "the posts of a", NULL,
	    "remove k" },
	{ "fails", SOURCE_FAILING, NULL, 0, 0, "failing", NULL, "test k" },
	{ "refused", SOURCE_REFUSED, "403 Forbidden", 0, 0, "403 Forbidden", NULL,
	    "test k" },
	{ "broken", SOURCE_MALFORMED, "line 9", 0, 0, "line 9", NULL, "test k" },
	{ "quiet", SOURCE_STALE, NULL, 0, 0, "stale", NULL, "test k" },
	{ "slow", SOURCE_SLOW, NULL, 0, 0, "slow", NULL, "test k" },
};

static void
expect(const char *name, const char *what, const char *got, const char *want)
{
	if (!got != !want || (got && strcmp(got, want) != 0))
		fail_msg("%s, %s: got %s, want %s", name, what, got ? got : "none",
		    want ? want : "none");
}

static void
troubles_have_words_and_a_way_out(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct source s;

		memset(&s, 0, sizeof(s));
		s.key = "k";
		s.url = "https://old.example/f";
		s.state = cases[i].state;
		s.state_note = cases[i].note;
		s.held = cases[i].held;
		s.held_more = cases[i].held_more;
		expect(cases[i].name, "words", health_words(a, &s), cases[i].words);
		expect(cases[i].name, "target", health_target(a, &s), cases[i].target);
		expect(cases[i].name, "mends it", health_mend(a, &s),
		    arena_printf(a, "planetpost feed %s", cases[i].mend));
	}
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(troubles_have_words_and_a_way_out),
	};

	return cmocka_run_group_tests_name("health words", tests, NULL, NULL);
}
