/* SPDX-License-Identifier: ISC */
/* What the files of flow/ share among themselves. */
#ifndef FLOW_CONTEXT_H
#define FLOW_CONTEXT_H

#include "fetch/http.h"
#include "flow/flow.h"
#include "mail/letter.h"

/* The settings of a fetch, from the configuration. */
void flow_http_settings(struct flow *f, struct http_settings *out);

/* ---- keep.c ---- */

struct kept {
	size_t added; /* entries that were unseen */
	size_t old;   /* of those, remembered and never mailed */
};
/*
 * Stores what is new in a feed, cleaned.  Of a source's first document only as many entries as
 * one issue shows may be mailed, the rest is remembered; what is dated ahead and waits for its
 * day takes nobody's place.  Inside the caller's transaction; scratch holds what is made on the
 * way.
 */
bool flow_keep_entries(struct flow *f, struct arena *scratch, const struct source *s,
    struct feed *feed, struct kept *out, struct err *err) MUST_CHECK;

/* ---- compile.c ---- */

/*
 * Renders a frozen issue for variants that came into use since: somebody joined with other
 * preferences between the freeze and the send.
 */
bool flow_render_missing(struct flow *f, const struct issue *issue,
    struct err *err) MUST_CHECK;

/* ---- letters.c: what every letter of the newsletter shares ---- */

/* Everything is in f->arena.  ERR_CONFIG when newsletter.from is missing or wrong. */
bool flow_letter_common(struct flow *f, const struct issue *issue,
    struct letter_common *out, struct err *err) MUST_CHECK;
/* The reader's own bytes of a letter.  In a. */
bool flow_letter_personal(struct flow *f, struct arena *a,
    const struct letter_common *common, const unsigned char key[DIGEST_SIZE],
    int64_t issue_id, int64_t reader_id, int64_t epoch, int64_t confirmed,
    const char *address, struct letter_personal *out, struct err *err) MUST_CHECK;

/* The envelope sender: one of its own per reader with smtp.verp, when it fits.  In a. */
const char *flow_letter_sender(struct arena *a, const struct letter_common *common,
    const unsigned char key[DIGEST_SIZE], int64_t issue_id, int64_t reader_id,
    int64_t epoch) MUST_CHECK;

#endif
