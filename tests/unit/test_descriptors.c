/* SPDX-License-Identifier: ISC */
/*
 * The descriptors of what carries mail.  A process may be started without a standard input: then
 * the first that it opens has the number 0, and is one like any other.  Whatever happens, none
 * stays open, and none is closed that was not opened here.
 */
#include "unit/transport_fixture.h"

#include <sys/socket.h>
#include <sys/un.h>

#include "transport/mail_folder.h"
#include "transport/mailbox.h"
#include "transport/mbox.h"
#include "transport/wire.h"
#include "unit/descriptors.h"

enum { MANY = 50, WAIT_MS = 5000 };

#define MARK "From a@b.example Thu Jan 15 07:10:00 2026\n"

/* ---- what opens some ----------------------------------------------------------------- */

static void
write_text(struct bench *b, const char *name, const char *text, mode_t mode)
{
	if (!file_write(in_dir(b, name), text, strlen(text), mode, &b->err))
		fail_msg("%s", b->err.text);
}

/* What a transport says of two letters. */
static const char *
send_two(struct bench *b, enum transport_method method)
{
	buf_clear(&b->letters.bytes);
	letters_init(&b->letters, two, 2);
	return run(b, method) ? b->letters.replies[1] : b->err.text;
}

static const char *
send_to_mbox(struct bench *b)
{
	b->config.transport.mbox = in_dir(b, "sent");
	return send_two(b, TRANSPORT_MBOX);
}

/* mbox_close() accepts one that is closed, and one that could not be opened. */
static const char *
add_to_mbox(struct bench *b)
{
	struct mbox m = MBOX_INIT;
	const bool ok = mbox_open(&m, in_dir(b, "sent"), &b->err) &&
	    mbox_add(&m, "a@b.example", NOON, "one\n", 4, &b->err);
	const bool closed = mbox_close(&m, &b->err);

	assert_true(closed && mbox_close(&m, &b->err));
	return ok ? "added" : b->err.text;
}

static const char *
send_to_maildir(struct bench *b)
{
	b->config.transport.maildir = in_dir(b, "mail");
	return send_two(b, TRANSPORT_MAILDIR);
}

static const char *
send_to(struct bench *b, const char *program)
{
	b->config.transport.sendmail = program;
	return send_two(b, TRANSPORT_SENDMAIL);
}

static const char *
send_to_true(struct bench *b)
{
	return send_to(b, "true");
}

static const char *
send_to_none(struct bench *b)
{
	return send_to(b, "/nowhere/program");
}

/* Its output ends while its input is still open. */
static const char *
send_to_a_silent_one(struct bench *b)
{
	return send_to(b, in_dir(b, "silent"));
}

/* What a look at a mailbox reads, "|" behind each message. */
static const char *
look(struct bench *b, const char *path, bool is_mbox)
{
	struct buf bytes = BUF_INIT(LIMIT_NEWSLETTER);
	struct mail_found found;
	const char *all = "";
	bool unchanged = false;
	bool more = true;
	struct mail_folder *f =
	    mail_folder_open(path, is_mbox, NULL, NOON, &unchanged, &b->err);

	while (f && more && mail_folder_next(f, &bytes, &found, &more, &b->err))
		if (more)
			all = arena_printf(b->arena, "%s%s|", all, buf_text(&bytes));
	mail_folder_close(f);
	buf_clear(&bytes);
	return err_is_set(&b->err) ? b->err.text : all;
}

static const char *
look_at_a_maildir(struct bench *b)
{
	return look(b, b->dir, false);
}

static const char *
look_at_an_mbox(struct bench *b)
{
	return look(b, in_dir(b, "box"), true);
}

static const char *
look_at_a_folder_as_an_mbox(struct bench *b)
{
	return look(b, in_dir(b, "new"), true);
}

static const char *
look_at_a_maildir_without_new(struct bench *b)
{
	return look(b, in_dir(b, "new"), false);
}

static const char *
read_a_mailbox(struct bench *b)
{
	const char *source = arena_printf(b->arena, "maildir:%s", b->dir);
	struct buf bytes = BUF_INIT(LIMIT_INCOMING_READ);
	bool more = false;
	const char *text = NULL;
	struct mailbox_reader *m = mailbox_open(source, NULL, &b->err);

	if (m && mailbox_next(m, &bytes, &more, &b->err) && more)
		text = arena_strdup(b->arena, buf_text(&bytes));
	assert_true(mailbox_close(m, &b->err));
	buf_clear(&bytes);
	return text ? text : b->err.text;
}

static const char *
connect_to(struct bench *b, const struct wire_target *target)
{
	struct wire *w = wire_open(target, WAIT_MS, &b->err);
	const bool ok = w && wire_write(w, "x", 1) == 1;

	wire_free(w);
	return ok ? "said" : b->err.text;
}

static const char *
connect_to_a_path(struct bench *b)
{
	return connect_to(b, &(struct wire_target){ .path = in_dir(b, "socket") });
}

static const char *
connect_to_no_path(struct bench *b)
{
	return connect_to(b, &(struct wire_target){ .path = in_dir(b, "none") });
}

/* Nobody listens at the first port. */
static const char *
connect_to_no_port(struct bench *b)
{
	return connect_to(b, &(struct wire_target){ .host = "127.0.0.1", .port = 1 });
}

#define NO_MORE "Too many open files"
#define NO_SOCKETS "socketpair: " NO_MORE

/*
 * What is said when no more than 0, 1, 2... descriptors can be opened (NULL: whatever), and at
 * last with any number of them.  %: the folder.
 */
static const struct {
	const char *name;
	const char *(*act)(struct bench *);
	const char *said[6];
} deeds[] = {
	{ "letters to an mbox", send_to_mbox, { "%/sent: " NO_MORE, "%/sent" } },
	{ "a message to an mbox", add_to_mbox, { "%/sent: " NO_MORE, "added" } },
	{ "letters to a maildir", send_to_maildir, { NULL, "%/mail" } },
	{ "letters to a program", send_to_true,
	    { NO_SOCKETS, NO_SOCKETS, NO_SOCKETS, NO_SOCKETS, "exit status 0" } },
	{ "letters to no program", send_to_none,
	    { NO_SOCKETS, NO_SOCKETS, NO_SOCKETS, NO_SOCKETS,
		"/nowhere/program: No such file or directory" } },
	{ "letters to a silent program", send_to_a_silent_one,
	    { NULL, NULL, NULL, NULL, NULL, "exit status 0" } },
	{ "a maildir", look_at_a_maildir,
	    { "%/new: " NO_MORE, "%/cur: " NO_MORE, "%/new: " NO_MORE, "one|" } },
	{ "an mbox", look_at_an_mbox, { "%/box: " NO_MORE, "two\n|" } },
	{ "a folder as an mbox", look_at_a_folder_as_an_mbox,
	    { "%/new: " NO_MORE, "%/new: no mbox file" } },
	{ "a maildir without new/", look_at_a_maildir_without_new,
	    { "%/new/new: " NO_MORE, "%/new/new: No such file or directory" } },
	{ "a mailbox", read_a_mailbox, { "%/new: " NO_MORE, "one" } },
	{ "a socket", connect_to_a_path, { "%/socket: " NO_MORE, "said" } },
	{ "no socket", connect_to_no_path,
	    { "%/none: " NO_MORE, "%/none: No such file or directory" } },
	{ "no port", connect_to_no_port,
	    { "127.0.0.1 port 1: " NO_MORE, "127.0.0.1 port 1: Connection refused" } },
};

/* ---- all of them, with an input and without ------------------------------------------ */

static void
expect_said(struct bench *b, const char *name, const char *got, const char *want)
{
	const bool in_folder = want && *want == '%';

	if (in_folder)
		want = arena_printf(b->arena, "%s%s", b->dir, want + 1);
	if (want && strcmp(got, want) != 0)
		fail_msg("%s: got \"%s\", want \"%s\"", name, got, want);
}

static void
try_deed(struct bench *b, size_t i, int room, const char *want)
{
	const uint64_t open = descriptors_open();
	const struct rlimit before = descriptors_leave(room);
	struct stat input;
	struct stat same;
	const bool has_input = fstat(STDIN_FILENO, &input) == 0;
	const char *name = arena_printf(b->arena, "%s, %s, room for %d", deeds[i].name,
	    has_input ? "with an input" : "without", room);
	const char *said = NULL;

	err_clear(&b->err);
	said = deeds[i].act(b);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	if (descriptors_open() != open)
		fail_msg("%s: others are open than before", name);
	if (has_input && (fstat(STDIN_FILENO, &same) != 0 || same.st_ino != input.st_ino))
		fail_msg("%s: the input is another", name);
	expect_said(b, name, said, want);
}

static void
try_all(struct bench *b)
{
	for (size_t i = 0; i < ARRAY_LEN(deeds); i++) {
		size_t last = ARRAY_LEN(deeds[i].said);

		while (!deeds[i].said[last - 1])
			last--;
		for (size_t room = 0; room < last; room++)
			try_deed(b, i, room + 1 < last ? (int)room : MANY,
			    deeds[i].said[room]);
	}
}

static void
make_what_is_there(struct bench *b, int *listener)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };

	assert_int_equal(mkdir(in_dir(b, "new"), 0700), 0);
	assert_int_equal(mkdir(in_dir(b, "cur"), 0700), 0);
	write_text(b, "new/1", "one", 0600);
	write_text(b, "box", MARK "two\n", 0600);
	write_text(b, "silent", "#!/bin/sh\nexec >&- 2>&-\ncat >&0\n", 0700);
	*listener = socket(AF_UNIX, SOCK_STREAM, 0);
	(void)snprintf(un.sun_path, sizeof(un.sun_path), "%s/socket", b->dir);
	assert_int_equal(bind(*listener, (struct sockaddr *)&un, sizeof(un)), 0);
	assert_int_equal(listen(*listener, 10), 0);
}

static void
none_stays_open_and_none_of_others_is_closed(void **state)
{
	struct bench *b = *state;
	int listener = -1;

	make_what_is_there(b, &listener);
	try_all(b);
	(void)close(listener);
}

static void
the_first_may_have_the_number_of_the_input(void **state)
{
	struct bench *b = *state;
	const int kept = dup(STDIN_FILENO);
	int listener = -1;

	make_what_is_there(b, &listener);
	(void)close(STDIN_FILENO);
	try_all(b);
	assert_int_equal(dup2(kept, STDIN_FILENO), STDIN_FILENO);
	(void)close(kept);
	(void)close(listener);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(none_stays_open_and_none_of_others_is_closed),
		T(the_first_may_have_the_number_of_the_input),
	};
#undef T

	return cmocka_run_group_tests(tests, NULL, NULL);
}
