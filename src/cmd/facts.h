/* SPDX-License-Identifier: ISC */
/*
 * What is known of one thing: a line each for people, one object for programs, from the same
 * calls.
 */
#ifndef CMD_FACTS_H
#define CMD_FACTS_H

#include <stdint.h>

#include "base/buf.h"
#include "cmd/app.h"
#include "format/json.h"

struct facts {
	struct app *app;
	int width; /* of the column of names, for people */
	struct buf b;
	struct json_writer w; /* inside the object, where app->json is set */
};
/* width: columns of the names.  Nothing is printed under JSON before facts_end(). */
void facts_begin(struct facts *f, struct app *app, int width);
/* NULL: nothing for people, null for programs.  "confirmed by" is confirmed_by in JSON. */
void facts_text(struct facts *f, const char *name, const char *value);
/* n with the word for people: "2 posts".  words NULL: the number alone. */
void facts_number(struct facts *f, const char *name, int64_t n, const char *words);
/* TIME_NONE: as facts_text() with NULL. */
void facts_time(struct facts *f, const char *name, int64_t instant);
/* Between the two stands a list of that name for programs, written by w; nothing for people. */
void facts_begin_list(struct facts *f, const char *name);
void facts_end_list(struct facts *f);
void facts_end(struct facts *f);

#endif
