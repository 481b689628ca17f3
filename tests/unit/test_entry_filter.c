/* SPDX-License-Identifier: ISC */
/* A program that judges posts: what it is given, what its end means, and that it cannot hang. */
#include "unit/cmd_fixture.h"

#include "flow/entry_filter.h"

enum { LIMIT_MS = 20000 };

static bool
never(void)
{
	return false;
}

static bool
always(void)
{
	return true;
}

static const char many_words[] =
    " 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23"
    " 24 25 26 27 28 29 30 31";

static const struct {
	const char *name;
	const char *script; /* of sh; NULL: command is all of it */
	const char *command;
	bool ok, wanted;
	enum err_kind kind;
	const char *text;
	const char *says;
} ends[] = {
	{ "wanted", "cat >/dev/null", NULL, true, true, ERR_NONE, "", "" },
	{ "unwanted", "cat >/dev/null; exit 1", NULL, true, false, ERR_NONE, "", "" },
	{ "neither", "exit 2", NULL, false, true, ERR_CONFIG,
	    "sh ended with status 2, not 0 or 1", "" },
	{ "with words", "echo ' no  such'; echo thing; exit 7", NULL, false, true,
	    ERR_CONFIG, "sh ended with status 7, not 0 or 1: no such thing", "" },
	{ "killed", "kill -9 $$", NULL, false, true, ERR_CONFIG,
	    "sh ended with status 137, not 0 or 1", "" },
	{ "it reads nothing", "exit 1", NULL, true, false, ERR_NONE, "", "" },
	{ "it says why", "echo spam >&2; exit 1", NULL, true, false, ERR_NONE, "",
	    "info feeds: filter_command sh says: spam\n" },
	{ "no program", NULL, " ", false, true, ERR_CONFIG, "no program is named", "" },
	{ "too many words", "exit 1", many_words, false, true, ERR_CONFIG,
	    "more than 32 words", "" },
	{ "as many as there may be", "exit 1", many_words + 2, true, false, ERR_NONE, "",
	    "" },
};

static void
the_end_of_a_program_is_its_judgement(void **state)
{
	static const struct entry e = { .title = "T", .published = TIME_NONE };
	struct buf out = BUF_INIT(SAID_MAX);
	struct buf said = BUF_INIT(SAID_MAX);
	struct flow_test t;

	(void)state;
	flow_begin(&t);
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		const char *more = ends[i].command ? ends[i].command : "";
		const char *command = ends[i].script
		    ? arena_printf(t.run.arena, "sh %s%s",
			  flow_write(&t, "script", ends[i].script), more)
		    : more;
		struct err why = ERR_INIT;
		bool wanted = !ends[i].wanted;
		struct capture c;
		bool ok = false;

		capture_begin(&c, t.folder, NULL);
		ok = flow_entry_is_wanted(t.run.arena, command, &e, never, LIMIT_MS,
		    &wanted, &why);
		capture_end(&c, &out, &said);
		SAME_INT(ends[i].name, ok, ends[i].ok);
		SAME_INT(ends[i].name, wanted, ends[i].wanted);
		SAME_INT(ends[i].name, why.kind, ends[i].kind);
		SAME_TEXT(ends[i].name, why.text, ends[i].text);
		SAME_TEXT(ends[i].name, buf_text(&said), ends[i].says);
	}
	buf_clear(&out);
	buf_clear(&said);
	flow_end(&t);
}

static void
a_program_is_given_the_post(void **state)
{
	static const char *const categories[] = { "one", "two" };
	static const struct entry full = { .title = "A \"title\"",
		.link = "https://a.example/1",
		.guid = "g",
		.author = "Ann",
		.language = "en",
		.published = NOW,
		.categories = categories,
		.category_count = 2,
		.html = "<p>Words</p>",
		.text = "Words" };
	static const struct entry bare = { .title = "T", .published = TIME_NONE };
	struct flow_test t;
	struct buf got = BUF_INIT(1 << 20);
	const char *command = NULL;
	bool wanted = false;
	char path[300];

	(void)state;
	flow_begin(&t);
	in_folder(t.folder, "got", path);
	command = arena_printf(t.run.arena, "sh %s",
	    flow_write(&t, "script", arena_printf(t.run.arena, "cat >%s", path)));
	MUST(flow_entry_is_wanted(t.run.arena, command, &full, never, LIMIT_MS, &wanted,
	    err));
	MUST(file_read(path, &got, err));
	SAME_TEXT("full", buf_text(&got),
	    "{\"title\":\"A \\\"title\\\"\",\"link\":\"https://a.example/1\",\"guid\":\"g\","
	    "\"author\":\"Ann\",\"language\":\"en\",\"published\":\"2026-11-24T06:00:00Z\","
	    "\"categories\":[\"one\",\"two\"],\"html\":\"<p>Words</p>\",\"text\":\"Words\"}"
	    "\n");
	buf_reset(&got);
	MUST(flow_entry_is_wanted(t.run.arena, command, &bare, never, LIMIT_MS, &wanted,
	    err));
	MUST(file_read(path, &got, err));
	SAME_TEXT("bare", buf_text(&got), "{\"title\":\"T\",\"categories\":[]}\n");
	buf_clear(&got);
	flow_end(&t);
}

/* More than a socket holds: all of it comes, or nobody waits for who does not read it. */
static void
a_long_post_comes_whole_or_not_at_all(void **state)
{
	enum { LONG = 1 << 20 };
	struct flow_test t;
	struct entry e = { .title = "T", .published = TIME_NONE };
	char *text = malloc(LONG);
	char path[300];
	struct stat st;
	bool wanted = false;

	(void)state;
	assert_non_null(text);
	memset(text, 'x', LONG);
	text[LONG - 1] = '\0';
	e.text = text;
	flow_begin(&t);
	in_folder(t.folder, "got", path);
	MUST(flow_entry_is_wanted(t.run.arena,
	    arena_printf(t.run.arena, "sh %s",
		flow_write(&t, "script", arena_printf(t.run.arena, "cat >%s", path))),
	    &e, never, LIMIT_MS, &wanted, err));
	assert_int_equal(stat(path, &st), 0);
	assert_true(st.st_size > LONG);
	MUST(flow_entry_is_wanted(t.run.arena,
	    arena_printf(t.run.arena, "sh %s",
		flow_write(&t, "script", "exec <&-; exit 1")),
	    &e, never, LIMIT_MS, &wanted, err));
	assert_false(wanted);
	assert_int_not_equal(fcntl(STDIN_FILENO, F_GETFD), -1);
	free(text);
	flow_end(&t);
}

static void
a_program_that_does_not_end_is_not_waited_for(void **state)
{
	static const struct entry e = { .title = "T", .published = TIME_NONE };
	struct flow_test t;
	const char *command = NULL;
	const int64_t began = clock_ticks_ms();
	bool wanted = false;

	(void)state;
	flow_begin(&t);
	command = arena_printf(t.run.arena, "sh %s",
	    flow_write(&t, "script", "echo wait; exec sleep 60"));
	MUST_FAIL(flow_entry_is_wanted(t.run.arena, command, &e, never, 300, &wanted,
		      err),
	    ERR_TEMPORARY, "sh did not end within 300 ms");
	assert_true(wanted);
	assert_true(clock_ticks_ms() - began >= 300);
	MUST_FAIL(flow_entry_is_wanted(t.run.arena, command, &e, always, 60000, &wanted,
		      err),
	    ERR_TEMPORARY, "sh did not end within 60000 ms");
	assert_true(clock_ticks_ms() - began < 30000);
	flow_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_end_of_a_program_is_its_judgement),
		cmocka_unit_test(a_program_is_given_the_post),
		cmocka_unit_test(a_long_post_comes_whole_or_not_at_all),
		cmocka_unit_test(a_program_that_does_not_end_is_not_waited_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
