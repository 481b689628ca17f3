/* SPDX-License-Identifier: ISC */
#include "unit/transport_fixture.h"

/* ---- files --------------------------------------------------------------------------- */

static void
the_outbox_has_one_file_each_and_an_mbox(void **state)
{
	struct bench *b = *state;
	struct stat st;

	b->config.transport.outbox = in_dir(b, "new/outbox");
	assert_true(run(b, TRANSPORT_OUTBOX));
	expect_kind(b, 0, OUTCOME_SENT);
	expect_kind(b, 1, OUTCOME_SENT);
	expect_file(b, in_dir(b, "new/outbox/2026-11-24-0.eml"), LETTER0);
	expect_file(b, in_dir(b, "new/outbox/outbox.mbox"),
	    ENTRY("ann@example.org", "0") ENTRY("bo@example.org", "1"));
	assert_int_equal(stat(in_dir(b, "new/outbox/2026-11-24-1.eml"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void
an_mbox_gets_all_letters(void **state)
{
	struct bench *b = *state;

	b->config.transport.mbox = in_dir(b, "box");
	assert_true(run(b, TRANSPORT_MBOX));
	expect_file(b, b->config.transport.mbox,
	    ENTRY("ann@example.org", "0") ENTRY("bo@example.org", "1"));
}

static void
a_full_disk_stops_the_run_and_defers(void **state)
{
	struct bench *b = *state;

	if (access("/dev/full", W_OK) != 0)
		skip();
	b->config.transport.mbox = "/dev/full";
	assert_false(run(b, TRANSPORT_MBOX));
	assert_int_equal(b->err.kind, ERR_SYSTEM);
	assert_int_equal(b->letters.handed_out, 1);
	expect_kind(b, 0, OUTCOME_DEFERRED);
}

static void
a_path_that_is_not_set_is_named(void **state)
{
	struct bench *b = *state;

	assert_false(run(b, TRANSPORT_MBOX));
	assert_string_equal(b->err.text, "transport.mbox names no file");
	assert_int_equal(b->letters.handed_out, 0);
}

static size_t
count_files(const char *dir)
{
	DIR *d = opendir(dir);
	size_t n = 0;

	assert_non_null(d);
	for (struct dirent *e = readdir(d); e; e = readdir(d))
		n += e->d_name[0] != '.';
	(void)closedir(d);
	return n;
}

static void
a_maildir_gets_each_letter_in_new(void **state)
{
	struct bench *b = *state;
	const char *dir = in_dir(b, "Mail/planet");
	const char *first = NULL;

	b->config.transport.maildir = dir;
	b->t.host_name = "a/b:c";
	assert_true(run(b, TRANSPORT_MAILDIR));
	assert_int_equal(count_files(in_dir(b, "Mail/planet/new")), 2);
	assert_int_equal(count_files(in_dir(b, "Mail/planet/tmp")), 0);
	assert_int_equal(count_files(in_dir(b, "Mail/planet/cur")), 0);
	first = arena_printf(b->arena, "%s/new/1795521600.P%ldQ0.a\\057b\\072c", dir,
	    (long)getpid());
	expect_file(b, first,
	    "To: ann@example.org\nSubject: letter 0\n\n.Hello\n..\nFrom me\n");
}

static void
a_second_run_with_the_same_clock_loses_nothing(void **state)
{
	struct bench *b = *state;

	b->config.transport.maildir = in_dir(b, "m");
	assert_true(run(b, TRANSPORT_MAILDIR));
	buf_clear(&b->letters.bytes);
	letters_init(&b->letters, two, 2);
	assert_true(run(b, TRANSPORT_MAILDIR));
	assert_int_equal(count_files(in_dir(b, "m/new")), 4);
}

/* ---- standard output ----------------------------------------------------------------- */

/* Runs with standard output in a file. */
static void
run_into(struct bench *b, const char *path)
{
	int saved = dup(STDOUT_FILENO);

	assert_true(saved >= 0);
	(void)fflush(stdout);
	assert_non_null(freopen(path, "w", stdout));
	assert_true(run(b, TRANSPORT_STDOUT));
	(void)fflush(stdout);
	assert_true(dup2(saved, STDOUT_FILENO) >= 0);
	(void)close(saved);
}

static void
one_letter_is_printed_as_it_is(void **state)
{
	struct bench *b = *state;
	const char *path = in_dir(b, "out");

	b->letters.count = 1;
	run_into(b, path);
	expect_file(b, path,
	    "To: ann@example.org\nSubject: letter 0\n\n.Hello\n..\nFrom me\n");
}

static void
two_letters_are_printed_as_an_mbox(void **state)
{
	struct bench *b = *state;
	const char *path = in_dir(b, "out");

	run_into(b, path);
	expect_file(b, path, ENTRY("ann@example.org", "0") ENTRY("bo@example.org", "1"));
}

/* ---- the loop ------------------------------------------------------------------------ */

static const char *const odd[] = { "ann@example.org", "x@y.org\r\nRCPT TO:<z@y.org>",
	"x@y.org> <z@y.org", "bo@example.org" };

static void
a_bad_address_is_refused_and_the_others_go(void **state)
{
	struct bench *b = *state;

	buf_clear(&b->letters.bytes);
	letters_init(&b->letters, odd, ARRAY_LEN(odd));
	b->config.transport.mbox = in_dir(b, "box");
	assert_true(run(b, TRANSPORT_MBOX));
	expect_kind(b, 0, OUTCOME_SENT);
	expect_kind(b, 1, OUTCOME_REFUSED);
	assert_string_equal(b->letters.replies[1], "recipient: control character");
	expect_kind(b, 2, OUTCOME_REFUSED);
	expect_kind(b, 3, OUTCOME_SENT);
	expect_file(b, b->config.transport.mbox,
	    ENTRY("ann@example.org", "0") ENTRY("bo@example.org", "3"));
}

static void
stop_is_heard_between_letters(void **state)
{
	struct bench *b = *state;

	b->letters.stop_after = 1;
	b->config.transport.mbox = in_dir(b, "box");
	assert_true(run(b, TRANSPORT_MBOX));
	assert_int_equal(b->letters.handed_out, 1);
	expect_kind(b, 0, OUTCOME_SENT);
}

static void
what_cannot_be_written_down_ends_the_run(void **state)
{
	struct bench *b = *state;

	b->letters.settle_fails_at = 1;
	b->config.transport.mbox = in_dir(b, "box");
	assert_false(run(b, TRANSPORT_MBOX));
	assert_int_equal(b->err.kind, ERR_STORE);
	assert_int_equal(b->letters.handed_out, 1);
}

/* ---- sendmail ------------------------------------------------------------------------ */

static void
make_program(struct bench *b, const char *script)
{
	const char *path = in_dir(b, "program");
	struct err err = ERR_INIT;

	if (!file_write(path, script, strlen(script), 0700, &err))
		fail_msg("%s", err.text);
	b->config.transport.sendmail =
	    arena_printf(b->arena, "%s  -f {bounce}\t-i", path);
	b->letters.count = 1;
}

static void
a_program_gets_the_letter_and_the_envelope(void **state)
{
	struct bench *b = *state;

	make_program(b,
	    "#!/bin/sh\ncd \"${0%/*}\"\nfor a; do echo \"$a\"; done >args\ncat >text\n");
	assert_true(run(b, TRANSPORT_SENDMAIL));
	expect_kind(b, 0, OUTCOME_SENT);
	expect_file(b, in_dir(b, "args"),
	    "-f\nbounce@example.net\n-i\n--\nann@example.org\n");
	expect_file(b, in_dir(b, "text"),
	    "To: ann@example.org\nSubject: letter 0\n\n.Hello\n..\nFrom me\n");
}

static const struct {
	const char *name, *script;
	bool goes_on;
	enum outcome_kind kind;
	const char *reply;
} programs[] = {
	/* clang-format off */
	{ "exit 0", "cat >/dev/null", true, OUTCOME_SENT, "exit status 0" },
	{ "exit 75", "cat >/dev/null; echo busy; exit 75", true, OUTCOME_DEFERRED, "busy" },
	{ "exit 67", "cat >/dev/null; echo nobody >&2; exit 67", true, OUTCOME_REFUSED, "nobody" },
	{ "exit 65", "exit 65", true, OUTCOME_REFUSED, "exit status 65" },
	{ "exit 1", "exit 1", true, OUTCOME_DEFERRED, "exit status 1" },
	{ "exit 64", "echo bad option; exit 64", false, OUTCOME_DEFERRED, NULL },
	{ "exit 78", "exit 78", false, OUTCOME_DEFERRED, NULL },
	{ "killed after reading", "cat >/dev/null; kill -9 $$", true, OUTCOME_UNKNOWN, "the program was killed" },
	{ "many words", "cat >/dev/null; yes word | head -c 100000; exit 75", true,
	    OUTCOME_DEFERRED, NULL },
	{ "left in the background", "cat >/dev/null; sleep 5 & exit 0", true, OUTCOME_SENT,
	    "exit status 0" },
};
/* clang-format on */

static void
exit_codes_are_outcomes(void **state)
{
	struct bench *b = *state;

	for (size_t i = 0; i < ARRAY_LEN(programs); i++) {
		buf_clear(&b->letters.bytes);
		letters_init(&b->letters, two, 2);
		err_clear(&b->err);
		make_program(b,
		    arena_printf(b->arena, "#!/bin/sh\n%s\n", programs[i].script));
		if (run(b, TRANSPORT_SENDMAIL) != programs[i].goes_on)
			fail_msg("%s: got \"%s\"", programs[i].name, b->err.text);
		if (b->letters.kinds[0] != programs[i].kind)
			fail_msg("%s: got %d (%s), want %d", programs[i].name,
			    (int)b->letters.kinds[0], b->letters.replies[0],
			    (int)programs[i].kind);
		if (programs[i].reply &&
		    strcmp(b->letters.replies[0], programs[i].reply) != 0)
			fail_msg("%s: got \"%s\", want \"%s\"", programs[i].name,
			    b->letters.replies[0], programs[i].reply);
	}
}

static void
a_program_that_hangs_is_ended(void **state)
{
	struct bench *b = *state;

	b->config.smtp.timeout = 1;
	make_program(b, "#!/bin/sh\ncat >/dev/null\nexec sleep 60\n");
	assert_true(run(b, TRANSPORT_SENDMAIL));
	expect_kind(b, 0, OUTCOME_UNKNOWN);
	assert_string_equal(b->letters.replies[0], "the program took too long");
}

/*
 * A signal ends the send: a program gets a while, then it is ended.  A letter that it did not
 * read whole cannot have gone, and that we would not wait is no attempt of the letter's.
 */
static void
a_program_is_ended_with_the_send(void **state)
{
	static const struct {
		const char *name, *script;
		size_t lines;
		bool goes_on; /* by itself, in time */
		enum outcome_kind kind;
		const char *status;
	} cases[] = {
		{ "talks without end", "cat >/dev/null; exec yes words", 0, false,
		    OUTCOME_UNKNOWN, STATUS_BROKE_OFF },
		{ "says nothing", "cat >/dev/null; exec sleep 60", 0, false,
		    OUTCOME_UNKNOWN, STATUS_BROKE_OFF },
		{ "closes its output", "cat >/dev/null; exec sleep 60 >&- 2>&-", 0, false,
		    OUTCOME_UNKNOWN, STATUS_BROKE_OFF },
		{ "reads nothing", "exec sleep 60", 0, false, OUTCOME_DEFERRED, "" },
		{ "reads nothing of a large letter", "exec sleep 60", 20000, false,
		    OUTCOME_DEFERRED, "" },
		{ "talks and reads nothing", "exec yes words", 20000, false,
		    OUTCOME_DEFERRED, "" },
		{ "reads the beginning", "head -c 10 >/dev/null; exec sleep 60", 20000,
		    false, OUTCOME_DEFERRED, "" },
		{ "a child of its own has read it", "cat >/dev/null; sleep 60; exit 0", 0,
		    false, OUTCOME_UNKNOWN, STATUS_BROKE_OFF },
		{ "is done in time", "cat >/dev/null; sleep 0.1", 20000, true,
		    OUTCOME_SENT, "" },
	};
	struct bench *b = *state;

	b->config.smtp.timeout = 300;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const int64_t begun = clock_ticks_ms();

		buf_clear(&b->letters.bytes);
		letters_init(&b->letters, two, 2);
		err_clear(&b->err);
		make_program(b,
		    arena_printf(b->arena, "#!/bin/sh\n%s\n", cases[i].script));
		b->letters.lines = cases[i].lines;
		b->letters.hurry_after = 1;
		b->t.grace_ms = cases[i].goes_on ? 60000 : 400;
		if (!run(b, TRANSPORT_SENDMAIL))
			fail_msg("%s: got \"%s\"", cases[i].name, b->err.text);
		if (b->letters.kinds[0] != cases[i].kind ||
		    strcmp(b->letters.status[0], cases[i].status) != 0)
			fail_msg("%s: got %d %s (%s), want %d %s", cases[i].name,
			    (int)b->letters.kinds[0], b->letters.status[0],
			    b->letters.replies[0], (int)cases[i].kind, cases[i].status);
		if (clock_ticks_ms() - begun > 30000)
			fail_msg("%s: not ended", cases[i].name);
	}
}

static void
a_program_that_is_not_there_is_named(void **state)
{
	struct bench *b = *state;

	b->config.transport.sendmail = "/nonexistent/sendmail -i";
	assert_false(run(b, TRANSPORT_SENDMAIL));
	assert_string_equal(b->err.text,
	    "/nonexistent/sendmail: No such file or directory");
	expect_kind(b, 0, OUTCOME_DEFERRED);
}

/* ---- where it goes ------------------------------------------------------------------- */

static const struct {
	enum transport_method method;
	const char *host;
	int64_t port;
	enum smtp_security security;
	const char *want;
} descriptions[] = {
	/* clang-format off */
	{ TRANSPORT_OUTBOX, "", 0, SECURITY_AUTO, "files in ./outbox" },
	{ TRANSPORT_MBOX, "", 0, SECURITY_AUTO, "mbox box" },
	{ TRANSPORT_MAILDIR, "", 0, SECURITY_AUTO, "maildir Mail" },
	{ TRANSPORT_STDOUT, "", 0, SECURITY_AUTO, "standard output" },
	{ TRANSPORT_SENDMAIL, "", 0, SECURITY_AUTO, "program /usr/sbin/sendmail" },
	{ TRANSPORT_LMTP, "", 0, SECURITY_AUTO, "LMTP at /run/lmtp" },
	{ TRANSPORT_SMTP, "", 0, SECURITY_AUTO, "localhost:25 (STARTTLS if offered)" },
	{ TRANSPORT_SMTP, "LocalHost", 25, SECURITY_AUTO, "LocalHost:25 (STARTTLS if offered)" },
	{ TRANSPORT_SMTP, "127.0.0.1", 0, SECURITY_AUTO, "127.0.0.1:25 (STARTTLS if offered)" },
	{ TRANSPORT_SMTP, "localhost", 2525, SECURITY_AUTO, "localhost:2525 (STARTTLS)" },
	{ TRANSPORT_SMTP, "localhost", 0, SECURITY_NONE, "localhost:25 (in the clear)" },
	{ TRANSPORT_SMTP, "mx.example.net", 0, SECURITY_AUTO, "mx.example.net:587 (STARTTLS)" },
	{ TRANSPORT_SMTP, "mx.example.net", 25, SECURITY_AUTO, "mx.example.net:25 (STARTTLS)" },
	{ TRANSPORT_SMTP, "mx.example.net", 465, SECURITY_AUTO, "mx.example.net:465 (TLS)" },
	{ TRANSPORT_SMTP, "mx.example.net", 0, SECURITY_TLS, "mx.example.net:465 (TLS)" },
	{ TRANSPORT_SMTP, "mx.example.net", 2465, SECURITY_TLS, "mx.example.net:2465 (TLS)" },
	{ TRANSPORT_SMTP, "mx.example.net", 0, SECURITY_STARTTLS, "mx.example.net:587 (STARTTLS)" },
};
/* clang-format on */

static void
where_letters_go_is_told_and_tls_is_the_rule(void **state)
{
	struct bench *b = *state;

	b->config.transport.outbox = "./outbox";
	b->config.transport.mbox = "box";
	b->config.transport.maildir = "Mail";
	b->config.transport.sendmail = "/usr/sbin/sendmail -i -f {bounce}";
	b->config.transport.lmtp = "/run/lmtp";
	b->config.smtp.helo = "";
	for (size_t i = 0; i < ARRAY_LEN(descriptions); i++) {
		struct buf got = BUF_INIT(1000);

		b->config.transport.method = descriptions[i].method;
		b->config.smtp.host = descriptions[i].host;
		b->config.smtp.port = descriptions[i].port;
		b->config.smtp.security = descriptions[i].security;
		transport_describe(&b->config, &got);
		if (strcmp(buf_text(&got), descriptions[i].want) != 0)
			fail_msg("%zu: got \"%s\", want \"%s\"", i, buf_text(&got),
			    descriptions[i].want);
		buf_clear(&got);
	}
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(the_outbox_has_one_file_each_and_an_mbox),
		T(an_mbox_gets_all_letters),
		T(a_full_disk_stops_the_run_and_defers),
		T(a_path_that_is_not_set_is_named),
		T(a_maildir_gets_each_letter_in_new),
		T(a_second_run_with_the_same_clock_loses_nothing),
		T(one_letter_is_printed_as_it_is),
		T(two_letters_are_printed_as_an_mbox),
		T(a_bad_address_is_refused_and_the_others_go),
		T(stop_is_heard_between_letters),
		T(what_cannot_be_written_down_ends_the_run),
		T(a_program_gets_the_letter_and_the_envelope),
		T(exit_codes_are_outcomes),
		T(a_program_that_hangs_is_ended),
		T(a_program_is_ended_with_the_send),
		T(a_program_that_is_not_there_is_named),
		T(where_letters_go_is_told_and_tls_is_the_rule),
	};
#undef T

	return cmocka_run_group_tests(tests, NULL, NULL);
}
