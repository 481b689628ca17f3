/* SPDX-License-Identifier: ISC */
/*
 * Everything of base/ that reads strangers' bytes: the first byte chooses, the rest is fed.
 * Promises are checked as well: what comes out is UTF-8, short enough, and stable.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/clock.h"
#include "format/json.h"
#include "base/limits.h"
#include "base/mem.h"
#include "format/mime_encoding.h"
#include "format/mime_words.h"
#include "format/template.h"
#include "base/charset.h"
#include "base/text.h"
#include "format/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void
require(bool promise)
{
	if (!promise)
		abort();
}

static void
fuzz_transcode(const char *text, size_t len)
{
	static const char *const names[] = { "utf-8", "latin1", "sjis", "euc-jp",
		"iso-2022-jp", "gb18030", "big5", "euc-kr", "utf-16", "utf-16be",
		"utf-32", "koi8-r", "iso-2022-kr" };
	struct buf b = BUF_INIT(1 << 20);

	if (len == 0)
		return;
	require(charset_to_utf8(&b, names[(uint8_t)text[0] % ARRAY_LEN(names)], text + 1,
	    len - 1, NULL));
	require(strlen(buf_text(&b)) <= b.len);
	buf_clear(&b);
}

static void
fuzz_clean(const char *text, size_t len)
{
	struct arena *a = arena_new();
	struct buf clean = BUF_INIT(1 << 20);
	struct buf wrapped = BUF_INIT(1 << 22);
	const char *line = text_one_line(a, text, len);

	text_add_clean(&clean, text, len);
	require(text_is_utf8(buf_text(&clean), clean.len));
	require(text_is_utf8(line, strlen(line)) && !strchr(line, '\n') &&
	    !strstr(line, "  "));
	wrap_text(&wrapped, buf_text(&clean), 20, "* ", "  ");
	require(text_is_utf8(buf_text(&wrapped), wrapped.len));
	require(width_fit(buf_text(&clean), clean.len, 10) <= clean.len);
	(void)wrap_count_words(buf_text(&clean), clean.len);
	(void)nearest_distance(line, "planet");
	buf_clear(&wrapped);
	buf_clear(&clean);
	arena_free(a);
}

static void
fuzz_quoted(const char *text, size_t len)
{
	struct buf b = BUF_INIT(1 << 20);
	struct buf back = BUF_INIT(1 << 20);
	char *value = xstrndup(text, len);

	mime_quoted_printable(&b, text, len);
	require(mime_quoted_printable_decode(&back, buf_text(&b), b.len));
	buf_reset(&b);
	(void)mime_quoted_printable_decode(&b, text, len);
	(void)mime_base64_decode(&b, text, len);
	buf_reset(&b);
	mime_words_decode(&b, text, len);
	require(text_is_utf8(buf_text(&b), b.len) && !strchr(buf_text(&b), '\n'));
	buf_reset(&b);
	mime_header(&b, "X", value);
	/* A line end in a field is always followed by a blank, but for the last. */
	for (const char *p = strchr(buf_text(&b), '\n'); p && p[1];
	     p = strchr(p + 1, '\n'))
		require(p[1] == ' ');
	buf_reset(&b);
	mime_phrase(&b, value, 6);
	buf_clear(&b);
	buf_clear(&back);
	free(value);
}

static void
fuzz_url(const char *text, size_t len)
{
	struct arena *a = arena_new();
	char *ref = arena_strndup(a, text, len);
	char *got = url_resolve(a, "https://example.org/a/b?c#d", ref);
	char *again = got ? url_resolve(a, NULL, got) : NULL;
	char *identity = url_identity(a, ref);

	if (got) {
		require(strlen(got) <= LIMIT_URL && text_is_utf8(got, strlen(got)));
		require(again && strcmp(got, again) == 0);
		for (const char *p = got; *p; p++)
			require(*p > ' ' && *p < 0x7F);
	}
	if (identity) {
		char *twice = url_identity(a, identity);

		require(twice && strcmp(identity, twice) == 0);
	}
	(void)url_is_web(ref);
	require(url_untrack(a, ref) && url_public(a, ref) && url_host(a, ref));
	arena_free(a);
}

static void
fuzz_template(const char *text, size_t len)
{
	struct arena *a = arena_new();
	struct err err = ERR_INIT;
	struct buf out = BUF_INIT(1 << 16);
	struct template_value *map = template_map(a);
	struct template_value *list = template_list(a);
	struct template *t =
	    template_new("t", arena_strndup(a, text, len), TEMPLATE_HTML, &err);

	template_append_text(list, "x");
	template_append(list, map);
	template_put(map, "a", list);
	template_put_text(map, "b", "<&>");
	if (t)
		(void)template_render(t, map, NULL, false, &out, &err);
	template_free(t);
	buf_clear(&out);
	arena_free(a);
}

static void
fuzz_json(const char *text, size_t len)
{
	struct err err = ERR_INIT;

	json_free(json_parse(text, len, &err));
}

static void
fuzz_clock(const char *text, size_t len)
{
	char *line = xstrndup(text, len);
	char out[CLOCK_TEXT];
	int64_t t = 0;
	int64_t back = 0;

	if (clock_parse(line, &t))
		require(clock_parse(clock_rfc3339(t, out), &back));
	free(line);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static void (*const targets[])(const char *text, size_t len) = { fuzz_transcode,
		fuzz_clean, fuzz_quoted, fuzz_url, fuzz_template, fuzz_json, fuzz_clock };

	if (len == 0 || len > 1 << 16)
		return 0;
	targets[bytes[0] % ARRAY_LEN(targets)]((const char *)bytes + 1, len - 1);
	return 0;
}
