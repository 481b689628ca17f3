/* SPDX-License-Identifier: ISC */
#include "flow/test_letter.h"

#include <string.h>

#include "base/text.h"
#include "flow/context.h"
#include "list/preferences.h"
#include "mail/address.h"
#include "store/notices.h"
#include "store/readers.h"
#include "store/variants.h"

bool
flow_test_letter(struct run *run, const struct issue *issue, const char *to,
    struct err *err)
{
	struct notice n = { .kind = NOTICE_TEST, .issue_id = issue->id };
	struct arena *a = run->arena;
	struct variant v = variant_of_archive();
	struct mailbox box;
	struct reader r;
	bool found = false;

	if (!mailbox_parse(a, to, &box, err))
		return err_wrap(err, "%s", to);
	if (!store_reader_find(run->store, a, address_key(a, box.address), &r, &found,
		err))
		return false;
	if (found)
		v = r.variant;
	else if (!store_variant_intern(run->store, &v, err))
		return false;
	n.address = box.address;
	n.variant_id = v.id;
	return store_notice_add(run->store, &n, run->now, NULL, err);
}

bool
flow_editors(struct run *run, const char *const **list, size_t *count, struct err *err)
{
	const char *at = run->config->approval.editors;
	const char *word = NULL;
	const char **found = NULL;

	*count = 0;
	while ((word = text_next_word(run->arena, &at, " \t\n,")) != NULL) {
		const char *address = NULL;

		if (!address_check(run->arena, word, &address, err)) {
			err->kind = ERR_CONFIG;
			return err_wrap(err, "approval.editors: %s", word);
		}
		found = arena_grow_list(run->arena, found, *count, sizeof(*found));
		found[(*count)++] = address;
	}
	*list = found;
	return true;
}
