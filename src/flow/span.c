/* SPDX-License-Identifier: ISC */
#include "flow/span.h"

#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "digest/templates.h"
#include "flow/compile.h"
#include "flow/context.h"
#include "flow/issue_stock.h"
#include "flow/letterhead.h"
#include "flow/letter_pictures.h"
#include "flow/logo.h"
#include "list/preferences.h"
#include "store/archive.h"
#include "store/delivery_queue.h"
#include "store/entry_lists.h"
#include "store/issues.h"
#include "store/variants.h"

bool
flow_span_holds_any(struct run *run, const struct span *span, int64_t variant_id,
    bool *holds, struct err *err)
{
	struct arena *a = arena_new();
	struct variant v;
	int64_t *sources = NULL;
	size_t count = 0;
	bool ok = false;

	*holds = false;
	ok = store_variant_get(run->store, a, variant_id, &v, err) &&
	    store_sources_of_span(run->store, a, span, &sources, &count, err);
	for (size_t i = 0; ok && i < count; i++)
		*holds = *holds || variant_takes(&v, sources[i]);
	arena_free(a);
	return ok;
}

static struct rendering
copy_rendering(struct arena *a, const struct rendering *r)
{
	struct rendering copy = *r;

	copy.subject = arena_strdup(a, r->subject);
	copy.text = arena_strndup(a, r->text, r->text_len);
	if (r->html)
		copy.html = arena_strndup(a, r->html, r->html_len);
	return copy;
}

/* The run with what the letterhead says, whatever is set by now. */
struct borrowed {
	struct run run;
	struct config config;
	struct template_set *templates; /* own ones, or NULL */
};

/*
 * Templates have the colours and the language in them.  When those were others, and can still be
 * had, there are templates for this letter alone; what is kept of posts is not in their words.
 */
static void
borrow_templates(const struct run *run, struct borrowed *b)
{
	const struct config *then = &b->config;
	const struct config *now = run->config;
	struct err why = ERR_INIT;

	if (strcmp(then->style.colour, now->style.colour) == 0 &&
	    strcmp(then->style.colour_dark, now->style.colour_dark) == 0 &&
	    strcmp(then->newsletter.language, now->newsletter.language) == 0)
		return;
	b->run.templates = NULL;
	if (flow_templates(&b->run, &why)) {
		b->templates = b->run.templates;
		b->run.stock = NULL;
		return;
	}
	log_warn("digest", "a letter looks as it is set now: %s", why.text);
	b->run.templates = run->templates;
}

static void
borrow_run(const struct run *run, const struct letterhead *head, struct borrowed *b)
{
	b->run = *run;
	b->config = head->settings ? *head->settings : *run->config;
	b->config.web.url = head->web_url;
	b->run.config = &b->config;
	b->run.arena = arena_new();
	b->templates = NULL;
	if (!head->settings)
		return;
	b->run.letterhead = head;
	b->run.zone = head->zone;
	borrow_templates(run, b);
}

static void
give_back(struct borrowed *b)
{
	template_set_close(b->templates);
	arena_free(b->run.arena);
}

/* Renders issues for a variant; what is made on the way does not stay. */
static bool
render_issues(struct run *run, struct arena *a, const struct issue *issues, size_t count,
    const struct variant *v, const struct letterhead *head, struct rendering *out,
    struct err *err)
{
	struct borrowed b;
	struct compiled c;
	bool ok = false;

	/* Loaded once, into the run that outlives this rendering. */
	if (!flow_templates(run, err))
		return false;
	if (!head->settings)
		(void)flow_logo(run);
	borrow_run(run, head, &b);
	ok = flow_compile_issues(&b.run, issues, count, v, &c, err) &&
	    flow_render(&b.run, &c, v, out, err);
	if (ok)
		*out = copy_rendering(a, out);
	give_back(&b);
	return ok;
}

/* The archive's rendering of the newest issue, as it was made when that was approved. */
static bool
archive_key(struct run *run, const struct span *span, struct rendering_key *out,
    struct err *err)
{
	struct variant v = variant_of_archive();

	if (!store_variant_intern(run->store, &v, err))
		return false;
	*out = (struct rendering_key){
		.span = { span->last - 1, span->last, span->last_id },
		.variant_id = v.id,
		.part = 1,
	};
	return true;
}

/* As its difference from the archive's, with which it has most posts in common. */
static bool
keep_rendering(struct run *run, const struct rendering_key *key,
    const struct rendering *r, const char *letterhead, struct err *err)
{
	const struct rendering_base *base = NULL;
	struct rendering_key archive;
	struct run scratch = *run;
	bool ok = false;

	scratch.arena = arena_new();
	ok = archive_key(run, &key->span, &archive, err) &&
	    issue_stock_base(&scratch, &archive, &base, err) &&
	    flow_rendering_put(run, key, r, letterhead, base, err);
	arena_free(scratch.arena);
	return ok;
}

/* As the issue was approved with; as it is set now when that is not stored. */
static bool
head_of_issue(struct run *run, struct arena *a, const struct issue *issue,
    const char **text, struct letterhead *head, struct err *err)
{
	const struct variant archive = variant_of_archive();
	bool found = false;

	if (!store_archive_letter(run->store, a, issue, &archive, NULL, text, &found,
		err))
		return false;
	if (*text)
		return letterhead_read(run, a, *text, head, err);
	if (!letterhead_of_issue(run, a, issue->date, head, err))
		return false;
	*text = letterhead_text(a, head);
	return true;
}

static bool
make_rendering(struct run *run, struct arena *a, const struct rendering_key *key,
    const struct issue *issues, size_t count, bool keep, struct rendering *out,
    struct letterhead *head, struct err *err)
{
	const char *text = NULL;
	struct variant v;

	if (!store_variant_get(run->store, a, key->variant_id, &v, err) ||
	    !head_of_issue(run, a, &issues[count - 1], &text, head, err) ||
	    !letterhead_speak(run, v.language, head, err))
		return false;
	if (text_is_set(v.language))
		text = letterhead_text(a, head);
	return render_issues(run, a, issues, count, &v, head, out, err) &&
	    (!keep || keep_rendering(run, key, out, text, err));
}

bool
flow_span_rendering(struct run *run, struct arena *a, const struct rendering_key *key,
    enum letter_making making, struct rendering *out, struct issue *issue,
    struct letterhead *head, struct err *err)
{
	struct issue *issues = NULL;
	const char *text = NULL;
	size_t count = 0;
	bool found = false;

	if (!store_issues_of_span(run->store, a, &key->span, &issues, &count, err) ||
	    !store_rendering_get(run->store, a, key, out, &text, &found, err))
		return false;
	if (count == 0)
		return err_set(err, ERR_BUG, "a letter covers no issue");
	*issue = issues[count - 1];
	if (found && !text)
		return err_set(err, ERR_STORE, "a stored letter has no letterhead");
	if (found)
		return letterhead_read(run, a, text, head, err);
	if (making != LETTER_STORED)
		return make_rendering(run, a, key, issues, count, making == LETTER_MAKE,
		    out, head, err);
	err_set(err, ERR_INPUT, "the letter is no longer stored");
	return err_hint(err, "database.keep_letters says how long letters are kept");
}

bool
flow_draft_rendering(struct run *run, struct arena *a, int64_t issue_id,
    const struct variant *v, struct rendering *out, struct issue *issue,
    struct letterhead *head, struct err *err)
{
	struct run own = *run;
	struct span newest;
	const char *name = NULL;

	own.arena = a;
	if (!flow_templates(run, err))
		return false;
	(void)flow_logo(run);
	own.templates = run->templates;
	own.logo = run->logo;
	if (!store_issue_name(run->store, a, issue_id, &name, err) ||
	    !store_issue_find(run->store, a, name, issue, err) ||
	    !store_newest_issue(run->store, &newest, err))
		return false;
	/* As it will have when it is approved. */
	if (issue->number == 0)
		issue->number = newest.last + 1;
	return letterhead_now(&own, issue->date, head, err) &&
	    letterhead_speak(&own, v->language, head, err) &&
	    render_issues(&own, a, issue, 1, v, head, out, err);
}
