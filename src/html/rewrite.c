/* SPDX-License-Identifier: ISC */
#include "html/rewrite.h"

#include <stdlib.h>

#include "base/mem.h"

struct html_rewrite *
rewrite_new(void)
{
	struct html_rewrite *r = xcalloc(1, sizeof(*r));

	buf_init(&r->out, 2 * LIMIT_HTML_CLEAN);
	buf_init(&r->text, 2 * LIMIT_HTML_CLEAN);
	writer_init(&r->w, &r->out);
	return r;
}

char *
rewrite_finish(struct html_rewrite *r, struct arena *a)
{
	char *html;

	writer_finish(&r->w);
	html = arena_take(a, &r->out);
	buf_clear(&r->text);
	free(r);
	return html;
}

/* The attributes are clean already and are taken over as they stand. */
static void
start_tag(struct html_rewrite *r, const struct html_token *t)
{
	size_t name = 1;
	uint32_t handle;

	while (name + 1 < t->len && t->text[name] != ' ')
		name++;
	if (name + 1 < t->len)
		buf_add(&r->w.attrs, t->text + name, t->len - 1 - name);
	if (tag_is(t->tag, TAG_IS_VOID)) {
		writer_void(&r->w, t->tag);
		return;
	}
	handle = writer_open(&r->w, t->tag);
	if (r->depth < ARRAY_LEN(r->handles)) {
		r->handles[r->depth] = handle;
		r->tags[r->depth++] = t->tag;
	}
}

static void
end_tag(struct html_rewrite *r, const struct html_token *t)
{
	if (r->depth == 0 || r->tags[r->depth - 1] != t->tag)
		return;
	writer_close(&r->w, r->handles[--r->depth]);
}

void
rewrite_token(struct html_rewrite *r, const struct html_token *t)
{
	switch (t->kind) {
	case SCAN_TEXT:
		buf_reset(&r->text);
		scan_decode(&r->text, t->text, t->len);
		writer_text(&r->w, buf_text(&r->text), r->text.len);
		break;
	case SCAN_START:
		start_tag(r, t);
		break;
	case SCAN_END:
		end_tag(r, t);
		break;
	}
}

void
rewrite_tag(struct html_rewrite *r, enum token_kind kind, enum html_tag tag)
{
	rewrite_token(r, &(struct html_token){ kind, tag, "", 0 });
}
