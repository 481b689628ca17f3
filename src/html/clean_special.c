/* SPDX-License-Identifier: ISC */
/*
 * Elements that mean something other than their content: boxes of task lists, summaries,
 * scripts that stand for text, and what services fill in on their own pages only.
 */
#include "html/clean.h"

#include <string.h>

#include "format/json.h"
#include "base/limits.h"
#include "base/text.h"

static bool
is_blank_text(const struct html_node *n)
{
	return n->tag == TAG_TEXT && strspn(n->text, " \t\r\n\f") == n->len;
}

/* The boxes of a list of tasks say what is done. */
void
clean_input(struct cleaner *c, const struct html_node *n)
{
	static const char done[] = "\xE2\x98\x91 ";
	static const char open[] = "\xE2\x98\x90 ";
	const char *type = node_attr(n, "type");

	if (!type || !text_eq_nocase(type, "checkbox"))
		return;
	if (node_attr(n, "checked"))
		writer_text(&c->w, done, sizeof(done) - 1);
	else
		writer_text(&c->w, open, sizeof(open) - 1);
}

/*
 * Its content mostly repeats what a script would show: a picture that is already there is not
 * written again.
 */
void
clean_noscript(struct cleaner *c, const struct html_node *n)
{
	const struct html_node *before = n->prev;

	while (before && is_blank_text(before))
		before = before->prev;
	if (before &&
	    (before->tag == TAG_IMG || before->tag == TAG_IFRAME ||
		before->tag == TAG_VIDEO))
		return;
	clean_children(c, n);
}

void
clean_summary(struct cleaner *c, const struct html_node *n)
{
	uint32_t paragraph = writer_open(&c->w, TAG_P);
	uint32_t strong = writer_open(&c->w, TAG_STRONG);

	clean_children(c, n);
	writer_close(&c->w, strong);
	writer_close(&c->w, paragraph);
}

static bool
has_class(const struct html_node *n, const char *name)
{
	const char *names = node_attr(n, "class");
	const char *at = names ? strstr(names, name) : NULL;
	size_t len = strlen(name);

	return at && (at == names || text_is_space((unsigned char)at[-1])) &&
	    (at[len] == '\0' || text_is_space((unsigned char)at[len]));
}

/* Substack writes "@Ann" as an empty element with her name in its data. */
static void
write_mention(struct cleaner *c, const struct html_node *n)
{
	const char *data = node_attr(n, "data-attrs");
	struct err ignored = ERR_INIT; /* without a name there is nothing to write */
	struct json *doc = data ? json_parse(data, strlen(data), &ignored) : NULL;
	const char *name = doc ? json_text(json_get(json_root(doc), "name")) : NULL;

	if (name)
		writer_text(&c->w, name, strlen(name));
	json_free(doc);
}

void
clean_span(struct cleaner *c, const struct html_node *n)
{
	/* The half of a formula of KaTeX that is for the eyes only; the other half is MathML. */
	if (n->attr_count > 0 && has_class(n, "katex-html"))
		return;
	if (n->attr_count > 0 && !n->first && has_class(n, "mention-wrap"))
		write_mention(c, n);
	else
		clean_keep(c, n, TAG_SPAN);
}

/* Jekyll and others leave a formula's TeX to a script of the page. */
static void
write_tex(struct cleaner *c, const struct html_node *n)
{
	const char *text = node_text(c->scratch, n, LIMIT_FIELD);
	uint32_t handle = writer_open(&c->w, TAG_CODE);

	writer_text(&c->w, text, strlen(text));
	writer_close(&c->w, handle);
}

/* A script never runs.  Two kinds of it stand for something a reader misses. */
void
clean_script(struct cleaner *c, const struct html_node *n)
{
	static const char gist[] = "https://gist.github.com/";
	const char *type = node_attr(n, "type");
	const char *src = node_attr(n, "src");
	const char *address = src ? clean_link(c, src) : NULL;
	size_t len;
	uint32_t link;

	if (type && text_starts_nocase(type, "math/tex")) {
		write_tex(c, n);
		return;
	}
	if (address && text_starts_nocase(address, "http://"))
		address = arena_printf(c->scratch, "https%s", address + 4);
	if (!address || !text_starts_nocase(address, gist))
		return;
	len = strcspn(address, "?#");
	if (len > 3 && strncmp(address + len - 3, ".js", 3) == 0)
		len -= 3;
	writer_attr(&c->w, "href", arena_strndup(c->scratch, address, len));
	link = writer_open(&c->w, TAG_A);
	writer_text(&c->w, "Gist (github.com)", 17);
	writer_close(&c->w, link);
}

/*
 * The signs that lead from a heading to itself: on a page useful, in a letter only odd.
 */
bool
is_heading_anchor(struct cleaner *c, const struct html_node *n)
{
	static const char *const signs[] = { "", "#", "\xC2\xB6", "\xC2\xA7",
		"\xF0\x9F\x94\x97", "[link]", "Permalink", "\xE2\x9A\x93" };
	const char *href = node_attr(n, "href");
	const struct html_node *up = n->parent;
	const char *text;

	if (up && !tag_is(up->tag, TAG_IS_HEADING))
		up = up->parent;
	if (!href || !strchr(href, '#') || !up || !tag_is(up->tag, TAG_IS_HEADING))
		return false;
	for (const struct html_node *k = n->first; k; k = node_next(k, n))
		if (k->tag == TAG_IMG && node_attr(k, "alt") && *node_attr(k, "alt"))
			return false;
	text = node_text(c->scratch, n, 16);
	for (size_t i = 0; i < ARRAY_LEN(signs); i++)
		if (strcmp(text, signs[i]) == 0)
			return true;
	return false;
}
