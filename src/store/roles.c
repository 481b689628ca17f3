/* SPDX-License-Identifier: ISC */
#include "store/roles.h"

#include <stddef.h>

#include "store/db.h"

enum {
	READ = DB_MAY_READ,
	ADD = DB_MAY_READ | DB_MAY_INSERT,
	MOVE = DB_MAY_READ | DB_MAY_INSERT | DB_MAY_UPDATE,
	ALL = MOVE | DB_MAY_DELETE
};

/* What a reader's own step takes, by page or by mail: a move of one reader, a notice, an ask. */
#define A_READERS_STEP \
	{ "note", MOVE, NULL }, { "secret", READ, NULL }, { "source", READ, NULL }, \
	    { "entry", READ, NULL }, { "issue", READ, NULL }, \
	    { "issue_entry", READ, NULL }, { "variant", ADD, NULL }, \
	    { "cadence", ADD, NULL }, { "reader", MOVE, "address" }, \
	    { "reader_event", ALL, NULL }, { "erased", ADD, NULL }, \
	    { "ask", ALL, NULL }, { "ask_log", ADD, NULL }, { "ask_block", MOVE, NULL }, \
	    { "bounce", ALL, NULL }, { "bounce_standing", ALL, NULL }, \
	    { "bounce_tally", MOVE, NULL }, { "issue_count", READ, NULL }, \
	    { "new_address", ALL, "address" }, \
	    { "delivery", READ | DB_MAY_UPDATE, NULL }, \
	{ \
		"notice", MOVE, "text" \
	}

/* And the letters that are shown; never an issue, never the list. */
static const struct db_right web[] = {
	A_READERS_STEP,
	{ "entry_text", READ, NULL },
	{ "rendering", READ, NULL },
	{ "letterhead", READ, NULL },
	{ NULL, 0, NULL },
};

static const struct db_right mail_in[] = {
	A_READERS_STEP,
	{ NULL, 0, NULL },
};

void
store_take_role(struct store *s, enum store_mode mode)
{
	switch (mode) {
	case STORE_READ:
	case STORE_WRITE:
	case STORE_CREATE:
		break;
	case STORE_WEB:
		db_restrict(s, web);
		break;
	case STORE_MAIL_IN:
		db_restrict(s, mail_in);
		break;
	}
}
