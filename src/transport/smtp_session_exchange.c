/* SPDX-License-Identifier: ISC */
/* One command and its reply, and what a reply that is no yes means for the session. */
#include "transport/provider_refusals.h"
#include "transport/smtp_fault.h"
#include "transport/smtp_session_private.h"

void
smtp_session_begin(struct smtp_session *s)
{
	const int64_t silence = s->server->timeout_ms;

	smtp_line_begin(s->line, 2 * silence, silence);
}

bool
smtp_session_exchange(struct smtp_session *s, bool secret, const char *line)
{
	smtp_session_begin(s);
	smtp_line_write(s->line, secret, "%s", line);
	if (smtp_line_flush(s->line) && smtp_line_read_reply(s->line, &s->reply))
		return true;
	s->broken = true;
	return false;
}

bool
smtp_session_fail(struct smtp_session *s, enum outcome_stage stage, const char *doing,
    struct err *err)
{
	enum smtp_fault fault = FAULT_SERVER;
	const char *advice = NULL;

	if (s->broken)
		return err_set(err, ERR_TEMPORARY, "%s %s: %s", s->server->name, doing,
		    smtp_line_reason(s->line));
	buf_reset(&s->words);
	smtp_reply_words(&s->reply, s->arena, &s->words);
	fault = smtp_fault(stage, s->reply.code, s->reply.status, buf_text(&s->words));
	(void)err_set(err, fault == FAULT_OURS ? ERR_HUMAN : ERR_TEMPORARY, "%s %s",
	    s->server->name, doing);
	advice =
	    provider_refusal(stage, s->reply.code, s->reply.status, buf_text(&s->words));
	if (advice)
		(void)err_hint(err, "%s", advice);
	return err_why(err, "server said: %s", buf_text(&s->words));
}
