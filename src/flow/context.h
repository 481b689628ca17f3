/* SPDX-License-Identifier: ISC */
/*
 * What every verb is given, and its clock.  A run is one run of a command: cmd opens what is
 * in it and closes it again; the verbs borrow all of it.
 */
#ifndef FLOW_CONTEXT_H
#define FLOW_CONTEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/zone.h"
#include "config/settings.h"

struct store;
struct template_set;
struct issue_stock;
struct logo;
struct letterhead;
struct run {
	struct store *store;
	const struct settings *settings;
	const struct config *config; /* of settings */
	const struct zone *zone;     /* the newsletter's */
	struct arena *arena;         /* for what lives as long as the command */
	struct random_source *random;
	struct template_set
	    *templates;          /* opened by the first that renders; cmd closes them */
	const struct logo *logo; /* logo.h; read by the first that shows it */
	const struct letterhead
	    *letterhead;           /* of the letters at hand; NULL: as it is set */
	struct issue_stock *stock; /* of the letters of a send; NULL: nothing is kept */
	int64_t now;
	int64_t started_ms; /* clock_ticks_ms() when now was taken */
	const char *version;
	const char *host_name;
	const char *quarantine_path; /* of mail that was not understood, or NULL */
	const char *wake_path;       /* touched when a notice waits, or NULL */
	const char *reading_path;    /* the file of flow/being_read, or NULL */
	const char *credentials_dir; /* $CREDENTIALS_DIRECTORY or NULL */
	const char *journal_path;    /* of letters that are out; NULL: none is kept */
	const char *rescue_dir;      /* for them, when its disk is broken, or NULL */
	const char *boot;            /* names this start of the machine; "" = not known */
	int64_t patience_ms; /* how long a database that is locked is waited for */
	bool in_trial;       /* store is a copy (trial.h) */
	bool dry_run;
	bool show_progress;
	bool (*interrupted)(void);
};

/* The newsletter's templates and words, loaded once.  Owned by the run. */
const struct template_set *flow_templates(struct run *run, struct err *err) MUST_CHECK;
/*
 * Those of another language, NULL or "" being the newsletter's; the newsletter's too, with a
 * warning, when that language has no templates any more.  Owned by the run.
 */
const struct template_set *flow_templates_in(struct run *run, const char *language,
    struct err *err) MUST_CHECK;
/* A user agent as configured, or NULL, with VERSION and LINK replaced.  In the run's arena. */
const char *flow_user_agent(struct run *run, const char *configured);
struct http_settings;
/* The settings of a fetch, from the configuration. */
void flow_http_settings(struct run *run, struct http_settings *out);
/* How many threads read and clean documents beside the run's own. */
size_t flow_reading_threads(const struct run *run);
/*
 * Tells the sender that a notice waits: touches wake_path, which a path unit of systemd may
 * watch.  When that cannot be done the notice goes with the next run.
 */
void flow_wake(const struct run *run);
/* now plus what has passed since: for rows written late in a long run. */
int64_t flow_now(const struct run *run);

#endif
