/* SPDX-License-Identifier: ISC */
#include "digest/pattern.h"

#include <stdint.h>
#include <string.h>

#include <unistr.h>

#include "base/ascii.h"
#include "base/attr.h"

enum { PATTERN_MAX = 1000 }; /* bytes, as written and as translated eightfold */

struct reader {
	const char *at;
	struct buf *out;
	bool has_choice; /* a "|" outside of all groups was read */
	struct err *err;
};

static bool
refuse(struct reader *r, const char *what)
{
	return err_set(r->err, ERR_CONFIG, "%s is not supported", what);
}

/* ---- characters ---- */

static void
add_char(struct buf *out, uint32_t c)
{
	uint8_t utf8[6];
	const int len = u8_uctomb(utf8, c, sizeof(utf8));

	if (len > 0)
		buf_add(out, utf8, (size_t)len);
}

static void
add_literal(struct buf *out, uint32_t c)
{
	if (c < 0x80 && strchr("^.[$()|*+?{\\", (int)c))
		buf_addc(out, '\\');
	add_char(out, c);
}

/* The digits of \xHH, \uHHHH or \UHHHHHHHH, behind the letter. */
static bool
read_hex(struct reader *r, size_t digits, uint32_t *out)
{
	*out = 0;
	for (size_t i = 0; i < digits; i++) {
		const int n = ascii_hex_value(r->at[i]);

		if (n < 0)
			return refuse(r, "\\x without its digits");
		*out = *out * 16 + (uint32_t)n;
	}
	r->at += digits;
	if (*out == 0 || *out > 0x10FFFF || (*out >= 0xD800 && *out < 0xE000))
		return refuse(r, "a number that is no character");
	return true;
}

/*
 * The one character that an escape stands for, the backslash being read; 0 when it stands for
 * something else and nothing was read.  The text that is searched has blanks for line ends.
 */
static bool
read_escaped(struct reader *r, uint32_t *out)
{
	const char c = *r->at;

	*out = 0;
	if (c == 'x' || c == 'u' || c == 'U') {
		r->at++;
		return read_hex(r, c == 'x' ? 2 : c == 'u' ? 4 : 8, out);
	}
	if (c == '\0')
		return refuse(r, "a backslash at the end");
	if (strchr("ntrfv", c))
		*out = ' ';
	else if (!ascii_is_alphanumeric(c) && (unsigned char)c < 0x80)
		*out = (unsigned char)c;
	if (*out)
		r->at++;
	return true;
}

/* ---- escapes outside of brackets ---- */

static const struct {
	char letter;
	const char *posix;
} CLASSES[] = { { 'd', "[0-9]" }, { 'D', "[^0-9]" }, { 'w', "[[:alnum:]_]" },
	{ 'W', "[^[:alnum:]_]" }, { 's', "[[:space:]]" }, { 'S', "[^[:space:]]" },
	{ 'b', "\\b" }, { 'B', "\\B" }, { '<', "\\<" }, { '>', "\\>" }, { 'A', "^" },
	{ 'Z', "$" }, { 'z', "$" } };

static bool
read_escape(struct reader *r)
{
	char what[] = "back-reference \\x";
	uint32_t c = 0;

	for (size_t i = 0; i < ARRAY_LEN(CLASSES); i++) {
		if (*r->at == CLASSES[i].letter) {
			buf_adds(r->out, CLASSES[i].posix);
			r->at++;
			return true;
		}
	}
	if (!read_escaped(r, &c))
		return false;
	if (c) {
		add_literal(r->out, c);
		return true;
	}
	what[sizeof(what) - 2] = *r->at;
	return refuse(r, *r->at >= '0' && *r->at <= '9' ? what : strchr(what, '\\'));
}

/* ---- brackets ---- */

/* What a bracket holds, in the order POSIX wants it: "]" first, then the rest, "-" last. */
struct bracket {
	struct buf rest;
	bool has_close, has_dash, has_caret;
};

static void
add_member(struct bracket *b, uint32_t c)
{
	if (c == ']' || c == '-' || c == '^') {
		b->has_close = b->has_close || c == ']';
		b->has_dash = b->has_dash || c == '-';
		b->has_caret = b->has_caret || c == '^';
		return;
	}
	add_char(&b->rest, c);
}

/* What means something at an end of a POSIX range stands beside it. */
static void
add_range(struct bracket *b, uint32_t from, uint32_t to)
{
	if (from <= to) {
		if (to == '-' || to == ']')
			add_member(b, to--);
		while (from <= to && (from == '-' || from == ']' || from == '^'))
			add_member(b, from++);
		if (from > to)
			return;
	}
	add_char(&b->rest, from);
	buf_addc(&b->rest, '-');
	add_char(&b->rest, to);
}

/* One member's character; *c is 0 for a class, which is then written already. */
static bool
read_member(struct reader *r, struct bracket *b, uint32_t *c)
{
	const char *end = NULL;

	*c = 0;
	if (*r->at == '[' && (r->at[1] == ':' || r->at[1] == '=' || r->at[1] == '.')) {
		end = strchr(r->at, ']');
		if (end && end[-1] == r->at[1] && end - r->at > 3) {
			buf_add(&b->rest, r->at, (size_t)(end + 1 - r->at));
			r->at = end + 1;
			return true;
		}
	}
	if (*r->at != '\\') {
		r->at += u8_mbtouc(c, (const uint8_t *)r->at, strlen(r->at));
		return true;
	}
	r->at++;
	if (*r->at == 'd' || *r->at == 'w' || *r->at == 's') {
		buf_adds(&b->rest,
		    *r->at == 'd'       ? "0-9"
			: *r->at == 'w' ? "[:alnum:]_"
					: "[:space:]");
		r->at++;
		return true;
	}
	return read_escaped(r, c) && (*c != 0 || refuse(r, "such a class in brackets"));
}

static bool
read_members(struct reader *r, struct bracket *b)
{
	const char *first = r->at;

	/* A "]" at the beginning is one of the characters. */
	while (*r->at && (*r->at != ']' || r->at == first)) {
		uint32_t c = 0;
		uint32_t last = 0;

		if (!read_member(r, b, &c))
			return false;
		if (c == 0)
			continue;
		if (*r->at != '-' || r->at[1] == ']' || r->at[1] == '\0') {
			add_member(b, c);
			continue;
		}
		r->at++;
		if (!read_member(r, b, &last))
			return false;
		if (last == 0)
			return refuse(r, "a range to a class");
		add_range(b, c, last);
	}
	if (*r->at == '\0')
		return err_set(r->err, ERR_CONFIG, "a bracket is not closed");
	r->at++;
	return true;
}

/* The opening bracket is read. */
static bool
read_bracket(struct reader *r)
{
	struct bracket b = { BUF_INIT(PATTERN_MAX), false, false, false };
	const bool negated = *r->at == '^';
	bool ok = false;

	r->at += negated;
	ok = read_members(r, &b);
	if (ok && !negated && b.has_caret && b.rest.len == 0 && !b.has_close &&
	    !b.has_dash) {
		/* POSIX has no bracket with nothing but a caret. */
		buf_adds(r->out, "\\^");
	} else if (ok) {
		buf_adds(r->out, negated ? "[^" : "[");
		buf_adds(r->out, b.has_close ? "]" : "");
		buf_add(r->out, buf_text(&b.rest), b.rest.len);
		/* Alone with a dash the caret would be first. */
		if (b.has_caret && b.has_dash && b.rest.len == 0 && !b.has_close)
			buf_adds(r->out, "-^");
		else
			buf_adds(r->out,
			    b.has_caret && b.has_dash ? "^-"
				: b.has_caret         ? "^"
				: b.has_dash          ? "-"
						      : "");
		buf_addc(r->out, ']');
	}
	buf_clear(&b.rest);
	return ok;
}

/* ---- groups ---- */

/* "(?" is read: what follows, up to where the group's own text begins or the whole ends. */
static bool
read_group(struct reader *r)
{
	const char *name_end = NULL;
	size_t flags = 0;

	if (*r->at == '#') {
		r->at += strcspn(r->at, ")");
		r->at += *r->at == ')';
		return true;
	}
	if (*r->at == '=' || *r->at == '!')
		return refuse(r, "look-ahead but at the beginning");
	if (strncmp(r->at, "<=", 2) == 0 || strncmp(r->at, "<!", 2) == 0)
		return refuse(r, "look-behind");
	if (*r->at == '<' || strncmp(r->at, "P<", 2) == 0) {
		name_end = strchr(r->at, '>');
		if (!name_end)
			return refuse(r, "a group whose name has no end");
		r->at = name_end + 1;
		buf_addc(r->out, '(');
		return true;
	}
	/* s and m speak of line ends, of which there are none; a, u and L of character sets. */
	flags = strspn(r->at, "aiLmsu");
	if (r->at[flags] == ':') {
		r->at += flags + 1;
		buf_addc(r->out, '(');
		return true;
	}
	if (flags == 0 || r->at[flags] != ')')
		return refuse(r, "such a group (?...)");
	r->at += flags + 1;
	return true;
}

/* ---- the whole ---- */

/* True for {n}, {n,}, {,n} and {n,m}, the brace being read; else it is a character. */
static bool
is_count(const char *p)
{
	const size_t low = strspn(p, "0123456789");
	size_t high = 0;

	if (p[low] == '}')
		return low > 0;
	if (p[low] != ',')
		return false;
	high = strspn(p + low + 1, "0123456789");
	return p[low + 1 + high] == '}' && low + high > 0;
}

/* Copies a repeat; how greedy it is changes nothing about whether there is a match. */
static void
read_repeat(struct reader *r)
{
	const size_t len = *r->at == '{' ? strcspn(r->at, "}") + 1 : 1;

	buf_add(r->out, r->at, len);
	r->at += len;
	r->at += *r->at == '?';
}

/* Up to the end, or to the ")" that closes what the caller opened. */
static bool
read_until_close(struct reader *r)
{
	size_t depth = 0;

	while (*r->at && (*r->at != ')' || depth > 0)) {
		const char *before = r->at;
		const size_t written = r->out->len;
		const char c = *r->at;

		if (strchr("*+?", c) || (c == '{' && is_count(r->at + 1))) {
			read_repeat(r);
			continue;
		}
		r->at++;
		if (c == '\\') {
			if (!read_escape(r))
				return false;
		} else if (c == '[') {
			if (!read_bracket(r))
				return false;
		} else if (c == '(' && *r->at == '?') {
			r->at++;
			if (!read_group(r))
				return false;
			depth += r->out->len > written;
		} else {
			depth += c == '(';
			depth -= c == ')';
			r->has_choice = r->has_choice || (c == '|' && depth == 0);
			if (c == '{')
				buf_addc(r->out, '\\');
			buf_add(r->out, before, 1);
		}
	}
	return true;
}

static void
begin_part(struct pattern *p, bool is_forbidden)
{
	p->parts[p->count] = (struct pattern_part){ p->text.len, 0, is_forbidden };
}

static void
end_part(struct pattern *p)
{
	p->parts[p->count].len = p->text.len - p->parts[p->count].start;
	buf_addc(&p->text, '\0');
	p->count++;
}

/* "(?i)" and the like before everything. */
static const char *
behind_flags(const char *text)
{
	while (strncmp(text, "(?", 2) == 0) {
		const size_t flags = strspn(text + 2, "aiLmsu");

		if (flags == 0 || text[2 + flags] != ')')
			break;
		text += flags + 3;
	}
	return text;
}

/* The look-aheads behind "^", each a part of its own.  False without them too. */
static bool
read_ahead(struct reader *r, struct pattern *p)
{
	while (strncmp(r->at, "(?=", 3) == 0 || strncmp(r->at, "(?!", 3) == 0) {
		if (p->count == PATTERN_PARTS - 1)
			return refuse(r, "more than seven look-aheads");
		begin_part(p, r->at[2] == '!');
		r->at += 3;
		buf_adds(r->out, "^(");
		if (!read_until_close(r))
			return false;
		if (*r->at != ')')
			return err_set(r->err, ERR_CONFIG, "a group is not closed");
		r->at++;
		buf_addc(r->out, ')');
		end_part(p);
	}
	return true;
}

bool
pattern_read(const char *text, struct pattern *out, struct err *err)
{
	struct reader r = { behind_flags(text), &out->text, false, err };
	bool anchored = false;

	out->count = 0;
	buf_init(&out->text, 8 * PATTERN_MAX);
	if (strlen(text) > PATTERN_MAX)
		return err_set(err, ERR_CONFIG, "longer than %d characters", PATTERN_MAX);
	anchored = strncmp(r.at, "^(?=", 4) == 0 || strncmp(r.at, "^(?!", 4) == 0 ||
	    strncmp(r.at, "\\A(?=", 5) == 0 || strncmp(r.at, "\\A(?!", 5) == 0;
	if (anchored) {
		r.at += *r.at == '^' ? 1 : 2;
		if (!read_ahead(&r, out))
			return false;
		/* All that is left may be anything. */
		if (*r.at == '\0' || strcmp(r.at, ".*") == 0 || strcmp(r.at, ".*$") == 0)
			return true;
	}
	begin_part(out, false);
	buf_adds(r.out, anchored ? "^(" : "");
	r.has_choice = false;
	if (!read_until_close(&r))
		return false;
	if (anchored && r.has_choice)
		return refuse(&r, "a choice behind look-ahead");
	/* A ")" too many is said so by regcomp(). */
	buf_adds(r.out, r.at);
	buf_adds(r.out, anchored ? ")" : "");
	end_part(out);
	return !buf_is_full(r.out) ||
	    err_set(err, ERR_CONFIG, "longer than %d characters", PATTERN_MAX);
}
