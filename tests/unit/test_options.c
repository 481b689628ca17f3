/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/file.h"
#include "config/option_value.h"
#include "config/settings.h"
#include "unit/scratch.h"

/* 110 bytes. */
#define TEN "0123456789"
#define LONG_NAME TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

static void
expect(const char *name, const char *got, const char *want)
{
	if (strcmp(got, want) != 0)
		fail_msg("%s:\n got  %s\n want %s", name, got, want);
}

static void
expect_int(const char *name, int64_t got, int64_t want)
{
	if (got != want)
		fail_msg("%s: got %lld, want %lld", name, (long long)got,
		    (long long)want);
}

/* ---- values ---- */

static const struct {
	const char *text;
	bool ok;
	int64_t want;
} duration_cases[] = { { "90s", true, 90 }, { "15m", true, 900 }, { "6h", true, 21600 },
	{ "3d", true, 259200 }, { "2w", true, 1209600 }, { "45", true, 45 },
	{ "0", true, 0 }, { "2 h", true, 7200 }, { "3D", true, 259200 }, { "", false, 0 },
	{ "h", false, 0 }, { "-1s", false, 0 }, { "1.5h", false, 0 },
	{ "1h30m", false, 0 }, { "9223372036854775807w", false, 0 },
	{ "15250284452471w", true, 9223372036854460800 }, { "15250284452472w", false, 0 },
	{ "9223372036854775799", true, 9223372036854775799 },
	{ "9223372036854775800", false, 0 }, { "1  s", true, 1 }, { "1\ts", false, 0 },
	{ "99999999999999999999", false, 0 }, { "1y", false, 0 }, { " 1s", false, 0 } };

static void
durations(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(duration_cases); i++) {
		int64_t got = 0;
		bool ok = option_parse_duration(duration_cases[i].text, &got);

		if (ok != duration_cases[i].ok)
			fail_msg("%s: got %d", duration_cases[i].text, ok);
		expect_int(duration_cases[i].text, got, duration_cases[i].want);
	}
}

/* want: the value as it is printed again; NULL: refused, and `hint` is the answer. */
static const struct {
	const char *section, *name, *text, *want, *hint;
} value_cases[] = {
	/* clang-format off */
	{ "fetch", "every", "90m", "90m", NULL },
	{ "fetch", "every", "7200", "2h", NULL },
	{ "fetch", "every", "often", NULL,
	    "allowed: a duration such as 90s, 15m, 6h, 3d or 2w, from 0s to 30d" },
	{ "fetch", "every", "31d", NULL,
	    "allowed: a duration such as 90s, 15m, 6h, 3d or 2w, from 0s to 30d" },
	{ "fetch", "host_pause", "250ms", "250ms", NULL },
	{ "fetch", "host_pause", "2", "2s", NULL },
	{ "fetch", "host_pause", "0", "0ms", NULL },
	{ "fetch", "parallel", "1000", "1000", NULL },
	{ "fetch", "parallel", "0", NULL, "allowed: a number, from 1 to 1000" },
	{ "fetch", "parallel", "8 feeds", NULL, "allowed: a number, from 1 to 1000" },
	{ "fetch", "max_bytes", "100k", "100k", NULL },
	{ "fetch", "max_bytes", "2m", "2M", NULL },
	{ "fetch", "max_bytes", "95000", "95000", NULL },
	{ "fetch", "max_bytes", "1G", NULL,
	    "allowed: a size such as 95000, 100k or 2M, from 1k to 64M" },
	{ "fetch", "alarm_at", "30%", "30%", NULL },
	{ "fetch", "alarm_at", "30", "30%", NULL },
	{ "fetch", "alarm_at", "101%", NULL, "allowed: a percentage such as 20%, from 1% to 100%" },
	{ "fetch", "allow_private", "Yes", "yes", NULL },
	{ "fetch", "allow_private", "off", "no", NULL },
	{ "fetch", "allow_private", "maybe", NULL, "allowed: yes or no" },
	{ "fetch", "proxy", "none", "none", NULL },
	{ "fetch", "proxy", "http://proxy:3128", "http://proxy:3128", NULL },
	{ "fetch", "proxy", "proxy:3128", NULL,
	    "allowed: env, none, or an address such as http://host:3128" },
	{ "digest", "body", "Whole", "whole", NULL },
	{ "digest", "body", "full", "whole", NULL },
	{ "digest", "body", "summary", "short", NULL },
	{ "digest", "body", "title", "titles", NULL },
	{ "digest", "body", "fulls", NULL, "allowed: titles, short or whole" },
	{ "web", "archive_full", "full", "whole", NULL },
	{ "web", "archive_full", "short", "short", NULL },
	{ "digest", "schedule", "off", "off", NULL },
	{ "digest", "schedule", "daily 7:05", "daily 07:05", NULL },
	{ "digest", "schedule", "weekdays 23:59", "weekdays 23:59", NULL },
	{ "digest", "schedule", "Weekly sun 00:00", "weekly Sunday 00:00", NULL },
	{ "digest", "schedule", "monthly 31 07:00", "monthly 31 07:00", NULL },
	{ "digest", "schedule", "monthly 32 07:00", NULL,
	    "allowed: off, daily 07:00, weekdays 07:00, weekly Monday 07:00 or monthly 1 07:00 "
	    "(day 1 to 31)" },
	{ "digest", "schedule", "daily", NULL,
	    "allowed: off, daily 07:00, weekdays 07:00, weekly Monday 07:00 or monthly 1 07:00 "
	    "(day 1 to 31)" },
	{ "digest", "schedule", "daily 24:00", NULL,
	    "allowed: off, daily 07:00, weekdays 07:00, weekly Monday 07:00 or monthly 1 07:00 "
	    "(day 1 to 31)" },
	{ "digest", "schedule", "daily 7:-5", NULL,
	    "allowed: off, daily 07:00, weekdays 07:00, weekly Monday 07:00 or monthly 1 07:00 "
	    "(day 1 to 31)" },
	{ "digest", "schedule", "daily 07:00 sharp", NULL,
	    "allowed: off, daily 07:00, weekdays 07:00, weekly Monday 07:00 or monthly 1 07:00 "
	    "(day 1 to 31)" },
	{ "digest", "window", "since-last", "since-last", NULL },
	{ "digest", "window", "7d", "1w", NULL },
	{ "digest", "window", "0", NULL,
	    "allowed: since-last or a duration such as 24h or 7d, from 1m to 3650d" },
	{ "digest", "group_by", "group source", "group source", NULL },
	{ "digest", "group_by", "day", NULL, "allowed: day source, source, group source or none" },
	{ "digest", "empty", "send", "send", NULL },
	{ "digest", "empty", "yes", NULL, "allowed: skip or send" },
	{ "approval", "mode", "manual", "manual", NULL },
	{ "transport", "method", "stdout", "stdout", NULL },
	{ "transport", "method", "pigeon", NULL,
	    "allowed: outbox, smtp, sendmail, lmtp, maildir, mbox, stdout or redirect" },
	{ "log", "level", "DEBUG", "debug", NULL },
	{ "log", "level", "loud", NULL, "allowed: error, warn, info or debug" },
	{ "smtp", "retry", "10m 2h", "10m 2h", NULL },
	{ "smtp", "retry", "10m soon", NULL, "allowed: durations such as 10m 30m 2h 6h" },
	{ "smtp", "retry", "", NULL, "allowed: durations such as 10m 30m 2h 6h" },
	{ "smtp", "retry", " ", NULL, "allowed: durations such as 10m 30m 2h 6h" },
	{ "smtp", "domains", "gmail.com googlemail.com", "gmail.com googlemail.com", NULL },
	{ "smtp", "domains", "@gmail.com", NULL,
	    "allowed: receiving domains such as gmail.com, with blanks between them" },
	{ "smtp", "domains", "gmail.com, aol.com", NULL,
	    "allowed: receiving domains such as gmail.com, with blanks between them" },
	{ "smtp", "password", "secret", "********", NULL },
	{ "web", "listen", "127.0.0.1:8080", "127.0.0.1:8080", NULL },
	{ "web", "listen", "127.0.0.1:0", NULL,
	    "allowed: unix:PATH or 127.0.0.1:PORT, behind a web server" },
	{ "web", "listen", "unix:/" LONG_NAME, NULL,
	    "allowed: unix:PATH or 127.0.0.1:PORT, behind a web server" },
	{ "web", "url", "https://ann:secret@news.example/p", NULL,
	    "allowed: an https address without login and query (http only for localhost)" },
	{ "newsletter", "link", "https://planet.example/", "https://planet.example/", NULL },
	{ "newsletter", "link", "planet.example", NULL, "allowed: an http or https address" },
	{ "newsletter", "language", "../x", NULL, "allowed: a language tag such as en or pt-BR" },
	{ "web", "url", "", "", NULL },
	{ "web", "url", "https://news.example/p//", "https://news.example/p", NULL },
	{ "web", "url", "http://localhost:8080/", "http://localhost:8080", NULL },
	{ "web", "url", "http://127.0.0.1:8080", "http://127.0.0.1:8080", NULL },
	{ "web", "url", "http://news.example/p", NULL,
	    "allowed: an https address without login and query (http only for localhost)" },
	{ "web", "url", "https://news.example/?x=1", NULL,
	    "allowed: an https address without login and query (http only for localhost)" }
};
/* clang-format on */

static void
values(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(value_cases); i++) {
		struct arena *a = arena_new();
		struct settings s;
		struct err err = ERR_INIT;
		struct buf got = BUF_INIT(1000);

		settings_default(a, "/state", &s);
		bool ok = settings_set(a, &s, value_cases[i].section, value_cases[i].name,
		    value_cases[i].text, "f", 7, &err);
		if (ok)
			option_print(option_find(value_cases[i].section,
					 value_cases[i].name),
			    &s.config, &got);
		else
			buf_adds(&got, err.hint);
		if (ok != (value_cases[i].want != NULL))
			fail_msg("%s = %s: got %d (%s)", value_cases[i].name,
			    value_cases[i].text, ok, err.text);
		expect(value_cases[i].text, buf_text(&got),
		    ok ? value_cases[i].want : value_cases[i].hint);
		buf_clear(&got);
		arena_free(a);
	}
}

static void
defaults_are_what_the_table_says(void **state)
{
	struct arena *a = arena_new();
	struct settings s;

	(void)state;
	settings_default(a, "/state", &s);
	for (size_t i = 0; i < option_count; i++) {
		struct buf got = BUF_INIT(1000);
		const char *want = options[i].initial;

		if (strncmp(want, "$STATE", 6) == 0)
			want = arena_printf(a, "/state%s", want + 6);
		option_print(&options[i], &s.config, &got);
		expect(options[i].name, buf_text(&got), want);
		buf_clear(&got);
		/* The words of a text would be asked of nobody. */
		if (options[i].type == OPTION_TEXT && options[i].words)
			fail_msg("%s has words", options[i].name);
		if (options[i].type == OPTION_TEXT)
			continue;
		if (!options[i].help || !*options[i].help)
			fail_msg("%s has no help", options[i].name);
	}
	assert_int_equal(s.config.fetch.timeout, 20);
	assert_int_equal(s.config.fetch.host_pause_ms, 1000);
	assert_int_equal(s.config.fetch.max_bytes, 10485760);
	assert_int_equal(s.config.digest.schedule.rhythm, RHYTHM_DAILY);
	assert_int_equal(s.config.digest.schedule.minute, 420);
	assert_int_equal(s.config.digest.images, IMAGES_LINK);
	assert_int_equal(s.config.digest.window, 0);
	assert_false(s.config.digest.empty_send);
	assert_false(s.config.approval.manual);
	assert_int_equal(s.config.transport.method, TRANSPORT_OUTBOX);
	assert_int_equal(s.config.smtp.security, SECURITY_AUTO);
	assert_true(s.config.smtp.verp);
	assert_string_equal(s.config.newsletter.timezone, "system");
	arena_free(a);
}

/* ---- files ---- */

static char folder[64];

static int
make_folder(void **state)
{
	(void)state;
	return scratch_folder(folder, sizeof(folder)) ? 0 : -1;
}

static void
write_file(const char *name, const char *text, mode_t mode)
{
	char *path = file_join(folder, name);
	struct err err = ERR_INIT;

	if (!file_write(path, text, strlen(text), mode, &err))
		fail_msg("%s", err.text);
	free(path);
}

static int
remove_folder(void **state)
{
	static const char *const NAMES[] = { "a.conf", "b.conf", "c.conf", "sub/d.conf",
		"sub" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(NAMES); i++) {
		char *path = file_join(folder, NAMES[i]);

		(void)remove(path);
		free(path);
	}
	return rmdir(folder);
}

/* Loads folder/a.conf; the error's text, hint and next step with the folder's name as "@". */
static bool
load(struct arena *a, const char *const *names, size_t count, struct settings *s,
    struct buf *message)
{
	const char **files = arena_array(a, count, sizeof(*files));
	struct settings_paths paths = { .files = files,
		.file_count = count,
		.home = "/home/x",
		.xdg_state = "/state" };
	struct err err = ERR_INIT;

	for (size_t i = 0; i < count; i++)
		files[i] = arena_printf(a, "%s/%s", folder, names[i]);
	if (settings_load(a, &paths, s, &err))
		return true;
	assert_int_equal(err.kind, ERR_CONFIG);
	const char *text = arena_printf(a, "%s | %s%s", err.text, err.hint,
	    err.next == NEXT_LIST_SETTINGS      ? " (all settings)"
		: err.next == NEXT_IMPORT_FEEDS ? " (import)"
						: "");
	for (const char *at = strstr(text, folder); at; at = strstr(text, folder)) {
		buf_add(message, text, (size_t)(at - text));
		buf_addc(message, '@');
		text = at + strlen(folder);
	}
	buf_adds(message, text);
	return false;
}

static const struct {
	const char *name, *text, *want;
	mode_t mode;
} error_cases[] = {
	/* clang-format off */
	{ "unknown key", "[fetch]\n\ntime-out = 3\n",
	    "unknown key 'time-out' in [fetch], @/a.conf line 3 | did you mean 'timeout'? (all "
	    "settings)", 0644 },
	{ "key of another section", "[fetch]\nschedule = off\n",
	    "unknown key 'schedule' in [fetch], @/a.conf line 2 | 'schedule' belongs to [digest] "
	    "(all settings)", 0644 },
	{ "nothing like it", "[fetch]\nxylophone = 1\n",
	    "unknown key 'xylophone' in [fetch], @/a.conf line 2 |  (all settings)",
	    0644 },
	{ "a key of no version", "[privacy]\ntrack_feet = never\n",
	    "unknown key 'track_feet' in [privacy], @/a.conf line 2 |  (all settings)", 0644 },
	{ "unknown section", "[smpt]\nhost = x\n",
	    "unknown section [smpt], @/a.conf line 1 | "
	    "did you mean [smtp]? (all settings)", 0644 },
	{ "wrong value", "[fetch]\ntimeout = soon\n",
	    "wrong value 'soon' for 'timeout' in [fetch], @/a.conf line 2 | "
	    "allowed: a duration such as 90s, 15m, 6h, 3d or 2w, from 1s to 10m", 0644 },
	{ "a key before any section", "every = 1h\n[fetch]\n",
	    "'every' stands before any [section], @/a.conf line 1 | ", 0644 },
	{ "no line of INI", "[fetch]\nevery\n",
	    "@/a.conf line 2: 'every' is neither [section] nor key = value | "
	    "comments stand on lines of their own and begin with # or ;", 0644 },
	{ "a feed without url", "[feed bob]\nname = Bob\n",
	    "[feed bob] has no url, @/a.conf line 1 | url = https://... (the address of its feed)",
	    0644 },
	{ "a feed with two", "[feed bob]\nurl = https://a/\nfeed = https://b/\n",
	    "[feed bob] has both url and feed, @/a.conf line 3 | ", 0644 },
	{ "a feed at no address", "[feed bob]\nurl = bob.example\n",
	    "wrong address 'bob.example' of a feed, @/a.conf line 1 | https://..., or file:NAME for a "
	    "file beside @/a.conf", 0644 },
	{ "a feed's wrong number", "[feed bob]\nurl = https://a/\nmax_per_feed = many\n",
	    "wrong value 'many' for 'max_per_feed' in [feed bob], @/a.conf line 3 | allowed: a "
	    "number, from 1 to 2000", 0644 },
	{ "a feed's key that is for all feeds", "[feed bob]\nurl = https://a/\nbody = titles\n",
	    "'body' in [feed bob] is a setting for all feeds, @/a.conf line 3 | it belongs to "
	    "[digest]; of one feed: name, group, language, face, filter, exclude, categories, "
	    "languages, strip, max_per_feed, user_agent, proxy, headers, full_text, "
	    "filter_command, every, timeout, paused", 0644 },
	{ "a feed's wrong time", "[feed bob]\nurl = https://a/\ntimeout = soon\n",
	    "wrong value 'soon' for 'timeout' in [feed bob], @/a.conf line 3 | allowed: a "
	    "duration such as 90s, 15m, 6h, 3d or 2w, from 1s to 10m", 0644 },
	{ "languages that are none", "[digest]\nlanguages = en klingon!!\n",
	    "wrong value 'en klingon!!' for 'languages' in [digest], @/a.conf line 2 | allowed: "
	    "language tags such as en pt-BR", 0644 },
	{ "a language of one letter", "[digest]\nexclude_languages = e\n",
	    "wrong value 'e' for 'exclude_languages' in [digest], @/a.conf line 2 | allowed: "
	    "language tags such as en pt-BR", 0644 },
	{ "a language of nine letters", "[digest]\nlanguages = ninelette\n",
	    "wrong value 'ninelette' for 'languages' in [digest], @/a.conf line 2 | allowed: "
	    "language tags such as en pt-BR", 0644 },
	{ "a feed's languages that are none", "[feed bob]\nurl = https://a/\nlanguages = e_n\n",
	    "wrong value 'e_n' for 'languages' in [feed bob], @/a.conf line 3 | allowed: language "
	    "tags such as en pt-BR", 0644 },
	{ "a feed's language that is none", "[feed bob]\nurl = https://a/\nlanguage = en_GB!\n",
	    "wrong value 'en_GB!' for 'language' in [feed bob], @/a.conf line 3 | allowed: a "
	    "language tag such as en or pt-BR", 0644 },
	{ "a feed's wrong header", "[feed bob]\nurl = https://a/\nheaders = no colon\n",
	    "wrong headers in [feed bob], @/a.conf line 3 | headers = Name: value, or several in "
	    "indented lines below", 0644 },
	{ "a password others can read", "[smtp]\npassword = p\n",
	    "@/a.conf holds a password and others can read it (mode 0644) | chmod 640 and chgrp "
	    "planetpost, or move the password to a file: smtp.password_file", 0644 },
	{ "a file that includes itself", "include = a.conf\n",
	    "@/a.conf: more than 64 files; does one include itself? | included by @/a.conf line 1",
	    0644 },
	{ "an include that is not there", "include = nowhere.conf\n",
	    "@/nowhere.conf: No such file or directory | included by @/a.conf line 1", 0644 },
	{ "OPML", "<?xml version=\"1.0\"?><opml/>",
	    "@/a.conf is a list of feeds, not a configuration | "
	    "@/a.conf (import)", 0644 }
};
/* clang-format on */

static void
errors_name_file_line_and_key(void **state)
{
	static const char *const FILES[] = { "a.conf" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(error_cases); i++) {
		struct arena *a = arena_new();
		struct buf got = BUF_INIT(2000);
		struct settings s;

		write_file("a.conf", error_cases[i].text, error_cases[i].mode);
		if (load(a, FILES, 1, &s, &got))
			fail_msg("%s: was accepted", error_cases[i].name);
		expect(error_cases[i].name, buf_text(&got), error_cases[i].want);
		buf_clear(&got);
		arena_free(a);
	}
}

static void
expect_loads(const char *name, bool loaded, const struct buf *message)
{
	if (!loaded)
		fail_msg("%s: %s", name, buf_text(message));
}

static void
a_password_the_group_can_read_is_accepted(void **state)
{
	static const char *const FILES[] = { "a.conf" };
	struct arena *a = arena_new();
	struct buf message = BUF_INIT(2000);
	struct settings s;

	(void)state;
	write_file("a.conf", "[smtp]\npassword = p\n", 0640);
	expect_loads("group", load(a, FILES, 1, &s, &message), &message);
	assert_string_equal(s.config.smtp.password, "p");
	/* An empty one is none. */
	write_file("a.conf", "[smtp]\npassword =\n", 0644);
	expect_loads("empty", load(a, FILES, 1, &s, &message), &message);
	arena_free(a);
}

static void
paths_are_relative_to_their_file(void **state)
{
	static const char *const FILES[] = { "a.conf" };
	struct arena *a = arena_new();
	struct buf message = BUF_INIT(2000);
	struct settings s;

	(void)state;
	write_file("a.conf",
	    "[transport]\noutbox = ./out\nmaildir = /abs\nmbox = ~/mbox\n"
	    "[database]\npath = $STATE/x.db\n[smtp]\nca_file = $STATES/ca\n"
	    "[feeds]\nfeeds_from = ../config.ini https://x.example/opml\t/abs/urls\n",
	    0644);
	expect_loads("paths", load(a, FILES, 1, &s, &message), &message);
	expect("./", s.config.transport.outbox, arena_printf(a, "%s/out", folder));
	expect("absolute", s.config.transport.maildir, "/abs");
	expect("~", s.config.transport.mbox, "/home/x/mbox");
	expect("$STATE", s.config.database.path, "/state/planetpost/x.db");
	expect("not $STATE", s.config.smtp.ca_file,
	    arena_printf(a, "%s/$STATES/ca", folder));
	expect("default", s.config.database.backup_dir, "/state/planetpost/backup");
	expect("list", s.config.feeds.feeds_from,
	    arena_printf(a, "%s/../config.ini\nhttps://x.example/opml\n/abs/urls",
		folder));
	arena_free(a);
}

static void
later_files_win_and_includes_stand_in_their_place(void **state)
{
	static const char *const FILES[] = { "a.conf", "b.conf" };
	struct arena *a = arena_new();
	struct buf message = BUF_INIT(2000);
	struct settings s;
	char *sub = file_join(folder, "sub");

	(void)state;
	(void)mkdir(sub, 0755);
	free(sub);
	write_file("a.conf",
	    "[fetch]\nevery = 2h\ntimeout = 5s\ninclude = sub/*.conf\n"
	    "parallel = 9\n[feed one]\nurl = https://one.example/\n",
	    0644);
	write_file("sub/d.conf",
	    "[fetch]\ntimeout = 6s\nparallel = 8\n[transport]\noutbox = o\n", 0644);
	write_file("b.conf", "[fetch]\nevery = 3h\n", 0644);
	expect_loads("two files", load(a, FILES, 2, &s, &message), &message);
	assert_int_equal(s.config.fetch.every, 3 * 3600);
	assert_int_equal(s.config.fetch.timeout, 6);
	assert_int_equal(s.config.fetch.parallel, 9);
	expect("included path", s.config.transport.outbox,
	    arena_printf(a, "%s/sub/o", folder));
	assert_int_equal(s.file_count, 3);
	expect("order", s.files[1], arena_printf(a, "%s/sub/d.conf", folder));
	assert_int_equal(s.source_count, 1);
	const struct origin *origin =
	    &s.origins[option_find("fetch", "timeout") - options];
	expect("origin", origin->file, s.files[1]);
	assert_int_equal(origin->line, 2);
	assert_int_equal(s.warning_count, 0);
	arena_free(a);
}

static void
the_last_of_equal_keys_counts_with_a_warning(void **state)
{
	static const char *const FILES[] = { "a.conf" };
	struct arena *a = arena_new();
	struct buf message = BUF_INIT(2000);
	struct settings s;

	(void)state;
	write_file("a.conf",
	    "[fetch]\nevery = 2h\n[digest]\n[fetch]\nevery = 4h\n"
	    "[feed x]\nurl = https://x.example/\nexlude = a\n"
	    "[feed x]\nurl = https://y.example/\n[https://x.example/]\nname = X\n",
	    0644);
	expect_loads("doubles", load(a, FILES, 1, &s, &message), &message);
	assert_int_equal(s.config.fetch.every, 4 * 3600);
	assert_int_equal(s.source_count, 2);
	expect("kept", s.sources[0].url, "https://y.example/");
	expect("kept name", s.sources[1].name, "X");
	assert_int_equal(s.warning_count, 3);
	expect("key", s.warnings[0] + strlen(folder),
	    "/a.conf line 5: 'every' in [fetch] was set in line 2; this one counts");
	expect("near", s.warnings[1] + strlen(folder),
	    "/a.conf line 8: 'exlude' in [feed x] is not known; did you mean 'exclude'?");
	arena_free(a);
}

static void
feeds_are_read_with_their_settings(void **state)
{
	static const char *const FILES[] = { "a.conf" };
	struct arena *a = arena_new();
	struct buf message = BUF_INIT(2000);
	struct settings s;

	(void)state;
	write_file("a.conf",
	    "[https://blog.example.org/a[1];b]\nname = Example Blog\n"
	    "[feed alice]\nurl = https://alice.example/atom\ngroup = Core team\nlanguage = fr\n"
	    "max_per_feed = 3\npaused = yes\nface = alice.png\nfilter = x\nexclude = y\n"
	    "strip = .share\nhometown = Paris\nevery = 6h\ntimeout = 90s\nproxy = none\n"
	    "headers =\n  X-Key: a b\n  Cookie: c=d\n[feed near]\nurl = file:near.xml\n"
	    "[feed far]\nurl = file:/srv/far.xml\n",
	    0644);
	expect_loads("feeds", load(a, FILES, 1, &s, &message), &message);
	assert_int_equal(s.source_count, 4);
	expect("elsewhere", s.sources[3].url, "file:///srv/far.xml");
	expect("beside the file", s.sources[2].url,
	    arena_printf(a, "file://%s/near.xml", folder));
	const struct listed_feed *one = &s.sources[0];
	expect("url", one->url, "https://blog.example.org/a[1];b");
	expect("name", one->name, "Example Blog");
	assert_null(one->key);
	assert_int_equal(one->max_per_feed, -1);
	assert_false(one->paused);
	const struct listed_feed *two = &s.sources[1];
	expect("key", two->key, "alice");
	expect("url", two->url, "https://alice.example/atom");
	expect("group", two->group, "Core team");
	expect("language", two->language, "fr");
	expect("face", two->face, "alice.png");
	expect("strip", two->strip, ".share");
	expect("proxy", two->proxy, "none");
	expect("headers", two->headers, "X-Key: a b\nCookie: c=d");
	assert_int_equal(two->every, 6 * 3600);
	assert_int_equal(two->timeout, 90);
	assert_int_equal(one->every, 0);
	assert_int_equal(two->max_per_feed, 3);
	assert_true(two->paused);
	assert_int_equal(two->line, 3);
	assert_int_equal(s.warning_count, 0);
	arena_free(a);
}

static void
a_planets_config_is_a_configuration(void **state)
{
	static const char *const FILES[] = { "a.conf", "b.conf" };
	struct arena *a = arena_new();
	struct buf message = BUF_INIT(2000);
	struct settings s;

	(void)state;
	write_file("a.conf",
	    "[Planet]\nname = Planet X\nowner_name = Ann\nowner_email = a@x.example\n"
	    "feed_timeout = 30\nitems_per_page = 5000\nstrange = 1\n"
	    "[http://one.example/]\nname = One\n"
	    "[smtp]\nhost = mail.example\n",
	    0644);
	write_file("b.conf", "[newsletter]\nname = Ours\n", 0644);
	expect_loads("planet", load(a, FILES, 2, &s, &message), &message);
	expect("ours wins", s.config.newsletter.name, "Ours");
	expect("from", s.config.newsletter.from, "\"Ann\" <a@x.example>");
	assert_int_equal(s.config.fetch.timeout, 30);
	assert_int_equal(s.config.digest.max_items, 60);
	expect("our section in it", s.config.smtp.host, "mail.example");
	assert_int_equal(s.source_count, 1);
	assert_int_equal(s.warning_count, 1);
	expect("told", s.warnings[0] + strlen(folder),
	    "/a.conf line 6: 'items_per_page = 5000' of "
	    "the planet is not used (allowed: a number, from 1 to 2000)");
	arena_free(a);
}

static const struct {
	const char *name;
	struct settings_paths paths;
	const char *file;
	const char *database;
} place_cases[] = { { "user", { .home = "/home/x" },
			"/home/x/.config/planetpost/planetpost.conf",
			"/home/x/.local/state/planetpost/planetpost.db" },
	{ "xdg", { .home = "/home/x", .xdg_config = "/c", .xdg_state = "/s" },
	    "/c/planetpost/planetpost.conf", "/s/planetpost/planetpost.db" },
	{ "relative xdg does not count",
	    { .home = "/home/x", .xdg_config = "c", .xdg_state = "s" },
	    "/home/x/.config/planetpost/planetpost.conf",
	    "/home/x/.local/state/planetpost/planetpost.db" },
	{ "root", { .home = "/nowhere", .is_root = true },
	    "/etc/planetpost/planetpost.conf", "/var/lib/planetpost/planetpost.db" },
	{ "option", { .home = "/home/x", .env_data = "/e", .data_dir = "/d" },
	    "/home/x/.config/planetpost/planetpost.conf", "/d/planetpost.db" },
	{ "environment", { .home = "/home/x", .env_data = "/e" },
	    "/home/x/.config/planetpost/planetpost.conf", "/e/planetpost.db" } };

static void
a_new_file_goes_where_the_first_was_asked_for(void **state)
{
	static const char *const FILES[] = { "one.conf", "two.conf" };
	struct arena *a = arena_new();
	struct settings_paths paths = { .files = FILES,
		.file_count = 2,
		.env_config = "/env.conf",
		.home = "/home/x" };

	(void)state;
	expect("option", settings_default_file(a, &paths), "one.conf");
	paths.file_count = 0;
	expect("environment", settings_default_file(a, &paths), "/env.conf");
	paths.env_config = "";
	expect("user", settings_default_file(a, &paths),
	    "/home/x/.config/planetpost/planetpost.conf");
	paths.home = "";
	expect("nobody", settings_default_file(a, &paths),
	    "/etc/planetpost/planetpost.conf");
	arena_free(a);
}

static void
default_places(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(place_cases); i++) {
		struct arena *a = arena_new();
		struct err err = ERR_INIT;
		struct settings s;

		expect(place_cases[i].name,
		    settings_default_file(a, &place_cases[i].paths), place_cases[i].file);
		if (!settings_load(a, &place_cases[i].paths, &s, &err))
			fail_msg("%s: %s", place_cases[i].name, err.text);
		expect(place_cases[i].name, s.config.database.path,
		    place_cases[i].database);
		arena_free(a);
	}
}

static void
a_missing_file_that_was_asked_for_is_an_error(void **state)
{
	static const char *const FILES[] = { "c.conf" };
	struct arena *a = arena_new();
	struct buf got = BUF_INIT(2000);
	struct settings s;

	(void)state;
	assert_false(load(a, FILES, 1, &s, &got));
	expect("missing", buf_text(&got), "@/c.conf: No such file or directory | ");
	buf_clear(&got);
	arena_free(a);
}

static void
an_option_beats_the_file(void **state)
{
	struct arena *a = arena_new();
	const char *file = arena_printf(a, "%s/a.conf", folder);
	struct settings_paths paths = { .files = &file,
		.file_count = 1,
		.data_dir = "/d" };
	struct err err = ERR_INIT;
	struct settings s;

	(void)state;
	write_file("a.conf", "[database]\npath = /elsewhere/x.db\n", 0644);
	if (!settings_load(a, &paths, &s, &err))
		fail_msg("%s", err.text);
	expect("-d", s.config.database.path, "/d/planetpost.db");
	arena_free(a);
}

/* Whoever needs a list of feeds_from later in the run takes what was read here. */
static void
the_lists_of_feeds_from_are_kept(void **state)
{
	static const char *const FILES[] = { "a.conf" };
	struct arena *a = arena_new();
	struct buf message = BUF_INIT(2000);
	struct settings s;

	(void)state;
	write_file("a.conf",
	    "[feeds]\nfeeds_from = b.conf c.conf https://x.example/list "
	    "/nowhere/d.ini\n[fetch]\nparallel = 3\n",
	    0644);
	write_file("b.conf",
	    "[Planet]\nname = Quay\nspider_threads = 9\nfeed_timeout = 7\n"
	    "[https://a.example/f]\nname = A\n[https://b.example/f]\nname = B\n",
	    0644);
	write_file("c.conf", "Dear reader,\nhere is no list: none.\n", 0644);
	expect_loads("lists", load(a, FILES, 1, &s, &message), &message);
	assert_int_equal(s.list_count, 1);
	assert_int_equal(s.lists[0].kind, FEED_LIST_VENUS);
	assert_int_equal(s.lists[0].source_count, 2);
	expect("path", s.lists[0].path, arena_printf(a, "%s/b.conf", folder));
	expect("address", s.lists[0].sources[1].url, "https://b.example/f");
	expect("name", s.config.newsletter.name, "Quay");
	assert_int_equal(s.config.fetch.timeout, 7);
	assert_int_equal(s.config.fetch.parallel, 3);
	assert_int_equal(s.source_count, 0);
	buf_clear(&message);
	arena_free(a);
}

/* ---- what is made from the table ---- */

/* Settings of later versions are read and told, and nothing else happens. */
static void
a_foreseen_key_is_told(void **state)
{
	static const char *const FILES[] = { "a.conf" };
	struct arena *a = arena_new();
	struct buf message = BUF_INIT(2000);
	struct settings s;

	(void)state;
	write_file("a.conf", "[privacy]\ntrack_opens = never\n[approval]\nhold = 10m\n",
	    0600);
	expect_loads("foreseen", load(a, FILES, 1, &s, &message), &message);
	assert_int_equal(s.warning_count, 2);
	if (!strstr(s.warnings[0],
		"line 2: 'track_opens' in [privacy] does nothing in this version"))
		fail_msg("got %s", s.warnings[0]);
	if (!strstr(s.warnings[1],
		"line 4: 'hold' in [approval] does nothing in this version"))
		fail_msg("got %s", s.warnings[1]);
	buf_clear(&message);
	arena_free(a);
}

/* Nobody who asks is taken unasked, whatever the file says; and that is told. */
static void
single_opt_in_is_not_what_it_seems(void **state)
{
	static const char *const FILES[] = { "a.conf" };
	struct arena *a = arena_new();
	struct buf message = BUF_INIT(2000);
	struct settings s;

	(void)state;
	write_file("a.conf", "[list]\noptin = single\n", 0600);
	expect_loads("single", load(a, FILES, 1, &s, &message), &message);
	assert_int_equal(s.warning_count, 1);
	if (!strstr(s.warnings[0], "confirms all the same"))
		fail_msg("got %s", s.warnings[0]);
	write_file("a.conf", "[list]\noptin = double\n", 0600);
	expect_loads("double", load(a, FILES, 1, &s, &message), &message);
	assert_int_equal(s.warning_count, 0);
	buf_clear(&message);
	arena_free(a);
}

static void
the_sample_file_is_the_table(void **state)
{
	struct buf want = BUF_INIT(1 << 20);
	struct buf got = BUF_INIT(1 << 20);
	struct err err = ERR_INIT;

	(void)state;
	options_print_file(&want);
	if (!file_read("config/planetpost.conf", &got, &err))
		fail_msg("%s", err.text);
	expect("config/planetpost.conf", buf_text(&got), buf_text(&want));
	buf_clear(&want);
	buf_clear(&got);
}

/* The file with every # of a setting taken away is accepted and changes nothing. */
static void
the_sample_file_can_be_used(void **state)
{
	static const char *const FILES[] = { "a.conf" };
	struct arena *a = arena_new();
	struct buf text = BUF_INIT(1 << 20);
	struct buf live = BUF_INIT(1 << 20);
	struct buf message = BUF_INIT(2000);
	struct settings s;
	struct settings plain;
	size_t settings = 0;

	(void)state;
	options_print_file(&text);
	const char *feeds = strstr(buf_text(&text), "# ---- feeds");
	assert_non_null(feeds);
	for (const char *p = buf_text(&text); p < feeds; p++) {
		bool begins = p == buf_text(&text) || p[-1] == '\n';

		if (begins && p[0] == '#' && p[1] >= 'a' && p[1] <= 'z')
			settings++;
		else
			buf_addc(&live, *p);
	}
	assert_int_equal(settings, option_count);
	write_file("a.conf", buf_text(&live), 0600);
	expect_loads("all settings", load(a, FILES, 1, &s, &message), &message);
	assert_int_equal(s.warning_count, 0);
	settings_default(a, "/state/planetpost", &plain);
	for (size_t i = 0; i < option_count; i++) {
		struct buf got = BUF_INIT(1000);
		struct buf want = BUF_INIT(1000);

		option_print(&options[i], &s.config, &got);
		option_print(&options[i], &plain.config, &want);
		if (strcmp(options[i].name, "outbox") != 0)
			expect(options[i].name, buf_text(&got), buf_text(&want));
		buf_clear(&got);
		buf_clear(&want);
	}
	buf_clear(&text);
	buf_clear(&live);
	arena_free(a);
}

static void
every_section_is_known(void **state)
{
	static const char *const others[] = { "", "digests", "diges", "feed alice",
		"https://a.example/feed", "Digest", "feed.alice", "relay a" };

	(void)state;
	for (size_t i = 0; i < option_count; i++)
		if (!option_is_section(options[i].section))
			fail_msg("[%s] is no section", options[i].section);
	assert_true(option_is_section("privacy")); /* foreseen only */
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (option_is_section(others[i]))
			fail_msg("[%s] is a section", others[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(durations),
		cmocka_unit_test(values),
		cmocka_unit_test(defaults_are_what_the_table_says),
		cmocka_unit_test(errors_name_file_line_and_key),
		cmocka_unit_test(a_password_the_group_can_read_is_accepted),
		cmocka_unit_test(paths_are_relative_to_their_file),
		cmocka_unit_test(later_files_win_and_includes_stand_in_their_place),
		cmocka_unit_test(the_last_of_equal_keys_counts_with_a_warning),
		cmocka_unit_test(feeds_are_read_with_their_settings),
		cmocka_unit_test(a_planets_config_is_a_configuration),
		cmocka_unit_test(default_places),
		cmocka_unit_test(a_new_file_goes_where_the_first_was_asked_for),
		cmocka_unit_test(a_missing_file_that_was_asked_for_is_an_error),
		cmocka_unit_test(an_option_beats_the_file),
		cmocka_unit_test(the_lists_of_feeds_from_are_kept),
		cmocka_unit_test(a_foreseen_key_is_told),
		cmocka_unit_test(single_opt_in_is_not_what_it_seems),
		cmocka_unit_test(the_sample_file_is_the_table),
		cmocka_unit_test(the_sample_file_can_be_used),
		cmocka_unit_test(every_section_is_known) };

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
