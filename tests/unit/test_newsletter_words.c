/* SPDX-License-Identifier: ISC */
/* By what footers, questions and the addresses of readers are known: where each just ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "mail/newsletter_words.h"

enum { ROOM = 200 };

/* The words, and x behind them up to that length. */
static const char *
filled(const char *words, size_t len, char out[ROOM])
{
	memset(out, 'x', len);
	memcpy(out, words, strlen(words));
	out[len] = '\0';
	return out;
}

static void
words_of_a_link_are_few(void **state)
{
	char text[ROOM];

	(void)state;
	assert_true(newsletter_words_leave("Unsubscribe"));
	assert_true(newsletter_words_leave("Hier abmelden"));
	assert_false(newsletter_words_leave("Subscribe"));
	assert_false(newsletter_words_leave(""));
	assert_true(newsletter_words_leave(filled("unsubscribe", 119, text)));
	assert_true(newsletter_words_leave(filled("unsubscribe", 120, text)));
	assert_false(newsletter_words_leave(filled("unsubscribe", 121, text)));
	assert_true(newsletter_words_browser("View ONLINE"));
	assert_false(newsletter_words_browser("a browser"));
	assert_true(newsletter_words_browser(filled("webversion", 120, text)));
	assert_false(newsletter_words_browser(filled("webversion", 121, text)));
	/* First and last of each list. */
	assert_true(newsletter_words_leave("afmeld"));
	assert_true(newsletter_words_browser("in browser"));
	assert_true(newsletter_words_browser("no navegador"));
	assert_true(newsletter_words_ask("confirm your"));
	assert_true(newsletter_words_ask("bevestig uw"));
	assert_true(newsletter_words_ask_plainly("to confirm your subscription"));
	assert_true(newsletter_words_ask_plainly("si vous n'avez pas demand\xC3\xA9"));
	assert_false(newsletter_words_ask_plainly("confirm"));
	assert_true(newsletter_address_leaves("https://x.example/unsubscribe"));
	assert_true(newsletter_address_leaves("https://x.example/mailman/options/a"));
	assert_false(newsletter_address_leaves("https://x.example/subscribe"));
}

/* What Mailman asks to be answered with: 20 hexadecimal digits at least, and nothing else. */
static void
a_code_to_confirm_is_long_and_hexadecimal(void **state)
{
	static const struct {
		const char *subject;
		bool asks;
	} cases[] = {
		{ "confirm 0123456789abcdefABCD", true },
		{ "CONFIRM 0123456789abcdefABCD", true },
		{ "confirm 0123456789abcdefABCDEF0123456789", true },
		{ "confirm 0123456789abcdefABC", false },
		{ "confirm 0123456789abcdefABCg", false },
		{ "confirm 0123456789abcdefABCD ", false },
		{ "confirm  0123456789abcdefABCD", false },
		{ "confirms 0123456789abcdefABCD", false },
		{ "Re: confirm 0123456789abcdefABCD", false },
		{ "confirm ", false },
		{ "", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		if (newsletter_words_ask(cases[i].subject) != cases[i].asks)
			fail_msg("\"%s\"", cases[i].subject);
	}
}

#define A20 "aaaaaaaaaaaaaaaaaaaa"
static const struct {
	const char *text;
	unsigned length;
} tokens[] = {
	{ A20 "aaa", 0 },
	{ A20 "aaaa", 24 },
	{ A20 "aaaaa", 25 },
	{ A20 A20 "aaaaaaaaaaa", 51 },
	{ A20 A20 "aaaaaaaaaaaa", 52 },
	{ A20 A20 "aaaaaaaaaaaaa", 0 },
	/* The letters and digits of base32, in either case, and what ends a word. */
	{ A20 "zZA27", 25 },
	{ A20 "aaaa@x", 24 },
	{ A20 "aaaa`x", 24 },
	{ A20 "aaaa{x", 24 },
	{ A20 "aaaa[x", 24 },
	{ A20 "aaaa/", 24 },
	{ A20 "aaaa:", 24 },
	/* A word that goes on with another digit is none of base32. */
	{ A20 "aaaa0", 0 },
	{ A20 "aaaa1", 0 },
	{ A20 "aaaa8", 0 },
	{ A20 "aaaa9", 0 },
	{ "-" A20 "aaaa", 0 },
	{ "", 0 },
};

static const struct {
	const char *url;
	bool has;
} addresses[] = {
	{ "https://x.example/leave/" A20 "aaaa", true },
	{ A20 "aaaa", true },
	{ "https://x.example/?t=" A20 "aaaa&u=1", true },
	{ "https://x.example/" A20 "aaa/" A20 "aaa", false },
	{ "https://x.example/1" A20 "aaaa", false },
	{ "https://x.example/-" A20 "aaaa-", true },
	{ "https://x.example/" A20 "aaa8", false },
	{ "", false },
	{ "/", false },
};

static void
words_of_the_form_of_a_token_are_known(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(tokens); i++) {
		const unsigned got = newsletter_token_length(tokens[i].text);

		if (got != tokens[i].length)
			fail_msg("%s: got %u, want %u", tokens[i].text, got,
			    tokens[i].length);
	}
	for (size_t i = 0; i < ARRAY_LEN(addresses); i++) {
		if (newsletter_address_has_token(addresses[i].url) != addresses[i].has)
			fail_msg("%s", addresses[i].url);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_of_a_link_are_few),
		cmocka_unit_test(a_code_to_confirm_is_long_and_hexadecimal),
		cmocka_unit_test(words_of_the_form_of_a_token_are_known),
	};

	return cmocka_run_group_tests_name("words of newsletters", tests, NULL, NULL);
}
