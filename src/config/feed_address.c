/* SPDX-License-Identifier: ISC */
#include "config/feed_address.h"

#include <string.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/nearest.h"
#include "base/text.h"
#include "format/url.h"

/* Old readers register "feed:" so that a click on an address opens them. */
static const char *
without_feed_scheme(struct arena *a, const char *text)
{
	if (ascii_starts_nocase(text, "feed://"))
		return arena_printf(a, "http://%s", text + 7);
	if (ascii_starts_nocase(text, "feed:"))
		return text + 5;
	return text;
}

/* What a browser does with white space in an address (WHATWG URL, basic URL parser). */
static const char *
without_blanks(struct arena *a, const char *text, size_t len)
{
	struct buf b = BUF_INIT(LIMIT_URL * 3);

	if (strcspn(text, " \\\t\r\n") >= len)
		return arena_strndup(a, text, len);
	for (size_t i = 0; i < len; i++) {
		if (text[i] == ' ')
			buf_adds(&b, "%20");
		else if (text[i] == '\\')
			buf_adds(&b, "%5C");
		else if (!strchr("\t\r\n", text[i]))
			buf_addc(&b, text[i]);
	}
	return arena_take(a, &b);
}

const char *
feed_address_read(struct arena *a, const char *text)
{
	size_t len = strlen(text);

	ascii_trim(&text, &len);
	text = without_feed_scheme(a, without_blanks(a, text, len));
	if (ascii_starts_nocase(text, "file:/") && text[6] != '/')
		text = arena_printf(a, "file://%s", text + 5);
	return url_is_web(text) || ascii_starts_nocase(text, "file:///") ? text : NULL;
}

/* Bytes of "ftp" in "ftp://..." and "mailto:..."; 0 without one, as in "C:\\feed". */
static size_t
scheme_length(const char *text)
{
	size_t n = 0;

	while (ascii_is_alphanumeric((unsigned char)text[n]) ||
	    (text[n] != '\0' && strchr("+-.", text[n])))
		n++;
	return n > 1 && text[n] == ':' && ascii_is_letter((unsigned char)text[0]) ? n : 0;
}

/* "http:/HOST", "htps://HOST", "view-source:https://HOST": the web address in it, or NULL. */
static const char *
meant_address(struct arena *a, const char *text, const char *scheme)
{
	static const char *const web[] = { "https", "http" };
	const char *near = nearest_word(scheme, web, ARRAY_LEN(web));
	const char *rest = text + strlen(scheme) + 1;

	if (url_is_web(rest))
		return rest;
	rest += strspn(rest, "/\\");
	const char *meant = near ? arena_printf(a, "%s://%s", near, rest) : NULL;
	return meant && strchr(rest, '.') && url_is_web(meant) ? meant : NULL;
}

bool
feed_address_refuse(struct arena *a, const char *text, struct err *err)
{
	const char *scheme = arena_strndup(a, text, scheme_length(text));
	const char *meant = *scheme ? meant_address(a, text, scheme) : NULL;
	const char *shown = url_public(a, text);

	if (*scheme == '\0' || ascii_starts_nocase(scheme, "http") || meant)
		(void)err_set(err, ERR_USAGE, "'%s' is no web address", shown);
	else
		(void)err_set(err, ERR_USAGE,
		    "'%s' is no web address: feeds are asked by https and http, not by %s",
		    shown, scheme);
	if (meant)
		return err_hint(err, "did you mean %s?", url_public(a, meant));
	if (ascii_eq_nocase(scheme, "mailto"))
		return err_hint(err,
		    "newsletters that come by mail: maildir:/PATH?list=ID");
	return err_hint(err, "an address begins with https://");
}

const char *
feed_address_left_out(struct arena *a, const char *text)
{
	struct err why = ERR_INIT;

	(void)feed_address_refuse(a, text, &why);
	return strncmp(why.hint, "did you mean", strlen("did you mean")) == 0
	    ? arena_printf(a, "%s, and left out; %s", why.text, why.hint)
	    : arena_printf(a, "%s, and left out", why.text);
}

const char *
feed_address_identity(struct arena *a, const char *address)
{
	const char *page = url_identity(a, address);

	return page ? page : address;
}

const char *
feed_address_of_list(struct arena *a, struct feed_list *list, const char *text)
{
	const char *address = feed_address_read(a, text);

	if (address)
		return address;
	list->refused = arena_grow_list(a, list->refused, list->refused_count,
	    sizeof(*list->refused));
	list->refused[list->refused_count++] = text_one_line(a, text, strlen(text));
	return NULL;
}
