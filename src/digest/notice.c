/* SPDX-License-Identifier: ISC */
#include "digest/notice.h"

#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"
#include "format/template.h"
#include "html/from_text.h"
#include "model/holes.h"

enum { COLUMNS = 72, DAY = 86400, HOUR = 3600 };

struct notice_view {
	struct arena *a;
	const struct template_set *t;
	const struct config *c;
	const struct zone *zone;
	const struct notice_words *w;
	struct err *err;
};

static void
put(struct template_value *root, const char *key, const char *text)
{
	template_put_text(root, key, text ? text : "");
}

/* "3 days", "12 hours". */
static const char *
length_words(const struct notice_view *v, int64_t seconds)
{
	const bool days = seconds % DAY == 0;

	return wording_count(v->a, v->t->words, days ? "days" : "hours",
	    (seconds + HOUR - 1) / (days ? DAY : HOUR), NULL, v->err);
}

static const char *
moment_words(const struct notice_view *v, int64_t at)
{
	const struct civil civil = zone_civil(v->zone, at);
	const char *zone = NULL;

	(void)zone_offset(v->zone, at, &zone);
	return wording_date(v->a, v->t->words, "long_moment", &civil, zone, v->err);
}

/* planet+subscribe@example.net and its like under their words. */
static struct template_value *
command_addresses(const struct notice_view *v)
{
	static const char *const words[] = { "subscribe", "unsubscribe", "hold", "weekly",
		"daily", "help" };
	struct template_value *map = template_map(v->a);
	const char *address = v->w->command_address ? v->w->command_address : "";
	const char *at = strrchr(address, '@');

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		template_put_text(map, words[i],
		    at ? arena_printf(v->a, "%.*s+%s%s", (int)(at - address), address,
			     words[i], at)
		       : "");
	return map;
}

static void
put_ways(const struct notice_view *v, struct template_value *root)
{
	const struct notice_words *w = v->w;
	const bool has_web = text_is_set(v->c->web.url);

	put(root, "code", w->code);
	template_put_bool(root, "by_page", w->by_page);
	put(root, "confirm_url", w->confirm_url);
	put(root, "refuse_url", w->refuse_url);
	put(root, "refuse_mail", w->refuse_mail);
	put(root, "back_mail", w->back_mail);
	put(root, "data_url", w->data_url);
	put(root, "new_address", w->new_address);
	template_put_bool(root, "erases", w->erases);
	template_put_bool(root, "can_reply", w->can_reply);
	template_put_bool(root, "has_choice",
	    w->by_page + (w->confirm_url != NULL) + w->can_reply > 1);
	template_put(root, "address", command_addresses(v));
	put(root, "manage", w->links_manage && has_web ? hole_mark(HOLE_MANAGE) : "");
	put(root, "leave", w->links_leave ? hole_mark(HOLE_LEAVE) : "");
}

static void
put_lines(const struct notice_view *v, struct template_value *root, const char *key,
    const struct feed_lines *lines)
{
	struct template_value *list = template_list(v->a);

	for (size_t i = 0; lines && i < lines->count; i++) {
		struct template_value *item = template_map(v->a);

		/* A line of its own each: strangers' words do not begin another. */
		put(item, "feed",
		    text_one_line(v->a, lines->list[i].feed,
			strlen(lines->list[i].feed)));
		put(item, "what",
		    text_one_line(v->a, lines->list[i].what,
			strlen(lines->list[i].what)));
		put(item, "with", lines->list[i].with);
		template_append(list, item);
	}
	template_put(root, key, list);
	template_put_bool(root, arena_printf(v->a, "has_%s", key),
	    lines && lines->count > 0);
}

static void
put_news(const struct notice_view *v, struct template_value *root)
{
	const struct feed_news *n = v->w->news;

	put_lines(v, root, "needs", n ? &n->needs : NULL);
	put_lines(v, root, "moved", n ? &n->moved : NULL);
	put_lines(v, root, "gone", n ? &n->gone : NULL);
	put_lines(v, root, "mended", n ? &n->mended : NULL);
	put_lines(v, root, "quiet", n ? &n->quiet : NULL);
	template_put_int(root, "still", n ? n->still : 0);
	template_put_bool(root, "has_still", n && n->still > 0);
	template_put_int(root, "joined", n ? n->joined : 0);
	template_put_int(root, "left", n ? n->left : 0);
	template_put_bool(root, "has_readers", n && n->joined + n->left > 0);
	put(root, "since", n ? n->since : NULL);
}

static struct template_value *
make_view(const struct notice_view *v)
{
	const struct notice_words *w = v->w;
	const struct wording *words = v->t->words;
	struct template_value *root = template_map(v->a);

	put(root, "name", v->c->newsletter.name);
	put(root, "link", v->c->newsletter.link);
	put(root, "language", v->t->language);
	put(root, "dir", wording_raw(words, "language", "dir"));
	put(root, "postal_address", v->c->newsletter.postal_address);
	put(root, "owner",
	    text_is_set(v->c->newsletter.owner) ? v->c->newsletter.owner
						: v->c->newsletter.from);
	put_ways(v, root);
	put(root, "within", w->within > 0 ? length_words(v, w->within) : "");
	put(root, "asked", w->asked != TIME_NONE ? moment_words(v, w->asked) : "");
	put(root, "network", w->network);
	put(root, "rhythm", w->rhythm ? wording_raw(words, "rhythm", w->rhythm) : "");
	put(root, "request",
	    w->command ? wording_raw(words, "requests", w->command) : "");
	put(root, "done", w->command ? wording_raw(words, "dones", w->command) : "");
	template_put(root, "style", v->t->styles.values);
	template_put_bool(root, "on_hold", w->on_hold);
	template_put_bool(root, "newest", w->newest);
	template_put_int(root, "number", w->number);
	put_news(v, root);
	return root;
}

/* One line of the template is one paragraph, or one item behind "- ". */
static void
wrap_line(struct buf *out, const char *line)
{
	const bool item = strncmp(line, "- ", 2) == 0;

	if (*line == '\0')
		buf_addc(out, '\n');
	else
		wrap_text(out, item ? line + 2 : line, COLUMNS, item ? "- " : "",
		    item ? "  " : "");
}

static const char *
wrap_body(struct arena *a, const char *body)
{
	struct buf b = BUF_INIT(LIMIT_PART);

	while (*body) {
		const size_t len = strcspn(body, "\n");

		wrap_line(&b, arena_strndup(a, body, len));
		body += len + (body[len] != '\0');
	}
	return arena_take(a, &b);
}

static const char *
render(const struct notice_view *v, const char *name, const struct template_value *root)
{
	const struct template *form = template_set_find(v->t, name);
	struct buf b = BUF_INIT(LIMIT_PART);
	const char *text = NULL;

	if (!form)
		(void)err_set(v->err, ERR_BUG, "there is no template %s", name);
	else if (template_render(form, root, NULL, true, &b, v->err))
		text = arena_strndup(v->a, buf_text(&b), b.len);
	buf_clear(&b);
	return text;
}

/* In HTML what fills a hole is an address and can be followed. */
static const char *
link_holes(struct arena *a, const char *html)
{
	struct buf b = BUF_INIT(LIMIT_PART);
	const char *end = html + strlen(html);

	for (;;) {
		enum hole hole = HOLE_COUNT;
		const char *after = NULL;
		const char *mark = hole_find(html, end, &hole, &after);

		buf_add(&b, html, (size_t)((mark ? mark : end) - html));
		if (!mark || !after)
			break;
		buf_addf(&b, "<a href=\"%s\">%s</a>", hole_mark(hole), hole_mark(hole));
		html = after;
	}
	return arena_take(a, &b);
}

static const char *
render_html(const struct notice_view *v, struct template_value *root,
    const struct rendering *r, const char *body)
{
	put(root, "subject", r->subject);
	template_put_html(root, "body",
	    link_holes(v->a, html_from_text(v->a, body, strlen(body))));
	return render(v, "notice.html", root);
}

bool
digest_notice(struct arena *a, const struct template_set *t, const struct config *c,
    const struct zone *zone, const char *name, const struct notice_words *w,
    struct rendering *out, struct err *err)
{
	const struct notice_view v = { a, t, c, zone, w, err };
	struct template_value *root = make_view(&v);
	const char *all = render(&v, arena_printf(a, "notice-%s.txt", name), root);
	const char *body = NULL;

	memset(out, 0, sizeof(*out));
	if (!all || err_is_set(err))
		return false;
	out->subject = text_one_line(a, all, strcspn(all, "\n"));
	body = all + strcspn(all, "\n");
	body += strspn(body, "\n");
	out->text = wrap_body(a, body);
	out->text_len = strlen(out->text);
	out->html = render_html(&v, root, out, body);
	if (!out->html)
		return false;
	out->html_len = strlen(out->html);
	return true;
}
