/* SPDX-License-Identifier: ISC */
/* sub add, list, show, remove, import, export. */
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "cmd/on_list.h"
#include "cmd/report.h"
#include "cmd/table.h"
#include "config/option_value.h"
#include "flow/intake.h"
#include "flow/reader_moves.h"
#include "flow/reader_wishes.h"
#include "format/json.h"
#include "list/preferences.h"
#include "list/reader_columns.h"
#include "list/subscription.h"
#include "mail/address.h"
#include "model/names.h"
#include "store/delivery_queue.h"
#include "store/reader_history.h"
#include "store/readers.h"

enum { UNDO_DAYS = 30, ALL_STATES = (1u << (READER_ERASED + 1)) - 1 };

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
add_one(struct app *app, const char *text, const struct args *args, struct err *err)
{
	struct reader r =
	    subscription_new(app->run.now, args_value(args, "confirmed-by"));

	if (!apply_wishes(app, args, &r, err))
		return false;
	if (!address_check(app->run.arena, text, &r.address, err))
		return err_wrap(err, "%s", text);
	if (!flow_intake_reader(&app->run, &r, err))
		return false;
	app_say(app, "Added %s.", r.address);
	return true;
}

static bool
prepare_add(struct app *app, const struct args *args, struct err *err)
{
	const char *evidence = args_value(args, "confirmed-by");

	(void)app;
	if (evidence && *evidence)
		return true;
	err_set(err, ERR_USAGE, "how do you know that they want it?");
	return err_hint(err,
	    "planetpost sub add %s --confirmed-by \"asked me by mail, "
	    "24 November\"",
	    args->words[0]);
}

static bool
run_add(struct app *app, const struct args *args, int *code, struct err *err)
{
	bool ok = true;

	(void)code;
	for (size_t i = 0; ok && i < args->word_count; i++)
		ok = add_one(app, args->words[i], args, err);
	return ok;
}

/* ---- list ---- */

static const struct column list_columns[] = {
	{ "address", COLUMN_TEXT, false, "as given" },
	{ "state", COLUMN_TEXT, false, "pending active hold bounced left removed" },
	{ "rhythm", COLUMN_TEXT, false, "when letters come; each = with every issue" },
	{ "format", COLUMN_TEXT, false, "html or text" },
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

/* Which states are wanted, as bits: all but erased readers when none is named. */
static bool
read_states(const struct args *args, unsigned *states, struct err *err)
{
	const char *name = args_value(args, "state");
	enum reader_state state = READER_ACTIVE;

	*states = ALL_STATES & ~(1u << READER_ERASED);
	if (!name)
		return true;
	if (!reader_state_parse(name, &state))
		return err_set(err, ERR_USAGE,
		    "--state takes pending, active, hold, bounced, left "
		    "or removed, not '%s'",
		    name);
	*states = 1u << state;
	return true;
}

static bool
prepare_list(struct app *app, const struct args *args, struct err *err)
{
	unsigned states = 0;
	int64_t since = TIME_NONE;

	return read_states(args, &states, err) && read_since(app, args, &since, err);
}

static bool
run_list(struct app *app, const struct args *args, int *code, struct err *err)
{
	struct listing l;
	unsigned states = 0;
	bool ok = false;

	(void)code;
	if (!read_states(args, &states, err) || !read_since(app, args, &l.since, err) ||
	    !table_begin(&l.table, app, "readers", list_columns, ARRAY_LEN(list_columns),
		err))
		return false;
	l.arena = arena_new();
	ok = store_readers_each(app->run.store, states, list_row, &l, err);
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

static bool
print_history(struct app *app, const struct reader *r, struct err *err)
{
	struct reader_event_line *lines = NULL;
	char room[CLOCK_TEXT];
	size_t count = 0;

	if (!store_history(app->run.store, app->run.arena, r->id, &lines, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct reader_event_line *l = &lines[i];

		app_print(stdout, "%s%s  %s by %s%s%s%s%s\n", i == 0 ? "\n" : "",
		    clock_rfc3339(l->at, room), reader_event_name(l->event),
		    event_cause_name(l->cause), l->detail ? ": " : "",
		    text_shown(app->run.arena, l->detail), l->evidence ? "  -- " : "",
		    text_shown(app->run.arena, l->evidence));
	}
	return true;
}

static bool
run_show(struct app *app, const struct args *args, int *code, struct err *err)
{
	const char *sources = NULL;
	char room[CLOCK_TEXT];
	struct reader r;

	(void)code;
	if (!reader_on_list(app, args->words[0], &r, err) ||
	    !flow_sources_words(&app->run, app->run.arena, &r.variant, &sources, err))
		return false;
	app_print(stdout,
	    "%s\nstate         %s\nrhythm        %s\nformat        %s, %s\n"
	    "sources       %s\n",
	    r.address, reader_state_name(r.state),
	    flow_cadence_words(app->run.arena, &r.cadence), format_name(r.variant.format),
	    body_name(r.variant.body), sources);
	app_print(stdout, "added         %s\n", clock_rfc3339(r.created, room));
	if (r.confirmed != TIME_NONE)
		app_print(stdout, "confirmed     %s\n", clock_rfc3339(r.confirmed, room));
	app_print(stdout, "confirmed by  %s\n",
	    r.confirmed_by ? text_shown(app->run.arena, r.confirmed_by) : "-");
	if (r.hold_until != TIME_NONE && r.state == READER_HOLD)
		app_print(stdout, "hold until    %s\n",
		    clock_rfc3339(r.hold_until, room));
	if (r.due != TIME_NONE && r.state == READER_ACTIVE)
		app_print(stdout, "next          %s\n", clock_rfc3339(r.due, room));
	return print_bounces(app, &r, err) && print_history(app, &r, err);
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
run_remove(struct app *app, const struct args *args, int *code, struct err *err)
{
	(void)code;
	for (size_t i = 0; i < args->word_count; i++) {
		struct reader r;

		if (!reader_on_list(app, args->words[i], &r, err) ||
		    !move(app, &r, EVENT_REMOVE, NULL, err))
			return false;
		app_say(app,
		    "Removed %s: no letter goes there any more, and no import brings it "
		    "back.\n  hint: planetpost sub undo %s   (within %d days)",
		    r.address, r.address, UNDO_DAYS);
	}
	return true;
}

static bool
run_edit(struct app *app, const struct args *args, int *code, struct err *err)
{
	const char *sources = NULL;
	struct reader r;

	(void)code;
	if (!reader_on_list(app, args->words[0], &r, err) ||
	    !apply_wishes(app, args, &r, err) ||
	    !flow_sources_words(&app->run, app->run.arena, &r.variant, &sources, err))
		return false;
	const char *detail = arena_printf(app->run.arena, "%s, %s %s, %s",
	    flow_cadence_words(app->run.arena, &r.cadence), format_name(r.variant.format),
	    body_name(r.variant.body), sources);

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
	const char *detail = NULL;

	if (!read_until(app, args, &r->hold_until, err))
		return false;
	r->hold_skip = args_has(args, "skip");
	detail = arena_printf(app->run.arena, "%s%s%s",
	    r->hold_until != TIME_NONE ? "until " : "until they say so",
	    r->hold_until != TIME_NONE ? clock_rfc3339(r->hold_until, room) : "",
	    r->hold_skip ? ", what is missed is skipped" : "");
	if (!move(app, r, EVENT_HOLD, detail, err))
		return false;
	app_say(app, "%s is on hold %s.", r->address, detail);
	return true;
}

static bool
run_hold(struct app *app, const struct args *args, int *code, struct err *err)
{
	struct reader r;

	(void)code;
	if (args_has(args, "skip") && args_has(args, "catch-up"))
		return err_set(err, ERR_USAGE,
		    "--skip and --catch-up contradict each other");
	if (!reader_on_list(app, args->words[0], &r, err))
		return false;
	return args_has(args, "resume") ? resume(app, args, &r, err)
					: hold(app, args, &r, err);
}

static bool
run_undo(struct app *app, const struct args *args, int *code, struct err *err)
{
	struct reader_event_line *lines = NULL;
	struct reader r;
	size_t count = 0;

	(void)code;
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
run_erase(struct app *app, const struct args *args, int *code, struct err *err)
{
	struct reader r;

	(void)code;
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
run_stats(struct app *app, const struct args *args, int *code, struct err *err)
{
	int64_t by_state[READER_ERASED + 1];
	int64_t by_rhythm[RHYTHM_MONTHLY + 1];
	static const struct column columns[] = {
		{ "what", COLUMN_TEXT, false, "a state, or a rhythm of active readers" },
		{ "readers", COLUMN_NUMBER, false, "how many" },
	};
	struct table t;

	(void)args;
	(void)code;
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

/* ---- import, export ---- */

static void
tell_refused(void *arg, size_t line, const char *address, const char *reason)
{
	const struct app *app = arg;

	struct buf shown = BUF_INIT(64 * 1024);

	if (app->quiet)
		return;
	text_add_shown(&shown, address, strlen(address));
	app_print(stderr, "line %zu: %s: %s\n", line, buf_text(&shown), reason);
	buf_clear(&shown);
}

static bool
import_from(struct app *app, const struct args *args, FILE *list, int *code,
    struct err *err)
{
	const struct intake_options o = { .confirmed_by =
					      args_value(args, "confirmed-by"),
		.refused = tell_refused,
		.arg = app };
	struct intake_report r;

	if (!flow_intake_list(&app->run, list, &o, &r, err))
		return err_wrap(err, "%s", args->words[0]);
	app_say(app,
	    "%s%zu rows: %zu added, %zu confirmed, %zu left, %zu on the list already, %zu twice, "
	    "%zu stay out, %zu not usable",
	    app->run.dry_run ? "Dry run: " : "", r.rows, r.added, r.confirmed, r.left,
	    r.unchanged, r.duplicate, r.stays_out, r.invalid);
	*code = r.invalid > 0 ? EXIT_PARTIAL : EXIT_OK;
	return true;
}

static bool
run_import(struct app *app, const struct args *args, int *code, struct err *err)
{
	const char *path = args->words[0];
	FILE *list = strcmp(path, "-") == 0 ? stdin : fopen(path, "rbe");
	bool ok = false;

	if (!list)
		return err_errno(err, "%s", path);
	ok = import_from(app, args, list, code, err);
	if (list != stdin)
		(void)fclose(list); /* it was only read */
	return ok;
}

struct exporting {
	struct app *app;
	bool jsonl, redact;
	struct arena *arena;
	struct buf line;
};

/* What stands in a row of an export, by column; NULL where there is nothing. */
enum { EXPORT_COLUMNS = 11 };
static const char *const export_names[EXPORT_COLUMNS] = { "email", "state", "rhythm",
	"day", "hour", "zone", "format", "length", "sources", "confirmed",
	"confirmed_by" };

/*
 * Strangers choose their addresses: what a spreadsheet would reckon with gets an apostrophe before
 * it, which makes text of it, and which an import takes away again.
 */
static void
csv_cell(struct buf *b, const char *text, bool last)
{
	const bool acts = roll_cell_acts(text) || *text == '\'';
	const bool quoted = acts || strpbrk(text, ",;\t\"\r\n") != NULL;

	if (quoted)
		buf_addc(b, '"');
	if (acts)
		buf_addc(b, '\'');
	for (; *text; text++) {
		if (*text == '"')
			buf_addc(b, '"');
		buf_addc(b, *text);
	}
	if (quoted)
		buf_addc(b, '"');
	buf_adds(b, last ? "\n" : ",");
}

static const char *
day_word(struct arena *a, const struct cadence *c)
{
	static const char *const days[] = { "Sunday", "Monday", "Tuesday", "Wednesday",
		"Thursday", "Friday", "Saturday" };

	if (c->day == CADENCE_ANY)
		return NULL;
	if (c->rhythm == RHYTHM_WEEKLY)
		return days[c->day];
	return c->rhythm == RHYTHM_MONTHLY ? arena_printf(a, "%d", c->day) : NULL;
}

static bool
fill_row(struct exporting *x, const struct reader *r, const char *row[EXPORT_COLUMNS],
    struct err *err)
{
	const struct cadence *c = &r->cadence;
	char room[CLOCK_TEXT];
	size_t n = 0;

	row[n++] = x->redact ? address_veiled(x->arena, r->address) : r->address;
	row[n++] = reader_state_name(r->state);
	row[n++] = cadence_rhythm_name(c->rhythm);
	row[n++] = day_word(x->arena, c);
	row[n++] = c->minute == CADENCE_ANY
	    ? NULL
	    : arena_printf(x->arena, "%02d:%02d", c->minute / 60, c->minute % 60);
	row[n++] = c->zone && *c->zone ? c->zone : NULL;
	row[n++] = format_name(r->variant.format);
	row[n++] = body_name(r->variant.body);
	if (!flow_sources_words(&x->app->run, x->arena, &r->variant, &row[n++], err))
		return false;
	row[n++] = r->confirmed == TIME_NONE
	    ? NULL
	    : arena_strdup(x->arena, clock_rfc3339(r->confirmed, room));
	row[n++] = r->confirmed_by;
	return true;
}

static bool
export_row(void *arg, const struct reader *r, struct err *err)
{
	struct exporting *x = arg;
	const char *row[EXPORT_COLUMNS];
	struct json_writer w;

	if (!fill_row(x, r, row, err))
		return false;
	buf_reset(&x->line);
	if (x->jsonl) {
		json_writer_init(&w, &x->line, false);
		json_begin_object(&w);
		for (size_t i = 0; i < EXPORT_COLUMNS; i++)
			json_member(&w, export_names[i], row[i]);
		json_end_object(&w);
		buf_addc(&x->line, '\n');
	} else {
		for (size_t i = 0; i < EXPORT_COLUMNS; i++)
			csv_cell(&x->line, row[i] ? row[i] : "", i + 1 == EXPORT_COLUMNS);
	}
	arena_reset(x->arena);
	if (fputs(buf_text(&x->line), stdout) == EOF)
		return err_errno(err, "standard output");
	return true;
}

static bool
prepare_export(struct app *app, const struct args *args, struct err *err)
{
	const char *format = args_value(args, "as");

	if (format && strcmp(format, "csv") != 0 && strcmp(format, "jsonl") != 0)
		return err_set(err, ERR_USAGE, "--as takes csv or jsonl, not '%s'",
		    format);
	return prepare_list(app, args, err);
}

static bool
run_export(struct app *app, const struct args *args, int *code, struct err *err)
{
	const char *format = args_value(args, "as");
	struct exporting x = { .app = app,
		.redact = args_has(args, "redact"),
		.jsonl = format ? strcmp(format, "jsonl") == 0 : app->json,
		.line = BUF_INIT(64 * 1024) };
	unsigned states = 0;
	bool ok = false;

	(void)code;
	if (!read_states(args, &states, err))
		return false;
	x.arena = arena_new();
	if (!x.jsonl)
		puts("email,state,rhythm,day,hour,zone,format,length,sources,confirmed,"
		     "confirmed_by");
	ok = store_readers_each(app->run.store, states, export_row, &x, err);
	arena_free(x.arena);
	buf_clear(&x.line);
	return ok;
}

#define WISH_OPTIONS \
	{ "rhythm", '\0', "RHYTHM", \
		"each (every issue; the default), daily, weekdays, weekly or monthly" }, \
	    { "day", '\0', "DAY", "of a weekly or monthly rhythm: Monday, or 1 to 31" }, \
	    { "hour", '\0', "TIME", "07:00; default = the newsletter's" }, \
	    { "zone", '\0', "ZONE", "Europe/Paris; default = the newsletter's" }, \
	    { "format", '\0', "FORMAT", \
		    "html (with a text part; the default) or text" }, \
	    { "length", '\0', "LENGTH", "title, summary or full (the default)" }, \
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
static const struct cmd_option import_options[] = {
	{ "confirmed-by", '\0', "TEXT",
	    "evidence for rows without a column confirmed_by" },
	{ NULL, '\0', NULL, NULL }
};
static const struct cmd_option export_options[] = { { "state", '\0', "STATE",
							"only readers in this state" },
	{ "as", '\0', "FORMAT", "csv (the default) or jsonl" },
	{ "redact", '\0', NULL, "with veiled addresses" }, { NULL, '\0', NULL, NULL } };

static const struct command subcommands[] = {
	{ .name = "add",
	    .usage = "sub add ADDRESS... --confirmed-by TEXT",
	    .summary = "add readers who asked for it",
	    .options = add_options,
	    .min_words = 1,
	    .max_words = SIZE_MAX,
	    .need = NEED_BESIDE,
	    .prepare = prepare_add,
	    .run = run_add },
	{ .name = "list",
	    .usage = "sub list",
	    .summary = "all readers",
	    .options = list_options,
	    .need = NEED_LOOK,
	    .prepare = prepare_list,
	    .run = run_list },
	{ .name = "show",
	    .usage = "sub show ADDRESS",
	    .summary = "all that is known of one",
	    .min_words = 1,
	    .max_words = 1,
	    .need = NEED_LOOK,
	    .run = run_show },
	{ .name = "edit",
	    .usage = "sub edit ADDRESS",
	    .summary = "a reader's wishes: rhythm, time, format, length, sources",
	    .options = edit_options,
	    .min_words = 1,
	    .max_words = 1,
	    .need = NEED_BESIDE,
	    .run = run_edit },
	{ .name = "hold",
	    .usage = "sub hold ADDRESS",
	    .summary = "no letters for a while, or again",
	    .options = hold_options,
	    .min_words = 1,
	    .max_words = 1,
	    .need = NEED_BESIDE,
	    .run = run_hold },
	{ .name = "undo",
	    .usage = "sub undo ADDRESS",
	    .summary = "take back your own sub remove, within 30 days",
	    .min_words = 1,
	    .max_words = 1,
	    .need = NEED_BESIDE,
	    .run = run_undo },
	{ .name = "erase",
	    .usage = "sub erase ADDRESS",
	    .summary = "forget everything but a salted hash of the address",
	    .min_words = 1,
	    .max_words = 1,
	    .need = NEED_BESIDE,
	    .run = run_erase },
	{ .name = "stats",
	    .usage = "sub stats",
	    .summary = "how many readers, by state and rhythm",
	    .need = NEED_LOOK,
	    .run = run_stats },
	{ .name = "remove",
	    .usage = "sub remove ADDRESS...",
	    .summary = "no more letters, at once; imports do not bring them back",
	    .min_words = 1,
	    .max_words = SIZE_MAX,
	    .need = NEED_BESIDE,
	    .run = run_remove },
	{ .name = "import",
	    .usage = "sub import FILE",
	    .summary = "add readers from CSV or JSON lines (- = standard input)",
	    .details =
		"CSV: the first line names the columns: email, and if you have them "
		"confirmed_by, state,\nrhythm, day, hour, zone, format, length, "
		"sources. Who left, was removed or erased stays\nout, is counted and "
		"listed.",
	    .options = import_options,
	    .min_words = 1,
	    .max_words = 1,
	    .need = NEED_BESIDE,
	    .run = run_import },
	{ .name = "export",
	    .usage = "sub export",
	    .summary = "all readers to standard output",
	    .options = export_options,
	    .need = NEED_LOOK,
	    .prepare = prepare_export,
	    .run = run_export },
	{ .name = NULL }
};

const struct command cmd_sub = {
	.name = "sub",
	.group = "Readers",
	.usage = "sub add|list|show|edit|hold|remove|undo|erase|stats|import|export",
	.summary = "the list of readers",
	.subcommands = subcommands,
};
