/* SPDX-License-Identifier: ISC */
/*
 * A feed as JSON Feed 1.1, with what JSON Feed has no word for under "_planetpost".
 */
#include "feed/jsonfeed_write.h"

#include "base/text.h"
#include "format/json.h"

static void
write_authors(struct json_writer *w, const struct person *persons, size_t count)
{
	if (count == 0)
		return;
	json_key(w, "authors");
	json_begin_array(w);
	for (size_t i = 0; i < count; i++) {
		json_begin_object(w);
		json_member(w, "name", persons[i].name);
		json_member(w, "url", persons[i].url);
		json_end_object(w);
	}
	json_end_array(w);
}

static void
write_tags(struct json_writer *w, const struct entry *e)
{
	if (e->category_count == 0)
		return;
	json_key(w, "tags");
	json_begin_array(w);
	for (size_t i = 0; i < e->category_count; i++)
		json_put_string(w, e->categories[i]);
	json_end_array(w);
}

static void
write_attachments(struct json_writer *w, const struct entry *e)
{
	if (e->enclosure_count == 0)
		return;
	json_key(w, "attachments");
	json_begin_array(w);
	for (size_t i = 0; i < e->enclosure_count; i++) {
		const struct enclosure *at = &e->enclosures[i];

		json_begin_object(w);
		json_member(w, "url", at->url);
		/* JSON Feed demands a type. */
		json_member(w, "mime_type",
		    at->type && *at->type ? at->type : "application/octet-stream");
		json_member(w, "title", at->title);
		if (at->bytes >= 0)
			json_member_int(w, "size_in_bytes", at->bytes);
		if (at->seconds >= 0)
			json_member_int(w, "duration_in_seconds", at->seconds);
		json_end_object(w);
	}
	json_end_array(w);
}

/* What identifies the entry: its own id, else its link, else its fingerprint. */
static void
write_id(struct json_writer *w, const struct entry *e)
{
	char hex[24] = "";

	if (e->guid || e->link) {
		json_member(w, "id", e->guid ? e->guid : e->link);
		return;
	}
	for (unsigned i = 0; i < 16; i++)
		hex[i] = "0123456789abcdef"[(e->fingerprint >> (60 - 4 * i)) & 15];
	json_member(w, "id", hex);
}

static void
write_entry(struct json_writer *w, const struct entry *e)
{
	json_begin_object(w);
	write_id(w, e);
	json_member(w, "url", e->link);
	json_member(w, "external_url", e->external);
	json_member(w, "title", e->title);
	/* One of both must be there, if empty. */
	if (e->content.type != CONTENT_TEXT || !e->content.text || (e->html && *e->html))
		json_member(w, "content_html", e->html ? e->html : "");
	if (e->content.text && e->content.type == CONTENT_TEXT)
		json_member(w, "content_text", e->content.text);
	json_member(w, "summary", e->summary);
	json_member(w, "image", e->image);
	json_member_time(w, "date_published", e->published);
	json_member_time(w, "date_modified", e->updated);
	write_authors(w, e->authors, e->author_count);
	write_tags(w, e);
	json_member(w, "language", e->language);
	write_attachments(w, e);
	json_end_object(w);
}

static void
write_hub(struct json_writer *w, const char *hub)
{
	if (!hub)
		return;
	json_key(w, "hubs");
	json_begin_array(w);
	json_begin_object(w);
	json_member(w, "type", "WebSub");
	json_member(w, "url", hub);
	json_end_object(w);
	json_end_array(w);
}

static void
write_extension(struct json_writer *w, const struct feed *f)
{
	json_key(w, "_planetpost");
	json_begin_object(w);
	json_member(w, "format", f->format);
	json_member(w, "encoding", f->encoding);
	json_member_bool(w, "damaged", f->damaged);
	json_member_time(w, "updated", f->updated);
	if (f->ttl >= 0)
		json_member_int(w, "ttl", f->ttl);
	json_key(w, "warnings");
	json_begin_array(w);
	for (size_t i = 0; i < f->warning_count; i++)
		json_put_string(w, f->warnings[i]);
	json_end_array(w);
	json_end_object(w);
}

void
feed_write_json(const struct feed *f, struct buf *out)
{
	struct json_writer w;

	json_writer_init(&w, out, true);
	json_begin_object(&w);
	json_member(&w, "version", "https://jsonfeed.org/version/1.1");
	json_member(&w, "title", f->title);
	json_member(&w, "home_page_url", f->link);
	json_member(&w, "feed_url", f->self);
	json_member(&w, "description", f->description);
	json_member(&w, "next_url", f->next);
	json_member(&w, "icon", f->image);
	write_authors(&w, f->authors, f->author_count);
	json_member(&w, "language", f->language);
	write_hub(&w, f->hub);
	write_extension(&w, f);
	json_key(&w, "items");
	json_begin_array(&w);
	for (size_t i = 0; i < f->entry_count; i++)
		write_entry(&w, &f->entries[i]);
	json_end_array(&w);
	json_end_object(&w);
	buf_addc(out, '\n');
}
