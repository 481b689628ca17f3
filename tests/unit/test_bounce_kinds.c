/* SPDX-License-Identifier: ISC */
/* Messages of many mail systems and languages (tests/fixtures/bounces/kinds.txt), understood. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "mail/incoming.h"

static const char path[] = "tests/fixtures/bounces/kinds.txt";

static const char *
kind_word(const struct incoming *m)
{
	static const char *const whys[] = {
		[WHY_NONE] = "none",
		[WHY_EMPTY] = "empty",
		[WHY_NOT_UNDERSTOOD] = "unknown",
		[WHY_AUTO_REPLY] = "auto",
		[WHY_CHALLENGE] = "challenge",
		[WHY_BULK] = "bulk",
		[WHY_DELAYED] = "delayed",
		[WHY_DELIVERED] = "delivered",
		[WHY_OTHER_REPORT] = "other",
	};

	switch (m->kind) {
	case INCOMING_COMMAND:
		return "command";
	case INCOMING_BOUNCE:
		return "bounce";
	case INCOMING_COMPLAINT:
		return "complaint";
	case INCOMING_NOTHING:
		break;
	}
	return whys[m->why];
}

/* "want bounce\nto ann@there.example hard 5.1.1 550\nsays ...\n": what the fixture's own lines say. */
static const char *
described(struct arena *a, const struct incoming *m)
{
	static const char *const classes[] = {
		[BOUNCE_NONE] = "none",
		[BOUNCE_DELAY] = "delay",
		[BOUNCE_SOFT] = "soft",
		[BOUNCE_HARD] = "hard",
	};
	const char *text = arena_printf(a, "want %s\n", kind_word(m));

	for (size_t i = 0; i < m->recipient_count; i++) {
		const struct incoming_recipient *x = &m->recipients[i];

		text = arena_printf(a, "%sto %s %s %s %d\n", text,
		    *x->address ? x->address : "-", classes[x->class],
		    *x->status ? x->status : "-", x->code);
		if (*x->diagnostic)
			text = arena_printf(a, "%ssays %s\n", text, x->diagnostic);
	}
	return text;
}

/* The lines that begin with "%% " at *at, without that; *at moves behind them. */
static const char *
marked(struct arena *a, const char **at)
{
	const char *text = "";

	while (strncmp(*at, "%% ", 3) == 0) {
		const size_t len = strcspn(*at, "\n");

		text = arena_printf(a, "%s%.*s\n", text, (int)(len - 3), *at + 3);
		*at += len + ((*at)[len] == '\n');
	}
	return text;
}

static bool
check_one(struct arena *a, const char **at)
{
	const char *lines = marked(a, at);
	const size_t name = strcspn(lines, "\n");
	const char *want = lines + name + 1;
	const char *next = strstr(*at, "\n%% ");
	const size_t len = next ? (size_t)(next + 1 - *at) : strlen(*at);
	const char *got = NULL;
	struct incoming m;

	incoming_parse(a, *at, len, &m);
	got = described(a, &m);
	*at += len;
	if (strcmp(got, want) == 0)
		return true;
	print_error("%.*s: got\n%swant\n%s", (int)name, lines, got, want);
	return false;
}

static void
each_kind_is_understood(void **state)
{
	struct arena *a = arena_new();
	struct buf b = BUF_INIT(1 << 20);
	struct err err = ERR_INIT;
	const char *at = NULL;
	size_t count = 0;
	size_t wrong = 0;

	(void)state;
	if (!file_read(path, &b, &err))
		fail_msg("%s", err.text);
	at = strstr(buf_text(&b), "\n%% ");
	assert_non_null(at);
	for (at++; *at; count++)
		wrong += !check_one(a, &at);
	if (wrong > 0)
		fail_msg("%zu of %zu kinds are not understood", wrong, count);
	assert_true(count > 90);
	buf_clear(&b);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_is_understood),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
