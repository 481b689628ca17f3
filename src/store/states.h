/* SPDX-License-Identifier: ISC */
/*
 * Numbers in the database that are no noun of model.h.
 */
#ifndef STORE_STATES_H
#define STORE_STATES_H

/* entry.state; SQL that must match the index entry_open says 0 itself. */
enum entry_state {
	ENTRY_OPEN,     /* may come into an issue */
	ENTRY_KEPT_OUT, /* remembered, never mailed */
	ENTRY_HELD      /* in issue_entry or issue_over */
};

#endif
