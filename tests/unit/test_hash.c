/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <ctype.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/hash.h"

static void
expect_hex(const char *name, const unsigned char *bytes, const char *want)
{
	char hex[HASH_HEX];

	hash_hex(bytes, HASH_SIZE, hex);
	if (strcmp(hex, want) != 0)
		fail_msg("%s: got %s, want %s", name, hex, want);
}

static void
known_digests_come_out(void **state)
{
	unsigned char out[HASH_SIZE];

	(void)state;
	/* FIPS 180-4 examples, RFC 4231 cases 1, 2 and 6 */
	hash_sha256("abc", 3, out);
	expect_hex("abc", out,
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	hash_sha256("", 0, out);
	expect_hex("empty", out,
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	hash_hmac(
	    "\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b",
	    20, "Hi There", 8, out);
	expect_hex("case 1", out,
	    "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
	hash_hmac("Jefe", 4, "what do ya want for nothing?", 28, out);
	expect_hex("case 2", out,
	    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

/* Wanted: python3's hmac. */
static void
a_key_that_is_set_once_serves_many(void **state)
{
	const struct {
		const char *text, *want;
	} rows[] = {
		{ "Hi There",
		    "198a607eb44bfbc69903a0f1cf2bbdc5ba0aa3f3d9ae3c1c7a3b1696a0b68cf7" },
		{ "",
		    "5177e637aaac0b50e5dca8bb05b0b571444bd59b9b0d834d50681af21fc14b1e" },
		{ "Hi There",
		    "198a607eb44bfbc69903a0f1cf2bbdc5ba0aa3f3d9ae3c1c7a3b1696a0b68cf7" },
	};
	unsigned char key[HASH_SIZE];
	unsigned char out[HASH_SIZE];
	struct hash_key *k = NULL;

	(void)state;
	memset(key, 0x0b, sizeof(key));
	k = hash_key_new(key);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		hash_keyed(k, rows[i].text, strlen(rows[i].text), out);
		expect_hex(rows[i].text, out, rows[i].want);
	}
	hash_key_free(k);
	hash_key_free(NULL);
}

/* RFC 4648 10, in lower case and without padding. */
/* clang-format off */
static const struct { const char *plain, *coded; } base32[] = {
	{ "", "" }, { "f", "my" }, { "fo", "mzxq" }, { "foo", "mzxw6" }, { "foob", "mzxw6yq" },
	{ "fooba", "mzxw6ytb" }, { "foobar", "mzxw6ytboi" }, { "\xFB\xFF\xBF", "7p736" },
};
/* clang-format on */
static const char *const base32_wrong[] = { "m", "mz", "mzx", "mzxw6y", "my======", "m1",
	"m8", "m y", "mzxw7", "mzxw6yt" };

static void
base32_is_written_and_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(base32); i++) {
		const unsigned char *plain = (const unsigned char *)base32[i].plain;
		size_t plain_len = strlen(base32[i].plain);
		char text[20];
		unsigned char back[8];
		size_t len = 99;

		hash_base32(plain, plain_len, text);
		assert_string_equal(text, base32[i].coded);
		for (char *p = text; *p; p++)
			*p = (char)toupper((unsigned char)*p);
		assert_true(hash_base32_decode(text, back, sizeof(back), &len));
		assert_int_equal(len, plain_len);
		assert_memory_equal(back, plain, len);
	}
	for (size_t i = 0; i < ARRAY_LEN(base32_wrong); i++) {
		unsigned char back[8];
		size_t len = 0;

		if (hash_base32_decode(base32_wrong[i], back, sizeof(back), &len))
			fail_msg("%s was taken", base32_wrong[i]);
	}
}

static void
a_decoded_text_must_fit(void **state)
{
	unsigned char back[3];
	size_t len = 0;

	(void)state;
	assert_true(hash_base32_decode("mzxw6", back, 3, &len));
	assert_false(hash_base32_decode("mzxw6yq", back, 3, &len));
	assert_int_equal(len, 0);
}

static void
seeded_bytes_repeat(void **state)
{
	struct random_source a;
	struct random_source b;
	struct random_source c;
	unsigned char x[70];
	unsigned char y[70];
	unsigned char z[70];

	(void)state;
	random_seeded(&a, "demo");
	random_seeded(&b, "demo");
	random_seeded(&c, "other");
	random_fill(&a, x, sizeof(x));
	random_fill(&b, y, sizeof(y));
	random_fill(&c, z, sizeof(z));
	assert_memory_equal(x, y, sizeof(x));
	assert_memory_not_equal(x, z, sizeof(x));
	random_fill(&a, y, sizeof(y));
	assert_memory_not_equal(x, y, sizeof(x));
	random_system(&a);
	random_fill(&a, x, sizeof(x));
	random_fill(&a, y, sizeof(y));
	assert_memory_not_equal(x, y, sizeof(x));
	assert_true(hash_equal("abc", "abc", 3));
	assert_false(hash_equal("abc", "abd", 3));
}

static void
every_bit_and_length_changes_the_hash(void **state)
{
	unsigned char text[40] = { 0 };
	uint64_t seen[40 * 8 + 41];
	size_t n = 0;

	(void)state;
	for (size_t len = 0; len <= sizeof(text); len++)
		seen[n++] = hash_64(text, len, 0);
	for (size_t bit = 0; bit < sizeof(text) * 8; bit++) {
		text[bit / 8] ^= (unsigned char)(1u << bit % 8);
		seen[n++] = hash_64(text, sizeof(text), 0);
		text[bit / 8] ^= (unsigned char)(1u << bit % 8);
	}
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < i; k++) {
			/* Also in each half: they become shorter keys. */
			if (seen[i] == seen[k] || (uint32_t)seen[i] == (uint32_t)seen[k])
				fail_msg("hash %zu and %zu are alike", i, k);
		}
	}
	assert_true(hash_64("a", 1, 1) != hash_64("a", 1, 2));
}

/*
 * Fingerprints are stored, so that they are the same in each version.  Computed apart from the
 * description: FNV-1a in steps of eight bytes, its seed and its end mixed as by MurmurHash3.
 */
static void
fingerprints_stay_what_they_were(void **state)
{
	static const struct {
		const char *text;
		uint64_t seed, want;
	} cases[] = {
		{ "", 0, UINT64_C(0xefd01f60ba992926) },
		{ "a", 0, UINT64_C(0x25ad9d1b70de62d1) },
		{ "a", 1, UINT64_C(0x8228779056043a16) },
		{ "1234567", 0, UINT64_C(0x8f26798ce01b297b) },
		{ "12345678", 0, UINT64_C(0xdcac995697b5e1d7) },
		{ "123456789", 0, UINT64_C(0x8870801b2cb2e766) },
		{ "The quick brown fox jumps over the lazy dog", UINT64_MAX,
		    UINT64_C(0x8dbc25d36e56d1da) },
		{ "\x80\xff\x80\xff\x80\xff\x80\xff\x80\xff\x80\xff\x80\xff\x80\xff", 42,
		    UINT64_C(0xabd5ae1a16972662) },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const uint64_t got =
		    hash_64(cases[i].text, strlen(cases[i].text), cases[i].seed);

		if (got != cases[i].want)
			fail_msg("\"%s\": got %llx", cases[i].text,
			    (unsigned long long)got);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_digests_come_out),
		cmocka_unit_test(a_key_that_is_set_once_serves_many),
		cmocka_unit_test(base32_is_written_and_read),
		cmocka_unit_test(a_decoded_text_must_fit),
		cmocka_unit_test(seeded_bytes_repeat),
		cmocka_unit_test(every_bit_and_length_changes_the_hash),
		cmocka_unit_test(fingerprints_stay_what_they_were),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
