/* SPDX-License-Identifier: ISC */
/*
 * The settings that show in a letter: how long it is, what it is called, its colours.  They are
 * written down with its letterhead, so that what is made of an issue later looks like what was
 * made first.
 */
#ifndef FLOW_LETTER_SETTINGS_H
#define FLOW_LETTER_SETTINGS_H

#include "base/arena.h"
#include "config/options.h"
#include "format/json.h"

/* An object of those that are not as they are initially, each as one writes it in a file. */
void letter_settings_write(struct json_writer *w, const struct config *c);
/*
 * Puts them into c: those in the object as they stand there, the others as they are initially.
 * What this version does not take stays as it is.  Their text lives in a.
 */
void letter_settings_read(struct arena *a, const struct json_value *from,
    struct config *c);

#endif
