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

bool
transport_run(const struct transport_settings *t, const struct letter_source *src,
    struct err *err)
{
	static bool (*const methods[])(const struct transport_settings *t,
	    const struct letter_source *src, struct err *err) = {
		[TRANSPORT_OUTBOX] = outbox_run,
		[TRANSPORT_SMTP] = smtp_pool_run,
		[TRANSPORT_SENDMAIL] = sendmail_run,
		[TRANSPORT_LMTP] = smtp_pool_run,
		[TRANSPORT_MAILDIR] = maildir_run,
		[TRANSPORT_MBOX] = mbox_run,
		[TRANSPORT_STDOUT] = stdout_run,
		[TRANSPORT_REDIRECT] = redirect_run,
	};

	return methods[t->config->transport.method](t, src, err);
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
	switch (c->transport.method) {
	case TRANSPORT_OUTBOX:
		buf_addf(out, "files in %s", c->transport.outbox);
		break;
	case TRANSPORT_MBOX:
		buf_addf(out, "mbox %s", c->transport.mbox);
		break;
	case TRANSPORT_MAILDIR:
		buf_addf(out, "maildir %s", c->transport.maildir);
		break;
	case TRANSPORT_STDOUT:
		buf_adds(out, "standard output");
		break;
	case TRANSPORT_SENDMAIL:
		buf_addf(out, "program %.*s", (int)strcspn(c->transport.sendmail, " \t"),
		    c->transport.sendmail);
		break;
	case TRANSPORT_REDIRECT:
		buf_addf(out, "%s in place of the readers, by ",
		    c->transport.redirect_to);
		smtp_settings_describe(c, out);
		break;
	case TRANSPORT_SMTP:
	case TRANSPORT_LMTP:
		smtp_settings_describe(c, out);
		break;
	}
}
