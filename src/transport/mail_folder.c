/* SPDX-License-Identifier: ISC */
#include "transport/mail_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/order.h"

enum {
	BILLION = 1000000000,
	RACY = 2,
	TAIL = 64,
	POSTMARK = 256,
	LAST_READ = 16,
	KNOWN_MAX = 128 + LAST_READ * 20
};

/* A message in a maildir. */
struct letter_file {
	char *name;
	int dir;         /* 0 new, 1 cur */
	int64_t changed; /* nanoseconds: a link, a rename and a copy all set it anew */
	int64_t arrived;
	int64_t size;
};

struct mail_folder {
	char *path;
	bool is_mbox;
	int64_t now;

	int dirs[2];
	int64_t stamps[2]; /* of new/ and cur/ when they were looked at */
	struct letter_file *files;
	size_t count, next, last;      /* those before last are read in this round */
	int64_t read_to;               /* change of the newest that was read; 0: none */
	uint64_t last_read[LAST_READ]; /* names of those with that very change */
	size_t last_count;

	FILE *file;
	int64_t inode, size, stamp;
	int64_t offset;    /* where the region begins */
	struct buf region; /* what is read of it in this round */
	size_t done;       /* bytes of that */
	bool ends;         /* the region ends where the file does */
	char postmark[POSTMARK];
};

static int64_t
nanoseconds(const struct timespec *t)
{
	return (int64_t)t->tv_sec * BILLION + t->tv_nsec;
}

/* A change in the same second as the look would not be seen: then it is looked at again. */
static int64_t
settled_stamp(const struct mail_folder *f, int64_t stamp)
{
	return stamp / BILLION + RACY < f->now ? stamp : 0;
}

static bool
cannot_open(const struct mail_folder *f, const char *name, struct err *err)
{
	const int why = errno;
	const bool is_none = why == ENOENT || why == ENOTDIR || why == ELOOP;

	(void)err_errno(err, "%s%s%s", f->path, *name ? "/" : "", name);
	err->kind = is_none ? ERR_CONFIG : ERR_SYSTEM;
	return false;
}

/* ---- a maildir ---- */

static const char *const dir_names[] = { "new", "cur" };

static bool
open_dirs(struct mail_folder *f, struct err *err)
{
	for (int i = 0; i < 2; i++) {
		char *path = file_join(f->path, dir_names[i]);
		struct stat st;

		f->dirs[i] = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		free(path);
		if (f->dirs[i] >= 0 && fstat(f->dirs[i], &st) == 0)
			f->stamps[i] = nanoseconds(&st.st_mtim);
		/* Nothing was read by a mail program yet. */
		else if (i == 0 || errno != ENOENT)
			return cannot_open(f, dir_names[i], err);
	}
	return true;
}

static uint64_t
name_print(const char *name)
{
	return hash_64(name, strlen(name), 1);
}

/* Others may have come in the same instant as the newest that was read. */
static bool
was_read(const struct mail_folder *f, const char *name, int64_t changed)
{
	for (size_t i = 0; changed == f->read_to && i < f->last_count; i++)
		if (f->last_read[i] == name_print(name))
			return true;
	return false;
}

static void
note_read(struct mail_folder *f, const struct letter_file *x)
{
	if (x->changed != f->read_to)
		f->last_count = 0;
	f->read_to = x->changed;
	if (f->last_count < LAST_READ)
		f->last_read[f->last_count++] = name_print(x->name);
}

static void
add_file(struct mail_folder *f, int dir, const char *name, int64_t since)
{
	struct stat st;

	if (name[0] == '.' || f->count == LIMIT_MAIL_FILES ||
	    fstatat(f->dirs[dir], name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
	    !S_ISREG(st.st_mode) || nanoseconds(&st.st_ctim) < since ||
	    was_read(f, name, nanoseconds(&st.st_ctim)))
		return;
	f->files = xgrow_list(f->files, f->count, sizeof(*f->files));
	f->files[f->count++] = (struct letter_file){ xstrdup(name), dir,
		nanoseconds(&st.st_ctim), st.st_mtim.tv_sec, st.st_size };
}

static bool
list_dir(struct mail_folder *f, int dir, int64_t since, struct err *err)
{
	int fd = -1;
	DIR *d = NULL;
	struct dirent *e = NULL;

	if (f->dirs[dir] < 0)
		return true;
	fd = dup(f->dirs[dir]);
	d = fd >= 0 ? fdopendir(fd) : NULL;
	if (!d) {
		(void)cannot_open(f, dir_names[dir], err);
		if (fd >= 0)
			(void)close(fd);
		return false;
	}
	while ((e = readdir(d)) != NULL)
		add_file(f, dir, e->d_name, since);
	(void)closedir(d);
	return true;
}

static int
by_change(const void *a, const void *b)
{
	const struct letter_file *x = a;
	const struct letter_file *y = b;
	const int order = ORDER(x->changed, y->changed);

	return order != 0 ? order : strcmp(x->name, y->name);
}

/* Of a new folder the newest, later the oldest: but all that came in one instant. */
static void
choose_files(struct mail_folder *f, bool is_first)
{
	size_t bytes = 0;

	list_sort(f->files, f->count, sizeof(*f->files), by_change);
	f->last = f->count;
	if (is_first) {
		f->next = f->count;
		while (f->next > 0 && f->count - f->next < LIMIT_NEWSLETTER_ROUND &&
		    bytes < LIMIT_NEWSLETTER_BYTES)
			bytes += (size_t)f->files[--f->next].size;
		return;
	}
	for (size_t i = 0; i < f->count; i++) {
		const bool is_full =
		    i >= LIMIT_NEWSLETTER_ROUND || bytes >= LIMIT_NEWSLETTER_BYTES;

		if (is_full && f->files[i].changed != f->files[i - 1].changed) {
			f->last = i;
			return;
		}
		bytes += (size_t)f->files[i].size;
	}
}

/* "maildir NEW CUR CHANGE NAME...": false when it is not. */
static bool
read_known(struct mail_folder *f, const char *known, int64_t stamps[2])
{
	static const char word[] = "maildir ";
	char *at = NULL;

	if (!known || strncmp(known, word, strlen(word)) != 0)
		return false;
	stamps[0] = strtoll(known + strlen(word), &at, 10);
	stamps[1] = strtoll(at, &at, 10);
	f->read_to = strtoll(at, &at, 10);
	while (*at == ' ' && f->last_count < LAST_READ)
		f->last_read[f->last_count++] = strtoull(at, &at, 16);
	return true;
}

static bool
open_maildir(struct mail_folder *f, const char *known, bool *unchanged, struct err *err)
{
	int64_t stamps[2] = { 0, 0 };
	const bool is_first = !read_known(f, known, stamps);
	const int64_t since = f->read_to;

	if (!open_dirs(f, err))
		return false;
	*unchanged = !is_first && stamps[0] != 0 && stamps[0] == f->stamps[0] &&
	    (f->dirs[1] < 0 || stamps[1] != 0) && stamps[1] == f->stamps[1];
	if (*unchanged)
		return true;
	if (!list_dir(f, 0, since, err) || !list_dir(f, 1, since, err))
		return false;
	choose_files(f, is_first);
	return true;
}

static bool
cannot_read(const struct mail_folder *f, const struct letter_file *x, struct err *err)
{
	char *name = file_join(dir_names[x->dir], x->name);
	const bool ok = cannot_open(f, name, err);

	free(name);
	return ok;
}

static bool
next_file(struct mail_folder *f, struct buf *out, struct mail_found *found, bool *more,
    struct err *err)
{
	while (f->next < f->last) {
		const struct letter_file *x = &f->files[f->next];

		buf_reset(out);
		if (file_read_start(f->dirs[x->dir], x->name, LIMIT_NEWSLETTER, out)) {
			f->next++;
			note_read(f, x);
			found->arrived = x->arrived;
			*more = true;
			return true;
		}
		/* Moved by a mail program, which sets its change anew; or no message. */
		if (errno != ENOENT && errno != ELOOP && errno != EINVAL)
			return cannot_read(f, x, err);
		f->next++;
	}
	return true;
}

/* ---- an mbox ---- */

/* Of what stands in front of an offset: whether the file only grew since. */
static uint64_t
print_before(FILE *file, int64_t offset)
{
	char tail[TAIL];
	const int64_t from = offset > TAIL ? offset - TAIL : 0;
	size_t n = 0;

	if (fseeko(file, (off_t)from, SEEK_SET) != 0)
		return 0;
	n = fread(tail, 1, (size_t)(offset - from), file);
	return hash_64(tail, n, (uint64_t)offset);
}

/* Shared with readers, not with who writes: fcntl, as mail programs and mbox.c do. */
static bool
lock_file(struct mail_folder *f, struct err *err)
{
	struct flock lock = { .l_type = F_RDLCK, .l_whence = SEEK_SET };

	if (fcntl(fileno(f->file), F_SETLK, &lock) == 0)
		return true;
	if (errno != EACCES && errno != EAGAIN)
		return true; /* a file system without locks */
	return err_set(err, ERR_TEMPORARY, "%s: another program is writing it", f->path);
}

static bool
open_file(struct mail_folder *f, struct stat *st, struct err *err)
{
	const int fd = open(f->path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return cannot_open(f, "", err);
	if (fstat(fd, st) != 0 || !S_ISREG(st->st_mode)) {
		(void)close(fd);
		return err_set(err, ERR_CONFIG, "%s: no mbox file", f->path);
	}
	f->file = fdopen(fd, "r");
	if (f->file)
		return true;
	(void)close(fd);
	return cannot_open(f, "", err);
}

/*
 * Where to begin: behind what was read, or at the last bytes of a file that is new to us.  True
 * when nothing has changed.
 */
static bool
find_start(struct mail_folder *f, const char *known)
{
	int64_t inode = 0;
	int64_t size = 0;
	int64_t stamp = 0;
	int64_t offset = 0;
	uint64_t print = 0;
	const bool is_known = known &&
	    sscanf(known, "mbox %" SCNd64 " %" SCNd64 " %" SCNd64 " %" SCNd64 " %" SCNx64,
		&inode, &size, &stamp, &offset, &print) == 5;

	if (is_known && stamp != 0 && inode == f->inode && size == f->size &&
	    stamp == f->stamp)
		return true;
	if (is_known && offset >= 0 && offset <= f->size &&
	    print_before(f->file, offset) == print)
		f->offset = offset;
	else if (f->size > LIMIT_NEWSLETTER_BYTES)
		f->offset = f->size - LIMIT_NEWSLETTER_BYTES;
	return false;
}

/* The bytes of this round; a message that began in front of them is passed over. */
static bool
read_region(struct mail_folder *f, struct err *err)
{
	const int64_t left = f->size - f->offset;
	const size_t most =
	    (size_t)(left < LIMIT_NEWSLETTER_BYTES ? left : LIMIT_NEWSLETTER_BYTES);
	char bytes[16384];

	buf_init(&f->region, LIMIT_NEWSLETTER_BYTES);
	if (fseeko(f->file, (off_t)f->offset, SEEK_SET) != 0)
		return cannot_open(f, "", err);
	while (f->region.len < most) {
		const size_t want = most - f->region.len;
		const size_t n =
		    fread(bytes, 1, want < sizeof(bytes) ? want : sizeof(bytes), f->file);

		if (n == 0)
			break;
		buf_add(&f->region, bytes, n);
	}
	f->ends = f->offset + (int64_t)f->region.len == f->size;
	return !ferror(f->file) || cannot_open(f, "", err);
}

static bool
open_mbox(struct mail_folder *f, const char *known, bool *unchanged, struct err *err)
{
	struct stat st;

	if (!open_file(f, &st, err))
		return false;
	f->inode = (int64_t)st.st_ino;
	f->size = st.st_size;
	f->stamp = nanoseconds(&st.st_mtim);
	*unchanged = find_start(f, known);
	return *unchanged || (lock_file(f, err) && read_region(f, err));
}

static void
add_line(struct buf *out, const char *line, size_t len)
{
	size_t quotes = 0;

	while (quotes < len && line[quotes] == '>')
		quotes++;
	/* The region ends with a NUL. */
	if (quotes > 0 && strncmp(line + quotes, "From ", 5) == 0) {
		line++;
		len--;
	}
	if (out->len + len <= LIMIT_NEWSLETTER)
		buf_add(out, line, len);
}

static void
note_postmark(struct mail_folder *f, const char *line, size_t len)
{
	/* It begins with "From ". */
	while (line[len - 1] == '\n' || line[len - 1] == '\r')
		len--;
	if (len >= sizeof(f->postmark))
		len = sizeof(f->postmark) - 1;
	memcpy(f->postmark, line, len);
	f->postmark[len] = '\0';
}

/*
 * Reads up to the next From_ line.  The last message of a file is whole when it ends in a line
 * end; one that is larger than a round is taken as far as it goes.
 */
static bool
next_message(struct mail_folder *f, struct buf *out, struct mail_found *found, bool *more)
{
	const char *start = buf_text(&f->region) + f->done;
	const char *end = buf_text(&f->region) + f->region.len;
	const char *at = start;
	bool in_message = false;
	bool after_empty = true;
	bool is_whole = false;

	buf_reset(out);
	while (at < end && !is_whole) {
		const char *nl = memchr(at, '\n', (size_t)(end - at));
		const char *next = nl ? nl + 1 : end;
		const size_t len = (size_t)(next - at);

		if (after_empty && len > 5 && memcmp(at, "From ", 5) == 0) {
			if (in_message)
				break;
			in_message = true;
			note_postmark(f, at, len);
		} else if (in_message) {
			add_line(out, at, len);
		}
		after_empty = len == 1 || (len == 2 && *at == '\r');
		is_whole = next == end && !f->ends && f->done == 0;
		/* Half a message: it is there in the next round. */
		if (next == end && !is_whole && (!f->ends || !nl))
			return true;
		at = next;
	}
	f->done += (size_t)(at - start);
	*found = (struct mail_found){ TIME_NONE, f->postmark };
	*more = in_message;
	return true;
}

/* ---- both ---- */

struct mail_folder *
mail_folder_open(const char *path, bool is_mbox, const char *known, int64_t now,
    bool *unchanged, struct err *err)
{
	struct mail_folder *f = xcalloc(1, sizeof(*f));

	*unchanged = false;
	f->path = xstrdup(path);
	f->is_mbox = is_mbox;
	f->now = now;
	f->dirs[0] = f->dirs[1] = -1;
	if (is_mbox ? open_mbox(f, known, unchanged, err)
		    : open_maildir(f, known, unchanged, err))
		return f;
	mail_folder_close(f);
	return NULL;
}

void
mail_folder_close(struct mail_folder *f)
{
	if (!f)
		return;
	for (int i = 0; i < 2; i++)
		if (f->dirs[i] >= 0)
			(void)close(f->dirs[i]);
	for (size_t i = 0; i < f->count; i++)
		free(f->files[i].name);
	free(f->files);
	if (f->file)
		(void)fclose(f->file);
	buf_clear(&f->region);
	free(f->path);
	free(f);
}

bool
mail_folder_next(struct mail_folder *f, struct buf *out, struct mail_found *found,
    bool *more, struct err *err)
{
	*more = false;
	*found = (struct mail_found){ TIME_NONE, NULL };
	return f->is_mbox ? next_message(f, out, found, more)
			  : next_file(f, out, found, more, err);
}

static const char *
known_mbox(const struct mail_folder *f, struct arena *a)
{
	const int64_t offset = f->offset + (int64_t)f->done;

	return arena_printf(a,
	    "mbox %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRIx64, f->inode,
	    f->size, offset == f->size ? settled_stamp(f, f->stamp) : 0, offset,
	    print_before(f->file, offset));
}

static const char *
known_maildir(const struct mail_folder *f, struct arena *a)
{
	const bool is_all = f->next == f->count;
	struct buf b = BUF_INIT(KNOWN_MAX);

	buf_addf(&b, "maildir %" PRId64 " %" PRId64 " %" PRId64,
	    is_all ? settled_stamp(f, f->stamps[0]) : 0,
	    is_all ? settled_stamp(f, f->stamps[1]) : 0, f->read_to);
	for (size_t i = 0; i < f->last_count; i++)
		buf_addf(&b, " %" PRIx64, f->last_read[i]);
	return arena_take(a, &b);
}

const char *
mail_folder_known(const struct mail_folder *f, struct arena *a)
{
	return f->is_mbox ? known_mbox(f, a) : known_maildir(f, a);
}
