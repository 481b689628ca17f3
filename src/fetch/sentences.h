/* SPDX-License-Identifier: ISC */
/* What people read when a feed could not be fetched. */
#ifndef FETCH_SENTENCES_H
#define FETCH_SENTENCES_H

#include <stdint.h>

enum { SENTENCE_MAX = 200 };

/*
 * Why a certificate was refused: GnuTLS's status bits (0 when another library is below) and
 * what libcurl wrote.  Static.
 */
const char *sentence_certificate(long bits, const char *words);
/* The next three fill room, SENTENCE_MAX bytes, and return it. */
const char *sentence_connect(char *room, int error_number);
const char *sentence_timeout(char *room, int64_t timeout_ms, int connected, int answered);
const char *sentence_too_large(char *room, int64_t max_bytes);

#endif
