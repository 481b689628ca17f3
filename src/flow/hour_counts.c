/* SPDX-License-Identifier: ISC */
#include "flow/hour_counts.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "config/relays.h"
#include "flow/context.h"
#include "store/notes.h"

/* A line for each server: its name, and minute:letters for each minute that has some. */
static const char note[] = "sent.hour";

enum { LINE_MOST = 4096, MINUTE = 60 };

/* A relay may be called smtp: names of relays have a blank in front. */
static const char *
key_of(struct run *run, size_t server, struct config *c)
{
	const char *name = NULL;

	relay_config(run->config, server, c, &name);
	return *name ? arena_printf(run->arena, " %s", name) : "smtp";
}

static size_t
server_count(const struct run *run)
{
	return run->config->transport.method == TRANSPORT_LMTP ? 1
							       : relay_count(run->config);
}

/* The words behind a server's name, or "". */
static const char *
line_of(const char *text, const char *key)
{
	const size_t len = strlen(key);

	while (text && *text) {
		if (strncmp(text, key, len) == 0 && text[len] == '\t')
			return text + len + 1;
		text = strchr(text, '\n');
		text = text ? text + 1 : NULL;
	}
	return "";
}

static void
read_line(const char *line, struct hour_count *h)
{
	while (*line && *line != '\n') {
		char *end = NULL;
		const int64_t minute = strtoll(line, &end, 10);
		int64_t letters = 0;

		if (*end != ':')
			return;
		letters = strtoll(end + 1, &end, 10);
		if (letters > 0)
			hour_count_add(h, minute, letters);
		line = end + (*end == ' ');
	}
}

bool
hour_counts_load(struct run *run, struct hour_count **out, struct err *err)
{
	const size_t count = server_count(run);
	const char *text = NULL;
	bool any = false;
	struct config c;

	*out = arena_array(run->arena, count, sizeof(**out));
	if (!store_note_get(run->store, run->arena, note, &text, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		read_line(line_of(text, key_of(run, i, &c)), &(*out)[i]);
		any = any || c.smtp.per_hour > 0;
	}
	if (!any)
		*out = NULL;
	return true;
}

bool
hour_counts_save(struct run *run, const struct hour_count *list, struct err *err)
{
	const size_t count = list ? server_count(run) : 0;
	struct buf b = BUF_INIT((size_t)(RELAYS_MAX + 1) * LINE_MOST);
	struct config c;
	bool ok = true;

	for (size_t i = 0; i < count; i++) {
		const struct hour_count *h = &list[i];

		buf_addf(&b, "%s\t", key_of(run, i, &c));
		for (int64_t m = h->minute - HOUR_MINUTES + 1; m <= h->minute; m++)
			if (hour_count_of(h, m) > 0)
				buf_addf(&b, "%lld:%lld ", (long long)m,
				    (long long)hour_count_of(h, m));
		buf_addc(&b, '\n');
	}
	if (list)
		ok = store_note_set(run->store, note, buf_text(&b), err);
	buf_clear(&b);
	return ok;
}

bool
hour_counts_full(struct run *run, struct full_hour **list, size_t *count, struct err *err)
{
	const int64_t now_ms = flow_now(run) * 1000;
	struct hour_count *hours = NULL;
	struct config c;

	*count = 0;
	*list = arena_array(run->arena, server_count(run), sizeof(**list));
	if (!hour_counts_load(run, &hours, err))
		return false;
	for (size_t i = 0; hours && i < server_count(run); i++) {
		const char *key = key_of(run, i, &c);
		int64_t until = now_ms;

		if (c.smtp.per_hour > 0)
			until = hour_count_free_at(&hours[i], c.smtp.per_hour, now_ms);
		if (until > now_ms)
			(*list)[(*count)++] = (struct full_hour){ key + (*key == ' '),
				c.smtp.per_hour, until / (1000 * MINUTE) * MINUTE };
	}
	return true;
}
