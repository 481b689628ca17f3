/* SPDX-License-Identifier: ISC */
/* "Did you mean": the nearest of a few words. */
#include "base/nearest.h"

#include <string.h>

#include "base/text.h"

enum { WORD_MAX = 64 };

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Lower-case copy of at most WORD_MAX bytes; returns its length. */
static size_t
fold_word(const char *word, char out[WORD_MAX + 1])
{
	size_t n = 0;

	for (; n < WORD_MAX && word[n] != '\0'; n++)
		out[n] = (char)ascii_lower((unsigned char)word[n]);
	out[n] = '\0';
	return n;
}

size_t
nearest_distance(const char *a, const char *b)
{
	/* Three rows of the matrix: the one being filled, and the two above it. */
	size_t rows[3][WORD_MAX + 1];
	size_t a_len = strnlen(a, WORD_MAX);
	size_t b_len = strnlen(b, WORD_MAX);

	for (size_t j = 0; j <= b_len; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t *row = rows[i % 3];
		const size_t *above = rows[(i + 2) % 3];
		const size_t *second = rows[(i + 1) % 3];

		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			size_t cost = a[i - 1] != b[j - 1];

			row[j] =
			    least(least(above[j], row[j - 1]) + 1, above[j - 1] + cost);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				row[j] = least(row[j], second[j - 2] + 1);
		}
	}
	return rows[a_len % 3][b_len];
}

const char *
nearest_word(const char *word, const char *const *candidates, size_t count)
{
	char wanted[WORD_MAX + 1];
	size_t len = fold_word(word, wanted);
	const char *best = NULL;
	/* Half edits, so that the beginning of a word stands between one edit and two. */
	size_t best_score = SIZE_MAX;

	for (size_t i = 0; i < count; i++) {
		char other[WORD_MAX + 1];
		size_t other_len = fold_word(candidates[i], other);
		size_t longer = len > other_len ? len : other_len;
		size_t score = 2 * nearest_distance(wanted, other);
		bool begins = len >= 3 && strncmp(other, wanted, len) == 0;

		if (begins)
			score = least(score, 3);
		/* One edit in a word of three letters, two in six, three in nine. */
		if (score < best_score && (begins || score <= 2 * (longer / 3))) {
			best = candidates[i];
			best_score = score;
		}
	}
	return best;
}
