/* SPDX-License-Identifier: ISC */
/*
 * Time zones, as the C library reads them from the system's tzdata.  The library knows one
 * zone at a time, the one of $TZ: this file alone sets it, and switches only when another zone
 * is asked for than the last time, so that many questions about one zone are cheap.
 *
 * Setting $TZ while another thread reads the environment (getaddrinfo does) is undefined.  A run
 * asks about one zone only and opens it before it fetches, and after a password command the
 * first letter is made before the other senders' threads start: then nothing is set any more.
 */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"

struct zone;

/*
 * name: "Europe/Paris", "UTC", or "system" ($TZ is not read; /etc/localtime is).  Names with
 * "..", a leading "/" or control characters are refused.  "UTC" needs no file.  ERR_CONFIG
 * when there is no such zone, with up to three near names as hint.  Owned by the caller.
 */
struct zone *zone_open(const char *name, struct err *err) MUST_CHECK;
/* Accepts NULL. */
void zone_close(struct zone *z);

/* The name it was opened with; for "system" the zone's real name where it can be known. */
const char *zone_name(const struct zone *z);
/* Seconds east of UTC at t; abbreviation ("CET") to *abbr when not NULL, kept by the C library. */
int zone_offset(const struct zone *z, int64_t t, const char **abbr);
struct civil zone_civil(const struct zone *z, int64_t t);
/*
 * The instant at which a wall clock in z shows c.  In the hour that occurs twice: the first;
 * in the hour that is skipped: the instant of the jump.  False when c is no date.
 */
bool zone_instant(const struct zone *z, const struct civil *c, int64_t *t) MUST_CHECK;
/* Days since 1970-01-01 of the local date at t: the key by which entries are grouped. */
int64_t zone_day(const struct zone *z, int64_t t);
/*
 * Takes our $TZ out of the environment, which a child process is about to inherit; the next
 * question puts it back.
 */
void zone_leave(void);

#endif
