/* SPDX-License-Identifier: ISC */
/*
 * The readers' pages as a web server asks for them: a newsletter with one reader, requests
 * without a network, and what was answered.
 */
#ifndef TESTS_WEB_FIXTURE_H
#define TESTS_WEB_FIXTURE_H

#include "unit/flow_fixture.h"

#include "base/attr.h"
#include "list/token.h"
#include "store/notices.h"
#include "store/roles.h"
#include "web/pages.h"

#define URLENCODED "application/x-www-form-urlencoded"

struct pages_test {
	struct flow_test t;
	struct site site;
	struct reader ann;
	struct arena *arena;
	struct web_answer answer;
};

/* Everything but what open_pages() does: what a test puts into the store comes between. */
static inline void
begin_pages(struct pages_test *p)
{
	memset(p, 0, sizeof(*p));
	flow_begin(&p->t);
	p->t.settings.config.web.url = "https://news.example.net/p";
	p->ann = make_reader("ann@reader.example", READER_ACTIVE);
	MUST(store_reader_add(p->t.run.store, &p->ann, err));
}

/* The clock of the pages stands, so that a slow machine reads no other words. */
static inline int64_t
clock_that_stands(void)
{
	return 0;
}

/* From here on the store allows what the pages may do. */
static inline void
open_pages(struct pages_test *p)
{
	MUST(site_open(&p->t.run, &p->site, err));
	p->site.clock = clock_that_stands;
	p->site.clock_ahead = p->t.run.now;
	store_take_role(p->t.run.store, STORE_WEB);
	p->arena = arena_new();
}

static inline void
begin(struct pages_test *p)
{
	begin_pages(p);
	(void)approve_issue(p->t.run.store, "2026-11-24", NOW);
	open_pages(p);
}

static inline void
end(struct pages_test *p)
{
	buf_clear(&p->answer.body);
	arena_free(p->arena);
	flow_end(&p->t);
}

static inline void
ask(struct pages_test *p, enum web_method method, const char *path, const char *type,
    const char *body)
{
	const struct web_request r = { .method = method,
		.path = path,
		.type = type,
		.body = body,
		.len = strlen(body),
		.network = "203.0.113.9" };

	buf_clear(&p->answer.body);
	arena_reset(p->arena);
	pages_answer(&p->site, p->arena, &r, &p->answer);
}

static inline const char *
token(struct pages_test *p, enum token_scope scope, int64_t reader, int64_t epoch)
{
	const struct token t = { scope, reader, epoch, 1, NOW };
	static char text[TOKEN_SIZE];

	token_make(p->site.key, &t, text);
	return text;
}

/* One of ann's that was made so many seconds ago. */
static inline const char *
old_token(struct pages_test *p, enum token_scope scope, int64_t age)
{
	const struct token t = { scope, p->ann.id, p->ann.epoch, 1, NOW - age };
	static char text[TOKEN_SIZE];

	token_make(p->site.key, &t, text);
	return text;
}

static inline const char *
path_of(struct pages_test *p, const char *start, const char *word)
{
	return arena_printf(p->t.run.arena, "%s%s", start, word);
}

static inline enum reader_state
state_of(struct pages_test *p)
{
	struct reader r;
	bool found = false;

	MUST(
	    store_reader_get(p->t.run.store, p->t.run.arena, p->ann.id, &r, &found, err));
	return r.state;
}

static inline int64_t
count_notices(struct pages_test *p, enum notice_kind kind)
{
	struct err err = ERR_INIT;
	struct db_query *q = db_query(p->t.run.store,
	    "SELECT COUNT(*) FROM notice WHERE kind = :kind", &err);
	int64_t n = -1;

	db_bind_int(q, ":kind", kind);
	assert_true(db_only_int(q, &n, &err));
	return n;
}

static inline void
says(struct pages_test *p, const char *what, const char *words)
{
	if (!strstr(buf_text(&p->answer.body), words))
		fail_msg("%s: \"%s\" is not in: %s", what, words,
		    buf_text(&p->answer.body));
}

/* And that they are not there. */
static inline void
says_not(struct pages_test *p, const char *what, const char *words)
{
	if (strstr(buf_text(&p->answer.body), words))
		fail_msg("%s: \"%s\" is in: %s", what, words, buf_text(&p->answer.body));
}

static inline struct reader
stored_reader(struct pages_test *p)
{
	struct reader r;
	bool found = false;

	MUST(
	    store_reader_get(p->t.run.store, p->t.run.arena, p->ann.id, &r, &found, err));
	assert_true(found);
	return r;
}

#endif
