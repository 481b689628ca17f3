/* SPDX-License-Identifier: ISC */
/* A newsletter in a maildir as a feed of the planet: which mail is it, dated when, as which post. */
#include "unit/planet_fixture.h"

#include "base/limits.h"
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
remove_box(struct cmd_test *t)
{
	char name[80];
	char path[300];

	for (size_t i = 0; i < ARRAY_LEN(mails); i++) {
		(void)snprintf(name, sizeof(name), "box/new/%s", mails[i].file);
		assert_int_equal(unlink(in_folder(t->folder, name, path)), 0);
	}
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

/* ---- what is made of a digest -------------------------------------------------------- */

#define PART(fields, text) "--b\n\n" fields "\n" text "\n\n"
#define MADE_OF(parts) \
	"From news@g.example Tue Nov 24 05:00:00 2026\n" \
	"From: <News@g.example>\nList-Id: <G.example>\n" \
	"Date: Mon, 23 Nov 2026 09:00:00 +0000\nSubject: Digest\n" \
	"List-Archive: <https://g.example/archive>\n" \
	"Message-ID: <d@g.example>\nMIME-Version: 1.0\n" \
	"Content-Type: multipart/digest; boundary=b\n\n" parts "--b--\n\n"

/* The posts of the digest below, in its order; those that say nothing are none. */
static const struct {
	const char *guid, *title, *author, *link, *text;
	int64_t published;
} posts[] = {
	{ "one@x.example", "One", "Ann", "https://x.example/1", "First.",
	    1795424400 - 3600 },
	{ "https://x.example/2?uid=7", "Two", "(none)", "https://x.example/2", "Second.",
	    1795424400 },
	{ "d@g.example#3", "Three", "(none)", "(none)", "Third.", 1795424400 },
	{ "d@g.example#6", "(none)", "Bo", "(none)", "Without a title.", 1795424400 },
	{ "d@g.example#7", "Without words", "(none)", "(none)", "", 1795424400 },
};

/* clang-format off */
static const char digest[] = MADE_OF(
    PART("From: Ann <ann@x.example>\nSubject: One\nMessage-ID: <one@x.example>\n"
         "Date: Mon, 23 Nov 2026 08:00:00 +0000\nArchived-At: <https://x.example/1>\n",
         "First.")
    PART("Subject: Two\nArchived-At: <https://x.example/2?uid=7>\n", "Second.")
    PART("Subject: Three\nArchived-At: <ftp://x.example/3>\n", "Third.")
    "--b\n\nFrom: Nobody <nobody@x.example>\n\n"
    PART("From: Blank <blank@x.example>\n", "\n \t")
    PART("From: Bo <bo@x.example>\n", "Without a title.")
    PART("Subject: Without words\n", ""));
/* clang-format on */

static void
test_a_digest_is_its_posts(void **state)
{
	struct newsletter_reader *reader = NULL;
	struct newsletter_look look;
	struct flow_test t;

	(void)state;
	flow_begin(&t);
	MUST(flow_newsletters_look(&t.run, t.run.arena,
	    arena_printf(t.run.arena, "mbox:%s?list=g.example",
		flow_write(&t, "box", digest)),
	    NULL, &reader, &look, err));
	SAME_INT("one letter", look.read, 1);
	SAME_INT("nothing lost", look.lost, 0);
	SAME_TEXT("its sender has no name", look.feed->title, "g.example");
	SAME_TEXT("site", look.feed->link, "https://g.example/archive");
	SAME_INT("posts", look.feed->entry_count, ARRAY_LEN(posts));
	for (size_t i = 0; i < ARRAY_LEN(posts); i++) {
		const struct entry *e = &look.feed->entries[i];

		SAME_TEXT(posts[i].guid, e->guid, posts[i].guid);
		SAME_TEXT(posts[i].guid, e->title, posts[i].title);
		SAME_TEXT(posts[i].guid, e->author, posts[i].author);
		SAME_TEXT(posts[i].guid, e->link, posts[i].link);
		SAME_TEXT(posts[i].guid, e->content.base, posts[i].link);
		SAME_INT(posts[i].guid, e->published, posts[i].published);
		SAME_INT(posts[i].guid,
		    strncmp(e->content.text, posts[i].text, strlen(posts[i].text)), 0);
		SAME_INT(posts[i].guid, e->content.len, strlen(e->content.text));
		SAME_INT(posts[i].guid, e->content.type, CONTENT_TEXT);
	}
	newsletter_reader_free(reader);
	flow_end(&t);
}

/* Letters of nobody we know: "%s" is one of these. */
static const struct {
	const char *name, *fields;
	const char *title, *guid;
} headers[] = {
	{ "all of it", "From: Garden <news@g.example>\nMessage-ID: <1@g.example>\n",
	    "Garden", "1@g.example" },
	{ "the list's name", "From: <news@g.example>\nList-Id: The list <g.example>\n",
	    "The list", "(none)" },
	{ "the list", "From: news@g.example\nList-Id: <G.example>\n", "g.example",
	    "(none)" },
	{ "the sender", "From: <News@G.example>\n", "news@g.example", "(none)" },
};

static void
test_a_letter_names_its_newsletter(void **state)
{
	struct newsletter_reader *reader = NULL;
	struct newsletter_look look;
	struct flow_test t;

	(void)state;
	flow_begin(&t);
	for (size_t i = 0; i < ARRAY_LEN(headers); i++) {
		const char *path = flow_write(&t, "box",
		    arena_printf(t.run.arena,
			"From x Tue Nov 24 05:00:00 2026\n%sSubject: S\n"
			"Content-Type: text/html\n\n<p>Text</p>\n",
			headers[i].fields));

		MUST(flow_newsletters_look(&t.run, t.run.arena,
		    arena_printf(t.run.arena, "mbox:%s?from=news@g.example", path), NULL,
		    &reader, &look, err));
		SAME_INT(headers[i].name, look.read, 1);
		SAME_TEXT(headers[i].name, look.feed->title, headers[i].title);
		SAME_TEXT(headers[i].name, look.feed->link, "(none)");
		SAME_TEXT(headers[i].name, look.feed->entries[0].guid, headers[i].guid);
		SAME_INT(headers[i].name, look.feed->entries[0].content.type,
		    CONTENT_HTML);
		SAME_TEXT(headers[i].name, look.feed->format, "mail");
		SAME_INT(headers[i].name, look.feed->ttl, -1);
		SAME_INT(headers[i].name, look.feed->updated, TIME_NONE);
	}
	newsletter_reader_free(reader);
	flow_end(&t);
}

/* Addresses of any length come; those that browsers and servers refuse are left out. */
static void
test_a_page_with_a_long_address(void **state)
{
	struct newsletter_reader *reader = NULL;
	struct newsletter_look look;
	struct flow_test t;

	(void)state;
	flow_begin(&t);
	for (int more = 0; more < 2; more++) {
		char url[LIMIT_URL + 1] = "https://g.example/";
		const size_t len = LIMIT_URL - 1 + (size_t)more;

		memset(url + 18, 'a', len - 18);
		MUST(flow_newsletters_look(&t.run, t.run.arena,
		    arena_printf(t.run.arena, "mbox:%s?list=g.example",
			flow_write(&t, "box",
			    arena_printf(t.run.arena,
				"From x Tue Nov 24 05:00:00 2026\n"
				"From: a@g.example\nList-Id: <g.example>\n"
				"Archived-At: <%s>\nSubject: S\n\nText\n",
				url))),
		    NULL, &reader, &look, err));
		SAME_TEXT("link", look.feed->entries[0].link, more ? "(none)" : url);
	}
	newsletter_reader_free(reader);
	flow_end(&t);
}

/* ---- what is passed over, and what is lost ------------------------------------------- */

#define IN_BOX(fields, body) \
	"From x Tue Nov 24 05:00:00 2026\nFrom: a@g.example\n" fields "\n" body "\n\n"

/* Of the list g.example: of each, how many are read, other mail, questions, lost. */
static const struct {
	const char *name, *text;
	size_t read, others, asks, lost;
	const char *lost_name;
} boxes[] = {
	{ "a letter", IN_BOX("Subject: S\nList-Id: <g.example>\n", "Text"), 1, 0, 0, 0,
	    "(none)" },
	{ "none", IN_BOX("Subject: S\n", "Text of g.example"), 0, 1, 0, 0, "(none)" },
	{ "none, with the word in its header",
	    IN_BOX("Subject: g.example\nList-Id: <h.example>\n", "Text"), 0, 1, 0, 0,
	    "(none)" },
	{ "a picture",
	    IN_BOX("Subject: S\nList-Id: <g.example>\nContent-Type: image/png\n", "Text"),
	    0, 0, 0, 1, "From x Tue Nov 24 05:00:00 2026" },
	{ "a question",
	    IN_BOX("Subject: Please confirm your subscription\nList-Id: <g.example>\n",
		"Confirm your subscription: https://g.example/c?token=abc"),
	    0, 0, 1, 0, "(none)" },
	{ "some of all",
	    IN_BOX("List-Id: <g.example>\nContent-Type: image/png\n",
		"Text") IN_BOX("Subject: S\n",
		"Text") "From y Tue Nov 24 05:00:01 2026\nFrom: a@g.example\n"
			"List-Id: <g.example>\nContent-Type: image/png\n\nText\n\n" IN_BOX(
			    "Subject: S\nList-Id: <g.example>\n", "Text"),
	    1, 1, 0, 2, "From x Tue Nov 24 05:00:00 2026" },
};

static void
test_each_message_is_counted(void **state)
{
	struct newsletter_reader *reader = NULL;
	struct newsletter_look look;
	struct flow_test t;

	(void)state;
	flow_begin(&t);
	for (size_t i = 0; i < ARRAY_LEN(boxes); i++) {
		struct source s = { .mail_read = 10,
			.mail_others = 20,
			.mail_asks = 30,
			.mail_lost = 40,
			.key = "g" };
		const char *path = flow_write(&t, "box", boxes[i].text);

		MUST(flow_newsletters_look(&t.run, t.run.arena,
		    arena_printf(t.run.arena, "mbox:%s?list=g.example", path), NULL,
		    &reader, &look, err));
		SAME_INT(boxes[i].name, look.read, boxes[i].read);
		SAME_INT(boxes[i].name, look.others, boxes[i].others);
		SAME_INT(boxes[i].name, look.asks, boxes[i].asks);
		SAME_INT(boxes[i].name, look.lost, boxes[i].lost);
		SAME_TEXT(boxes[i].name, look.lost_name, boxes[i].lost_name);
		SAME_INT(boxes[i].name, look.feed->entry_count, boxes[i].read);
		if (look.lost == 0) {
			flow_newsletters_note(t.run.arena, &s, &look);
			SAME_INT(boxes[i].name, s.mail_read, 10 + boxes[i].read);
			SAME_INT(boxes[i].name, s.mail_others, 20 + boxes[i].others);
			SAME_INT(boxes[i].name, s.mail_asks, 30 + boxes[i].asks);
			SAME_INT(boxes[i].name, s.mail_lost, 40);
		}
	}
	newsletter_reader_free(reader);
	flow_end(&t);
}

static void
test_what_is_lost_is_told(void **state)
{
	static const struct mail_case pictures[] = {
		{ "1.picture",
		    "From: a@garden.example\nList-Id: <garden.example>\n"
		    "Content-Type: image/png\n\nx",
		    NOW - 7200 },
		{ "2.picture",
		    "From: ann@garden.example\nList-Id: <garden.example>\n"
		    "Content-Type: image/png\n\nx",
		    NOW - 3600 },
	};
	static const struct cmd_case cases[] = {
		{ "one", { "-v", "fetch" }, EXIT_OK, NULL, NULL,
		    "feeds: g: 1 message could not be read and left out, first one of 75 "
		    "bytes" },
		{ "another and one more", { "-v", "fetch" }, EXIT_OK, NULL, NULL,
		    "feeds: g: 2 messages could not be read and left out, first one of " },
		{ "counted", { "feed", "show", "g" }, EXIT_OK, NULL, "unreadable    3\n",
		    NULL },
	};
	struct mail_case third = pictures[1];
	struct cmd_test t;

	(void)state;
	begin_box(&t, "list=garden.example");
	remove_box(&t);
	put_mail(&t, &pictures[0]);
	cmd_expect(&t, &cases[0]);
	put_mail(&t, &pictures[1]);
	third.file = "3.picture";
	third.arrived = NOW;
	put_mail(&t, &third);
	cmd_expect(&t, &cases[1]);
	cmd_expect(&t, &cases[2]);
	cmd_end(&t);
}

/* What was read before a signal came is kept, and no more is read. */
static void
test_a_signal_ends_the_reading(void **state)
{
	static const char two[] = IN_BOX("Subject: S\nList-Id: <g.example>\n", "Text")
	    IN_BOX("Subject: T\nList-Id: <g.example>\n", "Text");
	struct newsletter_reader *reader = NULL;
	struct newsletter_look look;
	struct flow_test t;

	(void)state;
	flow_begin(&t);
	t.interrupt = true;
	t.questions_left = 1;
	MUST(flow_newsletters_look(&t.run, t.run.arena,
	    arena_printf(t.run.arena, "mbox:%s?list=g.example",
		flow_write(&t, "box", two)),
	    NULL, &reader, &look, err));
	SAME_INT("read", look.read, 1);
	newsletter_reader_free(reader);
	reader = NULL;
	MUST_FAIL(flow_newsletters_look(&t.run, t.run.arena, "mbox:/nowhere/box?list=g",
		      NULL, &reader, &look, err),
	    ERR_CONFIG, "/nowhere/box");
	MUST_FAIL(flow_newsletters_look(&t.run, t.run.arena, "mbox:/nowhere/box", NULL,
		      &reader, &look, err),
	    ERR_CONFIG, "list=");
	assert_null(reader);
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
		cmocka_unit_test(test_a_digest_is_its_posts),
		cmocka_unit_test(test_a_letter_names_its_newsletter),
		cmocka_unit_test(test_a_page_with_a_long_address),
		cmocka_unit_test(test_each_message_is_counted),
		cmocka_unit_test(test_what_is_lost_is_told),
		cmocka_unit_test(test_a_signal_ends_the_reading),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
