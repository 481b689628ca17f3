/* SPDX-License-Identifier: ISC */
/* What a transport needs is looked at before anything is sent: its places, its server, its words. */
#include "unit/transport_fixture.h"

#include <sys/socket.h>
#include <sys/un.h>

/* PATH of a row: "%" is the test's own folder, in which "file" is a file and "dir" a folder. */
static const char *
placed(struct bench *b, const char *text)
{
	return *text == '%' ? arena_printf(b->arena, "%s%s", b->dir, text + 1) : text;
}

static const struct {
	const char *name;
	enum transport_method method;
	const char *place; /* of outbox, mbox, maildir, sendmail, lmtp and redirect_to */
	const char *host;  /* of [smtp]; NULL: localhost */
	enum smtp_security security;
	const char *user, *password, *command, *pin;
	const char *want; /* the error; "%" as above, NULL: none */
	const char *hint;
} rows[] = {
	{ "an outbox", TRANSPORT_OUTBOX, "%/dir", .want = NULL },
	{ "one that is made", TRANSPORT_OUTBOX, "%/new", .want = NULL },
	{ "one that is a file", TRANSPORT_OUTBOX, "%/file",
	    .want = "transport.outbox: %/file is no directory" },
	{ "no outbox", TRANSPORT_OUTBOX, "",
	    .want = "transport.outbox names no directory" },
	{ "a maildir", TRANSPORT_MAILDIR, "%/dir", .want = NULL },
	{ "one that is a file", TRANSPORT_MAILDIR, "%/file",
	    .want = "transport.maildir: %/file is no directory" },
	{ "no maildir", TRANSPORT_MAILDIR, "",
	    .want = "transport.maildir names no directory" },
	{ "an mbox", TRANSPORT_MBOX, "%/file", .want = NULL },
	{ "one that is made", TRANSPORT_MBOX, "%/new", .want = NULL },
	{ "one that is a folder", TRANSPORT_MBOX, "%/dir",
	    .want = "transport.mbox: %/dir is a directory" },
	{ "one in no folder", TRANSPORT_MBOX, "%/none/new",
	    .want = "transport.mbox: there is no directory %/none" },
	{ "no mbox", TRANSPORT_MBOX, "", .want = "transport.mbox names no file" },
	{ "a program", TRANSPORT_SENDMAIL, "/bin/sh -c x", .want = NULL },
	{ "no program", TRANSPORT_SENDMAIL, " ",
	    .want = "transport.sendmail names no program" },
	{ "standard output", TRANSPORT_STDOUT, "", .want = NULL },

	{ "a server", TRANSPORT_SMTP, "", .want = NULL },
	{ "another machine's, under TLS", TRANSPORT_SMTP, "", "192.0.2.1", .want = NULL },
	{ "in the clear", TRANSPORT_SMTP, "", "192.0.2.1", SECURITY_NONE,
	    .want = "192.0.2.1 is not this machine: letters go there under TLS only",
	    .hint = "smtp.security = auto" },
	{ "this machine's in the clear", TRANSPORT_SMTP, "", "127.0.0.1", SECURITY_NONE,
	    .want = NULL },
	{ "its last address", TRANSPORT_SMTP, "", "127.255.255.255", SECURITY_NONE,
	    .want = NULL },
	{ "one beside them", TRANSPORT_SMTP, "", "126.255.255.255", SECURITY_NONE,
	    .want =
		"126.255.255.255 is not this machine: letters go there under TLS only",
	    .hint = "smtp.security = auto" },
	{ "by IPv6", TRANSPORT_SMTP, "", "::1", SECURITY_NONE, .want = NULL },
	{ "another's by IPv6", TRANSPORT_SMTP, "", "2001:db8::1", SECURITY_NONE,
	    .want = "2001:db8::1 is not this machine: letters go there under TLS only",
	    .hint = "smtp.security = auto" },
	{ "a login without a password", TRANSPORT_SMTP, "", .user = "ann",
	    .want = "smtp.user is set, but no password",
	    .hint = "smtp.password_file names a file that holds it" },
	{ "with one", TRANSPORT_SMTP, "", .user = "ann", .password = "secret",
	    .want = NULL },
	{ "with a command that says it", TRANSPORT_SMTP, "", .user = "ann",
	    .command = "pass", .want = NULL },
	{ "pins that are none", TRANSPORT_SMTP, "", .pin = "x",
	    .want = "smtp.pin is no list of keys" },
	{ "pins, and no TLS", TRANSPORT_SMTP, "", .security = SECURITY_NONE, .pin = "x",
	    .want =
		"smtp.pin says which key localhost has, and smtp.security = none asks "
		"for none",
	    .hint = "smtp.security = auto, or no smtp.pin" },

	{ "a socket that is not there yet", TRANSPORT_LMTP, "%/none", .want = NULL },
	{ "one that is a file", TRANSPORT_LMTP, "%/file",
	    .want = "transport.lmtp: %/file is no socket" },
	{ "one that is there", TRANSPORT_LMTP, "%/socket", .want = NULL },
	{ "LMTP here", TRANSPORT_LMTP, "127.0.0.1:24", .want = NULL },
	{ "LMTP elsewhere", TRANSPORT_LMTP, "192.0.2.1:24",
	    .want = "192.0.2.1:24 is not this machine: letters go there under TLS only",
	    .hint = "a socket or this machine's LMTP port" },
	{ "a login is none of LMTP's", TRANSPORT_LMTP, "127.0.0.1:24", .user = "ann",
	    .want = NULL },
	{ "no LMTP", TRANSPORT_LMTP, "", .want = "transport.lmtp names no server" },

	{ "to one's own address", TRANSPORT_REDIRECT, "ann@x.org", .want = NULL },
	{ "to nobody", TRANSPORT_REDIRECT, "",
	    .want = "transport.redirect_to is not set: whom do letters go to?",
	    .hint = "your own address" },
	{ "to none", TRANSPORT_REDIRECT, "ann",
	    .want = "transport.redirect_to: there is no @ in it" },
	{ "by a server that is none", TRANSPORT_REDIRECT, "ann@x.org", "192.0.2.1",
	    SECURITY_NONE,
	    .want = "192.0.2.1 is not this machine: letters go there under TLS only",
	    .hint = "smtp.security = auto" },
};

static void
fill_config(struct bench *b, size_t i)
{
	struct config *c = &b->config;

	c->transport.method = rows[i].method;
	c->transport.outbox = c->transport.mbox = c->transport.maildir =
	    c->transport.sendmail = c->transport.lmtp = c->transport.redirect_to =
		placed(b, rows[i].place);
	c->smtp.host = rows[i].host ? rows[i].host : "localhost";
	c->smtp.security = rows[i].security;
	c->smtp.user = rows[i].user ? rows[i].user : "";
	c->smtp.password_command = rows[i].command ? rows[i].command : "";
	c->smtp.pin = rows[i].pin ? rows[i].pin : "";
	c->smtp.helo = c->smtp.domains = "";
}

static void
what_a_transport_needs_is_named(void **state)
{
	struct bench *b = *state;
	const char *passwords[1];
	int failed = 0;
	const int listener = socket(AF_UNIX, SOCK_STREAM, 0);
	struct sockaddr_un un = { .sun_family = AF_UNIX };

	(void)snprintf(un.sun_path, sizeof(un.sun_path), "%s", in_dir(b, "socket"));
	assert_int_equal(bind(listener, (struct sockaddr *)&un, sizeof(un)), 0);
	(void)close(listener);
	assert_true(file_write(in_dir(b, "file"), "x", 1, 0600, &b->err));
	assert_int_equal(mkdir(in_dir(b, "dir"), 0700), 0);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *want = rows[i].want ? rows[i].want : "";
		const char *mark = strchr(want, '%');
		bool ok = false;

		if (mark)
			want = arena_printf(b->arena, "%.*s%s%s", (int)(mark - want),
			    want, b->dir, mark + 1);
		err_clear(&b->err);
		fill_config(b, i);
		passwords[0] = rows[i].password;
		b->t.passwords = passwords;
		ok = transport_check(&b->t, b->arena, &b->err);
		/* Where a machine has no authorities, TLS is not to be had. */
		if (!ok && strstr(b->err.text, "no certificate authorities"))
			continue;
		if (ok != !rows[i].want || strcmp(b->err.text, want) != 0 ||
		    (rows[i].hint && strcmp(b->err.hint, rows[i].hint) != 0)) {
			print_error("%s: got %d \"%s\" (%s), want \"%s\"\n", rows[i].name,
			    ok, b->err.text, b->err.hint, want);
			failed++;
		}
		if (!ok)
			assert_int_equal(b->err.kind, ERR_CONFIG);
	}
	assert_int_equal(failed, 0);
}

static void
a_program_that_is_not_there_is_told(void **state)
{
	struct bench *b = *state;

	b->config.transport.method = TRANSPORT_SENDMAIL;
	b->config.transport.sendmail = "/nonexistent/sendmail -i";
	assert_false(transport_check(&b->t, b->arena, &b->err));
	assert_memory_equal(b->err.text, "transport.sendmail: ", 20);
	assert_non_null(strstr(b->err.text, "/nonexistent/sendmail"));
}

/* The program and 60 words, as they are taken when a letter goes. */
static void
a_program_with_too_many_words_is_told(void **state)
{
	struct bench *b = *state;
	struct buf words = BUF_INIT(1000);

	b->config.transport.method = TRANSPORT_SENDMAIL;
	buf_adds(&words, "/bin/sh");
	for (int i = 1; i <= 60; i++)
		buf_addf(&words, " %d", i);
	b->config.transport.sendmail = buf_text(&words);
	assert_true(transport_check(&b->t, b->arena, &b->err));
	buf_adds(&words, " 61");
	b->config.transport.sendmail = buf_text(&words);
	assert_false(transport_check(&b->t, b->arena, &b->err));
	assert_int_equal(b->err.kind, ERR_CONFIG);
	assert_string_equal(b->err.text, "transport.sendmail has too many words");
	buf_clear(&words);
}

/* Who is on this machine, and what is the rule there. */
static const struct {
	const char *host;
	int64_t port;
	const char *want;
} hosts[] = {
	{ "localhost", 0, "localhost:25 (STARTTLS if offered)" },
	{ "LOCALHOST", 0, "LOCALHOST:25 (STARTTLS if offered)" },
	{ "localhosts", 0, "localhosts:587 (STARTTLS)" },
	{ "::1", 0, "::1:25 (STARTTLS if offered)" },
	{ "::2", 0, "::2:587 (STARTTLS)" },
	{ "127.0.0.1", 0, "127.0.0.1:25 (STARTTLS if offered)" },
	{ "127.9.9.9", 0, "127.9.9.9:25 (STARTTLS if offered)" },
	{ "128.0.0.1", 0, "128.0.0.1:587 (STARTTLS)" },
	{ "1270.example", 0, "1270.example:587 (STARTTLS)" },
	{ "localhost", 24, "localhost:24 (STARTTLS)" },
	{ "localhost", 25, "localhost:25 (STARTTLS if offered)" },
	{ "localhost", 26, "localhost:26 (STARTTLS)" },
	{ "localhost", 465, "localhost:465 (TLS)" },
	{ "localhost", 464, "localhost:464 (STARTTLS)" },
	{ "localhost", 587, "localhost:587 (STARTTLS)" },
	{ "", 0, "localhost:25 (STARTTLS if offered)" },
};

static void
tls_is_the_rule_but_on_this_machine(void **state)
{
	struct bench *b = *state;

	b->config.transport.method = TRANSPORT_SMTP;
	b->config.smtp.helo = b->config.smtp.user = b->config.smtp.domains = "";
	b->config.smtp.security = SECURITY_AUTO;
	for (size_t i = 0; i < ARRAY_LEN(hosts); i++) {
		struct buf got = BUF_INIT(1000);

		b->config.smtp.host = hosts[i].host;
		b->config.smtp.port = hosts[i].port;
		transport_describe(&b->config, &got);
		if (strcmp(buf_text(&got), hosts[i].want) != 0)
			fail_msg("got \"%s\", want \"%s\"", buf_text(&got),
			    hosts[i].want);
		buf_clear(&got);
	}
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(what_a_transport_needs_is_named),
		T(a_program_that_is_not_there_is_told),
		T(a_program_with_too_many_words_is_told),
		T(tls_is_the_rule_but_on_this_machine),
	};
#undef T

	return cmocka_run_group_tests(tests, NULL, NULL);
}
