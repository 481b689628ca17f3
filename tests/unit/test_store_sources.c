/* SPDX-License-Identifier: ISC */
#include "unit/store_fixture.h"

/* Writes "key=url" of all sources, "-" in front of those that are not listed. */
static void
tell_sources(struct store *s, char *out, size_t size)
{
	struct arena *a = arena_new();
	struct source *list = NULL;
	size_t count = 0;
	size_t len = 0;

	*out = '\0';
	MUST(store_sources(s, a, false, &list, &count, err));
	for (size_t i = 0; i < count; i++)
		len += (size_t)snprintf(out + len, size - len, "%s%s%s=%s",
		    len ? " " : "", list[i].listed ? "" : "-", list[i].key, list[i].url);
	arena_free(a);
}

#define SOURCES_ARE(name, s, want) \
	do { \
		char sources_text[1000]; \
		tell_sources((s), sources_text, sizeof(sources_text)); \
		SAME_TEXT((name), sources_text, (want)); \
	} while (0)

enum { MAX_SPECS = 4 };
struct spec {
	const char *key;
	const char *url;
};

static void
sync_specs(struct store *s, const struct spec *specs, int64_t *ids)
{
	struct source list[MAX_SPECS] = { { .id = 0 } };
	size_t count = 0;

	for (; count < MAX_SPECS && specs[count].url; count++) {
		list[count].key = specs[count].key;
		list[count].url = specs[count].url;
	}
	MUST(store_sources_sync(s, list, count, err));
	for (size_t i = 0; i < count; i++)
		ids[i] = list[i].id;
}

static void
the_list_becomes_the_configurations(void **state)
{
	static const struct {
		const char *name;
		struct spec before[MAX_SPECS];
		struct spec after[MAX_SPECS];
		const char *want;
		int same
		    [2]; /* after[same[1]] is the source that before[same[0]] was; -1: none */
	} cases[] = {
		{ "added", { { "a", "u:a" } }, { { "a", "u:a" }, { "b", "u:b" } },
		    "a=u:a b=u:b", { 0, 0 } },
		{ "taken out", { { "a", "u:a" }, { "b", "u:b" } }, { { "b", "u:b" } },
		    "-a=u:a b=u:b", { 1, 0 } },
		{ "the same address under a new key", { { "a", "u:a" } },
		    { { "z", "u:a" } }, "z=u:a", { 0, 0 } },
		{ "a new address under the same key", { { "a", "u:a" } },
		    { { "a", "u:z" } }, "a=u:z", { 0, 0 } },
		{ "two exchange their keys", { { "a", "u:1" }, { "b", "u:2" } },
		    { { "b", "u:1" }, { "a", "u:2" } }, "a=u:2 b=u:1", { 0, 0 } },
		{ "one key twice", { { "a", "u:1" } }, { { "a", "u:1" }, { "a", "u:2" } },
		    "a=u:1 a-2=u:2", { 0, 0 } },
		{ "one key three times, again",
		    { { "a", "u:1" }, { "a", "u:2" }, { "a", "u:3" } },
		    { { "a", "u:1" }, { "a", "u:2" }, { "a", "u:3" } },
		    "a=u:1 a-2=u:2 a-3=u:3", { 2, 2 } },
		{ "one address twice", { { "a", "u:1" } },
		    { { "a", "u:1" }, { "b", "u:1" } }, "a=u:1", { 0, 1 } },
		{ "a new one with an address twice", { { "a", "u:1" } },
		    { { "b", "u:2" }, { "c", "u:2" } }, "-a=u:1 b=u:2", { -1, -1 } },
		{ "one that left gives its key away", { { "a", "u:1" }, { "b", "u:2" } },
		    { { "a", "u:2" } }, "a=u:2 -a-was-1=u:1", { 1, 0 } },
		{ "it comes back", { { "a", "u:1" } }, { { "a", "u:1" } }, "a=u:1",
		    { 0, 0 } },
		{ "no key: made of the address", { { NULL, NULL } },
		    { { NULL, "https://Ann.example/Blog/feed.xml" } },
		    "ann-example-blog-feed-xml=https://Ann.example/Blog/feed.xml",
		    { -1, -1 } },
		{ "nothing at all", { { "a", "u:1" } }, { { NULL, NULL } }, "-a=u:1",
		    { -1, -1 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct store *s = memory_store();
		int64_t before[MAX_SPECS] = { 0 };
		int64_t after[MAX_SPECS] = { 0 };

		sync_specs(s, cases[i].before, before);
		sync_specs(s, cases[i].after, after);
		SOURCES_ARE(cases[i].name, s, cases[i].want);
		if (cases[i].same[0] >= 0)
			SAME_INT(cases[i].name, after[cases[i].same[1]],
			    before[cases[i].same[0]]);
		/* The same list once more changes nothing. */
		sync_specs(s, cases[i].after, after);
		SOURCES_ARE(cases[i].name, s, cases[i].want);
		close_store(s);
	}
}

static const struct source polled_spec = { .key = "a",
	.url = "u:1",
	.name = "Ann",
	.group = "friends",
	.face = "f",
	.filter = "x",
	.exclude = "y",
	.strip = ".z",
	.user_agent = "Agent/1",
	.max_per_feed = 3,
	.paused = true };

static void
what_is_configured_comes_back(void **state)
{
	struct store *s = memory_store();
	struct arena *a = arena_new();
	struct source spec = polled_spec;
	struct source got;

	(void)state;
	MUST(store_sources_sync(s, &spec, 1, err));
	MUST(store_source_find(s, a, "a", &got, err));
	SAME_TEXT("name", got.name, "Ann");
	SAME_TEXT("group", got.group, "friends");
	SAME_TEXT("face", got.face, "f");
	SAME_TEXT("filter", got.filter, "x");
	SAME_TEXT("exclude", got.exclude, "y");
	SAME_TEXT("strip", got.strip, ".z");
	SAME_TEXT("user agent", got.user_agent, "Agent/1");
	SAME_INT("max", got.max_per_feed, 3);
	SAME_INT("paused", got.paused, 1);
	assert_true(got.last_poll == TIME_NONE);
	arena_free(a);
	close_store(s);
}

static void
what_was_polled_stays_until_the_address_changes(void **state)
{
	struct store *s = memory_store();
	struct arena *a = arena_new();
	struct source spec = polled_spec;
	struct source got;

	(void)state;
	MUST(store_sources_sync(s, &spec, 1, err));
	MUST(store_source_find(s, a, "a", &got, err));
	got.title = "Ann's blog";
	got.link = "https://ann.example/";
	got.language = "de";
	got.etag = "\"e\"";
	got.last_modified = "yesterday";
	got.next_poll = 1;
	got.last_poll = 2;
	got.last_ok = 3;
	got.last_entry = 4;
	got.body_hash = 11;
	got.packed_hash = 12;
	got.state = SOURCE_MALFORMED;
	got.state_since = 5;
	got.failures = 6;
	got.state_note = "line 1";
	MUST(store_source_polled(s, &got, err));
	MUST(store_sources_sync(s, &spec, 1, err));
	MUST(store_source_find(s, a, "u:1", &got, err));
	SAME_TEXT("title", got.title, "Ann's blog");
	SAME_TEXT("link", got.link, "https://ann.example/");
	SAME_TEXT("language of the feed", got.language, "de");
	SAME_TEXT("etag", got.etag, "\"e\"");
	SAME_TEXT("last modified", got.last_modified, "yesterday");
	SAME_INT("next poll", got.next_poll, 1);
	SAME_INT("last poll", got.last_poll, 2);
	SAME_INT("last ok", got.last_ok, 3);
	SAME_INT("last entry", got.last_entry, 4);
	SAME_INT("hash of the document", got.body_hash, 11);
	SAME_INT("of the packed answer", got.packed_hash, 12);
	SAME_INT("state", got.state, SOURCE_MALFORMED);
	SAME_INT("since", got.state_since, 5);
	SAME_INT("failures", got.failures, 6);
	SAME_TEXT("note", got.state_note, "line 1");

	spec.url = "u:2";
	spec.language = "fr";
	MUST(store_sources_sync(s, &spec, 1, err));
	MUST(store_source_find(s, a, "u:2", &got, err));
	SAME_TEXT("configured language", got.language, "fr");
	SAME_TEXT("etag of another address", got.etag, "(none)");
	SAME_TEXT("last modified of another address", got.last_modified, "(none)");
	SAME_INT("hash of another address", got.body_hash, 0);
	SAME_INT("packed hash of another address", got.packed_hash, 0);
	assert_true(got.next_poll == TIME_NONE);
	SAME_TEXT("title", got.title, "Ann's blog");
	got.id = 99;
	MUST_FAIL(store_source_polled(s, &got, err), ERR_BUG, "not stored");
	arena_free(a);
	close_store(s);
}

/* A poll without a document leaves alone what the last document said. */
static void
a_poll_without_a_document_comes_back(void **state)
{
	struct store *s = memory_store();
	struct arena *a = arena_new();
	struct source spec = polled_spec;
	struct source got;

	(void)state;
	MUST(store_sources_sync(s, &spec, 1, err));
	MUST(store_source_find(s, a, "a", &got, err));
	got.title = "Ann's blog";
	MUST(store_source_polled(s, &got, err));
	got.title = "said by no document";
	got.etag = "\"f\"";
	got.next_poll = 21;
	got.packed_hash = 22;
	got.pace = 23;
	got.state = SOURCE_FAILING;
	got.state_note = "404 Not Found";
	got.failures = 1;
	MUST(store_source_asked(s, &got, err));
	MUST(store_source_find(s, a, "u:1", &got, err));
	SAME_TEXT("title stays", got.title, "Ann's blog");
	SAME_TEXT("new etag", got.etag, "\"f\"");
	SAME_INT("asked again", got.next_poll, 21);
	SAME_INT("new packed hash", got.packed_hash, 22);
	SAME_INT("pace", got.pace, 23);
	SAME_INT("new state", got.state, SOURCE_FAILING);
	SAME_TEXT("new note", got.state_note, "404 Not Found");
	SAME_INT("a failure", got.failures, 1);
	got.id = 99;
	MUST_FAIL(store_source_asked(s, &got, err), ERR_BUG, "not stored");
	arena_free(a);
	close_store(s);
}

static void
a_source_is_found_by_key_address_or_name(void **state)
{
	static const struct {
		const char *name;
		const char *want; /* the key, or what the error says */
		bool fails;
	} cases[] = {
		{ "alice", "alice", false },
		{ "u:bob", "bob", false },
		{ "Alice's Blog", "alice", false },
		{ "ALICE'S BLOG", "alice", false },
		{ "Twins", "more than one feed", true },
		{ "alise", "did you mean 'alice'", true },
		{ "Alices Blog", "did you mean 'alice'", true },
		{ "something else", "no feed is called 'something else'", true },
	};
	struct source specs[] = {
		{ .key = "alice", .url = "u:alice", .name = "Alice's Blog" },
		{ .key = "bob", .url = "u:bob" },
		{ .key = "t1", .url = "u:t1", .name = "Twins" },
		{ .key = "t2", .url = "u:t2", .name = "Twins" },
	};
	struct store *s = memory_store();
	struct arena *a = arena_new();

	(void)state;
	MUST(store_sources_sync(s, specs, 4, err));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct source got;

		if (cases[i].fails) {
			MUST_FAIL(store_source_find(s, a, cases[i].name, &got, err),
			    ERR_INPUT, cases[i].want);
			continue;
		}
		MUST(store_source_find(s, a, cases[i].name, &got, err));
		SAME_TEXT(cases[i].name, got.key, cases[i].want);
	}
	arena_free(a);
	close_store(s);
}

static void
who_is_due_is_listed_and_not_paused(void **state)
{
	struct store *s = memory_store();
	struct arena *a = arena_new();
	struct source specs[] = {
		{ .url = "https://a.example/", .key = "a" },
		{ .url = "https://b.example/", .key = "b" },
		{ .url = "https://c.example/", .key = "c", .paused = true },
		{ .url = "https://d.example/", .key = "d" },
	};
	struct source asked = { .next_poll = NOW };
	struct source *due = NULL;
	size_t count = 0;

	(void)state;
	MUST(store_sources_sync(s, specs, ARRAY_LEN(specs), err));
	MUST(store_sources_sync(s, specs, 3, err));
	asked.id = specs[1].id;
	MUST(store_source_polled(s, &asked, err));
	MUST(store_sources_count_polled(s, &count, err));
	SAME_INT("polled", count, 2);
	MUST(store_sources_count_due(s, NOW - 1, &count, err));
	SAME_INT("before, counted", count, 1);
	MUST(store_sources_due(s, a, NOW - 1, 0, &due, &count, err));
	SAME_INT("before", count, 1);
	SAME_TEXT("never asked yet", due[0].key, "a");
	MUST(store_sources_count_due(s, NOW, &count, err));
	SAME_INT("in the second itself, counted", count, 2);
	MUST(store_sources_due(s, a, NOW, 1, &due, &count, err));
	SAME_INT("in the second itself", count, 2);
	SAME_TEXT("in the order of keys", due[1].key, "b");
	arena_free(a);
	close_store(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_list_becomes_the_configurations),
		cmocka_unit_test(what_is_configured_comes_back),
		cmocka_unit_test(what_was_polled_stays_until_the_address_changes),
		cmocka_unit_test(a_poll_without_a_document_comes_back),
		cmocka_unit_test(a_source_is_found_by_key_address_or_name),
		cmocka_unit_test(who_is_due_is_listed_and_not_paused),
	};

	return cmocka_run_group_tests_name("store sources", tests, NULL, NULL);
}
