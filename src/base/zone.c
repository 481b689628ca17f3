/* SPDX-License-Identifier: ISC */
#define _DEFAULT_SOURCE /* tm_gmtoff and tm_zone */
#include "base/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/zone_hint.h"

#define SYSTEM_FILE "/etc/localtime"

enum {
	NAME_MAX_BYTES = 100,
	OFFSET_MAX = 26 * 3600, /* no zone is farther from UTC */
	STEP = 4 * 3600         /* no two changes are nearer to each other */
};

struct zone {
	char *name;
	char *
	    tz; /* the value of TZ: ":" and the path of its file; NULL: UTC, which has none */
};

/* ---- the C library's one zone ---- */

static bool
is_path_of_zone(const char *tz)
{
	return strncmp(tz, ":" ZONE_DIR "/", sizeof(":" ZONE_DIR "/") - 1) == 0 ||
	    strcmp(tz, ":" SYSTEM_FILE) == 0;
}

/* False when the library cannot read the file: then it has no name for the time either. */
static bool
switch_to(const char *tz)
{
	const char *now = getenv("TZ");

	if (!now || strcmp(now, tz) != 0) {
		if (setenv("TZ", tz, 1) != 0)
			return false;
		tzset();
	}
	return tzname[0][0] != '\0';
}

/* A file that was read before and is gone now ends the program: no letter is dated wrongly. */
static struct tm
local_time(const struct zone *z, int64_t t)
{
	const int64_t last = INT64_C(1) << 55; /* its year is within an int */
	const time_t at = t > last ? last : t < -last ? -last : t;
	struct tm tm;

	if (!switch_to(z->tz) || !localtime_r(&at, &tm)) {
		fprintf(stderr, "planetpost: time zone %s cannot be read any more\n",
		    z->name);
		abort();
	}
	return tm;
}

void
zone_leave(void)
{
	const char *tz = getenv("TZ");

	if (tz && is_path_of_zone(tz))
		(void)unsetenv("TZ");
}

/* ---- opening ---- */

static bool
is_zone_name(const char *name)
{
	size_t len = strlen(name);

	if (len == 0 || len > NAME_MAX_BYTES || name[0] == '/' || strstr(name, ".."))
		return false;
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)name[i] <= ' ' || name[i] == 0x7F)
			return false;
	}
	return true;
}

/* What /etc/localtime points to: ".../zoneinfo/Europe/Paris". */
static char *
system_name(void)
{
	char target[LIMIT_PATH];
	ssize_t n = readlink(SYSTEM_FILE, target, sizeof(target) - 1);
	const char *found = NULL;

	if (n > 0) {
		target[n] = '\0';
		found = strstr(target, "/zoneinfo/");
	}
	return xstrdup(found ? found + sizeof("/zoneinfo/") - 1 : "system");
}

/* The zones under "right/" count leap seconds, which instants here do not. */
static bool
counts_leap_seconds(const struct zone *z)
{
	const int64_t t = 1700000000;
	const struct tm tm = local_time(z, t);

	return (t + tm.tm_gmtoff) % 60 != tm.tm_sec;
}

static bool
check_zone(const struct zone *z, const char *asked, struct err *err)
{
	const char *path = z->tz + 1;
	struct stat st;

	if (stat(path, &st) != 0 || !S_ISREG(st.st_mode)) {
		(void)err_set(err, ERR_CONFIG, "there is no time zone '%s'", asked);
		zone_hint(asked, err);
		return false;
	}
	return (switch_to(z->tz) && !counts_leap_seconds(z)) ||
	    err_set(err, ERR_CONFIG,
		"time zone '%s': %s is no zone file this program can read", asked, path);
}

struct zone *
zone_open(const char *name, struct err *err)
{
	struct zone *z = NULL;
	bool is_system = strcmp(name, "system") == 0;

	/* localtime(5): without the file the system runs in UTC. */
	if (strcmp(name, "UTC") == 0 || (is_system && !file_exists(SYSTEM_FILE))) {
		z = xcalloc(1, sizeof(*z));
		z->name = xstrdup("UTC");
		return z;
	}
	if (!is_system && !is_zone_name(name)) {
		(void)err_set(err, ERR_CONFIG, "'%.100s' is no name of a time zone",
		    name);
		(void)err_hint(err, "write it like Europe/Paris");
		return NULL;
	}
	z = xcalloc(1, sizeof(*z));
	z->name = is_system ? system_name() : xstrdup(name);
	z->tz =
	    is_system ? xstrdup(":" SYSTEM_FILE) : xasprintf(":%s/%s", ZONE_DIR, name);
	if (!check_zone(z, name, err)) {
		zone_close(z);
		return NULL;
	}
	return z;
}

void
zone_close(struct zone *z)
{
	if (!z)
		return;
	free(z->tz);
	free(z->name);
	free(z);
}

const char *
zone_name(const struct zone *z)
{
	return z->name;
}

/* ---- asking ---- */

int
zone_offset(const struct zone *z, int64_t t, const char **abbr)
{
	struct tm tm;

	if (!z->tz) {
		if (abbr)
			*abbr = "UTC";
		return 0;
	}
	tm = local_time(z, t);
	if (abbr)
		*abbr = tm.tm_zone;
	return (int)tm.tm_gmtoff;
}

struct civil
zone_civil(const struct zone *z, int64_t t)
{
	return clock_civil(t, zone_offset(z, t, NULL));
}

int64_t
zone_day(const struct zone *z, int64_t t)
{
	struct civil c = zone_civil(z, t);

	return clock_day_number(&c);
}

/* The first instant after t with another offset than at t; end when there is none before. */
static int64_t
next_change(const struct zone *z, int64_t t, int64_t end)
{
	const int offset = zone_offset(z, t, NULL);
	int64_t after = t + STEP;

	while (after < end && zone_offset(z, after, NULL) == offset) {
		t = after;
		after += STEP;
	}
	if (after >= end)
		return end;
	while (after - t > 1) {
		const int64_t middle = t + (after - t) / 2;

		if (zone_offset(z, middle, NULL) == offset)
			t = middle;
		else
			after = middle;
	}
	return after;
}

bool
zone_instant(const struct zone *z, const struct civil *c, int64_t *t)
{
	int64_t local = 0;
	int64_t from = 0;

	if (!clock_instant(c, 0, &local))
		return false;
	/* Walks the stretches of one offset in which the instant can lie, earliest first. */
	from = local - OFFSET_MAX;
	for (;;) {
		int64_t until = next_change(z, from, local + 2 * OFFSET_MAX);
		int64_t found = local - zone_offset(z, from, NULL);

		if (found < from) /* the clock jumped over it */
			found = from;
		if (found < until) {
			*t = found;
			return true;
		}
		from = until;
	}
}
