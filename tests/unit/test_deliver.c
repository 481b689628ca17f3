/* SPDX-License-Identifier: ISC */
/* Letters of an issue: who gets one, what an answer means, what goes wrong. */
#include "unit/issue_fixture.h"

#include "flow/deliver.h"
#include "flow/delivery_outcome.h"
#include "flow/notice_letters.h"
#include "flow/reader_moves.h"
#include "list/subscription.h"
#include "list/token.h"
#include "store/issues.h"
#include "store/notes.h"
#include "store/open.h"
#include "store/transactions.h"

/* ---- what an answer means ---- */

static const struct {
	const char *name;
	struct outcome o;
	int64_t attempts_before;
	enum delivery_state state;
	int64_t attempts, pause; /* -1: not tried again */
} outcome_cases[] = {
	{ "accepted", { OUTCOME_SENT, 250, NULL, NULL, STAGE_NONE }, 0, DELIVERY_SENT, 1,
	    -1 },
	{ "refused", { OUTCOME_REFUSED, 550, "5.1.1", NULL, STAGE_NONE }, 0,
	    DELIVERY_REFUSED, 1, -1 },
	{ "unknown", { OUTCOME_UNKNOWN, 0, NULL, NULL, STAGE_NONE }, 2, DELIVERY_UNKNOWN,
	    3, -1 },
	{ "deferred", { OUTCOME_DEFERRED, 451, NULL, NULL, STAGE_NONE }, 0,
	    DELIVERY_DEFERRED, 1, 600 },
	{ "deferred by a status alone",
	    { OUTCOME_DEFERRED, 0, "4.2.2", NULL, STAGE_NONE }, 0, DELIVERY_DEFERRED, 1,
	    600 },
	{ "deferred again", { OUTCOME_DEFERRED, 451, NULL, NULL, STAGE_NONE }, 1,
	    DELIVERY_DEFERRED, 2, 7200 },
	{ "deferred more often than there are pauses",
	    { OUTCOME_DEFERRED, 451, NULL, NULL, STAGE_DOT }, 7, DELIVERY_DEFERRED, 8,
	    7200 },
	{ "put off at MAIL: no attempt", { OUTCOME_BUSY, 451, NULL, NULL, STAGE_MAIL }, 3,
	    DELIVERY_DEFERRED, 3, 7200 },
	{ "broke off", { OUTCOME_DEFERRED, 0, "4.4.2", NULL, STAGE_RCPT }, 1,
	    DELIVERY_DEFERRED, 2, 7200 },
	{ "broke off more often than there are pauses",
	    { OUTCOME_DEFERRED, 0, "4.4.2", NULL, STAGE_RCPT }, 2, DELIVERY_REFUSED, 3,
	    -1 },
	{ "nobody answered: no attempt", { OUTCOME_DEFERRED, 0, NULL, NULL, STAGE_NONE },
	    0, DELIVERY_QUEUED, 0, -1 },
	{ "however often", { OUTCOME_DEFERRED, 0, NULL, NULL, STAGE_NONE }, 2,
	    DELIVERY_QUEUED, 2, -1 },
};

static void
what_an_answer_means(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(outcome_cases); i++) {
		struct delivery d = { .attempts = outcome_cases[i].attempts_before,
			.queued = NOW - DELIVERY_LIFETIME + 1,
			.next_try = 5 };

		delivery_settle(&d, &outcome_cases[i].o, " 10m \t2h", NOW);
		SAME_INT(outcome_cases[i].name, d.state, outcome_cases[i].state);
		SAME_INT(outcome_cases[i].name, d.attempts, outcome_cases[i].attempts);
		SAME_INT(outcome_cases[i].name, d.settled, NOW);
		SAME_INT(outcome_cases[i].name,
		    d.next_try == TIME_NONE ? -1 : d.next_try - NOW,
		    outcome_cases[i].pause);
	}
}

static void
a_letter_has_a_lifetime(void **state)
{
	static const struct outcome later = { OUTCOME_DEFERRED, 451, "4.2.2", NULL,
		STAGE_RCPT };
	static const struct outcome unheard = { OUTCOME_DEFERRED, 0, NULL, NULL,
		STAGE_NONE };
	struct delivery d = { .queued = NOW - DELIVERY_LIFETIME };
	struct delivery unknown = { .queued = TIME_NONE };

	(void)state;
	delivery_settle(&d, &later, "10m", NOW);
	SAME_INT("it ends", d.state, DELIVERY_REFUSED);
	delivery_settle(&d, &unheard, "10m", NOW);
	SAME_INT("but not while nobody answers", d.state, DELIVERY_QUEUED);
	delivery_settle(&unknown, &later, "10m", NOW);
	SAME_INT("not known when it began", unknown.state, DELIVERY_DEFERRED);
}

static void
pauses_that_are_none(void **state)
{
	static const char *const pauses[] = { "", "  ", "soon",
		"10m10m10m10m10m10m10m10m10m10m10m10m" };
	const struct outcome o = { OUTCOME_DEFERRED, 451, NULL, NULL, STAGE_NONE };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pauses); i++) {
		struct delivery d = { .attempts = 0, .queued = NOW };

		delivery_settle(&d, &o, pauses[i], NOW);
		SAME_INT(pauses[i], d.state, DELIVERY_REFUSED);
		SAME_INT(pauses[i], d.next_try == TIME_NONE, 1);
	}
}

/* ---- an issue with its readers ---- */

/* A program in place of sendmail that answers by the beginning of the address. */
static void
use_program(struct flow_test *t)
{
	const char *path = flow_write(t, "program",
	    "cat >/dev/null\n"
	    "case $2 in\n"
	    "no*) echo no such user; exit 67;;\n"
	    "later*) echo busy; exit 75;;\n"
	    "broken*) echo wrong options; exit 64;;\n"
	    "esac\n");

	t->settings.config.transport.method = TRANSPORT_SENDMAIL;
	t->settings.config.transport.sendmail = arena_printf(t->run.arena, "sh %s", path);
}

/* What is due is queued, and what waits is sent. */
static struct deliver_report
must_deliver(struct flow_test *t, const struct deliver_options *o)
{
	const struct deliver_options all = { .issue_id = 0 };
	struct deliver_report r;

	(void)must_queue(t);
	MUST(flow_deliver(&t->run, o ? o : &all, &r, err));
	return r;
}

static enum issue_state
state_of(struct flow_test *t, const struct issue *issue)
{
	struct issue stored;

	MUST(store_issue_find(t->run.store, t->run.arena, issue->name, &stored, err));
	return stored.state;
}

static void
join(struct flow_test *t, const char *address)
{
	const struct reader_move asked = { EVENT_IMPORT, CAUSE_COMMAND, "form", NULL };
	struct reader r = subscription_new(t->run.now, "form");

	r.address = address;
	r.address_key = address;
	MUST(flow_reader_add(&t->run, &r, &asked, err));
}

static void
every_reader_gets_one_letter(void **state)
{
	struct flow_test t;
	struct issue issue;
	struct issue stored;
	struct deliver_report r;
	int64_t by_state[DELIVERY_STATES];
	char path[300];

	(void)state;
	flow_begin(&t);
	(void)add_reader(t.run.store, "a@x.example", READER_ACTIVE);
	(void)add_reader(t.run.store, "b@x.example", READER_ACTIVE);
	(void)add_reader(t.run.store, "left@x.example", READER_LEFT);
	issue = approved_issue(&t);
	r = must_deliver(&t, NULL);
	SAME_INT("sent", r.sent, 2);
	SAME_INT("waiting", r.waiting, 0);
	SAME_INT("deferred", r.deferred + r.refused + r.unknown + r.recovered, 0);
	assert_true(r.ms >= 0 && r.ms < 60000);
	SAME_INT("issues", r.issue_count, 1);
	SAME_TEXT("name", r.issues[0].name, "2026-11-24");
	SAME_INT("of it", r.issues[0].sent, 2);
	count_states(&t, issue.id, by_state);
	SAME_INT("sent in the store", by_state[DELIVERY_SENT], 2);
	MUST(store_issue_find(t.run.store, t.run.arena, issue.name, &stored, err));
	SAME_INT("state", stored.state, ISSUE_SENT);
	assert_true(stored.sent >= NOW && stored.sent < NOW + 60);
	assert_true(file_exists(in_folder(t.folder, "out/2026-11-24-1.eml", path)));
	assert_true(file_exists(in_folder(t.folder, "out/2026-11-24-2.eml", path)));

	/* Nobody gets it twice, and who joins later gets the next one. */
	join(&t, "new@x.example");
	r = must_deliver(&t, NULL);
	SAME_INT("again", r.sent, 0);
	flow_end(&t);
}

static void
answers_are_written_down(void **state)
{
	struct flow_test t;
	struct issue issue;
	struct deliver_report r;
	int64_t by_state[DELIVERY_STATES];

	(void)state;
	flow_begin(&t);
	use_program(&t);
	(void)add_reader(t.run.store, "a@x.example", READER_ACTIVE);
	(void)add_reader(t.run.store, "no@x.example", READER_ACTIVE);
	(void)add_reader(t.run.store, "later@x.example", READER_ACTIVE);
	issue = approved_issue(&t);
	r = must_deliver(&t, NULL);
	SAME_INT("sent", r.sent, 1);
	SAME_INT("refused", r.refused, 1);
	SAME_INT("deferred", r.deferred, 1);
	SAME_INT("waiting", r.waiting, 1);
	SAME_INT("state", state_of(&t, &issue), ISSUE_SENDING);
	SAME_INT("issues", (int64_t)r.issue_count, 1);
	SAME_INT("sent of it", r.issues[0].sent, 1);
	SAME_INT("refused of it", r.issues[0].refused, 1);
	SAME_INT("deferred of it", r.issues[0].deferred, 1);
	SAME_INT("unknown of it", r.issues[0].unknown, 0);
	count_states(&t, issue.id, by_state);
	SAME_INT("one of each", by_state[DELIVERY_SENT], 1);
	SAME_INT("one of each", by_state[DELIVERY_REFUSED], 1);
	SAME_INT("one of each", by_state[DELIVERY_DEFERRED], 1);

	/* Its time has not come. */
	r = must_deliver(&t, NULL);
	SAME_INT("not yet", r.sent + r.deferred + r.refused, 0);
	t.run.now += 11 * 60;
	t.settings.config.transport.method = TRANSPORT_OUTBOX;
	r = must_deliver(&t, NULL);
	SAME_INT("then", r.sent, 1);
	SAME_INT("state", state_of(&t, &issue), ISSUE_SENT);
	flow_end(&t);
}

static void
a_limit_leaves_the_rest_for_the_next_run(void **state)
{
	const struct deliver_options two = { .limit = 2 };
	struct flow_test t;
	struct issue issue;
	struct deliver_report r;

	(void)state;
	flow_begin(&t);
	for (int i = 0; i < 5; i++)
		(void)add_reader(t.run.store,
		    arena_printf(t.run.arena, "r%d@x.example", i), READER_ACTIVE);
	issue = approved_issue(&t);
	r = must_deliver(&t, &two);
	SAME_INT("sent", r.sent, 2);
	SAME_INT("waiting", r.waiting, 3);
	SAME_INT("nobody had it before", r.issues[0].earlier, 0);
	SAME_INT("state", state_of(&t, &issue), ISSUE_SENDING);
	r = must_deliver(&t, NULL);
	SAME_INT("the rest", r.sent, 3);
	SAME_INT("of it", r.issues[0].sent, 3);
	SAME_INT("two had it before", r.issues[0].earlier, 2);
	flow_end(&t);
}

static void
an_interrupted_send_goes_on_where_it_stopped(void **state)
{
	struct flow_test t;
	struct issue issue;
	struct deliver_report r;
	int64_t by_state[DELIVERY_STATES];

	(void)state;
	flow_begin(&t);
	for (int i = 0; i < 30; i++)
		(void)add_reader(t.run.store,
		    arena_printf(t.run.arena, "r%d@x.example", i), READER_ACTIVE);
	issue = approved_issue(&t);
	t.interrupt = true;
	t.questions_left = 3;
	r = must_deliver(&t, NULL);
	assert_true(r.sent > 0 && r.sent < 30);
	SAME_INT("interrupted", r.interrupted, true);
	SAME_INT("waiting", r.waiting, 30 - r.sent);
	count_states(&t, issue.id, by_state);
	SAME_INT("what was not handed out is queued", by_state[DELIVERY_QUEUED],
	    30 - r.sent);
	SAME_INT("none is left in the air", by_state[DELIVERY_SENDING], 0);
	t.interrupt = false;
	SAME_INT("all", r.sent + must_deliver(&t, NULL).sent, 30);
	flow_end(&t);
}

static void
what_a_crash_left_is_unknown_and_not_sent_again(void **state)
{
	struct flow_test t;
	struct issue issue;
	struct deliver_report r;
	struct delivery *taken = NULL;
	size_t count = 0;
	int64_t by_state[DELIVERY_STATES];

	(void)state;
	flow_begin(&t);
	(void)add_reader(t.run.store, "a@x.example", READER_ACTIVE);
	(void)add_reader(t.run.store, "b@x.example", READER_ACTIVE);
	issue = approved_issue(&t);
	SAME_INT("queued", must_queue(&t).queued, 2);
	MUST(store_deliveries_take(t.run.store, NULL, 0, t.run.arena, issue.id, NOW, 1,
	    &taken, &count, err));
	SAME_INT("taken", count, 1);
	r = must_deliver(&t, NULL);
	SAME_INT("recovered", r.recovered, 1);
	SAME_INT("sent", r.sent, 1);
	count_states(&t, issue.id, by_state);
	SAME_INT("unknown", by_state[DELIVERY_UNKNOWN], 1);
	flow_end(&t);
}

/* ---- what may go ---- */

/* Two readers' letters of an issue, and a notice to somebody. */
static struct issue
queue_both_kinds(struct flow_test *t)
{
	const struct notice_order o = { .kind = NOTICE_KEEPER,
		.address = "keeper@x.example",
		.asked = TIME_NONE,
		.number = 7 };
	struct issue issue;

	(void)add_reader(t->run.store, "a@x.example", READER_ACTIVE);
	(void)add_reader(t->run.store, "b@x.example", READER_ACTIVE);
	issue = approved_issue(t);
	SAME_INT("queued", must_queue(t).queued, 2);
	MUST(flow_notice_queue(&t->run, &o, err));
	return issue;
}

static const struct {
	const char *name, *quiet;
	bool of_issue, notices_only;
	int64_t letters, notices; /* that go */
	int64_t waiting, quiet_until;
} may_go[] = {
	{ "all", "", false, false, 2, 1, 0, 0 },
	{ "of the issue", "", true, false, 2, 0, 0, 0 },
	{ "notices", "", false, true, 0, 1, 0, 0 },
	{ "in the night", "22:00-07:00", false, false, 0, 1, 2, NOW + 3600 },
	{ "of the issue, in the night", "22:00-07:00", true, false, 0, 0, 2, NOW + 3600 },
	{ "from that minute on", "06:00-06:01", false, false, 0, 1, 2, NOW + 60 },
	{ "up to that minute", "22:00-06:00", false, false, 2, 1, 0, 0 },
	{ "before it", "06:30-07:00", false, false, 2, 1, 0, 0 },
	{ "notices, before it", "06:30-07:00", false, true, 0, 1, 0, 0 },
	{ "no hours at all", "late", false, false, 2, 1, 0, 0 },
};

/* NOW is 2026-11-24 06:00 UTC. */
static void
notices_go_by_night_and_letters_by_day(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(may_go); i++) {
		const char *name = may_go[i].name;
		struct flow_test t;
		struct deliver_report r;
		struct issue issue;
		struct deliver_options o = { .notices_only = may_go[i].notices_only };
		const int64_t notices = may_go[i].notices;
		const int64_t letters = may_go[i].letters;

		flow_begin(&t);
		t.settings.config.smtp.quiet_hours = may_go[i].quiet;
		issue = queue_both_kinds(&t);
		o.issue_id = may_go[i].of_issue ? issue.id : 0;
		MUST(flow_deliver(&t.run, &o, &r, err));
		SAME_INT(name, r.sent, letters + notices);
		SAME_INT(name, r.issue_count, (letters > 0) + (notices > 0));
		if (notices > 0)
			SAME_INT(name, r.issues[0].issue_id, 0);
		if (notices > 0)
			assert_null(r.issues[0].name);
		if (letters > 0)
			SAME_TEXT(name, r.issues[notices].name, "2026-11-24");
		SAME_INT(name, r.waiting, may_go[i].waiting);
		SAME_INT(name, r.quiet_until, may_go[i].quiet_until);
		SAME_INT(name, r.interrupted, false);
		SAME_INT(name, state_of(&t, &issue),
		    letters > 0 ? ISSUE_SENT : ISSUE_SENDING);
		flow_end(&t);
	}
}

/* Half a minute goes by with the fourth question: the night begins. */
static bool
night_falls(void)
{
	if (flow_test_now->questions_left-- == 0)
		flow_test_now->run.started_ms -= 30000;
	return false;
}

static void
a_send_ends_when_the_night_begins(void **state)
{
	const struct deliver_options all = { .issue_id = 0 };
	struct flow_test t;
	struct deliver_report r;

	(void)state;
	flow_begin(&t);
	for (int i = 0; i < 30; i++)
		(void)add_reader(t.run.store,
		    arena_printf(t.run.arena, "r%d@x.example", i), READER_ACTIVE);
	(void)approved_issue(&t);
	SAME_INT("queued", must_queue(&t).queued, 30);
	t.settings.config.smtp.quiet_hours = "06:01-07:30";
	t.run.now = NOW + 30;
	t.run.started_ms = clock_ticks_ms();
	t.run.interrupted = night_falls;
	t.questions_left = 3;
	MUST(flow_deliver(&t.run, &all, &r, err));
	assert_in_range(r.sent, 1, 29);
	SAME_INT("waiting", r.waiting, 30 - r.sent);
	SAME_INT("until", r.quiet_until, NOW + 5400);
	SAME_INT("nobody stopped it", r.interrupted, false);
	t.run.interrupted = flow_test_interrupted;
	t.run.now = NOW + 5400;
	t.run.started_ms = clock_ticks_ms();
	MUST(flow_deliver(&t.run, &all, &r, err));
	SAME_INT("all", r.waiting, 0);
	SAME_INT("no night", r.quiet_until, 0);
	flow_end(&t);
}

static void
a_trial_delivers_from_its_copy_alone(void **state)
{
	const struct deliver_options all = { .issue_id = 0 };
	struct flow_test t;
	struct deliver_report r;

	(void)state;
	flow_begin(&t);
	(void)queue_both_kinds(&t);
	t.settings.config.transport.method = TRANSPORT_REDIRECT;
	MUST_FAIL(flow_deliver(&t.run, &all, &r, err), ERR_BUG,
	    "a trial would move what is stored");
	SAME_INT("waiting", r.waiting, 3);
	SAME_INT("sent", r.sent, 0);
	flow_end(&t);
}

/* ---- what goes wrong ---- */

static const struct {
	const char *name;
	const char *readers[3];
	const char *text;
	int64_t refused, deferred, waiting;
	enum issue_state state;
} refused_cases[] = {
	{ "one of one", { "no address" }, "nobody got a letter: all were refused (1)", 1,
	    0, 0, ISSUE_SENDING },
	{ "all", { "no address", "nor this one", "nor that" },
	    "nobody got a letter: all were refused (3)", 3, 0, 0, ISSUE_SENDING },
	{ "one may get it later", { "no address", "later@x.example", "nor this one" },
	    "nobody got a letter: 2 refused, the others wait", 2, 1, 1, ISSUE_SENDING },
	{ "one got it", { "no address", "ann@x.example" }, NULL, 1, 0, 0, ISSUE_SENT },
	{ "none refused it", { "later@x.example" }, NULL, 0, 1, 1, ISSUE_SENDING },
};

static void
an_issue_that_nobody_accepted_is_not_sent(void **state)
{
	const struct deliver_options all = { .issue_id = 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(refused_cases); i++) {
		const char *name = refused_cases[i].name;
		struct err err = ERR_INIT;
		struct flow_test t;
		struct issue issue;
		struct deliver_report r;

		flow_begin(&t);
		use_program(&t);
		for (size_t k = 0; k < 3 && refused_cases[i].readers[k]; k++)
			(void)add_reader(t.run.store, refused_cases[i].readers[k],
			    READER_ACTIVE);
		issue = approved_issue(&t);
		(void)must_queue(&t);
		SAME_INT(name, flow_deliver(&t.run, &all, &r, &err),
		    refused_cases[i].text == NULL);
		SAME_TEXT(name, err.text,
		    refused_cases[i].text ? refused_cases[i].text : "");
		SAME_INT(name, err.kind, refused_cases[i].text ? ERR_HUMAN : ERR_NONE);
		SAME_INT(name, r.refused, refused_cases[i].refused);
		SAME_INT(name, r.deferred, refused_cases[i].deferred);
		SAME_INT(name, r.waiting, refused_cases[i].waiting);
		SAME_INT(name, state_of(&t, &issue), refused_cases[i].state);
		flow_end(&t);
	}
}

/* Of an issue that an earlier run brought to somebody all letters of this one are refused. */
static void
who_had_an_issue_before_makes_it_sent(void **state)
{
	const struct deliver_options one = { .limit = 1 };
	const struct deliver_options all = { .issue_id = 0 };
	struct flow_test t;
	struct issue issue;
	struct deliver_report r;

	(void)state;
	flow_begin(&t);
	use_program(&t);
	(void)add_reader(t.run.store, "ann@x.example", READER_ACTIVE);
	(void)add_reader(t.run.store, "no address", READER_ACTIVE);
	issue = approved_issue(&t);
	SAME_INT("the first", must_deliver(&t, &one).sent, 1);
	MUST_FAIL(flow_deliver(&t.run, &all, &r, err), ERR_HUMAN,
	    "nobody got a letter: all were refused (1)");
	SAME_INT("refused", r.refused, 1);
	SAME_INT("earlier", r.issues[0].earlier, 1);
	SAME_INT("state", state_of(&t, &issue), ISSUE_SENT);
	flow_end(&t);
}

/* ---- notices ---- */

/* A notice with an address of its own or to the first reader, as it is stored. */
static void
add_notice(struct flow_test *t, bool to_reader, const char *language, const char *html)
{
	const char *const no = "NULL";

	MUST(db_exec(t->run.store,
	    arena_printf(t->run.arena,
		"INSERT INTO notice (kind, reader_id, address, created, state, attempts,"
		" language, subject, text, html) VALUES (%d, %s, %s, %lld, 0, 0, %s,"
		" 'So it is', 'Words of a notice.', %s)",
		NOTICE_KEEPER, to_reader ? "1" : no, to_reader ? no : "'bo@x.example'",
		(long long)NOW - 86400, language ? language : no, html ? html : no),
	    err));
}

/* The last line that holds the words, or "(none)": without its end. */
static const char *
line_of(struct flow_test *t, const char *text, const char *words)
{
	const char *at = strstr(text, words);

	return at ? arena_strndup(t->run.arena, at, strcspn(at, "\r\n")) : "(none)";
}

static const struct {
	const char *name;
	bool to_reader, verp;
	const char *language, *html;
	const char *content_language, *recipient;
	bool has_own_sender;
} notices[] = {
	{ "to an address", false, true, NULL, NULL, "Content-Language: en",
	    "bo@x.example", false },
	{ "in German", false, true, "'de'", NULL, "Content-Language: de", "bo@x.example",
	    false },
	{ "in two forms", false, true, NULL, "'<p>Words of a page.</p>'",
	    "Content-Language: en", "bo@x.example", false },
	{ "to a reader", true, true, NULL, NULL, "Content-Language: en", "ann@x.example",
	    true },
	{ "from the newsletter", true, false, NULL, NULL, "Content-Language: en",
	    "ann@x.example", false },
};

/* A program in place of sendmail that keeps the message and its arguments. */
static void
keep_message(struct flow_test *t)
{
	const char *path = flow_write(t, "program",
	    arena_printf(t->run.arena, "cat >%s/message\necho \"$@\" >%s/arguments\n",
		t->folder, t->folder));

	t->settings.config.transport.method = TRANSPORT_SENDMAIL;
	t->settings.config.transport.sendmail =
	    arena_printf(t->run.arena, "sh %s -f {bounce}", path);
}

static const char *
kept(struct flow_test *t, const char *name)
{
	struct buf b = BUF_INIT(100000);
	char path[300];
	const char *mine = NULL;

	MUST(file_read(in_folder(t->folder, name, path), &b, err));
	mine = arena_strdup(t->run.arena, buf_text(&b));
	buf_clear(&b);
	return mine;
}

static void
a_notice_is_dated_when_it_was_written_and_speaks_its_language(void **state)
{
	const struct deliver_options all = { .issue_id = 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(notices); i++) {
		const char *name = notices[i].name;
		struct flow_test t;
		struct deliver_report r;
		const char *text = NULL;
		const char *arguments = NULL;
		unsigned char key[HASH_SIZE];

		flow_begin(&t);
		keep_message(&t);
		t.settings.config.smtp.verp = notices[i].verp;
		(void)add_reader(t.run.store, "ann@x.example", READER_ACTIVE);
		add_notice(&t, notices[i].to_reader, notices[i].language,
		    notices[i].html);
		MUST(flow_deliver(&t.run, &all, &r, err));
		SAME_INT(name, r.sent, 1);
		text = kept(&t, "message");
		arguments = kept(&t, "arguments");
		SAME_TEXT(name, line_of(&t, text, "Date: "),
		    "Date: Mon, 23 Nov 2026 06:00:00 +0000");
		SAME_TEXT(name, line_of(&t, text, "Content-Language: "),
		    notices[i].content_language);
		SAME_TEXT(name, line_of(&t, text, "Words of a notice"),
		    "Words of a notice.");
		SAME_TEXT(name, line_of(&t, text, "<p>Words"),
		    notices[i].html ? "<p>Words of a page.</p>" : "(none)");
		assert_non_null(strstr(arguments, notices[i].recipient));
		MUST(store_key(t.run.store, key, err));
		SAME_INT(name,
		    strstr(text, token_boundary(t.run.arena, key, 0, 0, 1, "notice")) !=
			NULL,
		    notices[i].html != NULL);
		SAME_INT(name, strstr(arguments, "planet+b-") != NULL,
		    notices[i].has_own_sender);
		SAME_INT(name, strstr(arguments, "planet@example.net") != NULL,
		    !notices[i].has_own_sender);
		flow_end(&t);
	}
}

/* A test of an issue is a notice with a name of its own, and counts for no issue. */
static void
a_test_of_an_issue_is_a_letter_of_its_own(void **state)
{
	const struct deliver_options all = { .issue_id = 0 };
	struct flow_test t;
	struct deliver_report r;
	struct issue issue;
	char path[300];

	(void)state;
	flow_begin(&t);
	(void)add_reader(t.run.store, "ann@x.example", READER_ACTIVE);
	issue = approved_issue(&t);
	MUST(db_exec(t.run.store,
	    arena_printf(t.run.arena,
		"INSERT INTO notice (id, kind, address, issue_id, variant_id, created,"
		" state, attempts) VALUES (7, %d, 'bo@x.example', %lld,"
		" (SELECT MIN(variant_id) FROM rendering), %lld, 0, 0)",
		NOTICE_TEST, (long long)issue.id, (long long)NOW),
	    err));
	MUST(flow_deliver(&t.run, &all, &r, err));
	SAME_INT("sent", r.sent, 1);
	SAME_INT("of no issue", r.issues[0].issue_id, 0);
	assert_true(file_exists(in_folder(t.folder, "out/2026-11-24-test-7.eml", path)));
	SAME_INT("to its reader", must_deliver(&t, NULL).sent, 1);
	assert_true(file_exists(in_folder(t.folder, "out/2026-11-24-1.eml", path)));
	flow_end(&t);
}

static void
a_letter_that_cannot_be_written_concerns_one_reader(void **state)
{
	struct flow_test t;
	struct issue issue;
	struct deliver_report r;

	(void)state;
	flow_begin(&t);
	(void)add_reader(t.run.store, "not an address", READER_ACTIVE);
	(void)add_reader(t.run.store, "b@x.example", READER_ACTIVE);
	issue = approved_issue(&t);
	r = must_deliver(&t, NULL);
	SAME_INT("sent", r.sent, 1);
	SAME_INT("refused", r.refused, 1);
	SAME_INT("state", state_of(&t, &issue), ISSUE_SENT);
	flow_end(&t);
}

static void
a_transport_that_cannot_work_leaves_the_letters(void **state)
{
	const struct deliver_options all = { .issue_id = 0 };
	struct flow_test t;
	struct issue issue;
	struct deliver_report r;
	int64_t by_state[DELIVERY_STATES];

	(void)state;
	flow_begin(&t);
	use_program(&t);
	for (int i = 0; i < 3; i++)
		(void)add_reader(t.run.store,
		    arena_printf(t.run.arena, "broken%d@x.example", i), READER_ACTIVE);
	issue = approved_issue(&t);
	SAME_INT("queued", must_queue(&t).queued, 3);
	MUST_FAIL(flow_deliver(&t.run, &all, &r, err), ERR_PERMANENT, "wrong options");
	SAME_INT("waiting", r.waiting, 3);
	count_states(&t, issue.id, by_state);
	SAME_INT("nothing is in the air", by_state[DELIVERY_SENDING], 0);
	SAME_INT("nothing is lost",
	    by_state[DELIVERY_QUEUED] + by_state[DELIVERY_DEFERRED], 3);
	flow_end(&t);
}

/* The third letter was put off before: it is to be put back when the second ends the send. */
static const struct {
	const char *name;
	const char *second; /* reader; at another one the run is interrupted */
	const char *check;  /* what the database takes */
	enum err_kind kind;
	const char *text;
} ends[] = {
	{ "all", "broken@x.example", "1", ERR_PERMANENT, "wrong options" },
	{ "not what was not handed out", "broken@x.example",
	    "reader_id <> 3 OR state <> 0", ERR_PERMANENT, "wrong options" },
	{ "that alone", "cy@x.example", "reader_id <> 3 OR state <> 0", ERR_BUG,
	    "CHECK constraint failed" },
	{ "no answers", "broken@x.example", "state <> 2", ERR_BUG,
	    "CHECK constraint failed" },
};

static void
answers_that_are_lost_are_the_worse_error(void **state)
{
	const struct deliver_options all = { .issue_id = 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		struct flow_test t;
		struct deliver_report r;
		struct err why = ERR_INIT;

		flow_begin(&t);
		use_program(&t);
		(void)add_reader(t.run.store, "ann@x.example", READER_ACTIVE);
		(void)add_reader(t.run.store, ends[i].second, READER_ACTIVE);
		(void)add_reader(t.run.store, "bo@x.example", READER_ACTIVE);
		(void)approved_issue(&t);
		SAME_INT("queued", must_queue(&t).queued, 3);
		MUST(db_exec(t.run.store,
		    arena_printf(t.run.arena,
			"UPDATE delivery SET state = 3, attempts = 1, next_try = 1"
			" WHERE reader_id = 3;"
			"ALTER TABLE delivery ADD COLUMN more INTEGER CHECK (%s)",
			ends[i].check),
		    err));
		t.interrupt = *ends[i].second != 'b';
		t.questions_left = 1;
		assert_false(flow_deliver(&t.run, &all, &r, &why));
		SAME_INT(ends[i].name, why.kind, ends[i].kind);
		if (!strstr(why.text, ends[i].text))
			fail_msg("%s: got %s, want %s", ends[i].name, why.text,
			    ends[i].text);
		flow_end(&t);
	}
}

static void
what_is_wrong_is_told_and_nothing_is_lost(void **state)
{
	const struct deliver_options all = { .issue_id = 0 };
	struct flow_test t;
	struct issue issue;
	struct deliver_report r;

	(void)state;
	flow_begin(&t);
	(void)add_reader(t.run.store, "a@x.example", READER_ACTIVE);
	issue = approved_issue(&t);
	SAME_INT("queued", must_queue(&t).queued, 1);
	t.settings.config.newsletter.from = "nobody";
	MUST_FAIL(flow_deliver(&t.run, &all, &r, err), ERR_CONFIG, "newsletter.from");
	SAME_INT("waiting", r.waiting, 1);
	SAME_INT("state", state_of(&t, &issue), ISSUE_SENDING);
	t.settings.config.newsletter.from = "planet@example.net";
	t.settings.config.transport.method = TRANSPORT_SMTP;
	t.settings.config.smtp.user = "planet";
	t.settings.config.smtp.password_file = "/nowhere/at/all";
	MUST_FAIL(flow_deliver(&t.run, &all, &r, err), ERR_CONFIG, "smtp.password_file");
	SAME_INT("waiting", r.waiting, 1);
	t.settings.config.transport.method = TRANSPORT_OUTBOX;
	SAME_INT("then it goes", must_deliver(&t, NULL).sent, 1);
	flow_end(&t);
}

static void
a_store_that_fails_ends_the_send(void **state)
{
	static const char *const tables[] = { "secret", "delivery", "reader", "issue",
		"rendering", "notice", "variant", "issue_entry" };
	const struct deliver_options all = { .issue_id = 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		struct flow_test t;
		struct deliver_report r;
		struct reader reader;
		char sql[100];

		flow_begin(&t);
		/* Another variant than the archive's: it is rendered as it is sent. */
		reader = make_reader("a@x.example", READER_ACTIVE);
		reader.variant.format = FORMAT_TEXT;
		MUST(store_reader_add(t.run.store, &reader, err));
		(void)approved_issue(&t);
		SAME_INT("queued", must_queue(&t).queued, 1);
		snprintf(sql, sizeof(sql), "ALTER TABLE %s RENAME TO gone", tables[i]);
		MUST(db_exec(t.run.store, sql, err));
		if (flow_deliver(&t.run, &all, &r, &(struct err){ 0 }))
			fail_msg("a send without %s", tables[i]);
		snprintf(sql, sizeof(sql), "ALTER TABLE gone RENAME TO %s", tables[i]);
		MUST(db_exec(t.run.store, sql, err));
		SAME_INT(tables[i], must_deliver(&t, NULL).sent, 1);
		flow_end(&t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_an_answer_means),
		cmocka_unit_test(a_letter_has_a_lifetime),
		cmocka_unit_test(pauses_that_are_none),
		cmocka_unit_test(every_reader_gets_one_letter),
		cmocka_unit_test(answers_are_written_down),
		cmocka_unit_test(a_limit_leaves_the_rest_for_the_next_run),
		cmocka_unit_test(an_interrupted_send_goes_on_where_it_stopped),
		cmocka_unit_test(what_a_crash_left_is_unknown_and_not_sent_again),
		cmocka_unit_test(notices_go_by_night_and_letters_by_day),
		cmocka_unit_test(a_send_ends_when_the_night_begins),
		cmocka_unit_test(a_trial_delivers_from_its_copy_alone),
		cmocka_unit_test(an_issue_that_nobody_accepted_is_not_sent),
		cmocka_unit_test(who_had_an_issue_before_makes_it_sent),
		cmocka_unit_test(
		    a_notice_is_dated_when_it_was_written_and_speaks_its_language),
		cmocka_unit_test(a_test_of_an_issue_is_a_letter_of_its_own),
		cmocka_unit_test(a_letter_that_cannot_be_written_concerns_one_reader),
		cmocka_unit_test(a_transport_that_cannot_work_leaves_the_letters),
		cmocka_unit_test(answers_that_are_lost_are_the_worse_error),
		cmocka_unit_test(what_is_wrong_is_told_and_nothing_is_lost),
		cmocka_unit_test(a_store_that_fails_ends_the_send),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
