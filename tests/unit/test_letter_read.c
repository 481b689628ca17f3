/* SPDX-License-Identifier: ISC */
/*
 * Letters as others read them: Python's e-mail library must give back what was put in, and
 * find nothing to complain of; so must the strict checker, where it is there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/file.h"
#include "base/limits.h"
#include "mail/letter.h"
#include "unit/child.h"
#include "unit/scratch.h"

#define MORNING INT64_C(1795500000) /* 2026-11-24 06:00:00 UTC */
#define TEN "0123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
#define URL "https://news.example.org/u/0123456789abcdefghij-_?a=1&b=2"
#define URL_HTML "https://news.example.org/u/0123456789abcdefghij-_?a=1&amp;b=2"

/* Templates with "%" for where holes are written as in a rendering; wants have them filled. */
static const struct {
	const char *name, *subject, *text, *html, *want_text, *want_html;
} cases[] = {
	/* clang-format off */
	{ "plain", "News", "Hello\n", "<p>Hello</p>\n", "Hello\n", "<p>Hello</p>\n" },
	{ "holes", "News", "Leave: \1leave\2\nFor \1address\2, since \1since\2.\n",
	    "<p><a href=\"\1leave\2\">leave</a> \1address\2, \1since\2</p>\n",
	    "Leave: " URL "\nFor o'ann@example.org, since 24. M\xC3\xA4rz 2026.\n",
	    "<p><a href=\"" URL_HTML "\">leave</a> o&#39;ann@example.org, "
	    "24. M\xC3\xA4rz 2026</p>\n" },
	{ "two holes side by side", "News", "\1leave\2\1address\2\n", "<p>\1leave\2\1since\2</p>\n",
	    URL "o'ann@example.org\n", "<p>" URL_HTML "24. M\xC3\xA4rz 2026</p>\n" },
	{ "nothing in a hole", "News", "a \1manage\2 b\n", "<p>\1manage\2</p>\n", "a  b\n",
	    "<p></p>\n" },
	{ "long lines", "News", HUNDRED HUNDRED "\n" HUNDRED "\1leave\2" HUNDRED "\n",
	    "<p>" HUNDRED HUNDRED "\1leave\2" HUNDRED "</p>\n",
	    HUNDRED HUNDRED "\n" HUNDRED URL HUNDRED "\n",
	    "<p>" HUNDRED HUNDRED URL_HTML HUNDRED "</p>\n" },
	{ "snares of mail", "News", ".\n..\nFrom me\n>From you\n=\n=3D\n-- \nend \n",
	    "<p>.\n..\nFrom me\n>From you\n=\n=3D\n</p>\n",
	    ".\n..\nFrom me\n>From you\n=\n=3D\n-- \nend \n",
	    "<p>.\n..\nFrom me\n>From you\n=\n=3D\n</p>\n" },
	{ "text that looks like a boundary", "News", "--=_abababababababababababababababab--\n\nX: y\n",
	    "<p>\n--=_abababababababababababababababab\n\nx</p>\n",
	    "--=_abababababababababababababababab--\n\nX: y\n",
	    "<p>\n--=_abababababababababababababababab\n\nx</p>\n" },
	{ "languages", "Nouvelles \xE2\x80\x93 \xD8\xA3\xD8\xAE\xD8\xA8\xD8\xA7\xD8\xB1 \xE6\x97\xA5\xE6\x9C\xAC",
	    "\xD8\xA3\xD8\xAE\xD8\xA8\xD8\xA7\xD8\xB1 \xE6\x97\xA5\xE6\x9C\xAC \xF0\x9F\x8E\x89\n",
	    "<p dir=\"rtl\">\xD8\xA3\xD8\xAE\xD8\xA8\xD8\xA7\xD8\xB1</p>\n",
	    "\xD8\xA3\xD8\xAE\xD8\xA8\xD8\xA7\xD8\xB1 \xE6\x97\xA5\xE6\x9C\xAC \xF0\x9F\x8E\x89\n",
	    "<p dir=\"rtl\">\xD8\xA3\xD8\xAE\xD8\xA8\xD8\xA7\xD8\xB1</p>\n" },
	{ "a long subject", "A planet's name, Tuesday 24 November: thirty-one posts from twelve blogs, and what "
	    "else there was to be said about the weather of that day",
	    "Hello\n", "<p>Hello</p>\n", "Hello\n", "<p>Hello</p>\n" },
	{ "a subject like an encoded word", "=?utf-8?q?x?= and so on", "Hello\n", "<p>Hello</p>\n",
	    "Hello\n", "<p>Hello</p>\n" },
};
/* clang-format on */

static const struct letter_common common = {
	.from = { "Plan\xC3\xA8te \"X\", the", "planet@example.net" },
	.reply_to = { NULL, "keeper@example.net" },
	.list_name = "Planet X. of everything",
	.list_id = "x.example.net",
	.list_archive = "https://news.example.org/archive",
	.list_help = "https://news.example.org/help",
	.list_owner = "mailto:keeper@example.net",
	.language = "en",
	.date = MORNING,
	.date_offset = -5 * 3600,
};
/* clang-format off */
static const struct letter_personal personal = {
	.to = "o'ann@example.org",
	.message_id = "12.34.abcdef@example.net",
	.leave_url = URL,
	.leave_mailto = "mailto:planet+leave-0123456789abcdefghij@example.net?subject=leave",
	.one_click = true,
	.holes = { [HOLE_LEAVE] = URL, [HOLE_ADDRESS] = "o'ann@example.org",
	    [HOLE_SINCE] = "24. M\xC3\xA4rz 2026" },
};
/* clang-format on */

struct bench {
	struct arena *arena;
	char dir[32];
};

static int
setup(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	if (!b)
		return -1;
	b->arena = arena_new();
	if (!scratch_folder(b->dir, sizeof(b->dir)))
		return -1;
	*state = b;
	return 0;
}

static const char *
path_of(struct bench *b, size_t i)
{
	return arena_printf(b->arena, "%s/%zu.eml", b->dir, i);
}

static int
teardown(void **state)
{
	struct bench *b = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		(void)unlink(path_of(b, i));
	(void)rmdir(b->dir);
	arena_free(b->arena);
	free(b);
	return 0;
}

static void
write_letter(struct bench *b, size_t i)
{
	const char *word = "abababababababababababababababab";
	struct rendering r = { .subject = cases[i].subject,
		.text = cases[i].text,
		.html = cases[i].html,
		.text_len = strlen(cases[i].text),
		.html_len = strlen(cases[i].html) };
	struct err err = ERR_INIT;
	struct buf out = BUF_INIT(LIMIT_LETTER);
	struct encoded_letter *f = NULL;

	/* That a feed guessed it right is not what is tried here. */
	if (strstr(cases[i].name, "boundary"))
		word = "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd";
	f = letter_encode(&common, &r, word, &err);
	if (!f || !letter_write(f, &personal, &out, &err) ||
	    !file_write(path_of(b, i), buf_text(&out), out.len, 0600, &err))
		fail_msg("%s: %s", cases[i].name, err.text);
	encoded_letter_free(f);
	buf_clear(&out);
}

static void
expect_read(struct bench *b, size_t i, const char *what, const char *want)
{
	const char *args[] = { "python3", "tests/unit/readmail.py", what, path_of(b, i),
		NULL };
	struct buf got = BUF_INIT(1 << 20);
	int status = child_run(args, &got);

	if (status != 0 || strcmp(buf_text(&got), want) != 0)
		fail_msg("%s, %s: got %d \"%s\", want \"%s\"", cases[i].name, what,
		    status, buf_text(&got), want);
	buf_clear(&got);
}

static void
what_was_put_in_is_read_by_others(void **state)
{
	struct bench *b = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *want = arena_printf(b->arena, "%s\n%s%s", cases[i].subject,
		    cases[i].want_text, cases[i].want_html);

		write_letter(b, i);
		expect_read(b, i, "all", want);
	}
	expect_read(b, 0, "from", "Plan\xC3\xA8te \"X\", the <planet@example.net>\n");
}

static void
the_strict_checker_finds_nothing(void **state)
{
	struct bench *b = *state;
	const char *root = getenv("PLANETPOST_CONFORMANCE");
	const char *checker = arena_printf(b->arena, "%s/mail/mimecheck.py",
	    root ? root : "../shared/conformance");

	if (!file_exists(checker)) {
		print_message("the strict checker of letters is not there\n");
		skip();
	}
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *args[] = { "python3", checker, "--profile", "digest",
			path_of(b, i), NULL };
		struct buf got = BUF_INIT(1 << 20);
		int status = 0;

		write_letter(b, i);
		status = child_run(args, &got);
		if (status != 0 ||
		    strncmp(buf_text(&got), "1 messages, 1 without defect", 28) != 0)
			fail_msg("%s: %s", cases[i].name, buf_text(&got));
		buf_clear(&got);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_was_put_in_is_read_by_others, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(the_strict_checker_finds_nothing, setup,
		    teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
