/* SPDX-License-Identifier: ISC */
#define _XOPEN_SOURCE 700 /* realpath() is POSIX.1-2008, but glibc asks for XSI */

#include "flow/letter_journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/order.h"

enum { BOOT_SIZE = 40, STATUS_SIZE = 16, REPLY_SIZE = 120, RESCUE_BYTES = 8 };
#define MAGIC 0x31304c4a50504c50u

/* All numbers are 64 bits wide and aligned, so that none is ever half written. */
struct head {
	uint64_t magic; /* written last */
	unsigned char database[HASH_SIZE];
	char boot[BOOT_SIZE];
	int64_t announced, taken;
	int64_t issue, letters, at;
	int64_t doubt;
	int64_t synced;   /* the taking whose answers are on the disk */
	int64_t restarts; /* how often all cells were in the database */
	char rest[512 - 8 - HASH_SIZE - BOOT_SIZE - 8 * 8];
};
enum stage {
	CELL_FREE,
	CELL_OUT,
	CELL_ANSWERED,
	CELL_WRITTEN /* in the database, which the disk may take back: free, and still known */
};
struct letter_name {
	int64_t kind, notice, issue, number, reader, part, attempts;
};
struct answer {
	int64_t state, attempts, next_try, settled;
	char status[STATUS_SIZE];
	char reply[REPLY_SIZE];
};
struct cell {
	_Atomic uint64_t stage; /* written last */
	uint64_t name_sum, answer_sum;
	struct letter_name name;
	struct answer answer;
};
struct layout {
	struct head head;
	struct cell cells[JOURNAL_CELLS];
};
_Static_assert(sizeof(struct head) == 512 && sizeof(struct cell) == 248,
    "the file has one layout");

struct letter_journal {
	struct layout *map;
	struct layout
	    *copy; /* what map says, in memory that no disk takes along; or NULL */
	char *copy_path;
	bool keeps_copy;                 /* the disk of the file cannot be written */
	char name[2 * RESCUE_BYTES + 1]; /* of the copy: of this database at this place */
	char boot[BOOT_SIZE];
	bool known; /* the file was of this database when it was opened */
	int next;   /* where a free cell is looked for first */
};

/* ---- open ---- */

/* The key itself stands in no other file: a digest of it names the database. */
static void
database_name(const unsigned char key[HASH_SIZE], unsigned char out[HASH_SIZE])
{
	static const char purpose[] = "letter journal";

	hash_hmac(key, HASH_SIZE, purpose, sizeof(purpose) - 1, out);
}

/* Another copy of the database elsewhere on the machine has a journal of its own. */
static void
name_copy(struct letter_journal *j, const char *path, const unsigned char key[HASH_SIZE])
{
	char *real = realpath(path, NULL);
	const char *place = real ? real : path;
	unsigned char name[HASH_SIZE];

	hash_hmac(key, HASH_SIZE, place, strlen(place), name);
	hash_hex(name, RESCUE_BYTES, j->name);
	free(real);
}

static bool
is_whole(off_t size)
{
	return size == (off_t)sizeof(struct layout);
}

static bool
reserve(int fd, bool *fresh, struct err *err)
{
	struct stat st;
	int rc = 0;

	if (fstat(fd, &st) != 0)
		return err_errno(err, "fstat");
	if (!S_ISREG(st.st_mode))
		return err_set(err, ERR_SYSTEM, "it is no file");
	*fresh = !is_whole(st.st_size);
	if (*fresh && ftruncate(fd, 0) != 0)
		return err_errno(err, "ftruncate");
	/* Blocks of its own: a write into the map must not find the disk full. */
	rc = posix_fallocate(fd, 0, (off_t)sizeof(struct layout));
	errno = rc;
	return rc == 0 || err_errno(err, "room for %zu bytes", sizeof(struct layout));
}

static bool
map_file(struct letter_journal *j, int fd, bool *fresh, struct err *err)
{
	void *at = MAP_FAILED;

	if (!reserve(fd, fresh, err))
		return false;
	at = mmap(NULL, sizeof(struct layout), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (at == MAP_FAILED)
		return err_errno(err, "mmap");
	j->map = at;
	return true;
}

struct letter_journal *
letter_journal_open(const char *path, const unsigned char key[HASH_SIZE],
    const char *boot, struct err *err)
{
	struct letter_journal *j = xcalloc(1, sizeof(*j));
	unsigned char database[HASH_SIZE];
	const int fd = file_open_own(path, O_RDWR | O_CREAT, err);
	bool fresh = false;
	bool ok = false;

	if (fd >= 0) {
		ok = map_file(j, fd, &fresh, err) || err_wrap(err, "%s", path);
		(void)close(fd);
	}
	if (!ok) {
		free(j);
		return NULL;
	}
	memcpy(j->boot, boot, strnlen(boot, BOOT_SIZE - 1));
	name_copy(j, path, key);
	database_name(key, database);
	j->known = !fresh && j->map->head.magic == MAGIC &&
	    memcmp(j->map->head.database, database, HASH_SIZE) == 0;
	if (!j->known) {
		j->map->head.magic = 0;
		atomic_thread_fence(memory_order_seq_cst);
		memset(j->map, 0, sizeof(*j->map));
		memcpy(j->map->head.database, database, HASH_SIZE);
	}
	return j;
}

static bool
is_free(const struct cell *c)
{
	return c->stage == CELL_FREE || c->stage == CELL_WRITTEN;
}

static bool
is_empty(const struct letter_journal *j)
{
	for (size_t i = 0; i < JOURNAL_CELLS; i++)
		if (!is_free(&j->map->cells[i]))
			return false;
	return true;
}

void
letter_journal_close(struct letter_journal *j)
{
	if (!j)
		return;
	if (j->copy) {
		/* A broken disk may have said otherwise of the last commit. */
		if (!j->keeps_copy && is_empty(j) && letter_journal_sync(j))
			(void)unlink(j->copy_path);
		(void)munmap(j->copy, sizeof(*j->copy));
	}
	(void)munmap(j->map, sizeof(*j->map));
	free(j->copy_path);
	free(j);
}

/* ---- the copy ---- */

/* What stands in the file stands in the copy, too.  Two threads write, each fields of its own. */
static void
copy_bytes(const struct letter_journal *j, const void *at, size_t size)
{
	if (j->copy)
		memcpy((char *)j->copy + ((const char *)at - (const char *)j->map), at,
		    size);
}

static void
copy_head(const struct letter_journal *j)
{
	copy_bytes(j, &j->map->head, sizeof(j->map->head));
	atomic_thread_fence(memory_order_seq_cst);
}

/*
 * After what it speaks of.  That order is all that is asked for: what a killed process has
 * written stays, and whoever reads it comes later.
 */
static void
set_stage(const struct letter_journal *j, int cell, enum stage stage)
{
	atomic_store_explicit(&j->map->cells[cell].stage, stage, memory_order_release);
	if (j->copy)
		atomic_store_explicit(&j->copy->cells[cell].stage, stage,
		    memory_order_release);
}

/* ---- after a run that ended without winding up ---- */

static bool
cell_is_whole(const struct cell *c)
{
	if (c->stage == CELL_FREE)
		return true;
	if (c->stage > CELL_WRITTEN ||
	    c->name_sum != hash_64(&c->name, sizeof(c->name), MAGIC))
		return false;
	return c->stage == CELL_OUT ||
	    c->answer_sum == hash_64(&c->answer, sizeof(c->answer), MAGIC);
}

static bool
is_this_boot(const struct letter_journal *j)
{
	return j->boot[0] != '\0' && strncmp(j->map->head.boot, j->boot, BOOT_SIZE) == 0;
}

enum journal_verdict
letter_journal_judge(const struct letter_journal *j, int64_t takings)
{
	const struct head *h = &j->map->head;

	if (!j->known || takings > h->announced)
		return JOURNAL_UNKNOWING;
	if (takings < h->taken)
		return JOURNAL_NEWER;
	if (!is_this_boot(j))
		return JOURNAL_REBOOTED;
	for (size_t i = 0; i < JOURNAL_CELLS; i++) {
		if (!cell_is_whole(&j->map->cells[i]))
			return JOURNAL_REBOOTED;
	}
	return JOURNAL_CURRENT;
}

static void
read_cell(const struct cell *c, struct arena *a, struct delivery_left *out)
{
	*out = (struct delivery_left){ .attempts = c->name.attempts,
		.answered = c->stage != CELL_OUT };
	out->d = (struct delivery){ .kind = (enum notice_kind)c->name.kind,
		.notice_id = c->name.notice,
		.span = { .last_id = c->name.issue, .last = c->name.number },
		.reader_id = c->name.reader,
		.part = c->name.part };
	if (!out->answered)
		return;
	out->d.state = (enum delivery_state)c->answer.state;
	out->d.attempts = c->answer.attempts;
	out->d.next_try = c->answer.next_try;
	out->d.settled = c->answer.settled;
	if (c->answer.status[0] != '\0')
		out->d.status = arena_strndup(a, c->answer.status,
		    strnlen(c->answer.status, STATUS_SIZE));
	if (c->answer.reply[0] != '\0')
		out->d.reply = arena_strndup(a, c->answer.reply,
		    strnlen(c->answer.reply, REPLY_SIZE));
}

static int
newest_first(const void *a, const void *b)
{
	const struct delivery *x = &((const struct delivery_left *)a)->d;
	const struct delivery *y = &((const struct delivery_left *)b)->d;

	if (x->settled != y->settled)
		return x->settled < y->settled ? 1 : -1;
	return (y->state == DELIVERY_SENT) - (x->state == DELIVERY_SENT);
}

/* Those that are not in the database first: they are the later word about their letters. */
size_t
letter_journal_left(const struct letter_journal *j, struct arena *a,
    struct delivery_left **out)
{
	size_t n = 0;
	size_t open = 0;

	*out = arena_array(a, JOURNAL_CELLS, sizeof(**out));
	if (!is_this_boot(j) && j->map->head.synced != j->map->head.taken)
		return 0;
	for (size_t i = 0; i < JOURNAL_CELLS; i++) {
		const struct cell *c = &j->map->cells[i];

		if (!is_free(c) && cell_is_whole(c))
			read_cell(c, a, &(*out)[n++]);
	}
	open = n;
	for (size_t i = 0; i < JOURNAL_CELLS; i++) {
		const struct cell *c = &j->map->cells[i];

		if (c->stage == CELL_WRITTEN && cell_is_whole(c))
			read_cell(c, a, &(*out)[n++]);
	}
	list_sort(*out + open, n - open, sizeof(**out), newest_first);
	return n;
}

void
letter_journal_restart(struct letter_journal *j, int64_t takings)
{
	struct head *h = &j->map->head;

	for (int i = 0; i < JOURNAL_CELLS; i++)
		set_stage(j, i, CELL_FREE);
	atomic_thread_fence(memory_order_seq_cst);
	memcpy(h->boot, j->boot, BOOT_SIZE);
	h->announced = takings;
	h->taken = takings;
	h->synced = 0;
	h->restarts++;
	atomic_thread_fence(memory_order_seq_cst);
	h->magic = MAGIC;
	copy_head(j);
	j->known = true;
}

/* ---- while letters go out ---- */

void
letter_journal_announce(struct letter_journal *j, int64_t takings)
{
	struct head *h = &j->map->head;

	h->announced = takings;
	h->synced = 0;
	copy_bytes(j, &h->announced, sizeof(h->announced));
	copy_bytes(j, &h->synced, sizeof(h->synced));
	atomic_thread_fence(memory_order_seq_cst);
}

void
letter_journal_taken(struct letter_journal *j, int64_t takings)
{
	j->map->head.taken = takings;
	copy_bytes(j, &j->map->head.taken, sizeof(j->map->head.taken));
	atomic_thread_fence(memory_order_seq_cst);
}

static void
count_letter(struct letter_journal *j, const struct delivery *d, int64_t now)
{
	struct head *h = &j->map->head;

	h->at = now;
	if (d->kind == NOTICE_NONE && d->span.last >= h->issue) {
		if (d->span.last > h->issue) {
			h->letters = 0;
			h->issue = d->span.last;
		}
		h->letters++;
	}
	copy_bytes(j, &h->issue, sizeof(h->issue));
	copy_bytes(j, &h->letters, sizeof(h->letters));
	copy_bytes(j, &h->at, sizeof(h->at));
}

int
letter_journal_hand_out(struct letter_journal *j, const struct delivery *d, int64_t now)
{
	for (int i = 0; i < JOURNAL_CELLS; i++) {
		const int at = (j->next + i) % JOURNAL_CELLS;
		struct cell *c = &j->map->cells[at];

		if (!is_free(c))
			continue;
		if (c->stage != CELL_FREE)
			set_stage(j, at, CELL_FREE);
		c->name = (struct letter_name){ .kind = d->kind,
			.notice = d->notice_id,
			.issue = d->span.last_id,
			.number = d->span.last,
			.reader = d->reader_id,
			.part = d->part,
			.attempts = d->attempts };
		c->name_sum = hash_64(&c->name, sizeof(c->name), MAGIC);
		copy_bytes(j, &c->name, sizeof(c->name));
		copy_bytes(j, &c->name_sum, sizeof(c->name_sum));
		set_stage(j, at, CELL_OUT);
		count_letter(j, d, now);
		j->next = (at + 1) % JOURNAL_CELLS;
		return at;
	}
	return -1;
}

void
letter_journal_free_cell(struct letter_journal *j, int cell)
{
	set_stage(j, cell, CELL_FREE);
}

void
letter_journal_written(struct letter_journal *j, int cell)
{
	set_stage(j, cell, CELL_WRITTEN);
}

/* As much as there is room for, whole characters only. */
static void
copy_words(char *to, size_t size, const char *from)
{
	size_t len = from ? strlen(from) : 0;

	memset(to, 0, size);
	if (len >= size) {
		len = size - 1;
		while (len > 0 && ((unsigned char)from[len] & 0xC0) == 0x80)
			len--;
	}
	if (len > 0)
		memcpy(to, from, len);
}

void
letter_journal_answer(struct letter_journal *j, int cell, const struct delivery *d)
{
	struct cell *c = &j->map->cells[cell];

	c->answer.state = d->state;
	c->answer.attempts = d->attempts;
	c->answer.next_try = d->next_try;
	c->answer.settled = d->settled;
	copy_words(c->answer.status, STATUS_SIZE, d->status);
	copy_words(c->answer.reply, REPLY_SIZE, d->reply);
	c->answer_sum = hash_64(&c->answer, sizeof(c->answer), MAGIC);
	copy_bytes(j, &c->answer, sizeof(c->answer));
	copy_bytes(j, &c->answer_sum, sizeof(c->answer_sum));
	set_stage(j, cell, CELL_ANSWERED);
}

bool
letter_journal_sync(struct letter_journal *j)
{
	/* The cells first: what says that they are whole must not come before them. */
	if (msync(j->map, sizeof(*j->map), MS_SYNC) != 0)
		return false;
	j->map->head.synced = j->map->head.taken;
	copy_head(j);
	return msync(j->map, sizeof(*j->map), MS_SYNC) == 0;
}

/* ---- a disk that is broken ---- */

static const char *
rescue_path(const struct letter_journal *j, const char *dir, struct arena *a)
{
	return arena_printf(a, "%s/planetpost-%s.sending", dir, j->name);
}

static bool
write_copy(const struct letter_journal *j, const char *path, struct err *err)
{
	/* An older one of ours; where it is another's, making the new one fails. */
	(void)unlink(path);
	return file_create(path, j->map, sizeof(*j->map), 0600, err);
}

bool
letter_journal_rescue(struct letter_journal *j, const char *dir, struct arena *a,
    const char **path, struct err *err)
{
	*path = rescue_path(j, dir, a);
	j->keeps_copy = true;
	return j->copy || write_copy(j, *path, err);
}

void
letter_journal_keep_copy(struct letter_journal *j, const char *dir, struct arena *a)
{
	const char *path = rescue_path(j, dir, a);
	struct err none = ERR_INIT;
	void *at = MAP_FAILED;
	int fd = -1;

	if (j->boot[0] == '\0' || !write_copy(j, path, &none))
		return;
	fd = file_open_own(path, O_RDWR, &none);
	if (fd >= 0) {
		at = mmap(NULL, sizeof(*j->copy), PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		    0);
		(void)close(fd);
	}
	if (at == MAP_FAILED) {
		(void)unlink(path);
		return;
	}
	j->copy = at;
	j->copy_path = xstrdup(path);
}

/* False for a file that somebody else made. */
static bool
read_rescued(const char *path, struct layout *out)
{
	struct err none = ERR_INIT;
	struct stat st;
	const int fd = file_open_own(path, O_RDONLY, &none);
	bool ok = false;

	if (fd < 0)
		return false;
	ok = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() &&
	    is_whole(st.st_size) && read(fd, out, sizeof(*out)) == (ssize_t)st.st_size;
	(void)close(fd);
	return ok;
}

static bool
is_ours(const struct letter_journal *j, const struct head *h)
{
	return h->magic == MAGIC && j->boot[0] != '\0' &&
	    memcmp(h->database, j->map->head.database, HASH_SIZE) == 0 &&
	    strncmp(h->boot, j->boot, BOOT_SIZE) == 0;
}

bool
letter_journal_take_up(struct letter_journal *j, const char *dir, struct arena *a)
{
	const char *path = j && dir ? rescue_path(j, dir, a) : NULL;
	struct layout *old = NULL;
	bool ok = false;

	if (!path)
		return false;
	old = xmalloc(sizeof(*old));
	/* One that could not be removed in its time says nothing new. */
	ok = read_rescued(path, old) && is_ours(j, &old->head) &&
	    (!j->known ||
		(old->head.announced >= j->map->head.announced &&
		    old->head.restarts >= j->map->head.restarts));
	if (ok) {
		memcpy(j->map, old, sizeof(*old));
		j->known = true;
		(void)unlink(path);
	}
	free(old);
	return ok;
}

/* ---- the last issue ---- */

struct journal_issue
letter_journal_issue(const struct letter_journal *j)
{
	const struct head *h = &j->map->head;

	return (struct journal_issue){ h->issue, h->letters, h->at };
}

int64_t
letter_journal_doubt(const struct letter_journal *j)
{
	return j->map->head.doubt;
}

void
letter_journal_set_doubt(struct letter_journal *j, int64_t number)
{
	j->map->head.doubt = number;
	copy_head(j);
}
