/* SPDX-License-Identifier: ISC */
/*
 * Pictures that are none: counters of readers, known by their size or by where they live, and
 * characters drawn by somebody's server.
 */
#include "html/clean_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "html/css.h"

enum { SIZE_MOST = 100000, ICON_MOST = 16 };

/* Parts of addresses that serve nothing but counters. */
static const char *const counters[] = {
	"://ad.doubleclick.net/",
	"://b.scorecardresearch.com/",
	"://blogger.googleusercontent.com/tracker/",
	"://count.carrierzone.com/",
	"://feeds.feedblitz.com/_/",
	"://feeds.feedburner.com/~r/",
	"://feeds.feedburner.com/~ff/",
	"://feeds.wordpress.com/1.0/",
	"://follow.it/",
	"://googleads.g.doubleclick.net/",
	"://imp.constantcontact.com/",
	"://mf.feeds.reuters.com/",
	"://pi.feedsportal.com/",
	"://pubads.g.doubleclick.net/",
	"://res.feedsportal.com/",
	"://rss.feedsportal.com/",
	"://secure-us.imrworldwide.com/",
	"://www.google-analytics.com/",
	"://www.facebook.com/tr?",
	".feedsportal.com/c/",
	".list-manage.com/track/",
	".quantserve.com/",
	".statcounter.com/",
	"/b.gif?",
	"/mf.gif",
	"/open.gif?",
	"/pixel.gif",
	"/piwik.php?",
	"/matomo.php?",
	"/tracking-pixel",
	"/wf/open?",
	"api.parsely.com/",
	"medium.com/_/stat?",
	"republication-tracker-tool",
};

/* Names that hosts of counters have, and others too. */
/* clang-format off */
static const char *const vague_counters[] = {
	"://analytics.", "://counter.", "://hits.", "://pixel.", "://stats.", "://track.",
	"://tracking.",
};
/* clang-format on */

static const char *const emoji_sources[] = {
	"/images/core/emoji/",
	"/wp-includes/images/smilies/",
	"/twemoji/",
	"://abs.twimg.com/emoji/",
	"://github.githubassets.com/images/icons/emoji/",
	"://static.xx.fbcdn.net/images/emoji.php/",
};

static bool
contains_any(const char *address, const char *const *parts, size_t count)
{
	const char *host = strstr(address, "://");

	/* What begins with "://" is a host; addresses may hold others as parameters. */
	for (size_t i = 0; i < count; i++) {
		if (*parts[i] != ':' && strstr(address, parts[i]))
			return true;
		if (host && strncmp(host, parts[i], strlen(parts[i])) == 0)
			return true;
	}
	return false;
}

/* A size in pixels by attribute or style, or -1. */
static int
size_of(const struct html_node *n, const char *name)
{
	const char *value = node_attr(n, name);
	const char *style = node_attr(n, "style");
	int pixels = style ? css_pixels(style, name) : -1;

	char *end;
	long number;

	if (pixels >= 0 || !value)
		return pixels;
	number = strtol(value, &end, 10);
	if (end == value || *end == '%' || number < 0)
		return -1;
	return number < SIZE_MOST ? (int)number : SIZE_MOST;
}

static bool
has_words(const char *text)
{
	return text && text[strspn(text, HTML_BLANKS)] != '\0';
}

bool
is_tracking_picture(const struct html_node *n, const char *address)
{
	int width = size_of(n, "width");
	int height = size_of(n, "height");
	const char *style = node_attr(n, "style");

	if (width == 0 || height == 0)
		return true;
	if (width >= 0 && width <= 2 && height >= 0 && height <= 2)
		return true;
	if (style && css_is_hidden(style) && !node_attr(n, "data-src"))
		return true;
	if (contains_any(address, counters, ARRAY_LEN(counters)))
		return true;
	/* A counter has no size worth looking at, and nothing to say. */
	return !(width > ICON_MOST && height > ICON_MOST) &&
	    !has_words(node_attr(n, "alt")) &&
	    contains_any(address, vague_counters, ARRAY_LEN(vague_counters));
}

bool
is_emoji_picture(const struct html_node *n, const char *address)
{
	const char *alt = node_attr(n, "alt");
	const char *class_names = node_attr(n, "class");

	if (!alt || !*alt || strlen(alt) > 32)
		return false;
	if (class_names &&
	    (strstr(class_names, "emoji") || strstr(class_names, "wp-smiley")))
		return true;
	return contains_any(address, emoji_sources, ARRAY_LEN(emoji_sources));
}
