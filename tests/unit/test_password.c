/* SPDX-License-Identifier: ISC */
/* Where the SMTP password comes from, and what is wrong with where it comes from. */
#include "unit/flow_fixture.h"

#include "base/clock.h"
#include "flow/password.h"

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
	flow_end(&t);
}

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
	memset(endless, 'x', sizeof(endless));
	endless[sizeof(endless) - 1] = '\0';
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
	    "smtp.password_command: false did not succeed" },
	{ "one that says something and fails", "sh -c exit${IFS}3",
	    "smtp.password_command: sh did not succeed" },
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
	endless[sizeof(endless) - 1] = '\0';
	file = flow_write(&t, "long", endless);
	t.settings.config.smtp.password_command =
	    arena_printf(t.run.arena, "cat %s", file);
	MUST_FAIL(flow_password(&t.run, t.run.config, "", &password, err), ERR_LIMIT,
	    "smtp.password_command: more than 8192 bytes");
	assert_null(password);
	flow_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_place_comes_before_the_next),
		cmocka_unit_test(a_file_is_readable_to_us_and_not_to_all),
		cmocka_unit_test(a_command_that_does_not_answer_is_told),
		cmocka_unit_test(a_command_is_split_at_blanks),
		cmocka_unit_test(a_command_has_its_time_and_a_ceiling),
		cmocka_unit_test(an_endless_answer_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
