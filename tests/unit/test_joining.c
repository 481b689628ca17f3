/* SPDX-License-Identifier: ISC */
/* Joining and leaving to the second: what is written down, how long each way is open. */
#include "unit/flow_fixture.h"

#include "flow/leave.h"
#include "flow/reader_moves.h"
#include "flow/subscribe.h"
#include "list/token.h"
#include "store/asks.h"
#include "store/notes.h"
#include "store/notices.h"
#include "store/reader_history.h"

enum { HOUR = 3600, DAY = 86400, MINUTE = 60 };

#define ANN "ann@x.example"

static void
begin(struct flow_test *t)
{
	flow_begin(t);
	t->settings.config.web.url = "https://news.example.net/p";
	t->settings.config.list.command_address = "planet@example.net";
}

static void
ask(struct flow_test *t, const char *address, enum event_cause cause)
{
	const struct ask wanted = { address, cause, NULL, NULL };
	enum ask_answer answer = ASK_FULL;

	MUST(flow_ask(&t->run, &wanted, &answer, err));
	SAME_INT(address, answer, ASK_LOOK_AT_MAIL);
}

static int64_t
number_of(struct flow_test *t, const char *sql)
{
	int64_t n = -1;

	MUST(db_number(t->run.store, sql, &n, err));
	return n;
}

static int64_t
letters(struct flow_test *t)
{
	return number_of(t, "SELECT COUNT(*) FROM notice");
}

static struct notice
last_letter(struct flow_test *t)
{
	struct notice n = { .kind = NOTICE_NONE };

	MUST(store_notice_get(t->run.store, t->run.arena,
	    number_of(t, "SELECT MAX(id) FROM notice"), &n, err));
	return n;
}

static struct reader
find(struct flow_test *t, const char *address)
{
	struct reader r;
	bool found = false;

	MUST(store_reader_find(t->run.store, t->run.arena, address, &r, &found, err));
	if (!found)
		fail_msg("%s: nobody", address);
	return r;
}

static const char *
token_with(struct flow_test *t, const struct reader *r, enum token_scope scope,
    int64_t epoch)
{
	const struct token token = { .scope = scope, .reader = r->id, .epoch = epoch };
	unsigned char key[HASH_SIZE];
	char text[TOKEN_SIZE];

	MUST(store_key(t->run.store, key, err));
	token_make(key, &token, text);
	return arena_strdup(t->run.arena, text);
}

static const char *
token_of(struct flow_test *t, const char *address, enum token_scope scope)
{
	const struct reader r = find(t, address);

	return token_with(t, &r, scope, r.epoch);
}

/* The newest line of their history: "event cause state detail evidence". */
static const char *
last_line(struct flow_test *t, int64_t reader)
{
	struct reader_event_line *lines = NULL;
	size_t count = 0;
	const struct reader_event_line *l = NULL;

	MUST(store_history(t->run.store, t->run.arena, reader, &lines, &count, err));
	if (count == 0)
		return "nothing";
	l = &lines[count - 1];
	return arena_printf(t->run.arena, "%d %d %d %s %s", (int)l->event, (int)l->cause,
	    (int)l->state, l->detail ? l->detail : "-", l->evidence ? l->evidence : "-");
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

/* ---- codes ---- */

/*
 * Six digits of a keyed digest of a purpose, the address's hash and the second of the ask, the
 * lowest byte first: what was mailed is understood by the next version too.
 */
static const char *
code_of(struct flow_test *t, const char *address, int64_t asked)
{
	unsigned char key[HASH_SIZE];
	unsigned char bytes[16 + HASH_SIZE + 8] = "planetpost code";
	unsigned char mac[HASH_SIZE];
	uint64_t number = 0;

	MUST(store_key(t->run.store, key, err));
	MUST(store_address_hash(t->run.store, address, bytes + 16, err));
	for (int i = 0; i < 8; i++)
		bytes[16 + HASH_SIZE + i] = (unsigned char)((uint64_t)asked >> (8 * i));
	hash_hmac(key, HASH_SIZE, bytes, sizeof(bytes), mac);
	for (int i = 0; i < 8; i++)
		number = number * 256 + mac[i];
	return arena_printf(t->run.arena, "%03d %03d", (int)(number % 1000000 / 1000),
	    (int)(number % 1000));
}

static void
a_code_is_of_the_address_and_the_second(void **state)
{
	struct flow_test t;
	const char *code = NULL;

	(void)state;
	begin(&t);
	t.run.now = INT64_C(0x123456789A); /* each of its bytes is another */
	ask(&t, ANN, CAUSE_PAGE);
	code = code_of(&t, ANN, t.run.now);
	SAME_TEXT("subject", last_letter(&t).subject,
	    arena_printf(t.run.arena, "%s is your code for Planet X", code));
	SAME_INT("it confirms", type_code(&t, ANN, code).answer, CONFIRM_DONE);
	flow_end(&t);
}

static void
a_code_is_for_the_page_alone(void **state)
{
	struct flow_test t;

	(void)state;
	begin(&t);
	ask(&t, ANN, CAUSE_MAIL);
	SAME_INT("kind", last_letter(&t).kind, NOTICE_CONFIRMATION);
	SAME_INT("no digit", strcspn(last_letter(&t).subject, "0123456789"),
	    strlen(last_letter(&t).subject));
	flow_end(&t);
}

/* How six digits were typed: A stands for the first three of them, B for the others. */
static const struct {
	const char *name, *form;
	enum confirm_answer answer;
} typed[] = {
	{ "as it is mailed", "A B", CONFIRM_DONE },
	{ "in one", "AB", CONFIRM_DONE },
	{ "with a hyphen", "A-B", CONFIRM_DONE },
	{ "with tabs", "\tA\tB\t", CONFIRM_DONE },
	{ "with blanks and hyphens around", " - A  B - ", CONFIRM_DONE },
	{ "a digit more", "AB0", CONFIRM_WRONG },
	{ "a digit more in front", "0AB", CONFIRM_WRONG },
	{ "a dot", "A.B", CONFIRM_WRONG },
	{ "a letter at the end", "A Bx", CONFIRM_WRONG },
	{ "a line", "A B\n", CONFIRM_WRONG },
	{ "a half of it", "A", CONFIRM_WRONG },
	{ "the other half", "B", CONFIRM_WRONG },
	{ "five digits", "A12", CONFIRM_WRONG },
	{ "nothing", "", CONFIRM_WRONG },
};

static const char *
fill_in(struct flow_test *t, const char *form, const char *code)
{
	const char *out = "";

	for (const char *p = form; *p; p++)
		out = *p == 'A' ? arena_printf(t->run.arena, "%s%.3s", out, code)
		    : *p == 'B' ? arena_printf(t->run.arena, "%s%s", out, code + 4)
				: arena_printf(t->run.arena, "%s%c", out, *p);
	return out;
}

static void
a_code_is_typed_in_many_ways(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(typed); i++) {
		struct flow_test t;
		struct confirmation c;

		begin(&t);
		ask(&t, ANN, CAUSE_PAGE);
		c = type_code(&t, ANN, fill_in(&t, typed[i].form, code_of(&t, ANN, NOW)));
		SAME_INT(typed[i].name, c.answer, typed[i].answer);
		SAME_INT(typed[i].name, c.tries_left, 4);
		SAME_INT(typed[i].name, find(&t, ANN).state,
		    c.answer == CONFIRM_DONE ? READER_ACTIVE : READER_PENDING);
		flow_end(&t);
	}
}

static const struct {
	const char *name;
	int64_t after;
	enum confirm_answer code, link;
} ages[] = {
	{ "at once", 0, CONFIRM_DONE, CONFIRM_DONE },
	{ "the code's last second", 20 * MINUTE, CONFIRM_DONE, CONFIRM_DONE },
	{ "one more", 20 * MINUTE + 1, CONFIRM_EXPIRED, CONFIRM_DONE },
	{ "the link's last second", 3 * DAY, CONFIRM_EXPIRED, CONFIRM_DONE },
	{ "one more", 3 * DAY + 1, CONFIRM_EXPIRED, CONFIRM_EXPIRED },
};

static void
codes_and_links_run_out(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ages); i++) {
		struct flow_test t;

		for (int by_link = 0; by_link < 2; by_link++) {
			enum confirm_answer got;
			const char *code = NULL;
			const char *token = NULL;

			begin(&t);
			ask(&t, ANN, CAUSE_PAGE);
			code = code_of(&t, ANN, NOW);
			token = token_of(&t, ANN, TOKEN_CONFIRM);
			t.run.now = NOW + ages[i].after;
			got = by_link ? follow(&t, token, CAUSE_PAGE)
				      : type_code(&t, ANN, code).answer;
			SAME_INT(ages[i].name, got,
			    by_link ? ages[i].link : ages[i].code);
			flow_end(&t);
		}
	}
}

/* For a domain that is not written to the page asks for a code that is never right. */
static void
who_is_not_written_to_cannot_confirm(void **state)
{
	struct flow_test t;
	struct asks_report report;

	(void)state;
	begin(&t);
	t.settings.config.limits.blocked_domains = flow_write(&t, "domains", "x.example");
	ask(&t, ANN, CAUSE_PAGE);
	SAME_INT("no letter", letters(&t), 0);
	SAME_INT("an ask", number_of(&t, "SELECT COUNT(*) FROM ask"), 1);
	SAME_INT("left", type_code(&t, ANN, code_of(&t, ANN, NOW)).tries_left, 4);
	t.run.now++;
	ask(&t, ANN, CAUSE_PAGE);
	SAME_INT("the ask is the first one", number_of(&t, "SELECT asked FROM ask"), NOW);
	SAME_INT("the tries go on", type_code(&t, ANN, "1").tries_left, 3);
	SAME_INT("nobody", number_of(&t, "SELECT COUNT(*) FROM reader"), 0);
	t.run.now = NOW + 7 * DAY + 1;
	MUST(flow_asks_tend(&t.run, &report, err));
	SAME_INT("it ends", number_of(&t, "SELECT COUNT(*) FROM ask"), 0);
	SAME_INT("nobody was forgotten", report.forgotten, 0);
	flow_end(&t);
}

/* ---- asking ---- */

static const struct {
	const char *name;
	enum reader_state state;
	bool noted;
} asked[] = {
	{ "pending", READER_PENDING, true },
	{ "active", READER_ACTIVE, false },
	{ "hold", READER_HOLD, false },
	{ "bounced", READER_BOUNCED, true },
	{ "left", READER_LEFT, true },
	{ "removed", READER_REMOVED, true },
};

static void
that_somebody_known_asked_is_written_down(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(asked); i++) {
		struct flow_test t;
		int64_t id = 0;

		begin(&t);
		id = add_reader(t.run.store, ANN, asked[i].state);
		ask(&t, ANN, CAUSE_MAIL);
		SAME_TEXT(asked[i].name, last_line(&t, id),
		    asked[i].noted
			? arena_printf(t.run.arena,
			      "%d %d %d - mail 2026-11-24T06:00:00Z, letter of "
			      "planetpost test (en)",
			      EVENT_ASK, CAUSE_MAIL, (int)asked[i].state)
			: "nothing");
		SAME_INT(asked[i].name, find(&t, ANN).state, asked[i].state);
		flow_end(&t);
	}
}

static const struct {
	const char *name;
	enum event_cause cause;
	const char *how;
} ways_to_confirm[] = {
	{ "a reply", CAUSE_MAIL, "reply" },
	{ "a link", CAUSE_PAGE, "link" },
};

static void
how_it_was_confirmed_is_written_down(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ways_to_confirm); i++) {
		struct flow_test t;
		const char *want = NULL;
		struct reader r;

		begin(&t);
		ask(&t, ANN, CAUSE_MAIL);
		t.run.now += MINUTE;
		SAME_INT(ways_to_confirm[i].name,
		    follow(&t, token_of(&t, ANN, TOKEN_CONFIRM),
			ways_to_confirm[i].cause),
		    CONFIRM_DONE);
		r = find(&t, ANN);
		want = arena_printf(t.run.arena,
		    "mail 2026-11-24T06:00:00Z, letter of planetpost test (en); "
		    "confirmed by %s 2026-11-24T06:01:00Z",
		    ways_to_confirm[i].how);
		SAME_TEXT(ways_to_confirm[i].name, r.confirmed_by, want);
		SAME_TEXT(ways_to_confirm[i].name, last_line(&t, r.id),
		    arena_printf(t.run.arena, "%d %d %d - %s", EVENT_CONFIRM,
			ways_to_confirm[i].cause, READER_ACTIVE, want));
		SAME_INT("the ask is over", number_of(&t, "SELECT COUNT(*) FROM ask"), 0);
		SAME_INT("its letter and a welcome", letters(&t), 2);
		flow_end(&t);
	}
}

/* The welcome says that the newest issue comes, when there is one that they have not had. */
static void
a_welcome_brings_the_newest_issue(void **state)
{
	static const char comes[] = "The newest issue comes to you at once.";
	struct flow_test t;

	(void)state;
	for (int issues = 0; issues < 2; issues++) {
		begin(&t);
		if (issues > 0)
			(void)approve_issue(t.run.store, "1", NOW - DAY);
		ask(&t, ANN, CAUSE_MAIL);
		SAME_INT("confirmed",
		    follow(&t, token_of(&t, ANN, TOKEN_CONFIRM), CAUSE_MAIL),
		    CONFIRM_DONE);
		SAME_INT("welcome", last_letter(&t).kind, NOTICE_WELCOME);
		SAME_INT("it comes", strstr(last_letter(&t).text, comes) != NULL,
		    issues > 0);
		flow_end(&t);
	}
}

/* Who reads again has had the newest issue: it is not announced, nor sent again. */
static void
who_bounced_and_confirms_reads_on(void **state)
{
	struct flow_test t;
	struct reader r = make_reader(ANN, READER_BOUNCED);

	(void)state;
	begin(&t);
	r.last_issue = 1;
	MUST(store_reader_add(t.run.store, &r, err));
	(void)approve_issue(t.run.store, "1", NOW - DAY);
	ask(&t, ANN, CAUSE_MAIL);
	SAME_INT("confirmed", follow(&t, token_of(&t, ANN, TOKEN_CONFIRM), CAUSE_MAIL),
	    CONFIRM_DONE);
	SAME_INT("state", find(&t, ANN).state, READER_ACTIVE);
	SAME_INT("welcome", last_letter(&t).kind, NOTICE_WELCOME);
	SAME_INT("no issue at once",
	    strstr(last_letter(&t).text, "newest issue comes") == NULL, 1);
	SAME_INT("had", find(&t, ANN).last_issue, 1);
	flow_end(&t);
}

/* ---- refusing ---- */

static void
a_reader_who_refuses_an_ask_reads_on(void **state)
{
	struct flow_test t;
	bool known = false;

	(void)state;
	begin(&t);
	(void)add_reader(t.run.store, ANN, READER_ACTIVE);
	ask(&t, ANN, CAUSE_MAIL);
	MUST(flow_ask_refuse(&t.run, token_of(&t, ANN, TOKEN_CONFIRM), &known, err));
	SAME_INT("known", known, 1);
	SAME_INT("state", find(&t, ANN).state, READER_ACTIVE);
	SAME_INT("the ask is over", number_of(&t, "SELECT COUNT(*) FROM ask"), 0);
	t.run.now = NOW + 365 * INT64_C(86400) - 1;
	ask(&t, ANN, CAUSE_MAIL);
	SAME_INT("left alone", letters(&t), 1);
	t.run.now += 2;
	ask(&t, ANN, CAUSE_MAIL);
	SAME_INT("after a year", letters(&t), 2);
	flow_end(&t);
}

static void
tokens_of_nobody_do_nothing(void **state)
{
	struct flow_test t;
	struct reader ann;
	bool known = true;

	(void)state;
	begin(&t);
	(void)add_reader(t.run.store, ANN, READER_PENDING);
	ann = find(&t, ANN);
	MUST(flow_ask_refuse(&t.run, "abc", &known, err));
	SAME_INT("nonsense", known, 0);
	known = true;
	MUST(flow_ask_refuse(&t.run, token_with(&t, &ann, TOKEN_CONFIRM, ann.epoch + 1),
	    &known, err));
	SAME_INT("of another address", known, 0);
	SAME_INT("nobody is left alone", number_of(&t, "SELECT COUNT(*) FROM ask_block"),
	    0);
	MUST(flow_ask_again(&t.run, "abc", err));
	SAME_INT("no letter", letters(&t), 0);
	SAME_INT("of another address",
	    follow(&t, token_with(&t, &ann, TOKEN_CONFIRM, ann.epoch + 1), CAUSE_PAGE),
	    CONFIRM_UNKNOWN);
	SAME_INT("who never asked",
	    follow(&t, token_of(&t, ANN, TOKEN_CONFIRM), CAUSE_PAGE), CONFIRM_EXPIRED);
	SAME_INT("state", find(&t, ANN).state, READER_PENDING);
	flow_end(&t);
}

/* ---- what time brings ---- */

static const struct {
	const char *name;
	bool remind;
	int64_t within, after;
	int64_t reminded, forgotten;
} times[] = {
	{ "a day", true, 3 * DAY, DAY, 0, 0 },
	{ "and a second", true, 3 * DAY, DAY + 1, 1, 0 },
	{ "no reminders", false, 3 * DAY, DAY + 1, 0, 0 },
	{ "none could be answered", true, DAY, DAY + 1, 0, 0 },
	{ "it could, for a second", true, DAY + 1, DAY + 1, 1, 0 },
	{ "a week", false, 3 * DAY, 7 * DAY, 0, 0 },
	{ "and a second", false, 3 * DAY, 7 * DAY + 1, 0, 1 },
};

static void
time_reminds_and_forgets(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(times); i++) {
		struct flow_test t;
		struct asks_report report;

		begin(&t);
		t.settings.config.list.remind = times[i].remind;
		t.settings.config.list.confirm_within = times[i].within;
		ask(&t, ANN, CAUSE_MAIL);
		t.run.now += times[i].after;
		MUST(flow_asks_tend(&t.run, &report, err));
		SAME_INT(times[i].name, report.reminded, times[i].reminded);
		SAME_INT(times[i].name, report.forgotten, times[i].forgotten);
		SAME_INT(times[i].name, letters(&t), 1 + times[i].reminded);
		SAME_INT(times[i].name,
		    number_of(&t,
			"SELECT COUNT(*) FROM reader WHERE address IS NOT NULL"),
		    1 - times[i].forgotten);
		SAME_INT(times[i].name, number_of(&t, "SELECT COUNT(*) FROM ask"),
		    1 - times[i].forgotten);
		flow_end(&t);
	}
}

/* A reminder is a letter of that day. */
static void
after_a_reminder_no_letter_is_asked_for(void **state)
{
	struct flow_test t;
	struct asks_report report;

	(void)state;
	begin(&t);
	ask(&t, ANN, CAUSE_MAIL);
	t.run.now += 30 * HOUR;
	MUST(flow_asks_tend(&t.run, &report, err));
	SAME_INT("reminded", last_letter(&t).kind, NOTICE_REMINDER);
	MUST(flow_asks_tend(&t.run, &report, err));
	SAME_INT("once", report.reminded, 0);
	t.run.now += HOUR;
	ask(&t, ANN, CAUSE_MAIL);
	SAME_INT("no third letter", letters(&t), 2);
	t.run.now += DAY;
	ask(&t, ANN, CAUSE_MAIL);
	SAME_INT("the next day", letters(&t), 3);
	flow_end(&t);
}

/* Asks that are tended to in two steps and a half: of people who read by now, and of nobody. */
static void
however_many_ask_all_are_tended_to(void **state)
{
	struct flow_test t;
	struct asks_report report;

	(void)state;
	begin(&t);
	for (int i = 0; i < 450; i++) {
		struct ask_row row = { .asked = NOW };

		if (i % 2)
			row.reader_id = add_reader(t.run.store,
			    arena_printf(t.run.arena, "r%d@x.example", i), READER_ACTIVE);
		memcpy(row.hash, &i, sizeof(i));
		MUST(store_ask_put(t.run.store, &row, err));
	}
	t.run.now = NOW + DAY + 1;
	MUST(flow_asks_tend(&t.run, &report, err));
	SAME_INT("nobody is to be", report.reminded, 0);
	SAME_INT("but all are looked at",
	    number_of(&t, "SELECT COUNT(*) FROM ask WHERE reminded = 1"), 225);
	t.run.now = NOW + 7 * DAY + 1;
	MUST(flow_asks_tend(&t.run, &report, err));
	SAME_INT("nobody was", report.forgotten, 0);
	SAME_INT("none is left", number_of(&t, "SELECT COUNT(*) FROM ask"), 0);
	flow_end(&t);
}

/* ---- leaving ---- */

static const struct {
	const char *name;
	enum leave_way way;
	enum event_cause cause;
	const char *detail;
} ways[] = {
	{ "page", LEAVE_PAGE, CAUSE_PAGE, "by the page" },
	{ "one click", LEAVE_ONE_CLICK, CAUSE_PAGE, "by one click" },
	{ "mailto", LEAVE_MAILTO, CAUSE_MAIL, "to the letter's address" },
	{ "mail", LEAVE_MAIL, CAUSE_MAIL, "by mail" },
};

static void
how_somebody_left_is_written_down(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		struct flow_test t;
		struct reader r;
		bool found = false;

		begin(&t);
		(void)add_reader(t.run.store, ANN, READER_ACTIVE);
		MUST(flow_leave(&t.run, token_of(&t, ANN, TOKEN_LEAVE), ways[i].way, &r,
		    &found, err));
		SAME_TEXT(ways[i].name, last_line(&t, r.id),
		    arena_printf(t.run.arena, "%d %d %d %s -", EVENT_LEAVE, ways[i].cause,
			READER_LEFT, ways[i].detail));
		flow_end(&t);
	}
}

static const struct {
	const char *name;
	enum reader_state before, after;
	int64_t letters;
} leavers[] = {
	{ "pending", READER_PENDING, READER_LEFT, 1 },
	{ "active", READER_ACTIVE, READER_LEFT, 1 },
	{ "hold", READER_HOLD, READER_LEFT, 1 },
	{ "bounced", READER_BOUNCED, READER_LEFT, 1 },
	{ "left", READER_LEFT, READER_LEFT, 0 },
	{ "removed", READER_REMOVED, READER_REMOVED, 0 },
};

static void
everybody_can_leave_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(leavers); i++) {
		struct flow_test t;
		struct reader r;
		bool found = false;

		begin(&t);
		(void)add_reader(t.run.store, ANN, leavers[i].before);
		MUST(flow_leave(&t.run, token_of(&t, ANN, TOKEN_LEAVE), LEAVE_PAGE, &r,
		    &found, err));
		SAME_INT(leavers[i].name, found, 1);
		SAME_INT(leavers[i].name, find(&t, ANN).state, leavers[i].after);
		SAME_INT(leavers[i].name, letters(&t), leavers[i].letters);
		flow_end(&t);
	}
}

/* A letter to their old address lets them leave; what is yet to come does not. */
static void
leaving_never_runs_out(void **state)
{
	static const struct {
		const char *name;
		int64_t epoch;
		bool found;
	} epochs[] = { { "old", 1, true }, { "now", 2, true }, { "not yet", 3, false } };
	struct flow_test t;
	struct reader r = make_reader(ANN, READER_ACTIVE);

	(void)state;
	begin(&t);
	r.epoch = 2;
	MUST(store_reader_add(t.run.store, &r, err));
	MUST(store_reader_update(t.run.store, &r, err));
	for (size_t i = 0; i < ARRAY_LEN(epochs); i++) {
		struct reader got;
		bool found = !epochs[i].found;

		MUST(flow_leave_look(&t.run,
		    token_with(&t, &r, TOKEN_LEAVE, epochs[i].epoch), &got, &found, err));
		SAME_INT(epochs[i].name, found, epochs[i].found);
	}
	flow_end(&t);
}

static const struct {
	const char *name;
	enum goodbye goodbye;
	enum leave_way way;
	int64_t letters;
} goodbyes[] = {
	{ "never, mail", GOODBYE_NEVER, LEAVE_MAIL, 0 },
	{ "never, mailto", GOODBYE_NEVER, LEAVE_MAILTO, 0 },
	{ "always, page", GOODBYE_ALWAYS, LEAVE_PAGE, 1 },
	{ "always, mail", GOODBYE_ALWAYS, LEAVE_MAIL, 1 },
	{ "always, mailto", GOODBYE_ALWAYS, LEAVE_MAILTO, 1 },
};

static void
goodbyes_are_said_as_it_is_set(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(goodbyes); i++) {
		struct flow_test t;
		struct reader r;
		bool found = false;

		begin(&t);
		t.settings.config.list.goodbye = goodbyes[i].goodbye;
		(void)add_reader(t.run.store, ANN, READER_ACTIVE);
		MUST(flow_leave(&t.run, token_of(&t, ANN, TOKEN_LEAVE), goodbyes[i].way,
		    &r, &found, err));
		SAME_INT(goodbyes[i].name, letters(&t), goodbyes[i].letters);
		flow_end(&t);
	}
}

static const struct {
	const char *name;
	enum reader_state state; /* before */
	bool leaves;
	int64_t after;
	bool undone;
	enum confirm_answer back; /* by the goodbye's link instead */
} undos[] = {
	{ "who reads", READER_ACTIVE, false, 0, false, CONFIRM_ALREADY },
	{ "at once", READER_ACTIVE, true, 0, true, CONFIRM_DONE },
	{ "the last second", READER_ACTIVE, true, 15 * MINUTE, true, CONFIRM_DONE },
	{ "one more", READER_ACTIVE, true, 15 * MINUTE + 1, false, CONFIRM_DONE },
	{ "a week", READER_ACTIVE, true, 7 * DAY, false, CONFIRM_DONE },
	{ "and a second", READER_ACTIVE, true, 7 * DAY + 1, false, CONFIRM_EXPIRED },
	{ "who left without a trace", READER_LEFT, false, 0, false, CONFIRM_EXPIRED },
	{ "who was removed", READER_REMOVED, false, 0, false, CONFIRM_EXPIRED },
};

static void
a_leaving_is_taken_back_in_time(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * ARRAY_LEN(undos); i++) {
		const size_t at = i / 2;
		struct flow_test t;
		struct reader r;
		bool yes = false;

		begin(&t);
		(void)add_reader(t.run.store, ANN, undos[at].state);
		if (undos[at].leaves)
			MUST(flow_leave(&t.run, token_of(&t, ANN, TOKEN_LEAVE),
			    LEAVE_PAGE, &r, &yes, err));
		t.run.now += undos[at].after;
		if (i % 2 == 0) {
			yes = !undos[at].undone;
			MUST(flow_leave_undo(&t.run, token_of(&t, ANN, TOKEN_LEAVE), &r,
			    &yes, err));
			SAME_INT(undos[at].name, yes, undos[at].undone);
		} else {
			yes = undos[at].back == CONFIRM_DONE;
			SAME_INT(undos[at].name,
			    follow(&t, token_of(&t, ANN, TOKEN_CONFIRM), CAUSE_PAGE),
			    undos[at].back);
		}
		SAME_INT(undos[at].name, find(&t, ANN).state,
		    yes                    ? READER_ACTIVE
			: undos[at].leaves ? READER_LEFT
					   : undos[at].state);
		if (yes)
			SAME_TEXT(undos[at].name, last_line(&t, find(&t, ANN).id),
			    arena_printf(t.run.arena, "%d %d %d came back -", EVENT_UNDO,
				CAUSE_PAGE, READER_ACTIVE));
		flow_end(&t);
	}
}

/* The keeper took them out after they had left: that is not theirs to take back. */
static void
a_removal_is_not_taken_back_by_the_reader(void **state)
{
	const struct reader_move removed = { EVENT_REMOVE, CAUSE_COMMAND, NULL, NULL };
	struct flow_test t;
	struct reader r;
	bool yes = false;

	(void)state;
	begin(&t);
	(void)add_reader(t.run.store, ANN, READER_ACTIVE);
	MUST(flow_leave(&t.run, token_of(&t, ANN, TOKEN_LEAVE), LEAVE_PAGE, &r, &yes,
	    err));
	MUST(flow_reader_move(&t.run, &r, &removed, err));
	yes = true;
	MUST(flow_leave_undo(&t.run, token_of(&t, ANN, TOKEN_LEAVE), &r, &yes, err));
	SAME_INT("undone", yes, 0);
	SAME_INT("nor by the link",
	    follow(&t, token_of(&t, ANN, TOKEN_CONFIRM), CAUSE_PAGE), CONFIRM_EXPIRED);
	SAME_INT("state", find(&t, ANN).state, READER_REMOVED);
	flow_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_code_is_of_the_address_and_the_second),
		cmocka_unit_test(a_code_is_for_the_page_alone),
		cmocka_unit_test(a_code_is_typed_in_many_ways),
		cmocka_unit_test(codes_and_links_run_out),
		cmocka_unit_test(who_is_not_written_to_cannot_confirm),
		cmocka_unit_test(that_somebody_known_asked_is_written_down),
		cmocka_unit_test(how_it_was_confirmed_is_written_down),
		cmocka_unit_test(a_welcome_brings_the_newest_issue),
		cmocka_unit_test(who_bounced_and_confirms_reads_on),
		cmocka_unit_test(a_reader_who_refuses_an_ask_reads_on),
		cmocka_unit_test(tokens_of_nobody_do_nothing),
		cmocka_unit_test(time_reminds_and_forgets),
		cmocka_unit_test(after_a_reminder_no_letter_is_asked_for),
		cmocka_unit_test(however_many_ask_all_are_tended_to),
		cmocka_unit_test(how_somebody_left_is_written_down),
		cmocka_unit_test(everybody_can_leave_once),
		cmocka_unit_test(leaving_never_runs_out),
		cmocka_unit_test(goodbyes_are_said_as_it_is_set),
		cmocka_unit_test(a_leaving_is_taken_back_in_time),
		cmocka_unit_test(a_removal_is_not_taken_back_by_the_reader),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
