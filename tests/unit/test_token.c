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
#define YEAR_2020 INT64_C(1577836800)
/* Which of them hold when they were made. */
static const bool scope_lasts[TOKEN_ADDRESS +
    1] = { [TOKEN_PREFERENCES] = true, [TOKEN_ERASE] = true, [TOKEN_ADDRESS] = true };
static const char base32[] = "abcdefghijklmnopqrstuvwxyz234567";

static bool
is_token(enum token_scope scope, const char *text, const struct token *want)
{
	struct token got = { TOKEN_LEAVE, -1, -1, -1, -1 };

	if (!token_check(key, scope, text, &got)) {
		/* What is refused tells nothing. */
		assert_true(got.reader == -1 && got.epoch == -1 && got.issue == -1 &&
		    got.made == -1);
		return false;
	}
	assert_int_equal(got.scope, scope);
	assert_int_equal(got.reader, want->reader);
	assert_int_equal(got.epoch, want->epoch);
	assert_int_equal(got.issue, want->issue);
	assert_int_equal(got.made, want->made);
	return true;
}

static void
a_token_tells_what_it_was_made_of(void **state)
{
	static const struct token cases[] = {
		{ TOKEN_LEAVE, 0, 0, 0, 0 },
		{ TOKEN_LEAVE, 4812, 3, 17, 0 },
		{ TOKEN_PREFERENCES, 127, 127, 127, YEAR_2020 },
		{ TOKEN_PREFERENCES, 4812, 3, 17, YEAR_2020 + 60 * 3628800 },
		{ TOKEN_CONFIRM, 128, 128, 128, 0 },
		{ TOKEN_ERASE, 16383, 16383, 16384, YEAR_2020 + 60 },
		{ TOKEN_BOUNCE, (INT64_C(1) << 40) - 1, (1 << 21) - 1, (1 << 28) - 1, 0 },
		{ TOKEN_ADDRESS, (INT64_C(1) << 40) - 1, (1 << 21) - 1, (1 << 28) - 1,
		    YEAR_2020 + INT64_C(60) * ((1 << 28) - 1) },
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
	for (int made = TOKEN_LEAVE; made <= TOKEN_ADDRESS; made++) {
		const struct token t = { .scope = (enum token_scope)made,
			.reader = 4812,
			.epoch = 3,
			.issue = 17,
			.made = scope_lasts[made] ? YEAR_2020 : 0 };
		char text[TOKEN_SIZE];

		token_make(key, &t, text);
		for (int asked = TOKEN_LEAVE; asked <= TOKEN_ADDRESS; asked++)
			assert_int_equal(is_token((enum token_scope)asked, text, &t),
			    asked == made);
		assert_false(token_check(other_key, t.scope, text, &out));
	}
}

static void
mail_servers_may_fold_its_case(void **state)
{
	const struct token t = { TOKEN_BOUNCE, 4812, 3, 17, 0 };
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
	const struct token t = { TOKEN_LEAVE, 4812, 3, 17, 0 };
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

static void
some_run_out(void **state)
{
	static const struct {
		enum token_scope scope;
		int64_t age; /* seconds */
		bool want;
	} cases[] = {
		{ TOKEN_PREFERENCES, -3600, false },
		{ TOKEN_PREFERENCES, 30 * 86400, false },
		{ TOKEN_PREFERENCES, 30 * 86400 + 1, true },
		{ TOKEN_ERASE, 3600, false },
		{ TOKEN_ERASE, 3601, true },
		{ TOKEN_LEAVE, INT64_C(400000000), false },
		{ TOKEN_CONFIRM, INT64_C(400000000), false },
		{ TOKEN_BOUNCE, INT64_C(400000000), false },
		{ TOKEN_ADDRESS, INT64_C(400000000), false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct token t = { cases[i].scope, 4812, 3, 17, YEAR_2020 };

		assert_int_equal(token_has_run_out(&t, YEAR_2020 + cases[i].age),
		    cases[i].want);
	}
}

/* A clock before 2020 or past 2530 makes a token all the same. */
static void
a_wrong_clock_makes_a_token(void **state)
{
	enum { LAST_MINUTE = (1 << 28) - 1 };
	const int64_t last = YEAR_2020 + INT64_C(60) * LAST_MINUTE;
	const struct {
		int64_t time, made;
	} times[] = {
		{ -1, YEAR_2020 },
		{ 0, YEAR_2020 },
		{ YEAR_2020 - 1, YEAR_2020 },
		{ YEAR_2020, YEAR_2020 },
		{ YEAR_2020 + 59, YEAR_2020 },
		{ YEAR_2020 + 60, YEAR_2020 + 60 },
		{ last - 1, last - 60 },
		{ last + 59, last },
		{ last + 60, last },
		{ INT64_C(1) << 60, last },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(times); i++) {
		const struct token t = { TOKEN_ERASE, 4812, 3, 17, times[i].time };
		struct token out;
		char text[TOKEN_SIZE];

		token_make(key, &t, text);
		assert_true(token_check(key, TOKEN_ERASE, text, &out));
		assert_int_equal(out.made, times[i].made);
	}
}

/*
 * Links that are out stay good, so that a token is the same text for ever; and a token that is
 * signed well but says what none says is none.  All were made by Python's hmac and base64.
 */
static void
tokens_are_the_same_for_ever(void **state)
{
	static const struct {
		struct token t;
		const char *text;
	} cases[] = {
		{ { TOKEN_LEAVE, 4812, 3, 17, 0 }, "chgckayr3vctejvngqytcleumkna" },
		{ { TOKEN_PREFERENCES, 4812, 3, 17, YEAR_2020 + 60 * 3628800 },
		    "clgckayrqc7n2alb5taobpxl2x5ojoyyi4" },
		{ { TOKEN_BOUNCE, (INT64_C(1) << 40) - 1, (1 << 21) - 1, (1 << 28) - 1,
		      0 },
		    "cx77777774p777377777677wwfavql7igr2hlj3rka" },
		{ { TOKEN_ADDRESS, (INT64_C(1) << 40) - 1, (1 << 21) - 1, (1 << 28) - 1,
		      YEAR_2020 + INT64_C(60) * ((1 << 28) - 1) },
		    "c377777774p7773777776777777x6yjci4qruhnkrqbwzi4i" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char text[TOKEN_SIZE];

		token_make(key, &cases[i].t, text);
		assert_string_equal(text, cases[i].text);
		assert_true(is_token(cases[i].t.scope, text, &cases[i].t));
	}
}

static void
what_is_signed_but_odd_is_no_token(void **state)
{
	static const struct {
		const char *name;
		enum token_scope scope;
		const char *text;
	} cases[] = {
		{ "a reader of 2^40", TOKEN_LEAVE, "cgaibaeaqaqagejlduh6qqyp6dl2vd3e5m" },
		{ "an epoch of 2^21", TOKEN_LEAVE, "chgclaeaqaardod2q5npbbrznqmppqux" },
		{ "an issue of 2^28", TOKEN_LEAVE, "chgcka4aqcaiaanoao4pabufghb4pemfpm" },
		{ "a minute of 2^28", TOKEN_ERASE,
		    "ctgckayrqcaibaabuf7zdarqwkb4hpxkrwwq" },
		{ "a number with a zero behind it", TOKEN_LEAVE,
		    "cgcqaayrz4yjkpgvvpbirglpln2a" },
		{ "a zero of two bytes", TOKEN_LEAVE, "cgaaaayrtpkfz5577xtbsrm2jthq" },
		{ "a number of eight bytes", TOKEN_LEAVE,
		    "cgaybaeaqcaiaaidceeijtym77tmzolzrvub4" },
		{ "no issue", TOKEN_LEAVE, "chgcka72tq2jnnsrx2fdk6p7j4" },
		{ "an issue that does not end", TOKEN_LEAVE,
		    "chgcka4rkgcehfkzqy4hzf5v3q6a" },
		{ "a number too many", TOKEN_LEAVE, "chgckayracvqtlzhbyvyg7b5ghnxs" },
		{ "another version", TOKEN_LEAVE, "ehgckayrrr2ar7r5hek23xywk54q" },
		{ "no time", TOKEN_ERASE, "ctgckayrveh3unxbsp4erbp5c5xa" },
		{ "a signature of nothing", TOKEN_LEAVE, "c6jnu7o42l46jhvtfiea" },
		{ "a scope alone", TOKEN_LEAVE, "cencz2uhpxbc56j2yph44" },
	};
	static const struct token zeros = { TOKEN_LEAVE, 0, 0, 0, 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		if (is_token(cases[i].scope, cases[i].text, &zeros))
			fail_msg("%s: is one", cases[i].name);
	}
	assert_true(is_token(TOKEN_LEAVE, "ceaaaacw4c2meldjchevanufje", &zeros));
}

/* Letters that were sent are answered and threaded by their names. */
static void
names_of_letters_and_boundaries_are_the_same_for_ever(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	assert_string_equal(token_message_id(a, key, 1, 2, 1, "example.net"),
	    "01b56b0ceea7205b264a0569c1587588@example.net");
	assert_string_equal(token_message_id(a, key, INT64_C(0x0102030405060708),
				INT64_C(0x1112131415161718), INT64_C(0x2122232425262728),
				"x"),
	    "f0ca023b36400ba14abe4fb3e6e13d01@x");
	assert_string_equal(token_boundary(a, key, 1, 2, 3, "text"),
	    "a9a79db5eed10be9bb628f297b54dd24");
	assert_string_equal(token_boundary(a, key, 0, 0, 0, ""),
	    "526a033c135c3ad71bc7f5d5901cb70f");
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
		cmocka_unit_test(some_run_out),
		cmocka_unit_test(a_wrong_clock_makes_a_token),
		cmocka_unit_test(tokens_are_the_same_for_ever),
		cmocka_unit_test(what_is_signed_but_odd_is_no_token),
		cmocka_unit_test(names_of_letters_and_boundaries_are_the_same_for_ever),
		cmocka_unit_test(a_message_id_is_a_function_that_tells_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
