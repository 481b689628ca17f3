/* SPDX-License-Identifier: ISC */
/*
 * Each call of the store on a database of which one row cannot be read or written: the first,
 * then the second, until there are no more.  None says that it is done, each says why.  This
 * program has a sqlite3_step() and a sqlite3_exec() of its own in front of the library's.
 */
#define _GNU_SOURCE /* RTLD_NEXT */

#include "unit/failing_steps.h"
#include "unit/store_fixture.h"

#include "base/attr.h"
#include "store/archive.h"
#include "store/asks.h"
#include "store/bounce_log.h"
#include "store/clock_mend.h"
#include "store/compact.h"
#include "store/db.h"
#include "store/deliveries.h"
#include "store/delivery_recovery.h"
#include "store/entry_lists.h"
#include "store/entry_pages.h"
#include "store/entry_prints.h"
#include "store/new_address.h"
#include "store/notes.h"
#include "store/notices.h"
#include "store/pictures.h"
#include "store/reader_history.h"
#include "store/renderings.h"
#include "store/set_aside.h"
#include "store/source_overrides.h"

/* ---- what is asked about ------------------------------------------------------------- */

struct world {
	struct store *s;
	struct arena *a;
	int64_t feed, other_feed, issue, draft, reader, second, notice;
	int64_t posts[4], filtered;
	struct span span;
	struct entry post;
	struct picture picture;
	struct rendering_key key;
	struct rendering rendering;
	/* What the calls give; some are given to later ones. */
	struct source *sources, source;
	struct source_override *overrides;
	struct entry *entries;
	struct wanted_page *pages;
	struct seen_post *unsent, seen;
	struct issue *issues, an_issue;
	struct delivery *letters, *next, letter;
	struct delivery_record *records;
	struct reader *readers, found;
	struct reader_event_line *events;
	struct ask_row *asks, ask;
	struct bounce_row *bounces;
	struct bounce_tally tally;
	struct bounce_record standing;
	struct new_address moved;
	struct notice a_notice;
	struct notice_record *notices;
	struct notice_address *untried;
	struct picture size;
	struct stored_picture stored;
	struct rendering made;
	struct rendering_base base;
	struct archive_month *months;
	struct archive_title *titles;
	struct variant variant;
	struct stored_cadence *cadences;
	struct span newest;
	int64_t *list, number, other, numbers[DELIVERY_STATES + READER_ERASED + 9];
	const char *text, *texts[2];
	unsigned char hash[HASH_SIZE];
	unsigned wishes;
	size_t count;
	bool yes;
};

static struct world *
new_world(void)
{
	struct world *w = calloc(1, sizeof(*w));
	static const char *const guids[] = { "one", "two", "three", "four" };
	char address[] = "r0@x";
	struct issue issue = { .name = "i",
		.state = ISSUE_APPROVED,
		.date = NOW,
		.created = NOW,
		.approved = NOW,
		.sent = TIME_NONE };

	assert_non_null(w);
	w->s = memory_store();
	w->a = arena_new();
	w->feed = add_source(w->s, "a");
	w->other_feed = add_source(w->s, "b");
	for (size_t i = 0; i < ARRAY_LEN(guids); i++)
		w->posts[i] = add_entry(w->s, w->feed, guids[i], i + 1);
	w->filtered = add_entry(w->s, w->feed, "filtered", 9);
	issue.id = add_issue(w->s, "i", ISSUE_DRAFT);
	MUST(store_issue_fill(w->s, issue.id, w->posts, 1, err));
	MUST(store_issue_update(w->s, &issue, err));
	MUST(store_issue_number(w->s, &issue, err));
	w->span = (struct span){ 0, 1, issue.id };
	w->issue = issue.id;
	w->draft = add_issue(w->s, "j", ISSUE_DRAFT);
	for (; address[1] < '4'; address[1]++)
		w->second = add_reader(w->s, address, READER_ACTIVE);
	w->reader = w->second - 3;
	w->post = make_entry(w->feed, "one", "another title", 77);
	w->picture = (struct picture){ .width = 2, .height = 2, .len = 4 };
	w->rendering = (struct rendering){ .subject = "s",
		.text = "text",
		.html = "html",
		.text_len = 4,
		.html_len = 4 };
	w->key = (struct rendering_key){ .span = w->span, .variant_id = 1, .part = 1 };
	return w;
}

static void
free_world(struct world *w)
{
	close_store(w->s);
	arena_free(w->a);
	free(w);
}

static bool
see_letter(void *arg, const struct delivery *d, struct err *err)
{
	(void)arg;
	(void)d;
	(void)err;
	return true;
}

static bool
see_reader(void *arg, const struct reader *r, struct err *err)
{
	(void)arg;
	(void)r;
	(void)err;
	return true;
}

/* The first feeds that are listed, and one more. */
static bool
sync_with(struct world *w, size_t kept, const char *key, struct err *err)
{
	struct source specs[3] = { 0 };

	for (size_t i = 0; i < kept && i < w->count; i++)
		specs[i] = w->sources[i];
	specs[kept] = (struct source){ .key = key,
		.url = "https://c.example/feed",
		.max_per_feed = -1 };
	return store_sources_sync(w->s, specs, kept + 1, err);
}

static bool
post_again(struct world *w, const char *guid, struct err *err)
{
	struct entry e = make_entry(w->feed, guid, guid, 55);

	return add_post(w->s, &e, "https://a.example/new", false, err);
}

static bool
hand_over(struct world *w, struct err *err)
{
	struct entry e = w->post;
	struct identity keys;

	e.source_id = w->other_feed;
	keys = keys_of(&e, NULL);
	return store_entry_learn(w->s, w->posts[2], &e, &keys, err) &&
	    store_entry_hand_over(w->s, w->posts[2], &e, &keys, err);
}

static bool
queue_all(struct world *w, struct err *err)
{
	struct next_slot slots[1] = { { 1, TIME_NONE } };
	struct queue_plan plan = { .now = NOW,
		.everybody = true,
		.slots = slots,
		.slot_count = 1 };
	struct empty_span *empty = NULL;
	struct queue_result result;

	return store_newest_issue(w->s, &plan.newest, err) &&
	    store_queue_spans(w->s, &plan, w->a, &empty, &w->count, err) &&
	    store_deliveries_queue(w->s, &plan, &result, err);
}

static bool
settle(struct world *w, enum delivery_state state, struct err *err)
{
	w->letters[0].state = state;
	w->letters[0].attempts = 1;
	w->letters[0].settled = NOW;
	return store_deliveries_settle(w->s, w->letters, 1, err);
}

static bool
add_another(struct world *w, const char *address, struct err *err)
{
	struct reader r = make_reader(address, READER_PENDING);

	return store_reader_add(w->s, &r, err);
}

static bool
cancel(struct world *w, struct err *err)
{
	struct issue i = w->an_issue;

	i.state = ISSUE_CANCELLED;
	return store_issue_update(w->s, &i, err);
}

static bool
post_with_sounds(struct world *w, const char *title, struct err *err)
{
	struct enclosure sounds[2] = {
		{ "https://a.example/1", NULL, NULL, -1, -1 },
		{ "https://a.example/2", "audio/ogg", "two", 5, 7 },
	};
	struct entry e = make_entry(w->feed, "sounds", title, 56);

	e.enclosures = sounds;
	e.enclosure_count = ARRAY_LEN(sounds);
	return add_post(w->s, &e, NULL, false, err);
}

static bool
add_numbered_issue(struct world *w, struct err *err)
{
	struct issue i = { .name = "k",
		.state = ISSUE_APPROVED,
		.date = NOW,
		.created = NOW,
		.approved = NOW,
		.sent = TIME_NONE };
	bool found = false;

	return store_issue_named(w->s, w->a, "k", &w->an_issue, &found, err) &&
	    (found || store_issue_add(w->s, &i, err)) &&
	    store_issue_named(w->s, w->a, "k", &w->an_issue, &found, err) &&
	    store_issue_number(w->s, &w->an_issue, err);
}

static bool
wish_for_another_language(struct world *w, struct err *err)
{
	struct reader r = w->found;

	r.variant.language = "pt";
	return store_reader_update(w->s, &r, err);
}

/* ---- the calls ----------------------------------------------------------------------- */

#define ASK(name, call) \
	static bool name##_(struct world *w, struct err *err) \
	{ \
		return call; \
	}
/* clang-format off */
ASK(sources, store_sources(w->s, w->a, true, &w->sources, &w->count, err))
ASK(sources_polled, store_sources_count_polled(w->s, &w->count, err))
ASK(sources_count_due, store_sources_count_due(w->s, NOW, &w->count, err))
ASK(sources_due, store_sources_due(w->s, w->a, NOW, 2, &w->sources, &w->count, err))
ASK(source_find, store_source_find(w->s, w->a, "a", &w->source, err))
ASK(source_asked, store_source_asked(w->s, &w->source, err))
ASK(source_polled, store_source_polled(w->s, &w->source, err))
ASK(source_told, store_source_told(w->s, w->feed, SOURCE_OK, err))
ASK(source_posts, store_source_posts(w->s, w->feed, &w->number, &w->other, err))
ASK(source_twin, store_source_twin(w->s, w->a, &w->source, "https://a.example/", w->posts, 2,
    NOW, &w->text, err))
ASK(source_move, store_source_move(w->s, w->feed, "https://moved.example/feed", err))
ASK(source_anew, store_source_begin_anew(w->s, w->feed, false, NOW, err))
ASK(source_whole, store_source_begin_anew(w->s, w->feed, true, NOW, err))
ASK(source_new, sync_with(w, 2, "c", err))
ASK(source_gone, sync_with(w, 1, "c", err))
ASK(overrides, store_overrides(w->s, w->a, &w->overrides, &w->count, err))
ASK(override_set, store_override_set(w->s,
    &(const struct source_override){ "https://a.example/feed", "name", "A", NULL, NOW }, err))
ASK(override_drop, store_override_drop(w->s, "https://a.example/feed", "name", err))
ASK(entry_first_seen, store_entry_first_seen(w->s, w->posts[0], &w->number, err))
ASK(entry_new, post_again(w, "new", err))
ASK(entry_sounds, post_with_sounds(w, "with sounds", err))
ASK(entry_update, update_post(w->s, w->posts[0], &w->post, err))
ASK(entry_hand_over, hand_over(w, err))
ASK(entries_seen, store_entries_seen(w->s, w->posts, 2, NOW + 1, err))
ASK(entries_unmailed, store_entries_unmailed(w->s, w->a, 9, &w->entries, &w->count, err))
ASK(entries_of_issue, store_entries_of_issue(w->s, w->a, w->issue, &w->entries, &w->count, err))
ASK(entries_over, store_entries_over(w->s, w->a, w->issue, &w->entries, &w->count, err))
ASK(span_sources, store_sources_of_span(w->s, w->a, &w->span, &w->list, &w->count, err))
ASK(entry_texts, store_entry_texts_before(w->s, w->a, w->feed, 1 << 20, w->texts, 2,
    &w->count, err))
ASK(entries_count, store_entries_count(w->s, &w->number, err))
ASK(entries_count_unmailed, store_entries_count_unmailed(w->s, &w->number, err))
ASK(prints_move, store_prints_move(w->s, err))
ASK(print_add, store_print_add(w->s, 99, w->posts[0], err))
ASK(print_forget, store_print_forget(w->s, 99, w->posts[0], err))
ASK(page_want, store_page_want(w->s, w->posts[1], err))
ASK(pages_wanted, store_pages_wanted(w->s, w->a, 9, &w->pages, &w->count, err))
ASK(page_put, store_page_put(w->s, w->posts[1], &w->post, err))
ASK(page_failed, store_page_failed(w->s, w->posts[1], false, err))
ASK(seen_post, store_seen_post(w->s, w->posts[0], &w->seen, &w->yes, err))
ASK(unsent, store_unsent_of_source(w->s, w->a, w->feed, &w->unsent, &w->count, err))
ASK(take_back, store_entry_take_back(w->s, w->posts[1], err))
ASK(give_back, store_entry_give_back(w->s, w->posts[1], err))
ASK(was_mailed, store_text_was_mailed(w->s, w->feed, 7, &w->yes, err))
ASK(held_note, store_held_note(w->s, w->feed, 3, 4, NOW, err))
ASK(verdict_done, store_verdict_done(w->s, w->feed, err))
ASK(held_release, store_held_release(w->s, w->feed, 0, NOW, err))
ASK(held_drop, store_held_drop(w->s, w->feed, err))
ASK(issues, store_issues(w->s, w->a, 9, &w->issues, &w->count, err))
ASK(issue_named, store_issue_named(w->s, w->a, "i", &w->an_issue, &w->yes, err))
ASK(issue_find, store_issue_find(w->s, w->a, "i", &w->an_issue, err))
ASK(issue_in, store_issue_in(w->s, w->a, 1U << ISSUE_APPROVED, &w->an_issue, &w->yes, err))
ASK(issue_is_paused, store_issue_is_paused(w->s, w->issue, &w->yes, err))
ASK(issue_last_approved, store_issue_last_approved(w->s, NOW + 9, &w->number, err))
ASK(issues_of_span, store_issues_of_span(w->s, w->a, &w->span, &w->issues, &w->count, err))
ASK(issue_name, store_issue_name(w->s, w->a, w->issue, &w->text, err))
ASK(issue_numbered, store_issue_numbered(w->s, w->a, 1, &w->text, err))
ASK(issue_fill, store_issue_fill(w->s, w->draft, w->posts + 1, 1, err))
ASK(issue_pass, store_issue_pass(w->s, w->draft, w->posts + 3, 1, PASS_OVER, err))
ASK(issue_filter, store_issue_pass(w->s, w->draft, &w->filtered, 1, PASS_FILTERED, err))
ASK(newest_issue, store_newest_issue(w->s, &w->newest, err))
ASK(issue_number_at, store_issue_number_at(w->s, NOW, &w->number, err))
ASK(audience, store_audience_count(w->s, NOW, 1, &w->number, err))
ASK(by_rhythm, store_audience_by_rhythm(w->s, w->numbers, err))
ASK(queue, queue_all(w, err))
ASK(overtaken, store_deliveries_withdraw_overtaken(w->s, NOW, 1, &w->number, err))
ASK(waiting, store_deliveries_waiting(w->s, w->issue, &w->number, err))
ASK(waiting_after, store_deliveries_waiting_after(w->s, w->reader, &w->number, err))
ASK(deliveries_count, store_deliveries_count(w->s, w->issue, w->numbers, err))
ASK(writes_of_others, store_writes_of_others(w->s, &w->number, err))
ASK(take, store_deliveries_take(w->s, NULL, 0, w->a, w->issue, NOW, 1, &w->letters, &w->count, err))
ASK(goes, store_delivery_goes(w->s, w->letters, NOW, &w->yes, err))
ASK(untake, store_deliveries_untake(w->s, w->letters, 1, err))
ASK(take_again, store_deliveries_take(w->s, NULL, 0, w->a, w->issue, NOW, 1, &w->letters, &w->count,
    err))
ASK(settle, settle(w, DELIVERY_SENT, err))
ASK(settle_and_take, store_deliveries_take(w->s, w->letters, 1, w->a, w->issue,
    NOW, 1, &w->next, &w->count, err))
ASK(recover, store_deliveries_recover(w->s, NULL, &w->number, err))
ASK(doubtful, store_doubtful_count(w->s, &(const struct delivery_doubt){ 9, NOW }, &w->number,
    err))
ASK(doubtful_unknown, store_doubtful_unknown(w->s, &(const struct delivery_doubt){ 9, NOW },
    &w->number, err))
ASK(each_letter, store_deliveries_each(w->s, w->issue, ~0U, see_letter, NULL, err))
ASK(ending, store_delivery_ending(w->s, w->a, 1, w->reader, 1, &w->letter, &w->yes, err))
ASK(holding, store_delivery_holding(w->s, w->a, 1, w->reader, &w->letter, &w->yes, err))
ASK(letters_of, store_deliveries_of(w->s, w->a, w->reader, 9, &w->records, &w->count, err))
ASK(decide, store_deliveries_decide(w->s, w->issue, 1U << DELIVERY_UNKNOWN, DELIVERY_SENT,
    NOW, &w->number, err))
ASK(decide_again, store_deliveries_decide(w->s, w->issue, ~0U, DELIVERY_QUEUED, NOW,
    &w->number, err))
ASK(withdraw, store_deliveries_withdraw(w->s, w->reader, &w->number, err))
ASK(put_back, store_watermark_put_back(w->s, w->reader, &w->span, err))
ASK(deliveries_tidy, store_deliveries_tidy(w->s, NOW + 1000, &w->number, err))
ASK(letters_gone, store_letters_gone(w->s, 1, &w->number, err))
ASK(issues_send, store_issues_send(w->s, err))
ASK(issues_close, store_issues_close(w->s, NOW, err))
ASK(reader_new, add_another(w, "z@x", err))
ASK(reader_find, store_reader_find(w->s, w->a, "r0@x", &w->found, &w->yes, err))
ASK(reader_get, store_reader_get(w->s, w->a, w->reader, &w->found, &w->yes, err))
ASK(reader_update, store_reader_update(w->s, &w->found, err))
ASK(reader_language, wish_for_another_language(w, err))
ASK(each_reader, store_readers_each(w->s, ~0U, see_reader, NULL, err))
ASK(off_hold, store_readers_off_hold(w->s, w->a, NOW, 9, &w->readers, &w->count, err))
ASK(any_reader, store_readers_any(w->s, NOW, &w->yes, err))
ASK(own_due, store_readers_own_due(w->s, NOW, &w->yes, err))
ASK(readers_count, store_readers_count(w->s, w->numbers, err))
ASK(is_erased, store_reader_is_erased(w->s, "r0@x", &w->yes, err))
ASK(address_hash, store_address_hash(w->s, "r0@x", w->hash, err))
ASK(history_add, store_history_add(w->s, w->reader, &(const struct reader_event_line){ NOW,
    EVENT_EDIT, CAUSE_PAGE, READER_ACTIVE, NULL, "x" }, err))
ASK(history_count, store_history_count(w->s, ~0U, 0, &w->number, err))
ASK(history_count_of, store_history_count_of(w->s, w->reader, "x", 0, &w->number, err))
ASK(history, store_history(w->s, w->a, w->reader, &w->events, &w->count, err))
ASK(ask_put, store_ask_put(w->s, &(const struct ask_row){ .reader_id = w->reader,
    .asked = NOW }, err))
ASK(ask_get, store_ask_get(w->s, w->a, (const unsigned char[HASH_SIZE]){ 0 }, &w->ask,
    &w->yes, err))
ASK(asks_before, store_asks_before(w->s, w->a, NOW + 1, false, 9, &w->asks, &w->count, err))
ASK(ask_log, store_ask_log(w->s, &(const struct ask_log_line){ NOW, CAUSE_PAGE, LETTER_ASKED,
    w->hash, "n" }, err))
ASK(ask_times_address, store_ask_times_address(w->s, w->a, w->hash, LETTER_ASKED, 0, 9,
    &w->list, &w->count, err))
ASK(ask_times_network, store_ask_times_network(w->s, w->a, "n", 0, 9, &w->list, &w->count, err))
ASK(ask_times_cause, store_ask_times_cause(w->s, w->a, CAUSE_PAGE, 0, 9, &w->list, &w->count,
    err))
ASK(ask_block, store_ask_block(w->s, w->hash, NOW + 5, err))
ASK(ask_is_blocked, store_ask_is_blocked(w->s, w->hash, NOW, &w->yes, err))
ASK(ask_end, store_ask_end(w->s, (const unsigned char[HASH_SIZE]){ 0 }, err))
ASK(asks_tidy, store_asks_tidy(w->s, NOW, NOW + 9, err))
ASK(bounce_add, store_bounce_add(w->s, &(const struct bounce_row){ w->reader, NOW, 0, 1,
    "hard", NULL, NULL }, &w->yes, err))
ASK(bounces_of, store_bounces_of(w->s, w->a, w->reader, 9, &w->bounces, &w->count, err))
ASK(bounces_newest, store_bounces_newest(w->s, w->a, 9, &w->bounces, &w->count, err))
ASK(tally_add, store_bounce_tally_add(w->s, 1, "hard", NOW, &w->tally, err))
ASK(tally, store_bounce_tally(w->s, 1, "hard", &w->tally, err))
ASK(tally_set, store_bounce_tally_set(w->s, 1, "hard", &w->tally, err))
ASK(standing_set, store_bounce_standing_set(w->s, w->reader,
    &(const struct bounce_record){ .hard = 1 }, err))
ASK(standing, store_bounce_standing(w->s, w->reader, &w->standing, err))
ASK(standings, store_bounce_standings(w->s, w->a, false, 0, 9, &w->list, &w->count, err))
ASK(letters_well, store_letters_well(w->s, w->a, w->reader, 0, 0, NOW + 9, 9, &w->list,
    &w->count, err))
ASK(bounces_forget, store_bounces_forget(w->s, w->reader, err))
ASK(bounces_tidy, store_bounces_tidy(w->s, NOW + 9, err))
ASK(clock_ahead, store_clock_ahead(w->s, 3600, NOW, &w->number, err))
ASK(clock_mend, store_clock_mend(w->s, 3600, NOW, err))
ASK(new_address_put, store_new_address_put(w->s, &(const struct new_address){ w->reader,
    "n@x", "n@x", NOW, NULL }, err))
ASK(new_address_get, store_new_address_get(w->s, w->a, w->reader, &w->moved, &w->yes, err))
ASK(new_address_end, store_new_address_end(w->s, w->reader, err))
ASK(new_address_tidy, store_new_address_tidy(w->s, NOW, err))
ASK(key, store_key(w->s, w->hash, err))
ASK(note_set, store_note_set(w->s, "x", "y", err))
ASK(note_get, store_note_get(w->s, w->a, "x", &w->text, err))
ASK(takings_count, store_takings_count(w->s, err))
ASK(takings, store_takings(w->s, &w->number, err))
ASK(notice_add, store_notice_add(w->s, &(const struct notice){ .kind = NOTICE_KEEPER,
    .address = "k@x", .subject = "s", .text = "t" }, NOW, &w->notice, err))
ASK(notices_newest, store_notices_newest(w->s, &w->number, err))
ASK(notices_waiting, store_notices_waiting(w->s, &w->number, err))
ASK(notices_take, store_notices_take(w->s, w->a, NOW, 9, &w->letters, &w->count, err))
ASK(notice_get, store_notice_get(w->s, w->a, w->notice, &w->a_notice, err))
ASK(notice_delivery, store_notice_delivery(w->s, w->a, w->notice, &w->letter, &w->yes, err))
ASK(notice_ids, store_notice_ids(w->s, w->a, &w->list, &w->count, err))
ASK(notices_of, store_notices_of(w->s, w->a, w->reader, 9, &w->notices, &w->count, err))
ASK(notices_gone, store_notices_gone(w->s, 0, &w->number, err))
ASK(notices_untried, store_notices_untried(w->s, w->a, NOTICE_KEEPER, 9, &w->untried,
    &w->count, err))
ASK(notice_refuse, store_notice_refuse(w->s, w->notice, NOW, "550", err))
ASK(notices_leave_out, store_notices_leave_out(w->s, w->notice, NOW, err))
ASK(notices_tidy, store_notices_tidy(w->s, NOW + 9, err))
ASK(picture_wanted, store_picture_is_wanted(w->s, "https://p.example/1", &w->yes, err))
ASK(picture_put, store_picture_put(w->s, "https://p.example/1", &w->picture, "abcd", NOW, err))
ASK(picture_size_put, store_picture_size_put(w->s, "https://p.example/2", &w->picture, NOW,
    err))
ASK(picture_size_wanted, store_picture_size_is_wanted(w->s, "https://p.example/2", &w->yes,
    err))
ASK(picture_size_find, store_picture_size_find(w->s, "https://p.example/2", &w->size, &w->yes,
    err))
ASK(picture_failed, store_picture_failed(w->s, "https://p.example/3", true, NOW, err))
ASK(picture_find, store_picture_find(w->s, w->a, "https://p.example/1", &w->stored, &w->yes,
    err))
ASK(picture_bytes, store_picture_bytes(w->s, w->a, w->stored.name, &w->size, &w->text,
    &w->yes, err))
ASK(picture_used, store_picture_used(w->s, w->stored.name, NOW + 1, err))
ASK(pictures_size, store_pictures_size(w->s, &w->number, err))
ASK(pictures_tidy, store_pictures_tidy(w->s, NOW + 9, &w->number, err))
ASK(rendering_put, store_rendering_put(w->s, &w->key, &w->rendering, "head", NULL, NOW, err))
ASK(rendering_again, store_rendering_put(w->s, &w->key, &w->rendering, "head", NULL, NOW, err))
ASK(rendering_base, store_rendering_base(w->s, w->a, &w->key, &w->base, err))
ASK(rendering_get, store_rendering_get(w->s, w->a, &w->key, &w->made, &w->text, &w->yes, err))
ASK(archive_months, store_archive_months(w->s, w->a, &w->months, &w->count, err))
ASK(archive_issues, store_archive_issues(w->s, w->a, NULL, 9, &w->issues, &w->count, err))
ASK(archive_titles, store_archive_titles(w->s, w->a, w->issue, 9, &w->titles, &w->count, err))
ASK(archive_missing, store_archive_missing(w->s, w->a, w->found.variant.id, 9, &w->issues,
    &w->count, err))
ASK(archive_letter, store_archive_letter(w->s, w->a, &w->an_issue, &w->found.variant,
    &w->made, &w->text, &w->yes, err))
ASK(renderings_tidy, store_renderings_tidy(w->s, NOW + 9, 0, 0, &w->number, err))
ASK(variant_get, store_variant_get(w->s, w->a, w->found.variant.id, &w->variant, err))
ASK(variants_pictures, store_variants_pictures(w->s, &w->wishes, err))
ASK(cadences, store_cadences(w->s, w->a, &w->cadences, &w->count, err))
ASK(cadence_intern, store_cadence_intern(w->s, &(const struct cadence){ RHYTHM_WEEKLY, 3, 60,
    NULL }, &w->number, err))
ASK(compact, store_compact(w->s, &w->number, &w->other, err))
ASK(entries_tidy, store_entries_tidy(w->s, NOW + 9, &w->number, err))
ASK(issue_more, add_numbered_issue(w, err))
ASK(issue_pause, store_issue_steer(w->s, w->issue, ~0U, ISSUE_PAUSED, &w->yes, err))
ASK(issue_steer_off, store_issue_steer(w->s, w->issue, ~0U, ISSUE_CANCELLED, &w->yes, err))
ASK(issue_cancel, cancel(w, err))
ASK(reader_forget, store_reader_forget(w->s, w->second, err))
ASK(reader_erase, store_reader_erase(w->s, w->reader, err))
/* clang-format on */
#undef ASK

/* In this order: what comes later finds what those before have written. */
static const struct {
	const char *name;
	bool (*call)(struct world *w, struct err *err);
} calls[] = {
	/* clang-format off */
	{ "sources", sources_ }, { "sources_polled", sources_polled_ },
	{ "sources_count_due", sources_count_due_ }, { "sources_due", sources_due_ },
	{ "source_find", source_find_ }, { "source_asked", source_asked_ },
	{ "source_polled", source_polled_ }, { "source_told", source_told_ },
	{ "source_posts", source_posts_ }, { "source_twin", source_twin_ },
	{ "source_move", source_move_ }, { "source_anew", source_anew_ },
	{ "source_whole", source_whole_ }, { "source_new", source_new_ },
	{ "source_gone", source_gone_ }, { "overrides", overrides_ },
	{ "override_set", override_set_ }, { "override_drop", override_drop_ },
	{ "entry_first_seen", entry_first_seen_ }, { "entry_new", entry_new_ },
	{ "entry_sounds", entry_sounds_ }, { "entry_update", entry_update_ }, { "entry_hand_over", entry_hand_over_ },
	{ "entries_seen", entries_seen_ }, { "entries_unmailed", entries_unmailed_ },
	{ "entries_of_issue", entries_of_issue_ }, { "entries_over", entries_over_ },
	{ "span_sources", span_sources_ },
	{ "entry_texts", entry_texts_ }, { "entries_count", entries_count_ },
	{ "entries_count_unmailed", entries_count_unmailed_ },
	{ "prints_move", prints_move_ },
	{ "print_add", print_add_ }, { "print_forget", print_forget_ },
	{ "page_want", page_want_ }, { "pages_wanted", pages_wanted_ },
	{ "page_put", page_put_ }, { "page_failed", page_failed_ }, { "seen_post", seen_post_ },
	{ "unsent", unsent_ }, { "take_back", take_back_ }, { "give_back", give_back_ },
	{ "was_mailed", was_mailed_ }, { "held_note", held_note_ },
	{ "verdict_done", verdict_done_ }, { "held_release", held_release_ },
	{ "held_drop", held_drop_ }, { "issues", issues_ }, { "issue_named", issue_named_ },
	{ "issue_find", issue_find_ }, { "issue_in", issue_in_ },
	{ "issue_is_paused", issue_is_paused_ },
	{ "issue_last_approved", issue_last_approved_ }, { "issues_of_span", issues_of_span_ },
	{ "issue_name", issue_name_ }, { "issue_numbered", issue_numbered_ },
	{ "issue_fill", issue_fill_ }, { "issue_pass", issue_pass_ },
	{ "issue_filter", issue_filter_ },
	{ "newest_issue", newest_issue_ }, { "issue_number_at", issue_number_at_ },
	{ "audience", audience_ }, { "by_rhythm", by_rhythm_ }, { "queue", queue_ },
	{ "overtaken", overtaken_ }, { "waiting", waiting_ },
	{ "waiting_after", waiting_after_ }, { "deliveries_count", deliveries_count_ },
	{ "writes_of_others", writes_of_others_ }, { "take", take_ }, { "goes", goes_ },
	{ "untake", untake_ }, { "take_again", take_again_ }, { "settle", settle_ },
	{ "settle_and_take", settle_and_take_ }, { "recover", recover_ },
	{ "doubtful", doubtful_ }, { "doubtful_unknown", doubtful_unknown_ },
	{ "each_letter", each_letter_ }, { "ending", ending_ }, { "holding", holding_ },
	{ "letters_of", letters_of_ }, { "decide", decide_ },
	{ "decide_again", decide_again_ }, { "withdraw", withdraw_ }, { "put_back", put_back_ },
	{ "deliveries_tidy", deliveries_tidy_ }, { "letters_gone", letters_gone_ },
	{ "issues_send", issues_send_ }, { "issues_close", issues_close_ },
	{ "reader_new", reader_new_ }, { "reader_find", reader_find_ },
	{ "reader_get", reader_get_ }, { "reader_update", reader_update_ },
	{ "reader_language", reader_language_ }, { "each_reader", each_reader_ }, { "off_hold", off_hold_ },
	{ "any_reader", any_reader_ }, { "own_due", own_due_ },
	{ "readers_count", readers_count_ }, { "is_erased", is_erased_ },
	{ "address_hash", address_hash_ }, { "history_add", history_add_ },
	{ "history_count", history_count_ }, { "history_count_of", history_count_of_ },
	{ "history", history_ }, { "ask_put", ask_put_ }, { "ask_get", ask_get_ },
	{ "asks_before", asks_before_ }, { "ask_log", ask_log_ },
	{ "ask_times_address", ask_times_address_ },
	{ "ask_times_network", ask_times_network_ }, { "ask_times_cause", ask_times_cause_ },
	{ "ask_block", ask_block_ }, { "ask_is_blocked", ask_is_blocked_ },
	{ "ask_end", ask_end_ }, { "asks_tidy", asks_tidy_ }, { "bounce_add", bounce_add_ },
	{ "bounces_of", bounces_of_ }, { "bounces_newest", bounces_newest_ },
	{ "tally_add", tally_add_ }, { "tally", tally_ }, { "tally_set", tally_set_ },
	{ "standing_set", standing_set_ }, { "standing", standing_ },
	{ "standings", standings_ }, { "letters_well", letters_well_ },
	{ "bounces_forget", bounces_forget_ }, { "bounces_tidy", bounces_tidy_ },
	{ "clock_ahead", clock_ahead_ }, { "clock_mend", clock_mend_ },
	{ "new_address_put", new_address_put_ }, { "new_address_get", new_address_get_ },
	{ "new_address_end", new_address_end_ }, { "new_address_tidy", new_address_tidy_ },
	{ "key", key_ }, { "note_set", note_set_ }, { "note_get", note_get_ },
	{ "takings_count", takings_count_ }, { "takings", takings_ },
	{ "notice_add", notice_add_ }, { "notices_newest", notices_newest_ },
	{ "notices_waiting", notices_waiting_ }, { "notices_take", notices_take_ },
	{ "notice_get", notice_get_ }, { "notice_delivery", notice_delivery_ },
	{ "notice_ids", notice_ids_ }, { "notices_of", notices_of_ },
	{ "notices_gone", notices_gone_ }, { "notices_untried", notices_untried_ },
	{ "notice_refuse", notice_refuse_ }, { "notices_leave_out", notices_leave_out_ },
	{ "notices_tidy", notices_tidy_ }, { "picture_wanted", picture_wanted_ },
	{ "picture_put", picture_put_ }, { "picture_size_put", picture_size_put_ },
	{ "picture_size_wanted", picture_size_wanted_ },
	{ "picture_size_find", picture_size_find_ }, { "picture_failed", picture_failed_ },
	{ "picture_find", picture_find_ }, { "picture_bytes", picture_bytes_ },
	{ "picture_used", picture_used_ }, { "pictures_size", pictures_size_ },
	{ "pictures_tidy", pictures_tidy_ }, { "rendering_put", rendering_put_ },
	{ "rendering_again", rendering_again_ }, { "rendering_base", rendering_base_ },
	{ "rendering_get", rendering_get_ }, { "archive_months", archive_months_ },
	{ "archive_issues", archive_issues_ }, { "archive_titles", archive_titles_ },
	{ "archive_missing", archive_missing_ }, { "archive_letter", archive_letter_ },
	{ "renderings_tidy", renderings_tidy_ },
	{ "variant_get", variant_get_ }, { "variants_pictures", variants_pictures_ },
	{ "cadences", cadences_ }, { "cadence_intern", cadence_intern_ },
	{ "compact", compact_ }, { "entries_tidy", entries_tidy_ },
	{ "issue_more", issue_more_ }, { "issue_pause", issue_pause_ },
	{ "issue_steer_off", issue_steer_off_ }, { "issue_cancel", issue_cancel_ }, { "reader_forget", reader_forget_ },
	{ "reader_erase", reader_erase_ },
	/* clang-format on */
};

static void
no_call_is_done_without_one_of_its_rows(void **state)
{
	struct world *w = new_world();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
		bool done = false;

		for (fails = 0; !done; fails++) {
			struct err err = ERR_INIT;

			steps = 0;
			done = calls[i].call(w, &err);
			if (db_in_transaction(w->s))
				fail_msg(
				    "%s: without step %ld it leaves a transaction open",
				    calls[i].name, fails);
			if (done != (steps <= fails) || done == err_is_set(&err))
				fail_msg("%s: %s without step %ld of %ld: %s",
				    calls[i].name, done ? "done" : "fails", fails, steps,
				    err.text);
		}
		fails = -1;
	}
	free_world(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_call_is_done_without_one_of_its_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
