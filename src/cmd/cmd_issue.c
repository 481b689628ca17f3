/* SPDX-License-Identifier: ISC */
/* issue list, show, send. */
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "cmd/cmd.h"
#include "cmd/report.h"
#include "cmd/table.h"
#include "flow/compile.h"
#include "flow/deliver.h"
#include "flow/letter_queue.h"
#include "list/preferences.h"
#include "model/names.h"
#include "store/deliveries.h"
#include "store/delivery_queue.h"
#include "store/issues.h"

/* ---- list ---- */

static const struct column issue_columns[] = {
	{ "issue", COLUMN_TEXT, false, "its name" },
	{ "state", COLUMN_TEXT, false,
	    "draft approved sending paused sent skipped cancelled" },
	{ "entries", COLUMN_NUMBER, false, "posts it shows" },
	{ "sources", COLUMN_NUMBER, false, "feeds they come from" },
	{ "bytes", COLUMN_NUMBER, false, "of the encoded HTML part" },
	{ "sent", COLUMN_TIME, false, "when its last letter was settled" },
	{ "subject", COLUMN_TEXT, false, "empty until it is frozen" },
};

static bool
run_issue_list(struct app *app, const struct args *args, int *code, struct err *err)
{
	struct issue *issues = NULL;
	struct table t;
	size_t count = 0;

	(void)args;
	(void)code;
	if (!store_issues(app->run.store, app->run.arena, 0, &issues, &count, err) ||
	    !table_begin(&t, app, "issues", issue_columns, ARRAY_LEN(issue_columns), err))
		return false;
	for (size_t i = 0; i < count; i++) {
		table_text(&t, issues[i].name);
		table_text(&t, issue_state_name(issues[i].state));
		table_number(&t, issues[i].entry_count);
		table_number(&t, issues[i].source_count);
		table_number(&t, issues[i].bytes);
		table_time(&t, issues[i].sent);
		table_text(&t, issues[i].subject);
		table_row(&t);
	}
	if (count == 0 && app->out_tty && !app->json)
		app_say(app, "No issues yet.\n  hint: planetpost run");
	table_end(&t);
	return true;
}

/* ---- show ---- */

static const struct column entry_columns[] = {
	{ "day", COLUMN_TEXT, false, "in the newsletter's time zone" },
	{ "source", COLUMN_TEXT, false, "the feed's name" },
	{ "title", COLUMN_TEXT, false, "of the post" },
	{ "words", COLUMN_NUMBER, false, "of the post" },
	{ "link", COLUMN_TEXT, true, "of the post" },
};

static bool
show_entries(struct app *app, const struct compiled *c, struct err *err)
{
	struct table t;

	if (!table_begin(&t, app, "entries", entry_columns, ARRAY_LEN(entry_columns),
		err))
		return false;
	for (size_t d = 0; d < c->digest.section_count; d++) {
		const struct digest_section *section = &c->digest.sections[d];

		for (size_t i = 0; i < section->count; i++) {
			const struct digest_source *src = &section->sources[i];

			for (size_t k = 0; k < src->count; k++) {
				const struct entry *e = src->entries[k];
				const struct civil at =
				    zone_civil(app->run.zone, entry_instant(e));

				table_text(&t,
				    arena_printf(app->run.arena, "%04d-%02d-%02d",
					at.year, at.month, at.day));
				table_text(&t,
				    src->source->name ? src->source->name
						      : src->source->title);
				table_text(&t, e->title);
				table_number(&t, e->words);
				table_text(&t, e->link);
				table_row(&t);
			}
		}
	}
	table_end(&t);
	return true;
}

static bool
show_trouble(void *arg, const struct delivery *d, struct err *err)
{
	(void)arg;
	(void)err;
	printf("%s\t%s\t%s\n", d->address ? d->address : "(erased)",
	    delivery_state_name(d->state), d->reply ? d->reply : "");
	return true;
}

static bool
run_issue_show(struct app *app, const struct args *args, int *code, struct err *err)
{
	const unsigned trouble =
	    1u << DELIVERY_REFUSED | 1u << DELIVERY_UNKNOWN | 1u << DELIVERY_DEFERRED;
	struct compiled c;
	struct issue issue;
	int64_t by_state[DELIVERY_STATES];
	const struct variant all = variant_of_archive();

	(void)code;
	if (!store_issue_find(app->run.store, app->run.arena, args->words[0], &issue,
		err) ||
	    !flow_compile_issues(&app->run, &issue, 1, &all, &c, err) ||
	    !store_deliveries_count(app->run.store, issue.id, by_state, err))
		return false;
	if (app->json)
		return show_entries(app, &c, err);
	printf("Issue %s, %s: %lld entries from %lld sources, %lld bytes\n", issue.name,
	    issue_state_name(issue.state), (long long)issue.entry_count,
	    (long long)issue.source_count, (long long)issue.bytes);
	if (issue.subject)
		printf("subject  %s\n", issue.subject);
	for (size_t i = 0; i < DELIVERY_STATES; i++) {
		if (by_state[i] > 0)
			printf("letters  %lld %s\n", (long long)by_state[i],
			    delivery_state_name((enum delivery_state)i));
	}
	putchar('\n');
	return show_entries(app, &c, err) &&
	    store_deliveries_each(app->run.store, issue.id, trouble, show_trouble, NULL,
		err);
}

/* ---- send ---- */

/* Typing the number of readers proves that it was read. */
static bool
confirm_audience(struct app *app, const struct args *args, const struct issue *issue,
    int64_t audience, struct err *err)
{
	const char *phrase = args_value(args, "confirm");
	const char *number = arena_printf(app->run.arena, "%lld", (long long)audience);

	if (!phrase) {
		fprintf(stderr, "Issue %s goes to %s readers.\n", issue->name, number);
		if (!app_ask(app, "Type the number of readers to go on:", NULL, &phrase,
			err))
			return err_hint(err, "planetpost issue send %s --confirm %s",
			    issue->name, number);
	}
	if (strcmp(phrase, number) == 0)
		return true;
	err_set(err, ERR_HUMAN, "'%s' is not the number of readers: nothing was sent",
	    phrase);
	return err_hint(err, "planetpost issue send %s --confirm %s", issue->name,
	    number);
}

static bool
check_state(struct issue *issue, struct err *err)
{
	switch (issue->state) {
	case ISSUE_DRAFT:
	case ISSUE_APPROVED:
	case ISSUE_SENDING:
		return true;
	case ISSUE_PAUSED:
		issue->state = ISSUE_SENDING;
		return true;
	case ISSUE_SENT:
		return err_set(err, ERR_INPUT, "issue %s was sent already", issue->name);
	case ISSUE_SKIPPED:
	case ISSUE_CANCELLED:
		return err_set(err, ERR_INPUT, "issue %s is %s", issue->name,
		    issue_state_name(issue->state));
	}
	return false;
}

/* Readers who are due this issue: one that waits for approval will have the next number. */
static bool
count_audience(struct app *app, const struct issue *issue, int64_t *audience,
    struct err *err)
{
	struct span newest;

	return store_newest_issue(app->run.store, &newest, err) &&
	    store_audience_count(app->run.store, app->run.now,
		issue->number != 0 ? issue->number : newest.last + 1, audience, err);
}

static bool
run_issue_send(struct app *app, const struct args *args, int *code, struct err *err)
{
	const char *limit = args_value(args, "limit");
	struct deliver_options o = { .limit = 0 };
	bool accept = args_has(args, "accept-growth");
	struct deliver_report d;
	struct queue_report q;
	struct issue issue;
	int64_t audience = 0;

	if (limit && (!args_count(limit, &o.limit) || o.limit == 0))
		return err_set(err, ERR_USAGE,
		    "--limit takes a number of readers, not '%s'", limit);
	if (!store_issue_find(app->run.store, app->run.arena, args->words[0], &issue,
		err) ||
	    !check_state(&issue, err) || !count_audience(app, &issue, &audience, err))
		return false;
	if (issue.state == ISSUE_SENDING)
		accept = true;
	else if (!confirm_audience(app, args, &issue, audience, err))
		return false;
	if (issue.state == ISSUE_DRAFT && !flow_issue_freeze(&app->run, &issue, err))
		return false;
	if (app->run.dry_run) {
		app_say(app, "Dry run: nothing was sent.");
		return true;
	}
	o.issue_id = issue.id;
	if (!flow_letters_queue(&app->run, accept, &q, err) ||
	    !flow_deliver(&app->run, &o, &d, err))
		return false;
	say_delivered(app, &d);
	if (d.issue_count == 0 && d.waiting == 0)
		say_nobody(app, issue.name);
	*code = d.waiting > 0 && o.limit == 0 ? EXIT_PARTIAL : EXIT_OK;
	return true;
}

static const struct cmd_option send_options[] = {
	{ "limit", '\0', "N",
	    "only the first N readers; run or send again for the rest" },
	{ "confirm", '\0', "N", "the number of readers, instead of being asked" },
	{ "accept-growth", '\0', NULL,
	    "the audience may have grown by more than max_growth" },
	{ NULL, '\0', NULL, NULL }
};

static const struct command subcommands[] = {
	{ .name = "list",
	    .usage = "issue list",
	    .summary = "all issues, newest first",
	    .need = NEED_LOOK,
	    .run = run_issue_list },
	{ .name = "show",
	    .usage = "issue show ISSUE",
	    .summary = "its posts and what became of its letters; 'last' is the newest",
	    .min_words = 1,
	    .max_words = 1,
	    .need = NEED_LOOK,
	    .run = run_issue_show },
	{ .name = "send",
	    .usage = "issue send ISSUE",
	    .summary = "approve a draft and send it, or go on with one under way",
	    .options = send_options,
	    .min_words = 1,
	    .max_words = 1,
	    .need = NEED_WRITE,
	    .run = run_issue_send },
	{ .name = NULL },
};

const struct command cmd_issue = {
	.name = "issue",
	.group = "Issues",
	.usage = "issue list|show|send",
	.summary = "look at issues; send one",
	.subcommands = subcommands,
};
