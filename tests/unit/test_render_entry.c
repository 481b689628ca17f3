/* SPDX-License-Identifier: ISC */
/* What stands over a post in a letter: its title or none, its author, its time, what it takes. */
#include "unit/render_fixture.h"

#include "base/attr.h"

#define TEN "123456789 "
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
/* 600 columns, the last of them a letter. */
#define SHORT \
	HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN \
	    "1234567890"

/* ---- titles ---- */

static const struct {
	const char *name;
	const char *title, *text;
	bool is_said; /* the title, or one made of the text */
} titles[] = {
	{ "no title, a short text", "", "Here it is.", false },
	{ "a title that is the text's beginning", "Here it...", "Here it is.", false },
	{ "with an ellipsis", "Here it\u2026", "Here it is.", false },
	{ "behind a blank", "Here it \u2026", "Here it is.", false },
	{ "a blank that the text has not", "Her \u2026", "Here it is.", false },
	{ "two, and dots", "Her  ...", "Here it is.", false },
	{ "a last letter that is another", "Hex\u2026", "Here it is.", true },
	{ "before dots", "Hex...", "Here it is.", true },
	{ "of a part of a word", "He...", "Here it is.", false },
	{ "of one letter", "H...", "Here it is.", false },
	{ "of one and an ellipsis", "H\u2026", "Here it is.", false },
	{ "blanks and dots", "  ...", "Here it is.", true },
	{ "a blank and an ellipsis", " \u2026", "Here it is.", true },
	{ "dots alone", "...", "Here it is.", true },
	{ "an ellipsis alone", "\u2026", "Here it is.", true },
	{ "another beginning", "There it...", "Here it is.", true },
	{ "longer than the text", "Here it is. Too...", "Here it is.", true },
	{ "two dots", "Here it..", "Here it is.", true },
	{ "the text's beginning without dots", "Here it", "Here it is.", true },
	{ "of a text of 600 columns", "123456789...", SHORT, false },
	{ "of a longer one", "123456789...", SHORT "x", true },
};

static void
a_title_that_a_program_made_is_not_said(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(titles); i++) {
		struct letter l;

		letter_open(&l);
		l.entries[0].title = titles[i].title;
		l.entries[0].text = titles[i].text;
		l.entries[0].html = arena_printf(l.a, "<p>%s</p>", titles[i].text);
		l.entries[0].words = 300;
		must_render(&l);
		if ((strstr(l.out.text, "--\nby Ann") != NULL ||
			strstr(l.out.text, "\u2026\n-\nby Ann") != NULL) !=
		    titles[i].is_said)
			fail_msg("%s: want %d in\n%s", titles[i].name, titles[i].is_said,
			    l.out.text);
		letter_close(&l);
	}
}

static void
a_post_without_text_has_a_title(void **state)
{
	struct letter l;

	(void)state;
	letter_open(&l);
	l.entries[1].html = l.entries[1].text = "";
	l.entries[1].words = 0;
	must_render(&l);
	has("of nothing", l.out.text, "\nUntitled\n--------\nfound 06:30\n");
	letter_close(&l);
}

static const struct {
	const char *name;
	int64_t words;
	const char *title;
	bool is_said;
} short_posts[] = {
	{ "one word", 1, NULL, false },
	{ "nobody counted any", 0, NULL, true },
	{ "a title of its own", 1, "Own", true },
};

static void
a_short_post_needs_no_title_of_its_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(short_posts); i++) {
		struct letter l;
		const char *title = short_posts[i].title ? short_posts[i].title : "Hi.";

		letter_open(&l);
		l.entries[0].title = short_posts[i].title;
		l.entries[0].html = "<p>Hi.</p>";
		l.entries[0].text = "Hi.";
		l.entries[0].words = short_posts[i].words;
		must_render(&l);
		has(short_posts[i].name, l.out.text,
		    short_posts[i].is_said
			? arena_printf(l.a, "\n%s\n---\nby Ann \u00b7 05:30 UTC\n", title)
			: "\nAnn & Co\n  https://ann.example/\n\n"
			  "by Ann \u00b7 05:30 UTC\nhttps://ann.example/1\n\nHi.\n");
		letter_close(&l);
	}
}

/* What is cut has a title, a way to read on, and the time that takes there and not above. */
static void
what_is_cut_can_be_read_on(void **state)
{
	static const struct {
		const char *name;
		const char *link;
		size_t bytes;
		const char *above; /* behind the title */
		const char *below; /* NULL: nothing */
	} cases[] = {
		{ "cut", "https://ann.example/1", 30,
		    "by Ann \u00b7 05:30 UTC\nhttps://ann.example/1\n\nOne two three four.",
		    "\n\nRead on at Ann & Co, 2 min\n" },
		{ "nowhere to go", "", 30,
		    "by Ann \u00b7 05:30 UTC\n\nOne two three four.", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct letter l;

		letter_open(&l);
		l.settings.config.digest.body = BODY_SHORT;
		l.settings.config.digest.short_bytes = (int64_t)cases[i].bytes;
		l.entries[0].title = NULL;
		l.entries[0].link = cases[i].link;
		l.entries[0].html = "<p>One two three four. Five six seven eight.</p>";
		l.entries[0].text = "One two three four. Five six seven eight.";
		l.entries[0].words = 345;
		must_render(&l);
		has(cases[i].name, l.out.text,
		    arena_printf(l.a,
			"\nOne two three four. Five six seven eight.\n"
			"-----------------------------------------\n%s",
			cases[i].above));
		if (cases[i].below)
			has(cases[i].name, l.out.text, cases[i].below);
		else
			has_not(cases[i].name, l.out.text, "Read on");
		letter_close(&l);
	}
}

/* A first line of the body that says the title again is left out. */
static const struct {
	const char *title, *line;
	bool is_left_out;
} first_lines[] = {
	{ "A Zoo in 2019", "a zoo in 2019", true },
	{ "a zoo in 90", "A ZOO IN 90", true },
	{ "Zoo 90", "Zoo 9", false },
	{ "Zoo 9", "Zoo 90", false },
	{ "Zoo", "Zoa", false },
	{ "X", "x", true },
	{ "Tea", "Te", false },
	{ "Tez", "Te", false },
	{ "Tea: coffee", "\u201cTea\u201d \u2013 coffee.", true },
	{ "@[`{/: Tea", "Tea", true },
	{ "Tea\uff01", "Tea", true },
	{ "Caf\u00e9", "Caf\u00e9", true },
	{ "Caf\u00e9", "Caf\u00e8", false },
	{ "\u00c0 b", "b", false },
	{ "\u4e2d\u6587", "\u4e2d\u6587", true },
	{ "\u4e2d\u6587", "\u4e2d", false },
	{ "...", "...", false },
	{ "\u00bfTea?", "Tea", true },
	{ "Tea\u2000\u2bff", "Tea", true },
	{ "Tea\u1fff", "Tea", false },
	{ "Tea\u2c00", "Tea", false },
	{ "Tea\u2c30", "Tea", false },
	{ "Tea\uff02", "Tea", false },
};

static void
a_first_line_that_is_the_title_is_left_out(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(first_lines); i++) {
		struct letter l;

		letter_open(&l);
		l.entries[0].title = first_lines[i].title;
		l.entries[0].html =
		    arena_printf(l.a, "<p>%s</p>\n<p>Really.</p>", first_lines[i].line);
		must_render(&l);
		if ((strstr(l.out.text, "https://ann.example/1\n\nReally.\n") != NULL) !=
		    first_lines[i].is_left_out)
			fail_msg("\"%s\" under \"%s\": want %d in\n%s",
			    first_lines[i].line, first_lines[i].title,
			    first_lines[i].is_left_out, l.out.text);
		letter_close(&l);
	}
}

/* ---- the line under the title ---- */

static const struct {
	const char *name;
	const char *author;
	int64_t published, updated;
	int64_t words;
	const char *line;
} lines[] = {
	/* clang-format off */
	{ "two minutes to read", "Ann", NOW - HOUR, TIME_NONE, 345, "by Ann \u00b7 05:30 UTC \u00b7 2 min" },
	{ "less is not said", "Ann", NOW - HOUR, TIME_NONE, 344, "by Ann \u00b7 05:30 UTC" },
	{ "no author", "", NOW - HOUR, TIME_NONE, 345, "05:30 UTC \u00b7 2 min" },
	{ "an author called as the blog", "ANN & co", NOW - HOUR, TIME_NONE, 3, "05:30 UTC" },
	{ "midnight is no time", "Ann", NOW - 6 * HOUR - 1800, TIME_NONE, 3, "by Ann" },
	{ "a second later is one", "Ann", NOW - 6 * HOUR - 1799, TIME_NONE, 3,
	  "by Ann \u00b7 00:00 UTC" },
	{ "a minute later", "Ann", NOW - 6 * HOUR - 1740, TIME_NONE, 3, "by Ann \u00b7 00:01 UTC" },
	{ "an hour later", "Ann", NOW - 5 * HOUR - 1800, TIME_NONE, 3, "by Ann \u00b7 01:00 UTC" },
	{ "changed, where nobody knows since when it is there", "Ann", TIME_NONE, NOW - HOUR, 3,
	  "by Ann \u00b7 05:30 UTC" },
	{ "found", "Ann", TIME_NONE, TIME_NONE, 3, "by Ann \u00b7 found 05:30 UTC" },
	/* clang-format on */
};

static void
a_line_under_the_title_says_what_is_known(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		struct letter l;

		letter_open(&l);
		l.entries[0].author = lines[i].author;
		l.entries[0].published = lines[i].published;
		l.entries[0].updated = lines[i].updated;
		l.entries[0].first_seen = NOW - HOUR;
		l.entries[0].words = lines[i].words;
		must_render(&l);
		has(lines[i].name, l.out.text,
		    arena_printf(l.a,
			"\nTea < coffee\n------------\n%s\nhttps://ann.example/1\n",
			lines[i].line));
		letter_close(&l);
	}
}

static void
a_time_is_not_said_twice(void **state)
{
	struct letter l;

	(void)state;
	letter_open(&l);
	l.entries[1].published = NOW - HOUR;
	l.entries[1].title = "Same time";
	l.entries[1].author = "Bo";
	l.entries[1].source_id = 1;
	must_render(&l);
	has("the first", l.out.text, "by Ann \u00b7 05:30 UTC \u00b7 3 min\n");
	has("the second", l.out.text, "\nSame time\n---------\nby Bo\n");
	l.entries[1].published = NOW - HOUR - 60;
	must_render(&l);
	has("another time, without its zone", l.out.text,
	    "\nSame time\n---------\nby Bo \u00b7 05:29\n");
	letter_close(&l);
}

/* Zones without letters are named by what they are off UTC. */
static void
zones_have_names(void **state)
{
	static const struct {
		const char *zone;
		const char *line;
	} cases[] = {
		{ "Europe/Berlin", "\nby Ann \u00b7 06:30 CET\n" },
		{ "America/Sao_Paulo", "\nby Ann \u00b7 02:30 UTC-03\n" },
		{ "Asia/Dubai", "\nby Ann \u00b7 09:30 UTC+04\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err err = ERR_INIT;
		struct letter l;

		letter_open(&l);
		zone_close(l.zone);
		l.zone = zone_open(cases[i].zone, &err);
		assert_non_null(l.zone);
		l.entries[0].words = 3;
		must_render(&l);
		has(cases[i].zone, l.out.text, cases[i].line);
		letter_close(&l);
	}
}

/* Where no day stands above a post its line has it, with the year when that is another. */
static const struct {
	const char *name;
	bool is_late;
	enum group_by by;
	int64_t published;
	const char *line;
} moments[] = {
	/* clang-format off */
	{ "under its day", false, GROUP_DAY_SOURCE, NOW - HOUR, "05:30 UTC" },
	{ "a late one", true, GROUP_DAY_SOURCE, NOW - HOUR, "24 November, 05:30 UTC" },
	{ "a late one of midnight", true, GROUP_DAY_SOURCE, NOW - 6 * HOUR - 1800,
	  "24 November, 00:00 UTC" },
	{ "of this year", false, GROUP_SOURCE, NOW - HOUR, "24 November, 05:30 UTC" },
	{ "of another one", true, GROUP_SOURCE, NOW - 365 * 24 * HOUR,
	  "24 November 2025, 06:30 UTC" },
	/* clang-format on */
};

static void
a_post_without_a_day_above_says_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(moments); i++) {
		struct letter l;

		letter_open(&l);
		l.settings.config.digest.group_by = moments[i].by;
		l.entries[0].late = moments[i].is_late;
		l.entries[0].published = moments[i].published;
		l.entries[0].first_seen = NOW - HOUR;
		l.entries[0].words = 3;
		must_render(&l);
		has(moments[i].name, l.out.text,
		    arena_printf(l.a, "\nby Ann \u00b7 %s\n", moments[i].line));
		letter_close(&l);
	}
}

/* The address of a post hangs on its line: where it has no title that is not left out. */
static const struct {
	const char *name;
	const char *author;
	int64_t published;
	const char *second; /* of one source, both of one time */
} second_lines[] = {
	{ "the time again", "", NOW - HOUR, "\n05:30\nhttps://bo.example/2\n" },
	{ "an author is enough", "Bo", NOW - HOUR, "\nby Bo\nhttps://bo.example/2\n" },
	{ "midnight is no time", "", NOW - 6 * HOUR - 1800,
	    "\nAnn & Co\nhttps://bo.example/2\n" },
	{ "found at one time", "", TIME_NONE, "\nfound 05:30\nhttps://bo.example/2\n" },
};

static void
a_post_without_a_title_has_a_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(second_lines); i++) {
		struct letter l;

		letter_open(&l);
		for (size_t k = 0; k < 2; k++) {
			l.entries[k].published = second_lines[i].published;
			l.entries[k].first_seen = NOW - HOUR;
			l.entries[k].words = 3;
		}
		l.entries[1].author = second_lines[i].author;
		l.entries[1].source_id = 1;
		must_render(&l);
		has(second_lines[i].name, l.out.text, second_lines[i].second);
		letter_close(&l);
	}
}

/* ---- under the body ---- */

static void
categories_stand_below(void **state)
{
	static const char *const list[] = { "a", "b", "c", "d", "e", "f", "g" };
	static const char *const want[] = { NULL, "\n\nFiled under a\n",
		"\n\nFiled under a, b\n", NULL, NULL, NULL,
		"\n\nFiled under a, b, c, d, e, f\n",
		"\n\nFiled under a, b, c, d, e, f\n" };

	(void)state;
	for (size_t n = 0; n < ARRAY_LEN(want); n++) {
		struct letter l;

		letter_open(&l);
		l.entries[0].categories = list;
		l.entries[0].category_count = n;
		must_render(&l);
		if (want[n])
			has("categories", l.out.text, want[n]);
		else if (n == 0)
			has_not("no categories", l.out.text, "Filed");
		letter_close(&l);
	}
}

static void
files_of_a_post_without_a_title_have_names(void **state)
{
	static const struct enclosure list[] = {
		{ "https://x.example/a.mp3", NULL, "A talk", -1, -1 },
		{ "https://x.example/b.pdf", NULL, "", 1000, -1 },
		{ "https://x.example/c.webm", NULL, NULL, 2000, 60 },
	};
	struct letter l;

	(void)state;
	letter_open(&l);
	l.entries[1].enclosures = list;
	l.entries[1].enclosure_count = ARRAY_LEN(list);
	must_render(&l);
	has("all of them", l.out.text,
	    "\n\nListen: A talk\nhttps://x.example/a.mp3\n"
	    "\nAttached: b.pdf (1 kB)\nhttps://x.example/b.pdf\n"
	    "\nWatch (1 min, 2 kB)\nhttps://x.example/c.webm\n");
	letter_close(&l);
}

/* The name of a file as people write it, what it takes, and its time. */
static const struct {
	const char *url;
	int64_t bytes, seconds;
	const char *line;
} files[] = {
	/* clang-format off */
	{ "https://x.example/a%20b.pdf", -1, -1, "Attached: a b.pdf" },
	{ "https://x.example/%41%7a%4A.pdf", 999, -1, "Attached: AzJ.pdf" },
	{ "https://x.example/a%0Ac.pdf", 0, -1, "Attached: a c.pdf" },
	{ "https://x.example/100%.pdf", -1, -1, "Attached: 100%.pdf" },
	{ "https://x.example/b%41", -1, -1, "Attached: bA" },
	{ "https://x.example/b%4", -1, -1, "Attached: b%4" },
	{ "https://x.example/c%4?1=2", -1, -1, "Attached: c%4" },
	{ "https://x.example/d%4g", -1, -1, "Attached: d%4g" },
	{ "https://x.example/d%g4", -1, -1, "Attached: d%g4" },
	{ "https://x.example/%C3%A9.pdf", -1, -1, "Attached: \u00e9.pdf" },
	{ "https://y.example/%ff.pdf", -1, -1, "Attached: y.example" },
	{ "https://z.example/folder/", -1, -1, "Attached: z.example" },
	{ "https://w.example/%00a.pdf", -1, -1, "Attached: w.example" },
	{ "https://x.example/e%2Ff.pdf", -1, -1, "Attached: f.pdf" },
	{ "https://x.example/g/h.pdf?i=/j", -1, -1, "Attached: h.pdf" },
	{ "https://x.example/k.pdf", 1000, -1, "Attached: k.pdf (1 kB)" },
	{ "https://x.example/l.pdf", 1499, -1, "Attached: l.pdf (1 kB)" },
	{ "https://x.example/m.pdf", 1500, -1, "Attached: m.pdf (2 kB)" },
	{ "https://x.example/n.pdf", 999999, -1, "Attached: n.pdf (1000 kB)" },
	{ "https://x.example/o.pdf", 1000000, -1, "Attached: o.pdf (1 MB)" },
	{ "https://x.example/p.pdf", 1499999, -1, "Attached: p.pdf (1 MB)" },
	{ "https://x.example/q.pdf", 1500000, -1, "Attached: q.pdf (2 MB)" },
	{ "https://x.example/r.mp3", 1000, 29, "Listen (1 kB)" },
	{ "https://x.example/s.mp3", -1, 30, "Listen (1 min)" },
	{ "https://x.example/t.mp3", -1, 89, "Listen (1 min)" },
	{ "https://x.example/u.mp3", -1, 90, "Listen (2 min)" },
	{ "https://x.example/v.mp4", 2000, 150, "Watch (3 min, 2 kB)" },
	/* clang-format on */
};

static void
files_have_names_and_sizes(void **state)
{
	struct enclosure list[ARRAY_LEN(files)];
	struct letter l;

	(void)state;
	letter_open(&l);
	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		list[i] = (struct enclosure){ files[i].url, NULL, NULL, files[i].bytes,
			files[i].seconds };
	l.entries[0].enclosures = list;
	l.entries[0].enclosure_count = ARRAY_LEN(list);
	must_render(&l);
	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		has(files[i].url, l.out.text,
		    arena_printf(l.a, "\n\n%s\n%s\n", files[i].line, files[i].url));
	letter_close(&l);
}

static void
a_sound_says_what_it_takes(void **state)
{
	static const struct {
		int64_t seconds;
		const char *line;
	} cases[] = {
		{ 29, "by Ann \u00b7 05:30 UTC\n" },
		{ 30, "by Ann \u00b7 05:30 UTC \u00b7 listen 1 min\n" },
		{ 3600, "by Ann \u00b7 05:30 UTC \u00b7 listen 60 min\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct enclosure one = { "https://x.example/a.mp3", "audio/mpeg",
			NULL, -1, cases[i].seconds };
		struct letter l;

		letter_open(&l);
		l.entries[0].words = 344;
		l.entries[0].enclosures = &one;
		l.entries[0].enclosure_count = 1;
		must_render(&l);
		has("a sound", l.out.text, cases[i].line);
		letter_close(&l);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_title_that_a_program_made_is_not_said),
		cmocka_unit_test(a_first_line_that_is_the_title_is_left_out),
		cmocka_unit_test(a_post_without_text_has_a_title),
		cmocka_unit_test(a_line_under_the_title_says_what_is_known),
		cmocka_unit_test(a_sound_says_what_it_takes),
		cmocka_unit_test(a_time_is_not_said_twice),
		cmocka_unit_test(a_short_post_needs_no_title_of_its_text),
		cmocka_unit_test(what_is_cut_can_be_read_on),
		cmocka_unit_test(zones_have_names),
		cmocka_unit_test(a_post_without_a_day_above_says_it),
		cmocka_unit_test(a_post_without_a_title_has_a_line),
		cmocka_unit_test(categories_stand_below),
		cmocka_unit_test(files_of_a_post_without_a_title_have_names),
		cmocka_unit_test(files_have_names_and_sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
