/* SPDX-License-Identifier: ISC */
#include "flow/delivery_outcome.h"

#include <string.h>

#include "base/clock.h"
#include "config/option_value.h"

/*
 * The pause before attempt number `attempts` + 1, the last one when there are fewer; *given, 0
 * before, counts them.  False when there is none.
 */
static bool
retry_pause(const char *pauses, int64_t attempts, int64_t *given, int64_t *seconds)
{
	bool ok = false;

	for (;; ++*given) {
		char word[32];
		int64_t n = 0;
		size_t len = 0;

		pauses += strspn(pauses, " \t");
		len = strcspn(pauses, " \t");
		if (len == 0 || len >= sizeof(word))
			return ok;
		memcpy(word, pauses, len);
		word[len] = '\0';
		if (!option_parse_duration(word, &n))
			return ok;
		if (*given < attempts || !ok)
			*seconds = n;
		ok = true;
		pauses += len;
	}
}

bool
delivery_is_over(const struct delivery *d, int64_t now)
{
	return d->queued != TIME_NONE && now - d->queued >= DELIVERY_LIFETIME;
}

static bool
is_break(const struct outcome *o)
{
	return o->code == 0 && o->status && strcmp(o->status, STATUS_BROKE_OFF) == 0;
}

static void
defer(struct delivery *d, const struct outcome *o, const char *pauses)
{
	int64_t given = 0;
	int64_t pause = 0;

	if (o->code == 0 && !o->status) {
		d->attempts--;
		d->state = DELIVERY_QUEUED;
		return;
	}
	/* Not about this letter. */
	if (o->kind == OUTCOME_BUSY)
		d->attempts--;
	if (!retry_pause(pauses, d->attempts, &given, &pause) ||
	    (o->kind != OUTCOME_BUSY && delivery_is_over(d, d->settled)) ||
	    (is_break(o) && d->attempts > given)) {
		d->state = DELIVERY_REFUSED;
		return;
	}
	d->state = DELIVERY_DEFERRED;
	d->next_try = d->settled + pause;
}

void
delivery_settle(struct delivery *d, const struct outcome *o, const char *pauses,
    int64_t now)
{
	d->attempts++;
	d->settled = now;
	d->next_try = TIME_NONE;
	switch (o->kind) {
	case OUTCOME_SENT:
		d->state = DELIVERY_SENT;
		break;
	case OUTCOME_REFUSED:
		d->state = DELIVERY_REFUSED;
		break;
	case OUTCOME_UNKNOWN:
		d->state = DELIVERY_UNKNOWN;
		break;
	case OUTCOME_DEFERRED:
	case OUTCOME_BUSY:
		defer(d, o, pauses);
		break;
	}
}
