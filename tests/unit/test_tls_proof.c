/* SPDX-License-Identifier: ISC */
/* Which server is believed: pins, what the DNS says, authorities. */
#include "unit/smtp_fixture.h"

#include "config/pins.h"
#include "transport/smtp_settings.h"
#include "transport/smtp_trust.h"
#include "transport/tls_proof.h"
#include "transport/tlsa.h"

/* sha256 of "" (FIPS 180-4), in the ways a keeper may have it. */
#define EMPTY_HEX "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define EMPTY_COLONS \
	"E3:B0:C4:42:98:FC:1C:14:9A:FB:F4:C8:99:6F:B9:24:27:AE:41:E4:64:9B:93:4C:A4:95:" \
	"99:1B:78:52:B8:55"
#define EMPTY_BASE64 "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="

/* ---- as they are written ------------------------------------------------------------- */

static const struct {
	const char *name, *text;
	bool ok;
	size_t count;
} written[] = {
	{ "none", "", true, 0 },
	{ "blanks", " \t ", true, 0 },
	{ "hex", EMPTY_HEX, true, 1 },
	{ "hex with colons, as openssl prints it", EMPTY_COLONS, true, 1 },
	{ "base64", EMPTY_BASE64, true, 1 },
	{ "with its hash's name", "sha256:" EMPTY_BASE64, true, 1 },
	{ "as curl has it", "sha256//" EMPTY_BASE64, true, 1 },
	{ "two, of both kinds", EMPTY_HEX "  " EMPTY_BASE64, true, 2 },
	{ "one digit short",
	    "3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", false, 0 },
	{ "no hex", "z" EMPTY_HEX, false, 0 },
	{ "base64 of 31 octets", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==", false,
	    0 },
	{ "base64 without its end", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU", false,
	    0 },
	{ "words", "none", false, 0 },
	{ "a second that is none", EMPTY_HEX " sha1", false, 0 },
	{ "more than eight",
	    EMPTY_HEX " " EMPTY_HEX " " EMPTY_HEX " " EMPTY_HEX " " EMPTY_HEX
		      " " EMPTY_HEX " " EMPTY_HEX " " EMPTY_HEX " " EMPTY_HEX,
	    false, 0 },
};

static void
pins_are_read_in_every_way_they_are_written(void **state)
{
	static const unsigned char first[] = { 0xe3, 0xb0, 0xc4, 0x42 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(written); i++) {
		struct pins p;
		const bool ok = pins_parse(written[i].text, &p);

		if (ok != written[i].ok || (ok && p.count != written[i].count))
			fail_msg("%s: got %d, %zu", written[i].name, ok, p.count);
		for (size_t k = 0; ok && k < p.count; k++)
			if (memcmp(p.list[k], first, sizeof(first)) != 0 ||
			    p.list[k][HASH_SIZE - 1] != 0x55)
				fail_msg("%s: pin %zu is another", written[i].name, k);
	}
}

/* ---- pins ---------------------------------------------------------------------------- */

/* What openssl says of a certificate; in the bench's arena. */
static const char *
openssl_says(struct bench *b, const char *command, const char *certificate)
{
	const char *out = arena_printf(b->arena, "%s/said", b->dir);
	const char *script =
	    arena_printf(b->arena, "cd '%s' && %s >'%s'", pki, command, out);
	const char *args[] = { "sh", "-c", script, "sh", certificate, NULL };
	struct buf text = BUF_INIT(1 << 16);
	struct err err = ERR_INIT;
	const char *kept = NULL;

	assert_int_equal(child_run(args, NULL), 0);
	assert_true(file_read(out, &text, &err));
	kept = arena_strndup(b->arena, buf_text(&text), strcspn(buf_text(&text), "\n"));
	buf_clear(&text);
	assert_true(*kept != '\0');
	return kept;
}

static const char spki[] = "openssl x509 -in $1.crt -pubkey -noout | "
			   "openssl pkey -pubin -outform der | ";

static const char *
pin_of(struct bench *b, const char *certificate)
{
	return openssl_says(b,
	    arena_printf(b->arena, "%sopenssl dgst -sha256 -binary | base64", spki),
	    certificate);
}

static const char *const pinned[] = { "good", "wrong", "expired", "selfsigned" };

static void
a_key_that_is_pinned_is_believed_whoever_signed_it(void **state)
{
	struct bench *b = *state;

	for (size_t i = 0; i < ARRAY_LEN(pinned); i++) {
		if (i > 0)
			begin_again(b);
		b->config.smtp.security = i % 2 ? SECURITY_TLS : SECURITY_STARTTLS;
		b->config.smtp.pin =
		    arena_printf(b->arena, "%s %s", EMPTY_HEX, pin_of(b, pinned[i]));
		b->config.smtp.ca_file = "/nonexistent";
		serve(b,
		    arena_printf(b->arena, "%s=%s", i % 2 ? "tls" : "starttls",
			pinned[i]));
		expect_all_sent(b);
	}
}

static void
another_key_than_the_pinned_one_gets_nothing_and_both_are_named(void **state)
{
	struct bench *b = *state;

	b->config.smtp.security = SECURITY_STARTTLS;
	b->config.smtp.user = "ann";
	b->passwords[0] = "secret";
	b->config.smtp.pin = EMPTY_HEX;
	serve(b, "starttls=good;auth=PLAIN");
	expect_failure(b, ERR_PERMANENT, "is not the one of smtp.pin");
	expect_count(b, "login", 0);
	if (!strstr(b->err.why, "smtp.pin says " EMPTY_BASE64) ||
	    !strstr(b->err.why, pin_of(b, "good")))
		fail_msg("both keys are not told: %s", b->err.why);
}

static void
a_pin_makes_tls_a_must(void **state)
{
	struct bench *b = *state;
	struct smtp_server mail;
	struct wire_trust *trust = NULL;

	b->config.smtp.security = SECURITY_AUTO;
	assert_true(smtp_settings_read(&b->config, NULL, b->arena, &mail, &b->err));
	assert_int_equal(mail.security, SMTP_TLS_IF_OFFERED);
	b->config.smtp.pin = EMPTY_HEX;
	assert_true(smtp_trust_new(&b->config, &mail, b->arena, &trust, &b->err));
	assert_int_equal(mail.security, SMTP_STARTTLS);
	wire_trust_free(trust);
	b->config.smtp.security = SECURITY_NONE;
	assert_true(smtp_settings_read(&b->config, NULL, b->arena, &mail, &b->err));
	assert_false(smtp_trust_new(&b->config, &mail, b->arena, &trust, &b->err));
	assert_int_equal(b->err.kind, ERR_CONFIG);
}

/* ---- what the DNS says --------------------------------------------------------------- */

#define DIGEST "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

struct dns {
	pid_t pid;
	int port;
	const char *zone, *log;
};

static void
start_dns(struct bench *b, struct dns *d)
{
	int out[2] = { -1, -1 };
	char port[16] = "";
	size_t n = 0;

	d->zone = arena_printf(b->arena, "%s/zone", b->dir);
	d->log = arena_printf(b->arena, "%s/asked", b->dir);
	const char *args[] = { "python3", "tests/servers/dnsd.py", d->zone, d->log,
		NULL };

	assert_int_equal(pipe(out), 0);
	assert_int_equal(fcntl(out[0], F_SETFD, FD_CLOEXEC), 0);
	d->pid = child_start(args, out[1]);
	(void)close(out[1]);
	while (n < sizeof(port) - 1 && read(out[0], port + n, 1) == 1 && port[n] != '\n')
		n++;
	(void)close(out[0]);
	d->port = (int)strtol(port, NULL, 10);
	assert_true(d->pid > 0 && d->port > 0);
}

static void
stop_dns(struct dns *d)
{
	(void)kill(d->pid, SIGKILL);
	(void)waitpid(d->pid, NULL, 0);
}

#define HOST "mail.planet.net"
#define TLSA "_25._tcp." HOST " TLSA "
#define A_SIGNED HOST " A signed 127.0.0.1\n"

static const struct {
	const char *name, *zone;
	bool ok;
	size_t count;
	bool is_asked; /* for TLSA */
	const char
	    *ways; /* "USAGE SELECTOR MATCHING OCTETS" of the last record, or NULL */
} zones[] = {
	{ "a signed record", A_SIGNED TLSA "signed 3 1 1 " DIGEST "\n", true, 1, true,
	    "3 1 1 32" },
	{ "the whole of anything", A_SIGNED TLSA "signed 2 0 0 00\n", true, 1, true,
	    "2 0 0 1" },
	{ "addresses whose signature is wrong",
	    HOST " A servfail\n" TLSA "signed 3 1 1 " DIGEST "\n", true, 0, false, NULL },
	{ "two of them",
	    A_SIGNED TLSA "signed 3 1 1 " DIGEST "\n" TLSA "signed 2 0 2 " DIGEST DIGEST
			  "\n",
	    true, 2, true, "2 0 2 64" },
	{ "not signed", A_SIGNED TLSA "unsigned 3 1 1 " DIGEST "\n", true, 0, true,
	    NULL },
	{ "none, and that is signed", A_SIGNED TLSA "signed\n", true, 0, true, NULL },
	{ "no such name", A_SIGNED, true, 0, true, NULL },
	{ "addresses that are not signed: nobody asks further",
	    HOST " A unsigned 127.0.0.1\n" TLSA "signed 3 1 1 " DIGEST "\n", true, 0,
	    false, NULL },
	{ "no such host", "", true, 0, false, NULL },
	{ "a wrong signature stops", A_SIGNED TLSA "servfail\n", false, 0, true, NULL },
	{ "authorities of the web mean nothing for mail",
	    A_SIGNED TLSA "signed 0 1 1 " DIGEST "\n" TLSA "signed 1 1 1 " DIGEST "\n",
	    true, 0, true, NULL },
	{ "a digest of another length, and unknown ways",
	    A_SIGNED TLSA "signed 3 1 2 " DIGEST "\n" TLSA "signed 3 1 1 00\n" TLSA
			  "signed 3 1 1 " DIGEST DIGEST "\n" TLSA "signed 3 2 1 " DIGEST
			  "\n" TLSA "signed 3 1 3 " DIGEST "\n" TLSA
			  "signed 4 1 1 " DIGEST "\n",
	    true, 0, true, NULL },
	{ "one of them is of use",
	    A_SIGNED TLSA "signed 3 1 2 " DIGEST "\n" TLSA "signed 3 0 1 " DIGEST "\n",
	    true, 1, true, "3 0 1 32" },
};

/* Octet by octet those of DIGEST, which has each of its digits twice. */
static void
expect_ways(const char *name, const struct tlsa_list *list, const char *want)
{
	const struct tlsa_record *r = &list->records[list->count - 1];
	char got[80];

	(void)snprintf(got, sizeof(got), "%d %d %d %zu", (int)r->usage, (int)r->selector,
	    (int)r->matching, r->len);
	if (strcmp(got, want) != 0)
		fail_msg("%s: got %s", name, got);
	for (size_t i = 0; i < r->len; i++)
		assert_int_equal(r->bytes[i], i % 16 * 0x11);
}

static void
records_are_believed_only_when_they_are_signed(void **state)
{
	struct bench *b = *state;
	struct dns d;

	start_dns(b, &d);
	for (size_t i = 0; i < ARRAY_LEN(zones); i++) {
		struct tlsa_list list;
		struct buf asked = BUF_INIT(4096);
		bool ok = false;

		err_clear(&b->err);
		(void)unlink(d.log);
		assert_true(file_write(d.zone, zones[i].zone, strlen(zones[i].zone), 0600,
		    &b->err));
		ok = tlsa_look_up(HOST, 25, d.port, b->arena, &list, &b->err);
		if (ok != zones[i].ok || list.count != zones[i].count)
			fail_msg("%s: got %d, %zu records (%s)", zones[i].name, ok,
			    list.count, b->err.text);
		if (zones[i].ways)
			expect_ways(zones[i].name, &list, zones[i].ways);
		if (!ok) {
			assert_int_equal(b->err.kind, ERR_TEMPORARY);
			assert_string_equal(b->err.text,
			    "what the DNS says of the certificate of " HOST
			    " cannot be learnt");
		}
		err_clear(&b->err);
		assert_true(file_read(d.log, &asked, &b->err));
		if ((strstr(buf_text(&asked), "TLSA _25._tcp." HOST) != NULL) !=
		    zones[i].is_asked)
			fail_msg("%s: asked %s", zones[i].name, buf_text(&asked));
		buf_clear(&asked);
	}
	stop_dns(&d);
}

/* Sixteen records, and 4096 octets of all that there are. */
static const struct {
	size_t records, octets; /* of each, with what says its way */
	bool ok;
	size_t count;
} masses[] = {
	{ 16, 35, true, 16 },
	{ 17, 35, true, 16 },
	{ 1, 4096, true, 1 },
	{ 1, 4097, false, 0 },
	{ 2, 2048, true, 2 },
	{ 2, 2049, false, 0 },
};

static void
so_many_records_are_looked_at(void **state)
{
	struct bench *b = *state;
	struct buf zone = BUF_INIT(1 << 16);
	struct dns d;

	start_dns(b, &d);
	for (size_t i = 0; i < ARRAY_LEN(masses); i++) {
		struct tlsa_list list;
		bool ok = false;

		buf_reset(&zone);
		buf_adds(&zone, A_SIGNED);
		for (size_t n = 0; n < masses[i].records; n++) {
			buf_adds(&zone, TLSA "signed 3 1 ");
			buf_adds(&zone, masses[i].octets == 35 ? "1 " : "0 ");
			for (size_t k = 3; k < masses[i].octets; k++)
				buf_adds(&zone, "ab");
			buf_addc(&zone, '\n');
		}
		assert_true(file_write(d.zone, zone.data, zone.len, 0600, &b->err));
		ok = tlsa_look_up(HOST, 25, d.port, b->arena, &list, &b->err);
		if (ok != masses[i].ok || list.count != masses[i].count)
			fail_msg("%zu of %zu: got %d, %zu", masses[i].records,
			    masses[i].octets, ok, list.count);
		err_clear(&b->err);
	}
	stop_dns(&d);
	buf_clear(&zone);
}

static void
addresses_and_this_machine_are_not_looked_up(void **state)
{
	static const char *const hosts[] = { "127.0.0.1", "::1", "192.0.2.7",
		"localhost" };
	struct bench *b = *state;
	struct tlsa_list list;

	for (size_t i = 0; i < ARRAY_LEN(hosts); i++) {
		/* Nobody answers at port 1: a question would fail. */
		assert_true(tlsa_look_up(hosts[i], 25, 1, b->arena, &list, &b->err));
		assert_int_equal(list.count, 0);
	}
}

/* ---- certificates and records -------------------------------------------------------- */

/* usage selector matching, whose data; and the certificate that the server shows */
static const struct {
	const char *name;
	enum tlsa_usage usage;
	enum tlsa_selector selector;
	enum tlsa_matching matching;
	const char *of, *shown;
	bool stands;
} shown[] = {
	{ "3 1 1 of its key", TLSA_SERVER, TLSA_KEY, TLSA_SHA256, "good", "good", true },
	{ "3 0 1 of its certificate", TLSA_SERVER, TLSA_WHOLE, TLSA_SHA256, "good",
	    "good", true },
	{ "3 1 2", TLSA_SERVER, TLSA_KEY, TLSA_SHA512, "good", "good", true },
	{ "3 0 0, the whole", TLSA_SERVER, TLSA_WHOLE, TLSA_EXACT, "good", "good", true },
	{ "3 1 0, the whole key", TLSA_SERVER, TLSA_KEY, TLSA_EXACT, "good", "good",
	    true },
	{ "its own, though it has ended", TLSA_SERVER, TLSA_KEY, TLSA_SHA256, "expired",
	    "expired", true },
	{ "its own, for another name", TLSA_SERVER, TLSA_KEY, TLSA_SHA256, "wrong",
	    "wrong", true },
	{ "its own, by nobody", TLSA_SERVER, TLSA_WHOLE, TLSA_SHA256, "selfsigned",
	    "selfsigned", true },
	{ "another key", TLSA_SERVER, TLSA_KEY, TLSA_SHA256, "wrong", "good", false },
	{ "its authority's key said to be its own", TLSA_SERVER, TLSA_KEY, TLSA_SHA256,
	    "ca", "good-chain", false },
	{ "2 0 1 of its authority", TLSA_AUTHORITY, TLSA_WHOLE, TLSA_SHA256, "ca",
	    "good-chain", true },
	{ "2 1 1 of its authority", TLSA_AUTHORITY, TLSA_KEY, TLSA_SHA256, "ca",
	    "good-chain", true },
	{ "2 0 0 of an authority that is not shown", TLSA_AUTHORITY, TLSA_WHOLE,
	    TLSA_EXACT, "ca", "good", true },
	{ "2 0 1 of one that is not shown", TLSA_AUTHORITY, TLSA_WHOLE, TLSA_SHA256, "ca",
	    "good", false },
	{ "by its authority, for another name", TLSA_AUTHORITY, TLSA_WHOLE, TLSA_SHA256,
	    "ca", "wrong-chain", false },
	{ "by its authority, and ended", TLSA_AUTHORITY, TLSA_WHOLE, TLSA_SHA256, "ca",
	    "expired-chain", false },
	{ "beside an authority that did not sign it", TLSA_AUTHORITY, TLSA_WHOLE,
	    TLSA_SHA256, "ca", "selfsigned-chain", false },
	{ "2 0 0 of an authority that did not sign it", TLSA_AUTHORITY, TLSA_WHOLE,
	    TLSA_EXACT, "ca", "selfsigned", false },
	{ "its own key said to be an authority's", TLSA_AUTHORITY, TLSA_KEY, TLSA_SHA256,
	    "good", "good-chain", false },
};

static unsigned char *
digest_of(struct bench *b, size_t i, size_t *len)
{
	static const char *const how[] = { "cat", "openssl dgst -sha256 -binary",
		"openssl dgst -sha512 -binary" };
	const char *part = shown[i].selector == TLSA_KEY
	    ? spki
	    : "openssl x509 -in $1.crt -outform der | ";
	const char *hex = openssl_says(b,
	    arena_printf(b->arena, "%s %s | od -An -v -tx1 | tr -d ' \\n'", part,
		how[shown[i].matching]),
	    shown[i].of);
	unsigned char *out = arena_alloc(b->arena, strlen(hex) / 2 + 1);

	for (*len = 0; hex[2 * *len] != '\0'; ++*len) {
		const char two[] = { hex[2 * *len], hex[2 * *len + 1], '\0' };

		out[*len] = (unsigned char)strtol(two, NULL, 16);
	}
	return out;
}

/* The server says its authority's certificate behind its own. */
static void
make_chains(void)
{
	const char *args[] = { "sh", "-c",
		"cd \"$1\" && for n in good wrong expired selfsigned; do "
		"cat $n.crt ca.crt >$n-chain.crt && cp $n.key $n-chain.key; done",
		"sh", pki, NULL };

	assert_int_equal(child_run(args, NULL), 0);
}

static void
a_certificate_must_be_what_the_records_say(void **state)
{
	struct bench *b = *state;

	make_chains();
	for (size_t i = 0; i < ARRAY_LEN(shown); i++) {
		size_t len = 0;
		const unsigned char *bytes = digest_of(b, i, &len);
		/* One that fits nothing goes before it: any of them may. */
		struct tlsa_record records[] = {
			{ TLSA_SERVER, TLSA_KEY, TLSA_SHA256,
			    (const unsigned char *)EMPTY_HEX, HASH_SIZE },
			{ shown[i].usage, shown[i].selector, shown[i].matching, bytes,
			    len },
		};
		const struct tls_demand demand = { .pins = { .count = 0 },
			.tlsa = { records, ARRAY_LEN(records) } };
		const struct wire_target target = { NULL, "localhost", (int)server_port,
			NULL };
		struct wire_trust *trust = NULL;
		struct wire *w = NULL;
		bool ok = false;

		err_clear(&b->err);
		serve(b, arena_printf(b->arena, "tls=%s", shown[i].shown));
		trust = wire_trust_new(b->config.smtp.ca_file, &demand, &b->err);
		w = wire_open(&target, 5000, &b->err);
		assert_true(trust && w);
		wire_begin(w, 5000, 5000, 1024);
		ok = wire_start_tls(w, trust, "localhost", &b->err);
		if (ok != shown[i].stands)
			fail_msg("%s: got %d (%s)", shown[i].name, ok, b->err.text);
		if (!ok &&
		    (b->err.kind != ERR_PERMANENT ||
			!strstr(b->err.text, "not the one that the DNS names")))
			fail_msg("%s: %s", shown[i].name, b->err.text);
		wire_free(w);
		wire_trust_free(trust);
	}
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pins_are_read_in_every_way_they_are_written),
		T(a_key_that_is_pinned_is_believed_whoever_signed_it),
		T(another_key_than_the_pinned_one_gets_nothing_and_both_are_named),
		T(a_pin_makes_tls_a_must),
		T(records_are_believed_only_when_they_are_signed),
		T(so_many_records_are_looked_at),
		T(addresses_and_this_machine_are_not_looked_up),
		T(a_certificate_must_be_what_the_records_say),
	};

	return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
