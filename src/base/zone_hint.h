/* SPDX-License-Identifier: ISC */
/* Names of time zones near to a wrong one.  Private to zone.c. */
#ifndef BASE_ZONE_HINT_H
#define BASE_ZONE_HINT_H

#include "base/err.h"

#define ZONE_DIR "/usr/share/zoneinfo"

/* Adds up to three names that may have been meant as the hint of err; none when none is near. */
void zone_hint(const char *name, struct err *err);

#endif
