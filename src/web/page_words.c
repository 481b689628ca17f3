/* SPDX-License-Identifier: ISC */
#include "web/page.h"

#include "base/clock.h"
#include "base/text.h"
#include "digest/templates.h"

const char *
page_words(struct page *p, const char *section, const char *key,
    const struct template_value *values, struct err *err)
{
	return wording_fill(p->a, p->templates->words, section, key,
	    values ? values : template_map(p->a), err);
}

const char *
page_count(struct page *p, const char *section, int64_t n, struct err *err)
{
	return page_count_with(p, section, n, NULL, err);
}

const char *
page_count_with(struct page *p, const char *section, int64_t n,
    struct template_value *values, struct err *err)
{
	return wording_count(p->a, p->templates->words, section, n, values, err);
}

static const char *
date_in(struct page *p, const struct zone *z, const char *form, int64_t instant,
    struct err *err)
{
	const struct civil c = zone_civil(z, instant);
	const char *abbreviation = "";

	(void)zone_offset(z, instant, &abbreviation);
	return wording_date(p->a, p->templates->words, form, &c,
	    arena_strdup(p->a, abbreviation), err);
}

const char *
page_date(struct page *p, const char *form, int64_t instant, struct err *err)
{
	return date_in(p, p->run.zone, form, instant, err);
}

const char *
page_reader_date(struct page *p, const struct reader *r, const char *form,
    int64_t instant, struct err *err)
{
	struct err ignored = ERR_INIT;
	struct zone *own =
	    text_is_set(r->cadence.zone) ? zone_open(r->cadence.zone, &ignored) : NULL;
	const char *text = date_in(p, own ? own : p->run.zone, form, instant, err);

	zone_close(own);
	return text;
}

const char *
page_weekday(struct page *p, int day, struct err *err)
{
	const struct civil c = { .year = 2026, .month = 1, .day = 1, .weekday = day };

	return wording_date(p->a, p->templates->words, "weekday", &c, "", err);
}

const char *
page_when(struct page *p, const struct cadence *c, struct err *err)
{
	const struct config *config = p->run.config;
	struct cadence whole =
	    cadence_complete(c, &config->digest.schedule, (int)config->digest.weekly_day);
	struct template_value *values = template_map(p->a);

	/* Each issue comes when it is made. */
	if (whole.rhythm == RHYTHM_EACH)
		whole = config->digest.schedule;
	const char *key = cadence_rhythm_name(whole.rhythm);
	template_put_text(values, "hour",
	    arena_printf(p->a, "%d:%02d", whole.minute / 60, whole.minute % 60));
	template_put_int(values, "day", whole.day);
	template_put_text(values, "weekday",
	    whole.rhythm == RHYTHM_WEEKLY ? page_weekday(p, whole.day, err) : "");
	template_put_text(values, "zone", c->zone ? c->zone : "");
	return page_words(p, "when", key, values, err);
}
