/* SPDX-License-Identifier: ISC */
#include "flow/mail_quarantine.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/order.h"
#include "flow/context.h"

static int
by_name(const void *x, const void *y)
{
	const char *const *a = x;
	const char *const *b = y;

	return strcmp(*a, *b);
}

/* The names of a folder that begin with no dot, sorted; at most `max`. */
static void
list_names(struct arena *a, DIR *d, size_t max, const char ***names, size_t *count)
{
	struct dirent *e = NULL;

	*count = 0;
	*names = arena_array(a, max, sizeof(**names));
	while (*count < max && (e = readdir(d))) {
		if (e->d_name[0] != '.')
			(*names)[(*count)++] = arena_strdup(a, e->d_name);
	}
	list_sort((void *)*names, *count, sizeof(**names), by_name);
}

/* Names begin with the instant, so the first ones are the oldest. */
static void
drop_oldest(struct run *run)
{
	const char **names = NULL;
	size_t count = 0;
	DIR *d = opendir(run->quarantine_path);

	if (!d)
		return;
	list_names(run->arena, d, 2 * LIMIT_QUARANTINE, &names, &count);
	(void)closedir(d);
	for (size_t i = 0; i + LIMIT_QUARANTINE < count; i++) {
		char *path = file_join(run->quarantine_path, names[i]);

		if (unlink(path) != 0)
			log_info("mail", "%s: %s", path, strerror(errno));
		free(path);
	}
}

void
mail_quarantine(struct run *run, const char *bytes, size_t len)
{
	struct err why = ERR_INIT;
	unsigned char hash[HASH_SIZE];
	char hex[HASH_HEX];
	char *path = NULL;
	const char *name = NULL;

	if (!run->quarantine_path || run->dry_run)
		return;
	hash_sha256(bytes, len, hash);
	hash_hex(hash, 8, hex);
	name = arena_printf(run->arena, "%012lld-%s.eml", (long long)run->now, hex);
	path = file_join(run->quarantine_path, name);
	if (!file_make_dirs(run->quarantine_path, 0700, &why) ||
	    !file_write(path, bytes, len, 0600, &why))
		log_warn("mail", "a message is not kept: %s", why.text);
	free(path);
	drop_oldest(run);
}
