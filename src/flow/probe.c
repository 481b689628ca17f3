/* SPDX-License-Identifier: ISC */
/* One address asked on its own: lists of feeds over the web, `feed add`, `feed test`. */
#include "flow/probe.h"

#include <string.h>

#include "base/clock.h"
#include "config/mailbox_address.h"
#include "fetch/http_errors.h"
#include "fetch/http.h"
#include "flow/context.h"
#include "flow/feed_options.h"
#include "flow/newsletters.h"
#include "mail/newsletter_reader.h"

struct probing {
	struct run *run;
	const char *url;
	enum probe_wish wish;
	struct probe *out;
	struct feed_options options;
	bool asked;
};

static bool
probe_next(void *arg, struct http_request *request)
{
	struct probing *p = arg;
	const struct listed_feed *own = feed_options_of(&p->options, p->url);

	if (p->asked)
		return false;
	p->asked = true;
	request->url = p->url;
	request->takes_part = p->wish == PROBE_PART;
	/* As the section of a feed of our own says. */
	request->user_agent = flow_user_agent(p->run, own ? own->user_agent : NULL);
	feed_options_ask(p->run->arena, own, request);
	return true;
}

static bool
is_passing(const struct http_response *response)
{
	switch (response->failure) {
	case HTTP_OK:
		return response->status == 408 || response->status == 429 ||
		    response->status >= 500;
	case HTTP_NO_HOST: /* it looks the same without a network */
	case HTTP_NO_CONNECT:
	case HTTP_TIMEOUT:
	case HTTP_HELD:
		return true;
	case HTTP_TLS:
	case HTTP_TOO_LARGE:
	case HTTP_PRIVATE:
	case HTTP_REDIRECTS:
	case HTTP_OTHER:
		return false;
	}
	return false;
}

static void
probe_done(void *arg, const struct http_request *request,
    const struct http_response *response)
{
	struct probing *p = arg;
	struct arena *a = p->run->arena;
	const struct http_response r = http_response_copy(a, response);

	(void)request;
	p->out->answered = r.failure == HTTP_OK;
	p->out->is_private = r.failure == HTTP_PRIVATE;
	p->out->status = r.status;
	p->out->is_passing = is_passing(&r);
	p->out->url = r.url ? r.url : p->url;
	p->out->moved_to = r.moved_to;
	p->out->content_type = r.content_type;
	p->out->etag = r.etag;
	p->out->last_modified = r.last_modified;
	p->out->len = r.len;
	p->out->body = r.body;
	p->out->cut = r.cut;
	if (!p->out->answered)
		p->out->message = r.message;
	else if (*http_reason(r.status))
		p->out->message = http_reason(r.status);
	else
		p->out->message = arena_printf(a, "%ld", r.status);
}

static bool
probe_stop(void *arg)
{
	const struct probing *p = arg;

	return p->run->interrupted();
}

/* The newsletter of a mailbox, as if it had never been looked at. */
static void
probe_mailbox(struct run *run, const char *url, struct probe *out)
{
	struct newsletter_reader *reader = NULL;
	struct newsletter_look look;
	struct err why = ERR_INIT;

	out->is_passing = false;
	if (flow_newsletters_look(run, run->arena, url, NULL, &reader, &look, &why)) {
		out->answered = true;
		out->status = 200;
		out->message = "read";
		out->feed = look.feed;
		out->read = look.read;
		out->others = look.others;
		out->asks = look.asks;
		out->lost = look.lost;
	} else {
		out->is_passing = why.kind == ERR_TEMPORARY;
		out->message = arena_strdup(run->arena, why.text);
	}
	newsletter_reader_free(reader);
}

bool
flow_probe(struct run *run, const char *url, enum probe_wish wish, struct probe *out,
    struct err *err)
{
	struct probing p = { .run = run, .url = url, .wish = wish, .out = out };
	const struct http_client client = { probe_next, probe_done, probe_stop, &p };
	const int64_t began = clock_ticks_ms();
	struct http_settings settings;

	memset(out, 0, sizeof(*out));
	out->message = "interrupted";
	out->is_passing = true;
	out->url = url;
	if (mailbox_address_is(url)) {
		probe_mailbox(run, url, out);
		out->ms = clock_ticks_ms() - began;
		return true;
	}
	flow_http_settings(run, &settings);
	if (!feed_options_open(run, &p.options, err) ||
	    !http_run(&settings, &client, run->now, err))
		return false;
	out->ms = clock_ticks_ms() - began;
	return true;
}

bool
flow_probe_refused(const struct probe *p, struct err *err)
{
	(void)err_set(err, p->is_passing ? ERR_TEMPORARY : ERR_INPUT, "%s", p->message);
	if (p->is_private)
		(void)err_hint(err,
		    "if that server is yours: allow_private = yes in [fetch]");
	return false;
}

bool
flow_probe_feed(struct run *run, const struct probe *p, struct feed **feed,
    struct feed_links *links, struct err *err)
{
	const struct feed_context ctx = { p->url, p->content_type, run->now };

	memset(links, 0, sizeof(*links));
	if (!p->answered || p->status != 200)
		return flow_probe_refused(p, err);
	*feed = p->feed;
	if (p->feed || feed_parse(run->arena, p->body, p->len, &ctx, feed, links, err))
		return true;
	/* What it would be as a whole, half of it does not tell. */
	if (p->cut && links->count == 0) {
		err_clear(err);
		(void)err_set(err, ERR_INPUT, "%s", p->cut);
	}
	return false;
}
