/* SPDX-License-Identifier: ISC */
/*
 * From libxml2's SAX2 events to small trees.  The library sees one element and what is in it,
 * as UTF-8: declaration and DOCTYPE were taken off before (xml_prolog.c), so it knows no DTD, no
 * external entity and no encoding, and there is nothing it could load or expand.
 */
#include "feed/xml.h"

#include <stdio.h>
#include <string.h>

#include <libxml/parser.h>

#include "base/limits.h"
#include "base/text.h"
#include "feed/windows_1252.h"
#include "feed/xml_entities.h"
#include "feed/xml_names.h"
#include "feed/xml_prolog.h"

enum {
	UNIT_NODES_MAX = 60000, /* of one entry, or of all that is in none */
	DEPTH_STOP = 4 * LIMIT_XML_DEPTH,
	NAMESPACES_MAX = 256,
	DICTIONARY_MAX = 512 * 1024, /* of names; the time to find one grows with them */
	ENTITY_MAX = 4096,           /* one entity, expanded */
	EXPANSION_MAX = 1024 * 1024, /* all uses of entities in one document */
	CHUNK = 128 * 1024,          /* what the library is given at a time */
	CROWD_BYTES = 4 * LIMIT_XML_ATTRIBUTES, /* fewer hold no crowd of attributes */
	LONG_TEXT = 256 /* from here on a text is not copied twice */
};

struct parser {
	xmlParserCtxtPtr ctxt;
	const struct xml_source *source;
	const struct xml_events *events;
	struct xml_result *result;
	struct arena *scratch;
	struct arena *unit_arena;
	struct xml_node *root;
	struct xml_node *top; /* innermost open element that is kept */
	struct xml_node *unit;
	size_t depth;     /* open elements, kept or not */
	size_t skip_from; /* depth of the outermost skipped one; 0 = none */
	size_t nodes;     /* of the unit, or outside of units, with their attributes */
	size_t outer_nodes;
	struct buf text; /* character data not yet in a node */
	struct names names;
	xmlEntity entity;
	char entity_text[ENTITY_MAX];
	size_t expanded;
	bool stopped;
	bool warned_nodes, warned_depth, warned_text;
};

static struct parser *
self(void *ctx)
{
	return ((xmlParserCtxtPtr)ctx)->_private;
}

static unsigned
line_now(const struct parser *p)
{
	int line = p->ctxt->input ? p->ctxt->input->line : 1;

	return p->source->line + (line > 0 ? (unsigned)line - 1 : 0);
}

static void
warn_once(struct parser *p, bool *said, const char *text)
{
	if (*said)
		return;
	*said = true;
	p->events->warn(p->events->arg, line_now(p), text);
}

static void
stop(struct parser *p, const char *why)
{
	p->stopped = true;
	p->result->well_formed = false;
	if (!p->result->cause[0]) {
		p->result->line = line_now(p);
		snprintf(p->result->cause, sizeof(p->result->cause), "%s", why);
	}
	xmlStopParser(p->ctxt);
}

/* ---- nodes ---- */

static struct arena *
present_arena(struct parser *p)
{
	return p->unit ? p->unit_arena : p->scratch;
}

static const struct xml_name *
name_of(struct parser *p, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri,
    bool is_attr)
{
	return names_get(&p->names, present_arena(p), (const char *)local,
	    (const char *)prefix, (const char *)uri, is_attr);
}

static struct xml_node *
node_new(struct parser *p)
{
	struct xml_node *n = arena_alloc(present_arena(p), sizeof(*n));

	n->line = line_now(p);
	n->parent = p->top;
	p->nodes++;
	return n;
}

static void
node_attach(struct xml_node *parent, struct xml_node *n)
{
	if (parent->last)
		parent->last->next = n;
	else
		parent->first = n;
	parent->last = n;
}

static void
add_text_node(struct parser *p, const char *text, size_t len)
{
	bool is_kept = p->source->texts && len >= LONG_TEXT;
	struct xml_node *n = NULL;

	if (!p->top || p->skip_from || p->nodes >= UNIT_NODES_MAX)
		return;
	n = node_new(p);
	n->text = arena_strndup(is_kept ? p->source->texts : present_arena(p), text, len);
	n->len = len;
	n->kept = is_kept;
	node_attach(p->top, n);
}

/* Moves what characters came since the last tag into a text node. */
static void
flush_text(struct parser *p)
{
	struct buf *b = &p->text;

	if (b->len == 0)
		return;
	if (buf_is_full(b))
		warn_once(p, &p->warned_text, "a text longer than the ceiling was cut");
	/* Blanks between the elements of channel and item mean nothing. */
	if ((p->unit && p->top != p->unit) || !ascii_is_only_space(b->data, b->len))
		add_text_node(p, b->data, b->len);
	buf_reset(b);
}

/* ---- entities ---- */

static bool
may_expand(struct parser *p, size_t len)
{
	p->expanded += len;
	if (p->expanded > EXPANSION_MAX)
		stop(p, "entities expand to more than the ceiling");
	return !p->stopped;
}

/*
 * Answers with a text of our own, as "predefined" so that the library takes it as plain
 * characters and never parses it.  In an attribute value it must stay a reference, because
 * there only the first byte of a predefined entity is copied: add_attr() resolves it.
 */
static xmlEntityPtr
on_entity(void *ctx, const xmlChar *name)
{
	struct parser *p = self(ctx);
	struct buf b = BUF_INIT(ENTITY_MAX - 1);
	bool known =
	    entity_expand(p->source, &b, (const char *)name, strlen((const char *)name));

	if (!known || !may_expand(p, b.len)) {
		buf_clear(&b);
		return NULL;
	}
	memcpy(p->entity_text, buf_text(&b), b.len + 1);
	memset(&p->entity, 0, sizeof(p->entity));
	p->entity.type = XML_ENTITY_DECL;
	p->entity.name = name;
	p->entity.content = (xmlChar *)p->entity_text;
	p->entity.length = (int)b.len;
	p->entity.checked = 2;
	p->entity.etype = p->ctxt->instate == XML_PARSER_ATTRIBUTE_VALUE
	    ? XML_INTERNAL_GENERAL_ENTITY
	    : XML_INTERNAL_PREDEFINED_ENTITY;
	buf_clear(&b);
	return &p->entity;
}

/* ---- events ---- */

/* Value with its references resolved: the library leaves "&#38;" and "&name;" in it. */
static const char *
attr_value(struct parser *p, const xmlChar *from, const xmlChar *to)
{
	const char *raw = (const char *)from;
	size_t len = (size_t)(to - from);
	struct buf b = BUF_INIT(LIMIT_ENTRY_TEXT);
	const char *value = "";

	if (!memchr(raw, '&', len))
		return arena_strndup(present_arena(p), raw, len);
	entity_expand_text(p->source, &b, raw, len);
	if (b.len <= len || may_expand(p, b.len - len))
		value = arena_strndup(present_arena(p), buf_text(&b), b.len);
	buf_clear(&b);
	return value;
}

static void
add_attrs(struct parser *p, struct xml_node *n, int count, const xmlChar **attrs)
{
	size_t kept =
	    (size_t)count < LIMIT_XML_ATTRIBUTES ? (size_t)count : LIMIT_XML_ATTRIBUTES;
	struct xml_attr *out = NULL;

	if (count <= 0)
		return;
	p->nodes += kept;
	out = arena_array(present_arena(p), kept, sizeof(*out));
	for (size_t i = 0; i < kept; i++) {
		const xmlChar **at = attrs + 5 * i; /* local, prefix, uri, value, end */

		out[i].name = name_of(p, at[0], at[1], at[2], true);
		out[i].value = attr_value(p, at[3], at[4]);
	}
	n->attrs = out;
	n->attr_count = kept;
}

/* Elements without prefix belong to what the root is, whatever address they are under. */
static void
find_home(struct parser *p, const xmlChar *root, int count, const xmlChar **namespaces)
{
	const xmlChar *uri = NULL;

	for (int i = 0; i < count; i++)
		if (!namespaces[2 * i])
			uri = xmlDictLookup(p->ctxt->dict, namespaces[2 * i + 1], -1);
	names_set_home(&p->names, (const char *)root, uri);
}

static bool
within_limits(struct parser *p)
{
	p->depth++;
	if (p->depth > DEPTH_STOP)
		stop(p, "elements are nested deeper than the ceiling");
	else if (p->ctxt->nsNr >
	    2 * NAMESPACES_MAX) /* each is searched at each element */
		stop(p, "more namespaces are declared than the ceiling allows");
	return !p->stopped;
}

static bool
is_too_much(struct parser *p)
{
	if (p->depth > LIMIT_XML_DEPTH) {
		warn_once(p, &p->warned_depth,
		    "elements nested deeper than the ceiling left out");
		return true;
	}
	if (p->nodes >= UNIT_NODES_MAX) {
		warn_once(p, &p->warned_nodes, "elements beyond the ceiling left out");
		return true;
	}
	return false;
}

/*
 * Decides what becomes of an element outside of units; false = it is left out.  before: nodes
 * without it and its attributes, which count for the unit that they begin.
 */
static bool
admit(struct parser *p, struct xml_node *n, size_t before)
{
	switch (p->events->open(p->events->arg, n, p->depth - 1)) {
	case XML_KEEP:
		return true;
	case XML_UNIT:
		p->unit = n;
		p->outer_nodes = before;
		p->nodes -= before;
		return true;
	case XML_SKIP:
		break;
	case XML_STOP:
		p->result->unwanted = true;
		stop(p, "no feed");
		break;
	}
	p->skip_from = p->depth;
	return false;
}

static void
on_start(void *ctx, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri,
    int namespace_count, const xmlChar **namespaces, int attr_count, int defaulted,
    const xmlChar **attrs)
{
	struct parser *p = self(ctx);
	struct xml_node *n = NULL;
	size_t before = 0;

	(void)defaulted;
	if (p->stopped)
		return;
	flush_text(p);
	if (!within_limits(p) || p->skip_from)
		return;
	if (p->depth == 1)
		find_home(p, local, namespace_count, namespaces);
	if (is_too_much(p)) {
		p->skip_from = p->depth;
		return;
	}
	before = p->nodes;
	n = node_new(p);
	n->name = name_of(p, local, prefix, uri, false);
	add_attrs(p, n, attr_count, attrs);
	if (!p->unit && !admit(p, n, before))
		return;
	/* A unit hangs on nothing: it goes when it was delivered. */
	if (n != p->unit) {
		if (p->top)
			node_attach(p->top, n);
		else
			p->root = n;
	}
	p->top = n;
	/* In recovery an error must not make the library drop every later entity. */
	if (p->source->recover)
		p->ctxt->wellFormed = 1;
}

static void
deliver(struct parser *p)
{
	struct xml_node *unit = p->unit;

	p->events->unit(p->events->arg, unit);
	p->unit = NULL;
	p->nodes = p->outer_nodes;
	arena_reset(p->unit_arena);
}

static void
on_end(void *ctx, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri)
{
	struct parser *p = self(ctx);
	struct xml_node *closed = NULL;

	(void)local;
	(void)prefix;
	(void)uri;
	if (p->stopped || p->depth == 0)
		return;
	flush_text(p);
	p->depth--;
	if (p->skip_from) {
		if (p->depth < p->skip_from)
			p->skip_from = 0;
		return;
	}
	closed = p->top;
	if (!closed)
		return;
	p->top = closed->parent;
	if (closed == p->unit)
		deliver(p);
	if (p->depth == 0 && p->ctxt->wellFormed)
		p->result->closed = true;
}

static void
on_text(void *ctx, const xmlChar *text, int len)
{
	struct parser *p = self(ctx);

	if (p->stopped || p->skip_from || len <= 0)
		return;
	/* "&#146;" comes alone: numbers of windows-1252 taken for those of Unicode. */
	if (len == 2 && text[0] == 0xC2 && text[1] < 0xA0)
		text_encode(&p->text, windows_1252_char(text[1]));
	else
		buf_add(&p->text, text, (size_t)len);
}

static void
on_error(void *ctx, xmlErrorPtr e)
{
	struct parser *p = self(ctx);
	struct xml_result *r = p->result;
	size_t len = 0;

	if (e->level != XML_ERR_FATAL || r->cause[0])
		return;
	r->line = p->source->line + (e->line > 0 ? (unsigned)e->line - 1 : 0);
	snprintf(r->cause, sizeof(r->cause), "%s",
	    e->message ? e->message : "not well-formed");
	len = strcspn(r->cause, "\r\n");
	r->cause[len] = '\0';
}

/* ---- the parse ---- */

/* Files and catalogues are out of reach even if the above were circumvented. */
static xmlParserInputPtr
load_nothing(const char *url, const char *id, xmlParserCtxtPtr ctxt)
{
	(void)url;
	(void)id;
	(void)ctxt;
	return NULL;
}

void
xml_prepare_threads(void)
{
	xmlInitParser();
	xmlSetExternalEntityLoader(load_nothing);
}

static void
set_up(struct parser *p)
{
	xmlSAXHandler *sax = p->ctxt->sax;
	int options = XML_PARSE_NONET | XML_PARSE_NOWARNING | XML_PARSE_IGNORE_ENC |
	    XML_PARSE_HUGE | (p->source->recover ? XML_PARSE_RECOVER : 0);

	if (xmlGetExternalEntityLoader() != load_nothing)
		xmlSetExternalEntityLoader(load_nothing);
	memset(sax, 0, sizeof(*sax));
	sax->initialized = XML_SAX2_MAGIC;
	sax->startElementNs = on_start;
	sax->endElementNs = on_end;
	sax->characters = on_text;
	sax->ignorableWhitespace = on_text;
	sax->cdataBlock = on_text;
	sax->getEntity = on_entity;
	sax->serror = on_error;
	p->ctxt->_private = p;
	xmlCtxtUseOptions(p->ctxt, options);
	/* HUGE lifts the library's ceilings; ours stand above, this one is set again. */
	xmlDictSetLimit(p->ctxt->dict, DICTIONARY_MAX);
}

/* In pieces: the library copies what it is given, and looks ahead no further than that. */
static void
feed_library(struct parser *p)
{
	const struct xml_source *source = p->source;
	size_t at = 0;

	while (
	    at < source->len && !p->stopped && (p->ctxt->wellFormed || source->recover)) {
		size_t n = source->len - at < CHUNK ? source->len - at : CHUNK;

		(void)xmlParseChunk(p->ctxt, source->text + at, (int)n, 0);
		at += n;
	}
	(void)xmlParseChunk(p->ctxt, NULL, 0, 1);
}

/* ---- a crowd of attributes ---- */

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
 * True when a start tag has more attributes than the ceiling, at *where: the library's time
 * for one grows with the square of their number.  No "<" can stand in a tag of well-formed XML,
 * so only long stretches of text between two of them are looked at, and of those only the tag.
 */
static bool
has_crowded_tag(const char *text, size_t len, size_t *where)
{
	const char *end = text + len;
	const char *at = memchr(text, '<', len);

	while (at) {
		const char *next = memchr(at + 1, '<', (size_t)(end - at) - 1);
		size_t room = (size_t)((next ? next : end) - at);

		if (room > CROWD_BYTES && at[1] != '!' && at[1] != '?' &&
		    count_attributes(at, room) > LIMIT_XML_ATTRIBUTES) {
			*where = (size_t)(at - text);
			return true;
		}
		at = next;
	}
	return false;
}

void
xml_parse(struct arena *scratch, const struct xml_source *source,
    const struct xml_events *events, struct xml_result *result)
{
	struct parser *p = arena_alloc(scratch, sizeof(*p));
	size_t crowd = 0;

	memset(result, 0, sizeof(*result));
	p->source = source;
	p->events = events;
	p->result = result;
	p->scratch = scratch;
	buf_init(&p->text, LIMIT_ENTRY_TEXT);
	names_init(&p->names, scratch, events);
	p->unit_arena = arena_new();
	if (has_crowded_tag(source->text, source->len, &crowd)) {
		result->line = source->line + prolog_lines(source->text, crowd) - 1;
		snprintf(result->cause, sizeof(result->cause),
		    "more attributes than the ceiling allows");
		goto out;
	}
	p->ctxt = xmlCreatePushParserCtxt(NULL, NULL, NULL, 0, NULL);
	if (!p->ctxt)
		goto out; /* no memory */
	set_up(p);
	feed_library(p);
	result->well_formed = p->ctxt->wellFormed && !p->stopped && !result->cause[0];
	if (source->recover && p->unit) {
		flush_text(p);
		deliver(p);
	}
out:
	result->root = p->root;
	xmlFreeParserCtxt(p->ctxt);
	arena_free(p->unit_arena);
	buf_clear(&p->text);
}
