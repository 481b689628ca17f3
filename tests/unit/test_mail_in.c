/* SPDX-License-Identifier: ISC */
/* What is done for mail that comes in, and above all what is not. */
#include "unit/flow_fixture.h"

#include "base/limits.h"
#include "flow/mail_commands.h"
#include "flow/mail_in.h"
#include "flow/reader_moves.h"
#include "list/token.h"
#include "store/notes.h"
#include "store/notices.h"

enum { DAY = 86400 };

static void
begin(struct flow_test *t)
{
	flow_begin(t);
	t->settings.config.list.command_address = "planet@example.net";
}

/* A message somebody wrote, to one address. */
static struct incoming
written(const char *const *to, const char *from, const char *subject)
{
	return (struct incoming){ .kind = INCOMING_COMMAND,
		.to = to,
		.to_count = 1,
		.from = from,
		.reply_to = "",
		.return_path = "",
		.message_id = "",
		.list_id = "",
		.loop = "",
		.subject = subject,
		.words = "",
		.original = { "", "", "", "" } };
}

static struct mail_result
arrives(struct flow_test *t, const struct incoming *m)
{
	struct mail_result r;

	MUST(flow_mail_in(&t->run, m, &r, err));
	return r;
}

static struct mail_result
arrives_at(struct flow_test *t, const char *to, const char *from, const char *subject)
{
	const char *const list[] = { to };
	const struct incoming m = written(list, from, subject);

	return arrives(t, &m);
}

static int64_t
notices(struct flow_test *t)
{
	int64_t count = 0;

	MUST(db_number(t->run.store, "SELECT COUNT(*) FROM notice", &count, err));
	return count;
}

static struct notice
last_notice(struct flow_test *t)
{
	struct notice n;
	int64_t id = 0;

	memset(&n, 0, sizeof(n));
	MUST(db_number(t->run.store, "SELECT MAX(id) FROM notice", &id, err));
	MUST(store_notice_get(t->run.store, t->run.arena, id, &n, err));
	return n;
}

static struct reader
reader_at(struct flow_test *t, const char *address)
{
	struct reader r;
	bool found = false;

	MUST(store_reader_find(t->run.store, t->run.arena, address, &r, &found, err));
	if (!found)
		fail_msg("%s: nobody", address);
	return r;
}

static bool
is_known(struct flow_test *t, const char *address)
{
	struct reader r;
	bool found = false;

	MUST(store_reader_find(t->run.store, t->run.arena, address, &r, &found, err));
	return found;
}

static const char *
token_of(struct flow_test *t, int64_t reader, enum token_scope scope)
{
	const struct token token = { .scope = scope, .reader = reader, .made = NOW };
	unsigned char key[HASH_SIZE];
	char text[TOKEN_SIZE];

	MUST(store_key(t->run.store, key, err));
	token_make(key, &token, text);
	return arena_strdup(t->run.arena, text);
}

static const char *
tagged(struct flow_test *t, const char *word, const char *token)
{
	return arena_printf(t->run.arena, "Planet+%s-%s@EXAMPLE.net", word, token);
}

/* ---- which command it is ---- */

static const struct {
	const char *to, *subject, *words;
	enum mail_command command;
	bool unknown_tag;
} orders[] = {
	{ "planet+subscribe@example.net", "", "", MAIL_SUBSCRIBE, false },
	{ "PLANET+Subscribe@Example.NET", "", "", MAIL_SUBSCRIBE, false },
	{ "planet+hold@example.net", "unsubscribe", "", MAIL_HOLD, false },
	{ "planet@example.net", "subscribe", "", MAIL_SUBSCRIBE, false },
	{ "planet@example.net", "Unsubscribe, please", "", MAIL_UNSUBSCRIBE, false },
	{ "planet@example.net", "hello", "weekly", MAIL_WEEKLY, false },
	{ "planet@example.net", "", "  help  ", MAIL_HELP, false },
	{ "planet@example.net", "hello", "how are you", MAIL_COMMANDS, false },
	{ "planet@example.net", "Re: subscribe", "", MAIL_COMMANDS, false },
	{ "planet@example.net", "Re: unsubscribe", "", MAIL_UNSUBSCRIBE, false },
	{ "planet@example.net", "RE:Unsubscribe!", "hello", MAIL_UNSUBSCRIBE, false },
	{ "planet@example.net", "AW: Re: Bitte abmelden", "", MAIL_UNSUBSCRIBE, false },
	{ "planet@example.net", "Re: please unsubscribe me", "", MAIL_UNSUBSCRIBE,
	    false },
	{ "planet@example.net", "Re: Planet X, 24 November", "unsubscribe",
	    MAIL_UNSUBSCRIBE, false },
	{ "planet@example.net", "Re: unsubscribe link", "", MAIL_COMMANDS, false },
	{ "planet@example.net", "Re: hold", "", MAIL_COMMANDS, false },
	{ "planet@example.net", "Re: pause", "", MAIL_COMMANDS, false },
	{ "planet@example.net", "Re: ", "", MAIL_COMMANDS, false },
	{ "planet@example.net", "Re:", "weekly", MAIL_WEEKLY, false },
	{ "planet@example.net", "reunsubscribe", "", MAIL_COMMANDS, false },
	{ "planet@example.net", "subscribers", "", MAIL_COMMANDS, false },
	{ "planet@example.net", "confirm", "", MAIL_COMMANDS, false },
	{ "planet@example.net", "never again", "", MAIL_COMMANDS, false },
	{ "planet+confirm@example.net", "", "", MAIL_COMMANDS, false },
	{ "planet+nonsense@example.net", "subscribe", "", MAIL_COMMANDS, true },
	{ "planet-subscribe@example.net", "", "", MAIL_SUBSCRIBE, false },
	{ "planet=weekly@example.net", "", "", MAIL_WEEKLY, false },
	{ "planet-fan@example.net", "", "", MAIL_COMMANDS, false },
	{ "planet_hold@example.net", "", "", MAIL_COMMANDS, false },
	{ "planet@example.net", "ABMELDEN", "", MAIL_UNSUBSCRIBE, false },
	{ "planet@example.net", "Re: Planet", "Bitte abmelden!", MAIL_UNSUBSCRIBE,
	    false },
	{ "planet@example.net", "D\xC3\xA9sabonnement", "", MAIL_UNSUBSCRIBE, false },
	{ "planet@example.net",
	    "w\xC3\xB6"
	    "chentlich",
	    "", MAIL_WEEKLY, false },
	{ "planet@example.net", "aide", "", MAIL_HELP, false },
	{ "planet@example.net", "Stop.", "", MAIL_UNSUBSCRIBE, false },
	{ "planet@example.net", "Stop by on Monday", "", MAIL_COMMANDS, false },
	{ "planet@example.net", "please unsubscribe me", "", MAIL_UNSUBSCRIBE, false },
	{ "planetx+subscribe@example.net", "", "", MAIL_COMMANDS, false },
	{ "planet+subscribe@other.example", "", "", MAIL_COMMANDS, false },
	{ "planet+subscribe", "", "", MAIL_COMMANDS, false },
	{ "@example.net", "", "", MAIL_COMMANDS, false },
	{ "", "", "", MAIL_COMMANDS, false },
};

static void
a_command_is_found_where_it_may_stand(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(orders); i++) {
		const char *const to[] = { orders[i].to };
		struct incoming m = written(to, "a@x.example", orders[i].subject);
		struct mail_order o;

		m.words = orders[i].words;
		o = mail_order_of(a, "planet@example.net", &m);
		SAME_INT(orders[i].to, o.command, orders[i].command);
		SAME_INT(orders[i].to, o.has_unknown_tag, orders[i].unknown_tag);
	}
	arena_free(a);
}

static void
what_the_server_wrote_counts_before_what_the_writer_wrote(void **state)
{
	static const char *const envelope[] = { "planet+weekly@example.net" };
	static const char *const to[] = { "planet+hold@example.net" };
	struct incoming m = written(to, "a@x.example", "subscribe");
	struct arena *a = arena_new();

	(void)state;
	m.envelope_to = envelope;
	m.envelope_to_count = 1;
	SAME_INT("command", mail_order_of(a, "planet@example.net", &m).command,
	    MAIL_WEEKLY);
	arena_free(a);
}

/* ---- who gets no answer ---- */

static void
no_program_is_answered(void **state)
{
	static const char *const to[] = { "planet+subscribe@example.net" };
	struct incoming cases[12];
	static const char *const names[12] = { "our list", "from us",
		"from us with a plus", "a loop", "automatic", "null sender", "a list",
		"bulk", "a robot", "spam", "forged", "no address" };
	struct flow_test t;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		cases[i] = written(to, "ann@x.example", "");
	cases[0].list_id = "planet-x.example.net";
	cases[1].from = "planet@example.net";
	cases[2].from = "Planet+b-abc@Example.net";
	cases[3].received_count = LIMIT_INCOMING_HOPS + 1;
	cases[4].is_auto = true;
	cases[5].has_null_sender = true;
	cases[6].is_list = true;
	cases[7].is_bulk = true;
	cases[8].from_robot = true;
	cases[9].is_marked_spam = true;
	cases[10].return_path = "evil@elsewhere.example";
	cases[11].from = "not an address";
	begin(&t);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		SAME_INT(names[i], arrives(&t, &cases[i]).outcome, MAIL_NOTHING);
		SAME_INT(names[i], notices(&t), 0);
	}
	cases[10].return_path = "bounce+ann@mail.x.example";
	SAME_INT("a sender within the domain", arrives(&t, &cases[10]).outcome,
	    MAIL_ANSWERED);
	SAME_INT("is answered", notices(&t), 1);
	flow_end(&t);
}

static void
nobody_moves_by_from_alone(void **state)
{
	static const char *const words[] = { "subscribe", "unsubscribe", "hold", "weekly",
		"daily", "help" };
	struct flow_test t;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		struct reader r;

		begin(&t);
		(void)add_reader(t.run.store, "ann@x.example", READER_ACTIVE);
		SAME_INT(words[i],
		    arrives_at(&t,
			arena_printf(t.run.arena, "planet+%s@example.net", words[i]),
			"ann@x.example", "")
			.outcome,
		    MAIL_ANSWERED);
		r = reader_at(&t, "ann@x.example");
		SAME_INT(words[i], r.state, READER_ACTIVE);
		SAME_INT(words[i], r.cadence.rhythm, RHYTHM_EACH);
		SAME_INT(words[i], notices(&t), 1);
		SAME_INT(words[i], last_notice(&t).kind,
		    i == 0       ? NOTICE_KNOWN
			: i == 5 ? NOTICE_HELP
				 : NOTICE_REQUEST);
		flow_end(&t);
	}
}

static void
one_sender_is_answered_once_an_hour(void **state)
{
	struct flow_test t;

	(void)state;
	begin(&t);
	for (int minute = 0; minute <= 120; minute += 10) {
		t.run.now = NOW + minute * 60;
		(void)arrives_at(&t, "planet+help@example.net", "ann@x.example", "");
	}
	SAME_INT("letters in two hours", notices(&t), 3);
	(void)arrives_at(&t, "planet+help@example.net", "bob@x.example", "");
	SAME_INT("another sender", notices(&t), 4);
	flow_end(&t);
}

/* However many are forged, what is mailed stays within limits.asks_total. */
static void
a_flood_of_forged_mail_mails_sixty_an_hour(void **state)
{
	static const char *const words[] = { "subscribe", "unsubscribe", "hold", "help" };
	struct flow_test t;
	int64_t readers = -1;

	(void)state;
	begin(&t);
	(void)add_reader(t.run.store, "r1@x.example", READER_ACTIVE);
	for (int i = 0; i < 1000; i++) {
		struct mail_result r = arrives_at(&t,
		    arena_printf(t.run.arena, "planet+%s@example.net", words[i % 4]),
		    arena_printf(t.run.arena, "r%d@x.example", i / 2), "");

		assert_true(r.outcome != MAIL_DONE);
	}
	SAME_INT("letters", notices(&t), 60);
	MUST(db_number(t.run.store, "SELECT COUNT(*) FROM reader WHERE state = 1",
	    &readers, err));
	SAME_INT("readers", readers, 1);
	flow_end(&t);
}

/* ---- with a token ---- */

static void
joining_by_mail_needs_the_reply(void **state)
{
	struct flow_test t;
	struct notice n;
	struct reader r;

	(void)state;
	begin(&t);
	SAME_INT("asked",
	    arrives_at(&t, "planet+subscribe@example.net", "ann@x.example", "").outcome,
	    MAIL_ANSWERED);
	SAME_INT("pending", reader_at(&t, "ann@x.example").state, READER_PENDING);
	n = last_notice(&t);
	SAME_INT("kind", n.kind, NOTICE_CONFIRMATION);
	SAME_TEXT("no code to type", n.subject, "One step left: Planet X");
	SAME_INT("replied",
	    arrives_at(&t, n.reply_to, "ann@other.example", "Re: One step left").outcome,
	    MAIL_DONE);
	r = reader_at(&t, "ann@x.example");
	SAME_INT("active", r.state, READER_ACTIVE);
	SAME_INT("who replied is nobody", is_known(&t, "ann@other.example"), 0);
	SAME_INT("welcome", last_notice(&t).kind, NOTICE_WELCOME);
	SAME_INT("again", arrives_at(&t, n.reply_to, "ann@x.example", "").outcome,
	    MAIL_NOTHING);
	flow_end(&t);
}

/* A vacation that answers the confirmation subscribes nobody. */
static void
an_automatic_reply_confirms_nothing(void **state)
{
	struct flow_test t;

	(void)state;
	begin(&t);
	(void)arrives_at(&t, "planet+subscribe@example.net", "ann@x.example", "");
	const char *const to[] = { last_notice(&t).reply_to };
	struct incoming m = written(to, "ann@x.example", "Re: I am away");

	m.is_auto = true;
	SAME_INT("outcome", arrives(&t, &m).outcome, MAIL_NOTHING);
	SAME_INT("pending", reader_at(&t, "ann@x.example").state, READER_PENDING);
	flow_end(&t);
}

static void
a_token_in_the_address_or_the_subject_leaves_at_once(void **state)
{
	struct flow_test t;
	struct incoming_token token = { PLACE_SUBJECT, NULL, "leave-" };
	static const char *const to[] = { "planet+unsubscribe@example.net" };
	struct incoming m = written(to, "anybody@x.example", "leave-...");
	int64_t id = 0;

	(void)state;
	begin(&t);
	id = add_reader(t.run.store, "ann@x.example", READER_ACTIVE);
	SAME_INT("address",
	    arrives_at(&t, tagged(&t, "unsubscribe", token_of(&t, id, TOKEN_LEAVE)),
		"anybody@x.example", "")
		.outcome,
	    MAIL_DONE);
	SAME_INT("left", reader_at(&t, "ann@x.example").state, READER_LEFT);
	id = add_reader(t.run.store, "bob@x.example", READER_HOLD);
	token.text = token_of(&t, id, TOKEN_LEAVE);
	m.tokens = &token;
	m.token_count = 1;
	m.is_auto = true;
	SAME_INT("subject, by a mail program", arrives(&t, &m).outcome, MAIL_DONE);
	SAME_INT("left", reader_at(&t, "bob@x.example").state, READER_LEFT);
	flow_end(&t);
}

/* Elsewhere, or behind another word, it is quoted, and means nothing. */
static void
a_token_elsewhere_is_no_order(void **state)
{
	static const struct {
		const char *name;
		enum token_place place;
		const char *before;
	} cases[] = {
		{ "in the text", PLACE_BODY, "leave-" },
		{ "behind another word", PLACE_SUBJECT, "left-" },
		{ "behind none", PLACE_SUBJECT, "" },
	};
	static const char *const to[] = { "planet@example.net" };
	struct flow_test t;

	(void)state;
	begin(&t);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct incoming m = written(to, "anybody@x.example", "leave-...");
		struct incoming_token token = { cases[i].place, NULL, cases[i].before };
		const char *address = arena_printf(t.run.arena, "r%zu@x.example", i);
		const int64_t id = add_reader(t.run.store, address, READER_ACTIVE);

		token.text = token_of(&t, id, TOKEN_LEAVE);
		m.tokens = &token;
		m.token_count = 1;
		(void)arrives(&t, &m);
		SAME_INT(cases[i].name, reader_at(&t, address).state, READER_ACTIVE);
	}
	flow_end(&t);
}

static void
a_reply_to_the_question_does_it(void **state)
{
	struct flow_test t;
	struct reader r;

	(void)state;
	begin(&t);
	(void)add_reader(t.run.store, "ann@x.example", READER_ACTIVE);
	(void)arrives_at(&t, "planet+weekly@example.net", "ann@x.example", "");
	SAME_INT("weekly",
	    arrives_at(&t, last_notice(&t).reply_to, "ann@x.example", "Re: Was it you?")
		.outcome,
	    MAIL_DONE);
	SAME_INT("rhythm", reader_at(&t, "ann@x.example").cadence.rhythm, RHYTHM_WEEKLY);
	SAME_INT("told", last_notice(&t).kind, NOTICE_DONE);
	t.run.now += 3600;
	(void)arrives_at(&t, "planet+hold@example.net", "ann@x.example", "");
	SAME_INT("hold",
	    arrives_at(&t, last_notice(&t).reply_to, "ann@x.example", "").outcome,
	    MAIL_DONE);
	r = reader_at(&t, "ann@x.example");
	SAME_INT("state", r.state, READER_HOLD);
	SAME_INT("until", r.hold_until, NOW + 3600 + 30 * DAY);
	t.run.now += 3600;
	(void)arrives_at(&t, "planet+unsubscribe@example.net", "ann@x.example", "");
	SAME_INT("leave",
	    arrives_at(&t, last_notice(&t).reply_to, "ann@x.example", "").outcome,
	    MAIL_DONE);
	SAME_INT("state", reader_at(&t, "ann@x.example").state, READER_LEFT);
	SAME_INT("goodbye", last_notice(&t).kind, NOTICE_GOODBYE);
	flow_end(&t);
}

/* Each word with the token of each other scope, of another reader, of nobody. */
static void
a_token_has_one_power(void **state)
{
	static const struct {
		const char *word;
		enum token_scope right;
	} words[] = { { "confirm", TOKEN_CONFIRM }, { "never", TOKEN_CONFIRM },
		{ "unsubscribe", TOKEN_LEAVE }, { "hold", TOKEN_PREFERENCES },
		{ "weekly", TOKEN_PREFERENCES }, { "daily", TOKEN_PREFERENCES } };
	struct flow_test t;

	(void)state;
	begin(&t);
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		const char *name =
		    arena_printf(t.run.arena, "%s@x.example", words[i].word);
		const int64_t id = add_reader(t.run.store, name, READER_ACTIVE);

		for (enum token_scope s = TOKEN_LEAVE; s <= TOKEN_BOUNCE; s++) {
			if (s == words[i].right)
				continue;
			SAME_INT(words[i].word,
			    arrives_at(&t, tagged(&t, words[i].word, token_of(&t, id, s)),
				name, "")
				.outcome,
			    MAIL_NOTHING);
		}
		SAME_INT(words[i].word,
		    arrives_at(&t, tagged(&t, words[i].word, "aaaaaaaa"), name, "")
			.outcome,
		    MAIL_NOTHING);
		SAME_INT(words[i].word, reader_at(&t, name).state, READER_ACTIVE);
		SAME_INT(words[i].word, reader_at(&t, name).cadence.rhythm, RHYTHM_EACH);
	}
	SAME_INT("letters", notices(&t), 0);
	flow_end(&t);
}

static void
never_again_is_heard_by_mail(void **state)
{
	struct flow_test t;
	int64_t id = 0;

	(void)state;
	begin(&t);
	(void)arrives_at(&t, "planet+subscribe@example.net", "ann@x.example", "");
	id = reader_at(&t, "ann@x.example").id;
	SAME_INT("outcome",
	    arrives_at(&t, tagged(&t, "never", token_of(&t, id, TOKEN_CONFIRM)),
		"ann@x.example", "")
		.outcome,
	    MAIL_DONE);
	SAME_INT("forgotten", is_known(&t, "ann@x.example"), 0);
	t.run.now = NOW + 40 * DAY;
	(void)arrives_at(&t, "planet+subscribe@example.net", "ann@x.example", "");
	SAME_INT("one letter in all", notices(&t), 1);
	flow_end(&t);
}

/* ---- what is told to mail servers, and counted ---- */

static void
each_outcome_is_counted(void **state)
{
	struct flow_test t;
	int64_t counts[MAIL_NO_COMMANDS + 1];
	static const char *const to[] = { "planet@example.net" };
	struct incoming odd = written(to, "ann@x.example", "");

	(void)state;
	begin(&t);
	odd.kind = INCOMING_NOTHING;
	odd.why = WHY_NOT_UNDERSTOOD;
	SAME_INT("odd", arrives(&t, &odd).outcome, MAIL_NOT_UNDERSTOOD);
	SAME_INT("chat",
	    arrives_at(&t, "planet@example.net", "ann@x.example", "hello").outcome,
	    MAIL_NOT_UNDERSTOOD);
	SAME_INT("no user",
	    arrives_at(&t, "planet+zzz@example.net", "ann@x.example", "").outcome,
	    MAIL_NO_USER);
	SAME_INT("bounce address",
	    arrives_at(&t, "planet+b-abc@example.net", "ann@x.example", "help").outcome,
	    MAIL_NOTHING);
	t.settings.config.list.command_address = "";
	SAME_INT("no commands",
	    arrives_at(&t, "planet+help@example.net", "ann@x.example", "").outcome,
	    MAIL_NO_COMMANDS);
	MUST(flow_mail_counts(&t.run, counts, err));
	SAME_INT("not understood", counts[MAIL_NOT_UNDERSTOOD], 2);
	SAME_INT("no user", counts[MAIL_NO_USER], 1);
	SAME_INT("nothing", counts[MAIL_NOTHING], 1);
	SAME_INT("no commands", counts[MAIL_NO_COMMANDS], 1);
	SAME_INT("done", counts[MAIL_DONE], 0);
	SAME_INT("letters", notices(&t), 0);
	flow_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_command_is_found_where_it_may_stand),
		cmocka_unit_test(
		    what_the_server_wrote_counts_before_what_the_writer_wrote),
		cmocka_unit_test(no_program_is_answered),
		cmocka_unit_test(nobody_moves_by_from_alone),
		cmocka_unit_test(one_sender_is_answered_once_an_hour),
		cmocka_unit_test(a_flood_of_forged_mail_mails_sixty_an_hour),
		cmocka_unit_test(joining_by_mail_needs_the_reply),
		cmocka_unit_test(an_automatic_reply_confirms_nothing),
		cmocka_unit_test(a_token_in_the_address_or_the_subject_leaves_at_once),
		cmocka_unit_test(a_token_elsewhere_is_no_order),
		cmocka_unit_test(a_reply_to_the_question_does_it),
		cmocka_unit_test(a_token_has_one_power),
		cmocka_unit_test(never_again_is_heard_by_mail),
		cmocka_unit_test(each_outcome_is_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
