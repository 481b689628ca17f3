/* SPDX-License-Identifier: ISC */
#include "transport/smtp_relay.h"

#include <string.h>

#include "base/ascii.h"
#include "base/clock.h"
#include "base/log.h"

enum { MINUTE_MS = 60000, TOLD_MS = 2 * MINUTE_MS };

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

/* Says once how long it is. */
static void
say_wait(struct smtp_relay *r, int64_t now_ms, int64_t until_ms, int utc_offset)
{
	const struct civil c = clock_civil(until_ms / 1000, utc_offset);

	if (until_ms - now_ms < TOLD_MS || until_ms == r->told_ms)
		return;
	r->told_ms = until_ms;
	log_info("smtp",
	    "%s has had the %lld letters of an hour (smtp.per_hour): goes on at %02d:%02d",
	    *r->name ? r->name : r->server.name, (long long)r->config.smtp.per_hour,
	    c.hour, c.minute);
}

static int64_t
hour_wait(struct smtp_relay *r, int64_t ticks_ms, int utc_offset)
{
	const int64_t now_ms = ticks_ms + r->epoch_ms;
	int64_t until_ms = now_ms;

	if (r->hour)
		until_ms = hour_count_free_at(r->hour, r->config.smtp.per_hour, now_ms);
	if (until_ms > now_ms)
		say_wait(r, now_ms, until_ms, utc_offset);
	return until_ms - now_ms;
}

static void
count(struct smtp_relay *r, int64_t ticks_ms, int64_t letters)
{
	if (r->hour)
		hour_count_add(r->hour, (ticks_ms + r->epoch_ms) / MINUTE_MS, letters);
}

int64_t
smtp_relay_turn(struct smtp_relay *r, int64_t now_ms, int utc_offset)
{
	const int64_t hour = hour_wait(r, now_ms, utc_offset);
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
	count(r, now_ms, 1);
	return 0;
}

void
smtp_relay_return_turn(struct smtp_relay *r, int64_t now_ms)
{
	r->next_us -= r->gap_us;
	count(r, now_ms, -1);
}
