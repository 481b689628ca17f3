/* SPDX-License-Identifier: ISC */
/* Footers and addresses in newsletters that are text: how long, how far from the end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "mail/newsletter_text.h"

#define RULE "____________________" /* twenty */
#define LEAVE "Unsubscribe: https://x.example/u"

static const struct newsletter_private nobody;

static const struct {
	const char *name, *text, *left;
	const char *browser; /* NULL: none */
} cases[] = {
	{ "nothing to take", "a\nb\n", "a\nb\n", NULL },
	{ "no text", "", "", NULL },
	{ "a footer below a rule", "a\n" RULE "\nb\n" LEAVE "\n", "a\n", NULL },
	{ "below a longer one", "a\n" RULE "_ \nb\n" LEAVE "\n", "a\n", NULL },
	{ "below a short one: its line alone", "a\n___________________\nb\n" LEAVE "\n",
	    "a\n___________________\nb\n", NULL },
	{ "below a signature's mark", "a\n-- \nb\n" LEAVE "\n", "a\n", NULL },
	{ "below a mark without its blank", "a\n--\nb\n" LEAVE "\n", "a\n--\nb\n", NULL },
	{ "below another mark", "a\n--- \nb\n" LEAVE "\n", "a\n--- \nb\n", NULL },
	{ "a rule above nothing of a reader's", "a\n" RULE "\nb\n", "a\n" RULE "\nb\n",
	    NULL },
	{ "a rule below what is a reader's", "a\n" LEAVE "\n" RULE "\nb\n",
	    "a\n" RULE "\nb\n", NULL },
	{ "the last of two rules", "a\n" RULE "\nb\n" RULE "\n" LEAVE "\n",
	    "a\n" RULE "\nb\n", NULL },
	{ "its line alone", "a\n" LEAVE "\nb\n", "a\nb\n", NULL },
	{ "the address below", "a\nUnsubscribe\nhttps://x.example/y\nb\n",
	    "a\nhttps://x.example/y\nb\n", NULL },
	{ "an address of mail", "a\nUnsubscribe: leave@x.example\nb\n", "a\nb\n", NULL },
	{ "words without an address", "a\nUnsubscribe\nb\n", "a\nUnsubscribe\nb\n",
	    NULL },
	{ "an address without words", "a\nhttps://x.example/y\nb\n",
	    "a\nhttps://x.example/y\nb\n", NULL },
	{ "what it is for goes with it", "a\nTo end it:\n" LEAVE "\nb\n", "a\nb\n",
	    NULL },
	{ "with a blank behind it", "a\nTo end it: \t\n" LEAVE "\nb\n", "a\nb\n", NULL },
	{ "a colon first is none", "a\n:x\n" LEAVE "\nb\n", "a\n:x\nb\n", NULL },
	{ "a colon alone", "a\n:\n" LEAVE "\nb\n", "a\nb\n", NULL },
	{ "what stands above something else stays", "a\nTo end it:\n\n" LEAVE "\nb\n",
	    "a\nTo end it:\n\nb\n", NULL },
	{ "the letter on the web", "View online: https://x.example/w\na\n", "a\n",
	    "https://x.example/w" },
	{ "its address below", "View online:\nhttps://x.example/w\na\n", "a\n",
	    "https://x.example/w" },
	{ "its address at the end", "a\nView online:\nhttps://x.example/w", "a\n",
	    "https://x.example/w" },
	{ "words without a line end", "a", "a\n", NULL },
	{ "in brackets", "View online (https://x.example/w)\na\n", "a\n",
	    "https://x.example/w" },
	{ "the first of two",
	    "View online <https://x.example/1>\nView online "
	    "<https://x.example/2>\na\n",
	    "a\n", "https://x.example/1" },
	{ "no address", "View online\na\n", "a\n", NULL },
	{ "at the end", "a\nView online", "a\n", NULL },
};

static void
lines_of_its_reader_are_taken_out(void **state)
{
	struct arena *a = arena_new();
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *browser = "unset";
		const char *got =
		    newsletter_text_clean(a, cases[i].text, &nobody, &browser);

		if (strcmp(got, cases[i].left) != 0 || !browser != !cases[i].browser ||
		    (browser && strcmp(browser, cases[i].browser) != 0)) {
			print_error("%s: got %s<%s>, want %s<%s>\n", cases[i].name, got,
			    browser ? browser : "", cases[i].left,
			    cases[i].browser ? cases[i].browser : "");
			failed++;
		}
		assert_string_equal(newsletter_text_clean(a, cases[i].text, &nobody,
					NULL),
		    cases[i].left);
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

/* A footer has 1,500 bytes, with its rule; a line that tells how to leave has 100. */
static void
footers_are_short(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (int len = 1499; len <= 1501; len++) {
		const int fill = len - (int)(sizeof(RULE "\n\n" LEAVE) - 1);
		const char *text =
		    arena_printf(a, "a\n" RULE "\n%0*d\n" LEAVE "\n", fill, 0);

		assert_string_equal(newsletter_text_clean(a, text, &nobody, NULL),
		    len <= 1500 ? "a\n"
				: arena_printf(a, "a\n" RULE "\n%0*d\n", fill, 0));
	}
	for (int len = 99; len <= 101; len++) {
		const char *line =
		    arena_printf(a, LEAVE "%0*d\n", len - (int)(sizeof(LEAVE) - 1), 0);

		assert_string_equal(newsletter_text_clean(a, line, &nobody, NULL),
		    len <= 100 ? "" : line);
	}
	for (int len = 99; len <= 101; len++) {
		const char *line = arena_printf(a, "%0*d:\n", len - 1, 0);

		assert_string_equal(newsletter_text_clean(a,
					arena_printf(a, "%s" LEAVE "\n", line), &nobody,
					NULL),
		    len <= 100 ? "" : line);
	}
	arena_free(a);
}

static const struct {
	const char *text, *link, *rest;
} links[] = {
	{ "https://x.example/a\nb", "https://x.example/a", "\nb" },
	{ "\n \thttp://x.example/ \nb", "http://x.example/", "\nb" },
	{ "HTTPS://x.example/a", "HTTPS://x.example/a", "" },
	{ "https://x.example/a b\nc", "", "https://x.example/a b\nc" },
	{ " see https://x.example/a", "", " see https://x.example/a" },
	{ "http://x", "http://x", "" },
	{ "http://", "", "http://" },
	{ "httpx://x.example/", "", "httpx://x.example/" },
	{ "", "", "" },
	{ " ", "", " " },
};

static void
an_address_first_is_the_link(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(links); i++) {
		const char *rest = NULL;
		const char *got = newsletter_text_link(a, links[i].text, &rest);

		if (strcmp(got, links[i].link) != 0 || strcmp(rest, links[i].rest) != 0)
			fail_msg("\"%s\": got \"%s\", \"%s\"", links[i].text, got, rest);
	}
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_of_its_reader_are_taken_out),
		cmocka_unit_test(footers_are_short),
		cmocka_unit_test(an_address_first_is_the_link),
	};

	return cmocka_run_group_tests_name("text of newsletters", tests, NULL, NULL);
}
