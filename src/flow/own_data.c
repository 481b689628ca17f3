/* SPDX-License-Identifier: ISC */
#include "flow/own_data.h"

#include <string.h>

#include "base/limits.h"
#include "flow/context.h"
#include "flow/join_limits.h"
#include "flow/notice_letters.h"
#include "flow/reader_wishes.h"
#include "base/text.h"
#include "format/json.h"
#include "model/names.h"
#include "store/bounce_log.h"
#include "store/deliveries.h"
#include "store/new_address.h"
#include "store/notices.h"
#include "store/reader_history.h"
#include "store/transactions.h"

/* ---- links ---- */

bool
flow_own_link(struct run *run, const struct reader *r, enum own_link what,
    struct err *err)
{
	const bool fresh = what == OWN_PREFERENCES;
	const struct notice_order o = { .kind = fresh ? NOTICE_LINK : NOTICE_DATA,
		.reader = r,
		.asked = run->now,
		.erases = what == OWN_ERASING };
	bool may = false;

	return store_scope_begin(run->store, err) &&
	    store_scope_end(run->store,
		join_may_send_link(run, r, fresh ? LETTER_LINK : LETTER_DATA, &may,
		    err) &&
		    (!may || flow_notice_queue(run, &o, err)),
		err);
}

/* ---- everything ---- */

static bool
put_reader(struct run *run, const struct reader *r, struct json_writer *w,
    struct err *err)
{
	const char *sources = NULL;

	if (!flow_sources_words(run, run->arena, &r->variant, &sources, err))
		return false;
	json_member(w, "address", r->address);
	json_member(w, "state", reader_state_name(r->state));
	json_member(w, "rhythm", flow_cadence_words(run->arena, &r->cadence));
	json_member(w, "format", format_name(r->variant.format));
	json_member(w, "length",
	    body_name(length_shown(r->variant.length, run->config->digest.body)));
	json_member(w, "language",
	    text_is_set(r->variant.language) ? r->variant.language
					     : run->config->newsletter.language);
	json_member(w, "pictures",
	    images_words[pictures_shown(r->variant.pictures,
		run->config->digest.images)]);
	json_member(w, "sources", sources);
	json_member_time(w, "hold_until", r->hold_until);
	json_member_bool(w, "hold_skips", r->hold_skip);
	json_member_time(w, "next_letter", r->due);
	json_member_int(w, "last_issue", r->last_issue);
	json_member_time(w, "added", r->created);
	json_member_time(w, "confirmed", r->confirmed);
	json_member(w, "confirmed_by", r->confirmed_by);
	return true;
}

static bool
put_new_address(struct run *run, const struct reader *r, struct json_writer *w,
    struct err *err)
{
	struct new_address n;
	bool found = false;

	if (!store_new_address_get(run->store, run->arena, r->id, &n, &found, err))
		return false;
	if (!found)
		return true;
	json_key(w, "new_address");
	json_begin_object(w);
	json_member(w, "address", n.address);
	json_member_time(w, "asked", n.asked);
	json_member(w, "evidence", n.evidence);
	json_end_object(w);
	return true;
}

static bool
put_history(struct run *run, const struct reader *r, struct own_data *counts,
    struct json_writer *w, struct err *err)
{
	if (!store_history(run->store, run->arena, r->id, &counts->history,
		&counts->history_count, err))
		return false;
	json_key(w, "history");
	json_begin_array(w);
	for (size_t i = 0; i < counts->history_count; i++) {
		const struct reader_event_line *l = &counts->history[i];

		json_begin_object(w);
		json_member_time(w, "at", l->at);
		json_member(w, "event", reader_event_name(l->event));
		json_member(w, "by", event_cause_name(l->cause));
		json_member(w, "state", reader_state_name(l->state));
		json_member(w, "detail", l->detail);
		json_member(w, "evidence", l->evidence);
		json_end_object(w);
	}
	json_end_array(w);
	return true;
}

static bool
put_letters(struct run *run, const struct reader *r, struct own_data *counts,
    struct json_writer *w, struct err *err)
{
	struct delivery_record *list = NULL;

	if (!store_deliveries_of(run->store, run->arena, r->id, LIMIT_OWN_DELIVERIES,
		&list, &counts->letter_count, err))
		return false;
	json_key(w, "letters");
	json_begin_array(w);
	for (size_t i = 0; i < counts->letter_count; i++) {
		json_begin_object(w);
		json_member(w, "issue", list[i].issue);
		json_member(w, "state", delivery_state_name(list[i].state));
		json_member_time(w, "queued", list[i].queued);
		json_member_time(w, "settled", list[i].settled);
		json_member(w, "reply", list[i].reply);
		json_end_object(w);
	}
	json_end_array(w);
	return true;
}

static bool
put_notices(struct run *run, const struct reader *r, struct own_data *counts,
    struct json_writer *w, struct err *err)
{
	struct notice_record *list = NULL;

	if (!store_notices_of(run->store, run->arena, r->id, LIMIT_OWN_DELIVERIES, &list,
		&counts->notice_count, err))
		return false;
	json_key(w, "messages");
	json_begin_array(w);
	for (size_t i = 0; i < counts->notice_count; i++) {
		json_begin_object(w);
		json_member(w, "subject", list[i].subject);
		json_member(w, "state", delivery_state_name(list[i].state));
		json_member_time(w, "written", list[i].created);
		json_member_time(w, "settled", list[i].settled);
		json_end_object(w);
	}
	json_end_array(w);
	return true;
}

static bool
put_bounces(struct run *run, const struct reader *r, struct own_data *counts,
    struct json_writer *w, struct err *err)
{
	struct bounce_row *list = NULL;

	if (!store_bounces_of(run->store, run->arena, r->id, LIMIT_OWN_DELIVERIES, &list,
		&counts->bounce_count, err))
		return false;
	json_key(w, "came_back");
	json_begin_array(w);
	for (size_t i = 0; i < counts->bounce_count; i++) {
		json_begin_object(w);
		json_member_time(w, "at", list[i].at);
		json_member(w, "status", list[i].status);
		json_member(w, "reply", list[i].reply);
		json_end_object(w);
	}
	json_end_array(w);
	return true;
}

bool
flow_own_data(struct run *run, const struct reader *r, struct own_data *counts,
    struct buf *out, struct err *err)
{
	struct json_writer w;

	memset(counts, 0, sizeof(*counts));
	json_writer_init(&w, out, true);
	json_begin_object(&w);
	json_member(&w, "newsletter", run->config->newsletter.name);
	json_member_time(&w, "made", run->now);
	if (!put_reader(run, r, &w, err) || !put_new_address(run, r, &w, err) ||
	    !put_history(run, r, counts, &w, err) ||
	    !put_letters(run, r, counts, &w, err) ||
	    !put_notices(run, r, counts, &w, err) ||
	    !put_bounces(run, r, counts, &w, err))
		return false;
	json_end_object(&w);
	buf_addc(out, '\n');
	return !buf_is_full(out) ||
	    err_set(err, ERR_LIMIT, "what is kept of a reader is longer than %zu bytes",
		out->max);
}
