/* SPDX-License-Identifier: ISC */
/* The mail servers of the settings: [smtp], and one for each section [relay NAME]. */
#ifndef CONFIG_RELAYS_H
#define CONFIG_RELAYS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "config/settings.h"
#include "format/ini.h"

enum { RELAYS_MAX = 16 };

/* True for "relay NAME". */
bool relay_section_is_one(const char *section);
/*
 * Adds a relay, or to one of that name.  A key that is not said has its built-in value, not that
 * of [smtp]: a password goes to one server.  ERR_CONFIG names file, line and key.
 */
bool relay_section_read(struct arena *a, struct settings *s, const char *path,
    const struct ini_section *section, struct err *err) MUST_CHECK;

/* The settings that a relay has for itself, in the order of options[]: false = not this one. */
bool relay_has_option(const struct option *o);
/* How many servers letters go to; at least one. */
size_t relay_count(const struct config *c);
/* The settings as if server i were that of [smtp]; *name is "" for [smtp] itself. */
void relay_config(const struct config *c, size_t i, struct config *out,
    const char **name);

#endif
