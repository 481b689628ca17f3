/* SPDX-License-Identifier: ISC */
/*
 * Rows put into the database of a small planet, one feed and two readers, for tests of what
 * commands tell of it: each begins with the same bytes.
 */
#ifndef TESTS_PLANET_ROWS_H
#define TESTS_PLANET_ROWS_H

#include "unit/planet_fixture.h"

struct planet_rows {
	struct cmd_test t;
	char path[400];
	struct buf whole;
};

static inline void
rows_begin(struct planet_rows *d)
{
	static const struct cmd_case readers = { "readers",
		{ "sub", "add", "ann@example.org", "bo@example.org", "--confirmed-by",
		    "asked" },
		EXIT_OK, "", NULL, NULL };
	static const struct cmd_case feeds = { "a feed", { "feed", "list" }, EXIT_OK,
		NULL, NULL, NULL };

	planet_begin(&d->t);
	cmd_expect(&d->t, &readers);
	cmd_expect(&d->t, &feeds);
	(void)snprintf(d->path, sizeof(d->path), "%s/planetpost.db", d->t.data);
	buf_init(&d->whole, 1 << 24);
	MUST(file_read(d->path, &d->whole, err));
}

static inline void
rows_end(struct planet_rows *d)
{
	buf_clear(&d->whole);
	cmd_end(&d->t);
}

/* The database as it was first, with that done to it; the settings behind the planet's. */
static inline void
rows_put(struct planet_rows *d, const char *settings, const char *sql)
{
	struct store_options o = open_options(STORE_WRITE);
	struct buf conf = BUF_INIT(4000);
	struct store *s = NULL;

	buf_adds(&conf, planet_settings);
	buf_adds(&conf, "[newsletter]\ntimezone = UTC\n");
	buf_adds(&conf, settings);
	(void)cmd_file(&d->t, "p.conf", buf_text(&conf));
	buf_clear(&conf);
	MUST(file_write(d->path, d->whole.data, d->whole.len, 0600, err));
	MUST((s = store_open(d->path, &o, err)) != NULL);
	MUST(db_exec(s, sql, err));
	close_store(s);
}

/* What was written, with DIR for the test's folder. */
static inline const char *
rows_told(struct planet_rows *d)
{
	static char text[8000];
	const char *at = buf_text(&d->t.out);
	const char *dir = NULL;
	struct buf b = BUF_INIT(sizeof(text));

	for (; (dir = strstr(at, d->t.folder)) != NULL; at = dir + strlen(d->t.folder)) {
		buf_add(&b, at, (size_t)(dir - at));
		buf_adds(&b, "DIR");
	}
	buf_adds(&b, at);
	(void)snprintf(text, sizeof(text), "%s", buf_text(&b));
	buf_clear(&b);
	return text;
}

#endif
