/* SPDX-License-Identifier: ISC */
/* The pages through which readers come and go: asking, the code, the link, leaving, coming back. */
#include "unit/web_fixture.h"

#include "store/asks.h"
#include "store/reader_history.h"

enum { MINUTE = 60, DAY = 86400 };

static void
begin_asking(struct pages_test *p)
{
	begin_pages(p);
	p->t.settings.config.list.command_address = "planet@example.net";
	(void)approve_issue(p->t.run.store, "2026-11-24", NOW);
	open_pages(p);
}

static void
get(struct pages_test *p, const char *path)
{
	ask(p, WEB_GET, path, "", "");
}

static void
post(struct pages_test *p, const char *path, const char *form)
{
	ask(p, WEB_POST, path, URLENCODED, form);
}

/* What the form has in its hidden field: when it was shown, signed. */
static const char *
shown_field(struct pages_test *p)
{
	static const char before[] = "name=\"shown\" value=\"";
	const char *at = NULL;

	get(p, "/");
	at = strstr(buf_text(&p->answer.body), before);
	assert_non_null(at);
	at += sizeof(before) - 1;
	return arena_strndup(p->t.run.arena, at, strcspn(at, "\""));
}

static int64_t
number(struct pages_test *p, const char *sql)
{
	int64_t n = -1;

	MUST(db_number(p->t.run.store, sql, &n, err));
	return n;
}

/* ---- asking ---- */

/* The form is sent so many seconds after it was shown: three, unless it says. */
static const struct {
	const char *name;
	const char *form; /* behind "shown=...&"; "%s" is not in it */
	int after;
	bool is_asked;
	const char *said;
} asks[] = {
	{ "a person", "email=bo%40reader.example&rhythm=weekly", 3, true,
	    "<h1>Check your mail</h1>" },
	{ "blanks around it", "email=+bo%40reader.example+&rhythm=weekly", 3, true,
	    "<b dir=\"ltr\">bo@reader.example</b>" },
	{ "who is quick", "email=bo%40reader.example&rhythm=weekly", 2, true,
	    "<h1>Check your mail</h1>" },
	{ "who is quicker than people", "email=bo%40reader.example&rhythm=weekly", 0,
	    false, "<h1>Check your mail</h1>" },
	{ "who fills in what is not seen",
	    "email=bo%40reader.example&rhythm=weekly&website=x", 3, false,
	    "<h1>Check your mail</h1>" },
	{ "no address", "email=bo&rhythm=weekly", 3, false,
	    "Error: Write the whole address, as in ann@example.org" },
	{ "no rhythm", "email=bo%40reader.example", 3, false,
	    "Error: Choose how often the letter comes" },
	{ "a rhythm that is none", "email=bo%40reader.example&rhythm=hourly", 3, false,
	    "Error: Choose how often the letter comes" },
};

static void
only_people_are_written_to(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(asks); i++) {
		struct pages_test p;
		const char *shown = NULL;

		begin_asking(&p);
		shown = shown_field(&p);
		p.site.clock_ahead += asks[i].after;
		post(&p, "/subscribe",
		    arena_printf(p.t.run.arena, "shown=%s&%s", shown, asks[i].form));
		SAME_INT(asks[i].name, p.answer.status, 200);
		says(&p, asks[i].name, asks[i].said);
		SAME_INT(asks[i].name, count_notices(&p, NOTICE_CONFIRMATION),
		    asks[i].is_asked);
		SAME_INT(asks[i].name, number(&p, "SELECT COUNT(*) FROM reader"),
		    1 + asks[i].is_asked);
		end(&p);
	}
}

/* Whoever makes up when the form was shown is a machine. */
static void
the_hour_of_a_form_is_signed(void **state)
{
	struct pages_test p;
	const char *shown = NULL;
	char *forged = NULL;

	(void)state;
	begin_asking(&p);
	shown = shown_field(&p);
	p.site.clock_ahead += 100;
	forged = arena_strdup(p.t.run.arena, shown);
	for (size_t i = 0; forged[i]; i++) {
		const char was = forged[i];

		forged[i] = was == '1' ? '2' : '1';
		post(&p, "/subscribe",
		    arena_printf(p.t.run.arena,
			"shown=%s&email=bo%%40reader.example&rhythm=weekly", forged));
		says(&p, forged, "<h1>Check your mail</h1>");
		SAME_INT(forged, count_notices(&p, NOTICE_CONFIRMATION), 0);
		forged[i] = was;
	}
	post(&p, "/subscribe", "shown=&email=bo%40reader.example&rhythm=weekly");
	post(&p, "/subscribe",
	    arena_printf(p.t.run.arena,
		"shown=%s0&email=bo%%40reader.example&rhythm=weekly", shown));
	SAME_INT("not at all, or more", count_notices(&p, NOTICE_CONFIRMATION), 0);
	post(&p, "/subscribe",
	    arena_printf(p.t.run.arena,
		"shown=%s&email=bo%%40reader.example&rhythm=weekly", shown));
	SAME_INT("as it was", count_notices(&p, NOTICE_CONFIRMATION), 1);
	end(&p);
}

static void
a_form_with_a_mistake_keeps_what_was_typed(void **state)
{
	struct pages_test p;

	(void)state;
	begin_asking(&p);
	get(&p, "/");
	says(&p, "each issue by default", "value=\"each\" id=\"rhythm\" checked>");
	says(&p, "where it goes", "<form action=\"/p/subscribe\" method=\"post\"");
	says_not(&p, "no mistake", "There is a problem");
	says(&p, "when", "every day about 7:00, when there is something new");
	says(&p, "the week", "one longer letter, on Monday");
	post(&p, "/subscribe", "email=%3Cbo%3E&rhythm=monthly");
	says(&p, "title", "<title>Error: Planet X by mail</title>");
	says(&p, "address", "value=\"&lt;bo&gt;\" aria-invalid=\"true\"");
	says(&p, "rhythm", "value=\"monthly\" checked>");
	says_not(&p, "the other is right", "Choose how often");
	post(&p, "/subscribe", "email=bo%40reader.example");
	says_not(&p, "nothing is chosen for them", "checked");
	says_not(&p, "the address is right", "Write the whole address");
	end(&p);
}

/* One network may ask so often, all together so often, and the list has so much room. */
static void
too_many_asks_are_told(void **state)
{
	static const struct {
		const char *name;
		const char *per_network, *from_all;
		int64_t room; /* list.max_subscribers */
		int status, retry;
		const char *said;
	} cases[] = {
		{ "of a network", "1 per 1h", "100 per 1h", 0, 429, 3600,
		    "<h1>Try again in an hour</h1>" },
		{ "of all", "100 per 1h", "1 per 1h", 0, 200, 0,
		    "<h1>Please ask by mail</h1>" },
		{ "of readers", "100 per 1h", "100 per 1h", 1, 200, 0,
		    "<h1>There is no more room</h1>" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct pages_test p;
		const char *shown = NULL;
		const char *form = NULL;

		begin_pages(&p);
		p.t.settings.config.list.command_address = "planet@example.net";
		p.t.settings.config.limits.asks_per_network = cases[i].per_network;
		p.t.settings.config.limits.asks_total = cases[i].from_all;
		p.t.settings.config.list.max_subscribers = cases[i].room;
		open_pages(&p);
		shown = shown_field(&p);
		p.site.clock_ahead += 10;
		for (int n = 0; n < 2; n++) {
			form = arena_printf(p.t.run.arena,
			    "shown=%s&rhythm=each&email=r%d%%40reader.example", shown, n);
			post(&p, "/subscribe", form);
		}
		says(&p, cases[i].name, cases[i].said);
		SAME_INT(cases[i].name, p.answer.status, cases[i].status);
		SAME_INT(cases[i].name, p.answer.retry_after, cases[i].retry);
		if (cases[i].room == 0)
			says(&p, cases[i].name, "mailto:planet+subscribe@example.net");
		end(&p);
	}
}

/* ---- answering ---- */

/* Bo asks; the code is what the subject of the letter begins with. */
static const char *
ask_as_bo(struct pages_test *p)
{
	const char *shown = shown_field(p);
	struct notice n;

	p->site.clock_ahead += 10;
	post(p, "/subscribe",
	    arena_printf(p->t.run.arena,
		"shown=%s&email=bo%%40reader.example&rhythm=weekly", shown));
	MUST(store_notice_get(p->t.run.store, p->t.run.arena,
	    number(p, "SELECT MAX(id) FROM notice"), &n, err));
	return arena_printf(p->t.run.arena, "%.3s%.3s", n.subject, n.subject + 4);
}

static int64_t
bos_state(struct pages_test *p)
{
	return number(p,
	    "SELECT COALESCE((SELECT state FROM reader WHERE address = 'bo@reader.example'),"
	    " -1)");
}

static const char *
with_code(struct pages_test *p, const char *code)
{
	return arena_printf(p->t.run.arena, "email=bo%%40reader.example&code=%s", code);
}

static void
a_code_subscribes(void **state)
{
	struct pages_test p;
	const char *code = NULL;
	const char *wrong = NULL;

	(void)state;
	begin_asking(&p);
	code = ask_as_bo(&p);
	wrong = *code == '1' ? "200000" : "100000";
	SAME_INT("waits", bos_state(&p), READER_PENDING);
	get(&p, "/code");
	says(&p, "without a form it is the way in", "<h2>Get it by mail</h2>");
	post(&p, "/code", "email=bo&code=1");
	says(&p, "no address", "Write the whole address");
	for (int left = 4; left > 1; left--) {
		post(&p, "/code", with_code(&p, wrong));
		says(&p, "wrong",
		    arena_printf(p.t.run.arena, "you can try %d more times", left));
		says(&p, "wrong", "<b dir=\"ltr\">bo@reader.example</b>");
	}
	post(&p, "/code", with_code(&p, wrong));
	says(&p, "wrong", "you can try once more");
	post(&p, "/code",
	    with_code(&p, arena_printf(p.t.run.arena, "%.3s+%s", code, code + 3)));
	says(&p, "right", "<h1>You are subscribed</h1>");
	says(&p, "address",
	    "<b dir=\"ltr\">b...@reader.example</b> once a week, on Monday");
	says(&p, "the way to choose", "href=\"/p/p/");
	SAME_INT("reads", bos_state(&p), READER_ACTIVE);
	end(&p);
}

static void
codes_run_out(void **state)
{
	struct pages_test p;
	const char *code = NULL;

	(void)state;
	begin_asking(&p);
	code = ask_as_bo(&p);
	for (int i = 0; i < 5; i++)
		post(&p, "/code", with_code(&p, "nonsense"));
	says(&p, "five times",
	    "Too many wrong codes: open the link in the message instead");
	post(&p, "/code", with_code(&p, code));
	says(&p, "then not even the right one", "Too many wrong codes");
	SAME_INT("waits", bos_state(&p), READER_PENDING);
	end(&p);

	begin_asking(&p);
	code = ask_as_bo(&p);
	p.site.clock_ahead += 21 * MINUTE;
	post(&p, "/code", with_code(&p, code));
	says(&p, "later", "This code has run out: open the link in the message instead");
	SAME_INT("waits", bos_state(&p), READER_PENDING);
	end(&p);
}

/* Bo's link of the letter that asked. */
static const char *
bos_link(struct pages_test *p, const char *start)
{
	const int64_t id =
	    number(p, "SELECT id FROM reader WHERE address = 'bo@reader.example'");
	const int64_t epoch =
	    number(p, "SELECT epoch FROM reader WHERE address = 'bo@reader.example'");

	return path_of(p, start, token(p, TOKEN_CONFIRM, id, epoch));
}

static void
a_link_subscribes_by_a_press(void **state)
{
	struct pages_test p;
	const char *link = NULL;

	(void)state;
	begin_asking(&p);
	(void)ask_as_bo(&p);
	link = bos_link(&p, "/c/");
	get(&p, link);
	says(&p, "looking", "<h1>You are not subscribed yet</h1>");
	says(&p, "looking",
	    "<b dir=\"ltr\">b...@reader.example</b> gets Planet X: once a week");
	SAME_INT("waits", bos_state(&p), READER_PENDING);
	post(&p, link, "act=yes");
	says(&p, "pressed", "<h1>You are subscribed</h1>");
	SAME_INT("reads", bos_state(&p), READER_ACTIVE);
	get(&p, link);
	says(&p, "again", "<h1>You are subscribed</h1>");
	post(&p, link, "act=yes");
	says(&p, "again", "<h1>You are subscribed</h1>");
	end(&p);
}

static void
who_did_not_ask_is_forgotten(void **state)
{
	static const char *const doors[] = { "/c/", "/n/" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(doors); i++) {
		struct pages_test p;
		const char *link = NULL;

		begin_asking(&p);
		(void)ask_as_bo(&p);
		link = bos_link(&p, doors[i]);
		get(&p, link);
		says(&p, doors[i],
		    i == 0 ? "I did not ask for this"
			   : "<h1>You did not ask for this?</h1>");
		SAME_INT("looking changes nothing", bos_state(&p), READER_PENDING);
		post(&p, link, "act=refuse");
		says(&p, doors[i], "<h1>We write to you no more</h1>");
		SAME_INT("nobody is left", bos_state(&p), -1);
		get(&p, link);
		says(&p, doors[i], "<h1>This link has run out</h1>");
		post(&p, link, "act=yes");
		says(&p, doors[i],
		    i == 0 ? "<h1>This link has run out</h1>"
			   : "<h1>We write to you no more</h1>");
		end(&p);
	}
}

static void
a_fresh_link_is_mailed(void **state)
{
	struct pages_test p;
	const char *link = NULL;

	(void)state;
	begin_asking(&p);
	(void)ask_as_bo(&p);
	link = bos_link(&p, "/c/");
	p.site.clock_ahead += 8 * DAY;
	get(&p, link);
	says(&p, "after a week", "<h1>This link has run out</h1>");
	post(&p, link, "act=yes");
	says(&p, "pressed", "<h1>This link has run out</h1>");
	SAME_INT("waits", bos_state(&p), READER_PENDING);
	post(&p, link, "act=again");
	says(&p, "again", "a fresh one is on its way to the same address");
	SAME_INT("two letters", count_notices(&p, NOTICE_CONFIRMATION), 2);
	end(&p);
}

/* ---- leaving ---- */

static const char *
leave_path(struct pages_test *p)
{
	return path_of(p, "/u/", token(p, TOKEN_LEAVE, p->ann.id, p->ann.epoch));
}

static void
leaving_can_be_taken_back_for_a_while(void **state)
{
	struct pages_test p;

	(void)state;
	begin_asking(&p);
	get(&p, leave_path(&p));
	says(&p, "looking", "<p class=\"over\">You are subscribed</p>");
	says(&p, "looking",
	    "It comes to <b dir=\"ltr\">a...@reader.example</b> every day about 7:00");
	says(&p, "less", "One letter a week");
	says(&p, "less", "Hold for 30 days");
	SAME_INT("reads", state_of(&p), READER_ACTIVE);
	post(&p, leave_path(&p), "act=leave");
	says(&p, "left", "<h1>You left</h1>");
	says(&p, "when", "Done on 24 November, 06:0");
	says(&p, "until", "Until 06:15 UTC one press brings back everything");
	says(&p, "why", "<h2>Tell the editor why</h2>");
	SAME_INT("left", state_of(&p), READER_LEFT);
	p.site.clock_ahead += 14 * MINUTE;
	post(&p, leave_path(&p), "act=undo");
	says(&p, "undone", "You are back, and everything is as it was.");
	SAME_INT("reads", state_of(&p), READER_ACTIVE);
	post(&p, leave_path(&p), "act=undo");
	says_not(&p, "nothing to undo", "You are back");
	post(&p, leave_path(&p), "act=leave");
	p.site.clock_ahead += 16 * MINUTE;
	get(&p, leave_path(&p));
	says(&p, "later", "<h1>You left</h1>");
	says_not(&p, "later", "value=\"undo\"");
	says_not(&p, "later", "value=\"why\"");
	post(&p, leave_path(&p), "act=undo");
	says(&p, "too late", "<h1>You left</h1>");
	SAME_INT("left", state_of(&p), READER_LEFT);
	end(&p);
}

static void
less_instead_of_leaving(void **state)
{
	struct pages_test p;

	(void)state;
	begin_asking(&p);
	post(&p, leave_path(&p), "act=weekly");
	says(&p, "weekly", "From now on one letter a week comes.");
	says(&p, "weekly", "once a week, on Monday about 7:00");
	says_not(&p, "once is enough", "value=\"weekly\"");
	SAME_INT("weekly", stored_reader(&p).cadence.rhythm, RHYTHM_WEEKLY);
	post(&p, leave_path(&p), "act=hold");
	says(&p, "hold", "Nothing comes for 30 days.");
	says(&p, "hold", "<p class=\"over\">Your letters are on hold</p>");
	says(&p, "hold", "until 24 December 2026");
	says_not(&p, "hold", "Less instead");
	SAME_INT("hold", state_of(&p), READER_HOLD);
	assert_in_range(stored_reader(&p).hold_until, NOW + 30 * DAY,
	    NOW + 30 * DAY + 60);
	SAME_INT("what is missed comes", stored_reader(&p).hold_skip, 0);
	post(&p, leave_path(&p), "act=weekly");
	says_not(&p, "who holds reads no less", "From now on");
	post(&p, leave_path(&p), "act=leave");
	post(&p, leave_path(&p), "act=hold");
	says(&p, "who left", "<h1>You left</h1>");
	SAME_INT("left", state_of(&p), READER_LEFT);
	end(&p);
}

static int64_t
reasons(struct pages_test *p)
{
	return number(p,
	    "SELECT COUNT(*) FROM notice WHERE text LIKE '%wrote on the page: too much%'");
}

static void
a_reason_goes_to_the_owner_once(void **state)
{
	struct pages_test p;

	(void)state;
	begin_asking(&p);
	post(&p, leave_path(&p), "act=why&why=too+much");
	SAME_INT("who reads has no reason", reasons(&p), 0);
	says(&p, "reads", "<p class=\"over\">You are subscribed</p>");
	post(&p, leave_path(&p), "act=leave");
	post(&p, leave_path(&p), "act=why&why=");
	says_not(&p, "nothing", "Thank you");
	SAME_INT("nothing", reasons(&p), 0);
	post(&p, leave_path(&p), "act=why&why=too+much");
	says(&p, "said", "Thank you: your line is on its way to the editor.");
	SAME_INT("said", reasons(&p), 1);
	post(&p, leave_path(&p), "act=why&why=too+much+again");
	SAME_INT("once", reasons(&p), 1);
	SAME_INT("to the owner, without the address",
	    number(&p,
		"SELECT COUNT(*) FROM notice WHERE text LIKE '%too much%' AND"
		" (text LIKE '%ann@%' OR address <> 'planet@example.net')"),
	    0);
	end(&p);
}

static const struct {
	const char *form;
	int status;
	const char *said;
} strangers[] = {
	{ "act=leave", 404, "<h1>This link is not known</h1>" },
	{ "act=undo", 404, "<h1>This link is not known</h1>" },
	{ "act=weekly", 404, "<h1>This link is not known</h1>" },
	{ "act=hold", 404, "<h1>This link is not known</h1>" },
	{ "act=why&why=x", 404, "<h1>This link is not known</h1>" },
	{ "List-Unsubscribe=One-Click", 404, "not known\n" },
};

static void
links_of_nobody_and_of_tests_change_nothing(void **state)
{
	struct pages_test p;

	(void)state;
	begin_asking(&p);
	for (size_t i = 0; i < ARRAY_LEN(strangers); i++) {
		post(&p, path_of(&p, "/u/", token(&p, TOKEN_LEAVE, 77, 0)),
		    strangers[i].form);
		SAME_INT(strangers[i].form, p.answer.status, strangers[i].status);
		says(&p, strangers[i].form, strangers[i].said);
	}
	get(&p, path_of(&p, "/u/", token(&p, TOKEN_LEAVE, 77, 0)));
	SAME_INT("looking", p.answer.status, 404);
	get(&p, path_of(&p, "/u/", token(&p, TOKEN_LEAVE, 0, 0)));
	SAME_INT("of a test", p.answer.status, 200);
	says(&p, "of a test", "<h1>This was a test letter</h1>");
	post(&p, path_of(&p, "/u/", token(&p, TOKEN_LEAVE, 0, 0)), "act=leave");
	says(&p, "of a test", "<h1>This was a test letter</h1>");
	SAME_INT("reads", state_of(&p), READER_ACTIVE);
	end(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_people_are_written_to),
		cmocka_unit_test(the_hour_of_a_form_is_signed),
		cmocka_unit_test(a_form_with_a_mistake_keeps_what_was_typed),
		cmocka_unit_test(too_many_asks_are_told),
		cmocka_unit_test(a_code_subscribes),
		cmocka_unit_test(codes_run_out),
		cmocka_unit_test(a_link_subscribes_by_a_press),
		cmocka_unit_test(who_did_not_ask_is_forgotten),
		cmocka_unit_test(a_fresh_link_is_mailed),
		cmocka_unit_test(leaving_can_be_taken_back_for_a_while),
		cmocka_unit_test(less_instead_of_leaving),
		cmocka_unit_test(a_reason_goes_to_the_owner_once),
		cmocka_unit_test(links_of_nobody_and_of_tests_change_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
