/* SPDX-License-Identifier: ISC */
/* The archive as files: what is written with each run, what once, and what goes. */
#include "unit/planet_rows.h"

enum { MONTH = 31 * 86400 };

#define AS_IT_WAS "as it was"

static void
begin(struct cmd_test *t, const char *more)
{
	static const struct cmd_case reader = { "a reader",
		{ "sub", "add", "ann@example.org", "--confirmed-by", "asked" }, EXIT_OK,
		"", NULL, NULL };
	struct buf b = BUF_INIT(4000);

	planet_begin(t);
	buf_adds(&b, planet_settings);
	buf_addf(&b,
	    "[newsletter]\ntimezone = UTC\n[web]\nurl = https://news.example.net/p\n"
	    "answers = elsewhere\narchive_dir = %s/www\n%s",
	    t->folder, more);
	(void)cmd_file(t, "p.conf", buf_text(&b));
	buf_clear(&b);
	cmd_expect(t, &reader);
}

/* One more post, and the run that mails it, so many months behind NOW. */
static void
run_in_month(struct cmd_test *t, int months)
{
	static const struct cmd_case run = { "a run", { "run" }, EXIT_OK, NULL, NULL,
		"" };
	struct buf b = BUF_INIT(4000);

	buf_adds(&b, "<rss version=\"2.0\"><channel><title>A</title>");
	for (int i = 0; i <= months; i++)
		buf_addf(&b,
		    "<item><title>Post %d</title><guid>%d</guid>"
		    "<description>Words of %d.</description></item>",
		    i, i, i);
	buf_adds(&b, "</channel></rss>");
	(void)cmd_file(t, "a.xml", buf_text(&b));
	buf_clear(&b);
	t->now = NOW + (int64_t)months * MONTH;
	cmd_expect(t, &run);
}

/* "-": there is no such file; "=": it is as it was; "w": another. */
static char
kind_of(struct cmd_test *t, const char *name)
{
	struct buf b = BUF_INIT(SAID_MAX);
	char path[500];
	char kind = '-';

	(void)snprintf(path, sizeof(path), "%s/www/%s", t->folder, name);
	if (file_exists(path)) {
		MUST(file_read(path, &b, err));
		kind = strcmp(buf_text(&b), AS_IT_WAS) == 0 ? '=' : 'w';
	}
	buf_clear(&b);
	return kind;
}

static const char *const files[] = { "archive/index.html", "archive/atom.xml",
	"style.css", "archive/2026/11/index.html", "archive/2026-11.mbox.gz",
	"archive/2026/12/index.html", "archive/2026-12.mbox.gz",
	"archive/2027/01/index.html", "archive/2027-01.mbox.gz",
	"i/2026-11-24/index.html", "i/2026-12-25/index.html", "i/2027-01-25/index.html" };

static const char *
kinds(struct cmd_test *t)
{
	static char text[ARRAY_LEN(files) + 1];

	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		text[i] = kind_of(t, files[i]);
	return text;
}

static void
mark_all(struct cmd_test *t)
{
	char path[500];

	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		(void)snprintf(path, sizeof(path), "%s/www/%s", t->folder, files[i]);
		if (file_exists(path))
			MUST(file_write(path, AS_IT_WAS, strlen(AS_IT_WAS), 0644, err));
	}
}

static void
drop_file(struct cmd_test *t, const char *name)
{
	char path[500];

	(void)snprintf(path, sizeof(path), "%s/www/%s", t->folder, name);
	assert_int_equal(unlink(path), 0);
}

static void
the_newest_two_months_are_written_anew(void **state)
{
	struct cmd_test t;

	(void)state;
	begin(&t, "");
	run_in_month(&t, 0);
	SAME_TEXT("November", kinds(&t), "wwwww----w--");
	mark_all(&t);
	run_in_month(&t, 1);
	SAME_TEXT("December", kinds(&t), "wwwwwww--=w-");
	mark_all(&t);
	run_in_month(&t, 2);
	SAME_TEXT("January", kinds(&t), "www==wwww==w");
	mark_all(&t);
	drop_file(&t, "archive/2026/11/index.html");
	drop_file(&t, "i/2026-11-24/index.html");
	cmd_expect(&t, &(struct cmd_case){ "again", { "run" }, EXIT_OK, NULL, NULL, "" });
	SAME_TEXT("what was missing", kinds(&t), "wwww=wwwww==");
	cmd_end(&t);
}

static void
an_issue_that_is_withdrawn_has_no_page(void **state)
{
	struct store_options o = open_options(STORE_WRITE);
	struct store *s = NULL;
	struct cmd_test t;
	char path[400];

	(void)state;
	begin(&t, "");
	run_in_month(&t, 0);
	run_in_month(&t, 1);
	(void)snprintf(path, sizeof(path), "%s/planetpost.db", t.data);
	MUST((s = store_open(path, &o, err)) != NULL);
	MUST(db_exec(s, "UPDATE issue SET state = 6 WHERE name = '2026-11-24'", err));
	close_store(s);
	for (int i = 0; i < 2; i++)
		cmd_expect(&t,
		    &(struct cmd_case){ "again", { "run" }, EXIT_OK, NULL, NULL, "" });
	SAME_INT("it is gone", kind_of(&t, "i/2026-11-24/index.html"), '-');
	SAME_INT("the other is there", kind_of(&t, "i/2026-12-25/index.html"), 'w');
	cmd_end(&t);
}

static void
what_cannot_be_written_is_told(void **state)
{
	static const struct cmd_case told = { "told", { "run" }, EXIT_OK, NULL, NULL,
		"warn archive: web.archive_dir: " };
	struct cmd_test t;

	(void)state;
	begin(&t, "");
	(void)cmd_file(&t, "www", "a file");
	cmd_expect(&t, &told);
	cmd_end(&t);
}

static void
where_there_is_no_archive_nothing_is_written(void **state)
{
	struct cmd_test t;

	(void)state;
	begin(&t, "archive = off\n");
	run_in_month(&t, 0);
	SAME_TEXT("off", kinds(&t), "------------");
	cmd_end(&t);
	begin(&t, "");
	cmd_expect(&t,
	    &(struct cmd_case){ "tried", { "-n", "run" }, EXIT_OK, NULL, NULL, "" });
	SAME_TEXT("tried only", kinds(&t), "------------");
	cmd_end(&t);
}

/* Two pixels by one. */
static void
a_logo_is_among_the_files(void **state)
{
	static const char logo[] =
	    "GIF89a\x02\0\x01\0\x80\0\0rgbRGB,\0\0\0\0\x02\0\x01\0\0"
	    "\x02\x02"
	    "ab\0;";
	struct cmd_test t;
	char path[300];

	(void)state;
	begin(&t, "[style]\nlogo = logo.gif\n");
	in_folder(t.folder, "logo.gif", path);
	MUST(file_write(path, logo, sizeof(logo) - 1, 0600, err));
	run_in_month(&t, 0);
	SAME_INT("it is there", kind_of(&t, "logo.gif"), 'w');
	cmd_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_newest_two_months_are_written_anew),
		cmocka_unit_test(an_issue_that_is_withdrawn_has_no_page),
		cmocka_unit_test(what_cannot_be_written_is_told),
		cmocka_unit_test(where_there_is_no_archive_nothing_is_written),
		cmocka_unit_test(a_logo_is_among_the_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
