/* SPDX-License-Identifier: ISC */
#include "list/preferences.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/order.h"
#include "model/names.h"

struct variant
variant_of_archive(void)
{
	return (struct variant){ .length = LENGTH_DEFAULT,
		.format = FORMAT_HTML,
		.sources = "*" };
}

struct variant
variant_of_pages(enum entry_body archive_full, enum entry_body usual)
{
	struct variant v = variant_of_archive();

	/* An issue that is kept may have been made when the newsletter showed more. */
	switch (archive_full < usual ? archive_full : usual) {
	case BODY_TITLES:
		v.length = LENGTH_TITLES;
		break;
	case BODY_SHORT:
		v.length = LENGTH_SHORT;
		break;
	case BODY_WHOLE:
		break;
	}
	if (archive_full == BODY_WHOLE)
		v.length = LENGTH_DEFAULT;
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

const char *
variant_sources(struct arena *a, char mode, const int64_t *ids, size_t count)
{
	int64_t *sorted = NULL;
	struct buf b = BUF_INIT(LIMIT_SOURCES_TEXT);

	if (mode == '*' || (mode == '-' && count == 0))
		return "*";
	sorted = arena_copy(a, ids, count, sizeof(*ids));
	list_sort(sorted, count, sizeof(*sorted), order_int64);
	buf_addc(&b, mode);
	for (size_t i = 0; i < count; i++) {
		if (i > 0 && sorted[i] == sorted[i - 1])
			continue;
		buf_addf(&b, "%s%" PRId64, b.len > 1 ? " " : "", sorted[i]);
	}
	return arena_take(a, &b);
}

char *
variant_key(struct arena *a, const struct variant *v)
{
	const bool has_language = v->language && *v->language;
	const bool has_pictures = v->pictures != PICTURES_DEFAULT;

	return arena_printf(a, "%s %s %s%s%s%s%s", format_name(v->format),
	    length_name(v->length), has_language ? v->language : "",
	    has_language ? " " : "", has_pictures ? pictures_name(v->pictures) : "",
	    has_pictures ? " " : "", v->sources);
}
