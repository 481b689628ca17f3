/* SPDX-License-Identifier: ISC */
#include "cmd/on_list.h"

#include "cmd/args.h"
#include "mail/address.h"
#include "store/readers.h"

bool
reader_on_list(struct app *app, const char *text, struct reader *out, struct err *err)
{
	struct arena *a = app->run.arena;
	const char *address = NULL;
	bool found = false;

	if (!args_address_word(app, text, &address, err))
		return false;
	if (!store_reader_find(app->run.store, a, address_key(a, address), out, &found,
		err))
		return false;
	if (found)
		return true;
	err_set(err, ERR_INPUT, "nobody on the list has the address %s", address);
	return err_hint(err, "planetpost sub list");
}
