/* SPDX-License-Identifier: ISC */
/*
 * How requests come in and answers go out: the server on a socket of its own, CGI, where it
 * listens, and whose address is believed.
 */
#include "unit/web_fixture.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "base/limits.h"
#include "web/cgi.h"
#include "web/listen.h"
#include "web/server.h"

/* ---- what a request and its answer are ---- */

static void
methods_are_told_apart(void **state)
{
	static const struct {
		const char *name;
		enum web_method want;
	} cases[] = { { "GET", WEB_GET }, { "HEAD", WEB_GET }, { "POST", WEB_POST },
		{ "OPTIONS", WEB_OPTIONS }, { "PUT", WEB_OTHER }, { "get", WEB_OTHER },
		{ "", WEB_OTHER } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		SAME_INT(cases[i].name, web_method_of(cases[i].name), cases[i].want);
}

static void
collect(void *arg, const char *name, const char *value)
{
	buf_addf(arg, "%s: %s\n", name, value);
}

#define ALWAYS \
	"Content-Security-Policy: default-src 'none'\nReferrer-Policy: no-referrer\n" \
	"X-Content-Type-Options: nosniff\nCross-Origin-Resource-Policy: same-origin\n"

static void
fields_say_what_the_answer_is(void **state)
{
	static const struct {
		const char *name;
		struct web_answer answer;
		const char *want;
	} cases[] = {
		{ "plain", { .status = 200 }, ALWAYS "Cache-Control: no-store\n" },
		{ "kept a second", { .keep_seconds = 1 },
		    ALWAYS "Cache-Control: public, max-age=1\n" },
		{ "hidden", { .hide = true },
		    ALWAYS "Cache-Control: no-store\nX-Robots-Tag: noindex, nofollow\n" },
		{ "wrong method", { .allow = "GET, HEAD, OPTIONS" },
		    ALWAYS "Cache-Control: no-store\nAllow: GET, HEAD, OPTIONS\n" },
		{ "busy", { .retry_after = 1 },
		    ALWAYS "Cache-Control: no-store\nRetry-After: 1\n" },
		{ "a file", { .keep_seconds = 300, .download = "sources.opml" },
		    ALWAYS
		    "Cache-Control: public, max-age=300\n"
		    "Content-Disposition: attachment; filename=\"sources.opml\"\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct web_answer answer = cases[i].answer;
		struct buf b = BUF_INIT(2000);

		answer.policy = "default-src 'none'";
		web_answer_fields(&answer, collect, &b);
		SAME_TEXT(cases[i].name, buf_text(&b), cases[i].want);
		buf_clear(&b);
	}
	SAME_TEXT("status", web_status_text(204), "No Content");
	SAME_TEXT("status", web_status_text(503), "Service Unavailable");
	SAME_TEXT("status", web_status_text(299), "Unknown");
}

/* ---- CGI ---- */

struct cgi_case {
	const char *name;
	struct cgi_environment env;
	const char *body;
	const char *begins; /* the answer */
	const char *holds;
};

#define CGI_POST(path, length) \
	{ \
		"POST", path, "application/x-www-form-urlencoded", length, \
		    "203.0.113.9", NULL, NULL \
	}

static const struct cgi_case cgi_cases[] = {
	{ "a page", { "GET", "/sources", NULL, NULL, NULL, NULL, NULL }, "",
	    "Status: 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
	    "Content-Security-Policy: default-src 'none'",
	    "\r\n\r\n<!DOCTYPE html>" },
	{ "no path is the first page", { "GET", NULL, NULL, NULL, NULL, NULL, NULL }, "",
	    "Status: 200 OK\r\n", "<h2>Get it by mail</h2>" },
	{ "an empty one too", { "GET", "", NULL, NULL, NULL, NULL, NULL }, "",
	    "Status: 200 OK\r\n", "<h2>Get it by mail</h2>" },
	{ "no method", { NULL, "/sources", NULL, NULL, NULL, NULL, NULL }, "",
	    "Status: 405 Method Not Allowed\r\n", "Allow: GET, HEAD, OPTIONS\r\n" },
	{ "options", { "OPTIONS", "/code", NULL, NULL, NULL, NULL, NULL }, "",
	    "Status: 204 No Content\r\nContent-Security-Policy: ",
	    "Content-Length: 0\r\n\r\n" },
	{ "a form", CGI_POST("/code", "23"), "email=no-address&code=1",
	    "Status: 200 OK\r\n", "Write the whole address" },
	{ "as much as was announced", CGI_POST("/code", "8"), "email=xx%00",
	    "Status: 200 OK\r\n", "value=\"xx\"" },
	{ "a byte more", CGI_POST("/code", "11"), "email=xx%00",
	    "Status: 400 Bad Request\r\n", "<h1>" },
	{ "less than was announced", CGI_POST("/code", "999"), "email=xx",
	    "Status: 200 OK\r\n", "value=\"xx\"" },
	{ "no length", CGI_POST("/code", NULL), "email=xx", "Status: 200 OK\r\n",
	    "name=\"email\" type=\"email\" dir=\"ltr\" autocomplete=\"email\" "
	    "spellcheck=\"false\" value=\"\"" },
	{ "no form", { "POST", "/code", "application/json", "2", NULL, NULL, NULL }, "{}",
	    "Status: 415 Unsupported Media Type\r\n", "<h1>" },
};

/* What cgi_answer() writes for that; in buf. */
static void
run_cgi(struct pages_test *p, const struct cgi_environment *env, const char *body,
    size_t len, struct buf *out)
{
	FILE *in = tmpfile();
	FILE *to = tmpfile();
	char bytes[4096];
	size_t n = 0;

	assert_true(in && to);
	SAME_INT("written", fwrite(body, 1, len, in), len);
	rewind(in);
	MUST(cgi_answer(&p->site, env, in, to, err));
	rewind(to);
	while ((n = fread(bytes, 1, sizeof(bytes), to)) > 0)
		buf_add(out, bytes, n);
	(void)fclose(in);
	(void)fclose(to);
}

static void
cgi_answers_one_request(void **state)
{
	struct pages_test p;

	(void)state;
	begin(&p);
	for (size_t i = 0; i < ARRAY_LEN(cgi_cases); i++) {
		const struct cgi_case *c = &cgi_cases[i];
		struct buf b = BUF_INIT(1 << 20);

		run_cgi(&p, &c->env, c->body, strlen(c->body), &b);
		if (strncmp(buf_text(&b), c->begins, strlen(c->begins)) != 0)
			fail_msg("%s: got %.200s", c->name, buf_text(&b));
		if (!strstr(buf_text(&b), c->holds))
			fail_msg("%s: \"%s\" is not in %s", c->name, c->holds,
			    buf_text(&b));
		buf_clear(&b);
	}
	end(&p);
}

static void
cgi_counts_what_it_writes(void **state)
{
	struct pages_test p;
	struct buf full = BUF_INIT(1 << 20);
	struct buf head = BUF_INIT(1 << 20);
	const struct cgi_environment get = { "GET", "/style.css", NULL, NULL, NULL, NULL,
		NULL };
	const struct cgi_environment look = { "HEAD", "/style.css", NULL, NULL, NULL,
		NULL, NULL };
	const char *end_of_head = NULL;
	const char *length = NULL;

	(void)state;
	begin(&p);
	run_cgi(&p, &get, "", 0, &full);
	end_of_head = strstr(buf_text(&full), "\r\n\r\n");
	length = strstr(buf_text(&full), "Content-Length: ");
	assert_true(end_of_head && length && length < end_of_head);
	SAME_INT("length", strtol(length + strlen("Content-Length: "), NULL, 10),
	    strlen(end_of_head + 4));
	SAME_INT("its style", strlen(end_of_head + 4), strlen(p.site.style));
	run_cgi(&p, &look, "", 0, &head);
	SAME_INT("the head alone", head.len, end_of_head + 4 - buf_text(&full));
	assert_memory_equal(buf_text(&head), buf_text(&full), head.len);
	buf_clear(&full);
	buf_clear(&head);
	end(&p);
}

static void
cgi_reads_no_more_than_a_form(void **state)
{
	static const struct {
		const char *length;
		const char *status;
	} cases[] = { { "65536", "Status: 200 OK" },
		{ "65537", "Status: 413 Content Too Large" },
		{ "999999999", "Status: 413 Content Too Large" },
		{ "99999999999999999999", "Status: 413 Content Too Large" },
		{ "-5", "Status: 413 Content Too Large" },
		{ "many", "Status: 413 Content Too Large" }, { "0", "Status: 200 OK" } };
	struct pages_test p;
	char *body = malloc(LIMIT_FORM + 100);

	(void)state;
	assert_non_null(body);
	memset(body, '&', LIMIT_FORM + 100);
	begin(&p);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct cgi_environment env = CGI_POST("/code", cases[i].length);
		struct buf b = BUF_INIT(1 << 20);

		run_cgi(&p, &env, body, LIMIT_FORM + 100, &b);
		if (strncmp(buf_text(&b), cases[i].status, strlen(cases[i].status)) != 0)
			fail_msg("%s: got %.60s", cases[i].length, buf_text(&b));
		buf_clear(&b);
	}
	end(&p);
	free(body);
}

/* A letter that waits wakes whoever mails; an answer nobody can take is an error. */
static void
cgi_wakes_the_mailer_and_says_what_fails(void **state)
{
	struct pages_test p;
	struct err err = ERR_INIT;
	struct buf b = BUF_INIT(1 << 20);
	char wake[300];
	const struct cgi_environment get = { "GET", "/style.css", NULL, NULL, NULL, NULL,
		NULL };
	struct cgi_environment leave = CGI_POST("", "9");
	FILE *in = tmpfile();
	FILE *full = fopen("/dev/full", "w");

	(void)state;
	assert_true(in && full);
	begin(&p);
	p.t.run.wake_path = in_folder(p.t.folder, "wake", wake);
	run_cgi(&p, &get, "", 0, &b);
	SAME_INT("looking", access(wake, F_OK), -1);
	leave.path = path_of(&p, "/u/", token(&p, TOKEN_LEAVE, p.ann.id, 0));
	run_cgi(&p, &leave, "act=leave", 9, &b);
	SAME_INT("left", state_of(&p), READER_LEFT);
	SAME_INT("woken", access(wake, F_OK), 0);
	SAME_INT("no room", cgi_answer(&p.site, &get, in, full, &err), false);
	SAME_INT("no room", err.kind, ERR_SYSTEM);
	assert_non_null(strstr(err.text, "the answer cannot be written"));
	(void)fclose(full);
	(void)fclose(in);
	buf_clear(&b);
	end(&p);
}

/* ---- where it listens ---- */

static void
it_listens_at_home_only(void **state)
{
	static const struct {
		const char *where;
		enum err_kind want;
		const char *name; /* begins so */
	} cases[] = {
		{ "127.0.0.1:0", ERR_NONE, "http://127.0.0.1:" },
		{ "localhost:0", ERR_NONE, "http://localhost:" },
		{ "0.0.0.0:8080", ERR_USAGE, "cannot listen at '0.0.0.0:8080'" },
		{ "192.0.2.1:8080", ERR_USAGE, "cannot listen" },
		{ "127.0.0.1:", ERR_USAGE, "cannot listen" },
		{ "127.0.0.1:65536", ERR_USAGE, "cannot listen" },
		{ "127.0.0.1:123456", ERR_USAGE, "cannot listen" },
		{ "127.0.0.1:80x", ERR_USAGE, "cannot listen" },
		{ "127.0.0.1", ERR_USAGE, "cannot listen" },
		{ "", ERR_USAGE, "cannot listen" },
		{ "[::1]:65536", ERR_USAGE, "cannot listen at '[::1]:65536'" },
		{ "127.0.0.1:065535", ERR_USAGE, "cannot listen" },
		{ "unix:", ERR_USAGE, "has 1 to 107 bytes" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct listener l;
		struct err err = ERR_INIT;
		const bool ok = listener_open(cases[i].where, &l, &err);

		if (ok != (cases[i].want == ERR_NONE) || err.kind != cases[i].want)
			fail_msg("%s: got %d, %s", cases[i].where, err.kind, err.text);
		if (!strstr(ok ? l.name : err.text, cases[i].name))
			fail_msg("%s: got %s", cases[i].where, ok ? l.name : err.text);
		SAME_INT(cases[i].where, l.fd >= 0, ok);
		if (ok) {
			assert_false(l.is_local);
			assert_true(strtol(strrchr(l.name, ':') + 1, NULL, 10) > 0);
		}
		listener_close(&l);
		SAME_INT("closed", l.fd, -1);
	}
}

static void
one_process_answers_at_a_local_socket(void **state)
{
	char *folder = new_folder();
	char path[300];
	char where[310];
	struct listener first;
	struct listener second;
	FILE *f = NULL;

	(void)state;
	(void)in_folder(folder, "web.sock", path);
	(void)snprintf(where, sizeof(where), "unix:%s", path);
	MUST(listener_open(where, &first, err));
	assert_true(first.is_local);
	SAME_TEXT("its name", first.name, where);
	SAME_INT("closed with a program", fcntl(first.fd, F_GETFD), FD_CLOEXEC);
	assert_true((fcntl(first.fd, F_GETFL) & O_NONBLOCK) != 0);
	MUST_FAIL(listener_open(where, &second, err), ERR_TEMPORARY,
	    "another process answers at unix:");
	SAME_INT("the first one is still there", access(path, F_OK), 0);
	/* As when it was killed: the file stays. */
	(void)close(first.fd);
	MUST(listener_open(where, &second, err));
	listener_close(&second);
	SAME_INT("it takes the file along", access(path, F_OK), -1);
	f = fopen(path, "w");
	assert_non_null(f);
	(void)fclose(f);
	MUST_FAIL(listener_open(where, &second, err), ERR_USAGE,
	    "is there already and no socket");
	SAME_INT("what is no socket stays", access(path, F_OK), 0);
	(void)unlink(path);
	MUST_FAIL(listener_open("unix:/nowhere/at/all/web.sock", &second, err),
	    ERR_SYSTEM, "cannot listen at /nowhere/at/all/web.sock");
	(void)rmdir(folder);
	free(folder);
}

/* A port that is free, and then that port. */
static void
it_listens_at_the_port_that_was_named(void **state)
{
	static const char *const hosts[] = { "127.0.0.1", "[::1]", "localhost" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(hosts); i++) {
		struct listener l;
		struct listener again;
		char where[100];
		char name[sizeof(l.name)];
		int on = 0;
		socklen_t len = sizeof(on);

		(void)snprintf(where, sizeof(where), "%s:0", hosts[i]);
		MUST(listener_open(where, &l, err));
		assert_int_equal(strncmp(l.name, "http://", 7), 0);
		(void)snprintf(name, sizeof(name), "%s", l.name);
		assert_false(l.is_local);
		assert_null(l.path);
		SAME_INT("waits for nobody", fcntl(l.fd, F_GETFL) & O_NONBLOCK,
		    O_NONBLOCK);
		SAME_INT("closed with a program", fcntl(l.fd, F_GETFD), FD_CLOEXEC);
		SAME_INT("asked", getsockopt(l.fd, SOL_SOCKET, SO_REUSEADDR, &on, &len),
		    0);
		SAME_INT("at once again", on != 0, 1);
		MUST_FAIL(listener_open(name + 7, &again, err), ERR_SYSTEM,
		    "cannot listen at ");
		SAME_INT("nothing is left open", again.fd, -1);
		listener_close(&l);
		MUST(listener_open(name + 7, &l, err));
		SAME_TEXT("its name", l.name, name);
		listener_close(&l);
	}
}

/* The longest path there is room for, and one byte more. */
static void
the_path_of_a_socket_has_its_length(void **state)
{
	char *folder = new_folder();
	char where[5 + 110] = "unix:";
	char *path = where + 5;
	struct listener l;
	struct stat st;

	(void)state;
	memset(path, 'x', 108);
	path[108] = '\0';
	memcpy(path, folder, strlen(folder));
	path[strlen(folder)] = '/';
	MUST_FAIL(listener_open(where, &l, err), ERR_USAGE, "has 1 to 107 bytes");
	SAME_INT("none", l.fd, -1);
	path[107] = '\0';
	MUST(listener_open(where, &l, err));
	SAME_TEXT("its name", l.name, where);
	SAME_TEXT("its path", l.path, path);
	SAME_INT("its file", stat(path, &st), 0);
	SAME_INT("who may reach it", st.st_mode & 0777, 0666);
	listener_close(&l);
	assert_null(l.path);
	SAME_INT("an empty folder", rmdir(folder), 0);
	free(folder);
}

/* A service without standard input may be given descriptor 0. */
static void
descriptor_0_is_one_like_others(void **state)
{
	static const char *const places[] = { "127.0.0.1:0", "unix:" };
	char *folder = new_folder();
	const int kept = dup(0);
	struct listener l;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		char where[400];

		(void)snprintf(where, sizeof(where), "%s%s%s", places[i],
		    i == 1 ? folder : "", i == 1 ? "/web.sock" : "");
		(void)close(0);
		MUST(listener_open(where, &l, err));
		SAME_INT("its descriptor", l.fd, 0);
		listener_close(&l);
		SAME_INT("closed", fcntl(0, F_GETFD), -1);
	}
	MUST_FAIL(listener_open("unix:/nowhere/at/all/web.sock", &l, err), ERR_SYSTEM,
	    "cannot listen at /nowhere/at/all/web.sock");
	SAME_INT("none", l.fd, -1);
	assert_null(l.path);
	SAME_INT("closed when it fails", fcntl(0, F_GETFD), -1);
	SAME_INT("as it was", dup2(kept, 0), 0);
	(void)close(kept);
	SAME_INT("an empty folder", rmdir(folder), 0);
	free(folder);
}

static void
one_socket_is_handed_over(void **state)
{
	static const struct {
		const char *name;
		int family; /* AF_UNSPEC: no socket at all */
		bool ok, is_local;
	} cases[] = { { "a local one", AF_UNIX, true, true },
		{ "a port", AF_INET, true, false },
		{ "a file", AF_UNSPEC, false, false } };
	const int kept = dup(3);
	struct listener l;

	(void)state;
	MUST_FAIL(listener_inherit(0, &l, err), ERR_USAGE, "0 sockets were handed over");
	MUST_FAIL(listener_inherit(2, &l, err), ERR_USAGE, "2 sockets were handed over");
	SAME_INT("none", l.fd, -1);
	listener_close(&l);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const int fd = cases[i].family == AF_UNSPEC
		    ? open("/dev/null", O_RDONLY)
		    : socket(cases[i].family, SOCK_STREAM, 0);

		SAME_INT("the first that is handed over", dup2(fd, 3), 3);
		if (fd != 3)
			(void)close(fd);
		if (!cases[i].ok) {
			MUST_FAIL(listener_inherit(1, &l, err), ERR_SYSTEM,
			    "cannot listen at the socket that was handed over");
			SAME_INT(cases[i].name, l.fd, -1);
			SAME_INT("closed", fcntl(3, F_GETFD), -1);
			continue;
		}
		MUST(listener_inherit(1, &l, err));
		SAME_INT(cases[i].name, l.fd, 3);
		SAME_INT(cases[i].name, l.is_local, cases[i].is_local);
		SAME_TEXT(cases[i].name, l.name, "the socket that was handed over");
		SAME_INT("closed with a program", fcntl(3, F_GETFD), FD_CLOEXEC);
		SAME_INT("waits for nobody", fcntl(3, F_GETFL) & O_NONBLOCK, O_NONBLOCK);
		listener_close(&l);
		SAME_INT("closed", fcntl(3, F_GETFD), -1);
	}
	if (kept >= 0) {
		(void)dup2(kept, 3);
		(void)close(kept);
	}
}

/* ---- the server ---- */

/* What a client says, and what it must hear. */
struct exchange {
	const char *name;
	const char *says;
	const char *begins, *holds;
};

#define HOST "Host: news.example.net\r\n"

static const struct exchange exchanges[] = {
	{ "a page", "GET /sources HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n",
	    "HTTP/1.1 200 OK\r\n", "\r\n\r\n<!DOCTYPE html>" },
	{ "its head", "HEAD /style.css HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n",
	    "HTTP/1.1 200 OK\r\n", "Content-Type: text/css; charset=utf-8\r\n" },
	{ "a path is taken as it is",
	    "GET /sourc%65s HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n",
	    "HTTP/1.1 404 Not Found\r\n", "X-Robots-Tag: noindex, nofollow\r\n" },
	{ "a form",
	    "POST /code HTTP/1.1\r\n" HOST
	    "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 8\r\n"
	    "Connection: close\r\n\r\nemail=xx",
	    "HTTP/1.1 200 OK\r\n", "value=\"xx\"" },
	{ "no form", "POST /code HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n",
	    "HTTP/1.1 200 OK\r\n", "Get it by mail" },
	{ "another type",
	    "POST /code HTTP/1.1\r\n" HOST
	    "Content-Type: text/plain\r\nContent-Length: 2\r\nConnection: close\r\n\r\nxx",
	    "HTTP/1.1 415 Unsupported Media Type\r\n", "<h1>" },
	{ "a method nobody knows",
	    "BREW /code HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n",
	    "HTTP/1.1 405 Method Not Allowed\r\n",
	    "Allow: GET, HEAD, POST, OPTIONS\r\n" },
	{ "two, one after the other",
	    "GET /style.css HTTP/1.1\r\n" HOST "\r\n"
	    "GET /privacy HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n",
	    "HTTP/1.1 200 OK\r\n", "<h1>What we know about you</h1>" },
	{ "no host", "GET /sources HTTP/1.1\r\n\r\n", "HTTP/1.1 400 Bad Request\r\n",
	    "" },
};

static pid_t client;

/* The server answers until its client is gone. */
static bool
client_is_gone(void)
{
	siginfo_t info = { .si_pid = 0 };

	return waitid(P_PID, (id_t)client, &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
	    info.si_pid == client;
}

static int
dial(const char *path)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	memcpy(at.sun_path, path, strlen(path) + 1);
	if (fd < 0 || connect(fd, (const struct sockaddr *)&at, sizeof(at)) != 0)
		return -1;
	return fd;
}

static void
hear(int fd, struct buf *out)
{
	char bytes[4096];
	ssize_t n = 0;

	while ((n = read(fd, bytes, sizeof(bytes))) > 0)
		buf_add(out, bytes, (size_t)n);
	(void)close(fd);
}

static bool
say(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		const ssize_t n = write(fd, bytes, len);

		if (n <= 0)
			return false;
		bytes += n;
		len -= (size_t)n;
	}
	return true;
}

/* How many of the exchanges went wrong; said on standard error. */
static int
talk(const char *path)
{
	int wrong = 0;

	for (size_t i = 0; i < ARRAY_LEN(exchanges); i++) {
		const struct exchange *x = &exchanges[i];
		struct buf b = BUF_INIT(1 << 20);
		const int fd = dial(path);

		if (fd >= 0 && say(fd, x->says, strlen(x->says)))
			hear(fd, &b);
		if (strncmp(buf_text(&b), x->begins, strlen(x->begins)) != 0 ||
		    !strstr(buf_text(&b), x->holds)) {
			(void)fprintf(stderr, "%s: got %.400s\n", x->name, buf_text(&b));
			wrong++;
		}
		buf_clear(&b);
	}
	return wrong;
}

/* A body of more than a form is counted, not kept, and answered. */
static int
send_much(const char *path)
{
	static const char head[] = "POST /code HTTP/1.1\r\n" HOST
				   "Content-Type: application/x-www-form-urlencoded\r\n"
				   "Content-Length: 300000\r\nConnection: close\r\n\r\n";
	char *body = calloc(300000, 1);
	struct buf b = BUF_INIT(1 << 20);
	const int fd = dial(path);
	bool ok = false;

	if (body && fd >= 0) {
		memset(body, '&', 300000);
		if (say(fd, head, sizeof(head) - 1) && say(fd, body, 300000))
			hear(fd, &b);
	}
	ok = strncmp(buf_text(&b), "HTTP/1.1 413 ", 13) == 0;
	if (!ok)
		(void)fprintf(stderr, "much: got %.400s\n", buf_text(&b));
	buf_clear(&b);
	free(body);
	return !ok;
}

/* Somebody who says nothing more is no reason not to end. */
static int
hang_up_late(const char *path)
{
	const int fd = dial(path);

	return fd < 0 || !say(fd, "GET /sour", 9);
}

static void
serve(int (*work)(const char *path))
{
	struct pages_test p;
	struct listener l;
	char path[300];
	int status = 0;

	begin(&p);
	p.t.run.interrupted = client_is_gone;
	(void)in_folder(p.t.folder, "web.sock", path);
	MUST(listener_open(arena_printf(p.t.run.arena, "unix:%s", path), &l, err));
	client = fork();
	if (client == 0)
		_exit(work(path) != 0);
	MUST(server_run(&p.site, &l, err));
	SAME_INT("waited for", waitpid(client, &status, 0), client);
	assert_true(WIFEXITED(status));
	SAME_INT("answers that were wrong", WEXITSTATUS(status), 0);
	(void)unlink(path);
	end(&p);
}

static void
requests_are_answered_on_a_socket(void **state)
{
	(void)state;
	serve(talk);
}

static void
a_body_without_end_is_not_kept(void **state)
{
	(void)state;
	serve(send_much);
}

static void
who_says_nothing_more_holds_up_nobody(void **state)
{
	const int64_t began = clock_ticks_ms();

	(void)state;
	serve(hang_up_late);
	assert_true(clock_ticks_ms() - began < 4500);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(methods_are_told_apart),
		cmocka_unit_test(fields_say_what_the_answer_is),
		cmocka_unit_test(cgi_answers_one_request),
		cmocka_unit_test(cgi_counts_what_it_writes),
		cmocka_unit_test(cgi_reads_no_more_than_a_form),
		cmocka_unit_test(cgi_wakes_the_mailer_and_says_what_fails),
		cmocka_unit_test(it_listens_at_home_only),
		cmocka_unit_test(one_process_answers_at_a_local_socket),
		cmocka_unit_test(it_listens_at_the_port_that_was_named),
		cmocka_unit_test(the_path_of_a_socket_has_its_length),
		cmocka_unit_test(descriptor_0_is_one_like_others),
		cmocka_unit_test(one_socket_is_handed_over),
		cmocka_unit_test(requests_are_answered_on_a_socket),
		cmocka_unit_test(a_body_without_end_is_not_kept),
		cmocka_unit_test(who_says_nothing_more_holds_up_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
