/* SPDX-License-Identifier: ISC */
/*
 * Notices in words: what is queued for somebody who asked, confirmed, left or wrote to us.
 * They go before issues (flow/deliver).
 */
#ifndef FLOW_NOTICE_LETTERS_H
#define FLOW_NOTICE_LETTERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "digest/notice.h"
#include "model/model.h"

struct run;

/* What a command by mail asks for; in the order of their words. */
enum mail_command {
	MAIL_SUBSCRIBE,
	MAIL_UNSUBSCRIBE,
	MAIL_HOLD,
	MAIL_WEEKLY,
	MAIL_DAILY,
	MAIL_HELP,
	MAIL_CONFIRM, /* with a token alone */
	MAIL_REFUSE,  /* "never again", with a token alone */
	MAIL_COMMANDS
};
/* "subscribe", "unsubscribe" ...: what stands behind the plus. */
const char *mail_command_word(enum mail_command command);

struct notice_order {
	enum notice_kind kind;
	const struct reader *reader; /* or NULL */
	const char *address;         /* when it is no reader's, or another than theirs */
	const char *code;            /* "481 207", or NULL */
	int64_t asked;               /* TIME_NONE: nobody asked */
	const char *network;         /* of who asked, or NULL */
	enum mail_command command;   /* of NOTICE_REQUEST and NOTICE_DONE */
	bool newest;                 /* of NOTICE_WELCOME: the newest issue comes too */
	/* Of NOTICE_KEEPER: how many asked; of NOTICE_ADDRESS: the issue of its token. */
	int64_t number;
	const char
	    *new_address; /* of NOTICE_MOVED: where letters go now, as it is shown */
	bool erases;      /* of NOTICE_DATA: they want everything deleted */
	const struct feed_news
	    *news; /* of NOTICE_KEEPER: of feeds, not of asks; or NULL */
};
/*
 * Words the notice and queues it, in the caller's transaction.  ERR_CONFIG when neither pages
 * nor a command address could take the answer it asks for.
 */
bool flow_notice_queue(struct run *run, const struct notice_order *o,
    struct err *err) MUST_CHECK;

/*
 * The words alone of what the keeper is told of feeds: notice-NAME.txt with this news.  In
 * run->arena.
 */
bool flow_feed_news_words(struct run *run, const char *name, const struct feed_news *news,
    struct rendering *out, struct err *err) MUST_CHECK;

#endif
