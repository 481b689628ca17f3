/* SPDX-License-Identifier: ISC */
/* What is left of a letter is enough to know it: single words, single fields. */
#include "unit/flow_fixture.h"

#include <ctype.h>

#include "flow/compile.h"
#include "flow/deliver.h"
#include "flow/letter_queue.h"
#include "flow/verify.h"
#include "list/token.h"
#include "store/notes.h"
#include "store/notices.h"

enum { ANN = 1, BO, NOBODY = 99 };

struct letters {
	struct flow_test t;
	unsigned char key[HASH_SIZE];
};

static void
build_and_send(struct flow_test *t, const char *title)
{
	const struct deliver_options all = { .issue_id = 0 };
	struct compile_report c;
	struct deliver_report d;
	struct queue_report q;

	(void)add_full_post(t, 1, title, t->run.now - 3600);
	MUST(flow_issue_build(&t->run, true, &c, err));
	MUST(flow_letters_queue(&t->run, true, &q, err));
	MUST(flow_deliver(&t->run, &all, &d, err));
	SAME_INT("sent", d.sent, 2);
}

/* Ann and Bo have got two issues, a letter each day. */
static void
begin(struct letters *w)
{
	struct flow_test *t = &w->t;

	flow_begin(t);
	SAME_INT("a", add_source(t->run.store, "a"), 1);
	SAME_INT("ann", add_reader(t->run.store, "ann@example.org", READER_ACTIVE), ANN);
	SAME_INT("bo", add_reader(t->run.store, "bo@example.org", READER_ACTIVE), BO);
	build_and_send(t, "One");
	t->run.now += 86400;
	build_and_send(t, "Two");
	MUST(store_key(t->run.store, w->key, err));
}

static const char *
token(struct letters *w, enum token_scope scope, int64_t reader, int64_t issue)
{
	const struct token of = { .scope = scope,
		.reader = reader,
		.issue = issue,
		.made = NOW };
	char text[TOKEN_SIZE];

	token_make(w->key, &of, text);
	return arena_strdup(w->t.run.arena, text);
}

/* "HEX@x.example" of a letter; of a notice number 0 and part 0, its id for the reader. */
static const char *
message_id(struct letters *w, int64_t number, int64_t reader, int64_t part)
{
	return token_message_id(w->t.run.arena, w->key, number, reader, part,
	    "x.example");
}

static struct verification
look(struct letters *w, const char *text)
{
	struct verification v;

	MUST(flow_verify(&w->t.run, text, strlen(text), &v, err));
	return v;
}

static struct verification
look_at_word(struct letters *w, const char *before, const char *word, const char *after)
{
	return look(w,
	    arena_printf(w->t.run.arena, "Subject: x\n\n%s%s%s\n", before, word, after));
}

/* ---- tokens ---- */

static const struct {
	const char *name;
	enum token_scope scope;
	int64_t reader, issue;
	enum verdict verdict;
	int64_t of, number, part; /* of the letter */
	const char *address;
} tokens[] = {
	{ "leaving", TOKEN_LEAVE, ANN, 1, VERDICT_DIFFERENT, ANN, 1, 1,
	    "ann@example.org" },
	{ "preferences", TOKEN_PREFERENCES, BO, 2, VERDICT_DIFFERENT, BO, 2, 1,
	    "bo@example.org" },
	{ "a notice", TOKEN_LEAVE, ANN, 0, VERDICT_NOTICE, ANN, 0, 0, "ann@example.org" },
	{ "a notice to nobody", TOKEN_LEAVE, 0, 0, VERDICT_NOTICE, 0, 0, 0, "(none)" },
	{ "a notice to somebody gone", TOKEN_CONFIRM, NOBODY, 0, VERDICT_NOTICE, NOBODY,
	    0, 0, "(none)" },
	{ "a test", TOKEN_PREFERENCES, 0, 1, VERDICT_TEST, 0, 0, 0, "(none)" },
	{ "no such issue", TOKEN_LEAVE, ANN, 3, VERDICT_GONE, ANN, 3, 0, "(none)" },
	{ "no such reader", TOKEN_LEAVE, NOBODY, 2, VERDICT_GONE, NOBODY, 2, 0,
	    "(none)" },
	{ "of a bounce", TOKEN_BOUNCE, ANN, 1, VERDICT_UNKNOWN, 0, 0, 0, "(none)" },
};

static void
a_token_alone_names_its_letter(void **state)
{
	struct letters w;

	(void)state;
	begin(&w);
	for (size_t i = 0; i < ARRAY_LEN(tokens); i++) {
		const struct verification v = look_at_word(&w, "",
		    token(&w, tokens[i].scope, tokens[i].reader, tokens[i].issue), "");

		SAME_INT(tokens[i].name, v.verdict, tokens[i].verdict);
		SAME_INT(tokens[i].name, v.delivery.reader_id, tokens[i].of);
		SAME_INT(tokens[i].name, v.delivery.span.last, tokens[i].number);
		SAME_INT(tokens[i].name, v.delivery.part, tokens[i].part);
		SAME_TEXT(tokens[i].name, v.delivery.address, tokens[i].address);
		SAME_TEXT(tokens[i].name, v.why,
		    tokens[i].verdict == VERDICT_GONE
			? "what became of it is no longer stored"
			: "(none)");
	}
	flow_end(&w.t);
}

/* Of an issue that is there the name is told, though what became of the letter is not known. */
static void
an_issue_is_named_when_its_letter_is_gone(void **state)
{
	struct letters w;

	(void)state;
	begin(&w);
	SAME_TEXT("the second",
	    look_at_word(&w, "", token(&w, TOKEN_LEAVE, NOBODY, 2), "").issue.name,
	    "2026-11-25");
	SAME_TEXT("the first",
	    look_at_word(&w, "", token(&w, TOKEN_LEAVE, NOBODY, 1), "").issue.name,
	    "2026-11-24");
	SAME_TEXT("none",
	    look_at_word(&w, "", token(&w, TOKEN_LEAVE, NOBODY, 3), "").issue.name,
	    "(none)");
	flow_end(&w.t);
}

/* What stands around a token: next to the letters and digits of its alphabet in ASCII. */
static const struct {
	const char *before, *after;
	bool found;
} around[] = {
	{ "", "", true },
	{ "@", "[", true },
	{ "[", "@", true },
	{ "`", "{", true },
	{ "{", "`", true },
	{ "1", "8", true },
	{ "8", "1", true },
	{ "https://x/", "/", true },
	{ "=", "=3D", true },
	{ "word ", " word", true },
	{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa ", "", true },
	{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa ", "", true },
	{ "a", "", false },
	{ "z", "", false },
	{ "A", "", false },
	{ "Z", "", false },
	{ "2", "", false },
	{ "7", "", false },
	{ "", "a", false },
};

static void
a_token_is_a_word_of_its_own(void **state)
{
	struct letters w;
	const char *word = NULL;

	(void)state;
	begin(&w);
	word = token(&w, TOKEN_LEAVE, ANN, 1);
	for (size_t i = 0; i < ARRAY_LEN(around); i++)
		SAME_INT(arena_printf(w.t.run.arena, "%s%s", around[i].before,
			     around[i].after),
		    look_at_word(&w, around[i].before, word, around[i].after).verdict,
		    around[i].found ? VERDICT_DIFFERENT : VERDICT_UNKNOWN);
	flow_end(&w.t);
}

/* Each letter and digit that there is in tokens, small or large. */
static void
a_token_of_any_letters_is_known(void **state)
{
	struct letters w;
	char seen[256] = "";

	(void)state;
	begin(&w);
	for (int64_t reader = 1; reader <= 40; reader++) {
		char *text =
		    arena_strdup(w.t.run.arena, token(&w, TOKEN_CONFIRM, reader, 0));

		for (char *p = text; *p; p++) {
			seen[(unsigned char)*p] = 1;
			if (reader % 2)
				*p = (char)toupper((unsigned char)*p);
		}
		SAME_INT(text, look_at_word(&w, "", text, "").verdict, VERDICT_NOTICE);
		SAME_INT(text, look_at_word(&w, "", text, "").delivery.reader_id, reader);
	}
	for (const char *p = "az27"; *p; p++)
		SAME_INT("seen", seen[(unsigned char)*p], 1);
	flow_end(&w.t);
}

/* A line that was too long is broken by "=" at its end: %1 and %2 are the halves. */
static const struct {
	const char *name, *between, *after;
	bool found;
} breaks[] = {
	{ "whole", "", "", true },
	{ "broken", "=\r\n", "", true },
	{ "broken twice", "=\r\n=\r\n", "", true },
	{ "broken and at its end", "=\r\n", "=\r\n", true },
	{ "at the end of all", "=\n", "=", true },
	{ "an equals sign alone", "=", "", false },
	{ "an equals sign before a word", "=x\r\n", "", false },
	{ "a line that ends", "\r\n", "", false },
	{ "with a blank", "= \r\n", "", false },
};

static void
soft_breaks_are_closed(void **state)
{
	struct letters w;
	const char *word = NULL;

	(void)state;
	begin(&w);
	word = token(&w, TOKEN_LEAVE, ANN, 1);
	for (size_t i = 0; i < ARRAY_LEN(breaks); i++) {
		const char *text =
		    arena_printf(w.t.run.arena, "Subject: x\r\n\r\nwords %.10s%s%s%s",
			word, breaks[i].between, word + 10, breaks[i].after);

		SAME_INT(breaks[i].name, look(&w, text).verdict,
		    breaks[i].found ? VERDICT_DIFFERENT : VERDICT_UNKNOWN);
	}
	flow_end(&w.t);
}

/* ---- the Message-ID ---- */

/* A second and a third letter of the same reader and issue, as of a long issue. */
static void
add_part(struct letters *w, int part)
{
	MUST(db_exec(w->t.run.store,
	    arena_printf(w->t.run.arena,
		"CREATE TEMP TABLE p AS SELECT * FROM delivery WHERE reader_id = 1 "
		"AND part = 1 AND after = 1;"
		"UPDATE p SET part = %d; INSERT INTO delivery SELECT * FROM p;"
		"DROP TABLE p",
		part),
	    err));
}

static void
a_letter_in_parts_is_told_by_its_message_id(void **state)
{
	static const struct {
		const char *name;
		int64_t id_of; /* part; 0: no Message-ID, -1: somebody's */
		int64_t part;
	} parts[] = { { "the first", 1, 1 }, { "the second", 2, 2 },
		{ "the third", 3, 3 }, { "no such part", 4, 1 },
		{ "no Message-ID", 0, 1 }, { "another", -1, 1 } };
	struct letters w;

	(void)state;
	begin(&w);
	add_part(&w, 2);
	add_part(&w, 3);
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		const char *id = parts[i].id_of > 0
		    ? message_id(&w, 2, ANN, parts[i].id_of)
		    : "somebody@x.example";
		const struct verification v = look(&w,
		    arena_printf(w.t.run.arena, "%s: <%s>\n\n%s\n",
			parts[i].id_of == 0 ? "X-ID" : "Message-ID", id,
			token(&w, TOKEN_LEAVE, ANN, 2)));

		SAME_INT(parts[i].name, v.delivery.reader_id, ANN);
		SAME_INT(parts[i].name, v.delivery.part, parts[i].part);
		SAME_INT(parts[i].name, v.delivery.span.last, 2);
	}
	flow_end(&w.t);
}

/* Without a token: whose letters are looked through, until one has the Message-ID. */
static const struct {
	const char *name, *to;
	int64_t reader, number;
	enum verdict verdict;
} ids[] = {
	{ "the first", "ann@example.org", ANN, 1, VERDICT_DIFFERENT },
	{ "the second", "Ann@Example.org", ANN, 2, VERDICT_DIFFERENT },
	{ "bo's", "bo@example.org", BO, 1, VERDICT_DIFFERENT },
	{ "bo's, to ann", "ann@example.org", BO, 1, VERDICT_UNKNOWN },
	{ "no such issue", "ann@example.org", ANN, 3, VERDICT_UNKNOWN },
	{ "a draft", "ann@example.org", ANN, 0, VERDICT_UNKNOWN },
	{ "to nobody", "eve@example.org", ANN, 1, VERDICT_UNKNOWN },
};

static void
an_address_and_a_message_id_name_a_letter(void **state)
{
	struct letters w;

	(void)state;
	begin(&w);
	(void)add_issue(w.t.run.store, "draft", ISSUE_DRAFT);
	for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
		const struct verification v = look(&w,
		    arena_printf(w.t.run.arena, "To: %s\nMessage-ID: <%s>\n\nx\n",
			ids[i].to, message_id(&w, ids[i].number, ids[i].reader, 1)));

		SAME_INT(ids[i].name, v.verdict, ids[i].verdict);
		if (v.verdict == VERDICT_DIFFERENT) {
			SAME_INT(ids[i].name, v.delivery.reader_id, ids[i].reader);
			SAME_INT(ids[i].name, v.delivery.span.last, ids[i].number);
		}
	}
	flow_end(&w.t);
}

/* ---- letters that are no issue ---- */

static const struct {
	const char *name;
	enum notice_kind kind;
	enum verdict verdict;
	enum notice_kind told;
} notices[] = {
	{ "a welcome", NOTICE_WELCOME, VERDICT_NOTICE, NOTICE_WELCOME },
	{ "help", NOTICE_HELP, VERDICT_NOTICE, NOTICE_HELP },
	{ "a test", NOTICE_TEST, VERDICT_TEST, NOTICE_NONE },
	{ "a preview", NOTICE_PREVIEW, VERDICT_TEST, NOTICE_NONE },
	{ "a goodbye", NOTICE_GOODBYE, VERDICT_NOTICE, NOTICE_GOODBYE },
};

static void
a_message_id_alone_names_a_notice(void **state)
{
	struct letters w;
	int64_t id[ARRAY_LEN(notices)];

	(void)state;
	begin(&w);
	for (size_t i = 0; i < ARRAY_LEN(notices); i++) {
		const struct notice n = { .kind = NOTICE_HELP,
			.address = "kay@example.org",
			.subject = "Hello",
			.text = "Hello.\n" };

		MUST(store_notice_add(w.t.run.store, &n, NOW, &id[i], err));
		MUST(db_exec(w.t.run.store,
		    arena_printf(w.t.run.arena,
			"UPDATE notice SET kind = %d WHERE id = %d", (int)notices[i].kind,
			(int)id[i]),
		    err));
	}
	for (size_t i = 0; i < ARRAY_LEN(notices); i++) {
		const struct verification v = look(&w,
		    arena_printf(w.t.run.arena, "Message-ID: <%s>\n\nx\n",
			message_id(&w, 0, id[i], 0)));

		SAME_INT(notices[i].name, v.verdict, notices[i].verdict);
		SAME_INT(notices[i].name, v.delivery.kind, notices[i].told);
	}
	SAME_INT("none",
	    look(&w,
		arena_printf(w.t.run.arena, "Message-ID: <%s>\n\nx\n",
		    message_id(&w, 0, 1000, 0)))
		.verdict,
	    VERDICT_UNKNOWN);
	flow_end(&w.t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_token_alone_names_its_letter),
		cmocka_unit_test(an_issue_is_named_when_its_letter_is_gone),
		cmocka_unit_test(a_token_is_a_word_of_its_own),
		cmocka_unit_test(a_token_of_any_letters_is_known),
		cmocka_unit_test(soft_breaks_are_closed),
		cmocka_unit_test(a_letter_in_parts_is_told_by_its_message_id),
		cmocka_unit_test(an_address_and_a_message_id_name_a_letter),
		cmocka_unit_test(a_message_id_alone_names_a_notice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
