/* SPDX-License-Identifier: ISC */
#include "base/text.h"

#include <string.h>

enum { REPLACEMENT = 0xFFFD };
static const char replacement[] = "\xEF\xBF\xBD";

/* ---- one character ---- */

/* Bytes of the well-formed sequence at p (RFC 3629, table in section 4), 0 when there is none. */
static size_t
sequence_length(const unsigned char *p, size_t len)
{
	unsigned char low = 0x80;
	unsigned char high = 0xBF;
	size_t n = 0;

	if (p[0] < 0x80)
		return 1;
	if (p[0] < 0xC2 || p[0] > 0xF4)
		return 0;
	n = p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
	if (len < n)
		return 0;
	/* The second byte tells overlong forms, surrogates and what lies past U+10FFFF. */
	if (p[0] == 0xE0)
		low = 0xA0;
	else if (p[0] == 0xED)
		high = 0x9F;
	else if (p[0] == 0xF0)
		low = 0x90;
	else if (p[0] == 0xF4)
		high = 0x8F;
	if (p[1] < low || p[1] > high)
		return 0;
	for (size_t i = 2; i < n; i++) {
		if ((p[i] & 0xC0) != 0x80)
			return 0;
	}
	return n;
}

size_t
text_decode(const char *text, size_t len, uint32_t *c)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t n = 0;

	*c = REPLACEMENT;
	if (len == 0)
		return 0;
	n = sequence_length(p, len);
	if (n == 0)
		return 1;
	if (n == 1)
		*c = p[0];
	else if (n == 2)
		*c = (p[0] & 0x1Fu) << 6 | (p[1] & 0x3Fu);
	else if (n == 3)
		*c = (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
	else
		*c = (p[0] & 0x07u) << 18 | (p[1] & 0x3Fu) << 12 | (p[2] & 0x3Fu) << 6 |
		    (p[3] & 0x3Fu);
	return n;
}

void
text_encode(struct buf *b, uint32_t c)
{
	char out[4];
	size_t n = 0;

	if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
		c = REPLACEMENT;
	if (c < 0x80) {
		out[n++] = (char)c;
	} else if (c < 0x800) {
		out[n++] = (char)(0xC0 | c >> 6);
		out[n++] = (char)(0x80 | (c & 0x3F));
	} else if (c < 0x10000) {
		out[n++] = (char)(0xE0 | c >> 12);
		out[n++] = (char)(0x80 | (c >> 6 & 0x3F));
		out[n++] = (char)(0x80 | (c & 0x3F));
	} else {
		out[n++] = (char)(0xF0 | c >> 18);
		out[n++] = (char)(0x80 | (c >> 12 & 0x3F));
		out[n++] = (char)(0x80 | (c >> 6 & 0x3F));
		out[n++] = (char)(0x80 | (c & 0x3F));
	}
	buf_add(b, out, n);
}

/* ---- runs of characters ---- */

/* True when the eight bytes at p are all printable ASCII: most text is, and is skipped so. */
static bool
eight_plain(const char *p)
{
	uint64_t w = 0;
	uint64_t below_blank = 0;
	uint64_t is_del = 0;

	memcpy(&w, p, sizeof(w));
	below_blank = (w - UINT64_C(0x2020202020202020)) & ~w;
	is_del = w ^ UINT64_C(0x7F7F7F7F7F7F7F7F);
	is_del = (is_del - UINT64_C(0x0101010101010101)) & ~is_del;
	return ((w | below_blank | is_del) & UINT64_C(0x8080808080808080)) == 0;
}

/* True when a scheme stands before end that may have a login behind it: a file has none. */
static bool
ends_in_scheme(const char *text, const char *end)
{
	return end > text && ascii_is_alphanumeric(end[-1]) &&
	    !(end - text >= 4 && ascii_starts_nocase(end - 4, "file"));
}

void
text_drop_logins(char *text)
{
	char *in = strchr(text, ':');
	char *out = in;

	while (in && *in) {
		const char *slash = in + 1;
		const bool begins = *in == ':' && (*slash == '/' || *slash == '\\') &&
		    ends_in_scheme(text, out);
		char *end = NULL;

		*out++ = *in++;
		if (!begins)
			continue;
		while (*in == '/' || *in == '\\')
			*out++ = *in++;
		end = in + strcspn(in, "/\\?# \t\r\n<>");
		while (end > in && end[-1] != '@')
			end--;
		in = end;
	}
	if (out)
		*out = '\0';
}

bool
text_is_set(const char *text)
{
	return text && *text;
}

const char *
text_next_word(struct arena *a, const char **list, const char *separators)
{
	const char *word = *list + strspn(*list, separators);
	const size_t len = strcspn(word, separators);

	*list = word + len;
	return len > 0 ? arena_strndup(a, word, len) : NULL;
}

bool
text_is_among(const char *text, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i], text) == 0)
			return true;
	return false;
}

bool
text_is_utf8(const char *text, size_t len)
{
	size_t i = 0;

	while (i < len) {
		size_t n = 0;

		if (len - i >= 8 && eight_plain(text + i)) {
			i += 8;
			continue;
		}
		n = sequence_length((const unsigned char *)text + i, len - i);
		if (n == 0 || text[i] == '\0')
			return false;
		i += n;
	}
	return true;
}

size_t
text_add_utf8(struct buf *b, const char *text, size_t len)
{
	size_t bad = 0;
	size_t start = 0;
	size_t i = 0;

	while (i < len) {
		size_t n = 0;

		if (len - i >= 8 && eight_plain(text + i)) {
			i += 8;
			continue;
		}
		n = sequence_length((const unsigned char *)text + i, len - i);
		if (n > 0) {
			i += n;
			continue;
		}
		buf_add(b, text + start, i - start);
		buf_adds(b, replacement);
		bad++;
		start = ++i;
	}
	buf_add(b, text + start, len - start);
	return bad;
}

/* What clean text does not contain, but for tab and newline. */
static bool
is_dropped(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c <= 0x9F) || (c >= 0x202A && c <= 0x202E) ||
	    c == 0xFFFE || c == 0xFFFF;
}

/* True for a character, of n bytes in the text, that stays as it is. */
static bool
is_kept(uint32_t c, size_t n)
{
	return c == '\t' || c == '\n' || (!is_dropped(c) && (c != REPLACEMENT || n == 3));
}

bool
text_is_clean(const char *text, size_t len)
{
	size_t i = 0;

	while (i < len) {
		uint32_t c = 0;
		size_t n = 1;

		if (len - i >= 8 && eight_plain(text + i)) {
			i += 8;
			continue;
		}
		if (text[i] != '\n') {
			n = text_decode(text + i, len - i, &c);
			if (!is_kept(c, n))
				return false;
		}
		i += n;
	}
	return true;
}

void
text_add_clean(struct buf *b, const char *text, size_t len)
{
	size_t start = 0; /* of the run that needs no change */
	size_t i = 0;

	while (i < len) {
		uint32_t c = 0;
		size_t n = 0;

		if (len - i >= 8 && eight_plain(text + i)) {
			i += 8;
			continue;
		}
		n = text_decode(text + i, len - i, &c);
		if (is_kept(c, n)) {
			i += n;
			continue;
		}
		buf_add(b, text + start, i - start);
		if (c == REPLACEMENT)
			buf_adds(b, replacement);
		else if (c == '\r' && (i + 1 == len || text[i + 1] != '\n'))
			buf_addc(b, '\n');
		i += n;
		start = i;
	}
	if (start < len)
		buf_add(b, text + start, len - start);
}

/* ---- what people are shown ---- */

static const struct {
	uint32_t first, last;
} hidden[] = {
	/* clang-format off */
	{ 0x0000, 0x001F }, { 0x007F, 0x009F }, /* C0, DEL, C1 */
	{ 0x00AD, 0x00AD },                     /* soft hyphen */
	{ 0x034F, 0x034F }, { 0x061C, 0x061C }, { 0x115F, 0x1160 }, { 0x17B4, 0x17B5 },
	{ 0x180B, 0x180F },
	{ 0x200B, 0x200F },                     /* zero width, direction marks */
	{ 0x2028, 0x202E },                     /* line ends, directions */
	{ 0x2060, 0x206F },                     /* word joiner, isolates */
	{ 0x3164, 0x3164 }, { 0xFEFF, 0xFEFF }, { 0xFFA0, 0xFFA0 }, { 0xFFF0, 0xFFFB },
	{ 0x1BCA0, 0x1BCA3 }, { 0x1D173, 0x1D17A }, { 0xE0000, 0xE0FFF },
	/* clang-format on */
};

bool
text_is_hidden(uint32_t c)
{
	/* Of each plane the last two are no characters. */
	if ((c & 0xFFFE) == 0xFFFE)
		return true;
	for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++) {
		if (c <= hidden[i].last)
			return c >= hidden[i].first;
	}
	return false;
}

size_t
text_hidden_length(const char *text, size_t len)
{
	uint32_t c = 0;
	const size_t n = text_decode(text, len, &c);

	if (n == 1 && c == REPLACEMENT)
		return 1;
	return text_is_hidden(c) ? n : 0;
}

void
text_add_shown(struct buf *b, const char *text, size_t len)
{
	size_t start = 0; /* of the run that needs no change */

	for (size_t i = 0; i < len;) {
		uint32_t c = 0;
		const size_t n = text_decode(text + i, len - i, &c);

		if (text_hidden_length(text + i, len - i) == 0) {
			i += n;
			continue;
		}
		buf_add(b, text + start, i - start);
		if (c >= '\t' && c <= '\r')
			buf_addc(b, ' ');
		else
			for (size_t k = 0; k < n; k++)
				buf_addf(b, "\\x%02x", (unsigned char)text[i + k]);
		i += n;
		start = i;
	}
	buf_add(b, text + start, len - start);
}

char *
text_shown(struct arena *a, const char *text)
{
	const size_t len = text ? strlen(text) : 0;
	struct buf b = BUF_INIT(4 * len + 1);

	text_add_shown(&b, text ? text : "", len);
	return arena_take(a, &b);
}

const char *
text_number(uint64_t number, char out[TEXT_NUMBER])
{
	char *at = out + TEXT_NUMBER - 1;

	*at = '\0';
	do {
		*--at = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	return at;
}

/* ---- one line ---- */

/* White space that separates: a no-break or ideographic blank inside a line means itself. */
static bool
is_separator(uint32_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x2028 || c == 0x2029;
}

/* What is cut off at both ends as well. */
static bool
is_margin(uint32_t c)
{
	return is_separator(c) || c == 0xA0 || c == 0x3000 || c == 0xFEFF || c == 0x200B;
}

/* Bytes of letters, digits and signs of ASCII that text begins with. */
static size_t
visible_ascii(const char *text, size_t len)
{
	size_t n = 0;

	while (n < len && text[n] > ' ' && text[n] < 0x7F)
		n++;
	return n;
}

/* Words of ASCII with single blanks between them: one clean line as it is. */
static bool
is_one_line(const char *text, size_t len)
{
	size_t i = visible_ascii(text, len);

	while (i < len && text[i] == ' ') {
		const size_t word = visible_ascii(text + i + 1, len - i - 1);

		if (word == 0)
			return false;
		i += 1 + word;
	}
	return i == len;
}

char *
text_one_line(struct arena *a, const char *text, size_t len)
{
	/* An ill-formed byte becomes three. */
	struct buf b = BUF_INIT(3 * len);
	size_t end = 0; /* of what is no margin */
	bool gap = false;
	char *line = NULL;

	ascii_trim(&text, &len);
	if (is_one_line(text, len))
		return arena_strndup(a, text, len);
	for (size_t i = 0; i < len;) {
		const size_t word = visible_ascii(text + i, len - i);
		uint32_t c = 0;

		if (word > 0) {
			if (gap && end > 0)
				buf_addc(&b, ' ');
			gap = false;
			buf_add(&b, text + i, word);
			end = b.len;
			i += word;
			continue;
		}
		i += text_decode(text + i, len - i, &c);
		if (is_separator(c)) {
			gap = true;
			continue;
		}
		if (is_dropped(c) || (end == 0 && is_margin(c)))
			continue;
		if (gap && end > 0)
			buf_addc(&b, ' ');
		gap = false;
		text_encode(&b, c);
		if (!is_margin(c))
			end = b.len;
	}
	line = arena_strndup(a, buf_text(&b), end);
	buf_clear(&b);
	return line;
}

char *
text_visible_line(struct arena *a, const char *text)
{
	char *line = text_one_line(a, text, strlen(text));
	const size_t len = strlen(line);
	size_t kept = 0;

	for (size_t i = 0; i < len;) {
		uint32_t c = 0;
		const size_t n = text_decode(line + i, len - i, &c);

		if (!text_is_hidden(c)) {
			memmove(line + kept, line + i, n);
			kept += n;
		}
		i += n;
	}
	line[kept] = '\0';
	return line;
}
