/* SPDX-License-Identifier: ISC */
/*
 * Answers in line: each is settled in the order in which it came, by the one thread that has the
 * store, so that what is stored is the same however many processors there are.  What costs is
 * done before its turn, by other threads: reading a document, and cleaning those of its posts
 * that look new.  Without other threads, and while nobody waits, an answer is settled at once.
 */
#ifndef FLOW_READING_LINE_H
#define FLOW_READING_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/work_pool.h"
#include "feed/feed.h"
#include "fetch/http.h"

struct being_read;
struct keeping;
struct reading_line;
struct run;
struct source;

/* An answer on its way from the network to the store. */
struct document {
	struct source *source;         /* borrowed */
	struct http_response response; /* what it borrows lives until it is settled */
	struct arena *arena;           /* of this answer alone */
	int64_t hash; /* of a document and what tells how it is read; 0: it is none */
	bool is_same; /* as the one before, by its hash: not to be read */

	/* What document_read() finds. */
	bool is_read;
	bool is_feed;
	struct feed *feed;
	struct feed_links links;
	struct keeping *keeping;
	struct err why; /* it is no feed */

	/* The line's. */
	struct reading_line *line;
	struct work work;
	struct document *next; /* behind it */
	char *body;            /* owned */
	size_t bytes;          /* counted for it */
	bool is_cleaned;       /* as far as that was guessed */
	bool is_ready;         /* when its turn comes it can be settled */
};

struct reading_client {
	struct run *run;
	struct being_read *being_read;
	/* Guesses what of a read document is to be cleaned: true when anything is. */
	bool (*look_ahead)(void *arg, struct document *d);
	/* Its turn has come. */
	void (*settle)(void *arg, struct document *d);
	/* Asked between two: true, and the rest is left. */
	bool (*stop)(void *arg);
	void *arg;
};

/* client is borrowed.  threads beside the caller's are started when there is work for them. */
struct reading_line *reading_line_open(const struct reading_client *client,
    size_t threads) MUST_CHECK;
/* Accepts NULL.  What is not settled is forgotten. */
void reading_line_close(struct reading_line *line);
/* s is borrowed, response is not.  Settles what can be; works itself when too much waits. */
void reading_line_add(struct reading_line *line, struct source *s,
    const struct http_response *response);
/* Settles what can be settled now. */
void reading_line_step(struct reading_line *line);
/* Settles all, or until stop() says so. */
void reading_line_finish(struct reading_line *line);

/*
 * The document of a good answer, parsed and prepared for the store; place: of being_read.  In
 * any thread.
 */
void document_read(struct document *d, const struct reading_client *client, size_t place);

#endif
