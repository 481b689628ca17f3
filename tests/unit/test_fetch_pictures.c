/* SPDX-License-Identifier: ISC */
/* Pictures of posts, asked for before letters are made: which are, and what becomes of each. */
#include "unit/flow_fixture.h"
#include "unit/own_web_server.h"

#include "base/limits.h"
#include "flow/feed_options.h"
#include "flow/fetch_pictures.h"
#include "flow/probe.h"
#include "flow/source_lists.h"
#include "store/pictures.h"

static void
begin(struct flow_test *t, enum images how)
{
	flow_begin(t);
	t->settings.config.fetch.allow_private = true;
	t->settings.config.fetch.host_pause_ms = 0;
	t->settings.config.fetch.proxy = "none";
	t->settings.config.digest.images = how;
	t->settings.config.digest.image_bytes = 400000;
	(void)add_source(t->run.store, "a");
}

static const char *
address(struct flow_test *t, const char *path)
{
	return arena_printf(t->run.arena, "http://127.0.0.1:%d%s", web.port, path);
}

/* A post that shows that picture; attributes: such as its size. */
static void
add_picture(struct flow_test *t, const char *path, const char *attributes)
{
	static int64_t number;
	struct entry e = make_entry(1, NULL, "Post", (uint64_t)++number);

	e.guid = arena_printf(t->run.arena, "post %lld", (long long)number);
	e.published = NOW - 1000 + number;
	e.html =
	    arena_printf(t->run.arena, "<p>Words.</p><p><img src=\"%s\" alt=\"\"%s></p>",
		address(t, path), attributes);
	e.text = "Words.";
	e.words = 200;
	MUST(add_post(t->run.store, &e, NULL, false, err));
}

static bool
fetch(struct flow_test *t, struct err *err)
{
	struct feed_options o = { .count = 0 };

	return flow_fetch_pictures(&t->run, &o, err);
}

/* "30x20, 35 bytes", "30x20, its size alone", "to be asked again", "given up", "not asked". */
static const char *
fate(struct flow_test *t, const char *path)
{
	const char *url = address(t, path);
	struct stored_picture p;
	struct picture size;
	int64_t tries = -1;
	bool found = false;
	bool sized = false;
	bool wanted = false;

	MUST(store_picture_find(t->run.store, t->run.arena, url, &p, &found, err));
	if (found)
		return arena_printf(t->run.arena, "%dx%d, %zu bytes", p.is.width,
		    p.is.height, p.is.len);
	MUST(store_picture_is_wanted(t->run.store, url, &wanted, err));
	MUST(store_picture_size_find(t->run.store, url, &size, &sized, err));
	MUST(db_number(t->run.store,
	    arena_printf(t->run.arena,
		"SELECT COALESCE((SELECT tries FROM picture WHERE url = '%s'), -1)", url),
	    &tries, err));
	return arena_printf(t->run.arena, "%s%s",
	    sized ? arena_printf(t->run.arena, "%dx%d, ", size.width, size.height) : "",
	    tries < 0       ? "not asked"
		: !wanted   ? "given up"
		: tries > 0 ? "to be asked again"
			    : "its size alone");
}

/* ---- what becomes of one ---- */

static const struct {
	const char *path;
	const char *carried; /* where letters carry it */
	const char *shown;   /* where they show it from where it is */
} pictures[] = {
	{ "/gif/30/20", "30x20, 35 bytes", "30x20, its size alone" },
	{ "/gif/8/8", "8x8, 35 bytes", "8x8, its size alone" },
	{ "/gif/7/8", "given up", "given up" },
	{ "/gif/8/7", "given up", "given up" },
	{ "/gif/30/20/114", "30x20, 114 bytes", "30x20, its size alone" },
	{ "/gif/30/20/115", "given up", "30x20, its size alone" },
	{ "/page/less", "given up", "given up" },
	{ "/404", "given up", "given up" },
	{ "/429", "to be asked again", "to be asked again" },
	{ "/503", "to be asked again", "to be asked again" },
	{ "/loop", "given up", "given up" },
	{ "/nothing", "to be asked again", "to be asked again" },
};

static void
each_is_stored_or_given_up_or_asked_again(void **state)
{
	static const enum images hows[] = { IMAGES_INLINE, IMAGES_REMOTE };

	(void)state;
	/* Each alone: a server that is in trouble is not asked again in a round. */
	for (size_t k = 0; k < ARRAY_LEN(hows) * ARRAY_LEN(pictures); k++) {
		const size_t i = k / ARRAY_LEN(hows);
		const bool is_carried = hows[k % ARRAY_LEN(hows)] == IMAGES_INLINE;
		struct flow_test t;

		begin(&t, hows[k % ARRAY_LEN(hows)]);
		/* Two lines of base64, of 57 bytes each. */
		t.settings.config.digest.image_bytes = 1000;
		add_picture(&t, pictures[i].path, "");
		MUST(fetch(&t, err));
		SAME_TEXT(pictures[i].path, fate(&t, pictures[i].path),
		    is_carried ? pictures[i].carried : pictures[i].shown);
		flow_end(&t);
	}
}

static void
the_third_failure_is_the_last(void **state)
{
	struct flow_test t;

	(void)state;
	begin(&t, IMAGES_FIRST);
	add_picture(&t, "/503", "");
	MUST(fetch(&t, err));
	MUST(fetch(&t, err));
	SAME_TEXT("twice", fate(&t, "/503"), "to be asked again");
	MUST(fetch(&t, err));
	SAME_TEXT("three times", fate(&t, "/503"), "given up");
	flow_end(&t);
}

/* ---- which ---- */

static const struct {
	const char *name;
	enum images how;     /* of the newsletter */
	const char *variant; /* a reader's wish, or NULL */
	int64_t image_bytes;
	const char *want,
	    *sized; /* of a picture without and one with a size of its author's */
} wishes[] = {
	{ "links", IMAGES_LINK, NULL, 400000, "not asked", "not asked" },
	{ "none", IMAGES_NONE, NULL, 400000, "not asked", "not asked" },
	{ "the first", IMAGES_FIRST, NULL, 400000, "30x20, 35 bytes", "60x50, 35 bytes" },
	{ "no room for any", IMAGES_FIRST, NULL, 0, "not asked", "not asked" },
	{ "where they are", IMAGES_REMOTE, NULL, 400000, "30x20, its size alone",
	    "not asked" },
	{ "where they are, and no room", IMAGES_REMOTE, NULL, 0, "30x20, its size alone",
	    "not asked" },
	{ "a reader wants them", IMAGES_NONE, "4", 400000, "30x20, 35 bytes",
	    "60x50, 35 bytes" },
	{ "a reader wants none", IMAGES_NONE, "1", 400000, "not asked", "not asked" },
	{ "a reader wants links", IMAGES_NONE, "2", 400000, "not asked", "not asked" },
	{ "a reader wants them where they are", IMAGES_LINK, "5", 400000,
	    "30x20, its size alone", "not asked" },
};

static void
what_letters_may_show_is_asked_for(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wishes); i++) {
		struct flow_test t;

		begin(&t, wishes[i].how);
		t.settings.config.digest.image_bytes = wishes[i].image_bytes;
		(void)add_reader(t.run.store, "ann@x.example", READER_ACTIVE);
		if (wishes[i].variant)
			MUST(db_exec(t.run.store,
			    arena_printf(t.run.arena, "UPDATE variant SET pictures = %s",
				wishes[i].variant),
			    err));
		add_picture(&t, "/gif/30/20", "");
		add_picture(&t, "/gif/60/50", " width=\"60\" height=\"50\"");
		MUST(fetch(&t, err));
		SAME_TEXT(wishes[i].name, fate(&t, "/gif/30/20"), wishes[i].want);
		SAME_TEXT(wishes[i].name, fate(&t, "/gif/60/50"), wishes[i].sized);
		flow_end(&t);
	}
}

/* Some letters carry the first, others show it from where it is: the size is of use to these. */
static void
what_is_too_large_has_a_size(void **state)
{
	static const struct {
		const char *path, *want;
	} cases[] = {
		{ "/gif/30/20/114", "30x20, 114 bytes" },
		{ "/gif/30/20/115", "30x20, given up" },
		{ "/exact", "given up" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct flow_test t;

		begin(&t, IMAGES_FIRST);
		t.settings.config.digest.image_bytes = 1000;
		(void)add_reader(t.run.store, "ann@x.example", READER_ACTIVE);
		MUST(db_exec(t.run.store, "UPDATE variant SET pictures = 5", err));
		add_picture(&t, cases[i].path, "");
		MUST(fetch(&t, err));
		SAME_TEXT(cases[i].path, fate(&t, cases[i].path), cases[i].want);
		flow_end(&t);
	}
}

/* Twice as many posts as an issue shows, the newest. */
static void
old_posts_are_not_looked_at(void **state)
{
	struct flow_test t;

	(void)state;
	begin(&t, IMAGES_FIRST);
	t.settings.config.digest.max_items = 1;
	add_picture(&t, "/gif/11/20", "");
	add_picture(&t, "/gif/12/20", "");
	add_picture(&t, "/gif/13/20", "");
	MUST(fetch(&t, err));
	SAME_TEXT("the third", fate(&t, "/gif/11/20"), "not asked");
	SAME_TEXT("the second", fate(&t, "/gif/12/20"), "12x20, 35 bytes");
	SAME_TEXT("the newest", fate(&t, "/gif/13/20"), "13x20, 35 bytes");
	flow_end(&t);
}

static void
one_address_is_asked_once(void **state)
{
	struct flow_test t;
	int64_t rows = 0;

	(void)state;
	begin(&t, IMAGES_FIRST);
	add_picture(&t, "/503", "");
	add_picture(&t, "/503", "");
	add_picture(&t, "/gif/30/20", "");
	add_picture(&t, "/gif/30/20", "");
	MUST(fetch(&t, err));
	MUST(db_number(t.run.store, "SELECT SUM(tries) * 10 + COUNT(*) FROM picture",
	    &rows, err));
	SAME_INT("one failed once, of two", rows, 12);
	flow_end(&t);
}

static void
a_full_store_asks_for_no_more(void **state)
{
	struct flow_test t;
	const struct picture is = { PICTURE_GIF, 30, 20, 5 };

	(void)state;
	begin(&t, IMAGES_FIRST);
	add_picture(&t, "/gif/30/20", "");
	MUST(store_picture_put(t.run.store, "u:1", &is, "hello", NOW, err));
	MUST(db_exec(t.run.store,
	    arena_printf(t.run.arena, "UPDATE picture SET bytes = %d",
		LIMIT_PICTURES_KEPT),
	    err));
	MUST(fetch(&t, err));
	SAME_TEXT("full", fate(&t, "/gif/30/20"), "not asked");
	MUST(db_exec(t.run.store, "UPDATE picture SET bytes = bytes - 1", err));
	MUST(fetch(&t, err));
	SAME_TEXT("a byte is left", fate(&t, "/gif/30/20"), "30x20, 35 bytes");
	flow_end(&t);
}

/* What the server was sent with that path, from there to the next one. */
static const char *
sent_with(struct flow_test *t, const char *path)
{
	struct probe p;
	const char *text = NULL;
	const char *at = NULL;

	MUST(flow_probe(&t->run, address(t, "/asked"), PROBE_WHOLE, &p, err));
	text = arena_strndup(t->run.arena, p.body, p.len);
	at = strstr(text, arena_printf(t->run.arena, "\"%s\"", path));
	return at ? arena_strndup(t->run.arena, at, strcspn(at, "}")) : "(none)";
}

/* Under the name of its feed, wherever this stands in the list, and with the fields of its host. */
static void
a_picture_is_asked_for_as_its_feed_is(void **state)
{
	enum { FEEDS = 5 };
	struct listed_feed specs[FEEDS] = { { 0 } };
	struct feed_options o;
	struct flow_test t;
	struct probe forgotten;

	(void)state;
	begin(&t, IMAGES_FIRST);
	for (int i = 0; i < FEEDS; i++)
		specs[i] = (struct listed_feed){ .key = arena_printf(t.run.arena, "%c",
						     "ecabd"[i]),
			.url = address(&t, arena_printf(t.run.arena, "/feed/%d", i)),
			.user_agent =
			    i == 3 ? NULL : arena_printf(t.run.arena, "agent-%d", i),
			.headers = arena_printf(t.run.arena, "X-Wish: wish-%d", i),
			.max_per_feed = -1 };
	t.settings.sources = specs;
	t.settings.source_count = FEEDS;
	t.settings.config.fetch.user_agent = "all";
	MUST(flow_sources_sync(&t.run, err));
	MUST(feed_options_open(&t.run, &o, err));
	for (int i = 0; i < FEEDS; i++) {
		add_picture(&t, arena_printf(t.run.arena, "/gif/2%d/20", i), "");
		MUST(db_exec(t.run.store,
		    arena_printf(t.run.arena,
			"UPDATE entry SET source_id = (SELECT id FROM source WHERE key ="
			" '%s') WHERE id = (SELECT MAX(id) FROM entry)",
			specs[i].key),
		    err));
	}
	MUST(flow_probe(&t.run, address(&t, "/forget"), PROBE_WHOLE, &forgotten, err));
	MUST(flow_fetch_pictures(&t.run, &o, err));
	for (int i = 0; i < FEEDS; i++) {
		const char *path = arena_printf(t.run.arena, "/gif/2%d/20", i);
		const char *sent = sent_with(&t, path);
		const char *agent = i == 3
		    ? "\"user-agent\": \"all\""
		    : arena_printf(t.run.arena, "\"user-agent\": \"agent-%d\"", i);

		if (!strstr(sent, agent) ||
		    !strstr(sent, arena_printf(t.run.arena, "wish-%d\"", i)))
			fail_msg("%s: got %s, want %s", path, sent, agent);
	}
	flow_end(&t);
}

/* ---- what stops it ---- */

static void
an_interruption_and_a_store_that_fails_stop_it(void **state)
{
	static const char *const tables[] = { "variant", "entry_text", "source",
		"picture" };
	struct flow_test t;

	(void)state;
	begin(&t, IMAGES_FIRST);
	add_picture(&t, "/gif/30/20", "");
	t.interrupt = true;
	MUST(fetch(&t, err));
	SAME_TEXT("interrupted", fate(&t, "/gif/30/20"), "not asked");
	t.interrupt = false;
	flow_break_store(&t);
	MUST_FAIL(fetch(&t, err), ERR_SYSTEM, "");
	flow_mend_store(&t);
	SAME_TEXT("not kept", fate(&t, "/gif/30/20"), "not asked");
	MUST(db_exec(t.run.store, "PRAGMA legacy_alter_table = ON", err));
	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		MUST(db_exec(t.run.store,
		    arena_printf(t.run.arena, "ALTER TABLE %s RENAME TO gone", tables[i]),
		    err));
		MUST_FAIL(fetch(&t, err), ERR_BUG, "no such table");
		MUST(db_exec(t.run.store,
		    arena_printf(t.run.arena, "ALTER TABLE gone RENAME TO %s", tables[i]),
		    err));
	}
	flow_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_stored_or_given_up_or_asked_again),
		cmocka_unit_test(the_third_failure_is_the_last),
		cmocka_unit_test(what_letters_may_show_is_asked_for),
		cmocka_unit_test(what_is_too_large_has_a_size),
		cmocka_unit_test(old_posts_are_not_looked_at),
		cmocka_unit_test(one_address_is_asked_once),
		cmocka_unit_test(a_full_store_asks_for_no_more),
		cmocka_unit_test(a_picture_is_asked_for_as_its_feed_is),
		cmocka_unit_test(an_interruption_and_a_store_that_fails_stop_it),
	};

	return cmocka_run_group_tests(tests, start_web, stop_web);
}
