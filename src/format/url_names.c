/* SPDX-License-Identifier: ISC */
/* Forms of an address: without tracking, for comparing two, and for people to read. */
#include "format/url.h"

#include <string.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"

/* For an address that grows threefold by percent-encoding, as in url.c. */
enum { ROOM = 16 * LIMIT_URL };

/*
 * Parameters that tell the site who sent the visitor and change nothing in the page.  Names
 * are compared without case; one that ends with "*" is a beginning.  Only names that are
 * used for nothing else stand here: "ref" or "source" may choose the page.
 */
/* clang-format off */
static const char *const tracking[] = {
	"utm_*", "mtm_*", "piwik_*", "pk_campaign", "pk_kwd", "pk_keyword", "pk_source",
	"pk_medium", "pk_content", "pk_cid", "matomo_*", "hsa_*", "at_campaign*", "at_medium",
	"at_custom*", "at_link_*", "at_ptr_name", "at_bbc_team", "at_format",
	"fbclid", "fb_action_ids", "fb_action_types", "fb_source", "fb_ref", "gclid", "gclsrc",
	"dclid", "gbraid", "wbraid", "gad_source", "gad_campaignid", "srsltid", "msclkid",
	"yclid", "ysclid", "_openstat", "twclid", "ttclid", "li_fat_id", "igshid", "igsh",
	"epik", "rdt_cid", "sccid", "mc_cid", "mc_eid", "mkt_tok", "ml_subscriber",
	"ml_subscriber_hash", "ck_subscriber_id", "vero_id", "vero_conv", "oly_anon_id",
	"oly_enc_id", "rb_clickid", "wickedid", "dm_i", "_hsenc", "_hsmi", "__hssc", "__hstc",
	"__hsfp", "hsctatracking", "s_cid", "icid", "cmpid", "cmp_id", "ns_mchannel", "ns_source",
	"ns_campaign", "ns_linkname", "ns_fee", "xtor", "wt.mc_id", "wt.mc_ev", "wt.rss_f",
	"wt.rss_a", "wt.rss_ev", "_ga", "_gl", "guccounter", "guce_referrer",
	"guce_referrer_sig", "bsft_*", "trk_*", "stm_*", "spm", "__twitter_impression",
	"ito", "itm_*", "mbid",
};
/* clang-format on */

/* Parameters that track with this value only, as Medium's "source=rss----…".  "&": the end. */
/* clang-format off */
static const char *const tracking_values[] = {
	"source=rss-", "source=rss&", "source=feed&", "ref=rss&", "ref=feed&", "rss=1&",
	"from=rss&", "partner=rss&", "format=rss&",
};
/* clang-format on */

static bool
matches_parameter(const char *text, size_t len, const char *name)
{
	size_t name_len = strlen(name);
	bool start = name[name_len - 1] == '*';

	name_len -= start;
	if (len < name_len || (!start && len != name_len))
		return false;
	for (size_t i = 0; i < name_len; i++) {
		if (ascii_lower((unsigned char)text[i]) != name[i])
			return false;
	}
	return true;
}

/* text: "name=value" of len bytes. */
static bool
is_tracking(const char *text, size_t len)
{
	const char *equals = memchr(text, '=', len);
	size_t name_len = equals ? (size_t)(equals - text) : len;

	for (size_t i = 0; i < ARRAY_LEN(tracking); i++) {
		if (matches_parameter(text, name_len, tracking[i]))
			return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(tracking_values); i++) {
		size_t n = strlen(tracking_values[i]);
		bool whole = tracking_values[i][n - 1] == '&';

		n -= whole;
		if (len >= n && (!whole || len == n) &&
		    memcmp(text, tracking_values[i], n) == 0)
			return true;
	}
	return false;
}

/* Appends the parameters of a query that stay, "?" in front.  True when some do not. */
static bool
add_untracked(struct buf *b, const char *query, size_t len)
{
	static const char amp[] = "amp;";
	const char *end = query + len;
	const char *mark = "?";
	bool removed = false;

	while (query < end) {
		const char *next = memchr(query, '&', (size_t)(end - query));
		size_t n = (size_t)((next ? next : end) - query);
		/* Feeds that escape twice write "&amp;": it separates all the same. */
		size_t skip = ascii_starts(query, n, amp) ? strlen(amp) : 0;

		if (is_tracking(query + skip, n - skip)) {
			removed = true;
		} else if (n > 0) {
			buf_adds(b, mark);
			buf_add(b, query, n);
			mark = "&";
		}
		query += n + 1;
	}
	return removed;
}

/* True when every parameter of text is a tracking one: such a fragment names no place. */
static bool
is_all_tracking(const char *text)
{
	size_t len = strlen(text);
	bool all = strchr(text, '=') != NULL;

	for (size_t i = 0; all && i < len;) {
		size_t n = strcspn(text + i, "&");

		all = is_tracking(text + i, n);
		i += n + 1;
	}
	return all;
}

char *
url_untrack(struct arena *a, const char *text)
{
	size_t before = strcspn(text, "?#");
	const char *query = text + before;
	size_t query_len = *query == '?' ? strcspn(query, "#") : 0;
	const char *fragment = query + query_len;
	struct buf b = BUF_INIT(strlen(text));
	bool removed = false;

	buf_add(&b, text, before);
	if (query_len > 0)
		removed = add_untracked(&b, query + 1, query_len - 1);
	if (*fragment != '\0' && is_all_tracking(fragment + 1))
		removed = true;
	else
		buf_adds(&b, fragment);
	if (!removed) {
		buf_reset(&b);
		buf_adds(&b, text);
	}
	return arena_take(a, &b);
}

/*
 * The host without every "www." in front of a name of two labels or more, so that what is left
 * has none, and without dots at its end.  *len: of what is left, which may be 0.
 */
static const char *
plain_host(const char *host, size_t *len)
{
	static const char www[] = "www.";
	size_t n = strlen(host);

	while (n > 0 && host[n - 1] == '.')
		n--;
	while (ascii_starts(host, n, www) &&
	    memchr(host + strlen(www), '.', n - strlen(www))) {
		host += strlen(www);
		n -= strlen(www);
	}
	*len = n;
	return host;
}

/*
 * Normal percent-encoding (RFC 3986 6.2.2): unreserved characters plain, upper-case digits.
 * Right behind a "%" that begins no escape nothing is decoded, or both together would be one.
 */
static void
add_normalised(struct buf *b, const char *text, size_t len)
{
	enum { ESCAPE_DIGITS = 2 };
	size_t since = ESCAPE_DIGITS; /* characters behind the last such "%" */

	for (size_t i = 0; i < len; i++) {
		int high =
		    text[i] == '%' && i + 2 < len ? ascii_hex_value(text[i + 1]) : -1;
		int low = high >= 0 ? ascii_hex_value(text[i + 2]) : -1;
		int c = high * 16 + low;

		if (low < 0) {
			since = text[i] == '%' ? 0 : since + 1;
			buf_addc(b, text[i]);
			continue;
		}
		if (since >= ESCAPE_DIGITS &&
		    (ascii_is_alphanumeric(c) || (c != 0 && strchr("-._~", c))))
			buf_addc(b, (char)c);
		else
			buf_addf(b, "%%%02X", (unsigned)c);
		since = ESCAPE_DIGITS;
		i += 2;
	}
}

/* Length of path without what servers add by themselves: index pages and "/" at the end. */
static size_t
page_length(const char *path)
{
	static const char *const index_pages[] = { "/index.html", "/index.htm",
		"/index.php" };
	size_t len = strlen(path);

	for (size_t i = 0; i < ARRAY_LEN(index_pages); i++) {
		size_t n = strlen(index_pages[i]);

		if (len >= n && ascii_eq_nocase(path + len - n, index_pages[i])) {
			len -= n;
			break;
		}
	}
	while (len > 0 && path[len - 1] == '/')
		len--;
	return len;
}

char *
url_identity(struct arena *a, const char *text)
{
	struct url u;
	struct buf b = BUF_INIT(ROOM);
	const char *host = NULL;
	size_t host_len = 0;

	if (!url_split(a, text, &u))
		return NULL;
	if (strcmp(u.scheme, "http") != 0 && strcmp(u.scheme, "https") != 0)
		return NULL;
	host = plain_host(u.host, &host_len);
	if (host_len == 0)
		return NULL; /* dots alone are no host */
	buf_adds(&b, "https://");
	buf_add(&b, host, host_len);
	if (u.port)
		buf_addf(&b, ":%s", u.port);
	add_normalised(&b, u.path, page_length(u.path));
	if (u.query) {
		struct buf query = BUF_INIT(ROOM);

		(void)add_untracked(&query, u.query, strlen(u.query));
		add_normalised(&b, buf_text(&query), query.len);
		buf_clear(&query);
	}
	if (b.len > LIMIT_URL) {
		buf_clear(&b);
		return NULL;
	}
	return arena_take(a, &b);
}

/*
 * True when what stands behind "http://" begins with a host of letters, digits, dots and "-",
 * which needs no closer look, and no more than a path, query or fragment follows.
 */
static bool
begins_with_plain_host(const char *text)
{
	enum { LABEL_MOST = 63, HOST_MOST = 253 };
	size_t label = 0;
	size_t len = 0;

	for (; ascii_is_alphanumeric(text[len]) || text[len] == '-' || text[len] == '.';
	     len++) {
		if (text[len] == '.' ? label == 0 : label == LABEL_MOST)
			return false;
		label = text[len] == '.' ? 0 : label + 1;
	}
	return label > 0 && len <= HOST_MOST && strchr("/?#", text[len]);
}

bool
url_is_web(const char *text)
{
	const char *host = NULL;
	struct arena *a = NULL;
	struct url u;
	bool ok = false;

	if (!ascii_starts_nocase(text, "http://") &&
	    !ascii_starts_nocase(text, "https://"))
		return false;
	/* A browser would repair white space; here an address must be right as it stands. */
	for (const char *p = text; *p != '\0'; p++) {
		if ((unsigned char)*p <= ' ' || *p == 0x7F || *p == '\\' ||
		    p - text >= LIMIT_URL)
			return false;
	}
	host = strchr(text, ':') + 3;
	if (*host == '/' || begins_with_plain_host(host))
		return *host != '/';
	a = arena_new();
	ok = url_split(a, text, &u);
	arena_free(a);
	return ok;
}

char *
url_public(struct arena *a, const char *text)
{
	size_t start = strcspn(text, ":/?#");
	size_t end = 0;
	size_t at = 0;

	/* The path of a file may have an "@". */
	if (ascii_starts_nocase(text, "file:"))
		return arena_strdup(a, text);
	if (text[start] == ':')
		start++;
	else
		start = 0;
	if (text[start] != '/' && text[start] != '\\')
		return arena_strdup(a, text);
	while (text[start] == '/' || text[start] == '\\')
		start++;
	end = start + strcspn(text + start, "/\\?#");
	for (at = end; at > start && text[at - 1] != '@'; at--)
		continue;
	return arena_printf(a, "%.*s%s", (int)start, text, text + at);
}

const char *
url_with_login(struct arena *a, const char *text, const char *given)
{
	struct url from;
	struct url to;

	if (!url_split(a, given, &from) || !from.user || !url_split(a, text, &to) ||
	    strcmp(from.host, to.host) != 0)
		return text;
	to.user = from.user;
	return url_join(a, &to);
}

char *
url_host(struct arena *a, const char *text)
{
	struct url u;
	const char *host = NULL;
	size_t len = 0;

	if (!url_split(a, text, &u))
		return arena_strdup(a, "");
	host = plain_host(u.host, &len);
	return arena_strndup(a, host, len);
}
