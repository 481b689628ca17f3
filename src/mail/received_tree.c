/* SPDX-License-Identifier: ISC */
#include "mail/received_tree.h"

#include <string.h>

#include "base/ascii.h"
#include "base/limits.h"
#include "mail/body_text.h"

struct reading {
	struct arena *a;
	size_t parts; /* so far */
};

static void read_inside(struct reading *r, struct mime_node *n, size_t depth);

/* "text/html" of "Text/HTML; charset=x"; fallback when it is no type. */
static const char *
type_of(struct arena *a, const struct header *h, const char *fallback)
{
	const char *value = header_text(h, "Content-Type");
	const size_t len = strcspn(value, "; \t(");

	return memchr(value, '/', len) ? ascii_make_lower(arena_strndup(a, value, len))
				       : fallback;
}

/* A part with its header read; what is in it is not yet. */
static struct mime_node *
node_of(struct reading *r, const char *bytes, size_t len, const char *fallback)
{
	struct mime_node *n = arena_alloc(r->a, sizeof(*n));

	r->parts++;
	header_read(r->a, bytes, len, &n->header);
	n->type = type_of(r->a, &n->header, fallback);
	n->body = bytes + n->header.body;
	n->len = len - n->header.body;
	return n;
}

struct delimiter {
	const char *text; /* "--boundary" */
	size_t len;
	const char *at, *end; /* what is still to be looked at */
	bool closed;          /* the last one, "--boundary--", was seen */
};

/*
 * The next line that is a delimiter: *line where it begins, d->at behind it.  False at the end.
 */
static bool
next_delimiter(struct delimiter *d, const char **line)
{
	while (d->at < d->end && !d->closed) {
		const char *start = d->at;
		const char *begin = start;
		const char *nl = memchr(start, '\n', (size_t)(d->end - start));
		const char *stop = nl ? nl : d->end;

		d->at = nl ? nl + 1 : d->end;
		if ((size_t)(stop - start) < d->len ||
		    memcmp(start, d->text, d->len) != 0)
			continue;
		start += d->len;
		if (stop - start >= 2 && start[0] == '-' && start[1] == '-') {
			d->closed = true;
			start += 2;
		}
		/* Else it is another boundary that begins with this one. */
		if (!ascii_is_only_space(start, (size_t)(stop - start))) {
			d->closed = false;
			continue;
		}
		*line = begin;
		return true;
	}
	return false;
}

/* The line end in front of a delimiter belongs to it (RFC 2046 5.1.1). */
static size_t
part_length(const char *start, const char *line)
{
	if (line > start && line[-1] == '\n')
		line--;
	if (line > start && line[-1] == '\r')
		line--;
	return (size_t)(line - start);
}

static void
read_multipart(struct reading *r, struct mime_node *n, size_t depth)
{
	const char *boundary =
	    header_parameter(r->a, header_text(&n->header, "Content-Type"), "boundary");
	const char *fallback =
	    strcmp(n->type, "multipart/digest") == 0 ? "message/rfc822" : "text/plain";
	struct delimiter d = { .at = n->body, .end = n->body + n->len };
	struct mime_node **last = &n->first;
	const char *start = NULL;
	const char *line = NULL;
	bool more = true;

	if (!boundary || !*boundary)
		return;
	d.text = arena_printf(r->a, "--%s", boundary);
	d.len = strlen(d.text);
	if (!next_delimiter(&d, &line))
		return;
	for (start = d.at; more && !d.closed && r->parts < LIMIT_MIME_PARTS;
	     start = d.at) {
		more = next_delimiter(&d, &line);
		*last =
		    node_of(r, start, part_length(start, more ? line : d.end), fallback);
		read_inside(r, *last, depth + 1);
		last = &(*last)->next;
	}
}

static void
read_inside(struct reading *r, struct mime_node *n, size_t depth)
{
	if (depth == LIMIT_MIME_DEPTH || r->parts >= LIMIT_MIME_PARTS)
		return;
	if (strncmp(n->type, "multipart/", 10) == 0) {
		read_multipart(r, n, depth);
	} else if (strcmp(n->type, "message/rfc822") == 0) {
		n->first = node_of(r, n->body, n->len, "text/plain");
		read_inside(r, n->first, depth + 1);
	}
}

struct mime_node *
received_tree_read(struct arena *a, const char *bytes, size_t len)
{
	struct reading r = { .a = a };
	const char *end = bytes + len;
	const char *at = ascii_skip_space(bytes, end);
	struct mime_node *n = NULL;

	if (ascii_starts(at, (size_t)(end - at), "From ")) {
		const char *nl = memchr(at, '\n', (size_t)(end - at));

		at = nl ? nl + 1 : end;
	}
	n = node_of(&r, at, (size_t)(end - at), "text/plain");
	read_inside(&r, n, 0);
	return n;
}

const char *
mime_node_text(struct arena *a, const struct mime_node *n)
{
	const char *charset =
	    header_parameter(a, header_text(&n->header, "Content-Type"), "charset");
	const char *encoding = header_text(&n->header, "Content-Transfer-Encoding");

	return body_text(a, n->body, n->len, body_encoding_of(encoding), charset,
	    LIMIT_NEWSLETTER_TEXT);
}

const struct mime_node *
mime_node_find(const struct mime_node *n, const char *type)
{
	const struct mime_node *found = NULL;

	if (strcmp(n->type, type) == 0)
		return ascii_starts_nocase(header_text(&n->header, "Content-Disposition"),
			   "attachment")
		    ? NULL
		    : n;
	/* What another message says is not what this one says. */
	if (strcmp(n->type, "message/rfc822") == 0)
		return NULL;
	for (const struct mime_node *c = n->first; c && !found; c = c->next)
		found = mime_node_find(c, type);
	return found;
}
