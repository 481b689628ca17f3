/* SPDX-License-Identifier: ISC */
/* What is kept of a reader, as a file: each fact once, and all of it or an error. */
#include "unit/flow_fixture.h"

#include "base/buf.h"
#include "base/limits.h"
#include "flow/own_data.h"
#include "store/notices.h"
#include "store/readers.h"

static struct reader
add_ann(struct flow_test *t, const char *language)
{
	struct reader r = make_reader("ann@x.example", READER_ACTIVE);

	r.variant.language = language;
	MUST(store_reader_add(t->run.store, &r, err));
	return r;
}

static size_t
times(const char *text, const char *part)
{
	size_t n = 0;

	for (const char *at = text; (at = strstr(at, part)); at++)
		n++;
	return n;
}

/* The language is the one their letters are in, whether they chose it or not. */
static void
the_language_is_told_once(void **state)
{
	static const struct {
		const char *name, *own, *want;
	} cases[] = {
		{ "chosen", "fr", "\"language\": \"fr\"" },
		{ "the newsletter's", NULL, "\"language\": \"de\"" },
		{ "none of theirs", "", "\"language\": \"de\"" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf out = BUF_INIT(LIMIT_PART);
		struct own_data counts;
		struct flow_test t;
		struct reader r;

		flow_begin(&t);
		t.settings.config.newsletter.language = "de";
		r = add_ann(&t, cases[i].own);
		MUST(flow_own_data(&t.run, &r, &counts, &out, err));
		SAME_INT(cases[i].name, times(buf_text(&out), "\"language\""), 1);
		SAME_INT(cases[i].name, times(buf_text(&out), cases[i].want), 1);
		buf_clear(&out);
		flow_end(&t);
	}
}

static void
half_of_it_is_an_error(void **state)
{
	struct buf whole = BUF_INIT(LIMIT_PART);
	struct own_data counts;
	struct flow_test t;
	struct reader r;

	(void)state;
	flow_begin(&t);
	r = add_ann(&t, NULL);
	MUST(flow_own_data(&t.run, &r, &counts, &whole, err));
	for (size_t max = 0; max <= whole.len; max++) {
		struct buf out = BUF_INIT(max);
		struct err err = ERR_INIT;

		SAME_INT("fits", flow_own_data(&t.run, &r, &counts, &out, &err),
		    max == whole.len);
		if (max < whole.len)
			SAME_INT("error", err.kind, ERR_LIMIT);
		buf_clear(&out);
	}
	buf_clear(&whole);
	flow_end(&t);
}

/* All that a reader may be known by, and another's, which must not be among it. */
static const char kept[] =
    "UPDATE reader SET hold_until = 1795500060, hold_skip = 1, due = 1795500120,"
    " last_issue = 7, confirmed_by = 'reply' WHERE id = 1;"
    "INSERT INTO reader_event VALUES (1, 1, 1795500000, 0, 2, 0, 'page', NULL),"
    " (1, 2, 1795500001, 1, 3, 1, NULL, 'daily'), (2, 1, 1795500002, 0, 2, 0, NULL, NULL);"
    "INSERT INTO new_address VALUES (1, 1795500180, 'ann@new.example', 'ann@new.example',"
    " 'page');"
    "INSERT INTO issue (id, number, name, state, entry_count, source_count, bytes)"
    " VALUES (3, 1, '2026-11-23', 4, 1, 1, 0);"
    "INSERT INTO delivery (issue_id, reader_id, part, state, after, variant_id, epoch,"
    " attempts, queued, settled, reply) VALUES"
    " (3, 1, 1, 2, 0, 1, 0, 1, 1795500240, 1795500241, '250 ok'),"
    " (3, 2, 1, 4, 0, 1, 0, 1, 1795500240, 1795500241, '550 no');"
    "INSERT INTO notice (kind, reader_id, created, state, attempts, settled, subject) VALUES"
    " (0, 1, 1795500300, 2, 1, 1795500301, 'Welcome'),"
    " (0, 2, 1795500300, 2, 1, 1795500301, 'Another');"
    "INSERT INTO bounce (reader_id, at, kind, issue, cause, status, reply) VALUES"
    " (1, 1795500360, 1, 1, 'full', '4.2.2', '452 full'),"
    " (2, 1795500360, 1, 1, 'full', '4.2.2', '452 other');";

static const char told[] =
    "{\n  \"newsletter\": \"Planet X\",\n  \"made\": \"2026-11-24T06:00:00Z\",\n"
    "  \"address\": \"ann@x.example\",\n  \"state\": \"active\",\n"
    "  \"rhythm\": \"each\",\n  \"format\": \"html\",\n  \"length\": \"short\",\n"
    "  \"language\": \"en\",\n  \"pictures\": \"link\",\n  \"sources\": \"all\",\n"
    "  \"hold_until\": \"2026-11-24T06:01:00Z\",\n  \"hold_skips\": true,\n"
    "  \"next_letter\": \"2026-11-24T06:02:00Z\",\n  \"last_issue\": 7,\n"
    "  \"added\": \"2026-11-24T06:00:00Z\",\n"
    "  \"confirmed\": \"2026-11-24T06:00:00Z\",\n  \"confirmed_by\": \"reply\",\n"
    "  \"new_address\": {\n    \"address\": \"ann@new.example\",\n"
    "    \"asked\": \"2026-11-24T06:03:00Z\",\n    \"evidence\": \"page\"\n  },\n"
    "  \"history\": [\n    {\n      \"at\": \"2026-11-24T06:00:00Z\",\n"
    "      \"event\": \"asked\",\n      \"by\": \"page\",\n"
    "      \"state\": \"pending\",\n      \"evidence\": \"page\"\n    },\n"
    "    {\n      \"at\": \"2026-11-24T06:00:01Z\",\n      \"event\": \"confirmed\",\n"
    "      \"by\": \"mail\",\n      \"state\": \"active\",\n"
    "      \"detail\": \"daily\"\n    }\n  ],\n"
    "  \"letters\": [\n    {\n      \"issue\": \"2026-11-23\",\n"
    "      \"state\": \"accepted\",\n      \"queued\": \"2026-11-24T06:04:00Z\",\n"
    "      \"settled\": \"2026-11-24T06:04:01Z\",\n      \"reply\": \"250 ok\"\n"
    "    }\n  ],\n  \"messages\": [\n    {\n      \"subject\": \"Welcome\",\n"
    "      \"state\": \"accepted\",\n      \"written\": \"2026-11-24T06:05:00Z\",\n"
    "      \"settled\": \"2026-11-24T06:05:01Z\"\n    }\n  ],\n"
    "  \"came_back\": [\n    {\n      \"at\": \"2026-11-24T06:06:00Z\",\n"
    "      \"status\": \"4.2.2\",\n      \"reply\": \"452 full\"\n    }\n  ]\n}\n";

static void
all_that_is_kept_is_told(void **state)
{
	static const char *const tables[] = { "reader_event", "new_address", "delivery",
		"notice", "bounce" };
	struct buf out = BUF_INIT(LIMIT_PART);
	struct own_data counts;
	struct flow_test t;
	struct reader r;
	bool found = false;

	(void)state;
	flow_begin(&t);
	t.settings.config.newsletter.language = "en";
	t.settings.config.digest.body = BODY_SHORT;
	t.settings.config.digest.images = IMAGES_LINK;
	(void)add_ann(&t, NULL);
	(void)add_reader(t.run.store, "bo@x.example", READER_ACTIVE);
	MUST(db_exec(t.run.store, kept, err));
	MUST(store_reader_get(t.run.store, t.run.arena, 1, &r, &found, err));
	MUST(flow_own_data(&t.run, &r, &counts, &out, err));
	SAME_TEXT("all", buf_text(&out), told);
	SAME_INT("events", counts.history_count, 2);
	SAME_INT("letters", counts.letter_count, 1);
	SAME_INT("messages", counts.notice_count, 1);
	SAME_INT("bounces", counts.bounce_count, 1);
	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		char sql[80];

		(void)snprintf(sql, sizeof(sql), "ALTER TABLE %s RENAME TO gone",
		    tables[i]);
		MUST(db_exec(t.run.store, "PRAGMA legacy_alter_table = ON", err));
		MUST(db_exec(t.run.store, sql, err));
		buf_reset(&out);
		MUST_FAIL(flow_own_data(&t.run, &r, &counts, &out, err), ERR_BUG,
		    "no such table");
		(void)snprintf(sql, sizeof(sql), "ALTER TABLE gone RENAME TO %s",
		    tables[i]);
		MUST(db_exec(t.run.store, sql, err));
	}
	buf_clear(&out);
	flow_end(&t);
}

static int64_t
count_links(struct flow_test *t, enum notice_kind kind)
{
	struct err none = ERR_INIT;
	struct db_query *q = db_query(t->run.store,
	    "SELECT COUNT(*) FROM notice WHERE kind = :kind AND reader_id = 1", &none);
	int64_t n = -1;

	db_bind_int(q, ":kind", kind);
	MUST(db_only_int(q, &n, err));
	return n;
}

/* One an hour and four a day, each kind by itself. */
static void
links_are_mailed_within_limits(void **state)
{
	static const struct {
		enum own_link what;
		int64_t later;
		int64_t links, data;
	} asks[] = {
		{ OWN_PREFERENCES, 0, 1, 0 },
		{ OWN_PREFERENCES, 3599, 1, 0 },
		{ OWN_DATA, 3599, 1, 1 },
		{ OWN_ERASING, 3599, 1, 1 },
		{ OWN_PREFERENCES, 3600, 2, 1 },
		{ OWN_PREFERENCES, 7200, 3, 1 },
		{ OWN_ERASING, 7200, 3, 2 },
		{ OWN_PREFERENCES, 10800, 4, 2 },
		{ OWN_PREFERENCES, 86399, 4, 2 },
		{ OWN_PREFERENCES, 86400, 5, 2 },
	};
	struct flow_test t;
	struct reader r;

	(void)state;
	flow_begin(&t);
	r = add_ann(&t, NULL);
	for (size_t i = 0; i < ARRAY_LEN(asks); i++) {
		char name[40];

		(void)snprintf(name, sizeof(name), "ask %zu", i);
		t.run.now = NOW + asks[i].later;
		MUST(flow_own_link(&t.run, &r, asks[i].what, err));
		SAME_INT(name, count_links(&t, NOTICE_LINK), asks[i].links);
		SAME_INT(name, count_links(&t, NOTICE_DATA), asks[i].data);
	}
	t.run.now = NOW + INT64_C(200000);
	flow_break_store(&t);
	MUST_FAIL(flow_own_link(&t.run, &r, OWN_DATA, err), ERR_SYSTEM, "");
	flow_mend_store(&t);
	SAME_INT("none", count_links(&t, NOTICE_DATA), 2);
	flow_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_language_is_told_once),
		cmocka_unit_test(all_that_is_kept_is_told),
		cmocka_unit_test(links_are_mailed_within_limits),
		cmocka_unit_test(half_of_it_is_an_error),
	};

	return cmocka_run_group_tests_name("own_data", tests, NULL, NULL);
}
