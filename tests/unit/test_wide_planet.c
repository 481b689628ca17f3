/* SPDX-License-Identifier: ISC */
/*
 * A planet of five blogs whose posts have what posts may have, in the letters of six readers who
 * chose differently, and in what is exported (tests/fixtures/wide).  They were
 * read before they were kept.  GOLDEN=write renews them: look at the difference.
 */
#include "unit/cmd_fixture.h"

enum { ID_DIGITS = 32, TOKEN_LEAST = 20 };

static const char fixtures[] = "tests/fixtures/wide";

static void
read_fixture(const char *name, struct buf *out)
{
	char *path = file_join(fixtures, name);

	buf_reset(out);
	if (file_exists(path))
		MUST(file_read(path, out, err));
	free(path);
}

/* Into the folder of the test. */
static void
copy_fixture(struct cmd_test *t, const char *name)
{
	struct buf b = BUF_INIT(SAID_MAX);
	char path[300];

	read_fixture(name, &b);
	in_folder(t->folder, name, path);
	MUST(file_write(path, buf_text(&b), b.len, 0600, err));
	buf_clear(&b);
}

/* Identifiers, boundaries and tokens are random, and the folder has another name each time. */
static void
mask(const struct cmd_test *t, const char *text, struct buf *out)
{
	const size_t folder = strlen(t->folder);

	buf_reset(out);
	while (*text) {
		const size_t id = strspn(text, "0123456789abcdef");
		const size_t token = strspn(text, "234567abcdefghijklmnopqrstuvwxyz");
		const char before = out->len > 0 ? out->data[out->len - 1] : '\0';

		if (id == ID_DIGITS) {
			buf_adds(out, "ID");
			text += id;
		} else if (token >= TOKEN_LEAST && (before == '/' || before == '-')) {
			buf_adds(out, "TOKEN");
			text += token;
		} else if (strncmp(text, t->folder, folder) == 0) {
			buf_adds(out, "FOLDER");
			text += folder;
		} else {
			buf_addc(out, *text++);
		}
	}
}

/* Says where two texts part, since they are too long to be shown. */
static void
expect_fixture(const struct cmd_test *t, const char *name)
{
	struct buf got = BUF_INIT(SAID_MAX);
	struct buf want = BUF_INIT(SAID_MAX);
	size_t same = 0;

	mask(t, buf_text(&t->out), &got);
	if (getenv("GOLDEN")) {
		char *path = file_join(fixtures, name);

		MUST(file_write(path, buf_text(&got), got.len, 0644, err));
		free(path);
	}
	read_fixture(name, &want);
	while (same < got.len && same < want.len && got.data[same] == want.data[same])
		same++;
	if (same < got.len || same < want.len)
		fail_msg("%s: from byte %zu on: got \"%.200s\", want \"%.200s\"", name,
		    same, buf_text(&got) + same, buf_text(&want) + same);
	buf_clear(&got);
	buf_clear(&want);
}

struct wide_case {
	const char *want; /* the fixture */
	const char *words[WORDS_MOST];
};

static void
expect_each(struct cmd_test *t, const struct wide_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const int code = cmd_call(t, cases[i].words);

		if (code != EXIT_OK)
			fail_msg("%s: exit code %d: %s", cases[i].want, code,
			    buf_text(&t->err));
		expect_fixture(t, cases[i].want);
	}
}

static void
must_run(struct cmd_test *t, const struct cmd_case *c)
{
	const int code = cmd_call(t, c->words);

	if (code != EXIT_OK)
		fail_msg("%s: exit code %d: %s", c->words[0], code, buf_text(&t->err));
}

static void
wide_begin(struct cmd_test *t)
{
	static const char *const files[] = { "markup.xml", "kitchen.xml", "radio.xml",
		"letters.json", "ostrov.xml" };
	static const struct cmd_case readers[] = {
		{ .words = { "-q", "fetch" } },
		{ .words = { "-q", "sub", "add", "html@reader.example", "--confirmed-by",
		      "x" } },
		{ .words = { "-q", "sub", "add", "whole@reader.example", "--length",
		      "whole", "--pictures", "remote", "--confirmed-by", "x" } },
		{ .words = { "-q", "sub", "add", "titles@reader.example", "--length",
		      "titles", "--language", "de", "--confirmed-by", "x" } },
		{ .words = { "-q", "sub", "add", "text@reader.example", "--format",
		      "text", "--length", "whole", "--confirmed-by", "x" } },
		{ .words = { "-q", "sub", "add", "digest@reader.example", "--format",
		      "digest", "--language", "fr", "--confirmed-by", "x" } },
		{ .words = { "-q", "sub", "add", "plain@reader.example", "--format",
		      "plain", "--sources", "all but radio", "--confirmed-by", "x" } },
	};
	struct buf b = BUF_INIT(SAID_MAX);

	read_fixture("planet.conf", &b);
	cmd_begin(t, buf_text(&b));
	buf_clear(&b);
	copy_fixture(t, "groups.conf");
	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		copy_fixture(t, files[i]);
	for (size_t i = 0; i < ARRAY_LEN(readers); i++)
		must_run(t, &readers[i]);
}

static void
each_reader_gets_what_was_chosen(void **state)
{
	static const struct wide_case cases[] = {
		{ "html.eml", { "preview", "--eml", "--as", "html@reader.example" } },
		{ "whole.eml", { "preview", "--eml", "--as", "whole@reader.example" } },
		{ "titles.eml", { "preview", "--eml", "--as", "titles@reader.example" } },
		{ "text.eml", { "preview", "--eml", "--as", "text@reader.example" } },
		{ "digest.eml", { "preview", "--eml", "--as", "digest@reader.example" } },
		{ "plain.eml", { "preview", "--eml", "--as", "plain@reader.example" } },
	};
	struct cmd_test t;

	(void)state;
	wide_begin(&t);
	expect_each(&t, cases, ARRAY_LEN(cases));
	cmd_end(&t);
}

/* By groups, the oldest first, posts of other lengths; some days of it. */
static void
an_issue_may_be_ordered_otherwise(void **state)
{
	struct cmd_test t;
	char conf[300];

	(void)state;
	wide_begin(&t);
	in_folder(t.folder, "groups.conf", conf);

	const struct wide_case cases[] = {
		{ "groups.txt", { "-c", conf, "preview", "--text" } },
		{ "day.txt", { "preview", "--text", "--day", "2026-11-22" } },
		{ "since.txt",
		    { "preview", "--text", "--since", "2026-11-21", "--until",
			"2026-11-22" } },
	};

	expect_each(&t, cases, ARRAY_LEN(cases));
	cmd_end(&t);
}

static void
feeds_are_understood_and_exported(void **state)
{
	static const struct wide_case cases[] = {
		{ "markup.parsed", { "parse", "tests/fixtures/wide/markup.xml" } },
		{ "kitchen.parsed",
		    { "parse", "--base", "https://kitchen.example/feed",
			"tests/fixtures/wide/kitchen.xml" } },
		{ "radio.parsed", { "parse", "tests/fixtures/wide/radio.xml" } },
		{ "letters.parsed", { "parse", "tests/fixtures/wide/letters.json" } },
		{ "ostrov.parsed", { "parse", "tests/fixtures/wide/ostrov.xml" } },
		{ "export.mbox", { "export", "mbox" } },
		{ "export.opml", { "export", "opml" } },
		{ "export.foaf", { "export", "foaf" } },
		{ "export.urls", { "export", "urls" } },
		{ "feeds.json", { "feed", "list", "--json" } },
	};
	struct cmd_test t;

	(void)state;
	wide_begin(&t);
	must_run(&t, &(struct cmd_case){ .words = { "-q", "run" } });
	expect_each(&t, cases, ARRAY_LEN(cases));
	cmd_end(&t);
}

#define BASE "--base", "https://base.example/dir/feed"

/* Each dialect with whatever it has, and with some that it has not. */
static void
dialects_are_understood(void **state)
{
	static const struct wide_case cases[] = {
		{ "atom.parsed", { "parse", BASE, "tests/fixtures/wide/atom.xml" } },
		{ "atom03.parsed", { "parse", BASE, "tests/fixtures/wide/atom03.xml" } },
		{ "rss.parsed", { "parse", BASE, "tests/fixtures/wide/rss.xml" } },
		{ "cdf.parsed", { "parse", BASE, "tests/fixtures/wide/cdf.xml" } },
		{ "odd.parsed", { "parse", BASE, "tests/fixtures/wide/odd.json" } },
	};
	struct cmd_test t;

	(void)state;
	cmd_begin(&t, NULL);
	expect_each(&t, cases, ARRAY_LEN(cases));
	cmd_end(&t);
}

static void
commands_tell_how_it_is(void **state)
{
	static const struct wide_case cases[] = {
		{ "issue.txt", { "issue", "show", "2026-11-24" } },
		{ "readers.txt", { "sub", "list" } },
		{ "reader.txt", { "sub", "show", "plain@reader.example" } },
		{ "readers.csv", { "sub", "export" } },
		{ "feed.txt", { "feed", "show", "markup" } },
		{ "health.txt", { "feed", "health" } },
	};
	struct cmd_test t;

	(void)state;
	wide_begin(&t);
	must_run(&t, &(struct cmd_case){ .words = { "-q", "run" } });
	expect_each(&t, cases, ARRAY_LEN(cases));
	cmd_end(&t);
}

/* HTML as nobody should write it, with what is made of it, and as text. */
static void
bad_markup_is_put_in_order(void **state)
{
	static const struct wide_case cases[] = {
		{ "mess.parsed", { "parse", "tests/fixtures/wide/mess.xml" } },
		{ "mess.txt", { "preview", "--text" } },
		{ "mess.eml", { "preview", "--eml" } },
	};
	struct buf b = BUF_INIT(SAID_MAX);
	struct cmd_test t;

	(void)state;
	read_fixture("mess.conf", &b);
	cmd_begin(&t, buf_text(&b));
	buf_clear(&b);
	copy_fixture(&t, "mess.xml");
	must_run(&t, &(struct cmd_case){ .words = { "-q", "fetch" } });
	expect_each(&t, cases, ARRAY_LEN(cases));
	cmd_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_reader_gets_what_was_chosen),
		cmocka_unit_test(an_issue_may_be_ordered_otherwise),
		cmocka_unit_test(feeds_are_understood_and_exported),
		cmocka_unit_test(dialects_are_understood),
		cmocka_unit_test(commands_tell_how_it_is),
		cmocka_unit_test(bad_markup_is_put_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
