/* SPDX-License-Identifier: ISC */
/*
 * A plan is made for a number of bytes, by estimates; the letter is rendered and measured, and
 * the plan made again for what it missed by.  Two or three rounds are the rule.
 */
#include "digest/fit.h"

#include <stdint.h>
#include <string.h>

#include "base/clock.h"
#include "base/order.h"
#include "base/text.h"
#include "digest/entry_pictures.h"
#include "digest/post_cache.h"
#include "model/names.h"

enum {
	CONTENTS_FROM = 3,  /* fewer entries need no table of contents */
	FRAME_BYTES = 7000, /* about what head, style, contents and foot take */
	HEAD_BYTES = 150,   /* about what a heading takes beside its texts */
	OTHER_BYTES = 45,   /* the same of the line of a source that is only named */
	SHARE_LEAST = 240,  /* a body that is worth its place */
	SHARE_OVER = 15,    /* per cent: a last line is not worth a click */
	ROUNDS_MOST = 12,
	ROOM_LEFT = 40 /* a fortieth unused is well used */
};

/* Of bytes of a post, and of a letter: sums of them are still numbers. */
static const size_t no_limit = SIZE_MAX / 2;
static const size_t room_without_end = SIZE_MAX / 4;

/* ---- what is there ---- */

static size_t
length_of(const char *text)
{
	return text ? strlen(text) : 0;
}

static void
add_item(struct fit *f, const struct digest_source *run, size_t at)
{
	struct fit_item *item = &f->items[f->count++];
	const struct entry *e = run->entries[at];

	item->entry = e;
	item->source = run->source;
	item->ties = &run->ties[at];
	item->level = f->most;
	item->rtl = entry_is_rtl(post_cache_find(f->style.posts, e), e);
	item->head_bytes = HEAD_BYTES + length_of(e->title) + 2 * length_of(e->link);
}

/*
 * What "short" means for a post.  Most scripts take two or three bytes for a character: their
 * beginnings are as long as those in English, which the setting speaks of.  What stands at the
 * beginning says how many a character takes.
 */
static size_t
short_bytes(size_t setting, const char *html)
{
	size_t len = 0;
	size_t characters = 0;
	size_t i = 0;

	if (setting >= no_limit)
		return setting;
	len = strnlen(html, 4 * setting);
	while (i < len) {
		uint64_t eight = 0;

		if (len - i >= sizeof(eight)) {
			memcpy(&eight, html + i, sizeof(eight));
			if ((eight & UINT64_C(0x8080808080808080)) == 0) {
				characters += sizeof(eight);
				i += sizeof(eight);
				continue;
			}
		}
		characters += ((unsigned char)html[i++] & 0xC0) != 0x80;
	}
	return characters == 0 ? setting : setting * len / characters;
}

/* What there is to show of a post, once it is known which pictures come along. */
static const struct whole_body *
whole_of(const struct fit *f, struct fit_item *item)
{
	const struct entry *e = item->entry;

	if (item->has_whole || f->most == BODY_TITLES)
		return &item->whole;
	item->has_whole = true;
	entry_body_whole(&f->style, e, item->rtl, &item->whole);
	item->whole_bytes = f->style.measures_text && text_is_set(e->text)
	    ? strlen(e->text)
	    : strlen(item->whole.html);
	item->most_bytes = short_bytes(f->most_bytes, item->whole.html);
	return &item->whole;
}

/* All whose size is known, by address as ctx has them. */
static void
take_sizes(struct fit *f, const struct render_context *ctx)
{
	const struct carried_picture **list =
	    arena_array(f->style.a, ctx->picture_count, sizeof(*list));

	for (size_t i = 0; i < ctx->picture_count; i++)
		list[i] = &ctx->pictures[i];
	f->style.images.carried = list;
	f->style.images.carried_count = ctx->picture_count;
}

/* Pictures that the letter carries. */
static void
choose_pictures(struct fit *f, const struct render_context *ctx)
{
	struct arena *a = f->style.a;
	const size_t most = digest_pictures_of_a_post(f->style.images.how);
	const int64_t room = ctx->config->digest.image_bytes;
	struct picture_wanted *wanted = NULL;
	size_t n = 0;

	if (f->style.images.how == IMAGES_REMOTE)
		take_sizes(f, ctx);
	if (most == 0 || ctx->picture_count == 0 || room <= 0 || f->most == BODY_TITLES)
		return;
	wanted = arena_array(a, f->count * most, sizeof(*wanted));
	for (size_t i = 0; i < f->count; i++) {
		const char *const *urls = NULL;
		const size_t count =
		    digest_entry_pictures(a, f->items[i].entry, most, &urls);

		for (size_t k = 0; k < count; k++) {
			const struct carried_picture *p =
			    digest_picture_find(ctx->pictures, ctx->picture_count,
				urls[k]);

			if (p)
				wanted[n++] =
				    (struct picture_wanted){ p, f->items[i].rank, k };
		}
	}
	f->style.images.carried_count = digest_pictures_choose(a, ctx->pictures,
	    ctx->picture_count, wanted, n, (size_t)room, &f->style.images.carried);
}

static void
add_run(struct fit *f, const struct digest_source *run)
{
	for (size_t i = 0; i < run->count; i++)
		add_item(f, run, i);
}

static int
by_source_and_place(const void *pa, const void *pb)
{
	const struct fit_item *a = *(const struct fit_item *const *)pa;
	const struct fit_item *b = *(const struct fit_item *const *)pb;

	if (a->source != b->source)
		return ORDER(a->source, b->source);
	return ORDER(a, b);
}

static int
by_rank_and_place(const void *pa, const void *pb)
{
	const struct fit_item *a = *(const struct fit_item *const *)pa;
	const struct fit_item *b = *(const struct fit_item *const *)pb;

	if (a->rank != b->rank)
		return ORDER(a->rank, b->rank);
	return ORDER(a, b);
}

static void
rank_items(struct arena *a, struct fit *f)
{
	f->by_rank = arena_array(a, f->count, sizeof(*f->by_rank));
	for (size_t i = 0; i < f->count; i++)
		f->by_rank[i] = &f->items[i];
	f->source_count = f->count > 0;
	if (f->count < 2)
		return;
	list_sort(f->by_rank, f->count, sizeof(struct fit_item *), by_source_and_place);
	for (size_t i = 1; i < f->count; i++) {
		const struct fit_item *before = f->by_rank[i - 1];

		if (f->by_rank[i]->source == before->source)
			f->by_rank[i]->rank = before->rank + 1;
		f->by_rank[i]->source_index =
		    before->source_index + (f->by_rank[i]->source != before->source);
		f->source_count = f->by_rank[i]->source_index + 1;
	}
	list_sort(f->by_rank, f->count, sizeof(struct fit_item *), by_rank_and_place);
}

/* ---- the plan ---- */

/* The body that an item gets out of a share: whole when it is hardly over. */
static size_t
share_of(const struct fit_item *item, size_t share)
{
	if (share > item->most_bytes)
		share = item->most_bytes;
	return item->whole_bytes <= share + share / 100 * SHARE_OVER ? item->whole_bytes
								     : share;
}

/* What all shown items take when each may have so much. */
static size_t
bodies_take(const struct fit *f, size_t share)
{
	size_t sum = 0;

	for (size_t i = 0; i < f->count; i++) {
		const struct fit_item *item = &f->items[i];

		if (!item->is_hidden && item->level != BODY_TITLES)
			sum += share_of(item, share);
	}
	return sum;
}

/*
 * The largest share for which all of them fit into room: water fills.  In steps of 16 bytes, so
 * that letters with nearly the same room show the same of a post, made once for all of them.
 */
static size_t
find_share(const struct fit *f, size_t room)
{
	enum { STEP = 16 };
	size_t low = 0;
	size_t high = room + 1;

	if (bodies_take(f, no_limit) <= room)
		return no_limit;
	while (high - low > STEP) {
		const size_t middle = low + (high - low) / 2;

		if (bodies_take(f, middle) <= room)
			low = middle;
		else
			high = middle;
	}
	return low - low % STEP;
}

static size_t
other_bytes(const struct source *s)
{
	return OTHER_BYTES + length_of(s->name ? s->name : s->title) + length_of(s->link);
}

/* Everybody's first posts have titles as far as there is room; sources of others are named. */
static size_t
show_titles(struct fit *f, size_t room)
{
	size_t named = room / 4;
	size_t taken = 0;

	f->hidden_count = 0;
	for (size_t i = 0; i < f->count; i++)
		taken += f->by_rank[i]->head_bytes;
	if (taken <= room)
		named = 0;
	taken = 0;
	for (size_t i = 0; i < f->count; i++) {
		struct fit_item *item = f->by_rank[i];

		/* No letter without a post. */
		item->is_hidden = i > 0 &&
		    (f->hidden_count > 0 || taken + item->head_bytes + named > room);
		f->hidden_count += item->is_hidden;
		if (!item->is_hidden)
			taken += item->head_bytes;
	}
	return taken;
}

static void
add_other(struct fit *f, const struct source *s, size_t posts)
{
	f->others[f->others_count++] = (struct fit_other){ s, posts };
}

/* Sources that the limits left out, then those of hidden posts; as many as room has bytes for. */
static size_t
name_others(struct fit *f, size_t room)
{
	size_t taken = 0;

	f->others_count = 0;
	for (size_t i = 0; i < f->digest->other_count; i++)
		add_other(f, f->digest->others[i].source, f->digest->others[i].more);
	memset(f->places, 0, f->source_count * sizeof(*f->places));
	for (size_t i = 0; f->hidden_count > 0 && i < f->count; i++) {
		const struct fit_item *item = f->by_rank[i];
		size_t *place = &f->places[item->source_index];

		if (!item->is_hidden)
			continue;
		if (*place == 0) {
			add_other(f, item->source, 0);
			*place = f->others_count;
		}
		f->others[*place - 1].posts++;
	}
	for (f->others_shown = 0; f->others_shown < f->others_count; f->others_shown++) {
		const size_t one = other_bytes(f->others[f->others_shown].source);

		if (taken + one > room)
			break;
		taken += one;
	}
	return taken;
}

static void
set_share(struct fit *f, struct fit_item *item, size_t share)
{
	item->share = share_of(item, share);
	item->level = item->share < item->whole_bytes ? BODY_SHORT : BODY_WHOLE;
	f->is_cut =
	    f->is_cut || (item->level == BODY_SHORT && item->share < item->most_bytes);
}

/*
 * Where all would get less than is worth its place, first posts get that, the others titles.
 * Returns what they take.
 */
static size_t
share_by_rank(struct fit *f, size_t room)
{
	const size_t all = room;

	for (size_t i = 0; i < f->count; i++) {
		struct fit_item *item = f->by_rank[i];
		const size_t bytes = share_of(item, SHARE_LEAST);

		if (item->is_hidden)
			continue;
		if (bytes > room) {
			item->level = BODY_TITLES;
			f->is_cut = true;
			continue;
		}
		room -= bytes;
		set_share(f, item, SHARE_LEAST);
	}
	return all - room;
}

static void
plan(struct fit *f, size_t room)
{
	const size_t titles = show_titles(f, room);
	const size_t behind_titles = room > titles ? room - titles : 0;
	const size_t named =
	    name_others(f, room / 4 < behind_titles ? room / 4 : behind_titles);
	const size_t left = behind_titles - named;
	size_t share = 0;

	f->room = room;
	f->taken = titles + named;
	f->is_cut = f->hidden_count > 0;
	f->is_cut = f->is_cut || f->others_shown < f->others_count;
	if (f->most == BODY_TITLES)
		return;
	for (size_t i = 0; i < f->count; i++) {
		f->items[i].level = f->most;
		if (!f->items[i].is_hidden)
			(void)whole_of(f, &f->items[i]);
	}
	share = find_share(f, left);
	if (share < SHARE_LEAST) {
		f->has_contents = false;
		f->taken += share_by_rank(f, left);
		return;
	}
	for (size_t i = 0; i < f->count; i++)
		set_share(f, &f->items[i], share);
	f->taken += bodies_take(f, share);
}

/* What a byte takes when it is encoded, in hundredths, by a sample of the posts. */
static size_t
encoding_cost(const struct fit *f)
{
	enum { SAMPLE = 2000, BASE64 = 137, LEAST = 104 };
	size_t bytes = 0;
	size_t encoded = 0;

	for (size_t i = 0; i < f->count && bytes < 20 * SAMPLE; i++) {
		const struct whole_body *whole = whole_of(f, &f->items[i]);
		const char *text = whole->html ? whole->html : "";
		size_t n = 0;

		for (; text[n] && n < SAMPLE; n++)
			encoded +=
			    (unsigned char)text[n] >= 0x7f || text[n] == '=' ? 3 : 1;
		bytes += n;
	}
	if (bytes == 0 || encoded * 100 / bytes < LEAST)
		return LEAST;
	return encoded * 100 / bytes > BASE64 ? BASE64 : encoded * 100 / bytes;
}

static size_t
first_room(const struct fit *f, size_t max)
{
	const size_t source = max / encoding_cost(f) * 100;

	if (max == 0)
		return room_without_end;
	return source > FRAME_BYTES ? source - FRAME_BYTES : 0;
}

void
fit_init(struct arena *a, const struct render_context *ctx, const struct digest *d,
    const struct variant *v, size_t max, struct fit *out)
{
	const struct config *c = ctx->config;

	memset(out, 0, sizeof(*out));
	out->digest = d;
	out->style = (struct body_style){ .a = a,
		.posts = ctx->posts,
		.cache = ctx->templates->bodies,
		.elements = &ctx->templates->styles.elements,
		.images = { .how = ctx->images, .words = &ctx->templates->media },
		.heading = 3,
		.measures_text = v->format != FORMAT_HTML };
	/* A text carries none. */
	if (out->style.measures_text && images_are_carried(ctx->images))
		out->style.images.how = IMAGES_LINK;
	out->most = length_shown(v->length, c->digest.body);
	out->most_bytes = out->most == BODY_SHORT && c->digest.short_bytes > 0
	    ? (size_t)c->digest.short_bytes
	    : no_limit;
	out->overflow = c->digest.overflow;
	out->items = arena_array(a, d->entry_count, sizeof(*out->items));
	for (size_t i = 0; i < d->section_count; i++) {
		if (d->sections[i].day != TIME_NONE || d->sections[i].heading)
			out->style.heading = 4;
	}
	for (size_t i = 0; i < d->section_count; i++) {
		for (size_t s = 0; s < d->sections[i].count; s++)
			add_run(out, &d->sections[i].sources[s]);
	}
	rank_items(a, out);
	choose_pictures(out, ctx);
	out->others =
	    arena_array(a, d->other_count + out->source_count, sizeof(*out->others));
	out->places = arena_array(a, out->source_count, sizeof(*out->places));
	out->is_titles = out->most == BODY_TITLES;
	out->has_contents =
	    out->is_titles || (out->count >= CONTENTS_FROM && d->source_count > 1);
	plan(out, first_room(out, max));
}

/* ---- what is shown ---- */

const struct shown_body *
fit_body(const struct fit *f, struct fit_item *item)
{
	const bool is_whole = item->level == BODY_WHOLE || item->whole_bytes == 0;
	const size_t bytes = is_whole ? SIZE_MAX
	    : f->style.measures_text
	    ? (size_t)((double)item->share * (double)strlen(item->whole.html) /
		  (double)item->whole_bytes)
	    : item->share;

	if (item->level == BODY_TITLES || item->is_hidden)
		return NULL;
	if (!item->has_body || item->body_bytes != bytes)
		entry_body_make(&f->style, &item->whole, bytes, &item->body);
	item->has_body = true;
	item->body_bytes = bytes;
	return &item->body;
}

/* ---- the search ---- */

static enum fit_verdict
try(struct fit *f, size_t room)
{
	f->rounds++;
	plan(f, room);
	return f->hidden_count > 0 && f->overflow == OVERFLOW_ERROR ? FIT_NEVER
								    : FIT_AGAIN;
}

/* Room that is left goes to what was cut. */
static enum fit_verdict
grow(struct fit *f, size_t left, size_t max)
{
	size_t room = f->room + left;

	f->fitted = f->room;
	if (!f->is_cut || f->rounds >= ROUNDS_MOST || left < max / ROOM_LEFT)
		return FIT_DONE;
	if (f->too_much > 0 && room >= f->too_much)
		room = f->room + (f->too_much - f->room) / 2;
	return room - f->room < max / (4 * ROOM_LEFT) ? FIT_DONE : try(f, room);
}

enum fit_verdict
fit_judge(struct fit *f, size_t size, size_t source, size_t max)
{
	const double scale = size > 0 ? (double)source / (double)size : 1;
	size_t over = 0;

	if (max == 0)
		return FIT_DONE;
	if (size <= max)
		return grow(f, (size_t)((double)(max - size) * scale), max);
	if (f->room == 0)
		return FIT_NEVER;
	/* What a plan had and did not need is not what made it too large. */
	if (f->taken < f->room)
		f->room = f->taken;
	/* The contents went since that plan fitted: it is worth nothing now. */
	if (f->room <= f->fitted)
		f->fitted = 0;
	f->too_much = f->room;
	if (f->rounds >= ROUNDS_MOST)
		return try(f, f->fitted > 0 ? f->fitted : f->room / 2);
	over = (size_t)((double)(size - max) * scale) + 1;
	over += over / 8;
	if (f->room <= f->fitted + over)
		over = (f->room - f->fitted) / 2 + 1;
	return try(f, over < f->room ? f->room - over : 0);
}
