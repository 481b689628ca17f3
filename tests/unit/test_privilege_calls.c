/* SPDX-License-Identifier: ISC */
/*
 * Which calls give root's privileges up and take them back, in which order, and what is left out
 * once one is refused.  The program has those calls in front of the C library's, so that anybody
 * can run it, and nobody becomes anybody.
 */
#define _DEFAULT_SOURCE /* setgroups() and initgroups() */

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/privileges.h"

enum { KNOWN = 70001, UNKNOWN = 70002, GROUP = 70003 };

static char calls[200];
static const char *refused; /* the call that fails with EPERM */

static int PRINTF_LIKE(2, 3) note(const char *name, const char *format, ...)
{
	const size_t len = strlen(calls);
	va_list args;

	va_start(args, format);
	(void)vsnprintf(calls + len, sizeof(calls) - len, format, args);
	va_end(args);
	if (!refused || strcmp(refused, name) != 0)
		return 0;
	errno = EPERM;
	return -1;
}

struct passwd *
getpwuid(uid_t uid)
{
	static char name[] = "planet";
	static struct passwd known = { .pw_name = name, .pw_uid = KNOWN, .pw_gid = 1 };

	return uid == KNOWN ? &known : NULL;
}

int
initgroups(const char *user, gid_t group)
{
	return note("initgroups", "initgroups %s %u, ", user, group);
}

int
setgroups(size_t count, const gid_t *list)
{
	return note("setgroups", "setgroups %zu %u, ", count, list[0]);
}

int
setgid(gid_t gid)
{
	return note("setgid", "setgid %u, ", gid);
}

int
setuid(uid_t uid)
{
	return note("setuid", "setuid %u, ", uid);
}

int
setegid(gid_t gid)
{
	return note("setegid", "setegid %u, ", gid);
}

int
seteuid(uid_t uid)
{
	return note("seteuid", "seteuid %u, ", uid);
}

#define NO(who) "cannot become " who ": Operation not permitted"
#define KNOWN_GROUPS "initgroups planet 70003, "
#define OWN_GROUP "setgroups 1 70003, "

static const struct {
	uid_t uid;
	bool for_good;
	const char *refused, *calls, *error;
} drops[] = {
	/* The user is the last that is given up: without root there are no other groups. */
	{ KNOWN, true, NULL, KNOWN_GROUPS "setgid 70003, setuid 70001, ", "" },
	{ KNOWN, false, NULL, KNOWN_GROUPS "setegid 70003, seteuid 70001, ", "" },
	{ UNKNOWN, true, NULL, OWN_GROUP "setgid 70003, setuid 70002, ", "" },
	{ UNKNOWN, false, NULL, OWN_GROUP "setegid 70003, seteuid 70002, ", "" },
	{ KNOWN, true, "initgroups", KNOWN_GROUPS, NO("planet") },
	{ KNOWN, false, "initgroups", KNOWN_GROUPS, NO("planet") },
	{ UNKNOWN, true, "setgroups", OWN_GROUP, NO("planet") },
	{ UNKNOWN, false, "setgroups", OWN_GROUP, NO("planet") },
	{ KNOWN, true, "setgid", KNOWN_GROUPS "setgid 70003, ", NO("planet") },
	{ KNOWN, true, "setuid", KNOWN_GROUPS "setgid 70003, setuid 70001, ",
	    NO("planet") },
	{ KNOWN, false, "setegid", KNOWN_GROUPS "setegid 70003, ", NO("planet") },
	{ KNOWN, false, "seteuid", KNOWN_GROUPS "setegid 70003, seteuid 70001, ",
	    NO("planet") },
};

static void
the_groups_go_before_the_group_and_that_before_the_user(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(drops); i++) {
		const struct privileges p = { drops[i].uid, GROUP, "planet" };
		struct err err = ERR_INIT;
		bool ok = false;

		calls[0] = '\0';
		refused = drops[i].refused;
		ok = privileges_drop(&p, drops[i].for_good, &err);
		if (ok != (*drops[i].error == '\0') ||
		    strcmp(calls, drops[i].calls) != 0 ||
		    strcmp(err.text, drops[i].error) != 0)
			fail_msg("drop %zu: %d, %s\"%s\"", i + 1, ok, calls, err.text);
	}
}

static const struct {
	const char *refused, *calls, *error;
} raises[] = {
	{ NULL, "seteuid 0, setegid 0, ", "" },
	{ "seteuid", "seteuid 0, ", "seteuid: Operation not permitted" },
	{ "setegid", "seteuid 0, setegid 0, ", "seteuid: Operation not permitted" },
};

static void
who_is_root_again_is_so_before_the_group_is(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(raises); i++) {
		struct err err = ERR_INIT;
		bool ok = false;

		calls[0] = '\0';
		refused = raises[i].refused;
		ok = privileges_raise(&err);
		if (ok != (*raises[i].error == '\0') ||
		    strcmp(calls, raises[i].calls) != 0 ||
		    strcmp(err.text, raises[i].error) != 0)
			fail_msg("raise %zu: %d, %s\"%s\"", i + 1, ok, calls, err.text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_groups_go_before_the_group_and_that_before_the_user),
		cmocka_unit_test(who_is_root_again_is_so_before_the_group_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
