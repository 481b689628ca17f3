/* SPDX-License-Identifier: ISC */
/* What the header of a newsletter says about its subscriber. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/buf.h"
#include "mail/newsletter_private.h"

/* Addresses to leave, ";" behind each; then "|", and words, ";" behind each. */
static const char *
told(struct arena *a, const char *text)
{
	struct newsletter_private p;
	struct header h;
	const char *out = "";

	header_read(a, text, strlen(text), &h);
	newsletter_private_read(a, &h, &p);
	for (size_t i = 0; i < p.url_count; i++)
		out = arena_printf(a, "%s%s;", out, p.urls[i]);
	out = arena_printf(a, "%s|", out);
	for (size_t i = 0; i < p.word_count; i++)
		out = arena_printf(a, "%s%s;", out, p.words[i]);
	return out;
}

static const struct {
	const char *name, *header, *want;
} headers[] = {
	{ "nothing", "A: b\n\n", "|" },
	{ "her address", "To: ann@x.example\n\n", "|ann@x.example;" },
	{ "of five octets", "To: a@b.c\n\n", "|" },
	{ "of six", "To: a@b.cd\n\n", "|a@b.cd;" },
	{ "in all fields",
	    "Delivered-To: a@x.example\nX-Original-To: b@x.example\n"
	    "Envelope-To: c@x.example\nX-Envelope-To: d@x.example\n"
	    "X-Delivered-To: e@x.example\nTo: f@x.example\nCc: g@x.example\n\n",
	    "|a@x.example;b@x.example;c@x.example;d@x.example;e@x.example;f@x.example;"
	    "g@x.example;" },
	{ "once", "To: ann@x.example\nCc: ANN@x.example\n\n", "|ann@x.example;" },
	{ "two in one", "To: Ann <ann@x.example>, bo@x.example\n\n",
	    "|ann@x.example;bo@x.example;" },
	{ "the sender's", "From: ann@x.example\nTo: ann@x.example\n\n", "|" },
	{ "as Sender", "Sender: Ann@x.example\nTo: ann@x.example\n\n", "|" },
	{ "for answers", "Reply-To: <ann@x.example>\nTo: ann@x.example\n\n", "|" },
	{ "to post", "List-Post: <mailto:ann@x.example>\nTo: ann@x.example\n\n", "|" },
	{ "of the owner", "List-Owner: <mailto:ann@x.example>\nTo: ann@x.example\n\n",
	    "|" },
	{ "of the list", "List-Id: News <news.lists.example>\nTo: news@lists.example\n\n",
	    "|" },
	{ "of a list without brackets",
	    "List-Id: news.lists.example\nTo: news@lists.example\n\n", "|" },
	{ "of a list that begins so",
	    "List-Id: <newsx.lists.example>\nTo: news@lists.example\n\n",
	    "|news@lists.example;" },
	{ "of a shorter one", "List-Id: <new.lists.example>\nTo: news@lists.example\n\n",
	    "|news@lists.example;" },
	{ "of one that is all", "List-Id: <news>\nTo: news@lists.example\n\n",
	    "|news@lists.example;" },
	{ "an address to leave", "List-Unsubscribe: <https://x.example/u/1>\n\n",
	    "https://x.example/u/1;|" },
	{ "two", "List-Unsubscribe: <https://x.example/u>, <mailto:u@x.example>\n\n",
	    "https://x.example/u;mailto:u@x.example;|" },
	{ "in other fields",
	    "List-Subscribe: <mailto:s@x.example>\nX-List-Unsubscribe: <mailto:u@x.example>\n"
	    "List-Unsubscribe: <mailto:v@x.example>\nList-Unsubscribe: "
	    "<mailto:w@x.example>\n\n",
	    "mailto:v@x.example;mailto:w@x.example;mailto:u@x.example;mailto:s@x.example;|" },
	{ "without its end", "List-Unsubscribe: <https://x.example/u\n\n",
	    "https://x.example/u;|" },
	{ "without brackets", "List-Unsubscribe: https://x.example/u\n\n", "|" },
	{ "of eight", "List-Unsubscribe: <http://x>\n\n", "|" },
	{ "of nine", "List-Unsubscribe: <http://xy>\n\n", "http://xy;|" },
};

static void
a_header_tells_whose_letter_it_is(void **state)
{
	struct arena *a = arena_new();
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(headers); i++) {
		const char *got = told(a, headers[i].header);

		if (strcmp(got, headers[i].want) != 0) {
			print_error("%s: got %s, want %s\n", headers[i].name, got,
			    headers[i].want);
			failed++;
		}
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

/* No more than there is room for. */
static void
so_many_words_are_known_and_no_more(void **state)
{
	struct arena *a = arena_new();
	struct buf b = BUF_INIT(100000);
	struct newsletter_private p;
	struct header h;

	(void)state;
	for (int i = 0; i < 3 * PRIVATE_WORDS; i++)
		buf_addf(&b, "List-Unsubscribe: <mailto:u%d@x.example>\n", i);
	buf_adds(&b, "To: ");
	for (int i = 0; i < 3 * PRIVATE_WORDS; i++)
		buf_addf(&b, "a%d@x.example, ", i);
	buf_adds(&b, "\n\n");
	header_read(a, buf_text(&b), b.len, &h);
	newsletter_private_read(a, &h, &p);
	assert_int_equal(p.url_count, PRIVATE_WORDS);
	assert_int_equal(p.word_count, PRIVATE_WORDS);
	assert_string_equal(p.words[0], "a0@x.example");
	assert_string_equal(p.urls[PRIVATE_WORDS - 1],
	    arena_printf(a, "mailto:u%d@x.example", PRIVATE_WORDS - 1));
	buf_clear(&b);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_header_tells_whose_letter_it_is),
		cmocka_unit_test(so_many_words_are_known_and_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
