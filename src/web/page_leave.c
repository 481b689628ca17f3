/* SPDX-License-Identifier: ISC */
/*
 * /u/TOKEN: leave, at once; the way back for a while; less instead.  The mail program's own
 * button (RFC 8058) is answered with a line of text, never with a redirect.
 */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "flow/leave.h"
#include "flow/reader_wishes.h"
#include "list/subscription.h"
#include "mail/address.h"
#include "store/notices.h"
#include "store/reader_history.h"
#include "store/transactions.h"
#include "web/page.h"

enum { HOLD_DAYS = 30 };

/* ---- what is shown ---- */

/* Whether they left so lately that it can be taken back; *until gets when that ends. */
static bool
may_undo(struct page *p, const struct reader *r, int64_t *left, bool *may,
    struct err *err)
{
	struct reader_event_line *lines = NULL;
	size_t count = 0;

	*may = false;
	*left = p->run.now;
	if (!store_history(p->run.store, p->a, r->id, &lines, &count, err))
		return false;
	while (count > 0 && lines[count - 1].event != EVENT_LEAVE)
		count--;
	if (count == 0)
		return true;
	*left = lines[count - 1].at;
	*may = r->state == READER_LEFT && p->run.now - *left <= LIMIT_UNDO_AGE;
	return true;
}

static bool
show_left(struct page *p, const struct reader *r, bool thanks, struct err *err)
{
	struct template_value *root = page_begin(p, 200);
	int64_t left = 0;
	bool may = false;

	if (!may_undo(p, r, &left, &may, err))
		return false;
	template_put_text(root, "address", address_veiled(p->a, r->address));
	template_put_text(root, "left", page_date(p, "moment", left, err));
	template_put_text(root, "until",
	    page_date(p, "time", left + LIMIT_UNDO_AGE, err));
	template_put_bool(root, "may_undo", may);
	template_put_bool(root, "thanks", thanks);
	return page_show(p, "page-left", root, err);
}

static bool
show_reading(struct page *p, const struct reader *r, const char *done, struct err *err)
{
	struct template_value *root = page_begin(p, 200);

	template_put_text(root, "address", address_veiled(p->a, r->address));
	template_put_bool(root, "is_held", r->state == READER_HOLD);
	template_put_bool(root, "is_waiting", r->state == READER_PENDING);
	template_put_bool(root, "is_reading",
	    r->state != READER_HOLD && r->state != READER_PENDING);
	template_put_text(root, "held_until",
	    r->hold_until != TIME_NONE
		? page_reader_date(p, r, "since", r->hold_until, err)
		: "");
	template_put_text(root, "when", page_when(p, &r->cadence, err));
	template_put_bool(root, "may_weekly",
	    r->state == READER_ACTIVE && r->cadence.rhythm != RHYTHM_WEEKLY &&
		r->cadence.rhythm != RHYTHM_MONTHLY);
	template_put_bool(root, "may_hold", r->state == READER_ACTIVE);
	template_put_text(root, "done", done);
	return page_show(p, "page-leave", root, err);
}

static bool
show(struct page *p, const struct reader *r, const char *done, struct err *err)
{
	if (subscription_has_ended(r->state))
		return show_left(p, r, false, err);
	return show_reading(p, r, done, err);
}

static bool
show_lost(struct page *p, struct err *err)
{
	return page_show_plain(p, 404, "page-lost", err);
}

/* ---- what is done ---- */

static bool
one_click(struct page *p, struct err *err)
{
	static const char done[] = "unsubscribed\n";
	static const char unknown[] = "not known\n";
	static const char type[] = "text/plain; charset=utf-8";
	struct reader r;
	bool found = p->token.reader == 0; /* of a letter that was a test */

	if (!found && !flow_leave(&p->run, p->word, LEAVE_ONE_CLICK, &r, &found, err))
		return false;
	if (found)
		page_write(p, 200, type, done, sizeof(done) - 1);
	else
		page_write(p, 404, type, unknown, sizeof(unknown) - 1);
	/* Else nobody is written to. */
	if (p->run.config->list.goodbye == GOODBYE_ALWAYS)
		p->answer->wakes = true;
	return true;
}

static bool
leave(struct page *p, struct err *err)
{
	struct reader r;
	bool found = false;

	if (!flow_leave(&p->run, p->word, LEAVE_PAGE, &r, &found, err))
		return false;
	p->answer->wakes = true;
	return found ? show(p, &r, "", err) : show_lost(p, err);
}

static bool
undo(struct page *p, struct err *err)
{
	struct reader r;
	bool undone = false;
	bool found = false;

	if (!flow_leave_undo(&p->run, p->word, &r, &undone, err))
		return false;
	if (undone)
		return show(p, &r, page_words(p, "pages", "undone", NULL, err), err);
	if (!flow_leave_look(&p->run, p->word, &r, &found, err))
		return false;
	return found ? show(p, &r, "", err) : show_lost(p, err);
}

static bool
read_weekly(struct page *p, struct reader *r, const char **done, struct err *err)
{
	const struct reader_wishes weekly = { .rhythm = "weekly" };

	*done = page_words(p, "pages", "weekly_now", NULL, err);
	return flow_wishes_apply(&p->run, p->a, &weekly, r, err) &&
	    page_move(p, r, EVENT_EDIT, flow_cadence_words(p->a, &r->cadence), err);
}

static bool
hold(struct page *p, struct reader *r, const char **done, struct err *err)
{
	*done = page_words(p, "pages", "held_now", NULL, err);
	r->hold_until = p->run.now + HOLD_DAYS * INT64_C(86400);
	r->hold_skip = false;
	return page_hold(p, r, err);
}

/* Less instead: one press, and only of somebody who reads. */
static bool
read_less(struct page *p,
    bool (*less)(struct page *p, struct reader *r, const char **done, struct err *err),
    struct err *err)
{
	const char *done = "";
	struct reader r;
	bool found = false;

	if (!store_scope_begin(p->run.store, err) ||
	    !store_scope_end(p->run.store,
		flow_leave_look(&p->run, p->word, &r, &found, err) &&
		    (!found || r.state != READER_ACTIVE || less(p, &r, &done, err)),
		err))
		return false;
	return found ? show(p, &r, done, err) : show_lost(p, err);
}

/* The line goes to the owner without the address, once for each who left. */
static bool
mail_reason(struct page *p, const struct reader *r, const char *why, struct err *err)
{
	const struct reader_event_line line = { .at = p->run.now,
		.event = EVENT_LEAVE,
		.cause = CAUSE_PAGE,
		.state = r->state,
		.detail = "said why" };
	struct template_value *values = template_map(p->a);
	struct notice n = { .kind = NOTICE_KEEPER, .address = p->site->owner };

	template_put_text(values, "name", p->run.config->newsletter.name);
	template_put_text(values, "why", why);
	n.subject = page_words(p, "pages", "reason_subject", values, err);
	n.text = page_words(p, "pages", "reason_text", values, err);
	return !err_is_set(err) &&
	    store_notice_add(p->run.store, &n, p->run.now, NULL, err) &&
	    store_history_add(p->run.store, r->id, &line, err);
}

static bool
has_said_why(struct page *p, const struct reader *r, bool *said, struct err *err)
{
	struct reader_event_line *lines = NULL;
	size_t count = 0;

	*said = false;
	if (!store_history(p->run.store, p->a, r->id, &lines, &count, err))
		return false;
	*said = count > 0 && lines[count - 1].detail &&
	    strcmp(lines[count - 1].detail, "said why") == 0;
	return true;
}

static bool
say_why(struct page *p, struct err *err)
{
	const char *why = text_visible_line(p->a, form_value(&p->form, FIELD_WHY));
	struct reader r;
	bool found = false;
	bool said = false;

	if (!store_scope_begin(p->run.store, err) ||
	    !store_scope_end(p->run.store,
		flow_leave_look(&p->run, p->word, &r, &found, err) &&
		    (!found || r.state != READER_LEFT || *why == '\0' ||
			(has_said_why(p, &r, &said, err) &&
			    (said || mail_reason(p, &r, why, err)))),
		err))
		return false;
	if (!found)
		return show_lost(p, err);
	return r.state == READER_LEFT ? show_left(p, &r, *why != '\0', err)
				      : show(p, &r, "", err);
}

static bool
act(struct page *p, struct err *err)
{
	const char *which = form_value(&p->form, FIELD_ACT);

	if (p->form.values[FIELD_ONE_CLICK])
		return one_click(p, err);
	if (p->token.reader == 0)
		return page_show_plain(p, 200, "page-test", err);
	if (strcmp(which, "undo") == 0)
		return undo(p, err);
	if (strcmp(which, "weekly") == 0)
		return read_less(p, read_weekly, err);
	if (strcmp(which, "hold") == 0)
		return read_less(p, hold, err);
	if (strcmp(which, "why") == 0)
		return say_why(p, err);
	return leave(p, err);
}

bool
page_leave(struct page *p, struct err *err)
{
	struct reader r;
	bool found = false;

	if (p->request->method == WEB_POST)
		return act(p, err);
	if (p->token.reader == 0)
		return page_show_plain(p, 200, "page-test", err);
	if (!flow_leave_look(&p->run, p->word, &r, &found, err))
		return false;
	return found ? show(p, &r, "", err) : show_lost(p, err);
}
