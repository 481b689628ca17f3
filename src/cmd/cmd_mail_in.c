/* SPDX-License-Identifier: ISC */
/*
 * mail-in: what a mail server calls for each message to the newsletter's addresses, or what a
 * timer calls for a maildir.  The message is read in a confined child before the database is
 * opened.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/log.h"
#include "base/spawn.h"
#include "cmd/cmd.h"
#include "flow/mail_in.h"
#include "flow/mail_quarantine.h"
#include "flow/mailbox_intake.h"
#include "mail/incoming_reader.h"

/* How long a run that is working is waited for before answers are left to it. */
enum { OTHERS_MS = 3000, SENDER_TRIES = 3 };
/* What is heard out of a pipe: no mail server lets a gibibyte through. */
enum { PIPE_MAX = 32 * LIMIT_INCOMING };

/* What mail servers do next (sysexits.h). */
static int
exit_of(enum mail_outcome outcome)
{
	switch (outcome) {
	case MAIL_NO_USER:
		return EX_NOUSER;
	case MAIL_NO_COMMANDS:
		return EX_NOPERM;
	case MAIL_DONE:
	case MAIL_ANSWERED:
	case MAIL_BOUNCED:
	case MAIL_NOTHING:
	case MAIL_NOT_UNDERSTOOD:
		break;
	}
	return EX_OK;
}

/* ---- one message on standard input ---- */

/*
 * What does not fit is read and dropped: a server whose pipe breaks would send it again.  *ends is
 * false for a message that has no end.
 */
static bool
read_input(const struct app *app, struct buf *out, bool *ends, struct err *err)
{
	char chunk[16384];
	size_t total = 0;
	ssize_t n = 0;

	while (total <= PIPE_MAX && !app->run.interrupted() &&
	    ((n = read(STDIN_FILENO, chunk, sizeof(chunk))) > 0 ||
		(n < 0 && errno == EINTR))) {
		const size_t room = out->max - out->len;

		if (n > 0)
			buf_add(out, chunk, (size_t)n < room ? (size_t)n : room);
		total += n > 0 ? (size_t)n : 0;
	}
	*ends = total <= PIPE_MAX;
	if (app->run.interrupted())
		return err_set(err, ERR_TEMPORARY, "interrupted");
	return n >= 0 || err_errno(err, "standard input");
}

static bool
open_store(struct app *app, struct err *err)
{
	return session_open(app, NEED_MAIL_IN, "mail-in", err);
}

static bool
take_input(struct app *app, struct incoming_reader *reader, struct mail_tally *t,
    struct err *err)
{
	struct run *run = &app->run;
	struct buf bytes = BUF_INIT(LIMIT_INCOMING_READ);
	struct incoming m;
	struct mail_result r;
	bool ends = true;
	bool ok = read_input(app, &bytes, &ends, err);

	if (ok && !ends) {
		log_warn("mail", "a message of more than %d bytes is none", PIPE_MAX);
		app->code = EX_DATAERR;
		goto out;
	}
	if (ok)
		incoming_reader_read(reader, run->arena, buf_text(&bytes), bytes.len, &m);
	if (ok && m.kind == INCOMING_NOTHING && m.why == WHY_EMPTY) {
		app->code = EX_DATAERR;
		goto out;
	}
	ok = ok && open_store(app, err) && flow_mail_in(run, &m, &r, err);
	if (!ok)
		goto out;
	mail_tally_add(t, &r);
	app->code = exit_of(r.outcome);
	if (r.outcome == MAIL_NOT_UNDERSTOOD)
		mail_quarantine(run, buf_text(&bytes), bytes.len);
out:
	buf_clear(&bytes);
	return ok;
}

/* ---- a maildir ---- */

static bool
take_maildir(struct app *app, struct incoming_reader *reader, const char *dir,
    struct mail_tally *t, struct err *err)
{
	struct run *run = &app->run;

	if (!open_store(app, err))
		return false;
	if (!flow_mailbox_read(run, reader, arena_printf(run->arena, "maildir:%s", dir),
		NULL, t, err)) {
		if (err->kind == ERR_CONFIG)
			(void)err_hint(err,
			    "a maildir is a folder with new, cur and tmp in it");
		return false;
	}
	app_say(app,
	    "Read %lld messages: %lld moved a reader, %lld came back, %lld answered, "
	    "%lld not understood.",
	    (long long)t->messages, (long long)t->moved, (long long)t->bounced,
	    (long long)t->answered, (long long)t->not_understood);
	return true;
}

/* ---- answers ---- */

/* "planetpost -c FILE -d DIR run --answers", with the files of this call.  In the run's arena. */
static char **
sender_words(struct app *app)
{
	struct arena *a = app->run.arena;
	const struct settings_paths *p = &app->paths;
	char **argv = arena_array(a, 2 * p->file_count + 7, sizeof(*argv));
	size_t n = 0;

	argv[n++] = arena_strdup(a, app->program);
	argv[n++] = arena_strdup(a, "-q");
	for (size_t i = 0; i < p->file_count; i++) {
		argv[n++] = arena_strdup(a, "-c");
		argv[n++] = arena_strdup(a, p->files[i]);
	}
	if (p->data_dir) {
		argv[n++] = arena_strdup(a, "-d");
		argv[n++] = arena_strdup(a, p->data_dir);
	}
	argv[n++] = arena_strdup(a, "run");
	argv[n++] = arena_strdup(a, "--answers");
	argv[n] = NULL;
	return argv;
}

static bool
run_sender(struct app *app, const struct spawn_files *files, int *code, struct err *err)
{
	pid_t pid = 0;
	int status = 0;

	if (!spawn_start(sender_words(app), files, &pid, err))
		return false;
	*code = spawn_wait(pid, INT64_MAX, &status) && WIFEXITED(status)
	    ? WEXITSTATUS(status)
	    : EXIT_FAILED;
	return true;
}

/*
 * A process that has read strangers' mail sends none: another one does, when no run is working;
 * else that run, or the next.  It is waited for, as long as it takes, so that a server which
 * allows so many of us at once bounds the senders too.  Whatever becomes of the answers, the
 * message was dealt with.
 */
static void
start_sender(struct app *app)
{
	/* Of twenty at once one sends, and nineteen find it working: no mail server wants that. */
	const int nowhere =
	    app->verbose > 0 ? -1 : open("/dev/null", O_WRONLY | O_CLOEXEC);
	const struct spawn_files files = { -1, -1, nowhere, false };
	struct err why = ERR_INIT;
	int code = EXIT_TRY_AGAIN;
	bool may = session_close(app, true, &why);

	/* Another sender may have looked just before our answer was there. */
	for (int i = 0; may && code == EXIT_TRY_AGAIN && i < SENDER_TRIES; i++)
		may = session_awaits_others(app, OTHERS_MS) &&
		    run_sender(app, &files, &code, &why);
	if (code != EXIT_OK)
		log_info("mail", "answers wait for the next run%s%s",
		    *why.text ? ": " : "", why.text);
	if (nowhere >= 0)
		(void)close(nowhere);
}

static bool
run_mail_in(struct app *app, const struct args *args, struct err *err)
{
	const char *dir = args_value(args, "maildir");
	struct incoming_reader *reader = incoming_reader_new(err);
	struct mail_tally t = { 0 };
	bool ok = false;

	if (reader)
		ok = dir ? take_maildir(app, reader, dir, &t, err)
			 : take_input(app, reader, &t, err);
	incoming_reader_free(reader);
	if (ok && t.has_notice && !app->run.dry_run) {
		flow_wake(&app->run);
		if (app->program)
			start_sender(app);
	}
	return ok;
}

static const struct cmd_option mail_in_options[] = {
	{ "maildir", '\0', "DIR", "read all new messages of a maildir instead" },
	{ NULL, '\0', NULL, NULL },
};

const struct command cmd_mail_in = {
	.name = "mail-in",
	.json = JSON_NONE,
	.group = "Service",
	.usage = "mail-in",
	.summary = "take one incoming mail on standard input: commands, bounces",
	.details =
	    "For a mail server's pipe or alias.  It exits as mail servers expect: 0 dealt "
	    "with,\n65 no message, 67 no such address, 75 try again, 77 no commands are taken "
	    "here.\nNobody joins, leaves or changes anything by a From alone: the answer asks "
	    "for a reply.",
	.options = mail_in_options,
	.need = NEED_SETTINGS,
	.is_for_mail_server = true,
	.run = run_mail_in,
};
