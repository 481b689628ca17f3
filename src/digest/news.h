/* SPDX-License-Identifier: ISC */
/*
 * Whether a post that is seen for the first time is news, old, or for a person to decide.
 * Pure: the clock and the settings are arguments.
 */
#ifndef DIGEST_NEWS_H
#define DIGEST_NEWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/model.h"

struct news_rules {
	int64_t now;
	int64_t last_issue; /* when the newest issue was approved; TIME_NONE: none was */
	int64_t late;       /* seconds: how old a post may be and still be news */
	bool is_archive; /* an older document of the feed: what is newer is not in it */
	bool is_part;    /* only what is new: what it does not show is still there */
	bool doubtful;   /* the feed seems to be another one: what is unseen is held */
	bool
	    elsewhere; /* it answers from another place: so it is, without a known post */
};
/* What is known of the post and of the document it stands in. */
struct news_facts {
	int64_t at;    /* its instant; now when it is not dated */
	bool is_first; /* the source's first document */
	bool has_room; /* fewer news were taken of a first document than an issue shows */
	bool waits;    /* dated ahead: it takes nobody's room */
	bool
	    in_flood; /* one of more unseen posts than a feed with history brings at once */
	bool was_mailed;           /* its text was, under another name */
	enum held_verdict verdict; /* what a person said to the source's last flood */
};
enum news {
	NEWS_FRESH,
	NEWS_LATE, /* older than the last issue: shown under the day it was seen */
	NEWS_OLD,  /* remembered, never mailed */
	NEWS_HELD  /* for a person */
};

/*
 * Before the first issue all is fresh: what the first issue shows of it is digest_select_first's
 * to choose.
 */
enum news news_decide(const struct news_rules *r, const struct news_facts *f);

#endif
