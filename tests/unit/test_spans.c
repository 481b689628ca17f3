/* SPDX-License-Identifier: ISC */
/* Renderings of spans of issues: as each was approved, whatever is set by now. */
#include "unit/issue_fixture.h"

#include "flow/letterhead.h"
#include "flow/publish.h"
#include "flow/span.h"
#include "list/preferences.h"
#include "store/variants.h"

enum { DAY = 86400, HOUR = 3600 };

static int64_t
intern(struct flow_test *t, const char *sources, const char *language)
{
	struct variant v = variant_of_archive();

	v.sources = sources;
	v.language = language;
	MUST(store_variant_intern(t->run.store, &v, err));
	return v.id;
}

static struct issue
build(struct flow_test *t, int64_t source, const char *title)
{
	struct compile_report r;

	(void)add_full_post(t, source, title, t->run.now - HOUR);
	MUST(flow_issue_build(&t->run, true, &r, err));
	SAME_INT("built", r.built, 1);
	return r.issue;
}

/* What is set changes from one run to the next. */
static void
begin_next_run(struct flow_test *t)
{
	template_set_close(t->run.templates);
	t->run.templates = NULL;
	t->run.now += DAY;
}

static struct rendering
must_render(struct flow_test *t, const struct span *span, int64_t variant,
    enum letter_making making, struct issue *issue)
{
	const struct rendering_key key = { *span, variant, 1 };
	struct letterhead head = { .own_zone = NULL };
	struct rendering r;

	MUST(flow_span_rendering(&t->run, t->run.arena, &key, making, &r, issue, &head,
	    err));
	letterhead_clear(&head);
	return r;
}

static int64_t
number_of(struct flow_test *t, const char *sql)
{
	int64_t n = -1;

	MUST(db_number(t->run.store, sql, &n, err));
	return n;
}

/* ---- what a span holds ---------------------------------------------------------------- */

static const struct {
	const char *sources;
	int64_t after, last;
	bool holds;
} spans[] = {
	{ "*", 0, 1, true },
	{ "*", 1, 2, true },
	{ "*", 2, 2, false },
	{ "+1", 0, 1, true },
	{ "+1", 1, 2, false },
	{ "+1", 0, 2, true },
	{ "+2", 0, 1, false },
	{ "+2", 1, 2, true },
	{ "+2", 0, 2, true },
	{ "-1", 0, 1, false },
	{ "-1", 0, 2, true },
	{ "-2", 1, 2, false },
	{ "-1 2", 0, 2, false },
	{ "+1 2", 0, 1, true },
	{ "+9", 0, 2, false },
};

static void
a_span_holds_posts_of_its_sources(void **state)
{
	struct flow_test t;
	struct issue first;
	struct issue second;

	(void)state;
	flow_begin(&t);
	SAME_INT("a", add_source(t.run.store, "a"), 1);
	SAME_INT("b", add_source(t.run.store, "b"), 2);
	first = build(&t, 1, "one");
	t.run.now += DAY;
	second = build(&t, 2, "two");
	for (size_t i = 0; i < ARRAY_LEN(spans); i++) {
		const struct span span = { spans[i].after, spans[i].last,
			spans[i].last == 1 ? first.id : second.id };
		bool holds = !spans[i].holds;

		MUST(flow_span_holds_any(&t.run, &span,
		    intern(&t, spans[i].sources, NULL), &holds, err));
		SAME_INT(arena_printf(t.run.arena, "%s %d-%d", spans[i].sources,
			     (int)spans[i].after, (int)spans[i].last),
		    holds, spans[i].holds);
	}
	flow_end(&t);
}

/* ---- made, looked at, stored ---------------------------------------------------------- */

static void
a_letter_is_stored_when_it_is_made(void **state)
{
	struct flow_test t;
	struct issue i;
	struct issue got;
	struct span span;
	struct letterhead head = { .own_zone = NULL };
	struct rendering r;
	int64_t stored = 0;

	(void)state;
	flow_begin(&t);
	(void)add_source(t.run.store, "a");
	i = build(&t, 1, "one");
	span = (struct span){ 0, 1, i.id };
	stored = number_of(&t, "SELECT COUNT(*) FROM rendering");
	const struct rendering_key key = { span, intern(&t, "+1", NULL), 1 };

	MUST_FAIL(flow_span_rendering(&t.run, t.run.arena, &key, LETTER_STORED, &r, &got,
		      &head, err),
	    ERR_INPUT, "the letter is no longer stored");
	MUST_FAIL(flow_span_rendering(&t.run, t.run.arena, &key, LETTER_STORED, &r, &got,
		      &head, err),
	    ERR_INPUT, "database.keep_letters");
	r = must_render(&t, &span, key.variant_id, LETTER_LOOK, &got);
	assert_non_null(strstr(r.text, "Words of one."));
	SAME_INT("text", r.text_len, strlen(r.text));
	SAME_INT("html", r.html_len, strlen(r.html));
	SAME_TEXT("issue", got.name, "2026-11-24");
	SAME_INT("looked at", number_of(&t, "SELECT COUNT(*) FROM rendering"), stored);
	r = must_render(&t, &span, key.variant_id, LETTER_MAKE, &got);
	SAME_INT("made", number_of(&t, "SELECT COUNT(*) FROM rendering"), stored + 1);
	MUST(db_exec(t.run.store, "UPDATE rendering SET subject = 'as it was'", err));
	SAME_TEXT("not made again",
	    must_render(&t, &span, key.variant_id, LETTER_MAKE, &got).subject,
	    "as it was");
	SAME_TEXT("stored",
	    must_render(&t, &span, key.variant_id, LETTER_STORED, &got).subject,
	    "as it was");
	flow_end(&t);
}

static void
what_cannot_be_a_letter_is_told(void **state)
{
	struct flow_test t;
	struct issue i;
	struct issue got;
	struct letterhead head = { .own_zone = NULL };
	struct rendering r;
	struct rendering_key key = { { 1, 1, 0 }, 1, 1 };

	(void)state;
	flow_begin(&t);
	(void)add_source(t.run.store, "a");
	i = build(&t, 1, "one");
	MUST_FAIL(flow_span_rendering(&t.run, t.run.arena, &key, LETTER_LOOK, &r, &got,
		      &head, err),
	    ERR_BUG, "a letter covers no issue");
	key.span = (struct span){ 0, 1, i.id };
	key.variant_id = number_of(&t, "SELECT MIN(variant_id) FROM rendering");
	MUST(db_exec(t.run.store, "UPDATE rendering SET letterhead_id = NULL", err));
	MUST_FAIL(flow_span_rendering(&t.run, t.run.arena, &key, LETTER_LOOK, &r, &got,
		      &head, err),
	    ERR_STORE, "a stored letter has no letterhead");
	flow_end(&t);
}

/* ---- whatever is set by now ----------------------------------------------------------- */

static const struct {
	const char *name;
	const char *colour, *dark, *language; /* when the issue was approved */
	const char *has, *lacks;              /* in a letter that is made today */
} settings[] = {
	{ "a colour", "#123456", "", "en", "#123456", "#654321" },
	{ "a dark one", "#654321", "#abcdef", "en", "#abcdef", "#fedcba" },
	{ "a language", "#654321", "#fedcba", "de", "Dienstag, 24. November", "Tuesday" },
	{ "as today", "#654321", "#fedcba", "en", "#fedcba", "#123456" },
};

static void
a_letter_looks_as_when_it_was_approved(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(settings); i++) {
		struct flow_test t;
		struct config *c = &t.settings.config;
		struct rendering r;
		struct issue issue;
		struct issue got;

		flow_begin(&t);
		(void)add_source(t.run.store, "a");
		c->style.colour = settings[i].colour;
		c->style.colour_dark = settings[i].dark;
		c->newsletter.language = settings[i].language;
		issue = build(&t, 1, "one");
		c->style.colour = "#654321";
		c->style.colour_dark = "#fedcba";
		c->newsletter.language = "en";
		begin_next_run(&t);
		r = must_render(&t, &(struct span){ 0, 1, issue.id },
		    intern(&t, "+1", NULL), LETTER_MAKE, &got);
		if (!strstr(r.html, settings[i].has) || strstr(r.html, settings[i].lacks))
			fail_msg("%s: got\n%s", settings[i].name, r.html);
		/* What is made after it looks as it is set. */
		issue = build(&t, 1, "two");
		r = must_render(&t, &(struct span){ 1, 2, issue.id },
		    intern(&t, "+1", NULL), LETTER_MAKE, &got);
		assert_non_null(strstr(r.html, "#fedcba"));
		assert_non_null(strstr(r.html, "Wednesday"));
		flow_end(&t);
	}
}

/* Of a span the newest issue says how it looks. */
static void
the_newest_issue_of_a_span_says_how_it_looks(void **state)
{
	struct flow_test t;
	struct config *c = &t.settings.config;
	struct issue issue;
	struct issue got;
	struct rendering r;

	(void)state;
	flow_begin(&t);
	(void)add_source(t.run.store, "a");
	c->style.colour = "#111111";
	(void)build(&t, 1, "one");
	begin_next_run(&t);
	c->style.colour = "#123456";
	issue = build(&t, 1, "two");
	begin_next_run(&t);
	c->style.colour = "#222222";
	r = must_render(&t, &(struct span){ 0, 2, issue.id }, intern(&t, "*", "fr"),
	    LETTER_LOOK, &got);
	SAME_TEXT("issue", got.name, "2026-11-25");
	assert_non_null(strstr(r.html, "#123456"));
	assert_null(strstr(r.html, "#111111"));
	assert_non_null(strstr(r.html, "lang=\"fr\""));
	assert_non_null(strstr(r.text, "Words of one."));
	flow_end(&t);
}

/* ---- drafts --------------------------------------------------------------------------- */

static void
a_draft_has_the_number_it_will_have(void **state)
{
	const struct variant v = variant_of_archive();
	struct flow_test t;
	struct letterhead head = { .own_zone = NULL };
	struct issue first;
	struct issue draft;
	struct issue got;
	struct rendering r;

	(void)state;
	flow_begin(&t);
	(void)add_source(t.run.store, "a");
	first = build(&t, 1, "one");
	t.run.now += DAY;
	t.settings.config.approval.manual = true;
	draft = build(&t, 1, "two");
	SAME_INT("none yet", draft.number, 0);
	MUST(flow_draft_rendering(&t.run, t.run.arena, draft.id, &v, &r, &got, &head,
	    err));
	letterhead_clear(&head);
	SAME_INT("number", got.number, 2);
	SAME_TEXT("name", got.name, "2026-11-25");
	assert_non_null(strstr(r.text, "Words of two."));
	assert_null(strstr(r.text, "Words of one."));
	head = (struct letterhead){ .own_zone = NULL };
	MUST(flow_draft_rendering(&t.run, t.run.arena, first.id, &v, &r, &got, &head,
	    err));
	letterhead_clear(&head);
	SAME_INT("its own", got.number, 1);
	flow_end(&t);
}

/* ---- pages ---------------------------------------------------------------------------- */

/* The pages begin to show titles alone: what is not rendered so is, until a signal comes. */
static void
pages_are_made_of_all_issues(void **state)
{
	static const struct {
		const char *name;
		bool interrupt;
		int questions;
		int64_t made;
	} cases[] = { { "all", false, 0, 3 }, { "none", true, 0, 0 },
		{ "two", true, 2, 2 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct flow_test t;
		int64_t before = 0;

		flow_begin(&t);
		(void)add_source(t.run.store, "a");
		for (int day = 0; day < 3; day++) {
			(void)build(&t, 1, arena_printf(t.run.arena, "post %d", day));
			t.run.now += DAY;
		}
		MUST(db_exec(t.run.store,
		    arena_printf(t.run.arena, "UPDATE issue SET state = %d, sent = 1",
			ISSUE_SENT),
		    err));
		t.settings.config.web.archive_full = BODY_TITLES;
		before = number_of(&t, "SELECT COUNT(*) FROM rendering");
		t.interrupt = cases[i].interrupt;
		t.questions_left = cases[i].questions;
		MUST(flow_publish(&t.run, err));
		SAME_INT(cases[i].name,
		    number_of(&t, "SELECT COUNT(*) FROM rendering") - before,
		    cases[i].made);
		t.interrupt = false;
		MUST(flow_publish(&t.run, err));
		SAME_INT("then all, once",
		    number_of(&t, "SELECT COUNT(*) FROM rendering") - before, 3);
		SAME_INT("of one issue each",
		    number_of(&t,
			"SELECT COUNT(DISTINCT issue_id) FROM rendering"
			" WHERE after = (SELECT number - 1 FROM issue"
			" WHERE issue.id = rendering.issue_id)"),
		    3);
		flow_end(&t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_span_holds_posts_of_its_sources),
		cmocka_unit_test(a_letter_is_stored_when_it_is_made),
		cmocka_unit_test(what_cannot_be_a_letter_is_told),
		cmocka_unit_test(a_letter_looks_as_when_it_was_approved),
		cmocka_unit_test(the_newest_issue_of_a_span_says_how_it_looks),
		cmocka_unit_test(a_draft_has_the_number_it_will_have),
		cmocka_unit_test(pages_are_made_of_all_issues),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
