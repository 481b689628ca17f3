/* SPDX-License-Identifier: ISC */
#include "digest/fit.h"

#include <string.h>

#include "base/buf.h"
#include "format/html_escape.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"
#include "digest/templates.h"
#include "html/cut.h"
#include "html/images.h"
#include "html/to_text.h"
#include "html/restyle.h"

enum { TEXT_COLUMNS = 72, DIRECTION_LETTERS = 400, READ_ON_COST = 300 };

size_t
quoted_cost(const char *text)
{
	size_t n = 0;

	for (const unsigned char *p = (const unsigned char *)text; *p; p++)
		n += *p == '\n' ? 2 : *p < ' ' || *p >= 0x7f || *p == '=' ? 3 : 1;
	return n + n / 73 * 3;
}

/* Strong directions of Unicode, as coarse as telling scripts apart needs. */
static bool
is_rtl_letter(uint32_t c)
{
	return (c >= 0x590 && c <= 0x8ff) || (c >= 0xfb1d && c <= 0xfdff) ||
	    (c >= 0xfe70 && c <= 0xfefc) || (c >= 0x10800 && c <= 0x10fff) ||
	    (c >= 0x1e800 && c <= 0x1efff);
}

static bool
is_ltr_letter(uint32_t c)
{
	if (c < 0x80)
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
	return (c >= 0xc0 && c < 0x590) || (c >= 0x900 && c < 0x2000) ||
	    (c >= 0x2c00 && c < 0xfb00);
}

bool
is_rtl(const char *text)
{
	size_t len = strlen(text);
	size_t rtl = 0;
	size_t ltr = 0;
	uint32_t c = 0;

	for (size_t i = 0; i < len && rtl + ltr < DIRECTION_LETTERS;) {
		i += text_decode(text + i, len - i, &c);
		if (is_rtl_letter(c))
			rtl++;
		else if (is_ltr_letter(c))
			ltr++;
	}
	/* Arabic and Hebrew leave vowels out: the same words take about two thirds of the
	   letters, and Latin names stand in most of what is written about programs. */
	return rtl > 0 && rtl * 3 >= ltr * 2;
}

bool
entry_is_rtl(const struct entry *e)
{
	if (e->text && *e->text)
		return is_rtl(e->text);
	if (e->summary && *e->summary)
		return is_rtl(e->summary);
	return is_rtl(e->title ? e->title : "");
}

/* One paragraph of plain text as HTML. */
static const char *
paragraph(struct arena *a, const char *text)
{
	const char *html = NULL;
	struct buf b = BUF_INIT(LIMIT_PART);

	buf_adds(&b, "<p>");
	html_escape(&b, text, strlen(text), HTML_ALL_QUOTES);
	buf_adds(&b, "</p>");
	html = arena_strdup(a, buf_text(&b));
	buf_clear(&b);
	return html;
}

static bool
is_blank(const char *html)
{
	return !html || !*html;
}

/* The entry's own HTML, or its summary where it has none. */
static const char *
whole(const struct plan *p, const struct entry *e)
{
	if (!is_blank(e->html))
		return html_images(p->a, e->html, p->ctx->config->digest.images);
	if (e->summary && *e->summary)
		return paragraph(p->a, e->summary);
	return "";
}

static size_t
summary_chars(const struct plan *p)
{
	int64_t n = p->ctx->config->digest.summary_chars;

	return n > 0 ? (size_t)n : 1;
}

static const char *
shortened(const struct plan *p, const struct entry *e, bool *cut)
{
	const char *html = html_cut(p->a, whole(p, e), summary_chars(p), cut);

	/* A post that begins with a table or a listing has no beginning to show. */
	if (is_blank(html) && e->summary && *e->summary) {
		*cut = true;
		html = paragraph(p->a,
		    html_excerpt(p->a, paragraph(p->a, e->summary), summary_chars(p),
			&(bool){ false }));
	}
	return html;
}

/* Templates set the distance to what follows. */
static const char *
without_end(struct arena *a, const char *text)
{
	size_t len = strlen(text);

	while (len > 0 && text_is_space((unsigned char)text[len - 1]))
		len--;
	return arena_strndup(a, text, len);
}

void
body_make(const struct plan *p, struct plan_item *item, enum show show, struct body *out)
{
	const struct entry *e = item->entry;
	const char *html = NULL;

	out->cut = false;
	html = show == SHOW_FULL ? whole(p, e) : shortened(p, e, &out->cut);
	/* The cleaner made the text of the whole already, unless pictures became links here. */
	if (show == SHOW_FULL && e->text && e->html && strcmp(html, e->html) == 0)
		out->text = e->text;
	else
		out->text = html_to_text(p->a, html, TEXT_COLUMNS);
	out->text = without_end(p->a, out->text);
	out->html = html_restyle(p->a, &p->ctx->templates->styles.elements, html,
	    p->entry_heading, item->rtl);
	out->cost = quoted_cost(p->measures_text ? out->text : out->html) +
	    (out->cut ? READ_ON_COST : 0);
	out->is_made = true;
}
