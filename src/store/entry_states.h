/* SPDX-License-Identifier: ISC */
/* How the database tells what may still come into an issue.  Private to store/. */
#ifndef STORE_ENTRY_STATES_H
#define STORE_ENTRY_STATES_H

/* entry.state; SQL that must match a partial index says the numbers itself. */
enum entry_state {
	ENTRY_OPEN,       /* may come into an issue */
	ENTRY_KEPT_OUT,   /* remembered, never mailed */
	ENTRY_HELD,       /* in issue_entry or issue_over */
	ENTRY_TAKEN_BACK, /* its source shows it no more; open again when it does */
	ENTRY_DOUBTFUL    /* held for a person, without its text */
};

#endif
