/* SPDX-License-Identifier: ISC */
#include "fetch/http_errors.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/attr.h"
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
		    text_find_nocase(words, CAUSES[i].part))
			return CAUSES[i].sentence;
	return "TLS: certificate is signed by nobody we trust";
}

static const char *
sentence_connect(char *room, int error_number)
{
	if (error_number == 0)
		return "no connection";
	(void)snprintf(room, SENTENCE_MAX, "no connection: %s", strerror(error_number));
	for (char *p = room; *p; p++)
		*p = (char)text_lower((unsigned char)*p);
	return room;
}

static const char *
sentence_timeout(char *room, int64_t timeout_ms, bool connected, bool answered)
{
	const char *what = !connected ? "no connection"
	    : !answered               ? "no answer"
				      : "the answer did not end";

	if (timeout_ms % 1000 == 0)
		(void)snprintf(room, SENTENCE_MAX, "%s within %" PRId64 " s", what,
		    timeout_ms / 1000);
	else
		(void)snprintf(room, SENTENCE_MAX, "%s within %" PRId64 " ms", what,
		    timeout_ms);
	return room;
}

static const char *
sentence_too_large(char *room, int64_t max_bytes)
{
	if (max_bytes % (1024 * 1024) == 0)
		(void)snprintf(room, SENTENCE_MAX,
		    "larger than %" PRId64 " MB (fetch.max_bytes)",
		    max_bytes / (1024 * 1024));
	else
		(void)snprintf(room, SENTENCE_MAX,
		    "larger than %" PRId64 " bytes (fetch.max_bytes)", max_bytes);
	return room;
}

const char *
sentence_for(enum http_failure failure, const struct symptoms *s, char *room)
{
	switch (failure) {
	case HTTP_NO_HOST:
		return "host name does not exist";
	case HTTP_NO_CONNECT:
		return sentence_connect(room, s->error_number);
	case HTTP_TLS:
		return sentence_certificate(s->certificate, s->words);
	case HTTP_TIMEOUT:
		return sentence_timeout(room, s->settings->timeout_ms, s->connected,
		    s->answered);
	case HTTP_TOO_LARGE:
		return sentence_too_large(room, s->settings->max_bytes);
	case HTTP_PRIVATE:
		return "private address (fetch.allow_private = no)";
	case HTTP_REDIRECTS:
		return "redirect to an address that is neither http nor https";
	case HTTP_OK:
	case HTTP_OTHER:
		break;
	}
	return s->words && *s->words ? s->words : "something went wrong";
}
