/* SPDX-License-Identifier: ISC */
/* Pictures in letters: which one may carry, those that it does, in a file and on a page. */
#include "unit/flow_fixture.h"

#include "digest/group.h"
#include "flow/letter_pictures.h"
#include "flow/logo.h"
#include "store/pictures.h"

/* By what they hold: SHA-256 in base32. */
#define HELLO "ftze3os7wcrq4jxihmvmlopc"
#define WORLD "jbxkiyre2g5u7nua6nhxzgwz"
#define NOBODY "aaaaaaaaaaaaaaaaaaaaaaaa"
#define AT "@example.net"
#define IMG(id, alt) "<img src=\"cid:" id "\" alt=\"" alt "\">"

static void
put_picture(struct flow_test *t, const char *url, const char *bytes, size_t len)
{
	const struct picture is = { PICTURE_GIF, 30, 20, len };

	MUST(store_picture_put(t->run.store, url, &is, bytes, NOW, err));
}

static void
begin(struct flow_test *t)
{
	flow_begin(t);
	put_picture(t, "https://x.example/1.gif", "hello", 5);
	put_picture(t, "https://x.example/2.gif", "world", 5);
}

/* ---- which a letter may carry ---- */

#define PICTURE(name) "<img src=\"https://x.example/" name ".gif\" alt=\"\">"

static const struct {
	const char *name;
	enum images how;
	const char *want;
} hows[] = {
	{ "all of them, each once, by address", IMAGES_INLINE,
	    "1.gif " HELLO AT " 30x20 5|2.gif " WORLD AT " 30x20 5|"
	    "largest.gif uc4eveyt75vukewrde32dw2r" AT " 30x20 114|" },
	{ "the first of each post", IMAGES_FIRST,
	    "1.gif " HELLO AT " 30x20 5|"
	    "largest.gif uc4eveyt75vukewrde32dw2r" AT " 30x20 114|" },
	{ "none", IMAGES_NONE, "" },
	{ "links", IMAGES_LINK, "" },
	{ "their sizes", IMAGES_REMOTE,
	    "1.gif - 30x20 0|2.gif - 30x20 0|large.gif - 30x20 0|largest.gif - 30x20 0|"
	    "size.gif - 7x9 0|" },
};

static struct entry posts[] = {
	{ .html = "<p>" PICTURE("1") PICTURE("2") PICTURE("nothing") "</p>", .words = 9 },
	{ .html = "<p>" PICTURE("largest") PICTURE("1") PICTURE("size") "</p>",
	    .words = 9 },
	{ .html = "<p>" PICTURE("large") "</p>", .words = 9 },
};

/* "1.gif ID 30x20 5|" */
static const char *
listed(struct arena *a, const struct carried_picture *list, size_t count)
{
	const char *text = "";

	for (size_t i = 0; i < count; i++)
		text = arena_printf(a, "%s%s %s %dx%d %zu|", text,
		    list[i].url + strlen("https://x.example/"),
		    list[i].id ? list[i].id : "-", list[i].width, list[i].height,
		    list[i].len);
	return text;
}

/* Two sections, of two sources and of one. */
static struct digest
make_digest(void)
{
	static const struct entry *entries[] = { &posts[0], &posts[1], &posts[2] };
	static struct digest_source sources[] = { { .entries = entries, .count = 1 },
		{ .entries = entries + 1, .count = 1 },
		{ .entries = entries + 2, .count = 1 } };
	static struct digest_section sections[] = { { .sources = sources, .count = 2 },
		{ .sources = sources + 2, .count = 1 } };

	return (struct digest){ .sections = sections, .section_count = 2 };
}

static void
a_letter_may_carry_what_is_stored_and_small(void **state)
{
	static const struct picture size = { PICTURE_GIF, 7, 9, 0 };
	const struct digest d = make_digest();
	const struct carried_picture *list = NULL;
	char bytes[115];
	size_t count = 0;
	struct flow_test t;
	struct store *store = NULL;

	(void)state;
	begin(&t);
	/* Half of a thousand bytes is two lines of base64, of 57 bytes each. */
	t.settings.config.digest.image_bytes = 1000;
	memset(bytes, 'x', sizeof(bytes));
	put_picture(&t, "https://x.example/largest.gif", bytes, 114);
	put_picture(&t, "https://x.example/large.gif", bytes, 115);
	MUST(store_picture_size_put(t.run.store, "https://x.example/size.gif", &size, NOW,
	    err));
	for (size_t i = 0; i < ARRAY_LEN(hows); i++) {
		MUST(flow_pictures_of(&t.run, &d, hows[i].how, &list, &count, err));
		SAME_TEXT(hows[i].name, listed(t.run.arena, list, count), hows[i].want);
	}
	store = t.run.store;
	t.run.store = NULL;
	MUST(flow_pictures_of(&t.run, &d, IMAGES_INLINE, &list, &count, err));
	SAME_INT("nothing is stored anywhere", count, 0);
	t.run.store = store;
	MUST(db_exec(t.run.store, "DROP TABLE picture", err));
	MUST_FAIL(flow_pictures_of(&t.run, &d, IMAGES_INLINE, &list, &count, err),
	    ERR_BUG, "no such table");
	MUST_FAIL(flow_pictures_of(&t.run, &d, IMAGES_REMOTE, &list, &count, err),
	    ERR_BUG, "no such table");
	flow_end(&t);
}

/* ---- those that it does ---- */

static const struct {
	const char *name, *html;
	const char
	    *loaded; /* the HTML of the letter, and its parts behind a blank line */
	const char *inside; /* of a file */
	const char *words;  /* of what is no letter */
} letters[] = {
	{ "no HTML", NULL, NULL, NULL, NULL },
	{ "none", "<p>Hi</p>", "<p>Hi</p>\n", "<p>Hi</p>", "<p>Hi</p>" },
	{ "one", "<p>" IMG(HELLO AT, "A") "</p>",
	    "<p>" IMG(HELLO AT, "A") "</p>\npicture-1.gif image/gif " HELLO AT " hello\n",
	    "<p><img src=\"data:image/gif;base64,aGVsbG8=\" alt=\"A\"></p>",
	    "<p>[picture: A]</p>" },
	{ "one twice, and another",
	    IMG(HELLO AT, "A") IMG(WORLD AT, "B") IMG(HELLO AT, "C"),
	    IMG(HELLO AT, "A") IMG(WORLD AT, "B")
		IMG(HELLO AT, "C") "\npicture-1.gif image/gif " HELLO AT
				   " hello\npicture-2.gif image/gif " WORLD AT " world\n",
	    "<img src=\"data:image/gif;base64,aGVsbG8=\" alt=\"A\">"
	    "<img src=\"data:image/gif;base64,d29ybGQ=\" alt=\"B\">"
	    "<img src=\"data:image/gif;base64,aGVsbG8=\" alt=\"C\">",
	    "[picture: A][picture: B][picture: C]" },
	{ "of one that is not kept words stand", IMG(NOBODY AT, "A") IMG(WORLD AT, "B"),
	    "[picture: A]" IMG(WORLD AT, "B") "\npicture-1.gif image/gif " WORLD AT
					      " world\n",
	    "[picture: A]<img src=\"data:image/gif;base64,d29ybGQ=\" alt=\"B\">",
	    "[picture: A][picture: B]" },
	{ "names that are none of ours",
	    IMG("x", "A") IMG(HELLO, "B") IMG(HELLO "x", "C"),
	    "[picture: A][picture: B][picture: C]\n",
	    "[picture: A][picture: B][picture: C]",
	    "[picture: A][picture: B][picture: C]" },
};

static const char *
with_parts(struct arena *a, const struct rendering *r)
{
	const char *text = arena_printf(a, "%s\n", r->html);

	for (size_t i = 0; i < r->picture_count; i++) {
		const struct picture_part *p = &r->pictures[i];

		text = arena_printf(a, "%s%s %s %s %.*s\n", text, p->name, p->type, p->id,
		    (int)p->len, p->bytes);
	}
	return text;
}

static struct rendering
rendering_of(const char *html)
{
	return (struct rendering){ .subject = "S",
		.text = "T\n",
		.text_len = 2,
		.html = html,
		.html_len = html ? strlen(html) : 0 };
}

static void
expect_html(const char *name, const struct rendering *r, const char *want)
{
	if (want)
		SAME_TEXT(name, r->html, want);
	SAME_INT(name, r->html_len, want ? strlen(want) : 0);
}

static void
a_letter_has_its_pictures_or_words(void **state)
{
	struct flow_test t;

	(void)state;
	begin(&t);
	for (size_t i = 0; i < ARRAY_LEN(letters); i++) {
		struct rendering r = rendering_of(letters[i].html);

		MUST(flow_pictures_load(&t.run, t.run.arena, &r, err));
		if (letters[i].loaded)
			SAME_TEXT(letters[i].name, with_parts(t.run.arena, &r),
			    letters[i].loaded);
		r = rendering_of(letters[i].html);
		MUST(flow_pictures_inside(&t.run, t.run.arena, &r, err));
		expect_html(letters[i].name, &r, letters[i].inside);
		r = rendering_of(letters[i].html);
		MUST(flow_pictures_take_out(&t.run, t.run.arena, &r, err));
		expect_html(letters[i].name, &r, letters[i].words);
		SAME_INT("no parts", r.picture_count, 0);
	}
	flow_end(&t);
}

static void
a_store_that_fails_makes_no_letter(void **state)
{
	struct flow_test t;
	struct rendering r = rendering_of(IMG(HELLO AT, "A") IMG(WORLD AT, "B"));
	const struct rendering_key key = { .variant_id = 1, .part = 1 };

	(void)state;
	begin(&t);
	MUST(db_exec(t.run.store, "DROP TABLE picture", err));
	MUST_FAIL(flow_pictures_load(&t.run, t.run.arena, &r, err), ERR_BUG,
	    "no such table");
	r = rendering_of(IMG(HELLO AT, "A"));
	MUST_FAIL(flow_pictures_inside(&t.run, t.run.arena, &r, err), ERR_BUG,
	    "no such table");
	template_set_close(t.run.templates);
	t.run.templates = NULL;
	t.settings.config.digest.template_dir = "/nowhere/at/all";
	r = rendering_of(IMG(HELLO AT, "A"));
	MUST_FAIL(flow_pictures_take_out(&t.run, t.run.arena, &r, err), ERR_CONFIG,
	    "/nowhere/at/all");
	t.settings.config.digest.template_dir = "";
	r = rendering_of(IMG(HELLO AT, "A"));
	MUST_FAIL(flow_rendering_put(&t.run, &key, &r, "{}", NULL, err), ERR_BUG,
	    "no such table");
	flow_end(&t);
}

/* ---- the newsletter's own ---- */

/* Two pixels by one. */
static const char logo_bytes[] = "GIF89a\x02\0\x01\0\x80\0\0rgbRGB,\0\0\0\0\x02\0\x01\0\0"
				 "\x02\x02"
				 "ab\0;";

static const struct logo *
with_logo(struct flow_test *t)
{
	char path[300];

	in_folder(t->folder, "logo.gif", path);
	MUST(file_write(path, logo_bytes, sizeof(logo_bytes) - 1, 0600, err));
	t->settings.config.style.logo = arena_strdup(t->run.arena, path);
	return flow_logo(&t->run);
}

static bool
is_stored(struct flow_test *t, const char *name)
{
	struct picture is;
	const char *bytes = NULL;
	bool found = false;

	MUST(store_picture_bytes(t->run.store, t->run.arena, name, &is, &bytes, &found,
	    err));
	return found;
}

static void
a_logo_comes_along_and_is_kept_with_its_letter(void **state)
{
	struct flow_test t;
	const struct logo *logo = NULL;
	struct rendering r;
	const char *html = NULL;
	bool shows = true;

	(void)state;
	begin(&t);
	logo = with_logo(&t);
	assert_non_null(logo);
	html = arena_printf(t.run.arena,
	    "<h1><img src=\"cid:%s\" alt=\"X\"></h1>" IMG(HELLO AT, "A"), logo->shown.id);
	r = rendering_of(html);
	MUST(flow_pictures_load(&t.run, t.run.arena, &r, err));
	SAME_INT("both", r.picture_count, 2);
	SAME_TEXT("its name", r.pictures[0].name, "logo.gif");
	SAME_TEXT("the other's", r.pictures[1].name, "picture-2.gif");
	SAME_INT("its bytes", r.pictures[0].len, sizeof(logo_bytes) - 1);
	r = rendering_of(html);
	MUST(flow_pictures_on_page(&t.run, t.run.arena, &r, logo, "/p/logo.gif?a&b",
	    &shows, err));
	SAME_TEXT("on a page", r.html,
	    "<h1><img src=\"/p/logo.gif?a&amp;b\" alt=\"X\"></h1>[picture: A]");
	SAME_INT("it is there", shows, 1);
	r = rendering_of(html);
	MUST(flow_pictures_on_page(&t.run, t.run.arena, &r, NULL, "/p/logo.gif", &shows,
	    err));
	SAME_TEXT("a page without", r.html, "<h1>X</h1>[picture: A]");
	SAME_INT("it is not there", shows, 0);
	r = rendering_of(IMG(HELLO ".logo" AT, "Old"));
	MUST(flow_pictures_on_page(&t.run, t.run.arena, &r, logo, "/p/logo.gif", &shows,
	    err));
	SAME_TEXT("another one than today's", r.html, "Old");
	SAME_INT("today's is not there", shows, 0);
	flow_end(&t);
}

static void
what_a_letter_carries_is_kept_as_long(void **state)
{
	struct flow_test t;
	const struct logo *logo = NULL;
	struct rendering r;
	struct rendering_key key = { .variant_id = 1, .part = 1 };
	int64_t dropped = 0;

	(void)state;
	begin(&t);
	(void)add_reader(t.run.store, "ann@x.example", READER_ACTIVE);
	key.span = approve_issue(t.run.store, "2026-11-24", NOW);
	logo = with_logo(&t);
	r = rendering_of(arena_printf(t.run.arena,
	    "<h1><img src=\"cid:%s\" alt=\"X\"></h1>" IMG(HELLO AT, "A")
		IMG("x", "none of ours") IMG(HELLO ".logo" AT, "of before"),
	    logo->shown.id));
	assert_false(is_stored(&t, logo->name));
	t.run.now = NOW + 100;
	MUST(flow_rendering_put(&t.run, &key, &r, "{}", NULL, err));
	assert_true(is_stored(&t, logo->name));
	MUST(store_pictures_tidy(t.run.store, NOW + 100, &dropped, err));
	SAME_INT("the other goes", dropped, 1);
	assert_true(is_stored(&t, HELLO));
	assert_true(is_stored(&t, logo->name));
	assert_false(is_stored(&t, WORLD));
	MUST(store_pictures_tidy(t.run.store, NOW + 101, &dropped, err));
	SAME_INT("with the letter", dropped, 2);
	flow_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_letter_may_carry_what_is_stored_and_small),
		cmocka_unit_test(a_letter_has_its_pictures_or_words),
		cmocka_unit_test(a_store_that_fails_makes_no_letter),
		cmocka_unit_test(a_logo_comes_along_and_is_kept_with_its_letter),
		cmocka_unit_test(what_a_letter_carries_is_kept_as_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
