/* SPDX-License-Identifier: ISC */
/*
 * CPU time of the signatures of one reader's letter of 20 KB: RSA of 2048 bits, Ed25519, both.
 * The rates are of letters a second on one core; beside them stands the key alone, of which
 * nothing but the library and the machine decide.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/limits.h"
#include "bench/letters.h"
#include "mail/dkim.h"

enum { LETTERS = 1500, RUNS = 7, GOAL_RSA = 3500 };

static int
compare(const void *a, const void *b)
{
	const double x = *(const double *)a;
	const double y = *(const double *)b;

	return (x > y) - (x < y);
}

static bool
add_key(struct dkim_signer *s, enum dkim_algorithm algorithm, struct err *err)
{
	struct buf pem = BUF_INIT(DKIM_KEY_FILE_MAX);
	const bool ok = dkim_key_make(algorithm, &pem, err);

	if (ok) {
		s->keys[s->count].selector = "s2026";
		s->keys[s->count].key = dkim_key_read(buf_text(&pem), pem.len, err);
		s->count += s->keys[s->count].key != NULL;
	}
	buf_clear(&pem);
	return ok && !err_is_set(err);
}

/* Microseconds of CPU for each of LETTERS letters; with no letter, of the keys alone. */
static double
time_one(const struct dkim_signer *s, struct bench_letters *b, struct err *err)
{
	struct buf letter = BUF_INIT(LIMIT_LETTER);
	struct buf scratch = BUF_INIT(2 * (size_t)LIMIT_LETTER);
	struct buf head = BUF_INIT(DKIM_KEYS_MAX * 8 * 1024);
	double us = 0;
	bool ok = true;

	for (long i = 0; ok && i < LETTERS; i++) {
		double before = 0;

		buf_reset(&letter);
		buf_reset(&head);
		ok = bench_letter_write(b, i, &letter, err);
		before = bench_cpu_us(RUSAGE_SELF);
		ok = ok &&
		    dkim_sign(s, buf_text(&letter), letter.len, 1795500000, &scratch,
			&head, err);
		us += bench_cpu_us(RUSAGE_SELF) - before;
	}
	buf_clear(&letter);
	buf_clear(&scratch);
	buf_clear(&head);
	return ok ? us / LETTERS : -1;
}

static double
time_key(const struct dkim_key *key)
{
	unsigned char signature[DKIM_SIGNATURE_MAX];
	unsigned char digest[HASH_SIZE] = { 0 };
	const double before = bench_cpu_us(RUSAGE_SELF);
	size_t len = 0;

	for (long i = 0; i < LETTERS; i++) {
		digest[0] = (unsigned char)i;
		if (!dkim_key_sign(key, digest, signature, &len))
			return -1;
	}
	return (bench_cpu_us(RUSAGE_SELF) - before) / LETTERS;
}

int
main(void)
{
	enum { RSA, ED, BOTH, KEY, CASES };
	static const char *const names[] = { "RSA-2048", "Ed25519", "both",
		"RSA-2048 alone" };
	struct dkim_signer signers[3] = { { .domain = "news.example" },
		{ .domain = "news.example" }, { .domain = "news.example" } };
	struct bench_letters b;
	double us[CASES][RUNS];
	struct err err = ERR_INIT;
	bool ok = bench_letters_init(&b, 20000, &err) &&
	    add_key(&signers[RSA], DKIM_RSA_SHA256, &err) &&
	    add_key(&signers[ED], DKIM_ED25519_SHA256, &err);

	signers[BOTH] = signers[RSA];
	if (ok)
		signers[BOTH].keys[signers[BOTH].count++] = signers[ED].keys[0];
	/* In turn, so that a machine that is busy for a while is busy for all of them. */
	for (int run = 0; ok && run < RUNS; run++) {
		for (int i = 0; i < KEY && ok; i++)
			ok = (us[i][run] = time_one(&signers[i], &b, &err)) >= 0;
		us[KEY][run] = time_key(signers[RSA].keys[0].key);
	}
	if (!ok)
		(void)fprintf(stderr, "%s\n", err.text);
	for (int i = 0; ok && i < CASES; i++) {
		qsort(us[i], RUNS, sizeof(us[i][0]), compare);
		(void)printf("dkim  %-15s %6.1f us CPU, %6.0f a second%s\n", names[i],
		    us[i][RUNS / 2], 1e6 / us[i][RUNS / 2],
		    i == RSA ? "  (goal 3500)" : "");
	}
	dkim_key_free(signers[RSA].keys[0].key);
	dkim_key_free(signers[ED].keys[0].key);
	bench_letters_clear(&b);
	return ok && 1e6 / us[RSA][RUNS / 2] >= GOAL_RSA ? 0 : 1;
}
