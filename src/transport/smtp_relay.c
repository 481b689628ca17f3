/* SPDX-License-Identifier: ISC */
#include "transport/smtp_relay.h"

#include <string.h>

#include "base/ascii.h"

enum { MINUTE_MS = 60000 };

/* ---- which -------------------------------------------------------------------------- */

/* A domain of the list, or one below it. */
static bool
is_for(const char *list, const char *domain)
{
	const size_t len = strlen(domain);

	while (*list != '\0') {
		const size_t n = strcspn(list, " \t\n");

		if (n > 0 && n <= len && (n == len || domain[len - n - 1] == '.') &&
		    ascii_starts_nocase(list, domain + len - n))
			return true;
		list += n;
		list += strspn(list, " \t\n");
	}
	return false;
}

static bool
is_less_used(const struct smtp_relay *a, const struct smtp_relay *b)
{
	return (a->assigned + 1) * b->config.smtp.share <
	    (b->assigned + 1) * a->config.smtp.share;
}

struct smtp_relay *
smtp_relay_choose(struct smtp_relay *relays, size_t count, const char *recipient,
    unsigned tried)
{
	const char *at = strrchr(recipient, '@');
	const char *domain = at ? at + 1 : recipient;
	struct smtp_relay *own = NULL;
	struct smtp_relay *any = NULL;
	struct smtp_relay *other = NULL;

	for (size_t i = 0; i < count; i++) {
		struct smtp_relay *r = &relays[i];
		struct smtp_relay **best = &other;

		if (r->down || (tried & 1U << i) != 0)
			continue;
		if (*r->config.smtp.domains == '\0')
			best = &any;
		else if (is_for(r->config.smtp.domains, domain))
			best = &own;
		if (!*best || is_less_used(r, *best))
			*best = r;
	}
	/* One for other domains is better than none. */
	return own ? own : any ? any : other;
}

void
smtp_relay_rise(struct smtp_relay *relays, size_t count, struct smtp_relay *r)
{
	const struct smtp_relay *least = NULL;

	r->down = false;
	r->proven = false;
	r->losses = r->ours = 0;
	for (size_t i = 0; i < count; i++)
		if (&relays[i] != r && !relays[i].down &&
		    (!least || is_less_used(&relays[i], least)))
			least = &relays[i];
	if (least && is_less_used(r, least))
		r->assigned =
		    least->assigned * r->config.smtp.share / least->config.smtp.share;
}

/* ---- when --------------------------------------------------------------------------- */

/* The buckets of minutes that have passed since are empty. */
static void
turn_minutes(struct smtp_relay *r, int64_t now_ms)
{
	const int64_t minute = now_ms / MINUTE_MS;
	int64_t passed = minute - r->minute;

	if (passed > RELAY_MINUTES)
		passed = RELAY_MINUTES;
	for (int64_t i = 0; i < passed; i++)
		r->minutes[(minute - i) % RELAY_MINUTES] = 0;
	r->minute = minute;
}

/* Until the oldest minute in which letters began is an hour old. */
static int64_t
hour_wait(struct smtp_relay *r, int64_t now_ms)
{
	const int64_t most = r->config.smtp.per_hour;
	int64_t sum = 0;

	if (most == 0)
		return 0;
	turn_minutes(r, now_ms);
	for (size_t i = 0; i < RELAY_MINUTES; i++)
		sum += r->minutes[i];
	return sum < most ? 0 : MINUTE_MS - now_ms % MINUTE_MS;
}

int64_t
smtp_relay_turn(struct smtp_relay *r, int64_t now_ms)
{
	const int64_t hour = hour_wait(r, now_ms);
	const int64_t now_us = now_ms * 1000;

	if (hour > 0)
		return hour;
	if (r->gap_us > 0 && r->next_us > now_us + 999)
		return (r->next_us - now_us) / 1000;
	if (r->gap_us > 0)
		r->next_us =
		    (r->next_us > now_us - r->gap_us && r->next_us > 0 ? r->next_us
								       : now_us) +
		    r->gap_us;
	if (r->config.smtp.per_hour > 0)
		r->minutes[r->minute % RELAY_MINUTES]++;
	return 0;
}
