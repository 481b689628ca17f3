/* SPDX-License-Identifier: ISC */
/* What is read from the header of an answer, and the words for what went wrong. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "fetch/http_errors.h"
#include "fetch/http_fields.h"
#include "unit/guarded.h"

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
		{ "HTTP/1.1", 0 }, { "X-Status: 301 x", 0 }, { "", 0 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (http_field_status(guarded(cases[i].line, strlen(cases[i].line)),
			strlen(cases[i].line)) != cases[i].want)
			fail_msg("%s: got %ld", cases[i].line,
			    http_field_status(cases[i].line, strlen(cases[i].line)));
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

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(cache_control),
		cmocka_unit_test(seconds), cmocka_unit_test(retry_after),
		cmocka_unit_test(sendable), cmocka_unit_test(status_lines),
		cmocka_unit_test(certificates), cmocka_unit_test(sentences),
		cmocka_unit_test(reasons) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
