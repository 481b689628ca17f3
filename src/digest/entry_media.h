/* SPDX-License-Identifier: ISC */
/*
 * What an entry carries beside its text: enclosures, and the picture that stands for it.  Each
 * thing is shown once, however often a feed names it.  Private to digest/.
 */
#ifndef DIGEST_ENTRY_MEDIA_H
#define DIGEST_ENTRY_MEDIA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "html/media_words.h"
#include "model/model.h"

enum media_kind {
	MEDIA_FILE,
	MEDIA_AUDIO,
	MEDIA_VIDEO,
	MEDIA_IMAGE,
	MEDIA_DEAD /* Flash: nothing plays it any more */
};

/* By its media type, else by the name of its file. */
enum media_kind media_kind(const struct enclosure *e);
/*
 * html, clean, with the pictures of the entry that it lacks: a video's still before it, pictures
 * that are described, or are all there is, behind it.  Pictures that are only linked stay
 * enclosures.  A picture that is a link and described by nobody is called "Picture" or
 * "Video", in these words.  Borrowed from html when there are none, else in a.
 */
const char *media_with_pictures(struct arena *a, const struct entry *e, const char *html,
    enum images how, const struct media_words *words);
/*
 * Whether enclosure i of the entry need not stand under it: it decorates, it is a face or dead,
 * or it is in html (what is shown of the entry, or NULL), its link, or an enclosure before it.
 */
bool media_is_said(struct arena *a, const struct entry *e, size_t i, const char *html);
/* Seconds to listen or to watch: the longest of its enclosures'; -1 when nobody says. */
int64_t media_seconds(const struct entry *e);

#endif
