/* SPDX-License-Identifier: ISC */
/* status: what happened, what is next, what needs you. */
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "format/json.h"
#include "cmd/cmd.h"
#include "cmd/feed_health.h"
#include "fetch/source_health.h"
#include "store/deliveries.h"
#include "store/entry_lists.h"
#include "store/issues.h"
#include "store/notes.h"
#include "store/readers.h"
#include "store/sources.h"

enum { JSON_MAX = 64 * 1024, NAMED_MOST = 5 };

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
	const char *last_run;
	int64_t sent, refused, deferred, unknown;
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

static bool
look(struct app *app, struct status *out, struct err *err)
{
	const struct cadence *schedule = &app->run.config->digest.schedule;
	int64_t by_state[READER_ERASED + 1];

	memset(out, 0, sizeof(*out));
	out->next = TIME_NONE;
	if (!count_feeds(app, out, err) || !look_at_issues(app, out, err) ||
	    !store_readers_count(app->run.store, by_state, err) ||
	    !store_entries_count(app->run.store, &out->entries, err) ||
	    !store_entries_count_unmailed(app->run.store, &out->unmailed, err) ||
	    !store_note_get(app->run.store, app->run.arena, "last_run", &out->last_run,
		err))
		return false;
	out->readers = by_state[READER_ACTIVE];
	out->held = by_state[READER_HOLD];
	out->pending = by_state[READER_PENDING];
	if (schedule->rhythm != RHYTHM_EACH)
		out->next = cadence_next(schedule, app->run.zone, app->run.now);
	return true;
}

/* "Tue 24 Nov 07:00" would need words; numbers serve every language. */
static const char *
local_time(const struct app *app, int64_t t, char *room, size_t size)
{
	const struct civil c = zone_civil(app->run.zone, t);

	(void)snprintf(room, size, "%04d-%02d-%02d %02d:%02d", c.year, c.month, c.day,
	    c.hour, c.minute);
	return room;
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

static void
print_needs(const struct app *app, const struct status *st)
{
	if (st->has_draft && st->draft.state == ISSUE_DRAFT)
		app_print(stdout,
		    "needs you  issue %s waits for approval: planetpost issue send %s\n",
		    st->draft.name, st->draft.name);
	print_troubled(app, st);
	if (st->unknown > 0)
		app_print(stdout,
		    "needs you  %lld letters may or may not have gone: planetpost issue show %s\n",
		    (long long)st->unknown, st->last.name);
}

static void
print_people(const struct app *app, const struct status *st)
{
	char room[CLOCK_TEXT];

	app_print(stdout, "%s · %zu feed%s · %lld reader%s",
	    app->run.config->newsletter.name, st->feeds, st->feeds == 1 ? "" : "s",
	    (long long)st->readers, st->readers == 1 ? "" : "s");
	if (st->held > 0)
		app_print(stdout, " (%lld more on hold)", (long long)st->held);
	putchar('\n');
	if (st->has_last)
		app_print(stdout,
		    "last   %s: %lld posts, %lld accepted, %lld to retry, %lld refused\n",
		    st->last.name, (long long)st->last.entry_count, (long long)st->sent,
		    (long long)st->deferred, (long long)st->refused);
	else
		puts("last   no issue was sent yet");
	if (st->next == TIME_NONE)
		app_print(stdout, "next   at the next run: %lld posts wait\n",
		    (long long)st->unmailed);
	else
		app_print(stdout, "next   %s: %lld posts wait\n",
		    local_time(app, st->next, room, sizeof(room)),
		    (long long)st->unmailed);
	print_needs(app, st);
}

static void
print_json(const struct app *app, const struct status *st)
{
	struct buf b = BUF_INIT(JSON_MAX);
	struct json_writer w;

	json_writer_init(&w, &b, true);
	json_begin_object(&w);
	json_member_int(&w, "schema", 1);
	json_member(&w, "newsletter", app->run.config->newsletter.name);
	json_member_int(&w, "feeds", (int64_t)st->feeds);
	json_member_int(&w, "feeds_paused", (int64_t)st->paused);
	json_member_int(&w, "feeds_failing", (int64_t)(st->troubled - st->flooded));
	json_member_int(&w, "feeds_held", (int64_t)st->flooded);
	json_member_int(&w, "readers", st->readers);
	json_member_int(&w, "readers_on_hold", st->held);
	json_member_int(&w, "readers_pending", st->pending);
	json_member_int(&w, "entries", st->entries);
	json_member_int(&w, "entries_waiting", st->unmailed);
	json_member(&w, "last_run", st->last_run);
	json_member(&w, "last_issue", st->has_last ? st->last.name : NULL);
	if (st->has_last) {
		json_member_int(&w, "last_accepted", st->sent);
		json_member_int(&w, "last_deferred", st->deferred);
		json_member_int(&w, "last_refused", st->refused);
		json_member_int(&w, "last_unknown", st->unknown);
	}
	json_member(&w, "draft", st->has_draft ? st->draft.name : NULL);
	json_member_time(&w, "next", st->next);
	json_end_object(&w);
	puts(buf_text(&b));
	buf_clear(&b);
}

static bool
run_status(struct app *app, const struct args *args, int *code, struct err *err)
{
	struct status st;
	bool ok = false;

	(void)code;
	(void)args;
	ok = look(app, &st, err);
	if (ok && app->json)
		print_json(app, &st);
	else if (ok)
		print_people(app, &st);
	return ok;
}

const struct command cmd_status = {
	.name = "status",
	.group = "Every day",
	.usage = "status",
	.summary = "what happened, what is next, what needs you",
	.need = NEED_LOOK,
	.run = run_status,
};
