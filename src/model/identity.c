/* SPDX-License-Identifier: ISC */
#include "model/identity.h"

#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/order.h"
#include "base/text.h"
#include "format/url.h"

enum {
	DISTINCT_TEXT = 160, /* bytes of title and text that tell a post from others */
	TELLING_TEXT = 80,   /* bytes of text that tell a post by itself at its instant */
	PREFIX_BITS = 16,
	DAY = 86400,
	RECYCLED_LEAST = 3 /* things that differ before a guid counts as used again */
};

uint64_t
identity_text_print(const struct entry *e)
{
	return e->content.text && e->content.len > 0
	    ? hash_64(e->content.text, e->content.len, 0)
	    : 0;
}

uint64_t
identity_fingerprint(const struct entry *e)
{
	const char *title = e->title ? e->title : "";

	return hash_64(title, strlen(title), e->text_print);
}

/* ---- addresses ---- */

const char *
identity_link(struct arena *a, const char *link)
{
	const char *fragment = link ? strchr(link, '#') : NULL;
	const char *page = link ? url_identity(a, link) : NULL;

	/* Entries of one page, told apart by their anchors. */
	return page && fragment && fragment[1] ? arena_printf(a, "%s%s", page, fragment)
					       : page;
}

struct identity_source
identity_of_source(struct arena *a, int64_t id, const char *site, const char *feed)
{
	return (struct identity_source){ .id = id,
		.site = site ? url_identity(a, site) : NULL,
		.feed = feed ? url_identity(a, feed) : NULL };
}

/* Length of "https://host" in a canonical address. */
static size_t
host_length(const char *address)
{
	const char *host = strstr(address, "//");
	const char *start = host ? host + 2 : address;

	return (size_t)(start - address) + strcspn(start, "/?#");
}

static bool
has_same_host(const char *a, const char *b)
{
	const size_t len = host_length(a);

	return len == host_length(b) && memcmp(a, b, len) == 0;
}

/*
 * How much an address is a source's: 0 not at all, else the length of what it shares with the
 * source's site, so that of two people on one host the one whose folder it is has more of it.
 * A feed may call any page its own; where it was fetched from it cannot choose.
 */
static size_t
claim_to(const struct identity_source *s, const char *link)
{
	size_t claim = 0;

	if (s->site && has_same_host(s->site, link)) {
		const size_t whole = strlen(s->site);
		const bool inside =
		    strncmp(s->site, link, whole) == 0 && strchr("/?#", link[whole]);

		claim = inside ? whole : host_length(link);
	}
	return s->feed && has_same_host(s->feed, link) ? claim + host_length(link)
						       : claim;
}

bool
identity_is_owner(const struct identity_source *s, const struct identity_source *other,
    const char *link)
{
	return link && claim_to(s, link) > claim_to(other, link);
}

/* ---- things that occur more than once in a document ---- */

/* A key or an address of the entry at a place of the document. */
struct place {
	int64_t key;
	const char *link;
	size_t index;
};

/* The last of the document first. */
static int
compare_keys(const void *a, const void *b)
{
	const struct place *x = a;
	const struct place *y = b;

	if (x->key != y->key)
		return ORDER(x->key, y->key);
	return ORDER(y->index, x->index);
}

static int
compare_links(const void *a, const void *b)
{
	return strcmp(((const struct place *)a)->link, ((const struct place *)b)->link);
}

/* Takes away the addresses that occur more than once. */
static void
drop_shared(struct place *places, size_t count, struct identity *out)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		if (out[i].link)
			places[n++] = (struct place){ .link = out[i].link, .index = i };
	}
	list_sort(places, n, sizeof(*places), compare_links);
	for (size_t i = 0; i + 1 < n; i++) {
		if (strcmp(places[i].link, places[i + 1].link) == 0)
			out[places[i].index].link = out[places[i + 1].index].link = NULL;
	}
}

/*
 * The second and third post of one key, counted from the end of the document, get keys of their
 * own.  Keeps the 16 bits that make a source's keys neighbours.
 */
static void
number_twins(struct place *places, size_t count, struct identity *out,
    enum identity_key key)
{
	size_t n = 0;
	size_t first = 0;

	for (size_t i = 0; i < count; i++) {
		if (out[i].keys[key] != 0)
			places[n++] = (struct place){ out[i].keys[key], NULL, i };
	}
	list_sort(places, n, sizeof(*places), compare_keys);
	for (size_t i = 1; i < n; i++) {
		const uint64_t one = (uint64_t)places[i].key;
		const size_t twin = i - first;

		if (places[i].key != places[first].key) {
			first = i;
			continue;
		}
		out[places[i].index].keys[key] =
		    (int64_t)((one & UINT64_C(0xffff) << (64 - PREFIX_BITS)) |
			hash_64(&twin, sizeof(twin), one) >> PREFIX_BITS);
	}
}

/* ---- keys ---- */

/*
 * A key begins with 16 bits of the source or the host and goes on with 48 bits of a hash, so
 * that the posts of one feed are neighbours in the store: a round over known entries then
 * touches a page per feed instead of one per entry.  Among 100,000 posts of one feed two share
 * a key with a probability of about 1 : 50,000.
 */
static int64_t
make_key(uint64_t prefix, uint64_t hash)
{
	return (int64_t)(prefix << (64 - PREFIX_BITS) | hash >> PREFIX_BITS);
}

int64_t
identity_of_guid(int64_t source_id, const char *guid)
{
	const uint64_t id = (uint64_t)source_id;

	return make_key(id, hash_64(guid, strlen(guid), id));
}

static int64_t
key_of_page(int64_t source_id, const char *link)
{
	const uint64_t id = (uint64_t)source_id;

	/* Another seed: a guid that looks like an address is not that address. */
	return make_key(id, hash_64(link, strlen(link), ~id));
}

static int64_t
key_of_link(const char *link)
{
	const char *host = strstr(link, "//");
	size_t len = 0;

	host = host ? host + 2 : link;
	len = strcspn(host, "/?");
	return make_key(hash_64(host, len, 0) & 0xffff, hash_64(link, strlen(link), 0));
}

/* Of up to three numbers within a source; the kind keeps a title from passing for a text. */
static int64_t
key_of_words(int64_t source_id, enum identity_key kind, int64_t title, int64_t text,
    int64_t at)
{
	const uint64_t id = (uint64_t)source_id;
	uint64_t words[5] = { id, (uint64_t)kind, (uint64_t)title, (uint64_t)text,
		(uint64_t)at };
	unsigned char bytes[sizeof(words)];

	/* Little-endian on every machine, since keys are stored. */
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)(words[i / 8] >> (i % 8 * 8));
	return make_key(id, hash_64(bytes, sizeof(bytes), 0));
}

static bool
has_time_of_day(int64_t at)
{
	return at != TIME_NONE && at % DAY != 0;
}

/* "Weekly links" without a text may be said twice. */
static bool
is_distinct(const struct entry *e)
{
	return e->content.len + (e->title ? strlen(e->title) : 0) >= DISTINCT_TEXT;
}

/* A few words under another title at the same minute may be another post's. */
static bool
text_tells(const struct entry *e, const struct identity *id)
{
	return id->title == 0 || e->content.len >= TELLING_TEXT;
}

/* Only what was published at a time stays there: "updated" is moved by every rebuild. */
static bool
is_firmly_dated(const struct entry *e)
{
	return has_time_of_day(e->published);
}

/* A day stands for the text that is not there: "Open thread" of Monday is not Tuesday's. */
static int64_t
words_of(const struct entry *e, const struct identity *id)
{
	const bool with_date = is_firmly_dated(e) || id->text == 0;

	return key_of_words(e->source_id, KEY_WORDS, id->title, id->text,
	    with_date ? e->published : TIME_NONE);
}

/* Numbers of 32 bits: one is only ever compared with one other. */
static void
read_facts(const struct entry *e, struct identity *id)
{
	if (text_is_set(e->title))
		id->title = (int64_t)(hash_64(e->title, strlen(e->title), 0) >> 33) + 1;
	if (e->text_print != 0)
		id->text = (int64_t)(e->text_print >> 33) + 1;
	id->at = e->published != TIME_NONE ? e->published : e->updated;
	id->has_guid = text_is_set(e->guid);
}

static void
make_keys(const struct entry *e, struct identity *id)
{
	if (id->link) {
		id->keys[KEY_LINK] = key_of_link(id->link);
		id->keys[KEY_PAGE] = key_of_page(e->source_id, id->link);
	}
	if (has_time_of_day(id->at)) {
		if (id->title != 0)
			id->keys[KEY_TITLE_AT] = key_of_words(e->source_id, KEY_TITLE_AT,
			    id->title, 0, id->at);
		if (id->text != 0 && text_tells(e, id))
			id->keys[KEY_TEXT_AT] =
			    key_of_words(e->source_id, KEY_TEXT_AT, 0, id->text, id->at);
	}
	if (!is_firmly_dated(e))
		id->keys[KEY_WORDS] = words_of(e, id);
	if (is_distinct(e))
		id->keys[KEY_PRINT] = (int64_t)e->fingerprint;
}

/* What a key of its own says is not said twice. */
static void
choose_own(const struct entry *e, struct identity *id)
{
	if (id->has_guid) {
		id->keys[KEY_OWN] = identity_of_guid(e->source_id, e->guid);
	} else if (id->link) {
		id->keys[KEY_OWN] = id->keys[KEY_PAGE];
		id->keys[KEY_PAGE] = 0;
	} else {
		id->keys[KEY_OWN] = words_of(e, id);
		id->keys[KEY_WORDS] = 0;
	}
}

/* Whatever it may be known by one day: when none of it has changed, nothing is to be learned. */
static uint64_t
print_of_all(const struct entry *e, const struct identity *id)
{
	const char *link = id->link ? id->link : "";

	return hash_64(link, strlen(link),
	    e->fingerprint + (uint64_t)id->at * UINT64_C(0x9e3779b97f4a7c15));
}

void
identity_of_document(struct arena *a, const struct identity_source *s,
    const struct feed *feed, struct identity *out)
{
	struct place *places = arena_array(a, feed->entry_count, sizeof(*places));

	for (size_t i = 0; i < feed->entry_count; i++) {
		const char *link = identity_link(a, feed->entries[i].link);
		const bool is_home = link && s->site && strcmp(link, s->site) == 0;

		out[i] = (struct identity){ .link = is_home ? NULL : link };
		read_facts(&feed->entries[i], &out[i]);
	}
	drop_shared(places, feed->entry_count, out);
	for (size_t i = 0; i < feed->entry_count; i++) {
		make_keys(&feed->entries[i], &out[i]);
		out[i].said = print_of_all(&feed->entries[i], &out[i]);
	}
	number_twins(places, feed->entry_count, out, KEY_TEXT_AT);
	number_twins(places, feed->entry_count, out, KEY_TITLE_AT);
	number_twins(places, feed->entry_count, out, KEY_WORDS);
	for (size_t i = 0; i < feed->entry_count; i++)
		choose_own(&feed->entries[i], &out[i]);
}

/* ---- the decision ---- */

/* One fact of two posts. */
enum fact { FACT_SILENT, FACT_AGREES, FACT_DIFFERS };

static enum fact
compare_prints(int64_t a, int64_t b)
{
	if (a == 0 && b == 0)
		return FACT_SILENT;
	return a == b ? FACT_AGREES : FACT_DIFFERS;
}

static enum fact
compare_instants(int64_t a, int64_t b)
{
	if (a == TIME_NONE || b == TIME_NONE)
		return FACT_SILENT;
	return a == b ? FACT_AGREES : FACT_DIFFERS;
}

static enum fact
compare_pages(const char *a, const char *b)
{
	if (!a || !b)
		return FACT_SILENT;
	return strcmp(a, b) == 0 ? FACT_AGREES : FACT_DIFFERS;
}

static bool
words_agree(const struct identity *e, const struct identity_match *m)
{
	return compare_prints(e->title, m->title) == FACT_AGREES ||
	    compare_prints(e->text, m->text) == FACT_AGREES;
}

/* The counter of a blog began anew, or every post of a feed has the same guid. */
static bool
is_recycled(const struct identity *e, const struct identity_match *m)
{
	const enum fact facts[] = { compare_prints(e->title, m->title),
		compare_prints(e->text, m->text), compare_pages(e->link, m->link),
		compare_instants(e->at, m->at) };
	int different = 0;

	for (size_t i = 0; i < ARRAY_LEN(facts); i++) {
		if (facts[i] == FACT_AGREES)
			return false;
		different += facts[i] == FACT_DIFFERS;
	}
	return different >= RECYCLED_LEAST;
}

/* The address is the same.  A page of changes gets a new text for each release. */
static bool
page_is_same(const struct identity *e, const struct identity_match *m)
{
	return words_agree(e, m) || (has_time_of_day(e->at) && e->at == m->at);
}

static bool
link_joins(const struct identity *e, const struct identity_source *s,
    const struct identity_match *m)
{
	size_t mine = 0;
	size_t theirs = 0;

	if (words_agree(e, m))
		return true;
	if (!e->link || compare_instants(e->at, m->at) == FACT_DIFFERS)
		return false;
	mine = claim_to(s, e->link);
	theirs = claim_to(&m->source, e->link);
	return mine + theirs > 0 && (m->open || theirs > mine);
}

bool
identity_is_same(const struct identity *e, const struct identity_source *s,
    const struct identity_match *m)
{
	if (m->key == KEY_OWN && e->has_guid)
		return !is_recycled(e, m);
	/* Without a guid the address is its own key. */
	if (m->key == KEY_LINK || m->key == KEY_PAGE || (m->key == KEY_OWN && e->link))
		return m->source.id == s->id ? page_is_same(e, m) : link_joins(e, s, m);
	return true;
}

enum entry_known
identity_decide(const struct identity *e, const struct identity_source *s,
    const struct identity_match *m)
{
	if (m->source.id == s->id)
		return e->title == m->title && e->text == m->text && !m->bare
		    ? ENTRY_KNOWN
		    : ENTRY_CHANGED;
	/* Another source's words about the same post are no change of it. */
	return m->open && identity_is_owner(s, &m->source, e->link) &&
		!(m->link && claim_to(&m->source, m->link) > 0)
	    ? ENTRY_OWNED
	    : ENTRY_KNOWN;
}
