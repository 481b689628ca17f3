/* SPDX-License-Identifier: ISC */
/* Whether a domain takes mail, by a name server of our own on loopback. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/attr.h"
#include "transport/mail_domain.h"

enum {
	TYPE_A = 1,
	TYPE_CNAME = 5,
	TYPE_MX = 15,
	TYPE_AAAA = 28,
	NXDOMAIN = 3,
	SERVFAIL = 2
};

/* What the server says about the first label of a name; nothing when it is not here. */
static const struct {
	const char *label;
	int type;
	int code;
	const char *data; /* of one record */
	size_t len;
	int other; /* what it is, when it is not what was asked for */
} zone[] = {
	{ "mail", TYPE_MX, 0, "\x00\x0A\x02mx\xC0\x0C", 7, 0 },
	{ "null", TYPE_MX, 0, "\x00\x00\x00", 3, 0 },
	{ "host", TYPE_A, 0, "\xC0\x00\x02\x07", 4, 0 },
	{ "six", TYPE_AAAA, 0, "\x20\x01\x0D\xB8\0\0\0\0\0\0\0\0\0\0\0\x01", 16, 0 },
	/* "takes none" stands alone, or it is not believed. */
	{ "both", TYPE_MX, 0, "\x00\x00\x00", 3, 0 },
	{ "both", TYPE_MX, 0, "\x00\x0A\x02mx\xC0\x0C", 7, 0 },
	{ "turned", TYPE_MX, 0, "\x00\x0A\x02mx\xC0\x0C", 7, 0 },
	{ "turned", TYPE_MX, 0, "\x00\x00\x00", 3, 0 },
	{ "short", TYPE_MX, 0, "\x00\x00", 2, 0 },
	/* What is no server, or none that was asked for, stands beside it. */
	{ "brief", TYPE_MX, 0, "\x00\x00", 2, 0 },
	{ "brief", TYPE_MX, 0, "\x00\x00\x00", 3, 0 },
	{ "alias", TYPE_MX, 0, "\x02mx\xC0\x0C", 5, TYPE_CNAME },
	{ "alias", TYPE_MX, 0, "\x00\x00\x00", 3, 0 },
	{ "letter", TYPE_MX, 0, "\x00\x0A\x01x\x00", 5, 0 },
	{ "none", 0, NXDOMAIN, NULL, 0, 0 },
	{ "broken", 0, SERVFAIL, NULL, 0, 0 },
};

/* An answer to q, whose one question begins behind the twelve bytes of its header. */
static size_t
answer(unsigned char *q, size_t len, unsigned char *out)
{
	const size_t label = q[12];
	const int type = q[len - 4] << 8 | q[len - 3];
	size_t n = len;

	memcpy(out, q, len);
	out[2] = 0x81;
	out[3] = 0x80;
	memset(out + 6, 0, 6);
	for (size_t i = 0; i < ARRAY_LEN(zone); i++) {
		if (strlen(zone[i].label) != label ||
		    memcmp(q + 13, zone[i].label, label) != 0)
			continue;
		out[3] = (unsigned char)(0x80 | zone[i].code);
		if (!zone[i].data || zone[i].type != type)
			continue;
		out[7]++;
		memcpy(out + n, "\xC0\x0C\0\0\0\x01\0\0\0\x3C\0", 11);
		out[n + 3] = (unsigned char)(zone[i].other ? zone[i].other : type);
		out[n + 11] = (unsigned char)zone[i].len;
		memcpy(out + n + 12, zone[i].data, zone[i].len);
		n += 12 + zone[i].len;
	}
	return n;
}

static void
serve(int fd)
{
	for (;;) {
		unsigned char q[512];
		unsigned char out[1024];
		struct sockaddr_in from;
		socklen_t size = sizeof(from);
		ssize_t len =
		    recvfrom(fd, q, sizeof(q), 0, (struct sockaddr *)&from, &size);
		const size_t name = 12 + strnlen((char *)q + 12, sizeof(q) - 12) + 5;

		/* The extension behind the question is none of ours. */
		if (len < (ssize_t)name)
			continue;
		q[10] = q[11] = 0;
		(void)sendto(fd, out, answer(q, name, out), 0, (struct sockaddr *)&from,
		    size);
	}
}

struct server {
	pid_t pid;
	int port;
};

static void
begin(struct server *s)
{
	struct sockaddr_in here = { .sin_family = AF_INET,
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t size = sizeof(here);
	const int fd = socket(AF_INET, SOCK_DGRAM, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&here, size), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&here, &size), 0);
	s->port = ntohs(here.sin_port);
	s->pid = fork();
	assert_true(s->pid >= 0);
	if (s->pid == 0)
		serve(fd);
	(void)close(fd);
}

static void
end(const struct server *s)
{
	(void)kill(s->pid, SIGKILL);
	(void)waitpid(s->pid, NULL, 0);
}

static void
a_domain_takes_mail_or_does_not(void **state)
{
	static const struct {
		const char *domain;
		enum mail_domain want;
	} cases[] = {
		{ "mail.domain.net", DOMAIN_TAKES_MAIL },
		{ "null.domain.net", DOMAIN_TAKES_NONE },
		{ "both.domain.net", DOMAIN_TAKES_MAIL },
		{ "turned.domain.net", DOMAIN_TAKES_MAIL },
		{ "short.domain.net", DOMAIN_TAKES_MAIL },
		{ "brief.domain.net", DOMAIN_TAKES_NONE },
		{ "alias.domain.net", DOMAIN_TAKES_NONE },
		{ "letter.domain.net", DOMAIN_TAKES_MAIL },
		{ "host.domain.net", DOMAIN_TAKES_MAIL },
		{ "six.domain.net", DOMAIN_TAKES_MAIL },
		{ "empty.domain.net", DOMAIN_TAKES_NONE },
		{ "none.domain.net", DOMAIN_TAKES_NONE },
		{ "broken.domain.net", DOMAIN_UNKNOWN },
	};
	struct server s;

	(void)state;
	begin(&s);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const enum mail_domain got = mail_domain_look_up(cases[i].domain, s.port);

		if (got != cases[i].want)
			fail_msg("%s: got %d, want %d", cases[i].domain, got,
			    cases[i].want);
	}
	end(&s);
}

/* Nobody is asked: were the server asked, it would say that they take none. */
static void
names_of_a_house_are_not_looked_up(void **state)
{
	static const char *const names[] = { "none.test", "none.example", "none.local",
		"none", "", ".", "none.lan", "none.b\xC3\xBCro", "none.", ".none",
		"none.ONION", "none.arpa", "none_.net", "none.net/" };
	struct server s;

	(void)state;
	begin(&s);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (mail_domain_look_up(names[i], s.port) != DOMAIN_UNKNOWN)
			fail_msg("\"%s\" was looked up", names[i]);
	}
	end(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_domain_takes_mail_or_does_not),
		cmocka_unit_test(names_of_a_house_are_not_looked_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
