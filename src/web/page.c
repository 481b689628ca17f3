/* SPDX-License-Identifier: ISC */
#include "web/page.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/limits.h"
#include "digest/templates.h"

/* Nothing but our own style sheet and forms: no script, no picture, no frame around it. */
static const char page_policy[] =
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'";
/* The same with the newsletter's own logo. */
static const char logo_policy[] =
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'";

struct template_value *
page_begin(struct page *p, int status)
{
	const struct config *c = p->run.config;
	const struct logo *logo = &p->site->logo;
	struct template_value *root = template_map(p->a);

	p->answer->status = status;
	p->answer->policy = logo->bytes ? logo_policy : page_policy;
	template_put_text(root, "name", c->newsletter.name);
	template_put_text(root, "description", c->newsletter.description);
	template_put_text(root, "language", p->templates->language);
	template_put_text(root, "dir",
	    wording_raw(p->templates->words, "language", "dir"));
	template_put_text(root, "base", p->site->base);
	template_put_text(root, "logo", logo->bytes ? logo->path : "");
	template_put_int(root, "logo_width", p->site->logo_width);
	template_put_int(root, "logo_height", p->site->logo_height);
	template_put_text(root, "owner", p->site->owner);
	template_put_text(root, "from", p->site->from);
	template_put_bool(root, "hide", p->answer->hide);
	template_put_text(root, "terms", c->web.terms);
	template_put_bool(root, "has_archive", c->web.archive == ARCHIVE_PUBLIC);
	/* Of which page the header speaks; it says so itself. */
	template_put_bool(root, "at_archive", false);
	template_put_bool(root, "at_sources", false);
	template_put_bool(root, "at_privacy", false);
	return root;
}

bool
page_speak_to(struct page *p, const struct reader *r, struct err *err)
{
	p->templates = flow_templates_in(&p->run, r->variant.language, err);
	return p->templates != NULL;
}

static const struct template *
find_partial(void *arg, const char *name)
{
	const struct page *p = arg;
	char full[80];
	const int n = snprintf(full, sizeof(full), "%s.html", name);

	return n > 0 && (size_t)n < sizeof(full) ? template_set_find(p->templates, full)
						 : NULL;
}

bool
page_show(struct page *p, const char *name, const struct template_value *root,
    struct err *err)
{
	const struct template_partials partials = { find_partial, p };
	const struct template *form = find_partial(p, name);

	if (!form)
		return err_set(err, ERR_BUG, "there is no template %s.html", name);
	p->answer->type = "text/html; charset=utf-8";
	buf_reset(&p->answer->body);
	if (err_is_set(err) ||
	    !template_render(form, root, &partials, true, &p->answer->body, err))
		return false;
	return !buf_is_full(&p->answer->body) ||
	    err_set(err, ERR_LIMIT, "the page %s is larger than %d bytes", name,
		LIMIT_PAGE);
}

bool
page_show_plain(struct page *p, int status, const char *name, struct err *err)
{
	return page_show(p, name, page_begin(p, status), err);
}

void
page_write(struct page *p, int status, const char *type, const char *bytes, size_t len)
{
	p->answer->status = status;
	p->answer->policy = page_policy;
	p->answer->type = type;
	buf_reset(&p->answer->body);
	buf_add(&p->answer->body, bytes, len);
}

char *
page_link(struct page *p, const char *fmt, ...)
{
	struct buf b = BUF_INIT(LIMIT_URL);
	va_list ap;

	buf_adds(&b, p->site->base);
	va_start(ap, fmt);
	buf_vaddf(&b, fmt, ap);
	va_end(ap);
	return arena_take(p->a, &b);
}

char *
page_token_link(struct page *p, char route, enum token_scope scope,
    const struct reader *r)
{
	const struct token token = { .scope = scope,
		.reader = r->id,
		.epoch = r->epoch,
		.issue = p->token.issue,
		.made = p->run.now };
	char text[TOKEN_SIZE];

	token_make(p->site->key, &token, text);
	return page_link(p, "/%c/%s", route, text);
}
