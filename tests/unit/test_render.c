/* SPDX-License-Identifier: ISC */
#include "unit/render_fixture.h"
#include "unit/scratch.h"

static const char text_part[] = "Planet <Test>\n"
				"Tuesday, 24 November 2026 \u00B7 2 posts from 2 blogs\n"
				"\n"
				"\n"
				"Tuesday, 24 November\n"
				"====================\n"
				"\n"
				"Ann & Co\n"
				"  https://ann.example/\n"
				"\n"
				"Tea < coffee\n"
				"------------\n"
				"by Ann \u00B7 05:30 UTC \u00B7 3 min\n"
				"https://ann.example/1\n"
				"\n"
				"One & two.\n"
				"\n"
				"\n"
				"Monday, 23 November\n"
				"===================\n"
				"\n"
				"bo\n"
				"\n"
				"found 06:30\n"
				"https://bo.example/2\n"
				"\n"
				"No title here.\n"
				"\n"
				"-- \n"
				"You asked for Planet <Test> by mail on \x01since\x02.\n"
				"One letter a day, when there is something new.\n"
				"\n"
				"Unsubscribe by mail: \x01leave\x02\n"
				"\n"
				"Posts belong to their authors.\n";

static void
test_the_text_part(void **state)
{
	struct letter l;

	(void)state;
	letter_open(&l);
	must_render(&l);
	assert_string_equal(l.out.text, text_part);
	assert_int_equal(l.out.text_len, strlen(text_part));
	assert_string_equal(l.out.subject, "Tea < coffee, No title here.");
	letter_close(&l);
}

static void
a_title_is_not_said_again_below_it(void **state)
{
	struct letter l;

	(void)state;
	letter_open(&l);
	l.entries[0].html = "<p>Tea &lt; <b>coffee</b></p>\n<p>Really.</p>";
	l.entries[1].title = "No title\u2026";
	must_render(&l);
	has("the title", l.out.text, "\nTea < coffee\n------------\nby Ann");
	has("its body", l.out.text, "https://ann.example/1\n\nReally.\n");
	has_not("a first line", l.out.html, "Tea &lt; <b>");
	has("a title made of the text", l.out.text, "\nfound 06:30\n");
	has_not("a title made of the text", l.out.text, "No title\u2026\nfound");
	letter_close(&l);
}

static void
test_the_html_part(void **state)
{
	struct letter l;

	(void)state;
	letter_open(&l);
	must_render(&l);
	assert_int_equal(l.out.html_len, strlen(l.out.html));
	assert_true(l.out.bytes > l.out.html_len);
	has("title", l.out.html, "<title>Tea &lt; coffee, No title here.</title>");
	has("day", l.out.html, ">Tuesday, 24 November</h2>");
	has("source", l.out.html, "\">Ann &amp; Co</a> <small>by Ann \u00B7 05:30 UTC");
	has("entry", l.out.html, ">Tea &lt; coffee</a></h4>");
	has("body", l.out.html, "One &amp; two.</p>");
	has_not("a short text is not its own title", l.out.html,
	    ">No title here.</a></h4>");
	has("its link stands beside the time", l.out.html,
	    ">found 06:30</a></small></h3>");
	has("leave", l.out.html, "href=\"\x01leave\x02\"");
	has_not("nothing answers on the web", l.out.html, "\x01manage\x02");
	has_not("few entries have no contents", l.out.html, "class=\"n\"");
	letter_close(&l);
}

static void
test_with_pages(void **state)
{
	struct letter l;

	(void)state;
	letter_open(&l);
	l.has_web = true;
	l.settings.config.web.url = "https://news.example";
	l.settings.config.newsletter.link = "https://planet.example/";
	l.settings.config.newsletter.postal_address = "Box 1";
	l.issue.intro = "Good morning.\nTea is ready.\n\nSecond <b>.";
	must_render(&l);
	has("browser", l.out.html, "href=\"https://news.example/i/2026-11-24\"");
	has("browser", l.out.text,
	    "This letter in your browser: https://news.example/i/2026-11-24\n");
	has("archive", l.out.html, "href=\"https://news.example/archive/\"");
	has("manage", l.out.html, "href=\"\x01manage\x02\"");
	has("leave", l.out.text, "\nUnsubscribe: \x01leave\x02\n");
	has("planet", l.out.html, "href=\"https://planet.example/\"");
	has("address", l.out.text, "\nBox 1\n");
	has("intro", l.out.text,
	    "Good morning. Tea is ready.\n\nSecond <b>.\n\nPlanet <Test>\n");
	has("intro", l.out.html, ">Second &lt;b&gt;.</p>");
	letter_close(&l);
}

static void
test_lengths(void **state)
{
	struct letter l;

	(void)state;
	letter_open(&l);
	l.variant.length = LENGTH_TITLES;
	must_render(&l);
	has_not("titles only", l.out.html, "One &amp; two.</p>");
	has_not("titles only", l.out.text, "One & two.");
	l.variant.length = LENGTH_DEFAULT;
	l.settings.config.digest.body = BODY_TITLES;
	must_render(&l);
	has_not("as the setting says", l.out.html, "One &amp; two.</p>");
	l.variant.length = LENGTH_WHOLE;
	must_render(&l);
	has("more for who wants it", l.out.html, "One &amp; two.</p>");
	l.variant.length = LENGTH_DEFAULT;
	l.settings.config.digest.body = BODY_WHOLE;
	l.variant.format = FORMAT_TEXT;
	must_render(&l);
	assert_null(l.out.html);
	assert_true(l.out.bytes > strlen(l.out.text));
	letter_close(&l);
}

/* A post of the other direction says so, and our words in it stay in order. */
static void
test_directions(void **state)
{
	struct letter l;
	struct entry *e = NULL;

	(void)state;
	letter_open(&l);
	e = &l.entries[0];
	e->title = "\u05E9\u05DC\u05D5\u05DD Python";
	e->author = "\u05DC\u05D0\u05D4";
	e->language = "he";
	e->html = "<p>\u05E9\u05DC\u05D5\u05DD \u05E2\u05D5\u05DC\u05DD</p>";
	e->text = "\u05E9\u05DC\u05D5\u05DD \u05E2\u05D5\u05DC\u05DD";
	must_render(&l);
	has("entry", l.out.html, "<div lang=\"he\" dir=\"rtl\" class=\"r\">");
	has("author", l.out.text, "by \u2068\u05DC\u05D0\u05D4\u2069 \u00B7 05:30 UTC");
	assert_string_equal(l.out.subject,
	    "\u2068\u05E9\u05DC\u05D5\u05DD Python\u2069, No title here.");
	e->language = "en-GB";
	e->title = "Plain";
	e->text = "Plain text";
	must_render(&l);
	has_not("the letter's own language is not said again", l.out.html,
	    "lang=\"en-GB\"");
	has_not("nor its direction", l.out.html, "\"rtl\"");
	letter_close(&l);
}

/* ---- enclosures and categories ---- */

static const struct {
	const char *name;
	struct enclosure enclosure;
	const char *want; /* NULL: not shown */
} enclosure_cases[] = {
	/* clang-format off */
	{ "audio", { "https://x.example/e/1.mp3?a=1", "audio/mpeg", NULL, 43000000, 3900 },
	    "Listen (65 min, 43 MB)\nhttps://x.example/e/1.mp3?a=1\n" },
	{ "video with a title", { "https://x.example/1", "video/mp4", "A film", -1, 59 },
	    "Watch: A film (1 min)\n" },
	{ "nothing known", { "https://x.example/a.pdf", NULL, NULL, -1, -1 },
	    "Attached: a.pdf\n" },
	{ "small", { "https://x.example/a.zip", "application/zip", NULL, 1600, -1 },
	    "Attached: a.zip (2 kB)\n" },
	{ "an escaped name", { "https://x.example/a%2Fb%20c.doc", "text/x", NULL, -1, -1 },
	    "Attached: b c.doc\n" },
	{ "a name that is no text", { "https://x.example/%ff.doc", "text/x", NULL, -1, -1 },
	    "Attached: x.example\n" },
	{ "the post's own title", { "https://x.example/1.ogg", NULL, "Tea < coffee", -1, -1 },
	    "\nListen\n" },
	{ "no file", { "https://x.example/", "audio/ogg", NULL, -1, -1 }, "Listen\n" },
	{ "told by its name", { "https://x.example/a/Song.MP3?b=.jpg", NULL, NULL, -1, -1 },
	    "Listen\n" },
	{ "a picture told by its name", { "https://x.example/a.jpeg", NULL, NULL, -1, -1 }, NULL },
	{ "a host is no name", { "https://x.mp3", NULL, NULL, -1, -1 }, "Attached: x.mp3\n" },
	{ "less than a kilobyte", { "https://x.example/a.zip", NULL, NULL, 999, -1 },
	    "Attached: a.zip\n" },
	{ "a kilobyte", { "https://x.example/a.zip", NULL, NULL, 1000, -1 },
	    "Attached: a.zip (1 kB)\n" },
	{ "less than one and a half", { "https://x.example/a.zip", NULL, NULL, 1499, -1 },
	    "Attached: a.zip (1 kB)\n" },
	{ "one and a half", { "https://x.example/a.zip", NULL, NULL, 1500, -1 },
	    "Attached: a.zip (2 kB)\n" },
	{ "nearly a megabyte", { "https://x.example/a.zip", NULL, NULL, 999999, -1 },
	    "Attached: a.zip (1000 kB)\n" },
	{ "a megabyte", { "https://x.example/a.zip", NULL, NULL, 1000000, -1 },
	    "Attached: a.zip (1 MB)\n" },
	{ "less than 1.5 MB", { "https://x.example/a.zip", NULL, NULL, 1499999, -1 },
	    "Attached: a.zip (1 MB)\n" },
	{ "1.5 MB", { "https://x.example/a.zip", NULL, NULL, 1500000, -1 },
	    "Attached: a.zip (2 MB)\n" },
	{ "29 seconds", { "https://x.example/a.mp3", NULL, NULL, -1, 29 }, "Listen\n" },
	{ "30 seconds", { "https://x.example/a.mp3", NULL, NULL, -1, 30 }, "Listen (1 min)\n" },
	{ "89 seconds", { "https://x.example/a.mp3", NULL, NULL, -1, 89 }, "Listen (1 min)\n" },
	{ "90 seconds", { "https://x.example/a.mp3", NULL, NULL, -1, 90 }, "Listen (2 min)\n" },
	{ "an escape at the end", { "https://x.example/b/x%41", NULL, NULL, -1, -1 },
	    "Attached: xA\n" },
	{ "half of one", { "https://x.example/b/x%4", NULL, NULL, -1, -1 }, "Attached: x%4\n" },
	{ "before what is no name", { "https://x.example/b/x%4?1", NULL, NULL, -1, -1 },
	    "Attached: x%4\n" },
	{ "what is none", { "https://x.example/b/x%4g%g4", NULL, NULL, -1, -1 },
	    "Attached: x%4g%g4\n" },
	{ "a name of one letter", { "https://x.example/b/a#c", NULL, NULL, -1, -1 },
	    "Attached: a\n" },
	{ "a picture beside a text", { "https://x.example/a.jpg", "image/jpeg", NULL, -1, -1 },
	    NULL },
};
/* clang-format on */

static void
test_enclosures(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(enclosure_cases); i++) {
		struct letter l;
		struct enclosure one = enclosure_cases[i].enclosure;

		letter_open(&l);
		l.entries[0].enclosures = &one;
		l.entries[0].enclosure_count = 1;
		must_render(&l);
		if (enclosure_cases[i].want)
			has(enclosure_cases[i].name, l.out.text, enclosure_cases[i].want);
		else
			has_not(enclosure_cases[i].name, l.out.text, one.url);
		letter_close(&l);
	}
}

static void
test_categories(void **state)
{
	static const char *const list[] = { "a", "b & c", "d", "e", "f", "g", "h" };
	struct letter l;

	(void)state;
	letter_open(&l);
	l.entries[0].categories = list;
	l.entries[0].category_count = 7;
	must_render(&l);
	has("six at most", l.out.text, "\nFiled under a, b & c, d, e, f, g\n");
	has("escaped", l.out.html, ">Filed under a, b &amp; c, d, e, f, g</p>");
	letter_close(&l);
}

/* ---- groups ---- */

static const struct {
	const char *name;
	enum group_by by;
	const char *want[3];
} heading_cases[] = {
	/* clang-format off */
	{ "by day", GROUP_DAY_SOURCE, { "\nTuesday, 24 November\n", "05:30 UTC", "\nbo\n" } },
	{ "by source", GROUP_SOURCE, { "\nAnn & Co\n", "24 November, 05:30 UTC", "\nbo\n" } },
	{ "by group", GROUP_GROUP_SOURCE, { "\nBlogs\n====", "24 November, 05:30 UTC", "bo" } },
	{ "not at all", GROUP_NONE, { "\nAnn & Co\n", "24 November, 05:30 UTC", "\nbo\n" } },
};
/* clang-format on */

static void
test_headings(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(heading_cases); i++) {
		struct letter l;
		bool has_sections = heading_cases[i].by == GROUP_DAY_SOURCE ||
		    heading_cases[i].by == GROUP_GROUP_SOURCE;

		letter_open(&l);
		l.settings.config.digest.group_by = heading_cases[i].by;
		must_render(&l);
		for (size_t k = 0; k < 3; k++)
			has(heading_cases[i].name, l.out.text, heading_cases[i].want[k]);
		has(heading_cases[i].name, l.out.html,
		    has_sections ? "Tea &lt; coffee</a></h4>"
				 : "Tea &lt; coffee</a></h3>");
		letter_close(&l);
	}
}

/* What is over the limits stands under its source, or at the end. */
static void
test_over(void **state)
{
	struct letter l;

	(void)state;
	letter_open(&l);
	l.entries[2] = l.entries[0];
	l.entries[2].id = 3;
	l.entries[2].published = NOW - 30 * HOUR;
	l.entry_count = 3;
	l.settings.config.digest.max_items = 1;
	must_render(&l);
	has("under its source", l.out.text, "\nAnd 1 more at Ann & Co\n");
	has("with a link", l.out.html, ">And 1 more at Ann &amp; Co</a>");
	has("at the end", l.out.text, "\nAlso new\n");
	has("at the end", l.out.text, "\n  - bo: 1 post\n");
	has("at the end", l.out.html, ">bo, 1 post</li>");
	letter_close(&l);
}

/* Large entries fall first, small ones keep their text. */
static void
test_budget(void **state)
{
	enum { LARGE = 30000 };
	struct letter l;
	char *large = NULL;
	size_t n = 0;

	(void)state;
	letter_open(&l);
	large = arena_alloc(l.a, LARGE + 100);
	n += (size_t)snprintf(large, 100, "<p>First sentence of the large one.</p>");
	while (n < LARGE)
		n += (size_t)snprintf(large + n, 100,
		    "<p>A paragraph of many like this one.</p>");
	l.entries[0].html = large;
	l.entries[0].text = "The large text.";
	l.settings.config.digest.max_bytes = 20000;
	must_render(&l);
	assert_true(l.out.bytes <= 20000);
	has("an excerpt", l.out.html, "First sentence of the large one.</p>");
	has("where to read on", l.out.html,
	    ">Read on at Ann &amp; Co</a> <small>3 min</small>");
	has("where to read on", l.out.text, "\nRead on at Ann & Co, 3 min\n");
	has("the small one is whole", l.out.html, "No title here.</p>");
	l.settings.config.digest.max_bytes = 100000;
	must_render(&l);
	has_not("there is room", l.out.html, "Read on at");
	letter_close(&l);
}

static void
test_no_room(void **state)
{
	struct letter l;
	struct err err = ERR_INIT;

	(void)state;
	letter_open(&l);
	for (size_t i = 0; i < 60; i++) {
		l.entries[i] = l.entries[0];
		l.entries[i].id = (int64_t)i + 1;
	}
	l.entry_count = 60;
	l.settings.config.digest.max_bytes = 9000;
	l.settings.config.digest.max_per_feed = 60;
	must_render(&l);
	assert_true(l.out.bytes <= 9000);
	has("what is hidden is named", l.out.html,
	    "<li><a href=\"https://ann.example/\">Ann &amp; Co</a>, ");
	l.settings.config.digest.overflow = OVERFLOW_ERROR;
	assert_false(letter_render(&l, &err));
	assert_int_equal(err.kind, ERR_LIMIT);
	assert_null(l.out.html);
	letter_close(&l);
}

/* What fits goes where nothing may be left out; what does not goes where something may. */
static void
a_letter_that_fits_is_no_error(void **state)
{
	struct letter l;
	struct err err = ERR_INIT;

	(void)state;
	letter_open(&l);
	l.settings.config.digest.overflow = OVERFLOW_ERROR;
	l.settings.config.digest.max_bytes = 50000;
	must_render(&l);
	has("whole", l.out.html, "One &amp; two.</p>");
	l.settings.config.digest.max_bytes = 1;
	assert_false(letter_render(&l, &err));
	has("its size", err.text, " bytes even with titles only, more than 1");
	assert_string_equal(err.hint,
	    "raise digest.max_bytes, lower digest.max_items, or set digest.overflow = "
	    "link");
	l.settings.config.digest.overflow = OVERFLOW_LINK;
	must_render(&l);
	has("a title", l.out.html, "Tea &lt; coffee");
	has_not("no body", l.out.html, "One &amp; two.");
	letter_close(&l);
}

static void
test_the_same_twice(void **state)
{
	struct letter l;
	const char *html = NULL;

	(void)state;
	letter_open(&l);
	must_render(&l);
	html = l.out.html;
	must_render(&l);
	assert_string_equal(html, l.out.html);
	letter_close(&l);
}

/* ---- digests ---- */

/* A line of the author's with thirty hyphens does not end the message. */
static void
a_plain_digest_can_be_taken_apart(void **state)
{
	struct letter l;

	(void)state;
	letter_open(&l);
	l.settings.config.newsletter.from = "Planet <planet@example.net>";
	l.variant.format = FORMAT_PLAIN;
	l.issue.number = 7;
	l.entries[0].text = "One\n------------------------------\ntwo";
	l.entries[0].author_address = "ann@ann.example";
	must_render(&l);
	assert_null(l.out.html);
	has("head", l.out.text,
	    "Planet <Test> Digest\nNo. 7 \u00B7 Tuesday, 24 November 2026 \u00B7 2 posts from 2 "
	    "blogs\n\n"
	    "----------------------------------------------------------------------\n\n");
	has("fields", l.out.text,
	    "\nFrom: \"Ann (Ann & Co)\" <planet@example.net>\nReply-To: ann@ann.example\n"
	    "Subject: Tea < coffee\n\nhttps://ann.example/1\n\nOne\n"
	    " ------------------------------\ntwo\n\n------------------------------\n\n");
	has("the source", l.out.text,
	    "\nFrom: bo <planet@example.net>\nSubject: No title here.\n\n");
	has("end", l.out.text,
	    "\n------------------------------\n\nEnd of Planet <Test> Digest\n"
	    "***************************\n");
	letter_close(&l);
}

static void
a_digest_has_a_mark_before_each_message(void **state)
{
	struct letter l;

	(void)state;
	letter_open(&l);
	l.variant.format = FORMAT_DIGEST;
	must_render(&l);
	assert_null(l.out.html);
	has("one with fields", l.out.text,
	    "\x1d"
	    "Ann (Ann & Co)\x1f\x1f");
	has("the other", l.out.text,
	    "\x1d"
	    "bo\x1f\x1f");
	has("what stands behind", l.out.text, "\n\x1d\n");
	l.variant.length = LENGTH_TITLES;
	must_render(&l);
	assert_null(strchr(l.out.text, '\x1d'));
	letter_close(&l);
}

/* ---- subjects ---- */

static const struct {
	const char *name, *subject,
	    *want; /* want NULL: an error that names digest.subject */
} subject_cases[] = {
	/* clang-format off */
	{ "empty = the language's own", "", "Tea < coffee, No title here." },
	{ "name and day", "{{name}}, {{date}}: {{posts}} from {{blogs}}",
	    "Planet <Test>, Tuesday 24 November: 2 posts from 2 blogs" },
	{ "the first title", "{{title}} | {{issue}}", "Tea < coffee | 2026-11-24" },
	{ "one line", "a\n b", "a b" },
	{ "an unknown name", "{{nmae}}", NULL },
	{ "not closed", "{{name", NULL },
};
/* clang-format on */

static void
test_subjects(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(subject_cases); i++) {
		struct letter l;
		struct err err = ERR_INIT;
		bool ok = false;

		letter_open(&l);
		l.settings.config.digest.subject = subject_cases[i].subject;
		ok = letter_render(&l, &err);
		if (!subject_cases[i].want) {
			if (ok || err.kind != ERR_CONFIG ||
			    !strstr(err.text, "digest.subject"))
				fail_msg("%s: got \"%s\"", subject_cases[i].name,
				    err.text);
		} else if (!ok || strcmp(l.out.subject, subject_cases[i].want) != 0) {
			fail_msg("%s: got \"%s\", want \"%s\"", subject_cases[i].name,
			    ok ? l.out.subject : err.text, subject_cases[i].want);
		}
		letter_close(&l);
	}
}

/* ---- holes ---- */

/* The circle beside a name: its first letter or digit, large where the script has large ones. */
static void
test_initials(void **state)
{
	static const struct {
		const char *name;
		const char *initial;
	} cases[] = {
		/* clang-format off */
		{ "ann", "A" }, { "zoe", "Z" }, { "Bo", "B" }, { "\"quoted\"", "Q" }, { "3 cats", "3" },
		{ "\u00e0 la carte", "\u00c0" }, { "\u00feor", "\u00de" }, { "\u00ff", "\u0178" },
		{ "\u00c0", "\u00c0" }, { "\u00f7 \u00f7", "\u00f7" },
		{ "\u03b1", "\u0391" }, { "\u03c9", "\u03a9" }, { "\u03c2", "\u03a3" },
		{ "\u0430", "\u0410" }, { "\u044f", "\u042f" }, { "\u0450", "\u0400" },
		{ "\u045f", "\u040f" }, { "\u0460", "\u0460" }, { "\u65e5\u672c", "\u65e5" },
		{ "\u2605 star", "S" },
		/* clang-format on */
	};
	char want[40];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct letter l;

		letter_open(&l);
		l.sources[1].name = cases[i].name;
		must_render(&l);
		(void)snprintf(want, sizeof(want), "\">%s</span>", cases[i].initial);
		has(cases[i].name, l.out.html, want);
		has("a colour of the palette", l.out.html, "style=\"background:#");
		letter_close(&l);
	}
}

/* ---- a keeper's own templates ---- */

static void
write_file(const char *dir, const char *name, const char *text)
{
	char *path = file_join(dir, name);
	struct err err = ERR_INIT;

	if (!file_write(path, text, strlen(text), 0600, &err))
		fail_msg("%s", err.text);
	free(path);
}

static void
remove_file(const char *dir, const char *name)
{
	char *path = file_join(dir, name);

	(void)unlink(path);
	free(path);
}

/* Each footer alone in a folder of templates, and what becomes of a letter with it. */
static const struct {
	const char *name, *file, *text, *want;
} way_cases[] = {
	{ "both parts have it", "footer.html", "<a href=\"{{hole_leave}}\">go</a>",
	    NULL },
	{ "the text has none", "footer.txt", "Good bye.\n",
	    "digest.txt shows no way to leave" },
	{ "the HTML has none", "footer.html", "<p>Good bye.</p>",
	    "digest.html shows no way to leave" },
	{ "in a comment nobody sees it", "footer.html",
	    "<!-- {{hole_leave}} --><p>Bye.</p>", "digest.html shows no way to leave" },
	{ "behind a comment they do", "footer.html",
	    "<!-- bye --><a href=\"{{hole_leave}}\">go</a>", NULL },
	{ "a comment that ends with the next", "footer.html",
	    "<!-- <i>{{hole_leave}}</i>", "digest.html shows no way to leave" },
	{ "a comment without an end", "digest.html", "<p>Bye.</p><!-- {{hole_leave}}",
	    "digest.html shows no way to leave" },
	{ "one behind it", "digest.html", "<p>{{hole_leave}}</p><!-- Bye.", NULL },
	{ "the second of two comments", "digest.html",
	    "<!-- a --><!-- {{hole_leave}} --><p>Bye.</p>",
	    "digest.html shows no way to leave" },
	{ "between two", "digest.html", "<!-- a -->{{hole_leave}}<!-- b -->", NULL },
	{ "a name that nobody knows", "entry.html", "{{nmae}}\n",
	    "entry.html line 1: there is no 'nmae' here" },
	{ "nor in the text", "entry.txt", "\n{{nmae}}\n",
	    "entry.txt line 2: there is no 'nmae' here" },
	{ "a part that is none", "footer.html", "{{> foter}}{{hole_leave}}", NULL },
	{ "another hole is none", "footer.txt", "{{hole_manage}}\n",
	    "digest.txt shows no way to leave" },
	{ "of a branch not taken", "footer.txt",
	    "{{#leave_by_web}}{{hole_leave}}{{/leave_by_web}}\n",
	    "digest.txt shows no way to leave" },
};

static void
test_a_letter_without_a_way_to_leave_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(way_cases); i++) {
		char dir[64];
		struct letter l;
		struct err err = ERR_INIT;
		bool ok = false;

		assert_true(scratch_folder(dir, sizeof(dir)));
		write_file(dir, way_cases[i].file, way_cases[i].text);
		letter_open(&l);
		template_set_close(l.templates);
		l.templates = template_set_open(dir, "en", "", &err);
		assert_non_null(l.templates);
		ok = letter_render(&l, &err);
		if (ok != (way_cases[i].want == NULL))
			fail_msg("%s: got %s", way_cases[i].name,
			    ok ? "a letter" : err.text);
		if (!ok) {
			has(way_cases[i].name, err.text, way_cases[i].want);
			assert_int_equal(err.kind, ERR_CONFIG);
			has("its issue", err.text, "issue 2026-11-24: ");
			assert_null(l.out.text);
			assert_null(l.out.html);
			assert_null(l.out.subject);
		}
		letter_close(&l);
		remove_file(dir, way_cases[i].file);
		rmdir(dir);
	}
}

static void
test_own_templates(void **state)
{
	char dir[64];
	struct letter l;
	struct err err = ERR_INIT;

	(void)state;
	assert_true(scratch_folder(dir, sizeof(dir)));
	write_file(dir, "entry.txt", "* {{title}} {{hole_leave}}\n");
	write_file(dir, "messages.ini", "[posts]\nother = {{n}} things\n");
	write_file(dir, "style.ini", "[value]\nlink = #123456\n");
	letter_open(&l);
	template_set_close(l.templates);
	l.templates = template_set_open(dir, "en-GB", "", &err);
	if (!l.templates)
		fail_msg("%s", err.text);
	must_render(&l);
	has("own template", l.out.text, "\n* Tea < coffee \x01leave\x02\n");
	has("own word", l.out.text, " \u00B7 2 things from 2 blogs");
	has("own colour", l.out.html, "color:#123456");
	template_set_close(l.templates);
	write_file(dir, "entry.txt", "ok\n{{#title}}\n");
	l.templates = template_set_open(dir, "en", "", &err);
	assert_null(l.templates);
	has("the file is named", err.text, dir);
	write_file(dir, "entry.txt", "ok\n");
	write_file(dir, "messages.ini", "[posts]\nother = {{#n}}\n");
	err = (struct err)ERR_INIT;
	assert_null(template_set_open(dir, "en", "", &err));
	has("the file of words is named", err.text, "messages.ini");
	remove_file(dir, "entry.txt");
	remove_file(dir, "messages.ini");
	remove_file(dir, "style.ini");
	assert_int_equal(rmdir(dir), 0);
	letter_close(&l);
}

/* Who else carries a post is said beside its time, and never in another's line. */
static void
test_other_sources_are_credited(void **state)
{
	static const int64_t also[] = { 2, 99 };
	static const struct {
		const char *language, *html, *text;
	} cases[] = {
		{ "en",
		    "<small>by Ann \u00B7 05:30 UTC \u00B7 3 min \u00B7 also in "
		    "<a href=\"https://bo.example/\">bo &amp; co</a>",
		    "https://ann.example/1\nAlso in bo & co\n  https://bo.example/\n\n" },
		{ "de", "\u00B7 auch bei <a href=\"https://bo.example/\">bo &amp; co</a>",
		    "\nAuch bei bo & co\n  https://bo.example/\n\n" },
		{ "fr",
		    "\u00B7 aussi chez <a href=\"https://bo.example/\">bo &amp; co</a>",
		    "\nAussi chez bo & co\n  https://bo.example/\n\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err err = ERR_INIT;
		struct letter l;

		letter_open(&l);
		template_set_close(l.templates);
		l.templates = template_set_open("", cases[i].language, "", &err);
		if (!l.templates)
			fail_msg("%s", err.text);
		l.sources[1].title = "bo & co";
		l.sources[1].link = "https://bo.example/";
		l.entries[0].also = also;
		l.entries[0].also_count = ARRAY_LEN(also);
		must_render(&l);
		has(cases[i].language, l.out.html, cases[i].html);
		has(cases[i].language, l.out.text, cases[i].text);
		l.entries[0].also_count = 0;
		must_render(&l);
		has_not("nobody else has it", l.out.html, "also in");
		letter_close(&l);
	}
}

/* Ann announces, Bo answers: one story. */
static void
tell_one_story(struct letter *l)
{
	letter_open(l);
	l->sources[1].link = "https://bo.example/";
	l->entries[0].title = "Krita 6.1 released";
	l->entries[1].title = "Krita 6.1 is out";
	l->entries[1].published = NOW - 25 * HOUR;
	l->entries[1].html =
	    "<p><a href=\"https://ann.example/1?utm_source=bo\">Look</a></p>";
}

static void
test_one_story(void **state)
{
	static const char block[] =
	    "<p class=\"m l\">One story, two blogs</p>\n<h3><span class=\"c\"";
	struct letter l;

	(void)state;
	tell_one_story(&l);
	must_render(&l);
	has("a frame", l.out.html, "<td class=\"g\">");
	has("its label, then the first blog", l.out.html, block);
	has("its end", l.out.html, "</td></tr></table>\n</td></tr>");
	has("in the text part", l.out.text, "\n\nOne story, two blogs:\n\nAnn & Co\n");
	has("a post of yesterday says its day", l.out.text, "\n23 November, 05:30 UTC\n");
	has_not("who stands beside it is not named again", l.out.text, "Talked about");
	l.variant.length = LENGTH_TITLES;
	must_render(&l);
	has("titles", l.out.html, "<td class=\"j\"> <small>One story, two blogs</small>");
	has("titles as text", l.out.text, "  One story, two blogs\n    - Krita 6.1");
	l.variant.length = LENGTH_DEFAULT;
	l.variant.format = FORMAT_DIGEST;
	must_render(&l);
	has("a message of its own", l.out.text,
	    "\nOne story, two blogs: Ann & Co and bo\n");
	l.variant.format = FORMAT_PLAIN;
	must_render(&l);
	has("RFC 1153", l.out.text, "\nOne story, two blogs: Ann & Co and bo\n");
	l.variant.format = FORMAT_HTML;
	l.settings.config.digest.stories = false;
	must_render(&l);
	has_not("unless nobody wants it", l.out.html, "One story");
	letter_close(&l);
}

static void
test_a_post_is_talked_about(void **state)
{
	struct letter l;

	(void)state;
	tell_one_story(&l);
	l.entries[1].title = "Weekend";
	l.entries[1].link = "https://bo.example/weekend";
	must_render(&l);
	has_not("no story", l.out.html, "One story");
	has("but talk", l.out.html,
	    "<p class=\"m\">Talked about by <a href=\"https://bo.example/weekend\">bo</a>");
	has("as text", l.out.text,
	    "\nTalked about by bo\n  https://bo.example/weekend\n");
	letter_close(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_story),
		cmocka_unit_test(test_a_post_is_talked_about),
		cmocka_unit_test(test_other_sources_are_credited),
		cmocka_unit_test(test_the_text_part),
		cmocka_unit_test(a_title_is_not_said_again_below_it),
		cmocka_unit_test(test_the_html_part),
		cmocka_unit_test(test_with_pages),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_directions),
		cmocka_unit_test(test_enclosures),
		cmocka_unit_test(test_categories),
		cmocka_unit_test(test_headings),
		cmocka_unit_test(test_over),
		cmocka_unit_test(test_budget),
		cmocka_unit_test(test_no_room),
		cmocka_unit_test(a_letter_that_fits_is_no_error),
		cmocka_unit_test(test_the_same_twice),
		cmocka_unit_test(a_plain_digest_can_be_taken_apart),
		cmocka_unit_test(a_digest_has_a_mark_before_each_message),
		cmocka_unit_test(test_subjects),
		cmocka_unit_test(test_initials),
		cmocka_unit_test(test_a_letter_without_a_way_to_leave_is_refused),
		cmocka_unit_test(test_own_templates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
