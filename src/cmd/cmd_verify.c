/* SPDX-License-Identifier: ISC */
/* verify: whether a letter that somebody holds is what was sent, for which issue, to whom. */
#include <stdio.h>
#include <string.h>

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
	[VERDICT_UNKNOWN] = "unknown",
};

static const struct column columns[] = {
	{ "verdict", COLUMN_TEXT, false, "same different gone unsent test unknown" },
	{ "issue", COLUMN_TEXT, false, "the newest it holds" },
	{ "reader", COLUMN_TEXT, false, "whom it was sent to" },
	{ "state", COLUMN_TEXT, false, "of the letter" },
	{ "settled", COLUMN_TIME, false, "when the server answered" },
	{ "reply", COLUMN_TEXT, false, "what the server answered" },
	{ "line", COLUMN_NUMBER, false, "where it first differs" },
	{ "sent_line", COLUMN_TEXT, true, "that line as it was sent" },
	{ "found_line", COLUMN_TEXT, true, "that line as it is here" },
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
	if (d->part == 0)
		return;
	app_print(stdout, "reader    %s\n", d->address ? d->address : "(erased)");
	if (d->settled != TIME_NONE)
		app_print(stdout, "%-9s %s\n", delivery_state_name(d->state),
		    clock_rfc3339(d->settled, when));
	if (d->reply && *d->reply)
		app_print(stdout, "answer    %s\n", text_shown(app->run.arena, d->reply));
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
	case VERDICT_UNKNOWN:
		puts("This is no letter of this newsletter: neither its links nor its "
		     "Message-ID are.");
		return;
	}
	say_letter(app, v);
}

static bool
run_verify(struct app *app, const struct args *args, int *code, struct err *err)
{
	struct buf text = BUF_INIT(2 * LIMIT_LETTER);
	struct verification v;
	bool ok = file_read(args->words[0], &text, err) &&
	    flow_verify(&app->run, buf_text(&text), text.len, &v, err);

	buf_clear(&text);
	if (!ok)
		return false;
	if (v.verdict != VERDICT_SAME)
		*code = EXIT_FAILED;
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
	    "matter.  Exit code 1 when it\nis not, byte for byte, what was sent.",
	.min_words = 1,
	.max_words = 1,
	.need = NEED_LOOK,
	.run = run_verify,
};
