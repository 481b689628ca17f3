/* SPDX-License-Identifier: ISC */
#include "mail/newsletter_reader.h"

#include <stdlib.h>

#include "base/charset.h"
#include "base/confine.h"
#include "base/limits.h"
#include "base/mem.h"
#include "mail/newsletter_wire.h"

struct newsletter_reader {
	struct confined *child;
	struct buf answer;
};

/* In the child. */
static void
read_one(void *context, const char *bytes, size_t len, struct buf *answer)
{
	struct arena *a = arena_new();
	struct newsletter n;

	(void)context;
	newsletter_read(a, bytes, len, &n);
	newsletter_wire_write(&n, answer);
	arena_free(a);
}

struct newsletter_reader *
newsletter_reader_new(struct err *err)
{
	const struct confinement how = { .work = read_one,
		.prepare = charset_preload,
		.answer_max = LIMIT_NEWSLETTER_ANSWER,
		.memory_max = LIMIT_NEWSLETTER_MEMORY,
		.cpu_ms = LIMIT_NEWSLETTER_CPU_MS,
		.patience_ms = LIMIT_INCOMING_PATIENCE_MS,
		.requests_max = LIMIT_INCOMING_CHILD };
	struct newsletter_reader *r = xcalloc(1, sizeof(*r));

	r->child = confined_new(&how);
	buf_init(&r->answer, LIMIT_NEWSLETTER_ANSWER);
	if (confined_start(r->child, err))
		return r;
	newsletter_reader_free(r);
	return NULL;
}

void
newsletter_reader_free(struct newsletter_reader *r)
{
	if (!r)
		return;
	confined_free(r->child);
	buf_clear(&r->answer);
	free(r);
}

bool
newsletter_reader_read(struct newsletter_reader *r, struct arena *a, const char *bytes,
    size_t len, struct newsletter *out)
{
	struct err why = ERR_INIT;
	const size_t most = len < LIMIT_NEWSLETTER ? len : LIMIT_NEWSLETTER;

	/* Without an answer it is empty, which is read as no message. */
	(void)!confined_ask(r->child, bytes, most, &r->answer, &why);
	return newsletter_wire_read(a, buf_text(&r->answer), r->answer.len, out);
}
