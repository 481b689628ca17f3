/* SPDX-License-Identifier: ISC */
#include "web/source_words.h"

#include "base/clock.h"

enum { DAY = 86400, DAYS_COUNTED = 13 };

enum source_mood
source_mood(const struct page *p, const struct source *s)
{
	switch (s->state) {
	case SOURCE_FAILING:
	case SOURCE_REFUSED:
	case SOURCE_WEB_PAGE:
	case SOURCE_GONE:
		return SOURCE_IS_AWAY;
	case SOURCE_STALE:
		return SOURCE_IS_QUIET;
	case SOURCE_OK:
	case SOURCE_SLOW:
	case SOURCE_DUPLICATE:
	case SOURCE_FLOOD:
	case SOURCE_CHANGED:
	case SOURCE_MALFORMED:
	case SOURCE_MOVED:
		break;
	}
	return s->last_entry == TIME_NONE ||
		p->run.now - s->last_entry > p->run.config->health.stale_after
	    ? SOURCE_IS_QUIET
	    : SOURCE_WRITES;
}

/* A weekday of late, else a month, with the year when it is another. */
static const char *
since(struct page *p, int64_t instant, struct err *err)
{
	const int year = zone_civil(p->run.zone, p->run.now).year;

	if (p->run.now - instant < 6 * DAY)
		return page_date(p, "weekday", instant, err);
	return page_date(p,
	    zone_civil(p->run.zone, instant).year == year ? "month" : "month_year",
	    instant, err);
}

static const char *
with_since(struct page *p, const char *key, int64_t instant, struct err *err)
{
	struct template_value *values = template_map(p->a);

	template_put_text(values, "since",
	    instant == TIME_NONE ? "" : since(p, instant, err));
	return page_words(p, "health", key, values, err);
}

static const char *
wrote(struct page *p, int64_t instant, struct err *err)
{
	const int64_t days =
	    zone_day(p->run.zone, p->run.now) - zone_day(p->run.zone, instant);

	if (days <= 0)
		return page_words(p, "health", "today", NULL, err);
	if (days == 1)
		return page_words(p, "health", "yesterday", NULL, err);
	if (days <= DAYS_COUNTED)
		return page_count(p, "days_ago", days, err);
	return with_since(p, "wrote", instant, err);
}

const char *
source_words(struct page *p, const struct source *s, struct err *err)
{
	switch (s->state) {
	case SOURCE_FAILING:
		return with_since(p, "failing", s->state_since, err);
	case SOURCE_REFUSED:
		return with_since(p, "refused", s->state_since, err);
	case SOURCE_WEB_PAGE:
		return page_words(p, "health", "web_page", NULL, err);
	case SOURCE_GONE:
		return page_words(p, "health", "gone", NULL, err);
	case SOURCE_MOVED:
	case SOURCE_STALE:
	case SOURCE_SLOW:
	case SOURCE_DUPLICATE:
	case SOURCE_FLOOD:
	case SOURCE_CHANGED:
	case SOURCE_OK:
	case SOURCE_MALFORMED:
		break;
	}
	if (s->last_entry == TIME_NONE)
		return page_words(p, "health", "new", NULL, err);
	return source_mood(p, s) == SOURCE_IS_QUIET
	    ? with_since(p, "quiet", s->last_entry, err)
	    : wrote(p, s->last_entry, err);
}
