/* SPDX-License-Identifier: ISC */
/*
 * /i/ISSUE: a letter as everybody may see it.  /archive/: the issues, month by month, and as a
 * feed; a month's as a mailbox.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "flow/export.h"
#include "flow/letter_pictures.h"
#include "format/compress.h"
#include "list/preferences.h"
#include "model/holes.h"
#include "store/archive.h"
#include "store/issues.h"
#include "web/page.h"

enum { IN_A_MONTH = 62, IN_THE_FEED = 20, TITLES = 3, DAY = 86400 };

/* ---- one issue ---- */

/* A letter is drawn by its own styles; pictures only where the newsletter shows them. */
#define LETTER_POLICY(pictures) \
	"default-src 'none'; style-src 'unsafe-inline'; " pictures \
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

static const char *
letter_policy(const struct config *c, bool has_logo)
{
	if (c->digest.images == IMAGES_REMOTE)
		return has_logo ? LETTER_POLICY("img-src 'self' https: http:; ")
				: LETTER_POLICY("img-src https: http:; ");
	return has_logo ? LETTER_POLICY("img-src 'self'; ") : LETTER_POLICY("");
}

static bool
is_hidden(const struct config *c)
{
	return c->web.archive != ARCHIVE_PUBLIC || c->web.robots_stay_away;
}

static bool
has_gone_out(const struct issue *i)
{
	return i->state == ISSUE_SENDING || i->state == ISSUE_PAUSED ||
	    i->state == ISSUE_SENT;
}

bool
page_issue(struct page *p, struct err *err)
{
	const struct config *c = p->run.config;
	const struct logo *logo = &p->site->logo;
	const struct variant whole = variant_of_archive();
	const struct variant shown =
	    variant_of_pages(c->web.archive_full, c->digest.body);
	struct rendering letter;
	struct issue issue;
	const char *html = NULL;
	bool has_logo = false;
	bool found = false;

	p->answer->hide = is_hidden(c);
	if (!store_issue_named(p->run.store, p->a, p->word, &issue, &found, err))
		return false;
	if (found && issue.state == ISSUE_CANCELLED)
		return page_show_plain(p, 410, "page-withdrawn", err);
	if (!found || !has_gone_out(&issue))
		return page_show_plain(p, 404, "page-nothing", err);
	if (!store_archive_letter(p->run.store, p->a, &issue, &shown, &letter, NULL,
		&found, err))
		return false;
	/* Of an issue from before the setting changed, until the next run. */
	if (!found &&
	    !store_archive_letter(p->run.store, p->a, &issue, &whole, &letter, NULL,
		&found, err))
		return false;
	if (!found || !letter.html)
		return page_show_plain(p, 404, "page-nothing", err);
	if (!flow_pictures_on_page(&p->run, p->a, &letter, logo->bytes ? logo : NULL,
		logo->bytes ? page_link(p, "%s", logo->path) : "", &has_logo, err))
		return false;
	html = holes_fill(p->a, letter.html, letter.html_len, NULL, true);
	page_write(p, 200, "text/html; charset=utf-8", html, strlen(html));
	p->answer->policy = letter_policy(c, has_logo);
	return true;
}

/* ---- words ---- */

static const char *
title_or_source(const struct archive_title *t)
{
	return text_is_set(t->title) ? t->title : t->source;
}

/* "Coverage and the new interpreter, DynamoDB crash course, and 20 more". */
static const char *
teaser(struct page *p, const struct issue *issue, struct err *err)
{
	struct template_value *values = template_map(p->a);
	struct archive_title *titles = NULL;
	const char *text = "";
	size_t count = 0;

	if (!store_archive_titles(p->run.store, p->a, issue->id, TITLES, &titles, &count,
		err))
		return "";
	for (size_t i = 0; i < count; i++) {
		struct template_value *pair = template_map(p->a);

		template_put_text(pair, "one", text);
		template_put_text(pair, "two", title_or_source(&titles[i]));
		text = i == 0 ? title_or_source(&titles[0])
			      : page_words(p, "words", "list", pair, err);
	}
	template_put_text(values, "titles", text);
	if (issue->entry_count <= (int64_t)count)
		return page_words(p, "words", "teaser", values, err);
	return page_count_with(p, "teaser_more", issue->entry_count - (int64_t)count,
	    values, err);
}

static struct template_value *
issue_item(struct page *p, const struct issue *issue, struct err *err)
{
	struct template_value *item = template_map(p->a);
	char text[CLOCK_TEXT];

	template_put_text(item, "issue", issue->name);
	template_put_text(item, "link", page_link(p, "/i/%s", issue->name));
	template_put_text(item, "date", page_date(p, "day", issue->date, err));
	template_put_text(item, "subject", issue->subject);
	template_put_text(item, "teaser", teaser(p, issue, err));
	template_put_text(item, "posts", page_count(p, "posts", issue->entry_count, err));
	template_put_text(item, "instant",
	    arena_strdup(p->a, clock_rfc3339(issue->date, text)));
	return item;
}

/* "2026-11" as an instant in it; TIME_NONE for anything else. */
static int64_t
month_instant(struct page *p, const char *month)
{
	int64_t t = TIME_NONE;

	if (!clock_parse(arena_printf(p->a, "%s-15T12:00:00Z", month), &t))
		return TIME_NONE;
	return t;
}

static const char *
month_words(struct page *p, const char *month, struct err *err)
{
	return page_date(p, "month_year", month_instant(p, month), err);
}

/* ---- a month ---- */

/* "2026-11" of "2026/11/", "2026/11" or "2026-11"; NULL for what is none, "" for the newest. */
static const char *
read_month(struct page *p, const char *word)
{
	size_t len = strlen(word);

	if (len == 0)
		return "";
	if (len == strlen("2026/11/") && word[len - 1] == '/')
		len--;
	if (len != strlen("2026-11") || (word[4] != '/' && word[4] != '-'))
		return NULL;
	char *month = arena_strndup(p->a, word, len);
	month[4] = '-';
	return month_instant(p, month) == TIME_NONE ? NULL : month;
}

static void
put_months(struct page *p, struct template_value *root,
    const struct archive_month *months, size_t count, const char *shown, struct err *err)
{
	struct template_value *list = template_list(p->a);

	for (size_t i = 0; i < count; i++) {
		struct template_value *item = template_map(p->a);

		if (strcmp(months[i].name, shown) == 0)
			continue;
		template_put_text(item, "month", month_words(p, months[i].name, err));
		template_put_text(item, "link",
		    page_link(p, "/archive/%.4s/%s/", months[i].name,
			months[i].name + 5));
		template_append(list, item);
	}
	template_put(root, "months", list);
	template_put_bool(root, "has_months",
	    count > 1 || (count == 1 && strcmp(months[0].name, shown) != 0));
}

static struct template_value *
issue_list(struct page *p, const struct issue *issues, size_t count, struct err *err)
{
	struct template_value *list = template_list(p->a);

	for (size_t i = 0; i < count; i++)
		template_append(list, issue_item(p, &issues[i], err));
	return list;
}

bool
page_archive(struct page *p, struct err *err)
{
	const char *month = read_month(p, p->word);
	struct archive_month *months = NULL;
	struct issue *issues = NULL;
	int64_t posts = 0;
	size_t month_count = 0;
	size_t count = 0;

	if (!month || p->run.config->web.archive == ARCHIVE_OFF)
		return page_show_plain(p, 404, "page-nothing", err);
	if (!store_archive_months(p->run.store, p->a, &months, &month_count, err))
		return false;
	if (*month == '\0' && month_count > 0)
		month = months[0].name;
	if (*month &&
	    !store_archive_issues(p->run.store, p->a, month, IN_A_MONTH, &issues, &count,
		err))
		return false;
	if (count == 0 && *p->word)
		return page_show_plain(p, 404, "page-nothing", err);
	p->answer->hide = is_hidden(p->run.config);
	struct template_value *root = page_begin(p, 200);
	for (size_t i = 0; i < count; i++)
		posts += issues[i].entry_count;
	template_put_bool(root, "at_archive", true);
	template_put_bool(root, "is_empty", count == 0);
	template_put_text(root, "month", *month ? month_words(p, month, err) : "");
	template_put_text(root, "issue_words",
	    page_count(p, "issues", (int64_t)count, err));
	template_put_text(root, "post_words", page_count(p, "posts", posts, err));
	template_put(root, "issues", issue_list(p, issues, count, err));
	template_put_text(root, "mbox",
	    count > 0 ? page_link(p, "/archive/%s.mbox.gz", month) : "");
	put_months(p, root, months, month_count, month, err);
	return page_show(p, "page-archive", root, err);
}

/* ---- a month as mail ---- */

/* Everything of it that page_archive() lists, packed. */
static bool
pack_month(struct page *p, const char *month, size_t *count, struct buf *out,
    struct err *err)
{
	const struct export_options o = { .month = month, .as_shown = true };
	char *bytes = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&bytes, &len);

	if (!f)
		return err_errno(err, "%s.mbox", month);
	bool ok = flow_export_mbox(&p->run, &o, f, count, err);
	ok = file_close(f, month, err) && ok;
	ok = ok && compress_gzip(bytes, len, out, err);
	free(bytes);
	return ok;
}

bool
page_archive_mbox(struct page *p, struct err *err)
{
	const char *month =
	    read_month(p, arena_strndup(p->a, p->word, strlen("2026-11")));
	struct buf packed = BUF_INIT(LIMIT_PAGE);
	size_t count = 0;

	if (!month || !*month || p->run.config->web.archive == ARCHIVE_OFF)
		return page_show_plain(p, 404, "page-nothing", err);
	bool ok = pack_month(p, month, &count, &packed, err);
	if (ok && count == 0)
		ok = page_show_plain(p, 404, "page-nothing", err);
	else if (ok) {
		p->answer->hide = is_hidden(p->run.config);
		page_write(p, 200, "application/gzip", buf_text(&packed), packed.len);
		p->answer->download = arena_printf(p->a, "%s.mbox.gz", month);
	}
	buf_clear(&packed);
	return ok;
}

/* ---- the feed ---- */

bool
page_archive_feed(struct page *p, struct err *err)
{
	struct issue *issues = NULL;
	char text[CLOCK_TEXT];
	size_t count = 0;

	if (p->run.config->web.archive == ARCHIVE_OFF)
		return page_show_plain(p, 404, "page-nothing", err);
	if (!store_archive_issues(p->run.store, p->a, NULL, IN_THE_FEED, &issues, &count,
		err))
		return false;
	struct template_value *root = page_begin(p, 200);
	template_put_text(root, "url", p->run.config->web.url);
	template_put_text(root, "updated",
	    arena_strdup(p->a, clock_rfc3339(count > 0 ? issues[0].date : 0, text)));
	template_put(root, "issues", issue_list(p, issues, count, err));
	if (!page_show(p, "archive-atom", root, err))
		return false;
	p->answer->type = "application/atom+xml; charset=utf-8";
	return true;
}
