/* SPDX-License-Identifier: ISC */
/*
 * What stands on every letter of the newsletter, and what stands on one alone.  A link is
 * written only where something answers it: pages when web.url is set, else the command
 * address, else the newsletter's own address, where a person reads.
 */
#include "flow/letter_fields.h"

#include <string.h>

#include "base/text.h"
#include "digest/render.h"
#include "digest/templates.h"
#include "flow/context.h"
#include "format/url.h"
#include "list/token.h"
#include "mail/address.h"

/* RFC 5321 4.5.3.1.1 */
enum { LOCAL_PART_MAX = 64 };

static bool
writes_files(enum transport_method m)
{
	return m == TRANSPORT_OUTBOX || m == TRANSPORT_MBOX || m == TRANSPORT_MAILDIR ||
	    m == TRANSPORT_STDOUT;
}

static bool
find_from(struct run *run, struct mailbox *out, struct err *err)
{
	const struct config *c = run->config;

	if (*c->newsletter.from) {
		if (!mailbox_parse(run->arena, c->newsletter.from, out, err))
			return err_wrap(err, "newsletter.from");
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
	return arena_printf(a, "mailto:%s?subject=%s", address, url_escape(a, subject));
}

/* Where a reader writes to: the command address with its tag, else the newsletter's own. */
static const char *
command_mailto(struct run *run, struct arena *a, const struct letter_common *common,
    const char *tag, const char *subject)
{
	const char *address = run->config->list.command_address;

	if (*address)
		return mailto(a, address_plus(a, address, tag), subject);
	return mailto(a,
	    common->reply_to.address ? common->reply_to.address : common->from.address,
	    subject);
}

static bool
find_owner(struct run *run, struct letter_common *out, struct err *err)
{
	const char *owner = run->config->newsletter.owner;
	struct mailbox box = out->from;

	if (*owner && !mailbox_parse(run->arena, owner, &box, err))
		return err_wrap(err, "newsletter.owner");
	out->list_owner = arena_printf(run->arena, "mailto:%s", box.address);
	return true;
}

bool
flow_letter_common(struct run *run, const struct issue *issue, struct letter_common *out,
    struct err *err)
{
	const struct config *c = run->config;
	const char *url = c->web.url;

	memset(out, 0, sizeof(*out));
	if (!find_from(run, &out->from, err) || !find_owner(run, out, err))
		return false;
	if (*c->newsletter.reply_to &&
	    !mailbox_parse(run->arena, c->newsletter.reply_to, &out->reply_to, err))
		return err_wrap(err, "newsletter.reply_to");
	out->sender = out->from.address;
	out->list_name =
	    *c->newsletter.description ? c->newsletter.description : c->newsletter.name;
	out->list_id = *c->newsletter.list_id
	    ? c->newsletter.list_id
	    : make_list_id(run->arena, c->newsletter.name,
		  address_domain(out->from.address));
	if (*url) {
		out->list_archive = arena_printf(run->arena, "%s/archive/", url);
		out->list_help = arena_printf(run->arena, "%s/", url);
	} else {
		out->list_help = command_mailto(run, run->arena, out, "help", "help");
		if (*c->newsletter.link && url_is_web(c->newsletter.link))
			out->list_archive = c->newsletter.link;
	}
	out->language = c->newsletter.language;
	out->date = issue->date;
	out->date_offset = zone_offset(run->zone, issue->date, NULL);
	out->verp = c->smtp.verp;
	return true;
}

static bool
since_words(struct run *run, struct arena *a, int64_t confirmed, const char **out,
    struct err *err)
{
	const struct template_set *words = flow_templates(run, err);

	*out = NULL;
	if (!words || confirmed == TIME_NONE)
		return words != NULL;
	*out = digest_long_date(a, words, run->zone, confirmed, err);
	return *out != NULL;
}

/* Somebody who reads a test or is no reader has no token that could do anything. */
static struct token
token_of(const struct delivery *d, enum token_scope scope)
{
	const bool harmless = d->kind == NOTICE_TEST || d->kind == NOTICE_PREVIEW;

	return (struct token){ .scope = scope,
		.reader = harmless ? 0 : d->reader_id,
		.epoch = harmless ? 0 : d->epoch,
		.issue = d->span.last };
}

static char *
token_text(struct arena *a, const unsigned char key[HASH_SIZE], const struct delivery *d,
    enum token_scope scope)
{
	const struct token token = token_of(d, scope);
	char text[TOKEN_SIZE];

	token_make(key, &token, text);
	return arena_strdup(a, text);
}

bool
flow_letter_personal(struct run *run, struct arena *a, const struct letter_common *common,
    const unsigned char key[HASH_SIZE], const struct delivery *d,
    struct letter_personal *out, struct err *err)
{
	const char *url = run->config->web.url;
	const char *domain = address_domain(common->from.address);
	const char *leave = token_text(a, key, d, TOKEN_LEAVE);
	const char *checked = NULL;

	memset(out, 0, sizeof(*out));
	if (!address_check(a, d->address, &checked, err))
		return false;
	out->to = checked;
	out->message_id = d->kind == NOTICE_NONE
	    ? token_message_id(a, key, d->span.last, d->reader_id, d->part, domain)
	    : token_message_id(a, key, 0, d->notice_id, 0, domain);
	out->leave_mailto = command_mailto(run, a, common, "unsubscribe",
	    arena_printf(a, "leave-%s", leave));
	if (*url) {
		out->leave_url = arena_printf(a, "%s/u/%s", url, leave);
		out->one_click = true;
		out->holes[HOLE_MANAGE] = arena_printf(a, "%s/p/%s", url,
		    token_text(a, key, d, TOKEN_PREFERENCES));
	}
	out->holes[HOLE_LEAVE] = out->leave_url ? out->leave_url : out->leave_mailto;
	out->holes[HOLE_ADDRESS] = checked;
	return since_words(run, a, d->confirmed, &out->holes[HOLE_SINCE], err);
}

bool
flow_notice_common(struct run *run, struct letter_common *out, struct err *err)
{
	const struct issue now = { .date = run->now };

	return flow_letter_common(run, &now, out, err);
}

const char *
flow_letter_sender(struct arena *a, const struct letter_common *common,
    const unsigned char key[HASH_SIZE], const struct delivery *d)
{
	const char *address = NULL;
	const char *at = NULL;

	if (!common->verp)
		return common->sender;
	address = address_plus(a, common->sender,
	    arena_printf(a, "b-%s", token_text(a, key, d, TOKEN_BOUNCE)));
	at = strrchr(address, '@');
	if (!at || at - address > LOCAL_PART_MAX)
		return common->sender;
	return address;
}
