/* SPDX-License-Identifier: ISC */
#include "flow/letter_pictures.h"

#include <string.h>

#include "base/limits.h"
#include "base/order.h"
#include "digest/entry_pictures.h"
#include "digest/group.h"
#include "digest/templates.h"
#include "flow/context.h"
#include "flow/logo.h"
#include "format/html_escape.h"
#include "format/mime_encoding.h"
#include "html/carried.h"
#include "store/pictures.h"
#include "store/transactions.h"

/* ---- which a letter may carry ---- */

static int
by_url(const void *a, const void *b)
{
	const struct carried_picture *x = a;
	const struct carried_picture *y = b;

	return strcmp(x->url, y->url);
}

static size_t
without_repeats(struct carried_picture *list, size_t count)
{
	size_t n = 0;

	list_sort(list, count, sizeof(*list), by_url);
	for (size_t i = 0; i < count; i++) {
		if (n == 0 || by_url(&list[n - 1], &list[i]) != 0)
			list[n++] = list[i];
	}
	return n;
}

struct finding {
	struct run *run;
	struct carried_picture *list;
	size_t count;
	bool sizes;     /* those that stay where they are need one, and nothing else */
	size_t most;    /* of a post */
	size_t largest; /* bytes of one */
	const char *domain;
};

static bool
find_of_entry(struct finding *f, const struct entry *e, struct err *err)
{
	struct arena *a = f->run->arena;
	const char *const *urls = NULL;
	const size_t count = (f->sizes ? digest_entry_unsized : digest_entry_pictures)(a,
	    e, f->most, &urls);

	for (size_t i = 0; i < count; i++) {
		struct stored_picture p;
		struct carried_picture *x = NULL;
		bool found = false;

		if (!(f->sizes ? store_picture_size_find(f->run->store, urls[i], &p.is,
				     &found, err)
			       : store_picture_find(f->run->store, a, urls[i], &p, &found,
				     err)))
			return false;
		if (!found || (!f->sizes && p.is.len > f->largest))
			continue;
		f->list = arena_grow_list(a, f->list, f->count, sizeof(*f->list));
		x = &f->list[f->count++];
		*x = (struct carried_picture){ .url = urls[i],
			.width = p.is.width,
			.height = p.is.height };
		if (!f->sizes) {
			x->id = arena_printf(a, "%s@%s", p.name, f->domain);
			x->len = p.is.len;
		}
	}
	return true;
}

bool
flow_pictures_of(struct run *run, const struct digest *d, enum images how,
    const struct carried_picture **out, size_t *count, struct err *err)
{
	const bool sizes = how == IMAGES_REMOTE;
	struct finding f = { .run = run,
		.sizes = sizes,
		.most = sizes ? LIMIT_PICTURES_A_POST : digest_pictures_of_a_post(how),
		.largest = digest_picture_largest(run->config->digest.image_bytes) };

	*out = NULL;
	*count = 0;
	if (f.most == 0 || !run->store)
		return true;
	f.domain = flow_content_domain(run);
	for (size_t i = 0; i < d->section_count; i++) {
		for (size_t s = 0; s < d->sections[i].count; s++) {
			const struct digest_source *run_of = &d->sections[i].sources[s];

			for (size_t e = 0; e < run_of->count; e++) {
				if (!find_of_entry(&f, run_of->entries[e], err))
					return false;
			}
		}
	}
	*count = without_repeats(f.list, f.count);
	*out = f.list;
	return true;
}

/* ---- those that it does ---- */

struct loading {
	struct run *run;
	struct arena *a;
	struct picture_part *parts;
	size_t count;
	struct err *err;
	bool broken; /* the store failed */
};

/* The stored name in a Content-ID, or NULL. */
static const char *
name_of(struct arena *a, const struct carried_tag *tag)
{
	if (tag->id_len <= PICTURE_NAME ||
	    (tag->id[PICTURE_NAME] != '@' && !carried_is_logo(tag)))
		return NULL;
	return arena_strndup(a, tag->id, PICTURE_NAME);
}

static const struct picture_part *
part_of(const struct picture_part *parts, size_t count, const struct carried_tag *tag)
{
	for (size_t i = 0; i < count; i++) {
		if (strlen(parts[i].id) == tag->id_len &&
		    memcmp(parts[i].id, tag->id, tag->id_len) == 0)
			return &parts[i];
	}
	return NULL;
}

/* That of today, which is stored with the first letter that is kept. */
static bool
is_logo(struct run *run, const char *name, struct picture *is, const char **bytes)
{
	const struct logo *logo = flow_logo(run);

	if (!logo || strcmp(logo->name, name) != 0)
		return false;
	*is = logo->is;
	*bytes = logo->bytes;
	return true;
}

static void
add_part(struct loading *l, const struct carried_tag *tag, const struct picture *is,
    const char *bytes)
{
	const char *ending = picture_ending(is->kind);

	l->parts = arena_grow_list(l->a, l->parts, l->count, sizeof(*l->parts));
	l->parts[l->count] =
	    (struct picture_part){ .id = arena_strndup(l->a, tag->id, tag->id_len),
		    .type = picture_type(is->kind),
		    .name = carried_is_logo(tag)
			? arena_printf(l->a, "logo.%s", ending)
			: arena_printf(l->a, "picture-%zu.%s", l->count + 1, ending),
		    .bytes = bytes,
		    .len = is->len };
	l->count++;
}

static bool
load_one(void *arg, const struct carried_tag *tag)
{
	struct loading *l = arg;
	const char *name = name_of(l->a, tag);
	const char *bytes = NULL;
	struct picture is;
	bool found = false;

	if (part_of(l->parts, l->count, tag))
		return true;
	if (!name || l->broken)
		return false;
	if (!store_picture_bytes(l->run->store, l->a, name, &is, &bytes, &found,
		l->err)) {
		l->broken = true;
		return false;
	}
	if (!found && !(carried_is_logo(tag) && is_logo(l->run, name, &is, &bytes)))
		return false;
	add_part(l, tag, &is, bytes);
	return true;
}

/* Words in place of those that do not stay; NULL: of all. */
static bool
put_words(struct run *run, struct arena *a, struct rendering *r, carried_stays stays,
    void *arg, struct err *err)
{
	const char *at = r->html;
	const struct template_set *t = NULL;
	struct carried_tag first;

	if (!r->html || !carried_next(&at, &first))
		return true;
	t = flow_templates(run, err);
	if (!t)
		return false;
	r->html = html_carried_as_words(a, r->html, &t->media, stays, arg);
	r->html_len = strlen(r->html);
	return true;
}

bool
flow_pictures_load(struct run *run, struct arena *a, struct rendering *r, struct err *err)
{
	struct loading l = { .run = run, .a = a, .err = err };

	if (!put_words(run, a, r, load_one, &l, err) || l.broken)
		return false;
	r->pictures = l.parts;
	r->picture_count = l.count;
	return true;
}

bool
flow_pictures_take_out(struct run *run, struct arena *a, struct rendering *r,
    struct err *err)
{
	return put_words(run, a, r, NULL, NULL, err);
}

/* Writes another address in the place of "cid:ID"; false: that stays. */
typedef bool (*write_address)(struct buf *b, const struct rendering *r,
    const struct carried_tag *tag, const void *arg);

static bool
write_data(struct buf *b, const struct rendering *r, const struct carried_tag *tag,
    const void *arg)
{
	const struct picture_part *p = part_of(r->pictures, r->picture_count, tag);

	(void)arg;
	if (!p)
		return false;
	buf_addf(b, "data:%s;base64,", p->type);
	mime_base64(b, p->bytes, p->len, false);
	return true;
}

static void
readdress(struct arena *a, struct rendering *r, write_address write, const void *arg)
{
	static const char scheme[] = "cid:";
	struct buf b = BUF_INIT(LIMIT_LETTER);
	const char *copied = r->html;
	const char *at = r->html;
	struct carried_tag tag;

	while (at && carried_next(&at, &tag)) {
		const size_t before = b.len;

		buf_add(&b, copied, (size_t)(tag.id - copied) - sizeof(scheme) + 1);
		if (write(&b, r, &tag, arg))
			copied = tag.id + tag.id_len;
		else
			buf_truncate(&b, before);
	}
	if (copied != r->html) {
		buf_adds(&b, copied);
		r->html = arena_strndup(a, buf_text(&b), b.len);
		r->html_len = b.len;
	}
	buf_clear(&b);
}

bool
flow_pictures_inside(struct run *run, struct arena *a, struct rendering *r,
    struct err *err)
{
	if (!flow_pictures_load(run, a, r, err))
		return false;
	readdress(a, r, write_data, NULL);
	return true;
}

/* ---- on a page ---- */

struct on_page {
	const struct logo *logo; /* that the pages have, or NULL */
	const char *src;
	bool shows;
};

static bool
is_on_page(void *arg, const struct carried_tag *tag)
{
	struct on_page *p = arg;
	const bool is = p->logo && carried_is_logo(tag) &&
	    strncmp(tag->id, p->logo->name, PICTURE_NAME) == 0;

	p->shows = p->shows || is;
	return is;
}

static bool
write_src(struct buf *b, const struct rendering *r, const struct carried_tag *tag,
    const void *arg)
{
	const struct on_page *p = arg;

	(void)r;
	(void)tag;
	html_escape(b, p->src, strlen(p->src), HTML_ALL_QUOTES);
	return true;
}

bool
flow_pictures_on_page(struct run *run, struct arena *a, struct rendering *r,
    const struct logo *logo, const char *src, bool *shows, struct err *err)
{
	struct on_page page = { logo, src, false };

	if (!put_words(run, a, r, is_on_page, &page, err))
		return false;
	readdress(a, r, write_src, &page);
	*shows = page.shows;
	return true;
}

/* ---- as long as their letters ---- */

/* A letter that is kept has its logo kept, too. */
static bool
store_logo(struct run *run, struct arena *a, const char *name, struct err *err)
{
	struct picture is;
	const char *bytes = NULL;

	return !is_logo(run, name, &is, &bytes) ||
	    store_picture_put(run->store, arena_printf(a, "logo:%s", name), &is, bytes,
		run->now, err);
}

static bool
mark_used(struct run *run, const struct rendering *r, struct err *err)
{
	struct arena *a = arena_new();
	const char *at = r->html;
	struct carried_tag tag;
	bool ok = true;

	while (ok && at && carried_next(&at, &tag)) {
		const char *name = name_of(a, &tag);

		ok = !name ||
		    ((!carried_is_logo(&tag) || store_logo(run, a, name, err)) &&
			store_picture_used(run->store, name, run->now, err));
	}
	arena_free(a);
	return ok;
}

bool
flow_rendering_put(struct run *run, const struct rendering_key *key,
    const struct rendering *r, const char *letterhead, const struct rendering_base *base,
    struct err *err)
{
	return store_scope_begin(run->store, err) &&
	    store_scope_end(run->store,
		mark_used(run, r, err) &&
		    store_rendering_put(run->store, key, r, letterhead, base, run->now,
			err),
		err);
}
