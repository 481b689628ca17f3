/* SPDX-License-Identifier: ISC */
#include "html/images.h"

#include <string.h>

#include "html/rewrite.h"

static void
write_text(struct html_rewrite *r, const char *text)
{
	writer_text(&r->w, text, strlen(text));
}

/* Pictures part words by themselves, their names do so only with blanks. */
static void
write_gap(struct html_rewrite *r, const char *next)
{
	while (next[0] == '<' && next[1] == '/' && strchr(next, '>'))
		next = strchr(next, '>') + 1;
	if (*next && !strchr(".,;:!?)]", *next))
		write_text(r, " ");
}

/* "[picture: alt]", linked to the picture unless it stands inside a link. */
static void
write_link(struct html_rewrite *r, const char *src, const char *alt)
{
	uint32_t link = 0;

	if (src && r->w.counts[TAG_A] == 0) {
		writer_attr(&r->w, "href", src);
		link = writer_open(&r->w, TAG_A);
	}
	write_text(r, *alt ? "[picture: " : "[picture");
	write_text(r, alt);
	write_text(r, "]");
	writer_close(&r->w, link);
}

static void
write_picture(struct html_rewrite *r, struct arena *scratch, const struct html_token *t,
    enum images how)
{
	const char *alt = token_value(scratch, t, "alt");

	if (how == IMAGES_INLINE) {
		rewrite_token(r, t);
		return;
	}
	if (!alt)
		alt = "";
	if (*alt || how == IMAGES_LINK)
		write_gap(r, "[");
	if (how == IMAGES_LINK)
		write_link(r, token_value(scratch, t, "src"), alt);
	else
		write_text(r, alt);
	if (*alt || how == IMAGES_LINK)
		write_gap(r, t->text + t->len);
}

char *
html_images(struct arena *a, const char *html, enum images how)
{
	struct html_scan s;
	struct html_token t;
	struct html_rewrite *r;
	struct arena *scratch;
	char *result;

	if (how == IMAGES_INLINE || !strstr(html, "<img "))
		return arena_strdup(a, html);
	scratch = arena_new();
	r = rewrite_new();
	scan_init(&s, html, strlen(html));
	while (scan_next(&s, &t)) {
		if (t.kind == SCAN_START && t.tag == TAG_IMG) {
			write_picture(r, scratch, &t, how);
			continue;
		}
		/* The gap before a linked picture stands outside the link. */
		if (t.kind == SCAN_START && t.tag == TAG_A &&
		    strncmp(s.at, "<img ", 5) == 0)
			write_gap(r, s.at);
		rewrite_token(r, &t);
	}
	result = rewrite_finish(r, a);
	arena_free(scratch);
	return result;
}
