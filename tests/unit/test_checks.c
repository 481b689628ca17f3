/* SPDX-License-Identifier: ISC */
/* What is looked at before a letter goes: where it would go, whether pages answer, room kept. */
#include "unit/flow_fixture.h"
#include "unit/web_server.h"

#include "base/limits.h"
#include "flow/mail_quarantine.h"
#include "flow/web_check.h"
#include "transport/transport.h"

/* ---- where letters go ---- */

/* The value of the setting that the method has; "%s" of it is the test's folder. */
static const struct {
	const char *name;
	enum transport_method method;
	const char *value;
	const char *why; /* NULL: nothing is wrong */
} transports[] = {
	{ "standard output", TRANSPORT_STDOUT, "", NULL },
	{ "a folder that is made", TRANSPORT_OUTBOX, "%s/new", NULL },
	{ "a folder that is there", TRANSPORT_OUTBOX, "%s", NULL },
	{ "a file is no folder", TRANSPORT_OUTBOX, "%s/file", "transport.outbox: " },
	{ "no name", TRANSPORT_OUTBOX, "", "transport.outbox names no directory" },
	{ "a maildir that is made", TRANSPORT_MAILDIR, "%s/new", NULL },
	{ "a file is no maildir", TRANSPORT_MAILDIR, "%s/file", "file is no directory" },
	{ "no name", TRANSPORT_MAILDIR, "", "transport.maildir names no directory" },
	{ "an mbox that is made", TRANSPORT_MBOX, "%s/new.mbox", NULL },
	{ "an mbox that is there", TRANSPORT_MBOX, "%s/file", NULL },
	{ "a folder is no mbox", TRANSPORT_MBOX, "%s", "is a directory" },
	{ "a folder that is not there", TRANSPORT_MBOX, "%s/no/new.mbox",
	    "transport.mbox: there is no directory" },
	{ "no name", TRANSPORT_MBOX, "", "transport.mbox names no file" },
	{ "a program", TRANSPORT_SENDMAIL, "/bin/cat -x", NULL },
	{ "a program of the PATH", TRANSPORT_SENDMAIL, "cat -x", NULL },
	{ "none of that name there", TRANSPORT_SENDMAIL, "no-such-program -t",
	    "transport.sendmail: no-such-program: " },
	{ "a directory", TRANSPORT_SENDMAIL, "%s", ": Is a directory" },
	{ "a socket to come", TRANSPORT_LMTP, "unix:%s/socket", NULL },
	{ "a file is no socket", TRANSPORT_LMTP, "unix:%s/file", "file is no socket" },
	{ "none there", TRANSPORT_SENDMAIL, "/nowhere/sendmail -t",
	    "transport.sendmail: /nowhere/sendmail: " },
	{ "a file that cannot be run", TRANSPORT_SENDMAIL, "%s/file",
	    "transport.sendmail: " },
	{ "no program", TRANSPORT_SENDMAIL, " ", "transport.sendmail names no program" },
};

static void
where_letters_go_is_looked_at(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(transports); i++) {
		struct flow_test t;
		struct config *c = &t.settings.config;
		struct transport_settings s = { .config = c, .host_name = "x.example" };
		const char *value = transports[i].value;

		flow_begin(&t);
		(void)flow_write(&t, "file", "");
		if (strstr(value, "%s"))
			value = arena_printf(t.run.arena, "%.*s%s%s",
			    (int)(strstr(value, "%s") - value), value, t.folder,
			    strstr(value, "%s") + 2);
		c->transport.method = transports[i].method;
		c->transport.outbox = c->transport.maildir = c->transport.mbox = value;
		c->transport.sendmail = c->transport.lmtp = value;
		if (transports[i].why)
			MUST_FAIL(transport_check(&s, t.run.arena, err), ERR_CONFIG,
			    transports[i].why);
		else
			MUST(transport_check(&s, t.run.arena, err));
		flow_end(&t);
	}
}

static const struct {
	const char *name, *host;
	enum smtp_security security;
	const char *user, *password;
	const char *why;
} servers[] = {
	{ "under TLS", "mail.example.net", SECURITY_TLS, "", NULL, NULL },
	{ "plain to this machine", "127.0.0.1", SECURITY_NONE, "", NULL, NULL },
	{ "by its name", "localhost", SECURITY_NONE, "", NULL, NULL },
	{ "in IPv6", "::1", SECURITY_NONE, "", NULL, NULL },
	{ "plain to another", "192.0.2.1", SECURITY_NONE, "", NULL,
	    "is not this machine: letters go there under TLS only" },
	{ "with a password", "mail.example.net", SECURITY_TLS, "ann", "secret", NULL },
	{ "without one", "mail.example.net", SECURITY_TLS, "ann", NULL,
	    "smtp.user is set, but no password" },
};

static void
letters_go_to_others_under_tls(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(servers); i++) {
		struct flow_test t;
		struct config *c = &t.settings.config;
		struct transport_settings s = { .config = c,
			.host_name = "x.example",
			.passwords = &servers[i].password };

		flow_begin(&t);
		c->transport.method = TRANSPORT_SMTP;
		c->smtp.host = servers[i].host;
		c->smtp.security = servers[i].security;
		c->smtp.user = servers[i].user;
		if (servers[i].why)
			MUST_FAIL(transport_check(&s, t.run.arena, err), ERR_CONFIG,
			    servers[i].why);
		else
			MUST(transport_check(&s, t.run.arena, err));
		c->smtp.ca_file = "/nowhere/ca.pem";
		if (!servers[i].why && servers[i].security == SECURITY_TLS)
			MUST_FAIL(transport_check(&s, t.run.arena, err), ERR_CONFIG,
			    "/nowhere/ca.pem");
		flow_end(&t);
	}
}

/* ---- whether pages answer ---- */

static const struct {
	const char *name, *path;
	bool elsewhere;
	const char *why;
} pages[] = {
	{ "there", "/pages", false, NULL },
	{ "not there", "/nowhere", false, "web.url: no readers' pages answer at " },
	{ "why not", "/nowhere", false, "404 Not Found" },
	{ "other pages", "/nowhere", true, NULL },
	{ "sent on", "/moved", false, "redirects to " },
};

static void
pages_are_asked_for_before_letters_name_them(void **state)
{
	struct server web;

	(void)state;
	if (!start_server(&web, NULL, NULL))
		skip(); /* no python3 here */
	for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
		struct flow_test t;
		struct config *c = &t.settings.config;

		flow_begin(&t);
		c->fetch.proxy = "none";
		c->web.url = arena_printf(t.run.arena, "http://127.0.0.1:%d%s", web.port,
		    pages[i].path);
		c->web.answers_elsewhere = pages[i].elsewhere;
		if (pages[i].why)
			MUST_FAIL(flow_web_check(&t.run, err), ERR_CONFIG, pages[i].why);
		else
			MUST(flow_web_check(&t.run, err));
		flow_end(&t);
	}
	stop_server(&web);
}

static void
pages_that_answered_are_not_asked_again(void **state)
{
	struct flow_test t;
	struct server web;
	struct config *c = &t.settings.config;

	(void)state;
	if (!start_server(&web, NULL, NULL))
		skip(); /* no python3 here */
	flow_begin(&t);
	c->fetch.proxy = "none";
	c->web.url = "";
	MUST(flow_web_check_once(&t.run, err));
	c->web.url = arena_printf(t.run.arena, "http://127.0.0.1:%d/pages", web.port);
	MUST(flow_web_check_once(&t.run, err));
	stop_server(&web);
	MUST(flow_web_check_once(&t.run, err));
	MUST_FAIL(flow_web_check(&t.run, err), ERR_CONFIG, "no readers' pages answer");
	c->web.url = arena_printf(t.run.arena, "http://127.0.0.1:%d/other", web.port);
	MUST_FAIL(flow_web_check_once(&t.run, err), ERR_CONFIG,
	    "no readers' pages answer");
	flow_end(&t);
}

/* ---- what is kept for the keeper ---- */

static size_t
count_kept(const char *folder)
{
	DIR *d = opendir(folder);
	struct dirent *e = NULL;
	size_t n = 0;

	while (d && (e = readdir(d)))
		n += e->d_name[0] != '.';
	if (d)
		(void)closedir(d);
	return n;
}

static void
the_newest_hundred_messages_are_kept(void **state)
{
	struct flow_test t;
	char folder[300];
	char first[400];
	char fourth[400];

	(void)state;
	flow_begin(&t);
	mail_quarantine(&t.run, "lost", 4); /* nowhere is said to keep it */
	t.run.quarantine_path = in_folder(t.folder, "kept", folder);
	t.run.dry_run = true;
	mail_quarantine(&t.run, "tried", 5);
	SAME_INT("a dry run keeps none", file_exists(folder), 0);
	t.run.dry_run = false;
	mail_quarantine(&t.run, "0", 1);
	mail_quarantine(&t.run, "0", 1);
	SAME_INT("the same twice is one", count_kept(folder), 1);
	/* SHA-256 of "0" and "3". */
	(void)snprintf(first, sizeof(first), "%s/001795500000-5feceb66ffc86f38.eml",
	    folder);
	(void)snprintf(fourth, sizeof(fourth), "%s/001795500003-4e07408562bedb8b.eml",
	    folder);
	SAME_INT("by its time and its words", file_exists(first), 1);
	for (int i = 1; i <= LIMIT_QUARANTINE + 2; i++) {
		const char *text = arena_printf(t.run.arena, "%d", i);

		t.run.now = NOW + i;
		mail_quarantine(&t.run, text, strlen(text));
		if (i == LIMIT_QUARANTINE - 1)
			SAME_INT("a hundred", count_kept(folder), LIMIT_QUARANTINE);
		if (i == LIMIT_QUARANTINE - 1)
			SAME_INT("the first is among them", file_exists(first), 1);
	}
	SAME_INT("a hundred", count_kept(folder), LIMIT_QUARANTINE);
	SAME_INT("the oldest is gone", file_exists(first), 0);
	SAME_INT("the fourth is the oldest", file_exists(fourth), 1);
	flow_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(where_letters_go_is_looked_at),
		cmocka_unit_test(letters_go_to_others_under_tls),
		cmocka_unit_test(pages_are_asked_for_before_letters_name_them),
		cmocka_unit_test(pages_that_answered_are_not_asked_again),
		cmocka_unit_test(the_newest_hundred_messages_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
