/* SPDX-License-Identifier: ISC */
/*
 * Any bytes as a message somebody sent: it is read without harm, says the same through the wire
 * to its owner, and a report without any failure is no bounce.  Bytes as the child's answer, too.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "mail/incoming.h"
#include "mail/incoming_wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
broken(const char *promise)
{
	fprintf(stderr, "%s\n", promise);
	abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct arena *a = arena_new();
	struct buf wire = BUF_INIT(LIMIT_INCOMING_ANSWER);
	struct buf again = BUF_INIT(LIMIT_INCOMING_ANSWER);
	struct incoming m;
	struct incoming got;

	incoming_parse(a, (const char *)bytes, size, &m);
	incoming_wire_write(&m, &wire);
	if (buf_is_full(&wire))
		broken("a message says more than an answer holds");
	if (!incoming_wire_read(a, buf_text(&wire), wire.len, &got))
		broken("what the child says is not believed");
	incoming_wire_write(&got, &again);
	if (wire.len != again.len || memcmp(wire.data, again.data, wire.len) != 0)
		broken("what is read is not what was written");
	if (incoming_wire_read(a, (const char *)bytes, size, &got) &&
	    got.kind == INCOMING_BOUNCE && got.recipient_count == 0)
		broken("a lie is believed");
	buf_clear(&again);
	buf_clear(&wire);
	arena_free(a);
	return 0;
}
