/* SPDX-License-Identifier: ISC */
/*
 * What the page of preferences gives its template, each value to the letter: the keeper's own
 * template shows it.  And what of a form is kept, and told.
 */
#include "unit/web_fixture.h"

#include "list/preferences.h"
#include "store/new_address.h"
#include "store/reader_history.h"

enum { HOUR = 3600, DAY = 86400 };

/* A newsletter that has a page of preferences of its own. */
static void
begin_with(struct pages_test *p, const char *text)
{
	const char *dir = NULL;

	begin_pages(p);
	dir = arena_printf(p->t.run.arena, "%s/own", p->t.folder);
	SAME_INT("a folder", mkdir(dir, 0700), 0);
	(void)flow_write(&p->t, "own/page-preferences.html", text);
	p->t.settings.config.digest.template_dir = dir;
}

/* Three blogs of two groups: ids 1, 2 and 3 in this order. */
static void
add_blogs(struct pages_test *p)
{
	struct source specs[3] = {
		{ .key = "ann", .url = "https://ann.example/feed", .group = "People" },
		{ .key = "bo", .url = "https://bo.example/feed", .name = "Bo" },
		{ .key = "zoo", .url = "https://zoo.example/feed", .group = "Places" },
	};

	for (size_t i = 0; i < ARRAY_LEN(specs); i++) {
		specs[i].listed = true;
		specs[i].max_per_feed = -1;
	}
	p->t.settings.config.feeds.default_group = "People";
	MUST(store_sources_sync(p->t.run.store, specs, ARRAY_LEN(specs), err));
}

static const char *
own_path(struct pages_test *p)
{
	return path_of(p, "/p/", token(p, TOKEN_PREFERENCES, p->ann.id, p->ann.epoch));
}

/* What the page says when it is looked at (form NULL), or sent. */
static void
shows(struct pages_test *p, const char *name, const char *form, const char *want)
{
	ask(p, form ? WEB_POST : WEB_GET, own_path(p), form ? URLENCODED : "",
	    form ? form : "");
	SAME_INT(name, p->answer.status, 200);
	SAME_TEXT(name, buf_text(&p->answer.body), want);
}

static void
update_ann(struct pages_test *p)
{
	MUST(store_reader_update(p->t.run.store, &p->ann, err));
}

/* ---- how it stands ---- */

static const char state_form[] =
    "{{#is_held}}held{{/is_held}}{{#is_bounced}}bounced{{/is_bounced}}"
    "{{#is_waiting}}waits{{/is_waiting}}{{#is_reading}}reads{{/is_reading}} "
    "until={{held_until}} due={{due}} hold={{hold}}"
    "{{#sends_missed}} missed{{/sends_missed}}";

static const struct {
	const char *name;
	enum reader_state state;
	const char *zone;
	int64_t hold_until, due;
	bool skip;
	const char *want;
} states[] = {
	{ "reads", READER_ACTIVE, NULL, TIME_NONE, TIME_NONE, false,
	    "reads until= due= hold= missed" },
	{ "a letter that is due", READER_ACTIVE, NULL, TIME_NONE, NOW, false,
	    "reads until= due= hold= missed" },
	{ "in a second", READER_ACTIVE, NULL, TIME_NONE, NOW + 1, false,
	    "reads until= due=Tuesday, 24 November hold= missed" },
	{ "tomorrow in Tokyo", READER_ACTIVE, "Asia/Tokyo", TIME_NONE, NOW + 9 * HOUR,
	    false, "reads until= due=Wednesday, 25 November hold= missed" },
	{ "a hold that was", READER_ACTIVE, NULL, NOW + DAY, TIME_NONE, false,
	    "reads until= due= hold= missed" },
	{ "holds", READER_HOLD, NULL, NOW + DAY, NOW + DAY, false,
	    "held until=25 November 2026 due= hold=2026-11-25 missed" },
	{ "holds in Tokyo", READER_HOLD, "Asia/Tokyo", NOW + DAY + 9 * HOUR, TIME_NONE,
	    true, "held until=26 November 2026 due= hold=2026-11-26" },
	{ "holds in no zone", READER_HOLD, "Europe/Nowhere", NOW + DAY + 9 * HOUR,
	    TIME_NONE, true, "held until=25 November 2026 due= hold=2026-11-25" },
	{ "holds for ever", READER_HOLD, NULL, TIME_NONE, NOW + DAY, false,
	    "held until= due= hold= missed" },
	{ "bounced", READER_BOUNCED, NULL, TIME_NONE, NOW + DAY, false,
	    "bounced until= due= hold= missed" },
	{ "waits", READER_PENDING, NULL, TIME_NONE, NOW + DAY, false,
	    "waits until= due= hold= missed" },
};

static void
the_page_says_how_it_stands(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(states); i++) {
		struct pages_test p;

		begin_with(&p, state_form);
		p.ann.state = states[i].state;
		p.ann.cadence.zone = states[i].zone;
		p.ann.hold_until = states[i].hold_until;
		p.ann.due = states[i].due;
		p.ann.hold_skip = states[i].skip;
		update_ann(&p);
		open_pages(&p);
		shows(&p, states[i].name, NULL, states[i].want);
		end(&p);
	}
}

/* ---- what can be chosen ---- */

static const char choices_form[] =
    "{{#is_each}} each{{/is_each}}{{#is_daily}} daily{{/is_daily}}"
    "{{#is_weekdays}} weekdays{{/is_weekdays}}{{#is_weekly}} weekly{{/is_weekly}}"
    "{{#is_monthly}} monthly{{/is_monthly}},"
    "{{#is_usual}} usual{{/is_usual}}{{#is_whole}} whole{{/is_whole}}"
    "{{#is_short}} short{{/is_short}}{{#is_titles}} titles{{/is_titles}},"
    "{{#is_html}} html{{/is_html}}{{#is_text}} text{{/is_text}}"
    "{{#is_digest}} digest{{/is_digest}}{{#is_rfc1153}} plain{{/is_rfc1153}},"
    "{{#takes_all}} all{{/takes_all}}{{#takes_only}} only{{/takes_only}}"
    "{{#takes_but}} but{{/takes_but}}, {{usual_length}},"
    "{{#pictures}}{{#chosen}} {{value}}{{/chosen}}{{/pictures}}";

static const struct {
	const char *want;
	enum rhythm rhythm;
	enum length_wish length;
	enum letter_format format;
	const char *sources;
	enum entry_body usual;
	enum picture_wish pictures;
} choices[] = {
	{ " each, usual, html, all, the beginning of each post, default", RHYTHM_EACH,
	    LENGTH_DEFAULT, FORMAT_HTML, "*", BODY_SHORT, PICTURES_DEFAULT },
	{ " daily, whole, text, only, whole posts, none", RHYTHM_DAILY, LENGTH_WHOLE,
	    FORMAT_TEXT, "+1", BODY_WHOLE, PICTURES_NONE },
	{ " weekdays, short, digest, but, titles only, link", RHYTHM_WEEKDAYS,
	    LENGTH_SHORT, FORMAT_DIGEST, "-1", BODY_TITLES, PICTURES_LINK },
	{ " weekly, titles, plain, all, whole posts, first", RHYTHM_WEEKLY, LENGTH_TITLES,
	    FORMAT_PLAIN, "*", BODY_WHOLE, PICTURES_FIRST },
	{ " monthly, usual, html, all, whole posts, inline", RHYTHM_MONTHLY,
	    LENGTH_DEFAULT, FORMAT_HTML, "*", BODY_WHOLE, PICTURES_INLINE },
	{ " monthly, usual, html, all, whole posts, remote", RHYTHM_MONTHLY,
	    LENGTH_DEFAULT, FORMAT_HTML, "*", BODY_WHOLE, PICTURES_REMOTE },
};

static void
what_was_chosen_is_chosen(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(choices); i++) {
		struct pages_test p;

		begin_with(&p, choices_form);
		add_blogs(&p);
		p.t.settings.config.digest.body = choices[i].usual;
		p.ann.cadence.rhythm = choices[i].rhythm;
		p.ann.variant.length = choices[i].length;
		p.ann.variant.format = choices[i].format;
		p.ann.variant.sources = choices[i].sources;
		p.ann.variant.pictures = choices[i].pictures;
		update_ann(&p);
		open_pages(&p);
		shows(&p, choices[i].want, NULL, choices[i].want);
		end(&p);
	}
}

static void
languages_are_called_by_their_own_names(void **state)
{
	static const struct {
		const char *language, *want;
	} cases[] = {
		{ NULL,
		    " default=as the newsletter* de=Deutsch en=English fr=fran\u00e7ais "
		    "xx=Xish" },
		{ "",
		    " default=as the newsletter* de=Deutsch en=English fr=fran\u00e7ais "
		    "xx=Xish" },
		{ "en",
		    " default=as the newsletter de=Deutsch en=English* "
		    "fr=fran\u00e7ais xx=Xish" },
		{ "xx",
		    " default=as the newsletter de=Deutsch en=English "
		    "fr=fran\u00e7ais xx=Xish*" },
	};
	static const char form[] =
	    "{{#languages}} {{value}}={{label}}{{#chosen}}*{{/chosen}}{{/languages}}";

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		static const char *const folders[] = { "en", "xx" };
		struct pages_test p;

		begin_with(&p, form);
		for (size_t n = 0; n < ARRAY_LEN(folders); n++) {
			MUST(file_make_dirs(arena_printf(p.t.run.arena, "%s/own/%s",
						p.t.folder, folders[n]),
			    0700, err));
			(void)flow_write(&p.t,
			    arena_printf(p.t.run.arena, "own/%s/page-preferences.html",
				folders[n]),
			    form);
		}
		(void)flow_write(&p.t, "own/xx/messages.ini",
		    "[language]\nname = Xish\n");
		p.ann.variant.language = cases[i].language;
		update_ann(&p);
		open_pages(&p);
		shows(&p, cases[i].want, NULL, cases[i].want);
		end(&p);
	}
}

/* ---- days and hours ---- */

/* What is chosen, with its neighbours; the lists whole are in days_and_hours_are_all_there. */
static const char days_form[] =
    "{{#weekdays}}{{#chosen}}{{value}}{{/chosen}}{{/weekdays}} "
    "{{#month_days}}{{#chosen}}{{value}}{{/chosen}}{{/month_days}} "
    "{{#hours}}{{#chosen}}{{value}}{{/chosen}}{{/hours}}";

static const struct {
	struct cadence cadence;
	unsigned usual; /* weekly_day */
	const char *want;
} days[] = {
	{ { RHYTHM_EACH, 5, CADENCE_ANY, NULL }, 1, "monday 1 default" },
	{ { RHYTHM_WEEKLY, CADENCE_ANY, 0, NULL }, 0, "sunday 1 0:00" },
	{ { RHYTHM_WEEKLY, 0, 1, NULL }, 1, "sunday 1 0:01" },
	{ { RHYTHM_WEEKLY, 6, 59, NULL }, 1, "saturday 1 0:59" },
	{ { RHYTHM_WEEKLY, 3, 60, NULL }, 1, "wednesday 1 1:00" },
	{ { RHYTHM_MONTHLY, CADENCE_ANY, 61, NULL }, 2, "tuesday 1 1:01" },
	{ { RHYTHM_MONTHLY, 2, 23 * 60, NULL }, 4, "thursday 2 23:00" },
	{ { RHYTHM_MONTHLY, 31, 23 * 60 + 59, NULL }, 6, "saturday 31 23:59" },
	{ { RHYTHM_DAILY, CADENCE_ANY, 12 * 60 + 30, NULL }, 5, "friday 1 12:30" },
};

static void
one_day_and_one_hour_are_chosen(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(days); i++) {
		struct pages_test p;

		begin_with(&p, days_form);
		p.t.settings.config.digest.weekly_day = days[i].usual;
		p.ann.cadence = days[i].cadence;
		update_ann(&p);
		open_pages(&p);
		shows(&p, days[i].want, NULL, days[i].want);
		end(&p);
	}
}

static void
days_and_hours_are_all_there(void **state)
{
	struct pages_test p;

	(void)state;
	begin_with(&p,
	    "{{#weekdays}} {{value}}={{label}}{{/weekdays}}\n"
	    "{{#month_days}} {{value}}={{label}}{{/month_days}}\n"
	    "{{#hours}} {{value}}={{label}}{{/hours}}\n");
	p.ann.cadence.minute = 9 * 60 + 5;
	update_ann(&p);
	open_pages(&p);
	shows(&p, "all", NULL,
	    " monday=Monday tuesday=Tuesday wednesday=Wednesday thursday=Thursday "
	    "friday=Friday saturday=Saturday sunday=Sunday\n"
	    " 1=1 2=2 3=3 4=4 5=5 6=6 7=7 8=8 9=9 10=10 11=11 12=12 13=13 14=14 15=15 "
	    "16=16 17=17 18=18 19=19 20=20 21=21 22=22 23=23 24=24 25=25 26=26 27=27 "
	    "28=28 29=29 30=30 31=the last\n"
	    " default=as the newsletter 0:00=0:00 1:00=1:00 2:00=2:00 3:00=3:00 4:00=4:00 "
	    "5:00=5:00 6:00=6:00 7:00=7:00 8:00=8:00 9:00=9:00 9:05=9:05 10:00=10:00 "
	    "11:00=11:00 12:00=12:00 13:00=13:00 14:00=14:00 15:00=15:00 16:00=16:00 "
	    "17:00=17:00 18:00=18:00 19:00=19:00 20:00=20:00 21:00=21:00 22:00=22:00 "
	    "23:00=23:00\n");
	end(&p);
}

/* ---- sources ---- */

static const char groups_form[] =
    "{{source_count}}{{#many}} many{{/many}}{{#groups}} [{{group}}{{#is_open}} "
    "open{{/is_open}} {{first}}-{{last}} {{ticked_words}}{{#sources}} {{key}}"
    "{{#ticked}}*{{/ticked}}{{/sources}}]{{/groups}}";

/* Groups by name, the default one among them, and sources by name in each. */
static void
sources_are_in_groups(void **state)
{
	static const struct {
		const char *sources, *want;
	} cases[] = {
		{ "*",
		    "3 [People open ann-Bo 2 of 2 ticked ann* bo*] [Places zoo-zoo 1 of 1 "
		    "ticked zoo*]" },
		{ "+3",
		    "3 [People open ann-Bo 0 of 2 ticked ann bo] [Places zoo-zoo 1 of 1 "
		    "ticked zoo*]" },
		{ "+1 2",
		    "3 [People open ann-Bo 2 of 2 ticked ann* bo*] [Places zoo-zoo 0 of "
		    "1 ticked zoo]" },
		{ "-1 3",
		    "3 [People open ann-Bo 1 of 2 ticked ann bo*] [Places zoo-zoo 0 of 1 "
		    "ticked zoo]" },
		{ "-2",
		    "3 [People open ann-Bo 1 of 2 ticked ann* bo] [Places zoo-zoo 1 of 1 "
		    "ticked zoo*]" },
		{ "-2 12 31",
		    "3 [People open ann-Bo 1 of 2 ticked ann* bo] [Places zoo-zoo 1 "
		    "of 1 ticked zoo*]" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct pages_test p;

		begin_with(&p, groups_form);
		add_blogs(&p);
		p.ann.variant.sources = cases[i].sources;
		update_ann(&p);
		open_pages(&p);
		shows(&p, cases[i].sources, NULL, cases[i].want);
		end(&p);
	}
}

/* By group and name, whatever the case, and in which order they are listed. */
static void
sources_are_in_order(void **state)
{
	struct source specs[] = {
		{ .key = "k1", .name = "m", .group = "B" },
		{ .key = "k2", .name = "z", .group = "A" },
		{ .key = "k3", .name = "Y", .group = "A" },
		{ .key = "k4", .group = "" },
		{ .key = "k5", .name = "a", .group = "C" },
	};
	struct pages_test p;

	(void)state;
	begin_with(&p, groups_form);
	for (size_t i = 0; i < ARRAY_LEN(specs); i++) {
		specs[i].url =
		    arena_printf(p.t.run.arena, "https://%s.example/", specs[i].key);
		specs[i].listed = true;
		specs[i].max_per_feed = -1;
	}
	p.t.settings.config.feeds.default_group = "C";
	MUST(store_sources_sync(p.t.run.store, specs, ARRAY_LEN(specs), err));
	open_pages(&p);
	shows(&p, "all", NULL,
	    "5 [A open Y-z 2 of 2 ticked k3* k2*] [B m-m 1 of 1 ticked k1*] [C a-k4 2 of 2 "
	    "ticked k5* k4*]");
	end(&p);
}

/* So many sources of "Blogs", and one of "Zoos". */
static void
add_many(struct pages_test *p, size_t count)
{
	struct source *specs = arena_array(p->t.run.arena, count + 1, sizeof(*specs));

	for (size_t i = 0; i <= count; i++)
		specs[i] = (struct source){ .key =
						arena_printf(p->t.run.arena, "s%03zu", i),
			.url = arena_printf(p->t.run.arena, "https://a.example/%zu", i),
			.group = i < count ? "Blogs" : "Zoos",
			.listed = true,
			.max_per_feed = -1 };
	MUST(store_sources_sync(p->t.run.store, specs, count + 1, err));
}

static void
many_sources_are_in_parts_of_sixty(void **state)
{
	static const struct {
		size_t blogs;
		const char *want;
	} cases[] = {
		{ 40,
		    "41 many [Blogs open s000-s039 40 of 40 ticked] [Zoos s040-s040 1 of 1 "
		    "ticked]" },
		{ 60,
		    "61 many [Blogs open s000-s059 60 of 60 ticked] [Zoos s060-s060 1 of 1 "
		    "ticked]" },
		{ 61,
		    "62 many [Blogs open s000-s059 60 of 60 ticked] [Blogs s060-s060 1 of 1 "
		    "ticked] [Zoos s061-s061 1 of 1 ticked]" },
		{ 121,
		    "122 many [Blogs open s000-s059 60 of 60 ticked] [Blogs s060-s119 60 of "
		    "60 ticked] [Blogs s120-s120 1 of 1 ticked] [Zoos s121-s121 1 of 1 "
		    "ticked]" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct pages_test p;

		begin_with(&p, groups_form);
		add_many(&p, cases[i].blogs);
		open_pages(&p);
		shows(&p, cases[i].want, NULL, cases[i].want);
		end(&p);
	}
}

/* ---- an address that waits ---- */

static void
an_address_waits_as_long_as_its_link_works(void **state)
{
	static const struct {
		int64_t later;
		const char *want;
	} cases[] = { { 0, "new=n...@reader.example" },
		{ 2 * DAY, "new=n...@reader.example" }, { 2 * DAY + 1, "new=" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct pages_test p;

		begin_with(&p, "new={{new_address}}");
		p.t.settings.config.list.confirm_within = 2 * DAY;
		open_pages(&p);
		shows(&p, "asked", "act=save&email=new%40reader.example",
		    "new=n...@reader.example");
		p.site.clock_ahead += cases[i].later;
		shows(&p, cases[i].want, NULL, cases[i].want);
		end(&p);
	}
}

/* ---- what of a form is kept ---- */

static const char saved_form[] =
    "{{#has_problem}}problem{{/has_problem}}{{#problems}} {{field}}{{/problems}}"
    "{{#zone_problem}} zone!{{/zone_problem}}{{#which_problem}} which!{{/which_problem}}"
    "{{#hold_problem}} hold!{{/hold_problem}}{{#new_problem}} new!{{/new_problem}}"
    "{{#is_saved}}saved{{/is_saved}}{{#changes}} [{{&.}}]{{/changes}} zone={{zone}} "
    "hold={{hold}} email={{email}}{{#sends_missed}} missed{{/sends_missed}}";

/* Ann reads weekly on Friday, about 18:05 in Paris, short, as text, only bo, in pictures none. */
static const struct {
	const char *name, *form;
	const char *want;
	const char *line; /* the newest of her history, "" for none */
} kept[] = {
	{ "nothing", "act=save", "saved zone=Europe/Paris hold= email= missed", "" },
	{ "the same",
	    "act=save&rhythm=weekly&wday=friday&hour=18:05&zone=Europe/Paris&length=short&"
	    "format=text&pictures=none&which=only",
	    "saved zone=Europe/Paris hold= email= missed", "" },
	{ "another hour", "act=save&hour=18:00",
	    "saved [A letter comes once a week, on Friday about 18:00; before, once a week, "
	    "on Friday about 18:05] zone=Europe/Paris hold= email= missed",
	    "weekly Friday 18:00 Europe/Paris" },
	{ "another day", "act=save&rhythm=weekly&wday=sunday",
	    "saved [A letter comes once a week, on Sunday about 18:05; before, once a week, "
	    "on Friday about 18:05] zone=Europe/Paris hold= email= missed",
	    "weekly Sunday 18:05 Europe/Paris" },
	{ "another rhythm", "act=save&rhythm=monthly&mday=2&wday=sunday",
	    "saved [A letter comes once a month, on day 2 about 18:05; before, once a week, "
	    "on Friday about 18:05] zone=Europe/Paris hold= email= missed",
	    "monthly 2 18:05 Europe/Paris" },
	{ "another zone", "act=save&zone=Asia/Tokyo",
	    "saved zone=Asia/Tokyo hold= email= missed",
	    "weekly Friday 18:05 Asia/Tokyo" },
	{ "another length", "act=save&length=titles",
	    "saved [Length: titles only; before, the beginning of each post] "
	    "zone=Europe/Paris hold= email= missed",
	    "weekly Friday 18:05 Europe/Paris" },
	{ "another format", "act=save&format=html",
	    "saved [Format: letter with text part; before, text only] zone=Europe/Paris "
	    "hold= email= missed",
	    "weekly Friday 18:05 Europe/Paris" },
	{ "other pictures", "act=save&pictures=link",
	    "saved [Pictures: as links; before, left out] zone=Europe/Paris hold= email= "
	    "missed",
	    "weekly Friday 18:05 Europe/Paris" },
	{ "other blogs", "act=save&which=but&group=all&source=ann&source=bo",
	    "saved [Blogs: 2 blogs, and those that join later; before, only 1 blog] "
	    "zone=Europe/Paris hold= email= missed",
	    "weekly Friday 18:05 Europe/Paris" },
	{ "all blogs", "act=save&which=all",
	    "saved [Blogs: all; before, only 1 blog] zone=Europe/Paris hold= email= missed",
	    "weekly Friday 18:05 Europe/Paris" },
	{ "the same blogs and those that join", "act=save&which=but",
	    "saved [Blogs: 1 blog, and those that join later; before, only 1 blog] "
	    "zone=Europe/Paris hold= email= missed",
	    "weekly Friday 18:05 Europe/Paris" },
	{ "a hold", "act=save&hold=2026-12-01&missed=yes",
	    "saved [on hold until 1 December 2026; before, not on hold] zone=Europe/Paris "
	    "hold=2026-12-01 email= missed",
	    "until 2026-11-30" }, /* midnight in Paris is the evening before */
	{ "a hold that skips", "act=save&hold=2026-12-01",
	    "saved [on hold until 1 December 2026; before, not on hold] zone=Europe/Paris "
	    "hold=2026-12-01 email=",
	    "until 2026-11-30" },
	{ "an address", "act=save&email=new%40reader.example",
	    "saved [A message went to new@reader.example: its link is the last step. Until "
	    "then letters come where they did.] zone=Europe/Paris hold= email= missed",
	    "asked for a new address" },
	{ "no zone", "act=save&zone=Mars",
	    "problem zone zone! zone=Mars hold= email= missed", "" },
	{ "no blog", "act=save&which=only&group=all&source=nobody",
	    "problem which which! zone=Europe/Paris hold= email= missed", "" },
	{ "no day", "act=save&hold=2026-11-24",
	    "problem hold hold! zone=Europe/Paris hold=2026-11-24 email= missed", "" },
	{ "no address", "act=save&email=a",
	    "problem new new! zone=Europe/Paris hold= email=a missed", "" },
	{ "all of it", "act=save&email=a&hold=x&zone=Mars&which=only&group=all",
	    "problem zone which hold new zone! which! hold! new! zone=Mars hold=x email=a "
	    "missed",
	    "" },
	{ "what is right beside what is not",
	    "act=save&rhythm=daily&hold=2026-12-01&email=a",
	    "problem new new! zone=Europe/Paris hold=2026-12-01 email=a", "" },
};

static const char *
newest_detail(struct pages_test *p)
{
	struct reader_event_line *lines = NULL;
	size_t count = 0;

	MUST(store_history(p->t.run.store, p->t.run.arena, p->ann.id, &lines, &count,
	    err));
	return count > 0 ? lines[count - 1].detail : "";
}

static void
each_wish_is_kept_and_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(kept); i++) {
		struct pages_test p;

		begin_with(&p, saved_form);
		add_blogs(&p);
		p.ann.cadence =
		    (struct cadence){ RHYTHM_WEEKLY, 5, 18 * 60 + 5, "Europe/Paris" };
		p.ann.variant.length = LENGTH_SHORT;
		p.ann.variant.format = FORMAT_TEXT;
		p.ann.variant.pictures = PICTURES_NONE;
		p.ann.variant.sources = "+2";
		update_ann(&p);
		open_pages(&p);
		shows(&p, kept[i].name, kept[i].form, kept[i].want);
		SAME_TEXT(kept[i].name, newest_detail(&p), kept[i].line);
		end(&p);
	}
}

/* ---- who reads no more, and who reads again ---- */

#define MAILED \
	"A message with a link goes to your address now. The link works for one hour."
#define RESUMED "Letters come again. One brings what you missed, if there was something."

static const struct {
	const char *name;
	enum reader_state before;
	const char *form;
	const char *want;
	enum reader_state after;
	int64_t mailed;
	bool wakes, is_moved; /* a line of the history says so */
} presses[] = {
	{ "left, looking", READER_LEFT, NULL, "gone a...@reader.example ", READER_LEFT, 0,
	    false, false },
	{ "left, saving", READER_LEFT, "act=save&rhythm=daily",
	    "gone a...@reader.example ", READER_LEFT, 0, false, false },
	{ "removed, resuming", READER_REMOVED, "act=resume", "gone a...@reader.example ",
	    READER_REMOVED, 0, false, false },
	{ "left, their data", READER_LEFT, "act=data", "gone a...@reader.example " MAILED,
	    READER_LEFT, 1, true, false },
	{ "removed, erasing", READER_REMOVED, "act=erase",
	    "gone a...@reader.example " MAILED, READER_REMOVED, 1, true, false },
	{ "their data", READER_ACTIVE, "act=data", "reads " MAILED, READER_ACTIVE, 1,
	    true, false },
	{ "erasing", READER_HOLD, "act=erase", "held " MAILED, READER_HOLD, 1, true,
	    false },
	{ "resuming a hold", READER_HOLD, "act=resume", "reads " RESUMED, READER_ACTIVE,
	    0, false, true },
	{ "after bounces", READER_BOUNCED, "act=resume", "reads " RESUMED, READER_ACTIVE,
	    0, false, true },
	{ "reads already", READER_ACTIVE, "act=resume", "reads " RESUMED, READER_ACTIVE,
	    0, false, false },
	{ "reads not yet", READER_PENDING, "act=resume", "waits " RESUMED, READER_PENDING,
	    0, false, false },
};

static void
a_press_is_told_and_done(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(presses); i++) {
		struct pages_test p;

		begin_with(&p,
		    "{{#is_held}}held{{/is_held}}{{#is_bounced}}bounced{{/is_bounced}}"
		    "{{#is_waiting}}waits{{/is_waiting}}{{#is_reading}}reads{{/is_reading}} "
		    "{{said}}");
		(void)flow_write(&p.t, "own/page-gone.html", "gone {{address}} {{said}}");
		p.ann.state = presses[i].before;
		update_ann(&p);
		open_pages(&p);
		shows(&p, presses[i].name, presses[i].form, presses[i].want);
		SAME_INT(presses[i].name, state_of(&p), presses[i].after);
		SAME_INT(presses[i].name, stored_reader(&p).cadence.rhythm, RHYTHM_EACH);
		SAME_INT(presses[i].name, count_notices(&p, NOTICE_DATA),
		    presses[i].mailed);
		SAME_INT(presses[i].name, p.answer.wakes, presses[i].wakes);
		SAME_INT(presses[i].name, newest_detail(&p) == NULL, presses[i].is_moved);
		end(&p);
	}
}

/* ---- a part of the sources ---- */

static const struct {
	const char *name, *before; /* what of the sources is chosen */
	const char *behind;        /* the token */
	const char *form;
	const char *want, *after;
} parts[] = {
	{ "looking", "*", "-1", NULL, "People 2 of 2 ticked ann* bo*", "*" },
	{ "the other", "+2", "-2", NULL, "Places 0 of 1 ticked zoo only", "+2" },
	{ "all of it", "*", "-1", "source=ann&source=bo",
	    "People 2 of 2 ticked ann* bo* saved", "*" },
	{ "one of it", "*", "-1", "source=bo", "People 1 of 2 ticked ann bo* saved",
	    "-1" },
	{ "one more", "-1", "-1", "source=ann&source=bo",
	    "People 2 of 2 ticked ann* bo* saved", "*" },
	{ "none", "-1", "-2", "", "Places 0 of 1 ticked zoo saved", "-1 3" },
	{ "only the other", "+3", "-1", "source=bo",
	    "People 1 of 2 ticked ann bo* saved only", "+2 3" },
	{ "only those", "+2 3", "-2", "", "Places 0 of 1 ticked zoo saved only", "+2" },
	{ "at least one", "+3", "-2", "", "Places 1 of 1 ticked zoo* saved only", "+3" },
};

static void
a_part_shows_and_keeps_its_sources(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		const char *form = parts[i].form;
		struct pages_test p;

		begin_with(&p, "");
		(void)flow_write(&p.t, "own/page-sources-part.html",
		    "{{#part}}{{group}} {{ticked_words}}{{#sources}} {{key}}{{#ticked}}*"
		    "{{/ticked}}{{/sources}}{{/part}}{{#is_saved}} saved{{/is_saved}}"
		    "{{#takes_only}} only{{/takes_only}}");
		add_blogs(&p);
		p.ann.variant.sources = parts[i].before;
		update_ann(&p);
		open_pages(&p);
		ask(&p, form ? WEB_POST : WEB_GET,
		    path_of(&p, own_path(&p), parts[i].behind), form ? URLENCODED : "",
		    form ? form : "");
		SAME_INT(parts[i].name, p.answer.status, 200);
		SAME_TEXT(parts[i].name, buf_text(&p.answer.body), parts[i].want);
		SAME_TEXT(parts[i].name, stored_reader(&p).variant.sources,
		    parts[i].after);
		SAME_INT(parts[i].name, *newest_detail(&p) != '\0',
		    strcmp(parts[i].before, parts[i].after) != 0);
		end(&p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_page_says_how_it_stands),
		cmocka_unit_test(what_was_chosen_is_chosen),
		cmocka_unit_test(languages_are_called_by_their_own_names),
		cmocka_unit_test(one_day_and_one_hour_are_chosen),
		cmocka_unit_test(days_and_hours_are_all_there),
		cmocka_unit_test(sources_are_in_groups),
		cmocka_unit_test(sources_are_in_order),
		cmocka_unit_test(many_sources_are_in_parts_of_sixty),
		cmocka_unit_test(an_address_waits_as_long_as_its_link_works),
		cmocka_unit_test(each_wish_is_kept_and_told),
		cmocka_unit_test(a_press_is_told_and_done),
		cmocka_unit_test(a_part_shows_and_keeps_its_sources),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
