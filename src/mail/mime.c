/* SPDX-License-Identifier: ISC */
#include "mail/mime.h"

#include <stdlib.h>
#include <string.h>

#include <libetpan/libetpan.h>

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
add_charset(struct mailmime *m)
{
	char *name = strdup("charset");
	char *value = strdup("utf-8");
	struct mailmime_parameter *p = NULL;

	if (name && value)
		p = mailmime_parameter_new(name, value);
	if (!p) {
		free(name);
		free(value);
		return false;
	}
	if (clist_append(m->mm_content_type->ct_parameters, p) != 0) {
		mailmime_parameter_free(p);
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
	if (!field) {
		if (how)
			mailmime_mechanism_free(how);
		return false;
	}
	if (mailmime_fields_add(m->mm_mime_fields, field) != MAILIMF_NO_ERROR) {
		mailmime_field_free(field);
		return false;
	}
	return true;
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
	/* "encoded" is what keeps its own encoders away. */
	m->mm_data.mm_single = mailmime_data_new(MAILMIME_DATA_TEXT, mechanism, 1,
	    buf_text(part->body), part->body->len, NULL);
	if (!m->mm_data.mm_single || !add_charset(m) || !add_encoding(m, mechanism)) {
		mailmime_free(m);
		return NULL;
	}
	return m;
}

static bool
add_parts(struct mailmime *whole, const struct mime_part *parts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct mailmime *m = new_part(&parts[i]);

		if (!m)
			return false;
		if (mailmime_add_part(whole, m) != MAILIMF_NO_ERROR) {
			mailmime_free(m);
			return false;
		}
	}
	return true;
}

bool
mime_write_alternative(struct buf *out, const char *boundary,
    const struct mime_part *parts, size_t count, struct err *err)
{
	bool ok = false;
	int column = 0;
	MMAPString *text = NULL;
	struct mailmime *whole = new_entity("multipart/alternative");

	if (!whole || !set_boundary(whole->mm_content_type, boundary))
		goto out;
	if (!add_parts(whole, parts, count))
		goto out;
	text = mmap_string_new("");
	if (!text || mailmime_write_mem(text, &column, whole) != MAILIMF_NO_ERROR)
		goto out;
	buf_add(out, text->str, text->len);
	ok = true;
out:
	if (text)
		mmap_string_free(text);
	if (whole)
		mailmime_free(whole);
	return ok || err_set(err, ERR_SYSTEM, "no memory for a message");
}
