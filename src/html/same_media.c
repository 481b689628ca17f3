/* SPDX-License-Identifier: ISC */
#include "html/same_media.h"

#include <string.h>

#include "base/text.h"

/* ---- sounds and films ---- */

/* Part of an address, compared as bytes. */
struct part {
	const char *text;
	size_t len;
};

static bool
part_is_same(struct part a, struct part b)
{
	return a.len == b.len && memcmp(a.text, b.text, a.len) == 0;
}

static struct part
video_name(const char *url)
{
	static const struct {
		const char *site;
		const char *before; /* the name; "" = right behind the site */
	} places[] = {
		{ "youtube.com/", "watch?v=" },
		{ "youtube.com/", "&v=" },
		{ "youtube.com/", "embed/" },
		{ "youtube.com/", "shorts/" },
		{ "youtube.com/", "live/" },
		{ "youtube.com/", "/v/" },
		{ "youtube-nocookie.com/", "embed/" },
		{ "youtu.be/", "" },
		{ "player.vimeo.com/", "video/" },
		{ "vimeo.com/", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		const char *site = strstr(url, places[i].site);
		const char *name = NULL;
		size_t len = 0;

		if (!site)
			continue;
		site += strlen(places[i].site) - (places[i].before[0] == '/');
		name = strstr(site, places[i].before);
		if (!name)
			continue;
		name += strlen(places[i].before);
		len = strspn(name,
		    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		    "0123456789_-");
		if (len > 0 && strchr("?&#/", name[len]))
			return (struct part){ name, len };
	}
	return (struct part){ "", 0 };
}

/* The address without its scheme, query and fragment. */
static struct part
place_of(const char *url)
{
	const char *at = strstr(url, "://");

	at = at ? at + 3 : url;
	return (struct part){ at, strcspn(at, "?#") };
}

/* Where the last part of a path ends without ".mp3"; 0 when it has no such ending. */
static size_t
without_ending(struct part p)
{
	size_t dot = p.len;

	while (dot > 0 && p.text[dot - 1] != '.' && p.text[dot - 1] != '/')
		dot--;
	if (dot < 2 || p.text[dot - 1] != '.' || p.len - dot < 2 || p.len - dot > 4 ||
	    !memchr(p.text, '/', dot))
		return 0;
	return dot - 1;
}

/* True when b is a file with its host, and a the same behind a counting service. */
static bool
ends_with(struct part a, struct part b)
{
	return a.len > b.len && a.text[a.len - b.len - 1] == '/' &&
	    memcmp(a.text + a.len - b.len, b.text, b.len) == 0;
}

bool
media_is_same(const char *a, const char *b)
{
	const struct part left = place_of(a);
	const struct part right = place_of(b);
	const struct part left_name = video_name(a);

	if (strcmp(a, b) == 0)
		return true;
	if (left_name.len > 0)
		return part_is_same(left_name, video_name(b));
	/* A page tells apart by its query what it shows. */
	if (without_ending(left) == 0 || without_ending(right) == 0)
		return false;
	return part_is_same(left, right) || ends_with(left, right) ||
	    ends_with(right, left);
}

bool
media_is_same_but_format(const char *a, const char *b)
{
	struct part left = place_of(a);
	struct part right = place_of(b);

	left.len = without_ending(left);
	right.len = without_ending(right);
	return left.len > 0 && part_is_same(left, right);
}

/* ---- pictures ---- */

/* Length of the name without what blog programs add for a size: "-1024x683", "-scaled". */
static size_t
without_size(const char *name, size_t len)
{
	static const char scaled[] = "-scaled";
	size_t at = len;

	if (len >= sizeof(scaled) &&
	    memcmp(name + len - sizeof(scaled) + 1, scaled, sizeof(scaled) - 1) == 0)
		return len - sizeof(scaled) + 1;
	while (at > 0 && (ascii_is_digit(name[at - 1]) || name[at - 1] == 'x'))
		at--;
	if (at < 2 || at == len || name[at - 1] != '-' ||
	    !memchr(name + at, 'x', len - at))
		return len;
	return at - 1;
}

struct picture_name
picture_name(const char *url)
{
	size_t end = strcspn(url, "?#");
	size_t start = end;

	while (start > 0 && url[start - 1] != '/')
		start--;
	for (size_t i = end; i > start; i--) {
		if (url[i - 1] == '.') {
			end = i - 1;
			break;
		}
	}
	return (
	    struct picture_name){ url + start, without_size(url + start, end - start) };
}

bool
picture_is_same(const char *a, const char *b)
{
	const struct picture_name left = picture_name(a);
	const struct picture_name right = picture_name(b);

	if (strcmp(a, b) == 0)
		return true;
	return left.len == right.len && left.len >= PICTURE_NAME_LEAST &&
	    memcmp(left.text, right.text, left.len) == 0;
}
