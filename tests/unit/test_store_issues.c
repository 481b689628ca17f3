/* SPDX-License-Identifier: ISC */
#include "unit/store_fixture.h"

#include "base/attr.h"
#include "store/db.h"
#include "store/deliveries.h"
#include "store/entry_lists.h"
#include "store/issues.h"

static void
everything_of_an_issue_comes_back(void **state)
{
	struct store *s = memory_store();
	struct arena *a = arena_new();
	struct issue i = { .name = "2026-11-24",
		.state = ISSUE_DRAFT,
		.date = 1,
		.created = 2,
		.approved = TIME_NONE,
		.sent = TIME_NONE };
	struct issue got;

	(void)state;
	MUST(store_issue_add(s, &i, err));
	MUST(store_issue_find(s, a, "2026-11-24", &got, err));
	SAME_INT("id", got.id, i.id);
	SAME_TEXT("no subject yet", got.subject, "(none)");
	assert_true(got.approved == TIME_NONE && got.sent == TIME_NONE);
	i.subject = "S";
	i.intro = "I";
	i.state = ISSUE_APPROVED;
	i.approved = 3;
	i.sent = 4;
	i.entry_count = 5;
	i.source_count = 6;
	i.bytes = 7;
	MUST(store_issue_update(s, &i, err));
	MUST(store_issue_find(s, a, "2026-11-24", &got, err));
	SAME_TEXT("name", got.name, "2026-11-24");
	SAME_TEXT("subject", got.subject, "S");
	SAME_TEXT("intro", got.intro, "I");
	SAME_INT("state", got.state, ISSUE_APPROVED);
	SAME_INT("date", got.date, 1);
	SAME_INT("created", got.created, 2);
	SAME_INT("approved", got.approved, 3);
	SAME_INT("sent", got.sent, 4);
	SAME_INT("entries", got.entry_count, 5);
	SAME_INT("sources", got.source_count, 6);
	SAME_INT("bytes", got.bytes, 7);
	MUST_FAIL(store_issue_add(s, &i, err), ERR_INPUT,
	    "there already is an issue 2026-11-24");
	i.id = 99;
	MUST_FAIL(store_issue_update(s, &i, err), ERR_BUG, "not stored");
	arena_free(a);
	close_store(s);
}

/* Read before a send ended beside it, which closed the issue: nothing of that is undone. */
static void
an_issue_is_steered_from_the_state_it_is_in(void **state)
{
	static const struct {
		const char *name;
		enum issue_state is, to;
		unsigned from;
		bool done;
	} cases[] = {
		{ "pause", ISSUE_SENDING, ISSUE_PAUSED,
		    1u << ISSUE_APPROVED | 1u << ISSUE_SENDING, true },
		{ "pause what was sent since", ISSUE_SENT, ISSUE_PAUSED,
		    1u << ISSUE_APPROVED | 1u << ISSUE_SENDING, false },
		{ "resume", ISSUE_PAUSED, ISSUE_SENDING, 1u << ISSUE_PAUSED, true },
		{ "resume what was cancelled since", ISSUE_CANCELLED, ISSUE_SENDING,
		    1u << ISSUE_PAUSED, false },
		{ "cancel", ISSUE_PAUSED, ISSUE_CANCELLED, 1u << ISSUE_PAUSED, true },
	};

	(void)state;
	for (size_t n = 0; n < ARRAY_LEN(cases); n++) {
		struct store *s = memory_store();
		struct arena *a = arena_new();
		struct issue i = { .name = "i",
			.state = ISSUE_DRAFT,
			.date = 1,
			.created = 2,
			.approved = TIME_NONE,
			.sent = TIME_NONE };
		struct issue got;
		bool done = !cases[n].done;

		MUST(store_issue_add(s, &i, err));
		i.state = cases[n].is;
		i.subject = "S";
		i.approved = 3;
		i.sent = 4;
		MUST(store_issue_update(s, &i, err));
		MUST(store_issue_steer(s, i.id, cases[n].from, cases[n].to, &done, err));
		SAME_INT(cases[n].name, done, cases[n].done);
		MUST(store_issue_find(s, a, "i", &got, err));
		SAME_INT(cases[n].name, got.state,
		    cases[n].done ? cases[n].to : cases[n].is);
		SAME_TEXT(cases[n].name, got.subject, "S");
		SAME_INT(cases[n].name, got.approved, 3);
		SAME_INT(cases[n].name, got.sent, 4);
		arena_free(a);
		close_store(s);
	}
}

static const struct {
	const char *name;
	const char *want; /* the issue's name, or what the error says */
	bool fails;
} looks[] = {
	{ "a", "a", false },
	{ "last", "b", false },
	{ "next", "d", false },
	{ "z", "no issue is called 'z'", true },
	{ "z", "the newest is e", true },
};
static const struct {
	const char *name;
	enum issue_state state;
} made_issues[] = {
	{ "a", ISSUE_SENT },
	{ "b", ISSUE_PAUSED },
	{ "c", ISSUE_DRAFT },
	{ "d", ISSUE_APPROVED },
	{ "e", ISSUE_SKIPPED },
};

static void
issues_are_found_by_name_last_and_next(void **state)
{
	struct store *s = memory_store();
	struct arena *a = arena_new();
	struct issue got;
	struct issue *list = NULL;
	size_t count = 0;
	bool found = true;

	(void)state;
	MUST_FAIL(store_issue_find(s, a, "last", &got, err), ERR_INPUT,
	    "no issue was sent yet");
	MUST_FAIL(store_issue_find(s, a, "next", &got, err), ERR_INPUT,
	    "no issue waits to be sent");
	for (size_t i = 0; i < ARRAY_LEN(made_issues); i++) {
		struct issue made = { .name = made_issues[i].name,
			.state = made_issues[i].state,
			.date = NOW + (int64_t)i };

		MUST(store_issue_add(s, &made, err));
	}
	for (size_t i = 0; i < ARRAY_LEN(looks); i++) {
		if (looks[i].fails) {
			MUST_FAIL(store_issue_find(s, a, looks[i].name, &got, err),
			    ERR_INPUT, looks[i].want);
			continue;
		}
		MUST(store_issue_find(s, a, looks[i].name, &got, err));
		SAME_TEXT(looks[i].name, got.name, looks[i].want);
	}
	MUST(store_issues(s, a, 0, &list, &count, err));
	SAME_INT("all", count, 5);
	SAME_TEXT("newest first", list[0].name, "e");
	MUST(store_issues(s, a, 2, &list, &count, err));
	SAME_INT("two", count, 2);
	MUST(store_issue_in(s, a, 1u << ISSUE_DRAFT | 1u << ISSUE_SENT, &got, &found,
	    err));
	SAME_TEXT("newest draft or sent", got.name, "c");
	MUST(store_issue_in(s, a, 1u << ISSUE_CANCELLED, &got, &found, err));
	SAME_INT("cancelled", found, 0);
	arena_free(a);
	close_store(s);
}

/* The guids of an issue's entries in order: "b a". */
static void
held_guids(struct store *s, int64_t issue, char *out, size_t size)
{
	struct arena *a = arena_new();
	struct entry *list = NULL;
	size_t count = 0;
	size_t len = 0;

	*out = '\0';
	MUST(store_entries_of_issue(s, a, issue, &list, &count, err));
	for (size_t i = 0; i < count; i++)
		len += (size_t)snprintf(out + len, size - len, "%s%s", i ? " " : "",
		    list[i].guid);
	arena_free(a);
}

static int64_t
unmailed(struct store *s)
{
	int64_t total = 0;
	int64_t open = 0;

	MUST(store_entries_count(s, &total, err) &&
	    store_entries_count_unmailed(s, &open, err));
	return open;
}

static void
no_entry_is_in_two_issues(void **state)
{
	struct store *s = memory_store();
	struct arena *a = arena_new();
	int64_t source = add_source(s, "s");
	int64_t other = add_source(s, "t");
	int64_t e[3] = { add_entry(s, source, "a", 1), add_entry(s, source, "b", 2),
		add_entry(s, other, "c", 3) };
	int64_t turned[2] = { e[2], e[0] };
	int64_t twice[2] = { e[1], e[1] };
	int64_t first = add_issue(s, "first", ISSUE_DRAFT);
	int64_t second = add_issue(s, "second", ISSUE_DRAFT);
	struct issue i;
	char guids[100];

	(void)state;
	MUST(store_issue_fill(s, first, e, 2, err));
	SAME_INT("open", unmailed(s), 1);
	MUST(store_issue_fill(s, first, turned, 2, err));
	held_guids(s, first, guids, sizeof(guids));
	SAME_TEXT("filled again, in this order", guids, "c a");
	SAME_INT("open", unmailed(s), 1);
	MUST(store_issue_find(s, a, "first", &i, err));
	SAME_INT("entries", i.entry_count, 2);
	SAME_INT("sources", i.source_count, 2);

	MUST_FAIL(store_issue_fill(s, second, e, 2, err), ERR_INPUT,
	    "in an issue already");
	MUST_FAIL(store_issue_fill(s, second, twice, 2, err), ERR_INPUT,
	    "in an issue already");
	held_guids(s, second, guids, sizeof(guids));
	SAME_TEXT("a failed filling leaves nothing", guids, "");
	SAME_INT("open", unmailed(s), 1);
	MUST(
	    db_run_int(s, "UPDATE entry SET state = 1 WHERE id = :id", ":id", e[1], err));
	MUST_FAIL(store_issue_fill(s, second, &e[1], 1, err), ERR_INPUT, "kept out");

	/* Whatever a program believes, the table refuses. */
	MUST_FAIL(db_exec(s,
		      "INSERT INTO issue_entry (issue_id, position, entry_id)"
		      " SELECT 2, 9, entry_id FROM issue_entry LIMIT 1",
		      err),
	    ERR_BUG, "UNIQUE");

	i.state = ISSUE_APPROVED;
	MUST(store_issue_update(s, &i, err));
	MUST_FAIL(store_issue_fill(s, first, e, 1, err), ERR_INPUT,
	    "issue first is no draft any more");
	MUST_FAIL(store_issue_fill(s, 99, e, 1, err), ERR_BUG, "not stored");
	arena_free(a);
	close_store(s);
}

static void
what_an_issue_passes_over_is_kept_with_its_text(void **state)
{
	struct store *s = memory_store();
	struct arena *a = arena_new();
	struct entry over = make_entry(add_source(s, "s"), "over", "t", 1);
	int64_t filtered = add_entry(s, over.source_id, "filtered", 2);
	int64_t issue = add_issue(s, "i", ISSUE_DRAFT);
	struct entry *list = NULL;
	int64_t dropped = 0;
	size_t count = 0;

	(void)state;
	over.text = "text";
	MUST(add_post(s, &over, NULL, false, err));
	MUST(store_issue_pass(s, issue, &over.id, 1, PASS_OVER, err));
	MUST(store_issue_pass(s, issue, &filtered, 1, PASS_FILTERED, err));
	SAME_INT("open", unmailed(s), 0);
	MUST_FAIL(store_issue_fill(s, add_issue(s, "j", ISSUE_DRAFT), &over.id, 1, err),
	    ERR_INPUT, "in an issue already");
	MUST(store_entries_over(s, a, issue, &list, &count, err));
	SAME_INT("over", count, 1);
	SAME_TEXT("it is", list[0].guid, "over");
	SAME_TEXT("its text is not read", list[0].text, "(none)");
	MUST(store_entries_tidy(s, NOW + 1, &dropped, err));
	SAME_INT("a draft keeps its texts", dropped, 0);
	MUST(store_issue_fill(s, issue, NULL, 0, err));
	SAME_INT("filled afresh, the other stays out", unmailed(s), 1);
	arena_free(a);
	close_store(s);
}

static void
a_cancelled_issue_gives_back_what_was_not_mailed(void **state)
{
	static const struct {
		const char *name;
		bool taken;
		int64_t open;
	} cases[] = { { "nothing left yet", false, 1 },
		{ "a letter was taken", true, 0 } };

	(void)state;
	for (size_t n = 0; n < sizeof(cases) / sizeof(cases[0]); n++) {
		struct store *s = memory_store();
		struct arena *a = arena_new();
		int64_t e = add_entry(s, add_source(s, "s"), "a", 1);
		struct issue i = { .name = "i", .state = ISSUE_DRAFT, .date = NOW };
		struct delivery *d = NULL;
		size_t count = 0;

		add_reader(s, "a@x", READER_ACTIVE);
		MUST(store_issue_add(s, &i, err));
		MUST(store_issue_fill(s, i.id, &e, 1, err));
		MUST(store_issue_number(s, &i, err));
		SAME_INT("queued", queue_letters(s, NOW), 1);
		if (cases[n].taken)
			MUST(store_deliveries_take(s, NULL, 0, a, i.id, NOW, 1, &d,
			    &count, err));
		i.state = ISSUE_CANCELLED;
		MUST(store_issue_update(s, &i, err));
		SAME_INT(cases[n].name, unmailed(s), cases[n].open);
		arena_free(a);
		close_store(s);
	}
}

/* ---- numbers and spans ---- */

static void
issues_are_numbered_as_they_are_approved(void **state)
{
	struct store *s = memory_store();
	struct arena *a = arena_new();
	struct issue first = { .name = "first", .state = ISSUE_DRAFT, .date = NOW };
	struct issue second = { .name = "second", .state = ISSUE_DRAFT, .date = NOW + 1 };
	struct issue got;

	(void)state;
	MUST(store_issue_add(s, &first, err));
	MUST(store_issue_add(s, &second, err));
	MUST(store_issue_find(s, a, "first", &got, err));
	SAME_INT("a draft has none", got.number, 0);
	MUST(store_issue_number(s, &second, err));
	SAME_INT("the first to be approved", second.number, 1);
	MUST(store_issue_number(s, &first, err));
	SAME_INT("the other", first.number, 2);
	second.number = 0;
	MUST(store_issue_number(s, &second, err));
	SAME_INT("once and for all", second.number, 1);
	MUST(store_issue_find(s, a, "second", &got, err));
	SAME_INT("kept", got.number, 1);
	SAME_INT("the next", approve_issue(s, "third", NOW).last, 3);
	arena_free(a);
	close_store(s);
}

static void
set_state(struct store *s, const char *name, enum issue_state state)
{
	struct arena *a = arena_new();
	struct issue i;

	MUST(store_issue_find(s, a, name, &i, err));
	i.state = state;
	MUST(store_issue_update(s, &i, err));
	arena_free(a);
}

/* The names of the issues of a span: "b c". */
static const char *
names_of(struct store *s, struct arena *a, int64_t after, int64_t last)
{
	const struct span span = { after, last, 0 };
	struct issue *list = NULL;
	const char *text = "";
	size_t count = 0;

	MUST(store_issues_of_span(s, a, &span, &list, &count, err));
	for (size_t i = 0; i < count; i++)
		text = arena_printf(a, "%s%s%s", text, *text ? " " : "", list[i].name);
	return text;
}

static void
a_span_holds_what_was_not_cancelled(void **state)
{
	struct store *s = memory_store();
	struct arena *a = arena_new();
	struct span newest;
	int64_t number = -1;

	(void)state;
	MUST(store_newest_issue(s, &newest, err));
	SAME_INT("no issue yet", newest.last, 0);
	SAME_INT("no id", newest.last_id, 0);
	MUST(store_issue_number_at(s, NOW, &number, err));
	SAME_INT("no number", number, 0);
	for (int i = 0; i < 5; i++) {
		const char name[2] = { (char)('a' + i), '\0' };

		approve_issue(s, name, NOW + i * 100);
	}
	add_issue(s, "draft", ISSUE_DRAFT);
	set_state(s, "c", ISSUE_CANCELLED);
	SAME_TEXT("one", names_of(s, a, 0, 1), "a");
	SAME_TEXT("some", names_of(s, a, 1, 4), "b d");
	SAME_TEXT("all", names_of(s, a, 0, 5), "a b d e");
	SAME_TEXT("the cancelled one", names_of(s, a, 2, 3), "");
	SAME_TEXT("none", names_of(s, a, 5, 5), "");
	MUST(store_newest_issue(s, &newest, err));
	SAME_INT("newest", newest.last, 5);
	SAME_INT("behind", newest.after, 4);
	set_state(s, "e", ISSUE_CANCELLED);
	MUST(store_newest_issue(s, &newest, err));
	SAME_INT("newest that was not cancelled", newest.last, 4);
	SAME_INT("its id", newest.last_id, 4);
	MUST(store_issue_number_at(s, NOW + 299, &number, err));
	SAME_INT("before the fourth", number, 3);
	MUST(store_issue_number_at(s, NOW + 300, &number, err));
	SAME_INT("at the fourth", number, 4);
	MUST(store_issue_number_at(s, NOW - 1, &number, err));
	SAME_INT("before all", number, 0);
	arena_free(a);
	close_store(s);
}

/* ---- sending and sent ---- */

static void
an_issue_is_sent_when_nothing_of_it_waits(void **state)
{
	static const struct {
		enum delivery_state letter;
		bool sent;
	} cases[] = {
		{ DELIVERY_QUEUED, false },
		{ DELIVERY_SENDING, false },
		{ DELIVERY_SENT, true },
		{ DELIVERY_DEFERRED, false },
		{ DELIVERY_REFUSED, true },
		{ DELIVERY_UNKNOWN, true },
		{ DELIVERY_SKIPPED, true },
		{ DELIVERY_WITHDRAWN, true },
	};

	(void)state;
	for (size_t n = 0; n < ARRAY_LEN(cases); n++) {
		struct store *s = memory_store();
		struct arena *a = arena_new();
		struct issue i;

		add_reader(s, "a@x", READER_ACTIVE);
		approve_issue(s, "i", NOW);
		queue_letters(s, NOW);
		add_issue(s, "draft", ISSUE_DRAFT);
		MUST(store_issues_close(s, NOW + 1, err));
		MUST(store_issue_find(s, a, "i", &i, err));
		SAME_INT("only what is being sent", i.state, ISSUE_APPROVED);
		MUST(store_issues_send(s, err));
		MUST(db_exec(s,
		    arena_printf(a, "UPDATE delivery SET state = %d",
			(int)cases[n].letter),
		    err));
		MUST(store_issues_close(s, NOW + 2, err));
		MUST(store_issue_find(s, a, "i", &i, err));
		SAME_INT("state", i.state, cases[n].sent ? ISSUE_SENT : ISSUE_SENDING);
		SAME_INT("sent", i.sent, cases[n].sent ? NOW + 2 : TIME_NONE);
		MUST(store_issue_find(s, a, "draft", &i, err));
		SAME_INT("a draft stays one", i.state, ISSUE_DRAFT);
		arena_free(a);
		close_store(s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_of_an_issue_comes_back),
		cmocka_unit_test(an_issue_is_steered_from_the_state_it_is_in),
		cmocka_unit_test(issues_are_found_by_name_last_and_next),
		cmocka_unit_test(no_entry_is_in_two_issues),
		cmocka_unit_test(what_an_issue_passes_over_is_kept_with_its_text),
		cmocka_unit_test(a_cancelled_issue_gives_back_what_was_not_mailed),
		cmocka_unit_test(issues_are_numbered_as_they_are_approved),
		cmocka_unit_test(a_span_holds_what_was_not_cancelled),
		cmocka_unit_test(an_issue_is_sent_when_nothing_of_it_waits),
	};

	return cmocka_run_group_tests_name("store issues", tests, NULL, NULL);
}
