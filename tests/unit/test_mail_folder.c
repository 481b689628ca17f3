/* SPDX-License-Identifier: ISC */
/* Mailboxes that are looked at and left as they are, and the child that reads what is in them. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/file.h"
#include "base/limits.h"
#include "config/mailbox_address.h"
#include "mail/newsletter_reader.h"
#include "transport/mail_folder.h"
#include "unit/scratch.h"

/* Long after every file of these tests was written. */
static const int64_t LATER = 4000000000;

struct place {
	struct arena *a;
	char dir[32];
	const char *known;
	bool unchanged;
};

static void
place_begin(struct place *p)
{
	*p = (struct place){ .a = arena_new() };
	assert_true(scratch_folder(p->dir, sizeof(p->dir)));
	assert_int_equal(mkdir(arena_printf(p->a, "%s/new", p->dir), 0700), 0);
	assert_int_equal(mkdir(arena_printf(p->a, "%s/cur", p->dir), 0700), 0);
}

static void
place_end(struct place *p)
{
	static const char *const names[] = { "new/1", "new/2", "new/3", "new/link",
		"new/pipe", "cur/1:2,S", "new", "cur", "box", "" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		(void)remove(arena_printf(p->a, "%s/%s", p->dir, names[i]));
	arena_free(p->a);
}

static void
write_text(struct place *p, const char *name, const char *text)
{
	FILE *f = fopen(arena_printf(p->a, "%s/%s", p->dir, name), "a");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
	assert_int_equal(fclose(f), 0);
}

/* The messages of one look, "|" behind each; what is known afterwards stays with the place. */
static const char *
look(struct place *p, bool is_mbox, int64_t now)
{
	const char *path = is_mbox ? arena_printf(p->a, "%s/box", p->dir) : p->dir;
	struct buf bytes = BUF_INIT(LIMIT_NEWSLETTER);
	struct buf all = BUF_INIT(1000000);
	struct mail_found found;
	struct err err = ERR_INIT;
	bool more = true;
	const char *text = NULL;
	struct mail_folder *f =
	    mail_folder_open(path, is_mbox, p->known, now, &p->unchanged, &err);

	if (!f)
		return arena_printf(p->a, "%s", err.text);
	while (more && !p->unchanged) {
		assert_true(mail_folder_next(f, &bytes, &found, &more, &err));
		if (more)
			buf_addf(&all, "%s|", buf_text(&bytes));
	}
	if (!p->unchanged)
		p->known = mail_folder_known(f, p->a);
	mail_folder_close(f);
	text = arena_strdup(p->a, buf_text(&all));
	buf_clear(&all);
	buf_clear(&bytes);
	return text;
}

/* ---- maildir ---- */

static void
a_maildir_gives_what_came_since(void **state)
{
	struct place p;

	(void)state;
	place_begin(&p);
	assert_string_equal(look(&p, false, LATER), "");
	assert_false(p.unchanged);
	assert_string_equal(look(&p, false, LATER), "");
	assert_true(p.unchanged);
	write_text(&p, "new/1", "one");
	assert_string_equal(look(&p, false, LATER), "one|");
	assert_string_equal(look(&p, false, LATER), "");
	assert_true(p.unchanged);
	write_text(&p, "new/2", "two");
	write_text(&p, "new/3", "three");
	assert_string_equal(look(&p, false, LATER), "two|three|");
	place_end(&p);
}

/* In the second of a change another may follow unseen. */
static void
a_maildir_that_has_just_changed_is_looked_at_again(void **state)
{
	struct place p;
	struct stat st;

	(void)state;
	place_begin(&p);
	write_text(&p, "new/1", "one");
	assert_int_equal(stat(arena_printf(p.a, "%s/new", p.dir), &st), 0);
	assert_string_equal(look(&p, false, st.st_mtime), "one|");
	assert_string_equal(look(&p, false, st.st_mtime), "");
	assert_false(p.unchanged);
	assert_string_equal(look(&p, false, LATER), "");
	assert_false(p.unchanged);
	assert_string_equal(look(&p, false, LATER), "");
	assert_true(p.unchanged);
	place_end(&p);
}

static void
links_and_pipes_are_no_messages(void **state)
{
	struct place p;

	(void)state;
	place_begin(&p);
	write_text(&p, "new/1", "one");
	write_text(&p, "box", "secret");
	assert_int_equal(symlink(arena_printf(p.a, "%s/box", p.dir),
			     arena_printf(p.a, "%s/new/link", p.dir)),
	    0);
	assert_int_equal(mkfifo(arena_printf(p.a, "%s/new/pipe", p.dir), 0600), 0);
	assert_string_equal(look(&p, false, LATER), "one|");
	place_end(&p);
}

static void
what_a_mail_program_moved_is_read_where_it_is(void **state)
{
	struct place p;

	(void)state;
	place_begin(&p);
	write_text(&p, "cur/1:2,S", "read");
	assert_string_equal(look(&p, false, LATER), "read|");
	place_end(&p);
}

static void
what_is_no_mailbox_says_why(void **state)
{
	struct place p;

	(void)state;
	place_begin(&p);
	assert_int_equal(rmdir(arena_printf(p.a, "%s/new", p.dir)), 0);
	assert_non_null(strstr(look(&p, false, LATER), "/new: No such file"));
	assert_non_null(strstr(look(&p, true, LATER), "/box: No such file"));
	assert_int_equal(mkdir(arena_printf(p.a, "%s/box", p.dir), 0700), 0);
	assert_non_null(strstr(look(&p, true, LATER), "/box: no mbox file"));
	place_end(&p);
}

/* ---- mbox ---- */

#define MARK "From a@b.example Thu Jan 15 07:10:00 2026\n"

static void
an_mbox_is_read_on_where_it_was_left(void **state)
{
	struct place p;

	(void)state;
	place_begin(&p);
	write_text(&p, "box",
	    MARK "one\n>From here\n>>From there\n\n" MARK "two\nFrom x\n\n");
	assert_string_equal(look(&p, true, LATER),
	    "one\nFrom here\n>From there\n\n|two\nFrom x\n\n|");
	assert_string_equal(look(&p, true, LATER), "");
	assert_true(p.unchanged);
	write_text(&p, "box", MARK "three\n");
	assert_string_equal(look(&p, true, LATER), "three\n|");
	write_text(&p, "box", "\n" MARK "hal");
	assert_string_equal(look(&p, true, LATER), "");
	write_text(&p, "box", "f\n\n");
	assert_string_equal(look(&p, true, LATER), "half\n\n|");
	/* Another program wrote it anew: all of it is looked at. */
	assert_int_equal(remove(arena_printf(p.a, "%s/box", p.dir)), 0);
	write_text(&p, "box", MARK "other\n\n");
	assert_string_equal(look(&p, true, LATER), "other\n\n|");
	place_end(&p);
}

static void
of_a_huge_mbox_the_end_is_read(void **state)
{
	struct place p;
	struct buf line = BUF_INIT(2000000);
	const char *got = NULL;

	(void)state;
	place_begin(&p);
	write_text(&p, "box", MARK "first\n\n" MARK "large\n");
	for (size_t i = 0; i < 1000000; i++)
		buf_addc(&line, i % 100 == 99 ? '\n' : 'x');
	for (int i = 0; i < LIMIT_NEWSLETTER_BYTES / 1000000 + 1; i++)
		write_text(&p, "box", buf_text(&line));
	write_text(&p, "box", "\n" MARK "last\n\n");
	got = look(&p, true, LATER);
	assert_string_equal(got, "last\n\n|");
	assert_string_equal(look(&p, true, LATER), "");
	assert_true(p.unchanged);
	buf_clear(&line);
	place_end(&p);
}

/* ---- addresses ---- */

static const struct {
	const char *text, *path, *list, *from;
	bool is_mbox, ok;
} addresses[] = {
	{ "maildir:/m?list=a.b", "/m", "a.b", "", false, true },
	{ "MailDir:///m/x y?list=<A.b>", "/m/x y", "a.b", "", false, true },
	{ "mbox:/m?from=Ann@b.example", "/m", "", "ann@b.example", true, true },
	{ "mbox:/m?x?list=a", "/m?x", "a", "", true, true },
	{ "maildir:m?list=a", "", "", "", false, false },
	{ "maildir:/m", "", "", "", false, false },
	{ "maildir:/m?list=", "", "", "", false, false },
	{ "maildir:/m?list=a b", "", "", "", false, false },
	{ "maildir:/m?to=a", "", "", "", false, false },
	{ "maildir:", "", "", "", false, false },
	{ "maildir:?list=a", "", "", "", false, false },
	{ "https://a.example/?list=a", "", "", "", false, false },
};

static void
addresses_of_mailboxes(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(addresses); i++) {
		struct mailbox_address got;
		struct err err = ERR_INIT;
		const bool ok = mailbox_address_read(a, addresses[i].text, &got, &err);

		if (ok != addresses[i].ok)
			fail_msg("%s: %d", addresses[i].text, ok);
		if (!ok)
			continue;
		assert_string_equal(got.path, addresses[i].path);
		assert_string_equal(got.list ? got.list : "", addresses[i].list);
		assert_string_equal(got.from ? got.from : "", addresses[i].from);
		assert_int_equal(got.is_mbox, addresses[i].is_mbox);
	}
	arena_free(a);
}

/* ---- the child ---- */

static pid_t
only_child(void)
{
	char path[64];
	FILE *f = NULL;
	long pid = 0;

	(void)snprintf(path, sizeof(path), "/proc/self/task/%ld/children",
	    (long)getpid());
	f = fopen(path, "r");
	if (!f || fscanf(f, "%ld", &pid) != 1)
		pid = 0;
	if (f)
		(void)fclose(f);
	return (pid_t)pid;
}

static void
a_message_that_kills_its_reader_is_left_out(void **state)
{
	static const char message[] =
	    "From: a@b.example\nSubject: S\nList-Id: <x>\n\nWords\n";
	struct arena *a = arena_new();
	struct err err = ERR_INIT;
	struct newsletter_reader *r = newsletter_reader_new(&err);
	struct newsletter n;

	(void)state;
	assert_non_null(r);
	assert_true(newsletter_reader_read(r, a, message, sizeof(message) - 1, &n));
	assert_int_equal(n.kind, NEWSLETTER_LETTER);
	assert_string_equal(n.posts[0].title, "S");
	if (only_child() > 0) {
		assert_int_equal(kill(only_child(), SIGKILL), 0);
		assert_false(
		    newsletter_reader_read(r, a, message, sizeof(message) - 1, &n));
		assert_int_equal(n.kind, NEWSLETTER_NOTHING);
		assert_int_equal(n.count, 0);
	}
	/* Another child reads the next. */
	assert_true(newsletter_reader_read(r, a, message, sizeof(message) - 1, &n));
	newsletter_reader_free(r);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_maildir_gives_what_came_since),
		cmocka_unit_test(a_maildir_that_has_just_changed_is_looked_at_again),
		cmocka_unit_test(links_and_pipes_are_no_messages),
		cmocka_unit_test(what_a_mail_program_moved_is_read_where_it_is),
		cmocka_unit_test(what_is_no_mailbox_says_why),
		cmocka_unit_test(an_mbox_is_read_on_where_it_was_left),
		cmocka_unit_test(of_a_huge_mbox_the_end_is_read),
		cmocka_unit_test(addresses_of_mailboxes),
		cmocka_unit_test(a_message_that_kills_its_reader_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
