/* SPDX-License-Identifier: ISC */
/* How the database tells what may still come into an issue.  Private to store/. */
#ifndef STORE_ENTRY_STATES_H
#define STORE_ENTRY_STATES_H

/* entry.state; SQL that must match the index entry_open says 0 itself. */
enum entry_state {
	ENTRY_OPEN,     /* may come into an issue */
	ENTRY_KEPT_OUT, /* remembered, never mailed */
	ENTRY_HELD      /* in issue_entry or issue_over */
};

#endif
