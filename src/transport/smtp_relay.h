/* SPDX-License-Identifier: ISC */
/*
 * One mail server among several: what it is for, its share, its pace, and whether it can be
 * used now.  Which letter goes to which is decided here, without any connection.
 */
#ifndef TRANSPORT_SMTP_RELAY_H
#define TRANSPORT_SMTP_RELAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "config/options.h"
#include "transport/hour_count.h"
#include "transport/smtp_session.h"

enum {
	SMTP_WINDOW_MAX = 8, /* letters that one connection has said and not heard */
	SMTP_RELAY_LETTER = 1 << 30
};

struct queued_letter;
struct smtp_relay {
	struct config config; /* the settings with this server as [smtp] */
	const char *name;     /* "" for [smtp] itself */
	struct smtp_server server;
	struct wire_trust *trust; /* owned; NULL for SMTP_PLAIN */
	const char *secret;       /* of the login, as it is known now; NULL = none */
	int64_t per_connection;
	size_t connections;
	size_t window_most; /* letters a connection has said and not heard */

	int64_t gap_us;          /* between letters, from the rate */
	int64_t next_us;         /* when the next one may leave */
	struct hour_count *hour; /* letters begun; NULL where there is no per_hour */
	int64_t epoch_ms;        /* since 1970, when ticks were 0 */
	int64_t told_ms;         /* until when it was last said that it waits */

	struct queued_letter *pending; /* letters that go here, in their order */
	size_t pending_count;
	struct queued_letter *flying; /* those that a connection has in hand */
	int64_t due; /* what it is behind its share, in letters times SMTP_RELAY_LETTER */

	bool down;      /* until retry_ms, or for good when that is 0 */
	bool no_chunks; /* it offers them and does not know them */
	bool proven; /* a letter went, or was refused in proper form, since it was up */
	int64_t retry_ms;
	struct err why;
	int losses;  /* connections lost in a row */
	int ours;    /* refusals that mean us in a row, and no letter accepted */
	size_t open; /* connections, those that are being made among them */
};

/*
 * The relay for a letter to that address, or NULL when none can be used: of those that are up
 * and not in `tried` (1 << index) the ones for its domain, else those for all, else those for
 * other domains; among them the one that is furthest behind its share, and one without a share
 * when there is no other, the first of them.
 */
struct smtp_relay *smtp_relay_choose(struct smtp_relay *relays, size_t count,
    const char *recipient, unsigned tried);
/*
 * The letter goes to r, which was chosen so: it counts for the shares of those that it was
 * chosen from.  At no time is one of them two letters off its share.
 */
void smtp_relay_assign(struct smtp_relay *relays, size_t count, struct smtp_relay *r,
    const char *recipient, unsigned tried);
/* A letter that was assigned to r goes elsewhere, or is chosen for anew. */
void smtp_relay_take_back(struct smtp_relay *r);
/* It can be used again: it does not catch up on what others did meanwhile. */
void smtp_relay_rise(struct smtp_relay *r);
/*
 * Milliseconds until another letter may begin, 0 = now: it is counted then.  By rate and by
 * per_hour, of which the last sixty whole minutes and this one are counted.  A wait of minutes is
 * logged, with its end by a clock that is utc_offset seconds ahead.
 */
int64_t smtp_relay_turn(struct smtp_relay *r, int64_t now_ms, int utc_offset);
/* There was no letter to begin: it is not counted. */
void smtp_relay_return_turn(struct smtp_relay *r, int64_t now_ms);

#endif
