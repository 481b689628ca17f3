/* SPDX-License-Identifier: ISC */
/* Text on its way into HTML: the characters that HTML would read as markup become references. */
#ifndef FORMAT_HTML_ESCAPE_H
#define FORMAT_HTML_ESCAPE_H

#include <stddef.h>

#include "base/buf.h"

/* & < > are always escaped; quotes need it in attribute values only. */
enum html_quotes { HTML_KEEP_QUOTES, HTML_DOUBLE_QUOTES, HTML_ALL_QUOTES };

void html_escape(struct buf *out, const char *text, size_t len, enum html_quotes quotes);
/* The reference that stands for one of & < > " ', NULL for any other character. */
const char *html_reference(char c);

#endif
