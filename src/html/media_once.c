/* SPDX-License-Identifier: ISC */
#include "html/media_once.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"
#include "html/rewrite.h"
#include "html/same_media.h"
#include "html/scan.h"

enum {
	PLAYERS_MOST = 32,  /* of a post; those that come later stay */
	PICTURES_MOST = 64, /* likewise */
	LINKS_MOST = 256,
	SMALL = 100 /* pixels; smaller pictures are icons, which come again */
};

struct link {
	const char *href;
	bool is_player; /* its words are the cleaner's */
};
struct picture {
	const char *src;
	const char *alt;
	bool is_dropped;
};

struct walk {
	struct arena *a;
	const char *html;
	const struct media_words *words;
	const char *const *others;
	size_t other_count;
	struct link *links;
	size_t link_count;
	size_t player_count;
	struct picture *pictures;
	size_t picture_count;
	/* While it is written. */
	struct html_rewrite *out;
	struct html_scan scan;
	size_t link_at;
	size_t picture_at;
	size_t bound; /* figures and tables open */
};

/* ---- what there is ---- */

/* A link with the cleaner's words, behind a still or alone. */
static bool
is_player(struct html_scan s, int *kind)
{
	struct html_token t;

	while (scan_next(&s, &t)) {
		if (t.kind == SCAN_TEXT && !ascii_is_only_space(t.text, t.len)) {
			const size_t lead = strspn(t.text, "\n");

			*kind = media_words_kind(t.text + lead, t.len - lead);
			return *kind != MEDIA_WORDS && strncmp(s.at, "</a>", 4) == 0;
		}
		if (t.kind != SCAN_TEXT && t.tag != TAG_IMG && t.tag != TAG_BR)
			return false;
	}
	return false;
}

static void
note_link(struct walk *w, const struct html_token *t, struct html_scan s)
{
	const char *href = token_value(w->a, t, "href");

	const bool is_ours = w->player_count < PLAYERS_MOST && is_player(s, &(int){ 0 });

	if (w->link_count == LINKS_MOST)
		return;
	w->player_count += is_ours;
	w->links[w->link_count++] = (struct link){ href ? href : "", is_ours };
}

static bool
is_small(const struct html_token *t)
{
	const long width = token_number(t, "width", SMALL);
	const long height = token_number(t, "height", SMALL);

	return width < SMALL || height < SMALL;
}

/* What stands in a figure or a table says something by its place. */
static void
follow_bounds(struct walk *w, const struct html_token *t)
{
	if (t->tag != TAG_FIGURE && t->tag != TAG_TABLE)
		return;
	if (t->kind == SCAN_START)
		w->bound++;
	else if (t->kind == SCAN_END && w->bound > 0)
		w->bound--;
}

static void
note_picture(struct walk *w, const struct html_token *t)
{
	const char *src = token_value(w->a, t, "src");
	const char *alt = token_value(w->a, t, "alt");
	struct picture *p = &w->pictures[w->picture_count];

	if (w->picture_count == PICTURES_MOST)
		return;
	*p = (struct picture){ src ? src : "", alt ? alt : "", false };
	w->picture_count++;
	if (!src || is_small(t) || w->bound > 0)
		return;
	for (struct picture *k = w->pictures; k < p; k++) {
		if (!k->is_dropped && picture_is_same(k->src, p->src)) {
			p->is_dropped = true;
			k->alt = *k->alt ? k->alt : p->alt;
			return;
		}
	}
}

static void
note_all(struct walk *w)
{
	struct html_token t;

	scan_init(&w->scan, w->html, strlen(w->html));
	while (scan_next(&w->scan, &t)) {
		if (t.kind == SCAN_TEXT)
			continue;
		follow_bounds(w, &t);
		if (t.kind == SCAN_START && t.tag == TAG_A)
			note_link(w, &t, w->scan);
		else if (t.kind == SCAN_START && t.tag == TAG_IMG)
			note_picture(w, &t);
	}
}

/* ---- what goes ---- */

static bool
is_said_elsewhere(const struct walk *w, size_t at)
{
	for (size_t i = 0; i < w->link_count; i++) {
		if (i != at && (!w->links[i].is_player || i < at) &&
		    media_is_same(w->links[i].href, w->links[at].href))
			return true;
	}
	for (size_t i = 0; i < w->other_count; i++) {
		if (media_is_same(w->others[i], w->links[at].href))
			return true;
	}
	return false;
}

static void
put_picture(struct walk *w, const struct html_token *t, const char *alt)
{
	struct html_writer *out = &w->out->w;
	struct token_attr at = { 0 };

	while (token_next_attr(t, &at)) {
		if (!token_attr_is(&at, "alt"))
			buf_addf(&out->attrs, " %.*s=\"%.*s\"", (int)at.name_len, at.name,
			    (int)at.value_len, at.value);
		else
			writer_attr(out, "alt", alt);
	}
	writer_void(out, TAG_IMG);
}

/* The still of a player, as a link called "Video"; without one nothing is left of it. */
static void
leave_still(struct walk *w, const struct html_token *link)
{
	struct html_token t;
	int kind = MEDIA_WORDS;
	bool has_still =
	    is_player(w->scan, &kind) && strncmp(w->scan.at, "<img ", 5) == 0;

	if (has_still)
		rewrite_token(w->out, link);
	while (scan_next(&w->scan, &t)) {
		if (t.kind == SCAN_START && t.tag == TAG_IMG) {
			w->picture_at++;
			if (has_still)
				put_picture(w, &t, w->words->kinds[kind]);
		}
		if (t.kind == SCAN_END && t.tag == TAG_A) {
			if (has_still)
				rewrite_token(w->out, &t);
			return;
		}
	}
}

static void
write_picture(struct walk *w, const struct html_token *t)
{
	const size_t at = w->picture_at++;
	const char *alt = token_value(w->a, t, "alt");

	if (at >= w->picture_count) {
		rewrite_token(w->out, t);
		return;
	}
	if (w->pictures[at].is_dropped)
		return;
	if (strcmp(w->pictures[at].alt, alt ? alt : "") == 0)
		rewrite_token(w->out, t);
	else
		put_picture(w, t, w->pictures[at].alt);
}

static void
write_token(struct walk *w, const struct html_token *t)
{
	const bool is_link = t->kind == SCAN_START && t->tag == TAG_A;
	const size_t at = w->link_at;

	w->link_at += is_link;
	if (is_link && at < w->link_count && w->links[at].is_player &&
	    is_said_elsewhere(w, at))
		leave_still(w, t);
	else if (t->kind == SCAN_START && t->tag == TAG_IMG)
		write_picture(w, t);
	else
		rewrite_token(w->out, t);
}

/* Most posts have no player and no two pictures. */
static bool
may_repeat(const char *html)
{
	const char *picture = strstr(html, "<img ");

	return (picture && strstr(picture + 1, "<img ")) || media_words_are_in(html);
}

static bool
has_any(const struct walk *w)
{
	for (size_t i = 0; i < w->picture_count; i++) {
		if (w->pictures[i].is_dropped)
			return true;
	}
	for (size_t i = 0; i < w->link_count; i++) {
		if (w->links[i].is_player && is_said_elsewhere(w, i))
			return true;
	}
	return false;
}

const char *
html_media_once(struct arena *a, const char *html, const char *const *others,
    size_t count, const struct media_words *words)
{
	struct walk w = { .a = a,
		.html = html,
		.words = words,
		.others = others,
		.other_count = count };
	struct html_token t;

	if (!may_repeat(html))
		return html;
	w.links = arena_array(a, LINKS_MOST, sizeof(*w.links));
	w.pictures = arena_array(a, PICTURES_MOST, sizeof(*w.pictures));
	note_all(&w);
	if (!has_any(&w))
		return html;
	w.out = rewrite_new();
	scan_init(&w.scan, html, strlen(html));
	while (scan_next(&w.scan, &t))
		write_token(&w, &t);
	return rewrite_finish(w.out, a);
}
