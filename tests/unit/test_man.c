/* SPDX-License-Identifier: ISC */
/* The manual is held against the tables the program itself walks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "cmd/commands.h"
#include "config/options.h"

enum { PAGE_MAX = 1 << 20 };

static void
read_page(const char *path, struct buf *b)
{
	struct err err = ERR_INIT;

	if (!file_read(path, b, &err))
		fail_msg("%s", err.text);
}

static void
expect_in(const struct buf *page, const char *text, const char *what)
{
	if (!strstr(buf_text(page), text))
		fail_msg("planetpost.1 says nothing of %s (looked for \"%s\")", what,
		    text);
}

/* True for ".It Cm feed ...": a command begins there. */
static bool
begins_command(const char *line)
{
	const size_t start = sizeof(".It Cm ") - 1;

	if (strncmp(line, ".It Cm ", start) != 0)
		return false;
	for (const struct command *const *c = commands; *c; c++) {
		const size_t len = strlen((*c)->name);

		if (strncmp(line + start, (*c)->name, len) == 0 &&
		    strchr(" \n", line[start + len]))
			return true;
	}
	return false;
}

/* What the page says between the lines that begin the command and those of others. */
static void
add_command(const struct buf *page, const char *name, struct buf *out)
{
	char start[80];
	const char *at = buf_text(page);
	bool is_in = false;

	(void)snprintf(start, sizeof(start), ".It Cm %s", name);
	while (*at != '\0') {
		const size_t len = strcspn(at, "\n") + (strchr(at, '\n') != NULL);

		if (begins_command(at) || strncmp(at, ".Sh ", 4) == 0)
			is_in = strncmp(at, start, strlen(start)) == 0 &&
			    strchr(" \n", at[strlen(start)]);
		if (is_in)
			buf_add(out, at, len);
		at += len;
	}
}

static void
expect_options(const struct buf *page, const char *command, const struct cmd_option *o)
{
	struct buf said = BUF_INIT(PAGE_MAX);

	if (*command)
		add_command(page, command, &said);
	for (; o && o->name; o++) {
		const char *text = *command ? buf_text(&said) : buf_text(page);
		char longer[64];
		char next[64];
		char shorter[16];

		(void)snprintf(longer, sizeof(longer), "Fl -%s", o->name);
		(void)snprintf(next, sizeof(next), " , -%s", o->name);
		(void)snprintf(shorter, sizeof(shorter), "Fl %c ",
		    o->letter ? o->letter : '\t');
		if (!strstr(text, longer) && !strstr(text, next) &&
		    !strstr(text, shorter))
			fail_msg("planetpost.1 says nothing of %s --%s", command,
			    o->name);
	}
	buf_clear(&said);
}

static void
test_every_command_is_in_the_manual(void **state)
{
	struct buf page = BUF_INIT(PAGE_MAX);

	(void)state;
	read_page("src/man/planetpost.1", &page);
	expect_options(&page, "", args_global_options());
	for (const struct command *const *c = commands; *c; c++) {
		char line[64];

		if (!(*c)->subcommands) {
			(void)snprintf(line, sizeof(line), ".It Cm %s", (*c)->name);
			expect_in(&page, line, (*c)->name);
		}
		expect_options(&page, (*c)->name, (*c)->options);
		for (const struct command *s = (*c)->subcommands; s && s->name; s++) {
			(void)snprintf(line, sizeof(line), ".It Cm %s %s", (*c)->name,
			    s->name);
			expect_in(&page, line, s->name);
			expect_options(&page, line + sizeof(".It Cm ") - 1, s->options);
		}
	}
	buf_clear(&page);
}

static void
test_every_setting_is_in_the_manual(void **state)
{
	struct buf page = BUF_INIT(PAGE_MAX);
	struct buf want = BUF_INIT(PAGE_MAX);

	(void)state;
	read_page("src/man/planetpost.conf.5", &page);
	options_print_mdoc(&want);
	if (!strstr(buf_text(&page), buf_text(&want)))
		fail_msg("planetpost.conf.5 does not hold the table of settings as "
			 "options_print_mdoc() writes it");
	buf_clear(&page);
	buf_clear(&want);
}

static void
test_every_command_has_help(void **state)
{
	(void)state;
	for (const struct command *const *c = commands; *c; c++) {
		assert_non_null((*c)->group);
		assert_non_null((*c)->summary);
		assert_true((*c)->run || (*c)->subcommands);
		for (const struct command *s = (*c)->subcommands; s && s->name; s++) {
			assert_non_null(s->usage);
			assert_non_null(s->summary);
			assert_true(s->run || s->do_one);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_command_is_in_the_manual),
		cmocka_unit_test(test_every_setting_is_in_the_manual),
		cmocka_unit_test(test_every_command_has_help),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
