/* SPDX-License-Identifier: ISC */
#define _XOPEN_SOURCE 700 /* realpath() is POSIX.1-2008, but glibc asks for XSI */

#include "config/feed_section.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "format/url.h"
#include "config/feed_address.h"
#include "config/mailbox_address.h"
#include "config/option_checks.h"
#include "config/option_value.h"

/* "alice" of "feed alice"; NULL for every other name. */
static const char *
feed_key(const struct ini_section *section)
{
	const char *name = section->name;

	if (strncmp(name, "feed", 4) != 0 || !ascii_is_space((unsigned char)name[4]))
		return NULL;
	for (name += 4; ascii_is_space((unsigned char)*name);)
		name++;
	return *name ? name : NULL;
}

bool
feed_section_is_one(const struct ini_section *section)
{
	return strstr(section->name, "://") || mailbox_address_is(section->name) ||
	    feed_key(section) || ini_find(section, "feed");
}

const char *const feed_keys[] = { "content_type", "active", "url", "feed", "name",
	"title", "group", "language", "face", "avatar", "filter", "exclude", "categories",
	"exclude_categories", "languages", "exclude_languages", "strip", "max_per_feed",
	"user_agent", "paused", "link", "proxy", "headers", "full_text", "filter_command",
	"every", "timeout" };

/* The texts of a section and where they go; other programs' names for the same beside ours. */
static const struct text_key {
	const char *name;
	const char *alias;
	size_t offset;
} TEXTS[] = { { "name", "title", offsetof(struct listed_feed, name) },
	{ "group", NULL, offsetof(struct listed_feed, group) },
	{ "language", NULL, offsetof(struct listed_feed, language) },
	{ "face", "avatar", offsetof(struct listed_feed, face) },
	{ "filter", NULL, offsetof(struct listed_feed, filter) },
	{ "exclude", NULL, offsetof(struct listed_feed, exclude) },
	{ "categories", NULL, offsetof(struct listed_feed, categories) },
	{ "exclude_categories", NULL, offsetof(struct listed_feed, exclude_categories) },
	{ "languages", NULL, offsetof(struct listed_feed, languages) },
	{ "exclude_languages", NULL, offsetof(struct listed_feed, exclude_languages) },
	{ "strip", NULL, offsetof(struct listed_feed, strip) },
	{ "user_agent", NULL, offsetof(struct listed_feed, user_agent) },
	/* Powers over this machine: in a section alone, see feed_section_set(). */
	{ "proxy", NULL, offsetof(struct listed_feed, proxy) },
	{ "headers", NULL, offsetof(struct listed_feed, headers) },
	{ "full_text", NULL, offsetof(struct listed_feed, full_text) },
	{ "filter_command", NULL, offsetof(struct listed_feed, filter_command) } };
enum { TEXTS_ANYWHERE = 12 }; /* of them, those in front of the powers */

/* What [fetch] says for all feeds, and a section for one. */
static const struct number_key {
	const char *name;
	size_t offset;
} NUMBERS[] = { { "every", offsetof(struct listed_feed, every) },
	{ "timeout", offsetof(struct listed_feed, timeout) } };

static void
read_texts(struct arena *a, const struct ini_section *section, struct listed_feed *out)
{
	for (size_t i = 0; i < ARRAY_LEN(TEXTS); i++) {
		const struct ini_key *key = ini_find(section, TEXTS[i].name);

		if (!key && TEXTS[i].alias)
			key = ini_find(section, TEXTS[i].alias);
		if (key && *key->value)
			memcpy((char *)out + TEXTS[i].offset, &key->value,
			    sizeof(key->value));
	}
	/* Readers fetch it themselves. */
	if (out->face)
		out->face = url_public(a, out->face);
}

struct ini_pair
feed_section_text(const struct listed_feed *feed, size_t i)
{
	struct ini_pair pair = { TEXTS[i].name, NULL };

	memcpy(&pair.value, (const char *)feed + TEXTS[i].offset, sizeof(pair.value));
	return pair;
}

bool
feed_section_set(struct arena *a, struct listed_feed *feed, const char *key,
    const char *value)
{
	const char *text = *value ? arena_strdup(a, value) : NULL;

	if (strcmp(key, "paused") == 0)
		return option_parse_bool(value, &feed->paused);
	if (strcmp(key, "max_per_feed") == 0)
		return option_read_number(option_find("digest", "max_per_feed"), value,
		    &feed->max_per_feed);
	if (strcmp(key, "url") == 0) {
		feed->url = text ? text : feed->url;
		return text != NULL;
	}
	for (size_t i = 0; i < TEXTS_ANYWHERE; i++) {
		if (strcmp(TEXTS[i].name, key) != 0)
			continue;
		memcpy((char *)feed + TEXTS[i].offset, &text, sizeof(text));
		return true;
	}
	return false;
}

/* "file:NAME" names a file beside the configuration; elsewhere addresses are absolute. */
static char *
file_beside(struct arena *a, const char *path, const char *name)
{
	char *dir = file_dir(path);
	char *real = realpath(dir, NULL);
	char *url = real ? arena_printf(a, "file://%s/%s", real, name) : NULL;

	free(real);
	free(dir);
	return url;
}

static bool
is_file_name(const char *text)
{
	return ascii_starts_nocase(text, "file:") && text[5] != '\0' && text[5] != '/';
}

static bool
read_mailbox(struct arena *a, const char *path, const struct ini_section *section,
    const char *text, struct listed_feed *out, struct err *err)
{
	struct mailbox_address address;

	if (!mailbox_address_read(a, text, &address, err))
		return err_wrap(err, "%s line %d", path, section->line);
	out->url = arena_strdup(a, text);
	return true;
}

static bool
read_url(struct arena *a, const char *path, const struct ini_section *section,
    bool strict, struct listed_feed *out, struct err *err)
{
	const struct ini_key *url = ini_find(section, "url");
	const struct ini_key *feed = ini_find(section, "feed");
	const char *text = section->name;

	if (url && feed && strict)
		return err_set(err, ERR_CONFIG, "[%s] has both url and feed, %s line %d",
		    section->name, path, feed->line);
	if (!strstr(text, "://") && !mailbox_address_is(text))
		text = feed ? feed->value : url ? url->value : "";
	if (*text == '\0') {
		(void)err_set(err, ERR_CONFIG, "[%s] has no url, %s line %d",
		    section->name, path, section->line);
		return err_hint(err, "url = https://... (the address of its feed)");
	}
	/* No list of feeds may have us read mail of this machine. */
	if (strict && mailbox_address_is(text))
		return read_mailbox(a, path, section, text, out, err);
	if (is_file_name(text)) {
		out->url = file_beside(a, path, text + 5);
		if (out->url)
			return true;
	}
	out->url = feed_address_read(a, text);
	if (!out->url) {
		(void)err_set(err, ERR_CONFIG, "wrong address '%s' of a feed, %s line %d",
		    url_public(a, text), path, section->line);
		return err_hint(err, "https://..., or file:NAME for a file beside %s",
		    path);
	}
	return true;
}

static bool
refuse_value(const char *path, const struct ini_section *section,
    const struct ini_key *key, const struct option *like, const char *allowed,
    struct err *err)
{
	return option_refuse(like, key->value, allowed,
	    &(struct option_place){ key->name, section->name, path, key->line }, err);
}

/* The texts of which a general setting says what they may be. */
static bool
check_texts(struct arena *a, const char *path, const struct ini_section *section,
    struct err *err)
{
	static const struct {
		const char *key, *section, *name;
	} checked[] = { { "language", "newsletter", "language" },
		{ "languages", "digest", "languages" },
		{ "exclude_languages", "digest", "exclude_languages" } };

	for (size_t i = 0; i < ARRAY_LEN(checked); i++) {
		const struct ini_key *key = ini_find(section, checked[i].key);
		const struct option *like =
		    option_find(checked[i].section, checked[i].name);
		const char *allowed = NULL;

		if (key && *key->value && !option_check(a, like, key->value, &allowed))
			return refuse_value(path, section, key, like, allowed, err);
	}
	return true;
}

/* The same as [digest] has, for one feed. */
static bool
read_most(const char *path, const struct ini_section *section, const struct ini_key *max,
    bool strict, struct listed_feed *out, struct err *err)
{
	const struct option *most = option_find("digest", "max_per_feed");

	return *max->value == '\0' ||
	    option_read_number(most, max->value, &out->max_per_feed) || !strict ||
	    refuse_value(path, section, max, most, NULL, err);
}

static bool
read_numbers(const char *path, const struct ini_section *section, bool strict,
    struct listed_feed *out, struct err *err)
{
	for (size_t i = 0; i < ARRAY_LEN(NUMBERS); i++) {
		const struct ini_key *key = ini_find(section, NUMBERS[i].name);
		const struct option *like = option_find("fetch", NUMBERS[i].name);
		int64_t value = 0;

		if (!key || !*key->value)
			continue;
		if (option_read_number(like, key->value, &value))
			memcpy((char *)out + NUMBERS[i].offset, &value, sizeof(value));
		else if (strict)
			return refuse_value(path, section, key, like, NULL, err);
	}
	return true;
}

/* A field's name (RFC 9110 5.1), a colon and something visible in each line. */
static bool
are_headers(const char *lines)
{
	while (*lines) {
		const size_t len = strcspn(lines, "\n");
		const size_t name = strspn(lines,
		    "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
		    "ABCDEFGHIJKLMNOPQRSTUVWXYZ");

		if (name == 0 || lines[name] != ':' || name + 1 >= len)
			return false;
		for (size_t i = 0; i < len; i++)
			if ((unsigned char)lines[i] < ' ' || lines[i] == 0x7f)
				return false;
		lines += len;
		lines += strspn(lines, "\n");
	}
	return true;
}

static bool
check_headers(const char *path, const struct ini_section *section, bool strict,
    struct listed_feed *out, struct err *err)
{
	if (!out->headers || are_headers(out->headers))
		return true;
	out->headers = NULL;
	if (!strict)
		return true;
	(void)err_set(err, ERR_CONFIG, "wrong headers in [%s], %s line %d", section->name,
	    path, ini_find(section, "headers")->line);
	return err_hint(err, "headers = Name: value, or several in indented lines below");
}

bool
feed_section_read(struct arena *a, const char *path, const struct ini_section *section,
    bool strict, struct listed_feed *out, struct err *err)
{
	const struct ini_key *max = ini_find(section, "max_per_feed");
	const struct ini_key *paused = ini_find(section, "paused");

	memset(out, 0, sizeof(*out));
	out->max_per_feed = -1;
	out->file = path;
	out->line = section->line;
	out->section = section->name;
	out->key = feed_key(section);
	if (!read_url(a, path, section, strict, out, err))
		return false;
	if (strict && !check_texts(a, path, section, err))
		return false;
	read_texts(a, section, out);
	if (max && !read_most(path, section, max, strict, out, err))
		return false;
	if (!read_numbers(path, section, strict, out, err) ||
	    !check_headers(path, section, strict, out, err))
		return false;
	if (paused && *paused->value && !option_parse_bool(paused->value, &out->paused) &&
	    strict)
		return refuse_value(path, section, paused, NULL, "yes or no", err);
	return true;
}
