/* SPDX-License-Identifier: ISC */
/*
 * Pictures that letters carry: which a letter may, and those that it does.  A rendering names
 * them by what they hold, so that its letter can be made again byte for byte.
 */
#ifndef FLOW_LETTER_PICTURES_H
#define FLOW_LETTER_PICTURES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "model/model.h"
#include "store/renderings.h"

struct run;
struct digest;
struct logo;

/*
 * Those of its posts that are stored, each once, by address: where how carries them those with
 * their bytes, where they stay where they are those whose size its author does not say.
 */
bool flow_pictures_of(struct run *run, const struct digest *d, enum images how,
    const struct carried_picture **out, size_t *count, struct err *err) MUST_CHECK;
/*
 * Puts the pictures that its HTML shows into the rendering; words stand where one is not kept
 * any more.  In a.
 */
bool flow_pictures_load(struct run *run, struct arena *a, struct rendering *r,
    struct err *err) MUST_CHECK;
/* The same as data: addresses, for a file that a browser shows. */
bool flow_pictures_inside(struct run *run, struct arena *a, struct rendering *r,
    struct err *err) MUST_CHECK;
/* Words in place of all of them: for what is no letter. */
bool flow_pictures_take_out(struct run *run, struct arena *a, struct rendering *r,
    struct err *err) MUST_CHECK;
/* The same for a page, which has the logo at src; *shows says whether the letter has that one. */
bool flow_pictures_on_page(struct run *run, struct arena *a, struct rendering *r,
    const struct logo *logo, const char *src, bool *shows, struct err *err) MUST_CHECK;
/* store_rendering_put(), and what it carries is kept as long. */
bool flow_rendering_put(struct run *run, const struct rendering_key *key,
    const struct rendering *r, const char *letterhead, const struct rendering_base *base,
    struct err *err) MUST_CHECK;

#endif
