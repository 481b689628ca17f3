/* SPDX-License-Identifier: ISC */
/* bounces: what came back.  parse reads no configuration and no store. */
#include <stdio.h>

#include "base/attr.h"
#include "base/limits.h"
#include "cmd/cmd.h"
#include "cmd/on_list.h"
#include "cmd/report.h"
#include "cmd/table.h"
#include "flow/bounce_mail.h"
#include "format/json.h"
#include "mail/incoming_reader.h"
#include "model/names.h"
#include "store/bounce_log.h"
#include "store/readers.h"

static const char *const class_words[] = {
	[BOUNCE_NONE] = "none",
	/* Still tried: a soft failure that counts for nothing; action says "delayed". */
	[BOUNCE_DELAY] = "soft",
	[BOUNCE_SOFT] = "soft",
	[BOUNCE_HARD] = "hard",
};

static void
print_line(const char *recipient, const char *class, const struct incoming_recipient *x)
{
	struct buf line = BUF_INIT(64 * 1024);
	struct json_writer w;

	json_writer_init(&w, &line, false);
	json_begin_object(&w);
	json_member(&w, "recipient", recipient);
	json_member(&w, "status", x ? x->status : "");
	json_member(&w, "action", x ? x->action : "");
	json_member(&w, "class", class);
	json_member(&w, "diagnostic", x ? x->diagnostic : "");
	json_end_object(&w);
	printf("%s\n", buf_text(&line));
	buf_clear(&line);
}

static void
print_message(const struct incoming *m)
{
	for (size_t i = 0; i < m->recipient_count; i++) {
		const struct incoming_recipient *x = &m->recipients[i];

		print_line(x->address,
		    m->kind == INCOMING_COMPLAINT ? "complaint" : class_words[x->class],
		    x);
	}
	if (m->recipient_count > 0)
		return;
	print_line(m->why == WHY_AUTO_REPLY ? m->from : "",
	    m->why == WHY_AUTO_REPLY ? "auto-reply" : "none", NULL);
}

static bool
run_parse(struct app *app, const struct args *args, struct err *err)
{
	struct buf bytes = BUF_INIT(LIMIT_INCOMING);
	struct incoming_reader *reader =
	    file_read(args->word_count > 0 ? args->words[0] : "-", &bytes, err)
	    ? incoming_reader_new(err)
	    : NULL;
	const bool ok = reader != NULL;
	struct incoming m;

	if (ok) {
		incoming_reader_read(reader, app->run.arena, buf_text(&bytes), bytes.len,
		    &m);
		print_message(&m);
	}
	incoming_reader_free(reader);
	buf_clear(&bytes);
	return ok;
}

enum { LIST_MAX = 1000 };

static const struct column columns[] = {
	{ "address", COLUMN_TEXT, false, "the reader" },
	{ "state", COLUMN_TEXT, false, "whether letters go on" },
	{ "at", COLUMN_TIME, false, "when it came back" },
	{ "kind", COLUMN_TEXT, false, "soft, hard or complaint" },
	{ "status", COLUMN_TEXT, false, "enhanced status code" },
	{ "issue", COLUMN_NUMBER, true, "number of the letter's issue" },
	{ "reply", COLUMN_TEXT, true, "the server's words" },
};

static bool
print_row(struct app *app, struct table *t, const struct bounce_row *row, struct err *err)
{
	struct reader r;
	bool found = false;

	if (!store_reader_get(app->run.store, app->run.arena, row->reader_id, &r, &found,
		err))
		return false;
	if (!found || !r.address)
		return true;
	table_text(t, r.address);
	table_text(t, reader_state_name(r.state));
	table_time(t, row->at);
	table_text(t, bounce_kind_word(row->kind));
	table_text(t, row->status);
	table_number(t, row->issue);
	table_text(t, row->reply);
	table_row(t);
	return true;
}

static bool
run_list(struct app *app, const struct args *args, struct err *err)
{
	struct bounce_row *rows = NULL;
	struct table t;
	size_t count = 0;
	bool ok = true;

	(void)args;
	if (!store_bounces_newest(app->run.store, app->run.arena, LIST_MAX, &rows, &count,
		err) ||
	    !table_begin(&t, app, "bounces", columns, ARRAY_LEN(columns), err))
		return false;
	for (size_t i = 0; ok && i < count; i++)
		ok = print_row(app, &t, &rows[i], err);
	if (ok && count == 0 && app->out_tty && !app->json)
		app_say(app, "No letter came back yet.");
	table_end(&t);
	return ok;
}

static bool
run_show(struct app *app, const struct args *args, struct err *err)
{
	struct facts f;
	struct reader r;

	if (!reader_on_list(app, args->words[0], &r, err))
		return false;
	facts_begin(&f, app, 13);
	if (app->json) {
		facts_text(&f, "address", r.address);
		facts_text(&f, "state", reader_state_name(r.state));
	} else {
		app_print(stdout, "%s is %s\n", r.address, reader_state_name(r.state));
	}
	const bool ok = print_bounces(&f, &r, err);
	facts_end(&f);
	return ok;
}

static bool
run_forget(struct app *app, const struct args *args, struct err *err)
{
	struct reader r;

	if (!reader_on_list(app, args->words[0], &r, err) ||
	    !flow_bounces_forget(&app->run, &r, err))
		return false;
	app_say(app, "%s: what came back is forgotten (%s).", r.address,
	    reader_state_name(r.state));
	return true;
}

static const struct command subcommands[] = {
	{ .name = "list",
	    .json = JSON_OWN,
	    .usage = "bounces list",
	    .summary = "letters that came back, newest first",
	    .need = NEED_LOOK,
	    .run = run_list },
	{ .name = "show",
	    .json = JSON_OWN,
	    .usage = "bounces show ADDRESS",
	    .summary = "what came back from one reader, in the servers' words",
	    .words = { 1, 1 },
	    .need = NEED_LOOK,
	    .run = run_show },
	{ .name = "forget",
	    .usage = "bounces forget ADDRESS",
	    .summary = "forget what came back; letters that had stopped go on",
	    .words = { 1, 1 },
	    .need = NEED_BESIDE,
	    .run = run_forget },
	{ .name = "parse",
	    .json = JSON_OWN,
	    .usage = "bounces parse [FILE]",
	    .summary = "how a message that came back is understood, as lines of JSON",
	    .details =
		"FILE is a message as it arrived; without one, or with -, it is standard\n"
		"input.  A line for each recipient: recipient, status (RFC 3463), action,\n"
		"class (hard, soft, complaint, auto-reply, none), diagnostic.  A letter that\n"
		"is still tried is soft with the action delayed, and counts for nothing.",
	    .words = { 0, 1 },
	    .run = run_parse },
	{ .name = NULL },
};

const struct command cmd_bounces = {
	.name = "bounces",
	.group = "Readers",
	.usage = "bounces list|show|forget|parse",
	.summary = "letters that came back",
	.subcommands = subcommands,
};
