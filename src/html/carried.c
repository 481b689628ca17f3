/* SPDX-License-Identifier: ISC */
/* What is written by the program has references for angle brackets and quotes in attributes. */
#include "html/carried.h"

#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "format/html_escape.h"

static const char tag_start[] = "<img ";

/* The value of an attribute within the tag, as it stands there; NULL when it has none. */
static const char *
value_in(const char *tag, const char *end, const char *name, size_t *len)
{
	const size_t name_len = strlen(name);

	for (const char *p = tag; p + name_len < end; p++) {
		const char *quote = NULL;

		if (memcmp(p, name, name_len) != 0)
			continue;
		quote = memchr(p + name_len, '"', (size_t)(end - p) - name_len);
		if (!quote)
			return NULL;
		*len = (size_t)(quote - p) - name_len;
		return p + name_len;
	}
	return NULL;
}

bool
carried_next(const char **at, struct carried_tag *out)
{
	const char *tag = *at;

	while ((tag = strstr(tag, tag_start)) != NULL) {
		const char *end = strchr(tag, '>');

		if (!end)
			return false;
		out->start = tag;
		out->end = end + 1;
		out->id = value_in(tag, end, " src=\"cid:", &out->id_len);
		if (out->id) {
			*at = out->end;
			return true;
		}
		tag = end;
	}
	return false;
}

bool
carried_is_logo(const struct carried_tag *tag)
{
	static const char mark[] = ".logo@";
	const char *at = memchr(tag->id, mark[0], tag->id_len);

	return at && strncmp(at, mark, sizeof(mark) - 1) == 0;
}

static void
write_words(struct buf *b, const struct carried_tag *tag, const struct media_words *words)
{
	size_t len = 0;
	const char *alt = value_in(tag->start, tag->end, " alt=\"", &len);

	if (alt && len > 0 && carried_is_logo(tag)) {
		buf_add(b, alt, len);
		return;
	}
	/* Links that hold a picture alone have a word in its place. */
	if (!alt || len == 0 ||
	    (len == strlen(words->kinds[MEDIA_WORD_PICTURE]) &&
		memcmp(alt, words->kinds[MEDIA_WORD_PICTURE], len) == 0)) {
		html_escape(b, words->picture, strlen(words->picture), HTML_ALL_QUOTES);
		return;
	}
	html_escape(b, words->picture_before, strlen(words->picture_before),
	    HTML_ALL_QUOTES);
	buf_add(b, alt, len);
	html_escape(b, words->picture_after, strlen(words->picture_after),
	    HTML_ALL_QUOTES);
}

const char *
html_carried_as_words(struct arena *a, const char *html, const struct media_words *words,
    carried_stays stays, void *arg)
{
	struct buf b = BUF_INIT(2 * LIMIT_PART);
	const char *copied = html;
	const char *at = html;
	const char *result = html;
	struct carried_tag tag;

	while (carried_next(&at, &tag)) {
		if (stays && stays(arg, &tag))
			continue;
		buf_add(&b, copied, (size_t)(tag.start - copied));
		write_words(&b, &tag, words);
		copied = tag.end;
	}
	if (copied != html) {
		buf_adds(&b, copied);
		result = arena_strndup(a, buf_text(&b), b.len);
	}
	buf_clear(&b);
	return result;
}
