/* SPDX-License-Identifier: ISC */
/*
 * planetpost parse: how a feed is understood, as JSON Feed 1.1.  Reads no configuration and no
 * store.
 */
#include <string.h>

#include "base/limits.h"
#include "format/url.h"
#include "cmd/cmd.h"
#include "cmd/report.h"
#include "config/feed_lists.h"
#include "feed/feed.h"
#include "feed/opml.h"
#include "feed/entry_clean.h"
#include "feed/jsonfeed_write.h"

static const struct cmd_option parse_options[] = {
	{ "base", '\0', "URL",
	    "where the document came from: relative links resolve against it" },
	{ "type", '\0', "TYPE", "its Content-Type header, for the encoding" },
	{ NULL, '\0', NULL, NULL }
};

static bool
print_feed(struct app *app, struct feed *f, struct err *err)
{
	struct buf out = BUF_INIT(4 * (size_t)LIMIT_FEED_BYTES);
	bool ok = false;

	for (size_t i = 0; i < f->entry_count; i++)
		entry_clean(app->run.arena, &f->entries[i], NULL);
	feed_write_json(f, &out);
	if (buf_is_full(&out))
		err_set(err, ERR_LIMIT, "as JSON it is larger than %zu bytes", out.max);
	else if (fwrite(out.data, 1, out.len, stdout) != out.len || fflush(stdout) != 0)
		err_errno(err, "cannot write to standard output");
	else
		ok = true;
	buf_clear(&out);
	return ok;
}

/* What it is instead of a feed, when that is known: a list of feeds, a configuration. */
static bool
refuse_document(struct app *app, const char *path, const struct buf *text,
    struct err *err)
{
	struct err known = ERR_INIT;
	struct feed_list list;
	struct opml_feed *feeds = NULL;
	size_t count = 0;
	bool is_list = false;

	feed_list_recognize(app->run.arena, path, buf_text(text), text->len, &list);
	switch (list.kind) {
	case FEED_LIST_OPML: /* or any other XML */
		is_list = opml_parse(app->run.arena, text->data, text->len, &feeds,
		    &count, &known);
		break;
	case FEED_LIST_OURS:
		(void)err_set(&known, ERR_INPUT, "%s is a configuration, not a feed",
		    path);
		(void)err_hint(&known, "planetpost -c %s config check", path);
		*err = known;
		return false;
	case FEED_LIST_VENUS:
	case FEED_LIST_PLUTO:
	case FEED_LIST_RSS2EMAIL:
		is_list = true;
		break;
	case FEED_LIST_URLS: /* any text with an address in it */
	case FEED_LIST_UNKNOWN:
		break;
	}
	if (!is_list)
		return err_wrap(err, "%s", path);
	err_clear(err);
	(void)err_set(err, ERR_INPUT, "%s is a list of feeds, not a feed", path);
	return err_hint(err, "planetpost preview %s, or: planetpost import %s", path,
	    path);
}

static bool
prepare_parse(struct app *app, const struct args *args, struct err *err)
{
	const char *base = args_value(args, "base");

	(void)app;
	if (base && !url_is_web(base))
		return err_set(err, ERR_USAGE, "--base: \"%s\" is no web address", base);
	if (!url_is_web(args->words[0]) || file_exists(args->words[0]))
		return true;
	(void)err_set(err, ERR_USAGE, "parse reads files, and asks nobody");
	return err_hint(err, "planetpost feed test %s", args->words[0]);
}

static bool
run_parse(struct app *app, const struct args *args, struct err *err)
{
	struct buf bytes = BUF_INIT(LIMIT_FEED_BYTES);
	struct feed_context context = { .url = args_value(args, "base"),
		.content_type = args_value(args, "type"),
		.now = app->run.now };
	struct feed *f = NULL;
	struct feed_links links = { .count = 0 };
	bool ok = false;

	if (!file_read(args->words[0], &bytes, err))
		goto out;
	if (!feed_parse(app->run.arena, buf_text(&bytes), bytes.len, &context, &f, &links,
		err)) {
		if (links.web_page) {
			err_clear(err);
			refuse_page(app->run.arena, args->words[0], &links, err);
		} else {
			refuse_document(app, args->words[0], &bytes, err);
		}
		goto out;
	}
	ok = print_feed(app, f, err);
out:
	buf_clear(&bytes);
	return ok;
}

const struct command cmd_parse = {
	.name = "parse",
	.json = JSON_OWN,
	.group = "See it work",
	.usage = "parse [--base URL] FILE",
	.summary = "how a feed is understood, as JSON Feed 1.1",
	.details =
	    "FILE is a feed of any dialect; - is standard input.\n"
	    "Exit code 0 for a feed, even a damaged one that could be read; 1 for what is no\n"
	    "feed, with the reason and, for a web page, the feeds it names.",
	.options = parse_options,
	.words = { 1, 1 },
	.prepare = prepare_parse,
	.run = run_parse,
};
