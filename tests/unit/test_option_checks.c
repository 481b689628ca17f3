/* SPDX-License-Identifier: ISC */
/* Values that a setting has rules of its own for: which are taken, and which are not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "config/option_checks.h"
#include "config/settings.h"

/* 107 bytes, as many as a socket's path may have. */
#define TEN "0123456789"
#define LONG_PATH "/" TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN "012345"
#define KEY "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

/* Parted by "|". */
static const struct {
	const char *section, *name, *taken, *refused;
} rules[] = {
	{ "newsletter", "link", "|http://x.example/|https://x.example/?a#b",
	    "x.example|ftp://x.example/|https://" },
	{ "newsletter", "language", "en|pt-BR|zh-Hant-2", "|e n|../en|en_GB|en." },
	{ "digest", "languages",
	    "|en|en, pt-BR|,en\tde ,|zh-Hant-2|abcdefgh|en-1|en--a| , ",
	    "e|abcdefghi|e1|1|en_GB|en-a_b|en.|-en|en de.|en e" },
	{ "digest", "exclude_languages", "|en", "e" },
	{ "newsletter", "name", "x", "" },
	{ "newsletter", "list_id", "|a.b|planet-x.example.net|a_b.c|1.2",
	    "planet|<a.b>|a.b c|a.b@c|a.b/c" },
	{ "digest", "subject", "{{date}}", "" },
	{ "database", "path", "/x", "" },
	{ "health", "letter", "never|daily|weekly Monday|Weekly sunday|weekly SATURDAY",
	    "|Never|weekly|weekly |weekly Mon|weekly Mondays|monthly 1" },
	{ "smtp", "helo", "|mail.example|localhost",
	    "a b|a\tb|a/b|a@b|a,b|a;b| mail.example" },
	{ "smtp", "host", "mail.example|192.0.2.1|2001:db8::1|::1",
	    "|mail.example:25|[mail.example]:25|[mail.example]|[2001:db8::1]:25|[::1]|"
	    "smtp://mail.example|a@b|a b|a\tb" },
	{ "smtp", "pin", "|" KEY "|" KEY " " KEY, "x|" KEY "x|sha256" },
	{ "smtp", "domains", "|gmail.com|gmail.com aol.com",
	    "a@b.example|a/b|a:b|a,b|a;b|*.a|a?" },
	{ "smtp", "quiet_hours", "|22:00-07:00|0:00-23:59", "22:00|22-7x|25:00-07:00" },
	{ "smtp", "retry", "10m|10m 2h\t1d|\t10m\n", "soon|10m soon|10m 2h,1d" },
	{ "web", "listen",
	    "unix:/run/x|unix:x|unix:" LONG_PATH
	    "|127.0.0.1:00001|127.0.0.1:8080|127.0.0.1:1|[::1]:65535|localhost:80",
	    "|unix:|unix|unix:" LONG_PATH
	    "7|127.0.0.1:0|127.0.0.1:00000|127.0.0.1|127.0.0.1:|127.0.0.1:123456|127.0.0.1:80x|0.0.0.0:80|"
	    "localhost|:8080|8080" },
	{ "web", "trusted_proxy", "unix|loopback|none|192.0.2.0/24|unix 2001:db8::/32",
	    "x|192.0.2.0/33|192.0.2.1/24x" },
	{ "web", "url",
	    "|https://x.example|https://x.example/p|http://localhost:8080|"
	    "http://127.0.0.1/p|http://[::1]:8080",
	    "http://x.example|http://localhost.x.example|https://x.example/?a|"
	    "https://x.example/#a|x.example|ftp://localhost/" },
	{ "web", "terms", "|https://x.example/terms", "x.example|mailto:a@b.example" },
	{ "fetch", "proxy",
	    "env|none|http://x:3128|HTTPS://x|socks5://x:1080|socks5h://x:1080",
	    "|x:3128|http://|https://|socks5://|socks4://x|Env" },
	{ "bounce", "source",
	    "pipe|none|maildir:/x|maildir:/|pop3s://x.example|"
	    "pop3s://x.example:995",
	    "|Pipe|maildir:x|maildir:|pop3://x.example|pop3s://|pop3s:/xa.example|pop3s:///x|pop3s://a@x.example|"
	    "pop3s://x.example/y|pop3s://x y|/x" },
	{ "limits", "mails_per_address", "|1 per 24h|1 per 24h, 3 per 30d",
	    "1|per 24h|1 per|1 per 24h,|1 per 24h 3 per 30d" },
	{ "limits", "asks_per_network", "|5 per 1h", "5 in 1h" },
	{ "limits", "asks_total", "|60 per 1h", "60/1h" },
	{ "style", "colour", "|#000000|#0b57a4", "blue|#fff|#8ab8ee|#0b57a" },
	{ "style", "colour_dark", "|#ffffff|#8ab8ee", "white|#0b57a4|#8ab8e" },
};

static bool
is_taken(const char *section, const char *name, const char *value)
{
	struct arena *a = arena_new();
	struct settings s;
	struct err err = ERR_INIT;
	bool ok = false;

	settings_default(a, "/state", &s);
	ok = settings_set(a, &s, section, name, value, "f", 7, &err);
	if (!ok)
		assert_non_null(strstr(err.hint, "allowed: "));
	arena_free(a);
	return ok;
}

static void
expect_all(const char *section, const char *name, const char *list, bool want)
{
	const char *at = list;

	for (;;) {
		const size_t len = strcspn(at, "|");
		char value[200];

		(void)snprintf(value, sizeof(value), "%.*s", (int)len, at);
		if (is_taken(section, name, value) != want)
			fail_msg("%s.%s: \"%s\" is %s", section, name, value,
			    want ? "refused" : "taken");
		if (at[len] == '\0')
			return;
		at += len + 1;
	}
}

static void
values_are_taken_or_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		expect_all(rules[i].section, rules[i].name, rules[i].taken, true);
		expect_all(rules[i].section, rules[i].name, rules[i].refused, false);
	}
}

static void
weekdays_are_counted_from_sunday(void **state)
{
	static const struct {
		const char *name;
		int day;
	} days[] = { { "Sunday", 0 }, { "monday", 1 }, { "TUESDAY", 2 },
		{ "Wednesday", 3 }, { "Thursday", 4 }, { "Friday", 5 }, { "saturday", 6 },
		{ "Sun", -1 }, { "", -1 }, { "Sundays", -1 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(days); i++)
		if (option_weekday(days[i].name) != days[i].day)
			fail_msg("%s: got %d, want %d", days[i].name,
			    option_weekday(days[i].name), days[i].day);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_taken_or_refused),
		cmocka_unit_test(weekdays_are_counted_from_sunday),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
