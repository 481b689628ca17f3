/* SPDX-License-Identifier: ISC */
/* The letters of the last hour as they are kept from run to run. */
#include "unit/flow_fixture.h"

#include "flow/hour_counts.h"
#include "store/notes.h"
#include "transport/hour_count.h"

/* The minute of NOW is 29925000. */
static const struct {
	const char *name, *kept, *want;
} notes[] = {
	{ "nothing yet", "", "smtp\t\n" },
	{ "in order", "smtp\t29924990:1 29925000:2 \n",
	    "smtp\t29924990:1 29925000:2 \n" },
	{ "in another", "smtp\t29925000:2 29924990:1 \n",
	    "smtp\t29924990:1 29925000:2 \n" },
	{ "without an end", "smtp\t29925000:2", "smtp\t29925000:2 \n" },
	{ "sixty minutes before the newest, and no more",
	    "smtp\t29924939:1 29924940:3 29925000:2 \n",
	    "smtp\t29924940:3 29925000:2 \n" },
	{ "none, and less", "smtp\t29924998:1 29924999:-3 29925000:0 \n",
	    "smtp\t29924998:1 \n" },
	{ "what is no number ends it", "smtp\t29924998:1 x 29925000:2 \n",
	    "smtp\t29924998:1 \n" },
	{ "of others",
	    "other\t29925000:7 \n smtp\t29925000:5 \nsmtp2\t29925000:4 \n"
	    "smtp\t29925000:3 \n",
	    "smtp\t29925000:3 \n" },
	{ "twice one minute", "smtp\t29925000:3 29925000:4 \n", "smtp\t29925000:7 \n" },
};

static const char *
kept_note(struct flow_test *t)
{
	const char *text = NULL;

	MUST(store_note_get(t->run.store, t->run.arena, "sent.hour", &text, err));
	return text;
}

static void
what_was_given_is_kept_by_minutes(void **state)
{
	struct flow_test t;

	(void)state;
	flow_begin(&t);
	t.settings.config.transport.method = TRANSPORT_SMTP;
	t.settings.config.smtp.per_hour = 5;
	for (size_t i = 0; i < ARRAY_LEN(notes); i++) {
		struct hour_count *list = NULL;

		MUST(store_note_set(t.run.store, "sent.hour", notes[i].kept, err));
		MUST(hour_counts_load(&t.run, &list, err));
		assert_non_null(list);
		MUST(hour_counts_save(&t.run, list, err));
		SAME_TEXT(notes[i].name, kept_note(&t), notes[i].want);
	}
	flow_end(&t);
}

static void
where_nothing_bounds_them_nothing_is_kept(void **state)
{
	static const enum transport_method methods[] = { TRANSPORT_SMTP, TRANSPORT_LMTP };
	struct flow_test t;

	(void)state;
	flow_begin(&t);
	MUST(store_note_set(t.run.store, "sent.hour", "as it was", err));
	for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
		struct hour_count *list = NULL;
		struct full_hour *full = NULL;
		size_t count = 7;

		t.settings.config.transport.method = methods[i];
		t.settings.config.smtp.per_hour = 0;
		MUST(hour_counts_load(&t.run, &list, err));
		assert_null(list);
		MUST(hour_counts_save(&t.run, list, err));
		SAME_TEXT("note", kept_note(&t), "as it was");
		MUST(hour_counts_full(&t.run, &full, &count, err));
		SAME_INT("full", count, 0);
	}
	flow_end(&t);
}

/* A minute that was given letters counts until sixty whole ones are over. */
static void
an_hour_is_full_until_its_first_letters_are_over(void **state)
{
	static const struct {
		const char *name;
		int64_t at; /* seconds since the minute of the first */
		size_t full;
	} rows[] = {
		{ "in the next minute", 60, 1 },
		{ "in the last minute", 61 * 60 - 30, 1 },
		{ "an hour later", 61 * 60, 0 },
	};
	struct flow_test t;

	(void)state;
	flow_begin(&t);
	t.settings.config.transport.method = TRANSPORT_SMTP;
	t.settings.config.smtp.per_hour = 3;
	MUST(store_note_set(t.run.store, "sent.hour", "smtp\t29925000:2 29925001:1 \n",
	    err));
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct full_hour *full = NULL;
		size_t count = 7;

		t.run.now = NOW + rows[i].at;
		t.run.started_ms = clock_ticks_ms();
		MUST(hour_counts_full(&t.run, &full, &count, err));
		SAME_INT(rows[i].name, count, rows[i].full);
		if (rows[i].full == 0)
			continue;
		SAME_TEXT(rows[i].name, full[0].name, "smtp");
		SAME_INT(rows[i].name, full[0].per_hour, 3);
		SAME_INT(rows[i].name, full[0].until, NOW + 61 * 60);
	}
	flow_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_given_is_kept_by_minutes),
		cmocka_unit_test(where_nothing_bounds_them_nothing_is_kept),
		cmocka_unit_test(an_hour_is_full_until_its_first_letters_are_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
