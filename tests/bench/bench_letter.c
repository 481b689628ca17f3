/* SPDX-License-Identifier: ISC */
/* CPU time of one reader's letter: a rendering of 20 KB, encoded once, spliced per reader. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/limits.h"
#include "bench/letters.h"

enum { LETTERS = 200000, RUNS = 5, GOAL_NS = 3000 };

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return (x > y) - (x < y);
}

int
main(void)
{
	struct bench_letters b;
	struct buf out = BUF_INIT(LIMIT_LETTER);
	double us[RUNS];
	struct err err = ERR_INIT;

	if (!bench_letters_init(&b, 20000, &err)) {
		(void)fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	for (int run = 0; run < RUNS; run++) {
		double before = bench_cpu_us(RUSAGE_SELF);

		for (int i = 0; i < LETTERS; i++) {
			buf_reset(&out);
			if (!bench_letter_write(&b, i, &out, &err)) {
				(void)fprintf(stderr, "%s\n", err.text);
				return 1;
			}
		}
		us[run] = (bench_cpu_us(RUSAGE_SELF) - before) / LETTERS;
	}
	qsort(us, RUNS, sizeof(us[0]), compare);
	(void)printf(
	    "letter  %.2f us CPU each, %zu octets  (goal 3.00; %.0f per CPU second)\n",
	    us[RUNS / 2], out.len, 1e6 / us[RUNS / 2]);
	buf_clear(&out);
	bench_letters_clear(&b);
	return us[RUNS / 2] * 1000 <= GOAL_NS ? 0 : 1;
}
