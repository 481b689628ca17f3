/* SPDX-License-Identifier: ISC */
#include "cmd/health_words.h"

#include <string.h>

#include "fetch/poll_policy.h"
#include "fetch/source_health.h"
#include "format/url.h"
#include "model/names.h"

const char *
health_words(struct arena *a, const struct source *s)
{
	switch (source_health_state(s)) {
	case SOURCE_FLOOD:
		return arena_printf(a, "%lld unseen post%s held: release or drop",
		    (long long)(s->held + s->held_more),
		    s->held + s->held_more == 1 ? " is" : "s are");
	case SOURCE_MOVED:
		return arena_printf(a, "moved for good to %s",
		    s->state_note ? url_public(a, s->state_note) : "another address");
	case SOURCE_OK:
		return NULL;
	case SOURCE_CHANGED:
	case SOURCE_FAILING:
	case SOURCE_REFUSED:
	case SOURCE_MALFORMED:
	case SOURCE_WEB_PAGE:
	case SOURCE_STALE:
	case SOURCE_GONE:
	case SOURCE_SLOW:
	case SOURCE_DUPLICATE:
		break;
	}
	return s->state_note ? s->state_note : source_state_name(s->state);
}

const char *
health_target(struct arena *a, const struct source *s)
{
	static const char names[] = POLL_PAGE_NAMES;

	if (!s->state_note)
		return NULL;
	if (s->state == SOURCE_MOVED)
		return arena_strdup(a, s->state_note);
	const char *at =
	    s->state == SOURCE_WEB_PAGE ? strstr(s->state_note, names) : NULL;
	return at ? arena_strdup(a, at + strlen(names)) : NULL;
}

const char *
health_mend(struct arena *a, const struct source *s)
{
	const char *verb = "test";

	switch (source_health_state(s)) {
	case SOURCE_FLOOD:
	case SOURCE_CHANGED:
		verb = "release";
		break;
	case SOURCE_GONE:
	case SOURCE_DUPLICATE:
		verb = "remove";
		break;
	case SOURCE_MOVED:
		verb = "move";
		break;
	case SOURCE_WEB_PAGE:
		if (!health_target(a, s))
			break;
		return arena_printf(a, "planetpost feed move %s %s", s->key,
		    url_public(a, health_target(a, s)));
	case SOURCE_OK:
	case SOURCE_FAILING:
	case SOURCE_REFUSED:
	case SOURCE_MALFORMED:
	case SOURCE_STALE:
	case SOURCE_SLOW:
		break;
	}
	return arena_printf(a, "planetpost feed %s %s", verb, s->key);
}
