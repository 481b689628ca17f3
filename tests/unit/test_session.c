/* SPDX-License-Identifier: ISC */
/* What commands find open: the clock that is pretended, a database others can read, a lock. */
#include "unit/planet_fixture.h"

#include <signal.h>
#include <sys/wait.h>

#include "base/lock.h"

static const struct {
	const char *epoch;
	int code;
	const char *out, *err;
} epochs[] = {
	{ NULL, EXIT_OK, "\"last_run\": \"2026-11-24T06:00:00Z\"", NULL },
	{ "", EXIT_OK, "\"last_run\": \"2026-11-24T06:00:00Z\"", NULL },
	{ "1795500001", EXIT_OK, "\"last_run\": \"2026-11-24T06:00:01Z\"", NULL },
	{ "0001795500002", EXIT_USAGE, NULL,
	    "SOURCE_DATE_EPOCH is not a number of seconds: " },
	{ "-1", EXIT_USAGE, NULL, "SOURCE_DATE_EPOCH is not a number of seconds: -1" },
	{ "1e9", EXIT_USAGE, NULL, "SOURCE_DATE_EPOCH is not a number of seconds: 1e9" },
};

static void
the_time_may_be_pretended(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(epochs); i++) {
		const char *name = epochs[i].epoch ? epochs[i].epoch : "none";
		const struct cmd_case run = { name, { "run", "--to", "me@example.org" },
			epochs[i].code, NULL, NULL, epochs[i].err };
		const struct cmd_case status = { name, { "status", "--json" }, EXIT_OK,
			NULL, epochs[i].out, NULL };
		struct cmd_test t;

		planet_begin(&t);
		t.epoch = epochs[i].epoch;
		cmd_expect(&t, &run);
		if (epochs[i].code == EXIT_OK)
			cmd_expect(&t, &status);
		cmd_end(&t);
	}
}

static const struct {
	mode_t dir, file;
	bool told;
} modes[] = {
	{ 0700, 0644, false },
	{ 0755, 0600, false },
	{ 0755, 0640, false },
	{ 0754, 0644, false },
	{ 0711, 0644, true },
	{ 0755, 0644, true },
};

static void
a_database_that_others_can_read_is_told(void **state)
{
	static const struct cmd_case made = { "made", { "feed", "list" }, EXIT_OK, NULL,
		NULL, NULL };
	struct cmd_test t;
	char path[400];

	(void)state;
	planet_begin(&t);
	cmd_expect(&t, &made);
	(void)snprintf(path, sizeof(path), "%s/planetpost.db", t.data);
	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		const struct cmd_case look = { "looked at", { "sub", "list" }, EXIT_OK,
			"", NULL,
			modes[i].told ? "/planetpost.db holds addresses and keys and "
					"others can read it (mode 0644): chmod 600 "
				      : NULL };

		assert_int_equal(chmod(t.data, modes[i].dir), 0);
		assert_int_equal(chmod(path, modes[i].file), 0);
		cmd_expect(&t, &look);
	}
	cmd_end(&t);
}

/* A process that holds the lock until it is killed. */
static pid_t
hold_lock(const char *path)
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

		c = lock_open(&lock, path, "issue send", &err) ? 'y' : 'n';
		if (write(ready[1], &c, 1) == 1)
			(void)pause();
		_exit(0);
	}
	assert_int_equal(read(ready[0], &c, 1), 1);
	assert_int_equal(c, 'y');
	(void)close(ready[0]);
	(void)close(ready[1]);
	return pid;
}

static void
one_run_at_a_time(void **state)
{
	static const struct cmd_case made = { "made", { "feed", "list" }, EXIT_OK, NULL,
		NULL, NULL };
	static const struct cmd_case held[] = {
		{ "a run waits for its turn", { "run" }, EXIT_TRY_AGAIN, "", NULL,
		    ": issue send)\n  hint: this is normal when the timer overlaps; exit "
		    "code 5 means try again\n" },
		{ "gc too", { "gc" }, EXIT_TRY_AGAIN, "", NULL,
		    "planetpost: another planetpost is working (pid " },
		{ "but one can look", { "status" }, EXIT_OK, NULL, "Planet X", NULL },
		{ "and add readers",
		    { "sub", "add", "ann@example.org", "--confirmed-by", "x" }, EXIT_OK,
		    "", NULL, NULL },
		{ "and try it dry", { "-n", "run" }, EXIT_OK, "", NULL, NULL },
	};
	static const struct cmd_case freed = { "its turn", { "gc" }, EXIT_OK, "", NULL,
		NULL };
	struct cmd_test t;
	char path[400];
	pid_t pid = 0;

	(void)state;
	planet_begin(&t);
	cmd_expect(&t, &made);
	(void)snprintf(path, sizeof(path), "%s/planetpost.db.lock", t.data);
	pid = hold_lock(path);
	EXPECT_ALL(&t, held);
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	cmd_expect(&t, &freed);
	cmd_end(&t);
}

/* ---- where what is said leads to ---- */

/* The call with standard output leading there; t->err has what was complained of. */
static int
call_into(struct cmd_test *t, int out, const char *const *words)
{
	struct capture c;
	int code = 0;

	capture_begin(&c, t->folder, NULL);
	capture_put(out, STDOUT_FILENO);
	code = cmd_main_with(t, words);
	(void)fflush(stdout);
	clearerr(stdout);
	capture_end(&c, &t->out, &t->err);
	return code;
}

static int
broken_pipe(void)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	(void)close(ends[0]);
	return ends[1];
}

static const struct {
	const char *name, *words[4];
	int full, pipe; /* exit codes where nothing can be written */
	bool writes;
} outputs[] = {
	{ "a list", { "help" }, EXIT_FAILED, EXIT_FAILED, true },
	{ "nothing to say", { "feed", "list" }, EXIT_OK, EXIT_OK, false },
	{ "an error as well", { "-v", "run" }, EXIT_HUMAN, EXIT_HUMAN, true },
	{ "an error alone", { "help", "nothing" }, EXIT_USAGE, EXIT_USAGE, false },
};

static void
what_cannot_be_written_is_told_but_to_a_pipe(void **state)
{
	static const char words[] = "planetpost: standard output cannot be written\n";
	void (*before)(int) = signal(SIGPIPE, SIG_IGN);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(outputs); i++) {
		struct cmd_test t;
		int code = 0;

		planet_begin(&t);
		if (!outputs[i].writes)
			(void)cmd_file(&t, "p.conf", "[newsletter]\nname = Planet X\n");
		code = call_into(&t, open("/dev/full", O_WRONLY), outputs[i].words);
		SAME_INT(outputs[i].name, code, outputs[i].full);
		SAME_INT(outputs[i].name, strstr(buf_text(&t.err), words) != NULL,
		    outputs[i].writes);
		code = call_into(&t, broken_pipe(), outputs[i].words);
		SAME_INT(outputs[i].name, code, outputs[i].pipe);
		assert_null(strstr(buf_text(&t.err), words));
		cmd_end(&t);
	}
	(void)signal(SIGPIPE, before);
}

/* ---- signals ---- */

static int
interrupted_by_hand(void)
{
	return SIGINT;
}

static int
terminated(void)
{
	return SIGTERM;
}

/* Copies that dry runs made. */
static size_t
copies_in(const char *path)
{
	DIR *d = opendir(path);
	size_t n = 0;

	for (struct dirent *e = NULL; d && (e = readdir(d));)
		n += strstr(e->d_name, "dry-run") != NULL;
	if (d)
		(void)closedir(d);
	return n;
}

/* On a copy of the database, or on none; nothing of either is left. */
static void
a_dry_run_leaves_nothing(void **state)
{
	static const struct cmd_case unmade = { "without a database",
		{ "-nv", "sub", "add", "ann@example.org", "--confirmed-by", "x" },
		EXIT_OK, "Added ann@example.org.\n", NULL, NULL };
	static const struct cmd_case cases[] = {
		{ "one reader", { "sub", "add", "bo@example.org", "--confirmed-by", "x" },
		    EXIT_OK, "", NULL, NULL },
		{ "on the copy they are there already",
		    { "-n", "sub", "add", "bo@example.org", "--confirmed-by", "x" },
		    EXIT_FAILED, "", NULL, "is on the list already (active)" },
		{ "removed from the copy", { "-nv", "sub", "erase", "bo@example.org" },
		    EXIT_OK, NULL, "Erased: nothing is left of that reader", NULL },
		{ "and there all the same", { "sub", "list", "--json=address" }, EXIT_OK,
		    "{\"schema\":1,\"readers\":[{\"address\":\"bo@example.org\"}]}\n",
		    NULL, NULL },
	};
	struct cmd_test t;
	char inside[400];

	(void)state;
	planet_begin(&t);
	cmd_expect(&t, &unmade);
	assert_false(file_exists(t.data));
	cmd_expect(&t, &cases[0]);
	for (size_t i = 1; i < ARRAY_LEN(cases); i++)
		cmd_expect(&t, &cases[i]);
	SAME_INT("copies", copies_in(t.data), 0);
	(void)snprintf(inside, sizeof(inside), "%s/data", t.conf);
	cmd_expect(&t,
	    &(struct cmd_case){ "inside of a file", { "-d", inside, "sub", "list" },
		EXIT_FAILED, "", NULL, "/planetpost.db: Not a directory\n" });
	cmd_end(&t);
}

#define LOST "list of feeds: FILE: No such file or directory; its feeds stay as they were"

/* What is told of a list that is not there, by what the log is to tell. */
static void
the_settings_say_what_is_told(void **state)
{
	static const struct {
		const char *settings, *option; /* or NULL */
		const char *told;
	} cases[] = {
		{ "", NULL, "warn feeds: " LOST "\n" },
		{ "level = warn\n", NULL, "warn feeds: " LOST "\n" },
		{ "level = error\n", NULL, "" },
		{ "level = error\n", "-v", "warn feeds: " LOST "\n" },
		{ "level = error\n", "-vv", "warn feeds: " LOST "\n" },
		{ "level = debug\n", "-q", "" },
		{ "format = text\n", NULL, "warn feeds: " LOST "\n" },
		{ "format = logfmt\n", NULL, "<4>event=feeds text=\"" LOST "\"\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *const plain[] = { "feed", "list", NULL };
		const char *const with[] = { cases[i].option, "feed", "list", NULL };
		const char *file = strstr(cases[i].told, "FILE");
		struct cmd_test t;
		char path[300];
		char text[1000];

		planet_begin(&t);
		in_folder(t.folder, "none.opml", path);
		(void)snprintf(text, sizeof(text),
		    "%s[feeds]\nfeeds_from = %s\n[log]\n%s", planet_settings, path,
		    cases[i].settings);
		(void)cmd_file(&t, "p.conf", text);
		SAME_INT("code", cmd_call(&t, cases[i].option ? with : plain), EXIT_OK);
		text[0] = '\0';
		if (file)
			(void)snprintf(text, sizeof(text), "%.*s%s%s",
			    (int)(file - cases[i].told), cases[i].told, path, file + 4);
		SAME_TEXT(cases[i].settings, buf_text(&t.err), text);
		cmd_end(&t);
	}
}

static void
a_signal_is_the_exit_code(void **state)
{
	static const struct cmd_case ok = { "it is done", { "help" }, EXIT_SIGINT, NULL,
		NULL, NULL };
	static const struct cmd_case usage = { "it cannot be", { "nothing" },
		EXIT_SIGTERM, "", NULL, "" };
	struct cmd_test t;

	(void)state;
	planet_begin(&t);
	t.signal_number = interrupted_by_hand;
	cmd_expect(&t, &ok);
	t.signal_number = terminated;
	cmd_expect(&t, &usage);
	cmd_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_time_may_be_pretended),
		cmocka_unit_test(a_database_that_others_can_read_is_told),
		cmocka_unit_test(one_run_at_a_time),
		cmocka_unit_test(what_cannot_be_written_is_told_but_to_a_pipe),
		cmocka_unit_test(a_dry_run_leaves_nothing),
		cmocka_unit_test(the_settings_say_what_is_told),
		cmocka_unit_test(a_signal_is_the_exit_code),
	};

	return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
