/* SPDX-License-Identifier: ISC */
#include "list/bounces.h"

#include <string.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "config/option_value.h"

enum { KIND_MAX = 120 };

/* ---- settings ---- */

static bool
read_count(const char **at, int64_t *out)
{
	int64_t n = 0;
	const char *p = *at + strspn(*at, " \t");

	if (!ascii_is_digit(*p))
		return false;
	for (; ascii_is_digit(*p); p++) {
		n = 10 * n + (*p - '0');
		if (n > 1000)
			return false;
	}
	*at = p + strspn(p, " \t");
	*out = n;
	return true;
}

/* "1 then probe", "1 then remove", "0" */
static bool
read_hard(const char *text, struct bounce_policy *out)
{
	if (!read_count(&text, &out->hard_limit))
		return false;
	out->hard_probes = strcmp(text, "then remove") != 0;
	return *text == '\0' || strcmp(text, "then probe") == 0 || !out->hard_probes;
}

/* "5 in 14d", "0" */
static bool
read_soft(const char *text, struct bounce_policy *out)
{
	if (!read_count(&text, &out->soft_limit))
		return false;
	if (*text == '\0')
		return out->soft_limit == 0;
	return strncmp(text, "in ", 3) == 0 &&
	    option_parse_duration(text + 3 + strspn(text + 3, " "), &out->soft_within) &&
	    out->soft_within > 0;
}

bool
bounce_policy_read(const struct config *config, struct bounce_policy *out,
    struct err *err)
{
	memset(out, 0, sizeof(*out));
	out->complaint = config->bounce.complaint;
	out->stale_after = config->bounce.stale_after;
	if (!read_hard(config->bounce.hard_limit, out)) {
		err_set(err, ERR_CONFIG, "bounce.hard_limit: \"%s\" is none",
		    config->bounce.hard_limit);
		return err_hint(err, "such as: 1 then probe, 2 then remove, 0");
	}
	if (!read_soft(config->bounce.soft_limit, out)) {
		err_set(err, ERR_CONFIG, "bounce.soft_limit: \"%s\" is none",
		    config->bounce.soft_limit);
		return err_hint(err, "such as: 5 in 14d, 0");
	}
	return true;
}

/* ---- one reader ---- */

static void
forget_stale(const struct bounce_policy *p, struct bounce_record *r, int64_t now)
{
	if (r->is_stopped || (r->hard == 0 && r->soft == 0))
		return;
	if (p->stale_after > 0 && now - r->last > p->stale_after)
		*r = (struct bounce_record){ 0 };
}

static enum bounce_action
stop(struct bounce_record *r, int64_t now)
{
	*r = (struct bounce_record){ .hard = r->hard,
		.soft = r->soft,
		.soft_since = r->soft_since,
		.last = now,
		.is_stopped = true,
		.stopped = now };
	return BOUNCE_STOPS;
}

static enum bounce_action
count_hard(const struct bounce_policy *p, struct bounce_record *r, int64_t now)
{
	r->hard++;
	r->last = now;
	if (p->hard_limit == 0 || r->hard < p->hard_limit)
		return BOUNCE_KEEPS;
	return p->hard_probes ? stop(r, now) : BOUNCE_REMOVES;
}

static enum bounce_action
count_soft(const struct bounce_policy *p, struct bounce_record *r, int64_t now)
{
	if (r->soft > 0 && now - r->soft_since > p->soft_within)
		r->soft = 0;
	if (r->soft > 0 && now - r->last < BOUNCE_SOFT_PAUSE)
		return BOUNCE_KEEPS;
	if (r->soft == 0)
		r->soft_since = now;
	r->soft++;
	r->last = now;
	return p->soft_limit > 0 && r->soft >= p->soft_limit ? stop(r, now)
							     : BOUNCE_KEEPS;
}

static enum bounce_action
complain(const struct bounce_policy *p, struct bounce_record *r, int64_t now)
{
	switch (p->complaint) {
	case COMPLAINT_REMOVES:
		return BOUNCE_REMOVES;
	case COMPLAINT_HOLDS:
		return r->is_stopped ? BOUNCE_KEEPS : stop(r, now);
	case COMPLAINT_IGNORED:
		break;
	}
	return BOUNCE_KEEPS;
}

/* The probe came back. */
static enum bounce_action
probe_failed(struct bounce_record *r, enum bounce_event event, int64_t now)
{
	if (event == BOUNCED_HARD || r->probes >= BOUNCE_PROBES_MOST)
		return BOUNCE_REMOVES;
	r->last = now;
	r->stopped = now;
	r->probe_sent = 0;
	return BOUNCE_KEEPS;
}

enum bounce_action
bounce_apply(const struct bounce_policy *p, struct bounce_record *r,
    enum bounce_event event, int64_t sent, int64_t now)
{
	if (event == COMPLAINED)
		return complain(p, r, now);
	if (r->is_stopped) {
		const bool is_probe = r->probe_sent != 0 && sent >= r->probe_sent;

		return event != WENT_WELL && is_probe ? probe_failed(r, event, now)
						      : BOUNCE_KEEPS;
	}
	forget_stale(p, r, now);
	if (event == WENT_WELL) {
		/* What came back of later letters stays. */
		if (sent > r->last)
			r->hard = 0;
		if (sent > r->soft_since)
			r->soft -= r->soft > 0;
		r->well = sent;
		return BOUNCE_KEEPS;
	}
	return event == BOUNCED_HARD ? count_hard(p, r, now) : count_soft(p, r, now);
}

enum bounce_action
bounce_due(const struct bounce_record *r, int64_t now)
{
	if (!r->is_stopped)
		return BOUNCE_KEEPS;
	if (r->probe_sent == 0)
		return now - r->stopped >= BOUNCE_PROBE_AFTER ? BOUNCE_PROBES_NOW
							      : BOUNCE_KEEPS;
	return now - r->probe_sent >= BOUNCE_PROBE_PATIENCE ? BOUNCE_RETURNS
							    : BOUNCE_KEEPS;
}

void
bounce_probed(struct bounce_record *r, int64_t now)
{
	r->probes++;
	r->probe_sent = now;
}

/* ---- all readers ---- */

static bool
is_variable(const char *word, size_t len)
{
	if (memchr(word, '@', len) || memchr(word, '<', len))
		return true;
	for (size_t i = 0; i < len; i++) {
		if (ascii_is_digit(word[i]))
			return true;
	}
	return false;
}

const char *
bounce_kind(struct arena *a, enum bounce_event event, const char *status,
    const char *diagnostic)
{
	static const char *const names[] = {
		[BOUNCED_HARD] = "hard",
		[BOUNCED_SOFT] = "soft",
		[COMPLAINED] = "complaint",
		[WENT_WELL] = "well",
	};
	struct buf b = BUF_INIT(KIND_MAX);

	buf_adds(&b, names[event]);
	if (*status) {
		buf_addc(&b, ' ');
		buf_adds(&b, status);
	}
	while (*diagnostic != '\0' && !buf_is_full(&b)) {
		const size_t len = strcspn(diagnostic, " \t");

		if (len > 0 && !is_variable(diagnostic, len)) {
			buf_addc(&b, ' ');
			for (size_t i = 0; i < len; i++)
				buf_addc(&b,
				    (char)ascii_lower((unsigned char)diagnostic[i]));
		}
		diagnostic += len + strspn(diagnostic + len, " \t");
	}
	return arena_take(a, &b);
}

bool
bounce_is_storm(int64_t of_one_kind, int64_t letters)
{
	return of_one_kind > BOUNCE_STORM_LEAST &&
	    of_one_kind * 100 > letters * BOUNCE_STORM_PERCENT;
}
