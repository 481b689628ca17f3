/* SPDX-License-Identifier: ISC */
/* When a person hears of a mailbox that cannot be read. */
#include "unit/flow_fixture.h"

#include <signal.h>
#include <sys/wait.h>

#include "base/log.h"
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

/* A POP3 server for the files of "box", on a port of its own; "hole" and the like: its manners. */
struct pop3 {
	pid_t pid;
	const char *source;
	char ca_file[320];
};

static void
pop3_start(struct flow_test *t, const char *manners, struct pop3 *p)
{
	char box[300];
	char pki[300];
	char port[16] = "";
	int out[2] = { -1, -1 };
	size_t n = 0;
	const char *make[] = { "sh", "tests/servers/mkpki.sh",
		in_folder(t->folder, "pki", pki), NULL };
	const char *serve[] = { "python3", "tests/servers/pop3d.py", pki, "good",
		in_folder(t->folder, "box", box), manners, NULL };

	if (access(pki, R_OK) != 0)
		assert_int_equal(child_run(make, NULL), 0);
	assert_int_equal(pipe(out), 0);
	p->pid = child_start(serve, out[1]);
	(void)close(out[1]);
	while (n < sizeof(port) - 1 && read(out[0], port + n, 1) == 1 && port[n] != '\n')
		n++;
	(void)close(out[0]);
	(void)snprintf(p->ca_file, sizeof(p->ca_file), "%s/ca.crt", pki);
	p->source =
	    arena_printf(t->run.arena, "pop3s://localhost:%ld", strtol(port, NULL, 10));
}

static const struct {
	const char *name, *manners;
	int messages;
	int questions; /* after so many a signal has come; -1: none does */
	bool ok;
	int64_t read, left; /* those that stay are the first */
} breaks[] = {
	{ "the first breaks, the second is read", "hole", 2, -1, true, 1, 1 },
	{ "as many as may", "holes 8", 10, -1, true, 2, 8 },
	{ "one more", "holes 9", 10, -1, false, 0, 10 },
	{ "a signal behind the first break", "hole", 2, 1, false, 0, 2 },
	{ "it breaks always", "drop", 1, -1, true, 0, 1 },
};

/* The server closes in the middle of some: the others are read all the same. */
static void
messages_that_break_sessions_stand_in_no_others_way(void **state)
{
	struct flow_test t;
	char box[300];

	(void)state;
	flow_begin(&t);
	assert_int_equal(mkdir(in_folder(t.folder, "box", box), 0700), 0);
	for (size_t i = 0; i < ARRAY_LEN(breaks); i++) {
		struct err why = ERR_INIT;
		struct mail_tally tally = { 0 };
		struct incoming_reader *reader = NULL;
		struct pop3 p;

		for (int m = 0; m < breaks[i].messages; m++)
			(void)flow_write(&t, arena_printf(t.run.arena, "box/%02d", m),
			    arena_printf(t.run.arena, "From: a@x.example\n\n%d\n", m));
		pop3_start(&t, breaks[i].manners, &p);
		const struct mailbox_login login = { "ann", "secret", p.ca_file };
		t.interrupt = breaks[i].questions >= 0;
		t.questions_left = breaks[i].questions;
		MUST((reader = incoming_reader_new(err)) != NULL);
		SAME_INT(breaks[i].name,
		    flow_mailbox_read(&t.run, reader, p.source, &login, &tally, &why),
		    breaks[i].ok);
		SAME_INT(breaks[i].name, tally.messages, breaks[i].read);
		for (int m = 0; m < breaks[i].messages; m++) {
			const char *file = arena_printf(t.run.arena, "%s/%02d", box, m);

			SAME_INT(breaks[i].name, file_exists(file), m < breaks[i].left);
			(void)unlink(file);
		}
		incoming_reader_free(reader);
		(void)kill(p.pid, SIGKILL);
		(void)waitpid(p.pid, NULL, 0);
	}
	flow_end(&t);
}

/* ---- a maildir ------------------------------------------------------------------------ */

static const struct {
	enum mail_outcome outcome;
	bool has_notice;
	struct mail_tally sum; /* of this one and those before it */
} results[] = {
	{ MAIL_NOTHING, false, { 1, 0, 0, 0, 0, false } },
	{ MAIL_DONE, false, { 2, 1, 0, 0, 0, false } },
	{ MAIL_BOUNCED, false, { 3, 1, 1, 0, 0, false } },
	{ MAIL_ANSWERED, true, { 4, 1, 1, 1, 0, true } },
	{ MAIL_NOT_UNDERSTOOD, false, { 5, 1, 1, 1, 1, true } },
	{ MAIL_NO_USER, false, { 6, 1, 1, 1, 1, true } },
	{ MAIL_DONE, true, { 7, 2, 1, 1, 1, true } },
};

static void
results_are_summed_up(void **state)
{
	struct mail_tally t = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(results); i++) {
		const struct mail_result r = { results[i].outcome, "x",
			results[i].has_notice };

		mail_tally_add(&t, &r);
		SAME_INT("messages", t.messages, results[i].sum.messages);
		SAME_INT("moved", t.moved, results[i].sum.moved);
		SAME_INT("bounced", t.bounced, results[i].sum.bounced);
		SAME_INT("answered", t.answered, results[i].sum.answered);
		SAME_INT("not understood", t.not_understood,
		    results[i].sum.not_understood);
		SAME_INT("notice", t.has_notice, results[i].sum.has_notice);
	}
}

/* A maildir with so many messages that say nothing, each with so many bytes more. */
static const char *
make_maildir(struct flow_test *t, int count, size_t more)
{
	static const char *const folders[] = { "m", "m/new", "m/cur", "m/tmp", "q" };
	char *words = arena_alloc(t->run.arena, more + 1);
	char path[300];

	for (size_t i = 0; i < ARRAY_LEN(folders); i++)
		assert_int_equal(mkdir(in_folder(t->folder, folders[i], path), 0700), 0);
	t->run.quarantine_path = arena_strdup(t->run.arena, path);
	memset(words, 'x', more);
	words[more] = '\0';
	for (size_t i = 79; i < more; i += 80)
		words[i] = '\n';
	for (int i = 0; i < count; i++)
		(void)flow_write(t, arena_printf(t->run.arena, "m/new/%04d.x", i),
		    arena_printf(t->run.arena,
			"From: a@x.example\nTo: planet@example.net\nSubject: hello\n\n"
			"so it is %d\n%s\n",
			i, words));
	t->settings.config.list.command_address = "planet@example.net";
	t->settings.config.bounce.source =
	    arena_printf(t->run.arena, "maildir:%s/m", t->folder);
	return t->settings.config.bounce.source;
}

static int64_t
files_in(struct flow_test *t, const char *name)
{
	char path[300];
	DIR *d = opendir(in_folder(t->folder, name, path));
	struct dirent *e = NULL;
	int64_t n = 0;

	assert_non_null(d);
	while ((e = readdir(d)) != NULL)
		n += e->d_name[0] != '.';
	(void)closedir(d);
	return n;
}

static void
expect_read(struct flow_test *t, const char *name, int64_t seen, int64_t unread)
{
	int64_t counts[MAIL_NO_COMMANDS + 1];

	SAME_INT(name, files_in(t, "m/cur"), seen);
	SAME_INT(name, files_in(t, "m/new"), unread);
	MUST(flow_mail_counts(&t->run, counts, err));
	SAME_INT(name, counts[MAIL_NOT_UNDERSTOOD], seen);
	SAME_INT(name, files_in(t, "q"), seen);
}

/* As many as fit into one commit, one more, and so on. */
static void
all_messages_are_read_and_seen(void **state)
{
	static const int counts[] = { 0, 1, 63, 64, 65 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
		struct flow_test t;
		struct mail_tally tally = { .messages = 7 };

		flow_begin(&t);
		(void)make_maildir(&t, counts[i], 0);
		MUST(flow_mail_fetch(&t.run, &tally, err));
		SAME_INT("messages", tally.messages, counts[i]);
		SAME_INT("not understood", tally.not_understood, counts[i]);
		expect_read(&t, "read", counts[i], 0);
		MUST(flow_mail_fetch(&t.run, &tally, err));
		SAME_INT("once", tally.messages, 0);
		flow_end(&t);
	}
}

static const struct {
	const char *name;
	int count;
	size_t bytes;
	int questions; /* after so many a signal has come */
	int64_t read;
} signals[] = {
	{ "before the first", 3, 0, 0, 0 },
	{ "after one commit", 70, 0, 1, 64 },
	{ "after two", 70, 0, 2, 70 },
	{ "a commit of large messages", 12, 200000, 1, 11 },
	{ "of larger ones the beginning counts", 10, 300000, 1, 8 },
};

static void
a_signal_ends_it_between_commits(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(signals); i++) {
		struct flow_test t;
		struct mail_tally tally;

		flow_begin(&t);
		(void)make_maildir(&t, signals[i].count, signals[i].bytes);
		t.interrupt = true;
		t.questions_left = signals[i].questions;
		MUST(flow_mail_fetch(&t.run, &tally, err));
		SAME_INT(signals[i].name, tally.messages, signals[i].read);
		expect_read(&t, signals[i].name, signals[i].read,
		    signals[i].count - signals[i].read);
		flow_end(&t);
	}
}

static void
what_fails_or_is_tried_stays_unread(void **state)
{
	struct flow_test t;
	struct mail_tally tally;

	(void)state;
	flow_begin(&t);
	(void)make_maildir(&t, 2, 0);
	flow_break_store(&t);
	MUST_FAIL(flow_mail_fetch(&t.run, &tally, err), ERR_SYSTEM, "bounce.source: ");
	flow_mend_store(&t);
	SAME_INT("nothing is counted", tally.messages, 0);
	expect_read(&t, "it failed", 0, 2);
	t.run.dry_run = true;
	MUST(flow_mail_fetch(&t.run, &tally, err));
	SAME_INT("tried", tally.messages, 2);
	SAME_INT("unread", files_in(&t, "m/new"), 2);
	t.settings.config.bounce.source = "maildir:/nowhere/at/all";
	MUST_FAIL(flow_mail_fetch(&t.run, &tally, err), ERR_CONFIG, "bounce.source: ");
	flow_end(&t);
}

static const struct {
	int64_t after;
	enum err_kind kind;
	bool is_news;
} troubles[] = {
	{ 0, ERR_TEMPORARY, false },
	{ 6 * HOUR - 1, ERR_TEMPORARY, false },
	{ 6 * HOUR, ERR_TEMPORARY, true },
	{ 30 * HOUR - 1, ERR_TEMPORARY, false },
	{ 30 * HOUR, ERR_TEMPORARY, true },
	{ 30 * HOUR + 1, ERR_NONE, false },
	{ 30 * HOUR + 2, ERR_CONFIG, true },
};

static void
it_is_told_to_the_second(void **state)
{
	struct flow_test t;

	(void)state;
	flow_begin(&t);
	for (size_t i = 0; i < ARRAY_LEN(troubles); i++) {
		const struct err why = { .kind = troubles[i].kind,
			.text = { (char)('a' + troubles[i].kind) } };
		bool is_news = !troubles[i].is_news;

		t.run.now = NOW + troubles[i].after;
		MUST(flow_mail_is_news(&t.run, troubles[i].kind == ERR_NONE ? NULL : &why,
		    &is_news, err));
		if (is_news != troubles[i].is_news)
			fail_msg("second %lld: got %d", (long long)troubles[i].after,
			    is_news);
	}
	flow_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mailbox_that_cannot_be_read_is_told_once_a_day),
		cmocka_unit_test(a_pipe_is_no_mailbox),
		cmocka_unit_test(messages_that_break_sessions_stand_in_no_others_way),
		cmocka_unit_test(results_are_summed_up),
		cmocka_unit_test(all_messages_are_read_and_seen),
		cmocka_unit_test(a_signal_ends_it_between_commits),
		cmocka_unit_test(what_fails_or_is_tried_stays_unread),
		cmocka_unit_test(it_is_told_to_the_second),
	};

	log_setup(LOG_LEVEL_ERROR, LOG_TEXT);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
