/* SPDX-License-Identifier: ISC */
#include "unit/store_fixture.h"
#include "base/hash.h"
#include "base/limits.h"
#include "store/db.h"
#include "store/entry_lists.h"
#include "store/entry_prints.h"

/* What is found under the keys of an entry, "own 1 link 1", by number of the stored post. */
static void
found_under(struct store *s, const struct entry *e, const char *link, char out[200])
{
	static const char *const names[IDENTITY_KEYS] = { "own", "text-at", "words",
		"page", "link", "title-at", "print" };
	const struct identity keys = keys_of(e, link);
	struct identity_match found[IDENTITY_KEYS];
	struct arena *a = arena_new();
	size_t count = 0;
	size_t len = 0;

	MUST(store_entry_matches(s, a, &keys, found, &count, err));
	*out = '\0';
	for (size_t i = 0; i < count; i++)
		len += (size_t)snprintf(out + len, 200 - len, "%s%s %d", i ? " " : "",
		    names[found[i].key], (int)found[i].entry_id);
	arena_free(a);
}

#define FOUND(name, e, link, want) \
	do { \
		char found_text[200]; \
		found_under(s, e, link, found_text); \
		SAME_TEXT(name, found_text, want); \
	} while (0)

/* What the one look-up of a known post says: "known", "changed" or "new". */
static const char *
known_by_own(struct store *s, const struct entry *e, const char *link)
{
	const struct identity keys = keys_of(e, link);
	uint64_t said = 0;
	int64_t id = 0;

	MUST(store_entry_own(s, keys.keys[KEY_OWN], &id, &said, err));
	return id == 0 ? "new" : said == keys.said ? "known" : "changed";
}

/* A post with everything: title, text, instant. */
static struct entry
full_entry(int64_t source, const char *guid, const char *title, uint64_t text)
{
	static char long_text[200];
	struct entry e = make_entry(source, guid, title, 0);

	memset(long_text, 'x', sizeof(long_text));
	e.published = NOW;
	e.text_print = text << 40;
	e.content.text = long_text;
	e.content.len = sizeof(long_text);
	e.fingerprint = identity_fingerprint(&e);
	return e;
}

static void
a_post_is_found_under_each_of_its_keys(void **state)
{
	struct store *s = memory_store();
	const int64_t a = add_source(s, "a");
	const int64_t b = add_source(s, "b");
	struct entry e = full_entry(a, "g1", "One", 11);
	struct entry asked;

	(void)state;
	MUST(add_post(s, &e, "http://x/1", false, err));
	FOUND("all of them", &e, "http://x/1",
	    "own 1 text-at 1 page 1 link 1 title-at 1 print 1");
	asked = full_entry(a, "g2", "Two", 11);
	FOUND("another guid, title and address", &asked, "http://x/2", "text-at 1");
	asked = full_entry(a, "g2", "One", 12);
	FOUND("another guid, text and address", &asked, "http://x/2", "title-at 1");
	asked.published++;
	FOUND("another instant too", &asked, "http://x/2", "");
	FOUND("the address", &asked, "http://x/1", "page 1 link 1");
	asked = full_entry(b, "g1", "One", 11);
	FOUND("another source", &asked, "http://x/1", "link 1 print 1");
	asked = make_entry(b, NULL, NULL, 0);
	FOUND("nothing to look for", &asked, NULL, "");
	close_store(s);
}

static void
the_first_look_up_tells_what_changed(void **state)
{
	struct store *s = memory_store();
	const int64_t a = add_source(s, "a");
	struct entry e = full_entry(a, NULL, "One", 11);
	struct entry asked = e;

	(void)state;
	SAME_TEXT("before", known_by_own(s, &e, "http://x/1"), "new");
	MUST(add_post(s, &e, "http://x/1", false, err));
	SAME_TEXT("by its address", known_by_own(s, &e, "http://x/1"), "known");
	SAME_TEXT("another address", known_by_own(s, &e, "http://x/2"), "new");
	asked.fingerprint++;
	SAME_TEXT("other words", known_by_own(s, &asked, "http://x/1"), "changed");
	{
		const struct identity keys = keys_of(&asked, "http://x/1");

		MUST(store_entry_update(s, e.id, &asked, &keys, err));
	}
	SAME_TEXT("the same again", known_by_own(s, &asked, "http://x/1"), "known");
	SAME_TEXT("the old ones", known_by_own(s, &e, "http://x/1"), "changed");
	close_store(s);
}

static void
a_match_says_what_is_remembered(void **state)
{
	static const struct {
		const char *name;
		enum issue_state issue;
		bool held, remembered, want;
	} cases[] = {
		{ "open", ISSUE_DRAFT, false, false, true },
		{ "in a draft", ISSUE_DRAFT, true, false, true },
		{ "in an approved issue", ISSUE_APPROVED, true, false, false },
		{ "sent", ISSUE_SENT, true, false, false },
		{ "only remembered", ISSUE_DRAFT, false, true, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct store *s = memory_store();
		struct arena *a = arena_new();
		const int64_t source = add_source(s, "a");
		struct entry e = full_entry(source, "g", "One", 11);
		struct issue issue = { .name = "i", .state = ISSUE_DRAFT, .date = NOW };
		struct identity keys;
		struct identity_match found[IDENTITY_KEYS];
		size_t count = 0;

		e.link = "http://www.x.example/1#top";
		keys = keys_of(&e, e.link);
		MUST(store_entry_add(s, &e, &keys,
		    cases[i].remembered ? PLACE_KEPT_OUT : PLACE_NEWS, err));
		MUST(store_issue_add(s, &issue, err));
		if (cases[i].held)
			MUST(store_issue_fill(s, issue.id, &e.id, 1, err));
		issue.state = cases[i].issue;
		MUST(store_issue_update(s, &issue, err));
		MUST(store_entry_matches(s, a, &keys, found, &count, err));
		SAME_INT(cases[i].name, count, 6);
		SAME_INT(cases[i].name, found[0].open, cases[i].want);
		SAME_INT("entry", found[5].entry_id, e.id);
		SAME_INT("source", found[5].source.id, source);
		SAME_TEXT("feed", found[5].source.feed, "https://a.example/feed");
		SAME_TEXT("site", found[5].source.site, "(none)");
		SAME_TEXT("link", found[5].link, "https://x.example/1#top");
		SAME_INT("title", found[5].title, keys.title);
		SAME_INT("text", found[5].text, keys.text);
		SAME_INT("instant", found[5].at, NOW);
		arena_free(a);
		close_store(s);
	}
}

/* Open, and without a text of its own: it gets one when the feed has it. */
static void
a_post_is_bare_until_its_text_is_stored(void **state)
{
	static const struct {
		const char *name;
		enum entry_place place;
		bool has_text, bare;
	} cases[] = {
		{ "new", PLACE_NEWS, true, false },
		{ "new, without its text", PLACE_NEWS, false, true },
		{ "kept out", PLACE_KEPT_OUT, true, false },
		{ "kept out, without its text", PLACE_KEPT_OUT, false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct store *s = memory_store();
		struct arena *a = arena_new();
		struct entry e = full_entry(add_source(s, "a"), "g", "One", 11);
		const struct identity keys = keys_of(&e, NULL);
		struct identity_match found[IDENTITY_KEYS];
		size_t count = 0;

		e.html = "<p>words</p>";
		MUST(store_entry_add(s, &e, &keys, cases[i].place, err));
		if (!cases[i].has_text)
			MUST(db_exec(s, "DELETE FROM entry_text", err));
		MUST(store_entry_matches(s, a, &keys, found, &count, err));
		assert_true(count > 0);
		SAME_INT(cases[i].name, found[0].bare, cases[i].bare);
		arena_free(a);
		close_store(s);
	}
}

static void
a_moved_post_is_known_under_its_new_keys(void **state)
{
	struct store *s = memory_store();
	const int64_t a = add_source(s, "a");
	struct entry first = full_entry(a, "g1", "One", 11);
	struct entry moved = full_entry(a, "g2", "One", 12);
	struct entry again = full_entry(a, "g3", "One", 13);
	struct identity keys;

	(void)state;
	MUST(add_post(s, &first, "http://x/1", false, err));
	keys = keys_of(&moved, "http://y/1");
	MUST(store_entry_learn(s, first.id, &moved, &keys, err));
	SAME_TEXT("at once", known_by_own(s, &moved, "http://y/1"), "known");
	FOUND("all of it", &moved, "http://y/1",
	    "own 1 text-at 1 page 1 link 1 title-at 1 print 1");
	keys = keys_of(&again, "http://z/1");
	MUST(store_entry_learn(s, first.id, &again, &keys, err));
	SAME_TEXT("the newest", known_by_own(s, &again, "http://z/1"), "known");
	SAME_TEXT("the first for ever", known_by_own(s, &first, "http://x/1"), "known");
	/* A feed with new guids in each answer does not grow the database for ever. */
	moved.published = NOW + 1;
	FOUND("nothing of what was between", &moved, "http://y/1", "");
	close_store(s);
}

static int64_t
rows_of(struct store *s, const char *sql)
{
	int64_t n = -1;

	MUST(db_number(s, sql, &n, err));
	return n;
}

#define NEW_PRINTS(s) rows_of(s, "SELECT COUNT(*) FROM entry_print_new")
#define ALL_PRINTS(s) (rows_of(s, "SELECT COUNT(*) FROM entry_print") + NEW_PRINTS(s))

/* So many new prints of nobody, others each time. */
static void
fill_prints(struct store *s, int64_t count)
{
	static int64_t first = 1;
	struct err why = ERR_INIT;
	struct db_query *q = db_query(s,
	    "WITH RECURSIVE n (i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n"
	    " WHERE i < :first + :count - 1) INSERT INTO entry_print_new SELECT i, 99 FROM n",
	    &why);

	db_bind_int(q, ":first", first);
	db_bind_int(q, ":count", count);
	MUST(db_run(q, err));
	first += count;
}

static void
prints_move_together_and_stay_known(void **state)
{
	struct store *s = memory_store();
	const int64_t a = add_source(s, "a");
	const int64_t b = add_source(s, "b");
	struct entry e = full_entry(a, "g1", "One", 11);
	struct entry same = full_entry(b, "h1", "One", 11);

	(void)state;
	MUST(add_post(s, &e, "http://x/1", false, err));
	fill_prints(s, LIMIT_NEW_PRINTS - 2);
	MUST(store_prints_move(s, err));
	SAME_INT("they wait until they are many", NEW_PRINTS(s), LIMIT_NEW_PRINTS - 1);
	FOUND("known at once", &same, "http://y/1", "print 1");
	fill_prints(s, 1);
	MUST(store_prints_move(s, err));
	SAME_INT("none is new", NEW_PRINTS(s), 0);
	SAME_INT("all are there", ALL_PRINTS(s), LIMIT_NEW_PRINTS);
	FOUND("known as before", &same, "http://y/1", "print 1");
	MUST(add_post(s, &same, "http://y/1", false, err));
	SAME_INT("no print twice", ALL_PRINTS(s), LIMIT_NEW_PRINTS);
	FOUND("the first keeps it", &e, "http://x/1",
	    "own 1 text-at 1 page 1 link 1 title-at 1 print 1");
	close_store(s);
}

/* How many of so many prints of nobody may be in the large tree. */
static int
ask_for_many(struct store *s, int64_t first, int count)
{
	int found = 0;

	for (int64_t i = 0; i < count; i++) {
		bool may = false;
		const int64_t n = first + i;

		MUST(store_print_may_be_old(s, (int64_t)hash_64(&n, sizeof(n), 7), &may,
		    err));
		found += may;
	}
	return found;
}

static void
after_many_questions_what_is_known_is_in_memory(void **state)
{
	struct store *s = memory_store();
	const int64_t a = add_source(s, "a");
	const int64_t b = add_source(s, "b");
	struct entry old = full_entry(a, "g1", "One", 11);
	struct entry waits = full_entry(a, "g2", "Two", 12);
	struct entry same = full_entry(b, "h1", "One", 11);
	struct entry also = full_entry(b, "h2", "Two", 12);
	bool may = true;

	(void)state;
	MUST(store_print_may_be_old(s, 0, &may, err));
	SAME_INT("none is no print", may, false);
	MUST(add_post(s, &old, "http://x/1", false, err));
	fill_prints(s, LIMIT_NEW_PRINTS - 1);
	MUST(store_prints_move(s, err));
	MUST(add_post(s, &waits, "http://x/2", false, err));
	SAME_INT("at first all may be", ask_for_many(s, 0, 900), 900);
	(void)ask_for_many(s, 0, 200);
	SAME_INT("then some", ask_for_many(s, 0, 1000) < 900, true);
	FOUND("in the large tree", &same, "http://y/1", "print 1");
	FOUND("in the small one", &also, "http://y/2", "print 2");
	fill_prints(s, LIMIT_NEW_PRINTS);
	MUST(store_prints_move(s, err));
	FOUND("and when it has moved", &also, "http://y/2", "print 2");
	MUST(add_post(s, &same, "http://y/1", false, err));
	SAME_INT("no print twice", ALL_PRINTS(s), 2 * LIMIT_NEW_PRINTS + 1);
	close_store(s);
}

/* One that came after all were read. */
static void
a_post_that_is_added_later_is_known(void **state)
{
	struct store *s = memory_store();
	const int64_t a = add_source(s, "a");
	struct entry e = full_entry(a, "g1", "One", 11);
	struct entry same = full_entry(add_source(s, "b"), "h1", "One", 11);

	(void)state;
	(void)ask_for_many(s, 0, 1000);
	SAME_INT("none is there", ask_for_many(s, 0, 100), 0);
	FOUND("nor this", &same, "http://y/1", "");
	MUST(add_post(s, &e, "http://x/1", false, err));
	FOUND("as new", &same, "http://y/1", "print 1");
	fill_prints(s, LIMIT_NEW_PRINTS);
	MUST(store_prints_move(s, err));
	SAME_INT("it moved", NEW_PRINTS(s), 0);
	FOUND("as old", &same, "http://y/1", "print 1");
	close_store(s);
}

/* The same in either tree: that of nobody else is forgotten. */
static void
a_learned_print_is_forgotten_wherever_it_is(void **state)
{
	(void)state;
	for (int moved = 0; moved < 2; moved++) {
		struct store *s = memory_store();
		const int64_t a = add_source(s, "a");
		struct entry first = full_entry(a, "g1", "One", 11);
		struct entry between = full_entry(a, "g1", "One", 12);
		struct entry last = full_entry(a, "g1", "One", 13);
		struct entry asked = full_entry(add_source(s, "b"), "h", "One", 12);
		struct identity keys;

		MUST(add_post(s, &first, "http://x/1", false, err));
		keys = keys_of(&between, "http://x/1");
		MUST(store_entry_learn(s, first.id, &between, &keys, err));
		FOUND("learned", &asked, "http://y/1", "print 1");
		if (moved)
			fill_prints(s, LIMIT_NEW_PRINTS);
		MUST(store_prints_move(s, err));
		FOUND("still known", &asked, "http://y/1", "print 1");
		keys = keys_of(&last, "http://x/1");
		MUST(store_entry_learn(s, first.id, &last, &keys, err));
		FOUND("forgotten", &asked, "http://y/1", "");
		FOUND("the first for ever", &first, "http://x/1",
		    "own 1 text-at 1 page 1 link 1 title-at 1 print 1");
		close_store(s);
	}
}

static void
a_key_stands_for_one_post(void **state)
{
	struct store *s = memory_store();
	const int64_t a = add_source(s, "a");
	struct entry first = full_entry(a, "g1", "One", 11);
	struct entry second = full_entry(a, "g1", "Two", 12);
	struct identity keys;

	(void)state;
	MUST(add_post(s, &first, "http://x/1", false, err));
	MUST(add_post(s, &second, "http://x/1", false, err));
	FOUND("the first keeps it", &second, "http://x/1",
	    "own 1 text-at 2 page 1 link 1 title-at 2 print 2");
	keys = keys_of(&second, "http://x/1");
	MUST(store_entry_release(s, keys.keys[KEY_OWN], err));
	MUST(store_entry_learn(s, second.id, &second, &keys, err));
	SAME_TEXT("it was given to the second", known_by_own(s, &second, "http://x/1"),
	    "known");
	SAME_TEXT("the first is it no more", known_by_own(s, &first, "http://x/1"),
	    "changed");
	close_store(s);
}

static const char *const categories[] = { "C", "planets and\nposts" };
static const struct enclosure enclosures[] = {
	{ "http://x/a.mp3", "audio/mpeg", NULL, 123, -1 },
	{ "http://x/b.pdf", NULL, "slides", -1, 60 },
};

static void
everything_of_a_post_comes_back(void **state)
{
	struct store *s = memory_store();
	struct arena *a = arena_new();
	struct entry e = { .source_id = add_source(s, "a"),
		.guid = "g",
		.link = "http://x/1",
		.title = "T",
		.author = "Ann",
		.language = "de",
		.published = 5,
		.updated = 6,
		.first_seen = 7,
		.fingerprint = UINT64_MAX,
		.html = "<p>h",
		.text = "t",
		.summary = "s",
		.image = "http://x/i",
		.words = 8,
		.categories = categories,
		.category_count = 2,
		.enclosures = enclosures,
		.enclosure_count = 2 };
	struct entry *got = NULL;
	size_t count = 0;

	(void)state;
	MUST(add_post(s, &e, "http://x/1", false, err));
	MUST(store_entries_unmailed(s, a, LIMIT_ISSUE_ENTRIES, &got, &count, err));
	SAME_INT("count", count, 1);
	SAME_INT("id", got->id, e.id);
	SAME_INT("source", got->source_id, e.source_id);
	SAME_TEXT("guid", got->guid, "g");
	SAME_TEXT("link", got->link, "http://x/1");
	SAME_TEXT("title", got->title, "T");
	SAME_TEXT("author", got->author, "Ann");
	SAME_TEXT("language", got->language, "de");
	SAME_INT("published", got->published, 5);
	SAME_INT("updated", got->updated, 6);
	SAME_INT("first seen", got->first_seen, 7);
	assert_true(got->fingerprint == UINT64_MAX);
	SAME_TEXT("html", got->html, "<p>h");
	SAME_TEXT("text", got->text, "t");
	SAME_TEXT("summary", got->summary, "s");
	SAME_TEXT("image", got->image, "http://x/i");
	SAME_INT("words", got->words, 8);
	SAME_INT("categories", got->category_count, 2);
	SAME_TEXT("category 1", got->categories[0], "C");
	SAME_TEXT("category 2", got->categories[1], "planets and posts");
	SAME_INT("enclosures", got->enclosure_count, 2);
	SAME_TEXT("enclosure 1", got->enclosures[0].url, "http://x/a.mp3");
	SAME_TEXT("enclosure 1 type", got->enclosures[0].type, "audio/mpeg");
	SAME_TEXT("enclosure 1 title", got->enclosures[0].title, "(none)");
	SAME_INT("enclosure 1 bytes", got->enclosures[0].bytes, 123);
	SAME_INT("enclosure 2 seconds", got->enclosures[1].seconds, 60);
	arena_free(a);
	close_store(s);
}

static void
a_guid_stays_when_the_link_moves(void **state)
{
	struct store *s = memory_store();
	struct arena *a = arena_new();
	struct entry e = { .source_id = add_source(s, "a"),
		.guid = "g",
		.link = "http://x/1",
		.title = "T",
		.first_seen = 7,
		.html = "<p>h",
		.text = "t",
		.summary = "s" };
	struct entry *got = NULL;
	size_t count = 0;

	(void)state;
	MUST(add_post(s, &e, "http://x/1", false, err));
	e.guid = e.link = "http://x/2";
	MUST(add_post(s, &e, NULL, false, err));
	MUST(store_entries_unmailed(s, a, LIMIT_ISSUE_ENTRIES, &got, &count, err));
	SAME_TEXT("a guid that is the link", got[0].guid, "http://x/2");
	SAME_TEXT("a guid that is not", got[1].guid, "g");
	{
		struct entry moved = e;

		moved.link = "http://x/3";
		MUST(update_post(s, e.id, &moved, err));
	}
	MUST(store_entries_unmailed(s, a, LIMIT_ISSUE_ENTRIES, &got, &count, err));
	SAME_TEXT("it moves", got[0].link, "http://x/3");
	SAME_TEXT("the guid does not", got[0].guid, "http://x/2");
	arena_free(a);
	close_store(s);
}

/* Writes the titles of what could be mailed, "A B C". */
static void
unmailed_titles(struct store *s, char *out, size_t size)
{
	struct arena *a = arena_new();
	struct entry *list = NULL;
	size_t count = 0;
	size_t len = 0;

	*out = '\0';
	MUST(store_entries_unmailed(s, a, LIMIT_ISSUE_ENTRIES, &list, &count, err));
	for (size_t i = 0; i < count; i++)
		len += (size_t)snprintf(out + len, size - len, "%s%s", i ? " " : "",
		    list[i].title);
	arena_free(a);
}

static void
what_may_be_mailed_is_listed_newest_first(void **state)
{
	struct store *s = memory_store();
	struct source specs[] = {
		{ .key = "a", .url = "https://a.example/" },
		{ .key = "b", .url = "https://b.example/" },
		{ .key = "c", .url = "https://c.example/" },
	};
	struct entry old;
	struct entry e;
	char titles[200];
	int64_t total = 0;
	int64_t open = 0;

	(void)state;
	MUST(store_sources_sync(s, specs, 3, err));
	e = make_entry(specs[0].id, "1", "published", 1);
	e.published = NOW - 10;
	MUST(add_post(s, &e, NULL, false, err));
	e = make_entry(specs[0].id, "2", "updated", 2);
	e.updated = NOW - 5;
	MUST(add_post(s, &e, NULL, false, err));
	e = make_entry(specs[0].id, "3", "undated", 3);
	MUST(add_post(s, &e, NULL, false, err));
	old = make_entry(specs[0].id, "4", "remembered", 4);
	MUST(add_post(s, &old, NULL, true, err));
	e = make_entry(specs[1].id, "5", "paused", 5);
	MUST(add_post(s, &e, NULL, false, err));
	e = make_entry(specs[2].id, "6", "unlisted", 6);
	MUST(add_post(s, &e, NULL, false, err));
	specs[1].paused = true;
	MUST(store_sources_sync(s, specs, 2, err));

	unmailed_titles(s, titles, sizeof(titles));
	SAME_TEXT("list", titles, "undated updated published");
	MUST(store_entries_count(s, &total, err) &&
	    store_entries_count_unmailed(s, &open, err));
	SAME_INT("total", total, 6);
	SAME_INT("open", open, 3);

	MUST(db_run_int(s, "UPDATE entry SET state = 1 WHERE id = :id", ":id", 2, err));
	unmailed_titles(s, titles, sizeof(titles));
	SAME_TEXT("after one was kept out", titles, "undated published");
	close_store(s);
}

static void
other_sources_are_remembered_and_known(void **state)
{
	struct store *s = memory_store();
	struct arena *a = arena_new();
	const int64_t first = add_source(s, "first");
	const int64_t second = add_source(s, "second");
	const int64_t third = add_source(s, "third");
	const int64_t id = add_entry(s, first, "g", 11);
	struct entry echoes[] = { make_entry(third, NULL, "t", 98),
		make_entry(second, "h", "t", 99), make_entry(first, "new id", "g", 11) };
	struct entry *got = NULL;
	size_t count = 0;

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		const struct identity keys = keys_of(&echoes[i % 3], NULL);

		MUST(store_entry_learn(s, id, &echoes[i % 3], &keys, err));
	}
	/* A feed that changes its own ids is no other source. */
	MUST(store_entries_unmailed(s, a, LIMIT_ISSUE_ENTRIES, &got, &count, err));
	SAME_INT("one post", count, 1);
	SAME_INT("sources", got->also_count, 2);
	SAME_INT("the second", got->also[0], second);
	SAME_INT("the third", got->also[1], third);
	SAME_TEXT("an echo is known by its own words", known_by_own(s, &echoes[1], NULL),
	    "known");
	SAME_TEXT("a changed id is known", known_by_own(s, &echoes[2], NULL), "known");
	arena_free(a);
	close_store(s);
}

static void
a_post_is_handed_over_to_whom_it_belongs(void **state)
{
	static const struct enclosure attached[] = { { "http://x/a.mp3", NULL, NULL, -1,
	    -1 } };
	struct store *s = memory_store();
	struct arena *a = arena_new();
	const int64_t stranger = add_source(s, "stranger");
	const int64_t owner = add_source(s, "owner");
	struct entry theirs = make_entry(stranger, "s", "Theirs", 1);
	struct entry own = make_entry(owner, "o", "Own", 2);
	const struct identity keys = keys_of(&own, NULL);
	struct entry *got = NULL;
	size_t count = 0;

	(void)state;
	theirs.text = "their text";
	theirs.enclosures = attached;
	theirs.enclosure_count = 1;
	MUST(add_post(s, &theirs, NULL, false, err));
	/* It was seen in the owner's feed before, under other keys. */
	MUST(store_entry_learn(s, theirs.id, &own, &keys, err));
	MUST(store_entry_hand_over(s, theirs.id, &own, &keys, err));
	MUST(store_entries_unmailed(s, a, LIMIT_ISSUE_ENTRIES, &got, &count, err));
	SAME_INT("one post", count, 1);
	SAME_INT("its source", got->source_id, owner);
	SAME_TEXT("title", got->title, "Own");
	SAME_TEXT("guid", got->guid, "o");
	SAME_TEXT("no word of the stranger's is left", got->text, "(none)");
	SAME_INT("nor what was attached", got->enclosure_count, 0);
	SAME_INT("listed with the post", got->also_count, 1);
	SAME_INT("by its id", got->also[0], stranger);
	SAME_TEXT("which is known", known_by_own(s, &theirs, NULL), "known");
	SAME_TEXT("as the owner's is", known_by_own(s, &own, NULL), "known");
	arena_free(a);
	close_store(s);
}

/* What a source always links to is learned of its mailed posts before a letter. */
static void
older_texts_of_a_source_are_found(void **state)
{
	struct store *s = memory_store();
	struct arena *a = arena_new();
	const int64_t source = add_source(s, "one");
	const int64_t other = add_source(s, "two");
	const int64_t sources[] = { source, source, other, source, source };
	const char *texts[2] = { NULL, NULL };
	int64_t ids[5];
	size_t count = 0;

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		struct entry e =
		    make_entry(sources[i], arena_printf(a, "g%zu", i), "t", i + 1);

		e.html = arena_printf(a, "<p>%zu</p>", i);
		MUST(add_post(s, &e, NULL, false, err));
		ids[i] = e.id;
	}
	struct issue issue = { .name = "x", .state = ISSUE_DRAFT, .date = 1 };

	MUST(store_issue_add(s, &issue, err));
	MUST(store_issue_fill(s, issue.id, ids, 4, err));
	MUST(store_entry_texts_before(s, a, source, ids[3], texts, 2, &count, err));
	SAME_INT("two before the fourth", count, 2);
	SAME_TEXT("the newest first", texts[0], "<p>1</p>");
	SAME_TEXT("then the one before", texts[1], "<p>0</p>");
	MUST(store_entry_texts_before(s, a, source, INT64_MAX, texts, 2, &count, err));
	SAME_TEXT("what was not mailed is none", texts[0], "<p>3</p>");
	arena_free(a);
	close_store(s);
}

static void
new_text_reaches_only_what_was_not_frozen(void **state)
{
	static const struct {
		const char *name;
		enum issue_state issue;
		bool held;
		bool remembered;
		const char *want;
	} cases[] = {
		{ "open", ISSUE_DRAFT, false, false, "new" },
		{ "in a draft", ISSUE_DRAFT, true, false, "new" },
		{ "in an approved issue", ISSUE_APPROVED, true, false, "old" },
		{ "sent", ISSUE_SENT, true, false, "old" },
		{ "only remembered", ISSUE_DRAFT, false, true, "old" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct store *s = memory_store();
		struct arena *a = arena_new();
		struct entry e = make_entry(add_source(s, "a"), "g", "old", 1);
		struct issue issue = { .name = "i", .state = ISSUE_DRAFT, .date = NOW };
		struct entry *got = NULL;
		int64_t id = 0;
		size_t count = 0;

		MUST(add_post(s, &e, NULL, cases[i].remembered, err));
		MUST(store_issue_add(s, &issue, err));
		if (cases[i].held)
			MUST(store_issue_fill(s, issue.id, &e.id, 1, err));
		issue.state = cases[i].issue;
		MUST(store_issue_update(s, &issue, err));
		id = e.id;
		e.title = "new";
		e.text = "new text";
		e.fingerprint = 2;
		MUST(update_post(s, id, &e, err));
		SAME_TEXT(cases[i].name, known_by_own(s, &e, NULL), "known");
		if (cases[i].held)
			MUST(store_entries_of_issue(s, a, issue.id, &got, &count, err));
		else
			MUST(store_entries_unmailed(s, a, LIMIT_ISSUE_ENTRIES, &got,
			    &count, err));
		if (!cases[i].remembered) {
			SAME_INT(cases[i].name, count, 1);
			SAME_TEXT(cases[i].name, got->title, cases[i].want);
		}
		arena_free(a);
		close_store(s);
	}
}

static void
text_is_dropped_when_mailed_and_gone_from_the_feed(void **state)
{
	static const struct enclosure attached[] = { { "http://x/a.mp3", NULL, NULL, -1,
	    -1 } };
	struct store *s = memory_store();
	struct arena *a = arena_new();
	int64_t source = add_source(s, "a");
	struct issue issue = { .name = "i", .state = ISSUE_DRAFT, .date = NOW };
	struct entry e[3];
	struct entry *got = NULL;
	int64_t ids[2];
	int64_t dropped = 0;
	size_t count = 0;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		e[i] = make_entry(source, i == 0 ? "0" : i == 1 ? "1" : "2", "t", i + 1);
		e[i].text = "text";
		e[i].enclosures = attached;
		e[i].enclosure_count = 1;
		MUST(add_post(s, &e[i], NULL, false, err));
	}
	ids[0] = e[0].id;
	ids[1] = e[1].id;
	MUST(store_issue_add(s, &issue, err));
	MUST(store_issue_fill(s, issue.id, ids, 2, err));
	MUST(store_entries_tidy(s, NOW + 1, &dropped, err));
	SAME_INT("a draft keeps its texts", dropped, 0);
	issue.state = ISSUE_SENT;
	MUST(store_issue_update(s, &issue, err));
	MUST(store_entries_seen(s, &ids[1], 1, NOW + 90000, err));
	MUST(store_entries_tidy(s, NOW + 1, &dropped, err));
	SAME_INT("one was seen since, one is open", dropped, 1);
	MUST(store_entries_of_issue(s, a, issue.id, &got, &count, err));
	SAME_INT("both are there", count, 2);
	SAME_TEXT("the first has no text", got[0].text, "(none)");
	SAME_INT("nor enclosures", got[0].enclosure_count, 0);
	SAME_TEXT("the second has", got[1].text, "text");
	SAME_INT("and its enclosures", got[1].enclosure_count, 1);
	SAME_TEXT("what it was is known for ever", known_by_own(s, &e[0], NULL), "known");
	arena_free(a);
	close_store(s);
}

static void
a_failed_add_leaves_nothing(void **state)
{
	struct store *s = memory_store();
	struct entry e = make_entry(77, "g", "t", 1);
	int64_t total = 0;
	int64_t open = 0;

	(void)state;
	MUST_FAIL(add_post(s, &e, NULL, false, err), ERR_BUG, "FOREIGN KEY");
	SAME_INT("id", e.id, 0);
	MUST(store_entries_count(s, &total, err) &&
	    store_entries_count_unmailed(s, &open, err));
	SAME_INT("total", total, 0);
	close_store(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(older_texts_of_a_source_are_found),
		cmocka_unit_test(a_post_is_found_under_each_of_its_keys),
		cmocka_unit_test(the_first_look_up_tells_what_changed),
		cmocka_unit_test(a_match_says_what_is_remembered),
		cmocka_unit_test(a_post_is_bare_until_its_text_is_stored),
		cmocka_unit_test(a_moved_post_is_known_under_its_new_keys),
		cmocka_unit_test(prints_move_together_and_stay_known),
		cmocka_unit_test(after_many_questions_what_is_known_is_in_memory),
		cmocka_unit_test(a_post_that_is_added_later_is_known),
		cmocka_unit_test(a_learned_print_is_forgotten_wherever_it_is),
		cmocka_unit_test(a_key_stands_for_one_post),
		cmocka_unit_test(everything_of_a_post_comes_back),
		cmocka_unit_test(a_guid_stays_when_the_link_moves),
		cmocka_unit_test(what_may_be_mailed_is_listed_newest_first),
		cmocka_unit_test(other_sources_are_remembered_and_known),
		cmocka_unit_test(a_post_is_handed_over_to_whom_it_belongs),
		cmocka_unit_test(new_text_reaches_only_what_was_not_frozen),
		cmocka_unit_test(text_is_dropped_when_mailed_and_gone_from_the_feed),
		cmocka_unit_test(a_failed_add_leaves_nothing),
	};

	return cmocka_run_group_tests_name("store entries", tests, NULL, NULL);
}
