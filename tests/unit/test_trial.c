/* SPDX-License-Identifier: ISC */
/*
 * A trial, transport.method = redirect: one address gets every letter, nothing moves, and
 * nothing is shown twice.
 */
#include "unit/planet_fixture.h"
#include "unit/smtp_fixture.h"

enum { HOUR = 3600 };

#define TRIAL "[transport]\nmethod = redirect\nredirect_to = keeper@home.example\n"

struct trial_test {
	struct cmd_test t;
	char mail[300]; /* where the server puts what it accepts */
};

static void
settle_as(struct trial_test *p, const char *more, int64_t port)
{
	struct buf b = BUF_INIT(4000);

	buf_adds(&b, planet_settings);
	buf_addf(&b,
	    "[newsletter]\ntimezone = UTC\n[list]\nwelcome = no\n"
	    "[fetch]\nevery = 0s\n[smtp]\nhost = localhost\nport = %lld\nsecurity = none\n",
	    (long long)port);
	buf_adds(&b, more);
	(void)cmd_file(&p->t, "p.conf", buf_text(&b));
	buf_clear(&b);
}

static void
begin(struct trial_test *p, const char *more)
{
	static const struct cmd_case readers = { "readers",
		{ "sub", "add", "ann@example.org", "bo@example.org", "--confirmed-by",
		    "asked" },
		EXIT_OK, "", NULL, NULL };
	char text[400];

	planet_begin(&p->t);
	assert_int_equal(mkdir(in_folder(p->t.folder, "mail", p->mail), 0700), 0);
	(void)snprintf(text, sizeof(text), "%s\npki=%s\n", p->mail, pki);
	MUST(file_write(control, text, strlen(text), 0600, err));
	settle_as(p, more, server_port);
	cmd_expect(&p->t, &readers);
}

/* How many lines of the server's log have those words. */
static size_t
count_lines(struct trial_test *p, const char *words)
{
	struct buf b = BUF_INIT(1 << 20);
	char path[400];
	size_t n = 0;

	(void)snprintf(path, sizeof(path), "%s/log", p->mail);
	if (file_exists(path))
		MUST(file_read(path, &b, err));
	for (const char *at = buf_text(&b); (at = strstr(at, words)) != NULL; at++)
		n++;
	buf_clear(&b);
	return n;
}

/* One step: when, what is called, how it ends, and how many letters have come by then. */
struct step {
	const char *name;
	int64_t hours; /* since NOW */
	const char *words[8];
	int code;
	size_t letters;
};

static void
take_step(struct trial_test *p, const struct step *s)
{
	struct cmd_case c = { .name = s->name, .code = s->code, .err = "" };

	for (size_t i = 0; i < ARRAY_LEN(s->words) && s->words[i]; i++)
		c.words[i] = s->words[i];
	p->t.now = NOW + s->hours * HOUR;
	cmd_expect(&p->t, &c);
	SAME_INT(s->name, count_lines(p, "accepted"), s->letters);
	SAME_INT(s->name, count_lines(p, " keeper@home.example"), s->letters);
}

#define TAKE_STEPS(p, steps) \
	do { \
		for (size_t step_at = 0; step_at < ARRAY_LEN(steps); step_at++) \
			take_step((p), &(steps)[step_at]); \
	} while (0)

static void
nothing_moved(struct trial_test *p)
{
	static const struct cmd_case cases[] = {
		{ "no issue", { "issue", "list" }, EXIT_OK, "", NULL, NULL },
		{ "two readers, without a letter",
		    { "sub", "list", "--json=address,state,last" }, EXIT_OK, NULL,
		    "\"state\":\"active\"", NULL },
		{ "told", { "status" }, EXIT_OK, NULL,
		    "trial  every letter goes to keeper@home.example, readers get none\n",
		    NULL },
	};
	DIR *d = opendir(p->t.data);
	struct dirent *e = NULL;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (i != 1)
			cmd_expect(&p->t, &cases[i]);
	while (d && (e = readdir(d)))
		if (strstr(e->d_name, "trial"))
			fail_msg("the copy is left: %s", e->d_name);
	if (d)
		(void)closedir(d);
}

static void
without_a_schedule_posts_are_shown_once(void **state)
{
	static const struct step first[] = {
		{ "tried only", 0, { "-n", "run" }, EXIT_OK, 0 },
		{ "sent by nobody", 0, { "run", "--no-send" }, EXIT_OK, 0 },
		{ "shown", 0, { "run" }, EXIT_OK, 2 },
		{ "not again", 1, { "run" }, EXIT_OK, 2 },
		{ "to one address, as often as it is asked for", 1,
		    { "run", "--to", "keeper@home.example" }, EXIT_OK, 3 },
		{ "nor now", 2, { "run" }, EXIT_OK, 3 },
	};
	static const struct step next[] = {
		{ "a new post, with those before it", 10, { "run" }, EXIT_OK, 5 },
		{ "once", 11, { "run" }, EXIT_OK, 5 },
	};
	struct trial_test p;

	(void)state;
	begin(&p, TRIAL);
	TAKE_STEPS(&p, first);
	nothing_moved(&p);
	planet_goes_on(&p.t);
	TAKE_STEPS(&p, next);
	nothing_moved(&p);
	cmd_end(&p.t);
}

static void
with_a_schedule_each_hour_shows_them(void **state)
{
	static const struct step steps[] = {
		{ "the hour of yesterday", 0, { "run" }, EXIT_OK, 2 },
		{ "before the next", 0, { "run" }, EXIT_OK, 2 },
		{ "the next", 1, { "run" }, EXIT_OK, 4 },
		{ "before that of tomorrow", 24, { "run" }, EXIT_OK, 4 },
		{ "that of tomorrow", 25, { "run" }, EXIT_OK, 6 },
	};
	struct trial_test p;

	(void)state;
	begin(&p, TRIAL "[digest]\nschedule = daily 07:00\n");
	TAKE_STEPS(&p, steps);
	nothing_moved(&p);
	cmd_end(&p.t);
}

static void
quiet_hours_put_it_off(void **state)
{
	static const struct step steps[] = {
		{ "quiet", 0, { "run" }, EXIT_OK, 0 },
		{ "still", 1, { "run" }, EXIT_OK, 0 },
		{ "over", 2, { "run" }, EXIT_OK, 2 },
		{ "once", 3, { "run" }, EXIT_OK, 2 },
	};
	struct trial_test p;

	(void)state;
	begin(&p, TRIAL "[smtp]\nquiet_hours = 05:00-07:30\n");
	TAKE_STEPS(&p, steps);
	cmd_end(&p.t);
}

static void
a_draft_is_a_draft_all_the_same(void **state)
{
	static const struct step steps[] = {
		{ "built, and a person is asked", 0, { "run" }, EXIT_HUMAN, 0 },
		{ "a test letter", 0, { "issue", "test", "2026-11-24", "ed@x.example" },
		    EXIT_OK, 1 },
		{ "sent by hand", 0, { "issue", "send", "2026-11-24", "--confirm", "2" },
		    EXIT_OK, 3 },
	};
	static const struct cmd_case draft = { "a draft",
		{ "issue", "list", "--json=state" }, EXIT_OK,
		"{\"schema\":1,\"issues\":[{\"state\":\"draft\"}]}\n", NULL, NULL };
	struct trial_test p;

	(void)state;
	begin(&p, TRIAL "[approval]\nmode = manual\n");
	TAKE_STEPS(&p, steps);
	cmd_expect(&p.t, &draft);
	cmd_end(&p.t);
}

static int64_t
notices_waiting(struct trial_test *p)
{
	struct store_options o = open_options(STORE_READ);
	struct store *s = NULL;
	char path[400];
	int64_t n = 0;

	(void)snprintf(path, sizeof(path), "%s/planetpost.db", p->t.data);
	MUST((s = store_open(path, &o, err)) != NULL);
	MUST(db_number(s, "SELECT COUNT(*) FROM notice WHERE state = 0", &n, err));
	close_store(s);
	return n;
}

static void
put_notice(struct trial_test *p)
{
	struct store_options o = open_options(STORE_WRITE);
	struct store *s = NULL;
	char path[400];

	(void)snprintf(path, sizeof(path), "%s/planetpost.db", p->t.data);
	MUST((s = store_open(path, &o, err)) != NULL);
	MUST(db_exec(s,
	    "INSERT INTO notice (kind, address, created, state, attempts, subject, text)"
	    " VALUES (11, 'cy@example.org', 1795500000, 0, 0, 'A word', 'Hello.')",
	    err));
	close_store(s);
}

static void
what_answers_somebody_is_shown_once(void **state)
{
	static const struct step first[] = {
		{ "tried only", 0, { "-n", "run", "--answers" }, EXIT_OK, 0 },
		{ "shown", 0, { "run", "--answers" }, EXIT_OK, 1 },
		{ "once", 0, { "run", "--answers" }, EXIT_OK, 1 },
		{ "nor with letters", 0, { "run" }, EXIT_OK, 3 },
	};
	static const struct step next[] = {
		{ "the next, alone, since its posts are old", 1, { "run" }, EXIT_OK, 4 },
		{ "once", 2, { "run" }, EXIT_OK, 4 },
	};
	struct trial_test p;

	(void)state;
	begin(&p, TRIAL);
	put_notice(&p);
	TAKE_STEPS(&p, first);
	SAME_INT("it waits for the end of the trial", notices_waiting(&p), 1);
	put_notice(&p);
	TAKE_STEPS(&p, next);
	SAME_INT("both wait", notices_waiting(&p), 2);
	cmd_end(&p.t);
}

static void
a_server_that_is_away_is_told(void **state)
{
	static const struct step steps[] = {
		{ "letters wait", 0, { "run" }, EXIT_TRY_AGAIN, 0 },
		{ "to one address", 0, { "run", "--to", "keeper@home.example" },
		    EXIT_TRY_AGAIN, 0 },
	};
	static const struct step answers[] = {
		{ "answers wait", 0, { "run", "--answers" }, EXIT_TRY_AGAIN, 0 },
	};
	struct trial_test p;

	(void)state;
	begin(&p, TRIAL);
	settle_as(&p, TRIAL, 9);
	TAKE_STEPS(&p, steps);
	put_notice(&p);
	TAKE_STEPS(&p, answers);
	nothing_moved(&p);
	cmd_end(&p.t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_schedule_posts_are_shown_once),
		cmocka_unit_test(with_a_schedule_each_hour_shows_them),
		cmocka_unit_test(quiet_hours_put_it_off),
		cmocka_unit_test(a_draft_is_a_draft_all_the_same),
		cmocka_unit_test(what_answers_somebody_is_shown_once),
		cmocka_unit_test(a_server_that_is_away_is_told),
	};

	return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
