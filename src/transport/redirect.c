/* SPDX-License-Identifier: ISC */
#include "transport/redirect.h"

#include <string.h>

#include "base/ascii.h"
#include "base/attr.h"
#include "base/limits.h"
#include "format/mime_words.h"
#include "mail/address.h"
#include "mail/header_fields.h"
#include "transport/smtp_pool.h"

struct redirect {
	const struct letter_source *src;
	const char *to, *sender;
	struct arena *arena; /* of the letter at hand */
	struct buf bytes;
};

/* ---- the letter ---------------------------------------------------------------------- */

static bool
is_replaced(const char *line)
{
	static const char *const names[] = { "To", "Subject", "List-Unsubscribe",
		"List-Unsubscribe-Post" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (ascii_starts_nocase(line, names[i]) && line[strlen(names[i])] == ':')
			return true;
	return false;
}

/* Behind the field that begins at `at`, with its folded lines. */
static const char *
field_end(const char *at)
{
	for (;;) {
		const char *end = strchr(at, '\n');

		if (!end)
			return at + strlen(at);
		at = end + 1;
		if (*at != ' ' && *at != '\t')
			return at;
	}
}

static void
rewrite(struct redirect *r, const struct letter *l)
{
	const char *at = buf_text(l->bytes);
	const char *whole = at;
	struct header header;

	header_read(r->arena, at, l->bytes->len, &header);
	buf_reset(&r->bytes);
	mime_header(&r->bytes, "To", arena_printf(r->arena, "<%s>", r->to));
	mime_header(&r->bytes, "Subject",
	    arena_printf(r->arena, "[would have gone to %s] %s", l->recipient,
		header_decoded(r->arena, header_text(&header, "Subject"))));
	while (*at != '\0' && *at != '\r' && *at != '\n') {
		const char *end = field_end(at);

		if (!is_replaced(at))
			buf_add(&r->bytes, at, (size_t)(end - at));
		at = end;
	}
	buf_add(&r->bytes, at, l->bytes->len - (size_t)(at - whole));
}

/* ---- the source ---------------------------------------------------------------------- */

static bool
next(void *arg, struct letter *out, struct err *err)
{
	struct redirect *r = arg;

	arena_reset(r->arena);
	if (!r->src->next(r->src->arg, out, err))
		return false;
	rewrite(r, out);
	out->bytes = &r->bytes;
	out->recipient = r->to;
	out->sender = r->sender;
	return true;
}

static bool
settle(void *arg, const struct letter *letter, const struct outcome *o, struct err *err)
{
	struct redirect *r = arg;

	return r->src->settle(r->src->arg, letter, o, err);
}

static bool
stop(void *arg)
{
	struct redirect *r = arg;

	return r->src->stop(r->src->arg);
}

static bool
hurry(void *arg)
{
	struct redirect *r = arg;

	return r->src->hurry && r->src->hurry(r->src->arg);
}

/* What fails comes back to the newsletter itself. */
static bool
find_sender(const struct config *c, struct arena *a, const char **out, struct err *err)
{
	const char *text = c->bounce.address;
	struct mailbox box;

	if (!text || *text == '\0')
		text = c->newsletter.from;
	if (!mailbox_parse(a, text, &box, err))
		return false;
	*out = box.address;
	return true;
}

bool
redirect_run(const struct transport_settings *t, const struct letter_source *src,
    struct err *err)
{
	struct arena *a = arena_new();
	struct redirect r = { .src = src, .arena = arena_new() };
	const struct letter_source mine = { next, settle, stop, &r, hurry };
	bool ok = false;

	buf_init(&r.bytes, LIMIT_LETTER);
	ok = address_check(a, t->config->transport.redirect_to, &r.to, err) &&
	    find_sender(t->config, a, &r.sender, err) && smtp_pool_run(t, &mine, err);
	buf_clear(&r.bytes);
	arena_free(r.arena);
	arena_free(a);
	return ok;
}
