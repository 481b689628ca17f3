/* SPDX-License-Identifier: ISC */
/*
 * The words of notices: notice-NAME.txt of the templates, whose first line is the subject.
 * What follows is plain text, a paragraph a line; the HTML twin (notice.html) is made of the
 * same words, so that the two never say different things.
 */
#ifndef DIGEST_NOTICE_H
#define DIGEST_NOTICE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/zone.h"
#include "config/options.h"
#include "digest/templates.h"
#include "model/model.h"

/* A feed, what is to be said of it, and the command or address that goes with that. */
struct feed_line {
	const char *feed, *what, *with;
};
struct feed_lines {
	struct feed_line *list;
	size_t count;
};
/* What is new of the feeds and the readers, for the keeper. */
struct feed_news {
	struct feed_lines needs;  /* that need a person */
	struct feed_lines moved;  /* asked elsewhere from now on */
	struct feed_lines gone;   /* paused */
	struct feed_lines mended; /* by themselves */
	struct feed_lines quiet;  /* without a post for long */
	int64_t still;            /* more that need a person, and were told before */
	int64_t joined, left;     /* readers */
	const char *since;        /* of one feed: since when, as a date; or NULL */
};

/* What a notice may say.  Text that is NULL does not stand in it. */
struct notice_words {
	const char *code;        /* "481 207" */
	bool by_page;            /* somebody has the page open where the code is typed */
	const char *confirm_url; /* page of the last step, or of the way back */
	const char *refuse_url;  /* page of "never again" */
	const char *refuse_mail; /* address for the same, without pages */
	const char *back_mail;   /* address for the way back */
	const char *data_url;    /* page of what is kept of them */
	const char *new_address; /* where letters go now, veiled */
	bool erases;             /* they asked for everything to be deleted */
	bool can_reply;          /* an answer to this letter does what it asks */
	int64_t within;          /* seconds until that ends */
	int64_t asked;           /* when somebody asked; TIME_NONE */
	const char *network;     /* from where: "203.0.113.0/24" */
	const char *rhythm;      /* key of [rhythm]: what they will get, or get */
	const char *command; /* key of [requests] and [dones]: what was asked or done */
	const char *command_address; /* where commands are read */
	bool on_hold;
	bool
	    links_manage; /* the letter is a reader's: page of their wishes, if there are pages */
	bool links_leave;             /* the letter is a reader's: how to leave */
	bool newest;                  /* the newest issue comes with it */
	int64_t number;               /* of what the notice is about */
	const struct feed_news *news; /* or NULL */
};
/*
 * subject, text and HTML of notice-NAME.txt; all in a.  The zone is the newsletter's.
 * ERR_CONFIG when the keeper's template is wrong.
 */
bool digest_notice(struct arena *a, const struct template_set *t, const struct config *c,
    const struct zone *zone, const char *name, const struct notice_words *w,
    struct rendering *out, struct err *err) MUST_CHECK;

#endif
