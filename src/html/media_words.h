/* SPDX-License-Identifier: ISC */
/*
 * The words that stand in a post where its pictures and players were: "[picture: a cat]",
 * "Video (YouTube)".  The cleaner writes the English ones of players into what is stored, as it
 * once did those of pictures inside the text; a letter has those of its language.
 */
#ifndef HTML_MEDIA_WORDS_H
#define HTML_MEDIA_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attr.h"

enum media_word {
	MEDIA_WORD_VIDEO,
	MEDIA_WORD_AUDIO,
	MEDIA_WORD_PICTURE,
	MEDIA_WORD_DOCUMENT,
	MEDIA_WORD_PAGE,
	MEDIA_WORD_OBJECT
};
enum { MEDIA_WORDS = MEDIA_WORD_OBJECT + 1 };

struct html_writer;

struct media_words {
	const char *picture;        /* of a picture without a description: "[picture]" */
	const char *picture_before; /* what stands before a description: "[picture: " */
	const char *picture_after;  /* and behind it: "]" */
	const char *kinds[MEDIA_WORDS];
};

/* As they are stored. */
const struct media_words *media_words_stored(void) MUST_CHECK;
/* The kind that a link's text begins with ("Video (YouTube)"), MEDIA_WORDS for other texts. */
int media_words_kind(const char *text, size_t len) MUST_CHECK;
/* False when no text of html can be one: most posts have no player. */
bool media_words_are_in(const char *html) MUST_CHECK;
/* "[picture: a cat]", or "[picture]" when alt, which is text and no markup, is empty. */
void media_words_write_picture(struct html_writer *w, const struct media_words *words,
    const char *alt);
/*
 * Clean HTML with the stored words for players and pictures in those of another language: link
 * texts that are one of the kinds and a place, "Video (YouTube)", or "[picture: a cat]".  Lives
 * in a, or is html itself.
 */
const char *html_media_words(struct arena *a, const char *html,
    const struct media_words *words) MUST_CHECK;

#endif
