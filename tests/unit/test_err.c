/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/err.h"

static void
the_first_cause_wins(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	assert_false(err_set(&err, ERR_INPUT, "first %d", 1));
	assert_false(err_set(&err, ERR_STORE, "second"));
	assert_int_equal(err.kind, ERR_INPUT);
	assert_string_equal(err.text, "first 1");
	assert_false(err_wrap(&err, "in the file"));
	assert_string_equal(err.text, "in the file: first 1");
	assert_false(err_why(&err, "because"));
	assert_false(err_why(&err, "again"));
	assert_string_equal(err.why, "because");
	assert_false(err_hint(&err, "do this"));
	assert_false(err_hint(&err, "do that"));
	assert_string_equal(err.hint, "do this");
	assert_false(err_next(&err, NEXT_LIST_SETTINGS));
	assert_false(err_next(&err, NEXT_IMPORT_FEEDS));
	assert_int_equal(err.next, NEXT_LIST_SETTINGS);
	err_clear(&err);
	assert_false(err_is_set(&err));
	assert_int_equal(err.next, NEXT_NONE);
	assert_string_equal(err.why, "");
	assert_string_equal(err.hint, "");
	assert_false(err_wrap(&err, "nothing"));
	assert_string_equal(err.text, "");
	/* One character is said as well; whoever knows the next step hints at no other. */
	assert_false(err_why(&err, "b"));
	assert_false(err_why(&err, "again"));
	assert_string_equal(err.why, "b");
	assert_false(err_next(&err, NEXT_IMPORT_FEEDS));
	assert_false(err_hint(&err, "do that"));
	assert_string_equal(err.hint, "");
}

/* A hint of one character, or none, beside the next step or without it. */
static void
a_hint_beside_a_next_step_stays_where_it_is(void **state)
{
	static const struct {
		const char *hint;
		enum err_next next;
		const char *text, *left;
	} rows[] = {
		{ "", NEXT_NONE, "first", "" },
		{ "h", NEXT_NONE, "first; h", "" },
		{ "", NEXT_LIST_SETTINGS, "first", "" },
		{ "h", NEXT_LIST_SETTINGS, "first", "h" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct err all = ERR_INIT;
		struct err one = ERR_INIT;

		err_set(&all, ERR_CONFIG, "first");
		if (rows[i].hint[0] != '\0')
			err_hint(&all, "%s", rows[i].hint);
		err_next(&all, rows[i].next);
		err_set(&one, ERR_CONFIG, "other");
		assert_false(err_also(&all, &one));
		assert_string_equal(all.text, rows[i].text);
		assert_string_equal(all.hint, rows[i].left);
		assert_int_equal(all.next, rows[i].next);
		assert_string_equal(all.why, "other");
	}
}

static void
what_is_too_long_is_cut_between_characters(void **state)
{
	struct err err = ERR_INIT;
	char text[600];

	(void)state;
	memset(text, 'x', sizeof(text));
	memcpy(text + 395, "\xc3\xa4", 2); /* would be cut in two */
	text[sizeof(text) - 1] = '\0';
	err_set(&err, ERR_INPUT, "%s", text);
	assert_int_equal(strlen(err.text), 398);
	assert_string_equal(err.text + 394, "x...");
}

static void
several_errors_stand_in_one(void **state)
{
	struct err all = ERR_INIT;
	struct err one = ERR_INIT;

	(void)state;
	err_set(&one, ERR_CONFIG, "unknown key 'prot'");
	err_hint(&one, "did you mean 'port'?");
	assert_false(err_also(&all, &one));
	assert_string_equal(all.text, "unknown key 'prot'");
	assert_string_equal(all.hint, "did you mean 'port'?");

	err_clear(&one);
	err_set(&one, ERR_INPUT, "wrong value 'many'");
	err_why(&one, "a.conf line 3");
	assert_false(err_also(&all, &one));
	assert_int_equal(all.kind, ERR_CONFIG);
	assert_string_equal(all.text, "unknown key 'prot'; did you mean 'port'?");
	assert_string_equal(all.hint, "");
	assert_string_equal(all.why, "wrong value 'many'\na.conf line 3");

	err_clear(&one);
	err_set(&one, ERR_INPUT, "third");
	err_hint(&one, "so");
	err_also(&all, &one);
	assert_string_equal(all.why, "wrong value 'many'\na.conf line 3\nthird; so");
}

/* A text of 400 bytes with its NUL, a hint of 300, and the lines behind them of 2000. */
static void
a_hint_goes_into_the_text_where_it_fits(void **state)
{
	/* With "; " and a hint of one character: 396 + 2 + 1 and the NUL are 400. */
	static const struct {
		int text;
		bool fits;
	} rows[] = { { 1, true }, { 395, true }, { 396, true }, { 397, false },
		{ 399, false } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct err all = ERR_INIT;
		struct err one = ERR_INIT;
		char text[400];
		char want[410];

		memset(text, 'x', sizeof(text));
		text[rows[i].text] = '\0';
		err_set(&all, ERR_INPUT, "%s", text);
		err_hint(&all, "h");
		err_set(&one, ERR_INPUT, "other");
		assert_false(err_also(&all, &one));
		(void)snprintf(want, sizeof(want), "%s%s", text,
		    rows[i].fits ? "; h" : "");
		assert_string_equal(all.text, want);
		assert_string_equal(all.hint, rows[i].fits ? "" : "h");
		assert_string_equal(all.why, "other");
	}
}

static void
a_line_goes_behind_where_it_fits(void **state)
{
	/* With the break before it and one character: 1997 + 2 and the NUL are 2000. */
	static const struct {
		int why;
		bool fits;
	} rows[] = { { 1996, true }, { 1997, true }, { 1998, false }, { 1999, false } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct err all = ERR_INIT;
		struct err one = ERR_INIT;
		char why[2000];
		char want[2010];

		memset(why, 'x', sizeof(why));
		why[rows[i].why] = '\0';
		err_set(&all, ERR_INPUT, "first");
		err_why(&all, "%s", why);
		err_set(&one, ERR_INPUT, "o");
		assert_false(err_also(&all, &one));
		(void)snprintf(want, sizeof(want), "%s%s", why,
		    rows[i].fits ? "\no" : "");
		assert_string_equal(all.why, want);
	}
}

/* 399 characters are a whole text; of more the last are three dots. */
static void
what_just_fits_is_not_cut(void **state)
{
	(void)state;
	for (int len = 395; len <= 402; len++) {
		struct err err = ERR_INIT;
		char text[410];
		char want[410];

		memset(text, 'x', sizeof(text));
		text[len] = '\0';
		(void)snprintf(want, sizeof(want), "%.*s%s", len < 400 ? len : 396, text,
		    len < 400 ? "" : "...");
		err_set(&err, ERR_INPUT, "%s", text);
		assert_string_equal(err.text, want);
	}
}

/* Words for it are those of whoever talks to people: they stay the hint of all. */
static void
a_next_step_stays_that_of_the_first(void **state)
{
	struct err all = ERR_INIT;
	struct err one = ERR_INIT;

	(void)state;
	err_set(&all, ERR_CONFIG, "unknown key");
	err_next(&all, NEXT_LIST_SETTINGS);
	err_set(&one, ERR_CONFIG, "another");
	err_also(&all, &one);
	assert_string_equal(all.text, "unknown key");
	assert_int_equal(all.next, NEXT_LIST_SETTINGS);
	assert_string_equal(all.why, "another");
}

static void
errors_that_find_no_room_are_left_out_whole(void **state)
{
	struct err all = ERR_INIT;

	(void)state;
	for (int i = 0; i < 300; i++) {
		struct err one = ERR_INIT;

		err_set(&one, ERR_CONFIG, "mistake %03d", i);
		err_also(&all, &one);
	}
	/* 166 lines of 12 bytes, the first without a break before it */
	assert_int_equal(strlen(all.why), 166 * 12 - 1);
	assert_string_equal(all.why + strlen(all.why) - 11, "mistake 166");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_cause_wins),
		cmocka_unit_test(a_hint_beside_a_next_step_stays_where_it_is),
		cmocka_unit_test(what_is_too_long_is_cut_between_characters),
		cmocka_unit_test(several_errors_stand_in_one),
		cmocka_unit_test(a_hint_goes_into_the_text_where_it_fits),
		cmocka_unit_test(a_line_goes_behind_where_it_fits),
		cmocka_unit_test(what_just_fits_is_not_cut),
		cmocka_unit_test(a_next_step_stays_that_of_the_first),
		cmocka_unit_test(errors_that_find_no_room_are_left_out_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
