/* SPDX-License-Identifier: ISC */
/*
 * DELIVER: compose, hand over, write down the answer.
 *
 * A batch of deliveries is marked `sending` and durable before the first byte of any of them
 * can leave; answers are written in batches.  A crash in between leaves rows in `sending`,
 * which the next run calls `unknown` and never sends again: better a missed letter than the
 * same one twice.
 */
#include "flow/deliver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/progress.h"
#include "flow/compile.h"
#include "flow/context.h"
#include "flow/delivery_batches.h"
#include "flow/delivery_outcome.h"
#include "flow/letter_fields.h"
#include "flow/password.h"
#include "list/list.h"
#include "model/names.h"
#include "mail/address.h"
#include "transport/transport.h"
#include "store/deliveries.h"
#include "store/issues.h"
#include "store/notes.h"
#include "store/readers.h"
#include "store/renderings.h"
#include "store/transactions.h"

enum { FORMS_MAX = 16, GROWTH_LEAST = 50 };

/* How many readers the last issue had. */
static const char audience_note[] = "audience";

/* One encoded rendering per variant in use. */
struct form {
	int64_t variant_id;
	struct encoded_letter *form;
	struct rendering rendering;
};

struct sending {
	struct run *run;
	const struct issue *issue;
	const struct deliver_options *o;
	struct deliver_report *report;
	struct letter_common common;
	unsigned char key[HASH_SIZE];
	struct form forms[FORMS_MAX];
	size_t form_count;
	struct batches batches;
	struct delivery settled[BATCH_MOST];
	size_t settled_count;
	struct arena *settled_arena; /* replies of what is not yet written */
	struct arena *letter_arena;  /* of the letter being composed */
	struct buf bytes;
	int64_t handed_out;
	struct progress progress;
};

/* ---- writing down ---- */

static bool
flush_settled(struct sending *s, struct err *err)
{
	const size_t count = s->settled_count;

	s->settled_count = 0;
	if (count > 0 && !store_deliveries_settle(s->run->store, s->settled, count, err))
		return false;
	arena_reset(s->settled_arena);
	return true;
}

static void
count_outcome(struct deliver_report *r, enum delivery_state state)
{
	r->sent += state == DELIVERY_SENT;
	r->deferred += state == DELIVERY_DEFERRED;
	r->refused += state == DELIVERY_REFUSED;
	r->unknown += state == DELIVERY_UNKNOWN;
}

static bool
settle_letter(void *arg, const struct letter *letter, const struct outcome *o,
    struct err *err)
{
	struct sending *s = arg;
	const struct delivery *handed_out = letter->owner;
	struct delivery *d = &s->settled[s->settled_count++];
	char note[80];

	*d = *handed_out;
	batches_settled(&s->batches, handed_out);
	delivery_settle(d, o, s->run->config->smtp.retry, flow_now(s->run));
	d->reply = arena_strdup(s->settled_arena, o->reply);
	d->status = arena_strdup(s->settled_arena, o->status);
	d->address = NULL;
	count_outcome(s->report, d->state);
	if (o->kind != OUTCOME_SENT)
		log_debug("send", "letter %lld: %s", (long long)d->id,
		    o->reply ? o->reply : "");
	(void)snprintf(note, sizeof(note), "%lld refused, %lld to retry",
	    (long long)s->report->refused, (long long)s->report->deferred);
	progress_step(&s->progress,
	    (size_t)(s->report->sent + s->report->deferred + s->report->refused +
		s->report->unknown),
	    note);
	return s->settled_count < s->batches.size || flush_settled(s, err);
}

/* ---- composing ---- */

static bool
find_form(struct sending *s, int64_t variant_id, struct encoded_letter **out,
    struct err *err)
{
	struct form *form = NULL;

	for (size_t i = 0; i < s->form_count; i++) {
		if (s->forms[i].variant_id == variant_id) {
			*out = s->forms[i].form;
			return true;
		}
	}
	if (s->form_count == FORMS_MAX)
		return err_set(err, ERR_BUG, "more than %d variants of one issue",
		    FORMS_MAX);
	form = &s->forms[s->form_count];
	form->variant_id = variant_id;
	if (!store_rendering_get(s->run->store, s->run->arena, s->issue->id, variant_id,
		&form->rendering, err))
		return false;
	form->form = letter_encode(&s->common, &form->rendering, s->run->random, err);
	if (!form->form)
		return false;
	s->form_count++;
	*out = form->form;
	return true;
}

static bool
compose(struct sending *s, struct delivery *d, struct letter *out, struct err *err)
{
	struct encoded_letter *form = NULL;
	struct letter_personal personal;

	arena_reset(s->letter_arena);
	buf_reset(&s->bytes);
	if (!find_form(s, d->variant_id, &form, err) ||
	    !flow_letter_personal(s->run, s->letter_arena, &s->common, s->key,
		s->issue->id, d->reader_id, d->epoch, d->confirmed, d->address, &personal,
		err) ||
	    !letter_write(form, &personal, &s->bytes, err))
		return false;
	*out = (struct letter){
		.sender = flow_letter_sender(s->letter_arena, &s->common, s->key,
		    s->issue->id, d->reader_id, d->epoch),
		.recipient = personal.to,
		.name = arena_printf(s->letter_arena, "%s-%lld", s->issue->name,
		    (long long)d->reader_id),
		.bytes = &s->bytes,
		.owner = d,
	};
	return true;
}

/* What --limit leaves. */
static size_t
take_max(const struct sending *s)
{
	return s->o->limit == 0 ? SIZE_MAX : (size_t)(s->o->limit - s->handed_out);
}

/*
 * A letter that cannot be written concerns one reader: it is refused and the next one goes.
 * Any other failure ends the send, and the letter, of which nothing has left, waits on.
 */
static bool
refuse_unwritable(struct sending *s, struct delivery *d, const struct err *why,
    struct err *err)
{
	const struct letter letter = { .owner = d };
	const struct outcome o = { OUTCOME_REFUSED, 0, NULL, why->text };

	if (why->kind == ERR_INPUT)
		return settle_letter(s, &letter, &o, err);
	batches_return(&s->batches);
	*err = *why;
	return false;
}

static bool
next_letter(void *arg, struct letter *out, struct err *err)
{
	struct sending *s = arg;

	for (;;) {
		struct delivery *d = NULL;
		struct err why = ERR_INIT;

		if (!batches_next(&s->batches, s->run, s->issue->id, take_max(s), &d,
			err) ||
		    !d)
			return false;
		s->handed_out++;
		if (compose(s, d, out, &why))
			return true;
		if (!refuse_unwritable(s, d, &why, err))
			return false;
	}
}

static bool
stop_sending(void *arg)
{
	const struct sending *s = arg;

	return s->run->interrupted();
}

/* ---- the whole ---- */

static void
sending_clear(struct sending *s)
{
	for (size_t i = 0; i < s->form_count; i++)
		encoded_letter_free(s->forms[i].form);
	arena_free(s->letter_arena);
	arena_free(s->settled_arena);
	buf_clear(&s->bytes);
}

/* What was taken but never handed out goes back; answers so far are written. */
static bool
wind_up(struct sending *s, struct err *err)
{
	struct err later = ERR_INIT;
	const bool flushed = flush_settled(s, &later);
	const bool ok = batches_close(&s->batches, s->run, &later) && flushed;

	if (!ok && !err_is_set(err))
		*err = later;
	return ok;
}

static bool
transmit(struct sending *s, struct err *err)
{
	const char *title = arena_printf(s->run->arena, "Submitting %lld letters",
	    (long long)s->report->waiting);
	struct transport_settings t = { .config = s->run->config,
		.host_name = s->run->host_name,
		.now = s->run->now };
	const struct letter_source source = { next_letter, settle_letter, stop_sending,
		s };
	bool ok = false;

	if (!flow_password(s->run, &t.password, err))
		return false;
	progress_begin(&s->progress, title, (size_t)s->report->waiting,
	    s->run->show_progress);
	ok = transport_run(&t, &source, err);
	progress_end(&s->progress);
	return wind_up(s, err) && ok;
}

static bool
count_waiting(struct run *run, int64_t issue_id, int64_t *waiting, struct err *err)
{
	int64_t by_state[DELIVERY_SKIPPED + 1];

	if (!store_deliveries_count(run->store, issue_id, by_state, err))
		return false;
	*waiting = by_state[DELIVERY_QUEUED] + by_state[DELIVERY_DEFERRED] +
	    by_state[DELIVERY_SENDING];
	return true;
}

static bool
queue_one(struct run *run, struct issue *issue, const char *address, int64_t *queued,
    struct err *err)
{
	struct reader r = subscription_new(run->now, "run --to");
	bool found = false;

	r.address = address;
	r.address_key = address_key(run->arena, address);
	if (!store_reader_find(run->store, run->arena, r.address_key, &r, &found, err))
		return false;
	if (!found && !store_reader_add(run->store, &r, err))
		return false;
	if (found && r.state != READER_ACTIVE) {
		err_set(err, ERR_HUMAN, "%s is on the list as '%s'", address,
		    reader_state_name(r.state));
		err_hint(err, "%s", address);
		return err_next(err, NEXT_SHOW_READER);
	}
	return flow_render_missing(run, issue, err) &&
	    store_delivery_queue_one(run->store, issue->id, r.id, queued, err);
}

/* A sudden crowd is more often a mistake (a wrong import) than a success. */
static bool
check_growth(struct run *run, const struct issue *issue, int64_t audience,
    struct err *err)
{
	const char *text = NULL;
	int64_t last = 0;

	if (!store_note_get(run->store, run->arena, audience_note, &text, err))
		return false;
	if (!text)
		return true;
	last = strtoll(text, NULL, 10);
	if (audience - last <= GROWTH_LEAST ||
	    audience * 100 <= last * (100 + run->config->approval.max_growth))
		return true;
	err_set(err, ERR_HUMAN,
	    "the audience grew from %lld to %lld since the last issue (more "
	    "than %lld %%)",
	    (long long)last, (long long)audience,
	    (long long)run->config->approval.max_growth);
	err_hint(err, "%s", issue->name);
	return err_next(err, NEXT_ACCEPT_AUDIENCE);
}

static bool
queue_list(struct run *run, struct issue *issue, const struct deliver_options *o,
    int64_t *queued, struct err *err)
{
	char text[24];
	int64_t audience = 0;

	if (!store_audience_count(run->store, run->now, false, false, &audience, err) ||
	    (!o->accept_growth && !check_growth(run, issue, audience, err)))
		return false;
	(void)snprintf(text, sizeof(text), "%lld", (long long)audience);
	return store_deliveries_queue(run->store, issue->id, run->now, false, false,
		   queued, err) &&
	    store_note_set(run->store, audience_note, text, err);
}

/* Only an issue that was just approved gathers readers: who joins later gets the next one. */
static bool
queue_readers(struct run *run, struct issue *issue, const struct deliver_options *o,
    int64_t *queued, struct err *err)
{
	if (o->only_to)
		return queue_one(run, issue, o->only_to, queued, err);
	if (issue->state != ISSUE_APPROVED)
		return true;
	return queue_list(run, issue, o, queued, err);
}

/* Who gets it, written down once; then the state says that letters may be under way. */
static bool
queue_letters(struct run *run, struct issue *issue, const struct deliver_options *o,
    struct deliver_report *report, struct err *err)
{
	if (!store_begin(run->store, err))
		return false;
	if (!queue_readers(run, issue, o, &report->audience, err))
		goto rollback;
	if (issue->state == ISSUE_APPROVED)
		issue->state = ISSUE_SENDING;
	if (!store_issue_update(run->store, issue, err) || !store_commit(run->store, err))
		goto rollback;
	return true;
rollback:
	store_rollback(run->store);
	return false;
}

static bool
close_issue(struct run *run, struct issue *issue, struct deliver_report *report,
    struct err *err)
{
	if (!count_waiting(run, issue->id, &report->waiting, err))
		return false;
	report->finished = report->waiting == 0;
	if (!report->finished || issue->state != ISSUE_SENDING)
		return true;
	issue->state = ISSUE_SENT;
	issue->sent = flow_now(run);
	return store_issue_update(run->store, issue, err);
}

bool
flow_deliver(struct run *run, struct issue *issue, const struct deliver_options *o,
    struct deliver_report *report, struct err *err)
{
	const int64_t began = clock_ticks_ms();
	struct sending *s = xcalloc(1, sizeof(*s));
	bool sent_all = false;
	bool ok = false;

	memset(report, 0, sizeof(*report));
	s->run = run;
	s->issue = issue;
	s->o = o;
	s->report = report;
	s->letter_arena = arena_new();
	s->settled_arena = arena_new();
	buf_init(&s->bytes, LIMIT_LETTER);
	if (!flow_letter_common(run, issue, &s->common, err) ||
	    !store_key(run->store, s->key, err) ||
	    !store_deliveries_recover(run->store, &report->recovered, err) ||
	    !queue_letters(run, issue, o, report, err) ||
	    !count_waiting(run, issue->id, &report->waiting, err))
		goto out;
	sent_all = report->waiting == 0 || transmit(s, err);
	ok = close_issue(run, issue, report, err) && sent_all;
out:
	report->ms = clock_ticks_ms() - began;
	sending_clear(s);
	free(s);
	return ok;
}

bool
flow_letter(struct run *run, const struct issue *issue, const struct rendering *r,
    const struct reader *to, struct buf *out, struct err *err)
{
	struct letter_common common;
	struct letter_personal personal;
	struct encoded_letter *form = NULL;
	unsigned char key[HASH_SIZE];
	bool ok = false;

	if (!flow_letter_common(run, issue, &common, err) ||
	    !store_key(run->store, key, err) ||
	    !flow_letter_personal(run, run->arena, &common, key, issue->id, to->id,
		to->epoch, to->confirmed, to->address, &personal, err))
		return false;
	form = letter_encode(&common, r, run->random, err);
	ok = form && letter_write(form, &personal, out, err);
	encoded_letter_free(form);
	return ok;
}
