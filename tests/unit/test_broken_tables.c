/* SPDX-License-Identifier: ISC */
/*
 * A database of which a part cannot be read: each command that needs it says so and fails, and
 * none says that it is done.
 */
#include "unit/planet_fixture.h"

#define ANN "ann@example.org"

/* What each command cannot do without, parted by blanks. */
static const struct {
	const char *words[10];
	const char *tables;
} needs[] = {
	{ { "status" }, "source entry issue issue_count delivery reader note" },
	{ { "feed", "list" }, "source note" },
	{ { "feed", "health" }, "source" },
	{ { "feed", "remove", "b" }, "source" },
	{ { "fetch" }, "source note notice issue delivery" },
	{ { "issue", "list" }, "issue" },
	{ { "issue", "show", "last" },
	    "issue issue_entry issue_over issue_count entry entry_text enclosure source "
	    "delivery reader" },
	{ { "issue", "send", "last" }, "issue" },
	{ { "preview" }, "source entry issue" },
	{ { "preview", "--as", ANN },
	    "source entry issue reader cadence variant delivery" },
	{ { "verify", "out/2026-11-24-1.eml" },
	    "secret issue reader delivery rendering letterhead variant" },
	{ { "export", "mbox" }, "secret issue rendering letterhead variant" },
	{ { "sub", "list" }, "reader cadence variant" },
	{ { "sub", "show", ANN }, "reader reader_event cadence variant bounce" },
	{ { "sub", "stats" }, "reader cadence" },
	{ { "sub", "add", "cy@example.org", "--confirmed-by", "asked" },
	    "reader reader_event cadence variant erased issue" },
	{ { "sub", "edit", ANN, "--rhythm", "weekly" },
	    "reader reader_event cadence variant" },
	{ { "sub", "hold", ANN }, "reader reader_event cadence variant delivery issue" },
	{ { "sub", "remove", ANN },
	    "reader reader_event cadence variant delivery issue" },
	{ { "sub", "undo", ANN }, "reader reader_event cadence variant" },
	{ { "sub", "erase", ANN },
	    "reader reader_event cadence variant delivery erased secret ask notice bounce "
	    "bounce_standing new_address" },
	{ { "bounces", "list" }, "bounce" },
	{ { "bounces", "show", ANN }, "bounce reader cadence variant" },
	{ { "bounces", "forget", ANN }, "bounce bounce_standing reader cadence variant" },
	{ { "run" },
	    "source entry issue delivery reader cadence variant note notice secret ask "
	    "ask_log bounce bounce_standing" },
	{ { "gc" },
	    "entry entry_text enclosure issue issue_entry issue_over delivery rendering "
	    "variant note" },
};

static void
rename_table(const char *path, const char *table)
{
	struct store_options o = open_options(STORE_WRITE);
	struct store *s = NULL;
	char sql[100];

	MUST((s = store_open(path, &o, err)) != NULL);
	MUST(db_exec(s, "PRAGMA legacy_alter_table = ON", err));
	(void)snprintf(sql, sizeof(sql), "ALTER TABLE %s RENAME TO gone", table);
	MUST(db_exec(s, sql, err));
	close_store(s);
}

static void
try_without(struct cmd_test *t, const struct buf *whole, const char *const *words,
    const char *table)
{
	char path[400];
	const char *at = NULL;

	(void)snprintf(path, sizeof(path), "%s/planetpost.db", t->data);
	MUST(file_write(path, whole->data, whole->len, 0600, err));
	rename_table(path, table);
	if (cmd_call(t, words) == EXIT_OK)
		fail_msg("%s %s: done without %s\n%s", words[0], words[1] ? words[1] : "",
		    table, buf_text(&t->out));
	at = strstr(buf_text(&t->err), "no such table: ");
	if (!at || !strstr(at, table))
		fail_msg("%s %s without %s: got %s", words[0], words[1] ? words[1] : "",
		    table, buf_text(&t->err));
}

static void
what_cannot_be_read_is_told(void **state)
{
	static const struct cmd_case before[] = {
		{ "readers",
		    { "sub", "add", ANN, "bo@example.org", "--confirmed-by", "asked" },
		    EXIT_OK, "", NULL, NULL },
		{ "a letter each", { "run" }, EXIT_OK, NULL, NULL, "" },
	};
	struct buf whole = BUF_INIT(1 << 24);
	struct cmd_test t;
	char path[400];
	char here[1000];

	(void)state;
	planet_begin(&t);
	EXPECT_ALL(&t, before);
	(void)snprintf(path, sizeof(path), "%s/planetpost.db", t.data);
	MUST(file_read(path, &whole, err));
	assert_non_null(getcwd(here, sizeof(here)));
	assert_int_equal(chdir(t.folder), 0);
	for (size_t i = 0; i < ARRAY_LEN(needs); i++) {
		const char *at = needs[i].tables;

		while (*at) {
			char table[40];
			const size_t n = strcspn(at, " ");

			(void)snprintf(table, sizeof(table), "%.*s", (int)n, at);
			try_without(&t, &whole, needs[i].words, table);
			at += n + strspn(at + n, " ");
		}
	}
	assert_int_equal(chdir(here), 0);
	buf_clear(&whole);
	cmd_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_cannot_be_read_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
