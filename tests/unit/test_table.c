/* SPDX-License-Identifier: ISC */
/* One list in the three forms it has: aligned for people, with tabs for pipes, as JSON. */
#include "unit/cmd_fixture.h"

#include "cmd/table.h"

static const struct column columns[] = {
	{ "name", COLUMN_TEXT, false, "how it is called" },
	{ "n", COLUMN_NUMBER, false, "how many" },
	{ "secret", COLUMN_TEXT, true, "for programs" },
	{ "last", COLUMN_TIME, false, "when it came" },
	{ "note", COLUMN_TEXT, false, "what is wrong" },
};

/* The clock of the row that has them. */
enum { OWN_HEADINGS = 1 };
static const char *const headings[] = { "who", "many", NULL, "since", "why" };

struct row {
	const char *name;
	int64_t n;
	const char *secret;
	int64_t last;
	const char *note;
};

static void
print(struct app *app, const struct row *rows, size_t count, size_t columns_used,
    struct buf *out, struct err *err)
{
	char *folder = new_folder();
	struct buf complained = BUF_INIT(SAID_MAX);
	struct capture c;
	struct table t;

	app->run.arena = arena_new();
	capture_begin(&c, folder, NULL);
	if (table_begin(&t, app, "things", columns, columns_used, err)) {
		if (app->run.now == OWN_HEADINGS)
			t.headings = headings;
		for (size_t i = 0; i < count; i++) {
			const struct row *r = &rows[i];

			table_text(&t, r->name);
			if (columns_used > 1)
				table_number(&t, r->n);
			if (columns_used > 2) {
				table_text(&t, r->secret);
				table_time(&t, r->last);
				table_text(&t, r->note);
			}
			table_row(&t);
		}
		table_end(&t);
	}
	capture_end(&c, out, &complained);
	SAME_TEXT("standard error", buf_text(&complained), "");
	buf_clear(&complained);
	assert_int_equal(rmdir(folder), 0);
	free(folder);
	arena_free(app->run.arena);
}

static const struct row some[] = {
	{ "a", 7, "x", 0, "short" },
	{ "longer name", -12, NULL, TIME_NONE, NULL },
	/* Two columns on a screen, and what may not reach a terminal. */
	{ "\xe6\x97\xa5\xe6\x9c\xac", 0, "", 86399, "tab\there" },
	{ NULL, 1234567890123, "y", INT64_C(1795500000), "esc\x1b[1m\nline" },
};

static const struct {
	const char *name;
	struct app app;
	size_t columns, rows;
	const char *want;
} forms[] = {
	{ "aligned", { .out_tty = true }, 5, 4,
	    "NAME         N              LAST                  NOTE\n"
	    "a            7              1970-01-01T00:00:00Z  short\n"
	    "longer name  -12                                  \n"
	    "\xe6\x97\xa5\xe6\x9c\xac         0              1970-01-01T23:59:59Z  tab here\n"
	    "             1234567890123  2026-11-24T06:00:00Z  esc\\x1b[1m line\n" },
	{ "aligned, nothing", { .out_tty = true }, 5, 0, "" },
	{ "headings of its own, none of what is for programs",
	    { .out_tty = true, .run.now = OWN_HEADINGS }, 5, 1,
	    "WHO  MANY  SINCE                 WHY\n"
	    "a    7     1970-01-01T00:00:00Z  short\n" },
	{ "one cell", { .out_tty = true }, 1, 1, "NAME\na\n" },
	{ "one column has no blanks behind it", { .out_tty = true }, 1, 2,
	    "NAME\na\nlonger name\n" },
	{ "a heading wider than its cells", { .out_tty = true }, 2, 1,
	    "NAME  N\na     7\n" },
	{ "with tabs", { .plain = true }, 5, 4,
	    "a\t7\t1970-01-01T00:00:00Z\tshort\n"
	    "longer name\t-12\t\t\n"
	    "\xe6\x97\xa5\xe6\x9c\xac\t0\t1970-01-01T23:59:59Z\ttab here\n"
	    "\t1234567890123\t2026-11-24T06:00:00Z\tesc\\x1b[1m line\n" },
	{ "with tabs, nothing", { .plain = true }, 5, 0, "" },
	{ "JSON, nothing", { .json = true }, 5, 0, "{\"schema\":1,\"things\":[]}\n" },
	{ "JSON", { .json = true }, 5, 2,
	    "{\"schema\":1,\"things\":["
	    "{\"name\":\"a\",\"n\":7,\"secret\":\"x\",\"last\":\"1970-01-01T00:00:00Z\","
	    "\"note\":\"short\"},"
	    "{\"name\":\"longer name\",\"n\":-12,\"secret\":null,\"last\":null,"
	    "\"note\":null}]}\n" },
	{ "JSON of a pipe", { .json = true, .plain = true }, 1, 2,
	    "{\"schema\":1,\"things\":[{\"name\":\"a\"},{\"name\":\"longer name\"}]}\n" },
	{ "JSON, one field", { .json = true, .json_fields = "n" }, 5, 2,
	    "{\"schema\":1,\"things\":[{\"n\":7},{\"n\":-12}]}\n" },
	{ "JSON, fields in the table's order",
	    { .json = true, .json_fields = "note,name" }, 5, 1,
	    "{\"schema\":1,\"things\":[{\"name\":\"a\",\"note\":\"short\"}]}\n" },
	{ "JSON, the fields there are", { .json = true, .json_fields = "help" }, 5, 4,
	    "name    how it is called\n"
	    "n       how many\n"
	    "secret  for programs\n"
	    "last    when it came\n"
	    "note    what is wrong\n" },
};

static void
test_a_list_has_three_forms(void **state)
{
	struct buf out = BUF_INIT(SAID_MAX);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		struct app app = forms[i].app;
		struct err err = ERR_INIT;

		print(&app, some, forms[i].rows, forms[i].columns, &out, &err);
		SAME_TEXT(forms[i].name, err.text, "");
		SAME_TEXT(forms[i].name, buf_text(&out), forms[i].want);
	}
	buf_clear(&out);
}

static void
test_a_field_that_is_none_is_refused_before_anything_is_written(void **state)
{
	static const struct {
		const char *fields, *text;
	} cases[] = {
		{ "nam", "--json has no field 'nam' here" },
		{ "names", "--json has no field 'names' here" },
		{ "name,,note", "--json has no field '' here" },
		{ "name,x,note", "--json has no field 'x' here" },
		{ "name,help", "--json has no field 'help' here" },
	};
	struct buf out = BUF_INIT(SAID_MAX);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct app app = { .json = true, .json_fields = cases[i].fields };
		struct err err = ERR_INIT;

		print(&app, some, 1, 5, &out, &err);
		SAME_TEXT(cases[i].fields, err.text, cases[i].text);
		SAME_TEXT(cases[i].fields, err.hint, "--json=help lists the fields");
		SAME_INT(cases[i].fields, err.kind, ERR_USAGE);
		SAME_TEXT(cases[i].fields, buf_text(&out), "");
	}
	buf_clear(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_list_has_three_forms),
		cmocka_unit_test(
		    test_a_field_that_is_none_is_refused_before_anything_is_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
