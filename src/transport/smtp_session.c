/* SPDX-License-Identifier: ISC */
#include "transport/smtp_session.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/log.h"
#include "base/mem.h"
#include "format/mime_encoding.h"
#include "base/text.h"
#include "transport/smtp_fault.h"
#include "transport/smtp_session_private.h"

enum { QUIT_MS = 2000, WORDS_MAX = 1024, CONNECT_MS = 60000 };

void
smtp_session_begin(struct smtp_session *s)
{
	const int64_t silence = s->server->timeout_ms;

	smtp_line_begin(s->line, 2 * silence, silence);
}

/* Sends a command and reads the reply.  False when the connection is lost: s->broken. */
static bool
exchange(struct smtp_session *s, bool secret, const char *line)
{
	smtp_session_begin(s);
	smtp_line_write(s->line, secret, "%s", line);
	if (smtp_line_flush(s->line) && smtp_line_read_reply(s->line, &s->reply))
		return true;
	s->broken = true;
	return false;
}

/* "NAME doing: what it answered", or why there is no answer. */
static bool
fail_with_reply(struct smtp_session *s, enum outcome_stage stage, const char *doing,
    struct err *err)
{
	enum smtp_fault fault = FAULT_SERVER;

	if (s->broken)
		return err_set(err, ERR_TEMPORARY, "%s %s: %s", s->server->name, doing,
		    smtp_line_reason(s->line));
	buf_reset(&s->words);
	smtp_reply_words(&s->reply, s->arena, &s->words);
	fault = smtp_fault(stage, s->reply.code, s->reply.status, buf_text(&s->words));
	(void)err_set(err, fault == FAULT_OURS ? ERR_HUMAN : ERR_TEMPORARY, "%s %s",
	    s->server->name, doing);
	return err_why(err, "server said: %s", buf_text(&s->words));
}

/* ---- EHLO ---------------------------------------------------------------------------- */

static void
forget_offers(struct smtp_session *s)
{
	s->pipelining = s->size = s->utf8 = s->eight_bit = s->starttls = false;
	s->size_max = 0;
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

static void
take_offers(struct smtp_session *s)
{
	const char *size = smtp_reply_keyword(&s->reply, s->arena, "SIZE");

	s->pipelining = smtp_reply_keyword(&s->reply, s->arena, "PIPELINING") != NULL;
	s->starttls = smtp_reply_keyword(&s->reply, s->arena, "STARTTLS") != NULL;
	s->utf8 = smtp_reply_keyword(&s->reply, s->arena, "SMTPUTF8") != NULL;
	s->eight_bit = smtp_reply_keyword(&s->reply, s->arena, "8BITMIME") != NULL;
	s->auth = smtp_reply_keyword(&s->reply, s->arena, "AUTH");
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
		return fail_with_reply(s, STAGE_GREETING, "does not take our call", err);
	return true;
}

/* A server of 1982: a few old ones close the connection on EHLO, so it is opened again. */
static bool
greet_with_helo(struct smtp_session *s, struct err *err)
{
	if (s->broken && !connect_line(s, err))
		return false;
	if (!exchange(s, false, arena_printf(s->arena, "HELO %s", s->server->ehlo)) ||
	    smtp_reply_class(&s->reply) != 2)
		return fail_with_reply(s, STAGE_EHLO, "does not greet us", err);
	return true;
}

static bool
greet(struct smtp_session *s, struct err *err)
{
	const char *verb = s->server->lmtp ? "LHLO" : "EHLO";
	bool was_refused = false;

	arena_reset(s->arena);
	forget_offers(s);
	if (!exchange(s, false, arena_printf(s->arena, "%s %s", verb, s->server->ehlo)))
		return fail_with_reply(s, STAGE_EHLO, "does not greet us", err);
	if (smtp_reply_class(&s->reply) == 2) {
		take_offers(s);
		return true;
	}
	was_refused = smtp_reply_class(&s->reply) == 5;
	if (s->server->lmtp || !was_refused || s->server->security == SMTP_STARTTLS)
		return fail_with_reply(s, STAGE_EHLO, "does not greet us", err);
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
	if (!exchange(s, false, "STARTTLS") || s->reply.code != 220)
		return fail_with_reply(s, STAGE_EHLO, "does not start TLS", err);
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
has_word(const char *list, const char *word)
{
	size_t len = strlen(word);

	while (*list != '\0') {
		size_t n = strcspn(list, " ");

		if (n == len && ascii_starts_nocase(list, word))
			return true;
		list += n;
		list += strspn(list, " ");
	}
	return false;
}

static const char *
base64(struct smtp_session *s, const char *bytes, size_t len)
{
	struct buf b = BUF_INIT(4096);
	const char *text = NULL;

	mime_base64(&b, bytes, len, 0);
	text = arena_strdup(s->arena, buf_text(&b));
	buf_clear(&b);
	return text;
}

/* RFC 4616: NUL user NUL password. */
static bool
log_in_plain(struct smtp_session *s)
{
	struct buf b = BUF_INIT(2048);
	bool ok = false;

	buf_addc(&b, '\0');
	buf_adds(&b, s->server->user);
	buf_addc(&b, '\0');
	buf_adds(&b, s->server->password);
	ok = exchange(s, true,
	    arena_printf(s->arena, "AUTH PLAIN %s", base64(s, b.data, b.len)));
	buf_clear(&b);
	return ok;
}

static bool
log_in_login(struct smtp_session *s)
{
	const char *const answers[] = { s->server->user, s->server->password };

	if (!exchange(s, false, "AUTH LOGIN"))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		if (s->reply.code != 334)
			return true;
		if (!exchange(s, true, base64(s, answers[i], strlen(answers[i]))))
			return false;
	}
	return true;
}

/* RFC 2195.  The password itself does not travel. */
static bool
log_in_cram(struct smtp_session *s)
{
	unsigned char digest[HASH_MD5_SIZE];
	char hex[2 * HASH_MD5_SIZE + 1];
	struct buf challenge = BUF_INIT(2048);
	const char *answer = NULL;
	bool ok = false;

	if (!exchange(s, false, "AUTH CRAM-MD5") || s->reply.code != 334)
		return !s->broken;
	if (mime_base64_decode(&challenge, buf_text(&s->reply.text), s->reply.text.len) &&
	    hash_hmac_md5(s->server->password, buf_text(&challenge), challenge.len,
		digest)) {
		hash_hex(digest, sizeof(digest), hex);
		answer = arena_printf(s->arena, "%s %s", s->server->user, hex);
		ok = exchange(s, true, base64(s, answer, strlen(answer)));
	} else {
		ok = exchange(s, false, "*");
	}
	buf_clear(&challenge);
	return ok;
}

static bool
login_failed(struct smtp_session *s, struct err *err)
{
	const char *doing =
	    arena_printf(s->arena, "refused the login of %s", s->server->user);

	if (s->broken || smtp_reply_class(&s->reply) != 5)
		return fail_with_reply(s, STAGE_AUTH, "did not take our login", err);
	(void)fail_with_reply(s, STAGE_AUTH, doing, err);
	return err_hint(err, "see to smtp.user and smtp.password_file");
}

static bool
log_in(struct smtp_session *s, struct err *err)
{
	bool heard = false;

	if (*s->server->user == '\0' || s->server->lmtp)
		return true;
	if (!s->server->password) {
		(void)err_set(err, ERR_CONFIG, "smtp.user is set, but no password");
		return err_hint(err, "smtp.password_file names a file that holds it");
	}
	if (!smtp_line_is_encrypted(s->line) && !smtp_line_is_local(s->line))
		return err_set(err, ERR_PERMANENT,
		    "the password does not go to %s in the clear", s->server->name);
	if (s->auth && has_word(s->auth, "PLAIN"))
		heard = log_in_plain(s);
	else if (s->auth && has_word(s->auth, "LOGIN"))
		heard = log_in_login(s);
	else if (s->auth && has_word(s->auth, "CRAM-MD5"))
		heard = log_in_cram(s);
	else
		return err_set(err, ERR_PERMANENT, "%s takes no login that we know (%s)",
		    s->server->name, s->auth ? s->auth : "it offers none");
	if (!heard || s->reply.code != 235)
		return login_failed(s, err);
	return true;
}

/* ---- open and close ------------------------------------------------------------------ */

struct smtp_session *
smtp_session_open(const struct smtp_server *server, struct err *err)
{
	struct smtp_session *s = xcalloc(1, sizeof(*s));
	bool in_the_clear =
	    server->security == SMTP_PLAIN || server->security == SMTP_TLS_IF_OFFERED;

	s->server = server;
	s->arena = arena_new();
	smtp_reply_init(&s->reply);
	buf_init(&s->words, WORDS_MAX);
	if (!connect_line(s, err))
		goto bad;
	if (in_the_clear && !smtp_line_is_local(s->line)) {
		(void)err_set(err, ERR_CONFIG,
		    "%s is not this machine: letters go there under "
		    "TLS only",
		    server->name);
		goto bad;
	}
	if (!greet(s, err) || !secure(s, err) || !log_in(s, err))
		goto bad;
	log_debug("smtp", "connected to %s", server->name);
	return s;
bad:
	smtp_session_close(s);
	return NULL;
}

void
smtp_session_close(struct smtp_session *s)
{
	if (!s)
		return;
	/* After an envelope DATA may be open, and QUIT would be the text of a letter. */
	if (s->line && !s->broken && !s->said_ahead) {
		smtp_line_begin(s->line, QUIT_MS, QUIT_MS);
		smtp_line_write(s->line, false, "QUIT");
		if (smtp_line_flush(s->line) && !smtp_line_read_reply(s->line, &s->reply))
			log_debug("smtp", "%s did not say good-bye", s->server->name);
	}
	smtp_line_close(s->line);
	smtp_reply_clear(&s->reply);
	buf_clear(&s->words);
	arena_free(s->arena);
	free(s);
}

int64_t
smtp_session_sent(const struct smtp_session *s)
{
	return s->sent;
}
