/* SPDX-License-Identifier: ISC */
/*
 * Pictures get their real source; what moves or sounds becomes a link with its title, and with
 * its poster where it has one, since no mail program plays it.
 */
#include "html/avatar.h"
#include "html/clean_private.h"
#include "html/media_words.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "format/url.h"

enum {
	ALT_MAX = 1000,
	TITLE_SHORT = 40,
	CANDIDATES_MAX = 64, /* of one srcset; pages name a dozen sizes */
	WIDTH_WANTED =
	    1280, /* twice the width of a letter: sharp, and no poster for a wall */
	WIDTH_LEAST = 100, /* smaller pictures are icons */
	ICON_SIDE = 64     /* drawings up to this are, whatever they are called */
};

/* ---- which picture ---- */

/* One candidate of a srcset: "address 640w". */
struct candidate {
	const char *address;
	size_t len;
	double size; /* width in pixels; a density counts as so many letters' widths */
};

static bool
next_candidate(const char **at, struct candidate *c)
{
	const char *p = *at;

	p += strspn(p, HTML_BLANKS ",");
	if (!*p)
		return false;
	c->address = p;
	c->len = strcspn(p, HTML_BLANKS);
	p += c->len;
	while (c->address[c->len - 1] == ',') /* it does not begin with one */
		c->len--;
	c->size = WIDTH_WANTED / 2;
	if (c->address + c->len == p) {
		const char *descriptor = p + strspn(p, HTML_BLANKS);
		char *end;
		double number = strtod(descriptor, &end);

		if (number > 0 && (*end == 'w' || *end == 'x'))
			c->size = *end == 'w' ? number : number * WIDTH_WANTED / 2;
		p += strcspn(p, ",");
	}
	*at = p;
	return true;
}

/* The best for a letter: the largest that is not larger than wanted, else the smallest. */
static bool
is_better(double size, double best)
{
	if (best > WIDTH_WANTED)
		return size < best;
	return size > best && size <= WIDTH_WANTED;
}

static const char *
best_of_srcset(struct cleaner *c, const char *srcset)
{
	struct candidate each;
	const char *best = NULL;
	double best_size = 0;

	for (size_t i = 0; i < CANDIDATES_MAX && next_candidate(&srcset, &each); i++) {
		const char *address;

		if (best && !is_better(each.size, best_size))
			continue;
		address =
		    clean_picture(c, arena_strndup(c->scratch, each.address, each.len));
		if (!address)
			continue;
		best = address;
		best_size = each.size;
	}
	return best;
}

/* Lazy pages put a placeholder into src, and the picture elsewhere. */
static bool
is_placeholder(const char *address)
{
	static const char *const parts[] = { "blank.gif", "placeholder",
		"lazy_placeholder", "/1x1.", "/pixel.", "spacer.gif", "transparent.",
		"lazyload", "grey.gif", "loading.gif", "/spinner" };

	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		if (ascii_find_nocase(address, parts[i]))
			return true;
	return false;
}

static const char *
lazy_source(struct cleaner *c, const struct html_node *n)
{
	static const char *const names[] = { "data-src", "data-lazy-src", "data-original",
		"data-orig-file", "data-large-file", "data-actualsrc", "data-hi-res-src",
		"data-canonical-src", "data-url", "data-image" };
	static const char *const sets[] = { "data-srcset", "data-lazy-srcset" };
	const char *value;
	const char *address = NULL;

	for (size_t i = 0; i < ARRAY_LEN(names) && !address; i++)
		if ((value = node_attr(n, names[i])) != NULL)
			address = clean_picture(c, value);
	for (size_t i = 0; i < ARRAY_LEN(sets) && !address; i++)
		if ((value = node_attr(n, sets[i])) != NULL)
			address = best_of_srcset(c, value);
	return address;
}

/*
 * The first of the sources in front of it (HTML 4.8.4.3), back to the picture before it, so that
 * each is looked at once.
 */
static const char *
picture_sources(struct cleaner *c, const struct html_node *n)
{
	const struct html_node *picture = n->parent;
	const char *address = NULL;

	if (!picture || picture->tag != TAG_UNKNOWN ||
	    strcmp(picture->text, "picture") != 0)
		return NULL;
	for (const struct html_node *k = n->prev; k && k->tag != TAG_IMG; k = k->prev) {
		const char *set = node_attr(k, "srcset");
		const char *found = NULL;

		if (!set)
			set = node_attr(k, "data-srcset");
		if (k->tag == TAG_SOURCE && set)
			found = best_of_srcset(c, set);
		address = found ? found : address;
	}
	return address;
}

static const char *
image_address(struct cleaner *c, const struct html_node *n)
{
	const char *src = node_attr(n, "src");
	const char *address = src ? clean_picture(c, src) : NULL;
	const char *other;

	if (address && !is_placeholder(address))
		return address;
	other = lazy_source(c, n);
	if (!other && (src = node_attr(n, "srcset")) != NULL)
		other = best_of_srcset(c, src);
	if (!other)
		other = picture_sources(c, n);
	return other ? other : address;
}

/* ---- pictures ---- */

static int
add_size(struct cleaner *c, const struct html_node *n, const char *name)
{
	const char *value = node_attr(n, name);
	char *end;
	long number;

	if (!value)
		return -1;
	number = strtol(value, &end, 10);
	if (end == value || number < 1 || number > 9999)
		return -1;
	if (*end == '%') {
		if (number <= 100)
			writer_attr(&c->w, name,
			    arena_printf(c->scratch, "%ld%%", number));
		return -1;
	}
	writer_number(&c->w, name, number);
	return (int)number;
}

/* One line of at most ALT_MAX bytes. */
static const char *
short_line(struct cleaner *c, const char *text)
{
	size_t len = strlen(text);

	if (len > ALT_MAX) {
		len = ALT_MAX;
		while (len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80)
			len--;
	}
	return text_one_line(c->scratch, text, len);
}

/* ---- pictures that are in the text itself ---- */

static bool
is_icon(const struct html_node *n)
{
	const char *width = node_attr(n, "width");
	const char *height = node_attr(n, "height");
	const long wide = width ? strtol(width, NULL, 10) : 0;
	const long high = height ? strtol(height, NULL, 10) : 0;

	return (wide > 0 && wide <= ICON_SIDE) || (high > 0 && high <= ICON_SIDE);
}

/* A character in a picture's place has no words. */
static bool
has_word(const char *text)
{
	for (; *text; text++)
		if (ascii_is_alphanumeric((unsigned char)*text))
			return true;
	return false;
}

/*
 * No letter shows them: a picture without an address stands for each, of which a letter says in
 * words what it shows, and which leads to the post that has it.  An icon, or a link's, is not
 * worth it.
 */
static void
write_inner_picture(struct cleaner *c, const char *label)
{
	const char *page = c->opts->page ? c->opts->page : c->opts->base;
	const char *address = page ? clean_link(c, page) : NULL;
	uint32_t link = 0;

	if (address && c->w.counts[TAG_A] == 0) {
		writer_attr(&c->w, "href", address);
		link = writer_open(&c->w, TAG_A);
	}
	writer_attr(&c->w, "alt", label);
	writer_void(&c->w, TAG_IMG);
	writer_close(&c->w, link);
}

/* The name that a browser gives it (SVG-AAM 1.0): its label, else its title. */
bool
clean_svg(struct cleaner *c, const struct html_node *n)
{
	const char *hidden = node_attr(n, "aria-hidden");
	const char *label = node_attr(n, "aria-label");

	for (const struct html_node *k = n->first; k && !(label && *label); k = k->next)
		if (k->tag == TAG_TITLE)
			label = node_text(c->scratch, k, ALT_MAX);
	label = short_line(c, label ? label : "");
	if (*label && !is_icon(n) && c->w.counts[TAG_A] == 0 &&
	    !(hidden && ascii_eq_nocase(hidden, "true")))
		write_inner_picture(c, label);
	return true;
}

/* One without an address that can be asked; without any it may be what was written above. */
static void
write_unaddressed(struct cleaner *c, const struct html_node *n, const char *alt)
{
	const char *src = node_attr(n, "src");

	if ((!src ||
		ascii_starts_nocase(src + strspn(src, HTML_BLANKS), "data:image/")) &&
	    has_word(alt) && !is_icon(n) && !is_emoji_picture(n, ""))
		write_inner_picture(c, alt);
	else
		writer_words(&c->w, alt);
}

bool
clean_image(struct cleaner *c, const struct html_node *n)
{
	const char *address = image_address(c, n);
	const char *alt = node_attr(n, "alt");
	const char *title = node_attr(n, "title");
	int width;
	int height;

	alt = short_line(c, alt ? alt : "");
	if (!address) {
		write_unaddressed(c, n, alt);
		return true;
	}
	if (is_emoji_picture(n, address)) {
		writer_words(&c->w, alt);
		return true;
	}
	if (is_tracking_picture(n, address) || avatar_is_address(address))
		return true;
	writer_attr(&c->w, "src", address);
	writer_attr(&c->w, "alt", alt);
	/* Browsers show the title only: a long one is a joke or a legend, a short one a name. */
	if (title && *title && (strcmp(title, alt) != 0 || strlen(title) > TITLE_SHORT))
		writer_attr(&c->w, "title", short_line(c, title));
	width = add_size(c, n, "width");
	height = add_size(c, n, "height");
	if (!c->image && (width < 0 || width >= WIDTH_LEAST) &&
	    (height < 0 || height >= WIDTH_LEAST))
		c->image = arena_strdup(c->a, address);
	writer_void(&c->w, TAG_IMG);
	return true;
}

/* ---- players ---- */

/* Where the page of an embedded player is: "%s" is the video's name in the address. */
static const struct player {
	const char *part; /* what its addresses contain; the name follows */
	const char *page; /* NULL: the embedded one */
	const char *label;
	enum media_word kind;
} players[] = {
	{ "youtube.com/embed/", "https://www.youtube.com/watch?v=%s", "YouTube",
	    MEDIA_WORD_VIDEO },
	{ "youtube-nocookie.com/embed/", "https://www.youtube.com/watch?v=%s", "YouTube",
	    MEDIA_WORD_VIDEO },
	{ "youtube.com/v/", "https://www.youtube.com/watch?v=%s", "YouTube",
	    MEDIA_WORD_VIDEO },
	{ "player.vimeo.com/video/", "https://vimeo.com/%s", "Vimeo", MEDIA_WORD_VIDEO },
	{ "dailymotion.com/embed/video/", "https://www.dailymotion.com/video/%s",
	    "Dailymotion", MEDIA_WORD_VIDEO },
	{ "blogger.com/video.g?", NULL, "blogger.com", MEDIA_WORD_VIDEO },
	{ "open.spotify.com/embed/episode/", "https://open.spotify.com/episode/%s",
	    "Spotify", MEDIA_WORD_AUDIO },
	{ "open.spotify.com/embed/track/", "https://open.spotify.com/track/%s", "Spotify",
	    MEDIA_WORD_AUDIO },
	{ "open.spotify.com/embed-podcast/episode/",
	    "https://open.spotify.com/episode/%s", "Spotify", MEDIA_WORD_AUDIO },
	{ "w.soundcloud.com/player/", NULL, "SoundCloud", MEDIA_WORD_AUDIO },
	{ "giphy.com/embed/", "https://giphy.com/gifs/%s", "Giphy", MEDIA_WORD_PICTURE },
	{ "scribd.com/embeds/", "https://www.scribd.com/document/%s", "Scribd",
	    MEDIA_WORD_DOCUMENT },
};

static const struct player *
find_player(const char *address, const char **name)
{
	for (size_t i = 0; i < ARRAY_LEN(players); i++) {
		const char *found = strstr(address, players[i].part);

		if (found) {
			*name = found + strlen(players[i].part);
			return &players[i];
		}
	}
	return NULL;
}

/* The page a person would open for an embedded address; *label names the place. */
static const char *
player_page(struct cleaner *c, const char *address, const char **label)
{
	static const char list[] = "videoseries"; /* stands where a video's name would */
	const char *name;
	const struct player *p = find_player(address, &name);
	struct buf b = BUF_INIT(LIMIT_URL);
	size_t len;

	*label = url_host(c->scratch, address);
	if (!p)
		return address;
	len = strspn(name,
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
	*label = p->label;
	if (!p->page || len == 0 ||
	    (len == strlen(list) && strncmp(name, list, len) == 0))
		return address;
	buf_add(&b, p->page, strcspn(p->page, "%"));
	buf_add(&b, name, len);
	return arena_take(c->scratch, &b);
}

struct media {
	enum media_word kind; /* for a link without a title */
	const char *address;  /* clean */
	const char *poster;   /* clean, or NULL */
	const char *title;    /* or NULL */
};

static void
write_media(struct cleaner *c, const struct media *m)
{
	const char *label;
	const char *page = player_page(c, m->address, &label);
	const char *text = m->title && *m->title
	    ? short_line(c, m->title)
	    : arena_printf(c->scratch, "%s (%s)", media_words_stored()->kinds[m->kind],
		  label);
	bool in_line = c->w.counts[TAG_P] > 0 || c->w.counts[TAG_A] > 0;
	uint32_t paragraph = in_line ? 0 : writer_open(&c->w, TAG_P);
	uint32_t link;

	writer_attr(&c->w, "href", page);
	link = writer_open(&c->w, TAG_A);
	if (m->poster) {
		writer_attr(&c->w, "src", m->poster);
		writer_attr(&c->w, "alt", ""); /* its words follow */
		writer_void(&c->w, TAG_IMG);
		writer_void(&c->w, TAG_BR);
	}
	writer_words(&c->w, text);
	writer_close(&c->w, link);
	writer_close(&c->w, paragraph);
	if (m->poster && !c->image)
		c->image = arena_strdup(c->a, m->poster);
}

static const char *
first_attr(const struct html_node *n, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *value = node_attr(n, names[i]);

		if (value && *value)
			return value;
	}
	return NULL;
}

static const char *
title_of(const struct html_node *n)
{
	static const char *const names[] = { "title", "aria-label", "alt" };

	return first_attr(n, names, ARRAY_LEN(names));
}

/* An empty address is none (HTML 4.8.5): without this it would be that of the page. */
static const char *
media_link(struct cleaner *c, const char *value)
{
	bool is_empty = !value || !value[strspn(value, HTML_BLANKS)];
	const char *address = is_empty ? NULL : clean_link(c, value);

	return address && url_is_web(address) && !is_junk_address(address) ? address
									   : NULL;
}

bool
clean_frame(struct cleaner *c, const struct html_node *n)
{
	static const char *const names[] = { "src", "data-src", "data-lazy-src",
		"data-url" };
	struct media m = { .kind = MEDIA_WORD_PAGE, .title = title_of(n) };
	const struct player *player = NULL;

	for (size_t i = 0; i < ARRAY_LEN(names) && !m.address; i++)
		m.address = media_link(c, node_attr(n, names[i]));
	if (!m.address || is_tracking_picture(n, m.address))
		return true;
	player = find_player(m.address, &(const char *){ NULL });
	if (player)
		m.kind = player->kind;
	write_media(c, &m);
	return true;
}

/* audio and video: their own source or the first inside; else what they hold for the rest. */
bool
clean_player(struct cleaner *c, const struct html_node *n)
{
	struct media m = { .kind =
			       n->tag == TAG_VIDEO ? MEDIA_WORD_VIDEO : MEDIA_WORD_AUDIO,
		.title = title_of(n) };
	const char *poster = node_attr(n, "poster");

	m.address = media_link(c, node_attr(n, "src"));
	for (const struct html_node *k = n->first; k && !m.address; k = k->next)
		if (k->tag == TAG_SOURCE)
			m.address = media_link(c, node_attr(k, "src"));
	if (!m.address)
		return false;
	m.poster = poster ? clean_picture(c, poster) : NULL;
	write_media(c, &m);
	return true;
}

/* The address inside an object: its own, a parameter's, or an embed's. */
static const char *
object_address(struct cleaner *c, const struct html_node *n)
{
	static const char *const params[] = { "movie", "src", "url", "filename" };
	const char *address =
	    media_link(c, node_attr(n, n->tag == TAG_EMBED ? "src" : "data"));

	for (const struct html_node *k = n->first; k && !address; k = k->next) {
		const char *name = node_attr(k, "name");

		if (k->tag == TAG_EMBED)
			address = media_link(c, node_attr(k, "src"));
		for (size_t i = 0; k->tag == TAG_PARAM && name && i < ARRAY_LEN(params);
		     i++)
			if (!address && ascii_eq_nocase(name, params[i]))
				address = media_link(c, node_attr(k, "value"));
	}
	return address;
}

/* Nothing plays it any more: what the object holds for the rest is shown, or nothing. */
static bool
is_flash(const char *address, const char *type)
{
	const size_t len = strcspn(address, "?#");

	return (type && ascii_eq_nocase(type, "application/x-shockwave-flash")) ||
	    (len > 4 && strncmp(address + len - 4, ".swf", 4) == 0);
}

bool
clean_object(struct cleaner *c, const struct html_node *n)
{
	struct media m = { .kind = MEDIA_WORD_OBJECT, .title = title_of(n) };
	const struct player *player = NULL;
	const char *type = node_attr(n, "type");
	const char *name = NULL;

	m.address = object_address(c, n);
	if (!m.address || (is_flash(m.address, type) && !find_player(m.address, &name)))
		return false;
	if (type && ascii_starts_nocase(type, "image/")) {
		m.poster = m.address;
		m.kind = MEDIA_WORD_PICTURE;
	} else if ((player = find_player(m.address, &name)) != NULL) {
		m.kind = player->kind;
	}
	write_media(c, &m);
	return true;
}
