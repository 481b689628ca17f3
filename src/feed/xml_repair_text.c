/* SPDX-License-Identifier: ISC */
#include "feed/xml_repair_text.h"

#include <string.h>

#include "base/text.h"
#include "feed/xml_entities.h"

enum { REFERENCE_MAX = 32 };

static const char *const damage_text[DAMAGE_COUNT] = {
	[DAMAGE_AMPERSAND] = "unescaped '&'",
	[DAMAGE_REFERENCE] = "reference to a character that XML forbids",
	[DAMAGE_CONTROL] = "forbidden control character",
	[DAMAGE_LESS] = "unescaped '<'",
	[DAMAGE_ATTRIBUTE] = "malformed attribute",
	[DAMAGE_END_TAG] = "end tag without start tag",
	[DAMAGE_NESTING] = "element that is not closed",
	[DAMAGE_CDATA] = "CDATA section that is not closed",
	[DAMAGE_CUT] = "the document ends early",
};

void
repair_report(struct repair *r, enum damage what, const char *where)
{
	unsigned line = r->source->line;

	if (r->said[what] || !r->note)
		return;
	r->said[what] = true;
	for (const char *p = r->source->text; p < where; p++)
		line += *p == '\n';
	r->note(r->arg, line, damage_text[what]);
}

bool
repair_starts(const struct repair *r, const char *what)
{
	return ascii_starts(r->at, (size_t)(r->end - r->at), what);
}

/* ---- characters and references ---- */

/* Bytes of a character that XML 1.0 forbids at p; 0 when it is allowed. */
static size_t
forbidden(const char *p, const char *end)
{
	unsigned char c = (unsigned char)*p;

	if (c < 0x20 && c != '\t' && c != '\n' && c != '\r')
		return 1;
	if (c == 0xEF && end - p >= 3 && (unsigned char)p[1] == 0xBF &&
	    (unsigned char)p[2] >= 0xBE)
		return 3; /* U+FFFE, U+FFFF */
	return 0;
}

static bool
is_allowed_code(uint32_t c)
{
	return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c < 0xD800) ||
	    (c >= 0xE000 && c < 0xFFFE) || (c >= 0x10000 && c < 0x110000);
}

static void
reference(struct repair *r)
{
	size_t room = (size_t)(r->end - r->at);
	const char *semicolon =
	    memchr(r->at, ';', room < REFERENCE_MAX ? room : REFERENCE_MAX);
	const char *name = r->at + 1;
	size_t len = semicolon ? (size_t)(semicolon - name) : 0;
	uint32_t code = 0;

	if (entity_number(name, len, &code) && name[1] != 'X') {
		if (is_allowed_code(code))
			buf_add(r->out, r->at, len + 2);
		else
			repair_report(r, DAMAGE_REFERENCE, r->at);
		r->at = semicolon + 1;
	} else if (entity_code(name, len) || entity_declared(r->source, name, len)) {
		buf_add(r->out, r->at, len + 2);
		r->at = semicolon + 1;
	} else {
		repair_report(r, DAMAGE_AMPERSAND, r->at);
		buf_adds(r->out, "&amp;");
		r->at++;
	}
}

/* XML 2.4: "]]>" may not stand in text. */
static bool
ends_no_section(const struct repair *r)
{
	return *r->at == '>' && r->at - r->source->text >= 2 && r->at[-1] == ']' &&
	    r->at[-2] == ']';
}

/* Copies text up to stop; references are repaired, "<" escaped, and the ">" of "]]>". */
void
repair_text(struct repair *r, const char *stop)
{
	const char *from = r->at;

	while (r->at < stop) {
		unsigned char c = (unsigned char)*r->at;
		size_t drop = c >= 0x20 && c != 0xEF ? 0 : forbidden(r->at, stop);

		if (c != '&' && c != '<' && drop == 0 && !ends_no_section(r)) {
			r->at++;
			continue;
		}
		buf_add(r->out, from, (size_t)(r->at - from));
		if (drop > 0) {
			repair_report(r, DAMAGE_CONTROL, r->at);
			r->at += drop;
		} else if (c == '&') {
			reference(r);
		} else {
			buf_adds(r->out, c == '<' ? "&lt;" : "&gt;");
			r->at++;
		}
		from = r->at;
	}
	if (from < stop)
		buf_add(r->out, from, (size_t)(stop - from));
}

void
repair_verbatim(struct repair *r, const char *stop)
{
	const char *from = r->at;

	for (; r->at < stop; r->at++) {
		size_t drop = forbidden(r->at, stop);

		if (drop == 0)
			continue;
		repair_report(r, DAMAGE_CONTROL, r->at);
		buf_add(r->out, from, (size_t)(r->at - from));
		r->at += drop - 1;
		from = r->at + 1;
	}
	if (from < stop)
		buf_add(r->out, from, (size_t)(stop - from));
	r->at = stop;
}
