/* SPDX-License-Identifier: ISC */
#include "digest/news.h"

#include "base/clock.h"

/* A blog that joins the planet brings what it says from now on, not what it said before. */
static enum news
judge_first(const struct news_facts *f, bool is_past)
{
	if (f->waits)
		return NEWS_FRESH;
	return f->has_room && !is_past ? NEWS_FRESH : NEWS_OLD;
}

enum news
news_decide(const struct news_rules *r, const struct news_facts *f)
{
	const bool is_past = r->last_issue != TIME_NONE && f->at < r->last_issue;

	if (f->is_first)
		return judge_first(f, is_past);
	if (is_past && f->at < r->now - r->late)
		return NEWS_OLD;
	if (f->in_flood && f->verdict == VERDICT_DROP)
		return NEWS_OLD;
	if ((f->in_flood && f->verdict == VERDICT_NONE) || f->was_mailed)
		return NEWS_HELD;
	return is_past ? NEWS_LATE : NEWS_FRESH;
}
