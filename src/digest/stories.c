/* SPDX-License-Identifier: ISC */
#include "digest/stories.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/order.h"
#include "base/text.h"
#include "digest/post_cache.h"
#include "digest/select.h"
#include "digest/story_links.h"
#include "digest/story_titles.h"

enum {
	PAGES_KNOWN = 100,     /* of an older post */
	COMMON_TITLES = 4,     /* a word of so many titles at least, */
	COMMON_PART = 5,       /* and of a fifth of all, tells nothing */
	DOCUMENTS_LEAST = 3,   /* posts of a source that show what it always links to */
	FEW_LINKS = 3,         /* a post with so many is about each of them */
	SOME_LINKS = 6,        /* with so many about the first */
	LINKS_OF_A_STORY = 12, /* with more it is a list of links */
	POINTS = 4             /* that make two posts one story */
};

/* What a post says of a page, the strongest first. */
enum role { ROLE_IS, ROLE_POINTS_TO, ROLE_LINKS };

struct mention {
	uint64_t page;
	const char *address;
	size_t post;
	enum role role;
	size_t rank; /* among the links of the post */
	bool counts;
};
/* Two posts that may tell one story. */
struct edge {
	size_t one, two;
	int points;
};

struct stories {
	struct arena *a;
	const struct story_post *posts;
	size_t count;
	struct post_cache *cache;  /* or NULL */
	struct known_post **known; /* of each post, or NULL */
	struct story_title *titles;
	struct story_links *links;
	size_t *focus;            /* to how many pages of others a post links */
	struct mention *mentions; /* by page */
	size_t mention_count;
	struct edge *edges;
	size_t edge_count;
	size_t *parents; /* a tree of posts for each story */
	size_t *sizes;
};

/* ---- titles ---- */

static const char *
title_of(const struct story_post *p)
{
	return p->entry->title ? p->entry->title : "";
}

/* Those of the title of a post, at most LIMIT_STORY_WORDS. */
static size_t
words_of(const struct stories *s, size_t post, uint64_t *out)
{
	struct known_post *k = s->known[post];

	if (!k)
		return story_words(title_of(&s->posts[post]), out, LIMIT_STORY_WORDS);
	if (!k->has_words)
		k->word_count =
		    story_words(title_of(&s->posts[post]), k->words, LIMIT_STORY_WORDS);
	k->has_words = true;
	memcpy(out, k->words, k->word_count * sizeof(*out));
	return k->word_count;
}

/* Words of the planet's name, and those that stand in many titles of the letter. */
static uint64_t *
common_words(struct stories *s, const char *planet, size_t *count)
{
	const size_t room = (s->count + 1) * LIMIT_STORY_WORDS;
	uint64_t *words = arena_array(s->a, room, sizeof(*words));
	uint64_t *common = arena_array(s->a, room, sizeof(*common));
	size_t least = s->count / COMMON_PART;
	size_t n = 0;

	least = least < COMMON_TITLES ? COMMON_TITLES : least;
	*count = story_words(planet ? planet : "", common, LIMIT_STORY_WORDS);
	for (size_t i = 0; i < s->count; i++)
		n += words_of(s, i, words + n);
	list_sort(words, n, sizeof(*words), order_uint64);
	for (size_t i = 0; i < n;) {
		size_t end = i;

		while (end < n && words[end] == words[i])
			end++;
		if (end - i >= least)
			common[(*count)++] = words[i];
		i = end;
	}
	list_sort(common, *count, sizeof(*common), order_uint64);
	return common;
}

/* A title is read again only when other words of it are common than before. */
static void
read_title(struct stories *s, size_t post, const uint64_t *common, size_t common_count)
{
	struct known_post *k = s->known[post];
	uint32_t mask = 0;

	for (size_t i = 0; k && i < k->word_count; i++)
		mask |= (uint32_t)(bsearch(&k->words[i], common, common_count,
				       sizeof(*common), order_uint64) != NULL)
		    << i;
	if (k && k->has_title && k->common == mask) {
		s->titles[post] = k->title;
		return;
	}
	story_title_read(title_of(&s->posts[post]), common, common_count,
	    &s->titles[post]);
	if (!k)
		return;
	k->title = s->titles[post];
	k->common = mask;
	k->has_title = true;
}

/* ---- pages ---- */

static void
add_mention(struct stories *s, size_t post, enum role role, const struct story_link *link,
    size_t rank)
{
	s->mentions[s->mention_count++] = (struct mention){ .page = link->page,
		.address = link->address,
		.post = post,
		.role = role,
		.rank = rank,
		.counts = link->counts || role != ROLE_LINKS };
}

static void
mention_pages(struct stories *s, size_t post)
{
	const struct story_links *links = &s->links[post];

	if (links->has_page)
		add_mention(s, post, links->is_pointer ? ROLE_POINTS_TO : ROLE_IS,
		    &links->own, 0);
	for (size_t i = 0; i < links->count; i++) {
		if (links->list[i].is_own)
			continue;
		add_mention(s, post, ROLE_LINKS, &links->list[i], s->focus[post]);
		s->focus[post]++;
	}
}

static int
compare_mentions(const void *pa, const void *pb)
{
	const struct mention *a = pa;
	const struct mention *b = pb;

	if (a->page != b->page)
		return ORDER(a->page, b->page);
	if (a->role != b->role)
		return ORDER(a->role, b->role);
	return ORDER(a->post, b->post);
}

/* All that is said of pages, those of one page side by side. */
static void
collect_mentions(struct stories *s)
{
	size_t room = s->count;

	for (size_t i = 0; i < s->count; i++)
		room += s->links[i].count;
	s->mentions = arena_array(s->a, room, sizeof(*s->mentions));
	s->mention_count = 0;
	memset(s->focus, 0, s->count * sizeof(*s->focus));
	for (size_t i = 0; i < s->count; i++)
		mention_pages(s, i);
	list_sort(s->mentions, s->mention_count, sizeof(*s->mentions), compare_mentions);
}

static size_t
end_of_page(const struct stories *s, size_t at)
{
	size_t end = at;

	while (end < s->mention_count && s->mentions[end].page == s->mentions[at].page)
		end++;
	return end;
}

static int64_t
source_of(const struct stories *s, const struct mention *m)
{
	return s->posts[m->post].source->id;
}

static bool
is_shared(const struct stories *s, size_t at, size_t end)
{
	for (size_t i = at + 1; i < end; i++) {
		if (source_of(s, &s->mentions[i]) != source_of(s, &s->mentions[at]))
			return true;
	}
	return false;
}

static void
keep_links(struct arena *room, struct known_post *k, const struct story_links *links)
{
	struct story_link *list =
	    arena_copy(room, links->list, links->count, sizeof(*list));

	for (size_t i = 0; i < links->count; i++)
		list[i].address = arena_strdup(room, list[i].address);
	k->links = *links;
	k->links.list = list;
	k->links.own.address = arena_strdup(room, links->own.address);
	k->has_links = true;
}

/* The list is the letter's own: some are left out of it. */
static void
read_links(struct stories *s, size_t post)
{
	struct known_post *k = s->known[post];
	struct story_links *links = &s->links[post];
	struct arena *room = k ? post_cache_room(s->cache) : NULL;

	if (k && k->has_links) {
		*links = k->links;
		links->list =
		    arena_copy(s->a, links->list, links->count, sizeof(*links->list));
		return;
	}
	story_links_read(s->a, s->posts[post].entry, s->posts[post].source, links);
	if (room)
		keep_links(room, k, links);
}

struct stories *
stories_read(struct arena *a, const struct story_post *posts, size_t count,
    const char *planet, struct post_cache *known)
{
	struct stories *s = arena_alloc(a, sizeof(*s));
	size_t common_count = 0;
	const uint64_t *common = NULL;

	s->a = a;
	s->posts = posts;
	s->count = count;
	s->titles = arena_array(a, count, sizeof(*s->titles));
	s->links = arena_array(a, count, sizeof(*s->links));
	s->focus = arena_array(a, count, sizeof(*s->focus));
	s->cache = known;
	s->known = arena_array(a, count, sizeof(struct known_post *));
	for (size_t i = 0; i < count; i++)
		s->known[i] = post_cache_find(known, posts[i].entry);
	common = common_words(s, planet, &common_count);
	for (size_t i = 0; i < count; i++) {
		read_title(s, i, common, common_count);
		read_links(s, i);
	}
	collect_mentions(s);
	return s;
}

const int64_t *
stories_suspects(struct stories *s, size_t *count)
{
	int64_t *ids = arena_array(s->a, s->mention_count, sizeof(*ids));
	size_t n = 0;

	*count = 0;
	for (size_t at = 0, end = 0; at < s->mention_count; at = end) {
		end = end_of_page(s, at);
		for (size_t i = at; is_shared(s, at, end) && i < end; i++) {
			if (s->mentions[i].role == ROLE_LINKS &&
			    (s->mentions[i].counts || s->mentions[at].role == ROLE_IS))
				ids[n++] = source_of(s, &s->mentions[i]);
		}
	}
	list_sort(ids, n, sizeof(*ids), order_int64);
	for (size_t i = 0; i < n && *count < LIMIT_STORY_SUSPECTS; i++) {
		if (i == 0 || ids[i] != ids[*count - 1])
			ids[(*count)++] = ids[i];
	}
	return ids;
}

/* ---- what a source always links to ---- */

struct carried {
	int64_t source_id;
	uint64_t page; /* 0: the post itself, to count posts */
	size_t document;
};
struct habits {
	struct carried *list;
	size_t count;
};

static int
compare_carried(const void *pa, const void *pb)
{
	const struct carried *a = pa;
	const struct carried *b = pb;

	if (a->source_id != b->source_id)
		return ORDER(a->source_id, b->source_id);
	if (a->page != b->page)
		return ORDER(a->page, b->page);
	return ORDER(a->document, b->document);
}

static void
note_page(struct habits *h, int64_t source_id, uint64_t page, size_t document)
{
	h->list[h->count++] = (struct carried){ source_id, page, document };
}

/* In how many posts of the source the page is. */
static size_t
count_carried(const struct habits *h, int64_t source_id, uint64_t page)
{
	const struct carried wanted = { source_id, page, 0 };
	size_t low = 0;
	size_t high = h->count;
	size_t n = 0;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (compare_carried(&h->list[middle], &wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (size_t i = low;
	     i < h->count && h->list[i].source_id == source_id && h->list[i].page == page;
	     i++)
		n += i == low || h->list[i].document != h->list[i - 1].document;
	return n;
}

static void
learn_habits(struct stories *s, const struct story_past *past, size_t past_count,
    struct habits *h)
{
	size_t room = past_count * (PAGES_KNOWN + 1) + s->count;

	for (size_t i = 0; i < s->count; i++)
		room += s->links[i].count;
	*h = (struct habits){ arena_array(s->a, room, sizeof(*h->list)), 0 };
	for (size_t i = 0; i < s->count; i++) {
		const int64_t id = s->posts[i].source->id;

		note_page(h, id, 0, i);
		for (size_t k = 0; k < s->links[i].count; k++)
			note_page(h, id, s->links[i].list[k].page, i);
	}
	for (size_t i = 0; i < past_count; i++) {
		uint64_t pages[PAGES_KNOWN];
		const size_t count = story_pages(s->a, past[i].html ? past[i].html : "",
		    pages, PAGES_KNOWN);

		note_page(h, past[i].source_id, 0, s->count + i);
		for (size_t k = 0; k < count; k++)
			note_page(h, past[i].source_id, pages[k], s->count + i);
	}
	list_sort(h->list, h->count, sizeof(*h->list), compare_carried);
}

/* What stands in most posts of a source is left out. */
static void
forget_habits(struct stories *s, const struct story_past *past, size_t past_count)
{
	struct habits h;

	learn_habits(s, past, past_count, &h);
	for (size_t i = 0; i < s->count; i++) {
		const int64_t id = s->posts[i].source->id;
		const size_t all = count_carried(&h, id, 0);
		struct story_links *links = &s->links[i];
		size_t kept = 0;

		for (size_t k = 0; k < links->count; k++) {
			if (all < DOCUMENTS_LEAST ||
			    2 * count_carried(&h, id, links->list[k].page) <= all)
				links->list[kept++] = links->list[k];
		}
		links->count = kept;
	}
	collect_mentions(s);
}

/* ---- one story ---- */

/* How much a post is about a page it mentions; -1 for lists of links. */
static int
attention(const struct stories *s, const struct mention *m)
{
	const size_t focus = s->focus[m->post];

	if (m->role != ROLE_LINKS)
		return 2;
	if (focus <= 1)
		return 2;
	if (focus <= FEW_LINKS || (focus <= SOME_LINKS && m->rank == 0))
		return 1;
	return focus <= LINKS_OF_A_STORY ? 0 : -1;
}

/*
 * What beside a common page makes two posts one story: words that both titles have, the page's
 * address has words of both, or of the answer to a post, or the page is as new as they are.
 */
static int
evidence_of(const struct stories *s, const struct mention *a, const struct mention *b)
{
	const struct story_title *one = &s->titles[a->post];
	const struct story_title *two = &s->titles[b->post];
	const int64_t instant = entry_instant(s->posts[b->post].entry);
	const size_t shared = story_titles_share(one, two);
	int evidence = shared > 2 ? 2 : (int)shared;

	if (a->role == ROLE_IS)
		return evidence;
	evidence +=
	    story_title_in(one, a->address) > 0 && story_title_in(two, a->address) > 0;
	return evidence + story_link_is_fresh(a->address, instant);
}

/* a is the stronger of two mentions of one page. */
static int
points_of(const struct stories *s, const struct mention *a, const struct mention *b)
{
	const int first = attention(s, a);
	const int second = attention(s, b);
	const int evidence = evidence_of(s, a, b);

	if (first < 0 || second < 0 ||
	    story_titles_part(&s->titles[a->post], &s->titles[b->post]) ||
	    (evidence == 0 && a->role != ROLE_POINTS_TO))
		return 0;
	return first + second + evidence;
}

static void
add_edge(struct stories *s, size_t one, size_t two, int points)
{
	if (points <= 0)
		return;
	s->edges = arena_grow_list(s->a, s->edges, s->edge_count, sizeof(*s->edges));
	s->edges[s->edge_count++] =
	    (struct edge){ one < two ? one : two, one < two ? two : one, points };
}

/* Where the page is the post of one of them, the others may link to it however they do. */
static size_t
keep_counting(const struct stories *s, size_t at, size_t end, size_t *out)
{
	const bool is_post = s->mentions[at].role == ROLE_IS;
	size_t n = 0;

	for (size_t i = at; i < end; i++) {
		bool again = false;

		for (size_t k = 0; k < n && !again; k++)
			again = s->mentions[out[k]].post == s->mentions[i].post;
		if (again || !(is_post || s->mentions[i].counts))
			continue;
		/* A page that everybody links to is no news. */
		if (n == LIMIT_STORY_POSTS)
			return 0;
		out[n++] = i;
	}
	return n;
}

static void
join_page(struct stories *s, size_t at, size_t end)
{
	size_t places[LIMIT_STORY_POSTS];
	const size_t count = keep_counting(s, at, end, places);

	for (size_t i = 0; i < count; i++) {
		for (size_t k = i + 1; k < count; k++) {
			const struct mention *a = &s->mentions[places[i]];
			const struct mention *b = &s->mentions[places[k]];

			if (source_of(s, a) != source_of(s, b))
				add_edge(s, a->post, b->post, points_of(s, a, b));
		}
	}
}

struct title_key {
	uint64_t key;
	size_t post;
	bool is_whole;
};

static int
compare_keys(const void *pa, const void *pb)
{
	const struct title_key *a = pa;
	const struct title_key *b = pb;

	if (a->key != b->key)
		return ORDER(a->key, b->key);
	if (a->is_whole != b->is_whole)
		return ORDER(b->is_whole, a->is_whole);
	return ORDER(a->post, b->post);
}

struct title_keys {
	struct title_key *list;
	size_t count;
};

static void
add_key(const struct stories *s, struct title_keys *keys, uint64_t key, size_t post,
    bool is_whole)
{
	keys->list = arena_grow_list(s->a, keys->list, keys->count, sizeof(*keys->list));
	keys->list[keys->count++] = (struct title_key){ key, post, is_whole };
}

static struct title_keys
collect_keys(const struct stories *s)
{
	struct title_keys keys = { .list = NULL };

	for (size_t i = 0; i < s->count; i++) {
		const struct story_title *t = &s->titles[i];

		if (t->agreement == 0)
			continue;
		add_key(s, &keys, t->agreement, i, true);
		for (size_t k = 0; k < t->shorter_count; k++)
			add_key(s, &keys, t->shorter[k], i, false);
	}
	return keys;
}

/* The first of a key is a whole title; those that agree with it follow. */
static void
join_titles(struct stories *s)
{
	const struct title_keys all = collect_keys(s);
	struct title_key *keys = all.list;
	const size_t count = all.count;
	size_t first = 0;

	list_sort(keys, count, sizeof(*keys), compare_keys);
	for (size_t i = 1; i < count; i++) {
		if (keys[i].key != keys[first].key)
			first = i;
		if (i == first || !keys[first].is_whole)
			continue;
		if (s->posts[keys[i].post].source->id !=
		    s->posts[keys[first].post].source->id)
			add_edge(s, keys[first].post, keys[i].post, POINTS);
	}
}

/* ---- stories out of pairs ---- */

static int
compare_edges(const void *pa, const void *pb)
{
	const struct edge *a = pa;
	const struct edge *b = pb;

	if (a->one != b->one)
		return ORDER(a->one, b->one);
	if (a->two != b->two)
		return ORDER(a->two, b->two);
	return ORDER(b->points, a->points);
}

static size_t
root_of(struct stories *s, size_t post)
{
	while (s->parents[post] != post) {
		s->parents[post] = s->parents[s->parents[post]];
		post = s->parents[post];
	}
	return post;
}

static void
unite(struct stories *s, size_t one, size_t two)
{
	const size_t a = root_of(s, one);
	const size_t b = root_of(s, two);

	if (a == b || s->sizes[a] + s->sizes[b] > LIMIT_STORY_POSTS)
		return;
	s->parents[a < b ? b : a] = a < b ? a : b;
	s->sizes[a < b ? a : b] += s->sizes[a < b ? b : a];
}

/* Pairs with points enough; each further page that both mention gives one more. */
static void
unite_pairs(struct stories *s)
{
	s->parents = arena_array(s->a, s->count, sizeof(*s->parents));
	s->sizes = arena_array(s->a, s->count, sizeof(*s->sizes));
	for (size_t i = 0; i < s->count; i++) {
		s->parents[i] = i;
		s->sizes[i] = 1;
	}
	list_sort(s->edges, s->edge_count, sizeof(*s->edges), compare_edges);
	for (size_t i = 0; i < s->edge_count;) {
		size_t end = i;

		while (end < s->edge_count && s->edges[end].one == s->edges[i].one &&
		    s->edges[end].two == s->edges[i].two)
			end++;
		if (s->edges[i].points + (int)(end - i) - 1 >= POINTS)
			unite(s, s->edges[i].one, s->edges[i].two);
		i = end;
	}
}

static void
number_stories(struct stories *s, struct story_place *out)
{
	size_t *numbers = arena_array(s->a, s->count, sizeof(*numbers));
	size_t last = 0;

	for (size_t i = 0; i < s->count; i++) {
		const size_t root = root_of(s, i);

		if (s->sizes[root] < 2)
			continue;
		if (numbers[root] == 0)
			numbers[root] = ++last;
		out[i].story = numbers[root];
	}
}

/* ---- talk ---- */

static bool
has_talker(const struct stories *s, const size_t *list, size_t count, int64_t source_id)
{
	for (size_t i = 0; i < count; i++) {
		if (s->posts[list[i]].source->id == source_id)
			return true;
	}
	return false;
}

/* The first of the page's mentions is the post itself. */
static void
find_talkers(struct stories *s, size_t at, size_t end, struct story_place *out)
{
	const struct mention *post = &s->mentions[at];
	struct story_place *place = &out[post->post];
	size_t *list = NULL;

	if (post->role != ROLE_IS || end - at < 2)
		return;
	list = arena_array(s->a, LIMIT_STORY_TALKERS, sizeof(*list));
	for (size_t i = at + 1; i < end && place->talker_count < LIMIT_STORY_TALKERS;
	     i++) {
		const int64_t id = source_of(s, &s->mentions[i]);

		if (id != source_of(s, post) && s->mentions[i].role != ROLE_IS &&
		    !has_talker(s, list, place->talker_count, id))
			list[place->talker_count++] = s->mentions[i].post;
	}
	place->talkers = list;
}

/* Of each story the post that most of the others link to. */
static void
find_heads(const struct stories *s, struct story_place *out)
{
	/* Of each story at its number less one. */
	size_t *heads = arena_array(s->a, s->count, sizeof(*heads));
	size_t *votes = arena_array(s->a, s->count, sizeof(*votes));

	for (size_t i = 0; i < s->count; i++) {
		const size_t story = out[i].story;
		size_t n = 0;

		if (story == 0)
			continue;
		for (size_t k = 0; k < out[i].talker_count; k++)
			n += out[out[i].talkers[k]].story == story;
		if (n > votes[story - 1]) {
			votes[story - 1] = n;
			heads[story - 1] = i;
		}
	}
	for (size_t i = 0; i < s->count; i++) {
		if (votes[i] > 0)
			out[heads[i]].is_head = true;
	}
}

const struct story_place *
stories_find(struct stories *s, const struct story_past *past, size_t past_count)
{
	struct story_place *out = arena_array(s->a, s->count, sizeof(*out));

	forget_habits(s, past, past_count);
	for (size_t at = 0, end = 0; at < s->mention_count; at = end) {
		end = end_of_page(s, at);
		find_talkers(s, at, end, out);
		if (is_shared(s, at, end))
			join_page(s, at, end);
	}
	join_titles(s);
	unite_pairs(s);
	number_stories(s, out);
	find_heads(s, out);
	return out;
}
