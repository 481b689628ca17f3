/* SPDX-License-Identifier: ISC */
/*
 * Tables of clean HTML that only arrange: those without a header cell of their own, as shops
 * and newsletters write them.
 */
#ifndef HTML_LAYOUT_TABLES_H
#define HTML_LAYOUT_TABLES_H

#include <stdbool.h>

#include "base/arena.h"
#include "html/scan.h"

/*
 * True when the table behind whose start tag the scan stands only arranges.  Takes the time of
 * reading it, up to its first header cell.
 */
bool table_is_layout(struct html_scan scan) MUST_CHECK;
/*
 * The same HTML with their cells as blocks of text below each other, in the order in which they
 * are read aloud.  Returns html itself when it has none; else it lives in a.
 */
const char *html_open_layout_tables(struct arena *a, const char *html) MUST_CHECK;

#endif
