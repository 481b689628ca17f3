/* SPDX-License-Identifier: ISC */
#include "transport/mailbox.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/order.h"
#include "transport/pop3.h"

struct mailbox_reader {
	struct pop3 *pop3; /* NULL: a maildir */
	char *folder;
	char **names; /* in new/, sorted: they begin with the time */
	size_t count;
	size_t next;
	size_t done;     /* those before have been dealt with */
	bool *was_taken; /* by us, and not passed over */
};

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool
list_new(struct mailbox_reader *m, struct err *err)
{
	char *path = file_join(m->folder, "new");
	DIR *dir = opendir(path);
	struct dirent *e = NULL;

	if (!dir) {
		const bool is_none = errno == ENOENT || errno == ENOTDIR;

		err_errno(err, "%s", path);
		err->kind = is_none ? ERR_CONFIG : ERR_SYSTEM;
		free(path);
		return false;
	}
	while (m->count < LIMIT_MAILBOX_BATCH && (e = readdir(dir)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		m->names = xgrow_list(m->names, m->count, sizeof(*m->names));
		m->names[m->count++] = xstrdup(e->d_name);
	}
	(void)closedir(dir);
	free(path);
	list_sort(m->names, m->count, sizeof(*m->names), by_name);
	m->was_taken = xcalloc(m->count, sizeof(*m->was_taken));
	return true;
}

bool
mailbox_close(struct mailbox_reader *m, struct err *err)
{
	bool ok = true;

	if (!m)
		return true;
	if (m->pop3)
		ok = pop3_close(m->pop3, err);
	for (size_t i = 0; i < m->count; i++)
		free(m->names[i]);
	free(m->names);
	free(m->was_taken);
	free(m->folder);
	free(m);
	return ok;
}

struct mailbox_reader *
mailbox_open(const char *source, const struct mailbox_login *login, struct err *err)
{
	static const char maildir[] = "maildir:";
	static const char pop3s[] = "pop3s://";
	struct mailbox_reader *m = xcalloc(1, sizeof(*m));
	bool ok = false;

	if (strncmp(source, maildir, strlen(maildir)) == 0) {
		m->folder = xstrdup(source + strlen(maildir));
		ok = list_new(m, err);
	} else if (strncmp(source, pop3s, strlen(pop3s)) == 0 && login) {
		m->pop3 = pop3_open(source + strlen(pop3s), login->user, login->password,
		    login->ca_file, err);
		ok = m->pop3 != NULL;
	} else {
		err_set(err, ERR_CONFIG, "\"%s\" is no mailbox that can be read", source);
		err_hint(err, "maildir:PATH or pop3s://HOST");
	}
	if (ok)
		return m;
	/* Nothing was begun that could fail to end. */
	(void)!mailbox_close(m, err);
	return NULL;
}

static bool
next_file(struct mailbox_reader *m, struct buf *out, bool *more, struct err *err)
{
	while (m->next < m->count) {
		char *folder = file_join(m->folder, "new");
		char *path = file_join(folder, m->names[m->next]);
		const bool ok = file_read_start(AT_FDCWD, path, LIMIT_INCOMING_READ, out);

		m->was_taken[m->next++] = ok;
		*more = ok;
		/* Taken by another mail program; or a link, a folder: no message. */
		if (!ok && errno != ENOENT && errno != ELOOP && errno != EINVAL)
			err_errno(err, "%s", path);
		free(path);
		free(folder);
		if (ok || err_is_set(err))
			return ok;
	}
	*more = false;
	return true;
}

/*
 * cur/NAME:2,S: seen (https://cr.yp.to/proto/maildir.html).  One that another mail program has
 * taken is none of ours; one that is still there, for want of cur/, would be read again each time.
 */
static bool
move_seen(const struct mailbox_reader *m, const char *name, struct err *err)
{
	char *from = xasprintf("%s/new/%s", m->folder, name);
	char *to = xasprintf("%s/cur/%.*s:2,S", m->folder, (int)strcspn(name, ":"), name);
	bool ok = rename(from, to) == 0;

	if (!ok) {
		const int why = errno;

		ok = why == ENOENT && !file_exists(from);
		errno = why;
		if (!ok)
			(void)err_errno(err, "cannot move %s to %s", from, to);
	}
	free(to);
	free(from);
	return ok;
}

static bool
mark_seen(struct mailbox_reader *m, struct err *err)
{
	for (; m->done < m->next; m->done++) {
		if (m->was_taken[m->done] && !move_seen(m, m->names[m->done], err))
			return false;
	}
	return true;
}

bool
mailbox_next(struct mailbox_reader *m, struct buf *out, bool *more, struct err *err)
{
	buf_reset(out);
	return m->pop3 ? pop3_next(m->pop3, out, more, err)
		       : next_file(m, out, more, err);
}

size_t
mailbox_broke_at(const struct mailbox_reader *m)
{
	return m->pop3 ? pop3_broke_at(m->pop3) : 0;
}

void
mailbox_pass_over(struct mailbox_reader *m, size_t number)
{
	if (m->pop3)
		pop3_pass_over(m->pop3, number);
}

bool
mailbox_done(struct mailbox_reader *m, struct err *err)
{
	return m->pop3 ? pop3_delete(m->pop3, err) : mark_seen(m, err);
}
