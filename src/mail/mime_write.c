/* SPDX-License-Identifier: ISC */
#include "mail/mime_write.h"

#include <stdlib.h>
#include <string.h>

#include <libetpan/libetpan.h>

#include "base/limits.h"

/*
 * libetpan gives every multipart a boundary of its own, made of the time and the process, which
 * a feed could foresee.  Its value is replaced; a second parameter would be written beside it.
 */
static bool
set_boundary(struct mailmime_content *content, const char *boundary)
{
	for (clistiter *i = clist_begin(content->ct_parameters); i; i = clist_next(i)) {
		struct mailmime_parameter *p = clist_content(i);
		char *value = NULL;

		if (strcmp(p->pa_name, "boundary") != 0)
			continue;
		value = strdup(boundary);
		if (!value)
			return false;
		free(p->pa_value);
		p->pa_value = value;
		return true;
	}
	return false;
}

static struct mailmime *
new_entity(const char *type)
{
	struct mailmime_content *content = mailmime_content_new_with_str(type);
	struct mailmime_fields *fields = mailmime_fields_new_empty();
	struct mailmime *m = NULL;

	if (content && fields)
		m = mailmime_new_empty(content, fields);
	if (!m) {
		if (content)
			mailmime_content_free(content);
		if (fields)
			mailmime_fields_free(fields);
	}
	return m;
}

static bool
add_parameter(struct mailmime *m, const char *name, const char *value)
{
	char *own_name = strdup(name);
	char *own_value = strdup(value);
	struct mailmime_parameter *p = NULL;

	if (own_name && own_value)
		p = mailmime_parameter_new(own_name, own_value);
	if (!p) {
		free(own_name);
		free(own_value);
		return false;
	}
	if (clist_append(m->mm_content_type->ct_parameters, p) != 0) {
		mailmime_parameter_free(p);
		return false;
	}
	return true;
}

/* The field belongs to m from now on; it may be NULL. */
static bool
add_field(struct mailmime *m, struct mailmime_field *field)
{
	if (!field)
		return false;
	if (mailmime_fields_add(m->mm_mime_fields, field) != MAILIMF_NO_ERROR) {
		mailmime_field_free(field);
		return false;
	}
	return true;
}

static bool
add_encoding(struct mailmime *m, int mechanism)
{
	struct mailmime_mechanism *how = mailmime_mechanism_new(mechanism, NULL);
	struct mailmime_field *field = NULL;

	if (how)
		field = mailmime_field_new(MAILMIME_FIELD_TRANSFER_ENCODING, NULL, how,
		    NULL, NULL, 0, NULL, NULL, NULL);
	return add_field(m, field);
}

/* "encoded" is what keeps libetpan's own encoders away. */
static bool
set_body(struct mailmime *m, int mechanism, const struct buf *body)
{
	m->mm_data.mm_single = mailmime_data_new(MAILMIME_DATA_TEXT, mechanism, 1,
	    buf_text(body), body->len, NULL);
	return m->mm_data.mm_single && add_encoding(m, mechanism);
}

static struct mailmime *
new_part(const struct mime_part *part)
{
	static const int mechanisms[] = { [MIME_7BIT] = MAILMIME_MECHANISM_7BIT,
		[MIME_QUOTED] = MAILMIME_MECHANISM_QUOTED_PRINTABLE,
		[MIME_BASE64] = MAILMIME_MECHANISM_BASE64 };
	const int mechanism = mechanisms[part->encoding];
	struct mailmime *m = new_entity(part->type);

	if (!m)
		return NULL;
	if (!add_parameter(m, "charset", "utf-8") ||
	    !set_body(m, mechanism, part->body)) {
		mailmime_free(m);
		return NULL;
	}
	return m;
}

/* RFC 2392: what another part shows is found by it. */
static bool
add_content_id(struct mailmime *m, const char *id)
{
	char *own = strdup(id);
	struct mailmime_field *field = own ? mailmime_field_new(MAILMIME_FIELD_ID, NULL,
						 NULL, own, NULL, 0, NULL, NULL, NULL)
					   : NULL;

	if (!field)
		free(own);
	return add_field(m, field);
}

/* RFC 2183: it is shown where it stands, and saved under that name. */
static bool
add_disposition(struct mailmime *m, const char *name)
{
	char *own = strdup(name);
	struct mailmime_disposition *shown = own
	    ? mailmime_disposition_new_filename(MAILMIME_DISPOSITION_TYPE_INLINE, own)
	    : NULL;
	struct mailmime_field *field = NULL;

	if (!shown) {
		free(own);
		return false;
	}
	field = mailmime_field_new(MAILMIME_FIELD_DISPOSITION, NULL, NULL, NULL, NULL, 0,
	    shown, NULL, NULL);
	if (!field)
		mailmime_disposition_free(shown);
	return add_field(m, field);
}

static struct mailmime *
new_picture(const struct mime_picture *picture)
{
	struct mailmime *m = new_entity(picture->type);

	if (!m)
		return NULL;
	if (!set_body(m, MAILMIME_MECHANISM_BASE64, picture->body) ||
	    !add_content_id(m, picture->id) || !add_disposition(m, picture->name)) {
		mailmime_free(m);
		return NULL;
	}
	return m;
}

/* Takes part, which may be NULL. */
static bool
add_part(struct mailmime *whole, struct mailmime *part)
{
	if (!part)
		return false;
	if (mailmime_add_part(whole, part) != MAILIMF_NO_ERROR) {
		mailmime_free(part);
		return false;
	}
	return true;
}

/* The part that shows pictures, with them. */
static struct mailmime *
new_related(const struct mime_letter *letter, const struct mime_part *root)
{
	struct mailmime *whole = new_entity("multipart/related");
	bool ok = whole &&
	    set_boundary(whole->mm_content_type, letter->related_boundary) &&
	    add_parameter(whole, "type", root->type) && add_part(whole, new_part(root));

	for (size_t i = 0; ok && i < letter->picture_count; i++)
		ok = add_part(whole, new_picture(&letter->pictures[i]));
	if (!ok && whole) {
		mailmime_free(whole);
		whole = NULL;
	}
	return whole;
}

static bool
add_parts(struct mailmime *whole, const struct mime_letter *letter)
{
	for (size_t i = 0; i < letter->count; i++) {
		const bool shows = letter->picture_count > 0 && i + 1 == letter->count;

		if (!add_part(whole,
			shows ? new_related(letter, &letter->parts[i])
			      : new_part(&letter->parts[i])))
			return false;
	}
	return true;
}

/*
 * libetpan folds the field of the inner multipart behind a blank, and too late.  Its boundary,
 * which stands nowhere else in that form, finds it.
 */
static void
add_refolded(struct buf *out, const char *text, const struct mime_letter *letter)
{
	static const char field[] = "multipart/related;";
	struct buf line = BUF_INIT(LIMIT_HEADER_VALUE);
	const char *found = NULL;

	buf_addf(&line, "%s boundary=\"%s\"; \r\n", field, letter->related_boundary);
	found = letter->picture_count > 0 ? strstr(text, buf_text(&line)) : NULL;
	if (found) {
		buf_add(out, text, (size_t)(found - text));
		buf_addf(out, "%s\r\n boundary=\"%s\";\r\n", field,
		    letter->related_boundary);
		text = found + line.len;
	}
	buf_adds(out, text);
	buf_clear(&line);
}

bool
mime_write_alternative(struct buf *out, const struct mime_letter *letter, struct err *err)
{
	bool ok = false;
	int column = 0;
	MMAPString *text = NULL;
	struct mailmime *whole = new_entity("multipart/alternative");

	if (!whole || !set_boundary(whole->mm_content_type, letter->boundary))
		goto out;
	if (!add_parts(whole, letter))
		goto out;
	text = mmap_string_new("");
	if (!text || mailmime_write_mem(text, &column, whole) != MAILIMF_NO_ERROR)
		goto out;
	add_refolded(out, text->str, letter);
	ok = true;
out:
	if (text)
		mmap_string_free(text);
	if (whole)
		mailmime_free(whole);
	return ok || err_set(err, ERR_SYSTEM, "no memory for a message");
}
