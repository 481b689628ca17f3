/* SPDX-License-Identifier: ISC */
#include "feed/xml_prolog.h"

#include <string.h>

#include "base/text.h"
#include "feed/xml_entities.h"

enum {
	ENTITIES_MAX = 256,
	ENTITY_VALUE_MAX = 1024,
	ENTITY_EXPANDED_MAX = 4000,
	ROOT_NAME_MAX = 64
};

struct cursor {
	const char *at;
	const char *end;
};

static bool
starts(const struct cursor *c, const char *what)
{
	return (size_t)(c->end - c->at) >= strlen(what) &&
	    ascii_starts_nocase(c->at, what);
}

/* Behind the next `what`; at the end when there is none. */
static void
skip_past(struct cursor *c, const char *what)
{
	const char *hit = ascii_find(c->at, c->end, what);

	c->at = hit ? hit + strlen(what) : c->end;
}

static size_t
name_length(const struct cursor *c)
{
	const char *p = c->at;

	while (
	    p < c->end && !ascii_is_space((unsigned char)*p) && !strchr("<>/\"'=[]", *p))
		p++;
	return (size_t)(p - c->at);
}

/*
 * References to entities declared before are resolved now, up to a ceiling: so each use is one
 * step, and declarations that laugh a billion times stay short.
 */
static const char *
entity_value(struct arena *a, const char *text, size_t len, const struct prolog *out)
{
	const struct xml_source so_far = { .entities = out->entities,
		.entity_count = out->entity_count };
	struct buf b = BUF_INIT(ENTITY_EXPANDED_MAX);

	entity_expand_text(&so_far, &b, text, len);
	return arena_take(a, &b);
}

/* The cursor is behind "<!ENTITY".  External and parameter entities are left out. */
static void
read_entity(struct arena *a, struct cursor *c, struct prolog *out)
{
	struct xml_entity *e = NULL;
	const char *name = NULL;
	size_t name_len = 0;
	const char *close = NULL;

	c->at = ascii_skip_space(c->at, c->end);
	name = c->at;
	name_len = name_length(c);
	c->at += name_len;
	c->at = ascii_skip_space(c->at, c->end);
	if (c->at >= c->end || (*c->at != '"' && *c->at != '\'') || name_len == 0 ||
	    name[0] == '%')
		return;
	close = memchr(c->at + 1, *c->at, (size_t)(c->end - c->at) - 1);
	if (!close)
		return;
	if (out->entity_count < ENTITIES_MAX && close - c->at <= ENTITY_VALUE_MAX) {
		if (!out->entities)
			out->entities =
			    arena_array(a, ENTITIES_MAX, sizeof(*out->entities));
		e = &out->entities[out->entity_count];
		e->name = arena_strndup(a, name, name_len);
		e->value = entity_value(a, c->at + 1, (size_t)(close - c->at) - 1, out);
		out->entity_count++;
	}
	c->at = close + 1;
}

/* The cursor is behind "<!DOCTYPE"; afterwards behind its ">". */
static void
read_doctype(struct arena *a, struct cursor *c, struct prolog *out)
{
	bool inside = false;

	c->at = ascii_skip_space(c->at, c->end);
	if (starts(c, "html"))
		out->html = true;
	while (c->at < c->end) {
		if (starts(c, "<!ENTITY")) {
			c->at += sizeof("<!ENTITY") - 1;
			read_entity(a, c, out);
		} else if (starts(c, "<!--")) {
			skip_past(c, "-->");
		} else if (*c->at == '[') {
			inside = true;
			c->at++;
		} else if (*c->at == ']') {
			inside = false;
			c->at++;
		} else if (*c->at == '>' && !inside) {
			c->at++;
			return;
		} else if (!inside && (*c->at == '"' || *c->at == '\'')) {
			char quote[2] = { *c->at++, '\0' };

			skip_past(c, quote);
		} else {
			c->at++;
		}
	}
}

static void
read_root(struct arena *a, struct cursor *c, const char *text, struct prolog *out)
{
	struct cursor name = { c->at + 1, c->end };
	size_t len = name_length(&name);
	char *lower =
	    arena_strndup(a, name.at, len < ROOT_NAME_MAX ? len : ROOT_NAME_MAX);

	for (char *p = lower; *p; p++)
		*p = (char)ascii_lower((unsigned char)*p);
	out->name = lower;
	out->root = (size_t)(c->at - text);
	if (strcmp(lower, "html") == 0)
		out->html = true;
}

static bool
is_name_start(const struct cursor *c)
{
	unsigned char ch = (unsigned char)(c->at + 1 < c->end ? c->at[1] : 0);

	return ascii_is_letter(ch) || ch == '_' || ch >= 0x80;
}

unsigned
prolog_lines(const char *text, size_t len)
{
	unsigned lines = 1;

	for (const char *p = text;
	     (p = memchr(p, '\n', len - (size_t)(p - text))) != NULL; p++)
		lines++;
	return lines;
}

void
prolog_read(struct arena *a, const char *text, size_t len, struct prolog *out)
{
	struct cursor c = { text, text + len };

	memset(out, 0, sizeof(*out));
	out->name = "";
	out->root = len;
	while (c.at < c.end) {
		const char *before = c.at;

		c.at = ascii_skip_space(c.at, c.end);
		if (c.at >= c.end)
			break;
		if (starts(&c, "<?")) {
			out->blank_before |= c.at > before && before == text;
			skip_past(&c, "?>");
		} else if (starts(&c, "<!--")) {
			skip_past(&c, "-->");
		} else if (starts(&c, "<!DOCTYPE")) {
			c.at += sizeof("<!DOCTYPE") - 1;
			read_doctype(a, &c, out);
		} else if (*c.at == '<' && is_name_start(&c)) {
			read_root(a, &c, text, out);
			break;
		} else {
			const char *next =
			    memchr(c.at + 1, '<', (size_t)(c.end - c.at) - 1);

			out->junk_before = true;
			c.at = next ? next : c.end;
		}
	}
	out->line = prolog_lines(text, out->root);
}
