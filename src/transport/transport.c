/* SPDX-License-Identifier: ISC */
#include "transport/transport.h"

#include <string.h>

#include "mail/address.h"
#include "transport/maildir.h"
#include "transport/mbox.h"
#include "transport/outbox.h"
#include "transport/sendmail.h"
#include "transport/smtp_pool.h"
#include "transport/smtp_settings.h"
#include "transport/transport_private.h"

/* ---- the loop ------------------------------------------------------------------------ */

/* Names become file names: letters, digits and "._+-", not hidden, of modest length. */
static bool
is_plain_name(const char *name)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789._+-";
	size_t len = strlen(name);

	return len > 0 && len <= 128 && name[0] != '.' && strspn(name, plain) == len;
}

static bool
look_at_address(struct arena *a, const char *what, const char *address, struct err *err)
{
	const char *canonical = NULL;

	if (!address_check(a, address, &canonical, err))
		return err_wrap(err, "%s", what);
	return true;
}

bool
transport_check_letter(const struct letter *l, struct err *reason, struct outcome *o)
{
	struct arena *a = arena_new();
	bool ok = look_at_address(a, "recipient", l->recipient, reason);

	if (ok && *l->sender != '\0')
		ok = look_at_address(a, "sender", l->sender, reason);
	if (ok && !is_plain_name(l->name))
		ok = err_set(reason, ERR_BUG, "a letter without a plain name");
	if (!ok)
		*o = (struct outcome){ OUTCOME_REFUSED, 0, NULL, reason->text };
	arena_free(a);
	return ok;
}

static bool
deliver_one(const struct letter_source *src, const struct letter *l, transport_put *put,
    void *arg, struct err *err)
{
	struct outcome o = { OUTCOME_DEFERRED, 0, NULL, "" };
	struct err reason = ERR_INIT;
	struct err settled = ERR_INIT;
	bool ok = true;

	if (transport_check_letter(l, &reason, &o)) {
		ok = put(arg, l, &o, err);
		if (!ok)
			o = (struct outcome){ OUTCOME_DEFERRED, 0, NULL, err->text };
	}
	if (!src->settle(src->arg, l, &o, &settled)) {
		/* What became of the letter is lost: that weighs more than why it failed. */
		*err = settled;
		return false;
	}
	return ok;
}

bool
transport_each(const struct letter_source *src, transport_put *put, void *arg,
    struct err *err)
{
	struct letter l;

	while (!src->stop(src->arg)) {
		memset(&l, 0, sizeof(l));
		if (!src->next(src->arg, &l, err))
			return !err_is_set(err);
		if (!deliver_one(src, &l, put, arg, err))
			return false;
	}
	return true;
}

/* ---- the methods --------------------------------------------------------------------- */

static void
describe_outbox(const struct config *c, struct buf *out)
{
	buf_addf(out, "files in %s", c->transport.outbox);
}

static void
describe_mbox(const struct config *c, struct buf *out)
{
	buf_addf(out, "mbox %s", c->transport.mbox);
}

static void
describe_maildir(const struct config *c, struct buf *out)
{
	buf_addf(out, "maildir %s", c->transport.maildir);
}

static void
describe_stdout(const struct config *c, struct buf *out)
{
	(void)c;
	buf_adds(out, "standard output");
}

static void
describe_sendmail(const struct config *c, struct buf *out)
{
	size_t len = strcspn(c->transport.sendmail, " \t");

	buf_addf(out, "program %.*s", (int)len, c->transport.sendmail);
}

static const struct {
	bool (*run)(const struct transport_settings *t, const struct letter_source *src,
	    struct err *err);
	void (*describe)(const struct config *c, struct buf *out);
} methods[] = {
	[TRANSPORT_OUTBOX] = { outbox_run, describe_outbox },
	[TRANSPORT_SMTP] = { smtp_pool_run, smtp_settings_describe },
	[TRANSPORT_SENDMAIL] = { sendmail_run, describe_sendmail },
	[TRANSPORT_LMTP] = { smtp_pool_run, smtp_settings_describe },
	[TRANSPORT_MAILDIR] = { maildir_run, describe_maildir },
	[TRANSPORT_MBOX] = { mbox_run, describe_mbox },
	[TRANSPORT_STDOUT] = { stdout_run, describe_stdout },
};

bool
transport_run(const struct transport_settings *t, const struct letter_source *src,
    struct err *err)
{
	return methods[t->config->transport.method].run(t, src, err);
}

void
transport_describe(const struct config *c, struct buf *out)
{
	methods[c->transport.method].describe(c, out);
}
