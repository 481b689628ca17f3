/* SPDX-License-Identifier: ISC */
/*
 * What readers do, on a database of which one row cannot be read or written: the first, then
 * the second, until there are no more.  Nothing says that it is done, each says why.
 */
#define _GNU_SOURCE /* RTLD_NEXT */

#include "unit/failing_fixture.h"

#include "unit/flow_fixture.h"

#include "base/limits.h"
#include "flow/leave.h"
#include "flow/letter_queue.h"
#include "flow/mail_in.h"
#include "flow/mailbox_intake.h"
#include "flow/own_data.h"
#include "flow/reader_moves.h"
#include "flow/subscribe.h"
#include "list/token.h"
#include "store/asks.h"
#include "store/notes.h"
#include "store/notices.h"

enum { DAY = 86400, HOUR = 3600 };

enum who { ANN, BOB, CY, DAN, EVE, FAY, KIT, LEE, MIA, NED, PEOPLE };

static const char *const addresses[PEOPLE] = { "ann@x.example", "bob@x.example",
	"cy@x.example", "dan@x.example", "eve@x.example", "fay@x.example",
	"kit@x.example", "lee@x.example", "mia@x.example", "ned@x.example" };

struct world {
	struct flow_test t;
	struct run *run;
	struct store *s;
	sqlite3 *kept; /* the database before the call */
	struct reader readers[PEOPLE], r;
	const char *code; /* ann's */
	int64_t feed;
	struct own_data counts;
	int64_t by_outcome[MAIL_NO_COMMANDS + 1];
	const char *text;
};

/* ---- what is asked about ------------------------------------------------------------- */

static void
load(struct world *w, enum who who)
{
	bool found = false;

	MUST(store_reader_find(w->s, w->run->arena, addresses[who], &w->readers[who],
	    &found, err));
	assert_true(found);
}

static void
ask_at(struct world *w, enum who who, int64_t at)
{
	const struct ask ask = { addresses[who], CAUSE_PAGE, NULL, NULL };
	enum ask_answer answer = ASK_FULL;

	w->run->now = at;
	MUST(flow_ask(w->run, &ask, &answer, err));
	SAME_INT(addresses[who], answer, ASK_LOOK_AT_MAIL);
	load(w, who);
}

static void
join(struct world *w, enum who who, enum rhythm rhythm, const char *sources)
{
	const struct reader_move added = { EVENT_IMPORT, CAUSE_LIST, "form", NULL };
	struct reader r = make_reader(addresses[who], READER_ACTIVE);

	r.cadence.rhythm = rhythm;
	r.variant.sources = sources;
	MUST(flow_reader_add(w->run, &r, &added, err));
	load(w, who);
}

static const char *
first_code(struct world *w)
{
	struct notice n;

	MUST(store_notice_get(w->s, w->run->arena, 1, &n, err));
	return arena_strndup(w->run->arena, n.subject, 7);
}

static struct world *
new_world(void)
{
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	flow_begin(&w->t);
	w->t.settings.config.web.url = "https://news.example.net/p";
	w->t.settings.config.list.command_address = "planet@example.net";
	w->t.settings.config.newsletter.owner = "keeper@example.net";
	w->run = &w->t.run;
	w->s = w->run->store;
	w->feed = add_source(w->s, "a");
	(void)add_full_post(&w->t, w->feed, "one", NOW - DAY);
	for (enum who who = ANN; who <= DAN; who++)
		ask_at(w, who, NOW);
	w->code = first_code(w);
	ask_at(w, FAY, NOW);
	ask_at(w, EVE, NOW + 7 * DAY);
	w->run->now = NOW;
	join(w, KIT, RHYTHM_WEEKLY, arena_printf(w->run->arena, "%d", (int)w->feed));
	join(w, LEE, RHYTHM_EACH, "*");
	join(w, MIA, RHYTHM_EACH, "*");
	join(w, NED, RHYTHM_DAILY, "*");
	(void)approve_issue(w->s, "1", NOW - HOUR);
	SAME_INT("kept", sqlite3_open(":memory:", &w->kept), SQLITE_OK);
	return w;
}

static void
free_world(struct world *w)
{
	SAME_INT("kept", sqlite3_close(w->kept), SQLITE_OK);
	flow_end(&w->t);
	free(w);
}

/* ---- the calls ----------------------------------------------------------------------- */

static const char *
token_of(struct world *w, enum who who, enum token_scope scope)
{
	const struct reader *r = &w->readers[who];
	const struct token token = { .scope = scope,
		.reader = r->id,
		.epoch = r->epoch,
		.made = NOW };
	const long at = steps;
	const long failing = fails;
	unsigned char key[HASH_SIZE];
	char text[TOKEN_SIZE];

	fails = -1;
	MUST(store_key(w->s, key, err));
	fails = failing;
	steps = at;
	token_make(key, &token, text);
	return arena_strdup(w->run->arena, text);
}

static bool
ask(struct world *w, const char *address, enum event_cause cause, struct err *err)
{
	const struct reader_wishes wishes = { .rhythm = "weekly", .sources = "only a" };
	const struct ask wanted = { address, cause, "192.0.2.0/24", &wishes };
	enum ask_answer answer = ASK_FULL;

	return flow_ask(w->run, &wanted, &answer, err);
}

static bool
code(struct world *w, const char *address, const char *text, enum confirm_answer wanted,
    struct err *err)
{
	struct confirmation c;

	if (!flow_confirm_code(w->run, address, text, CAUSE_PAGE, &c, err))
		return false;
	SAME_INT(address, c.answer, wanted);
	return true;
}

static bool
follow(struct world *w, enum who who, enum confirm_answer wanted, struct err *err)
{
	const char *token = token_of(w, who, TOKEN_CONFIRM);
	struct confirmation c;

	if (!flow_confirm_look(w->run, token, &c, err))
		return false;
	SAME_INT(addresses[who], c.answer, wanted);
	if (!flow_confirm_token(w->run, token, CAUSE_PAGE, &c, err))
		return false;
	SAME_INT(addresses[who], c.answer, wanted);
	return true;
}

static bool
ask_again(struct world *w, struct err *err)
{
	w->run->now = NOW + 4 * DAY;
	return flow_ask_again(w->run, token_of(w, DAN, TOKEN_CONFIRM), err);
}

static bool
refuse(struct world *w, struct err *err)
{
	bool known = false;

	return flow_ask_refuse(w->run, token_of(w, CY, TOKEN_CONFIRM), &known, err);
}

static bool
leave(struct world *w, struct err *err)
{
	bool found = false;

	return flow_leave(w->run, token_of(w, MIA, TOKEN_LEAVE), LEAVE_PAGE, &w->r,
	    &found, err);
}

static bool
undo(struct world *w, struct err *err)
{
	bool undone = false;

	return flow_leave_undo(w->run, token_of(w, MIA, TOKEN_LEAVE), &w->r, &undone,
	    err);
}

/* Two are reminded; three new ones and one who was there are forgotten. */
static bool
tend(struct world *w, struct err *err)
{
	struct asks_report report;

	w->run->now = NOW + 8 * DAY + 1;
	if (!flow_asks_tend(w->run, &report, err))
		return false;
	SAME_INT("reminded", report.reminded, 2);
	SAME_INT("forgotten", report.forgotten, 4);
	w->run->now = NOW + 4 * DAY;
	return true;
}

static bool
arrives_at(struct world *w, const char *to, const char *from, const char *subject,
    enum mail_outcome wanted, struct err *err)
{
	const char *const list[] = { to };
	const struct incoming m = { .kind = INCOMING_COMMAND,
		.to = list,
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
	struct mail_result result;

	if (!flow_mail_in(w->run, &m, &result, err))
		return false;
	SAME_INT(to, result.outcome, wanted);
	return true;
}

static bool
says(struct world *w, const char *from, const char *word, struct err *err)
{
	return arrives_at(w, "planet@example.net", from, word, MAIL_ANSWERED, err);
}

static bool
tagged(struct world *w, const char *word, enum who who, enum token_scope scope,
    struct err *err)
{
	return arrives_at(w,
	    arena_printf(w->run->arena, "planet+%s-%s@example.net", word,
		token_of(w, who, scope)),
	    addresses[who], "", MAIL_DONE, err);
}

static bool
old_reply(struct world *w, struct err *err)
{
	w->run->now = NOW + 14 * DAY;
	return arrives_at(w,
	    arena_printf(w->run->arena, "planet+confirm-%s@example.net",
		token_of(w, EVE, TOKEN_CONFIRM)),
	    addresses[EVE], "", MAIL_ANSWERED, err);
}

/* A reader is read without a failure; steps count from there. */
static void
load_well(struct world *w, enum who who)
{
	const long failing = fails;

	fails = -1;
	load(w, who);
	fails = failing;
	steps = 0;
}

static bool
move(struct world *w, enum who who, enum reader_event event, struct err *err)
{
	const struct reader_move m = { event, CAUSE_COMMAND, NULL, "x" };
	struct reader *r = &w->readers[who];

	load_well(w, who);
	if (event == EVENT_HOLD) {
		r->hold_until = w->run->now + DAY;
		r->hold_skip = true;
	}
	if (event == EVENT_EDIT)
		r->cadence.rhythm = RHYTHM_MONTHLY;
	return flow_reader_move(w->run, r, &m, err);
}

static bool
queue(struct world *w, struct err *err)
{
	struct queue_report report;

	return flow_letters_queue(w->run, false, &report, err);
}

static bool
is_news(struct world *w, enum err_kind kind, int64_t after, bool wanted, struct err *err)
{
	struct err why = { .kind = kind, .text = "no mailbox" };
	bool news = false;

	w->run->now = NOW + 20 * DAY + after;
	if (!flow_mail_is_news(w->run, kind == ERR_NONE ? NULL : &why, &news, err))
		return false;
	SAME_INT("news", news, wanted);
	return true;
}

static bool
own_data(struct world *w, struct err *err)
{
	struct buf out = BUF_INIT(1 << 20);
	const bool ok = flow_own_data(w->run, &w->readers[KIT], &w->counts, &out, err);

	buf_clear(&out);
	return ok;
}

#define ASK(name, call) \
	static bool name##_(struct world *w, struct err *err) \
	{ \
		return call; \
	}
/* clang-format off */
ASK(new, ask(w, "new@x.example", CAUSE_PAGE, err))
ASK(by_mail, ask(w, "post@x.example", CAUSE_MAIL, err))
ASK(known, ask(w, addresses[KIT], CAUSE_PAGE, err))
ASK(too_soon, ask(w, addresses[ANN], CAUSE_PAGE, err))
ASK(wrong_code, code(w, addresses[ANN], "000 000", CONFIRM_WRONG, err))
ASK(right_code, code(w, addresses[ANN], w->code, CONFIRM_DONE, err))
ASK(nobodys_code, code(w, "nobody@x.example", "000 000", CONFIRM_WRONG, err))
ASK(link, follow(w, BOB, CONFIRM_DONE, err))
ASK(link_again, follow(w, BOB, CONFIRM_ALREADY, err))
ASK(refuse, refuse(w, err))
ASK(refused, ask(w, addresses[CY], CAUSE_PAGE, err))
ASK(leave, leave(w, err))
ASK(undo, undo(w, err))
ASK(leave_again, leave(w, err))
ASK(come_back, follow(w, MIA, CONFIRM_DONE, err))
ASK(says_subscribe, says(w, "sub@x.example", "subscribe", err))
ASK(says_help, says(w, addresses[NED], "help", err))
ASK(says_weekly, says(w, addresses[KIT], "weekly", err))
ASK(mail_hold, tagged(w, "hold", NED, TOKEN_PREFERENCES, err))
ASK(mail_weekly, tagged(w, "weekly", NED, TOKEN_PREFERENCES, err))
ASK(mail_leave, tagged(w, "unsubscribe", NED, TOKEN_LEAVE, err))
ASK(mail_refuse, tagged(w, "never", BOB, TOKEN_CONFIRM, err))
ASK(mail_counts, flow_mail_counts(w->run, w->by_outcome, err))
ASK(new_link, flow_own_link(w->run, &w->readers[KIT], OWN_PREFERENCES, err))
ASK(data_link, flow_own_link(w->run, &w->readers[KIT], OWN_DATA, err))
ASK(own_data, own_data(w, err))
ASK(sources, flow_sources_words(w->run, w->run->arena, &w->readers[KIT].variant, &w->text, err))
ASK(queue, queue(w, err))
ASK(edit, move(w, KIT, EVENT_EDIT, err))
ASK(hold, move(w, LEE, EVENT_HOLD, err))
ASK(resume, move(w, LEE, EVENT_RESUME, err))
ASK(remove, move(w, LEE, EVENT_REMOVE, err))
ASK(take_back, move(w, LEE, EVENT_UNDO, err))
ASK(erase, move(w, LEE, EVENT_ERASE, err))
ASK(hold_kit, move(w, KIT, EVENT_HOLD, err))
ASK(ask_again, ask_again(w, err))
ASK(queue_resumed, queue(w, err))
ASK(tend, tend(w, err))
ASK(old_reply, old_reply(w, err))
ASK(reply, tagged(w, "confirm", EVE, TOKEN_CONFIRM, err))
ASK(no_trouble, is_news(w, ERR_NONE, 0, false, err))
ASK(trouble, is_news(w, ERR_TEMPORARY, 0, false, err))
ASK(trouble_told, is_news(w, ERR_TEMPORARY, 6 * HOUR, true, err))
ASK(trouble_over, is_news(w, ERR_NONE, 7 * HOUR, false, err))

#define CALL(name) { #name, name##_ }
static const struct {
	const char *name;
	bool (*call)(struct world *w, struct err *err);
} calls[] = {
	CALL(new), CALL(by_mail), CALL(known), CALL(too_soon), CALL(wrong_code), CALL(right_code),
	CALL(nobodys_code), CALL(link), CALL(link_again), CALL(refuse), CALL(refused), CALL(leave),
	CALL(undo), CALL(leave_again), CALL(come_back), CALL(says_subscribe), CALL(says_help),
	CALL(says_weekly), CALL(mail_hold), CALL(mail_weekly), CALL(mail_leave),
	CALL(mail_refuse), CALL(mail_counts), CALL(new_link), CALL(data_link), CALL(own_data),
	CALL(sources), CALL(queue), CALL(edit), CALL(hold), CALL(resume), CALL(remove),
	CALL(take_back), CALL(erase), CALL(hold_kit), CALL(ask_again), CALL(queue_resumed),
	CALL(tend), CALL(old_reply), CALL(reply), CALL(no_trouble), CALL(trouble), CALL(trouble_told),
	CALL(trouble_over),
};
/* clang-format on */

/* Before each try the database is as it was: what was committed is tried again too. */
static void
try_each_step(struct world *w, size_t i)
{
	bool done = false;

	copy_database(stepped, w->kept);
	committed = false;
	for (fails = 0; !done; fails++) {
		struct err err = ERR_INIT;

		if (committed)
			copy_database(w->kept, stepped);
		committed = false;
		steps = 0;
		done = calls[i].call(w, &err);
		expect_honest(calls[i].name, w->s, done, &err);
	}
	fails = -1;
}

static void
nothing_is_done_without_one_of_its_rows(void **state)
{
	struct world *w = new_world();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(calls); i++)
		try_each_step(w, i);
	free_world(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_done_without_one_of_its_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
