/* SPDX-License-Identifier: ISC */
#include "transport/maildir.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/mem.h"
#include "transport/letter_loop.h"

enum { NAME_TRIES = 100 };

struct maildir {
	const char *path; /* borrowed */
	const char *host; /* borrowed; "/" and ":" in it are written \057 and \072 */
	int64_t now;
	unsigned long count;
};

/* Makes the directory with tmp, new and cur when they are not there. */
static bool
make_maildir(const struct maildir *m, struct err *err)
{
	static const char *const parts[] = { "tmp", "new", "cur" };

	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		char *dir = file_join(m->path, parts[i]);
		bool ok = file_make_dirs(dir, 0700, err);

		free(dir);
		if (!ok)
			return false;
	}
	return true;
}

static void
add_unique_name(struct maildir *m, struct buf *out)
{
	buf_addf(out, "%" PRId64 ".P%ldQ%lu.", m->now, (long)getpid(), m->count++);
	for (const char *p = m->host; *p != '\0'; p++) {
		if (*p == '/')
			buf_adds(out, "\\057");
		else if (*p == ':')
			buf_adds(out, "\\072");
		else
			buf_addc(out, *p);
	}
}

/*
 * link() and not rename(), which would put the letter in the place of another: names repeat
 * when the clock stands still and a process number comes back.
 */
static bool
add_under_name(struct maildir *m, const char *name, const struct buf *text, bool *taken,
    struct err *err)
{
	bool ok = false;
	char *tmp = xasprintf("%s/tmp/%s", m->path, name);
	char *new = xasprintf("%s/new/%s", m->path, name);
	char *dir = file_join(m->path, "new");
	struct err why = ERR_INIT;

	if (!file_create(tmp, buf_text(text), text->len, 0600, &why)) {
		*taken = why.kind == ERR_INPUT;
		if (!*taken)
			*err = why;
		goto out;
	}
	if (link(tmp, new) == 0) {
		ok = file_sync_dir(dir, err);
		/* It will be delivered again. */
		if (!ok)
			(void)unlink(new);
	} else if (errno == EEXIST) {
		*taken = true;
	} else {
		(void)err_errno(err, "%s", new);
	}
	if (unlink(tmp) != 0 && ok)
		ok = err_errno(err, "%s", tmp);
out:
	free(dir);
	free(new);
	free(tmp);
	return ok;
}

/* Delivers one message, stored with LF.  On failure nothing is left behind. */
static bool
add_message(struct maildir *m, const char *message, size_t len, struct err *err)
{
	bool ok = false;
	struct buf text = BUF_INIT(LIMIT_LETTER);
	struct buf name = BUF_INIT(LIMIT_PATH);

	letter_loop_add_lf(&text, message, len);
	if (buf_is_full(&text)) {
		(void)err_set(err, ERR_LIMIT, "a message over %d bytes", LIMIT_LETTER);
		goto out;
	}
	for (int i = 0; i < NAME_TRIES; i++) {
		bool taken = false;

		buf_reset(&name);
		add_unique_name(m, &name);
		ok = add_under_name(m, buf_text(&name), &text, &taken, err);
		if (ok || !taken)
			goto out;
	}
	(void)err_set(err, ERR_TEMPORARY, "%s: no free file name", m->path);
out:
	buf_clear(&name);
	buf_clear(&text);
	return ok;
}

/* ---- the transport ------------------------------------------------------------------- */

static bool
put_maildir(void *arg, const struct letter *l, struct outcome *o, struct err *err)
{
	struct maildir *m = arg;

	if (!add_message(m, buf_text(l->bytes), l->bytes->len, err))
		return false;
	*o = (struct outcome){ OUTCOME_SENT, 0, NULL, m->path, STAGE_NONE };
	return true;
}

bool
maildir_run(const struct transport_settings *t, const struct letter_source *src,
    struct err *err)
{
	struct maildir m = { t->config->transport.maildir, t->host_name, t->now, 0 };

	if (*m.path == '\0')
		return err_set(err, ERR_CONFIG, "transport.maildir names no directory");
	if (!make_maildir(&m, err))
		return false;
	return letter_loop_run(src, put_maildir, &m, err);
}
