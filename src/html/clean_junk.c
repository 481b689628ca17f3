/* SPDX-License-Identifier: ISC */
/*
 * What feeds carry besides the entry: bars to share it, flares, notes where it came from.
 * Only what cannot be anything else is in the tables; the rest is for a source's `strip`.
 */
#include "html/clean_private.h"

#include <string.h>

#include "base/text.h"
#include "html/css.h"

/* Whole class names and ids. */
/* clang-format off */
static const char *const junk_names[] = {
	"a2a_kit", "addthis_toolbox", "addtoany_content", "addtoany_share_save_container",
	"blogger-post-footer", "crp_related", "digg-button", "email-subscribe", "essb_links",
	"fb-like", "fb-share-button", "feedflare", "formkit-form",
	"heateor_sss_sharing_container", "jetpack_subscription_widget", "jp-post-flair",
	"jp-relatedposts", "mc4wp-form", "mc_embed_signup", "newsletter-form",
	"newsletter-signup", "post-share", "post-sharing", "related-posts", "relatedposts",
	"screen-reader-text", "sd-sharing", "sfsi_widget", "share-buttons", "shareaholic-canvas",
	"sharedaddy", "sharethis", "sociable", "social-share", "ssba", "subscribe-form",
	"subscribe-widget", "subscription-widget", "subscription-widget-wrap",
	"subscription-widget-wrap-editor", "swp_social_panel", "tnp-subscription",
	"tweetmeme_button", "twitter-share-button", "wp-block-jetpack-sharing-buttons",
	"wp-block-jetpack-subscriptions", "wp_rp_wrap", "yarpp", "yarpp-related",
};
/* clang-format on */

/* Links to machinery that only share bars use. */
static const char *const junk_links[] = {
	"://api.whatsapp.com/send?",
	"://bsky.app/intent/compose?",
	"://feeds.feedburner.com/~ff/",
	"://feeds.feedburner.com/~r/",
	"://feeds.wordpress.com/1.0/",
	"://api.tweetmeme.com/",
	"://da.feedsportal.com/",
	"://getpocket.com/save?",
	"://news.ycombinator.com/submitlink?",
	"://pinterest.com/pin/create/",
	"://plus.google.com/share?",
	"://reddit.com/submit?",
	"://share.feedsportal.com/",
	"://t.me/share/",
	"://telegram.me/share/",
	"://vk.com/share.php?",
	"://www.addtoany.com/",
	"://addthis.com/bookmark",
	"://platform.twitter.com/widgets/",
	"://www.facebook.com/plugins/like",
	"://www.facebook.com/sharer.php?",
	"://www.facebook.com/sharer/",
	"://www.linkedin.com/shareArticle?",
	"://www.pinterest.com/pin/create/",
	"://www.reddit.com/submit?",
	"://www.threads.net/intent/post?",
	"://www.tumblr.com/share",
	"://twitter.com/home?status=",
	"://twitter.com/share?",
	"://twitter.com/intent/tweet?",
	"://x.com/intent/post?",
	"://x.com/intent/tweet?",
	"://x.com/share?",
};

/* What programs that colour code call the column with the numbers of its lines. */
/* clang-format off */
static const char *const gutter_names[] = {
	"blob-num", "crayon-num", "crayon-nums", "gutter", "hljs-ln-numbers", "line-number",
	"line-numbers-rows", "lineno", "linenodiv", "linenos", "linenr", "ln", "lnt",
	"rouge-gutter",
};
/* clang-format on */

/* Every node is marked once, however deep columns of numbers stand in each other. */
void
junk_mark_words(struct html_node *root)
{
	for (struct html_node *n = root; n; n = node_next(n, root)) {
		if (n->tag != TAG_TEXT ||
		    strspn(n->text, "0123456789: \t\r\n\f") == n->len)
			continue;
		for (struct html_node *up = n->parent; up && !up->worded; up = up->parent)
			up->worded = true;
	}
}

/* Numbers beside code are for pages: in a letter they stand in its lines. */
static bool
is_gutter(const struct html_node *n)
{
	const char *style = node_attr(n, "style");
	const char *hidden = node_attr(n, "aria-hidden");

	if (n->tag != TAG_SPAN && n->tag != TAG_TD && n->tag != TAG_TH &&
	    n->tag != TAG_DIV && n->tag != TAG_PRE && n->tag != TAG_A)
		return false;
	return (node_has_word(n, "class", gutter_names, ARRAY_LEN(gutter_names)) ||
		   (style && css_has(style, "user-select", "none")) ||
		   (hidden && ascii_eq_nocase(hidden, "true"))) &&
	    !n->worded; /* nothing but numbers of lines: "1 2 3", "12:" */
}

/* Substack's buttons to share, subscribe and comment look like those a writer puts there. */
static bool
is_service_button(const struct html_node *n)
{
	const char *names = node_attr(n, "class");
	const struct html_node *link = n->first;
	const char *href;

	if (!names || !strstr(names, "button-wrapper"))
		return false;
	while (link && link->tag != TAG_A)
		link = link->next;
	href = link ? node_attr(link, "href") : NULL;
	return href &&
	    (strstr(href, "action=share") || strstr(href, "/subscribe?") ||
		strstr(href, "/comments?"));
}

/* A form that asks for an address: nobody can send it from a letter. */
static bool
is_address_form(const struct html_node *n)
{
	if (n->tag != TAG_FORM)
		return false;
	for (const struct html_node *k = n->first; k; k = node_next(k, n)) {
		const char *type = k->tag == TAG_INPUT ? node_attr(k, "type") : NULL;

		if (type && ascii_eq_nocase(type, "email"))
			return true;
	}
	return false;
}

bool
is_junk(const struct html_node *n)
{
	if (is_address_form(n))
		return true;
	if (n->attr_count == 0)
		return false;
	return node_has_word(n, "class", junk_names, ARRAY_LEN(junk_names)) ||
	    node_has_word(n, "id", junk_names, ARRAY_LEN(junk_names)) ||
	    is_service_button(n) || is_gutter(n);
}

bool
is_junk_address(const char *address)
{
	/* Behind the scheme only: addresses may hold others as parameters. */
	const char *host = strstr(address, "://");

	if (ascii_starts_nocase(address, "mailto:?"))
		return true; /* a letter to nobody: "mail this to a friend" */
	for (size_t i = 0; host && i < ARRAY_LEN(junk_links); i++)
		if (strncmp(host, junk_links[i], strlen(junk_links[i])) == 0)
			return true;
	return false;
}

/*
 * WordPress ends each entry with "The post TITLE appeared first on SITE." in its language:
 * text, link, text, link, text.
 */
static const struct origin_note {
	const char *first;
	const char *between;
	const char *last;
} origin_notes[] = {
	/* clang-format off */
	{ "The post", "appeared first on", "." },
	{ "The post", "first appeared on", "." },
	{ "The article", "appeared first on", "." },
	{ "This article", "was originally published on", "." },
	{ "Der Beitrag", "erschien zuerst auf", "." },
	{ "Der Artikel", "erschien zuerst auf", "." },
	{ "Het bericht", "verscheen eerst op", "." },
	{ "L\xE2\x80\x99" "article", "est apparu en premier sur", "." },
	{ "Cet article", "est apparu en premier sur", "." },
	{ "La entrada", "se public\xC3\xB3 primero en", "." },
	{ "La entrada", "aparece primero en", "." },
	{ "L'articolo", "proviene da", "." },
	{ "L\xE2\x80\x99" "articolo", "proviene da", "." },
	{ "O post", "apareceu primeiro em", "." },
	{ "O conte\xC3\xBA" "do", "aparece primeiro em", "." },
	{ "Artyku\xC5\x82", "pochodzi z serwisu", "." },
	{ "Inl\xC3\xA4gget", "d\xC3\xB6k f\xC3\xB6rst upp p\xC3\xA5", "." },
	{ "Indl\xC3\xA6gget", "blev f\xC3\xB8rst udgivet p\xC3\xA5", "." },
	{ "\xD0\xA1\xD0\xBE\xD0\xBE\xD0\xB1\xD1\x89\xD0\xB5\xD0\xBD\xD0\xB8\xD0\xB5",
		"\xD0\xBF\xD0\xBE\xD1\x8F\xD0\xB2\xD0\xB8\xD0\xBB\xD0\xB8\xD1\x81\xD1\x8C "
		"\xD1\x81\xD0\xBD\xD0\xB0\xD1\x87\xD0\xB0\xD0\xBB\xD0\xB0 \xD0\xBD\xD0\xB0", "." },
	{ "\xE6\x8A\x95\xE7\xA8\xBF", "\xE3\x81\xAF",
		"\xE3\x81\xAB\xE6\x9C\x80\xE5\x88\x9D\xE3\x81\xAB\xE8\xA1\xA8\xE7\xA4\xBA"
		"\xE3\x81\x95\xE3\x82\x8C\xE3\x81\xBE\xE3\x81\x97\xE3\x81\x9F\xE3\x80\x82" },
};
/* clang-format on */

/* The length of the node's own text without the white space around it; 0 for an element. */
static size_t
trimmed(const struct html_node *n, const char **text)
{
	size_t len = n && n->tag == TAG_TEXT ? n->len : 0;

	*text = len > 0 ? n->text : "";
	ascii_trim(text, &len);
	return len;
}

/* The node is text that, trimmed, is exactly this. */
static bool
says(const struct html_node *n, const char *expected)
{
	const char *text;
	size_t len = trimmed(n, &text);

	return strlen(expected) == len && strncmp(text, expected, len) == 0;
}

static size_t
prose_length(const struct html_node *n)
{
	return trimmed(n, &(const char *){ NULL });
}

bool
is_in_prose(const struct html_node *n)
{
	enum { LABEL_MAX = 14, WORD_MIN = 4 }; /* "Share this on:", "or" */
	size_t before = prose_length(n->prev);
	size_t behind = prose_length(n->next);

	return before + behind > LABEL_MAX || (before >= WORD_MIN && behind >= WORD_MIN);
}

static bool
is_link(const struct html_node *n)
{
	return n && n->tag == TAG_A;
}

/* The note without a second link: "The post TITLE appeared first on Some Site." */
static void
drop_short_note(struct html_node *n)
{
	enum { SITE_MAX = 80 };
	struct html_node *end = n->next->next;
	const char *text;
	size_t len = trimmed(end, &text);

	if (len == 0 || prose_length(end->next) > 0)
		return;
	for (size_t i = 0; i < ARRAY_LEN(origin_notes); i++) {
		const struct origin_note *note = &origin_notes[i];
		size_t between = strlen(note->between);

		if (!says(n, note->first) || len <= between + 1 ||
		    len > between + SITE_MAX ||
		    strncmp(text, note->between, between) != 0 || text[between] != ' ')
			continue;
		n->dropped = n->next->dropped = end->dropped = true;
		return;
	}
}

/* Drops the five nodes when they are an origin note. */
static void
drop_origin_note(struct html_node *n)
{
	struct html_node *second;
	struct html_node *between;
	struct html_node *fourth;

	if (!is_link(second = n->next) || !(between = second->next))
		return;
	if (!is_link(fourth = between->next)) {
		drop_short_note(n);
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(origin_notes); i++) {
		const struct origin_note *note = &origin_notes[i];

		if (!says(n, note->first) || !says(between, note->between))
			continue;
		if (fourth->next && !says(fourth->next, note->last))
			continue;
		n->dropped = second->dropped = between->dropped = fourth->dropped = true;
		if (fourth->next)
			fourth->next->dropped = true;
		return;
	}
}

/* Texts that, as a whole last paragraph holding one link, only repeat the entry's own link. */
/* clang-format off */
static const char *const more_texts[] = {
	"Continue reading", "Continue reading\xE2\x80\xA6", "Continue reading...",
	"Continue reading \xE2\x86\x92", "Continue reading \xC2\xBB", "Read more",
	"Read more...", "Read more\xE2\x80\xA6", "Read more \xE2\x86\x92", "Read more \xC2\xBB",
	"Read the rest of this entry \xC2\xBB", "Read the rest of this post",
	"Read the full article", "Read the full post", "Read full article", "Read full post",
	"Weiterlesen", "Weiterlesen \xE2\x86\x92", "Lire la suite", "Leer m\xC3\xA1s",
	"(more\xE2\x80\xA6)", "(more...)", "[Read More...]",
};
/* clang-format on */

/* Nothing that a reader sees: blanks, breaks, counters. */
static bool
is_nothing(const struct html_node *n)
{
	const char *src;

	if (n->dropped || n->tag == TAG_BR || n->tag == TAG_SCRIPT || n->tag == TAG_STYLE)
		return true;
	if (n->tag == TAG_TEXT)
		return node_is_blank(n);
	if (n->tag == TAG_IMG)
		return (src = node_attr(n, "src")) != NULL && is_tracking_picture(n, src);
	for (const struct html_node *k = n->first; k; k = k->next)
		if (!is_nothing(k))
			return false;
	return n->tag == TAG_P || n->tag == TAG_DIV || n->tag == TAG_SPAN ||
	    n->tag == TAG_A;
}

/* The block at n or before it that a reader sees last; NULL when that is no block. */
static struct html_node *
last_block(struct html_node *n)
{
	while (n && is_nothing(n))
		n = n->prev;
	return n && (n->tag == TAG_P || n->tag == TAG_DIV || n->tag == TAG_A) ? n : NULL;
}

static bool
is_more_link(struct arena *scratch, const struct html_node *block)
{
	size_t links = 0;
	const char *text;

	for (const struct html_node *n = block; n; n = node_next(n, block)) {
		links += n->tag == TAG_A;
		if (n->tag == TAG_IMG)
			return false;
	}
	if (links != 1)
		return false;
	text = node_text(scratch, block, 120);
	for (size_t i = 0; i < ARRAY_LEN(more_texts); i++)
		if (ascii_eq_nocase(text, more_texts[i]))
			return true;
	return false;
}

/* Drops the last block, and what is the last without it, as long as it is such a link. */
static void
drop_more_links(struct arena *scratch, struct html_node *root)
{
	struct html_node *block = last_block(root->last);

	while (block && block != root->first && is_more_link(scratch, block)) {
		block->dropped = true;
		block = last_block(block->prev);
	}
}

/* Medium's: "TITLE was originally published in PLACE on Medium, where people are ..." */
static void
drop_medium_note(struct html_node *n)
{
	static const char words[] =
	    "on Medium, where people are continuing the conversation";
	const char *text;
	size_t len = trimmed(n, &text);

	if (len >= sizeof(words) - 1 && strncmp(text, words, sizeof(words) - 1) == 0 &&
	    n->parent && n->parent->tag == TAG_P)
		n->parent->dropped = true;
}

void
junk_drop_boilerplate(struct arena *scratch, struct html_node *root)
{
	for (struct html_node *n = root->first; n; n = node_next(n, root)) {
		if (n->tag != TAG_TEXT)
			continue;
		if (n->next && n->next->tag == TAG_A)
			drop_origin_note(n);
		else if (!n->next)
			drop_medium_note(n);
	}
	drop_more_links(scratch, root);
}
