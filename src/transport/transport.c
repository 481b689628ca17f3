/* SPDX-License-Identifier: ISC */
#include "transport/transport.h"

#include <string.h>

#include "transport/maildir.h"
#include "transport/mbox.h"
#include "transport/outbox.h"
#include "transport/redirect.h"
#include "transport/sendmail.h"
#include "transport/smtp_pool.h"
#include "transport/smtp_settings.h"

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
	[TRANSPORT_REDIRECT] = { redirect_run, redirect_describe },
};

bool
transport_run(const struct transport_settings *t, const struct letter_source *src,
    struct err *err)
{
	return methods[t->config->transport.method].run(t, src, err);
}

bool
transport_takes_pieces(const struct transport_settings *t)
{
	const enum transport_method method = t->config->transport.method;

	return !t->signer && (method == TRANSPORT_SMTP || method == TRANSPORT_LMTP);
}

void
transport_describe(const struct config *c, struct buf *out)
{
	methods[c->transport.method].describe(c, out);
}
