/* SPDX-License-Identifier: ISC */
#include "transport/letter_loop.h"

#include <string.h>

#include "base/arena.h"
#include "base/ascii.h"
#include "mail/address.h"

/* Names become file names: letters, digits and "._+-", not hidden, of modest length. */
static bool
is_plain_name(const char *name)
{
	size_t len = 0;

	while (ascii_is_alphanumeric((unsigned char)name[len]) ||
	    (name[len] != '\0' && strchr("._+-", name[len])))
		len++;
	return len > 0 && len <= 128 && name[0] != '.' && name[len] == '\0';
}

static bool
look_at_address(const char *what, const char *address, struct err *err)
{
	struct arena *a = NULL;
	const char *canonical = NULL;
	bool ok = true;

	if (address_is_plain(address))
		return true;
	a = arena_new();
	ok = address_check(a, address, &canonical, err) || err_wrap(err, "%s", what);
	arena_free(a);
	return ok;
}

bool
letter_loop_check(const struct letter *l, struct err *reason, struct outcome *o)
{
	bool ok = look_at_address("recipient", l->recipient, reason);

	if (ok && *l->sender != '\0')
		ok = look_at_address("sender", l->sender, reason);
	if (ok && !is_plain_name(l->name))
		ok = err_set(reason, ERR_BUG, "a letter without a plain name");
	if (!ok)
		*o = (struct outcome){ OUTCOME_REFUSED, 0, NULL, reason->text,
			STAGE_NONE };
	return ok;
}

static bool
deliver_one(const struct letter_source *src, const struct letter *l, letter_loop_put *put,
    void *arg, struct err *err)
{
	struct outcome o = { OUTCOME_DEFERRED, 0, NULL, "", STAGE_NONE };
	struct err reason = ERR_INIT;
	struct err settled = ERR_INIT;
	bool ok = true;

	if (letter_loop_check(l, &reason, &o)) {
		ok = put(arg, l, &o, err);
		if (!ok)
			o = (struct outcome){ OUTCOME_DEFERRED, 0, NULL, err->text,
				STAGE_NONE };
	}
	if (!src->settle(src->arg, l, &o, &settled)) {
		/* That the outcome could not be stored is the worse error, and the one reported. */
		*err = settled;
		return false;
	}
	return ok;
}

bool
letter_loop_run(const struct letter_source *src, letter_loop_put *put, void *arg,
    struct err *err)
{
	struct letter l;

	while (!src->stop(src->arg)) {
		memset(&l, 0, sizeof(l));
		if (!src->next(src->arg, &l, err))
			return !err_is_set(err);
		if (!deliver_one(src, &l, put, arg, err))
			return false;
	}
	return true;
}

void
letter_loop_add_lf(struct buf *out, const char *bytes, size_t len)
{
	const char *end = bytes + len;

	while (bytes < end) {
		const char *cr = memchr(bytes, '\r', (size_t)(end - bytes));

		buf_add(out, bytes, (size_t)((cr ? cr : end) - bytes));
		bytes = cr ? cr + 1 : end;
	}
}
