/* SPDX-License-Identifier: ISC */
/* Lists of as many feeds as may be, which take their time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "config/feed_lists.h"

static void
expect(const char *name, const char *got, const char *want)
{
	if (strcmp(got, want) != 0)
		fail_msg("%s:\n got  %s\n want %s", name, got, want);
}

/* One feed more than can be kept, in both forms that are read line by line. */
static void
a_list_that_is_too_long_is_refused(void **state)
{
	(void)state;
	for (int f = 0; f < 2; f++) {
		struct buf text = BUF_INIT(LIMIT_CONFIG_FILE);
		struct arena *a = arena_new();
		struct err err = ERR_INIT;
		struct feed_list list;

		for (int i = 0; i < LIMIT_SOURCES; i++)
			buf_addf(&text, f ? "[http://a/%d]\nname = x\n" : "http://a/%d\n",
			    i);
		assert_true(
		    feed_list_read(a, "x", buf_text(&text), text.len, &list, &err));
		assert_int_equal(list.source_count, LIMIT_SOURCES);
		buf_adds(&text, f ? "[http://a/x]\nname = x\n" : "http://a/x\n");
		assert_false(
		    feed_list_read(a, "x", buf_text(&text), text.len, &list, &err));
		assert_int_equal(err.kind, ERR_CONFIG);
		expect("reason", err.text, "x names more than 100000 feeds");
		buf_clear(&text);
		arena_free(a);
	}
}

/* As many keys that are not ours as a list has feeds cost time in proportion, not its square. */
static void
many_ignored_keys_are_told_once(void **state)
{
	enum { FEEDS = 60000, REPEATED = 100 };
	struct buf text = BUF_INIT(16 * 1024 * 1024);
	struct arena *a = arena_new();
	struct err err = ERR_INIT;
	struct feed_list list;
	const clock_t began = clock();

	(void)state;
	buf_adds(&text, "[Planet]\nname = P\n");
	for (int i = 0; i < FEEDS; i++)
		buf_addf(&text, "[https://b%d.example/]\nz%d = 1\nlast = 1\n", i,
		    i % (FEEDS - REPEATED));
	if (!feed_list_read(a, "many.ini", buf_text(&text), text.len, &list, &err))
		fail_msg("%s", err.text);
	assert_int_equal(list.ignored_count, FEEDS - REPEATED + 1);
	expect("first", list.ignored[0], "z0");
	expect("second", list.ignored[1], "last");
	expect("third", list.ignored[2], "z1");
	/* 0.3 s with sanitizers; comparing each with all others took over a minute. */
	if ((clock() - began) / CLOCKS_PER_SEC > 20)
		fail_msg("it took more than 20 s of a processor");
	buf_clear(&text);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_that_is_too_long_is_refused),
		cmocka_unit_test(many_ignored_keys_are_told_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
