/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "feed/xml.h"

enum { ROOM = 4 * LIMIT_XML_ATTRIBUTES }; /* no crowd fits into fewer bytes */

/* Counts what may be attributes of the tag at text, quotes respected. */
static size_t
count_attributes(const char *text, size_t len)
{
	size_t count = 0;
	char quote = '\0';

	for (size_t i = 1; i < len; i++) {
		if (quote) {
			if (text[i] == quote)
				quote = '\0';
		} else if (text[i] == '"' || text[i] == '\'') {
			quote = text[i];
		} else if (text[i] == '=') {
			count++;
		} else if (text[i] == '>') {
			break;
		}
	}
	return count;
}

/*
 * No "<" can stand in a tag of well-formed XML, so only stretches of text between two of them
 * that are long enough are looked at, and of those only the tag.
 */
bool
xml_is_crowded(const char *text, size_t len, size_t *where)
{
	const char *end = text + len;
	const char *at = memchr(text, '<', len);

	while (at) {
		const char *next = memchr(at + 1, '<', (size_t)(end - at) - 1);
		size_t room = (size_t)((next ? next : end) - at);

		if (room > ROOM && at[1] != '!' && at[1] != '?' &&
		    count_attributes(at, room) > LIMIT_XML_ATTRIBUTES) {
			*where = (size_t)(at - text);
			return true;
		}
		at = next;
	}
	return false;
}
