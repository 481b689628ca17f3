/* SPDX-License-Identifier: ISC */
#include "mail/deliver.h"

/* TODO: SMTP and LMTP; until they are here such a configuration is refused. */
bool
relay_run(const struct transport_settings *t, const struct letter_source *src, struct err *err)
{
	(void)t;
	(void)src;
	return err_set(err, ERR_CONFIG, "this version sends by neither SMTP nor LMTP yet");
}

void
relay_describe(const struct config *c, struct buf *out)
{
	buf_addf(out, "%s", c->smtp.host);
}
