/* SPDX-License-Identifier: ISC */
/*
 * The keeper's own pages are tried before anybody asks for them: a key that there is not is found
 * on each page, and in each part of a page that is shown to some only.
 */
#include "unit/flow_fixture.h"

#include "base/file.h"
#include "web/page_trial.h"

/* A part of a page, "" for all of it, that is to be tried. */
static const struct {
	const char *page, *part;
} parts[] = {
	{ "page-address", "asks" },
	{ "page-address", "done" },
	{ "page-address", "taken" },
	{ "page-address-old", "" },
	{ "page-archive", "is_empty" },
	{ "page-archive", "issues" },
	{ "page-archive", "has_months" },
	{ "page-broken", "" },
	{ "page-by-mail", "command_address" },
	{ "page-check-mail", "problem" },
	{ "page-check-mail", "command_address" },
	{ "page-confirm", "is_back" },
	{ "page-data", "history" },
	{ "page-data", "evidence" },
	{ "page-expired", "" },
	{ "page-faces", "" },
	{ "page-gone", "" },
	{ "page-gone", "said" },
	{ "page-leave", "is_held" },
	{ "page-leave", "is_waiting" },
	{ "page-leave", "is_reading" },
	{ "page-leave", "held_until" },
	{ "page-leave", "may_weekly" },
	{ "page-leave", "may_hold" },
	{ "page-leave", "done" },
	{ "page-left", "may_undo" },
	{ "page-left", "thanks" },
	{ "page-picks", "" },
	{ "page-preferences", "has_problem" },
	{ "page-preferences", "is_held" },
	{ "page-preferences", "is_bounced" },
	{ "page-preferences", "is_reading" },
	{ "page-preferences", "is_waiting" },
	{ "page-preferences", "held_until" },
	{ "page-preferences", "said" },
	{ "page-preferences", "is_saved" },
	{ "page-preferences", "changes" },
	{ "page-preferences", "zone_problem" },
	{ "page-preferences", "which_problem" },
	{ "page-preferences", "hold_problem" },
	{ "page-preferences", "new_problem" },
	{ "page-preferences", "new_address" },
	{ "page-preferences", "is_each" },
	{ "page-preferences", "is_daily" },
	{ "page-preferences", "is_weekdays" },
	{ "page-preferences", "is_weekly" },
	{ "page-preferences", "is_monthly" },
	{ "page-preferences", "is_text" },
	{ "page-preferences", "is_short" },
	{ "page-preferences", "takes_only" },
	{ "page-preferences", "many" },
	{ "page-privacy", "" },
	{ "page-refuse", "" },
	{ "page-sources", "has_writing" },
	{ "page-sources", "has_away" },
	{ "page-sources", "has_quiet" },
	{ "page-sources", "has_parts" },
	{ "page-sources-part", "is_saved" },
	{ "page-sources-part", "takes_only" },
	{ "page-subscribe", "has_problem" },
	{ "page-subscribe", "has_latest" },
	{ "page-subscribe", "is_weekdays" },
	{ "page-subscribe", "is_weekly" },
	{ "page-subscribe", "is_monthly" },
	{ "page-subscribe", "is_each" },
	{ "page-subscribed", "manage" },
	{ "page-subscribed", "has_latest" },
	{ "page-too-many", "command_address" },
	{ "page-wrong", "" },
	{ "archive-atom", "issues" },
	{ "sources-opml", "sources" },
};

/* Two feeds, three posts, and a page of the keeper's own, or none. */
static void
begin(struct flow_test *t, const char *page, const char *text)
{
	int64_t source = 0;

	flow_begin(t);
	t->settings.config.web.url = "https://news.example.net/p";
	if (page) {
		t->settings.config.digest.template_dir =
		    arena_printf(t->run.arena, "%s/own", t->folder);
		MUST(file_make_dirs(t->settings.config.digest.template_dir, 0700, err));
		(void)flow_write(t, arena_printf(t->run.arena, "own/%s.html", page),
		    text);
	}
	/* Opened once, and closed with the run. */
	MUST(flow_templates(&t->run, err) != NULL);
	source = add_source(t->run.store, "a");
	(void)add_source(t->run.store, "b");
	for (int i = 0; i < 3; i++)
		(void)add_full_post(t, source, arena_printf(t->run.arena, "Post%d", i),
		    NOW - 3600 - i);
}

static void
each_part_of_each_page_is_tried(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		const char *part = parts[i].part;
		struct err err = ERR_INIT;
		struct flow_test t;
		char text[200] = "{{key_of_nobody}}";
		char want[100];

		if (*part)
			(void)snprintf(text, sizeof(text),
			    "x\n{{#%s}}{{key_of_nobody}}{{/%s}}", part, part);
		(void)snprintf(want, sizeof(want), "%s.", parts[i].page);
		begin(&t, parts[i].page, text);
		if (pages_try(&t.run, &err))
			fail_msg("%s %s is not tried", parts[i].page, part);
		if (err.kind != ERR_CONFIG || !strstr(err.text, want) ||
		    !strstr(err.text, "key_of_nobody"))
			fail_msg("%s %s: got %d, %s", parts[i].page, part, err.kind,
			    err.text);
		flow_end(&t);
	}
}

static void
the_built_in_pages_are_whole(void **state)
{
	struct flow_test t;

	(void)state;
	begin(&t, NULL, NULL);
	MUST(pages_try(&t.run, err));
	flow_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_built_in_pages_are_whole),
		cmocka_unit_test(each_part_of_each_page_is_tried),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
