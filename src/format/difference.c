/* SPDX-License-Identifier: ISC */
/*
 * Bytes: the length of the text, a check of it (8 bytes), and then, until the text has its
 * length: a number of new bytes, these bytes, and a number of bytes that stand in the base;
 * when that is not 0, how far from the end of the last such passage they begin.  Numbers have
 * seven bits a byte, the lowest first; distances alternate between forward and back.
 */
#include "format/difference.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum {
	BLOCK = 32, /* bytes of the base that are looked up together */
	NUMBER_MOST = 10,
	SHIFT_MOST = 56, /* of the last byte of a number that is read */
	SLOTS_LEAST = 64,
	CHECK_BYTES = 8
};

static const uint64_t mix = UINT64_C(0x9E3779B97F4A7C15);

/* ---- bytes of numbers ---- */

/* The same number on every machine. */
static uint64_t
eight_bytes(const char *p)
{
	const unsigned char *b = (const unsigned char *)p;

	return (uint64_t)b[0] | (uint64_t)b[1] << 8 | (uint64_t)b[2] << 16 |
	    (uint64_t)b[3] << 24 | (uint64_t)b[4] << 32 | (uint64_t)b[5] << 40 |
	    (uint64_t)b[6] << 48 | (uint64_t)b[7] << 56;
}

static uint64_t
add_to_check(uint64_t check, uint64_t word)
{
	check = (check ^ word) * mix;
	return check ^ check >> 29;
}

static uint64_t
check_of(const char *text, size_t len)
{
	uint64_t check = len;
	size_t i = 0;

	for (; i + 8 <= len; i += 8)
		check = add_to_check(check, eight_bytes(text + i));
	for (; i < len; i++)
		check = add_to_check(check, (unsigned char)text[i]);
	return check;
}

static void
add_number(struct buf *out, uint64_t n)
{
	char bytes[NUMBER_MOST];
	size_t len = 0;

	for (; n >= 0x80; n >>= 7)
		bytes[len++] = (char)(n | 0x80);
	bytes[len++] = (char)n;
	buf_add(out, bytes, len);
}

/* ---- making ---- */

struct making {
	const char *base;
	size_t base_len;
	const char *text;
	size_t len;
	uint32_t
	    *places; /* of blocks by their hash; 0: none, else one more than the number */
	size_t mask;
	size_t written; /* of the text */
	size_t expected;
	struct buf *out;
};

static size_t
slot_of(const struct making *m, const char *block)
{
	uint64_t h = 0;

	for (size_t i = 0; i < BLOCK; i += 8)
		h = (h ^ eight_bytes(block + i)) * mix;
	return (size_t)(h >> 32) & m->mask;
}

/* Of blocks that share a slot the first is found. */
static void
index_base(struct making *m)
{
	const size_t blocks = m->base_len / BLOCK;
	size_t slots = SLOTS_LEAST;

	while (slots < 2 * blocks)
		slots *= 2;
	m->mask = slots - 1;
	m->places = xcalloc(slots, sizeof(*m->places));
	for (size_t i = 0; i < blocks && i < UINT32_MAX; i++) {
		uint32_t *place = &m->places[slot_of(m, m->base + i * BLOCK)];

		if (*place == 0)
			*place = (uint32_t)(i + 1);
	}
}

/* The new bytes before `at`, and then so many of the base. */
static void
add_passage(struct making *m, size_t at, size_t from, size_t count)
{
	add_number(m->out, at - m->written);
	buf_add(m->out, m->text + m->written, at - m->written);
	add_number(m->out, count);
	m->written = at + count;
	if (count == 0)
		return;
	if (from >= m->expected)
		add_number(m->out, (uint64_t)(from - m->expected) << 1);
	else
		add_number(m->out, (uint64_t)(m->expected - from) << 1 | 1);
	m->expected = from + count;
}

/* How many bytes of the text and of the base are the same from there on. */
static size_t
same_bytes(const struct making *m, size_t at, size_t from)
{
	size_t most = m->len - at < m->base_len - from ? m->len - at : m->base_len - from;
	size_t n = 0;

	while (
	    n + BLOCK <= most && memcmp(m->text + at + n, m->base + from + n, BLOCK) == 0)
		n += BLOCK;
	while (n < most && m->text[at + n] == m->base[from + n])
		n++;
	return n;
}

/* The passage around a block that stands at `at` in the text; false when there is none. */
static bool
take_passage(struct making *m, size_t at)
{
	const uint32_t place = m->places[slot_of(m, m->text + at)];
	size_t from = 0;
	size_t count = 0;

	if (place == 0)
		return false;
	from = (size_t)(place - 1) * BLOCK;
	count = same_bytes(m, at, from);
	if (count < BLOCK)
		return false;
	while (at > m->written && from > 0 && m->text[at - 1] == m->base[from - 1]) {
		at--;
		from--;
		count++;
	}
	add_passage(m, at, from, count);
	return true;
}

void
difference_make(const char *base, size_t base_len, const char *text, size_t len,
    struct buf *out)
{
	struct making m = { .base = base ? base : "",
		.base_len = base_len,
		.text = text ? text : "",
		.len = len,
		.out = out };
	const uint64_t check = check_of(m.text, len);
	char bytes[CHECK_BYTES];

	for (int i = 0; i < CHECK_BYTES; i++)
		bytes[i] = (char)(check >> 8 * i);
	add_number(out, len);
	buf_add(out, bytes, sizeof(bytes));
	index_base(&m);
	for (size_t at = 0; at + BLOCK <= len;) {
		if (take_passage(&m, at))
			at = m.written;
		else
			at++;
	}
	if (m.written < len)
		add_passage(&m, len, 0, 0);
	free(m.places);
}

/* ---- applying ---- */

struct applying {
	const char *at;
	const char *end;
	const char *base;
	size_t base_len;
	char *text;
	size_t len;
	size_t written;
	size_t expected;
};

static bool
take_number(struct applying *p, uint64_t *out)
{
	*out = 0;
	for (unsigned shift = 0; shift <= SHIFT_MOST && p->at < p->end; shift += 7) {
		const unsigned char c = (unsigned char)*p->at++;

		*out |= (uint64_t)(c & 0x7F) << shift;
		if (c < 0x80)
			return true;
	}
	return false;
}

static bool
take_new(struct applying *p)
{
	uint64_t count = 0;

	if (!take_number(p, &count) || count > (uint64_t)(p->end - p->at) ||
	    count > p->len - p->written)
		return false;
	memcpy(p->text + p->written, p->at, (size_t)count);
	p->at += count;
	p->written += (size_t)count;
	return true;
}

static bool
take_known(struct applying *p)
{
	uint64_t count = 0;
	uint64_t distance = 0;
	uint64_t from = p->expected;

	if (!take_number(p, &count) || count > p->len - p->written)
		return false;
	if (count == 0)
		return p->written == p->len;
	if (!take_number(p, &distance))
		return false;
	if (distance & 1 ? distance >> 1 > from : distance >> 1 > p->base_len - from)
		return false;
	from = distance & 1 ? from - (distance >> 1) : from + (distance >> 1);
	if (count > p->base_len - from)
		return false;
	memcpy(p->text + p->written, p->base + from, (size_t)count);
	p->written += (size_t)count;
	p->expected = (size_t)(from + count);
	return true;
}

static bool
is_damaged(struct err *err)
{
	return err_set(err, ERR_STORE, "a stored difference is damaged");
}

bool
difference_apply(struct arena *a, const char *base, size_t base_len, const char *bytes,
    size_t len, size_t max, const char **out, size_t *out_len, struct err *err)
{
	struct applying p = { .at = bytes,
		.end = bytes + len,
		.base = base ? base : "",
		.base_len = base_len };
	uint64_t total = 0;
	uint64_t check = 0;

	*out = NULL;
	*out_len = 0;
	if (!take_number(&p, &total) || p.end - p.at < CHECK_BYTES)
		return is_damaged(err);
	if (total > max)
		return err_set(err, ERR_LIMIT, "more than %zu bytes of text", max);
	check = eight_bytes(p.at);
	p.at += CHECK_BYTES;
	p.len = (size_t)total;
	p.text = arena_alloc(a, p.len + 1);
	while (p.written < p.len) {
		if (!take_new(&p) || !take_known(&p))
			return is_damaged(err);
	}
	if (p.at != p.end || check != check_of(p.text, p.len))
		return is_damaged(err);
	*out = p.text;
	*out_len = p.len;
	return true;
}
