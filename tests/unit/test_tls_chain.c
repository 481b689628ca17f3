/* SPDX-License-Identifier: ISC */
/* Certificates of the test's own making: chains, records and pins, and what is said of them. */
#include "unit/wire_fixture.h"

#include <gnutls/crypto.h>

#include "base/file.h"
#include "base/mem.h"

#define HOST "mail.planet.example"

/* ---- certificates -------------------------------------------------------------------- */

enum who {
	AUTHORITY,
	BETWEEN,
	SERVER,
	EXPIRED,
	EARLY,
	OTHER_NAME,
	CLIENT,
	ALONE,
	WHO_COUNT
};

static const struct {
	const char *name; /* of a host, or of an authority */
	enum who by;      /* itself: signed by itself */
	bool is_authority;
	int64_t from, to; /* seconds from now */
	const char *purpose;
} wanted[WHO_COUNT] = {
	[AUTHORITY] = { "Planet Authority", AUTHORITY, true, -3600, 3600, NULL },
	[BETWEEN] = { "Planet Between", AUTHORITY, true, -3600, 3600, NULL },
	[SERVER] = { HOST, BETWEEN, false, -3600, 3600, GNUTLS_KP_TLS_WWW_SERVER },
	[EXPIRED] = { HOST, BETWEEN, false, -3600, -60, GNUTLS_KP_TLS_WWW_SERVER },
	[EARLY] = { HOST, BETWEEN, false, 600, 3600, GNUTLS_KP_TLS_WWW_SERVER },
	[OTHER_NAME] = { "www.planet.example", BETWEEN, false, -3600, 3600,
	    GNUTLS_KP_TLS_WWW_SERVER },
	[CLIENT] = { HOST, BETWEEN, false, -3600, 3600, GNUTLS_KP_TLS_WWW_CLIENT },
	[ALONE] = { HOST, ALONE, false, -3600, 3600, GNUTLS_KP_TLS_WWW_SERVER },
};

static gnutls_x509_crt_t crts[WHO_COUNT];
static gnutls_x509_privkey_t keys[WHO_COUNT];
static char ca_file[] = "/tmp/test_tls_chain.XXXXXX";

static void
make_certificate(enum who who)
{
	const time_t now = time(NULL);
	const unsigned char serial = (unsigned char)(who + 1);
	gnutls_x509_crt_t crt = NULL;

	assert_int_equal(gnutls_x509_privkey_init(&keys[who]), 0);
	assert_int_equal(gnutls_x509_privkey_generate(keys[who], GNUTLS_PK_ECDSA,
			     GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0),
	    0);
	assert_int_equal(gnutls_x509_crt_init(&crt), 0);
	crts[who] = crt;
	assert_int_equal(gnutls_x509_crt_set_key(crt, keys[who]), 0);
	assert_int_equal(gnutls_x509_crt_set_version(crt, 3), 0);
	assert_int_equal(gnutls_x509_crt_set_serial(crt, &serial, 1), 0);
	assert_int_equal(gnutls_x509_crt_set_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME,
			     0, wanted[who].name, (unsigned)strlen(wanted[who].name)),
	    0);
	assert_int_equal(gnutls_x509_crt_set_activation_time(crt, now + wanted[who].from),
	    0);
	assert_int_equal(gnutls_x509_crt_set_expiration_time(crt, now + wanted[who].to),
	    0);
	assert_int_equal(gnutls_x509_crt_set_basic_constraints(crt,
			     wanted[who].is_authority, -1),
	    0);
	if (wanted[who].purpose)
		assert_int_equal(gnutls_x509_crt_set_key_purpose_oid(crt,
				     wanted[who].purpose, 0),
		    0);
	if (!wanted[who].is_authority)
		assert_int_equal(gnutls_x509_crt_set_subject_alt_name(crt,
				     GNUTLS_SAN_DNSNAME, wanted[who].name,
				     (unsigned)strlen(wanted[who].name), GNUTLS_FSAN_SET),
		    0);
	assert_int_equal(gnutls_x509_crt_sign2(crt, crts[wanted[who].by],
			     keys[wanted[who].by], GNUTLS_DIG_SHA256, 0),
	    0);
}

/* GnuTLS compares names of certificates that it has read, not of those that it makes. */
static void
read_again(enum who who)
{
	gnutls_datum_t der = { NULL, 0 };

	assert_int_equal(gnutls_x509_crt_export2(crts[who], GNUTLS_X509_FMT_DER, &der),
	    0);
	gnutls_x509_crt_deinit(crts[who]);
	assert_int_equal(gnutls_x509_crt_init(&crts[who]), 0);
	assert_int_equal(gnutls_x509_crt_import(crts[who], &der, GNUTLS_X509_FMT_DER), 0);
	gnutls_free(der.data);
}

static int
group_setup(void **state)
{
	gnutls_datum_t pem = { NULL, 0 };
	struct err err = ERR_INIT;
	const int fd = mkstemp(ca_file);

	(void)state;
	for (int who = 0; who < WHO_COUNT; who++)
		make_certificate((enum who)who);
	for (int who = 0; who < WHO_COUNT; who++)
		read_again((enum who)who);
	assert_int_equal(gnutls_x509_crt_export2(crts[AUTHORITY], GNUTLS_X509_FMT_PEM,
			     &pem),
	    0);
	assert_true(fd >= 0);
	(void)close(fd);
	assert_true(file_write(ca_file, (char *)pem.data, pem.size, 0600, &err));
	gnutls_free(pem.data);
	return 0;
}

static int
group_teardown(void **state)
{
	(void)state;
	(void)unlink(ca_file);
	for (int who = 0; who < WHO_COUNT; who++) {
		gnutls_x509_crt_deinit(crts[who]);
		gnutls_x509_privkey_deinit(keys[who]);
	}
	return 0;
}

/* Shakes hands with a server that shows these, its own first; the error in err. */
static bool
meet(const enum who *shown, size_t count, const struct tls_demand *demand,
    const char *host, struct err *err)
{
	struct identity id = { .credentials = NULL };
	struct wire_trust *trust = wire_trust_new(ca_file, demand, err);
	gnutls_x509_crt_t list[8];
	struct pair p;
	struct tls_server s = { .id = &id, .priority = "NORMAL" };
	bool ok = false;

	assert_non_null(trust);
	assert_false(err_is_set(err));
	for (size_t i = 0; i < count; i++)
		list[i] = crts[shown[i]];
	assert_int_equal(gnutls_certificate_allocate_credentials(&id.credentials), 0);
	assert_int_equal(gnutls_certificate_set_x509_key(id.credentials, list, (int)count,
			     keys[shown[0]]),
	    0);
	open_pair(&p, 0);
	ok = start_tls(&p, &s, trust, host, err);
	close_pair(&p);
	gnutls_deinit(s.session);
	gnutls_certificate_free_credentials(id.credentials);
	wire_trust_free(trust);
	return ok;
}

/* ---- authorities --------------------------------------------------------------------- */

static const struct {
	const char *name;
	enum who shown[3];
	size_t count;
	const char *host;
	const char *why; /* NULL: it is believed */
} authorities[] = {
	{ "a chain to the authority", { SERVER, BETWEEN }, 2, HOST, NULL },
	{ "with the authority itself", { SERVER, BETWEEN, AUTHORITY }, 3, HOST, NULL },
	{ "in another case", { SERVER, BETWEEN }, 2, "MAIL.planet.EXAMPLE", NULL },
	{ "a chain with a gap", { SERVER }, 1, HOST,
	    "The certificate issuer is unknown" },
	{ "signed by itself", { ALONE }, 1, HOST, "The certificate issuer is unknown" },
	{ "one that has ended", { EXPIRED, BETWEEN }, 2, HOST,
	    "The certificate chain uses expired certificate" },
	{ "one that has not begun", { EARLY, BETWEEN }, 2, HOST,
	    "The certificate chain uses not yet valid certificate" },
	{ "another name", { OTHER_NAME, BETWEEN }, 2, HOST,
	    "The name in the certificate does not match the expected" },
	{ "a name inside it", { SERVER, BETWEEN }, 2, "planet.example",
	    "The name in the certificate does not match the expected" },
	{ "that of a client", { CLIENT, BETWEEN }, 2, HOST,
	    "The certificate chain does not match the intended purpose" },
};

static void
authorities_name_dates_and_purpose_must_stand(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(authorities); i++) {
		struct err err = ERR_INIT;
		char want[240];
		const bool ok = meet(authorities[i].shown, authorities[i].count, NULL,
		    authorities[i].host, &err);

		(void)snprintf(want, sizeof(want),
		    "the certificate of %s is not to be trusted: %s", authorities[i].host,
		    authorities[i].why ? authorities[i].why : "");
		if (ok != !authorities[i].why || (!ok && strcmp(err.text, want) != 0))
			fail_msg("%s: %d %s", authorities[i].name, ok, err.text);
		if (ok)
			continue;
		assert_int_equal(err.kind, ERR_PERMANENT);
		assert_string_equal(err.hint,
		    "nothing was sent; smtp.host must be the name in the certificate, "
		    "smtp.ca_file may name its authority");
	}
}

/* ---- pins ---------------------------------------------------------------------------- */

/* sha256 of "", and of "abc" (FIPS 180-4) */
#define EMPTY "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
#define ABC "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="

static void
add_pin(struct pins *pins, enum who who)
{
	struct pins one;

	memset(&one, 0, sizeof(one));
	pin_key(keys[who], &one);
	memcpy(pins->list[pins->count++], one.list[0], HASH_SIZE);
}

static void
a_server_has_one_of_the_pinned_keys(void **state)
{
	static const enum who shown[] = { ALONE, SERVER };
	static const struct {
		const char *others; /* in front, and behind */
		bool has_own, in_front;
	} rows[] = {
		{ "", true, true },
		{ EMPTY, true, true },
		{ EMPTY, true, false },
		{ EMPTY " " ABC, true, true },
		{ EMPTY " " ABC, true, false },
		{ EMPTY " " ABC, false, false },
		{ EMPTY, false, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct tls_demand demand = { .pins = { .count = 0 } };
		struct pins others;
		struct err err = ERR_INIT;

		assert_true(pins_parse(rows[i].others, &others));
		if (rows[i].has_own && rows[i].in_front)
			add_pin(&demand.pins, ALONE);
		for (size_t k = 0; k < others.count; k++)
			memcpy(demand.pins.list[demand.pins.count++], others.list[k],
			    HASH_SIZE);
		if (rows[i].has_own && !rows[i].in_front)
			add_pin(&demand.pins, ALONE);
		if (meet(shown, 1, &demand, HOST, &err) != rows[i].has_own)
			fail_msg("%zu: %s", i, err.text);
		assert_string_equal(err.text,
		    rows[i].has_own ? ""
				    : "the key of " HOST " is not the one of smtp.pin");
	}
}

/* Its own key counts, not that of an authority behind it; and both are told. */
static void
the_key_and_all_pins_are_told(void **state)
{
	static const enum who shown[] = { SERVER, BETWEEN };
	struct tls_demand demand = { .pins = { .count = 0 } };
	struct err err = ERR_INIT;
	char why[160];
	const char *end = NULL;

	(void)state;
	assert_true(pins_parse(EMPTY " " ABC, &demand.pins));
	assert_false(meet(shown, 2, &demand, HOST, &err));
	assert_int_equal(err.kind, ERR_PERMANENT);
	assert_string_equal(err.text, "the key of " HOST " is not the one of smtp.pin");
	assert_string_equal(err.hint,
	    "nothing was sent; ask whoever runs it whether the key is new, and only then "
	    "change smtp.pin");
	assert_memory_equal(err.why, "its sha256 is ", 14);
	end = strstr(err.why, ", smtp.pin says ");
	assert_non_null(end);
	assert_string_equal(end, ", smtp.pin says " EMPTY " " ABC);
	/* 32 octets of base64, which are the pin that would do. */
	assert_int_equal(end - err.why, 14 + 44);
	(void)snprintf(why, sizeof(why), "%.44s", err.why + 14);
	assert_true(pins_parse(why, &demand.pins));
	err_clear(&err);
	assert_true(meet(shown, 2, &demand, HOST, &err));
	demand.pins.count = 0;
	add_pin(&demand.pins, BETWEEN);
	assert_false(meet(shown, 2, &demand, HOST, &err));
}

/* ---- records ------------------------------------------------------------------------- */

enum data {
	WHOLE,
	HASH_256,
	HASH_512,
	SHORT,
	LONG,
	CHANGED,
	/* The certificate, whatever the record says that it is: a key, a digest. */
	AS_KEY,
	AS_DIGEST
};

static const struct {
	const char *name;
	enum tlsa_usage usage;
	enum tlsa_selector selector;
	enum data data;
	enum who of;
	enum who shown[3];
	size_t count;
	const char *host;
	bool stands;
} records[] = {
	/* RFC 7672 3.1.1: neither name nor dates of its own count. */
	{ "its own", TLSA_SERVER, TLSA_WHOLE, HASH_256, EXPIRED, { EXPIRED }, 1,
	    "x.example", true },
	{ "its own key", TLSA_SERVER, TLSA_KEY, HASH_512, ALONE, { ALONE }, 1, HOST,
	    true },
	{ "its own key, whole", TLSA_SERVER, TLSA_KEY, WHOLE, ALONE, { ALONE }, 1, HOST,
	    true },
	{ "a digest that is cut", TLSA_SERVER, TLSA_KEY, SHORT, ALONE, { ALONE }, 1, HOST,
	    false },
	{ "one with more", TLSA_SERVER, TLSA_KEY, LONG, ALONE, { ALONE }, 1, HOST,
	    false },
	{ "one of another last octet", TLSA_SERVER, TLSA_KEY, CHANGED, ALONE, { ALONE },
	    1, HOST, false },
	{ "that of one behind it", TLSA_SERVER, TLSA_KEY, HASH_256, BETWEEN,
	    { SERVER, BETWEEN }, 2, HOST, false },
	{ "the next authority", TLSA_AUTHORITY, TLSA_KEY, HASH_256, BETWEEN,
	    { SERVER, BETWEEN }, 2, HOST, true },
	{ "the one behind that", TLSA_AUTHORITY, TLSA_WHOLE, HASH_512, AUTHORITY,
	    { SERVER, BETWEEN, AUTHORITY }, 3, HOST, true },
	{ "the next one of three", TLSA_AUTHORITY, TLSA_WHOLE, HASH_256, BETWEEN,
	    { SERVER, BETWEEN, AUTHORITY }, 3, HOST, true },
	{ "an authority with a gap below", TLSA_AUTHORITY, TLSA_WHOLE, HASH_256,
	    AUTHORITY, { SERVER, AUTHORITY }, 2, HOST, false },
	{ "its own as an authority", TLSA_AUTHORITY, TLSA_KEY, HASH_256, SERVER,
	    { SERVER, BETWEEN }, 2, HOST, false },
	{ "an authority, another name", TLSA_AUTHORITY, TLSA_KEY, HASH_256, BETWEEN,
	    { OTHER_NAME, BETWEEN }, 2, HOST, false },
	{ "an authority, ended", TLSA_AUTHORITY, TLSA_KEY, HASH_256, BETWEEN,
	    { EXPIRED, BETWEEN }, 2, HOST, false },
	{ "an authority, for clients", TLSA_AUTHORITY, TLSA_KEY, HASH_256, BETWEEN,
	    { CLIENT, BETWEEN }, 2, HOST, false },
	{ "one that signed nothing of it", TLSA_AUTHORITY, TLSA_KEY, HASH_256, BETWEEN,
	    { ALONE, BETWEEN }, 2, HOST, false },
	/* RFC 7671 5.2.2 */
	{ "one that is not shown, whole", TLSA_AUTHORITY, TLSA_WHOLE, WHOLE, BETWEEN,
	    { SERVER }, 1, HOST, true },
	{ "the first one, not shown", TLSA_AUTHORITY, TLSA_WHOLE, WHOLE, AUTHORITY,
	    { SERVER, BETWEEN }, 2, HOST, true },
	{ "its key is too little", TLSA_AUTHORITY, TLSA_KEY, WHOLE, BETWEEN, { SERVER },
	    1, HOST, false },
	{ "its digest is too little", TLSA_AUTHORITY, TLSA_WHOLE, HASH_256, BETWEEN,
	    { SERVER }, 1, HOST, false },
	{ "a certificate said to be a key", TLSA_AUTHORITY, TLSA_KEY, AS_KEY, BETWEEN,
	    { SERVER }, 1, HOST, false },
	{ "a certificate said to be a digest", TLSA_AUTHORITY, TLSA_WHOLE, AS_DIGEST,
	    BETWEEN, { SERVER }, 1, HOST, false },
	{ "not shown, and another name", TLSA_AUTHORITY, TLSA_WHOLE, WHOLE, BETWEEN,
	    { OTHER_NAME }, 1, HOST, false },
	{ "not shown, and of another", TLSA_AUTHORITY, TLSA_WHOLE, WHOLE, BETWEEN,
	    { ALONE }, 1, HOST, false },
};

/* The octets of a record; to be freed. */
static unsigned char *
data_of(size_t i, size_t *len)
{
	const enum data data = records[i].data;
	gnutls_datum_t der = { NULL, 0 };
	gnutls_pubkey_t key = NULL;
	unsigned char *out = NULL;

	if (records[i].selector == TLSA_WHOLE || data == AS_KEY) {
		assert_int_equal(gnutls_x509_crt_export2(crts[records[i].of],
				     GNUTLS_X509_FMT_DER, &der),
		    0);
	} else {
		assert_int_equal(gnutls_pubkey_init(&key), 0);
		assert_int_equal(gnutls_pubkey_import_x509(key, crts[records[i].of], 0),
		    0);
		assert_int_equal(gnutls_pubkey_export2(key, GNUTLS_X509_FMT_DER, &der),
		    0);
		gnutls_pubkey_deinit(key);
	}
	out = xcalloc(1, der.size + 65);
	memcpy(out, der.data, der.size);
	*len = der.size;
	if (data == HASH_512) {
		assert_int_equal(gnutls_hash_fast(GNUTLS_DIG_SHA512, der.data, der.size,
				     out),
		    0);
		*len = 64;
	} else if (data != WHOLE && data != AS_KEY && data != AS_DIGEST) {
		hash_sha256(der.data, der.size, out);
		*len = data == SHORT ? 31 : data == LONG ? 33 : 32;
		out[31] ^= data == CHANGED;
	}
	gnutls_free(der.data);
	return out;
}

static void
expect_record(size_t i, const struct tlsa_record *list, size_t count)
{
	const struct tls_demand demand = { .pins = { .count = 0 },
		.tlsa = { (struct tlsa_record *)(uintptr_t)list, count } };
	struct err err = ERR_INIT;
	char want[240];
	const bool ok =
	    meet(records[i].shown, records[i].count, &demand, records[i].host, &err);

	(void)snprintf(want, sizeof(want),
	    "the certificate of %s is not the one that the DNS names", records[i].host);
	if (ok != records[i].stands || (!ok && strcmp(err.text, want) != 0))
		fail_msg("%s: %d %s", records[i].name, ok, err.text);
	if (ok)
		return;
	assert_int_equal(err.kind, ERR_PERMANENT);
	assert_string_equal(err.hint,
	    "nothing was sent; its TLSA records are wrong, or it is another server");
}

static void
one_of_the_records_must_fit(void **state)
{
	static const unsigned char none[32];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(records); i++) {
		size_t len = 0;
		unsigned char *bytes = data_of(i, &len);
		const struct tlsa_record fits = { records[i].usage, records[i].selector,
			records[i].data == WHOLE || records[i].data == AS_KEY ? TLSA_EXACT
			    : records[i].data == HASH_512 ? TLSA_SHA512
							  : TLSA_SHA256,
			bytes, len };
		const struct tlsa_record other = { TLSA_SERVER, TLSA_WHOLE, TLSA_SHA256,
			none, sizeof(none) };
		const struct tlsa_record list[] = { other, fits, other };

		/* Alone, and one that fits nothing before it, or on both sides. */
		expect_record(i, &fits, 1);
		if (i % 2)
			expect_record(i, list, 2);
		else
			expect_record(i, list, 3);
		free(bytes);
	}
}

/* A server that authorities would believe must be the one of its records all the same. */
static void
records_count_more_than_authorities_and_pins_more_than_records(void **state)
{
	static const enum who shown[] = { SERVER, BETWEEN };
	static unsigned char none[32];
	struct tlsa_record record = { TLSA_SERVER, TLSA_WHOLE, TLSA_SHA256, none, 32 };
	struct tls_demand demand = { .pins = { .count = 0 }, .tlsa = { &record, 1 } };
	struct err err = ERR_INIT;

	(void)state;
	assert_false(meet(shown, 2, &demand, HOST, &err));
	err_clear(&err);
	add_pin(&demand.pins, SERVER);
	assert_true(meet(shown, 2, &demand, HOST, &err));
	demand = (struct tls_demand){ .pins = { .count = 0 } };
	assert_true(meet(shown, 2, &demand, HOST, &err));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(authorities_name_dates_and_purpose_must_stand),
		cmocka_unit_test(a_server_has_one_of_the_pinned_keys),
		cmocka_unit_test(the_key_and_all_pins_are_told),
		cmocka_unit_test(one_of_the_records_must_fit),
		cmocka_unit_test(
		    records_count_more_than_authorities_and_pins_more_than_records),
	};

	return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
