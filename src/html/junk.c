/* SPDX-License-Identifier: ISC */
/*
 * What feeds carry besides the entry: bars to share it, flares, notes where it came from.
 * Only what cannot be anything else is in the tables; the rest is for a source's `strip`.
 */
#include "html/clean.h"

#include <string.h>

#include "base/text.h"

/* Whole class names and ids. */
static const char *const junk_names[] = {
	"a2a_kit", "addthis_toolbox", "addtoany_content", "addtoany_share_save_container",
	"blogger-post-footer", "crp_related", "digg-button", "essb_links", "feedflare",
	"fb-like", "fb-share-button", "heateor_sss_sharing_container", "jp-relatedposts",
	"jp-post-flair", "mc4wp-form", "post-share", "post-sharing", "related-posts",
	"relatedposts", "screen-reader-text", "sd-sharing", "share-buttons", "shareaholic-canvas",
	"sharedaddy", "sharethis", "sociable", "social-share", "sfsi_widget", "ssba",
	"subscription-widget-wrap", "swp_social_panel", "tweetmeme_button", "twitter-share-button",
	"wp-block-jetpack-sharing-buttons", "wp_rp_wrap", "yarpp", "yarpp-related",
};

/* Links to machinery that only share bars use. */
static const char *const junk_links[] = {
	"://feeds.feedburner.com/~ff/",
	"://feeds.feedburner.com/~r/",
	"://feeds.wordpress.com/1.0/",
	"://api.tweetmeme.com/",
	"://da.feedsportal.com/",
	"://share.feedsportal.com/",
	"://www.addtoany.com/",
	"://addthis.com/bookmark",
	"://platform.twitter.com/widgets/",
	"://www.facebook.com/plugins/like",
	"://www.facebook.com/sharer.php?",
	"://www.facebook.com/sharer/",
	"://www.linkedin.com/shareArticle?",
	"://twitter.com/share?",
	"://twitter.com/intent/tweet?",
};

/* One of the words of a class attribute is in the table. */
static bool
has_junk_word(const char *words)
{
	while (*words) {
		size_t len;

		words += strspn(words, " \t\r\n\f");
		len = strcspn(words, " \t\r\n\f");
		for (size_t i = 0; i < ARRAY_LEN(junk_names); i++)
			if (strlen(junk_names[i]) == len &&
			    strncmp(words, junk_names[i], len) == 0)
				return true;
		words += len;
	}
	return false;
}

bool
is_junk(const struct html_node *n)
{
	const char *value;

	if (n->attr_count == 0)
		return false;
	if ((value = node_attr(n, "class")) != NULL && has_junk_word(value))
		return true;
	if ((value = node_attr(n, "id")) != NULL && has_junk_word(value))
		return true;
	return false;
}

bool
is_junk_address(const char *address)
{
	/* Behind the scheme only: addresses may hold others as parameters. */
	const char *host = strstr(address, "://");

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

/* The node is text that, trimmed, is exactly this. */
static bool
says(const struct html_node *n, const char *expected)
{
	const char *text;
	size_t len;

	if (!n || n->tag != TAG_TEXT)
		return false;
	text = n->text;
	len = n->len;
	text_trim(&text, &len);
	return strlen(expected) == len && strncmp(text, expected, len) == 0;
}

static bool
is_link(const struct html_node *n)
{
	return n && n->tag == TAG_A;
}

/* Drops the five nodes when they are an origin note. */
static void
drop_origin_note(struct html_node *n)
{
	struct html_node *second;
	struct html_node *between;
	struct html_node *fourth;

	if (!is_link(second = n->next) || !(between = second->next) ||
	    !is_link(fourth = between->next))
		return;
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
static const char *const more_texts[] = {
	"Continue reading", "Continue reading\xE2\x80\xA6", "Continue reading...",
	"Continue reading \xE2\x86\x92", "Continue reading \xC2\xBB", "Read more",
	"Read more...", "Read more\xE2\x80\xA6", "Read more \xE2\x86\x92", "Read more \xC2\xBB",
	"Read the rest of this entry \xC2\xBB", "Read the rest of this post",
	"Read the full article", "Read the full post", "Read full article", "Read full post",
	"Weiterlesen", "Weiterlesen \xE2\x86\x92", "Lire la suite", "Leer m\xC3\xA1s",
	"(more\xE2\x80\xA6)", "(more...)", "[Read More...]",
};

/* Nothing that a reader sees: blanks, breaks, counters. */
static bool
is_nothing(const struct html_node *n)
{
	const char *src;

	if (n->dropped || n->tag == TAG_BR || n->tag == TAG_SCRIPT || n->tag == TAG_STYLE)
		return true;
	if (n->tag == TAG_TEXT)
		return strspn(n->text, " \t\r\n\f") == n->len;
	if (n->tag == TAG_IMG)
		return (src = node_attr(n, "src")) != NULL && is_tracking_picture(n, src);
	for (const struct html_node *k = n->first; k; k = k->next)
		if (!is_nothing(k))
			return false;
	return n->tag == TAG_P || n->tag == TAG_DIV || n->tag == TAG_SPAN || n->tag == TAG_A;
}

static struct html_node *
last_block(struct html_node *root)
{
	struct html_node *n = root->last;

	while (n && is_nothing(n))
		n = n->prev;
	return n && (n->tag == TAG_P || n->tag == TAG_DIV || n->tag == TAG_A) ? n : NULL;
}

static void
drop_more_link(struct arena *scratch, struct html_node *root)
{
	struct html_node *block = last_block(root);
	size_t links = 0;
	const char *text;

	if (!block || block == root->first)
		return;
	for (struct html_node *n = block; n; n = node_next(n, block)) {
		links += n->tag == TAG_A;
		if (n->tag == TAG_IMG)
			return;
	}
	if (links != 1)
		return;
	text = node_text(scratch, block, 120);
	for (size_t i = 0; i < ARRAY_LEN(more_texts); i++)
		if (text_eq_nocase(text, more_texts[i]))
			block->dropped = true;
}

void
junk_drop_boilerplate(struct arena *scratch, struct html_node *root)
{
	for (struct html_node *n = root->first; n; n = node_next(n, root))
		if (n->tag == TAG_TEXT && n->next && n->next->tag == TAG_A)
			drop_origin_note(n);
	drop_more_link(scratch, root);
}
