/* SPDX-License-Identifier: ISC */
/*
 * preview: build the next issue and show it; changes nothing.  With a SOURCE it works on
 * somebody's planet in memory: a configuration, an OPML file, or addresses of feeds.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/spawn.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "cmd/file_address.h"
#include "cmd/on_list.h"
#include "config/mailbox_address.h"
#include "config/planet_apply.h"
#include "feed/feed.h"
#include "flow/gather.h"
#include "flow/letter_pictures.h"
#include "flow/preview_letter.h"
#include "flow/source_lists.h"
#include "format/url.h"
#include "list/subscription.h"
#include "model/holes.h"
#include "store/sources.h"

enum shape { SHAPE_TEXT, SHAPE_HTML, SHAPE_EML };
enum { DAY = 86400, FAILURES_TOLD = 10 };

struct preview {
	struct app *app;
	const struct args *args;
	enum shape shape;
	struct reader reader;
};

/* ---- whose planet ---- */

/* A file that is a feed itself. */
static bool
is_feed_file(struct preview *p, const char *path)
{
	const struct feed_context context = { .now = p->app->run.now };
	struct buf text = BUF_INIT(LIMIT_FEED_BYTES);
	struct err none = ERR_INIT;
	struct feed *feed = NULL;
	const bool is = file_exists(path) && file_read(path, &text, &none) &&
	    feed_parse(p->app->run.arena, buf_text(&text), text.len, &context, &feed,
		NULL, &none);

	buf_clear(&text);
	return is;
}

static bool
use_list(struct preview *p, const char *where, struct err *err)
{
	struct settings *set = &p->app->settings;
	struct feed_list list;

	if (!flow_sources_read(&p->app->run, where, &list, err))
		return false;
	if (list.source_count == 0 && list.reading_list_count == 0)
		return err_set(err, ERR_INPUT, "%s names no feeds", where);
	planet_apply(p->app->run.arena, &list, set);
	set->sources = list.sources;
	set->source_count = list.source_count;
	if (list.reading_list_count > 0)
		set->config.feeds.feeds_from = list.reading_lists[0];
	return true;
}

/* "rss.xml" is file:rss.xml. */
static const char *
address_of(const struct preview *p, size_t i)
{
	const char *word = p->args->words[i];

	return strchr(word, ':') ? word
				 : arena_printf(p->app->run.arena, "file:%s", word);
}

static bool
use_addresses(struct preview *p, struct err *err)
{
	struct settings *set = &p->app->settings;
	struct arena *a = p->app->run.arena;
	const size_t count = p->args->word_count;
	struct mailbox_address mailbox;

	set->sources = arena_array(a, count, sizeof(*set->sources));
	set->source_count = count;
	for (size_t i = 0; i < count; i++) {
		const char *url = address_of(p, i);

		if (mailbox_address_is(url) &&
		    !mailbox_address_read(a, url, &mailbox, err))
			return false;
		set->sources[i] =
		    (struct listed_feed){ .url = cmd_file_address(p->app, url),
			    .max_per_feed = -1 };
	}
	return true;
}

/* Our own configuration's look and name stay; its feeds make room for the other planet's. */
static bool
use_source(struct preview *p, struct err *err)
{
	const char *first = p->args->words[0];

	p->app->settings.config.feeds.feeds_from = "";
	if (url_is_web(first) || strncmp(first, "file:", 5) == 0 ||
	    mailbox_address_is(first) || is_feed_file(p, first))
		return use_addresses(p, err);
	if (p->args->word_count > 1)
		return err_set(err, ERR_USAGE, "one file, or addresses of feeds");
	if (use_list(p, first, err))
		return true;
	if (!file_exists(first))
		(void)err_hint(err,
		    strchr(first, '.')
			? "an address begins with https://"
			: "a file that lists feeds, or addresses of feeds");
	return false;
}

static bool
print_failures(struct preview *p, struct err *err)
{
	struct source *sources = NULL;
	size_t count = 0;
	size_t told = 0;

	if (!store_sources(p->app->run.store, p->app->run.arena, true, &sources, &count,
		err))
		return false;
	for (size_t i = 0; i < count && !p->app->quiet && told < FAILURES_TOLD; i++) {
		if (sources[i].failures == 0)
			continue;
		told++;
		app_print(stderr, "  %s: %s\n",
		    url_public(p->app->run.arena, sources[i].url),
		    sources[i].state_note
			? text_shown(p->app->run.arena, sources[i].state_note)
			: "failed");
	}
	return true;
}

static bool
gather_now(struct preview *p, struct err *err)
{
	const struct gather_options o = { .believe = true };
	struct gather_report g;

	if (!flow_sources_sync(&p->app->run, err) ||
	    !flow_gather(&p->app->run, &o, &g, err))
		return false;
	if (!p->app->quiet)
		app_print(stderr, "Fetched %s: %s, %zu failed\n",
		    app_count(p->app, (int64_t)g.asked, "feed", "feeds"),
		    app_count(p->app, (int64_t)g.entries_new, "entry", "entries"),
		    g.failed);
	if (!print_failures(p, err))
		return false;
	if (g.failed > 0 && g.failed == g.asked) {
		err_set(err, ERR_TEMPORARY, "none of the feeds could be read");
		return err_hint(err, "planetpost feed test URL");
	}
	return true;
}

/* ---- what is shown ---- */

static bool
parse_window(const struct args *args, struct app *app, struct compile_window *w,
    struct err *err)
{
	const char *day = args_value(args, "day");
	const char *since = args_value(args, "since");
	const char *until = args_value(args, "until");

	w->since = w->until = TIME_NONE;
	if ((since && !clock_parse(since, &w->since)) ||
	    (until && !clock_parse(until, &w->until)) ||
	    (day && !clock_parse(day, &w->since)))
		return err_set(err, ERR_USAGE,
		    "--day, --since and --until take 2026-11-24");
	if (day) {
		/* The day of the newsletter's zone, not of Greenwich. */
		const struct civil c = clock_civil(w->since, 0);

		if (!zone_instant(app->run.zone, &c, &w->since))
			return err_set(err, ERR_USAGE, "--day: no such day");
		w->until = w->since + DAY;
	}
	return true;
}

static bool
find_recipient(struct preview *p, struct err *err)
{
	const char *as = args_value(p->args, "as");
	const char *address = NULL;

	p->reader = subscription_new(p->app->run.now, "preview");
	p->reader.address = "reader@example.org";
	if (!as)
		return true;
	if (!args_address(p->app, "as", as, &address, err))
		return false;
	return reader_on_list(p->app, address, &p->reader, err);
}

static bool
shape_it(struct preview *p, struct preview_letter *l, struct buf *out, struct err *err)
{
	struct rendering *r = &l->shared.rendering;
	struct arena *a = p->app->run.arena;

	if (p->shape == SHAPE_EML)
		return flow_preview_letter_write(&p->app->run, l, out, err);
	if (p->shape == SHAPE_HTML && !flow_pictures_inside(&p->app->run, a, r, err))
		return false;
	/* As everybody: looking must not unsubscribe anybody. */
	buf_adds(out,
	    p->shape == SHAPE_HTML ? holes_fill(a, r->html, r->html_len, NULL, true)
				   : holes_fill(a, r->text, r->text_len, NULL, false));
	return true;
}

/* ---- where it goes ---- */

static bool
open_browser(struct app *app, const struct buf *html, struct err *err)
{
	const char *dir = "/tmp";
	char *path = arena_printf(app->run.arena, "%s/planetpost-preview-XXXXXX", dir);
	char *argv[] = { arena_strdup(app->run.arena, "xdg-open"), NULL, NULL };
	const int fd = mkstemp(path);
	struct err cause = ERR_INIT;
	pid_t pid = 0;

	if (fd < 0)
		return err_errno(err, "%s", path);
	close(fd);
	(void)unlink(path);
	char *name = arena_printf(app->run.arena, "%s.html", path);
	if (!file_create(name, buf_text(html), html->len, 0600, err))
		return false;
	argv[1] = name;
	if (!spawn_start(argv, &(struct spawn_files){ -1, -1, -1, false }, &pid,
		&cause)) {
		err_set(err, ERR_SYSTEM, "%s; the preview is in %s", cause.text, name);
		return err_hint(err, "open it in your browser");
	}
	app_say(app, "Wrote %s and asked your browser to show it.", name);
	return true;
}

static bool
put_out(struct preview *p, const struct buf *b, struct err *err)
{
	const char *path = args_value(p->args, "output");

	if (args_has(p->args, "open"))
		return open_browser(p->app, b, err);
	if (!path || strcmp(path, "-") == 0)
		return fwrite(buf_text(b), 1, b->len, stdout) == b->len ||
		    err_errno(err, "standard output");
	if (p->app->run.dry_run) {
		app_say(p->app, "Dry run: would write %s.", path);
		return true;
	}
	if (!file_write(path, buf_text(b), b->len, 0644, err))
		return false;
	app_say(p->app, "Wrote %s.", path);
	return true;
}

static bool
show(struct preview *p, struct err *err)
{
	struct buf out = BUF_INIT(LIMIT_LETTER);
	struct compile_window w;
	struct preview_letter l = { .any = false };

	if (!parse_window(p->args, p->app, &w, err) || !find_recipient(p, err))
		return false;
	if (p->shape == SHAPE_HTML)
		p->reader.variant.format = FORMAT_HTML;
	bool ok = flow_preview_letter(&p->app->run, &p->reader, &w, &l, err);
	/* Whoever waits for a file is told that there is none. */
	if (ok && l.any)
		ok = shape_it(p, &l, &out, err) && put_out(p, &out, err);
	else if (ok && args_has(p->args, "output") && !p->app->quiet)
		app_print(stderr, "planetpost: nothing new: %s is not written\n",
		    args_value(p->args, "output"));
	else if (ok)
		app_say(p->app, "Nothing new: the next issue would be empty.");
	shared_letter_clear(&l.shared);
	buf_clear(&out);
	return ok;
}

/* Options of which one would be forgotten in silence. */
static const struct {
	const char *one, *other;
} contradictions[] = {
	{ "text", "eml" },
	{ "text", "open" },
	{ "eml", "open" },
	{ "open", "output" },
	{ "day", "since" },
	{ "day", "until" },
};

static bool
prepare_preview(struct app *app, const struct args *args, struct err *err)
{
	const char *as = args_value(args, "as");
	const char *since = args_value(args, "since");
	const char *until = args_value(args, "until");
	const char *output = args_value(args, "output");
	int64_t from = TIME_NONE;
	int64_t to = TIME_NONE;

	for (size_t i = 0; i < ARRAY_LEN(contradictions); i++)
		if (args_has(args, contradictions[i].one) &&
		    args_has(args, contradictions[i].other))
			return err_set(err, ERR_USAGE, "--%s and --%s do not go together",
			    contradictions[i].one, contradictions[i].other);
	if (since && until && clock_parse(since, &from) && clock_parse(until, &to) &&
	    from >= to)
		return err_set(err, ERR_USAGE, "--since %s is not before --until %s",
		    since, until);
	if (output && file_is_dir(output))
		return err_set(err, ERR_USAGE, "--output %s: that is a directory",
		    output);
	return !as || args_address(app, "as", as, &as, err);
}

static enum shape
wanted_shape(const struct args *args)
{
	const char *path = args_value(args, "output");
	const size_t len = path ? strlen(path) : 0;

	if (args_has(args, "eml") || (len > 4 && ascii_ends(path, len, ".eml")))
		return SHAPE_EML;
	if (args_has(args, "text") || (len > 4 && ascii_ends(path, len, ".txt")))
		return SHAPE_TEXT;
	return args_has(args, "open") || path ? SHAPE_HTML : SHAPE_TEXT;
}

/* True when the database knows of no feed that was ever asked. */
static bool
is_unfetched(struct preview *p, bool *unfetched, struct err *err)
{
	struct source *sources = NULL;
	size_t count = 0;

	if (!store_sources(p->app->run.store, p->app->run.arena, true, &sources, &count,
		err))
		return false;
	*unfetched = true;
	for (size_t i = 0; i < count; i++)
		*unfetched = *unfetched && sources[i].last_poll == TIME_NONE;
	return true;
}

/*
 * The database as it is, for reading; one in memory for somebody else's planet, and before the
 * first fetch: then our own feeds are asked, and nothing is kept.
 */
static bool
open_session(struct preview *p, bool foreign, bool *fresh, struct err *err)
{
	struct app *app = p->app;

	*fresh = foreign || !file_exists(app->settings.config.database.path);
	if (*fresh)
		return session_open(app, NEED_MEMORY, "preview", err);
	if (!session_open(app, NEED_LOOK, "preview", err))
		return false;
	if (args_has(p->args, "as"))
		return true; /* the reader is in there */
	if (!is_unfetched(p, fresh, err))
		return false;
	if (!*fresh)
		return true;
	return session_close(app, true, err) &&
	    session_open(app, NEED_MEMORY, "preview", err);
}

static bool
run_preview(struct app *app, const struct args *args, struct err *err)
{
	struct preview p = { .app = app, .args = args, .shape = wanted_shape(args) };
	const bool foreign = args->word_count > 0;
	bool fresh = false;

	return open_session(&p, foreign, &fresh, err) &&
	    (!foreign || use_source(&p, err)) && (!fresh || gather_now(&p, err)) &&
	    show(&p, err);
}

static const struct cmd_option preview_options[] = {
	{ "open", '\0', NULL, "in your browser" },
	{ "text", '\0', NULL, "the text part (the default on standard output)" },
	{ "eml", '\0', NULL, "the whole letter as mail" },
	{ "output", 'o', "FILE",
	    "HTML to a file, by its name .txt or .eml; - is standard output" },
	{ "as", '\0', "ADDR", "as this reader would get it; with --eml the very bytes" },
	{ "day", '\0', "DATE", "only the entries of one day" },
	{ "since", '\0', "DATE", "only entries from then on" },
	{ "until", '\0', "DATE", "only entries before then" }, { NULL, '\0', NULL, NULL }
};

const struct command cmd_preview = {
	.name = "preview",
	.json = JSON_NONE,
	.group = "See it work",
	.usage = "preview [SOURCE...]",
	.summary = "build the next issue and show it; changes nothing",
	.details =
	    "SOURCE may be a planet's config.ini, an OPML file or addresses of feeds: "
	    "they are fetched\nand shown without being kept.",
	.options = preview_options,
	.words = { 0, SIZE_MAX },
	.need = NEED_SETTINGS,
	.prepare = prepare_preview,
	.run = run_preview,
};
