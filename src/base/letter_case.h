/* SPDX-License-Identifier: ISC */
/*
 * Small and capital letters of all scripts, one character at a time, by Unicode's tables in
 * libunistring: those of towlower() depend on the locale.
 */
#ifndef BASE_LETTER_CASE_H
#define BASE_LETTER_CASE_H

#include <stdint.h>

#include "base/attr.h"

/*
 * The letter as words are compared: small, and the sigma at the end of a word as any other.
 * What is no capital is returned as it is.
 */
uint32_t letter_fold(uint32_t c) MUST_CHECK;
/* The capital of a letter, where that is one character ("ß" has none). */
uint32_t letter_capital(uint32_t c) MUST_CHECK;

#endif
