/* SPDX-License-Identifier: ISC */
#include "flow/refusals.h"

#include <stdio.h>
#include <string.h>

#include "base/ascii.h"
#include "base/attr.h"
#include "flow/delivery_outcome.h"
#include "transport/provider_refusals.h"

/* A refusal without its digits, addresses and case: "user unknown". */
static void
refusal_wording(const char *reply, char *out, size_t size)
{
	size_t n = 0;

	while (*reply != '\0' && n + 1 < size) {
		const size_t word = strcspn(reply, " \t");

		if (word > 0 && !memchr(reply, '@', word) && *reply != '<') {
			for (size_t i = 0; i < word && n + 2 < size; i++) {
				if (!ascii_is_digit(reply[i]))
					out[n++] = (char)ascii_lower(reply[i]);
			}
			out[n++] = ' ';
		}
		reply += word + strspn(reply + word, " \t");
	}
	out[n] = '\0';
}

/* Told by this answer, and those before it, that the fault is not the readers'. */
static void
look_for_stop(struct refusals *r, const struct refusal *last)
{
	char wording[sizeof(r->wording)];

	refusal_wording(last->reply, wording, sizeof(wording));
	r->alike = strcmp(wording, r->wording) == 0 ? r->alike + 1 : 1;
	memcpy(r->wording, wording, sizeof(wording));
	r->ours += last->fault == FAULT_OURS;
	r->stopped = r->stopped || r->alike >= REFUSALS_ALIKE ||
	    r->ours >= REFUSALS_OURS ||
	    (r->count >= REFUSALS_WINDOW && 2 * r->refused_in_window >= REFUSALS_WINDOW);
}

static bool
is_put_back(const struct refusals *r, const struct refusal *x)
{
	if (r->stopped || x->advice)
		return true;
	if (x->fault == FAULT_OURS)
		return r->accepted - x->accepted < REFUSALS_PROOF;
	if (r->accepted > 0)
		return false;
	return !r->accepted_before || x->fault == FAULT_OPEN;
}

/* What becomes of a letter that was held back.  Its lifetime ends that for good. */
static void
end_refusal(struct refusals *r, struct refusal *x, int64_t now, struct delivery *out)
{
	*out = x->d;
	out->settled = now;
	out->next_try = TIME_NONE;
	out->reply = x->reply;
	out->status = x->status[0] != '\0' ? x->status : NULL;
	out->state = DELIVERY_REFUSED;
	if (!is_put_back(r, x)) {
		out->attempts++;
		return;
	}
	if (r->put_back++ == 0) {
		memcpy(r->words, x->reply, sizeof(r->words));
		r->advice = x->advice;
	}
	if (!delivery_is_over(&x->d, now))
		out->state = DELIVERY_QUEUED;
}

/* The oldest answer that is held leaves. */
static bool
end_oldest(struct refusals *r, int64_t now, struct delivery *out)
{
	struct refusal *x = &r->window[r->ended++ % ARRAY_LEN(r->window)];

	if (!x->is_refusal)
		return false;
	r->refused_in_window--;
	end_refusal(r, x, now, out);
	return true;
}

bool
refusals_note(struct refusals *r, const struct delivery *d, const struct outcome *o,
    int64_t now, struct delivery *older)
{
	/* One place more than are held, so that what *older says is not written over. */
	struct refusal *x = &r->window[r->count % ARRAY_LEN(r->window)];
	const bool told =
	    r->count - r->ended == REFUSALS_WINDOW && end_oldest(r, now, older);

	r->count++;
	x->is_refusal = o->kind == OUTCOME_REFUSED;
	x->d = *d;
	x->accepted = r->accepted;
	if (!x->is_refusal) {
		r->accepted++;
		r->alike = r->ours = 0;
		r->wording[0] = '\0';
		return told;
	}
	(void)snprintf(x->status, sizeof(x->status), "%s", o->status ? o->status : "");
	(void)snprintf(x->reply, sizeof(x->reply), "%s", o->reply ? o->reply : "");
	x->fault = smtp_fault(o->stage, o->code, o->status, o->reply);
	x->advice = provider_refusal(o->stage, o->code, o->status, o->reply);
	r->refused_in_window++;
	look_for_stop(r, x);
	return told;
}

void
refusals_note_wait(struct refusals *r, const struct outcome *o)
{
	const char *advice = o->code / 100 == 4
	    ? provider_refusal(o->stage, o->code, o->status, o->reply)
	    : NULL;

	if (advice && r->waiting++ == 0)
		r->waiting_advice = advice;
}

bool
refusals_next(struct refusals *r, int64_t now, struct delivery *older)
{
	while (r->ended < r->count) {
		if (end_oldest(r, now, older))
			return true;
	}
	return false;
}

bool
refusals_say(const struct refusals *r, struct err *err)
{
	if (r->put_back == 0)
		return false;
	(void)err_set(err, ERR_HUMAN,
	    r->stopped
		? "the mail server refuses letter after letter: stopped, %lld of them "
		  "wait as before"
		: "the mail server refuses our letters: %lld of them wait as before",
	    (long long)r->put_back);
	(void)err_why(err, "server said: %s", r->words);
	return !err_hint(err, "%s%swhen that is mended: planetpost run",
	    r->advice ? r->advice : "", r->advice ? "; " : "");
}
