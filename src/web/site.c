/* SPDX-License-Identifier: ISC */
#include "web/site.h"

#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "config/style_colours.h"
#include "digest/templates.h"
#include "flow/context.h"
#include "flow/letterhead.h"
#include "format/url.h"
#include "store/notes.h"

/* Pixels, above each page beside its links. */
enum { LOGO_WIDEST = 180, LOGO_HIGHEST = 36 };

/* "/p" of "https://news.example.org/p/". */
static const char *
path_of(struct arena *a, const char *web_url)
{
	struct url url;

	if (!url_split(a, web_url, &url))
		return "";
	size_t len = strlen(url.path);
	while (len > 0 && url.path[len - 1] == '/')
		len--;
	return arena_strndup(a, url.path, len);
}

/* Behind page.css: its colours by other names.  Buttons have white or paper as their text. */
static const char *
colour_rules(struct run *run)
{
	struct style_colours colours;
	const char *rules = "";

	style_colours_of(run->config, &colours);
	if (*colours.light)
		rules =
		    arena_printf(run->arena, "\n:root { --blue: %s; }", colours.light);
	if (*colours.dark)
		rules = arena_printf(run->arena,
		    "%s\n@media (prefers-color-scheme: dark) { :root { --blue: %s; } }",
		    rules, colours.dark);
	return rules;
}

/* The style sheet of the templates, behind it the settings and the keeper's own. */
static bool
read_style(struct run *run, const char **out, struct err *err)
{
	const struct config *c = run->config;
	const char *style = template_set_text(run->arena, c->digest.template_dir,
	    c->newsletter.language, "page.css", err);
	struct buf own = BUF_INIT(LIMIT_STYLE);

	if (!style)
		return false;
	*out = arena_printf(run->arena, "%s%s", style, colour_rules(run));
	if (!*c->web.css)
		return true;
	bool ok = file_read(c->web.css, &own, err);
	if (ok) {
		*out = arena_printf(run->arena, "%s\n%s", *out, buf_text(&own));
	} else {
		err->kind = ERR_CONFIG;
		ok = err_wrap(err, "web.css"); /* false */
	}
	buf_clear(&own);
	return ok;
}

/* Pages go without it as letters do. */
static void
read_logo(struct run *run, struct site *out)
{
	const struct logo *logo = flow_logo(run);

	if (!logo)
		return;
	out->logo = *logo;
	flow_logo_fit(&logo->is, LOGO_WIDEST, LOGO_HIGHEST, &out->logo_width,
	    &out->logo_height);
}

bool
site_open(struct run *run, struct site *out, struct err *err)
{
	const struct config *c = run->config;
	struct template_language *languages = NULL;
	struct letterhead head;

	memset(out, 0, sizeof(*out));
	if (!text_is_set(c->web.url)) {
		err_set(err, ERR_CONFIG, "web.url is not set: where are the pages?");
		return err_hint(err, "url = https://news.your.domain under [web]");
	}
	if (!network_list_parse(c->web.trusted_proxy, &out->trusted))
		return err_set(err, ERR_CONFIG, "web.trusted_proxy: '%s'",
		    c->web.trusted_proxy);
	out->run = run;
	out->base = path_of(run->arena, c->web.url);
	out->clock = clock_now;
	out->clock_ahead = run->now - clock_now();
	out->templates = flow_templates(run, err);
	if (!out->templates || !letterhead_now(run, run->now, &head, err) ||
	    !store_key(run->store, out->key, err) ||
	    !template_languages(run->arena, c->digest.template_dir, &languages,
		&out->language_count, err))
		return false;
	out->languages = languages;
	out->from = head.common.from.address;
	out->owner = head.common.list_owner + strlen("mailto:");
	read_logo(run, out);
	return read_style(run, &out->style, err);
}
