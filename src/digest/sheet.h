/* SPDX-License-Identifier: ISC */
/*
 * The style sheet of a letter: of what head.html holds, only the rules that something in the
 * letter uses.  Private to digest/.
 */
#ifndef DIGEST_SHEET_H
#define DIGEST_SHEET_H

#include <stdbool.h>

#include "base/buf.h"

/*
 * Shortens the first <style> of an HTML document.  A rule stays when all elements and classes
 * of one of its selectors occur behind the sheet, of "li pre" and "li > pre" one in the other;
 * of "a:hover" and "p::before" the element counts.  What it does not understand (other rules
 * with "@", attribute selectors, siblings, "p:not(.x)") stays as it is, and so does everything
 * where names of the letter are many or long.  rtl: left and right change places,
 * but for the alignment of listings (pre), and so do the second and fourth of four values of
 * margin, padding and border-width.
 */
void sheet_keep_used(struct buf *html, bool rtl);

#endif
