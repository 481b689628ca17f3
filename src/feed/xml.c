/* SPDX-License-Identifier: ISC */
/*
 * From libxml2's SAX2 events to small trees.  The library sees one element and what is in it,
 * as UTF-8: declaration and DOCTYPE were taken off before (prolog.c), so it knows no DTD, no
 * external entity and no encoding, and there is nothing it could load or expand.
 */
#include "feed/xml.h"

#include <stdio.h>
#include <string.h>

#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include "base/limits.h"
#include "base/text.h"
#include "feed/encoding.h"

enum {
	NAME_SLOTS = 1024,
	NAMES_MAX = 700,         /* past it names are made anew each time */
	UNIT_NODES_MAX = 60000,  /* of one entry, or of all that is in none */
	DEPTH_STOP = 4 * LIMIT_XML_DEPTH,
	NAMESPACES_MAX = 1000,
	DICTIONARY_MAX = 10 * 1024 * 1024,
	ENTITY_MAX = 4096,       /* one entity, expanded */
	EXPANSION_MAX = 256 * 1024 /* all of them */
};

struct slot {
	const xmlChar *local; /* pointers of the library's dictionary: compared, not read */
	const xmlChar *uri;
	const xmlChar *prefix;
	bool is_attr;
	struct xml_name *name;
};

struct parser {
	xmlParserCtxtPtr ctxt;
	const struct xml_source *source;
	const struct xml_events *events;
	struct xml_result *result;
	struct arena *scratch;
	struct arena *unit_arena;
	struct xml_node *root;
	struct xml_node *top;   /* innermost open element that is kept */
	struct xml_node *unit;
	size_t depth;           /* open elements, kept or not */
	size_t skip_from;       /* depth of the outermost skipped one; 0 = none */
	size_t nodes;           /* in the present arena */
	size_t outer_nodes;
	struct buf text;        /* character data not yet in a node */
	struct slot *slots;
	size_t slot_count;
	const xmlChar *home_uri; /* the root's default namespace */
	enum space home;
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

/* ---- names ---- */

static enum space
name_space(const struct parser *p, const xmlChar *prefix, const xmlChar *uri, bool is_attr)
{
	if (is_attr)
		return prefix ? space_of((const char *)uri, (const char *)prefix) : SPACE_NONE;
	if (!prefix && (!uri || uri == p->home_uri))
		return p->home;
	return space_of((const char *)uri, (const char *)prefix);
}

static struct xml_name *
name_new(struct parser *p, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri,
    bool is_attr)
{
	struct arena *a = p->scratch;
	struct xml_name *name = arena_alloc(a, sizeof(*name));
	const char *written = (const char *)local;
	char *lower = NULL;

	/* An undeclared prefix stays in the local name. */
	if (!prefix && strchr(written, ':')) {
		const char *colon = strchr(written, ':');
		char *undeclared = arena_strndup(a, written, (size_t)(colon - written));

		name->space = space_of(NULL, undeclared);
		written = colon + 1;
	} else {
		name->space = name_space(p, prefix, uri, is_attr);
	}
	lower = arena_strdup(a, written);
	for (char *c = lower; *c; c++)
		*c = (char)text_lower((unsigned char)*c);
	name->local = lower;
	name->written = arena_strdup(a, written);
	name->uri = arena_strdup(a, (const char *)uri);
	if (!is_attr)
		name->rule = p->events->rule(p->events->arg, name);
	return name;
}

static const struct xml_name *
name_of(struct parser *p, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri,
    bool is_attr)
{
	size_t at = (((uintptr_t)local >> 3) ^ ((uintptr_t)uri >> 5) ^ ((uintptr_t)prefix >> 4)
	    ^ (is_attr ? 511u : 0u)) % NAME_SLOTS;

	for (;; at = (at + 1) % NAME_SLOTS) {
		struct slot *s = &p->slots[at];

		if (!s->name) {
			struct xml_name *name = name_new(p, local, prefix, uri, is_attr);

			if (p->slot_count < NAMES_MAX) {
				*s = (struct slot){ local, uri, prefix, is_attr, name };
				p->slot_count++;
			}
			return name;
		}
		if (s->local == local && s->uri == uri && s->prefix == prefix
		    && s->is_attr == is_attr)
			return s->name;
	}
}

/* ---- nodes ---- */

static struct arena *
present_arena(struct parser *p)
{
	return p->unit ? p->unit_arena : p->scratch;
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

static bool
is_blank(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!text_is_space((unsigned char)text[i]))
			return false;
	return true;
}

/* Moves what characters came since the last tag into a text node. */
static void
flush_text(struct parser *p)
{
	struct buf *b = &p->text;
	struct xml_node *n = NULL;

	if (b->len == 0)
		return;
	if (buf_is_full(b))
		warn_once(p, &p->warned_text, "a text longer than the ceiling was cut");
	/* Blanks between the elements of channel and item mean nothing. */
	if (p->top && p->skip_from == 0 && p->nodes < UNIT_NODES_MAX
	    && !((!p->unit || p->top == p->unit) && is_blank(b->data, b->len))) {
		n = node_new(p);
		n->text = arena_strndup(present_arena(p), b->data, b->len);
		n->len = b->len;
		node_attach(p->top, n);
	}
	buf_reset(b);
}

/* ---- entities ---- */

static const char *
declared_value(const struct xml_source *source, const char *name, size_t len)
{
	for (size_t i = 0; i < source->entity_count; i++)
		if (strlen(source->entities[i].name) == len
		    && memcmp(source->entities[i].name, name, len) == 0)
			return source->entities[i].value;
	return NULL;
}

static bool expand(struct parser *p, struct buf *out, const char *name, size_t len,
    unsigned level);

/* Appends replacement text with its own references resolved. */
static void
expand_text(struct parser *p, struct buf *out, const char *text, unsigned level)
{
	while (*text && !buf_is_full(out)) {
		const char *end = *text == '&' ? strchr(text, ';') : NULL;

		if (end && end - text < 64
		    && expand(p, out, text + 1, (size_t)(end - text) - 1, level)) {
			text = end + 1;
			continue;
		}
		buf_addc(out, *text++);
	}
}

/* Appends what &name; (or &#n;) stands for; false when it is not known. */
static bool
expand(struct parser *p, struct buf *out, const char *name, size_t len, unsigned level)
{
	const char *value = NULL;
	uint32_t code = 0;

	if (len > 1 && name[0] == '#') {
		bool hex = name[1] == 'x' || name[1] == 'X';

		for (size_t i = hex ? 2 : 1; i < len && code < 0x110000; i++) {
			int c = text_lower((unsigned char)name[i]);
			int digit = c >= '0' && c <= '9' ? c - '0'
			    : hex && c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;

			if (digit < 0)
				return false;
			code = code * (hex ? 16 : 10) + (uint32_t)digit;
		}
		text_encode(out, code);
		return true;
	}
	value = declared_value(p->source, name, len);
	if (value) {
		if (level < 8)
			expand_text(p, out, value, level + 1);
		return true;
	}
	code = entity_code(name, len);
	if (code)
		text_encode(out, code);
	return code != 0;
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
	bool known = expand(p, &b, (const char *)name, strlen((const char *)name), 0);

	p->expanded += b.len;
	if (!known || p->expanded > EXPANSION_MAX) {
		buf_clear(&b);
		if (known)
			stop(p, "entities expand to more than the ceiling");
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
	    ? XML_INTERNAL_GENERAL_ENTITY : XML_INTERNAL_PREDEFINED_ENTITY;
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
	char *copy = arena_strndup(present_arena(p), raw, len);
	const char *value = copy;

	if (!memchr(raw, '&', len))
		return copy;
	for (const char *c = copy; *c;) {
		const char *end = *c == '&' ? strchr(c, ';') : NULL;

		if (end && end - c < 64 && expand(p, &b, c + 1, (size_t)(end - c) - 1, 0)) {
			c = end + 1;
			continue;
		}
		buf_addc(&b, *c++);
	}
	value = arena_strndup(present_arena(p), buf_text(&b), b.len);
	buf_clear(&b);
	return value;
}

static void
add_attrs(struct parser *p, struct xml_node *n, int count, const xmlChar **attrs)
{
	size_t kept = (size_t)count < LIMIT_XML_ATTRIBUTES ? (size_t)count
	    : LIMIT_XML_ATTRIBUTES;
	struct xml_attr *out = NULL;

	if (count <= 0)
		return;
	out = arena_array(present_arena(p), kept, sizeof(*out));
	for (size_t i = 0; i < kept; i++) {
		const xmlChar **at = attrs + 5 * i; /* local, prefix, uri, value, end */

		out[i].name = name_of(p, at[0], at[1], at[2], true);
		out[i].value = attr_value(p, at[3], at[4]);
	}
	n->attrs = out;
	n->attr_count = kept;
}

static enum space
home_of(const char *root)
{
	static const struct {
		const char *root;
		enum space space;
	} homes[] = {
		{ "rss", SPACE_RSS }, { "rdf", SPACE_RSS }, { "channel", SPACE_RSS },
		{ "rdf:rdf", SPACE_RSS }, { "feed", SPACE_ATOM }, { "entry", SPACE_ATOM },
		{ "opml", SPACE_OPML },
	};

	for (size_t i = 0; i < ARRAY_LEN(homes); i++)
		if (text_eq_nocase(root, homes[i].root))
			return homes[i].space;
	return SPACE_NONE;
}

/* Elements without prefix belong to what the root is, whatever address they are under. */
static void
find_home(struct parser *p, const char *root, int count, const xmlChar **namespaces)
{
	p->home = home_of(root);
	for (int i = 0; i < count; i++)
		if (!namespaces[2 * i])
			p->home_uri = xmlDictLookup(p->ctxt->dict, namespaces[2 * i + 1], -1);
	/* CDF of its time shouts; RSS never did. */
	if (strcmp(root, "channel") != 0 && text_eq_nocase(root, "channel"))
		p->home = SPACE_CDF;
	if (p->home == SPACE_NONE)
		p->home_uri = NULL;
}

static bool
within_limits(struct parser *p)
{
	p->depth++;
	if (p->depth > DEPTH_STOP)
		stop(p, "elements are nested deeper than the ceiling");
	else if (p->ctxt->nsNr > 2 * NAMESPACES_MAX) /* each is searched at each element */
		stop(p, "more namespaces are declared than the ceiling allows");
	return !p->stopped;
}

static bool
is_too_much(struct parser *p)
{
	if (p->depth > LIMIT_XML_DEPTH) {
		warn_once(p, &p->warned_depth, "elements nested deeper than the ceiling left out");
		return true;
	}
	if (p->nodes >= UNIT_NODES_MAX) {
		warn_once(p, &p->warned_nodes, "elements beyond the ceiling left out");
		return true;
	}
	return false;
}

/* Decides what becomes of an element outside of units; false = it is left out. */
static bool
admit(struct parser *p, struct xml_node *n)
{
	switch (p->events->open(p->events->arg, n, p->depth - 1)) {
	case XML_KEEP:
		return true;
	case XML_UNIT:
		p->unit = n;
		p->outer_nodes = p->nodes;
		p->nodes = 0;
		return true;
	case XML_SKIP:
		break;
	case XML_STOP:
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

	(void)defaulted;
	if (p->stopped)
		return;
	flush_text(p);
	if (!within_limits(p) || p->skip_from)
		return;
	if (p->depth == 1)
		find_home(p, (const char *)local, namespace_count, namespaces);
	if (is_too_much(p)) {
		p->skip_from = p->depth;
		return;
	}
	n = node_new(p);
	n->name = name_of(p, local, prefix, uri, false);
	add_attrs(p, n, attr_count, attrs);
	if (!p->unit && !admit(p, n))
		return;
	if (p->top && n != p->unit)
		node_attach(p->top, n);
	else if (!p->top)
		p->root = n;
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
		text_encode(&p->text, encoding_c1(text[1]));
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
	snprintf(r->cause, sizeof(r->cause), "%s", e->message ? e->message : "not well-formed");
	len = strcspn(r->cause, "\r\n");
	r->cause[len] = '\0';
}

/* ---- the parse ---- */

/* The network, files and catalogues are out of reach even if the above were circumvented. */
static xmlParserInputPtr
load_nothing(const char *url, const char *id, xmlParserCtxtPtr ctxt)
{
	(void)url;
	(void)id;
	(void)ctxt;
	return NULL;
}

static bool
open_source(struct parser *p)
{
	xmlParserInputBufferPtr input = NULL;
	xmlParserInputPtr stream = NULL;

	if (p->source->len > LIMIT_FEED_BYTES)
		return false;
	input = xmlParserInputBufferCreateMem(p->source->text, (int)p->source->len,
	    XML_CHAR_ENCODING_NONE);
	if (!input)
		return false;
	stream = xmlNewIOInputStream(p->ctxt, input, XML_CHAR_ENCODING_NONE);
	if (!stream) {
		xmlFreeParserInputBuffer(input);
		return false;
	}
	return inputPush(p->ctxt, stream) >= 0;
}

static void
set_up(struct parser *p)
{
	xmlSAXHandler *sax = p->ctxt->sax;
	int options = XML_PARSE_NONET | XML_PARSE_NOWARNING | XML_PARSE_IGNORE_ENC
	    | XML_PARSE_HUGE | (p->source->recover ? XML_PARSE_RECOVER : 0);

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

void
xml_parse(struct arena *scratch, const struct xml_source *source,
    const struct xml_events *events, struct xml_result *result)
{
	struct parser *p = arena_alloc(scratch, sizeof(*p));

	memset(result, 0, sizeof(*result));
	p->source = source;
	p->events = events;
	p->result = result;
	p->scratch = scratch;
	buf_init(&p->text, LIMIT_ENTRY_TEXT);
	p->slots = arena_array(scratch, NAME_SLOTS, sizeof(*p->slots));
	p->unit_arena = arena_new();
	p->ctxt = xmlNewParserCtxt();
	if (!p->ctxt) {
		snprintf(result->cause, sizeof(result->cause), "the XML parser has no memory");
		goto out;
	}
	set_up(p);
	if (!open_source(p))
		goto out;
	xmlParseDocument(p->ctxt);
	result->well_formed = p->ctxt->wellFormed && !p->stopped && !result->cause[0];
	if (source->recover && p->unit && !p->stopped) {
		flush_text(p);
		deliver(p);
	}
out:
	result->root = p->root;
	xmlFreeParserCtxt(p->ctxt);
	arena_free(p->unit_arena);
	buf_clear(&p->text);
}
