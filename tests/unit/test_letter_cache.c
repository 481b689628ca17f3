/* SPDX-License-Identifier: ISC */
/* Renderings of spans, made once and kept, and the letters at hand while a send goes on. */
#include "unit/flow_fixture.h"

#include "flow/compile.h"
#include "flow/letter_cache.h"
#include "list/preferences.h"
#include "flow/shared_letter.h"
#include "store/notes.h"
#include "store/variants.h"

/* Large letters: more of them than the cache may hold. */
enum { LETTERS = 60, WORDS = 60000 };

static int64_t
number_of(struct flow_test *t, const char *sql)
{
	int64_t n = 0;

	MUST(db_number(t->run.store, sql, &n, err));
	return n;
}

static struct issue
must_build(struct flow_test *t)
{
	struct compile_report r;

	MUST(flow_issue_build(&t->run, true, &r, err));
	assert_true(r.built);
	return r.issue;
}

/* Reader 1's letter of the issues up to this one, in a variant with these sources. */
static struct delivery
letter_to(struct flow_test *t, const struct issue *last, int64_t after,
    const char *sources)
{
	struct variant v = { 0, LENGTH_DEFAULT, FORMAT_HTML, sources, NULL, 0 };

	MUST(store_variant_intern(t->run.store, &v, err));
	return (struct delivery){ .span = { after, last->number, last->id },
		.part = 1,
		.reader_id = 1,
		.variant_id = v.id,
		.confirmed = NOW,
		.address = "a@x.example" };
}

static const struct shared_letter *
must_get(struct flow_test *t, struct letter_cache *cache, const struct delivery *d)
{
	const struct shared_letter *l = NULL;

	MUST(letter_cache_get(cache, &t->run, d, &l, err));
	assert_non_null(l->encoded);
	return l;
}

static struct letter_cache *
new_cache(struct flow_test *t)
{
	unsigned char key[HASH_SIZE];

	MUST(store_key(t->run.store, key, err));
	return letter_cache_new(key);
}

/* Their words, dates and the field that names the language; the post stays as it is. */
static void
a_reader_has_letters_in_their_own_language(void **state)
{
	struct flow_test t;
	struct letter_cache *cache = NULL;
	const struct shared_letter *l = NULL;
	struct issue first;
	struct delivery d;
	struct variant german = variant_of_archive();
	struct variant gone = variant_of_archive();

	(void)state;
	flow_begin(&t);
	SAME_INT("a", add_source(t.run.store, "a"), 1);
	(void)add_full_post(&t, 1, "one", NOW - 86400);
	first = must_build(&t);
	cache = new_cache(&t);
	d = letter_to(&t, &first, 0, "*");
	l = must_get(&t, cache, &d);
	SAME_TEXT("the newsletter's", l->head.common.language, "en");
	assert_non_null(strstr(l->rendering.text, "24 November 2026"));
	german.language = "de";
	MUST(store_variant_intern(t.run.store, &german, err));
	d.variant_id = german.id;
	l = must_get(&t, cache, &d);
	SAME_TEXT("the reader's", l->head.common.language, "de");
	SAME_TEXT("their date", l->head.since.form, "{{day}}. {{month}} {{year}}");
	assert_non_null(strstr(l->rendering.text, "Dienstag, 24. November 2026"));
	assert_non_null(strstr(l->rendering.text, "Words of one."));
	assert_non_null(strstr(l->rendering.html, "<html lang=\"de\""));
	gone.language = "tlh";
	MUST(store_variant_intern(t.run.store, &gone, err));
	d.variant_id = gone.id;
	l = must_get(&t, cache, &d);
	SAME_TEXT("without templates the newsletter's", l->head.common.language, "en");
	letter_cache_free(cache);
	cache = new_cache(&t);
	d.variant_id = german.id;
	SAME_TEXT("read back", must_get(&t, cache, &d)->head.common.language, "de");
	letter_cache_free(cache);
	flow_end(&t);
}

static void
a_span_is_rendered_once_for_a_variant(void **state)
{
	struct flow_test t;
	struct letter_cache *cache = NULL;
	struct issue first;
	struct issue second;
	struct delivery alone;
	struct delivery both;
	struct delivery test;
	const char *subject = NULL;

	(void)state;
	flow_begin(&t);
	/* The archive shows what is kept: one rendering of an issue. */
	t.settings.config.web.archive_full = BODY_WHOLE;
	t.settings.config.digest.subject = "{{name}}, {{date}}: {{posts}} from {{blogs}}";
	SAME_INT("a", add_source(t.run.store, "a"), 1);
	SAME_INT("b", add_source(t.run.store, "b"), 2);
	(void)add_full_post(&t, 1, "one", NOW - 86400);
	first = must_build(&t);
	t.run.now += 86400;
	(void)add_full_post(&t, 2, "two", NOW);
	second = must_build(&t);
	SAME_INT("the archive's", number_of(&t, "SELECT COUNT(*) FROM rendering"), 2);

	cache = new_cache(&t);
	alone = letter_to(&t, &second, 1, "*");
	both = letter_to(&t, &second, 0, "*");
	SAME_TEXT("the newest issue", must_get(&t, cache, &alone)->issue.name,
	    second.name);
	SAME_INT("which stands already", number_of(&t, "SELECT COUNT(*) FROM rendering"),
	    2);
	subject =
	    arena_strdup(t.run.arena, must_get(&t, cache, &both)->rendering.subject);
	SAME_TEXT("its subject says the days", subject,
	    "Planet X, Tuesday 24 November to Wednesday 25 November: 2 posts from 2 blogs");
	SAME_INT("made once", number_of(&t, "SELECT COUNT(*) FROM rendering"), 3);
	both = letter_to(&t, &second, 0, "+1");
	assert_null(strstr(must_get(&t, cache, &both)->rendering.text, "Words of two."));
	assert_non_null(
	    strstr(must_get(&t, cache, &both)->rendering.text, "Words of one."));
	SAME_INT("once more for other sources",
	    number_of(&t, "SELECT COUNT(*) FROM rendering"), 4);
	test = letter_to(&t, &first, 0, "*");
	test.kind = NOTICE_TEST;
	test.notice_id = 1;
	assert_true(
	    strncmp(must_get(&t, cache, &test)->rendering.subject, "[TEST] ", 7) == 0);

	/* Another send makes nothing again: nothing is written. */
	letter_cache_free(cache);
	cache = new_cache(&t);
	flow_break_store(&t);
	both = letter_to(&t, &second, 0, "*");
	SAME_TEXT("as it was", must_get(&t, cache, &both)->rendering.subject, subject);
	flow_mend_store(&t);
	letter_cache_free(cache);
	letter_cache_free(NULL);
	flow_end(&t);
}

static void
letters_longest_not_asked_for_are_forgotten(void **state)
{
	struct flow_test t;
	struct letter_cache *cache = NULL;
	struct issue issue;
	struct delivery d[LETTERS];
	struct entry e;
	char *words = NULL;

	(void)state;
	flow_begin(&t);
	/* The archive shows what is kept: one rendering of an issue. */
	t.settings.config.web.archive_full = BODY_WHOLE;
	t.settings.config.digest.body = BODY_WHOLE;
	words = arena_alloc(t.run.arena, WORDS + 1);
	for (int i = 0; i < WORDS; i++)
		words[i] = (i + 1) % 8 ? 'w' : ' ';
	words[WORDS] = '\0';
	e = make_entry(add_source(t.run.store, "a"), "long", "long", 1);
	e.html = arena_printf(t.run.arena, "<p>%s</p>", words);
	e.text = words;
	e.link = "https://a.example/long";
	MUST(add_post(t.run.store, &e, NULL, false, err));
	issue = must_build(&t);
	cache = new_cache(&t);
	for (int i = 0; i < LETTERS; i++) {
		/* All but a source that there is not. */
		d[i] =
		    letter_to(&t, &issue, 0, arena_printf(t.run.arena, "-%d", 1000 + i));
		(void)must_get(&t, cache, &d[i]);
		(void)must_get(&t, cache, &d[0]);
	}
	SAME_INT("all are stored", number_of(&t, "SELECT COUNT(*) FROM rendering"),
	    LETTERS + 1);
	MUST(db_exec(t.run.store, "UPDATE rendering SET subject = 'loaded again'", err));
	assert_string_not_equal(must_get(&t, cache, &d[0])->rendering.subject,
	    "loaded again");
	assert_string_not_equal(must_get(&t, cache, &d[LETTERS - 1])->rendering.subject,
	    "loaded again");
	SAME_TEXT("the others were forgotten",
	    must_get(&t, cache, &d[1])->rendering.subject, "loaded again");
	assert_non_null(
	    strstr(must_get(&t, cache, &d[1])->rendering.text, "wwwwwww wwwwwww"));
	letter_cache_free(cache);
	flow_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reader_has_letters_in_their_own_language),
		cmocka_unit_test(a_span_is_rendered_once_for_a_variant),
		cmocka_unit_test(letters_longest_not_asked_for_are_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
