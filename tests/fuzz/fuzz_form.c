/* SPDX-License-Identifier: ISC */
/*
 * Strangers' requests: the first line is the Content-Type, the second the path and
 * X-Forwarded-For, the rest the body.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "web/asker.h"
#include "web/form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is taken for a value holds no line end, whatever was sent. */
static void
check(const char *value)
{
	if (value && strpbrk(value, "\r\n"))
		abort();
}

static void
check_address(struct arena *a, const char *field)
{
	const struct way_here ways[] = { { "", field, NULL }, { "", NULL, field },
		{ "127.0.0.1", field, field } };
	struct network_list trusted;

	if (!network_list_parse("unix loopback 10.0.0.0/8 2001:db8::/32", &trusted))
		abort();
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		const char *asker = asker_address(a, &ways[i], &trusted);

		if (strspn(asker, "0123456789abcdefABCDEF:.") != strlen(asker))
			abort();
	}
}

static size_t
line_length(const uint8_t *data, size_t size)
{
	const uint8_t *end = memchr(data, '\n', size);

	return end ? (size_t)(end - data) : size;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	size_t len = line_length(data, size);
	const char *type = arena_strndup(a, (const char *)data, len);
	const char *forwarded = NULL;
	char *body = NULL;
	struct form f;

	data += len < size ? len + 1 : len;
	size -= len < size ? len + 1 : len;
	len = line_length(data, size);
	forwarded = arena_strndup(a, (const char *)data, len);
	data += len < size ? len + 1 : len;
	size -= len < size ? len + 1 : len;
	check_address(a, forwarded);
	/* Of its own size, so that a read beyond it is seen. */
	body = xcalloc(size + 1, 1);
	if (size > 0)
		memcpy(body, data, size);
	if (form_read(a, type, body, size, &f) == 200) {
		for (size_t i = 0; i < FIELD_COUNT; i++)
			check(f.values[i]);
		for (size_t i = 0; i < f.source_count; i++)
			check(f.sources[i]);
	}
	free(body);
	arena_free(a);
	return 0;
}
