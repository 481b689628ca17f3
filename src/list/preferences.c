/* SPDX-License-Identifier: ISC */
#include "list/preferences.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "model/names.h"

struct variant
variant_of_archive(void)
{
	return (
	    struct variant){ .body = BODY_WHOLE, .format = FORMAT_HTML, .sources = "*" };
}

struct variant
variant_of_pages(enum entry_body body)
{
	struct variant v = variant_of_archive();

	v.body = body;
	return v;
}

bool
variant_takes(const struct variant *v, int64_t source_id)
{
	const char *p = v->sources;
	const bool only = *p == '+';
	bool named = false;

	if (*p == '*')
		return true;
	for (p++; *p && !named;) {
		char *end = NULL;

		named = strtoll(p, &end, 10) == source_id;
		p = *end == ' ' ? end + 1 : end + strlen(end);
	}
	return named == only;
}

static int
by_number(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a;
	const int64_t y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

const char *
variant_sources(struct arena *a, char mode, const int64_t *ids, size_t count)
{
	int64_t *sorted = NULL;
	struct buf b = BUF_INIT(LIMIT_SOURCES_TEXT);
	const char *text = NULL;

	if (mode == '*' || (mode == '-' && count == 0))
		return "*";
	sorted = arena_copy(a, ids, count, sizeof(*ids));
	if (count > 0)
		qsort(sorted, count, sizeof(*sorted), by_number);
	buf_addc(&b, mode);
	for (size_t i = 0; i < count; i++) {
		if (i > 0 && sorted[i] == sorted[i - 1])
			continue;
		buf_addf(&b, "%s%" PRId64, b.len > 1 ? " " : "", sorted[i]);
	}
	text = arena_strdup(a, buf_text(&b));
	buf_clear(&b);
	return text;
}

char *
variant_key(struct arena *a, const struct variant *v)
{
	const bool has_language = v->language && *v->language;
	const bool has_pictures = v->pictures != PICTURES_DEFAULT;

	return arena_printf(a, "%s %s %s%s%s%s%s", format_name(v->format),
	    body_name(v->body), has_language ? v->language : "", has_language ? " " : "",
	    has_pictures ? pictures_name(v->pictures) : "", has_pictures ? " " : "",
	    v->sources);
}
