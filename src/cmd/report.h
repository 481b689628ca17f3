/* SPDX-License-Identifier: ISC */
/* What several commands say of feeds, issues and letters: to people, and to the log. */
#ifndef CMD_REPORT_H
#define CMD_REPORT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "cmd/app.h"
#include "cmd/facts.h"
#include "feed/feed.h"
#include "flow/compile.h"
#include "flow/deliver.h"
#include "flow/gather.h"
#include "model/model.h"

/* How a round of fetching went. */
void say_gathered(const struct app *app, const struct gather_report *g);
/*
 * How many old posts are no news, when there are any; which feeds' posts are held; which are asked
 * elsewhere from now on, or no more.
 */
void say_old(const struct app *app, const struct gather_report *g);
/*
 * New failures on standard error: where a person looks, and elsewhere when they are many.
 * strict: all failures, everywhere.
 */
void say_failures(const struct gather_report *g, bool strict);
/* Feeds whose trouble has lasted, told once: on standard error. */
void say_troubles(const struct app *app, const struct source *list, size_t count);
/* ERR_PARTIAL for a round that alarmed; what: what was left undone. */
bool refuse_lost(const struct app *app, const struct gather_report *g, const char *what,
    struct err *err);
/* ERR_PARTIAL that names the feeds that failed; there is at least one. */
bool refuse_failures(const struct gather_report *g, struct err *err);

void say_built(const struct app *app, const struct compile_report *c);
/* Why there is no issue, when there is something to say of it. */
void say_not_built(const struct app *app, const struct compile_report *c);
/* What became of an issue's letters. */
void say_delivered(const struct app *app, const struct deliver_report *d);
/* An issue was approved and no reader is due. */
void say_nobody(const struct app *app, const char *issue);
/* ERR_HUMAN: posts wait and nobody reads; says who is on hold or has not confirmed. */
bool refuse_nobody(const struct app *app, struct err *err);

/* The feeds that a web page names, one a line: number, address, title.  In a; "" when none. */
const char *page_feeds(struct arena *a, const struct feed_links *links,
    const char *indent);
/* ERR_INPUT for a web page where a feed was wanted; why: the feeds it names. */
bool refuse_page(struct arena *a, const char *where, const struct feed_links *links,
    struct err *err);
/* "soft", "hard", "complaint". */
const char *bounce_kind_word(int kind);
/* What came back from a reader, newest first: lines, or the list came_back. */
bool print_bounces(struct facts *f, const struct reader *r, struct err *err) MUST_CHECK;

#endif
