/* SPDX-License-Identifier: ISC */
#include "digest/view.h"

#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"
#include "format/url.h"
#include "digest/entry_media.h"
#include "digest/wording.h"
#include "digest/templates.h"
#include "html/cut.h"
#include "html/images.h"

enum {
	TEXT_COLUMNS = 72,
	TITLE_CHARS = 70,    /* of a title made from the text */
	ALT_CHARS = 80,      /* of one made from what a picture shows */
	HEADING_CHARS = 300, /* of any title over its entry */
	SHORT_COLUMNS = 600, /* of a text that needs no title made from it */
	CATEGORIES_SHOWN = 6,
	LEAST_SECONDS = 30 /* shorter sounds and films have no time worth telling */
};

const char *
view_wrap(const struct view *v, const char *text, const char *first, const char *indent)
{
	struct buf b = BUF_INIT(LIMIT_PART);

	wrap_text(&b, text, TEXT_COLUMNS, first, indent);
	while (b.len > 0 && b.data[b.len - 1] == '\n')
		buf_truncate(&b, b.len - 1);
	return arena_take(v->a, &b);
}

void
view_put_wrapped(const struct view *v, struct template_value *map, const char *key,
    const char *wrapped_key, const char *text)
{
	template_put_text(map, key, text);
	template_put_text(map, wrapped_key, view_wrap(v, text, "", ""));
}

const char *
view_say(const struct view *v, const char *key, const char *name, const char *text)
{
	struct template_value *values = template_map(v->a);

	template_put_text(values, name, text);
	return wording_fill(v->a, v->words, "words", key, values, v->err);
}

const char *
view_count(const struct view *v, const char *section, int64_t n)
{
	return wording_count(v->a, v->words, section, n, NULL, v->err);
}

const char *
view_link(const char *link)
{
	return text_is_set(link) && url_is_web(link) ? link : "";
}

const char *
view_line(const struct view *v, const char *text, char sign)
{
	const size_t columns = width_of_text(text, strlen(text));
	const size_t len = columns < TEXT_COLUMNS ? columns : TEXT_COLUMNS;
	char *line = arena_alloc(v->a, len + 1);

	memset(line, sign, len);
	line[len] = '\0';
	return line;
}

const char *
view_source_name(const struct view *v, const struct source *s)
{
	if (text_is_set(s->name))
		return s->name;
	if (text_is_set(s->title))
		return s->title;
	return url_host(v->a, text_is_set(s->link) ? s->link : s->url);
}

const char *
view_cut(const struct view *v, const char *text, size_t columns)
{
	size_t len = strlen(text);
	size_t end = width_fit(text, len, columns);
	size_t word = end;

	if (end == len)
		return text;
	while (word > end / 2 && text[word] != ' ')
		word--;
	if (word > end / 2)
		end = word;
	while (end > 0 && strchr(" ,;:-", text[end - 1]))
		end--;
	return arena_printf(v->a, "%.*s\xe2\x80\xa6", (int)end, text);
}

static const char *
excerpt(const struct view *v, const char *html, size_t chars)
{
	bool cut = false;
	const char *text = html_excerpt(v->a, html, chars, &cut);

	return text_one_line(v->a, text, strlen(text));
}

const char *
view_title(const struct view *v, const struct entry *e)
{
	const char *text = "";

	if (text_is_set(e->title))
		return e->title;
	if (text_is_set(e->html))
		text = excerpt(v, e->html, TITLE_CHARS);
	if (!text_is_set(text) && text_is_set(e->summary))
		text = text_one_line(v->a, e->summary, strlen(e->summary));
	if (!text_is_set(text) && text_is_set(e->html))
		text = excerpt(v,
		    html_images(v->a, e->html, IMAGES_NONE, media_words_stored()),
		    ALT_CHARS);
	if (text_is_set(text))
		return text;
	return wording_raw(v->words, "words", "untitled");
}

/* True for a title that a program made of the beginning of the text: "Every morning I ..." */
static bool
is_beginning(const struct view *v, const char *title, const char *text)
{
	static const char dots[] = "...";
	static const char ellipsis[] = "\xe2\x80\xa6";
	const size_t len = strlen(title);
	size_t end = len;

	if (ascii_ends(title, len, dots))
		end -= strlen(dots);
	else if (ascii_ends(title, len, ellipsis))
		end -= strlen(ellipsis);
	while (end > 0 && title[end - 1] == ' ')
		end--;
	return end > 0 && end < len &&
	    strncmp(text_one_line(v->a, text, strlen(text)), title, end) == 0;
}

/*
 * The title over the entry.  A short post without one of its own, all of which is shown, would
 * say its first words twice: its link stands beside the time instead.
 */
static const char *
heading(const struct view *v, const struct entry *e, const struct shown_body *body)
{
	bool is_short = body && !body->is_cut && text_is_set(body->text) &&
	    e->words > 0 &&
	    width_of_text(body->text, strlen(body->text)) <= SHORT_COLUMNS;

	if (is_short && (!text_is_set(e->title) || is_beginning(v, e->title, body->text)))
		return "";
	return view_cut(v, view_title(v, e), HEADING_CHARS);
}

/* "11 min"; "" when there is nothing to read. */
static const char *
minutes(const struct view *v, const struct entry *e)
{
	int64_t n = (e->words + WORDS_A_MINUTE / 2) / WORDS_A_MINUTE;

	return e->words <= 0 ? "" : view_count(v, "min", n > 0 ? n : 1);
}

const char *
view_time(const struct view *v, const struct entry *e, bool says_how)
{
	const int64_t seconds = media_seconds(e);
	const char *time = NULL;

	if (seconds < LEAST_SECONDS)
		return minutes(v, e);
	time = view_count(v, "min", (seconds + 30) / 60);
	return says_how ? view_say(v, "listen", "time", time) : time;
}

/* "en" for "en-GB": enough to tell a screen reader's voice. */
static bool
same_language(const char *a, const char *b)
{
	size_t na = strcspn(a, "-_");
	size_t nb = strcspn(b, "-_");

	return na == nb && strncasecmp(a, b, na) == 0;
}

static bool
is_language(const char *tag)
{
	return text_is_set(tag) &&
	    strspn(tag,
		"abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == strlen(tag);
}

const char *
view_direction(const struct view *v, bool rtl)
{
	bool is_page_rtl = strcmp(wording_raw(v->words, "language", "dir"), "rtl") == 0;

	return rtl == is_page_rtl ? "" : rtl ? "rtl" : "ltr";
}

void
view_set_language(const struct view *v, struct template_value *map,
    const struct fit_item *item)
{
	const char *own = v->ctx->templates->language;
	const char *language = item->entry->language;

	if (!is_language(language))
		language = item->source->language;
	if (!is_language(language) || same_language(language, own))
		language = "";
	template_put_text(map, "lang", language);
	template_put_text(map, "dir", view_direction(v, item->rtl));
	template_put_bool(map, "is_foreign", *language || *view_direction(v, item->rtl));
}

/* ---- the line under the title ---- */

/* Zones without letters call themselves "+03": "UTC+03" is what people read. */
static const char *
zone_word(const struct view *v, int64_t t)
{
	const char *abbreviation = "";

	(void)zone_offset(v->ctx->zone, t, &abbreviation);
	if (*abbreviation == '+' || *abbreviation == '-')
		return arena_printf(v->a, "UTC%s", abbreviation);
	return abbreviation;
}

/* A date without a time of day is written as midnight. */
static bool
is_midnight(const struct civil *c)
{
	return c->hour == 0 && c->minute == 0 && c->second == 0;
}

/*
 * When it was written: under its day only the time, unless the entry before it has the same, or
 * nobody knows any.  The first of a letter names its zone.
 */
static const char *
when(const struct view *v, const struct entry *e, struct entry_place *place)
{
	int64_t t = entry_instant(e);
	struct civil c = zone_civil(v->ctx->zone, t);
	struct civil issue = zone_civil(v->ctx->zone, v->ctx->issue->date);
	const bool is_ours = e->published == TIME_NONE && e->updated == TIME_NONE;
	/* A late post has a day of its own, not that of its heading. */
	const bool has_day = place->by_day && !e->late;
	const char *form = !has_day ? (c.year == issue.year ? "moment" : "long_moment")
	    : place->walk->has_zone ? "time_again"
				    : "time";
	const char *text = NULL;

	if (has_day && !is_ours && (is_midnight(&c) || t == place->walk->last_time))
		return "";
	place->walk->last_time = t;
	place->walk->has_zone = true;
	text = wording_date(v->a, v->words, form, &c, zone_word(v, t), v->err);
	/* Not the author's date but ours: say so. */
	return is_ours ? view_say(v, "seen", "when", text) : text;
}

static const char *
byline(const struct view *v, const struct fit_item *item)
{
	const char *author = item->entry->author;

	if (!text_is_set(author) ||
	    ascii_eq_nocase(author, view_source_name(v, item->source)))
		return "";
	return view_say(v, "by", "author", view_isolate(v, author));
}

/*
 * Text of the other direction in an isolate (Unicode 6.3), so that what follows it in a line
 * stays where it belongs.
 */
const char *
view_isolate(const struct view *v, const char *text)
{
	if (!text_is_set(text) || !*view_direction(v, is_rtl(text)))
		return text;
	return arena_printf(v->a, "\xe2\x81\xa8%s\xe2\x81\xa9", text);
}

const char *
view_join(const struct view *v, const char *const *parts, size_t count,
    const char *pattern)
{
	const char *text = "";

	for (size_t i = 0; i < count; i++) {
		struct template_value *values = NULL;

		if (!text_is_set(parts[i]))
			continue;
		if (!*text) {
			text = parts[i];
			continue;
		}
		values = template_map(v->a);
		template_put_text(values, "one", text);
		template_put_text(values, "two", parts[i]);
		text = wording_fill(v->a, v->words, "words", pattern, values, v->err);
	}
	return text;
}

/* ---- what stands under the body ---- */

static const char *
read_on(const struct view *v, const struct fit_item *item, const struct shown_body *body)
{
	if (!body || !body->is_cut || !text_is_set(item->entry->link))
		return "";
	return view_say(v, "read_on", "source",
	    view_isolate(v, view_source_name(v, item->source)));
}

static const char *
categories(const struct view *v, const struct entry *e)
{
	size_t count =
	    e->category_count < CATEGORIES_SHOWN ? e->category_count : CATEGORIES_SHOWN;

	if (count == 0)
		return "";
	return view_say(v, "categories", "list",
	    view_isolate(v, view_join(v, e->categories, count, "list")));
}

static const char *
enclosure_key(enum media_kind kind)
{
	switch (kind) {
	case MEDIA_AUDIO:
		return "audio";
	case MEDIA_VIDEO:
		return "video";
	case MEDIA_IMAGE:
		return "image";
	case MEDIA_FILE:
	case MEDIA_DEAD:
		break;
	}
	return "file";
}

/* The name of the file at an address, as people would write it. */
static const char *
file_name(const struct view *v, const char *url)
{
	const size_t len = strcspn(url, "?#");
	char *text = arena_strndup(v->a, url, len);
	const char *name = NULL;
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		char c = url[i];

		/* What ends the path is no digit. */
		if (c == '%' && ascii_hex_value(url[i + 1]) >= 0 &&
		    ascii_hex_value(url[i + 2]) >= 0) {
			c = (char)(ascii_hex_value(url[i + 1]) * 16 +
			    ascii_hex_value(url[i + 2]));
			i += 2;
		}
		text[n++] = c;
	}
	text[n] = '\0';
	name = strrchr(text, '/');
	name = name ? name + 1 : text;
	if (!*name || !text_is_utf8(name, strlen(name)))
		return url_host(v->a, url);
	return text_one_line(v->a, name, strlen(name));
}

static const char *
enclosure_size(const struct view *v, const struct enclosure *e)
{
	struct template_value *values = template_map(v->a);
	bool is_large = e->bytes >= 1000 * 1000;
	int64_t unit = is_large ? 1000 * 1000 : 1000;

	if (e->bytes < 1000)
		return "";
	template_put_int(values, "n", (e->bytes + unit / 2) / unit);
	return wording_fill(v->a, v->words, "sizes", is_large ? "mb" : "kb", values,
	    v->err);
}

/* What it is called beside "Listen": its title unless that is the post's, a file by its name. */
static const char *
enclosure_name(const struct view *v, const struct entry *e, const struct enclosure *one)
{
	if (text_is_set(one->title) && !(e->title && strcmp(one->title, e->title) == 0))
		return one->title;
	return media_kind(one) == MEDIA_FILE ? file_name(v, one->url) : "";
}

static struct template_value *
enclosure(const struct view *v, const struct entry *e, const struct enclosure *one)
{
	struct template_value *map = template_map(v->a);
	const char *parts[2] = { "", enclosure_size(v, one) };
	const char *detail = NULL;
	const char *label = NULL;

	if (one->seconds >= LEAST_SECONDS)
		parts[0] = view_count(v, "min", (one->seconds + 30) / 60);
	detail = view_join(v, parts, ARRAY_LEN(parts), "list");
	template_put_text(map, "name", enclosure_name(v, e, one));
	template_put_text(map, "detail", detail);
	label = wording_fill(v->a, v->words, "enclosures", enclosure_key(media_kind(one)),
	    map, v->err);
	template_put_text(map, "link", one->url);
	template_put_text(map, "label", label);
	template_put_text(map, "label_wrapped",
	    view_wrap(v, wording_fill(v->a, v->words, "words", "attached", map, v->err),
		"", ""));
	return map;
}

static struct template_value *
enclosures(const struct view *v, const struct entry *e, const struct shown_body *body)
{
	const char *html = body ? body->html : NULL;
	struct template_value *list = template_list(v->a);

	for (size_t i = 0; i < e->enclosure_count; i++) {
		if (!media_is_said(v->a, e, i, html))
			template_append(list, enclosure(v, e, &e->enclosures[i]));
	}
	return list;
}

/* Author, time and what it takes, the latter when that is two minutes or more. */
static const char *
meta_words(const struct view *v, const struct fit_item *item, struct entry_place *place,
    bool is_cut)
{
	const struct entry *e = item->entry;
	const int64_t seconds = media_seconds(e);
	const bool tells_time = seconds >= LEAST_SECONDS ||
	    (!is_cut && e->words >= 2 * WORDS_A_MINUTE - WORDS_A_MINUTE / 2);
	const char *details[3] = { byline(v, item), when(v, e, place),
		tells_time ? view_time(v, e, true) : "" };

	return view_join(v, details, ARRAY_LEN(details), "details");
}

/* The address of an entry without a title hangs on its time: something must be there. */
static const char *
meta_of(const struct view *v, const struct fit_item *item, struct entry_place *place,
    bool is_cut, bool has_title)
{
	const char *meta = meta_words(v, item, place, is_cut);

	if (*meta || has_title)
		return meta;
	place->walk->last_time = TIME_NONE;
	meta = when(v, item->entry, place);
	return *meta ? meta : view_source_name(v, item->source);
}

static void
set_read_on(const struct view *v, struct template_value *map, const struct fit_item *item,
    const struct shown_body *body)
{
	const char *more = read_on(v, item, body);
	const char *text = "";

	template_put_text(map, "read_on", more);
	template_put_text(map, "reading", *more ? minutes(v, item->entry) : "");
	if (*more)
		text = wording_fill(v->a, v->words, "words", "read_on_text", map, v->err);
	template_put_text(map, "read_on_wrapped", view_wrap(v, text, "", ""));
}

struct template_value *
view_entry(const struct view *v, struct fit_item *item, struct entry_place *place)
{
	const struct entry *e = item->entry;
	const struct shown_body *body = fit_body(v->fit, item);
	struct template_value *map = template_map(v->a);
	const char *title = heading(v, e, body);
	const char *filed = body ? categories(v, e) : "";
	const char *meta = NULL;

	set_read_on(v, map, item, body);
	meta = meta_of(v, item, place, body && body->is_cut, *title != '\0');
	view_set_language(v, map, item);
	template_put_int(map, "level", v->fit->style.heading);
	template_put_bool(map, "is_next", !place->is_first);
	view_put_wrapped(v, map, "title", "title_wrapped", title);
	template_put_text(map, "title_line", view_line(v, title, '-'));
	template_put_text(map, "link", e->link);
	template_put_text(map, "author", e->author);
	/* The first entry of a source has it in the line of its source's name. */
	place->meta = meta;
	place->meta_link = *title ? "" : text_is_set(e->link) ? e->link : "";
	template_put_text(map, "meta", place->is_first ? "" : meta);
	template_put_text(map, "text_meta", view_wrap(v, meta, "", ""));
	template_put_html(map, "body", body ? body->html : "");
	template_put_text(map, "text", body ? body->text : "");
	view_put_wrapped(v, map, "categories", "categories_wrapped", filed);
	template_put(map, "enclosures", enclosures(v, e, body));
	return map;
}
