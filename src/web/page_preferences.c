/* SPDX-License-Identifier: ISC */
/*
 * /p/TOKEN: what a reader wishes, in one form with one button; hold and resume; the ways to
 * their data.  /p/TOKEN-N is part N of the sources of a planet that has too many for one page.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "digest/templates.h"
#include "flow/address_move.h"
#include "flow/own_data.h"
#include "flow/reader_wishes.h"
#include "list/ask_limits.h"
#include "list/subscription.h"
#include "mail/address.h"
#include "model/names.h"
#include "store/new_address.h"
#include "store/transactions.h"
#include "web/page.h"
#include "web/preference_form.h"
#include "web/source_words.h"

enum {
	ON_ONE_PAGE = 40, /* sources on the page of all preferences */
	IN_A_PART = 60,   /* on a page of their own */
	MINUTES = 60,
	HOURS = 24,
	LAST_DAY = 31
};

/* ---- what is shown ---- */

static void
put_choice(struct template_value *list, struct page *p, const char *value,
    const char *label, bool chosen)
{
	struct template_value *item = template_map(p->a);

	template_put_text(item, "value", value);
	template_put_text(item, "label", label);
	template_put_bool(item, "chosen", chosen);
	template_append(list, item);
}

static struct template_value *
weekdays(struct page *p, const struct cadence *c, struct err *err)
{
	struct template_value *list = template_list(p->a);
	const int chosen = c->rhythm == RHYTHM_WEEKLY && c->day != CADENCE_ANY
	    ? c->day
	    : (int)p->run.config->digest.weekly_day;

	for (int i = 1; i <= 7; i++) {
		static const char *const values[] = { "sunday", "monday", "tuesday",
			"wednesday", "thursday", "friday", "saturday" };

		put_choice(list, p, values[i % 7], page_weekday(p, i % 7, err),
		    i % 7 == chosen);
	}
	return list;
}

static struct template_value *
month_days(struct page *p, const struct cadence *c, struct err *err)
{
	struct template_value *list = template_list(p->a);
	const int chosen =
	    c->rhythm == RHYTHM_MONTHLY && c->day != CADENCE_ANY ? c->day : 1;

	for (int i = 1; i <= LAST_DAY; i++) {
		const char *number = arena_printf(p->a, "%d", i);

		put_choice(list, p, number,
		    i == LAST_DAY ? page_words(p, "pages", "last_day", NULL, err)
				  : number,
		    i == chosen);
	}
	return list;
}

static struct template_value *
hours(struct page *p, const struct cadence *c, struct err *err)
{
	struct template_value *list = template_list(p->a);

	put_choice(list, p, "default", page_words(p, "pages", "usual_hour", NULL, err),
	    c->minute == CADENCE_ANY);
	for (int i = 0; i < HOURS; i++) {
		const char *hour = arena_printf(p->a, "%d:00", i);
		const bool between =
		    c->minute > i * MINUTES && c->minute < (i + 1) * MINUTES;

		put_choice(list, p, hour, hour, c->minute == i * MINUTES);
		if (between) {
			hour = arena_printf(p->a, "%d:%02d", i, c->minute % MINUTES);
			put_choice(list, p, hour, hour, true);
		}
	}
	return list;
}

/* NULL and "" are the newsletter's. */
static const char *
own_language(const struct reader *r)
{
	return r->variant.language ? r->variant.language : "";
}

/* Each by its own name, so that whoever speaks it finds it. */
static struct template_value *
languages(struct page *p, const struct reader *r, struct err *err)
{
	struct template_value *list = template_list(p->a);
	const char *own = own_language(r);
	const struct template_language *all = p->site->languages;

	put_choice(list, p, "default",
	    page_words(p, "pages", "usual_language", NULL, err), *own == '\0');
	for (size_t i = 0; i < p->site->language_count; i++)
		put_choice(list, p, all[i].tag, *all[i].name ? all[i].name : all[i].tag,
		    strcmp(all[i].tag, own) == 0);
	return list;
}

static struct template_value *
picture_choices(struct page *p, const struct reader *r, struct err *err)
{
	struct template_value *list = template_list(p->a);

	for (int i = PICTURES_DEFAULT; i <= PICTURES_REMOTE; i++) {
		const enum picture_wish wish = (enum picture_wish)i;
		const char *word = pictures_name(wish);

		put_choice(list, p, word,
		    page_words(p, "shown_pictures", word, NULL, err),
		    r->variant.pictures == wish);
	}
	return list;
}

/* "is_weekly", "is_whole" ...: which of the choices is theirs. */
static void
put_wishes(struct page *p, struct template_value *root, const struct reader *r,
    struct err *err)
{
	static const struct {
		const char *key;
		enum rhythm rhythm;
	} rhythms[] = { { "is_each", RHYTHM_EACH }, { "is_daily", RHYTHM_DAILY },
		{ "is_weekdays", RHYTHM_WEEKDAYS }, { "is_weekly", RHYTHM_WEEKLY },
		{ "is_monthly", RHYTHM_MONTHLY } };
	static const struct {
		const char *key;
		enum length_wish length;
	} lengths[] = { { "is_usual", LENGTH_DEFAULT }, { "is_whole", LENGTH_WHOLE },
		{ "is_short", LENGTH_SHORT }, { "is_titles", LENGTH_TITLES } };

	for (size_t i = 0; i < ARRAY_LEN(rhythms); i++)
		template_put_bool(root, rhythms[i].key,
		    r->cadence.rhythm == rhythms[i].rhythm);
	for (size_t i = 0; i < ARRAY_LEN(lengths); i++)
		template_put_bool(root, lengths[i].key,
		    r->variant.length == lengths[i].length);
	template_put_text(root, "usual_length",
	    page_words(p, "lengths", body_name(p->run.config->digest.body), NULL, err));
	template_put_bool(root, "is_html", r->variant.format == FORMAT_HTML);
	template_put_bool(root, "is_text", r->variant.format == FORMAT_TEXT);
	template_put_bool(root, "is_digest", r->variant.format == FORMAT_DIGEST);
	template_put_bool(root, "is_rfc1153", r->variant.format == FORMAT_PLAIN);
	template_put_bool(root, "takes_all", *r->variant.sources == '*');
	template_put_bool(root, "takes_only", *r->variant.sources == '+');
	template_put_bool(root, "takes_but", *r->variant.sources == '-');
}

static struct template_value *
source_item(struct page *p, const struct source *s, const struct source_choice *c,
    struct err *err)
{
	struct template_value *item = template_map(p->a);

	template_put_text(item, "key", s->key);
	template_put_text(item, "name", s->name);
	template_put_text(item, "words", source_words(p, s, err));
	template_put_bool(item, "ticked", source_choice_takes(c, s->id));
	return item;
}

/* Parts are counted from 1 through all groups; none is longer than IN_A_PART. */
static size_t
part_end(const struct preference_sources *all, size_t from)
{
	size_t end = from + 1;

	while (end < all->count && end - from < IN_A_PART &&
	    ascii_compare(all->list[end].group, all->list[from].group) == 0)
		end++;
	return end;
}

static size_t
count_taken(const struct source *list, size_t count, const struct source_choice *c)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		n += source_choice_takes(c, list[i].id);
	return n;
}

static const char *
taken_words(struct page *p, size_t taken, size_t all, struct err *err)
{
	struct template_value *values = template_map(p->a);

	template_put_int(values, "taken", (int64_t)taken);
	template_put_int(values, "all", (int64_t)all);
	return page_words(p, "pages", "ticked", values, err);
}

/* One group with its sources, or a link to the page that shows them. */
static struct template_value *
group_item(struct page *p, const struct source *list, size_t count, size_t part,
    const struct source_choice *c, bool in_full, struct err *err)
{
	struct template_value *item = template_map(p->a);
	struct template_value *sources = template_list(p->a);
	const size_t taken = count_taken(list, count, c);

	for (size_t i = 0; in_full && i < count; i++)
		template_append(sources, source_item(p, &list[i], c, err));
	template_put(item, "sources", sources);
	template_put_text(item, "group", list[0].group);
	template_put_text(item, "first", list[0].name);
	template_put_text(item, "last", list[count - 1].name);
	template_put_bool(item, "is_open", part == 1);
	template_put_text(item, "ticked_words", taken_words(p, taken, count, err));
	template_put_text(item, "link",
	    page_link(p, "/p/%.*s-%zu", TOKEN_MAX, p->word, part));
	return item;
}

static struct template_value *
groups(struct page *p, const struct preference_sources *all, const struct variant *v,
    struct err *err)
{
	const struct source_choice c = source_choice_of(p, v->sources);
	struct template_value *list = template_list(p->a);
	const bool in_full = all->count <= ON_ONE_PAGE;
	size_t part = 1;

	for (size_t at = 0, end = 0; at < all->count; at = end) {
		end = part_end(all, at);
		template_append(list,
		    group_item(p, all->list + at, end - at, part++, &c, in_full, err));
	}
	return list;
}

static void
add_problem(struct page *p, struct template_value *list, const char *field,
    const char *text)
{
	struct template_value *item = template_map(p->a);

	if (!text)
		return;
	template_put_text(item, "field", field);
	template_put_text(item, "text", text);
	template_append(list, item);
}

static void
put_problems(struct page *p, struct template_value *root,
    const struct preference_problems *problems)
{
	static const struct preference_problems none = { 0 };
	struct template_value *list = template_list(p->a);

	if (!problems)
		problems = &none;
	add_problem(p, list, "zone", problems->zone);
	add_problem(p, list, "which", problems->sources);
	add_problem(p, list, "hold", problems->hold);
	add_problem(p, list, "new", problems->address);
	template_put(root, "problems", list);
	template_put_bool(root, "has_problem", problems != &none);
	template_put_text(root, "zone_problem", problems->zone);
	template_put_text(root, "which_problem", problems->sources);
	template_put_text(root, "hold_problem", problems->hold);
	template_put_text(root, "new_problem", problems->address);
}

static void
put_state(struct page *p, struct template_value *root, const struct reader *r,
    struct err *err)
{
	template_put_bool(root, "is_held", r->state == READER_HOLD);
	template_put_bool(root, "is_bounced", r->state == READER_BOUNCED);
	template_put_bool(root, "is_reading", r->state == READER_ACTIVE);
	template_put_bool(root, "is_waiting", r->state == READER_PENDING);
	template_put_text(root, "address", address_veiled(p->a, r->address));
	template_put_text(root, "when", page_when(p, &r->cadence, err));
	template_put_text(root, "held_until",
	    r->state == READER_HOLD && r->hold_until != TIME_NONE
		? page_reader_date(p, r, "since", r->hold_until, err)
		: "");
	template_put_text(root, "due",
	    r->state == READER_ACTIVE && r->due != TIME_NONE && r->due > p->run.now
		? page_reader_date(p, r, "day", r->due, err)
		: "");
	template_put_text(root, "leave_link", page_token_link(p, 'u', TOKEN_LEAVE, r));
}

/* Where a letter waits to be answered from, half hidden. */
static bool
put_new_address(struct page *p, struct template_value *root, const struct reader *r,
    struct err *err)
{
	struct new_address n;
	bool found = false;

	if (!store_new_address_get(p->run.store, p->a, r->id, &n, &found, err))
		return false;
	found = found && p->run.now - n.asked <= p->run.config->list.confirm_within;
	template_put_text(root, "new_address",
	    found ? address_veiled(p->a, n.address) : "");
	return true;
}

struct shown {
	const struct reader *reader;
	const struct preference_problems *problems; /* NULL = none */
	struct template_value *changes;             /* of what was saved, or NULL */
	const char *said;                           /* a line of its own, or "" */
};

static bool
show(struct page *p, const struct shown *what, struct err *err)
{
	const struct reader *r = what->reader;
	struct template_value *root = page_begin(p, 200);
	struct preference_sources all;

	if (!preference_sources_load(p, &all, err) || !put_new_address(p, root, r, err))
		return false;
	put_state(p, root, r, err);
	put_wishes(p, root, r, err);
	put_problems(p, root, what->problems);
	template_put(root, "weekdays", weekdays(p, &r->cadence, err));
	template_put(root, "month_days", month_days(p, &r->cadence, err));
	template_put(root, "hours", hours(p, &r->cadence, err));
	template_put(root, "languages", languages(p, r, err));
	template_put(root, "pictures", picture_choices(p, r, err));
	template_put(root, "groups", groups(p, &all, &r->variant, err));
	template_put_bool(root, "many", all.count > ON_ONE_PAGE);
	template_put_int(root, "source_count", (int64_t)all.count);
	template_put_text(root, "newsletter_when",
	    page_when(p, &p->run.config->digest.schedule, err));
	template_put_text(root, "newsletter_zone", zone_name(p->run.zone));
	template_put_text(root, "zone",
	    what->problems && what->problems->zone ? form_value(&p->form, FIELD_ZONE)
						   : r->cadence.zone);
	template_put_text(root, "hold",
	    what->problems ? form_value(&p->form, FIELD_HOLD)
			   : preference_hold_day(p, r));
	template_put_text(root, "email",
	    what->problems ? form_value(&p->form, FIELD_EMAIL) : "");
	template_put_bool(root, "sends_missed", !r->hold_skip);
	template_put_bool(root, "is_saved", what->changes != NULL);
	template_put(root, "changes",
	    what->changes ? what->changes : template_list(p->a));
	template_put_text(root, "said", what->said);
	return page_show(p, "page-preferences", root, err);
}

/* ---- what is changed ---- */

static void
add_change(struct page *p, struct template_value *list, const char *key,
    const char *before, const char *now, struct err *err)
{
	struct template_value *values = template_map(p->a);

	if (strcmp(before, now) == 0)
		return;
	template_put_text(values, "before", before);
	template_put_text(values, "now", now);
	template_append_text(list, page_words(p, "changes", key, values, err));
}

static const char *
sources_words(struct page *p, const struct preference_sources *all,
    const struct variant *v, struct err *err)
{
	const struct source_choice c = source_choice_of(p, v->sources);
	const size_t taken = count_taken(all->list, all->count, &c);
	const char *key = *v->sources == '*' ? "takes_all"
	    : *v->sources == '+'             ? "takes_only"
					     : "takes_but";
	struct template_value *values = template_map(p->a);

	template_put_text(values, "blogs", page_count(p, "blogs", (int64_t)taken, err));
	return page_words(p, "changes", key, values, err);
}

static const char *
hold_words(struct page *p, const struct reader *r, struct err *err)
{
	struct template_value *values = template_map(p->a);

	if (r->state != READER_HOLD)
		return page_words(p, "changes", "no_hold", NULL, err);
	template_put_text(values, "day",
	    r->hold_until == TIME_NONE
		? ""
		: page_reader_date(p, r, "since", r->hold_until, err));
	return page_words(p, "changes", "held", values, err);
}

static const char *
language_words(struct page *p, const struct reader *r, struct err *err)
{
	if (*own_language(r) == '\0')
		return page_words(p, "pages", "usual_language", NULL, err);
	const struct template_set *t = flow_templates_in(&p->run, own_language(r), err);
	return t ? wording_raw(t->words, "language", "name") : "";
}

static const char *
pictures_words(struct page *p, const struct reader *r, struct err *err)
{
	return page_words(p, "shown_pictures", pictures_name(r->variant.pictures), NULL,
	    err);
}

/* "Length: titles only; before, the beginning of each post": a line for each change. */
static struct template_value *
list_changes(struct page *p, const struct preference_sources *all,
    const struct reader *was, const struct reader *is, struct err *err)
{
	struct template_value *list = template_list(p->a);

	add_change(p, list, "hold", hold_words(p, was, err), hold_words(p, is, err), err);
	add_change(p, list, "rhythm", page_when(p, &was->cadence, err),
	    page_when(p, &is->cadence, err), err);
	add_change(p, list, "length",
	    page_words(p, "lengths", length_name(was->variant.length), NULL, err),
	    page_words(p, "lengths", length_name(is->variant.length), NULL, err), err);
	add_change(p, list, "format",
	    page_words(p, "formats", format_name(was->variant.format), NULL, err),
	    page_words(p, "formats", format_name(is->variant.format), NULL, err), err);
	add_change(p, list, "language", language_words(p, was, err),
	    language_words(p, is, err), err);
	add_change(p, list, "pictures", pictures_words(p, was, err),
	    pictures_words(p, is, err), err);
	add_change(p, list, "sources", sources_words(p, all, &was->variant, err),
	    sources_words(p, all, &is->variant, err), err);
	return list;
}

static bool
same_wishes(const struct reader *a, const struct reader *b)
{
	const struct cadence *x = &a->cadence;
	const struct cadence *y = &b->cadence;

	return x->rhythm == y->rhythm && x->day == y->day && x->minute == y->minute &&
	    strcmp(x->zone ? x->zone : "", y->zone ? y->zone : "") == 0 &&
	    a->variant.length == b->variant.length &&
	    a->variant.format == b->variant.format &&
	    a->variant.pictures == b->variant.pictures &&
	    strcmp(own_language(a), own_language(b)) == 0 &&
	    strcmp(a->variant.sources, b->variant.sources) == 0;
}

static bool
save_wishes(struct page *p, const struct reader *was, const struct preference_wishes *w,
    struct reader *r, struct err *err)
{
	r->cadence = w->reader.cadence;
	r->variant = w->reader.variant;
	return same_wishes(was, r) ||
	    page_move(p, r, EVENT_EDIT, flow_cadence_words(p->a, &r->cadence), err);
}

static bool
save_hold(struct page *p, const struct preference_wishes *w, struct reader *r,
    struct err *err)
{
	switch (w->hold) {
	case HOLD_AS_IT_IS:
		return true;
	case HOLD_END:
		return page_move(p, r, EVENT_RESUME, NULL, err);
	case HOLD_BEGIN:
		break;
	}
	r->hold_until = w->reader.hold_until;
	r->hold_skip = w->reader.hold_skip;
	return page_hold(p, r, err);
}

/* ---- whose page it is ---- */

static bool
show_stranger(struct page *p, const struct reader *r, bool found, const char *said,
    struct err *err)
{
	if (!found)
		return page_show_plain(p, 404, "page-lost", err);
	struct template_value *root = page_begin(p, 200);
	template_put_text(root, "address", address_veiled(p->a, r->address));
	template_put_text(root, "said", said);
	return page_show(p, "page-gone", root, err);
}

/* ---- what is done ---- */

struct saving {
	struct preference_sources sources;
	struct preference_wishes wishes;
	struct reader was, is;
	bool found;
};

static bool
ask_address(struct page *p, const struct saving *s, struct err *err)
{
	return !s->wishes.new_address ||
	    flow_address_ask(&p->run, &s->is, s->wishes.new_address,
		limits_network(p->a, p->request->network), err);
}

static bool
save_all(struct page *p, struct saving *s, struct err *err)
{
	if (!page_find_reader(p, &s->was, &s->found, err))
		return false;
	if (!s->found || subscription_has_ended(s->was.state))
		return true;
	s->is = s->was;
	if (!preference_form_read(p, &s->was, &s->sources, &s->wishes, err))
		return false;
	return s->wishes.has_problem ||
	    (save_wishes(p, &s->was, &s->wishes, &s->is, err) &&
		save_hold(p, &s->wishes, &s->is, err) && ask_address(p, s, err) &&
		page_speak_to(p, &s->is, err));
}

/* The same words whoever reads there. */
static void
say_asked(struct page *p, struct template_value *changes, const char *address,
    struct err *err)
{
	struct template_value *values = template_map(p->a);

	template_put_text(values, "now", address);
	template_append_text(changes, page_words(p, "changes", "address", values, err));
}

static bool
show_saved(struct page *p, struct saving *s, struct err *err)
{
	struct shown what = { .reader = &s->is, .said = "" };

	if (s->wishes.has_problem) {
		what.reader = &s->wishes.reader;
		what.problems = &s->wishes.problems;
	} else {
		what.changes = list_changes(p, &s->sources, &s->was, &s->is, err);
		if (s->wishes.new_address)
			say_asked(p, what.changes, s->wishes.new_address, err);
	}
	return show(p, &what, err);
}

static bool
save(struct page *p, struct err *err)
{
	struct saving s;

	memset(&s, 0, sizeof(s));
	if (!preference_sources_load(p, &s.sources, err) ||
	    !store_scope_begin(p->run.store, err) ||
	    !store_scope_end(p->run.store, save_all(p, &s, err), err))
		return false;
	if (!s.found || subscription_has_ended(s.was.state))
		return show_stranger(p, &s.was, s.found, "", err);
	if (s.wishes.new_address)
		p->answer->wakes = true;
	return show_saved(p, &s, err);
}

/* Back from a hold, or from mail that came back: one press. */
static bool
resume(struct page *p, struct err *err)
{
	struct shown what = { .said = page_words(p, "pages", "resumed", NULL, err) };
	struct reader r;
	bool found = false;

	memset(&r, 0, sizeof(r));
	what.reader = &r;
	if (!store_scope_begin(p->run.store, err) ||
	    !store_scope_end(p->run.store,
		page_find_reader(p, &r, &found, err) &&
		    (!found || (r.state != READER_HOLD && r.state != READER_BOUNCED) ||
			page_move(p, &r, EVENT_RESUME, NULL, err)),
		err))
		return false;
	return found && !subscription_has_ended(r.state)
	    ? show(p, &what, err)
	    : show_stranger(p, &r, found, "", err);
}

/* The way to their data goes by mail, so that a letter passed on opens it to nobody. */
static bool
mail_link(struct page *p, enum own_link link, struct err *err)
{
	struct shown what = { .said = page_words(p, "pages", "data_mailed", NULL, err) };
	struct reader r;
	bool found = false;

	what.reader = &r;
	if (!page_find_reader(p, &r, &found, err) ||
	    (found && !flow_own_link(&p->run, &r, link, err)))
		return false;
	p->answer->wakes = true;
	return found && !subscription_has_ended(r.state)
	    ? show(p, &what, err)
	    : show_stranger(p, &r, found, what.said, err);
}

/* ---- parts of many sources ---- */

static bool
find_part(const struct preference_sources *all, size_t wanted, size_t *from, size_t *end)
{
	*end = 0;
	for (size_t part = 0; part < wanted && *end < all->count; part++) {
		*from = *end;
		*end = part_end(all, *from);
		if (part + 1 == wanted)
			return true;
	}
	return false;
}

static bool
show_part(struct page *p, const struct reader *r, const struct source *list, size_t count,
    size_t part, bool saved, struct err *err)
{
	const struct source_choice c = source_choice_of(p, r->variant.sources);
	struct template_value *root = page_begin(p, 200);

	template_put(root, "part", group_item(p, list, count, part, &c, true, err));
	template_put_bool(root, "is_saved", saved);
	template_put_bool(root, "takes_only", *r->variant.sources == '+');
	template_put_text(root, "back", page_link(p, "/p/%s", p->word));
	return page_show(p, "page-sources-part", root, err);
}

static bool
save_part(struct page *p, struct reader *r, const struct source *list, size_t count,
    struct err *err)
{
	const struct reader was = *r;

	r->variant.sources = preference_tick(p, r->variant.sources, list, count);
	if (same_wishes(&was, r))
		return true;
	if (strcmp(r->variant.sources, "+") == 0) {
		r->variant.sources = was.variant.sources;
		return true;
	}
	return page_move(p, r, EVENT_EDIT, flow_cadence_words(p->a, &r->cadence), err);
}

static bool
answer_part(struct page *p, size_t part, struct err *err)
{
	const bool saves = p->request->method == WEB_POST;
	struct preference_sources all;
	struct reader r;
	size_t from = 0;
	size_t end = 0;
	bool found = false;

	if (!preference_sources_load(p, &all, err))
		return false;
	if (!find_part(&all, part, &from, &end))
		return page_show_plain(p, 404, "page-nothing", err);
	memset(&r, 0, sizeof(r));
	if (saves && !store_scope_begin(p->run.store, err))
		return false;
	bool ok = page_find_reader(p, &r, &found, err) &&
	    (!saves || !found || subscription_has_ended(r.state) ||
		save_part(p, &r, all.list + from, end - from, err));
	if (saves)
		ok = store_scope_end(p->run.store, ok, err);
	if (!ok)
		return false;
	if (!found || subscription_has_ended(r.state))
		return show_stranger(p, &r, found, "", err);
	return show_part(p, &r, all.list + from, end - from, part, saves, err);
}

static bool
act(struct page *p, struct err *err)
{
	const char *which = form_value(&p->form, FIELD_ACT);

	if (strcmp(which, "resume") == 0)
		return resume(p, err);
	if (strcmp(which, "data") == 0)
		return mail_link(p, OWN_DATA, err);
	return strcmp(which, "erase") == 0 ? mail_link(p, OWN_ERASING, err)
					   : save(p, err);
}

bool
page_preferences(struct page *p, struct err *err)
{
	struct reader r;
	bool found = false;

	if (p->token.reader == 0)
		return page_show_plain(p, 200, "page-test", err);
	if (*p->rest)
		return answer_part(p, (size_t)strtoul(p->rest, NULL, 10), err);
	if (p->request->method == WEB_POST)
		return act(p, err);
	if (!page_find_reader(p, &r, &found, err))
		return false;
	if (!found || subscription_has_ended(r.state))
		return show_stranger(p, &r, found, "", err);
	return show(p, &(struct shown){ .reader = &r, .said = "" }, err);
}
