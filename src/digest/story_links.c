/* SPDX-License-Identifier: ISC */
#include "digest/story_links.h"

#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/text.h"
#include "format/url.h"
#include "html/scan.h"

enum {
	SEGMENTS_MOST = 24,
	LONG_SEGMENT = 17, /* bytes of one word that names a page */
	DIGITS_TELL = 5,   /* of a number that names a page */
	YEAR_DIGITS = 4,
	FRESH_MONTHS = 2,
	ADDRESS_ROOM = 4 * LIMIT_URL
};

/* ---- what is no page of a story ---- */

/* clang-format off */
/* Hosts, with their subdomains, whose pages are looked up and not told about. */
static const char *const reference_hosts[] = {
	"a.co", "amazon.ca", "amazon.co.jp", "amazon.co.uk", "amazon.com", "amazon.de",
	"amazon.es", "amazon.fr", "amazon.it", "amzn.to", "apps.apple.com",
	"archive.org", "askubuntu.com", "bookshop.org", "buymeacoffee.com",
	"crates.io", "creativecommons.org", "developer.mozilla.org", "docs.rs",
	"ebay.com", "ebay.de", "etsy.com", "flathub.org", "gnu.org", "goodreads.com",
	"gravatar.com", "gumroad.com", "hub.docker.com", "ietf.org", "imdb.com",
	"ko-fi.com", "leanpub.com", "liberapay.com", "lulu.com", "man7.org",
	"manning.com", "maps.google.com", "nostarch.com", "npmjs.com",
	"opencollective.com", "opensource.org", "openstreetmap.org", "oreilly.com",
	"packages.debian.org", "packtpub.com", "patreon.com", "paypal.com",
	"paypal.me", "peps.python.org", "pypi.org", "pypi.python.org",
	"readthedocs.io", "readthedocs.org", "redbubble.com", "rfc-editor.org",
	"rubygems.org", "serverfault.com", "spotify.com", "spreadshirt.com",
	"stackexchange.com", "stackoverflow.com", "steampowered.com", "superuser.com",
	"teespring.com", "udemy.com", "w3.org", "whatwg.org", "wikidata.org",
	"wikimedia.org", "wikipedia.org", "wiktionary.org", "xkcd.com",
};
/* First labels of hosts of that kind. */
static const char *const reference_labels[] = {
	"api", "doc", "docs", "help", "man", "manpages", "shop", "store", "support",
	"wiki",
};
/* Parts of paths of that kind, and of ways to share, to follow and to look around. */
static const char *const reference_segments[] = {
	"@", "about", "api", "author", "authors", "badge", "badges", "bookmarklet",
	"buy", "careers", "cart", "categories", "category", "channel", "coc",
	"code-of-conduct", "conduct", "contact", "course", "courses", "dialog", "doc",
	"docs", "documentation", "donate", "donation", "donations", "download",
	"downloads", "faq", "feed", "feeds", "help", "howto", "imprint", "install",
	"intent", "job", "jobs", "join", "latest", "legal", "library", "licence",
	"license", "licenses", "login", "man", "manual", "manuals", "member",
	"members", "newsletter", "pin", "playlist", "pricing", "privacy", "product",
	"products", "profile", "reference", "register", "rss", "search", "share",
	"sharearticle", "sharer", "sharer.php", "sharing", "shop", "signup", "sponsor",
	"sponsors", "sponsorship", "store", "submit", "submitlink", "subscribe",
	"support", "tag", "tags", "team", "ticket", "tickets", "topic", "topics",
	"training", "tutorial", "tutorials", "user", "users", "webring", "wiki",
};
/* Parts behind which single pages of news follow. */
static const char *const news_segments[] = {
	"announcements", "archive", "archives", "article", "articles", "blog", "blogs",
	"entries", "entry", "news", "p", "post", "posts", "press", "s", "status",
	"stories", "story", "weblog",
};
/* Where code lives: projects are no stories, what happens in them may be one. */
static const char *const forges[] = {
	"bitbucket.org", "codeberg.org", "framagit.org", "gitea.com", "github.com",
	"gitlab.com", "gitlab.freedesktop.org", "gitlab.gnome.org", "invent.kde.org",
	"salsa.debian.org", "sourceforge.net", "sr.ht",
};
static const char *const forge_events[] = {
	"advisories", "commit", "compare", "discussions", "issues", "merge_requests",
	"pull", "releases",
};
/* clang-format on */

struct piece {
	const char *text;
	size_t len;
};

static bool
piece_is(const struct piece *p, const char *text)
{
	/* Pieces are compared with lists: most differ in their first letter. */
	return p->len > 0 && ascii_lower((unsigned char)*p->text) == *text &&
	    strlen(text) == p->len && ascii_starts_nocase(p->text, text);
}

static bool
is_listed(const struct piece *p, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (piece_is(p, list[i]))
			return true;
	}
	return false;
}

/* An address as url_identity() makes them, in pieces. */
struct place {
	struct piece host;
	struct piece segments[SEGMENTS_MOST];
	size_t segment_count;
	const char *query; /* behind "?"; "" when there is none */
};

static void
take_apart(const char *address, struct place *out)
{
	const char *at = address + sizeof("https://") - 1;

	memset(out, 0, sizeof(*out));
	out->host = (struct piece){ at, strcspn(at, "/?") };
	at += out->host.len;
	while (*at == '/') {
		const struct piece p = { at + 1, strcspn(at + 1, "/?") };

		if (p.len > 0 && out->segment_count < SEGMENTS_MOST)
			out->segments[out->segment_count++] = p;
		at += 1 + p.len;
	}
	out->query = *at == '?' ? at + 1 : "";
}

/* "en.wikipedia.org" is in "wikipedia.org". */
static bool
is_in_host(const struct piece *host, const char *domain)
{
	const size_t len = strlen(domain);

	return host->len >= len &&
	    memcmp(host->text + host->len - len, domain, len) == 0 &&
	    (host->len == len || host->text[host->len - len - 1] == '.');
}

static bool
is_in_hosts(const struct piece *host, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (is_in_host(host, list[i]))
			return true;
	}
	return false;
}

static size_t
count_digits(const struct piece *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->len; i++)
		n += ascii_is_digit(p->text[i]);
	return n;
}

/* "choose-boring-technology", "1045678", a long word: no name of a part of a site. */
static bool
names_a_page(const struct piece *p)
{
	size_t parts = 1;

	for (size_t i = 0; i < p->len; i++)
		parts += p->text[i] == '-' || p->text[i] == '_';
	return parts > 2 || (parts == 2 && p->len >= LONG_SEGMENT - 5) ||
	    count_digits(p) >= DIGITS_TELL || p->len >= LONG_SEGMENT;
}

static bool
is_digits(const struct piece *p, size_t least, size_t most)
{
	return p->len >= least && p->len <= most && count_digits(p) == p->len;
}

static bool
is_event_of_project(const struct place *p)
{
	for (size_t i = 2; i + 1 < p->segment_count; i++) {
		if (is_listed(&p->segments[i], forge_events, ARRAY_LEN(forge_events)))
			return true;
	}
	return false;
}

/* CVE-2026-1234: one thing wherever it stands. */
static bool
names_a_flaw(const struct place *p)
{
	for (size_t i = 0; i < p->segment_count; i++) {
		if (p->segments[i].len > 8 &&
		    ascii_starts_nocase(p->segments[i].text, "cve-"))
			return true;
	}
	return false;
}

static bool
is_reference(const struct place *p)
{
	const struct piece label = { p->host.text, strcspn(p->host.text, "./?") };

	if (is_in_hosts(&p->host, reference_hosts, ARRAY_LEN(reference_hosts)) ||
	    is_listed(&label, reference_labels, ARRAY_LEN(reference_labels)))
		return true;
	for (size_t i = 0; i < p->segment_count; i++) {
		if (is_listed(&p->segments[i], reference_segments,
			ARRAY_LEN(reference_segments)))
			return true;
	}
	return false;
}

/* "?p=123", "?v=dQw4w9WgXcQ": the query chooses the page. */
static bool
query_names_a_page(const struct place *p)
{
	const struct piece query = { p->query, strlen(p->query) };

	return count_digits(&query) > 0 && strchr(p->query, '=') != NULL;
}

static bool
is_page_of_its_own(const struct place *p)
{
	if (query_names_a_page(p))
		return true;
	if (is_in_host(&p->host, "youtu.be"))
		return p->segment_count == 1;
	for (size_t i = 0; i < p->segment_count; i++) {
		const bool behind_news = i > 0 &&
		    (is_listed(&p->segments[i - 1], news_segments,
			 ARRAY_LEN(news_segments)) ||
			is_digits(&p->segments[i - 1], YEAR_DIGITS, YEAR_DIGITS) ||
			is_digits(&p->segments[i - 1], 1, 2));

		if (names_a_page(&p->segments[i]) ||
		    (behind_news &&
			!is_digits(&p->segments[i], YEAR_DIGITS, YEAR_DIGITS) &&
			p->segments[i].len > 3))
			return true;
	}
	return false;
}

static bool
can_be_told_about(const char *address)
{
	struct place p;

	take_apart(address, &p);
	/* Somebody's page, where people write. */
	if (p.segment_count > 0 && p.segments[p.segment_count - 1].text[0] == '@')
		return false;
	if (names_a_flaw(&p))
		return true;
	if (is_in_hosts(&p.host, forges, ARRAY_LEN(forges)))
		return is_event_of_project(&p);
	return !is_reference(&p) && is_page_of_its_own(&p);
}

/* ---- freshness ---- */

static int
month_of(const struct piece *p)
{
	static const char *const names[] = { "jan", "feb", "mar", "apr", "may", "jun",
		"jul", "aug", "sep", "oct", "nov", "dec" };

	if (is_digits(p, 1, 2))
		return p->len == 1 ? p->text[0] - '0'
				   : (p->text[0] - '0') * 10 + p->text[1] - '0';
	for (size_t i = 0; p->len == 3 && i < ARRAY_LEN(names); i++) {
		if (ascii_starts_nocase(p->text, names[i]))
			return (int)i + 1;
	}
	return 0;
}

static int
number_at(const char *text, size_t digits)
{
	int n = 0;

	for (size_t i = 0; i < digits; i++)
		n = n * 10 + (text[i] - '0');
	return n;
}

/* Year and month of "/2026/10/", "/2026-10-07-name" or "/20261007/" as one number; 0: none. */
static int
month_in(const struct place *p)
{
	for (size_t i = 0; i < p->segment_count; i++) {
		const struct piece *s = &p->segments[i];
		const struct piece year = { s->text, YEAR_DIGITS };
		struct piece month = { s->text + YEAR_DIGITS, 2 };

		if (s->len < YEAR_DIGITS || !is_digits(&year, YEAR_DIGITS, YEAR_DIGITS))
			continue;
		if (s->len == YEAR_DIGITS && i + 1 < p->segment_count)
			month = p->segments[i + 1];
		else if (s->len >= 10 && s->text[YEAR_DIGITS] == '-')
			month.text++;
		else if (!is_digits(s, 8, 8))
			continue;
		if (month_of(&month) >= 1 && month_of(&month) <= 12)
			return number_at(year.text, YEAR_DIGITS) * 12 + month_of(&month);
	}
	return 0;
}

bool
story_link_is_fresh(const char *address, int64_t instant)
{
	const struct civil c = clock_civil(instant, 0);
	const int now = c.year * 12 + c.month;
	struct place p;
	int month = 0;

	take_apart(address, &p);
	month = month_in(&p);
	return month > now - FRESH_MONTHS && month < now + FRESH_MONTHS;
}

/* ---- the links of a post ---- */

/* The address of the next link in clean HTML; NULL at the end. */
static const char *
next_address(struct arena *a, const char **html)
{
	static const char open[] = "<a ";
	static const char attribute[] = "href=\"";
	struct buf b = BUF_INIT(ADDRESS_ROOM);
	const char *address = NULL;

	while (!address && (*html = strstr(*html, open))) {
		const char *end = strchr(*html, '>');
		const char *value = strstr(*html, attribute);
		size_t len = 0;

		*html += strlen(open);
		if (!end || !value || value > end)
			continue;
		value += strlen(attribute);
		len = strcspn(value, "\"");
		scan_decode(&b, value, len);
		address = arena_strdup(a, buf_text(&b));
	}
	buf_clear(&b);
	return address;
}

/* "/t/slug/104131/466", an answer in a thread, is the thread. */
static size_t
thread_length(const char *address)
{
	struct place p;

	take_apart(address, &p);
	if (p.segment_count == 4 && piece_is(&p.segments[0], "t") &&
	    is_digits(&p.segments[2], 1, 12) && is_digits(&p.segments[3], 1, 12))
		return (size_t)(p.segments[2].text + p.segments[2].len - address);
	return strlen(address);
}

static uint64_t
page_of(const char *address)
{
	return hash_64(address, thread_length(address), 0);
}

size_t
story_pages(struct arena *a, const char *html, uint64_t *out, size_t max)
{
	const char *address = NULL;
	size_t n = 0;

	while (n < max && (address = next_address(a, &html))) {
		const char *page = url_identity(a, address);

		if (page)
			out[n++] = page_of(page);
	}
	return n;
}

/* True for a page of a site, which may be all of its host. */
static bool
is_within(const char *page, const char *site)
{
	const size_t len = strlen(site);

	/* The site's own page has nothing behind it, which strchr() finds too. */
	return strncmp(page, site, len) == 0 && strchr("/?", page[len]);
}

static bool
has_page(const struct story_links *links, uint64_t page)
{
	for (size_t i = 0; i < links->count; i++) {
		if (links->list[i].page == page)
			return true;
	}
	return false;
}

/* What is known of whose page an address is. */
struct owner {
	const char *site;
	const char *feed;
};

static bool
is_own(const struct owner *o, const char *page)
{
	return o->site ? is_within(page, o->site) : o->feed && is_within(page, o->feed);
}

static void
add_link(struct story_links *out, const struct owner *owner, const char *page)
{
	struct story_link *link = &out->list[out->count];
	const uint64_t hash = page_of(page);

	if (has_page(out, hash))
		return;
	link->page = hash;
	link->address = page;
	link->is_own = is_own(owner, page);
	link->counts = !link->is_own && can_be_told_about(page);
	out->count++;
}

static void
read_own_page(struct arena *a, const struct owner *owner, const struct entry *e,
    struct story_links *out)
{
	const char *page = text_is_set(e->link) ? url_identity(a, e->link) : NULL;

	if (!page || (owner->site && strcmp(page, owner->site) == 0))
		return;
	out->own = (struct story_link){ page_of(page), page, true, true };
	out->is_pointer = !is_own(owner, page);
	out->has_page = !out->is_pointer || can_be_told_about(page);
}

void
story_links_read(struct arena *a, const struct entry *e, const struct source *s,
    struct story_links *out)
{
	const char *html = text_is_set(e->html) ? e->html : "";
	const struct owner owner = {
		.site = text_is_set(s->link) ? url_identity(a, s->link) : NULL,
		.feed = text_is_set(s->url)
		    ? arena_printf(a, "https://%s", url_host(a, s->url))
		    : NULL,
	};
	struct story_link list[LIMIT_STORY_LINKS] = { { .address = NULL } };
	const char *address = NULL;
	size_t read = 0;

	memset(out, 0, sizeof(*out));
	out->list = list;
	read_own_page(a, &owner, e, out);
	while (read++ < LIMIT_STORY_LINKS && (address = next_address(a, &html))) {
		const char *page = url_identity(a, address);

		if (page)
			add_link(out, &owner, page);
	}
	out->list = arena_copy(a, list, out->count, sizeof(*list));
}
