/* SPDX-License-Identifier: ISC */
#include "transport/smtp_send.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "mail/address.h"
#include "transport/provider_refusals.h"
#include "transport/smtp_fault.h"
#include "transport/smtp_session_private.h"

/* RFC 5321 4.5.3.2.6: a server may think long after the final dot, and hanging up on it is
 * how letters come twice. */
enum { DOT_PATIENCE = 10, DOT_MS = 600000, LAST_WORDS_MS = 500 };

/* One letter and what the caller wants to know of it. */
struct exchange {
	struct smtp_session *session;
	const struct letter *letter, *after;
	const struct smtp_chunk *chunk;
	struct outcome *outcome;
	struct err *err;
};

/* ---- outcomes ------------------------------------------------------------------------ */

/* Fills *o from the reply at hand. */
static void
say_reply(struct smtp_session *s, struct outcome *o, enum outcome_kind kind)
{
	buf_reset(&s->words);
	smtp_reply_words(&s->reply, s->arena, &s->words);
	memcpy(s->status, s->reply.status, sizeof(s->status));
	*o = (struct outcome){ kind, s->reply.code, *s->status != '\0' ? s->status : NULL,
		buf_text(&s->words), s->stage };
}

static void
say_words(struct smtp_session *s, struct outcome *o, enum outcome_kind kind,
    const char *status, const char *words)
{
	buf_reset(&s->words);
	buf_adds(&s->words, words);
	*o = (struct outcome){ kind, 0, status, buf_text(&s->words), s->stage };
}

/* The connection is gone, and the end of the letter cannot have reached the server. */
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

/* end: octets of the connection with all of the letter. */
static enum smtp_verdict
lost_letter(struct smtp_session *s, uint64_t end, struct outcome *o)
{
	if (wire_kept_back(smtp_line_wire(s->line), end))
		return lost_before_dot(s, o);
	s->stage = STAGE_DOT;
	return lost_after_dot(s, o);
}

/* ---- what the server cannot take ----------------------------------------------------- */

static bool
needs_utf8(const struct letter *l)
{
	return !address_is_ascii(l->sender) || !address_is_ascii(l->recipient);
}

/* The letter as pieces; *one is the only one of a letter that comes whole. */
static struct letter_pieces
pieces_of(const struct letter *l, struct letter_piece *one)
{
	if (l->pieces)
		return *l->pieces;
	*one = (struct letter_piece){ buf_text(l->bytes), l->bytes->len };
	return (struct letter_pieces){ .list = one, .count = 1, .may_stuff = true };
}

static size_t
size_of(const struct letter *l)
{
	return (l->pieces ? l->pieces->len : l->bytes->len) +
	    (l->head ? l->head->len : 0);
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
static bool
asks_for_reports(const struct smtp_session *s, const struct letter *l)
{
	return s->dsn && *l->sender != '\0' && !s->server->lmtp;
}

static void
say_mail(struct smtp_session *s, const struct letter *l)
{
	char digits[TEXT_NUMBER];
	const char *size[2] = { "", "" };
	const char *utf8 = "";
	const char *report = "";

	s->mails++;
	if (s->size) {
		size[0] = " SIZE=";
		size[1] = text_number(size_of(l), digits);
	}
	if (needs_utf8(l))
		utf8 = s->eight_bit ? " BODY=8BITMIME SMTPUTF8" : " SMTPUTF8";
	if (asks_for_reports(s, l))
		report = arena_printf(s->arena, " RET=HDRS ENVID=%s",
		    xtext(s->arena, l->name));
	smtp_line_say(s->line,
	    (const char *const[]){ "MAIL FROM:<", l->sender, ">", size[0], size[1], utf8,
		report, NULL });
}

static void
say_rcpt(struct smtp_session *s, const struct letter *l)
{
	const char *report = "";

	if (asks_for_reports(s, l))
		report = address_is_ascii(l->recipient)
		    ? arena_printf(s->arena, " NOTIFY=FAILURE ORCPT=rfc822;%s",
			  xtext(s->arena, l->recipient))
		    : " NOTIFY=FAILURE";
	smtp_line_say(s->line,
	    (const char *const[]){ "RCPT TO:<", l->recipient, ">", report, NULL });
}

/* data: the command that announces the letter itself. */
static void
say_step(struct smtp_session *s, const struct letter *l, enum smtp_step step,
    const char *data)
{
	switch (step) {
	case STEP_RESET:
		smtp_line_say(s->line, (const char *const[]){ "RSET", NULL });
		break;
	case STEP_MAIL:
		say_mail(s, l);
		break;
	case STEP_RCPT:
		say_rcpt(s, l);
		break;
	case STEP_DATA:
	case STEP_COUNT:
		smtp_line_say(s->line, (const char *const[]){ data, NULL });
		break;
	}
}

/* Servers that know no RSET begin anew with MAIL all the same; those that do not say 503. */
static bool
is_good(enum smtp_step step, int code)
{
	if (step == STEP_RESET)
		return code != 421;
	return step == STEP_DATA ? code == 354 : code / 100 == 2;
}

static enum outcome_stage
stage_of(enum smtp_step step)
{
	static const enum outcome_stage stages[] = { STAGE_MAIL, STAGE_MAIL, STAGE_RCPT,
		STAGE_DATA };

	return step < STEP_COUNT ? stages[step] : STAGE_DOT;
}

/* Looks at the answer to a step; the first bad one is what the letter fails with. */
static void
note_answer(struct smtp_session *s, struct smtp_envelope *e, enum smtp_step step,
    struct outcome *o)
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

static void
say_envelope(struct smtp_session *s, const struct letter *l, bool reset, const char *data)
{
	for (enum smtp_step i = reset ? STEP_RESET : STEP_MAIL; i < STEP_COUNT; i++)
		say_step(s, l, i, data);
}

/* The answers to an envelope are waited for from now on. */
static void
begin_envelope(struct smtp_session *s, enum smtp_phase phase, bool reset)
{
	s->envelope = (struct smtp_envelope){ .reset = reset, .failed = STEP_COUNT };
	s->step = reset ? STEP_RESET : STEP_MAIL;
	s->asked = s->pipelining;
	s->phase = phase;
}

/* An answer to the step: true when no other is to be heard. */
static bool
take_answer(struct smtp_session *s, struct outcome *o)
{
	struct smtp_envelope *e = &s->envelope;

	note_answer(s, e, s->step, o);
	s->step++;
	s->asked = s->pipelining;
	/* 421 ends the session whatever it answers: no more replies will come. */
	if (s->reply.code == 421)
		s->broken = true;
	return s->broken || s->step == STEP_COUNT ||
	    (!s->pipelining && e->failed != STEP_COUNT);
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

/*
 * What a refused envelope means for the letter, for the session, for the run.  DATA that was
 * opened for nobody is closed by now.
 */
static enum smtp_verdict
envelope_failed(struct smtp_session *s, struct outcome *o, struct err *err)
{
	const struct smtp_envelope *e = &s->envelope;
	const bool for_good = e->failed_code / 100 == 5;
	const bool ours =
	    smtp_fault(o->stage, e->failed_code, o->status, o->reply) == FAULT_OURS;

	/* What is said before it knows for whom a letter is, is not about the letter. */
	if (e->failed_code == 421 || e->failed < STEP_RCPT)
		o->kind = OUTCOME_BUSY;

	if (e->failed_code == 421)
		return SMTP_TRY_AGAIN;
	/*
	 * "Bad sequence", where all before was well: neither side knows where the other is, and
	 * only a new connection helps.
	 */
	if (e->failed_code == 503 || (e->failed_code / 100 != 4 && !for_good)) {
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

/* Says the envelope of the letter after this one, if it may go over this session. */
static void
say_ahead(struct smtp_session *s, const struct letter *after)
{
	struct outcome o;

	if (!after || !s->pipelining || !fits(s, after, &o))
		return;
	/* The end of this letter ends its transaction, whatever the answer. */
	say_envelope(s, after, false, "DATA");
	s->said_ahead = true;
}

/* RFC 5321 4.5.3.2.6: ten minutes for the answer to a letter, twice as long as for others. */
static int64_t
dot_patience(int64_t timeout_ms)
{
	const int64_t most = 2 * timeout_ms > DOT_MS ? 2 * timeout_ms : DOT_MS;

	return DOT_PATIENCE * timeout_ms < most ? DOT_PATIENCE * timeout_ms : most;
}

static void
begin_message(struct exchange *x)
{
	struct smtp_session *s = x->session;
	const struct letter *l = x->letter;
	struct letter_piece one;
	const struct letter_pieces whole = pieces_of(l, &one);

	s->stage = STAGE_DOT;
	smtp_line_begin(s->line, dot_patience(s->server->timeout_ms),
	    s->server->timeout_ms);
	if (l->head)
		smtp_line_write_bytes(s->line, buf_text(l->head), l->head->len);
	smtp_line_write_message(s->line, whole.list, whole.count, whole.may_stuff);
	s->message_end = smtp_line_queued(s->line);
	say_ahead(s, x->after);
	s->phase = PHASE_MESSAGE;
}

/* ---- step by step -------------------------------------------------------------------- */

/*
 * Each of these goes on where the letter stands: true when its verdict is known, or SMTP_WAIT;
 * false when another phase has begun.
 */
static bool
go_on_envelope(struct exchange *x, enum smtp_verdict *v)
{
	struct smtp_session *s = x->session;
	bool done = false;

	while (!done) {
		if (s->envelope.failed == STEP_COUNT)
			s->stage = stage_of(s->step);
		if (!s->asked)
			say_step(s, x->letter, s->step, "DATA");
		s->asked = true;
		switch (smtp_line_ask(s->line, &s->reply)) {
		case WIRE_WAITS:
			*v = SMTP_WAIT;
			return true;
		case WIRE_LOST:
			*v = lost_before_dot(s, x->outcome);
			return true;
		case WIRE_DONE:
			done = take_answer(s, x->outcome);
			break;
		}
	}
	if (s->envelope.failed == STEP_COUNT) {
		begin_message(x);
		return false;
	}
	if (s->envelope.data_open) {
		/* The server opened DATA for nobody: it must be closed (RFC 2920 3.1). */
		smtp_line_write(s->line, false, ".");
		s->phase = PHASE_EMPTY_DATA;
		return false;
	}
	*v = envelope_failed(s, x->outcome, x->err);
	return true;
}

static bool
go_on_empty_data(struct exchange *x, enum smtp_verdict *v)
{
	struct smtp_session *s = x->session;
	const enum wire_state state = smtp_line_ask(s->line, &s->reply);

	s->broken = s->broken || state == WIRE_LOST;
	*v = state == WIRE_WAITS ? SMTP_WAIT : envelope_failed(s, x->outcome, x->err);
	return true;
}

static bool
begin_end(struct exchange *x)
{
	struct smtp_session *s = x->session;

	s->broken = true;
	smtp_reply_reset(&s->reply);
	smtp_line_end(s->line);
	smtp_line_begin(s->line, LAST_WORDS_MS, LAST_WORDS_MS);
	s->phase = PHASE_ENDED;
	return false;
}

/*
 * To a server that has closed, the system goes on sending what it has, until that is answered
 * with a reset.  Then it is known what never left.
 */
static bool
go_on_ended(struct exchange *x, enum smtp_verdict *v)
{
	struct smtp_session *s = x->session;

	if (smtp_line_still_sends(s->line))
		*v = SMTP_WAIT;
	else
		*v =
		    lost_letter(s, x->chunk ? x->chunk->end : s->message_end, x->outcome);
	return true;
}

static bool
go_on_message(struct exchange *x, enum smtp_verdict *v)
{
	struct smtp_session *s = x->session;
	const int64_t patience = dot_patience(s->server->timeout_ms);

	switch (smtp_line_push(s->line)) {
	case WIRE_WAITS:
		*v = SMTP_WAIT;
		return true;
	case WIRE_LOST:
		if (smtp_line_is_out(s->line, s->message_end))
			return begin_end(x);
		/* As long as the dot is still here, the server cannot have taken the letter. */
		(void)lost_before_dot(s, x->outcome);
		smtp_line_begin(s->line, LAST_WORDS_MS, LAST_WORDS_MS);
		s->phase = PHASE_LAST_WORDS;
		return false;
	case WIRE_DONE:
		break;
	}
	smtp_line_begin(s->line, patience, patience);
	s->phase = PHASE_DOT;
	return false;
}

static bool
go_on_dot(struct exchange *x, enum smtp_verdict *v)
{
	struct smtp_session *s = x->session;

	switch (smtp_line_hear(s->line, &s->reply)) {
	case WIRE_WAITS:
		*v = SMTP_WAIT;
		break;
	case WIRE_LOST:
		return begin_end(x);
	case WIRE_DONE:
		*v = judge_letter(s, x->outcome);
		break;
	}
	return true;
}

/* The letter broke off before its end; the server may have said why. */
static bool
go_on_last_words(struct exchange *x, enum smtp_verdict *v)
{
	struct smtp_session *s = x->session;
	const enum wire_state state = smtp_line_hear(s->line, &s->reply);

	*v = state == WIRE_WAITS ? SMTP_WAIT : SMTP_TRY_AGAIN;
	if (state != WIRE_DONE || smtp_reply_class(&s->reply) < 4)
		return true;
	if (judge_letter(s, x->outcome) != SMTP_TRY_AGAIN)
		*v = SMTP_END_SESSION;
	s->broken = true;
	return true;
}

static bool go_on_chunk_out(struct exchange *x, enum smtp_verdict *v);
static bool go_on_chunk_envelope(struct exchange *x, enum smtp_verdict *v);
static bool go_on_chunk(struct exchange *x, enum smtp_verdict *v);

static enum smtp_verdict
go_on(struct exchange *x)
{
	static bool (*const phases[])(struct exchange * x, enum smtp_verdict * v) = {
		[PHASE_ENVELOPE] = go_on_envelope,
		[PHASE_EMPTY_DATA] = go_on_empty_data,
		[PHASE_MESSAGE] = go_on_message,
		[PHASE_DOT] = go_on_dot,
		[PHASE_LAST_WORDS] = go_on_last_words,
		[PHASE_ENDED] = go_on_ended,
		[PHASE_CHUNK_OUT] = go_on_chunk_out,
		[PHASE_CHUNK_ENVELOPE] = go_on_chunk_envelope,
		[PHASE_CHUNK] = go_on_chunk,
	};
	enum smtp_verdict v = SMTP_WAIT;

	while (!phases[x->session->phase](x, &v))
		continue;
	if (v != SMTP_WAIT)
		x->session->phase = PHASE_NONE;
	return v;
}

static bool
begin_letter(struct smtp_session *s, const struct letter *l, struct outcome *o)
{
	const bool is_said = s->said_ahead;

	arena_reset(s->arena);
	s->said_ahead = false;
	s->stage = STAGE_MAIL;
	if (!is_said && !fits(s, l, o))
		return false;
	smtp_session_begin(s);
	begin_envelope(s, PHASE_ENVELOPE, s->in_transaction && !is_said);
	if (s->pipelining && !is_said)
		say_envelope(s, l, s->envelope.reset, "DATA");
	return true;
}

enum smtp_verdict
smtp_send(struct smtp_session *s, const struct letter *l, const struct letter *after,
    struct outcome *o, struct err *err)
{
	struct exchange x = { .session = s,
		.letter = l,
		.after = after,
		.outcome = o,
		.err = err };

	if (s->phase == PHASE_NONE && !begin_letter(s, l, o))
		return SMTP_NEXT_LETTER;
	return go_on(&x);
}

bool
smtp_session_is_busy(const struct smtp_session *s)
{
	return s->phase != PHASE_NONE;
}

/* ---- chunks -------------------------------------------------------------------------- */

bool
smtp_chunk_say(struct smtp_session *s, const struct letter *l, bool behind,
    struct smtp_chunk *c, struct outcome *o)
{
	const int64_t silence = s->server->timeout_ms;
	struct letter_piece one;
	const struct letter_pieces whole = pieces_of(l, &one);
	char digits[TEXT_NUMBER];
	const char *data = NULL;

	arena_reset(s->arena);
	s->stage = STAGE_MAIL;
	if (!fits(s, l, o))
		return false;
	/*
	 * Before others are heard it is not known whether a transaction of theirs stands, in
	 * which this letter would go with their sender.
	 */
	c->reset = behind || s->in_transaction;
	data = arena_join(s->arena,
	    (const char *const[]){ "BDAT ", text_number(size_of(l), digits), " LAST",
		NULL });
	smtp_line_begin(s->line, dot_patience(silence), silence);
	say_envelope(s, l, c->reset, data);
	if (l->head)
		smtp_line_write_bytes(s->line, buf_text(l->head), l->head->len);
	for (size_t i = 0; i < whole.count; i++)
		smtp_line_write_bytes(s->line, whole.list[i].bytes, whole.list[i].len);
	c->end = smtp_line_queued(s->line);
	return true;
}

enum smtp_verdict
smtp_chunk_lost(struct smtp_session *s, const struct smtp_chunk *c, struct outcome *o)
{
	/*
	 * The end of a session by 421 is an end before whatever was said behind, and who knows no
	 * chunks took none.
	 */
	return s->reply.code == 421 || s->knows_no_chunks ? lost_before_dot(s, o)
							  : lost_letter(s, c->end, o);
}

bool
smtp_session_is_broken(const struct smtp_session *s)
{
	return s->broken;
}

/* The answer to the envelope is known; that to the chunk behind it only says where we are. */
static enum smtp_verdict
chunk_refused(struct smtp_session *s, struct outcome *o, struct err *err)
{
	/* It took the letter all the same: never twice. */
	if (!s->broken && s->envelope.failed == STEP_MAIL &&
	    smtp_reply_class(&s->reply) == 2) {
		s->stage = STAGE_DOT;
		return judge_letter(s, o);
	}
	s->in_transaction = true;
	if (s->reply.code == 421)
		s->broken = true;
	return envelope_failed(s, o, err);
}

/* The letter itself must be out before its answers are looked at; those behind it need not. */
static bool
go_on_chunk_out(struct exchange *x, enum smtp_verdict *v)
{
	struct smtp_session *s = x->session;
	const enum wire_state state = smtp_line_push(s->line);

	if (state == WIRE_WAITS && !smtp_line_is_out(s->line, x->chunk->end)) {
		*v = SMTP_WAIT;
		return true;
	}
	/* What was not sent is not answered; what was may be. */
	if (state == WIRE_LOST)
		log_debug("smtp", "%s hears us no longer", s->server->name);
	s->phase = PHASE_CHUNK_ENVELOPE;
	return false;
}

static bool
go_on_chunk_envelope(struct exchange *x, enum smtp_verdict *v)
{
	struct smtp_session *s = x->session;
	const int64_t patience = dot_patience(s->server->timeout_ms);
	const struct smtp_envelope *e = &s->envelope;

	while (s->step < STEP_DATA) {
		if (e->failed == STEP_COUNT)
			s->stage = stage_of(s->step);
		switch (smtp_line_hear_meanwhile(s->line, &s->reply)) {
		case WIRE_WAITS:
			*v = SMTP_WAIT;
			return true;
		case WIRE_LOST:
			if (e->failed == STEP_COUNT)
				return begin_end(x);
			s->broken = true;
			smtp_reply_reset(&s->reply);
			*v = envelope_failed(s, x->outcome, x->err);
			return true;
		case WIRE_DONE:
			break;
		}
		(void)take_answer(s, x->outcome);
		if (s->broken) {
			*v = envelope_failed(s, x->outcome, x->err);
			return true;
		}
	}
	if (e->failed == STEP_COUNT)
		s->stage = STAGE_DOT;
	smtp_line_begin(s->line, patience, patience);
	s->phase = PHASE_CHUNK;
	return false;
}

/*
 * RFC 5321 4.2.4: the command itself is not known, by a server or by what stands in front of it
 * and lets the offer pass.  What follows is read as commands, so nothing more is said.
 */
static enum smtp_verdict
chunk_not_understood(struct smtp_session *s, struct outcome *o)
{
	log_info("smtp", "%s offers CHUNKING and does not know it: letters go by DATA",
	    s->server->name);
	s->knows_no_chunks = true;
	s->broken = true;
	say_reply(s, o, OUTCOME_BUSY);
	return SMTP_TRY_AGAIN;
}

static bool
go_on_chunk(struct exchange *x, enum smtp_verdict *v)
{
	struct smtp_session *s = x->session;
	const bool failed = s->envelope.failed != STEP_COUNT;

	switch (smtp_line_hear_meanwhile(s->line, &s->reply)) {
	case WIRE_WAITS:
		*v = SMTP_WAIT;
		return true;
	case WIRE_LOST:
		if (!failed)
			return begin_end(x);
		s->broken = true;
		smtp_reply_reset(&s->reply);
		break;
	case WIRE_DONE:
		break;
	}
	if (failed)
		*v = chunk_refused(s, x->outcome, x->err);
	else if (s->reply.code / 10 == 50)
		*v = chunk_not_understood(s, x->outcome);
	else
		*v = judge_letter(s, x->outcome);
	return true;
}

enum smtp_verdict
smtp_chunk_hear(struct smtp_session *s, const struct smtp_chunk *c, struct outcome *o,
    struct err *err)
{
	struct exchange x = { .session = s, .chunk = c, .outcome = o, .err = err };

	if (s->phase == PHASE_NONE) {
		arena_reset(s->arena);
		smtp_reply_reset(&s->reply);
		smtp_line_begin(s->line, dot_patience(s->server->timeout_ms),
		    s->server->timeout_ms);
		begin_envelope(s, PHASE_CHUNK_OUT, c->reset);
	}
	return go_on(&x);
}
