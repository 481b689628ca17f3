/* SPDX-License-Identifier: ISC */
/*
 * Replies of SMTP and LMTP servers (RFC 5321 4.2, RFC 3463), line by line.
 * Strict where it matters: a line that is no reply, or a code that changes within one reply,
 * means that the two sides no longer speak of the same thing.
 */
#ifndef TRANSPORT_SMTP_REPLY_H
#define TRANSPORT_SMTP_REPLY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"

struct smtp_reply {
	int code;        /* 200 to 599; 0 = none yet */
	char status[12]; /* enhanced status code "5.1.1", or "" */
	struct buf text; /* the lines without their codes, each ended by LF */
};

enum smtp_reply_step { SMTP_REPLY_MORE, SMTP_REPLY_DONE, SMTP_REPLY_BAD };

void smtp_reply_init(struct smtp_reply *r);
void smtp_reply_clear(struct smtp_reply *r);
/* Forgets the last reply, keeps the memory. */
void smtp_reply_reset(struct smtp_reply *r);
/* One line without its end.  SMTP_REPLY_BAD: not a reply, or longer than LIMIT_REPLY_TOTAL. */
enum smtp_reply_step smtp_reply_add_line(struct smtp_reply *r, const char *line,
    size_t len);
/* 2 for 250, 5 for 550; 0 when there is none. */
int smtp_reply_class(const struct smtp_reply *r);
/* Subject and detail of "5.7.26" (RFC 3463); the subject is -1 when it is no failure's status. */
struct smtp_status {
	long subject, detail;
};
struct smtp_status smtp_status_parse(const char *text);
/* "550 5.1.1 no such user": all lines as one clean line of modest length. */
void smtp_reply_words(const struct smtp_reply *r, struct arena *a, struct buf *out);
/*
 * The words after a keyword among the lines of an EHLO reply: "10240000" for "SIZE", "" when
 * it stands alone, NULL when it is not there.  Lives in a.
 */
const char *smtp_reply_keyword(const struct smtp_reply *r, struct arena *a,
    const char *keyword);

#endif
