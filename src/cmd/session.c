/* SPDX-License-Identifier: ISC */
#include "cmd/session.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "digest/digest.h"
#include "flow/context.h"
#include "store/backup.h"
#include "store/open.h"

enum { BUSY_MS = 10000 };

/* A dry run does everything, on a copy: so it cannot differ from the real one. */
static bool
open_copy(struct session *s, struct app *app, struct err *err)
{
	const struct config *c = &app->settings.config;
	struct store_options o = { .mode = STORE_WRITE,
		.version = VERSION,
		.busy_ms = BUSY_MS,
		.migrate = true,
		.random = &app->random,
		.now = app->now };
	struct store *real = NULL;
	bool ok = false;

	if (!file_exists(c->database.path)) {
		s->store = store_open_memory(&o, err);
		return s->store != NULL;
	}
	if (!app_store(app, STORE_READ, &real, err))
		return false;
	s->scratch_path =
	    arena_printf(app->arena, "%s.dry-run-%ld", c->database.path, (long)getpid());
	ok = store_backup(real, s->scratch_path, err);
	if (!store_close(real, err) || !ok)
		return false;
	s->store = store_open(s->scratch_path, &o, err);
	return s->store != NULL;
}

static bool
open_store(struct session *s, struct app *app, enum session_need need, struct err *err)
{
	const struct store_options memory = { .mode = STORE_CREATE,
		.version = VERSION,
		.random = &app->random,
		.now = app->now };

	if (need == SESSION_MEMORY) {
		s->store = store_open_memory(&memory, err);
		return s->store != NULL;
	}
	if (app->dry_run && need != SESSION_READ)
		return open_copy(s, app, err);
	return app_store(app,
	    need == SESSION_READ        ? STORE_READ
		: need == SESSION_WRITE ? STORE_WRITE
					: STORE_CREATE,
	    &s->store, err);
}

bool
session_open(struct session *s, struct app *app, enum session_need need,
    const char *doing, struct err *err)
{
	const bool alone =
	    (need == SESSION_WRITE || need == SESSION_CREATE) && !app->dry_run;

	memset(s, 0, sizeof(*s));
	s->lock = (struct file_lock)FILE_LOCK_INIT;
	if (!app_settings(app, err))
		return false;
	if (alone && !app_lock(app, doing, &s->lock, err))
		return false;
	if (!open_store(s, app, need, err))
		return session_close(s, false, err);
	s->zone = zone_open(app->settings.config.newsletter.timezone, err);
	if (!s->zone) {
		err_wrap(err, "newsletter.timezone");
		return session_close(s, false, err);
	}
	s->flow = (struct run){
		.store = s->store,
		.settings = &app->settings,
		.config = &app->settings.config,
		.zone = s->zone,
		.arena = app->arena,
		.random = &app->random,
		.now = app->now,
		.started_ms = clock_ticks_ms(),
		.version = VERSION,
		.host_name = app->host_name,
		.credentials_dir = app->credentials_dir,
		.dry_run = app->dry_run,
		.show_progress = app->err_tty && !app->quiet && !app->json,
		.interrupted = app->interrupted,
	};
	return true;
}

static void
remove_scratch(const char *path)
{
	static const char *const tails[] = { "", "-wal", "-shm" };
	char name[LIMIT_PATH];

	for (size_t i = 0; i < ARRAY_LEN(tails); i++) {
		const int n = snprintf(name, sizeof(name), "%s%s", path, tails[i]);

		if (n > 0 && (size_t)n < sizeof(name) && unlink(name) != 0 &&
		    errno != ENOENT)
			log_warn("store", "%s: %s", name, strerror(errno));
	}
}

bool
session_close(struct session *s, bool ok, struct err *err)
{
	if (s->store && !store_close(s->store, err))
		ok = false;
	if (s->scratch_path)
		remove_scratch(s->scratch_path);
	template_set_close(s->flow.templates);
	zone_close(s->zone);
	file_lock_close(&s->lock);
	return ok;
}
