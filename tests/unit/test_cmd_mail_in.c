/* SPDX-License-Identifier: ISC */
/*
 * mail-in and the process that it starts for the answers: when, how often, with which words, and
 * what is told of it.  That process is a script here, which writes down how it was called.
 */
#include "unit/planet_fixture.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <sysexits.h>

#include "base/clock.h"
#include "base/lock.h"

#define COMMANDS "[list]\ncommand_address = planet@example.net\nwelcome = no\n"

static const char asks[] =
    MESSAGE("planet+subscribe@example.net", "bo@x.example", "hello", "hello");
static const char talks[] =
    MESSAGE("planet@example.net", "cy@x.example", "how are you", "well?");

/* ---- who sends the answers ---- */

/* The script that is our program: it tells its words to a file, and ends like that. */
static void
put_program(struct cmd_test *t, const char *end)
{
	static char path[300];
	char text[1000];

	(void)snprintf(text, sizeof(text),
	    "#!/bin/sh\necho \"$*\" >>%s/calls\necho noise >&2\necho words\n%s\n",
	    t->folder, end);
	(void)snprintf(path, sizeof(path), "%s", cmd_file(t, "program", text));
	assert_int_equal(chmod(path, 0700), 0);
	t->program = path;
}

/* What it wrote down; then it begins anew. */
static const char *
calls_of(struct cmd_test *t)
{
	static char text[4000];
	struct buf b = BUF_INIT(sizeof(text) - 1);
	char path[300];

	in_folder(t->folder, "calls", path);
	text[0] = '\0';
	if (file_exists(path)) {
		MUST(file_read(path, &b, err));
		(void)snprintf(text, sizeof(text), "%s", buf_text(&b));
		assert_int_equal(unlink(path), 0);
	}
	buf_clear(&b);
	return text;
}

static const struct {
	const char *name, *end; /* of the script */
	const char *option, *message;
	size_t calls;
	bool waits, heard; /* told that answers wait; the script's noise is told */
} senders[] = {
	{ "it sends them", "exit 0", "-v", asks, 1, false, true },
	{ "not at a terminal: its words are no matter of the mail server's", "exit 0",
	    "--plain", asks, 1, false, false },
	{ "it fails", "exit 1", "-v", asks, 1, true, true },
	{ "it fails, and nobody looks", "exit 1", "--plain", asks, 1, false, false },
	{ "it finds a run at work each time", "exit 5", "-v", asks, 3, true, true },
	{ "at first", "[ -e again ] && exit 0; >again; exit 5", "-v", asks, 2, false,
	    true },
	{ "it is killed", "kill -9 $$", "-v", asks, 1, true, true },
	{ "there is nobody to be answered", "exit 0", "-v", talks, 0, false, false },
	{ "it is only tried", "exit 0", "-nv", asks, 0, false, false },
};

static void
answers_are_sent_by_another_process(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(senders); i++) {
		const struct cmd_case c = { senders[i].name,
			{ senders[i].option, "mail-in" }, EX_OK,
			senders[i].calls == 0       ? ""
			    : senders[i].calls == 1 ? "words\n"
			    : senders[i].calls == 2 ? "words\nwords\n"
						    : "words\nwords\nwords\n",
			NULL, "" };
		char end[200];
		char want[2000];
		int len = 0;
		struct cmd_test t;

		planet_begin_with(&t, COMMANDS);
		(void)snprintf(end, sizeof(end), "cd %s; %s", t.folder, senders[i].end);
		put_program(&t, end);
		planet_put_input(&t, senders[i].message);
		cmd_expect(&t, &c);
		want[0] = '\0';
		for (size_t k = 0; k < senders[i].calls; k++)
			len += snprintf(want + len, sizeof(want) - (size_t)len,
			    "-q -c %s -d %s run --answers\n", t.conf, t.data);
		SAME_TEXT(senders[i].name, calls_of(&t), want);
		SAME_INT(senders[i].name,
		    strstr(buf_text(&t.err), "answers wait for the next run\n") != NULL,
		    senders[i].waits);
		SAME_INT(senders[i].name, strstr(buf_text(&t.err), "noise\n") != NULL,
		    senders[i].heard);
		cmd_end(&t);
	}
}

/* Two files of settings are two options of the other process. */
static void
the_sender_has_the_settings_of_this_call(void **state)
{
	char more[400];
	char want[2000];
	struct cmd_test t;

	(void)state;
	planet_begin_with(&t, COMMANDS);
	put_program(&t, "exit 0");
	(void)snprintf(more, sizeof(more), "%s",
	    cmd_file(&t, "more.conf", "[newsletter]\nname = Planet Y\n"));
	planet_put_input(&t, asks);
	cmd_expect(&t,
	    &(struct cmd_case){ "two files", { "-c", more, "mail-in" }, EX_OK, "words\n",
		NULL, NULL });
	(void)snprintf(want, sizeof(want), "-q -c %s -c %s -d %s run --answers\n", t.conf,
	    more, t.data);
	SAME_TEXT("its words", calls_of(&t), want);
	cmd_end(&t);
}

static void
a_program_that_is_gone_is_no_trouble_of_the_mail_server(void **state)
{
	static const struct cmd_case c = { "gone", { "-v", "mail-in" }, EX_OK, "", NULL,
		"answers wait for the next run: /nowhere/planetpost: " };
	struct cmd_test t;

	(void)state;
	planet_begin_with(&t, COMMANDS);
	t.program = "/nowhere/planetpost";
	planet_put_input(&t, asks);
	cmd_expect(&t, &c);
	cmd_end(&t);
}

/* A process that holds the lock for a while. */
static pid_t
hold_lock_for(const char *path, int64_t ms)
{
	int ready[2];
	char c = 0;
	pid_t pid = 0;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct lock lock = LOCK_INIT;
		struct err err = ERR_INIT;

		c = lock_open(&lock, path, "run", &err) ? 'y' : 'n';
		if (write(ready[1], &c, 1) == 1)
			clock_sleep_ms(ms);
		_exit(0);
	}
	assert_int_equal(read(ready[0], &c, 1), 1);
	assert_int_equal(c, 'y');
	(void)close(ready[0]);
	(void)close(ready[1]);
	return pid;
}

static void
a_run_that_works_is_waited_for(void **state)
{
	static const struct cmd_case c = { "a run works", { "mail-in" }, EX_OK, "words\n",
		NULL, NULL };
	char lock[400];
	struct cmd_test t;
	int64_t began = 0;
	pid_t pid = 0;

	(void)state;
	planet_begin_with(&t, COMMANDS);
	put_program(&t, "exit 0");
	planet_put_input(&t, asks);
	(void)snprintf(lock, sizeof(lock), "%s/planetpost.db.lock", t.data);
	began = clock_ticks_ms();
	pid = hold_lock_for(lock, 300);
	cmd_expect(&t, &c);
	assert_true(clock_ticks_ms() - began >= 300);
	assert_true(*calls_of(&t) != '\0');
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	cmd_end(&t);
}

/* How long somebody waits who has so much patience, and whether they get their turn. */
static void
patience_has_an_end(void **state)
{
	static const struct {
		const char *name;
		int64_t held_ms, patience_ms, least_ms;
		bool want;
	} cases[] = {
		{ "nobody works", -1, 0, 0, true },
		{ "no patience", 60000, 0, 0, false },
		{ "too little", 60000, 150, 150, false },
		{ "enough", 100, 60000, 50, true },
	};
	char path[400];
	char lock[400];
	struct cmd_test t;

	(void)state;
	cmd_begin(&t, NULL);
	in_folder(t.folder, "x.db", path);
	in_folder(t.folder, "x.db.lock", lock);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct app app = { .run.arena = arena_new() };
		int64_t began = 0;
		int64_t took = 0;
		pid_t pid = 0;

		app.settings.config.database.path = path;
		if (cases[i].held_ms >= 0)
			pid = hold_lock_for(lock, cases[i].held_ms);
		began = clock_ticks_ms();
		SAME_INT(cases[i].name, session_awaits_others(&app, cases[i].patience_ms),
		    cases[i].want);
		took = clock_ticks_ms() - began;
		if (took < cases[i].least_ms)
			fail_msg("%s: it took %lld ms", cases[i].name, (long long)took);
		if (pid > 0) {
			(void)kill(pid, SIGKILL);
			assert_int_equal(waitpid(pid, NULL, 0), pid);
		}
		arena_free(app.run.arena);
	}
	cmd_end(&t);
}

/* ---- what is no message ---- */

static bool
always(void)
{
	return true;
}

static int
terminated(void)
{
	return SIGTERM;
}

static void
input_that_is_no_message(void **state)
{
	static const struct cmd_case endless = { "no end", { "mail-in" }, EX_DATAERR, "",
		NULL, "a message of more than 1073741824 bytes is none\n" };
	static const struct cmd_case folder = { "a directory", { "mail-in" }, EX_TEMPFAIL,
		"", NULL, "planetpost: standard input: Is a directory\n" };
	static const struct cmd_case stopped = { "interrupted", { "mail-in" },
		EX_TEMPFAIL, "", NULL, "planetpost: interrupted\n" };
	/* A mail server would take 143 for a refusal; anybody else is told so. */
	static const struct cmd_case other = { "another command", { "feed", "list" },
		EXIT_SIGTERM, NULL, NULL, NULL };
	static const struct cmd_case before = { "nothing", { "help", "nothing" },
		EXIT_SIGTERM, NULL, NULL, "" };
	static const struct cmd_case dealt = { "dealt with", { "mail-in" }, EX_OK, "",
		NULL, NULL };
	struct cmd_test t;

	(void)state;
	planet_begin_with(&t, COMMANDS);
	t.input = "/dev/zero";
	cmd_expect(&t, &endless);
	t.input = t.folder;
	cmd_expect(&t, &folder);
	planet_put_input(&t, asks);
	t.signal_number = terminated;
	cmd_expect(&t, &other);
	cmd_expect(&t, &before);
	cmd_expect(&t, &dealt);
	t.interrupted = always;
	cmd_expect(&t, &stopped);
	cmd_end(&t);
}

/* ---- what is no maildir ---- */

static void
what_a_maildir_is_is_told_to_whoever_names_none(void **state)
{
	char box[300];
	char path[400];
	char want[1000];
	struct cmd_test t;

	(void)state;
	planet_begin_with(&t, COMMANDS);
	in_folder(t.folder, "box", box);
	const struct cmd_case c = { "none", { "mail-in", "--maildir", box }, EX_TEMPFAIL,
		"", NULL, "" };

	cmd_expect(&t, &c);
	(void)snprintf(want, sizeof(want),
	    "planetpost: %s/new: No such file or directory\n"
	    "  hint: a maildir is a folder with new, cur and tmp in it\n",
	    box);
	SAME_TEXT("none", buf_text(&t.err), want);
	/* One that is there but leads nowhere. */
	assert_int_equal(mkdir(box, 0700), 0);
	(void)snprintf(path, sizeof(path), "%s/new", box);
	assert_int_equal(symlink("new", path), 0);
	cmd_expect(&t, &c);
	(void)snprintf(want, sizeof(want), "planetpost: %s: %s\n", path, strerror(ELOOP));
	SAME_TEXT("a circle", buf_text(&t.err), want);
	cmd_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_are_sent_by_another_process),
		cmocka_unit_test(the_sender_has_the_settings_of_this_call),
		cmocka_unit_test(a_program_that_is_gone_is_no_trouble_of_the_mail_server),
		cmocka_unit_test(a_run_that_works_is_waited_for),
		cmocka_unit_test(patience_has_an_end),
		cmocka_unit_test(input_that_is_no_message),
		cmocka_unit_test(what_a_maildir_is_is_told_to_whoever_names_none),
	};

	return cmocka_run_group_tests_name("mail-in", tests, NULL, NULL);
}
