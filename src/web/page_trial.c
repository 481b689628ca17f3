/* SPDX-License-Identifier: ISC */
#include "web/page_trial.h"

#include <string.h>

#include "base/limits.h"
#include "flow/address_move.h"
#include "flow/compile.h"
#include "flow/subscribe.h"
#include "list/subscription.h"
#include "store/issues.h"
#include "store/new_address.h"
#include "store/readers.h"
#include "store/source_sync.h"
#include "store/sources.h"
#include "web/page.h"
#include "web/pages.h"

enum { MANY = 61, OLD = 100 * 86400 };

/* One of each, known by the letter its address begins with. */
static const struct {
	const char *address;
	enum reader_state state;
} people[] = {
	{ "a@reader.example", READER_ACTIVE },
	{ "h@reader.example", READER_HOLD },
	{ "b@reader.example", READER_BOUNCED },
	{ "l@reader.example", READER_LEFT },
	{ "e@reader.example", READER_ACTIVE },
	{ "p@reader.example", READER_PENDING },
};

struct trial {
	struct site site;
	struct config config;
	struct run run;
	struct arena *a;
	int64_t ids[ARRAY_LEN(people)];
};

/* Where a token is in the path, its route says its scope. */
static const struct asking {
	enum web_method method;
	const char *path; /* with one digit of people[] in the place of a token */
	const char *body;
	bool old; /* the token was made long ago */
} askings[] = {
	{ WEB_GET, "/", "", false },
	{ WEB_POST, "/subscribe", "email=none", false },
	{ WEB_POST, "/subscribe", "email=none&rhythm=weekdays", false },
	{ WEB_POST, "/subscribe", "email=none&rhythm=weekly", false },
	{ WEB_POST, "/subscribe", "email=none&rhythm=monthly", false },
	{ WEB_POST, "/subscribe", "email=n@reader.example&rhythm=each&website=x", false },
	{ WEB_POST, "/code", "email=p@reader.example&code=1", false },
	{ WEB_GET, "/archive/", "", false },
	{ WEB_GET, "/archive/atom.xml", "", false },
	{ WEB_GET, "/sources", "", false },
	{ WEB_GET, "/sources.opml", "", false },
	{ WEB_GET, "/privacy", "", false },
	{ WEB_GET, "/u/0", "", false },
	{ WEB_GET, "/u/1", "", false },
	{ WEB_GET, "/u/3", "", false },
	{ WEB_GET, "/u/5", "", false },
	{ WEB_GET, "/p/0", "", false },
	{ WEB_GET, "/p/1", "", false },
	{ WEB_GET, "/p/2", "", false },
	{ WEB_GET, "/p/3", "", false },
	{ WEB_GET, "/p/5", "", false },
	{ WEB_GET, "/p/0-1", "", false },
	{ WEB_POST, "/p/0", "act=save&zone=x&which=only&group=all&hold=x&email=x",
	    false },
	{ WEB_POST, "/p/0",
	    "act=save&rhythm=weekly&wday=monday&hold=&email=q@reader.example", false },
	{ WEB_POST, "/p/2",
	    "act=save&rhythm=daily&length=short&format=text&which=but&group=all", false },
	{ WEB_POST, "/p/2", "act=save&rhythm=daily", false },
	{ WEB_POST, "/p/2", "act=save&rhythm=weekdays&length=title", false },
	{ WEB_POST, "/p/2", "act=save&rhythm=monthly", false },
	{ WEB_POST, "/p/3", "act=data", false },
	{ WEB_POST, "/p/0", "act=data", false },
	{ WEB_GET, "/a/0", "", false },
	{ WEB_POST, "/a/0", "act=yes", false },
	{ WEB_GET, "/a/0", "", false },
	{ WEB_GET, "/p/1", "", true },
	{ WEB_POST, "/p/1", "act=resume", false },
	{ WEB_POST, "/u/1", "act=weekly", false },
	{ WEB_POST, "/u/1", "act=hold", false },
	{ WEB_GET, "/p/1", "", false },
	{ WEB_POST, "/u/1", "act=leave", false },
	{ WEB_GET, "/c/1", "", false },
	{ WEB_POST, "/u/1", "act=why&why=x", false },
	{ WEB_POST, "/u/1", "act=undo", false },
	{ WEB_POST, "/p/4", "act=save&rhythm=weekly&email=h@reader.example", false },
	{ WEB_GET, "/a/4", "", false },
	{ WEB_GET, "/e/4", "", false },
	{ WEB_POST, "/e/4", "act=erase", false },
	{ WEB_GET, "/c/3", "", false },
	{ WEB_GET, "/c/5", "", false },
	{ WEB_GET, "/n/5", "", false },
	{ WEB_POST, "/c/5", "act=yes", false },
};

/* Pages that say the same whoever asks. */
static const char *const plain[] = { "page-address-old", "page-broken", "page-busy",
	"page-by-mail", "page-erased", "page-expired", "page-fresh", "page-full",
	"page-lost", "page-nothing", "page-refused", "page-test", "page-too-many",
	"page-withdrawn", "page-wrong" };

static enum token_scope
scope_of(char route)
{
	switch (route) {
	case 'u':
		return TOKEN_LEAVE;
	case 'e':
		return TOKEN_ERASE;
	case 'a':
		return TOKEN_ADDRESS;
	case 'c':
	case 'n':
		return TOKEN_CONFIRM;
	default:
		return TOKEN_PREFERENCES;
	}
}

/* The link that was mailed for what the token's reader asks for, if they ask. */
static bool
bind_to_new_address(struct trial *t, struct token *token, struct err *err)
{
	struct new_address asked;
	bool found = false;

	return store_new_address_get(t->run.store, t->a, token->reader, &asked, &found,
		   err) &&
	    (!found || flow_address_number(&t->run, &asked, &token->issue, err));
}

/* "/p/TOKEN-1" of "/p/0-1". */
static bool
path_of(struct trial *t, const struct asking *q, const char **path, struct err *err)
{
	struct token token = { .made = t->run.now - (q->old ? OLD : 0) };
	char text[TOKEN_SIZE];

	*path = q->path;
	if (strlen(q->path) < 4 || q->path[2] != '/')
		return true;
	const size_t who = (size_t)(q->path[3] - '0');
	token.scope = scope_of(q->path[1]);
	token.reader = t->ids[who];
	if (token.scope == TOKEN_ADDRESS && !bind_to_new_address(t, &token, err))
		return false;
	token_make(t->site.key, &token, text);
	*path = arena_printf(t->a, "%.3s%s%s", q->path, text, q->path + 4);
	return true;
}

static bool
ask(struct trial *t, const struct asking *q, struct err *err)
{
	struct web_request request = { .method = q->method,
		.type = "application/x-www-form-urlencoded",
		.body = q->body,
		.len = strlen(q->body),
		.network = "" };
	struct web_answer answer;

	if (!path_of(t, q, &request.path, err))
		return false;
	t->site.trouble = err;
	pages_answer(&t->site, t->a, &request, &answer);
	buf_clear(&answer.body);
	return !err_is_set(err);
}

static bool
ask_all(struct trial *t, struct err *err)
{
	for (size_t i = 0; i < ARRAY_LEN(askings); i++) {
		arena_reset(t->a);
		if (!ask(t, &askings[i], err))
			return false;
	}
	return true;
}

static bool
show_plain(struct trial *t, const char *name, const char *address, struct err *err)
{
	static const struct web_request request = { .method = WEB_GET };
	struct web_answer answer = { .status = 200 };
	struct page p = { .site = &t->site,
		.templates = t->site.templates,
		.run = t->run,
		.a = t->a,
		.request = &request,
		.answer = &answer };
	struct template_value *root = page_begin(&p, 200);

	buf_init(&answer.body, LIMIT_PAGE);
	template_put_text(root, "command_address", address);
	const bool ok = page_show(&p, name, root, err);
	buf_clear(&answer.body);
	return ok;
}

static bool
show_all_plain(struct trial *t, struct err *err)
{
	for (size_t i = 0; i < ARRAY_LEN(plain); i++) {
		arena_reset(t->a);
		if (!show_plain(t, plain[i], "", err) ||
		    !show_plain(t, plain[i], "planet@example.org", err))
			return false;
	}
	return true;
}

static bool
add_people(struct trial *t, struct err *err)
{
	const struct reader_wishes none = { .rhythm = NULL };
	const struct ask asked = { .address = "p@reader.example",
		.cause = CAUSE_PAGE,
		.wishes = &none };
	enum ask_answer ignored = ASK_LOOK_AT_MAIL;

	for (size_t i = 0; i < ARRAY_LEN(people); i++) {
		struct reader r = subscription_new(t->run.now, "said so");

		r.address = r.address_key = people[i].address;
		r.state = people[i].state;
		if (!store_reader_add(t->run.store, &r, err))
			return false;
		t->ids[i] = r.id;
	}
	return flow_ask(&t->run, &asked, &ignored, err);
}

static bool
add_issue(struct trial *t, struct err *err)
{
	struct issue older = { .name = "2020-01-01",
		.subject = "Older",
		.state = ISSUE_SENT,
		.date = t->run.now,
		.created = t->run.now };
	struct compile_report report;

	if (!flow_issue_build(&t->run, true, &report, err))
		return false;
	report.issue.state = ISSUE_SENT;
	return (!report.built || store_issue_update(t->run.store, &report.issue, err)) &&
	    store_issue_add(t->run.store, &older, err);
}

/* One that writes and has a page, and one that is gone. */
static bool
set_moods(struct trial *t, struct err *err)
{
	struct source *list = NULL;
	size_t count = 0;
	bool ok = store_sources(t->run.store, t->run.arena, true, &list, &count, err);

	for (size_t i = 0; ok && i < count; i++) {
		list[i].link = "https://one.example/";
		list[i].last_entry = t->run.now;
		list[i].state = i == 0 ? SOURCE_OK : SOURCE_GONE;
		ok = store_source_polled(t->run.store, &list[i], err);
	}
	return ok;
}

/* As many as want pages of their own. */
static bool
add_sources(struct trial *t, struct err *err)
{
	struct source *list = arena_array(t->run.arena, MANY, sizeof(*list));

	memset(list, 0, MANY * sizeof(*list));
	for (int i = 0; i < MANY; i++) {
		list[i].url = arena_printf(t->run.arena, "https://s%d.example/feed", i);
		list[i].name = arena_printf(t->run.arena, "Source %d", i);
		list[i].max_per_feed = -1;
	}
	return store_sources_sync(t->run.store, list, MANY, err);
}

/* Settings under which every part of a page is written. */
static void
set_up(struct trial *t)
{
	t->run.config = &t->config;
	t->config.approval.manual = false;
	t->config.digest.filter = "";
	t->config.digest.exclude = "";
	t->config.newsletter.description = "A planet";
	t->config.newsletter.postal_address = "1 Harbour Street";
	t->config.digest.images = IMAGES_REMOTE;
	t->config.web.terms = "https://news.example.org/terms";
	t->config.web.archive = ARCHIVE_PUBLIC;
	t->config.list.command_address = "planet@example.org";
	t->config.limits.asks_per_network = "";
	t->config.limits.asks_total = "";
	t->config.limits.mails_per_address = "";
	t->config.limits.blocked_domains = "";
	t->config.list.max_subscribers = 0;
}

bool
pages_try(struct run *run, struct err *err)
{
	static const struct asking before = { WEB_GET, "/archive/", "", false };
	static const struct asking with_many[] = { { WEB_GET, "/p/2", "", false },
		{ WEB_POST, "/p/2", "act=save&which=only", false },
		{ WEB_GET, "/p/2-1", "", false },
		{ WEB_POST, "/p/2-1", "source=x", false },
		{ WEB_GET, "/sources", "", false } };
	struct trial t = { .config = *run->config, .run = *run, .a = arena_new() };

	set_up(&t);
	bool ok = site_open(&t.run, &t.site, err) && add_people(&t, err) &&
	    set_moods(&t, err) && ask(&t, &before, err) && add_issue(&t, err) &&
	    ask_all(&t, err) && show_all_plain(&t, err) && add_sources(&t, err);
	for (size_t i = 0; ok && i < ARRAY_LEN(with_many); i++)
		ok = ask(&t, &with_many[i], err);
	arena_free(t.a);
	return ok;
}
