/* SPDX-License-Identifier: ISC */
/* An entry as a message of its own. */
#include "digest/view.h"

#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"
#include "model/digest_parts.h"

/* RFC 1153: thirty hyphens at the beginning of a line part the messages. */
static const char hyphens[] = "------------------------------";

struct part_words {
	const char *from, *reply_to, *date, *subject; /* lines */
};

/* "Ann (Ann's blog)", or the blog where nobody is named or the two are one. */
static const char *
sender(const struct view *v, const struct fit_item *item)
{
	const char *source = view_source_name(v, item->source);
	const char *author = item->entry->author;

	if (!text_is_set(author) || ascii_eq_nocase(author, source))
		return source;
	return arena_printf(v->a, "%s (%s)", author, source);
}

static const char *
posted(const struct view *v, const struct entry *e)
{
	const int64_t t = entry_instant(e);
	char text[CLOCK_TEXT];

	return arena_strdup(v->a,
	    clock_rfc5322(t, zone_offset(v->ctx->zone, t, NULL), text));
}

/* A blank goes before the hyphens of the author's. */
static const char *
quiet(struct arena *a, const char *text)
{
	struct buf b = BUF_INIT(LIMIT_PART);

	if (!strstr(text, hyphens))
		return text;
	while (*text) {
		const size_t len = strcspn(text, "\n");

		if (strncmp(text, hyphens, sizeof(hyphens) - 1) == 0)
			buf_addc(&b, ' ');
		buf_add(&b, text, len + (text[len] != '\0'));
		text += len + (text[len] != '\0');
	}
	return arena_take(a, &b);
}

/* The address of "Planet X <planet@example.net>". */
static const char *
newsletter_address(const struct view *v)
{
	const char *from = v->ctx->config->newsletter.from;
	const char *open = strrchr(from, '<');
	const char *start = open ? open + 1 : from;

	return arena_strndup(v->a, start, strcspn(start, ">"));
}

/* A name as it may stand before an address (RFC 5322 3.2.5). */
static const char *
phrase(struct arena *a, const char *name)
{
	struct buf b = BUF_INIT(LIMIT_PART);

	if (!strpbrk(name, "()<>[]:;@\\,.\""))
		return name;
	buf_addc(&b, '"');
	for (; *name; name++) {
		if (*name == '"' || *name == '\\')
			buf_addc(&b, '\\');
		buf_addc(&b, *name);
	}
	buf_addc(&b, '"');
	return arena_take(a, &b);
}

/* The fields as RFC 1153 3 has them, a line each. */
static const char *
fields(const struct view *v, const struct part_words *w)
{
	const bool has_reply = text_is_set(w->reply_to);

	return arena_printf(v->a, "Date: %s\nFrom: %s <%s>\n%s%s%sSubject: %s", w->date,
	    phrase(v->a, w->from), newsletter_address(v), has_reply ? "Reply-To: " : "",
	    has_reply ? w->reply_to : "", has_reply ? "\n" : "", w->subject);
}

static const char *
opening(const struct view *v, const struct part_words *w)
{
	return arena_printf(v->a, "%c%s%c%s%c%s%c%s%c", PART_MARK, w->from, FIELD_MARK,
	    text_is_set(w->reply_to) ? w->reply_to : "", FIELD_MARK, w->date, FIELD_MARK,
	    w->subject, FIELD_MARK);
}

void
view_digest(const struct view *v, struct template_value *root, bool has_posts)
{
	const char *name =
	    arena_printf(v->a, "%s Digest", v->ctx->config->newsletter.name);
	const char *end = arena_printf(v->a, "End of %s", name);

	template_put_text(root, "digest_name", name);
	template_put_text(root, "digest_end", end);
	template_put_text(root, "digest_end_line", view_line(v, end, '*'));
	template_put_text(root, "message_end",
	    has_posts ? arena_printf(v->a, "%c", PART_MARK) : "");
}

void
view_message(const struct view *v, const struct fit_item *item,
    struct template_value *map)
{
	const struct shown_body *body = fit_body(v->fit, (struct fit_item *)item);
	const char *title = view_title(v, item->entry);
	const char *from = sender(v, item);
	const char *reply_to = item->entry->author_address;
	const struct part_words w = {
		.from = text_one_line(v->a, from, strlen(from)),
		.reply_to =
		    reply_to ? text_one_line(v->a, reply_to, strlen(reply_to)) : "",
		.date = posted(v, item->entry),
		.subject = text_one_line(v->a, title, strlen(title)),
	};

	template_put_text(map, "quiet_text", quiet(v->a, body ? body->text : ""));
	template_put_text(map, "message_fields", fields(v, &w));
	template_put_text(map, "message_open", opening(v, &w));
}
