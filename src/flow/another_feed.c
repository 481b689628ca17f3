/* SPDX-License-Identifier: ISC */
#include "flow/another_feed.h"

#include <string.h>

#include "base/ascii.h"
#include "fetch/http.h"
#include "flow/context.h"
#include "format/url.h"
#include "store/sources.h"

enum { TWIN_POSTS = 10 };

static const char *
first_of(const char *a, const char *b)
{
	return a && *a ? a : b;
}

void
feed_take_facts(struct source *s, const struct feed *feed,
    const struct http_response *resp, bool is_doubtful)
{
	if (!is_doubtful) {
		s->title = first_of(feed->title, s->title);
		s->link = feed->link && url_is_web(feed->link) ? feed->link : s->link;
		s->language = first_of(s->language, feed->language);
		s->face = first_of(s->face, NULL);
		s->self = first_of(feed->self, s->self);
	}
	/* What was torn is asked for again as a whole. */
	s->etag = feed->torn ? NULL : resp->etag;
	s->last_modified = feed->torn ? NULL : resp->last_modified;
	s->hub = feed->hub;
}

const char *
feed_seems_another(struct arena *a, const struct source *s, const struct feed *feed)
{
	const char *was = s->language ? s->language : "";
	const char *is = feed->language ? feed->language : "";

	if (s->last_ok <= 0 || s->verdict == VERDICT_RELEASE || !s->title || !s->self ||
	    !feed->title || !feed->self || strcmp(s->title, feed->title) == 0 ||
	    strcmp(s->self, feed->self) == 0 || ascii_eq_nocase(was, is))
		return NULL;
	return arena_printf(a,
	    "title, language and own address changed at once: it was \"%s\" at %s, it is "
	    "\"%s\" at %s",
	    s->title, s->self, feed->title, feed->self);
}

bool
feed_find_twin(struct run *run, struct arena *a, const struct source *s,
    const struct feed *feed, const char **same_as, struct err *err)
{
	int64_t posts[TWIN_POSTS];
	const char *key = NULL;
	size_t count = 0;

	for (size_t i = 0; i < feed->entry_count && count < TWIN_POSTS; i++) {
		if (feed->entries[i].id != 0)
			posts[count++] = feed->entries[i].id;
	}
	if (!feed->link)
		return true;
	if (!store_source_twin(run->store, a, s, feed->link, posts, count, run->now, &key,
		err))
		return false;
	if (key)
		*same_as = arena_printf(a, "the posts of %s", key);
	return true;
}
