/* SPDX-License-Identifier: ISC */
#include "digest/entry_media.h"

#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/wrap.h"
#include "format/html_escape.h"
#include "format/url.h"
#include "html/avatar.h"
#include "html/images.h"
#include "html/same_media.h"
#include "html/scan.h"

enum {
	WORDS_OF_A_POST = 30,       /* with fewer the picture is what the post is about */
	WORDS_OF_A_DESCRIPTION = 3, /* titles with fewer are names of files */
	COLUMNS_OF_A_DESCRIPTION = 16
};

/* The ending of the file an address names, with its dot; "" when it has none. */
static const char *
ending_of(const char *url, size_t *len)
{
	const char *host = strstr(url, "://");
	const char *path = host ? strchr(host + 3, '/') : NULL;
	const size_t end = path ? strcspn(path, "?#") : 0;
	size_t start = 0;

	for (size_t i = 1; i < end; i++) {
		if (path[i] == '/' || path[i] == '.')
			start = i;
	}
	*len = 0;
	/* A path begins with a slash. */
	if (!path || path[start] == '/')
		return "";
	*len = end - start;
	return path + start;
}

static bool
is_flash(const struct enclosure *e)
{
	return (e->type && ascii_eq_nocase(e->type, "application/x-shockwave-flash")) ||
	    (e->url && strstr(e->url, "youtube.com/v/"));
}

enum media_kind
media_kind(const struct enclosure *e)
{
	static const struct {
		const char *type;
		const char *endings;
		enum media_kind kind;
	} kinds[] = {
		{ "audio/", ".mp3 .m4a .ogg .oga .opus .flac .wav .aac ", MEDIA_AUDIO },
		{ "video/", ".mp4 .m4v .webm .mov .mkv .ogv ", MEDIA_VIDEO },
		{ "image/", ".jpg .jpeg .png .gif .webp .avif .svg ", MEDIA_IMAGE },
		{ "application/x-shockwave-flash", ".swf ", MEDIA_DEAD },
	};
	char ending[8];
	const char *at = NULL;
	size_t len = 0;

	if (is_flash(e))
		return MEDIA_DEAD;
	for (size_t i = 0; e->type && i < ARRAY_LEN(kinds); i++) {
		if (ascii_starts_nocase(e->type, kinds[i].type))
			return kinds[i].kind;
	}
	at = ending_of(e->url ? e->url : "", &len);
	if (len == 0 || len + 2 > sizeof(ending))
		return MEDIA_FILE;
	memcpy(ending, at, len);
	ending[len] = ' ';
	ending[len + 1] = '\0';
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (ascii_find_nocase(kinds[i].endings, ending))
			return kinds[i].kind;
	}
	return MEDIA_FILE;
}

/* ---- the same thing under several addresses ---- */

/* False when html cannot name the address, which saves most of the looking. */
static bool
may_name(const char *html, const char *url)
{
	const struct picture_name name = picture_name(url);
	char text[64];

	if (name.len < PICTURE_NAME_LEAST || name.len >= sizeof(text))
		return true;
	memcpy(text, name.text, name.len);
	text[name.len] = '\0';
	return text[strcspn(text, "&<>\"'")] != '\0' || strstr(html, text);
}

/* True when html has a link to the address, or shows the picture. */
static bool
html_names(struct arena *a, const char *html, const char *url, bool is_picture)
{
	struct html_scan s;
	struct html_token t;

	if (!may_name(html, url))
		return false;
	scan_init(&s, html, strlen(html));
	while (scan_next(&s, &t)) {
		const char *name = t.tag == TAG_IMG ? "src"
		    : t.tag == TAG_A                ? "href"
						    : NULL;
		const char *value = NULL;

		if (t.kind != SCAN_START || !name)
			continue;
		value = token_value(a, &t, name);
		if (!value)
			continue;
		if (is_picture ? picture_is_same(value, url) : media_is_same(value, url))
			return true;
	}
	return false;
}

/* ---- pictures ---- */

/* Scripts without blanks between words count by their columns. */
static bool
is_described(const struct enclosure *e)
{
	const char *title = e->title ? e->title : "";
	const size_t len = strlen(title);
	const size_t columns = width_of_text(title, len);

	return wrap_count_words(title, len) >= WORDS_OF_A_DESCRIPTION ||
	    (columns < len && columns >= COLUMNS_OF_A_DESCRIPTION);
}

/* A picture beside a text decorates it, but for one that its author describes. */
static bool
is_decoration(const struct entry *e, const struct enclosure *one)
{
	return e->words >= WORDS_OF_A_POST && !is_described(one);
}

static bool
is_video_page(const char *link)
{
	static const char *const parts[] = { "youtube.", "://youtu.be/", "://vimeo.com/",
		"/videos/watch/" };

	for (size_t i = 0; link && i < ARRAY_LEN(parts); i++) {
		if (strstr(link, parts[i]))
			return true;
	}
	return false;
}

/* A video's still: of what is watched elsewhere there is nothing else to see. */
static const char *
still_of(const struct entry *e)
{
	bool is_video = is_video_page(e->link);

	for (size_t i = 0; i < e->enclosure_count && !is_video; i++) {
		const enum media_kind kind = media_kind(&e->enclosures[i]);

		is_video = kind == MEDIA_VIDEO || kind == MEDIA_DEAD;
	}
	if (!is_video || !text_is_set(e->image) || !url_is_web(e->image) ||
	    avatar_is_address(e->image))
		return NULL;
	return e->image;
}

static void
put_attribute(struct buf *b, const char *name, const char *value)
{
	buf_addf(b, " %s=\"", name);
	html_escape(b, value, strlen(value), HTML_ALL_QUOTES);
	buf_addc(b, '"');
}

/* A link that holds a picture alone is called by what that shows. */
static void
put_picture(struct buf *b, const char *src, const char *alt, const char *href)
{
	buf_adds(b, b->len > 0 ? "\n<p>" : "<p>");
	if (href) {
		buf_adds(b, "<a");
		put_attribute(b, "href", href);
		buf_addc(b, '>');
	}
	buf_adds(b, "<img");
	put_attribute(b, "src", src);
	put_attribute(b, "alt", alt);
	buf_adds(b, href ? "></a></p>" : "></p>");
}

/* One that stands under the entry, and is a picture. */
static bool
is_shown_picture(struct arena *a, const struct entry *e, size_t i, const char *html)
{
	return media_kind(&e->enclosures[i]) == MEDIA_IMAGE &&
	    url_is_web(e->enclosures[i].url ? e->enclosures[i].url : "") &&
	    !media_is_said(a, e, i, html);
}

const char *
media_with_pictures(struct arena *a, const struct entry *e, const char *html,
    enum images how, const struct media_words *words)
{
	const char *still = how == IMAGES_NONE ? NULL : still_of(e);
	const char *link =
	    images_are_shown(how) && url_is_web(e->link ? e->link : "") ? e->link : NULL;
	struct buf b = BUF_INIT(LIMIT_PART);
	const char *whole = html;

	if (still && !strstr(html, "<img "))
		put_picture(&b, still,
		    !link                       ? ""
			: text_is_set(e->title) ? e->title
						: words->kinds[MEDIA_WORD_VIDEO],
		    link);
	if (b.len > 0 && *html)
		buf_addc(&b, '\n');
	buf_adds(&b, html);
	for (size_t i = 0; images_are_shown(how) && i < e->enclosure_count; i++) {
		const struct enclosure *one = &e->enclosures[i];

		if (is_shown_picture(a, e, i, html))
			put_picture(&b, one->url,
			    text_is_set(one->title) ? one->title
						    : words->kinds[MEDIA_WORD_PICTURE],
			    one->url);
	}
	if (!buf_is_full(&b) && b.len != strlen(html))
		whole = arena_strndup(a, buf_text(&b), b.len);
	buf_clear(&b);
	return whole;
}

/* ---- what stands under the entry ---- */

/* Who listens takes one format: the first, which most feeds mean to be played. */
static bool
is_same_thing(enum media_kind kind, const char *a, const char *b)
{
	if (kind == MEDIA_IMAGE)
		return picture_is_same(a, b);
	return media_is_same(a, b) ||
	    ((kind == MEDIA_AUDIO || kind == MEDIA_VIDEO) &&
		media_is_same_but_format(a, b));
}

static bool
is_said_before(const struct entry *e, size_t i, enum media_kind kind)
{
	const char *url = e->enclosures[i].url;

	for (size_t k = 0; k < i; k++) {
		const struct enclosure *other = &e->enclosures[k];

		if (!text_is_set(other->url) || media_kind(other) != kind)
			continue;
		if (is_same_thing(kind, url, other->url))
			return true;
	}
	return false;
}

bool
media_is_said(struct arena *a, const struct entry *e, size_t i, const char *html)
{
	const struct enclosure *one = &e->enclosures[i];
	const enum media_kind kind = media_kind(one);
	const bool is_picture = kind == MEDIA_IMAGE;

	if (!text_is_set(one->url) || kind == MEDIA_DEAD || avatar_is_address(one->url))
		return true;
	if (is_picture && is_decoration(e, one))
		return true;
	if (e->link && strcmp(e->link, one->url) == 0)
		return true;
	/* A picture of the text is not shown a second time where the text is cut before it. */
	return is_said_before(e, i, kind) ||
	    (html && html_names(a, html, one->url, is_picture)) ||
	    (is_picture && text_is_set(e->html) &&
		html_names(a, e->html, one->url, true));
}

int64_t
media_seconds(const struct entry *e)
{
	int64_t seconds = -1;

	for (size_t i = 0; i < e->enclosure_count; i++) {
		const enum media_kind kind = media_kind(&e->enclosures[i]);

		if ((kind == MEDIA_AUDIO || kind == MEDIA_VIDEO) &&
		    e->enclosures[i].seconds > seconds)
			seconds = e->enclosures[i].seconds;
	}
	return seconds;
}
