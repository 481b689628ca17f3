/* SPDX-License-Identifier: ISC */
#include "html/html.h"

#include <string.h>

#include "html/rewrite.h"

static void
write_text(struct html_rewrite *r, const char *text)
{
	writer_text(&r->w, text, strlen(text));
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
    enum html_images how)
{
	const char *alt = token_attr(scratch, t, "alt");

	if (!alt)
		alt = "";
	switch (how) {
	case IMAGES_NONE:
		write_text(r, alt);
		break;
	case IMAGES_LINK:
		write_link(r, token_attr(scratch, t, "src"), alt);
		break;
	case IMAGES_INLINE:
		rewrite_token(r, t);
		break;
	}
}

char *
html_images(struct arena *a, const char *html, enum html_images how)
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
		if (t.kind == SCAN_START && t.tag == TAG_IMG)
			write_picture(r, scratch, &t, how);
		else
			rewrite_token(r, &t);
	}
	result = rewrite_finish(r, a);
	arena_free(scratch);
	return result;
}
