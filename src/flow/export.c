/* SPDX-License-Identifier: ISC */
/*
 * EXPORT: every issue sent, as mail that belongs to nobody.  The same functions write these
 * letters as the real ones; only the personal bytes are the newsletter's own.
 */
#include "flow/export.h"

#include <string.h>

#include "base/limits.h"
#include "model/holes.h"
#include "flow/context.h"
#include "flow/letter_fields.h"
#include "list/preferences.h"
#include "list/token.h"
#include "transport/mbox.h"
#include "store/issues.h"
#include "store/notes.h"
#include "store/renderings.h"
#include "store/variants.h"

enum { MBOX_ENTRY_MAX = LIMIT_LETTER + 1024 * 1024 };

/*
 * Instead of a reader's own: the newsletter's address, the owner to write to, and a
 * Message-ID of the issue alone.
 */
static void
impersonal(struct run *run, const struct letter_common *common,
    const unsigned char key[HASH_SIZE], const struct issue *issue,
    struct letter_personal *out)
{
	memset(out, 0, sizeof(*out));
	out->to = common->from.address;
	out->message_id = token_message_id(run->arena, key, issue->number, 0, 0,
	    address_domain(common->from.address));
	out->leave_mailto = common->list_owner;
}

/* What is for everybody: the lines that speak to one reader are left out. */
static void
take_out_personal(struct arena *a, struct rendering *r)
{
	r->text = holes_fill(a, r->text, r->text_len, NULL, false);
	r->text_len = strlen(r->text);
	if (!r->html)
		return;
	r->html = holes_fill(a, r->html, r->html_len, NULL, true);
	r->html_len = strlen(r->html);
}

static bool
default_rendering(struct run *run, const struct issue *issue, struct rendering *out,
    struct err *err)
{
	struct variant v = variant_of_archive();
	struct rendering_key key = { .span = { issue->number - 1, issue->number,
					 issue->id },
		.part = 1 };
	bool found = false;

	if (!store_variant_intern(run->store, &v, err))
		return false;
	key.variant_id = v.id;
	if (!store_rendering_get(run->store, run->arena, &key, out, NULL, &found, err))
		return false;
	return found || err_set(err, ERR_STORE, "its letter is not stored");
}

static bool
write_issue(struct run *run, const unsigned char key[HASH_SIZE],
    const struct issue *issue, FILE *out, struct err *err)
{
	struct letter_common common;
	struct letter_personal personal;
	struct rendering rendering;
	struct encoded_letter *form = NULL;
	struct random_source boundary;
	struct buf letter = BUF_INIT(LIMIT_LETTER);
	struct buf entry = BUF_INIT(MBOX_ENTRY_MAX);
	bool ok = false;

	/* Seeded by the issue: exporting twice gives the same bytes. */
	random_seeded(&boundary, issue->name);
	if (!flow_letter_common(run, issue, &common, err) ||
	    !default_rendering(run, issue, &rendering, err))
		goto out;
	take_out_personal(run->arena, &rendering);
	impersonal(run, &common, key, issue, &personal);
	form = letter_encode(&common, &rendering, &boundary, err);
	if (!form || !letter_write(form, &personal, &letter, err))
		goto out;
	mbox_format(&entry, common.from.address, issue->date, buf_text(&letter),
	    letter.len);
	if (buf_is_full(&entry))
		err_set(err, ERR_LIMIT, "issue %s is larger than %d bytes", issue->name,
		    MBOX_ENTRY_MAX);
	else if (fwrite(buf_text(&entry), 1, entry.len, out) != entry.len)
		err_errno(err, "export");
	else
		ok = true;
out:
	encoded_letter_free(form);
	buf_clear(&entry);
	buf_clear(&letter);
	return ok;
}

static bool
is_wanted(const struct issue *i, const struct export_options *o)
{
	const bool went_out = i->state == ISSUE_SENT || i->state == ISSUE_SENDING ||
	    i->state == ISSUE_PAUSED;

	return went_out &&
	    (!o->month || strncmp(i->name, o->month, strlen(o->month)) == 0);
}

bool
flow_export_mbox(struct run *run, const struct export_options *o, FILE *out,
    size_t *count, struct err *err)
{
	struct issue *issues = NULL;
	unsigned char key[HASH_SIZE];
	size_t n = 0;

	*count = 0;
	if (!store_key(run->store, key, err) ||
	    !store_issues(run->store, run->arena, 0, &issues, &n, err))
		return false;
	for (size_t i = n; i > 0; i--) {
		if (!is_wanted(&issues[i - 1], o))
			continue;
		if (!write_issue(run, key, &issues[i - 1], out, err))
			return err_wrap(err, "issue %s", issues[i - 1].name);
		(*count)++;
	}
	return true;
}
