/* SPDX-License-Identifier: ISC */
#include "config/option_checks.h"

#include <string.h>

#include "base/text.h"
#include "format/network_list.h"
#include "format/url.h"
#include "config/option_value.h"
#include "config/pins.h"
#include "config/quiet_hours.h"
#include "config/rates.h"
#include "config/style_colours.h"

enum { SOCKET_PATH_MAX = 107 }; /* unix(7): sun_path less its end */

static const char *
check_web_url(struct arena *a, const char *value)
{
	static const char *const LOOPBACK[] = { "localhost", "127.0.0.1", "[::1]",
		"::1" };
	struct url url;
	bool local = false;

	if (!url_is_web(value) || !url_split(a, value, &url) || url.query || url.fragment)
		return NULL;
	/* Each letter and page has this address: no place for a password. */
	if (url.user)
		return NULL;
	for (size_t i = 0; i < ARRAY_LEN(LOOPBACK); i++)
		local = local || strcmp(url.host, LOOPBACK[i]) == 0;
	if (strcmp(url.scheme, "https") != 0 && !local)
		return NULL;
	size_t len = strlen(value);
	while (value[len - 1] == '/')
		len--;
	return arena_strndup(a, value, len);
}

static const char *
check_durations(struct arena *a, const char *value)
{
	const char *at = value;
	const char *word = NULL;
	int64_t seconds = 0;
	size_t count = 0;

	for (; (word = text_next_word(a, &at, " \t\n")) != NULL; count++) {
		if (!option_parse_duration(word, &seconds))
			return NULL;
	}
	return count > 0 ? value : NULL;
}

/* Behind the "@" of an address, and all below it: no address, no pattern, no list with commas. */
static bool
is_domains(const char *value)
{
	return !strpbrk(value, "@/:,;*?");
}

static bool
is_rates(const char *value)
{
	struct rates ignored;

	return rates_parse(value, &ignored);
}

static bool
is_pins(const char *value)
{
	struct pins ignored;

	return pins_parse(value, &ignored);
}

static bool
is_quiet_hours(const char *value)
{
	struct quiet_hours ignored;

	return quiet_hours_parse(value, &ignored);
}

/* As serve reads it. */
static bool
is_networks(const char *value)
{
	struct network_list ignored;

	return network_list_parse(value, &ignored);
}

static bool
is_proxy(const char *value)
{
	static const char *const SCHEMES[] = { "http://", "https://", "socks5://",
		"socks5h://" };

	if (strcmp(value, "env") == 0 || strcmp(value, "none") == 0)
		return true;
	for (size_t i = 0; i < ARRAY_LEN(SCHEMES); i++)
		if (ascii_starts_nocase(value, SCHEMES[i]) && value[strlen(SCHEMES[i])])
			return true;
	return false;
}

/* The folder of templates: "en", "pt-BR"; no path. */
static bool
is_language(const char *value)
{
	while (ascii_is_alphanumeric(*value) || *value == '-')
		value++;
	return *value == '\0';
}

/* Tags (BCP 47) of languages with blanks or commas between them: "en, pt-BR". */
static bool
is_languages(const char *value)
{
	const char *p = value + strspn(value, " \t,");

	while (*p) {
		const size_t len = strcspn(p, " \t,");
		size_t letters = 0;

		while (ascii_is_letter((unsigned char)p[letters]))
			letters++;
		if (letters < 2 || letters > 8 || (letters < len && p[letters] != '-'))
			return false;
		for (size_t i = letters; i < len; i++)
			if (!ascii_is_alphanumeric((unsigned char)p[i]) && p[i] != '-')
				return false;
		p += len;
		p += strspn(p, " \t,");
	}
	return true;
}

/* A name or an address without brackets; port and scheme have keys of their own. */
static bool
is_host(const char *value)
{
	const char *colon = strchr(value, ':');

	/* Two colons are an IPv6 address. */
	return !strpbrk(value, "/@[] \t") && (!colon || strchr(colon + 1, ':'));
}

/* RFC 2919 3: labels with dots between them; the angle brackets are ours. */
static bool
is_list_id(const char *value)
{
	for (const char *p = value; *p; p++)
		if (!ascii_is_alphanumeric(*p) && !strchr(".-_", *p))
			return false;
	return strchr(value, '.') != NULL;
}

/* The name that a mail server is told: one word. */
static bool
is_helo(const char *value)
{
	return !strpbrk(value, " \t/@,;");
}

/* A local socket or loopback: the world reaches the pages through a web server. */
static bool
is_listen(const char *value)
{
	static const char *const HOSTS[] = { "127.0.0.1:", "[::1]:", "localhost:" };

	if (strncmp(value, "unix:", 5) == 0)
		return value[5] && strlen(value + 5) <= SOCKET_PATH_MAX;
	for (size_t i = 0; i < ARRAY_LEN(HOSTS); i++) {
		const char *port = value + strlen(HOSTS[i]);

		if (strncmp(value, HOSTS[i], strlen(HOSTS[i])) == 0 && *port &&
		    strlen(port) <= 5 && strspn(port, "0123456789") == strlen(port) &&
		    strspn(port, "0") < strlen(port))
			return true;
	}
	return false;
}

/* A path that does not depend on where a timer or a mail server starts us. */
static bool
is_mail_source(const char *value)
{
	return strcmp(value, "pipe") == 0 || strcmp(value, "none") == 0 ||
	    strncmp(value, "maildir:/", 9) == 0 ||
	    (strncmp(value, "pop3s://", 8) == 0 && value[8] != '\0' &&
		!strpbrk(value + 8, "/@ \t"));
}

int
option_weekday(const char *name)
{
	static const char *const DAYS[] = { "Sunday", "Monday", "Tuesday", "Wednesday",
		"Thursday", "Friday", "Saturday" };

	for (size_t i = 0; i < ARRAY_LEN(DAYS); i++)
		if (ascii_eq_nocase(name, DAYS[i]))
			return (int)i;
	return -1;
}

static bool
is_letter(const char *value)
{
	return strcmp(value, "never") == 0 || strcmp(value, "daily") == 0 ||
	    (ascii_starts_nocase(value, "weekly ") && option_weekday(value + 7) >= 0);
}

static const struct check {
	const char *section;
	const char *name;
	bool may_be_empty;
	const char *wanted;
	bool (*is)(const char *value);
	/* Where it is not kept as it is written. */
	const char *(*kept)(struct arena *a, const char *value);
} CHECKS[] = {
	{ "newsletter", "link", true, "an http or https address", .is = url_is_web },
	{ "newsletter", "language", false, "a language tag such as en or pt-BR",
	    .is = is_language },
	{ "digest", "languages", true, "language tags such as en pt-BR",
	    .is = is_languages },
	{ "digest", "exclude_languages", true, "language tags such as en pt-BR",
	    .is = is_languages },
	{ "newsletter", "name", .wanted = "what the newsletter is called" },
	{ "digest", "subject", .wanted = "the words of the subject" },
	{ "health", "letter", false, "never, daily or weekly Monday", .is = is_letter },
	{ "smtp", "helo", true, "a host name", .is = is_helo },
	{ "web", "listen", false, "unix:PATH or 127.0.0.1:PORT, behind a web server",
	    .is = is_listen },
	{ "web", "trusted_proxy", false,
	    "unix, loopback, addresses and networks such as 192.0.2.0/24, or none",
	    .is = is_networks },
	{ "fetch", "proxy", false, "env, none, or an address such as http://host:3128",
	    .is = is_proxy },
	{ "newsletter", "list_id", true,
	    "letters and digits with dots, such as planet.example.net",
	    .is = is_list_id },
	{ "smtp", "host", false,
	    "a host name or address alone; smtp.port and smtp.security say the rest",
	    .is = is_host },
	{ "smtp", "pin", true,
	    "the sha256 of a public key: 44 characters of base64 or 64 of hex; 8 at most, "
	    "with blanks between them",
	    .is = is_pins },
	{ "database", "path", .wanted = "the path of a file" },
	{ "bounce", "source", false, "pipe, none, maildir:/PATH or pop3s://HOST[:PORT]",
	    .is = is_mail_source },
	{ "smtp", "quiet_hours", true, "two times of the day such as 22:00-07:00",
	    .is = is_quiet_hours },
	{ "smtp", "domains", true,
	    "receiving domains such as gmail.com, with blanks between them",
	    .is = is_domains },
	{ "smtp", "retry", false, "durations such as 10m 30m 2h 6h",
	    .kept = check_durations },
	{ "limits", "mails_per_address", true, "rates such as 1 per 24h, 3 per 30d",
	    .is = is_rates },
	{ "limits", "asks_per_network", true, "rates such as 5 per 1h", .is = is_rates },
	{ "limits", "asks_total", true, "rates such as 60 per 1h", .is = is_rates },
	{ "web", "terms", true, "an http or https address", .is = url_is_web },
	{ "style", "colour", true,
	    "a colour such as #0b57a4 that can be read on white and on #f4f2ed: a contrast of "
	    "4.5 or more, so a darker one",
	    .kept = style_colour_light },
	{ "style", "colour_dark", true,
	    "a colour such as #8ab8ee that can be read on #1d2024 and on #2a2f35: a contrast "
	    "of 4.5 or more, so a lighter one",
	    .kept = style_colour_dark },
	{ "web", "url", true,
	    "an https address without login and query (http only for localhost)",
	    .kept = check_web_url },
};

const char *
option_check(struct arena *a, const struct option *o, const char *value,
    const char **wanted)
{
	for (size_t i = 0; i < ARRAY_LEN(CHECKS); i++) {
		const struct check *c = &CHECKS[i];

		if (strcmp(c->section, o->section) != 0 || strcmp(c->name, o->name) != 0)
			continue;
		*wanted = c->wanted;
		if (*value == '\0')
			return c->may_be_empty ? value : NULL;
		if (c->kept)
			return c->kept(a, value);
		return !c->is || c->is(value) ? value : NULL;
	}
	return value;
}
