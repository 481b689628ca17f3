/* SPDX-License-Identifier: ISC */
/* planetpost bounces: what came back.  parse reads no configuration and no store. */
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "cmd/cmd.h"
#include "format/json.h"
#include "mail/incoming_reader.h"

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
run_parse(struct app *app, const struct args *args, int *code, struct err *err)
{
	struct buf bytes = BUF_INIT(LIMIT_INCOMING);
	struct incoming_reader *reader = NULL;
	struct incoming m;
	bool ok = false;

	*code = EXIT_OK;
	if (!file_read(args->word_count > 0 ? args->words[0] : "-", &bytes, err))
		goto out;
	reader = incoming_reader_new(err);
	if (!reader)
		goto out;
	incoming_reader_read(reader, app->run.arena, buf_text(&bytes), bytes.len, &m);
	print_message(&m);
	ok = true;
out:
	incoming_reader_free(reader);
	buf_clear(&bytes);
	return ok;
}

static const struct command subcommands[] = {
	{ .name = "parse",
	    .usage = "bounces parse [FILE]",
	    .summary = "how a message that came back is understood, as lines of JSON",
	    .details =
		"FILE is a message as it arrived; without one, or with -, it is standard\n"
		"input.  A line for each recipient: recipient, status (RFC 3463), action,\n"
		"class (hard, soft, complaint, auto-reply, none), diagnostic.  A letter that\n"
		"is still tried is soft with the action delayed, and counts for nothing.",
	    .max_words = 1,
	    .run = run_parse },
	{ .name = NULL },
};

const struct command cmd_bounces = {
	.name = "bounces",
	.group = "Readers",
	.usage = "bounces parse [FILE]",
	.summary = "what came back",
	.subcommands = subcommands,
	.min_words = 1,
	.max_words = 1,
};
