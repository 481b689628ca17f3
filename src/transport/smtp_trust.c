/* SPDX-License-Identifier: ISC */
#include "transport/smtp_trust.h"

#include "base/log.h"
#include "transport/tls_proof.h"

static const char *
pin_text(const struct config *c)
{
	return c->smtp.pin ? c->smtp.pin : "";
}

static bool
read_demand(const struct config *c, const struct smtp_server *server, struct arena *a,
    struct tls_demand *out, struct err *err)
{
	bool ok = false;

	if (!pins_parse(pin_text(c), &out->pins))
		return err_set(err, ERR_CONFIG, "smtp.pin is no list of keys");
	if (out->pins.count > 0 || !c->smtp.dane)
		return true;
	ok =
	    tlsa_look_up(server->target.host, server->target.port, 0, a, &out->tlsa, err);
	if (ok)
		log_debug("smtp", "%s: %zu usable TLSA records", server->name,
		    out->tlsa.count);
	return ok;
}

bool
smtp_trust_new(const struct config *c, struct smtp_server *server, struct arena *a,
    struct wire_trust **trust, struct err *err)
{
	struct tls_demand *demand = arena_alloc(a, sizeof(*demand));

	*trust = NULL;
	*demand = (struct tls_demand){ .pins = { .count = 0 } };
	if (server->security == SMTP_PLAIN) {
		if (*pin_text(c) == '\0' || server->lmtp)
			return true;
		(void)err_set(err, ERR_CONFIG,
		    "smtp.pin says which key %s has, and smtp.security = none asks for none",
		    server->name);
		return err_hint(err, "smtp.security = auto, or no smtp.pin");
	}
	if (!read_demand(c, server, a, demand, err))
		return false;
	if (server->security == SMTP_TLS_IF_OFFERED &&
	    (demand->pins.count > 0 || demand->tlsa.count > 0))
		server->security = SMTP_STARTTLS;
	*trust = wire_trust_new(c->smtp.ca_file, demand, err);
	server->trust = *trust;
	return *trust || !c->smtp.ca_file || *c->smtp.ca_file == '\0'
	    ? *trust != NULL
	    : err_wrap(err, "smtp.ca_file");
}
