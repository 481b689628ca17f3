/* SPDX-License-Identifier: ISC */
#include "html/images.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/wrap.h"
#include "html/rewrite.h"

enum {
	CAPTION_WORDS = 3,   /* titles with fewer are names of files */
	CAPTION_COLUMNS = 16 /* the same where there are no blanks between words */
};

bool
images_are_carried(enum images how)
{
	return how == IMAGES_FIRST || how == IMAGES_INLINE;
}

bool
images_are_shown(enum images how)
{
	return how == IMAGES_REMOTE || images_are_carried(how);
}

/* Pictures part words by themselves, their names do so only with blanks. */
static void
write_gap(struct html_rewrite *r, const char *next)
{
	while (next[0] == '<' && next[1] == '/' && strchr(next, '>'))
		next = strchr(next, '>') + 1;
	if (*next && !strchr(".,;:!?)]", *next))
		writer_words(&r->w, " ");
}

/* "[picture: alt]", linked to the picture unless it stands inside a link. */
static void
write_link(struct html_rewrite *r, const struct media_words *words, const char *src,
    const char *alt)
{
	uint32_t link = 0;

	if (src && r->w.counts[TAG_A] == 0) {
		writer_attr(&r->w, "class", "picture");
		writer_attr(&r->w, "href", src);
		link = writer_open(&r->w, TAG_A);
	}
	media_words_write_picture(&r->w, words, alt);
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
	if (images_are_shown(how) && strcmp(alt, title) == 0)
		return title;
	return strstr(alt, title) ? NULL : title;
}

static void
write_caption(struct html_rewrite *r, const char *caption)
{
	writer_void(&r->w, TAG_BR);
	writer_element(&r->w, TAG_SMALL, caption);
}

/* One walk through a post. */
struct showing {
	struct html_rewrite *r;
	struct arena *scratch;
	const struct image_style *style;
	bool has_first; /* the first that is carried was written */
	bool is_alone;  /* the one at hand is all that its link holds */
};

static int
by_address(const void *key, const void *element)
{
	const struct carried_picture *const *p = element;

	return strcmp(key, (*p)->url);
}

/* Of what is carried, or of what has a known size. */
static const struct carried_picture *
find_known(const struct showing *s, const char *src)
{
	const struct image_style *style = s->style;
	const struct carried_picture *const *found = NULL;

	if (!src || !images_are_shown(style->how) || style->carried_count == 0 ||
	    (s->has_first && style->how == IMAGES_FIRST))
		return NULL;
	found = bsearch(src, style->carried, style->carried_count,
	    sizeof(*style->carried), by_address);
	return found ? *found : NULL;
}

bool
images_has_size(const struct html_token *t)
{
	return token_number(t, "width", 0) > 0 && token_number(t, "height", 0) > 0;
}

/* As wide as its author has it, or as high, but no larger than it is. */
static void
write_size(struct html_rewrite *r, const struct html_token *t,
    const struct carried_picture *p)
{
	const long high = token_number(t, "height", 0);
	const long scaled =
	    high > 0 && high < p->height ? p->width * high / p->height : 0;
	const long said = token_number(t, "width", scaled);
	const long width = said > 0 && said < p->width ? said : p->width;
	const long height = (p->height * width + p->width / 2) / p->width;

	writer_number(&r->w, "width", width);
	writer_number(&r->w, "height", height > 0 ? height : 1);
}

/* A link that holds nothing but a picture of which nobody says what it shows needs a name. */
static const char *
word_for_picture(const struct showing *s)
{
	return s->style->words->kinds[MEDIA_WORD_PICTURE];
}

/* Linked to itself, so that what cannot show it leads to it. */
static void
write_carried(struct showing *s, const struct html_token *t,
    const struct carried_picture *p, const char *alt)
{
	struct html_writer *w = &s->r->w;
	const char *caption = caption_of(s->scratch, t, alt, s->style->how);
	uint32_t link = 0;

	s->has_first = true;
	if (w->counts[TAG_A] == 0) {
		writer_attr(w, "href", p->url);
		link = writer_open(w, TAG_A);
	}
	writer_attr(w, "src", arena_printf(s->scratch, "cid:%s", p->id));
	if (caption && strcmp(alt, caption) == 0)
		alt = "";
	writer_attr(w, "alt",
	    *alt || (link == 0 && !s->is_alone) ? alt : word_for_picture(s));
	write_size(s->r, t, p);
	writer_void(w, TAG_IMG);
	writer_close(w, link);
	if (caption)
		write_caption(s->r, caption);
}

/* In words: linked, or only what it shows. */
static void
write_words(struct showing *s, const struct html_token *t, const char *src,
    const char *alt)
{
	struct html_rewrite *r = s->r;
	const bool links = s->style->how != IMAGES_NONE;
	const char *caption = caption_of(s->scratch, t, alt, IMAGES_LINK);

	if (*alt || links)
		write_gap(r, "[");
	if (links)
		write_link(r, s->style->words, src, alt);
	else
		writer_words(&r->w, alt);
	if (caption)
		write_caption(r, caption);
	else if (*alt || links)
		write_gap(r, t->text + t->len);
}

static bool
is_size(const struct token_attr *at)
{
	return token_attr_is(at, "width") || token_attr_is(at, "height");
}

/*
 * The picture where it is: its title stands under it, its alt text does not say that too, and
 * a word is the name of a link that has no other.
 */
static void
write_remote(struct showing *s, const struct html_token *t,
    const struct carried_picture *known, const char *alt)
{
	struct html_writer *w = &s->r->w;
	const char *caption = caption_of(s->scratch, t, alt, IMAGES_REMOTE);
	const bool is_nameless = !*alt && !caption && s->is_alone;
	struct token_attr at = { 0 };

	if (!known && !caption && !is_nameless) {
		rewrite_token(s->r, t);
		return;
	}
	if (caption && strcmp(alt, caption) == 0)
		alt = "";
	else if (is_nameless)
		alt = word_for_picture(s);
	writer_attr(w, "alt", alt);
	while (token_next_attr(t, &at)) {
		if (token_attr_is(&at, "alt") ||
		    (caption && token_attr_is(&at, "title")) || (known && is_size(&at)))
			continue;
		buf_addf(&w->attrs, " %.*s=\"%.*s\"", (int)at.name_len, at.name,
		    (int)at.value_len, at.value);
	}
	if (known)
		write_size(s->r, t, known);
	writer_void(w, TAG_IMG);
	if (caption)
		write_caption(s->r, caption);
}

static void
write_picture(struct showing *s, const struct html_token *t)
{
	const char *said = token_value(s->scratch, t, "alt");
	const char *alt = said ? said : "";
	const char *src = token_value(s->scratch, t, "src");
	const bool is_remote = s->style->how == IMAGES_REMOTE;
	const struct carried_picture *known =
	    is_remote && images_has_size(t) ? NULL : find_known(s, src);

	if (is_remote && (known || images_has_size(t)))
		write_remote(s, t, known, alt);
	else if (known)
		write_carried(s, t, known, alt);
	else
		write_words(s, t, src, alt);
}

static bool
is_shown(const struct showing *s, const struct html_token *t, const char *src)
{
	return s->style->how == IMAGES_REMOTE ? images_has_size(t) || find_known(s, src)
					      : find_known(s, src) != NULL;
}

/* The link that begins before `behind` holds words for a picture and nothing else. */
static bool
is_words_alone(const struct showing *s, struct html_scan behind)
{
	const char *before = s->style->words->picture_before;
	struct html_token t;

	if (!scan_next(&behind, &t) || strncmp(behind.at, "</a>", 4) != 0)
		return false;
	if (t.kind == SCAN_TEXT)
		return before && t.len > strlen(before) &&
		    memcmp(t.text, before, strlen(before)) == 0;
	return t.kind == SCAN_START && t.tag == TAG_IMG && s->style->how != IMAGES_NONE &&
	    !is_shown(s, &t, token_value(s->scratch, &t, "src"));
}

/* The still in front of a player's words, which say enough. */
static bool
is_still(const struct showing *s, const struct html_token *t, const char *behind)
{
	const char *alt = token_value(s->scratch, t, "alt");

	return (!alt || !*alt) && strncmp(behind, "<br>", 4) == 0 &&
	    !is_shown(s, t, token_value(s->scratch, t, "src"));
}

static void
write_link_start(struct showing *s, const struct html_token *t,
    const struct html_scan *behind)
{
	/* The gap before a linked picture stands outside the link. */
	if (strncmp(behind->at, "<img ", 5) == 0)
		write_gap(s->r, behind->at);
	if (is_words_alone(s, *behind))
		writer_attr(&s->r->w, "class", "picture");
	rewrite_token(s->r, t);
}

char *
html_images_styled(struct arena *a, const char *html, const struct image_style *style)
{
	struct html_scan s;
	struct html_token t;
	struct showing showing = { .style = style };
	const char *before = style->words->picture_before;
	bool is_first_in_link = false;
	char *result;

	if (!strstr(html, "<img ") && (!before || !strstr(html, before)))
		return arena_strdup(a, html);
	showing.scratch = arena_new();
	showing.r = rewrite_new();
	scan_init(&s, html, strlen(html));
	while (scan_next(&s, &t)) {
		if (t.kind == SCAN_START && t.tag == TAG_IMG) {
			showing.is_alone =
			    is_first_in_link && strncmp(s.at, "</a>", 4) == 0;
			if (is_first_in_link && is_still(&showing, &t, s.at))
				s.at += sizeof("<br>") - 1;
			else
				write_picture(&showing, &t);
			is_first_in_link = false;
			continue;
		}
		is_first_in_link = t.kind == SCAN_START && t.tag == TAG_A;
		if (is_first_in_link)
			write_link_start(&showing, &t, &s);
		else
			rewrite_token(showing.r, &t);
	}
	result = rewrite_finish(showing.r, a);
	arena_free(showing.scratch);
	return result;
}

char *
html_images(struct arena *a, const char *html, enum images how,
    const struct media_words *words)
{
	const struct image_style style = { .how = how, .words = words };

	return html_images_styled(a, html, &style);
}
