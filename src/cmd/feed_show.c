/* SPDX-License-Identifier: ISC */
#include "cmd/feed_show.h"

#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/order.h"
#include "base/text.h"
#include "base/width.h"
#include "cmd/cmd.h"
#include "cmd/each_name.h"
#include "cmd/facts.h"
#include "cmd/feed_edit.h"
#include "cmd/health_words.h"
#include "cmd/file_address.h"
#include "cmd/report.h"
#include "config/feed_address.h"
#include "config/conditions.h"
#include "config/mailbox_address.h"
#include "feed/boilerplate.h"
#include "fetch/source_health.h"
#include "flow/probe.h"
#include "flow/remember.h"
#include "flow/source_lists.h"
#include "format/url.h"
#include "model/names.h"
#include "store/sources.h"

enum { WIDTH_SHOW = 13, WIDTH_TEST = 9, POSTS_SHOWN = 5 };

/* ---- show ---- */

/* "planetpost.conf line 12", "config.ini (feeds_from)" */
static const char *
place_of(struct app *app, const struct standing *st)
{
	const struct listed_feed *l = st->listed;
	struct arena *a = app->run.arena;

	/* In no list any more, where the database cannot be written. */
	if (!l && *app->run.config->feeds.feeds_from == '\0')
		return NULL;
	if (!l || !l->file)
		return url_public(a, app->run.config->feeds.feeds_from);
	return arena_printf(a, "%s%s%s", l->file, l->line > 0 ? " line " : "",
	    l->line > 0 ? arena_printf(a, "%d", l->line) : "");
}

static void
show_settings(struct facts *f, const struct standing *st)
{
	static const struct {
		enum condition which;
		const char *asked, *refused;
	} conditions[] = {
		{ CONDITION_PATTERN, "filter", "exclude" },
		{ CONDITION_CATEGORY, "categories", "not in" },
		{ CONDITION_LANGUAGE, "languages", "not language" },
	};
	const struct source *s = &st->source;
	struct arena *a = f->app->run.arena;

	facts_text(f, "group", s->group);
	facts_text(f, "language", s->language);
	facts_text(f, "face", s->face);
	for (size_t i = 0; i < ARRAY_LEN(conditions); i++) {
		facts_text(f, conditions[i].asked,
		    conditions_part(a, s->filter, conditions[i].which));
		facts_text(f, conditions[i].refused,
		    conditions_part(a, s->exclude, conditions[i].which));
	}
	facts_text(f, "strip", s->strip);
	facts_text(f, "user agent", s->user_agent);
	if (s->max_per_feed >= 0)
		facts_number(f, "max per feed", s->max_per_feed, NULL);
}

/* What is laid over the list, and why. */
static void
show_changes(struct facts *f, const struct standing *st)
{
	struct app *app = f->app;

	facts_begin_list(f, "changes");
	for (size_t i = 0; i < st->changes.count; i++) {
		const struct source_override *o = &st->changes.list[i];
		char when[CLOCK_TEXT];

		if (strcmp(o->url, st->listed_url) != 0)
			continue;
		if (app->json) {
			json_begin_object(&f->w);
			json_member(&f->w, "key", o->key);
			json_member(&f->w, "value", url_public(app->run.arena, o->value));
			json_member(&f->w, "reason", o->reason);
			json_member_time(&f->w, "at", o->at);
			json_end_object(&f->w);
			continue;
		}
		facts_text(f, "changed",
		    arena_printf(app->run.arena, "%s = %s, %s%s%s", o->key,
			url_public(app->run.arena, o->value), clock_rfc3339(o->at, when),
			o->reason ? ": " : "", o->reason ? o->reason : ""));
	}
	facts_end_list(f);
}

static void
show_health(struct facts *f, const struct source *s)
{
	struct arena *a = f->app->run.arena;
	const char *words = health_words(a, s);

	facts_text(f, "state",
	    s->last_poll > 0 ? source_state_name(source_health_state(s)) : "new");
	facts_text(f, "paused", s->paused ? "yes" : f->app->json ? "no" : NULL);
	facts_text(f, "what", words);
	facts_time(f, "since", source_health_since(s));
	if (s->failures > 0 || f->app->json)
		facts_number(f, "failures", s->failures,
		    app_count(f->app, s->failures, "run", "runs"));
	facts_text(f, "mend with",
	    source_health_needs(s, f->app->run.now) ? health_mend(a, s) : NULL);
	facts_time(f, "asked", s->last_poll);
	facts_time(f, "answered", s->last_ok);
	facts_time(f, "new post", s->last_entry);
	facts_time(f, "asks again", s->paused ? TIME_NONE : s->next_poll);
	facts_text(f, "hub", s->hub);
	facts_text(f, "etag", mailbox_address_is(s->url) ? NULL : s->etag);
	facts_text(f, "modified", s->last_modified);
}

/* What came in the mailbox of a newsletter so far. */
static void
show_letters(struct facts *f, const struct source *s)
{
	if (!mailbox_address_is(s->url))
		return;
	facts_number(f, "letters", s->mail_read, NULL);
	facts_number(f, "other mail", s->mail_others, NULL);
	facts_number(f, "never shown", s->mail_asks,
	    s->mail_asks == 0
		? "0"
		: arena_printf(f->app->run.arena, "%lld: to confirm, codes, passwords",
		      (long long)s->mail_asks));
	facts_number(f, "unreadable", s->mail_lost, NULL);
}

bool
feed_show_one(struct naming *n, const char *name, struct err *err)
{
	struct app *app = n->app;
	struct arena *a = app->run.arena;
	struct standing st;
	struct facts f;
	int64_t posts = 0;
	int64_t mailed = 0;
	const struct source *s = &st.source;

	if (!feed_standing_find(app, name, &st, err) ||
	    !store_source_posts(app->run.store, st.source.id, &posts, &mailed, err))
		return false;
	if (naming_again(n, s->key, name))
		return true;
	if (n->done_count > 0 && !app->json)
		putchar('\n');
	naming_done(n, s->key);
	facts_begin(&f, app, WIDTH_SHOW);
	facts_text(&f, "feed", s->key);
	facts_text(&f, "name", s->name);
	facts_text(&f, "title", s->title);
	facts_text(&f, "address", url_public(a, s->url));
	facts_text(&f, "listed as",
	    strcmp(st.listed_url, s->url) == 0 ? NULL : url_public(a, st.listed_url));
	facts_text(&f, "listed in", place_of(app, &st));
	facts_text(&f, "page", s->link);
	show_settings(&f, &st);
	show_changes(&f, &st);
	show_health(&f, s);
	show_letters(&f, s);
	facts_number(&f, "posts", posts, NULL);
	facts_number(&f, "mailed", mailed, NULL);
	facts_number(&f, "held", s->held + s->held_more, NULL);
	facts_end(&f);
	return true;
}

/* ---- test ---- */

static int
newest_first(const void *a, const void *b)
{
	const int64_t x = entry_instant(*(const struct entry *const *)a);
	const int64_t y = entry_instant(*(const struct entry *const *)b);

	return ORDER(y, x);
}

static void
test_posts(struct facts *f, const struct feed *feed)
{
	struct arena *a = f->app->run.arena;
	const struct entry **order = arena_array(a, feed->entry_count, sizeof(*order));

	for (size_t i = 0; i < feed->entry_count; i++)
		order[i] = &feed->entries[i];
	list_sort(order, feed->entry_count, sizeof(*order), newest_first);
	facts_begin_list(f, "posts");
	for (size_t i = 0; i < feed->entry_count && i < POSTS_SHOWN; i++) {
		const struct entry *e = order[i];
		const bool dated = e->published != TIME_NONE || e->updated != TIME_NONE;
		char when[CLOCK_TEXT];

		if (f->app->json) {
			json_begin_object(&f->w);
			json_member(&f->w, "title", e->title);
			json_member(&f->w, "link", e->link);
			json_member_time(&f->w, "at",
			    dated ? entry_instant(e) : TIME_NONE);
			json_end_object(&f->w);
			continue;
		}
		facts_text(f, i == 0 ? "posts" : "",
		    arena_printf(a, "%s  %s",
			dated ? clock_rfc3339(entry_instant(e), when) : "(no date)",
			e->title      ? e->title
			    : e->link ? e->link
				      : "-"));
	}
	facts_end_list(f);
}

static void
test_warnings(struct facts *f, const struct feed *feed)
{
	facts_begin_list(f, "warnings");
	for (size_t i = 0; i < feed->warning_count; i++) {
		if (f->app->json)
			json_put_string(&f->w, feed->warnings[i]);
		else
			facts_text(f, "warning", feed->warnings[i]);
	}
	facts_end_list(f);
}

static void
test_feed(struct facts *f, const struct feed *feed)
{
	struct arena *a = f->app->run.arena;
	size_t undated = 0;
	int64_t newest = TIME_NONE;

	for (size_t i = 0; i < feed->entry_count; i++) {
		const int64_t t = feed->entries[i].published != TIME_NONE
		    ? feed->entries[i].published
		    : feed->entries[i].updated;

		undated += t == TIME_NONE;
		newest = t > newest ? t : newest;
	}
	facts_text(f, "feed",
	    arena_printf(a, "%s, %s%s", feed->format, feed->encoding,
		feed->damaged ? ", damaged but read" : ""));
	facts_text(f, "title", feed->title ? feed->title : "-");
	facts_text(f, "page", feed->link);
	facts_text(f, "itself", feed->self);
	facts_text(f, "language", feed->language);
	facts_text(f, "hub", feed->hub);
	facts_number(f, "entries", (int64_t)feed->entry_count,
	    undated
		? arena_printf(a, "%zu, %zu without a date", feed->entry_count, undated)
		: NULL);
	facts_time(f, "newest", newest);
	if (feed->ttl >= 0)
		facts_number(f, "ttl", feed->ttl, NULL);
	test_posts(f, feed);
	test_warnings(f, feed);
}

/* What is left out of its posts because most of them say it. */
static void
test_boilerplate(struct facts *f, struct feed *feed, const char *strip)
{
	enum { SHOWN_COLUMNS = 60 };
	struct arena *a = f->app->run.arena;
	struct entry **all = arena_array(a, feed->entry_count, sizeof(*all));
	struct boilerplate b = { 0 };

	for (size_t i = 0; i < feed->entry_count; i++)
		all[i] = &feed->entries[i];
	boilerplate_learn(a, all, feed->entry_count, strip, &b);
	facts_begin_list(f, "left_out");
	for (size_t i = 0; i < b.count; i++) {
		const char *text = *b.lines[i].text ? b.lines[i].text : "(a picture)";
		const size_t len = strlen(text);
		const size_t end = width_fit(text, len, SHOWN_COLUMNS);

		if (f->app->json)
			json_put_string(&f->w, text);
		else
			facts_text(f, "left out",
			    arena_printf(a, "\"%.*s%s\", in %zu of %zu posts", (int)end,
				text, end < len ? "..." : "", b.lines[i].posts, b.posts));
	}
	facts_end_list(f);
}

/* Whether the next request costs the whole feed again. */
static void
test_validators(struct facts *f, const struct probe *p)
{
	if (p->cut)
		facts_text(f, "cut off", p->cut);
	else if (p->etag || p->last_modified)
		facts_text(f, "next time",
		    arena_printf(f->app->run.arena,
			"sent only when it has changed (%s%s%s)", p->etag ? "ETag" : "",
			p->etag && p->last_modified ? ", " : "",
			p->last_modified ? "Last-Modified" : ""));
	else
		facts_text(f, "next time",
		    "sent whole again, changed or not (no ETag, no Last-Modified)");
}

static void
test_answer(struct facts *f, const char *url, const struct probe *p)
{
	struct arena *a = f->app->run.arena;

	if (p->feed) {
		facts_text(f, "answer",
		    arena_printf(a,
			"%zu letters, %zu that ask something, %zu unreadable, %zu other "
			"mail, %lld ms",
			p->read, p->asks, p->lost, p->others, (long long)p->ms));
		return;
	}
	if (mailbox_address_is(url)) {
		facts_text(f, "answer", p->message);
		return;
	}
	facts_text(f, "answer",
	    arena_printf(a, "%s, %s, %zu bytes, %lld ms", p->message,
		p->content_type ? p->content_type : "no content type", p->len,
		(long long)p->ms));
	if (p->answered && p->status == 200)
		test_validators(f, p);
}

static void
test_no_feed(struct facts *f, const struct feed_links *links, const struct err *why)
{
	struct app *app = f->app;

	facts_text(f, "feed", arena_printf(app->run.arena, "no: %s", why->text));
	if (links->count > 0 && !app->json) {
		app_print(stdout, "names     %zu feed%s\n%s\n", links->count,
		    links->count == 1 ? "" : "s",
		    page_feeds(app->run.arena, links, "          "));
		facts_text(f, "hint",
		    arena_printf(app->run.arena, "planetpost feed add %s",
			links->item[0].url));
	} else if (links->count > 0) {
		facts_begin_list(f, "names");
		for (size_t i = 0; i < links->count; i++)
			json_put_string(&f->w, links->item[i].url);
		facts_end_list(f);
	} else if (*why->hint) {
		facts_text(f, "hint", why->hint);
	}
}

/* Which of its posts are known, of a feed of the planet. */
static bool
test_known(struct facts *f, const struct source *s, struct feed *feed, struct err *err)
{
	size_t known = 0;

	if (!s || feed->entry_count == 0)
		return true;
	if (!flow_known_posts(&f->app->run, s, feed, &known, err))
		return false;
	facts_number(f, "known", (int64_t)known,
	    arena_printf(f->app->run.arena, "%zu of them, %zu unseen", known,
		feed->entry_count - known));
	return true;
}

static bool
find_tested(struct app *app, const char *name, const char **url, struct source *source,
    bool *found, struct err *err)
{
	struct err none = ERR_INIT;

	*url = feed_address_read(app->run.arena, name);
	if (!*url)
		*url = cmd_file_address(app, name);
	*found = store_source_find(app->run.store, app->run.arena, *url, source,
	    strstr(*url, ":") ? &none : err);
	if (*found) {
		*url = source->url;
		return true;
	}
	if (!strstr(*url, ":") && file_exists(name)) {
		err_clear(err);
		(void)err_set(err, ERR_INPUT, "'%s' is a file, and no feed of yours",
		    name);
		return err_hint(err, "what a file says: planetpost parse %s", name);
	}
	return strstr(*url, ":") && cmd_feed_address_check(app, *url, err);
}

bool
feed_test_one(struct naming *n, const char *name, struct err *err)
{
	struct app *app = n->app;
	struct arena *a = app->run.arena;
	const char *url = NULL;
	struct feed_links links;
	struct feed *feed = NULL;
	struct source source;
	struct err why = ERR_INIT;
	struct facts f;
	struct probe p;
	bool listed = false;
	bool ok = true;

	if (!find_tested(app, name, &url, &source, &listed, err) ||
	    !flow_probe(&app->run, url, PROBE_PART, &p, err))
		return false;
	facts_begin(&f, app, WIDTH_TEST);
	facts_text(&f, "address", url_public(a, url));
	if (strcmp(p.url, url_public(a, url)) != 0)
		facts_text(&f, "goes to",
		    arena_printf(a, "%s%s", p.url, p.moved_to ? " (for good)" : ""));
	test_answer(&f, url, &p);
	if (flow_probe_feed(&app->run, &p, &feed, &links, &why)) {
		test_feed(&f, feed);
		test_boilerplate(&f, feed, listed ? source.strip : NULL);
		ok = test_known(&f, listed ? &source : NULL, feed, err);
	} else {
		/* What was found is the answer that was asked for: it stands with the rest. */
		test_no_feed(&f, &links, &why);
		if (app->code == EXIT_OK)
			app->code =
			    why.kind == ERR_TEMPORARY ? EXIT_TRY_AGAIN : EXIT_FAILED;
	}
	facts_end(&f);
	return ok;
}
