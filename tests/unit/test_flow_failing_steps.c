/* SPDX-License-Identifier: ISC */
/*
 * What the program does, each on a database of which one row cannot be read or written: the
 * first, then the second, until there are no more.  Nothing says that it is done, each says why,
 * and what failed can be asked again.
 */
#define _GNU_SOURCE /* RTLD_NEXT */

#include "unit/failing_steps.h"
#include "unit/issue_fixture.h"

#include "base/attr.h"
#include "flow/address_move.h"
#include "flow/bounce_mail.h"
#include "flow/export.h"
#include "flow/export_sources.h"
#include "flow/hour_counts.h"
#include "flow/intake.h"
#include "flow/issue_stock.h"
#include "flow/join_domains.h"
#include "flow/join_limits.h"
#include "flow/journal_recovery.h"
#include "flow/notice_letters.h"
#include "flow/subscribe.h"
#include "list/bounces.h"
#include "list/preferences.h"
#include "list/token.h"
#include "mail/address.h"
#include "store/asks.h"
#include "store/bounce_log.h"
#include "store/entry_lists.h"
#include "store/new_address.h"
#include "store/notes.h"
#include "store/transactions.h"

enum { DAY = 86400 };

struct world {
	struct flow_test t;
	struct run *run;
	int64_t ann, bo, cy, dan, eve, newcomer;
	struct reader asker;   /* ann */
	struct reader stopped; /* bo, after a bounce */
	struct issue issue;    /* approved, a letter of it queued for each */
	struct issue draft;
	struct compiled compiled;
	struct variant variant;
	unsigned char key[HASH_SIZE];
};

/* ---- the world ----------------------------------------------------------------------- */

static struct reader
stored(struct world *w, int64_t id)
{
	struct reader r;
	bool found = false;

	MUST(store_reader_get(w->run->store, w->run->arena, id, &r, &found, err));
	assert_true(found);
	return r;
}

static void
begin(struct world *w)
{
	struct reader gone = make_reader("ann@new.example", READER_LEFT);
	struct config *c = &w->t.settings.config;

	memset(w, 0, sizeof(*w));
	flow_begin(&w->t);
	w->run = &w->t.run;
	c->web.url = "https://news.example.net";
	c->digest.empty_send = false;
	w->ann = add_reader(w->run->store, "ann@old.example", READER_BOUNCED);
	w->bo = add_reader(w->run->store, "bo@x.example", READER_ACTIVE);
	w->cy = add_reader(w->run->store, "cy@x.example", READER_ACTIVE);
	w->dan = add_reader(w->run->store, "dan@x.example", READER_ACTIVE);
	w->eve = add_reader(w->run->store, "eve@x.example", READER_ACTIVE);
	w->newcomer = add_reader(w->run->store, "new@x.example", READER_PENDING);
	MUST(store_reader_add(w->run->store, &gone, err));
	MUST(store_key(w->run->store, w->key, err));
	w->asker = stored(w, w->ann);
	w->stopped = stored(w, w->bo);
	w->stopped.state = READER_BOUNCED;
	w->issue = approved_issue(&w->t);
	SAME_INT("queued", must_queue(&w->t).queued, 4);
	w->variant = variant_of_archive();
}

static void
run_sql(struct world *w, const char *sql)
{
	MUST(db_exec(w->run->store, sql, err));
}

/* ---- a new address ------------------------------------------------------------------- */

static bool
address_ask(struct world *w, struct err *err)
{
	return flow_address_ask(w->run, &w->asker, "ann@new.example", "203.0.113.0/24",
	    err);
}

static bool
address_look(struct world *w, struct err *err)
{
	const struct token of_nothing = { TOKEN_ADDRESS, w->ann, 0, 0, NOW / 60 * 60 };
	struct address_move m;

	return flow_address_look(w->run, &of_nothing, &m, err);
}

static bool
address_confirm(struct world *w, struct err *err)
{
	const struct new_address n = { .address_key = "ann@new.example" };
	struct token token = { TOKEN_ADDRESS, w->ann, 0, 0, NOW / 60 * 60 };
	struct address_move m;

	return flow_address_number(w->run, &n, &token.issue, err) &&
	    flow_address_confirm(w->run, &token, &m, err) && m.answer == ADDRESS_MOVES;
}

/* ---- letters that come back ---------------------------------------------------------- */

static bool
comes_back(struct world *w, const struct token *of, const char *status, const char *words,
    enum bounce_effect want, struct err *err)
{
	const struct incoming_recipient recipient = { "x@x.example",
		*status == '5' ? BOUNCE_HARD : BOUNCE_SOFT, 550, status, "failed",
		words };
	char text[TOKEN_SIZE];
	const struct incoming_token token = { PLACE_ENVELOPE, text, "b-" };
	const struct incoming m = { .kind = of->scope == TOKEN_LEAVE ? INCOMING_COMPLAINT
								     : INCOMING_BOUNCE,
		.recipients = &recipient,
		.recipient_count = 1,
		.tokens = &token,
		.token_count = 1 };
	enum bounce_effect effect = BOUNCE_OF_NOBODY;

	token_make(w->key, of, text);
	if (!flow_bounce_mail(w->run, &m, &effect, err))
		return false;
	SAME_INT(words, effect, want);
	return true;
}

static bool
bounce_counts(struct world *w, struct err *err)
{
	return comes_back(w, &(struct token){ TOKEN_BOUNCE, w->eve, 0, 1, 0 }, "4.2.2",
	    "mailbox full", BOUNCE_COUNTED, err);
}

static bool
bounce_stops(struct world *w, struct err *err)
{
	return comes_back(w, &(struct token){ TOKEN_BOUNCE, w->bo, 0, 1, 0 }, "5.1.1",
	    "no such user", BOUNCE_STOPPED, err);
}

static bool
bounce_of_probe(struct world *w, struct err *err)
{
	return comes_back(w, &(struct token){ TOKEN_BOUNCE, w->eve, 0, 0, 0 }, "4.2.2",
	    "a probe's mailbox is full", BOUNCE_COUNTED, err);
}

static bool
complaint_removes(struct world *w, struct err *err)
{
	return comes_back(w, &(struct token){ TOKEN_LEAVE, w->cy, 0, 1, 0 }, "5.0.0",
	    "a complaint", BOUNCE_REMOVED, err);
}

static bool
bounce_is_ours(struct world *w, struct err *err)
{
	return comes_back(w, &(struct token){ TOKEN_BOUNCE, w->dan, 0, 1, 0 }, "4.7.30",
	    "421-4.7.30 rate limited because DKIM does not pass", BOUNCE_OF_OURS, err);
}

static bool
newcomer_is_forgotten(struct world *w, struct err *err)
{
	return comes_back(w, &(struct token){ TOKEN_BOUNCE, w->newcomer, 0, 0, 0 },
	    "5.1.1", "nobody can confirm", BOUNCE_REMOVED, err);
}

static bool
bounces_forget(struct world *w, struct err *err)
{
	struct reader bo = w->stopped;

	return flow_bounces_forget(w->run, &bo, err);
}

/* So many letters of an issue came back, of which none is known to have gone: a storm. */
static bool
bounce_in_storm(struct world *w, struct err *err)
{
	return comes_back(w, &(struct token){ TOKEN_BOUNCE, w->dan, 0, 77, 0 }, "5.1.1",
	    "no such user", BOUNCE_IN_STORM, err);
}

static void
before_storm(struct world *w)
{
	const char *cause =
	    bounce_kind(w->run->arena, BOUNCED_HARD, "5.1.1", "no such user");
	struct bounce_tally t;

	for (int i = 0; i < 22; i++)
		MUST(store_bounce_tally_add(w->run->store, 77, cause, NOW, &t, err));
}

static bool
bounces_tend(struct world *w, struct err *err)
{
	return flow_bounces_tend(w->run, err);
}

/* One is to get a probe, one's probe arrived, one left, one was of a storm, one had good luck. */
static void
before_tending(struct world *w)
{
	run_sql(w,
	    "UPDATE reader SET state = 3 WHERE address IN ('bo@x.example',"
	    " 'dan@x.example', 'ann@new.example')");
	run_sql(w, "DELETE FROM bounce_standing");
	run_sql(w,
	    "INSERT INTO bounce_standing (reader_id, hard, soft, soft_since, last,"
	    " is_stopped, stopped, probes, probe_sent, well)"
	    " SELECT id, 1, 0, 0, 1790000000, 1, 1790000000, address = 'dan@x.example',"
	    " 1790000000, 0 FROM reader WHERE state = 3 OR address = 'cy@x.example'");
	run_sql(w,
	    "INSERT INTO bounce_standing (reader_id, hard, soft, soft_since, last,"
	    " is_stopped, stopped, probes, probe_sent, well)"
	    " SELECT id, 0, 2, 1795000000, 1795000000, 0, 0, 0, 0, 0"
	    " FROM reader WHERE address = 'eve@x.example'");
	run_sql(w,
	    "INSERT INTO bounce (reader_id, at, kind, issue, cause)"
	    " SELECT id, 1790000000, 0, 88, 'a storm' FROM reader"
	    " WHERE address = 'bo@x.example'");
	run_sql(w, "INSERT INTO bounce_tally VALUES (88, 'a storm', 1, 50, 60, 1)");
	run_sql(w, "UPDATE delivery SET state = 2, settled = 1795100000");
}

static bool
bounce_refused(struct world *w, struct err *err)
{
	return flow_bounce_refused(w->run, w->issue.id, NOW - DAY, err);
}

static void
before_refusals(struct world *w)
{
	run_sql(w, "UPDATE reader SET state = 1 WHERE address LIKE '%@x.example'");
	run_sql(w,
	    "UPDATE delivery SET state = 4, settled = 1795500000,"
	    " status = '5.1.1', reply = '550 5.1.1 no such user'");
	run_sql(w, "DELETE FROM bounce");
	run_sql(w, "DELETE FROM bounce_standing");
}

/* ---- who may ask --------------------------------------------------------------------- */

static const struct ask by_page = { .address = "zoe@x.example",
	.cause = CAUSE_PAGE,
	.network = "203.0.113.0/24" };

static bool
limits_allow(struct world *w, struct err *err)
{
	enum ask_answer answer = ASK_FULL;

	return join_limits_check(w->run, &by_page, &answer, err) &&
	    answer == ASK_LOOK_AT_MAIL;
}

/* The keeper is told of it, once. */
static bool
limits_reached_by_all(struct world *w, struct err *err)
{
	enum ask_answer answer = ASK_FULL;

	return join_limits_check(w->run, &by_page, &answer, err) &&
	    answer == ASK_BY_MAIL_ONLY;
}

static void
before_limits(struct world *w)
{
	const unsigned char hash[HASH_SIZE] = { 1 };
	const struct ask_log_line line = { NOW - 60, CAUSE_PAGE, LETTER_ASKED, hash,
		"198.51.100.0/24" };

	w->t.settings.config.limits.asks_total = "1 per 24h";
	w->t.settings.config.list.max_subscribers = 100;
	MUST(store_ask_log(w->run->store, &line, err));
}

static bool
may_mail(struct world *w, struct err *err)
{
	unsigned char hash[HASH_SIZE];
	bool may = false;

	return store_address_hash(w->run->store, "zoe@x.example", hash, err) &&
	    join_may_mail(w->run, "zoe@x.example", hash, &may, err) && may;
}

static bool
may_answer(struct world *w, struct err *err)
{
	bool may = false;

	return join_may_answer(w->run, "zoe@x.example", &may, err) && may;
}

static bool
may_send_link(struct world *w, struct err *err)
{
	const struct reader eve = { .address_key = "eve@x.example" };
	bool may = false;

	return join_may_send_link(w->run, &eve, LETTER_LINK, &may, err) && may;
}

/* ---- issues -------------------------------------------------------------------------- */

static bool
build_draft(struct world *w, struct err *err)
{
	struct compile_report r;

	if (!flow_issue_build(w->run, false, &r, err))
		return false;
	w->draft = r.issue;
	return r.built;
}

static void
before_draft(struct world *w)
{
	int64_t id = 0;

	MUST(db_number(w->run->store, "SELECT MIN(id) FROM source", &id, err));
	w->t.settings.config.web.url = ""; /* nobody is asked whether they answer there */
	w->t.settings.config.approval.manual = true;
	w->run->now = NOW + DAY;
	(void)add_full_post(&w->t, id, "two", NOW + 3600);
	(void)add_full_post(&w->t, id, "three", NOW + 7200);
}

static void
before_next_day(struct world *w)
{
	int64_t id = 0;

	MUST(db_number(w->run->store, "SELECT MIN(id) FROM source", &id, err));
	w->run->now = NOW + 2 * DAY;
	(void)add_full_post(&w->t, id, "four", NOW + DAY);
}

static bool
compile_next(struct world *w, struct err *err)
{
	return flow_compile_next(w->run, NULL, &w->issue, 1, &w->variant, &w->compiled,
		   err) &&
	    w->compiled.digest.entry_count == 1;
}

static bool
compile_issues(struct world *w, struct err *err)
{
	return flow_compile_issues(w->run, &w->issue, 1, &w->variant, &w->compiled,
		   err) &&
	    w->compiled.digest.entry_count == 1;
}

static bool
compile_unmailed(struct world *w, struct err *err)
{
	struct compiled c;

	return flow_compile(w->run, NULL, NULL, &c, err) && c.digest.entry_count == 0;
}

static bool
render(struct world *w, struct err *err)
{
	struct rendering r;

	return flow_render(w->run, &w->compiled, &w->variant, &r, err);
}

static bool
freeze(struct world *w, struct err *err)
{
	struct issue draft = w->draft;

	return flow_issue_freeze(w->run, &draft, err);
}

/* The pages show less than what is kept: two renderings. */
static void
before_freeze(struct world *w)
{
	w->t.settings.config.web.archive_full = false;
}

static bool
build_and_freeze(struct world *w, struct err *err)
{
	struct compile_report r;

	return flow_issue_build(w->run, false, &r, err) && r.built &&
	    r.issue.state == ISSUE_APPROVED;
}

/* Daily, and readers who would get it. */
static void
before_schedule(struct world *w)
{
	int64_t id = 0;

	MUST(db_number(w->run->store, "SELECT MIN(id) FROM source", &id, err));
	w->t.settings.config.approval.manual = false;
	w->t.settings.config.digest.schedule = (struct cadence){ .rhythm = RHYTHM_DAILY };
	w->run->now = NOW + 3 * DAY;
	(void)add_full_post(&w->t, id, "five", NOW + 2 * DAY);
}

/* ---- readers who come ---------------------------------------------------------------- */

static bool
intake_list(struct world *w, struct err *err)
{
	static char rows[] = "address,confirmed_by,rhythm\n"
			     "fay@x.example,paper,weekly\n"
			     "gus@x.example,paper,\n"
			     "new2@x.example,paper,\n"
			     "dan@x.example,paper,\n";
	const struct intake_options o = { NULL, NULL, NULL };
	struct intake_report r;
	FILE *list = fmemopen(rows, sizeof(rows) - 1, "r");
	bool ok = false;

	assert_non_null(list);
	ok = flow_intake_list(w->run, list, &o, &r, err);
	(void)fclose(list);
	return ok && r.added == 2 && r.confirmed == 1 && r.unchanged == 1;
}

static void
before_intake(struct world *w)
{
	(void)add_reader(w->run->store, "new2@x.example", READER_PENDING);
	(void)add_reader(w->run->store, "new3@x.example", READER_PENDING);
}

static bool
intake_new_reader(struct world *w, struct err *err)
{
	struct reader r = make_reader("hal@x.example", READER_ACTIVE);

	r.confirmed_by = "paper";
	return flow_intake_reader(w->run, &r, err);
}

static bool
intake_known_reader(struct world *w, struct err *err)
{
	struct reader r = make_reader("new3@x.example", READER_ACTIVE);

	r.confirmed_by = "paper";
	return flow_intake_reader(w->run, &r, err);
}

static bool
intake_only(struct world *w, struct err *err)
{
	bool is_only = true;

	return flow_intake_only(w->run, "ivy@x.example", &is_only, err) && !is_only;
}

/* ---- the rest ------------------------------------------------------------------------ */

static bool
export_mbox(struct world *w, struct err *err)
{
	const struct export_options o = { NULL, false };
	size_t count = 0;
	FILE *out = fopen("/dev/null", "w");
	bool ok = false;

	assert_non_null(out);
	ok = flow_export_mbox(w->run, &o, out, &count, err);
	(void)fclose(out);
	return ok && count == 3;
}

static void
before_export(struct world *w)
{
	run_sql(w, "UPDATE issue SET state = 4, sent = 1795500000");
}

static bool
hours_load_and_save(struct world *w, struct err *err)
{
	struct hour_count *list = NULL;
	struct full_hour *full = NULL;
	size_t count = 0;

	return hour_counts_load(w->run, &list, err) &&
	    hour_counts_save(w->run, list, err) &&
	    hour_counts_full(w->run, &full, &count, err) && count == 0;
}

static void
before_hours(struct world *w)
{
	w->t.settings.config.transport.method = TRANSPORT_SMTP;
	w->t.settings.config.smtp.per_hour = 100;
}

static bool
export_as_shown(struct world *w, struct err *err)
{
	const struct export_options o = { "2026-11", true };
	size_t count = 0;
	FILE *out = fopen("/dev/null", "w");
	bool ok = false;

	assert_non_null(out);
	ok = flow_export_mbox(w->run, &o, out, &count, err);
	(void)fclose(out);
	return ok && count == 3;
}

static bool
export_feeds(struct world *w, struct err *err)
{
	struct buf b = BUF_INIT(1 << 20);
	size_t count = 0;
	const bool ok =
	    flow_export_sources(w->run, SOURCE_LIST_URLS, &b, &count, err) && count == 1;

	buf_clear(&b);
	return ok;
}

static enum mail_domain
takes_none(const char *domain)
{
	SAME_TEXT("domain", domain, "none.example");
	return DOMAIN_TAKES_NONE;
}

static bool
look_at_domains(struct world *w, struct err *err)
{
	return flow_join_domains(w->run, takes_none, err);
}

static void
before_domains(struct world *w)
{
	struct reader zoe = make_reader("zoe@none.example", READER_PENDING);
	const struct notice_order o = { .kind = NOTICE_CONFIRMATION,
		.reader = &zoe,
		.code = "481 207",
		.asked = NOW };

	w->t.settings.config.limits.mx_check = true;
	w->t.settings.config.transport.method = TRANSPORT_SMTP;
	w->t.settings.config.list.command_address = "planet@example.net";
	MUST(store_reader_add(w->run->store, &zoe, err));
	MUST(flow_notice_queue(w->run, &o, err));
}

static bool
recover(struct world *w, struct err *err)
{
	int64_t unknown = 0;

	return journal_recover(w->run, NULL, RESTORED_ASK, &unknown, err) && unknown == 4;
}

static void
before_recovery(struct world *w)
{
	run_sql(w, "UPDATE delivery SET state = 1");
}

/* In this order: what comes later finds what those before have done. */
static const struct {
	const char *name;
	bool (*call)(struct world *w, struct err *err);
	void (*before)(struct world *w);
	bool is_whole; /* it begins a transaction, and can be part of none */
} calls[] = {
	{ "address ask", address_ask, NULL, false },
	{ "address look", address_look, NULL, false },
	{ "address confirm", address_confirm, NULL, false },
	{ "bounce counts", bounce_counts, NULL, false },
	{ "bounce stops", bounce_stops, NULL, false },
	{ "bounce of a probe", bounce_of_probe, NULL, false },
	{ "complaint", complaint_removes, NULL, false },
	{ "bounce of ours", bounce_is_ours, NULL, false },
	{ "bounce of a newcomer", newcomer_is_forgotten, NULL, false },
	{ "bounces forgotten", bounces_forget, NULL, false },
	{ "bounce in a storm", bounce_in_storm, before_storm, false },
	{ "bounces tended", bounces_tend, before_tending, false },
	{ "refusals", bounce_refused, before_refusals, false },
	{ "limits", limits_allow, NULL, false },
	{ "limits reached", limits_reached_by_all, before_limits, false },
	{ "may mail", may_mail, NULL, false },
	{ "may answer", may_answer, NULL, false },
	{ "may send a link", may_send_link, NULL, false },
	{ "compiled as next", compile_next, NULL, false },
	{ "compiled", compile_issues, NULL, false },
	{ "nothing unmailed", compile_unmailed, NULL, false },
	{ "rendered", render, NULL, false },
	{ "draft", build_draft, before_draft, true },
	{ "draft again", build_draft, before_next_day, true },
	{ "freeze", freeze, before_freeze, true },
	{ "built", build_and_freeze, before_schedule, true },
	{ "list", intake_list, before_intake, true },
	{ "new reader", intake_new_reader, NULL, true },
	{ "known reader", intake_known_reader, NULL, false },
	{ "only reader", intake_only, NULL, false },
	{ "export", export_mbox, before_export, false },
	{ "export as shown", export_as_shown, NULL, false },
	{ "list of feeds", export_feeds, NULL, false },
	{ "domains", look_at_domains, before_domains, false },
	{ "recovery", recover, before_recovery, false },
	{ "hours", hours_load_and_save, before_hours, false },
};

/* Without that step; *taken: how many it took.  Where it is part of more, that is undone. */
static struct err
call_without(struct world *w, size_t i, long step, bool *done, long *taken)
{
	struct store *s = w->run->store;
	struct err why = ERR_INIT;

	if (!calls[i].is_whole)
		MUST(store_begin(s, err));
	steps = 0;
	fails = step;
	*done = calls[i].call(w, &why);
	fails = -1;
	*taken = steps;
	if (db_in_transaction(s) == calls[i].is_whole)
		fail_msg("%s: without step %ld its transaction is %s", calls[i].name,
		    step, calls[i].is_whole ? "left open" : "ended");
	if (!calls[i].is_whole && *done)
		MUST(store_commit(s, err));
	store_rollback(s);
	return why;
}

static void
nothing_is_done_without_one_of_its_rows(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
		bool done = false;

		if (calls[i].before)
			calls[i].before(&w);
		for (long step = 0; !done; step++) {
			long taken = 0;
			const struct err err = call_without(&w, i, step, &done, &taken);

			if (done != (taken <= step) || done == err_is_set(&err))
				fail_msg("%s: %s without step %ld of %ld: %s",
				    calls[i].name, done ? "done" : "fails", step, taken,
				    err.text);
		}
	}
	flow_end(&w.t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_done_without_one_of_its_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
