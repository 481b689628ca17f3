/* SPDX-License-Identifier: ISC */
/*
 * The compiler attributes the program uses, under names that say what they claim.  This is the
 * only place outside base/ code where a compiler extension may be met.
 */
#ifndef BASE_ATTR_H
#define BASE_ATTR_H

#define PRINTF_LIKE(fmt, first) __attribute__((format(printf, fmt, first)))
#define MUST_CHECK __attribute__((warn_unused_result))
#define NO_RETURN __attribute__((noreturn))
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

#endif
