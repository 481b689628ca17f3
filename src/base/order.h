/* SPDX-License-Identifier: ISC */
/*
 * What the comparisons of qsort() and bsearch() return for two numbers or two pointers of one
 * array: -1, 0 or 1.  A difference could be too large for an int.
 */
#ifndef BASE_ORDER_H
#define BASE_ORDER_H

#define ORDER(a, b) (((a) > (b)) - ((a) < (b)))

#endif
