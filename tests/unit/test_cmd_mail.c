/* SPDX-License-Identifier: ISC */
/*
 * A keeper and what does not go well: mail that comes in, letters that came back, feeds that
 * bring too much, somebody else's planet, copies of the database.
 */
#include "unit/planet_fixture.h"

#include <sysexits.h>

#include "list/token.h"
#include "store/notes.h"

enum { HOUR = 3600, DAY = 24 * HOUR };

#define COMMANDS "[list]\ncommand_address = planet@example.net\nwelcome = no\n"

/* ---- one message ---- */

static const struct {
	const char *name, *text;
	int code;
} messages[] = {
	{ "an ask",
	    MESSAGE("planet+subscribe@example.net", "bo@x.example", "hello", "hello"),
	    EX_OK },
	{ "no such address",
	    MESSAGE("planet+nonsense@example.net", "bo@x.example", "hi", "hi"),
	    EX_NOUSER },
	{ "nothing", "", EX_DATAERR },
	{ "words to the keeper",
	    MESSAGE("planet@example.net", "cy@x.example", "how are you", "well?"),
	    EX_OK },
};

/* Files of a folder whose names hold that. */
static size_t
count_files(const char *folder, const char *name, const char *part)
{
	char path[400];
	size_t n = 0;
	DIR *d = NULL;
	struct dirent *e = NULL;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	d = opendir(path);
	while (d && (e = readdir(d)))
		n += e->d_name[0] != '.' && strstr(e->d_name, part);
	if (d)
		(void)closedir(d);
	return n;
}

/* What mail-in starts where there is a program of ours to be started. */
static void
send_answers(struct cmd_test *t)
{
	static const struct cmd_case c = { "the answers", { "run", "--answers" }, EXIT_OK,
		NULL, NULL, NULL };

	cmd_expect(t, &c);
}

static void
mail_servers_are_told_what_they_understand(void **state)
{
	static const struct cmd_case pending = { "who asks waits",
		{ "sub", "list", "--json=address,state" }, EXIT_OK, NULL,
		"{\"address\":\"bo@x.example\",\"state\":\"pending\"}", NULL };
	static const struct cmd_case closed = { "no commands are taken", { "mail-in" },
		EX_NOPERM, "", NULL, NULL };
	static const struct cmd_case broken = {
		"a mistake of ours is no reason to send it back", { "mail-in" },
		EX_TEMPFAIL, "", NULL, "p.conf"
	};
	struct cmd_test t;

	(void)state;
	planet_begin_with(&t, COMMANDS);
	for (size_t i = 0; i < ARRAY_LEN(messages); i++) {
		const struct cmd_case c = { messages[i].name, { "mail-in" },
			messages[i].code, "", NULL, NULL };

		planet_put_input(&t, messages[i].text);
		cmd_expect(&t, &c);
	}
	SAME_INT("who reads mail sends none", count_files(t.folder, "out", ".eml"), 0);
	send_answers(&t);
	SAME_INT("the ask is answered", count_files(t.folder, "out", ".eml"), 1);
	SAME_INT("what nobody understood is kept",
	    count_files(t.data, "planetpost.db.quarantine", ".eml"), 1);
	cmd_expect(&t, &pending);
	(void)cmd_file(&t, "p.conf", planet_settings);
	planet_put_input(&t, messages[0].text);
	cmd_expect(&t, &closed);
	(void)cmd_file(&t, "p.conf", "nonsense\n");
	cmd_expect(&t, &broken);
	cmd_end(&t);
}

/* Bytes beyond any letter are read and dropped: what is in front decides. */
static void
a_message_may_be_long(void **state)
{
	static const char head[] =
	    MESSAGE("planet+help@example.net", "dee@x.example", "help", "help");
	static const struct cmd_case c = { "long", { "mail-in" }, EX_OK, "", NULL, NULL };
	const size_t len = (size_t)40 * 1024 * 1024;
	struct cmd_test t;
	char *text = NULL;

	(void)state;
	planet_begin_with(&t, COMMANDS);
	text = malloc(len + 1);
	assert_non_null(text);
	memset(text, '\n', len);
	text[len] = '\0';
	memcpy(text, head, sizeof(head) - 1);
	planet_put_input(&t, text);
	free(text);
	cmd_expect(&t, &c);
	send_answers(&t);
	SAME_INT("answered", count_files(t.folder, "out", ".eml"), 1);
	cmd_end(&t);
}

/* ---- a maildir ---- */

static void
put_in_maildir(struct cmd_test *t, const char *name, const char *text)
{
	char path[400];

	for (const char *const *dir =
		 (const char *const[]){ "box", "box/new", "box/cur", "box/tmp", NULL };
	     *dir; dir++) {
		(void)snprintf(path, sizeof(path), "%s/%s", t->folder, *dir);
		(void)mkdir(path, 0700);
	}
	(void)snprintf(path, sizeof(path), "%s/box/new/%s", t->folder, name);
	MUST(file_write(path, text, strlen(text), 0600, err));
}

static void
a_maildir_is_read_once(void **state)
{
	struct cmd_test t;
	char box[400];
	const struct cmd_case dry = { "tried", { "-vn", "mail-in", "--maildir", box },
		EXIT_OK, NULL,
		"Read 2 messages: 0 moved a reader, 0 came back, 1 answered, 1 not "
		"understood.\n",
		"" };
	const struct cmd_case read = { "read", { "-v", "mail-in", "--maildir", box },
		EXIT_OK, NULL,
		"Read 2 messages: 0 moved a reader, 0 came back, 1 answered, 1 not "
		"understood.\n",
		"" };
	const struct cmd_case again = { "again", { "-v", "mail-in", "--maildir", box },
		EXIT_OK, NULL,
		"Read 0 messages: 0 moved a reader, 0 came back, 0 answered, 0 not "
		"understood.\n",
		"" };
	const struct cmd_case nowhere = { "no maildir",
		{ "mail-in", "--maildir", "/nowhere/at/all" }, EX_TEMPFAIL, "", NULL,
		"/nowhere/at/all/new: " };
	static const struct cmd_case readers = { "nobody yet", { "sub", "list" }, EXIT_OK,
		"", NULL, NULL };
	static const struct cmd_case status = { "and told", { "status" }, EXIT_OK, NULL,
		"not understood", NULL };

	(void)state;
	planet_begin_with(&t, COMMANDS);
	(void)snprintf(box, sizeof(box), "%s/box", t.folder);
	put_in_maildir(&t, "1.a", messages[0].text);
	put_in_maildir(&t, "2.b", messages[3].text);
	cmd_expect(&t, &dry);
	SAME_INT("all is new", count_files(t.folder, "box/new", "."), 2);
	SAME_INT("nothing is kept",
	    count_files(t.data, "planetpost.db.quarantine", ".eml"), 0);
	SAME_INT("nobody is answered", count_files(t.folder, "out", ".eml"), 0);
	cmd_expect(&t, &readers);
	cmd_expect(&t, &read);
	SAME_INT("nothing is new", count_files(t.folder, "box/new", "."), 0);
	SAME_INT("all is seen", count_files(t.folder, "box/cur", ":2,S"), 2);
	SAME_INT("one is kept", count_files(t.data, "planetpost.db.quarantine", ".eml"),
	    1);
	send_answers(&t);
	SAME_INT("one is answered", count_files(t.folder, "out", ".eml"), 1);
	cmd_expect(&t, &again);
	cmd_expect(&t, &nowhere);
	cmd_expect(&t, &status);
	cmd_end(&t);
}

/* ---- what came back ---- */

#define REPORT(fields, letter) \
	"From: MAILER-DAEMON@x.example\nTo: planet@example.net\nSubject: Undelivered Mail\n" \
	"Return-Path: <>\nMIME-Version: 1.0\nContent-Type: multipart/report;\n" \
	" report-type=delivery-status; boundary=\"b\"\n\n--b\n\nIt did not work.\n\n--b\n" \
	"Content-Type: message/delivery-status\n\nReporting-MTA: dns; x.example\n\n" fields \
	"\n\n--b\nContent-Type: text/rfc822-headers\n\n" letter "\n--b--\n"

static const struct {
	const char *name, *text;
	const char *line;
} parses[] = {
	{ "no such mailbox",
	    REPORT(
		"Final-Recipient: rfc822; ann@x.example\nAction: failed\nStatus: 5.1.1\n"
		"Diagnostic-Code: smtp; 550 5.1.1 no such user",
		"Subject: hello\n"),
	    "{\"recipient\":\"ann@x.example\",\"status\":\"5.1.1\",\"action\":\"failed\","
	    "\"class\":\"hard\",\"diagnostic\":\"smtp; 550 5.1.1 no such user\"}\n" },
	{ "a full one",
	    REPORT(
		"Final-Recipient: rfc822; ann@x.example\nAction: failed\nStatus: 5.2.2\n"
		"Diagnostic-Code: smtp; 552 5.2.2 mailbox full",
		"Subject: hello\n"),
	    "\"status\":\"5.2.2\",\"action\":\"failed\",\"class\":\"soft\"" },
	{ "still tried",
	    REPORT(
		"Final-Recipient: rfc822; ann@x.example\nAction: delayed\nStatus: 4.4.1",
		"Subject: hello\n"),
	    "\"status\":\"4.4.1\",\"action\":\"delayed\",\"class\":\"soft\"" },
	{ "away",
	    "From: Bo <bo@x.example>\nTo: planet@example.net\nSubject: Out of office\n"
	    "Auto-Submitted: auto-replied\n\nI am away.\n",
	    "{\"recipient\":\"bo@x.example\",\"status\":\"\",\"action\":\"\","
	    "\"class\":\"auto-reply\",\"diagnostic\":\"\"}\n" },
	{ "a person",
	    "From: Bo <bo@x.example>\nTo: planet@example.net\nSubject: hello\n\nhello\n",
	    "{\"recipient\":\"\",\"status\":\"\",\"action\":\"\",\"class\":\"none\","
	    "\"diagnostic\":\"\"}\n" },
};

static void
a_message_that_came_back_is_explained(void **state)
{
	static const struct cmd_case nowhere = { "no file",
		{ "bounces", "parse", "/nowhere/at/all" }, EXIT_FAILED, "", NULL,
		"/nowhere/at/all: " };
	struct cmd_test t;

	(void)state;
	cmd_begin(&t, NULL);
	for (size_t i = 0; i < ARRAY_LEN(parses); i++) {
		struct cmd_case c = { parses[i].name, { "bounces", "parse" }, EXIT_OK,
			NULL, parses[i].line, NULL };

		planet_put_input(&t, parses[i].text);
		cmd_expect(&t, &c);
		t.input = NULL;
		c.words[2] = cmd_file(&t, "m.eml", parses[i].text);
		cmd_expect(&t, &c);
	}
	cmd_expect(&t, &nowhere);
	cmd_end(&t);
}

/* The word behind "b-" in the address that ann's letter of the first issue came from. */
static const char *
anns_token(struct cmd_test *t)
{
	static char text[TOKEN_SIZE];
	const struct token token = { .scope = TOKEN_BOUNCE,
		.reader = 1,
		.issue = 1,
		.made = NOW };
	struct store_options o = open_options(STORE_READ);
	unsigned char key[HASH_SIZE];
	struct store *s = NULL;
	char path[400];

	(void)snprintf(path, sizeof(path), "%s/planetpost.db", t->data);
	MUST((s = store_open(path, &o, err)) != NULL);
	MUST(store_key(s, key, err));
	close_store(s);
	token_make(key, &token, text);
	return text;
}

static const struct cmd_case after_a_bounce[] = {
	{ "the list", { "bounces", "list" }, EXIT_OK,
	    "ann@example.org\tbounced\t2026-11-24T06:00:00Z\thard\t5.1.1\n", NULL, NULL },
	{ "for programs", { "bounces", "list", "--json=address,kind,issue,reply" },
	    EXIT_OK,
	    "{\"schema\":1,\"bounces\":[{\"address\":\"ann@example.org\",\"kind\":\"hard\","
	    "\"issue\":1,\"reply\":\"smtp; 550 5.1.1 no such user\"}]}\n",
	    NULL, NULL },
	{ "of one", { "bounces", "show", "ann@example.org" }, EXIT_OK,
	    "ann@example.org is bounced\n"
	    "came back     2026-11-24T06:00:00Z  hard 5.1.1  -- smtp; 550 5.1.1 no such user\n",
	    NULL, NULL },
	{ "of one, for programs", { "bounces", "show", "ann@example.org", "--json" },
	    EXIT_OK,
	    "{\"schema\":1,\"address\":\"ann@example.org\",\"state\":\"bounced\","
	    "\"came_back\":[{\"at\":\"2026-11-24T06:00:00Z\",\"kind\":\"hard\","
	    "\"status\":\"5.1.1\",\"reply\":\"smtp; 550 5.1.1 no such user\"}]}\n",
	    NULL, NULL },
	{ "of nobody", { "bounces", "show", "x@example.org" }, EXIT_FAILED, "", NULL,
	    "nobody on the list has the address x@example.org" },
	{ "forgotten", { "-v", "bounces", "forget", "ann@example.org" }, EXIT_OK,
	    "ann@example.org: what came back is forgotten (active).\n", NULL, NULL },
	{ "forgotten of nobody", { "bounces", "forget", "x@example.org" }, EXIT_FAILED,
	    "", NULL, "nobody on the list has the address x@example.org" },
	{ "nothing is left", { "bounces", "list" }, EXIT_OK, "", NULL, NULL },
	{ "of one", { "bounces", "show", "ann@example.org" }, EXIT_OK,
	    "ann@example.org is active\n", NULL, NULL },
};

static void
who_cannot_be_reached_gets_no_more(void **state)
{
	static const struct cmd_case taken = { "mail", { "mail-in" }, EX_OK, "", NULL,
		NULL };
	static const struct cmd_case run = { "run", { "run" }, EXIT_OK, NULL, NULL, "" };
	static const struct cmd_case add = { "add",
		{ "sub", "add", "ann@example.org", "--confirmed-by", "asked me" },
		EXIT_OK, "", NULL, NULL };
	struct buf report = BUF_INIT(SAID_MAX);
	struct cmd_test t;

	(void)state;
	planet_begin_with(&t, COMMANDS);
	cmd_expect(&t, &add);
	cmd_expect(&t, &run);
	buf_addf(&report,
	    "Delivered-To: planet+b-%s@example.net\n" REPORT(
		"Final-Recipient: rfc822; ann@example.org\nAction: failed\n"
		"Status: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no such user",
		"Subject: hello\n"),
	    anns_token(&t));
	planet_put_input(&t, buf_text(&report));
	cmd_expect(&t, &taken);
	t.input = NULL;
	EXPECT_ALL(&t, after_a_bounce);
	buf_clear(&report);
	cmd_end(&t);
}

/* ---- more than a feed ever brought ---- */

#define SIX_POSTS \
	PLANET_FEED(PLANET_ITEM("One", "23", "10:00:00") PLANET_ITEM("Two", "23", \
	    "11:00:00") PLANET_ITEM("Three", "24", "01:00:00") PLANET_ITEM("Four", "24", \
	    "02:00:00") PLANET_ITEM("Five", "24", "03:00:00") \
		PLANET_ITEM("Six", "24", "04:00:00"))

static const struct cmd_case held[] = {
	{ "what needs a person", { "feed", "health" }, EXIT_OK,
	    "a\t0 hours\t4 unseen posts are held: release or drop\t"
	    "planetpost feed release a\n",
	    NULL, NULL },
	{ "for programs",
	    { "feed", "health", "--json=name,for,state,since,needs,held,failures" },
	    EXIT_OK,
	    "{\"schema\":1,\"feeds\":[{\"name\":\"a\",\"for\":\"0 hours\",\"state\":\"flood\","
	    "\"since\":\"2026-11-24T16:00:00Z\",\"needs\":\"yes\",\"held\":4,"
	    "\"failures\":0}]}\n",
	    NULL, NULL },
	{ "since then", { "feed", "health", "--since", "1h" }, EXIT_OK, NULL,
	    "a\t0 hours\t", NULL },
	{ "since later", { "feed", "health", "--since", "2026-11-25" }, EXIT_OK, "", NULL,
	    NULL },
	{ "since nothing", { "feed", "health", "--since", "soon" }, EXIT_USAGE, "", NULL,
	    "--since takes a time such as 7d, or a day such as 2026-11-24" },
	{ "of no feed", { "feed", "drop", "b" }, EXIT_FAILED, "", NULL, "b" },
};

static void
begin_flood(struct cmd_test *t)
{
	static const struct cmd_case before[] = {
		{ "add", { "sub", "add", "ann@example.org", "--confirmed-by", "asked" },
		    EXIT_OK, "", NULL, NULL },
		{ "the first posts", { "run" }, EXIT_OK, NULL, NULL, "" },
	};
	static const struct cmd_case after[] = {
		{ "four more", { "fetch" }, EXIT_OK, NULL, NULL, "" },
	};

	planet_begin_with(t, "[fetch]\nflood = 3\n");
	EXPECT_ALL(t, before);
	t->now += 10 * HOUR;
	(void)cmd_file(t, "a.xml", SIX_POSTS);
	EXPECT_ALL(t, after);
}

static void
what_is_held_is_released_or_dropped(void **state)
{
	static const struct cmd_case older[] = {
		{ "an hour ago", { "feed", "health" }, EXIT_OK, NULL, "a\t1 hour\t",
		    NULL },
	};
	static const struct cmd_case oldest[] = {
		{ "yesterday", { "feed", "health" }, EXIT_OK, NULL, "a\t1 day\t", NULL },
		{ "released", { "-v", "feed", "release", "a" }, EXIT_OK,
		    "Released 4 posts of a: news of the next issue; the next run asks for "
		    "their texts\n",
		    NULL, NULL },
		{ "once", { "feed", "release", "a" }, EXIT_FAILED, "", NULL,
		    "nothing of a is held" },
		{ "all is well", { "feed", "health", "--all" }, EXIT_OK, "", NULL, NULL },
		{ "they are news", { "-v", "run" }, EXIT_OK, NULL,
		    ": 4 entries, 1 source, ", "" },
	};
	static const struct cmd_case dropped[] = {
		{ "dropped", { "-v", "feed", "drop", "a" }, EXIT_OK,
		    "Dropped 4 posts of a: they will not be mailed\n", NULL, NULL },
		{ "once", { "feed", "drop", "a" }, EXIT_FAILED, "", NULL,
		    "nothing of a is held" },
		{ "they are no news", { "-v", "run" }, EXIT_OK, NULL,
		    "Nothing new: no issue.\n", "" },
	};
	struct cmd_test t;

	(void)state;
	begin_flood(&t);
	EXPECT_ALL(&t, held);
	t.now += HOUR;
	EXPECT_ALL(&t, older);
	t.now += 23 * HOUR;
	EXPECT_ALL(&t, oldest);
	cmd_end(&t);
	begin_flood(&t);
	EXPECT_ALL(&t, dropped);
	cmd_end(&t);
}

/* ---- somebody else's planet ---- */

static const struct cmd_case previews[] = {
	{ "a feed that is a file", { "preview", "b.xml" }, EXIT_OK, NULL,
	    "Words of Other.", "Fetched 1 feed: 1 entry, 0 failed\n" },
	{ "its address", { "preview", "file:b.xml" }, EXIT_OK, NULL, "Words of Other.",
	    "Fetched 1 feed: 1 entry, 0 failed\n" },
	{ "two of them", { "preview", "b.xml", "file:a.xml" }, EXIT_OK, NULL,
	    "Words of One.", "Fetched 2 feeds: 3 entries, 0 failed\n" },
	{ "quietly", { "-q", "preview", "b.xml" }, EXIT_OK, NULL, "Words of Other.",
	    NULL },
	{ "a list", { "preview", "list.opml" }, EXIT_OK, NULL, "Words of Other.",
	    "Fetched 1 feed: 1 entry, 0 failed\n" },
	{ "two lists", { "preview", "list.opml", "list.opml" }, EXIT_USAGE, "", NULL,
	    "one file, or addresses of feeds" },
	{ "a list of none", { "preview", "none.opml" }, EXIT_FAILED, "", NULL,
	    "none.opml names no feeds" },
	{ "no file", { "preview", "nowhere" }, EXIT_FAILED, "", NULL,
	    "hint: a file that lists feeds, or addresses of feeds" },
	{ "no address", { "preview", "b.example.org" }, EXIT_FAILED, "", NULL,
	    "hint: an address begins with https://" },
	{ "one that cannot be read", { "preview", "file:gone.xml" }, EXIT_TRY_AGAIN, "",
	    NULL, "none of the feeds could be read" },
	{ "which is told", { "preview", "file:gone.xml", "b.xml" }, EXIT_OK, NULL,
	    "Words of Other.", "gone.xml: " },
	{ "of one day", { "preview", "a.xml", "--day", "2026-11-23" }, EXIT_OK, NULL,
	    "Words of Two.", "" },
	{ "of another", { "-v", "preview", "a.xml", "--day", "2026-11-22" }, EXIT_OK,
	    NULL, "Nothing new: the next issue would be empty.\n", "" },
	{ "before then", { "-v", "preview", "a.xml", "--until", "2026-11-23" }, EXIT_OK,
	    NULL, "Nothing new", "" },
	{ "from then on", { "preview", "a.xml", "--since", "2026-11-23T10:30:00Z" },
	    EXIT_OK, NULL, "Words of Two.", "" },
	{ "no day", { "preview", "a.xml", "--day", "yesterday" }, EXIT_USAGE, "", NULL,
	    "--day, --since and --until take 2026-11-24" },
	{ "no such day", { "preview", "a.xml", "--since", "x" }, EXIT_USAGE, "", NULL,
	    "--day, --since and --until take 2026-11-24" },
	{ "no end", { "preview", "a.xml", "--until", "x" }, EXIT_USAGE, "", NULL,
	    "--day, --since and --until take 2026-11-24" },
	{ "a file that is not written",
	    { "preview", "a.xml", "--day", "2026-11-22", "-o", "never.html" }, EXIT_OK,
	    "", NULL, "nothing new: never.html is not written" },
	{ "as nobody", { "preview", "--as", "x@example.org" }, EXIT_FAILED, "", NULL,
	    "" },
	{ "as no address", { "preview", "--as", "x@" }, EXIT_USAGE, "", NULL,
	    "--as x@: " },
	{ "nothing is kept", { "status" }, EXIT_FAILED, "", NULL,
	    "there is no database" },
};

static void
somebody_elses_planet_can_be_looked_at(void **state)
{
	struct cmd_test t;
	char here[1000];

	(void)state;
	planet_begin(&t);
	(void)cmd_file(&t, "b.xml", PLANET_FEED(PLANET_ITEM("Other", "23", "12:00:00")));
	(void)cmd_file(&t, "none.opml", "<opml version='2.0'><body></body></opml>");
	assert_non_null(getcwd(here, sizeof(here)));
	(void)cmd_file(&t, "list.opml",
	    "<opml version='2.0'><body><outline type='rss' text='B' xmlUrl='file:b.xml'/>"
	    "</body></opml>");
	assert_int_equal(chdir(t.folder), 0);
	for (size_t i = 0; i < ARRAY_LEN(previews); i++) {
		if (strcmp(previews[i].name, "a list") == 0) {
			char text[800];

			(void)snprintf(text, sizeof(text),
			    "<opml version='2.0'><body><outline type='rss' text='B' "
			    "xmlUrl='file://%s/b.xml'/></body></opml>",
			    t.folder);
			(void)cmd_file(&t, "list.opml", text);
		}
		cmd_expect(&t, &previews[i]);
	}
	assert_int_equal(chdir(here), 0);
	cmd_end(&t);
}

/* ---- what somebody of the list would get ---- */

static const struct cmd_case as_readers[] = {
	/* It was written down for all; who reads weekly has not had it. */
	{ "who had it", { "-v", "preview", "--as", "ann@example.org" }, EXIT_OK,
	    "Nothing new: the next issue would be empty.\n", NULL, NULL },
	{ "who has not", { "preview", "--as", "bo@example.org" }, EXIT_OK, NULL,
	    "Words of Two.", NULL },
	{ "all of it", { "preview", "--as", "bo@example.org" }, EXIT_OK, NULL,
	    "Words of One.", NULL },
	{ "as mail", { "preview", "--eml", "--as", "bo@example.org" }, EXIT_OK, NULL,
	    "To: bo@example.org\r\n", NULL },
	{ "as nobody", { "preview", "--eml", "--as", "cy@example.org" }, EXIT_FAILED, "",
	    NULL, "nobody on the list has the address cy@example.org" },
};
static const struct cmd_case as_readers_later[] = {
	{ "one more post", { "fetch" }, EXIT_OK, NULL, NULL, "" },
	{ "who had the rest", { "preview", "--as", "ann@example.org" }, EXIT_OK, NULL,
	    "Words of Three.", NULL },
	{ "who had none", { "preview", "--as", "bo@example.org" }, EXIT_OK, NULL,
	    "Words of Three.", NULL },
	{ "gets what was missed", { "preview", "--as", "bo@example.org" }, EXIT_OK, NULL,
	    "Words of Two.", NULL },
	{ "in one subject", { "preview", "--eml", "--as", "bo@example.org" }, EXIT_OK,
	    NULL, "3 posts", NULL },
};

static void
a_letter_of_a_reader_holds_what_they_missed(void **state)
{
	static const struct cmd_case before[] = {
		{ "readers",
		    { "sub", "add", "ann@example.org", "bo@example.org", "--confirmed-by",
			"asked" },
		    EXIT_OK, "", NULL, NULL },
		{ "one of them weekly",
		    { "sub", "edit", "bo@example.org", "--rhythm", "weekly", "--day",
			"friday" },
		    EXIT_OK, "", NULL, NULL },
		{ "an issue", { "run" }, EXIT_OK, NULL, NULL, "" },
	};
	static const struct cmd_case ann[] = {
		{ "ann again", { "-v", "preview", "--as", "ann@example.org" }, EXIT_OK,
		    NULL, "Words of Three.", "" },
	};
	struct cmd_test t;

	(void)state;
	planet_begin(&t);
	EXPECT_ALL(&t, before);
	EXPECT_ALL(&t, as_readers);
	planet_goes_on(&t);
	t.now += 10 * HOUR;
	EXPECT_ALL(&t, as_readers_later);
	EXPECT_ALL(&t, ann);
	if (strstr(buf_text(&t.out), "Words of Two."))
		fail_msg("ann is shown again what she had: %s", buf_text(&t.out));
	cmd_end(&t);
}

/* ---- nobody to send to ---- */

#define NOT_SENT { "-v", "run" }, EXIT_HUMAN, NULL

static void
posts_are_kept_until_somebody_reads(void **state)
{
	static const struct cmd_case cases[] = {
		{ "no reader", NOT_SENT, NULL,
		    "nobody would get this issue: there is no reader\n  its posts are kept until "
		    "somebody reads\n  hint: planetpost sub add ADDRESS --confirmed-by TEXT" },
		{ "one", { "sub", "add", "ann@example.org", "--confirmed-by", "asked" },
		    EXIT_OK, "", NULL, NULL },
		{ "on hold", { "sub", "hold", "ann@example.org" }, EXIT_OK, NULL, NULL,
		    "" },
		{ "all on hold", NOT_SENT, NULL,
		    "nobody would get this issue: 1 reader, all on hold" },
		{ "what helps", NOT_SENT, NULL,
		    "hint: planetpost sub list --state hold     planetpost sub hold ADDRESS "
		    "--resume" },
		{ "another",
		    { "sub", "add", "bo@example.org", "--confirmed-by", "asked" },
		    EXIT_OK, "", NULL, NULL },
		{ "on hold", { "sub", "hold", "bo@example.org" }, EXIT_OK, NULL, NULL,
		    "" },
		{ "both on hold", NOT_SENT, NULL, "2 readers, all on hold" },
		{ "one is back", { "sub", "hold", "bo@example.org", "--resume" }, EXIT_OK,
		    NULL, NULL, "" },
		{ "sent", { "-v", "run" }, EXIT_OK, NULL, "1 accepted by ", "" },
	};
	struct cmd_test t;

	(void)state;
	planet_begin(&t);
	EXPECT_ALL(&t, cases);
	cmd_end(&t);
}

/* ---- documents that are no feed ---- */

static void
what_is_no_feed_is_named(void **state)
{
	static const struct cmd_case cases[] = {
		{ "a list", { "parse", "list.opml" }, EXIT_FAILED, "", NULL,
		    "list.opml is a list of feeds, not a feed\n  hint: planetpost preview "
		    "list.opml, or: planetpost import list.opml" },
		{ "a configuration", { "parse", "p.conf" }, EXIT_FAILED, "", NULL,
		    "p.conf is a configuration, not a feed\n  hint: planetpost -c p.conf config "
		    "check" },
		{ "a planet's", { "parse", "venus.ini" }, EXIT_FAILED, "", NULL,
		    "venus.ini is a list of feeds, not a feed" },
		{ "text", { "parse", "x.txt" }, EXIT_FAILED, "", NULL, "x.txt: no feed" },
		{ "an address", { "parse", "https://a.example/feed" }, EXIT_USAGE, "",
		    NULL,
		    "parse reads files, and asks nobody\n  hint: planetpost feed test "
		    "https://a.example/feed" },
	};
	struct cmd_test t;
	char here[1000];

	(void)state;
	planet_begin(&t);
	(void)cmd_file(&t, "list.opml",
	    "<opml version='2.0'><body><outline type='rss' xmlUrl='https://a.example/f'/></body>"
	    "</opml>");
	(void)cmd_file(&t, "venus.ini",
	    "[Planet]\nname = V\nowner_name = O\n[https://a.example/feed]\nname = A\n");
	(void)cmd_file(&t, "x.txt", "hello");
	assert_non_null(getcwd(here, sizeof(here)));
	assert_int_equal(chdir(t.folder), 0);
	EXPECT_ALL(&t, cases);
	assert_int_equal(chdir(here), 0);
	cmd_end(&t);
}

/* ---- copies ---- */

static const struct cmd_case copies[] = {
	{ "a database", { "feed", "list" }, EXIT_OK, NULL, NULL, NULL },
	{ "a copy", { "backup", "-" }, EXIT_OK, NULL, "SQLite format 3", NULL },
	{ "tried", { "-n", "backup", "-" }, EXIT_OK, "", NULL, NULL },
	{ "how many", { "backup", "--keep", "0", "b-%F.db" }, EXIT_USAGE, "", NULL,
	    "--keep takes a number of backups, not '0'" },
	{ "no number", { "backup", "--keep", "few", "b-%F.db" }, EXIT_USAGE, "", NULL,
	    "--keep takes a number of backups, not 'few'" },
	{ "of one name", { "backup", "--keep", "2", "b.db" }, EXIT_USAGE, "", NULL,
	    "--keep goes with the date in the name: %F in FILE" },
	{ "where nothing can be written", { "backup", "/nowhere/at/all.db" }, EXIT_FAILED,
	    "", NULL, "/nowhere/at/all.db" },
};

static void
a_copy_goes_to_standard_output(void **state)
{
	struct cmd_test t;

	(void)state;
	planet_begin(&t);
	EXPECT_ALL(&t, copies);
	/* Where it lay meanwhile nothing is left. */
	SAME_INT("copies", count_files(t.data, "", ".backup-"), 0);
	cmd_end(&t);
}

/* ---- whether a letter is ours, for programs ---- */

static void
a_letter_is_verified_for_programs(void **state)
{
	static const struct cmd_case before[] = {
		{ "add", { "sub", "add", "ann@example.org", "--confirmed-by", "asked" },
		    EXIT_OK, "", NULL, NULL },
		{ "run", { "run" }, EXIT_OK, NULL, NULL, "" },
	};
	struct cmd_test t;
	struct buf letter = BUF_INIT(SAID_MAX);
	char path[400];
	struct cmd_case c = { "as sent",
		{ "verify", path, "--json=verdict,issue,reader,state" }, EXIT_OK,
		"{\"schema\":1,\"letters\":[{\"verdict\":\"same\",\"issue\":\"2026-11-24\","
		"\"reader\":\"ann@example.org\",\"state\":\"accepted\"}]}\n",
		NULL, NULL };

	(void)state;
	planet_begin(&t);
	EXPECT_ALL(&t, before);
	(void)snprintf(path, sizeof(path), "%s/out/2026-11-24-1.eml", t.folder);
	cmd_expect(&t, &c);
	MUST(file_read(path, &letter, err));
	*strstr(letter.data, "Words of Two") = 'S';
	(void)cmd_file(&t, "other.eml", buf_text(&letter));
	(void)snprintf(path, sizeof(path), "%s/other.eml", t.folder);
	c = (struct cmd_case){ "changed",
		{ "verify", path, "--json=verdict,sent_line,found_line" }, EXIT_FAILED,
		"{\"schema\":1,\"letters\":[{\"verdict\":\"different\","
		"\"sent_line\":\"Words of Two.\",\"found_line\":\"Sords of Two.\"}]}\n",
		NULL, NULL };
	cmd_expect(&t, &c);
	(void)cmd_file(&t, "other.eml", "Subject: x\n\nx\n");
	c = (struct cmd_case){ "not ours",
		{ "verify", path, "--json=verdict,issue,reader,state,settled,line" },
		EXIT_FAILED,
		"{\"schema\":1,\"letters\":[{\"verdict\":\"unknown\",\"issue\":null,"
		"\"reader\":null,\"state\":null,\"settled\":null,\"line\":0}]}\n",
		NULL, NULL };
	cmd_expect(&t, &c);
	buf_clear(&letter);
	cmd_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mail_servers_are_told_what_they_understand),
		cmocka_unit_test(a_message_may_be_long),
		cmocka_unit_test(a_maildir_is_read_once),
		cmocka_unit_test(a_message_that_came_back_is_explained),
		cmocka_unit_test(who_cannot_be_reached_gets_no_more),
		cmocka_unit_test(what_is_held_is_released_or_dropped),
		cmocka_unit_test(somebody_elses_planet_can_be_looked_at),
		cmocka_unit_test(a_letter_of_a_reader_holds_what_they_missed),
		cmocka_unit_test(posts_are_kept_until_somebody_reads),
		cmocka_unit_test(what_is_no_feed_is_named),
		cmocka_unit_test(a_copy_goes_to_standard_output),
		cmocka_unit_test(a_letter_is_verified_for_programs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
