/* SPDX-License-Identifier: ISC */
/* The page of preferences: what it shows, what of a form is saved, and what is told about it. */
#include "unit/web_fixture.h"

#include "list/preferences.h"

/* Three blogs of two groups: ids 1, 2 and 3 in this order. */
static void
add_blogs(struct pages_test *p)
{
	struct source specs[3] = {
		{ .key = "ann", .url = "https://ann.example/feed", .group = "People" },
		{ .key = "bo", .url = "https://bo.example/feed", .name = "Bo's <b>" },
		{ .key = "zoo", .url = "https://zoo.example/feed", .group = "Places" },
	};

	for (size_t i = 0; i < ARRAY_LEN(specs); i++) {
		specs[i].listed = true;
		specs[i].max_per_feed = -1;
	}
	p->t.settings.config.feeds.default_group = "People";
	MUST(store_sources_sync(p->t.run.store, specs, ARRAY_LEN(specs), err));
	SAME_INT("ids begin with", specs[0].id, 1);
	SAME_INT("and end with", specs[2].id, 3);
}

static void
begin_with_blogs(struct pages_test *p)
{
	begin_pages(p);
	add_blogs(p);
	open_pages(p);
}

static const char *
own_path(struct pages_test *p)
{
	return path_of(p, "/p/", token(p, TOKEN_PREFERENCES, p->ann.id, p->ann.epoch));
}

/* What is saved of one form, and a line that tells it. */
struct form_case {
	const char *name;
	const char *form;
	const char *said;
	enum rhythm rhythm;
	int day;
	int minute;
	const char *zone;
	const char *variant; /* format body sources */
};

#define AS_IT_WAS RHYTHM_EACH, 0, CADENCE_ANY, NULL, "html default *"

/* clang-format off */
static const struct form_case form_cases[] = {
	{ "nothing", "act=save", "Everything stays as it was.", AS_IT_WAS },
	{ "the same again", "act=save&rhythm=each&length=default&format=html&which=all",
	  "Everything stays as it was.", AS_IT_WAS },
	{ "a day of the week and an hour", "act=save&rhythm=weekly&wday=friday&hour=18:00",
	  "A letter comes once a week, on Friday about 18:00; before, every day about 7:00, when there "
	  "is something new", RHYTHM_WEEKLY, 5, 1080, NULL, "html default *" },
	{ "a day of the month", "act=save&rhythm=monthly&wday=friday&mday=31",
	  "A letter comes once a month, on day 31 about 7:00", RHYTHM_MONTHLY, 31, CADENCE_ANY, NULL,
	  "html default *" },
	{ "each day has none", "act=save&rhythm=daily&wday=friday&mday=31&hour=default",
	  "Everything stays as it was.", RHYTHM_DAILY, CADENCE_ANY, CADENCE_ANY, NULL, "html default *" },
	{ "a zone", "act=save&rhythm=each&zone=Europe/Paris", "<h2 id=\"saved\">Saved</h2>",
	  RHYTHM_EACH, 0, CADENCE_ANY, "Europe/Paris", "html default *" },
	{ "a zone that is none", "act=save&rhythm=weekly&zone=Europe/Nowhere",
	  "Error: Choose a time zone from the list, as in Europe/Berlin", AS_IT_WAS },
	{ "pictures", "act=save&pictures=remote",
	  "Pictures: loaded from the blogs, which then see that somebody looks; before, as "
	  "the newsletter has them", RHYTHM_EACH, 0, CADENCE_ANY, NULL,
	  "html default remote *" },
	{ "titles as text", "act=save&length=titles&format=text",
	  "<li>Length: titles only; before, as the newsletter has it</li>\n"
	  "<li>Format: text only; before, letter with text part</li>",
	  RHYTHM_EACH, 0, CADENCE_ANY, NULL, "text titles *" },
	{ "one blog", "act=save&which=only&group=all&source=bo", "Blogs: only 1 blog; before, all",
	  RHYTHM_EACH, 0, CADENCE_ANY, NULL, "html default +2" },
	{ "two blogs, ticked in another order", "act=save&which=only&group=all&source=zoo&source=ann",
	  "Blogs: only 2 blogs; before, all", RHYTHM_EACH, 0, CADENCE_ANY, NULL, "html default +1 3" },
	{ "all but one", "act=save&which=but&group=all&source=ann&source=zoo",
	  "Blogs: 2 blogs, and those that join later; before, all",
	  RHYTHM_EACH, 0, CADENCE_ANY, NULL, "html default -2" },
	{ "all but none is all", "act=save&which=but&group=all&source=ann&source=zoo&source=bo",
	  "Everything stays as it was.", AS_IT_WAS },
	{ "a blog that there is not", "act=save&which=only&group=all&source=nobody&source=bo",
	  "Blogs: only 1 blog; before, all", RHYTHM_EACH, 0, CADENCE_ANY, NULL, "html default +2" },
	{ "none at all", "act=save&rhythm=weekly&which=only&group=all",
	  "Error: Tick at least one blog", AS_IT_WAS },
	/* The list was not on the page: the rule alone changes. */
	{ "only those that are ticked now", "act=save&which=only", "Blogs: only 3 blogs; before, all",
	  RHYTHM_EACH, 0, CADENCE_ANY, NULL, "html default +1 2 3" },
	{ "a language", "act=save&language=fr", "Langue\u00a0: fran\u00e7ais\u00a0; avant, comme la lettre",
	  RHYTHM_EACH, 0, CADENCE_ANY, NULL, "html default fr *" },
	{ "the newsletter's language", "act=save&language=default", "Everything stays as it was.",
	  AS_IT_WAS },
	{ "no address", "act=save&rhythm=weekly&email=no-address",
	  "Error: Write the whole address, as in ann@example.org", AS_IT_WAS },
	{ "another address", "act=save&email=+new%40reader.example+",
	  "A message went to new@reader.example: its link is the last step", AS_IT_WAS },
	{ "blanks are no address", "act=save&email=++", "Everything stays as it was.", AS_IT_WAS },
};
/* clang-format on */

static void
expect_wishes(struct pages_test *p, const struct form_case *c)
{
	const struct reader r = stored_reader(p);
	const char *variant = variant_key(p->t.run.arena, &r.variant);

	SAME_INT(c->name, r.cadence.rhythm, c->rhythm);
	if (c->rhythm == RHYTHM_WEEKLY || c->rhythm == RHYTHM_MONTHLY)
		SAME_INT(c->name, r.cadence.day, c->day);
	SAME_INT(c->name, r.cadence.minute, c->minute);
	SAME_TEXT(c->name, r.cadence.zone ? r.cadence.zone : "", c->zone ? c->zone : "");
	SAME_TEXT(c->name, variant, c->variant);
}

static void
one_form_saves_what_is_wished(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(form_cases); i++) {
		const struct form_case *c = &form_cases[i];
		const bool has_problem = strncmp(c->said, "Error", 5) == 0;
		struct pages_test p;

		begin_with_blogs(&p);
		ask(&p, WEB_POST, own_path(&p), URLENCODED, c->form);
		SAME_INT(c->name, p.answer.status, 200);
		says(&p, c->name, c->said);
		if (has_problem) {
			says(&p, c->name, "<title>Error: Your preferences");
			says_not(&p, c->name, "id=\"saved\"");
		} else {
			says_not(&p, c->name, "<title>Error");
			says(&p, c->name, "id=\"saved\"");
		}
		expect_wishes(&p, c);
		end(&p);
	}
}

static void
what_is_wrong_stands_where_it_was_typed(void **state)
{
	struct pages_test p;

	(void)state;
	begin_with_blogs(&p);
	ask(&p, WEB_POST, own_path(&p), URLENCODED,
	    "act=save&rhythm=monthly&zone=%3CMars%3E&hold=2026-11-01&email=a%26b&which=only&"
	    "group=all");
	says(&p, "zone", "name=\"zone\" list=\"zones\" value=\"&lt;Mars&gt;\"");
	says(&p, "day", "name=\"hold\" type=\"date\" value=\"2026-11-01\"");
	says(&p, "address", "name=\"email\" type=\"email\" value=\"a&amp;b\"");
	says(&p, "rhythm", "value=\"monthly\" class=\"on-month\" checked>");
	says(&p, "zone", "<li><a href=\"#zone\">Choose a time zone");
	says(&p, "blogs", "<li><a href=\"#which\">Tick at least one blog</a></li>");
	says(&p, "hold",
	    "<li><a href=\"#hold\">Choose a day within the next year</a></li>");
	says(&p, "address", "<li><a href=\"#new\">Write the whole address");
	SAME_INT("nothing is saved", stored_reader(&p).cadence.rhythm, RHYTHM_EACH);
	SAME_INT("and nothing is mailed", count_notices(&p, NOTICE_ADDRESS), 0);
	end(&p);
}

static void
the_form_shows_what_was_chosen(void **state)
{
	struct pages_test p;

	(void)state;
	begin_pages(&p);
	add_blogs(&p);
	p.ann.cadence = (struct cadence){ RHYTHM_WEEKLY, 5, 18 * 60 + 30, "Asia/Tokyo" };
	p.ann.variant = (struct variant){ .length = LENGTH_SHORT,
		.format = FORMAT_TEXT,
		.sources = "-2" };
	MUST(store_reader_update(p.t.run.store, &p.ann, err));
	open_pages(&p);
	ask(&p, WEB_GET, own_path(&p), "", "");
	says(&p, "rhythm", "value=\"weekly\" class=\"on-week\" checked>");
	says_not(&p, "one rhythm", "value=\"each\" checked");
	says(&p, "day", "<option value=\"friday\" selected>Friday</option>");
	says(&p, "monday comes first",
	    "name=\"wday\"><option value=\"monday\">Monday</option>"
	    "<option value=\"tuesday\">");
	says(&p, "sunday comes last",
	    "<option value=\"sunday\">Sunday</option></select>");
	says(&p, "an hour of its own",
	    "<option value=\"18:00\">18:00</option>"
	    "<option value=\"18:30\" selected>18:30</option>"
	    "<option value=\"19:00\">19:00</option>");
	says(&p, "not as the newsletter",
	    "<option value=\"default\">as the newsletter</");
	says(&p, "the first of the month", "<option value=\"1\" selected>1</option>");
	says(&p, "the last of the month",
	    "<option value=\"31\">the last</option></select>");
	says(&p, "zone", "value=\"Asia/Tokyo\" placeholder=\"UTC\"");
	says(&p, "length", "value=\"short\" checked>");
	says(&p, "the usual length",
	    "value=\"default\"> <span>As the newsletter has it<br>"
	    "<small>the beginning of each post</small>");
	says(&p, "more than that", "name=\"length\" value=\"whole\">");
	says(&p, "format", "value=\"text\" checked>");
	says(&p, "rule", "value=\"but\" checked>");
	says(&p, "all", "<span>All 3<br>");
	says(&p, "group", "People <small>1 of 2 ticked</small>");
	says(&p, "the other group", "Places <small>1 of 1 ticked</small>");
	says(&p, "ticked", "name=\"source\" value=\"ann\" checked>");
	says(&p, "not ticked",
	    "name=\"source\" value=\"bo\"> <span><bdi>Bo&#39;s &lt;b&gt;");
	says(&p, "address",
	    "<b dir=\"ltr\">a...@reader.example</b> once a week, on Friday");
	says_not(&p, "its whole", "ann@reader.example");
	says(&p, "no hold", "name=\"hold\" type=\"date\" value=\"\"");
	says(&p, "what is missed comes", "name=\"missed\" value=\"yes\" checked>");
	end(&p);
}

static void
whole_hours_stand_once(void **state)
{
	struct pages_test p;

	(void)state;
	begin_pages(&p);
	p.ann.cadence = (struct cadence){ RHYTHM_MONTHLY, 31, 0, NULL };
	MUST(store_reader_update(p.t.run.store, &p.ann, err));
	open_pages(&p);
	ask(&p, WEB_GET, own_path(&p), "", "");
	says(&p, "midnight",
	    "<option value=\"0:00\" selected>0:00</option><option value=\"1:00\">");
	says(&p, "the last of the month",
	    "<option value=\"31\" selected>the last</option></select>");
	says(&p, "the last hour", "<option value=\"23:00\">23:00</option></select>");
	says(&p, "monday by default",
	    "name=\"wday\"><option value=\"monday\" selected>Monday</option>");
	end(&p);
}

/* ---- hold ---- */

/* Today is 24 November 2026, six o'clock. */
static const struct {
	const char *name, *form;
	const char *said;
	int64_t until; /* TIME_NONE: no hold */
	bool skip;
} hold_cases[] = {
	{ "tomorrow", "act=save&hold=2026-11-25&missed=yes",
	    "on hold until 25 November 2026; before, not on hold", 1795564800, false },
	{ "what is missed does not come", "act=save&hold=2026-11-25",
	    "on hold until 25 November 2026; before, not on hold", 1795564800, true },
	{ "in Tokyo that day begins sooner",
	    "act=save&hold=2026-11-25&missed=yes&zone=Asia/Tokyo",
	    "on hold until 25 November 2026; before, not on hold", 1795564800 - 9 * 3600,
	    false },
	{ "today has begun", "act=save&hold=2026-11-24",
	    "Error: Choose a day within the next year", TIME_NONE, false },
	{ "the last day there is", "act=save&hold=2027-11-25",
	    "on hold until 25 November 2027; before, not on hold",
	    1795564800 + 365 * 86400, true },
	{ "a day more", "act=save&hold=2027-11-26",
	    "Error: Choose a day within the next year", TIME_NONE, false },
	{ "no day", "act=save&hold=2026-13-01",
	    "Error: Choose a day within the next year", TIME_NONE, false },
	{ "words", "act=save&hold=tomorrow", "Error: Choose a day within the next year",
	    TIME_NONE, false },
	{ "a moment", "act=save&hold=2026-12-01T10:00:00Z",
	    "Error: Choose a day within the next year", TIME_NONE, false },
};

static void
a_hold_ends_on_a_day(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(hold_cases); i++) {
		const bool holds = hold_cases[i].until != TIME_NONE;
		struct pages_test p;
		struct reader r;

		begin_with_blogs(&p);
		ask(&p, WEB_POST, own_path(&p), URLENCODED, hold_cases[i].form);
		says(&p, hold_cases[i].name, hold_cases[i].said);
		r = stored_reader(&p);
		SAME_INT(hold_cases[i].name, r.state,
		    holds ? READER_HOLD : READER_ACTIVE);
		SAME_INT(hold_cases[i].name, r.hold_until, hold_cases[i].until);
		SAME_INT(hold_cases[i].name, r.hold_skip, hold_cases[i].skip);
		end(&p);
	}
}

/* Somebody whose letters are on hold until 1 December in Tokyo, and what a form does to it. */
static const struct {
	const char *name, *form;
	int64_t until_before, until; /* TIME_NONE as until: of no day */
	enum reader_state state;
} held_cases[] = {
	{ "the day as it was", "act=save&hold=2026-12-01&missed=yes", 1796050800,
	    1796050800, READER_HOLD },
	{ "another day", "act=save&hold=2026-12-02&missed=yes", 1796050800,
	    1796050800 + 86400, READER_HOLD },
	{ "no day ends it", "act=save&hold=&missed=yes", 1796050800, TIME_NONE,
	    READER_ACTIVE },
	{ "a hold without a day stays", "act=save&hold=&missed=yes", TIME_NONE, TIME_NONE,
	    READER_HOLD },
	{ "a form without the field", "act=save", 1796050800, 1796050800, READER_HOLD },
	{ "resume", "act=resume", 1796050800, TIME_NONE, READER_ACTIVE },
};

static void
a_hold_is_changed_or_ended(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(held_cases); i++) {
		struct pages_test p;
		struct reader r;

		begin_pages(&p);
		p.ann.state = READER_HOLD;
		p.ann.hold_until = held_cases[i].until_before;
		p.ann.cadence.zone = "Asia/Tokyo";
		MUST(store_reader_update(p.t.run.store, &p.ann, err));
		open_pages(&p);
		ask(&p, WEB_GET, own_path(&p), "", "");
		says(&p, held_cases[i].name, "<h1>Your letters are on hold</h1>");
		if (held_cases[i].until_before != TIME_NONE)
			says(&p, held_cases[i].name,
			    "name=\"hold\" type=\"date\" value=\"2026-12-01\"");
		ask(&p, WEB_POST, own_path(&p), URLENCODED, held_cases[i].form);
		r = stored_reader(&p);
		SAME_INT(held_cases[i].name, r.state, held_cases[i].state);
		if (r.state == READER_HOLD)
			SAME_INT(held_cases[i].name, r.hold_until, held_cases[i].until);
		end(&p);
	}
}

/* ---- who it is ---- */

static const struct {
	const char *name;
	enum reader_state state;
	const char *looks, *resumes;
	enum reader_state after;
} states[] = {
	{ "who reads", READER_ACTIVE, "<h1>You are subscribed</h1>", "Letters come again",
	    READER_ACTIVE },
	{ "whose mail came back", READER_BOUNCED, "<h1>Letters came back</h1>",
	    "Letters come again", READER_ACTIVE },
	{ "who never answered", READER_PENDING, "<h1>You are not subscribed yet</h1>",
	    "Letters come again", READER_PENDING },
	{ "who left", READER_LEFT, "a...@reader.example", "a...@reader.example",
	    READER_LEFT },
	{ "who was removed", READER_REMOVED, "a...@reader.example", "a...@reader.example",
	    READER_REMOVED },
};

static void
the_page_knows_how_it_stands_with_its_reader(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(states); i++) {
		const bool is_gone =
		    states[i].state == READER_LEFT || states[i].state == READER_REMOVED;
		struct pages_test p;

		begin_pages(&p);
		add_blogs(&p);
		p.ann.state = states[i].state;
		MUST(store_reader_update(p.t.run.store, &p.ann, err));
		open_pages(&p);
		ask(&p, WEB_GET, own_path(&p), "", "");
		says(&p, states[i].name, states[i].looks);
		if (is_gone) {
			says_not(&p, states[i].name, "name=\"rhythm\"");
			ask(&p, WEB_POST, own_path(&p), URLENCODED,
			    "act=save&rhythm=weekly");
			says_not(&p, states[i].name, "Saved");
			SAME_INT(states[i].name, stored_reader(&p).cadence.rhythm,
			    RHYTHM_EACH);
			ask(&p, WEB_POST, path_of(&p, own_path(&p), "-1"), URLENCODED,
			    "act=save&source=bo");
			says(&p, states[i].name, states[i].looks);
		}
		ask(&p, WEB_POST, own_path(&p), URLENCODED, "act=resume");
		SAME_INT(states[i].name, p.answer.status, 200);
		says(&p, states[i].name, states[i].resumes);
		SAME_INT(states[i].name, state_of(&p), states[i].after);
		end(&p);
	}
}

static void
a_link_of_a_test_letter_changes_nobody(void **state)
{
	struct pages_test p;

	(void)state;
	begin_with_blogs(&p);
	ask(&p, WEB_POST, path_of(&p, "/p/", token(&p, TOKEN_PREFERENCES, 0, 0)),
	    URLENCODED, "act=save&rhythm=weekly");
	SAME_INT("status", p.answer.status, 200);
	says(&p, "test", "test");
	says_not(&p, "no form", "name=\"rhythm\"");
	ask(&p, WEB_GET, path_of(&p, "/p/", token(&p, TOKEN_PREFERENCES, 77, 0)), "", "");
	SAME_INT("nobody's", p.answer.status, 404);
	ask(&p, WEB_POST, path_of(&p, "/p/", token(&p, TOKEN_PREFERENCES, 77, 0)),
	    URLENCODED, "act=resume");
	SAME_INT("nobody's", p.answer.status, 404);
	ask(&p, WEB_POST, path_of(&p, "/p/", token(&p, TOKEN_PREFERENCES, 77, 0)),
	    URLENCODED, "act=save");
	SAME_INT("nobody's", p.answer.status, 404);
	end(&p);
}

/* ---- many sources ---- */

/* So many of one group, and one of another: keys s000 and so on, "zz" last. */
static void
add_many(struct pages_test *p, size_t count)
{
	struct source *specs = arena_array(p->t.run.arena, count + 1, sizeof(*specs));

	for (size_t i = 0; i < count; i++)
		specs[i] = (struct source){ .key =
						arena_printf(p->t.run.arena, "s%03zu", i),
			.url = arena_printf(p->t.run.arena, "https://a.example/%zu", i),
			.group = "Blogs",
			.listed = true,
			.max_per_feed = -1 };
	specs[count] = (struct source){ .key = "zz",
		.url = "https://zz.example/feed",
		.group = "Zoos",
		.listed = true,
		.max_per_feed = -1 };
	MUST(store_sources_sync(p->t.run.store, specs, count + 1, err));
}

static void
forty_blogs_are_on_the_page_more_are_behind_links(void **state)
{
	struct pages_test p;

	(void)state;
	begin_pages(&p);
	add_many(&p, 39);
	open_pages(&p);
	ask(&p, WEB_GET, own_path(&p), "", "");
	says(&p, "forty", "name=\"source\" value=\"s038\" checked>");
	says(&p, "the first group is open",
	    "<details open>\n<summary>Blogs <small>39 of 39");
	says(&p, "the others are not", "<details>\n<summary>Zoos <small>1 of 1 ticked");
	end(&p);

	begin_pages(&p);
	add_many(&p, 40);
	open_pages(&p);
	ask(&p, WEB_GET, own_path(&p), "", "");
	says_not(&p, "forty-one", "name=\"source\"");
	says(&p, "group by group",
	    "-1\">Blogs: s000 to s039</a> <small>40 of 40 ticked</small>");
	says(&p, "the last", "-2\">Zoos: zz to zz</a> <small>1 of 1 ticked</small>");
	end(&p);
}

/* Parts of 61 + 1: sixty, one, and the other group. */
static void
parts_are_saved_each_by_itself(void **state)
{
	static const struct {
		const char *part;
		int status;
		const char *first; /* of its sources */
		const char *not_there;
	} parts[] = {
		{ "-1", 200, "value=\"s000\"", "value=\"s060\"" },
		{ "-2", 200, "value=\"s060\"", "value=\"s059\"" },
		{ "-3", 200, "value=\"zz\"", "value=\"s060\"" },
		{ "-4", 404, NULL, NULL },
		{ "-0", 404, NULL, NULL },
		{ "-x", 404, NULL, NULL },
	};
	struct pages_test p;
	const char *path = NULL;

	(void)state;
	begin_pages(&p);
	add_many(&p, 61);
	open_pages(&p);
	path = own_path(&p);
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		ask(&p, WEB_GET, path_of(&p, path, parts[i].part), "", "");
		SAME_INT(parts[i].part, p.answer.status, parts[i].status);
		if (!parts[i].first)
			continue;
		says(&p, parts[i].part, parts[i].first);
		says_not(&p, parts[i].part, parts[i].not_there);
		says_not(&p, parts[i].part, "Saved.");
	}
	/* Of the second part nothing: all but s060, whose id is 61. */
	ask(&p, WEB_POST, path_of(&p, path, "-2"), URLENCODED, "act=save");
	says(&p, "second", "Saved.");
	says(&p, "second", "0 of 1 ticked");
	SAME_TEXT("second", stored_reader(&p).variant.sources, "-61");
	ask(&p, WEB_POST, path_of(&p, path, "-3"), URLENCODED, "act=save");
	SAME_TEXT("the other stays", stored_reader(&p).variant.sources, "-61 62");
	ask(&p, WEB_POST, path_of(&p, path, "-2"), URLENCODED, "act=save&source=s060");
	SAME_TEXT("ticked again", stored_reader(&p).variant.sources, "-62");
	/* Under the other rule: all that is ticked now. */
	ask(&p, WEB_POST, path, URLENCODED, "act=save&which=only");
	ask(&p, WEB_POST, path_of(&p, path, "-1"), URLENCODED, "act=save&source=s007");
	SAME_TEXT("only", stored_reader(&p).variant.sources, "+8 61");
	ask(&p, WEB_POST, path_of(&p, path, "-2"), URLENCODED, "act=save");
	SAME_TEXT("one is left", stored_reader(&p).variant.sources, "+8");
	ask(&p, WEB_POST, path_of(&p, path, "-1"), URLENCODED, "act=save");
	SAME_TEXT("none at all is not saved", stored_reader(&p).variant.sources, "+8");
	end(&p);
}

static void
a_store_that_cannot_be_written_is_a_page(void **state)
{
	static const char *const forms[] = { "act=save&rhythm=weekly", "act=resume" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		struct pages_test p;

		begin_pages(&p);
		p.ann.state = READER_HOLD;
		MUST(store_reader_update(p.t.run.store, &p.ann, err));
		MUST(site_open(&p.t.run, &p.site, err)); /* makes the key */
		flow_break_store(&p.t);
		open_pages(&p);
		ask(&p, WEB_POST, own_path(&p), URLENCODED, forms[i]);
		SAME_INT(forms[i], p.answer.status, 500);
		says(&p, forms[i], "This did not work");
		SAME_INT(forms[i], stored_reader(&p).state, READER_HOLD);
		SAME_INT(forms[i], stored_reader(&p).cadence.rhythm, RHYTHM_EACH);
		SAME_INT(forms[i], db_in_transaction(p.t.run.store), 0);
		end(&p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_form_saves_what_is_wished),
		cmocka_unit_test(what_is_wrong_stands_where_it_was_typed),
		cmocka_unit_test(the_form_shows_what_was_chosen),
		cmocka_unit_test(whole_hours_stand_once),
		cmocka_unit_test(a_hold_ends_on_a_day),
		cmocka_unit_test(a_hold_is_changed_or_ended),
		cmocka_unit_test(the_page_knows_how_it_stands_with_its_reader),
		cmocka_unit_test(a_link_of_a_test_letter_changes_nobody),
		cmocka_unit_test(forty_blogs_are_on_the_page_more_are_behind_links),
		cmocka_unit_test(parts_are_saved_each_by_itself),
		cmocka_unit_test(a_store_that_cannot_be_written_is_a_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
