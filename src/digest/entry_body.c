/* SPDX-License-Identifier: ISC */
#include "digest/entry_body.h"

#include <string.h>

#include "base/buf.h"
#include "format/html_escape.h"
#include "base/limits.h"
#include "base/text.h"
#include "digest/body_cache.h"
#include "digest/entry_media.h"
#include "digest/excerpt.h"
#include "digest/post_cache.h"
#include "html/cut.h"
#include "html/footnotes.h"
#include "html/carried.h"
#include "html/images.h"
#include "html/to_text.h"
#include "html/layout_tables.h"
#include "html/lines.h"
#include "html/media_once.h"
#include "html/restyle.h"

enum { TEXT_COLUMNS = 72, DIRECTION_LETTERS = 400 };

/* Strong directions of Unicode, as coarse as telling scripts apart needs. */
static bool
is_rtl_letter(uint32_t c)
{
	return (c >= 0x590 && c <= 0x8ff) || (c >= 0xfb1d && c <= 0xfdff) ||
	    (c >= 0xfe70 && c <= 0xfefc) || (c >= 0x10800 && c <= 0x10fff) ||
	    (c >= 0x1e800 && c <= 0x1efff);
}

static bool
is_ltr_letter(uint32_t c)
{
	if (c < 0x80)
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
	return (c >= 0xc0 && c < 0x590) || (c >= 0x900 && c < 0x2000) ||
	    (c >= 0x2c00 && c < 0xfb00);
}

bool
is_rtl(const char *text)
{
	size_t len = strlen(text);
	size_t rtl = 0;
	size_t ltr = 0;
	uint32_t c = 0;

	for (size_t i = 0; i < len && rtl + ltr < DIRECTION_LETTERS;) {
		if ((unsigned char)text[i] < 0x80) {
			ltr += is_ltr_letter((unsigned char)text[i++]);
			continue;
		}
		i += text_decode(text + i, len - i, &c);
		if (is_rtl_letter(c))
			rtl++;
		else if (is_ltr_letter(c))
			ltr++;
	}
	/* Arabic and Hebrew leave vowels out: the same words take about two thirds of the
	   letters, and Latin names stand in most of what is written about programs. */
	return rtl > 0 && rtl * 3 >= ltr * 2;
}

static bool
reads_rtl(const struct entry *e)
{
	if (text_is_set(e->text))
		return is_rtl(e->text);
	if (text_is_set(e->summary))
		return is_rtl(e->summary);
	return is_rtl(e->title ? e->title : "");
}

bool
entry_is_rtl(struct known_post *known, const struct entry *e)
{
	if (!known)
		return reads_rtl(e);
	if (!known->has_direction)
		known->rtl = reads_rtl(e);
	known->has_direction = true;
	return known->rtl;
}

/* One paragraph of plain text as HTML. */
static const char *
paragraph(struct arena *a, const char *text)
{
	struct buf b = BUF_INIT(LIMIT_PART);

	buf_adds(&b, "<p>");
	html_escape(&b, text, strlen(text), HTML_ALL_QUOTES);
	buf_adds(&b, "</p>");
	return arena_take(a, &b);
}

/* The next letter or digit, small where it is ASCII; 0 at the end.  Signs are passed over. */
static uint32_t
next_letter(const char **at)
{
	const char *end = *at + strlen(*at);
	uint32_t c = 0;

	while (*at < end) {
		*at += text_decode(*at, (size_t)(end - *at), &c);
		if (c < 0x80 ? ascii_is_digit((int)c) ||
			    ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
			     : c > 0xBF && (c < 0x2000 || c >= 0x2C00) && c != 0xFF01)
			return c < 0x80 ? c | 0x20 : c; /* digits have that bit */
	}
	return 0;
}

/* Quotes, dashes and a full stop differ between a title and what says it again. */
static bool
says_the_same(const char *a, const char *b)
{
	size_t letters = 0;

	for (;; letters++) {
		const uint32_t left = next_letter(&a);
		const uint32_t right = next_letter(&b);

		if (left != right)
			return false;
		if (left == 0)
			return letters > 0;
	}
}

/*
 * A first line that says the title again, as many feeds have it, is left out, also below a
 * picture.
 */
static const char *
without_title(struct arena *a, const char *html, const char *title)
{
	enum { LOOKED_AT = 2 };
	struct html_line *lines = NULL;
	const size_t count =
	    text_is_set(title) ? html_lines(a, html, LOOKED_AT, &lines) : 0;
	bool drop[LOOKED_AT] = { false };
	size_t at = 0;

	while (at < count && *lines[at].pictures && !*lines[at].text)
		at++;
	if (at == count || *lines[at].pictures || !says_the_same(lines[at].text, title))
		return html;
	drop[at] = true;
	return html_without_lines(a, html, lines, drop, count);
}

/* What an entry plays stands under it with its time and size: the text need not name it too. */
static const char *
without_repeats(const struct body_style *style, const struct entry *e, const char *html)
{
	const char **played = arena_array(style->a, e->enclosure_count, sizeof(*played));
	size_t count = 0;

	for (size_t i = 0; i < e->enclosure_count; i++) {
		const enum media_kind kind = media_kind(&e->enclosures[i]);
		const char *url = e->enclosures[i].url;

		if ((kind == MEDIA_AUDIO || kind == MEDIA_VIDEO) && text_is_set(url) &&
		    !(e->link && strcmp(e->link, url) == 0))
			played[count++] = url;
	}
	return html_media_once(style->a, html, played, count, style->images.words);
}

/* The entry's own HTML, or its summary where it has none, with the pictures it lacks. */
static const char *
make_whole(const struct body_style *style, const struct entry *e)
{
	struct arena *a = style->a;
	const char *html = text_is_set(e->html) ? without_title(a, e->html, e->title)
	    : text_is_set(e->summary)           ? paragraph(a, e->summary)
						: "";

	html = html_without_note_links(a, html, e->link);
	html = without_repeats(style, e, html);
	html = media_with_pictures(a, e, html, style->images.how, style->images.words);
	html = html_media_words(a, html, style->images.words);
	return html_images_styled(a, html, &style->images);
}

/* The same, kept in `keep` unless it is the entry's own; what was made on the way is not. */
static const char *
whole_html(const struct body_style *style, const struct entry *e, struct arena *keep)
{
	struct body_style making = *style;
	const char *html = NULL;

	making.a = arena_new();
	html = make_whole(&making, e);
	html = e->html && strcmp(html, e->html) == 0 ? e->html : arena_strdup(keep, html);
	arena_free(making.a);
	return html;
}

/* The same from what is known of the post; which pictures are carried is the letter's. */
static struct known_whole *
find_known(const struct body_style *style, struct known_post *p)
{
	struct arena *room = post_cache_room(style->posts);
	struct known_whole *w = p->wholes;

	while (w && (w->images != style->images.how || w->words != style->images.words))
		w = w->next;
	if (w || !room)
		return w;
	w = arena_array(room, 1, sizeof(*w));
	*w = (struct known_whole){ .next = p->wholes,
		.images = style->images.how,
		.words = style->images.words,
		.html = whole_html(style, p->entry, room) };
	p->wholes = w;
	return w;
}

void
entry_body_whole(const struct body_style *style, const struct entry *e, bool rtl,
    struct whole_body *out)
{
	struct known_post *post = post_cache_find(style->posts, e);
	struct known_whole *known = post && !images_are_carried(style->images.how)
	    ? find_known(style, post)
	    : NULL;

	*out = (struct whole_body){ .entry = e,
		.html = known ? known->html : whole_html(style, e, style->a),
		.known = known,
		.rtl = rtl };
}

/*
 * What shops and newsletters arrange in tables has next to nothing before its first one: then
 * its cells are read one after the other.
 */
static const char *
from_cells(struct arena *a, const struct whole_body *whole, const char *html,
    size_t bytes, bool *is_cut)
{
	const char *opened = whole->html;
	const char *more = NULL;
	bool cut = false;

	if (strlen(html) >= bytes / 4)
		return html;
	opened = html_open_layout_tables(a, whole->html);
	if (opened == whole->html)
		return html;
	more = html_cut(a, opened, SIZE_MAX, bytes, &cut);
	if (strlen(more) <= strlen(html))
		return html;
	*is_cut = cut;
	return more;
}

static const char *
shortened(const struct body_style *style, struct whole_body *whole,
    const struct excerpt *excerpt, size_t bytes, bool *is_cut)
{
	struct arena *a = style->a;
	const struct entry *e = whole->entry;
	const char *html = NULL;

	if (!excerpt && !whole->excerpt)
		whole->excerpt = excerpt_new(a, whole->html, e->title);
	html =
	    excerpt_html(a, excerpt ? excerpt : whole->excerpt, SIZE_MAX, bytes, is_cut);
	html = from_cells(a, whole, html, bytes, is_cut);
	/* A post that begins with a table of data or a listing has no beginning to show. */
	if (!*html && text_is_set(e->summary)) {
		*is_cut = true;
		html = html_cut(a, paragraph(a, e->summary), SIZE_MAX, bytes,
		    &(bool){ false });
	}
	return html;
}

/* Templates set the distance to what stands before and follows. */
static const char *
without_ends(struct arena *a, const char *text)
{
	size_t len = 0;

	text += strspn(text, "\n");
	len = strlen(text);
	while (len > 0 && ascii_is_space((unsigned char)text[len - 1]))
		len--;
	return arena_strndup(a, text, len);
}

/* The body as this html, which is all of it or less. */
static void
dress(const struct body_style *style, const struct whole_body *whole, const char *html,
    struct shown_body *out)
{
	const struct entry *e = whole->entry;

	/* The cleaner made the text of the whole already, unless something was changed here. */
	if (e->text && e->html && strcmp(html, e->html) == 0)
		out->text = e->text;
	else
		out->text = html_to_text(style->a,
		    html_carried_as_words(style->a, html, style->images.words, NULL,
			NULL),
		    TEXT_COLUMNS);
	out->text = without_ends(style->a, out->text);
	out->html =
	    html_restyle(style->a, style->elements, html, style->heading, whole->rtl);
}

/* What other letters left of the post; NULL where nothing is kept. */
static struct kept_post *
find_kept(const struct body_style *style, const struct whole_body *whole)
{
	struct known_whole *known = whole->known;
	uint64_t age = 0;

	if (!style->cache)
		return NULL;
	age = body_cache_age(style->cache);
	if (!known)
		return body_cache_post(style->cache, whole);
	if (!known->kept || known->kept_age != age)
		known->kept = body_cache_post(style->cache, whole);
	known->kept_age = age;
	return known->kept;
}

void
entry_body_make(const struct body_style *style, struct whole_body *whole, size_t bytes,
    struct shown_body *out)
{
	struct kept_post *kept = NULL;
	const struct excerpt *excerpt = NULL;

	out->is_cut = false;
	if (bytes >= strlen(whole->html))
		bytes = SIZE_MAX;
	kept = find_kept(style, whole);
	if (kept && body_cache_find(kept, bytes, style->heading, out))
		return;
	if (bytes == SIZE_MAX) {
		dress(style, whole, whole->html, out);
	} else {
		if (kept)
			excerpt = body_cache_excerpt(style->cache, kept);
		dress(style, whole, shortened(style, whole, excerpt, bytes, &out->is_cut),
		    out);
	}
	if (kept)
		body_cache_add(style->cache, kept, bytes, style->heading, out);
}
