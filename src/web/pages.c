/* SPDX-License-Identifier: ISC */
#include "web/pages.h"

#include <string.h>

#include "base/ascii.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "store/readers.h"
#include "web/page.h"

enum { WORD_MAX = 100, STYLE_SECONDS = 86400, PUBLIC_SECONDS = 300, BUSY_SECONDS = 10 };

enum { NO_TOKEN = 0 };

/* What stands behind the path of a route. */
enum word_kind { WORD_NONE, WORD_TOKEN, WORD_NAME, WORD_MONTH, WORD_MBOX, WORD_ENDING };

static bool
show_style(struct page *p, struct err *err)
{
	(void)err;
	page_write(p, 200, "text/css; charset=utf-8", p->site->style,
	    strlen(p->site->style));
	return true;
}

static bool
show_logo(struct page *p, struct err *err)
{
	const struct logo *logo = &p->site->logo;

	if (!logo->bytes || strcmp(p->word, picture_ending(logo->is.kind)) != 0)
		return page_show_plain(p, 404, "page-nothing", err);
	page_write(p, 200, picture_type(logo->is.kind), logo->bytes, logo->is.len);
	return true;
}

/* The longest path that fits comes first.  A path with a token is never logged, kept or listed. */
static const struct route {
	const char *path;
	unsigned methods;
	enum word_kind word;
	int scope; /* of the token that is the word, or NO_TOKEN */
	int keep_seconds;
	bool (*handle)(struct page *p, struct err *err);
} routes[] = {
	{ "/u/", WEB_GET | WEB_POST, WORD_TOKEN, TOKEN_LEAVE, 0, page_leave },
	{ "/c/", WEB_GET | WEB_POST, WORD_TOKEN, TOKEN_CONFIRM, 0, page_confirm },
	{ "/n/", WEB_GET | WEB_POST, WORD_TOKEN, TOKEN_CONFIRM, 0, page_refuse },
	{ "/subscribe", WEB_GET | WEB_POST, WORD_NONE, NO_TOKEN, 0, page_subscribe },
	{ "/code", WEB_GET | WEB_POST, WORD_NONE, NO_TOKEN, 0, page_code },
	{ "/p/", WEB_GET | WEB_POST, WORD_TOKEN, TOKEN_PREFERENCES, 0, page_preferences },
	{ "/e/", WEB_GET | WEB_POST, WORD_TOKEN, TOKEN_ERASE, 0, page_data },
	{ "/a/", WEB_GET | WEB_POST, WORD_TOKEN, TOKEN_ADDRESS, 0, page_address },
	{ "/i/", WEB_GET, WORD_NAME, NO_TOKEN, PUBLIC_SECONDS, page_issue },
	{ "/archive/atom.xml", WEB_GET, WORD_NONE, NO_TOKEN, PUBLIC_SECONDS,
	    page_archive_feed },
	{ "/atom.xml", WEB_GET, WORD_NONE, NO_TOKEN, PUBLIC_SECONDS, page_archive_feed },
	{ "/archive/", WEB_GET, WORD_MBOX, NO_TOKEN, PUBLIC_SECONDS, page_archive_mbox },
	{ "/archive/", WEB_GET, WORD_MONTH, NO_TOKEN, PUBLIC_SECONDS, page_archive },
	{ "/sources.opml", WEB_GET, WORD_NONE, NO_TOKEN, PUBLIC_SECONDS,
	    page_sources_opml },
	{ "/sources/", WEB_GET, WORD_NAME, NO_TOKEN, PUBLIC_SECONDS, page_sources },
	{ "/sources", WEB_GET, WORD_NONE, NO_TOKEN, PUBLIC_SECONDS, page_sources },
	{ "/privacy", WEB_GET, WORD_NONE, NO_TOKEN, PUBLIC_SECONDS, page_privacy },
	{ "/style.css", WEB_GET, WORD_NONE, NO_TOKEN, STYLE_SECONDS, show_style },
	{ "/logo.", WEB_GET, WORD_ENDING, NO_TOKEN, PUBLIC_SECONDS, show_logo },
	{ "/", WEB_GET, WORD_NONE, NO_TOKEN, 0, page_subscribe },
};

const char *
pages_route(size_t n, unsigned *methods)
{
	if (n >= ARRAY_LEN(routes))
		return NULL;
	*methods = routes[n].methods;
	return routes[n].path;
}

/* ---- finding the route ---- */

/* Letters, digits and "-": no token, day or file of ours has anything else. */
static bool
is_word(const char *text)
{
	size_t n = 0;

	while (ascii_is_alphanumeric((unsigned char)text[n]) || text[n] == '-')
		n++;
	return n > 0 && n <= WORD_MAX && text[n] == '\0';
}

/* "", "2026/11", "2026/11/" or "2026-11". */
static bool
is_month(const char *text)
{
	const size_t len = strspn(text, "0123456789-/");

	return len <= strlen("2026/11/") && text[len] == '\0';
}

/* "2026-11.mbox.gz" */
static bool
is_mbox(const char *text)
{
	const size_t len = strspn(text, "0123456789-");

	return len == strlen("2026-11") && strcmp(text + len, ".mbox.gz") == 0;
}

static bool
fits(enum word_kind kind, const char *text)
{
	switch (kind) {
	case WORD_NONE:
		return *text == '\0';
	case WORD_TOKEN:
	case WORD_NAME:
	case WORD_ENDING:
		return is_word(text);
	case WORD_MONTH:
		return is_month(text);
	case WORD_MBOX:
		return is_mbox(text);
	}
	return false;
}

/*
 * What stands in path behind a route's; NULL when it is another.  People type "/archive" and
 * "/privacy/": a "/" at the end may be missing or be too much.
 */
static const char *
rest_behind(const char *path, const char *route)
{
	const size_t len = strlen(route);
	const bool has_slash = route[len - 1] == '/';

	if (strncmp(path, route, len) == 0)
		return !has_slash && strcmp(path + len, "/") == 0 ? "" : path + len;
	return has_slash && len > 1 && strncmp(path, route, len - 1) == 0 &&
		path[len - 1] == '\0'
	    ? ""
	    : NULL;
}

static const struct route *
match(const char *path, const char **word)
{
	for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
		const char *rest = rest_behind(path, routes[i].path);

		if (rest && fits(routes[i].word, rest)) {
			*word = rest;
			return &routes[i];
		}
	}
	return NULL;
}

/* A proxy may pass the path of web.url on or leave it out. */
static const struct route *
find_route(const struct site *site, const char *path, const char **word)
{
	const size_t base = strlen(site->base);
	const struct route *r = NULL;

	if (base > 0 && strncmp(path, site->base, base) == 0 &&
	    (path[base] == '/' || path[base] == '\0'))
		r = match(path[base] == '/' ? path + base : "/", word);
	return r ? r : match(path, word);
}

/*
 * A token may have a part of its page behind it: "TOKEN-2".  False when the token is none of that
 * scope.
 */
static bool
check_token(struct page *p, enum token_scope scope)
{
	const size_t len = strcspn(p->word, "-");

	p->rest = p->word + len + (p->word[len] == '-');
	p->word = arena_strndup(p->a, p->word, len);
	return token_check(p->site->key, scope, p->word, &p->token);
}

/* A page that was opened in time can be sent a little later. */
static bool
has_run_out(const struct page *p)
{
	return token_has_run_out(&p->token,
	    p->run.now - (p->request->method == WEB_POST ? LIMIT_FORM_OPEN : 0));
}

/* Whoever's key it is reads their own language, also where the key opens nothing any more. */
static bool
speak_to_whose_key(struct page *p, struct err *err)
{
	struct reader r;
	bool found = false;

	if (p->token.reader == 0)
		return true;
	return store_reader_get(p->run.store, p->a, p->token.reader, &r, &found, err) &&
	    (!found || page_speak_to(p, &r, err));
}

/* ---- answering ---- */

static bool
refuse_method(struct page *p, unsigned methods, struct err *err)
{
	const bool asks = p->request->method == WEB_OPTIONS;

	p->answer->allow = methods & WEB_POST
	    ? (methods & WEB_GET ? "GET, HEAD, POST, OPTIONS" : "POST, OPTIONS")
	    : "GET, HEAD, OPTIONS";
	if (!asks)
		return page_show_plain(p, 405, "page-wrong", err);
	page_write(p, 204, NULL, "", 0);
	return true;
}

/* What is wrong with the form of a POST is not told field by field: no form of ours sends it. */
static bool
read_form(struct page *p, int *status)
{
	const struct web_request *r = p->request;

	*status = 200;
	if (r->method != WEB_POST)
		return true;
	*status = r->len > LIMIT_FORM
	    ? 413
	    : form_read(p->a, r->type, r->body, r->len, &p->form);
	return *status == 200;
}

static bool
answer_route(struct page *p, const struct route *r, struct err *err)
{
	int status = 200;

	p->answer->hide = r->keep_seconds == 0;
	if ((p->request->method & r->methods) == 0)
		return refuse_method(p, r->methods, err);
	if (!read_form(p, &status))
		return page_show_plain(p, status, "page-wrong", err);
	if (r->scope != NO_TOKEN) {
		if (!check_token(p, (enum token_scope)r->scope))
			return r->scope == TOKEN_CONFIRM
			    ? page_show_plain(p, 200, "page-expired", err)
			    : page_show_plain(p, 404, "page-lost", err);
		if (!speak_to_whose_key(p, err))
			return false;
		if (has_run_out(p))
			return page_run_out(p, err);
	}
	p->answer->keep_seconds = p->request->method == WEB_GET ? r->keep_seconds : 0;
	return r->handle(p, err);
}

static bool
answer_found(struct page *p, const struct route *r, struct err *err)
{
	if (r)
		return answer_route(p, r, err);
	p->answer->hide = true;
	return page_show_plain(p, 404, "page-nothing", err);
}

/* The page that says that this did not work, in plain text when even that cannot be made. */
static void
answer_error(struct page *p, const struct err *why)
{
	static const char sorry[] = "This did not work. Please try again later.\n";
	const bool is_busy = why->kind == ERR_TEMPORARY;
	const int status = is_busy ? 503 : 500;
	struct err err = ERR_INIT;

	p->answer->keep_seconds = 0;
	p->answer->hide = true;
	p->answer->retry_after = is_busy ? BUSY_SECONDS : 0;
	if (!page_show_plain(p, status, is_busy ? "page-busy" : "page-broken", &err))
		page_write(p, status, "text/plain; charset=utf-8", sorry,
		    sizeof(sorry) - 1);
}

/* Of a path that is a key only the route is told. */
static void
log_answer(const struct page *p, const struct route *r)
{
	static const char *const names[] = { [WEB_GET] = "GET",
		[WEB_POST] = "POST",
		[WEB_OPTIONS] = "OPTIONS",
		[WEB_OTHER] = "other" };

	log_debug("web", "%s %s%s %d", names[p->request->method], r ? r->path : "?",
	    r && r->scope != NO_TOKEN ? "..." : p->word, p->answer->status);
}

static void
begin(struct page *p, const struct site *site, struct arena *a,
    const struct web_request *request, struct web_answer *out)
{
	*p = (struct page){ .site = site,
		.run = *site->run,
		.templates = site->templates,
		.a = a,
		.request = request,
		.answer = out,
		.word = "",
		.rest = "" };
	memset(out, 0, sizeof(*out));
	buf_init(&out->body, LIMIT_PAGE);
	p->run.arena = a;
	p->run.now = site->clock() + site->clock_ahead;
	p->run.started_ms = clock_ticks_ms();
}

void
pages_refuse(const struct site *site, struct arena *a, const struct web_request *request,
    const struct err *why, struct web_answer *out)
{
	struct page p;

	begin(&p, site, a, request, out);
	answer_error(&p, why);
	log_answer(&p, NULL);
}

void
pages_answer(const struct site *site, struct arena *a, const struct web_request *request,
    struct web_answer *out)
{
	struct page p;
	struct err err = ERR_INIT;

	begin(&p, site, a, request, out);
	const struct route *r = find_route(site, request->path, &p.word);
	if (!answer_found(&p, r, &err)) {
		if (site->trouble)
			*site->trouble = err;
		else
			log_warn("web", "%s: %s", r ? r->path : "?", err.text);
		answer_error(&p, &err);
	}
	log_answer(&p, r);
}
