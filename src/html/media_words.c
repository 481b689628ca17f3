/* SPDX-License-Identifier: ISC */
#include "html/media_words.h"

#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "html/scan.h"
#include "html/write.h"

static const struct media_words stored = { .picture = "[picture]",
	.picture_before = "[picture: ",
	.picture_after = "]",
	.kinds = { [MEDIA_WORD_VIDEO] = "Video",
	    [MEDIA_WORD_AUDIO] = "Audio",
	    [MEDIA_WORD_PICTURE] = "Picture",
	    [MEDIA_WORD_DOCUMENT] = "Document",
	    [MEDIA_WORD_PAGE] = "Embedded page",
	    [MEDIA_WORD_OBJECT] = "Embedded object" } };

const struct media_words *
media_words_stored(void)
{
	return &stored;
}

int
media_words_kind(const char *text, size_t len)
{
	for (int i = 0; i < MEDIA_WORDS; i++) {
		const size_t n = strlen(stored.kinds[i]);

		if (len > n + 3 && memcmp(text, stored.kinds[i], n) == 0 &&
		    memcmp(text + n, " (", 2) == 0 && text[len - 1] == ')')
			return i;
	}
	return MEDIA_WORDS;
}

bool
media_words_are_in(const char *html)
{
	for (int i = 0; i < MEDIA_WORDS; i++) {
		if (strstr(html, stored.kinds[i]))
			return true;
	}
	return strstr(html, stored.picture_before) != NULL;
}

void
media_words_write_picture(struct html_writer *w, const struct media_words *words,
    const char *alt)
{
	if (*alt == '\0') {
		writer_words(w, words->picture);
		return;
	}
	writer_words(w, words->picture_before);
	writer_words(w, alt);
	writer_words(w, words->picture_after);
}

static bool
are_stored(const struct media_words *words)
{
	for (int i = 0; i < MEDIA_WORDS; i++) {
		if (strcmp(words->kinds[i], stored.kinds[i]) != 0)
			return false;
	}
	return strcmp(words->picture_before, stored.picture_before) == 0 &&
	    strcmp(words->picture_after, stored.picture_after) == 0;
}

/* "[picture: a cat]": its description, or NULL for other texts. */
static const char *
described_picture(const char *text, size_t len, size_t *out_len)
{
	const size_t before = strlen(stored.picture_before);
	const size_t after = strlen(stored.picture_after);

	if (len <= before + after || memcmp(text, stored.picture_before, before) != 0 ||
	    memcmp(text + len - after, stored.picture_after, after) != 0)
		return NULL;
	*out_len = len - before - after;
	return text + before;
}

const char *
html_media_words(struct arena *a, const char *html, const struct media_words *words)
{
	struct buf b = BUF_INIT(LIMIT_PART);
	const char *from = html;
	const char *result = html;
	bool in_link = false;
	struct html_scan s;
	struct html_token t;

	if (!media_words_are_in(html) || are_stored(words))
		return html;
	scan_init(&s, html, strlen(html));
	while (scan_next(&s, &t)) {
		int kind = MEDIA_WORDS;
		const char *shown = NULL;
		size_t shown_len = 0;

		if (t.tag == TAG_A && t.kind != SCAN_TEXT)
			in_link = t.kind == SCAN_START;
		if (t.kind == SCAN_TEXT && in_link && strncmp(s.at, "</a>", 4) == 0) {
			/* Behind a still it stands on a line of its own. */
			const size_t lead = strspn(t.text, "\n");

			t.text += lead;
			t.len -= lead;
			kind = media_words_kind(t.text, t.len);
			shown = described_picture(t.text, t.len, &shown_len);
		}
		if (shown) {
			buf_add(&b, from, (size_t)(t.text - from));
			buf_adds(&b, words->picture_before);
			buf_add(&b, shown, shown_len);
			buf_adds(&b, words->picture_after);
			from = t.text + t.len;
		}
		if (kind == MEDIA_WORDS)
			continue;
		buf_add(&b, from, (size_t)(t.text - from));
		buf_adds(&b, words->kinds[kind]);
		from = t.text + strlen(stored.kinds[kind]);
	}
	buf_adds(&b, from);
	if (from != html && !buf_is_full(&b))
		result = arena_strndup(a, buf_text(&b), b.len);
	buf_clear(&b);
	return result;
}
