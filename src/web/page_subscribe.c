/* SPDX-License-Identifier: ISC */
/*
 * /: ask for letters.  /code and /c/TOKEN: two of the three doors by which a mailbox answers (the
 * third is a reply by mail).  /n/TOKEN: "I did not ask for this".  Whatever the address, the same
 * page, status and work: who is on the list cannot be found out here.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/limits.h"
#include "base/text.h"
#include "flow/subscribe.h"
#include "list/ask_limits.h"
#include "mail/address.h"
#include "store/archive.h"
#include "store/sources.h"
#include "web/page.h"

enum { TITLES = 3, MAC_BYTES = 8, RETRY_SECONDS = 3600 };

/* ---- when a form was shown ---- */

static void
sign_instant(const struct page *p, int64_t t, char out[2 * MAC_BYTES + 1])
{
	char text[60];
	unsigned char mac[HASH_SIZE];
	const int len =
	    snprintf(text, sizeof(text), "planetpost form %lld", (long long)t);

	hash_hmac(p->site->key, HASH_SIZE, text, (size_t)len, mac);
	hash_hex(mac, MAC_BYTES, out);
}

static const char *
shown_now(struct page *p)
{
	char mac[2 * MAC_BYTES + 1];

	sign_instant(p, p->run.now, mac);
	return arena_printf(p->a, "%lld.%s", (long long)p->run.now, mac);
}

/*
 * Machines fill in what people do not see, or are done before anybody could have read the
 * form.  They get the page that everybody gets, and nobody gets a letter.
 */
static bool
is_machine(struct page *p)
{
	const char *shown = form_value(&p->form, FIELD_SHOWN);
	const size_t digits = strspn(shown, "0123456789");
	char mac[2 * MAC_BYTES + 1];

	if (*form_value(&p->form, FIELD_TRAP) || digits == 0 || digits > 12 ||
	    strlen(shown) != digits + 1 + 2 * MAC_BYTES)
		return true;
	const int64_t t = strtoll(shown, NULL, 10);
	sign_instant(p, t, mac);
	return !hash_equal(mac, shown + digits + 1, 2 * MAC_BYTES) ||
	    p->run.now - t < LIMIT_FORM_FILL;
}

/* ---- the form ---- */

static struct template_value *
latest(struct page *p, const struct issue *issue, struct err *err)
{
	struct template_value *list = template_list(p->a);
	struct archive_title *titles = NULL;
	size_t count = 0;

	if (!store_archive_titles(p->run.store, p->a, issue->id, TITLES, &titles, &count,
		err))
		return list;
	for (size_t i = 0; i < count; i++) {
		struct template_value *item = template_map(p->a);

		template_put_text(item, "source", titles[i].source);
		template_put_text(item, "title",
		    text_is_set(titles[i].title) ? titles[i].title : titles[i].source);
		template_append(list, item);
	}
	return list;
}

static bool
put_latest(struct page *p, struct template_value *root, struct err *err)
{
	struct issue *issues = NULL;
	size_t count = 0;
	const bool shows = p->run.config->web.archive == ARCHIVE_PUBLIC;

	if (shows &&
	    !store_archive_issues(p->run.store, p->a, NULL, 1, &issues, &count, err))
		return false;
	template_put_bool(root, "has_latest", count > 0);
	template_put_text(root, "latest_link",
	    count > 0 ? page_link(p, "/i/%s", issues[0].name) : "");
	template_put(root, "latest",
	    count > 0 ? latest(p, &issues[0], err) : template_list(p->a));
	return true;
}

static const char *
subscribe_address(struct page *p)
{
	const char *address = p->run.config->list.command_address;

	return *address ? address_plus(p->a, address, "subscribe") : "";
}

static bool
show_form(struct page *p, const char *email_problem, const char *rhythm_problem,
    struct err *err)
{
	const struct config *c = p->run.config;
	const char *rhythm = form_value(&p->form, FIELD_RHYTHM);
	struct template_value *root = page_begin(p, 200);
	size_t blogs = 0;

	if (!store_sources_count_polled(p->run.store, &blogs, err) ||
	    !put_latest(p, root, err))
		return false;
	if (!p->form.values[FIELD_RHYTHM])
		rhythm = p->request->method == WEB_POST ? "" : "each";
	template_put_text(root, "blogs", page_count(p, "blogs", (int64_t)blogs, err));
	template_put_text(root, "newsletter_when",
	    page_when(p, &c->digest.schedule, err));
	template_put_text(root, "weekday",
	    page_weekday(p, (int)c->digest.weekly_day, err));
	template_put_bool(root, "has_problem", email_problem || rhythm_problem);
	template_put_text(root, "email_problem", email_problem);
	template_put_text(root, "rhythm_problem", rhythm_problem);
	template_put_text(root, "email", form_value(&p->form, FIELD_EMAIL));
	template_put_bool(root, "is_each", strcmp(rhythm, "each") == 0);
	template_put_bool(root, "is_weekdays", strcmp(rhythm, "weekdays") == 0);
	template_put_bool(root, "is_weekly", strcmp(rhythm, "weekly") == 0);
	template_put_bool(root, "is_monthly", strcmp(rhythm, "monthly") == 0);
	template_put_text(root, "shown", shown_now(p));
	return page_show(p, "page-subscribe", root, err);
}

/* ---- asking ---- */

static bool
show_check_mail(struct page *p, const char *email, const char *problem, struct err *err)
{
	struct template_value *root = page_begin(p, 200);

	template_put_text(root, "email", email);
	template_put_text(root, "problem", problem);
	template_put_text(root, "command_address", subscribe_address(p));
	return page_show(p, "page-check-mail", root, err);
}

static bool
show_too_many(struct page *p, int status, const char *name, struct err *err)
{
	struct template_value *root = page_begin(p, status);

	template_put_text(root, "command_address", subscribe_address(p));
	p->answer->retry_after = status == 429 ? RETRY_SECONDS : 0;
	return page_show(p, name, root, err);
}

static bool
show_asked(struct page *p, enum ask_answer answer, const char *email, struct err *err)
{
	switch (answer) {
	case ASK_LOOK_AT_MAIL:
		break;
	case ASK_TOO_MANY:
		return show_too_many(p, 429, "page-too-many", err);
	case ASK_BY_MAIL_ONLY:
		return show_too_many(p, 200, "page-by-mail", err);
	case ASK_FULL:
		return page_show_plain(p, 200, "page-full", err);
	}
	return show_check_mail(p, email, "", err);
}

static bool
is_rhythm(const char *word)
{
	enum rhythm ignored = RHYTHM_EACH;

	return cadence_parse_rhythm(word, &ignored);
}

/* The address as it was typed, without the blanks around it. */
static const char *
typed_address(struct page *p)
{
	const char *text = form_value(&p->form, FIELD_EMAIL);
	size_t len = strlen(text);

	ascii_trim(&text, &len);
	return arena_strndup(p->a, text, len);
}

static bool
ask(struct page *p, struct err *err)
{
	const struct reader_wishes wishes = { .rhythm = p->form.values[FIELD_RHYTHM] };
	struct ask a = { .cause = CAUSE_PAGE,
		.network = limits_network(p->a, p->request->network),
		.wishes = &wishes };
	enum ask_answer answer = ASK_LOOK_AT_MAIL;
	struct err why = ERR_INIT;
	const bool is_address = address_check(p->a, typed_address(p), &a.address, &why);
	const bool has_rhythm = is_rhythm(form_value(&p->form, FIELD_RHYTHM));

	if (!is_address || !has_rhythm)
		return show_form(p,
		    is_address ? NULL : page_words(p, "problems", "email", NULL, err),
		    has_rhythm ? NULL : page_words(p, "problems", "rhythm", NULL, err),
		    err);
	if (!is_machine(p)) {
		if (!flow_ask(&p->run, &a, &answer, err))
			return false;
		p->answer->wakes = true;
	}
	return show_asked(p, answer, a.address, err);
}

bool
page_subscribe(struct page *p, struct err *err)
{
	return p->request->method == WEB_POST ? ask(p, err)
					      : show_form(p, NULL, NULL, err);
}

/* ---- answering ---- */

/*
 * Who has just answered may choose at once.  Later the link says that they read, and no more: one
 * that was passed on does not open their preferences.
 */
static bool
show_subscribed(struct page *p, const struct reader *r, bool is_new, struct err *err)
{
	struct template_value *root = page_begin(p, 200);

	if (!put_latest(p, root, err))
		return false;
	template_put_text(root, "address", address_veiled(p->a, r->address));
	template_put_text(root, "when", page_when(p, &r->cadence, err));
	template_put_text(root, "from", p->site->from);
	template_put_text(root, "manage",
	    is_new ? page_token_link(p, 'p', TOKEN_PREFERENCES, r) : "");
	return page_show(p, "page-subscribed", root, err);
}

static bool
show_wrong_code(struct page *p, const char *email, const struct confirmation *c,
    struct err *err)
{
	if (c->answer == CONFIRM_WRONG)
		return show_check_mail(p, email,
		    page_count(p, "wrong_code", c->tries_left, err), err);
	return show_check_mail(p, email,
	    page_words(p, "problems",
		c->answer == CONFIRM_TOO_MANY ? "many_codes" : "old_code", NULL, err),
	    err);
}

bool
page_code(struct page *p, struct err *err)
{
	const char *address = NULL;
	struct confirmation c;
	struct err why = ERR_INIT;

	if (p->request->method != WEB_POST)
		return show_form(p, NULL, NULL, err);
	if (!address_check(p->a, typed_address(p), &address, &why))
		return show_form(p, page_words(p, "problems", "email", NULL, err), NULL,
		    err);
	if (!flow_confirm_code(&p->run, address, form_value(&p->form, FIELD_CODE),
		CAUSE_PAGE, &c, err))
		return false;
	p->answer->wakes = true;
	if (c.answer == CONFIRM_DONE || c.answer == CONFIRM_ALREADY)
		return show_subscribed(p, &c.reader, true, err);
	return show_wrong_code(p, address, &c, err);
}

static bool
show_last_step(struct page *p, const char *name, const struct reader *r, struct err *err)
{
	struct template_value *root = page_begin(p, 200);

	template_put_text(root, "address", address_veiled(p->a, r->address));
	template_put_text(root, "when", page_when(p, &r->cadence, err));
	template_put_bool(root, "is_back", r->state == READER_LEFT);
	return page_show(p, name, root, err);
}

static bool
show_confirmation(struct page *p, const struct confirmation *c, const char *last_step,
    struct err *err)
{
	if (!c->reader.address)
		return page_show_plain(p, 200, "page-expired", err);
	switch (c->answer) {
	case CONFIRM_DONE:
		return show_last_step(p, last_step, &c->reader, err);
	case CONFIRM_ALREADY:
		return show_subscribed(p, &c->reader, false, err);
	case CONFIRM_WRONG:
	case CONFIRM_TOO_MANY:
	case CONFIRM_EXPIRED:
	case CONFIRM_UNKNOWN:
		break;
	}
	return page_show_plain(p, 200, "page-expired", err);
}

/* What is asked for is said to have been done, whoever the link is of. */
static bool
refuse(struct page *p, struct err *err)
{
	bool known = false;

	return flow_ask_refuse(&p->run, p->word, &known, err) &&
	    page_show_plain(p, 200, "page-refused", err);
}

static bool
ask_again(struct page *p, struct err *err)
{
	if (!flow_ask_again(&p->run, p->word, err))
		return false;
	p->answer->wakes = true;
	return page_show_plain(p, 200, "page-fresh", err);
}

static bool
confirm(struct page *p, struct err *err)
{
	struct confirmation c;

	if (!flow_confirm_token(&p->run, p->word, CAUSE_PAGE, &c, err))
		return false;
	p->answer->wakes = true;
	if (c.answer == CONFIRM_DONE)
		return show_subscribed(p, &c.reader, true, err);
	return show_confirmation(p, &c, "page-confirm", err);
}

static bool
look(struct page *p, const char *last_step, struct err *err)
{
	struct confirmation c;

	return flow_confirm_look(&p->run, p->word, &c, err) &&
	    show_confirmation(p, &c, last_step, err);
}

bool
page_confirm(struct page *p, struct err *err)
{
	const char *act = form_value(&p->form, FIELD_ACT);

	if (p->request->method != WEB_POST)
		return look(p, "page-confirm", err);
	if (strcmp(act, "refuse") == 0)
		return refuse(p, err);
	return strcmp(act, "again") == 0 ? ask_again(p, err) : confirm(p, err);
}

bool
page_refuse(struct page *p, struct err *err)
{
	return p->request->method == WEB_POST ? refuse(p, err)
					      : look(p, "page-refuse", err);
}
