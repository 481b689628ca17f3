/* SPDX-License-Identifier: ISC */
/*
 * The demo, which needs nothing of the machine it runs on: its letters and its preview are those
 * of tests/fixtures/demo, which were read by people (tests/cli/demo.t renews them).
 */
#include "unit/cmd_fixture.h"

static const char golden[] = "tests/fixtures/demo";

/* A path of the test's folder, kept until the test ends. */
static const char *
here(struct cmd_test *t, const char *name)
{
	static char rooms[4][400];
	static size_t at;
	char *room = rooms[at++ % 4];

	(void)snprintf(room, sizeof(rooms[0]), "%s/%s", t->folder, name);
	return room;
}

/* Says where two texts part, since they are too long to be shown. */
static void
expect_same_bytes(const char *name, const struct buf *got, const struct buf *want)
{
	size_t same = 0;

	while (same < got->len && same < want->len && got->data[same] == want->data[same])
		same++;
	if (same < got->len || same < want->len)
		fail_msg("%s: from byte %zu on: got \"%.200s\", want \"%.200s\"", name,
		    same, buf_text(got) + same, buf_text(want) + same);
}

static void
expect_as_it_was(const char *dir, const char *name)
{
	struct buf got = BUF_INIT(SAID_MAX);
	struct buf want = BUF_INIT(SAID_MAX);
	char *path = file_join(golden, name);
	char *written = file_join(dir, name);

	MUST(file_read(path, &want, err));
	MUST(file_read(written, &got, err));
	expect_same_bytes(name, &got, &want);
	free(written);
	free(path);
	buf_clear(&got);
	buf_clear(&want);
}

static void
expect_letters(const char *dir)
{
	static const char *const names[] = { "2026-01-15-1.eml", "2026-01-15-2.eml",
		"outbox.mbox", "preview.html" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		expect_as_it_was(dir, names[i]);
}

static void
the_demo_is_the_same_each_time(void **state)
{
	struct cmd_test t;

	(void)state;
	cmd_begin(&t, NULL);
	const char *dir = here(&t, "demo");
	const struct cmd_case demo = { "demo", { "demo", dir }, EXIT_OK, NULL,
		"  sample feeds: 6, no network, no mail server\n"
		"  fetched   6 feeds: 14 entries\n"
		"            \"Tin Roof\" is broken on purpose and was read all the same: "
		"line 9: unescaped '&'; repaired\n"
		"  built     issue 2026-01-15: 14 entries, 6 sources, ",
		NULL };

	cmd_expect(&t, &demo);
	if (!strstr(buf_text(&t.out),
		"  readers   3 samples: Ann (HTML with a text part), Bo (text only), Cy (on "
		"hold until 1 February)\n") ||
	    !strstr(buf_text(&t.out),
		"2026-01-15-2.eml  Bo's, for your mail program\n") ||
	    strstr(buf_text(&t.out), "2026-01-15-3.eml"))
		fail_msg("got %s", buf_text(&t.out));
	expect_letters(dir);
	assert_false(file_exists(here(&t, "demo/2026-01-15-3.eml")));
	cmd_expect(&t, &demo);
	expect_letters(dir);
	cmd_expect(&t,
	    &(struct cmd_case){ "quietly", { "-q", "demo", dir }, EXIT_OK, "", NULL,
		NULL });
	expect_letters(dir);
	cmd_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_demo_is_the_same_each_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
