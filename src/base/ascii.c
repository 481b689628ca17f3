/* SPDX-License-Identifier: ISC */
#include "base/ascii.h"

#include <string.h>

int
ascii_hex_value(char c)
{
	int low = ascii_lower((unsigned char)c);

	if (ascii_is_digit(low))
		return low - '0';
	return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

static int
lower_at(const char *p)
{
	return ascii_lower((unsigned char)*p);
}

bool
ascii_eq_nocase(const char *a, const char *b)
{
	while (*a != '\0' && lower_at(a) == lower_at(b)) {
		a++;
		b++;
	}
	return lower_at(a) == lower_at(b);
}

bool
ascii_starts_nocase(const char *text, const char *start)
{
	for (; *start != '\0'; start++, text++) {
		if (lower_at(text) != lower_at(start))
			return false;
	}
	return true;
}

bool
ascii_starts(const char *text, size_t len, const char *start)
{
	const size_t n = strlen(start);

	return len >= n && memcmp(text, start, n) == 0;
}

bool
ascii_ends(const char *text, size_t len, const char *end)
{
	const size_t n = strlen(end);

	return len >= n && memcmp(text + len - n, end, n) == 0;
}

const char *
ascii_find_nocase(const char *hay, const char *needle)
{
	if (*needle == '\0')
		return hay;
	for (; *hay != '\0'; hay++) {
		if (lower_at(hay) == lower_at(needle) && ascii_starts_nocase(hay, needle))
			return hay;
	}
	return NULL;
}

const char *
ascii_skip_space(const char *at, const char *end)
{
	while (at != end && ascii_is_space((unsigned char)*at))
		at++;
	return at;
}

const char *
ascii_find(const char *from, const char *end, const char *what)
{
	size_t len = strlen(what);

	while (from < end && (size_t)(end - from) >= len) {
		const char *hit = memchr(from, what[0], (size_t)(end - from));

		if (!hit || (size_t)(end - hit) < len)
			return NULL;
		if (memcmp(hit, what, len) == 0)
			return hit;
		from = hit + 1;
	}
	return NULL;
}

void
ascii_trim(const char **text, size_t *len)
{
	while (*len > 0 && ascii_is_space((unsigned char)**text)) {
		(*text)++;
		(*len)--;
	}
	while (*len > 0 && ascii_is_space((unsigned char)(*text)[*len - 1]))
		(*len)--;
}

char *
ascii_make_lower(char *text)
{
	for (char *p = text; *p != '\0'; p++)
		*p = (char)ascii_lower((unsigned char)*p);
	return text;
}

bool
ascii_is_only_space(const char *text, size_t len)
{
	ascii_trim(&text, &len);
	return len == 0;
}

int
ascii_compare(const char *a, const char *b)
{
	const char *p = a;
	const char *q = b;

	while (*p != '\0' && lower_at(p) == lower_at(q)) {
		p++;
		q++;
	}
	if (lower_at(p) != lower_at(q))
		return lower_at(p) < lower_at(q) ? -1 : 1;
	return strcmp(a, b);
}
