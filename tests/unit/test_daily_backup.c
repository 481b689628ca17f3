/* SPDX-License-Identifier: ISC */
/* The backup of the day: its name, which of the older ones go, and what is no reason to stop. */
#include "unit/cmd_fixture.h"

#include "flow/daily_backup.h"

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names in a folder, in order, with a blank behind each. */
static const char *
listing(struct flow_test *t, const char *folder)
{
	const char *names[40];
	const char *text = "";
	size_t count = 0;
	DIR *d = opendir(folder);

	if (!d)
		return "(none)";
	for (const struct dirent *e = readdir(d); e; e = readdir(d)) {
		if (e->d_name[0] == '.')
			continue;
		assert_true(count < ARRAY_LEN(names));
		names[count++] = arena_strdup(t->run.arena, e->d_name);
	}
	(void)closedir(d);
	if (count > 0)
		qsort(names, count, sizeof(*names), by_name);
	for (size_t i = 0; i < count; i++)
		text = arena_printf(t->run.arena, "%s%s ", text, names[i]);
	return text;
}

static void
a_name_has_the_date_of_the_newsletters_zone(void **state)
{
	static const struct {
		const char *pattern, *want;
	} rows[] = {
		{ "planet-%F.db", "planet-2026-11-24.db" },
		{ "%F", "2026-11-24" },
		{ "no date", "no date" },
		{ "", "" },
		{ "%F and %F", "2026-11-24 and 2026-11-24" },
		{ "100%%F%", "100%2026-11-24%" },
		{ "%f%G", "%f%G" },
	};
	struct flow_test t;
	struct zone *zone = NULL;

	(void)state;
	flow_begin(&t);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		SAME_TEXT(rows[i].pattern, backup_dated_path(&t.run, rows[i].pattern),
		    rows[i].want);
	memcpy(&zone, &t.run.zone, sizeof(zone));
	zone_close(zone);
	MUST((t.run.zone = zone_open("Pacific/Auckland", err)) != NULL);
	SAME_TEXT("19:00", backup_dated_path(&t.run, "%F"), "2026-11-24");
	t.run.now += 5 * 3600;
	SAME_TEXT("midnight", backup_dated_path(&t.run, "%F"), "2026-11-25");
	flow_end(&t);
}

/* ---- which of the older ones go ---- */

static const char *const files[] = { "p-2026-11-20.db", "p-2026-11-21.db",
	"p-2026-11-22.db", "p-2026-11-24.db", "p-2026-11-25.db", "p-2026-11-2x.db",
	"p-2026-11-191.db", "p-2026-11-19.db.gz", "p-2026_11_19.db", "q-2026-11-19.db" };

#define OTHERS "p-2026-11-25.db p-2026-11-2x.db p-2026_11_19.db q-2026-11-19.db "
#define EARLIER "p-2026-11-19.db.gz p-2026-11-191.db "

static const struct {
	const char *name, *pattern, *path;
	int64_t keep;
	const char *left;
} keeps[] = {
	{ "two", "p-%F.db", "p-2026-11-24.db", 2,
	    EARLIER "p-2026-11-22.db p-2026-11-24.db " OTHERS },
	{ "one", "p-%F.db", "p-2026-11-24.db", 1, EARLIER "p-2026-11-24.db " OTHERS },
	{ "three", "p-%F.db", "p-2026-11-24.db", 3,
	    EARLIER "p-2026-11-21.db p-2026-11-22.db p-2026-11-24.db " OTHERS },
	{ "by a pattern with a folder", "some/p-%F.db", "p-2026-11-24.db", 1,
	    EARLIER "p-2026-11-24.db " OTHERS },
	{ "the one just written is older than others", "p-%F.db", "p-2026-11-20.db", 1,
	    EARLIER "p-2026-11-20.db p-2026-11-24.db " OTHERS },
	{ "all there are", "p-%F.db", "p-2026-11-24.db", 4,
	    EARLIER
	    "p-2026-11-20.db p-2026-11-21.db p-2026-11-22.db p-2026-11-24.db " OTHERS },
	{ "all", "p-%F.db", "p-2026-11-24.db", 0,
	    EARLIER
	    "p-2026-11-20.db p-2026-11-21.db p-2026-11-22.db p-2026-11-24.db " OTHERS },
	{ "no date in the name", "p.db", "p-2026-11-24.db", 1,
	    EARLIER
	    "p-2026-11-20.db p-2026-11-21.db p-2026-11-22.db p-2026-11-24.db " OTHERS },
	{ "two dates in the name", "p-%F.db%F", "p-2026-11-24.db", 1,
	    EARLIER
	    "p-2026-11-20.db p-2026-11-21.db p-2026-11-22.db p-2026-11-24.db " OTHERS },
};

static void
the_newest_backups_stay(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(keeps); i++) {
		char path[300];
		struct flow_test t;

		flow_begin(&t);
		for (size_t k = 0; k < ARRAY_LEN(files); k++)
			(void)flow_write(&t, files[k], "x");
		MUST(backup_keep_newest(&t.run, keeps[i].pattern,
		    in_folder(t.folder, keeps[i].path, path), keeps[i].keep, err));
		SAME_TEXT(keeps[i].name, listing(&t, t.folder), keeps[i].left);
		flow_end(&t);
	}
}

static void
what_cannot_be_looked_at_or_removed_is_told(void **state)
{
	struct flow_test t;
	char path[300];
	char other[300];

	(void)state;
	flow_begin(&t);
	MUST_FAIL(backup_keep_newest(&t.run, "p-%F.db", "/nowhere/at/all/p-2026-11-24.db",
		      1, err),
	    ERR_SYSTEM, "/nowhere/at/all: ");
	assert_int_equal(mkdir(in_folder(t.folder, "p-2026-11-20.db", other), 0700), 0);
	(void)flow_write(&t, "p-2026-11-24.db", "x");
	in_folder(t.folder, "p-2026-11-24.db", path);
	MUST_FAIL(backup_keep_newest(&t.run, "p-%F.db", path, 1, err), ERR_SYSTEM, other);
	flow_end(&t);
}

/* ---- once a day ---- */

static void
begin_daily(struct flow_test *t, const char *name)
{
	struct store_options o = open_options(STORE_CREATE);
	struct config *c = &t->settings.config;
	char path[300];

	flow_begin(t);
	close_store(t->run.store);
	c->database.path = arena_strdup(t->run.arena, in_folder(t->folder, name, path));
	c->database.backup_dir =
	    arena_strdup(t->run.arena, in_folder(t->folder, "backups/here", path));
	c->database.backup_keep = 2;
	MUST((t->run.store = store_open(c->database.path, &o, err)) != NULL);
}

static void
a_day_has_one_backup_and_the_oldest_goes(void **state)
{
	struct flow_test t;
	const char *dir = NULL;
	struct stat first;
	struct stat again;
	char path[400];

	(void)state;
	begin_daily(&t, "planet.db");
	dir = t.settings.config.database.backup_dir;
	flow_backup_daily(&t.run);
	SAME_TEXT("the first", listing(&t, dir), "planet-2026-11-24.db ");
	(void)snprintf(path, sizeof(path), "%s/planet-2026-11-24.db", dir);
	assert_int_equal(stat(path, &first), 0);
	assert_true(first.st_size > 4096);
	flow_backup_daily(&t.run);
	assert_int_equal(stat(path, &again), 0);
	assert_true(first.st_ino == again.st_ino);
	t.run.now += 86400;
	flow_backup_daily(&t.run);
	t.run.now += 86400;
	flow_backup_daily(&t.run);
	SAME_TEXT("two", listing(&t, dir), "planet-2026-11-25.db planet-2026-11-26.db ");
	flow_end(&t);
}

static void
the_name_is_the_databases(void **state)
{
	static const struct {
		const char *name, *want;
	} rows[] = {
		{ "planet.sqlite", "planet.sqlite-2026-11-24.db " },
		{ "a.db", "a-2026-11-24.db " },
		{ "xdb", "xdb-2026-11-24.db " },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct flow_test t;

		begin_daily(&t, rows[i].name);
		flow_backup_daily(&t.run);
		SAME_TEXT(rows[i].name,
		    listing(&t, t.settings.config.database.backup_dir), rows[i].want);
		flow_end(&t);
	}
}

static void
no_backup_is_made_where_none_is_wanted(void **state)
{
	struct flow_test t;
	const char *dir = NULL;

	(void)state;
	begin_daily(&t, "planet.db");
	dir = t.settings.config.database.backup_dir;
	t.run.dry_run = true;
	flow_backup_daily(&t.run);
	t.run.dry_run = false;
	t.interrupt = true;
	flow_backup_daily(&t.run);
	t.interrupt = false;
	t.settings.config.database.backup_dir = "";
	flow_backup_daily(&t.run);
	SAME_TEXT("none", listing(&t, dir), "(none)");
	flow_end(&t);
}

static void
what_goes_wrong_is_a_warning(void **state)
{
	struct buf out = BUF_INIT(SAID_MAX);
	struct buf said = BUF_INIT(SAID_MAX);
	struct flow_test t;
	struct capture c;

	(void)state;
	begin_daily(&t, "planet.db");
	t.settings.config.database.backup_dir =
	    arena_printf(t.run.arena, "%s/sub", t.settings.config.database.path);
	capture_begin(&c, t.folder, NULL);
	flow_backup_daily(&t.run);
	capture_end(&c, &out, &said);
	if (strncmp(buf_text(&said), "warn backup: there is no backup of today: ", 42) !=
	    0)
		fail_msg("said %s", buf_text(&said));
	buf_clear(&out);
	buf_clear(&said);
	flow_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_has_the_date_of_the_newsletters_zone),
		cmocka_unit_test(the_newest_backups_stay),
		cmocka_unit_test(what_cannot_be_looked_at_or_removed_is_told),
		cmocka_unit_test(a_day_has_one_backup_and_the_oldest_goes),
		cmocka_unit_test(the_name_is_the_databases),
		cmocka_unit_test(no_backup_is_made_where_none_is_wanted),
		cmocka_unit_test(what_goes_wrong_is_a_warning),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
