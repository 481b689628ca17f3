/* SPDX-License-Identifier: ISC */
#include "html/images.h"

#include <string.h>

#include "base/text.h"
#include "base/wrap.h"
#include "html/rewrite.h"

enum {
	CAPTION_WORDS = 3,   /* titles with fewer are names of files */
	CAPTION_COLUMNS = 16 /* the same where there are no blanks between words */
};

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
write_link(struct html_rewrite *r, const struct media_words *words, const char *src,
    const char *alt)
{
	uint32_t link = 0;

	if (src && r->w.counts[TAG_A] == 0) {
		writer_attr(&r->w, "href", src);
		link = writer_open(&r->w, TAG_A);
	}
	if (*alt) {
		write_text(r, words->picture_before);
		write_text(r, alt);
		write_text(r, words->picture_after);
	} else {
		write_text(r, words->picture);
	}
	writer_close(&r->w, link);
}

/*
 * The picture's title when it is a sentence, as web comics have it: half of the joke, and in a
 * letter nothing shows it by itself.  NULL for names of files and what the alt text says.
 */
static const char *
caption_of(struct arena *scratch, const struct html_token *t, const char *alt,
    enum images how)
{
	const char *title = token_value(scratch, t, "title");
	const size_t len = title ? strlen(title) : 0;

	if (len == 0)
		return NULL;
	/* Scripts without blanks have fewer columns than bytes. */
	if (wrap_count_words(title, len) < CAPTION_WORDS &&
	    (width_of_text(title, len) >= len ||
		width_of_text(title, len) < CAPTION_COLUMNS))
		return NULL;
	if (how == IMAGES_REMOTE && strcmp(alt, title) == 0)
		return title;
	return strstr(alt, title) ? NULL : title;
}

static void
write_caption(struct html_rewrite *r, const char *caption)
{
	uint32_t small = 0;

	writer_void(&r->w, TAG_BR);
	small = writer_open(&r->w, TAG_SMALL);
	write_text(r, caption);
	writer_close(&r->w, small);
}

/* The picture as it is but for its title, which stands under it; nor does alt say it too. */
static void
write_shown(struct html_rewrite *r, const struct html_token *t, const char *alt,
    const char *caption)
{
	const bool is_alt = strcmp(alt, caption) == 0;
	struct token_attr at = { 0 };

	while (token_next_attr(t, &at)) {
		if (token_attr_is(&at, "title"))
			continue;
		buf_addf(&r->w.attrs, " %.*s=\"", (int)at.name_len, at.name);
		if (!is_alt || !token_attr_is(&at, "alt"))
			buf_add(&r->w.attrs, at.value, at.value_len);
		buf_addc(&r->w.attrs, '"');
	}
	writer_void(&r->w, TAG_IMG);
	write_caption(r, caption);
}

static void
write_picture(struct html_rewrite *r, struct arena *scratch, const struct html_token *t,
    enum images how, const struct media_words *words)
{
	const char *alt = token_value(scratch, t, "alt");
	const char *caption = NULL;

	if (!alt)
		alt = "";
	caption = caption_of(scratch, t, alt, how);
	if (how == IMAGES_REMOTE) {
		if (caption)
			write_shown(r, t, alt, caption);
		else
			rewrite_token(r, t);
		return;
	}
	if (*alt || how == IMAGES_LINK)
		write_gap(r, "[");
	if (how == IMAGES_LINK)
		write_link(r, words, token_value(scratch, t, "src"), alt);
	else
		write_text(r, alt);
	if (caption)
		write_caption(r, caption);
	else if (*alt || how == IMAGES_LINK)
		write_gap(r, t->text + t->len);
}

char *
html_images(struct arena *a, const char *html, enum images how,
    const struct media_words *words)
{
	struct html_scan s;
	struct html_token t;
	struct html_rewrite *r;
	struct arena *scratch;
	char *result;

	if (!strstr(html, "<img ") ||
	    (how == IMAGES_REMOTE && !strstr(html, " title=\"")))
		return arena_strdup(a, html);
	scratch = arena_new();
	r = rewrite_new();
	scan_init(&s, html, strlen(html));
	while (scan_next(&s, &t)) {
		if (t.kind == SCAN_START && t.tag == TAG_IMG) {
			write_picture(r, scratch, &t, how, words);
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
