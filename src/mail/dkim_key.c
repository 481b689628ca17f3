/* SPDX-License-Identifier: ISC */
#include "mail/dkim_key.h"

#include <stdlib.h>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "base/mem.h"
#include "format/mime_encoding.h"

enum { RSA_BITS = 2048, RSA_BITS_LEAST = 1024, RSA_BITS_MOST = 4096, ED25519_SIZE = 32 };

struct dkim_key {
	EVP_PKEY *pkey;
	EVP_PKEY_CTX *rsa; /* made ready once, which costs as much as a letter's digest */
	enum dkim_algorithm algorithm;
};

/* A key under a passphrase is of no use to a program that nobody sits at. */
static int
no_passphrase(char *out, int size, int is_writing, void *arg)
{
	(void)out;
	(void)size;
	(void)is_writing;
	(void)arg;
	return -1;
}

static bool
look_at_kind(struct dkim_key *k, struct err *err)
{
	const int bits = EVP_PKEY_get_bits(k->pkey);

	switch (EVP_PKEY_get_base_id(k->pkey)) {
	case EVP_PKEY_RSA:
		k->algorithm = DKIM_RSA_SHA256;
		return (bits >= RSA_BITS_LEAST && bits <= RSA_BITS_MOST) ||
		    err_set(err, ERR_CONFIG,
			"an RSA key of %d bits, which receivers do not take", bits);
	case EVP_PKEY_ED25519:
		k->algorithm = DKIM_ED25519_SHA256;
		return true;
	default:
		return err_set(err, ERR_CONFIG, "a key that is neither RSA nor Ed25519");
	}
}

static bool
make_ready(struct dkim_key *k, struct err *err)
{
	if (k->algorithm != DKIM_RSA_SHA256)
		return true;
	k->rsa = EVP_PKEY_CTX_new(k->pkey, NULL);
	return (k->rsa && EVP_PKEY_sign_init(k->rsa) == 1 &&
		   EVP_PKEY_CTX_set_rsa_padding(k->rsa, RSA_PKCS1_PADDING) == 1 &&
		   EVP_PKEY_CTX_set_signature_md(k->rsa, EVP_sha256()) == 1) ||
	    err_set(err, ERR_CONFIG, "an RSA key that cannot sign");
}

struct dkim_key *
dkim_key_read(const char *pem, size_t len, struct err *err)
{
	struct dkim_key *k = xcalloc(1, sizeof(*k));
	BIO *bio = len <= DKIM_KEY_FILE_MAX ? BIO_new_mem_buf(pem, (int)len) : NULL;

	if (bio)
		k->pkey = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
	BIO_free(bio);
	if (k->pkey && look_at_kind(k, err) && make_ready(k, err))
		return k;
	if (!k->pkey)
		(void)err_set(err, ERR_CONFIG,
		    "no private key in PEM without a passphrase");
	dkim_key_free(k);
	return NULL;
}

void
dkim_key_free(struct dkim_key *k)
{
	if (!k)
		return;
	EVP_PKEY_CTX_free(k->rsa);
	EVP_PKEY_free(k->pkey);
	free(k);
}

bool
dkim_key_make(enum dkim_algorithm algorithm, struct buf *pem, struct err *err)
{
	EVP_PKEY *pkey = algorithm == DKIM_RSA_SHA256
	    ? EVP_RSA_gen(RSA_BITS)
	    : EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	BIO *bio = BIO_new(BIO_s_mem());
	char *text = NULL;
	long len = 0;
	bool ok = pkey && bio &&
	    PEM_write_bio_PrivateKey(bio, pkey, NULL, NULL, 0, NULL, NULL) == 1;

	if (ok) {
		len = BIO_get_mem_data(bio, &text);
		buf_add(pem, text, (size_t)len);
	}
	BIO_free(bio);
	EVP_PKEY_free(pkey);
	return ok || err_set(err, ERR_SYSTEM, "no key could be made");
}

enum dkim_algorithm
dkim_key_algorithm(const struct dkim_key *k)
{
	return k->algorithm;
}

/* RSA: SubjectPublicKeyInfo in DER; Ed25519: the 32 octets alone. */
bool
dkim_key_add_public(const struct dkim_key *k, struct buf *out)
{
	unsigned char raw[ED25519_SIZE];
	size_t size = sizeof(raw);
	unsigned char *der = NULL;
	int len = 0;

	if (k->algorithm == DKIM_ED25519_SHA256) {
		if (EVP_PKEY_get_raw_public_key(k->pkey, raw, &size) != 1)
			return false;
		mime_base64(out, raw, size, false);
		return true;
	}
	len = i2d_PUBKEY(k->pkey, &der);
	if (len > 0)
		mime_base64(out, der, (size_t)len, false);
	OPENSSL_free(der);
	return len > 0;
}

/* RFC 8463 3: Ed25519 signs the digest as if it were the message. */
static bool
sign_ed25519(const struct dkim_key *k, const unsigned char *digest,
    unsigned char *signature, size_t *len)
{
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	const bool ok = c && EVP_DigestSignInit(c, NULL, NULL, NULL, k->pkey) == 1 &&
	    EVP_DigestSign(c, signature, len, digest, HASH_SIZE) == 1;

	EVP_MD_CTX_free(c);
	return ok;
}

bool
dkim_key_sign(const struct dkim_key *k, const unsigned char digest[HASH_SIZE],
    unsigned char signature[DKIM_SIGNATURE_MAX], size_t *len)
{
	*len = DKIM_SIGNATURE_MAX;
	if (k->algorithm == DKIM_RSA_SHA256)
		return EVP_PKEY_sign(k->rsa, signature, len, digest, HASH_SIZE) == 1;
	return sign_ed25519(k, digest, signature, len);
}
