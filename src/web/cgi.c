/* SPDX-License-Identifier: ISC */
#include "web/cgi.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "flow/context.h"
#include "web/asker.h"
#include "web/pages.h"

static const char *
or_empty(const char *text)
{
	return text ? text : "";
}

/* As many bytes as were announced, one more than any form of ours at most. */
static void
read_body(const char *length, FILE *in, struct buf *out)
{
	const size_t digits = strlen(length);
	long left = digits <= 9 && strspn(length, "0123456789") == digits
	    ? strtol(length, NULL, 10)
	    : LIMIT_FORM + 1;
	char bytes[4096];

	if (left > LIMIT_FORM + 1)
		left = LIMIT_FORM + 1;
	while (left > 0) {
		const size_t want =
		    left < (long)sizeof(bytes) ? (size_t)left : sizeof(bytes);
		const size_t n = fread(bytes, 1, want, in);

		if (n == 0)
			return;
		buf_add(out, bytes, n);
		left -= (long)n;
	}
}

static void
write_field(void *arg, const char *name, const char *value)
{
	(void)fprintf(arg, "%s: %s\r\n", name, value);
}

static bool
write_answer(const struct web_answer *answer, bool with_body, FILE *out, struct err *err)
{
	(void)fprintf(out, "Status: %d %s\r\n", answer->status,
	    web_status_text(answer->status));
	if (answer->type)
		write_field(out, "Content-Type", answer->type);
	web_answer_fields(answer, write_field, out);
	(void)fprintf(out, "Content-Length: %zu\r\n\r\n", answer->body.len);
	if (with_body)
		(void)fwrite(buf_text(&answer->body), 1, answer->body.len, out);
	return (fflush(out) == 0 && !ferror(out)) ||
	    err_errno(err, "the answer cannot be written");
}

bool
cgi_answer(const struct site *site, const struct cgi_environment *env, FILE *in,
    FILE *out, struct err *err)
{
	struct buf body = BUF_INIT(LIMIT_FORM + 1);
	struct arena *a = arena_new();
	const char *method = or_empty(env->method);
	struct web_request request = { .method = web_method_of(method),
		.path = env->path && *env->path ? env->path : "/",
		.type = or_empty(env->type) };
	const struct way_here way = { .peer = or_empty(env->peer),
		.forwarded_for = env->forwarded_for,
		.forwarded = env->forwarded };
	struct web_answer answer;

	if (request.method == WEB_POST)
		read_body(or_empty(env->length), in, &body);
	request.body = buf_text(&body);
	request.len = body.len;
	request.network = asker_address(a, &way, &site->trusted);
	pages_answer(site, a, &request, &answer);
	if (answer.wakes)
		flow_wake(site->run);
	const bool ok = write_answer(&answer, strcmp(method, "HEAD") != 0, out, err);
	buf_clear(&answer.body);
	buf_clear(&body);
	arena_free(a);
	return ok;
}
