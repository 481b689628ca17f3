/* SPDX-License-Identifier: ISC */
/* The line that tells how far a long job is, as bytes for a terminal. */
#define _XOPEN_SOURCE 700 /* posix_openpt() */

#include "unit/cmd_fixture.h"

#include <fcntl.h>

#include "base/progress.h"

#define ERASE "\r\033[K"
#define DOTS "........................"
#define HASHES "########################"

/* What is drawn now of a job that began took_ms ago and was last drawn since_ms ago. */
static const struct {
	const char *name;
	bool on, unicode;
	size_t total, done;
	int64_t took_ms, since_ms;
	const char *note, *want;
} lines[] = {
	{ "nothing done", true, false, 10, 0, 1000, 1000, NULL,
	    ERASE "Job  " DOTS "  0/10" },
	{ "the least that fills a place", true, false, 48, 2, 1000, 1000, NULL,
	    ERASE "Job  #.......................  2/48" },
	{ "one less", true, false, 48, 1, 1000, 1000, NULL, ERASE "Job  " DOTS "  1/48" },
	{ "half", true, false, 10, 5, 1000, 1000, "2 new",
	    ERASE "Job  ############............  5/10  2 new" },
	{ "all", true, false, 10, 10, 1000, 1000, NULL, ERASE "Job  " HASHES "  10/10" },
	{ "more than all", true, false, 10, 11, 1000, 1000, NULL,
	    ERASE "Job  " HASHES "  10/10" },
	{ "in blocks", true, true, 2, 1, 1000, 1000, NULL,
	    ERASE "Job  \u2588\u2588\u2588\u2588\u2588\u2588\u2588\u2588\u2588\u2588"
		  "\u2588\u2588\u2591\u2591\u2591\u2591\u2591\u2591\u2591\u2591\u2591"
		  "\u2591\u2591\u2591  1/2" },
	{ "strangers' words", true, false, 10, 0, 1000, 1000, "a\033[2Jb",
	    ERASE "Job  " DOTS "  0/10  a\\x1b[2Jb" },
	{ "drawn just now", true, false, 10, 5, 1000, 0, NULL, "" },
	{ "not on", false, false, 10, 5, 1000, 1000, NULL, "" },
	{ "with its rate", true, false, 100, 50, 10200, 1000, NULL,
	    ERASE "Job  ############............  50/100 - 5/s - 10 s left" },
	{ "in blocks", true, true, 1, 1, 10200, 1000, NULL,
	    ERASE "Job  \u2588\u2588\u2588\u2588\u2588\u2588\u2588\u2588\u2588\u2588"
		  "\u2588\u2588\u2588\u2588\u2588\u2588\u2588\u2588\u2588\u2588\u2588"
		  "\u2588\u2588\u2588  1/1 \u00B7 0/s \u00B7 0 s left" },
	{ "minutes", true, false, 30, 10, 100000, 1000, NULL,
	    ERASE "Job  ########................  10/30 - 0/s - 3 min left" },
	{ "just under two", true, false, 21, 10, 100000, 1000, NULL,
	    ERASE "Job  ###########.............  10/21 - 0/s - 110 s left" },
	{ "a second less", true, false, 2, 1, 119000, 1000, NULL,
	    ERASE "Job  ############............  1/2 - 0/s - 119 s left" },
	{ "two minutes", true, false, 3, 1, 60000, 1000, NULL,
	    ERASE "Job  ########................  1/3 - 0/s - 2 min left" },
	{ "half a minute more", true, false, 3, 1, 75000, 1000, NULL,
	    ERASE "Job  ########................  1/3 - 0/s - 3 min left" },
	{ "hours", true, false, 100, 1, 99800, 1000, NULL,
	    ERASE "Job  " DOTS "  1/100 - 0/s - 165 min left" },
	{ "no rate of nothing", true, false, 10, 0, 10000, 1000, NULL,
	    ERASE "Job  " DOTS "  0/10" },
	{ "cut at the last column but one", true, false, 10, 0, 1000, 1000,
	    "123456789 123456789 123456789 123456789 123456789",
	    ERASE "Job  " DOTS "  0/10  123456789 123456789 123456789 123456789 12" },
};

static void
a_line_tells_how_far_it_is(void **state)
{
	char *folder = new_folder();
	struct buf out = BUF_INIT(SAID_MAX);
	struct buf said = BUF_INIT(SAID_MAX);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		const int64_t now = clock_ticks_ms();
		struct progress p = { .on = lines[i].on,
			.unicode = lines[i].unicode,
			.title = "Job",
			.total = lines[i].total,
			.started_ms = now - lines[i].took_ms,
			.drawn_ms = now - lines[i].since_ms };
		struct capture c;

		/* Never due, however slow the machine is. */
		if (lines[i].since_ms == 0)
			p.drawn_ms = now + 1000000;
		capture_begin(&c, folder, NULL);
		progress_step(&p, lines[i].done, lines[i].note);
		capture_end(&c, &out, &said);
		SAME_TEXT(lines[i].name, buf_text(&said), lines[i].want);
	}
	buf_clear(&out);
	buf_clear(&said);
	assert_int_equal(rmdir(folder), 0);
	free(folder);
}

static void
what_was_drawn_is_erased(void **state)
{
	struct progress drawn = { .on = true, .started_ms = 1, .drawn_ms = 2 };
	struct progress never = { .on = true, .started_ms = 1, .drawn_ms = 1 };
	struct progress off = { .on = false, .started_ms = 1, .drawn_ms = 2 };
	char *folder = new_folder();
	struct buf out = BUF_INIT(SAID_MAX);
	struct buf said = BUF_INIT(SAID_MAX);
	struct capture c;

	(void)state;
	capture_begin(&c, folder, NULL);
	progress_end(&drawn);
	capture_end(&c, &out, &said);
	SAME_TEXT("drawn", buf_text(&said), ERASE);
	assert_false(drawn.on);
	capture_begin(&c, folder, NULL);
	progress_end(&never);
	progress_end(&off);
	/* No terminal: nothing will be drawn. */
	progress_begin(&never, "Job", 10, true);
	progress_step(&never, 5, NULL);
	progress_end(&never);
	capture_end(&c, &out, &said);
	SAME_TEXT("nothing to erase", buf_text(&said), "");
	assert_false(never.on);
	buf_clear(&out);
	buf_clear(&said);
	assert_int_equal(rmdir(folder), 0);
	free(folder);
}

/* Where a line is drawn, and with which characters; NULL: the variable is not there. */
static const struct {
	const char *name;
	const char *term, *all, *type, *lang;
	size_t total;
	bool wanted, is_terminal, on, unicode;
} places[] = {
	/* clang-format off */
	{ "a terminal", "xterm", NULL, NULL, "de_DE.UTF-8", 1, true, true, true, true },
	{ "spelled otherwise", "xterm", NULL, NULL, "de_DE.utf8", 1, true, true, true, true },
	{ "of other letters", "xterm", NULL, NULL, "de_DE@euro", 1, true, true, true, false },
	{ "of nothing", "xterm", NULL, NULL, NULL, 1, true, true, true, false },
	{ "the first that says something", "xterm", "", "C.UTF-8", "C", 1, true, true, true, true },
	{ "all goes before the others", "xterm", "C", "C.UTF-8", "C.UTF-8", 1, true, true, true, false },
	{ "the type before the language", "xterm", NULL, "C", "C.UTF-8", 1, true, true, true, false },
	{ "no terminal", "xterm", NULL, NULL, "C.UTF-8", 1, true, false, false, false },
	{ "nothing to do", "xterm", NULL, NULL, "C.UTF-8", 0, true, true, false, false },
	{ "not wanted", "xterm", NULL, NULL, "C.UTF-8", 1, false, true, false, false },
	{ "a dumb one", "dumb", NULL, NULL, "C.UTF-8", 1, true, true, false, false },
	{ "one of no name", "", NULL, NULL, "C.UTF-8", 1, true, true, false, false },
	{ "one that nobody named", NULL, NULL, NULL, "C.UTF-8", 1, true, true, false, false },
	/* clang-format on */
};

static void
set_or_drop(const char *name, const char *value)
{
	assert_int_equal(value ? setenv(name, value, 1) : unsetenv(name), 0);
}

static void
a_line_is_drawn_where_it_can_be_seen(void **state)
{
	const int own = posix_openpt(O_RDWR | O_NOCTTY);
	int other = -1;

	(void)state;
	if (own < 0)
		skip(); /* where there are no terminals at all */
	assert_int_equal(grantpt(own), 0);
	assert_int_equal(unlockpt(own), 0);
	other = open(ptsname(own), O_RDWR | O_NOCTTY);
	assert_true(other >= 0);
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		const int file = open("/dev/null", O_WRONLY);
		const int saved = dup(STDERR_FILENO);
		struct progress p;

		set_or_drop("TERM", places[i].term);
		set_or_drop("LC_ALL", places[i].all);
		set_or_drop("LC_CTYPE", places[i].type);
		set_or_drop("LANG", places[i].lang);
		assert_true(
		    dup2(places[i].is_terminal ? other : file, STDERR_FILENO) >= 0);
		progress_begin(&p, "Job", places[i].total, places[i].wanted);
		assert_true(dup2(saved, STDERR_FILENO) >= 0);
		SAME_INT(places[i].name, p.on, places[i].on);
		SAME_INT(places[i].name, p.unicode, places[i].unicode);
		SAME_INT(places[i].name, p.started_ms > 0, places[i].on);
		SAME_INT(places[i].name, p.drawn_ms, p.started_ms);
		SAME_INT(places[i].name, p.total, places[i].total);
		SAME_TEXT(places[i].name, p.title, "Job");
		(void)close(saved);
		(void)close(file);
	}
	(void)close(other);
	(void)close(own);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_tells_how_far_it_is),
		cmocka_unit_test(what_was_drawn_is_erased),
		cmocka_unit_test(a_line_is_drawn_where_it_can_be_seen),
	};

	return cmocka_run_group_tests_name("progress", tests, NULL, NULL);
}
