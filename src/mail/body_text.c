/* SPDX-License-Identifier: ISC */
#include "mail/body_text.h"

#include <string.h>

#include "base/ascii.h"
#include "base/charset.h"
#include "base/text.h"
#include "format/mime_encoding.h"

enum body_encoding
body_encoding_of(const char *value)
{
	if (ascii_starts_nocase(value, "quoted-printable"))
		return BODY_QUOTED;
	return ascii_starts_nocase(value, "base64") ? BODY_BASE64 : BODY_AS_IT_IS;
}

static const char *
guessed_charset(const char *bytes, size_t len)
{
	const char *escape = memchr(bytes, '\x1B', len);

	/* Japanese servers declare nothing and switch by escapes. */
	if (escape && len - (size_t)(escape - bytes) > 2 &&
	    (escape[1] == '$' || escape[1] == '('))
		return "iso-2022-jp";
	return text_is_utf8(bytes, len) ? "utf-8" : "windows-1252";
}

static const char *
clean_text(struct arena *a, const struct buf *bytes, const char *charset, size_t max)
{
	struct buf utf8 = BUF_INIT(4 * max);
	struct buf clean = BUF_INIT(4 * max);
	const char *text = buf_text(bytes);
	const char *guess = guessed_charset(text, bytes->len);
	const char *copy = NULL;

	if (!charset || strcmp(guess, "iso-2022-jp") == 0 ||
	    !charset_to_utf8(&utf8, charset, text, bytes->len, NULL)) {
		buf_reset(&utf8);
		if (!charset_to_utf8(&utf8, guess, text, bytes->len, NULL))
			buf_add(&utf8, text, bytes->len);
	}
	text_add_clean(&clean, buf_text(&utf8), utf8.len);
	copy = arena_take(a, &clean);
	buf_clear(&utf8);
	return copy;
}

const char *
body_text(struct arena *a, const char *bytes, size_t len, enum body_encoding encoding,
    const char *charset, size_t max)
{
	struct buf raw = BUF_INIT(max);
	const char *text = NULL;
	bool whole = true;

	if (len > max)
		len = max;
	if (encoding == BODY_QUOTED)
		whole = mime_quoted_printable_decode(&raw, bytes, len);
	else if (encoding == BODY_BASE64)
		whole = mime_base64_decode(&raw, bytes, len);
	/* Declared wrongly: what stands there is better than nothing. */
	if (encoding == BODY_AS_IT_IS || (!whole && raw.len == 0)) {
		buf_reset(&raw);
		buf_add(&raw, bytes, len);
	}
	text = clean_text(a, &raw, charset, max);
	buf_clear(&raw);
	return text;
}
