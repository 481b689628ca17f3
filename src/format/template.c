/* SPDX-License-Identifier: ISC */
#include "format/template.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "format/template_parts.h"
#include "base/text.h"

enum { DELIMITER_MAX = 16 };

struct parser {
	struct template *t;
	const char *source;
	const char *p;       /* what is read next */
	const char *counted; /* where `line` was counted up to */
	unsigned line;
	char open[DELIMITER_MAX];
	char close[DELIMITER_MAX];
	size_t sections[LIMIT_TEMPLATE_DEPTH]; /* indices of the open ones */
	size_t depth;
	struct err *err;
};

/* A tag as it stands in the source. */
struct tag {
	const char *start;
	const char *end;           /* behind the closing delimiter */
	char sigil;                /* # ^ / ! > = & {, or a blank for a plain name */
	struct template_span name; /* trimmed; a comment's text */
	unsigned line;
};

static unsigned
line_at(struct parser *ps, const char *p)
{
	for (; ps->counted < p; ps->counted++)
		ps->line += *ps->counted == '\n';
	return ps->line;
}

#define REFUSE(ps, at, ...) refuse_template((ps), (at), xasprintf(__VA_ARGS__))

/* text is taken. */
static bool
refuse_template(struct parser *ps, unsigned line, char *text)
{
	(void)err_set(ps->err, ERR_CONFIG, "%s line %u: %s", ps->t->name, line, text);
	free(text);
	return false;
}

static struct template_node *
add_node(struct parser *ps, enum template_node_kind kind, struct template_span text,
    unsigned line)
{
	struct template *t = ps->t;

	t->nodes = xgrow_list(t->nodes, t->count, sizeof(*t->nodes));
	t->nodes[t->count] =
	    (struct template_node){ .kind = kind, .text = text, .line = line };
	return &t->nodes[t->count++];
}

static void
add_text(struct parser *ps, const char *start, const char *end)
{
	if (start < end)
		(void)add_node(ps, NODE_TEXT,
		    (struct template_span){ start, (size_t)(end - start) }, 0);
}

/* Reads the tag that begins at start with the opening delimiter. */
static bool
read_tag(struct parser *ps, const char *start, struct tag *tag)
{
	const char *p = start + strlen(ps->open);
	const char *close = NULL;
	size_t extra = 0;

	*tag = (struct tag){ .start = start, .sigil = ' ', .line = line_at(ps, start) };
	while (ascii_is_space((unsigned char)*p))
		p++;
	if (*p != '\0' && strchr("#^/!>=&{<$", *p))
		tag->sigil = *p++;
	if (tag->sigil == '{') {
		char triple[DELIMITER_MAX + 1];

		(void)snprintf(triple, sizeof(triple), "}%s", ps->close);
		close = strstr(p, triple);
		extra = 1;
	} else if (tag->sigil == '=') {
		close = strchr(p, '=');
		if (close && strncmp(close + 1, ps->close, strlen(ps->close)) != 0)
			close = NULL;
		extra = 1;
	} else {
		close = strstr(p, ps->close);
	}
	if (!close)
		return REFUSE(ps, tag->line, "a tag is not closed with %s", ps->close);
	tag->name = (struct template_span){ p, (size_t)(close - p) };
	ascii_trim(&tag->name.text, &tag->name.len);
	tag->end = close + extra + strlen(ps->close);
	return true;
}

static bool
check_name(struct parser *ps, const struct tag *tag)
{
	if (tag->name.len == 0)
		return REFUSE(ps, tag->line, "a tag has no name");
	for (size_t i = 0; i < tag->name.len; i++) {
		if (ascii_is_space((unsigned char)tag->name.text[i]))
			return REFUSE(ps, tag->line, "'%.*s' has a blank in its name",
			    (int)tag->name.len, tag->name.text);
	}
	return true;
}

/* Takes one delimiter from *p to out. */
static bool
take_delimiter(const char **p, const char *end, char out[DELIMITER_MAX])
{
	size_t n = 0;

	while (*p < end && ascii_is_space((unsigned char)**p))
		(*p)++;
	for (; *p < end && !ascii_is_space((unsigned char)**p); (*p)++) {
		if (n + 1 == DELIMITER_MAX)
			return false;
		out[n++] = **p;
	}
	out[n] = '\0';
	return n > 0;
}

static bool
set_delimiters(struct parser *ps, const struct tag *tag)
{
	const char *p = tag->name.text;
	const char *end = p + tag->name.len;
	char open[DELIMITER_MAX];
	char close[DELIMITER_MAX];

	if (!take_delimiter(&p, end, open) || !take_delimiter(&p, end, close) || p != end)
		return REFUSE(ps, tag->line, "delimiters are written {{=<%% %%>=}}");
	memcpy(ps->open, open, sizeof(open));
	memcpy(ps->close, close, sizeof(close));
	return true;
}

static bool
open_section(struct parser *ps, const struct tag *tag, enum template_node_kind kind)
{
	if (ps->depth == LIMIT_TEMPLATE_DEPTH)
		return REFUSE(ps, tag->line, "sections are nested deeper than %d",
		    LIMIT_TEMPLATE_DEPTH);
	ps->sections[ps->depth++] = ps->t->count;
	(void)add_node(ps, kind, tag->name, tag->line);
	return true;
}

static bool
close_section(struct parser *ps, const struct tag *tag)
{
	struct template_node *section = NULL;

	if (ps->depth == 0)
		return REFUSE(ps, tag->line,
		    "section '%.*s' is closed but was not opened", (int)tag->name.len,
		    tag->name.text);
	section = &ps->t->nodes[ps->sections[--ps->depth]];
	if (section->text.len != tag->name.len ||
	    memcmp(section->text.text, tag->name.text, tag->name.len) != 0)
		return REFUSE(ps, tag->line,
		    "section '%.*s' of line %u is closed as '%.*s'",
		    (int)section->text.len, section->text.text, section->line,
		    (int)tag->name.len, tag->name.text);
	section->end = ps->t->count;
	return true;
}

/*
 * When a tag that prints nothing stands alone on its line, the whole line is left out.  Returns
 * where that line begins and sets *after behind its end, else returns NULL.
 */
static const char *
line_of_its_own(const struct parser *ps, const struct tag *tag, const char **after)
{
	const char *start = tag->start;
	const char *end = tag->end;

	if (tag->sigil == ' ' || tag->sigil == '&' || tag->sigil == '{')
		return NULL;
	while (start > ps->source && (start[-1] == ' ' || start[-1] == '\t'))
		start--;
	if (start > ps->source && start[-1] != '\n')
		return NULL;
	while (*end == ' ' || *end == '\t')
		end++;
	if (end[0] == '\r' && end[1] == '\n')
		end++;
	if (*end != '\n' && *end != '\0')
		return NULL;
	*after = *end == '\n' ? end + 1 : end;
	return start;
}

static bool
add_tag(struct parser *ps, const struct tag *tag, const char *line_start)
{
	struct template_node *node = NULL;

	switch (tag->sigil) {
	case '!':
		return true;
	case '=':
		return set_delimiters(ps, tag);
	case '<':
	case '$':
		return REFUSE(ps, tag->line,
		    "inheritance ({{<}}, {{$}}) is not known here");
	default:
		break;
	}
	if (!check_name(ps, tag))
		return false;
	switch (tag->sigil) {
	case '#':
		return open_section(ps, tag, NODE_SECTION);
	case '^':
		return open_section(ps, tag, NODE_INVERTED);
	case '/':
		return close_section(ps, tag);
	case '>':
		node = add_node(ps, NODE_PARTIAL, tag->name, tag->line);
		node->alone = line_start != NULL;
		if (line_start)
			node->indent = (struct template_span){ line_start,
				(size_t)(tag->start - line_start) };
		return true;
	default:
		(void)add_node(ps, tag->sigil == ' ' ? NODE_VALUE : NODE_RAW, tag->name,
		    tag->line);
		return true;
	}
}

static bool
parse(struct parser *ps)
{
	const char *start = NULL;

	while ((start = strstr(ps->p, ps->open)) != NULL) {
		struct tag tag;
		const char *after = NULL;
		const char *line = NULL;

		if (!read_tag(ps, start, &tag))
			return false;
		line = line_of_its_own(ps, &tag, &after);
		add_text(ps, ps->p, line ? line : start);
		if (!add_tag(ps, &tag, line))
			return false;
		ps->p = line ? after : tag.end;
	}
	add_text(ps, ps->p, ps->p + strlen(ps->p));
	if (ps->depth > 0) {
		const struct template_node *section =
		    &ps->t->nodes[ps->sections[ps->depth - 1]];

		return REFUSE(ps, section->line, "section '%.*s' is not closed",
		    (int)section->text.len, section->text.text);
	}
	return true;
}

struct template *
template_new(const char *name, const char *source, enum template_mode mode,
    struct err *err)
{
	struct template *t = xcalloc(1, sizeof(*t));
	struct parser ps = { .t = t,
		.source = source,
		.p = source,
		.counted = source,
		.line = 1,
		.open = "{{",
		.close = "}}",
		.err = err };

	t->name = xstrdup(name);
	t->mode = mode;
	if (!parse(&ps)) {
		template_free(t);
		return NULL;
	}
	return t;
}

void
template_free(struct template *t)
{
	if (!t)
		return;
	free(t->nodes);
	free(t->name);
	free(t);
}
