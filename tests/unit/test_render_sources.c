/* SPDX-License-Identifier: ISC */
/* How the blogs of a letter look: their letters, colours, faces and links; the days above. */
#include "unit/render_fixture.h"
#include "unit/scratch.h"

#include "base/attr.h"
#include "base/hash.h"

/* ---- letters and colours ---- */

static const struct {
	const char *name, *initial;
} initials[] = {
	/* clang-format off */
	/* First and last of each block that has no letters, and beside. */
	{ "\u00bf x", "X" }, { "\u00c0 x", "\u00c0" }, { "\u1fff x", "\u1fff" }, { "\u2000 x", "X" },
	{ "\u2bff x", "X" }, { "\u2c30 x", "\u2c00" }, { "\u2fff x", "\u2fff" }, { "\u3000 x", "X" },
	{ "\u303f x", "X" }, { "\u3040 x", "\u3040" }, { "\ufdff x", "\ufdff" }, { "\ufe00 x", "X" },
	{ "\uff21 x", "X" }, { "/0", "0" }, { ":9", "9" }, { "@a", "A" }, { "[z", "Z" },
	/* Without any letter the first sign. */
	{ "!?", "!" }, { "?", "?" },
	/* clang-format on */
};

static void
a_name_has_a_first_letter(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(initials); i++) {
		struct letter l;

		letter_open(&l);
		l.sources[1].name = initials[i].name;
		must_render(&l);
		has(initials[i].name, l.out.html,
		    arena_printf(l.a, "\">%s</span>", initials[i].initial));
		letter_close(&l);
	}
}

enum { BLOGS = 12 };

/* A letter of a post of each of twelve blogs, with such colours. */
static void
open_with_palette(struct letter *l, const char *dir, const char *palette)
{
	char *path = file_join(dir, "style.ini");
	struct err err = ERR_INIT;
	const char *text = NULL;

	letter_open(l);
	text = arena_printf(l->a, "[value]\npalette = %s\n", palette);
	if (!file_write(path, text, strlen(text), 0600, &err))
		fail_msg("%s", err.text);
	template_set_close(l->templates);
	l->templates = template_set_open(dir, "en", "", &err);
	if (!l->templates)
		fail_msg("%s", err.text);
	assert_int_equal(unlink(path), 0);
	free(path);
	l->source_count = l->entry_count = BLOGS;
	for (size_t i = 0; i < BLOGS; i++) {
		l->sources[i] = (struct source){ .id = (int64_t)i + 1,
			.key = arena_printf(l->a, "s%zu", i),
			.name = arena_printf(l->a, "Blog %zu", i),
			.max_per_feed = -1 };
		l->entries[i] = l->entries[0];
		l->entries[i].id = l->entries[i].source_id = (int64_t)i + 1;
		l->entries[i].published = NOW - HOUR - (int64_t)i;
	}
}

/* Blanks between the colours as a file may have them; how many of them count. */
static const struct {
	const char *palette;
	const char *colours[33];
	size_t count;
} palettes[] = {
	/* clang-format off */
	{ "#123456", { "#123456" }, 1 },
	{ "#111 #222", { "#111", "#222" }, 2 },
	{ "a b c", { "a", "b", "c" }, 3 },
	{ "#111111\t#111  #222", { "#111111", "#111", "#222" }, 3 },
	{ "#0 #1 #2 #3 #4 #5 #6 #7 #8 #9 #a #b #c #d #e #f #g #h #i #j #k #l #m #n #o #p #q #r #s #t #u #v #w",
	  { "#0", "#1", "#2", "#3", "#4", "#5", "#6", "#7", "#8", "#9", "#a", "#b", "#c", "#d", "#e",
	    "#f", "#g", "#h", "#i", "#j", "#k", "#l", "#m", "#n", "#o", "#p", "#q", "#r", "#s", "#t",
	    "#u", "#v" }, 32 },
	/* clang-format on */
};

/* By its name, but the next one where the blog above has that. */
static void
a_blog_keeps_its_colour(void **state)
{
	char dir[64];

	(void)state;
	assert_true(scratch_folder(dir, sizeof(dir)));
	for (size_t i = 0; i < ARRAY_LEN(palettes); i++) {
		const char *last = "";
		const char *at = NULL;
		struct letter l;

		open_with_palette(&l, dir, palettes[i].palette);
		must_render(&l);
		at = l.out.html;
		for (size_t k = 0; k < BLOGS; k++) {
			const char *name = l.sources[k].name;
			size_t pick = hash_64(name, strlen(name), 0) % palettes[i].count;
			const char *want = NULL;

			if (strcmp(palettes[i].colours[pick], last) == 0)
				pick = (pick + 1) % palettes[i].count;
			last = palettes[i].colours[pick];
			want =
			    arena_printf(l.a, "style=\"background:%s;color:#fff\"", last);
			at = strstr(at, "style=\"background:");
			assert_non_null(at);
			if (strncmp(at, want, strlen(want)) != 0)
				fail_msg("%zu, %s: got %.40s, want %s", i, name, at,
				    want);
			at++;
		}
		letter_close(&l);
	}
	assert_int_equal(rmdir(dir), 0);
}

/* ---- faces and links ---- */

static void
faces_are_shown_where_pictures_are_fetched(void **state)
{
	static const struct {
		const char *face;
		enum images images;
		bool want;
	} cases[] = {
		{ "https://a.example/f.png", IMAGES_REMOTE, true },
		{ "HTTPS://a.example/f.png", IMAGES_REMOTE, true },
		{ "http://a.example/f.png", IMAGES_REMOTE, false },
		{ "https://a.example/f.png", IMAGES_LINK, false },
		{ "https://a.example/f.png", IMAGES_INLINE, false },
		{ "", IMAGES_REMOTE, false },
		{ NULL, IMAGES_REMOTE, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct letter l;

		letter_open(&l);
		l.entry_count = 1;
		l.sources[0].face = cases[i].face;
		l.settings.config.digest.images = cases[i].images;
		must_render(&l);
		if (cases[i].want) {
			has("a face", l.out.html,
			    arena_printf(l.a, "src=\"%s\" width=\"24\"", cases[i].face));
			has_not("no letter", l.out.html, "aria-hidden");
		} else {
			has("a letter", l.out.html, "aria-hidden=\"true\">A</span>");
			has_not("no face", l.out.html, "f.png");
		}
		letter_close(&l);
	}
}

static void
only_addresses_of_the_web_are_followed(void **state)
{
	static const struct {
		const char *link, *want;
	} cases[] = {
		{ "https://ann.example/", "\nAnn & Co\n  https://ann.example/\n\nTea" },
		{ "javascript:alert(1)", "\nAnn & Co\n\nTea" },
		{ "", "\nAnn & Co\n\nTea" },
		{ NULL, "\nAnn & Co\n\nTea" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct letter l;

		letter_open(&l);
		l.sources[0].link = cases[i].link;
		must_render(&l);
		has("link", l.out.text, cases[i].want);
		has_not("no script", l.out.html, "javascript:");
		letter_close(&l);
	}
}

/* ---- days ---- */

static void
days_of_another_year_say_it(void **state)
{
	struct letter l;

	(void)state;
	letter_open(&l);
	l.entries[0].published = NOW - 365 * 24 * HOUR;
	l.entries[1].published = NOW - 327 * 24 * HOUR; /* the first of this year */
	must_render(&l);
	has("of this year", l.out.text, "\nThursday, 1 January\n===================\n");
	has("of another", l.out.text,
	    "\nMonday, 24 November 2025\n========================\n");
	letter_close(&l);
}

/* A time is not said twice of one blog, whatever another's posts say between. */
static void
each_blog_says_its_times(void **state)
{
	struct letter l;

	(void)state;
	letter_open(&l);
	l.entries[1].published = l.entries[0].published;
	l.entries[1].title = "Two";
	l.entries[2] = l.entries[1];
	l.entries[2].id = 3;
	l.entries[2].title = "Three";
	l.entry_count = 3;
	must_render(&l);
	has("the first", l.out.text,
	    "\nTea < coffee\n------------\nby Ann \u00b7 05:30 UTC");
	has("another blog's", l.out.text, "\nTwo\n---\n05:30\nhttps");
	has("and its second", l.out.text, "\nThree\n-----\nhttps");
	letter_close(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_has_a_first_letter),
		cmocka_unit_test(a_blog_keeps_its_colour),
		cmocka_unit_test(faces_are_shown_where_pictures_are_fetched),
		cmocka_unit_test(only_addresses_of_the_web_are_followed),
		cmocka_unit_test(days_of_another_year_say_it),
		cmocka_unit_test(each_blog_says_its_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
