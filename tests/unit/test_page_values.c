/* SPDX-License-Identifier: ISC */
/*
 * What the pages of a reader give their templates, each value to the letter: the keeper's own
 * templates, of a line or two, show it.
 */
#include "unit/web_fixture.h"

#include "base/file.h"
#include "flow/address_move.h"
#include "list/preferences.h"
#include "store/new_address.h"
#include "store/reader_history.h"

enum { MINUTE = 60, DAY = 86400 };

/* A newsletter that has a page of its own of that name. */
static void
begin_with(struct pages_test *p, const char *page, const char *text)
{
	const char *dir = NULL;

	begin_pages(p);
	dir = arena_printf(p->t.run.arena, "%s/own", p->t.folder);
	SAME_INT("a folder", mkdir(dir, 0700), 0);
	(void)flow_write(&p->t, arena_printf(p->t.run.arena, "own/%s.html", page), text);
	p->t.settings.config.digest.template_dir = dir;
}

static const char *
key_of(struct pages_test *p, char route, enum token_scope scope)
{
	return arena_printf(p->t.run.arena, "/%c/%s", route,
	    token(p, scope, p->ann.id, p->ann.epoch));
}

/* What the page says when it is looked at (form NULL), or sent. */
static void
shows(struct pages_test *p, const char *name, const char *path, const char *form,
    const char *want)
{
	ask(p, form ? WEB_POST : WEB_GET, path, form ? URLENCODED : "", form ? form : "");
	SAME_INT(name, p->answer.status, 200);
	SAME_TEXT(name, buf_text(&p->answer.body), want);
}

static void
update_ann(struct pages_test *p)
{
	MUST(store_reader_update(p->t.run.store, &p->ann, err));
}

/* ---- leave ---- */

static const char leave_form[] =
    "{{#is_held}}held {{/is_held}}{{#is_waiting}}waits {{/is_waiting}}"
    "{{#is_reading}}reads {{/is_reading}}{{#may_weekly}}weekly? {{/may_weekly}}"
    "{{#may_hold}}hold? {{/may_hold}}- {{address}} {{when}} - {{held_until}} - {{done}}";

static const struct {
	const char *name;
	enum reader_state state;
	enum rhythm rhythm;
	int64_t hold_until;
	const char *want;
} leavers[] = {
	{ "each", READER_ACTIVE, RHYTHM_EACH, TIME_NONE,
	    "reads weekly? hold? - a...@reader.example every day about 7:00, when there is "
	    "something new -  - " },
	{ "daily", READER_ACTIVE, RHYTHM_DAILY, TIME_NONE,
	    "reads weekly? hold? - a...@reader.example every day about 7:00, when there is "
	    "something new -  - " },
	{ "weekdays", READER_ACTIVE, RHYTHM_WEEKDAYS, TIME_NONE,
	    "reads weekly? hold? - a...@reader.example from Monday to Friday about 7:00, "
	    "when there is something new -  - " },
	{ "weekly", READER_ACTIVE, RHYTHM_WEEKLY, TIME_NONE,
	    "reads hold? - a...@reader.example once a week, on Monday about 7:00 -  - " },
	{ "monthly", READER_ACTIVE, RHYTHM_MONTHLY, TIME_NONE,
	    "reads hold? - a...@reader.example once a month, on day 1 about 7:00 -  - " },
	{ "held", READER_HOLD, RHYTHM_MONTHLY, NOW + 7 * DAY,
	    "held - a...@reader.example once a month, on day 1 about 7:00 - "
	    "1 December 2026 - " },
	{ "held for ever", READER_HOLD, RHYTHM_WEEKLY, TIME_NONE,
	    "held - a...@reader.example once a week, on Monday about 7:00 -  - " },
	{ "not yet", READER_PENDING, RHYTHM_WEEKLY, TIME_NONE,
	    "waits - a...@reader.example once a week, on Monday about 7:00 -  - " },
	{ "bounced", READER_BOUNCED, RHYTHM_EACH, TIME_NONE,
	    "reads - a...@reader.example every day about 7:00, when there is something new "
	    "-  - " },
};

static void
who_leaves_sees_what_comes(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(leavers); i++) {
		struct pages_test p;

		begin_with(&p, "page-leave", leave_form);
		p.ann.state = leavers[i].state;
		p.ann.cadence.rhythm = leavers[i].rhythm;
		p.ann.cadence.day = CADENCE_ANY;
		p.ann.hold_until = leavers[i].hold_until;
		update_ann(&p);
		open_pages(&p);
		shows(&p, leavers[i].name, key_of(&p, 'u', TOKEN_LEAVE), NULL,
		    leavers[i].want);
		end(&p);
	}
}

/* One press on "/u/", and what is kept of it. */
static const struct {
	const char *form;
	enum reader_state before;
	const char *want, *line; /* of the history, or "" */
} presses[] = {
	{ "act=weekly", READER_ACTIVE,
	    "reads hold? - a...@reader.example once a week, on Monday about 7:00 -  - From "
	    "now on one letter a week comes.",
	    "EDIT PAGE weekly" },
	{ "act=hold", READER_ACTIVE,
	    "held - a...@reader.example every day about 7:00, when there is something new - "
	    "24 December 2026 - Nothing comes for 30 days. Then one letter brings what you "
	    "missed.",
	    "HOLD PAGE until 2026-12-24" },
	{ "act=weekly", READER_BOUNCED,
	    "reads - a...@reader.example every day about 7:00, when there is something new "
	    "-  - ",
	    "" },
	{ "act=hold", READER_PENDING,
	    "waits - a...@reader.example every day about 7:00, when there is something new "
	    "-  - ",
	    "" },
	{ "act=undo", READER_ACTIVE,
	    "reads weekly? hold? - a...@reader.example every day about 7:00, when there is "
	    "something new -  - ",
	    "" },
	{ "act=why&why=x", READER_ACTIVE,
	    "reads weekly? hold? - a...@reader.example every day about 7:00, when there is "
	    "something new -  - ",
	    "" },
};

/* The newest line, as "EDIT PAGE weekly Monday"; "" when there is none. */
static const char *
newest_line(struct pages_test *p)
{
	static const char *const events[] = { [EVENT_LEAVE] = "LEAVE",
		[EVENT_HOLD] = "HOLD",
		[EVENT_RESUME] = "RESUME",
		[EVENT_EDIT] = "EDIT",
		[EVENT_UNDO] = "UNDO" };
	struct reader_event_line *lines = NULL;
	const struct reader_event_line *l = NULL;
	size_t count = 0;

	MUST(store_history(p->t.run.store, p->t.run.arena, p->ann.id, &lines, &count,
	    err));
	if (count == 0)
		return "";
	l = &lines[count - 1];
	assert_true(l->event < ARRAY_LEN(events) && events[l->event]);
	return arena_printf(p->t.run.arena, "%s %s %s", events[l->event],
	    l->cause == CAUSE_PAGE ? "PAGE" : "?", l->detail ? l->detail : "-");
}

static void
a_press_changes_and_is_kept(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(presses); i++) {
		struct pages_test p;

		begin_with(&p, "page-leave", leave_form);
		p.ann.state = presses[i].before;
		update_ann(&p);
		open_pages(&p);
		shows(&p, presses[i].form, key_of(&p, 'u', TOKEN_LEAVE), presses[i].form,
		    presses[i].want);
		SAME_TEXT(presses[i].form, newest_line(&p), presses[i].line);
		SAME_INT("what is missed comes", stored_reader(&p).hold_skip, false);
		end(&p);
	}
}

static const char left_form[] =
    "{{address}} - {{left}} - {{until}} -"
    "{{#may_undo}} undo?{{/may_undo}}{{#thanks}} thanks{{/thanks}}";

/* What happened to who left: so many seconds ago; 0 as the event ends the list. */
static const struct {
	const char *name;
	enum reader_state state;
	struct {
		enum reader_event event; /* EVENT_ASK ends the list */
		int64_t ago;
	} events[3];
	const char *want;
} left_cases[] = {
	{ "now", READER_LEFT, { { EVENT_LEAVE, 0 } },
	    "a...@reader.example - 24 November, 06:00 UTC - 06:15 UTC - undo?" },
	{ "at the end of its time", READER_LEFT, { { EVENT_LEAVE, 15 * MINUTE } },
	    "a...@reader.example - 24 November, 05:45 UTC - 06:00 UTC - undo?" },
	{ "a second later", READER_LEFT, { { EVENT_LEAVE, 15 * MINUTE + 1 } },
	    "a...@reader.example - 24 November, 05:44 UTC - 05:59 UTC -" },
	{ "removed since", READER_REMOVED, { { EVENT_LEAVE, MINUTE } },
	    "a...@reader.example - 24 November, 05:59 UTC - 06:14 UTC -" },
	{ "left and was changed", READER_LEFT,
	    { { EVENT_LEAVE, 10 * MINUTE }, { EVENT_EDIT, MINUTE } },
	    "a...@reader.example - 24 November, 05:50 UTC - 06:05 UTC - undo?" },
	{ "left twice", READER_LEFT,
	    { { EVENT_LEAVE, DAY }, { EVENT_UNDO, 20 * MINUTE },
		{ EVENT_LEAVE, 2 * MINUTE } },
	    "a...@reader.example - 24 November, 05:58 UTC - 06:13 UTC - undo?" },
	{ "nobody knows when", READER_LEFT, { { EVENT_ASK, 0 } },
	    "a...@reader.example - 24 November, 06:00 UTC - 06:15 UTC -" },
	{ "nor of another line", READER_LEFT, { { EVENT_EDIT, MINUTE } },
	    "a...@reader.example - 24 November, 06:00 UTC - 06:15 UTC -" },
};

static void
add_line(struct pages_test *p, enum reader_event event, int64_t ago, const char *detail)
{
	const struct reader_event_line line = { .at = NOW - ago,
		.event = event,
		.cause = CAUSE_PAGE,
		.state = p->ann.state,
		.detail = detail };

	MUST(store_history_add(p->t.run.store, p->ann.id, &line, err));
}

static void
leaving_can_be_undone_for_a_quarter_of_an_hour(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(left_cases); i++) {
		struct pages_test p;

		begin_with(&p, "page-left", left_form);
		p.ann.state = left_cases[i].state;
		update_ann(&p);
		for (size_t n = 0; n < ARRAY_LEN(left_cases[i].events) &&
		     left_cases[i].events[n].event != EVENT_ASK;
		     n++)
			add_line(&p, left_cases[i].events[n].event,
			    left_cases[i].events[n].ago, NULL);
		open_pages(&p);
		shows(&p, left_cases[i].name, key_of(&p, 'u', TOKEN_LEAVE), NULL,
		    left_cases[i].want);
		end(&p);
	}
}

/* A line for the editor is sent once after each leave, with what was typed and no more. */
static void
a_line_of_why_is_sent_once(void **state)
{
	static const struct {
		const char *name, *last; /* detail of the newest line; NULL: no line */
		const char *form, *want;
		int64_t mailed;
	} cases[] = {
		{ "first", "by a press", "act=why&why=too+much", " undo? thanks", 1 },
		{ "without any line", NULL, "act=why&why=too+much", " undo? thanks", 1 },
		{ "again", "said why", "act=why&why=too+much", " undo? thanks", 0 },
		{ "nothing", "by a press", "act=why&why=", " undo?", 0 },
		{ "blanks", "by a press", "act=why&why=++", " undo?", 0 },
		{ "not sent at all", "by a press", "act=why", " undo?", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct pages_test p;
		struct notice n;
		int64_t id = 0;

		begin_with(&p, "page-left",
		    "{{#may_undo}} undo?{{/may_undo}}{{#thanks}} thanks{{/thanks}}");
		p.ann.state = READER_LEFT;
		update_ann(&p);
		if (cases[i].last)
			add_line(&p, EVENT_LEAVE, MINUTE, cases[i].last);
		open_pages(&p);
		shows(&p, cases[i].name, key_of(&p, 'u', TOKEN_LEAVE), cases[i].form,
		    cases[i].want);
		SAME_INT(cases[i].name, count_notices(&p, NOTICE_KEEPER),
		    cases[i].mailed);
		if (cases[i].mailed > 0) {
			MUST(db_number(p.t.run.store, "SELECT MAX(id) FROM notice", &id,
			    err));
			MUST(store_notice_get(p.t.run.store, p.t.run.arena, id, &n, err));
			SAME_TEXT("to", n.address, p.site.owner);
			SAME_TEXT("subject", n.subject, "Planet X: why somebody left");
			SAME_TEXT("text", n.text,
			    "Somebody who left Planet X wrote on the page: too much");
			SAME_TEXT("kept", newest_line(&p), "LEAVE PAGE said why");
		}
		end(&p);
	}
}

/* ---- what wakes whoever mails ---- */

/* A reader's page that brings a letter wakes the run that mails it. */
static const struct {
	const char *name;
	enum goodbye goodbye;
	char route;
	enum token_scope scope;
	const char *form;
	bool wakes;
} wakers[] = {
	{ "one click with a goodbye", GOODBYE_ALWAYS, 'u', TOKEN_LEAVE,
	    "List-Unsubscribe=One-Click", true },
	{ "one click", GOODBYE_FORM, 'u', TOKEN_LEAVE, "List-Unsubscribe=One-Click",
	    false },
	{ "a press", GOODBYE_FORM, 'u', TOKEN_LEAVE, "act=leave", true },
	{ "looking", GOODBYE_ALWAYS, 'u', TOKEN_LEAVE, NULL, false },
	{ "less", GOODBYE_ALWAYS, 'u', TOKEN_LEAVE, "act=weekly", false },
	{ "wishes", GOODBYE_ALWAYS, 'p', TOKEN_PREFERENCES, "act=save", false },
	{ "another address", GOODBYE_FORM, 'p', TOKEN_PREFERENCES,
	    "act=save&email=new%40reader.example", true },
	{ "the data", GOODBYE_FORM, 'p', TOKEN_PREFERENCES, "act=data", true },
	{ "resumed", GOODBYE_FORM, 'p', TOKEN_PREFERENCES, "act=resume", false },
	{ "an address that answers", GOODBYE_FORM, 'a', TOKEN_ADDRESS, "act=yes", true },
	{ "an address that is looked at", GOODBYE_FORM, 'a', TOKEN_ADDRESS, NULL, false },
	{ "confirmed", GOODBYE_FORM, 'c', TOKEN_CONFIRM, "act=yes", true },
	{ "another question", GOODBYE_FORM, 'c', TOKEN_CONFIRM, "act=again", true },
	{ "refused", GOODBYE_FORM, 'c', TOKEN_CONFIRM, "act=refuse", false },
	{ "a question that is looked at", GOODBYE_FORM, 'c', TOKEN_CONFIRM, NULL, false },
};

static void
what_brings_a_letter_wakes_the_mailer(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wakers); i++) {
		struct pages_test p;
		const char *form = wakers[i].form;

		begin_pages(&p);
		p.t.settings.config.list.goodbye = wakers[i].goodbye;
		open_pages(&p);
		ask(&p, form ? WEB_POST : WEB_GET,
		    key_of(&p, wakers[i].route, wakers[i].scope), form ? URLENCODED : "",
		    form ? form : "");
		SAME_INT(wakers[i].name, p.answer.status, 200);
		SAME_INT(wakers[i].name, p.answer.wakes, wakers[i].wakes);
		end(&p);
	}
}

/* ---- data ---- */

static void
the_newest_twenty_lines_of_a_history_are_shown(void **state)
{
	static const struct {
		const char *name;
		int lines;
		const char *want; /* how many, first and last */
	} cases[] = {
		{ "none", 0, "" },
		{ "one", 1, " 05:59" },
		{ "twenty", 20,
		    " 05:59 05:58 05:57 05:56 05:55 05:54 05:53 05:52 05:51 05:50 05:49 "
		    "05:48 05:47 05:46 05:45 05:44 05:43 05:42 05:41 05:40" },
		{ "one more", 21,
		    " 05:59 05:58 05:57 05:56 05:55 05:54 05:53 05:52 05:51 05:50 05:49 "
		    "05:48 05:47 05:46 05:45 05:44 05:43 05:42 05:41 05:40 and more" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct pages_test p;
		struct buf want = BUF_INIT(10000);
		const char *at = cases[i].want;

		begin_with(&p, "page-data",
		    "{{#history}}[{{when}}]{{/history}}{{#has_more}} and more{{/has_more}}");
		for (int n = cases[i].lines; n > 0; n--)
			add_line(&p, EVENT_EDIT, n * MINUTE, NULL);
		open_pages(&p);
		for (; *at == ' ' && at[1] == '0'; at += strlen(" 05:59"))
			buf_addf(&want, "[24 November 2026, %.5s UTC]", at + 1);
		buf_adds(&want, at);
		shows(&p, cases[i].name, key_of(&p, 'e', TOKEN_ERASE), NULL,
		    buf_text(&want));
		buf_clear(&want);
		end(&p);
	}
}

static void
all_that_is_kept_is_told(void **state)
{
	static const char form[] =
	    "{{address}} - {{state}} - {{when}} - {{length}} - {{format}} - {{pictures}} - "
	    "{{sources}} - {{added}} - {{confirmed}} - {{evidence}} - {{letters}}, "
	    "{{messages}}; {{bounces}}{{#history}} - {{when}}: {{what}} {{how}}, {{detail}}, "
	    "{{evidence}}{{/history}}{{#has_more}} and more{{/has_more}}";
	struct pages_test p;

	(void)state;
	begin_with(&p, "page-data", form);
	p.ann.cadence = (struct cadence){ RHYTHM_WEEKLY, 5, 18 * 60 + 5, NULL };
	p.ann.variant.length = LENGTH_TITLES;
	p.ann.variant.format = FORMAT_DIGEST;
	p.ann.variant.pictures = PICTURES_LINK;
	p.ann.confirmed = TIME_NONE;
	update_ann(&p);
	add_line(&p, EVENT_EDIT, DAY, "weekly Friday 18:05");
	open_pages(&p);
	shows(&p, "all", key_of(&p, 'e', TOKEN_ERASE), NULL,
	    "ann@reader.example - letters come - once a week, on Friday about 18:05 - "
	    "titles only - digest, each post a message of its own - as links - all - "
	    "24 November 2026, 06:00 UTC -  -  - 0 letters, 0 messages; 0 came back - "
	    "23 November 2026, 06:00 UTC: Changed on a page, weekly Friday 18:05, ");
	end(&p);
}

/* Keys that open nothing are answered by pages with a status of their own. */
static void
keys_of_nobody_and_of_tests_open_nothing(void **state)
{
	static const struct {
		const char *name;
		char route;
		enum token_scope scope;
		int64_t reader;
		const char *behind, *form;
		int status;
		const char *want;
	} cases[] = {
		{ "data of nobody", 'e', TOKEN_ERASE, 77, "", NULL, 404, "lost" },
		{ "a file of nobody", 'e', TOKEN_ERASE, 77, "-data", NULL, 404, "lost" },
		{ "a part that there is not", 'e', TOKEN_ERASE, 1, "-dat", NULL, 404,
		    "nothing" },
		{ "erasing nobody", 'e', TOKEN_ERASE, 77, "", "act=erase", 404, "lost" },
		{ "erasing a part", 'e', TOKEN_ERASE, 1, "-data", "act=erase", 400,
		    "wrong" },
		{ "data of a test", 'e', TOKEN_ERASE, 0, "", NULL, 200, "test" },
		{ "erasing a test", 'e', TOKEN_ERASE, 0, "", "act=erase", 200, "test" },
		{ "wishes of a test", 'p', TOKEN_PREFERENCES, 0, "", NULL, 200, "test" },
		{ "saving a test", 'p', TOKEN_PREFERENCES, 0, "", "act=save", 200,
		    "test" },
		{ "wishes of nobody", 'p', TOKEN_PREFERENCES, 77, "", NULL, 404, "lost" },
		{ "resuming nobody", 'p', TOKEN_PREFERENCES, 77, "", "act=resume", 404,
		    "lost" },
		{ "data for nobody", 'p', TOKEN_PREFERENCES, 77, "", "act=data", 404,
		    "lost" },
		{ "leaving of a test", 'u', TOKEN_LEAVE, 0, "", NULL, 200, "test" },
		{ "leave a test", 'u', TOKEN_LEAVE, 0, "", "act=leave", 200, "test" },
		{ "leaving of nobody", 'u', TOKEN_LEAVE, 77, "", NULL, 404, "lost" },
		{ "leave nobody", 'u', TOKEN_LEAVE, 77, "", "act=leave", 404, "lost" },
		{ "bring nobody back", 'u', TOKEN_LEAVE, 77, "", "act=undo", 404,
		    "lost" },
		{ "less of nobody", 'u', TOKEN_LEAVE, 77, "", "act=hold", 404, "lost" },
		{ "nobody says why", 'u', TOKEN_LEAVE, 77, "", "act=why&why=x", 404,
		    "lost" },
	};
	struct pages_test p;

	(void)state;
	begin_with(&p, "page-lost", "lost");
	(void)flow_write(&p.t, "own/page-test.html", "test");
	(void)flow_write(&p.t, "own/page-nothing.html", "nothing");
	(void)flow_write(&p.t, "own/page-wrong.html", "wrong");
	open_pages(&p);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *form = cases[i].form;

		ask(&p, form ? WEB_POST : WEB_GET,
		    arena_printf(p.t.run.arena, "/%c/%s%s", cases[i].route,
			token(&p, cases[i].scope, cases[i].reader, 0), cases[i].behind),
		    form ? URLENCODED : "", form ? form : "");
		SAME_INT(cases[i].name, p.answer.status, cases[i].status);
		SAME_TEXT(cases[i].name, buf_text(&p.answer.body), cases[i].want);
	}
	SAME_INT("reads", state_of(&p), READER_ACTIVE);
	end(&p);
}

/* A key of another time, of which there may be one for each scope, opens nothing. */
static void
keys_of_another_time_open_nothing(void **state)
{
	static const struct {
		char route;
		enum token_scope scope;
		const char *form;
	} cases[] = { { 'p', TOKEN_PREFERENCES, NULL },
		{ 'p', TOKEN_PREFERENCES, "act=save&rhythm=weekly" },
		{ 'p', TOKEN_PREFERENCES, "act=data" }, { 'e', TOKEN_ERASE, NULL },
		{ 'e', TOKEN_ERASE, "act=erase" }, { 'u', TOKEN_LEAVE, "act=leave" } };
	struct pages_test p;

	(void)state;
	begin_with(&p, "page-lost", "lost");
	p.ann.epoch = 1;
	update_ann(&p);
	open_pages(&p);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *form = cases[i].form;

		for (int64_t epoch = 0; epoch <= 2; epoch += 2) {
			/* Links to leave never die. */
			if (cases[i].scope == TOKEN_LEAVE && epoch == 0)
				continue;
			ask(&p, form ? WEB_POST : WEB_GET,
			    arena_printf(p.t.run.arena, "/%c/%s", cases[i].route,
				token(&p, cases[i].scope, p.ann.id, epoch)),
			    form ? URLENCODED : "", form ? form : "");
			SAME_INT(form ? form : "looking", p.answer.status, 404);
			SAME_TEXT(form ? form : "looking", buf_text(&p.answer.body),
			    "lost");
		}
	}
	SAME_INT("reads", state_of(&p), READER_ACTIVE);
	SAME_INT("as before", stored_reader(&p).cadence.rhythm, RHYTHM_EACH);
	SAME_INT("no letter", count_notices(&p, NOTICE_DATA), 0);
	end(&p);
}

/* A link that is old says so; a press mails a fresh one to whoever reads still. */
static void
an_old_link_is_made_fresh(void **state)
{
	static const struct {
		const char *name;
		int64_t reader; /* 0: a test; 1: ann; 77: nobody */
		char route;
		enum token_scope scope;
		const char *form, *want;
		bool wakes;
		int64_t links, data; /* letters that wait */
	} cases[] = {
		{ "looking", 1, 'p', TOKEN_PREFERENCES, NULL, "expired", false, 0, 0 },
		{ "another press", 1, 'p', TOKEN_PREFERENCES, "act=save", "expired",
		    false, 0, 0 },
		{ "again", 1, 'p', TOKEN_PREFERENCES, "act=again", "fresh", true, 1, 0 },
		{ "of data", 1, 'e', TOKEN_ERASE, "act=again", "fresh", true, 0, 1 },
		{ "of nobody", 77, 'p', TOKEN_PREFERENCES, "act=again", "fresh", true, 0,
		    0 },
		{ "of a test", 0, 'p', TOKEN_PREFERENCES, NULL, "test", false, 0, 0 },
		{ "a test again", 0, 'e', TOKEN_ERASE, "act=again", "test", false, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *form = cases[i].form;
		struct pages_test p;
		struct token t = { cases[i].scope, cases[i].reader, 0, 1,
			NOW - 40 * DAY };
		char text[TOKEN_SIZE];

		begin_with(&p, "page-expired", "expired");
		(void)flow_write(&p.t, "own/page-fresh.html", "fresh");
		(void)flow_write(&p.t, "own/page-test.html", "test");
		open_pages(&p);
		SAME_INT("ann", p.ann.id, 1);
		token_make(p.site.key, &t, text);
		ask(&p, form ? WEB_POST : WEB_GET,
		    arena_printf(p.t.run.arena, "/%c/%s", cases[i].route, text),
		    form ? URLENCODED : "", form ? form : "");
		SAME_INT(cases[i].name, p.answer.status, 200);
		SAME_TEXT(cases[i].name, buf_text(&p.answer.body), cases[i].want);
		SAME_INT(cases[i].name, p.answer.wakes, cases[i].wakes);
		SAME_INT(cases[i].name, count_notices(&p, NOTICE_LINK), cases[i].links);
		SAME_INT(cases[i].name, count_notices(&p, NOTICE_DATA), cases[i].data);
		end(&p);
	}
}

/* The link that was mailed to the address ann asked for. */
static const char *
mailed_link(struct pages_test *p)
{
	struct token t = { TOKEN_ADDRESS, p->ann.id, p->ann.epoch, 0, NOW };
	struct new_address n;
	char text[TOKEN_SIZE];
	bool found = false;

	MUST(store_new_address_get(p->t.run.store, p->t.run.arena, p->ann.id, &n, &found,
	    err));
	assert_true(found);
	MUST(flow_address_number(&p->t.run, &n, &t.issue, err));
	token_make(p->site.key, &t, text);
	return path_of(p, "/a/", text);
}

static void
a_new_address_is_asked_once(void **state)
{
	static const char form[] =
	    "{{address}} {{from}} {{when}}:{{#asks}} asks{{/asks}}{{#done}} done{{/done}}"
	    "{{#taken}} taken{{/taken}}";

	(void)state;
	for (int taken = 0; taken <= 1; taken++) {
		struct pages_test p;
		const char *link = NULL;

		begin_with(&p, "page-address", form);
		(void)flow_write(&p.t, "own/page-address-old.html", "old");
		p.ann.cadence.rhythm = RHYTHM_WEEKLY;
		p.ann.cadence.day = CADENCE_ANY;
		update_ann(&p);
		open_pages(&p);
		ask(&p, WEB_POST, key_of(&p, 'p', TOKEN_PREFERENCES), URLENCODED,
		    "act=save&email=new%40reader.example");
		link = mailed_link(&p);
		shows(&p, "looked at", link, NULL,
		    "n...@reader.example planet@example.net once a week, on Monday about "
		    "7:00: asks");
		SAME_TEXT("as before", stored_reader(&p).address, "ann@reader.example");
		if (taken) {
			(void)add_reader(p.t.run.store, "new@reader.example",
			    READER_ACTIVE);
			shows(&p, "somebody reads there", link, NULL,
			    "n...@reader.example planet@example.net once a week, on Monday "
			    "about 7:00: taken");
			shows(&p, "and pressed", link, "act=yes",
			    "n...@reader.example planet@example.net once a week, on Monday "
			    "about 7:00: taken");
		} else {
			shows(&p, "pressed", link, "act=yes",
			    "n...@reader.example planet@example.net once a week, on Monday "
			    "about 7:00: done");
			shows(&p, "once more", link, "act=yes", "old");
			shows(&p, "and looked at", link, NULL, "old");
		}
		SAME_TEXT("where letters come", stored_reader(&p).address,
		    taken ? "ann@reader.example" : "new@reader.example");
		end(&p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_leaves_sees_what_comes),
		cmocka_unit_test(a_press_changes_and_is_kept),
		cmocka_unit_test(leaving_can_be_undone_for_a_quarter_of_an_hour),
		cmocka_unit_test(a_line_of_why_is_sent_once),
		cmocka_unit_test(what_brings_a_letter_wakes_the_mailer),
		cmocka_unit_test(the_newest_twenty_lines_of_a_history_are_shown),
		cmocka_unit_test(all_that_is_kept_is_told),
		cmocka_unit_test(keys_of_nobody_and_of_tests_open_nothing),
		cmocka_unit_test(keys_of_another_time_open_nothing),
		cmocka_unit_test(an_old_link_is_made_fresh),
		cmocka_unit_test(a_new_address_is_asked_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
