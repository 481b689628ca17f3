/* SPDX-License-Identifier: ISC */
/* Slips in the words of a command: a feed named twice, a field or an address that there is not. */
#include "unit/planet_rows.h"

#define B_FEED "https://b.example/feed"
#define AGAIN B_FEED " is named twice: once is enough.\n"
#define NO_FIELD \
	"planetpost: --json has no field 'x' here\n  hint: --json=help lists the fields\n"

#define NO_ISSUE "planetpost: no issue is called '2026-01-01'"

static const char settings[] = "[database]\nbackup_dir =\n[feed b]\nurl = " B_FEED "\n";
static const char rows[] =
    "INSERT INTO source (key, url, name, listed, held, held_since)"
    " VALUES ('b', '" B_FEED "', 'Bo', 1, 1, 1795500000);"
    "INSERT INTO issue (number, name, state, entry_count, source_count, bytes)"
    " VALUES (1, '2026-11-23', 4, 1, 1, 0);";

static const struct cmd_case slips[] = {
	/* By its key and by its address: once is enough. */
	{ "released", { "-v", "feed", "release", "b", B_FEED }, EXIT_OK,
	    "Released 1 post of b: news of the next issue; the next run asks for their "
	    "texts\n" AGAIN,
	    NULL, NULL },
	{ "dropped", { "-v", "feed", "drop", "b", B_FEED }, EXIT_OK,
	    "Dropped 1 post of b: they will not be mailed\n" AGAIN, NULL, NULL },
	{ "removed", { "-v", "feed", "remove", "b", B_FEED }, EXIT_OK, NULL, AGAIN,
	    NULL },
	/* What a list does not have. */
	{ "issues", { "issue", "list", "--json=x" }, EXIT_USAGE, "", NULL, NO_FIELD },
	{ "an issue", { "issue", "show", "last", "--json=x" }, EXIT_USAGE, "", NULL,
	    NO_FIELD },
	{ "health", { "feed", "health", "--json=x" }, EXIT_USAGE, "", NULL, NO_FIELD },
	{ "feeds", { "feed", "list", "--json=x" }, EXIT_USAGE, "", NULL, NO_FIELD },
	{ "readers", { "sub", "list", "--json=x" }, EXIT_USAGE, "", NULL, NO_FIELD },
	{ "numbers", { "sub", "stats", "--json=x" }, EXIT_USAGE, "", NULL, NO_FIELD },
	{ "settings", { "config", "show", "--json=x" }, EXIT_USAGE, "", NULL, NO_FIELD },
	{ "records", { "dkim", "key", "--json=help" }, EXIT_OK, NULL, "name ", NULL },
	{ "bounces", { "bounces", "list", "--json=x" }, EXIT_USAGE, "", NULL, NO_FIELD },
	/* An issue that there is not. */
	{ "sent", { "issue", "send", "2026-01-01", "--confirm", "1" }, EXIT_FAILED, "",
	    NULL, NO_ISSUE },
	{ "shown", { "issue", "show", "2026-01-01" }, EXIT_FAILED, "", NULL, NO_ISSUE },
	{ "tested", { "issue", "test", "2026-01-01", "x@example.org" }, EXIT_FAILED, "",
	    NULL, NO_ISSUE },
	{ "paused", { "issue", "pause", "2026-01-01" }, EXIT_FAILED, "", NULL, NO_ISSUE },
	{ "cancelled", { "issue", "cancel", "2026-01-01" }, EXIT_FAILED, "", NULL,
	    NO_ISSUE },
	/* A letter that there is not. */
	{ "a letter", { "verify", "nothing.eml" }, EXIT_FAILED, "", NULL,
	    "planetpost: nothing.eml: No such file or directory\n" },
	/* What is no address. */
	{ "a test letter", { "issue", "test", "last", "x@example.org", "nobody" },
	    EXIT_USAGE, "", NULL, "planetpost: nobody: there is no @ in it\n" },
	{ "a preview", { "preview", "--as", "nobody" }, EXIT_USAGE, "", NULL,
	    "planetpost: --as nobody: there is no @ in it\n" },
};

static void
slips_are_told(void **state)
{
	static const struct cmd_case shown = { "shown", { "feed", "show", "b", B_FEED },
		EXIT_OK, NULL, NULL, NULL };
	struct planet_rows d;
	const char *at = NULL;

	(void)state;
	rows_begin(&d);
	for (size_t i = 0; i < ARRAY_LEN(slips); i++) {
		rows_put(&d, settings, rows);
		cmd_expect(&d.t, &slips[i]);
	}
	rows_put(&d, settings, rows);
	cmd_expect(&d.t, &shown);
	at = strstr(buf_text(&d.t.out), "address       " B_FEED "\n");
	assert_non_null(at);
	assert_null(strstr(at + 1, "address       "));
	cmd_expect(&d.t,
	    &(struct cmd_case){ "a letter",
		{ "verify", cmd_file(&d.t, "x.eml", "To: x@example.org\n\nx\n"),
		    "--json=x" },
		EXIT_USAGE, "", NULL, NO_FIELD });
	rows_end(&d);
}

/* Whoever wants no letters yet is no reader. */
static void
nobody_yet_is_no_slip(void **state)
{
	static const struct cmd_case begun[] = {
		{ "written", { "init" }, EXIT_OK, "", NULL, NULL },
		{ "no database", { "sub", "list" }, EXIT_FAILED, "", NULL,
		    "planetpost: there is no database at " },
	};
	struct cmd_test t;

	(void)state;
	cmd_begin(&t, NULL);
	EXPECT_ALL(&t, begun);
	cmd_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(slips_are_told),
		cmocka_unit_test(nobody_yet_is_no_slip) };

	return cmocka_run_group_tests_name("slips", tests, NULL, NULL);
}
