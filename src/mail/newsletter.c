/* SPDX-License-Identifier: ISC */
#include "mail/newsletter.h"

#include <string.h>

#include "base/ascii.h"
#include "base/attr.h"
#include "base/limits.h"
#include "base/text.h"
#include "format/url.h"
#include "mail/received_tree.h"
#include "mail/newsletter_html.h"
#include "mail/newsletter_private.h"
#include "mail/newsletter_text.h"
#include "mail/newsletter_words.h"

enum {
	ASK_MOST = 6000, /* bytes that people see of a letter that asks something */
	ASK_PLAINLY_MOST = 2500 /* and of one whose subject does not say so */
};

struct reading {
	struct arena *a;
	const struct mime_node *top;
	struct newsletter_private private;
	struct newsletter *out;
	struct newsletter_posts posts;
};

/* ---- the header ---- */

static char *
without_brackets(struct arena *a, const char *value)
{
	const char *open = strrchr(value, '<');
	const char *start = open ? open + 1 : value;

	return text_visible_line(a, arena_strndup(a, start, strcspn(start, "> \t")));
}

/* The words before an address, without quotation marks; "" when there are none. */
static const char *
name_in(struct arena *a, const char *value)
{
	const char *text = header_decoded(a, value);
	const char *open = strrchr(text, '<');
	size_t len = open ? (size_t)(open - text) : 0;

	ascii_trim(&text, &len);
	if (len > 1 && text[0] == '"' && text[len - 1] == '"') {
		text++;
		len -= 2;
	}
	return arena_strndup(a, text, len);
}

/* The first web address of a field that may be told to anybody; "" when there is none. */
static const char *
web_address(const struct reading *r, const char *field)
{
	const char *value = header_text(&r->top->header, field);
	const char *open = strchr(value, '<');
	const char *start = open ? open + 1 : value;
	const char *url =
	    text_visible_line(r->a, arena_strndup(r->a, start, strcspn(start, ">, \t")));

	return url_is_web(url) && !newsletter_private_url(&r->private, url) ? url : "";
}

static const char *
first_set(const char *a, const char *b)
{
	return a && *a ? a : b ? b : "";
}

static void
read_header(struct reading *r)
{
	const struct header *h = &r->top->header;
	struct newsletter *out = r->out;
	const char *list_name = name_in(r->a, header_text(h, "List-Id"));

	out->message_id = without_brackets(r->a, header_text(h, "Message-ID"));
	out->list_id =
	    ascii_make_lower(without_brackets(r->a, header_text(h, "List-Id")));
	out->from = ascii_make_lower(without_brackets(r->a, header_text(h, "From")));
	out->name = first_set(name_in(r->a, header_text(h, "From")), list_name);
	out->date = header_decoded(r->a, header_text(h, "Date"));
	out->site = first_set(web_address(r, "List-Url"), web_address(r, "List-Archive"));
}

/* ---- kinds ---- */

/* A letter of this program is marked (letterhead), and is no notice. */
static bool
is_ours(const struct header *h)
{
	return strstr(header_text(h, "Feedback-ID"), ":letter:planetpost:") != NULL;
}

/* What this program mails that is no letter has links that are its reader's alone. */
static bool
is_our_notice(const struct header *h)
{
	return strstr(header_text(h, "Feedback-ID"), ":notice:planetpost:") != NULL;
}

static bool
asks(const char *subject, const char *words, size_t seen)
{
	return (seen <= ASK_MOST && newsletter_words_ask(subject)) ||
	    (seen <= ASK_PLAINLY_MOST && newsletter_words_ask_plainly(words));
}

/* ---- digests of messages ---- */

static void
read_body(struct reading *r, const struct mime_node *m, struct newsletter_post *post)
{
	const struct mime_node *html = mime_node_find(m, "text/html");
	const struct mime_node *plain = mime_node_find(m, "text/plain");

	if (html) {
		struct newsletter_html page;

		newsletter_html_read(r->a, mime_node_text(r->a, html), &r->private,
		    &page);
		post->is_html = true;
		post->text = page.html;
	} else if (plain) {
		const char *text = mime_node_text(r->a, plain);

		if (!*post->link)
			post->link = newsletter_text_link(r->a, text, &text);
		post->text = newsletter_text_clean(r->a, text, &r->private, NULL);
	}
}

static void
take_message(struct reading *r, const struct mime_node *m)
{
	const struct header *h = &m->header;
	struct newsletter_post *post = NULL;
	const char *link = without_brackets(r->a, header_text(h, "Archived-At"));

	if (!header_get(h, "Subject") && !header_get(h, "From"))
		return;
	post = newsletter_posts_add(r->a, &r->posts);
	if (!post)
		return;
	post->id = without_brackets(r->a, header_text(h, "Message-ID"));
	post->title = header_decoded(r->a, header_text(h, "Subject"));
	post->author = name_in(r->a, header_text(h, "From"));
	post->date = header_decoded(r->a, header_text(h, "Date"));
	post->link = url_is_web(link) ? link : "";
	read_body(r, m, post);
}

static void
take_digest(struct reading *r, const struct mime_node *digest)
{
	for (const struct mime_node *n = digest->first; n; n = n->next)
		if (strcmp(n->type, "message/rfc822") == 0 && n->first)
			take_message(r, n->first);
}

/* ---- one letter ---- */

static void
take_letter(struct reading *r, const char *subject, const char *text, bool is_html,
    const char *browser)
{
	struct newsletter_post *post = newsletter_posts_add(r->a, &r->posts);

	post->title = subject;
	post->text = text;
	post->is_html = is_html;
	post->date = r->out->date;
	post->link = first_set(web_address(r, "Archived-At"),
	    first_set(browser, web_address(r, "List-Post")));
}

static bool
read_text(struct reading *r, const char *subject, const char *text)
{
	const bool ours = is_ours(&r->top->header);
	const char *browser = NULL;
	const char *clean = NULL;

	r->posts = newsletter_text_messages(r->a, text, &r->private);
	if (r->posts.count == 0 && ours)
		r->posts = newsletter_text_posts(r->a, text, &r->private);
	if (r->posts.count > 0)
		return true;
	clean = newsletter_text_clean(r->a, text, &r->private, &browser);
	take_letter(r, subject, clean, false, browser);
	return false;
}

/* True when it was a digest. */
static bool
read_html(struct reading *r, const char *subject, const struct newsletter_html *page,
    const struct mime_node *plain)
{
	const char *browser = page->browser;

	r->posts = page->posts;
	if (r->posts.count > 0)
		return true;
	/* Some say only in the text where the letter is on the web. */
	if (!browser && plain)
		(void)!newsletter_text_clean(r->a, mime_node_text(r->a, plain),
		    &r->private, &browser);
	take_letter(r, subject, page->html, true, browser);
	return false;
}

static void
read_letter(struct reading *r)
{
	const struct mime_node *html = mime_node_find(r->top, "text/html");
	const struct mime_node *plain = mime_node_find(r->top, "text/plain");
	const char *subject =
	    header_decoded(r->a, header_text(&r->top->header, "Subject"));
	const char *text = plain ? mime_node_text(r->a, plain) : "";
	struct newsletter_html page = { .words = text, .seen = strlen(text) };
	bool is_digest = false;

	if (html)
		newsletter_html_read(r->a, mime_node_text(r->a, html), &r->private,
		    &page);
	if (!html && !plain)
		return;
	if (asks(subject, html ? page.words : text, page.seen)) {
		r->out->kind = NEWSLETTER_ASKS;
		return;
	}
	is_digest =
	    html ? read_html(r, subject, &page, plain) : read_text(r, subject, text);
	r->out->kind = is_digest ? NEWSLETTER_DIGEST : NEWSLETTER_LETTER;
}

/* Whichever way a post was read, it says nothing that is the subscriber's alone. */
static void
veil_posts(struct reading *r)
{
	for (size_t i = 0; i < r->posts.count; i++) {
		struct newsletter_post *post = &r->posts.list[i];
		const char **const lines[] = { &post->title, &post->author, &post->id };

		if (newsletter_private_url(&r->private, post->link))
			post->link = "";
		for (size_t k = 0; k < ARRAY_LEN(lines); k++)
			*lines[k] = newsletter_private_blank(r->a, &r->private, *lines[k],
			    strlen(*lines[k]));
	}
}

void
newsletter_read(struct arena *a, const char *bytes, size_t len, struct newsletter *out)
{
	struct reading r = { .a = a, .out = out };
	const struct mime_node *digest = NULL;

	*out = (struct newsletter){ .kind = NEWSLETTER_NOTHING };
	if (len > LIMIT_NEWSLETTER)
		len = LIMIT_NEWSLETTER;
	r.top = received_tree_read(a, bytes, len);
	newsletter_private_read(a, &r.top->header, &r.private);
	read_header(&r);
	if (r.top->header.count == 0)
		return;
	if (is_our_notice(&r.top->header)) {
		out->kind = NEWSLETTER_ASKS;
		return;
	}
	digest = mime_node_find(r.top, "multipart/digest");
	if (digest)
		take_digest(&r, digest);
	if (r.posts.count > 0)
		out->kind = NEWSLETTER_DIGEST;
	else
		read_letter(&r);
	veil_posts(&r);
	out->posts = r.posts.list;
	out->count = r.posts.count;
}
