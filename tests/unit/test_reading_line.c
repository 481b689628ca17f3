/* SPDX-License-Identifier: ISC */
/*
 * Rounds in which other threads read and clean leave the same store as rounds of one thread: feeds
 * that share posts, change them, repeat lines, show again what was mailed, flood and are released,
 * dropped or left waiting, are judged by a program, are torn or are none.
 */
#include "unit/flow_fixture.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "flow/gather.h"
#include "flow/source_lists.h"
#include "store/set_aside.h"

enum { FEEDS = 60, ROUNDS = 5, TEXT_MAX = 4 * 1024 * 1024 };

/* ---- what the feeds say ---- */

static unsigned
pick(uint64_t *seed, unsigned below)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(*seed >> 33) % below;
}

static void
add_words(struct buf *b, uint64_t *seed, unsigned count)
{
	static const char *const words[] = { "harbour", "tide", "lantern", "quay", "rope",
		"signal", "what", "came", "with", "water", "&lt;b&gt;bold&lt;/b&gt;",
		"&lt;a href=\"/x\"&gt;link&lt;/a&gt;", "&lt;p&gt;",
		"&lt;div&gt;&lt;i&gt;", "&lt;/i&gt;", "&lt;img src=\"p.png\"&gt;",
		"na\303\257ve" };

	for (unsigned i = 0; i < count; i++)
		buf_addf(b, "%s ", words[pick(seed, ARRAY_LEN(words))]);
}

/* A post of somebody: the same in each feed that has it, but for a change now and then. */
static void
say_post(struct buf *b, unsigned blog, unsigned n, unsigned version)
{
	uint64_t seed = blog * 1000 + n;
	uint64_t changed = seed + version * 77777;
	/* What was mailed comes under another name. */
	const char *again = version > 3 && blog % 6 == 1 && n % 7 == 0 ? "again" : "";

	buf_addf(b, "<item><title>");
	add_words(b, &seed, 3);
	buf_addf(b, "%s%u</title><link>https://blog%u.example/%s%u</link>", again, n,
	    blog, again, n);
	if (blog % 5 != 0)
		buf_addf(b, "<guid>tag%s:%u:%u</guid>", again, blog, n);
	if (blog % 7 != 0)
		buf_addf(b, "<pubDate>%02u Nov 2026 %02u:%02u:00 GMT</pubDate>",
		    1 + n % 24, blog % 24, n % 60);
	buf_addf(b, "<description>&lt;p&gt;");
	add_words(b, version > 0 && n % 9 == 0 ? &changed : &seed, 30 + n % 50);
	if (blog % 3 == 0)
		buf_addf(b,
		    "&lt;p&gt;Subscribe to this blog by mail, it is free of charge.");
	buf_addf(b, "</description></item>");
}

/* What feed f shows in a round: its own posts and, for a planet, those of others. */
static void
make_feed(struct buf *b, unsigned f, unsigned round)
{
	const bool floods = round >= 3 && f % 20 == 8;
	const unsigned newest = 10 + round * (f % 4) + (floods ? 120 * (round - 2) : 0);

	buf_addf(b,
	    "<rss version='2.0'><channel><title>Blog %u</title>"
	    "<link>https://blog%u.example/</link>",
	    f, f);
	for (unsigned n = newest; n > 0 && n + 12 > newest; n--)
		say_post(b, f, n, round);
	for (unsigned k = 1; f % 10 == 9 && k < 9; k++)
		say_post(b, f - k, 10 + round * ((f - k) % 4), round);
	for (unsigned n = newest - 12; floods && n > 10; n--)
		say_post(b, f, n, round);
	if (f == 17)
		buf_addf(b, "<item><title>torn");
	else
		buf_addf(b, "</channel></rss>");
}

static void
write_feeds(const char *folder, unsigned round)
{
	for (unsigned f = 0; f < FEEDS; f++) {
		struct buf b = BUF_INIT(TEXT_MAX);
		struct err err = ERR_INIT;
		char name[20];
		char path[300];

		if (f == 23)
			buf_addf(&b, "<html><title>a page</title></html>");
		else if (f == 31 && round == 2)
			buf_addf(&b, "nothing of the kind");
		else
			make_feed(&b, f, round);
		(void)snprintf(name, sizeof(name), "%u.xml", f);
		if (!file_write(in_folder(folder, name, path), buf_text(&b), b.len, 0600,
			&err))
			fail_msg("%s", err.text);
		buf_clear(&b);
	}
}

/* ---- rounds and their store ---- */

static void
list_feeds(struct flow_test *t, const char *folder)
{
	struct listed_feed *all = arena_array(t->run.arena, FEEDS, sizeof(*all));

	for (unsigned f = 0; f < FEEDS; f++)
		all[f] = (struct listed_feed){ .key =
						   arena_printf(t->run.arena, "f%u", f),
			.url = arena_printf(t->run.arena, "file://%s/%u.xml", folder, f),
			.max_per_feed = -1,
			.strip = f == 12 ? "^link " : NULL,
			.filter_command = f == 33 ? "grep -q lantern" : NULL };
	t->settings.sources = all;
	t->settings.source_count = FEEDS;
}

/* All that a table holds, in one text. */
static const char *
table_text(struct flow_test *t, const char *table)
{
	struct err err = ERR_INIT;
	struct db_query *q = db_query(t->run.store,
	    "SELECT 'SELECT group_concat(line, char(10)) FROM (SELECT '"
	    " || group_concat('quote(' || name || ')', ' || ''|'' || ')"
	    " || ' AS line FROM ' || :table || ' ORDER BY 1)'"
	    " FROM pragma_table_info(:table)",
	    &err);
	const char *sql = NULL;
	const char *text = NULL;

	db_bind_text(q, ":table", table);
	if (!db_only_text(q, t->run.arena, &sql, &err) || !sql ||
	    !db_only_text(db_query(t->run.store, sql, &err), t->run.arena, &text, &err))
		fail_msg("%s: %s", table, err.text);
	return text ? text : "";
}

static const char *const tables[] = { "source", "entry", "entry_text", "entry_also",
	"entry_learned", "entry_page", "entry_print", "entry_print_new", "identity",
	"enclosure" };

struct outcome {
	char *tables[ARRAY_LEN(tables)];
	struct gather_report last;
	int64_t held; /* posts that wait for a person */
};

static int64_t
held_posts(struct flow_test *t)
{
	int64_t n = -1;

	MUST(db_number(t->run.store, "SELECT COUNT(*) FROM entry WHERE state = 4", &n,
	    err));
	return n;
}

static int64_t
id_of(struct flow_test *t, const char *key)
{
	struct source s;

	MUST(store_source_find(t->run.store, t->run.arena, key, &s, err));
	return s.id;
}

/* What people do between two rounds. */
static void
between(struct flow_test *t, unsigned round)
{
	if (round == 2)
		MUST(db_exec(t->run.store,
		    "UPDATE entry SET state = 2 WHERE state = 0 AND id % 3 = 0", err));
	if (round != 3)
		return;
	MUST(store_held_release(t->run.store, id_of(t, "f8"), 0, t->run.now, err));
	MUST(store_held_drop(t->run.store, id_of(t, "f28"), err));
}

static void
run_rounds(const char *folder, int64_t threads, struct outcome *out)
{
	const struct gather_options o = { NULL, 0, false };
	struct flow_test t;

	flow_begin(&t);
	t.settings.config.fetch.allow_files = true;
	t.settings.config.fetch.parallel = 1;
	t.settings.config.fetch.threads = threads;
	t.settings.config.fetch.flood = 60;
	list_feeds(&t, folder);
	for (unsigned round = 0; round < ROUNDS; round++) {
		write_feeds(folder, round);
		MUST(flow_sources_sync(&t.run, err));
		MUST(flow_gather(&t.run, &o, &out->last, err));
		between(&t, round);
		t.run.now += 2 * 86400;
	}
	out->held = held_posts(&t);
	for (size_t i = 0; i < ARRAY_LEN(tables); i++)
		out->tables[i] = xstrdup(table_text(&t, tables[i]));
	flow_end(&t);
}

static void
clear_outcome(struct outcome *o)
{
	for (size_t i = 0; i < ARRAY_LEN(tables); i++)
		free(o->tables[i]);
}

/* Where two texts part, a line of each. */
static void
compare(const char *table, int64_t threads, const char *one, const char *other)
{
	size_t at = 0;

	while (one[at] && one[at] == other[at])
		at++;
	if (one[at] == other[at])
		return;
	while (at > 0 && one[at - 1] != '\n')
		at--;
	fail_msg("%s: with %d threads\n%.300s\nwith one\n%.300s", table, (int)threads,
	    other + at, one + at);
}

static void
the_store_is_the_same_with_any_number_of_threads(void **state)
{
	static const int64_t threads[] = { 2, 3, LIMIT_READING_THREADS + 1 };
	char *folder = new_folder();
	struct outcome alone;

	(void)state;
	run_rounds(folder, 1, &alone);
	assert_true(strlen(alone.tables[1]) > 100000);
	assert_non_null(strstr(alone.tables[3], "|"));
	/* What floods on and nobody judges, and what came again under another name. */
	assert_in_range(alone.held, 241, 400);
	for (size_t i = 0; i < ARRAY_LEN(threads); i++) {
		struct outcome many;

		run_rounds(folder, threads[i], &many);
		for (size_t k = 0; k < ARRAY_LEN(tables); k++)
			compare(tables[k], threads[i], alone.tables[k], many.tables[k]);
		assert_int_equal(many.last.asked, alone.last.asked);
		assert_int_equal(many.last.entries_new, alone.last.entries_new);
		assert_int_equal(many.last.entries_seen, alone.last.entries_seen);
		assert_int_equal(many.last.unchanged, alone.last.unchanged);
		assert_int_equal(many.last.failed, alone.last.failed);
		clear_outcome(&many);
	}
	clear_outcome(&alone);
	remove_files(folder);
	assert_int_equal(rmdir(folder), 0);
	free(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_store_is_the_same_with_any_number_of_threads),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
