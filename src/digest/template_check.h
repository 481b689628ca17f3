/* SPDX-License-Identifier: ISC */
/*
 * What a keeper may have misspelt in files of their own: names of files, sections and keys, and
 * the rule of plurals.  Nothing of that would be missed by anybody until a letter has the wrong
 * words.  Private to digest/.
 */
#ifndef DIGEST_TEMPLATE_CHECK_H
#define DIGEST_TEMPLATE_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

/*
 * The text of a messages.ini or style.ini of theirs, beside the built-in file of that name.
 * ERR_CONFIG with path and line.
 */
bool template_check_words(struct arena *a, const char *path, const char *text,
    const char *name, struct err *err) MUST_CHECK;
/* ERR_CONFIG for a file of a directory that looks like a template and is none. */
bool template_check_dir(const char *dir, struct err *err) MUST_CHECK;

#endif
