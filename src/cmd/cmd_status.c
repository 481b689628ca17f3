/* SPDX-License-Identifier: ISC */
/* status: what happened, what is next, what needs you. */
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "format/json.h"
#include "cmd/cmd.h"
#include "cmd/health_words.h"
#include "fetch/source_health.h"
#include "cmd/table.h"
#include "flow/deliver.h"
#include "flow/hour_counts.h"
#include "flow/mail_in.h"
#include "flow/trial.h"
#include "store/deliveries.h"
#include "store/entry_lists.h"
#include "store/issues.h"
#include "store/notes.h"
#include "store/notices.h"
#include "store/readers.h"
#include "store/sources.h"

enum { JSON_MAX = 64 * 1024, NAMED_MOST = 5, STUCK_AMONG = 100 };

struct status {
	size_t feeds, paused;
	size_t troubled, never,
	    flooded; /* for long; since ever; with posts that are held */
	const struct source *named[NAMED_MOST]; /* some of all */
	size_t named_count;
	int64_t readers, held, pending;
	int64_t entries, unmailed;
	struct issue last, draft;
	bool has_last, has_draft;
	int64_t next;
	int64_t quiet_until;    /* TIME_NONE: letters may go */
	struct full_hour *full; /* servers that had all letters of an hour */
	size_t full_count;
	const char *last_run;
	int64_t stuck;        /* letters of earlier issues that wait */
	const char *stuck_in; /* the oldest of these issues */
	int64_t sent, refused, deferred, unknown;
	int64_t answers; /* what answers somebody, and was not sent yet */
	int64_t mail[MAIL_NO_COMMANDS + 1]; /* by outcome, ever */
};

/*
 * A feed that worked may recover by itself.  One that never did has a wrong address or is no
 * feed: that needs a person at once.
 */
static void
note_trouble(const struct source *s, int64_t now, struct status *out)
{
	if (!source_health_needs(s, now))
		return;
	out->troubled++;
	if (source_health_state(s) == SOURCE_FLOOD)
		out->flooded++;
	else
		out->never += s->failures > 0 && s->last_ok <= 0;
	if (out->named_count < NAMED_MOST)
		out->named[out->named_count++] = s;
}

static bool
count_feeds(struct app *app, struct status *out, struct err *err)
{
	struct source *sources = NULL;
	size_t count = 0;

	if (!store_sources(app->run.store, app->run.arena, true, &sources, &count, err))
		return false;
	out->feeds = count;
	for (size_t i = 0; i < count; i++) {
		out->paused += sources[i].paused;
		note_trouble(&sources[i], app->run.now, out);
	}
	return true;
}

static bool
look_at_issues(struct app *app, struct status *out, struct err *err)
{
	const unsigned gone = 1u << ISSUE_SENT | 1u << ISSUE_SENDING | 1u << ISSUE_PAUSED;
	int64_t by_state[DELIVERY_STATES];

	if (!store_issue_in(app->run.store, app->run.arena, gone, &out->last,
		&out->has_last, err) ||
	    !store_issue_in(app->run.store, app->run.arena,
		1u << ISSUE_DRAFT | 1u << ISSUE_APPROVED, &out->draft, &out->has_draft,
		err))
		return false;
	if (!out->has_last)
		return true;
	if (!store_deliveries_count(app->run.store, out->last.id, by_state, err))
		return false;
	out->sent = by_state[DELIVERY_SENT];
	out->refused = by_state[DELIVERY_REFUSED];
	out->deferred = by_state[DELIVERY_DEFERRED] + by_state[DELIVERY_QUEUED];
	out->unknown = by_state[DELIVERY_UNKNOWN];
	return true;
}

/* Letters of issues before the last one that were not settled since. */
static bool
look_for_stuck(struct app *app, struct status *out, struct err *err)
{
	struct issue *issues = NULL;
	size_t count = 0;

	if (!store_issues(app->run.store, app->run.arena, STUCK_AMONG, &issues, &count,
		err))
		return false;
	for (size_t i = 0; i < count; i++) {
		int64_t waiting = 0;

		if (issues[i].state != ISSUE_SENDING ||
		    (out->has_last && issues[i].id == out->last.id))
			continue;
		if (!store_deliveries_waiting(app->run.store, issues[i].id, &waiting,
			err))
			return false;
		out->stuck += waiting;
		if (waiting > 0)
			out->stuck_in = issues[i].name;
	}
	return true;
}

static bool
look(struct app *app, struct status *out, struct err *err)
{
	const struct cadence *schedule = &app->run.config->digest.schedule;
	int64_t by_state[READER_ERASED + 1];

	memset(out, 0, sizeof(*out));
	out->next = TIME_NONE;
	out->quiet_until = flow_quiet_until(&app->run);
	if (!count_feeds(app, out, err) || !look_at_issues(app, out, err) ||
	    !look_for_stuck(app, out, err) ||
	    !store_readers_count(app->run.store, by_state, err) ||
	    !store_entries_count(app->run.store, &out->entries, err) ||
	    !store_entries_count_unmailed(app->run.store, &out->unmailed, err) ||
	    !store_note_get(app->run.store, app->run.arena, "last_run", &out->last_run,
		err) ||
	    !store_notices_waiting(app->run.store, &out->answers, err) ||
	    !hour_counts_full(&app->run, &out->full, &out->full_count, err) ||
	    !flow_mail_counts(&app->run, out->mail, err))
		return false;
	out->readers = by_state[READER_ACTIVE];
	out->held = by_state[READER_HOLD];
	out->pending = by_state[READER_PENDING];
	if (schedule->rhythm != RHYTHM_EACH)
		out->next = cadence_next(schedule, app->run.zone, app->run.now);
	return true;
}

static void
print_troubled(const struct app *app, const struct status *st)
{
	const size_t lasting = st->troubled - st->never - st->flooded;

	if (st->never > 0)
		app_print(stdout, "needs you  %zu feed%s never answered with a feed\n",
		    st->never, st->never == 1 ? "" : "s");
	if (st->flooded > 0)
		app_print(stdout, "needs you  %zu feed%s with posts that are held\n",
		    st->flooded, st->flooded == 1 ? "" : "s");
	if (lasting > 0)
		app_print(stdout,
		    "needs you  %zu feed%s in trouble for two days or more\n", lasting,
		    lasting == 1 ? "" : "s");
	for (size_t i = 0; i < st->named_count; i++)
		app_print(stdout, "           %s: %s\n", st->named[i]->key,
		    text_shown(app->run.arena,
			health_words(app->run.arena, st->named[i])));
	if (st->troubled > st->named_count)
		app_print(stdout, "           and %zu more\n",
		    st->troubled - st->named_count);
	if (st->troubled > 0)
		puts("           hint: planetpost feed health");
}

static bool
waits_for_approval(const struct status *st)
{
	return st->has_draft && st->draft.state == ISSUE_DRAFT;
}

static bool
is_paused(const struct status *st)
{
	return st->has_last && st->last.state == ISSUE_PAUSED;
}

static bool
asks_no_feed(const struct status *st)
{
	return st->feeds > 0 && st->paused == st->feeds;
}

/* The things print_needs() tells with "needs you", each feed in trouble by itself. */
static int64_t
count_needs(const struct status *st)
{
	return (int64_t)st->troubled + waits_for_approval(st) + is_paused(st) +
	    asks_no_feed(st) + (st->stuck > 0) + (st->unknown > 0);
}

static void
print_needs(const struct app *app, const struct status *st)
{
	if (waits_for_approval(st))
		app_print(stdout,
		    "needs you  issue %s waits for approval: planetpost issue send %s\n",
		    st->draft.name, st->draft.name);
	if (is_paused(st))
		app_print(stdout,
		    "needs you  issue %s is paused: planetpost issue send %s\n",
		    st->last.name, st->last.name);
	if (st->stuck > 0)
		app_print(stdout,
		    "needs you  %s since issue %s: planetpost issue show %s\n",
		    app_count(app, st->stuck, "letter waits", "letters wait"),
		    st->stuck_in, st->stuck_in);
	if (asks_no_feed(st))
		app_print(stdout, "needs you  no feed is asked: %s\n",
		    st->feeds == 1 ? "the only one is paused" : "all are paused");
	print_troubled(app, st);
	if (st->mail[MAIL_NOT_UNDERSTOOD] > 0)
		app_print(stdout, "note       %s not understood: the newest %s in %s\n",
		    app_count(app, st->mail[MAIL_NOT_UNDERSTOOD], "mail was",
			"mails were"),
		    st->mail[MAIL_NOT_UNDERSTOOD] == 1 ? "is" : "are",
		    app->run.quarantine_path);
	if (st->unknown > 0)
		app_print(stdout,
		    "needs you  %s or may not have gone: planetpost issue show %s\n",
		    app_count(app, st->unknown, "letter may", "letters may"),
		    st->last.name);
}

static void
print_people(const struct app *app, const struct status *st)
{
	app_print(stdout, "%s · %zu feed%s · %lld reader%s",
	    app->run.config->newsletter.name, st->feeds, st->feeds == 1 ? "" : "s",
	    (long long)st->readers, st->readers == 1 ? "" : "s");
	if (st->held > 0)
		app_print(stdout, " (%lld more on hold)", (long long)st->held);
	putchar('\n');
	if (st->has_last)
		app_print(stdout,
		    "last   %s: %s, %lld accepted, %lld to retry, %lld refused\n",
		    st->last.name, app_count(app, st->last.entry_count, "post", "posts"),
		    (long long)st->sent, (long long)st->deferred, (long long)st->refused);
	else
		puts("last   no issue was sent yet");
	if (st->next == TIME_NONE)
		app_print(stdout, "next   at the next run: %s\n",
		    app_count(app, st->unmailed, "post waits", "posts wait"));
	else
		app_print(stdout, "next   %s: %s\n", app_local_time(app, st->next),
		    app_count(app, st->unmailed, "post waits", "posts wait"));
	if (flow_is_trial(&app->run))
		app_print(stdout, "trial  every letter goes to %s, readers get none\n",
		    app->run.config->transport.redirect_to);
	if (st->quiet_until != TIME_NONE)
		app_print(stdout, "quiet  until %s no letter of an issue goes\n",
		    app_local_time(app, st->quiet_until));
	if (st->answers > 0)
		app_print(stdout,
		    "wait   %s, such as codes and confirmations: planetpost run --answers\n",
		    app_count(app, st->answers, "message", "messages"));
	for (size_t i = 0; i < st->full_count; i++)
		app_print(stdout,
		    "pace   %s had the %lld letters of an hour: goes on at %s\n",
		    st->full[i].name, (long long)st->full[i].per_hour,
		    app_local_time(app, st->full[i].until));
	if (st->mail[MAIL_BOUNCED] + st->mail[MAIL_DONE] + st->mail[MAIL_ANSWERED] > 0)
		app_print(stdout, "mail   %lld did something, %lld answered, %s back\n",
		    (long long)st->mail[MAIL_DONE], (long long)st->mail[MAIL_ANSWERED],
		    app_count(app, st->mail[MAIL_BOUNCED], "letter came",
			"letters came"));
	print_needs(app, st);
}

/* A member of the answer for programs. */
struct status_field {
	const char *name, *help;
	enum column_type type;
	const char *text;
	int64_t number;
};

enum { STATUS_FIELDS = 27 };

static void
fill_fields(const struct app *app, const struct status *st,
    struct status_field f[STATUS_FIELDS])
{
	const int64_t none = -1;
	const struct status_field all[STATUS_FIELDS] = {
		{ "newsletter", "its name", COLUMN_TEXT, app->run.config->newsletter.name,
		    0 },
		{ "feeds", "of the planet", COLUMN_NUMBER, NULL, (int64_t)st->feeds },
		{ "feeds_paused", "not asked", COLUMN_NUMBER, NULL, (int64_t)st->paused },
		{ "feeds_failing", "that need a person", COLUMN_NUMBER, NULL,
		    (int64_t)(st->troubled - st->flooded) },
		{ "feeds_held", "whose posts wait for a person", COLUMN_NUMBER, NULL,
		    (int64_t)st->flooded },
		{ "readers", "who get letters", COLUMN_NUMBER, NULL, st->readers },
		{ "readers_on_hold", "who want none now", COLUMN_NUMBER, NULL, st->held },
		{ "readers_pending", "who have not confirmed", COLUMN_NUMBER, NULL,
		    st->pending },
		{ "entries", "ever seen", COLUMN_NUMBER, NULL, st->entries },
		{ "entries_waiting", "for the next issue", COLUMN_NUMBER, NULL,
		    st->unmailed },
		{ "last_run", "when it ended", COLUMN_TEXT, st->last_run, 0 },
		{ "last_issue", "that was sent", COLUMN_TEXT,
		    st->has_last ? st->last.name : NULL, 0 },
		{ "last_accepted", "of its letters", COLUMN_NUMBER, NULL,
		    st->has_last ? st->sent : none },
		{ "last_deferred", "of its letters, to be tried again", COLUMN_NUMBER,
		    NULL, st->has_last ? st->deferred : none },
		{ "last_refused", "of its letters", COLUMN_NUMBER, NULL,
		    st->has_last ? st->refused : none },
		{ "last_unknown", "of its letters, that may have gone", COLUMN_NUMBER,
		    NULL, st->has_last ? st->unknown : none },
		{ "stuck", "letters of earlier issues that still wait", COLUMN_NUMBER,
		    NULL, st->stuck },
		{ "answers_waiting", "messages that answer somebody, not sent yet",
		    COLUMN_NUMBER, NULL, st->answers },
		{ "mail_done", "mails that did something", COLUMN_NUMBER, NULL,
		    st->mail[MAIL_DONE] },
		{ "mail_answered", "mails that were answered", COLUMN_NUMBER, NULL,
		    st->mail[MAIL_ANSWERED] },
		{ "mail_bounced", "letters that came back", COLUMN_NUMBER, NULL,
		    st->mail[MAIL_BOUNCED] },
		{ "mail_not_understood", "mails that said nothing", COLUMN_NUMBER, NULL,
		    st->mail[MAIL_NOT_UNDERSTOOD] },
		{ "draft", "that waits", COLUMN_TEXT,
		    st->has_draft ? st->draft.name : NULL, 0 },
		{ "next", "when an issue is due", COLUMN_TIME, NULL, st->next },
		{ "quiet_until", "when letters may go again, in quiet hours", COLUMN_TIME,
		    NULL, st->quiet_until },
		{ "pace_until",
		    "when a server that had the letters of an hour takes more",
		    COLUMN_TIME, NULL,
		    st->full_count > 0 ? st->full[0].until : TIME_NONE },
		{ "needs_you", "how many things do", COLUMN_NUMBER, NULL,
		    count_needs(st) },
	};

	memcpy(f, all, sizeof(all));
}

static void
put_field(struct json_writer *w, const struct status_field *f)
{
	if (f->type == COLUMN_TEXT)
		json_member(w, f->name, f->text);
	else if (f->type == COLUMN_TIME)
		json_member_time(w, f->name, f->number);
	else if (f->number >= 0)
		json_member_int(w, f->name, f->number);
}

static bool
print_json(const struct app *app, const struct status *st, struct err *err)
{
	struct status_field fields[STATUS_FIELDS];
	struct column columns[STATUS_FIELDS];
	struct buf b = BUF_INIT(JSON_MAX);
	struct json_writer w;

	fill_fields(app, st, fields);
	for (size_t i = 0; i < STATUS_FIELDS; i++)
		columns[i] = (struct column){ fields[i].name, fields[i].type, false,
			fields[i].help };
	if (table_lists_fields(app, columns, STATUS_FIELDS))
		return true;
	if (!table_check_fields(app, columns, STATUS_FIELDS, err))
		return false;
	json_writer_init(&w, &b, true);
	json_begin_object(&w);
	json_member_int(&w, "schema", 1);
	for (size_t i = 0; i < STATUS_FIELDS; i++)
		if (table_wants_field(app, fields[i].name))
			put_field(&w, &fields[i]);
	json_end_object(&w);
	puts(buf_text(&b));
	buf_clear(&b);
	return true;
}

static bool
run_status(struct app *app, const struct args *args, struct err *err)
{
	struct status st;

	(void)args;
	bool ok = look(app, &st, err);
	if (ok && app->json)
		ok = print_json(app, &st, err);
	else if (ok)
		print_people(app, &st);
	return ok;
}

const struct command cmd_status = {
	.name = "status",
	.json = JSON_OWN,
	.group = "Every day",
	.usage = "status",
	.summary = "what happened, what is next, what needs you",
	.need = NEED_LOOK,
	.run = run_status,
};
