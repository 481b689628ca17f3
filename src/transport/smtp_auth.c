/* SPDX-License-Identifier: ISC */
#include "transport/smtp_auth.h"

#include <string.h>

#include <gsasl.h>

#include "base/log.h"
#include "format/mime_encoding.h"
#include "transport/smtp_mechanism.h"
#include "transport/smtp_session_private.h"

enum {
	COMMAND_MAX =
	    512, /* RFC 5321 4.5.3.1.4, and RFC 4954 4 for AUTH with a response */
	SECRET_MAX = 16 * 1024
};

/* A login in progress. */
struct login {
	struct smtp_session *s;
	enum smtp_mechanism mechanism;
	const char *secret;
	Gsasl_session *sasl; /* NULL: the secret is an access token */
	int rc;              /* of libgsasl's last step */
};

/* ---- the words of each side ---------------------------------------------------------- */

static const char *
base64(struct smtp_session *s, const void *bytes, size_t len)
{
	struct buf b = BUF_INIT(2 * SECRET_MAX);

	mime_base64(&b, bytes, len, false);
	return arena_take(s->arena, &b);
}

/* The server's challenge as it stands, in base64. */
static const char *
challenge(struct smtp_session *s)
{
	const char *text = buf_text(&s->reply.text);

	return arena_strndup(s->arena, text, strcspn(text, "\n"));
}

/* What an access token is refused with: JSON that says which scopes it should have. */
static void
log_token_error(struct smtp_session *s)
{
	struct buf b = BUF_INIT(SECRET_MAX);
	const char *text = challenge(s);

	if (mime_base64_decode(&b, text, strlen(text)) && b.len > 0)
		log_debug("smtp", "the access token was refused: %s", buf_text(&b));
	buf_clear(&b);
}

/*
 * The answer to the challenge, NULL when there is none to it: the login is called off.
 *
 * An access token that is refused is refused by a challenge, which wants an answer without
 * meaning before the server says 535: RFC 7628 3.2.3, and an empty line for XOAUTH2.
 */
static const char *
answer(struct login *l, const char *to)
{
	char *out = NULL;
	const char *kept = NULL;

	if (!l->sasl) {
		if (*to != '\0')
			log_token_error(l->s);
		return l->mechanism == MECHANISM_XOAUTH2 ? "" : "AQ==";
	}
	l->rc = gsasl_step64(l->sasl, to, &out);
	if (l->rc != GSASL_OK && l->rc != GSASL_NEEDS_MORE)
		return NULL;
	kept = arena_strdup(l->s->arena, out ? out : "");
	if (out)
		gsasl_free(out);
	return kept;
}

static const char *
first_words(struct login *l)
{
	const struct smtp_server *server = l->s->server;
	struct buf b = BUF_INIT(SECRET_MAX);
	const char *text = NULL;

	if (l->sasl)
		return answer(l, "");
	smtp_mechanism_add_token(&b, l->mechanism, server->user, l->secret,
	    server->target.host, server->target.port);
	text = base64(l->s, buf_text(&b), b.len);
	buf_clear(&b);
	return text;
}

/* ---- the dialogue -------------------------------------------------------------------- */

/* False when the connection is lost, or our side cannot go on (l->rc tells). */
static bool
begin_dialogue(struct login *l)
{
	struct smtp_session *s = l->s;
	const char *name = smtp_mechanism_name(l->mechanism);
	const char *first = NULL;
	const char *line = NULL;

	if (smtp_mechanism_waits(l->mechanism))
		return smtp_session_exchange(s, false,
		    arena_printf(s->arena, "AUTH %s", name));
	first = first_words(l);
	if (!first)
		return false;
	line = arena_printf(s->arena, "AUTH %s %s", name, first);
	if (strlen(line) + 2 <= COMMAND_MAX)
		return smtp_session_exchange(s, true, line);
	/* Too long for a command: it is the answer to an empty challenge. */
	if (!smtp_session_exchange(s, false, arena_printf(s->arena, "AUTH %s", name)))
		return false;
	return s->reply.code != 334 || smtp_session_exchange(s, true, first);
}

/* Bounded: libgsasl has a last step, and a token is refused once. */
static bool
hold_dialogue(struct login *l)
{
	struct smtp_session *s = l->s;
	bool once = false;

	if (!begin_dialogue(l))
		return false;
	while (s->reply.code == 334) {
		const char *out = NULL;

		if (!l->sasl && once)
			l->rc = GSASL_MECHANISM_CALLED_TOO_MANY_TIMES;
		else
			out = answer(l, challenge(s));
		once = true;
		if (!out) {
			/* RFC 4954 4: this is how a login is called off. */
			(void)smtp_session_exchange(s, false, "*");
			return false;
		}
		if (!smtp_session_exchange(s, true, out))
			return false;
	}
	return true;
}

/*
 * For -PLUS alone: told of a binding for the plain form, libgsasl 2.2.0 says nothing sensible.
 * Its place is taken by the certificate, which was verified before.
 */
static void
bind_channel(struct login *l)
{
	enum wire_binding kind = WIRE_BINDING_NONE;
	unsigned char bytes[WIRE_BINDING_MAX];
	size_t len = 0;

	kind = wire_binding(smtp_line_wire(l->s->line), bytes, &len);
	if (kind != WIRE_BINDING_NONE)
		l->rc = gsasl_property_set(l->sasl,
		    kind == WIRE_BINDING_EXPORTER ? GSASL_CB_TLS_EXPORTER
						  : GSASL_CB_TLS_UNIQUE,
		    base64(l->s, bytes, len));
}

static bool
start_sasl(struct login *l, Gsasl *lib)
{
	const char *name = smtp_mechanism_name(l->mechanism);

	l->rc = gsasl_client_start(lib, name, &l->sasl);
	if (l->rc == GSASL_OK)
		l->rc = gsasl_property_set(l->sasl, GSASL_AUTHID, l->s->server->user);
	if (l->rc == GSASL_OK)
		l->rc = gsasl_property_set(l->sasl, GSASL_PASSWORD, l->secret);
	if (l->rc == GSASL_OK && smtp_mechanism_is_bound(l->mechanism))
		bind_channel(l);
	return l->rc == GSASL_OK;
}

/* True when the dialogue came to the server's verdict. */
static bool
try_mechanism(struct login *l)
{
	Gsasl *lib = NULL;
	bool ok = false;

	l->sasl = NULL;
	l->rc = GSASL_OK;
	if (l->mechanism == MECHANISM_OAUTHBEARER || l->mechanism == MECHANISM_XOAUTH2)
		return hold_dialogue(l);
	l->rc = gsasl_init(&lib);
	if (l->rc != GSASL_OK)
		return false;
	ok = start_sasl(l, lib) && hold_dialogue(l);
	if (l->sasl)
		gsasl_finish(l->sasl);
	l->sasl = NULL;
	gsasl_done(lib);
	return ok;
}

/* ---- what came of it ----------------------------------------------------------------- */

static bool
login_failed(struct smtp_session *s, const struct login *l, bool *refused,
    struct err *err)
{
	const char *doing =
	    arena_printf(s->arena, "refused the login of %s", s->server->user);

	if (s->broken || smtp_reply_class(&s->reply) != 5)
		return smtp_session_fail(s, STAGE_AUTH, "did not take our login", err);
	*refused = true;
	(void)smtp_session_fail(s, STAGE_AUTH, doing, err);
	if (err->hint[0] != '\0')
		return false;
	return err_hint(err,
	    l->mechanism == MECHANISM_OAUTHBEARER || l->mechanism == MECHANISM_XOAUTH2
		? "smtp.password_command must print an access token for sending mail"
		: "see to smtp.user and smtp.password_file; for an access token: "
		  "smtp.auth = oauth");
}

/* Our side stopped: what the server said makes no sense to the mechanism. */
static bool
called_off(struct smtp_session *s, const struct login *l, struct err *err)
{
	const char *name = smtp_mechanism_name(l->mechanism);

	(void)err_set(err, ERR_HUMAN, "%s and we do not agree on a login by %s",
	    s->server->name, name);
	(void)err_why(err, "%s", gsasl_strerror(l->rc));
	return err_hint(err, "smtp.auth names another mechanism");
}

/* The mechanism is offered, and not to be had (RFC 4954 6, RFC 5248 2.4). */
static bool
is_not_to_be_had(const struct smtp_reply *r)
{
	return r->code == 504 || strcmp(r->status, "5.5.4") == 0 ||
	    strcmp(r->status, "5.7.4") == 0;
}

static bool
judge(struct smtp_session *s, const struct login *l, bool *refused, struct err *err)
{
	if (s->reply.code != 235)
		return login_failed(s, l, refused, err);
	if (!smtp_mechanism_is_mutual(l->mechanism) || l->rc == GSASL_OK)
		return true;
	(void)err_set(err, ERR_HUMAN,
	    "%s took our login by %s without proof that it knows the password",
	    s->server->name, smtp_mechanism_name(l->mechanism));
	return err_hint(err, "nothing was sent; smtp.auth names another mechanism");
}

static bool
has_binding(struct smtp_session *s)
{
	unsigned char bytes[WIRE_BINDING_MAX];
	size_t len = 0;

	return wire_binding(smtp_line_wire(s->line), bytes, &len) != WIRE_BINDING_NONE;
}

bool
smtp_auth_log_in(struct smtp_session *s, const char *secret, bool *refused,
    struct err *err)
{
	struct smtp_mechanism_wish wish = { s->server->auth,
		wire_is_encrypted(smtp_line_wire(s->line)), has_binding(s), 0 };
	struct login l = { .s = s, .secret = secret };
	const char *offered = s->auth ? s->auth : "";

	while ((l.mechanism = smtp_mechanism_choose(offered, &wish)) != MECHANISM_NONE) {
		if (!try_mechanism(&l) && !s->broken)
			return called_off(s, &l, err);
		if (s->broken || !is_not_to_be_had(&s->reply))
			return judge(s, &l, refused, err);
		wish.refused |= 1U << l.mechanism;
	}
	if (wish.refused != 0)
		return smtp_session_fail(s, STAGE_AUTH, "takes none of our logins", err);
	(void)err_set(err, ERR_PERMANENT, "%s takes no login that we know (%s)",
	    s->server->name, s->auth ? s->auth : "it offers none");
	if (wish.setting != AUTH_AUTO)
		(void)err_hint(err, "smtp.auth = auto takes what it offers");
	return false;
}
