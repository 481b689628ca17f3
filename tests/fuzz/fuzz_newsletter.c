/* SPDX-License-Identifier: ISC */
/*
 * Any bytes as a newsletter, behind a header that has a token in it: it is read without harm, no
 * post has the token, and it says the same through the wire to its owner.  Bytes as the child's
 * answer, too.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/limits.h"
#include "mail/newsletter.h"
#include "mail/newsletter_wire.h"

#define TOKEN "cecaaajpj3xyb7cmqgx5swltba"

static const char head[] =
    "From: Planet <planet@planet.example>\nSubject: x\nList-Id: <planet.planet.example>\n"
    "Feedback-ID: 2026-01-15:letter:planetpost:planetexample\n"
    "List-Unsubscribe: <https://planet.example/p/u/" TOKEN ">\n";

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
broken(const char *promise)
{
	fprintf(stderr, "%s\n", promise);
	abort();
}

static void
look_for_token(const struct newsletter *n)
{
	static const char link[] = "https://planet.example/p/u/" TOKEN;

	for (size_t i = 0; i < n->count; i++) {
		if (strstr(n->posts[i].text, link) || strstr(n->posts[i].link, TOKEN))
			broken("a post has the link to leave");
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct arena *a = arena_new();
	struct buf message = BUF_INIT(LIMIT_NEWSLETTER);
	struct buf wire = BUF_INIT(LIMIT_NEWSLETTER_ANSWER);
	struct buf again = BUF_INIT(LIMIT_NEWSLETTER_ANSWER);
	struct newsletter n;
	struct newsletter got;

	buf_adds(&message, head);
	buf_add(&message, bytes, size);
	newsletter_read(a, buf_text(&message), message.len, &n);
	look_for_token(&n);
	newsletter_wire_write(&n, &wire);
	if (buf_is_full(&wire))
		broken("a newsletter says more than an answer holds");
	if (!newsletter_wire_read(a, buf_text(&wire), wire.len, &got))
		broken("what the child says is not believed");
	newsletter_wire_write(&got, &again);
	if (got.count != n.count || got.kind != n.kind)
		broken("what is read is not what was written");
	(void)!newsletter_wire_read(a, (const char *)bytes, size, &got);
	buf_clear(&again);
	buf_clear(&wire);
	buf_clear(&message);
	arena_free(a);
	return 0;
}
