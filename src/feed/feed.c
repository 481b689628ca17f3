/* SPDX-License-Identifier: ISC */
/*
 * From bytes to struct feed: encoding, dialect, and the passes over damaged XML: strict, then
 * over repaired text, then recovery.
 */
#include "feed/feed.h"

#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "feed/encoding.h"
#include "feed/entry_address.h"
#include "feed/entry_builder.h"
#include "feed/entry_text.h"
#include "feed/jsonfeed_read.h"
#include "feed/xml.h"
#include "feed/xml_node.h"
#include "feed/xml_prolog.h"
#include "feed/xml_repair.h"
#include "html/feed_links.h"

enum {
	HEAD_MAX = 256 * 1024, /* what may stand in front of the root element */
	JUNK_MAX = 8192        /* what is forgiven in front of it */
};

/* ---- which dialect ---- */

static bool
is_local(const struct xml_node *node, const char *local)
{
	return strcmp(node->name->local, local) == 0;
}

static const char *
rss_format(const struct xml_node *root)
{
	static const struct {
		const char *version;
		const char *format;
	} formats[] = {
		{ "0.90", "rss090" },
		{ "0.9", "rss090" },
		{ "0.91", "rss091" },
		{ "0.92", "rss092" },
		{ "0.93", "rss093" },
		{ "0.94", "rss094" },
		{ "1.0", "rss10" },
	};
	const char *version = xml_attr(root, "version");

	for (size_t i = 0; version && i < ARRAY_LEN(formats); i++)
		if (strcmp(version, formats[i].version) == 0)
			return formats[i].format;
	return "rss20";
}

static const char *
atom_format(const struct xml_node *root)
{
	const char *uri = root->name->uri ? root->name->uri : "";
	const char *version = xml_attr(root, "version");

	if (version && ascii_starts_nocase(version, "0."))
		return "atom03";
	return ascii_find_nocase(uri, "purl.org") || ascii_find_nocase(uri, "example.com")
	    ? "atom03"
	    : "atom10";
}

/* The root tells the dialect; of RDF the first element of a vocabulary inside. */
static bool
find_format(struct build *b, const struct xml_node *root)
{
	if (is_local(root, "rss"))
		b->format = rss_format(root);
	else if (is_local(root, "rdf"))
		b->format = "rss10";
	else if (is_local(root, "feed") || is_local(root, "entry"))
		b->format = atom_format(root);
	else if (is_local(root, "channel"))
		b->format = root->name->space == SPACE_CDF ? "cdf" : "rss20";
	return b->format != NULL;
}

static void
refine_rdf(struct build *b, const struct xml_node *node)
{
	const char *uri = node->name->uri;

	if (uri && (ascii_find_nocase(uri, "netscape.com/rdf/simple/0.9")))
		b->format = "rss090";
}

/* ---- one pass ---- */

/* The first row of that name; NULL when no table has it. */
static const struct rule *
rule_find(enum space space, const char *local)
{
	const struct rule *const tables[] = { rss_rules, atom_rules, extension_rules,
		cdf_rules };

	for (size_t t = 0; t < ARRAY_LEN(tables); t++)
		for (const struct rule *r = tables[t]; r->local; r++)
			if (r->space == space && strcmp(r->local, local) == 0)
				return r;
	return NULL;
}

static const void *
on_rule(void *arg, const struct xml_name *name)
{
	(void)arg;
	return rule_find(name->space, name->local);
}

static bool
is_unit(const struct xml_node *node)
{
	enum space space = node->name->space;

	return (is_local(node, "item") && (space == SPACE_RSS || space == SPACE_CDF)) ||
	    (is_local(node, "entry") && (space == SPACE_ATOM || space == SPACE_RSS));
}

static enum xml_step
on_open(void *arg, const struct xml_node *node, size_t depth)
{
	struct build *b = arg;

	if (depth == 0 && !find_format(b, node))
		return XML_STOP;
	if (depth == 1 && strcmp(b->format, "rss10") == 0)
		refine_rdf(b, node);
	if (is_unit(node))
		return XML_UNIT;
	return is_local(node, "items") ? XML_SKIP : XML_KEEP;
}

/* CDF puts the address of an item into its tag, RSS 1.0 its identity. */
static void
read_own_attributes(struct draft *d, const struct xml_node *node)
{
	const char *about = xml_attr_ns(node, SPACE_RDF, "about");
	const char *href = xml_attr(node, "href");
	const char *updated = xml_attr(node, "lastmod");
	const char *language = xml_attr_ns(node, SPACE_XML, "lang");

	draft_set(d, FIELD_ID, RANK_ABOUT, plain_of_text(d->build, about));
	draft_set(d, FIELD_LINK, RANK_HREF, draft_url(d, node, href));
	if (!d->is_feed)
		draft_set(d, FIELD_LINK, RANK_GUESS, draft_url(d, node, about));
	if (updated)
		draft_set_time(d, FIELD_UPDATED, RANK_LASTMOD, updated, strlen(updated),
		    node->line);
	if (language)
		draft_set(d, FIELD_LANGUAGE, RANK_XML_LANG,
		    arena_strdup(d->build->a, language));
}

static void
on_unit(void *arg, const struct xml_node *node)
{
	struct build *b = arg;
	struct draft d;

	draft_init(&d, b, false);
	read_own_attributes(&d, node);
	draft_read(&d, node);
	build_add_entry(b, &d, node->line);
}

static void
on_warn(void *arg, unsigned line, const char *text)
{
	build_warn(arg, line, "%s", text);
}

/* Forgets what a pass that failed has built. */
static void
begin_pass(struct build *b)
{
	b->format = NULL;
	b->entries = NULL;
	b->entry_count = 0;
	b->late = NULL;
	b->dates_warned = false;
	draft_init(&b->channel, b, true);
}

static void
end_pass(struct build *b, const struct xml_node *root)
{
	if (!root || !b->format)
		return;
	read_own_attributes(&b->channel, root);
	if (strcmp(b->format, "cdf") == 0 || !is_local(root, "channel"))
		draft_read(&b->channel, root);
	else
		rule_find(SPACE_RSS, "channel")->read(&b->channel, root, NULL);
}

static void
one_pass(struct build *b, const struct xml_source *source, struct xml_result *result)
{
	const struct xml_events events = { b, on_rule, on_open, on_unit, on_warn };

	begin_pass(b);
	xml_parse(b->scratch, source, &events, result);
	end_pass(b, result->root);
}

/* ---- strict, repaired, recovered ---- */

static void
on_repair(void *arg, unsigned line, const char *what)
{
	build_warn(arg, line, "%s; repaired", what);
}

/*
 * An entry cut off in front of its link and id would come again as another one when the feed
 * is whole, and its title is mostly half a title.  True when it was left out.
 */
static bool
drop_torn_entry(struct build *b)
{
	const struct entry *last =
	    b->entry_count > 0 ? &b->entries[b->entry_count - 1] : NULL;

	if (!last || last->link || last->guid)
		return false;
	b->entry_count--;
	build_warn(b, 0, "the last entry was cut off in front of its link; left out");
	return true;
}

/* False when nothing could be read: then b->format is NULL or there is nothing in the feed. */
static void
read_xml(struct build *b, struct xml_source *source)
{
	struct xml_result result = { 0 };
	struct buf repaired = BUF_INIT(LIMIT_FEED_BYTES + LIMIT_FEED_BYTES / 4);
	size_t warnings = b->warning_count;
	bool is_torn = false;

	one_pass(b, source, &result);
	if (result.well_formed && !repair_is_needed(source))
		return;
	if (result.closed && !result.well_formed) {
		build_warn(b, result.line, "%s; what follows was left out", result.cause);
		return;
	}
	if (result.unwanted)
		return;
	b->warning_count = warnings;
	b->damaged = true;
	is_torn = repair_xml(&repaired, source, on_repair, b);
	source->text = buf_text(&repaired);
	source->len = repaired.len;
	if (b->warning_count == warnings)
		build_warn(b, result.line, "%s; repaired", result.cause);
	warnings = b->warning_count;
	one_pass(b, source, &result);
	if (!result.well_formed && !result.closed) {
		b->warning_count = warnings;
		source->recover = true;
		one_pass(b, source, &result);
		build_warn(b, result.line, "%s; recovered, some of it may be missing",
		    result.cause);
	}
	b->torn = is_torn;
	b->ends_torn = is_torn && !drop_torn_entry(b);
	buf_clear(&repaired);
}

/* ---- no feed ---- */

static void
add_links(struct arena *a, const struct encoding *text, const char *base,
    struct feed_links *links)
{
	struct html_feed_link *found = NULL;
	size_t count = html_feed_links(a, text->text, text->len, base, &found);

	for (size_t i = 0; i < count && links->count < ARRAY_LEN(links->item); i++) {
		links->item[links->count].url = found[i].url;
		links->item[links->count].title = found[i].title;
		links->count++;
	}
}

static bool
no_feed(struct arena *a, const struct encoding *text, const struct prolog *prolog,
    const struct feed_context *ctx, struct feed_links *links, struct err *err)
{
	size_t count = 0;

	if (text->len == 0)
		return err_set(err, ERR_INPUT, "no feed: the document is empty");
	if (prolog->html) {
		if (links) {
			links->web_page = true;
			add_links(a, text, ctx->url, links);
			count = links->count;
		}
		err_set(err, ERR_INPUT, "a web page, not a feed");
		if (count > 0)
			err_hint(err, "it names %zu feed%s; the first is %s", count,
			    count == 1 ? "" : "s", links->item[0].url);
		return false;
	}
	if (*prolog->name)
		return err_set(err, ERR_INPUT, "no feed: its root element is \"%s\"",
		    prolog->name);
	return err_set(err, ERR_INPUT, "no feed: neither XML nor JSON");
}

/* ---- the entry point ---- */

static void
warn_about_encoding(struct build *b, const struct encoding *e)
{
	if (e->declared)
		build_warn(b, 0, "encoding is said to be %s; read as %s", e->declared,
		    e->name);
	else if (e->guessed)
		build_warn(b, 0, "encoding is not said; read as %s", e->name);
	if (e->bad)
		build_warn(b, 0, "%zu bytes fit no character of %s; replaced", e->bad,
		    e->name);
	if (e->mixed)
		build_warn(b, 0,
		    "UTF-8 with bytes of windows-1252 in it; both were read");
	if (e->doubled)
		build_warn(b, 0, "the text had been encoded as UTF-8 twice; undone");
	if (e->c1)
		build_warn(b, 0, "control characters read as windows-1252");
}

static bool
looks_like_json(const struct encoding *text)
{
	const char *end = text->text + text->len;
	const char *p = ascii_skip_space(text->text, end);

	return p < end && (*p == '{' || *p == '[');
}

/* A root that is a feed's, or one behind junk in front of it. */
static bool
is_feed_root(const char *name)
{
	static const char *const roots[] = { "rss", "feed", "rdf", "channel", "entry" };
	const char *colon = strrchr(name, ':');

	name = colon ? colon + 1 : name;
	for (size_t i = 0; i < ARRAY_LEN(roots); i++)
		if (strcmp(name, roots[i]) == 0)
			return true;
	return false;
}

/* What a failing script printed in front of the feed it then wrote. */
static void
find_later_root(struct arena *a, const char *head, size_t len, struct prolog *prolog)
{
	static const char *const starts[] = { "<?xml", "<rss", "<feed", "<rdf:RDF" };

	for (size_t i = 0; i < ARRAY_LEN(starts); i++) {
		size_t from =
		    prolog->root < JUNK_MAX && prolog->root > 0 ? prolog->root : 1;
		const char *at = strstr(head + (from < len ? from : len), starts[i]);
		struct prolog later;

		if (!at || (size_t)(at - head) > JUNK_MAX)
			continue;
		prolog_read(a, at, len - (size_t)(at - head), &later);
		if (!is_feed_root(later.name))
			continue;
		later.line += prolog_lines(head, (size_t)(at - head)) - 1;
		later.root += (size_t)(at - head);
		later.junk_before = true;
		*prolog = later;
		return;
	}
}

/* The prolog is read in a copy of the beginning, which a NUL closes. */
static void
find_root(struct arena *a, const struct encoding *text, struct prolog *prolog)
{
	size_t len = text->len < HEAD_MAX ? text->len : HEAD_MAX;
	const char *head = arena_strndup(a, text->text, len);

	prolog_read(a, head, len, prolog);
	if (!is_feed_root(prolog->name))
		find_later_root(a, head, len, prolog);
}

static bool
read_any(struct build *b, const struct encoding *text, struct feed_links *links,
    struct err *err)
{
	struct prolog prolog;
	struct xml_source source;

	if (looks_like_json(text))
		return jsonfeed_read(b, text->text, text->len, err);
	find_root(b->scratch, text, &prolog);
	if (!is_feed_root(prolog.name))
		return no_feed(b->a, text, &prolog, b->context, links, err);
	if (prolog.blank_before)
		build_warn(b, 1, "white space in front of the XML declaration; skipped");
	if (prolog.junk_before) {
		build_warn(b, 1, "text in front of the root element; skipped");
		b->damaged = true;
	}
	source = (struct xml_source){ .text = text->text + prolog.root,
		.len = text->len - prolog.root,
		.line = prolog.line,
		.entities = prolog.entities,
		.entity_count = prolog.entity_count,
		.texts = b->a };
	read_xml(b, &source);
	if (!b->format)
		return no_feed(b->a, text, &prolog, b->context, links, err);
	return true;
}

void
feed_prepare_threads(void)
{
	xml_prepare_threads();
}

bool
feed_parse(struct arena *a, const void *bytes, size_t len, const struct feed_context *ctx,
    struct feed **out, struct feed_links *links, struct err *err)
{
	struct feed_context context = *ctx;
	struct build b = { .a = a, .context = &context };
	struct buf text = BUF_INIT(LIMIT_FEED_BYTES);
	struct encoding encoding;
	bool ok = false;

	*out = NULL;
	if (links)
		memset(links, 0, sizeof(*links));
	if (len > LIMIT_FEED_BYTES)
		return err_set(err, ERR_LIMIT, "larger than %d bytes",
		    (int)LIMIT_FEED_BYTES);
	context.url = arena_strdup(a, ctx->url);
	b.scratch = arena_new();
	begin_pass(&b);
	encoding_decode(b.scratch, bytes, len, ctx->content_type, &text, &encoding);
	warn_about_encoding(&b, &encoding);
	if (buf_is_full(&text)) {
		err_set(err, ERR_LIMIT, "larger than %d bytes as UTF-8",
		    (int)LIMIT_FEED_BYTES);
		goto out;
	}
	if (!read_any(&b, &encoding, links, err))
		goto out;
	*out = build_finish(&b);
	(*out)->encoding = arena_strdup(a, encoding.name);
	ok = true;
out:
	arena_free(b.scratch);
	buf_clear(&text);
	return ok;
}
