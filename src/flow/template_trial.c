/* SPDX-License-Identifier: ISC */
#include "flow/template_trial.h"

#include "base/embed.h"
#include "feed/feed.h"
#include "flow/compile.h"
#include "flow/context.h"
#include "flow/remember.h"
#include "store/source_sync.h"
#include "store/transactions.h"

/* The posts of a sample feed, new now, in the store. */
static bool
add_posts(struct run *run, const char *file, struct source *source, struct err *err)
{
	const struct embedded_file *sample = embedded_find(file);
	const struct feed_context ctx = { .url = source->url, .now = run->now };
	const struct news_rules rules = { .now = run->now, .last_issue = TIME_NONE };
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
	ok = flow_remember_entries(run, run->arena, source, &rules, feed, &kept, err) &&
	    store_commit(run->store, err);
	store_rollback(run->store);
	return ok;
}

static bool
render_all(struct run *run, const struct compiled *c, struct err *err)
{
	static const enum entry_body bodies[] = { BODY_TITLE, BODY_SUMMARY, BODY_FULL };

	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		const struct variant v = { .body = bodies[i], .sources = "*" };
		struct rendering r;
		size_t bytes = 0;

		if (!flow_render(run, c, &v, &r, &bytes, err))
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
	config.digest.filter = "";
	config.digest.exclude = "";
	return store_sources_sync(run->store, sources, ARRAY_LEN(sources), err) &&
	    add_posts(&trial, "config/demo/atom.xml", &sources[0], err) &&
	    add_posts(&trial, "config/demo/feed.json", &sources[1], err) &&
	    flow_compile(&trial, NULL, NULL, &c, err) && render_all(&trial, &c, err);
}
