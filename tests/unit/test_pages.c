/* SPDX-License-Identifier: ISC */
/* The table of routes: methods, tokens, what is answered, and what does not change. */
#include "unit/web_fixture.h"

#include "base/limits.h"
#include "store/notes.h"

/* What a scanner of links does: everything that is not POST. */
static void
looking_changes_nothing(void **state)
{
	static const enum token_scope scopes[] = { TOKEN_LEAVE, TOKEN_PREFERENCES,
		TOKEN_CONFIRM, TOKEN_ERASE, TOKEN_ADDRESS };
	static const enum web_method methods[] = { WEB_GET, WEB_OPTIONS, WEB_OTHER };
	struct pages_test p;
	const char *path = NULL;
	unsigned allowed = 0;
	int64_t before = 0;
	int64_t after = 0;

	(void)state;
	begin(&p);
	MUST(db_number(p.t.run.store, "SELECT total_changes()", &before, err));
	for (size_t n = 0; (path = pages_route(n, &allowed)); n++) {
		for (size_t s = 0; s < ARRAY_LEN(scopes); s++) {
			const char *full =
			    path_of(&p, path, token(&p, scopes[s], p.ann.id, 0));

			for (size_t m = 0; m < ARRAY_LEN(methods); m++) {
				ask(&p, methods[m], full, URLENCODED,
				    "List-Unsubscribe=One-Click&act=leave");
				ask(&p, methods[m], path, URLENCODED, "act=save");
			}
		}
	}
	MUST(db_number(p.t.run.store, "SELECT total_changes()", &after, err));
	SAME_INT("rows that were changed", after - before, 0);
	end(&p);
}

static void
one_press_leaves(void **state)
{
	static const struct {
		const char *name, *type, *body, *want;
	} presses[] = {
		{ "urlencoded", URLENCODED, "List-Unsubscribe=One-Click",
		    "unsubscribed\n" },
		{ "multipart", "multipart/form-data; boundary=b",
		    "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\n"
		    "One-Click\r\n--b--\r\n",
		    "unsubscribed\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(presses); i++) {
		struct pages_test p;

		begin(&p);
		ask(&p, WEB_POST, path_of(&p, "/u/", token(&p, TOKEN_LEAVE, p.ann.id, 0)),
		    presses[i].type, presses[i].body);
		SAME_INT(presses[i].name, p.answer.status, 200);
		SAME_TEXT(presses[i].name, p.answer.type, "text/plain; charset=utf-8");
		SAME_TEXT(presses[i].name, buf_text(&p.answer.body), presses[i].want);
		SAME_INT(presses[i].name, state_of(&p), READER_LEFT);
		end(&p);
	}
}

/* Whatever page a reader's own link opens, and whatever has become of them since. */
static void
a_reader_has_all_their_pages_in_their_language(void **state)
{
	static const struct {
		const char *name, *path;
		enum token_scope scope;
		enum web_method method;
		const char *form;
	} pages[] = {
		{ "leave", "/u/", TOKEN_LEAVE, WEB_GET, "" },
		{ "choose", "/p/", TOKEN_PREFERENCES, WEB_GET, "" },
		{ "my data", "/e/", TOKEN_ERASE, WEB_GET, "" },
		{ "an address that waits no more", "/a/", TOKEN_ADDRESS, WEB_GET, "" },
		{ "left", "/u/", TOKEN_LEAVE, WEB_POST, "act=leave" },
		{ "was left", "/u/", TOKEN_LEAVE, WEB_GET, "" },
	};
	struct pages_test p;

	(void)state;
	begin(&p);
	ask(&p, WEB_POST, path_of(&p, "/p/", token(&p, TOKEN_PREFERENCES, p.ann.id, 0)),
	    URLENCODED, "act=save&language=fr");
	for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
		ask(&p, pages[i].method,
		    path_of(&p, pages[i].path, token(&p, pages[i].scope, p.ann.id, 0)),
		    URLENCODED, pages[i].form);
		if (!strstr(buf_text(&p.answer.body), "<html lang=\"fr\""))
			fail_msg("%s: not in French: %s", pages[i].name,
			    buf_text(&p.answer.body));
	}
	ask(&p, WEB_GET, "/privacy", URLENCODED, "");
	assert_non_null(strstr(buf_text(&p.answer.body), "<html lang=\"en\""));
	end(&p);
}

/* As people type them, and as proxies pass them on: /p is where web.url has the pages. */
static void
a_slash_at_the_end_is_no_matter(void **state)
{
	static const struct {
		const char *path;
		int status;
	} cases[] = {
		{ "/", 200 },
		{ "/p", 200 },
		{ "/p/", 200 },
		{ "/privacy", 200 },
		{ "/privacy/", 200 },
		{ "/p/privacy/", 200 },
		{ "/archive", 200 },
		{ "/p/archive", 200 },
		{ "/p/archive/", 200 },
		{ "/sources/", 200 },
		{ "/subscribe/", 200 },
		{ "/privacy//", 404 },
		{ "/archive//", 404 },
		{ "/privacyx", 404 },
		{ "/archivex", 404 },
		{ "/px", 404 },
		{ "/u", 404 },
		{ "/u/", 404 },
		{ "/i", 404 },
		{ "", 404 },
		{ "//", 404 },
		{ "///", 404 },
	};
	struct pages_test p;

	(void)state;
	begin(&p);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		ask(&p, WEB_GET, cases[i].path, "", "");
		SAME_INT(cases[i].path, p.answer.status, cases[i].status);
	}
	end(&p);
}

/* Every token but the right one of the right reader and time. */
static void
other_tokens_do_nothing(void **state)
{
	struct pages_test p;
	const char *right = NULL;
	char forged[TOKEN_SIZE];

	(void)state;
	begin(&p);
	right = arena_strdup(p.t.run.arena, token(&p, TOKEN_LEAVE, p.ann.id, 0));
	for (size_t i = 0; right[i]; i++) {
		memcpy(forged, right, strlen(right) + 1);
		forged[i] = forged[i] == 'a' ? 'b' : 'a';
		ask(&p, WEB_POST, path_of(&p, "/u/", forged), URLENCODED,
		    "List-Unsubscribe=One-Click");
		SAME_INT(forged, p.answer.status, 404);
	}
	for (int scope = TOKEN_PREFERENCES; scope <= TOKEN_ADDRESS; scope++) {
		ask(&p, WEB_POST,
		    path_of(&p, "/u/", token(&p, (enum token_scope)scope, p.ann.id, 0)),
		    URLENCODED, "List-Unsubscribe=One-Click");
		SAME_INT("another scope", p.answer.status, 404);
	}
	ask(&p, WEB_POST, path_of(&p, "/p/", right), URLENCODED,
	    "act=save&rhythm=weekly");
	SAME_INT("leaving does not choose", p.answer.status, 404);
	ask(&p, WEB_POST, path_of(&p, "/u/", token(&p, TOKEN_LEAVE, p.ann.id, 1)),
	    URLENCODED, "List-Unsubscribe=One-Click");
	SAME_INT("of another time", p.answer.status, 404);
	ask(&p, WEB_POST, path_of(&p, "/u/", token(&p, TOKEN_LEAVE, 77, 0)), URLENCODED,
	    "List-Unsubscribe=One-Click");
	SAME_INT("of nobody", p.answer.status, 404);
	SAME_INT("still reads", state_of(&p), READER_ACTIVE);
	/* A test letter has a link that looks alike. */
	ask(&p, WEB_POST, path_of(&p, "/u/", token(&p, TOKEN_LEAVE, 0, 0)), URLENCODED,
	    "List-Unsubscribe=One-Click");
	SAME_INT("of a test", p.answer.status, 200);
	SAME_INT("reads after it", state_of(&p), READER_ACTIVE);
	end(&p);
}

static const struct {
	const char *path;
	enum web_method method;
	int status;
} paths[] = {
	{ "/", WEB_GET, 200 },
	{ "/p/", WEB_GET, 200 }, /* the path of web.url, passed on */
	{ "/p/style.css", WEB_GET, 200 },
	{ "/style.css", WEB_POST, 405 },
	{ "/style.css", WEB_OPTIONS, 204 },
	{ "/archive/", WEB_GET, 200 },
	{ "/archive/2026/11/", WEB_GET, 404 }, /* its issue has not gone out */
	{ "/archive/2026/13/", WEB_GET, 404 },
	{ "/archive/../u/", WEB_GET, 404 },
	{ "/i/2026-11-24", WEB_GET, 404 },
	{ "/i/..%2f..%2fetc%2fpasswd", WEB_GET, 404 },
	{ "/i/", WEB_GET, 404 },
	{ "//", WEB_GET, 404 },
	{ "/u/../p/", WEB_GET, 404 },
	{ "/u/a/b", WEB_GET, 404 },
	{ "/sources", WEB_GET, 200 },
	{ "/sources/2", WEB_GET, 404 },
	{ "/sources/99999999999999999999", WEB_GET, 404 },
	{ "/sources.opml", WEB_GET, 200 },
	{ "/privacy", WEB_GET, 200 },
	{ "/style.css\r\nX: y", WEB_GET, 404 },
	{ "style.css", WEB_GET, 404 },
	{ "", WEB_GET, 404 },
};

static void
paths_lead_where_they_say(void **state)
{
	struct pages_test p;

	(void)state;
	begin(&p);
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		ask(&p, paths[i].method, paths[i].path, "", "");
		SAME_INT(paths[i].path, p.answer.status, paths[i].status);
		SAME_INT(paths[i].path, p.answer.policy != NULL, 1);
	}
	end(&p);
}

static void
what_is_no_form_is_refused(void **state)
{
	struct pages_test p;
	char *large = NULL;
	const char *path = NULL;

	(void)state;
	begin(&p);
	path = path_of(&p, "/u/", token(&p, TOKEN_LEAVE, p.ann.id, 0));
	large = arena_alloc(p.t.run.arena, LIMIT_FORM + 2);
	memset(large, 'a', LIMIT_FORM + 1);
	ask(&p, WEB_POST, path, URLENCODED, large);
	SAME_INT("too large", p.answer.status, 413);
	ask(&p, WEB_POST, path, "application/json", "{}");
	SAME_INT("another type", p.answer.status, 415);
	ask(&p, WEB_POST, path, URLENCODED, "act=%00");
	SAME_INT("malformed", p.answer.status, 400);
	SAME_INT("still reads", state_of(&p), READER_ACTIVE);
	end(&p);
}

static enum rhythm
rhythm_of(struct pages_test *p)
{
	struct reader r;
	bool found = false;

	MUST(
	    store_reader_get(p->t.run.store, p->t.run.arena, p->ann.id, &r, &found, err));
	return r.cadence.rhythm;
}

/* Links to preferences last 30 days, those to leave for ever. */
static void
links_to_choose_run_out(void **state)
{
	enum { DAY = 86400 };
	struct pages_test p;
	const char *path = NULL;

	(void)state;
	begin(&p);
	ask(&p, WEB_GET, path_of(&p, "/p/", old_token(&p, TOKEN_PREFERENCES, 29 * DAY)),
	    "", "");
	says(&p, "after 29 days", "Your preferences");
	path = path_of(&p, "/p/", old_token(&p, TOKEN_PREFERENCES, 31 * DAY));
	ask(&p, WEB_GET, path, "", "");
	SAME_INT("after 31 days", p.answer.status, 200);
	says(&p, "after 31 days", "This link has run out");
	ask(&p, WEB_POST, path, URLENCODED, "act=save&rhythm=weekly");
	says(&p, "saved", "This link has run out");
	SAME_INT("nothing is saved", rhythm_of(&p), RHYTHM_EACH);
	SAME_INT("nothing is mailed", count_notices(&p, NOTICE_LINK), 0);
	for (int i = 0; i < 3; i++) {
		ask(&p, WEB_POST, path, URLENCODED, "act=again");
		says(&p, "again", "Check your mail");
	}
	SAME_INT("one letter an hour", count_notices(&p, NOTICE_LINK), 1);
	/* A page that was opened a minute before its end is sent ten minutes later. */
	path = path_of(&p, "/p/", old_token(&p, TOKEN_PREFERENCES, 30 * DAY + 600));
	ask(&p, WEB_GET, path, "", "");
	says(&p, "just over", "This link has run out");
	ask(&p, WEB_POST, path, URLENCODED, "act=save&rhythm=weekly");
	SAME_INT("what lay open is saved", rhythm_of(&p), RHYTHM_WEEKLY);
	ask(&p, WEB_POST, path_of(&p, "/u/", old_token(&p, TOKEN_LEAVE, 4000 * DAY)),
	    URLENCODED, "List-Unsubscribe=One-Click");
	SAME_INT("leaving", state_of(&p), READER_LEFT);
	end(&p);
}

/* Their own page mails the key to the data, and does not have it. */
static void
data_is_behind_a_link_of_its_own(void **state)
{
	struct pages_test p;
	const char *path = NULL;

	(void)state;
	begin(&p);
	path = path_of(&p, "/p/", token(&p, TOKEN_PREFERENCES, p.ann.id, 0));
	ask(&p, WEB_POST, path, URLENCODED, "act=erase");
	says(&p, "asked", "A message with a link goes to your address now");
	assert_null(strstr(buf_text(&p.answer.body), "/e/"));
	SAME_INT("erased by that", state_of(&p), READER_ACTIVE);
	SAME_INT("mailed", count_notices(&p, NOTICE_DATA), 1);
	ask(&p, WEB_GET, path_of(&p, "/e/", token(&p, TOKEN_PREFERENCES, p.ann.id, 0)),
	    "", "");
	SAME_INT("the key of preferences", p.answer.status, 404);
	path = path_of(&p, "/e/", old_token(&p, TOKEN_ERASE, 3500));
	ask(&p, WEB_GET, path, "", "");
	says(&p, "shown", "ann@reader.example");
	ask(&p, WEB_GET, arena_printf(p.t.run.arena, "%s-data", path), "", "");
	SAME_TEXT("type", p.answer.type, "application/json; charset=utf-8");
	SAME_TEXT("file", p.answer.download, "my-data.json");
	says(&p, "file", "\"address\": \"ann@reader.example\"");
	SAME_INT("kept by others", p.answer.keep_seconds, 0);
	ask(&p, WEB_GET, arena_printf(p.t.run.arena, "%s-x", path), "", "");
	SAME_INT("no such part", p.answer.status, 404);
	ask(&p, WEB_POST, path, URLENCODED, "act=other");
	SAME_INT("another button", p.answer.status, 400);
	SAME_INT("still there", state_of(&p), READER_ACTIVE);
	ask(&p, WEB_POST, path_of(&p, "/e/", old_token(&p, TOKEN_ERASE, 3600 + 1300)),
	    URLENCODED, "act=erase");
	says(&p, "too late", "This link has run out");
	SAME_INT("still there", state_of(&p), READER_ACTIVE);
	ask(&p, WEB_POST, path, URLENCODED, "act=erase");
	says(&p, "erased", "Everything is deleted");
	SAME_INT("erased", state_of(&p), READER_ERASED);
	ask(&p, WEB_POST, path, URLENCODED, "act=erase");
	SAME_INT("once more", p.answer.status, 404);
	end(&p);
}

static void
a_store_that_fails_is_a_page(void **state)
{
	static const struct db_right none[] = { { NULL, 0, NULL } };
	struct pages_test p;

	(void)state;
	begin(&p);
	/* From here on the store refuses everything. */
	db_restrict(p.t.run.store, none);
	ask(&p, WEB_POST, path_of(&p, "/u/", token(&p, TOKEN_LEAVE, p.ann.id, 0)),
	    URLENCODED, "List-Unsubscribe=One-Click");
	SAME_INT("status", p.answer.status, 500);
	assert_non_null(strstr(buf_text(&p.answer.body), "This did not work"));
	end(&p);
}

/* ---- what each answers with ---- */

enum { NO_KEY = -1, BAD_KEY = -2 };

/* keep: seconds that others may keep it; what is kept for none is hidden from lists too. */
static const struct {
	const char *name;
	enum web_method method;
	const char *path;
	int scope; /* of ann's token behind the path, or one of the above */
	const char *body;
	int status, keep;
} answers[] = {
	{ "the front", WEB_GET, "/", NO_KEY, "", 200, 0 },
	{ "privacy", WEB_GET, "/privacy", NO_KEY, "", 200, 300 },
	{ "privacy, sent to", WEB_POST, "/privacy", NO_KEY, "", 405, 0 },
	{ "privacy, asked for its methods", WEB_OPTIONS, "/privacy", NO_KEY, "", 204, 0 },
	{ "another method", WEB_OTHER, "/privacy", NO_KEY, "", 405, 0 },
	{ "the style", WEB_GET, "/style.css", NO_KEY, "", 200, 86400 },
	{ "a logo that there is not", WEB_GET, "/logo.png", NO_KEY, "", 404, 300 },
	{ "sources", WEB_GET, "/sources", NO_KEY, "", 200, 300 },
	{ "their list", WEB_GET, "/sources.opml", NO_KEY, "", 200, 300 },
	{ "a part that there is not", WEB_GET, "/sources/9", NO_KEY, "", 404, 300 },
	{ "no word", WEB_GET, "/sources/a.b", NO_KEY, "", 404, 0 },
	{ "the archive", WEB_GET, "/archive/", NO_KEY, "", 200, 300 },
	{ "its feed", WEB_GET, "/archive/atom.xml", NO_KEY, "", 200, 300 },
	{ "a month without issues", WEB_GET, "/archive/2020/01", NO_KEY, "", 404, 300 },
	{ "no month", WEB_GET, "/archive/2026/13", NO_KEY, "", 404, 300 },
	{ "an mbox without issues", WEB_GET, "/archive/2020-01.mbox.gz", NO_KEY, "", 404,
	    300 },
	{ "an issue that there is not", WEB_GET, "/i/2020-01-01", NO_KEY, "", 404, 300 },
	{ "nothing", WEB_GET, "/nothing", NO_KEY, "", 404, 0 },
	{ "asking", WEB_GET, "/subscribe", NO_KEY, "", 200, 0 },
	{ "a code", WEB_GET, "/code", NO_KEY, "", 200, 0 },
	{ "leave", WEB_GET, "/u/", TOKEN_LEAVE, "", 200, 0 },
	{ "leave by no key", WEB_GET, "/u/", BAD_KEY, "", 404, 0 },
	{ "leave by another's key", WEB_GET, "/u/", TOKEN_PREFERENCES, "", 404, 0 },
	{ "left", WEB_POST, "/u/", TOKEN_LEAVE, "act=leave", 200, 0 },
	{ "on hold", WEB_POST, "/u/", TOKEN_LEAVE, "act=hold", 200, 0 },
	{ "weekly", WEB_POST, "/u/", TOKEN_LEAVE, "act=weekly", 200, 0 },
	{ "choose", WEB_GET, "/p/", TOKEN_PREFERENCES, "", 200, 0 },
	{ "choose by no key", WEB_GET, "/p/", BAD_KEY, "", 404, 0 },
	{ "chosen", WEB_POST, "/p/", TOKEN_PREFERENCES, "act=save&rhythm=weekly", 200,
	    0 },
	{ "all that is kept", WEB_GET, "/e/", TOKEN_ERASE, "", 200, 0 },
	{ "by no key", WEB_GET, "/e/", BAD_KEY, "", 404, 0 },
	{ "erased", WEB_POST, "/e/", TOKEN_ERASE, "act=erase", 200, 0 },
	{ "done with it what nobody can", WEB_POST, "/e/", TOKEN_ERASE, "act=x", 400, 0 },
	{ "an address that waits no more", WEB_GET, "/a/", TOKEN_ADDRESS, "", 200, 0 },
	{ "by no key", WEB_GET, "/a/", BAD_KEY, "", 404, 0 },
	{ "a question that is old", WEB_GET, "/c/", BAD_KEY, "", 200, 0 },
	{ "one to be refused", WEB_GET, "/n/", BAD_KEY, "", 200, 0 },
};

static void
each_answer_has_its_status(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		struct pages_test p;
		const char *path = answers[i].path;

		begin(&p);
		if (answers[i].scope == BAD_KEY)
			path = path_of(&p, path, "abc");
		else if (answers[i].scope != NO_KEY)
			path = path_of(&p, path,
			    token(&p, (enum token_scope)answers[i].scope, p.ann.id, 0));
		ask(&p, answers[i].method, path, URLENCODED, answers[i].body);
		SAME_INT(answers[i].name, p.answer.status, answers[i].status);
		SAME_INT(answers[i].name, p.answer.keep_seconds, answers[i].keep);
		end(&p);
	}
}

static void
forms_have_a_length_and_a_type(void **state)
{
	static const struct {
		const char *name, *type;
		size_t len;
		int status;
	} forms[] = {
		{ "empty", URLENCODED, 0, 200 },
		{ "the longest", URLENCODED, LIMIT_FORM, 200 },
		{ "longer", URLENCODED, LIMIT_FORM + 1, 413 },
		{ "no form", "text/plain", 3, 415 },
	};
	char *body = calloc(1, LIMIT_FORM + 2);

	(void)state;
	assert_non_null(body);
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		struct pages_test p;

		begin(&p);
		memset(body, 'a', forms[i].len);
		body[forms[i].len] = '\0';
		ask(&p, WEB_POST, "/code", forms[i].type, body);
		SAME_INT(forms[i].name, p.answer.status, forms[i].status);
		end(&p);
	}
	free(body);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(looking_changes_nothing),
		cmocka_unit_test(one_press_leaves),
		cmocka_unit_test(a_reader_has_all_their_pages_in_their_language),
		cmocka_unit_test(a_slash_at_the_end_is_no_matter),
		cmocka_unit_test(other_tokens_do_nothing),
		cmocka_unit_test(paths_lead_where_they_say),
		cmocka_unit_test(what_is_no_form_is_refused),
		cmocka_unit_test(links_to_choose_run_out),
		cmocka_unit_test(data_is_behind_a_link_of_its_own),
		cmocka_unit_test(a_store_that_fails_is_a_page),
		cmocka_unit_test(each_answer_has_its_status),
		cmocka_unit_test(forms_have_a_length_and_a_type),
	};

	return cmocka_run_group_tests_name("pages", tests, NULL, NULL);
}
