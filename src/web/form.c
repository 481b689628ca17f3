/* SPDX-License-Identifier: ISC */
#include "web/form.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

enum { STATUS_OK = 200, STATUS_BAD = 400, STATUS_TYPE = 415, BOUNDARY_MAX = 70 };

/* ---- what may stand in a field ---- */

/* One line of what people see. */
static bool
is_line(const char *text, size_t len)
{
	if (!text_is_utf8(text, len))
		return false;
	while (len > 0) {
		uint32_t c = 0;
		const size_t n = text_decode(text, len, &c);

		if (text_is_hidden(c))
			return false;
		text += n;
		len -= n;
	}
	return true;
}

/* The value of a button or choice. */
static bool
is_word(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (!ascii_is_alphanumeric((unsigned char)text[i]) && text[i] != '-' &&
		    text[i] != '.' && text[i] != '_')
			return false;
	}
	return true;
}

static const struct {
	const char *name;
	size_t max; /* bytes */
	bool (*check)(const char *text, size_t len);
} fields[FIELD_COUNT] = {
	[FIELD_ACT] = { "act", 20, is_word },
	[FIELD_ONE_CLICK] = { "List-Unsubscribe", 20, is_word },
	[FIELD_EMAIL] = { "email", 400, is_line },
	[FIELD_RHYTHM] = { "rhythm", 20, is_word },
	[FIELD_WEEKDAY] = { "wday", 20, is_word },
	[FIELD_MONTHDAY] = { "mday", 20, is_word },
	[FIELD_HOUR] = { "hour", 20, is_line },
	[FIELD_ZONE] = { "zone", 100, is_line },
	[FIELD_LENGTH] = { "length", 20, is_word },
	[FIELD_FORMAT] = { "format", 20, is_word },
	[FIELD_LANGUAGE] = { "language", 40, is_word },
	[FIELD_PICTURES] = { "pictures", 20, is_word },
	[FIELD_WHICH] = { "which", 20, is_word },
	[FIELD_HOLD] = { "hold", 40, is_line },
	[FIELD_MISSED] = { "missed", 20, is_word },
	[FIELD_CODE] = { "code", 40, is_line },
	[FIELD_ASKED] = { "asked", 80, is_word },
	[FIELD_TRAP] = { "website", 1000, is_line },
	[FIELD_SHOWN] = { "shown", 80, is_word },
	[FIELD_WHY] = { "why", 1000, is_line },
	[FIELD_GROUP] = { "group", 20, is_word },
};
/* Sent once for each one that is ticked. */
static const char source_name[] = "source";
enum { SOURCE_MAX = 200 };

const char *
form_value(const struct form *f, enum form_field field)
{
	return f->values[field] ? f->values[field] : "";
}

static bool
add_source(struct arena *a, struct form *f, const char *value, size_t len)
{
	if (len > SOURCE_MAX || !is_line(value, len))
		return false;
	f->sources = arena_grow_list(a, f->sources, f->source_count, sizeof(*f->sources));
	f->sources[f->source_count++] = arena_strndup(a, value, len);
	return true;
}

/* False for a value that no form of ours sends. */
static bool
add_field(struct arena *a, struct form *f, const char *name, const char *value,
    size_t len)
{
	if (memchr(value, '\0', len))
		return false;
	if (strcmp(name, source_name) == 0)
		return add_source(a, f, value, len);
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		if (strcmp(fields[i].name, name) != 0)
			continue;
		if (len > fields[i].max || !fields[i].check(value, len))
			return false;
		if (!f->values[i])
			f->values[i] = arena_strndup(a, value, len);
		return true;
	}
	return true;
}

/* ---- application/x-www-form-urlencoded (url.spec.whatwg.org, 5.1) ---- */

/* A "%" that begins no octet stays as it is, as in browsers. */
static char *
decode(struct arena *a, const char *text, size_t len, size_t *out_len)
{
	char *out = arena_alloc(a, len + 1);
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		const int high =
		    text[i] == '%' && i + 2 < len ? ascii_hex_value(text[i + 1]) : -1;
		const int low = high >= 0 ? ascii_hex_value(text[i + 2]) : -1;

		if (low >= 0) {
			out[n++] = (char)(high << 4 | low);
			i += 2;
		} else {
			out[n++] = text[i] == '+' ? ' ' : text[i];
		}
	}
	out[n] = '\0';
	*out_len = n;
	return out;
}

static size_t
length_until(const char *text, size_t len, char c)
{
	const char *at = memchr(text, c, len);

	return at ? (size_t)(at - text) : len;
}

static int
read_urlencoded(struct arena *a, const char *body, size_t len, struct form *out)
{
	while (len > 0) {
		const size_t pair = length_until(body, len, '&');
		const size_t name_len = length_until(body, pair, '=');
		const size_t value_at = name_len < pair ? name_len + 1 : pair;
		size_t n = 0;
		size_t value_len = 0;
		const char *name = decode(a, body, name_len, &n);
		const char *value =
		    decode(a, body + value_at, pair - value_at, &value_len);

		if (!add_field(a, out, name, value, value_len))
			return STATUS_BAD;
		body += pair < len ? pair + 1 : len;
		len -= pair < len ? pair + 1 : len;
	}
	return STATUS_OK;
}

/* ---- multipart/form-data (RFC 7578, RFC 2046 5.1.1) ---- */

/* What stands between the quotes, or the word, behind `name=`; NULL when it is not there. */
static const char *
parameter(struct arena *a, const char *text, size_t len, const char *name)
{
	const size_t name_len = strlen(name);

	for (size_t i = 0; i + name_len < len; i++) {
		const bool starts = i == 0 || text[i - 1] == ' ' || text[i - 1] == ';' ||
		    text[i - 1] == '\t';

		if (!starts || text[i + name_len] != '=' ||
		    !ascii_starts_nocase(text + i, name))
			continue;
		text += i + name_len + 1;
		len -= i + name_len + 1;
		if (len > 0 && *text == '"')
			return arena_strndup(a, text + 1,
			    length_until(text + 1, len - 1, '"'));
		return arena_strndup(a, text, length_until(text, len, ';'));
	}
	return NULL;
}

/* Where "\r\n--boundary" begins, len when nowhere. */
static size_t
find_delimiter(const char *text, size_t len, const char *delimiter, size_t delimiter_len)
{
	size_t at = 0;

	while (len - at >= delimiter_len) {
		at += length_until(text + at, len - at, '\r');
		if (len - at >= delimiter_len &&
		    memcmp(text + at, delimiter, delimiter_len) == 0)
			return at;
		if (at < len)
			at++;
	}
	return len;
}

/* The name in the header of a part; *body_at is where its body begins, 0 when it has none. */
static const char *
part_name(struct arena *a, const char *part, size_t len, size_t *body_at)
{
	static const char field[] = "Content-Disposition:";
	const char *name = NULL;
	size_t at = 0;

	*body_at = 0;
	while (at < len) {
		const size_t line = length_until(part + at, len - at, '\r');

		if (line + 1 >= len - at || part[at + line + 1] != '\n')
			return NULL;
		if (line == 0) {
			*body_at = at + 2;
			return name;
		}
		if (!name && line > sizeof(field) - 1 &&
		    ascii_starts_nocase(part + at, field))
			name = parameter(a, part + at + sizeof(field) - 1,
			    line - (sizeof(field) - 1), "name");
		at += line + 2;
	}
	return NULL;
}

static bool
read_part(struct arena *a, const char *part, size_t len, struct form *out)
{
	size_t body_at = 0;
	const char *name = part_name(a, part, len, &body_at);

	if (body_at == 0)
		return false;
	return !name || add_field(a, out, name, part + body_at, len - body_at);
}

static int
read_multipart(struct arena *a, const char *boundary, const char *body, size_t len,
    struct form *out)
{
	const char *delimiter = arena_printf(a, "\r\n--%s", boundary);
	const size_t delimiter_len = strlen(delimiter);
	/* The first one has no line end before it when nothing precedes it. */
	size_t at = len >= delimiter_len - 2 &&
		memcmp(body, delimiter + 2, delimiter_len - 2) == 0
	    ? delimiter_len - 2
	    : find_delimiter(body, len, delimiter, delimiter_len) + delimiter_len;

	for (;;) {
		if (at + 2 > len)
			return STATUS_BAD;
		if (memcmp(body + at, "--", 2) == 0)
			return STATUS_OK;
		if (memcmp(body + at, "\r\n", 2) != 0)
			return STATUS_BAD;
		at += 2;
		const size_t end =
		    at + find_delimiter(body + at, len - at, delimiter, delimiter_len);
		if (end == len || !read_part(a, body + at, end - at, out))
			return STATUS_BAD;
		at = end + delimiter_len;
	}
}

int
form_read(struct arena *a, const char *type, const char *body, size_t len,
    struct form *out)
{
	static const char urlencoded[] = "application/x-www-form-urlencoded";
	static const char multipart[] = "multipart/form-data";
	const size_t type_len = strcspn(type, "; \t");

	memset(out, 0, sizeof(*out));
	if (len == 0 && type_len == 0)
		return STATUS_OK;
	if (type_len == sizeof(urlencoded) - 1 && ascii_starts_nocase(type, urlencoded))
		return read_urlencoded(a, body, len, out);
	if (type_len != sizeof(multipart) - 1 || !ascii_starts_nocase(type, multipart))
		return STATUS_TYPE;
	const char *boundary = parameter(a, type, strlen(type), "boundary");
	if (!boundary || *boundary == '\0' || strlen(boundary) > BOUNDARY_MAX)
		return STATUS_BAD;
	return read_multipart(a, boundary, body, len, out);
}
