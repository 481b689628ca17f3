/* SPDX-License-Identifier: ISC */
/* Letters that somebody holds: found again by whatever is left of them, and compared. */
#include "unit/flow_fixture.h"

#include "base/limits.h"
#include "flow/compile.h"
#include "flow/deliver.h"
#include "flow/letter_queue.h"
#include "flow/reader_moves.h"
#include "flow/verify.h"
#include "list/token.h"
#include "store/deliveries.h"
#include "store/notes.h"
#include "store/notices.h"

/* Ann and Bo have got the first issue; the letter to Ann as it lies in the outbox. */
static char *
send_first(struct flow_test *t)
{
	const struct deliver_options all = { .issue_id = 0 };
	struct buf b = BUF_INIT(LIMIT_LETTER);
	struct compile_report c;
	struct deliver_report d;
	struct queue_report q;
	char path[300];
	char *letter = NULL;

	flow_begin(t);
	(void)add_full_post(t, add_source(t->run.store, "a"), "One", NOW - 3600);
	(void)add_reader(t->run.store, "ann@example.org", READER_ACTIVE);
	(void)add_reader(t->run.store, "bo@example.org", READER_ACTIVE);
	MUST(flow_issue_build(&t->run, true, &c, err));
	MUST(flow_letters_queue(&t->run, true, &q, err));
	MUST(flow_deliver(&t->run, &all, &d, err));
	SAME_INT("sent", d.sent, 2);
	MUST(file_read(in_folder(t->folder, "out/2026-11-24-1.eml", path), &b, err));
	letter = arena_strndup(t->run.arena, buf_text(&b), b.len);
	assert_non_null(strstr(letter, "\r\nTo: ann@example.org\r\n"));
	buf_clear(&b);
	return letter;
}

static struct verification
look(struct flow_test *t, const char *name, const char *letter, enum verdict want)
{
	struct verification v;

	MUST(flow_verify(&t->run, letter, strlen(letter), &v, err));
	if (v.verdict != want)
		fail_msg("%s: got verdict %d (%s), want %d", name, (int)v.verdict,
		    v.why ? v.why : "", (int)want);
	return v;
}

/* The letter with the first `old` replaced. */
static char *
with(struct flow_test *t, const char *letter, const char *old, const char *new)
{
	const char *at = strstr(letter, old);

	if (!at)
		fail_msg("\"%s\" is not in the letter", old);
	return arena_printf(t->run.arena, "%.*s%s%s", (int)(at - letter), letter, new,
	    at + strlen(old));
}

/* With every token broken by a letter that is none of its alphabet. */
static char *
without_tokens(struct flow_test *t, const char *letter)
{
	char *copy = arena_strdup(t->run.arena, letter);
	size_t run = 0;

	for (char *p = copy; *p; p++) {
		const bool is_word = (*p >= 'a' && *p <= 'z') ||
		    (*p >= 'A' && *p <= 'Z') || (*p >= '2' && *p <= '7');

		run = is_word ? run + 1 : 0;
		if (run == 20)
			*p = '0';
	}
	return copy;
}

static void
what_was_sent_is_known_again(void **state)
{
	struct flow_test t;
	char *letter = send_first(&t);
	struct verification v = look(&t, "as it is", letter, VERDICT_SAME);

	(void)state;
	SAME_TEXT("reader", v.delivery.address, "ann@example.org");
	SAME_TEXT("issue", v.issue.name, "2026-11-24");
	SAME_INT("state", v.delivery.state, DELIVERY_SENT);
	v = look(&t, "with what mail systems add",
	    arena_printf(t.run.arena,
		"Return-Path: <x@example.org>\nReceived: from a by b;\n\tTue\n%s",
		letter),
	    VERDICT_SAME);
	v = look(&t, "another header", with(&t, letter, "\r\nTo: ann@", "\r\nTo: eve@"),
	    VERDICT_DIFFERENT);
	SAME_TEXT("whose it was", v.delivery.address, "ann@example.org");
	assert_true(v.difference.in_header);
	SAME_TEXT("where", v.difference.name, "To");
	SAME_TEXT("sent", v.difference.want, "To: ann@example.org");
	SAME_TEXT("here", v.difference.got, "To: eve@example.org");
	v = look(&t, "another body", with(&t, letter, "Words of One", "Words of Two"),
	    VERDICT_DIFFERENT);
	assert_false(v.difference.in_header);
	SAME_TEXT("here", v.difference.got, "Words of Two.");
	(void)look(&t, "another Message-ID",
	    with(&t, letter, "\r\nMessage-ID: <", "\r\nMessage-ID: <x"),
	    VERDICT_DIFFERENT);
	(void)look(&t, "none", with(&t, letter, "\r\nMessage-ID:", "\r\nX-Was:"),
	    VERDICT_DIFFERENT);
	(void)look(&t, "not ours", "Subject: hello\n\nhello\n", VERDICT_UNKNOWN);
	(void)look(&t, "nothing", "", VERDICT_UNKNOWN);
	flow_end(&t);
}

/* No token is left: who it is to and the Message-ID are enough together, and only together. */
static void
a_letter_without_its_tokens(void **state)
{
	struct flow_test t;
	char *whole = send_first(&t);
	const char *id = strstr(whole, "\r\nMessage-ID: <") + 15;
	char *letter = without_tokens(&t, whole);
	struct verification v;

	(void)state;
	/* The Message-ID is no token of a link: it stays. */
	memcpy(letter + (id - whole), id, strcspn(id, ">"));
	v = look(&t, "by its reader", letter, VERDICT_DIFFERENT);
	SAME_TEXT("reader", v.delivery.address, "ann@example.org");
	SAME_TEXT("issue", v.issue.name, "2026-11-24");
	(void)look(&t, "another reader's",
	    with(&t, letter, "\r\nTo: ann@", "\r\nTo: bo@"), VERDICT_UNKNOWN);
	(void)look(&t, "nobody's", with(&t, letter, "\r\nTo: ann@", "\r\nTo: no@"),
	    VERDICT_UNKNOWN);
	(void)look(&t, "to nobody", with(&t, letter, "\r\nTo: ", "\r\nX-To: "),
	    VERDICT_UNKNOWN);
	(void)look(&t, "without a Message-ID",
	    with(&t, letter, "\r\nMessage-ID:", "\r\nX-Was:"), VERDICT_UNKNOWN);
	flow_end(&t);
}

static const struct {
	enum delivery_state state;
	enum verdict want;
	const char *why;
} states[] = {
	{ DELIVERY_SENT, VERDICT_SAME, NULL },
	{ DELIVERY_UNKNOWN, VERDICT_SAME, NULL },
	{ DELIVERY_QUEUED, VERDICT_UNSENT, "it was not sent yet: it is queued" },
	{ DELIVERY_SENDING, VERDICT_UNSENT, "it was not sent yet: it is sending" },
	{ DELIVERY_DEFERRED, VERDICT_UNSENT, "it was not sent yet: it is deferred" },
	{ DELIVERY_REFUSED, VERDICT_UNSENT, "the server refused it: no such user" },
	{ DELIVERY_SKIPPED, VERDICT_UNSENT,
	    "it was not sent: the reader had left before it went" },
	{ DELIVERY_WITHDRAWN, VERDICT_UNSENT,
	    "it was not sent: its issues are in the letter after it" },
};

static void
a_letter_that_did_not_go_out(void **state)
{
	struct flow_test t;
	char *letter = send_first(&t);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(states); i++) {
		const char *sql = arena_printf(t.run.arena,
		    "UPDATE delivery SET reply = 'no such user', state = %d",
		    (int)states[i].state);
		struct verification v;
		struct buf again = BUF_INIT(LIMIT_LETTER);
		struct issue issue;

		MUST(db_exec(t.run.store, sql, err));
		v = look(&t, states[i].why ? states[i].why : "sent", letter,
		    states[i].want);
		if (states[i].why) {
			SAME_TEXT("why", v.why, states[i].why);
			MUST_FAIL(flow_sent_letter(&t.run, &v.delivery, &issue, &again,
				      err),
			    ERR_INPUT, states[i].why);
		} else {
			MUST(flow_sent_letter(&t.run, &v.delivery, &issue, &again, err));
			SAME_TEXT("the bytes", buf_text(&again), letter);
			SAME_TEXT("issue", issue.name, "2026-11-24");
		}
		buf_clear(&again);
	}
	flow_end(&t);
}

static void
what_is_no_longer_stored(void **state)
{
	const struct reader_move erase = { EVENT_ERASE, CAUSE_COMMAND, NULL, NULL };
	struct verification v;
	struct flow_test t;
	struct reader r;
	bool found = false;
	char *letter = send_first(&t);

	(void)state;
	MUST(store_reader_find(t.run.store, t.run.arena, "ann@example.org", &r, &found,
	    err));
	MUST(flow_reader_move(&t.run, &r, &erase, err));
	v = look(&t, "erased", letter, VERDICT_GONE);
	SAME_TEXT("erased", v.why,
	    "the reader was erased: nobody knows any more whom it was sent to");
	SAME_TEXT("of which issue", v.issue.name, "2026-11-24");
	flow_end(&t);
	letter = send_first(&t);
	MUST(db_exec(t.run.store, "DELETE FROM rendering", err));
	v = look(&t, "without its rendering", letter, VERDICT_GONE);
	SAME_TEXT("of which issue", v.issue.name, "2026-11-24");
	MUST(db_exec(t.run.store, "DELETE FROM delivery", err));
	v = look(&t, "without its row", letter, VERDICT_GONE);
	SAME_TEXT("why", v.why, "what became of it is no longer stored");
	SAME_TEXT("of which issue", v.issue.name, "2026-11-24");
	flow_end(&t);
}

/* A letter that is no issue, as it lies in the outbox. */
static char *
send_notice(struct flow_test *t, enum notice_kind kind, int64_t reader_id,
    const char *address, const char *text)
{
	const struct notice n = { .kind = kind,
		.reader_id = reader_id,
		.address = address,
		.subject = "Hello",
		.text = text };
	const struct deliver_options all = { .issue_id = 0 };
	struct buf b = BUF_INIT(LIMIT_LETTER);
	struct deliver_report d;
	char path[300];
	char *letter = NULL;
	int64_t id = 0;

	MUST(store_notice_add(t->run.store, &n, NOW, &id, err));
	MUST(flow_deliver(&t->run, &all, &d, err));
	SAME_INT("sent", d.sent, 1);
	MUST(
	    file_read(in_folder(t->folder,
			  arena_printf(t->run.arena, "out/notice-%d.eml", (int)id), path),
		&b, err));
	letter = arena_strndup(t->run.arena, buf_text(&b), b.len);
	buf_clear(&b);
	return letter;
}

static void
letters_that_are_no_issue(void **state)
{
	struct verification v;
	struct flow_test t;
	char *letter = NULL;

	(void)state;
	(void)send_first(&t);
	letter = send_notice(&t, NOTICE_WELCOME, 1, NULL, "Welcome.\n");
	v = look(&t, "a welcome", letter, VERDICT_NOTICE);
	SAME_INT("kind", v.delivery.kind, NOTICE_WELCOME);
	SAME_TEXT("reader", v.delivery.address, "ann@example.org");
	SAME_INT("state", v.delivery.state, DELIVERY_SENT);
	SAME_INT("when", v.delivery.settled, NOW);
	v = look(&t, "by its tokens alone",
	    with(&t, letter, "\r\nMessage-ID:", "\r\nX-Was:"), VERDICT_NOTICE);
	SAME_INT("kind", v.delivery.kind, NOTICE_NONE);
	SAME_TEXT("reader", v.delivery.address, "ann@example.org");
	SAME_INT("nothing else", v.delivery.part, 0);
	letter = send_notice(&t, NOTICE_KEEPER, 0, "kay@example.org", "All is well.\n");
	v = look(&t, "the keeper's", letter, VERDICT_NOTICE);
	SAME_INT("kind", v.delivery.kind, NOTICE_KEEPER);
	SAME_TEXT("to", v.delivery.address, "kay@example.org");
	/* A mailbox that is no reader's has no token that tells it from a test's. */
	letter = send_notice(&t, NOTICE_HELP, 0, "eve@example.org", "Write to us.\n");
	MUST(db_exec(t.run.store, "DELETE FROM notice", err));
	(void)look(&t, "tidied away", letter, VERDICT_UNKNOWN);
	flow_end(&t);
}

/* What only a notice asks for names it and its reader when nothing else does. */
static void
tokens_of_letters_that_are_no_issue(void **state)
{
	static const enum token_scope scopes[] = { TOKEN_CONFIRM, TOKEN_ERASE,
		TOKEN_ADDRESS };
	unsigned char key[HASH_SIZE];
	struct flow_test t;

	(void)state;
	(void)send_first(&t);
	MUST(store_key(t.run.store, key, err));
	for (size_t i = 0; i < ARRAY_LEN(scopes); i++) {
		/* Of a new address: bits of a hash, which are no issue. */
		const struct token token = { .scope = scopes[i],
			.reader = 2,
			.issue = scopes[i] == TOKEN_ADDRESS ? 1 : 0,
			.made = NOW };
		struct verification v;
		char text[TOKEN_SIZE];

		token_make(key, &token, text);
		v = look(&t, text,
		    arena_printf(t.run.arena, "Subject: x\n\nhttps://x/c/%s\n", text),
		    VERDICT_NOTICE);
		SAME_TEXT("reader", v.delivery.address, "bo@example.org");
		SAME_INT("part", v.delivery.part, 0);
	}
	flow_end(&t);
}

/* A store that cannot be read is an error, and no verdict. */
static void
a_store_that_fails_gives_no_verdict(void **state)
{
	static const char *const tables[] = { "secret", "delivery", "issue", "rendering",
		"letterhead" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		struct flow_test t;
		char *letter = send_first(&t);
		struct verification v;
		struct err e = ERR_INIT;

		MUST(db_exec(t.run.store, "PRAGMA foreign_keys = OFF", err));
		MUST(db_exec(t.run.store,
		    arena_printf(t.run.arena, "DROP TABLE %s", tables[i]), err));
		if (flow_verify(&t.run, letter, strlen(letter), &v, &e))
			fail_msg("%s: got verdict %d, want an error", tables[i],
			    (int)v.verdict);
		if (!strstr(e.text, tables[i]))
			fail_msg("%s: got \"%s\"", tables[i], e.text);
		flow_end(&t);
	}
}

static void
a_letter_has_an_end(void **state)
{
	struct flow_test t;
	char *text = malloc(LIMIT_LETTER + 2);
	struct verification v;

	(void)state;
	flow_begin(&t);
	assert_non_null(text);
	memset(text, 'x', LIMIT_LETTER + 1);
	memcpy(text, "\n", 1);
	MUST_FAIL(flow_verify(&t.run, text, LIMIT_LETTER + 1, &v, err), ERR_LIMIT,
	    "a letter of more than");
	free(text);
	flow_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_sent_is_known_again),
		cmocka_unit_test(a_letter_without_its_tokens),
		cmocka_unit_test(a_letter_that_did_not_go_out),
		cmocka_unit_test(what_is_no_longer_stored),
		cmocka_unit_test(letters_that_are_no_issue),
		cmocka_unit_test(tokens_of_letters_that_are_no_issue),
		cmocka_unit_test(a_store_that_fails_gives_no_verdict),
		cmocka_unit_test(a_letter_has_an_end),
	};

	return cmocka_run_group_tests_name("verify", tests, NULL, NULL);
}
