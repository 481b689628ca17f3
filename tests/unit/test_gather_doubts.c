/* SPDX-License-Identifier: ISC */
/* Rounds in which a feed is not what it was, or is asked in a way of its own. */
#include "unit/flow_fixture.h"
#include "unit/own_web_server.h"

#include "base/limits.h"
#include "config/feed_section.h"
#include "flow/gather.h"
#include "flow/source_lists.h"

enum { HOUR = 3600, DAY = 86400 };

#define ITEM(n) \
	"<item><title>Post " n "</title><link>https://a.example/" n "</link>" \
	"<description>Words of " n ".</description></item>"

static void
begin(struct flow_test *t, struct listed_feed *specs, size_t count)
{
	flow_begin(t);
	t->settings.config.fetch.allow_files = true;
	t->settings.config.fetch.host_pause_ms = 0;
	t->settings.sources = specs;
	t->settings.source_count = count;
	for (size_t i = 0; i < count; i++) {
		specs[i].url =
		    arena_printf(t->run.arena, "file://%s/%s", t->folder, specs[i].key);
		specs[i].max_per_feed = -1;
	}
}

static void
write_feed(struct flow_test *t, const char *name, const char *title, const char *language,
    const char *self, const char *items)
{
	(void)flow_write(t, name,
	    arena_printf(t->run.arena,
		"<rss version='2.0' xmlns:a='http://www.w3.org/2005/Atom'><channel>"
		"<title>%s</title><language>%s</language><link>https://a.example/</link>"
		"<a:link rel='self' href='%s'/>%s</channel></rss>",
		title, language, self, items));
}

static struct gather_report
round_of(struct flow_test *t)
{
	const struct gather_options all = { NULL, 0, false };
	struct gather_report r;

	MUST(flow_sources_sync(&t->run, err));
	MUST(flow_gather(&t->run, &all, &r, err));
	return r;
}

static struct source
stored(struct flow_test *t, const char *key)
{
	struct source s;

	MUST(store_source_find(t->run.store, t->run.arena, key, &s, err));
	return s;
}

static void
a_page_is_told_with_the_feed_that_it_names(void **state)
{
	static const struct {
		const char *name, *html, *names; /* "": it names none */
	} rows[] = {
		{ "none", "<html><body>Hello</body></html>", "" },
		{ "one",
		    "<html><head><link rel='alternate' type='application/rss+xml'"
		    " href='https://a.example/feed.xml'></head><body>Hello</body></html>",
		    "; it names https://a.example/feed.xml" },
		{ "the first of two",
		    "<html><head><link rel='alternate' type='application/atom+xml'"
		    " href='https://a.example/atom'><link rel='alternate'"
		    " type='application/rss+xml' href='https://a.example/rss'></head>"
		    "<body>Hello</body></html>",
		    "; it names https://a.example/atom" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct listed_feed specs[] = { { .key = "page" } };
		struct flow_test t;
		struct gather_report r;
		const char *at = NULL;

		begin(&t, specs, 1);
		(void)flow_write(&t, "page", rows[i].html);
		r = round_of(&t);
		SAME_INT(rows[i].name, r.failed, 1);
		at = strstr(r.failures[0].note, "; it names ");
		SAME_TEXT(rows[i].name, at ? at : "", rows[i].names);
		SAME_INT(rows[i].name, stored(&t, "page").state, SOURCE_WEB_PAGE);
		flow_end(&t);
	}
}

/* What it has then is held, and told once; a person lets it in. */
static void
another_feed_at_the_address_is_held(void **state)
{
	static const char how[] =
	    "title, language and own address changed at once: it was \"Ann\" at "
	    "https://a.example/feed, it is \"Casino\" at https://c.example/feed";
	struct listed_feed specs[] = { { .key = "a" } };
	struct flow_test t;
	struct gather_report r;
	struct source s;

	(void)state;
	begin(&t, specs, 1);
	write_feed(&t, "a", "Ann", "en", "https://a.example/feed", ITEM("1"));
	r = round_of(&t);
	SAME_INT("new", r.entries_new, 1);
	SAME_INT("nothing is held", r.held_count, 0);
	SAME_INT("well", stored(&t, "a").state, SOURCE_OK);
	t.run.now += 2 * DAY;
	write_feed(&t, "a", "Casino", "de", "https://c.example/feed",
	    ITEM("2") ITEM("3"));
	r = round_of(&t);
	SAME_INT("new", r.entries_new, 2);
	SAME_INT("seen", r.entries_seen, 2);
	SAME_INT("held", r.held_count, 1);
	SAME_TEXT("whose", r.held[0].key, "a");
	SAME_INT("how many", r.held[0].posts, 2);
	SAME_TEXT("why", r.held[0].changed, how);
	s = stored(&t, "a");
	SAME_INT("state", s.state, SOURCE_CHANGED);
	SAME_TEXT("it keeps its name", s.title, "Ann");
	SAME_TEXT("and its address", s.self, "https://a.example/feed");
	SAME_INT("both wait for a person", s.held, 2);
	SAME_INT("unchanged is no word for it", r.unchanged, 0);
	t.run.now += 9 * DAY;
	write_feed(&t, "a", "Casino", "de", "https://c.example/feed",
	    ITEM("2") ITEM("3") ITEM("4"));
	r = round_of(&t);
	SAME_INT("asked", r.asked, 1);
	SAME_INT("new", r.entries_new, 1);
	SAME_INT("told once", r.held_count, 0);
	SAME_INT("and held as well", stored(&t, "a").held, 3);
	SAME_INT("state", stored(&t, "a").state, SOURCE_CHANGED);
	/* What it was is well. */
	t.run.now += 9 * DAY;
	write_feed(&t, "a", "Ann", "en", "https://a.example/feed", ITEM("1") ITEM("5"));
	r = round_of(&t);
	SAME_INT("new", r.entries_new, 1);
	SAME_INT("well", stored(&t, "a").state, SOURCE_OK);
	flow_end(&t);
}

static void
a_feed_is_asked_as_often_as_its_section_says(void **state)
{
	static const struct {
		const char *name;
		int64_t every; /* of its section; 0: it says nothing */
		int64_t timeout;
		int64_t longest;
	} rows[] = {
		{ "as all", 0, 0, HOUR },
		{ "as all, though it says something else", 0, 9, HOUR },
		{ "seldom", 2 * DAY, 0, 2 * DAY },
		{ "often", 600, 9, 600 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct listed_feed specs[] = {
			{ .key = "a", .every = rows[i].every, .timeout = rows[i].timeout }
		};
		struct flow_test t;
		int64_t pause = 0;

		begin(&t, specs, 1);
		t.settings.config.fetch.every = HOUR;
		t.settings.config.fetch.longest = HOUR;
		write_feed(&t, "a", "Ann", "en", "https://a.example/feed", ITEM("1"));
		(void)round_of(&t);
		pause = stored(&t, "a").next_poll - t.run.now;
		if (pause > rows[i].longest || pause < rows[i].longest / 2)
			fail_msg("%s: asked again after %lld seconds", rows[i].name,
			    (long long)pause);
		flow_end(&t);
	}
}

static int64_t
number(struct flow_test *t, const char *query)
{
	int64_t n = 0;

	MUST(db_number(t->run.store, query, &n, err));
	return n;
}

/* A feed that was read once answers from elsewhere; "1" is a post that is there too. */
static const struct {
	const char *name;
	const char *items; /* that it had; NULL: it was never read */
	const char *path, *sql;
	enum source_state state;
	const char *note;
	size_t held; /* that are told */
	size_t new;  /* posts */
} elsewhere[] = {
	{ "with its posts", ITEM("1"), "/to-whole", "", SOURCE_MOVED,
	    "http://127.0.0.1:PORT/whole", 0, 1 },
	{ "with none of its posts", ITEM("9"), "/to-whole", "", SOURCE_CHANGED,
	    "it moved to http://127.0.0.1:PORT/whole, where none of its posts is", 2, 2 },
	{ "with no posts at all", ITEM("9"), "/301", "", SOURCE_MOVED,
	    "http://127.0.0.1:PORT/feed", 0, 0 },
	{ "the first time", NULL, "/to-whole", "", SOURCE_MOVED,
	    "http://127.0.0.1:PORT/whole", 0, 2 },
	{ "a person let them in", ITEM("9"), "/to-whole", "UPDATE source SET verdict = 1",
	    SOURCE_MOVED, "http://127.0.0.1:PORT/whole", 0, 2 },
	{ "from where it was asked", ITEM("9"), "/whole", "", SOURCE_OK, "(none)", 0, 2 },
	{ "it is doubted already", ITEM("1"), "/to-whole",
	    "UPDATE source SET state = 11, state_note = 'as it was'", SOURCE_CHANGED,
	    "as it was", 0, 1 },
};

static const char *
with_port(struct flow_test *t, const char *text)
{
	const char *at = strstr(text, "PORT");

	return at ? arena_printf(t->run.arena, "%.*s%d%s", (int)(at - text), text,
			web.port, at + 4)
		  : text;
}

static void
who_answers_from_elsewhere_shows_a_post_that_is_known(void **state)
{
	const struct gather_options all = { NULL, 0, false };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(elsewhere); i++) {
		struct listed_feed specs[] = { { .key = "a" } };
		const char *name = elsewhere[i].name;
		struct flow_test t;
		struct gather_report r;
		struct source s;

		begin(&t, specs, 1);
		t.settings.config.fetch.allow_private = true;
		t.settings.config.fetch.proxy = "none";
		write_feed(&t, "a", "T", "en", "https://a.example/feed",
		    elsewhere[i].items ? elsewhere[i].items : "");
		if (elsewhere[i].items)
			(void)round_of(&t);
		else
			MUST(flow_sources_sync(&t.run, err));
		MUST(db_exec(t.run.store,
		    arena_printf(t.run.arena,
			"UPDATE source SET url = 'http://127.0.0.1:%d%s'", web.port,
			elsewhere[i].path),
		    err));
		MUST(db_exec(t.run.store, elsewhere[i].sql, err));
		t.run.now += 2 * DAY;
		MUST(flow_gather(&t.run, &all, &r, err));
		s = stored(&t, "a");
		SAME_INT(name, r.failed, 0);
		SAME_INT(name, s.state, elsewhere[i].state);
		SAME_TEXT(name, s.state_note, with_port(&t, elsewhere[i].note));
		SAME_INT(name, r.entries_new, elsewhere[i].new);
		SAME_INT(name, r.held_count, elsewhere[i].held > 0);
		if (elsewhere[i].held > 0) {
			SAME_INT(name, r.held[0].posts, elsewhere[i].held);
			SAME_TEXT(name, r.held[0].changed,
			    with_port(&t, elsewhere[i].note));
		}
		flow_end(&t);
	}
}

/* What a round changes of two feeds at once is told of each, and once. */
static const struct {
	const char *name, *path;
	int64_t days; /* of the last of three rounds */
	size_t changes;
	const char *to, *why; /* of each */
	bool paused;
} lasting[] = {
	{ "gone for less than a month", "/410", 29, 0, NULL, NULL, false },
	{ "gone for a month", "/410", 30, 2, "(none)",
	    "410 Gone since 2026-11-24T06:00:00Z", true },
	{ "moved for less than a week", "/301", 6, 0, NULL, NULL, false },
	{ "moved for a week, both to one place", "/301", 7, 1,
	    "http://127.0.0.1:PORT/feed", "(none)", false },
};

static void
what_has_lasted_is_changed_and_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lasting); i++) {
		struct listed_feed specs[] = { { .key = "a" }, { .key = "b" } };
		struct flow_test t;
		struct gather_report r;

		begin(&t, specs, 2);
		t.settings.config.fetch.allow_private = true;
		t.settings.config.fetch.proxy = "none";
		t.settings.config.fetch.parallel = 1;
		for (int k = 0; k < 2; k++)
			specs[k].url = arena_printf(t.run.arena,
			    "http://127.0.0.1:%d%s?%d", web.port, lasting[i].path, k);
		MUST(flow_sources_sync(&t.run, err));
		/* Until now they answered. */
		MUST(db_exec(t.run.store, "UPDATE source SET last_ok = 1795500000", err));
		(void)round_of(&t);
		t.run.now = NOW + DAY;
		(void)round_of(&t);
		t.run.now = NOW + lasting[i].days * DAY;
		r = round_of(&t);
		SAME_INT(lasting[i].name, r.asked, 2);
		SAME_INT(lasting[i].name, r.change_count, lasting[i].changes);
		for (size_t k = 0; k < r.change_count; k++) {
			SAME_TEXT(lasting[i].name, r.changes[k].key, k == 0 ? "a" : "b");
			SAME_TEXT(lasting[i].name, r.changes[k].to,
			    with_port(&t, lasting[i].to));
			SAME_TEXT(lasting[i].name, r.changes[k].why, lasting[i].why);
			assert_false(r.changes[k].made_safe);
		}
		MUST(flow_sources_sync(&t.run, err));
		SAME_INT(lasting[i].name, number(&t, "SELECT SUM(paused) FROM source"),
		    lasting[i].paused ? 2 : 0);
		flow_end(&t);
	}
}

/* A flood: more than are kept for a person are told too. */
static void
what_is_held_is_told_with_what_has_no_room(void **state)
{
	enum { MORE = 3 };
	struct listed_feed specs[] = { { .key = "a" } };
	struct buf b = BUF_INIT(1 << 20);
	struct flow_test t;
	struct gather_report r;

	(void)state;
	begin(&t, specs, 1);
	t.settings.config.fetch.flood = 10;
	write_feed(&t, "a", "Ann", "en", "https://a.example/feed", ITEM("one"));
	(void)round_of(&t);
	for (int i = 0; i < LIMIT_HELD_POSTS + MORE; i++)
		buf_addf(&b,
		    "<item><title>Post %d</title><link>https://a.example/%d</link></item>",
		    i, i);
	t.run.now += 2 * DAY;
	write_feed(&t, "a", "Ann", "en", "https://a.example/feed", buf_text(&b));
	r = round_of(&t);
	SAME_INT("told", r.held_count, 1);
	SAME_INT("of all", r.held[0].posts, LIMIT_HELD_POSTS + MORE);
	assert_null(r.held[0].changed);
	SAME_INT("held", stored(&t, "a").held, LIMIT_HELD_POSTS);
	SAME_INT("without room", stored(&t, "a").held_more, MORE);
	SAME_INT("unchanged", r.unchanged, 0);
	t.run.now += 2 * DAY;
	r = round_of(&t);
	SAME_INT("told once", r.held_count, 0);
	buf_clear(&b);
	flow_end(&t);
}

/* Whether a program judged while the store was kept from others. */
static bool is_judged_in_transaction;

static bool
look_at_store(void)
{
	char path[300];

	if (file_exists(in_folder(flow_test_now->folder, "judging", path)))
		is_judged_in_transaction = is_judged_in_transaction ||
		    db_in_transaction(flow_test_now->run.store);
	return false;
}

/* It keeps nobody waiting: neither the other feeds nor who wants to write. */
static void
a_program_judges_after_the_other_feeds(void **state)
{
	struct listed_feed specs[] = { { .key = "a" }, { .key = "b" }, { .key = "c" } };
	struct flow_test t;
	struct gather_report r;
	char path[300];

	(void)state;
	begin(&t, specs, 3);
	specs[0].filter_command = arena_printf(t.run.arena, "sh %s %s",
	    flow_write(&t, "judge", "touch $1\ngrep -q Words.of && sleep 0.05\nrm $1\n"),
	    in_folder(t.folder, "judging", path));
	t.settings.config.fetch.threads = 1;
	t.settings.config.fetch.parallel = 1;
	t.run.interrupted = look_at_store;
	is_judged_in_transaction = false;
	write_feed(&t, "a", "Ann", "en", "https://a.example/feed", ITEM("1"));
	write_feed(&t, "b", "Bee", "en", "https://b.example/feed", ITEM("2"));
	write_feed(&t, "c", "Cee", "en", "https://c.example/feed", ITEM("3"));
	r = round_of(&t);
	SAME_INT("asked", r.asked, 3);
	SAME_INT("new", r.entries_new, 3);
	SAME_INT("the last is the judged one",
	    number(&t, "SELECT source_id FROM entry ORDER BY id DESC LIMIT 1"),
	    stored(&t, "a").id);
	assert_false(is_judged_in_transaction);
	flow_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_page_is_told_with_the_feed_that_it_names),
		cmocka_unit_test(another_feed_at_the_address_is_held),
		cmocka_unit_test(a_feed_is_asked_as_often_as_its_section_says),
		cmocka_unit_test(who_answers_from_elsewhere_shows_a_post_that_is_known),
		cmocka_unit_test(what_has_lasted_is_changed_and_told),
		cmocka_unit_test(what_is_held_is_told_with_what_has_no_room),
		cmocka_unit_test(a_program_judges_after_the_other_feeds),
	};

	return cmocka_run_group_tests(tests, start_web, stop_web);
}
