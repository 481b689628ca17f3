/* SPDX-License-Identifier: ISC */
/*
 * By what the footers and questions of newsletters are known: words in the languages that the
 * large tools write, and the addresses these tools use.
 */
#ifndef MAIL_NEWSLETTER_WORDS_H
#define MAIL_NEWSLETTER_WORDS_H

#include <stdbool.h>

/* The words of a link, or of a line with an address: to leave, or to change what one gets. */
bool newsletter_words_leave(const char *text);
/* The words of a link to the same letter on the web. */
bool newsletter_words_browser(const char *text);
/* The subject of a message that asks to confirm, has a code, or logs somebody in. */
bool newsletter_words_ask(const char *subject);
/* The same of the first words of a short letter, which say so more plainly. */
bool newsletter_words_ask_plainly(const char *text);
/* The address of a page of a tool by which a subscription is ended, changed or confirmed. */
bool newsletter_address_leaves(const char *url);
/* The length of a word at text of the form of list/token.h, in either case; 0 when it is none. */
unsigned newsletter_token_length(const char *text);
/* Such a word stands in an address. */
bool newsletter_address_has_token(const char *url);

#endif
