/* SPDX-License-Identifier: ISC */
/* The SMTP and LMTP transports against tests/servers/smtpd.py, which misbehaves on demand. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "unit/child.h"
#include "unit/letters.h"

#define NOON INT64_C(1795521600) /* 2026-11-24 12:00:00 UTC */

static const char *const three[] = { "ann@example.org", "bo@example.org",
	"cy@example.org" };

struct bench {
	struct arena *arena;
	char dir[32];
	struct config config;
	struct transport_settings t;
	struct letters letters;
	struct err err;
	char *log; /* the server's, after run() */
};

/* Certificates and the server are made once for all tests; a file tells it what to do. */
static char shared[32] = "/tmp/test_smtp_all.XXXXXX";
static char pki[64];
static char control[64];
static pid_t server;
static int64_t server_port;

static void
remove_tree(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *e = NULL;

	while (d && (e = readdir(d)) != NULL) {
		char path[600];

		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		(void)snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		if (unlink(path) != 0)
			remove_tree(path);
	}
	if (d)
		(void)closedir(d);
	(void)rmdir(dir);
}

static bool
start_server(void)
{
	const char *args[] = { "python3", "tests/servers/smtpd.py", "--control", control,
		NULL };
	int out[2] = { -1, -1 };
	char port[16] = "";
	size_t n = 0;

	if (pipe(out) != 0 || fcntl(out[0], F_SETFD, FD_CLOEXEC) != 0)
		return false;
	server = child_start(args, out[1]);
	(void)close(out[1]);
	while (n < sizeof(port) - 1 && read(out[0], port + n, 1) == 1 && port[n] != '\n')
		n++;
	(void)close(out[0]);
	server_port = strtol(port, NULL, 10);
	return server > 0 && server_port > 0;
}

static int
group_setup(void **state)
{
	const char *args[] = { "sh", "tests/servers/mkpki.sh", pki, NULL };

	(void)state;
	if (!mkdtemp(shared))
		return -1;
	(void)snprintf(pki, sizeof(pki), "%s/pki", shared);
	(void)snprintf(control, sizeof(control), "%s/control", shared);
	return child_run(args, NULL) == 0 && start_server() ? 0 : -1;
}

static int
group_teardown(void **state)
{
	(void)state;
	if (server > 0) {
		(void)kill(server, SIGKILL);
		(void)waitpid(server, NULL, 0);
	}
	remove_tree(shared);
	return 0;
}

static int
setup(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	if (!b)
		return -1;
	b->arena = arena_new();
	(void)snprintf(b->dir, sizeof(b->dir), "/tmp/test_smtp.XXXXXX");
	if (!mkdtemp(b->dir))
		return -1;
	b->config.transport.method = TRANSPORT_SMTP;
	b->config.transport.lmtp = "";
	b->config.smtp.host = "localhost";
	b->config.smtp.security = SECURITY_NONE;
	b->config.smtp.user = "";
	b->config.smtp.helo = "";
	b->config.smtp.ca_file = arena_printf(b->arena, "%s/ca.crt", pki);
	b->config.smtp.connections = 1;
	b->config.smtp.timeout = 10;
	b->t = (struct transport_settings){ &b->config, NULL, "host.example", NOON };
	letters_init(&b->letters, three, 3);
	*state = b;
	return 0;
}

static int
teardown(void **state)
{
	struct bench *b = *state;

	remove_tree(b->dir);
	buf_clear(&b->letters.bytes);
	free(b->log);
	arena_free(b->arena);
	free(b);
	return 0;
}

/* Tells the server how to behave: modes, joined by ";". */
static void
serve(struct bench *b, const char *modes)
{
	char *text = arena_printf(b->arena, "%s\npki=%s\n%s\n", b->dir, pki, modes);
	struct err err = ERR_INIT;

	for (char *p = text; *p != '\0'; p++)
		if (*p == ';')
			*p = '\n';
	if (*modes == '\0')
		text[strlen(text) - 1] = '\0';
	assert_true(file_write(control, text, strlen(text), 0600, &err));
	b->config.smtp.port = server_port;
}

static void
read_log(struct bench *b)
{
	struct buf text = BUF_INIT(1 << 22);
	struct err err = ERR_INIT;
	char *path = file_join(b->dir, "log");

	free(b->log);
	b->log = NULL;
	if (!file_exists(path) || file_read(path, &text, &err))
		b->log = buf_take(&text);
	free(path);
	assert_non_null(b->log);
}

static size_t
count_of(struct bench *b, const char *what)
{
	size_t n = 0;

	for (const char *p = b->log; (p = strstr(p, what)) != NULL; p++)
		n++;
	return n;
}

/* True as transport_run; the contract was kept, and the server saw nothing wrong. */
static bool
run(struct bench *b)
{
	struct letter_source src = letters_source(&b->letters);
	bool ok = transport_run(&b->t, &src, &b->err);
	const char *broken = letters_broken(&b->letters);

	if (broken)
		fail_msg("%s", broken);
	if (ok == err_is_set(&b->err))
		fail_msg("got %d with error \"%s\"", ok, b->err.text);
	read_log(b);
	if (count_of(b, "wrong") > 0)
		fail_msg("the server saw: %s", b->log);
	return ok;
}

static void
expect_kind(struct bench *b, size_t i, enum outcome_kind want)
{
	if (b->letters.kinds[i] != want)
		fail_msg(
		    "letter %zu: got outcome %d (%s), want %d; error \"%s\"; log:\n%s", i,
		    (int)b->letters.kinds[i], b->letters.replies[i], (int)want,
		    b->err.text, b->log);
}

static void
expect_count(struct bench *b, const char *what, size_t want)
{
	if (count_of(b, what) != want)
		fail_msg("\"%s\": got %zu, want %zu; error \"%s\"; log:\n%s", what,
		    count_of(b, what), want, b->err.text, b->log);
}

static void
expect_all_sent(struct bench *b)
{
	if (!run(b))
		fail_msg("%s; log:\n%s", b->err.text, b->log);
	for (size_t i = 0; i < b->letters.count; i++) {
		const char *to = arena_printf(b->arena, " %s ", b->letters.recipients[i]);

		expect_kind(b, i, OUTCOME_SENT);
		expect_count(b, to, 1);
	}
}

/* The run ends with this kind of error and words in it; the first letter is deferred. */
static void
expect_failure(struct bench *b, enum err_kind kind, const char *words)
{
	char told[sizeof(struct err)];

	if (run(b))
		fail_msg("got no error; log:\n%s", b->log);
	(void)snprintf(told, sizeof(told), "%s|%s", b->err.text, b->err.why);
	if (b->err.kind != kind || !strstr(told, words))
		fail_msg("got %d \"%s\", want %d \"%s\"", (int)b->err.kind, told,
		    (int)kind, words);
	expect_kind(b, 0, OUTCOME_DEFERRED);
	expect_count(b, "accepted", 0);
}

/* ---- good servers -------------------------------------------------------------------- */

static void
letters_arrive_with_their_bytes_over_one_session(void **state)
{
	struct bench *b = *state;
	struct buf text = BUF_INIT(4096);

	serve(b, "");
	expect_all_sent(b);
	expect_count(b, "session", 1);
	expect_count(b, "accepted bounce@example.net ann@example.org", 1);
	assert_int_equal(b->letters.codes[0], 250);
	assert_string_equal(b->letters.status[0], "2.0.0");
	assert_string_equal(b->letters.replies[0], "250 2.0.0 taken");
	assert_true(
	    file_read(arena_printf(b->arena, "%s/1.eml", b->dir), &text, &b->err));
	assert_string_equal(buf_text(&text),
	    "To: ann@example.org\r\nSubject: letter 0\r\n\r\n.Hello\r\n..\r\nFrom me\r\n");
	buf_clear(&text);
}

static void
a_server_without_pipelining_is_spoken_to_in_steps(void **state)
{
	serve(*state, "nopipe;nostatus;size=10000");
	expect_all_sent(*state);
	expect_count(*state, "SIZE=", 3);
}

static void
a_server_that_knows_no_ehlo_is_greeted_with_helo(void **state)
{
	serve(*state, "helo");
	expect_all_sent(*state);
}

static void
a_server_that_closes_on_ehlo_is_called_again(void **state)
{
	serve(*state, "helo-close");
	expect_all_sent(*state);
}

static void
the_null_sender_is_allowed(void **state)
{
	struct bench *b = *state;

	b->letters.sender = "";
	serve(b, "");
	expect_all_sent(b);
	expect_count(b, "accepted  ann@example.org", 1);
}

static void
a_new_connection_comes_after_per_connection_letters(void **state)
{
	struct bench *b = *state;

	b->config.smtp.per_connection = 2;
	serve(b, "");
	expect_all_sent(b);
	expect_count(b, "session", 2);
}

static void
four_connections_bring_each_letter_once(void **state)
{
	struct bench *b = *state;
	const char *names[40];

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		names[i] = arena_printf(b->arena, "reader%zu@example.org", i);
	buf_clear(&b->letters.bytes);
	letters_init(&b->letters, names, ARRAY_LEN(names));
	b->config.smtp.connections = 4;
	serve(b, "delay=0.005");
	expect_all_sent(b);
	expect_count(b, "session", 4);
	expect_count(b, "accepted", 40);
}

static void
nothing_to_send_opens_no_connection(void **state)
{
	struct bench *b = *state;

	b->letters.count = 0;
	serve(b, "");
	assert_true(run(b));
	expect_count(b, "session", 0);
}

static void
stop_ends_the_run_after_the_letter_in_flight(void **state)
{
	struct bench *b = *state;

	b->letters.stop_after = 2;
	serve(b, "");
	assert_true(run(b));
	expect_count(b, "accepted", 2);
	expect_kind(b, 1, OUTCOME_SENT);
}

static void
a_rate_is_kept(void **state)
{
	struct bench *b = *state;
	int64_t before = clock_ticks_ms();

	b->config.smtp.rate = 10;
	serve(b, "");
	before = clock_ticks_ms();
	expect_all_sent(b);
	/* The first may go at once, two wait a tenth of a second each. */
	assert_true(clock_ticks_ms() - before >= 198);
}

static void
lmtp_speaks_over_a_local_socket(void **state)
{
	struct bench *b = *state;

	serve(b, "");
	b->config.transport.method = TRANSPORT_LMTP;
	b->config.transport.lmtp = arena_printf(b->arena, "%s.lmtp", control);
	expect_all_sent(b);
}

/* ---- TLS ----------------------------------------------------------------------------- */

static void
tls_of_both_kinds_is_verified_and_used(void **state)
{
	struct bench *b = *state;

	b->config.smtp.security = SECURITY_STARTTLS;
	serve(b, "starttls=good");
	expect_all_sent(b);
	expect_count(b, "tls", 1);
}

static void
tls_from_the_first_octet_is_verified_and_used(void **state)
{
	struct bench *b = *state;

	b->config.smtp.security = SECURITY_TLS;
	serve(b, "tls=good");
	expect_all_sent(b);
	expect_count(b, "tls", 1);
}

static void
auto_on_a_port_of_its_own_demands_tls(void **state)
{
	struct bench *b = *state;

	b->config.smtp.security = SECURITY_AUTO;
	serve(b, "");
	expect_failure(b, ERR_PERMANENT, "offers no STARTTLS, so nothing was sent");
}

static void
an_address_in_the_certificate_is_verified(void **state)
{
	struct bench *b = *state;

	b->config.smtp.host = "127.0.0.1";
	b->config.smtp.security = SECURITY_STARTTLS;
	serve(b, "starttls=good");
	expect_all_sent(b);
}

static const struct {
	const char *name, *certificate, *words;
} bad_certificates[] = {
	{ "another host", "wrong", "does not match" },
	{ "expired", "expired", "expired" },
	{ "self-signed", "selfsigned", "issuer is unknown" },
};

static void
a_certificate_that_does_not_stand_stops_everything(void **state)
{
	struct bench *b = *state;

	for (size_t i = 0; i < ARRAY_LEN(bad_certificates); i++) {
		for (int implicit = 0; implicit < 2; implicit++) {
			serve(b,
			    arena_printf(b->arena, "%s=%s;auth=PLAIN",
				implicit ? "tls" : "starttls",
				bad_certificates[i].certificate));
			b->config.smtp.security =
			    implicit ? SECURITY_TLS : SECURITY_STARTTLS;
			b->config.smtp.user = "ann";
			b->t.password = "secret";
			buf_clear(&b->letters.bytes);
			letters_init(&b->letters, three, 3);
			err_clear(&b->err);
			expect_failure(b, ERR_PERMANENT, bad_certificates[i].words);
			expect_count(b, "login", 0);
			assert_int_equal(b->letters.handed_out, 1);
		}
	}
}

static void
an_unknown_authority_is_not_believed(void **state)
{
	struct bench *b = *state;

	b->config.smtp.security = SECURITY_STARTTLS;
	b->config.smtp.ca_file = arena_printf(b->arena, "%s/selfsigned.crt", pki);
	serve(b, "starttls=good");
	expect_failure(b, ERR_PERMANENT, "issuer is unknown");
}

static void
a_stripped_starttls_sends_nothing(void **state)
{
	struct bench *b = *state;

	b->config.smtp.security = SECURITY_STARTTLS;
	serve(b, "");
	expect_failure(b, ERR_PERMANENT, "offers no STARTTLS");
}

static void
what_was_slipped_in_before_tls_is_forgotten(void **state)
{
	struct bench *b = *state;

	b->config.smtp.security = SECURITY_STARTTLS;
	serve(b, "starttls=good;inject");
	expect_all_sent(b);
}

static void
a_ca_file_that_is_none_is_named(void **state)
{
	struct bench *b = *state;
	struct letter_source src = letters_source(&b->letters);

	b->config.smtp.security = SECURITY_TLS;
	b->config.smtp.ca_file = "/nonexistent/ca.pem";
	assert_false(transport_run(&b->t, &src, &b->err));
	assert_int_equal(b->err.kind, ERR_CONFIG);
	assert_non_null(strstr(b->err.text, "/nonexistent/ca.pem"));
	assert_int_equal(b->letters.handed_out, 0);
}

/* ---- login --------------------------------------------------------------------------- */

static void
a_login_is_made_under_tls(void **state)
{
	struct bench *b = *state;

	b->config.smtp.security = SECURITY_STARTTLS;
	b->config.smtp.user = "ann";
	b->t.password = "secret";
	serve(b, "starttls=good;auth=LOGIN+PLAIN");
	expect_all_sent(b);
	expect_count(b, "login ann", 1);
}

static void
log_in_by(struct bench *b, const char *mechanism)
{
	b->config.smtp.user = "ann";
	b->t.password = "secret";
	serve(b, arena_printf(b->arena, "auth=%s", mechanism));
	expect_all_sent(b);
	expect_count(b, "login ann", 1);
}

static void
a_server_that_knows_only_login_is_served(void **state)
{
	log_in_by(*state, "LOGIN");
}

static void
a_server_that_knows_only_cram_md5_is_served(void **state)
{
	log_in_by(*state, "CRAM-MD5");
}

/* What stands on standard error while the dialogue is logged. */
static const char *
logged_dialogue(struct bench *b)
{
	const char *path = arena_printf(b->arena, "%s/stderr", b->dir);
	struct buf text = BUF_INIT(1 << 20);
	struct err err = ERR_INIT;
	const char *out = NULL;
	int saved = dup(STDERR_FILENO);

	assert_true(saved >= 0);
	(void)fflush(stderr);
	assert_non_null(freopen(path, "w", stderr));
	log_setup(LOG_LEVEL_WIRE, LOG_TEXT);
	expect_all_sent(b);
	log_setup(LOG_LEVEL_WARN, LOG_TEXT);
	(void)fflush(stderr);
	assert_true(dup2(saved, STDERR_FILENO) >= 0);
	(void)close(saved);
	assert_true(file_read(path, &text, &err));
	out = arena_strdup(b->arena, buf_text(&text));
	buf_clear(&text);
	return out;
}

static void
the_dialogue_is_logged_without_the_password(void **state)
{
	struct bench *b = *state;
	const char *text = NULL;

	b->config.smtp.user = "ann";
	b->t.password = "secret";
	serve(b, "auth=LOGIN");
	text = logged_dialogue(b);
	assert_non_null(strstr(text, "C: MAIL FROM:<bounce@example.net>"));
	assert_non_null(strstr(text, "S: 250 2.1.0 ok"));
	assert_non_null(strstr(text, "C: ..."));
	assert_null(strstr(text, "secret"));
	assert_null(strstr(text, "c2VjcmV0")); /* the same in base64 */
	assert_null(strstr(text, "Hello"));    /* of the letter itself */
}

static void
a_refused_login_is_told_in_the_servers_words(void **state)
{
	struct bench *b = *state;

	b->config.smtp.user = "ann";
	b->config.smtp.connections = 4;
	b->t.password = "wrong";
	serve(b, "auth=PLAIN");
	expect_failure(b, ERR_HUMAN,
	    "localhost refused the login of ann|server said: 535 5.7.8 no such login");
	assert_int_equal(b->letters.handed_out, 1);
	assert_string_equal(b->letters.replies[0],
	    "localhost refused the login of ann server said: 535 5.7.8 no such login");
	assert_null(strstr(b->err.text, "wrong"));
	assert_null(strstr(b->err.why, "wrong"));
}

static void
a_server_that_wants_a_login_says_so(void **state)
{
	serve(*state, "auth=PLAIN");
	expect_failure(*state, ERR_HUMAN, "530 5.7.0 log in first");
}

static void
a_mechanism_we_do_not_know_is_named(void **state)
{
	struct bench *b = *state;

	b->config.smtp.user = "ann";
	b->t.password = "secret";
	serve(b, "auth=GSSAPI");
	expect_failure(b, ERR_PERMANENT, "takes no login that we know (GSSAPI)");
}

/* ---- one letter's trouble is not the others' ------------------------------------------ */

static void
a_greylisted_letter_waits_and_the_others_go(void **state)
{
	struct bench *b = *state;

	b->letters.recipients[1] = "gray@example.org";
	serve(b, "greylist");
	assert_true(run(b));
	expect_kind(b, 0, OUTCOME_SENT);
	expect_kind(b, 1, OUTCOME_DEFERRED);
	expect_kind(b, 2, OUTCOME_SENT);
	assert_int_equal(b->letters.codes[1], 450);
	assert_string_equal(b->letters.status[1], "4.7.1");
	expect_count(b, "session", 1);
}

static void
expect_refusal_of_the_second(struct bench *b, const char *modes)
{
	b->letters.recipients[1] = "gone@example.org";
	serve(b, modes);
	if (!run(b))
		fail_msg("%s", b->err.text);
	expect_kind(b, 0, OUTCOME_SENT);
	expect_kind(b, 1, OUTCOME_REFUSED);
	expect_kind(b, 2, OUTCOME_SENT);
	assert_int_equal(b->letters.codes[1], 550);
	assert_string_equal(b->letters.replies[1], "550 5.1.1 no such person");
	expect_count(b, "accepted", 2);
}

static void
a_refused_recipient_is_refused_alone(void **state)
{
	expect_refusal_of_the_second(*state, "");
	expect_count(*state, "session", 1);
}

static void
a_refused_recipient_is_refused_alone_in_steps(void **state)
{
	expect_refusal_of_the_second(*state, "nopipe");
	expect_count(*state, "session", 1);
}

static void
data_opened_for_nobody_is_closed(void **state)
{
	expect_refusal_of_the_second(*state, "open-data");
	expect_count(*state, "session", 1);
}

static void
a_server_without_rset_is_coped_with(void **state)
{
	expect_refusal_of_the_second(*state, "rset=502 5.5.1 what?");
}

static void
a_refusal_after_the_dot_is_the_letters(void **state)
{
	struct bench *b = *state;

	serve(b, "dot=554 5.7.1 looks like spam");
	assert_true(run(b));
	expect_kind(b, 0, OUTCOME_REFUSED);
	expect_kind(b, 2, OUTCOME_REFUSED);
	assert_string_equal(b->letters.replies[2], "554 5.7.1 looks like spam");
	expect_count(b, "session", 1);
}

static void
a_letter_over_size_is_not_offered(void **state)
{
	struct bench *b = *state;

	serve(b, "size=20");
	assert_true(run(b));
	expect_kind(b, 0, OUTCOME_REFUSED);
	assert_string_equal(b->letters.status[0], "5.3.4");
	expect_count(b, "accepted", 0);
}

static void
an_international_address_goes_where_it_may(void **state)
{
	struct bench *b = *state;

	b->letters.recipients[1] = "d\xC3\xB6rte@example.org";
	serve(b, "utf8");
	expect_all_sent(b);
	expect_count(b, "SMTPUTF8", 1);
}

static void
an_international_address_is_refused_where_it_may_not(void **state)
{
	struct bench *b = *state;

	b->letters.recipients[1] = "d\xC3\xB6rte@example.org";
	serve(b, "");
	assert_true(run(b));
	expect_kind(b, 0, OUTCOME_SENT);
	expect_kind(b, 1, OUTCOME_REFUSED);
	assert_string_equal(b->letters.status[1], "5.6.7");
	expect_kind(b, 2, OUTCOME_SENT);
}

static void
no_command_can_be_slipped_into_an_address(void **state)
{
	struct bench *b = *state;

	b->letters.recipients[0] = "a@b.org>\r\nRCPT TO:<victim@example.org";
	b->letters.recipients[1] = "a@b.org> ORCPT=x";
	serve(b, "");
	assert_true(run(b));
	expect_kind(b, 0, OUTCOME_REFUSED);
	expect_kind(b, 1, OUTCOME_REFUSED);
	expect_kind(b, 2, OUTCOME_SENT);
	expect_count(b, "accepted", 1);
}

/* ---- connections that end ------------------------------------------------------------ */

static void
expect_second_try(void **state, const char *modes)
{
	serve(*state, modes);
	expect_all_sent(*state);
	expect_count(*state, "session", 2);
}

static void
a_connection_lost_at_mail_is_made_again(void **state)
{
	expect_second_try(state, "drop=mail");
}

static void
a_connection_lost_at_data_is_made_again(void **state)
{
	expect_second_try(state, "drop=data;nopipe");
}

static void
a_421_after_two_letters_is_followed_by_a_new_connection(void **state)
{
	expect_second_try(state, "limit=2");
}

static void
a_server_that_hangs_up_between_letters_is_called_again(void **state)
{
	serve(*state, "stale");
	expect_all_sent(*state);
	expect_count(*state, "session", 3);
}

static void
a_letter_lost_after_the_dot_is_unknown_and_not_sent_again(void **state)
{
	struct bench *b = *state;

	serve(b, "drop=dot");
	assert_true(run(b));
	expect_kind(b, 0, OUTCOME_UNKNOWN);
	expect_kind(b, 1, OUTCOME_SENT);
	expect_kind(b, 2, OUTCOME_SENT);
	expect_count(b, "accepted", 3);
}

static void
a_server_that_always_hangs_up_is_given_up(void **state)
{
	expect_failure((serve(*state, "drops=mail"), *state), ERR_TEMPORARY,
	    "breaks off again and again");
	assert_true(((struct bench *)*state)->letters.handed_out <= 3);
}

static void
a_server_that_swallows_letters_is_given_up_soon(void **state)
{
	struct bench *b = *state;

	serve(b, "drops=dot");
	assert_false(run(b));
	assert_int_equal(b->err.kind, ERR_TEMPORARY);
	expect_kind(b, 0, OUTCOME_UNKNOWN);
	expect_kind(b, 1, OUTCOME_UNKNOWN);
	/* The third was in hand already, but its text did not leave. */
	expect_kind(b, 2, OUTCOME_DEFERRED);
}

static void
nobody_there_defers_the_letter(void **state)
{
	struct bench *b = *state;

	/* Nobody listens on the port of tcpmux. */
	b->config.smtp.port = 1;
	expect_failure(b, ERR_TEMPORARY, "Connection refused");
	assert_int_equal(b->letters.handed_out, 1);
}

static void
a_refusing_greeting_is_told(void **state)
{
	serve(*state, "greet=554 5.3.2 no mail here");
	expect_failure(*state, ERR_HUMAN, "server said: 554 5.3.2 no mail here");
}

static void
a_busy_greeting_is_for_later(void **state)
{
	serve(*state, "greet=421 4.3.2 too busy");
	expect_failure(*state, ERR_TEMPORARY, "server said: 421 4.3.2 too busy");
}

static void
a_web_server_is_not_taken_for_a_mail_server(void **state)
{
	serve(*state, "greet=HTTP/1.1 400 Bad Request");
	expect_failure(*state, ERR_TEMPORARY, "is no reply");
}

static void
a_sender_that_is_refused_stops_the_run_and_blames_no_reader(void **state)
{
	struct bench *b = *state;

	serve(b, "mail=550 5.7.1 not from here");
	expect_failure(b, ERR_HUMAN, "550 5.7.1 not from here");
	assert_int_equal(b->letters.handed_out, 1);
}

static void
a_busy_server_at_mail_defers(void **state)
{
	struct bench *b = *state;

	serve(b, "mail-once=451 4.3.0 later");
	assert_true(run(b));
	expect_kind(b, 0, OUTCOME_BUSY);
	expect_kind(b, 1, OUTCOME_SENT);
}

/* ---- servers that play for time ------------------------------------------------------- */

static void
expect_end_in_time(void **state, const char *modes, const char *words)
{
	struct bench *b = *state;
	int64_t before = 0;

	b->config.smtp.timeout = 1;
	serve(b, modes);
	before = clock_ticks_ms();
	expect_failure(b, ERR_TEMPORARY, words);
	assert_true(clock_ticks_ms() - before < 8000);
}

static void
a_greeting_octet_by_octet_times_out(void **state)
{
	expect_end_in_time(state, "drip", "timed out");
}

static void
a_silent_server_times_out(void **state)
{
	expect_end_in_time(state, "hang=ehlo", "timed out");
}

static void
an_endless_reply_is_cut(void **state)
{
	expect_end_in_time(state, "endless", "is no reply");
}

static void
an_endless_line_is_cut(void **state)
{
	expect_end_in_time(state, "endless=line", "talks without end");
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
static const struct CMUnitTest tests[] = {
	T(letters_arrive_with_their_bytes_over_one_session),
	T(a_server_without_pipelining_is_spoken_to_in_steps),
	T(a_server_that_knows_no_ehlo_is_greeted_with_helo),
	T(a_server_that_closes_on_ehlo_is_called_again),
	T(the_null_sender_is_allowed),
	T(a_new_connection_comes_after_per_connection_letters),
	T(four_connections_bring_each_letter_once),
	T(nothing_to_send_opens_no_connection),
	T(stop_ends_the_run_after_the_letter_in_flight),
	T(a_rate_is_kept),
	T(lmtp_speaks_over_a_local_socket),
	T(tls_of_both_kinds_is_verified_and_used),
	T(tls_from_the_first_octet_is_verified_and_used),
	T(auto_on_a_port_of_its_own_demands_tls),
	T(an_address_in_the_certificate_is_verified),
	T(a_certificate_that_does_not_stand_stops_everything),
	T(an_unknown_authority_is_not_believed),
	T(a_stripped_starttls_sends_nothing),
	T(what_was_slipped_in_before_tls_is_forgotten),
	T(a_ca_file_that_is_none_is_named),
	T(a_login_is_made_under_tls),
	T(a_server_that_knows_only_login_is_served),
	T(a_server_that_knows_only_cram_md5_is_served),
	T(the_dialogue_is_logged_without_the_password),
	T(a_refused_login_is_told_in_the_servers_words),
	T(a_server_that_wants_a_login_says_so),
	T(a_mechanism_we_do_not_know_is_named),
	T(a_greylisted_letter_waits_and_the_others_go),
	T(a_refused_recipient_is_refused_alone),
	T(a_refused_recipient_is_refused_alone_in_steps),
	T(data_opened_for_nobody_is_closed),
	T(a_server_without_rset_is_coped_with),
	T(a_refusal_after_the_dot_is_the_letters),
	T(a_letter_over_size_is_not_offered),
	T(an_international_address_goes_where_it_may),
	T(an_international_address_is_refused_where_it_may_not),
	T(no_command_can_be_slipped_into_an_address),
	T(a_connection_lost_at_mail_is_made_again),
	T(a_connection_lost_at_data_is_made_again),
	T(a_421_after_two_letters_is_followed_by_a_new_connection),
	T(a_server_that_hangs_up_between_letters_is_called_again),
	T(a_letter_lost_after_the_dot_is_unknown_and_not_sent_again),
	T(a_server_that_always_hangs_up_is_given_up),
	T(a_server_that_swallows_letters_is_given_up_soon),
	T(nobody_there_defers_the_letter),
	T(a_refusing_greeting_is_told),
	T(a_busy_greeting_is_for_later),
	T(a_web_server_is_not_taken_for_a_mail_server),
	T(a_sender_that_is_refused_stops_the_run_and_blames_no_reader),
	T(a_busy_server_at_mail_defers),
	T(a_greeting_octet_by_octet_times_out),
	T(a_silent_server_times_out),
	T(an_endless_reply_is_cut),
	T(an_endless_line_is_cut),
};
#undef T

int
main(void)
{
	return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
