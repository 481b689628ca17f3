/* SPDX-License-Identifier: ISC */
/* What the section of a feed says, of feeds that are asked elsewhere by now. */
#include "unit/flow_fixture.h"

#include "fetch/http.h"
#include "flow/feed_options.h"
#include "flow/gather.h"
#include "flow/source_changes.h"
#include "flow/source_lists.h"
#include "store/sources.h"

#define KEY "Authorization: Bearer abc"
#define FEED \
	"<rss version='2.0'><channel><title>A</title>" \
	"<link>https://a.example/</link>" \
	"<item><title>One</title><link>https://a.example/1</link>" \
	"<description>Words of one.</description></item></channel></rss>"

static struct listed_feed *
add_spec(struct flow_test *t, const char *url)
{
	struct settings *s = &t->settings;

	s->sources = arena_array(t->run.arena, 1, sizeof(*s->sources));
	s->source_count = 1;
	s->sources[0] =
	    (struct listed_feed){ .key = "a", .url = url, .max_per_feed = -1 };
	return s->sources;
}

static void
move_feed(struct flow_test *t, const char *to)
{
	struct source s;

	MUST(flow_sources_sync(&t->run, err));
	MUST(store_source_find(t->run.store, t->run.arena, "a", &s, err));
	MUST(flow_source_move(&t->run, &s, to, "by test", err));
	MUST(flow_sources_sync(&t->run, err));
}

static void
a_key_goes_to_the_origin_it_was_given_for(void **state)
{
	static const struct {
		const char *given_for, *asked;
		bool sent;
	} table[] = {
		{ "https://a.example/f", "https://a.example/f", true },
		{ "https://a.example/f", "https://a.example/posts/1?x=y", true },
		{ "https://a.example/f", "https://a.example:443/f", true },
		{ "https://A.example/f", "HTTPS://a.EXAMPLE/f", true },
		{ "https://a.example:8443/f", "https://a.example:8443/1", true },
		{ "http://a.example/f", "https://a.example/f", true },
		{ "http://a.example:80/f", "https://a.example:443/f", true },
		{ "https://a.example/f", "http://a.example/f", false },
		{ "https://a.example/f", "https://a.example:8443/f", false },
		{ "https://a.example:8443/f", "https://a.example/f", false },
		{ "http://a.example:8080/f", "https://a.example:8080/f", false },
		{ "http://a.example:8080/f", "https://a.example/f", false },
		{ "http://a.example/f", "https://a.example:8443/f", false },
		{ "http://a.example/f", "http://a.example:8080/f", false },
		{ "https://a.example/f", "https://www.a.example/f", false },
		{ "https://www.a.example/f", "https://a.example/f", false },
		{ "https://a.example/f", "https://b.example/f", false },
		{ "http://a.example/f", "https://b.example/f", false },
		{ "https://a.example/f", "https://a.example@b.example/f", false },
		{ "https://a.example/f", "https://a.example.b.example/f", false },
		{ "https://a.example/f", "ftp://a.example/f", false },
		{ "https://a.example/f", "", false },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		const struct listed_feed own = { .url = table[i].given_for,
			.headers = KEY,
			.proxy = "none",
			.timeout = 7 };
		struct http_request request = { .url = table[i].asked };

		feed_options_ask(a, &own, &request);
		SAME_TEXT(table[i].asked, request.fields ? request.fields : "none",
		    table[i].sent ? KEY : "none");
		SAME_TEXT(table[i].asked, request.proxy, "none");
		SAME_INT(table[i].asked, request.timeout_ms, 7000);
	}
	arena_free(a);
}

static void
a_section_is_of_its_feed_wherever_it_is_asked(void **state)
{
	static const struct {
		const char *to;
		bool sent;
	} table[] = { { "https://a.example/f", true }, { "https://b.example/g", false } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct http_request request = { .url = table[i].to };
		const struct listed_feed *own = NULL;
		struct feed_options o;
		struct flow_test t;

		flow_begin(&t);
		add_spec(&t, "http://a.example/f")->headers = KEY;
		move_feed(&t, table[i].to);
		MUST(feed_options_open(&t.run, &o, err));
		own = feed_options_of(&o, table[i].to);
		if (!own)
			fail_msg("%s: no section", table[i].to);
		feed_options_ask(t.run.arena, own, &request);
		SAME_INT(table[i].to, request.fields != NULL, table[i].sent);
		assert_null(feed_options_of(&o, "http://a.example/f"));
		flow_end(&t);
	}
}

/* Its program that keeps posts out, and how often it is asked. */
static void
a_feed_that_moved_is_read_as_its_section_says(void **state)
{
	const struct gather_options o = { .only = NULL };
	struct gather_report r;
	struct listed_feed *spec = NULL;
	struct flow_test t;
	struct source s;

	(void)state;
	flow_begin(&t);
	t.settings.config.fetch.allow_files = true;
	t.settings.config.fetch.allow_private = true;
	spec = add_spec(&t,
	    arena_printf(t.run.arena, "file://%s", flow_write(&t, "was.xml", FEED)));
	spec->filter_command = "false";
	spec->every = 90 * 60;
	move_feed(&t,
	    arena_printf(t.run.arena, "file://%s", flow_write(&t, "is.xml", FEED)));
	MUST(flow_gather(&t.run, &o, &r, err));
	SAME_INT("asked", r.asked, 1);
	SAME_INT("failed", r.failed, 0);
	MUST(store_source_find(t.run.store, t.run.arena, "a", &s, err));
	/* An hour and a half, less the twentieth that a timer may be early. */
	SAME_INT("asked again in", s.next_poll - t.run.now, 5130);
	{
		struct err err = ERR_INIT;
		struct db_query *q = db_query(t.run.store,
		    "SELECT 1 FROM entry e JOIN entry_text t ON t.entry_id = e.id", &err);

		assert_false(db_next(q));
		assert_true(db_done(q, &err));
	}
	flow_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_key_goes_to_the_origin_it_was_given_for),
		cmocka_unit_test(a_section_is_of_its_feed_wherever_it_is_asked),
		cmocka_unit_test(a_feed_that_moved_is_read_as_its_section_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
