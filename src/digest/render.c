/* SPDX-License-Identifier: ISC */
#include "digest/render.h"
#include "digest/group.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "format/mime_encoding.h"
#include "format/template.h"
#include "base/text.h"
#include "digest/body_cache.h"
#include "digest/fit.h"
#include "digest/sheet.h"
#include "digest/templates.h"
#include "digest/view.h"
#include "digest/wording.h"
#include "model/holes.h"

/* Bytes kept free for what fills one hole: an address with a token. */
enum { HOLE_ROOM = 100 };

/* Partials of a template: {{> entry}} in digest.html is entry.html. */
struct partials {
	const struct template_set *set;
	const char *suffix;
};

static const struct template *
find_partial(void *arg, const char *name)
{
	const struct partials *p = arg;
	char full[80];
	int n = snprintf(full, sizeof(full), "%s%s", name, p->suffix);

	if (n < 0 || (size_t)n >= sizeof(full))
		return NULL;
	return template_set_find(p->set, full);
}

static bool
render_template(const struct view *v, const char *name, const char *suffix,
    const struct template_value *root, struct buf *out)
{
	struct partials arg = { v->ctx->templates, suffix };
	struct template_partials partials = { find_partial, &arg };
	char full[80];
	const struct template *form = NULL;

	(void)snprintf(full, sizeof(full), "%s%s", name, suffix);
	form = template_set_find(v->ctx->templates, full);
	if (!form)
		return err_set(v->err, ERR_BUG, "there is no template %s", full);
	if (!template_render(form, root, &partials, true, out, v->err))
		return false;
	if (buf_is_full(out))
		return err_set(v->err, ERR_LIMIT,
		    "a letter's part is larger than %d bytes", LIMIT_PART);
	return true;
}

/* ---- subject ---- */

static bool
render_subject(struct view *v, struct err *err)
{
	bool ok = false;
	const char *setting = v->ctx->config->digest.subject;
	struct template *own = NULL;
	struct buf b = BUF_INIT(LIMIT_SUBJECT);
	struct template_value *root = view_subject(v);

	if (setting && *setting) {
		own = template_new("digest.subject", setting, TEMPLATE_TEXT, err);
		if (!own || !template_render(own, root, NULL, true, &b, err))
			goto out;
	} else if (!render_template(v, "subject", ".txt", root, &b)) {
		goto out;
	}
	if (buf_is_full(&b)) {
		(void)err_set(err, ERR_LIMIT, "the subject is longer than %d bytes",
		    LIMIT_SUBJECT);
		goto out;
	}
	v->subject = text_one_line(v->a, buf_text(&b), b.len);
	ok = !err_is_set(err);
out:
	template_free(own);
	buf_clear(&b);
	return ok;
}

/* ---- the two parts ---- */

/* In the encoding that a letter gets: the smaller one. */
static size_t
encoded_size(const char *text, size_t len)
{
	size_t size = 0;

	(void)mime_prefers_base64(text, len, &size);
	return size;
}

static size_t
room_for_holes(const char *text)
{
	size_t holes = 0;

	while ((text = strchr(text, HOLE_OPEN))) {
		holes++;
		text++;
	}
	return holes * HOLE_ROOM;
}

/* What stands in a comment of HTML, which may not end, nobody sees. */
static bool
has_way_to_leave(const char *text, bool html)
{
	const char *mark = strstr(text, hole_mark(HOLE_LEAVE));
	const char *comment = html ? strstr(text, "<!--") : NULL;

	while (mark && comment && comment < mark) {
		const char *close = strstr(comment + 4, "-->");

		if (!close)
			return false;
		if (close > mark)
			mark = strstr(close, hole_mark(HOLE_LEAVE));
		comment = strstr(close + 3, "<!--");
	}
	return mark != NULL;
}

/* No letter goes without a way to leave at hand, whatever a keeper's templates are like. */
static bool
check_way_to_leave(const struct rendering *r, struct err *err)
{
	const char *part = NULL;

	if (!has_way_to_leave(r->text, false))
		part = "digest.txt";
	else if (r->html && !has_way_to_leave(r->html, true))
		part = "digest.html";
	if (!part)
		return true;
	(void)err_set(err, ERR_CONFIG,
	    "the template %s shows no way to leave: {{hole_leave}} is missing", part);
	return err_hint(err,
	    "put {{hole_leave}} at its foot, as in planetpost-templates(5)");
}

/* The template of the text part. */
static const char *
text_template(const struct view *v)
{
	switch (v->format) {
	case FORMAT_HTML:
	case FORMAT_TEXT:
		break;
	case FORMAT_DIGEST:
		return "messages";
	case FORMAT_PLAIN:
		return "plain";
	}
	return "digest";
}

static bool
render_part(const struct view *v, const char *suffix, const struct template_value *root,
    const char **text, size_t *len)
{
	struct buf b = BUF_INIT(LIMIT_PART);
	const bool is_html = strcmp(suffix, ".html") == 0;
	bool ok =
	    render_template(v, is_html ? "digest" : text_template(v), suffix, root, &b);

	if (ok && is_html)
		sheet_keep_used(&b,
		    strcmp(wording_raw(v->words, "language", "dir"), "rtl") == 0);
	*len = b.len;
	*text = ok ? arena_strndup(v->a, buf_text(&b), b.len) : NULL;
	buf_clear(&b);
	return ok && !err_is_set(v->err);
}

/* Plans until the part that counts fits, or nothing more can be left out. */
static bool
render_fitting(const struct view *v, size_t max, struct rendering *out)
{
	const bool is_text = v->fit->style.measures_text;
	const struct template_value *root = NULL;
	enum fit_verdict verdict = FIT_AGAIN;

	while (verdict == FIT_AGAIN) {
		const char *part = NULL;
		size_t len = 0;

		root = view_make(v);
		if (!render_part(v, is_text ? ".txt" : ".html", root, &part, &len))
			return false;
		out->bytes = encoded_size(part, len);
		out->html = is_text ? NULL : part;
		out->html_len = is_text ? 0 : len;
		verdict = fit_judge(v->fit, out->bytes + room_for_holes(part), len, max);
	}
	if (!render_part(v, ".txt", root, &out->text, &out->text_len))
		return false;
	/* What is left is head and foot: a letter always goes, unless that is an error. */
	if (verdict == FIT_DONE || v->fit->overflow == OVERFLOW_LINK)
		return check_way_to_leave(out, v->err);
	(void)err_set(v->err, ERR_LIMIT,
	    "the letter takes %zu bytes even with titles only, more than %zu", out->bytes,
	    max);
	return err_hint(v->err,
	    "raise digest.max_bytes, lower digest.max_items, "
	    "or set digest.overflow = link");
}

bool
digest_render(struct arena *a, const struct render_context *ctx, const struct digest *d,
    const struct variant *v, struct rendering *out, struct err *err)
{
	const int64_t limit = ctx->config->digest.max_bytes;
	const size_t max = limit > 0 ? (size_t)limit : 0;
	struct fit fitted = { 0 };
	struct view view = { .a = a,
		.ctx = ctx,
		.words = ctx->templates->words,
		.digest = d,
		.fit = &fitted,
		.format = v->format,
		.err = err };

	memset(out, 0, sizeof(*out));
	if (ctx->templates->bodies)
		body_cache_tidy(ctx->templates->bodies);
	fit_init(a, ctx, d, v, max, &fitted);
	if (!render_subject(&view, err) || !render_fitting(&view, max, out)) {
		memset(out, 0, sizeof(*out));
		return err_wrap(err, "issue %s", ctx->issue->name);
	}
	out->subject = view.subject;
	return true;
}

struct date_words
digest_since_words(const struct template_set *t)
{
	return wording_date_words(t->words, "since");
}

const char *
digest_since(struct arena *a, const struct date_words *words, const struct zone *z,
    int64_t instant, struct err *err)
{
	const struct civil c = zone_civil(z, instant);

	return date_in_words(a, words, &c, err);
}
