/* SPDX-License-Identifier: ISC */
/*
 * Asks for documents with libcurl and nothing else: what a round costs beside that is ours.
 *
 * usage: bare_fetch FIELD STATUS < addresses, one a line
 * Sends FIELD with each request; exits 1 when one answer is not of that status.
 */
#define _GNU_SOURCE /* getline() */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bare_fetch.h"

enum { URLS_MOST = 100000 };

int
main(int argc, char **argv)
{
	char **urls = xcalloc(URLS_MOST, sizeof(*urls));
	char **fields = xcalloc(URLS_MOST, sizeof(*fields));
	struct bare_job job = { .urls = urls, .fields = fields };
	size_t room = 0;

	if (argc != 3)
		return 2;
	job.wanted = strtol(argv[2], NULL, 10);
	while (job.count < URLS_MOST && getline(&urls[job.count], &room, stdin) > 0) {
		urls[job.count][strcspn(urls[job.count], "\n")] = '\0';
		fields[job.count++] = argv[1];
		room = 0;
	}
	curl_global_init(CURL_GLOBAL_DEFAULT);
	bare_run(&job);
	curl_global_cleanup();
	for (size_t i = 0; i <= job.count && i < URLS_MOST; i++)
		free(urls[i]);
	free(urls);
	free(fields);
	return job.count > 0 && job.answered == job.count ? 0 : 1;
}
