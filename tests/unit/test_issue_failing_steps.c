/* SPDX-License-Identifier: ISC */
/*
 * Issues that are looked at, sent and tested: where a row cannot be read or written, none of it is
 * called done.  Dry runs and transport.method = redirect move nothing, and can be asked again.
 */
#define _GNU_SOURCE /* RTLD_NEXT */

#include "unit/failing_planet.h"

static const char approves[] = "[approval]\nmode = manual\neditors = ed@example.org\n";
static const char approves_redirected[] =
    "[approval]\nmode = manual\neditors = ed@example.org\n"
    "[transport]\nmethod = redirect\nredirect_to = me@example.org\n";

static const char *const by_hand[][9] = {
	{ "-q", "issue", "show", "last", "--as", ANN, "--eml" },
	{ "-q", "-n", "issue", "send", "next", "--confirm", "1" },
	{ "-q", "-n", "issue", "cancel", "next" },
	{ "-q", "-n", "issue", "send", "last", "--retry-refused", "--resend-unknown" },
	{ "-q", "preview", "--as", ANN },
	{ "-q", "issue", "send", "last", "--retry-refused", "--forget-unknown" },
};

static const char *const tried[][9] = {
	{ "-q", "-n", "issue", "test", "next" },
	{ "-q", "-n", "issue", "test", "last", "x@example.org" },
	{ "-q", "-n", "issue", "send", "next", "--confirm", "1" },
	{ "-q", "run", "--no-send", "--to", "new@example.org" },
};

static void
settings(struct cmd_test *t, const char *more)
{
	struct buf b = BUF_INIT(4000);

	buf_adds(&b, planet_settings);
	buf_adds(&b, more);
	(void)cmd_file(t, "p.conf", buf_text(&b));
	buf_clear(&b);
}

static void
each_step_of_an_issue_is_missed(void **state)
{
	static const struct cmd_case draft = { "a draft", { "run" }, EXIT_HUMAN, NULL,
		NULL, "" };
	struct cmd_test t;

	(void)state;
	failing_planet_begin(&t);
	planet_goes_on(&t);
	settings(&t, approves);
	t.now += 3 * 86400;
	cmd_expect(&t, &draft);
	for (size_t i = 0; i < ARRAY_LEN(by_hand); i++)
		try_each_step(&t, by_hand[i]);
	settings(&t, approves_redirected);
	for (size_t i = 0; i < ARRAY_LEN(tried); i++)
		try_each_step(&t, tried[i]);
	cmd_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_step_of_an_issue_is_missed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
