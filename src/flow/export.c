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
#include "flow/letterhead.h"
#include "flow/letter_pictures.h"
#include "list/preferences.h"
#include "list/token.h"
#include "transport/mbox.h"
#include "store/archive.h"
#include "store/issues.h"
#include "store/notes.h"

enum { MBOX_ENTRY_MAX = LIMIT_LETTER + 1024 * 1024 };

/*
 * Instead of a reader's own: the newsletter's address, the owner to write to, and a
 * Message-ID of the issue alone.
 */
static void
impersonal(struct arena *a, const struct letter_common *common,
    const unsigned char key[HASH_SIZE], const struct issue *issue,
    struct letter_personal *out)
{
	memset(out, 0, sizeof(*out));
	out->to = common->from.address;
	out->message_id = token_message_id(a, key, issue->number, 0, 0,
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

/* The letter of the archive, under the letterhead it was approved with.  Writes nothing. */
static bool
load_archived(struct run *run, struct arena *a, const struct export_options *o,
    const struct issue *issue, struct rendering *out, struct letterhead *head,
    struct err *err)
{
	const struct variant whole = variant_of_archive();
	const struct variant shown =
	    variant_of_pages(run->config->web.archive_full, run->config->digest.body);
	const char *text = NULL;
	bool found = false;

	if (o->as_shown &&
	    !store_archive_letter(run->store, a, issue, &shown, out, &text, &found, err))
		return false;
	/* Of an issue from before the setting changed, until the next run. */
	if (!found &&
	    !store_archive_letter(run->store, a, issue, &whole, out, &text, &found, err))
		return false;
	if (!found || !text)
		return err_set(err, ERR_STORE, "its letter is not stored");
	return letterhead_read(run, a, text, head, err);
}

/* Exporting twice gives the same bytes: nothing in them is random. */
static bool
compose(struct run *run, struct arena *a, const struct export_options *o,
    const unsigned char key[HASH_SIZE], const struct issue *issue,
    struct letterhead *head, struct buf *letter, struct err *err)
{
	struct letter_personal personal;
	struct rendering rendering;
	struct encoded_letter *form = NULL;
	bool ok = false;

	if (!load_archived(run, a, o, issue, &rendering, head, err))
		return false;
	/* As the pages have it: what everybody may see is not a place for them. */
	if (!(o->as_shown ? flow_pictures_take_out(run, a, &rendering, err)
			  : flow_pictures_load(run, a, &rendering, err)))
		return false;
	take_out_personal(a, &rendering);
	impersonal(a, &head->common, key, issue, &personal);
	form = letter_encode(&head->common, &rendering,
	    token_boundary(a, key, issue->number - 1, issue->number, 1, "archive"), err);
	ok = form && letter_write(form, &personal, letter, err);
	encoded_letter_free(form);
	return ok;
}

static bool
write_issue(struct run *run, struct arena *a, const struct export_options *o,
    const unsigned char key[HASH_SIZE], const struct issue *issue, FILE *out,
    struct err *err)
{
	struct letterhead head = { .own_zone = NULL };
	struct buf letter = BUF_INIT(LIMIT_LETTER);
	struct buf entry = BUF_INIT(MBOX_ENTRY_MAX);
	bool ok = compose(run, a, o, key, issue, &head, &letter, err);

	if (ok)
		mbox_format(&entry, head.common.from.address, issue->date,
		    buf_text(&letter), letter.len);
	if (ok && buf_is_full(&entry))
		ok = err_set(err, ERR_LIMIT, "issue %s is larger than %d bytes",
		    issue->name, MBOX_ENTRY_MAX);
	else if (ok && fwrite(buf_text(&entry), 1, entry.len, out) != entry.len)
		ok = err_errno(err, "export");
	letterhead_clear(&head);
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
	struct arena *scratch = arena_new();
	struct issue *issues = NULL;
	unsigned char key[HASH_SIZE];
	size_t n = 0;
	bool ok = false;

	*count = 0;
	ok = store_key(run->store, key, err) &&
	    store_issues(run->store, run->arena, 0, &issues, &n, err);
	for (size_t i = n; ok && i > 0; i--) {
		if (!is_wanted(&issues[i - 1], o))
			continue;
		arena_reset(scratch);
		ok = write_issue(run, scratch, o, key, &issues[i - 1], out, err) ||
		    err_wrap(err, "issue %s", issues[i - 1].name);
		*count += ok;
	}
	arena_free(scratch);
	return ok;
}
