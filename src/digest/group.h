/* SPDX-License-Identifier: ISC */
/*
 * The entries of an issue in their order: sections (days or groups), in them sources, in them
 * entries.
 */
#ifndef DIGEST_GROUP_H
#define DIGEST_GROUP_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/zone.h"
#include "config/options.h"
#include "digest/select.h"
#include "digest/ties.h"
#include "model/model.h"

enum { WORDS_A_MINUTE = 230 }; /* that people read */

struct digest_source { /* a run of entries of one source under one heading */
	const struct source *source;
	const struct entry **entries;
	const struct digest_ties *ties; /* of each */
	size_t count;
	size_t story; /* not 0: neighbours with the same number tell one story */
	size_t more;  /* entries of this source that are over the limit */
};
struct digest_section { /* a day, a group of sources, or everything */
	/* Days since 1970-01-01 in the newsletter's zone; TIME_NONE when not grouped by day. */
	int64_t day;
	const char *heading; /* name of the group; NULL when not grouped by group */
	struct digest_source *sources;
	size_t count;
};
struct digest {
	struct digest_section *sections;
	size_t section_count;
	size_t entry_count, source_count;
	size_t minutes; /* to read it all */
	/* Sources of which all entries are over the limits. */
	struct digest_source *others;
	size_t other_count;
};
/*
 * The chosen entries in the order of the letter; ties: of each of them, from digest_tie_end(), or
 * NULL.  Everything in *out lives in a.
 */
void digest_group(struct arena *a, const struct config *c, const struct zone *zone,
    const struct source *sources, size_t source_count, const struct selection *sel,
    const struct digest_ties *ties, struct digest *out);

#endif
