/* SPDX-License-Identifier: ISC */
/* What in a newsletter is its subscriber's: addresses as they are written in links and texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "mail/newsletter_private.h"

static const struct newsletter_private ann = { .urls = { "https://x.example/p/" },
	.url_count = 1,
	.words = { "ann@reader.example", "token1" },
	.word_count = 2 };

static const struct {
	const char *url;
	bool is_private;
} urls[] = {
	{ "https://x.example/", false },
	{ "https://x.example/p", false },
	{ "https://x.example/p/", true },
	{ "HTTPS://X.example/P/1", true },
	{ "https://y.example/?u=ann@reader.example", true },
	{ "https://y.example/?u=ANN@Reader.example", true },
	{ "https://y.example/TOKEN1", true },
	{ "https://y.example/token", false },
	{ "mailto:ann@reader.example", true },
	{ "https://y.example/?u=ann%40reader.example", true },
	{ "https://y.example/?u=ann%40Reader.Example&v=1", true },
	{ "https://y.example/?u=bo%40reader.example", false },
	{ "https://y.example/?u=ann%40other.example", false },
	{ "https://y.example/?u=bo%40x.example&v=ann%40reader.example", true },
	{ "https://y.example/?u=bo%40x.example&v=cy%40y.example", false },
	{ "ann%40reader.example", true },
	{ "nn%40reader.example", false },
	{ "%40reader.example", false },
	{ "https://y.example/unsubscribe", true },
};

static const struct {
	const char *text, *left;
} texts[] = {
	{ "", "" },
	{ "nothing of hers", "nothing of hers" },
	{ "to ann@reader.example, who reads", "to ..., who reads" },
	{ "to ann@reader.example", "to ..." },
	{ "ann@reader.example", "..." },
	{ "ann@reader.example ann@reader.example x", "... ... x" },
	{ "see https://x.example/p/1 or https://x.example/q",
	    "see ... or https://x.example/q" },
	{ "token1", "..." },
	{ "token", "token" },
	{ "unsubscribe here", "unsubscribe here" },
	{ "www.x.example/unsubscribe now", "... now" },
};

static void
links_of_a_subscriber_are_known(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(urls); i++) {
		if (newsletter_private_url(&ann, urls[i].url) != urls[i].is_private)
			fail_msg("%s", urls[i].url);
	}
}

static void
words_of_a_subscriber_are_blanked(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		const size_t len = strlen(texts[i].text);
		const char *got = newsletter_private_blank(a, &ann, texts[i].text, len);

		if (strcmp(got, texts[i].left) != 0)
			fail_msg("%s: got %s", texts[i].text, got);
		assert_int_equal(newsletter_private_in(a, &ann, texts[i].text, len),
		    strcmp(texts[i].text, texts[i].left) != 0);
	}
	/* Bytes behind the text are none of it. */
	assert_false(newsletter_private_in(a, &ann, "token1", 5));
	assert_string_equal(newsletter_private_blank(a, &ann, "a token1", 7), "a token");
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(links_of_a_subscriber_are_known),
		cmocka_unit_test(words_of_a_subscriber_are_blanked),
	};

	return cmocka_run_group_tests_name("what is a subscriber's", tests, NULL, NULL);
}
