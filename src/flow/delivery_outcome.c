/* SPDX-License-Identifier: ISC */
#include "flow/delivery_outcome.h"

#include <string.h>

#include "base/clock.h"
#include "config/option_value.h"

/* The pause before attempt number `attempts` + 1; false when it has been tried enough. */
static bool
retry_pause(const char *pauses, int64_t attempts, int64_t *seconds)
{
	for (int64_t i = 1;; i++) {
		char word[32];
		size_t len = 0;

		pauses += strspn(pauses, " \t");
		len = strcspn(pauses, " \t");
		if (len == 0 || len >= sizeof(word))
			return false;
		memcpy(word, pauses, len);
		word[len] = '\0';
		if (i == attempts)
			return option_parse_duration(word, seconds);
		pauses += len;
	}
}

static void
defer(struct delivery *d, const struct outcome *o, const char *pauses)
{
	const bool unheard = o->kind == OUTCOME_BUSY || (o->code == 0 && !o->status);
	int64_t pause = 0;

	/* Nobody answered, or not about this letter: it costs no attempt. */
	if (unheard)
		d->attempts--;
	if (!retry_pause(pauses, unheard ? 1 : d->attempts, &pause)) {
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
