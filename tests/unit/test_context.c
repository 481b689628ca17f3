/* SPDX-License-Identifier: ISC */
/* What a run takes from its settings: templates, the agent, the network, and who is woken. */
#include "unit/cmd_fixture.h"

#include "base/limits.h"
#include "fetch/http.h"

static void
the_sender_is_woken_by_the_time_of_a_file(void **state)
{
	const struct timespec old[2] = { { .tv_sec = 1000 }, { .tv_sec = 1000 } };
	struct buf out = BUF_INIT(SAID_MAX);
	struct buf said = BUF_INIT(SAID_MAX);
	struct flow_test t;
	struct capture c;
	struct stat st;
	char path[300];

	(void)state;
	flow_begin(&t);
	flow_wake(&t.run); /* nobody waits */
	t.run.wake_path = in_folder(t.folder, "wake", path);
	t.run.dry_run = true;
	flow_wake(&t.run);
	assert_false(file_exists(path));
	t.run.dry_run = false;
	capture_begin(&c, t.folder, NULL);
	flow_wake(&t.run);
	capture_end(&c, &out, &said);
	SAME_TEXT("said", buf_text(&said), "");
	assert_int_equal(utimensat(AT_FDCWD, path, old, 0), 0);
	flow_wake(&t.run);
	assert_int_equal(stat(path, &st), 0);
	assert_true(st.st_mtime > 1000);
	SAME_INT("nothing stands in it", st.st_size, 0);
	t.run.wake_path = "/nowhere/at/all";
	capture_begin(&c, t.folder, NULL);
	flow_wake(&t.run);
	capture_end(&c, &out, &said);
	if (strncmp(buf_text(&said),
		"info send: the sender is not woken: /nowhere/at/all", 50) != 0)
		fail_msg("said %s", buf_text(&said));
	buf_clear(&out);
	buf_clear(&said);
	flow_end(&t);
}

static void
a_folder_of_templates_must_be_one(void **state)
{
	struct flow_test t;
	const char *file = NULL;

	(void)state;
	flow_begin(&t);
	file = flow_write(&t, "file", "x");
	t.settings.config.digest.template_dir = file;
	MUST_FAIL(flow_templates(&t.run, err) != NULL, ERR_CONFIG,
	    arena_printf(t.run.arena, "digest.template: is no directory: %s", file));
	t.settings.config.digest.template_dir = "/nowhere/at/all";
	MUST_FAIL(flow_templates(&t.run, err) != NULL, ERR_CONFIG,
	    "digest.template: there is no directory /nowhere/at/all");
	t.settings.config.digest.template_dir = t.folder;
	MUST(flow_templates(&t.run, err) != NULL);
	flow_end(&t);
}

static void
each_language_is_loaded_once(void **state)
{
	struct buf out = BUF_INIT(SAID_MAX);
	struct buf said = BUF_INIT(SAID_MAX);
	const struct template_set *usual = NULL;
	const struct template_set *german = NULL;
	const struct template_set *french = NULL;
	struct flow_test t;
	struct capture c;

	(void)state;
	flow_begin(&t);
	t.settings.config.newsletter.language = "en";
	MUST((usual = flow_templates(&t.run, err)) != NULL);
	MUST(flow_templates_in(&t.run, NULL, err) == usual);
	MUST(flow_templates_in(&t.run, "", err) == usual);
	MUST(flow_templates_in(&t.run, "en", err) == usual);
	MUST((german = flow_templates_in(&t.run, "de", err)) != NULL);
	MUST((french = flow_templates_in(&t.run, "fr", err)) != NULL);
	assert_true(german != usual && french != usual && french != german);
	SAME_TEXT("language", german->language, "de");
	MUST(flow_templates_in(&t.run, "de", err) == german);
	MUST(flow_templates_in(&t.run, "fr", err) == french);
	capture_begin(&c, t.folder, NULL);
	MUST(flow_templates_in(&t.run, "tlh", err) == usual);
	capture_end(&c, &out, &said);
	if (strncmp(buf_text(&said),
		"warn digest: letters in 'tlh' are in 'en' now: ", 47) != 0)
		fail_msg("said %s", buf_text(&said));
	buf_clear(&out);
	buf_clear(&said);
	flow_end(&t);
}

static void
the_agent_names_the_version_and_the_planet(void **state)
{
	static const struct {
		const char *configured, *link, *want;
	} rows[] = {
		{ "planetpost", "https://a.example/", "planetpost" },
		{ "p/VERSION (+LINK)", "https://a.example/",
		    "p/" VERSION " (+https://a.example/)" },
		{ "p/VERSION (+LINK)", "", "p/" VERSION " (+Planet X)" },
		{ "VERSIONLINKVERSION", "L", VERSION "L" VERSION },
		{ "VERSIO LIN version", "L", "VERSIO LIN version" },
		{ "", "L", "" },
	};
	struct flow_test t;

	(void)state;
	flow_begin(&t);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		t.settings.config.newsletter.link = rows[i].link;
		SAME_TEXT(rows[i].configured, flow_user_agent(&t.run, rows[i].configured),
		    rows[i].want);
	}
	flow_end(&t);
}

static void
feeds_are_asked_as_the_settings_say(void **state)
{
	struct flow_test t;
	struct http_settings s;
	struct config *c = &t.settings.config;

	(void)state;
	flow_begin(&t);
	c->fetch.parallel = 3;
	c->fetch.per_host = 2;
	c->fetch.host_pause_ms = 70;
	c->fetch.timeout = 9;
	c->fetch.max_bytes = 1000;
	c->fetch.max_redirects = 4;
	c->fetch.proxy = "none";
	c->fetch.user_agent = "me";
	c->fetch.allow_private = true;
	c->fetch.allow_files = false;
	flow_http_settings(&t.run, &s);
	SAME_INT("parallel", s.parallel, 3);
	SAME_INT("per host", s.per_host, 2);
	SAME_INT("pause", s.host_pause_ms, 70);
	SAME_INT("timeout", s.timeout_ms, 9000);
	SAME_INT("bytes", s.max_bytes, 1000);
	SAME_INT("in flight", s.max_in_flight, 2000);
	SAME_INT("redirects", s.max_redirects, 4);
	SAME_TEXT("proxy", s.proxy, "none");
	SAME_TEXT("agent", s.user_agent, "me");
	SAME_INT("private", s.allow_private, true);
	SAME_INT("files", s.allow_files, false);
	c->fetch.threads = 1;
	SAME_INT("alone", flow_reading_threads(&t.run), 0);
	c->fetch.threads = 3;
	SAME_INT("beside two", flow_reading_threads(&t.run), 2);
	c->fetch.threads = 1000;
	SAME_INT("no more", flow_reading_threads(&t.run), LIMIT_READING_THREADS);
	flow_end(&t);
}

/* Seconds that went by since the run began. */
static void
the_clock_goes_on_while_it_runs(void **state)
{
	struct flow_test t;

	(void)state;
	flow_begin(&t);
	t.run.started_ms = clock_ticks_ms() - 90500;
	assert_in_range(flow_now(&t.run), NOW + 90, NOW + 100);
	flow_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_sender_is_woken_by_the_time_of_a_file),
		cmocka_unit_test(a_folder_of_templates_must_be_one),
		cmocka_unit_test(each_language_is_loaded_once),
		cmocka_unit_test(the_agent_names_the_version_and_the_planet),
		cmocka_unit_test(feeds_are_asked_as_the_settings_say),
		cmocka_unit_test(the_clock_goes_on_while_it_runs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
