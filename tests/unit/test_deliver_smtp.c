/* SPDX-License-Identifier: ISC */
/* The letters of an issue through a mail server: what it is given, and what its answers mean. */
#include "unit/smtp_fixture.h"

#include "unit/cmd_fixture.h"
#include "unit/issue_fixture.h"
#include "unit/scratch.h"

#include "flow/deliver.h"
#include "flow/hour_counts.h"
#include "store/notes.h"

/* Letters go to the server, which does as those modes say; what it takes is in t->folder/mail. */
static void
begin(struct flow_test *t, const char *modes)
{
	struct config *c = &t->settings.config;
	char path[300];
	char text[600];

	flow_begin(t);
	assert_int_equal(mkdir(in_folder(t->folder, "mail", path), 0700), 0);
	(void)snprintf(text, sizeof(text), "%s\n%s%s", path, modes, *modes ? "\n" : "");
	MUST(file_write(control, text, strlen(text), 0600, err));
	c->transport.method = TRANSPORT_SMTP;
	c->smtp.host = "localhost";
	c->smtp.port = server_port;
	c->smtp.security = SECURITY_NONE;
	c->smtp.connections = 1;
}

static const char *
read_text(struct flow_test *t, const char *name)
{
	struct buf b = BUF_INIT(1 << 20);
	char path[300];
	const char *text = NULL;

	MUST(file_read(in_folder(t->folder, name, path), &b, err));
	text = arena_strdup(t->run.arena, buf_text(&b));
	buf_clear(&b);
	return text;
}

static int64_t
number(struct flow_test *t, const char *query)
{
	int64_t n = 0;

	MUST(db_number(t->run.store, query, &n, err));
	return n;
}

/* A draft that is frozen, with a letter for each of the readers. */
static struct issue
queue_for(struct flow_test *t, const char *const *addresses, size_t count)
{
	struct issue issue;

	for (size_t i = 0; i < count; i++)
		(void)add_reader(t->run.store, addresses[i], READER_ACTIVE);
	issue = approved_issue(t);
	SAME_INT("queued", must_queue(t).queued, count);
	return issue;
}

/* "sent 2, deferred 0, ..." */
static const char *
outcome_text(struct flow_test *t, const struct issue_outcome *o)
{
	return arena_printf(t->run.arena,
	    "%s: sent %lld, deferred %lld, refused %lld, unknown %lld, earlier %lld",
	    o->name, (long long)o->sent, (long long)o->deferred, (long long)o->refused,
	    (long long)o->unknown, (long long)o->earlier);
}

/* ---- what it is given ---------------------------------------------------------------- */

static const char *const two_and_one[] = { "ann@x.example", "gone@x.example",
	"bo@x.example" };
static const struct deliver_options all = { .issue_id = 0 };

static void
a_letter_in_pieces_is_the_letter(void **state)
{
	const char *whole[2];
	struct flow_test t;
	struct deliver_report r;
	int64_t by_state[DELIVERY_STATES];
	struct issue issue;

	(void)state;
	begin(&t, "");
	issue = queue_for(&t, two_and_one, 3);
	t.settings.config.transport.method = TRANSPORT_OUTBOX;
	MUST(flow_deliver(&t.run, &all, &r, err));
	SAME_INT("as files", r.sent, 3);
	whole[0] = read_text(&t, "out/2026-11-24-1.eml");
	whole[1] = read_text(&t, "out/2026-11-24-3.eml");
	MUST(db_exec(t.run.store,
	    "UPDATE issue SET state = 2, sent = NULL; UPDATE delivery SET state = 0,"
	    " attempts = 0, settled = NULL",
	    err));
	t.settings.config.transport.method = TRANSPORT_SMTP;
	MUST(flow_deliver(&t.run, &all, &r, err));
	SAME_TEXT("first", read_text(&t, "mail/1.eml"), whole[0]);
	SAME_TEXT("second", read_text(&t, "mail/2.eml"), whole[1]);
	SAME_INT("issues", r.issue_count, 1);
	SAME_TEXT("outcome", outcome_text(&t, &r.issues[0]),
	    "2026-11-24: sent 2, deferred 0, refused 1, unknown 0, earlier 0");
	SAME_INT("sent", r.sent, 2);
	SAME_INT("refused", r.refused, 1);
	SAME_INT("waiting", r.waiting, 0);
	count_states(&t, issue.id, by_state);
	SAME_INT("sent", by_state[DELIVERY_SENT], 2);
	SAME_INT("refused", by_state[DELIVERY_REFUSED], 1);
	SAME_INT("the mailbox that is not there",
	    number(&t, "SELECT state FROM reader WHERE address = 'gone@x.example'"),
	    READER_BOUNCED);
	flow_end(&t);
}

/* RFC 8410 10.3. */
static const char key_file[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
    "-----END PRIVATE KEY-----\n";

static void
a_letter_is_signed_where_there_is_a_key(void **state)
{
	static const char *const one[] = { "ann@x.example" };
	struct flow_test t;
	struct deliver_report r;
	const char *text = NULL;

	(void)state;
	begin(&t, "");
	t.settings.config.smtp.dkim_key_file = flow_write(&t, "key", key_file);
	t.settings.config.smtp.dkim_selector = "s2026";
	(void)queue_for(&t, one, 1);
	MUST(flow_deliver(&t.run, &all, &r, err));
	text = read_text(&t, "mail/1.eml");
	if (strncmp(text, "DKIM-Signature: ", 16) != 0 || !strstr(text, "s=s2026"))
		fail_msg("it begins with %.80s", text);
	flow_end(&t);
}

static void
a_key_that_is_none_sends_nothing(void **state)
{
	static const char *const one[] = { "ann@x.example" };
	struct flow_test t;
	struct deliver_report r;

	(void)state;
	begin(&t, "");
	t.settings.config.smtp.dkim_key_file = flow_write(&t, "key", "none");
	t.settings.config.smtp.dkim_selector = "s2026";
	(void)queue_for(&t, one, 1);
	MUST_FAIL(flow_deliver(&t.run, &all, &r, err), ERR_CONFIG, "smtp.dkim_key_file");
	SAME_INT("waiting", r.waiting, 1);
	SAME_INT("no answer", r.issue_count, 0);
	flow_end(&t);
}

static void
what_a_server_was_given_is_known_to_the_next_run(void **state)
{
	struct flow_test t;
	struct deliver_report r;
	struct full_hour *full = NULL;
	const char *note = NULL;
	size_t count = 0;

	(void)state;
	begin(&t, "");
	t.settings.config.smtp.per_hour = 10;
	(void)queue_for(&t, two_and_one, 3);
	MUST(store_note_set(t.run.store, "sent.hour", "smtp\t29924999:1 \n", err));
	MUST(flow_deliver(&t.run, &all, &r, err));
	SAME_INT("sent", r.sent, 2);
	MUST(store_note_get(t.run.store, t.run.arena, "sent.hour", &note, err));
	SAME_TEXT("one before, and three, though it did not take one", note,
	    "smtp\t29924999:1 29925000:3 \n");
	t.settings.config.smtp.per_hour = 4;
	MUST(hour_counts_full(&t.run, &full, &count, err));
	SAME_INT("full", count, 1);
	SAME_TEXT("name", full[0].name, "smtp");
	SAME_INT("most", full[0].per_hour, 4);
	SAME_INT("until an hour after that minute", full[0].until,
	    (29924999 + 61) * (int64_t)60);
	t.settings.config.smtp.per_hour = 5;
	MUST(hour_counts_full(&t.run, &full, &count, err));
	SAME_INT("one more would go", count, 0);
	flow_end(&t);
}

/* ---- what its answers mean ----------------------------------------------------------- */

static const char *const nobody[] = { "gone@x.example" };

static void
a_refusal_is_no_readers_before_a_letter_was_accepted(void **state)
{
	struct flow_test t;
	struct deliver_report r;
	struct issue issue;
	int64_t by_state[DELIVERY_STATES];

	(void)state;
	begin(&t, "");
	issue = queue_for(&t, nobody, 1);
	MUST_FAIL(flow_deliver(&t.run, &all, &r, err), ERR_HUMAN,
	    "the mail server refuses our letters: 1 of them wait as before");
	SAME_INT("refused", r.refused, 0);
	SAME_INT("waiting", r.waiting, 1);
	count_states(&t, issue.id, by_state);
	SAME_INT("as before", by_state[DELIVERY_QUEUED], 1);
	SAME_INT("issue", number(&t, "SELECT state FROM issue"), ISSUE_SENDING);
	SAME_INT("reader", number(&t, "SELECT state FROM reader"), READER_ACTIVE);
	flow_end(&t);
}

static void
it_is_when_an_earlier_run_brought_letters_of_the_issue(void **state)
{
	static const char *const readers[] = { "ann@x.example", "gone@x.example" };
	const struct deliver_options one = { .limit = 1 };
	struct flow_test t;
	struct deliver_report r;
	struct issue issue;
	int64_t by_state[DELIVERY_STATES];

	(void)state;
	begin(&t, "");
	issue = queue_for(&t, readers, 2);
	MUST(flow_deliver(&t.run, &one, &r, err));
	SAME_INT("sent", r.sent, 1);
	SAME_INT("waiting", r.waiting, 1);
	MUST_FAIL(flow_deliver(&t.run, &all, &r, err), ERR_HUMAN,
	    "nobody got a letter: all were refused (1)");
	SAME_INT("issues", r.issue_count, 1);
	SAME_TEXT("outcome", outcome_text(&t, &r.issues[0]),
	    "2026-11-24: sent 0, deferred 0, refused 1, unknown 0, earlier 1");
	SAME_INT("waiting", r.waiting, 0);
	count_states(&t, issue.id, by_state);
	SAME_INT("refused", by_state[DELIVERY_REFUSED], 1);
	SAME_INT("somebody has it", number(&t, "SELECT state FROM issue"), ISSUE_SENT);
	SAME_INT("reader", number(&t, "SELECT state FROM reader WHERE id = 2"),
	    READER_BOUNCED);
	flow_end(&t);
}

/* The server takes the last one, and is gone before it says so: it may have arrived. */
static void
a_letter_whose_answer_is_lost_is_unknown(void **state)
{
	static const char *const readers[] = { "ann@x.example", "bo@x.example",
		"cy@x.example" };
	struct flow_test t;
	struct deliver_report r;
	struct issue issue;
	int64_t by_state[DELIVERY_STATES];

	(void)state;
	begin(&t, "lose=3");
	issue = queue_for(&t, readers, 3);
	MUST(flow_deliver(&t.run, &all, &r, err));
	SAME_TEXT("outcome", outcome_text(&t, &r.issues[0]),
	    "2026-11-24: sent 2, deferred 0, refused 0, unknown 1, earlier 0");
	SAME_INT("unknown", r.unknown, 1);
	SAME_INT("sent", r.sent, 2);
	SAME_INT("waiting", r.waiting, 0);
	SAME_INT("of an earlier run", r.recovered, 0);
	count_states(&t, issue.id, by_state);
	SAME_INT("unknown", by_state[DELIVERY_UNKNOWN], 1);
	MUST(flow_deliver(&t.run, &all, &r, err));
	SAME_INT("it is not sent again", r.sent, 0);
	flow_end(&t);
}

/* Fifty answers are held back: the fate of the first is told with the 51st. */
static void
a_refusal_that_was_held_back_is_counted_once(void **state)
{
	const char *readers[56] = { "gone@x.example" };
	struct flow_test t;
	struct deliver_report r;
	struct issue issue;
	int64_t by_state[DELIVERY_STATES];

	(void)state;
	begin(&t, "");
	for (size_t i = 1; i < ARRAY_LEN(readers); i++)
		readers[i] = arena_printf(t.run.arena, "r%zu@x.example", i);
	issue = queue_for(&t, readers, ARRAY_LEN(readers));
	MUST(flow_deliver(&t.run, &all, &r, err));
	SAME_TEXT("outcome", outcome_text(&t, &r.issues[0]),
	    "2026-11-24: sent 55, deferred 0, refused 1, unknown 0, earlier 0");
	SAME_INT("sent", r.sent, 55);
	SAME_INT("refused", r.refused, 1);
	SAME_INT("deferred", r.deferred, 0);
	count_states(&t, issue.id, by_state);
	SAME_INT("sent", by_state[DELIVERY_SENT], 55);
	SAME_INT("refused", by_state[DELIVERY_REFUSED], 1);
	flow_end(&t);
}

static const struct {
	const char *name, *modes;
	const char *says;
} waiting[] = {
	{ "what a receiver thinks of us", "once=rcpt 450 4.7.30 no DKIM",
	    "warn send: 1 letter waits for what a receiver thinks of us: letters need a "
	    "DKIM signature that verifies: let the mail server sign, or set "
	    "smtp.dkim_key_file (planetpost dkim key)\n" },
	{ "a mailbox's own", "once=rcpt 450 4.2.2 mailbox full", "" },
};

static void
what_a_receiver_thinks_of_us_is_told(void **state)
{
	struct buf out = BUF_INIT(SAID_MAX);
	struct buf said = BUF_INIT(SAID_MAX);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(waiting); i++) {
		struct flow_test t;
		struct deliver_report r;
		struct capture c;

		begin(&t, waiting[i].modes);
		(void)queue_for(&t, two_and_one, 3);
		capture_begin(&c, t.folder, NULL);
		MUST(flow_deliver(&t.run, &all, &r, err));
		capture_end(&c, &out, &said);
		SAME_TEXT(waiting[i].name, buf_text(&said), waiting[i].says);
		SAME_INT(waiting[i].name, r.deferred, 1);
		SAME_INT(waiting[i].name, r.waiting, 1);
		SAME_INT(waiting[i].name, r.sent, 1);
		SAME_INT("its time",
		    number(&t, "SELECT MAX(next_try) FROM delivery") > NOW, 1);
		flow_end(&t);
	}
	buf_clear(&out);
	buf_clear(&said);
}

/* ---- where the server is ------------------------------------------------------------- */

static int
server_setup(void **state)
{
	(void)state;
	if (!scratch_folder(shared, sizeof(shared)))
		return -1;
	(void)snprintf(control, sizeof(control), "%s/control", shared);
	return start_server() ? 0 : -1;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_letter_in_pieces_is_the_letter),
		cmocka_unit_test(a_letter_is_signed_where_there_is_a_key),
		cmocka_unit_test(a_key_that_is_none_sends_nothing),
		cmocka_unit_test(what_a_server_was_given_is_known_to_the_next_run),
		cmocka_unit_test(a_refusal_is_no_readers_before_a_letter_was_accepted),
		cmocka_unit_test(it_is_when_an_earlier_run_brought_letters_of_the_issue),
		cmocka_unit_test(a_letter_whose_answer_is_lost_is_unknown),
		cmocka_unit_test(a_refusal_that_was_held_back_is_counted_once),
		cmocka_unit_test(what_a_receiver_thinks_of_us_is_told),
	};

	return cmocka_run_group_tests(tests, server_setup, group_teardown);
}
