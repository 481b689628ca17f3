/* SPDX-License-Identifier: ISC */
/* Where the SMTP password comes from, and what is wrong with where it comes from. */
#include "unit/flow_fixture.h"

#include "base/clock.h"
#include "flow/password.h"
#include "transport/transport.h"

static void
begin(struct flow_test *t)
{
	flow_begin(t);
	t->settings.config.transport.method = TRANSPORT_SMTP;
	t->settings.config.smtp.user = "planet";
}

static const char *
ask(struct flow_test *t)
{
	const char *password = "unset";

	MUST(flow_password(&t->run, t->run.config, "", &password, err));
	return password;
}

static void
refuse(struct flow_test *t, const char *words)
{
	const char *password = "unset";

	MUST_FAIL(flow_password(&t->run, t->run.config, "", &password, err), ERR_CONFIG,
	    words);
	assert_null(password);
}

static void
each_place_comes_before_the_next(void **state)
{
	struct flow_test t;
	const char *file = NULL;

	(void)state;
	begin(&t);
	file = flow_write(&t, "file", "from file\r\nsecond line\n");
	assert_null(ask(&t));
	t.settings.config.smtp.password = "from key";
	SAME_TEXT("key", ask(&t), "from key");
	t.settings.config.smtp.password_command = "echo from command";
	SAME_TEXT("command", ask(&t), "from command");
	t.run.credentials_dir = t.folder;
	SAME_TEXT("no such credential", ask(&t), "from command");
	(void)flow_write(&t, "smtp-password", "from credentials\n");
	SAME_TEXT("credentials", ask(&t), "from credentials");
	t.settings.config.smtp.password_file = file;
	SAME_TEXT("file", ask(&t), "from file");
	t.settings.config.smtp.password_file = "/nowhere/at/all";
	t.settings.config.smtp.user = "";
	assert_null(ask(&t));
	t.settings.config.smtp.user = "planet";
	t.settings.config.transport.method = TRANSPORT_OUTBOX;
	assert_null(ask(&t));
	t.settings.config.transport.method = TRANSPORT_REDIRECT;
	refuse(&t, "smtp.password_file: /nowhere/at/all");
	flow_end(&t);
}

/* ---- whose it is ---- */

static void
a_relay_has_a_password_of_its_own(void **state)
{
	struct flow_test t;
	const char *password = "unset";

	(void)state;
	begin(&t);
	t.run.credentials_dir = t.folder;
	(void)flow_write(&t, "smtp-password", "of smtp\n");
	(void)flow_write(&t, "relay-far-password", "of the relay\n");
	MUST(flow_password(&t.run, t.run.config, "far", &password, err));
	SAME_TEXT("credentials", password, "of the relay");
	t.settings.config.smtp.password_file = "/nowhere/at/all";
	MUST_FAIL(flow_password(&t.run, t.run.config, "far", &password, err), ERR_CONFIG,
	    "relay far.password_file: ");
	flow_end(&t);
}

static void
a_mailbox_has_a_password_of_its_own(void **state)
{
	struct flow_test t;
	const char *password = "unset";

	(void)state;
	begin(&t);
	t.settings.config.bounce.password_command = "echo from command";
	MUST(flow_mailbox_password(&t.run, &password, err));
	assert_null(password);
	t.settings.config.bounce.user = "box";
	MUST(flow_mailbox_password(&t.run, &password, err));
	SAME_TEXT("command", password, "from command");
	t.run.credentials_dir = t.folder;
	(void)flow_write(&t, "bounce-password", "from credentials\n");
	MUST(flow_mailbox_password(&t.run, &password, err));
	SAME_TEXT("credentials", password, "from credentials");
	t.settings.config.bounce.password_file = "/nowhere/at/all";
	MUST_FAIL(flow_mailbox_password(&t.run, &password, err), ERR_CONFIG,
	    "bounce.password_file: ");
	flow_end(&t);
}

/*
 * Of [smtp], and of relays "a" and "b": what each says in one letter.  y: a password; n: none is
 * needed; x: it cannot be read.
 */
static const struct {
	const char *servers;
	bool interrupted, ok;
	const char *first_trouble; /* when it is not ok */
} servers[] = {
	{ "yyy", false, true, NULL },
	{ "nyn", false, true, NULL },
	{ "xyy", false, true, NULL },
	{ "yyx", false, true, NULL },
	{ "xxy", false, true, NULL },
	{ "xxx", false, false, "smtp.password_file: " },
	{ "yxy", true, false, "relay a.password_file: " },
	{ "yyy", true, true, NULL },
};

static void
set_server(struct smtp_options *s, const char *file, char how)
{
	*s = (struct smtp_options){ .user = how == 'n' ? "" : "u",
		.password_file = how == 'y' ? file
		    : how == 'x'            ? "/nowhere/at/all"
					    : "",
		.password_command = "",
		.password = "" };
}

static void
one_server_without_its_password_stops_no_other(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(servers); i++) {
		struct relay_options relays[2] = { { .name = "a" }, { .name = "b" } };
		struct transport_settings ts = { 0 };
		struct err err = ERR_INIT;
		struct flow_test t;
		const char *file = NULL;

		begin(&t);
		file = flow_write(&t, "file", "secret\n");
		set_server(&t.settings.config.smtp, file, servers[i].servers[0]);
		for (size_t k = 0; k < 2; k++)
			set_server(&relays[k].smtp, file, servers[i].servers[k + 1]);
		t.settings.config.relays = relays;
		t.settings.config.relay_count = 2;
		t.settings.config.smtp_is_relay = true;
		t.interrupt = servers[i].interrupted;
		SAME_INT(servers[i].servers, flow_passwords_read(&t.run, &ts, &err),
		    servers[i].ok);
		if (servers[i].ok)
			SAME_TEXT("no trouble of all", err.text, "");
		else if (!strstr(err.text, servers[i].first_trouble))
			fail_msg("%s: got %s", servers[i].servers, err.text);
		for (size_t k = 0; servers[i].ok && k < 3; k++) {
			const char how = servers[i].servers[k];

			SAME_TEXT(servers[i].servers, ts.passwords[k],
			    how == 'y' ? "secret" : "(none)");
			SAME_INT(servers[i].servers, ts.troubles[k].kind,
			    how == 'x' ? ERR_CONFIG : ERR_NONE);
		}
		flow_end(&t);
	}
}

/* ---- files and commands ---- */

static void
a_file_is_readable_to_us_and_not_to_all(void **state)
{
	struct flow_test t;
	const char *file = NULL;
	char endless[9000];

	(void)state;
	begin(&t);
	file = flow_write(&t, "file", "secret");
	t.settings.config.smtp.password_file = file;
	SAME_TEXT("mode 0600", ask(&t), "secret");
	assert_int_equal(chmod(file, 0640), 0);
	SAME_TEXT("the group may read it", ask(&t), "secret");
	assert_int_equal(chmod(file, 0604), 0);
	refuse(&t, "holds a password and others can read it (mode 0604)");
	assert_int_equal(unlink(file), 0);
	refuse(&t, "smtp.password_file: ");
	/* 8 kB, and a byte more. */
	memset(endless, 'x', sizeof(endless));
	endless[8192] = '\0';
	(void)flow_write(&t, "file", endless);
	SAME_INT("8 kB", strlen(ask(&t)), 8192);
	endless[8192] = 'x';
	endless[8193] = '\0';
	(void)flow_write(&t, "file", endless);
	refuse(&t, "smtp.password_file: ");
	flow_end(&t);
}

static const struct {
	const char *name, *command, *words;
} wrong_commands[] = {
	{ "only blanks", " \t ", "smtp.password_command: no command" },
	{ "no such program", "/nowhere/at/all x",
	    "smtp.password_command: /nowhere/at/all: "
	    "No such file" },
	{ "a program that fails", "false",
	    "smtp.password_command: false did not succeed (status 1)" },
	{ "one that says something and fails", "sh -c echo${IFS}x;exit${IFS}3",
	    "smtp.password_command: sh did not succeed (status 3)" },
	{ "one that is killed, as a shell counts it", "sh -c kill${IFS}-9${IFS}$$",
	    "smtp.password_command: sh did not succeed (status 137)" },
};

static void
a_command_that_does_not_answer_is_told(void **state)
{
	struct flow_test t;

	(void)state;
	begin(&t);
	for (size_t i = 0; i < ARRAY_LEN(wrong_commands); i++) {
		t.settings.config.smtp.password_command = wrong_commands[i].command;
		refuse(&t, wrong_commands[i].words);
	}
	flow_end(&t);
}

static void
a_command_is_split_at_blanks(void **state)
{
	struct flow_test t;

	(void)state;
	begin(&t);
	t.settings.config.smtp.password_command = "  printf\t%s-%s   a  b ";
	SAME_TEXT("words", ask(&t), "a-b");
	/* No shell looks at it. */
	t.settings.config.smtp.password_command = "echo $HOME *";
	SAME_TEXT("as it stands", ask(&t), "$HOME *");
	t.settings.config.smtp.password_command =
	    "echo 1 2 3 4 5 6 7 8 9 a b c d e f g h i j k l m n o p q r s t u v";
	SAME_TEXT("31 words follow", ask(&t),
	    "1 2 3 4 5 6 7 8 9 a b c d e f g h i j k l m n o p q r s t u v");
	/* More are refused: a command cut short is another command. */
	t.settings.config.smtp.password_command =
	    "echo 1 2 3 4 5 6 7 8 9 a b c d e f g h i j k l m n o p q r s t u v w";
	refuse(&t, "smtp.password_command: too many words");
	flow_end(&t);
}

static void
a_command_has_its_time_and_a_ceiling(void **state)
{
	static const struct {
		const char *command;
		enum err_kind kind;
		const char *words;
	} cases[] = {
		{ "sleep 60", ERR_TEMPORARY, "no password after 1 s" },
		{ "sh -c echo${IFS}x;exec${IFS}sleep${IFS}60", ERR_TEMPORARY,
		    "no password after 1 s" },
		{ "cat /dev/zero", ERR_LIMIT, "more than 8192 bytes" },
		{ "sh -c trap${IFS}''${IFS}TERM;exec${IFS}cat${IFS}/dev/zero", ERR_LIMIT,
		    "more than 8192 bytes" },
		{ "sh -c echo${IFS}x;exec${IFS}sleep${IFS}60${IFS}>/dev/null",
		    ERR_TEMPORARY, "sh did not end in time" },
	};
	struct flow_test t;

	(void)state;
	begin(&t);
	t.settings.config.smtp.timeout = 1;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const int64_t before = clock_ticks_ms();
		const char *password = NULL;

		t.settings.config.smtp.password_command = cases[i].command;
		MUST_FAIL(flow_password(&t.run, t.run.config, "", &password, err),
		    cases[i].kind, cases[i].words);
		assert_null(password);
		assert_true(clock_ticks_ms() - before < 10000);
	}
	t.settings.config.smtp.timeout = 60;
	t.settings.config.smtp.password_command = "sleep 60";
	t.interrupt = true;
	{
		const char *password = NULL;

		MUST_FAIL(flow_password(&t.run, t.run.config, "", &password, err),
		    ERR_TEMPORARY, "smtp.password_command: interrupted");
	}
	flow_end(&t);
}

static void
an_endless_answer_is_refused(void **state)
{
	struct flow_test t;
	const char *password = NULL;
	const char *file = NULL;
	char endless[9000];

	(void)state;
	begin(&t);
	memset(endless, 'x', sizeof(endless));
	endless[8192] = '\0';
	file = flow_write(&t, "long", endless);
	t.settings.config.smtp.password_command =
	    arena_printf(t.run.arena, "cat %s", file);
	SAME_INT("8 kB", strlen(ask(&t)), 8192);
	endless[8192] = 'x';
	endless[8193] = '\0';
	(void)flow_write(&t, "long", endless);
	MUST_FAIL(flow_password(&t.run, t.run.config, "", &password, err), ERR_LIMIT,
	    "smtp.password_command: more than 8192 bytes");
	assert_null(password);
	flow_end(&t);
}

static int
open_files(void)
{
	DIR *d = opendir("/proc/self/fd");
	int n = 0;

	while (d && readdir(d))
		n++;
	if (d)
		(void)closedir(d);
	return n;
}

/* Neither of a command that answers nor of one that does not, or does not start. */
static void
nothing_is_left_open(void **state)
{
	static const char *const commands[] = { "echo x", "false", "/nowhere/at/all" };
	struct flow_test t;
	const int before = open_files();

	(void)state;
	begin(&t);
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		struct err err = ERR_INIT;
		const char *password = NULL;

		t.settings.config.smtp.password_command = commands[i];
		SAME_INT(commands[i],
		    flow_password(&t.run, t.run.config, "", &password, &err), i == 0);
	}
	flow_end(&t);
	SAME_INT("open files", open_files(), before);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_place_comes_before_the_next),
		cmocka_unit_test(a_relay_has_a_password_of_its_own),
		cmocka_unit_test(a_mailbox_has_a_password_of_its_own),
		cmocka_unit_test(one_server_without_its_password_stops_no_other),
		cmocka_unit_test(nothing_is_left_open),
		cmocka_unit_test(a_file_is_readable_to_us_and_not_to_all),
		cmocka_unit_test(a_command_that_does_not_answer_is_told),
		cmocka_unit_test(a_command_is_split_at_blanks),
		cmocka_unit_test(a_command_has_its_time_and_a_ceiling),
		cmocka_unit_test(an_endless_answer_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
