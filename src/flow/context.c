/* SPDX-License-Identifier: ISC */

#include "flow/context.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/text.h"
#include "base/work_pool.h"
#include "config/style_colours.h"
#include "digest/templates.h"
#include "fetch/http.h"

int64_t
flow_now(const struct run *run)
{
	return run->now + (clock_rough_ms() - run->started_ms) / 1000;
}

void
flow_wake(const struct run *run)
{
	struct err why = ERR_INIT;
	int fd = -1;

	if (!run->wake_path || run->dry_run)
		return;
	/* Nothing of it need outlive a power cut: what waits is a row. */
	fd = file_open_own(run->wake_path, O_WRONLY | O_CREAT, &why);
	if (fd < 0 || futimens(fd, NULL) != 0)
		log_info("send", "the sender is not woken: %s",
		    fd < 0 ? why.text : strerror(errno));
	if (fd >= 0)
		(void)close(fd);
}

/* The keeper's colours as a style.ini. */
static const char *
style_of(struct run *run)
{
	struct style_colours colours;
	const char *style = "[value]\n";

	style_colours_of(run->config, &colours);
	if (*colours.light)
		style = arena_printf(run->arena, "%slink = %s\n", style, colours.light);
	if (*colours.dark)
		style =
		    arena_printf(run->arena, "%slink_dark = %s\n", style, colours.dark);
	return style;
}

const struct template_set *
flow_templates(struct run *run, struct err *err)
{
	const struct config *c = run->config;
	const char *dir = c->digest.template_dir;

	if (!run->templates && *dir && !file_is_dir(dir)) {
		err_set(err, ERR_CONFIG, "digest.template: %s %s",
		    file_exists(dir) ? "is no directory:" : "there is no directory", dir);
		return NULL;
	}
	if (!run->templates)
		run->templates = template_set_open(c->digest.template_dir,
		    c->newsletter.language, style_of(run), err);
	return run->templates;
}

const struct template_set *
flow_templates_in(struct run *run, const char *language, struct err *err)
{
	const char *dir = run->config->digest.template_dir;
	struct err why = ERR_INIT;
	struct template_set **at = NULL;

	if (!flow_templates(run, err) || !text_is_set(language) ||
	    strcmp(language, run->templates->language) == 0)
		return run->templates;
	for (at = &run->templates->next; *at; at = &(*at)->next) {
		if (strcmp((*at)->language, language) == 0)
			return *at;
	}
	if (!template_language_check(dir, language, &why)) {
		log_warn("digest", "letters in '%s' are in '%s' now: %s", language,
		    run->templates->language, why.text);
		return run->templates;
	}
	*at = template_set_open_other(dir, language, style_of(run), err);
	return *at;
}

const char *
flow_user_agent(struct run *run, const char *configured)
{
	const struct config *c = run->config;
	const char *at = configured;
	/* Without a page of the planet the agent still says who may be asked. */
	const char *link = *c->newsletter.link ? c->newsletter.link : c->newsletter.name;
	const struct {
		const char *word, *value;
	} words[] = { { "VERSION", VERSION }, { "LINK", link } };
	struct buf b = BUF_INIT(LIMIT_URL);

	if (!at)
		return NULL;
	while (*at) {
		size_t skip = 0;

		for (size_t i = 0; i < ARRAY_LEN(words) && skip == 0; i++) {
			if (strncmp(at, words[i].word, strlen(words[i].word)) == 0) {
				buf_adds(&b, words[i].value);
				skip = strlen(words[i].word);
			}
		}
		if (skip == 0)
			buf_addc(&b, *at);
		at += skip ? skip : 1;
	}
	return arena_take(run->arena, &b);
}

void
flow_http_settings(struct run *run, struct http_settings *out)
{
	const struct config *c = run->config;

	*out = (struct http_settings){
		.parallel = c->fetch.parallel,
		.per_host = c->fetch.per_host,
		.host_pause_ms = c->fetch.host_pause_ms,
		.timeout_ms = c->fetch.timeout * 1000,
		.max_bytes = c->fetch.max_bytes,
		.max_redirects = c->fetch.max_redirects,
		.max_in_flight = c->fetch.max_bytes * 2,
		.user_agent = flow_user_agent(run, c->fetch.user_agent),
		.proxy = c->fetch.proxy,
		.allow_private = c->fetch.allow_private,
		.allow_files = c->fetch.allow_files,
	};
}

/* With one processor nothing can be done beside anything. */
size_t
flow_reading_threads(const struct run *run)
{
	const size_t wanted = run->config->fetch.threads > 0
	    ? (size_t)run->config->fetch.threads
	    : work_pool_processors();

	return wanted - 1 < LIMIT_READING_THREADS ? wanted - 1 : LIMIT_READING_THREADS;
}
