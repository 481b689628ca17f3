/* SPDX-License-Identifier: ISC */
/*
 * The shortest loop over libcurl's multi interface that asks for documents: no ceilings, no
 * guard, no pauses of hosts, no answers kept.  What fetching costs at least.
 */
#ifndef TESTS_BARE_FETCH_H
#define TESTS_BARE_FETCH_H

#include <stdbool.h>
#include <stddef.h>

#include <curl/curl.h>

enum { BARE_AT_ONCE = 64 };

struct bare_job {
	char *const *urls;
	char *const *fields; /* one of the request each, "If-None-Match: …"; NULL: none */
	size_t count;
	long wanted; /* the status that counts as answered */
	size_t next;
	size_t answered;
};

struct bare_transfer {
	struct bare_job *job;
	CURL *easy;
	struct curl_slist *fields;
	size_t len;
};

static size_t
bare_on_body(char *bytes, size_t size, size_t count, void *arg)
{
	struct bare_transfer *t = arg;

	(void)bytes;
	t->len += size * count;
	return size * count;
}

/* False when there is nothing more. */
static bool
bare_start(CURLM *multi, struct bare_transfer *t)
{
	struct bare_job *job = t->job;

	if (job->next == job->count)
		return false;
	curl_slist_free_all(t->fields);
	t->fields =
	    job->fields == NULL ? NULL : curl_slist_append(NULL, job->fields[job->next]);
	t->len = 0;
	curl_easy_setopt(t->easy, CURLOPT_URL, job->urls[job->next++]);
	curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->fields);
	curl_multi_add_handle(multi, t->easy);
	return true;
}

static bool
bare_open(CURLM *multi, struct bare_transfer *t, struct bare_job *job)
{
	*t = (struct bare_transfer){ .job = job, .easy = curl_easy_init() };
	curl_easy_setopt(t->easy, CURLOPT_PRIVATE, t);
	curl_easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, bare_on_body);
	curl_easy_setopt(t->easy, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_ACCEPT_ENCODING, "");
	return bare_start(multi, t);
}

/* Asks for all of them, BARE_AT_ONCE at once; counts the answers in job->answered. */
static void
bare_run(struct bare_job *job)
{
	struct bare_transfer all[BARE_AT_ONCE];
	CURLM *multi = curl_multi_init();
	size_t active = 0;
	CURLMsg *m = NULL;
	int n = 0;

	curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)BARE_AT_ONCE);
	for (size_t i = 0; i < BARE_AT_ONCE; i++)
		active += bare_open(multi, &all[i], job);
	while (active > 0) {
		curl_multi_perform(multi, &n);
		while ((m = curl_multi_info_read(multi, &n)) != NULL) {
			char *private = NULL;
			long status = 0;

			curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &private);
			struct bare_transfer *t = (struct bare_transfer *)(void *)private;
			curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
			job->answered += status == job->wanted;
			curl_multi_remove_handle(multi, t->easy);
			if (!bare_start(multi, t))
				active--;
		}
		if (active > 0)
			curl_multi_poll(multi, NULL, 0, 100, &n);
	}
	for (size_t i = 0; i < BARE_AT_ONCE; i++) {
		curl_easy_cleanup(all[i].easy);
		curl_slist_free_all(all[i].fields);
	}
	curl_multi_cleanup(multi);
}

#endif
