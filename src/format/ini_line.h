/* SPDX-License-Identifier: ISC */
/*
 * The lines of INI text, one at a time: what the reader and the line editor agree on.
 * Private to config/.
 */
#ifndef FORMAT_INI_LINE_H
#define FORMAT_INI_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "format/ini.h"

enum ini_line_kind {
	LINE_BLANK,
	LINE_COMMENT,
	LINE_SECTION, /* name */
	LINE_KEY,     /* name and value */
	LINE_MORE,    /* value: continues the key above */
	LINE_NEITHER
};

/* Pointers into the text; lengths in bytes; name and value are trimmed. */
struct ini_line {
	enum ini_line_kind kind;
	const char *start;
	const char *next; /* behind the line's end */
	const char *name;
	size_t name_len;
	const char *value;
	size_t value_len;
	int number;    /* from 1 */
	bool trailing; /* something stands behind the ] of a section */
};

struct ini_scanner {
	const char *at;
	const char *end;
	enum ini_dialect dialect;
	bool open; /* a key that a line beginning with a blank would continue */
	int number;
};

/* Skips a byte order mark. */
void ini_scan_begin(struct ini_scanner *s, enum ini_dialect dialect, const char *text,
    size_t len);
/* False at the end of the text. */
bool ini_scan_next(struct ini_scanner *s, struct ini_line *line);
/* A key's name as it is looked up: lower case, "_" for "-". */
char *ini_key_name(struct arena *a, const char *written, size_t len) MUST_CHECK;

#endif
