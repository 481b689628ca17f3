/* SPDX-License-Identifier: ISC */
/*
 * Who asked to join, how often whom was asked for, and who wants to be left alone.  Addresses
 * are known here by their hash alone (store_address_hash()).
 */
#ifndef STORE_ASKS_H
#define STORE_ASKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"
#include "model/model.h"

struct store;

struct ask_row {
	unsigned char hash[HASH_SIZE];
	int64_t reader_id; /* 0: nobody was written to */
	int64_t asked;
	int64_t tries; /* wrong codes so far */
	bool reminded;
	const char
	    *evidence; /* "page 2026-11-24T06:12:00Z from 203.0.113.0/24", or NULL */
};
/* Adds it, or puts it in the place of the one of the same hash. */
bool store_ask_put(struct store *s, const struct ask_row *row,
    struct err *err) MUST_CHECK;
bool store_ask_get(struct store *s, struct arena *a, const unsigned char hash[HASH_SIZE],
    struct ask_row *out, bool *found, struct err *err) MUST_CHECK;
/* Nothing happens when there is none. */
bool store_ask_end(struct store *s, const unsigned char hash[HASH_SIZE],
    struct err *err) MUST_CHECK;
/*
 * Up to max of those asked before an instant, oldest first; only_new: those of readers, not yet
 * reminded.
 */
bool store_asks_before(struct store *s, struct arena *a, int64_t before, bool only_new,
    size_t max, struct ask_row **out, size_t *count, struct err *err) MUST_CHECK;

/* ---- limits ---- */

/* Which letter a stranger's word brought; the numbers are stored. */
enum ask_letter {
	LETTER_NONE,
	LETTER_ASKED,  /* whether they want to read */
	LETTER_ANSWER, /* to a mail */
	LETTER_LINK,   /* a fresh link to preferences, to who has an old one */
	LETTER_DATA    /* a link to what is kept of them */
};
struct ask_log_line {
	int64_t at;
	enum event_cause cause;
	enum ask_letter letter;
	const unsigned char *hash; /* HASH_SIZE bytes */
	const char *network;       /* or NULL */
};
bool store_ask_log(struct store *s, const struct ask_log_line *line,
    struct err *err) MUST_CHECK;
/*
 * The newest instants after `since`, max at most: of letters to an address, of asks from a
 * network, of asks by a cause.  In a.
 */
bool store_ask_times_address(struct store *s, struct arena *a,
    const unsigned char hash[HASH_SIZE], enum ask_letter letter, int64_t since,
    size_t max, int64_t **out, size_t *count, struct err *err) MUST_CHECK;
bool store_ask_times_network(struct store *s, struct arena *a, const char *network,
    int64_t since, size_t max, int64_t **out, size_t *count, struct err *err) MUST_CHECK;
bool store_ask_times_cause(struct store *s, struct arena *a, enum event_cause cause,
    int64_t since, size_t max, int64_t **out, size_t *count, struct err *err) MUST_CHECK;

/* ---- left alone ---- */

bool store_ask_block(struct store *s, const unsigned char hash[HASH_SIZE], int64_t until,
    struct err *err) MUST_CHECK;
bool store_ask_is_blocked(struct store *s, const unsigned char hash[HASH_SIZE],
    int64_t now, bool *blocked, struct err *err) MUST_CHECK;

/* Forgets log lines before an instant, and blocks that have ended. */
bool store_asks_tidy(struct store *s, int64_t before, int64_t now,
    struct err *err) MUST_CHECK;

#endif
