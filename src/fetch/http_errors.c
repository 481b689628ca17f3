/* SPDX-License-Identifier: ISC */
#include "fetch/http_errors.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "base/limits.h"
#include "base/text.h"

/* Bits of gnutls_certificate_status_t, which libcurl hands through as a number. */
enum { CERT_REVOKED = 1 << 5, CERT_EARLY = 1 << 9, CERT_LATE = 1 << 10 };

static const char *
sentence_certificate(long bits, const char *words)
{
	static const struct {
		const char *part;
		long bit;
		const char *sentence;
	} CAUSES[] = { { "expir", CERT_LATE, "TLS: certificate expired" },
		{ "not activated", CERT_EARLY, "TLS: certificate is not valid yet" },
		{ "revoked", CERT_REVOKED, "TLS: certificate was revoked" },
		{ "does not match", 0, "TLS: certificate is for another host" },
		{ "no alternative", 0, "TLS: certificate is for another host" } };

	for (size_t i = 0; i < ARRAY_LEN(CAUSES); i++)
		if ((bits & CAUSES[i].bit) != 0 ||
		    ascii_find_nocase(words, CAUSES[i].part))
			return CAUSES[i].sentence;
	return "TLS: certificate is signed by nobody we trust";
}

static const char *
sentence_connect(char *room, int error_number)
{
	if (error_number == 0)
		return "no connection";
	(void)snprintf(room, HTTP_ERROR_MAX, "no connection: %s", strerror(error_number));
	for (char *p = room; *p; p++)
		*p = (char)ascii_lower((unsigned char)*p);
	return room;
}

static const char *
sentence_timeout(char *room, const struct http_symptoms *s)
{
	const bool stopped = s->stalled && s->answered;
	const char *what = !s->connected ? "no connection"
	    : !s->answered               ? "no answer"
	    : stopped                    ? "not a byte more of the answer"
					 : "the answer did not end";
	int64_t timeout_ms = s->timeout_ms;

	if (!s->connected && timeout_ms > LIMIT_HTTP_CONNECT_MS)
		timeout_ms = LIMIT_HTTP_CONNECT_MS;
	else if (s->stalled && s->connected)
		timeout_ms = (int64_t)LIMIT_HTTP_SILENCE * 1000;

	if (timeout_ms % 1000 == 0)
		(void)snprintf(room, HTTP_ERROR_MAX, "%s within %" PRId64 " s", what,
		    timeout_ms / 1000);
	else
		(void)snprintf(room, HTTP_ERROR_MAX, "%s within %" PRId64 " ms", what,
		    timeout_ms);
	return room;
}

static const char *
sentence_too_large(char *room, int64_t max_bytes)
{
	if (max_bytes % (1024 * 1024) == 0)
		(void)snprintf(room, HTTP_ERROR_MAX,
		    "larger than %" PRId64 " MB (fetch.max_bytes)",
		    max_bytes / (1024 * 1024));
	else
		(void)snprintf(room, HTTP_ERROR_MAX,
		    "larger than %" PRId64 " bytes (fetch.max_bytes)", max_bytes);
	return room;
}

const char *
http_error_sentence(enum http_failure failure, const struct http_symptoms *s, char *room)
{
	switch (failure) {
	case HTTP_NO_HOST:
		return "host name does not exist";
	case HTTP_NO_CONNECT:
		return sentence_connect(room, s->error_number);
	case HTTP_TLS:
		return sentence_certificate(s->certificate, s->words);
	case HTTP_TIMEOUT:
		return sentence_timeout(room, s);
	case HTTP_TOO_LARGE:
		return sentence_too_large(room, s->settings->max_bytes);
	case HTTP_PRIVATE:
		return "private address (fetch.allow_private = no)";
	case HTTP_REDIRECTS:
		return "redirect to an address that is neither http nor https";
	case HTTP_HELD:
	case HTTP_OK:
	case HTTP_OTHER:
		break;
	}
	return s->words && *s->words ? s->words : "something went wrong";
}

static const struct reason {
	long status;
	const char *text;
} REASONS[] = { { 200, "200 OK" }, { 204, "204 No Content" },
	{ 206, "206 Partial Content" }, { 300, "300 Multiple Choices" },
	{ 301, "301 Moved Permanently" }, { 302, "302 Found" }, { 303, "303 See Other" },
	{ 304, "304 Not Modified" }, { 307, "307 Temporary Redirect" },
	{ 308, "308 Permanent Redirect" }, { 400, "400 Bad Request" },
	{ 401, "401 Unauthorized" }, { 402, "402 Payment Required" },
	{ 403, "403 Forbidden" }, { 404, "404 Not Found" },
	{ 405, "405 Method Not Allowed" }, { 406, "406 Not Acceptable" },
	{ 408, "408 Request Timeout" }, { 409, "409 Conflict" }, { 410, "410 Gone" },
	{ 412, "412 Precondition Failed" }, { 415, "415 Unsupported Media Type" },
	{ 418, "418 I'm a teapot" }, { 421, "421 Misdirected Request" },
	{ 423, "423 Locked" }, { 425, "425 Too Early" }, { 429, "429 Too Many Requests" },
	{ 451, "451 Unavailable For Legal Reasons" },
	{ 500, "500 Internal Server Error" }, { 501, "501 Not Implemented" },
	{ 502, "502 Bad Gateway" }, { 503, "503 Service Unavailable" },
	{ 504, "504 Gateway Timeout" }, { 507, "507 Insufficient Storage" },
	{ 508, "508 Loop Detected" }, { 520, "520 Web Server Returned an Unknown Error" },
	{ 521, "521 Web Server Is Down" }, { 522, "522 Connection Timed Out" },
	{ 523, "523 Origin Is Unreachable" }, { 525, "525 TLS Handshake Failed" },
	{ 526, "526 Invalid Certificate" }, { 530, "530 Origin Error" } };

const char *
http_reason(long status)
{
	for (size_t i = 0; i < ARRAY_LEN(REASONS); i++)
		if (REASONS[i].status == status)
			return REASONS[i].text;
	return "";
}
