/* SPDX-License-Identifier: ISC */
#include "transport/smtp_session.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/log.h"
#include "base/mem.h"
#include "format/mime_encoding.h"
#include "base/text.h"
#include "transport/smtp_session_private.h"

enum { QUIT_MS = 2000, WORDS_MAX = 1024 };

bool
peer_ask(struct peer *s, bool secret, const char *line)
{
	smtp_begin(s->smtp, s->server->timeout_ms, s->server->timeout_ms);
	smtp_say(s->smtp, secret, "%s", line);
	if (smtp_flush(s->smtp) && smtp_hear(s->smtp, &s->reply))
		return true;
	s->broken = true;
	return false;
}

static enum err_kind
kind_of(const struct reply *r)
{
	return reply_class(r) == 5 ? ERR_PERMANENT : ERR_TEMPORARY;
}

/* "NAME doing: what it answered", or why there is no answer. */
static bool
fail_with_reply(struct peer *s, const char *doing, struct err *err)
{
	if (s->broken)
		return err_set(err, ERR_TEMPORARY, "%s %s: %s", s->server->name, doing,
		    smtp_reason(s->smtp));
	buf_reset(&s->words);
	reply_words(&s->reply, s->arena, &s->words);
	return err_set(err, kind_of(&s->reply), "%s %s\n  server said: %s",
	    s->server->name, doing, buf_text(&s->words));
}

/* ---- EHLO ---------------------------------------------------------------------------- */

static void
forget_offers(struct peer *s)
{
	s->pipelining = s->size = s->utf8 = s->eight_bit = s->starttls = false;
	s->size_max = 0;
	s->auth = NULL;
}

static int64_t
parse_size(const char *text)
{
	int64_t n = 0;

	for (; *text >= '0' && *text <= '9'; text++) {
		if (n > (INT64_MAX - 9) / 10)
			return 0;
		n = n * 10 + (*text - '0');
	}
	return n;
}

static void
take_offers(struct peer *s)
{
	const char *size = reply_keyword(&s->reply, s->arena, "SIZE");

	s->pipelining = reply_keyword(&s->reply, s->arena, "PIPELINING") != NULL;
	s->starttls = reply_keyword(&s->reply, s->arena, "STARTTLS") != NULL;
	s->utf8 = reply_keyword(&s->reply, s->arena, "SMTPUTF8") != NULL;
	s->eight_bit = reply_keyword(&s->reply, s->arena, "8BITMIME") != NULL;
	s->auth = reply_keyword(&s->reply, s->arena, "AUTH");
	s->size = size != NULL;
	s->size_max = size ? parse_size(size) : 0;
}

/* Opens a connection and hears the greeting. */
static bool
dial(struct peer *s, struct err *err)
{
	smtp_free(s->smtp);
	s->broken = false;
	s->smtp = smtp_open(&s->server->target, s->server->timeout_ms, err);
	if (!s->smtp) {
		s->broken = true;
		return false;
	}
	smtp_begin(s->smtp, s->server->timeout_ms, s->server->timeout_ms);
	if (s->server->security == PEER_TLS &&
	    !smtp_start_tls(s->smtp, s->server->trust, s->server->target.host, err)) {
		s->broken = true;
		return false;
	}
	if (!smtp_hear(s->smtp, &s->reply))
		s->broken = true;
	if (s->broken || s->reply.code != 220)
		return fail_with_reply(s, "does not take our call", err);
	return true;
}

/* A server of 1982: a few old ones close the connection on EHLO, so it is opened again. */
static bool
greet_with_helo(struct peer *s, struct err *err)
{
	if (s->broken && !dial(s, err))
		return false;
	if (!peer_ask(s, false, arena_printf(s->arena, "HELO %s", s->server->ehlo)) ||
	    reply_class(&s->reply) != 2)
		return fail_with_reply(s, "does not greet us", err);
	return true;
}

static bool
greet(struct peer *s, struct err *err)
{
	const char *verb = s->server->lmtp ? "LHLO" : "EHLO";
	bool was_refused = false;

	arena_reset(s->arena);
	forget_offers(s);
	if (!peer_ask(s, false, arena_printf(s->arena, "%s %s", verb, s->server->ehlo)))
		return fail_with_reply(s, "does not greet us", err);
	if (reply_class(&s->reply) == 2) {
		take_offers(s);
		return true;
	}
	was_refused = reply_class(&s->reply) == 5;
	if (s->server->lmtp || !was_refused || s->server->security == PEER_STARTTLS)
		return fail_with_reply(s, "does not greet us", err);
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
secure(struct peer *s, struct err *err)
{
	const struct peer_server *server = s->server;
	bool wanted =
	    server->security == PEER_STARTTLS || server->security == PEER_TLS_IF_OFFERED;

	if (!wanted || (!s->starttls && server->security == PEER_TLS_IF_OFFERED))
		return true;
	if (!s->starttls) {
		(void)err_set(err, ERR_PERMANENT,
		    "%s offers no STARTTLS, so nothing was sent", server->name);
		return err_hint(err,
		    "smtp.security = tls with port 465 may be what it wants");
	}
	if (!peer_ask(s, false, "STARTTLS") || s->reply.code != 220)
		return fail_with_reply(s, "does not start TLS", err);
	smtp_begin(s->smtp, server->timeout_ms, server->timeout_ms);
	if (!smtp_start_tls(s->smtp, server->trust, server->target.host, err)) {
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

		if (n == len && text_starts_nocase(list, word))
			return true;
		list += n;
		list += strspn(list, " ");
	}
	return false;
}

static const char *
base64(struct peer *s, const char *bytes, size_t len)
{
	struct buf b = BUF_INIT(4096);
	const char *text = NULL;

	quoted_base64(&b, bytes, len, 0);
	text = arena_strdup(s->arena, buf_text(&b));
	buf_clear(&b);
	return text;
}

/* RFC 4616: NUL user NUL password. */
static bool
log_in_plain(struct peer *s)
{
	struct buf b = BUF_INIT(2048);
	bool ok = false;

	buf_addc(&b, '\0');
	buf_adds(&b, s->server->user);
	buf_addc(&b, '\0');
	buf_adds(&b, s->server->password);
	ok = peer_ask(s, true,
	    arena_printf(s->arena, "AUTH PLAIN %s", base64(s, b.data, b.len)));
	buf_clear(&b);
	return ok;
}

static bool
log_in_login(struct peer *s)
{
	const char *const answers[] = { s->server->user, s->server->password };

	if (!peer_ask(s, false, "AUTH LOGIN"))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		if (s->reply.code != 334)
			return true;
		if (!peer_ask(s, true, base64(s, answers[i], strlen(answers[i]))))
			return false;
	}
	return true;
}

/* RFC 2195.  The password itself does not travel. */
static bool
log_in_cram(struct peer *s)
{
	unsigned char digest[TLS_MD5_SIZE];
	char hex[2 * TLS_MD5_SIZE + 1];
	struct buf challenge = BUF_INIT(2048);
	const char *answer = NULL;
	bool ok = false;

	if (!peer_ask(s, false, "AUTH CRAM-MD5") || s->reply.code != 334)
		return !s->broken;
	if (quoted_base64_decode(&challenge, buf_text(&s->reply.text),
		s->reply.text.len) &&
	    tls_hmac_md5(s->server->password, buf_text(&challenge), challenge.len,
		digest)) {
		digest_hex(digest, sizeof(digest), hex);
		answer = arena_printf(s->arena, "%s %s", s->server->user, hex);
		ok = peer_ask(s, true, base64(s, answer, strlen(answer)));
	} else {
		ok = peer_ask(s, false, "*");
	}
	buf_clear(&challenge);
	return ok;
}

static bool
login_failed(struct peer *s, struct err *err)
{
	const char *doing =
	    arena_printf(s->arena, "refused the login of %s", s->server->user);

	if (s->broken || reply_class(&s->reply) != 5)
		return fail_with_reply(s, "did not take our login", err);
	(void)fail_with_reply(s, doing, err);
	return err_hint(err, "see to smtp.user and smtp.password_file");
}

static bool
log_in(struct peer *s, struct err *err)
{
	bool heard = false;

	if (*s->server->user == '\0' || s->server->lmtp)
		return true;
	if (!s->server->password) {
		(void)err_set(err, ERR_CONFIG, "smtp.user is set, but no password");
		return err_hint(err, "smtp.password_file names a file that holds it");
	}
	if (!smtp_is_secret(s->smtp) && !smtp_is_local(s->smtp))
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

struct peer *
peer_open(const struct peer_server *server, struct err *err)
{
	struct peer *s = xcalloc(1, sizeof(*s));
	bool in_the_clear =
	    server->security == PEER_PLAIN || server->security == PEER_TLS_IF_OFFERED;

	s->server = server;
	s->arena = arena_new();
	reply_init(&s->reply);
	buf_init(&s->words, WORDS_MAX);
	if (!dial(s, err))
		goto bad;
	if (in_the_clear && !smtp_is_local(s->smtp)) {
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
	peer_close(s);
	return NULL;
}

void
peer_close(struct peer *s)
{
	if (!s)
		return;
	/* After an envelope DATA may be open, and QUIT would be the text of a letter. */
	if (s->smtp && !s->broken && !s->said_ahead) {
		smtp_begin(s->smtp, QUIT_MS, QUIT_MS);
		smtp_say(s->smtp, false, "QUIT");
		if (smtp_flush(s->smtp) && !smtp_hear(s->smtp, &s->reply))
			log_debug("smtp", "%s did not say good-bye", s->server->name);
	}
	smtp_free(s->smtp);
	reply_clear(&s->reply);
	buf_clear(&s->words);
	arena_free(s->arena);
	free(s);
}

int64_t
peer_sent(const struct peer *s)
{
	return s->sent;
}
