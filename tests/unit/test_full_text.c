/* SPDX-License-Identifier: ISC */
/* Rounds over feeds of which the posts' own pages, or a program of the keeper's, say more. */
#include "unit/flow_fixture.h"
#include "unit/own_web_server.h"

#include "flow/being_read.h"
#include "flow/entry_filter.h"
#include "flow/feed_options.h"
#include "flow/full_text.h"
#include "flow/gather.h"
#include "flow/source_lists.h"
#include "store/entry_pages.h"
#include "store/transactions.h"

static void
begin(struct flow_test *t)
{
	flow_begin(t);
	t->settings.config.fetch.allow_private = true;
	t->settings.config.fetch.allow_files = true;
	t->settings.config.fetch.host_pause_ms = 0;
	t->settings.config.fetch.proxy = "none";
}

static size_t
posts_where(struct flow_test *t, const char *condition)
{
	int64_t n = 0;

	MUST(db_number(t->run.store,
	    arena_printf(t->run.arena, "SELECT COUNT(*) FROM entry WHERE %s", condition),
	    &n, err));
	return (size_t)n;
}

/* path: of our server. */
static struct listed_feed *
add_spec(struct flow_test *t, const char *path)
{
	struct settings *s = &t->settings;

	s->sources = arena_array(t->run.arena, 1, sizeof(*s->sources));
	s->source_count = 1;
	s->sources[0] = (struct listed_feed){ .key = "a",
		.url =
		    arena_printf(t->run.arena, "http://127.0.0.1:%d%s", web.port, path),
		.max_per_feed = -1 };
	return s->sources;
}

static struct gather_report
round_of(struct flow_test *t)
{
	const struct gather_options o = { .only = NULL };
	struct gather_report r;

	MUST(flow_sources_sync(&t->run, err));
	MUST(flow_gather(&t->run, &o, &r, err));
	return r;
}

/* The stored text of the post of that title. */
static const char *
text_of(struct flow_test *t, const char *title)
{
	struct db_query *q = NULL;
	struct err err = ERR_INIT;
	const char *text = "(none)";

	q = db_query(t->run.store,
	    "SELECT t.text FROM entry e JOIN entry_text t ON t.entry_id = e.id"
	    " WHERE e.title = :title",
	    &err);
	db_bind_text(q, ":title", title);
	if (db_next(q))
		text = db_text(q, t->run.arena);
	assert_true(db_done(q, &err));
	return text;
}

static size_t
wishes(struct flow_test *t)
{
	struct wanted_page *pages = NULL;
	size_t count = 0;

	MUST(store_pages_wanted(t->run.store, t->run.arena, 99, &pages, &count, err));
	return count;
}

static void
the_whole_of_a_post_comes_from_its_page(void **state)
{
	struct flow_test t;

	(void)state;
	begin(&t);
	add_spec(&t, "/teasers")->full_text = "article";
	SAME_INT("new", round_of(&t).entries_new, 4);
	assert_non_null(strstr(text_of(&t, "Whole"), "the end of the whole text"));
	assert_null(strstr(text_of(&t, "Whole"), "Home"));
	SAME_TEXT("a page that says less", text_of(&t, "Less"),
	    "Eight words are what the feed itself has.\n");
	SAME_TEXT("a page that is not there", text_of(&t, "Gone"), "Begins here...\n");
	SAME_TEXT("no page of the web's", text_of(&t, "Picture"), "Begins here...\n");
	SAME_INT("all settled", wishes(&t), 0);
	t.run.now += 86400;
	(void)round_of(&t);
	assert_non_null(strstr(text_of(&t, "Whole"), "the end of the whole text"));
	flow_end(&t);
}

static void
without_the_setting_no_page_is_asked_for(void **state)
{
	struct flow_test t;

	(void)state;
	begin(&t);
	add_spec(&t, "/teasers");
	(void)round_of(&t);
	SAME_TEXT("as the feed has it", text_of(&t, "Whole"), "Begins here...\n");
	SAME_INT("no wish", wishes(&t), 0);
	flow_end(&t);
}

/* Its section asks for no pages any more: the wish is given up, if it can be written. */
static void
a_wish_that_no_section_has_is_given_up(void **state)
{
	const struct feed_options none = { .count = 0 };
	struct being_read reading = { .fd = -1 };
	struct flow_test t;
	struct err why = ERR_INIT;
	int64_t post = 0;

	(void)state;
	begin(&t);
	post = add_full_post(&t, add_source(t.run.store, "a"), "one", NOW);
	MUST(store_page_want(t.run.store, post, err));
	SAME_INT("wanted", wishes(&t), 1);
	flow_break_store(&t);
	assert_false(flow_full_text(&t.run, &none, &reading, &why));
	assert_true(err_is_set(&why));
	flow_mend_store(&t);
	SAME_INT("still wanted", wishes(&t), 1);
	t.interrupt = true;
	MUST(flow_full_text(&t.run, &none, &reading, err));
	t.interrupt = false;
	SAME_INT("not in a run that is to stop", wishes(&t), 1);
	MUST(flow_full_text(&t.run, &none, &reading, err));
	SAME_INT("given up", wishes(&t), 0);
	SAME_TEXT("as the feed has it", text_of(&t, "one"), "Words of one.");
	flow_end(&t);
}

/* A server that is away is asked in two more rounds; then the feed's words stay. */
static void
a_page_that_does_not_answer_is_given_up(void **state)
{
	struct flow_test t;

	(void)state;
	begin(&t);
	add_spec(&t, "/teasers-away")->full_text = "article";
	(void)round_of(&t);
	SAME_INT("once", wishes(&t), 1);
	t.run.now += 86400;
	(void)round_of(&t);
	SAME_INT("twice", wishes(&t), 1);
	t.run.now += 86400;
	(void)round_of(&t);
	SAME_INT("given up", wishes(&t), 0);
	SAME_TEXT("the feed's words", text_of(&t, "Away"), "Begins here...\n");
	flow_end(&t);
}

/* A page for the one post, of which the feed has so many words. */
static const struct {
	const char *path;
	int64_t words;
	size_t wishes;    /* that are left */
	const char *text; /* words that the post has then */
} pages[] = {
	{ "/404", 3, 0, "Words of one." },
	{ "/410", 3, 0, "Words of one." },
	{ "/429", 3, 1, "Words of one." },
	{ "/503", 3, 1, "Words of one." },
	{ "/nothing", 3, 1, "Words of one." },
	{ "/page/picture", 3, 0, "Words of one." },
	{ "/page/whole", 26, 0, "This is the end of the whole text." },
	{ "/page/whole", 27, 0, "Words of one." },
};

static void
what_a_server_says_decides_whether_it_is_asked_again(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
		struct being_read reading = { .fd = -1 };
		struct feed_options o;
		struct flow_test t;
		int64_t post = 0;

		begin(&t);
		add_spec(&t, "/feed")->full_text = "article";
		MUST(flow_sources_sync(&t.run, err));
		MUST(feed_options_open(&t.run, &o, err));
		post = add_full_post(&t, 1, "one", NOW);
		MUST(db_exec(t.run.store,
		    arena_printf(t.run.arena,
			"UPDATE entry SET link = 'http://127.0.0.1:%d%s';"
			"UPDATE entry_text SET words = %lld",
			web.port, pages[i].path, (long long)pages[i].words),
		    err));
		MUST(store_page_want(t.run.store, post, err));
		MUST(flow_full_text(&t.run, &o, &reading, err));
		SAME_INT(pages[i].path, wishes(&t), pages[i].wishes);
		if (!strstr(text_of(&t, "one"), pages[i].text))
			fail_msg("%s, %lld words: got %s", pages[i].path,
			    (long long)pages[i].words, text_of(&t, "one"));
		flow_end(&t);
	}
}

static void
a_page_that_killed_the_last_round_is_given_up(void **state)
{
	struct flow_test t;
	int64_t id = 0;

	(void)state;
	begin(&t);
	add_spec(&t, "/teasers-away")->full_text = "article";
	(void)round_of(&t);
	MUST(db_number(t.run.store, "SELECT entry_id FROM entry_page", &id, err));
	t.run.now += 86400;
	/* Some other post, which is no more. */
	t.run.reading_path = flow_write(&t, "x.reading", "\t999\nleft of another\n");
	SAME_INT("no feed is left out", round_of(&t).failed, 0);
	SAME_INT("still wanted", wishes(&t), 1);
	t.run.now += 86400;
	t.run.reading_path = flow_write(&t, "x.reading",
	    arena_printf(t.run.arena, "\t%lld\n", (long long)id));
	SAME_INT("no feed is left out", round_of(&t).failed, 0);
	SAME_INT("given up", wishes(&t), 0);
	SAME_TEXT("the feed's words", text_of(&t, "Away"), "Begins here...\n");
	SAME_INT("nothing is left of it", file_exists(t.run.reading_path), 0);
	flow_end(&t);
}

/* ---- filter_command ---- */

static const char *
script(struct flow_test *t, const char *text)
{
	const char *path = flow_write(t, "filter.sh",
	    arena_printf(t->run.arena, "#!/bin/sh\n%s\n", text));

	assert_int_equal(chmod(path, 0700), 0);
	return path;
}

static void
a_program_says_which_posts_are_wanted(void **state)
{
	struct flow_test t;

	(void)state;
	begin(&t);
	/* Less is left out by its title, Gone by its words; quotes have no power. */
	add_spec(&t, "/teasers")->filter_command = arena_printf(t.run.arena, "%s ;$(x)",
	    script(&t,
		"[ \"$1\" = ';$(x)' ] || exit 7\n"
		"! grep -q '\"title\":\"Less\"\\|\"link\":\"[^\"]*gone'"));
	SAME_INT("seen", round_of(&t).entries_new, 4);
	SAME_TEXT("left out", text_of(&t, "Less"), "(none)");
	SAME_TEXT("left out too", text_of(&t, "Gone"), "(none)");
	SAME_TEXT("kept", text_of(&t, "Whole"), "Begins here...\n");
	t.run.now += 86400;
	SAME_INT("known", round_of(&t).entries_new, 0);
	SAME_TEXT("for ever", text_of(&t, "Less"), "(none)");
	flow_end(&t);
}

static void
a_program_that_fails_keeps_nothing_out(void **state)
{
	struct flow_test t;

	(void)state;
	begin(&t);
	add_spec(&t, "/teasers")->filter_command = "/nowhere/to/be/found";
	SAME_INT("seen", round_of(&t).entries_new, 4);
	SAME_TEXT("kept", text_of(&t, "Less"),
	    "Eight words are what the feed itself has.\n");
	flow_end(&t);
}

static void
how_a_program_ends_is_its_answer(void **state)
{
	static const struct {
		const char *name, *text;
		bool ok, wanted;
		const char *why;
	} table[] = { { "0", "exit 0", true, true, "" },
		{ "1", "exit 1", true, false, "" },
		{ "reads it all", "cat >/dev/null; exit 1", true, false, "" },
		{ "2", "exit 2", false, true, "ended with status 2, not 0 or 1" },
		{ "a signal", "kill -9 $$", false, true,
		    "ended with status 137, not 0 or 1" },
		{ "hangs", "exec sleep 20", false, true, "did not end within 400 ms" },
		{ "says why", "echo no; echo 'such\nword' >&2; exit 2", false, true,
		    "ended with status 2, not 0 or 1: no such word" },
		{ "says much and reads then",
		    "head -c 3000000 /dev/zero; cat >/dev/null; exit 1", true, false,
		    "" },
		{ "says something without end", "yes", false, true,
		    "did not end within 400 ms: y y y" } };
	struct flow_test t;
	char *body = NULL;

	(void)state;
	begin(&t);
	/* More than a pipe holds. */
	body = arena_alloc(t.run.arena, 1000001);
	memset(body, 'x', 1000000);
	body[1000000] = '\0';
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		const struct entry e = { .title = "T", .html = body, .published = NOW };
		struct err err = ERR_INIT;
		bool wanted = false;

		SAME_INT(table[i].name,
		    flow_entry_is_wanted(t.run.arena, script(&t, table[i].text), &e,
			t.run.interrupted, table[i].ok ? 20000 : 400, &wanted, &err),
		    table[i].ok);
		SAME_INT(table[i].name, wanted, table[i].wanted);
		if (!strstr(err.text, table[i].why))
			fail_msg("%s: got %s", table[i].name, err.text);
	}
	flow_end(&t);
}

/* A child of the program's that went on would write the file. */
static void
what_a_program_started_ends_with_it(void **state)
{
	const struct entry e = { .title = "T", .html = "x", .published = NOW };
	struct err why = ERR_INIT;
	struct flow_test t;
	struct stat st;
	const char *left = NULL;
	bool wanted = false;

	(void)state;
	begin(&t);
	left = arena_printf(t.run.arena, "%s/left", t.folder);
	assert_false(flow_entry_is_wanted(t.run.arena,
	    script(&t, arena_printf(t.run.arena, "(sleep 1; echo x >%s) &\nwait", left)),
	    &e, t.run.interrupted, 400, &wanted, &why));
	clock_sleep_ms(1500);
	assert_int_equal(stat(left, &st), -1);
	flow_end(&t);
}

/* What is seen of the store while a program judges. */
static struct {
	struct flow_test *t;
	const char *judging; /* a file that is there meanwhile */
	size_t looks, others;
	bool is_held; /* a transaction was open */
} seen;

static bool
look_while_judged(void)
{
	struct stat st;
	struct err why = ERR_INIT;

	if (stat(seen.judging, &st) != 0)
		return false;
	seen.looks++;
	seen.others = posts_where(seen.t, "title <> 'Away'");
	if (store_begin(seen.t->run.store, &why))
		store_rollback(seen.t->run.store);
	else
		seen.is_held = true;
	return false;
}

/* The other feed is asked later: two at once are not asked of one host. */
static void
nobody_waits_for_a_program(void **state)
{
	struct flow_test t;
	struct listed_feed *specs = NULL;

	(void)state;
	begin(&t);
	memset(&seen, 0, sizeof(seen));
	seen.t = &t;
	seen.judging = arena_printf(t.run.arena, "%s/judging", t.folder);
	t.settings.config.fetch.per_host = 1;
	specs = arena_array(t.run.arena, 2, sizeof(*specs));
	specs[0] = *add_spec(&t, "/teasers-away");
	specs[0].filter_command = script(&t,
	    arena_printf(t.run.arena, "touch %s; sleep 0.2; rm %s", seen.judging,
		seen.judging));
	specs[1] = *add_spec(&t, "/teasers");
	specs[1].key = "b";
	t.settings.sources = specs;
	t.settings.source_count = 2;
	t.run.interrupted = look_while_judged;
	(void)round_of(&t);
	assert_true(seen.looks > 0);
	SAME_INT("posts of the other feed", seen.others, 4);
	SAME_INT("the store is held", seen.is_held, false);
	SAME_INT("judged", posts_where(&t, "title = 'Away'"), 1);
	flow_end(&t);
}

/* The second document has 6 and 5, and its archives 4 to 1. */
static void
a_program_judges_archives_too(void **state)
{
	struct flow_test t;

	(void)state;
	begin(&t);
	add_spec(&t, "/window")->filter_command =
	    script(&t, "! grep -q '\"title\":\"Post [36]\"'");
	(void)round_of(&t);
	t.run.now += 10 * 86400;
	SAME_INT("seen", round_of(&t).entries_new, 4);
	SAME_INT("wanted", posts_where(&t, "state = 0"), 4);
	SAME_INT("kept out",
	    posts_where(&t, "state <> 0 AND title IN ('Post 3', 'Post 6')"), 2);
	flow_end(&t);
}

/*
 * Of the first document two posts are mailed: the newest that are wanted.  One is listed twice,
 * and its guid is used again.
 */
static void
what_is_not_wanted_takes_no_room(void **state)
{
#define POST(title, guid, day) \
	"<item><title>" title "</title><link>https://a.example/" day \
	"</link><guid>" guid "</guid><pubDate>" day \
	" Nov 2026 09:00:00 GMT</pubDate><description>" title \
	" of the day</description></item>"
	/* clang-format off */
	static const char feed[] =
	    "<rss version='2.0'><channel><title>T</title><link>https://a.example/</link>"
	    POST("Sale", "x", "23") POST("News", "y", "22") POST("News", "y", "22")
	    POST("Sale again", "y", "21") POST("Olds", "z", "20") POST("Older", "w", "19")
	    "</channel></rss>";
	/* clang-format on */
#undef POST
	struct flow_test t;
	struct listed_feed *spec = NULL;

	(void)state;
	begin(&t);
	spec = add_spec(&t, "/");
	spec->url = arena_printf(t.run.arena, "file://%s", flow_write(&t, "f.xml", feed));
	spec->max_per_feed = 2;
	spec->filter_command = script(&t, "! grep -q '\"title\":\"Sale'");
	SAME_INT("seen", round_of(&t).entries_new, 5);
	SAME_INT("wanted", posts_where(&t, "state = 0 AND title IN ('News', 'Olds')"), 2);
	SAME_INT("and no more", posts_where(&t, "state = 0"), 2);
	flow_end(&t);
}

static void
an_interruption_does_not_wait_for_the_program(void **state)
{
	const int64_t began_ms = clock_ticks_ms();
	const struct gather_options o = { .only = NULL };
	struct gather_report r;
	struct err why = ERR_INIT;
	struct flow_test t;

	(void)state;
	begin(&t);
	add_spec(&t, "/teasers")->filter_command = "sleep 4";
	MUST(flow_sources_sync(&t.run, err));
	t.interrupt = true;
	t.questions_left = 100;
	assert_false(flow_gather(&t.run, &o, &r, &why));
	assert_non_null(strstr(why.text, "a: interrupted while its posts were judged"));
	assert_true(clock_ticks_ms() - began_ms < 4000);
	t.interrupt = false;
	SAME_TEXT("nothing is kept", text_of(&t, "Whole"), "(none)");
	flow_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_whole_of_a_post_comes_from_its_page),
		cmocka_unit_test(without_the_setting_no_page_is_asked_for),
		cmocka_unit_test(a_wish_that_no_section_has_is_given_up),
		cmocka_unit_test(a_page_that_does_not_answer_is_given_up),
		cmocka_unit_test(what_a_server_says_decides_whether_it_is_asked_again),
		cmocka_unit_test(a_page_that_killed_the_last_round_is_given_up),
		cmocka_unit_test(a_program_says_which_posts_are_wanted),
		cmocka_unit_test(a_program_that_fails_keeps_nothing_out),
		cmocka_unit_test(how_a_program_ends_is_its_answer),
		cmocka_unit_test(what_a_program_started_ends_with_it),
		cmocka_unit_test(nobody_waits_for_a_program),
		cmocka_unit_test(a_program_judges_archives_too),
		cmocka_unit_test(what_is_not_wanted_takes_no_room),
		cmocka_unit_test(an_interruption_does_not_wait_for_the_program),
	};

	return cmocka_run_group_tests(tests, start_web, stop_web);
}
