/* SPDX-License-Identifier: ISC */
#include "flow/being_read.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"

enum { PLACE_BYTES = LIMIT_URL + 1 };

/* Before the number of a post; no key begins with it. */
static const char page_mark[] = "\t";

/*
 * The first line of a place is the key; what stands behind it is left from longer ones.  A note
 * that cannot be written is no reason not to read.
 */
static void
write_line(struct being_read *b, size_t place, const char *key)
{
	char line[PLACE_BYTES];
	size_t len = strlen(key);

	if (b->fd < 0 || b->is_broken[place])
		return;
	if (len > LIMIT_URL)
		len = LIMIT_URL;
	memcpy(line, key, len);
	line[len] = '\n';
	b->is_broken[place] = pwrite(b->fd, line, len + 1,
				  (off_t)(place * PLACE_BYTES)) != (ssize_t)len + 1;
	if (b->is_broken[place])
		log_warn("fetch", "%s: %s", b->path, strerror(errno));
}

/* What a place says; places behind the end of the file, or never written, say nothing. */
static bool
read_place(struct being_read *b, struct arena *a, size_t place,
    struct reading_suspects *suspects, struct err *err)
{
	char line[PLACE_BYTES];
	const ssize_t n = pread(b->fd, line, sizeof(line), (off_t)(place * PLACE_BYTES));
	char *end = n > 0 ? memchr(line, '\n', (size_t)n) : NULL;

	if (n < 0)
		return err_errno(err, "%s", b->path);
	if (end)
		*end = '\0';
	b->names_one[place] = end && line[0] != '\0';
	if (b->names_one[place] && *line == *page_mark)
		b->suspect_page = strtoll(line + 1, NULL, 10);
	else if (b->names_one[place])
		suspects->keys[suspects->count++] = arena_strdup(a, line);
	return true;
}

bool
being_read_open(struct being_read *b, struct arena *a, const char *path,
    struct reading_suspects *suspects, struct err *err)
{
	*suspects = (struct reading_suspects){ .count = 0 };
	*b = (struct being_read){ .fd = -1, .path = path };
	if (!path)
		return true;
	b->fd = file_open_own(path, O_RDWR | O_CREAT, err);
	if (b->fd < 0)
		return false;
	for (size_t place = 0; place < READING_PLACES; place++) {
		if (!read_place(b, a, place, suspects, err)) {
			(void)close(b->fd);
			b->fd = -1;
			return false;
		}
	}
	return true;
}

void
being_read_begin(struct being_read *b, size_t place, const char *key)
{
	b->names_one[place] = true;
	write_line(b, place, key);
}

void
being_read_begin_page(struct being_read *b, size_t place, int64_t entry_id)
{
	char key[32];

	(void)snprintf(key, sizeof(key), "%s%lld", page_mark, (long long)entry_id);
	being_read_begin(b, place, key);
}

void
being_read_end(struct being_read *b, size_t place)
{
	if (!b->names_one[place])
		return;
	b->names_one[place] = false;
	write_line(b, place, "");
}

void
being_read_forget(struct being_read *b)
{
	for (size_t place = 0; place < READING_PLACES; place++)
		being_read_end(b, place);
}

void
being_read_close(struct being_read *b)
{
	if (b->fd < 0)
		return;
	(void)unlink(b->path);
	(void)close(b->fd);
	b->fd = -1;
}
