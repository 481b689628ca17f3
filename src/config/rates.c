/* SPDX-License-Identifier: ISC */
#include "config/rates.h"

#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "config/option_value.h"

enum { WORD_MAX = 32 };

static const char blanks[] = " \t\n";

/* The next word before a blank or a comma; false when there is none or it is too long. */
static bool
next_word(const char **at, char word[WORD_MAX])
{
	*at += strspn(*at, blanks);
	const size_t len = strcspn(*at, " \t\n,");
	if (len == 0 || len >= WORD_MAX)
		return false;
	memcpy(word, *at, len);
	word[len] = '\0';
	*at += len;
	*at += strspn(*at, blanks);
	return true;
}

static bool
parse_one(const char **at, struct rate *out)
{
	char word[WORD_MAX];

	if (!next_word(at, word) || strspn(word, "0123456789") != strlen(word) ||
	    strlen(word) > 9)
		return false;
	out->count = strtoll(word, NULL, 10);
	if (out->count < 1 || out->count > LIMIT_RATE_COUNT)
		return false;
	return next_word(at, word) && strcmp(word, "per") == 0 && next_word(at, word) &&
	    option_parse_duration(word, &out->seconds) && out->seconds > 0;
}

bool
rates_parse(const char *text, struct rates *out)
{
	*out = (struct rates){ .count = 0 };
	text += strspn(text, blanks);
	if (*text == '\0')
		return true;
	for (;;) {
		if (out->count == LIMIT_RATES ||
		    !parse_one(&text, &out->list[out->count]))
			return false;
		out->count++;
		if (*text == '\0')
			return true;
		if (*text++ != ',')
			return false;
	}
}
