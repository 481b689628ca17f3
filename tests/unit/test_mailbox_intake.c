/* SPDX-License-Identifier: ISC */
/* When a person hears of a mailbox that cannot be read. */
#include "unit/flow_fixture.h"

#include <signal.h>
#include <sys/wait.h>

#include "flow/mailbox_intake.h"
#include "mail/incoming_reader.h"
#include "transport/mailbox.h"
#include "unit/child.h"

enum { HOUR = 3600 };

static void
a_mailbox_that_cannot_be_read_is_told_once_a_day(void **state)
{
	static const struct {
		int hour;
		enum err_kind kind; /* ERR_NONE: it could be read */
		const char *text;
		bool is_news;
	} steps[] = {
		{ 0, ERR_TEMPORARY, "no answer", false },
		{ 5, ERR_TEMPORARY, "no answer", false },
		{ 6, ERR_TEMPORARY, "no answer", true },
		{ 7, ERR_TEMPORARY, "no answer", false },
		{ 8, ERR_PERMANENT, "wrong password", true },
		{ 9, ERR_PERMANENT, "wrong password", false },
		{ 32, ERR_PERMANENT, "wrong password", true },
		{ 33, ERR_NONE, "", false },
		{ 34, ERR_TEMPORARY, "no answer", false },
		{ 39, ERR_TEMPORARY, "no answer", false },
		{ 41, ERR_TEMPORARY, "no answer", true },
	};
	struct flow_test t;

	(void)state;
	flow_begin(&t);
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		struct err why = ERR_INIT;
		bool is_news = false;

		t.run.now = NOW + steps[i].hour * HOUR;
		if (steps[i].kind != ERR_NONE)
			(void)err_set(&why, steps[i].kind, "%s", steps[i].text);
		MUST(flow_mail_is_news(&t.run, steps[i].kind != ERR_NONE ? &why : NULL,
		    &is_news, err));
		if (is_news != steps[i].is_news)
			fail_msg("hour %d: got %d", steps[i].hour, is_news);
	}
	flow_end(&t);
}

/* Where mail comes by a pipe there is nothing to be read. */
static void
a_pipe_is_no_mailbox(void **state)
{
	static const char *const sources[] = { "pipe", "none" };
	struct flow_test t;
	struct mail_tally tally;

	(void)state;
	flow_begin(&t);
	for (size_t i = 0; i < ARRAY_LEN(sources); i++) {
		t.settings.config.bounce.source = sources[i];
		MUST(flow_mail_fetch(&t.run, &tally, err));
		SAME_INT("messages", tally.messages, 0);
	}
	flow_end(&t);
}

/* The server closes in the middle of the first: the second is read all the same. */
static void
a_message_that_breaks_sessions_stands_in_no_others_way(void **state)
{
	struct flow_test t;
	struct mail_tally tally = { 0 };
	struct incoming_reader *reader = NULL;
	char box[300];
	char pki[300];
	char ca_file[320];
	char port[16] = "";
	int out[2] = { -1, -1 };
	size_t n = 0;
	pid_t pid = 0;

	(void)state;
	flow_begin(&t);
	const char *make[] = { "sh", "tests/servers/mkpki.sh",
		in_folder(t.folder, "pki", pki), NULL };
	const char *serve[] = { "python3", "tests/servers/pop3d.py", pki, "good",
		in_folder(t.folder, "box", box), "hole", NULL };

	assert_int_equal(child_run(make, NULL), 0);
	assert_int_equal(mkdir(box, 0700), 0);
	(void)flow_write(&t, "box/1", "From: a@x.example\n\nfirst\n");
	(void)flow_write(&t, "box/2", "From: b@x.example\n\nsecond\n");
	assert_int_equal(pipe(out), 0);
	pid = child_start(serve, out[1]);
	(void)close(out[1]);
	while (n < sizeof(port) - 1 && read(out[0], port + n, 1) == 1 && port[n] != '\n')
		n++;
	(void)close(out[0]);
	(void)snprintf(ca_file, sizeof(ca_file), "%s/ca.crt", pki);
	const struct mailbox_login login = { "ann", "secret", ca_file };

	MUST((reader = incoming_reader_new(err)) != NULL);
	MUST(flow_mailbox_read(&t.run, reader,
	    arena_printf(t.run.arena, "pop3s://localhost:%ld", strtol(port, NULL, 10)),
	    &login, &tally, err));
	SAME_INT("read", tally.messages, 1);
	SAME_INT("the first stays", file_exists(arena_printf(t.run.arena, "%s/1", box)),
	    1);
	SAME_INT("the second is gone",
	    file_exists(arena_printf(t.run.arena, "%s/2", box)), 0);
	incoming_reader_free(reader);
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
	flow_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mailbox_that_cannot_be_read_is_told_once_a_day),
		cmocka_unit_test(a_pipe_is_no_mailbox),
		cmocka_unit_test(a_message_that_breaks_sessions_stands_in_no_others_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
