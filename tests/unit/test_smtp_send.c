/* SPDX-License-Identifier: ISC */
/* One letter over a session: what is said, and what each answer means for it. */
#include "unit/smtp_script.h"

#include <poll.h>

#include "transport/smtp_line.h"
#include "base/clock.h"
#include "transport/smtp_send.h"
#include "transport/smtp_session_private.h"

#define BROKE_OFF STATUS_BROKE_OFF
#define BYTES "T: a\r\n\r\n.x\r\n" /* 12 octets */
#define MAIL "MAIL FROM:<s@x.org>"
#define RCPT "|RCPT TO:<a@y.org>"
#define MSG "T: a||..x|.|"
#define WHOLE MAIL RCPT "|DATA|" MSG
#define CLOSED "the server closed the connection"

enum { STEPS = 8 };

static const struct {
	const char *name;
	const char *offers; /* of EHLO, NULL: none */
	const char *replies[STEPS];
	const char *sender, *to, *letter, *head; /* NULL: as they always are */
	bool lmtp;
	enum smtp_verdict verdict;
	struct outcome want;
	bool is_broken;
	const char *said; /* behind EHLO */
} rows[] = {
	{ "taken", NULL, { "250 ok", "250 ok", "354 go", "250 2.0.0 taken" },
	    .verdict = SMTP_NEXT_LETTER,
	    .want = { OUTCOME_SENT, 250, "2.0.0", "250 2.0.0 taken", STAGE_DOT },
	    .said = WHOLE },
	{ "with PIPELINING", "PIPELINING",
	    { "250 ok", "250 ok", "354 go", "250 2.0.0 taken" },
	    .verdict = SMTP_NEXT_LETTER,
	    .want = { OUTCOME_SENT, 250, "2.0.0", "250 2.0.0 taken", STAGE_DOT },
	    .said = WHOLE },
	{ "with a signature", "SIZE", { "250 ok", "250 ok", "354 go", "250 taken" },
	    .head = "H: h\r\n", .verdict = SMTP_NEXT_LETTER,
	    .want = { OUTCOME_SENT, 250, NULL, "250 taken", STAGE_DOT },
	    .said = MAIL " SIZE=18" RCPT "|DATA|H: h|" MSG },

	/* what is said of the letter */
	{ "its size", "SIZE 12", { "250 ok", "250 ok", "354 go", "250 taken" },
	    .verdict = SMTP_NEXT_LETTER,
	    .want = { OUTCOME_SENT, 250, NULL, "250 taken", STAGE_DOT },
	    .said = MAIL " SIZE=12" RCPT "|DATA|" MSG },
	{ "too large", "SIZE 11", { NULL }, .verdict = SMTP_NEXT_LETTER,
	    .want = { OUTCOME_REFUSED, 0, "5.3.4",
		"the letter has 12 bytes, the server takes 11", STAGE_MAIL },
	    .said = "" },
	{ "an international address", "SMTPUTF8",
	    { "250 ok", "250 ok", "354 go", "250 taken" }, .to = "\xC3\xA4@y.org",
	    .verdict = SMTP_NEXT_LETTER,
	    .want = { OUTCOME_SENT, 250, NULL, "250 taken", STAGE_DOT },
	    .said = MAIL " SMTPUTF8|RCPT TO:<\xC3\xA4@y.org>|DATA|" MSG },
	{ "one of the sender, with 8BITMIME", "8BITMIME\r\n250 SMTPUTF8",
	    { "250 ok", "250 ok", "354 go", "250 taken" }, .sender = "\xC3\xA4@x.org",
	    .verdict = SMTP_NEXT_LETTER,
	    .want = { OUTCOME_SENT, 250, NULL, "250 taken", STAGE_DOT },
	    .said =
		"MAIL FROM:<\xC3\xA4@x.org> BODY=8BITMIME SMTPUTF8" RCPT "|DATA|" MSG },
	{ "one that is not taken", "8BITMIME", { NULL }, .to = "\xC3\xA4@y.org",
	    .verdict = SMTP_NEXT_LETTER,
	    .want = { OUTCOME_REFUSED, 0, "5.6.7",
		"the server takes no international addresses (SMTPUTF8)", STAGE_MAIL },
	    .said = "" },
	/* RFC 3461 4: xtext */
	{ "reports", "DSN", { "250 ok", "250 ok", "354 go", "250 taken" },
	    .to = "a+b=~@y.org", .letter = "n 1+!~\x7F", .verdict = SMTP_NEXT_LETTER,
	    .want = { OUTCOME_SENT, 250, NULL, "250 taken", STAGE_DOT },
	    .said = MAIL " RET=HDRS ENVID=n+201+2B!~+7F|RCPT TO:<a+b=~@y.org> "
			 "NOTIFY=FAILURE ORCPT=rfc822;a+2Bb+3D~@y.org|DATA|" MSG },
	{ "reports of an international address", "DSN\r\n250 SMTPUTF8",
	    { "250 ok", "250 ok", "354 go", "250 taken" }, .to = "\xC3\xA4@y.org",
	    .verdict = SMTP_NEXT_LETTER,
	    .want = { OUTCOME_SENT, 250, NULL, "250 taken", STAGE_DOT },
	    .said = MAIL " SMTPUTF8 RET=HDRS ENVID=n|RCPT TO:<\xC3\xA4@y.org> "
			 "NOTIFY=FAILURE|DATA|" MSG },
	{ "no reports to nobody", "DSN", { "250 ok", "250 ok", "354 go", "250 taken" },
	    .sender = "", .verdict = SMTP_NEXT_LETTER,
	    .want = { OUTCOME_SENT, 250, NULL, "250 taken", STAGE_DOT },
	    .said = "MAIL FROM:<>" RCPT "|DATA|" MSG },
	{ "none of LMTP", "DSN", { "250 ok", "250 ok", "354 go", "250 taken" },
	    .lmtp = true, .verdict = SMTP_NEXT_LETTER,
	    .want = { OUTCOME_SENT, 250, NULL, "250 taken", STAGE_DOT }, .said = WHOLE },

	/* MAIL */
	{ "put off", NULL, { "451 4.3.0 later" }, .verdict = SMTP_NEXT_LETTER,
	    .want = { OUTCOME_BUSY, 451, "4.3.0", "451 4.3.0 later", STAGE_MAIL },
	    .said = MAIL "|" },
	{ "too large, it says", NULL, { "552 5.3.4 large" }, .verdict = SMTP_NEXT_LETTER,
	    .want = { OUTCOME_REFUSED, 552, "5.3.4", "552 5.3.4 large", STAGE_MAIL },
	    .said = MAIL "|" },
	{ "a sender it does not want", NULL, { "550 5.1.8 no" }, .verdict = SMTP_GIVE_UP,
	    .want = { OUTCOME_BUSY, 550, "5.1.8", "550 5.1.8 no", STAGE_MAIL },
	    .said = MAIL "|" },
	{ "going down", NULL, { "421 4.3.2 bye" }, .verdict = SMTP_TRY_AGAIN,
	    .want = { OUTCOME_BUSY, 421, "4.3.2", "421 4.3.2 bye", STAGE_MAIL },
	    .is_broken = true, .said = MAIL "|" },
	{ "out of step", NULL, { "503 5.5.1 nested" }, .verdict = SMTP_TRY_AGAIN,
	    .want = { OUTCOME_BUSY, 503, "5.5.1", "503 5.5.1 nested", STAGE_MAIL },
	    .is_broken = true, .said = MAIL "|" },
	{ "no answer to the question", NULL, { "354 go" }, .verdict = SMTP_TRY_AGAIN,
	    .want = { OUTCOME_BUSY, 354, NULL, "354 go", STAGE_MAIL }, .is_broken = true,
	    .said = MAIL "|" },
	{ "no reply", NULL, { "what?" }, .verdict = SMTP_TRY_AGAIN,
	    .want = { OUTCOME_DEFERRED, 0, BROKE_OFF,
		"the server answered something that is no reply", STAGE_MAIL },
	    .is_broken = true, .said = MAIL "|" },
	{ "hangs up on MAIL", NULL, { NULL }, .verdict = SMTP_TRY_AGAIN,
	    .want = { OUTCOME_DEFERRED, 0, BROKE_OFF, CLOSED, STAGE_MAIL },
	    .is_broken = true, .said = MAIL "|" },

	/* RCPT */
	{ "no such reader", NULL, { "250 ok", "550 5.1.1 no" },
	    .verdict = SMTP_NEXT_LETTER,
	    .want = { OUTCOME_REFUSED, 550, "5.1.1", "550 5.1.1 no", STAGE_RCPT },
	    .said = MAIL RCPT "|" },
	{ "a command it does not know", NULL, { "250 ok", "500 what" },
	    .verdict = SMTP_NEXT_LETTER,
	    .want = { OUTCOME_REFUSED, 500, NULL, "500 what", STAGE_RCPT },
	    .said = MAIL RCPT "|" },
	{ "the last of its kind", NULL, { "250 ok", "599 no" },
	    .verdict = SMTP_NEXT_LETTER,
	    .want = { OUTCOME_REFUSED, 599, NULL, "599 no", STAGE_RCPT },
	    .said = MAIL RCPT "|" },
	{ "a reader for later", NULL, { "250 ok", "450 4.2.0 later" },
	    .verdict = SMTP_NEXT_LETTER,
	    .want = { OUTCOME_DEFERRED, 450, "4.2.0", "450 4.2.0 later", STAGE_RCPT },
	    .said = MAIL RCPT "|" },
	{ "a login that is wanted", NULL, { "250 ok", "530 5.7.0 login" },
	    .verdict = SMTP_GIVE_UP,
	    .want = { OUTCOME_DEFERRED, 530, "5.7.0", "530 5.7.0 login", STAGE_RCPT },
	    .said = MAIL RCPT "|" },
	{ "no relay", NULL, { "250 ok", "554 5.7.1 relay" }, .verdict = SMTP_NEXT_LETTER,
	    .want = { OUTCOME_REFUSED, 554, "5.7.1", "554 5.7.1 relay", STAGE_RCPT },
	    .said = MAIL RCPT "|" },
	{ "going down at RCPT", NULL, { "250 ok", "421 bye" }, .verdict = SMTP_TRY_AGAIN,
	    .want = { OUTCOME_BUSY, 421, NULL, "421 bye", STAGE_RCPT }, .is_broken = true,
	    .said = MAIL RCPT "|" },
	{ "out of step at RCPT", NULL, { "250 ok", "503 bad" }, .verdict = SMTP_TRY_AGAIN,
	    .want = { OUTCOME_DEFERRED, 503, NULL, "503 bad", STAGE_RCPT },
	    .is_broken = true, .said = MAIL RCPT "|" },
	{ "hangs up on RCPT", NULL, { "250 ok" }, .verdict = SMTP_TRY_AGAIN,
	    .want = { OUTCOME_DEFERRED, 0, BROKE_OFF, CLOSED, STAGE_RCPT },
	    .is_broken = true, .said = MAIL RCPT "|" },

	/* DATA */
	{ "refused at DATA", NULL, { "250 ok", "250 ok", "554 5.6.0 no" },
	    .verdict = SMTP_NEXT_LETTER,
	    .want = { OUTCOME_REFUSED, 554, "5.6.0", "554 5.6.0 no", STAGE_DATA },
	    .said = MAIL RCPT "|DATA|" },
	{ "another yes at DATA", NULL, { "250 ok", "250 ok", "250 ok" },
	    .verdict = SMTP_TRY_AGAIN,
	    .want = { OUTCOME_DEFERRED, 250, NULL, "250 ok", STAGE_DATA },
	    .is_broken = true, .said = MAIL RCPT "|DATA|" },
	{ "hangs up on DATA", NULL, { "250 ok", "250 ok" }, .verdict = SMTP_TRY_AGAIN,
	    .want = { OUTCOME_DEFERRED, 0, BROKE_OFF, CLOSED, STAGE_DATA },
	    .is_broken = true, .said = MAIL RCPT "|DATA|" },

	/* the letter */
	{ "refused", NULL, { "250 ok", "250 ok", "354 go", "554 5.6.0 no" },
	    .verdict = SMTP_NEXT_LETTER,
	    .want = { OUTCOME_REFUSED, 554, "5.6.0", "554 5.6.0 no", STAGE_DOT },
	    .said = WHOLE },
	{ "for later", NULL, { "250 ok", "250 ok", "354 go", "451 later" },
	    .verdict = SMTP_NEXT_LETTER,
	    .want = { OUTCOME_DEFERRED, 451, NULL, "451 later", STAGE_DOT },
	    .said = WHOLE },
	{ "going down behind it", NULL, { "250 ok", "250 ok", "354 go", "421 bye" },
	    .verdict = SMTP_TRY_AGAIN,
	    .want = { OUTCOME_BUSY, 421, NULL, "421 bye", STAGE_DOT }, .is_broken = true,
	    .said = WHOLE },
	{ "go on, it says", NULL, { "250 ok", "250 ok", "354 go", "354 go" },
	    .verdict = SMTP_END_SESSION,
	    .want = { OUTCOME_UNKNOWN, 354, NULL, "354 go", STAGE_DOT },
	    .is_broken = true, .said = WHOLE },
	{ "hangs up behind it", NULL, { "250 ok", "250 ok", "354 go" },
	    .verdict = SMTP_END_SESSION,
	    .want = { OUTCOME_UNKNOWN, 0, NULL, "no answer after the letter: " CLOSED,
		STAGE_DOT },
	    .is_broken = true, .said = WHOLE },

	/* PIPELINING: RFC 2920 3.1 */
	{ "DATA that was opened for nobody", "PIPELINING",
	    { "250 ok", "550 5.1.1 no", "354 go", "554 none" },
	    .verdict = SMTP_NEXT_LETTER,
	    .want = { OUTCOME_REFUSED, 550, "5.1.1", "550 5.1.1 no", STAGE_RCPT },
	    .said = MAIL RCPT "|DATA|.|" },
	{ "DATA that was not", "PIPELINING", { "250 ok", "550 5.1.1 no", "503 none" },
	    .verdict = SMTP_NEXT_LETTER,
	    .want = { OUTCOME_REFUSED, 550, "5.1.1", "550 5.1.1 no", STAGE_RCPT },
	    .said = MAIL RCPT "|DATA|" },
	{ "hangs up on the dot for nobody", "PIPELINING",
	    { "250 ok", "450 later", "354 go" }, .verdict = SMTP_END_SESSION,
	    .want = { OUTCOME_DEFERRED, 450, NULL, "450 later", STAGE_RCPT },
	    .is_broken = true, .said = MAIL RCPT "|DATA|.|" },
	/* 421 ends the session whatever it answers. */
	{ "going down at MAIL", "PIPELINING", { "421 bye" }, .verdict = SMTP_TRY_AGAIN,
	    .want = { OUTCOME_BUSY, 421, NULL, "421 bye", STAGE_MAIL }, .is_broken = true,
	    .said = MAIL RCPT "|" },
	{ "going down at RCPT, all said", "PIPELINING", { "250 ok", "421 bye" },
	    .verdict = SMTP_TRY_AGAIN,
	    .want = { OUTCOME_BUSY, 421, NULL, "421 bye", STAGE_RCPT }, .is_broken = true,
	    .said = MAIL RCPT "|DATA|" },
	{ "refused, then going down", "PIPELINING", { "250 ok", "450 later", "421 bye" },
	    .verdict = SMTP_END_SESSION,
	    .want = { OUTCOME_DEFERRED, 450, NULL, "450 later", STAGE_RCPT },
	    .is_broken = true, .said = MAIL RCPT "|DATA|" },
	{ "the first of two refusals", "PIPELINING",
	    { "451 4.3.0 busy", "503 first MAIL", "503 first RCPT" },
	    .verdict = SMTP_NEXT_LETTER,
	    .want = { OUTCOME_BUSY, 451, "4.3.0", "451 4.3.0 busy", STAGE_MAIL },
	    .said = MAIL RCPT "|DATA|" },
};

/* ---- sessions ------------------------------------------------------------------------ */

struct talk {
	struct smtp_script script;
	char ehlo[120];
	struct smtp_server server;
	struct smtp_session *session;
	struct buf bytes, head;
	struct letter letter;
	struct outcome outcome;
	struct err err;
};

static void
talk_begin(struct talk *t, const char *offers, bool lmtp, const char *const *replies,
    size_t count)
{
	struct err err = ERR_INIT;
	bool refused = false;

	memset(t, 0, sizeof(*t));
	(void)snprintf(t->ehlo, sizeof(t->ehlo), "250-mx\r\n250%s%s",
	    offers && strchr(offers, '\n') ? "-" : " ", offers ? offers : "X");
	t->script.calls[0][0] = "220 hi";
	t->script.calls[0][1] = t->ehlo;
	for (size_t i = 0; i < count && replies[i]; i++)
		t->script.calls[0][i + 2] = replies[i];
	script_begin(&t->script);
	t->server = (struct smtp_server){ .target = { .host = "127.0.0.1",
					      .port = t->script.port },
		.name = "mx",
		.ehlo = "h",
		.user = "",
		.lmtp = lmtp,
		.timeout_ms = WAIT_MS };
	t->session = smtp_session_open(&t->server, NULL, &refused, &err);
	assert_non_null(t->session);
	buf_init(&t->bytes, 1000);
	buf_init(&t->head, 1000);
	buf_adds(&t->bytes, BYTES);
	t->letter = (struct letter){ .sender = "s@x.org",
		.recipient = "a@y.org",
		.name = "n",
		.bytes = &t->bytes };
}

/* What was said behind EHLO; the session is closed. */
static const char *
talk_said(struct talk *t)
{
	smtp_session_close(t->session);
	t->session = NULL;
	script_end(&t->script);
	return buf_text(&t->script.said) + strlen("EHLO h|");
}

static void
talk_end(struct talk *t)
{
	buf_clear(&t->script.said);
	buf_clear(&t->bytes);
	buf_clear(&t->head);
}

static void
wait_for_server(struct talk *t)
{
	const unsigned wants = smtp_line_wants(smtp_session_line(t->session));
	struct pollfd p = { smtp_line_fd(smtp_session_line(t->session)),
		(short)((wants & 1 ? POLLIN : 0) | (wants & 2 ? POLLOUT : 0)), 0 };

	assert_true(smtp_session_is_busy(t->session));
	assert_int_equal(poll(&p, 1, WAIT_MS), 1);
	smtp_line_ready(smtp_session_line(t->session));
}

static enum smtp_verdict
send_letter(struct talk *t, const struct letter *after)
{
	enum smtp_verdict v = SMTP_WAIT;

	err_clear(&t->err);
	t->outcome = (struct outcome){ OUTCOME_DEFERRED, 0, NULL, "", STAGE_NONE };
	while ((v = smtp_send(t->session, &t->letter, after, &t->outcome, &t->err)) ==
	    SMTP_WAIT)
		wait_for_server(t);
	assert_false(smtp_session_is_busy(t->session));
	return v;
}

static void
expect_outcome(const char *name, const struct outcome *got, const struct outcome *want)
{
	if (got->kind != want->kind || got->code != want->code ||
	    got->stage != want->stage || strcmp(got->reply, want->reply) != 0 ||
	    strcmp(got->status ? got->status : "", want->status ? want->status : "") != 0)
		fail_msg("%s: got %d %d %s \"%s\" at %d", name, (int)got->kind, got->code,
		    got->status ? got->status : "", got->reply, (int)got->stage);
}

static void
expect_row(size_t i)
{
	struct talk t;
	enum smtp_verdict v = SMTP_WAIT;
	const char *said = NULL;

	talk_begin(&t, rows[i].offers, rows[i].lmtp, rows[i].replies, STEPS);
	if (rows[i].sender)
		t.letter.sender = rows[i].sender;
	if (rows[i].to)
		t.letter.recipient = rows[i].to;
	if (rows[i].letter)
		t.letter.name = rows[i].letter;
	if (rows[i].head) {
		buf_adds(&t.head, rows[i].head);
		t.letter.head = &t.head;
	}
	v = send_letter(&t, NULL);
	if (v != rows[i].verdict)
		fail_msg("%s: got verdict %d", rows[i].name, (int)v);
	expect_outcome(rows[i].name, &t.outcome, &rows[i].want);
	assert_int_equal(smtp_session_is_broken(t.session), rows[i].is_broken);
	assert_int_equal(smtp_session_sent(t.session), rows[i].want.kind == OUTCOME_SENT);
	assert_int_equal(smtp_session_begun(t.session), *rows[i].said != '\0');
	assert_int_equal(t.err.kind, v == SMTP_GIVE_UP ? ERR_HUMAN : ERR_NONE);
	said = talk_said(&t);
	if (strcmp(said, rows[i].said) != 0)
		fail_msg("%s: said \"%s\", want \"%s\"", rows[i].name, said,
		    rows[i].said);
	talk_end(&t);
}

static void
each_answer_has_its_meaning(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		expect_row(i);
}

static const struct {
	const char *name, *user, *replies[2];
	const char *why, *hint;
} hopeless[] = {
	{ "a login that is wanted", "", { "250 ok", "530 5.7.0 login" },
	    "server said: 530 5.7.0 login",
	    "it wants a login or TLS: smtp.user, smtp.security" },
	{ "another, behind a login", "ann", { "250 ok", "530 5.7.0 login" },
	    "server said: 530 5.7.0 login", "" },
	{ "a sender", "", { "550 5.1.8 no" }, "server said: 550 5.1.8 no", "" },
	{ "what a provider means by it", "", { "550 5.7.60 SendAs" },
	    "server said: 550 5.7.60 SendAs",
	    "the account may not send with this sender: newsletter.from and "
	    "bounce.address must be its own addresses, or it needs the right to send as "
	    "them" },
};

static void
what_would_meet_every_letter_is_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(hopeless); i++) {
		struct talk t;

		talk_begin(&t, NULL, false, hopeless[i].replies, 2);
		t.server.user = hopeless[i].user;
		if (send_letter(&t, NULL) != SMTP_GIVE_UP)
			fail_msg("%s: not given up", hopeless[i].name);
		assert_string_equal(t.err.text, "mx takes no letter from us");
		assert_string_equal(t.err.why, hopeless[i].why);
		assert_string_equal(t.err.hint, hopeless[i].hint);
		(void)talk_said(&t);
		talk_end(&t);
	}
}

/* ---- letters behind others ----------------------------------------------------------- */

static const struct {
	const char *name, *replies[STEPS];
	enum smtp_verdict first, second;
	enum outcome_kind kind; /* of the second */
	const char *said;
} pairs[] = {
	{ "two",
	    { "250 a", "250 b", "354 c", "250 d", "250 e", "250 f", "354 g", "250 h" },
	    SMTP_NEXT_LETTER, SMTP_NEXT_LETTER, OUTCOME_SENT, WHOLE WHOLE },
	{ "enough for this connection", { "250 a", "250 b", "354 c", "250 d", "451 e" },
	    SMTP_NEXT_LETTER, SMTP_TRY_AGAIN, OUTCOME_BUSY, WHOLE MAIL "|" },
	{ "a transaction that stands",
	    { "250 a", "550 5.1.1 no", "250 reset", "250 e", "550 5.1.1 no" },
	    SMTP_NEXT_LETTER, SMTP_NEXT_LETTER, OUTCOME_REFUSED,
	    MAIL RCPT "|RSET|" MAIL RCPT "|" },
	{ "RSET that is not known",
	    { "250 a", "550 5.1.1 no", "500 what", "250 e", "550 5.1.1 no" },
	    SMTP_NEXT_LETTER, SMTP_NEXT_LETTER, OUTCOME_REFUSED,
	    MAIL RCPT "|RSET|" MAIL RCPT "|" },
	{ "an end at RSET", { "250 a", "550 5.1.1 no", "421 bye" }, SMTP_NEXT_LETTER,
	    SMTP_TRY_AGAIN, OUTCOME_BUSY, MAIL RCPT "|RSET|" },
	{ "no transaction", { "451 later", "451 later" }, SMTP_NEXT_LETTER,
	    SMTP_NEXT_LETTER, OUTCOME_BUSY, MAIL "|" MAIL "|" },
	{ "one that ended with its letter",
	    { "250 a", "250 b", "354 c", "554 5.6.0 no", "451 later" }, SMTP_NEXT_LETTER,
	    SMTP_NEXT_LETTER, OUTCOME_BUSY, WHOLE MAIL "|" },
};

static void
a_letter_behind_another_begins_anew(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		struct talk t;
		enum smtp_verdict second = SMTP_WAIT;
		const char *said = NULL;

		talk_begin(&t, NULL, false, pairs[i].replies, STEPS);
		assert_int_equal(send_letter(&t, NULL), pairs[i].first);
		second = send_letter(&t, NULL);
		if (second != pairs[i].second || t.outcome.kind != pairs[i].kind)
			fail_msg("%s: got %d, %d", pairs[i].name, (int)second,
			    (int)t.outcome.kind);
		assert_int_equal(smtp_session_begun(t.session), 2 - (i == 4));
		said = talk_said(&t);
		if (strcmp(said, pairs[i].said) != 0)
			fail_msg("%s: said \"%s\"", pairs[i].name, said);
		talk_end(&t);
	}
}

/* With PIPELINING the next envelope leaves with the letter, if it fits. */
static void
the_next_envelope_is_said_ahead(void **state)
{
	static const char *const replies[] = { "250 a", "250 b", "354 c", "250 d",
		"250 e", "250 f", "354 g", "250 h", "250 i", "250 k", "354 l", "250 m" };
	struct talk t;
	struct letter after;

	(void)state;
	talk_begin(&t, "PIPELINING", false, replies, ARRAY_LEN(replies));
	after = t.letter;
	after.recipient = "\xC3\xA4@y.org";
	assert_int_equal(send_letter(&t, &after), SMTP_NEXT_LETTER);
	assert_int_equal(smtp_session_begun(t.session), 1);
	after.recipient = "b@y.org";
	t.letter.recipient = "a@z.org";
	assert_int_equal(send_letter(&t, &after), SMTP_NEXT_LETTER);
	/* It is said, and not begun; and QUIT would be the text of a letter now. */
	assert_int_equal(smtp_session_begun(t.session), 2);
	smtp_session_say_bye(t.session);
	assert_true(smtp_session_said_bye(t.session));
	t.letter.recipient = "b@y.org";
	assert_int_equal(send_letter(&t, NULL), SMTP_NEXT_LETTER);
	assert_int_equal(smtp_session_begun(t.session), 3);
	assert_int_equal(smtp_session_sent(t.session), 3);
	assert_string_equal(talk_said(&t),
	    WHOLE MAIL "|RCPT TO:<a@z.org>|DATA|" MSG MAIL
		       "|RCPT TO:<b@y.org>|DATA|" MSG);
	talk_end(&t);
}

/* ---- chunks -------------------------------------------------------------------------- */

#define CHUNK "BDAT 12 LAST|" BYTES "|"
#define SAID_CHUNK MAIL RCPT "|" CHUNK

static const struct {
	const char *name, *replies[STEPS];
	enum smtp_verdict verdict;
	struct outcome want;
	bool is_broken, knows_none;
} chunks[] = {
	{ "taken", { "250 a", "250 b", "250 2.0.0 taken" }, SMTP_NEXT_LETTER,
	    { OUTCOME_SENT, 250, "2.0.0", "250 2.0.0 taken", STAGE_DOT }, false, false },
	{ "refused", { "250 a", "250 b", "554 5.6.0 no" }, SMTP_NEXT_LETTER,
	    { OUTCOME_REFUSED, 554, "5.6.0", "554 5.6.0 no", STAGE_DOT }, false, false },
	{ "no such reader", { "250 a", "550 5.1.1 no", "503 none" }, SMTP_NEXT_LETTER,
	    { OUTCOME_REFUSED, 550, "5.1.1", "550 5.1.1 no", STAGE_RCPT }, false, false },
	{ "put off", { "451 later", "503 none", "503 none" }, SMTP_NEXT_LETTER,
	    { OUTCOME_BUSY, 451, NULL, "451 later", STAGE_MAIL }, false, false },
	{ "put off, and taken all the same", { "451 later", "250 ok", "250 taken" },
	    SMTP_NEXT_LETTER, { OUTCOME_SENT, 250, NULL, "250 taken", STAGE_DOT }, false,
	    false },
	{ "not known", { "250 a", "250 b", "500 what" }, SMTP_TRY_AGAIN,
	    { OUTCOME_BUSY, 500, NULL, "500 what", STAGE_DOT }, true, true },
	{ "known no more", { "250 a", "250 b", "509 what" }, SMTP_TRY_AGAIN,
	    { OUTCOME_BUSY, 509, NULL, "509 what", STAGE_DOT }, true, true },
	{ "another refusal", { "250 a", "250 b", "510 no" }, SMTP_NEXT_LETTER,
	    { OUTCOME_REFUSED, 510, NULL, "510 no", STAGE_DOT }, false, false },
	{ "going down", { "250 a", "421 bye" }, SMTP_TRY_AGAIN,
	    { OUTCOME_BUSY, 421, NULL, "421 bye", STAGE_RCPT }, true, false },
	{ "going down behind it", { "250 a", "250 b", "421 bye" }, SMTP_TRY_AGAIN,
	    { OUTCOME_BUSY, 421, NULL, "421 bye", STAGE_DOT }, true, false },
	{ "no reader, and going down", { "250 a", "550 5.1.1 no", "421 bye" },
	    SMTP_END_SESSION,
	    { OUTCOME_REFUSED, 550, "5.1.1", "550 5.1.1 no", STAGE_RCPT }, true, false },
	{ "put off, and going down", { "451 later", "421 bye" }, SMTP_END_SESSION,
	    { OUTCOME_BUSY, 451, NULL, "451 later", STAGE_MAIL }, true, false },
	{ "put off, and hangs up", { "451 later" }, SMTP_END_SESSION,
	    { OUTCOME_BUSY, 451, NULL, "451 later", STAGE_MAIL }, true, false },
	{ "no reader, and hangs up", { "250 a", "550 5.1.1 no" }, SMTP_END_SESSION,
	    { OUTCOME_REFUSED, 550, "5.1.1", "550 5.1.1 no", STAGE_RCPT }, true, false },
	{ "hangs up", { "250 a", "250 b" }, SMTP_END_SESSION,
	    { OUTCOME_UNKNOWN, 0, NULL, "no answer after the letter: " CLOSED,
		STAGE_DOT },
	    true, false },
};

static void
hear_chunk(struct talk *t, const struct smtp_chunk *c, enum smtp_verdict *v)
{
	while ((*v = smtp_chunk_hear(t->session, c, &t->outcome, &t->err)) == SMTP_WAIT)
		wait_for_server(t);
}

static void
a_chunk_is_answered_as_a_letter_is(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(chunks); i++) {
		struct talk t;
		struct smtp_chunk c;
		enum smtp_verdict v = SMTP_WAIT;

		talk_begin(&t, "CHUNKING\r\n250 PIPELINING", false, chunks[i].replies,
		    STEPS);
		assert_true(smtp_session_takes_chunks(t.session));
		assert_true(smtp_chunk_say(t.session, &t.letter, false, &c, &t.outcome));
		assert_false(c.reset);
		hear_chunk(&t, &c, &v);
		if (v != chunks[i].verdict)
			fail_msg("%s: got verdict %d", chunks[i].name, (int)v);
		expect_outcome(chunks[i].name, &t.outcome, &chunks[i].want);
		assert_int_equal(smtp_session_is_broken(t.session), chunks[i].is_broken);
		assert_int_equal(smtp_session_knows_no_chunks(t.session),
		    chunks[i].knows_none);
		assert_int_equal(t.err.kind, ERR_NONE);
		assert_memory_equal(talk_said(&t), SAID_CHUNK, strlen(MAIL RCPT));
		talk_end(&t);
	}
}

static void
chunks_are_said_one_behind_the_other(void **state)
{
	static const char *const replies[] = { "250 a", "550 5.1.1 no", "503 c", "250 d",
		"250 e", "250 f", "250 g" };
	struct talk t;
	struct smtp_chunk one;
	struct smtp_chunk two;
	enum smtp_verdict v = SMTP_WAIT;

	(void)state;
	talk_begin(&t, "CHUNKING\r\n250 PIPELINING", false, replies, ARRAY_LEN(replies));
	buf_adds(&t.head, "H: h\r\n");
	assert_true(smtp_chunk_say(t.session, &t.letter, false, &one, &t.outcome));
	t.letter.head = &t.head;
	assert_true(smtp_chunk_say(t.session, &t.letter, true, &two, &t.outcome));
	assert_false(one.reset);
	assert_true(two.reset);
	assert_true(two.end > one.end);
	t.letter.recipient = "\xC3\xA4@y.org";
	assert_false(smtp_chunk_say(t.session, &t.letter, true, &two, &t.outcome));
	assert_int_equal(t.outcome.kind, OUTCOME_REFUSED);
	two.reset = true;
	hear_chunk(&t, &one, &v);
	assert_int_equal(v, SMTP_NEXT_LETTER);
	assert_int_equal(t.outcome.kind, OUTCOME_REFUSED);
	assert_int_equal(t.outcome.code, 550);
	hear_chunk(&t, &two, &v);
	assert_int_equal(v, SMTP_NEXT_LETTER);
	assert_int_equal(t.outcome.kind, OUTCOME_SENT);
	assert_int_equal(smtp_session_sent(t.session), 1);
	assert_string_equal(talk_said(&t),
	    SAID_CHUNK "RSET|" MAIL RCPT "|BDAT 18 LAST|H: h\r\n" BYTES "|");
	talk_end(&t);
}

/* ---- more than the network takes at once --------------------------------------------- */

enum { LARGE = 1024 * 1024, ROOM = 32 * 1024 };

/* Lines without a dot at their begin, and little room for them on the way. */
static void
make_large(struct talk *t)
{
	assert_int_equal(setsockopt(smtp_line_fd(smtp_session_line(t->session)),
			     SOL_SOCKET, SO_SNDBUF, &(int){ ROOM }, sizeof(int)),
	    0);
	buf_clear(&t->bytes);
	buf_init(&t->bytes, LARGE);
	while (t->bytes.len < LARGE - 64)
		buf_adds(&t->bytes,
		    "Lorem ipsum dolor sit amet, consectetur adipisici\r\n");
}

/* A server that says this behind 354, and hangs up on the letter. */
static const struct {
	const char *reply;
	enum smtp_verdict verdict;
	struct outcome want;
} last_words[] = {
	{ "^354 go\r\n452 4.3.1 full", SMTP_END_SESSION,
	    { OUTCOME_DEFERRED, 452, "4.3.1", "452 4.3.1 full", STAGE_DOT } },
	{ "^354 go\r\n552 5.3.4 large", SMTP_END_SESSION,
	    { OUTCOME_REFUSED, 552, "5.3.4", "552 5.3.4 large", STAGE_DOT } },
	{ "^354 go\r\n421 4.3.2 bye", SMTP_TRY_AGAIN,
	    { OUTCOME_BUSY, 421, "4.3.2", "421 4.3.2 bye", STAGE_DOT } },
	/* It cannot have taken a letter whose end is still here. */
	{ "^354 go\r\n250 2.0.0 taken", SMTP_TRY_AGAIN,
	    { OUTCOME_DEFERRED, 0, BROKE_OFF, NULL, STAGE_DOT } },
	{ "^354 go\r\n354 go", SMTP_TRY_AGAIN,
	    { OUTCOME_DEFERRED, 0, BROKE_OFF, NULL, STAGE_DOT } },
	{ "^354 go", SMTP_TRY_AGAIN,
	    { OUTCOME_DEFERRED, 0, BROKE_OFF, NULL, STAGE_DOT } },
};

static void
who_breaks_a_letter_off_may_say_why(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(last_words); i++) {
		const char *const replies[] = { "250 a", "250 b", last_words[i].reply };
		struct outcome want = last_words[i].want;
		enum smtp_verdict v = SMTP_WAIT;
		struct talk t;

		talk_begin(&t, NULL, false, replies, 3);
		make_large(&t);
		v = send_letter(&t, NULL);
		if (v != last_words[i].verdict)
			fail_msg("%s: got verdict %d", last_words[i].reply, (int)v);
		/* The system's word for it may be one or the other. */
		if (!want.reply)
			want.reply = t.outcome.reply;
		expect_outcome(last_words[i].reply, &t.outcome, &want);
		assert_true(*t.outcome.reply != '\0');
		assert_true(smtp_session_is_broken(t.session));
		assert_int_equal(smtp_session_sent(t.session), 0);
		assert_string_equal(talk_said(&t), MAIL RCPT "|DATA|");
		talk_end(&t);
	}
}

/* A chunk is heard when it is out, whatever of those behind it is not. */
static void
what_is_behind_a_chunk_need_not_be_out(void **state)
{
	static const char *const replies[] = { "250 a", "250 b", "250 c", "~" };
	struct talk t;
	struct letter small;
	struct buf bytes = BUF_INIT(100);
	struct smtp_chunk one;
	struct smtp_chunk two;
	enum smtp_verdict v = SMTP_WAIT;

	(void)state;
	talk_begin(&t, "CHUNKING\r\n250 PIPELINING", false, replies, 4);
	small = t.letter;
	small.bytes = &bytes;
	buf_adds(&bytes, BYTES);
	make_large(&t);
	assert_true(smtp_chunk_say(t.session, &small, false, &one, &t.outcome));
	assert_true(smtp_chunk_say(t.session, &t.letter, true, &two, &t.outcome));
	hear_chunk(&t, &one, &v);
	assert_int_equal(v, SMTP_NEXT_LETTER);
	assert_int_equal(t.outcome.kind, OUTCOME_SENT);
	assert_false(smtp_line_is_out(smtp_session_line(t.session), two.end));
	(void)talk_said(&t);
	talk_end(&t);
	buf_clear(&bytes);
}

static void
a_chunk_that_is_not_out_is_not_heard(void **state)
{
	static const char *const replies[] = { "250 a\r\n250 b\r\n250 c", "~" };
	struct talk t;
	struct smtp_chunk c;
	struct pollfd p = { .events = POLLIN };

	(void)state;
	talk_begin(&t, "CHUNKING\r\n250 PIPELINING", false, replies, 2);
	make_large(&t);
	assert_true(smtp_chunk_say(t.session, &t.letter, false, &c, &t.outcome));
	assert_int_equal(smtp_chunk_hear(t.session, &c, &t.outcome, &t.err), SMTP_WAIT);
	p.fd = smtp_line_fd(smtp_session_line(t.session));
	assert_int_equal(poll(&p, 1, WAIT_MS), 1);
	smtp_line_ready(smtp_session_line(t.session));
	assert_int_equal(smtp_chunk_hear(t.session, &c, &t.outcome, &t.err), SMTP_WAIT);
	assert_int_equal(t.session->phase, PHASE_CHUNK_OUT);
	(void)talk_said(&t);
	talk_end(&t);
}

/* ---- how long a server may take ------------------------------------------------------ */

/*
 * A command may take smtp.timeout in silence and twice as long in all.  For a letter ten times
 * smtp.timeout, but no more than ten minutes (RFC 5321 4.5.3.2.6) or twice smtp.timeout.
 */
static const struct {
	const char *name, *replies[STEPS]; /* then the server is silent */
	bool is_chunk;
	enum smtp_phase phase;
	enum smtp_step step;
	int64_t timeout, idle, total;
} waits[] = {
	{ "MAIL", { "~" }, false, PHASE_ENVELOPE, STEP_MAIL, 5000, 5000, 10000 },
	{ "RCPT", { "250 a", "~" }, false, PHASE_ENVELOPE, STEP_RCPT, 5000, 5000, 10000 },
	{ "DATA", { "250 a", "250 b", "~" }, false, PHASE_ENVELOPE, STEP_DATA, 7000, 7000,
	    14000 },
	{ "a letter", { "250 a", "250 b", "354 c", "~" }, false, PHASE_DOT, STEP_COUNT,
	    5000, 50000, 50000 },
	{ "just below ten minutes", { "250 a", "250 b", "354 c", "~" }, false, PHASE_DOT,
	    STEP_COUNT, 59999, 599990, 599990 },
	{ "ten minutes", { "250 a", "250 b", "354 c", "~" }, false, PHASE_DOT, STEP_COUNT,
	    60001, 600000, 600000 },
	{ "still ten minutes", { "250 a", "250 b", "354 c", "~" }, false, PHASE_DOT,
	    STEP_COUNT, 299999, 600000, 600000 },
	{ "twice smtp.timeout", { "250 a", "250 b", "354 c", "~" }, false, PHASE_DOT,
	    STEP_COUNT, 300001, 600002, 600002 },
	{ "the envelope of a chunk", { "~" }, true, PHASE_CHUNK_ENVELOPE, STEP_MAIL, 5000,
	    5000, 50000 },
	{ "a chunk", { "250 a", "250 b", "~" }, true, PHASE_CHUNK, STEP_DATA, 5000, 50000,
	    50000 },
};

/* Goes on until it waits in that phase. */
static void
wait_in(struct talk *t, size_t i)
{
	struct smtp_session *s = t->session;
	struct smtp_chunk c = { .end = 0 };

	if (waits[i].is_chunk)
		assert_true(smtp_chunk_say(s, &t->letter, false, &c, &t->outcome));
	for (;;) {
		const enum smtp_verdict v = waits[i].is_chunk
		    ? smtp_chunk_hear(s, &c, &t->outcome, &t->err)
		    : smtp_send(s, &t->letter, NULL, &t->outcome, &t->err);

		if (v != SMTP_WAIT)
			fail_msg("%s: got verdict %d", waits[i].name, (int)v);
		if (s->phase == waits[i].phase && s->step == waits[i].step)
			return;
		wait_for_server(t);
	}
}

static void
each_answer_is_waited_for_so_long(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(waits); i++) {
		const int64_t from = clock_rough_ms();
		const struct smtp_line *line = NULL;
		struct talk t;
		int64_t now = 0;
		int64_t end = 0;

		talk_begin(&t, waits[i].is_chunk ? "CHUNKING\r\n250 PIPELINING" : NULL,
		    false, waits[i].replies, STEPS);
		t.server.timeout_ms = waits[i].timeout;
		wait_in(&t, i);
		line = smtp_session_line(t.session);
		now = clock_rough_ms();
		/* Of the two that may end it, one is far away each time. */
		if (smtp_line_patience(line, now - waits[i].idle + 1000, now) != 1000)
			fail_msg("%s: the silence is another", waits[i].name);
		end = smtp_line_patience(line, now + waits[i].total, now) + now;
		if (end < from + waits[i].total || end > now + waits[i].total)
			fail_msg("%s: ends in %d", waits[i].name, (int)(end - now));
		(void)talk_said(&t);
		talk_end(&t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_answer_has_its_meaning),
		cmocka_unit_test(what_would_meet_every_letter_is_told),
		cmocka_unit_test(a_letter_behind_another_begins_anew),
		cmocka_unit_test(the_next_envelope_is_said_ahead),
		cmocka_unit_test(a_chunk_is_answered_as_a_letter_is),
		cmocka_unit_test(chunks_are_said_one_behind_the_other),
		cmocka_unit_test(who_breaks_a_letter_off_may_say_why),
		cmocka_unit_test(what_is_behind_a_chunk_need_not_be_out),
		cmocka_unit_test(a_chunk_that_is_not_out_is_not_heard),
		cmocka_unit_test(each_answer_is_waited_for_so_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
