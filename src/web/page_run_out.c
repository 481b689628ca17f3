/* SPDX-License-Identifier: ISC */
/* A link that has run out: whoever has it can have a fresh one mailed to its reader. */
#include <string.h>

#include "base/clock.h"
#include "flow/own_data.h"
#include "flow/reader_moves.h"
#include "store/readers.h"
#include "web/page.h"

bool
page_find_reader(struct page *p, struct reader *r, bool *found, struct err *err)
{
	memset(r, 0, sizeof(*r));
	if (!store_reader_get(p->run.store, p->a, p->token.reader, r, found, err))
		return false;
	*found = *found && r->address && r->epoch == p->token.epoch;
	return true;
}

bool
page_move(struct page *p, struct reader *r, enum reader_event event, const char *detail,
    struct err *err)
{
	const struct reader_move m = { event, CAUSE_PAGE, NULL, detail };

	return flow_reader_move(&p->run, r, &m, err);
}

bool
page_hold(struct page *p, struct reader *r, struct err *err)
{
	char text[CLOCK_TEXT];

	return page_move(p, r, EVENT_HOLD,
	    arena_printf(p->a, "until %.10s", clock_rfc3339(r->hold_until, text)), err);
}

/* The same page, whether there is still anybody to write to. */
static bool
send_fresh(struct page *p, struct err *err)
{
	struct reader r;
	bool found = false;

	if (!page_find_reader(p, &r, &found, err) ||
	    (found &&
		!flow_own_link(&p->run, &r,
		    p->token.scope == TOKEN_ERASE ? OWN_DATA : OWN_PREFERENCES, err)))
		return false;
	p->answer->wakes = true;
	return page_show_plain(p, 200, "page-fresh", err);
}

bool
page_run_out(struct page *p, struct err *err)
{
	if (p->token.reader == 0)
		return page_show_plain(p, 200, "page-test", err);
	return p->request->method == WEB_POST &&
		strcmp(form_value(&p->form, FIELD_ACT), "again") == 0
	    ? send_fresh(p, err)
	    : page_show_plain(p, 200, "page-expired", err);
}
