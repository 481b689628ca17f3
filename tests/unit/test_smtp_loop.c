/* SPDX-License-Identifier: ISC */
/* Many connections in one loop, and letters that do not fit into the network at once. */
#include "unit/smtp_fixture.h"

enum { READERS = 240, CONNECTIONS = 60, LINES = 4000 };

static void
readers(struct bench *b, size_t count)
{
	const char **names = arena_array(b->arena, count, sizeof(*names));

	for (size_t i = 0; i < count; i++)
		names[i] = arena_printf(b->arena, "reader%zu@example.org", i);
	buf_clear(&b->letters.bytes);
	letters_init(&b->letters, names, count);
}

/* One after the other they would wait 240 x 4 x 0.1 s. */
static void
sixty_connections_wait_at_the_same_time(void **state)
{
	struct bench *b = *state;
	const int64_t before = clock_ticks_ms();

	readers(b, READERS);
	b->config.smtp.connections = CONNECTIONS;
	serve(b, "nopipe;delay=0.1");
	expect_all_sent(b);
	expect_count(b, "session", CONNECTIONS);
	assert_true(clock_ticks_ms() - before < 48000);
}

/* The one that hangs costs its server's patience, twice; the others go on. */
static void
a_silent_connection_holds_no_other_up(void **state)
{
	struct bench *b = *state;

	readers(b, READERS);
	b->config.smtp.connections = 4;
	b->config.smtp.timeout = 2;
	serve(b, "hang-once=mail");
	expect_all_sent(b);
	assert_true(count_of(b, "session") >= 4);
}

/*
 * While an answer is written down nobody listens.  Those that were ready at the same time are
 * asked something new after that, and what they took before is none of their silence.
 */
static void
a_slow_store_is_no_silent_server(void **state)
{
	struct bench *b = *state;

	readers(b, 100);
	b->config.smtp.connections = 20;
	b->config.smtp.timeout = 2;
	b->letters.naps_every = 45;
	b->letters.nap_ms = 5000;
	serve(b, "nopipe;delay=0.1");
	expect_all_sent(b);
	expect_count(b, "session", 20);
}

static const struct {
	const char *name, *modes;
	enum smtp_security security;
} ways[] = {
	{ "DATA", "size=4000000", SECURITY_NONE },
	{ "BDAT", "chunking", SECURITY_NONE },
	{ "DATA under TLS", "starttls=good", SECURITY_STARTTLS },
	{ "BDAT under TLS", "starttls=good;chunking", SECURITY_STARTTLS },
};

/* Many lines begin with a dot, and the whole is larger than any socket's room. */
static void
large_letters_arrive_as_they_were(void **state)
{
	struct bench *b = *state;

	for (size_t n = 0; n < 2 * ARRAY_LEN(ways); n++) {
		const size_t i = n / 2;
		struct buf got = BUF_INIT(1 << 22);

		begin_again(b);
		b->letters.lines = LINES;
		b->letters.in_pieces = n % 2 == 1;
		b->config.smtp.security = ways[i].security;
		serve(b, arena_printf(b->arena, "%s;slow-read", ways[i].modes));
		expect_all_sent(b);
		assert_true(
		    file_read(arena_printf(b->arena, "%s/3.eml", b->dir), &got, &b->err));
		if (got.len != b->letters.bytes.len ||
		    memcmp(got.data, b->letters.bytes.data, got.len) != 0)
			fail_msg("%s%s: got %zu octets that differ, want %zu",
			    ways[i].name, b->letters.in_pieces ? " in pieces" : "",
			    got.len, b->letters.bytes.len);
		buf_clear(&got);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(sixty_connections_wait_at_the_same_time,
		    setup, teardown),
		cmocka_unit_test_setup_teardown(a_silent_connection_holds_no_other_up,
		    setup, teardown),
		cmocka_unit_test_setup_teardown(a_slow_store_is_no_silent_server, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(large_letters_arrive_as_they_were, setup,
		    teardown),
	};

	return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
