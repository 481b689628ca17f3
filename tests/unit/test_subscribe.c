/* SPDX-License-Identifier: ISC */
/* Joining and leaving: what is asked, what is answered, and what nobody learns. */
#include "unit/flow_fixture.h"

#include "flow/leave.h"
#include "flow/reader_moves.h"
#include "flow/subscribe.h"
#include "list/token.h"
#include "store/asks.h"
#include "store/notes.h"
#include "store/notices.h"
#include "store/reader_history.h"

enum { HOUR = 3600, DAY = 86400 };

static void
begin(struct flow_test *t)
{
	flow_begin(t);
	t->settings.config.web.url = "https://news.example.net/p";
	t->settings.config.list.command_address = "planet@example.net";
}

static enum ask_answer
ask_from(struct flow_test *t, const char *address, const char *network)
{
	const struct ask ask = { address, CAUSE_PAGE, network, NULL };
	enum ask_answer answer = ASK_FULL;

	MUST(flow_ask(&t->run, &ask, &answer, err));
	return answer;
}

static struct reader
find(struct flow_test *t, const char *address, bool *found)
{
	struct reader r;

	memset(&r, 0, sizeof(r));
	MUST(store_reader_find(t->run.store, t->run.arena, address, &r, found, err));
	return r;
}

static struct reader
must_find(struct flow_test *t, const char *address)
{
	bool found = false;
	struct reader r = find(t, address, &found);

	if (!found)
		fail_msg("%s: nobody", address);
	return r;
}

static int64_t
notice_count(struct flow_test *t)
{
	int64_t count = 0;

	MUST(db_number(t->run.store, "SELECT COUNT(*) FROM notice", &count, err));
	return count;
}

/* The newest notice. */
static struct notice
last_notice(struct flow_test *t)
{
	struct notice n;
	int64_t id = 0;

	memset(&n, 0, sizeof(n));
	MUST(db_number(t->run.store, "SELECT MAX(id) FROM notice", &id, err));
	MUST(store_notice_get(t->run.store, t->run.arena, id, &n, err));
	return n;
}

/* The code in the subject of the newest notice: "481 207 is ...". */
static const char *
mailed_code(struct flow_test *t)
{
	const struct notice n = last_notice(t);

	if (strspn(n.subject, "0123456789 ") != 8)
		fail_msg("no code in the subject: %s", n.subject);
	return arena_strndup(t->run.arena, n.subject, 7);
}

static const char *
token_for(struct flow_test *t, const char *address, enum token_scope scope)
{
	const struct reader r = must_find(t, address);
	const struct token token = { .scope = scope, .reader = r.id, .epoch = r.epoch };
	unsigned char key[HASH_SIZE];
	char text[TOKEN_SIZE];

	MUST(store_key(t->run.store, key, err));
	token_make(key, &token, text);
	return arena_strdup(t->run.arena, text);
}

static struct confirmation
type_code(struct flow_test *t, const char *address, const char *code)
{
	struct confirmation c;

	MUST(flow_confirm_code(&t->run, address, code, CAUSE_PAGE, &c, err));
	return c;
}

static enum confirm_answer
follow(struct flow_test *t, const char *token, enum event_cause cause)
{
	struct confirmation c;

	MUST(flow_confirm_token(&t->run, token, cause, &c, err));
	return c.answer;
}

static const char *
line_of(struct flow_test *t, const char *text, const char *word)
{
	const char *at = strstr(text, word);

	if (!at)
		fail_msg("\"%s\" does not stand in:\n%s", word, text);
	return arena_strndup(t->run.arena, at, strcspn(at, "\n"));
}

/* ---- asking ---- */

static void
an_ask_makes_a_pending_reader_and_one_letter(void **state)
{
	struct flow_test t;
	struct notice n;
	struct reader r;
	struct reader_event_line *lines = NULL;
	size_t count = 0;

	(void)state;
	begin(&t);
	SAME_INT("answer", ask_from(&t, "ann@x.example", "203.0.113.0/24"),
	    ASK_LOOK_AT_MAIL);
	r = must_find(&t, "ann@x.example");
	SAME_INT("state", r.state, READER_PENDING);
	SAME_INT("nothing is confirmed", r.confirmed, TIME_NONE);
	SAME_INT("no letter is due", r.due, TIME_NONE);
	n = last_notice(&t);
	SAME_INT("kind", n.kind, NOTICE_CONFIRMATION);
	SAME_INT("to the reader", n.reader_id, r.id);
	SAME_TEXT("subject", n.subject + 7, " is your code for Planet X");
	(void)line_of(&t, n.text, "Someone asked that this address gets \"Planet X\".");
	(void)line_of(&t, n.text, "reply to this mail, empty is fine");
	SAME_TEXT("where from", line_of(&t, n.text, "Asked "),
	    "Asked 24 November 2026, 06:00 UTC from 203.0.113.0/24");
	SAME_TEXT("the page", line_of(&t, n.text, "https://news.example.net/p/n/"),
	    arena_printf(t.run.arena, "https://news.example.net/p/n/%s",
		token_for(&t, "ann@x.example", TOKEN_CONFIRM)));
	SAME_TEXT("an answer", n.reply_to,
	    arena_printf(t.run.arena, "planet+confirm-%s@example.net",
		token_for(&t, "ann@x.example", TOKEN_CONFIRM)));
	assert_true(strlen(n.text) + strlen(n.html) < 4096);
	MUST(store_history(t.run.store, t.run.arena, r.id, &lines, &count, err));
	SAME_INT("history", count, 1);
	SAME_TEXT("evidence", lines[0].evidence,
	    "page 2026-11-24T06:00:00Z from 203.0.113.0/24, letter of planetpost test (en)");
	flow_end(&t);
}

/* Who is on the list shows in the mailbox alone. */
static void
every_address_is_answered_alike(void **state)
{
	static const struct {
		const char *address;
		enum reader_state state;
		enum notice_kind kind;
	} known[] = {
		{ "active@x.example", READER_ACTIVE, NOTICE_KNOWN },
		{ "hold@x.example", READER_HOLD, NOTICE_KNOWN },
		{ "bounced@x.example", READER_BOUNCED, NOTICE_CONFIRMATION },
		{ "left@x.example", READER_LEFT, NOTICE_CONFIRMATION },
		{ "removed@x.example", READER_REMOVED, NOTICE_CONFIRMATION },
		{ "pending@x.example", READER_PENDING, NOTICE_CONFIRMATION },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		struct flow_test t;
		struct notice n;

		begin(&t);
		(void)add_reader(t.run.store, known[i].address, known[i].state);
		SAME_INT(known[i].address, ask_from(&t, known[i].address, NULL),
		    ASK_LOOK_AT_MAIL);
		SAME_INT(known[i].address, must_find(&t, known[i].address).state,
		    known[i].state);
		SAME_INT(known[i].address, notice_count(&t), 1);
		n = last_notice(&t);
		SAME_INT(known[i].address, n.kind, known[i].kind);
		SAME_TEXT(known[i].address, n.subject + 7, " is your code for Planet X");
		SAME_INT(known[i].address,
		    type_code(&t, known[i].address, "000 000").tries_left, 4);
		flow_end(&t);
	}
}

static void
an_address_is_written_to_once_a_day_and_thrice_a_month(void **state)
{
	struct flow_test t;
	int64_t before = 0;

	(void)state;
	begin(&t);
	for (int hour = 0; hour < 40 * 24; hour += 6) {
		t.run.now = NOW + hour * INT64_C(3600);
		SAME_INT("the page says the same", ask_from(&t, "ann@x.example", NULL),
		    ASK_LOOK_AT_MAIL);
		if (hour < 24)
			SAME_INT("the first day", notice_count(&t), 1);
		else if (hour < 30 * 24)
			before = notice_count(&t);
	}
	SAME_INT("a month", before, 3);
	flow_end(&t);
}

static void
one_network_asks_five_times_an_hour(void **state)
{
	struct flow_test t;

	(void)state;
	begin(&t);
	for (int i = 0; i < 8; i++) {
		const char *address = arena_printf(t.run.arena, "r%d@x.example", i);

		SAME_INT(address, ask_from(&t, address, "203.0.113.0/24"),
		    i < 5 ? ASK_LOOK_AT_MAIL : ASK_TOO_MANY);
	}
	SAME_INT("letters", notice_count(&t), 5);
	SAME_INT("another network", ask_from(&t, "o@x.example", "198.51.100.0/24"),
	    ASK_LOOK_AT_MAIL);
	t.run.now += HOUR;
	SAME_INT("an hour later", ask_from(&t, "p@x.example", "203.0.113.0/24"),
	    ASK_LOOK_AT_MAIL);
	flow_end(&t);
}

/* A flood from everywhere: the page mails nobody, the keeper is told once, mail still works. */
static void
too_many_asks_in_all_shut_the_page_alone(void **state)
{
	struct flow_test t;
	const struct ask by_mail = { "mail@x.example", CAUSE_MAIL, NULL, NULL };
	enum ask_answer answer = ASK_FULL;
	struct notice n;

	(void)state;
	begin(&t);
	t.settings.config.newsletter.owner = "keeper@example.net";
	for (int i = 0; i < 100; i++)
		SAME_INT("answer",
		    ask_from(&t, arena_printf(t.run.arena, "r%d@x.example", i),
			arena_printf(t.run.arena, "10.0.%d.0/24", i)),
		    i < 60 ? ASK_LOOK_AT_MAIL : ASK_BY_MAIL_ONLY);
	SAME_INT("60 letters and one to the keeper", notice_count(&t), 61);
	n = last_notice(&t);
	SAME_INT("kind", n.kind, NOTICE_KEEPER);
	SAME_TEXT("to", n.address, "keeper@example.net");
	MUST(flow_ask(&t.run, &by_mail, &answer, err));
	SAME_INT("by mail", answer, ASK_LOOK_AT_MAIL);
	SAME_INT("by mail", last_notice(&t).kind, NOTICE_CONFIRMATION);
	t.run.now += HOUR;
	SAME_INT("an hour later", ask_from(&t, "later@x.example", NULL),
	    ASK_LOOK_AT_MAIL);
	flow_end(&t);
}

static void
a_full_list_says_so_to_everybody(void **state)
{
	struct flow_test t;

	(void)state;
	begin(&t);
	t.settings.config.list.max_subscribers = 1;
	(void)add_reader(t.run.store, "ann@x.example", READER_ACTIVE);
	SAME_INT("known", ask_from(&t, "ann@x.example", NULL), ASK_FULL);
	SAME_INT("unknown", ask_from(&t, "bob@x.example", NULL), ASK_FULL);
	SAME_INT("letters", notice_count(&t), 0);
	flow_end(&t);
}

static void
blocked_domains_are_not_written_to(void **state)
{
	static const struct {
		const char *address;
		bool mailed;
	} cases[] = {
		{ "a@trash.example", false },
		{ "b@sub.trash.example", false },
		{ "c@nottrash.example", true },
		{ "d@TRASH.example", false },
		{ "e@example", true },
	};
	struct flow_test t;
	int64_t letters = 0;

	(void)state;
	begin(&t);
	t.settings.config.limits.blocked_domains =
	    flow_write(&t, "domains", "# throw-away\n\ntrash.example\r\n");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		SAME_INT(cases[i].address, ask_from(&t, cases[i].address, NULL),
		    ASK_LOOK_AT_MAIL);
		letters += cases[i].mailed;
		SAME_INT(cases[i].address, notice_count(&t), letters);
	}
	flow_end(&t);
}

static void
where_nobody_could_answer_nothing_is_asked(void **state)
{
	struct flow_test t;
	const struct ask ask = { "ann@x.example", CAUSE_PAGE, NULL, NULL };
	enum ask_answer answer = ASK_FULL;
	bool found = false;

	(void)state;
	flow_begin(&t);
	MUST_FAIL(flow_ask(&t.run, &ask, &answer, err), ERR_CONFIG, "command_address");
	(void)find(&t, "ann@x.example", &found);
	SAME_INT("nobody was added", found, 0);
	flow_end(&t);
}

/* ---- confirming ---- */

static void
the_code_makes_a_reader(void **state)
{
	struct flow_test t;
	struct confirmation c;
	struct reader r;
	const char *code = NULL;

	(void)state;
	begin(&t);
	(void)approve_issue(t.run.store, "1", NOW - DAY);
	(void)ask_from(&t, "ann@x.example", NULL);
	code = mailed_code(&t);
	t.run.now += 19 * 60;
	c = type_code(&t, "Ann@X.example", arena_printf(t.run.arena, " %s ", code));
	SAME_INT("answer", c.answer, CONFIRM_DONE);
	r = must_find(&t, "ann@x.example");
	SAME_INT("state", r.state, READER_ACTIVE);
	SAME_INT("confirmed", r.confirmed, NOW + 19 * 60);
	SAME_TEXT("evidence", r.confirmed_by,
	    "page 2026-11-24T06:00:00Z, letter of planetpost test (en); confirmed by code "
	    "2026-11-24T06:19:00Z");
	SAME_INT("the newest issue is theirs", r.last_issue, 0);
	SAME_INT("at once", r.due, t.run.now);
	SAME_INT("welcome", last_notice(&t).kind, NOTICE_WELCOME);
	(void)line_of(&t, last_notice(&t).text, "The newest issue comes to you at once.");
	SAME_INT("once", type_code(&t, "ann@x.example", code).answer, CONFIRM_WRONG);
	flow_end(&t);
}

static void
without_a_welcome_letters_begin_with_the_next_issue(void **state)
{
	struct flow_test t;
	struct reader r;

	(void)state;
	begin(&t);
	t.settings.config.list.welcome = false;
	(void)approve_issue(t.run.store, "1", NOW - DAY);
	(void)ask_from(&t, "ann@x.example", NULL);
	SAME_INT("answer", type_code(&t, "ann@x.example", mailed_code(&t)).answer,
	    CONFIRM_DONE);
	r = must_find(&t, "ann@x.example");
	SAME_INT("watermark", r.last_issue, 1);
	SAME_INT("due", r.due, TIME_NONE);
	SAME_INT("one letter", notice_count(&t), 1);
	flow_end(&t);
}

static void
five_wrong_codes_are_enough(void **state)
{
	struct flow_test t;
	const char *code = NULL;
	struct confirmation c;

	(void)state;
	begin(&t);
	(void)ask_from(&t, "ann@x.example", NULL);
	code = mailed_code(&t);
	for (int left = 4; left >= 0; left--) {
		c = type_code(&t, "ann@x.example", left % 2 ? "000 001" : "nonsense");
		SAME_INT("left", c.tries_left, left);
		SAME_INT("answer", c.answer, left > 0 ? CONFIRM_WRONG : CONFIRM_TOO_MANY);
	}
	SAME_INT("the right one is too late", type_code(&t, "ann@x.example", code).answer,
	    CONFIRM_TOO_MANY);
	SAME_INT("nobody joined", must_find(&t, "ann@x.example").state, READER_PENDING);
	SAME_INT("the link still works",
	    follow(&t, token_for(&t, "ann@x.example", TOKEN_CONFIRM), CAUSE_PAGE),
	    CONFIRM_DONE);
	flow_end(&t);
}

static void
a_code_lives_twenty_minutes_and_a_link_three_days(void **state)
{
	struct flow_test t;
	const char *code = NULL;
	const char *token = NULL;
	struct confirmation c;

	(void)state;
	begin(&t);
	(void)ask_from(&t, "ann@x.example", NULL);
	code = mailed_code(&t);
	token = token_for(&t, "ann@x.example", TOKEN_CONFIRM);
	t.run.now = NOW + 20 * 60 + 1;
	SAME_INT("code", type_code(&t, "ann@x.example", code).answer, CONFIRM_EXPIRED);
	t.run.now = NOW + 3 * DAY;
	MUST(flow_confirm_look(&t.run, token, &c, err));
	SAME_INT("look", c.answer, CONFIRM_DONE);
	SAME_INT("looking changes nothing", must_find(&t, "ann@x.example").state,
	    READER_PENDING);
	t.run.now = NOW + 3 * DAY + 1;
	SAME_INT("link", follow(&t, token, CAUSE_PAGE), CONFIRM_EXPIRED);
	SAME_INT("nobody joined", must_find(&t, "ann@x.example").state, READER_PENDING);
	MUST(flow_ask_again(&t.run, token, err));
	SAME_INT("a fresh letter", notice_count(&t), 2);
	SAME_INT("which works", follow(&t, token, CAUSE_PAGE), CONFIRM_DONE);
	SAME_INT("twice is no harm", follow(&t, token, CAUSE_PAGE), CONFIRM_ALREADY);
	flow_end(&t);
}

/* Whoever holds one power has no other. */
static void
other_tokens_confirm_nothing(void **state)
{
	static const enum token_scope scopes[] = { TOKEN_LEAVE, TOKEN_PREFERENCES,
		TOKEN_ERASE, TOKEN_BOUNCE };
	struct flow_test t;
	struct reader r;

	(void)state;
	begin(&t);
	(void)ask_from(&t, "ann@x.example", NULL);
	for (size_t i = 0; i < ARRAY_LEN(scopes); i++)
		SAME_INT("scope",
		    follow(&t, token_for(&t, "ann@x.example", scopes[i]), CAUSE_PAGE),
		    CONFIRM_UNKNOWN);
	SAME_INT("nonsense", follow(&t, "abc", CAUSE_PAGE), CONFIRM_UNKNOWN);
	SAME_INT("nothing", follow(&t, "", CAUSE_PAGE), CONFIRM_UNKNOWN);
	r = must_find(&t, "ann@x.example");
	r.epoch++;
	MUST(store_reader_update(t.run.store, &r, err));
	r.epoch--;
	SAME_INT("state", must_find(&t, "ann@x.example").state, READER_PENDING);
	flow_end(&t);
}

static void
a_code_for_nobody_is_wrong_like_any_other(void **state)
{
	struct flow_test t;
	int64_t rows = -1;

	(void)state;
	begin(&t);
	(void)add_reader(t.run.store, "ann@x.example", READER_ACTIVE);
	SAME_INT("unknown", type_code(&t, "nobody@x.example", "123456").answer,
	    CONFIRM_WRONG);
	SAME_INT("known", type_code(&t, "ann@x.example", "123456").answer, CONFIRM_WRONG);
	MUST(db_number(t.run.store, "SELECT COUNT(*) FROM ask", &rows, err));
	SAME_INT("nothing is kept", rows, 0);
	flow_end(&t);
}

/* ---- refusing, and time ---- */

static void
who_did_not_ask_is_left_alone_for_a_year(void **state)
{
	struct flow_test t;
	const char *token = NULL;
	bool known = false;
	bool found = true;
	bool erased = true;

	(void)state;
	begin(&t);
	(void)ask_from(&t, "ann@x.example", NULL);
	token = token_for(&t, "ann@x.example", TOKEN_CONFIRM);
	MUST(flow_ask_refuse(&t.run, token, &known, err));
	SAME_INT("known", known, 1);
	(void)find(&t, "ann@x.example", &found);
	SAME_INT("nothing is left", found, 0);
	SAME_INT("the link is dead", follow(&t, token, CAUSE_PAGE), CONFIRM_UNKNOWN);
	MUST(store_reader_is_erased(t.run.store, "ann@x.example", &erased, err));
	SAME_INT("a list may still bring them", erased, 0);
	t.run.now = NOW + 364 * INT64_C(86400);
	SAME_INT("asked again", ask_from(&t, "ann@x.example", NULL), ASK_LOOK_AT_MAIL);
	SAME_INT("no letter", notice_count(&t), 1);
	t.run.now = NOW + 366 * INT64_C(86400);
	SAME_INT("after a year", ask_from(&t, "ann@x.example", NULL), ASK_LOOK_AT_MAIL);
	SAME_INT("a letter", notice_count(&t), 2);
	flow_end(&t);
}

static void
one_reminder_then_silence(void **state)
{
	struct flow_test t;
	struct asks_report report;
	bool found = true;

	(void)state;
	begin(&t);
	(void)ask_from(&t, "ann@x.example", NULL);
	for (int hour = 0; hour <= 8 * 24; hour++) {
		t.run.now = NOW + hour * INT64_C(3600);
		MUST(flow_asks_tend(&t.run, &report, err));
		SAME_INT("reminded", report.reminded, hour == 25);
		SAME_INT("forgotten", report.forgotten, hour == 7 * 24 + 1);
	}
	SAME_INT("letters", notice_count(&t), 2);
	(void)find(&t, "ann@x.example", &found);
	SAME_INT("forgotten", found, 0);
	flow_end(&t);
}

static void
who_joined_meanwhile_is_not_reminded(void **state)
{
	struct flow_test t;
	struct asks_report report;

	(void)state;
	begin(&t);
	(void)ask_from(&t, "ann@x.example", NULL);
	SAME_INT("answer",
	    follow(&t, token_for(&t, "ann@x.example", TOKEN_CONFIRM), CAUSE_MAIL),
	    CONFIRM_DONE);
	t.run.now = NOW + 10 * DAY;
	MUST(flow_asks_tend(&t.run, &report, err));
	SAME_INT("reminded", report.reminded, 0);
	SAME_INT("state", must_find(&t, "ann@x.example").state, READER_ACTIVE);
	flow_end(&t);
}

/* ---- leaving ---- */

static void
who_leaves_is_gone_at_once_and_can_come_back(void **state)
{
	struct flow_test t;
	const struct reader_move added = { EVENT_IMPORT, CAUSE_LIST, "form", NULL };
	const struct reader_move hold = { EVENT_HOLD, CAUSE_PAGE, NULL, NULL };
	struct reader r = make_reader("ann@x.example", READER_ACTIVE);
	const char *token = NULL;
	bool found = false;
	bool undone = false;

	(void)state;
	begin(&t);
	MUST(flow_reader_add(&t.run, &r, &added, err));
	r.hold_until = NOW + 5 * DAY;
	MUST(flow_reader_move(&t.run, &r, &hold, err));
	token = token_for(&t, "ann@x.example", TOKEN_LEAVE);
	MUST(flow_leave(&t.run, token, LEAVE_PAGE, &r, &found, err));
	SAME_INT("found", found, 1);
	SAME_INT("state", must_find(&t, "ann@x.example").state, READER_LEFT);
	SAME_INT("goodbye", last_notice(&t).kind, NOTICE_GOODBYE);
	MUST(flow_leave(&t.run, token, LEAVE_PAGE, &r, &found, err));
	SAME_INT("again is found", found, 1);
	SAME_INT("again is no second letter", notice_count(&t), 1);
	t.run.now += 15 * 60;
	MUST(flow_leave_undo(&t.run, token, &r, &undone, err));
	SAME_INT("undone", undone, 1);
	r = must_find(&t, "ann@x.example");
	SAME_INT("all is as it was", r.state, READER_HOLD);
	SAME_INT("the hold too", r.hold_until, NOW + 5 * DAY);
	flow_end(&t);
}

static void
an_undo_has_its_time(void **state)
{
	struct flow_test t;
	struct reader r;
	const char *leave = NULL;
	const char *back = NULL;
	bool found = false;
	bool undone = true;

	(void)state;
	begin(&t);
	(void)add_reader(t.run.store, "ann@x.example", READER_ACTIVE);
	leave = token_for(&t, "ann@x.example", TOKEN_LEAVE);
	back = token_for(&t, "ann@x.example", TOKEN_CONFIRM);
	MUST(flow_leave(&t.run, leave, LEAVE_PAGE, &r, &found, err));
	t.run.now = NOW + 15 * 60 + 1;
	MUST(flow_leave_undo(&t.run, leave, &r, &undone, err));
	SAME_INT("the page's undo is over", undone, 0);
	SAME_INT("state", must_find(&t, "ann@x.example").state, READER_LEFT);
	t.run.now = NOW + 7 * DAY;
	SAME_INT("the goodbye's is not", follow(&t, back, CAUSE_PAGE), CONFIRM_DONE);
	SAME_INT("state", must_find(&t, "ann@x.example").state, READER_ACTIVE);
	MUST(flow_leave(&t.run, leave, LEAVE_PAGE, &r, &found, err));
	t.run.now = NOW + 14 * DAY + 1;
	SAME_INT("later it is", follow(&t, back, CAUSE_PAGE), CONFIRM_EXPIRED);
	SAME_INT("state", must_find(&t, "ann@x.example").state, READER_LEFT);
	flow_end(&t);
}

static void
goodbye_goes_to_whom_the_setting_says(void **state)
{
	static const struct {
		enum goodbye goodbye;
		enum leave_way way;
		int64_t letters;
	} cases[] = {
		{ GOODBYE_NEVER, LEAVE_PAGE, 0 },
		{ GOODBYE_NEVER, LEAVE_ONE_CLICK, 0 },
		{ GOODBYE_FORM, LEAVE_PAGE, 1 },
		{ GOODBYE_FORM, LEAVE_ONE_CLICK, 0 },
		{ GOODBYE_FORM, LEAVE_MAILTO, 0 },
		{ GOODBYE_FORM, LEAVE_MAIL, 1 },
		{ GOODBYE_ALWAYS, LEAVE_ONE_CLICK, 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct flow_test t;
		struct reader r;
		bool found = false;

		begin(&t);
		t.settings.config.list.goodbye = cases[i].goodbye;
		(void)add_reader(t.run.store, "ann@x.example", READER_ACTIVE);
		MUST(flow_leave(&t.run, token_for(&t, "ann@x.example", TOKEN_LEAVE),
		    cases[i].way, &r, &found, err));
		SAME_INT("left", r.state, READER_LEFT);
		SAME_INT("letters", notice_count(&t), cases[i].letters);
		flow_end(&t);
	}
}

static void
other_tokens_let_nobody_leave(void **state)
{
	static const enum token_scope scopes[] = { TOKEN_CONFIRM, TOKEN_PREFERENCES,
		TOKEN_ERASE, TOKEN_BOUNCE };
	struct flow_test t;

	(void)state;
	begin(&t);
	(void)add_reader(t.run.store, "ann@x.example", READER_ACTIVE);
	for (size_t i = 0; i < ARRAY_LEN(scopes); i++) {
		struct reader r;
		bool found = true;

		MUST(flow_leave(&t.run, token_for(&t, "ann@x.example", scopes[i]),
		    LEAVE_ONE_CLICK, &r, &found, err));
		SAME_INT("found", found, 0);
	}
	SAME_INT("state", must_find(&t, "ann@x.example").state, READER_ACTIVE);
	flow_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_ask_makes_a_pending_reader_and_one_letter),
		cmocka_unit_test(every_address_is_answered_alike),
		cmocka_unit_test(an_address_is_written_to_once_a_day_and_thrice_a_month),
		cmocka_unit_test(one_network_asks_five_times_an_hour),
		cmocka_unit_test(too_many_asks_in_all_shut_the_page_alone),
		cmocka_unit_test(a_full_list_says_so_to_everybody),
		cmocka_unit_test(blocked_domains_are_not_written_to),
		cmocka_unit_test(where_nobody_could_answer_nothing_is_asked),
		cmocka_unit_test(the_code_makes_a_reader),
		cmocka_unit_test(without_a_welcome_letters_begin_with_the_next_issue),
		cmocka_unit_test(five_wrong_codes_are_enough),
		cmocka_unit_test(a_code_lives_twenty_minutes_and_a_link_three_days),
		cmocka_unit_test(other_tokens_confirm_nothing),
		cmocka_unit_test(a_code_for_nobody_is_wrong_like_any_other),
		cmocka_unit_test(who_did_not_ask_is_left_alone_for_a_year),
		cmocka_unit_test(one_reminder_then_silence),
		cmocka_unit_test(who_joined_meanwhile_is_not_reminded),
		cmocka_unit_test(who_leaves_is_gone_at_once_and_can_come_back),
		cmocka_unit_test(an_undo_has_its_time),
		cmocka_unit_test(goodbye_goes_to_whom_the_setting_says),
		cmocka_unit_test(other_tokens_let_nobody_leave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
