/* SPDX-License-Identifier: ISC */
#include "cmd/error_print.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "cmd/cmd.h"

enum { LINE_MAX_BYTES = 64 * 1024, HINT_MAX = 1024 };

static const struct {
	enum err_kind kind;
	int code;
} exit_codes[] = {
	{ ERR_INPUT, EXIT_FAILED },
	{ ERR_USAGE, EXIT_USAGE },
	{ ERR_CONFIG, EXIT_CONFIG },
	{ ERR_STORE, EXIT_DATABASE },
	{ ERR_HUMAN, EXIT_HUMAN },
	{ ERR_PARTIAL, EXIT_PARTIAL },
	{ ERR_LIMIT, EXIT_FAILED },
	{ ERR_TEMPORARY, EXIT_TRY_AGAIN },
	{ ERR_PERMANENT, EXIT_FAILED },
	{ ERR_SYSTEM, EXIT_FAILED },
	{ ERR_BUG, EXIT_FAILED },
};

int
error_exit_code(const struct err *err)
{
	for (size_t i = 0; i < ARRAY_LEN(exit_codes); i++) {
		if (exit_codes[i].kind == err->kind)
			return exit_codes[i].code;
	}
	return EXIT_FAILED;
}

/* A sentence may hold a stranger's words; its further lines are set in. */
static void
print_clean(const char *prefix, const char *text)
{
	struct buf line = BUF_INIT(LINE_MAX_BYTES);

	buf_adds(&line, prefix);
	for (;;) {
		const size_t len = strcspn(text, "\n");

		text_add_shown(&line, text, len);
		if (text[len] == '\0')
			break;
		buf_adds(&line, "\n  ");
		text += len + 1;
	}
	buf_addc(&line, '\n');
	(void)fputs(buf_text(&line), stderr);
	buf_clear(&line);
}

/* What the lower floors leave to be worded; {} is the error's hint. */
static const struct {
	const char *alone; /* without a hint */
	const char *with;  /* around it */
} next_words[] = {
	[NEXT_NONE] = { NULL, "{}" },
	[NEXT_MAKE_STORE] = { "planetpost run", NULL },
	[NEXT_MIGRATE_STORE] = { "planetpost run   (brings it up to date, after a backup)",
	    NULL },
	[NEXT_OTHER_STORE] = { "name another place with --data or database.path; "
			       "planetpost run makes a new one",
	    NULL },
	[NEXT_LIST_FEEDS] = { "planetpost feed list",
	    "{}   (all: planetpost feed list)" },
	[NEXT_LIST_ISSUES] = { "there is none yet: planetpost run makes the first",
	    "{}   (all: planetpost issue list)" },
	[NEXT_LIST_SETTINGS] = { "all keys: planetpost help config",
	    "{}   (all keys: planetpost help config)" },
	[NEXT_IMPORT_FEEDS] = { NULL,
	    "feeds_from = {} in [feeds], or: planetpost import {}" },
	[NEXT_SHOW_READER] = { NULL, "planetpost sub show {}" },
	[NEXT_ACCEPT_AUDIENCE] = { NULL,
	    "planetpost sub list     planetpost issue send {} --accept-growth" },
};

static void
add_hint(struct buf *b, const struct err *err)
{
	const char *words = err->hint[0] ? next_words[err->next].with : NULL;

	if (!words)
		words = next_words[err->next].alone;
	for (; words && *words; words++) {
		if (words[0] == '{' && words[1] == '}') {
			buf_adds(b, err->hint);
			words++;
		} else {
			buf_addc(b, *words);
		}
	}
}

void
error_print(const struct err *err)
{
	struct buf hint = BUF_INIT(HINT_MAX);

	add_hint(&hint, err);
	print_clean("planetpost: ", err->text);
	if (err->why[0])
		print_clean("  ", err->why);
	if (hint.len > 0)
		print_clean("  hint: ", buf_text(&hint));
	buf_clear(&hint);
}
