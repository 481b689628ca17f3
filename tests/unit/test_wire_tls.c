/* SPDX-License-Identifier: ISC */
/* Connections under TLS: whom to believe, names, records, and what was kept back of them. */
#include "unit/wire_fixture.h"

#include "base/file.h"

static struct identity own;

static int
group_setup(void **state)
{
	(void)state;
	identity_init(&own);
	return 0;
}

static int
group_teardown(void **state)
{
	(void)state;
	gnutls_certificate_free_credentials(own.credentials);
	return 0;
}

/* A pair that believes in the key of its own identity. */
static void
open_tls(struct pair *p, struct tls_server *s, int room, const char *priority)
{
	struct err err = ERR_INIT;
	struct wire_trust *trust = wire_trust_new("/nonexistent", &own.demand, &err);

	assert_non_null(trust);
	open_pair(p, room);
	*s = (struct tls_server){ .id = &own, .priority = priority };
	if (!start_tls(p, s, trust, "mail.planet.example", &err))
		fail_msg("%s", err.text);
	assert_int_equal(s->shaken, 0);
	wire_trust_free(trust);
}

static void
close_tls(struct pair *p, struct tls_server *s)
{
	close_pair(p);
	gnutls_deinit(s->session);
	free(s->heard);
}

/* ---- whom to believe ----------------------------------------------------------------- */

#define NO_CERTIFICATE "no certificate in it"

static const struct {
	const char *name, *text, *want;
} authorities[] = {
	{ "an empty file", "", NO_CERTIFICATE },
	{ "words", "These are my authorities.\n", NO_CERTIFICATE },
	{ "another thing in PEM",
	    "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
	    NO_CERTIFICATE },
	{ "no base64", "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n",
	    NO_CERTIFICATE },
	{ "no certificate inside",
	    "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
	    "ASN1 parser: Error in TAG." },
};

static void
a_file_without_authorities_says_so(void **state)
{
	char path[] = "/tmp/test_wire_ca.XXXXXX";
	const int fd = mkstemp(path);
	char text[120];
	struct err err = ERR_INIT;

	(void)state;
	assert_true(fd >= 0);
	(void)close(fd);
	for (size_t i = 0; i < ARRAY_LEN(authorities); i++) {
		err_clear(&err);
		assert_true(file_write(path, authorities[i].text,
		    strlen(authorities[i].text), 0600, &err));
		assert_null(wire_trust_new(path, NULL, &err));
		(void)snprintf(text, sizeof(text), "%s: %s", path, authorities[i].want);
		if (err.kind != ERR_CONFIG || strcmp(err.text, text) != 0)
			fail_msg("%s: %d %s", authorities[i].name, (int)err.kind,
			    err.text);
	}
	(void)unlink(path);
	err_clear(&err);
	assert_null(wire_trust_new(path, NULL, &err));
	(void)snprintf(text, sizeof(text), "%s: No such file or directory", path);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_string_equal(err.text, text);
}

/* "" is as NULL; a machine may have none. */
static void
without_a_file_the_authorities_of_the_system_count(void **state)
{
	static const char *const none[] = { NULL, "" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(none); i++) {
		struct err err = ERR_INIT;
		struct wire_trust *trust = wire_trust_new(none[i], NULL, &err);

		if (!trust) {
			assert_int_equal(err.kind, ERR_CONFIG);
			assert_string_equal(err.text,
			    "this system has no certificate authorities");
			assert_string_equal(err.hint,
			    "install ca-certificates, or set smtp.ca_file");
		}
		wire_trust_free(trust);
	}
}

/* ---- handshakes ---------------------------------------------------------------------- */

static const struct {
	const char *host, *asked;
} names[] = {
	{ "mail.planet.example", "mail.planet.example" },
	{ "localhost", "localhost" },
	{ "127.0.0.1", "" },
	{ "::1", "" },
	{ "2001:db8::25", "" },
};

/* RFC 6066 3: "Literal IPv4 and IPv6 addresses are not permitted". */
static void
a_name_is_asked_for_and_an_address_is_not(void **state)
{
	struct err err = ERR_INIT;
	struct wire_trust *trust = wire_trust_new(NULL, &own.demand, &err);

	(void)state;
	assert_non_null(trust);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct pair p;
		struct tls_server s = { .id = &own, .priority = "NORMAL" };

		open_pair(&p, 0);
		if (!start_tls(&p, &s, trust, names[i].host, &err))
			fail_msg("%s: %s", names[i].host, err.text);
		assert_string_equal(s.name, names[i].asked);
		assert_true(wire_is_encrypted(p.wire));
		close_tls(&p, &s);
	}
	wire_trust_free(trust);
}

static const struct {
	const char *priority;
	bool ok;
	enum wire_binding binding;
	size_t len;
} versions[] = {
	/* RFC 9266 2: 32 octets; RFC 5929 3: the first Finished, of 12. */
	{ "NORMAL:-VERS-ALL:+VERS-TLS1.3", true, WIRE_BINDING_EXPORTER, 32 },
	{ "NORMAL:-VERS-ALL:+VERS-TLS1.2", true, WIRE_BINDING_UNIQUE, 12 },
	{ "LEGACY:-VERS-ALL:+VERS-TLS1.1", false, WIRE_BINDING_NONE, 0 },
	{ "LEGACY:-VERS-ALL:+VERS-TLS1.0", false, WIRE_BINDING_NONE, 0 },
};

/* Both ends name the session alike. */
static void
expect_binding(struct pair *p, struct tls_server *s, size_t i)
{
	unsigned char bytes[WIRE_BINDING_MAX];
	gnutls_datum_t theirs = { NULL, 0 };
	size_t len = 0;

	assert_int_equal(wire_binding(p->wire, bytes, &len), versions[i].binding);
	assert_int_equal(len, versions[i].len);
	assert_int_equal(gnutls_session_channel_binding(s->session,
			     versions[i].binding == WIRE_BINDING_EXPORTER
				 ? GNUTLS_CB_TLS_EXPORTER
				 : GNUTLS_CB_TLS_UNIQUE,
			     &theirs),
	    0);
	assert_int_equal(theirs.size, len);
	assert_memory_equal(theirs.data, bytes, len);
	gnutls_free(theirs.data);
}

static void
tls_is_of_version_1_2_or_later_and_its_session_has_a_name(void **state)
{
	struct err err = ERR_INIT;
	struct wire_trust *trust = wire_trust_new(NULL, &own.demand, &err);

	(void)state;
	assert_non_null(trust);
	for (size_t i = 0; i < ARRAY_LEN(versions); i++) {
		struct pair p;
		struct tls_server s = { .id = &own, .priority = versions[i].priority };
		bool ok = false;

		err_clear(&err);
		open_pair(&p, 0);
		ok = start_tls(&p, &s, trust, "localhost", &err);
		if (ok != versions[i].ok)
			fail_msg("%s: %d %s", versions[i].priority, ok, err.text);
		if (ok) {
			expect_binding(&p, &s, i);
		} else {
			assert_int_equal(err.kind, ERR_TEMPORARY);
			assert_memory_equal(err.text, "TLS with localhost: ", 20);
		}
		close_tls(&p, &s);
	}
	wire_trust_free(trust);
}

static void
a_handshake_that_breaks_off_is_for_later(void **state)
{
	struct err err = ERR_INIT;
	struct wire_trust *trust = wire_trust_new(NULL, &own.demand, &err);
	struct pair p;

	(void)state;
	assert_non_null(trust);
	open_pair(&p, 0);
	wire_begin(p.wire, WAIT_MS, 30, MUCH);
	assert_false(wire_start_tls(p.wire, trust, "localhost", &err));
	assert_int_equal(err.kind, ERR_TEMPORARY);
	assert_string_equal(err.text, "TLS with localhost: timed out: nothing was heard");
	close_pair(&p);

	err_clear(&err);
	open_pair(&p, 0);
	assert_int_equal(shutdown(p.peer, SHUT_WR), 0);
	assert_false(wire_start_tls(p.wire, trust, "localhost", &err));
	assert_int_equal(err.kind, ERR_TEMPORARY);
	assert_string_equal(err.text,
	    "TLS with localhost: The TLS connection was non-properly terminated.");
	close_pair(&p);
	wire_trust_free(trust);
}

static void
a_key_that_is_not_pinned_ends_the_connection(void **state)
{
	struct tls_demand other = own.demand;
	struct err err = ERR_INIT;
	struct wire_trust *trust = NULL;
	struct pair p;
	struct tls_server s = { .id = &own, .priority = "NORMAL" };

	(void)state;
	other.pins.list[0][HASH_SIZE - 1] ^= 1;
	trust = wire_trust_new(NULL, &other, &err);
	assert_non_null(trust);
	open_pair(&p, 0);
	assert_false(start_tls(&p, &s, trust, "localhost", &err));
	assert_int_equal(err.kind, ERR_PERMANENT);
	assert_string_equal(err.text, "the key of localhost is not the one of smtp.pin");
	assert_string_equal(wire_reason(p.wire), "its certificate does not stand");
	close_tls(&p, &s);
	wire_trust_free(trust);
}

/* ---- bytes --------------------------------------------------------------------------- */

/* Pushes all of some pieces, and then what is on its way. */
static void
push_all(struct wire *w, struct iovec *pieces, size_t count)
{
	size_t taken = 0;
	enum wire_state got = wire_push(w, pieces, count, &taken);

	for (;;) {
		for (size_t i = 0; i < count; i++) {
			const size_t n =
			    taken < pieces[i].iov_len ? taken : pieces[i].iov_len;

			pieces[i].iov_base = (char *)pieces[i].iov_base + n;
			pieces[i].iov_len -= n;
			taken -= n;
		}
		assert_int_equal(taken, 0);
		if (got == WIRE_DONE)
			return;
		assert_int_equal(got, WIRE_WAITS);
		assert_true(wire_wait(w, true));
		got = wire_push(w, pieces, count, &taken);
	}
}

static const struct {
	const char *name;
	size_t lens[4], count;
} pushes[] = {
	{ "one octet", { 1 }, 1 },
	{ "an empty one between others", { 3, 0, 4 }, 3 },
	{ "a record to its last octet", { 16384 }, 1 },
	{ "one octet more", { 16385 }, 1 },
	{ "one that ends with the record", { 16000, 384, 5 }, 3 },
	{ "one over the end of the record", { 16000, 385, 5 }, 3 },
	{ "several records in one piece behind a small one", { 7, 50000, 9 }, 3 },
	{ "pieces of many records", { 100000, 1, 100001, 200000 }, 4 },
};

static void
what_is_pushed_arrives_in_its_order(void **state)
{
	char *bytes = malloc(MUCH);
	uint64_t total = 0;
	size_t at = 0;
	struct pair p;
	struct tls_server s;

	(void)state;
	assert_non_null(bytes);
	for (size_t i = 0; i < MUCH; i++)
		bytes[i] = (char)(i * 7 + i / 251);
	/* Without tickets, which nobody reads here: what is unread makes a close a reset. */
	open_tls(&p, &s, 0, "NORMAL:-VERS-ALL:+VERS-TLS1.2");
	s.heard = malloc(MUCH);
	assert_int_equal(pthread_create(&s.thread, NULL, hear_all, &s), 0);
	for (size_t i = 0; i < ARRAY_LEN(pushes); i++) {
		struct iovec pieces[4];

		for (size_t k = 0; k < pushes[i].count; k++) {
			pieces[k] = (struct iovec){ bytes + at, pushes[i].lens[k] };
			at += pushes[i].lens[k];
		}
		push_all(p.wire, pieces, pushes[i].count);
		total = at;
		assert_int_equal(wire_written(p.wire), total);
	}
	/* A good-bye ends it, which is not the end of the connection alone. */
	wire_free(p.wire);
	p.wire = NULL;
	assert_int_equal(pthread_join(s.thread, NULL), 0);
	assert_int_equal(s.ended, 0);
	assert_int_equal(s.heard_len, at);
	assert_memory_equal(s.heard, bytes, at);
	close_tls(&p, &s);
	free(bytes);
}

static void
under_tls_there_is_nothing_yet_something_or_an_end(void **state)
{
	struct pair p;
	struct tls_server s;
	char bytes[8] = "";

	(void)state;
	open_tls(&p, &s, 0, "NORMAL:-VERS-ALL:+VERS-TLS1.2");
	assert_int_equal(wire_take(p.wire, bytes, sizeof(bytes)), 0);
	assert_int_equal(gnutls_record_send(s.session, "hello", 5), 5);
	assert_int_equal(wire_read(p.wire, bytes, 3), 3);
	assert_memory_equal(bytes, "hel", 4);
	assert_int_equal(wire_read(p.wire, bytes, 8), 2);
	assert_memory_equal(bytes, "lol", 4);
	assert_int_equal(wire_write(p.wire, "abc", 3), 3);
	assert_int_equal(wire_written(p.wire), 3);
	assert_int_equal(gnutls_bye(s.session, GNUTLS_SHUT_WR), 0);
	assert_int_equal(wire_read(p.wire, bytes, 8), -1);
	assert_string_equal(wire_reason(p.wire), "the server closed the connection");
	close_tls(&p, &s);

	open_tls(&p, &s, 0, "NORMAL:-VERS-ALL:+VERS-TLS1.2");
	assert_int_equal(shutdown(p.peer, SHUT_WR), 0);
	assert_int_equal(wire_read(p.wire, bytes, 8), -1);
	assert_string_equal(wire_reason(p.wire),
	    "The TLS connection was non-properly terminated.");
	close_tls(&p, &s);
}

/* A server of TLS 1.2 may ask for another handshake: that is no end (RFC 5246 7.4.1.1). */
static void
a_warning_of_tls_is_not_the_end(void **state)
{
	struct pair p;
	struct tls_server s;
	char bytes[8] = "";

	(void)state;
	open_tls(&p, &s, 0, "NORMAL:-VERS-ALL:+VERS-TLS1.2");
	assert_int_equal(gnutls_rehandshake(s.session), 0);
	assert_int_equal(gnutls_record_send(s.session, "on", 2), 2);
	assert_int_equal(wire_read(p.wire, bytes, sizeof(bytes)), 2);
	assert_memory_equal(bytes, "on", 3);
	close_tls(&p, &s);
}

/* ---- what was kept back -------------------------------------------------------------- */

enum {
	RECORD = 16384,
	OVERHEAD =
	    22, /* RFC 8446 5.2: header 5, type 1, AES-GCM's or ChaCha20's tag 16 */
	RECORDS = 30,
	REMEMBERED = 128
};

#define TLS13 "NORMAL:-VERS-ALL:+VERS-TLS1.3"

/* RECORDS of the largest kind; then the peer resets.  What never left, in octets. */
static size_t
push_and_lose(struct pair *p)
{
	static char bytes[RECORDS * RECORD];
	const struct iovec piece = { bytes, sizeof(bytes) };
	size_t taken = 0;
	char octet = '\0';
	int left = 0;

	assert_int_equal(wire_push(p->wire, &piece, 1, &taken), WIRE_DONE);
	assert_int_equal(taken, sizeof(bytes));
	assert_true(wire_still_sends(p->wire));
	assert_false(wire_kept_back(p->wire, wire_written(p->wire)));
	reset_by_peer(p);
	assert_int_equal(wire_read(p->wire, &octet, 1), -1);
	assert_int_equal(ioctl(wire_fd(p->wire), SIOCOUTQNSD, &left), 0);
	assert_true(left > 0);
	return (size_t)left;
}

/*
 * A record is kept back when its last octet never left: record i from the end, 0 the last, when
 * those behind it are fewer octets than what never left.
 */
static void
of_records_those_that_never_left_whole_are_kept_back(void **state)
{
	struct pair p;
	struct tls_server s;
	size_t left = 0;

	(void)state;
	open_tls(&p, &s, 4096, TLS13);
	left = push_and_lose(&p);
	assert_int_equal(wire_written(p.wire), RECORDS * RECORD);
	/* The first one's is not known: nothing that was remembered ends in front of it. */
	for (size_t i = 0; i < RECORDS - 1; i++) {
		const uint64_t at = (uint64_t)(RECORDS - i) * RECORD;
		const bool kept = i * (RECORD + OVERHEAD) < left;

		/* Each octet of a record shares the record's fate. */
		assert_int_equal(wire_kept_back(p.wire, at), kept);
		assert_int_equal(wire_kept_back(p.wire, at - 1), kept);
		assert_int_equal(wire_kept_back(p.wire, at - RECORD + 1), kept);
	}
	assert_false(wire_kept_back(p.wire, RECORD));
	assert_true(wire_kept_back(p.wire, RECORDS * RECORD + 1));
	assert_false(wire_still_sends(p.wire));
	close_tls(&p, &s);
}

/*
 * Small records behind large ones: the ends of the last ones are remembered.  Of the first of
 * these it is not known where it begins.
 */
static void
what_is_forgotten_is_not_known_to_be_kept_back(void **state)
{
	static char bytes[256 * 1024];
	const struct iovec piece = { bytes, sizeof(bytes) };
	struct pair p;
	struct tls_server s;
	size_t taken = 0;
	char octet = '\0';
	uint64_t large = 0;

	(void)state;
	open_tls(&p, &s, 4096, TLS13);
	assert_int_equal(wire_push(p.wire, &piece, 1, &taken), WIRE_DONE);
	assert_int_equal(taken, sizeof(bytes));
	large = wire_written(p.wire);
	for (size_t i = 0; i < REMEMBERED; i++)
		assert_int_equal(wire_write(p.wire, "x", 1), 1);
	reset_by_peer(&p);
	assert_int_equal(wire_read(p.wire, &octet, 1), -1);
	for (size_t i = 2; i <= REMEMBERED; i++)
		assert_true(wire_kept_back(p.wire, large + i));
	assert_false(wire_kept_back(p.wire, large + 1));
	assert_false(wire_kept_back(p.wire, large));
	close_tls(&p, &s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_without_authorities_says_so),
		cmocka_unit_test(without_a_file_the_authorities_of_the_system_count),
		cmocka_unit_test(a_name_is_asked_for_and_an_address_is_not),
		cmocka_unit_test(
		    tls_is_of_version_1_2_or_later_and_its_session_has_a_name),
		cmocka_unit_test(a_handshake_that_breaks_off_is_for_later),
		cmocka_unit_test(a_key_that_is_not_pinned_ends_the_connection),
		cmocka_unit_test(what_is_pushed_arrives_in_its_order),
		cmocka_unit_test(under_tls_there_is_nothing_yet_something_or_an_end),
		cmocka_unit_test(a_warning_of_tls_is_not_the_end),
		cmocka_unit_test(of_records_those_that_never_left_whole_are_kept_back),
		cmocka_unit_test(what_is_forgotten_is_not_known_to_be_kept_back),
	};

	return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
