/* SPDX-License-Identifier: ISC */
#include "cmd/sub_import_export.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "cmd/written_file.h"
#include "flow/intake.h"
#include "flow/reader_wishes.h"
#include "format/json.h"
#include "list/reader_columns.h"
#include "mail/address.h"
#include "model/names.h"
#include "store/readers.h"

enum { ALL_STATES = (1u << (READER_ERASED + 1)) - 1 };

bool
reader_states_wanted(const struct args *args, unsigned *states, struct err *err)
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
import_from(struct app *app, const struct args *args, FILE *list, struct err *err)
{
	const struct intake_options o = { .confirmed_by =
					      args_value(args, "confirmed-by"),
		.refused = tell_refused,
		.arg = app };
	struct intake_report r;

	if (!flow_intake_list(&app->run, list, &o, &r, err)) {
		(void)err_why(err, "nothing was imported");
		return err_wrap(err, "%s", args->words[0]);
	}
	app_say(app,
	    "%s%s: %zu added, %zu confirmed, %zu left, %zu on the list already, %zu twice, "
	    "%zu stay out, %zu not usable",
	    app->run.dry_run ? "Dry run: " : "",
	    app_count(app, (int64_t)r.rows, "row", "rows"), r.added, r.confirmed, r.left,
	    r.unchanged, r.duplicate, r.stays_out, r.invalid);
	app->code = r.invalid > 0 ? EXIT_PARTIAL : EXIT_OK;
	return true;
}

bool
run_sub_import(struct app *app, const struct args *args, struct err *err)
{
	const char *path = args->words[0];
	FILE *list = strcmp(path, "-") == 0 ? stdin : fopen(path, "rbe");

	if (!list)
		return err_errno(err, "%s", path);
	const bool ok = import_from(app, args, list, err);
	if (list != stdin)
		(void)fclose(list); /* it was only read */
	return ok;
}

struct exporting {
	struct app *app;
	bool jsonl, redact;
	struct arena *arena;
	struct buf line;
	FILE *out;
};

/* What stands in a row of an export, by column; NULL where there is nothing. */
enum { EXPORT_COLUMNS = 13 };
static const char *const export_names[EXPORT_COLUMNS] = { "email", "state", "rhythm",
	"day", "hour", "zone", "format", "length", "language", "pictures", "sources",
	"confirmed", "confirmed_by" };

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
	row[n++] =
	    r->variant.length == LENGTH_DEFAULT ? NULL : length_name(r->variant.length);
	row[n++] = text_is_set(r->variant.language) ? r->variant.language : NULL;
	row[n++] = r->variant.pictures == PICTURES_DEFAULT
	    ? NULL
	    : pictures_name(r->variant.pictures);
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
	return fputs(buf_text(&x->line), x->out) != EOF || err_errno(err, "the list");
}

static const char *
export_format(const struct args *args)
{
	const char *format = args_value(args, "format");

	return format ? format : args_value(args, "as");
}

bool
prepare_sub_export(struct app *app, const struct args *args, struct err *err)
{
	const char *format = export_format(args);
	unsigned states = 0;

	(void)app;
	if (args_has(args, "format") && args_has(args, "as"))
		return err_set(err, ERR_USAGE,
		    "--as is an older name of --format: one of them");
	if (!args_one_output(args, err))
		return false;
	if (format && strcmp(format, "csv") != 0 && strcmp(format, "jsonl") != 0)
		return err_set(err, ERR_USAGE, "--format takes csv or jsonl, not '%s'",
		    format);
	return reader_states_wanted(args, &states, err);
}

static bool
write_list(struct exporting *x, unsigned states, struct err *err)
{
	if (!x->jsonl &&
	    fputs("email,state,rhythm,day,hour,zone,format,length,language,pictures,"
		  "sources,confirmed,confirmed_by\n",
		x->out) == EOF)
		return err_errno(err, "the list");
	return store_readers_each(x->app->run.store, states, export_row, x, err);
}

bool
run_sub_export(struct app *app, const struct args *args, struct err *err)
{
	const char *format = export_format(args);
	const char *path = args_output(args);
	struct exporting x = { .app = app,
		.redact = args_has(args, "redact"),
		.jsonl = format ? strcmp(format, "jsonl") == 0 : app->json,
		.line = BUF_INIT(64 * 1024) };
	struct written_file w;
	unsigned states = 0;

	if (app->run.dry_run && strcmp(path, "-") != 0) {
		app_say(app, "Dry run: would write %s.", path);
		return true;
	}
	/* It holds addresses: for its owner only. */
	if (!reader_states_wanted(args, &states, err) ||
	    !written_file_open(app->run.arena, path, 0600, &w, err))
		return false;
	x.arena = arena_new();
	x.out = w.f;
	const bool ok = written_file_close(&w, write_list(&x, states, err), err);
	arena_free(x.arena);
	buf_clear(&x.line);
	if (ok && strcmp(path, "-") != 0)
		app_say(app, "Wrote %s: it holds addresses, keep it private.", path);
	return ok;
}

const struct cmd_option import_list_options[] = {
	{ "confirmed-by", '\0', "TEXT",
	    "evidence for rows without a column confirmed_by" },
	{ NULL, '\0', NULL, NULL }
};
const struct cmd_option export_list_options[] = { { "state", '\0', "STATE",
						      "only readers in this state" },
	{ "format", '\0', "FORMAT", "csv (the default) or jsonl" },
	{ "as", '\0', "FORMAT", "older name of --format" },
	{ "output", 'o', "FILE", "- is standard output, the default" },
	{ "redact", '\0', NULL, "with veiled addresses" }, { NULL, '\0', NULL, NULL } };
