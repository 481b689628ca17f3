/* SPDX-License-Identifier: ISC */
/* sub add, list, show, remove, import, export. */
#include <string.h>

#include "base/clock.h"
#include "format/json.h"
#include "base/limits.h"
#include "cmd/cmd.h"
#include "cmd/table.h"
#include "flow/intake.h"
#include "list/list.h"
#include "mail/address.h"
#include "model/names.h"
#include "store/readers.h"

enum { LIST_MAX = 256 * 1024 * 1024, ALL_STATES = (1u << (READER_ERASED + 1)) - 1 };

/* ---- add ---- */

static bool
add_reader(struct app *app, const char *text, const struct args *args, struct err *err)
{
	struct reader r =
	    subscription_new(app->run.now, args_value(args, "confirmed-by"));
	const char *format = args_value(args, "format");

	if (format && !format_parse(format, &r.format))
		return err_set(err, ERR_USAGE, "--format takes html or text, not '%s'",
		    format);
	if (!address_check(app->run.arena, text, &r.address, err))
		return err_wrap(err, "%s", text);
	if (!flow_intake_reader(&app->run, &r, err))
		return false;
	app_say(app, "Added %s.", r.address);
	return true;
}

static bool
prepare_sub_add(struct app *app, const struct args *args, struct err *err)
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
run_sub_add(struct app *app, const struct args *args, int *code, struct err *err)
{
	bool ok = true;

	(void)code;
	for (size_t i = 0; ok && i < args->word_count; i++)
		ok = add_reader(app, args->words[i], args, err);
	return ok;
}

/* ---- list ---- */

static const struct column reader_columns[] = {
	{ "address", COLUMN_TEXT, false, "as given" },
	{ "state", COLUMN_TEXT, false, "pending active hold bounced left removed" },
	{ "format", COLUMN_TEXT, false, "html or text" },
	{ "since", COLUMN_TIME, false, "when they confirmed" },
	{ "confirmed_by", COLUMN_TEXT, true, "evidence of consent" },
};

static bool
reader_row(void *arg, const struct reader *r, struct err *err)
{
	struct table *t = arg;

	(void)err;
	table_text(t, r->address);
	table_text(t, reader_state_name(r->state));
	table_text(t, format_name(r->format));
	table_time(t, r->confirmed);
	table_text(t, r->confirmed_by);
	table_row(t);
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
prepare_sub_list(struct app *app, const struct args *args, struct err *err)
{
	unsigned states = 0;

	(void)app;
	return read_states(args, &states, err);
}

static bool
run_sub_list(struct app *app, const struct args *args, int *code, struct err *err)
{
	struct table t;
	unsigned states = 0;

	(void)code;
	if (!read_states(args, &states, err) ||
	    !table_begin(&t, app, "readers", reader_columns, ARRAY_LEN(reader_columns),
		err))
		return false;
	if (!store_readers_each(app->run.store, states, reader_row, &t, err))
		return false;
	if (t.cell_count == 0 && t.first && app->out_tty && !app->json)
		app_say(app,
		    "No readers.\n  hint: planetpost sub add ADDRESS --confirmed-by TEXT");
	table_end(&t);
	return true;
}

/* ---- show, remove ---- */

static bool
find_reader(struct app *app, const char *text, struct reader *out, struct err *err)
{
	struct arena *a = app->run.arena;
	const char *address = NULL;
	bool found = false;

	if (!address_check(a, text, &address, err))
		return err_wrap(err, "%s", text);
	if (!store_reader_find(app->run.store, a, address_key(a, address), out, &found,
		err))
		return false;
	if (!found) {
		err_set(err, ERR_INPUT, "nobody on the list has the address %s", address);
		return err_hint(err, "planetpost sub list");
	}
	return true;
}

static bool
run_sub_show(struct app *app, const struct args *args, int *code, struct err *err)
{
	char room[CLOCK_TEXT];
	struct reader r;

	(void)code;
	if (!find_reader(app, args->words[0], &r, err))
		return false;
	printf("%s\nstate         %s\nformat        %s, %s\n", r.address,
	    reader_state_name(r.state), format_name(r.format), body_name(r.body));
	printf("added         %s\n", clock_rfc3339(r.created, room));
	if (r.confirmed != TIME_NONE)
		printf("confirmed     %s\n", clock_rfc3339(r.confirmed, room));
	printf("confirmed by  %s\n", r.confirmed_by ? r.confirmed_by : "-");
	if (r.hold_until != TIME_NONE)
		printf("hold until    %s\n", clock_rfc3339(r.hold_until, room));
	return true;
}

static bool
remove_reader(struct app *app, const char *text, struct err *err)
{
	struct reader r;

	if (!find_reader(app, text, &r, err))
		return false;
	if (!subscription_move(r.state, EVENT_REMOVE, &r.state))
		return err_set(err, ERR_INPUT, "%s cannot be removed: %s", r.address,
		    reader_state_name(r.state));
	if (!store_reader_update(app->run.store, &r, err))
		return false;
	app_say(app,
	    "Removed %s: no letter goes there any more, and no import brings it back.",
	    r.address);
	return true;
}

/* Beside a running send: whoever must stop getting mail does not wait for it to end. */
static bool
run_sub_remove(struct app *app, const struct args *args, int *code, struct err *err)
{
	bool ok = true;

	(void)code;
	for (size_t i = 0; ok && i < args->word_count; i++)
		ok = remove_reader(app, args->words[i], err);
	return ok;
}

/* ---- import, export ---- */

static void
tell_refused(void *arg, size_t line, const char *address, const char *reason)
{
	const struct app *app = arg;

	if (!app->quiet)
		fprintf(stderr, "line %zu: %s: %s\n", line, address, reason);
}

static bool
import_text(struct app *app, const struct args *args, const struct buf *b, int *code,
    struct err *err)
{
	const struct intake_options o = { .confirmed_by =
					      args_value(args, "confirmed-by"),
		.refused = tell_refused,
		.arg = app };
	struct intake_report r;

	if (!flow_intake_list(&app->run, buf_text(b), b->len, &o, &r, err))
		return err_wrap(err, "%s", args->words[0]);
	app_say(app,
	    "%s%zu rows: %zu added, %zu confirmed, %zu on the list already, %zu twice, "
	    "%zu stay out, %zu not usable",
	    app->run.dry_run ? "Dry run: " : "", r.rows, r.added, r.confirmed,
	    r.unchanged, r.duplicate, r.stays_out, r.invalid);
	*code = r.invalid > 0 ? EXIT_PARTIAL : EXIT_OK;
	return true;
}

static bool
run_sub_import(struct app *app, const struct args *args, int *code, struct err *err)
{
	struct buf b = BUF_INIT(LIST_MAX);
	const bool ok =
	    file_read(args->words[0], &b, err) && import_text(app, args, &b, code, err);

	buf_clear(&b);
	return ok;
}

struct exporting {
	bool jsonl, redact;
	struct arena *arena;
	struct buf line;
};

static void
csv_cell(struct buf *b, const char *text, bool last)
{
	const bool quoted = strpbrk(text, ",\"\r\n") != NULL;

	/* A spreadsheet takes these for a formula, and strangers choose their addresses. */
	const bool formula = strchr("=+-@\t", text[0]) != NULL && text[0] != '\0';

	if (quoted || formula)
		buf_addc(b, '"');
	for (; *text; text++) {
		if (*text == '"')
			buf_addc(b, '"');
		buf_addc(b, *text);
	}
	if (quoted || formula)
		buf_addc(b, '"');
	buf_adds(b, last ? "\n" : ",");
}

static void
export_json(struct exporting *x, const struct reader *r, const char *address,
    const char *when)
{
	struct json_writer w;

	json_writer_init(&w, &x->line, false);
	json_begin_object(&w);
	json_member(&w, "email", address);
	json_member(&w, "state", reader_state_name(r->state));
	json_member(&w, "frequency", frequency_name(r->frequency));
	json_member(&w, "format", format_name(r->format));
	json_member(&w, "body", body_name(r->body));
	json_member(&w, "confirmed", when);
	json_member(&w, "confirmed_by", r->confirmed_by);
	json_end_object(&w);
	buf_addc(&x->line, '\n');
}

static bool
export_row(void *arg, const struct reader *r, struct err *err)
{
	struct exporting *x = arg;
	char room[CLOCK_TEXT] = "";
	const char *address =
	    x->redact ? address_veiled(x->arena, r->address) : r->address;

	if (r->confirmed != TIME_NONE)
		clock_rfc3339(r->confirmed, room);
	buf_reset(&x->line);
	if (x->jsonl) {
		export_json(x, r, address, room[0] ? room : NULL);
	} else {
		csv_cell(&x->line, address, false);
		csv_cell(&x->line, reader_state_name(r->state), false);
		csv_cell(&x->line, frequency_name(r->frequency), false);
		csv_cell(&x->line, format_name(r->format), false);
		csv_cell(&x->line, body_name(r->body), false);
		csv_cell(&x->line, room, false);
		csv_cell(&x->line, r->confirmed_by ? r->confirmed_by : "", true);
	}
	arena_reset(x->arena);
	if (fputs(buf_text(&x->line), stdout) == EOF)
		return err_errno(err, "standard output");
	return true;
}

static bool
prepare_sub_export(struct app *app, const struct args *args, struct err *err)
{
	const char *format = args_value(args, "as");

	if (format && strcmp(format, "csv") != 0 && strcmp(format, "jsonl") != 0)
		return err_set(err, ERR_USAGE, "--as takes csv or jsonl, not '%s'",
		    format);
	return prepare_sub_list(app, args, err);
}

static bool
run_sub_export(struct app *app, const struct args *args, int *code, struct err *err)
{
	const char *format = args_value(args, "as");
	struct exporting x = { .redact = args_has(args, "redact"),
		.jsonl = format ? strcmp(format, "jsonl") == 0 : app->json,
		.line = BUF_INIT(64 * 1024) };
	unsigned states = 0;
	bool ok = false;

	(void)code;
	if (!read_states(args, &states, err))
		return false;
	x.arena = arena_new();
	if (!x.jsonl)
		puts("email,state,frequency,format,body,confirmed,confirmed_by");
	ok = store_readers_each(app->run.store, states, export_row, &x, err);
	arena_free(x.arena);
	buf_clear(&x.line);
	return ok;
}

static const struct cmd_option add_options[] = {
	{ "confirmed-by", '\0', "TEXT",
	    "how you know that they want it; kept as evidence" },
	{ "format", '\0', "FORMAT", "html (with a text part; the default) or text" },
	{ NULL, '\0', NULL, NULL }
};
static const struct cmd_option state_options[] = { { "state", '\0', "STATE",
						       "only readers in this state" },
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
	    .prepare = prepare_sub_add,
	    .run = run_sub_add },
	{ .name = "list",
	    .usage = "sub list",
	    .summary = "all readers",
	    .options = state_options,
	    .need = NEED_LOOK,
	    .prepare = prepare_sub_list,
	    .run = run_sub_list },
	{ .name = "show",
	    .usage = "sub show ADDRESS",
	    .summary = "all that is known of one",
	    .min_words = 1,
	    .max_words = 1,
	    .need = NEED_LOOK,
	    .run = run_sub_show },
	{ .name = "remove",
	    .usage = "sub remove ADDRESS...",
	    .summary = "no more letters, at once; imports do not bring them back",
	    .min_words = 1,
	    .max_words = SIZE_MAX,
	    .need = NEED_BESIDE,
	    .run = run_sub_remove },
	{ .name = "import",
	    .usage = "sub import FILE",
	    .summary = "add readers from CSV or JSON lines (- = standard input)",
	    .details =
		"CSV: the first line names the columns: email, and if you have them "
		"confirmed_by, state,\nformat, body. Who left, was removed or erased stays "
		"out, is counted and listed.",
	    .options = import_options,
	    .min_words = 1,
	    .max_words = 1,
	    .need = NEED_BESIDE,
	    .run = run_sub_import },
	{ .name = "export",
	    .usage = "sub export",
	    .summary = "all readers to standard output",
	    .options = export_options,
	    .need = NEED_LOOK,
	    .prepare = prepare_sub_export,
	    .run = run_sub_export },
	{ .name = NULL }
};

const struct command cmd_sub = {
	.name = "sub",
	.group = "Readers",
	.usage = "sub add|list|show|remove|import|export",
	.summary = "the list of readers",
	.subcommands = subcommands,
};
