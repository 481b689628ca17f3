/* SPDX-License-Identifier: ISC */
/*
 * serve: who is answered by which way, by what the process was started with (sd_listen_fds(3),
 * RFC 3875) and by its options.  It is told to stop before it begins.
 */
#include "unit/planet_fixture.h"

#include <sys/socket.h>
#include <sys/un.h>

enum { HANDED_OVER = 3 }; /* SD_LISTEN_FDS_START */

static bool
always(void)
{
	return true;
}

/* A socket that listens where systemd hands one over; what lay there before is answered. */
static int
put_socket(struct cmd_test *t)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	const int before = dup(HANDED_OVER);
	const int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	assert_true(fd >= 0);
	(void)snprintf(at.sun_path, sizeof(at.sun_path), "%s/handed", t->folder);
	assert_int_equal(bind(fd, (const struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(fd, 1), 0);
	if (fd != HANDED_OVER) {
		assert_int_equal(dup2(fd, HANDED_OVER), HANDED_OVER);
		close(fd);
	}
	return before;
}

static void
take_socket_away(struct cmd_test *t, int before)
{
	char path[300];

	if (before >= 0)
		capture_put(before, HANDED_OVER);
	else
		(void)close(HANDED_OVER);
	(void)unlink(in_folder(t->folder, "handed", path));
}

static void
begin(struct cmd_test *t, const char *listen)
{
	char more[600];

	planet_begin_with(t, "");
	(void)snprintf(more, sizeof(more),
	    "%s[web]\nurl = https://news.example.net/p\nlisten = unix:%s/%s\n",
	    planet_settings, t->folder, listen);
	(void)cmd_file(t, "p.conf", more);
}

/* Words of standard output; DIR: the socket's path follows. */
#define HANDED "Pages of Planet X at the socket that was handed over\n"
#define CGI "Status: 200 OK\r\n"

static const struct {
	const char *name;
	const char *gateway, *fds;
	bool is_ours; /* the sockets are for this process */
	const char *option, *value;
	int code;
	const char *at; /* which local socket, or NULL */
	const char *out, *err;
} ways[] = {
	{ "by a terminal: as it is set", NULL, NULL, true, NULL, NULL, EXIT_OK, "own",
	    NULL, NULL },
	{ "as it is said", NULL, NULL, true, "--listen", "said", EXIT_OK, "said", NULL,
	    NULL },
	{ "by a web server", "CGI/1.1", NULL, true, NULL, NULL, EXIT_OK, NULL, CGI,
	    NULL },
	{ "as if by one", NULL, NULL, true, "--cgi", NULL, EXIT_OK, NULL, CGI, NULL },
	{ "by a web server, with a socket of its own", "CGI/1.1", NULL, true, "--listen",
	    "said", EXIT_OK, "said", NULL, NULL },
	{ "by a socket that systemd opened", NULL, "1", true, NULL, NULL, EXIT_OK, NULL,
	    HANDED, NULL },
	{ "with a web server's environment", "CGI/1.1", "1", true, NULL, NULL, EXIT_OK,
	    NULL, HANDED, NULL },
	{ "said is more than handed over", NULL, "1", true, "--listen", "said", EXIT_OK,
	    "said", NULL, NULL },
	{ "asked for CGI is more than handed over", NULL, "1", true, "--cgi", NULL,
	    EXIT_OK, NULL, CGI, NULL },
	{ "another process was handed it", NULL, "1", false, NULL, NULL, EXIT_OK, "own",
	    NULL, NULL },
	{ "an empty number of sockets", NULL, "", true, NULL, NULL, EXIT_OK, "own", NULL,
	    NULL },
	{ "two sockets", NULL, "2", true, NULL, NULL, EXIT_USAGE, NULL, "",
	    "planetpost: 2 sockets were handed over, not one\n" },
	{ "ten sockets", NULL, "10", true, NULL, NULL, EXIT_USAGE, NULL, "",
	    "planetpost: 10 sockets were handed over, not one\n" },
	{ "no address", NULL, NULL, true, "--listen", "", EXIT_USAGE, NULL, "",
	    "the path of a local socket has 1 to " },
};

static void
try_way(size_t i)
{
	struct cmd_case c = { ways[i].name, { "-v", "serve", ways[i].option },
		ways[i].code, NULL, ways[i].out, ways[i].err ? ways[i].err : "" };
	char pid[30];
	char value[300];
	char want[400];
	struct cmd_test t;
	int before = -1;

	begin(&t, "own");
	(void)snprintf(pid, sizeof(pid), "%ld",
	    (long)getpid() + (ways[i].is_ours ? 0 : 1));
	t.web = (struct web_environment){ .gateway = ways[i].gateway,
		.listen_fds = ways[i].fds,
		.listen_pid = pid,
		.request = { .method = "GET", .path = "/sources" } };
	t.interrupted = always;
	if (ways[i].value) {
		(void)snprintf(value, sizeof(value), "unix:%s%s%s",
		    *ways[i].value ? t.folder : "", *ways[i].value ? "/" : "",
		    ways[i].value);
		c.words[3] = value;
	}
	(void)snprintf(want, sizeof(want), "Pages of Planet X at unix:%s/%s\n", t.folder,
	    ways[i].at ? ways[i].at : "");
	if (ways[i].at)
		c.out = want;
	before = put_socket(&t);
	cmd_expect(&t, &c);
	take_socket_away(&t, before);
	if (ways[i].at)
		assert_false(file_exists(in_folder(t.folder, ways[i].at, value)));
	cmd_end(&t);
}

static void
pages_are_answered_the_way_that_was_asked_for(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ways); i++)
		try_way(i);
}

static void
systemd_has_to_name_the_process(void **state)
{
	static const char *const pids[] = { NULL, "", "nobody" };
	static const struct cmd_case c = { "nobody is named", { "-v", "serve" }, EXIT_OK,
		NULL, "/own\n", "" };
	struct cmd_test t;

	(void)state;
	begin(&t, "own");
	t.interrupted = always;
	for (size_t i = 0; i < ARRAY_LEN(pids); i++) {
		t.web.listen_fds = "1";
		t.web.listen_pid = pids[i];
		cmd_expect(&t, &c);
	}
	cmd_end(&t);
}

static void
a_form_comes_in_by_cgi(void **state)
{
	static const struct cmd_case c = { "a form", { "serve", "--cgi" }, EXIT_OK, NULL,
		"Write the whole address", NULL };
	static const struct cmd_case other = { "no form", { "serve", "--cgi" }, EXIT_OK,
		NULL, "Status: 415 Unsupported Media Type\r\n", NULL };
	struct cmd_test t;

	(void)state;
	begin(&t, "own");
	t.web = (struct web_environment){ .request = { .method = "POST",
					      .path = "/code",
					      .type = "application/x-www-form-urlencoded",
					      .length = "23",
					      .peer = "203.0.113.9" } };
	planet_put_input(&t, "email=no-address&code=1");
	cmd_expect(&t, &c);
	t.web.request.type = "application/json";
	cmd_expect(&t, &other);
	cmd_end(&t);
}

static void
pages_need_a_place(void **state)
{
	static const struct cmd_case c = { "no web.url", { "serve" }, EXIT_CONFIG, "",
		NULL, "planetpost: web.url is not set: where are the pages?\n" };
	struct cmd_test t;

	(void)state;
	planet_begin_with(&t, "");
	cmd_expect(&t, &c);
	cmd_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_are_answered_the_way_that_was_asked_for),
		cmocka_unit_test(systemd_has_to_name_the_process),
		cmocka_unit_test(a_form_comes_in_by_cgi),
		cmocka_unit_test(pages_need_a_place),
	};

	return cmocka_run_group_tests_name("serve", tests, NULL, NULL);
}
