/* SPDX-License-Identifier: ISC */
/*
 * Posts that were not mailed and are set aside: taken back by their source, or held until a
 * person says what they are.
 */
#ifndef STORE_SET_ASIDE_H
#define STORE_SET_ASIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/model.h"

struct store;

/* When a post was, and when it was first seen. */
struct seen_post {
	int64_t id;
	int64_t at; /* published or updated; TIME_NONE: it is not dated */
	int64_t first_seen;
	bool taken_back;
};
/* *found false when there is none of that id. */
bool store_seen_post(struct store *s, int64_t id, struct seen_post *out, bool *found,
    struct err *err) MUST_CHECK;
/* Those of a source that may still be mailed, in a draft too, and those it took back.  In a. */
bool store_unsent_of_source(struct store *s, struct arena *a, int64_t source_id,
    struct seen_post **out, size_t *count, struct err *err) MUST_CHECK;
/* It is not mailed; a draft that has it has it no more. */
bool store_entry_take_back(struct store *s, int64_t id, struct err *err) MUST_CHECK;
/* Its source shows it again: open. */
bool store_entry_give_back(struct store *s, int64_t id, struct err *err) MUST_CHECK;

/* Was a text of that print (struct identity) mailed as a post of the source? */
bool store_text_was_mailed(struct store *s, int64_t source_id, int64_t print, bool *was,
    struct err *err) MUST_CHECK;
/*
 * So many more of a source are held since now; more: how many its last document has that are
 * not stored.
 */
bool store_held_note(struct store *s, int64_t source_id, int64_t held, int64_t more,
    int64_t now, struct err *err) MUST_CHECK;
/* The verdict has been carried out. */
bool store_verdict_done(struct store *s, int64_t source_id, struct err *err) MUST_CHECK;
/*
 * What is held of a source may come into the next issue.  Its texts come with its next
 * document, which is asked for in full by the next round.  last_issue: see struct news_rules.
 */
bool store_held_release(struct store *s, int64_t source_id, int64_t last_issue,
    int64_t now, struct err *err) MUST_CHECK;
/* It is never mailed. */
bool store_held_drop(struct store *s, int64_t source_id, struct err *err) MUST_CHECK;

#endif
