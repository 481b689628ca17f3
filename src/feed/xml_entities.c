/* SPDX-License-Identifier: ISC */
/*
 * What references stand for: the document's own entities, HTML's, numbers.
 */
#include "feed/xml_entities.h"

#include <string.h>

#include <libxml/HTMLparser.h>

#include "base/text.h"

enum {
	REFERENCE_MAX = 64, /* longest name */
	HTML_NAME_MAX = 8   /* "thetasym" */
};

uint32_t
entity_code(const char *name, size_t len)
{
	char key[HTML_NAME_MAX + 1] = "";
	const htmlEntityDesc *found = NULL;

	if (len == 0 || len >= sizeof(key) || memchr(name, 0, len))
		return 0;
	memcpy(key, name, len);
	found = htmlEntityLookup((const xmlChar *)key);
	return found ? found->value : 0;
}

const char *
entity_declared(const struct xml_source *source, const char *name, size_t len)
{
	for (size_t i = 0; i < source->entity_count; i++)
		if (strlen(source->entities[i].name) == len &&
		    memcmp(source->entities[i].name, name, len) == 0)
			return source->entities[i].value;
	return NULL;
}

bool
entity_number(const char *text, size_t len, uint32_t *code)
{
	bool hex = len > 1 && ascii_lower((unsigned char)text[1]) == 'x';
	size_t from = hex ? 2 : 1;

	*code = 0;
	if (len <= from || text[0] != '#')
		return false;
	for (size_t i = from; i < len; i++) {
		int digit = ascii_hex_value(text[i]);

		if (digit < 0 || (!hex && digit > 9))
			return false;
		if (*code < 0x110000)
			*code = *code * (hex ? 16 : 10) + (uint32_t)digit;
	}
	return true;
}

bool
entity_expand(const struct xml_source *source, struct buf *out, const char *name,
    size_t len)
{
	const char *value = NULL;
	uint32_t code = 0;

	if (!entity_number(name, len, &code)) {
		value = entity_declared(source, name, len);
		if (value) {
			buf_adds(out, value);
			return true;
		}
		code = entity_code(name, len);
		if (code == 0)
			return false;
	}
	text_encode(out, code);
	return true;
}

void
entity_expand_text(const struct xml_source *source, struct buf *out, const char *text,
    size_t len)
{
	const char *stop = text + len;

	while (text < stop) {
		const char *end =
		    *text == '&' ? memchr(text, ';', (size_t)(stop - text)) : NULL;

		if (end && end - text < REFERENCE_MAX &&
		    entity_expand(source, out, text + 1, (size_t)(end - text) - 1))
			text = end + 1;
		else
			buf_addc(out, *text++);
	}
}
