/* SPDX-License-Identifier: ISC */
/*
 * What people send with a form.  One table (form.c) names every field there is, how long it may
 * be and what may stand in it; nothing else reads the body of a request.
 */
#ifndef WEB_FORM_H
#define WEB_FORM_H

#include <stddef.h>

#include "base/arena.h"
#include "base/attr.h"

enum form_field {
	FIELD_ACT, /* which button: leave, undo, weekly ... */
	FIELD_ONE_CLICK,
	FIELD_EMAIL,
	FIELD_RHYTHM,
	FIELD_WEEKDAY,
	FIELD_MONTHDAY,
	FIELD_HOUR,
	FIELD_ZONE,
	FIELD_LENGTH,
	FIELD_FORMAT,
	FIELD_LANGUAGE,
	FIELD_PICTURES,
	FIELD_WHICH,
	FIELD_HOLD,
	FIELD_MISSED,
	FIELD_CODE,
	FIELD_ASKED, /* which ask a code belongs to */
	FIELD_TRAP,  /* people leave it empty */
	FIELD_SHOWN, /* when the form was shown, signed */
	FIELD_WHY,
	FIELD_GROUP,
	FIELD_COUNT
};

struct form {
	const char *values[FIELD_COUNT]; /* NULL: not sent */
	const char **sources;            /* the keys that are ticked */
	size_t source_count;
};

/*
 * Reads application/x-www-form-urlencoded and multipart/form-data (RFC 7578); of a field that is
 * sent twice the first counts, and names that no form has are passed over.  The answer is a
 * status: 200, 400 for a body or value that no form of ours sends, 415 for another type.  Text
 * lives in a.
 */
int form_read(struct arena *a, const char *type, const char *body, size_t len,
    struct form *out) MUST_CHECK;
/* The value of a field, "" when it was not sent. */
const char *form_value(const struct form *f, enum form_field field);

#endif
