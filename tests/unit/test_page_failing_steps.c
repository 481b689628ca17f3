/* SPDX-License-Identifier: ISC */
/*
 * The readers' pages on a database of which one row cannot be read or written: the first, then
 * the second, until there are no more.  Whatever is asked for, the answer is the page that says
 * that this did not work, and at last what was asked for.  This program has a sqlite3_step() and
 * a sqlite3_exec() of its own in front of the library's.
 */
#define _GNU_SOURCE /* RTLD_NEXT */

#include "unit/failing_steps.h"
#include "unit/web_fixture.h"

#include "flow/address_move.h"
#include "flow/letterhead.h"
#include "list/preferences.h"
#include "store/new_address.h"
#include "store/renderings.h"

enum { MINUTE = 60, DAY = 86400 };

/* ---- what is there before ---- */

static int64_t
number(struct pages_test *p, const char *sql)
{
	int64_t n = -1;

	MUST(db_number(p->t.run.store, sql, &n, err));
	return n;
}

/* An issue that went out, with its letter as the archive has it. */
static void
add_archive(struct pages_test *p, int64_t source)
{
	struct store *s = p->t.run.store;
	struct variant v = variant_of_archive();
	struct issue i = { .name = "2026-11-23",
		.subject = "Monday",
		.state = ISSUE_DRAFT,
		.date = NOW - DAY,
		.created = NOW - DAY,
		.approved = TIME_NONE,
		.sent = TIME_NONE,
		.entry_count = 1,
		.source_count = 1 };
	const int64_t post = add_full_post(&p->t, source, "A post", NOW - DAY);
	struct rendering_key key = { .part = 1 };
	const struct rendering r = { .subject = "Monday",
		.text = "text",
		.text_len = 4,
		.html = "<p>html</p>",
		.html_len = 11 };
	struct letterhead head;

	MUST(store_issue_add(s, &i, err));
	MUST(store_issue_fill(s, i.id, &post, 1, err));
	i.state = ISSUE_APPROVED;
	i.approved = NOW - DAY;
	MUST(store_issue_number(s, &i, err));
	i.state = ISSUE_SENT;
	MUST(store_issue_update(s, &i, err));
	MUST(store_variant_intern(s, &v, err));
	key.variant_id = v.id;
	key.span = (struct span){ i.number - 1, i.number, i.id };
	MUST(letterhead_now(&p->t.run, NOW - DAY, &head, err));
	MUST(store_rendering_put(s, &key, &r, letterhead_text(p->t.run.arena, &head),
	    NULL, NOW, err));
	letterhead_clear(&head);
}

static void
begin_planet(struct pages_test *p)
{
	int64_t source = 0;

	begin_pages(p);
	p->t.settings.config.list.command_address = "planet@example.net";
	p->t.settings.config.web.archive = ARCHIVE_PUBLIC;
	/* What is shown is looked for first, and whole letters then. */
	p->t.settings.config.web.archive_full = BODY_TITLES;
	source = add_source(p->t.run.store, "a");
	(void)add_source(p->t.run.store, "b");
	add_archive(p, source);
	open_pages(p);
}

static const char *
leave_path(struct pages_test *p)
{
	return path_of(p, "/u/", token(p, TOKEN_LEAVE, p->ann.id, p->ann.epoch));
}

static void
nothing_more(struct pages_test *p)
{
	(void)p;
}

static void
ann_holds(struct pages_test *p)
{
	ask(p, WEB_POST, leave_path(p), URLENCODED, "act=hold");
	SAME_INT("held", state_of(p), READER_HOLD);
}

static void
ann_left(struct pages_test *p)
{
	ask(p, WEB_POST, leave_path(p), URLENCODED, "act=leave");
	SAME_INT("left", state_of(p), READER_LEFT);
}

/* A form of Bo's that was shown ten seconds before. */
static const char *
bos_form(struct pages_test *p)
{
	static const char before[] = "name=\"shown\" value=\"";
	const char *at = NULL;

	ask(p, WEB_GET, "/", "", "");
	at = strstr(buf_text(&p->answer.body), before);
	assert_non_null(at);
	at += sizeof(before) - 1;
	p->site.clock_ahead += 10;
	return arena_printf(p->t.run.arena,
	    "shown=%.*s&rhythm=weekly&email=bo%%40reader.example", (int)strcspn(at, "\""),
	    at);
}

static void
bo_asks(struct pages_test *p)
{
	ask(p, WEB_POST, "/subscribe", URLENCODED, bos_form(p));
	SAME_INT("asked", count_notices(p, NOTICE_CONFIRMATION), 1);
}

/* Of some blogs alone. */
static void
ann_picks(struct pages_test *p)
{
	ask(p, WEB_POST,
	    path_of(p, "/p/", token(p, TOKEN_PREFERENCES, p->ann.id, p->ann.epoch)),
	    URLENCODED, "act=save&which=only&group=all&source=a");
	SAME_INT("saved", p->answer.status, 200);
}

static void
ann_moves(struct pages_test *p)
{
	ask(p, WEB_POST,
	    path_of(p, "/p/", token(p, TOKEN_PREFERENCES, p->ann.id, p->ann.epoch)),
	    URLENCODED, "act=save&email=new%40reader.example");
	SAME_INT("asked", count_notices(p, NOTICE_ADDRESS), 1);
}

/* ---- what is asked for ---- */

enum whose { NOBODYS, ANNS, ANNS_OLD, BOS };

/* What comes first, the path with a token of somebody's behind it, and the answer at last. */
static const struct {
	const char *name;
	void (*first)(struct pages_test *p);
	const char *path;
	enum whose whose;
	enum token_scope scope;
	const char *behind; /* the token */
	const char *form;   /* NULL: it is looked at; "BO": Bo's */
	const char *said;
} cases[] = {
	{ "the way in", nothing_more, "/", NOBODYS, 0, "", NULL,
	    "<h2>In the last issue</h2>" },
	{ "a form with a mistake", nothing_more, "/subscribe", NOBODYS, 0, "", "email=x",
	    "Write the whole address" },
	{ "asking", nothing_more, "/subscribe", NOBODYS, 0, "", "BO",
	    "<h1>Check your mail</h1>" },
	{ "a code without an address", nothing_more, "/code", NOBODYS, 0, "", "email=x",
	    "Write the whole address" },
	{ "a wrong code", bo_asks, "/code", NOBODYS, 0, "",
	    "email=bo%40reader.example&code=x", "you can try" },
	{ "the archive", nothing_more, "/archive/", NOBODYS, 0, "", NULL,
	    "<h1>November 2026</h1>" },
	{ "a month", nothing_more, "/archive/2026/11/", NOBODYS, 0, "", NULL,
	    "<h1>November 2026</h1>" },
	{ "its feed", nothing_more, "/archive/atom.xml", NOBODYS, 0, "", NULL,
	    "<title>Monday</title>" },
	{ "an issue", nothing_more, "/i/2026-11-23", NOBODYS, 0, "", NULL,
	    "<p>html</p>" },
	{ "a month as mail", nothing_more, "/archive/2026-11.mbox.gz", NOBODYS, 0, "",
	    NULL, "\x1f\x8b" },
	{ "sources", nothing_more, "/sources", NOBODYS, 0, "", NULL, "<h1>2 blogs</h1>" },
	{ "their list", nothing_more, "/sources.opml", NOBODYS, 0, "", NULL, "<opml" },
	{ "leaving", nothing_more, "/u/", ANNS, TOKEN_LEAVE, "", NULL,
	    "<h1>Leave Planet X</h1>" },
	{ "who left", ann_left, "/u/", ANNS, TOKEN_LEAVE, "", NULL, "<h1>You left</h1>" },
	{ "one click", nothing_more, "/u/", ANNS, TOKEN_LEAVE, "",
	    "List-Unsubscribe=One-Click", "unsubscribed\n" },
	{ "a press", nothing_more, "/u/", ANNS, TOKEN_LEAVE, "", "act=leave",
	    "<h1>You left</h1>" },
	{ "back", ann_left, "/u/", ANNS, TOKEN_LEAVE, "", "act=undo",
	    "<p class=\"over\">You are subscribed</p>" },
	{ "nothing to take back", nothing_more, "/u/", ANNS, TOKEN_LEAVE, "", "act=undo",
	    "<p class=\"over\">You are subscribed</p>" },
	{ "once a week", nothing_more, "/u/", ANNS, TOKEN_LEAVE, "", "act=weekly",
	    "once a week, on Monday" },
	{ "a hold", nothing_more, "/u/", ANNS, TOKEN_LEAVE, "", "act=hold",
	    "until 24 December 2026" },
	{ "why", ann_left, "/u/", ANNS, TOKEN_LEAVE, "", "act=why&why=x", "Thank you" },
	{ "preferences", nothing_more, "/p/", ANNS, TOKEN_PREFERENCES, "", NULL,
	    "<h1>You are subscribed</h1>" },
	{ "a part", nothing_more, "/p/", ANNS, TOKEN_PREFERENCES, "-1", NULL,
	    "2 of 2 ticked" },
	{ "a part of it", nothing_more, "/p/", ANNS, TOKEN_PREFERENCES, "-1",
	    "act=save&source=a", "1 of 2 ticked" },
	{ "all wishes", nothing_more, "/p/", ANNS, TOKEN_PREFERENCES, "",
	    "act=save&rhythm=daily&zone=Europe/Paris&hold=2026-12-01&which=only&group=all"
	    "&source=a&email=new%40reader.example",
	    "<h1>Your letters are on hold</h1>" },
	{ "again", ann_holds, "/p/", ANNS, TOKEN_PREFERENCES, "", "act=resume",
	    "Letters come again" },
	{ "the way to the data", nothing_more, "/p/", ANNS, TOKEN_PREFERENCES, "",
	    "act=data", "A message with a link goes to your address now" },
	{ "a link that ran out", nothing_more, "/p/", ANNS_OLD, TOKEN_PREFERENCES, "",
	    NULL, "<h1>This link has run out</h1>" },
	{ "a fresh one", nothing_more, "/p/", ANNS_OLD, TOKEN_PREFERENCES, "",
	    "act=again", "a fresh one is on its way" },
	{ "the data", ann_holds, "/e/", ANNS, TOKEN_ERASE, "", NULL,
	    "ann@reader.example" },
	{ "the data of who picks", ann_picks, "/e/", ANNS, TOKEN_ERASE, "", NULL,
	    "ann@reader.example" },
	{ "the data as a file", ann_holds, "/e/", ANNS, TOKEN_ERASE, "-data", NULL,
	    "\"address\": \"ann@reader.example\"" },
	{ "a new address", ann_moves, "/a/", ANNS, TOKEN_ADDRESS, "", NULL,
	    "n...@reader.example" },
	{ "a question", bo_asks, "/c/", BOS, TOKEN_CONFIRM, "", NULL,
	    "<h1>You are not subscribed yet</h1>" },
	{ "a yes", bo_asks, "/c/", BOS, TOKEN_CONFIRM, "", "act=yes",
	    "<h1>You are subscribed</h1>" },
	{ "another letter", bo_asks, "/c/", BOS, TOKEN_CONFIRM, "", "act=again",
	    "a fresh one is on its way" },
	{ "a new address that answers", ann_moves, "/a/", ANNS, TOKEN_ADDRESS, "",
	    "act=yes", "<h1>Letters come here now</h1>" },
	{ "the end of the data", nothing_more, "/e/", ANNS, TOKEN_ERASE, "", "act=erase",
	    "Everything is deleted" },
	{ "refused", bo_asks, "/n/", BOS, TOKEN_CONFIRM, "", "act=refuse",
	    "<h1>We write to you no more</h1>" },
	{ "was not asked for", bo_asks, "/n/", BOS, TOKEN_CONFIRM, "", NULL,
	    "<h1>You did not ask for this?</h1>" },
};

static const char *
path_of_case(struct pages_test *p, size_t i)
{
	struct token t = { cases[i].scope, p->ann.id, p->ann.epoch, 1, NOW };
	char text[TOKEN_SIZE];
	struct new_address n;
	bool found = false;

	if (cases[i].whose == NOBODYS)
		return cases[i].path;
	if (cases[i].whose == ANNS_OLD)
		t.made = NOW - 31 * DAY;
	if (cases[i].whose == BOS)
		t.reader = number(p,
		    "SELECT id FROM reader WHERE address = 'bo@reader.example'");
	if (cases[i].scope == TOKEN_ADDRESS) {
		MUST(store_new_address_get(p->t.run.store, p->t.run.arena, p->ann.id, &n,
		    &found, err));
		MUST(flow_address_number(&p->t.run, &n, &t.issue, err));
	}
	token_make(p->site.key, &t, text);
	return arena_printf(p->t.run.arena, "%s%s%s", cases[i].path, text,
	    cases[i].behind);
}

/* The answer without step `fails`; true when it is that this did not work. */
static bool
fails_without(struct pages_test *p, size_t i, const char *path, const char *form,
    struct err *why)
{
	static const struct err none = ERR_INIT;

	*why = none;
	p->site.trouble = why;
	steps = 0;
	ask(p, form ? WEB_POST : WEB_GET, path, form ? URLENCODED : "", form ? form : "");
	p->site.trouble = NULL;
	if (steps <= fails)
		return false;
	if (p->answer.status != 500 || !err_is_set(why))
		fail_msg("%s: %d without step %ld: %.400s", cases[i].name,
		    p->answer.status, fails, buf_text(&p->answer.body));
	says(p, cases[i].name, "<h1>This did not work</h1>");
	SAME_INT(cases[i].name, p->answer.keep_seconds, 0);
	SAME_INT(cases[i].name, p->answer.hide, 1);
	SAME_INT(cases[i].name, db_in_transaction(p->t.run.store), 0);
	return true;
}

static void
no_page_says_what_is_not_so(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct pages_test p;
		const char *path = NULL;
		const char *form = cases[i].form;
		struct err why;

		begin_planet(&p);
		cases[i].first(&p);
		path = path_of_case(&p, i);
		if (form && strcmp(form, "BO") == 0)
			form = bos_form(&p);
		for (fails = 0; fails_without(&p, i, path, form, &why);)
			fails++;
		fails = -1;
		SAME_TEXT(cases[i].name, why.text, "");
		SAME_INT(cases[i].name, p.answer.status, 200);
		says(&p, cases[i].name, cases[i].said);
		end(&p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_page_says_what_is_not_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
