/* SPDX-License-Identifier: ISC */
#include "flow/newsletters.h"

#include <string.h>

#include "base/limits.h"
#include "base/log.h"
#include "base/text.h"
#include "config/mailbox_address.h"
#include "feed/date.h"
#include "flow/context.h"
#include "format/url.h"
#include "mail/newsletter_reader.h"
#include "model/identity.h"
#include "transport/mail_folder.h"

struct looking {
	struct run *run;
	struct arena *a;
	struct mailbox_address address;
	struct newsletter_reader **reader;
	struct newsletter_look *out;
	struct feed *feed;
};

/* ---- whose it is ---- */

/*
 * Whether the words that a message must have stand in its header at all: most of a mailbox is
 * other mail, which is not given to the child.  List-Id and From cannot be written otherwise.
 */
static bool
may_be_ours(const struct looking *l, const char *bytes, size_t len)
{
	const char *word = l->address.list ? l->address.list : l->address.from;
	const char *end = strstr(bytes, "\n\n");
	const char *other = strstr(bytes, "\n\r\n");
	const char *hit = NULL;
	struct buf header = BUF_INIT(LIMIT_NEWSLETTER);

	if (other && (!end || other < end))
		end = other;
	buf_add(&header, bytes, end ? (size_t)(end - bytes) : len);
	hit = ascii_find_nocase(buf_text(&header), word);
	buf_clear(&header);
	return hit != NULL;
}

static bool
is_ours(const struct looking *l, const struct newsletter *n)
{
	return l->address.list ? strcmp(n->list_id, l->address.list) == 0
			       : strcmp(n->from, l->address.from) == 0;
}

/* ---- dates ---- */

/* "From ann@list.example Thu Jan 15 07:00:00 2026": behind the second word. */
static int64_t
postmark_date(const char *line)
{
	const char *date = line ? strchr(line, ' ') : NULL;
	enum date_note note = DATE_EXACT;

	date = date ? strchr(date + 1, ' ') : NULL;
	return date ? date_read(date + 1, strlen(date + 1), &note) : TIME_NONE;
}

/* Nothing was written after it arrived. */
static int64_t
date_of(const struct looking *l, const char *said, const struct mail_found *found)
{
	enum date_note note = DATE_EXACT;
	const int64_t date = date_read(said, strlen(said), &note);
	int64_t arrived =
	    found->postmark ? postmark_date(found->postmark) : found->arrived;

	if (arrived == TIME_NONE || arrived > l->run->now)
		arrived = l->run->now;
	return date == TIME_NONE || date > arrived ? arrived : date;
}

/* ---- posts ---- */

/* Parameters by which tools know who reads the page. */
static const char *
without_reader(struct arena *a, const char *link)
{
	static const char *const readers[] = { "e", "email", "uid", "token", "subscriber",
		"subscriber_id", "user_id", "recipient", "mc_eid", "jwt", "key", "uuid",
		"isFreemail", "r", "s" };
	const char *fragment = link + strcspn(link, "#");
	const char *query = memchr(link, '?', (size_t)(fragment - link));
	struct buf b = BUF_INIT(LIMIT_URL * 2);
	char mark = '?';

	if (!query)
		return link;
	buf_add(&b, link, (size_t)(query - link));
	for (const char *at = query + 1; at < fragment;) {
		const size_t len = strcspn(at, "&#");
		const size_t name = strcspn(at, "=&#");
		bool is_reader = false;

		for (size_t i = 0; i < ARRAY_LEN(readers) && !is_reader; i++)
			is_reader = strlen(readers[i]) == name &&
			    strncmp(at, readers[i], name) == 0;
		if (!is_reader && len > 0) {
			buf_addc(&b, mark);
			buf_add(&b, at, len);
			mark = '&';
		}
		at += len + (at[len] == '&');
	}
	buf_adds(&b, fragment);
	return arena_take(a, &b);
}

static const char *
set_or_null(const char *text)
{
	return *text ? text : NULL;
}

/*
 * What it is known by when it comes again: a message its Message-ID, a post of a digest its
 * address, which it has in the next digest too.
 */
static const char *
guid_of(struct arena *a, const struct newsletter *n, size_t i)
{
	const struct newsletter_post *p = &n->posts[i];

	if (n->kind == NEWSLETTER_LETTER)
		return set_or_null(n->message_id);
	if (*p->id)
		return p->id;
	if (*p->link)
		return p->link;
	return *n->message_id ? arena_printf(a, "%s#%zu", n->message_id, i + 1) : NULL;
}

static bool
says_nothing(const struct newsletter_post *p)
{
	return !*p->title && p->text[strspn(p->text, " \t\r\n")] == '\0';
}

static void
add_post(struct looking *l, const struct newsletter *n, size_t i,
    const struct mail_found *found)
{
	const struct newsletter_post *p = &n->posts[i];
	struct feed *f = l->feed;
	struct entry *e = NULL;

	if (f->entry_count == LIMIT_FEED_ENTRIES || says_nothing(p))
		return;
	f->entries =
	    arena_grow_list(l->a, f->entries, f->entry_count, sizeof(*f->entries));
	e = &f->entries[f->entry_count++];
	*e = (struct entry){ .guid = guid_of(l->a, n, i),
		.title = set_or_null(p->title),
		.author = set_or_null(p->author),
		.published = date_of(l, *p->date ? p->date : n->date, found),
		.updated = TIME_NONE,
		.first_seen = TIME_NONE };
	if (url_is_web(p->link) && strlen(p->link) < LIMIT_URL)
		e->link = without_reader(l->a, p->link);
	e->content.text = p->text;
	e->content.len = strlen(p->text);
	e->content.type = p->is_html ? CONTENT_HTML : CONTENT_TEXT;
	e->content.base = e->link;
	e->text_print = identity_text_print(e);
	e->fingerprint = identity_fingerprint(e);
}

static void
add_letter(struct looking *l, const struct newsletter *n, const struct mail_found *found)
{
	struct feed *f = l->feed;

	l->out->read++;
	f->title = *n->name ? n->name : *n->list_id ? n->list_id : n->from;
	if (url_is_web(n->site))
		f->link = n->site;
	for (size_t i = 0; i < n->count; i++)
		add_post(l, n, i, found);
}

static void
note_lost(struct looking *l, const struct mail_found *found, size_t len)
{
	l->out->lost++;
	if (!l->out->lost_name)
		l->out->lost_name = found->postmark
		    ? text_visible_line(l->a, found->postmark)
		    : arena_printf(l->a, "one of %zu bytes", len);
}

static bool
take(struct looking *l, const struct buf *bytes, const struct mail_found *found,
    struct err *err)
{
	struct newsletter n;

	if (!may_be_ours(l, buf_text(bytes), bytes->len)) {
		l->out->others++;
		return true;
	}
	if (!*l->reader)
		*l->reader = newsletter_reader_new(err);
	if (!*l->reader)
		return false;
	if (!newsletter_reader_read(*l->reader, l->a, buf_text(bytes), bytes->len, &n))
		note_lost(l, found, bytes->len);
	else if (!is_ours(l, &n))
		l->out->others++;
	else if (n.kind == NEWSLETTER_ASKS)
		l->out->asks++;
	else if (n.kind == NEWSLETTER_NOTHING)
		note_lost(l, found, bytes->len);
	else
		add_letter(l, &n, found);
	return true;
}

static bool
read_all(struct looking *l, struct mail_folder *folder, struct err *err)
{
	struct buf bytes = BUF_INIT(LIMIT_NEWSLETTER);
	struct mail_found found;
	bool more = true;
	bool ok = true;

	while (ok && more && !l->run->interrupted()) {
		ok = mail_folder_next(folder, &bytes, &found, &more, err);
		if (ok && more)
			ok = take(l, &bytes, &found, err);
	}
	buf_clear(&bytes);
	return ok;
}

bool
flow_newsletters_look(struct run *run, struct arena *a, const char *url,
    const char *known, struct newsletter_reader **reader, struct newsletter_look *out,
    struct err *err)
{
	struct looking l = { .run = run, .a = a, .reader = reader, .out = out };
	struct mail_folder *folder = NULL;
	bool ok = true;

	memset(out, 0, sizeof(*out));
	if (!mailbox_address_read(a, url, &l.address, err))
		return false;
	folder = mail_folder_open(l.address.path, l.address.is_mbox, known, run->now,
	    &out->unchanged, err);
	if (!folder)
		return false;
	if (!out->unchanged) {
		out->feed = l.feed = arena_alloc(a, sizeof(*l.feed));
		*l.feed = (struct feed){ .format = "mail",
			.encoding = "UTF-8",
			.updated = TIME_NONE,
			.ttl = -1 };
		ok = read_all(&l, folder, err);
		out->known = mail_folder_known(folder, a);
	}
	mail_folder_close(folder);
	return ok;
}

void
flow_newsletters_note(struct arena *a, struct source *s,
    const struct newsletter_look *look)
{
	s->mail_read += (int64_t)look->read;
	s->mail_others += (int64_t)look->others;
	s->mail_asks += (int64_t)look->asks;
	s->mail_lost += (int64_t)look->lost;
	if (look->lost > 0)
		log_warn("feeds",
		    "%s: %zu message%s could not be read and left out, first %s", s->key,
		    look->lost, look->lost == 1 ? "" : "s",
		    text_shown(a, look->lost_name));
}
