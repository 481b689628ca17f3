/* SPDX-License-Identifier: ISC */
/*
 * Where letters go.  One contract for outbox files, SMTP, LMTP, sendmail, maildir, mbox and
 * stdout: the transport pulls letters as fast as it can take them and reports what became of
 * each, so that one with many connections and one that writes a file look alike.
 *
 * next() writes the letter down as `sending` before it returns it (the caller's duty), so a
 * crash can only lose knowledge, never send twice.
 */
#ifndef TRANSPORT_TRANSPORT_H
#define TRANSPORT_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "config/options.h"
#include "mail/dkim.h"
#include "mail/letter.h"
#include "model/model.h"
#include "transport/hour_count.h"

struct letter {
	const char *sender;    /* envelope sender, checked; "" for the null sender */
	const char *recipient; /* checked */
	const char *name; /* file name stem for outbox and maildir: "2026-11-24-12" */
	const struct buf *bytes; /* whole message, CRLF; borrowed until the next call */
	/* In place of bytes, where transport_takes_pieces(): borrowed until settled. */
	const struct letter_pieces *pieces;
	const struct buf *head; /* fields that go in front of it, or NULL */
	bool alone;  /* it broke a connection before: nothing of it goes with another */
	void *owner; /* the caller's */
};

enum outcome_kind {
	OUTCOME_SENT,
	OUTCOME_DEFERRED, /* this letter, for now: 4xx, or nothing of it left */
	OUTCOME_BUSY,     /* any letter, for now: 4xx before RCPT, or 421 */
	OUTCOME_REFUSED,  /* this letter, for good: 5xx to RCPT or DATA */
	OUTCOME_UNKNOWN   /* lost after the final dot */
};
/* What was being asked when the peer gave its answer, or broke off. */
enum outcome_stage {
	STAGE_NONE, /* no mail server, or nothing was asked */
	STAGE_GREETING,
	STAGE_EHLO, /* and STARTTLS */
	STAGE_AUTH,
	STAGE_MAIL,
	STAGE_RCPT,
	STAGE_DATA,
	STAGE_DOT /* the letter itself */
};
struct outcome {
	enum outcome_kind kind;
	int code;           /* SMTP reply code, 0 when none */
	const char *status; /* enhanced status code "5.1.1" or NULL */
	const char *reply;  /* the peer's words, one clean line */
	enum outcome_stage stage;
};

struct letter_source {
	/* False = there is nothing more (or *err is set).  Calls are never concurrent. */
	bool (*next)(void *arg, struct letter *out, struct err *err);
	/* Exactly once for each letter handed out.  Calls are never concurrent. */
	bool (*settle)(void *arg, const struct letter *letter, const struct outcome *o,
	    struct err *err);
	/* True: stop asking next(); letters in flight are finished and settled. */
	bool (*stop)(void *arg);
	void *arg;
	/*
	 * True: somebody waits for the end, so letters in flight get settings->grace_ms and no
	 * more.  What was not given away whole then goes back, the rest is unknown.  NULL = never.
	 */
	bool (*hurry)(void *arg);
};

struct transport_settings {
	const struct config *config;
	/*
	 * Password or access token of each server (config/relays.h), resolved by the caller; an
	 * entry, or all of it, is NULL = none.  Never logged.
	 */
	const char *const *passwords;
	/*
	 * Of each server, why its password could not be had (set), or not (clear); all of it NULL
	 * = none failed.  Such a server starts as down, and the run fails when all of them are.
	 */
	const struct err *troubles;
	/*
	 * Asked when a server refuses its: the password as it is now, which may be another.
	 * Lives as long as the settings.  Never called twice at once, but beside next() and
	 * settle(): it shares nothing with them that changes.  NULL = no.
	 */
	bool (*password_again)(void *arg, size_t server, const char **password,
	    struct err *err);
	void *password_arg;
	/*
	 * Letters that each server was given in the last hour, where smtp.per_hour bounds them:
	 * kept up to date while they go, between the calls of the source.  NULL: none before.
	 */
	struct hour_count *hours;
	int64_t
	    epoch_ms; /* since 1970, when clock_ticks_ms() was 0: what minutes they are */
	int utc_offset; /* seconds, of the clock by which a wait is told */
	const struct dkim_signer *signer; /* NULL: letters are not signed here */
	const char *host_name; /* of this machine, for EHLO and maildir names */
	int64_t grace_ms;      /* for letters in flight, when the source hurries */
	int64_t now;           /* for mbox From_ lines and maildir names */
};

/*
 * Sends until next() has no more.  False when the transport itself cannot work (no server,
 * login refused, certificate not trusted, disk full): letters that were handed out are settled
 * as deferred first.  ERR_TEMPORARY or ERR_PERMANENT with the server's words.
 */
bool transport_run(const struct transport_settings *t, const struct letter_source *src,
    struct err *err) MUST_CHECK;

/* Letters may come as pieces of memory: nothing has to see them as one. */
bool transport_takes_pieces(const struct transport_settings *t);

/*
 * What transport_run() would refuse before a connection is made: settings that are missing or
 * contradict, a password that is missing, certificates that cannot be read, a program that
 * cannot be run.  ERR_CONFIG.  Names are resolved, nothing is sent.
 */
bool transport_check(const struct transport_settings *t, struct arena *a,
    struct err *err) MUST_CHECK;

/* Where it would go, for people: "smtp.example.net:587 (STARTTLS)", "files in ./outbox". */
void transport_describe(const struct config *c, struct buf *out);

#endif
