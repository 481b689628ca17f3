/* SPDX-License-Identifier: ISC */
/* Tokens: one power each, either case, nothing forged, numbers at their limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "list/token.h"

static const unsigned char key[HASH_SIZE] = { 7 };
static const unsigned char other_key[HASH_SIZE] = { 8 };
static const char base32[] = "abcdefghijklmnopqrstuvwxyz234567";

static bool
is_token(enum token_scope scope, const char *text, const struct token *want)
{
	struct token got = { TOKEN_LEAVE, -1, -1, -1 };

	if (!token_check(key, scope, text, &got)) {
		/* What is refused tells nothing. */
		assert_true(got.reader == -1 && got.epoch == -1 && got.issue == -1);
		return false;
	}
	assert_int_equal(got.scope, scope);
	assert_int_equal(got.reader, want->reader);
	assert_int_equal(got.epoch, want->epoch);
	assert_int_equal(got.issue, want->issue);
	return true;
}

static void
a_token_tells_what_it_was_made_of(void **state)
{
	static const struct token cases[] = {
		{ TOKEN_LEAVE, 0, 0, 0 },
		{ TOKEN_LEAVE, 4812, 3, 17 },
		{ TOKEN_PREFERENCES, 127, 127, 127 },
		{ TOKEN_CONFIRM, 128, 128, 128 },
		{ TOKEN_ERASE, 16383, 16383, 16384 },
		{ TOKEN_BOUNCE, (INT64_C(1) << 40) - 1, (1 << 21) - 1, (1 << 28) - 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char text[TOKEN_SIZE];

		token_make(key, &cases[i], text);
		assert_true(strlen(text) <= TOKEN_MAX);
		assert_int_equal(strspn(text, base32), strlen(text));
		assert_true(is_token(cases[i].scope, text, &cases[i]));
	}
}

static void
a_token_has_one_power_and_one_key(void **state)
{
	struct token out;

	(void)state;
	for (int made = TOKEN_LEAVE; made <= TOKEN_BOUNCE; made++) {
		const struct token t = { (enum token_scope)made, 4812, 3, 17 };
		char text[TOKEN_SIZE];

		token_make(key, &t, text);
		for (int asked = TOKEN_LEAVE; asked <= TOKEN_BOUNCE; asked++)
			assert_int_equal(is_token((enum token_scope)asked, text, &t),
			    asked == made);
		assert_false(token_check(other_key, t.scope, text, &out));
	}
}

static void
mail_servers_may_fold_its_case(void **state)
{
	const struct token t = { TOKEN_BOUNCE, 4812, 3, 17 };
	char text[TOKEN_SIZE];
	char folded[TOKEN_SIZE];
	size_t len = 0;

	(void)state;
	token_make(key, &t, text);
	len = strlen(text);
	for (size_t step = 1; step <= 3; step++) {
		memcpy(folded, text, len + 1);
		for (size_t i = 0; i < len; i += step) {
			if (folded[i] >= 'a')
				folded[i] = (char)(folded[i] - 'a' + 'A');
		}
		assert_true(strcmp(folded, text) != 0);
		assert_true(is_token(TOKEN_BOUNCE, folded, &t));
	}
}

static void
no_place_of_it_may_be_altered(void **state)
{
	const struct token t = { TOKEN_LEAVE, 4812, 3, 17 };
	struct token out;
	char text[TOKEN_SIZE];
	char longer[TOKEN_SIZE + 2];
	size_t len = 0;

	(void)state;
	token_make(key, &t, text);
	len = strlen(text);
	for (size_t i = 0; i < len; i++) {
		const char was = text[i];

		for (size_t c = 0; c < sizeof(base32) - 1; c++) {
			if (base32[c] == was)
				continue;
			text[i] = base32[c];
			if (token_check(key, TOKEN_LEAVE, text, &out))
				fail_msg("place %zu may be '%c'", i, base32[c]);
		}
		text[i] = '=';
		assert_false(token_check(key, TOKEN_LEAVE, text, &out));
		text[i] = was;
	}
	for (size_t cut = 0; cut < len; cut++) {
		memcpy(longer, text, cut);
		longer[cut] = '\0';
		assert_false(token_check(key, TOKEN_LEAVE, longer, &out));
		assert_false(token_check(key, TOKEN_LEAVE, text + len - cut, &out));
	}
	memcpy(longer, text, len);
	memcpy(longer + len, "a", 2);
	assert_false(token_check(key, TOKEN_LEAVE, longer, &out));
	assert_false(token_check(key, TOKEN_LEAVE, "not base32!", &out));
	assert_true(is_token(TOKEN_LEAVE, text, &t));
}

static void
a_message_id_is_a_function_that_tells_nothing(void **state)
{
	struct arena *a = arena_new();
	const char *first = token_message_id(a, key, 1, 2, 1, "example.net");

	(void)state;
	assert_string_equal(first, token_message_id(a, key, 1, 2, 1, "example.net"));
	assert_string_not_equal(first, token_message_id(a, key, 2, 1, 1, "example.net"));
	assert_string_not_equal(first, token_message_id(a, key, 1, 3, 1, "example.net"));
	assert_string_not_equal(first, token_message_id(a, key, 1, 2, 2, "example.net"));
	assert_string_not_equal(first,
	    token_message_id(a, other_key, 1, 2, 1, "example.net"));
	assert_int_equal(strspn(first, "0123456789abcdef"), 32);
	assert_string_equal(first + 32, "@example.net");
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_token_tells_what_it_was_made_of),
		cmocka_unit_test(a_token_has_one_power_and_one_key),
		cmocka_unit_test(mail_servers_may_fold_its_case),
		cmocka_unit_test(no_place_of_it_may_be_altered),
		cmocka_unit_test(a_message_id_is_a_function_that_tells_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
