/* SPDX-License-Identifier: ISC */
/* A web server of our own on loopback (tests/servers/httpd.py), for tests that fetch. */
#ifndef TESTS_WEB_SERVER_H
#define TESTS_WEB_SERVER_H

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

struct server {
	pid_t pid;
	int input; /* its standard input: closed, it ends */
	int port;
};

/* With a certificate it speaks TLS.  False when it does not start: python3 may be missing. */
static bool
start_server(struct server *s, const char *cert, const char *key)
{
	int in[2];
	int out[2];
	char line[32] = "";

	if (pipe(in) != 0 || pipe(out) != 0)
		return false;
	s->pid = fork();
	if (s->pid == 0) {
		(void)dup2(in[0], 0);
		(void)dup2(out[1], 1);
		for (int fd = 3; fd < 64; fd++)
			(void)close(fd);
		if (cert)
			(void)execlp("python3", "python3", "tests/servers/httpd.py",
			    "--tls", cert, key, (char *)NULL);
		else
			(void)execlp("python3", "python3", "tests/servers/httpd.py",
			    (char *)NULL);
		_exit(127);
	}
	(void)close(in[0]);
	(void)close(out[1]);
	s->input = in[1];
	for (size_t n = 0; n < sizeof(line) - 1 && read(out[0], line + n, 1) == 1; n++)
		if (line[n] == '\n')
			break;
	(void)close(out[0]);
	s->port = (int)strtol(line, NULL, 10);
	return s->port > 0;
}

static void
stop_server(struct server *s)
{
	int status = 0;

	(void)close(s->input);
	(void)waitpid(s->pid, &status, 0);
}

#endif
