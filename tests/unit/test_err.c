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
	err_wrap(&err, "in the file");
	assert_string_equal(err.text, "in the file: first 1");
	err_why(&err, "because");
	err_why(&err, "again");
	assert_string_equal(err.why, "because");
	err_hint(&err, "do this");
	err_hint(&err, "do that");
	assert_string_equal(err.hint, "do this");
	err_clear(&err);
	assert_false(err_is_set(&err));
	err_wrap(&err, "nothing");
	assert_string_equal(err.text, "");
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
		cmocka_unit_test(what_is_too_long_is_cut_between_characters),
		cmocka_unit_test(several_errors_stand_in_one),
		cmocka_unit_test(a_next_step_stays_that_of_the_first),
		cmocka_unit_test(errors_that_find_no_room_are_left_out_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
