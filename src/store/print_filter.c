/* SPDX-License-Identifier: ISC */
#include "store/print_filter.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/mem.h"

enum { PROBES = 3, BITS_LEAST = 8, WORD_BITS = 64, WORDS_LEAST = 64 };

struct print_filter {
	uint64_t *words; /* NULL: nothing is known */
	uint64_t mask;   /* of the number of a word */
	size_t asked;
};

struct print_filter *
print_filter_new(void)
{
	return xcalloc(1, sizeof(struct print_filter));
}

void
print_filter_free(struct print_filter *f)
{
	if (!f)
		return;
	free(f->words);
	free(f);
}

void
print_filter_begin(struct print_filter *f, size_t prints)
{
	const size_t most = LIMIT_PRINT_FILTER / sizeof(*f->words);
	size_t words = WORDS_LEAST;

	while (words < most && words < prints / (WORD_BITS / BITS_LEAST))
		words *= 2;
	free(f->words);
	f->words = xcalloc(words, sizeof(*f->words));
	f->mask = words - 1;
	f->asked = 0;
}

/* The bits of a print stand in one word, so that to look costs one access to memory. */
static uint64_t
bits_of(uint64_t print)
{
	uint64_t bits = 0;

	for (int i = 0; i < PROBES; i++) {
		bits |= UINT64_C(1) << (print % WORD_BITS);
		print /= WORD_BITS;
	}
	return bits;
}

static uint64_t *
word_of(const struct print_filter *f, uint64_t print)
{
	return &f->words[print >> 32 & f->mask];
}

void
print_filter_add(struct print_filter *f, int64_t print)
{
	if (f->words)
		*word_of(f, (uint64_t)print) |= bits_of((uint64_t)print);
}

bool
print_filter_may_have(struct print_filter *f, int64_t print)
{
	const uint64_t bits = bits_of((uint64_t)print);

	if (f->words)
		return (*word_of(f, (uint64_t)print) & bits) == bits;
	f->asked++;
	return true;
}

size_t
print_filter_asked(const struct print_filter *f)
{
	return f->asked;
}
