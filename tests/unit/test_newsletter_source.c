/* SPDX-License-Identifier: ISC */
/* A newsletter in a maildir as a feed of the planet: which mail is it, dated when, as which post. */
#include "unit/planet_fixture.h"

#include "flow/newsletters.h"
#include "mail/newsletter_reader.h"

#include <sys/stat.h>
#include <utime.h>

struct mail_case {
	const char *file;
	const char *text;
	int64_t arrived;
};

static const char lists[] = "[newsletter]\n"
			    "name = Planet X\n"
			    "from = planet@example.net\n"
			    "[digest]\nschedule = off\n"
			    "[transport]\nmethod = outbox\noutbox = out\n";

/* NOW is 2026-11-24 06:00 UTC. */
static const struct mail_case mails[] = {
	{ "1.first",
	    "From: Garden <news@garden.example>\n"
	    "List-Id: The garden <garden.example>\n"
	    "Date: Mon, 23 Nov 2026 09:00:00 +0000\n"
	    "Subject: Roses\n"
	    "Message-ID: <1@garden.example>\n"
	    "Content-Type: text/html; charset=utf-8\n"
	    "\n"
	    "<p>Read <a href=\"https://garden.example/roses?id=7&amp;utm_source=mail&amp;"
	    "token=abc\">about roses</a> today, and think of them.</p>\n",
	    NOW - 3600 },
	/* Written tomorrow, by a clock that was wrong: it counts from when it came. */
	{ "2.ahead",
	    "From: Garden <news@garden.example>\r\n"
	    "LIST-ID: <Garden.Example>\r\n"
	    "Date: Wed, 25 Nov 2026 09:00:00 +0000\r\n"
	    "Subject: Tulips\r\n"
	    "Message-ID: <2@garden.example>\r\n"
	    "\r\n"
	    "Tulips are planted now.\r\n",
	    NOW - 7200 },
	/* The words in the body make it no letter of the list. */
	{ "3.other",
	    "From: Ann <ann@home.example>\n"
	    "List-Id: <other.example>\n"
	    "Subject: Look\n"
	    "Message-ID: <3@home.example>\n"
	    "\n"
	    "I like garden.example a lot.\n",
	    NOW - 7200 },
	{ "4.longer-name",
	    "From: Shop <shop@garden.example>\n"
	    "List-Id: <shop.garden.example>\n"
	    "Subject: Sale\n"
	    "Message-ID: <4@garden.example>\n"
	    "\n"
	    "Buy.\n",
	    NOW - 7200 },
	{ "5.question",
	    "From: Garden <news@garden.example>\n"
	    "List-Id: <garden.example>\n"
	    "Subject: Please confirm your subscription\n"
	    "Message-ID: <5@garden.example>\n"
	    "\n"
	    "Confirm your subscription: https://garden.example/confirm?token=abc\n",
	    NOW - 7200 },
};

static void
put_mail(struct cmd_test *t, const struct mail_case *m)
{
	char name[80];
	char path[300];
	const struct utimbuf times = { (time_t)m->arrived, (time_t)m->arrived };

	(void)snprintf(name, sizeof(name), "box/new/%s", m->file);
	(void)cmd_file(t, name, m->text);
	in_folder(t->folder, name, path);
	assert_int_equal(utime(path, &times), 0);
}

static void
begin_box(struct cmd_test *t, const char *query)
{
	static const char *const folders[] = { "box", "box/new", "box/cur", "box/tmp" };
	struct buf text = BUF_INIT(4096);
	char path[300];

	cmd_begin(t, NULL);
	buf_addf(&text, "%s[feed g]\nurl = maildir:%s/box?%s\nname = Gee\n", lists,
	    t->folder, query);
	(void)cmd_file(t, "p.conf", buf_text(&text));
	buf_clear(&text);
	for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
		in_folder(t->folder, folders[i], path);
		assert_int_equal(mkdir(path, 0700), 0);
	}
	for (size_t i = 0; i < ARRAY_LEN(mails); i++)
		put_mail(t, &mails[i]);
}

static void
test_the_list_alone_is_read(void **state)
{
	static const struct cmd_case cases[] = {
		{ "two posts of the list", { "-v", "fetch" }, EXIT_OK,
		    "Fetched 1 of 1 feed: 2 new entries, 0 unchanged, 0 failed (0 already "
		    "known)\n",
		    NULL, NULL },
		{ "what came is counted", { "feed", "show", "g" }, EXIT_OK, NULL,
		    "letters       2\n"
		    "other mail    2\n"
		    "never shown   1: to confirm, codes, passwords\n"
		    "unreadable    0\n"
		    "posts         2\n",
		    NULL },
		{ "for programs", { "feed", "show", "g", "--json" }, EXIT_OK, NULL,
		    "\"letters\":2,\"other_mail\":2,\"never_shown\":1,\"unreadable\":0,"
		    "\"posts\":2",
		    NULL },
		{ "the newest first; a date ahead is when it came",
		    { "feed", "test", "g" }, EXIT_OK, NULL,
		    "posts     2026-11-24T04:00:00Z  Tulips\n"
		    "          2026-11-23T09:00:00Z  Roses\n"
		    "known     2 of them, 0 unseen\n",
		    NULL },
		{ "with its counts", { "feed", "test", "g" }, EXIT_OK, NULL,
		    "answer    2 letters, 1 that ask something, 0 unreadable, 2 other mail, ",
		    NULL },
		{ "a link loses its reader and the counting",
		    { "preview", "--text", "-o", "-" }, EXIT_OK, NULL,
		    "https://garden.example/roses?id=7", NULL },
		{ "no question is shown", { "feed", "test", "g", "--json" }, EXIT_OK,
		    NULL, "\"posts\":[{\"title\":\"Tulips\",", NULL },
		{ "nothing came since", { "-v", "fetch", "g" }, EXIT_OK,
		    "Fetched 1 of 1 feed: 0 new entries, 1 unchanged, 0 failed (0 already "
		    "known)\n",
		    NULL, NULL },
	};
	static const struct mail_case later = { "6.later",
		"From: Garden <news@garden.example>\n"
		"List-Id: <garden.example>\n"
		"Date: Tue, 24 Nov 2026 05:30:00 +0000\n"
		"Subject: Asters\n"
		"Message-ID: <6@garden.example>\n"
		"\n"
		"Asters.\n",
		NOW };
	static const struct cmd_case came = { "one more", { "-v", "fetch", "g" }, EXIT_OK,
		"Fetched 1 of 1 feed: 1 new entry, 0 unchanged, 0 failed (0 already "
		"known)\n",
		NULL, NULL };
	struct cmd_test t;

	(void)state;
	begin_box(&t, "list=garden.example");
	EXPECT_ALL(&t, cases);
	assert_null(strstr(buf_text(&t.out), "token"));
	put_mail(&t, &later);
	cmd_expect(&t, &came);
	cmd_end(&t);
}

static void
test_a_sender_in_place_of_a_list(void **state)
{
	static const struct cmd_case cases[] = {
		{ "one sender", { "-v", "fetch" }, EXIT_OK,
		    "Fetched 1 of 1 feed: 1 new entry, 0 unchanged, 0 failed (0 already "
		    "known)\n",
		    NULL, NULL },
		{ "its letter", { "feed", "test", "g" }, EXIT_OK, NULL,
		    "posts     2026-11-24T04:00:00Z  Sale\n", NULL },
	};
	struct cmd_test t;

	(void)state;
	begin_box(&t, "from=shop@garden.example");
	EXPECT_ALL(&t, cases);
	cmd_end(&t);
}

static void
test_a_mailbox_that_is_not_there(void **state)
{
	static const struct cmd_case cases[] = {
		{ "fetched by name", { "fetch", "g" }, EXIT_PARTIAL, "", NULL, "g: " },
		{ "tested", { "feed", "test", "g" }, EXIT_FAILED, NULL,
		    "feed      no: ", NULL },
	};
	struct cmd_test t;
	char path[300];

	(void)state;
	begin_box(&t, "list=garden.example");
	in_folder(t.folder, "box", path);
	remove_files(path);
	assert_int_equal(rmdir(path), 0);
	EXPECT_ALL(&t, cases);
	cmd_end(&t);
}

/* ---- what is made of one letter in an mbox ---- */

/* The line before it, its Date and the address of its page. */
static const struct {
	const char *name, *postmark, *date, *page;
	int64_t want; /* its instant */
	const char *link;
} letters[] = {
	{ "its own date", "Tue Nov 24 05:00:00 2026", "Mon, 23 Nov 2026 09:00:00 +0000",
	    "", 1795424400, NULL },
	{ "the instant it came", "Tue Nov 24 05:00:00 2026",
	    "Tue, 24 Nov 2026 05:00:00 +0000", "", NOW - 3600, NULL },
	{ "a second later is when it came", "Tue Nov 24 05:00:00 2026",
	    "Tue, 24 Nov 2026 05:00:01 +0000", "", NOW - 3600, NULL },
	{ "no date", "Tue Nov 24 05:00:00 2026", "soon", "", NOW - 3600, NULL },
	{ "no day it came on", "x", "soon", "", NOW, NULL },
	{ "it came tomorrow", "Wed Nov 25 05:00:00 2026", "soon", "", NOW, NULL },
	{ "it came and was written tomorrow", "Wed Nov 25 05:00:00 2026",
	    "Wed, 25 Nov 2026 04:00:00 +0000", "", NOW, NULL },
	{ "a page", "x", "soon", "https://g.example/7", NOW, "https://g.example/7" },
	{ "what says who reads is left out", "x", "soon",
	    "https://g.example/7?a=1&uid=9&b=2&e=x#c", NOW,
	    "https://g.example/7?a=1&b=2#c" },
	{ "nothing else is there", "x", "soon", "https://g.example/?token=1&key=2", NOW,
	    "https://g.example/" },
	{ "the first", "x", "soon", "https://g.example/?email=a&x=1", NOW,
	    "https://g.example/?x=1" },
	{ "longer and shorter names stay", "x", "soon",
	    "https://g.example/?uids=1&ui=2&E=3&email", NOW,
	    "https://g.example/?uids=1&ui=2&E=3" },
	{ "empty ones go", "x", "soon", "https://g.example/?&&a=1&#x", NOW,
	    "https://g.example/?a=1#x" },
	{ "a fragment is no query", "x", "soon", "https://g.example/#a?uid=1", NOW,
	    "https://g.example/#a?uid=1" },
};

static const char *
mbox_of(struct arena *a, size_t i)
{
	return arena_printf(a,
	    "From news@g.example %s\nFrom: Garden <news@g.example>\nList-Id: <g.example>\n"
	    "Date: %s\nSubject: Roses\nMessage-ID: <%zu@g.example>\n%s%s%s\nRoses.\n\n",
	    letters[i].postmark, letters[i].date, i,
	    *letters[i].page ? "Archived-At: <" : "", letters[i].page,
	    *letters[i].page ? ">\n" : "");
}

static void
test_dates_and_links_of_letters(void **state)
{
	struct newsletter_reader *reader = NULL;
	struct newsletter_look look;
	struct flow_test t;

	(void)state;
	flow_begin(&t);
	for (size_t i = 0; i < ARRAY_LEN(letters); i++) {
		const char *path = flow_write(&t, "box", mbox_of(t.run.arena, i));
		const char *url =
		    arena_printf(t.run.arena, "mbox:%s?list=g.example", path);
		const struct entry *e = NULL;

		MUST(flow_newsletters_look(&t.run, t.run.arena, url, NULL, &reader, &look,
		    err));
		SAME_INT(letters[i].name, look.read, 1);
		SAME_INT(letters[i].name, look.feed->entry_count, 1);
		e = &look.feed->entries[0];
		SAME_INT(letters[i].name, e->published, letters[i].want);
		SAME_TEXT(letters[i].name, e->link,
		    letters[i].link ? letters[i].link : "(none)");
		SAME_TEXT(letters[i].name, e->title, "Roses");
	}
	newsletter_reader_free(reader);
	flow_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_list_alone_is_read),
		cmocka_unit_test(test_a_sender_in_place_of_a_list),
		cmocka_unit_test(test_a_mailbox_that_is_not_there),
		cmocka_unit_test(test_dates_and_links_of_letters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
