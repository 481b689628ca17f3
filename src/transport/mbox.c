/* SPDX-License-Identifier: ISC */
#include "transport/mbox.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "transport/letter_loop.h"

enum {
	LOCK_TRIES = 100, /* times LOCK_PAUSE_NS: ten seconds */
	LOCK_PAUSE_NS = 100 * 1000 * 1000,
	ENTRY_MAX = 2 * LIMIT_LETTER /* its lines may be From_ lines, which are quoted */
};

/* "From a@b.example Tue Nov 24 06:30:11 2026": asctime in UTC, as every mbox reader expects. */
static void
add_from_line(struct buf *out, const char *sender, int64_t date)
{
	static const char days[7][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri",
		"Sat" };
	static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
		"Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	struct civil c = clock_civil(date, 0);

	buf_addf(out, "From %s %s %s %2d %02d:%02d:%02d %d\n",
	    *sender != '\0' ? sender : "MAILER-DAEMON", days[c.weekday],
	    months[c.month - 1], c.day, c.hour, c.minute, c.second, c.year);
}

static bool
is_from_line(const char *line, size_t len)
{
	static const char from[] = "From ";

	while (len > 0 && *line == '>') {
		line++;
		len--;
	}
	return len >= sizeof(from) - 1 && memcmp(line, from, sizeof(from) - 1) == 0;
}

void
mbox_format(struct buf *out, const char *sender, int64_t date, const char *message,
    size_t len)
{
	const char *end = message + len;

	add_from_line(out, sender, date);
	while (message < end) {
		const char *nl = memchr(message, '\n', (size_t)(end - message));
		size_t n = (size_t)((nl ? nl : end) - message);

		if (is_from_line(message, n))
			buf_addc(out, '>');
		letter_loop_add_lf(out, message, n);
		buf_addc(out, '\n');
		message += n + (nl != NULL);
	}
	buf_addc(out, '\n');
}

/* ---- a file of them ------------------------------------------------------------------ */

static bool
lock_file(int fd, const char *path, struct err *err)
{
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	const struct timespec pause = { 0, LOCK_PAUSE_NS };

	for (int i = 0; i < LOCK_TRIES; i++) {
		if (fcntl(fd, F_SETLK, &l) == 0)
			return true;
		if (errno != EACCES && errno != EAGAIN && errno != EINTR)
			return err_errno(err, "%s: lock", path);
		(void)nanosleep(&pause, NULL);
	}
	return err_set(err, ERR_TEMPORARY, "%s: another program has locked it", path);
}

static void
unlock_file(int fd)
{
	struct flock l = { .l_type = F_UNLCK, .l_whence = SEEK_SET };

	(void)fcntl(fd, F_SETLK, &l);
}

/*
 * A file that does not end with an empty line was cut short by somebody else; without one the
 * next From_ line would be read as text of the last message.
 */
static const char *
missing_end(int fd, off_t size)
{
	char last[2];
	const ssize_t n = pread(fd, last, sizeof(last), size < 2 ? 0 : size - 2);

	if (n == 0 || (n == 2 && memcmp(last, "\n\n", 2) == 0))
		return "";
	return n > 0 && last[n - 1] == '\n' ? "\n" : "\n\n";
}

bool
mbox_open(struct mbox *m, const char *path, struct err *err)
{
	m->path = path;
	buf_init(&m->text, ENTRY_MAX);
	m->fd = file_open_own(path, O_RDWR | O_CREAT | O_APPEND, err);
	return m->fd >= 0;
}

bool
mbox_add(struct mbox *m, const char *sender, int64_t date, const char *message,
    size_t len, struct err *err)
{
	bool ok = false;
	struct stat st;

	if (!lock_file(m->fd, m->path, err))
		return false;
	if (fstat(m->fd, &st) != 0) {
		(void)err_errno(err, "%s", m->path);
		goto out;
	}
	buf_reset(&m->text);
	buf_adds(&m->text, missing_end(m->fd, st.st_size));
	mbox_format(&m->text, sender, date, message, len);
	if (buf_is_full(&m->text)) {
		(void)err_set(err, ERR_LIMIT, "%s: a message over %d bytes", m->path,
		    LIMIT_LETTER);
		goto out;
	}
	if (!file_write_all(m->fd, m->text.data, m->text.len)) {
		(void)err_errno(err, "%s", m->path);
		/* Half a message would make a reader take the next one for a part of it. */
		if (ftruncate(m->fd, st.st_size) != 0)
			(void)err_hint(err, "the last message in %s is not whole",
			    m->path);
		goto out;
	}
	ok = true;
out:
	unlock_file(m->fd);
	return ok;
}

static bool
sync_mbox(struct mbox *m, struct err *err)
{
	if (fsync(m->fd) != 0 && errno != EINVAL && errno != ENOTSUP)
		return err_errno(err, "%s", m->path);
	return true;
}

bool
mbox_close(struct mbox *m, struct err *err)
{
	bool ok = true;

	buf_clear(&m->text);
	if (m->fd < 0)
		return true;
	ok = sync_mbox(m, err);
	if (close(m->fd) != 0)
		ok = err_errno(err, "%s", m->path);
	m->fd = -1;
	return ok;
}

/* ---- the transport ------------------------------------------------------------------- */

struct mbox_put {
	struct mbox file;
	int64_t now;
};

static bool
put_mbox(void *arg, const struct letter *l, struct outcome *o, struct err *err)
{
	struct mbox_put *p = arg;

	/* Sent means on the disk: a crash of the machine must not take it back. */
	if (!mbox_add(&p->file, l->sender, p->now, buf_text(l->bytes), l->bytes->len,
		err) ||
	    !sync_mbox(&p->file, err))
		return false;
	*o = (struct outcome){ OUTCOME_SENT, 0, NULL, p->file.path, STAGE_NONE };
	return true;
}

bool
mbox_run(const struct transport_settings *t, const struct letter_source *src,
    struct err *err)
{
	struct mbox_put p = { MBOX_INIT, t->now };
	bool ok = false;

	if (*t->config->transport.mbox == '\0')
		return err_set(err, ERR_CONFIG, "transport.mbox names no file");
	if (!mbox_open(&p.file, t->config->transport.mbox, err))
		return false;
	ok = letter_loop_run(src, put_mbox, &p, err);
	return mbox_close(&p.file, err) && ok;
}
