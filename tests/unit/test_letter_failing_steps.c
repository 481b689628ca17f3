/* SPDX-License-Identifier: ISC */
/*
 * How posts become letters, on a database of which one row cannot be read or written: the
 * first, then the second, until there are no more.  Nothing says that it is done, each says why.
 */
#define _GNU_SOURCE /* RTLD_NEXT */

#include "unit/failing_fixture.h"

#include "unit/issue_fixture.h"

#include "base/limits.h"
#include "base/log.h"
#include "feed/feed.h"
#include "flow/deliver.h"
#include "flow/preview_letter.h"
#include "flow/publish.h"
#include "flow/remember.h"
#include "flow/source_changes.h"
#include "flow/source_lists.h"
#include "flow/source_troubles.h"
#include "flow/span.h"
#include "flow/template_trial.h"
#include "flow/test_letter.h"
#include "flow/tidy.h"
#include "flow/trial.h"
#include "flow/verify.h"
#include "flow/web_check.h"
#include "list/preferences.h"
#include "list/subscription.h"
#include "list/token.h"
#include "store/notes.h"
#include "store/transactions.h"

enum { DAY = 86400, HOUR = 3600 };

struct world {
	struct flow_test t;
	struct run *run;
	struct store *s;
	sqlite3 *db, *kept; /* the database, and as it was before the call */
	struct source a, b;
	struct issue issue;
	struct delivery letter; /* ann's */
	char *text;             /* of it */
	struct listed_feed feeds[2];
	int64_t only_a, german; /* variants that are not rendered yet */
};

/* ---- what is asked about ------------------------------------------------------------- */

static int64_t
intern(struct world *w, const char *sources, const char *language)
{
	struct variant v = variant_of_archive();

	v.sources = sources;
	v.language = language;
	MUST(store_variant_intern(w->s, &v, err));
	return v.id;
}

static void
deliver_first(struct world *w)
{
	const struct deliver_options all = { .issue_id = 0 };
	struct buf b = BUF_INIT(LIMIT_LETTER);
	struct compile_report c;
	struct deliver_report d;
	char path[300];
	bool found = false;

	MUST(flow_issue_build(w->run, true, &c, err));
	w->issue = c.issue;
	(void)must_queue(&w->t);
	MUST(flow_deliver(w->run, &all, &d, err));
	SAME_INT("sent", d.sent, 1);
	MUST(file_read(in_folder(w->t.folder, "out/2026-11-24-1.eml", path), &b, err));
	w->text = arena_strndup(w->run->arena, buf_text(&b), b.len);
	buf_clear(&b);
	MUST(
	    store_delivery_ending(w->s, w->run->arena, 1, 1, 1, &w->letter, &found, err));
	assert_true(found);
}

static struct world *
new_world(void)
{
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	flow_begin(&w->t);
	w->run = &w->t.run;
	w->s = w->run->store;
	(void)add_full_post(&w->t, add_source(w->s, "a"), "one", NOW - DAY);
	(void)add_source(w->s, "b");
	(void)add_reader(w->s, "ann@x.example", READER_ACTIVE);
	deliver_first(w);
	MUST(store_source_find(w->s, w->run->arena, "a", &w->a, err));
	MUST(store_source_find(w->s, w->run->arena, "b", &w->b, err));
	w->a.last_ok = w->b.last_ok = NOW - 30 * DAY;
	MUST(store_source_polled(w->s, &w->a, err));
	w->b.state = SOURCE_GONE;
	w->b.failures = 100;
	MUST(store_source_polled(w->s, &w->b, err));
	MUST(store_note_set(w->s, "web.answered", "https://news.example.net/p", err));
	w->only_a = intern(w, "1", NULL);
	w->german = intern(w, "*", "de");
	w->db = stepped;
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

#define POST(title, guid, text) \
	"<item><title>" title "</title><link>https://a.example/" title \
	"</link><guid>" guid "</guid><description>" text "</description></item>"
#define ITEM(title, text) POST(title, title, text)
#define RSS(items) \
	"<rss version='2.0'><channel><title>T</title><link>https://a.example/</link>" items \
	"</channel></rss>"

/* A document comes; that is one commit, as it is in a round. */
static bool
comes(struct world *w, const struct source *s, const char *text, size_t added,
    struct err *err)
{
	const struct feed_context ctx = { s->url, NULL, NOW };
	struct arena *scratch = arena_new();
	struct news_rules rules;
	struct remembered kept = { 0 };
	struct feed *feed = NULL;
	struct keeping *k = NULL;
	bool any = false;
	bool ok = false;

	assert_true(feed_parse(scratch, text, strlen(text), &ctx, &feed, NULL, err));
	ok = flow_news_rules(w->run, &rules, err) && store_scope_begin(w->s, err);
	k = ok ? flow_prepare_entries(w->run, scratch, s, feed) : NULL;
	ok = ok &&
	    store_scope_end(w->s,
		flow_look_ahead(k, &rules, &any, err) &&
		    flow_recognise_entries(k, &rules, err) &&
		    flow_remember_entries(k, &kept, err),
		err);
	arena_free(scratch);
	if (ok)
		SAME_INT("added", kept.added, added);
	return ok;
}

/* Nothing of it was known, and all of it is too much at once. */
static bool
flood_comes(struct world *w, struct err *err)
{
	w->t.settings.config.fetch.flood = 2;
	return comes(w, &w->a,
	    RSS(ITEM("f1", "x") ITEM("f2", "y") ITEM("f3", "z") ITEM("two", "more")), 3,
	    err);
}

static bool
verdict_comes(struct world *w, struct err *err)
{
	struct source s = w->a;

	s.verdict = VERDICT_DROP;
	return comes(w, &s, RSS(ITEM("g1", "x") ITEM("g2", "y")), 2, err);
}

/* Posts of which the whole is wanted, and which the keeper's program looks at. */
static bool
whole_comes(struct world *w, struct err *err)
{
	struct source s = w->a;

	w->t.settings.config.fetch.flood = 100;
	s.full_text = "always";
	s.filter_command = flow_write(&w->t, "program", "#!/bin/sh\nexit 0\n");
	if (chmod(s.filter_command, 0700) != 0)
		fail_msg("%s", s.filter_command);
	return comes(w, &s, RSS(ITEM("h1", "x") ITEM("two", "yet more")), 1, err);
}

static bool
is_known(struct world *w, struct err *err)
{
	static const char text[] = RSS(ITEM("two", "more") ITEM("i1", "x"));
	const struct feed_context ctx = { w->a.url, NULL, NOW };
	struct feed *feed = NULL;
	size_t known = 0;

	assert_true(
	    feed_parse(w->run->arena, text, strlen(text), &ctx, &feed, NULL, err));
	if (!flow_known_posts(w->run, &w->a, feed, &known, err))
		return false;
	SAME_INT("known", known, 1);
	return true;
}

static bool
lists_say(struct world *w, const char *url, const char *feeds_from, struct err *err)
{
	w->feeds[0] = (struct listed_feed){ .key = "a",
		.url = "https://a.example/feed",
		.max_per_feed = -1 };
	w->feeds[1] = (struct listed_feed){ .key = "c", .url = url, .max_per_feed = -1 };
	w->t.settings.sources = w->feeds;
	w->t.settings.source_count = 2;
	w->t.settings.config.feeds.feeds_from = feeds_from;
	return flow_sources_sync(w->run, err);
}

static bool
troubles(struct world *w, size_t wanted, struct err *err)
{
	struct source *list = NULL;
	size_t count = 0;

	if (!flow_troubles_news(w->run, &list, &count, err))
		return false;
	SAME_INT("in trouble", count, wanted);
	return true;
}

static bool
rendering(struct world *w, int64_t variant, enum letter_making making, struct err *err)
{
	const struct rendering_key key = { w->letter.span, variant, 1 };
	struct letterhead head = { .own_zone = NULL };
	struct rendering r;
	struct issue i;
	const bool ok =
	    flow_span_rendering(w->run, w->run->arena, &key, making, &r, &i, &head, err);

	letterhead_clear(&head);
	return ok;
}

/* The pages show titles alone, of which none are rendered yet. */
static bool
publish(struct world *w, struct err *err)
{
	w->t.settings.config.web.archive_full = BODY_TITLES;
	return flow_publish(w->run, err);
}

static bool
draft(struct world *w, struct err *err)
{
	const struct variant v = variant_of_archive();
	struct letterhead head = { .own_zone = NULL };
	struct rendering r;
	struct issue i;
	const bool ok = flow_draft_rendering(w->run, w->run->arena, w->issue.id, &v, &r,
	    &i, &head, err);

	letterhead_clear(&head);
	return ok;
}

static bool
holds(struct world *w, int64_t variant, struct err *err)
{
	bool any = false;

	if (!flow_span_holds_any(w->run, &w->letter.span, variant, &any, err))
		return false;
	SAME_INT("holds a post", any, 1);
	return true;
}

/* Reader 1 has had the first issue; somebody new sees all that waits. */
static bool
preview(struct world *w, int64_t reader, int64_t after, bool wanted, struct err *err)
{
	const struct compile_window all = { TIME_NONE, TIME_NONE };
	struct buf out = BUF_INIT(1 << 20);
	struct reader to = subscription_new(NOW, NULL);
	struct preview_letter l;
	bool ok = false;

	to.id = reader;
	to.last_issue = after;
	to.address = "ann@x.example";
	to.variant.id = 1;
	ok = flow_preview_letter(w->run, &to, &all, &l, err);
	if (ok)
		SAME_INT("any", l.any, wanted);
	ok = ok && (!l.any || flow_preview_letter_write(w->run, &l, &out, err));
	shared_letter_clear(&l.shared);
	buf_clear(&out);
	return ok;
}

static bool
copy(struct world *w, struct err *err)
{
	bool queued = false;

	return flow_letter_copy(w->run, "keeper@x.example", true, &queued, err) && queued;
}

/* The draft is made without a failure; steps count from there. */
static bool
preview_draft(struct world *w, struct err *err)
{
	const long failing = fails;
	struct compile_report r;

	fails = -1;
	w->t.settings.config.approval.manual = true;
	w->run->now = NOW + DAY;
	assert_true(flow_issue_build(w->run, true, &r, err));
	fails = failing;
	steps = 0;
	return preview(w, 1, 0, true, err);
}

static bool
verify(struct world *w, const char *text, enum verdict wanted, struct err *err)
{
	struct verification v;

	if (!flow_verify(w->run, text, strlen(text), &v, err))
		return false;
	SAME_INT("verdict", v.verdict, wanted);
	return true;
}

/* The Message-ID and the address are all that is left of it. */
static bool
verify_rest(struct world *w, struct err *err)
{
	const char *id = strstr(w->text, "Message-ID: ");
	const char *line = arena_strndup(w->run->arena, id, strcspn(id, "\r"));

	return verify(w,
	    arena_printf(w->run->arena, "%s\r\nTo: ann@x.example\r\n\r\nwords\r\n", line),
	    VERDICT_DIFFERENT, err);
}

static bool
verify_notice(struct world *w, struct err *err)
{
	const struct token token = { .scope = TOKEN_CONFIRM, .reader = 1, .made = NOW };
	const long failing = fails;
	unsigned char key[HASH_SIZE];
	char text[TOKEN_SIZE];

	fails = -1;
	assert_true(store_key(w->s, key, err));
	fails = failing;
	steps = 0;
	token_make(key, &token, text);
	return verify(w, arena_printf(w->run->arena, "Subject: x\r\n\r\n%s\r\n", text),
	    VERDICT_NOTICE, err);
}

static bool
sent_letter(struct world *w, struct err *err)
{
	struct buf out = BUF_INIT(LIMIT_LETTER);
	struct issue i;
	const bool ok = flow_sent_letter(w->run, &w->letter, &i, &out, err);

	buf_clear(&out);
	return ok;
}

/* The pages answered before: that is all that is looked at. */
static bool
web_answered(struct world *w, struct err *err)
{
	static const char url[] = "https://news.example.net/p";
	bool ok = false;

	w->t.settings.config.web.url = url;
	ok = flow_web_check_once(w->run, err);
	w->t.settings.config.web.url = "";
	return ok;
}

#define ASK(name, call) \
	static bool name##_(struct world *w, struct err *err) \
	{ \
		return call; \
	}
/* clang-format off */
ASK(make, rendering(w, w->german, LETTER_MAKE, err))
ASK(made, rendering(w, w->german, LETTER_MAKE, err))
ASK(stored, rendering(w, w->letter.variant_id, LETTER_STORED, err))
ASK(publish, publish(w, err))
ASK(draft, draft(w, err))
ASK(holds, holds(w, w->only_a, err))
ASK(verify, verify(w, w->text, VERDICT_SAME, err))
ASK(verify_rest, verify_rest(w, err))
ASK(verify_nothing, verify(w, "Subject: x\r\n\r\nwords\r\n", VERDICT_UNKNOWN, err))
ASK(verify_notice, verify_notice(w, err))
ASK(sent, sent_letter(w, err))
ASK(test_known, flow_test_letter(w->run, &w->issue, "ann@x.example", err))
ASK(test_new, flow_test_letter(w->run, &w->issue, "ed@x.example", err))
ASK(preview_none, preview(w, 1, 1, false, err))
ASK(second, comes(w, &w->a, RSS(ITEM("two", "some") ITEM("three", "words")), 2, err))
ASK(again, comes(w, &w->a, RSS(ITEM("two", "some") ITEM("three", "words")), 0, err))
ASK(changed, comes(w, &w->a, RSS(ITEM("two", "more") POST("twin", "two", "most")), 1, err))
ASK(elsewhere, comes(w, &w->b, RSS(ITEM("two", "more")), 0, err))
ASK(is_known, is_known(w, err))
ASK(taken_back, comes(w, &w->a, RSS(ITEM("two", "more") ITEM("four", "x") ITEM("one", "y")), 1,
    err))
ASK(flood, flood_comes(w, err))
ASK(verdict, verdict_comes(w, err))
ASK(whole, whole_comes(w, err))
ASK(preview_with_missed, preview(w, 1, 0, true, err))
ASK(copy, copy(w, err))
ASK(preview_draft, preview_draft(w, err))
ASK(lists, lists_say(w, "https://c.example/feed", "", err))
ASK(lists_again, lists_say(w, "https://c.example/feed", "", err))
ASK(lists_missing, lists_say(w, "https://d.example/feed", "/nowhere/feeds.opml", err))
ASK(move, flow_source_move(w->run, &w->a, "https://new.example/feed", "moved", err))
ASK(move_back, flow_source_move(w->run, &(const struct source){ .id = w->a.id,
    .url = "https://new.example/feed" }, "https://a.example/feed", "back", err))
ASK(troubles, troubles(w, 1, err))
ASK(troubles_told, troubles(w, 0, err))
ASK(web, web_answered(w, err))
ASK(tidy, flow_tidy_daily(w->run, err))
ASK(tidied, flow_tidy_daily(w->run, err))

#define CALL(name) { #name, name##_ }
static const struct {
	const char *name;
	bool (*call)(struct world *w, struct err *err);
} calls[] = {
	CALL(make), CALL(made), CALL(stored), CALL(publish), CALL(draft),
	CALL(holds), CALL(verify), CALL(verify_rest), CALL(verify_nothing), CALL(verify_notice),
	CALL(sent), CALL(test_known), CALL(test_new), CALL(preview_none),
	CALL(second), CALL(again), CALL(changed), CALL(elsewhere), CALL(is_known),
	CALL(taken_back), CALL(flood), CALL(verdict), CALL(whole),
	CALL(preview_with_missed), CALL(copy), CALL(preview_draft),
	CALL(troubles), CALL(troubles_told), CALL(lists), CALL(lists_again),
	CALL(lists_missing), CALL(move), CALL(move_back),
	CALL(web), CALL(tidy), CALL(tidied),
};
/* clang-format on */

/* Before each try the database is as it was: what was committed is tried again too. */
static void
try_each_step(struct world *w, size_t i)
{
	bool done = false;

	copy_database(w->db, w->kept);
	committed = false;
	for (fails = 0; !done; fails++) {
		struct err err = ERR_INIT;

		if (committed)
			copy_database(w->kept, w->db);
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
	fails = -1;
	for (size_t i = 0; i < ARRAY_LEN(calls); i++)
		try_each_step(w, i);
	free_world(w);
}

/* ---- a trial, which copies the database ------------------------------------------------ */

static bool
try_out(struct run *run, struct err *err)
{
	struct trial t = { .real = NULL };
	bool is_old = false;
	bool ok = flow_trial_begin(run, &t, err);

	SAME_INT("in a trial", run->in_trial, ok);
	ok =
	    ok && flow_trial_end(run, &t, TRIAL_SHOWED_NOTICES | TRIAL_SHOWED_POSTS, err);
	if (t.real && !flow_trial_end(run, &t, 0, err))
		fail_msg("it does not end: %s", err->text);
	SAME_INT("in no trial", run->in_trial, 0);
	if (file_exists(t.path))
		fail_msg("the copy is left");
	if (!ok || !flow_trial_is_old(run, &is_old, err))
		return false;
	SAME_INT("its posts were shown", is_old, 1);
	return true;
}

static void
a_trial_fails_and_leaves_nothing(void **state)
{
	const struct store_options o = open_options(STORE_CREATE);
	struct flow_test t;
	char path[300];
	bool done = false;

	(void)state;
	fails = -1;
	flow_begin(&t);
	close_store(t.run.store);
	MUST((t.run.store = store_open(in_folder(t.folder, "p.db", path), &o, err)) !=
	    NULL);
	t.settings.config.database.path = path;
	t.settings.config.transport.method = TRANSPORT_REDIRECT;
	t.settings.config.digest.schedule.rhythm = RHYTHM_EACH;
	MUST(store_note_set(t.run.store, "trial.slot", "1", err));
	(void)add_full_post(&t, add_source(t.run.store, "a"), "one", NOW - DAY);
	for (fails = 0; !done; fails++) {
		struct err err = ERR_INIT;

		steps = 0;
		done = try_out(&t.run, &err);
		expect_honest("trial", t.run.store, done, &err);
	}
	fails = -1;
	flow_end(&t);
}

/* ---- templates are tried ---------------------------------------------------------------- */

/* There are many of these; the first and some of the later ones stand for all. */
static void
templates_are_not_tried_in_vain(void **state)
{
	static const long some[] = { 0, 1, 2, 3, 5, 9, 20, 40 };

	(void)state;
	for (size_t i = 0; i < 2 * ARRAY_LEN(some); i++) {
		struct flow_test t;
		struct err err = ERR_INIT;
		bool done = false;

		flow_begin(&t);
		fails = some[i / 2];
		steps = 0;
		done = i % 2 == 0 ? flow_templates_try(&t.run, &err)
				  : flow_notices_try(&t.run, &err);
		expect_honest(i % 2 == 0 ? "templates" : "notices", t.run.store, done,
		    &err);
		fails = -1;
		flow_end(&t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_done_without_one_of_its_rows),
		cmocka_unit_test(a_trial_fails_and_leaves_nothing),
		cmocka_unit_test(templates_are_not_tried_in_vain),
	};

	log_setup(LOG_LEVEL_ERROR, LOG_TEXT);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
