/* SPDX-License-Identifier: ISC */
#include "flow/feed_options.h"

#include <stdlib.h>
#include <string.h>

#include "base/order.h"
#include "config/feed_section.h"
#include "fetch/http.h"
#include "flow/context.h"
#include "flow/source_changes.h"
#include "format/url.h"

static bool
says_any(const struct listed_feed *f)
{
	return f->proxy || f->headers || f->full_text || f->filter_command ||
	    f->user_agent || f->every > 0 || f->timeout > 0;
}

static int
by_url(const void *a, const void *b)
{
	const struct feed_option *x = a;
	const struct feed_option *y = b;

	return strcmp(x->url, y->url);
}

bool
feed_options_open(struct run *run, struct feed_options *out, struct err *err)
{
	const struct settings *s = run->settings;
	struct listed_feed *asked = NULL;
	struct source_changes changes = { 0 };

	out->count = 0;
	if (!s || s->source_count == 0)
		return true;
	asked = s->sources;
	if (run->store && !flow_source_changes(run, &changes, err))
		return false;
	flow_source_changes_apply(run, &changes, &asked, s->source_count);
	out->sorted = arena_array(run->arena, s->source_count, sizeof(*out->sorted));
	for (size_t i = 0; i < s->source_count; i++) {
		if (says_any(&s->sources[i]))
			out->sorted[out->count++] =
			    (struct feed_option){ asked[i].url, &s->sources[i] };
	}
	list_sort(out->sorted, out->count, sizeof(*out->sorted), by_url);
	return true;
}

const struct listed_feed *
feed_options_of(const struct feed_options *o, const char *url)
{
	const struct feed_option wanted = { .url = url };
	const struct feed_option *found = o->count == 0
	    ? NULL
	    : bsearch(&wanted, o->sorted, o->count, sizeof(wanted), by_url);

	return found ? found->own : NULL;
}

/* May what was given for one address be shown to the other? */
static bool
may_have_fields(struct arena *scratch, const char *given_for, const char *asked)
{
	struct url from;
	struct url to;

	if (!url_split(scratch, given_for, &from) || !url_split(scratch, asked, &to) ||
	    strcmp(from.host, to.host) != 0)
		return false;
	if (strcmp(from.scheme, to.scheme) == 0)
		return strcmp(from.port ? from.port : "", to.port ? to.port : "") == 0;
	return strcmp(from.scheme, "http") == 0 && strcmp(to.scheme, "https") == 0 &&
	    !from.port && !to.port;
}

void
feed_options_ask(struct arena *scratch, const struct listed_feed *own,
    struct http_request *request)
{
	if (!own)
		return;
	request->proxy = own->proxy;
	request->timeout_ms = own->timeout * 1000;
	if (own->headers && may_have_fields(scratch, own->url, request->url))
		request->fields = own->headers;
}

void
feed_options_read(const struct feed_options *o, struct source *s)
{
	const struct listed_feed *own = feed_options_of(o, s->url);

	s->full_text = own ? own->full_text : NULL;
	s->filter_command = own ? own->filter_command : NULL;
}
