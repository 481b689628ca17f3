/* SPDX-License-Identifier: ISC */
/* A program that takes letters: its command line, what its end means, and its patience. */
#define _GNU_SOURCE /* RTLD_NEXT */

#include "unit/transport_fixture.h"

#include <signal.h>
#include <sys/ioctl.h>

#include "unit/failing_network.h"
#include "unit/heard_log.h"

FAILING_CALL(int, kill, (pid_t pid, int number), pid, number)

/* Here how much of a letter was not read. */
int
ioctl(int fd, unsigned long request, ...)
{
	static int (*library)(int, unsigned long, ...);
	va_list ap;
	void *argument = NULL;

	va_start(ap, request);
	argument = va_arg(ap, void *);
	va_end(ap);
	if (failing_call("ioctl"))
		return -1;
	if (!library)
		LIBRARYS(library, "ioctl");
	return library(fd, request, argument);
}

/* ---- the command line ---------------------------------------------------------------- */

/* A program that writes its arguments, one a line, to "args"; behind it more words. */
static void
make_program(struct bench *b, const char *script, const char *more)
{
	const char *path = in_dir(b, "program");
	const char *text = arena_printf(b->arena, "#!/bin/sh\n%s\n", script);
	struct err err = ERR_INIT;

	if (!file_write(path, text, strlen(text), 0700, &err))
		fail_msg("%s", err.text);
	b->config.transport.sendmail = arena_printf(b->arena, "%s%s", path, more);
}

static void
begin_again(struct bench *b)
{
	buf_clear(&b->letters.bytes);
	letters_init(&b->letters, two, 1);
	err_clear(&b->err);
}

#define TELL_ARGS "cd \"${0%/*}\"; for a; do echo \"<$a>\"; done >args; cat >/dev/null"

static const struct {
	const char *words, *sender, *to, *want;
} lines[] = {
	{ "", "a@b.org", "ann@example.org", "<-->\n<ann@example.org>\n" },
	{ " -f {bounce}", "a@b.org", "ann@example.org",
	    "<-f>\n<a@b.org>\n<-->\n<ann@example.org>\n" },
	{ " -f{bounce}! {bounce}{bounce}", "a@b.org", "ann@example.org",
	    "<-fa@b.org!>\n<a@b.orga@b.org>\n<-->\n<ann@example.org>\n" },
	{ " {bounce {bounc} bounce} {{bounce}}", "a@b.org", "ann@example.org",
	    "<{bounce>\n<{bounc}>\n<bounce}>\n<{a@b.org}>\n<-->\n<ann@example.org>\n" },
	/* No sender: "<>"; and an address that looks like an option is behind "--". */
	{ " -f {bounce}", "", "-x@example.org", "<-f>\n<>\n<-->\n<-x@example.org>\n" },
};

static void
the_command_line_has_the_words_the_sender_and_the_recipient(void **state)
{
	struct bench *b = *state;

	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		begin_again(b);
		make_program(b, TELL_ARGS, lines[i].words);
		b->letters.sender = lines[i].sender;
		b->letters.recipients[0] = lines[i].to;
		assert_true(run(b, TRANSPORT_SENDMAIL));
		expect_kind(b, 0, OUTCOME_SENT);
		expect_file(b, in_dir(b, "args"), lines[i].want);
	}
}

/* The program and 60 words; one more is refused before anything is started. */
static void
a_command_line_has_61_words_at_most(void **state)
{
	struct bench *b = *state;
	struct buf words = BUF_INIT(1000);
	struct buf want = BUF_INIT(1000);

	for (int i = 1; i <= 60; i++) {
		buf_addf(&words, " %d", i);
		buf_addf(&want, "<%d>\n", i);
	}
	buf_adds(&want, "<-->\n<ann@example.org>\n");
	begin_again(b);
	make_program(b, TELL_ARGS, buf_text(&words));
	assert_true(run(b, TRANSPORT_SENDMAIL));
	expect_file(b, in_dir(b, "args"), buf_text(&want));
	begin_again(b);
	buf_adds(&words, " 61");
	make_program(b, TELL_ARGS, buf_text(&words));
	assert_false(run(b, TRANSPORT_SENDMAIL));
	assert_int_equal(b->err.kind, ERR_CONFIG);
	assert_string_equal(b->err.text, "transport.sendmail has too many words");
	begin_again(b);
	b->config.transport.sendmail = " \t ";
	assert_false(run(b, TRANSPORT_SENDMAIL));
	assert_int_equal(b->err.kind, ERR_CONFIG);
	assert_string_equal(b->err.text, "transport.sendmail names no program");
	buf_clear(&words);
	buf_clear(&want);
}

/* ---- its end ------------------------------------------------------------------------- */

/* <sysexits.h>, and what a shell says of a program that it cannot start. */
static const struct {
	int code;
	bool goes_on;
	enum outcome_kind kind;
	const char *status;
} exits[] = {
	{ 0, true, OUTCOME_SENT, "" },
	{ 1, true, OUTCOME_DEFERRED, "4.3.0" },
	{ 63, true, OUTCOME_DEFERRED, "4.3.0" },
	{ 64, false, OUTCOME_DEFERRED, "" },    /* EX_USAGE */
	{ 65, true, OUTCOME_REFUSED, "5.6.0" }, /* EX_DATAERR */
	{ 66, true, OUTCOME_DEFERRED, "4.3.0" },
	{ 67, true, OUTCOME_REFUSED, "5.1.1" }, /* EX_NOUSER */
	{ 68, true, OUTCOME_REFUSED, "5.1.2" }, /* EX_NOHOST */
	{ 69, true, OUTCOME_DEFERRED, "4.3.0" },
	{ 75, true, OUTCOME_DEFERRED, "4.3.0" }, /* EX_TEMPFAIL */
	{ 76, true, OUTCOME_DEFERRED, "4.3.0" },
	{ 77, false, OUTCOME_DEFERRED, "" }, /* EX_NOPERM */
	{ 78, false, OUTCOME_DEFERRED, "" }, /* EX_CONFIG */
	{ 79, true, OUTCOME_DEFERRED, "4.3.0" },
	{ 125, true, OUTCOME_DEFERRED, "4.3.0" },
	{ 126, false, OUTCOME_DEFERRED, "" },
	{ 127, false, OUTCOME_DEFERRED, "" },
	{ 128, true, OUTCOME_DEFERRED, "4.3.0" },
};

static void
each_exit_status_has_its_meaning(void **state)
{
	struct bench *b = *state;

	for (size_t i = 0; i < ARRAY_LEN(exits); i++) {
		const char *stopped = arena_printf(b->arena,
		    "%s ended with %d: some words", in_dir(b, "program"), exits[i].code);
		bool ok = false;

		begin_again(b);
		make_program(b,
		    arena_printf(b->arena, "cat >/dev/null; echo some words; exit %d",
			exits[i].code),
		    "");
		ok = run(b, TRANSPORT_SENDMAIL);
		if (ok != exits[i].goes_on || b->letters.kinds[0] != exits[i].kind ||
		    strcmp(b->letters.status[0], exits[i].status) != 0)
			fail_msg("%d: got %d, %d %s", exits[i].code, ok,
			    (int)b->letters.kinds[0], b->letters.status[0]);
		assert_string_equal(b->letters.replies[0], ok ? "some words" : stopped);
		assert_string_equal(b->err.text, ok ? "" : stopped);
		assert_int_equal(b->err.kind, ok ? ERR_NONE : ERR_PERMANENT);
	}
}

enum { MANY = 20000 /* lines: more than a socket holds */ };

static const struct {
	const char *name, *script;
	size_t more;
	enum outcome_kind kind;
	const char *status, *reply;
} ends[] = {
	{ "killed with the letter", "cat >/dev/null; kill -9 $$", 0, OUTCOME_UNKNOWN,
	    STATUS_BROKE_OFF, "the program was killed" },
	{ "killed with words", "cat >/dev/null; echo dying; kill -9 $$", 0,
	    OUTCOME_UNKNOWN, STATUS_BROKE_OFF, "dying" },
	{ "killed without the letter", "kill -9 $$", MANY, OUTCOME_DEFERRED,
	    STATUS_BROKE_OFF, "the program was killed" },
	{ "does not read on", "head -c 5 >/dev/null; exit 0", MANY, OUTCOME_SENT, "",
	    "exit status 0" },
	{ "says nothing more", "exec >&- 2>&-; cat >/dev/null; exit 75", MANY,
	    OUTCOME_DEFERRED, "4.3.0", "exit status 75" },
	{ "takes its time", "cat >/dev/null; sleep 0.1; echo done; exit 65", 0,
	    OUTCOME_REFUSED, "5.6.0", "done" },
	{ "talks on both", "echo out; echo err >&2; cat >/dev/null; exit 67", 0,
	    OUTCOME_REFUSED, "5.1.1", "out err" },
};

static void
what_became_of_the_letter_is_told_with_its_words(void **state)
{
	struct bench *b = *state;

	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		begin_again(b);
		make_program(b, ends[i].script, "");
		b->letters.lines = ends[i].more;
		assert_true(run(b, TRANSPORT_SENDMAIL));
		if (b->letters.kinds[0] != ends[i].kind ||
		    strcmp(b->letters.status[0], ends[i].status) != 0 ||
		    strcmp(b->letters.replies[0], ends[i].reply) != 0)
			fail_msg("%s: got %d %s \"%s\"", ends[i].name,
			    (int)b->letters.kinds[0], b->letters.status[0],
			    b->letters.replies[0]);
	}
}

/* ---- patience ------------------------------------------------------------------------ */

static const struct {
	const char *name, *script;
	size_t more;
	int64_t timeout_s, grace_ms;
	bool hurries;
	enum outcome_kind kind;
	const char *status, *reply;
} slow[] = {
	{ "too long", "exec sleep 60", MANY, 1, 60000, false, OUTCOME_DEFERRED,
	    STATUS_BROKE_OFF, "the program took too long" },
	{ "the source hurries, with more patience than the letter has", "exec sleep 60",
	    MANY, 1, 60000, true, OUTCOME_DEFERRED, STATUS_BROKE_OFF,
	    "the program took too long" },
	{ "the source hurries", "exec sleep 60", MANY, 60, 100, true, OUTCOME_DEFERRED,
	    "", "the program was stopped with the send" },
	{ "with words of its own", "echo wait; exec sleep 60", MANY, 60, 300, true,
	    OUTCOME_DEFERRED, "", "wait" },
	/* A letter that the socket has room for; nobody read it. */
	{ "a small letter", "exec sleep 60", 0, 60, 50, true, OUTCOME_DEFERRED, "",
	    "the program was stopped with the send" },
	{ "half of a small letter is read", "head -c 5 >/dev/null; exec sleep 60", 0, 60,
	    300, true, OUTCOME_DEFERRED, "", "the program was stopped with the send" },
	/* It had all of it, and may have passed it on. */
	{ "all of it is read", "cat >/dev/null; exec sleep 60", 0, 60, 800, true,
	    OUTCOME_UNKNOWN, STATUS_BROKE_OFF, "the program was stopped with the send" },
	{ "killed by another", "kill -9 $$", MANY, 60, 20000, true, OUTCOME_DEFERRED,
	    STATUS_BROKE_OFF, "the program was killed" },
};

static void
who_takes_too_long_is_ended(void **state)
{
	struct bench *b = *state;

	for (size_t i = 0; i < ARRAY_LEN(slow); i++) {
		const int64_t begun = clock_ticks_ms();
		const int64_t most = slow[i].grace_ms < slow[i].timeout_s * 1000
		    ? slow[i].grace_ms
		    : slow[i].timeout_s * 1000;

		begin_again(b);
		make_program(b, slow[i].script, "");
		b->letters.lines = slow[i].more;
		b->letters.hurry_after = slow[i].hurries;
		b->config.smtp.timeout = slow[i].timeout_s;
		b->t.grace_ms = slow[i].grace_ms;
		assert_true(run(b, TRANSPORT_SENDMAIL));
		if (b->letters.kinds[0] != slow[i].kind ||
		    strcmp(b->letters.status[0], slow[i].status) != 0 ||
		    strcmp(b->letters.replies[0], slow[i].reply) != 0)
			fail_msg("%s: got %d %s \"%s\"", slow[i].name,
			    (int)b->letters.kinds[0], b->letters.status[0],
			    b->letters.replies[0]);
		/* The last one ends by itself. */
		assert_int_equal(clock_ticks_ms() - begun >= most,
		    i + 1 < ARRAY_LEN(slow));
		assert_true(clock_ticks_ms() - begun < 30000);
	}
}

/* ---- what it says -------------------------------------------------------------------- */

/* What comes when fewer than 400 octets have come is kept. */
static void
so_much_is_kept_of_what_it_says(void **state)
{
	struct bench *b = *state;

	for (int first = 399; first <= 400; first++) {
		begin_again(b);
		make_program(b,
		    arena_printf(b->arena,
			"cat >/dev/null; printf %%0%dd 0; sleep 0.2; printf %%0100d 0; "
			"exit 1",
			first),
		    "");
		assert_true(run(b, TRANSPORT_SENDMAIL));
		assert_int_equal(strlen(b->letters.replies[0]), first == 399 ? 499 : 400);
	}
}

static void
a_program_that_cannot_be_started_ends_the_send(void **state)
{
	struct bench *b = *state;

	begin_again(b);
	b->config.transport.sendmail = in_dir(b, "nowhere -t");
	assert_false(run(b, TRANSPORT_SENDMAIL));
	assert_int_equal(b->err.kind, ERR_CONFIG);
	assert_string_equal(b->err.text,
	    arena_printf(b->arena, "%s: No such file or directory",
		in_dir(b, "nowhere")));
	assert_string_equal(b->err.hint,
	    "transport.sendmail is the command line of a program that takes a letter");
	expect_kind(b, 0, OUTCOME_DEFERRED);
	assert_string_equal(b->letters.replies[0], b->err.text);
}

/* ---- calls that fail ----------------------------------------------------------------- */

/* A program that keeps what it read, says something and ends with EX_DATAERR. */
#define KEEP "cat >\"${0%/*}/kept\"; echo no; exit 65"

static const struct {
	const char *script;
	struct failing_call fails;
	int64_t grace_ms; /* 0: the source does not hurry */
	enum outcome_kind kind;
	const char *status, *reply, *kept; /* NULL: not looked at */
} failures[] = {
	{ KEEP, { NULL, 0, 0 }, 0, OUTCOME_REFUSED, "5.6.0", "no", "whole" },
	{ KEEP, { "poll", EINTR, 0 }, 0, OUTCOME_REFUSED, "5.6.0", "no", "whole" },
	{ KEEP, { "send", EINTR, 0 }, 0, OUTCOME_REFUSED, "5.6.0", "no", "whole" },
	{ KEEP, { "send", EAGAIN, 0 }, 0, OUTCOME_REFUSED, "5.6.0", "no", "whole" },
	{ KEEP, { "send", EPIPE, 0 }, 0, OUTCOME_REFUSED, "5.6.0", "no", "" },
	{ KEEP, { "recv", EINTR, 0 }, 0, OUTCOME_REFUSED, "5.6.0", "no", "whole" },
	{ KEEP, { "recv", EAGAIN, 0 }, 0, OUTCOME_REFUSED, "5.6.0", "no", "whole" },
	{ KEEP, { "recv", EIO, 0 }, 0, OUTCOME_REFUSED, "5.6.0", "exit status 65",
	    "whole" },
	{ "exec sleep 60", { "poll", EFAULT, 0 }, 0, OUTCOME_DEFERRED, STATUS_BROKE_OFF,
	    "the program took too long", NULL },
	/* Whether it was read is not known: it may have been. */
	{ "exec sleep 60", { "kill", ESRCH, 0 }, 50, OUTCOME_UNKNOWN, STATUS_BROKE_OFF,
	    "the program was stopped with the send", NULL },
	{ "exec sleep 60", { "ioctl", EINVAL, 0 }, 50, OUTCOME_UNKNOWN, STATUS_BROKE_OFF,
	    "the program was stopped with the send", NULL },
};

static void
an_interruption_is_no_failure(void **state)
{
	struct bench *b = *state;

	for (size_t i = 0; i < ARRAY_LEN(failures); i++) {
		const char *kept = failures[i].kept;

		begin_again(b);
		make_program(b, failures[i].script, "");
		b->letters.hurry_after = failures[i].grace_ms > 0;
		b->t.grace_ms = failures[i].grace_ms;
		failing_calls_clear();
		failing_calls[0] = failures[i].fails;
		assert_true(run(b, TRANSPORT_SENDMAIL));
		failing_calls_clear();
		if (b->letters.kinds[0] != failures[i].kind ||
		    strcmp(b->letters.status[0], failures[i].status) != 0 ||
		    strcmp(b->letters.replies[0], failures[i].reply) != 0)
			fail_msg("%zu: got %d %s \"%s\"", i, (int)b->letters.kinds[0],
			    b->letters.status[0], b->letters.replies[0]);
		if (kept)
			expect_file(b, in_dir(b, "kept"),
			    *kept ? "To: ann@example.org\nSubject: letter 0\n\n"
				    ".Hello\n..\nFrom me\n"
				  : "");
	}
}

/* Each of the four sockets is closed in other children, and two do not wait. */
static void
sockets_that_cannot_be_set_up_end_the_send(void **state)
{
	struct bench *b = *state;

	for (int i = 0; i < 6; i++) {
		begin_again(b);
		make_program(b, KEEP, "");
		failing_calls_clear();
		failing_calls[0] = (struct failing_call){ "fcntl", EINVAL, i };
		assert_false(run(b, TRANSPORT_SENDMAIL));
		failing_calls_clear();
		assert_int_equal(b->err.kind, ERR_SYSTEM);
		assert_string_equal(b->err.text, "fcntl: Invalid argument");
		assert_string_equal(b->err.hint, "");
	}
}

static void
what_a_program_answered_is_logged(void **state)
{
	struct bench *b = *state;
	struct heard_log heard;
	bool ok = false;

	begin_again(b);
	make_program(b, "cat >/dev/null; echo two; echo words; exit 3", " -t");
	heard_log_begin(&heard, LOG_LEVEL_WIRE);
	ok = run(b, TRANSPORT_SENDMAIL);
	(void)heard_log_end(&heard);
	assert_true(ok);
	assert_string_equal(heard.text,
	    arena_printf(b->arena, "wire sendmail: %s: status 768, \"two words\"\n",
		in_dir(b, "program")));
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(the_command_line_has_the_words_the_sender_and_the_recipient),
		T(a_command_line_has_61_words_at_most),
		T(each_exit_status_has_its_meaning),
		T(what_became_of_the_letter_is_told_with_its_words),
		T(who_takes_too_long_is_ended),
		T(so_much_is_kept_of_what_it_says),
		T(a_program_that_cannot_be_started_ends_the_send),
		T(an_interruption_is_no_failure),
		T(sockets_that_cannot_be_set_up_end_the_send),
		T(what_a_program_answered_is_logged),
	};
#undef T

	return cmocka_run_group_tests(tests, NULL, NULL);
}
