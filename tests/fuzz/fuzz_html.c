/* SPDX-License-Identifier: ISC */
/*
 * Any bytes as an entry's content.  Beside crashes it looks for broken promises: what was
 * cleaned stays the same when it is cleaned again, in its beginnings and without its pictures
 * too; no tag that could run anything is left; a cut keeps to its length.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "html/clean.h"
#include "digest/excerpt.h"
#include "html/cut.h"
#include "html/images.h"
#include "html/one_line.h"
#include "html/sentences.h"
#include "html/to_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
broken(const char *promise, const char *first, const char *second)
{
	fprintf(stderr, "%s\n--- first\n%s\n--- second\n%s\n", promise, first, second);
	abort();
}

static void
expect_stable(struct arena *a, const char *what, const char *html)
{
	const struct html_options opts = { .base = "https://v.example/p/",
		.heading_base = 4 };
	struct html_clean again;

	if (!*html)
		return;
	/* Boilerplate is looked for at the end, where a cut may have put an innocent line. */
	html = arena_printf(a, "%s\n<p>The end</p>", html);
	html_clean(a, html, strlen(html), &opts, &again);
	if (strcmp(again.html, html) != 0)
		broken(what, html, again.html);
}

/* The class of our own words for a picture, which no stranger's markup keeps. */
static const char own_class[] = "class=\"picture\" ";

/* A tag or attribute that must not be; at stands where one may begin. */
static void
expect_allowed(const char *at)
{
	static const char *const forbidden[] = { "<script", "<style", "<iframe", "<svg",
		"<math", "<form", "<input", "<object", "<!--", "<noscript", "<template",
		"href=\"j", "src=\"d", "class=", "id=", "on" };

	for (size_t i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++)
		if (strncmp(at, forbidden[i], strlen(forbidden[i])) == 0)
			broken("something forbidden is left", at, forbidden[i]);
}

/* has_words: pictures in it may have become words. */
static void
expect_inert(const char *html, bool has_words)
{
	bool in_tag = false;
	bool in_value = false;

	for (const char *at = html; *at; at++) {
		if (*at == '<')
			in_tag = true;
		if (in_tag && *at == '"')
			in_value = !in_value;
		if (has_words && in_tag && !in_value &&
		    strncmp(at, own_class, sizeof(own_class) - 1) == 0)
			at += sizeof(own_class) - 1;
		if (in_tag && !in_value && (*at == '<' || at[-1] == ' '))
			expect_allowed(at);
		if (*at == '>' && !in_value)
			in_tag = false;
	}
}

static const char *
every_other_sentence(struct arena *a, const char *html)
{
	struct html_sentence *list = NULL;
	const size_t count = html_sentences(a, html, 20, &list);
	bool kept[20] = { false };

	for (size_t i = 1; i < count; i += 2)
		kept[i] = true;
	return html_of_sentences(a, html, list, kept, count);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct arena *a = arena_new();
	struct html_options opts = { .base = "https://v.example/p/", .heading_base = 4 };
	struct buf input = BUF_INIT(LIMIT_ENTRY_TEXT);
	struct html_clean out;
	bool cut;

	/* The border has made it clean UTF-8 before. */
	text_add_clean(&input, (const char *)bytes, size);
	html_clean(a, buf_text(&input), input.len, &opts, &out);
	expect_inert(out.html, false);
	expect_stable(a, "clean HTML changes when cleaned", out.html);
	expect_stable(a, "a beginning changes when cleaned",
	    html_cut(a, out.html, 40, 300, &cut));
	expect_stable(a, "without pictures it changes when cleaned",
	    html_images(a, out.html, IMAGES_NONE, media_words_stored()));
	/* Not stable: a link to a picture may look like one of a share bar. */
	expect_inert(html_images(a, out.html, IMAGES_LINK, media_words_stored()), true);
	(void)html_excerpt(a, out.html, 20, &cut);
	expect_inert(excerpt_html(a, excerpt_new(a, out.html, "x"), 40, 300, &cut),
	    false);
	expect_stable(a, "some sentences change when cleaned",
	    every_other_sentence(a, out.html));
	(void)html_one_line(a, buf_text(&input), input.len);
	/* Readers of clean HTML stay in bounds on anything. */
	(void)html_to_text(a, buf_text(&input), 20);
	(void)html_cut(a, buf_text(&input), 10, SIZE_MAX, &cut);
	(void)every_other_sentence(a, buf_text(&input));
	(void)html_images(a, buf_text(&input), IMAGES_NONE, media_words_stored());
	opts.is_text = true;
	opts.title = "x";
	opts.strip = "p.x\n#y\nz";
	html_clean(a, buf_text(&input), input.len, &opts, &out);
	expect_inert(out.html, false);
	buf_clear(&input);
	arena_free(a);
	return 0;
}
