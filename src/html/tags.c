/* SPDX-License-Identifier: ISC */
#include "html/tags.h"

#include <string.h>

#include "base/attr.h"

struct tag_entry {
	const char *name;
	size_t len;
};
#define ENTRY(id, text) { text, sizeof(text) - 1 },
static const struct tag_entry entries[] = { { "", 0 }, { "", 0 }, HTML_TAGS(ENTRY) };
#undef ENTRY

enum {
	BLOCK = TAG_IS_BLOCK,
	VOID = TAG_IS_VOID,
	RAW = TAG_IS_RAW,
	SELF = TAG_CLOSES_SELF,
	HEAD = TAG_IS_HEADING,
	FORMAT = TAG_IS_FORMAT,
	GRID = TAG_IS_GRID,
	CELL = TAG_IS_CELL
};

/* clang-format off */
static const unsigned char traits[TAG_COUNT] = {
	[TAG_A] = SELF, [TAG_ABBR] = FORMAT, [TAG_ADDRESS] = BLOCK, [TAG_AREA] = VOID,
	[TAG_ARTICLE] = BLOCK, [TAG_ASIDE] = BLOCK, [TAG_B] = FORMAT, [TAG_BASE] = VOID,
	[TAG_BASEFONT] = VOID, [TAG_BGSOUND] = VOID, [TAG_BLOCKQUOTE] = BLOCK,
	[TAG_BODY] = BLOCK | SELF, [TAG_BR] = VOID, [TAG_BUTTON] = SELF,
	[TAG_CAPTION] = BLOCK | CELL, [TAG_CENTER] = BLOCK, [TAG_CITE] = FORMAT,
	[TAG_CODE] = FORMAT, [TAG_COL] = VOID, [TAG_COLGROUP] = BLOCK | SELF,
	[TAG_DD] = BLOCK | SELF, [TAG_DEL] = FORMAT, [TAG_DETAILS] = BLOCK, [TAG_DFN] = FORMAT,
	[TAG_DIR] = BLOCK, [TAG_DIV] = BLOCK, [TAG_DL] = BLOCK, [TAG_DT] = BLOCK | SELF,
	[TAG_EM] = FORMAT, [TAG_EMBED] = VOID, [TAG_FIELDSET] = BLOCK, [TAG_FIGCAPTION] = BLOCK,
	[TAG_FIGURE] = BLOCK, [TAG_FOOTER] = BLOCK, [TAG_FORM] = BLOCK, [TAG_FRAME] = VOID,
	[TAG_H1] = BLOCK | HEAD, [TAG_H2] = BLOCK | HEAD, [TAG_H3] = BLOCK | HEAD,
	[TAG_H4] = BLOCK | HEAD, [TAG_H5] = BLOCK | HEAD, [TAG_H6] = BLOCK | HEAD,
	[TAG_HEAD] = BLOCK | SELF, [TAG_HEADER] = BLOCK, [TAG_HGROUP] = BLOCK,
	[TAG_HR] = BLOCK | VOID, [TAG_HTML] = BLOCK | SELF, [TAG_I] = FORMAT, [TAG_IFRAME] = RAW,
	[TAG_IMAGE] = VOID, [TAG_IMG] = VOID, [TAG_INPUT] = VOID, [TAG_INS] = FORMAT,
	[TAG_ISINDEX] = VOID, [TAG_KBD] = FORMAT, [TAG_KEYGEN] = VOID, [TAG_LEGEND] = BLOCK,
	[TAG_LI] = BLOCK | SELF, [TAG_LINK] = VOID, [TAG_LISTING] = BLOCK, [TAG_MAIN] = BLOCK,
	[TAG_MARK] = FORMAT, [TAG_MENU] = BLOCK, [TAG_MENUITEM] = VOID, [TAG_META] = VOID,
	[TAG_NAV] = BLOCK, [TAG_NOBR] = SELF, [TAG_NOEMBED] = RAW, [TAG_NOFRAMES] = RAW,
	[TAG_OL] = BLOCK, [TAG_OPTGROUP] = SELF, [TAG_OPTION] = SELF, [TAG_P] = BLOCK | SELF,
	[TAG_PARAM] = VOID, [TAG_PLAINTEXT] = BLOCK | RAW, [TAG_PRE] = BLOCK, [TAG_RB] = SELF,
	[TAG_RP] = SELF, [TAG_RT] = SELF, [TAG_RTC] = SELF, [TAG_S] = FORMAT, [TAG_SAMP] = FORMAT,
	[TAG_SCRIPT] = RAW, [TAG_SECTION] = BLOCK, [TAG_SMALL] = FORMAT, [TAG_SOURCE] = VOID,
	[TAG_SPACER] = VOID, [TAG_STRONG] = FORMAT, [TAG_STYLE] = RAW, [TAG_SUMMARY] = BLOCK,
	[TAG_TABLE] = BLOCK | GRID, [TAG_TBODY] = BLOCK | SELF | GRID,
	[TAG_TD] = BLOCK | SELF | CELL, [TAG_TEXTAREA] = RAW, [TAG_TFOOT] = BLOCK | SELF | GRID,
	[TAG_TH] = BLOCK | SELF | CELL, [TAG_THEAD] = BLOCK | SELF | GRID, [TAG_TITLE] = RAW,
	[TAG_TR] = BLOCK | SELF | GRID, [TAG_TRACK] = VOID, [TAG_U] = FORMAT, [TAG_UL] = BLOCK,
	[TAG_VAR] = FORMAT, [TAG_WBR] = VOID, [TAG_XMP] = BLOCK | RAW,
};
/* clang-format on */

bool
tag_is(enum html_tag tag, enum tag_trait trait)
{
	return (traits[tag] & (unsigned)trait) != 0;
}

const char *
tag_name(enum html_tag tag)
{
	return entries[tag].name;
}

static int
compare(const struct tag_entry *entry, const char *name, size_t len)
{
	size_t shorter = entry->len < len ? entry->len : len;
	int order = memcmp(entry->name, name, shorter);

	if (order != 0)
		return order;
	return entry->len == len ? 0 : entry->len < len ? -1 : 1;
}

enum html_tag
tag_find(const char *name, size_t len)
{
	size_t low = TAG_TEXT + 1;
	size_t high = TAG_COUNT;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int order = compare(&entries[mid], name, len);

		if (order == 0)
			return (enum html_tag)mid;
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return TAG_UNKNOWN;
}
