/* SPDX-License-Identifier: ISC */
/* issue list, show, test, send, pause, resume, cancel. */
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "cmd/on_list.h"
#include "cmd/report.h"
#include "cmd/table.h"
#include "flow/compile.h"
#include "flow/deliver.h"
#include "flow/journal_recovery.h"
#include "flow/letter_queue.h"
#include "flow/test_letter.h"
#include "flow/trial.h"
#include "flow/verify.h"
#include "flow/web_check.h"
#include "list/preferences.h"
#include "mail/address.h"
#include "model/names.h"
#include "store/deliveries.h"
#include "store/delivery_queue.h"
#include "store/issues.h"
#include "store/readers.h"

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
run_issue_list(struct app *app, const struct args *args, struct err *err)
{
	struct issue *issues = NULL;
	struct table t;
	size_t count = 0;

	(void)args;
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
	const struct app *app = arg;

	(void)err;
	app_print(stdout, "%s\t%s\t%s\n", d->address ? d->address : "(erased)",
	    delivery_state_name(d->state), text_shown(app->run.arena, d->reply));
	return true;
}

/* One letter as it was sent, whatever became of settings and templates. */
static bool
show_letter(struct app *app, const struct issue *issue, const char *as, struct err *err)
{
	struct buf out = BUF_INIT(LIMIT_LETTER);
	struct arena *a = app->run.arena;
	struct issue newest;
	struct delivery d;
	struct reader r;
	const char *address = NULL;
	bool found = false;

	if (!args_address(app, "as", as, &address, err))
		return false;
	if (!reader_on_list(app, address, &r, err))
		return false;
	if (issue->number != 0 &&
	    !store_delivery_holding(app->run.store, a, issue->number, r.id, &d, &found,
		err))
		return false;
	if (!found && issue->sent != TIME_NONE &&
	    issue->sent < app->run.now - app->run.config->database.keep_letters)
		return err_set(err, ERR_INPUT,
		    "what became of the letters of issue %s is no longer stored "
		    "(database.keep_letters)",
		    issue->name);
	if (issue->number == 0 || !found)
		return err_set(err, ERR_INPUT, "no letter to %s holds issue %s", address,
		    issue->name);
	if (!flow_sent_letter(&app->run, &d, &newest, &out, err))
		return err_wrap(err, "the letter of issue %s to %s", issue->name,
		    address);
	const bool ok = fwrite(buf_text(&out), 1, out.len, stdout) == out.len ||
	    err_errno(err, "standard output");
	buf_clear(&out);
	return ok;
}

static bool
prepare_show(struct app *app, const struct args *args, struct err *err)
{
	(void)app;
	return args_has(args, "as") == args_has(args, "eml") ||
	    err_set(err, ERR_USAGE, "--as ADDR and --eml go together");
}

static bool
run_issue_show(struct app *app, const struct args *args, struct err *err)
{
	const unsigned trouble =
	    1u << DELIVERY_REFUSED | 1u << DELIVERY_UNKNOWN | 1u << DELIVERY_DEFERRED;
	struct compiled c;
	struct issue issue;
	int64_t by_state[DELIVERY_STATES];
	const struct variant all = variant_of_archive();

	if (!store_issue_find(app->run.store, app->run.arena, args->words[0], &issue,
		err))
		return false;
	if (args_has(args, "as"))
		return show_letter(app, &issue, args_value(args, "as"), err);
	if (!flow_compile_issues(&app->run, &issue, 1, &all, &c, err) ||
	    !store_deliveries_count(app->run.store, issue.id, by_state, err))
		return false;
	if (app->json)
		return show_entries(app, &c, err);
	app_print(stdout, "Issue %s, %s: %s from %s, %lld bytes\n", issue.name,
	    issue_state_name(issue.state),
	    app_count(app, issue.entry_count, "entry", "entries"),
	    app_count(app, issue.source_count, "source", "sources"),
	    (long long)issue.bytes);
	if (issue.subject)
		app_print(stdout, "subject  %s\n", issue.subject);
	for (size_t i = 0; i < DELIVERY_STATES; i++) {
		if (by_state[i] > 0)
			app_print(stdout, "letters  %lld %s\n", (long long)by_state[i],
			    delivery_state_name((enum delivery_state)i));
	}
	putchar('\n');
	return show_entries(app, &c, err) &&
	    store_deliveries_each(app->run.store, issue.id, trouble, show_trouble, app,
		err);
}

/* ---- test ---- */

/* Who is named twice gets one letter. */
static bool
is_among(struct arena *a, const char *const *addresses, size_t count, const char *address)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(address_key(a, addresses[i]), address_key(a, address)) == 0)
			return true;
	return false;
}

/* Nobody named: the editors, else whoever keeps the newsletter. */
static bool
find_testers(struct app *app, const struct args *args, const char *const **list,
    size_t *count, struct err *err)
{
	const char *owner = app->settings.config.newsletter.owner;
	const char **one = NULL;

	*count = 0;
	if (args->word_count > 1) {
		one = arena_array(app->run.arena, args->word_count, sizeof(*one));
		for (size_t i = 1; i < args->word_count; i++) {
			if (!args_address_word(app, args->words[i], &one[*count], err))
				return false;
			if (!is_among(app->run.arena, one, *count, one[*count]))
				(*count)++;
		}
		*list = one;
		return true;
	}
	if (!flow_editors(&app->run, list, count, err))
		return false;
	if (*count > 0)
		return true;
	if (!*owner) {
		err_set(err, ERR_USAGE,
		    "to whom? approval.editors and newsletter.owner, who get test letters "
		    "otherwise, are not set");
		return err_hint(err, "planetpost issue test %s you@example.org",
		    args->words[0]);
	}
	one = arena_array(app->run.arena, 1, sizeof(*one));
	one[0] = owner;
	*list = one;
	*count = 1;
	return true;
}

static bool
prepare_test(struct app *app, const struct args *args, struct err *err)
{
	const char *address = NULL;

	for (size_t i = 1; i < args->word_count; i++) {
		struct err one = ERR_INIT;

		if (!args_address_word(app, args->words[i], &address, &one))
			(void)err_also(err, &one);
	}
	return !err_is_set(err);
}

static bool
test_issue(struct app *app, const struct args *args, struct err *err)
{
	const struct deliver_options o = { .notices_only = true };
	const char *const *to = NULL;
	struct deliver_report d;
	struct issue issue;
	size_t count = 0;

	if (!store_issue_find(app->run.store, app->run.arena, args->words[0], &issue,
		err) ||
	    !find_testers(app, args, &to, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!flow_test_letter(&app->run, &issue, to[i], err))
			return false;
	}
	if (app->run.dry_run) {
		app_say(app, "Dry run: nothing was sent.");
		return true;
	}
	if (!flow_deliver(&app->run, &o, &d, err))
		return false;
	app_say(app, "Test of issue %s: %lld sent, %lld refused, %lld waiting.",
	    issue.name, (long long)d.sent, (long long)d.refused, (long long)d.waiting);
	if (d.refused > 0)
		app->code = EXIT_FAILED;
	else if (d.waiting > 0)
		app->code = EXIT_PARTIAL;
	return true;
}

static bool
run_test(struct app *app, const struct args *args, struct err *err)
{
	struct trial t = { .real = NULL };

	if (!flow_trial_begin(&app->run, &t, err))
		return false;
	const bool ok = test_issue(app, args, err);
	return flow_trial_end(&app->run, &t, ok ? TRIAL_SHOWED_NOTICES : 0, err) && ok;
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
		app_print(stderr, "Issue %s goes to %s.\n", issue->name,
		    app_count(app, audience, "reader", "readers"));
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

/* Nothing is frozen, and no post spent, for nobody, nor with links that lead nowhere. */
static bool
check_readers(struct app *app, const struct issue *issue, struct err *err)
{
	bool any = true;

	if (issue->state != ISSUE_DRAFT)
		return true;
	if (!store_readers_any(app->run.store, app->run.now, &any, err) ||
	    (!any && !refuse_nobody(app, err)))
		return false;
	return flow_web_check_once(&app->run, err);
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

static const struct decision {
	const char *option;
	unsigned states;
	enum delivery_state to;
	const char *done, *done_one;
} decisions[] = {
	{ "resend-unknown", 1u << DELIVERY_UNKNOWN, DELIVERY_QUEUED, "go again",
	    "goes again" },
	{ "forget-unknown", 1u << DELIVERY_UNKNOWN, DELIVERY_SKIPPED, "are left at that",
	    "is left at that" },
	{ "retry-refused", 1u << DELIVERY_REFUSED, DELIVERY_QUEUED, "are tried again",
	    "is tried again" },
};

static bool
decides(const struct args *args)
{
	for (size_t i = 0; i < ARRAY_LEN(decisions); i++) {
		if (args_has(args, decisions[i].option))
			return true;
	}
	return false;
}

static bool
prepare_issue_send(struct app *app, const struct args *args, struct err *err)
{
	(void)app;
	return !args_has(args, "resend-unknown") || !args_has(args, "forget-unknown") ||
	    err_set(err, ERR_USAGE,
		"--resend-unknown and --forget-unknown contradict each other");
}

/*
 * For those who did not get it, or may not have: what the keeper found out.  A dry run does it on
 * its copy, and tells how many there are.
 */
static bool
decide_letters(struct app *app, const struct args *args, struct issue *issue,
    struct err *err)
{
	for (size_t i = 0; i < ARRAY_LEN(decisions); i++) {
		const struct decision *d = &decisions[i];
		int64_t count = 0;

		if (!args_has(args, d->option))
			continue;
		if (!store_deliveries_decide(app->run.store, issue->id, d->states, d->to,
			app->run.now, &count, err))
			return false;
		app_say(app, "%s of issue %s %s.",
		    app_count(app, count, "letter", "letters"), issue->name,
		    count == 1 ? d->done_one : d->done);
	}
	issue->state = ISSUE_SENDING;
	return true;
}

/* A paused issue, unless it was cancelled since it was read. */
static bool
go_on(struct app *app, const struct issue *issue, struct err *err)
{
	bool done = false;

	return store_issue_steer(app->run.store, issue->id,
		   1u << ISSUE_PAUSED | 1u << ISSUE_SENDING, ISSUE_SENDING, &done, err) &&
	    (done ||
		err_set(err, ERR_INPUT, "issue %s is not paused any more", issue->name));
}

static bool
send_issue(struct app *app, const struct args *args, struct err *err)
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
	if (!restored_parse(args_value(args, "restored"), &o.restored, err) ||
	    !store_issue_find(app->run.store, app->run.arena, args->words[0], &issue,
		err))
		return false;
	const bool was_paused = issue.state == ISSUE_PAUSED;
	if ((decides(args) ? !decide_letters(app, args, &issue, err)
			   : !check_state(&issue, err)) ||
	    !check_readers(app, &issue, err) ||
	    !count_audience(app, &issue, &audience, err))
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
	if (was_paused && !go_on(app, &issue, err))
		return false;
	if (!flow_letters_queue(&app->run, accept, &q, err) ||
	    !flow_deliver(&app->run, &o, &d, err))
		return false;
	say_delivered(app, &d);
	if (d.issue_count == 0 && d.waiting == 0 && !decides(args))
		say_nobody(app, issue.name);
	app->code = d.waiting > 0 && o.limit == 0 ? EXIT_PARTIAL : EXIT_OK;
	return true;
}

static bool
run_issue_send(struct app *app, const struct args *args, struct err *err)
{
	struct trial t = { .real = NULL };

	if (!flow_trial_begin(&app->run, &t, err))
		return false;
	const bool ok = send_issue(app, args, err);
	return flow_trial_end(&app->run, &t, 0, err) && ok;
}

static const struct cmd_option show_options[] = { { "as", '\0', "ADDR",
						      "the letter that this reader got" },
	{ "eml", '\0', NULL, "as the very bytes that were sent" },
	{ NULL, '\0', NULL, NULL } };

static const struct cmd_option send_options[] = {
	{ "limit", '\0', "N",
	    "only the first N readers; run or send again for the rest" },
	{ "confirm", '\0', "N", "the number of readers, instead of being asked" },
	{ "accept-growth", '\0', NULL,
	    "the audience may have grown by more than max_growth" },
	{ "resend-unknown", '\0', NULL,
	    "letters that may or may not have gone go again, with the same Message-ID" },
	{ "forget-unknown", '\0', NULL, "they are left at that" },
	{ "retry-refused", '\0', NULL, "letters that were refused are tried again" },
	{ "restored", '\0', "unknown|send",
	    "the database was put back: letters that may have gone do not go, or go" },
	{ NULL, '\0', NULL, NULL }
};

/* ---- pause, resume, cancel ---- */

/* What a command does to an issue, from which states, and what is said of it. */
static const struct steer {
	const char *command;
	unsigned from;
	enum issue_state to;
	const char *refusal; /* "... is sent" */
	const char *done, *hint;
} steers[] = {
	{ "pause", 1u << ISSUE_APPROVED | 1u << ISSUE_SENDING, ISSUE_PAUSED,
	    "only one whose letters go out can be paused", "is paused",
	    "wait for planetpost issue resume" },
	{ "resume", 1u << ISSUE_PAUSED, ISSUE_SENDING,
	    "only one that is paused can be resumed", "goes on with the next run",
	    "wait for it" },
	{ "cancel",
	    1u << ISSUE_DRAFT | 1u << ISSUE_APPROVED | 1u << ISSUE_SENDING |
		1u << ISSUE_PAUSED,
	    ISSUE_CANCELLED, "nothing of it can be called back", "is cancelled",
	    "taken back" },
};

static bool
refuse_steer(const struct issue *issue, const struct steer *to, struct err *err)
{
	return err_set(err, ERR_INPUT, "issue %s is %s: %s", issue->name,
	    issue_state_name(issue->state), to->refusal);
}

/* A send that runs beside this may have closed the issue since it was read. */
static bool
turn_issue(struct store *store, struct arena *a, const struct issue *issue,
    const struct steer *to, struct err *err)
{
	struct issue now;
	bool done = false;
	bool found = false;

	if (!store_issue_steer(store, issue->id, to->from, to->to, &done, err))
		return false;
	if (done)
		return true;
	if (!store_issue_named(store, a, issue->name, &now, &found, err))
		return false;
	return refuse_steer(found ? &now : issue, to, err);
}

/* The letters that still wait are counted before they are withdrawn. */
static bool
run_steer(struct app *app, const struct args *args, struct err *err)
{
	const struct steer *to = steers;
	struct store *store = app->run.store;
	struct issue issue;
	int64_t by_state[DELIVERY_STATES];

	while (strcmp(to->command, args->command->name) != 0)
		to++;
	if (!store_issue_find(store, app->run.arena, args->words[0], &issue, err))
		return false;
	if ((to->from & 1u << issue.state) == 0)
		return refuse_steer(&issue, to, err);
	if (!store_deliveries_count(store, issue.id, by_state, err))
		return false;
	const int64_t waiting = by_state[DELIVERY_QUEUED] + by_state[DELIVERY_SENDING] +
	    by_state[DELIVERY_DEFERRED];
	if (!app->run.dry_run && !turn_issue(store, app->run.arena, &issue, to, err))
		return false;
	app_say(app, "%sIssue %s %s: %lld sent, %lld %s.",
	    app->run.dry_run ? "Dry run: " : "", issue.name, to->done,
	    (long long)by_state[DELIVERY_SENT], (long long)waiting, to->hint);
	return true;
}

static const char ISSUE_WORDS[] =
    "ISSUE is its name, or last: the newest that is being or was sent, or next:\n"
    "the newest that waits to be.";
static const struct command subcommands[] = {
	{ .name = "list",
	    .json = JSON_OWN,
	    .usage = "issue list",
	    .summary = "all issues, newest first",
	    .need = NEED_LOOK,
	    .run = run_issue_list },
	{ .name = "show",
	    .json = JSON_OWN,
	    .usage = "issue show ISSUE",
	    .summary = "its posts and what became of its letters",
	    .details = ISSUE_WORDS,
	    .options = show_options,
	    .words = { 1, 1 },
	    .need = NEED_LOOK,
	    .prepare = prepare_show,
	    .run = run_issue_show },
	{ .name = "test",
	    .usage = "issue test ISSUE [ADDR...]",
	    .summary = "mail it marked [TEST] to ADDR (default: approval.editors)",
	    .details = ISSUE_WORDS,
	    .words = { 1, SIZE_MAX },
	    .need = NEED_WRITE,
	    .prepare = prepare_test,
	    .run = run_test },
	{ .name = "send",
	    .usage = "issue send ISSUE",
	    .summary = "approve a draft and send it, or go on with one under way",
	    .details = ISSUE_WORDS,
	    .options = send_options,
	    .words = { 1, 1 },
	    .need = NEED_WRITE,
	    .prepare = prepare_issue_send,
	    .run = run_issue_send },
	{ .name = "pause",
	    .usage = "issue pause ISSUE",
	    .summary = "begin no further letter of it; those of other issues go on",
	    .details = ISSUE_WORDS,
	    .words = { 1, 1 },
	    .need = NEED_BESIDE,
	    .run = run_steer },
	{ .name = "resume",
	    .usage = "issue resume ISSUE",
	    .summary = "let its letters go on, with the next run or issue send",
	    .details = ISSUE_WORDS,
	    .words = { 1, 1 },
	    .need = NEED_BESIDE,
	    .run = run_steer },
	{ .name = "cancel",
	    .usage = "issue cancel ISSUE",
	    .summary =
		"take back what has not gone; one of which nothing went frees its posts",
	    .details = ISSUE_WORDS,
	    .words = { 1, 1 },
	    .need = NEED_WRITE,
	    .run = run_steer },
	{ .name = NULL },
};

const struct command cmd_issue = {
	.name = "issue",
	.group = "Issues",
	.usage = "issue list|show|test|send|pause|resume|cancel",
	.summary = "look at issues; test and send one",
	.details = ISSUE_WORDS,
	.subcommands = subcommands,
};
