/* SPDX-License-Identifier: ISC */
#include "flow/web_check.h"

#include <string.h>

#include "flow/context.h"
#include "flow/probe.h"
#include "store/notes.h"

static const char answered_note[] = "web.answered";

static bool
is_asked(const struct run *run)
{
	return *run->config->web.url && !run->config->web.answers_elsewhere;
}

static bool
nothing_answers(const struct run *run, const char *what, struct err *err)
{
	(void)err_set(err, ERR_CONFIG, "web.url: no readers' pages answer at %s: %s",
	    run->config->web.url, what);
	(void)err_why(err,
	    "every letter would carry links to them, the one to leave too");
	return err_hint(err,
	    "start planetpost serve behind your web server; empty web.url: people leave by mail; "
	    "web.answers = elsewhere: other pages are there");
}

static bool
is_redirected(const struct run *run, const char *to, struct err *err)
{
	(void)err_set(err, ERR_CONFIG, "web.url: %s redirects to %s",
	    run->config->web.url, to);
	(void)err_why(err, "leaving by one click must not be redirected (RFC 8058)");
	return err_hint(err, "make web.url the address where the pages are");
}

bool
flow_web_check(struct run *run, struct err *err)
{
	struct config config = *run->config;
	struct run asking = *run;
	struct probe p;
	const char *url = NULL;

	if (!is_asked(run))
		return true;
	asking.config = &config;
	config.fetch.allow_private = true;
	url = arena_printf(run->arena, "%s/", config.web.url);
	if (!flow_probe(&asking, url, PROBE_WHOLE, &p, err))
		return false;
	if (!p.answered || p.status != 200)
		return nothing_answers(run, p.message, err);
	return strcmp(p.url, url) == 0 || is_redirected(run, p.url, err);
}

bool
flow_web_check_once(struct run *run, struct err *err)
{
	const char *answered = NULL;

	if (!is_asked(run))
		return true;
	if (!store_note_get(run->store, run->arena, answered_note, &answered, err))
		return false;
	if (answered && strcmp(answered, run->config->web.url) == 0)
		return true;
	return flow_web_check(run, err) &&
	    store_note_set(run->store, answered_note, run->config->web.url, err);
}
