/* SPDX-License-Identifier: ISC */
#include "fetch/request_fields.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "fetch/http_fields.h"

static const char accept_field[] =
    "Accept: application/atom+xml, "
    "application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8";

bool
shared_fields_open(struct shared_fields *s, const char *user_agent)
{
	char *agent = xasprintf("User-Agent: %s", user_agent ? user_agent : "");
	struct curl_slist *more = NULL;

	s->user_agent = user_agent;
	s->accept = curl_slist_append(NULL, accept_field);
	s->whole = curl_slist_append(NULL, accept_field);
	more = s->whole ? curl_slist_append(s->whole, "Accept-Encoding: gzip") : NULL;
	/* An empty one is sent by nobody. */
	if (more && user_agent && *user_agent)
		more = curl_slist_append(s->whole, agent);
	free(agent);
	return s->accept && more;
}

void
shared_fields_close(struct shared_fields *s)
{
	curl_slist_free_all(s->accept);
	curl_slist_free_all(s->whole);
	s->accept = s->whole = NULL;
}

/* Puts a validator in front of the list of header fields; verbatim, as it came. */
static struct curl_slist *
add_validator(struct request_fields *f, int i, struct curl_slist *next, const char *name,
    const char *value)
{
	if (!value || !http_field_write(f->text[i], sizeof(f->text[i]), name, value))
		return next;
	f->validators[i].data = f->text[i];
	f->validators[i].next = next;
	return &f->validators[i];
}

/* What all send, and the fields of the feed's own section. */
static struct curl_slist *
list_own(const char *lines)
{
	struct curl_slist *own = curl_slist_append(NULL, accept_field);

	while (*lines) {
		const size_t len = strcspn(lines, "\n");
		char *line = xstrndup(lines, len);

		if (http_field_is_sendable(line))
			own = curl_slist_append(own, line);
		free(line);
		lines += len;
		lines += strspn(lines, "\n");
	}
	return own;
}

void
request_fields_set(struct request_fields *f, const struct shared_fields *shared,
    const struct http_request *request, bool is_direct, CURL *easy)
{
	/* A section's own fields may name another user agent; libcurl then sends that alone. */
	const bool is_usual = is_direct && !request->fields && !request->user_agent;
	const char *agent =
	    request->user_agent ? request->user_agent : shared->user_agent;
	struct curl_slist *common = is_usual ? shared->whole : shared->accept;
	struct curl_slist *all = NULL;

	request_fields_clear(f);
	if (request->fields)
		common = f->own = list_own(request->fields);
	all = add_validator(f, 0, common, "If-Modified-Since", request->last_modified);
	all = add_validator(f, 1, all, "If-None-Match", request->etag);
	f->is_conditional = all != common;
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, all);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, is_usual ? NULL : agent);
	/* Asked for, and unpacked here: libcurl believes what servers say of their bytes. */
	curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, is_usual ? NULL : "gzip");
}

void
request_fields_clear(struct request_fields *f)
{
	curl_slist_free_all(f->own);
	f->own = NULL;
}
