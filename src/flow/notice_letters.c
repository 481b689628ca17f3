/* SPDX-License-Identifier: ISC */
#include "flow/notice_letters.h"

#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"
#include "digest/notice.h"
#include "flow/context.h"
#include "list/token.h"
#include "mail/address.h"
#include "store/notes.h"
#include "store/notices.h"

static const char *const command_words[MAIL_COMMANDS] = {
	[MAIL_SUBSCRIBE] = "subscribe",
	[MAIL_UNSUBSCRIBE] = "unsubscribe",
	[MAIL_HOLD] = "hold",
	[MAIL_WEEKLY] = "weekly",
	[MAIL_DAILY] = "daily",
	[MAIL_HELP] = "help",
	[MAIL_CONFIRM] = "confirm",
	[MAIL_REFUSE] = "never",
};

const char *
mail_command_word(enum mail_command command)
{
	return command_words[command];
}

/* How each kind is worded, and what an answer to it does. */
static const struct shape {
	enum notice_kind kind;
	const char *name;      /* notice-NAME.txt */
	bool asks;             /* it must be answered, by a page or by mail */
	bool is_answered;      /* an answer to it does what it asks */
	bool has_reader_links; /* the reader's own pages and their way to leave */
} shapes[] = {
	{ NOTICE_CONFIRMATION, "confirm", true, true, false },
	{ NOTICE_REMINDER, "remind", true, true, false },
	{ NOTICE_KNOWN, "known", false, false, true },
	{ NOTICE_WELCOME, "welcome", false, false, true },
	/* A "thank you" in answer to it brings nobody back. */
	{ NOTICE_GOODBYE, "goodbye", false, false, false },
	{ NOTICE_REQUEST, "request", true, true, false },
	{ NOTICE_DONE, "done", false, false, true },
	{ NOTICE_HELP, "help", false, false, false },
	{ NOTICE_KEEPER, "attack", false, false, false },
	{ NOTICE_PROBE, "probe", false, false, true },
	{ NOTICE_LINK, "link", false, false, true },
	{ NOTICE_DATA, "data", false, false, false },
	{ NOTICE_ADDRESS, "address", true, false, false },
	{ NOTICE_MOVED, "moved", false, false, false },
};

static const struct shape *
shape_of(enum notice_kind kind)
{
	for (size_t i = 0; i < ARRAY_LEN(shapes); i++) {
		if (shapes[i].kind == kind)
			return &shapes[i];
	}
	return NULL;
}

struct wording_of {
	struct run *run;
	const struct notice_order *o;
	const struct shape *shape;
	unsigned char key[HASH_SIZE];
};

/* What the token of an answer may do. */
static enum token_scope
scope_of(const struct notice_order *o)
{
	if (o->kind == NOTICE_DATA)
		return TOKEN_ERASE;
	if (o->kind == NOTICE_ADDRESS)
		return TOKEN_ADDRESS;
	if (o->kind != NOTICE_REQUEST)
		return TOKEN_CONFIRM;
	return o->command == MAIL_UNSUBSCRIBE ? TOKEN_LEAVE : TOKEN_PREFERENCES;
}

static const char *
token_text(const struct wording_of *w)
{
	const struct token token = { .scope = scope_of(w->o),
		.reader = w->o->reader->id,
		.epoch = w->o->reader->epoch,
		.issue = w->o->kind == NOTICE_ADDRESS ? w->o->number : 0,
		.made = w->run->now };
	char text[TOKEN_SIZE];

	token_make(w->key, &token, text);
	return arena_strdup(w->run->arena, text);
}

/* "planet+confirm-TOKEN@example.net"; NULL when nobody reads mail there. */
static const char *
answer_address(const struct wording_of *w, enum mail_command command)
{
	const char *address = w->run->config->list.command_address;

	if (!*address)
		return NULL;
	return address_plus(w->run->arena, address,
	    arena_printf(w->run->arena, "%s-%s", mail_command_word(command),
		token_text(w)));
}

static const char *
page(const struct wording_of *w, const char *path)
{
	const char *url = w->run->config->web.url;

	return *url ? arena_printf(w->run->arena, "%s/%s/%s", url, path, token_text(w))
		    : NULL;
}

/* The key of [rhythm] in messages.ini. */
static const char *
rhythm_key(struct run *run, const struct reader *r)
{
	const enum rhythm own = r ? r->cadence.rhythm : RHYTHM_EACH;
	const enum rhythm theirs =
	    own == RHYTHM_EACH ? run->config->digest.schedule.rhythm : own;

	return theirs == RHYTHM_EACH ? "off" : cadence_rhythm_name(theirs);
}

static void
set_ways(const struct wording_of *w, struct notice_words *out)
{
	const struct notice_order *o = w->o;
	const enum notice_kind kind = o->kind;
	const bool asks_to_join = kind == NOTICE_CONFIRMATION || kind == NOTICE_REMINDER;

	if (!o->reader)
		return;
	if (kind == NOTICE_DATA)
		out->data_url = page(w, "e");
	if (kind == NOTICE_ADDRESS)
		out->confirm_url = page(w, "a");
	if (asks_to_join || kind == NOTICE_GOODBYE)
		out->confirm_url = page(w, "c");
	if (asks_to_join) {
		out->refuse_url = page(w, "n");
		if (!out->refuse_url)
			out->refuse_mail = answer_address(w, MAIL_REFUSE);
	}
	if (kind == NOTICE_GOODBYE && !out->confirm_url)
		out->back_mail = answer_address(w, MAIL_CONFIRM);
}

/* How long what the letter offers can be done. */
static int64_t
lasts(const struct wording_of *w)
{
	const struct config *c = w->run->config;

	if (w->o->kind == NOTICE_LINK)
		return LIMIT_PREFERENCES_AGE;
	if (w->o->kind == NOTICE_DATA)
		return LIMIT_ERASE_AGE;
	return w->o->kind == NOTICE_GOODBYE ? c->list.forget_pending
					    : c->list.confirm_within;
}

static void
set_words(const struct wording_of *w, struct notice_words *out)
{
	const struct config *c = w->run->config;
	const struct notice_order *o = w->o;
	const bool has_reader = o->reader != NULL;

	*out = (struct notice_words){ .code = o->code,
		.by_page = o->code != NULL,
		.can_reply = w->shape->is_answered && *c->list.command_address,
		.within = lasts(w),
		.asked = o->asked,
		.network = o->network,
		.rhythm = rhythm_key(w->run, o->reader),
		.command = mail_command_word(o->command),
		.command_address = c->list.command_address,
		.on_hold = has_reader && o->reader->state == READER_HOLD,
		.links_manage = w->shape->has_reader_links,
		.links_leave = w->shape->has_reader_links,
		.newest = o->newest,
		.new_address = o->new_address,
		.erases = o->erases,
		.news = o->news,
		.number = o->number };
	set_ways(w, out);
}

bool
flow_notice_queue(struct run *run, const struct notice_order *o, struct err *err)
{
	struct wording_of w = { .run = run, .o = o, .shape = shape_of(o->kind) };
	const char *language = o->reader ? o->reader->variant.language : NULL;
	const struct template_set *templates = flow_templates_in(run, language, err);
	struct notice n = { .kind = o->kind,
		.reader_id = o->reader ? o->reader->id : 0,
		.address = o->address,
		.language = language };
	struct notice_words words;
	struct rendering r;

	if (!templates || !store_key(run->store, w.key, err))
		return false;
	if (!w.shape)
		return err_set(err, ERR_BUG, "no words for a notice of kind %d", o->kind);
	set_words(&w, &words);
	if (w.shape->asks && !words.confirm_url && !words.can_reply) {
		err_set(err, ERR_CONFIG, "nobody could answer a confirmation letter");
		return err_hint(err, "command_address in [list], or url in [web]");
	}
	if (!digest_notice(run->arena, templates, run->config, run->zone,
		o->news ? "feeds" : w.shape->name, &words, &r, err))
		return false;
	if (words.can_reply)
		n.reply_to = answer_address(&w,
		    o->kind == NOTICE_REQUEST ? o->command : MAIL_CONFIRM);
	n.subject = r.subject;
	n.text = r.text;
	n.html = r.html;
	return store_notice_add(run->store, &n, run->now, NULL, err);
}

bool
flow_feed_news_words(struct run *run, const char *name, const struct feed_news *news,
    struct rendering *out, struct err *err)
{
	const struct template_set *templates = flow_templates(run, err);
	const struct notice_words words = { .asked = TIME_NONE, .news = news };

	return templates &&
	    digest_notice(run->arena, templates, run->config, run->zone, name, &words,
		out, err);
}
