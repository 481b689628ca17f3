/* SPDX-License-Identifier: ISC */
/* A new address: asked for, answered from there, told to the old one; and who learns what. */
#include "unit/flow_fixture.h"

#include "base/attr.h"
#include "base/limits.h"
#include "flow/address_move.h"
#include "flow/leave.h"
#include "list/token.h"
#include "mail/address.h"
#include "store/asks.h"
#include "store/bounce_log.h"
#include "store/new_address.h"
#include "store/notes.h"
#include "store/notices.h"
#include "store/reader_history.h"
#include "store/readers.h"
#include "store/roles.h"

struct move_test {
	struct flow_test t;
	struct reader ann;
	unsigned char key[HASH_SIZE];
};

static void
begin(struct move_test *m, enum reader_state state)
{
	memset(m, 0, sizeof(*m));
	flow_begin(&m->t);
	m->t.settings.config.web.url = "https://news.example.net";
	m->ann = make_reader("ann@old.example", state);
	MUST(store_reader_add(m->t.run.store, &m->ann, err));
	MUST(store_key(m->t.run.store, m->key, err));
	store_take_role(m->t.run.store, STORE_WEB);
}

static void
add(struct move_test *m, const char *address, enum reader_state state)
{
	struct reader r = make_reader(address, state);

	MUST(store_reader_add(m->t.run.store, &r, err));
}

static void
ask(struct move_test *m, const char *address)
{
	MUST(flow_address_ask(&m->t.run, &m->ann, address, "203.0.113.0/24", err));
}

/* The address that is asked for, or NULL. */
static const char *
asked_for(struct move_test *m)
{
	struct new_address n;
	bool found = false;

	MUST(store_new_address_get(m->t.run.store, m->t.run.arena, m->ann.id, &n, &found,
	    err));
	return found ? n.address : NULL;
}

/* The token of a letter to what is asked for, mailed so many seconds after NOW. */
static struct token
token_at(struct move_test *m, int64_t seconds)
{
	const char *address = asked_for(m);
	struct token t = { TOKEN_ADDRESS, m->ann.id, m->ann.epoch, 0,
		(NOW + seconds) / 60 * 60 };
	unsigned char hash[HASH_SIZE];

	if (!address)
		return t;
	MUST(store_address_hash(m->t.run.store, address_key(m->t.run.arena, address),
	    hash, err));
	t.issue = (int64_t)hash[0] << 20 | hash[1] << 12 | hash[2] << 4 | hash[3] >> 4;
	return t;
}

/* The token that stands in a queued letter. */
static struct token
mailed_token(struct move_test *m, int64_t id)
{
	struct notice n;
	struct token t;
	const char *link = NULL;
	char text[TOKEN_SIZE] = "";

	MUST(store_notice_get(m->t.run.store, m->t.run.arena, id, &n, err));
	link = strstr(n.text, "/a/");
	assert_non_null(link);
	(void)snprintf(text, sizeof(text), "%.*s",
	    (int)strspn(link + 3, "abcdefghijklmnopqrstuvwxyz234567"), link + 3);
	assert_true(token_check(m->key, TOKEN_ADDRESS, text, &t));
	return t;
}

static enum address_answer
confirm_by(struct move_test *m, int64_t id)
{
	const struct token t = mailed_token(m, id);
	struct address_move a;

	MUST(flow_address_confirm(&m->t.run, &t, &a, err));
	return a.answer;
}

/* The answer to a query for a number. */
static int64_t
number(struct move_test *m, const char *query)
{
	int64_t count = 0;

	MUST(db_number(m->t.run.store, query, &count, err));
	return count;
}

static enum address_answer
confirm(struct move_test *m, int64_t seconds)
{
	const struct token t = token_at(m, seconds);
	struct address_move a;

	MUST(flow_address_confirm(&m->t.run, &t, &a, err));
	return a.answer;
}

static struct reader
stored(struct move_test *m)
{
	struct reader r;
	bool found = false;

	MUST(
	    store_reader_get(m->t.run.store, m->t.run.arena, m->ann.id, &r, &found, err));
	return r;
}

/* "kind address" of every notice, in order. */
static const char *
notices(struct move_test *m)
{
	static const char *const kinds[NOTICE_MOVED + 1] = { [NOTICE_KNOWN] = "known",
		[NOTICE_ADDRESS] = "address",
		[NOTICE_MOVED] = "moved" };
	const char *text = "";
	struct err ignored = ERR_INIT;

	for (int64_t id = 1;; id++) {
		struct notice n;
		struct reader r;
		bool found = false;

		if (!store_notice_get(m->t.run.store, m->t.run.arena, id, &n, &ignored))
			return text;
		if (!n.address) {
			MUST(store_reader_get(m->t.run.store, m->t.run.arena, n.reader_id,
			    &r, &found, err));
			n.address = r.address;
		}
		text = arena_printf(m->t.run.arena, "%s%s%s %s", text, *text ? "; " : "",
		    kinds[n.kind], n.address);
	}
}

static void
letters_move_when_the_new_mailbox_says_so(void **state)
{
	struct move_test m;
	struct reader r;

	(void)state;
	begin(&m, READER_ACTIVE);
	ask(&m, "ann@new.example");
	SAME_TEXT("before", stored(&m).address, "ann@old.example");
	SAME_TEXT("asked", notices(&m), "address ann@new.example");
	SAME_INT("another minute", confirm(&m, 61), ADDRESS_EXPIRED);
	SAME_INT("answered", confirm(&m, 0), ADDRESS_MOVES);
	r = stored(&m);
	SAME_TEXT("after", r.address, "ann@new.example");
	SAME_TEXT("key", r.address_key, "ann@new.example");
	SAME_INT("reads", r.state, READER_ACTIVE);
	SAME_TEXT("the old one is told", notices(&m),
	    "address ann@new.example; moved ann@old.example");
	m.ann = r;
	SAME_INT("once", confirm(&m, 0), ADDRESS_EXPIRED);
	flow_end(&m.t);
}

static void
old_links_choose_no_more_and_still_leave(void **state)
{
	struct move_test m;
	struct token leave;
	struct token choose = { TOKEN_ADDRESS, 0, 0, 0, 0 };
	char text[TOKEN_SIZE];
	struct reader r;
	struct address_move a;
	bool found = false;

	(void)state;
	begin(&m, READER_ACTIVE);
	leave = (struct token){ TOKEN_LEAVE, m.ann.id, 0, 0, 0 };
	token_make(m.key, &leave, text);
	ask(&m, "ann@new.example");
	SAME_INT("answered", confirm(&m, 0), ADDRESS_MOVES);
	SAME_INT("epoch", stored(&m).epoch, 1);
	/* What was asked from the old page in the meantime is none of the new one. */
	choose = token_at(&m, 0);
	MUST(flow_address_look(&m.t.run, &choose, &a, err));
	SAME_INT("an old link", a.answer, ADDRESS_EXPIRED);
	assert_null(a.reader.address);
	MUST(flow_leave(&m.t.run, text, LEAVE_ONE_CLICK, &r, &found, err));
	assert_true(found);
	SAME_INT("left", stored(&m).state, READER_LEFT);
	flow_end(&m.t);
}

/* What whoever asks can see is the row, which is there each time. */
static void
nobody_learns_who_reads(void **state)
{
	static const struct {
		const char *name;
		enum reader_state other; /* READER_ERASED: nobody is there */
		const char *mailed;
		enum address_answer answer;
	} cases[] = {
		{ "nobody", READER_ERASED, "address bo@new.example", ADDRESS_MOVES },
		{ "reads", READER_ACTIVE, "known bo@new.example", ADDRESS_TAKEN },
		{ "on hold", READER_HOLD, "known bo@new.example", ADDRESS_TAKEN },
		{ "bounced", READER_BOUNCED, "known bo@new.example", ADDRESS_TAKEN },
		{ "asked", READER_PENDING, "address bo@new.example", ADDRESS_MOVES },
		{ "left", READER_LEFT, "address bo@new.example", ADDRESS_MOVES },
		{ "removed", READER_REMOVED, "address bo@new.example", ADDRESS_MOVES },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct new_address n;
		struct move_test m;
		bool found = false;

		begin(&m, READER_ACTIVE);
		if (cases[i].other != READER_ERASED)
			add(&m, "bo@new.example", cases[i].other);
		ask(&m, "Bo@new.example");
		MUST(store_new_address_get(m.t.run.store, m.t.run.arena, m.ann.id, &n,
		    &found, err));
		SAME_TEXT(cases[i].name, n.address, "Bo@new.example");
		SAME_TEXT(cases[i].name, address_key(m.t.run.arena, notices(&m)),
		    cases[i].mailed);
		SAME_INT(cases[i].name, confirm(&m, 0), cases[i].answer);
		flow_end(&m.t);
	}
}

static void
their_own_address_is_no_news(void **state)
{
	struct move_test m;

	(void)state;
	begin(&m, READER_ACTIVE);
	ask(&m, "ann@old.example");
	SAME_TEXT("mailed", notices(&m), "known ann@old.example");
	flow_end(&m.t);
}

static void
mail_is_bounded(void **state)
{
	struct move_test m;

	(void)state;
	begin(&m, READER_ACTIVE);
	for (int i = 0; i < 100; i++)
		ask(&m, "ann@new.example");
	SAME_TEXT("one address", notices(&m), "address ann@new.example");
	SAME_INT("and its link works", confirm(&m, 0), ADDRESS_MOVES);
	flow_end(&m.t);
	begin(&m, READER_ACTIVE);
	for (int i = 0; i < 20; i++)
		ask(&m, arena_printf(m.t.run.arena, "v%d@new.example", i));
	SAME_TEXT("many addresses", notices(&m),
	    "address v0@new.example; address v1@new.example; address v2@new.example");
	m.t.run.now += 86401;
	ask(&m, "w@new.example");
	SAME_INT("a day later", strstr(notices(&m), "w@new.example") != NULL, 1);
	flow_end(&m.t);
}

static void
only_the_newest_ask_and_only_for_a_while(void **state)
{
	struct move_test m;

	(void)state;
	begin(&m, READER_ACTIVE);
	ask(&m, "one@new.example");
	m.t.run.now += 120;
	ask(&m, "two@new.example");
	SAME_INT("the first", confirm(&m, 0), ADDRESS_EXPIRED);
	m.t.run.now += m.t.settings.config.list.confirm_within + 1;
	SAME_INT("too late", confirm(&m, 120), ADDRESS_EXPIRED);
	SAME_TEXT("nothing moved", stored(&m).address, "ann@old.example");
	flow_end(&m.t);
}

/* Two asks within one minute: each link is of the mailbox it was mailed to. */
static void
a_link_is_of_its_mailbox_alone(void **state)
{
	struct move_test m;

	(void)state;
	begin(&m, READER_ACTIVE);
	ask(&m, "ann@second.example");
	ask(&m, "victim@other.example");
	SAME_TEXT("asked", notices(&m),
	    "address ann@second.example; address victim@other.example");
	SAME_INT("the link of the first", confirm_by(&m, 1), ADDRESS_EXPIRED);
	SAME_TEXT("nobody moved", stored(&m).address, "ann@old.example");
	SAME_INT("the link of the second", confirm_by(&m, 2), ADDRESS_MOVES);
	SAME_TEXT("moved", stored(&m).address, "victim@other.example");
	flow_end(&m.t);
}

/* The page shows it, as any; no link of another mailbox moves letters there. */
static void
an_ask_that_is_not_mailed_is_confirmed_by_nobody(void **state)
{
	static const char victim[] = "victim@other.example";
	unsigned char hash[HASH_SIZE];
	struct move_test m;

	(void)state;
	begin(&m, READER_ACTIVE);
	MUST(store_address_hash(m.t.run.store, victim, hash, err));
	MUST(store_ask_block(m.t.run.store, hash, NOW + 86400, err));
	ask(&m, victim);
	SAME_TEXT("shown", asked_for(&m), victim);
	ask(&m, "ann@second.example");
	ask(&m, victim);
	SAME_TEXT("asked", notices(&m), "address ann@second.example");
	SAME_TEXT("shown", asked_for(&m), victim);
	SAME_INT("the link of another", confirm_by(&m, 1), ADDRESS_EXPIRED);
	SAME_TEXT("nobody moved", stored(&m).address, "ann@old.example");
	flow_end(&m.t);
}

static void
too_many_asks_write_nothing(void **state)
{
	struct move_test m;
	int64_t events = 0;
	int64_t asks = 0;

	(void)state;
	begin(&m, READER_ACTIVE);
	for (int i = 0; i < LIMIT_NEW_ADDRESSES; i++)
		ask(&m, arena_printf(m.t.run.arena, "v%d@new.example", i));
	events = number(&m, "SELECT COUNT(*) FROM reader_event");
	asks = number(&m, "SELECT COUNT(*) FROM ask_log");
	assert_int_equal(events, LIMIT_NEW_ADDRESSES);
	assert_int_equal(asks, LIMIT_NEW_ADDRESSES);
	for (int i = 0; i < 20; i++)
		ask(&m, arena_printf(m.t.run.arena, "w%d@new.example", i));
	SAME_INT("history", number(&m, "SELECT COUNT(*) FROM reader_event"), events);
	SAME_INT("asks", number(&m, "SELECT COUNT(*) FROM ask_log"), asks);
	SAME_TEXT("row", asked_for(&m), "v2@new.example");
	flow_end(&m.t);
}

static void
who_was_bounced_reads_again(void **state)
{
	const struct bounce_row back = { .reader_id = 1, .at = NOW, .cause = "5.1.1" };
	struct bounce_row *rows = NULL;
	struct move_test m;
	size_t count = 0;
	bool added = false;

	(void)state;
	begin(&m, READER_BOUNCED);
	MUST(store_bounce_add(m.t.run.store, &back, &added, err));
	ask(&m, "ann@new.example");
	SAME_INT("answered", confirm(&m, 0), ADDRESS_MOVES);
	SAME_INT("reads", stored(&m).state, READER_ACTIVE);
	MUST(store_bounces_of(m.t.run.store, m.t.run.arena, m.ann.id, 10, &rows, &count,
	    err));
	SAME_INT("bounces of the old one", count, 0);
	flow_end(&m.t);
}

static void
who_left_does_not_move(void **state)
{
	struct move_test m;

	(void)state;
	begin(&m, READER_ACTIVE);
	ask(&m, "ann@new.example");
	m.ann.state = READER_LEFT;
	MUST(store_reader_update(m.t.run.store, &m.ann, err));
	SAME_INT("answered", confirm(&m, 0), ADDRESS_EXPIRED);
	MUST(store_new_address_tidy(m.t.run.store, NOW + 1, err));
	flow_end(&m.t);
}

/* A token is of a minute: what was asked within it, and no later than the link may live. */
static void
a_link_is_of_its_minute_and_lives_for_a_while(void **state)
{
	static const struct {
		const char *name;
		int64_t made; /* seconds since the ask */
		int64_t late; /* the answer, beyond list.confirm_within; 0: at once */
		int64_t number;
		enum address_answer answer;
	} cases[] = {
		{ "at once", 0, 0, 0, ADDRESS_MOVES },
		{ "the minute began before", -59, 0, 0, ADDRESS_MOVES },
		{ "the minute before", -60, 0, 0, ADDRESS_EXPIRED },
		{ "later than the ask", 1, 0, 0, ADDRESS_EXPIRED },
		{ "another mailbox", 0, 0, 1, ADDRESS_EXPIRED },
		{ "on the last second", 0, 1, 0, ADDRESS_MOVES },
		{ "a second later", 0, 2, 0, ADDRESS_EXPIRED },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const int64_t within = 3600;
		struct move_test m;
		struct token t;
		struct address_move a;

		begin(&m, READER_ACTIVE);
		m.t.settings.config.list.confirm_within = within;
		ask(&m, "ann@new.example");
		t = token_at(&m, 0);
		t.made = NOW + cases[i].made;
		t.issue += cases[i].number;
		if (cases[i].late > 0)
			m.t.run.now = NOW + within + cases[i].late - 1;
		MUST(flow_address_look(&m.t.run, &t, &a, err));
		SAME_INT(cases[i].name, a.answer, cases[i].answer);
		SAME_TEXT(cases[i].name, a.reader.address, "ann@old.example");
		SAME_TEXT(cases[i].name, a.address,
		    cases[i].answer == ADDRESS_MOVES ? "ann@new.example" : "(none)");
		flow_end(&m.t);
	}
}

/* The first 28 bits of the address's hash: what the issue of a token has room for. */
static void
the_number_of_a_mailbox_is_the_beginning_of_its_hash(void **state)
{
	struct move_test m;

	(void)state;
	begin(&m, READER_ACTIVE);
	for (int i = 0; i < 16; i++) {
		const struct new_address n = { .address_key = arena_printf(m.t.run.arena,
						   "r%d@x.example", i) };
		unsigned char hash[HASH_SIZE];
		int64_t got = -1;
		int64_t want = 0;

		MUST(store_address_hash(m.t.run.store, n.address_key, hash, err));
		for (int bit = 0; bit < 28; bit++)
			want = want * 2 + (hash[bit / 8] >> (7 - bit % 8) & 1);
		MUST(flow_address_number(&m.t.run, &n, &got, err));
		SAME_INT(n.address_key, got, want);
	}
	flow_end(&m.t);
}

/* What proves that they wanted it is written with the move. */
static void
who_asked_and_who_answered_stands_in_the_history(void **state)
{
	static const char *const networks[] = { "203.0.113.0/24", NULL };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(networks); i++) {
		struct reader_event_line *lines = NULL;
		struct move_test m;
		size_t count = 0;
		const char *asked = networks[i]
		    ? "page 2026-11-24T06:00:00Z from 203.0.113.0/24"
		    : "page 2026-11-24T06:00:00Z";

		begin(&m, READER_BOUNCED);
		MUST(flow_address_ask(&m.t.run, &m.ann, "ann@new.example", networks[i],
		    err));
		m.t.run.now += 90;
		SAME_INT("answered", confirm(&m, 0), ADDRESS_MOVES);
		MUST(store_history(m.t.run.store, m.t.run.arena, m.ann.id, &lines, &count,
		    err));
		SAME_INT("lines", count, 3);
		SAME_INT("asked", lines[0].event, EVENT_EDIT);
		SAME_TEXT("asked", lines[0].detail, "asked for a new address");
		SAME_TEXT("asked", lines[0].evidence, asked);
		SAME_INT("asked", lines[0].at, NOW);
		SAME_INT("asked", lines[0].state, READER_BOUNCED);
		SAME_INT("moved", lines[1].event, EVENT_EDIT);
		SAME_INT("by", lines[1].cause, CAUSE_PAGE);
		SAME_TEXT("moved", lines[1].detail, "new address");
		SAME_TEXT("moved", lines[1].evidence,
		    arena_printf(m.t.run.arena,
			"%s; confirmed by link 2026-11-24T06:01:30Z", asked));
		SAME_INT("reads again", lines[2].event, EVENT_RESUME);
		SAME_INT("reads again", lines[2].state, READER_ACTIVE);
		flow_end(&m.t);
	}
}

/* The former row makes room; their own does not. */
static void
an_address_is_one_readers(void **state)
{
	struct move_test m;
	struct reader r;
	bool found = false;

	(void)state;
	begin(&m, READER_ACTIVE);
	m.t.settings.config.limits.mails_per_address = "9 per 24h";
	add(&m, "bo@new.example", READER_LEFT);
	ask(&m, "bo@new.example");
	SAME_INT("answered", confirm(&m, 0), ADDRESS_MOVES);
	MUST(store_reader_find(m.t.run.store, m.t.run.arena, "bo@new.example", &r, &found,
	    err));
	assert_true(found);
	SAME_INT("the one who moved", r.id, m.ann.id);
	m.ann = r;
	ask(&m, "Bo@new.example");
	SAME_INT("written otherwise", confirm(&m, 0), ADDRESS_MOVES);
	SAME_TEXT("as they write it", stored(&m).address, "Bo@new.example");
	SAME_TEXT("key", stored(&m).address_key, "bo@new.example");
	SAME_INT("asks that were mailed",
	    number(&m, "SELECT COUNT(*) FROM ask_log WHERE letter <> 0"), 2);
	flow_end(&m.t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(letters_move_when_the_new_mailbox_says_so),
		cmocka_unit_test(old_links_choose_no_more_and_still_leave),
		cmocka_unit_test(nobody_learns_who_reads),
		cmocka_unit_test(their_own_address_is_no_news),
		cmocka_unit_test(mail_is_bounded),
		cmocka_unit_test(only_the_newest_ask_and_only_for_a_while),
		cmocka_unit_test(a_link_is_of_its_mailbox_alone),
		cmocka_unit_test(an_ask_that_is_not_mailed_is_confirmed_by_nobody),
		cmocka_unit_test(too_many_asks_write_nothing),
		cmocka_unit_test(who_was_bounced_reads_again),
		cmocka_unit_test(who_left_does_not_move),
		cmocka_unit_test(a_link_is_of_its_minute_and_lives_for_a_while),
		cmocka_unit_test(the_number_of_a_mailbox_is_the_beginning_of_its_hash),
		cmocka_unit_test(who_asked_and_who_answered_stands_in_the_history),
		cmocka_unit_test(an_address_is_one_readers),
	};

	return cmocka_run_group_tests_name("address_move", tests, NULL, NULL);
}
