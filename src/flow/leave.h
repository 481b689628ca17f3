/* SPDX-License-Identifier: ISC */
/*
 * LEAVE: by the token that every letter carries, at once, without a question; and the way back
 * for whoever did not mean it.
 */
#ifndef FLOW_LEAVE_H
#define FLOW_LEAVE_H

#include <stdbool.h>

#include "base/err.h"
#include "model/model.h"

struct run;

enum leave_way {
	LEAVE_PAGE,      /* a person pressed the button of the page */
	LEAVE_ONE_CLICK, /* the mail program's own button (RFC 8058) */
	LEAVE_MAILTO,    /* its mail to the address of List-Unsubscribe (RFC 2369) */
	LEAVE_MAIL       /* a mail that somebody wrote */
};
/* Whose token it is (scope TOKEN_LEAVE); reads only.  *r lives in run->arena. */
bool flow_leave_look(struct run *run, const char *token, struct reader *r, bool *found,
    struct err *err) MUST_CHECK;
/*
 * They leave.  Who has left already is found, and nothing else happens.  A goodbye goes out as
 * list.goodbye says.
 */
bool flow_leave(struct run *run, const char *token, enum leave_way way, struct reader *r,
    bool *found, struct err *err) MUST_CHECK;
/* Within LIMIT_UNDO_AGE of leaving all is as it was, by the same token. */
bool flow_leave_undo(struct run *run, const char *token, struct reader *r, bool *undone,
    struct err *err) MUST_CHECK;

#endif
