/* SPDX-License-Identifier: ISC */
#include "unit/store_fixture.h"
#include "store/entry_lists.h"

static const char *
known_name(enum entry_known k)
{
	static const char *const names[] = { "new", "known", "changed" };

	return names[k];
}

/* The stored post has guid g1 in the first source, address //x/1 and fingerprint 11. */
static void
identity_has_three_layers(void **state)
{
	static const struct {
		const char *name;
		bool other_source;
		const char *guid;
		const char *link;
		uint64_t fingerprint;
		const char *want;
	} cases[] = {
		{ "the same again", false, "g1", "http://x/1", 11, "known" },
		{ "the same without an address", false, "g1", NULL, 11, "known" },
		{ "same guid, new text", false, "g1", "http://x/1", 12, "changed" },
		{ "new guid, same address and text", false, "g9", "http://x/1", 11,
		    "known" },
		{ "new guid, same address, new text", false, "g9", "http://x/1", 12,
		    "changed" },
		{ "no guid, same address", false, NULL, "http://x/1", 11, "known" },
		{ "new guid and address, same text", false, "g9", "http://y/1", 11,
		    "known" },
		{ "all new", false, "g9", "http://y/1", 12, "new" },
		{ "nothing but a new text", false, NULL, NULL, 12, "new" },
		{ "no text is no text in common", false, "g9", NULL, 0, "new" },
		{ "empty guid is none", false, "", "http://y/1", 12, "new" },
		{ "guid of another source", true, "g1", NULL, 12, "new" },
		{ "another source, same address", true, "h", "http://x/1", 11, "known" },
		{ "another source's own words", true, "h", "http://x/1", 12, "known" },
		{ "another source, same text", true, "h", "http://y/1", 11, "known" },
		{ "a guid that looks like the address", true, "http://x/1", NULL, 12,
		    "new" },
	};
	struct store *s = memory_store();
	int64_t first = add_source(s, "first");
	int64_t second = add_source(s, "second");
	struct entry e = make_entry(first, "g1", "One", 11);

	(void)state;
	MUST(add_post(s, &e, "http://x/1", false, err));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct entry asked = make_entry(cases[i].other_source ? second : first,
		    cases[i].guid, "t", cases[i].fingerprint);
		enum entry_known known = ENTRY_NEW;
		int64_t id = 0;

		MUST(look_up_post(s, &asked, cases[i].link, &known, &id, err));
		SAME_TEXT(cases[i].name, known_name(known), cases[i].want);
		SAME_INT(cases[i].name, id, known == ENTRY_NEW ? 0 : e.id);
	}
	close_store(s);
}

static void
a_text_that_tells_too_little_stands_for_no_post(void **state)
{
	struct store *s = memory_store();
	struct entry e = make_entry(add_source(s, "a"), "g1", "Untitled", 11);
	struct identity keys = identity_of(&e, NULL);
	enum entry_known known = ENTRY_NEW;
	int64_t id = 0;

	(void)state;
	SAME_INT("a short text has no key", keys.text, 0);
	MUST(store_entry_add(s, &e, &keys, false, err));
	e.guid = "g2";
	MUST(look_up_post(s, &e, NULL, &known, &id, err));
	SAME_TEXT("it was not remembered", known_name(known), "new");
	MUST(add_post(s, &e, NULL, false, err));
	e.guid = "g3";
	keys = identity_of(&e, NULL);
	MUST(store_entry_lookup(s, &e, &keys, &known, &id, err));
	SAME_TEXT("nor is it looked for", known_name(known), "new");
	e.guid = "g1";
	keys = identity_of(&e, NULL);
	MUST(store_entry_lookup(s, &e, &keys, &known, &id, err));
	SAME_TEXT("its guid tells it", known_name(known), "known");
	e.fingerprint = 12;
	MUST(store_entry_lookup(s, &e, &keys, &known, &id, err));
	SAME_TEXT("and that it changed", known_name(known), "changed");
	close_store(s);
}

static void
a_post_without_guid_is_known_by_its_address_in_its_source(void **state)
{
	struct store *s = memory_store();
	int64_t source = add_source(s, "a");
	struct entry e = make_entry(source, NULL, "One", 11);
	enum entry_known known = ENTRY_NEW;
	int64_t id = 0;

	(void)state;
	MUST(add_post(s, &e, "http://x/1", false, err));
	e.fingerprint = 12;
	e.link = "http://x/1";
	MUST(look_up_post(s, &e, "http://x/1", &known, &id, err));
	SAME_TEXT("new text", known_name(known), "changed");
	MUST(update_post(s, id, &e, err));
	MUST(look_up_post(s, &e, "http://x/1", &known, &id, err));
	SAME_TEXT("after the update", known_name(known), "known");
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
	MUST(store_entries_unmailed(s, a, false, &got, &count, err));
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
	MUST(store_entries_unmailed(s, a, true, &got, &count, err));
	SAME_TEXT("a guid that is the link", got[0].guid, "http://x/2");
	SAME_TEXT("a guid that is not", got[1].guid, "g");
	{
		struct entry moved = e;

		moved.link = "http://x/3";
		MUST(update_post(s, e.id, &moved, err));
	}
	MUST(store_entries_unmailed(s, a, true, &got, &count, err));
	SAME_TEXT("it moves", got[0].link, "http://x/3");
	SAME_TEXT("the guid does not", got[0].guid, "http://x/2");
	SAME_TEXT("light html", got->html, "(none)");
	SAME_TEXT("light text", got->text, "(none)");
	SAME_TEXT("light summary", got->summary, "s");
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
	MUST(store_entries_unmailed(s, a, true, &list, &count, err));
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
	int64_t dropped = 0;

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
	MUST(store_entries_count(s, &total, &open, err));
	SAME_INT("total", total, 6);
	SAME_INT("open", open, 3);

	dropped = 2;
	MUST(store_entries_keep_out(s, &dropped, 1, err));
	unmailed_titles(s, titles, sizeof(titles));
	SAME_TEXT("after one was kept out", titles, "undated published");
	close_store(s);
}

static void
other_sources_are_remembered_and_known(void **state)
{
	struct store *s = memory_store();
	struct arena *a = arena_new();
	int64_t first = add_source(s, "first");
	int64_t second = add_source(s, "second");
	int64_t third = add_source(s, "third");
	int64_t id = add_entry(s, first, "g", 11);
	struct entry echo = make_entry(second, "h", "t", 99);
	enum entry_known known = ENTRY_NEW;
	int64_t found = 0;
	int64_t *also = NULL;
	size_t count = 0;

	(void)state;
	for (int again = 0; again < 2; again++) {
		MUST(store_entry_also(s, id, third, NULL, err));
		MUST(store_entry_also(s, id, second, "h", err));
		/* A feed that changes its own ids is no other source. */
		MUST(store_entry_also(s, id, first, "new id", err));
	}
	MUST(store_entry_sources(s, a, id, &also, &count, err));
	SAME_INT("sources", count, 2);
	SAME_INT("the second", also[0], second);
	SAME_INT("the third", also[1], third);
	MUST(look_up_post(s, &echo, NULL, &known, &found, err));
	SAME_TEXT("an echo is known, its own words are no change", known_name(known),
	    "known");
	SAME_INT("an echo is the first's post", found, id);
	echo = make_entry(first, "new id", "t", 99);
	MUST(look_up_post(s, &echo, NULL, &known, &found, err));
	SAME_INT("a changed id is the same post", found, id);
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
		enum entry_known known = ENTRY_NEW;
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
		MUST(look_up_post(s, &e, NULL, &known, &id, err));
		SAME_TEXT(cases[i].name, known_name(known), "known");
		if (cases[i].held)
			MUST(store_entries_of_issue(s, a, issue.id, &got, &count, err));
		else
			MUST(store_entries_unmailed(s, a, false, &got, &count, err));
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
	enum entry_known known = ENTRY_NEW;
	int64_t id = 0;
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
	MUST(look_up_post(s, &e[0], NULL, &known, &id, err));
	SAME_TEXT("what it was is known for ever", known_name(known), "known");
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
	MUST(store_entries_count(s, &total, &open, err));
	SAME_INT("total", total, 0);
	close_store(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(identity_has_three_layers),
		cmocka_unit_test(a_text_that_tells_too_little_stands_for_no_post),
		cmocka_unit_test(
		    a_post_without_guid_is_known_by_its_address_in_its_source),
		cmocka_unit_test(everything_of_a_post_comes_back),
		cmocka_unit_test(a_guid_stays_when_the_link_moves),
		cmocka_unit_test(what_may_be_mailed_is_listed_newest_first),
		cmocka_unit_test(other_sources_are_remembered_and_known),
		cmocka_unit_test(new_text_reaches_only_what_was_not_frozen),
		cmocka_unit_test(text_is_dropped_when_mailed_and_gone_from_the_feed),
		cmocka_unit_test(a_failed_add_leaves_nothing),
	};

	return cmocka_run_group_tests_name("store entries", tests, NULL, NULL);
}
