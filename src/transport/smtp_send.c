/* SPDX-License-Identifier: ISC */
#include "transport/smtp_send.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "mail/address.h"
#include "transport/provider_refusals.h"
#include "transport/smtp_fault.h"
#include "transport/smtp_session_private.h"

/* RFC 5321 4.5.3.2.6: a server may think long after the final dot, and hanging up on it is
 * how letters come twice. */
enum { DOT_PATIENCE = 10, DOT_MS = 600000, LAST_WORDS_MS = 500 };

enum step { STEP_RESET, STEP_MAIL, STEP_RCPT, STEP_DATA, STEP_COUNT };

struct envelope {
	const char *commands[STEP_COUNT]; /* NULL: not needed */
	enum step failed;                 /* STEP_COUNT: none */
	int failed_code;
	bool data_open; /* 354 was said */
};

/* ---- outcomes ------------------------------------------------------------------------ */

/* Fills *o from the reply at hand. */
static void
say_reply(struct smtp_session *s, struct outcome *o, enum outcome_kind kind)
{
	buf_reset(&s->words);
	smtp_reply_words(&s->reply, s->arena, &s->words);
	memcpy(s->status, s->reply.status, sizeof(s->status));
	*o = (struct outcome){ kind, s->reply.code,
		s->status[0] != '\0' ? s->status : NULL, buf_text(&s->words), s->stage };
}

static void
say_words(struct smtp_session *s, struct outcome *o, enum outcome_kind kind,
    const char *status, const char *words)
{
	buf_reset(&s->words);
	buf_adds(&s->words, words);
	*o = (struct outcome){ kind, 0, status, buf_text(&s->words), s->stage };
}

/* The connection is gone, and the final dot was not sent. */
static enum smtp_verdict
lost_before_dot(struct smtp_session *s, struct outcome *o)
{
	s->broken = true;
	say_words(s, o, OUTCOME_DEFERRED, STATUS_BROKE_OFF, smtp_line_reason(s->line));
	return SMTP_TRY_AGAIN;
}

static enum smtp_verdict
lost_after_dot(struct smtp_session *s, struct outcome *o)
{
	const char *words = arena_printf(s->arena, "no answer after the letter: %s",
	    smtp_line_reason(s->line));

	s->broken = true;
	say_words(s, o, OUTCOME_UNKNOWN, NULL, words);
	return SMTP_END_SESSION;
}

/* ---- what the server cannot take ----------------------------------------------------- */

static bool
needs_utf8(const struct letter *l)
{
	return !address_is_ascii(l->sender) || !address_is_ascii(l->recipient);
}

static size_t
size_of(const struct letter *l)
{
	return l->bytes->len + (l->head ? l->head->len : 0);
}

/* False, with the outcome, for a letter that this server would refuse anyway. */
static bool
fits(struct smtp_session *s, const struct letter *l, struct outcome *o)
{
	if (needs_utf8(l) && !s->utf8) {
		say_words(s, o, OUTCOME_REFUSED, "5.6.7",
		    "the server takes no international addresses (SMTPUTF8)");
		return false;
	}
	if (s->size_max > 0 && (uint64_t)size_of(l) > (uint64_t)s->size_max) {
		say_words(s, o, OUTCOME_REFUSED, "5.3.4",
		    arena_printf(s->arena,
			"the letter has %zu bytes, the server takes %lld", size_of(l),
			(long long)s->size_max));
		return false;
	}
	return true;
}

/* ---- envelope ------------------------------------------------------------------------ */

/* RFC 3461 4: what is not plain, and + and =, as +XX. */
static const char *
xtext(struct arena *a, const char *text)
{
	char *out = arena_alloc(a, 3 * strlen(text) + 1);
	size_t n = 0;

	for (; *text != '\0'; text++) {
		const unsigned char c = (unsigned char)*text;

		if (c > ' ' && c < 127 && c != '+' && c != '=')
			out[n++] = (char)c;
		else
			n += (size_t)snprintf(out + n, 4, "+%02X", c);
	}
	out[n] = '\0';
	return out;
}

/*
 * What is asked of a server that sends reports (RFC 3461): only of failure, with the header
 * alone, and with the letter's name and its reader's address as we know them.
 */
static void
ask_for_reports(struct smtp_session *s, const struct letter *l, const char **mail,
    const char **rcpt)
{
	*mail = *rcpt = "";
	if (!s->dsn || *l->sender == '\0' || s->server->lmtp)
		return;
	*mail = arena_printf(s->arena, " RET=HDRS ENVID=%s", xtext(s->arena, l->name));
	*rcpt = " NOTIFY=FAILURE";
	if (address_is_ascii(l->recipient))
		*rcpt = arena_printf(s->arena, " NOTIFY=FAILURE ORCPT=rfc822;%s",
		    xtext(s->arena, l->recipient));
}

static void
make_envelope(struct smtp_session *s, const struct letter *l, bool reset,
    struct envelope *e)
{
	const char *size = "";
	const char *utf8 = "";
	const char *mail = "";
	const char *rcpt = "";

	if (s->size)
		size = arena_printf(s->arena, " SIZE=%zu", size_of(l));
	if (needs_utf8(l))
		utf8 = s->eight_bit ? " BODY=8BITMIME SMTPUTF8" : " SMTPUTF8";
	*e = (struct envelope){ .failed = STEP_COUNT };
	if (reset)
		e->commands[STEP_RESET] = "RSET";
	ask_for_reports(s, l, &mail, &rcpt);
	e->commands[STEP_MAIL] =
	    arena_printf(s->arena, "MAIL FROM:<%s>%s%s%s", l->sender, size, utf8, mail);
	e->commands[STEP_RCPT] =
	    arena_printf(s->arena, "RCPT TO:<%s>%s", l->recipient, rcpt);
	e->commands[STEP_DATA] = "DATA";
}

/* Servers that know no RSET begin anew with MAIL all the same; those that do not say 503. */
static bool
is_good(enum step step, int code)
{
	if (step == STEP_RESET)
		return code != 421;
	return step == STEP_DATA ? code == 354 : code / 100 == 2;
}

static enum outcome_stage
stage_of(enum step step)
{
	static const enum outcome_stage stages[] = { STAGE_MAIL, STAGE_MAIL, STAGE_RCPT,
		STAGE_DATA };

	return step < STEP_COUNT ? stages[step] : STAGE_DOT;
}

/* Looks at the answer to a step; the first bad one is what the letter fails with. */
static void
note_answer(struct smtp_session *s, struct envelope *e, enum step step, struct outcome *o)
{
	if (step == STEP_MAIL)
		s->in_transaction = is_good(step, s->reply.code);
	e->data_open = step == STEP_DATA && is_good(step, s->reply.code);
	if (e->failed != STEP_COUNT || is_good(step, s->reply.code))
		return;
	e->failed = step;
	e->failed_code = s->reply.code;
	s->stage = stage_of(step);
	say_reply(s, o, OUTCOME_DEFERRED);
}

/* False when the connection is lost. */
static bool
talk_in_steps(struct smtp_session *s, struct envelope *e, struct outcome *o)
{
	for (enum step i = STEP_RESET; i < STEP_COUNT && e->failed == STEP_COUNT; i++) {
		if (!e->commands[i])
			continue;
		s->stage = stage_of(i);
		smtp_line_write(s->line, false, "%s", e->commands[i]);
		if (!smtp_line_flush(s->line) ||
		    !smtp_line_read_reply(s->line, &s->reply))
			return false;
		note_answer(s, e, i, o);
	}
	return true;
}

static void
say_envelope(struct smtp_session *s, const struct envelope *e)
{
	for (enum step i = STEP_RESET; i < STEP_COUNT; i++)
		if (e->commands[i])
			smtp_line_write(s->line, false, "%s", e->commands[i]);
}

/* Hears the answers to an envelope that was said.  False when the connection is lost. */
static bool
hear_envelope(struct smtp_session *s, struct envelope *e, struct outcome *o)
{
	for (enum step i = STEP_RESET; i < STEP_COUNT; i++) {
		if (!e->commands[i])
			continue;
		if (e->failed == STEP_COUNT)
			s->stage = stage_of(i);
		if (!smtp_line_read_reply(s->line, &s->reply))
			return false;
		note_answer(s, e, i, o);
		/* 421 ends the session whatever it answers: no more replies will come. */
		if (s->reply.code == 421)
			return true;
	}
	return true;
}

static bool
talk(struct smtp_session *s, struct envelope *e, bool is_said, struct outcome *o)
{
	if (!s->pipelining)
		return talk_in_steps(s, e, o);
	if (!is_said)
		say_envelope(s, e);
	return smtp_line_flush(s->line) && hear_envelope(s, e, o);
}

/* The server opened DATA for nobody: it must be closed (RFC 2920 3.1). */
static void
end_empty_data(struct smtp_session *s)
{
	smtp_line_write(s->line, false, ".");
	if (!smtp_line_flush(s->line) || !smtp_line_read_reply(s->line, &s->reply))
		s->broken = true;
}

static enum smtp_verdict
hopeless(struct smtp_session *s, const struct outcome *o, struct err *err)
{
	const char *advice = provider_refusal(o->stage, o->code, o->status, o->reply);

	(void)err_set(err, ERR_HUMAN, "%s takes no letter from us", s->server->name);
	(void)err_why(err, "server said: %s", o->reply);
	if (advice)
		(void)err_hint(err, "%s", advice);
	else if (o->code == 530 && *s->server->user == '\0')
		(void)err_hint(err, "it wants a login or TLS: smtp.user, smtp.security");
	return SMTP_GIVE_UP;
}

/* What a refused envelope means for the letter, for the session, for the run. */
static enum smtp_verdict
envelope_failed(struct smtp_session *s, const struct envelope *e, struct outcome *o,
    struct err *err)
{
	const bool for_good = e->failed_code / 100 == 5;
	const bool ours =
	    smtp_fault(o->stage, e->failed_code, o->status, o->reply) == FAULT_OURS;

	/* What is said before it knows for whom a letter is, is not about the letter. */
	if (e->failed_code == 421 || e->failed < STEP_RCPT)
		o->kind = OUTCOME_BUSY;

	if (e->failed_code == 421) {
		s->broken = true;
		return SMTP_TRY_AGAIN;
	}
	if (e->data_open)
		end_empty_data(s);
	/* Neither side knows where the other is: only a new connection helps. */
	if ((e->failed == STEP_MAIL && e->failed_code == 503) ||
	    (e->failed_code / 100 != 4 && !for_good)) {
		s->broken = true;
		return SMTP_TRY_AGAIN;
	}
	/* Further on, whoever counts the refusals of all readers decides (flow/refusals.h). */
	if (ours && (e->failed == STEP_MAIL || e->failed_code == 530))
		return hopeless(s, o, err);
	/* "Too many letters on this connection" is said here. */
	if (e->failed == STEP_MAIL && !for_good && s->sent > 0)
		return SMTP_TRY_AGAIN;
	if (for_good)
		o->kind = OUTCOME_REFUSED;
	return s->broken ? SMTP_END_SESSION : SMTP_NEXT_LETTER;
}

/* ---- message ------------------------------------------------------------------------- */

/* The reply to a whole letter, or to one the server would not hear to its end. */
static enum smtp_verdict
judge_letter(struct smtp_session *s, struct outcome *o)
{
	int class = smtp_reply_class(&s->reply);

	if (class == 3) {
		say_reply(s, o, OUTCOME_UNKNOWN);
		s->broken = true;
		return SMTP_END_SESSION;
	}
	s->in_transaction = false;
	if (class == 2) {
		s->sent++;
		say_reply(s, o, OUTCOME_SENT);
		return SMTP_NEXT_LETTER;
	}
	say_reply(s, o, class == 5 ? OUTCOME_REFUSED : OUTCOME_DEFERRED);
	if (s->reply.code == 421) {
		o->kind = OUTCOME_BUSY;
		s->broken = true;
		return SMTP_TRY_AGAIN;
	}
	return SMTP_NEXT_LETTER;
}

/* The letter broke off before its end; the server may have said why. */
static enum smtp_verdict
broke_off(struct smtp_session *s, struct outcome *o)
{
	enum smtp_verdict next = lost_before_dot(s, o);

	smtp_line_begin(s->line, LAST_WORDS_MS, LAST_WORDS_MS);
	if (!smtp_line_read_reply(s->line, &s->reply) || smtp_reply_class(&s->reply) < 4)
		return next;
	next = judge_letter(s, o);
	s->broken = true;
	return next == SMTP_TRY_AGAIN ? SMTP_TRY_AGAIN : SMTP_END_SESSION;
}

/* Says the envelope of the letter after this one, if it may go over this session. */
static void
say_ahead(struct smtp_session *s, const struct letter *after)
{
	struct envelope e;
	struct outcome o;

	if (!after || !s->pipelining || !fits(s, after, &o))
		return;
	/* The end of this letter ends its transaction, whatever the answer. */
	make_envelope(s, after, false, &e);
	say_envelope(s, &e);
	s->said_ahead = true;
}

/* RFC 5321 4.5.3.2.6: ten minutes for the answer to a letter, twice as long as for others. */
static int64_t
dot_patience(int64_t timeout_ms)
{
	const int64_t most = 2 * timeout_ms > DOT_MS ? 2 * timeout_ms : DOT_MS;

	return DOT_PATIENCE * timeout_ms < most ? DOT_PATIENCE * timeout_ms : most;
}

static enum smtp_verdict
send_message(struct smtp_session *s, const struct letter *l, const struct letter *after,
    struct outcome *o)
{
	const int64_t patience = dot_patience(s->server->timeout_ms);
	uint64_t before = smtp_line_written(s->line);
	uint64_t len = 0;

	s->stage = STAGE_DOT;
	smtp_line_begin(s->line, patience, s->server->timeout_ms);
	if (l->head)
		smtp_line_write_bytes(s->line, buf_text(l->head), l->head->len);
	len = smtp_line_write_message(s->line, buf_text(l->bytes), l->bytes->len) +
	    (l->head ? l->head->len : 0);
	say_ahead(s, after);
	if (!smtp_line_flush(s->line)) {
		/* As long as the dot is still here, the server cannot have taken the letter. */
		if (smtp_line_written(s->line) - before < len)
			return broke_off(s, o);
		return lost_after_dot(s, o);
	}
	smtp_line_begin(s->line, patience, patience);
	if (!smtp_line_read_reply(s->line, &s->reply))
		return lost_after_dot(s, o);
	return judge_letter(s, o);
}

enum smtp_verdict
smtp_send(struct smtp_session *s, const struct letter *l, const struct letter *after,
    struct outcome *o, struct err *err)
{
	bool is_said = s->said_ahead;
	struct envelope e;

	arena_reset(s->arena);
	s->said_ahead = false;
	s->stage = STAGE_MAIL;
	if (!is_said && !fits(s, l, o))
		return SMTP_NEXT_LETTER;
	make_envelope(s, l, s->in_transaction && !is_said, &e);
	smtp_session_begin(s);
	if (!talk(s, &e, is_said, o))
		return lost_before_dot(s, o);
	if (e.failed != STEP_COUNT)
		return envelope_failed(s, &e, o, err);
	return send_message(s, l, after, o);
}

/* ---- chunks -------------------------------------------------------------------------- */

bool
smtp_chunk_say(struct smtp_session *s, const struct letter *l, bool behind,
    struct smtp_chunk *c, struct outcome *o)
{
	const int64_t silence = s->server->timeout_ms;
	struct envelope e;

	arena_reset(s->arena);
	s->stage = STAGE_MAIL;
	if (!fits(s, l, o))
		return false;
	/*
	 * Before others are heard it is not known whether a transaction of theirs stands, in
	 * which this letter would go with their sender.
	 */
	c->reset = behind || s->in_transaction;
	make_envelope(s, l, c->reset, &e);
	e.commands[STEP_DATA] = arena_printf(s->arena, "BDAT %zu LAST", size_of(l));
	smtp_line_begin(s->line, dot_patience(silence), silence);
	say_envelope(s, &e);
	if (l->head)
		smtp_line_write_bytes(s->line, buf_text(l->head), l->head->len);
	smtp_line_write_bytes(s->line, buf_text(l->bytes), l->bytes->len);
	c->end = smtp_line_queued(s->line);
	return true;
}

enum smtp_verdict
smtp_chunk_lost(struct smtp_session *s, const struct smtp_chunk *c, struct outcome *o)
{
	/* The end of a session by 421 is an end before whatever was said behind. */
	if (s->reply.code != 421 && smtp_line_written(s->line) >= c->end) {
		s->stage = STAGE_DOT;
		return lost_after_dot(s, o);
	}
	return lost_before_dot(s, o);
}

bool
smtp_session_is_broken(const struct smtp_session *s)
{
	return s->broken;
}

/* The answer to the envelope is known; that to the chunk behind it only says where we are. */
static enum smtp_verdict
chunk_refused(struct smtp_session *s, const struct envelope *e, struct outcome *o,
    struct err *err)
{
	/* It took the letter all the same: never twice. */
	if (!s->broken && e->failed == STEP_MAIL && smtp_reply_class(&s->reply) == 2) {
		s->stage = STAGE_DOT;
		return judge_letter(s, o);
	}
	s->in_transaction = true;
	if (!s->broken && s->reply.code == 421)
		s->broken = true;
	return envelope_failed(s, e, o, err);
}

enum smtp_verdict
smtp_chunk_hear(struct smtp_session *s, const struct smtp_chunk *c, struct outcome *o,
    struct err *err)
{
	const int64_t patience = dot_patience(s->server->timeout_ms);
	struct envelope e = { .failed = STEP_COUNT };

	arena_reset(s->arena);
	smtp_reply_reset(&s->reply);
	smtp_line_begin(s->line, patience, s->server->timeout_ms);
	/* What was not sent is not answered; what was may be. */
	if (!smtp_line_flush(s->line))
		log_debug("smtp", "%s hears us no longer", s->server->name);
	for (enum step i = c->reset ? STEP_RESET : STEP_MAIL; i < STEP_DATA; i++) {
		if (e.failed == STEP_COUNT)
			s->stage = stage_of(i);
		if (!smtp_line_read_reply(s->line, &s->reply)) {
			s->broken = true;
			smtp_reply_reset(&s->reply);
			return e.failed != STEP_COUNT ? envelope_failed(s, &e, o, err)
						      : smtp_chunk_lost(s, c, o);
		}
		note_answer(s, &e, i, o);
		if (s->reply.code == 421)
			return envelope_failed(s, &e, o, err);
	}
	if (e.failed == STEP_COUNT)
		s->stage = STAGE_DOT;
	smtp_line_begin(s->line, patience, patience);
	if (!smtp_line_read_reply(s->line, &s->reply)) {
		s->broken = true;
		smtp_reply_reset(&s->reply);
		if (e.failed == STEP_COUNT)
			return smtp_chunk_lost(s, c, o);
	}
	return e.failed != STEP_COUNT ? chunk_refused(s, &e, o, err) : judge_letter(s, o);
}
