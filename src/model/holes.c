/* SPDX-License-Identifier: ISC */
#include "model/holes.h"

#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "format/html_escape.h"

static const char *const marks[HOLE_COUNT] = {
	[HOLE_LEAVE] = "\x01leave\x02",
	[HOLE_MANAGE] = "\x01manage\x02",
	[HOLE_ADDRESS] = "\x01"
			 "address\x02",
	[HOLE_SINCE] = "\x01since\x02",
};

const char *
hole_mark(enum hole hole)
{
	return marks[hole];
}

const char *
hole_find(const char *text, const char *end, enum hole *hole, const char **after)
{
	const char *open = memchr(text, HOLE_OPEN, (size_t)(end - text));
	const char *close = NULL;
	size_t len = 0;

	*hole = HOLE_COUNT;
	*after = NULL;
	if (open)
		close = memchr(open, HOLE_CLOSE, (size_t)(end - open));
	if (!close)
		return open;
	*after = close + 1;
	len = (size_t)(*after - open);
	for (enum hole i = 0; i < HOLE_COUNT; i++)
		if (strlen(marks[i]) == len && memcmp(marks[i], open, len) == 0)
			*hole = i;
	return open;
}

/* Takes the line begun in b back, and returns where the next one begins. */
static const char *
skip_line(struct buf *b, const char *p, const char *end)
{
	const char *line_end = memchr(p, '\n', (size_t)(end - p));
	size_t len = b->len;

	while (len > 0 && b->data[len - 1] != '\n')
		len--;
	buf_truncate(b, len);
	return line_end ? line_end + 1 : end;
}

char *
holes_fill(struct arena *a, const char *text, size_t len, const char *const *values,
    bool html)
{
	const char *end = text + len;
	struct buf b = BUF_INIT(LIMIT_LETTER);

	while (text < end) {
		enum hole hole = HOLE_COUNT;
		const char *after = NULL;
		const char *open = hole_find(text, end, &hole, &after);
		const char *value = NULL;

		buf_add(&b, text, (size_t)((after ? open : end) - text));
		if (!after)
			break;
		text = values ? after : skip_line(&b, after, end);
		if (values && hole != HOLE_COUNT)
			value = values[hole];
		if (value && html)
			html_escape(&b, value, strlen(value), HTML_ALL_QUOTES);
		else if (value)
			buf_adds(&b, value);
	}
	return arena_take(a, &b);
}
