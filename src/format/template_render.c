/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/limits.h"
#include "format/html_escape.h"
#include "format/template_parts.h"

/* The values around a tag, innermost first.  Lives on the C stack. */
struct frame {
	const struct template_value *value;
	const struct frame *up;
};

/* What stands before each line of a partial, outermost last. */
struct indent {
	struct template_span text;
	const struct indent *up;
};

struct render {
	const struct template_partials *partials;
	struct buf *out;
	struct err *err;
	bool strict;
	bool line_start; /* the template's next byte begins a line */
	unsigned depth;  /* partials inside of each other */
};

/* Where a node is rendered. */
struct place {
	const struct template *t;
	const struct frame *frame;
	const struct indent *indent;
};

static bool render_nodes(struct render *r, const struct place *at, size_t from,
    size_t to);

/* ---- names ---- */

/* The first part of a dotted name may be in any frame, the rest must be inside of it. */
static const struct template_value *
look_up(const struct frame *frame, struct template_span name)
{
	const char *dot = memchr(name.text, '.', name.len);
	size_t n = dot ? (size_t)(dot - name.text) : name.len;
	const struct template_value *v = NULL;

	if (name.len == 1 && dot)
		return frame->value;
	for (; frame && !v; frame = frame->up)
		v = template_member(frame->value, name.text, n);
	while (v && n < name.len) {
		const char *part = name.text + n + 1;
		size_t left = name.len - n - 1;
		const char *next = memchr(part, '.', left);
		size_t part_len = next ? (size_t)(next - part) : left;

		v = template_member(v, part, part_len);
		n += 1 + part_len;
	}
	return v;
}

/* False when the key is missing and that matters. */
static bool
find_value(const struct render *r, const struct place *at,
    const struct template_node *node, const struct template_value **v)
{
	*v = look_up(at->frame, node->text);
	if (*v || !r->strict)
		return true;
	return err_set(r->err, ERR_CONFIG, "%s line %u: there is no '%.*s' here",
	    at->t->name, node->line, (int)node->text.len, node->text.text);
}

static bool
is_false(const struct template_value *v)
{
	return !v || v->kind == TEMPLATE_VALUE_FALSE ||
	    (v->kind == TEMPLATE_VALUE_LIST && v->count == 0);
}

/* ---- output ---- */

static void
add_indent(struct buf *out, const struct indent *indent)
{
	if (!indent)
		return;
	add_indent(out, indent->up);
	buf_add(out, indent->text.text, indent->text.len);
}

static void
begin_output(struct render *r, const struct place *at)
{
	if (r->line_start)
		add_indent(r->out, at->indent);
	r->line_start = false;
}

/* Text of the template: each of its lines is indented, but for empty ones. */
static void
render_text(struct render *r, const struct place *at, struct template_span text)
{
	const char *p = text.text;
	const char *end = p + text.len;

	while (p < end) {
		const char *newline = memchr(p, '\n', (size_t)(end - p));
		const char *stop = newline && at->indent ? newline + 1 : end;

		if (*p != '\n' && *p != '\r')
			begin_output(r, at);
		buf_add(r->out, p, (size_t)(stop - p));
		r->line_start = stop[-1] == '\n';
		p = stop;
	}
}

static bool
render_value(struct render *r, const struct place *at, const struct template_node *node)
{
	const struct template_value *v = NULL;
	bool escape = node->kind == NODE_VALUE && at->t->mode == TEMPLATE_HTML;

	if (!find_value(r, at, node, &v))
		return false;
	begin_output(r, at);
	if (!v)
		return true;
	switch (v->kind) {
	case TEMPLATE_VALUE_TEXT:
		if (escape)
			html_escape(r->out, v->text, strlen(v->text), HTML_ALL_QUOTES);
		else
			buf_adds(r->out, v->text);
		break;
	case TEMPLATE_VALUE_HTML:
		buf_adds(r->out, v->text);
		break;
	case TEMPLATE_VALUE_TRUE:
		buf_adds(r->out, "true");
		break;
	case TEMPLATE_VALUE_FALSE:
	case TEMPLATE_VALUE_LIST:
	case TEMPLATE_VALUE_MAP:
		break;
	}
	return true;
}

static bool
render_inside(struct render *r, const struct place *at, const struct template_value *v,
    size_t from, size_t to)
{
	const struct frame inner = { v, at->frame };
	const struct place place = { at->t, &inner, at->indent };

	return render_nodes(r, &place, from, to);
}

static bool
render_section(struct render *r, const struct place *at, size_t index)
{
	const struct template_node *node = &at->t->nodes[index];
	const struct template_value *v = NULL;

	if (!find_value(r, at, node, &v))
		return false;
	if (node->kind == NODE_INVERTED)
		return !is_false(v) || render_nodes(r, at, index + 1, node->end);
	if (is_false(v))
		return true;
	if (v->kind != TEMPLATE_VALUE_LIST)
		return render_inside(r, at, v, index + 1, node->end);
	for (size_t i = 0; i < v->count; i++) {
		if (!render_inside(r, at, v->members[i].value, index + 1, node->end))
			return false;
	}
	return true;
}

static bool
render_partial(struct render *r, const struct place *at, const struct template_node *node)
{
	char name[128];
	const struct template *t = NULL;
	const struct indent indent = { node->indent, at->indent };
	bool ok = false;

	if (node->text.len >= sizeof(name))
		return err_set(r->err, ERR_CONFIG,
		    "%s line %u: the partial's name is too long", at->t->name,
		    node->line);
	memcpy(name, node->text.text, node->text.len);
	name[node->text.len] = '\0';
	t = r->partials && r->partials->find ? r->partials->find(r->partials->arg, name)
					     : NULL;
	if (!t)
		return true;
	if (r->depth == LIMIT_TEMPLATE_DEPTH)
		return err_set(r->err, ERR_LIMIT,
		    "%s line %u: partials nested deeper than %d", at->t->name, node->line,
		    LIMIT_TEMPLATE_DEPTH);
	r->depth++;
	ok = render_nodes(r,
	    &(struct place){ t, at->frame, node->indent.len > 0 ? &indent : at->indent },
	    0, t->count);
	r->depth--;
	if (node->alone)
		r->line_start = true;
	return ok;
}

static bool
render_nodes(struct render *r, const struct place *at, size_t from, size_t to)
{
	for (size_t i = from; i < to;) {
		const struct template_node *node = &at->t->nodes[i];
		bool ok = true;

		switch (node->kind) {
		case NODE_TEXT:
			render_text(r, at, node->text);
			break;
		case NODE_VALUE:
		case NODE_RAW:
			ok = render_value(r, at, node);
			break;
		case NODE_SECTION:
		case NODE_INVERTED:
			ok = render_section(r, at, i);
			break;
		case NODE_PARTIAL:
			ok = render_partial(r, at, node);
			break;
		}
		if (!ok)
			return false;
		/* Nested lists could go on for long without another byte being added. */
		if (buf_is_full(r->out))
			return err_set(r->err, ERR_LIMIT, "%s: larger than %zu bytes",
			    at->t->name, r->out->max);
		i = node->end > i ? node->end : i + 1;
	}
	return true;
}

bool
template_render(const struct template *t, const struct template_value *root,
    const struct template_partials *partials, bool strict, struct buf *out,
    struct err *err)
{
	struct render r = { partials, out, err, strict, true, 0 };
	const struct frame frame = { root, NULL };

	return render_nodes(&r, &(struct place){ t, &frame, NULL }, 0, t->count);
}
