/* SPDX-License-Identifier: ISC */
#include "flow/mailbox_intake.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/log.h"
#include "flow/context.h"
#include "flow/mail_quarantine.h"
#include "flow/password.h"
#include "mail/incoming_reader.h"
#include "store/notes.h"
#include "store/transactions.h"
#include "transport/mailbox.h"

/* Of one commit; others who write wait as long as that takes, which excludes the reading. */
enum { BATCH = 64, BATCH_BYTES = 2 * 1024 * 1024, HOUR = 3600, DAY = 24 * HOUR };

struct intake_message {
	struct buf bytes;
	struct incoming m;
	struct mail_result result;
};

struct intake {
	struct run *run;
	struct incoming_reader *reader;
	struct mailbox_reader *box;
	struct mail_tally *tally;
	struct intake_message batch[BATCH];
	size_t count;
	bool more;                           /* the mailbox may hold another */
	size_t passed[LIMIT_MAILBOX_BREAKS]; /* numbers of messages that broke sessions */
	size_t passed_count;
};

void
mail_tally_add(struct mail_tally *t, const struct mail_result *r)
{
	t->messages++;
	t->moved += r->outcome == MAIL_DONE;
	t->bounced += r->outcome == MAIL_BOUNCED;
	t->answered += r->outcome == MAIL_ANSWERED;
	t->not_understood += r->outcome == MAIL_NOT_UNDERSTOOD;
	t->has_notice = t->has_notice || r->has_notice;
	log_debug("mail", "a message: %s", r->what);
}

/* ---- one batch ---- */

static bool
read_batch(struct intake *in, struct err *err)
{
	size_t bytes = 0;

	in->count = 0;
	while (in->count < BATCH && bytes < BATCH_BYTES) {
		struct intake_message *x = &in->batch[in->count];

		if (!mailbox_next(in->box, &x->bytes, &in->more, err))
			return false;
		if (!in->more)
			return true;
		incoming_reader_read(in->reader, in->run->arena, buf_text(&x->bytes),
		    x->bytes.len, &x->m);
		bytes += x->bytes.len;
		in->count++;
	}
	return true;
}

static bool
act_on_batch(struct intake *in, struct err *err)
{
	for (size_t i = 0; i < in->count; i++) {
		if (!flow_mail_in(in->run, &in->batch[i].m, &in->batch[i].result, err))
			return false;
	}
	return true;
}

static void
note_batch(struct intake *in)
{
	for (size_t i = 0; i < in->count; i++) {
		struct intake_message *x = &in->batch[i];

		mail_tally_add(in->tally, &x->result);
		if (x->result.outcome == MAIL_NOT_UNDERSTOOD)
			mail_quarantine(in->run, buf_text(&x->bytes), x->bytes.len);
	}
}

/* After a kill between commit and mark they are read again, which moves nobody twice. */
static bool
take_batch(struct intake *in, struct err *err)
{
	struct run *run = in->run;
	struct arena *own = run->arena;
	bool ok = false;

	run->arena = arena_new();
	ok = read_batch(in, err) &&
	    (in->count == 0 ||
		(store_scope_begin(run->store, err) &&
		    store_scope_end(run->store, act_on_batch(in, err), err)));
	if (ok)
		note_batch(in);
	/* What was only tried stays unread. */
	ok = ok && (in->count == 0 || run->dry_run || mailbox_done(in->box, err));
	arena_free(run->arena);
	run->arena = own;
	return ok;
}

/* ---- a mailbox ---- */

/* At most LIMIT_MAILBOX_BATCH messages.  *broke_at: the one in which the session ended, or 0. */
static bool
take_session(struct intake *in, const char *source, const struct mailbox_login *login,
    size_t *broke_at, struct err *err)
{
	struct err later = ERR_INIT;
	bool ok = false;

	in->more = true;
	in->box = mailbox_open(source, login, err);
	ok = in->box != NULL;
	for (size_t i = 0; ok && i < in->passed_count; i++)
		mailbox_pass_over(in->box, in->passed[i]);
	while (ok && in->more && !in->run->interrupted())
		ok = take_batch(in, err);
	*broke_at = in->box && !ok ? mailbox_broke_at(in->box) : 0;
	if (in->box && !mailbox_close(in->box, ok ? err : &later))
		ok = false;
	return ok;
}

/*
 * What a broken session has read comes once more in the next, which moves nobody twice; the
 * message that broke it is left where it is, and tried again in the next run.
 */
static bool
take_mailbox(struct intake *in, const char *source, const struct mailbox_login *login,
    struct err *err)
{
	size_t broke_at = 0;

	in->passed_count = 0;
	while (!take_session(in, source, login, &broke_at, err)) {
		if (broke_at == 0 || in->passed_count == LIMIT_MAILBOX_BREAKS ||
		    in->run->interrupted())
			return false;
		log_warn("mail", "message %zu of the mailbox is left there: %s", broke_at,
		    err->text);
		err_clear(err);
		in->passed[in->passed_count++] = broke_at;
	}
	return true;
}

bool
flow_mailbox_read(struct run *run, struct incoming_reader *reader, const char *source,
    const struct mailbox_login *login, struct mail_tally *tally, struct err *err)
{
	struct intake *in = arena_alloc(run->arena, sizeof(*in));
	int64_t before = 0;
	bool ok = false;

	*in = (struct intake){ .run = run, .reader = reader, .tally = tally };
	for (size_t i = 0; i < BATCH; i++)
		buf_init(&in->batch[i].bytes, LIMIT_INCOMING_READ);
	/* Loaded once, into the arena that outlives each batch. */
	ok = flow_templates(run, err) != NULL;
	do {
		before = tally->messages;
		ok = ok && take_mailbox(in, source, login, err);
	} while (ok && tally->messages - before >= LIMIT_MAILBOX_BATCH &&
	    !run->interrupted() && !run->dry_run);
	for (size_t i = 0; i < BATCH; i++)
		buf_clear(&in->batch[i].bytes);
	return ok;
}

bool
flow_mail_fetch(struct run *run, struct mail_tally *tally, struct err *err)
{
	const struct config *c = run->config;
	struct mailbox_login login = { c->bounce.user, "", c->bounce.ca_file };
	struct incoming_reader *reader = NULL;
	const char *password = NULL;
	bool ok = false;

	*tally = (struct mail_tally){ 0 };
	if (!strchr(c->bounce.source, ':'))
		return true;
	reader = incoming_reader_new(err);
	ok = reader && flow_mailbox_password(run, &password, err);
	if (password)
		login.password = password;
	ok = ok && flow_mailbox_read(run, reader, c->bounce.source, &login, tally, err);
	incoming_reader_free(reader);
	return ok || err_wrap(err, "bounce.source");
}

/* ---- when it cannot be read ---- */

/* "SECONDS TEXT" of a note: 0 and "" when there is none. */
static bool
read_trouble(struct run *run, const char *note, int64_t *at, const char **text,
    struct err *err)
{
	const char *value = NULL;
	char *end = NULL;

	*at = 0;
	*text = "";
	if (!store_note_get(run->store, run->arena, note, &value, err))
		return false;
	if (value) {
		*at = strtoll(value, &end, 10);
		*text = *end == ' ' ? end + 1 : end;
	}
	return true;
}

static bool
write_trouble(struct run *run, const char *note, int64_t at, const char *text,
    struct err *err)
{
	return store_note_set(run->store, note,
	    arena_printf(run->arena, "%lld %s", (long long)at, text), err);
}

bool
flow_mail_is_news(struct run *run, const struct err *why, bool *is_news, struct err *err)
{
	static const char since_note[] = "mailbox_since";
	static const char told_note[] = "mailbox_told";
	const char *text = "";
	int64_t since = 0;
	int64_t told = 0;

	*is_news = false;
	if (!read_trouble(run, since_note, &since, &text, err))
		return false;
	if (!why)
		return since == 0 || write_trouble(run, since_note, 0, "", err);
	if (since == 0) {
		since = run->now;
		if (!write_trouble(run, since_note, since, "", err))
			return false;
	}
	if (why->kind == ERR_TEMPORARY && run->now - since < 6 * HOUR)
		return true;
	if (!read_trouble(run, told_note, &told, &text, err))
		return false;
	*is_news = strcmp(text, why->text) != 0 || run->now - told >= DAY;
	return !*is_news || write_trouble(run, told_note, run->now, why->text, err);
}
