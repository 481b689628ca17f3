/* SPDX-License-Identifier: ISC */
#include "unit/store_fixture.h"

#include "base/attr.h"
#include "store/db.h"
#include "store/renderings.h"

static struct rendering
make_rendering(const char *subject, const char *text, const char *html)
{
	return (struct rendering){ .subject = subject,
		.text = text,
		.text_len = strlen(text),
		.html = html,
		.html_len = html ? strlen(html) : 0 };
}

static void
a_rendering_is_kept_byte_for_byte(void **state)
{
	static const char text[] = "Hello \x01leave\x02\n";
	struct store *s = memory_store();
	struct arena *a = arena_new();
	struct variant v = { 0, LENGTH_DEFAULT, FORMAT_HTML, "*", NULL, 0 };
	struct rendering_key key = { .span = approve_issue(s, "i", NOW), .part = 1 };
	struct rendering r = make_rendering("S", text, NULL);
	struct rendering got;
	const char *head = "";
	bool found = true;

	(void)state;
	MUST(store_variant_intern(s, &v, err));
	key.variant_id = v.id;
	MUST(store_rendering_get(s, a, &key, &got, &head, &found, err));
	SAME_INT("not made", found, 0);
	SAME_TEXT("no letterhead", head, "(none)");
	MUST(store_rendering_put(s, &key, &r, NULL, NULL, NOW, err));
	MUST(store_rendering_get(s, a, &key, &got, &head, &found, err));
	SAME_INT("found", found, 1);
	SAME_TEXT("subject", got.subject, "S");
	SAME_INT("length", got.text_len, sizeof(text) - 1);
	assert_memory_equal(got.text, text, sizeof(text));
	SAME_TEXT("html", got.html, "(none)");
	SAME_INT("html length", got.html_len, 0);
	SAME_TEXT("no letterhead", head, "(none)");
	r = make_rendering("T", "", "<p>");
	MUST(store_rendering_put(s, &key, &r, "From: planet", NULL, NOW, err));
	MUST(store_rendering_get(s, a, &key, &got, &head, &found, err));
	SAME_TEXT("replaced subject", got.subject, "T");
	SAME_TEXT("an empty text is one", got.text, "");
	SAME_TEXT("replaced html", got.html, "<p>");
	SAME_INT("html length", got.html_len, 3);
	SAME_TEXT("letterhead", head, "From: planet");
	MUST(store_rendering_get(s, a, &key, &got, NULL, &found, err));
	key.span.last_id = 99;
	MUST_FAIL(store_rendering_put(s, &key, &r, NULL, NULL, NOW, err), ERR_BUG,
	    "FOREIGN KEY");
	arena_free(a);
	close_store(s);
}

static void
each_span_variant_and_part_has_its_own(void **state)
{
	struct store *s = memory_store();
	struct arena *a = arena_new();
	struct variant html = { 0, LENGTH_DEFAULT, FORMAT_HTML, "*", NULL, 0 };
	struct variant text = { 0, LENGTH_DEFAULT, FORMAT_TEXT, "*", NULL, 0 };
	struct rendering_key keys[5];
	struct span second;
	int64_t heads = 0;

	(void)state;
	approve_issue(s, "i", NOW);
	second = approve_issue(s, "j", NOW);
	MUST(store_variant_intern(s, &html, err));
	MUST(store_variant_intern(s, &text, err));
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		keys[i] = (struct rendering_key){ second, html.id, 1 };
	keys[1].span = (struct span){ 0, 1, 1 };
	keys[2].span.after = 0;
	keys[3].variant_id = text.id;
	keys[4].part = 2;
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		const struct rendering r =
		    make_rendering(arena_printf(a, "%zu", i), "t", NULL);

		MUST(store_rendering_put(s, &keys[i], &r, i == 4 ? "new" : "old", NULL,
		    NOW, err));
	}
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		struct rendering got;
		const char *head = NULL;
		bool found = false;

		MUST(store_rendering_get(s, a, &keys[i], &got, &head, &found, err));
		SAME_TEXT("subject", got.subject, arena_printf(a, "%zu", i));
		SAME_TEXT("letterhead", head, i == 4 ? "new" : "old");
	}
	MUST(db_number(s, "SELECT COUNT(*) FROM letterhead", &heads, err));
	SAME_INT("letterheads", heads, 2);
	arena_free(a);
	close_store(s);
}

static void
renderings_are_kept_small(void **state)
{
	enum { BYTES = 100000 };
	struct store *s = memory_store();
	struct arena *a = arena_new();
	struct variant v = { 0, LENGTH_DEFAULT, FORMAT_HTML, "*", NULL, 0 };
	struct rendering_key key = { .span = approve_issue(s, "i", NOW), .part = 1 };
	char *long_text = arena_array(a, BYTES + 1, 1);
	struct rendering r;
	struct rendering got;
	int64_t stored = 0;
	bool found = false;

	(void)state;
	MUST(store_variant_intern(s, &v, err));
	key.variant_id = v.id;
	for (int i = 0; i < BYTES; i++)
		long_text[i] = "the same words again, "[i % 22];
	long_text[BYTES] = '\0';
	r = make_rendering("S", long_text, long_text);
	MUST(store_rendering_put(s, &key, &r, NULL, NULL, NOW, err));
	MUST(db_number(s, "SELECT length(text) + length(html) FROM rendering", &stored,
	    err));
	if (stored > BYTES / 50)
		fail_msg("stored: got %lld bytes, want fewer than %d", (long long)stored,
		    BYTES / 50);
	MUST(store_rendering_get(s, a, &key, &got, NULL, &found, err));
	SAME_TEXT("text", got.text, long_text);
	SAME_TEXT("html", got.html, long_text);
	MUST(db_exec(s, "UPDATE rendering SET text = x'789c00'", err));
	MUST_FAIL(store_rendering_get(s, a, &key, &got, NULL, &found, err), ERR_STORE,
	    "");
	arena_free(a);
	close_store(s);
}

static void
what_the_archive_shows_is_never_tidied_away(void **state)
{
	static const struct {
		const char *name;
		int64_t after; /* of issue 2 */
		bool archive;  /* the variant it shows */
		int64_t created;
		bool kept;
	} cases[] = {
		{ "the archive's, old", 1, true, NOW - 100, true },
		{ "another variant, old", 1, false, NOW - 100, false },
		{ "another variant, a second ago", 1, false, NOW - 1, false },
		{ "another variant, young", 1, false, NOW, true },
		{ "the archive's variant, two issues, old", 0, true, NOW - 100, false },
		{ "the archive's variant, two issues, young", 0, true, NOW, true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct store *s = memory_store();
		struct arena *a = arena_new();
		struct variant shown = { 0, LENGTH_DEFAULT, FORMAT_HTML, "*", NULL, 0 };
		struct variant other = { 0, LENGTH_TITLES, FORMAT_HTML, "*", NULL, 0 };
		const struct rendering r = make_rendering("S", "t", NULL);
		struct rendering_key key = { .part = 1 };
		struct rendering got;
		int64_t dropped = -1;
		bool found = false;

		MUST(store_variant_intern(s, &shown, err));
		MUST(store_variant_intern(s, &other, err));
		approve_issue(s, "i", NOW);
		key.span = approve_issue(s, "j", NOW);
		key.span.after = cases[i].after;
		key.variant_id = cases[i].archive ? shown.id : other.id;
		MUST(store_rendering_put(s, &key, &r, NULL, NULL, cases[i].created, err));
		MUST(store_renderings_tidy(s, NOW, shown.id, 0, &dropped, err));
		SAME_INT(cases[i].name, dropped, !cases[i].kept);
		MUST(store_rendering_get(s, a, &key, &got, NULL, &found, err));
		SAME_INT(cases[i].name, found, cases[i].kept);
		arena_free(a);
		close_store(s);
	}
}

static void
a_variant_is_kept_as_its_difference_from_a_base(void **state)
{
	static const char *const base_html = "<p>The harbour at night, as it was seen</p>"
					     "<p>What came in with the tide today</p>";
	static const struct {
		const char *name;
		const char *text;
		const char *html;
	} cases[] = {
		{ "less", "What came in with the tide today",
		    "<p>What came in with the tide today</p>" },
		{ "more", "Also: what came in with the tide today",
		    "<p>New</p><p>The harbour at night, as it was seen</p>" },
		{ "nothing in common", "Hello", "<b>" },
		{ "a text alone", "Hello", NULL },
		{ "an empty text", "", "" },
	};
	struct store *s = memory_store();
	struct arena *a = arena_new();
	struct variant archive = { 0, LENGTH_DEFAULT, FORMAT_HTML, "*", NULL, 0 };
	struct variant other = { 0, LENGTH_DEFAULT, FORMAT_HTML, "-7", NULL, 0 };
	struct rendering_key key = { .span = approve_issue(s, "i", NOW), .part = 1 };
	struct rendering_key of = key;
	struct rendering r = make_rendering("S", "The harbour\n", base_html);
	struct rendering_base base;
	struct rendering got;
	int64_t rests = 0;
	bool found = false;

	(void)state;
	MUST(store_variant_intern(s, &archive, err));
	MUST(store_variant_intern(s, &other, err));
	of.variant_id = archive.id;
	key.variant_id = other.id;
	MUST(store_rendering_base(s, a, &of, &base, err));
	SAME_INT("no base yet", base.id, 0);
	MUST(store_rendering_put(s, &of, &r, "From: planet", &base, NOW, err));
	MUST(store_rendering_base(s, a, &of, &base, err));
	SAME_INT("a base", base.id, 1);
	SAME_TEXT("its html", base.r.html, base_html);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		r = make_rendering("S", cases[i].text, cases[i].html);
		MUST(store_rendering_put(s, &key, &r, NULL, &base, NOW, err));
		MUST(db_number(s, "SELECT base_id FROM rendering WHERE id = 2", &rests,
		    err));
		SAME_INT(cases[i].name, rests, 1);
		MUST(store_rendering_get(s, a, &key, &got, NULL, &found, err));
		SAME_TEXT(cases[i].name, got.text, cases[i].text);
		SAME_INT(cases[i].name, got.text_len, strlen(cases[i].text));
		SAME_TEXT(cases[i].name, got.html,
		    cases[i].html ? cases[i].html : "(none)");
	}
	MUST(store_rendering_base(s, a, &key, &base, err));
	SAME_INT("what rests on a base is none", base.id, 0);
	MUST_FAIL(store_rendering_put(s, &of, &r, NULL, NULL, NOW, err), ERR_BUG,
	    "others rest on");
	MUST(store_rendering_put(s, &key, &r, NULL, NULL, NOW, err));
	MUST(store_rendering_put(s, &of, &r, NULL, NULL, NOW, err));
	arena_free(a);
	close_store(s);
}

static void
a_base_that_is_not_the_same_any_more_is_damage(void **state)
{
	struct store *s = memory_store();
	struct arena *a = arena_new();
	struct variant v = { 0, LENGTH_DEFAULT, FORMAT_HTML, "*", NULL, 0 };
	struct rendering_key key = { .span = approve_issue(s, "i", NOW), .part = 1 };
	struct rendering_key other = key;
	struct rendering r =
	    make_rendering("S", "What came in with the tide today", NULL);
	struct rendering_base base;
	struct rendering got;
	bool found = false;

	(void)state;
	other.part = 2;
	MUST(store_variant_intern(s, &v, err));
	key.variant_id = v.id;
	other.variant_id = v.id;
	MUST(store_rendering_put(s, &key, &r, NULL, NULL, NOW, err));
	MUST(store_rendering_base(s, a, &key, &base, err));
	MUST(store_rendering_put(s, &other, &r, NULL, &base, NOW, err));
	MUST(store_rendering_get(s, a, &other, &got, NULL, &found, err));
	SAME_TEXT("as it was", got.text, "What came in with the tide today");
	/* "other" as zlib packs it */
	MUST(db_exec(s,
	    "UPDATE rendering SET text = x'789ccb2fc9482d020006740223' WHERE part = 1",
	    err));
	MUST_FAIL(store_rendering_get(s, a, &other, &got, NULL, &found, err), ERR_STORE,
	    "damaged");
	arena_free(a);
	close_store(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rendering_is_kept_byte_for_byte),
		cmocka_unit_test(each_span_variant_and_part_has_its_own),
		cmocka_unit_test(renderings_are_kept_small),
		cmocka_unit_test(a_variant_is_kept_as_its_difference_from_a_base),
		cmocka_unit_test(a_base_that_is_not_the_same_any_more_is_damage),
		cmocka_unit_test(what_the_archive_shows_is_never_tidied_away),
	};

	return cmocka_run_group_tests_name("store renderings", tests, NULL, NULL);
}
