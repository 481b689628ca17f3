/* SPDX-License-Identifier: ISC */
#define _DEFAULT_SOURCE /* the resolver's interface is in no standard */
#include "transport/tlsa.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>
#include <string.h>

#include "base/ascii.h"
#include "base/limits.h"

enum {
	ANSWER_MAX = 8192,
	WAIT_S = 3,
	TRIES = 2,
	TYPE_TLSA = 52, /* RFC 6698 7.1 */
	FLAGS_AT = 3,   /* octet of a message's head with AD in it */
	FLAG_AD = 0x20, /* RFC 4035 3.2.3 */
	HEAD = 3,       /* octets of a record in front of its data */
	SHA256_LEN = 32,
	SHA512_LEN = 64
};

/* ---- whom to ask --------------------------------------------------------------------- */

/* A name server on this machine: nobody is between it and us. */
static bool
is_here(const struct __res_state *state, int i)
{
	const struct sockaddr_in *v4 = &state->nsaddr_list[i];
	const struct sockaddr_in6 *v6 = state->_u._ext.nsaddrs[i];

	if (v4->sin_family == AF_INET)
		return ntohl(v4->sin_addr.s_addr) >> 24 == 127;
	return v6 && IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
}

/*
 * Whoever may answer must be believed: "this is signed" is one bit, which anybody on the way
 * can set.  RES_TRUSTAD is `options trust-ad` of resolv.conf, by which whoever keeps this
 * machine says that the way is safe; it also makes the C library ask for the bit and pass it on.
 */
static bool
may_believe(struct __res_state *state, struct err *err)
{
	for (int i = 0; i < state->nscount && (state->options & RES_TRUSTAD) == 0; i++)
		if (!is_here(state, i)) {
			(void)err_set(err, ERR_CONFIG,
			    "smtp.dane: the name servers of this machine cannot be believed");
			(void)err_why(err, "one of them is on another");
			return err_hint(err,
			    "a validating one here (unbound), or options trust-ad in "
			    "/etc/resolv.conf; else smtp.dane = no");
		}
	state->options |= RES_TRUSTAD;
	return true;
}

static bool
open_resolver(struct __res_state *state, int dns_port, struct err *err)
{
	memset(state, 0, sizeof(*state));
	if (res_ninit(state) != 0)
		return err_set(err, ERR_SYSTEM, "no resolver");
	state->retrans = WAIT_S;
	state->retry = TRIES;
	/* Answers with long keys do not fit into 512 octets. */
	state->options |= RES_USE_EDNS0;
	if (dns_port != 0) {
		state->nscount = 1;
		state->nsaddr_list[0] = (struct sockaddr_in){ .sin_family = AF_INET,
			.sin_port = htons((uint16_t)dns_port),
			.sin_addr = { htonl(INADDR_LOOPBACK) } };
	}
	if (may_believe(state, err))
		return true;
	res_nclose(state);
	return false;
}

/* ---- questions ----------------------------------------------------------------------- */

struct answer {
	unsigned char bytes[ANSWER_MAX];
	int len;       /* 0: no such record, or no answer */
	bool is_known; /* there was an answer: yes or no */
	bool is_signed;
};

static void
ask(struct __res_state *state, const char *name, int type, struct answer *out)
{
	int n = 0;

	memset(out->bytes, 0, FLAGS_AT + 1);
	n = res_nquery(state, name, ns_c_in, type, out->bytes, ANSWER_MAX);
	/* That there is nothing is said in a message too, which is left in the room. */
	out->is_known = n > 0 || state->res_h_errno == HOST_NOT_FOUND ||
	    state->res_h_errno == NO_DATA;
	out->is_signed = out->is_known && (out->bytes[FLAGS_AT] & FLAG_AD) != 0;
	out->len = n <= 0 ? 0 : n < ANSWER_MAX ? n : ANSWER_MAX;
}

/* ---- records ------------------------------------------------------------------------- */

/* RFC 7672 3.1.3: usages 0 and 1 speak of authorities that mail knows nothing of. */
static bool
read_record(const unsigned char *data, size_t len, struct arena *a,
    struct tlsa_record *out)
{
	unsigned char *bytes = NULL;

	if (len <= HEAD || (data[0] != TLSA_AUTHORITY && data[0] != TLSA_SERVER) ||
	    data[1] > TLSA_KEY || data[2] > TLSA_SHA512)
		return false;
	len -= HEAD;
	if ((data[2] == TLSA_SHA256 && len != SHA256_LEN) ||
	    (data[2] == TLSA_SHA512 && len != SHA512_LEN))
		return false;
	bytes = arena_alloc(a, len);
	memcpy(bytes, data + HEAD, len);
	*out = (struct tlsa_record){ (enum tlsa_usage)data[0],
		(enum tlsa_selector)data[1], (enum tlsa_matching)data[2], bytes, len };
	return true;
}

/* False when the answer is broken. */
static bool
read_records(const struct answer *answer, struct arena *a, struct tlsa_list *out)
{
	ns_msg m;
	ns_rr rr;
	size_t total = 0;

	out->records = arena_array(a, LIMIT_TLSA, sizeof(*out->records));
	if (ns_initparse(answer->bytes, answer->len, &m) != 0)
		return false;
	for (int i = 0; i < ns_msg_count(m, ns_s_an) && out->count < LIMIT_TLSA; i++) {
		if (ns_parserr(&m, ns_s_an, i, &rr) != 0)
			return false;
		total += ns_rr_rdlen(rr);
		if (total > LIMIT_TLSA_BYTES)
			return false;
		if ((int)ns_rr_type(rr) == TYPE_TLSA &&
		    read_record(ns_rr_rdata(rr), ns_rr_rdlen(rr), a,
			&out->records[out->count]))
			out->count++;
	}
	return true;
}

/*
 * RFC 7672 2.1.2 and 2.2.2: only where the host's addresses are signed too, since name servers
 * of other zones are known to say nothing, or nonsense, when they are asked for TLSA.  The
 * records of the name that is set are looked at; those of a name it is an alias of are not.
 */
static bool
look_up(struct __res_state *state, const char *host, int port, struct arena *a,
    struct tlsa_list *out, struct err *err)
{
	struct answer *answer = arena_alloc(a, sizeof(*answer));

	ask(state, host, ns_t_a, answer);
	if (!answer->is_signed)
		return true;
	ask(state, arena_printf(a, "_%d._tcp.%s", port, host), TYPE_TLSA, answer);
	if (answer->is_known && (answer->len == 0 || !answer->is_signed))
		return true;
	if (answer->is_known && read_records(answer, a, out))
		return true;
	*out = (struct tlsa_list){ NULL, 0 };
	(void)err_set(err, ERR_TEMPORARY,
	    "what the DNS says of the certificate of %s cannot be learnt", host);
	return err_hint(err, "nothing was sent; smtp.dane = no does not ask");
}

static bool
is_address(const char *host)
{
	unsigned char bytes[sizeof(struct in6_addr)];

	return inet_pton(AF_INET, host, bytes) == 1 ||
	    inet_pton(AF_INET6, host, bytes) == 1;
}

bool
tlsa_look_up(const char *host, int port, int dns_port, struct arena *a,
    struct tlsa_list *out, struct err *err)
{
	struct __res_state state;
	bool ok = false;

	*out = (struct tlsa_list){ NULL, 0 };
	if (is_address(host) || ascii_eq_nocase(host, "localhost"))
		return true;
	if (!open_resolver(&state, dns_port, err))
		return false;
	ok = look_up(&state, host, port, a, out, err);
	res_nclose(&state);
	return ok;
}
