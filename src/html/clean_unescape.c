/* SPDX-License-Identifier: ISC */
/*
 * Content that was escaped once too often shows its tags to readers.  It is told from text
 * about HTML by this: there is not one real element in it, its visible tags are of the common
 * kind and in pairs, and they do what only markup does: begin the text, link or part it.
 */
#include "html/clean_private.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "html/scan.h"

struct evidence {
	size_t starts[TAG_COUNT];
	size_t ends[TAG_COUNT];
	size_t links;    /* <a href="http... */
	size_t pictures; /* <img ... src=" */
	size_t breaks;
	size_t strange; /* tags that blogs do not use */
};

/* Tags that blogs write. */
/* clang-format off */
#define COMMON(id) [TAG_##id] = true
static const bool is_common[TAG_COUNT] = {
	COMMON(A), COMMON(B), COMMON(BLOCKQUOTE), COMMON(BR), COMMON(CODE), COMMON(DIV),
	COMMON(EM), COMMON(H1), COMMON(H2), COMMON(H3), COMMON(H4), COMMON(H5), COMMON(H6),
	COMMON(HR), COMMON(I), COMMON(IMG), COMMON(LI), COMMON(OL), COMMON(P), COMMON(PRE),
	COMMON(SPAN), COMMON(STRONG), COMMON(TABLE), COMMON(TD), COMMON(TR), COMMON(U),
	COMMON(UL), COMMON(FIGURE), COMMON(TBODY), COMMON(TH), COMMON(SMALL), COMMON(SUB),
	COMMON(SUP), COMMON(FONT), COMMON(CENTER),
};
#undef COMMON
/* clang-format on */

/* True when words begin somewhere between the two places; case does not count. */
static bool
has_between(const char *from, const char *to, const char *words)
{
	size_t len = strlen(words);

	for (; (size_t)(to - from) >= len; from++)
		if (ascii_starts_nocase(from, words))
			return true;
	return false;
}

/*
 * Looks at the tag at "<"; returns how much further another may begin.  last is the text's last
 * ">": nobody looks further for the end of a tag.
 */
static size_t
look_at_tag(const char *at, const char *last, struct evidence *e)
{
	bool is_end = at[1] == '/';
	const char *name = at + 1 + is_end;
	size_t len =
	    strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ123456");
	char lower[16];
	enum html_tag tag;
	const char *gt;

	if (len == 0 || len >= sizeof(lower) || name + len > last ||
	    (name[len] != '>' && name[len] != ' ' && name[len] != '/' &&
		name[len] != '\n'))
		return 1;
	gt = strchr(name + len, '>');
	for (size_t i = 0; i < len; i++)
		lower[i] = (char)ascii_lower((unsigned char)name[i]);
	tag = tag_find(lower, len);
	if (!is_common[tag]) {
		e->strange++;
	} else if (is_end) {
		e->ends[tag]++;
	} else {
		e->starts[tag]++;
		if (tag == TAG_A && has_between(name, gt, "href=\"http"))
			e->links++;
		if (tag == TAG_IMG && has_between(name, gt, "src=\""))
			e->pictures++;
		if (tag == TAG_BR)
			e->breaks++;
	}
	return (size_t)(gt - at);
}

static bool
is_markup(const char *text)
{
	struct evidence e = { .links = 0 };
	const char *last = strrchr(text, '>');
	size_t pairs = 0;
	size_t odd = 0;

	for (const char *at = strchr(text, '<'); at && last; at = strchr(at, '<'))
		at += look_at_tag(at, last, &e);
	for (size_t tag = 0; tag < TAG_COUNT; tag++) {
		size_t starts = e.starts[tag];
		size_t ends = e.ends[tag];

		pairs += starts < ends ? starts : ends;
		if (!tag_is((enum html_tag)tag, TAG_IS_VOID) &&
		    !tag_is((enum html_tag)tag, TAG_CLOSES_SELF) && starts != ends)
			odd++;
	}
	if (odd > 0 || e.strange > 0)
		return false;
	if (e.links > 0 && pairs > 0)
		return true;
	if (e.pictures > 0 || e.breaks > 1 || e.starts[TAG_P] > 1)
		return true;
	text += strspn(text, " \t\r\n");
	return *text == '<' && pairs > 0 && e.starts[TAG_P] + e.starts[TAG_DIV] > 0;
}

const char *
unescape_find(struct arena *a, const char *html, size_t len)
{
	struct buf b = BUF_INIT(LIMIT_HTML_CLEAN);
	const char *text = NULL;

	/* A real element, or no visible tag. */
	if (memchr(html, '<', len) || !strstr(html, "&lt;"))
		return NULL;
	scan_decode(&b, html, len);
	if (is_markup(buf_text(&b)))
		text = arena_strndup(a, buf_text(&b), b.len);
	buf_clear(&b);
	return text;
}
