/* SPDX-License-Identifier: ISC */
#include "fetch/http_fields.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"

enum { SECONDS_MAX = 10 * 365 * 86400 };

/* Reads digits at *p and moves behind them; false when there are none. */
static bool
read_digits(const char **p, int64_t *n)
{
	const char *start = *p;

	*n = 0;
	for (; **p >= '0' && **p <= '9'; (*p)++)
		if (*n < SECONDS_MAX)
			*n = *n * 10 + (**p - '0');
	if (*n > SECONDS_MAX)
		*n = SECONDS_MAX;
	return *p > start;
}

bool
field_seconds(const char *text, int64_t *seconds)
{
	while (*text == ' ' || *text == '\t')
		text++;
	if (!read_digits(&text, seconds))
		return false;
	return text[strspn(text, " \t")] == '\0';
}

/*
 * RFC 9110 5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT" and
 * "Sun Nov  6 08:49:37 1994", all UTC.
 */
static bool
read_date(const char *text, int64_t *t)
{
	static const char MONTHS[] = "janfebmaraprmayjunjulaugsepoctnovdec";
	struct civil c = { 0 };
	char month[4] = "";

	if (sscanf(text, "%*3s, %2d %3s %4d %2d:%2d:%2d", &c.day, month, &c.year, &c.hour,
		&c.minute, &c.second) != 6 &&
	    sscanf(text, "%*[a-zA-Z], %2d-%3s-%4d %2d:%2d:%2d", &c.day, month, &c.year,
		&c.hour, &c.minute, &c.second) != 6 &&
	    sscanf(text, "%*3s %3s %2d %2d:%2d:%2d %4d", month, &c.day, &c.hour,
		&c.minute, &c.second, &c.year) != 6)
		return false;
	for (char *p = month; *p; p++)
		*p = (char)text_lower((unsigned char)*p);
	const char *found = strstr(MONTHS, month);
	if (!found || strlen(month) != 3 || (found - MONTHS) % 3 != 0)
		return false;
	c.month = (int)(found - MONTHS) / 3 + 1;
	if (c.year < 100)
		c.year +=
		    2000; /* nobody says "come back" with a year of the last century */
	return clock_instant(&c, 0, t);
}

int64_t
field_retry_after(const char *text, int64_t now)
{
	int64_t n = 0;

	if (!text)
		return -1;
	if (field_seconds(text, &n))
		return n;
	if (!read_date(text, &n))
		return -1;
	return n > now ? n - now : 0;
}

/* True when the directive at p is called name; *value is behind its "=" or NULL. */
static bool
is_directive(const char *p, const char *name, const char **value)
{
	size_t len = strlen(name);

	if (!text_starts_nocase(p, name))
		return false;
	p += len;
	p += strspn(p, " \t");
	*value = NULL;
	if (*p == '=')
		*value = p + 1 + strspn(p + 1, " \t\"");
	return *p == '=' || *p == ',' || *p == '\0';
}

int64_t
field_max_age(const char *cache_control)
{
	int64_t age = -1;
	const char *value = NULL;

	for (const char *p = cache_control ? cache_control : ""; *p;
	     p += strcspn(p, ",")) {
		p += strspn(p, ", \t");
		if (is_directive(p, "no-cache", &value) ||
		    is_directive(p, "no-store", &value))
			return 0;
		if (is_directive(p, "max-age", &value) && value &&
		    !read_digits(&value, &age))
			age = -1;
	}
	return age;
}

bool
field_is_sendable(const char *text)
{
	for (const char *p = text; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return false;
	return *text != '\0';
}

bool
field_write(char *out, size_t size, const char *name, const char *value)
{
	if (!field_is_sendable(value))
		return false;
	int n = snprintf(out, size, "%s: %s", name, value);
	return n > 0 && (size_t)n < size;
}

long
field_status(const char *line, size_t len)
{
	const char *space = len > 5 ? memchr(line, ' ', len) : NULL;
	long status = 0;

	if (!space || memcmp(line, "HTTP/", 5) != 0 || line + len - space < 4)
		return 0;
	for (int i = 1; i <= 3; i++) {
		if (space[i] < '0' || space[i] > '9')
			return 0;
		status = status * 10 + (space[i] - '0');
	}
	return status;
}

void
fields_log(char mark, const char *bytes, size_t len)
{
	for (const char *p = bytes; p < bytes + len;) {
		const char *eol = memchr(p, '\n', (size_t)(bytes + len - p));
		const char *end = eol ? eol : bytes + len;
		const char *line = p;
		size_t n = (size_t)(end - p);

		text_trim(&line, &n);
		if (n >= 14 && text_starts_nocase(line, "Authorization:"))
			log_wire("fetch", "%c Authorization: (not shown)", mark);
		else if (n > 0)
			log_wire("fetch", "%c %.*s", mark, (int)n, line);
		p = end + 1;
	}
}
