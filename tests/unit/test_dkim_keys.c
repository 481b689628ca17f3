/* SPDX-License-Identifier: ISC */
/* Where keys that sign letters come from: files of the settings, or credentials of the service. */
#include "unit/flow_fixture.h"

#include <strings.h>

#include "flow/dkim_keys.h"

/* RFC 8410 10.3. */
static const char key_text[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
    "-----END PRIVATE KEY-----\n";

/* %: the folder. */
static const char *
in_it(struct flow_test *t, const char *text)
{
	const char *out = "";

	for (; *text; text++)
		out = *text == '%' ? arena_printf(t->run.arena, "%s%s", out, t->folder)
				   : arena_printf(t->run.arena, "%s%c", out, *text);
	return out;
}

static const struct {
	const char *name, *selectors, *files;
	bool has_credentials;
	const char *want; /* "selector=file ..." */
	const char *text; /* of the failure */
} places[] = {
	{ "nothing", "", "", true, "", NULL },
	{ "one", "s2026", "%/a", false, "s2026=%/a ", NULL },
	{ "two, each with its own", " s1\ts2 ", "%/a\n%/b\n", false, "s1=%/a s2=%/b ",
	    NULL },
	{ "a file too few", "s1 s2", "%/a", false, NULL,
	    "smtp.dkim_key_file has 1 and smtp.dkim_selector 2 names" },
	{ "a file too many", "s1", "%/a\n%/b", false, NULL,
	    "smtp.dkim_key_file has 2 and smtp.dkim_selector 1 names" },
	{ "no name in the DNS", "s1 a_b", "%/a\n%/b", false, NULL,
	    "smtp.dkim_selector: a_b is no name in the DNS" },
	{ "credentials", "here gone", "", true, "here=%/dkim-here gone= ", NULL },
	{ "no credentials", "here gone", "", false, "here= gone= ", NULL },
	{ "a file goes before them", "here", "%/a", true, "here=%/a ", NULL },
};

static void
each_selector_has_its_key(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		struct dkim_places out;
		struct err why = ERR_INIT;
		struct flow_test t;
		const char *got = "";
		bool ok = false;

		flow_begin(&t);
		(void)flow_write(&t, "dkim-here", key_text);
		t.run.credentials_dir = places[i].has_credentials ? t.folder : NULL;
		t.settings.config.smtp.dkim_selector = places[i].selectors;
		t.settings.config.smtp.dkim_key_file = in_it(&t, places[i].files);
		ok = flow_dkim_places(&t.run, &out, &why);
		SAME_INT(places[i].name, ok, places[i].want != NULL);
		SAME_TEXT(places[i].name, why.text, places[i].text ? places[i].text : "");
		SAME_INT(places[i].name, why.kind, ok ? ERR_NONE : ERR_CONFIG);
		for (size_t k = 0; ok && k < out.count; k++)
			got = arena_printf(t.run.arena, "%s%s=%s ", got, out.selectors[k],
			    out.files[k] ? out.files[k] : "");
		if (ok)
			SAME_TEXT(places[i].name, got, in_it(&t, places[i].want));
		flow_end(&t);
	}
}

static void
there_are_no_more_selectors_than_keys_may_be(void **state)
{
	struct flow_test t;
	struct dkim_places out;
	const char *names = "";

	(void)state;
	flow_begin(&t);
	t.settings.config.smtp.dkim_key_file = "";
	for (int i = 0; i < DKIM_KEYS_MAX; i++)
		names = arena_printf(t.run.arena, "%ss%d ", names, i);
	t.settings.config.smtp.dkim_selector = names;
	MUST(flow_dkim_places(&t.run, &out, err));
	SAME_INT("as many", out.count, DKIM_KEYS_MAX);
	t.settings.config.smtp.dkim_selector =
	    arena_printf(t.run.arena, "%sone-more", names);
	MUST_FAIL(flow_dkim_places(&t.run, &out, err), ERR_CONFIG,
	    arena_printf(t.run.arena, "smtp.dkim_selector: more than %d", DKIM_KEYS_MAX));
	flow_end(&t);
}

static void
keys_that_are_there_sign_for_the_senders_domain(void **state)
{
	struct flow_test t;
	struct dkim_signer s;

	(void)state;
	flow_begin(&t);
	(void)flow_write(&t, "dkim-here", key_text);
	t.run.credentials_dir = t.folder;
	t.settings.config.smtp.dkim_selector = "gone here";
	t.settings.config.smtp.dkim_key_file = "";
	t.settings.config.newsletter.from = "Planet X <planet@Sub.Example.net>";
	MUST(flow_dkim_signer(&t.run, &s, err));
	SAME_INT("keys", s.count, 1);
	SAME_TEXT("selector", s.keys[0].selector, "here");
	assert_true(strcasecmp(s.domain, "sub.example.net") == 0);
	flow_dkim_clear(&s);
	SAME_INT("cleared", s.count, 0);
	t.settings.config.smtp.dkim_selector = "gone";
	t.settings.config.newsletter.from = "";
	MUST(flow_dkim_signer(&t.run, &s, err));
	SAME_INT("nobody signs, and no domain is asked for", s.count, 0);
	flow_end(&t);
}

static void
what_cannot_sign_is_told(void **state)
{
	static const struct {
		const char *name, *from, *second;
		mode_t mode;
		const char *text;
	} rows[] = {
		{ "no sender", "", key_text, 0600, "newsletter.from is not set" },
		{ "a sender that is none", "nobody", key_text, 0600,
		    "newsletter.from: " },
		{ "a key that is none", "a@b.example", "none", 0600,
		    "smtp.dkim_key_file: " },
		{ "a key for all to see", "a@b.example", key_text, 0604,
		    "holds a private key and others can read it (mode 0604)" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct flow_test t;
		struct dkim_signer s;

		flow_begin(&t);
		(void)flow_write(&t, "a", key_text);
		assert_int_equal(chmod(flow_write(&t, "b", rows[i].second), rows[i].mode),
		    0);
		t.settings.config.smtp.dkim_selector = "s1 s2";
		t.settings.config.smtp.dkim_key_file = in_it(&t, "%/a\n%/b");
		t.settings.config.newsletter.from = rows[i].from;
		MUST_FAIL(flow_dkim_signer(&t.run, &s, err), ERR_CONFIG, rows[i].text);
		SAME_INT(rows[i].name, s.count, 0);
		flow_end(&t);
	}
}

/* A group may read it: that of the mail server. */
static void
a_key_may_be_its_groups(void **state)
{
	struct flow_test t;
	struct dkim_key *key = NULL;
	const char *path = NULL;

	(void)state;
	flow_begin(&t);
	path = flow_write(&t, "a", key_text);
	assert_int_equal(chmod(path, 0640), 0);
	MUST(flow_dkim_key(path, &key, err));
	assert_non_null(key);
	dkim_key_free(key);
	MUST_FAIL(flow_dkim_key("/nowhere/at/all", &key, err), ERR_CONFIG,
	    "smtp.dkim_key_file: /nowhere/at/all");
	assert_null(key);
	flow_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_selector_has_its_key),
		cmocka_unit_test(there_are_no_more_selectors_than_keys_may_be),
		cmocka_unit_test(keys_that_are_there_sign_for_the_senders_domain),
		cmocka_unit_test(what_cannot_sign_is_told),
		cmocka_unit_test(a_key_may_be_its_groups),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
