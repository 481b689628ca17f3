/* SPDX-License-Identifier: ISC */
/* What the letters of a send have in common is loaded once. */
#include "unit/issue_fixture.h"

#include "flow/issue_stock.h"
#include "list/preferences.h"
#include "store/renderings.h"

static void
what_is_in_stock_is_not_loaded_again(void **state)
{
	struct flow_test t;
	struct issue first;
	struct stocked_issue one;
	struct stocked_issue again;
	struct stocked_issue other;
	struct source *sources = NULL;
	struct source *same = NULL;
	size_t count = 0;
	bool is_kept = true;

	(void)state;
	flow_begin(&t);
	first = approved_issue(&t);
	t.run.stock = issue_stock_new();
	MUST(issue_stock_entries(&t.run, first.id, &one, &is_kept, err));
	SAME_INT("entries", one.count, 1);
	SAME_TEXT("title", one.entries[0].title, "one");
	SAME_INT("over", one.over_count, 0);
	MUST(issue_stock_entries(&t.run, first.id + 1, &other, &is_kept, err));
	SAME_INT("of no issue", other.count, 0);
	MUST(issue_stock_sources(&t.run, &sources, &count, &is_kept, err));
	SAME_INT("sources", count, 1);
	/* Nothing can be read any more. */
	MUST(db_exec(t.run.store, "ALTER TABLE issue_entry RENAME TO gone", err));
	MUST(db_exec(t.run.store, "ALTER TABLE source RENAME TO lost", err));
	MUST(issue_stock_entries(&t.run, first.id, &again, &is_kept, err));
	assert_ptr_equal(again.entries, one.entries);
	SAME_INT("count", again.count, 1);
	issue_stock_tidy(t.run.stock);
	count = 0;
	MUST(issue_stock_sources(&t.run, &same, &count, &is_kept, err));
	assert_ptr_equal(same, sources);
	SAME_INT("count", count, 1);
	SAME_INT("all is kept", is_kept, true);
	assert_non_null(issue_stock_posts(t.run.stock));
	assert_false(
	    issue_stock_entries(&t.run, 99, &again, &is_kept, &(struct err){ 0 }));
	issue_stock_free(t.run.stock);
	t.run.stock = NULL;
	flow_end(&t);
}

static void
without_a_stock_all_is_loaded_each_time(void **state)
{
	struct flow_test t;
	struct issue first;
	struct stocked_issue one;
	struct source *sources = NULL;
	size_t count = 0;
	bool is_kept = true;

	(void)state;
	flow_begin(&t);
	first = approved_issue(&t);
	MUST(issue_stock_entries(&t.run, first.id, &one, &is_kept, err));
	SAME_INT("entries", one.count, 1);
	SAME_INT("entries are not kept", is_kept, false);
	is_kept = true;
	MUST(issue_stock_sources(&t.run, &sources, &count, &is_kept, err));
	SAME_INT("sources", count, 1);
	SAME_INT("sources are not kept", is_kept, false);
	assert_null(issue_stock_posts(NULL));
	issue_stock_tidy(NULL);
	issue_stock_free(NULL);
	flow_end(&t);
}

/* The archive's rendering of an issue is what others are stored as differences from. */
static void
a_base_is_known_by_its_issue(void **state)
{
	(void)state;
	for (int with_stock = 0; with_stock < 2; with_stock++) {
		struct flow_test t;
		struct issue first;
		struct variant v = variant_of_archive();
		struct rendering_key key = { .part = 1 };
		const struct rendering_base *base = NULL;
		const struct rendering_base *again = NULL;

		flow_begin(&t);
		first = approved_issue(&t);
		key.span = (struct span){ 0, 1, first.id };
		MUST(store_variant_intern(t.run.store, &v, err));
		key.variant_id = v.id;
		if (with_stock)
			t.run.stock = issue_stock_new();
		MUST(issue_stock_base(&t.run, &key, &base, err));
		assert_non_null(base);
		assert_true(base->id != 0);
		MUST(issue_stock_base(&t.run, &key, &again, err));
		SAME_INT("the same", again->id, base->id);
		SAME_INT("kept", again == base, with_stock);
		key.span = (struct span){ 1, 2, first.id + 1 };
		MUST(issue_stock_base(&t.run, &key, &again, err));
		assert_null(again);
		issue_stock_free(t.run.stock);
		t.run.stock = NULL;
		flow_end(&t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_in_stock_is_not_loaded_again),
		cmocka_unit_test(without_a_stock_all_is_loaded_each_time),
		cmocka_unit_test(a_base_is_known_by_its_issue),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
