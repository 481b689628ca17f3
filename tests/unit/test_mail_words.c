/* SPDX-License-Identifier: ISC */
/* What mail says: the order in it, who wrote it, and what is said of it in the log. */
#include "unit/flow_fixture.h"

#include "base/limits.h"
#include "flow/mail_commands.h"
#include "flow/mail_in.h"
#include "list/token.h"
#include "store/notes.h"
#include "store/reader_history.h"

enum { DAY = 86400 };

#define OWN "planet@example.net"

static struct incoming
written(const char *const *to, size_t count, const char *from, const char *subject)
{
	return (struct incoming){ .kind = INCOMING_COMMAND,
		.to = to,
		.to_count = count,
		.from = from,
		.reply_to = "",
		.return_path = "",
		.message_id = "",
		.list_id = "",
		.loop = "",
		.subject = subject,
		.words = "",
		.original = { "", "", "", "" } };
}

/* ---- the order ---- */

static const char *
order_text(struct arena *a, const struct mail_order *o)
{
	return arena_printf(a, "%s%s%s%s%s%s",
	    o->command == MAIL_COMMANDS ? "none" : mail_command_word(o->command),
	    o->token ? " token " : "", o->token ? o->token : "",
	    o->by_letter ? " by letter" : "", o->is_bounce_address ? " bounce" : "",
	    o->has_unknown_tag ? " unknown" : "");
}

static const struct {
	const char *to[2], *subject, *words;
	const char *leave; /* a token behind "leave-" in the subject, or NULL */
	const char *order;
} orders[] = {
	/* The address. */
	{ { "planet+hold@example.net" }, "", "", NULL, "hold" },
	{ { "planet+Hold-ABC@example.net" }, "", "", NULL, "hold token abc" },
	{ { "planet-hold-abc@example.net" }, "", "", NULL, "hold token abc" },
	{ { "planet+hold-a-b@example.net" }, "", "", NULL, "hold token a-b" },
	{ { "planet+hol@example.net" }, "", "", NULL, "none unknown" },
	{ { "planet+holds@example.net" }, "", "", NULL, "none unknown" },
	{ { "planet-holds@example.net" }, "", "", NULL, "none" },
	{ { "planet+confirm-abc@example.net" }, "", "", NULL, "confirm token abc" },
	{ { "planet+never-abc@example.net" }, "", "", NULL, "never token abc" },
	{ { "planet+never@example.net" }, "", "", NULL, "none" },
	{ { "planet+daily@example.net" }, "", "", NULL, "daily" },
	{ { "planet+@example.net" }, "help", "", NULL, "help" },
	{ { "planetshelp@example.net" }, "", "", NULL, "none" },
	{ { "plane+help@example.net" }, "", "", NULL, "none" },
	{ { "help@example.net" }, "", "", NULL, "none" },
	{ { "planets+help@example.net" }, "", "", NULL, "none" },
	{ { "planex+help@example.net" }, "", "", NULL, "none" },
	{ { "planet+help@sub.example.net" }, "", "", NULL, "none" },
	{ { "planet+b-abc@example.net" }, "help", "", NULL, "none bounce" },
	{ { "planet=b-abc@example.net" }, "help", "", NULL, "none bounce" },
	{ { "planet+bx@example.net" }, "help", "", NULL, "none unknown" },
	/* Two of them. */
	{ { "bob@x.example", "planet+help@example.net" }, "", "", NULL, "help" },
	{ { "planet+hold@example.net", "planet+help@example.net" }, "", "", NULL,
	    "hold" },
	{ { "planet+zzz@example.net", "planet+help@example.net" }, "", "", NULL,
	    "help unknown" },
	{ { OWN, OWN }, "help", "", NULL, "help" },
	/* The letter's own way to leave. */
	{ { OWN }, "leave-abc", "", "abc", "unsubscribe token abc by letter" },
	{ { "planet+unsubscribe@example.net" }, "", "", "abc",
	    "unsubscribe token abc by letter" },
	{ { "planet+unsubscribe-def@example.net" }, "", "", "abc",
	    "unsubscribe token def" },
	{ { "planet+hold@example.net" }, "", "", "abc", "hold" },
	{ { "planet+zzz@example.net" }, "", "", "abc",
	    "unsubscribe token abc by letter unknown" },
	/* The subject, then the first line. */
	{ { OWN }, "+subscribe", "", NULL, "subscribe" },
	{ { OWN }, " \t help", "", NULL, "help" },
	{ { OWN }, "HELP", "", NULL, "help" },
	{ { OWN }, "help.", "", NULL, "help" },
	{ { OWN }, "help, please", "", NULL, "help" },
	{ { OWN }, "help; me", "", NULL, "help" },
	{ { OWN }, "help: me", "", NULL, "help" },
	{ { OWN }, "help! me", "", NULL, "help" },
	{ { OWN }, "help\tme", "", NULL, "help" },
	{ { OWN }, "help?", "", NULL, "none" },
	{ { OWN }, ".help", "", NULL, "none" },
	{ { OWN }, "hel", "", NULL, "none" },
	{ { OWN }, "confirm", "help", NULL, "help" },
	{ { OWN }, "never", "help", NULL, "help" },
	{ { "planet+confirm@example.net" }, "help", "", NULL, "help" },
	{ { OWN }, "weekly", "help", NULL, "weekly" },
	{ { OWN }, "", "daily", NULL, "daily" },
	{ { OWN }, "", "Re: unsubscribe", NULL, "none" },
	{ { "planet+zzz@example.net" }, "help", "help", NULL, "none unknown" },
	/* Answers. */
	{ { OWN }, "Re: unsubscribe", "weekly", NULL, "unsubscribe" },
	{ { OWN }, " re:unsubscribe", "", NULL, "unsubscribe" },
	{ { OWN }, "Antw: Sv: vs: ODP: Rif: aw: unsubscribe", "", NULL, "unsubscribe" },
	{ { OWN }, "Re: stop", "", NULL, "unsubscribe" },
	{ { OWN }, "Re: join", "", NULL, "none" },
	{ { OWN }, "Re : unsubscribe", "", NULL, "none" },
	{ { OWN }, "Fwd: unsubscribe", "", NULL, "none" },
	{ { OWN }, "Re: unsubscribe me", "", NULL, "none" },
	{ { OWN }, "Re: please unsubscribe", "", NULL, "unsubscribe" },
};

static void
an_order_is_read_whole(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(orders); i++) {
		const struct incoming_token tokens[] = { { PLACE_BODY, "xyz", "leave-" },
			{ PLACE_SUBJECT, "xyz", "leave" },
			{ PLACE_SUBJECT, orders[i].leave, "leave-" },
			{ PLACE_SUBJECT, "xyz", "leave-" } };
		struct incoming m = written(orders[i].to, orders[i].to[1] ? 2 : 1,
		    "a@x.example", orders[i].subject);
		struct mail_order o;

		m.words = orders[i].words;
		m.tokens = tokens;
		m.token_count = orders[i].leave ? 4 : 2;
		o = mail_order_of(a, OWN, &m);
		SAME_TEXT(arena_printf(a, "%s, %s", orders[i].to[0], orders[i].subject),
		    order_text(a, &o), orders[i].order);
	}
	arena_free(a);
}

static const struct {
	const char *envelope, *to, *order;
} places[] = {
	{ "planet+hold@example.net", "planet+help@example.net", "hold" },
	{ OWN, "planet+help@example.net", "help" },
	{ "planet+zzz@example.net", "planet+help@example.net", "help unknown" },
	{ "planet+b-x@example.net", "planet+help@example.net", "none bounce" },
};

static void
the_envelope_is_read_first(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		struct incoming m = written(&places[i].to, 1, "a@x.example", "");
		struct mail_order o;

		m.envelope_to = &places[i].envelope;
		m.envelope_to_count = 1;
		o = mail_order_of(a, OWN, &m);
		SAME_TEXT(places[i].envelope, order_text(a, &o), places[i].order);
	}
	arena_free(a);
}

/* ---- who wrote it ---- */

static const struct {
	const char *from, *list_id;
	size_t received;
	bool is_auto, has_null_sender, is_list, is_bulk, from_robot, is_spam;
	const char *why;
} writers[] = {
	{ "ann@x.example", "", LIMIT_INCOMING_HOPS, 0, 0, 0, 0, 0, 0, NULL },
	{ "ann@x.example", "", LIMIT_INCOMING_HOPS + 1, 0, 0, 0, 0, 0, 0, "a loop" },
	{ "ann@x.example", "X.Example.net", 0, 0, 0, 0, 0, 0, 0, "our own letter" },
	{ "ann@x.example", "y.example.net", 0, 0, 0, 0, 0, 0, 0, NULL },
	{ "news@example.net", "", 0, 0, 0, 0, 0, 0, 0, "from ourselves" },
	{ "News+b-abc@Example.net", "", 0, 0, 0, 0, 0, 0, 0, "from ourselves" },
	{ "planet@example.net", "", 0, 0, 0, 0, 0, 0, 0, "from ourselves" },
	{ "planet+x@example.net", "", 0, 0, 0, 0, 0, 0, 0, "from ourselves" },
	{ "planet-x@example.net", "", 0, 0, 0, 0, 0, 0, 0, NULL },
	{ "planets@example.net", "", 0, 0, 0, 0, 0, 0, 0, NULL },
	{ "plane@example.net", "", 0, 0, 0, 0, 0, 0, 0, NULL },
	{ "@example.net", "", 0, 0, 0, 0, 0, 0, 0, NULL },
	{ "planeT@example.org", "", 0, 0, 0, 0, 0, 0, 0, NULL },
	{ "ann@x.example", "", 0, 1, 0, 0, 0, 0, 0, "an automatic answer" },
	{ "ann@x.example", "", 0, 0, 1, 0, 0, 0, 0, "no sender" },
	{ "ann@x.example", "", 0, 0, 0, 1, 0, 0, 0, "a mailing list" },
	{ "ann@x.example", "", 0, 0, 0, 0, 1, 0, 0, "a mailing list" },
	{ "ann@x.example", "", 0, 0, 0, 0, 0, 1, 0, "from a program" },
	{ "ann@x.example", "", 0, 0, 0, 0, 0, 0, 1, "spam" },
};

static void
programs_are_told_from_people(void **state)
{
	static const char *const to[] = { OWN };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(writers); i++) {
		struct incoming m = written(to, 1, writers[i].from, "");
		const char *got = NULL;

		m.list_id = writers[i].list_id;
		m.received_count = writers[i].received;
		m.is_auto = writers[i].is_auto;
		m.has_null_sender = writers[i].has_null_sender;
		m.is_list = writers[i].is_list;
		m.is_bulk = writers[i].is_bulk;
		m.from_robot = writers[i].from_robot;
		m.is_marked_spam = writers[i].is_spam;
		got = mail_is_no_person(&m, "x.example.net", "news@example.net", OWN);
		SAME_TEXT(writers[i].from, got,
		    writers[i].why ? writers[i].why : "(none)");
	}
}

static const struct {
	const char *envelope[2], *to[2];
	bool nobody;
} readers_of[] = {
	{ { NULL }, { "noreply@example.net" }, true },
	{ { NULL }, { "No-Reply+abc@example.net" }, true },
	{ { NULL }, { "noreplys@example.net" }, false },
	{ { NULL }, { "noreply" }, false },
	{ { NULL }, { "a-noreply@example.net" }, false },
	{ { NULL }, { OWN, "ne-pas-repondre@example.net" }, true },
	{ { NULL }, { OWN, OWN }, false },
	{ { OWN }, { "noreply@example.net" }, false },
	{ { "do_not_reply@example.net" }, { OWN }, true },
	{ { OWN, "noreply@example.net" }, { OWN }, true },
};

static void
some_addresses_say_that_nobody_reads_there(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(readers_of); i++) {
		struct incoming m = written(readers_of[i].to, readers_of[i].to[1] ? 2 : 1,
		    "a@x.example", "");

		m.envelope_to = readers_of[i].envelope;
		m.envelope_to_count = !readers_of[i].envelope[0] ? 0
		    : readers_of[i].envelope[1]                  ? 2
								 : 1;
		SAME_INT(readers_of[i].to[0], mail_is_to_nobody(&m),
		    readers_of[i].nobody);
	}
}

static const struct {
	const char *from, *envelope;
	bool forged;
} senders[] = {
	{ "a@x.example", "", false },
	{ "a@x.example", "<>", false },
	{ "a@x.example", "b@x.example", false },
	{ "a@x.example", "b@X.Example", false },
	{ "a@x.example", "b@mail.x.example", false },
	{ "a@mail.x.example", "b@x.example", false },
	{ "a@x.example", "b@y.example", true },
	{ "a@x.example", "b@ax.example", true },
	{ "a@ax.example", "b@x.example", true },
	{ "a@one.x.example", "b@two.x.example", true },
	{ "a", "b@x.example", true },
};

static void
an_envelope_may_speak_against_from(void **state)
{
	static const char *const to[] = { OWN };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(senders); i++) {
		struct incoming m = written(to, 1, senders[i].from, "");

		m.return_path = senders[i].envelope;
		SAME_INT(senders[i].envelope, mail_seems_forged(&m), senders[i].forged);
	}
}

/* ---- what becomes of it ---- */

static void
begin(struct flow_test *t)
{
	flow_begin(t);
	t->settings.config.list.command_address = OWN;
}

static const char *
token_of(struct flow_test *t, const struct reader *r, enum token_scope scope,
    int64_t epoch)
{
	const struct token token = { .scope = scope,
		.reader = r->id,
		.epoch = epoch,
		.made = NOW };
	unsigned char key[HASH_SIZE];
	char text[TOKEN_SIZE];

	MUST(store_key(t->run.store, key, err));
	token_make(key, &token, text);
	return arena_strdup(t->run.arena, text);
}

/* "outcome what", and "+ notice". */
static const char *
comes(struct flow_test *t, const struct incoming *m)
{
	static const char *const words[] = { "done", "answered", "bounced", "nothing",
		"not understood", "no user", "no commands" };
	struct mail_result r;

	MUST(flow_mail_in(&t->run, m, &r, err));
	return arena_printf(t->run.arena, "%s: %s%s", words[r.outcome], r.what,
	    r.has_notice ? " + notice" : "");
}

static const char *
comes_to(struct flow_test *t, const char *to, const char *from, const char *subject)
{
	const struct incoming m = written(&to, 1, from, subject);

	return comes(t, &m);
}

static struct reader
add(struct flow_test *t, enum reader_state state)
{
	struct reader r;
	bool found = false;

	(void)add_reader(t->run.store, "ann@x.example", state);
	MUST(store_reader_find(t->run.store, t->run.arena, "ann@x.example", &r, &found,
	    err));
	return r;
}

static const struct {
	const char *to, *from, *subject, *result;
} results[] = {
	{ "planet+subscribe@example.net", "a@x.example", "",
	    "answered: subscribe + notice" },
	{ "planet+help@example.net", "a@x.example", "", "answered: help + notice" },
	{ "planet+hold@example.net", "a@x.example", "", "answered: hold + notice" },
	{ "planet+help@example.net", "nobody", "", "nothing: a sender that is none" },
	{ "planet+help@example.net", "", "", "nothing: a sender that is none" },
	{ "planet+help@example.net", "planet@example.net", "",
	    "nothing: from ourselves" },
	{ "planet+b-x@example.net", "a@x.example", "help",
	    "nothing: an answer to where bounces go" },
	{ "planet+zzz@example.net", "a@x.example", "help",
	    "no user: an address that is none" },
	{ OWN, "a@x.example", "hello", "not understood: no command" },
	{ "no-reply@example.net", "a@x.example", "hello",
	    "nothing: to an address nobody reads" },
	{ "no-reply@example.net", "a@x.example", "help", "answered: help + notice" },
	{ "planet+help-abc@example.net", "a@x.example", "",
	    "nothing: a token that is none" },
	{ "planet+subscribe-abc@example.net", "a@x.example", "",
	    "nothing: a token that is none" },
	{ "planet+confirm-abc@example.net", "a@x.example", "", "nothing: an old token" },
	{ "planet+never-abc@example.net", "a@x.example", "",
	    "nothing: a token that is none" },
	{ "planet+unsubscribe-abc@example.net", "a@x.example", "",
	    "nothing: a token that is none" },
	{ "planet+weekly-abc@example.net", "a@x.example", "",
	    "nothing: a token that is none" },
};

static void
each_message_comes_to_something(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(results); i++) {
		struct flow_test t;

		begin(&t);
		SAME_TEXT(results[i].to,
		    comes_to(&t, results[i].to, results[i].from, results[i].subject),
		    results[i].result);
		flow_end(&t);
	}
}

/* Whom "hold" asks whether it was them, who is told how it works, and whom a token moves. */
static const struct {
	const char *name;
	enum reader_state state;
	int64_t asked;
	bool moves;
} by_state[] = {
	{ "pending", READER_PENDING, NOTICE_HELP, false },
	{ "active", READER_ACTIVE, NOTICE_REQUEST, true },
	{ "hold", READER_HOLD, NOTICE_REQUEST, true },
	{ "bounced", READER_BOUNCED, NOTICE_REQUEST, false },
	{ "left", READER_LEFT, NOTICE_HELP, false },
	{ "removed", READER_REMOVED, NOTICE_HELP, false },
};

static int64_t
number_of(struct flow_test *t, const char *sql)
{
	int64_t n = -1;

	MUST(db_number(t->run.store, sql, &n, err));
	return n;
}

static void
the_state_of_a_reader_decides(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(by_state); i++) {
		struct flow_test t;
		struct reader r;

		begin(&t);
		r = add(&t, by_state[i].state);
		SAME_TEXT(by_state[i].name,
		    comes_to(&t, "planet+hold@example.net", "Ann@X.example", ""),
		    "answered: hold + notice");
		SAME_INT(by_state[i].name, number_of(&t, "SELECT kind FROM notice"),
		    by_state[i].asked);
		SAME_TEXT("once an hour",
		    comes_to(&t, "planet+help@example.net", "ann@x.example", ""),
		    "answered: beyond the limits");
		SAME_TEXT(by_state[i].name,
		    comes_to(&t,
			arena_printf(t.run.arena, "planet+hold-%s@example.net",
			    token_of(&t, &r, TOKEN_PREFERENCES, r.epoch)),
			"ann@x.example", ""),
		    by_state[i].moves ? "done: hold + notice"
				      : "nothing: a token that is none");
		flow_end(&t);
	}
}

/* The line of history that a command leaves: "event state detail". */
static const struct {
	const char *word, *detail;
	enum reader_event event;
	enum reader_state state;
	enum rhythm rhythm;
	int64_t until;
} wishes[] = {
	{ "hold", "30 days", EVENT_HOLD, READER_HOLD, RHYTHM_EACH, NOW + 30 * DAY },
	{ "weekly", "weekly", EVENT_EDIT, READER_ACTIVE, RHYTHM_WEEKLY, TIME_NONE },
	{ "daily", "daily", EVENT_EDIT, READER_ACTIVE, RHYTHM_DAILY, TIME_NONE },
};

static void
a_wish_is_done_and_written_down(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wishes); i++) {
		struct flow_test t;
		struct reader_event_line *lines = NULL;
		size_t count = 0;
		struct reader r;
		const char *to = NULL;
		bool found = false;

		begin(&t);
		r = add(&t, READER_ACTIVE);
		to = arena_printf(t.run.arena, "planet+%s-%s@example.net", wishes[i].word,
		    token_of(&t, &r, TOKEN_PREFERENCES, r.epoch));
		SAME_TEXT(wishes[i].word, comes_to(&t, to, "any@x.example", ""),
		    arena_printf(t.run.arena, "done: %s + notice", wishes[i].word));
		MUST(store_reader_get(t.run.store, t.run.arena, r.id, &r, &found, err));
		SAME_INT(wishes[i].word, r.state, wishes[i].state);
		SAME_INT(wishes[i].word, r.cadence.rhythm, wishes[i].rhythm);
		SAME_INT(wishes[i].word, r.hold_until, wishes[i].until);
		SAME_INT(wishes[i].word, r.hold_skip, 0);
		MUST(store_history(t.run.store, t.run.arena, r.id, &lines, &count, err));
		SAME_INT(wishes[i].word, count, 1);
		SAME_INT(wishes[i].word, lines[0].event, wishes[i].event);
		SAME_INT(wishes[i].word, lines[0].cause, CAUSE_MAIL);
		SAME_TEXT(wishes[i].word, lines[0].detail, wishes[i].detail);
		flow_end(&t);
	}
}

static const struct {
	const char *name;
	int64_t epoch, after;
	bool moves;
} tokens[] = {
	{ "now", 0, 0, true },
	{ "its last second", 0, LIMIT_PREFERENCES_AGE, true },
	{ "run out", 0, LIMIT_PREFERENCES_AGE + 1, false },
	{ "of another address", 1, 0, false },
};

static void
a_token_of_preferences_runs_out(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(tokens); i++) {
		struct flow_test t;
		struct reader r;

		begin(&t);
		r = add(&t, READER_ACTIVE);
		t.run.now = NOW + tokens[i].after;
		SAME_TEXT(tokens[i].name,
		    comes_to(&t,
			arena_printf(t.run.arena, "planet+weekly-%s@example.net",
			    token_of(&t, &r, TOKEN_PREFERENCES,
				r.epoch + tokens[i].epoch)),
			"any@x.example", ""),
		    tokens[i].moves ? "done: weekly + notice"
				    : "nothing: a token that is none");
		flow_end(&t);
	}
}

static void
a_reply_to_an_old_letter_brings_a_fresh_one(void **state)
{
	struct flow_test t;
	const char *to = NULL;
	struct reader r;
	bool found = false;

	(void)state;
	begin(&t);
	SAME_TEXT("asked",
	    comes_to(&t, "planet+subscribe@example.net", "ann@x.example", ""),
	    "answered: subscribe + notice");
	MUST(store_reader_find(t.run.store, t.run.arena, "ann@x.example", &r, &found,
	    err));
	to = arena_printf(t.run.arena, "planet+confirm-%s@example.net",
	    token_of(&t, &r, TOKEN_CONFIRM, r.epoch));
	t.run.now = NOW + 3 * DAY + 1;
	SAME_TEXT("old", comes_to(&t, to, "ann@x.example", ""),
	    "answered: an old token + notice");
	SAME_TEXT("again", comes_to(&t, to, "ann@x.example", ""),
	    "done: confirmed + notice");
	SAME_TEXT("once more", comes_to(&t, to, "ann@x.example", ""),
	    "nothing: reads already");
	SAME_TEXT("refused",
	    comes_to(&t,
		arena_printf(t.run.arena, "planet+never-%s@example.net",
		    token_of(&t, &r, TOKEN_CONFIRM, r.epoch)),
		"ann@x.example", ""),
	    "done: did not ask");
	SAME_TEXT("left",
	    comes_to(&t,
		arena_printf(t.run.arena, "planet+unsubscribe-%s@example.net",
		    token_of(&t, &r, TOKEN_LEAVE, r.epoch)),
		"ann@x.example", ""),
	    "done: left + notice");
	flow_end(&t);
}

static void
what_is_no_command_is_told_apart(void **state)
{
	static const char *const to[] = { "planet+help@example.net" };
	struct flow_test t;
	struct incoming m = written(to, 1, "a@x.example", "");
	struct incoming_token token = { PLACE_ENVELOPE, NULL, "b-" };
	const struct incoming_recipient recipient = { "ann@x.example", BOUNCE_SOFT, 452,
		"4.2.2", "failed", "full" };
	int64_t counts[MAIL_NO_COMMANDS + 1];
	struct reader r;

	(void)state;
	begin(&t);
	r = add(&t, READER_ACTIVE);
	m.kind = INCOMING_NOTHING;
	m.why = WHY_DELAYED;
	SAME_TEXT("a delay", comes(&t, &m), "nothing: nothing to do");
	m.why = WHY_NOT_UNDERSTOOD;
	SAME_TEXT("odd", comes(&t, &m), "not understood: nothing to do");
	m.kind = INCOMING_BOUNCE;
	SAME_TEXT("nobody's", comes(&t, &m), "nothing: a bounce of nobody's letter");
	m.kind = INCOMING_COMPLAINT;
	SAME_TEXT("nobody's", comes(&t, &m), "nothing: a bounce of nobody's letter");
	m.kind = INCOMING_BOUNCE;
	token.text = token_of(&t, &r, TOKEN_BOUNCE, r.epoch);
	m.tokens = &token;
	m.token_count = 1;
	m.recipients = &recipient;
	m.recipient_count = 1;
	SAME_TEXT("ann's", comes(&t, &m), "bounced: a bounce, counted");
	m.kind = INCOMING_COMMAND;
	t.settings.config.list.command_address = "";
	SAME_TEXT("no address", comes(&t, &m), "no commands: no command address is set");
	MUST(flow_mail_counts(&t.run, counts, err));
	SAME_INT("done", counts[MAIL_DONE], 0);
	SAME_INT("bounced", counts[MAIL_BOUNCED], 1);
	SAME_INT("nothing", counts[MAIL_NOTHING], 3);
	SAME_INT("not understood", counts[MAIL_NOT_UNDERSTOOD], 1);
	SAME_INT("no commands", counts[MAIL_NO_COMMANDS], 1);
	flow_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_order_is_read_whole),
		cmocka_unit_test(the_envelope_is_read_first),
		cmocka_unit_test(programs_are_told_from_people),
		cmocka_unit_test(some_addresses_say_that_nobody_reads_there),
		cmocka_unit_test(an_envelope_may_speak_against_from),
		cmocka_unit_test(each_message_comes_to_something),
		cmocka_unit_test(the_state_of_a_reader_decides),
		cmocka_unit_test(a_wish_is_done_and_written_down),
		cmocka_unit_test(a_token_of_preferences_runs_out),
		cmocka_unit_test(a_reply_to_an_old_letter_brings_a_fresh_one),
		cmocka_unit_test(what_is_no_command_is_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
