/* SPDX-License-Identifier: ISC */
#include "mail/incoming_wire.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"

/* Texts of a message, in the order in which they are written. */
#define TEXT(field) offsetof(struct incoming, field)
static const size_t texts[] = { TEXT(from), TEXT(reply_to), TEXT(return_path),
	TEXT(message_id), TEXT(list_id), TEXT(loop), TEXT(subject), TEXT(words),
	TEXT(original.message_id), TEXT(original.list_id), TEXT(original.to),
	TEXT(original.return_path) };
static const size_t flags[] = { TEXT(has_null_sender), TEXT(is_auto), TEXT(is_list),
	TEXT(is_bulk), TEXT(from_robot), TEXT(is_marked_spam) };
#undef TEXT

#define AT(type, m, offset) ((type *)(void *)((char *)(m) + (offset)))
#define AT_CONST(type, m, offset) \
	((const type *)(const void *)((const char *)(m) + (offset)))

/* ---- writing ---- */

static void
put_number(struct buf *b, size_t number)
{
	const uint32_t n = number > UINT32_MAX ? UINT32_MAX : (uint32_t)number;

	buf_add(b, &n, sizeof(n));
}

static void
put_text(struct buf *b, const char *text)
{
	size_t len = strnlen(text, LIMIT_INCOMING_WORDS);

	/* Not within a character. */
	while (len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80)
		len--;
	put_number(b, len);
	buf_add(b, text, len);
}

static void
put_recipients(struct buf *b, const struct incoming *m)
{
	put_number(b, m->recipient_count);
	for (size_t i = 0; i < m->recipient_count; i++) {
		const struct incoming_recipient *x = &m->recipients[i];

		put_number(b, (size_t)x->class);
		put_number(b, (size_t)x->code);
		put_text(b, x->address);
		put_text(b, x->status);
		put_text(b, x->action);
		put_text(b, x->diagnostic);
	}
}

static void
put_list(struct buf *b, const char *const *list, size_t count)
{
	put_number(b, count);
	for (size_t i = 0; i < count; i++)
		put_text(b, list[i]);
}

void
incoming_wire_write(const struct incoming *m, struct buf *out)
{
	put_number(out, (size_t)m->kind);
	put_number(out, (size_t)m->why);
	put_recipients(out, m);
	put_number(out, m->token_count);
	for (size_t i = 0; i < m->token_count; i++) {
		put_number(out, (size_t)m->tokens[i].place);
		put_text(out, m->tokens[i].text);
		put_text(out, m->tokens[i].before);
	}
	put_list(out, m->envelope_to, m->envelope_to_count);
	put_list(out, m->to, m->to_count);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		put_text(out, *AT_CONST(char *, m, texts[i]));
	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		put_number(out, *AT_CONST(bool, m, flags[i]));
	put_number(out, m->received_count);
}

/* ---- reading ---- */

struct reading {
	struct arena *a;
	const char *at, *end;
	bool ok;
};

static size_t
get_number(struct reading *r, size_t max)
{
	uint32_t n = 0;

	if (!r->ok || (size_t)(r->end - r->at) < sizeof(n)) {
		r->ok = false;
		return 0;
	}
	memcpy(&n, r->at, sizeof(n));
	r->at += sizeof(n);
	r->ok = n <= max;
	return r->ok ? n : 0;
}

/* One line that may be shown: UTF-8 without a control or a character that hides others. */
static const char *
get_text(struct reading *r)
{
	const size_t len = get_number(r, LIMIT_INCOMING_WORDS);
	const char *text = r->at;

	if (!r->ok || (size_t)(r->end - r->at) < len || !text_is_utf8(text, len)) {
		r->ok = false;
		return "";
	}
	for (size_t i = 0; i < len;) {
		uint32_t c = 0;

		if (text_hidden_length(text + i, len - i) > 0) {
			r->ok = false;
			return "";
		}
		i += text_decode(text + i, len - i, &c);
	}
	r->at += len;
	return arena_strndup(r->a, text, len);
}

static void
get_recipients(struct reading *r, struct incoming *out)
{
	const size_t count = get_number(r, LIMIT_INCOMING_RECIPIENTS);
	struct incoming_recipient *list = arena_array(r->a, count, sizeof(*list));

	for (size_t i = 0; i < count && r->ok; i++) {
		list[i].class = (enum bounce_class)get_number(r, BOUNCE_HARD);
		list[i].code = (int)get_number(r, 599);
		list[i].address = get_text(r);
		list[i].status = get_text(r);
		list[i].action = get_text(r);
		list[i].diagnostic = get_text(r);
	}
	out->recipients = list;
	out->recipient_count = count;
}

static void
get_tokens(struct reading *r, struct incoming *out)
{
	const size_t count = get_number(r, LIMIT_INCOMING_TOKENS);
	struct incoming_token *list = arena_array(r->a, count, sizeof(*list));

	for (size_t i = 0; i < count && r->ok; i++) {
		list[i].place = (enum token_place)get_number(r, PLACE_ORIGINAL);
		list[i].text = get_text(r);
		list[i].before = get_text(r);
	}
	out->tokens = list;
	out->token_count = count;
}

static const char *const *
get_list(struct reading *r, size_t *count)
{
	const char **list = NULL;

	*count = get_number(r, LIMIT_INCOMING_ADDRESSES);
	list = arena_array(r->a, *count, sizeof(*list));
	for (size_t i = 0; i < *count; i++)
		list[i] = get_text(r);
	return list;
}

/* What a child cannot say of a message: a bounce without anybody who failed. */
static bool
holds_together(const struct incoming *m)
{
	bool failed = false;

	for (size_t i = 0; i < m->recipient_count; i++)
		failed = failed || m->recipients[i].class == BOUNCE_HARD ||
		    m->recipients[i].class == BOUNCE_SOFT;
	if (m->kind == INCOMING_BOUNCE)
		return failed;
	return !failed && (m->kind != INCOMING_COMPLAINT || m->recipient_count > 0);
}

/* A message of which nothing is known: every text is "". */
static void
make_empty(struct incoming *out)
{
	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		*AT(const char *, out, texts[i]) = "";
}

bool
incoming_wire_read(struct arena *a, const char *bytes, size_t len, struct incoming *out)
{
	struct reading r = { a, bytes, bytes + len, true };

	memset(out, 0, sizeof(*out));
	out->kind = (enum incoming_kind)get_number(&r, INCOMING_COMPLAINT);
	out->why = (enum incoming_why)get_number(&r, WHY_OTHER_REPORT);
	get_recipients(&r, out);
	get_tokens(&r, out);
	out->envelope_to = get_list(&r, &out->envelope_to_count);
	out->to = get_list(&r, &out->to_count);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		*AT(const char *, out, texts[i]) = get_text(&r);
	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		*AT(bool, out, flags[i]) = get_number(&r, 1) == 1;
	out->received_count = get_number(&r, LIMIT_INCOMING_FIELDS);
	if (r.ok && r.at == r.end && holds_together(out))
		return true;
	make_empty(out);
	return false;
}
