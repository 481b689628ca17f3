/* SPDX-License-Identifier: ISC */
#include "mail/newsletter_private.h"

#include <string.h>

#include "base/ascii.h"
#include "base/attr.h"
#include "base/buf.h"
#include "mail/newsletter_words.h"
#include "mail/report_address.h"

/* Characters that end an address in running text. */
static const char ends[] = " \t\r\n<>\"'()[]{}|,;";

static void
add_word(struct newsletter_private *p, const char *word)
{
	if (strlen(word) < 6 || p->word_count == PRIVATE_WORDS)
		return;
	for (size_t i = 0; i < p->word_count; i++)
		if (ascii_eq_nocase(p->words[i], word))
			return;
	p->words[p->word_count++] = word;
}

static void
add_tokens(struct arena *a, struct newsletter_private *p, const char *text)
{
	while (*text) {
		const size_t n = newsletter_token_length(text);

		if (n > 0)
			add_word(p, arena_strndup(a, text, n));
		while (ascii_is_alphanumeric((unsigned char)*text))
			text++;
		while (*text && !ascii_is_alphanumeric((unsigned char)*text))
			text++;
	}
}

/* "<https://...>, <mailto:...>" (RFC 2369 2). */
static void
read_urls(struct arena *a, struct newsletter_private *p, const char *value)
{
	add_tokens(a, p, value);
	for (const char *at = strchr(value, '<'); at; at = strchr(at, '<')) {
		const size_t len = strcspn(++at, ">");

		if (len > 8 && p->url_count < PRIVATE_WORDS)
			p->urls[p->url_count++] = arena_strndup(a, at, len);
	}
}

/* An address of the list itself is nobody's. */
static bool
is_of_list(const struct header *h, const char *address)
{
	static const char *const fields[] = { "From", "Sender", "Reply-To", "List-Post",
		"List-Owner" };
	const char *id = header_text(h, "List-Id");
	const char *open = strrchr(id, '<');
	const size_t local = strcspn(address, "@");

	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		if (ascii_find_nocase(header_text(h, fields[i]), address))
			return true;
	/* "news.lists.example" of news@lists.example. */
	id = open ? open + 1 : id;
	return strlen(id) > local && id[local] == '.' && strncmp(id, address, local) == 0;
}

void
newsletter_private_read(struct arena *a, const struct header *h,
    struct newsletter_private *out)
{
	static const char *const mine[] = { "Delivered-To", "X-Original-To",
		"Envelope-To", "X-Envelope-To", "X-Delivered-To", "To", "Cc" };
	static const char *const secret[] = { "Return-Path", "X-Original-To",
		"Delivered-To", "List-Help", "List-Owner", "Errors-To",
		"X-Report-Abuse" };
	static const char *const leave[] = { "List-Unsubscribe", "X-List-Unsubscribe",
		"List-Subscribe" };

	memset(out, 0, sizeof(*out));
	for (size_t n = 0; n < ARRAY_LEN(leave); n++)
		for (size_t i = header_find(h, leave[n], 0); i < h->count;
		     i = header_find(h, leave[n], i + 1))
			read_urls(a, out, h->fields[i].value);
	for (size_t i = 0; i < ARRAY_LEN(secret); i++)
		add_tokens(a, out, header_text(h, secret[i]));
	for (size_t n = 0; n < ARRAY_LEN(mine); n++) {
		const char *value = header_text(h, mine[n]);
		const char *at = value;
		struct report_address x;

		while (report_address_next(a, value, &at, &x))
			if (!is_of_list(h, x.text))
				add_word(out, x.text);
	}
}

/* "%40" is "@". */
static bool
has_word(const char *text, const char *word)
{
	const char *at = strchr(word, '@');
	const size_t local = at ? (size_t)(at - word) : 0;
	const char *from = text;

	if (ascii_find_nocase(text, word))
		return true;
	while (at && (from = ascii_find_nocase(from, "%40")) != NULL) {
		if ((size_t)(from - text) >= local &&
		    ascii_starts_nocase(from + 3, at + 1) && local > 0 &&
		    strncmp(from - local, word, local) == 0)
			return true;
		from += 3;
	}
	return false;
}

bool
newsletter_private_url(const struct newsletter_private *p, const char *url)
{
	for (size_t i = 0; i < p->url_count; i++)
		if (ascii_starts_nocase(url, p->urls[i]))
			return true;
	for (size_t i = 0; i < p->word_count; i++)
		if (has_word(url, p->words[i]))
			return true;
	return newsletter_address_leaves(url) || newsletter_address_has_token(url);
}

/* The next address or word of running text: *at where it begins; its length, 0 at the end. */
static size_t
next_word(const char **at)
{
	*at += strspn(*at, ends);
	return strcspn(*at, ends);
}

static bool
is_address(const char *word)
{
	return strstr(word, "://") || strchr(word, '@') ||
	    ascii_starts_nocase(word, "mailto:") || ascii_starts_nocase(word, "www.");
}

static bool
is_private_word(const struct newsletter_private *p, const char *word)
{
	if (is_address(word))
		return newsletter_private_url(p, word);
	for (size_t i = 0; i < p->word_count; i++)
		if (ascii_find_nocase(word, p->words[i]))
			return true;
	return false;
}

bool
newsletter_private_in(struct arena *a, const struct newsletter_private *p,
    const char *text, size_t len)
{
	const char *copy = arena_strndup(a, text, len);
	size_t n = 0;

	for (const char *at = copy; (n = next_word(&at)) > 0; at += n)
		if (n >= 6 && is_private_word(p, arena_strndup(a, at, n)))
			return true;
	return false;
}

const char *
newsletter_private_blank(struct arena *a, const struct newsletter_private *p,
    const char *text, size_t len)
{
	const char *copy = arena_strndup(a, text, len);
	struct buf b = BUF_INIT(len);
	const char *last = copy;
	size_t n = 0;

	for (const char *at = copy; (n = next_word(&at)) > 0; at += n) {
		if (n < 6 || !is_private_word(p, arena_strndup(a, at, n)))
			continue;
		buf_add(&b, last, (size_t)(at - last));
		buf_adds(&b, "...");
		last = at + n;
	}
	buf_adds(&b, last);
	return arena_take(a, &b);
}
