/* SPDX-License-Identifier: ISC */
#include "mail/attribution.h"

#include <string.h>

#include "base/ascii.h"
#include "mail/report_reason.h"

enum { LINES_MOST = 4, BYTES_MOST = 1000 };

/* "On Tue, Dec 1", "Am Dienstag", "Le mar. 1", "El mar", "Il giorno", "Em ter.", "Op di". */
static bool
is_opening(const char *line, size_t len)
{
	static const char *const openings[] = { "On ", "Am ", "Le ", "El ", "Il ", "Em ",
		"Op ", "Den ", "Dne ", "Dnia ", "W dniu ", "In article " };

	for (size_t i = 0; i < ARRAY_LEN(openings); i++)
		if (ascii_starts(line, len, openings[i]))
			return true;
	return false;
}

/* A date or an address, which no command has. */
static bool
has_digit_or_address(const char *line, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (ascii_is_digit((unsigned char)line[i]) || line[i] == '@' ||
		    line[i] == '<')
			return true;
	return false;
}

/* Chinese and Japanese have a colon of their own, as wide as their letters. */
static bool
ends_with_colon(const char *line, size_t len)
{
	static const char wide[] = "\xEF\xBC\x9A";
	const size_t n = sizeof(wide) - 1;

	return line[len - 1] == ':' || (len >= n && memcmp(line + len - n, wide, n) == 0);
}

/* Whether the lines, of which the last ends with a colon, say who wrote, or whose words follow. */
static bool
says_who_wrote(struct arena *a, const char *text, size_t len)
{
	static const char *const verbs[] = { " wrote ", " writes ", " schrieb ",
		" schreibt ", " ecrit ", " escribio ", " ha scritto ", " escreveu ",
		" schreef ", " skrev ", " napisal ", " napisala ", " napsal ",
		" kirjoitti ", NULL };
	const char *lines = arena_strndup(a, text, len);

	ascii_trim(&lines, &len);
	return (len >= 2 && memcmp(lines + len - 2, ">:", 2) == 0) ||
	    reason_has(reason_words(a, lines, len), verbs);
}

size_t
attribution_length(struct arena *a, const char *text)
{
	const char *at = text;

	for (size_t n = 0; n < LINES_MOST && at - text < BYTES_MOST; n++) {
		const size_t whole = strcspn(at, "\n");
		const char *line = at;
		size_t len = whole;

		ascii_trim(&line, &len);
		if (len == 0 || *line == '>')
			return 0;
		/* One that begins below is not begun by the line above it. */
		if (n == 0 ? !is_opening(line, len) && !has_digit_or_address(line, len)
			   : is_opening(line, len))
			return 0;
		at += whole + (at[whole] == '\n');
		if (ends_with_colon(line, len))
			return says_who_wrote(a, text, (size_t)(at - text))
			    ? (size_t)(at - text)
			    : 0;
	}
	return 0;
}
