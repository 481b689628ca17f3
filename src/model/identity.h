/* SPDX-License-Identifier: ISC */
/*
 * When two posts are the same one.  Pure: from what a document says of its entries come the
 * keys they can be known by; from what is remembered of a post that was found under one of
 * them comes the decision.  Where keys are kept and how they are found is the store's matter,
 * in which order the entries of a document are looked at is flow/remember.c's.
 *
 * Within a source two posts are the same one when
 *   - the guid agrees, unless everything else differs: then the guid was used again;
 *   - the title or the text agrees, and the instant, which has a time of day;
 *   - without such an instant, title and text agree;
 *   - the address agrees, is a page of its own, and the title, the text or the instant does.
 * Across sources
 *   - the title and the text agree, and are long enough to tell a post from others;
 *   - the address agrees, and the title or the text does;
 *   - the address agrees and is on the site of one of the two sources, unless title, text and
 *     instant all differ (somebody's own words about it), or the other's was mailed before the
 *     site's own post came (else naming an address first would make the post there vanish).
 */
#ifndef MODEL_IDENTITY_H
#define MODEL_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "model/model.h"

/* What a post is known by, the strongest evidence first. */
enum identity_key {
	KEY_OWN, /* source and guid; without one the address; without both its words */
	KEY_TEXT_AT,  /* source, text and instant */
	KEY_WORDS,    /* source, title and text: of posts without a time of day */
	KEY_PAGE,     /* source and address: where another's post has KEY_LINK */
	KEY_LINK,     /* address, anywhere */
	KEY_TITLE_AT, /* source, title and instant */
	KEY_PRINT,    /* title and text, anywhere */
	IDENTITY_KEYS
};

/* Whose document it is.  Addresses in the form of url_identity(), or NULL. */
struct identity_source {
	int64_t id;
	const char *site; /* the page it says it belongs to */
	const char *feed; /* where it was fetched from */
};

/* Everything an entry can be known by. */
struct identity {
	int64_t keys[IDENTITY_KEYS]; /* 0: says nothing about it */
	bool has_guid;               /* KEY_OWN is of one */
	const char *link;            /* KEY_LINK is of it; NULL: no page of its own */
	int64_t title;               /* prints: 0 when there is none */
	int64_t text;
	int64_t at;    /* the instant it is dated with; TIME_NONE: it is not */
	uint64_t said; /* print of title, text, instant and address together */
};

/* What is remembered of a stored post that was found under one of the keys. */
struct identity_match {
	enum identity_key key;
	int64_t entry_id;
	struct identity_source source;
	const char *link; /* in the form of url_identity(), or NULL */
	int64_t title;    /* what the source said last */
	int64_t text;
	int64_t at;
	bool open; /* not mailed, and it may still be */
	bool bare; /* open, and its text was never stored */
};

/* Of the raw text and of title and raw text, before cleaning; 0: there is none. */
uint64_t identity_text_print(const struct entry *e);
/* From the title and text_print, which is set. */
uint64_t identity_fingerprint(const struct entry *e);

/* Canonical addresses from those a feed and the configuration give; either may be NULL. */
struct identity_source identity_of_source(struct arena *a, int64_t id, const char *site,
    const char *feed);
/* An address as matches have it: the page, with the anchor if there is one.  NULL: none. */
const char *identity_link(struct arena *a, const char *link);
/*
 * For each entry of a document, whose prints are set, all it can be known by, in `out`, which
 * has room for all of them.  An address tells nothing when it is the feed's own page or when
 * several entries of the document share it; those that stand on one page under anchors of their
 * own keep these.  Entries that say the same at the same instant are told apart by their place,
 * counted from the end of the document.  Linear but for sorting.
 */
void identity_of_document(struct arena *a, const struct identity_source *s,
    const struct feed *feed, struct identity *out);
/* The key of a guid within its source. */
int64_t identity_of_guid(int64_t source_id, const char *guid);

/* Is the entry of source s the post that was found? */
bool identity_is_same(const struct identity *e, const struct identity_source *s,
    const struct identity_match *m);
/* Is an address more s's than the other source's, by site and by host of the feed? */
bool identity_is_owner(const struct identity_source *s,
    const struct identity_source *other, const char *link);

enum entry_known {
	ENTRY_NEW,
	ENTRY_KNOWN,
	ENTRY_CHANGED, /* the same post, and its own source has changed it */
	ENTRY_OWNED /* the same post, of another source, and s's by right: not mailed yet */
};
/* What becomes of a post that is the same. */
enum entry_known identity_decide(const struct identity *e,
    const struct identity_source *s, const struct identity_match *m);

#endif
