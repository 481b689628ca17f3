/* SPDX-License-Identifier: ISC */
/*
 * JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/).
 */
#include "feed/jsonfeed_read.h"

#include <string.h>

#include "base/text.h"
#include "feed/entry_address.h"
#include "feed/entry_person.h"
#include "feed/entry_text.h"
#include "feed/json_repair.h"
#include "format/json.h"
#include "format/url.h"

/*
 * The reader makes some hundred bytes of each object and list: a document of brackets would
 * fill the memory.
 */
enum { VALUES_MAX = 400000 };

/* Where two members fill one field the first ranks higher, wherever it stands. */
enum { RANK_FIRST = 90, RANK_SECOND = 80, RANK_THIRD = 50 };

static bool
is_crowded(const char *text, size_t len)
{
	size_t count = 0;

	for (size_t i = 0; i < len; i++)
		count += text[i] == '{' || text[i] == '[';
	return count > VALUES_MAX;
}

/* The text of a member; numbers count as text for ids (many write them so). */
static const char *
member_text(struct build *b, const struct json_value *v, const char *key)
{
	const struct json_value *m = json_get(v, key);
	const char *text = json_text(m);
	int64_t n = 0;

	if (text)
		return *text ? arena_strdup(b->a, text) : NULL;
	return m && json_number(m, &n) ? arena_printf(b->a, "%lld", (long long)n) : NULL;
}

static const char *
member_line(struct build *b, const struct json_value *v, const char *key)
{
	return plain_of_text(b, json_text(json_get(v, key)));
}

/* An identity is a line, too; most are addresses, some are numbers. */
static const char *
member_id(struct build *b, const struct json_value *v)
{
	return plain_of_text(b, member_text(b, v, "id"));
}

static const char *
member_url(struct draft *d, const struct json_value *v, const char *key)
{
	return draft_url(d, NULL, json_text(json_get(v, key)));
}

static void
read_json_author(struct draft *d, const struct json_value *v)
{
	const char *url = json_text(json_get(v, "url"));
	const char *name = member_line(d->build, v, "name");

	if (json_text(v))
		name = plain_of_text(d->build, json_text(v));
	if (url && ascii_starts_nocase(url, "mailto:"))
		draft_add_person(d, RANK_FIRST, name, arena_strdup(d->build->a, url),
		    NULL);
	else
		draft_add_person(d, RANK_FIRST, name, NULL, member_url(d, v, "url"));
}

/* 1.1 has "authors", 1.0 "author"; where both are, the list counts. */
static void
read_authors(struct draft *d, const struct json_value *v)
{
	const struct json_value *list = json_get(v, "authors");

	for (size_t i = 0; i < json_count(list); i++)
		read_json_author(d, json_at(list, i));
	if (d->author_count == 0 && json_get(v, "author"))
		read_json_author(d, json_get(v, "author"));
}

static void
read_attachment(struct draft *d, const struct json_value *v)
{
	struct enclosure e = { .bytes = -1, .seconds = -1 };
	int64_t n = 0;
	double seconds = 0;

	e.url = member_url(d, v, "url");
	e.type = member_line(d->build, v, "mime_type");
	e.title = member_line(d->build, v, "title");
	if (json_number(json_get(v, "size_in_bytes"), &n) && n >= 0)
		e.bytes = n;
	if (json_real_number(json_get(v, "duration_in_seconds"), &seconds) &&
	    seconds >= 0 && seconds < 1e9)
		e.seconds = (int64_t)seconds;
	draft_add_enclosure(d, &e);
}

static void
read_time(struct draft *d, const struct json_value *v, const char *key, enum field field)
{
	const char *text = json_text(json_get(v, key));

	if (text)
		draft_set_time(d, field, RANK_FIRST, text, strlen(text), 0);
}

static void
read_body(struct draft *d, const struct json_value *v, const char *key, unsigned rank,
    enum content_type type)
{
	struct raw_content raw = { .type = type };

	raw.text = member_text(d->build, v, key);
	if (!raw.text)
		return;
	raw.len = strlen(raw.text);
	raw.language = member_line(d->build, v, "language");
	draft_add_body(d, rank, &raw);
}

static void
read_item(struct build *b, const struct json_value *v)
{
	const struct json_value *list = NULL;
	struct draft d;

	draft_init(&d, b, false);
	d.base = b->channel.base;
	draft_set(&d, FIELD_ID, RANK_FIRST, member_id(b, v));
	draft_set(&d, FIELD_LINK, RANK_FIRST, member_url(&d, v, "url"));
	draft_set(&d, FIELD_EXTERNAL, RANK_FIRST, member_url(&d, v, "external_url"));
	draft_set(&d, FIELD_TITLE, RANK_FIRST, member_line(b, v, "title"));
	draft_set(&d, FIELD_LANGUAGE, RANK_FIRST, member_line(b, v, "language"));
	draft_set(&d, FIELD_IMAGE, RANK_FIRST, member_url(&d, v, "image"));
	draft_set(&d, FIELD_IMAGE, RANK_SECOND, member_url(&d, v, "banner_image"));
	read_body(&d, v, "content_html", RANK_FIRST, CONTENT_HTML);
	read_body(&d, v, "content_text", RANK_SECOND, CONTENT_TEXT);
	read_body(&d, v, "summary", RANK_THIRD, CONTENT_TEXT);
	read_time(&d, v, "date_published", FIELD_PUBLISHED);
	read_time(&d, v, "date_modified", FIELD_UPDATED);
	read_authors(&d, v);
	list = json_get(v, "tags");
	for (size_t i = 0; i < json_count(list); i++)
		draft_add_category(&d, plain_of_text(b, json_text(json_at(list, i))));
	list = json_get(v, "attachments");
	for (size_t i = 0; i < json_count(list); i++)
		read_attachment(&d, json_at(list, i));
	build_add_entry(b, &d, 0);
}

/* A JSON document is a feed when it says so, or has a list of items with anything in it. */
static bool
is_feed(const struct json_value *root)
{
	const char *version = json_text(json_get(root, "version"));

	if (version && ascii_find_nocase(version, "jsonfeed.org"))
		return true;
	return json_is_array(json_get(root, "items")) &&
	    (json_get(root, "title") || json_get(root, "feed_url") ||
		json_get(root, "home_page_url"));
}

/* As it stands, else repaired; NULL when it is no JSON even then. */
static struct json *
parse_or_repair(struct build *b, const char *text, size_t len, struct err *err)
{
	struct err cause = ERR_INIT;
	struct json *doc = json_parse(text, len, &cause);
	struct buf repaired = BUF_INIT(2 * (size_t)LIMIT_FEED_BYTES);

	if (doc)
		return doc;
	json_repair(&repaired, text, len);
	doc = json_parse(buf_text(&repaired), repaired.len, err);
	if (doc) {
		build_warn(b, 0, "%s; mended", cause.text);
		b->damaged = true;
	}
	buf_clear(&repaired);
	return doc;
}

bool
jsonfeed_read(struct build *b, const char *text, size_t len, struct err *err)
{
	struct json *doc = NULL;
	const struct json_value *root = NULL;
	const struct json_value *items = NULL;
	struct draft *d = &b->channel;
	const char *version = NULL;
	static const enum field bases[] = { FIELD_SELF, FIELD_LINK };

	if (is_crowded(text, len))
		return err_set(err, ERR_LIMIT, "JSON with more than %d lists and objects",
		    (int)VALUES_MAX);
	doc = parse_or_repair(b, text, len, err);
	if (!doc)
		return false;
	root = json_root(doc);
	if (!json_is_object(root) || !is_feed(root)) {
		json_free(doc);
		return err_set(err, ERR_INPUT, "JSON, but no JSON Feed");
	}
	version = json_text(json_get(root, "version"));
	b->format = version && strstr(version, "version/1.1") ? "json11" : "json1";
	d->base = b->context->url;
	draft_set(d, FIELD_SELF, RANK_FIRST, member_url(d, root, "feed_url"));
	draft_set(d, FIELD_LINK, RANK_FIRST, member_url(d, root, "home_page_url"));
	for (size_t i = 0; !d->base && i < ARRAY_LEN(bases); i++)
		if (d->text[bases[i]] && url_is_web(d->text[bases[i]]))
			d->base = d->text[bases[i]];
	draft_set(d, FIELD_TITLE, RANK_FIRST, member_line(b, root, "title"));
	draft_set(d, FIELD_DESCRIPTION, RANK_FIRST, member_line(b, root, "description"));
	draft_set(d, FIELD_LANGUAGE, RANK_FIRST, member_line(b, root, "language"));
	draft_set(d, FIELD_NEXT, RANK_FIRST, member_url(d, root, "next_url"));
	draft_set(d, FIELD_IMAGE, RANK_FIRST, member_url(d, root, "icon"));
	draft_set(d, FIELD_IMAGE, RANK_SECOND, member_url(d, root, "favicon"));
	read_authors(d, root);
	draft_set(d, FIELD_HUB, RANK_FIRST,
	    member_url(d, json_at(json_get(root, "hubs"), 0), "url"));
	items = json_get(root, "items");
	for (size_t i = 0; i < json_count(items); i++)
		if (json_is_object(json_at(items, i)))
			read_item(b, json_at(items, i));
	json_free(doc);
	return true;
}
