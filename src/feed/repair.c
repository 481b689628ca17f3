/* SPDX-License-Identifier: ISC */
/*
 * A tolerant reader of XML that writes well-formed XML.  Nothing is thrown away that could be
 * text: what is no tag becomes "&lt;", what is no reference "&amp;".
 */
#include "feed/repair.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"

enum { OPEN_MAX = LIMIT_XML_DEPTH, ATTRIBUTES_MAX = 64, REFERENCE_MAX = 32 };

enum damage {
	DAMAGE_AMPERSAND,
	DAMAGE_REFERENCE,
	DAMAGE_CONTROL,
	DAMAGE_LESS,
	DAMAGE_ATTRIBUTE,
	DAMAGE_END_TAG,
	DAMAGE_NESTING,
	DAMAGE_CDATA,
	DAMAGE_CUT,
	DAMAGE_COUNT
};
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

struct name {
	const char *text;
	size_t len;
};

struct repair {
	struct buf *out;
	const struct xml_source *source;
	const char *at;
	const char *end;
	struct name open[OPEN_MAX];
	size_t depth;
	size_t too_deep; /* open elements beyond OPEN_MAX, left out */
	bool done;       /* the root was closed */
	bool said[DAMAGE_COUNT];
	void (*note)(void *arg, unsigned line, const char *what);
	void *arg;
};

static void
report(struct repair *r, enum damage what, const char *where)
{
	unsigned line = r->source->line;

	if (r->said[what] || !r->note)
		return;
	r->said[what] = true;
	for (const char *p = r->source->text; p < where; p++)
		line += *p == '\n';
	r->note(r->arg, line, damage_text[what]);
}

static bool
starts(const struct repair *r, const char *what)
{
	size_t len = strlen(what);

	return (size_t)(r->end - r->at) >= len && memcmp(r->at, what, len) == 0;
}

static const char *
find(const char *from, const char *end, const char *what)
{
	size_t len = strlen(what);

	while (from < end && (size_t)(end - from) >= len) {
		const char *hit = memchr(from, what[0], (size_t)(end - from));

		if (!hit || (size_t)(end - hit) < len)
			return NULL;
		if (memcmp(hit, what, len) == 0)
			return hit;
		from = hit + 1;
	}
	return NULL;
}

/* ---- characters and references ---- */

/* Bytes of a character that XML 1.0 forbids at p; 0 when it is allowed. */
static size_t
forbidden(const char *p, const char *end)
{
	unsigned char c = (unsigned char)*p;

	if (c < 0x20 && c != '\t' && c != '\n' && c != '\r')
		return 1;
	if (c == 0xEF && end - p >= 3 && (unsigned char)p[1] == 0xBF
	    && (unsigned char)p[2] >= 0xBE)
		return 3; /* U+FFFE, U+FFFF */
	return 0;
}

static bool
is_allowed_code(uint32_t c)
{
	return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c < 0xD800)
	    || (c >= 0xE000 && c < 0xFFFE) || (c >= 0x10000 && c < 0x110000);
}

/* "#123" or "#x1F"; false when it is not a number at all. */
static bool
parse_code(const char *text, size_t len, uint32_t *code)
{
	bool hex = len > 1 && text[1] == 'x';
	size_t from = hex ? 2 : 1;

	*code = 0;
	if (len <= from)
		return false;
	for (size_t i = from; i < len; i++) {
		int c = text_lower((unsigned char)text[i]);
		int digit = c >= '0' && c <= '9' ? c - '0'
		    : hex && c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;

		if (digit < 0)
			return false;
		if (*code < 0x110000)
			*code = *code * (hex ? 16 : 10) + (uint32_t)digit;
	}
	return true;
}

static bool
is_known_name(const struct repair *r, const char *name, size_t len)
{
	if (entity_code(name, len))
		return true;
	for (size_t i = 0; i < r->source->entity_count; i++) {
		const char *known = r->source->entities[i].name;

		if (strlen(known) == len && memcmp(known, name, len) == 0)
			return true;
	}
	return false;
}

static void
reference(struct repair *r)
{
	size_t room = (size_t)(r->end - r->at);
	const char *semicolon = memchr(r->at, ';', room < REFERENCE_MAX ? room : REFERENCE_MAX);
	const char *name = r->at + 1;
	size_t len = semicolon ? (size_t)(semicolon - name) : 0;
	uint32_t code = 0;

	if (len > 1 && *name == '#' && parse_code(name, len, &code)) {
		if (is_allowed_code(code))
			buf_add(r->out, r->at, len + 2);
		else
			report(r, DAMAGE_REFERENCE, r->at);
		r->at = semicolon + 1;
	} else if (len > 0 && is_known_name(r, name, len)) {
		buf_add(r->out, r->at, len + 2);
		r->at = semicolon + 1;
	} else {
		report(r, DAMAGE_AMPERSAND, r->at);
		buf_adds(r->out, "&amp;");
		r->at++;
	}
}

/* Copies text up to stop; references are mended, "<" escaped. */
static void
copy_text(struct repair *r, const char *stop)
{
	const char *from = r->at;

	while (r->at < stop) {
		unsigned char c = (unsigned char)*r->at;
		size_t drop = c >= 0x20 && c != 0xEF ? 0 : forbidden(r->at, stop);

		if (c != '&' && c != '<' && drop == 0) {
			r->at++;
			continue;
		}
		buf_add(r->out, from, (size_t)(r->at - from));
		if (drop > 0) {
			report(r, DAMAGE_CONTROL, r->at);
			r->at += drop;
		} else if (c == '&') {
			reference(r);
		} else {
			buf_adds(r->out, "&lt;");
			r->at++;
		}
		from = r->at;
	}
	if (from < stop)
		buf_add(r->out, from, (size_t)(stop - from));
}

static void
copy_verbatim(struct repair *r, const char *stop)
{
	const char *from = r->at;

	for (; r->at < stop; r->at++) {
		size_t drop = forbidden(r->at, stop);

		if (drop == 0)
			continue;
		report(r, DAMAGE_CONTROL, r->at);
		buf_add(r->out, from, (size_t)(r->at - from));
		r->at += drop - 1;
		from = r->at + 1;
	}
	if (from < stop)
		buf_add(r->out, from, (size_t)(stop - from));
	r->at = stop;
}

/* ---- elements ---- */

static bool
is_named(struct name name, const char *what)
{
	return strlen(what) == name.len && text_starts_nocase(name.text, what);
}

static bool
is_one_of(struct name name, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (is_named(name, list[i]))
			return true;
	return false;
}

static bool
is_same(struct name a, struct name b)
{
	return a.len == b.len && memcmp(a.text, b.text, a.len) == 0;
}

static bool
is_name_byte(unsigned char c)
{
	int low = text_lower(c);

	return (low >= 'a' && low <= 'z') || (c >= '0' && c <= '9') || c >= 0x80
	    || c == '_' || c == '-' || c == '.' || c == ':';
}

static struct name
take_name(struct repair *r)
{
	struct name name = { r->at, 0 };

	while (r->at < r->end && is_name_byte((unsigned char)*r->at))
		r->at++;
	name.len = (size_t)(r->at - name.text);
	/* Names begin with a letter, "_" or what is beyond ASCII. */
	if (name.len && (text_lower((unsigned char)*name.text) < 'a'
	    || text_lower((unsigned char)*name.text) > 'z') && *name.text != '_'
	    && (unsigned char)*name.text < 0x80)
		name.len = 0;
	return name;
}

static void
skip_blanks(struct repair *r)
{
	while (r->at < r->end && text_is_space((unsigned char)*r->at))
		r->at++;
}

static void
close_top(struct repair *r)
{
	struct name name = r->open[--r->depth];

	buf_adds(r->out, "</");
	buf_add(r->out, name.text, name.len);
	buf_addc(r->out, '>');
}

static void
close_down_to(struct repair *r, size_t depth, const char *where)
{
	if (r->depth > depth)
		report(r, DAMAGE_NESTING, where);
	while (r->depth > depth)
		close_top(r);
}

/* HTML elements that people do not close; "link" is one too, but RSS has a link with text. */
static const char *const void_elements[] = { "br", "hr", "img", "input", "wbr", "embed" };
/* Elements of feeds that have text alone, and those that may follow them. */
static const char *const leaves[] = { "title", "link", "guid", "pubdate", "description",
	"comments", "category", "dc:creator", "dc:date", "id", "updated", "published",
	"content:encoded", "summary", "content" };
static const char *const entries[] = { "item", "entry" };

/* What an element that begins here closes: an open entry, a field of text alone. */
static void
close_before(struct repair *r, struct name name)
{
	if (is_one_of(name, entries, ARRAY_LEN(entries))) {
		for (size_t i = r->depth; i > 0; i--)
			if (is_one_of(r->open[i - 1], entries, ARRAY_LEN(entries))) {
				close_down_to(r, i - 1, r->at);
				return;
			}
		return;
	}
	if (r->depth > 2 && is_one_of(name, leaves, ARRAY_LEN(leaves))
	    && is_one_of(r->open[r->depth - 1], leaves, ARRAY_LEN(leaves)))
		close_down_to(r, r->depth - 1, r->at);
}

/*
 * Where a quoted value ends.  A quote that was forgotten must not swallow the document: behind
 * the closing one stands a blank, "/" or ">", or no "<" was passed on the way.
 */
static const char *
value_end(const struct repair *r, char quote)
{
	const char *close = memchr(r->at, quote, (size_t)(r->end - r->at));
	const char *tag = memchr(r->at, '<', (size_t)(r->end - r->at));

	if (!close)
		return NULL;
	if (!tag || close < tag)
		return close;
	return close + 1 < r->end && strchr(" \t\r\n/>", close[1]) && close - r->at < 2048
	    ? close : NULL;
}

static void
take_value(struct repair *r)
{
	const char *stop = NULL;

	if (*r->at == '"' || *r->at == '\'') {
		char quote = *r->at++;

		stop = value_end(r, quote);
		if (stop) {
			buf_addc(r->out, quote);
			copy_text(r, stop);
			buf_addc(r->out, quote);
			r->at = stop + 1;
			return;
		}
	}
	report(r, DAMAGE_ATTRIBUTE, r->at);
	stop = r->at;
	while (stop < r->end && !text_is_space((unsigned char)*stop)
	    && !strchr("<>\"'", *stop) && !(*stop == '/' && stop + 1 < r->end && stop[1] == '>'))
		stop++;
	buf_addc(r->out, '"');
	copy_text(r, stop);
	buf_addc(r->out, '"');
	if (r->at < r->end && (*r->at == '"' || *r->at == '\''))
		r->at++;
}

/* One attribute; what is none is passed over, byte by byte. */
static void
take_attribute(struct repair *r, struct name *seen, size_t *count)
{
	const char *before = r->at;
	size_t start = r->out->len;
	struct name name = take_name(r);
	bool is_new = *count < ATTRIBUTES_MAX;

	if (name.len == 0) {
		report(r, DAMAGE_ATTRIBUTE, before);
		if (r->at == before)
			r->at++;
		return;
	}
	for (size_t i = 0; i < *count; i++)
		is_new &= !is_same(seen[i], name);
	buf_addc(r->out, ' ');
	buf_add(r->out, name.text, name.len);
	buf_addc(r->out, '=');
	skip_blanks(r);
	if (r->at < r->end && *r->at == '=') {
		r->at++;
		skip_blanks(r);
	} else {
		report(r, DAMAGE_ATTRIBUTE, before);
		buf_adds(r->out, "\"\"");
		r->at = name.text + name.len;
		goto out;
	}
	if (r->at < r->end)
		take_value(r);
out:
	if (is_new) {
		seen[(*count)++] = name;
	} else {
		report(r, DAMAGE_ATTRIBUTE, before);
		if (!buf_is_full(r->out))
			buf_truncate(r->out, start);
	}
}

/* The rest of a start tag; true when it closes itself. */
static bool
take_attributes(struct repair *r)
{
	struct name seen[ATTRIBUTES_MAX];
	size_t count = 0;

	for (;;) {
		skip_blanks(r);
		if (r->at >= r->end)
			return false;
		if (*r->at == '>') {
			r->at++;
			return false;
		}
		if (*r->at == '<') {
			report(r, DAMAGE_ATTRIBUTE, r->at);
			return false;
		}
		if (starts(r, "/>")) {
			r->at += 2;
			return true;
		}
		take_attribute(r, seen, &count);
	}
}

static void
literal_less(struct repair *r, const char *start)
{
	report(r, DAMAGE_LESS, start);
	buf_adds(r->out, "&lt;");
	r->at = start + 1;
}

static void
start_tag(struct repair *r)
{
	const char *start = r->at++;
	struct name name = take_name(r);
	size_t before = r->out->len;
	bool closed = false;

	if (name.len == 0 || (r->at < r->end && !text_is_space((unsigned char)*r->at)
	    && !strchr("/><", *r->at))) {
		literal_less(r, start);
		return;
	}
	close_before(r, name);
	before = r->out->len;
	buf_addc(r->out, '<');
	buf_add(r->out, name.text, name.len);
	closed = take_attributes(r);
	if (r->at >= r->end && r->end[-1] != '>') {
		buf_truncate(r->out, before); /* the document was cut inside this tag */
		return;
	}
	if (r->depth >= OPEN_MAX) {
		buf_truncate(r->out, before);
		r->too_deep += !closed;
		return;
	}
	if (!closed && r->depth > 2 && is_one_of(name, void_elements, ARRAY_LEN(void_elements)))
		closed = true;
	buf_adds(r->out, closed ? "/>" : ">");
	if (!closed)
		r->open[r->depth++] = name;
}

/* True when there is still an entry behind the end of the root. */
static bool
has_more_entries(const struct repair *r)
{
	return find(r->at, r->end, "<item>") || find(r->at, r->end, "<item ")
	    || find(r->at, r->end, "<entry>") || find(r->at, r->end, "<entry ");
}

static void
end_tag(struct repair *r)
{
	const char *start = r->at;
	struct name name = { 0 };
	size_t i = 0;

	r->at += 2;
	name = take_name(r);
	while (r->at < r->end && *r->at != '>' && *r->at != '<')
		r->at++;
	if (r->at < r->end && *r->at == '>')
		r->at++;
	if (r->too_deep > 0) {
		r->too_deep--;
		return;
	}
	for (i = r->depth; i > 0; i--)
		if (is_same(r->open[i - 1], name))
			break;
	if (i == 0) {
		if (!is_one_of(name, void_elements, ARRAY_LEN(void_elements)))
			report(r, DAMAGE_END_TAG, start);
		return;
	}
	if (i == 1 && has_more_entries(r)) {
		report(r, DAMAGE_END_TAG, start);
		return;
	}
	close_down_to(r, i - 1, start);
	r->done = r->depth == 0;
}

static void
cdata(struct repair *r)
{
	const char *start = r->at;
	const char *close = find(r->at, r->end, "]]>");

	buf_adds(r->out, "<![CDATA[");
	r->at += sizeof("<![CDATA[") - 1;
	if (!close)
		report(r, DAMAGE_CDATA, start);
	copy_verbatim(r, close ? close : r->end);
	buf_adds(r->out, "]]>");
	if (close)
		r->at = close + sizeof("]]>") - 1;
}

/* Comments, processing instructions and declarations are left out. */
static void
skip_to(struct repair *r, const char *what)
{
	const char *close = find(r->at, r->end, what);

	if (close)
		r->at = close + strlen(what);
	else
		literal_less(r, r->at);
}

static void
markup(struct repair *r)
{
	if (starts(r, "<![CDATA["))
		cdata(r);
	else if (starts(r, "<!--"))
		skip_to(r, "-->");
	else if (starts(r, "<?"))
		skip_to(r, "?>");
	else if (starts(r, "<!"))
		skip_to(r, ">");
	else if (starts(r, "</"))
		end_tag(r);
	else
		start_tag(r);
}

void
repair_xml(struct buf *out, const struct xml_source *source,
    void (*note)(void *arg, unsigned line, const char *what), void *arg)
{
	struct repair r = { .out = out, .source = source, .at = source->text,
	    .end = source->text + source->len, .note = note, .arg = arg };

	while (r.at < r.end && !r.done && !buf_is_full(out)) {
		const char *tag = memchr(r.at, '<', (size_t)(r.end - r.at));

		copy_text(&r, tag ? tag : r.end);
		if (tag)
			markup(&r);
	}
	if (r.depth > 0)
		report(&r, DAMAGE_CUT, r.end);
	while (r.depth > 0)
		close_top(&r);
}
