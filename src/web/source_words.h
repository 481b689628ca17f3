/* SPDX-License-Identifier: ISC */
/* The health of a source, told kindly to readers. */
#ifndef WEB_SOURCE_WORDS_H
#define WEB_SOURCE_WORDS_H

#include "base/err.h"
#include "model/model.h"
#include "web/page.h"

enum source_mood { SOURCE_WRITES, SOURCE_IS_QUIET, SOURCE_IS_AWAY };

enum source_mood source_mood(const struct page *p, const struct source *s);
/* "wrote yesterday", "quiet since May; still at home".  In the page's arena. */
const char *source_words(struct page *p, const struct source *s, struct err *err);

#endif
