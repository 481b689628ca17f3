/* SPDX-License-Identifier: ISC */
/*
 * INTAKE: who wants to read.  Lists from elsewhere come in with evidence of consent, and
 * nobody who left or was erased comes back by one.
 */
#include "flow/intake.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "digest/templates.h"
#include "flow/context.h"
#include "flow/join_limits.h"
#include "flow/reader_moves.h"
#include "flow/reader_wishes.h"
#include "list/reader_file.h"
#include "list/subscription.h"
#include "model/names.h"
#include "mail/address.h"
#include "store/delivery_queue.h"
#include "store/readers.h"
#include "store/transactions.h"

struct intake {
	struct run *run;
	const struct intake_options *o;
	struct intake_report *report;
	struct arena *scratch;
	int64_t first_added;  /* id of the first reader of this list; 0 before it */
	int64_t newest;       /* number of the newest issue */
	const char *evidence; /* of rows that have none of their own */
	/* Of readers without wishes of their own; 0 before the first. */
	int64_t plain_variant, plain_cadence;
};

/* Evidence is kept as one line of what people can see; NULL when nothing is left. */
static const char *
evidence_line(struct arena *a, const char *text)
{
	const char *line = text ? text_visible_line(a, text) : "";

	return *line ? line : NULL;
}

/* The next row goes on. */
static bool
refuse(struct intake *in, const struct roll_row *row, const char *reason, size_t *counter)
{
	(*counter)++;
	if (in->o->refused)
		in->o->refused(in->o->arg, row->line, row->address ? row->address : "",
		    reason);
	return true;
}

/* Other programs have a column of that name too: a language we do not speak is no wish. */
static const char *
known_language(struct intake *in, const char *language)
{
	struct err ignored = ERR_INIT;

	return language &&
		template_language_check(in->run->config->digest.template_dir, language,
		    &ignored)
	    ? language
	    : NULL;
}

/* The same: "pictures" may count them. */
static const char *
known_pictures(const char *pictures)
{
	enum picture_wish ignored = PICTURES_DEFAULT;

	return pictures && pictures_parse(pictures, &ignored) ? pictures : NULL;
}

/* What the file says of wishes, into *r; why that cannot be, or NULL. */
static const char *
read_wishes(struct intake *in, const struct roll_row *row, struct reader *r)
{
	const struct reader_wishes wishes = { .rhythm = row->rhythm,
		.day = row->day,
		.hour = row->hour,
		.zone = row->zone,
		.format = row->format,
		.length = row->body,
		.language = known_language(in, row->language),
		.pictures = known_pictures(row->pictures),
		.sources = row->sources };
	struct err why = ERR_INIT;

	return flow_wishes_apply(in->run, in->scratch, &wishes, r, &why)
	    ? NULL
	    : arena_strdup(in->scratch, why.text);
}

/* Why a row does not make a reader; NULL when it may. */
static const char *
check_state(const struct roll_row *row)
{
	if (subscription_has_ended(row->state))
		return NULL;
	if (row->odd_state)
		return "unknown state";
	if (row->state == READER_PENDING || row->state == READER_ERASED)
		return "this state does not come by a list";
	return NULL;
}

/* "Ann <a@b.example>", "mailto:a@b.example", or the address alone. */
static bool
read_address(struct intake *in, const char *text, const char **out, struct err *why)
{
	static const char scheme[] = "mailto:";
	struct mailbox box;

	if (ascii_starts_nocase(text, scheme))
		text += sizeof(scheme) - 1;
	if (!strchr(text, '<'))
		return address_check(in->scratch, text, out, why);
	if (!mailbox_parse(in->scratch, text, &box, why))
		return false;
	*out = box.address;
	return true;
}

static bool
move(struct intake *in, struct reader *r, enum reader_event event, const char *evidence,
    struct err *err)
{
	const struct reader_move m = { event, CAUSE_LIST, evidence, NULL };

	return flow_reader_move(in->run, r, &m, err);
}

/* Leaving wins: who is gone by this list, or by ours, is gone. */
static bool
known_reader(struct intake *in, const struct roll_row *row, struct reader *known,
    const struct reader *wanted, struct err *err)
{
	const bool leaves = subscription_has_ended(wanted->state);
	const bool has_left = subscription_has_ended(known->state);
	enum reader_state to = known->state;

	if (leaves && !has_left) {
		in->report->left++;
		return move(in, known,
		    wanted->state == READER_LEFT ? EVENT_LEAVE : EVENT_REMOVE,
		    wanted->confirmed_by, err);
	}
	if (leaves || !subscription_move(known->state, EVENT_IMPORT, &to)) {
		const char *reason = arena_printf(in->scratch, "is on the list as '%s'",
		    reader_state_name(known->state));

		return refuse(in, row, reason,
		    has_left ? &in->report->stays_out : &in->report->unchanged);
	}
	if (to == known->state)
		return refuse(in, row, "is on the list already", &in->report->unchanged);
	in->report->confirmed++;
	return move(in, known, EVENT_IMPORT, wanted->confirmed_by, err);
}

/* Most rows are an address alone: what their wishes are in the store is asked once. */
static bool
has_wishes(const struct roll_row *row)
{
	return row->rhythm || row->day || row->hour || row->zone || row->format ||
	    row->body || row->language || row->pictures || row->sources;
}

static bool
add_reader(struct intake *in, const struct roll_row *row, struct reader *r,
    struct err *err)
{
	const struct reader_move added = { EVENT_IMPORT, CAUSE_LIST, r->confirmed_by,
		NULL };
	const bool plain = !has_wishes(row);

	in->report->added++;
	if (plain) {
		r->variant.id = in->plain_variant;
		r->cadence_id = in->plain_cadence;
	}
	if (!flow_reader_add_after(in->run, r, in->newest, &added, err))
		return false;
	if (plain) {
		in->plain_variant = r->variant.id;
		in->plain_cadence = r->cadence_id;
	}
	if (in->first_added == 0)
		in->first_added = r->id;
	return true;
}

static bool
place_reader(struct intake *in, const struct roll_row *row, struct reader *r,
    struct err *err)
{
	struct reader known;
	bool found = false;
	bool erased = false;

	r->address_key = address_key(in->scratch, r->address);
	if (!store_reader_find(in->run->store, in->scratch, r->address_key, &known,
		&found, err) ||
	    (!found &&
		!store_reader_is_erased(in->run->store, r->address_key, &erased, err)))
		return false;
	if (found && in->first_added != 0 && known.id >= in->first_added &&
	    (!subscription_has_ended(r->state) || subscription_has_ended(known.state)))
		return refuse(in, row, "stands twice in the list",
		    &in->report->duplicate);
	if (found)
		return known_reader(in, row, &known, r, err);
	if (erased)
		return refuse(in, row, "was erased and stays out",
		    &in->report->stays_out);
	return add_reader(in, row, r, err);
}

/* Why the row does not make r a reader, or NULL: leaving needs neither evidence nor wishes. */
static const char *
read_row(struct intake *in, const struct roll_row *row, struct reader *r)
{
	const char *reason = check_state(row);
	int64_t confirmed = 0;

	r->state = row->state;
	/* That somebody left is no word of when they came. */
	if (subscription_has_ended(r->state) && !r->confirmed_by)
		r->confirmed = TIME_NONE;
	if (row->confirmed && clock_parse(row->confirmed, &confirmed) &&
	    confirmed <= in->run->now)
		r->confirmed = confirmed;
	if (!reason && !r->confirmed_by && !subscription_has_ended(r->state))
		reason =
		    "no evidence of consent (column confirmed_by, or --confirmed-by)";
	if (!reason)
		reason = read_wishes(in, row, r);
	return subscription_has_ended(r->state) ? NULL : reason;
}

static bool
take_row(struct intake *in, const struct roll_row *row, struct err *err)
{
	struct reader r = subscription_new(in->run->now,
	    row->confirmed_by ? evidence_line(in->scratch, row->confirmed_by)
			      : in->evidence);
	struct err why = ERR_INIT;
	const char *reason = NULL;

	in->report->rows++;
	if (!row->address)
		return refuse(in, row, "no address", &in->report->invalid);
	if (!read_address(in, row->address, &r.address, &why))
		return refuse(in, row, why.text, &in->report->invalid);
	reason = read_row(in, row, &r);
	if (reason)
		return refuse(in, row, reason, &in->report->invalid);
	return place_reader(in, row, &r, err);
}

/* ERR_LIMIT when there are more than list.max_subscribers now, and more than before. */
static bool
check_limit(struct run *run, int64_t before, struct err *err)
{
	const int64_t most = run->config->list.max_subscribers;
	int64_t count = 0;

	if (!join_limits_readers(run, &count, err))
		return false;
	if (most == 0 || count <= most || count <= before)
		return true;
	err_set(err, ERR_LIMIT,
	    "there would be %" PRId64 " readers, and %" PRId64 " are the most", count,
	    most);
	return err_hint(err, "max_subscribers in [list]");
}

static bool
take_rows(struct intake *in, struct roll *list, struct err *err)
{
	struct span newest;
	struct roll_row row;
	int64_t before = 0;
	bool got = true;

	if (!join_limits_readers(in->run, &before, err) ||
	    !store_newest_issue(in->run->store, &newest, err))
		return false;
	in->newest = newest.last;
	in->evidence = evidence_line(in->run->arena, in->o->confirmed_by);
	while (got) {
		if (!roll_next(list, &row, &got, err) ||
		    (got && !take_row(in, &row, err)))
			return false;
		arena_reset(in->scratch);
	}
	return check_limit(in->run, before, err);
}

bool
flow_intake_list(struct run *run, FILE *list, const struct intake_options *o,
    struct intake_report *report, struct err *err)
{
	struct intake in = { .run = run,
		.o = o,
		.report = report,
		.scratch = arena_new() };
	struct roll *roll = NULL;
	bool ok = false;

	memset(report, 0, sizeof(*report));
	if (roll_open(list, run->interrupted, &roll, err) &&
	    store_begin(run->store, err)) {
		ok = take_rows(&in, roll, err);
		if (ok && !run->dry_run)
			ok = store_commit(run->store, err);
		else
			store_rollback(run->store);
	}
	roll_close(roll);
	arena_free(in.scratch);
	return ok;
}

static bool
add_within_limit(struct run *run, struct reader *r, const struct reader_move *added,
    struct err *err)
{
	int64_t before = 0;

	return store_begin(run->store, err) &&
	    store_end(run->store,
		join_limits_readers(run, &before, err) &&
		    flow_reader_add(run, r, added, err) && check_limit(run, before, err),
		err);
}

bool
flow_intake_reader(struct run *run, struct reader *r, struct err *err)
{
	struct reader_move added = { EVENT_IMPORT, CAUSE_COMMAND, NULL, NULL };
	struct reader known;
	enum reader_state to = READER_ACTIVE;
	bool found = false;
	bool erased = false;

	r->confirmed_by = evidence_line(run->arena, r->confirmed_by);
	added.evidence = r->confirmed_by;
	r->address_key = address_key(run->arena, r->address);
	if (!store_reader_is_erased(run->store, r->address_key, &erased, err) ||
	    !store_reader_find(run->store, run->arena, r->address_key, &known, &found,
		err))
		return false;
	if (erased && !found)
		return err_set(err, ERR_INPUT, "%s asked to be erased and stays out",
		    r->address);
	if (!r->confirmed_by)
		return err_set(err, ERR_INPUT, "no evidence of consent");
	if (!found)
		return add_within_limit(run, r, &added, err);
	if (!subscription_move(known.state, EVENT_IMPORT, &to)) {
		err_set(err, ERR_INPUT, "%s is on the list as '%s' and stays out",
		    r->address, reader_state_name(known.state));
		return err_hint(err,
		    "only they can come back, by subscribing themselves");
	}
	if (to == known.state)
		return err_set(err, ERR_INPUT, "%s is on the list already (%s)",
		    r->address, reader_state_name(known.state));
	if (!flow_reader_move(run, &known, &added, err))
		return false;
	*r = known;
	return true;
}

bool
flow_intake_only(struct run *run, const char *address, bool *is_only, struct err *err)
{
	struct reader r = subscription_new(run->now, "run --to");
	struct reader known;
	int64_t by_state[READER_ERASED + 1];
	bool found = false;

	r.address = address;
	r.address_key = address_key(run->arena, address);
	if (!store_reader_find(run->store, run->arena, r.address_key, &known, &found,
		err) ||
	    !store_readers_count(run->store, by_state, err))
		return false;
	if (found && known.state != READER_ACTIVE) {
		err_set(err, ERR_HUMAN, "%s is on the list as '%s'", address,
		    reader_state_name(known.state));
		err_hint(err, "%s", address);
		return err_next(err, NEXT_SHOW_READER);
	}
	*is_only = by_state[READER_ACTIVE] + by_state[READER_HOLD] == found;
	return found || !*is_only || flow_intake_reader(run, &r, err);
}
