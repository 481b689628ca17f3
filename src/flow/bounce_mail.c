/* SPDX-License-Identifier: ISC */
#include "flow/bounce_mail.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "flow/context.h"
#include "flow/notice_letters.h"
#include "flow/reader_moves.h"
#include "list/bounces.h"
#include "list/token.h"
#include "mail/report_reason.h"
#include "store/bounce_log.h"
#include "store/deliveries.h"
#include "store/delivery_queue.h"
#include "store/notes.h"
#include "store/notices.h"
#include "store/readers.h"
#include "store/transactions.h"
#include "transport/provider_refusals.h"

enum {
	DAY = 86400,
	TEND_CHUNK = 200,
	RECOUNT = 60,
	WELL_MOST = 100,
	WAITED = 5 * DAY /* a letter, before it went well */
};

static const char storm_note[] = "bounce_storm";
static const char ours_note[] = "bounce_ours";

/* ---- what becomes of one ---- */

struct coming_back {
	struct run *run;
	struct reader r;
	struct bounce_row row;
	int64_t sent; /* when the letter went; TIME_NONE: not known */
};

static bool
move(struct coming_back *b, enum reader_event event, const char *why, struct err *err)
{
	struct run *run = b->run;
	const struct reader_move m = { event, CAUSE_BOUNCE, NULL,
		arena_printf(run->arena, "%s%s%s", why, b->row.status ? " " : "",
		    b->row.status ? b->row.status : "") };

	return flow_reader_move(run, &b->r, &m, err);
}

/* Told once a day, by a note of that name; the letters go on. */
static bool
tell_daily(struct run *run, const char *note, const char *words, struct err *err)
{
	bool told = false;

	if (!store_note_is_recent(run->store, note, run->now, DAY, &told, err) || told)
		return !err_is_set(err);
	log_warn("mail", "%s   (planetpost bounces list)", words);
	return store_note_set_time(run->store, note, run->now, err);
}

static bool
tell_storm(struct run *run, struct err *err)
{
	return tell_daily(run, storm_note,
	    "so many letters come back for one reason that a mail server is to blame: "
	    "nobody is stopped for it",
	    err);
}

/* A receiver that refuses us in words of its own: what it means, or NULL. */
static const char *
advice_of(const struct coming_back *b)
{
	const struct bounce_row *row = &b->row;
	const bool later = row->status && *row->status == '4';

	if (row->kind != BOUNCED_SOFT)
		return NULL;
	return provider_refusal(STAGE_DOT, later ? 450 : 550, row->status, row->reply);
}

static bool
tell_ours(struct coming_back *b, const char *advice, struct err *err)
{
	return tell_daily(b->run, ours_note,
	    arena_printf(b->run->arena,
		"letters come back since a receiver refuses us, which counts against no "
		"reader: %s",
		advice),
	    err);
}

/* Other letters than issues, such as probes, are reckoned by the day. */
static int64_t
tally_key(const struct run *run, int64_t issue)
{
	return issue != 0 ? issue : -(run->now / DAY);
}

/* How many letters they are of; counted again when the last time was a while ago. */
static bool
count_letters(struct run *run, const struct bounce_row *row, struct bounce_tally *t,
    struct err *err)
{
	const bool ok = row->issue != 0
	    ? store_letters_gone(run->store, row->issue, &t->letters, err)
	    : store_notices_gone(run->store, run->now - DAY, &t->letters, err);

	t->counted = run->now;
	return ok &&
	    store_bounce_tally_set(run->store, tally_key(run, row->issue), row->cause, t,
		err);
}

static bool
is_storm(struct coming_back *b, bool *storm, struct err *err)
{
	struct run *run = b->run;
	struct bounce_tally t;

	*storm = false;
	if (b->row.kind == COMPLAINED)
		return true;
	if (!store_bounce_tally_add(run->store, tally_key(run, b->row.issue),
		b->row.cause, run->now, &t, err))
		return false;
	if (bounce_is_storm(t.bounces, t.letters) && run->now - t.counted >= RECOUNT &&
	    !count_letters(run, &b->row, &t, err))
		return false;
	*storm = bounce_is_storm(t.bounces, t.letters);
	return true;
}

static bool
act(struct coming_back *b, const struct bounce_record *record, enum bounce_action action,
    enum bounce_effect *effect, struct err *err)
{
	const char *why = b->row.kind == COMPLAINED ? "complaint"
	    : b->row.kind == BOUNCED_HARD           ? "hard"
						    : "soft";

	if (action == BOUNCE_REMOVES) {
		*effect = BOUNCE_REMOVED;
		return move(b, EVENT_REMOVE, why, err) &&
		    store_bounces_forget(b->run->store, b->r.id, err);
	}
	if (!store_bounce_standing_set(b->run->store, b->r.id, record, err))
		return false;
	if (action != BOUNCE_STOPS)
		return true;
	*effect = BOUNCE_STOPPED;
	return move(b, EVENT_BOUNCE, why, err);
}

/* When a letter went, as far as it is known; a probe's instant stands in the record. */
static bool
find_sent(struct coming_back *b, const struct bounce_record *r, struct err *err)
{
	struct delivery d;
	bool found = false;

	if (b->sent != TIME_NONE)
		return true;
	b->sent = b->row.issue == 0 ? r->probe_sent : 0;
	if (b->row.issue == 0)
		return true;
	if (!store_delivery_ending(b->run->store, b->run->arena, b->row.issue, b->r.id, 1,
		&d, &found, err))
		return false;
	if (found && d.settled != TIME_NONE)
		b->sent = d.settled;
	return true;
}

static bool
judge(struct coming_back *b, enum bounce_effect *effect, struct err *err)
{
	struct run *run = b->run;
	struct bounce_policy policy;
	struct bounce_record record;
	enum bounce_action action = BOUNCE_KEEPS;
	const char *advice = advice_of(b);
	bool added = false;
	bool storm = false;

	b->row.cause = bounce_kind(run->arena, b->row.kind,
	    b->row.status ? b->row.status : "", b->row.reply ? b->row.reply : "");
	if (!bounce_policy_read(run->config, &policy, err) ||
	    !store_bounce_standing(run->store, b->r.id, &record, err) ||
	    !store_bounce_add(run->store, &b->row, &added, err))
		return false;
	*effect = added ? BOUNCE_COUNTED : BOUNCE_KNOWN;
	if (!added)
		return true;
	if (advice) {
		*effect = BOUNCE_OF_OURS;
		return tell_ours(b, advice, err);
	}
	if (!find_sent(b, &record, err) || !is_storm(b, &storm, err))
		return false;
	if (storm) {
		*effect = BOUNCE_IN_STORM;
		return tell_storm(run, err);
	}
	action = bounce_apply(&policy, &record, b->row.kind, b->sent, run->now);
	return act(b, &record, action, effect, err);
}

static bool
come_back(struct coming_back *b, enum bounce_effect *effect, struct err *err)
{
	const struct reader_move forget = { EVENT_FORGET, CAUSE_BOUNCE, NULL, NULL };

	*effect = BOUNCE_KNOWN;
	switch (b->r.state) {
	case READER_LEFT:
	case READER_REMOVED:
	case READER_ERASED:
		return true;
	case READER_PENDING:
		/* A confirmation that nobody can get. */
		if (b->row.kind == BOUNCED_SOFT)
			return true;
		*effect = BOUNCE_REMOVED;
		return flow_reader_move(b->run, &b->r, &forget, err);
	case READER_ACTIVE:
	case READER_HOLD:
	case READER_BOUNCED:
		break;
	}
	return judge(b, effect, err);
}

/* ---- by mail ---- */

/* The first token that is one of ours; of a complaint also that of its way to leave. */
static bool
find_reader(struct run *run, const struct incoming *m, struct coming_back *b, bool *found,
    struct err *err)
{
	unsigned char key[HASH_SIZE];
	struct token t;
	bool checks = false;

	*found = false;
	if (!store_key(run->store, key, err))
		return false;
	for (size_t i = 0; i < m->token_count && !checks; i++)
		checks = token_check(key, TOKEN_BOUNCE, m->tokens[i].text, &t) ||
		    (m->kind == INCOMING_COMPLAINT &&
			token_check(key, TOKEN_LEAVE, m->tokens[i].text, &t));
	if (!checks)
		return true;
	if (!store_reader_get(run->store, run->arena, t.reader, &b->r, found, err))
		return false;
	*found = *found && b->r.address && b->r.epoch == t.epoch;
	b->row.issue = t.issue;
	return true;
}

/* The gravest of what the report says; delays say nothing. */
static bool
read_report(struct arena *a, const struct incoming *m, struct bounce_row *row)
{
	const struct incoming_recipient *worst = NULL;

	row->kind = COMPLAINED;
	if (m->kind == INCOMING_COMPLAINT)
		return true;
	for (size_t i = 0; i < m->recipient_count; i++) {
		if (!worst || m->recipients[i].class > worst->class)
			worst = &m->recipients[i];
	}
	if (!worst || worst->class < BOUNCE_SOFT)
		return false;
	row->kind = worst->class == BOUNCE_HARD ? BOUNCED_HARD : BOUNCED_SOFT;
	if (*worst->status)
		row->status = arena_strdup(a, worst->status);
	row->reply = arena_strdup(a, worst->diagnostic);
	return true;
}

bool
flow_bounce_mail(struct run *run, const struct incoming *m, enum bounce_effect *effect,
    struct err *err)
{
	struct coming_back b = { .run = run, .sent = TIME_NONE };
	bool found = false;

	*effect = BOUNCE_OF_NOBODY;
	b.row.at = run->now;
	if (!find_reader(run, m, &b, &found, err))
		return false;
	if (!found || !read_report(run->arena, m, &b.row))
		return true;
	b.row.reader_id = b.r.id;
	return come_back(&b, effect, err);
}

/* ---- in the dialogue ---- */

/* What a report of it would mean. */
static enum bounce_event
kind_of_refusal(struct arena *a, const struct delivery *d)
{
	const char *reply = d->reply ? d->reply : "";
	bool is_told = false;

	return reason_class(d->status ? d->status : "", reason_code(reply),
		   reason_words(a, reply, LIMIT_INCOMING_WORDS), &is_told) == BOUNCE_HARD
	    ? BOUNCED_HARD
	    : BOUNCED_SOFT;
}

struct refused_since {
	struct run *run;
	struct arena *a;
	int64_t since;
	struct delivery *list;
	size_t count;
};

static bool
collect(void *arg, const struct delivery *d, struct err *err)
{
	struct refused_since *r = arg;

	(void)err;
	if (d->settled == TIME_NONE || d->settled < r->since)
		return true;
	r->list = arena_grow_list(r->a, r->list, r->count, sizeof(*r->list));
	r->list[r->count] = *d;
	r->list[r->count].status = arena_strdup(r->a, d->status);
	r->list[r->count].reply = arena_strdup(r->a, d->reply);
	r->count++;
	return true;
}

static bool
act_on_refusal(struct run *run, const struct delivery *d, struct err *err)
{
	struct coming_back b = { .run = run, .sent = d->settled };
	enum bounce_effect effect = BOUNCE_KNOWN;
	bool found = false;

	if (!store_reader_get(run->store, run->arena, d->reader_id, &b.r, &found, err))
		return false;
	if (!found || !b.r.address)
		return true;
	b.row = (struct bounce_row){ .reader_id = d->reader_id,
		.at = run->now,
		.kind = kind_of_refusal(run->arena, d),
		.issue = d->span.last,
		.status = d->status,
		.reply = d->reply };
	return come_back(&b, &effect, err);
}

static bool
act_on_all(struct run *run, const struct refused_since *r, struct err *err)
{
	for (size_t i = 0; i < r->count; i++) {
		if (!act_on_refusal(run, &r->list[i], err))
			return false;
	}
	return true;
}

bool
flow_bounce_refused(struct run *run, int64_t issue_id, int64_t since, struct err *err)
{
	struct refused_since r = { .run = run, .a = arena_new(), .since = since };
	const bool ok = store_deliveries_each(run->store, issue_id,
			    1u << DELIVERY_REFUSED, collect, &r, err) &&
	    store_scope_begin(run->store, err) &&
	    store_scope_end(run->store, act_on_all(run, &r, err), err);

	arena_free(r.a);
	return ok;
}

/* ---- what time brings ---- */

static bool
send_probe(struct run *run, struct reader *r, struct bounce_record *record,
    struct err *err)
{
	const struct notice_order o = { .kind = NOTICE_PROBE,
		.reader = r,
		.asked = TIME_NONE };

	bounce_probed(record, run->now);
	return store_bounce_standing_set(run->store, r->id, record, err) &&
	    flow_notice_queue(run, &o, err);
}

/* All is forgotten, and they read again with what they missed. */
static bool
resume(struct run *run, struct reader *r, enum event_cause cause, const char *why,
    struct err *err)
{
	const struct reader_move m = { EVENT_RESUME, cause, NULL, why };

	return store_bounces_forget(run->store, r->id, err) &&
	    (r->state != READER_BOUNCED || flow_reader_move(run, r, &m, err));
}

bool
flow_bounces_forget(struct run *run, struct reader *r, struct err *err)
{
	return store_scope_begin(run->store, err) &&
	    store_scope_end(run->store,
		resume(run, r, CAUSE_COMMAND, "bounces forgotten", err), err);
}

/* What stopped them turned out to be one of a storm's. */
static bool
was_storm(struct run *run, int64_t reader, const struct bounce_record *record,
    bool *storm, struct err *err)
{
	struct bounce_row *newest = NULL;
	struct bounce_tally t;
	size_t count = 0;

	*storm = false;
	if (record->probes > 0)
		return true;
	if (!store_bounces_of(run->store, run->arena, reader, 1, &newest, &count, err))
		return false;
	if (count == 0 || newest->issue == 0)
		return true;
	if (!store_bounce_tally(run->store, newest->issue, newest->cause, &t, err))
		return false;
	*storm = t.counted != 0 && bounce_is_storm(t.bounces, t.letters);
	return true;
}

static bool
tend_stopped(struct run *run, int64_t id, struct err *err)
{
	struct bounce_record record;
	struct reader r;
	bool found = false;
	bool storm = false;

	if (!store_bounce_standing(run->store, id, &record, err) ||
	    !store_reader_get(run->store, run->arena, id, &r, &found, err))
		return false;
	/* Who left meanwhile, or was resumed by the keeper, needs none. */
	if (!found || r.state != READER_BOUNCED)
		return store_bounces_forget(run->store, id, err);
	if (!was_storm(run, id, &record, &storm, err))
		return false;
	if (storm)
		return resume(run, &r, CAUSE_RUN, "a mail server was to blame", err);
	switch (bounce_due(&record, run->now)) {
	case BOUNCE_PROBES_NOW:
		return send_probe(run, &r, &record, err);
	case BOUNCE_RETURNS:
		return resume(run, &r, CAUSE_RUN, "the probe did not come back", err);
	case BOUNCE_KEEPS:
	case BOUNCE_STOPS:
	case BOUNCE_REMOVES:
		break;
	}
	return true;
}

/*
 * Letters of which nothing came back take off what others of theirs have counted.  An issue is
 * looked at from a few days before the last one that did, since its letters may have waited.
 */
static bool
tend_counted(struct run *run, const struct bounce_policy *policy, int64_t id,
    struct err *err)
{
	const int64_t until = run->now - BOUNCE_PROBE_PATIENCE;
	struct bounce_record record;
	int64_t *sent = NULL;
	int64_t after = 0;
	int64_t above = 0;
	size_t count = 0;

	if (!store_bounce_standing(run->store, id, &record, err))
		return false;
	after = record.well;
	if (after < run->now - 2 * policy->soft_within - policy->stale_after)
		after = run->now - 2 * policy->soft_within - policy->stale_after;
	if (!store_issue_number_at(run->store, after - WAITED, &above, err) ||
	    !store_letters_well(run->store, run->arena, id, above, after, until,
		WELL_MOST, &sent, &count, err))
		return false;
	for (size_t i = 0; i < count; i++)
		(void)bounce_apply(policy, &record, WENT_WELL, sent[i], run->now);
	return count == 0 || store_bounce_standing_set(run->store, id, &record, err);
}

static bool
tend_some(struct run *run, const struct bounce_policy *policy, bool stopped,
    int64_t *above, size_t *count, struct err *err)
{
	int64_t *ids = NULL;

	if (!store_bounce_standings(run->store, run->arena, stopped, *above, TEND_CHUNK,
		&ids, count, err))
		return false;
	for (size_t i = 0; i < *count; i++) {
		if (!(stopped ? tend_stopped(run, ids[i], err)
			      : tend_counted(run, policy, ids[i], err)))
			return false;
		*above = ids[i];
	}
	return true;
}

static bool
tend_all(struct run *run, const struct bounce_policy *policy, bool stopped,
    struct err *err)
{
	size_t count = TEND_CHUNK;
	int64_t above = 0;
	bool ok = true;

	while (ok && count == TEND_CHUNK) {
		ok = store_scope_begin(run->store, err) &&
		    store_scope_end(run->store,
			tend_some(run, policy, stopped, &above, &count, err), err);
	}
	return ok;
}

bool
flow_bounces_tend(struct run *run, struct err *err)
{
	struct bounce_policy policy;

	return bounce_policy_read(run->config, &policy, err) &&
	    tend_all(run, &policy, true, err) && tend_all(run, &policy, false, err) &&
	    store_bounces_tidy(run->store,
		run->now -
		    (policy.soft_within > policy.stale_after ? policy.soft_within
							     : policy.stale_after),
		err);
}
