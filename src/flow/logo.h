/* SPDX-License-Identifier: ISC */
/*
 * The newsletter's logo ([style] logo): a picture that stands in the place of its name.  Letters
 * carry it like the pictures of posts, by what it holds, so that they can be made again; pages
 * have it at a path of their own.
 */
#ifndef FLOW_LOGO_H
#define FLOW_LOGO_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"
#include "digest/render.h"
#include "format/picture.h"

struct run;

struct logo {
	struct picture is;
	const char *bytes; /* is.len of them; NULL: there is none */
	const char *name;  /* PICTURE_NAME characters, as store/pictures.h has them */
	const char *path;  /* "/logo.png", below web.url */
	struct carried_logo shown; /* in letters */
};

/*
 * As the file is now: a PNG, JPEG or GIF of at most LIMIT_LOGO bytes.  In run->arena; out->bytes
 * is NULL when none is set.  ERR_CONFIG for a file that is none.
 */
bool flow_logo_read(struct run *run, struct logo *out, struct err *err) MUST_CHECK;
/*
 * The same, read once in a run.  A letter does not wait for its picture: for a file that cannot
 * be shown there is a warning, and the name stands.  NULL: there is none.
 */
const struct logo *flow_logo(struct run *run);
/* What stands behind the "@" of a Content-ID: the newsletter's domain where that is plain ASCII. */
const char *flow_content_domain(struct run *run) MUST_CHECK;
/* Its size, made smaller where it does not fit, but never larger. */
void flow_logo_fit(const struct picture *is, int width, int height, int *out_width,
    int *out_height);

#endif
