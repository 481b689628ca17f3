/* SPDX-License-Identifier: ISC */
/* The files of a configuration together: who may read them, what they include, where things lie. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/file.h"
#include "config/settings.h"
#include "unit/scratch.h"

static char folder[64];

static int
make_folder(void **state)
{
	(void)state;
	return scratch_folder(folder, sizeof(folder)) ? 0 : -1;
}

static int
remove_folder(void **state)
{
	(void)state;
	scratch_remove(folder);
	return 0;
}

static void
expect_text(const char *name, const char *got, const char *want)
{
	if (strcmp(got, want) != 0)
		fail_msg("%s:\n got  %s\n want %s", name, got, want);
}

static void
write_file(struct arena *a, const char *name, const char *text, mode_t mode)
{
	struct err err = ERR_INIT;

	if (!file_write(arena_printf(a, "%s/%s", folder, name), text, strlen(text), mode,
		&err))
		fail_msg("%s", err.text);
}

/* text with the folder's name as "@". */
static void
add_short(struct buf *b, const char *text)
{
	const char *at = NULL;

	for (; (at = strstr(text, folder)) != NULL; text = at + strlen(folder)) {
		buf_add(b, text, (size_t)(at - text));
		buf_addc(b, '@');
	}
	buf_adds(b, text);
}

/* How a.conf is read: the error with what else it says, or "taken" and the warnings. */
static const char *
outcome_of(struct arena *a, struct settings *s)
{
	const char *file = arena_printf(a, "%s/a.conf", folder);
	const struct settings_paths paths = { .files = &file,
		.file_count = 1,
		.home = "/home/x",
		.xdg_state = "/state" };
	struct buf b = BUF_INIT(10000);
	struct err err = ERR_INIT;

	if (settings_load(a, &paths, s, &err)) {
		buf_adds(&b, "taken");
		for (size_t i = 0; i < s->warning_count; i++) {
			buf_adds(&b, " | ");
			add_short(&b, s->warnings[i]);
		}
	} else {
		assert_int_equal(err.kind, ERR_CONFIG);
		add_short(&b, err.text);
		buf_adds(&b, " | ");
		add_short(&b, err.hint);
		buf_adds(&b, err.why[0] != '\0' ? " | " : "");
		add_short(&b, err.why);
	}
	return arena_take(a, &b);
}

/* ---- errors ---- */

#define EXPOSED "holds a password and others can read it (mode 0644) | "
#define CHMOD \
	"chmod 640 and chgrp planetpost, or move the password to a file: " \
	"smtp.password_file"
#define WRONG_HEADERS \
	"wrong headers in [feed x], @/a.conf line 3 | headers = Name: value, or several in " \
	"indented lines below"
#define OF_ONE_FEED \
	"; of one feed: name, group, language, face, filter, exclude, categories, languages, " \
	"strip, max_per_feed, user_agent, proxy, headers, full_text, filter_command, every, " \
	"timeout, paused"

/* clang-format off */
static const struct {
	const char *name, *a;
	mode_t a_mode;
	const char *b; /* or NULL */
	mode_t b_mode;
	const char *want;
} files[] = {
	/* Who may read a password. */
	{ "all may", "[smtp]\npassword = p\n", 0644, NULL, 0, "@/a.conf " EXPOSED CHMOD },
	{ "all may run it", "[smtp]\npassword = p\n", 0641, NULL, 0, "taken" },
	{ "the group may", "[smtp]\npassword = p\n", 0640, NULL, 0, "taken" },
	{ "all but the group", "[smtp]\npassword = p\n", 0604, NULL, 0,
		"@/a.conf holds a password and others can read it (mode 0604) | " CHMOD },
	{ "a relay's", "[relay x]\nhost = h\npassword = p\n", 0644, NULL, 0, "@/a.conf " EXPOSED CHMOD },
	{ "the second relay's", "[relay w]\nhost = h\n[relay x]\nhost = h\npassword = p\n", 0644, NULL, 0,
		"@/a.conf " EXPOSED CHMOD },
	{ "a relay without", "[relay x]\nhost = h\n", 0644, NULL, 0, "taken" },
	{ "a relay with an empty one", "[relay x]\nhost = h\npassword =\n", 0644, NULL, 0, "taken" },
	{ "in the other file", "include = b.conf\n[relay x]\nhost = h\n[fetch]\nevery = 1h\n", 0644,
		"[smtp]\npassword = p\n[relay y]\nhost = h\npassword = q\n", 0640, "taken" },
	{ "in the other file, for all", "include = b.conf\n", 0640, "[smtp]\npassword = p\n", 0644,
		"@/b.conf " EXPOSED CHMOD },
	/* What is included. */
	{ "nothing like it", "[fetch]\ninclude = *.ini\n", 0644, NULL, 0,
		"taken | @/a.conf line 2: no file is like @/*.ini" },
	{ "nothing like it, a set", "include = [x].ini\n", 0644, NULL, 0,
		"taken | @/a.conf line 1: no file is like @/[x].ini" },
	{ "nothing like it, a letter", "include = ?.ini\n", 0644, NULL, 0,
		"taken | @/a.conf line 1: no file is like @/?.ini" },
	{ "a mistake in it", "\ninclude = b.conf\n", 0644, "[fetch]\nevery = soon\n", 0644,
		"wrong value 'soon' for 'every' in [fetch], @/b.conf line 2 | allowed: a duration such as 90s, "
		"15m, 6h, 3d or 2w, from 0s to 30d" },
	{ "a mistake in one of some", "include = b.*\n", 0644, "[fetch]\nevery = soon\n", 0644,
		"wrong value 'soon' for 'every' in [fetch], @/b.conf line 2 | allowed: a duration such as 90s, "
		"15m, 6h, 3d or 2w, from 0s to 30d" },
	{ "a list of feeds", "include = b.conf\n", 0644, "https://a.example/\n", 0644,
		"@/b.conf is a list of feeds, not a configuration | @/b.conf" },
	{ "one of rss2email", "include = b.conf\n", 0644, "[DEFAULT]\nfrom = a@b\n[feed.x]\nurl = https://a.example/\n",
		0644, "@/b.conf is a list of feeds, not a configuration | @/b.conf" },
	/* More than one mistake. */
	{ "two in a section", "[fetch]\nevery = soon\nparallel = 0\n", 0644, NULL, 0,
		"wrong value 'soon' for 'every' in [fetch], @/a.conf line 2; allowed: a duration such as 90s, 15m, 6h, "
		"3d or 2w, from 0s to 30d |  | wrong value '0' for 'parallel' in [fetch], @/a.conf line 3; allowed: a "
		"number, from 1 to 1000" },
	{ "two in two sections", "[fetch]\nparallel = 0\n[digest]\nempty = x\n", 0644, NULL, 0,
		"wrong value '0' for 'parallel' in [fetch], @/a.conf line 2; allowed: a number, from 1 to 1000 |  | "
		"wrong value 'x' for 'empty' in [digest], @/a.conf line 4; allowed: skip or send" },
	{ "two in a planet", "[Planet]\nname = P\n[fetch]\nparallel = 0\n[digest]\nempty = x\n[log]\nlevel = warn\n",
		0644, NULL, 0, "wrong value '0' for 'parallel' in [fetch], @/a.conf line 4; allowed: a number, from 1 "
		"to 1000 |  | wrong value 'x' for 'empty' in [digest], @/a.conf line 6; allowed: skip or send" },
	{ "in front of a planet", "[fetch]\nevery = soon\n[Planet]\nname = P\n", 0644, NULL, 0,
		"wrong value 'soon' for 'every' in [fetch], @/a.conf line 2 | allowed: a duration such as 90s, "
		"15m, 6h, 3d or 2w, from 0s to 30d" },
	/* What is for all feeds. */
	{ "of digest", "[feed x]\nurl = https://x.example/\nimages = none\n", 0644, NULL, 0,
		"'images' in [feed x] is a setting for all feeds, @/a.conf line 3 | it belongs to [digest]"
		OF_ONE_FEED },
	{ "of fetch", "[feed x]\nurl = https://x.example/\nname = X\nParallel = 3\n", 0644, NULL, 0,
		"'Parallel' in [feed x] is a setting for all feeds, @/a.conf line 4 | it belongs to [fetch]"
		OF_ONE_FEED },
	{ "of health", "[feed x]\nurl = https://x.example/\nletter = never\n", 0644, NULL, 0,
		"'letter' in [feed x] is a setting for all feeds, @/a.conf line 3 | it belongs to [health]"
		OF_ONE_FEED },
	{ "of nobody", "[feed x]\nurl = https://x.example/\nhometown = Ulm\nport = 3\nfilter = x\n", 0644, NULL, 0,
		"taken" },
	{ "nearly ours", "[feed x]\nurl = https://x.example/\nFilters = y\n", 0644, NULL, 0,
		"taken | @/a.conf line 3: 'Filters' in [feed x] is not known; did you mean 'filter'?" },
	/* What one feed's section says wrongly. */
	{ "a mailbox without a newsletter", "\n[feed x]\nurl = maildir:/m\n", 0644, NULL, 0,
		"@/a.conf line 2: 'maildir:/m' does not say which newsletter | maildir:/PATH?list=ID with the ID of "
		"the newsletter's List-Id, or mbox:/PATH?..." },
	{ "a mailbox", "[feed x]\nurl = maildir:/m?list=a.example\n", 0644, NULL, 0, "taken" },
	{ "one as a name", "[mbox:/m?list=a.example]\nname = A\n", 0644, NULL, 0, "taken" },
	{ "paused or not", "[feed x]\nurl = https://x.example/\npaused = perhaps\n", 0644, NULL, 0,
		"wrong value 'perhaps' for 'paused' in [feed x], @/a.conf line 3 | allowed: yes or no" },
	{ "paused or not, unsaid", "[feed x]\nurl = https://x.example/\npaused =\nheaders =\n", 0644, NULL, 0,
		"taken" },
	{ "a tab in a header", "[feed x]\nurl = https://x.example/\nheaders = A: b\tc\n", 0644, NULL, 0,
		WRONG_HEADERS },
	{ "DEL in a header", "[feed x]\nurl = https://x.example/\nheaders = A: b\x7f\n", 0644, NULL, 0,
		WRONG_HEADERS },
	{ "the second header", "[feed x]\nurl = https://x.example/\nheaders =\n  A: b\n  C d\n", 0644, NULL, 0,
		WRONG_HEADERS },
	{ "a header of nothing", "[feed x]\nurl = https://x.example/\nheaders = A:\n", 0644, NULL, 0,
		WRONG_HEADERS },
	{ "a header without a name", "[feed x]\nurl = https://x.example/\nheaders = : a\n", 0644, NULL, 0,
		WRONG_HEADERS },
	{ "short headers", "[feed x]\nurl = https://x.example/\nheaders =\n  A:b\n  C: \xC3\xA9\n", 0644, NULL, 0,
		"taken" },
	{ "a planet that would read mail", "[Planet]\nname = P\n[mbox:/m?list=a]\nurl = https://b.example/f\n", 0644,
		NULL, 0, "wrong address 'mbox:/m?list=a' of a feed, @/a.conf line 3 | https://..., or file:NAME for a "
		"file beside @/a.conf" },
	/* What is no setting at all. */
	{ "before a section", "name = x\n[fetch]\n", 0644, NULL, 0,
		"'name' stands before any [section], @/a.conf line 1 | " },
	{ "nobody's section", "[newslettre]\nname = x\n", 0644, NULL, 0,
		"unknown section [newslettre], @/a.conf line 1 | did you mean [newsletter]?" },
	{ "a planet with a line that is none", "[fetch]\nevery = 1h\nhello\n", 0644, NULL, 0,
		"@/a.conf line 3: 'hello' is neither [section] nor key = value | comments stand on lines of their own "
		"and begin with # or ;" },
	{ "single", "[list]\noptin = single\n", 0644, NULL, 0,
		"taken | list.optin = single: who asks by page or mail confirms all the same; only rows of sub add and "
		"sub import with confirmed_by are taken unasked" },
};
/* clang-format on */

static void
a_file_is_taken_or_what_is_wrong_is_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		struct arena *a = arena_new();
		struct settings s;

		write_file(a, "a.conf", files[i].a, files[i].a_mode);
		if (files[i].b)
			write_file(a, "b.conf", files[i].b, files[i].b_mode);
		expect_text(files[i].name, outcome_of(a, &s), files[i].want);
		scratch_remove(folder);
		assert_int_equal(make_folder(NULL), 0);
		arena_free(a);
	}
}

/* 64 with the first. */
static void
as_many_files_are_read_as_may_be(void **state)
{
	struct arena *a = arena_new();
	struct buf text = BUF_INIT(4000);
	struct settings s;

	(void)state;
	for (int i = 0; i < 63; i++)
		buf_adds(&text, "include = b.conf\n");
	write_file(a, "b.conf", "[fetch]\nevery = 2h\n", 0644);
	write_file(a, "a.conf", buf_text(&text), 0644);
	assert_memory_equal(outcome_of(a, &s), "taken", 5);
	assert_int_equal(s.file_count, 64);
	assert_int_equal(s.config.fetch.every, 7200);
	buf_adds(&text, "include = b.conf\n");
	write_file(a, "a.conf", buf_text(&text), 0644);
	expect_text("one more", outcome_of(a, &s),
	    "@/b.conf: more than 64 files; does one include itself? | included by @/a.conf "
	    "line 64");
	buf_clear(&text);
	arena_free(a);
}

static void
files_like_a_pattern_are_read_in_their_order(void **state)
{
	struct arena *a = arena_new();
	struct settings s;

	(void)state;
	write_file(a, "a.conf",
	    "include = [bc].conf\n[feed z]\nurl = https://z.example/\n", 0644);
	write_file(a, "b.conf",
	    "[feed x]\nurl = https://x.example/\n[fetch]\nevery = 2h\n", 0644);
	write_file(a, "c.conf",
	    "[feed y]\nurl = https://y.example/\n[feed w]\nurl = https://w.example/\n"
	    "[fetch]\nevery = 3h\n",
	    0644);
	expect_text("three", outcome_of(a, &s), "taken");
	assert_int_equal(s.file_count, 3);
	expect_text("second", s.files[1] + strlen(folder), "/b.conf");
	expect_text("third", s.files[2] + strlen(folder), "/c.conf");
	assert_int_equal(s.config.fetch.every, 3 * 3600);
	assert_int_equal(s.source_count, 4);
	expect_text("first feed", s.sources[0].key, "x");
	expect_text("second feed", s.sources[1].key, "y");
	expect_text("third feed", s.sources[2].key, "w");
	expect_text("fourth feed", s.sources[3].key, "z");
	arena_free(a);
}

/* Of two planets the first says what it is called, and each brings its feeds. */
static void
of_two_planets_the_first_counts(void **state)
{
	struct arena *a = arena_new();
	struct settings s;

	(void)state;
	write_file(a, "a.conf",
	    "[Planet]\nname = One\n[https://a.example/f]\nname = A\n"
	    "[https://b.example/f]\nname = B\n[digest]\ninclude = b.conf\n",
	    0644);
	write_file(a, "b.conf",
	    "[Planet]\nname = Two\nfeed_timeout = 7\n[https://c.example/f]\nname = C\n",
	    0644);
	/* The included one is read to its end before the first is. */
	expect_text("two", outcome_of(a, &s), "taken");
	expect_text("name", s.config.newsletter.name, "One");
	assert_int_equal(s.config.fetch.timeout, 7);
	assert_int_equal(s.source_count, 3);
	expect_text("first", s.sources[0].url, "https://a.example/f");
	expect_text("second", s.sources[1].url, "https://b.example/f");
	expect_text("third", s.sources[2].url, "https://c.example/f");
	arena_free(a);
}

/* ---- places ---- */

/* What each variable says; the files that are asked for, or none; "@" is the folder. */
static const struct {
	const char *name;
	struct settings_paths paths;
	bool named;  /* @/a.conf by -c */
	bool by_env; /* and by the environment */
	const char *file, *database, *outbox;
} places[] = {
	/* clang-format off */
	{ "empty variables", { .home = "/home/x", .xdg_config = "", .xdg_state = "", .env_data = "",
		.env_config = "" }, false, false, "/home/x/.config/planetpost/planetpost.conf",
		"/home/x/.local/state/planetpost/planetpost.db", "/home/x/.local/state/planetpost/outbox" },
	{ "an empty home", { .home = "" }, false, false, "/etc/planetpost/planetpost.conf", "./planetpost.db",
		"./outbox" },
	{ "nothing", { .home = NULL }, false, false, "/etc/planetpost/planetpost.conf", "./planetpost.db", "./outbox" },
	{ "no home, but XDG's folders", { .xdg_config = "/c", .xdg_state = "/s" }, false, false,
		"/c/planetpost/planetpost.conf", "/s/planetpost/planetpost.db", "/s/planetpost/outbox" },
	{ "root with XDG's folders", { .xdg_config = "/c", .xdg_state = "/s", .is_root = true }, false, false,
		"/etc/planetpost/planetpost.conf", "/var/lib/planetpost/planetpost.db", "/var/lib/planetpost/outbox" },
	{ "a named file", { .home = "/home/x" }, true, false, "@/a.conf",
		"/home/x/.local/state/planetpost/planetpost.db", "@/outbox" },
	{ "one of the environment", { .home = "/home/x", .env_data = "/e" }, false, true, "@/a.conf",
		"/e/planetpost.db", "@/outbox" },
	{ "-d", { .home = "/home/x", .env_data = "", .data_dir = "/d" }, true, true, "@/a.conf", "/d/planetpost.db",
		"@/outbox" },
	/* clang-format on */
};

static void
everything_lies_where_it_belongs(void **state)
{
	struct arena *a = arena_new();
	const char *file = arena_printf(a, "%s/a.conf", folder);

	(void)state;
	write_file(a, "a.conf", "[fetch]\nevery = 2h\n", 0644);
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		struct settings_paths paths = places[i].paths;
		struct buf b = BUF_INIT(1000);
		struct err err = ERR_INIT;
		struct settings s;

		paths.files = &file;
		paths.file_count = places[i].named;
		if (places[i].by_env)
			paths.env_config = file;
		if (!settings_load(a, &paths, &s, &err))
			fail_msg("%s: %s", places[i].name, err.text);
		add_short(&b, settings_default_file(a, &paths));
		expect_text(places[i].name, buf_text(&b), places[i].file);
		buf_reset(&b);
		add_short(&b, s.config.database.path);
		expect_text(places[i].name, buf_text(&b), places[i].database);
		buf_reset(&b);
		add_short(&b, s.config.transport.outbox);
		expect_text(places[i].name, buf_text(&b), places[i].outbox);
		assert_int_equal(s.file_count, places[i].named || places[i].by_env);
		assert_int_equal(s.config.fetch.every, s.file_count == 1 ? 7200 : 3600);
		if (paths.home && *paths.home)
			expect_text(places[i].name, s.home, paths.home);
		else
			assert_null(s.home);
		buf_clear(&b);
	}
	arena_free(a);
}

/* Nobody has to name the file that lies in its place. */
static void
a_users_own_file_is_found(void **state)
{
	struct arena *a = arena_new();
	struct settings_paths paths = { .xdg_config = folder, .home = "/nowhere" };
	struct err err = ERR_INIT;
	struct settings s;

	(void)state;
	assert_true(settings_load(a, &paths, &s, &err));
	assert_int_equal(s.file_count, 0);
	assert_int_equal(mkdir(arena_printf(a, "%s/planetpost", folder), 0755), 0);
	write_file(a, "planetpost/planetpost.conf", "[fetch]\nevery = 2h\n", 0644);
	assert_true(settings_load(a, &paths, &s, &err));
	assert_int_equal(s.file_count, 1);
	assert_int_equal(s.config.fetch.every, 7200);
	/* Letters as files lie beside a file that was named, and only there. */
	expect_text("outbox", s.config.transport.outbox,
	    "/nowhere/.local/state/planetpost/outbox");
	arena_free(a);
}

/* An edit is tried before it is written. */
static void
an_edited_file_is_read_as_its_new_text(void **state)
{
	struct arena *a = arena_new();
	const char *file = arena_printf(a, "%s/a.conf", folder);
	struct settings_paths paths = { .files = &file,
		.file_count = 1,
		.home = "/home/x" };
	struct buf text = BUF_INIT(1000);
	struct err err = ERR_INIT;
	struct settings s;

	(void)state;
	write_file(a, "a.conf", "[fetch]\nevery = 2h\ninclude = b.conf\n", 0644);
	write_file(a, "b.conf", "[fetch]\nparallel = 9\n", 0644);
	buf_adds(&text, "[fetch]\nparallel = 8\n");
	paths.edited_text = &text;
	paths.edited = arena_printf(a, "%s/b.conf", folder);
	assert_true(settings_load(a, &paths, &s, &err));
	assert_int_equal(s.config.fetch.every, 7200);
	assert_int_equal(s.config.fetch.parallel, 8);
	paths.edited = file;
	assert_true(settings_load(a, &paths, &s, &err));
	assert_int_equal(s.config.fetch.every, 3600);
	assert_int_equal(s.file_count, 1);
	buf_clear(&text);
	arena_free(a);
}

/* [smtp] is one of several servers where it names one. */
static void
a_host_makes_the_general_section_a_server(void **state)
{
	struct arena *a = arena_new();
	struct settings s;

	(void)state;
	write_file(a, "a.conf", "[smtp]\nport = 25\n[relay x]\nhost = h\n", 0640);
	expect_text("none", outcome_of(a, &s), "taken");
	assert_false(s.config.smtp_is_relay);
	write_file(a, "a.conf", "[smtp]\nhost = localhost\n[relay x]\nhost = h\n", 0640);
	expect_text("one", outcome_of(a, &s), "taken");
	assert_true(s.config.smtp_is_relay);
	arena_free(a);
}

int
main(void)
{
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)
	const struct CMUnitTest tests[] = {
		IN_FOLDER(a_file_is_taken_or_what_is_wrong_is_told),
		IN_FOLDER(as_many_files_are_read_as_may_be),
		IN_FOLDER(files_like_a_pattern_are_read_in_their_order),
		IN_FOLDER(of_two_planets_the_first_counts),
		IN_FOLDER(everything_lies_where_it_belongs),
		IN_FOLDER(a_users_own_file_is_found),
		IN_FOLDER(an_edited_file_is_read_as_its_new_text),
		IN_FOLDER(a_host_makes_the_general_section_a_server),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
