/* SPDX-License-Identifier: ISC */
#include "mail/incoming_reader.h"

#include <stdlib.h>

#include "base/charset.h"
#include "base/confine.h"
#include "base/limits.h"
#include "base/mem.h"
#include "mail/incoming_wire.h"

struct incoming_reader {
	struct confined *child;
	struct buf answer;
	size_t failures;
};

/* In the child. */
static void
read_one(void *context, const char *bytes, size_t len, struct buf *answer)
{
	struct arena *a = arena_new();
	struct incoming m;

	(void)context;
	incoming_parse(a, bytes, len, &m);
	incoming_wire_write(&m, answer);
	arena_free(a);
}

struct incoming_reader *
incoming_reader_new(struct err *err)
{
	const struct confinement how = { .work = read_one,
		.prepare = charset_preload,
		.answer_max = LIMIT_INCOMING_ANSWER,
		.memory_max = LIMIT_INCOMING_MEMORY,
		.cpu_ms = LIMIT_INCOMING_CPU_MS,
		.patience_ms = LIMIT_INCOMING_PATIENCE_MS,
		.requests_max = LIMIT_INCOMING_CHILD };
	struct incoming_reader *r = xcalloc(1, sizeof(*r));

	r->child = confined_new(&how);
	buf_init(&r->answer, LIMIT_INCOMING_ANSWER);
	if (confined_start(r->child, err))
		return r;
	incoming_reader_free(r);
	return NULL;
}

void
incoming_reader_free(struct incoming_reader *r)
{
	if (!r)
		return;
	confined_free(r->child);
	buf_clear(&r->answer);
	free(r);
}

void
incoming_reader_read(struct incoming_reader *r, struct arena *a, const char *bytes,
    size_t len, struct incoming *out)
{
	struct err err = ERR_INIT;
	const size_t most = len < LIMIT_INCOMING_READ ? len : LIMIT_INCOMING_READ;

	/* Without an answer it is empty, which is read as no message. */
	(void)!confined_ask(r->child, bytes, most, &r->answer, &err);
	if (incoming_wire_read(a, buf_text(&r->answer), r->answer.len, out))
		return;
	r->failures++;
	out->why = WHY_NOT_UNDERSTOOD;
}

size_t
incoming_reader_failures(const struct incoming_reader *r)
{
	return r->failures;
}
