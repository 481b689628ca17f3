/* SPDX-License-Identifier: ISC */
#include "flow/feed_options.h"

#include <stdlib.h>
#include <string.h>

#include "config/feed_section.h"
#include "fetch/http.h"
#include "flow/context.h"

static bool
says_any(const struct listed_feed *f)
{
	return f->proxy || f->headers || f->full_text || f->filter_command ||
	    f->every > 0 || f->timeout > 0;
}

static int
by_url(const void *a, const void *b)
{
	const struct listed_feed *const *x = a;
	const struct listed_feed *const *y = b;

	return strcmp((*x)->url, (*y)->url);
}

void
feed_options_open(struct run *run, struct feed_options *out)
{
	const struct settings *s = run->settings;

	out->count = 0;
	out->sorted = arena_array(run->arena, s->source_count + 1,
	    sizeof(const struct listed_feed *));
	for (size_t i = 0; i < s->source_count; i++) {
		if (says_any(&s->sources[i]))
			out->sorted[out->count++] = &s->sources[i];
	}
	if (out->count > 1)
		qsort(out->sorted, out->count, sizeof(const struct listed_feed *),
		    by_url);
}

const struct listed_feed *
feed_options_of(const struct feed_options *o, const char *url)
{
	const struct listed_feed wanted = { .url = url };
	const struct listed_feed *key = &wanted;
	const struct listed_feed **found = o->count == 0
	    ? NULL
	    : bsearch(&key, o->sorted, o->count, sizeof(const struct listed_feed *),
		  by_url);

	return found ? *found : NULL;
}

void
feed_options_ask(const struct listed_feed *own, struct http_request *request)
{
	request->proxy = own->proxy;
	request->fields = own->headers;
	request->timeout_ms = own->timeout * 1000;
}
