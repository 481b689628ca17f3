/* SPDX-License-Identifier: ISC */
#define _DEFAULT_SOURCE /* the resolver's interface is in no standard */
#include "transport/mail_domain.h"

#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdbool.h>
#include <string.h>

#include "base/ascii.h"
#include "base/attr.h"

enum { ANSWER_MAX = 4096, WAIT_S = 2, TRIES = 1 };

/* Special use, or of a house's own network. */
static const char *const private_ends[] = { "test", "example", "invalid", "localhost",
	"local", "lan", "internal", "intranet", "home", "corp", "arpa", "onion" };

static bool
is_public(const char *domain)
{
	const char *dot = strrchr(domain, '.');

	if (!dot || dot == domain || !dot[1])
		return false;
	for (const char *p = domain; *p; p++) {
		if (!ascii_is_alphanumeric((unsigned char)*p) && *p != '-' && *p != '.')
			return false;
	}
	for (size_t i = 0; i < ARRAY_LEN(private_ends); i++) {
		if (ascii_eq_nocase(dot + 1, private_ends[i]))
			return false;
	}
	return true;
}

/* "0 .": the domain takes no mail, and says so. */
static bool
is_null_mx(const unsigned char *answer, int len)
{
	ns_msg m;
	ns_rr rr;
	char name[NS_MAXDNAME];
	int mx = 0;
	int null = 0;

	if (ns_initparse(answer, len, &m) != 0)
		return false;
	for (int i = 0; i < ns_msg_count(m, ns_s_an); i++) {
		if (ns_parserr(&m, ns_s_an, i, &rr) != 0)
			return false;
		if (ns_rr_type(rr) != ns_t_mx || ns_rr_rdlen(rr) < 3)
			continue;
		mx++;
		null += dn_expand(ns_msg_base(m), ns_msg_end(m), ns_rr_rdata(rr) + 2,
			    name, sizeof(name)) >= 0 &&
		    name[0] == '\0';
	}
	return mx == 1 && null == 1;
}

/* *len: of the answer, when it takes mail. */
static enum mail_domain
ask(struct __res_state *state, const char *domain, int type, unsigned char *answer,
    int *len)
{
	*len = res_nquery(state, domain, ns_c_in, type, answer, ANSWER_MAX);
	if (*len > ANSWER_MAX)
		*len = ANSWER_MAX;
	if (*len > 0)
		return DOMAIN_TAKES_MAIL;
	switch (state->res_h_errno) {
	case HOST_NOT_FOUND:
	case NO_DATA:
		return DOMAIN_TAKES_NONE;
	default:
		return DOMAIN_UNKNOWN;
	}
}

static enum mail_domain
look_up(struct __res_state *state, const char *domain)
{
	unsigned char answer[ANSWER_MAX];
	int len = 0;
	enum mail_domain said = ask(state, domain, ns_t_mx, answer, &len);

	if (said == DOMAIN_TAKES_MAIL)
		return is_null_mx(answer, len) ? DOMAIN_TAKES_NONE : DOMAIN_TAKES_MAIL;
	if (said != DOMAIN_TAKES_NONE || state->res_h_errno == HOST_NOT_FOUND)
		return said;
	said = ask(state, domain, ns_t_a, answer, &len);
	return said == DOMAIN_TAKES_NONE ? ask(state, domain, ns_t_aaaa, answer, &len)
					 : said;
}

enum mail_domain
mail_domain_look_up(const char *domain, int port)
{
	struct __res_state state;
	enum mail_domain said = DOMAIN_UNKNOWN;

	memset(&state, 0, sizeof(state));
	if (!is_public(domain) || res_ninit(&state) != 0)
		return DOMAIN_UNKNOWN;
	state.retrans = WAIT_S;
	state.retry = TRIES;
	if (port != 0) {
		state.nscount = 1;
		state.nsaddr_list[0] = (struct sockaddr_in){ .sin_family = AF_INET,
			.sin_port = htons((uint16_t)port),
			.sin_addr = { htonl(INADDR_LOOPBACK) } };
	}
	said = look_up(&state, domain);
	res_nclose(&state);
	return said;
}
