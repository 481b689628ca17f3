/* SPDX-License-Identifier: ISC */
/*
 * A link is written only where something answers it: pages when web.url is set, else the
 * command address, else the newsletter's own address, where a person reads.
 */
#include "flow/letter_fields.h"

#include <string.h>

#include "digest/render.h"
#include "flow/letterhead.h"
#include "list/token.h"
#include "mail/address.h"
#include "store/notices.h"

/* RFC 5321 4.5.3.1.1 */
enum { LOCAL_PART_MAX = 64 };

/*
 * Somebody who reads a test or is no reader has no token that could do anything; nor has an
 * address that is not the reader's any more, or not yet.  What runs out does so by the letter's
 * date: made again, it has the same.
 */
static struct token
token_of(const struct delivery *d, enum token_scope scope, int64_t date)
{
	const bool harmless = d->kind == NOTICE_TEST || d->kind == NOTICE_PREVIEW ||
	    d->kind == NOTICE_ADDRESS || d->kind == NOTICE_MOVED;

	return (struct token){ .scope = scope,
		.reader = harmless ? 0 : d->reader_id,
		.epoch = harmless ? 0 : d->epoch,
		.issue = d->span.last,
		.made = date };
}

static char *
join(struct arena *a, const char *first, const char *then, const char *last)
{
	return arena_join(a, (const char *const[]){ first, then, last, NULL });
}

static char *
token_text(struct arena *a, struct hash_key *key, const struct delivery *d,
    enum token_scope scope, int64_t date)
{
	const struct token token = token_of(d, scope, date);
	char text[TOKEN_SIZE];

	token_make_keyed(key, &token, text);
	return arena_strdup(a, text);
}

/* The form of the date names nothing that is shorter than a day. */
static bool
is_same_all_day(const struct date_words *words)
{
	return !strstr(words->form, "hour") && !strstr(words->form, "minute");
}

/* The date a reader confirmed at, in words: remembered, since putting it so is slow. */
static const char *
since_text(struct arena *a, const struct letterhead *head, int64_t confirmed,
    struct err *err)
{
	const struct civil c = zone_civil(head->zone, confirmed);
	const int32_t day = (int32_t)(c.year * 512 + c.month * 32 + c.day);
	struct since_known *known = NULL;
	const char *text = NULL;

	if (head->known && is_same_all_day(&head->since)) {
		known = &head->known[(c.month * 32 + c.day) % SINCE_DAYS];
		if (known->day == day)
			return known->text;
	}
	text = digest_since(a, &head->since, head->zone, confirmed, err);
	if (text && known && strlen(text) < SINCE_TEXT) {
		memcpy(known->text, text, strlen(text) + 1);
		known->day = day;
	}
	return text;
}

bool
flow_letter_personal(struct arena *a, const struct letterhead *head, struct hash_key *key,
    const struct delivery *d, struct letter_personal *out, struct err *err)
{
	const char *url = head->web_url;
	const char *domain = address_domain(head->common.from.address);
	const char *leave = token_text(a, key, d, TOKEN_LEAVE, 0);
	const char *checked = NULL;

	memset(out, 0, sizeof(*out));
	if (!address_check(a, d->address, &checked, err))
		return false;
	out->to = checked;
	out->message_id = d->kind == NOTICE_NONE
	    ? token_message_id_keyed(a, key, d->span.last, d->reader_id, d->part, domain)
	    : token_message_id_keyed(a, key, 0, d->notice_id, 0, domain);
	/* Their last letter was of the issues before these, or they had none of them. */
	if (head->threads && d->kind == NOTICE_NONE && d->span.after > 0)
		out->references = token_message_id_keyed(a, key, d->span.after,
		    d->reader_id, d->part, domain);
	out->leave_mailto =
	    letterhead_mailto(a, head, "unsubscribe", join(a, "leave-", "", leave));
	if (*url) {
		out->leave_url = join(a, url, "/u/", leave);
		out->one_click = true;
		out->holes[HOLE_MANAGE] = join(a, url, "/p/",
		    token_text(a, key, d, TOKEN_PREFERENCES, head->common.date));
	}
	out->holes[HOLE_LEAVE] = out->leave_url ? out->leave_url : out->leave_mailto;
	out->holes[HOLE_ADDRESS] = checked;
	if (d->confirmed == TIME_NONE)
		return true;
	out->holes[HOLE_SINCE] = since_text(a, head, d->confirmed, err);
	return out->holes[HOLE_SINCE] != NULL;
}

/*
 * A letter that asks somebody whether they want to read, answers one who may not, or goes to an
 * address that is not theirs, has nothing in it to leave.
 */
static bool
has_way_to_leave(enum notice_kind kind)
{
	switch (kind) {
	case NOTICE_CONFIRMATION:
	case NOTICE_REMINDER:
	case NOTICE_REQUEST:
	case NOTICE_GOODBYE:
	case NOTICE_HELP:
	case NOTICE_LINK:
	case NOTICE_DATA:
	case NOTICE_ADDRESS:
	case NOTICE_MOVED:
		return false;
	case NOTICE_NONE:
	case NOTICE_WELCOME:
	case NOTICE_PREVIEW:
	case NOTICE_TEST:
	case NOTICE_KEEPER:
	case NOTICE_KNOWN:
	case NOTICE_DONE:
	case NOTICE_PROBE:
		break;
	}
	return true;
}

void
flow_letter_of_notice(const struct notice *n, struct letterhead *head,
    struct letter_personal *personal)
{
	if (n->reply_to)
		head->common.reply_to = (struct mailbox){ NULL, n->reply_to };
	if (has_way_to_leave(n->kind))
		return;
	personal->leave_url = NULL;
	personal->leave_mailto = NULL;
	personal->one_click = false;
}

const char *
flow_letter_sender(struct arena *a, const struct letter_common *common,
    struct hash_key *key, const struct delivery *d)
{
	const char *address = NULL;
	const char *at = NULL;

	if (!common->verp)
		return common->sender;
	address = address_plus(a, common->sender,
	    join(a, "b-", "", token_text(a, key, d, TOKEN_BOUNCE, 0)));
	at = strrchr(address, '@');
	if (!at || at - address > LOCAL_PART_MAX)
		return common->sender;
	return address;
}
