/* SPDX-License-Identifier: ISC */
#include "format/url_parts.h"

#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "format/url.h"

enum {
	ESCAPE_LENGTH = 3, /* "%20" */
	STRIPPED_MOST = 4 * LIMIT_URL
};

/* What may stand in no part of an address; "%" stays, since it may begin an escape. */
static bool
must_encode(unsigned char c)
{
	return c <= ' ' || c >= 0x7F || strchr("\"<>`{}|\\^", c) != NULL;
}

char *
url_encode(struct arena *a, const char *text, size_t len)
{
	struct buf b = BUF_INIT(ESCAPE_LENGTH * len);
	size_t plain = 0;

	while (plain < len && !must_encode((unsigned char)text[plain]))
		plain++;
	if (plain == len)
		return arena_strndup(a, text, len);
	buf_add(&b, text, plain);
	for (size_t i = plain; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (must_encode(c))
			buf_addf(&b, "%%%02X", (unsigned)c);
		else
			buf_addc(&b, text[i]);
	}
	return arena_take(a, &b);
}

char *
url_escape(struct arena *a, const char *text)
{
	size_t len = strlen(text);
	struct buf b = BUF_INIT(ESCAPE_LENGTH * len);

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (ascii_is_alphanumeric(c) || strchr("-._~", c))
			buf_addc(&b, text[i]);
		else
			buf_addf(&b, "%%%02X", (unsigned)c);
	}
	return arena_take(a, &b);
}

char *
url_strip(struct arena *a, const char *text)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t len = strlen(text);
	char *out = NULL;
	size_t n = 0;

	while (len > 0 && *p <= ' ') {
		p++;
		len--;
	}
	while (len > 0 && p[len - 1] <= ' ')
		len--;
	/* Stripping cannot make it short enough; this refuses images in data: addresses early. */
	if (len > STRIPPED_MOST)
		return NULL;
	out = arena_alloc(a, len + 1);
	for (size_t i = 0; i < len; i++) {
		if (p[i] != '\t' && p[i] != '\n' && p[i] != '\r')
			out[n++] = (char)p[i];
	}
	return out;
}

/* 1 for "." and 2 for "..", in plain or as "%2e"; else 0. */
static int
dot_segment(const char *text, size_t len)
{
	int dots = 0;

	while (len > 0 && dots < 3) {
		size_t n = text[0] == '.' ? 1 : 3;

		if (n == 3 && (len < 3 || !ascii_starts_nocase(text, "%2e")))
			return 0;
		text += n;
		len -= n;
		dots++;
	}
	return dots < 3 ? dots : 0;
}

void
url_remove_dots(char *path)
{
	char *out = path;
	const char *in = path;

	while (*in == '/') {
		const char *segment = in + 1;
		size_t len = strcspn(segment, "/");
		bool last = segment[len] == '\0';
		int dots = dot_segment(segment, len);

		if (dots == 2) {
			while (out > path && *--out != '/')
				continue;
		}
		if (dots == 0) {
			memmove(out, in, len + 1);
			out += len + 1;
		} else if (last) {
			*out++ = '/';
		}
		in = segment + len;
	}
	*out = '\0';
}

void
url_split_authority(const char *text, size_t len, struct url_authority *out)
{
	const char *end = text + len;

	*out = (struct url_authority){ .host = text };
	for (const char *p = end; p > text && !out->user; p--) {
		if (p[-1] != '@')
			continue;
		out->user = text;
		out->user_len = (size_t)(p - 1 - text);
		out->host = p;
	}
	for (const char *p = out->host; p < end; p++) {
		if (*p == ':')
			out->port = p + 1;
		else if (*p == ']')
			out->port = NULL;
	}
	out->host_len = (size_t)((out->port ? out->port - 1 : end) - out->host);
	out->port_len = out->port ? (size_t)(end - out->port) : 0;
}

bool
url_find_authority(const char *address, struct url_authority *out)
{
	const char *mark = strstr(address, "://");

	url_split_authority("", 0, out);
	if (!mark)
		return false;
	url_split_authority(mark + 3, strcspn(mark + 3, "/?#"), out);
	return true;
}
