/* SPDX-License-Identifier: ISC */
/* What is kept of a reader, as a file: each fact once, and all of it or an error. */
#include "unit/flow_fixture.h"

#include "base/buf.h"
#include "base/limits.h"
#include "flow/own_data.h"
#include "store/readers.h"

static struct reader
add_ann(struct flow_test *t, const char *language)
{
	struct reader r = make_reader("ann@x.example", READER_ACTIVE);

	r.variant.language = language;
	MUST(store_reader_add(t->run.store, &r, err));
	return r;
}

static size_t
times(const char *text, const char *part)
{
	size_t n = 0;

	for (const char *at = text; (at = strstr(at, part)); at++)
		n++;
	return n;
}

/* The language is the one their letters are in, whether they chose it or not. */
static void
the_language_is_told_once(void **state)
{
	static const struct {
		const char *name, *own, *want;
	} cases[] = {
		{ "chosen", "fr", "\"language\": \"fr\"" },
		{ "the newsletter's", NULL, "\"language\": \"de\"" },
		{ "none of theirs", "", "\"language\": \"de\"" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf out = BUF_INIT(LIMIT_PART);
		struct own_data counts;
		struct flow_test t;
		struct reader r;

		flow_begin(&t);
		t.settings.config.newsletter.language = "de";
		r = add_ann(&t, cases[i].own);
		MUST(flow_own_data(&t.run, &r, &counts, &out, err));
		SAME_INT(cases[i].name, times(buf_text(&out), "\"language\""), 1);
		SAME_INT(cases[i].name, times(buf_text(&out), cases[i].want), 1);
		buf_clear(&out);
		flow_end(&t);
	}
}

static void
half_of_it_is_an_error(void **state)
{
	struct buf whole = BUF_INIT(LIMIT_PART);
	struct own_data counts;
	struct flow_test t;
	struct reader r;

	(void)state;
	flow_begin(&t);
	r = add_ann(&t, NULL);
	MUST(flow_own_data(&t.run, &r, &counts, &whole, err));
	for (size_t max = 0; max <= whole.len; max++) {
		struct buf out = BUF_INIT(max);
		struct err err = ERR_INIT;

		SAME_INT("fits", flow_own_data(&t.run, &r, &counts, &out, &err),
		    max == whole.len);
		if (max < whole.len)
			SAME_INT("error", err.kind, ERR_LIMIT);
		buf_clear(&out);
	}
	buf_clear(&whole);
	flow_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_language_is_told_once),
		cmocka_unit_test(half_of_it_is_an_error),
	};

	return cmocka_run_group_tests_name("own_data", tests, NULL, NULL);
}
