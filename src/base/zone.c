/* SPDX-License-Identifier: ISC */
#include "base/zone.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/zone_hint.h"
#include "base/zone_rule.h"

static const char system_file[] = "/etc/localtime";

enum {
	HEADER = 44, /* RFC 8536 3.1 */
	NAME_MAX_BYTES = 100,
	OFFSET_MAX = 26 * 3600 /* no zone is farther from UTC */
};

struct local_type {
	int32_t offset;
	const char *abbr; /* into zone.abbrs */
};

struct zone {
	char *name;
	int64_t *times;       /* ascending */
	unsigned char *types; /* in force from times[i] */
	size_t count;
	struct local_type *local;
	size_t local_count; /* 0: UTC without a file */
	char *abbrs;
	bool has_rule; /* for what comes after the last of times */
	struct zone_rule rule;
};

/* ---- TZif ---- */

struct counts {
	size_t is_ut, is_std, leap, time, type, abbr;
};

static uint32_t
read32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int64_t
read_time(const unsigned char *p, size_t width)
{
	if (width == 4)
		return (int32_t)read32(p);
	return (int64_t)((uint64_t)read32(p) << 32 | read32(p + 4));
}

static bool
read_header(const unsigned char *p, size_t len, struct counts *c)
{
	if (len < HEADER || memcmp(p, "TZif", 4) != 0)
		return false;
	*c = (struct counts){ read32(p + 20), read32(p + 24), read32(p + 28),
		read32(p + 32), read32(p + 36), read32(p + 40) };
	/* Far above all that exists, and small enough that no sum below can overflow. */
	return c->is_ut <= 256 && c->is_std <= 256 && c->leap <= 1000 &&
	    c->time <= 20000 && c->type >= 1 && c->type <= 256 && c->abbr >= 1 &&
	    c->abbr <= 4096;
}

static size_t
block_size(const struct counts *c, size_t width)
{
	return c->time * (width + 1) + c->type * 6 + c->abbr + c->leap * (width + 4) +
	    c->is_std + c->is_ut;
}

static bool
read_types(struct zone *z, const unsigned char *p, const struct counts *c)
{
	const unsigned char *abbrs = p + c->type * 6;

	z->abbrs = xmalloc(c->abbr + 1);
	memcpy(z->abbrs, abbrs, c->abbr);
	z->abbrs[c->abbr] = '\0';
	z->local = xcalloc(c->type, sizeof(*z->local));
	z->local_count = c->type;
	for (size_t i = 0; i < c->type; i++, p += 6) {
		z->local[i].offset = (int32_t)read32(p);
		if (p[5] >= c->abbr || z->local[i].offset > OFFSET_MAX ||
		    z->local[i].offset < -OFFSET_MAX)
			return false;
		z->local[i].abbr = z->abbrs + p[5];
	}
	return true;
}

static bool
read_block(struct zone *z, const unsigned char *p, const struct counts *c, size_t width)
{
	const unsigned char *types = p + c->time * width;

	z->times = xcalloc(c->time, sizeof(*z->times));
	z->types = xcalloc(c->time, 1);
	z->count = c->time;
	for (size_t i = 0; i < c->time; i++) {
		z->times[i] = read_time(p + i * width, width);
		z->types[i] = types[i];
		if (types[i] >= c->type || (i > 0 && z->times[i] <= z->times[i - 1]))
			return false;
	}
	return read_types(z, types + c->time, c);
}

/* "\n<rule>\n"; an empty rule means that nothing is known of later times. */
static bool
read_footer(struct zone *z, const unsigned char *p, size_t len)
{
	const unsigned char *end = len > 1 ? memchr(p + 1, '\n', len - 1) : NULL;
	char *text = NULL;

	if (!end || p[0] != '\n')
		return false;
	text = xstrndup((const char *)p + 1, (size_t)(end - p - 1));
	z->has_rule = *text != '\0';
	if (z->has_rule && !zone_rule_parse(text, &z->rule)) {
		free(text);
		return false;
	}
	free(text);
	return true;
}

static bool
parse_tzif(struct zone *z, const unsigned char *p, size_t len)
{
	struct counts c;
	size_t width = 4;
	size_t size = 0;

	if (!read_header(p, len, &c))
		return false;
	/* From version 2 on everything comes twice, the second time with 64 bits. */
	if (p[4] >= '2') {
		size = HEADER + block_size(&c, 4);
		if (size > len || !read_header(p + size, len - size, &c))
			return false;
		p += size;
		len -= size;
		width = 8;
	}
	size = HEADER + block_size(&c, width);
	/* The zones under "right/" count leap seconds; instants here do not. */
	if (size > len || c.leap > 0 || !read_block(z, p + HEADER, &c, width))
		return false;
	return width == 4 || read_footer(z, p + size, len - size);
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
	ssize_t n = readlink(system_file, target, sizeof(target) - 1);
	const char *found = NULL;

	if (n > 0) {
		target[n] = '\0';
		found = strstr(target, "/zoneinfo/");
	}
	return xstrdup(found ? found + sizeof("/zoneinfo/") - 1 : "system");
}

static bool
load(struct zone *z, const char *path, const char *asked, struct err *err)
{
	struct buf b = BUF_INIT(LIMIT_TZIF);
	struct err cause = ERR_INIT;
	bool ok = file_read(path, &b, &cause);

	if (!ok) {
		(void)err_set(err, ERR_CONFIG, "there is no time zone '%s'", asked);
		zone_hint(asked, err);
	} else {
		ok = parse_tzif(z, (const unsigned char *)buf_text(&b), b.len);
		if (!ok)
			(void)err_set(err, ERR_CONFIG,
			    "time zone '%s': %s is no zone file this "
			    "program can read",
			    asked, path);
	}
	buf_clear(&b);
	return ok;
}

struct zone *
zone_open(const char *name, struct err *err)
{
	struct zone *z = xcalloc(1, sizeof(*z));
	bool is_system = strcmp(name, "system") == 0;
	char *path = NULL;
	bool ok = true;

	/* localtime(5): without the file the system runs in UTC. */
	if (strcmp(name, "UTC") == 0 || (is_system && !file_exists(system_file))) {
		z->name = xstrdup("UTC");
	} else if (is_system) {
		z->name = system_name();
		ok = load(z, system_file, name, err);
	} else if (!is_zone_name(name)) {
		ok = err_set(err, ERR_CONFIG, "'%.100s' is no name of a time zone", name);
		(void)err_hint(err, "write it like Europe/Paris");
	} else {
		z->name = xstrdup(name);
		path = file_join(ZONE_DIR, name);
		ok = load(z, path, name, err);
		free(path);
	}
	if (!ok) {
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
	free(z->abbrs);
	free(z->local);
	free(z->types);
	free(z->times);
	free(z->name);
	free(z);
}

const char *
zone_name(const struct zone *z)
{
	return z->name;
}

/* ---- asking ---- */

/* Number of transitions at or before t. */
static size_t
passed(const struct zone *z, int64_t t)
{
	size_t low = 0;
	size_t high = z->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (z->times[middle] <= t)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int
zone_offset(const struct zone *z, int64_t t, const char **abbr)
{
	const struct local_type *type = NULL;
	size_t n = passed(z, t);

	if (z->local_count == 0) {
		if (abbr)
			*abbr = "UTC";
		return 0;
	}
	if (n == z->count && z->has_rule) {
		bool summer = zone_rule_is_summer(&z->rule, t);

		if (abbr)
			*abbr = summer ? z->rule.summer_abbr : z->rule.standard_abbr;
		return summer ? z->rule.summer : z->rule.standard;
	}
	/* Before the first transition the first type is in force (RFC 8536 3.2). */
	type = &z->local[n > 0 ? z->types[n - 1] : 0];
	if (abbr)
		*abbr = type->abbr;
	return type->offset;
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

/* The first instant after t at which something may change. */
static int64_t
next_change(const struct zone *z, int64_t t)
{
	size_t n = passed(z, t);

	if (n < z->count)
		return z->times[n];
	return z->has_rule ? zone_rule_next(&z->rule, t) : INT64_MAX;
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
		int64_t until = next_change(z, from);
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
