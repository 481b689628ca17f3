/* SPDX-License-Identifier: ISC */
/*
 * DELIVER: compose, hand over, write down the answer.
 *
 * A batch of deliveries is marked `sending` and durable before the first byte of any of them
 * can leave; answers are written in batches.  Which of them are out stands in the journal, so
 * after a kill only those are `unknown` that had begun; after a power cut all in `sending`
 * are.  What is unknown is never sent again by itself: better a missed letter than the same
 * one twice.
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
#include "base/text.h"
#include "base/work_pool.h"
#include "config/quiet_hours.h"
#include "flow/answer_book.h"
#include "flow/bounce_mail.h"
#include "flow/context.h"
#include "flow/delivery_batches.h"
#include "flow/delivery_outcome.h"
#include "flow/dkim_keys.h"
#include "flow/hour_counts.h"
#include "flow/journal_recovery.h"
#include "flow/letter_cache.h"
#include "flow/letter_fields.h"
#include "flow/letterhead.h"
#include "flow/letters_in_hand.h"
#include "flow/password.h"
#include "flow/refusals.h"
#include "flow/shared_letter.h"
#include "flow/trial.h"
#include "list/token.h"
#include "transport/transport.h"
#include "store/deliveries.h"
#include "store/issues.h"
#include "store/notes.h"
#include "store/notices.h"

/*
 * A reader who leaves gets no letter that would be begun later than LOOK_MS, and finds the
 * database free for OTHERS_TURN_MS at least between two takings.  Answers are written when none
 * came for PAUSE_MS; a refusal in doubt is not tried again for DOUBT seconds.
 */
enum { LOOK_MS = 3, OTHERS_TURN_MS = 1, PAUSE_MS = 1000, DOUBT = 3600 };

struct sending {
	struct run *run;
	const struct deliver_options *o;
	struct deliver_report *report;
	unsigned char key[HASH_SIZE];
	struct hash_key *signer; /* the same, set for notices */
	struct letter_cache *cache;
	struct batches batches;
	struct answer_book book;
	struct refusals refusals;
	struct letters_in_hand hands;
	bool takes_pieces;          /* the transport does */
	struct arena *letter_arena; /* of the letter being composed */
	struct buf bytes;
	int64_t handed_out;
	int64_t quiet_from;       /* no letter is begun from then on; TIME_NONE = never */
	struct hour_count *hours; /* of each server; NULL where they do not matter */
	int64_t settled_ms;       /* when the last answer came */
	size_t looked_at;         /* so many answers there were when that was looked at */
	struct progress progress;
};

/* ---- writing down ---- */

static struct issue_outcome *
outcome_of(struct sending *s, int64_t issue_id)
{
	struct deliver_report *r = s->report;

	for (size_t i = r->issue_count; i > 0; i--) {
		if (r->issues[i - 1].issue_id == issue_id)
			return &r->issues[i - 1];
	}
	r->issues =
	    arena_grow_list(s->run->arena, r->issues, r->issue_count, sizeof(*r->issues));
	r->issues[r->issue_count].issue_id = issue_id;
	return &r->issues[r->issue_count++];
}

static void
count_outcome(struct sending *s, const struct delivery *d)
{
	struct issue_outcome *o =
	    outcome_of(s, d->kind == NOTICE_NONE ? d->span.last_id : 0);
	struct deliver_report *r = s->report;

	o->sent += d->state == DELIVERY_SENT;
	o->deferred += d->state == DELIVERY_DEFERRED;
	o->refused += d->state == DELIVERY_REFUSED;
	o->unknown += d->state == DELIVERY_UNKNOWN;
	r->sent += d->state == DELIVERY_SENT;
	r->deferred += d->state == DELIVERY_DEFERRED;
	r->refused += d->state == DELIVERY_REFUSED;
	r->unknown += d->state == DELIVERY_UNKNOWN;
}

/*
 * A refusal waits until others show whether it is the reader's (refusals.h): if the program
 * dies before that it is tried again, since nothing was accepted.
 */
static bool
doubt_refusal(struct sending *s, const struct delivery *handed_out,
    const struct outcome *o, struct delivery *d, struct err *err)
{
	const bool refused = d->state == DELIVERY_REFUSED && o->stage != STAGE_NONE &&
	    o->kind == OUTCOME_REFUSED;
	struct delivery older;

	if (d->kind != NOTICE_NONE || (!refused && d->state != DELIVERY_SENT))
		return true;
	if (refusals_note(&s->refusals, handed_out, o, d->settled, &older)) {
		if (!answer_book_add(&s->book, NULL, &older, err))
			return false;
		count_outcome(s, &older);
	}
	if (!refused)
		return true;
	d->attempts = handed_out->attempts;
	d->state = DELIVERY_DEFERRED;
	d->next_try = d->settled + DOUBT;
	return true;
}

static void
show_progress(struct sending *s)
{
	const struct deliver_report *r = s->report;
	char note[80];

	if (!s->progress.on)
		return;
	(void)snprintf(note, sizeof(note), "%lld refused, %lld to retry",
	    (long long)r->refused, (long long)r->deferred);
	progress_step(&s->progress,
	    (size_t)(r->sent + r->deferred + r->refused + r->unknown), note);
}

static bool
write_down(struct sending *s, struct err *err)
{
	struct err why = ERR_INIT;

	batches_finish(&s->batches, s->run);
	/* The answers have the patience for a database that is locked. */
	if (!hour_counts_save(s->run, s->hours, &why))
		log_debug("send", "the letters of this hour: %s", why.text);
	return answer_book_write(&s->book, err);
}

/*
 * So many answers wait for the database: those of a batch.  Where they are written with the
 * taking of the next one, that comes first; a few more may be there until then.
 */
static size_t
answers_most(const struct sending *s)
{
	const size_t size = s->batches.size;

	return s->batches.book ? size + size / 8 + 1 : size;
}
_Static_assert(BATCH_MOST + BATCH_MOST / 8 + 1 + 400 <= JOURNAL_CELLS,
    "letters that are out have cells too");

static bool
settle_letter(void *arg, const struct letter *letter, const struct outcome *o,
    struct err *err)
{
	struct sending *s = arg;
	struct letter_in_hand *hand = letter->owner;
	const struct delivery *handed_out = hand->d;
	struct delivery d = *handed_out;

	letters_put_down(&s->hands, hand);
	delivery_settle(&d, o, s->run->config->smtp.retry, flow_now(s->run));
	d.reply = o->reply;
	/* A suspect that was not heard of now stays one. */
	if (d.state != DELIVERY_QUEUED)
		d.status = o->status;
	if (!doubt_refusal(s, handed_out, o, &d, err) ||
	    !answer_book_add(&s->book, handed_out, &d, err))
		return false;
	batches_settled(&s->batches, handed_out);
	if (d.state == DELIVERY_DEFERRED)
		refusals_note_wait(&s->refusals, o);
	if (o->kind != OUTCOME_REFUSED || d.state == DELIVERY_REFUSED)
		count_outcome(s, &d);
	if (o->kind != OUTCOME_SENT)
		log_debug("send", "letter to reader %lld: %s", (long long)d.reader_id,
		    o->reply ? o->reply : "");
	show_progress(s);
	s->settled_ms = clock_rough_ms();
	return s->book.page->count < answers_most(s) || write_down(s, err);
}

/* ---- composing ---- */

/* The bytes of a letter of an issue, in the form that the transport takes. */
static bool
write_letter(struct sending *s, const struct shared_letter *shared, struct delivery *d,
    struct letter_personal *personal, struct letter *out, struct err *err)
{
	struct letter_in_hand *hand = NULL;

	if (!s->takes_pieces) {
		out->bytes = &s->bytes;
		return shared_letter_write(shared, s->letter_arena, d, personal,
		    &s->bytes, err);
	}
	hand = letters_take(&s->hands, d, shared);
	if (!shared_letter_write_pieces(shared, s->letter_arena, d, personal,
		&hand->pieces, err)) {
		letters_put_down(&s->hands, hand);
		return false;
	}
	out->pieces = &hand->pieces;
	out->owner = hand;
	return true;
}

/* The letter of an issue, or a test of one. */
static bool
compose_issue(struct sending *s, struct delivery *d, struct letter *out, struct err *err)
{
	const struct shared_letter *shared = NULL;
	struct letter_personal personal;
	char digits[TEXT_NUMBER];

	*out = (struct letter){ .alone = d->status &&
		    strcmp(d->status, STATUS_BROKE_OFF) == 0 };
	if (!letter_cache_get(s->cache, s->run, d, &shared, err) ||
	    !write_letter(s, shared, d, &personal, out, err))
		return false;
	out->sender =
	    flow_letter_sender(s->letter_arena, &shared->head.common, shared->key, d);
	out->recipient = personal.to;
	out->name = arena_join(s->letter_arena,
	    (const char *const[]){ shared->issue.name,
		d->kind == NOTICE_NONE ? "-" : "-test-",
		text_number((uint64_t)(d->kind == NOTICE_NONE ? d->reader_id
							      : d->notice_id),
		    digits),
		NULL });
	return true;
}

/* A notice of words: encoded for its one reader, dated with when it was written. */
static bool
compose_notice(struct sending *s, struct delivery *d, struct letter *out, struct err *err)
{
	struct run own;
	struct arena *a = s->letter_arena;
	struct letter_personal personal;
	struct letterhead head;
	struct notice n;
	struct encoded_letter *encoded = NULL;
	bool ok = false;

	/* Templates are loaded once, into the run that outlives this letter. */
	if (!flow_templates(s->run, err))
		return false;
	own = *s->run;
	own.arena = a;
	if (!store_notice_get(s->run->store, a, d->notice_id, &n, err) ||
	    !letterhead_now(&own, n.created, &head, err) ||
	    !letterhead_speak(&own, n.language, &head, err) ||
	    !flow_letter_personal(a, &head, s->signer, d, &personal, err))
		return false;
	letterhead_of_notice(a, &head);
	flow_letter_of_notice(&n, &head, &personal);
	const struct rendering rendering = { .subject = n.subject,
		.text = n.text,
		.text_len = strlen(n.text),
		.html = n.html,
		.html_len = n.html ? strlen(n.html) : 0 };

	encoded = letter_encode(&head.common, &rendering,
	    token_boundary(a, s->key, 0, 0, d->notice_id, "notice"), err);
	ok = encoded && letter_write(encoded, &personal, &s->bytes, err);
	encoded_letter_free(encoded);
	if (!ok)
		return false;
	*out = (struct letter){
		.sender = d->reader_id != 0
		    ? flow_letter_sender(a, &head.common, s->signer, d)
		    : head.common.sender,
		.recipient = personal.to,
		.name = arena_printf(a, "notice-%lld", (long long)d->notice_id),
		.bytes = &s->bytes,
	};
	return true;
}

static bool
compose(struct sending *s, struct delivery *d, struct letter *out, struct err *err)
{
	arena_reset(s->letter_arena);
	buf_reset(&s->bytes);
	/* What is made now is made of what is stored. */
	if (d->kind != NOTICE_NONE || !letter_cache_has(s->cache, d))
		batches_finish(&s->batches, s->run);
	if (d->kind == NOTICE_NONE || d->kind == NOTICE_TEST || d->kind == NOTICE_PREVIEW)
		return compose_issue(s, d, out, err);
	return compose_notice(s, d, out, err);
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
	const struct letter letter = { .owner = letters_take(&s->hands, d, NULL) };
	const struct outcome o = { OUTCOME_REFUSED, 0, NULL, why->text, STAGE_NONE };

	if (why->kind == ERR_INPUT)
		return settle_letter(s, &letter, &o, err);
	letters_put_down(&s->hands, letter.owner);
	answer_book_take_back(&s->book, d);
	batches_return(&s->batches);
	*err = *why;
	return false;
}

/* While the database is locked or full nothing goes out, and it is tried again. */
static bool
next_delivery(struct sending *s, struct delivery **out, struct err *err)
{
	struct err why = ERR_INIT;

	while (!batches_next(&s->batches, s->run, s->o, take_max(s), out, &why)) {
		if (!answer_book_wait(&s->book, &why)) {
			*err = why;
			return false;
		}
		why = (struct err)ERR_INIT;
	}
	answer_book_waited(&s->book);
	return true;
}

static bool
next_letter(void *arg, struct letter *out, struct err *err)
{
	struct sending *s = arg;

	for (;;) {
		struct delivery *d = NULL;
		struct err why = ERR_INIT;

		if (!next_delivery(s, &d, err) || !d ||
		    !answer_book_hand_out(&s->book, d, err))
			return false;
		s->handed_out++;
		if (compose(s, d, out, &why)) {
			if (!out->owner)
				out->owner = letters_take(&s->hands, d, NULL);
			return true;
		}
		if (!refuse_unwritable(s, d, &why, err))
			return false;
	}
}

static bool
is_quiet(const struct sending *s)
{
	return s->quiet_from != TIME_NONE && flow_now(s->run) >= s->quiet_from;
}

/*
 * While a pace is kept for minutes others see what has become of the letters.  What cannot be
 * written now is written with the next answer, or told at the end.
 */
static void
write_in_pauses(struct sending *s)
{
	struct err later = ERR_INIT;
	const size_t before = s->looked_at;

	/* While answers come there is no pause, and the clock is not asked. */
	s->looked_at = s->book.page->count;
	if (s->looked_at == 0 || s->looked_at != before ||
	    clock_rough_ms() - s->settled_ms < PAUSE_MS)
		return;
	s->settled_ms = clock_rough_ms();
	if (!write_down(s, &later))
		log_debug("send", "%s", later.text);
}

static bool
stop_sending(void *arg)
{
	struct sending *s = arg;

	write_in_pauses(s);
	return s->refusals.stopped || s->run->interrupted() || is_quiet(s);
}

/* A signal: whoever sent it waits for the end. */
static bool
is_hurried(void *arg)
{
	const struct sending *s = arg;

	return s->run->interrupted();
}

/* ---- the night ---- */

/* A setting that is none was refused when it was read. */
static struct quiet_hours
quiet_hours_of(const struct run *run)
{
	const char *text = run->config->smtp.quiet_hours;
	struct quiet_hours hours;

	if (!quiet_hours_parse(text ? text : "", &hours))
		hours.any = false;
	return hours;
}

int64_t
flow_quiet_until(const struct run *run)
{
	const struct quiet_hours hours = quiet_hours_of(run);

	return quiet_hours_end(&hours, run->zone, flow_now(run));
}

/* In them notices alone go.  Zones are not asked again while letters go (base/zone.h). */
static void
look_at_the_clock(struct sending *s, struct deliver_options *o)
{
	const struct quiet_hours hours = quiet_hours_of(s->run);
	int64_t until = 0;

	s->quiet_from = TIME_NONE;
	if (o->notices_only || !hours.any)
		return;
	until = flow_quiet_until(s->run);
	if (until == TIME_NONE) {
		s->quiet_from = quiet_hours_begin(&hours, s->run->zone, flow_now(s->run));
		return;
	}
	s->report->quiet_until = until;
	o->notices_only = true;
}

/* ---- the whole ---- */

static void
sending_clear(struct sending *s)
{
	work_pool_close(s->batches.pool);
	letters_clear(&s->hands);
	letter_cache_free(s->cache);
	hash_key_free(s->signer);
	arena_free(s->letter_arena);
	answer_book_clear(&s->book);
	buf_clear(&s->bytes);
}

/* Every issue with a refusal that is held back had letters accepted by an earlier run. */
static bool
look_at_earlier_runs(struct sending *s, struct err *err)
{
	struct refusals *r = &s->refusals;

	for (size_t i = r->ended; r->accepted == 0 && i < r->count; i++) {
		const struct refusal *x = &r->window[i % ARRAY_LEN(r->window)];
		int64_t by_state[DELIVERY_STATES];

		if (!store_deliveries_count(s->run->store, x->d.span.last_id, by_state,
			err))
			return false;
		r->accepted_before = by_state[DELIVERY_SENT] > 0;
		if (!r->accepted_before)
			return true;
	}
	return true;
}

/* The refusals that were held back: whose fault they are is known now. */
static bool
end_refusals(struct sending *s, struct err *err)
{
	struct delivery d;

	if (!look_at_earlier_runs(s, err))
		return false;
	while (refusals_next(&s->refusals, flow_now(s->run), &d)) {
		if (!answer_book_add(&s->book, NULL, &d, err))
			return false;
		if (d.state == DELIVERY_REFUSED)
			count_outcome(s, &d);
	}
	return true;
}

/* What was taken but never handed out goes back; answers so far are written. */
static bool
wind_up(struct sending *s, struct err *err)
{
	struct err later = ERR_INIT;
	bool flushed = false;
	bool ok = false;

	batches_finish(&s->batches, s->run);
	flushed = answer_book_write(&s->book, &later) && end_refusals(s, &later) &&
	    write_down(s, &later);
	ok = batches_close(&s->batches, s->run, &later) && flushed;

	/* Answers that could not be stored are the worse error. */
	if (!flushed || (!ok && !err_is_set(err)))
		*err = later;
	return ok;
}

/* asker: as s->run, for passwords. */
static bool
transmit_as(struct sending *s, struct run *asker, struct err *err)
{
	const char *title = arena_printf(s->run->arena, "Submitting %lld letter%s",
	    (long long)s->report->waiting, s->report->waiting == 1 ? "" : "s");
	struct transport_settings t = { .config = s->run->config,
		.password_again = flow_password_of_server,
		.password_arg = asker,
		.host_name = s->run->host_name,
		.grace_ms = LIMIT_STOP_GRACE_MS,
		.epoch_ms = s->run->now * 1000 - s->run->started_ms,
		.utc_offset = zone_offset(s->run->zone, s->run->now, NULL),
		.now = s->run->now };
	const struct letter_source source = { next_letter, settle_letter, stop_sending, s,
		is_hurried };
	struct dkim_signer signer = { .count = 0 };
	bool ok = false;

	if (!flow_passwords_read(asker, &t, err) ||
	    !flow_dkim_signer(s->run, &signer, err) ||
	    !hour_counts_load(s->run, &s->hours, err))
		return false;
	t.hours = s->hours;
	/* The letters of an hour are written down with the answers, by write_down(). */
	s->batches.book = s->hours ? NULL : &s->book;
	s->batches.pool = work_pool_open(1);
	if (signer.count > 0)
		t.signer = &signer;
	s->takes_pieces = transport_takes_pieces(&t);
	progress_begin(&s->progress, title, (size_t)s->report->waiting,
	    s->run->show_progress);
	ok = transport_run(&t, &source, err);
	progress_end(&s->progress);
	flow_dkim_clear(&signer);
	if (s->refusals.waiting > 0)
		log_warn("send", "%lld %s for what a receiver thinks of us: %s",
		    (long long)s->refusals.waiting,
		    s->refusals.waiting == 1 ? "letter waits" : "letters wait",
		    s->refusals.waiting_advice);
	if (!wind_up(s, err) || !ok)
		return false;
	return !refusals_say(&s->refusals, err);
}

/* A password may be asked for while letters are written: in memory of its own. */
static bool
transmit(struct sending *s, struct err *err)
{
	struct run asker = *s->run;
	bool ok = false;

	asker.arena = arena_new();
	ok = transmit_as(s, &asker, err);
	arena_free(asker.arena);
	return ok;
}

static bool
count_waiting(struct run *run, const struct deliver_options *o, int64_t *waiting,
    struct err *err)
{
	int64_t notices = 0;

	*waiting = 0;
	if (!o->notices_only &&
	    !store_deliveries_waiting(run->store, o->issue_id, waiting, err))
		return false;
	if (o->issue_id == 0 && !store_notices_waiting(run->store, &notices, err))
		return false;
	*waiting += notices;
	return true;
}

/* What a report says of an issue beside this run: its name, and who had it before. */
static bool
name_issues(struct run *run, struct deliver_report *r, struct err *err)
{
	for (size_t i = 0; i < r->issue_count; i++) {
		struct issue_outcome *o = &r->issues[i];
		int64_t by_state[DELIVERY_STATES];

		if (o->issue_id == 0)
			continue;
		if (!store_issue_name(run->store, run->arena, o->issue_id, &o->name,
			err) ||
		    !store_deliveries_count(run->store, o->issue_id, by_state, err))
			return false;
		o->earlier = by_state[DELIVERY_SENT] > o->sent
		    ? by_state[DELIVERY_SENT] - o->sent
		    : 0;
	}
	return true;
}

/* An issue that nobody accepted is not called sent. */
static bool
close_issues(struct run *run, const struct deliver_report *r, bool *sent_all,
    struct err *err)
{
	bool nobody = false; /* got a letter, since some were refused for good */
	bool never = false;  /* nor in earlier runs, of one of these issues */

	for (size_t i = 0; r->sent == 0 && i < r->issue_count; i++) {
		const struct issue_outcome *o = &r->issues[i];

		if (o->issue_id != 0 && o->refused != 0) {
			nobody = true;
			never = never || o->earlier == 0;
		}
	}
	if (!never && !store_issues_close(run->store, flow_now(run), err))
		return false;
	if (nobody && *sent_all)
		*sent_all = err_set(err, ERR_HUMAN,
		    r->waiting > 0 ? "nobody got a letter: %lld refused, the others wait"
				   : "nobody got a letter: all were refused (%lld)",
		    (long long)r->refused);
	return true;
}

/* Whose mailbox refused their letter: as if it had come back. */
static bool
act_on_refusals(struct run *run, const struct deliver_report *r, int64_t since,
    struct err *err)
{
	for (size_t i = 0; i < r->issue_count; i++) {
		const struct issue_outcome *o = &r->issues[i];

		if (o->issue_id != 0 && o->refused > 0 &&
		    !flow_bounce_refused(run, o->issue_id, since, err))
			return false;
	}
	return true;
}

/* A setting that is wrong is told before the first letter, and is no reader's fault. */
static bool
check_letterhead(struct run *run, struct err *err)
{
	struct letterhead head;

	if (flow_is_trial(run) && !run->in_trial)
		return err_set(err, ERR_BUG, "a trial would move what is stored");
	return letterhead_now(run, run->now, &head, err);
}

static bool
open_journal(struct sending *s, struct err *err)
{
	if (!s->run->journal_path)
		return true;
	s->book.journal =
	    letter_journal_open(s->run->journal_path, s->key, s->run->boot, err);
	s->batches.journal = s->book.journal;
	if (!s->book.journal)
		return false;
	(void)letter_journal_take_up(s->book.journal, s->run->rescue_dir, s->run->arena);
	if (s->run->rescue_dir)
		letter_journal_keep_copy(s->book.journal, s->run->rescue_dir,
		    s->run->arena);
	return true;
}

bool
flow_deliver(struct run *run, const struct deliver_options *o,
    struct deliver_report *report, struct err *err)
{
	const int64_t began = clock_ticks_ms();
	const int64_t since = flow_now(run);
	struct sending *s = xcalloc(1, sizeof(*s));
	struct deliver_options now = *o;
	bool sent_all = false;
	bool ok = false;

	memset(report, 0, sizeof(*report));
	s->run = run;
	s->o = &now;
	s->report = report;
	look_at_the_clock(s, &now);
	s->letter_arena = arena_new();
	s->batches.look_ms = LOOK_MS;
	s->batches.turn_ms = OTHERS_TURN_MS;
	answer_book_init(&s->book, run);
	buf_init(&s->bytes, LIMIT_LETTER);
	if (!store_key(run->store, s->key, err))
		goto out;
	s->signer = hash_key_new(s->key);
	s->cache = letter_cache_new(s->key);
	if (!open_journal(s, err) ||
	    !journal_recover(run, s->book.journal, o->restored, &report->recovered,
		err) ||
	    !count_waiting(run, &now, &report->waiting, err))
		goto out;
	sent_all =
	    report->waiting == 0 || (check_letterhead(run, err) && transmit(s, err));
	ok = act_on_refusals(run, report, since, err) &&
	    count_waiting(run, o, &report->waiting, err) &&
	    name_issues(run, report, err) && close_issues(run, report, &sent_all, err) &&
	    sent_all;
out:
	report->ms = clock_ticks_ms() - began;
	report->interrupted = run->interrupted();
	if (is_quiet(s))
		report->quiet_until = flow_quiet_until(run);
	sending_clear(s);
	free(s);
	return ok;
}
