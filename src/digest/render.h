/* SPDX-License-Identifier: ISC */
/*
 * A digest as the letter that readers with the same preferences get.
 */
#ifndef DIGEST_RENDER_H
#define DIGEST_RENDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/zone.h"
#include "config/options.h"
#include "digest/group.h"
#include "digest/templates.h"
#include "model/model.h"

struct post_cache;
/* The picture in the place of the newsletter's name, which its letters carry. */
struct carried_logo {
	const char *id;    /* Content-ID, see html/carried.h */
	int width, height; /* as it is shown */
};
struct render_context {
	const struct config *config;
	const struct zone *zone;
	const struct template_set *templates;
	const struct issue *issue; /* name, date, intro; the newest of a span */
	int64_t first_date;        /* of the oldest issue in the letter */
	const char *leave_kind; /* "web" or "mail": which words stand beside the link */
	enum images images;     /* how this variant shows pictures */
	/* Those of its posts that letters may carry, or may show by a size known of them. */
	const struct carried_picture *pictures;
	size_t picture_count;
	const struct carried_logo *logo; /* or NULL */
	struct post_cache *posts;        /* what is known of the entries, or NULL */
	bool has_web; /* pages answer: archive, preferences, in browser */
};
/*
 * Renders one variant.  Entries fall from full to summary to title, largest first, until the
 * encoded HTML part fits config.digest.max_bytes (ERR_LIMIT when it cannot and overflow =
 * error).  Everything lives in a.
 */
bool digest_render(struct arena *a, const struct render_context *ctx,
    const struct digest *d, const struct variant *v, struct rendering *out,
    struct err *err) MUST_CHECK;
/*
 * "24 November 2026", as a letter says since when somebody reads, and the words it is made of,
 * borrowed from t.  In a; NULL on failure.
 */
struct date_words digest_since_words(const struct template_set *t);
const char *digest_since(struct arena *a, const struct date_words *words,
    const struct zone *z, int64_t instant, struct err *err) MUST_CHECK;

#endif
