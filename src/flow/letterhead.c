/* SPDX-License-Identifier: ISC */
#include "flow/letterhead.h"

#include <stddef.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "digest/render.h"
#include "flow/context.h"
#include "flow/letter_settings.h"
#include "flow/logo.h"
#include "format/json.h"
#include "format/url.h"
#include "mail/address.h"

enum { LETTERHEAD_VERSION = 1 };

static bool
writes_files(enum transport_method m)
{
	return m == TRANSPORT_OUTBOX || m == TRANSPORT_MBOX || m == TRANSPORT_MAILDIR ||
	    m == TRANSPORT_STDOUT;
}

/* *out stays as it is for "".  What is no address stands in the configuration. */
static bool
read_address(struct run *run, const char *key, const char *value, struct mailbox *out,
    struct err *err)
{
	if (*value == '\0' || mailbox_parse(run->arena, value, out, err))
		return true;
	err->kind = ERR_CONFIG;
	return err_wrap(err, "%s", key);
}

static bool
find_from(struct run *run, struct mailbox *out, struct err *err)
{
	const struct config *c = run->config;

	if (*c->newsletter.from) {
		if (!read_address(run, "newsletter.from", c->newsletter.from, out, err))
			return false;
		if (!out->name)
			out->name = c->newsletter.name;
		return true;
	}
	if (!writes_files(c->transport.method)) {
		err_set(err, ERR_CONFIG,
		    "newsletter.from is not set: letters need a sender");
		return err_hint(err, "from = %s <planet@your.domain> under [newsletter]",
		    c->newsletter.name);
	}
	out->name = c->newsletter.name;
	out->address = "planetpost@localhost.localdomain";
	return true;
}

/* "planet-python.example.net": the name in letters, digits and dashes, then the domain. */
static const char *
make_list_id(struct arena *a, const char *name, const char *domain)
{
	struct buf b = BUF_INIT(128);
	char *id = NULL;

	for (; *name && b.len < 60; name++) {
		const int c = ascii_lower((unsigned char)*name);

		if (ascii_is_alphanumeric(c))
			buf_addc(&b, (char)c);
		else if (b.len > 0 && b.data[b.len - 1] != '-')
			buf_addc(&b, '-');
	}
	while (b.len > 0 && b.data[b.len - 1] == '-')
		buf_truncate(&b, b.len - 1);
	id = arena_printf(a, "%s.%s", b.len > 0 ? b.data : "newsletter", domain);
	buf_clear(&b);
	return id;
}

static const char *
mailto(struct arena *a, const char *address, const char *subject)
{
	return arena_join(a,
	    (const char *const[]){ "mailto:", address,
		"?subject=", url_escape(a, subject), NULL });
}

const char *
letterhead_mailto(struct arena *a, const struct letterhead *head, const char *tag,
    const char *subject)
{
	const struct letter_common *c = &head->common;
	const char *address = head->command_address;

	if (*address)
		return mailto(a, address_plus(a, address, tag), subject);
	return mailto(a, c->reply_to.address ? c->reply_to.address : c->from.address,
	    subject);
}

/*
 * Campaign, kind and sender, as Gmail counts complaints (its sender guidelines, Feedback Loop):
 * the sender is 5 to 15 letters and digits, the same in every letter.
 */
static const char *
make_feedback_id(struct arena *a, const struct civil *day, const char *domain)
{
	enum { SENDER_LEAST = 5, SENDER_MOST = 15 };
	struct buf b = BUF_INIT(64);
	char *id = NULL;

	for (; *domain && b.len < SENDER_MOST; domain++) {
		if (ascii_is_alphanumeric((unsigned char)*domain))
			buf_addc(&b, (char)ascii_lower((unsigned char)*domain));
	}
	if (b.len < SENDER_LEAST)
		buf_adds(&b, "planetpost");
	id = arena_printf(a, "%04d-%02d-%02d:letter:planetpost:%s", day->year, day->month,
	    day->day, buf_text(&b));
	buf_clear(&b);
	return id;
}

static void
find_list(struct run *run, struct letterhead *head)
{
	const struct config *c = run->config;
	struct letter_common *out = &head->common;

	out->list_name =
	    *c->newsletter.description ? c->newsletter.description : c->newsletter.name;
	out->list_id = *c->newsletter.list_id
	    ? c->newsletter.list_id
	    : make_list_id(run->arena, c->newsletter.name,
		  address_domain(out->from.address));
	if (*head->web_url) {
		out->list_archive =
		    arena_printf(run->arena, "%s/archive/", head->web_url);
		out->list_help = arena_printf(run->arena, "%s/", head->web_url);
	} else {
		out->list_help = letterhead_mailto(run->arena, head, "help", "help");
		if (*c->newsletter.link && url_is_web(c->newsletter.link))
			out->list_archive = c->newsletter.link;
	}
}

void
letterhead_of_notice(struct arena *a, struct letterhead *head)
{
	static const char letter[] = ":letter:";
	const char *id = head->common.feedback_id;
	const char *at = id ? strstr(id, letter) : NULL;

	if (at)
		head->common.feedback_id = arena_printf(a, "%.*s:notice:%s",
		    (int)(at - id), id, at + sizeof(letter) - 1);
}

bool
letterhead_now(struct run *run, int64_t date, struct letterhead *head, struct err *err)
{
	const struct config *c = run->config;
	const struct template_set *templates = flow_templates(run, err);
	struct letter_common *out = &head->common;
	const struct civil day = zone_civil(run->zone, date);
	struct mailbox owner;
	struct mailbox sender;

	memset(head, 0, sizeof(*head));
	head->web_url = c->web.url;
	head->threads = c->digest.thread;
	head->command_address = c->list.command_address;
	if (!templates || !find_from(run, &out->from, err))
		return false;
	owner = sender = out->from;
	if (!read_address(run, "newsletter.owner", c->newsletter.owner, &owner, err) ||
	    !read_address(run, "newsletter.reply_to", c->newsletter.reply_to,
		&out->reply_to, err) ||
	    !read_address(run, "bounce.address", c->bounce.address, &sender, err))
		return false;
	out->list_owner = arena_printf(run->arena, "mailto:%s", owner.address);
	out->sender = sender.address; /* where bounces come back */
	find_list(run, head);
	out->language = c->newsletter.language;
	out->date = date;
	out->date_offset = zone_offset(run->zone, date, NULL);
	out->feedback_id =
	    make_feedback_id(run->arena, &day, address_domain(out->from.address));
	out->verp = c->smtp.verp;
	head->since = digest_since_words(templates);
	head->zone = run->zone;
	head->zone_name = zone_name(run->zone);
	return true;
}

bool
letterhead_of_issue(struct run *run, struct arena *a, int64_t date,
    struct letterhead *head, struct err *err)
{
	const struct logo *logo = NULL;
	struct run own;

	if (!flow_templates(run, err))
		return false;
	logo = flow_logo(run);
	own = *run;
	own.arena = a;
	if (!letterhead_now(&own, date, head, err))
		return false;
	head->settings = run->config;
	head->logo = logo ? &logo->shown : NULL;
	return true;
}

bool
letterhead_speak(struct run *run, const char *language, struct letterhead *head,
    struct err *err)
{
	const struct template_set *t = NULL;

	if (!text_is_set(language))
		return true;
	t = flow_templates_in(run, language, err);
	if (!t)
		return false;
	head->common.language = t->language;
	head->since = digest_since_words(t);
	return true;
}

/* ---- as it is stored ---- */

/* An empty object stands for no logo, and none for a letter that does not say. */
static void
write_looks(struct json_writer *w, const struct letterhead *head)
{
	if (!head->settings)
		return;
	json_key(w, "settings");
	letter_settings_write(w, head->settings);
	json_key(w, "logo");
	json_begin_object(w);
	if (head->logo) {
		json_member(w, "id", head->logo->id);
		json_member_int(w, "width", head->logo->width);
		json_member_int(w, "height", head->logo->height);
	}
	json_end_object(w);
}

/* Its members, in the order in which they stand. */
#define AT(member) offsetof(struct letterhead, member)
static const struct member {
	const char *name;
	size_t at; /* a text, which may be NULL, or a bool */
	enum { MAY_SAY, MUST_SAY, IS_TRUE } kind;
} members[] = {
	{ "from_name", AT(common.from.name), MAY_SAY },
	{ "from", AT(common.from.address), MUST_SAY },
	{ "reply_to_name", AT(common.reply_to.name), MAY_SAY },
	{ "reply_to", AT(common.reply_to.address), MAY_SAY },
	{ "sender", AT(common.sender), MUST_SAY },
	{ "list_name", AT(common.list_name), MAY_SAY },
	{ "list_id", AT(common.list_id), MAY_SAY },
	{ "list_archive", AT(common.list_archive), MAY_SAY },
	{ "list_help", AT(common.list_help), MAY_SAY },
	{ "list_owner", AT(common.list_owner), MAY_SAY },
	{ "language", AT(common.language), MAY_SAY },
	{ "feedback_id", AT(common.feedback_id), MAY_SAY },
	{ "thread", AT(threads), IS_TRUE },
	{ "web", AT(web_url), MUST_SAY },
	{ "commands", AT(command_address), MUST_SAY },
	{ "zone", AT(zone_name), MUST_SAY },
	{ "weekdays", AT(since.weekdays), MUST_SAY },
	{ "months", AT(since.months), MUST_SAY },
	{ "since", AT(since.form), MUST_SAY },
	{ "first_day", AT(since.first_day), MAY_SAY },
};

const char *
letterhead_text(struct arena *a, const struct letterhead *head)
{
	struct buf b = BUF_INIT(LIMIT_PART);
	struct json_writer w;

	json_writer_init(&w, &b, false);
	json_begin_object(&w);
	json_member_int(&w, "letterhead", LETTERHEAD_VERSION);
	json_member_int(&w, "date", head->common.date);
	json_member_int(&w, "date_offset", head->common.date_offset);
	for (const struct member *m = members; m < members + ARRAY_LEN(members); m++) {
		const void *at = (const char *)head + m->at;

		if (m->kind == IS_TRUE)
			json_member_bool(&w, m->name, *(const bool *)at);
		else
			json_member(&w, m->name, *(const char *const *)at);
	}
	write_looks(&w, head);
	json_end_object(&w);
	return arena_take(a, &b);
}

/* ---- reading ---- */

struct reading {
	const struct json_value *root;
	struct arena *arena;
	const char *missing; /* the first member that must be there and is not */
};

static int64_t
must_count(struct reading *r, const char *name)
{
	int64_t n = 0;

	if (!json_number(json_get(r->root, name), &n) && !r->missing)
		r->missing = name;
	return n;
}

static void
read_members(struct reading *r, struct letterhead *out)
{
	if (must_count(r, "letterhead") != LETTERHEAD_VERSION)
		r->missing = "letterhead";
	out->common.date = must_count(r, "date");
	out->common.date_offset = (int)must_count(r, "date_offset");
	for (const struct member *m = members; m < members + ARRAY_LEN(members); m++) {
		const struct json_value *value = json_get(r->root, m->name);
		const char *text = arena_strdup(r->arena, json_text(value));
		void *at = (char *)out + m->at;

		if (!text && m->kind == MUST_SAY) {
			r->missing = r->missing ? r->missing : m->name;
			text = "";
		}
		if (m->kind == IS_TRUE)
			*(bool *)at = json_truth(value);
		else
			*(const char **)at = text;
	}
}

static bool
is_address(struct arena *a, const char *address)
{
	struct err ignored = ERR_INIT;
	const char *checked = NULL;

	return address_check(a, address, &checked, &ignored);
}

/* What is wrong with it, in a word; NULL when it is sound. */
static const char *
damage(struct arena *a, const struct reading *r, const struct letterhead *head)
{
	const struct letter_common *c = &head->common;

	if (r->missing)
		return r->missing;
	if (!is_address(a, c->from.address))
		return "from";
	if (!is_address(a, c->sender))
		return "sender";
	return c->reply_to.address && !is_address(a, c->reply_to.address) ? "reply_to"
									  : NULL;
}

static const struct carried_logo *
read_logo(struct arena *a, const struct json_value *from)
{
	const char *id = json_text(json_get(from, "id"));
	int64_t width = 0;
	int64_t height = 0;
	struct carried_logo *logo = NULL;

	if (!id || !json_number(json_get(from, "width"), &width) ||
	    !json_number(json_get(from, "height"), &height) || width < 1 || height < 1 ||
	    width > LIMIT_PICTURE_SIDE || height > LIMIT_PICTURE_SIDE)
		return NULL;
	logo = arena_array(a, 1, sizeof(*logo));
	*logo = (struct carried_logo){ .id = arena_strdup(a, id),
		.width = (int)width,
		.height = (int)height };
	return logo;
}

static void
read_looks(struct run *run, const struct reading *r, struct letterhead *out)
{
	const struct json_value *settings = json_get(r->root, "settings");
	struct config *c = NULL;

	if (!settings)
		return;
	c = arena_array(r->arena, 1, sizeof(*c));
	*c = *run->config;
	letter_settings_read(r->arena, settings, c);
	out->settings = c;
	out->logo = read_logo(r->arena, json_get(r->root, "logo"));
}

static bool
find_zone(struct run *run, struct letterhead *head, struct err *err)
{
	struct err why = ERR_INIT;

	head->zone = run->zone;
	if (strcmp(head->zone_name, zone_name(run->zone)) == 0)
		return true;
	head->own_zone = zone_open(head->zone_name, &why);
	head->zone = head->own_zone;
	return head->own_zone != NULL ||
	    err_set(err, ERR_STORE, "a stored letterhead names a time zone: %s",
		why.text);
}

bool
letterhead_read(struct run *run, struct arena *a, const char *text,
    struct letterhead *out, struct err *err)
{
	struct err why = ERR_INIT;
	struct json *doc = json_parse(text, strlen(text), &why);
	struct reading r = { .root = doc ? json_root(doc) : NULL, .arena = a };
	const char *wrong = NULL;

	memset(out, 0, sizeof(*out));
	if (!doc)
		return err_set(err, ERR_STORE, "a stored letterhead is damaged: %s",
		    why.text);
	read_members(&r, out);
	read_looks(run, &r, out);
	json_free(doc);
	wrong = damage(a, &r, out);
	if (wrong)
		return err_set(err, ERR_STORE, "a stored letterhead is damaged: %s",
		    wrong);
	/* How bounces come back is no part of the letter: that is as it is set now. */
	out->common.verp = run->config->smtp.verp;
	return find_zone(run, out, err);
}

void
letterhead_clear(struct letterhead *head)
{
	zone_close(head->own_zone);
	head->own_zone = NULL;
}
