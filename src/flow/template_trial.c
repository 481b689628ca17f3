/* SPDX-License-Identifier: ISC */
#include "flow/template_trial.h"

#include "base/embed.h"
#include "feed/feed.h"
#include "flow/compile.h"
#include "flow/context.h"
#include "flow/notice_letters.h"
#include "flow/remember.h"
#include "list/subscription.h"
#include "store/readers.h"
#include "store/source_sync.h"
#include "store/transactions.h"

/* The posts of a sample feed, new now, in the store. */
static bool
add_posts(struct run *run, const char *file, struct source *source, struct err *err)
{
	const struct embedded_file *sample = embedded_find(file);
	const struct feed_context ctx = { .url = source->url, .now = run->now };
	const struct news_rules rules = { .now = run->now, .last_issue = TIME_NONE };
	struct keeping *k = NULL;
	struct remembered kept;
	struct feed *feed = NULL;
	bool ok = false;

	if (!sample)
		return err_set(err, ERR_BUG, "%s is not built in", file);
	if (!feed_parse(run->arena, sample->text, sample->len, &ctx, &feed, NULL, err) ||
	    !store_begin(run->store, err))
		return false;
	for (size_t i = 0; i < feed->entry_count; i++)
		feed->entries[i].published = run->now - (int64_t)i;
	k = flow_prepare_entries(run, run->arena, source, feed);
	ok = flow_recognise_entries(k, &rules, err) &&
	    flow_remember_entries(k, &kept, err) && store_commit(run->store, err);
	store_rollback(run->store);
	return ok;
}

static bool
render_all(struct run *run, const struct compiled *c, struct err *err)
{
	static const enum length_wish lengths[] = { LENGTH_TITLES, LENGTH_SHORT,
		LENGTH_WHOLE };

	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		const struct variant v = { .length = lengths[i], .sources = "*" };
		struct rendering r;

		if (!flow_render(run, c, &v, &r, err))
			return false;
	}
	return true;
}

bool
flow_templates_try(struct run *run, struct err *err)
{
	struct config config = *run->config;
	struct run trial = *run;
	struct source sources[] = {
		{ .url = "https://one.example/feed", .name = "One", .max_per_feed = -1 },
		{ .url = "https://two.example/feed", .name = "Two", .max_per_feed = -1 },
	};
	struct compiled c;

	/* Opened once, and closed with the run. */
	if (!flow_templates(run, err))
		return false;
	trial.templates = run->templates;
	trial.config = &config;
	config.digest.filter = config.digest.exclude = "";
	config.digest.categories = config.digest.exclude_categories = "";
	config.digest.languages = config.digest.exclude_languages = "";
	return store_sources_sync(run->store, sources, ARRAY_LEN(sources), err) &&
	    add_posts(&trial, "config/demo/atom.xml", &sources[0], err) &&
	    add_posts(&trial, "config/demo/feed.json", &sources[1], err) &&
	    flow_compile(&trial, NULL, NULL, &c, err) && render_all(&trial, &c, err);
}

/* With everything that may be said, and with nothing of it. */
static bool
word_notice(struct run *run, enum notice_kind kind, const struct reader *r,
    struct err *err)
{
	const struct notice_order full = { .kind = kind,
		.reader = r,
		.code = "123 456",
		.asked = run->now,
		.network = "203.0.113.0/24",
		.command = MAIL_WEEKLY,
		.newest = true,
		.number = 61,
		.new_address = "n...@reader.example",
		.erases = true };
	const struct notice_order bare = { .kind = kind,
		.reader = r,
		.asked = TIME_NONE,
		.command = MAIL_WEEKLY };

	return flow_notice_queue(run, &full, err) && flow_notice_queue(run, &bare, err);
}

static bool
word_news(struct run *run, struct err *err)
{
	struct feed_line line = { "alice", "410 Gone", "feed test alice" };
	const struct feed_lines one = { &line, 1 };
	const struct feed_news full = { one, one, one, one, one, 3, 2, 1, "2026-03-01" };
	const struct feed_news none = { .since = NULL };
	struct rendering r;

	return flow_feed_news_words(run, "feeds", &full, &r, err) &&
	    flow_feed_news_words(run, "feeds", &none, &r, err) &&
	    flow_feed_news_words(run, "blogger", &full, &r, err);
}

bool
flow_notices_try(struct run *run, struct err *err)
{
	static const enum notice_kind kinds[] = { NOTICE_CONFIRMATION, NOTICE_REMINDER,
		NOTICE_KNOWN, NOTICE_WELCOME, NOTICE_GOODBYE, NOTICE_REQUEST, NOTICE_DONE,
		NOTICE_HELP, NOTICE_KEEPER, NOTICE_PROBE, NOTICE_LINK, NOTICE_DATA,
		NOTICE_ADDRESS, NOTICE_MOVED };
	/* Pages and mail, mail alone, pages alone. */
	static const struct {
		const char *url, *command_address;
	} ways[] = { { "https://news.example.org", "planet@example.org" },
		{ "", "planet@example.org" }, { "https://news.example.org", "" } };
	struct config config = *run->config;
	struct run trial = *run;
	struct reader r = subscription_new(run->now, "said so");

	r.address = r.address_key = "ann@reader.example";
	r.state = READER_HOLD;
	if (!flow_templates(run, err) || !store_reader_add(run->store, &r, err))
		return false;
	trial.templates = run->templates;
	trial.config = &config;
	config.newsletter.postal_address = "1 Harbour Street";
	if (!word_news(&trial, err))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(kinds) * ARRAY_LEN(ways); i++) {
		const enum notice_kind kind = kinds[i / ARRAY_LEN(ways)];

		config.web.url = ways[i % ARRAY_LEN(ways)].url;
		config.list.command_address = ways[i % ARRAY_LEN(ways)].command_address;
		/* Only a page asks for the one, only mail for the other. */
		if ((kind == NOTICE_ADDRESS && *config.web.url == '\0') ||
		    (kind == NOTICE_REQUEST && *config.list.command_address == '\0'))
			continue;
		if (!word_notice(&trial, kind, &r, err))
			return false;
	}
	return true;
}
