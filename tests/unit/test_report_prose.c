/* SPDX-License-Identifier: ISC */
/* Reports in words: what makes a message one, whom it names, and which lines are about whom. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/limits.h"
#include "mail/mail_report.h"

/* ---- is it one? ---------------------------------------------------------------------- */

#define SAYS "It was not delivered.\n"
#define BACK "--- Below this line is a copy of the message.\n\nSubject: Planet\n"
#define PLAIN(text) "A: b\n\n" text
#define LISTED(text) "X-Failed-Recipients: ann@x.example\n\n" text
/* With our letter behind it. */
#define WITH_LETTER(text) \
	"Content-Type: multipart/mixed; boundary=B\n\n--B\n\n" text \
	"\n--B\nContent-Type: message/rfc822\n\nSubject: Planet\n\nx\n--B--\n"

static const struct {
	const char *name, *subject, *text;
	bool from_robot, null_sender, is_auto;
	bool is_one;
} signs[] = {
	{ "a server that says it", "Hello", PLAIN(SAYS), true, false, false, true },
	{ "the empty sender that says it", "Hello", PLAIN(SAYS), false, true, false,
	    true },
	{ "in the subject alone", "Undelivered mail", PLAIN("w"), true, false, false,
	    true },
	{ "nothing that says it", "Hello", PLAIN("w"), true, false, false, false },
	{ "with our letter alone", "Hello", WITH_LETTER("w"), true, false, false, true },
	{ "that alone, by a program", "Hello", WITH_LETTER("w"), true, false, true,
	    false },
	{ "a letter that is quoted as text", "Hello", PLAIN("w\n" BACK), true, false,
	    false, false },
	{ "a person who says it", "Hello", PLAIN(SAYS), false, false, false, false },
	{ "in the subject as well", "Undelivered mail", PLAIN(SAYS), false, false, false,
	    false },
	{ "with our letter", "Undelivered mail", PLAIN(SAYS BACK), false, false, false,
	    true },
	{ "with it and the subject", "Undelivered mail", PLAIN("w\n" BACK), false, false,
	    false, false },
	{ "with it and the words", "Hello", PLAIN(SAYS BACK), false, false, false,
	    false },
	{ "one that answers", "Re: Undelivered mail", PLAIN(SAYS BACK), false, false,
	    false, false },
	{ "a list of readers, and words", "Hello", LISTED(SAYS), false, false, false,
	    true },
	{ "and a subject", "Undelivered mail", LISTED("w"), false, false, false, true },
	{ "a list alone", "Hello", LISTED("w"), false, false, false, false },
	{ "a list of a server", "Hello", LISTED("w"), true, false, false, true },
	/* Our own mailbox */
	{ "ours is full", "Undelivered mail", PLAIN("Your mailbox is full.\n" SAYS), true,
	    false, false, false },
	{ "ours, it says to a reader", "Undelivered mail",
	    PLAIN("Your mailbox is full.\n" SAYS BACK), true, false, false, true },
	{ "ours, and readers are listed", "Undelivered mail",
	    LISTED("Your mailbox is full.\n" SAYS), true, false, false, true },
	/* Who is away */
	{ "an answer that says it", "Hello", PLAIN(SAYS), false, true, true, false },
	{ "in its subject", "Undelivered mail", PLAIN(SAYS), false, true, true, true },
	{ "of a server", "Hello", PLAIN(SAYS), true, true, true, true },
	{ "with readers", "Hello", LISTED(SAYS), false, true, true, true },
	{ "with our letter behind it", "Hello", WITH_LETTER(SAYS), false, true, true,
	    true },
};

static void
several_signs_make_a_report(void **state)
{
	struct arena *a = arena_new();
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(signs); i++) {
		const struct incoming about = { .subject = signs[i].subject,
			.from = "who@y.example",
			.from_robot = signs[i].from_robot,
			.has_null_sender = signs[i].null_sender,
			.is_auto = signs[i].is_auto };
		/* To our address for this reader, so that nobody need be named. */
		const char *to[] = { "planet+b-x@news.example" };
		struct incoming whole = about;
		struct message_parts m;
		struct report r = { NULL, 0 };

		whole.to = to;
		whole.to_count = 1;
		message_parts_read(a, signs[i].text, strlen(signs[i].text), &m);
		if (report_text_read(a, &m, &whole, &r) != signs[i].is_one) {
			print_error("%s: got %d\n", signs[i].name, !signs[i].is_one);
			failed++;
		}
		assert_int_equal(r.count > 0, signs[i].is_one);
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

/* ---- whom it names, and why ---------------------------------------------------------- */

/* So many lines that say nothing. */
#define L1 "-\n"
#define L5 L1 L1 L1 L1 L1

static const struct {
	const char *name, *text; /* behind a header */
	const char *want;        /* "address class diagnostic; " of each */
} proses[] = {
	{ "on its line", "was not delivered\nann@x.example user unknown\n",
	    "ann@x.example hard ann@x.example user unknown; " },
	{ "in lines that are set in",
	    "was not delivered\nann@x.example\n user unknown\nx\n",
	    "ann@x.example hard ann@x.example user unknown; " },
	{ "by a tab", "was not delivered\nann@x.example\n\tuser unknown\nx\n",
	    "ann@x.example hard ann@x.example user unknown; " },
	{ "in two of them",
	    "was not delivered\nann@x.example\n a\n user unknown\nbo@x.example\n "
	    "mailbox full\n",
	    "ann@x.example hard ann@x.example a user unknown; "
	    "bo@x.example soft bo@x.example mailbox full; " },
	{ "at the end, set in", "was not delivered\nann@x.example\n user unknown",
	    "ann@x.example hard ann@x.example user unknown; " },
	{ "below it", "was not delivered\nann@x.example\nuser unknown\n",
	    "ann@x.example hard ann@x.example user unknown; " },
	{ "below an empty line", "was not delivered\nann@x.example\n\nuser unknown\n",
	    "ann@x.example hard ann@x.example user unknown; " },
	{ "eleven lines below",
	    "was not delivered\nann@x.example\n" L5 L5 "user unknown\n",
	    "ann@x.example hard ann@x.example - - - - - - - - - - user unknown; " },
	{ "twelve lines below: in the whole",
	    "was not delivered\nann@x.example\n" L5 L5 L1 "user unknown\n",
	    "ann@x.example hard was not delivered ann@x.example - - - - - - - - - - - user "
	    "unknown; " },
	{ "above it", "user unknown\nann@x.example\n",
	    "ann@x.example hard user unknown ann@x.example; " },
	{ "nothing", "was not delivered\nann@x.example\n",
	    "ann@x.example soft was not delivered ann@x.example; " },
	{ "one for each",
	    "was not delivered\nann@x.example\nuser unknown\nbo@x.example\nmailbox full\n",
	    "ann@x.example hard ann@x.example user unknown; "
	    "bo@x.example soft bo@x.example mailbox full; " },
	{ "one twice", "was not delivered\nann@x.example\nANN@x.example\nuser unknown\n",
	    "ann@x.example hard ann@x.example ANN@x.example user unknown; " },
	{ "those that are named best",
	    "Your message to ann@x.example was not delivered\nbo@x.example is not here\n"
	    "user unknown\n",
	    "ann@x.example hard Your message to ann@x.example was not delivered "
	    "bo@x.example is not here user unknown; " },
	{ "not the server, and not us",
	    "was not delivered\nwho@y.example\nplanet@news.example\nann@x.example user "
	    "unknown\n",
	    "ann@x.example hard ann@x.example user unknown; " },
	{ "nobody", "was not delivered\nuser unknown\n",
	    " hard was not delivered user unknown; " },
	/* A mailbox of the server that writes */
	/* Of the first nothing is said before the second, so that the whole counts. */
	{ "a name alone",
	    "was not delivered to these recipients:\n  ann\n  bo\nuser unknown\n",
	    "ann@y.example hard was not delivered to these recipients: ann bo user "
	    "unknown; "
	    "bo@y.example hard bo user unknown; " },
	{ "not announced", "was not delivered to:\n  ann\nuser unknown\n",
	    " hard was not delivered to: ann user unknown; " },
	{ "not set in", "was not delivered to these recipients:\nann\nuser unknown\n",
	    " hard was not delivered to these recipients: ann user unknown; " },
	{ "of one letter", "was not delivered to these recipients:\n  a\nuser unknown\n",
	    " hard was not delivered to these recipients: a user unknown; " },
	{ "of two words",
	    "was not delivered to these recipients:\n  ann bo\nuser unknown\n",
	    " hard was not delivered to these recipients: ann bo user unknown; " },
	{ "beside an address",
	    "was not delivered to these recipients:\n  ann\nbo@x.example user unknown\n",
	    "bo@x.example hard bo@x.example user unknown; " },
	{ "still tried", "was not delivered\nann@x.example\nIt will be retried.\n",
	    "ann@x.example delay ann@x.example It will be retried.; " },
};

static const char *
told(struct arena *a, const struct report *r)
{
	static const char *const classes[] = { [BOUNCE_NONE] = "none",
		[BOUNCE_DELAY] = "delay",
		[BOUNCE_SOFT] = "soft",
		[BOUNCE_HARD] = "hard" };
	struct buf b = BUF_INIT(100000);
	const char *text = NULL;

	for (size_t i = 0; i < r->count; i++)
		buf_addf(&b, "%s %s %s; ", r->recipients[i].address,
		    classes[r->recipients[i].class], r->recipients[i].diagnostic);
	text = arena_strdup(a, buf_text(&b));
	buf_clear(&b);
	return text;
}

static void
each_reader_has_the_words_about_them(void **state)
{
	static const char *const to[] = { "planet@news.example" };
	struct arena *a = arena_new();
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(proses); i++) {
		const struct incoming about = { .subject = "Undelivered mail",
			.from = "who@y.example",
			.from_robot = true,
			.to = to,
			.to_count = 1 };
		const char *text = arena_printf(a, PLAIN("%s"), proses[i].text);
		struct message_parts m;
		struct report r = { NULL, 0 };

		message_parts_read(a, text, strlen(text), &m);
		assert_true(report_text_read(a, &m, &about, &r));
		if (strcmp(told(a, &r), proses[i].want) != 0) {
			print_error("%s: got %s\n", proses[i].name, told(a, &r));
			failed++;
		}
		for (size_t k = 0; k < r.count; k++)
			assert_string_equal(r.recipients[k].action,
			    r.recipients[k].class == BOUNCE_DELAY ? "delayed" : "failed");
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

/* ---- when nobody is named ------------------------------------------------------------ */

static const struct {
	const char *name, *original_to; /* of our letter; NULL: none came back */
	const char *to, *envelope_to;
	const char *words;
	const char *want; /* NULL: it speaks of something else */
} unnamed[] = {
	{ "the letter's only reader", "ann@x.example", "planet@n.example", "p@n.example",
	    "was not delivered", "ann@x.example soft" },
	{ "two readers", "ann@x.example, bo@x.example", "planet@n.example", "p@n.example",
	    "was not delivered", " soft" },
	{ "ourselves", "planet@n.example", "planet@n.example", "p@n.example",
	    "was not delivered", " soft" },
	{ "nobody, and a reason", NULL, "planet@n.example", "p@n.example",
	    "was not delivered: user unknown", " hard" },
	{ "nobody, and none", NULL, "planet@n.example", "p@n.example",
	    "was not delivered", NULL },
	{ "to an address of one reader", NULL, "planet+b-x@n.example", "p@n.example",
	    "was not delivered", " soft" },
	{ "by its envelope", NULL, "planet@n.example", "p+b-x@n.example",
	    "was not delivered", " soft" },
};

static void
a_letter_that_came_back_tells_its_reader(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(unnamed); i++) {
		const struct incoming about = { .subject = "Undelivered mail",
			.from = "who@y.example",
			.from_robot = true,
			.to = &unnamed[i].to,
			.to_count = 1,
			.envelope_to = &unnamed[i].envelope_to,
			.envelope_to_count = 1 };
		const char *text = unnamed[i].original_to
		    ? arena_printf(a,
			  "Content-Type: multipart/mixed; boundary=B\n\n--B\n\n%s\n--B\n"
			  "Content-Type: message/rfc822\n\nTo: %s\n\nx\n--B--\n",
			  unnamed[i].words, unnamed[i].original_to)
		    : arena_printf(a, PLAIN("%s\n"), unnamed[i].words);
		struct message_parts m;
		struct report r = { NULL, 0 };
		const char *got = NULL;

		message_parts_read(a, text, strlen(text), &m);
		assert_int_equal(report_text_read(a, &m, &about, &r),
		    unnamed[i].want != NULL);
		if (!unnamed[i].want)
			continue;
		assert_int_equal(r.count, 1);
		got = arena_printf(a, "%s %s", r.recipients[0].address,
		    r.recipients[0].class == BOUNCE_HARD ? "hard" : "soft");
		if (strcmp(got, unnamed[i].want) != 0)
			fail_msg("%s: got %s", unnamed[i].name, got);
	}
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(several_signs_make_a_report),
		cmocka_unit_test(each_reader_has_the_words_about_them),
		cmocka_unit_test(a_letter_that_came_back_tells_its_reader),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
