/* SPDX-License-Identifier: ISC */
/*
 * For whom root works, and what it may no longer do as that user.  Only root can try: for others
 * the tests are left out, but for that of who they are themselves.
 */
#define _DEFAULT_SOURCE /* setgroups() */

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/privileges.h"
#include "unit/refused_call.h"
#include "unit/scratch.h"

/* Nobody has these numbers, which a container has too. */
enum { STRANGER = 54321, STRANGERS = 54322, OTHERS = 54323 };

struct room {
	char dir[200];
	char file[300];
	struct arena *arena;
};

static int
make_room(void **state)
{
	struct room *room = calloc(1, sizeof(*room));

	if (!room)
		return -1;
	if (!scratch_folder(room->dir, sizeof(room->dir)))
		return -1;
	(void)snprintf(room->file, sizeof(room->file), "%s/file", room->dir);
	room->arena = arena_new();
	*state = room;
	return 0;
}

static int
remove_room(void **state)
{
	struct room *room = *state;

	(void)unlink(room->file);
	(void)rmdir(room->dir);
	arena_free(room->arena);
	free(room);
	return 0;
}

static void
make_file(const struct room *room, uid_t uid, gid_t gid)
{
	const int fd = open(room->file, O_WRONLY | O_CREAT, 0600);

	assert_true(fd >= 0);
	assert_int_equal(fchown(fd, uid, gid), 0);
	assert_int_equal(close(fd), 0);
}

static void
expect_owner(const struct room *room, const char *below, uid_t uid, gid_t gid,
    const char *name)
{
	struct privileges got;
	char dir[400];

	(void)snprintf(dir, sizeof(dir), "%s%s", room->dir, below);
	memset(&got, 0xAA, sizeof(got));
	privileges_of(room->arena, dir, room->file, &got);
	if (got.uid != uid || got.gid != gid ||
	    strcmp(got.name ? got.name : "(none)", name) != 0)
		fail_msg("%s: got %ld, %ld, %s, want %ld, %ld, %s", below, (long)got.uid,
		    (long)got.gid, got.name ? got.name : "(none)", (long)uid, (long)gid,
		    name);
}

static const char *const belows[] = { "", "/no", "/no/such", "/no/such/folder" };

static void
a_folder_is_its_owners_and_so_is_what_will_be_in_it(void **state)
{
	const struct room *room = *state;
	const struct passwd *me = getpwuid(geteuid());

	assert_non_null(me);
	for (size_t i = 0; i < ARRAY_LEN(belows); i++)
		expect_owner(room, belows[i], geteuid(), me->pw_gid, me->pw_name);
}

/* Of a user who has a name the group is the user's own, whatever the folder's is. */
static void
a_folder_of_a_user_or_of_a_number_is_theirs(void **state)
{
	const struct room *room = *state;
	const struct passwd *nobody = getpwnam("nobody");

	if (geteuid() != 0)
		skip();
	/* Whose the file is matters only when the folder is root's. */
	make_file(room, 1, 1);
	assert_int_equal(chown(room->dir, STRANGER, STRANGERS), 0);
	for (size_t i = 0; i < ARRAY_LEN(belows); i++)
		expect_owner(room, belows[i], STRANGER, STRANGERS, "user 54321");
	if (!nobody)
		return;
	assert_int_equal(chown(room->dir, nobody->pw_uid, STRANGERS), 0);
	for (size_t i = 0; i < ARRAY_LEN(belows); i++)
		expect_owner(room, belows[i], nobody->pw_uid, nobody->pw_gid, "nobody");
}

static void
in_roots_own_folder_it_is_the_files_owner(void **state)
{
	const struct room *room = *state;
	struct privileges got;

	if (geteuid() != 0)
		skip();
	expect_owner(room, "", 0, 0, "(none)");
	expect_owner(room, "/no/such", 0, 0, "(none)");
	make_file(room, STRANGER, STRANGERS);
	expect_owner(room, "", STRANGER, STRANGERS, "user 54321");
	expect_owner(room, "/no", STRANGER, STRANGERS, "user 54321");
	make_file(room, 0, 0);
	expect_owner(room, "", 0, 0, "root");
	privileges_of(room->arena, "/no/such/folder", "/no/such/folder/file", &got);
	assert_null(got.name);
}

static const struct privileges stranger = { STRANGER, STRANGERS, "user 54321" };

/* Root's groups, of which none may be kept. */
static bool
be_in_many_groups(void)
{
	const gid_t many[] = { 0, 1, OTHERS };

	return setgroups(ARRAY_LEN(many), many) == 0;
}

static bool
is_in_one_group(gid_t group)
{
	gid_t groups[20];
	const int count = getgroups(ARRAY_LEN(groups), groups);

	return count == 1 && groups[0] == group;
}

static bool
are_ids(uid_t uid, uid_t euid, gid_t gid, gid_t egid)
{
	return getuid() == uid && geteuid() == euid && getgid() == gid &&
	    getegid() == egid;
}

/* Each in a process of its own; 0 when all is as it should be. */

static int
is_that_user_for_good(const void *context)
{
	struct err err = ERR_INIT;

	(void)context;
	if (!be_in_many_groups() || !privileges_drop(&stranger, true, &err))
		return 1;
	if (!is_in_one_group(STRANGERS) ||
	    !are_ids(STRANGER, STRANGER, STRANGERS, STRANGERS))
		return 2;
	if (privileges_raise(&err) || err.kind != ERR_SYSTEM ||
	    strcmp(err.text, "seteuid: Operation not permitted") != 0)
		return 3;
	return setgid(0) == 0 || setuid(0) == 0 ? 4 : 0;
}

static int
is_that_user_until_it_is_root_again(const void *context)
{
	struct err err = ERR_INIT;

	(void)context;
	if (!be_in_many_groups() || !privileges_drop(&stranger, false, &err))
		return 1;
	if (!is_in_one_group(STRANGERS) || !are_ids(0, STRANGER, 0, STRANGERS))
		return 2;
	if (!privileges_raise(&err))
		return 3;
	return are_ids(0, 0, 0, 0) ? 0 : 4;
}

static int
is_a_user_with_a_name(const void *context)
{
	const struct passwd *nobody = getpwnam("nobody");
	struct err err = ERR_INIT;
	gid_t groups[20];
	int count = 0;

	(void)context;
	if (!nobody)
		return 0;
	if (!be_in_many_groups() ||
	    !privileges_drop(&(struct privileges){ nobody->pw_uid, OTHERS, "nobody" },
		true, &err))
		return 1;
	if (!are_ids(nobody->pw_uid, nobody->pw_uid, OTHERS, OTHERS))
		return 2;
	/* The group that was given, and those that the system has for this user. */
	count = getgroups(ARRAY_LEN(groups), groups);
	for (int i = 0; i < count; i++)
		if (groups[i] == 0 || groups[i] == 1)
			return 3;
	return count >= 1 && groups[0] == OTHERS ? 0 : 4;
}

static int
is_refused_to_others(const void *context)
{
	struct err err = ERR_INIT;

	(void)context;
	if (setuid(STRANGER) != 0)
		return 1;
	if (privileges_drop(&stranger, true, &err) || err.kind != ERR_SYSTEM ||
	    strcmp(err.text, "cannot become user 54321: Operation not permitted") != 0)
		return 2;
	err_clear(&err);
	return privileges_drop(&stranger, false, &err) || err.kind != ERR_SYSTEM ? 3 : 0;
}

static void
root_becomes_the_user_and_no_more(void **state)
{
	static int (*const tried[])(const void *) = { is_that_user_for_good,
		is_that_user_until_it_is_root_again, is_a_user_with_a_name,
		is_refused_to_others };

	(void)state;
	if (geteuid() != 0)
		skip();
	for (size_t i = 0; i < ARRAY_LEN(tried); i++) {
		const int got = refused_call_try(NULL, 0, tried[i], NULL);

		if (got != 0)
			fail_msg("the try number %zu: wrong at %d", i + 1, got);
	}
}

/* clang-format off */
#define REFUSED(call) { SCMP_SYS(call), EPERM, 0, { { 0, 0, 0, 0 }, { 0, 0, 0, 0 } } }
static const struct {
	const char *name;
	bool for_good;
	struct refused_call call;
} refusals[] = {
	{ "groups, for good", true, REFUSED(setgroups) },
	{ "groups", false, REFUSED(setgroups) },
	{ "another group for good", true, REFUSED(setgid) },
	{ "another user for good", true, REFUSED(setuid) },
	{ "another group", false, REFUSED(setresgid) },
	{ "another user", false, REFUSED(setresuid) },
};
/* clang-format on */

static int
is_not_done(const void *context)
{
	const bool *for_good = context;
	const struct passwd *nobody = getpwnam("nobody");
	struct err err = ERR_INIT;

	if (privileges_drop(&stranger, *for_good, &err))
		return 1;
	if (strcmp(err.text, "cannot become user 54321: Operation not permitted") != 0)
		return 2;
	err_clear(&err);
	if (nobody &&
	    privileges_drop(&(struct privileges){ nobody->pw_uid, OTHERS, "nobody" },
		*for_good, &err))
		return 3;
	return 0;
}

static void
what_root_may_not_give_up_is_an_error(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		const int got = refused_call_try(&refusals[i].call, 1, is_not_done,
		    &refusals[i].for_good);

		if (got != 0)
			fail_msg("%s: wrong at %d", refusals[i].name, got);
	}
}

int
main(void)
{
	const struct CMUnitTest of_users[] = {
		cmocka_unit_test_setup_teardown(
		    a_folder_is_its_owners_and_so_is_what_will_be_in_it, make_room,
		    remove_room),
	};
	const struct CMUnitTest of_root[] = {
		cmocka_unit_test_setup_teardown(
		    a_folder_of_a_user_or_of_a_number_is_theirs, make_room, remove_room),
		cmocka_unit_test_setup_teardown(in_roots_own_folder_it_is_the_files_owner,
		    make_room, remove_room),
		cmocka_unit_test(root_becomes_the_user_and_no_more),
		cmocka_unit_test(what_root_may_not_give_up_is_an_error),
	};

	/* What is root's is skipped, with its name, where somebody else runs the tests. */
	if (geteuid() != 0 && cmocka_run_group_tests(of_users, NULL, NULL) != 0)
		return 1;
	return cmocka_run_group_tests(of_root, NULL, NULL);
}
