/* SPDX-License-Identifier: ISC */
#include "flow/subscribe.h"

#include <stdio.h>
#include <string.h>

#include "base/ascii.h"
#include "base/clock.h"
#include "base/limits.h"
#include "flow/context.h"
#include "flow/join_limits.h"
#include "flow/notice_letters.h"
#include "flow/reader_moves.h"
#include "list/subscription.h"
#include "list/token.h"
#include "mail/address.h"
#include "model/names.h"
#include "store/asks.h"
#include "store/delivery_queue.h"
#include "store/new_address.h"
#include "store/notes.h"
#include "store/reader_history.h"
#include "store/readers.h"
#include "store/transactions.h"

enum { CODE_DIGITS = 6, REMIND_AFTER = 86400, TEND_CHUNK = 200 };

/* ---- codes ---- */

/* A keyed function of the address and the ask: nothing that could be read is stored. */
static void
code_of(const unsigned char key[HASH_SIZE], const struct ask_row *row,
    char out[CODE_DIGITS + 1])
{
	static const char purpose[] = "planetpost code";
	unsigned char bytes[sizeof(purpose) + HASH_SIZE + 8];
	unsigned char mac[HASH_SIZE];
	uint64_t number = 0;

	memcpy(bytes, purpose, sizeof(purpose));
	memcpy(bytes + sizeof(purpose), row->hash, HASH_SIZE);
	for (size_t i = 0; i < 8; i++)
		bytes[sizeof(purpose) + HASH_SIZE + i] =
		    (unsigned char)((uint64_t)row->asked >> (8 * i) & 0xff);
	hash_hmac(key, HASH_SIZE, bytes, sizeof(bytes), mac);
	for (size_t i = 0; i < 8; i++)
		number = number << 8 | mac[i];
	(void)snprintf(out, CODE_DIGITS + 1, "%06u", (unsigned)(number % 1000000));
}

/* "481 207": read more easily, and copied as well. */
static const char *
code_words(struct run *run, const struct ask_row *row, struct err *err)
{
	unsigned char key[HASH_SIZE];
	char code[CODE_DIGITS + 1];

	if (!store_key(run->store, key, err))
		return NULL;
	code_of(key, row, code);
	return arena_printf(run->arena, "%.3s %s", code, code + 3);
}

/* The digits of what was typed; false when they are not six, or something else is among them. */
static bool
read_code(const char *typed, char out[CODE_DIGITS + 1])
{
	size_t n = 0;

	for (; *typed; typed++) {
		if (*typed == ' ' || *typed == '-' || *typed == '\t')
			continue;
		if (!ascii_is_digit(*typed) || n == CODE_DIGITS)
			return false;
		out[n++] = *typed;
	}
	out[n] = '\0';
	return n == CODE_DIGITS;
}

/* ---- asking ---- */

static const char *
evidence_of_ask(struct run *run, const struct ask *ask)
{
	char at[CLOCK_TEXT];

	return arena_printf(run->arena, "%s %s%s%s, letter of planetpost %s (%s)",
	    event_cause_name(ask->cause), clock_rfc3339(run->now, at),
	    ask->network ? " from " : "", ask->network ? ask->network : "", run->version,
	    run->config->newsletter.language);
}

/* Somebody new waits to be confirmed; of somebody known it is written down that they asked. */
static bool
note_ask(struct run *run, const struct ask *ask, const char *evidence, bool found,
    struct reader *r, struct err *err)
{
	const struct reader_move asked = { EVENT_ASK, ask->cause, evidence, NULL };
	enum reader_state to = READER_PENDING;

	if (found)
		return !subscription_move(r->state, EVENT_ASK, &to) ||
		    flow_reader_move(run, r, &asked, err);
	r->state = READER_PENDING;
	r->confirmed = TIME_NONE;
	return flow_reader_add(run, r, &asked, err);
}

/* The letter that every ask brings, to whoever it is. */
static bool
write_to(struct run *run, const struct ask *ask, const struct ask_row *row,
    const struct reader *r, struct err *err)
{
	struct notice_order o = { .kind = subscription_reads(r->state)
		    ? NOTICE_KNOWN
		    : NOTICE_CONFIRMATION,
		.reader = r,
		.asked = row->asked,
		.network = ask->network };

	if (ask->cause == CAUSE_PAGE) {
		o.code = code_words(run, row, err);
		if (!o.code)
			return false;
	}
	return flow_notice_queue(run, &o, err);
}

static bool
take_ask(struct run *run, const struct ask *ask, struct ask_row *row, bool found,
    struct reader *r, struct err *err)
{
	row->evidence = evidence_of_ask(run, ask);
	if (!note_ask(run, ask, row->evidence, found, r, err))
		return false;
	row->reader_id = r->id;
	return store_ask_put(run->store, row, err) && write_to(run, ask, row, r, err);
}

/* For an address that is not written to, the page behaves as for one that is. */
static bool
pretend_ask(struct run *run, const struct ask_row *row, struct err *err)
{
	struct ask_row known;
	bool found = false;

	return store_ask_get(run->store, run->arena, row->hash, &known, &found, err) &&
	    (found || store_ask_put(run->store, row, err));
}

static bool
ask_within_limits(struct run *run, const struct ask *ask, struct reader *r,
    struct err *err)
{
	struct ask_row row = { .asked = run->now };
	struct ask_log_line line = { run->now, ask->cause, LETTER_NONE, row.hash,
		ask->network };
	struct reader known;
	bool found = false;
	bool may = false;

	if (!store_address_hash(run->store, r->address_key, row.hash, err) ||
	    !join_may_mail(run, ask->address, row.hash, &may, err) ||
	    !store_reader_find(run->store, run->arena, r->address_key, &known, &found,
		err))
		return false;
	line.letter = may ? LETTER_ASKED : LETTER_NONE;
	return (may ? take_ask(run, ask, &row, found, found ? &known : r, err)
		    : pretend_ask(run, &row, err)) &&
	    store_ask_log(run->store, &line, err);
}

bool
flow_ask(struct run *run, const struct ask *ask, enum ask_answer *answer, struct err *err)
{
	struct reader r = subscription_new(run->now, NULL);

	*answer = ASK_LOOK_AT_MAIL;
	r.address = ask->address;
	r.address_key = address_key(run->arena, ask->address);
	if (ask->wishes && !flow_wishes_apply(run, run->arena, ask->wishes, &r, err))
		return false;
	/* An ask by mail beyond the limits is not answered, as if it had never come. */
	return store_scope_begin(run->store, err) &&
	    store_scope_end(run->store,
		join_limits_check(run, ask, answer, err) &&
		    (*answer != ASK_LOOK_AT_MAIL || ask_within_limits(run, ask, &r, err)),
		err);
}

/* ---- confirming ---- */

/* Letters of a welcome: words, and by reader_moves.c the newest issue. */
static bool
welcome(struct run *run, const struct reader *r, struct err *err)
{
	struct span newest;
	struct notice_order o = { .kind = NOTICE_WELCOME,
		.reader = r,
		.asked = TIME_NONE };

	if (!run->config->list.welcome)
		return true;
	if (!store_newest_issue(run->store, &newest, err))
		return false;
	o.newest = newest.last > r->last_issue;
	return flow_notice_queue(run, &o, err);
}

static bool
confirm(struct run *run, struct reader *r, const struct ask_row *row,
    enum event_cause cause, const char *how, struct err *err)
{
	char at[CLOCK_TEXT];
	const char *evidence = arena_printf(run->arena, "%s; confirmed by %s %s",
	    row->evidence ? row->evidence : "asked", how, clock_rfc3339(run->now, at));
	const struct reader_move move = { EVENT_CONFIRM, cause, evidence, NULL };

	return flow_reader_move(run, r, &move, err) && welcome(run, r, err);
}

/* The ask is over, one way or the other. */
static bool
finish(struct run *run, const struct ask_row *row, enum event_cause cause,
    const char *how, struct confirmation *out, struct err *err)
{
	out->answer =
	    subscription_reads(out->reader.state) ? CONFIRM_ALREADY : CONFIRM_DONE;
	return store_ask_end(run->store, row->hash, err) &&
	    (out->answer == CONFIRM_ALREADY ||
		confirm(run, &out->reader, row, cause, how, err));
}

/* The reader of a token and what they asked; *found: the token is good and they are there. */
static bool
find_by_token(struct run *run, const char *text, struct reader *r, struct ask_row *row,
    bool *found, bool *asked, struct err *err)
{
	unsigned char key[HASH_SIZE];
	unsigned char hash[HASH_SIZE];
	struct token token;

	*found = *asked = false;
	if (!store_key(run->store, key, err))
		return false;
	if (!token_check(key, TOKEN_CONFIRM, text, &token))
		return true;
	if (!store_reader_get(run->store, run->arena, token.reader, r, found, err))
		return false;
	*found = *found && r->address_key && r->epoch == token.epoch;
	if (!*found)
		return true;
	if (!store_address_hash(run->store, r->address_key, hash, err) ||
	    !store_ask_get(run->store, run->arena, hash, row, asked, err))
		return false;
	*asked = *asked && row->reader_id == r->id;
	return true;
}

/* True when their last move was to leave, not long ago: then the token is of a goodbye. */
static bool
may_come_back(struct run *run, const struct reader *r, bool *may, struct err *err)
{
	struct reader_event_line *lines = NULL;
	size_t count = 0;

	*may = false;
	if (r->state != READER_LEFT)
		return true;
	if (!store_history(run->store, run->arena, r->id, &lines, &count, err))
		return false;
	*may = count > 0 && lines[count - 1].event == EVENT_LEAVE &&
	    run->now - lines[count - 1].at <= run->config->list.forget_pending;
	return true;
}

struct token_finding {
	struct ask_row row;
	bool comes_back;
};

/* What the token would do, into out->answer. */
static bool
look(struct run *run, const char *text, struct confirmation *out, struct token_finding *f,
    struct err *err)
{
	bool found = false;
	bool asked = false;

	memset(out, 0, sizeof(*out));
	memset(f, 0, sizeof(*f));
	out->answer = CONFIRM_UNKNOWN;
	if (!find_by_token(run, text, &out->reader, &f->row, &found, &asked, err))
		return false;
	if (!found) {
		memset(&out->reader, 0, sizeof(out->reader));
		return true;
	}
	if (subscription_reads(out->reader.state)) {
		out->answer = CONFIRM_ALREADY;
		return true;
	}
	if (!asked && !may_come_back(run, &out->reader, &f->comes_back, err))
		return false;
	if (f->comes_back ||
	    (asked && run->now - f->row.asked <= run->config->list.confirm_within))
		out->answer = CONFIRM_DONE;
	else
		out->answer = CONFIRM_EXPIRED;
	return true;
}

bool
flow_confirm_look(struct run *run, const char *token, struct confirmation *out,
    struct err *err)
{
	struct token_finding f;

	return look(run, token, out, &f, err);
}

static bool
confirm_token(struct run *run, const char *token, enum event_cause cause,
    struct confirmation *out, struct err *err)
{
	const struct reader_move back = { EVENT_UNDO, cause, NULL, "came back" };
	struct token_finding f;

	if (!look(run, token, out, &f, err))
		return false;
	if (f.comes_back)
		return flow_reader_move(run, &out->reader, &back, err);
	if (f.row.asked == 0 || out->answer == CONFIRM_EXPIRED ||
	    out->answer == CONFIRM_UNKNOWN)
		return true;
	return finish(run, &f.row, cause, cause == CAUSE_MAIL ? "reply" : "link", out,
	    err);
}

bool
flow_confirm_token(struct run *run, const char *token, enum event_cause cause,
    struct confirmation *out, struct err *err)
{
	return store_scope_begin(run->store, err) &&
	    store_scope_end(run->store, confirm_token(run, token, cause, out, err), err);
}

static bool
is_right_code(struct run *run, const struct ask_row *row, const char *typed, bool *right,
    struct err *err)
{
	unsigned char key[HASH_SIZE];
	char wanted[CODE_DIGITS + 1];
	char given[CODE_DIGITS + 1] = "";
	bool is_code = read_code(typed, given);

	if (!store_key(run->store, key, err))
		return false;
	code_of(key, row, wanted);
	*right = hash_equal(wanted, given, CODE_DIGITS) && is_code && row->reader_id != 0;
	return true;
}

static bool
count_wrong(struct run *run, struct ask_row *row, struct confirmation *out,
    struct err *err)
{
	row->tries++;
	out->tries_left = LIMIT_CODE_TRIES - (int)row->tries;
	out->answer = out->tries_left > 0 ? CONFIRM_WRONG : CONFIRM_TOO_MANY;
	return store_ask_put(run->store, row, err);
}

static bool
try_code(struct run *run, struct ask_row *row, const char *typed, enum event_cause cause,
    struct confirmation *out, struct err *err)
{
	bool right = false;
	bool found = false;

	if (row->tries >= LIMIT_CODE_TRIES) {
		out->answer = CONFIRM_TOO_MANY;
		return true;
	}
	if (run->now - row->asked > LIMIT_CODE_AGE) {
		out->answer = CONFIRM_EXPIRED;
		return true;
	}
	if (!is_right_code(run, row, typed, &right, err))
		return false;
	if (!right)
		return count_wrong(run, row, out, err);
	if (!store_reader_get(run->store, run->arena, row->reader_id, &out->reader,
		&found, err))
		return false;
	return !found || finish(run, row, cause, "code", out, err);
}

bool
flow_confirm_code(struct run *run, const char *address, const char *code,
    enum event_cause cause, struct confirmation *out, struct err *err)
{
	unsigned char hash[HASH_SIZE];
	struct ask_row row;
	bool found = false;

	memset(out, 0, sizeof(*out));
	out->answer = CONFIRM_WRONG;
	out->tries_left = LIMIT_CODE_TRIES - 1;
	/* Where nobody asked nothing is counted: else anybody could fill the table. */
	return store_scope_begin(run->store, err) &&
	    store_scope_end(run->store,
		store_address_hash(run->store, address_key(run->arena, address), hash,
		    err) &&
		    store_ask_get(run->store, run->arena, hash, &row, &found, err) &&
		    (!found || try_code(run, &row, code, cause, out, err)),
		err);
}

bool
flow_ask_again(struct run *run, const char *token, struct err *err)
{
	struct ask ask = { .cause = CAUSE_PAGE };
	enum ask_answer ignored = ASK_LOOK_AT_MAIL;
	struct reader r;
	struct ask_row row;
	bool found = false;
	bool asked = false;

	if (!find_by_token(run, token, &r, &row, &found, &asked, err))
		return false;
	ask.address = found ? r.address : NULL;
	return !found || flow_ask(run, &ask, &ignored, err);
}

/* ---- refusing ---- */

static bool
refuse(struct run *run, const char *token, bool *known, struct err *err)
{
	const struct reader_move forget = { EVENT_FORGET, CAUSE_PAGE, NULL, NULL };
	unsigned char hash[HASH_SIZE];
	struct reader r;
	struct ask_row row;
	bool asked = false;

	if (!find_by_token(run, token, &r, &row, known, &asked, err) || !*known)
		return !err_is_set(err);
	return store_address_hash(run->store, r.address_key, hash, err) &&
	    store_ask_block(run->store, hash, run->now + LIMIT_BLOCK_AGE, err) &&
	    store_ask_end(run->store, hash, err) &&
	    (r.state != READER_PENDING || flow_reader_move(run, &r, &forget, err));
}

bool
flow_ask_refuse(struct run *run, const char *token, bool *known, struct err *err)
{
	*known = false;
	return store_scope_begin(run->store, err) &&
	    store_scope_end(run->store, refuse(run, token, known, err), err);
}

/* ---- what time brings ---- */

/* The one reminder.  Somebody who reads meanwhile, or is gone, gets none. */
static bool
remind(struct run *run, struct ask_row *row, int64_t *reminded, struct err *err)
{
	struct reader r;
	struct notice_order o = { .kind = NOTICE_REMINDER,
		.reader = &r,
		.asked = row->asked };
	const struct ask_log_line line = { run->now, CAUSE_RUN, LETTER_ASKED, row->hash,
		NULL };
	bool found = false;

	row->reminded = true;
	if (!store_ask_put(run->store, row, err) ||
	    !store_reader_get(run->store, run->arena, row->reader_id, &r, &found, err))
		return false;
	if (!found || subscription_reads(r.state) || !r.address)
		return true;
	++*reminded;
	return flow_notice_queue(run, &o, err) && store_ask_log(run->store, &line, err);
}

static bool
forget(struct run *run, struct ask_row *row, int64_t *forgotten, struct err *err)
{
	const struct reader_move move = { EVENT_FORGET, CAUSE_RUN, NULL, NULL };
	struct reader r;
	bool found = false;

	if (!store_ask_end(run->store, row->hash, err))
		return false;
	if (row->reader_id == 0)
		return true;
	if (!store_reader_get(run->store, run->arena, row->reader_id, &r, &found, err))
		return false;
	if (!found || r.state != READER_PENDING)
		return true;
	++*forgotten;
	return flow_reader_move(run, &r, &move, err);
}

/* Reminders of those who still can confirm; or the end of those who cannot any more. */
static bool
tend_some(struct run *run, bool reminds, int64_t before, int64_t *done, size_t *count,
    struct err *err)
{
	struct ask_row *rows = NULL;
	bool ok = false;

	if (!store_scope_begin(run->store, err))
		return false;
	ok = store_asks_before(run->store, run->arena, before, reminds, TEND_CHUNK, &rows,
	    count, err);
	for (size_t i = 0; ok && i < *count; i++)
		ok = reminds ? remind(run, &rows[i], done, err)
			     : forget(run, &rows[i], done, err);
	return store_scope_end(run->store, ok, err);
}

static bool
tend_all(struct run *run, bool reminds, int64_t before, int64_t *done, struct err *err)
{
	size_t count = TEND_CHUNK;
	bool ok = true;

	while (ok && count == TEND_CHUNK)
		ok = tend_some(run, reminds, before, done, &count, err);
	return ok;
}

bool
flow_asks_tend(struct run *run, struct asks_report *report, struct err *err)
{
	const struct config *c = run->config;

	memset(report, 0, sizeof(*report));
	if (!tend_all(run, false, run->now - c->list.forget_pending, &report->forgotten,
		err))
		return false;
	if (c->list.remind && c->list.confirm_within > REMIND_AFTER &&
	    !tend_all(run, true, run->now - REMIND_AFTER, &report->reminded, err))
		return false;
	return store_new_address_tidy(run->store, run->now - c->list.confirm_within,
		   err) &&
	    store_asks_tidy(run->store, run->now - join_limits_window(run->config),
		run->now, err);
}
