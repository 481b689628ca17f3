/* SPDX-License-Identifier: ISC */
#include "cmd/feed_health.h"

#include <stdio.h>

#include "base/clock.h"
#include "cmd/each_name.h"
#include "cmd/table.h"
#include "cmd/health_words.h"
#include "cmd/keeper_letter.h"
#include "config/option_value.h"
#include "fetch/source_health.h"
#include "format/url.h"
#include "model/names.h"
#include "store/issues.h"
#include "store/set_aside.h"
#include "store/sources.h"

enum { DAY = 86400, HOUR = 3600, SHOWN_RUNS_BELOW = 2 * DAY };

/* ---- words ---- */

/* "3 days", or in how many runs when it is younger. */
static const char *
duration(struct app *app, const struct source *s)
{
	const int64_t since = source_health_since(s);
	const int64_t age = since > 0 ? app->run.now - since : 0;
	const int64_t runs = s->failures > s->state_runs ? s->failures : s->state_runs;

	if (source_health_state(s) == SOURCE_FLOOD || age >= SHOWN_RUNS_BELOW) {
		const int64_t n = age >= DAY ? age / DAY : age / HOUR;

		return arena_printf(app->run.arena, "%lld %s%s", (long long)n,
		    age >= DAY ? "day" : "hour", n == 1 ? "" : "s");
	}
	return arena_printf(app->run.arena, "%lld run%s", (long long)runs,
	    runs == 1 ? "" : "s");
}

/* ---- the list ---- */

static const struct column health_columns[] = {
	{ "name", COLUMN_TEXT, false, "its short name" },
	{ "for", COLUMN_TEXT, false, "how long, or in how many runs" },
	{ "what", COLUMN_TEXT, false, "what is wrong" },
	{ "mend", COLUMN_TEXT, false, "the command that mends it, or looks closer" },
	{ "state", COLUMN_TEXT, true,
	    "slow stale moved web-page malformed refused failing gone duplicate flood changed" },
	{ "since", COLUMN_TIME, true, "when that began; of a failure, the last answer" },
	{ "needs", COLUMN_TEXT, true, "yes: a person is needed; no: --all shows it" },
	{ "held", COLUMN_NUMBER, true, "posts that wait for a person" },
	{ "failures", COLUMN_NUMBER, true, "runs in a row" },
	{ "title", COLUMN_TEXT, true, "as configured, else as it says" },
	{ "url", COLUMN_TEXT, true, "where it is asked" },
};
static const char *const health_headings[ARRAY_LEN(health_columns)] = { "feed", "since",
	"what", "mend with" };

static void
health_row(struct table *t, struct app *app, const struct source *s)
{
	struct arena *a = app->run.arena;

	table_text(t, s->key);
	table_text(t, duration(app, s));
	table_text(t, health_words(a, s));
	table_text(t, health_mend(a, s));
	table_text(t, source_state_name(source_health_state(s)));
	table_time(t, source_health_since(s));
	table_text(t, source_health_needs(s, app->run.now) ? "yes" : "no");
	table_number(t, s->held + s->held_more);
	table_number(t, s->failures);
	table_text(t, s->name ? s->name : s->title);
	table_text(t, url_public(a, s->url));
	table_row(t);
}

static bool
is_troubled(const struct source *s)
{
	return !s->paused && source_health_state(s) != SOURCE_OK && s->last_poll > 0;
}

static void
say_counts(const struct app *app, const struct source *list, size_t count)
{
	size_t need = 0;
	size_t other = 0;

	for (size_t i = 0; i < count; i++) {
		need += source_health_needs(&list[i], app->run.now);
		other +=
		    is_troubled(&list[i]) && !source_health_needs(&list[i], app->run.now);
	}
	app_say(app,
	    "%zu feed%s need%s you (%zu feed%s, %zu fine, %zu known problem%s%s)", need,
	    need == 1 ? "" : "s", need == 1 ? "s" : "", count, count == 1 ? "" : "s",
	    count - need - other, other, other == 1 ? "" : "s",
	    other > 0 ? " hidden: --all" : "");
}

/* --since: a day, or how long ago. */
static bool
read_since(const struct app *app, const struct args *args, int64_t *since,
    struct err *err)
{
	const char *text = args_value(args, "since");
	int64_t ago = 0;

	*since = TIME_NONE;
	if (!text || clock_parse(text, since))
		return true;
	if (!option_parse_duration(text, &ago))
		return err_set(err, ERR_USAGE,
		    "--since takes a time such as 7d, or a day such as 2026-11-24");
	*since = app->run.now - ago;
	return true;
}

bool
prepare_feed_health(struct app *app, const struct args *args, struct err *err)
{
	int64_t since = TIME_NONE;

	if (args->word_count > 0 && !args_has(args, "letter"))
		return err_set(err, ERR_USAGE,
		    "a feed goes with --letter; one alone: planetpost feed show %s",
		    args->words[0]);
	if (args_has(args, "letter") && app->json)
		return err_set(err, ERR_USAGE, "a letter has no form in JSON");
	return read_since(app, args, &since, err);
}

bool
run_feed_health(struct app *app, const struct args *args, struct err *err)
{
	const bool all = args_has(args, "all");
	struct source *list = NULL;
	int64_t since = TIME_NONE;
	size_t count = 0;
	struct table t;

	if (args_has(args, "letter"))
		return args->word_count > 0 ? keeper_note_print(app, args->words[0], err)
					    : keeper_letter_print(app, err);
	if (!read_since(app, args, &since, err) ||
	    !store_sources(app->run.store, app->run.arena, true, &list, &count, err))
		return false;
	if (!app->plain)
		say_counts(app, list, count);
	if (!table_begin(&t, app, "feeds", health_columns, ARRAY_LEN(health_columns),
		err))
		return false;
	t.headings = health_headings;
	for (size_t i = 0; i < count; i++) {
		if (is_troubled(&list[i]) &&
		    (all || source_health_needs(&list[i], app->run.now)) &&
		    (since == TIME_NONE || source_health_since(&list[i]) >= since))
			health_row(&t, app, &list[i]);
	}
	table_end(&t);
	return true;
}

const struct cmd_option health_options[] = { { "all", '\0', NULL,
						 "young and harmless problems too" },
	{ "since", '\0', "TIME", "only what began since: 7d, 2026-11-24" },
	{ "letter", '\0', NULL,
	    "the letter to newsletter.owner as it would be; with FEED a note to its owner" },
	{ NULL, '\0', NULL, NULL } };

/* ---- what is held ---- */

static bool
check_held(const struct source *s, struct err *err)
{
	if (s->held + s->held_more > 0 || s->state == SOURCE_CHANGED)
		return true;
	err_set(err, ERR_INPUT, "nothing of %s is held", s->key);
	return err_hint(err, "planetpost feed health");
}

bool
feed_settle_one(struct naming *n, const char *name, struct err *err)
{
	struct app *app = n->app;
	const int64_t *last_issue = n->arg; /* of run_feed_release(), else NULL */
	struct source s;

	if (!store_source_find(app->run.store, app->run.arena, name, &s, err))
		return false;
	if (naming_again(n, s.key, name))
		return true;
	if (!check_held(&s, err) ||
	    !(last_issue ? store_held_release(app->run.store, s.id, *last_issue,
			       app->run.now, err)
			 : store_held_drop(app->run.store, s.id, err)))
		return false;
	naming_done(n, s.key);
	app_say(app,
	    last_issue
		? "Released %s of %s: news of the next issue; the next run asks for "
		  "their texts"
		: "Dropped %s of %s: they will not be mailed",
	    app_count(app, s.held + s.held_more, "post", "posts"), s.key);
	return true;
}

bool
run_feed_release(struct app *app, const struct args *args, struct err *err)
{
	int64_t last_issue = TIME_NONE;

	return store_issue_last_approved(app->run.store, app->run.now, &last_issue,
		   err) &&
	    each_name(app, args, feed_settle_one, &last_issue, err);
}
