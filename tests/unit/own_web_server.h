/* SPDX-License-Identifier: ISC */
/* One web server (web_server.h) for all tests of a program: set up and torn down with the group. */
#ifndef TESTS_OWN_WEB_SERVER_H
#define TESTS_OWN_WEB_SERVER_H

#include "unit/web_server.h"

static struct server web;

static int
start_web(void **state)
{
	(void)state;
	return start_server(&web, NULL, NULL) ? 0 : -1;
}

static int
stop_web(void **state)
{
	(void)state;
	stop_server(&web);
	return 0;
}

#endif
