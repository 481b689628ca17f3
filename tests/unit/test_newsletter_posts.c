/* SPDX-License-Identifier: ISC */
/* Digests that are one text: which lines are messages (RFC 1153) and which are posts of ours. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/limits.h"
#include "mail/newsletter_text.h"

#define D10 "----------"
#define D30 D10 D10 D10
#define D70 D30 D30 D10

static const struct newsletter_private nobody;

/* Each post as "title~author~date~id~link~text|". */
static void
expect_posts(const char *name, struct newsletter_posts got, const char *want)
{
	struct buf b = BUF_INIT(1 << 20);

	for (size_t i = 0; i < got.count; i++)
		buf_addf(&b, "%s~%s~%s~%s~%s~%s|", got.list[i].title, got.list[i].author,
		    got.list[i].date, got.list[i].id, got.list[i].link, got.list[i].text);
	if (strcmp(buf_text(&b), want) != 0)
		fail_msg("%s: got \"%s\", want \"%s\"", name, buf_text(&b), want);
	buf_clear(&b);
}

/* ---- messages between dashes --------------------------------------------------------- */

#define ONE "From: Ann <a@x.example>\nSubject: One\n\nFirst\n"
#define TWO "From: Bo <b@x.example>\nSubject: Two\n\nSecond\n"
#define GOT_ONE "One~Ann~~~~First\n|"
#define GOT_TWO "Two~Bo~~~~Second\n|"

static const struct {
	const char *name, *text, *want;
} digests[] = {
	{ "nothing", "", "" },
	{ "no rule of seventy", "Topics\n\n" ONE "\n" D30 "\n", "" },
	{ "a rule of seventy and no more", "Topics\n\n" D70 "\n", "" },
	{ "no end behind the last", D70 "\n\n" ONE, "" },
	{ "one message", "Topics\n\n" D70 "\n\n" ONE "\n" D30 "\n\nEnd of Digest\n",
	    GOT_ONE },
	{ "two", D70 "\n\n" ONE "\n" D30 "\n\n" TWO "\n" D30 "\n", GOT_ONE GOT_TWO },
	{ "without empty lines behind the rules", D70 "\n" ONE "\n" D30 "\n" TWO "\n" D30,
	    GOT_ONE GOT_TWO },
	{ "blanks behind the dashes", D70 " \t\n" ONE "\n" D30 "  \n", GOT_ONE },
	{ "a rule of sixty-nine", D30 D30 "---------\n\n" ONE "\n" D30 "\n", "" },
	{ "a rule of seventy-one", D70 "-\n\n" ONE "\n" D30 "\n", "" },
	{ "a rule with another letter", D30 D30 "-----x----\n\n" ONE "\n" D30 "\n", "" },
	{ "thirty-one and twenty-nine between are text",
	    D70 "\n\n" ONE "\n" D30 "-\n\n" D10 D10 "---------\n\n" TWO "\n" D30 "\n",
	    "One~Ann~~~~First\n\n" D30 "-\n\n" D10 D10
	    "---------\n\nFrom: Bo <b@x.example>\nSubject: Two\n\nSecond\n|" },
	{ "thirty below words are text", D70 "\n\n" ONE D30 "\n\nMore\n\n" D30 "\n",
	    "One~Ann~~~~First\n" D30 "\n\nMore\n|" },
	{ "thirty below the first rule are text", D70 "\n" D30 "\n\n" ONE "\n" D30 "\n",
	    "" },
	{ "neither subject nor sender", D70 "\n\nDate: today\n\nText\n\n" D30 "\n", "" },
	{ "nobody's footer", D70 "\n\nSubject: Digest Footer\n\nText\n\n" D30 "\n", "" },
	{ "a subject and a date", D70 "\n\nSubject: S\nDate: today\n\nText\n\n" D30 "\n",
	    "S~~today~~~Text\n|" },
	{ "a sender alone", D70 "\n\nFrom: Ann\n\nText\n\n" D30 "\n", "~Ann~~~~Text\n|" },
	{ "a message that is skipped and one behind it",
	    D70 "\n\nSubject: S\n\nText\n\n" D30 "\n\n" TWO "\n" D30 "\n", GOT_TWO },
};

static void
messages_stand_between_rules_of_thirty(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(digests); i++)
		expect_posts(digests[i].name,
		    newsletter_text_messages(a, digests[i].text, &nobody),
		    digests[i].want);
	arena_free(a);
}

static const struct {
	const char *fields, *body, *want;
} fields[] = {
	{ "From: \"Ann B\" <a@x.example>", "T", "~Ann B~~~~T\n|" },
	{ "From: \"\" <a@x.example>", "T", "~~~~~T\n|" },
	{ "From: \" <a@x.example>", "T", "~\"~~~~T\n|" },
	{ "From: \"Ann <a@x.example>", "T", "~\"Ann~~~~T\n|" },
	{ "From: Ann\" <a@x.example>", "T", "~Ann\"~~~~T\n|" },
	{ "From: a@x.example", "T", "~~~~~T\n|" },
	{ "From: <a@x.example>", "T", "~~~~~T\n|" },
	{ "From: Ann <x> B <a@x.example>", "T", "~Ann <x> B~~~~T\n|" },
	{ "From: =?utf-8?q?J=C3=B6?= <a@x.example>\nSubject: =?utf-8?q?=C3=A4?=", "T",
	    "\u00E4~J\u00F6~~~~T\n|" },
	{ "From: A\nMessage-ID: <1@x.example>", "T", "~A~~1@x.example~~T\n|" },
	{ "From: A\nMessage-ID: 1@x.example more", "T", "~A~~1@x.example~~T\n|" },
	{ "From: A\nDate: Tue, 24 Nov 2026", "T", "~A~Tue, 24 Nov 2026~~~T\n|" },
	{ "From: A\nArchived-At: <https://x.example/1>", "T",
	    "~A~~~https://x.example/1~T\n|" },
	{ "From: A\nArchived-At: https://x.example/1 (there)", "T",
	    "~A~~~https://x.example/1~T\n|" },
	{ "From: A\nArchived-At: <https://x.example/1>", "https://x.example/2\nT",
	    "~A~~~https://x.example/1~https://x.example/2\nT\n|" },
	{ "From: A\nArchived-At: <mid:1>", "https://x.example/2\nT",
	    "~A~~~https://x.example/2~\nT\n|" },
	{ "From: A", "https://x.example/2\nT", "~A~~~https://x.example/2~\nT\n|" },
};

static void
the_fields_of_a_message_are_those_of_its_post(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		expect_posts(fields[i].fields,
		    newsletter_text_messages(a,
			arena_printf(a, D70 "\n\n%s\n\n%s\n\n" D30 "\n", fields[i].fields,
			    fields[i].body),
			&nobody),
		    fields[i].want);
	arena_free(a);
}

/* ---- posts of ours ------------------------------------------------------------------- */

#define BLOG "Blog\n  https://x.example/\n\n"
#define URL "https://x.example/1"

static const struct {
	const char *name, *text, *want;
} ours[] = {
	{ "nothing", "", "" },
	{ "no post", "Hello\n\nWorld\n", "" },
	{ "a post of a blog",
	    BLOG "Title\n-----\n08:30, 2 min\n" URL "\n\nOne.\n\nTwo.\n",
	    "Title~Blog~~~" URL "~One.\n\nTwo.\n|" },
	{ "two of it, and one of another",
	    BLOG "A\n-\n" URL "\n\nOne.\n\nB\n-\n" URL
		 "2\n\nTwo.\n\nOther\n  https://y.example/\n\nC\n-\n" URL "3\n",
	    "A~Blog~~~" URL "~One.\n|B~Blog~~~" URL "2~Two.\n|C~Other~~~" URL "3~|" },
	{ "of no blog", "A\n-\n" URL "\n\nOne.\n", "A~~~~" URL "~One.\n|" },
	{ "without a text", "A\n-\n" URL "\n", "A~~~~" URL "~|" },
	{ "text at once below the address", "A\n-\n" URL "\nOne.\n",
	    "A~~~~" URL "~One.\n|" },
	{ "a title of two lines", "A\nb\n---\n" URL "\n", "A b~~~~" URL "~|" },
	{ "of eight lines", "1\n2\n3\n4\n5\n6\n7\n8\n-\n" URL "\n",
	    "1 2 3 4 5 6 7 8~~~~" URL "~|" },
	{ "nine lines are no title", "1\n2\n3\n4\n5\n6\n7\n8\n9\n-\n" URL "\n", "" },
	{ "a rule alone is no title", "-\n" URL "\n", "" },
	{ "an empty line above the rule", "A\n\n-\n" URL "\n", "" },
	{ "a title in a block", "A\nb\n\nB\n-\n" URL "\n", "B~~~~" URL "~|" },
	{ "a rule of two letters", "A\n-=\n" URL "\n", "" },
	{ "a rule with blanks behind", "A\n-  \n" URL "\n", "A~~~~" URL "~|" },
	{ "the address in the fourth line", "A\n-\na\nb\nc\n" URL "\n",
	    "A~~~~" URL "~|" },
	{ "in the fifth", "A\n-\na\nb\nc\nd\n" URL "\n", "" },
	{ "behind an empty line", "A\n-\na\n\n" URL "\n", "" },
	{ "no address", "A\n-\na\n", "" },
	{ "an address in words", "A\n-\nsee " URL "\n", "" },

	{ "no title, behind a blog", BLOG "2 min\n" URL "\n\nOne.\n",
	    "~Blog~~~" URL "~One.\n|" },
	{ "two empty lines behind a blog", BLOG "\n2 min\n" URL "\n",
	    "~Blog~~~" URL "~|" },
	{ "the second of it needs a time", BLOG "a\n" URL "\n\nOne.\n\nb\n" URL "2\n",
	    "~Blog~~~" URL "~One.\n\nb\n" URL "2\n|" },
	{ "and has it", BLOG "a\n" URL "\n\nOne.\n\n09:15\n" URL "2\n",
	    "~Blog~~~" URL "~One.\n|~Blog~~~" URL "2~|" },
	{ "words between", BLOG "Words\n\n2 min\n" URL "\n", "" },
	{ "its address in the third line", BLOG "a\nb\n" URL "\n", "~Blog~~~" URL "~|" },
	{ "in the fourth", BLOG "a\nb\nc\n" URL "\n", "" },
	{ "its address in the first", BLOG URL "\n\nOne.\n", "" },
	{ "an address with words below", BLOG "a\n" URL "\nb\n", "" },

	{ "a blog that is set in", " Blog\n  https://x.example/\n\na\n" URL "\n", "" },
	{ "one that begins with a dash", "-Blog\n  https://x.example/\n\na\n" URL "\n",
	    "" },
	{ "a page set in by three", "Blog\n   https://x.example/\n\na\n" URL "\n", "" },
	{ "a page set in by one", "Blog\n https://x.example/\n\na\n" URL "\n", "" },
	{ "a page in words", "Blog\n  https://x.example/ b\n\na\n" URL "\n", "" },
	{ "a blog in a block", "a\nBlog\n  https://x.example/\n\na\n" URL "\n", "" },
	{ "a blog at the end", "A\n-\n" URL "\n\nOne.\n\nBlog\n  https://x.example/",
	    "A~~~~" URL "~One.\n|" },

	{ "a text ends at a signature", "A\n-\n" URL "\n\nOne.\n-- \nplanet\n",
	    "A~~~~" URL "~One.\n|" },
	{ "two dashes are none", "A\n-\n" URL "\n\nOne.\n--\nmore\n",
	    "A~~~~" URL "~One.\n--\nmore\n|" },
	{ "three dashes are none", "A\n-\n" URL "\n\nOne.\n---\nmore\n",
	    "A~~~~" URL "~One.\n---\nmore\n|" },
	{ "a text ends at a day", "A\n-\n" URL "\n\nOne.\n\nTuesday\n=======\n\nTwo.\n",
	    "A~~~~" URL "~One.\n|" },
	{ "a day in a block is none", "A\n-\n" URL "\n\nOne.\nTuesday\n=======\n\nTwo.\n",
	    "A~~~~" URL "~One.\nTuesday\n=======\n\nTwo.\n|" },
	{ "a line at the end is no day", "A\n-\n" URL "\n\nOne.\n\nTwo.",
	    "A~~~~" URL "~One.\n\nTwo.\n|" },
};

static void
posts_of_a_digest_of_ours(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ours); i++)
		expect_posts(ours[i].name,
		    newsletter_text_posts(a, ours[i].text, &nobody), ours[i].want);
	arena_free(a);
}

/* "HH:MM", and whether it is a time. */
static const struct {
	const char *line;
	bool is_time;
} times[] = {
	{ "08:30", true },
	{ "at 08:30, 2 min", true },
	{ "a:b 23:59", true },
	{ "8:30", false },
	{ " 8:30", false },
	{ "8 :30", false },
	{ "x8:30", false },
	{ "0x:30", false },
	{ "08:x0", false },
	{ "08:3x", false },
	{ "08:3", false },
	{ "08.30", false },
	{ ":30", false },
	{ "2 min", false },
};

static void
a_post_without_a_title_begins_with_its_time(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(times); i++)
		expect_posts(times[i].line,
		    newsletter_text_posts(a,
			arena_printf(a, "%s\n" URL "\n\nOne.\n", times[i].line), &nobody),
		    times[i].is_time ? "~~~~" URL "~One.\n|" : "");
	arena_free(a);
}

static const struct {
	const char *name, *text, *want;
} contents[] = {
	{ "titles alone",
	    "Tuesday\n\n  - One (Blog), 2 min\n    " URL "\n  - Two\n    " URL "2\n",
	    "One (Blog), 2 min~~~~" URL "~|Two~~~~" URL "2~|" },
	{ "a title of a letter", "  - x\n    " URL "\n", "x~~~~" URL "~|" },
	{ "no title", "  - \n    " URL "\n", "" },
	{ "a title of two lines", "  - One and\n    more\n    " URL "\n",
	    "One and more~~~~" URL "~|" },
	{ "of seven lines", "  - 1\n 2\n 3\n 4\n 5\n 6\n 7\n    " URL "\n",
	    "1 2 3 4 5 6 7~~~~" URL "~|" },
	{ "of eight lines", "  - 1\n 2\n 3\n 4\n 5\n 6\n 7\n 8\n    " URL "\n", "" },
	{ "no address", "  - One\n  - Two\n    " URL "\n", "Two~~~~" URL "~|" },
	{ "a line that begins almost so", "  - One\n  -x\n    " URL "\n",
	    "One -x~~~~" URL "~|" },
	{ "an empty line between", "  - One\n\n    " URL "\n", "" },
	{ "the end", "  - One", "" },
	{ "set in by less", " - One\n    " URL "\n", "" },
	{ "with another mark", "  * One\n    " URL "\n", "" },
	{ "lines behind the address", "  - One\n    " URL "\nwords\n  - Two\n    " URL,
	    "One~~~~" URL "~|Two~~~~" URL "~|" },
	{ "an address for one alone", "  - One\n    " URL "\n    " URL "2\n",
	    "One~~~~" URL "~|" },
};

static void
contents_are_posts_when_there_are_no_others(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(contents); i++) {
		expect_posts(contents[i].name,
		    newsletter_text_posts(a, contents[i].text, &nobody),
		    contents[i].want);
		/* Not beside a post. */
		expect_posts(contents[i].name,
		    newsletter_text_posts(a,
			arena_printf(a, "A\n-\n" URL "\n-- \n\n%s", contents[i].text),
			&nobody),
		    "A~~~~" URL "~|");
	}
	arena_free(a);
}

static void
a_digest_has_so_many_posts_and_no_more(void **state)
{
	struct arena *a = arena_new();
	struct buf titles = BUF_INIT(1 << 20);
	struct buf posts = BUF_INIT(1 << 20);
	struct newsletter_posts got;

	(void)state;
	for (int i = 0; i <= LIMIT_NEWSLETTER_POSTS; i++) {
		buf_addf(&titles, "  - %d\n    " URL "\n", i);
		buf_addf(&posts, "%d\n-\n" URL "\n\n", i);
	}
	got = newsletter_text_posts(a, buf_text(&titles), &nobody);
	assert_int_equal(got.count, LIMIT_NEWSLETTER_POSTS);
	assert_string_equal(got.list[LIMIT_NEWSLETTER_POSTS - 1].title, "1999");
	got = newsletter_text_posts(a, buf_text(&posts), &nobody);
	assert_int_equal(got.count, LIMIT_NEWSLETTER_POSTS);
	assert_string_equal(got.list[0].title, "0");
	buf_clear(&titles);
	buf_clear(&posts);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_stand_between_rules_of_thirty),
		cmocka_unit_test(the_fields_of_a_message_are_those_of_its_post),
		cmocka_unit_test(posts_of_a_digest_of_ours),
		cmocka_unit_test(a_post_without_a_title_begins_with_its_time),
		cmocka_unit_test(contents_are_posts_when_there_are_no_others),
		cmocka_unit_test(a_digest_has_so_many_posts_and_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
