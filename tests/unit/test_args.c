/* SPDX-License-Identifier: ISC */
/* How command lines are read: global options anywhere, a command, its options and words. */
#include "unit/store_fixture.h"

#include "cmd/commands.h"

enum { WORDS_MOST = 12 };

/* What argv says, as one line: command words, then option=value, then what is global. */
static void
describe(const struct app *app, const struct args *l, struct buf *b)
{
	if (l->parent)
		buf_addf(b, "%s ", l->parent->name);
	buf_adds(b, l->command ? l->command->name : "nothing");
	for (size_t i = 0; i < l->word_count; i++)
		buf_addf(b, " [%s]", l->words[i]);
	for (size_t i = 0; i < l->given_count; i++)
		buf_addf(b, " %s=%s", l->given[i].name, l->given[i].value);
	buf_addf(b, "%s%s%s%s%s%s%s", app->quiet ? " quiet" : "",
	    app->plain ? " plain" : "", app->json ? " json" : "",
	    app->no_input ? " no-input" : "", app->run.dry_run ? " dry-run" : "",
	    l->help ? " help" : "", l->version ? " version" : "");
	if (app->json_fields)
		buf_addf(b, " fields=%s", app->json_fields);
	if (app->verbose)
		buf_addf(b, " verbose=%d", app->verbose);
	if (app->paths.data_dir)
		buf_addf(b, " data=%s", app->paths.data_dir);
	for (size_t i = 0; i < app->paths.file_count; i++)
		buf_addf(b, " config=%s", app->paths.files[i]);
	if (app->run.now)
		buf_addf(b, " now=%lld", (long long)app->run.now);
}

static const struct {
	const char *words[WORDS_MOST];
	const char *want;
} readable[] = {
	{ { NULL }, "nothing" },
	{ { "status" }, "status" },
	{ { "-q", "status" }, "status quiet" },
	{ { "status", "-q" }, "status quiet" },
	{ { "status", "--quiet", "--plain", "--no-input" },
	    "status quiet plain no-input" },
	{ { "-qn", "status" }, "status quiet dry-run" },
	{ { "-vv", "status", "-v" }, "status verbose=3" },
	{ { "-h" }, "nothing help" },
	{ { "--version", "status", "--help" }, "status help version" },
	/* --json stands alone or has its value attached. */
	{ { "--json", "status" }, "status json" },
	{ { "--json=", "status" }, "status json" },
	{ { "--json=a,b", "status" }, "status json fields=a,b" },
	/* The value of others: attached or the next argument, whatever that is. */
	{ { "-c", "a.conf", "--config=b.conf", "-cc.conf", "status" },
	    "status config=a.conf config=b.conf config=c.conf" },
	{ { "-d", "/var/a", "-d", "/var/b", "status" }, "status data=/var/b" },
	{ { "--data=", "status" }, NULL },
	{ { "-d", "-q", "status" }, "status data=-q" },
	{ { "--now", "1970-01-02T00:00:00Z", "status" }, "status now=86400" },
	/* Subcommands: the first word alone. */
	{ { "sub", "list" }, "sub list" },
	{ { "sub", "show", "list" }, "sub show [list]" },
	{ { "sub", "--state", "left", "list" }, NULL },
	{ { "sub", "list", "--state", "left", "--state=hold" }, NULL },
	{ { "sub", "list", "--state", "left", "--state=left" },
	    "sub list state=left state=left" },
	{ { "fetch", "sub", "list" }, "fetch [sub] [list]" },
	/* One dash alone is a word; two end the options. */
	{ { "parse", "-" }, "parse [-]" },
	{ { "parse", "--", "-q" }, "parse [-q]" },
	{ { "parse", "--", "--", "--" }, "parse [--] [--]" },
	{ { "--", "parse", "x" }, "parse [x]" },
	/* A letter of the command and one that all take. */
	{ { "preview", "-qo", "out.html" }, "preview output=out.html quiet" },
	{ { "preview", "-oq" }, "preview output=q" },
	{ { "preview", "--text", "--output=", "x" }, "preview [x] text= output=" },
};

static bool
parse_words(struct app *app, const char *const *words, struct args *line, struct err *err)
{
	char *argv[WORDS_MOST + 2] = { arena_strdup(app->run.arena, "planetpost") };
	int argc = 1;

	for (; *words; words++)
		argv[argc++] = arena_strdup(app->run.arena, *words);
	return args_parse(app, argc, argv, line, err);
}

static void
test_command_lines_are_read(void **state)
{
	struct buf got = BUF_INIT(4096);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(readable); i++) {
		struct app app = { .run.arena = arena_new() };
		struct err err = ERR_INIT;
		struct args line;

		buf_reset(&got);
		if (parse_words(&app, readable[i].words, &line, &err))
			describe(&app, &line, &got);
		if (!readable[i].want) {
			if (!err_is_set(&err))
				fail_msg("line %zu: got \"%s\", want an error", i,
				    buf_text(&got));
		} else {
			SAME_TEXT(err.text[0] ? err.text : readable[i].want,
			    buf_text(&got), readable[i].want);
		}
		arena_free(app.run.arena);
	}
	buf_clear(&got);
}

static const struct {
	const char *words[WORDS_MOST];
	const char *text, *hint;
} refused[] = {
	{ { "stauts" }, "unknown command 'stauts'", "did you mean 'planetpost status'?" },
	{ { "zzzzzzzz" }, "unknown command 'zzzzzzzz'", "planetpost help" },
	{ { "sub", "lisst" }, "sub has no command 'lisst'",
	    "did you mean 'planetpost sub list'?" },
	{ { "sub", "zzzzzzzz" }, "sub has no command 'zzzzzzzz'", "planetpost help sub" },
	/* Words of other programs: the first and the last of them, and one of a command. */
	{ { "add" }, "unknown command 'add'", "did you mean 'planetpost import'?" },
	{ { "settings" }, "unknown command 'settings'",
	    "did you mean 'planetpost config'?" },
	{ { "setup" }, "unknown command 'setup'", "did you mean 'planetpost init'?" },
	{ { "sub", "subscribe" }, "sub has no command 'subscribe'",
	    "did you mean 'planetpost sub add'?" },
	{ { "feed", "rm" }, "feed has no command 'rm'",
	    "did you mean 'planetpost feed remove'?" },
	{ { "sub", "subscribers" }, "sub has no command 'subscribers'",
	    "planetpost help sub" },
	{ { "status", "-q", "--no-input", "-nd" }, "--data needs a value (DIR)", "" },
	{ { "sub", "list", "--state=left", "--state", "hold" },
	    "--state is given twice: 'left' and 'hold'", "" },
	{ { "--config=", "status" }, "--config needs a value (FILE)", "" },
	{ { "--quite", "status" }, "unknown option --quite", "did you mean --quiet?" },
	{ { "--zzzzzzzz" }, "unknown option --zzzzzzzz", "planetpost help" },
	{ { "status", "--zzzzzzzz=1" }, "unknown option --zzzzzzzz",
	    "planetpost help status" },
	{ { "sub", "list", "--zzzzzzzz" }, "unknown option --zzzzzzzz",
	    "planetpost help sub list" },
	{ { "sub", "list", "--stat", "x" }, "unknown option --stat",
	    "did you mean --state?" },
	/* The options of another command are none here. */
	{ { "status", "--strict" }, "unknown option --strict", "planetpost help status" },
	{ { "status", "-qZ" }, "unknown option -Z", "planetpost help status" },
	{ { "--quiet=yes", "status" }, "--quiet takes no value", "" },
	{ { "status", "--data" }, "--data needs a value (DIR)", "" },
	{ { "status", "-d" }, "--data needs a value (DIR)", "" },
	{ { "sub", "list", "--state" }, "--state needs a value (STATE)", "" },
	{ { "--now", "yesterday", "status" }, "--now cannot read 'yesterday' as a time",
	    "for example --now 2026-11-24T06:30:00Z" },
};

static void
test_what_cannot_be_meant_is_refused_with_advice(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		struct app app = { .run.arena = arena_new() };
		struct err err = ERR_INIT;
		struct args line;

		if (parse_words(&app, refused[i].words, &line, &err))
			fail_msg("%s: got success", refused[i].text);
		SAME_TEXT("text", err.text, refused[i].text);
		SAME_TEXT(refused[i].text, err.hint, refused[i].hint);
		SAME_INT(refused[i].text, err.kind, ERR_USAGE);
		arena_free(app.run.arena);
	}
}

/* A command line of one command and n times an argument. */
static bool
parse_many(const char *command, const char *argument, size_t n, struct err *err)
{
	struct app app = { .run.arena = arena_new() };
	char **argv = arena_array(app.run.arena, n + 3, sizeof(*argv));
	struct args line;
	bool ok = false;

	argv[0] = arena_strdup(app.run.arena, "planetpost");
	argv[1] = arena_strdup(app.run.arena, command);
	for (size_t i = 0; i < n; i++)
		argv[i + 2] = arena_strdup(app.run.arena, argument);
	ok = args_parse(&app, (int)n + 2, argv, &line, err);
	if (ok && *argument != '-')
		SAME_INT("words", line.word_count, n);
	arena_free(app.run.arena);
	return ok;
}

static void
test_as_many_as_there_is_room_for_and_no_more(void **state)
{
	(void)state;
	MUST(parse_many("fetch", "feed", 4096, err));
	MUST_FAIL(parse_many("fetch", "feed", 4097, err), ERR_USAGE,
	    "more than 4096 arguments");
	MUST(parse_many("status", "-cx", 16, err));
	MUST_FAIL(parse_many("status", "-cx", 17, err), ERR_USAGE,
	    "more than 16 configuration files");
	MUST(parse_many("run", "--strict", ARGS_MAX, err));
	MUST_FAIL(parse_many("run", "--strict", ARGS_MAX + 1, err), ERR_USAGE,
	    "more than 64 options");
}

static void
test_values_are_found_by_name(void **state)
{
	const struct args none = { .word_count = 0 };
	const struct args some = {
		.given = { { "state", "left" }, { "redact", "" }, { "state", "hold" } },
		.given_count = 3,
	};

	(void)state;
	assert_null(args_value(&none, "state"));
	assert_false(args_has(&none, "state"));
	SAME_TEXT("the last one wins", args_value(&some, "state"), "hold");
	SAME_TEXT("a flag has no value", args_value(&some, "redact"), "");
	assert_true(args_has(&some, "redact"));
	assert_false(args_has(&some, "stat"));
}

static void
test_words_are_counted(void **state)
{
	const char *const words[] = { "one", "two", "three" };
	const struct command c = { .name = "send",
		.usage = "send ISSUE [ADDR]",
		.words = { 1, 2 } };
	struct args a = { .command = &c, .words = words };

	(void)state;
	a.word_count = 1;
	MUST(args_expect(&a, err));
	a.word_count = 2;
	MUST(args_expect(&a, err));
	a.word_count = 0;
	MUST_FAIL(args_expect(&a, err), ERR_USAGE, "send: an argument is missing");
	MUST_FAIL(args_expect(&a, err), ERR_USAGE, "usage: planetpost send ISSUE [ADDR]");
	a.word_count = 3;
	MUST_FAIL(args_expect(&a, err), ERR_USAGE, "send: unexpected argument 'three'");
}

static const struct {
	const char *text;
	bool ok;
	int64_t n;
} counts[] = {
	{ "0", true, 0 },
	{ "7", true, 7 },
	{ "0042", true, 42 },
	{ "999999999999", true, INT64_C(999999999999) },
	{ "1000000000000", false, 0 },
	{ "", false, 0 },
	{ "-1", false, 0 },
	{ "+1", false, 0 },
	{ " 1", false, 0 },
	{ "1 ", false, 0 },
	{ "1k", false, 0 },
	{ "0x10", false, 0 },
};

static void
test_a_count_is_digits_alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
		int64_t n = -1;

		SAME_INT(counts[i].text, args_count(counts[i].text, &n), counts[i].ok);
		SAME_INT(counts[i].text, n, counts[i].ok ? counts[i].n : -1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_command_lines_are_read),
		cmocka_unit_test(test_what_cannot_be_meant_is_refused_with_advice),
		cmocka_unit_test(test_as_many_as_there_is_room_for_and_no_more),
		cmocka_unit_test(test_values_are_found_by_name),
		cmocka_unit_test(test_words_are_counted),
		cmocka_unit_test(test_a_count_is_digits_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
