/* SPDX-License-Identifier: ISC */
#include "digest/sheet.h"

#include <stdint.h>
#include <string.h>

#include "base/attr.h"
#include "base/limits.h"
#include "base/text.h"
#include "html/tags.h"

enum {
	NAMES_MAX = 256, /* elements and classes of one letter that are told apart */
	NAME_MAX_BYTES = 32,
	NESTED_MAX =
	    256, /* elements in one another, of which it is known what is in what */
	VALUES_MAX = 8
};

struct name {
	char text[NAME_MAX_BYTES]; /* "p", or ".x" for a class */
};
/* Names by their numbers. */
struct name_set {
	uint64_t bits[NAMES_MAX / 64];
};
struct names {
	struct name list[NAMES_MAX];
	struct name_set within[NAMES_MAX]; /* of elements round one of that name */
	size_t count;
	bool is_full;     /* or one was too long: then everything counts as used */
	bool is_too_deep; /* then everything counts as within everything */
};

struct span_of {
	const char *at;
	size_t len;
};

/* ---- what the letter uses ---- */

/* Its number, or n->count. */
static size_t
find_name(const struct names *n, const char *text, size_t len)
{
	size_t i = 0;

	while (i < n->count &&
	    (strlen(n->list[i].text) != len || memcmp(n->list[i].text, text, len) != 0))
		i++;
	return i;
}

static void
set_add(struct name_set *s, size_t i)
{
	s->bits[i / 64] |= (uint64_t)1 << i % 64;
}

static void
set_join(struct name_set *s, const struct name_set *more)
{
	for (size_t i = 0; i < ARRAY_LEN(s->bits); i++)
		s->bits[i] |= more->bits[i];
}

static bool
set_has(const struct name_set *s, size_t i)
{
	return s->bits[i / 64] >> i % 64 & 1;
}

/* To the names of an element, too. */
static void
add_name(struct names *n, char mark, const char *text, size_t len, struct name_set *own)
{
	struct name name = { "" };
	size_t at = 0;
	size_t number = 0;

	if (len == 0)
		return;
	if (len + 2 > sizeof(name.text)) {
		n->is_full = true;
		return;
	}
	if (mark)
		name.text[at++] = mark;
	for (size_t i = 0; i < len; i++)
		name.text[at++] =
		    mark ? text[i] : (char)ascii_lower((unsigned char)text[i]);
	number = find_name(n, name.text, at);
	if (number == NAMES_MAX) {
		n->is_full = true;
		return;
	}
	if (number == n->count)
		n->list[n->count++] = name;
	set_add(own, number);
}

static void
add_classes(struct names *n, const char *value, size_t len, struct name_set *own)
{
	const char *end = value + len;

	while (value < end) {
		size_t word = 0;

		while (value + word < end && value[word] != ' ')
			word++;
		add_name(n, '.', value, word, own);
		value += word + 1;
	}
}

/* The elements that are open: of each its kind, and its names with those of all round it. */
struct open_elements {
	enum html_tag tags[NESTED_MAX];
	struct name_set names[NESTED_MAX];
	size_t count;
};

/* What a writer forgot to close stays open for longer: then more counts as used. */
static void
close_element(struct open_elements *open, enum html_tag tag)
{
	size_t at = open->count;

	while (at > 0 && open->tags[at - 1] != tag)
		at--;
	if (at > 0)
		open->count = at - 1;
}

static void
open_element(struct names *n, struct open_elements *open, enum html_tag tag,
    const struct name_set *own)
{
	static const struct name_set none;
	const struct name_set *round =
	    open->count ? &open->names[open->count - 1] : &none;

	for (size_t i = 0; i < n->count; i++) {
		if (set_has(own, i))
			set_join(&n->within[i], round);
	}
	if (tag_is(tag, TAG_IS_VOID))
		return;
	if (open->count == NESTED_MAX) {
		n->is_too_deep = true;
		return;
	}
	open->tags[open->count] = tag;
	open->names[open->count] = *round;
	set_join(&open->names[open->count++], own);
}

/* The kind of the tag whose name that is. */
static enum html_tag
tag_of(const char *text, size_t len)
{
	char name[NAME_MAX_BYTES];

	if (len > sizeof(name))
		return TAG_UNKNOWN;
	for (size_t i = 0; i < len; i++)
		name[i] = (char)ascii_lower((unsigned char)text[i]);
	return tag_find(name, len);
}

static void
find_names(const char *html, struct names *out)
{
	static const char attribute[] = " class=\"";
	struct open_elements open = { .count = 0 };

	for (const char *at = strchr(html, '<'); at; at = strchr(at + 1, '<')) {
		const bool closes = at[1] == '/';
		const char *text = at + 1 + closes;
		const size_t len = strcspn(at, ">");
		struct name_set own = { { 0 } };
		const char *found = NULL;
		size_t name = 0;

		while (ascii_is_alphanumeric((unsigned char)text[name]))
			name++;
		if (name > 0 && closes)
			close_element(&open, tag_of(text, name));
		if (name == 0 || closes)
			continue;
		add_name(out, '\0', text, name, &own);
		found = ascii_find(at, at + len, attribute);
		if (found) {
			found += sizeof(attribute) - 1;
			add_classes(out, found, strcspn(found, "\""), &own);
		}
		open_element(out, &open, tag_of(text, name), &own);
	}
}

/* ---- selectors ---- */

static bool
is_name_char(char c)
{
	return ascii_is_alphanumeric((unsigned char)c) || c == '-' || c == '_';
}

/* What was read of a selector: names before the last blank, and those behind it. */
struct selector {
	struct name_set outer, own;
	bool is_other; /* names something that is neither an element nor a class */
};

/* Reads one sign or name; false when no element of the letter has that name. */
static bool
read_simple(const struct names *n, struct selector *s, const char **at, const char *end)
{
	const char *from = *at;
	const char *name = from + (*from == '.');
	size_t i = 0;

	if (*from == ':') {
		while (*at < end && (**at == ':' || is_name_char(**at)))
			(*at)++;
		return true;
	}
	if (*from != '.' && !is_name_char(*from)) {
		s->is_other = strchr("[#*+~(", *from) != NULL;
		set_join(&s->outer, &s->own);
		s->own = (struct name_set){ { 0 } };
		(*at)++;
		return true;
	}
	while (name < end && is_name_char(*name))
		name++;
	*at = name;
	i = find_name(n, from, (size_t)(name - from));
	if (i < n->count)
		set_add(&s->own, i);
	return i < n->count || n->is_full;
}

/* Elements with all names of the one set stand within some with each name of the other. */
static bool
is_nested(const struct names *n, const struct selector *s)
{
	for (size_t i = 0; i < n->count; i++) {
		if (!set_has(&s->own, i))
			continue;
		for (size_t k = 0; k < ARRAY_LEN(s->outer.bits); k++) {
			if (s->outer.bits[k] & ~n->within[i].bits[k])
				return false;
		}
	}
	return true;
}

/* One selector: elements and classes that all must occur, in one another. */
static bool
is_used(const struct names *n, const char *at, size_t len)
{
	const char *end = at + len;
	struct selector s = { .is_other = false };

	while (at < end && !s.is_other) {
		if (!read_simple(n, &s, &at, end))
			return false;
	}
	return s.is_other || n->is_full || n->is_too_deep || is_nested(n, &s);
}

static bool
add_selectors(struct buf *out, const struct names *n, struct span_of all)
{
	const char *end = all.at + all.len;
	bool any = false;

	while (all.at < end) {
		const char *comma = memchr(all.at, ',', (size_t)(end - all.at));
		const char *stop = comma ? comma : end;
		const char *one = all.at;
		size_t len = (size_t)(stop - one);

		ascii_trim(&one, &len);
		if (len > 0 && is_used(n, one, len)) {
			buf_adds(out, any ? "," : "");
			buf_add(out, one, len);
			any = true;
		}
		all.at = stop + 1;
	}
	return any;
}

/* ---- declarations from right to left ---- */

static bool
is_word(const char *at, size_t len, const char *word)
{
	return strlen(word) == len && memcmp(at, word, len) == 0;
}

/* "padding-left" is "padding-right" there, "left" is "right". */
static void
add_turned_word(struct buf *out, const char *at, size_t len)
{
	static const char *const pairs[][2] = { { "left", "right" },
		{ "right", "left" } };

	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		const size_t part = strlen(pairs[i][0]);

		if (len < part || memcmp(at + len - part, pairs[i][0], part) != 0 ||
		    (len > part && at[len - part - 1] != '-'))
			continue;
		buf_add(out, at, len - part);
		buf_adds(out, pairs[i][1]);
		return;
	}
	buf_add(out, at, len);
}

static size_t
split_values(const char *at, size_t len, struct span_of values[VALUES_MAX])
{
	const char *end = at + len;
	size_t count = 0;

	while (at < end && count < VALUES_MAX) {
		size_t n = 0;

		/* What ends the values is no blank. */
		at += strspn(at, " ");
		while (at + n < end && at[n] != ' ')
			n++;
		if (n > 0)
			values[count++] = (struct span_of){ at, n };
		at += n;
	}
	return count;
}

static void
add_turned(struct buf *out, struct span_of property, struct span_of value,
    bool is_listing)
{
	struct span_of values[VALUES_MAX];
	const size_t count = split_values(value.at, value.len, values);
	const bool is_sides = is_word(property.at, property.len, "margin") ||
	    is_word(property.at, property.len, "padding") ||
	    is_word(property.at, property.len, "border-width");

	if (is_listing && is_word(property.at, property.len, "text-align")) {
		buf_addf(out, "text-align:%.*s", (int)value.len, value.at);
		return;
	}
	add_turned_word(out, property.at, property.len);
	buf_addc(out, ':');
	if (is_sides && count == 4) {
		const struct span_of second = values[1];

		values[1] = values[3];
		values[3] = second;
	} else if (count != 1) {
		buf_add(out, value.at, value.len);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		buf_adds(out, i ? " " : "");
		add_turned_word(out, values[i].at, values[i].len);
	}
}

static void
add_declarations(struct buf *out, struct span_of body, bool rtl, bool is_listing)
{
	const char *end = body.at + body.len;

	if (!rtl) {
		buf_add(out, body.at, body.len);
		return;
	}
	for (bool first = true; body.at < end; first = false) {
		const char *semicolon = memchr(body.at, ';', (size_t)(end - body.at));
		const char *stop = semicolon ? semicolon : end;
		const char *colon = memchr(body.at, ':', (size_t)(stop - body.at));

		buf_adds(out, first ? "" : ";");
		if (colon)
			add_turned(out,
			    (struct span_of){ body.at, (size_t)(colon - body.at) },
			    (struct span_of){ colon + 1, (size_t)(stop - colon - 1) },
			    is_listing);
		body.at = stop + 1;
	}
}

/* ---- rules ---- */

/* The end of the block that begins behind its "{"; NULL when it has none. */
static const char *
block_end(const char *at, const char *end)
{
	for (int depth = 1; at < end; at++) {
		depth += *at == '{' ? 1 : *at == '}' ? -1 : 0;
		if (depth == 0)
			return at;
	}
	return NULL;
}

/* True for a list of selectors in which listings stand, which read from left to right. */
static bool
names_listing(struct span_of selectors)
{
	const char *at = ascii_find(selectors.at, selectors.at + selectors.len, "pre");

	return at && (at == selectors.at || !is_name_char(at[-1])) &&
	    !is_name_char(at[3]);
}

static bool add_rules(struct buf *out, const struct names *n, struct span_of text,
    bool rtl, bool is_inside);

/* One rule; false when nothing of it is used. */
static bool
add_rule(struct buf *out, const struct names *n, struct span_of head, struct span_of body,
    bool rtl, bool is_inside)
{
	const size_t before = out->len;
	bool any = false;

	if (*head.at == '@') {
		buf_add(out, head.at, head.len);
		buf_adds(out, "{\n");
		if (!is_inside && ascii_starts_nocase(head.at, "@media"))
			any = add_rules(out, n, body, rtl, true);
		else
			buf_add(out, body.at, body.len), any = true;
	} else {
		any = add_selectors(out, n, head);
		buf_addc(out, '{');
		add_declarations(out, body, rtl, names_listing(head));
	}
	buf_adds(out, "}\n");
	if (!any)
		buf_truncate(out, before);
	return any;
}

static bool
add_rules(struct buf *out, const struct names *n, struct span_of text, bool rtl,
    bool is_inside)
{
	const char *end = text.at + text.len;
	bool any = false;

	while (text.at < end) {
		const char *open = memchr(text.at, '{', (size_t)(end - text.at));
		const char *close = open ? block_end(open + 1, end) : NULL;
		struct span_of head = { text.at, open ? (size_t)(open - text.at) : 0 };

		if (!close)
			break;
		ascii_trim(&head.at, &head.len);
		if (add_rule(out, n, head,
			(struct span_of){ open + 1, (size_t)(close - open - 1) }, rtl,
			is_inside))
			any = true;
		text.at = close + 1;
	}
	return any;
}

void
sheet_keep_used(struct buf *html, bool rtl)
{
	static const char open[] = "<style>";
	const char *text = buf_text(html);
	const char *from = strstr(text, open);
	const char *to = from ? strstr(from, "</style>") : NULL;
	struct buf whole = BUF_INIT(LIMIT_PART);
	struct names names = { .count = 0 };

	if (!to)
		return;
	from += sizeof(open) - 1;
	find_names(to, &names);
	buf_add(&whole, text, (size_t)(from - text));
	buf_addc(&whole, '\n');
	(void)add_rules(&whole, &names, (struct span_of){ from, (size_t)(to - from) },
	    rtl, false);
	buf_adds(&whole, to);
	if (!buf_is_full(&whole)) {
		buf_reset(html);
		buf_add(html, buf_text(&whole), whole.len);
	}
	buf_clear(&whole);
}
