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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_wrong_name_is_near_to_a_right_one),
		cmocka_unit_test(two_cities_of_one_name_are_both_told),
	};

	return cmocka_run_group_tests_name("zone hint", tests, NULL, NULL);
}
