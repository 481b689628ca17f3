/* SPDX-License-Identifier: ISC */
#include "digest/story_titles.h"

#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/hash.h"
#include "base/letter_case.h"
#include "base/order.h"
#include "base/text.h"

enum {
	WORD_BYTES = 64,   /* of a word that is looked at */
	WHOLE_WORD = 2,    /* weight */
	TITLE_WEIGHT = 6,  /* of titles that agree by their words alone: three */
	LONGER_WEIGHT = 8, /* of one of which another may have a word more */
	RELEASE_WORDS = 4, /* of a title that is about a release and little else */
	FIRST_YEAR = 1990,
	LAST_YEAR = 2099
};

/*
 * Words that tell no story: of grammar, of blogging, of time, in the languages that are met
 * most.  In alphabetical order.
 */
/* clang-format off */
static const char *const empty_words[] = {
	"a", "aber", "about", "activities", "activity", "after", "again", "ai", "all",
	"alle", "als", "am", "an", "and", "announce", "announced", "announcement",
	"announces", "announcing", "another", "ao", "août", "april", "are", "article",
	"as", "at", "au", "auf", "august", "aus", "ausgabe", "available", "avec",
	"avril", "back", "be", "beginner", "beginners", "bei", "best", "better",
	"billet", "blog", "blogging", "blogs", "book", "books", "build", "building",
	"but", "by", "c", "call", "can", "ce", "changelog", "changes", "chapter",
	"chez", "code", "coding", "con", "create", "creating", "da", "daily", "dans",
	"das", "data", "day", "days", "de", "debut", "december", "del", "dem", "den",
	"der", "des", "desde", "dev", "development", "dezember", "di", "die", "digest",
	"disponible", "do", "don", "du", "décembre", "e", "ein", "eine", "einem",
	"einen", "einer", "el", "en", "end", "ep", "episode", "er", "erschienen", "es",
	"est", "et", "every", "experience", "faq", "favorite", "favourite", "februar",
	"february", "final", "first", "folge", "for", "freigegeben", "from", "février",
	"für", "general", "get", "getting", "guide", "has", "have", "hello", "here",
	"how", "i", "ich", "if", "il", "im", "in", "index", "intro", "introducing",
	"introduction", "is", "issue", "ist", "it", "its", "ja", "januar", "january",
	"janvier", "je", "juillet", "juin", "juli", "july", "june", "juni", "just",
	"know", "la", "las", "latest", "launch", "launched", "launches", "le", "learn",
	"learned", "learning", "les", "lesson", "life", "link", "links", "list",
	"live", "los", "m", "made", "mai", "make", "making", "march", "mars", "may",
	"meeting", "meetup", "mein", "meine", "mes", "minutes", "mit", "mois", "mon",
	"monat", "monday", "month", "monthly", "more", "my", "märz", "nach", "neu",
	"neue", "neuer", "neues", "new", "news", "newsletter", "nicht", "no", "not",
	"note", "notes", "nous", "nouveau", "nouvelle", "nouvelles", "november",
	"novembre", "now", "nr", "numéro", "o", "october", "octobre", "of", "off",
	"oktober", "old", "on", "one", "open", "or", "ou", "our", "out", "over",
	"overview", "par", "part", "partie", "pas", "personal", "photo", "photos",
	"plans", "podcast", "post", "posts", "pour", "preview", "progress", "project",
	"projects", "published", "que", "quick", "quiz", "random", "re", "read",
	"reading", "readings", "recap", "recent", "release", "released", "releases",
	"report", "reports", "retrospective", "review", "roundup", "s", "se", "season",
	"semaine", "september", "septembre", "series", "setup", "short", "since",
	"site", "so", "software", "some", "sortie", "start", "started", "starting",
	"state", "status", "sum", "summary", "summer", "sur", "t", "tag", "talk",
	"talks", "team", "technology", "teil", "test", "testing", "than", "that",
	"the", "these", "they", "thing", "things", "this", "thoughts", "three", "til",
	"tip", "tips", "to", "today", "tool", "tools", "top", "tuesday", "tutorial",
	"two", "un", "und", "une", "up", "update", "updated", "updates", "use", "used",
	"using", "ve", "verfügbar", "vers", "version", "very", "veröffentlicht",
	"video", "videos", "vol", "volume", "vom", "von", "vous", "vs", "was", "way",
	"we", "web", "website", "week", "weekend", "weekly", "weeknote", "weeknotes",
	"welcome", "what", "when", "where", "who", "why", "wie", "will", "wir", "with",
	"woche", "work", "working", "world", "write", "writing", "year", "years",
	"you", "your", "zu", "zum", "zur", "à", "épisode", "über",
};
/* That something can be had now. */
static const char *const release_words[] = {
	"announce", "announced", "announces", "announcing", "available", "changelog",
	"disponible", "erschienen", "final", "freigegeben", "here", "launched", "neu",
	"new", "notes", "out", "release", "released", "releases", "sortie",
	"verfügbar", "veröffentlicht",
};
/* They belong to the number behind them, or to the one before. */
static const char *const stages[] = { "alpha", "beta", "candidate", "rc" };
/* clang-format on */

/* ---- words ---- */

struct range {
	uint32_t first, last;
};

static bool
is_within(uint32_t c, const struct range *ranges, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (c >= ranges[i].first && c <= ranges[i].last)
			return true;
	}
	return false;
}

/* Written without blanks between words. */
static bool
is_ideograph(uint32_t c)
{
	static const struct range ranges[] = {
		{ 0x3040, 0x30ff },
		{ 0x3400, 0x9fff },
		{ 0xf900, 0xfaff },
		{ 0x20000, 0x3ffff },
	};

	return is_within(c, ranges, ARRAY_LEN(ranges));
}

static bool
is_in_word(uint32_t c)
{
	/* Signs, what is for private use, and pictures. */
	static const struct range others[] = {
		{ 0x80, 0xbf },
		{ 0xd7, 0xd7 },
		{ 0xf7, 0xf7 },
		{ 0x2000, 0x2bff },
		{ 0x3000, 0x303f },
		{ 0xd800, 0xf8ff },
		{ 0xfe00, 0xff0f },
		{ 0x1f000, 0x1ffff },
	};

	if (c < 0x80)
		return ascii_is_alphanumeric((int)c) || c == '+' || c == '#' || c == '_';
	return !is_within(c, others, ARRAY_LEN(others));
}

/* A word of a text in lower case; of ideographs two that stand side by side. */
struct word {
	char text[WORD_BYTES];
	size_t len;
	bool is_pair;
};

struct reader {
	const char *at;
	const char *end;
};

static size_t
peek(const struct reader *r, uint32_t *c)
{
	*c = 0;
	return r->at < r->end ? text_decode(r->at, (size_t)(r->end - r->at), c) : 0;
}

static void
append(struct word *w, uint32_t c)
{
	struct buf b = BUF_INIT(8);

	text_encode(&b, c);
	if (w->len + b.len < sizeof(w->text)) {
		memcpy(w->text + w->len, buf_text(&b), b.len);
		w->len += b.len;
	}
	buf_clear(&b);
}

/* "3.15" is one word, "it's" is "its", "end." is "end". */
static bool
joins(const struct reader *r, const struct word *w, uint32_t c, size_t len)
{
	const unsigned char next =
	    r->at + len < r->end ? (unsigned char)r->at[len] : '\0';

	if (c == '.')
		return w->len > 0 && ascii_is_digit(w->text[w->len - 1]) &&
		    ascii_is_digit(next);
	return (c == '\'' || c == 0x2019) && w->len > 0 && next && !ascii_is_space(next);
}

static bool
next_word(struct reader *r, struct word *w)
{
	uint32_t c = 0;
	uint32_t second = 0;
	size_t n = 0;

	w->len = 0;
	w->is_pair = false;
	while ((n = peek(r, &c)) > 0 && !is_in_word(c))
		r->at += n;
	if (n == 0)
		return false;
	if (is_ideograph(c)) {
		append(w, c);
		r->at += n;
		if (peek(r, &second) > 0 && is_ideograph(second))
			append(w, second);
		w->is_pair = true;
		return true;
	}
	while ((n = peek(r, &c)) > 0 && !is_ideograph(c) &&
	    (is_in_word(c) || joins(r, w, c, n))) {
		if (c == '.' || is_in_word(c))
			append(w, letter_fold(c));
		r->at += n;
	}
	while (w->len > 1 && strchr("#_", w->text[0]))
		memmove(w->text, w->text + 1, --w->len);
	return true;
}

static uint64_t
hash_of(const char *text, size_t len)
{
	return hash_64(text, len, 0);
}

static bool
word_is(const struct word *w, const char *text)
{
	/* Words are compared with lists: most differ in their first letter. */
	return *text == *w->text && strlen(text) == w->len &&
	    memcmp(text, w->text, w->len) == 0;
}

static bool
is_listed(const struct word *w, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (word_is(w, list[i]))
			return true;
	}
	return false;
}

static bool
has_hash(const uint64_t *list, size_t count, uint64_t wanted)
{
	return count > 0 &&
	    bsearch(&wanted, list, count, sizeof(*list), order_uint64) != NULL;
}

/* In order, each once. */
static size_t
sort_hashes(uint64_t *list, size_t count)
{
	size_t n = 0;

	list_sort(list, count, sizeof(*list), order_uint64);
	for (size_t i = 0; i < count; i++) {
		if (i == 0 || list[i] != list[n - 1])
			list[n++] = list[i];
	}
	return n;
}

size_t
story_words(const char *text, uint64_t *out, size_t max)
{
	struct reader r = { text, text + strlen(text) };
	struct word w;
	size_t n = 0;

	while (n < max && next_word(&r, &w))
		out[n++] = hash_of(w.text, w.len);
	return n;
}

/* ---- numbers ---- */

/* "v3.15.0rc2" without its "v" and the noughts at its end; 0 when it is no number. */
static size_t
number_start(const struct word *w, size_t *start)
{
	*start = w->len > 1 && w->text[0] == 'v' && ascii_is_digit(w->text[1]);
	return *start < w->len && ascii_is_digit(w->text[*start]);
}

static bool
is_year(const struct word *w)
{
	long year = 0;

	if (w->len != 4)
		return false;
	for (size_t i = 0; i < w->len; i++) {
		if (!ascii_is_digit(w->text[i]))
			return false;
		year = year * 10 + (w->text[i] - '0');
	}
	return year >= FIRST_YEAR && year <= LAST_YEAR;
}

static void
cut_noughts(struct word *w)
{
	while (w->len > 2 && memcmp(w->text + w->len - 2, ".0", 2) == 0)
		w->len -= 2;
}

/* What is known of a title while it is read. */
struct reading {
	struct story_title *t;
	const uint64_t *common;
	size_t common_count;
	uint64_t product;  /* the first word that is not empty, common or not */
	uint64_t stage;    /* of what "beta" says, for the number behind it */
	uint64_t staged;   /* the same of all, for the whole title */
	uint64_t versions; /* sum of the numbers with dots */
	size_t others;     /* words beside the product */
	bool last_was_number;
	uint64_t all[LIMIT_STORY_WORDS]; /* words that agree, common ones too */
	size_t all_count;
};

static void
add_number(struct reading *r, struct word *w, size_t start)
{
	struct story_title *t = r->t;

	if (is_year(w)) {
		t->years += hash_of(w->text, w->len);
		r->last_was_number = false;
		return;
	}
	cut_noughts(w);
	if (memchr(w->text, '.', w->len) || start > 0) {
		t->has_version = true;
		r->versions += hash_of(w->text + start, w->len - start);
	}
	if (t->number_count < ARRAY_LEN(t->numbers))
		t->numbers[t->number_count++] =
		    hash_of(w->text + start, w->len - start) + r->stage;
	r->stage = 0;
	r->last_was_number = true;
}

static void
add_word(struct reading *r, const struct word *w)
{
	struct story_title *t = r->t;
	const uint64_t hash = hash_of(w->text, w->len);

	if (r->product == 0)
		r->product = hash;
	else
		r->others++;
	if (r->all_count < ARRAY_LEN(r->all))
		r->all[r->all_count++] = hash;
	if (has_hash(r->common, r->common_count, hash) ||
	    t->word_count == ARRAY_LEN(t->words))
		return;
	if (t->first == 0)
		t->first = hash;
	t->words[t->word_count++] = hash;
	t->weight += w->is_pair ? 1 : WHOLE_WORD;
}

/* "rc", "rc1"; where its number begins. */
static bool
is_stage(const struct word *w, size_t *digits)
{
	struct word name = *w;

	while (name.len > 0 && ascii_is_digit(name.text[name.len - 1]))
		name.len--;
	*digits = name.len;
	return is_listed(&name, stages, ARRAY_LEN(stages));
}

static void
add_stage(struct reading *r, const struct word *w, size_t digits)
{
	struct story_title *t = r->t;
	struct word number = { .len = w->len - digits };

	r->stage = hash_of(w->text, digits);
	r->staged += r->stage;
	if (r->last_was_number) {
		t->numbers[t->number_count - 1] += r->stage;
		t->has_version = true;
	}
	t->is_release = true;
	if (number.len == 0)
		return;
	memcpy(number.text, w->text + digits, number.len);
	add_number(r, &number, 0);
}

static void
read_word(struct reading *r, struct word *w)
{
	struct story_title *t = r->t;
	size_t start = 0;
	size_t digits = 0;

	if (is_listed(w, release_words, ARRAY_LEN(release_words)))
		t->is_release = true;
	if (number_start(w, &start)) {
		add_number(r, w, start);
		return;
	}
	if (is_stage(w, &digits)) {
		add_stage(r, w, digits);
		return;
	}
	r->last_was_number = false;
	if (!is_listed(w, empty_words, ARRAY_LEN(empty_words)))
		add_word(r, w);
}

/* ---- agreement ---- */

static uint64_t
hash_list(const uint64_t *list, size_t count, size_t without, uint64_t seed)
{
	uint64_t hash = seed;

	for (size_t i = 0; i < count; i++) {
		if (i != without)
			hash = hash_64(&list[i], sizeof(list[i]), hash);
	}
	return hash | 1;
}

/* "Python 3.15 released" and "Announcing Python 3.15.0" agree in what came out. */
static void
agree_by_release(struct reading *r)
{
	struct story_title *t = r->t;

	t->agreement = r->versions != 0
	    ? hash_list(&r->versions, 1, SIZE_MAX, r->product + r->staged)
	    : hash_list(t->numbers, t->number_count, SIZE_MAX, r->product + t->years);
}

/* In their telling words, and in every number. */
static void
agree_by_words(struct reading *r)
{
	struct story_title *t = r->t;
	const uint64_t seed = hash_list(t->numbers, t->number_count, SIZE_MAX, t->years);

	if (t->weight < TITLE_WEIGHT)
		return;
	r->all_count = sort_hashes(r->all, r->all_count);
	t->agreement = hash_list(r->all, r->all_count, SIZE_MAX, seed);
	if (t->weight < LONGER_WEIGHT)
		return;
	for (size_t i = 0; i < r->all_count; i++)
		t->shorter[t->shorter_count++] = hash_list(r->all, r->all_count, i, seed);
}

void
story_title_read(const char *text, const uint64_t *common, size_t common_count,
    struct story_title *out)
{
	struct reading r = { .t = out, .common = common, .common_count = common_count };
	struct reader at = { text, text + strlen(text) };
	struct word w;

	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < LIMIT_STORY_WORDS && next_word(&at, &w); i++)
		read_word(&r, &w);
	out->has_version =
	    out->has_version || (out->is_release && out->number_count == 1);
	out->word_count = sort_hashes(out->words, out->word_count);
	out->number_count = sort_hashes(out->numbers, out->number_count);
	if (out->is_release && out->has_version && r.product != 0 &&
	    r.others < RELEASE_WORDS)
		agree_by_release(&r);
	else
		agree_by_words(&r);
}

static size_t
count_shared(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count)
{
	size_t n = 0;

	for (size_t i = 0, k = 0; i < a_count && k < b_count;) {
		n += a[i] == b[k];
		if (a[i] == b[k] || a[i] < b[k])
			i++;
		else
			k++;
	}
	return n;
}

size_t
story_titles_share(const struct story_title *a, const struct story_title *b)
{
	const bool versions = a->has_version && b->has_version;

	return count_shared(a->words, a->word_count, b->words, b->word_count) +
	    (versions ? count_shared(a->numbers, a->number_count, b->numbers,
			    b->number_count)
		      : 0);
}

bool
story_titles_part(const struct story_title *a, const struct story_title *b)
{
	return a->number_count > 0 && b->number_count > 0 &&
	    count_shared(a->numbers, a->number_count, b->numbers, b->number_count) == 0;
}

size_t
story_title_in(const struct story_title *t, const char *text)
{
	uint64_t words[LIMIT_STORY_WORDS];
	const size_t count =
	    sort_hashes(words, story_words(text, words, ARRAY_LEN(words)));

	return count_shared(t->words, t->word_count, words, count);
}
