/* SPDX-License-Identifier: ISC */
/* A reader's wishes in words: what each word does, and what is refused. */
#include "unit/flow_fixture.h"

#include "flow/reader_wishes.h"

static const char rhythms[] = "rhythm is each, daily, weekdays, weekly or monthly, not ";

/* A reader of a weekly letter with everything of their own. */
static struct reader
choosy_reader(void)
{
	struct reader r = make_reader("a@x.example", READER_ACTIVE);

	r.cadence = (struct cadence){ RHYTHM_WEEKLY, 3, 18 * 60 + 30, "Europe/Paris" };
	r.variant = (struct variant){ 0, LENGTH_TITLES, FORMAT_TEXT, "+1", NULL, 0 };
	return r;
}

static void
must_apply(struct flow_test *t, const struct reader_wishes *w, struct reader *r)
{
	MUST(flow_wishes_apply(&t->run, t->run.arena, w, r, err));
}

/* ---- when ---- */

static const struct {
	const char *name;
	struct reader_wishes w;
	const char *want; /* as words, from a reader of each issue */
} cadence_cases[] = {
	{ "nothing said", { .rhythm = NULL }, "each" },
	{ "each", { .rhythm = "each" }, "each" },
	{ "daily", { .rhythm = "Daily" }, "daily" },
	{ "daily at an hour", { .rhythm = "daily", .hour = "7" }, "daily 07:00" },
	{ "weekdays", { .rhythm = "WEEKDAYS", .hour = "18:30" }, "weekdays 18:30" },
	{ "weekly", { .rhythm = "weekly" }, "weekly" },
	{ "weekly on a day", { .rhythm = "weekly", .day = "fri" }, "weekly Friday" },
	{ "weekly, all of it",
	    { .rhythm = "weekly", .day = "Sunday", .hour = "0", .zone = "Asia/Tokyo" },
	    "weekly Sunday 00:00 Asia/Tokyo" },
	{ "monthly", { .rhythm = "monthly", .day = "31" }, "monthly 31" },
	{ "monthly on any day", { .rhythm = "monthly", .day = "default" }, "monthly" },
	{ "the newsletter's hour", { .rhythm = "daily", .hour = "" }, "daily" },
	{ "the newsletter's rhythm", { .rhythm = "default" }, "each" },
	{ "a day of none", { .rhythm = "daily", .day = "default" }, "daily" },
};

static void
words_make_a_cadence(void **state)
{
	struct flow_test t;

	(void)state;
	flow_begin(&t);
	for (size_t i = 0; i < ARRAY_LEN(cadence_cases); i++) {
		struct reader r = make_reader("a@x.example", READER_ACTIVE);

		must_apply(&t, &cadence_cases[i].w, &r);
		SAME_TEXT(cadence_cases[i].name,
		    flow_cadence_words(t.run.arena, &r.cadence), cadence_cases[i].want);
	}
	flow_end(&t);
}

static void
a_language_is_one_that_has_templates(void **state)
{
	struct reader r = make_reader("a@x.example", READER_ACTIVE);
	const struct reader_wishes french = { .language = "fr" };
	const struct reader_wishes swiss = { .language = "de-CH" };
	const struct reader_wishes klingon = { .language = "tlh" };
	const struct reader_wishes default_one = { .language = "default" };
	struct flow_test t;

	(void)state;
	flow_begin(&t);
	must_apply(&t, &french, &r);
	SAME_TEXT("french", r.variant.language, "fr");
	must_apply(&t, &swiss, &r);
	SAME_TEXT("of a country", r.variant.language, "de-CH");
	MUST_FAIL(flow_wishes_apply(&t.run, t.run.arena, &klingon, &r, err), ERR_INPUT,
	    "there are no templates in 'tlh'");
	SAME_TEXT("as it was", r.variant.language, "de-CH");
	must_apply(&t, &default_one, &r);
	SAME_TEXT("default", r.variant.language, "");
	flow_end(&t);
}

static void
what_is_not_said_stays(void **state)
{
	static const struct {
		const char *name;
		struct reader_wishes w;
		const char *want; /* from "weekly Wednesday 18:30 Europe/Paris" */
	} cases[] = {
		{ "nothing", { .rhythm = NULL }, "weekly Wednesday 18:30 Europe/Paris" },
		{ "the same rhythm", { .rhythm = "weekly" },
		    "weekly Wednesday 18:30 Europe/Paris" },
		{ "another rhythm has no day yet", { .rhythm = "monthly" },
		    "monthly 18:30 Europe/Paris" },
		{ "daily", { .rhythm = "daily" }, "daily 18:30 Europe/Paris" },
		{ "a day", { .day = "Mon" }, "weekly Monday 18:30 Europe/Paris" },
		{ "any day", { .day = "default" }, "weekly 18:30 Europe/Paris" },
		{ "an hour", { .hour = "7:05" }, "weekly Wednesday 07:05 Europe/Paris" },
		{ "no hour", { .hour = "default" }, "weekly Wednesday Europe/Paris" },
		{ "a zone", { .zone = "Asia/Tokyo" },
		    "weekly Wednesday 18:30 Asia/Tokyo" },
		{ "no zone", { .zone = "" }, "weekly Wednesday 18:30" },
	};
	struct flow_test t;

	(void)state;
	flow_begin(&t);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct reader r = choosy_reader();

		must_apply(&t, &cases[i].w, &r);
		SAME_TEXT(cases[i].name, flow_cadence_words(t.run.arena, &r.cadence),
		    cases[i].want);
		SAME_INT(cases[i].name, r.variant.format, FORMAT_TEXT);
		SAME_INT(cases[i].name, r.variant.length, LENGTH_TITLES);
		SAME_TEXT(cases[i].name, r.variant.sources, "+1");
	}
	flow_end(&t);
}

/* ---- what it is like ---- */

static void
format_and_length(void **state)
{
	const struct reader_wishes w = { .format = "html",
		.length = "summary",
		.pictures = "inline-remote" };
	const struct reader_wishes back = { .format = "default",
		.length = "",
		.pictures = "default" };
	struct flow_test t;
	struct reader r = choosy_reader();

	(void)state;
	flow_begin(&t);
	must_apply(&t, &w, &r);
	SAME_INT("format", r.variant.format, FORMAT_HTML);
	SAME_INT("length", r.variant.length, LENGTH_SHORT);
	SAME_INT("pictures", r.variant.pictures, PICTURES_REMOTE);
	SAME_INT("nothing else", r.cadence.rhythm, RHYTHM_WEEKLY);
	r = choosy_reader();
	must_apply(&t, &back, &r);
	SAME_INT("format by default", r.variant.format, FORMAT_HTML);
	SAME_INT("length by default", r.variant.length, LENGTH_DEFAULT);
	SAME_INT("pictures by default", r.variant.pictures, PICTURES_DEFAULT);
	flow_end(&t);
}

static void
sources_by_their_keys(void **state)
{
	static const struct {
		const char *words, *sources, *back;
	} cases[] = {
		{ "all", "*", "all" },
		{ "ALL", "*", "all" },
		{ "", "*", "all" },
		{ "default", "*", "all" },
		{ "only bo", "+2", "only bo" },
		{ "only cy,ann", "+1 3", "only ann cy" },
		{ "Only  cy,  ann cy", "+1 3", "only ann cy" },
		{ "all but bo", "-2", "all but bo" },
		{ "All But\tann bo cy", "-1 2 3", "all but ann bo cy" },
	};
	struct flow_test t;

	(void)state;
	flow_begin(&t);
	SAME_INT("ann", add_source(t.run.store, "ann"), 1);
	SAME_INT("bo", add_source(t.run.store, "bo"), 2);
	SAME_INT("cy", add_source(t.run.store, "cy"), 3);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct reader_wishes w = { .sources = cases[i].words };
		struct reader r = choosy_reader();
		const char *back = NULL;

		must_apply(&t, &w, &r);
		SAME_TEXT(cases[i].words, r.variant.sources, cases[i].sources);
		MUST(flow_sources_words(&t.run, t.run.arena, &r.variant, &back, err));
		SAME_TEXT(cases[i].words, back, cases[i].back);
	}
	flow_end(&t);
}

/* ---- what is refused ---- */

static const struct {
	struct reader_wishes w;
	const char *why; /* rhythms: the sentence above comes before it */
	bool is_rhythm;
} refused[] = {
	{ { .rhythm = "hourly" }, "'hourly'", true },
	{ { .rhythm = "off" }, "'off'", true },
	{ { .rhythm = "weekly Monday" }, "'weekly Monday'", true },
	{ { .rhythm = "weekly", .day = "32" }, "day is Monday to Sunday, not '32'",
	    false },
	{ { .rhythm = "weekly", .day = "Mo" }, "day is Monday to Sunday, not 'Mo'",
	    false },
	{ { .rhythm = "monthly", .day = "0" }, "day is 1 to 31, not '0'", false },
	{ { .rhythm = "monthly", .day = "32" }, "day is 1 to 31, not '32'", false },
	{ { .rhythm = "monthly", .day = "Monday" }, "day is 1 to 31, not 'Monday'",
	    false },
	{ { .day = "Monday" },
	    "a day belongs to a weekly or monthly rhythm, not to 'each'", false },
	{ { .rhythm = "daily", .day = "1" },
	    "a day belongs to a weekly or monthly rhythm, not to 'daily'", false },
	{ { .hour = "24" }, "hour is a time of day such as 7 or 18:30, not '24'", false },
	{ { .hour = "7:60" }, "hour is a time of day such as 7 or 18:30, not '7:60'",
	    false },
	{ { .hour = "noon" }, "hour is a time of day such as 7 or 18:30, not 'noon'",
	    false },
	{ { .zone = "Mars/Base" }, "Mars/Base", false },
	{ { .zone = "../../etc/passwd" }, "../../etc/passwd", false },
	{ { .format = "pdf" }, "format is html, text, digest or plain, not 'pdf'",
	    false },
	{ { .pictures = "all" },
	    "pictures is none, link, first, inline or remote, not 'all'", false },
	{ { .length = "half" }, "length is default, whole, short or titles, not 'half'",
	    false },
	{ { .sources = "ann" },
	    "sources is all, 'only KEY KEY' or 'all but KEY KEY', not 'ann'", false },
	{ { .sources = "all except ann" },
	    "sources is all, 'only KEY KEY' or 'all but KEY KEY', not 'all except ann'",
	    false },
	{ { .sources = "only" }, "'only' names no source", false },
	{ { .sources = "all but" }, "'all but' names no source", false },
	{ { .sources = "only ann nobody" }, "nobody", false },
};

static void
what_cannot_be_understood_is_told(void **state)
{
	struct flow_test t;

	(void)state;
	flow_begin(&t);
	(void)add_source(t.run.store, "ann");
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		struct reader r = make_reader("a@x.example", READER_ACTIVE);
		const char *why = refused[i].is_rhythm
		    ? arena_printf(t.run.arena, "%s%s", rhythms, refused[i].why)
		    : refused[i].why;

		MUST_FAIL(flow_wishes_apply(&t.run, t.run.arena, &refused[i].w, &r, err),
		    ERR_INPUT, why);
	}
	flow_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_make_a_cadence),
		cmocka_unit_test(a_language_is_one_that_has_templates),
		cmocka_unit_test(what_is_not_said_stays),
		cmocka_unit_test(format_and_length),
		cmocka_unit_test(sources_by_their_keys),
		cmocka_unit_test(what_cannot_be_understood_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
