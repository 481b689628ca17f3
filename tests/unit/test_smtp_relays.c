/* SPDX-License-Identifier: ISC */
/* Letters to several mail servers: shares, domains, and servers that fail in mid-send. */
#include "unit/smtp_fixture.h"
#include "unit/scratch.h"

enum { SERVERS = 3, READERS = 240 };

static struct {
	pid_t pid;
	int64_t port;
	char dir[48];
} servers[SERVERS];

static int64_t
read_port(int fd)
{
	char port[16] = "";
	size_t n = 0;

	while (n < sizeof(port) - 1 && read(fd, port + n, 1) == 1 && port[n] != '\n')
		n++;
	return strtol(port, NULL, 10);
}

/* A server of its own, with up to two modes. */
static void
start(size_t i, const char *mode, const char *other)
{
	const char *args[] = { "python3", "tests/servers/smtpd.py", servers[i].dir, mode,
		other, NULL };
	int out[2] = { -1, -1 };

	(void)snprintf(servers[i].dir, sizeof(servers[i].dir), "%s/relay%zu", shared, i);
	assert_true(mkdir(servers[i].dir, 0700) == 0 || errno == EEXIST);
	assert_int_equal(pipe(out), 0);
	assert_int_equal(fcntl(out[0], F_SETFD, FD_CLOEXEC), 0);
	servers[i].pid = child_start(args, out[1]);
	(void)close(out[1]);
	servers[i].port = read_port(out[0]);
	(void)close(out[0]);
	assert_true(servers[i].port > 0);
}

static void
stop_server(size_t i)
{
	if (servers[i].pid > 0) {
		(void)kill(servers[i].pid, SIGKILL);
		(void)waitpid(servers[i].pid, NULL, 0);
	}
	servers[i].pid = 0;
}

static int
end(void **state)
{
	for (size_t i = 0; i < SERVERS; i++) {
		stop_server(i);
		if (servers[i].dir[0] != '\0')
			scratch_remove(servers[i].dir);
	}
	return teardown(state);
}

static struct relay_options relays[SERVERS];

/* The settings of three relays beside no [smtp]; READERS letters. */
static void
use_relays(struct bench *b)
{
	const char **names = arena_array(b->arena, READERS, sizeof(*names));

	for (size_t i = 0; i < SERVERS; i++) {
		relays[i] = (struct relay_options){ i == 0 ? "one"
			    : i == 1                       ? "two"
							   : "three",
			b->config.smtp, "" };
		relays[i].smtp.port = servers[i].port;
		relays[i].smtp.connections = 2;
	}
	b->config.relays = relays;
	b->config.relay_count = SERVERS;
	for (size_t i = 0; i < READERS; i++)
		names[i] = arena_printf(b->arena, "reader%zu@%s", i,
		    i % 4 == 0 ? "gmx.example" : "example.org");
	buf_clear(&b->letters.bytes);
	letters_init(&b->letters, names, READERS);
}

/* The letters that server i took; its log is added to b->log. */
static size_t
taken_by(struct bench *b, size_t i, struct buf *all)
{
	const char *path = arena_printf(b->arena, "%s/log", servers[i].dir);
	struct buf text = BUF_INIT(1 << 22);
	struct err err = ERR_INIT;
	size_t count = 0;

	if (file_exists(path))
		assert_true(file_read(path, &text, &err));
	for (const char *p = buf_text(&text); (p = strstr(p, "accepted ")) != NULL; p++)
		count++;
	if (strstr(buf_text(&text), "wrong"))
		fail_msg("server %zu saw: %s", i, buf_text(&text));
	buf_add(all, buf_text(&text), text.len);
	buf_clear(&text);
	return count;
}

/* Runs; every letter that was sent arrived once somewhere, others nowhere unless in doubt. */
static bool
send_all(struct bench *b, size_t taken[SERVERS], size_t *doubts)
{
	struct letter_source src = letters_source(&b->letters);
	const bool ok = transport_run(&b->t, &src, &b->err);
	struct buf all = BUF_INIT(1 << 24);

	assert_null(letters_broken(&b->letters));
	for (size_t i = 0; i < SERVERS; i++)
		taken[i] = taken_by(b, i, &all);
	free(b->log);
	b->log = buf_take(&all);
	*doubts = 0;
	for (size_t i = 0; i < b->letters.count; i++) {
		const char *to = arena_printf(b->arena, " %s ", b->letters.recipients[i]);
		const enum outcome_kind kind = b->letters.kinds[i];
		const size_t times = b->letters.settles[i] > 0 ? count_of(b, to) : 0;

		*doubts += kind == OUTCOME_UNKNOWN;
		if (b->letters.settles[i] > 0 &&
		    (times > 1 || (kind == OUTCOME_SENT && times != 1) ||
			(kind != OUTCOME_SENT && kind != OUTCOME_UNKNOWN && times != 0)))
			fail_msg("%s: outcome %d, arrived %zu times", to, (int)kind,
			    times);
	}
	return ok;
}

static void
expect_near(size_t got, size_t want)
{
	/* within 5 % of all */
	if (got + READERS / 20 < want || got > want + READERS / 20)
		fail_msg("got %zu letters, want about %zu", got, want);
}

static void
shares_and_domains_are_kept_beside_a_slow_one(void **state)
{
	struct bench *b = *state;
	size_t taken[SERVERS];
	size_t doubts = 0;

	start(0, "delay=0.004", NULL);
	start(1, NULL, NULL);
	start(2, NULL, NULL);
	use_relays(b);
	relays[1].smtp.share = 2;
	relays[2].smtp.domains = "gmx.example";
	assert_true(send_all(b, taken, &doubts));
	assert_int_equal(doubts, 0);
	expect_near(taken[0], 60);
	expect_near(taken[1], 120);
	assert_int_equal(taken[2], 60);
	assert_int_equal(taken[0] + taken[1] + taken[2], READERS);
}

/* "554 5.7.1 Relay access denied" to each: it refuses us, not the readers. */
static void
what_one_refuses_for_our_sake_goes_by_another(void **state)
{
	struct bench *b = *state;
	size_t taken[SERVERS];
	size_t doubts = 0;

	start(0, NULL, NULL);
	start(1, "dot=554 5.7.1 Relay access denied", NULL);
	start(2, "mail=550 5.7.1 not you", NULL);
	use_relays(b);
	assert_true(send_all(b, taken, &doubts));
	assert_int_equal(taken[0], READERS);
	for (size_t i = 0; i < READERS; i++)
		expect_kind(b, i, OUTCOME_SENT);
}

/* Letters that are too long for one, and an address that two do not know how to write. */
static void
what_one_cannot_take_goes_by_one_that_can(void **state)
{
	struct bench *b = *state;
	size_t taken[SERVERS];
	size_t doubts = 0;

	start(0, "utf8", NULL);
	start(1, NULL, NULL);
	start(2, "size=20", NULL);
	use_relays(b);
	for (size_t i = 0; i < 30; i++)
		b->letters.recipients[i * 8] =
		    arena_printf(b->arena, "j\xC3\xBCrgen%zu@example.org", i);
	assert_true(send_all(b, taken, &doubts));
	assert_int_equal(doubts, 0);
	for (size_t i = 0; i < READERS; i++)
		expect_kind(b, i, OUTCOME_SENT);
	/* Of those that both can take, each has a half at least. */
	assert_in_range(taken[0], 105, 150);
	assert_in_range(taken[1], 90, 135);
	assert_int_equal(taken[2], 0);
}

static void
an_address_that_none_can_write_is_refused(void **state)
{
	struct bench *b = *state;
	size_t taken[SERVERS];
	size_t doubts = 0;

	for (size_t i = 0; i < SERVERS; i++)
		start(i, NULL, NULL);
	use_relays(b);
	b->letters.recipients[7] = "j\xC3\xBCrgen@example.org";
	assert_true(send_all(b, taken, &doubts));
	expect_kind(b, 7, OUTCOME_REFUSED);
	assert_int_equal(taken[0] + taken[1] + taken[2], READERS - 1);
}

static void
a_refused_mailbox_is_not_tried_elsewhere(void **state)
{
	struct bench *b = *state;
	size_t taken[SERVERS];
	size_t doubts = 0;

	for (size_t i = 0; i < SERVERS; i++)
		start(i, NULL, NULL);
	use_relays(b);
	b->letters.recipients[9] = "gone@example.org";
	assert_true(send_all(b, taken, &doubts));
	expect_kind(b, 9, OUTCOME_REFUSED);
	assert_int_equal(taken[0] + taken[1] + taken[2], READERS - 1);
}

static void
one_that_is_not_there_is_done_without(void **state)
{
	struct bench *b = *state;
	size_t taken[SERVERS];
	size_t doubts = 0;

	start(0, NULL, NULL);
	start(1, "greet=421 4.3.2 busy", NULL);
	start(2, NULL, NULL);
	stop_server(0);
	use_relays(b);
	assert_true(send_all(b, taken, &doubts));
	assert_int_equal(taken[2], READERS);
}

/* It dies with letters in flight: those are in doubt, and all others go by another. */
static void
one_that_is_killed_in_mid_send_loses_nobody(void **state)
{
	struct bench *b = *state;
	size_t taken[SERVERS];
	size_t doubts = 0;

	start(0, "delay=0.003", NULL);
	start(1, "drops=dot", NULL);
	start(2, "delay=0.003", NULL);
	use_relays(b);
	assert_true(send_all(b, taken, &doubts));
	assert_true(doubts <= 4);
	for (size_t i = 0; i < READERS; i++)
		assert_true(b->letters.kinds[i] == OUTCOME_SENT ||
		    b->letters.kinds[i] == OUTCOME_UNKNOWN);
	assert_true(taken[0] + taken[2] >= READERS - 4);
}

static void
when_none_is_there_letters_wait(void **state)
{
	struct bench *b = *state;
	size_t taken[SERVERS];
	size_t doubts = 0;

	for (size_t i = 0; i < SERVERS; i++) {
		start(i, NULL, NULL);
		stop_server(i);
	}
	use_relays(b);
	assert_false(send_all(b, taken, &doubts));
	assert_int_equal(b->err.kind, ERR_TEMPORARY);
	assert_int_equal(doubts, 0);
	for (size_t i = 0; i < READERS; i++)
		if (b->letters.settles[i] > 0)
			expect_kind(b, i, OUTCOME_DEFERRED);
}

/* Each has a login of its own. */
static void
each_gets_its_own_password(void **state)
{
	struct bench *b = *state;
	size_t taken[SERVERS];
	size_t doubts = 0;

	start(0, "auth=PLAIN", NULL);
	start(1, "auth=PLAIN", "secret=other");
	start(2, NULL, NULL);
	use_relays(b);
	relays[0].smtp.user = "ann";
	relays[1].smtp.user = "ann";
	b->passwords[0] = "secret";
	b->passwords[1] = "other";
	assert_true(send_all(b, taken, &doubts));
	expect_near(taken[0], 80);
	expect_near(taken[1], 80);
	expect_near(taken[2], 80);
}

/* A password that cannot be had, and a file of certificates that is not there. */
static void
one_that_cannot_be_set_up_is_done_without(void **state)
{
	struct bench *b = *state;
	struct err troubles[SERVERS] = { ERR_INIT, ERR_INIT, ERR_INIT };
	size_t taken[SERVERS];
	size_t doubts = 0;

	for (size_t i = 0; i < SERVERS; i++)
		start(i, NULL, NULL);
	use_relays(b);
	(void)err_set(&troubles[0], ERR_CONFIG, "no password");
	b->t.troubles = troubles;
	relays[1].smtp.security = SECURITY_STARTTLS;
	relays[1].smtp.ca_file = "/nowhere/ca.crt";
	assert_true(send_all(b, taken, &doubts));
	assert_int_equal(taken[2], READERS);
}

static void
when_none_can_be_set_up_the_first_reason_is_said(void **state)
{
	struct bench *b = *state;
	struct err troubles[SERVERS] = { ERR_INIT, ERR_INIT, ERR_INIT };
	size_t taken[SERVERS];
	size_t doubts = 0;

	for (size_t i = 0; i < SERVERS; i++)
		start(i, NULL, NULL);
	use_relays(b);
	(void)err_set(&troubles[0], ERR_CONFIG, "the first has no password");
	(void)err_set(&troubles[1], ERR_CONFIG, "nor has the second");
	(void)err_set(&troubles[2], ERR_CONFIG, "nor the third");
	b->t.troubles = troubles;
	assert_false(send_all(b, taken, &doubts));
	assert_int_equal(b->err.kind, ERR_CONFIG);
	assert_string_equal(b->err.text, "the first has no password");
	assert_int_equal(b->letters.handed_out, 0);
}

static void
so_many_at_once_go_to_one_domain(void **state)
{
	struct bench *b = *state;
	size_t taken[SERVERS];
	size_t doubts = 0;

	for (size_t i = 0; i < SERVERS; i++)
		start(i, "most=2", "delay=0.001");
	use_relays(b);
	for (size_t i = 0; i < SERVERS; i++) {
		relays[i].smtp.connections = 6;
		relays[i].smtp.per_domain = 2;
	}
	assert_true(send_all(b, taken, &doubts));
	assert_int_equal(taken[0] + taken[1] + taken[2], READERS);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, end)
static const struct CMUnitTest tests[] = {
	T(shares_and_domains_are_kept_beside_a_slow_one),
	T(what_one_refuses_for_our_sake_goes_by_another),
	T(what_one_cannot_take_goes_by_one_that_can),
	T(an_address_that_none_can_write_is_refused),
	T(a_refused_mailbox_is_not_tried_elsewhere),
	T(one_that_is_not_there_is_done_without),
	T(one_that_is_killed_in_mid_send_loses_nobody),
	T(when_none_is_there_letters_wait),
	T(each_gets_its_own_password),
	T(one_that_cannot_be_set_up_is_done_without),
	T(when_none_can_be_set_up_the_first_reason_is_said),
	T(so_many_at_once_go_to_one_domain),
};
#undef T

int
main(void)
{
	return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
