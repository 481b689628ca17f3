/* SPDX-License-Identifier: ISC */
/*
 * The charsets of the WHATWG Encoding Standard by the labels people give them, and what
 * iconv calls them.  Private to base/text.c.
 */
#ifndef BASE_CHARSET_H
#define BASE_CHARSET_H

#include <stddef.h>

struct charset {
	const char *name;  /* as the standard writes it: "windows-1252" */
	const char *iconv; /* NULL for UTF-8, which is checked, not converted */
	size_t unit;       /* bytes to skip behind one that cannot be converted */
	const char
	    *labels; /* squeezed to lower-case letters and digits, blanks round each */
};

/* NULL when the label is not known.  Static. */
const struct charset *charset_find(const char *label);

#endif
