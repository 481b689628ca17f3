/* SPDX-License-Identifier: ISC */
/*
 * What a server's words about a recipient mean.  Codes come first where they are plain
 * (RFC 3463), then phrases, grouped by what they mean and not by who says them.  Only what says
 * that there is no such mailbox or no such domain is hard; what may pass, what is about us or
 * about one letter, and what is not understood is soft.
 */
#ifndef MAIL_REPORT_REASON_H
#define MAIL_REPORT_REASON_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "mail/incoming.h"

/*
 * Words alone: small letters, those of Latin without their accents, one blank for everything else
 * between them, one in front and at the end.  At most max bytes of the text are looked at.  In a.
 */
const char *reason_words(struct arena *a, const char *text, size_t max) MUST_CHECK;
/* True when one of the phrases (each with a blank in front; NULL ends them) is in the words. */
bool reason_has(const char *words, const char *const *phrases);

/* The first enhanced status (RFC 3463) in a text, "5.1.1"; "" when there is none.  In a. */
const char *reason_status(struct arena *a, const char *text) MUST_CHECK;
/* The first reply code of a server's refusal (RFC 5321), 400 to 599; 0 when there is none. */
int reason_code(const char *text);

/* True for words that say that a mailbox or a disk is full. */
bool reason_is_full(const char *words);
/* True for words that say that the sender, which is us, was refused before any recipient. */
bool reason_is_of_sender(const char *words);
/*
 * Hard or soft.  status "" and code 0 when not known; words as reason_words() made them.
 * *is_told: something in it had a meaning, so that nobody has to look further.
 */
enum bounce_class reason_class(const char *status, int code, const char *words,
    bool *is_told);

#endif
