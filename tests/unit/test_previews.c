/* SPDX-License-Identifier: ISC */
/* The letter that a reader would get now: which issues are in it, under which name and number. */
#include "unit/issue_fixture.h"

#include "flow/preview_letter.h"
#include "list/subscription.h"
#include "store/notices.h"

enum { DAY = 86400, HOUR = 3600 };

static const struct compile_window all = { TIME_NONE, TIME_NONE };

/* A reader of that id, who has had so many issues. */
static struct reader
reader_of(int64_t id, int64_t last_issue)
{
	struct reader to = subscription_new(NOW - DAY, "form");

	to.id = id;
	to.last_issue = last_issue;
	to.address = "ann@x.example";
	to.variant.id = 1;
	to.epoch = 3;
	return to;
}

/* "after-last id name number: title, title", by the text; "none" without a letter. */
static const char *
preview(struct flow_test *t, const struct reader *to)
{
	static const char *const titles[] = { "one", "two", "three" };
	struct preview_letter l;
	const char *out = "none";

	MUST(flow_preview_letter(&t->run, to, &all, &l, err));
	if (l.any) {
		out = arena_printf(t->run.arena,
		    "%lld-%lld %s number %lld:", (long long)l.delivery.span.after,
		    (long long)l.delivery.span.last, l.shared.issue.name,
		    (long long)l.shared.issue.number);
		for (size_t i = 0; i < ARRAY_LEN(titles); i++)
			if (strstr(l.shared.rendering.text,
				arena_printf(t->run.arena, "Words of %s.", titles[i])))
				out = arena_printf(t->run.arena, "%s %s", out, titles[i]);
	}
	shared_letter_clear(&l.shared);
	return out;
}

static void
post(struct flow_test *t, const char *title)
{
	(void)add_full_post(t, 1, title, t->run.now - HOUR);
}

static void
build(struct flow_test *t, bool manual)
{
	struct compile_report r;

	t->settings.config.approval.manual = manual;
	MUST(flow_issue_build(&t->run, true, &r, err));
	SAME_INT("built", r.built, 1);
}

static void
begin(struct flow_test *t)
{
	flow_begin(t);
	SAME_INT("a", add_source(t->run.store, "a"), 1);
	SAME_INT("b", add_source(t->run.store, "b"), 2);
	SAME_INT("ann", add_reader(t->run.store, "ann@x.example", READER_ACTIVE), 1);
}

/* ---- which issues --------------------------------------------------------------------- */

static void
what_was_missed_comes_with_what_is_new(void **state)
{
	struct flow_test t;
	const struct reader anybody = reader_of(0, 0);
	const struct reader missed = reader_of(1, 0);
	const struct reader had = reader_of(1, 1);

	(void)state;
	begin(&t);
	SAME_TEXT("nothing", preview(&t, &anybody), "none");
	post(&t, "one");
	SAME_TEXT("the first issue", preview(&t, &anybody),
	    "0-1 2026-11-24 number 1: one");
	SAME_TEXT("to a reader", preview(&t, &missed), "0-1 2026-11-24 number 1: one");
	build(&t, false);
	SAME_TEXT("nothing new", preview(&t, &anybody), "none");
	SAME_TEXT("who has had it", preview(&t, &had), "none");
	SAME_TEXT("who has not", preview(&t, &missed), "0-1 2026-11-24 number 1: one");
	post(&t, "two");
	SAME_TEXT("a second one of the day", preview(&t, &anybody),
	    "1-2 2026-11-24-2 number 2: two");
	SAME_TEXT("after the first", preview(&t, &had), "1-2 2026-11-24-2 number 2: two");
	SAME_TEXT("together", preview(&t, &missed), "0-2 2026-11-24-2 number 2: one two");
	flow_end(&t);
}

/* The letter that waits for them begins where this one does. */
static void
what_waits_is_taken_back(void **state)
{
	struct flow_test t;
	const struct reader had = reader_of(1, 1);

	(void)state;
	begin(&t);
	post(&t, "one");
	build(&t, false);
	SAME_INT("queued", must_queue(&t).queued, 1);
	post(&t, "two");
	SAME_TEXT("with the one that waits", preview(&t, &had),
	    "0-2 2026-11-24-2 number 2: one two");
	MUST(db_exec(t.run.store, "UPDATE delivery SET state = 2", err));
	SAME_TEXT("it went", preview(&t, &had), "1-2 2026-11-24-2 number 2: two");
	flow_end(&t);
}

static void
a_draft_that_waits_is_the_next_issue(void **state)
{
	struct flow_test t;
	const struct reader anybody = reader_of(0, 0);
	const struct reader missed = reader_of(1, 0);

	(void)state;
	begin(&t);
	post(&t, "one");
	build(&t, false);
	t.run.now += DAY;
	post(&t, "two");
	build(&t, true);
	post(&t, "three");
	SAME_TEXT("the draft", preview(&t, &anybody), "1-2 2026-11-25 number 2: two");
	SAME_TEXT("and what was missed", preview(&t, &missed),
	    "0-2 2026-11-25 number 2: one two");
	flow_end(&t);
}

/* ---- an empty issue ------------------------------------------------------------------- */

static const struct {
	const char *name;
	bool send;
	const char *sources;
	int64_t had;
	const char *want;
} empties[] = {
	{ "it is not sent", false, "*", 1, "none" },
	{ "only what was missed", false, "*", 0, "0-1 2026-11-24 number 1: one" },
	{ "it is sent", true, "*", 1, "1-2 2026-11-25 number 2:" },
	{ "not to who chose sources", true, "+2", 1, "none" },
	{ "with what was missed", true, "*", 0, "0-2 2026-11-25 number 2: one" },
};

static void
an_empty_issue_goes_where_it_is_wanted(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(empties); i++) {
		struct flow_test t;
		struct reader to = reader_of(1, empties[i].had);

		begin(&t);
		post(&t, "one");
		build(&t, false);
		t.run.now += DAY;
		t.settings.config.digest.empty_send = empties[i].send;
		to.variant.sources = empties[i].sources;
		SAME_TEXT(empties[i].name, preview(&t, &to), empties[i].want);
		flow_end(&t);
	}
}

/* ---- its name ------------------------------------------------------------------------- */

static void
a_day_has_a_hundred_names(void **state)
{
	struct flow_test t;
	const struct reader anybody = reader_of(0, 0);
	struct preview_letter l;

	(void)state;
	begin(&t);
	post(&t, "one");
	(void)add_issue(t.run.store, "2026-11-24", ISSUE_CANCELLED);
	for (int n = 2; n <= 100; n++)
		(void)add_issue(t.run.store,
		    arena_printf(t.run.arena, "2026-11-24-%d", n), ISSUE_CANCELLED);
	/* There is no room for another. */
	MUST_FAIL(flow_preview_letter(&t.run, &anybody, &all, &l, err), ERR_LIMIT,
	    "more than 100 issues on 2026-11-24");
	shared_letter_clear(&l.shared);
	MUST(
	    db_exec(t.run.store, "DELETE FROM issue WHERE name = '2026-11-24-100'", err));
	SAME_TEXT("the last", preview(&t, &anybody), "0-1 2026-11-24-100 number 1: one");
	flow_end(&t);
}

/* ---- to whom -------------------------------------------------------------------------- */

static void
the_letter_is_that_readers(void **state)
{
	struct flow_test t;
	struct reader to = reader_of(1, 0);
	struct preview_letter l;

	(void)state;
	begin(&t);
	post(&t, "one");
	to.confirmed = NOW - 7;
	to.variant.length = LENGTH_TITLES;
	MUST(flow_preview_letter(&t.run, &to, &all, &l, err));
	SAME_INT("part", l.delivery.part, 1);
	SAME_INT("reader", l.delivery.reader_id, 1);
	SAME_INT("variant", l.delivery.variant_id, 1);
	SAME_INT("epoch", l.delivery.epoch, 3);
	SAME_INT("confirmed", l.delivery.confirmed, NOW - 7);
	SAME_TEXT("address", l.delivery.address, "ann@x.example");
	SAME_INT("no issue yet", l.delivery.span.last_id, 0);
	SAME_INT("length", l.variant.length, LENGTH_TITLES);
	SAME_INT("titles alone", strstr(l.shared.rendering.text, "Words") == NULL, 1);
	SAME_INT("dated now", l.shared.issue.date, NOW);
	shared_letter_clear(&l.shared);
	flow_end(&t);
}

static int64_t
letters(struct flow_test *t)
{
	int64_t n = -1;

	MUST(db_number(t->run.store, "SELECT COUNT(*) FROM notice", &n, err));
	return n;
}

static void
the_keeper_has_a_copy(void **state)
{
	struct flow_test t;
	struct notice n;
	bool queued = true;

	(void)state;
	begin(&t);
	MUST(flow_letter_copy(&t.run, "kay@x.example", true, &queued, err));
	SAME_INT("nothing to show", queued, 0);
	SAME_INT("no letter", letters(&t), 0);
	post(&t, "one");
	MUST(flow_letter_copy(&t.run, "kay@x.example", false, &queued, err));
	SAME_INT("there would be one", queued, 1);
	SAME_INT("it is not queued", letters(&t), 0);
	queued = false;
	MUST(flow_letter_copy(&t.run, "kay@x.example", true, &queued, err));
	SAME_INT("queued", queued, 1);
	SAME_INT("one letter", letters(&t), 1);
	MUST(store_notice_get(t.run.store, t.run.arena, 1, &n, err));
	SAME_INT("kind", n.kind, NOTICE_KEEPER);
	SAME_INT("to no reader", n.reader_id, 0);
	SAME_TEXT("to", n.address, "kay@x.example");
	SAME_TEXT("subject", n.subject, "one");
	assert_non_null(strstr(n.text, "Words of one."));
	assert_non_null(strstr(n.html, "Words of one."));
	flow_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_missed_comes_with_what_is_new),
		cmocka_unit_test(what_waits_is_taken_back),
		cmocka_unit_test(a_draft_that_waits_is_the_next_issue),
		cmocka_unit_test(an_empty_issue_goes_where_it_is_wanted),
		cmocka_unit_test(a_day_has_a_hundred_names),
		cmocka_unit_test(the_letter_is_that_readers),
		cmocka_unit_test(the_keeper_has_a_copy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
