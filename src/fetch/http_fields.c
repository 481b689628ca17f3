/* SPDX-License-Identifier: ISC */
#include "fetch/http_fields.h"

#include <string.h>

#include <curl/curl.h>

#include "base/log.h"
#include "base/text.h"

enum { SECONDS_MAX = 10 * 365 * 86400 };

/* Reads digits at *p and moves behind them; false when there are none. */
static bool
read_digits(const char **p, int64_t *n)
{
	const char *start = *p;

	*n = 0;
	for (; ascii_is_digit(**p); (*p)++)
		if (*n < SECONDS_MAX)
			*n = *n * 10 + (**p - '0');
	if (*n > SECONDS_MAX)
		*n = SECONDS_MAX;
	return *p > start;
}

bool
http_field_seconds(const char *text, int64_t *seconds)
{
	while (*text == ' ' || *text == '\t')
		text++;
	if (!read_digits(&text, seconds))
		return false;
	return text[strspn(text, " \t")] == '\0';
}

int64_t
http_field_retry_after(const char *text, int64_t now)
{
	int64_t n = 0;

	if (!text)
		return -1;
	if (http_field_seconds(text, &n))
		return n;
	/* It knows the three forms of RFC 9110 5.6.7, and is as forgiving as browsers are. */
	n = (int64_t)curl_getdate(text, NULL);
	if (n < 0)
		return -1;
	return n > now ? n - now : 0;
}

/* True when the directive at p is called name; *value is behind its "=" or NULL. */
static bool
is_directive(const char *p, const char *name, const char **value)
{
	size_t len = strlen(name);

	if (!ascii_starts_nocase(p, name))
		return false;
	p += len;
	p += strspn(p, " \t");
	*value = NULL;
	if (*p == '=')
		*value = p + 1 + strspn(p + 1, " \t\"");
	return *p == '=' || *p == ',' || *p == '\0';
}

int64_t
http_field_max_age(const char *cache_control)
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

int64_t
http_field_expires(const char *expires, const char *date, int64_t now)
{
	int64_t begin = -1;
	int64_t end = 0;

	if (!expires)
		return -1;
	end = (int64_t)curl_getdate(expires, NULL);
	begin = date ? (int64_t)curl_getdate(date, NULL) : -1;
	if (begin < 0)
		begin = now;
	return end > begin ? end - begin : 0;
}

bool
http_field_is_sendable(const char *text)
{
	for (const char *p = text; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return false;
	return *text != '\0';
}

bool
http_field_write(char *out, size_t size, const char *name, const char *value)
{
	const size_t name_len = strlen(name);
	const size_t len = strlen(value);

	if (!http_field_is_sendable(value) || name_len + len + 3 > size)
		return false;
	memcpy(out, name, name_len);
	memcpy(out + name_len, ": ", 2);
	memcpy(out + name_len + 2, value, len + 1);
	return true;
}

long
http_field_status(const char *line, size_t len)
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
http_fields_log(char mark, const char *bytes, size_t len)
{
	for (const char *p = bytes; p < bytes + len;) {
		const char *eol = memchr(p, '\n', (size_t)(bytes + len - p));
		const char *end = eol ? eol : bytes + len;
		const char *line = p;
		size_t n = (size_t)(end - p);

		ascii_trim(&line, &n);
		if (n >= 14 && ascii_starts_nocase(line, "Authorization:"))
			log_wire("fetch", "%c Authorization: (not shown)", mark);
		else if (n > 0)
			log_wire("fetch", "%c %.*s", mark, (int)n, line);
		p = end + 1;
	}
}
