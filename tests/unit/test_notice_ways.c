/* SPDX-License-Identifier: ISC */
/* What each letter that is no issue offers: pages, answers, how long, and with which power. */
#include "unit/flow_fixture.h"

#include "base/limits.h"
#include "flow/notice_letters.h"
#include "list/token.h"
#include "store/notes.h"
#include "store/notices.h"

#define PAGES "https://news.example.net/p"
#define MAIL "planet@example.net"

static const struct {
	const char *url, *mail;
} ways[] = { { PAGES, MAIL }, { "", MAIL }, { PAGES, "" }, { "", "" } };

/*
 * Of each kind, with pages and mail, mail alone, pages alone, neither.  Pages in its text: to
 * confirm or come back c, to refuse n, to take a new address a, their data e.  Mail: refuse N, come
 * back C.  After a blank the word that an answer is sent with; "no": it could not be answered.
 */
static const struct {
	const char *name;
	enum notice_kind kind;
	const char *offers[ARRAY_LEN(ways)];
} kinds[] = {
	{ "confirm", NOTICE_CONFIRMATION, { "cn confirm", "N confirm", "cn", "no" } },
	{ "remind", NOTICE_REMINDER, { "cn confirm", "N confirm", "cn", "no" } },
	{ "known", NOTICE_KNOWN, { "", "", "", "" } },
	{ "welcome", NOTICE_WELCOME, { "", "", "", "" } },
	{ "goodbye", NOTICE_GOODBYE, { "c", "C", "c", "" } },
	{ "request", NOTICE_REQUEST, { " weekly", " weekly", "no", "no" } },
	{ "done", NOTICE_DONE, { "", "", "", "" } },
	{ "help", NOTICE_HELP, { "", "", "", "" } },
	{ "link", NOTICE_LINK, { "", "", "", "" } },
	{ "data", NOTICE_DATA, { "e", "", "e", "" } },
	{ "address", NOTICE_ADDRESS, { "a", "no", "a", "no" } },
	{ "moved", NOTICE_MOVED, { "", "", "", "" } },
};

static struct reader
begin(struct flow_test *t, enum reader_state state)
{
	struct reader r;
	bool found = false;

	flow_begin(t);
	(void)add_reader(t->run.store, "ann@x.example", state);
	MUST(store_reader_find(t->run.store, t->run.arena, "ann@x.example", &r, &found,
	    err));
	return r;
}

static void
set_ways(struct flow_test *t, size_t way)
{
	t->settings.config.web.url = ways[way].url;
	t->settings.config.list.command_address = ways[way].mail;
}

static struct notice
last(struct flow_test *t)
{
	struct notice n = { .kind = NOTICE_NONE };
	int64_t id = 0;

	MUST(db_number(t->run.store, "SELECT MAX(id) FROM notice", &id, err));
	MUST(store_notice_get(t->run.store, t->run.arena, id, &n, err));
	return n;
}

/* As in the table above. */
static const char *
offers_of(struct flow_test *t, const struct notice *n)
{
	static const struct {
		const char *words, *sign;
	} signs[] = { { PAGES "/c/", "c" }, { PAGES "/n/", "n" }, { PAGES "/a/", "a" },
		{ PAGES "/e/", "e" }, { "planet+never-", "N" },
		{ "planet+confirm-", "C" } };
	const char *out = "";

	for (size_t i = 0; i < ARRAY_LEN(signs); i++)
		if (strstr(n->text, signs[i].words))
			out = arena_printf(t->run.arena, "%s%s", out, signs[i].sign);
	if (n->reply_to)
		out = arena_printf(t->run.arena, "%s %.*s", out,
		    (int)strcspn(n->reply_to + strlen("planet+"), "-"),
		    n->reply_to + strlen("planet+"));
	return out;
}

static void
each_letter_offers_what_there_is(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(kinds) * ARRAY_LEN(ways); i++) {
		const size_t way = i % ARRAY_LEN(ways);
		const size_t at = i / ARRAY_LEN(ways);
		struct flow_test t;
		const struct reader r = begin(&t, READER_ACTIVE);
		const struct notice_order o = { .kind = kinds[at].kind,
			.reader = &r,
			.asked = NOW,
			.command = MAIL_WEEKLY };
		struct notice n;

		set_ways(&t, way);
		if (strcmp(kinds[at].offers[way], "no") == 0) {
			MUST_FAIL(flow_notice_queue(&t.run, &o, err), ERR_CONFIG,
			    "nobody could answer a confirmation letter");
		} else {
			MUST(flow_notice_queue(&t.run, &o, err));
			n = last(&t);
			SAME_TEXT(arena_printf(t.run.arena, "%s, %zu", kinds[at].name,
				      way),
			    offers_of(&t, &n), kinds[at].offers[way]);
			SAME_INT(kinds[at].name, n.kind, kinds[at].kind);
			SAME_INT(kinds[at].name, n.reader_id, r.id);
		}
		flow_end(&t);
	}
}

/* ---- how long ------------------------------------------------------------------------- */

static const struct {
	const char *name;
	enum notice_kind kind;
	const char *within, *without;
} times[] = {
	{ "confirm", NOTICE_CONFIRMATION, "within 3 days", "7 days" },
	{ "remind", NOTICE_REMINDER, "3 days", "7 days" },
	{ "goodbye", NOTICE_GOODBYE, "Within 7 days", "3 days" },
	{ "link", NOTICE_LINK, "It works for 30 days", "3 days from" },
	{ "data", NOTICE_DATA, "The link works for 1 hour", "days" },
	{ "address", NOTICE_ADDRESS, "within 3 days", "7 days" },
};

/* In one line. */
static const char *
unwrapped(struct flow_test *t, const char *text)
{
	char *copy = arena_strdup(t->run.arena, text);

	for (char *p = copy; *p; p++)
		if (*p == '\n')
			*p = ' ';
	return copy;
}

static void
each_letter_says_how_long(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(times); i++) {
		struct flow_test t;
		const struct reader r = begin(&t, READER_ACTIVE);
		const struct notice_order o = { .kind = times[i].kind,
			.reader = &r,
			.asked = NOW };
		const char *text = NULL;
		struct notice n;

		set_ways(&t, 0);
		MUST(flow_notice_queue(&t.run, &o, err));
		n = last(&t);
		text = unwrapped(&t, n.text);
		if (!strstr(text, times[i].within) || strstr(text, times[i].without))
			fail_msg("%s: got\n%s", times[i].name, n.text);
		flow_end(&t);
	}
}

/* ---- with which power ----------------------------------------------------------------- */

static const struct {
	const char *name;
	enum notice_kind kind;
	enum mail_command command;
	const char *before; /* the token, in the text or the address of an answer */
	enum token_scope scope;
	int64_t issue;
} powers[] = {
	{ "confirm", NOTICE_CONFIRMATION, MAIL_SUBSCRIBE, "/p/c/", TOKEN_CONFIRM, 0 },
	{ "refuse", NOTICE_CONFIRMATION, MAIL_SUBSCRIBE, "/p/n/", TOKEN_CONFIRM, 0 },
	{ "answer", NOTICE_REMINDER, MAIL_SUBSCRIBE, "+confirm-", TOKEN_CONFIRM, 0 },
	{ "goodbye", NOTICE_GOODBYE, MAIL_SUBSCRIBE, "/p/c/", TOKEN_CONFIRM, 0 },
	{ "weekly", NOTICE_REQUEST, MAIL_WEEKLY, "+weekly-", TOKEN_PREFERENCES, 0 },
	{ "hold", NOTICE_REQUEST, MAIL_HOLD, "+hold-", TOKEN_PREFERENCES, 0 },
	{ "leave", NOTICE_REQUEST, MAIL_UNSUBSCRIBE, "+unsubscribe-", TOKEN_LEAVE, 0 },
	{ "data", NOTICE_DATA, MAIL_SUBSCRIBE, "/p/e/", TOKEN_ERASE, 0 },
	{ "address", NOTICE_ADDRESS, MAIL_SUBSCRIBE, "/p/a/", TOKEN_ADDRESS, 61 },
};

static void
each_token_has_the_power_that_is_offered(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(powers); i++) {
		struct flow_test t;
		const struct reader r = begin(&t, READER_ACTIVE);
		const struct notice_order o = { .kind = powers[i].kind,
			.reader = &r,
			.asked = NOW,
			.command = powers[i].command,
			.number = 61 };
		unsigned char key[HASH_SIZE];
		struct notice n;
		struct token token;
		const char *at = NULL;

		set_ways(&t, 0);
		MUST(store_key(t.run.store, key, err));
		MUST(flow_notice_queue(&t.run, &o, err));
		n = last(&t);
		at = strstr(arena_printf(t.run.arena, "%s\n%s", n.text,
				n.reply_to ? n.reply_to : ""),
		    powers[i].before);
		if (!at)
			fail_msg("%s: got\n%s", powers[i].name, n.text);
		at += strlen(powers[i].before);
		at = arena_strndup(t.run.arena, at,
		    strspn(at, "abcdefghijklmnopqrstuvwxyz234567"));
		SAME_INT(powers[i].name, token_check(key, powers[i].scope, at, &token),
		    1);
		SAME_INT(powers[i].name, token.reader, r.id);
		SAME_INT(powers[i].name, token.epoch, r.epoch);
		SAME_INT(powers[i].name, token.issue, powers[i].issue);
		if (powers[i].scope == TOKEN_ADDRESS || powers[i].scope == TOKEN_ERASE)
			SAME_INT(powers[i].name, token.made, NOW);
		flow_end(&t);
	}
}

/* ---- words ---------------------------------------------------------------------------- */

static const struct {
	const char *name;
	enum rhythm own, of_all;
	const char *words;
} rhythms[] = {
	{ "the newsletter's", RHYTHM_EACH, RHYTHM_DAILY, "daily" },
	{ "one's own", RHYTHM_MONTHLY, RHYTHM_DAILY, "monthly" },
	{ "another of all", RHYTHM_EACH, RHYTHM_WEEKLY, "weekly" },
};

static void
a_letter_says_how_often_letters_come(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rhythms); i++) {
		struct flow_test t;
		struct reader r = begin(&t, READER_ACTIVE);
		const struct notice_order o = { .kind = NOTICE_CONFIRMATION,
			.reader = &r,
			.asked = NOW };
		struct notice n;
		struct notice other;

		set_ways(&t, 0);
		t.settings.config.digest.schedule.rhythm = rhythms[i].of_all;
		r.cadence.rhythm = rhythms[i].own;
		MUST(flow_notice_queue(&t.run, &o, err));
		n = last(&t);
		/* The same as of a newsletter with that rhythm. */
		t.settings.config.digest.schedule.rhythm =
		    rhythms[i].own == RHYTHM_EACH ? rhythms[i].of_all : rhythms[i].own;
		r.cadence.rhythm = RHYTHM_EACH;
		MUST(flow_notice_queue(&t.run, &o, err));
		other = last(&t);
		SAME_TEXT(rhythms[i].name, n.text, other.text);
		t.settings.config.digest.schedule.rhythm = RHYTHM_EACH;
		MUST(flow_notice_queue(&t.run, &o, err));
		SAME_INT("another", strcmp(last(&t).text, n.text) != 0, 1);
		flow_end(&t);
	}
}

static void
who_is_on_hold_is_told_so(void **state)
{
	(void)state;
	for (int hold = 0; hold < 2; hold++) {
		struct flow_test t;
		const struct reader r = begin(&t, hold ? READER_HOLD : READER_ACTIVE);
		const struct notice_order o = { .kind = NOTICE_KNOWN,
			.reader = &r,
			.asked = NOW,
			.code = hold ? "123 456" : NULL,
			.network = hold ? "203.0.113.0/24" : NULL };
		struct notice n;

		set_ways(&t, 0);
		MUST(flow_notice_queue(&t.run, &o, err));
		n = last(&t);
		SAME_INT("on hold", strstr(n.text, "on hold at the moment") != NULL,
		    hold);
		SAME_TEXT("subject", n.subject,
		    hold ? "123 456 is your code for Planet X"
			 : "You get it already: Planet X");
		SAME_INT("network", strstr(n.text, " from 203.0.113.0/24") != NULL, hold);
		flow_end(&t);
	}
}

static void
a_letter_to_a_mailbox_is_no_readers(void **state)
{
	struct flow_test t;
	const struct notice_order o = { .kind = NOTICE_HELP,
		.address = "eve@x.example",
		.asked = TIME_NONE };
	struct notice_order unknown = o;
	struct notice n;

	(void)state;
	(void)begin(&t, READER_ACTIVE);
	set_ways(&t, 0);
	MUST(flow_notice_queue(&t.run, &o, err));
	n = last(&t);
	SAME_INT("nobody's", n.reader_id, 0);
	SAME_TEXT("to", n.address, "eve@x.example");
	SAME_TEXT("no answer", n.reply_to, "(none)");
	unknown.kind = NOTICE_TEST;
	MUST_FAIL(flow_notice_queue(&t.run, &unknown, err), ERR_BUG,
	    "no words for a notice of kind");
	flow_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_letter_offers_what_there_is),
		cmocka_unit_test(each_letter_says_how_long),
		cmocka_unit_test(each_token_has_the_power_that_is_offered),
		cmocka_unit_test(a_letter_says_how_often_letters_come),
		cmocka_unit_test(who_is_on_hold_is_told_so),
		cmocka_unit_test(a_letter_to_a_mailbox_is_no_readers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
