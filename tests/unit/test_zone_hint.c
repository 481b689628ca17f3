/* SPDX-License-Identifier: ISC */
/* Time zones that may have been meant. */
#include "unit/store_fixture.h"

#include "base/zone_hint.h"

static const struct {
	const char *name, *want;
} hints[] = {
	{ "Europe/Pari", "did you mean Europe/Paris?" },
	{ "europe/berlin", "did you mean Europe/Berlin?" },
	{ "Europe/Brelin", "did you mean Europe/Berlin?" },
	/* The city without its continent, or with another's. */
	{ "Paris", "did you mean Europe/Paris?" },
	{ "Parsi", "did you mean Europe/Paris?" },
	{ "New York", "did you mean America/New_York?" },
	{ "Amerika/Chicago", "did you mean America/Chicago?" },
	/* An old name of another zone. */
	{ "Asia/Calcuta", "did you mean Asia/Calcutta?" },
	/* One edit in four letters of the whole, or of the city. */
	{ "Europe/Pxxxs", "did you mean Europe/Paris?" },
	{ "Europe/Pxxxxs", "" },
	{ "Amxxerdam", "did you mean Europe/Amsterdam?" },
	{ "Amxxxrdam", "" },
	{ "Parxx", "" },
	{ "nowhere/at/all", "" },
	{ "xyz", "" },
	{ "", "" },
};

static void
a_wrong_name_is_near_to_a_right_one(void **state)
{
	(void)state;
	if (access(ZONE_DIR "/tzdata.zi", R_OK) != 0)
		skip();
	for (size_t i = 0; i < ARRAY_LEN(hints); i++) {
		struct err e = ERR_INIT;

		(void)err_set(&e, ERR_CONFIG, "no such zone");
		zone_hint(hints[i].name, &e);
		SAME_TEXT(hints[i].name, e.hint, hints[i].want);
	}
}

static void
two_cities_of_one_name_are_both_told(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	if (access(ZONE_DIR "/tzdata.zi", R_OK) != 0)
		skip();
	(void)err_set(&e, ERR_CONFIG, "no such zone");
	zone_hint("Indianapolis", &e);
	if (!strstr(e.hint, "America/Indiana/Indianapolis") ||
	    !strstr(e.hint, "America/Indianapolis") || !strstr(e.hint, " or "))
		fail_msg("got %s", e.hint);
}

static void
three_that_are_equally_near_are_all_told(void **state)
{
	struct err e = ERR_INIT;
	char name[3][40] = { "", "", "" };

	(void)state;
	if (access(ZONE_DIR "/tzdata.zi", R_OK) != 0)
		skip();
	(void)err_set(&e, ERR_CONFIG, "no such zone");
	zone_hint("Etc/GMT1", &e);
	assert_int_equal(sscanf(e.hint, "did you mean %39[^,], %39s or %39[^?]?", name[0],
			     name[1], name[2]),
	    3);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(strncmp(name[i], "Etc/GMT", 7), 0);
		assert_true(strcmp(name[i], name[(i + 1) % 3]) != 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_wrong_name_is_near_to_a_right_one),
		cmocka_unit_test(three_that_are_equally_near_are_all_told),
		cmocka_unit_test(two_cities_of_one_name_are_both_told),
	};

	return cmocka_run_group_tests_name("zone hint", tests, NULL, NULL);
}
