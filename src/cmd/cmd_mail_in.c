/* SPDX-License-Identifier: ISC */
/*
 * mail-in: what a mail server calls for each message to the newsletter's addresses, or what a
 * timer calls for a maildir.  The message is read in a confined child before the database is
 * opened.
 */
#include <errno.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/report.h"
#include "flow/deliver.h"
#include "flow/mail_in.h"
#include "flow/mail_quarantine.h"
#include "mail/incoming_reader.h"
#include "transport/mailbox.h"

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

struct intake {
	struct app *app;
	struct incoming_reader *reader;
	bool has_notice;
	int64_t messages, moved, bounced, answered, not_understood;
};

static void
count(struct intake *in, const struct mail_result *r)
{
	in->messages++;
	in->moved += r->outcome == MAIL_DONE;
	in->bounced += r->outcome == MAIL_BOUNCED;
	in->answered += r->outcome == MAIL_ANSWERED;
	in->not_understood += r->outcome == MAIL_NOT_UNDERSTOOD;
	in->has_notice = in->has_notice || r->has_notice;
	log_debug("mail", "a message: %s", r->what);
}

/* ---- one message on standard input ---- */

/* What does not fit is read and dropped: a server whose pipe breaks would send it again. */
static bool
read_input(struct buf *out, struct err *err)
{
	char chunk[16384];
	ssize_t n = 0;

	while ((n = read(STDIN_FILENO, chunk, sizeof(chunk))) > 0 ||
	    (n < 0 && errno == EINTR)) {
		const size_t room = out->max - out->len;

		if (n > 0)
			buf_add(out, chunk, (size_t)n < room ? (size_t)n : room);
	}
	return n == 0 || err_errno(err, "standard input");
}

static bool
open_store(struct app *app, struct err *err)
{
	return session_open(app, NEED_MAIL_IN, "mail-in", err);
}

static bool
take_input(struct intake *in, int *code, struct err *err)
{
	struct run *run = &in->app->run;
	struct buf bytes = BUF_INIT(LIMIT_INCOMING_READ);
	struct incoming m;
	struct mail_result r;
	bool ok = read_input(&bytes, err);

	if (ok)
		incoming_reader_read(in->reader, run->arena, buf_text(&bytes), bytes.len,
		    &m);
	if (ok && m.kind == INCOMING_NOTHING && m.why == WHY_EMPTY) {
		*code = EX_DATAERR;
		goto out;
	}
	ok = ok && open_store(in->app, err) && flow_mail_in(run, &m, &r, err);
	if (!ok)
		goto out;
	count(in, &r);
	*code = exit_of(r.outcome);
	if (r.outcome == MAIL_NOT_UNDERSTOOD)
		mail_quarantine(run, buf_text(&bytes), bytes.len);
out:
	buf_clear(&bytes);
	return ok;
}

/* ---- a maildir ---- */

/* One that is dealt with is marked after its commit: after a kill it is read again. */
static bool
take_next(struct intake *in, struct mailbox_reader *box, struct buf *bytes, bool *more,
    struct err *err)
{
	struct arena *own = in->app->run.arena;
	struct arena *a = arena_new();
	struct incoming m;
	struct mail_result r;
	bool ok = mailbox_next(box, bytes, more, err);

	in->app->run.arena = a;
	if (ok && *more) {
		incoming_reader_read(in->reader, a, buf_text(bytes), bytes->len, &m);
		ok = flow_mail_in(&in->app->run, &m, &r, err);
		if (ok) {
			count(in, &r);
			if (r.outcome == MAIL_NOT_UNDERSTOOD && !in->app->run.dry_run)
				mail_quarantine(&in->app->run, buf_text(bytes),
				    bytes->len);
		}
		ok = ok && (in->app->run.dry_run || mailbox_done(box, err));
	}
	in->app->run.arena = own;
	arena_free(a);
	return ok;
}

static bool
take_maildir(struct intake *in, const char *dir, struct err *err)
{
	struct run *run = &in->app->run;
	struct buf bytes = BUF_INIT(LIMIT_INCOMING_READ);
	struct mailbox_reader *box = NULL;
	struct err later = ERR_INIT;
	bool more = true;
	bool ok = open_store(in->app, err);

	/* Loaded once, into the arena that outlives each message. */
	ok = ok && flow_templates(run, err);
	if (ok)
		box =
		    mailbox_open(arena_printf(run->arena, "maildir:%s", dir), NULL, err);
	ok = box != NULL;
	while (ok && more && !run->interrupted())
		ok = take_next(in, box, &bytes, &more, err);
	if (box && !mailbox_close(box, ok ? err : &later))
		ok = false;
	buf_clear(&bytes);
	if (ok)
		app_say(in->app,
		    "Read %s: %lld moved a reader, %lld came back, %lld answered, "
		    "%lld not understood.",
		    app_count(in->app, in->messages, "message", "messages"),
		    (long long)in->moved, (long long)in->bounced, (long long)in->answered,
		    (long long)in->not_understood);
	return ok;
}

/* ---- answers ---- */

/*
 * Answers go at once when no run is working; else with that run, or the next.  Whatever
 * becomes of them, the message was dealt with.
 */
static void
send_notices(struct app *app)
{
	const struct deliver_options o = { .notices_only = true };
	struct deliver_report d;
	struct err why = ERR_INIT;

	if (app->run.dry_run)
		return;
	flow_wake(&app->run);
	if (!session_close(app, true, &why) ||
	    !session_open(app, NEED_WRITE, "mail-in", &why) ||
	    !flow_deliver(&app->run, &o, &d, &why))
		log_info("mail", "answers wait for the next run: %s", why.text);
}

static bool
run_mail_in(struct app *app, const struct args *args, int *code, struct err *err)
{
	const char *dir = args_value(args, "maildir");
	struct intake in = { .app = app, .reader = incoming_reader_new(err) };
	bool ok = false;

	if (in.reader)
		ok = dir ? take_maildir(&in, dir, err) : take_input(&in, code, err);
	incoming_reader_free(in.reader);
	if (ok && in.has_notice && !app->run.dry_run)
		send_notices(app);
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
