/* SPDX-License-Identifier: ISC */
/*
 * /e/TOKEN: what is kept of a reader, in words; /e/TOKEN-data all of it as a file; one press
 * deletes everything.  The link was mailed to their address within the last hour.
 */
#include <string.h>

#include "base/limits.h"
#include "flow/own_data.h"
#include "flow/reader_wishes.h"
#include "model/names.h"
#include "web/page.h"

enum { LINES = 20 }; /* of their history, on the page */

static const char *
moment(struct page *p, int64_t t, struct err *err)
{
	return t == TIME_NONE ? "" : page_date(p, "long_moment", t, err);
}

/* "Left, by the page": a line of history in words. */
static struct template_value *
history_item(struct page *p, const struct reader_event_line *l, struct err *err)
{
	struct template_value *item = template_map(p->a);

	template_put_text(item, "when", moment(p, l->at, err));
	template_put_text(item, "what",
	    page_words(p, "events", reader_event_name(l->event), NULL, err));
	template_put_text(item, "how",
	    page_words(p, "causes", event_cause_name(l->cause), NULL, err));
	template_put_text(item, "detail", l->detail);
	template_put_text(item, "evidence", l->evidence);
	return item;
}

/* The newest first. */
static struct template_value *
history(struct page *p, const struct own_data *d, struct err *err)
{
	struct template_value *list = template_list(p->a);

	for (size_t i = d->history_count; i > 0 && d->history_count - i < LINES; i--)
		template_append(list, history_item(p, &d->history[i - 1], err));
	return list;
}

static bool
show(struct page *p, const struct reader *r, const struct own_data *d, struct err *err)
{
	struct template_value *root = page_begin(p, 200);
	const char *sources = NULL;

	if (!flow_sources_words(&p->run, p->a, &r->variant, &sources, err))
		return false;
	template_put_text(root, "address", r->address);
	template_put_text(root, "state",
	    page_words(p, "states", reader_state_name(r->state), NULL, err));
	template_put_text(root, "when", page_when(p, &r->cadence, err));
	template_put_text(root, "length",
	    page_words(p, "lengths", length_name(r->variant.length), NULL, err));
	template_put_text(root, "format",
	    page_words(p, "formats", format_name(r->variant.format), NULL, err));
	template_put_text(root, "pictures",
	    page_words(p, "shown_pictures", pictures_name(r->variant.pictures), NULL,
		err));
	template_put_text(root, "sources", sources);
	template_put_text(root, "added", moment(p, r->created, err));
	template_put_text(root, "confirmed", moment(p, r->confirmed, err));
	template_put_text(root, "evidence", r->confirmed_by);
	template_put(root, "history", history(p, d, err));
	template_put_bool(root, "has_more", d->history_count > LINES);
	template_put_text(root, "letters",
	    page_count(p, "letters", (int64_t)d->letter_count, err));
	template_put_text(root, "messages",
	    page_count(p, "messages", (int64_t)d->notice_count, err));
	template_put_text(root, "bounces",
	    page_count(p, "came_back", (int64_t)d->bounce_count, err));
	template_put_text(root, "file", page_link(p, "/e/%s-data", p->word));
	return page_show(p, "page-data", root, err);
}

static bool
download(struct page *p, const char *bytes, size_t len)
{
	page_write(p, 200, "application/json; charset=utf-8", bytes, len);
	p->answer->download = "my-data.json";
	return true;
}

static bool
erase(struct page *p, struct err *err)
{
	struct reader r;
	bool found = false;

	if (!page_find_reader(p, &r, &found, err))
		return false;
	if (!found)
		return page_show_plain(p, 404, "page-lost", err);
	return page_move(p, &r, EVENT_ERASE, NULL, err) &&
	    page_show_plain(p, 200, "page-erased", err);
}

static bool
look(struct page *p, struct err *err)
{
	const bool wants_file = strcmp(p->rest, "data") == 0;
	struct buf json = BUF_INIT(LIMIT_PART);
	struct own_data d;
	struct reader r;
	bool found = false;

	if (*p->rest && !wants_file)
		return page_show_plain(p, 404, "page-nothing", err);
	if (!page_find_reader(p, &r, &found, err))
		return false;
	if (!found)
		return page_show_plain(p, 404, "page-lost", err);
	const bool ok = flow_own_data(&p->run, &r, &d, &json, err) &&
	    (wants_file ? download(p, buf_text(&json), json.len) : show(p, &r, &d, err));
	buf_clear(&json);
	return ok;
}

bool
page_data(struct page *p, struct err *err)
{
	if (p->token.reader == 0)
		return page_show_plain(p, 200, "page-test", err);
	if (p->request->method != WEB_POST)
		return look(p, err);
	return strcmp(form_value(&p->form, FIELD_ACT), "erase") == 0 && !*p->rest
	    ? erase(p, err)
	    : page_show_plain(p, 400, "page-wrong", err);
}
