/* SPDX-License-Identifier: ISC */
/*
 * What the tests of the store share: a store in memory or in a folder of its own, and rows
 * with as little in them as a test needs.
 */
#ifndef TESTS_STORE_FIXTURE_H
#define TESTS_STORE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "store/delivery_queue.h"
#include "store/entries.h"
#include "store/issues.h"
#include "store/open.h"
#include "store/readers.h"
#include "store/source_sync.h"
#include "store/sources.h"
#include "store/variants.h"
#include "unit/scratch.h"

#define NOW INT64_C(1795500000)

/* Ends the test with what the store said. */
#define MUST(call) \
	do { \
		struct err must_err = ERR_INIT; \
		struct err *err = &must_err; \
		if (!(call)) \
			fail_msg("%s: %s", #call, must_err.text); \
	} while (0)

/* The call must fail with that kind and a text (or hint) that holds the words. */
#define MUST_FAIL(call, wanted_kind, words) \
	do { \
		struct err must_err = ERR_INIT; \
		struct err *err = &must_err; \
		if (call) \
			fail_msg("%s: got success, want failure", #call); \
		if (must_err.kind != (wanted_kind)) \
			fail_msg("%s: got kind %d, want %d (%s)", #call, must_err.kind, \
			    (wanted_kind), must_err.text); \
		if (!strstr(must_err.text, words) && !strstr(must_err.hint, words)) \
			fail_msg("%s: got \"%s / %s\", want \"%s\"", #call, \
			    must_err.text, must_err.hint, words); \
	} while (0)

#define SAME_TEXT(name, got, want) \
	do { \
		const char *got_text = (got); \
		const char *want_text = (want); \
		if (strcmp(got_text ? got_text : "(none)", want_text) != 0) \
			fail_msg("%s: got %s, want %s", (name), \
			    got_text ? got_text : "(none)", want_text); \
	} while (0)

#define SAME_INT(name, got, want) \
	do { \
		long long got_int = (long long)(got); \
		long long want_int = (long long)(want); \
		if (got_int != want_int) \
			fail_msg("%s: got %lld, want %lld", (name), got_int, want_int); \
	} while (0)

static inline struct store_options
open_options(enum store_mode mode)
{
	return (struct store_options){ .mode = mode, .version = "1.8", .busy_ms = 200 };
}

static inline struct store *
memory_store(void)
{
	struct store_options o = open_options(STORE_CREATE);
	struct err err = ERR_INIT;
	struct store *s = store_open_memory(&o, &err);

	if (!s)
		fail_msg("memory store: %s", err.text);
	return s;
}

static inline void
close_store(struct store *s)
{
	MUST(store_close(s, err));
}

/* A new folder under $TMPDIR or /tmp; removed by remove_folder. */
static inline char *
new_folder(void)
{
	enum { ROOM = 200 };
	char *path = malloc(ROOM);

	assert_non_null(path);
	assert_true(scratch_folder(path, ROOM));
	return path;
}

static inline const char *
in_folder(const char *folder, const char *name, char out[300])
{
	snprintf(out, 300, "%s/%s", folder, name);
	return out;
}

static inline void
remove_folder(char *path)
{
	static const char *const names[] = { "p.db", "p.db-wal", "p.db-shm",
		"p.db-journal", "b.db", "b.db-wal", "b.db-shm", "before-schema-2.db",
		"before-schema-9.db" };
	char file[300];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		(void)unlink(in_folder(path, names[i], file));
	SAME_INT("the folder holds nothing else", rmdir(path), 0);
	free(path);
}

/* ---- rows ---- */

/* One listed source of that key; its id. */
static inline int64_t
add_source(struct store *s, const char *key)
{
	char url[200];
	struct source spec = { .key = key, .url = url, .max_per_feed = -1 };
	struct arena *a = arena_new();
	struct source *old = NULL;
	struct source *all = NULL;
	size_t count = 0;
	int64_t id = 0;

	snprintf(url, sizeof(url), "https://%s.example/feed", key);
	MUST(store_sources(s, a, true, &old, &count, err));
	all = arena_array(a, count + 1, sizeof(*all));
	for (size_t i = 0; i < count; i++)
		all[i] = old[i];
	all[count] = spec;
	MUST(store_sources_sync(s, all, count + 1, err));
	id = all[count].id;
	arena_free(a);
	return id;
}

static inline struct entry
make_entry(int64_t source_id, const char *guid, const char *title, uint64_t fingerprint)
{
	return (struct entry){ .source_id = source_id,
		.guid = guid,
		.title = title,
		.fingerprint = fingerprint,
		.published = TIME_NONE,
		.updated = TIME_NONE,
		.first_seen = NOW };
}

/* The keys of a post that is alone in its document. */
static inline struct identity
keys_of(const struct entry *e, const char *link)
{
	struct arena *a = arena_new();
	const struct identity_source source = { .id = e->source_id };
	struct entry alone = *e;
	const struct feed feed = { .entries = &alone, .entry_count = 1 };
	struct identity keys = { 0 };

	alone.link = link;
	identity_of_document(a, &source, &feed, &keys);
	keys.link = NULL;
	arena_free(a);
	return keys;
}

static inline bool
add_post(struct store *s, struct entry *e, const char *link, bool mailed, struct err *err)
{
	const struct identity keys = keys_of(e, link);

	return store_entry_add(s, e, &keys, mailed ? PLACE_KEPT_OUT : PLACE_NEWS, err);
}

static inline bool
update_post(struct store *s, int64_t id, const struct entry *e, struct err *err)
{
	const struct identity keys = keys_of(e, NULL);

	return store_entry_update(s, id, e, &keys, err);
}

static inline int64_t
add_entry(struct store *s, int64_t source_id, const char *guid, uint64_t fingerprint)
{
	struct entry e = make_entry(source_id, guid, guid, fingerprint);

	MUST(add_post(s, &e, NULL, false, err));
	return e.id;
}

/* A reader who gets each issue in full, with all sources. */
static inline struct reader
make_reader(const char *address, enum reader_state state)
{
	return (struct reader){ .address = address,
		.address_key = address,
		.state = state,
		.cadence = { RHYTHM_EACH, 0, CADENCE_ANY, NULL },
		.variant = { .length = LENGTH_DEFAULT,
		    .format = FORMAT_HTML,
		    .sources = "*" },
		.due = TIME_NONE,
		.created = NOW,
		.confirmed = NOW,
		.hold_until = TIME_NONE };
}

static inline int64_t
add_reader(struct store *s, const char *address, enum reader_state state)
{
	struct reader r = make_reader(address, state);

	MUST(store_reader_add(s, &r, err));
	return r.id;
}

static inline int64_t
add_issue(struct store *s, const char *name, enum issue_state state)
{
	struct issue i = { .name = name,
		.state = state,
		.date = NOW,
		.created = NOW,
		.approved = TIME_NONE,
		.sent = TIME_NONE };

	MUST(store_issue_add(s, &i, err));
	return i.id;
}

/* An issue approved at t, which has the next number: the span of it alone. */
static inline struct span
approve_issue(struct store *s, const char *name, int64_t t)
{
	struct issue i = { .name = name,
		.state = ISSUE_APPROVED,
		.date = t,
		.created = t,
		.approved = t,
		.sent = TIME_NONE };

	MUST(store_issue_add(s, &i, err));
	MUST(store_issue_number(s, &i, err));
	return (struct span){ i.number - 1, i.number, i.id };
}

/* ---- queueing ---- */

/* The next slot of whoever has a rhythm of their own. */
enum { SLOT = 86400 };

/* Queues as a run does; newest and slots of the plan are filled in here. */
static inline struct queue_result
queue_as(struct store *s, struct queue_plan plan)
{
	struct queue_result result = { -1, -1 };
	struct arena *a = arena_new();
	struct stored_cadence *cadences = NULL;
	struct next_slot *slots = NULL;
	int64_t withdrawn = 0;

	MUST(store_newest_issue(s, &plan.newest, err));
	MUST(store_deliveries_withdraw_overtaken(s, plan.now, plan.newest.last,
	    &withdrawn, err));
	MUST(store_cadences(s, a, &cadences, &plan.slot_count, err));
	slots = arena_array(a, plan.slot_count + 1, sizeof(*slots));
	for (size_t i = 0; i < plan.slot_count; i++) {
		const bool each = cadences[i].cadence.rhythm == RHYTHM_EACH;

		slots[i].cadence_id = cadences[i].id;
		slots[i].due = each ? TIME_NONE : plan.now + SLOT;
	}
	plan.slots = slots;
	MUST(store_deliveries_queue(s, &plan, &result, err));
	arena_free(a);
	return result;
}

/* How many letters were queued. */
static inline int64_t
queue_letters(struct store *s, int64_t now)
{
	return queue_as(s, (struct queue_plan){ .now = now, .everybody = true }).queued;
}

#endif
