/* SPDX-License-Identifier: ISC */
/*
 * COMPILE: from what nobody was mailed yet to an issue with its renderings, frozen together.
 */
#include "flow/compile.h"

#include <string.h>

#include "digest/render.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "flow/context.h"
#include "flow/issue_stock.h"
#include "flow/letterhead.h"
#include "flow/letter_pictures.h"
#include "flow/logo.h"
#include "flow/web_check.h"
#include "list/preferences.h"
#include "model/names.h"
#include "store/entry_lists.h"
#include "store/issues.h"
#include "store/notes.h"
#include "store/readers.h"
#include "store/renderings.h"
#include "store/sources.h"
#include "store/transactions.h"
#include "store/variants.h"

enum { NAMES_A_DAY = 100 };

/* A new one, which nothing is chosen for yet. */
static bool
begin_issue(struct run *run, struct compiled *out, struct err *err)
{
	const struct civil c = zone_civil(run->zone, run->now);
	struct issue *i = &out->issue;

	memset(out, 0, sizeof(*out));
	i->name = arena_printf(run->arena, "%04d-%02d-%02d", c.year, c.month, c.day);
	i->date = run->now;
	i->created = run->now;
	i->approved = TIME_NONE;
	i->sent = TIME_NONE;
	out->first_date = i->date;
	return store_sources(run->store, run->arena, false, &out->sources,
	    &out->source_count, err);
}

/* Keeps the entries of a time, for `preview --since --until`. */
static size_t
keep_window(struct entry *entries, size_t count, const struct compile_window *w)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		const int64_t t = entry_instant(&entries[i]);

		if ((w->since == TIME_NONE || t >= w->since) &&
		    (w->until == TIME_NONE || t < w->until))
			entries[kept++] = entries[i];
	}
	return kept;
}

/* Who asks for a time gets what is of that time. */
static bool
is_limited(const struct compile_window *w)
{
	return w && (w->since != TIME_NONE || w->until != TIME_NONE);
}

/* The id of a source's first post in the letter. */
static int64_t
first_post(const struct selection *sel, int64_t source_id)
{
	int64_t first = INT64_MAX;

	for (size_t i = 0; i < sel->chosen_count; i++) {
		if (sel->chosen[i]->source_id == source_id && sel->chosen[i]->id < first)
			first = sel->chosen[i]->id;
	}
	return first;
}

/* Older posts of the sources, of each those before its first one in the letter. */
static bool
load_past(struct run *run, const struct selection *sel, const int64_t *sources,
    size_t source_count, struct story_past **out, size_t *count, struct err *err)
{
	*count = 0;
	*out = arena_array(run->arena, source_count * LIMIT_STORY_PAST, sizeof(**out));
	for (size_t i = 0; i < source_count; i++) {
		const char *texts[LIMIT_STORY_PAST];
		size_t n = 0;

		if (!store_entry_texts_before(run->store, run->arena, sources[i],
			first_post(sel, sources[i]), texts, LIMIT_STORY_PAST, &n, err))
			return false;
		for (size_t k = 0; k < n; k++)
			(*out)[(*count)++] = (struct story_past){ sources[i], texts[k] };
	}
	return true;
}

/* What posts have to do with the blogs of others. */
static bool
tie(struct run *run, const struct compiled *c, const struct digest_ties **out,
    struct err *err)
{
	struct tying *t = digest_tie_begin(run->arena, run->config, c->sources,
	    c->source_count, &c->selection, c->posts);
	struct story_past *past = NULL;
	size_t past_count = 0;
	size_t count = 0;
	const int64_t *sources = digest_tie_wants(t, &count);

	if (!load_past(run, &c->selection, sources, count, &past, &past_count, err))
		return false;
	*out = digest_tie_end(t, past, past_count);
	return true;
}

static bool
group(struct run *run, struct compiled *out, struct err *err)
{
	const struct digest_ties *ties = NULL;

	if (!tie(run, out, &ties, err))
		return false;
	digest_group(run->arena, run->config, run->zone, out->sources, out->source_count,
	    &out->selection, ties, &out->digest);
	out->issue.entry_count = (int64_t)out->digest.entry_count;
	out->issue.source_count = (int64_t)out->digest.source_count;
	return true;
}

static const struct entry **
list_of(struct arena *a, const struct entry *entries, size_t count)
{
	const struct entry **list = arena_array(a, count, sizeof(*list));

	for (size_t i = 0; i < count; i++)
		list[i] = &entries[i];
	return list;
}

/* Those of the variant's sources, or without one all, behind what is listed already. */
static void
append(struct arena *a, const struct variant *v, const struct entry *const *more,
    size_t more_count, const struct entry ***list, size_t *count)
{
	const struct entry **all = arena_array(a, *count + more_count, sizeof(*all));

	if (*count > 0)
		memcpy(all, *list, *count * sizeof(*all));
	for (size_t i = 0; i < more_count; i++) {
		if (!v || variant_takes(v, more[i]->source_id))
			all[(*count)++] = more[i];
	}
	*list = all;
}

static bool
append_issue(struct run *run, const struct issue *issue, const struct variant *v,
    struct selection *s, bool *is_kept, struct err *err)
{
	struct arena *a = run->arena;
	struct stocked_issue of;

	if (!issue_stock_entries(run, issue->id, &of, is_kept, err))
		return false;
	append(a, v, list_of(a, of.entries, of.count), of.count, &s->chosen,
	    &s->chosen_count);
	append(a, v, list_of(a, of.over, of.over_count), of.over_count, &s->over,
	    &s->over_count);
	return true;
}

/* The posts of a draft that waits, in its order. */
struct draft_posts {
	int64_t *ids;
	size_t count;
};

/* What is unmailed, chosen for the next issue below what a draft holds. */
static bool
select_unmailed(struct run *run, const struct compile_window *w,
    const struct draft_posts *held, struct compiled *c, struct selection *out,
    struct err *err)
{
	struct entry *entries = NULL;
	int64_t last_issue = TIME_NONE;
	size_t count = 0;
	bool is_first = false;

	if (!store_entries_unmailed(run->store, run->arena, LIMIT_ISSUE_ENTRIES, &entries,
		&count, err) ||
	    !store_issue_last_approved(run->store, run->now, &last_issue, err))
		return false;
	if (w)
		count = keep_window(entries, count, w);
	is_first = last_issue == TIME_NONE && !is_limited(w);
	if (!(is_first ? digest_select_first : digest_select)(run->arena, run->config,
		c->sources, c->source_count, entries, count, run->now, held->ids,
		held->count, out, err))
		return false;
	for (size_t i = 0; i < out->held_count; i++)
		log_warn("feeds", "%s is held: %s", out->held[i].source->key,
		    out->held[i].why);
	return true;
}

bool
flow_compile(struct run *run, const struct compile_window *w, const struct variant *v,
    struct compiled *out, struct err *err)
{
	return flow_compile_next(run, w, NULL, 0, v, out, err);
}

/* The issue to be built: what the draft that waits holds, and what is new below it. */
static bool
compile_issue(struct run *run, const struct draft_posts *held, struct compiled *out,
    struct err *err)
{
	return begin_issue(run, out, err) &&
	    select_unmailed(run, NULL, held, out, &out->selection, err) &&
	    group(run, out, err);
}

bool
flow_compile_next(struct run *run, const struct compile_window *w,
    const struct issue *missed, size_t count, const struct variant *v,
    struct compiled *out, struct err *err)
{
	const struct draft_posts none = { NULL, 0 };
	struct selection fresh = { 0 };
	struct selection *s = &out->selection;
	bool is_kept = false;

	if (!begin_issue(run, out, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!append_issue(run, &missed[i], v, s, &is_kept, err))
			return false;
	}
	if (!select_unmailed(run, w, &none, out, &fresh, err))
		return false;
	append(run->arena, v, fresh.chosen, fresh.chosen_count, &s->chosen,
	    &s->chosen_count);
	append(run->arena, v, fresh.over, fresh.over_count, &s->over, &s->over_count);
	s->dropped = fresh.dropped;
	s->dropped_count = fresh.dropped_count;
	if (count > 0)
		out->first_date = missed[0].date;
	return group(run, out, err);
}

bool
flow_compile_issues(struct run *run, const struct issue *issues, size_t count,
    const struct variant *v, struct compiled *out, struct err *err)
{
	bool is_kept = true;

	memset(out, 0, sizeof(*out));
	issue_stock_tidy(run->stock);
	if (!issue_stock_sources(run, &out->sources, &out->source_count, &is_kept, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!append_issue(run, &issues[i], v, &out->selection, &is_kept, err))
			return false;
	}
	out->posts = is_kept ? issue_stock_posts(run->stock) : NULL;
	out->issue = issues[count - 1];
	out->first_date = issues[0].date;
	return group(run, out, err);
}

/* What its issue has, or what is set. */
static const struct carried_logo *
logo_of(struct run *run, const struct variant *v)
{
	const struct logo *logo = NULL;

	if (v->pictures == PICTURES_NONE)
		return NULL;
	if (run->letterhead && run->letterhead->settings)
		return run->letterhead->logo;
	logo = flow_logo(run);
	return logo ? &logo->shown : NULL;
}

bool
flow_render(struct run *run, const struct compiled *c, const struct variant *v,
    struct rendering *out, struct err *err)
{
	const char *url = run->config->web.url;
	struct render_context ctx = {
		.config = run->config,
		.zone = run->zone,
		.templates = flow_templates_in(run, v->language, err),
		.issue = &c->issue,
		.first_date = c->first_date,
		.images = pictures_shown(v->pictures, run->config->digest.images),
		.logo = logo_of(run, v),
		.posts = c->posts,
		.leave_kind = *url ? "web" : "mail",
		.has_web = *url != '\0',
	};

	return ctx.templates &&
	    flow_pictures_of(run, &c->digest, ctx.images, &ctx.pictures,
		&ctx.picture_count, err) &&
	    digest_render(run->arena, &ctx, &c->digest, v, out, err);
}

/* ---- writing an issue down ---- */

bool
flow_issue_free_name(struct run *run, struct issue *i, struct err *err)
{
	const char *date = i->name;
	struct issue ignored;
	bool is_taken = false;

	for (int n = 2; n <= NAMES_A_DAY + 1; n++) {
		if (!store_issue_named(run->store, run->arena, i->name, &ignored,
			&is_taken, err))
			return false;
		if (!is_taken)
			return true;
		i->name = arena_printf(run->arena, "%s-%d", date, n);
	}
	return err_set(err, ERR_LIMIT, "more than %d issues on %s", NAMES_A_DAY, date);
}

static int64_t *
ids_of(struct arena *a, const struct entry *const *entries, size_t count)
{
	int64_t *ids = arena_array(a, count, sizeof(*ids));

	for (size_t i = 0; i < count; i++)
		ids[i] = entries[i]->id;
	return ids;
}

static bool
fill_issue(struct run *run, struct issue *issue, const struct selection *s,
    struct err *err)
{
	struct arena *a = run->arena;

	return store_issue_fill(run->store, issue->id,
		   ids_of(a, s->chosen, s->chosen_count), s->chosen_count, err) &&
	    store_issue_pass(run->store, issue->id, ids_of(a, s->over, s->over_count),
		s->over_count, PASS_OVER, err) &&
	    store_issue_pass(run->store, issue->id,
		ids_of(a, s->dropped, s->dropped_count), s->dropped_count, PASS_FILTERED,
		err) &&
	    store_issue_update(run->store, issue, err);
}

/* Its letter for everybody is kept from now on. */
static bool
keep(struct run *run, const struct compiled *c, struct variant v,
    const struct letterhead *head, struct rendering *out, struct err *err)
{
	if (!store_variant_intern(run->store, &v, err) ||
	    !flow_render(run, c, &v, out, err))
		return false;
	const struct rendering_key key = {
		.span = { c->issue.number - 1, c->issue.number, c->issue.id },
		.variant_id = v.id,
		.part = 1,
	};

	return flow_rendering_put(run, &key, out, letterhead_text(run->arena, head), NULL,
	    err);
}

/*
 * What is kept and export writes, and what everybody may see, when that is less; what readers
 * need is rendered as it is needed.
 */
static bool
freeze(struct run *run, const struct compiled *c, struct issue *issue, struct err *err)
{
	const struct config *config = run->config;
	const struct variant whole = variant_of_archive();
	const struct variant shown =
	    variant_of_pages(config->web.archive_full, config->digest.body);
	struct letterhead head;
	struct compiled numbered = *c;
	struct rendering r;
	struct rendering ignored;

	if (!letterhead_of_issue(run, run->arena, issue->date, &head, err) ||
	    !store_issue_number(run->store, issue, err))
		return false;
	numbered.issue.number = issue->number;
	if (!keep(run, &numbered, whole, &head, &r, err) ||
	    (shown.length != whole.length &&
		!keep(run, &numbered, shown, &head, &ignored, err)))
		return false;
	issue->bytes = (int64_t)r.bytes;
	issue->subject = r.subject;
	issue->state = ISSUE_APPROVED;
	issue->approved = run->now;
	return store_issue_update(run->store, issue, err);
}

bool
flow_issue_freeze(struct run *run, struct issue *issue, struct err *err)
{
	const struct variant v = variant_of_archive();
	struct compiled c;

	/* A draft may have waited for days: its letters are of the day they go. */
	issue->date = run->now;
	return flow_compile_issues(run, issue, 1, &v, &c, err) &&
	    store_begin(run->store, err) &&
	    store_end(run->store, freeze(run, &c, issue, err), err);
}

/*
 * The draft that waits, or none.  It is emptied so that its posts can be chosen again, first
 * and in their order, together with what came since: an editor's work stays above.
 */
static bool
open_draft(struct run *run, struct issue *draft, bool *found, struct draft_posts *held,
    struct err *err)
{
	struct entry *entries = NULL;
	size_t count = 0;

	*held = (struct draft_posts){ NULL, 0 };
	if (!store_issue_in(run->store, run->arena, 1u << ISSUE_DRAFT, draft, found, err))
		return false;
	if (!*found)
		return true;
	if (!store_entries_of_issue(run->store, run->arena, draft->id, &entries, &count,
		err))
		return false;
	held->ids = arena_array(run->arena, count, sizeof(*held->ids));
	for (size_t i = 0; i < count; i++)
		held->ids[held->count++] = entries[i].id;
	return store_issue_fill(run->store, draft->id, NULL, 0, err);
}

/* Posts that would be frozen are spent: without readers they are kept. */
static bool
may_spend(struct run *run, struct compile_report *report, struct err *err)
{
	bool any = true;

	if (run->config->approval.manual)
		return true;
	if (!store_readers_any(run->store, run->now, &any, err))
		return false;
	report->nobody = !any;
	return any;
}

static bool
build(struct run *run, bool force, struct compile_report *report, struct err *err)
{
	struct draft_posts held;
	struct compiled c;
	struct issue draft;
	bool found = false;

	if (!open_draft(run, &draft, &found, &held, err))
		return false;
	/* With nothing to choose from, all the sources need not be loaded. */
	if (report->waiting == 0 && !run->config->digest.empty_send && !found)
		return true;
	if (!compile_issue(run, &held, &c, err))
		return false;
	if (c.selection.chosen_count == 0 && !run->config->digest.empty_send && !found)
		return true;
	if (!force && !may_spend(run, report, err))
		return false;
	if (found) {
		draft.date = c.issue.date;
		draft.entry_count = c.issue.entry_count;
		draft.source_count = c.issue.source_count;
		c.issue = draft;
	} else if (!flow_issue_free_name(run, &c.issue, err) ||
	    !store_issue_add(run->store, &c.issue, err)) {
		return false;
	}
	if (!fill_issue(run, &c.issue, &c.selection, err) ||
	    (!run->config->approval.manual && !freeze(run, &c, &c.issue, err)))
		return false;
	report->issue = c.issue;
	report->built = true;
	return true;
}

/* ---- when ---- */

static const char slot_note[] = "schedule.slot";

/* The instant of the schedule that an issue would answer to now; TIME_NONE without one. */
static bool
is_due(struct run *run, int64_t slot, bool *due, struct err *err)
{
	int64_t last = TIME_NONE;

	*due = true;
	if (run->config->digest.schedule.rhythm == RHYTHM_EACH)
		return true;
	if (!store_note_time(run->store, slot_note, &last, err))
		return false;
	*due = last == TIME_NONE || last < slot;
	return true;
}

/*
 * A slot is answered by an issue, or by nothing new; but before the first issue every run
 * may build one, so that a newcomer's first letter does not wait for tomorrow.
 */
static bool
mark_slot(struct run *run, int64_t slot, struct err *err)
{
	struct issue *issues = NULL;
	size_t count = 0;

	if (slot == TIME_NONE)
		return true;
	if (!store_issues(run->store, run->arena, 1, &issues, &count, err))
		return false;
	if (count == 0)
		return true;
	return store_note_set_time(run->store, slot_note, slot, err);
}

bool
flow_issue_build(struct run *run, bool force, struct compile_report *report,
    struct err *err)
{
	const struct cadence *schedule = &run->config->digest.schedule;
	const int64_t slot = cadence_last(schedule, run->zone, run->now);
	int64_t unmailed = 0;

	memset(report, 0, sizeof(*report));
	report->next = schedule->rhythm == RHYTHM_EACH
	    ? TIME_NONE
	    : cadence_next(schedule, run->zone, run->now);
	if (!is_due(run, slot, &report->due, err) ||
	    !store_entries_count_unmailed(run->store, &unmailed, err))
		return false;
	report->waiting = (size_t)unmailed;
	if (!report->due && !force)
		return true;
	/* Before the store is ours: an answer may take its time. */
	if (!force && unmailed > 0 && !flow_web_check_once(run, err))
		return false;
	if (!store_begin(run->store, err))
		return false;
	if (!store_end(run->store,
		build(run, force, report, err) && mark_slot(run, slot, err), err))
		return report->nobody;
	if (report->built)
		log_debug("digest", "issue %s: %lld entries", report->issue.name,
		    (long long)report->issue.entry_count);
	return true;
}
