/* SPDX-License-Identifier: ISC */
/*
 * A run of its own for tests of the verbs: default settings, a store in memory, UTC, letters
 * as files in a folder that goes at the end.
 */
#ifndef TESTS_FLOW_FIXTURE_H
#define TESTS_FLOW_FIXTURE_H

#include "unit/store_fixture.h"

#include <dirent.h>
#include <sys/stat.h>

#include "base/attr.h"
#include "base/file.h"
#include "base/zone.h"
#include "digest/templates.h"
#include "flow/context.h"
#include "store/db.h"
#include "store/entry_lists.h"

struct flow_test {
	struct run run;
	struct settings settings;
	struct random_source random;
	char *folder;
	bool interrupt; /* what run.interrupted() answers, after so many questions */
	int questions_left;
};

static struct flow_test *flow_test_now; /* run.interrupted() has no argument */

static bool
flow_test_interrupted(void)
{
	return flow_test_now->interrupt && flow_test_now->questions_left-- <= 0;
}

static inline void
flow_begin(struct flow_test *t)
{
	struct err err = ERR_INIT;
	struct config *c = &t->settings.config;
	char path[300];

	memset(t, 0, sizeof(*t));
	flow_test_now = t;
	random_seeded(&t->random, "flow");
	t->folder = new_folder();
	t->run = (struct run){ .arena = arena_new(),
		.store = memory_store(),
		.settings = &t->settings,
		.config = c,
		.zone = zone_open("UTC", &err),
		.random = &t->random,
		.now = NOW,
		.started_ms = clock_ticks_ms(),
		.version = "test",
		.host_name = "test.example",
		.interrupted = flow_test_interrupted };
	assert_non_null(t->run.zone);
	settings_default(t->run.arena, t->folder, &t->settings);
	c->newsletter.name = "Planet X";
	c->newsletter.from = "planet@example.net";
	c->transport.method = TRANSPORT_OUTBOX;
	c->transport.outbox =
	    arena_strdup(t->run.arena, in_folder(t->folder, "out", path));
}

static inline void
remove_files(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *e = NULL;

	while (d && (e = readdir(d))) {
		char *path = NULL;

		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		path = file_join(dir, e->d_name);
		if (unlink(path) != 0) {
			remove_files(path);
			(void)rmdir(path);
		}
		free(path);
	}
	if (d)
		closedir(d);
}

static inline void
flow_end(struct flow_test *t)
{
	struct zone *zone = NULL;

	memcpy(&zone, &t->run.zone, sizeof(zone)); /* made by flow_begin */
	close_store(t->run.store);
	template_set_close(t->run.templates);
	zone_close(zone);
	arena_free(t->run.arena);
	remove_files(t->folder);
	assert_int_equal(rmdir(t->folder), 0);
	free(t->folder);
}

static inline const char *
flow_write(struct flow_test *t, const char *name, const char *text)
{
	char path[300];
	struct err err = ERR_INIT;

	in_folder(t->folder, name, path);
	if (!file_write(path, text, strlen(text), 0600, &err))
		fail_msg("%s", err.text);
	return arena_strdup(t->run.arena, path);
}

/* A post as the cleaner leaves it. */
static inline int64_t
add_full_post(struct flow_test *t, int64_t source, const char *title, int64_t published)
{
	struct entry e = make_entry(source, title, title, (uint64_t)published + 1);

	e.published = published;
	e.link = arena_printf(t->run.arena, "https://a.example/%s", title);
	e.html = arena_printf(t->run.arena, "<p>Words of %s.</p>", title);
	e.text = arena_printf(t->run.arena, "Words of %s.", title);
	e.words = 3;
	MUST(add_post(t->run.store, &e, NULL, false, err));
	return e.id;
}

/* From here on every write to the store fails, as on a disk that cannot be written to. */
static inline void
flow_break_store(struct flow_test *t)
{
	MUST(db_exec(t->run.store, "PRAGMA query_only = ON", err));
}

static inline void
flow_mend_store(struct flow_test *t)
{
	MUST(db_exec(t->run.store, "PRAGMA query_only = OFF", err));
}

#endif
