/* SPDX-License-Identifier: ISC */
#include "mail/incoming_tokens.h"

#include <string.h>

#include "base/ascii.h"
#include "base/limits.h"

/* list/token.h: 30 bytes at most, 27 in practice, in base32; somewhat shorter is not ours. */
enum { TOKEN_MIN = 24, TOKEN_LONGEST = 48, BEFORE_MAX = 12, BODY_MAX = 4096 };

static bool
is_token_letter(unsigned char c)
{
	c = (unsigned char)ascii_lower(c);
	return (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7');
}

struct tokens {
	struct arena *a;
	struct incoming_token *list;
	size_t count;
};

/* The letters and the one mark in front of it: "b-", "leave-", "/u/". */
static const char *
word_before(struct arena *a, const char *text, const char *start)
{
	const char *p = start;

	while (p > text && start - p < BEFORE_MAX &&
	    (p[-1] == '-' || p[-1] == '/' || ascii_is_letter((unsigned char)p[-1])))
		p--;
	return ascii_make_lower(arena_strndup(a, p, (size_t)(start - p)));
}

static void
add_token(struct tokens *t, enum token_place place, const char *text, const char *start,
    size_t len)
{
	const char *copy = ascii_make_lower(arena_strndup(t->a, start, len));

	if (t->count == LIMIT_INCOMING_TOKENS)
		return;
	for (size_t i = 0; i < t->count; i++) {
		if (strcmp(t->list[i].text, copy) == 0)
			return;
	}
	t->list = arena_grow_list(t->a, t->list, t->count, sizeof(*t->list));
	t->list[t->count++] =
	    (struct incoming_token){ place, copy, word_before(t->a, text, start) };
}

/* Words of its letters alone, that long, with no letter or digit beside them. */
static void
find(struct tokens *t, enum token_place place, const char *text, size_t max)
{
	const char *end = text + strnlen(text, max);
	const char *at = text;

	while (at < end) {
		const char *start = at;

		while (at < end && is_token_letter((unsigned char)*at))
			at++;
		if (at - start >= TOKEN_MIN && at - start <= TOKEN_LONGEST &&
		    (at == end || !ascii_is_alphanumeric((unsigned char)*at)))
			add_token(t, place, text, start, (size_t)(at - start));
		while (at < end && ascii_is_alphanumeric((unsigned char)*at))
			at++;
		if (at < end && !is_token_letter((unsigned char)*at))
			at++;
	}
}

static void
find_in(struct tokens *t, enum token_place place, const struct header *h,
    const char *const *names, size_t count)
{
	for (size_t n = 0; n < count; n++) {
		for (size_t i = header_find(h, names[n], 0); i < h->count;
		     i = header_find(h, names[n], i + 1))
			find(t, place, h->fields[i].value, LIMIT_HEADER_VALUE);
	}
}

void
incoming_find_tokens(struct arena *a, const struct message_parts *m, const char *text,
    struct incoming *out)
{
	static const char *const envelope[] = { "X-Original-To", "Delivered-To",
		"Envelope-To", "X-Envelope-To" };
	static const char *const to[] = { "To", "Cc" };
	static const char *const reply[] = { "In-Reply-To", "References" };
	static const char *const original[] = { "Return-Path", "List-Unsubscribe",
		"Message-ID", "Received", "X-Original-To", "Errors-To", "Sender" };
	struct tokens t = { .a = a };

	find_in(&t, PLACE_ENVELOPE, &m->header, envelope, ARRAY_LEN(envelope));
	find_in(&t, PLACE_TO, &m->header, to, ARRAY_LEN(to));
	find(&t, PLACE_SUBJECT, out->subject, LIMIT_INCOMING_WORDS);
	find_in(&t, PLACE_REPLY, &m->header, reply, ARRAY_LEN(reply));
	find(&t, PLACE_BODY, text, BODY_MAX);
	find_in(&t, PLACE_ORIGINAL, &m->original, original, ARRAY_LEN(original));
	out->tokens = t.list;
	out->token_count = t.count;
}
