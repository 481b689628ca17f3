/* SPDX-License-Identifier: ISC */
#include "cmd/session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/malloc_setup.h"
#include "digest/templates.h"
#include "flow/source_lists.h"
#include "store/backup.h"
#include "store/open.h"

enum {
	BUSY_MS = 10000,
	PATIENCE_MS = 300000,
	LOOK_AGAIN_MS = 50,
	SESSION_BYTES = 512 * 1024
};

static struct store_options
store_options(struct app *app, enum store_mode mode)
{
	const struct config *c = &app->settings.config;

	return (struct store_options){ .mode = mode,
		.version = VERSION,
		.backup_dir = c->database.backup_dir,
		.migrate = c->database.auto_migrate &&
		    (mode == STORE_WRITE || mode == STORE_CREATE),
		.busy_ms = BUSY_MS,
		.random = app->run.random };
}

static struct store *
open_memory(struct app *app, struct err *err)
{
	const struct store_options o = store_options(app, STORE_CREATE);

	return store_open_memory(&o, err);
}

const char *
session_database_dir(const struct app *app)
{
	char *dir = file_dir(app->settings.config.database.path);
	const char *kept = arena_strdup(app->run.arena, dir);

	free(dir);
	return kept;
}

/* A file of ours whose name is that of the database with an ending.  In the run's arena. */
static const char *
beside_database(const struct app *app, const char *ending)
{
	return arena_printf(app->run.arena, "%s%s", app->settings.config.database.path,
	    ending);
}

/* The database of the settings.  ERR_INPUT when there is none and mode does not make it. */
static struct store *
open_own(struct app *app, enum store_mode mode, struct err *err)
{
	const struct store_options o = store_options(app, mode);
	const char *path = app->settings.config.database.path;

	if (mode != STORE_CREATE && !file_exists(path)) {
		if (errno != ENOENT) {
			err_errno(err, "%s", path);
		} else {
			err_set(err, ERR_INPUT, "there is no database at %s yet", path);
			err_next(err, NEXT_MAKE_STORE);
		}
	} else if (mode != STORE_CREATE ||
	    file_make_dirs(session_database_dir(app), 0700, err)) {
		return store_open(path, &o, err);
	}
	return NULL;
}

/* A dry run does everything, on a copy: so it cannot differ from the real one. */
static struct store *
open_copy(struct app *app, struct err *err)
{
	const char *path = app->settings.config.database.path;
	struct store_options o = store_options(app, STORE_WRITE);

	if (!file_exists(path))
		return open_memory(app, err);
	struct store *real = open_own(app, STORE_READ, err);
	if (!real)
		return NULL;
	app->scratch_path =
	    arena_printf(app->run.arena, "%s.dry-run-%ld", path, (long)getpid());
	const bool ok = store_backup(real, app->scratch_path, err);
	if (!store_close(real, err) || !ok)
		return NULL;
	o.backup_dir = NULL;
	o.migrate = true;
	return store_open(app->scratch_path, &o, err);
}

static struct store *
open_store(struct app *app, enum need need, struct err *err)
{
	if (need == NEED_MEMORY)
		return open_memory(app, err);
	if (need == NEED_LOOK)
		return open_own(app, STORE_READ, err);
	if (app->run.dry_run)
		return open_copy(app, err);
	if (need == NEED_WEB)
		return open_own(app, STORE_WEB, err);
	if (need == NEED_MAIL_IN)
		return open_own(app, STORE_MAIL_IN, err);
	return open_own(app, need == NEED_WRITE ? STORE_WRITE : STORE_CREATE, err);
}

/* "" where the system does not tell: then no start of it is taken for another. */
static const char *
boot_name(struct arena *a)
{
	struct buf b = BUF_INIT(64);
	struct err err = ERR_INIT;
	const char *name = "";

	if (file_read("/proc/sys/kernel/random/boot_id", &b, &err))
		name = arena_strndup(a, buf_text(&b), strcspn(buf_text(&b), "\n"));
	buf_clear(&b);
	return name;
}

/* The run lock beside the database; ERR_TEMPORARY names who holds it. */
static bool
lock_run(struct app *app, const char *doing, struct err *err)
{
	const bool ok = file_make_dirs(session_database_dir(app), 0700, err) &&
	    lock_open(&app->lock, beside_database(app, ".lock"), doing, err);

	app->run.journal_path = beside_database(app, ".sending");
	app->run.reading_path = beside_database(app, ".reading");
	app->run.rescue_dir = "/dev/shm";
	app->run.patience_ms = PATIENCE_MS;
	app->run.boot = boot_name(app->run.arena);
	if (!ok && err->kind == ERR_TEMPORARY)
		err_hint(err,
		    "this is normal when the timer overlaps; exit code 5 means try again");
	return ok;
}

bool
session_awaits_others(struct app *app, int64_t patience_ms)
{
	const char *path = beside_database(app, ".lock");
	const int64_t until = clock_ticks_ms() + patience_ms;

	while (lock_is_held(path)) {
		if (clock_ticks_ms() >= until)
			return false;
		clock_sleep_ms(LOOK_AGAIN_MS);
	}
	return true;
}

bool
session_become_owner(struct app *app, struct err *err)
{
	const char *dir = session_database_dir(app);

	if (!app->paths.is_root || app->is_owner)
		return true;
	privileges_of(app->run.arena, dir, app->settings.config.database.path,
	    &app->owner);
	app->is_owner = app->owner.uid != 0;
	if (!app->is_owner || privileges_drop(&app->owner, !app->edits_config, err))
		return true;
	app->is_owner = false;
	(void)err_wrap(err, "%s belongs to %s", dir, app->owner.name);
	return err_hint(err, "run the command as that user");
}

static bool
cannot_be_written(const char *path)
{
	return access(path, W_OK) != 0 && (errno == EROFS || errno == EACCES);
}

/*
 * Who lists feeds first takes over what the configuration says of them, where that can be: a
 * database that is there but not to be written is shown as it is.
 */
static enum need
need_here(const struct app *app, enum need need)
{
	const char *path = app->settings.config.database.path;

	if (need != NEED_FEEDS)
		return need;
	return file_exists(path) &&
		(cannot_be_written(path) || cannot_be_written(session_database_dir(app)))
	    ? NEED_LOOK
	    : NEED_BESIDE;
}

/* Nothing can be locked or written on a read-only medium, but it can be looked at. */
static bool
check_writable(struct app *app, enum need need, struct err *err)
{
	const char *path = app->settings.config.database.path;
	const char *dir = session_database_dir(app);

	if (need == NEED_LOOK || need == NEED_MEMORY ||
	    access(file_exists(path) ? path : dir, W_OK) == 0 || errno != EROFS)
		return true;
	(void)err_set(err, ERR_SYSTEM, "the database %s is on a read-only medium", path);
	return err_hint(err,
	    "it can be looked at: status, issue list, issue show, feed list, sub list, "
	    "export, backup");
}

const char *
session_exposed(struct app *app)
{
	const char *path = app->settings.config.database.path;
	struct stat st;
	mode_t mode = 0;
	/* In a directory that others may not enter the mode of a file is of no use to them. */
	const bool reached =
	    stat(session_database_dir(app), &st) == 0 && (st.st_mode & S_IXOTH) != 0;

	if (!reached || !file_is_exposed(path, &mode) || (mode & S_IROTH) == 0)
		return NULL;
	return arena_printf(app->run.arena,
	    "%s holds addresses and keys and others can read it (mode %04o): chmod 600 %s",
	    path, (unsigned)(mode & 07777), path);
}

bool
session_open(struct app *app, enum need need, const char *doing, struct err *err)
{
	struct run *run = &app->run;
	const bool alone = need == NEED_WRITE || need == NEED_CREATE;
	const bool reads_feeds = need == NEED_FEEDS || app->edits_config;

	if (need == NEED_NOTHING)
		return true;
	malloc_take_ahead(SESSION_BYTES);
	if (!app_settings(app, err))
		return false;
	run->settings = &app->settings;
	run->config = &app->settings.config;
	if (need == NEED_SETTINGS)
		return true;
	if (need != NEED_MEMORY && !session_become_owner(app, err))
		return false;
	need = need_here(app, need);
	if (!check_writable(app, need, err))
		return false;
	if (alone && !run->dry_run && !lock_run(app, doing, err))
		return false;
	const char *exposed = need == NEED_MEMORY ? NULL : session_exposed(app);
	if (exposed)
		log_warn("store", "%s", exposed);
	run->store = open_store(app, need, err);
	if (!run->store)
		return false;
	app->zone = zone_open(run->config->newsletter.timezone, err);
	run->zone = app->zone;
	run->quarantine_path = beside_database(app, ".quarantine");
	run->wake_path = beside_database(app, ".wake");
	run->started_ms = clock_ticks_ms();
	if (!app->zone)
		return err_wrap(err, "newsletter.timezone");
	return !reads_feeds || flow_sources_sync(run, err);
}

bool
session_close(struct app *app, bool ok, struct err *err)
{
	if (app->run.store && !store_close(app->run.store, err))
		ok = false;
	app->run.store = NULL;
	if (app->scratch_path)
		store_files_remove(app->scratch_path);
	app->scratch_path = NULL;
	template_set_close(app->run.templates);
	app->run.templates = NULL;
	zone_close(app->zone);
	app->zone = NULL;
	app->run.zone = NULL;
	lock_close(&app->lock);
	return ok;
}
