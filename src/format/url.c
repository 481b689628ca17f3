/* SPDX-License-Identifier: ISC */
#include "format/url.h"

#include <arpa/inet.h>
#include <idn2.h>
#include <stdint.h>
#include <string.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "format/url_parts.h"

enum {
	HOST_MAX = 256,
	HOST_LENGTH = 253,
	LABEL_LENGTH = 63,
	HOST_BYTES = 4 * HOST_LENGTH /* in UTF-8 */
};

/* Room for an address that grows threefold by percent-encoding, and for a base in front. */
enum { ROOM = 16 * LIMIT_URL };

/* Schemes whose addresses have a host, and where browsers read "\" as "/". */
/* clang-format off */
static const struct { const char *name, *port; } web_like[] = {
	{ "http", "80" }, { "https", "443" }, { "ftp", "21" }, { "ws", "80" }, { "wss", "443" },
};
/* clang-format on */

static const char *
default_port(const char *scheme)
{
	for (size_t i = 0; i < ARRAY_LEN(web_like); i++) {
		if (strcmp(web_like[i].name, scheme) == 0)
			return web_like[i].port;
	}
	return NULL;
}

static bool
is_web_like(const char *scheme)
{
	return default_port(scheme) != NULL;
}

static bool
reads_backslash(const char *scheme)
{
	return is_web_like(scheme) || strcmp(scheme, "file") == 0;
}

/* ---- hosts ---- */

/* Labels of 1 to 63 octets, 253 together, a dot at the end allowed; no delimiter of a URL. */
static bool
is_host_name(const char *host)
{
	size_t len = strlen(host);
	size_t label = 0;

	if (len > 0 && host[len - 1] == '.')
		len--;
	if (len == 0 || len > HOST_LENGTH)
		return false;
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)host[i];

		if (c <= ' ' || c >= 0x7F || strchr("\"#%/:<>?@[\\]^`{|}", c))
			return false;
		label = c == '.' ? 0 : label + 1;
		if (label > LABEL_LENGTH || (c == '.' && (i == 0 || host[i - 1] == '.')))
			return false;
	}
	return true;
}

static bool
is_ascii(const char *text)
{
	for (; *text != '\0'; text++) {
		if ((unsigned char)*text >= 0x80)
			return false;
	}
	return true;
}

bool
url_host_ascii(const char *host, char *out, size_t size)
{
	char *converted = NULL;
	bool ok = false;

	if (strlen(host) > HOST_BYTES)
		return false;
	if (!is_ascii(host)) {
		const int flags = IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL;

		if (idn2_to_ascii_8z(host, &converted, flags) != IDN2_OK)
			return false;
		host = converted;
	}
	/* Checked after the conversion, since that turns a full-width "/" into a plain one. */
	ok = is_host_name(host) && strlen(host) < size;
	for (size_t i = 0; ok && i <= strlen(host); i++)
		out[i] = (char)ascii_lower((unsigned char)host[i]);
	if (converted)
		idn2_free(converted);
	return ok;
}

static void
percent_decode(char *text)
{
	char *out = text;

	while (*text != '\0') {
		int high = text[0] == '%' ? ascii_hex_value(text[1]) : -1;
		int low = high >= 0 ? ascii_hex_value(text[2]) : -1;

		if (low >= 0 && high * 16 + low != 0) {
			*out++ = (char)(high * 16 + low);
			text += 3;
		} else {
			*out++ = *text++;
		}
	}
	*out = '\0';
}

/* "[2001:db8::1]" in lower case; NULL when it is no IPv6 address or has a zone ("%eth0"). */
static char *
parse_literal(struct arena *a, const char *text, size_t len)
{
	struct in6_addr address;
	char *literal = arena_strndup(a, text, len);

	literal[len - 1] = '\0';
	if (inet_pton(AF_INET6, literal + 1, &address) != 1)
		return NULL;
	for (size_t i = 0; i < len - 1; i++)
		literal[i] = (char)ascii_lower((unsigned char)literal[i]);
	literal[len - 1] = ']';
	return literal;
}

static const char *
parse_host(struct arena *a, const char *scheme, const char *text, size_t len)
{
	char out[HOST_MAX];
	char *host = NULL;

	if (len > 2 && text[0] == '[' && text[len - 1] == ']')
		return parse_literal(a, text, len);
	host = arena_strndup(a, text, len);
	percent_decode(host);
	if (*host == '\0')
		return is_web_like(scheme) ? NULL : "";
	return url_host_ascii(host, out, sizeof(out)) ? arena_strdup(a, out) : NULL;
}

/* Digits up to 65535, without leading zeros.  NULL in *port for the scheme's own. */
static bool
parse_port(struct arena *a, const char *scheme, const char *text, size_t len,
    const char **port)
{
	const char *own = default_port(scheme);
	unsigned value = 0;

	*port = NULL;
	if (len == 0)
		return true;
	for (size_t i = 0; i < len; i++) {
		if (!ascii_is_digit(text[i]))
			return false;
		value = value * 10 + (unsigned)(text[i] - '0');
		if (value > UINT16_MAX)
			return false;
	}
	*port = arena_printf(a, "%u", value);
	if (own && strcmp(own, *port) == 0)
		*port = NULL;
	return true;
}

static bool
parse_authority(struct arena *a, const char *text, size_t len, struct url *out)
{
	struct url_authority at;

	url_split_authority(text, len, &at);
	if (at.user_len > 0)
		out->user = url_encode(a, at.user, at.user_len);
	if (at.port && !parse_port(a, out->scheme, at.port, at.port_len, &out->port))
		return false;
	out->host = parse_host(a, out->scheme, at.host, at.host_len);
	return out->host != NULL;
}

/* ---- paths ---- */

/* Sets path, query and fragment from the text behind the authority. */
static void
parse_tail(struct arena *a, const char *text, struct url *out)
{
	size_t path_len = strcspn(text, "?#");
	const char *rest = text + path_len;
	char *path = arena_strndup(a, text, path_len);

	for (char *p = path; *p != '\0'; p++) {
		if (*p == '\\' && reads_backslash(out->scheme))
			*p = '/';
	}
	path = url_encode(a, path, path_len);
	if (*path == '/')
		url_remove_dots(path);
	out->path = *path == '\0' && reads_backslash(out->scheme) ? "/" : path;
	if (*rest == '?') {
		size_t len = strcspn(rest + 1, "#");

		out->query = url_encode(a, rest + 1, len);
		rest += 1 + len;
	}
	if (*rest == '#')
		out->fragment = url_encode(a, rest + 1, strlen(rest + 1));
}

/* ---- whole addresses ---- */

/* Bytes of "scheme" when text begins with "scheme:", else 0. */
static size_t
scheme_length(const char *text)
{
	size_t n = 0;

	if (!ascii_is_letter(text[0]))
		return 0;
	while (ascii_is_alphanumeric(text[n]) || text[n] == '+' || text[n] == '-' ||
	    text[n] == '.')
		n++;
	return text[n] == ':' ? n : 0;
}

static bool
is_slash(const char *scheme, char c)
{
	return c == '/' || (c == '\\' && reads_backslash(scheme));
}

static bool
parse_with_authority(struct arena *a, const char *text, struct url *out)
{
	const char *ends = reads_backslash(out->scheme) ? "/\\?#" : "/?#";
	size_t len = 0;

	/* Browsers take any number of slashes: "http:/example.org", "https:///example.org". */
	while (is_web_like(out->scheme) && is_slash(out->scheme, *text))
		text++;
	len = strcspn(text, ends);
	if (!parse_authority(a, text, len, out))
		return false;
	parse_tail(a, text + len, out);
	return true;
}

static bool
parse_absolute(struct arena *a, const char *text, struct url *out)
{
	size_t len = scheme_length(text);
	char *scheme = NULL;

	if (len == 0)
		return false;
	scheme = arena_strndup(a, text, len);
	for (char *p = scheme; *p != '\0'; p++)
		*p = (char)ascii_lower((unsigned char)*p);
	*out = (struct url){ .scheme = scheme, .host = "" };
	text += len + 1;
	if (is_web_like(scheme))
		return parse_with_authority(a, text, out);
	if (is_slash(scheme, text[0]) && is_slash(scheme, text[1]))
		return parse_with_authority(a, text + 2, out);
	/* url_join writes two slashes, behind which a path without "/" would be read as a host. */
	if (reads_backslash(scheme) && !is_slash(scheme, text[0]))
		text = arena_printf(a, "/%s", text);
	parse_tail(a, text, out);
	return true;
}

bool
url_split(struct arena *a, const char *text, struct url *out)
{
	char *clean = url_strip(a, text);

	*out = (struct url){ .host = "" };
	return clean && parse_absolute(a, clean, out);
}

char *
url_join(struct arena *a, const struct url *u)
{
	struct buf b = BUF_INIT(ROOM);

	buf_adds(&b, u->scheme);
	buf_addc(&b, ':');
	/* Without an authority, the first part of a path that begins with "//" would become one. */
	if (*u->host != '\0' || reads_backslash(u->scheme) ||
	    strncmp(u->path, "//", 2) == 0)
		buf_adds(&b, "//");
	if (u->user)
		buf_addf(&b, "%s@", u->user);
	buf_adds(&b, u->host);
	if (u->port)
		buf_addf(&b, ":%s", u->port);
	buf_adds(&b, u->path);
	if (u->query) {
		buf_addc(&b, '?');
		buf_adds(&b, u->query);
	}
	if (u->fragment) {
		buf_addc(&b, '#');
		buf_adds(&b, u->fragment);
	}
	return arena_take(a, &b);
}

/* RFC 3986 5.2.2 for a reference without scheme. */
static bool
parse_relative(struct arena *a, const struct url *base, const char *ref, struct url *out)
{
	size_t dir = 0;

	*out = *base;
	out->fragment = NULL;
	if (*ref == '#' || *ref == '\0') {
		if (*ref == '#')
			out->fragment = url_encode(a, ref + 1, strlen(ref + 1));
		return true;
	}
	if (*base->path != '/' && *base->host == '\0')
		return false; /* mailto:, data: and the like have no relatives */
	if (is_slash(base->scheme, ref[0]) && is_slash(base->scheme, ref[1])) {
		*out = (struct url){ .scheme = base->scheme, .host = "" };
		return parse_with_authority(a, ref + 2, out);
	}
	if (*ref == '?') {
		parse_tail(a, ref, out);
		out->path = base->path;
		return true;
	}
	out->query = NULL;
	if (!is_slash(base->scheme, *ref)) {
		const char *slash = strrchr(base->path, '/');

		dir = slash ? (size_t)(slash - base->path) : 0;
		ref = arena_printf(a, "%.*s/%s", (int)dir, base->path, ref);
	}
	parse_tail(a, ref, out);
	return true;
}

/*
 * "http:g" under an http base means "g": RFC 3986 5.2.2 allows it, and browsers read it so.
 * ref names no authority.
 */
static const char *
without_same_scheme(const struct url *base, const char *ref)
{
	size_t len = scheme_length(ref);

	if (len == 0 || !is_web_like(base->scheme) || strlen(base->scheme) != len ||
	    !ascii_starts_nocase(ref, base->scheme))
		return ref;
	return ref + len + 1;
}

/* "https://": nothing of a base is asked for. */
static bool
names_authority(const char *ref)
{
	const size_t len = scheme_length(ref);

	return len > 0 && strncmp(ref + len + 1, "//", 2) == 0;
}

/* Bytes of a host in small letters, without port and user, that text begins with; 0: of none. */
static size_t
plain_host(const char *text)
{
	size_t label = 0;
	size_t n = 0;

	for (; text[n] == '.' || text[n] == '-' || ascii_is_digit(text[n]) ||
	     (text[n] >= 'a' && text[n] <= 'z');
	     n++) {
		if (text[n] == '.' && label == 0)
			return 0;
		label = text[n] == '.' ? 0 : label + 1;
		if (label > LABEL_LENGTH)
			return 0;
	}
	return n <= HOST_LENGTH ? n : 0;
}

/* It stands as it would be written again: most addresses do, and need not be taken apart. */
static bool
is_written_plainly(const char *text)
{
	static const char letters[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789-_~+,;:@!$&*()='./?#%";
	const char *at = strncmp(text, "https://", 8) == 0 ? text + 8
	    : strncmp(text, "http://", 7) == 0             ? text + 7
							   : NULL;
	const size_t host = at ? plain_host(at) : 0;
	const char *path = at ? at + host : NULL;
	size_t path_len = 0;

	if (host == 0 || *path != '/' || strlen(text) > LIMIT_URL ||
	    path[strspn(path, letters)] != '\0')
		return false;
	path_len = strcspn(path, "?#");
	/* In a path "/." and "%2e" may be steps up, as in "/a/../b". */
	for (size_t i = 0; i < path_len; i++)
		if (path[i] == '%' || (path[i] == '.' && path[i - 1] == '/'))
			return false;
	return true;
}

char *
url_resolve(struct arena *a, const char *base, const char *ref)
{
	struct url from;
	struct url to;
	char *clean = url_strip(a, ref);
	const char *text = clean;
	char *joined = NULL;
	bool ok = false;

	if (!clean || is_written_plainly(clean))
		return clean;
	if (base && !names_authority(clean) && url_split(a, base, &from)) {
		text = without_same_scheme(&from, clean);
		ok = scheme_length(text) > 0 ? parse_absolute(a, text, &to)
					     : parse_relative(a, &from, text, &to);
	} else {
		ok = parse_absolute(a, clean, &to);
	}
	if (!ok)
		return NULL;
	/* What a document links to is read by others: nobody's password goes along. */
	if (is_web_like(to.scheme))
		to.user = NULL;
	joined = url_join(a, &to);
	return strlen(joined) <= LIMIT_URL ? joined : NULL;
}
