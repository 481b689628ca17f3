/* SPDX-License-Identifier: ISC */
#include "mail/newsletter_text.h"

#include <stdbool.h>
#include <string.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "format/url.h"
#include "mail/newsletter_words.h"

enum {
	DASHES_BETWEEN = 30, /* RFC 1153 3 */
	DASHES_FIRST = 70,
	TITLE_LINES = 8,
	FOOTER_MOST = 1500, /* bytes below a line of underscores or "-- " */
	LABEL_MOST = 100
};

struct line {
	const char *at;
	size_t len; /* without its end */
};

struct lines {
	struct line *list;
	size_t count;
};

static struct lines
lines_of(struct arena *a, const char *text)
{
	struct lines out = { NULL, 0 };

	while (*text) {
		const size_t len = strcspn(text, "\n");

		out.list = arena_grow_list(a, out.list, out.count, sizeof(*out.list));
		out.list[out.count++] = (struct line){ text, len };
		text += len + (text[len] == '\n');
	}
	return out;
}

static bool
is_blank(const struct line *l)
{
	return ascii_is_only_space(l->at, l->len);
}

/* Nothing but that character: how many, else 0. */
static size_t
rule_length(const struct line *l, char c)
{
	size_t n = l->len;

	while (n > 0 && ascii_is_space((unsigned char)l->at[n - 1]))
		n--;
	for (size_t i = 0; i < n; i++)
		if (l->at[i] != c)
			return 0;
	return n;
}

/* What stands between a text and its signature (RFC 3676 4.3). */
static bool
is_signature(const struct line *l)
{
	return l->len == 3 && ascii_starts(l->at, l->len, "-- ");
}

/* A web address that is alone in its line; NULL when it is not. */
static const char *
address_in(struct arena *a, const struct line *l)
{
	const char *text = l->at;
	size_t len = l->len;
	const char *copy = NULL;

	ascii_trim(&text, &len);
	if (!ascii_starts_nocase(text, "http"))
		return NULL;
	copy = arena_strndup(a, text, len);
	return url_is_web(copy) ? copy : NULL;
}

/* Lines from..to as one text. */
static const char *
joined(struct arena *a, const struct lines *all, size_t from, size_t to)
{
	const char *start = NULL;
	const char *end = NULL;

	while (from < to && is_blank(&all->list[from]))
		from++;
	while (to > from && is_blank(&all->list[to - 1]))
		to--;
	if (from == to)
		return "";
	start = all->list[from].at;
	end = all->list[to - 1].at + all->list[to - 1].len;
	return arena_strndup(a, start, (size_t)(end - start));
}

static const char *
one_line(struct arena *a, const struct lines *all, size_t from, size_t to)
{
	return text_visible_line(a, joined(a, all, from, to));
}

/* ---- without what is its subscriber's ---- */

static bool
has_address(const struct line *l)
{
	const char *end = l->at + l->len;

	return ascii_find(l->at, end, "http") || memchr(l->at, '@', l->len);
}

static bool
is_private_line(struct arena *a, const struct newsletter_private *p,
    const struct lines *all, size_t i)
{
	const struct line *l = &all->list[i];
	const char *text = NULL;

	if (has_address(l) && newsletter_private_in(a, p, l->at, l->len))
		return true;
	if (l->len > LABEL_MOST)
		return false;
	text = arena_strndup(a, l->at, l->len);
	return newsletter_words_leave(text) &&
	    (has_address(l) || (i + 1 < all->count && has_address(&all->list[i + 1])));
}

/* Where a footer begins that has something private in it; count when there is none. */
static size_t
footer_begin(struct arena *a, const struct newsletter_private *p, const struct lines *all)
{
	const char *end = all->count > 0
	    ? all->list[all->count - 1].at + all->list[all->count - 1].len
	    : "";

	for (size_t i = all->count; i-- > 0 && end - all->list[i].at <= FOOTER_MOST;) {
		const struct line *l = &all->list[i];

		if (rule_length(l, '_') < 20 && !is_signature(l))
			continue;
		for (size_t k = i; k < all->count; k++)
			if (is_private_line(a, p, all, k))
				return i;
	}
	return all->count;
}

/* "View this email in your browser:" and the address behind it or below. */
static const char *
browser_at(struct arena *a, const struct newsletter_private *p, const struct lines *all,
    size_t i)
{
	const char *text = arena_strndup(a, all->list[i].at, all->list[i].len);
	const char *url = strstr(text, "http");

	if (!url && i + 1 < all->count) {
		text = arena_strndup(a, all->list[i + 1].at, all->list[i + 1].len);
		url = strstr(text, "http");
	}
	if (!url)
		return NULL;
	url = arena_strndup(a, url, strcspn(url, " \t>)]\"'"));
	return url_is_web(url) && !newsletter_private_url(p, url) ? url : NULL;
}

/* The words of a line up to its address are those of a link to the letter itself. */
static bool
is_browser_line(struct arena *a, const struct line *l)
{
	return newsletter_words_browser(arena_strndup(a, l->at, strcspn(l->at, "<(:\n")));
}

static bool
ends_with_colon(const struct line *l)
{
	size_t n = l->len;

	while (n > 0 && ascii_is_space((unsigned char)l->at[n - 1]))
		n--;
	return n > 0 && n <= LABEL_MOST && l->at[n - 1] == ':';
}

const char *
newsletter_text_clean(struct arena *a, const char *text,
    const struct newsletter_private *p, const char **browser)
{
	struct lines all = lines_of(a, text);
	const size_t end = footer_begin(a, p, &all);
	struct buf b = BUF_INIT(strlen(text) + 1);
	size_t last = 0;         /* where the line that was kept last begins in b */
	size_t kept = all.count; /* which that is */
	const char *out = NULL;

	if (browser)
		*browser = NULL;
	for (size_t i = 0; i < all.count; i++) {
		const struct line *l = &all.list[i];
		const size_t start = b.len;

		if (is_browser_line(a, l)) {
			const char *url = browser_at(a, p, &all, i);

			if (browser && !*browser)
				*browser = url;
			if (url && !memchr(l->at, '/', l->len) && i + 1 < all.count)
				i++;
			continue;
		}
		if (i >= end)
			continue;
		if (!is_private_line(a, p, &all, i)) {
			buf_add(&b, l->at, l->len);
			buf_addc(&b, '\n');
			last = start;
			kept = i;
			continue;
		}
		/* What stands above an address says what it is for. */
		if (kept + 1 == i && ends_with_colon(&all.list[kept]))
			buf_truncate(&b, last);
	}
	out = newsletter_private_blank(a, p, buf_text(&b), b.len);
	buf_clear(&b);
	return out;
}

const char *
newsletter_text_link(struct arena *a, const char *text, const char **rest)
{
	struct line l;
	const char *url = NULL;

	*rest = text;
	while (*text && ascii_is_space((unsigned char)*text))
		text++;
	l = (struct line){ text, strcspn(text, "\n") };
	url = address_in(a, &l);
	if (!url)
		return "";
	*rest = text + l.len;
	return url;
}

/* ---- messages between dashes ---- */

struct newsletter_post *
newsletter_posts_add(struct arena *a, struct newsletter_posts *posts)
{
	if (posts->count == LIMIT_NEWSLETTER_POSTS)
		return NULL;
	posts->list = arena_grow_list(a, posts->list, posts->count, sizeof(*posts->list));
	posts->list[posts->count] =
	    (struct newsletter_post){ "", "", "", "", "", "", false };
	return &posts->list[posts->count++];
}

static const char *
first_address(struct arena *a, const char *value)
{
	const char *open = strchr(value, '<');
	const char *start = open ? open + 1 : value;
	const char *url = arena_strndup(a, start, strcspn(start, "> \t"));

	return url_is_web(url) ? url : "";
}

/* "Ann <ann@blog.example>" is Ann; an address alone is nobody's name. */
static const char *
name_of(struct arena *a, const char *from)
{
	const char *text = header_decoded(a, from);
	const char *open = strrchr(text, '<');
	size_t len = open ? (size_t)(open - text) : strlen(text);
	const char *name = NULL;

	ascii_trim(&text, &len);
	if (len > 1 && text[0] == '"' && text[len - 1] == '"') {
		text++;
		len -= 2;
	}
	name = text_visible_line(a, arena_strndup(a, text, len));
	return strchr(name, '@') ? "" : name;
}

/* A message of a digest: its fields, an empty line, its text. */
static void
take_message(struct arena *a, const struct newsletter_private *p, const char *text,
    struct newsletter_posts *out)
{
	struct header h;
	struct newsletter_post *post = NULL;
	const char *body = NULL;
	const char *id = NULL;

	text += strspn(text, "\n");
	header_read(a, text, strlen(text), &h);
	if (!header_get(&h, "Subject") && !header_get(&h, "From"))
		return;
	/* Mailman's "Digest Footer" comes from nobody. */
	if (!header_get(&h, "From") && !header_get(&h, "Date"))
		return;
	post = newsletter_posts_add(a, out);
	if (!post)
		return;
	post->title = header_decoded(a, header_text(&h, "Subject"));
	post->author = name_of(a, header_text(&h, "From"));
	post->date = header_decoded(a, header_text(&h, "Date"));
	id = header_text(&h, "Message-ID");
	id += *id == '<';
	post->id = text_visible_line(a, arena_strndup(a, id, strcspn(id, "> \t")));
	post->link = first_address(a, header_text(&h, "Archived-At"));
	body = text + h.body;
	if (!*post->link)
		post->link = newsletter_text_link(a, body, &body);
	post->text = newsletter_text_clean(a, body, p, NULL);
}

struct newsletter_posts
newsletter_text_messages(struct arena *a, const char *text,
    const struct newsletter_private *p)
{
	struct lines all = lines_of(a, text);
	struct newsletter_posts out = { NULL, 0 };
	size_t i = 0;
	size_t start = 0;

	while (i < all.count && rule_length(&all.list[i], '-') != DASHES_FIRST)
		i++;
	if (i == all.count)
		return out;
	for (start = ++i; i < all.count; i++) {
		/* A rule in a message has no empty line on both sides (RFC 1153 3). */
		if (rule_length(&all.list[i], '-') != DASHES_BETWEEN ||
		    !is_blank(&all.list[i - 1]))
			continue;
		take_message(a, p, joined(a, &all, start, i), &out);
		start = i + 1;
	}
	return out;
}

/* ---- a digest of ours ---- */

/* The lines over a post's text. */
struct head {
	size_t
	    title_end; /* behind the last line of its title; where it begins: it has none */
	size_t address; /* the line with its address */
	const char *url;
};

static bool
begins_block(const struct lines *all, size_t i)
{
	return !is_blank(&all->list[i]) && (i == 0 || is_blank(&all->list[i - 1]));
}

/* A blog's name over its page, which is set in by two. */
static bool
is_blog(struct arena *a, const struct lines *all, size_t i)
{
	const struct line *l = &all->list[i];

	return i + 1 < all->count && begins_block(all, i) && l->at[0] != ' ' &&
	    l->at[0] != '-' && strncmp(all->list[i + 1].at, "  h", 3) == 0 &&
	    address_in(a, &all->list[i + 1]) != NULL;
}

/* "08:30": what is said of a post without a title begins with its time. */
static bool
has_time(const struct line *l)
{
	for (size_t i = 2; i + 2 < l->len; i++)
		if (l->at[i] == ':' && ascii_is_digit((unsigned char)l->at[i - 1]) &&
		    ascii_is_digit((unsigned char)l->at[i - 2]) &&
		    ascii_is_digit((unsigned char)l->at[i + 1]) &&
		    ascii_is_digit((unsigned char)l->at[i + 2]))
			return true;
	return false;
}

static bool
find_address(struct arena *a, const struct lines *all, size_t from, size_t most,
    struct head *out)
{
	for (size_t k = from;
	     k < all->count && k < from + most && !is_blank(&all->list[k]); k++) {
		out->url = address_in(a, &all->list[k]);
		out->address = k;
		if (out->url)
			return true;
	}
	return false;
}

/* A post's head at line i: title and rule, what is said of it, its address. */
static bool
read_head(struct arena *a, const struct lines *all, size_t i, bool after_blog,
    struct head *out)
{
	size_t k = i;

	if (!begins_block(all, i))
		return false;
	while (k < all->count && k < i + TITLE_LINES && !is_blank(&all->list[k]) &&
	    rule_length(&all->list[k], '-') == 0)
		k++;
	if (k > i && k < all->count && rule_length(&all->list[k], '-') > 0) {
		out->title_end = k;
		return find_address(a, all, k + 1, 4, out);
	}
	out->title_end = i;
	return (after_blog || has_time(&all->list[i])) &&
	    address_in(a, &all->list[i]) == NULL && find_address(a, all, i, 3, out) &&
	    (out->address + 1 == all->count || is_blank(&all->list[out->address + 1]));
}

/* Where the text of a post ends: a blog, a post, a day with its rule, or the footer. */
static size_t
body_end(struct arena *a, const struct lines *all, size_t from)
{
	struct head next;
	size_t i = from;

	for (; i < all->count; i++) {
		const struct line *l = &all->list[i];

		if (is_signature(l))
			break;
		if (!begins_block(all, i))
			continue;
		if ((i + 1 < all->count && rule_length(&all->list[i + 1], '=') > 0) ||
		    is_blog(a, all, i) || read_head(a, all, i, false, &next))
			break;
	}
	return i;
}

/* "- Title" of a line from which blanks at its ends were taken. */
static const char *
after_dash(const char *line)
{
	line += *line == '-';
	return line + (*line == ' ');
}

/* Titles alone: "  - Title (Blog), 2 min" over an address that is set in by four. */
static void
take_contents(struct arena *a, const struct lines *all, struct newsletter_posts *out)
{
	for (size_t i = 0; i < all->count; i++) {
		size_t end = i + 1;
		const char *url = NULL;
		struct newsletter_post *post = NULL;

		if (all->list[i].len < 5 || strncmp(all->list[i].at, "  - ", 4) != 0)
			continue;
		while (end < all->count && end < i + TITLE_LINES &&
		    !is_blank(&all->list[end]) &&
		    strncmp(all->list[end].at, "  - ", 4) != 0 && !url) {
			url = address_in(a, &all->list[end]);
			end += !url;
		}
		post = url ? newsletter_posts_add(a, out) : NULL;
		if (!post)
			continue;
		post->title = after_dash(one_line(a, all, i, end));
		post->link = url;
		i = end;
	}
}

struct newsletter_posts
newsletter_text_posts(struct arena *a, const char *text,
    const struct newsletter_private *p)
{
	struct lines all = lines_of(a, text);
	struct newsletter_posts out = { NULL, 0 };
	const char *blog = "";
	bool after_blog = false;
	size_t i = 0;

	while (i < all.count) {
		struct newsletter_post *post = NULL;
		struct head head;
		size_t end = 0;

		if (is_blog(a, &all, i)) {
			blog = one_line(a, &all, i, i + 1);
			after_blog = true;
			i += 2;
			continue;
		}
		if (!read_head(a, &all, i, after_blog, &head)) {
			after_blog = after_blog && is_blank(&all.list[i]);
			i++;
			continue;
		}
		post = newsletter_posts_add(a, &out);
		if (!post)
			break;
		end = body_end(a, &all, head.address + 1);
		post->title = one_line(a, &all, i, head.title_end);
		post->author = blog;
		post->link = head.url;
		post->text = newsletter_text_clean(a,
		    joined(a, &all, head.address + 1, end), p, NULL);
		after_blog = false;
		i = end;
	}
	if (out.count == 0)
		take_contents(a, &all, &out);
	return out;
}
