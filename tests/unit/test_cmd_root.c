/* SPDX-License-Identifier: ISC */
/*
 * What root does with a newsletter of another user it does as that user, but for the files of
 * the configuration.  Only root can try it; what becomes that user for good is a child.
 */
#include "unit/planet_fixture.h"

#include <pwd.h>
#include <stdlib.h>
#include <sys/wait.h>

enum { OWNER = 65534 }; /* nobody, in most systems */

/* As cmd_call(), in a child. */
static int
root_call(struct cmd_test *t, const char *const *words)
{
	struct capture c;
	int status = 0;
	pid_t pid = 0;

	capture_begin(&c, t->folder, t->input);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		int code = 0;

		t->is_root = true;
		code = cmd_main_with(t, words);
		(void)fflush(stdout);
		_exit(code);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	capture_end(&c, &t->out, &t->err);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
root_expect(struct cmd_test *t, const struct cmd_case *c)
{
	cmd_judge(t, c, root_call(t, c->words));
}

/* The data are of that user, the configuration of root, in a folder that all may enter. */
static void
begin(struct cmd_test *t, uid_t owner)
{
	if (geteuid() != 0)
		skip();
	planet_begin(t);
	assert_int_equal(chmod(t->folder, 0711), 0);
	assert_int_equal(mkdir(t->data, 0700), 0);
	if (chown(t->data, owner, owner) != 0) {
		cmd_end(t); /* root of a container that knows no other user */
		skip();
	}
}

static void
expect_file(struct cmd_test *t, const char *name, uid_t uid, gid_t gid, mode_t mode)
{
	char path[300];
	struct stat st;

	assert_int_equal(stat(in_folder(t->folder, name, path), &st), 0);
	if (st.st_uid != uid || st.st_gid != gid || (st.st_mode & 07777) != mode)
		fail_msg("%s: %d:%d %o, want %d:%d %o", name, (int)st.st_uid,
		    (int)st.st_gid, (unsigned)(st.st_mode & 07777), (int)uid, (int)gid,
		    (unsigned)mode);
}

static void
expect_in_config(struct cmd_test *t, const char *words)
{
	struct buf b = BUF_INIT(SAID_MAX);

	MUST(file_read(t->conf, &b, err));
	if (!strstr(buf_text(&b), words))
		fail_msg("\"%s\" is not in %s", words, buf_text(&b));
	buf_clear(&b);
}

static void
files_are_made_for_the_owner_of_the_folder(void **state)
{
	static const struct cmd_case list = { "made", { "feed", "list" }, EXIT_OK, NULL,
		"A's blog", NULL };
	static const uid_t owners[] = { 0, OWNER };
	struct cmd_test t;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(owners); i++) {
		begin(&t, owners[i]);
		root_expect(&t, &list);
		expect_file(&t, "data/planetpost.db", owners[i], owners[i], 0600);
		cmd_end(&t);
	}
	/* Who is not root works as who they are. */
	begin(&t, OWNER);
	cmd_expect(&t, &list);
	expect_file(&t, "data/planetpost.db", 0, 0, 0600);
	cmd_end(&t);
}

static void
what_the_owner_may_not_do_is_explained(void **state)
{
	char path[300];
	char want[700];
	const struct cmd_case c = { "in the folder of root",
		{ "sub", "export", "-o", path }, EXIT_FAILED, "", NULL, "" };
	static const struct cmd_case hinted = { "what has a hint keeps it",
		{ "issue", "show", "next" }, EXIT_FAILED, "", NULL,
		"planetpost run makes the first" };
	static const struct cmd_case input = { "what is no matter of rights",
		{ "feed", "show", "x" }, EXIT_FAILED, "", NULL, "no feed is called 'x'" };
	static const struct cmd_case made = { "made", { "feed", "list" }, EXIT_OK, NULL,
		NULL, NULL };
	const struct passwd *owner = getpwuid(OWNER);
	struct cmd_test t;

	(void)state;
	begin(&t, OWNER);
	in_folder(t.folder, "list.csv", path);
	root_expect(&t, &made);
	root_expect(&t, &c);
	(void)snprintf(want, sizeof(want),
	    "Permission denied\n  hint: root works here as %s, the owner of the database\n",
	    owner ? owner->pw_name : "user 65534");
	if (!strstr(buf_text(&t.err), want))
		fail_msg("got %s, want %s", buf_text(&t.err), want);
	root_expect(&t, &hinted);
	assert_null(strstr(buf_text(&t.err), "root works here"));
	root_expect(&t, &input);
	assert_null(strstr(buf_text(&t.err), "root works here"));
	/* Where all is root's nobody else works. */
	assert_int_equal(chown(t.data, 0, 0), 0);
	assert_int_equal(chown(in_folder(t.folder, "data/planetpost.db", path), 0, 0), 0);
	in_folder(t.folder, "no/list.csv", path);
	root_expect(&t, &c);
	assert_null(strstr(buf_text(&t.err), "root works here"));
	cmd_end(&t);
}

/* The file is root's and secret: it is read and written as root, and stays what it was. */
static void
the_configuration_is_edited_by_root(void **state)
{
	static const struct cmd_case pause = { "paused", { "feed", "pause", "a" },
		EXIT_OK, "", NULL, NULL };
	static const struct cmd_case resume = { "resumed", { "feed", "resume", "a" },
		EXIT_OK, "", NULL, NULL };
	static const struct cmd_case state_of = { "what the database has",
		{ "feed", "list", "--state=paused", "--json=feed" }, EXIT_OK,
		"{\"schema\":1,\"feeds\":[{\"feed\":\"a\"}]}\n", NULL, NULL };
	struct cmd_test t;

	(void)state;
	begin(&t, OWNER);
	assert_int_equal(chmod(t.conf, 0600), 0);
	root_expect(&t, &pause);
	expect_in_config(&t, "\npaused = yes\n");
	expect_file(&t, "p.conf", 0, 0, 0600);
	expect_file(&t, "data/planetpost.db", OWNER, OWNER, 0600);
	root_expect(&t, &state_of);
	root_expect(&t, &resume);
	expect_in_config(&t, "\npaused = no\n");
	expect_file(&t, "p.conf", 0, 0, 0600);
	cmd_end(&t);
}

/* It holds passwords: others do not read it, who works with it does, by its group. */
static void
a_new_configuration_can_be_read_by_the_owner(void **state)
{
	static const struct cmd_case init = { "written",
		{ "init", "--name", "P", "--me", "me@example.org" }, EXIT_OK, NULL, NULL,
		NULL };
	static const uid_t owners[] = { 0, OWNER };
	struct cmd_test t;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(owners); i++) {
		begin(&t, owners[i]);
		in_folder(t.folder, "n.conf", t.conf);
		root_expect(&t, &init);
		expect_file(&t, "n.conf", 0, owners[i], 0640);
		expect_file(&t, "data/planetpost.db", owners[i], owners[i], 0600);
		cmd_end(&t);
	}
	begin(&t, OWNER);
	in_folder(t.folder, "n.conf", t.conf);
	cmd_expect(&t, &init);
	expect_file(&t, "n.conf", 0, 0, 0640);
	cmd_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_made_for_the_owner_of_the_folder),
		cmocka_unit_test(what_the_owner_may_not_do_is_explained),
		cmocka_unit_test(the_configuration_is_edited_by_root),
		cmocka_unit_test(a_new_configuration_can_be_read_by_the_owner),
	};

	/* That user has to enter the folders, which others keep for themselves. */
	if (setenv("TMPDIR", "/tmp", 1) != 0)
		return 1;
	return cmocka_run_group_tests_name("root", tests, NULL, NULL);
}
