/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/limits.h"
#include "format/url.h"
#include "format/url_parts.h"

struct pair {
	const char *in;
	const char *want; /* NULL = refused */
};

static void
expect(const char *name, const char *got, const char *want)
{
	got = got ? got : "(none)";
	want = want ? want : "(none)";
	if (strcmp(got, want) != 0)
		fail_msg("%s: got \"%s\", want \"%s\"", name, got, want);
}

/* RFC 3986 5.4.1 and 5.4.2, against http://a/b/c/d;p?q.  The host is that of the RFC. */
static const struct pair rfc3986[] = {
	{ "g:h", "g:h" }, { "g", "http://a/b/c/g" }, { "./g", "http://a/b/c/g" },
	{ "g/", "http://a/b/c/g/" }, { "/g", "http://a/g" }, { "//g", "http://g/" },
	{ "?y", "http://a/b/c/d;p?y" }, { "g?y", "http://a/b/c/g?y" },
	{ "#s", "http://a/b/c/d;p?q#s" }, { "g#s", "http://a/b/c/g#s" },
	{ "g?y#s", "http://a/b/c/g?y#s" }, { ";x", "http://a/b/c/;x" },
	{ "g;x", "http://a/b/c/g;x" }, { "g;x?y#s", "http://a/b/c/g;x?y#s" },
	{ "", "http://a/b/c/d;p?q" }, { ".", "http://a/b/c/" }, { "./", "http://a/b/c/" },
	{ "..", "http://a/b/" }, { "../", "http://a/b/" }, { "../g", "http://a/b/g" },
	{ "../..", "http://a/" }, { "../../", "http://a/" }, { "../../g", "http://a/g" },
	/* abnormal */
	{ "../../../g", "http://a/g" }, { "../../../../g", "http://a/g" },
	{ "/./g", "http://a/g" }, { "/../g", "http://a/g" }, { "g.", "http://a/b/c/g." },
	{ ".g", "http://a/b/c/.g" }, { "g..", "http://a/b/c/g.." },
	{ "..g", "http://a/b/c/..g" }, { "./../g", "http://a/b/g" },
	{ "./g/.", "http://a/b/c/g/" }, { "g/./h", "http://a/b/c/g/h" },
	{ "g/../h", "http://a/b/c/h" }, { "g;x=1/./y", "http://a/b/c/g;x=1/y" },
	{ "g;x=1/../y", "http://a/b/c/y" }, { "g?y/./x", "http://a/b/c/g?y/./x" },
	{ "g?y/../x", "http://a/b/c/g?y/../x" }, { "g#s/./x", "http://a/b/c/g#s/./x" },
	{ "g#s/../x", "http://a/b/c/g#s/../x" },
	{ "http:g", "http://a/b/c/g" }, /* "may be ignored", as browsers do */
};

static void
the_examples_of_rfc_3986_resolve(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rfc3986); i++)
		expect(rfc3986[i].in, url_resolve(a, "http://a/b/c/d;p?q", rfc3986[i].in),
		    rfc3986[i].want);
	arena_free(a);
}

/* clang-format off */
static const struct { const char *base, *ref, *want; } browser_cases[] = {
	{ NULL, "  https://Example.ORG/A b\n", "https://example.org/A%20b" },
	{ NULL, "ht\ntp://example.org/\tx", "http://example.org/x" },
	{ NULL, "HTTP://example.org", "http://example.org/" },
	{ NULL, "http:example.org/x", "http://example.org/x" },
	{ NULL, "file:a/b.xml", "file:///a/b.xml" },
	{ NULL, "http:/example.org/x", "http://example.org/x" },
	{ NULL, "https:///example.org/x", "https://example.org/x" },
	{ NULL, "http:\\\\example.org\\a\\b?c\\d", "http://example.org/a/b?c%5Cd" },
	{ NULL, "http://example.org:80/", "http://example.org/" },
	{ NULL, "https://example.org:443", "https://example.org/" },
	{ NULL, "https://example.org:08443/", "https://example.org:8443/" },
	{ NULL, "http://example.org:/", "http://example.org/" },
	{ NULL, "http://example.org:65536/", NULL },
	{ NULL, "http://example.org:x/", NULL },
	{ NULL, "http://example.org:80:80/", NULL },
	{ NULL, "http://user:pa ss@example.org/", "http://example.org/" },
	{ NULL, "http://a@b@example.org/", "http://example.org/" },
	{ NULL, "http://@example.org/", "http://example.org/" },
	{ NULL, "http://good.example\\@evil.example/", "http://good.example/@evil.example/" },
	{ NULL, "http://[2001:DB8::1]:8080/", "http://[2001:db8::1]:8080/" },
	{ NULL, "http://[::1", NULL },
	{ NULL, "http://[fe80::1%25eth0]/", NULL },
	{ NULL, "http://", NULL },
	{ NULL, "http:///", NULL },
	{ NULL, "http://?x", NULL },
	{ NULL, "http://exa mple.org/", NULL },
	{ NULL, "http://example%2eorg/", "http://example.org/" },
	{ NULL, "http://a%2Fb.example/", NULL },
	{ NULL, "http://a..b/", NULL },
	{ NULL, "http://my_blog.example.org/", "http://my_blog.example.org/" },
	{ NULL, "http://b\u00FCcher.example/\u00FC?\u00FC#\u00FC",
	    "http://xn--bcher-kva.example/%C3%BC?%C3%BC#%C3%BC" },
	{ NULL, "http://stra\u00DFe.example/", "http://xn--strae-oqa.example/" },
	{ NULL, "http://\u65E5\u672C.example/", "http://xn--wgv71a.example/" },
	{ NULL, "http://example\u3002org/", "http://example.org/" },
	{ NULL, "http://exa\uFF0Fmple.org/", NULL },
	{ NULL, "http://\xFF.example/", NULL },
	{ NULL, "http://example.org/%zz%", "http://example.org/%zz%" },
	{ NULL, "http://example.org/\"<>`{}|^", "http://example.org/%22%3C%3E%60%7B%7D%7C%5E" },
	{ NULL, "http://example.org/a\x01" "b\x7F", "http://example.org/a%01b%7F" },
	{ NULL, "http://example.org/a/%2E%2e/b/%2e", "http://example.org/b/" },
	{ NULL, "http://example.org//a//../b", "http://example.org//a/b" },
	{ NULL, "http://example.org/...", "http://example.org/..." },
	{ NULL, "http://example.org/a/.../b", "http://example.org/a/.../b" },
	{ NULL, "http://example.org/a/.%2E/b", "http://example.org/b" },
	{ NULL, "http://example.org/a/%2e./b", "http://example.org/b" },
	{ NULL, "http://example.org/a/..%2e/b", "http://example.org/a/..%2e/b" },
	{ NULL, "http://example.org/a/%2ex/b", "http://example.org/a/%2ex/b" },
	{ NULL, "http://example.org/a/%2/b", "http://example.org/a/%2/b" },
	{ NULL, "http://example.org/a/%2", "http://example.org/a/%2" },
	{ NULL, "http://example.org/a/b/..", "http://example.org/a/" },
	{ NULL, "http://example.org/..", "http://example.org/" },
	{ NULL, "http://[]/", NULL },
	{ NULL, "http://[::A]/", "http://[::a]/" },
	{ NULL, "http://[::1]x/", NULL },
	{ NULL, "http://ex%61mple.org/", "http://example.org/" },
	{ NULL, "http://a%2/", NULL },
	{ NULL, "http://a%00b/", NULL },
	{ NULL, "http://example.org:65535/", "http://example.org:65535/" },
	{ NULL, "http://example.org:0/", "http://example.org:0/" },
	{ NULL, "https://example.org:80/", "https://example.org:80/" },
	{ NULL, "ftp://example.org:21/", "ftp://example.org/" },
	{ NULL, "ws://example.org:80/", "ws://example.org/" },
	{ NULL, "wss://example.org:443/", "wss://example.org/" },
	{ NULL, "gopher://example.org:80/", "gopher://example.org:80/" },
	{ NULL, "file:\\\\host\\a", "file://host/a" },
	{ NULL, "a1+-.:b", "a1+-.:b" },
	{ NULL, "a_b:c", NULL },
	{ "x:y", "?b", NULL },
	{ "https://a.example/b", "HTTPS:c", "https://a.example/c" },
	{ "https://a.example/b", "https://c", "https://c/" },
	{ "https://a.example/b/", "?d#e", "https://a.example/b/?d#e" },
	{ "gopher://h/a/b", "//i/c", "gopher://i/c" },
	{ "gopher://h/a/b", "\\\\i", "gopher://h/a/%5C%5Ci" },
	{ "gopher://u:p@h/a", "b", "gopher://u:p@h/b" },
	{ "http://a/b", "https://example.org/a/../c", "https://example.org/c" },
	{ "http://a/b", "https://example.org/a?b=/../c#/./d",
	    "https://example.org/a?b=/../c#/./d" },
	{ "http://a/b", "https://example.org", "https://example.org/" },
	{ "http://a/b", "https://Example.org/", "https://example.org/" },
	{ NULL, "http://.example.org/a", NULL },
	{ NULL, "example.org/x", NULL },
	{ NULL, "/x", NULL },
	{ NULL, "//example.org/x", NULL },
	{ NULL, "", NULL },
	{ NULL, ":", NULL },
	{ NULL, "://x", NULL },
	{ NULL, "1http://x", NULL },
	{ NULL, "mailto:a@example.org?subject=Hi you", "mailto:a@example.org?subject=Hi%20you" },
	{ NULL, "JavaScript:alert(1)", "javascript:alert(1)" },
	{ NULL, "java\nscript:alert(1)", "javascript:alert(1)" },
	{ NULL, "\x01javascript:alert(1)", "javascript:alert(1)" },
	{ NULL, "data:text/html,<b>", "data:text/html,%3Cb%3E" },
	{ NULL, "tag:example.org,2026:a/../b", "tag:example.org,2026:a/../b" },
	{ NULL, "urn:uuid:1", "urn:uuid:1" },
	{ NULL, "file:///etc/passwd", "file:///etc/passwd" },
	{ NULL, "gopher://Example.org/1", "gopher://example.org/1" },
	{ NULL, "x:////y", "x:////y" },
	{ "", "http://x/", "http://x/" },
	{ "mailto:a@example.org", "b", NULL },
	{ "mailto:a@example.org", "#b", "mailto:a@example.org#b" },
	{ "not absolute", "b", NULL },
	{ "not absolute", "http://x/", "http://x/" },
	{ "https://a.example/b/c", "//b.example/x", "https://b.example/x" },
	{ "https://a.example/b/c", "\\\\b.example\\x", "https://b.example/x" },
	{ "https://a.example/b/c", "///b.example/x", "https://b.example/x" },
	{ "https://a.example/b/c", "\\x", "https://a.example/x" },
	{ "https://a.example/b/c", "https:x", "https://a.example/b/x" },
	{ "https://a.example/b/c", "https:/x", "https://a.example/x" },
	{ "https://a.example/b/c", "http:/x", "http://x/" },
	{ "https://a.example", "x", "https://a.example/x" },
	{ "https://a.example?q", "x", "https://a.example/x" },
	{ "https://u:p@a.example/b", "c", "https://a.example/c" },
	{ "https://a.example/b#f", "", "https://a.example/b" },
	{ "https://a.example/b?c#f", "?d", "https://a.example/b?d" },
	{ "https://a.example/b", " c\td ", "https://a.example/cd" },
	{ "https://a.example/b", "c:d", "c:d" },
	{ "https://a.example/b", "./c:d", "https://a.example/c:d" },
	{ "gopher://h/a/b", "c", "gopher://h/a/c" },
	{ "gopher://h/a/b", "c\\d", "gopher://h/a/c%5Cd" },
};
/* clang-format on */

static void
addresses_are_repaired_as_browsers_do(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(browser_cases); i++)
		expect(browser_cases[i].ref,
		    url_resolve(a, browser_cases[i].base, browser_cases[i].ref),
		    browser_cases[i].want);
	arena_free(a);
}

static void
a_resolved_address_resolves_to_itself(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(browser_cases); i++) {
		const char *want = browser_cases[i].want;

		if (want)
			expect(want, url_resolve(a, NULL, want), want);
	}
	arena_free(a);
}

static void
an_address_too_long_is_refused(void **state)
{
	struct arena *a = arena_new();
	struct buf b = BUF_INIT(1000000);

	(void)state;
	buf_adds(&b, "https://x/");
	while (b.len < LIMIT_URL)
		buf_addc(&b, 'a');
	assert_non_null(url_resolve(a, NULL, buf_text(&b)));
	assert_true(url_is_web(buf_text(&b)));
	assert_non_null(url_identity(a, buf_text(&b)));
	buf_addc(&b, 'a');
	assert_null(url_identity(a, buf_text(&b)));
	assert_null(url_resolve(a, NULL, buf_text(&b)));
	assert_false(url_is_web(buf_text(&b)));
	while (b.len < 500000)
		buf_addc(&b, ' ');
	buf_addc(&b, 'a');
	assert_null(url_resolve(a, NULL, buf_text(&b)));
	assert_null(url_resolve(a, buf_text(&b), "x"));
	buf_clear(&b);
	arena_free(a);
}

static void
an_address_is_split(void **state)
{
	struct arena *a = arena_new();
	struct url u;

	(void)state;
	assert_true(url_split(a, "https://me:pw@www.Example.org:8443/a/b;c?d=e&f#g", &u));
	expect("scheme", u.scheme, "https");
	expect("user", u.user, "me:pw");
	expect("host", u.host, "www.example.org");
	expect("port", u.port, "8443");
	expect("path", u.path, "/a/b;c");
	expect("query", u.query, "d=e&f");
	expect("fragment", u.fragment, "g");
	expect("joined", url_join(a, &u),
	    "https://me:pw@www.example.org:8443/a/b;c?d=e&f#g");
	assert_true(url_split(a, "mailto:x@example.org", &u));
	expect("mailto host", u.host, "");
	expect("mailto path", u.path, "x@example.org");
	expect("mailto query", u.query, NULL);
	assert_false(url_split(a, "nothing of that kind", &u));
	arena_free(a);
}

/* clang-format off */
static const struct { const char *text; bool web; } web_cases[] = {
	{ "http://example.org", true }, { "https://example.org/x?y#z", true },
	{ "HTTPS://EXAMPLE.ORG/", true }, { "http://[::1]/", true },
	{ "http://b\u00FCcher.example/", true },
	{ "http:example.org", false }, { "http:///example.org", false }, { "http://", false },
	{ "http://exa mple.org/", false }, { " http://example.org/", false },
	{ "http://example.org\\@evil.example/", false }, { "http://example.org/\n", false },
	{ "ftp://example.org/", false }, { "javascript:alert(1)", false },
	{ "//example.org/", false }, { "", false }, { "mailto:a@example.org", false },
	{ "http://example.org:8080/", true }, { "http://example.org:99999/", false },
	{ "http://me:pw@example.org/", true }, { "http://example.org./", true },
	{ "http://a..b/", false }, { "http://.example.org/", false }, { "http://../", false },
	{ "http://a_b.example/", true }, { "http://xn--bcher-kva.example?q", true },
	{ "http://a234567890b234567890c234567890d234567890e234567890f234567890abc/", true },
	{ "http://a234567890b234567890c234567890d234567890e234567890f234567890abcd/", false },
};
/* clang-format on */

static void
web_addresses_are_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(web_cases); i++) {
		if (url_is_web(web_cases[i].text) != web_cases[i].web)
			fail_msg("%s: got %d, want %d", web_cases[i].text,
			    !web_cases[i].web, web_cases[i].web);
	}
}

static const struct pair identities[] = {
	{ "http://example.org/", "https://example.org" },
	{ "https://www.example.org", "https://example.org" },
	{ "https://WWW.Example.org:443/a/?utm_source=x#top", "https://example.org/a" },
	{ "http://example.org:80/a/index.html", "https://example.org/a" },
	{ "http://example.org/index.php?p=1", "https://example.org?p=1" },
	{ "http://example.org/?p=1", "https://example.org?p=1" },
	{ "http://example.org:8080/a", "https://example.org:8080/a" },
	{ "http://example.org/%7euser/%c3%bc", "https://example.org/~user/%C3%BC" },
	{ "http://example.org/\u00FC", "https://example.org/%C3%BC" },
	{ "http://example.org/a%2Fb%zz%4", "https://example.org/a%2Fb%zz%4" },
	{ "http://example.org/%%615", "https://example.org/%%615" }, /* not %a5 */
	{ "http://www../?a", "https://www?a" },
	{ "http://example.org/a%62", "https://example.org/ab" },
	{ "http://example.org/a%2Db%2Ec%5Fd%7Ee%40", "https://example.org/a-b.c_d~e%40" },
	{ "http://example.org/a%00b", "https://example.org/a%00b" },
	{ "http://example.org/%a", "https://example.org/%a" },
	{ "http://example.org/a?b=%7e&c=%2f", "https://example.org/a?b=~&c=%2F" },
	{ "http://example.org/a/INDEX.HTM", "https://example.org/a" },
	{ "http://example.org/a//b//", "https://example.org/a//b" },
	{ "http://example.org/a/index.html/", "https://example.org/a/index.html" },
	{ "ftp://example.org/", NULL },
	{ "http://..", NULL },
	{ "http://example.org/%4%31%61", "https://example.org/%4%31a" },
	{ "http://example.org/a?b=1&fbclid=2&c=3", "https://example.org/a?b=1&c=3" },
	{ "http://example.org/a?", "https://example.org/a" },
	{ "http://example.org./a", "https://example.org/a" },
	{ "http://www.org/", "https://www.org" },
	{ "http://www.org./", "https://www.org" },
	{ "http://www.www.example.org/", "https://example.org" },
	{ "http://www.www.org/", "https://www.org" },
	{ "http://www.www./", "https://www.www" },
	{ "http:www.www.,www.,/?", "https://,www.," },
	{ "http://me:pw@example.org/a", "https://example.org/a" },
	{ "http://example.org/A", "https://example.org/A" },
	{ "http://example.org/myindex.html", "https://example.org/myindex.html" },
	{ "http://./", NULL },
	{ "http://.../x", NULL },
	{ "mailto:a@example.org", NULL },
	{ "urn:uuid:1", NULL },
	{ "", NULL },
};

static void
one_page_has_one_identity(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(identities); i++)
		expect(identities[i].in, url_identity(a, identities[i].in),
		    identities[i].want);
	arena_free(a);
}

static const struct pair untracked[] = {
	{ "https://e.org/a?utm_source=rss&utm_medium=rss", "https://e.org/a" },
	{ "https://e.org/a?b=c&utm_source=rss", "https://e.org/a?b=c" },
	{ "https://e.org/a?UTM_Source=rss&b=c#d", "https://e.org/a?b=c#d" },
	{ "https://e.org/a?fbclid=1#utm_source=feed", "https://e.org/a" },
	{ "https://e.org/a?UTM_Source=rss", "https://e.org/a" },
	{ "https://e.org/a?xtm_source=rss", "https://e.org/a?xtm_source=rss" },
	{ "https://e.org/a?utm=rss", "https://e.org/a?utm=rss" },
	{ "https://e.org/a?gbclid=1", "https://e.org/a?gbclid=1" },
	{ "https://e.org/a?fbclid2=1", "https://e.org/a?fbclid2=1" },
	{ "https://e.org/a?fbcli=1", "https://e.org/a?fbcli=1" },
	{ "https://e.org/a#xtor=RSS-1", "https://e.org/a" },
	{ "https://e.org/a#top", "https://e.org/a#top" },
	{ "https://e.org/a?b&&c", "https://e.org/a?b&&c" },
	{ "https://e.org/a?", "https://e.org/a?" },
	{ "https://e.org/a?b=c&amp;utm_medium=rss", "https://e.org/a?b=c" },
	{ "https://e.org/a?b=c&ampxgclid=1", "https://e.org/a?b=c&ampxgclid=1" },
	{ "https://medium.example/p?source=rss----1a2b---4", "https://medium.example/p" },
	{ "https://e.org/a?source=book", "https://e.org/a?source=book" },
	{ "https://e.org/a?rss=1", "https://e.org/a" },
	{ "https://e.org/a?rss=12", "https://e.org/a?rss=12" },
	{ "https://e.org/a?gclid", "https://e.org/a" },
	{ "https://e.org/a?gclidx=1", "https://e.org/a?gclidx=1" },
	{ "https://e.org/a?b&&c&gclid=1", "https://e.org/a?b&c" },
	{ "https://e.org/a?gclid=1#top", "https://e.org/a#top" },
	{ "https://e.org/a?&gclid=1", "https://e.org/a" },
	{ "https://e.org/a?b&amp;&gclid=1", "https://e.org/a?b&amp;" },
	{ "https://e.org/a?b&amp;c&gclid=1", "https://e.org/a?b&amp;c" },
	{ "https://e.org/a#gclid", "https://e.org/a#gclid" },
	{ "https://e.org/a#utm_source=x&b=c", "https://e.org/a#utm_source=x&b=c" },
	{ "https://e.org/a#b=c&utm_source=x", "https://e.org/a#b=c&utm_source=x" },
	{ "https://e.org/a#utm_source=x&utm_medium=y", "https://e.org/a" },
	{ "https://e.org/a?source=rs", "https://e.org/a?source=rs" },
	{ "https://e.org/a?source=rss", "https://e.org/a" },
	{ "https://e.org/a?source=rssx", "https://e.org/a?source=rssx" },
	{ "https://e.org/a?format=rss&ref=feed&from=rss", "https://e.org/a" },
	{ "https://e.org/a?format=rss2", "https://e.org/a?format=rss2" },
	{ "https://e.org/utm_source=x", "https://e.org/utm_source=x" },
	{ "not an address", "not an address" },
	{ "", "" },
};

static void
tracking_parameters_go(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(untracked); i++)
		expect(untracked[i].in, url_untrack(a, untracked[i].in),
		    untracked[i].want);
	arena_free(a);
}

static const struct pair publics[] = {
	{ "https://me:secret@e.org/x@y", "https://e.org/x@y" },
	{ "https://e.org/x", "https://e.org/x" },
	{ "https://a@b@e.org", "https://e.org" },
	{ "http:/me:pw@e.org/", "http:/e.org/" },
	{ "http:\\\\me:pw@e.org\\", "http:\\\\e.org\\" },
	{ "//me:pw@e.org/", "//e.org/" },
	{ "mailto:a@e.org", "mailto:a@e.org" },
	{ "file:///srv/a@b/c", "file:///srv/a@b/c" },
	{ "FILE://me@host/c", "FILE://me@host/c" },
	{ "https://@e.org/", "https://e.org/" },
	{ "https://me@e.org?x@y", "https://e.org?x@y" },
	{ "https://me@e.org#x@y", "https://e.org#x@y" },
	{ "https://me@e.org\\x@y", "https://e.org\\x@y" },
	{ "https:///\\me@e.org/", "https:///\\e.org/" },
	{ "\\/me@e.org", "\\/e.org" },
	{ "https://me@", "https://" },
	{ "a/b:c@d", "a/b:c@d" },
	{ "?a://b@c", "?a://b@c" },
	{ "plain a@b", "plain a@b" },
	{ "", "" },
};
/* clang-format off */
static const struct pair hosts[] = {
	{ "https://www.example.org/x", "example.org" }, { "https://blog.example.org", "blog.example.org" },
	{ "https://www.org/", "www.org" }, { "https://www.a/", "www.a" }, { "https://www.a.b/", "a.b" },
	{ "https://www./", "www" }, { "https://wwww.a.b/", "wwww.a.b" },
	{ "https://www.example.org./", "example.org" }, { "mailto:a@example.org", "" }, { "nothing", "" },
};
/* clang-format on */
/* clang-format off */
static const struct pair escapes[] = {
	{ "a b&c=d/\u00FC~-._", "a%20b%26c%3Dd%2F%C3%BC~-._" }, { "", "" }, { "AZaz09", "AZaz09" },
	{ "a/b?c=d&e#f%41+", "a%2Fb%3Fc%3Dd%26e%23f%2541%2B" }, { "/srv/a", "%2Fsrv%2Fa" },
	{ "@[`{/:", "%40%5B%60%7B%2F%3A" },
};
/* clang-format on */

static void
addresses_have_names_for_people(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(publics); i++)
		expect(publics[i].in, url_public(a, publics[i].in), publics[i].want);
	for (size_t i = 0; i < ARRAY_LEN(hosts); i++)
		expect(hosts[i].in, url_host(a, hosts[i].in), hosts[i].want);
	for (size_t i = 0; i < ARRAY_LEN(escapes); i++)
		expect(escapes[i].in, url_escape(a, escapes[i].in), escapes[i].want);
	arena_free(a);
}

/* clang-format off */
static const struct pair ascii_hosts[] = {
	{ "Example.ORG", "example.org" }, { "localhost", "localhost" }, { "example.org.", "example.org." },
	{ "xn--bcher-kva.example", "xn--bcher-kva.example" }, { "127.0.0.1", "127.0.0.1" },
	{ "fa\u00DF.example", "xn--fa-hia.example" }, { "\u0431\u0433.example", "xn--90ae.example" },
	{ "", NULL }, { ".", NULL }, { "a..b", NULL }, { ".a", NULL }, { "a b", NULL }, { "a/b", NULL },
	{ "a:b", NULL }, { "a@b", NULL }, { "a\rb", NULL },
	{ "a23456789012345678901234567890123456789012345678901234567890123.x",
	    "a23456789012345678901234567890123456789012345678901234567890123.x" },
	{ "a234567890123456789012345678901234567890123456789012345678901234.x", NULL },
};
/* clang-format on */

static void
host_names_become_a_labels(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ascii_hosts); i++) {
		char out[256] = "";
		bool ok = url_host_ascii(ascii_hosts[i].in, out, sizeof(out));

		expect(ascii_hosts[i].in, ok ? out : NULL, ascii_hosts[i].want);
	}
}

/* Labels have 63 bytes at most and hosts 253, also where an address stands as it is written. */
static void
an_address_whose_host_is_too_long_leads_nowhere(void **state)
{
	static const struct {
		const char *host;
		bool is_one;
	} lengths[] = {
#define TEN "abcdefghij"
#define SIXTY TEN TEN TEN TEN TEN TEN
		{ SIXTY "123.example", true },
		{ SIXTY "1234.example", false },
		{ "a." SIXTY "123", true },
		{ "a." SIXTY "1234", false },
		{ SIXTY "." SIXTY "." SIXTY "." SIXTY "." TEN "0", false },
		{ SIXTY "." SIXTY "." SIXTY "." SIXTY ".123456789", true },
		{ "a..example", false },
		{ ".example", false },
		{ "a.example", true },
#undef SIXTY
#undef TEN
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		const char *url = arena_printf(a, "https://%s/x", lengths[i].host);

		expect(url, url_resolve(a, NULL, url), lengths[i].is_one ? url : NULL);
	}
	arena_free(a);
}

/* Behind the last of these characters a host is none. */
static void
hosts_have_no_delimiters(void **state)
{
	(void)state;
	for (int c = 1; c < 0x80; c++) {
		const char host[] = { 'a', (char)c, 'b', '\0' };
		char out[256] = "";
		const bool is_bad =
		    c <= ' ' || c == 0x7F || strchr("\"#%/:<>?@[\\]^`{|}", c) != NULL;

		if (url_host_ascii(host, out, sizeof(out)) == is_bad)
			fail_msg("%02X: want %d", (unsigned)c, !is_bad);
	}
}

/* 253 bytes, and a dot behind them; out has room for what it must hold. */
static void
hosts_have_a_length(void **state)
{
	char host[256];
	char out[256];

	(void)state;
	for (size_t len = 250; len <= 254; len++) {
		for (size_t i = 0; i < len; i++)
			host[i] = i % 50 == 49 ? '.' : 'a';
		host[len - 1] = 'a';
		host[len] = '\0';
		assert_int_equal(url_host_ascii(host, out, sizeof(out)), len <= 253);
		memcpy(host + len, ".", 2);
		assert_int_equal(url_host_ascii(host, out, sizeof(out)), len <= 253);
	}
	assert_true(url_host_ascii("a.example", out, 10));
	assert_false(url_host_ascii("a.example", out, 9));
}

/* What is far longer than any address is refused before it is looked at. */
static void
what_is_stripped_has_a_length(void **state)
{
	enum { MOST = 4 * LIMIT_URL };
	struct arena *a = arena_new();
	char *text = arena_alloc(a, MOST + 4);

	(void)state;
	memset(text, 'a', MOST + 3);
	text[0] = ' ';
	text[MOST + 1] = '\n';
	text[MOST + 2] = '\0';
	assert_int_equal(strlen(url_strip(a, text)), MOST);
	text[MOST + 1] = 'a';
	assert_null(url_strip(a, text));
	/* Not even a host. */
	text[MOST / 4] = '\0';
	assert_false(url_host_ascii(text + 1, text + MOST / 2, MOST / 2));
	arena_free(a);
}

static void
authorities(void **state)
{
	static const struct {
		const char *address, *user, *host, *port; /* NULL: there is none */
	} cases[] = { { "http://a.example/x@y:1", NULL, "a.example", NULL },
		{ "http://a.example:80", NULL, "a.example", "80" },
		{ "http://u:p@a.example:80?q", "u:p", "a.example", "80" },
		{ "http://u@x@a.example#f", "u@x", "a.example", NULL },
		{ "http://@a.example", "", "a.example", NULL },
		{ "http://[::1]:3128/", NULL, "[::1]", "3128" },
		{ "http://[::1]/", NULL, "[::1]", NULL },
		{ "http://a.example:", NULL, "a.example", "" },
		{ "file:///srv/x", NULL, "", NULL } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct url_authority got;
		char text[3][40];

		assert_true(url_find_authority(cases[i].address, &got));
		snprintf(text[0], 40, "%.*s", (int)got.user_len,
		    got.user ? got.user : "");
		snprintf(text[1], 40, "%.*s", (int)got.host_len, got.host);
		snprintf(text[2], 40, "%.*s", (int)got.port_len,
		    got.port ? got.port : "");
		assert_string_equal(text[0], cases[i].user ? cases[i].user : "");
		assert_string_equal(text[1], cases[i].host);
		assert_string_equal(text[2], cases[i].port ? cases[i].port : "");
		assert_int_equal(got.user != NULL, cases[i].user != NULL);
		assert_int_equal(got.port != NULL, cases[i].port != NULL);
	}
	struct url_authority none;
	assert_false(url_find_authority("mailto:a@b.example", &none));
	assert_int_equal(none.host_len, 0);
	assert_null(none.user);
}

/* A login goes to the host that it was given for, and to no other. */
static void
a_login_stays_with_its_host(void **state)
{
	static const struct {
		const char *text, *given, *want;
	} cases[] = {
		{ "https://a.example/x", "https://u:p@a.example/feed",
		    "https://u:p@a.example/x" },
		{ "http://a.example/x?y", "https://u@a.example/",
		    "http://u@a.example/x?y" },
		{ "https://b.example/x", "https://u:p@a.example/",
		    "https://b.example/x" },
		{ "https://a.example/x", "https://a.example/feed",
		    "https://a.example/x" },
		{ "no address", "https://u:p@a.example/", "no address" },
		{ "https://a.example/x", "no address", "https://a.example/x" },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		expect(cases[i].text, url_with_login(a, cases[i].text, cases[i].given),
		    cases[i].want);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_login_stays_with_its_host),
		cmocka_unit_test(an_address_whose_host_is_too_long_leads_nowhere),
		cmocka_unit_test(hosts_have_no_delimiters),
		cmocka_unit_test(hosts_have_a_length),
		cmocka_unit_test(what_is_stripped_has_a_length),
		cmocka_unit_test(authorities),
		cmocka_unit_test(the_examples_of_rfc_3986_resolve),
		cmocka_unit_test(addresses_are_repaired_as_browsers_do),
		cmocka_unit_test(a_resolved_address_resolves_to_itself),
		cmocka_unit_test(an_address_too_long_is_refused),
		cmocka_unit_test(an_address_is_split),
		cmocka_unit_test(web_addresses_are_told),
		cmocka_unit_test(one_page_has_one_identity),
		cmocka_unit_test(tracking_parameters_go),
		cmocka_unit_test(addresses_have_names_for_people),
		cmocka_unit_test(host_names_become_a_labels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
