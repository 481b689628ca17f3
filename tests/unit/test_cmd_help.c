/* SPDX-License-Identifier: ISC */
/* help: how entries are set, which command was meant, and where what is printed. */
#include "unit/planet_fixture.h"

#include "cmd/help.h"

/* Names as long as their column, and a letter longer. */
static const struct cmd_option some_options[] = {
	{ "short", 's', NULL, "a letter" },
	{ "a-name-of-22-letters-x", '\0', NULL, "just fits" },
	{ "a-name-of-23-letters-xy", '\0', NULL, "does not" },
	{ "value", '\0', "N", "with a value" },
	{ "json", '\0', "FIELDS", "with an equals sign" },
	{ NULL, '\0', NULL, NULL },
};
static const struct command some_commands[] = {
	{ .name = "a", .usage = "c a", .summary = "first" },
	{ .name = "b",
	    .usage = "c b 7890123456789012345678901234567890ab",
	    .summary = "just fits" },
	{ .name = "d",
	    .usage = "c d 7890123456789012345678901234567890abc",
	    .summary = "does not" },
	{ .name = NULL },
};

#define FOOT "\nplanetpost help shows the options that all commands take.\n"

static const struct {
	const char *name;
	struct command c;
	const char *want;
} pages[] = {
	{ "nothing but a word", { .usage = "x", .summary = "does it" },
	    "planetpost x\n  does it\n" FOOT },
	{ "details",
	    { .usage = "x", .summary = "does it", .details = "More.\nAnd more." },
	    "planetpost x\n  does it\n\nMore.\nAnd more.\n" FOOT },
	{ "options", { .usage = "x", .summary = "does it", .options = some_options },
	    "planetpost x\n  does it\n\nOptions\n"
	    "  -s, --short                  a letter\n"
	    "      --a-name-of-22-letters-x just fits\n"
	    "      --a-name-of-23-letters-xy\n"
	    "                               does not\n"
	    "      --value N                with a value\n"
	    "      --json=FIELDS            with an equals sign\n" FOOT },
	{ "commands",
	    { .usage = "c", .summary = "does it", .subcommands = some_commands },
	    "planetpost c\n  does it\n\nCommands\n"
	    "  c a                                      first\n"
	    "  c b 7890123456789012345678901234567890ab just fits\n"
	    "  c d 7890123456789012345678901234567890abc\n"
	    "                                           does not\n" FOOT },
};

static void
entries_are_set_in_columns(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
		char got[4000];
		FILE *f = fmemopen(got, sizeof(got), "w");

		assert_non_null(f);
		help_print(f, &pages[i].c);
		assert_int_equal(fclose(f), 0);
		SAME_TEXT(pages[i].name, got, pages[i].want);
	}
}

/* The overview of all commands, on standard output or, for whoever names none, on error. */
static const char *const overview[] = {
	"planetpost: a planet's feeds, in the mailbox, once a day\n"
	"usage: planetpost [options] COMMAND [arguments]\n\nSee it work\n"
	"  demo [DIR]             whole run on six built-in sample feeds: no network, no mail\n",
	"\nStart\n"
	"  init                   write a starter configuration (asks on a terminal)\n",
	"\nIssues\n"
	"  issue list|show|test|send|pause|resume|cancel\n"
	"                         look at issues; test and send one\n",
	"\n\nOptions\n  ",
	"\n\nhelp COMMAND tells more; help config lists all settings.\n",
};

static void
the_overview_names_all_commands(void **state)
{
	static const struct cmd_case asked = { "asked for", { "help" }, EXIT_OK, NULL,
		NULL, NULL };
	static const struct cmd_case option = { "by an option", { "--help" }, EXIT_OK,
		NULL, NULL, NULL };
	static const struct cmd_case none = { "no command", { NULL }, EXIT_USAGE, "",
		NULL, "" };
	struct cmd_test t;
	char *text = NULL;

	(void)state;
	planet_begin(&t);
	cmd_expect(&t, &asked);
	for (size_t i = 0; i < ARRAY_LEN(overview); i++)
		if (!strstr(buf_text(&t.out), overview[i]))
			fail_msg("no \"%s\" in %s", overview[i], buf_text(&t.out));
	for (const struct command *const *c = commands; *c; c++)
		assert_non_null(strstr(buf_text(&t.out), (*c)->summary));
	text = strdup(buf_text(&t.out));
	cmd_expect(&t, &option);
	SAME_TEXT("by an option", buf_text(&t.out), text);
	cmd_expect(&t, &none);
	SAME_TEXT("no command", buf_text(&t.err), text);
	free(text);
	cmd_end(&t);
}

#define NO_HELP(word, hint) \
	"planetpost: there is no help for '" word "'\n  hint: planetpost help" hint "\n"

static const struct cmd_case asks[] = {
	{ "a command", { "help", "gc" }, EXIT_OK, NULL, "planetpost gc\n", NULL },
	{ "by its option", { "gc", "--help" }, EXIT_OK, NULL, "planetpost gc\n", NULL },
	{ "a part of one", { "help", "issue", "pause" }, EXIT_OK, NULL,
	    "planetpost issue pause ISSUE\n", NULL },
	{ "by its option", { "issue", "pause", "-h" }, EXIT_OK, NULL,
	    "planetpost issue pause ISSUE\n", NULL },
	{ "parts without one", { "issue" }, EXIT_USAGE, "", NULL,
	    "planetpost issue list|show|test|send|pause|resume|cancel\n" },
	{ "the version", { "version" }, EXIT_OK, NULL, "planetpost 0", NULL },
	{ "by an option", { "--version" }, EXIT_OK, NULL, "planetpost 0", NULL },
	{ "nearly a command", { "help", "ini" }, EXIT_USAGE, "", NULL,
	    NO_HELP("ini", " init") },
	{ "nearly the last", { "help", "versio" }, EXIT_USAGE, "", NULL,
	    NO_HELP("versio", " version") },
	{ "nearly a topic", { "help", "exit-code" }, EXIT_USAGE, "", NULL,
	    NO_HELP("exit-code", " exit-codes") },
	{ "nearly a part", { "help", "issue", "sed" }, EXIT_USAGE, "", NULL,
	    NO_HELP("sed", " issue send") },
	{ "nearly the first part", { "help", "issue", "lst" }, EXIT_USAGE, "", NULL,
	    NO_HELP("lst", " issue list") },
	{ "no part", { "help", "issue", "qqqqqqqqqq" }, EXIT_USAGE, "", NULL,
	    NO_HELP("qqqqqqqqqq", " issue") },
	{ "a part of what has none", { "help", "gc", "x" }, EXIT_USAGE, "", NULL,
	    NO_HELP("x", " gc") },
	{ "a part of nothing", { "help", "qqqqqqqqqq", "send" }, EXIT_USAGE, "", NULL,
	    NO_HELP("send", "") },
	{ "nothing like it", { "help", "qqqqqqqqqq" }, EXIT_USAGE, "", NULL,
	    NO_HELP("qqqqqqqqqq", "") },
};

static void
what_was_meant_is_found(void **state)
{
	struct cmd_test t;

	(void)state;
	planet_begin(&t);
	EXPECT_ALL(&t, asks);
	cmd_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_are_set_in_columns),
		cmocka_unit_test(the_overview_names_all_commands),
		cmocka_unit_test(what_was_meant_is_found),
	};

	return cmocka_run_group_tests_name("help", tests, NULL, NULL);
}
