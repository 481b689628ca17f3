/* SPDX-License-Identifier: ISC */
/*
 * Any lines as the header of an HTTP answer, and what becomes of them: numbers, validators that
 * go back to the server, the wait until the next request, the encoding of the body, and the
 * address it leads to.  Promises: numbers stay in their ranges, nothing with a line end is
 * sent, and no answer silences a source for longer than a day, nor brings it back at once.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"
#include "fetch/http_errors.h"
#include "fetch/http_fields.h"
#include "fetch/poll_policy.h"
#include "feed/encoding.h"
#include "format/url.h"

enum { NOW = 1795500000, YEARS_10 = 10 * 365 * 86400, DAY = 86400, ROOM = 300 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
require(bool promise)
{
	if (!promise)
		abort();
}

struct answer {
	long status;
	int64_t retry_after, max_age, seconds;
	const char *location;
};

static void
check_validator(const char *value)
{
	char out[ROOM];

	memset(out, '\n', sizeof(out));
	if (!http_field_write(out, sizeof(out), "If-None-Match", value))
		return;
	require(http_field_is_sendable(value));
	require(memchr(out, '\0', sizeof(out)) && strpbrk(out, "\r\n") == NULL);
	require(strlen(out) == strlen("If-None-Match: ") + strlen(value));
}

static void
check_type(struct arena *a, const char *value)
{
	static const char page[] = "<?xml version=\"1.0\"?><rss>\xE9\x80</rss>";
	struct buf out = BUF_INIT(LIMIT_FEED_BYTES);
	struct encoding encoding = { 0 };

	encoding_decode(a, page, sizeof(page) - 1, value, &out, &encoding);
	require(text_is_utf8(encoding.text, encoding.len));
	buf_clear(&out);
}

static void
check_location(struct arena *a, const char *value, struct answer *answer)
{
	char *url = url_resolve(a, "https://example.org/a/feed?x#y", value);

	if (!url)
		return;
	require(strlen(url) <= LIMIT_URL);
	require(http_field_is_sendable(url));
	if (url_is_web(url))
		answer->location = url;
}

static void
read_line(struct arena *a, const char *line, size_t len, struct answer *answer)
{
	const char *colon = memchr(line, ':', len);
	const long status = http_field_status(line, len);
	char *value = NULL;
	int64_t n = 0;

	require(status >= 0 && status <= 999);
	if (status != 0)
		answer->status = status;
	if (!colon)
		return;
	value = arena_strndup(a, colon + 1, len - (size_t)(colon + 1 - line));
	n = http_field_retry_after(value, NOW);
	require(n >= -1);
	if (n >= 0)
		answer->retry_after = n;
	n = http_field_max_age(value);
	require(n >= -1 && n <= YEARS_10);
	if (n >= 0)
		answer->max_age = n;
	if (http_field_seconds(value, &n)) {
		require(n >= 0 && n <= YEARS_10);
		answer->seconds = n;
	}
	check_validator(value);
	check_type(a, value);
	check_location(a, value, answer);
}

static void
check_policy(const struct answer *answer, unsigned bits)
{
	const struct poll_settings set = { .every = 1800,
		.gone_after = 7 * DAY,
		.stale_after = 90 * DAY };
	struct source s = { .id = 1, .url = "https://example.org/feed" };
	const struct poll_outcome o = { .failure = bits % (HTTP_OTHER + 1),
		.status = answer->status,
		.message = "x",
		.moved_to = answer->location,
		.retry_after = answer->retry_after,
		.max_age = answer->max_age,
		.ttl = answer->seconds,
		.skip_hours = bits * 2654435761U,
		.skip_days = bits % 128,
		.parsed = answer->status == 200 && bits % 3 != 0,
		.has_new = bits % 5 == 0 };
	int64_t now = NOW;

	for (int i = 0; i < 12; i++) {
		poll_policy_apply(&s, &o, &set, now);
		require(s.next_poll > now && s.next_poll <= now + 8 * DAY);
		now = s.next_poll;
	}
	require(http_reason(answer->status) != NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct arena *a = arena_new();
	struct answer answer = { 0, -1, -1, -1, NULL };
	const char *text = (const char *)bytes + 1;
	const char *end = (const char *)bytes + size;

	while (size > 0 && text < end) {
		const char *eol = memchr(text, '\n', (size_t)(end - text));
		const size_t len = (size_t)((eol ? eol : end) - text);

		read_line(a, text, len, &answer);
		text += len + 1;
	}
	if (size > 0)
		check_policy(&answer, bytes[0]);
	arena_free(a);
	return 0;
}
