/* SPDX-License-Identifier: ISC */
#include "cmd/each_name.h"

#include <string.h>

#include "base/text.h"
#include "cmd/cmd.h"
#include "cmd/error_print.h"

static void
say_again(const struct app *app, const char *word)
{
	app_say(app, "%s is named twice: once is enough.", word);
}

bool
naming_again(const struct naming *n, const char *own, const char *word)
{
	if (!text_is_among(own, n->done, n->done_count))
		return false;
	say_again(n->app, word);
	return true;
}

void
naming_done(struct naming *n, const char *own)
{
	struct arena *a = n->app->run.arena;

	n->done = arena_grow_list(a, n->done, n->done_count, sizeof(*n->done));
	n->done[n->done_count++] = arena_strdup(a, own);
}

bool
each_name(struct app *app, const struct args *args, one_name_fn do_one, void *arg,
    struct err *err)
{
	struct naming n = { .app = app, .args = args, .arg = arg };

	if (args->word_count == 1)
		return do_one(&n, args->words[0], err);
	for (size_t i = 0; i < args->word_count && !app->run.interrupted(); i++) {
		struct err one = ERR_INIT;

		if (text_is_among(args->words[i], args->words, i)) {
			say_again(app, args->words[i]);
			continue;
		}
		if (do_one(&n, args->words[i], &one))
			continue;
		if (one.kind == ERR_STORE || one.kind == ERR_BUG) {
			*err = one;
			return false;
		}
		(void)fflush(stdout);
		error_print(&one);
		if (app->code == EXIT_OK)
			app->code = error_exit_code(&one);
	}
	return true;
}
