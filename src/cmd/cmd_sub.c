/* SPDX-License-Identifier: ISC */
/* sub add, list, show, remove, import, export. */
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "cmd/each_name.h"
#include "cmd/facts.h"
#include "cmd/on_list.h"
#include "cmd/sub_import_export.h"
#include "cmd/report.h"
#include "cmd/table.h"
#include "config/option_value.h"
#include "flow/intake.h"
#include "flow/reader_moves.h"
#include "flow/reader_wishes.h"
#include "format/json.h"
#include "list/subscription.h"
#include "mail/address.h"
#include "model/names.h"
#include "store/delivery_queue.h"
#include "store/reader_history.h"
#include "store/readers.h"

enum { UNDO_DAYS = 30 };

/* ---- add ---- */

static struct reader_wishes
read_wishes(const struct args *args)
{
	return (struct reader_wishes){ .rhythm = args_value(args, "rhythm"),
		.day = args_value(args, "day"),
		.hour = args_value(args, "hour"),
		.zone = args_value(args, "zone"),
		.format = args_value(args, "format"),
		.length = args_value(args, "length"),
		.language = args_value(args, "language"),
		.pictures = args_value(args, "pictures"),
		.sources = args_value(args, "sources") };
}

/* What the words on the command line cannot mean is a usage error. */
static bool
apply_wishes(struct app *app, const struct args *args, struct reader *r, struct err *err)
{
	const struct reader_wishes wishes = read_wishes(args);

	if (flow_wishes_apply(&app->run, app->run.arena, &wishes, r, err))
		return true;
	if (err->kind == ERR_INPUT)
		err->kind = ERR_USAGE;
	return false;
}

static bool
add_one(struct naming *n, const char *text, struct err *err)
{
	struct app *app = n->app;
	struct reader r =
	    subscription_new(app->run.now, args_value(n->args, "confirmed-by"));

	if (!apply_wishes(app, n->args, &r, err) ||
	    !args_address_word(app, text, &r.address, err))
		return false;
	const char *own = address_key(app->run.arena, r.address);
	if (naming_again(n, own, text))
		return true;
	if (!flow_intake_reader(&app->run, &r, err))
		return false;
	naming_done(n, own);
	app_say(app, "Added %s.", r.address);
	return true;
}

static bool
prepare_add(struct app *app, const struct args *args, struct err *err)
{
	const char *evidence = args_value(args, "confirmed-by");
	const char *address = NULL;

	/* All of them, before the first is added; each that is wrong is told. */
	for (size_t i = 0; i < args->word_count; i++) {
		struct err one = ERR_INIT;

		if (!args_address_word(app, args->words[i], &address, &one))
			(void)err_also(err, &one);
	}
	if (err_is_set(err))
		return false;
	if (evidence && *evidence)
		return true;
	err_set(err, ERR_USAGE, "how do you know that they want it?");
	return err_hint(err,
	    "planetpost sub add %s --confirmed-by \"asked me by mail, "
	    "24 November\"",
	    args->words[0]);
}

/* ---- list ---- */

static const struct column list_columns[] = {
	{ "address", COLUMN_TEXT, false, "as given" },
	{ "state", COLUMN_TEXT, false, "pending active hold bounced left removed" },
	{ "rhythm", COLUMN_TEXT, false, "when letters come; each = with every issue" },
	{ "format", COLUMN_TEXT, false, "html text digest plain" },
	{ "since", COLUMN_TIME, false, "when they confirmed" },
	{ "confirmed_by", COLUMN_TEXT, true, "evidence of consent" },
};

struct listing {
	struct table table;
	struct arena *arena; /* of one row */
	int64_t since;       /* TIME_NONE: all */
};

static bool
list_row(void *arg, const struct reader *r, struct err *err)
{
	struct listing *l = arg;
	struct table *t = &l->table;

	(void)err;
	if (l->since != TIME_NONE && r->created < l->since)
		return true;
	table_text(t, r->address);
	table_text(t, reader_state_name(r->state));
	table_text(t, flow_cadence_words(l->arena, &r->cadence));
	table_text(t, format_name(r->variant.format));
	table_time(t, r->confirmed);
	table_text(t, r->confirmed_by);
	table_row(t);
	arena_reset(l->arena);
	return true;
}

/* --since: a duration back from now, or a day. */
static bool
read_since(const struct app *app, const struct args *args, int64_t *since,
    struct err *err)
{
	const char *text = args_value(args, "since");
	int64_t back = 0;

	*since = TIME_NONE;
	if (!text || clock_parse(text, since))
		return true;
	if (!option_parse_duration(text, &back))
		return err_set(err, ERR_USAGE,
		    "--since takes a time such as 2h, 7d or 2026-11-24, not '%s'", text);
	*since = app->run.now - back;
	return true;
}

static bool
prepare_list(struct app *app, const struct args *args, struct err *err)
{
	unsigned states = 0;
	int64_t since = TIME_NONE;

	return reader_states_wanted(args, &states, err) &&
	    read_since(app, args, &since, err);
}

static bool
run_list(struct app *app, const struct args *args, struct err *err)
{
	struct listing l;
	unsigned states = 0;

	if (!reader_states_wanted(args, &states, err) ||
	    !read_since(app, args, &l.since, err) ||
	    !table_begin(&l.table, app, "readers", list_columns, ARRAY_LEN(list_columns),
		err))
		return false;
	l.arena = arena_new();
	const bool ok = store_readers_each(app->run.store, states, list_row, &l, err);
	arena_free(l.arena);
	if (!ok)
		return false;
	if (l.table.cell_count == 0 && l.table.first && app->out_tty && !app->json)
		app_say(app,
		    "No readers.\n  hint: planetpost sub add ADDRESS --confirmed-by TEXT");
	table_end(&l.table);
	return true;
}

/* ---- one reader ---- */

static void
history_json(struct facts *f, const struct reader_event_line *l)
{
	json_begin_object(&f->w);
	json_member_time(&f->w, "at", l->at);
	json_member(&f->w, "event", reader_event_name(l->event));
	json_member(&f->w, "cause", event_cause_name(l->cause));
	json_member(&f->w, "detail", l->detail);
	json_member(&f->w, "evidence", l->evidence);
	json_end_object(&f->w);
}

static bool
print_history(struct facts *f, const struct reader *r, struct err *err)
{
	struct app *app = f->app;
	struct reader_event_line *lines = NULL;
	char room[CLOCK_TEXT];
	size_t count = 0;

	if (!store_history(app->run.store, app->run.arena, r->id, &lines, &count, err))
		return false;
	facts_begin_list(f, "history");
	for (size_t i = 0; i < count; i++) {
		const struct reader_event_line *l = &lines[i];

		if (app->json)
			history_json(f, l);
		else
			app_print(stdout, "%s%s  %s by %s%s%s%s%s\n", i == 0 ? "\n" : "",
			    clock_rfc3339(l->at, room), reader_event_name(l->event),
			    event_cause_name(l->cause), l->detail ? ": " : "",
			    text_shown(app->run.arena, l->detail),
			    l->evidence ? "  -- " : "",
			    text_shown(app->run.arena, l->evidence));
	}
	facts_end_list(f);
	return true;
}

static bool
run_show(struct app *app, const struct args *args, struct err *err)
{
	const char *sources = NULL;
	struct facts f;
	struct reader r;

	if (!reader_on_list(app, args->words[0], &r, err) ||
	    !flow_sources_words(&app->run, app->run.arena, &r.variant, &sources, err))
		return false;
	facts_begin(&f, app, 13);
	if (app->json)
		facts_text(&f, "address", r.address);
	else
		app_print(stdout, "%s\n", r.address);
	facts_text(&f, "state", reader_state_name(r.state));
	facts_text(&f, "rhythm", flow_cadence_words(app->run.arena, &r.cadence));
	facts_text(&f, "format", format_name(r.variant.format));
	facts_text(&f, "length", length_name(r.variant.length));
	facts_text(&f, "language",
	    text_is_set(r.variant.language) ? r.variant.language : "default");
	facts_text(&f, "pictures", pictures_name(r.variant.pictures));
	facts_text(&f, "sources", sources);
	facts_time(&f, "added", r.created);
	facts_time(&f, "confirmed", r.confirmed);
	facts_text(&f, "confirmed by",
	    r.confirmed_by || app->json ? r.confirmed_by : "-");
	facts_time(&f, "hold until", r.state == READER_HOLD ? r.hold_until : TIME_NONE);
	facts_time(&f, "next", r.state == READER_ACTIVE ? r.due : TIME_NONE);
	const bool ok = print_bounces(&f, &r, err) && print_history(&f, &r, err);
	facts_end(&f);
	return ok;
}

static bool
move(struct app *app, struct reader *r, enum reader_event event, const char *detail,
    struct err *err)
{
	const struct reader_move m = { event, CAUSE_COMMAND, NULL, detail };

	return flow_reader_move(&app->run, r, &m, err) ||
	    err_wrap(err, "%s", r->address ? r->address : "an erased reader");
}

/* Beside a running send: whoever must stop getting mail does not wait for it to end. */
static bool
remove_one(struct naming *n, const char *word, struct err *err)
{
	struct app *app = n->app;
	struct reader r;

	if (!reader_on_list(app, word, &r, err))
		return false;
	if (r.state == READER_REMOVED) {
		app_say(app, "%s was removed already.", r.address);
		return true;
	}
	if (!move(app, &r, EVENT_REMOVE, NULL, err))
		return false;
	app_say(app,
	    "Removed %s: no letter goes there any more, and no import brings it back.\n"
	    "  hint: planetpost sub undo %s   (within %d days)",
	    r.address, r.address, UNDO_DAYS);
	return true;
}

static bool
prepare_edit(struct app *app, const struct args *args, struct err *err)
{
	(void)app;
	if (args->given_count > 0)
		return true;
	err_set(err, ERR_USAGE, "what is to change?");
	return err_hint(err, "planetpost help sub edit");
}

static bool
run_edit(struct app *app, const struct args *args, struct err *err)
{
	const char *sources = NULL;
	struct reader r;

	if (!reader_on_list(app, args->words[0], &r, err) ||
	    !apply_wishes(app, args, &r, err) ||
	    !flow_sources_words(&app->run, app->run.arena, &r.variant, &sources, err))
		return false;
	struct arena *a = app->run.arena;
	const char *pictures = r.variant.pictures == PICTURES_DEFAULT
	    ? ""
	    : arena_printf(a, "pictures %s, ", pictures_name(r.variant.pictures));
	const char *length = r.variant.length == LENGTH_DEFAULT
	    ? ""
	    : arena_printf(a, " %s", length_name(r.variant.length));
	const char *detail =
	    arena_printf(a, "%s, %s%s, %s%s", flow_cadence_words(a, &r.cadence),
		format_name(r.variant.format), length, pictures, sources);

	if (!move(app, &r, EVENT_EDIT, detail, err))
		return false;
	app_say(app, "%s: %s.", r.address, detail);
	return true;
}

/* --until: a day in the newsletter's time zone, or an instant, in the future. */
static bool
read_until(struct app *app, const struct args *args, int64_t *until, struct err *err)
{
	const char *text = args_value(args, "until");

	*until = TIME_NONE;
	if (!text)
		return true;
	if (strlen(text) == 10 && clock_parse(text, until)) {
		struct civil day = clock_civil(*until, 0);

		if (!zone_instant(app->run.zone, &day, until))
			*until = TIME_NONE;
	} else if (!clock_parse(text, until)) {
		*until = TIME_NONE;
	}
	if (*until == TIME_NONE)
		return err_set(err, ERR_USAGE,
		    "--until takes a day as 2026-12-24, not '%s'", text);
	return *until > app->run.now ||
	    err_set(err, ERR_USAGE, "--until %s is not in the future", text);
}

static bool
resume(struct app *app, const struct args *args, struct reader *r, struct err *err)
{
	if (r->state == READER_ACTIVE) {
		app_say(app, "%s is not on hold: letters come.", r->address);
		return true;
	}
	if (args_has(args, "skip"))
		r->hold_skip = true;
	else if (args_has(args, "catch-up"))
		r->hold_skip = false;
	const bool skips = r->hold_skip;

	if (!move(app, r, EVENT_RESUME, skips ? "what was missed is skipped" : NULL, err))
		return false;
	app_say(app, "%s gets letters again%s.", r->address,
	    skips ? "; what was missed is skipped" : "; one brings what was missed");
	return true;
}

static bool
hold(struct app *app, const struct args *args, struct reader *r, struct err *err)
{
	char room[CLOCK_TEXT];

	if (!read_until(app, args, &r->hold_until, err))
		return false;
	r->hold_skip = args_has(args, "skip");
	const char *detail = arena_printf(app->run.arena, "%s%s%s",
	    r->hold_until != TIME_NONE ? "until " : "until they say so",
	    r->hold_until != TIME_NONE ? clock_rfc3339(r->hold_until, room) : "",
	    r->hold_skip ? ", what is missed is skipped" : "");
	if (!move(app, r, EVENT_HOLD, detail, err))
		return false;
	app_say(app, "%s is on hold %s.", r->address, detail);
	return true;
}

static bool
prepare_hold(struct app *app, const struct args *args, struct err *err)
{
	static const char *const pairs[][2] = { { "skip", "catch-up" },
		{ "resume", "until" } };

	(void)app;
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++)
		if (args_has(args, pairs[i][0]) && args_has(args, pairs[i][1]))
			return err_set(err, ERR_USAGE,
			    "--%s and --%s contradict each other", pairs[i][0],
			    pairs[i][1]);
	return true;
}

static bool
run_hold(struct app *app, const struct args *args, struct err *err)
{
	struct reader r;

	if (!reader_on_list(app, args->words[0], &r, err))
		return false;
	return args_has(args, "resume") ? resume(app, args, &r, err)
					: hold(app, args, &r, err);
}

static bool
run_undo(struct app *app, const struct args *args, struct err *err)
{
	struct reader_event_line *lines = NULL;
	struct reader r;
	size_t count = 0;

	if (!reader_on_list(app, args->words[0], &r, err) ||
	    !store_history(app->run.store, app->run.arena, r.id, &lines, &count, err))
		return false;
	if (r.state != READER_REMOVED || count == 0 ||
	    lines[count - 1].event != EVENT_REMOVE ||
	    lines[count - 1].cause != CAUSE_COMMAND)
		return err_set(err, ERR_INPUT, "%s was not removed by a command: %s",
		    r.address, reader_state_name(r.state));
	if (app->run.now - lines[count - 1].at > UNDO_DAYS * INT64_C(86400))
		return err_set(err, ERR_INPUT,
		    "%s was removed more than %d days ago: only they can come back",
		    r.address, UNDO_DAYS);
	if (!move(app, &r, EVENT_UNDO, NULL, err))
		return false;
	app_say(app, "%s is on the list again, as before (%s).", r.address,
	    reader_state_name(r.state));
	return true;
}

static bool
run_erase(struct app *app, const struct args *args, struct err *err)
{
	struct reader r;

	if (!reader_on_list(app, args->words[0], &r, err) ||
	    !move(app, &r, EVENT_ERASE, NULL, err))
		return false;
	app_say(app,
	    "Erased: nothing is left of that reader but a salted hash of the address, so "
	    "that no import brings it back.");
	return true;
}

/* ---- stats ---- */

static bool
run_stats(struct app *app, const struct args *args, struct err *err)
{
	int64_t by_state[READER_ERASED + 1];
	int64_t by_rhythm[RHYTHM_MONTHLY + 1];
	static const struct column columns[] = {
		{ "what", COLUMN_TEXT, false, "a state, or a rhythm of active readers" },
		{ "readers", COLUMN_NUMBER, false, "how many" },
	};
	struct table t;

	(void)args;
	if (!store_readers_count(app->run.store, by_state, err) ||
	    !store_audience_by_rhythm(app->run.store, by_rhythm, err) ||
	    !table_begin(&t, app, "stats", columns, ARRAY_LEN(columns), err))
		return false;
	for (int i = 0; i <= READER_ERASED; i++) {
		table_text(&t, reader_state_name((enum reader_state)i));
		table_number(&t, by_state[i]);
		table_row(&t);
	}
	for (int i = 0; i <= RHYTHM_MONTHLY; i++) {
		table_text(&t, cadence_rhythm_name((enum rhythm)i));
		table_number(&t, by_rhythm[i]);
		table_row(&t);
	}
	table_end(&t);
	return true;
}

#define WISH_OPTIONS \
	{ "rhythm", '\0', "RHYTHM", \
		"each (every issue; the default), daily, weekdays, weekly or monthly" }, \
	    { "day", '\0', "DAY", "of a weekly or monthly rhythm: Monday, or 1 to 31" }, \
	    { "hour", '\0', "TIME", "07:00; default = the newsletter's" }, \
	    { "zone", '\0', "ZONE", "Europe/Paris; default = the newsletter's" }, \
	    { "format", '\0', "FORMAT", \
		    "html (with a text part; the default), text, digest or plain" }, \
	    { "length", '\0', "LENGTH", \
		    "of a post: whole, short or titles; default = the newsletter's" }, \
	    { "language", '\0', "LANGUAGE", \
		    "en, de, fr or one of your templates; default = the newsletter's" }, \
	    { "pictures", '\0', "PICTURES", \
		    "none, link, first or inline (carried in the letter), or remote " \
		    "(loaded from the blogs); default = the newsletter's" }, \
	{ \
		"sources", '\0', "SOURCES", "all, 'only KEY KEY' or 'all but KEY KEY'" \
	}
static const struct cmd_option add_options[] = {
	{ "confirmed-by", '\0', "TEXT",
	    "how you know that they want it; kept as evidence" },
	WISH_OPTIONS, { NULL, '\0', NULL, NULL }
};
static const struct cmd_option edit_options[] = { WISH_OPTIONS,
	{ NULL, '\0', NULL, NULL } };
static const struct cmd_option hold_options[] = {
	{ "until", '\0', "DAY", "the hold ends by itself; else by --resume" },
	{ "resume", '\0', NULL, "letters come again" },
	{ "catch-up", '\0', NULL, "one letter brings what was missed (the default)" },
	{ "skip", '\0', NULL, "what was missed is not sent" }, { NULL, '\0', NULL, NULL }
};
static const struct cmd_option list_options[] = { { "state", '\0', "STATE",
						      "only readers in this state" },
	{ "since", '\0', "TIME", "only readers added since: 2h, 7d or 2026-11-24" },
	{ NULL, '\0', NULL, NULL } };
static const struct command subcommands[] = {
	{ .name = "add",
	    .usage = "sub add ADDRESS... --confirmed-by TEXT",
	    .summary = "add readers who asked for it",
	    .options = add_options,
	    .words = { 1, SIZE_MAX },
	    .need = NEED_BESIDE,
	    .prepare = prepare_add,
	    .do_one = add_one },
	{ .name = "list",
	    .json = JSON_OWN,
	    .usage = "sub list",
	    .summary = "all readers",
	    .options = list_options,
	    .need = NEED_LOOK,
	    .prepare = prepare_list,
	    .run = run_list },
	{ .name = "show",
	    .json = JSON_OWN,
	    .usage = "sub show ADDRESS",
	    .summary = "all that is known of one",
	    .words = { 1, 1 },
	    .need = NEED_LOOK,
	    .run = run_show },
	{ .name = "edit",
	    .usage = "sub edit ADDRESS",
	    .summary =
		"a reader's wishes: rhythm, time, format, length, language, pictures, sources",
	    .options = edit_options,
	    .words = { 1, 1 },
	    .need = NEED_BESIDE,
	    .prepare = prepare_edit,
	    .run = run_edit },
	{ .name = "hold",
	    .usage = "sub hold ADDRESS",
	    .summary = "no letters for a while, or again",
	    .options = hold_options,
	    .words = { 1, 1 },
	    .need = NEED_BESIDE,
	    .prepare = prepare_hold,
	    .run = run_hold },
	{ .name = "undo",
	    .usage = "sub undo ADDRESS",
	    .summary = "take back your own sub remove, within 30 days",
	    .words = { 1, 1 },
	    .need = NEED_BESIDE,
	    .run = run_undo },
	{ .name = "erase",
	    .usage = "sub erase ADDRESS",
	    .summary = "forget everything but a salted hash of the address",
	    .words = { 1, 1 },
	    .need = NEED_BESIDE,
	    .run = run_erase },
	{ .name = "stats",
	    .json = JSON_OWN,
	    .usage = "sub stats",
	    .summary = "how many readers, by state and rhythm",
	    .need = NEED_LOOK,
	    .run = run_stats },
	{ .name = "remove",
	    .usage = "sub remove ADDRESS...",
	    .summary = "no more letters, at once; imports do not bring them back",
	    .words = { 1, SIZE_MAX },
	    .need = NEED_BESIDE,
	    .do_one = remove_one },
	{ .name = "import",
	    .usage = "sub import FILE",
	    .summary = "add readers from CSV or JSON lines (- = standard input)",
	    .details =
		"CSV: the first line names the columns: email, and if you have them "
		"confirmed_by, state,\nrhythm, day, hour, zone, format, length, "
		"language, pictures, sources.\n"
		"Who left, was removed or erased stays out, is counted and listed.",
	    .options = import_list_options,
	    .words = { 1, 1 },
	    .need = NEED_BESIDE,
	    .run = run_sub_import },
	{ .name = "export",
	    .json = JSON_OWN,
	    .usage = "sub export [FILE]",
	    .summary = "all readers, as CSV or JSON lines (- = standard output)",
	    .options = export_list_options,
	    .words = { 0, 1 },
	    .need = NEED_LOOK,
	    .prepare = prepare_sub_export,
	    .run = run_sub_export },
	{ .name = NULL }
};

const struct command cmd_sub = {
	.name = "sub",
	.group = "Readers",
	.usage = "sub add|list|show|edit|hold|remove|undo|erase|stats|import|export",
	.summary = "the list of readers",
	.subcommands = subcommands,
};
