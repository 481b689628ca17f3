/* SPDX-License-Identifier: ISC */
#include "transport/tls_proof.h"

#include <stdint.h>
#include <string.h>

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/x509.h>

#include "base/buf.h"
#include "base/hash.h"
#include "format/mime_encoding.h"

enum { CHAIN_MOST = 10, DIGEST_MOST = 64, TEXT_MOST = 512, WANTED = 2 };

/* Certificates as the server showed them, its own first. */
struct chain {
	gnutls_x509_crt_t list[CHAIN_MOST];
	unsigned int count;
};

/* ---- what the server showed ---------------------------------------------------------- */

static void
free_chain(struct chain *c)
{
	while (c->count > 0)
		gnutls_x509_crt_deinit(c->list[--c->count]);
}

static bool
import(const gnutls_datum_t *der, gnutls_x509_crt_t *out)
{
	if (gnutls_x509_crt_init(out) != GNUTLS_E_SUCCESS)
		return false;
	if (gnutls_x509_crt_import(*out, der, GNUTLS_X509_FMT_DER) == GNUTLS_E_SUCCESS)
		return true;
	gnutls_x509_crt_deinit(*out);
	return false;
}

/* The first `most` of them; false, and none, when nothing is shown or one cannot be read. */
static bool
read_chain(gnutls_session_t session, unsigned int most, struct chain *out)
{
	unsigned int count = 0;
	const gnutls_datum_t *shown = gnutls_certificate_get_peers(session, &count);

	out->count = 0;
	for (; shown && out->count < count && out->count < most; out->count++)
		if (!import(&shown[out->count], &out->list[out->count])) {
			free_chain(out);
			break;
		}
	return out->count > 0;
}

/* The public key with its algorithm, or the whole certificate: DER, to be freed. */
static bool
part_of(gnutls_x509_crt_t crt, enum tlsa_selector selector, gnutls_datum_t *out)
{
	gnutls_pubkey_t key = NULL;
	bool ok = false;

	if (selector == TLSA_WHOLE)
		return gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_DER, out) ==
		    GNUTLS_E_SUCCESS;
	if (gnutls_pubkey_init(&key) != GNUTLS_E_SUCCESS)
		return false;
	ok = gnutls_pubkey_import_x509(key, crt, 0) == GNUTLS_E_SUCCESS &&
	    gnutls_pubkey_export2(key, GNUTLS_X509_FMT_DER, out) == GNUTLS_E_SUCCESS;
	gnutls_pubkey_deinit(key);
	return ok;
}

static bool
key_hash(gnutls_x509_crt_t crt, unsigned char out[HASH_SIZE])
{
	gnutls_datum_t key = { .data = NULL };

	if (!part_of(crt, TLSA_KEY, &key))
		return false;
	hash_sha256(key.data, key.size, out);
	gnutls_free(key.data);
	return true;
}

/* ---- pins ---------------------------------------------------------------------------- */

static bool
fits_pins(gnutls_session_t session, const struct pins *pins)
{
	unsigned char hash[HASH_SIZE];
	struct chain chain;
	bool fits = false;

	if (read_chain(session, 1, &chain) && key_hash(chain.list[0], hash))
		for (size_t i = 0; i < pins->count; i++)
			fits = fits || memcmp(pins->list[i], hash, HASH_SIZE) == 0;
	free_chain(&chain);
	return fits;
}

/* ---- records of the DNS -------------------------------------------------------------- */

static bool
matches(const struct tlsa_record *r, gnutls_x509_crt_t crt)
{
	unsigned char digest[DIGEST_MOST];
	gnutls_datum_t part = { .data = NULL };
	const unsigned char *bytes = NULL;
	size_t len = 0;
	bool same = false;

	if (!part_of(crt, r->selector, &part))
		return false;
	bytes = part.data;
	len = part.size;
	if (r->matching != TLSA_EXACT) {
		const gnutls_digest_algorithm_t how =
		    r->matching == TLSA_SHA256 ? GNUTLS_DIG_SHA256 : GNUTLS_DIG_SHA512;

		len = gnutls_hash_fast(how, part.data, part.size, digest) == 0
		    ? gnutls_hash_get_len(how)
		    : 0;
		bytes = digest;
	}
	same = len > 0 && len == r->len && memcmp(bytes, r->bytes, len) == 0;
	gnutls_free(part.data);
	return same;
}

/* What a certificate must be: of that host, and a server's.  Both are only read. */
static void
want_host(const char *host, gnutls_typed_vdata_st out[WANTED])
{
	static const char purpose[] = GNUTLS_KP_TLS_WWW_SERVER;

	out[0] = (gnutls_typed_vdata_st){ .type = GNUTLS_DT_DNS_HOSTNAME,
		.data = (unsigned char *)(uintptr_t)host };
	out[1] = (gnutls_typed_vdata_st){ .type = GNUTLS_DT_KEY_PURPOSE_OID,
		.data = (unsigned char *)(uintptr_t)purpose };
}

/* The certificates below that authority lead to it, are valid now and for that host. */
static bool
is_issued_by(const struct chain *chain, unsigned int below, gnutls_x509_crt_t authority,
    const char *host)
{
	gnutls_typed_vdata_st wanted[WANTED];
	gnutls_x509_trust_list_t trust = NULL;
	gnutls_x509_crt_t list[CHAIN_MOST];
	unsigned int verdict = 0;
	bool ok = false;

	if (gnutls_x509_trust_list_init(&trust, 0) != GNUTLS_E_SUCCESS)
		return false;
	want_host(host, wanted);
	memcpy(list, chain->list, below * sizeof(*list));
	ok = gnutls_x509_trust_list_add_cas(trust, &authority, 1, 0) == 1 &&
	    gnutls_x509_trust_list_verify_crt2(trust, list, below, wanted, WANTED, 0,
		&verdict, NULL) == GNUTLS_E_SUCCESS &&
	    verdict == 0;
	gnutls_x509_trust_list_deinit(trust, 0);
	return ok;
}

/* RFC 7671 5.2.2: a record with the whole certificate may stand for one that is not shown. */
static bool
is_issued_by_record(const struct chain *chain, const struct tlsa_record *r,
    const char *host)
{
	const gnutls_datum_t der = { (unsigned char *)(uintptr_t)r->bytes,
		(unsigned int)r->len };
	gnutls_x509_crt_t authority = NULL;
	bool ok = false;

	if (r->selector != TLSA_WHOLE || r->matching != TLSA_EXACT ||
	    !import(&der, &authority))
		return false;
	ok = is_issued_by(chain, chain->count, authority, host);
	gnutls_x509_crt_deinit(authority);
	return ok;
}

static bool
fits_record(const struct chain *chain, const struct tlsa_record *r, const char *host)
{
	/* RFC 7672 3.1.1: of the server's own, neither name nor dates count. */
	if (r->usage == TLSA_SERVER)
		return matches(r, chain->list[0]);
	for (unsigned int i = 1; i < chain->count; i++)
		if (matches(r, chain->list[i]) &&
		    is_issued_by(chain, i, chain->list[i], host))
			return true;
	return is_issued_by_record(chain, r, host);
}

static bool
fits_records(gnutls_session_t session, const struct tlsa_list *tlsa, const char *host)
{
	struct chain chain;
	bool fits = false;

	if (read_chain(session, CHAIN_MOST, &chain))
		for (size_t i = 0; i < tlsa->count && !fits; i++)
			fits = fits_record(&chain, &tlsa->records[i], host);
	free_chain(&chain);
	return fits;
}

/* ---- the handshake ------------------------------------------------------------------- */

static bool
fits_authorities(struct tls_proof *p, gnutls_session_t session)
{
	gnutls_typed_vdata_st wanted[WANTED];

	want_host(p->host, wanted);
	return gnutls_certificate_verify_peers(session, wanted, WANTED, &p->verdict) ==
	    GNUTLS_E_SUCCESS &&
	    p->verdict == 0;
}

static int
verify(gnutls_session_t session)
{
	struct tls_proof *p = gnutls_session_get_ptr(session);
	const struct tls_demand *d = p->demand;
	bool stands = false;

	if (d && d->pins.count > 0)
		stands = fits_pins(session, &d->pins);
	else if (d && d->tlsa.count > 0)
		stands = fits_records(session, &d->tlsa, p->host);
	else
		stands = fits_authorities(p, session);
	return stands ? 0 : GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR;
}

void
tls_proof_expect(struct tls_proof *p, gnutls_session_t session,
    const struct tls_demand *demand, const char *host)
{
	*p = (struct tls_proof){ demand, host, 0 };
	gnutls_session_set_ptr(session, p);
	gnutls_session_set_verify_function(session, verify);
}

/* ---- words --------------------------------------------------------------------------- */

static bool
say_pin(const struct tls_proof *p, gnutls_session_t session, struct err *err)
{
	const struct pins *pins = &p->demand->pins;
	struct buf b = BUF_INIT(TEXT_MOST);
	unsigned char hash[HASH_SIZE];
	struct chain chain;

	(void)err_set(err, ERR_PERMANENT, "the key of %s is not the one of smtp.pin",
	    p->host);
	buf_adds(&b, "its sha256 is ");
	if (read_chain(session, 1, &chain) && key_hash(chain.list[0], hash))
		mime_base64(&b, hash, HASH_SIZE, false);
	free_chain(&chain);
	buf_adds(&b, ", smtp.pin says ");
	for (size_t i = 0; i < pins->count; i++) {
		buf_adds(&b, i > 0 ? " " : "");
		mime_base64(&b, pins->list[i], HASH_SIZE, false);
	}
	(void)err_why(err, "%s", buf_text(&b));
	buf_clear(&b);
	return err_hint(err,
	    "nothing was sent; ask whoever runs it whether the key is new, and only then "
	    "change smtp.pin");
}

/*
 * The verdict's words without its full stop: "The certificate issuer is unknown".  GnuTLS puts
 * a sentence in front that says no more than the verdict itself.
 */
static void
add_verdict(unsigned int verdict, struct buf *b)
{
	static const char preface[] = "The certificate is NOT trusted. ";
	gnutls_datum_t text = { .data = NULL };
	const char *words = "";

	if (verdict != 0 &&
	    gnutls_certificate_verification_status_print(verdict, GNUTLS_CRT_X509, &text,
		0) == GNUTLS_E_SUCCESS)
		words = (const char *)text.data;
	if (strncmp(words, preface, sizeof(preface) - 1) == 0)
		words += sizeof(preface) - 1;
	buf_adds(b, *words != '\0' ? words : "it cannot be verified");
	gnutls_free(text.data);
	while (b->len > 0 && (b->data[b->len - 1] == ' ' || b->data[b->len - 1] == '.'))
		buf_truncate(b, b->len - 1);
}

bool
tls_proof_say(const struct tls_proof *p, gnutls_session_t session, struct err *err)
{
	struct buf b = BUF_INIT(TEXT_MOST);

	if (p->demand && p->demand->pins.count > 0)
		return say_pin(p, session, err);
	if (p->demand && p->demand->tlsa.count > 0) {
		(void)err_set(err, ERR_PERMANENT,
		    "the certificate of %s is not the one that the DNS names", p->host);
		return err_hint(err,
		    "nothing was sent; its TLSA records are wrong, or it is another server");
	}
	add_verdict(p->verdict, &b);
	(void)err_set(err, ERR_PERMANENT,
	    "the certificate of %s is not to be trusted: %s", p->host, buf_text(&b));
	buf_clear(&b);
	return err_hint(err,
	    "nothing was sent; smtp.host must be the name in the "
	    "certificate, smtp.ca_file may name its authority");
}
