/* SPDX-License-Identifier: ISC */
/* verify: whether a letter that somebody holds is what was sent, for which issue, to whom. */
#include <stdio.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "cmd/table.h"
#include "flow/verify.h"
#include "model/names.h"

static const char *const verdict_words[] = {
	[VERDICT_SAME] = "same",
	[VERDICT_DIFFERENT] = "different",
	[VERDICT_GONE] = "gone",
	[VERDICT_UNSENT] = "unsent",
	[VERDICT_TEST] = "test",
	[VERDICT_NOTICE] = "notice",
	[VERDICT_UNKNOWN] = "unknown",
};

/* A letter that is no issue: its kind, and what it is for. */
static const struct {
	const char *name;
	const char *purpose;
} notices[] = {
	[NOTICE_CONFIRMATION] = { "confirmation",
	    "it asks whether they want to read it" },
	[NOTICE_WELCOME] = { "welcome", "it welcomes a new reader" },
	[NOTICE_GOODBYE] = { "goodbye", "it says goodbye to somebody who left" },
	[NOTICE_PREVIEW] = { "preview", "it shows an issue to its editors" },
	[NOTICE_TEST] = { "test", "it is a test of an issue" },
	[NOTICE_KEEPER] = { "keeper", "it tells its keeper how things stand" },
	[NOTICE_REMINDER] = { "reminder",
	    "it asks once more whether they want to read it" },
	[NOTICE_KNOWN] = { "known", "it says that they read it already" },
	[NOTICE_REQUEST] = { "request",
	    "it asks whether a command that came by mail was theirs" },
	[NOTICE_DONE] = { "done", "it says that a command that came by mail was obeyed" },
	[NOTICE_HELP] = { "help", "it says how to write to it" },
	[NOTICE_PROBE] = { "probe", "it tries whether mail reaches a reader again" },
	[NOTICE_LINK] = { "link", "it brings a reader a link to their settings" },
	[NOTICE_DATA] = { "data", "it brings a link to what is kept of a reader" },
	[NOTICE_ADDRESS] = { "address",
	    "it asks whether letters may come to this address" },
	[NOTICE_MOVED] = { "moved",
	    "it tells an old address that letters go to another" },
};

static const struct column columns[] = {
	{ "verdict", COLUMN_TEXT, false,
	    "same different gone unsent test notice unknown" },
	{ "issue", COLUMN_TEXT, false, "the newest it holds" },
	{ "reader", COLUMN_TEXT, false, "whom it was sent to" },
	{ "state", COLUMN_TEXT, false, "of the letter" },
	{ "settled", COLUMN_TIME, false, "when the server answered" },
	{ "reply", COLUMN_TEXT, false, "what the server answered" },
	{ "line", COLUMN_NUMBER, false, "where it first differs" },
	{ "sent_line", COLUMN_TEXT, true, "that line as it was sent" },
	{ "found_line", COLUMN_TEXT, true, "that line as it is here" },
	{ "notice", COLUMN_TEXT, true,
	    "what a letter is that is no issue: welcome, probe ..." },
};

static bool
is_known(const struct verification *v)
{
	return v->verdict != VERDICT_TEST && v->verdict != VERDICT_UNKNOWN;
}

static bool
list_it(struct app *app, const struct verification *v, struct err *err)
{
	const struct delivery *d = &v->delivery;
	const bool known = is_known(v);
	struct table t;

	if (!table_begin(&t, app, "letters", columns, ARRAY_LEN(columns), err))
		return false;
	table_text(&t, verdict_words[v->verdict]);
	table_text(&t, v->issue.name);
	table_text(&t, d->address);
	table_text(&t, known && d->part != 0 ? delivery_state_name(d->state) : NULL);
	table_time(&t, known && d->part != 0 ? d->settled : TIME_NONE);
	table_text(&t, d->reply);
	table_number(&t, (int64_t)v->difference.line);
	table_text(&t, v->difference.want);
	table_text(&t, v->difference.got);
	table_text(&t, notices[d->kind].name);
	table_row(&t);
	table_end(&t);
	return true;
}

static void
say_difference(const struct app *app, const struct letter_difference *d)
{
	if (d->in_header && d->name)
		app_print(stdout, "It first differs in line %zu, the header field %s:\n",
		    d->line, d->name);
	else
		app_print(stdout, "It first differs in line %zu, in the %s:\n", d->line,
		    d->in_header ? "header" : "body");
	app_print(stdout, "  sent:  %s\n  here:  %s\n",
	    text_shown(app->run.arena, d->want), text_shown(app->run.arena, d->got));
}

/* For which issue, to whom, when, and what the server said. */
static void
say_letter(const struct app *app, const struct verification *v)
{
	const struct delivery *d = &v->delivery;
	char when[CLOCK_TEXT];

	if (v->issue.name)
		app_print(stdout, "issue     %s%s\n", v->issue.name,
		    d->part != 0 && d->span.last - d->span.after > 1
			? " and those before it"
			: "");
	if (d->part == 0 && !d->address)
		return;
	app_print(stdout, "%-9s %s\n",
	    d->kind != NOTICE_NONE && d->reader_id == 0 ? "to" : "reader",
	    d->address ? d->address : "(erased)");
	if (d->part == 0)
		return;
	if (d->settled != TIME_NONE)
		app_print(stdout, "%-9s %s\n", delivery_state_name(d->state),
		    clock_rfc3339(d->settled, when));
	if (d->reply && *d->reply)
		app_print(stdout, "answer    %s\n", text_shown(app->run.arena, d->reply));
}

static void
say_notice(const struct verification *v)
{
	const char *purpose = notices[v->delivery.kind].purpose;

	printf("This is a letter of this newsletter that is no issue%s%s.\n",
	    purpose ? ": " : "", purpose ? purpose : "");
	puts(purpose ? "The bytes of such letters are not kept: whether any was changed "
		       "cannot be told."
		     : "What it was for and what became of it are no longer stored.");
}

static void
say_it(const struct app *app, const struct verification *v)
{
	switch (v->verdict) {
	case VERDICT_SAME:
		puts("These are the bytes that were sent.");
		break;
	case VERDICT_DIFFERENT:
		puts("This is not what was sent.");
		say_difference(app, &v->difference);
		break;
	case VERDICT_GONE:
		app_print(stdout, "It cannot be compared: %s.\n", v->why);
		break;
	case VERDICT_UNSENT:
		app_print(stdout, "This letter did not go out: %s.\n", v->why);
		break;
	case VERDICT_TEST:
		puts("This is a test letter or a preview: no reader was sent it.");
		return;
	case VERDICT_NOTICE:
		say_notice(v);
		break;
	case VERDICT_UNKNOWN:
		puts("This is no letter of this newsletter: neither its links nor its "
		     "Message-ID are.");
		return;
	}
	say_letter(app, v);
}

static bool
run_verify(struct app *app, const struct args *args, struct err *err)
{
	struct buf text = BUF_INIT(2 * LIMIT_LETTER);
	struct verification v;
	bool ok = file_read(args->words[0], &text, err) &&
	    flow_verify(&app->run, buf_text(&text), text.len, &v, err);

	buf_clear(&text);
	if (!ok)
		return false;
	if (v.verdict != VERDICT_SAME)
		app->code = EXIT_FAILED;
	if (app->json)
		return list_it(app, &v, err);
	say_it(app, &v);
	return true;
}

const struct command cmd_verify = {
	.name = "verify",
	.json = JSON_OWN,
	.group = "Issues",
	.usage = "verify FILE",
	.summary = "whether a letter is what was sent: which issue, to whom, when",
	.details =
	    "FILE is one letter as it arrived (.eml, or a mailbox file with one); - is "
	    "standard input.\nWhat mail systems write above it and LF line ends do not "
	    "matter.  Of a letter that is no\nissue it says what it is.  Exit code 1 when it "
	    "is not, byte for byte, what was sent.",
	.words = { 1, 1 },
	.need = NEED_LOOK,
	.run = run_verify,
};
