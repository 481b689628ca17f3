/* SPDX-License-Identifier: ISC */
/* What is read from the header of an answer, and the words for what went wrong. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/log.h"
#include "fetch/http_errors.h"
#include "fetch/http_fields.h"
#include "unit/guarded.h"
#include "unit/heard_log.h"

static void
cache_control(void **state)
{
	static const struct {
		const char *text;
		int64_t want;
	} cases[] = { { "max-age=60", 60 }, { "MAX-AGE=60", 60 },
		{ "public, max-age=60", 60 }, { "max-age=\"60\"", 60 },
		{ "max-age = 60 , public", 60 }, { "s-maxage=60", -1 }, { "max-age", -1 },
		{ "max-age=", -1 }, { "max-age=x", -1 }, { "max-age=-1", -1 },
		{ "x-max-age=60", -1 }, { "no-cache", 0 }, { "max-age=60, no-store", 0 },
		{ "no-cache=\"Set-Cookie\", max-age=60", 0 }, { "", -1 }, { ",,,", -1 },
		{ "max-age=99999999999999999999", 315360000 },
		{ "max-age=1,max-age=2", 2 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int64_t got = http_field_max_age(cases[i].text);

		if (got != cases[i].want)
			fail_msg("%s: got %lld, want %lld", cases[i].text, (long long)got,
			    (long long)cases[i].want);
	}
}

static void
seconds(void **state)
{
	int64_t n = 0;

	(void)state;
	assert_true(http_field_seconds("120", &n));
	assert_int_equal(n, 120);
	assert_true(http_field_seconds(" 7 ", &n));
	assert_int_equal(n, 7);
	assert_true(http_field_seconds("\t \t0\t \t", &n));
	assert_int_equal(n, 0);
	assert_true(http_field_seconds("9876543210", &n));
	assert_int_equal(n, 315360000);
	assert_true(http_field_seconds("315360000", &n));
	assert_int_equal(n, 315360000);
	assert_true(http_field_seconds("315359999", &n));
	assert_int_equal(n, 315359999);
	assert_true(http_field_seconds("315360001", &n));
	assert_int_equal(n, 315360000);
	assert_false(http_field_seconds("1 2", &n));
	assert_false(http_field_seconds(" ", &n));
	assert_false(http_field_seconds("/", &n));
	assert_false(http_field_seconds(":", &n));
	assert_false(http_field_seconds("", &n));
	assert_false(http_field_seconds("-5", &n));
	assert_false(http_field_seconds("5s", &n));
	assert_false(http_field_seconds("Tue, 24 Nov 2026 07:30:11 GMT", &n));
}

static void
retry_after(void **state)
{
	/* Tuesday 24 November 2026, 06:30:11 UTC */
	static const int64_t NOW = 1795501811;
	static const struct {
		const char *text;
		int64_t want;
	} cases[] = { { "120", 120 }, { "Tue, 24 Nov 2026 07:30:11 GMT", 3600 },
		{ "Tuesday, 24-Nov-26 07:30:11 GMT", 3600 },
		{ "Tue Nov 24 07:30:11 2026", 3600 },
		{ "tue, 24 NOV 2026 06:30:12 gmt", 1 },
		{ "Tue, 24 Nov 2020 07:30:11 GMT", 0 },
		{ "Tue, 24 Anv 2026 07:30:11 GMT", -1 },
		{ "Tue, 24 Nov 2026 25:30:11 GMT", -1 }, { "soon", -1 }, { "", -1 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (http_field_retry_after(cases[i].text, NOW) != cases[i].want)
			fail_msg("%s: got %lld", cases[i].text,
			    (long long)http_field_retry_after(cases[i].text, NOW));
	assert_int_equal(http_field_retry_after(NULL, NOW), -1);
	assert_int_equal(http_field_max_age(NULL), -1);
}

static void
sendable(void **state)
{
	(void)state;
	assert_true(http_field_is_sendable("W/\"a, b\""));
	assert_true(http_field_is_sendable("\"\xC3\xA9\""));
	assert_false(http_field_is_sendable(""));
	assert_false(http_field_is_sendable("a\r\nX: b"));
	assert_false(http_field_is_sendable("a\tb"));
}

static void
status_lines(void **state)
{
	static const struct {
		const char *line;
		long want;
	} cases[] = { { "HTTP/1.1 301 Moved\r\n", 301 }, { "HTTP/2 200 \r\n", 200 },
		{ "HTTP/1.0 404", 404 }, { "HTTP/1.1 20", 0 }, { "HTTP/1.1 2x0 OK", 0 },
		{ "HTTP/1.1", 0 }, { "X-Status: 301 x", 0 }, { "", 0 },
		{ "HTTP/3 199", 199 }, { "HTTP/2 909", 909 }, { "HTTP/2 2/0", 0 },
		{ "HTTP/2 :00", 0 }, { "HTTP/2 09:", 0 }, { "HTTP/2 123456", 123 },
		{ "HTTP/ 200", 200 }, { "HTTP/", 0 }, { "http/1.1 200 OK", 0 },
		{ "HTTP/2  200", 0 }, { "HTTPS 200", 0 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (http_field_status(guarded(cases[i].line, strlen(cases[i].line)),
			strlen(cases[i].line)) != cases[i].want)
			fail_msg("%s: got %ld", cases[i].line,
			    http_field_status(cases[i].line, strlen(cases[i].line)));
}

/* RFC 9111 5.3: Expires less Date, or now; a date that is none is past. */
static void
expires(void **state)
{
	static const char noon[] = "Tue, 24 Nov 2026 12:00:00 GMT";
	static const char later[] = "Tue, 24 Nov 2026 12:00:01 GMT";
	static const int64_t at_noon = 1795521600;
	static const struct {
		const char *expires, *date;
		int64_t now, want;
	} cases[] = { { NULL, noon, 0, -1 }, { later, noon, 0, 1 }, { noon, noon, 0, 0 },
		{ noon, later, 0, 0 }, { noon, NULL, 1795521590, 10 },
		{ noon, NULL, 1795521600, 0 }, { noon, NULL, 1795521601, 0 },
		{ noon, "soon", 1795521599, 1 }, { "0", noon, 0, 0 },
		{ "-1", NULL, 1795521600, 0 },
		{ noon, "Thu, 01 Jan 1970 00:00:00 GMT", 7, 1795521600 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (http_field_expires(cases[i].expires, cases[i].date, cases[i].now) !=
		    cases[i].want)
			fail_msg("%zu: got %lld, want %lld", i,
			    (long long)http_field_expires(cases[i].expires, cases[i].date,
				cases[i].now),
			    (long long)cases[i].want);
	assert_int_equal(http_field_retry_after(noon, at_noon - 1), 1);
	assert_int_equal(http_field_retry_after(noon, at_noon), 0);
	assert_int_equal(http_field_retry_after("Thu, 01 Jan 1970 00:00:00 GMT", 7), 0);
}

/* A name, ": ", a value and the NUL must find room. */
static void
written(void **state)
{
	char out[9];

	(void)state;
	assert_true(http_field_write(out, sizeof(out), "If", "1234"));
	assert_string_equal(out, "If: 1234");
	assert_false(http_field_write(out, sizeof(out) - 1, "If", "1234"));
	assert_false(http_field_write(out, sizeof(out), "If", "12345"));
	assert_false(http_field_write(out, sizeof(out), "If", ""));
	assert_false(http_field_write(out, sizeof(out), "If", "1\n2"));
	assert_false(http_field_is_sendable("a\x7f"));
	assert_false(http_field_is_sendable("\x1f"));
	assert_true(http_field_is_sendable(" ~\x80"));
}

static const struct {
	const char *name, *bytes;
	char mark;
	const char *want;
} logged[] = {
	{ "one line", "GET / HTTP/1.1\r\n", '>', "wire fetch: > GET / HTTP/1.1\n" },
	{ "several", "A: 1\r\n \tB: 2 \r\n\r\nC: 3", '<',
	    "wire fetch: < A: 1\nwire fetch: < B: 2\nwire fetch: < C: 3\n" },
	{ "a letter", "x", '<', "wire fetch: < x\n" },
	{ "line feeds alone", "\n\nx\n", '<', "wire fetch: < x\n" },
	{ "a secret", "A: 1\r\nauthorization: Basic eHg=\r\nB: 2\r\n", '>',
	    "wire fetch: > A: 1\nwire fetch: > Authorization: (not shown)\n"
	    "wire fetch: > B: 2\n" },
	{ "an empty one", "Authorization:\r\n", '>',
	    "wire fetch: > Authorization: (not shown)\n" },
	{ "what is cut off before it", "Authorization", '>',
	    "wire fetch: > Authorization\n" },
	{ "what is not one", "X-Authorization: x\r\n", '>',
	    "wire fetch: > X-Authorization: x\n" },
	{ "nothing", "", '>', "" },
};

static void
the_log_has_all_but_secrets(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(logged); i++) {
		const size_t len = strlen(logged[i].bytes);
		struct heard_log heard;

		heard_log_begin(&heard, LOG_LEVEL_WIRE);
		http_fields_log(logged[i].mark, guarded(logged[i].bytes, len), len);
		if (strcmp(heard_log_end(&heard), logged[i].want) != 0)
			fail_msg("%s: got \"%s\", want \"%s\"", logged[i].name,
			    heard.text, logged[i].want);
	}
}

static void
certificates(void **state)
{
	static const struct {
		long bits;
		const char *words;
		const char *want;
	} cases[] = { { 1 << 10 | 2, "server certificate verification failed",
			  "TLS: certificate expired" },
		{ 1 << 9 | 2, "", "TLS: certificate is not valid yet" },
		{ 1 << 5 | 2, "", "TLS: certificate was revoked" },
		{ 1 << 6 | 2,
		    "server certificate verification failed. CAfile: x CRLfile: none",
		    "TLS: certificate is signed by nobody we trust" },
		{ 0, "server certificate expiration date has passed.",
		    "TLS: certificate expired" },
		{ 0,
		    "SSL: certificate subject name (a) does not match target host name 'b'",
		    "TLS: certificate is for another host" },
		{ 0, "", "TLS: certificate is signed by nobody we trust" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct http_symptoms s = { .certificate = cases[i].bits,
			.words = cases[i].words };
		char room[HTTP_ERROR_MAX];

		assert_string_equal(http_error_sentence(HTTP_TLS, &s, room),
		    cases[i].want);
	}
}

static const struct {
	const char *name;
	enum http_failure failure;
	int error_number;
	const char *words;
	bool connected, answered;
	int64_t timeout_ms, max_bytes;
	const char *want;
} sentence_cases[] = {
	/* clang-format off */
	{ "host", HTTP_NO_HOST, 0, "x", false, false, 0, 0, "host name does not exist" },
	{ "refused", HTTP_NO_CONNECT, ECONNREFUSED, "x", false, false, 0, 0,
	    "no connection: connection refused" },
	{ "no number", HTTP_NO_CONNECT, 0, "x", false, false, 0, 0, "no connection" },
	{ "dial", HTTP_TIMEOUT, 0, "x", false, false, 9000, 0, "no connection within 9 s" },
	{ "dial for long", HTTP_TIMEOUT, 0, "x", false, false, 20000, 0, "no connection within 10 s" },
	{ "no first byte", HTTP_TIMEOUT, 0, "stalled", true, false, 20000, 0,
	    "no answer within 15 s" },
	{ "no more bytes", HTTP_TIMEOUT, 0, "stalled", true, true, 20000, 0,
	    "not a byte more of the answer within 15 s" },
	{ "silence", HTTP_TIMEOUT, 0, "x", true, false, 1500, 0, "no answer within 1500 ms" },
	{ "endless", HTTP_TIMEOUT, 0, "x", true, true, 1000, 0, "the answer did not end within 1 s" },
	{ "MB", HTTP_TOO_LARGE, 0, "x", true, true, 0, 10485760,
	    "larger than 10 MB (fetch.max_bytes)" },
	{ "bytes", HTTP_TOO_LARGE, 0, "x", true, true, 0, 10485761,
	    "larger than 10485761 bytes (fetch.max_bytes)" },
	{ "private", HTTP_PRIVATE, 0, "x", false, false, 0, 0,
	    "private address (fetch.allow_private = no)" },
	{ "scheme", HTTP_REDIRECTS, 0, "x", true, true, 0, 0,
	    "redirect to an address that is neither http nor https" },
	{ "its words", HTTP_OTHER, 0, "the words", true, true, 0, 0, "the words" },
	{ "no words", HTTP_OTHER, 0, "", true, true, 0, 0, "something went wrong" },
	{ "NULL", HTTP_OTHER, 0, NULL, true, true, 0, 0, "something went wrong" },
	/* clang-format on */
};

static void
sentences(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sentence_cases); i++) {
		const struct http_settings set = { .timeout_ms =
						       sentence_cases[i].timeout_ms,
			.max_bytes = sentence_cases[i].max_bytes };
		const struct http_symptoms s = { .error_number =
						     sentence_cases[i].error_number,
			.words = sentence_cases[i].words,
			.connected = sentence_cases[i].connected,
			.answered = sentence_cases[i].answered,
			.stalled = sentence_cases[i].words &&
			    strcmp(sentence_cases[i].words, "stalled") == 0,
			.timeout_ms = sentence_cases[i].timeout_ms,
			.settings = &set };
		char room[HTTP_ERROR_MAX];
		const char *got =
		    http_error_sentence(sentence_cases[i].failure, &s, room);

		if (strcmp(got, sentence_cases[i].want) != 0)
			fail_msg("%s: got \"%s\", want \"%s\"", sentence_cases[i].name,
			    got, sentence_cases[i].want);
	}
}

static void
reasons(void **state)
{
	(void)state;
	assert_string_equal(http_reason(404), "404 Not Found");
	assert_string_equal(http_reason(503), "503 Service Unavailable");
	assert_string_equal(http_reason(299), "");
	assert_string_equal(http_reason(0), "");
}

/* Each begins with its number, as the status line of an answer does. */
static void
reasons_begin_with_their_status(void **state)
{
	int known = 0;

	(void)state;
	for (long status = 0; status < 1000; status++) {
		const char *text = http_reason(status);

		if (*text == '\0')
			continue;
		known++;
		if (strtol(text, NULL, 10) != status || strlen(text) < 5 ||
		    text[3] != ' ')
			fail_msg("%ld: got \"%s\"", status, text);
	}
	assert_int_equal(known, 42);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(cache_control),
		cmocka_unit_test(seconds), cmocka_unit_test(retry_after),
		cmocka_unit_test(sendable), cmocka_unit_test(status_lines),
		cmocka_unit_test(expires), cmocka_unit_test(written),
		cmocka_unit_test(the_log_has_all_but_secrets),
		cmocka_unit_test(certificates), cmocka_unit_test(sentences),
		cmocka_unit_test(reasons),
		cmocka_unit_test(reasons_begin_with_their_status) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
