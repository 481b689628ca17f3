/* SPDX-License-Identifier: ISC */
/* When a person hears of a mailbox that cannot be read. */
#include "unit/flow_fixture.h"

#include "flow/mailbox_intake.h"

enum { HOUR = 3600 };

static void
a_mailbox_that_cannot_be_read_is_told_once_a_day(void **state)
{
	static const struct {
		int hour;
		enum err_kind kind; /* ERR_NONE: it could be read */
		const char *text;
		bool is_news;
	} steps[] = {
		{ 0, ERR_TEMPORARY, "no answer", false },
		{ 5, ERR_TEMPORARY, "no answer", false },
		{ 6, ERR_TEMPORARY, "no answer", true },
		{ 7, ERR_TEMPORARY, "no answer", false },
		{ 8, ERR_PERMANENT, "wrong password", true },
		{ 9, ERR_PERMANENT, "wrong password", false },
		{ 32, ERR_PERMANENT, "wrong password", true },
		{ 33, ERR_NONE, "", false },
		{ 34, ERR_TEMPORARY, "no answer", false },
		{ 39, ERR_TEMPORARY, "no answer", false },
		{ 41, ERR_TEMPORARY, "no answer", true },
	};
	struct flow_test t;

	(void)state;
	flow_begin(&t);
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		struct err why = ERR_INIT;
		bool is_news = false;

		t.run.now = NOW + steps[i].hour * HOUR;
		if (steps[i].kind != ERR_NONE)
			(void)err_set(&why, steps[i].kind, "%s", steps[i].text);
		MUST(flow_mail_is_news(&t.run, steps[i].kind != ERR_NONE ? &why : NULL,
		    &is_news, err));
		if (is_news != steps[i].is_news)
			fail_msg("hour %d: got %d", steps[i].hour, is_news);
	}
	flow_end(&t);
}

/* Where mail comes by a pipe there is nothing to be read. */
static void
a_pipe_is_no_mailbox(void **state)
{
	static const char *const sources[] = { "pipe", "none" };
	struct flow_test t;
	struct mail_tally tally;

	(void)state;
	flow_begin(&t);
	for (size_t i = 0; i < ARRAY_LEN(sources); i++) {
		t.settings.config.bounce.source = sources[i];
		MUST(flow_mail_fetch(&t.run, &tally, err));
		SAME_INT("messages", tally.messages, 0);
	}
	flow_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mailbox_that_cannot_be_read_is_told_once_a_day),
		cmocka_unit_test(a_pipe_is_no_mailbox),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
