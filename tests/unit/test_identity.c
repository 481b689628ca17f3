/* SPDX-License-Identifier: ISC */
/* Which posts are the same one: the evidence of documents, and the decision. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "model/identity.h"

static void
expect_text(const char *name, const char *got, const char *want)
{
	got = got ? got : "(none)";
	want = want ? want : "(none)";
	if (strcmp(got, want) != 0)
		fail_msg("%s: got %s, want %s", name, got, want);
}

/* ---- addresses ---- */

enum { LINKS_MAX = 4 };

static const struct link_case {
	const char *name;
	const char *home; /* the feed's own page */
	struct {
		const char *link;
		const char *want;
	} entries[LINKS_MAX];
} link_cases[] = {
	{ "a page of its own is known by its address", "https://a.example/",
	    { { "http://www.a.example/1/", "https://a.example/1" } } },
	{ "the feed's own page tells nothing", "https://a.example/",
	    { { "https://a.example/", NULL } } },
	{ "a feed that names no page has none", NULL,
	    { { "https://a.example/", "https://a.example" } } },
	{ "the feed's own page is compared as it is written", "https://a.example/",
	    { { "https://a.example/index.html", "https://a.example" } } },
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
	{ "no address, no key", NULL, { { "mailto:a@a.example", NULL } } },
};

static void
addresses_that_tell_entries_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(link_cases); i++) {
		const struct link_case *c = &link_cases[i];
		struct arena *a = arena_new();
		struct entry entries[LINKS_MAX] = { { 0 } };
		struct feed feed = { .link = c->home, .entries = entries };
		const char *links[LINKS_MAX] = { "unset", "unset", "unset", "unset" };

		while (
		    feed.entry_count < LINKS_MAX && c->entries[feed.entry_count].link) {
			entries[feed.entry_count].link =
			    c->entries[feed.entry_count].link;
			feed.entry_count++;
		}
		identity_find_links(a, &feed, links);
		for (size_t k = 0; k < feed.entry_count; k++)
			expect_text(c->name, links[k], c->entries[k].want);
		arena_free(a);
	}
}

static void
entries_without_an_address_have_no_link(void **state)
{
	struct arena *a = arena_new();
	struct entry entries[2] = { { .title = "a" }, { .title = "b" } };
	struct feed feed = { .entries = entries, .entry_count = 2 };
	const char *links[2] = { "unset", "unset" };

	(void)state;
	identity_find_links(a, &feed, links);
	assert_null(links[0]);
	assert_null(links[1]);
	feed.entry_count = 0;
	identity_find_links(a, &feed, links);
	arena_free(a);
}

/* ---- keys ---- */

#define CHARS_150 \
	"123456789 123456789 123456789 123456789 123456789 " \
	"123456789 123456789 123456789 123456789 123456789 " \
	"123456789 123456789 123456789 123456789 123456789 "

static const struct key_case {
	const char *name;
	const char *guid, *link, *title, *text;
	bool own, link_key, text_key;
} key_cases[] = {
	{ "guid and address, a long text", "g", "https://a/1", "0123456789", CHARS_150,
	    true, true, true },
	{ "guid and address, one byte too little", "g", "https://a/1", "012345678",
	    CHARS_150, true, true, false },
	{ "guid and a short text", "g", NULL, "t", "x", true, false, false },
	{ "address and a short text", NULL, "https://a/1", "t", "x", true, true, false },
	{ "nothing but a short text", NULL, NULL, "t", "x", false, false, true },
	{ "nothing but a title", NULL, NULL, "t", NULL, false, false, true },
	{ "a guid alone", "g", NULL, NULL, NULL, true, false, false },
	{ "an empty guid is no key, but no lack of a guid", "", NULL, "t", "x", false,
	    false, false },
	{ "an empty guid leaves the address", "", "https://a/1", "t", "x", true, true,
	    false },
	{ "a long title alone", "g", NULL, CHARS_150 "0123456789", NULL, true, false,
	    true },
};

static struct entry
make_entry(int64_t source, const char *guid, const char *title, const char *text)
{
	struct entry e = { .source_id = source,
		.guid = guid,
		.title = title,
		.content = { .text = text, .len = text ? strlen(text) : 0 } };

	e.fingerprint = identity_fingerprint(&e);
	return e;
}

static void
keys_an_entry_is_known_by(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(key_cases); i++) {
		const struct key_case *c = &key_cases[i];
		const struct entry e = make_entry(7, c->guid, c->title, c->text);
		const struct identity keys = identity_of(&e, c->link);

		if ((keys.own != 0) != c->own || (keys.link != 0) != c->link_key ||
		    (keys.text != 0) != c->text_key)
			fail_msg("%s: got %d %d %d, want %d %d %d", c->name,
			    keys.own != 0, keys.link != 0, keys.text != 0, c->own,
			    c->link_key, c->text_key);
		if (c->text_key)
			assert_true(keys.text == (int64_t)e.fingerprint);
	}
}

static void
keys_of_different_things_differ(void **state)
{
	const struct entry one = make_entry(1, "https://a/1", "t", "x");
	const struct entry bare = make_entry(1, NULL, "t", "x");
	const struct entry two = make_entry(2, "https://a/1", "t", "x");
	const struct entry other = make_entry(2, NULL, "t", "x");
	const int64_t guid = identity_of(&one, NULL).own;
	const int64_t link = identity_of(&bare, "https://a/1").own;

	(void)state;
	assert_true(guid == identity_of_guid(1, "https://a/1"));
	assert_true(guid != identity_of_guid(1, "https://a/2"));
	assert_true(guid != identity_of(&two, NULL).own);
	/* A guid that looks like an address is not that address. */
	assert_true(guid != link);
	assert_true(link != identity_of(&other, "https://a/1").own);
	/* The address anywhere is the same from every source. */
	assert_true(identity_of(&one, "https://a/1").link ==
	    identity_of(&other, "https://a/1").link);
	assert_true(identity_of(&one, "https://a/1").link !=
	    identity_of(&one, "https://a/2").link);
}

static uint64_t
first_bits(int64_t key)
{
	return (uint64_t)key >> 48;
}

static void
keys_of_one_feed_are_neighbours(void **state)
{
	const struct entry e = make_entry(0x1234, NULL, "t", "x");
	const uint64_t host = first_bits(identity_of(&e, "https://a.example/1").link);

	(void)state;
	assert_true(first_bits(identity_of_guid(0x1234, "a")) == 0x1234);
	assert_true(first_bits(identity_of_guid(0x1234, "b")) == 0x1234);
	assert_true(first_bits(identity_of(&e, "https://a.example/1").own) == 0x1234);
	assert_true(first_bits(identity_of(&e, "https://a.example/2").link) == host);
	assert_true(first_bits(identity_of(&e, "https://a.example?p=2").link) == host);
	assert_true(first_bits(identity_of(&e, "https://b.example/1").link) != host);
}

static void
fingerprints_depend_on_title_and_text_only(void **state)
{
	struct entry e = make_entry(1, "g", "Title", "Text");
	const uint64_t whole = e.fingerprint;

	(void)state;
	e.guid = "other";
	e.link = "https://a/";
	e.source_id = 9;
	assert_true(identity_fingerprint(&e) == whole);
	e = make_entry(1, "g", "Title", "Text.");
	assert_true(e.fingerprint != whole);
	e = make_entry(1, "g", "Title.", "Text");
	assert_true(e.fingerprint != whole);
	/* What stands in the title does not pass for text. */
	e = make_entry(1, "g", "TitleText", NULL);
	assert_true(e.fingerprint != whole);
	e = make_entry(1, "g", NULL, "Text");
	assert_true(e.fingerprint == make_entry(1, "g", "", "Text").fingerprint);
	assert_true(e.fingerprint != 0);
}

/* They stand in databases for ever.  The numbers were computed apart, with Python. */
static void
keys_stay_what_they_are(void **state)
{
	const struct entry e = make_entry(7, "tag:a.example,2026:1", "Title", "Text");
	const struct entry bare = make_entry(7, NULL, "Title", "Text");

	(void)state;
	assert_true(e.fingerprint == UINT64_C(0x41f99a51a208ddb1));
	assert_true(identity_of(&e, NULL).own == INT64_C(0x0007b2bbdd5c0a5f));
	assert_true(
	    identity_of(&bare, "https://a.example/1").own == INT64_C(0x0007228e4a253fe3));
	assert_true((uint64_t)identity_of(&bare, "https://a.example/1").link ==
	    UINT64_C(0x6e3664db7c7f1a4e));
}

/* ---- the decision ---- */

static const struct decide_case {
	const char *name;
	struct identity_match match;
	enum entry_known want;
} decide_cases[] = {
	{ "nothing was found", { 0, 0, 0 }, ENTRY_NEW },
	{ "nothing was found, whatever else stands there", { 0, 7, 11 }, ENTRY_NEW },
	{ "its source says the same", { 5, 7, 11 }, ENTRY_KNOWN },
	{ "its source says something else", { 5, 7, 12 }, ENTRY_CHANGED },
	{ "it is not known what its source said", { 5, 7, 0 }, ENTRY_KNOWN },
	{ "another source says something else", { 5, 8, 12 }, ENTRY_KNOWN },
	{ "another source says the same", { 5, 8, 11 }, ENTRY_KNOWN },
	{ "found by its text", { 5, 0, 0 }, ENTRY_KNOWN },
};

static void
new_known_or_changed(void **state)
{
	const struct entry e = { .source_id = 7, .fingerprint = 11 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(decide_cases); i++) {
		const struct decide_case *c = &decide_cases[i];
		const enum entry_known got = identity_decide(&e, &c->match);

		if (got != c->want)
			fail_msg("%s: got %d, want %d", c->name, got, c->want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_that_tell_entries_apart),
		cmocka_unit_test(entries_without_an_address_have_no_link),
		cmocka_unit_test(keys_an_entry_is_known_by),
		cmocka_unit_test(keys_of_different_things_differ),
		cmocka_unit_test(keys_of_one_feed_are_neighbours),
		cmocka_unit_test(fingerprints_depend_on_title_and_text_only),
		cmocka_unit_test(keys_stay_what_they_are),
		cmocka_unit_test(new_known_or_changed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
