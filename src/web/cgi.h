/* SPDX-License-Identifier: ISC */
/* One request as a CGI program gets it (RFC 3875), for hosts that have nothing else. */
#ifndef WEB_CGI_H
#define WEB_CGI_H

#include <stdbool.h>
#include <stdio.h>

#include "base/attr.h"
#include "base/err.h"
#include "web/site.h"

/* The variables of RFC 3875 that are looked at; NULL where the web server sets none. */
struct cgi_environment {
	const char *method;        /* REQUEST_METHOD */
	const char *path;          /* PATH_INFO */
	const char *type;          /* CONTENT_TYPE */
	const char *length;        /* CONTENT_LENGTH */
	const char *peer;          /* REMOTE_ADDR */
	const char *forwarded_for; /* HTTP_X_FORWARDED_FOR */
	const char *forwarded;     /* HTTP_FORWARDED */
};

/* Answers on out the request of which the body comes from in. */
bool cgi_answer(const struct site *site, const struct cgi_environment *env, FILE *in,
    FILE *out, struct err *err) MUST_CHECK;

#endif
