/* SPDX-License-Identifier: ISC */
#include "fetch/source_health.h"

#include "base/clock.h"

enum { LASTED_RUNS = 3, LASTED = 48 * 60 * 60 };

enum source_state
source_health_state(const struct source *s)
{
	return s->held + s->held_more > 0 && s->state != SOURCE_CHANGED ? SOURCE_FLOOD
									: s->state;
}

static bool
answers(enum source_state state)
{
	switch (state) {
	case SOURCE_OK:
	case SOURCE_MALFORMED:
	case SOURCE_MOVED:
	case SOURCE_STALE:
	case SOURCE_SLOW:
	case SOURCE_DUPLICATE:
	case SOURCE_FLOOD:
	case SOURCE_CHANGED:
		return true;
	case SOURCE_FAILING:
	case SOURCE_REFUSED:
	case SOURCE_WEB_PAGE:
	case SOURCE_GONE:
		break;
	}
	return false;
}

/* No trouble, or one that needs nobody. */
static bool
needs_nobody(enum source_state state)
{
	return state == SOURCE_OK || state == SOURCE_STALE || state == SOURCE_SLOW;
}

static bool
is_held(enum source_state state)
{
	return state == SOURCE_FLOOD || state == SOURCE_CHANGED;
}

int64_t
source_health_since(const struct source *s)
{
	const enum source_state state = source_health_state(s);

	if (state == SOURCE_FLOOD)
		return s->held_since;
	/* What fails in this way and in that fails since it answered last. */
	return !answers(state) && s->last_ok > 0 ? s->last_ok : s->state_since;
}

static bool
has_lasted(const struct source *s, int64_t now)
{
	const int64_t runs = answers(s->state) ? s->state_runs : s->failures;

	return runs >= LASTED_RUNS && now - source_health_since(s) >= LASTED;
}

bool
source_health_needs(const struct source *s, int64_t now)
{
	const enum source_state state = source_health_state(s);

	if (s->paused || needs_nobody(state))
		return false;
	return is_held(state) || (s->failures > 0 && s->last_ok <= 0) ||
	    has_lasted(s, now);
}

bool
source_health_is_news(const struct source *s, int64_t now)
{
	const enum source_state state = source_health_state(s);

	/* What is held is told by the round that holds it. */
	if (s->paused || is_held(state) || needs_nobody(state) || !has_lasted(s, now))
		return false;
	return s->told == SOURCE_OK ||
	    (s->told != state && (answers(s->told) || answers(state)));
}
