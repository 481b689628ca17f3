/* SPDX-License-Identifier: ISC */
/* Rounds over feeds of which the posts' own pages, or a program of the keeper's, say more. */
#include "unit/flow_fixture.h"
#include "unit/web_server.h"

#include "flow/entry_filter.h"
#include "flow/gather.h"
#include "flow/source_lists.h"
#include "store/entry_pages.h"

static struct server web;

static void
begin(struct flow_test *t)
{
	flow_begin(t);
	t->settings.config.fetch.allow_private = true;
	t->settings.config.fetch.allow_files = true;
	t->settings.config.fetch.host_pause_ms = 0;
	t->settings.config.fetch.proxy = "none";
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
	bool row = false;

	q = db_query(t->run.store,
	    "SELECT t.text FROM entry e JOIN entry_text t ON t.entry_id = e.id"
	    " WHERE e.title = :title",
	    &err);
	db_bind_text(q, ":title", title);
	if (db_next(q, &row, &err) && row)
		text = db_text(q, t->run.arena);
	db_done(q);
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
		{ "hangs", "exec sleep 20", false, true, "did not end within 400 ms" } };
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
		struct entry_filter f = { script(&t, table[i].text), 60000,
			t.run.interrupted };
		struct err err = ERR_INIT;
		bool wanted = false;

		SAME_INT(table[i].name,
		    flow_entry_is_wanted(t.run.arena, &f, &e, table[i].ok ? 20000 : 400,
			&wanted, &err),
		    table[i].ok);
		SAME_INT(table[i].name, wanted, table[i].wanted);
		if (!strstr(err.text, table[i].why))
			fail_msg("%s: got %s", table[i].name, err.text);
	}
	flow_end(&t);
}

/* All posts of a document have one time: what the first takes, the second has not. */
static void
a_document_has_its_time(void **state)
{
	const struct entry e = { .title = "T", .html = "x", .published = NOW };
	struct err why = ERR_INIT;
	struct flow_test t;
	struct entry_filter f;
	bool wanted = false;

	(void)state;
	begin(&t);
	f = (struct entry_filter){ "sleep 1", 1700, t.run.interrupted };
	MUST(flow_entry_is_wanted(t.run.arena, &f, &e, 20000, &wanted, err));
	assert_true(f.left_ms <= 700);
	assert_false(flow_entry_is_wanted(t.run.arena, &f, &e, 20000, &wanted, &why));
	assert_non_null(strstr(why.text, "did not end within"));
	assert_true(f.left_ms <= 0);
	flow_end(&t);
}

/* A child of the program's that went on would write the file. */
static void
what_a_program_started_ends_with_it(void **state)
{
	const struct entry e = { .title = "T", .html = "x", .published = NOW };
	struct err why = ERR_INIT;
	struct flow_test t;
	struct entry_filter f;
	struct stat st;
	const char *left = NULL;
	bool wanted = false;

	(void)state;
	begin(&t);
	left = arena_printf(t.run.arena, "%s/left", t.folder);
	f = (struct entry_filter){ script(&t,
				       arena_printf(t.run.arena,
					   "(sleep 1; echo x >%s) &\nwait", left)),
		60000, t.run.interrupted };
	assert_false(flow_entry_is_wanted(t.run.arena, &f, &e, 400, &wanted, &why));
	clock_sleep_ms(1500);
	assert_int_equal(stat(left, &st), -1);
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

static int
start(void **state)
{
	(void)state;
	return start_server(&web, NULL, NULL) ? 0 : -1;
}

static int
stop(void **state)
{
	(void)state;
	stop_server(&web);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_whole_of_a_post_comes_from_its_page),
		cmocka_unit_test(without_the_setting_no_page_is_asked_for),
		cmocka_unit_test(a_page_that_does_not_answer_is_given_up),
		cmocka_unit_test(a_program_says_which_posts_are_wanted),
		cmocka_unit_test(a_program_that_fails_keeps_nothing_out),
		cmocka_unit_test(how_a_program_ends_is_its_answer),
		cmocka_unit_test(a_document_has_its_time),
		cmocka_unit_test(what_a_program_started_ends_with_it),
		cmocka_unit_test(an_interruption_does_not_wait_for_the_program),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
