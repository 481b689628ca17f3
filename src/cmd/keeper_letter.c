/* SPDX-License-Identifier: ISC */
#include "cmd/keeper_letter.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "cmd/health_words.h"
#include "config/option_checks.h"
#include "digest/notice.h"
#include "fetch/source_health.h"
#include "flow/notice_letters.h"
#include "flow/source_changes.h"
#include "format/url.h"
#include "mail/address.h"
#include "model/names.h"
#include "store/notes.h"
#include "store/reader_history.h"
#include "store/sources.h"

enum { DAY = 86400, NOTE_MAX = 4 * 1024 * 1024 };

/* When the last letter was due, and the feeds that needed a person then: "key state" a line. */
static const char letter_note[] = "keeper_letter";

struct past {
	int64_t at; /* TIME_NONE: there was none */
	const char *feeds;
};

struct composing {
	struct app *app;
	struct past past;
	struct feed_news news;
	struct buf now; /* the feeds of the next note */
	bool any;
};

static void
add_line(struct composing *c, struct feed_lines *lines, const char *feed,
    const char *what, const char *with)
{
	lines->list = arena_grow_list(c->app->run.arena, lines->list, lines->count,
	    sizeof(*lines->list));
	lines->list[lines->count++] = (struct feed_line){ feed, what ? what : "", with };
	c->any = true;
}

static bool
read_past(struct app *app, struct past *out, struct err *err)
{
	const char *text = NULL;

	*out = (struct past){ TIME_NONE, "" };
	if (!store_note_get(app->run.store, app->run.arena, letter_note, &text, err))
		return false;
	if (!text)
		return true;
	const char *end = strchr(text, '\n');
	if (!end ||
	    !clock_parse(arena_strndup(app->run.arena, text, (size_t)(end - text)),
		&out->at))
		return true;
	out->feeds = end + 1;
	return true;
}

/*
 * Did it need a person then?  *same: in the same state.  Feeds and lines are both in the order of
 * their keys, so that one walk along the lines serves all feeds.
 */
static bool
needed_before(struct composing *c, const struct source *s, bool *same)
{
	const char *state = source_state_name(source_health_state(s));
	const char *line = c->past.feeds;
	int order = -1;

	*same = false;
	while (*line) {
		const size_t key = strcspn(line, " \n");

		order = strncmp(line, s->key, key);
		order = order == 0 && s->key[key] != '\0' ? -1 : order;
		if (order >= 0)
			break;
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	c->past.feeds = line;
	if (order != 0)
		return false;
	line += strcspn(line, " ");
	*same = strncmp(line + (*line == ' '), state, strlen(state)) == 0;
	return true;
}

static const char *
date_of(struct app *app, int64_t instant)
{
	const struct civil c = zone_civil(app->run.zone, instant);

	return arena_printf(app->run.arena, "%04d-%02d-%02d", c.year, c.month, c.day);
}

static void
look_at(struct composing *c, const struct source *s)
{
	struct app *app = c->app;
	struct arena *a = app->run.arena;
	const char *words = health_words(a, s);
	bool same = false;
	const bool before = needed_before(c, s, &same);

	if (source_health_needs(s, app->run.now)) {
		buf_addf(&c->now, "%s %s\n", s->key,
		    source_state_name(source_health_state(s)));
		if (same)
			c->news.still++;
		else
			add_line(c, &c->news.needs, s->key, words, health_mend(a, s));
	} else if (before && !s->paused && s->failures == 0) {
		add_line(c, &c->news.mended, s->key,
		    s->name        ? s->name
			: s->title ? s->title
				   : "",
		    NULL);
	}
	if (s->state == SOURCE_STALE && !s->paused && s->state_since > c->past.at)
		add_line(c, &c->news.quiet, s->key,
		    s->last_entry > 0 ? date_of(app, s->last_entry) : "", NULL);
}

/* What the program settled by itself since the last letter. */
static bool
look_at_changes(struct composing *c, struct err *err)
{
	struct app *app = c->app;
	struct arena *a = app->run.arena;
	struct source_changes changes;

	if (!flow_source_changes(&app->run, &changes, err))
		return false;
	for (size_t i = 0; i < changes.count; i++) {
		const struct source_override *o = &changes.list[i];
		const bool moved = strcmp(o->key, "url") == 0;
		struct err none = ERR_INIT;
		struct source s;

		if (!o->reason || o->at <= c->past.at ||
		    !store_source_find(app->run.store, a, moved ? o->value : o->url, &s,
			&none))
			continue;
		if (moved)
			add_line(c, &c->news.moved, s.key, url_public(a, o->value), NULL);
		else if (strcmp(o->key, "paused") == 0)
			add_line(c, &c->news.gone, s.key, o->reason,
			    arena_printf(a, "planetpost feed resume %s", s.key));
	}
	return true;
}

static bool
compose(struct app *app, struct composing *c, struct err *err)
{
	struct source *list = NULL;
	size_t count = 0;

	if (!store_sources(app->run.store, app->run.arena, true, &list, &count, err))
		return false;
	for (size_t i = 0; i < count; i++)
		look_at(c, &list[i]);
	/* Who joined or left is no reason for a letter, but stands in it. */
	return look_at_changes(c, err) &&
	    store_history_count(app->run.store, 1u << EVENT_CONFIRM | 1u << EVENT_IMPORT,
		c->past.at, &c->news.joined, err) &&
	    store_history_count(app->run.store, 1u << EVENT_LEAVE, c->past.at,
		&c->news.left, err);
}

/* When the day of letters that is, or was last, began; TIME_NONE: there are none. */
static int64_t
last_day(struct app *app)
{
	const char *when = app->run.config->health.letter;
	struct civil c = zone_civil(app->run.zone, app->run.now);
	int64_t at = TIME_NONE;
	int wanted = c.weekday;

	if (strcmp(when, "never") == 0)
		return TIME_NONE;
	if (ascii_starts_nocase(when, "weekly "))
		wanted = option_weekday(when + strlen("weekly "));
	c = zone_civil(app->run.zone,
	    app->run.now - (int64_t)((c.weekday - wanted + 7) % 7) * DAY);
	c.hour = c.minute = c.second = 0;
	return zone_instant(app->run.zone, &c, &at) ? at : TIME_NONE;
}

static bool
write_note(struct app *app, const struct composing *c, struct err *err)
{
	char room[CLOCK_TEXT];

	return store_note_set(app->run.store, letter_note,
	    arena_printf(app->run.arena, "%s\n%s", clock_rfc3339(app->run.now, room),
		buf_text(&c->now)),
	    err);
}

bool
keeper_letter_tend(struct app *app, struct err *err)
{
	struct notice_order order = { .kind = NOTICE_KEEPER, .asked = TIME_NONE };
	const int64_t day = last_day(app);
	struct composing c = { .app = app, .now = BUF_INIT(NOTE_MAX) };
	struct mailbox box;

	if (!*app->run.config->newsletter.owner || day == TIME_NONE)
		return true;
	if (!read_past(app, &c.past, err))
		return false;
	if (c.past.at != TIME_NONE && c.past.at >= day)
		return true;
	bool ok = compose(app, &c, err);
	if (ok && c.past.at != TIME_NONE && c.any) {
		order.news = &c.news;
		ok = mailbox_parse(app->run.arena, app->run.config->newsletter.owner,
			 &box, err) &&
		    (order.address = box.address) != NULL &&
		    flow_notice_queue(&app->run, &order, err);
	}
	ok = ok && write_note(app, &c, err);
	buf_clear(&c.now);
	return ok;
}

static void
print_rendering(const struct rendering *r)
{
	printf("Subject: %s\n\n%s", r->subject, r->text);
}

bool
keeper_letter_print(struct app *app, struct err *err)
{
	struct composing c = { .app = app, .now = BUF_INIT(NOTE_MAX) };
	struct rendering r;
	bool ok = read_past(app, &c.past, err) && compose(app, &c, err);

	if (ok && !c.any)
		app_tell(app, "Nothing new of the feeds: there would be no letter.");
	else if (ok && (ok = flow_feed_news_words(&app->run, "feeds", &c.news, &r, err)))
		print_rendering(&r);
	buf_clear(&c.now);
	return ok;
}

bool
keeper_note_print(struct app *app, const char *feed, struct err *err)
{
	struct arena *a = app->run.arena;
	struct feed_news news = { .since = NULL };
	struct feed_line line;
	struct rendering r;
	struct source s;

	if (!store_source_find(app->run.store, a, feed, &s, err))
		return false;
	line = (struct feed_line){ s.key, health_words(a, &s), url_public(a, s.url) };
	if (!line.what)
		return err_set(err, ERR_INPUT, "nothing is wrong with %s", s.key);
	int64_t since = source_health_since(&s);
	news.needs = (struct feed_lines){ &line, 1 };
	news.since = since > 0 ? date_of(app, since) : NULL;
	if (!flow_feed_news_words(&app->run, "blogger", &news, &r, err))
		return false;
	print_rendering(&r);
	return true;
}
