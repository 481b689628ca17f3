/* SPDX-License-Identifier: ISC */
#include "mail/newsletter_wire.h"

#include <stdint.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"

/* ---- writing ---- */

static void
put_number(struct buf *b, size_t number)
{
	const uint32_t n = (uint32_t)number;

	buf_add(b, &n, sizeof(n));
}

static void
put_text(struct buf *b, const char *text)
{
	const size_t len = text ? strlen(text) : 0;

	put_number(b, len);
	buf_add(b, text ? text : "", len);
}

void
newsletter_wire_write(const struct newsletter *n, struct buf *out)
{
	put_number(out, (size_t)n->kind);
	put_text(out, n->message_id);
	put_text(out, n->list_id);
	put_text(out, n->from);
	put_text(out, n->name);
	put_text(out, n->site);
	put_text(out, n->date);
	put_number(out, n->count);
	for (size_t i = 0; i < n->count; i++) {
		const struct newsletter_post *p = &n->posts[i];

		put_text(out, p->id);
		put_text(out, p->title);
		put_text(out, p->author);
		put_text(out, p->date);
		put_text(out, p->link);
		put_number(out, p->is_html);
		put_text(out, p->text);
	}
}

/* ---- reading ---- */

struct input {
	struct arena *a;
	const char *at, *end;
	bool bad;
};

static size_t
get_number(struct input *in, size_t most)
{
	uint32_t n = 0;

	if (in->bad || (size_t)(in->end - in->at) < sizeof(n)) {
		in->bad = true;
		return 0;
	}
	memcpy(&n, in->at, sizeof(n));
	in->at += sizeof(n);
	if (n <= most)
		return n;
	in->bad = true;
	return 0;
}

static const char *
get_bytes(struct input *in, size_t most)
{
	const size_t len = get_number(in, most);
	const char *text = in->at;
	struct buf clean = BUF_INIT(len);

	if (in->bad || (size_t)(in->end - in->at) < len || !text_is_utf8(text, len)) {
		in->bad = true;
		return "";
	}
	in->at += len;
	if (text_is_clean(text, len))
		return arena_strndup(in->a, text, len);
	text_add_clean(&clean, text, len);
	return arena_take(in->a, &clean);
}

/* One line that anybody may be shown. */
static const char *
get_line(struct input *in)
{
	return text_visible_line(in->a, get_bytes(in, 4 * (size_t)LIMIT_HEADER_VALUE));
}

static void
get_post(struct input *in, struct newsletter_post *p)
{
	p->id = get_line(in);
	p->title = get_line(in);
	p->author = get_line(in);
	p->date = get_line(in);
	p->link = get_line(in);
	p->is_html = get_number(in, 1) == 1;
	p->text = get_bytes(in, LIMIT_NEWSLETTER_ANSWER);
}

bool
newsletter_wire_read(struct arena *a, const char *bytes, size_t len,
    struct newsletter *out)
{
	struct input in = { a, bytes, bytes + len, false };
	struct newsletter_post *posts = NULL;
	size_t count = 0;

	out->kind = (enum newsletter_kind)get_number(&in, NEWSLETTER_DIGEST);
	out->message_id = get_line(&in);
	out->list_id = get_line(&in);
	out->from = get_line(&in);
	out->name = get_line(&in);
	out->site = get_line(&in);
	out->date = get_line(&in);
	count = get_number(&in, LIMIT_NEWSLETTER_POSTS);
	posts = arena_array(a, count, sizeof(*posts));
	for (size_t i = 0; i < count && !in.bad; i++)
		get_post(&in, &posts[i]);
	out->posts = posts;
	out->count = count;
	if (!in.bad && in.at == in.end)
		return true;
	*out = (struct newsletter){ NEWSLETTER_NOTHING, "", "", "", "", "", "", NULL, 0 };
	return false;
}
