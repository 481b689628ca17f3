/* SPDX-License-Identifier: ISC */
/* The file that names the feeds being read, as a run finds it that comes after a killed one. */
#include "unit/flow_fixture.h"

#include "flow/being_read.h"

struct reading {
	char *folder;
	char path[300];
	struct arena *a;
	struct being_read b;
	struct reading_suspects suspects;
};

static void
reading_begin(struct reading *r)
{
	r->folder = new_folder();
	r->a = arena_new();
	in_folder(r->folder, "x.reading", r->path);
}

static void
reading_open(struct reading *r)
{
	MUST(being_read_open(&r->b, r->a, r->path, &r->suspects, err));
}

/* As if the run were killed: the file stays. */
static void
reading_killed(struct reading *r)
{
	assert_int_equal(close(r->b.fd), 0);
}

static void
reading_end(struct reading *r)
{
	being_read_close(&r->b);
	assert_int_equal(r->b.fd, -1);
	assert_false(file_exists(r->path));
	being_read_close(&r->b);
	assert_int_equal(rmdir(r->folder), 0);
	free(r->folder);
	arena_free(r->a);
}

static void
expect_suspects(struct reading *r, const char *name, const char *want, int64_t page)
{
	const char *got = "";

	reading_open(r);
	for (size_t i = 0; i < r->suspects.count; i++)
		got = arena_printf(r->a, "%s%s%s", got, i > 0 ? " " : "",
		    r->suspects.keys[i]);
	SAME_TEXT(name, got, want);
	SAME_INT(name, r->b.suspect_page, page);
}

static void
who_was_read_is_a_suspect(void **state)
{
	struct reading r;

	(void)state;
	reading_begin(&r);
	expect_suspects(&r, "a new file", "", 0);
	being_read_end(&r.b, 0);
	reading_killed(&r);
	expect_suspects(&r, "nothing was read", "", 0);
	being_read_begin(&r.b, 0, "ann");
	reading_killed(&r);
	expect_suspects(&r, "one", "ann", 0);
	assert_true(r.b.names_one[0]);
	assert_false(r.b.names_one[1]);
	being_read_begin(&r.b, 2, "cy");
	being_read_begin(&r.b, READING_PLACES - 1, "last");
	reading_killed(&r);
	expect_suspects(&r, "three, one at the end", "ann cy last", 0);
	being_read_end(&r.b, 0);
	being_read_begin(&r.b, 2, "d");
	reading_killed(&r);
	expect_suspects(&r, "a shorter name over a longer", "d last", 0);
	being_read_forget(&r.b);
	reading_killed(&r);
	expect_suspects(&r, "forgotten", "", 0);
	being_read_begin_page(&r.b, 1, 4711);
	being_read_begin(&r.b, 0, "ann");
	reading_killed(&r);
	expect_suspects(&r, "a page beside a feed", "ann", 4711);
	reading_end(&r);
}

static void
a_key_is_as_long_as_an_address(void **state)
{
	char key[LIMIT_URL + 20];
	struct reading r;

	(void)state;
	memset(key, 'k', sizeof(key));
	key[sizeof(key) - 1] = '\0';
	reading_begin(&r);
	reading_open(&r);
	being_read_begin(&r.b, 0, key);
	being_read_begin(&r.b, 1, "bo");
	reading_killed(&r);
	reading_open(&r);
	assert_int_equal(r.suspects.count, 2);
	assert_int_equal(strlen(r.suspects.keys[0]), LIMIT_URL);
	assert_string_equal(r.suspects.keys[1], "bo");
	reading_end(&r);
}

static void
half_a_line_names_nobody(void **state)
{
	static const struct {
		const char *name, *bytes, *want;
		int64_t page;
	} cases[] = {
		{ "no line end", "ann", "", 0 },
		{ "an empty line", "\nbo\n", "", 0 },
		{ "what is left behind it", "a\nnn\n", "a", 0 },
		{ "a page", "\t12\n", "", 12 },
		{ "a page with a nine", "\t190\n", "", 190 },
		{ "a page without a number", "\t\n", "", 0 },
		{ "the same, and what is left behind it", "\t\n12\n", "", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct reading r;

		reading_begin(&r);
		MUST(file_write(r.path, cases[i].bytes, strlen(cases[i].bytes), 0600,
		    err));
		expect_suspects(&r, cases[i].name, cases[i].want, cases[i].page);
		reading_end(&r);
	}
}

static void
without_a_file_nothing_is_noted(void **state)
{
	struct arena *a = arena_new();
	struct reading_suspects suspects = { .count = 3 };
	struct being_read b;

	(void)state;
	MUST(being_read_open(&b, a, NULL, &suspects, err));
	assert_int_equal(suspects.count, 0);
	assert_int_equal(b.fd, -1);
	being_read_begin(&b, 0, "ann");
	being_read_end(&b, 0);
	being_read_close(&b);
	MUST_FAIL(being_read_open(&b, a, "/nowhere/x.reading", &suspects, err),
	    ERR_SYSTEM, "/nowhere/x.reading");
	assert_int_equal(b.fd, -1);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_was_read_is_a_suspect),
		cmocka_unit_test(a_key_is_as_long_as_an_address),
		cmocka_unit_test(half_a_line_names_nobody),
		cmocka_unit_test(without_a_file_nothing_is_noted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
