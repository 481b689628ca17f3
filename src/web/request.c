/* SPDX-License-Identifier: ISC */
#include "web/request.h"

#include <stdio.h>
#include <string.h>

enum web_method
web_method_of(const char *name)
{
	static const struct {
		const char *name;
		enum web_method method;
	} methods[] = { { "GET", WEB_GET }, { "HEAD", WEB_GET }, { "POST", WEB_POST },
		{ "OPTIONS", WEB_OPTIONS } };

	for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
		if (strcmp(methods[i].name, name) == 0)
			return methods[i].method;
	}
	return WEB_OTHER;
}

const char *
web_status_text(int status)
{
	static const struct {
		int status;
		const char *text;
	} words[] = { { 200, "OK" }, { 204, "No Content" }, { 400, "Bad Request" },
		{ 404, "Not Found" }, { 405, "Method Not Allowed" }, { 410, "Gone" },
		{ 413, "Content Too Large" }, { 415, "Unsupported Media Type" },
		{ 429, "Too Many Requests" }, { 500, "Internal Server Error" },
		{ 503, "Service Unavailable" } };

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (words[i].status == status)
			return words[i].text;
	}
	return "Unknown";
}

void
web_answer_fields(const struct web_answer *answer,
    void (*field)(void *arg, const char *name, const char *value), void *arg)
{
	char text[200];

	field(arg, "Content-Security-Policy", answer->policy);
	field(arg, "Referrer-Policy", "no-referrer");
	field(arg, "X-Content-Type-Options", "nosniff");
	field(arg, "Cross-Origin-Resource-Policy", "same-origin");
	if (answer->keep_seconds > 0)
		(void)snprintf(text, sizeof(text), "public, max-age=%d",
		    answer->keep_seconds);
	field(arg, "Cache-Control", answer->keep_seconds > 0 ? text : "no-store");
	if (answer->hide)
		field(arg, "X-Robots-Tag", "noindex, nofollow");
	if (answer->allow)
		field(arg, "Allow", answer->allow);
	if (answer->retry_after > 0) {
		(void)snprintf(text, sizeof(text), "%d", answer->retry_after);
		field(arg, "Retry-After", text);
	}
	if (answer->download) {
		(void)snprintf(text, sizeof(text), "attachment; filename=\"%s\"",
		    answer->download);
		field(arg, "Content-Disposition", text);
	}
}
