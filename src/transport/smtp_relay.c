/* SPDX-License-Identifier: ISC */
#include "transport/smtp_relay.h"

#include <string.h>

#include "base/ascii.h"
#include "base/clock.h"
#include "base/log.h"
#include "config/relays.h"

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

/* What a relay is for a letter: the first that there is takes it. */
enum rank {
	FOR_DOMAIN,
	BY_FOR_DOMAIN, /* without a share: it stands by */
	FOR_ALL,
	BY_FOR_ALL,
	FOR_OTHERS, /* better than none */
	BY_FOR_OTHERS,
	OUT
};

static enum rank
rank_of(const struct smtp_relay *r, bool was_tried, const char *domain)
{
	const bool has_share = r->config.smtp.share > 0;

	if (r->down || was_tried)
		return OUT;
	if (*r->config.smtp.domains == '\0')
		return has_share ? FOR_ALL : BY_FOR_ALL;
	if (is_for(r->config.smtp.domains, domain))
		return has_share ? FOR_DOMAIN : BY_FOR_DOMAIN;
	return has_share ? FOR_OTHERS : BY_FOR_OTHERS;
}

/* Those of the first rank that there is, among which their shares decide. */
struct choice {
	bool stands[RELAYS_MAX + 1];
	int64_t shares; /* the sum of theirs */
};

static struct choice
find_choice(const struct smtp_relay *relays, size_t count, const char *recipient,
    unsigned tried)
{
	const char *at = strrchr(recipient, '@');
	enum rank ranks[RELAYS_MAX + 1];
	enum rank first = OUT;
	struct choice c = { .shares = 0 };

	for (size_t i = 0; i < count; i++) {
		ranks[i] =
		    rank_of(&relays[i], (tried & 1U << i) != 0, at ? at + 1 : recipient);
		if (ranks[i] < first)
			first = ranks[i];
	}
	for (size_t i = 0; i < count && first != OUT; i++) {
		c.stands[i] = ranks[i] == first;
		c.shares += c.stands[i] ? relays[i].config.smtp.share : 0;
	}
	return c;
}

/* What a letter adds to what is due to one of them. */
static int64_t
part_of(const struct smtp_relay *r, const struct choice *c)
{
	return c->shares > 0 ? r->config.smtp.share * SMTP_RELAY_LETTER / c->shares : 0;
}

/* Of two that stand by, the first goes first. */
static bool
comes_before(const struct smtp_relay *a, const struct smtp_relay *b,
    const struct choice *c)
{
	return c->shares > 0 && a->due + part_of(a, c) > b->due + part_of(b, c);
}

struct smtp_relay *
smtp_relay_choose(struct smtp_relay *relays, size_t count, const char *recipient,
    unsigned tried)
{
	const struct choice c = find_choice(relays, count, recipient, tried);
	struct smtp_relay *best = NULL;

	for (size_t i = 0; i < count; i++)
		if (c.stands[i] && (!best || comes_before(&relays[i], best, &c)))
			best = &relays[i];
	return best;
}

void
smtp_relay_assign(struct smtp_relay *relays, size_t count, struct smtp_relay *r,
    const char *recipient, unsigned tried)
{
	const struct choice c = find_choice(relays, count, recipient, tried);

	for (size_t i = 0; i < count; i++)
		if (c.stands[i])
			relays[i].due += part_of(&relays[i], &c);
	r->due -= SMTP_RELAY_LETTER;
}

void
smtp_relay_take_back(struct smtp_relay *r)
{
	r->due += SMTP_RELAY_LETTER;
}

void
smtp_relay_rise(struct smtp_relay *r)
{
	r->down = false;
	r->proven = false;
	r->losses = r->ours = 0;
	r->due = 0;
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
