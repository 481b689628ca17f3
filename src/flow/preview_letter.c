/* SPDX-License-Identifier: ISC */
#include "flow/preview_letter.h"

#include <string.h>

#include "flow/context.h"
#include "flow/letterhead.h"
#include "flow/letter_pictures.h"
#include "list/subscription.h"
#include "store/deliveries.h"
#include "store/delivery_queue.h"
#include "store/issues.h"
#include "store/notes.h"
#include "store/notices.h"

/* The number behind which their letter begins: what waits for them is taken back. */
static bool
find_after(struct run *run, const struct reader *to, const struct span *newest,
    int64_t *after, struct err *err)
{
	*after = newest->last;
	if (to->id == 0)
		return true;
	*after = to->last_issue;
	return store_deliveries_waiting_after(run->store, to->id, after, err);
}

/* A letter of issues that are written down, as it is stored or would be. */
static bool
take_stored(struct run *run, const struct reader *to, struct preview_letter *l,
    struct err *err)
{
	const struct rendering_key key = { l->delivery.span, to->variant.id,
		l->delivery.part };

	l->any = true;
	return flow_span_rendering(run, run->arena, &key, LETTER_LOOK,
	    &l->shared.rendering, &l->shared.issue, &l->shared.head, err);
}

static bool
render_next(struct run *run, struct compiled *c, struct preview_letter *l,
    struct err *err)
{
	l->any = true;
	c->issue.number = l->delivery.span.last; /* as it will have */
	l->shared.issue = c->issue;
	return flow_render(run, c, &l->variant, &l->shared.rendering, err);
}

/* The draft that waits as it is, with what was missed before it. */
static bool
take_draft(struct run *run, struct issue *missed, size_t count, const struct issue *draft,
    struct preview_letter *l, struct err *err)
{
	struct issue *issues = arena_array(run->arena, count + 1, sizeof(*issues));
	struct compiled c;

	if (count > 0)
		memcpy(issues, missed, count * sizeof(*issues));
	issues[count] = *draft;
	issues[count].date = run->now; /* as it will be when it is frozen */
	return flow_compile_issues(run, issues, count + 1, &l->variant, &c, err) &&
	    (c.selection.chosen_count == 0 || render_next(run, &c, l, err));
}

/* Letters cover a new issue only when it is not empty: else what is written down goes alone. */
static bool
take_fresh(struct run *run, const struct compile_window *w, struct issue *missed,
    size_t count, const struct reader *to, const struct span *newest,
    struct preview_letter *l, struct err *err)
{
	struct compiled c;

	if (!flow_compile(run, w, NULL, &c, err))
		return false;
	if (c.selection.chosen_count == 0 && !run->config->digest.empty_send) {
		l->delivery.span.last = newest->last;
		l->delivery.span.last_id = newest->last_id;
		return count == 0 || take_stored(run, to, l, err);
	}
	if (!flow_compile_next(run, w, missed, count, &l->variant, &c, err))
		return false;
	/* An empty issue is not sent to those who chose sources. */
	if (c.selection.chosen_count == 0 && strcmp(l->variant.sources, "*") != 0)
		return true;
	return flow_issue_free_name(run, &c.issue, err) && render_next(run, &c, l, err);
}

bool
flow_preview_letter(struct run *run, const struct reader *to,
    const struct compile_window *w, struct preview_letter *out, struct err *err)
{
	struct issue *missed = NULL;
	struct issue draft;
	struct span newest;
	struct span span;
	size_t count = 0;
	bool waits = false;

	memset(out, 0, sizeof(*out));
	if (!store_newest_issue(run->store, &newest, err) ||
	    !find_after(run, to, &newest, &span.after, err))
		return false;
	span.last = newest.last;
	span.last_id = newest.last_id;
	if (!store_issues_of_span(run->store, run->arena, &span, &missed, &count, err) ||
	    !store_issue_in(run->store, run->arena, 1u << ISSUE_DRAFT, &draft, &waits,
		err))
		return false;
	out->variant = to->variant;
	out->delivery = (struct delivery){
		.span = { span.after, newest.last + 1, 0 },
		.part = 1,
		.reader_id = to->id,
		.variant_id = to->variant.id,
		.epoch = to->epoch,
		.confirmed = to->confirmed,
		.address = to->address,
	};
	return waits ? take_draft(run, missed, count, &draft, out, err)
		     : take_fresh(run, w, missed, count, to, &newest, out, err);
}

bool
flow_preview_letter_write(struct run *run, struct preview_letter *l, struct buf *out,
    struct err *err)
{
	struct letter_personal personal;
	unsigned char key[HASH_SIZE];

	/* A stored letter brought its own. */
	if (!l->shared.head.zone &&
	    (!letterhead_now(run, l->shared.issue.date, &l->shared.head, err) ||
		!letterhead_speak(run, l->variant.language, &l->shared.head, err)))
		return false;
	return flow_pictures_load(run, run->arena, &l->shared.rendering, err) &&
	    store_key(run->store, key, err) &&
	    shared_letter_encode(run->arena, key, &l->delivery, &l->variant, &l->shared,
		err) &&
	    shared_letter_write(&l->shared, run->arena, &l->delivery, &personal, out,
		err);
}

bool
flow_letter_copy(struct run *run, const char *address, bool store, bool *queued,
    struct err *err)
{
	const struct compile_window all = { TIME_NONE, TIME_NONE };
	struct reader to = subscription_new(run->now, NULL);
	struct preview_letter l = { .any = false };
	bool ok = false;

	to.address = address;
	ok = flow_preview_letter(run, &to, &all, &l, err);
	*queued = ok && l.any;
	if (*queued && store) {
		const struct notice n = { .kind = NOTICE_KEEPER,
			.address = address,
			.subject = l.shared.rendering.subject,
			.text = l.shared.rendering.text,
			.html = l.shared.rendering.html };

		ok = store_notice_add(run->store, &n, run->now, NULL, err);
	}
	shared_letter_clear(&l.shared);
	return ok;
}
