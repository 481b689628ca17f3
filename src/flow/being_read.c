/* SPDX-License-Identifier: ISC */
#include "flow/being_read.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"

/* Before the number of a post; no key begins with it. */
static const char page_mark[] = "\t";

/* The first line is the key; what stands behind it is left from longer ones. */
static void
write_line(struct being_read *b, const char *key)
{
	char line[LIMIT_URL + 1];
	size_t len = strlen(key);

	if (b->fd < 0)
		return;
	if (len > LIMIT_URL)
		len = LIMIT_URL;
	memcpy(line, key, len);
	line[len] = '\n';
	if (pwrite(b->fd, line, len + 1, 0) == (ssize_t)len + 1)
		return;
	log_warn("fetch", "%s: %s", b->path, strerror(errno));
	(void)close(b->fd);
	b->fd = -1;
}

bool
being_read_open(struct being_read *b, struct arena *a, const char *path,
    const char **suspect, struct err *err)
{
	char line[LIMIT_URL + 1];
	const char *end = NULL;
	ssize_t n = 0;

	*suspect = NULL;
	*b = (struct being_read){ .fd = -1, .path = path };
	if (!path)
		return true;
	b->fd = file_open_own(path, O_RDWR | O_CREAT, err);
	if (b->fd < 0)
		return false;
	n = pread(b->fd, line, sizeof(line), 0);
	if (n < 0) {
		(void)err_errno(err, "%s", path);
		(void)close(b->fd);
		return false;
	}
	end = memchr(line, '\n', (size_t)n);
	b->names_one = end && end > line;
	if (b->names_one && *line == *page_mark)
		b->suspect_page = strtoll(line + 1, NULL, 10);
	else if (b->names_one)
		*suspect = arena_strndup(a, line, (size_t)(end - line));
	return true;
}

void
being_read_begin(struct being_read *b, const char *key)
{
	b->names_one = true;
	write_line(b, key);
}

void
being_read_begin_page(struct being_read *b, int64_t entry_id)
{
	char key[32];

	(void)snprintf(key, sizeof(key), "%s%lld", page_mark, (long long)entry_id);
	being_read_begin(b, key);
}

void
being_read_end(struct being_read *b)
{
	if (!b->names_one)
		return;
	b->names_one = false;
	write_line(b, "");
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
