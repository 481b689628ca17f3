/* SPDX-License-Identifier: ISC */
/*
 * A tolerant reader of XML that writes well-formed XML.  Nothing is thrown away that could be
 * text: what is no tag becomes "&lt;", what is no reference "&amp;".
 */
#include "feed/xml_repair.h"

#include <string.h>

#include "base/text.h"
#include "feed/xml_repair_text.h"

enum { ATTRIBUTES_MAX = 64 };

/* ---- elements ---- */

static bool
is_named(struct tag_name name, const char *what)
{
	return strlen(what) == name.len && ascii_starts_nocase(name.text, what);
}

static bool
is_one_of(struct tag_name name, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (is_named(name, list[i]))
			return true;
	return false;
}

static bool
is_same(struct tag_name a, struct tag_name b)
{
	return a.len == b.len && memcmp(a.text, b.text, a.len) == 0;
}

static bool
is_name_byte(unsigned char c)
{
	return ascii_is_letter(c) || ascii_is_digit(c) || c >= 0x80 ||
	    (c && strchr("_-.:", c));
}

static struct tag_name
read_name(struct repair *r)
{
	struct tag_name name = { r->at, 0 };

	while (r->at < r->end && is_name_byte((unsigned char)*r->at))
		r->at++;
	name.len = (size_t)(r->at - name.text);
	/* Names begin with a letter, "_" or what is beyond ASCII. */
	if (name.len && !ascii_is_letter(*name.text) && *name.text != '_' &&
	    (unsigned char)*name.text < 0x80)
		name.len = 0;
	return name;
}

static void
close_top(struct repair *r)
{
	struct tag_name name = r->open[--r->depth];

	buf_adds(r->out, "</");
	buf_add(r->out, name.text, name.len);
	buf_addc(r->out, '>');
}

static void
close_down_to(struct repair *r, size_t depth, const char *where)
{
	if (r->depth > depth)
		repair_report(r, DAMAGE_NESTING, where);
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
close_before(struct repair *r, struct tag_name name)
{
	if (is_one_of(name, entries, ARRAY_LEN(entries))) {
		for (size_t i = r->depth; i > 0; i--)
			if (is_one_of(r->open[i - 1], entries, ARRAY_LEN(entries))) {
				close_down_to(r, i - 1, r->at);
				return;
			}
		return;
	}
	if (r->depth > 2 && is_one_of(name, leaves, ARRAY_LEN(leaves)) &&
	    is_one_of(r->open[r->depth - 1], leaves, ARRAY_LEN(leaves)))
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

	if (!close || !memchr(r->at, '<', (size_t)(close - r->at)))
		return close;
	return close + 1 < r->end && strchr(" \t\r\n/>", close[1]) && close - r->at < 2048
	    ? close
	    : NULL;
}

static void
read_value(struct repair *r)
{
	const char *stop = NULL;

	if (*r->at == '"' || *r->at == '\'') {
		char quote = *r->at++;

		stop = value_end(r, quote);
		if (stop) {
			buf_addc(r->out, quote);
			repair_text(r, stop);
			buf_addc(r->out, quote);
			r->at = stop + 1;
			return;
		}
	}
	repair_report(r, DAMAGE_ATTRIBUTE, r->at);
	stop = r->at;
	while (stop < r->end && !ascii_is_space((unsigned char)*stop) &&
	    !strchr("<>\"'", *stop) &&
	    !(*stop == '/' && stop + 1 < r->end && stop[1] == '>'))
		stop++;
	buf_addc(r->out, '"');
	repair_text(r, stop);
	buf_addc(r->out, '"');
	if (r->at < r->end && (*r->at == '"' || *r->at == '\''))
		r->at++;
}

/* One attribute; what is none is passed over, byte by byte. */
static void
read_attribute(struct repair *r, struct tag_name *seen, size_t *count)
{
	const char *before = r->at;
	size_t start = r->out->len;
	struct tag_name name = read_name(r);
	bool is_new = *count < ATTRIBUTES_MAX;

	if (name.len == 0) {
		repair_report(r, DAMAGE_ATTRIBUTE, before);
		if (r->at == before)
			r->at++;
		return;
	}
	for (size_t i = 0; i < *count; i++)
		is_new &= !is_same(seen[i], name);
	buf_addc(r->out, ' ');
	buf_add(r->out, name.text, name.len);
	buf_addc(r->out, '=');
	r->at = ascii_skip_space(r->at, r->end);
	if (r->at < r->end && *r->at == '=') {
		r->at++;
		r->at = ascii_skip_space(r->at, r->end);
	} else {
		repair_report(r, DAMAGE_ATTRIBUTE, before);
		buf_adds(r->out, "\"\"");
		r->at = name.text + name.len;
		goto out;
	}
	if (r->at < r->end)
		read_value(r);
out:
	if (is_new) {
		seen[(*count)++] = name;
	} else {
		repair_report(r, DAMAGE_ATTRIBUTE, before);
		if (!buf_is_full(r->out))
			buf_truncate(r->out, start);
	}
}

/* The rest of a start tag; true when it closes itself. */
static bool
read_attributes(struct repair *r)
{
	struct tag_name seen[ATTRIBUTES_MAX];
	size_t count = 0;

	for (;;) {
		r->at = ascii_skip_space(r->at, r->end);
		if (r->at >= r->end)
			return false;
		if (*r->at == '>') {
			r->at++;
			return false;
		}
		if (*r->at == '<') {
			repair_report(r, DAMAGE_ATTRIBUTE, r->at);
			return false;
		}
		if (repair_starts(r, "/>")) {
			r->at += 2;
			return true;
		}
		read_attribute(r, seen, &count);
	}
}

static void
literal_less(struct repair *r, const char *start)
{
	repair_report(r, DAMAGE_LESS, start);
	buf_adds(r->out, "&lt;");
	r->at = start + 1;
}

static void
start_tag(struct repair *r)
{
	const char *start = r->at++;
	struct tag_name name = read_name(r);
	size_t before = r->out->len;
	bool closed = false;

	if (name.len == 0 ||
	    (r->at < r->end && !ascii_is_space((unsigned char)*r->at) &&
		!strchr("/><", *r->at))) {
		literal_less(r, start);
		return;
	}
	close_before(r, name);
	before = r->out->len;
	buf_addc(r->out, '<');
	buf_add(r->out, name.text, name.len);
	closed = read_attributes(r);
	if (r->at >= r->end && r->end[-1] != '>') {
		buf_truncate(r->out, before); /* the document was cut inside this tag */
		return;
	}
	if (r->depth >= REPAIR_OPEN) {
		buf_truncate(r->out, before);
		r->too_deep += !closed;
		return;
	}
	if (!closed && r->depth > 2 &&
	    is_one_of(name, void_elements, ARRAY_LEN(void_elements)))
		closed = true;
	buf_adds(r->out, closed ? "/>" : ">");
	if (!closed)
		r->open[r->depth++] = name;
}

/* True when there is still an entry behind the end of the root.  Looks once. */
static bool
has_more_entries(struct repair *r)
{
	static const char *const starts[] = { "<item>", "<item ", "<entry>", "<entry " };
	bool asked = r->last_entry != NULL;

	for (size_t i = 0; i < ARRAY_LEN(starts) && !asked; i++)
		for (const char *p = r->at;
		     (p = ascii_find(p, r->end, starts[i])) != NULL; p++)
			r->last_entry =
			    r->last_entry && r->last_entry > p ? r->last_entry : p;
	if (!r->last_entry)
		r->last_entry = r->source->text;
	return r->at <= r->last_entry;
}

static void
end_tag(struct repair *r)
{
	const char *start = r->at;
	struct tag_name name = { 0 };
	size_t i = 0;

	r->at += 2;
	name = read_name(r);
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
			repair_report(r, DAMAGE_END_TAG, start);
		return;
	}
	if (i == 1 && has_more_entries(r)) {
		repair_report(r, DAMAGE_END_TAG, start);
		return;
	}
	close_down_to(r, i, start);
	close_top(r);
	r->done = r->depth == 0;
}

static const char cdata_start[] = "<![CDATA[";
static const char cdata_end[] = "]]>";
enum { CDATA_START = sizeof(cdata_start) - 1, CDATA_END = sizeof(cdata_end) - 1 };

/*
 * Where the next section begins inside the one whose content is from..close, when an entry
 * ends between the two: then the outer one was not closed.  NULL otherwise.
 */
static const char *
swallowed_section(const char *from, const char *close)
{
	const char *inner = ascii_find(from, close, cdata_start);

	if (inner &&
	    (ascii_find(from, inner, "</item>") || ascii_find(from, inner, "</entry>")))
		return inner;
	return NULL;
}

bool
repair_is_needed(const struct xml_source *source)
{
	const char *end = source->text + source->len;
	const char *at = source->text;

	while ((at = ascii_find(at, end, cdata_start)) != NULL) {
		const char *close = ascii_find(at, end, cdata_end);

		if (!close)
			return false;
		if (swallowed_section(at + CDATA_START, close))
			return true;
		at = close + CDATA_END;
	}
	return false;
}

/* Where the innermost open element is closed in from..end, or NULL. */
static const char *
own_end_tag(const struct repair *r, const char *from, const char *end)
{
	const struct tag_name *name = r->depth > 0 ? &r->open[r->depth - 1] : NULL;

	while (name && (from = ascii_find(from, end, "</")) != NULL) {
		size_t len = name->len + 2;

		if ((size_t)(end - from) > len &&
		    memcmp(from + 2, name->text, name->len) == 0 &&
		    (from[len] == '>' || ascii_is_space((unsigned char)from[len])))
			return from;
		from += 2;
	}
	return NULL;
}

static void
cdata(struct repair *r)
{
	const char *start = r->at;
	const char *close = r->section_end > start ? r->section_end
						   : ascii_find(start, r->end, cdata_end);
	const char *inner = close ? swallowed_section(start + CDATA_START, close) : NULL;
	const char *early = inner ? own_end_tag(r, start + CDATA_START, inner) : NULL;

	/* Looked up once: a thousand sections may share one end. */
	r->section_end = close;
	buf_adds(r->out, cdata_start);
	r->at += CDATA_START;
	if (!close || early)
		repair_report(r, DAMAGE_CDATA, start);
	repair_verbatim(r, early ? early : close ? close : r->end);
	buf_adds(r->out, cdata_end);
	if (close && !early)
		r->at = close + CDATA_END;
}

/* Comments, processing instructions and declarations are left out. */
static void
skip_to(struct repair *r, const char *what, bool *endless)
{
	/* What was not found once is not looked for again: that would take for ever. */
	const char *close = *endless ? NULL : ascii_find(r->at, r->end, what);

	*endless = !close;
	if (close)
		r->at = close + strlen(what);
	else
		literal_less(r, r->at);
}

static void
markup(struct repair *r)
{
	if (repair_starts(r, "<![CDATA["))
		cdata(r);
	else if (repair_starts(r, "<!--"))
		skip_to(r, "-->", &r->endless[0]);
	else if (repair_starts(r, "<?"))
		skip_to(r, "?>", &r->endless[1]);
	else if (repair_starts(r, "<!"))
		skip_to(r, ">", &r->endless[2]);
	else if (repair_starts(r, "</"))
		end_tag(r);
	else
		start_tag(r);
}

static bool
is_in_entry(const struct repair *r)
{
	for (size_t i = 0; i < r->depth; i++)
		if (is_one_of(r->open[i], entries, ARRAY_LEN(entries)))
			return true;
	return false;
}

bool
repair_xml(struct buf *out, const struct xml_source *source,
    void (*note)(void *arg, unsigned line, const char *what), void *arg)
{
	struct repair r = { .out = out,
		.source = source,
		.at = source->text,
		.end = source->text + source->len,
		.note = note,
		.arg = arg };
	bool is_torn = false;

	while (r.at < r.end && !r.done && !buf_is_full(out)) {
		const char *tag = memchr(r.at, '<', (size_t)(r.end - r.at));

		repair_text(&r, tag ? tag : r.end);
		if (tag)
			markup(&r);
	}
	if (r.depth > 0)
		repair_report(&r, DAMAGE_CUT, r.end);
	is_torn = is_in_entry(&r);
	while (r.depth > 0)
		close_top(&r);
	return is_torn;
}
