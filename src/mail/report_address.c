/* SPDX-License-Identifier: ISC */
#include "mail/report_address.h"

#include <string.h>

#include "base/ascii.h"
#include "base/limits.h"
#include "base/text.h"
#include "mail/report_reason.h"

enum { NEAR = 80 }; /* bytes before an address that tell what it is */

/* The end of what stands before a recipient's address. */
static const char *const labels[] = { " recipient ", " recipients ", " rcpt to ",
	" addressed to ", " expanded from ", " original address ", " to address ",
	" email address ", " your message to ", " your mail to ", " your email to ",
	" message to ", " mail to ", " deliver to ", " delivered to ", " delivery to ",
	" delivering to ", " sent to ", " address ", " user ", " account ", " mailbox ",
	" gateway for ", " smtp ", " emailaddress ", " violation for ", " is full ",
	" failed ", " rejected ", NULL };

/* Whom to ask, and who wrote: never a recipient. */
static const char *const others[] = { " contact", " assistance", " postmaster", " help ",
	" helpdesk", " support", " administrator", " questions", " mail from ", " from ",
	" sender ", " reply to ", " in reply ", " return path ", " message id ",
	" references ", " reported to ", " report this", " notify", " forward", " http",
	" https", " www ", " mailto ", NULL };

static bool
is_local(unsigned char c)
{
	return ascii_is_alphanumeric(c) || c >= 0x80 ||
	    (c != '\0' && strchr("!#$%&'*+/=?^_`{|}~.-", c) != NULL);
}

static bool
is_domain(unsigned char c)
{
	return ascii_is_alphanumeric(c) || c == '.' || c == '-' || c >= 0x80;
}

/*
 * Text of Chinese, Japanese or Korean stands beside an address without a blank.  A character of
 * theirs has three bytes here; an address has it among its own kind, not beside ASCII.
 */
static bool
is_wide(const char *p)
{
	return ((unsigned char)*p & 0xF0) == 0xE0;
}

/* Where the local part begins whose "@" is at_sign; not before line. */
static const char *
local_start(const char *line, const char *at_sign)
{
	const char *p = at_sign;

	if (p > line && p[-1] == '"') {
		const char *q = p - 1;

		while (q > line && q[-1] != '"')
			q--;
		return q > line ? q - 1 : p;
	}
	while (p > line && is_local((unsigned char)p[-1])) {
		if (p < at_sign && p - line >= 3 && is_wide(p - 3) &&
		    (unsigned char)*p < 0x80)
			break;
		p--;
	}
	/* "dda:SMTP=ann@example.net", "'ann@example.net'", "*ann@example.net" */
	if (at_sign - p > 5 && ascii_starts_nocase(p, "smtp="))
		p += 5;
	return p + strspn(p, "'*`.-");
}

static const char *
domain_end(const char *at_sign)
{
	const char *p = at_sign + 1;

	while (is_domain((unsigned char)*p)) {
		/* Behind the last dot of "there.example". */
		if (is_wide(p) && (unsigned char)p[-1] < 0x80 && p[-1] != '.' &&
		    memchr(at_sign, '.', (size_t)(p - at_sign)))
			break;
		p++;
	}
	while (p[-1] == '.' || p[-1] == '-')
		p--;
	return p;
}

/* True when nothing but marks stands before it. */
static bool
is_first(const char *line, const char *start)
{
	for (; line < start; line++) {
		if (ascii_is_alphanumeric((unsigned char)*line) || *line == ':')
			return false;
	}
	return true;
}

/* What may follow an address that has a line to itself. */
static bool
ends_alone(const char *end)
{
	end += strspn(end, ">\"' \t)]");
	return *end == '\0' || *end == ':' || *end == ',' || *end == ';' || *end == '(' ||
	    *end == '-' || *end == '*' || *end == '|' || strncmp(end, "...", 3) == 0 ||
	    ascii_starts_nocase(end, "on ") || ascii_starts_nocase(end, "smtp");
}

/* People who are written to about mail, and seldom the ones it was for. */
static bool
is_helper(const char *address)
{
	static const char *const names[] = { "postmaster@", "mailer-daemon@", "support@",
		"abuse@", "helpdesk@", "hostmaster@" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (ascii_starts_nocase(address, names[i]))
			return true;
	}
	return false;
}

static enum report_rank
rank_of(struct arena *a, const char *line, const char *start, const char *end)
{
	const char *near = start - line > NEAR ? start - NEAR : line;
	const char *before =
	    reason_words(a, arena_strndup(a, near, (size_t)(start - near)), NEAR);

	if (is_first(line, start) && ends_alone(end))
		return is_helper(start) ? RANK_NONE : RANK_ALONE;
	if (reason_has(before, others))
		return RANK_NONE;
	for (size_t i = 0; labels[i]; i++) {
		if (ascii_ends(before, strlen(before), labels[i]))
			return RANK_LABELED;
	}
	return is_helper(start) ? RANK_NONE : RANK_NAMED;
}

bool
report_address_next(struct arena *a, const char *line, const char **at,
    struct report_address *out)
{
	const char *at_sign = *at;

	while ((at_sign = strchr(at_sign, '@')) != NULL) {
		const char *start = local_start(*at, at_sign);
		const char *end = domain_end(at_sign);

		*at = end;
		if (start < at_sign && end - start <= LIMIT_ADDRESS &&
		    memchr(at_sign, '.', (size_t)(end - at_sign))) {
			out->text = text_visible_line(a,
			    arena_strndup(a, start, (size_t)(end - start)));
			out->rank = rank_of(a, line, start, end);
			out->line = 0;
			return true;
		}
		at_sign = end;
	}
	return false;
}
