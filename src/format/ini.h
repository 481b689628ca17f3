/* SPDX-License-Identifier: ISC */
/*
 * INI text as a list of sections and keys with their lines.  Grammar in planetpost.conf(5):
 * UTF-8, LF or CRLF, BOM skipped; [name] up to the last ] of the line; key = value or
 * key: value; keys lower-cased, - = _; # and ; begin a comment only as first non-blank of a
 * line (no inline comments, no interpolation); a line beginning with a blank continues the
 * value, except in the Pluto dialect, where keys may be indented.
 */
#ifndef FORMAT_INI_H
#define FORMAT_INI_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum ini_dialect {
	INI_OURS,  /* continuation lines */
	INI_VENUS, /* the same; one [Planet] section and sections named by URLs */
	INI_PLUTO  /* indented keys, keys before any section */
};

struct ini_key {
	const char *name;    /* lower case, "_" for "-" */
	const char *written; /* the name as it stands in the file, for messages */
	/*
	 * Trimmed; continuation lines are joined by a blank, or by a newline when the first line
	 * of the value was empty.
	 */
	const char *value;
	int line;
};
struct ini_section {
	const char *name; /* as written; "" for keys before any section */
	int line;
	struct ini_key *keys;
	size_t key_count;
};
struct ini {
	const char *path;
	enum ini_dialect dialect;
	struct ini_section *sections; /* in order; equal names are not merged */
	size_t section_count;
	size_t skipped;   /* lines that were neither, when lenient */
	int skipped_line; /* the first of them */
	bool repaired;    /* when lenient: what strictness refuses was mended */
};

/*
 * Parses text (path is for messages).  lenient: lines that are neither are skipped and
 * counted instead of ERR_CONFIG "PATH line N: ...".  Everything lives in a.
 */
bool ini_parse(struct arena *a, const char *path, const char *text, size_t len,
    bool lenient, struct ini *out, struct err *err) MUST_CHECK;
/* The dialect a text is written in, by its shape. */
enum ini_dialect ini_detect(const char *text, size_t len);
/* The last key of that name in the section, or NULL. */
const struct ini_key *ini_find(const struct ini_section *s, const char *name);

/*
 * Line editing that keeps comments and order: *out is text with the section appended, or
 * without it (with the comment lines directly above it), or with one key set in it.
 */
struct ini_pair {
	const char *key;
	const char *value;
};
/* The same onto the text that stands in out. */
void ini_put_section(struct buf *out, const char *section, const struct ini_pair *pairs,
    size_t count);
void ini_append_section(struct buf *out, const char *text, const char *section,
    const struct ini_pair *pairs, size_t count);
/* False when there is no such section. */
bool ini_remove_section(struct buf *out, const char *text,
    const char *section) MUST_CHECK;
/* Gives a section another name; what stands behind its ] stays. */
bool ini_rename_section(struct buf *out, const char *text, const char *section,
    const char *name) MUST_CHECK;
bool ini_set_key(struct buf *out, const char *text, const char *section, const char *key,
    const char *value) MUST_CHECK;

#endif
