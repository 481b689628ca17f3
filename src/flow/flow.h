/* SPDX-License-Identifier: ISC */
/*
 * The five verbs: gather, compile, deliver, export, intake.  Each reads like the sentence that
 * describes it; what it decides and how it is done lives in the rooms below.
 */
#ifndef FLOW_FLOW_H
#define FLOW_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "config/options.h"
#include "digest/digest.h"
#include "feed/feed.h"
#include "flow/context.h"
#include "model/model.h"

/* The newsletter's templates and words, loaded once.  Owned by the run. */
const struct template_set *flow_templates(struct run *run, struct err *err) MUST_CHECK;

/* ---- sources.c ---- */

/*
 * Makes the store's sources equal to what the configuration names: its own feed sections and
 * every list of feeds_from, read afresh (files of any known format, OPML, https addresses).
 * A list that cannot be read now leaves its feeds as they are, with a warning.
 */
bool flow_sources_sync(struct run *run, struct err *err) MUST_CHECK;
/*
 * Reads one list of feeds: a path or a web address, of any kind feed_lists.h knows.  What was
 * read with the settings is not read again.  Everything lives in run->arena.
 */
struct feed_list;
bool flow_sources_read(struct run *run, const char *where, struct feed_list *list,
    struct err *err) MUST_CHECK;
/* The user agent with VERSION and LINK replaced.  In a. */
const char *flow_user_agent(struct arena *a, const struct config *c);

struct http_settings;
/* The settings of a fetch, from the configuration. */
void flow_http_settings(struct run *run, struct http_settings *out);

/* ---- probe.c ---- */

/* What one address answers; everything in the run's arena. */
struct probe {
	bool answered;   /* an HTTP answer came */
	bool is_private; /* not asked: a private address, and fetch.allow_private is no */
	long status;
	const char *message;  /* "404 Not Found", "TLS: certificate expired" */
	const char *url;      /* after redirects */
	const char *moved_to; /* when it moved for good */
	const char *content_type, *etag, *last_modified;
	const char *body;
	size_t len;
	int64_t ms;
};
/* False only when nothing can be fetched at all. */
bool flow_probe(struct run *run, const char *url, struct probe *out,
    struct err *err) MUST_CHECK;
/* Reads a probe as a feed; the error says why it is none, *links which feeds a page names. */
bool flow_probe_feed(struct run *run, const struct probe *p, struct feed **feed,
    struct feed_links *links, struct err *err) MUST_CHECK;

/* ---- gather.c ---- */

struct gather_options {
	const char *const
	    *only; /* keys, names or addresses of sources; NULL = all that are due */
	size_t only_count;
	bool believe; /* write failures down however many there are: for a preview */
};
struct gather_failure {
	const char *key, *note; /* of the source, and what came of it */
	bool is_new;            /* it had not failed the time before */
	bool is_lost; /* it answered the time before and cannot be reached now */
};
struct gather_report {
	size_t sources; /* listed and not paused */
	size_t asked;
	size_t unchanged; /* answered 304, or the same entries */
	size_t failed;
	size_t failed_new; /* of those, how many had not failed the time before */
	size_t was_ok;     /* asked ones that had not failed the time before */
	size_t lost; /* of failed_new, those that answered before and never arrived now */
	size_t had_answered; /* of was_ok, those that answered before */
	size_t entries_new;
	size_t entries_old; /* of those, old posts of new feeds: remembered, not mailed */
	size_t entries_seen;
	bool alarmed; /* too many are lost: none that cannot be reached was marked */
	bool told;    /* more than fetch.alarm_at newly failed, whatever the reason */
	const struct gather_failure *failures; /* all that failed, in the run's arena */
	int64_t ms;
};
/*
 * Fetches what is due, parses, looks up, cleans what is new and stores it; a source's entries
 * and its validators commit together.  Single failures are written down, not returned.
 * When most of what answered before cannot be reached, it is this machine's network: then only
 * failures that came over it are written down.
 */
bool flow_gather(struct run *run, const struct gather_options *o,
    struct gather_report *report, struct err *err) MUST_CHECK;

/* ---- compile.c ---- */

/* An issue as a value, before anything is written down: for preview and for freezing. */
struct compiled {
	struct issue issue;
	struct source *sources;
	size_t source_count;
	struct selection selection;
	struct digest digest;
};
struct compile_window {
	int64_t since, until; /* TIME_NONE = open: only entries of that time */
};
/* Selects and groups what is unmailed.  In run->arena. */
bool flow_compile(struct run *run, const struct compile_window *w, struct compiled *out,
    struct err *err) MUST_CHECK;
/* The same for an issue that is written down. */
bool flow_compile_issue(struct run *run, const struct issue *issue, struct compiled *out,
    struct err *err) MUST_CHECK;
/* Renders one variant of it.  In run->arena. */
bool flow_render(struct run *run, const struct compiled *c, const struct variant *v,
    struct rendering *out, size_t *bytes, struct err *err) MUST_CHECK;

struct compile_report {
	bool due; /* the schedule asks for an issue now */
	bool built;
	struct issue issue; /* when built */
	size_t waiting;     /* unmailed entries when it is not due */
	int64_t next;       /* when the next issue is due; TIME_NONE = at the next run */
};
/*
 * Builds the issue that is due: a draft, frozen at once when approval = auto.  Nothing new is
 * no issue (digest.empty = skip).
 */
bool flow_issue_build(struct run *run, bool force, struct compile_report *report,
    struct err *err) MUST_CHECK;
/* Freezes a draft: entries, renderings of every variant in use, state approved; one commit. */
bool flow_issue_freeze(struct run *run, struct issue *issue, struct err *err) MUST_CHECK;

/*
 * Renders a frozen issue for variants that came into use since: somebody joined with other
 * preferences between the freeze and the send.
 */
bool flow_render_missing(struct run *run, const struct issue *issue,
    struct err *err) MUST_CHECK;

/* ---- deliver.c ---- */

struct deliver_options {
	const char *only_to; /* one checked address instead of the list, or NULL */
	int64_t limit;       /* 0 = all */
	bool accept_growth;
};
struct deliver_report {
	int64_t audience; /* newly queued */
	int64_t sent, deferred, refused, unknown, skipped;
	int64_t waiting;   /* queued or deferred when it ended */
	int64_t recovered; /* found in state sending: now unknown */
	int64_t ms;
	bool finished; /* nothing waits any more */
};
/* Queues the issue's letters and sends what may go now.  The run lock must be held. */
bool flow_deliver(struct run *run, struct issue *issue, const struct deliver_options *o,
    struct deliver_report *report, struct err *err) MUST_CHECK;
/* One letter of a compiled issue as bytes, for preview and the demo: `to` is checked. */
bool flow_letter(struct run *run, const struct issue *issue, const struct rendering *r,
    const struct reader *to, struct buf *out, struct err *err) MUST_CHECK;

/* ---- export.c ---- */

struct export_options {
	const char *month; /* "2026-11" or NULL = all */
};
/*
 * Writes every issue sent as mboxrd, oldest first, without any reader's address or token.
 * *count tells how many.
 */
bool flow_export_mbox(struct run *run, const struct export_options *o, FILE *out,
    size_t *count, struct err *err) MUST_CHECK;

/* ---- password.c ---- */

/*
 * The SMTP password from file, credentials directory, command or key; NULL when none.  In the
 * run's arena.  ERR_CONFIG says which of them is wrong.
 */
bool flow_password(struct run *run, const char **out, struct err *err) MUST_CHECK;

/* ---- intake.c ---- */

struct intake_report {
	size_t rows, added, confirmed, unchanged, duplicate, invalid, stays_out;
};
struct intake_options {
	const char *confirmed_by; /* evidence for rows that carry none */
	/* Told of every row that was not taken, with the reason; may be NULL. */
	void (*refused)(void *arg, size_t line, const char *address, const char *reason);
	void *arg;
};
/*
 * Takes readers from a CSV or JSON-lines list, all in one commit.  A row without evidence, and
 * without options->confirmed_by, is refused (double opt-in).
 */
bool flow_intake_list(struct run *run, const char *text, size_t len,
    const struct intake_options *o, struct intake_report *report,
    struct err *err) MUST_CHECK;
/* One reader with evidence.  ERR_INPUT when they are there already or stay out. */
bool flow_intake_reader(struct run *run, struct reader *r, struct err *err) MUST_CHECK;

#endif
