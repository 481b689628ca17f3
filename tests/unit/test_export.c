/* SPDX-License-Identifier: ISC */
/* Issues as mail that belongs to nobody: which, in what order, and how much of each post. */
#include "unit/flow_fixture.h"
#include "unit/occurrences.h"

#include "flow/compile.h"
#include "flow/export.h"
#include "flow/export_sources.h"
#include "list/token.h"
#include "store/notes.h"

enum { DAY = 86400 };

/* Two sent issues of two days, of a post each. */
static void
begin(struct flow_test *t)
{
	int64_t source = 0;

	flow_begin(t);
	source = add_source(t->run.store, "a");
	t->settings.config.web.archive_full = BODY_TITLES;
	t->settings.config.digest.body = BODY_WHOLE;
	for (int day = 0; day < 2; day++) {
		struct compile_report r;

		(void)add_full_post(t, source, day == 0 ? "one" : "two",
		    t->run.now - DAY);
		MUST(flow_issue_build(&t->run, true, &r, err));
		SAME_INT("built", r.built, 1);
		t->run.now += DAY;
	}
	MUST(db_exec(t->run.store, "UPDATE issue SET state = 4", err));
}

static bool
export_as(struct flow_test *t, const struct export_options *o, const char **text,
    size_t *count, struct err *err)
{
	char *bytes = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&bytes, &len);
	bool ok = false;

	assert_non_null(f);
	ok = flow_export_mbox(&t->run, o, f, count, err);
	assert_int_equal(fclose(f), 0);
	*text = arena_strndup(t->run.arena, bytes, len);
	free(bytes);
	return ok;
}

static void
what_has_gone_out_is_exported_oldest_first(void **state)
{
	static const struct {
		const char *sql, *month;
		size_t count;
		bool first, second;
	} cases[] = {
		{ "", NULL, 2, true, true },
		{ "", "2026-11", 2, true, true },
		{ "", "2026-11-25", 1, false, true },
		{ "", "2026-12", 0, false, false },
		{ "UPDATE issue SET state = 0 WHERE number = 1", NULL, 1, false, true },
		{ "UPDATE issue SET state = 1 WHERE number = 1", NULL, 1, false, true },
		{ "UPDATE issue SET state = 2 WHERE number = 1", NULL, 2, true, true },
		{ "UPDATE issue SET state = 3 WHERE number = 1", NULL, 2, true, true },
		{ "UPDATE issue SET state = 5 WHERE number = 2", NULL, 1, true, false },
		{ "UPDATE issue SET state = 6 WHERE number = 2", NULL, 1, true, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct export_options o = { .month = cases[i].month };
		const char *name = *cases[i].sql ? cases[i].sql : cases[i].month;
		const char *text = NULL;
		const char *one = NULL;
		const char *two = NULL;
		struct flow_test t;
		size_t count = 9;

		name = name ? name : "all";
		begin(&t);
		MUST(db_exec(t.run.store, cases[i].sql, err));
		MUST(export_as(&t, &o, &text, &count, err));
		SAME_INT(name, count, cases[i].count);
		SAME_INT(name, occurrences(text, "From planet@example.net "), count);
		one = strstr(text, "Words of one.");
		two = strstr(text, "Words of two.");
		SAME_INT(name, one != NULL, cases[i].first);
		SAME_INT(name, two != NULL, cases[i].second);
		if (one && two)
			assert_true(one < two);
		flow_end(&t);
	}
}

/* No reader's: addressed to the newsletter, with an identity and a boundary of the issue's. */
static void
an_exported_issue_is_nobodys_letter(void **state)
{
	const struct export_options o = { .month = "2026-11-25" };
	struct flow_test t;
	unsigned char key[HASH_SIZE];
	const char *text = NULL;
	const char *again = NULL;
	size_t count = 0;

	(void)state;
	begin(&t);
	MUST(store_key(t.run.store, key, err));
	MUST(export_as(&t, &o, &text, &count, err));
	assert_non_null(strstr(text, "\nTo: planet@example.net\n"));
	assert_non_null(strstr(text, "\nDate: Wed, 25 Nov 2026 06:00:00 +0000\n"));
	assert_non_null(
	    strstr(text, token_message_id(t.run.arena, key, 2, 0, 0, "example.net")));
	assert_non_null(
	    strstr(text, token_boundary(t.run.arena, key, 1, 2, 1, "archive")));
	SAME_INT("both forms", occurrences(text, "Words of two."), 2);
	SAME_INT("in HTML", occurrences(text, "<p>Words of two.</p>"), 1);
	SAME_INT("no hole is left", occurrences(text, "\x01"), 0);
	MUST(export_as(&t, &o, &again, &count, err));
	SAME_TEXT("the same bytes", again, text);
	flow_end(&t);
}

static void
as_much_of_a_post_is_exported_as_everybody_may_see(void **state)
{
	static const struct export_options shown = { .as_shown = true };
	static const struct export_options whole = { .as_shown = false };
	struct flow_test t;
	const char *text = NULL;
	size_t count = 0;

	(void)state;
	begin(&t);
	MUST(export_as(&t, &shown, &text, &count, err));
	SAME_INT("issues", count, 2);
	SAME_INT("titles alone", occurrences(text, "Words of"), 0);
	MUST(export_as(&t, &whole, &text, &count, err));
	SAME_INT("all that is kept", occurrences(text, "Words of"), 4);
	/* From before that was set: what is kept stands in for it. */
	MUST(db_exec(t.run.store,
	    "DELETE FROM rendering WHERE issue_id = 1 AND variant_id ="
	    " (SELECT MAX(variant_id) FROM rendering)",
	    err));
	MUST(export_as(&t, &shown, &text, &count, err));
	SAME_INT("issues", count, 2);
	SAME_INT("of the first all", occurrences(text, "Words of one."), 2);
	SAME_INT("of the second its title", occurrences(text, "Words of two."), 0);
	MUST(db_exec(t.run.store, "DELETE FROM rendering WHERE issue_id = 2", err));
	MUST_FAIL(export_as(&t, &shown, &text, &count, err), ERR_STORE,
	    "issue 2026-11-25: its letter is not stored");
	SAME_INT("one was written", count, 1);
	flow_end(&t);
}

static void
a_file_that_takes_no_more_is_told(void **state)
{
	const struct export_options all = { .month = NULL };
	struct flow_test t;
	size_t count = 0;
	FILE *f = fopen("/dev/full", "w");

	(void)state;
	assert_non_null(f);
	begin(&t);
	assert_int_equal(setvbuf(f, NULL, _IONBF, 0), 0);
	MUST_FAIL(flow_export_mbox(&t.run, &all, f, &count, err), ERR_SYSTEM,
	    "issue 2026-11-24: export: No space left on device");
	SAME_INT("none was written", count, 0);
	(void)fclose(f);
	flow_end(&t);
}

/* ---- lists of feeds ---- */

static const char no_opml[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n"
    "<head><title>Planet X</title></head>\n<body>\n</body>\n</opml>\n";

/* Ann is a feed of the configuration; what it names no more, and mailboxes, are nobody's feeds. */
static void
a_list_is_of_the_feeds_that_are_named(void **state)
{
	struct buf b = BUF_INIT(4000);
	struct flow_test t;
	size_t count = 9;

	(void)state;
	flow_begin(&t);
	(void)add_source(t.run.store, "ann");
	(void)add_source(t.run.store, "gone");
	MUST(
	    db_exec(t.run.store, "UPDATE source SET listed = 0 WHERE key = 'gone'", err));
	MUST(flow_export_sources(&t.run, SOURCE_LIST_OPML, &b, &count, err));
	SAME_INT("feeds", count, 1);
	SAME_INT("Ann's", occurrences(buf_text(&b), "text=\"ann\""), 1);
	SAME_INT("the other", occurrences(buf_text(&b), "gone"), 0);
	buf_clear(&b);
	flow_end(&t);
}

static void
a_list_may_be_of_no_feeds_and_too_long(void **state)
{
	struct buf b = BUF_INIT(4000);
	struct buf small = BUF_INIT(50);
	struct flow_test t;
	size_t count = 9;

	(void)state;
	flow_begin(&t);
	MUST(flow_export_sources(&t.run, SOURCE_LIST_OPML, &b, &count, err));
	SAME_TEXT("list", buf_text(&b), no_opml);
	SAME_INT("feeds", count, 0);
	MUST_FAIL(flow_export_sources(&t.run, SOURCE_LIST_OPML, &small, &count, err),
	    ERR_LIMIT, "the list is longer than 50 bytes");
	MUST(db_exec(t.run.store, "ALTER TABLE source RENAME TO gone", err));
	MUST_FAIL(flow_export_sources(&t.run, SOURCE_LIST_OPML, &b, &count, err), ERR_BUG,
	    "source");
	buf_clear(&b);
	buf_clear(&small);
	flow_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_has_gone_out_is_exported_oldest_first),
		cmocka_unit_test(an_exported_issue_is_nobodys_letter),
		cmocka_unit_test(as_much_of_a_post_is_exported_as_everybody_may_see),
		cmocka_unit_test(a_file_that_takes_no_more_is_told),
		cmocka_unit_test(a_list_is_of_the_feeds_that_are_named),
		cmocka_unit_test(a_list_may_be_of_no_feeds_and_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
