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
	while (len > 0 && value[len - 1] == '/')
		len--;
	return arena_strndup(a, value, len);
}

static const char *
check_web_page(struct arena *a, const char *value)
{
	(void)a;
	return url_is_web(value) ? value : NULL;
}

static const char *
check_durations(struct arena *a, const char *value)
{
	static const char BLANKS[] = " \t\n";
	int64_t seconds = 0;
	size_t count = 0;

	for (const char *p = value + strspn(value, BLANKS); *p; p += strspn(p, BLANKS)) {
		size_t len = strcspn(p, BLANKS);

		if (!option_parse_duration(arena_strndup(a, p, len), &seconds))
			return NULL;
		p += len;
		count++;
	}
	return count > 0 ? value : NULL;
}

/* Behind the "@" of an address, and all below it: no address, no pattern, no list with commas. */
static const char *
check_domains(struct arena *a, const char *value)
{
	(void)a;
	return strpbrk(value, "@/:,;*?") ? NULL : value;
}

static const char *
check_rates(struct arena *a, const char *value)
{
	struct rates rates;

	(void)a;
	return rates_parse(value, &rates) ? value : NULL;
}

static const char *
check_pins(struct arena *a, const char *value)
{
	struct pins pins;

	(void)a;
	return pins_parse(value, &pins) ? value : NULL;
}

static const char *
check_quiet_hours(struct arena *a, const char *value)
{
	struct quiet_hours hours;

	(void)a;
	return quiet_hours_parse(value, &hours) ? value : NULL;
}

static const char *
check_proxy(struct arena *a, const char *value)
{
	static const char *const SCHEMES[] = { "http://", "https://", "socks5://",
		"socks5h://" };

	(void)a;
	if (strcmp(value, "env") == 0 || strcmp(value, "none") == 0)
		return value;
	for (size_t i = 0; i < ARRAY_LEN(SCHEMES); i++)
		if (ascii_starts_nocase(value, SCHEMES[i]) && value[strlen(SCHEMES[i])])
			return value;
	return NULL;
}

/* The folder of templates: "en", "pt-BR"; no path. */
static const char *
check_language(struct arena *a, const char *value)
{
	(void)a;
	for (const char *p = value; *p; p++)
		if (!ascii_is_alphanumeric(*p) && *p != '-')
			return NULL;
	return *value ? value : NULL;
}

/* Tags (BCP 47) of languages with blanks or commas between them: "en, pt-BR". */
static const char *
check_languages(struct arena *a, const char *value)
{
	const char *p = value + strspn(value, " \t,");

	(void)a;
	while (*p) {
		const size_t len = strcspn(p, " \t,");
		size_t letters = 0;

		while (letters < len && ascii_is_letter((unsigned char)p[letters]))
			letters++;
		if (letters < 2 || letters > 8 || (letters < len && p[letters] != '-'))
			return NULL;
		for (size_t i = letters; i < len; i++)
			if (!ascii_is_alphanumeric((unsigned char)p[i]) && p[i] != '-')
				return NULL;
		p += len;
		p += strspn(p, " \t,");
	}
	return value;
}

/* A name or an address; port and scheme have keys of their own. */
static const char *
check_host(struct arena *a, const char *value)
{
	const char *colon = strchr(value, ':');

	(void)a;
	if (*value == '\0' || strpbrk(value, "/@ \t"))
		return NULL;
	/* Two colons are an IPv6 address. */
	return colon && !strchr(colon + 1, ':') && value[0] != '[' ? NULL : value;
}

/* RFC 2919 3: labels with dots between them; the angle brackets are ours. */
static const char *
check_list_id(struct arena *a, const char *value)
{
	(void)a;
	for (const char *p = value; *p; p++)
		if (!ascii_is_alphanumeric(*p) && !strchr(".-_", *p))
			return NULL;
	return strchr(value, '.') ? value : NULL;
}

/* The name that a mail server is told: one word. */
static const char *
check_helo(struct arena *a, const char *value)
{
	(void)a;
	return strpbrk(value, " \t/@,;") ? NULL : value;
}

/* A local socket or loopback: the world reaches the pages through a web server. */
static const char *
check_listen(struct arena *a, const char *value)
{
	static const char *const HOSTS[] = { "127.0.0.1:", "[::1]:", "localhost:" };

	(void)a;
	if (strncmp(value, "unix:", 5) == 0)
		return value[5] && strlen(value + 5) <= SOCKET_PATH_MAX ? value : NULL;
	for (size_t i = 0; i < ARRAY_LEN(HOSTS); i++) {
		const char *port = value + strlen(HOSTS[i]);

		if (strncmp(value, HOSTS[i], strlen(HOSTS[i])) == 0 && *port &&
		    strlen(port) <= 5 && strspn(port, "0123456789") == strlen(port) &&
		    strspn(port, "0") < strlen(port))
			return value;
	}
	return NULL;
}

/* As serve reads it. */
static const char *
check_networks(struct arena *a, const char *value)
{
	struct network_list ignored;

	(void)a;
	return network_list_parse(value, &ignored) ? value : NULL;
}

/* A path that does not depend on where a timer or a mail server starts us. */
static const char *
check_mail_source(struct arena *a, const char *value)
{
	(void)a;
	if (strcmp(value, "pipe") == 0 || strcmp(value, "none") == 0)
		return value;
	if (strncmp(value, "maildir:/", 9) == 0)
		return value;
	return strncmp(value, "pop3s://", 8) == 0 && value[8] != '\0' &&
		!strpbrk(value + 8, "/@ \t")
	    ? value
	    : NULL;
}

static const char *
check_filled(struct arena *a, const char *value)
{
	(void)a;
	return *value ? value : NULL;
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

static const char *
check_letter(struct arena *a, const char *value)
{
	(void)a;
	if (strcmp(value, "never") == 0 || strcmp(value, "daily") == 0)
		return value;
	return ascii_starts_nocase(value, "weekly ") && option_weekday(value + 7) >= 0
	    ? value
	    : NULL;
}

static const struct check {
	const char *section;
	const char *name;
	bool may_be_empty;
	const char *(*check)(struct arena *a, const char *value);
	const char *wanted;
} CHECKS[] = { { "newsletter", "link", true, check_web_page, "an http or https address" },
	{ "newsletter", "language", false, check_language,
	    "a language tag such as en or pt-BR" },
	{ "digest", "languages", true, check_languages,
	    "language tags such as en pt-BR" },
	{ "digest", "exclude_languages", true, check_languages,
	    "language tags such as en pt-BR" },
	{ "newsletter", "name", false, check_filled, "what the newsletter is called" },
	{ "digest", "subject", false, check_filled, "the words of the subject" },
	{ "health", "letter", false, check_letter, "never, daily or weekly Monday" },
	{ "smtp", "helo", true, check_helo, "a host name" },
	{ "web", "listen", false, check_listen,
	    "unix:PATH or 127.0.0.1:PORT, behind a web server" },
	{ "web", "trusted_proxy", false, check_networks,
	    "unix, loopback, addresses and networks such as 192.0.2.0/24, or none" },
	{ "fetch", "proxy", false, check_proxy,
	    "env, none, or an address such as http://host:3128" },
	{ "newsletter", "list_id", true, check_list_id,
	    "letters and digits with dots, such as planet.example.net" },
	{ "smtp", "host", false, check_host,
	    "a host name or address alone; smtp.port and smtp.security say the rest" },
	{ "smtp", "pin", true, check_pins,
	    "the sha256 of a public key: 44 characters of base64 or 64 of hex; 8 at most, "
	    "with blanks between them" },
	{ "database", "path", false, check_filled, "the path of a file" },
	{ "bounce", "source", false, check_mail_source,
	    "pipe, none, maildir:/PATH or pop3s://HOST[:PORT]" },
	{ "smtp", "quiet_hours", true, check_quiet_hours,
	    "two times of the day such as 22:00-07:00" },
	{ "smtp", "domains", true, check_domains,
	    "receiving domains such as gmail.com, with blanks between them" },
	{ "smtp", "retry", false, check_durations, "durations such as 10m 30m 2h 6h" },
	{ "limits", "mails_per_address", true, check_rates,
	    "rates such as 1 per 24h, 3 per 30d" },
	{ "limits", "asks_per_network", true, check_rates, "rates such as 5 per 1h" },
	{ "limits", "asks_total", true, check_rates, "rates such as 60 per 1h" },
	{ "web", "terms", true, check_web_page, "an http or https address" },
	{ "style", "colour", true, style_colour_light,
	    "a colour such as #0b57a4 that can be read on white and on #f4f2ed: a contrast of "
	    "4.5 or more, so a darker one" },
	{ "style", "colour_dark", true, style_colour_dark,
	    "a colour such as #8ab8ee that can be read on #1d2024 and on #2a2f35: a contrast "
	    "of 4.5 or more, so a lighter one" },
	{ "web", "url", true, check_web_url,
	    "an https address without login and query (http only for localhost)" } };

const char *
option_check(struct arena *a, const struct option *o, const char *value,
    const char **wanted)
{
	for (size_t i = 0; i < ARRAY_LEN(CHECKS); i++) {
		const struct check *c = &CHECKS[i];

		if (strcmp(c->section, o->section) != 0 || strcmp(c->name, o->name) != 0)
			continue;
		if (*value == '\0' && c->may_be_empty)
			return value;
		*wanted = c->wanted;
		return c->check(a, value);
	}
	return value;
}
