/* SPDX-License-Identifier: ISC */
#include "flow/join_domains.h"

#include "base/log.h"
#include "flow/context.h"
#include "mail/address.h"
#include "store/notices.h"

enum { LETTERS_MOST = 100, UNKNOWN_MOST = 2 };

enum mail_domain
flow_domain_look_up(const char *domain)
{
	return mail_domain_look_up(domain, 0);
}

/* Mail to these leaves for other machines. */
static bool
leaves_the_machine(enum transport_method method)
{
	return method == TRANSPORT_SMTP || method == TRANSPORT_SENDMAIL ||
	    method == TRANSPORT_REDIRECT;
}

bool
flow_join_domains(struct run *run, enum mail_domain (*look_up)(const char *domain),
    struct err *err)
{
	const struct config *c = run->config;
	struct notice_address *letters = NULL;
	size_t count = 0;
	size_t unknown = 0;

	if (!c->limits.mx_check || !leaves_the_machine(c->transport.method))
		return true;
	if (!store_notices_untried(run->store, run->arena, NOTICE_CONFIRMATION,
		LETTERS_MOST, &letters, &count, err))
		return false;
	for (size_t i = 0; i < count && unknown < UNKNOWN_MOST; i++) {
		const char *domain = address_domain(letters[i].address);
		const enum mail_domain said = look_up(domain + (*domain == '@' ? 1 : 0));

		unknown += said == DOMAIN_UNKNOWN;
		if (said != DOMAIN_TAKES_NONE)
			continue;
		log_info("join", "somebody gave an address whose domain takes no mail");
		if (!store_notice_refuse(run->store, letters[i].id, run->now,
			"the domain takes no mail", err))
			return false;
	}
	return true;
}
