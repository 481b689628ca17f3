/* SPDX-License-Identifier: ISC */
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

enum { BOOT_SIZE = 40, STATUS_SIZE = 16, REPLY_SIZE = 376, RESCUE_BYTES = 8 };
#define MAGIC 0x31304c4a50504c50u

/* All numbers are 64 bits wide and aligned, so that none is ever half written. */
struct head {
	uint64_t magic; /* written last */
	unsigned char database[HASH_SIZE];
	char boot[BOOT_SIZE];
	int64_t announced, taken;
	int64_t issue, letters, at;
	int64_t doubt;
	int64_t synced; /* the taking whose answers are on the disk */
	char rest[512 - 8 - HASH_SIZE - BOOT_SIZE - 7 * 8];
};
enum stage { CELL_FREE, CELL_OUT, CELL_ANSWERED };
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
/* A file of an earlier version has fewer cells. */
enum { CELLS_BEFORE = 1024 };
#define SIZE_BEFORE (sizeof(struct head) + CELLS_BEFORE * sizeof(struct cell))
_Static_assert(sizeof(struct head) == 512 && sizeof(struct cell) == 504,
    "the file has one layout");

struct letter_journal {
	struct layout *map;
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

static bool
is_whole(off_t size)
{
	return size == (off_t)sizeof(struct layout) || size == (off_t)SIZE_BEFORE;
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

void
letter_journal_close(struct letter_journal *j)
{
	if (j)
		(void)munmap(j->map, sizeof(*j->map));
	free(j);
}

/* ---- after a run that ended without winding up ---- */

static bool
cell_is_whole(const struct cell *c)
{
	if (c->stage == CELL_FREE)
		return true;
	if (c->stage > CELL_ANSWERED ||
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
		.answered = c->stage == CELL_ANSWERED };
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

size_t
letter_journal_left(const struct letter_journal *j, struct arena *a,
    struct delivery_left **out)
{
	size_t n = 0;

	*out = arena_array(a, JOURNAL_CELLS, sizeof(**out));
	if (!is_this_boot(j) && j->map->head.synced != j->map->head.taken)
		return 0;
	for (size_t i = 0; i < JOURNAL_CELLS; i++) {
		const struct cell *c = &j->map->cells[i];

		if (c->stage != CELL_FREE && cell_is_whole(c))
			read_cell(c, a, &(*out)[n++]);
	}
	return n;
}

void
letter_journal_restart(struct letter_journal *j, int64_t takings)
{
	struct head *h = &j->map->head;

	for (size_t i = 0; i < JOURNAL_CELLS; i++)
		j->map->cells[i].stage = CELL_FREE;
	atomic_thread_fence(memory_order_seq_cst);
	memcpy(h->boot, j->boot, BOOT_SIZE);
	h->announced = takings;
	h->taken = takings;
	h->synced = 0;
	atomic_thread_fence(memory_order_seq_cst);
	h->magic = MAGIC;
	j->known = true;
}

/* ---- while letters go out ---- */

void
letter_journal_announce(struct letter_journal *j, int64_t takings)
{
	j->map->head.announced = takings;
	j->map->head.synced = 0;
	atomic_thread_fence(memory_order_seq_cst);
}

void
letter_journal_taken(struct letter_journal *j, int64_t takings)
{
	j->map->head.taken = takings;
	atomic_thread_fence(memory_order_seq_cst);
}

static void
count_letter(struct head *h, const struct delivery *d, int64_t now)
{
	h->at = now;
	if (d->kind != NOTICE_NONE || d->span.last < h->issue)
		return;
	if (d->span.last > h->issue) {
		h->letters = 0;
		h->issue = d->span.last;
	}
	h->letters++;
}

int
letter_journal_hand_out(struct letter_journal *j, const struct delivery *d, int64_t now)
{
	for (int i = 0; i < JOURNAL_CELLS; i++) {
		const int at = (j->next + i) % JOURNAL_CELLS;
		struct cell *c = &j->map->cells[at];

		if (c->stage != CELL_FREE)
			continue;
		c->name = (struct letter_name){ .kind = d->kind,
			.notice = d->notice_id,
			.issue = d->span.last_id,
			.number = d->span.last,
			.reader = d->reader_id,
			.part = d->part,
			.attempts = d->attempts };
		c->name_sum = hash_64(&c->name, sizeof(c->name), MAGIC);
		c->stage = CELL_OUT;
		count_letter(&j->map->head, d, now);
		j->next = (at + 1) % JOURNAL_CELLS;
		return at;
	}
	return -1;
}

void
letter_journal_free_cell(struct letter_journal *j, int cell)
{
	j->map->cells[cell].stage = CELL_FREE;
	/* Of the file no more is in memory than was ever out at once. */
	if (cell < j->next)
		j->next = cell;
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
	c->stage = CELL_ANSWERED;
}

bool
letter_journal_sync(struct letter_journal *j)
{
	/* The cells first: what says that they are whole must not come before them. */
	if (msync(j->map, sizeof(*j->map), MS_SYNC) != 0)
		return false;
	j->map->head.synced = j->map->head.taken;
	return msync(j->map, sizeof(*j->map), MS_SYNC) == 0;
}

/* ---- a disk that is broken ---- */

static const char *
rescue_path(const struct letter_journal *j, const char *dir, struct arena *a)
{
	char name[2 * RESCUE_BYTES + 1];

	for (size_t i = 0; i < RESCUE_BYTES; i++)
		(void)snprintf(name + 2 * i, 3, "%02x", j->map->head.database[i]);
	return arena_printf(a, "%s/planetpost-%s.sending", dir, name);
}

bool
letter_journal_rescue(const struct letter_journal *j, const char *dir, struct arena *a,
    const char **path, struct err *err)
{
	*path = rescue_path(j, dir, a);
	/* An older one of ours; where it is another's, making the new one fails. */
	(void)unlink(*path);
	return file_create(*path, j->map, sizeof(*j->map), 0600, err);
}

/* False for a file that somebody else made. */
static bool
read_rescued(const char *path, struct layout *out)
{
	struct err none = ERR_INIT;
	struct stat st;
	const int fd = file_open_own(path, O_RDONLY, &none);
	bool ok = false;

	memset(out, 0, sizeof(*out));
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
	    (!j->known || old->head.announced >= j->map->head.announced);
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
}
