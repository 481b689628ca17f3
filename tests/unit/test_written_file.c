/* SPDX-License-Identifier: ISC */
/* Files that commands write: whole in their place, or not there, and what was there stays. */
#define _GNU_SOURCE /* RTLD_NEXT */

#include "unit/failing_calls.h"
#include "unit/store_fixture.h"

#include "base/buf.h"
#include "base/file.h"
#include "cmd/config_file.h"
#include "cmd/written_file.h"

static struct {
	const char *path;
	uid_t uid;
	gid_t gid;
	int calls;
	int code; /* errno, or 0 */
} chowned;

int
chown(const char *path, uid_t uid, gid_t gid)
{
	chowned.path = path;
	chowned.uid = uid;
	chowned.gid = gid;
	chowned.calls++;
	errno = chowned.code;
	return chowned.code ? -1 : 0;
}

struct place {
	struct arena *a;
	char *dir;
	char path[300];
};

static void
begin(struct place *p)
{
	failing_calls_clear();
	p->a = arena_new();
	p->dir = new_folder();
	in_folder(p->dir, "file", p->path);
}

static void
end(struct place *p)
{
	(void)unlink(p->path);
	/* Nothing else was left there. */
	assert_int_equal(rmdir(p->dir), 0);
	free(p->dir);
	arena_free(p->a);
}

static void
expect_text(const char *path, const char *want)
{
	struct buf b = BUF_INIT(1000);
	struct err err = ERR_INIT;

	assert_true(file_read(path, &b, &err));
	SAME_TEXT(path, buf_text(&b), want);
	buf_clear(&b);
}

static void
a_file_is_whole_in_its_place(void **state)
{
	static const char *const texts[] = { "one", "two" };
	struct place p;

	(void)state;
	begin(&p);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct written_file w;
		struct err err = ERR_INIT;
		struct stat st;

		assert_true(written_file_open(p.a, p.path, 0640, &w, &err));
		assert_non_null(w.aside);
		assert_true(fputs(texts[i], w.f) >= 0);
		/* Until then it is as it was. */
		if (i == 0)
			assert_false(file_exists(p.path));
		else
			expect_text(p.path, texts[0]);
		assert_true(written_file_close(&w, true, &err));
		assert_null(w.f);
		expect_text(p.path, texts[i]);
		assert_int_equal(stat(p.path, &st), 0);
		assert_int_equal(st.st_mode & 0777, 0640);
	}
	end(&p);
}

static void
what_failed_before_leaves_what_was_there(void **state)
{
	struct place p;
	struct written_file w;
	struct err err = ERR_INIT;

	(void)state;
	begin(&p);
	assert_true(file_write(p.path, "old", 3, 0600, &err));
	assert_true(written_file_open(p.a, p.path, 0640, &w, &err));
	assert_true(fputs("half", w.f) >= 0);
	assert_false(written_file_close(&w, false, &err));
	expect_text(p.path, "old");
	end(&p);
}

static void
calls_that_fail_are_told(void **state)
{
	static const struct failing_call calls[] = { { "fchmod", EPERM, 0 },
		{ "rename", EXDEV, 0 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
		struct place p;
		struct written_file w;
		struct err err = ERR_INIT;
		bool ok = false;

		begin(&p);
		failing_calls[0] = calls[i];
		ok = written_file_open(p.a, p.path, 0640, &w, &err);
		SAME_INT(calls[i].name, ok, i == 1);
		if (ok)
			assert_false(written_file_close(&w, true, &err));
		assert_null(w.f);
		SAME_TEXT(calls[i].name, err.text,
		    arena_printf(p.a, "%s: %s", p.path, strerror(calls[i].code)));
		assert_false(file_exists(p.path));
		end(&p);
	}
}

static void
some_places_take_no_file(void **state)
{
	struct place p;
	struct written_file w;
	struct err err = ERR_INIT;
	struct err other = ERR_INIT;
	const char *path = NULL;

	(void)state;
	begin(&p);
	assert_false(written_file_open(p.a, p.dir, 0640, &w, &err));
	SAME_TEXT("a folder", err.text, arena_printf(p.a, "%s: Is a directory", p.dir));
	path = arena_printf(p.a, "%s/none/file", p.dir);
	assert_false(written_file_open(p.a, path, 0640, &w, &other));
	SAME_TEXT("no folder", other.text,
	    arena_printf(p.a, "%s: No such file or directory", path));
	/* What is no file is written to as it is. */
	assert_true(written_file_open(p.a, "/dev/null", 0640, &w, &err));
	assert_null(w.aside);
	assert_true(written_file_close(&w, true, &err));
	assert_true(written_file_open(p.a, "-", 0640, &w, &err));
	assert_ptr_equal(w.f, stdout);
	assert_null(w.aside);
	assert_true(written_file_close(&w, true, &err));
	end(&p);
}

/* A new file that root made is the owner's to read, by its group. */
static void
a_configuration_of_roots_is_shared(void **state)
{
	static const struct {
		const char *name;
		bool is_root;
		uid_t owner;
		int code;
		bool ok;
		int calls;
	} table[] = { { "nobody is root", false, 7, 0, true, 0 },
		{ "root is the owner", true, 0, 0, true, 0 },
		{ "another is", true, 7, 0, true, 1 },
		{ "and may not be", true, 7, EPERM, false, 1 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct app *app = calloc(1, sizeof(*app));
		struct err err = ERR_INIT;

		assert_non_null(app);
		memset(&chowned, 0, sizeof(chowned));
		chowned.code = table[i].code;
		app->paths.is_root = table[i].is_root;
		app->is_owner = true;
		app->owner = (struct privileges){ .uid = table[i].owner, .gid = 9 };
		SAME_INT(table[i].name, config_file_share(app, "p.conf", &err),
		    table[i].ok);
		SAME_INT(table[i].name, chowned.calls, table[i].calls);
		if (chowned.calls > 0) {
			SAME_TEXT(table[i].name, chowned.path, "p.conf");
			SAME_INT(table[i].name, chowned.uid, (uid_t)-1);
			SAME_INT(table[i].name, chowned.gid, 9);
		}
		SAME_TEXT(table[i].name, err.text,
		    table[i].ok ? "" : "p.conf: Operation not permitted");
		free(app);
	}
}

static void
a_configuration_has_a_largest_size(void **state)
{
	struct app *app = calloc(1, sizeof(*app));
	struct buf text = BUF_INIT(1);
	struct err err = ERR_INIT;

	(void)state;
	assert_non_null(app);
	buf_adds(&text, "[a]\n");
	assert_false(config_file_write(app, "p.conf", &text, &err));
	assert_int_equal(err.kind, ERR_LIMIT);
	SAME_TEXT("too large", err.text, "p.conf would be larger than 8388608 bytes");
	buf_clear(&text);
	free(app);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_whole_in_its_place),
		cmocka_unit_test(what_failed_before_leaves_what_was_there),
		cmocka_unit_test(calls_that_fail_are_told),
		cmocka_unit_test(some_places_take_no_file),
		cmocka_unit_test(a_configuration_of_roots_is_shared),
		cmocka_unit_test(a_configuration_has_a_largest_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
