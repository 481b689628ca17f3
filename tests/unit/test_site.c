/* SPDX-License-Identifier: ISC */
/* What all pages share: where they are, what they look like, and settings that are none. */
#include "unit/flow_fixture.h"

#include "base/file.h"
#include "digest/templates.h"
#include "web/site.h"

static void
the_path_of_the_pages_is_that_of_their_address(void **state)
{
	static const struct {
		const char *url, *base;
	} cases[] = { { "https://news.example.net", "" },
		{ "https://news.example.net/", "" },
		{ "https://news.example.net/p", "/p" },
		{ "https://news.example.net/p/", "/p" },
		{ "https://news.example.net/p//", "/p" },
		{ "https://example.net/news/p", "/news/p" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct flow_test t;
		struct site site;

		flow_begin(&t);
		t.settings.config.web.url = cases[i].url;
		MUST(site_open(&t.run, &site, err));
		SAME_TEXT(cases[i].url, site.base, cases[i].base);
		SAME_TEXT("from", site.from, "planet@example.net");
		SAME_TEXT("owner", site.owner, "planet@example.net");
		/* The pages' clock says what the run's does. */
		assert_in_range(site.clock() + site.clock_ahead - NOW, 0, 60);
		assert_null(site.logo.bytes);
		SAME_INT("languages", site.language_count, 3);
		SAME_TEXT("the first", site.languages[0].tag, "de");
		flow_end(&t);
	}
}

static void
settings_that_are_none_are_told(void **state)
{
	struct flow_test t;
	struct site site;

	(void)state;
	flow_begin(&t);
	t.settings.config.web.url = "";
	MUST_FAIL(site_open(&t.run, &site, err), ERR_CONFIG,
	    "web.url is not set: where are the pages?");
	MUST_FAIL(site_open(&t.run, &site, err), ERR_CONFIG,
	    "url = https://news.your.domain under [web]");
	t.settings.config.web.url = "https://news.example.net";
	t.settings.config.web.trusted_proxy = "somebody";
	MUST_FAIL(site_open(&t.run, &site, err), ERR_CONFIG,
	    "web.trusted_proxy: 'somebody'");
	t.settings.config.web.trusted_proxy = "unix 192.0.2.1";
	MUST(site_open(&t.run, &site, err));
	SAME_INT("a local one", site.trusted.has_local, 1);
	SAME_INT("and a network", site.trusted.count, 1);
	t.settings.config.web.css = "/nowhere/at/all.css";
	MUST_FAIL(site_open(&t.run, &site, err), ERR_CONFIG, "web.css: ");
	flow_end(&t);
}

/* Behind the style of the templates the settings, and behind these the keeper's own. */
static void
the_style_is_put_together(void **state)
{
	static const struct {
		const char *name, *light, *dark, *css;
		const char *behind;
	} cases[] = {
		{ "none", "", "", NULL, "" },
		{ "in the dark", "", "#abcdef", NULL,
		    "\n@media (prefers-color-scheme: dark) { :root { --blue: #abcdef; } }" },
		{ "both", "#123456", "#abcdef", NULL,
		    "\n:root { --blue: #123456; }\n@media (prefers-color-scheme: dark) { "
		    ":root { --blue: #abcdef; } }" },
		{ "their own", "", "", "p { color: red }\n", "\np { color: red }\n" },
		{ "all", "#123456", "#abcdef", "p { color: red }\n",
		    "\n:root { --blue: #123456; }\n@media (prefers-color-scheme: dark) { "
		    ":root { --blue: #abcdef; } }\np { color: red }\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct flow_test t;
		struct site site;
		struct err err = ERR_INIT;
		const char *plain = NULL;

		flow_begin(&t);
		t.settings.config.web.url = "https://news.example.net";
		t.settings.config.style.colour = cases[i].light;
		t.settings.config.style.colour_dark = cases[i].dark;
		if (cases[i].css)
			t.settings.config.web.css =
			    flow_write(&t, "own.css", cases[i].css);
		plain = template_set_text(t.run.arena, "", "en", "page.css", &err);
		assert_non_null(plain);
		if (!site_open(&t.run, &site, &err))
			fail_msg("%s: %s", cases[i].name, err.text);
		SAME_TEXT(cases[i].name, site.style,
		    arena_printf(t.run.arena, "%s%s", plain, cases[i].behind));
		flow_end(&t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_path_of_the_pages_is_that_of_their_address),
		cmocka_unit_test(settings_that_are_none_are_told),
		cmocka_unit_test(the_style_is_put_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
