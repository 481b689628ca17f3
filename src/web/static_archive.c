/* SPDX-License-Identifier: ISC */
#include "web/static_archive.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "flow/context.h"
#include "store/archive.h"
#include "store/issues.h"
#include "web/pages.h"

enum { NEW_MONTHS = 2 };

struct writing {
	const struct site *site;
	struct arena *a; /* of one page */
	const char *dir;
};

/* "DIR/archive/2026/11/index.html" of "archive/2026/11/"; in w->a. */
static const char *
file_of(struct writing *w, const char *path)
{
	const size_t len = strlen(path);
	const bool is_folder = len > 0 && path[len - 1] == '/';

	return arena_printf(w->a, "%s/%s%s", w->dir, path, is_folder ? "index.html" : "");
}

static bool
write_file(const char *file, const struct buf *body, struct err *err)
{
	char *dir = file_dir(file);
	const bool ok = file_make_dirs(dir, 0755, err) &&
	    file_write(file, buf_text(body), body->len, 0644, err);

	free(dir);
	return ok;
}

/* The answer to GET of `path` becomes the file of `as`; whatever is no page any more goes. */
static bool
write_page(struct writing *w, const char *path, const char *as, struct err *err)
{
	const struct web_request request = { .method = WEB_GET,
		.path = arena_printf(w->a, "/%s", path),
		.type = "",
		.body = "",
		.network = "" };
	const char *file = file_of(w, as);
	struct web_answer answer;
	bool ok = false;

	pages_answer(w->site, w->a, &request, &answer);
	if (answer.status == 200)
		ok = write_file(file, &answer.body, err);
	else if (answer.status >= 500)
		ok = err_set(err, ERR_TEMPORARY, "%s cannot be made", path);
	else
		ok = unlink(file) == 0 || errno == ENOENT || errno == ENOTDIR ||
		    err_errno(err, "%s", file);
	buf_clear(&answer.body);
	return ok;
}

static bool
write_missing(struct writing *w, const char *path, const char *as, struct err *err)
{
	return file_exists(file_of(w, as)) || write_page(w, path, as, err);
}

static bool
write_month(struct writing *w, const struct archive_month *m, bool is_new,
    struct err *err)
{
	const char *page =
	    arena_printf(w->a, "archive/%.4s/%s/", m->name, m->name + strlen("2026-"));
	const char *mbox = arena_printf(w->a, "archive/%s.mbox.gz", m->name);

	if (is_new)
		return write_page(w, page, page, err) && write_page(w, mbox, mbox, err);
	return write_missing(w, page, page, err) && write_missing(w, mbox, mbox, err);
}

static bool
write_months(struct writing *w, struct err *err)
{
	const struct run *run = w->site->run;
	struct archive_month *months = NULL;
	size_t count = 0;
	bool ok = store_archive_months(run->store, run->arena, &months, &count, err);

	for (size_t i = 0; ok && i < count && !run->interrupted(); i++) {
		arena_reset(w->a);
		ok = write_month(w, &months[i], i < NEW_MONTHS, err);
	}
	return ok;
}

static bool
write_issues(struct writing *w, struct err *err)
{
	const struct run *run = w->site->run;
	struct issue *issues = NULL;
	size_t count = 0;
	bool ok = store_issues(run->store, run->arena, 0, &issues, &count, err);

	for (size_t i = 0; ok && i < count && !run->interrupted(); i++) {
		arena_reset(w->a);
		const char *path = arena_printf(w->a, "i/%s", issues[i].name);
		const char *as = arena_printf(w->a, "%s/", path);
		ok = issues[i].state == ISSUE_CANCELLED ? write_page(w, path, as, err)
							: write_missing(w, path, as, err);
	}
	return ok;
}

bool
static_archive_write(const struct site *site, struct err *err)
{
	static const char *const always[] = { "archive/", "archive/atom.xml",
		"style.css" };
	const struct config *c = site->run->config;
	struct writing w = { .site = site, .a = arena_new(), .dir = c->web.archive_dir };
	bool ok = true;

	for (size_t i = 0; ok && i < ARRAY_LEN(always); i++) {
		arena_reset(w.a);
		ok = c->web.archive == ARCHIVE_OFF ||
		    write_page(&w, always[i], always[i], err);
	}
	if (ok && c->web.archive != ARCHIVE_OFF && site->logo.bytes)
		ok = write_page(&w, site->logo.path + 1, site->logo.path + 1, err);
	if (ok && c->web.archive != ARCHIVE_OFF)
		ok = write_months(&w, err) && write_issues(&w, err);
	arena_free(w.a);
	return ok || err_wrap(err, "web.archive_dir");
}
