/* SPDX-License-Identifier: ISC */
#include "transport/smtp_session.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "transport/smtp_auth.h"
#include "transport/smtp_session_private.h"

enum { QUIT_MS = 2000, WORDS_MAX = 1024, CONNECT_MS = 60000 };

/* ---- EHLO ---------------------------------------------------------------------------- */

static void
forget_offers(struct smtp_session *s)
{
	s->pipelining = s->size = s->utf8 = s->eight_bit = s->starttls = false;
	s->chunking = s->dsn = false;
	s->size_max = s->mail_max = 0;
	s->auth = NULL;
}

static int64_t
parse_size(const char *text)
{
	int64_t n = 0;

	for (; ascii_is_digit(*text); text++) {
		if (n > (INT64_MAX - 9) / 10)
			return 0;
		n = n * 10 + (*text - '0');
	}
	return n;
}

/* "MAILMAX=20 RCPTMAX=100" of LIMITS (RFC 9422 4). */
static int64_t
parse_mail_max(const char *limits)
{
	static const char name[] = "MAILMAX=";

	while (limits && *limits != '\0') {
		if (ascii_starts_nocase(limits, name))
			return parse_size(limits + sizeof(name) - 1);
		limits += strcspn(limits, " ");
		limits += strspn(limits, " ");
	}
	return 0;
}

static void
take_offers(struct smtp_session *s)
{
	const char *size = smtp_reply_keyword(&s->reply, s->arena, "SIZE");

	s->pipelining = smtp_reply_keyword(&s->reply, s->arena, "PIPELINING") != NULL;
	s->starttls = smtp_reply_keyword(&s->reply, s->arena, "STARTTLS") != NULL;
	s->utf8 = smtp_reply_keyword(&s->reply, s->arena, "SMTPUTF8") != NULL;
	s->eight_bit = smtp_reply_keyword(&s->reply, s->arena, "8BITMIME") != NULL;
	s->auth = smtp_reply_keyword(&s->reply, s->arena, "AUTH");
	s->chunking = smtp_reply_keyword(&s->reply, s->arena, "CHUNKING") != NULL;
	s->dsn = smtp_reply_keyword(&s->reply, s->arena, "DSN") != NULL;
	s->mail_max = parse_mail_max(smtp_reply_keyword(&s->reply, s->arena, "LIMITS"));
	s->size = size != NULL;
	s->size_max = size ? parse_size(size) : 0;
}

/* Opens a connection and hears the greeting. */
static bool
connect_line(struct smtp_session *s, struct err *err)
{
	smtp_line_close(s->line);
	s->broken = false;
	s->line = smtp_line_open(&s->server->target,
	    s->server->timeout_ms < CONNECT_MS ? s->server->timeout_ms : CONNECT_MS, err);
	if (!s->line) {
		s->broken = true;
		return false;
	}
	smtp_session_begin(s);
	if (s->server->security == SMTP_TLS &&
	    !smtp_line_start_tls(s->line, s->server->trust, s->server->target.host,
		err)) {
		s->broken = true;
		return false;
	}
	if (!smtp_line_read_reply(s->line, &s->reply))
		s->broken = true;
	if (s->broken || s->reply.code != 220)
		return smtp_session_fail(s, STAGE_GREETING, "does not take our call",
		    err);
	return true;
}

/* A server of 1982: a few old ones close the connection on EHLO, so it is opened again. */
static bool
greet_with_helo(struct smtp_session *s, struct err *err)
{
	if (s->broken && !connect_line(s, err))
		return false;
	if (!smtp_session_exchange(s, false,
		arena_printf(s->arena, "HELO %s", s->server->ehlo)) ||
	    smtp_reply_class(&s->reply) != 2)
		return smtp_session_fail(s, STAGE_EHLO, "does not greet us", err);
	return true;
}

static bool
greet(struct smtp_session *s, struct err *err)
{
	const char *verb = s->server->lmtp ? "LHLO" : "EHLO";
	bool was_refused = false;

	arena_reset(s->arena);
	forget_offers(s);
	if (!smtp_session_exchange(s, false,
		arena_printf(s->arena, "%s %s", verb, s->server->ehlo)))
		return smtp_session_fail(s, STAGE_EHLO, "does not greet us", err);
	if (smtp_reply_class(&s->reply) == 2) {
		take_offers(s);
		return true;
	}
	was_refused = smtp_reply_class(&s->reply) == 5;
	if (s->server->lmtp || !was_refused || s->server->security == SMTP_STARTTLS)
		return smtp_session_fail(s, STAGE_EHLO, "does not greet us", err);
	if (greet_with_helo(s, err))
		return true;
	/* The connection may have ended with the refusal; once more, on a new one. */
	if (!s->broken)
		return false;
	err_clear(err);
	return greet_with_helo(s, err);
}

/* ---- STARTTLS ------------------------------------------------------------------------ */

static bool
secure(struct smtp_session *s, struct err *err)
{
	const struct smtp_server *server = s->server;
	bool wanted =
	    server->security == SMTP_STARTTLS || server->security == SMTP_TLS_IF_OFFERED;

	if (!wanted || (!s->starttls && server->security == SMTP_TLS_IF_OFFERED))
		return true;
	if (!s->starttls) {
		(void)err_set(err, ERR_PERMANENT,
		    "%s offers no STARTTLS, so nothing was sent", server->name);
		return err_hint(err,
		    "smtp.security = tls with port 465 may be what it wants");
	}
	if (!smtp_session_exchange(s, false, "STARTTLS") || s->reply.code != 220)
		return smtp_session_fail(s, STAGE_EHLO, "does not start TLS", err);
	smtp_session_begin(s);
	if (!smtp_line_start_tls(s->line, server->trust, server->target.host, err)) {
		s->broken = true;
		return false;
	}
	/* What was offered in the clear may have been somebody else's offer. */
	return greet(s, err);
}

/* ---- login --------------------------------------------------------------------------- */

static bool
log_in(struct smtp_session *s, const char *secret, bool *refused, struct err *err)
{
	if (*s->server->user == '\0' || s->server->lmtp)
		return true;
	if (!secret) {
		(void)err_set(err, ERR_CONFIG, "smtp.user is set, but no password");
		return err_hint(err, "smtp.password_file names a file that holds it");
	}
	if (!wire_is_encrypted(smtp_line_wire(s->line)) &&
	    !wire_is_local(smtp_line_wire(s->line)))
		return err_set(err, ERR_PERMANENT,
		    "the password does not go to %s in the clear", s->server->name);
	return smtp_auth_log_in(s, secret, refused, err);
}

/* ---- open and close ------------------------------------------------------------------ */

/* A session that came to nothing: it is left politely, and not for long. */
static void
part(struct smtp_session *s)
{
	smtp_session_say_bye(s);
	if (s->parting && smtp_line_flush(s->line) &&
	    !smtp_line_read_reply(s->line, &s->reply))
		log_debug("smtp", "%s did not say good-bye", s->server->name);
	smtp_session_close(s);
}

struct smtp_session *
smtp_session_open(const struct smtp_server *server, const char *secret, bool *refused,
    struct err *err)
{
	struct smtp_session *s = xcalloc(1, sizeof(*s));
	bool in_the_clear =
	    server->security == SMTP_PLAIN || server->security == SMTP_TLS_IF_OFFERED;

	*refused = false;
	s->server = server;
	s->arena = arena_new();
	smtp_reply_init(&s->reply);
	buf_init(&s->words, WORDS_MAX);
	if (!connect_line(s, err))
		goto bad;
	if (in_the_clear && !wire_is_local(smtp_line_wire(s->line))) {
		(void)err_set(err, ERR_CONFIG,
		    "%s is not this machine: letters go there under "
		    "TLS only",
		    server->name);
		goto bad;
	}
	if (!greet(s, err) || !secure(s, err) || !log_in(s, secret, refused, err))
		goto bad;
	log_debug("smtp", "connected to %s", server->name);
	return s;
bad:
	part(s);
	return NULL;
}

void
smtp_session_say_bye(struct smtp_session *s)
{
	/* After an envelope DATA may be open, and QUIT would be the text of a letter. */
	if (!s->line || s->broken || s->said_ahead)
		return;
	smtp_line_begin(s->line, QUIT_MS, QUIT_MS);
	smtp_line_write(s->line, false, "QUIT");
	s->parting = true;
}

bool
smtp_session_said_bye(struct smtp_session *s)
{
	enum wire_state state = WIRE_DONE;

	if (!s->parting)
		return true;
	state = smtp_line_ask(s->line, &s->reply);
	if (state == WIRE_LOST)
		log_debug("smtp", "%s did not say good-bye", s->server->name);
	return state != WIRE_WAITS;
}

void
smtp_session_close(struct smtp_session *s)
{
	if (!s)
		return;
	smtp_line_close(s->line);
	smtp_reply_clear(&s->reply);
	buf_clear(&s->words);
	arena_free(s->arena);
	free(s);
}

struct smtp_line *
smtp_session_line(const struct smtp_session *s)
{
	return s->line;
}

int64_t
smtp_session_sent(const struct smtp_session *s)
{
	return s->sent;
}

int64_t
smtp_session_begun(const struct smtp_session *s)
{
	return s->mails - s->said_ahead;
}

int64_t
smtp_session_limit(const struct smtp_session *s)
{
	return s->mail_max > 0 ? s->mail_max : INT64_MAX;
}

bool
smtp_session_takes_chunks(const struct smtp_session *s)
{
	return s->chunking && s->pipelining && !s->server->lmtp;
}

bool
smtp_session_knows_no_chunks(const struct smtp_session *s)
{
	return s->knows_no_chunks;
}
