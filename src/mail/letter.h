/* SPDX-License-Identifier: ISC */
/*
 * Letters.  A rendering's bodies are encoded once (encoded_letter); per reader only their own few
 * bytes are written (letter_write).  Bytes are a whole RFC 5322 message with CRLF line ends.
 */
#ifndef MAIL_LETTER_H
#define MAIL_LETTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "mail/address.h"
#include "model/holes.h"
#include "model/model.h"

/* What all letters of one issue share. */
struct letter_common {
	struct mailbox from;
	struct mailbox reply_to;  /* address NULL = none */
	const char *sender;       /* envelope sender without VERP */
	const char *list_name;    /* newsletter name */
	const char *list_id;      /* "name.example.net" */
	const char *list_archive; /* https address or NULL */
	const char *list_help;    /* https or mailto */
	const char *list_owner;   /* mailto */
	const char *language;     /* Content-Language */
	const char *feedback_id;  /* or NULL */
	int64_t date;
	int date_offset; /* seconds east of UTC, for the Date field */
	bool verp;
};
/* What one letter has for itself. */
struct letter_personal {
	const char *to;                /* checked address */
	const char *message_id;        /* without brackets */
	const char *references;        /* message id of the letter before, or NULL */
	const char *leave_url;         /* https for List-Unsubscribe, or NULL */
	const char *leave_mailto;      /* mailto:... */
	bool one_click;                /* List-Unsubscribe-Post: only with leave_url */
	const char *holes[HOLE_COUNT]; /* what fills them; each may be NULL */
};

/*
 * A letter as pieces of memory, one behind the other: what all readers' letters share stays
 * where it is, only the reader's own words are new.
 */
struct letter_piece {
	const char *bytes;
	size_t len;
};
struct letter_pieces {
	struct letter_piece *list;
	size_t count, room;
	size_t len; /* of the whole */
	bool
	    may_stuff; /* a line may begin with a dot, which SMTP doubles (RFC 5321 4.5.2) */
	struct buf own; /* the reader's own words */
};
void letter_pieces_init(struct letter_pieces *p);
void letter_pieces_clear(struct letter_pieces *p);

struct encoded_letter;
/*
 * Encodes a rendering once.  boundary: a word that whoever writes the posts cannot guess, of 68
 * characters at most, since two are put before it (RFC 2046 5.1.1); NULL without an HTML part.
 * Owned by the caller; nothing is borrowed.  ERR_LIMIT beyond LIMIT_LETTER.
 */
struct encoded_letter *letter_encode(const struct letter_common *common,
    const struct rendering *rendering, const char *boundary, struct err *err) MUST_CHECK;
void encoded_letter_free(struct encoded_letter *f);
/* Appends one reader's letter to out (CRLF). */
bool letter_write(const struct encoded_letter *f, const struct letter_personal *p,
    struct buf *out, struct err *err) MUST_CHECK;

/*
 * The same without copying, in place of what was in out: borrowed from f and from out until
 * either changes.
 */
bool letter_write_pieces(const struct encoded_letter *f, const struct letter_personal *p,
    struct letter_pieces *out, struct err *err) MUST_CHECK;

/* Bytes of memory it takes. */
size_t encoded_letter_size(const struct encoded_letter *f);

#endif
