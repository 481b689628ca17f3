/* SPDX-License-Identifier: ISC */
/* Which posts are the same one: the evidence of documents, and the decision. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/clock.h"
#include "model/identity.h"

enum { NOON = 1795521600, MIDNIGHT = 1795478400, DAY = 86400, ENTRIES_MAX = 4 };

static void
expect_text(const char *name, const char *got, const char *want)
{
	got = got ? got : "(none)";
	want = want ? want : "(none)";
	if (strcmp(got, want) != 0)
		fail_msg("%s: got %s, want %s", name, got, want);
}

/* ---- addresses ---- */

static const struct link_case {
	const char *name;
	const char *home; /* the feed's own page */
	struct {
		const char *link;
		const char *want;
	} entries[ENTRIES_MAX];
} link_cases[] = {
	{ "a page of its own is known by its address", "https://a.example/",
	    { { "http://www.a.example/1/", "https://a.example/1" } } },
	{ "the feed's own page tells nothing", "https://a.example/",
	    { { "https://a.example/", NULL } } },
	{ "a feed that names no page has none", NULL,
	    { { "https://a.example/", "https://a.example" } } },
	{ "the feed's own page in another spelling tells nothing", "https://a.example/",
	    { { "http://www.a.example/index.html", NULL } } },
	{ "an anchor of the feed's own page does", "https://a.example/",
	    { { "https://a.example/#one", "https://a.example#one" } } },
	{ "what several entries share tells none of them", NULL,
	    { { "https://a.example/log", NULL },
		{ "https://a.example/2", "https://a.example/2" },
		{ "http://a.example/log/", NULL } } },
	{ "three that share and one that does not", NULL,
	    { { "https://a.example/log", NULL }, { "https://a.example/log", NULL },
		{ "https://a.example/log", NULL },
		{ "https://a.example/a", "https://a.example/a" } } },
	{ "the last in order of the alphabet may be shared too", NULL,
	    { { "https://a.example/a", "https://a.example/a" },
		{ "https://a.example/z", NULL }, { "https://a.example/z", NULL } } },
	{ "anchors of one page tell entries apart", NULL,
	    { { "https://a.example/log#v1", "https://a.example/log#v1" },
		{ "https://a.example/log#v2", "https://a.example/log#v2" } } },
	{ "an empty anchor is none", NULL,
	    { { "https://a.example/log#", NULL }, { "https://a.example/log", NULL } } },
	{ "no web address, no key", NULL, { { "mailto:a@a.example", NULL } } },
};

static void
addresses_that_tell_entries_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(link_cases); i++) {
		const struct link_case *c = &link_cases[i];
		struct arena *a = arena_new();
		struct entry entries[ENTRIES_MAX] = { { 0 } };
		struct feed feed = { .entries = entries };
		struct identity got[ENTRIES_MAX];
		const struct identity_source s = identity_of_source(a, 1, c->home, NULL);

		while (
		    feed.entry_count < ENTRIES_MAX && c->entries[feed.entry_count].link) {
			entries[feed.entry_count].link =
			    c->entries[feed.entry_count].link;
			feed.entry_count++;
		}
		identity_of_document(a, &s, &feed, got);
		for (size_t k = 0; k < feed.entry_count; k++) {
			expect_text(c->name, got[k].link, c->entries[k].want);
			assert_int_equal(got[k].keys[KEY_LINK] != 0, got[k].link != NULL);
		}
		arena_free(a);
	}
}

/* ---- keys ---- */

#define CHARS_150 \
	"123456789 123456789 123456789 123456789 123456789 " \
	"123456789 123456789 123456789 123456789 123456789 " \
	"123456789 123456789 123456789 123456789 123456789 "

#define CHARS_79 \
	"123456789 123456789 123456789 123456789 " \
	"123456789 123456789 123456789 123456789"
#define CHARS_80 CHARS_79 "0"

static struct entry
make_entry(int64_t source, const char *guid, const char *title, const char *text)
{
	struct entry e = { .source_id = source,
		.guid = guid,
		.title = title,
		.published = TIME_NONE,
		.updated = TIME_NONE,
		.content = { .text = text, .len = text ? strlen(text) : 0 } };

	e.text_print = identity_text_print(&e);
	e.fingerprint = identity_fingerprint(&e);
	return e;
}

/* The entry alone in its document. */
static struct identity
identity_alone(struct arena *a, struct entry e, const char *link)
{
	const struct identity_source s = { .id = e.source_id };
	const struct feed feed = { .entries = &e, .entry_count = 1 };
	struct identity id;

	e.link = link;
	identity_of_document(a, &s, &feed, &id);
	return id;
}

#define LINK_1 "https://a.example/1"

/* What has not changed since it was seen last has nothing to be learned. */
static void
a_change_of_anything_is_seen(void **state)
{
	struct arena *a = arena_new();
	struct entry e = make_entry(7, "g", "Title", "Text.");
	uint64_t said = 0;

	(void)state;
	e.published = NOON;
	said = identity_alone(a, e, LINK_1).said;
	assert_true(identity_alone(a, e, LINK_1).said == said);
	assert_true(identity_alone(a, e, LINK_1 "0").said != said);
	assert_true(identity_alone(a, e, NULL).said != said);
	e.published++;
	assert_true(identity_alone(a, e, LINK_1).said != said);
	e = make_entry(7, "g", "Title", "Text");
	e.published = NOON;
	assert_true(identity_alone(a, e, LINK_1).said != said);
	arena_free(a);
}

static const struct key_case {
	const char *name;
	const char *guid, *link, *title, *text;
	int64_t published, updated;
	/* one letter a key: Own tExt-at Words Page Link Title-at pRint */
	const char *want;
} key_cases[] = {
	/* clang-format off */
	{ "everything", "g", LINK_1, "0123456789", CHARS_150, NOON, NOON, "OX-PLTR" },
	{ "one byte too little to stand for itself", "g", LINK_1, "012345678", CHARS_150, NOON,
	    NOON, "OX-PLT-" },
	{ "a few words under a title tell nothing by themselves", "g", LINK_1, "t", "x", NOON, NOON,
	    "O--PLT-" },
	{ "a day is no instant", "g", LINK_1, "t", "x", MIDNIGHT, MIDNIGHT, "O-WPL--" },
	{ "no date", "g", LINK_1, "t", "x", TIME_NONE, TIME_NONE, "O-WPL--" },
	{ "an update alone is an instant, but may be moved", "g", LINK_1, "t", "x", TIME_NONE,
	    NOON, "O-WPLT-" },
	{ "no title", "g", LINK_1, NULL, "x", NOON, NOON, "OX-PL--" },
	{ "no title, one byte too little", "g", LINK_1, NULL, CHARS_150 "012345678", NOON, NOON,
	    "OX-PL--" },
	{ "no title, a text that is just long enough", "g", LINK_1, NULL, CHARS_150 "0123456789",
	    NOON, NOON, "OX-PL-R" },
	{ "a text of 80 bytes tells by itself under any title", "g", LINK_1, "t", CHARS_80, NOON,
	    NOON, "OX-PLT-" },
	{ "one of 79 does not", "g", LINK_1, "t", CHARS_79, NOON, NOON, "O--PLT-" },
	{ "no text", "g", LINK_1, "t", NULL, NOON, NOON, "O--PLT-" },
	{ "no guid: the address is its own", NULL, LINK_1, "t", "x", NOON, NOON, "O---LT-" },
	{ "an empty guid is none", "", LINK_1, "t", "x", NOON, NOON, "O---LT-" },
	{ "no address", "g", NULL, "t", "x", NOON, NOON, "O----T-" },
	{ "nothing but words: they are its own", NULL, NULL, "t", "x", TIME_NONE, TIME_NONE,
	    "O------" },
	{ "nothing but words and an instant", NULL, NULL, "t", "x", NOON, NOON, "O----T-" },
	{ "nothing but an instant", "g", NULL, NULL, NULL, NOON, NOON, "O------" },
	{ "nothing at all", NULL, NULL, NULL, NULL, TIME_NONE, TIME_NONE, "O------" },
	/* clang-format on */
};

static void
keys_an_entry_is_known_by(void **state)
{
	static const char letters[] = "OXWPLTR";
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(key_cases); i++) {
		const struct key_case *c = &key_cases[i];
		struct entry e = make_entry(7, c->guid, c->title, c->text);
		struct identity id;
		char got[IDENTITY_KEYS + 1] = { 0 };

		e.published = c->published;
		e.updated = c->updated;
		id = identity_alone(a, e, c->link);
		for (size_t k = 0; k < IDENTITY_KEYS; k++)
			got[k] = id.keys[k] != 0 ? letters[k] : '-';
		expect_text(c->name, got, c->want);
		if (id.keys[KEY_PRINT] != 0)
			assert_true(id.keys[KEY_PRINT] == (int64_t)e.fingerprint);
	}
	arena_free(a);
}

static void
keys_of_different_things_differ(void **state)
{
	struct arena *a = arena_new();
	const struct entry one = make_entry(1, LINK_1, "t", "x");
	const struct entry bare = make_entry(1, NULL, "t", "x");
	const struct entry two = make_entry(2, LINK_1, "t", "x");
	const struct entry other = make_entry(2, NULL, "t", "x");
	const int64_t guid = identity_alone(a, one, NULL).keys[KEY_OWN];
	const int64_t link = identity_alone(a, bare, LINK_1).keys[KEY_OWN];
	struct entry same = make_entry(1, "g", "x", "x");
	struct identity id;

	(void)state;
	assert_true(guid == identity_of_guid(1, LINK_1));
	assert_true(guid != identity_of_guid(1, "https://a.example/2"));
	assert_true(guid != identity_alone(a, two, NULL).keys[KEY_OWN]);
	/* A guid that looks like an address is not that address. */
	assert_true(guid != link);
	assert_true(link != identity_alone(a, other, LINK_1).keys[KEY_OWN]);
	/* The address anywhere is the same from every source. */
	assert_true(identity_alone(a, one, LINK_1).keys[KEY_LINK] ==
	    identity_alone(a, other, LINK_1).keys[KEY_LINK]);
	assert_true(identity_alone(a, one, LINK_1).keys[KEY_LINK] != link);
	/* A title does not pass for a text. */
	same.published = NOON;
	id = identity_alone(a, same, NULL);
	assert_true(id.title == id.text);
	assert_true(id.keys[KEY_TITLE_AT] != id.keys[KEY_TEXT_AT]);
	arena_free(a);
}

static uint64_t
first_bits(int64_t key)
{
	return (uint64_t)key >> 48;
}

static void
keys_of_one_feed_are_neighbours(void **state)
{
	struct arena *a = arena_new();
	struct entry e = make_entry(0x1234, "g", "t", CHARS_150);
	struct identity id;
	uint64_t host = 0;

	(void)state;
	e.updated = NOON;
	id = identity_alone(a, e, LINK_1);
	host = first_bits(id.keys[KEY_LINK]);
	for (int k = KEY_OWN; k < KEY_PRINT; k++)
		assert_true(k == KEY_LINK || first_bits(id.keys[k]) == 0x1234);
	id = identity_alone(a, e, "https://a.example/2");
	assert_true(first_bits(id.keys[KEY_LINK]) == host);
	id = identity_alone(a, e, "https://a.example?p=2");
	assert_true(first_bits(id.keys[KEY_LINK]) == host);
	id = identity_alone(a, e, "https://b.example/1");
	assert_true(first_bits(id.keys[KEY_LINK]) != host);
	arena_free(a);
}

static void
prints_depend_on_title_and_text_only(void **state)
{
	struct entry e = make_entry(1, "g", "Title", "Text");
	const uint64_t whole = e.fingerprint;

	(void)state;
	e.guid = "other";
	e.link = LINK_1;
	e.source_id = 9;
	assert_true(identity_fingerprint(&e) == whole);
	assert_true(make_entry(1, "g", "Title", "Text.").fingerprint != whole);
	assert_true(make_entry(1, "g", "Title.", "Text").fingerprint != whole);
	/* What stands in the title does not pass for text. */
	assert_true(make_entry(1, "g", "TitleText", NULL).fingerprint != whole);
	assert_true(make_entry(1, "g", NULL, "Text").fingerprint ==
	    make_entry(1, "g", "", "Text").fingerprint);
	assert_true(make_entry(1, "g", "Title", NULL).text_print == 0);
	assert_true(make_entry(1, "g", "Title", "").text_print == 0);
}

/* They stand in databases for ever.  The numbers were computed apart, with Python. */
static void
keys_stay_what_they_are(void **state)
{
	struct arena *a = arena_new();
	struct entry e = make_entry(7, "tag:a.example,2026:1", "Title", "Text");
	struct identity id = identity_alone(a, e, LINK_1);

	(void)state;
	assert_true(e.text_print == UINT64_C(0x6d1ba860289276f4));
	assert_true(e.fingerprint == UINT64_C(0xfc6d4ed404c714ac));
	assert_true(id.keys[KEY_OWN] == INT64_C(0x0007b2bbdd5c0a5f));
	assert_true(id.keys[KEY_PAGE] == INT64_C(0x0007228e4a253fe3));
	assert_true((uint64_t)id.keys[KEY_LINK] == UINT64_C(0x6e3664db7c7f1a4e));
	assert_true(id.keys[KEY_WORDS] == INT64_C(0x0007331fe754531a));
	e.published = 1795500000;
	id = identity_alone(a, e, LINK_1);
	assert_true(id.keys[KEY_TITLE_AT] == INT64_C(0x00079c52f492644d));
	assert_true(id.said == UINT64_C(0xe64a0fbe1f42d8c2));
	e.title = NULL;
	id = identity_alone(a, e, LINK_1);
	assert_true(id.keys[KEY_TEXT_AT] == INT64_C(0x000712781c295518));
	arena_free(a);
}

/* ---- the same words twice in a document ---- */

/* Computed apart, too. */
static void
keys_of_twins_stay_what_they_are(void **state)
{
	const struct identity_source s = { .id = 7 };
	struct arena *a = arena_new();
	struct entry entries[3];
	const struct feed feed = { .entries = entries, .entry_count = 3 };
	struct identity all[3];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		entries[i] = make_entry(7, NULL, "Title", "Text");
		entries[i].published = 1795500000;
	}
	identity_of_document(a, &s, &feed, all);
	assert_true(all[0].keys[KEY_TITLE_AT] == INT64_C(0x00077657700c07a6));
	assert_true(all[1].keys[KEY_TITLE_AT] == INT64_C(0x00076b9132e571fa));
	assert_true(all[2].keys[KEY_TITLE_AT] == INT64_C(0x00079c52f492644d));
	arena_free(a);
}

static void
twins_are_counted_from_the_end(void **state)
{
	struct arena *a = arena_new();
	const struct identity_source s = { .id = 7 };
	struct entry entries[3] = { make_entry(7, "1", "Alarm", CHARS_150),
		make_entry(7, "2", "Alarm", CHARS_150 "y"),
		make_entry(7, "3", "Alarm", CHARS_150) };
	struct feed feed = { .entries = entries, .entry_count = 3 };
	struct identity all[3];
	struct identity last;

	(void)state;
	for (size_t i = 0; i < 3; i++)
		entries[i].published = NOON;
	identity_of_document(a, &s, &feed, all);
	assert_true(all[0].keys[KEY_TITLE_AT] != all[1].keys[KEY_TITLE_AT]);
	assert_true(all[1].keys[KEY_TITLE_AT] != all[2].keys[KEY_TITLE_AT]);
	assert_true(all[0].keys[KEY_TITLE_AT] != all[2].keys[KEY_TITLE_AT]);
	assert_true(all[0].keys[KEY_TEXT_AT] != all[2].keys[KEY_TEXT_AT]);
	assert_true(first_bits(all[0].keys[KEY_TITLE_AT]) == 7);
	/* The oldest keeps its key when another is put above it. */
	last = identity_alone(a, entries[2], NULL);
	assert_true(all[2].keys[KEY_TITLE_AT] == last.keys[KEY_TITLE_AT]);
	assert_true(all[2].keys[KEY_TEXT_AT] == last.keys[KEY_TEXT_AT]);
	/* What is told apart by its text needs no number there. */
	last = identity_alone(a, entries[1], NULL);
	assert_true(all[1].keys[KEY_TEXT_AT] == last.keys[KEY_TEXT_AT]);
	arena_free(a);
}

/* Whatever stands beside them in the document, and before or behind them in order of keys. */
static void
keys_of_twins_do_not_depend_on_others(void **state)
{
	static const char *const others[] = { "a", "b", "c", "d", "e", "f", "g", "h" };
	const int64_t source = 0x8001;
	const struct identity_source s = { .id = source };
	struct arena *a = arena_new();
	struct entry entries[ARRAY_LEN(others) + 2];
	struct feed feed = { .entries = entries, .entry_count = ARRAY_LEN(entries) };
	struct feed alone = { .entries = entries, .entry_count = 2 };
	struct identity all[ARRAY_LEN(entries)];
	struct identity two[2];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(entries); i++) {
		const char *title = i < 2 ? "Alarm" : others[i - 2];

		entries[i] = make_entry(source, NULL, title, CHARS_80);
		entries[i].published = NOON;
	}
	identity_of_document(a, &s, &feed, all);
	identity_of_document(a, &s, &alone, two);
	assert_true(all[0].keys[KEY_TITLE_AT] == two[0].keys[KEY_TITLE_AT]);
	assert_true(all[1].keys[KEY_TITLE_AT] == two[1].keys[KEY_TITLE_AT]);
	assert_true(first_bits(two[0].keys[KEY_TITLE_AT]) == 0x8001);
	for (size_t i = 0; i + 1 < ARRAY_LEN(entries); i++)
		for (size_t k = i + 1; k < ARRAY_LEN(entries); k++) {
			assert_true(
			    all[i].keys[KEY_TITLE_AT] != all[k].keys[KEY_TITLE_AT]);
			assert_true(all[i].keys[KEY_TEXT_AT] != all[k].keys[KEY_TEXT_AT]);
		}
	arena_free(a);
}

static void
a_day_stands_for_a_missing_text(void **state)
{
	struct arena *a = arena_new();
	struct entry e = make_entry(7, "g", "Open thread", NULL);
	int64_t monday = 0;

	(void)state;
	e.published = MIDNIGHT;
	monday = identity_alone(a, e, NULL).keys[KEY_WORDS];
	e.published = MIDNIGHT + DAY;
	assert_true(identity_alone(a, e, NULL).keys[KEY_WORDS] != monday);
	e = make_entry(7, "g", "Open thread", "x");
	e.published = MIDNIGHT;
	monday = identity_alone(a, e, NULL).keys[KEY_WORDS];
	e.published = MIDNIGHT + DAY;
	assert_true(identity_alone(a, e, NULL).keys[KEY_WORDS] == monday);
	arena_free(a);
}

/* ---- the decision ---- */

#define MINE "https://mine.example"
#define HERS "https://hers.example"
#define THIRD "https://paper.example/story"
enum { ME = 7, SHE = 8 };

/* The stored post says title 1, text 1, instant NOON, link "MINE/1" unless the case differs. */
static const struct same_case {
	const char *name;
	enum identity_key key;
	bool guid;
	int64_t owner; /* of the stored post */
	int64_t title, text, at;
	const char *link;
	int64_t old_title, old_text, old_at;
	const char *old_link;
	bool open;
	bool want;
} same_cases[] = {
	/* guid */
	{ "guid, nothing differs", KEY_OWN, true, ME, 1, 1, NOON, MINE "/1", 1, 1, NOON,
	    MINE "/1", 0, true },
	{ "guid, title alone agrees", KEY_OWN, true, ME, 1, 2, NOON + 1, MINE "/2", 1, 1,
	    NOON, MINE "/1", 0, true },
	{ "guid, text alone agrees", KEY_OWN, true, ME, 2, 1, NOON + 1, MINE "/2", 1, 1,
	    NOON, MINE "/1", 0, true },
	{ "guid, instant alone agrees", KEY_OWN, true, ME, 2, 2, NOON, MINE "/2", 1, 1,
	    NOON, MINE "/1", 0, true },
	{ "guid, address alone agrees", KEY_OWN, true, ME, 2, 2, NOON + 1, MINE "/1", 1,
	    1, NOON, MINE "/1", 0, true },
	{ "guid, the day alone agrees", KEY_OWN, true, ME, 2, 2, MIDNIGHT, MINE "/2", 1,
	    1, MIDNIGHT, MINE "/1", 0, true },
	{ "guid, everything else differs", KEY_OWN, true, ME, 2, 2, NOON + 1, MINE "/2",
	    1, 1, NOON, MINE "/1", 0, false },
	{ "guid, all differs, no dates", KEY_OWN, true, ME, 2, 2, TIME_NONE, MINE "/2", 1,
	    1, TIME_NONE, MINE "/1", 0, false },
	{ "guid, all differs, address shared", KEY_OWN, true, ME, 2, 2, NOON + 1, NULL, 1,
	    1, NOON, MINE "/1", 0, false },
	{ "guid, all differs, no titles", KEY_OWN, true, ME, 0, 2, NOON + 1, MINE "/2", 0,
	    1, NOON, MINE "/1", 0, false },
	{ "guid, all differs, the title is gone", KEY_OWN, true, ME, 0, 2, NOON + 1, NULL,
	    1, 1, NOON, MINE "/1", 0, false },
	{ "guid, only the words are there, both edited", KEY_OWN, true, ME, 2, 2,
	    TIME_NONE, NULL, 1, 1, TIME_NONE, NULL, 0, true },
	{ "guid, edited text of an untitled post without date", KEY_OWN, true, ME, 0, 2,
	    TIME_NONE, MINE "/2", 0, 1, TIME_NONE, MINE "/1", 0, true },
	{ "guid of an echo, its title and text are its own", KEY_OWN, true, SHE, 2, 2,
	    NOON, HERS "/1", 1, 1, NOON, HERS "/1", 0, true },
	{ "guid of an echo, used again", KEY_OWN, true, SHE, 2, 2, NOON + 1, HERS "/2", 1,
	    1, NOON, HERS "/1", 0, false },
	/* address within the source */
	{ "own address and nothing else", KEY_OWN, false, ME, 2, 2, NOON + 1, MINE "/1",
	    1, 1, NOON, MINE "/1", 0, false },
	{ "own address and title", KEY_OWN, false, ME, 1, 2, NOON + 1, MINE "/1", 1, 1,
	    NOON, MINE "/1", 0, true },
	{ "address and nothing else", KEY_LINK, true, ME, 2, 2, NOON + 1, MINE "/1", 1, 1,
	    NOON, MINE "/1", 0, false },
	{ "address and title", KEY_LINK, true, ME, 1, 2, NOON + 1, MINE "/1", 1, 1, NOON,
	    MINE "/1", 0, true },
	{ "address and text", KEY_LINK, true, ME, 2, 1, NOON + 1, MINE "/1", 1, 1, NOON,
	    MINE "/1", 0, true },
	{ "address and instant", KEY_LINK, true, ME, 2, 2, NOON, MINE "/1", 1, 1, NOON,
	    MINE "/1", 0, true },
	{ "address and day: two releases of one day", KEY_LINK, true, ME, 2, 2, MIDNIGHT,
	    MINE "/1", 1, 1, MIDNIGHT, MINE "/1", 0, false },
	{ "address, no titles, other texts", KEY_LINK, true, ME, 0, 2, TIME_NONE,
	    MINE "/1", 0, 1, TIME_NONE, MINE "/1", 0, false },
	{ "address kept beside another's post", KEY_PAGE, true, ME, 1, 2, NOON + 1, THIRD,
	    1, 1, NOON, THIRD, 0, true },
	{ "address kept beside another's post, nothing else", KEY_PAGE, true, ME, 2, 2,
	    NOON + 1, THIRD, 1, 1, NOON, THIRD, 0, false },
	/* words and instant: the key is the evidence */
	{ "title and instant", KEY_TITLE_AT, true, ME, 1, 2, NOON, MINE "/2", 1, 1, NOON,
	    MINE "/1", 0, true },
	{ "text and instant", KEY_TEXT_AT, true, ME, 2, 1, NOON, MINE "/2", 1, 1, NOON,
	    MINE "/1", 0, true },
	{ "title and text", KEY_WORDS, true, ME, 1, 1, TIME_NONE, MINE "/2", 1, 1,
	    TIME_NONE, MINE "/1", 0, true },
	{ "a long text anywhere", KEY_PRINT, true, SHE, 1, 1, NOON + 1, MINE "/2", 1, 1,
	    NOON, HERS "/1", 0, true },
	/* an entry is still found by what it said before it was changed */
	{ "title and instant of before", KEY_TITLE_AT, false, ME, 1, 1, NOON, MINE "/2",
	    2, 2, NOON + 1, MINE "/1", 0, true },
	{ "text and instant of before", KEY_TEXT_AT, true, ME, 1, 1, NOON, NULL, 2, 2,
	    NOON + 1, MINE "/1", 0, true },
	{ "title and text of before", KEY_WORDS, false, ME, 1, 1, TIME_NONE, MINE "/2", 2,
	    2, TIME_NONE, MINE "/1", 0, true },
	{ "a long text of before, anywhere", KEY_PRINT, false, SHE, 1, 1, NOON, MINE "/2",
	    2, 2, NOON + 1, HERS "/1", 0, true },
	/* address across sources */
	{ "third site, own words", KEY_LINK, true, SHE, 2, 2, NOON, THIRD, 1, 1, NOON,
	    THIRD, 1, false },
	{ "third site, same title", KEY_LINK, true, SHE, 1, 2, NOON + 1, THIRD, 1, 1,
	    NOON, THIRD, 1, true },
	{ "third site, same text", KEY_LINK, true, SHE, 2, 1, NOON + 1, THIRD, 1, 1, NOON,
	    THIRD, 1, true },
	{ "third site, no titles are not the same title", KEY_LINK, true, SHE, 0, 2, NOON,
	    THIRD, 0, 1, NOON, THIRD, 1, false },
	{ "mine, hers waits and has the instant", KEY_LINK, true, SHE, 2, 2, NOON,
	    MINE "/1", 1, 1, NOON, MINE "/1", 1, true },
	{ "mine, hers waits and has no date", KEY_LINK, true, SHE, 2, 2, NOON, MINE "/1",
	    1, 1, TIME_NONE, MINE "/1", 1, true },
	{ "mine, hers waits and is her own words", KEY_LINK, true, SHE, 2, 2, NOON,
	    MINE "/1", 1, 1, NOON + 1, MINE "/1", 1, false },
	{ "mine, hers was mailed before with other words", KEY_LINK, true, SHE, 2, 2,
	    NOON, MINE "/1", 1, 1, NOON, MINE "/1", 0, false },
	{ "mine, hers was mailed before with my title", KEY_LINK, true, SHE, 1, 2, NOON,
	    MINE "/1", 1, 1, NOON, MINE "/1", 0, true },
	{ "hers, and I carry it", KEY_LINK, true, SHE, 2, 2, NOON, HERS "/1", 1, 1, NOON,
	    HERS "/1", 0, true },
	{ "hers, I carry it without date", KEY_LINK, true, SHE, 2, 2, TIME_NONE,
	    HERS "/1", 1, 1, NOON, HERS "/1", 0, true },
	{ "hers, and I say my own about it later", KEY_LINK, true, SHE, 2, 2, NOON + 1,
	    HERS "/1", 1, 1, NOON, HERS "/1", 0, false },
	{ "another's, by own address, own words", KEY_OWN, false, SHE, 2, 2, NOON, THIRD,
	    1, 1, NOON, THIRD, 1, false },
};

static void
same_or_not(void **state)
{
	const struct identity_source me = { ME, MINE, NULL };
	const struct identity_source she = { SHE, HERS, NULL };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(same_cases); i++) {
		const struct same_case *c = &same_cases[i];
		const struct identity e = { .has_guid = c->guid,
			.link = c->link,
			.title = c->title,
			.text = c->text,
			.at = c->at };
		const struct identity_match m = { c->key, 5, c->owner == ME ? me : she,
			c->old_link, c->old_title, c->old_text, c->old_at, c->open,
			false };

		if (identity_is_same(&e, &me, &m) != c->want)
			fail_msg("%s: got %d, want %d", c->name, !c->want, c->want);
	}
}

/* The site's feed and the feed of its comments, say: neither has more of the address. */
static void
two_sources_of_one_site(void **state)
{
	const struct identity_source me = { ME, MINE, NULL };
	const struct identity_source she = { SHE, MINE, NULL };
	const struct identity e = { .link = MINE "/1",
		.title = 2,
		.text = 2,
		.at = NOON };
	struct identity_match m = { KEY_LINK, 5, she, MINE "/1", 1, 1, NOON, true,
		false };

	(void)state;
	assert_true(identity_is_same(&e, &me, &m));
	m.open = false;
	assert_false(identity_is_same(&e, &me, &m));
}

static const struct owner_case {
	const char *name;
	const char *site, *feed, *other_site, *other_feed;
	const char *link;
	bool want;
} owner_cases[] = {
	{ "my site", MINE, NULL, HERS, NULL, MINE "/1", true },
	{ "her site", MINE, NULL, HERS, NULL, HERS "/1", false },
	{ "nobody's", MINE, NULL, HERS, NULL, THIRD, false },
	{ "no address", MINE, NULL, HERS, NULL, NULL, false },
	{ "no site is known", NULL, NULL, NULL, NULL, MINE "/1", false },
	{ "my site, whatever its folder", MINE "/blog", NULL, HERS, NULL, MINE "/2026/1",
	    true },
	{ "one host, my folder", MINE "/ann", NULL, MINE "/bob", NULL, MINE "/ann/1",
	    true },
	{ "one host, the other's folder", MINE "/ann", NULL, MINE "/bob", NULL,
	    MINE "/bob/1", false },
	{ "a folder is a whole name", MINE "/an", NULL, MINE "/bob", NULL, MINE "/ann/1",
	    false },
	{ "one site, both say so", MINE, NULL, MINE, NULL, MINE "/1", false },
	{ "both say so, my feed comes from there", MINE, MINE "/feed", MINE, HERS "/feed",
	    MINE "/1", true },
	{ "both say so, hers comes from there", MINE, HERS "/feed", MINE, MINE "/feed",
	    MINE "/1", false },
	{ "a host that only begins alike", MINE, NULL, HERS, NULL, MINE ".org/1", false },
};

static void
whose_an_address_is(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(owner_cases); i++) {
		const struct owner_case *c = &owner_cases[i];
		const struct identity_source me = { ME, c->site, c->feed };
		const struct identity_source she = { SHE, c->other_site, c->other_feed };

		if (identity_is_owner(&me, &she, c->link) != c->want)
			fail_msg("%s: got %d, want %d", c->name, !c->want, c->want);
	}
}

static void
sites_are_compared_in_one_spelling(void **state)
{
	struct arena *a = arena_new();
	const struct identity_source s =
	    identity_of_source(a, 3, "http://www.mine.example/", "https://f.example/x");

	(void)state;
	assert_int_equal(s.id, 3);
	expect_text("site", s.site, MINE);
	expect_text("feed", s.feed, "https://f.example/x");
	expect_text("none", identity_of_source(a, 3, NULL, NULL).site, NULL);
	expect_text("no web address", identity_of_source(a, 3, "file:///x", NULL).site,
	    NULL);
	arena_free(a);
}

static const struct decide_case {
	const char *name;
	int64_t owner;
	int64_t title, text;
	const char *link, *old_link;
	bool open;
	enum entry_known want;
} decide_cases[] = {
	{ "its source says the same", ME, 1, 1, MINE "/1", MINE "/1", true, ENTRY_KNOWN },
	{ "another title", ME, 2, 1, MINE "/1", MINE "/1", true, ENTRY_CHANGED },
	{ "another text, mailed", ME, 1, 2, MINE "/1", MINE "/1", false, ENTRY_CHANGED },
	{ "hers, I say it too", SHE, 2, 2, HERS "/1", HERS "/1", true, ENTRY_KNOWN },
	{ "mine, she said it first", SHE, 1, 1, MINE "/1", MINE "/1", true, ENTRY_OWNED },
	{ "mine, hers was mailed", SHE, 1, 1, MINE "/1", MINE "/1", false, ENTRY_KNOWN },
	{ "a third's, she said it first", SHE, 1, 1, THIRD, THIRD, true, ENTRY_KNOWN },
	{ "mine here, hers there", SHE, 1, 1, MINE "/1", HERS "/1", true, ENTRY_KNOWN },
	{ "mine, hers has no address", SHE, 1, 1, MINE "/1", NULL, true, ENTRY_OWNED },
	{ "no address", SHE, 1, 1, NULL, NULL, true, ENTRY_KNOWN },
};

static void
known_changed_or_owned(void **state)
{
	const struct identity_source me = { ME, MINE, NULL };
	const struct identity_source she = { SHE, HERS, NULL };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(decide_cases); i++) {
		const struct decide_case *c = &decide_cases[i];
		const struct identity e = { .link = c->link,
			.title = c->title,
			.text = c->text,
			.at = NOON };
		const struct identity_match m = { KEY_PRINT, 5, c->owner == ME ? me : she,
			c->old_link, 1, 1, NOON, c->open, false };
		const enum entry_known got = identity_decide(&e, &me, &m);

		if (got != c->want)
			fail_msg("%s: got %d, want %d", c->name, got, c->want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_that_tell_entries_apart),
		cmocka_unit_test(keys_an_entry_is_known_by),
		cmocka_unit_test(a_change_of_anything_is_seen),
		cmocka_unit_test(keys_of_different_things_differ),
		cmocka_unit_test(keys_of_one_feed_are_neighbours),
		cmocka_unit_test(prints_depend_on_title_and_text_only),
		cmocka_unit_test(keys_stay_what_they_are),
		cmocka_unit_test(twins_are_counted_from_the_end),
		cmocka_unit_test(keys_of_twins_stay_what_they_are),
		cmocka_unit_test(keys_of_twins_do_not_depend_on_others),
		cmocka_unit_test(a_day_stands_for_a_missing_text),
		cmocka_unit_test(same_or_not),
		cmocka_unit_test(two_sources_of_one_site),
		cmocka_unit_test(whose_an_address_is),
		cmocka_unit_test(sites_are_compared_in_one_spelling),
		cmocka_unit_test(known_changed_or_owned),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
