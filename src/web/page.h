/* SPDX-License-Identifier: ISC */
/*
 * A page that is being answered: what its handler is given, and how it shows something.  The
 * table of pages.c decides which handler that is; it has checked method, form and token.
 */
#ifndef WEB_PAGE_H
#define WEB_PAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "flow/context.h"
#include "format/template.h"
#include "list/token.h"
#include "model/model.h"
#include "web/form.h"
#include "web/request.h"
#include "web/site.h"

struct page {
	const struct site *site;
	struct run run; /* of this request: its clock and its arena */
	struct arena *a;
	const struct template_set *templates; /* in the language of the page */
	const struct web_request *request;
	struct web_answer *answer;
	const char *word;   /* what stands in the path behind the route's, or "" */
	const char *rest;   /* of a token's word: what stands behind its "-", or "" */
	struct token token; /* of a route that asks for one; checked */
	struct form form;   /* of POST */
};

/* The reader of the page's token; *found false without an error when it is nobody's any more. */
bool page_find_reader(struct page *p, struct reader *r, bool *found,
    struct err *err) MUST_CHECK;
/* What a reader does on a page; detail: for their history, or NULL. */
bool page_move(struct page *p, struct reader *r, enum reader_event event,
    const char *detail, struct err *err) MUST_CHECK;
/* No letters until r->hold_until. */
bool page_hold(struct page *p, struct reader *r, struct err *err) MUST_CHECK;
/* From now on the page is in the reader's language. */
bool page_speak_to(struct page *p, const struct reader *r, struct err *err) MUST_CHECK;

/* ---- showing ---- */

/* The names that every page has; see planetpost-templates(5).  status: of the answer. */
struct template_value *page_begin(struct page *p, int status) MUST_CHECK;
/* Renders templates/LANG/NAME.html into the answer. */
bool page_show(struct page *p, const char *name, const struct template_value *root,
    struct err *err) MUST_CHECK;
/* A page without values of its own. */
bool page_show_plain(struct page *p, int status, const char *name,
    struct err *err) MUST_CHECK;
/* Bytes of another type, borrowed. */
void page_write(struct page *p, int status, const char *type, const char *bytes,
    size_t len);
/* "/base/path": where a link of ours leads.  In the page's arena. */
char *page_link(struct page *p, const char *fmt, ...) PRINTF_LIKE(2, 3) MUST_CHECK;
/* The link of a reader's token of that scope: "/base/p/TOKEN". */
char *page_token_link(struct page *p, char route, enum token_scope scope,
    const struct reader *r) MUST_CHECK;

/* ---- words (page_words.c) ---- */

/* A text of messages.ini; values may be NULL. */
const char *page_words(struct page *p, const char *section, const char *key,
    const struct template_value *values, struct err *err);
/* "25 posts": the form of a section for n things; values are further names. */
const char *page_count(struct page *p, const char *section, int64_t n, struct err *err);
const char *page_count_with(struct page *p, const char *section, int64_t n,
    struct template_value *values, struct err *err);
/* "24 November 2026", by a form of [dates], in the newsletter's zone. */
const char *page_date(struct page *p, const char *form, int64_t instant, struct err *err);
/* The same in the zone that the reader has chosen. */
const char *page_reader_date(struct page *p, const struct reader *r, const char *form,
    int64_t instant, struct err *err);
const char *page_weekday(struct page *p, int day, struct err *err);
/* "once a week, on Monday about 7:00": when letters come by that cadence. */
const char *page_when(struct page *p, const struct cadence *c, struct err *err);

/* ---- handlers, each in the file of its name ---- */

bool page_leave(struct page *p, struct err *err) MUST_CHECK;
bool page_subscribe(struct page *p, struct err *err) MUST_CHECK;
bool page_code(struct page *p, struct err *err) MUST_CHECK;
bool page_confirm(struct page *p, struct err *err) MUST_CHECK;
bool page_refuse(struct page *p, struct err *err) MUST_CHECK;
bool page_preferences(struct page *p, struct err *err) MUST_CHECK;
bool page_data(struct page *p, struct err *err) MUST_CHECK;
bool page_address(struct page *p, struct err *err) MUST_CHECK;
/* In the place of any other when the link has run out. */
bool page_run_out(struct page *p, struct err *err) MUST_CHECK;
bool page_issue(struct page *p, struct err *err) MUST_CHECK;
bool page_archive(struct page *p, struct err *err) MUST_CHECK;
bool page_archive_mbox(struct page *p, struct err *err) MUST_CHECK;
bool page_archive_feed(struct page *p, struct err *err) MUST_CHECK;
bool page_sources(struct page *p, struct err *err) MUST_CHECK;
bool page_sources_opml(struct page *p, struct err *err) MUST_CHECK;
bool page_privacy(struct page *p, struct err *err) MUST_CHECK;

#endif
