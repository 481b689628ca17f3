/* SPDX-License-Identifier: ISC */
#include "digest/filter.h"

#include <string.h>

enum {
	PATTERN_MAX = 1000,  /* bytes */
	REPEAT_MAX = 255,    /* product of all {counts}: the automaton grows by it */
	PIECE = 1024,        /* bytes of one paragraph looked at together */
	TEXT_MAX = 64 * 1024 /* bytes of an entry's text looked at */
};

/* Reads the larger bound of "{m,n}" at p (after the brace); 1 when it is none. */
static long
repeat_count(const char *p)
{
	long most = 1;
	long n = 0;

	for (; *p && *p != '}'; p++) {
		if (*p == ',')
			n = 0;
		else if (*p < '0' || *p > '9')
			return 1;
		else if (n <= REPEAT_MAX)
			n = n * 10 + (*p - '0');
		if (n > most)
			most = n;
	}
	return most;
}

/*
 * glibc's matcher is exponential with back-references and copies its automaton for every
 * repeat count, nested counts multiplied: ten characters could ask for all memory.
 */
static bool
pattern_is_bounded(const char *pattern, struct err *err)
{
	long product = 1;

	if (strlen(pattern) > PATTERN_MAX)
		return err_set(err, ERR_CONFIG, "longer than %d characters", PATTERN_MAX);
	for (const char *p = pattern; *p; p++) {
		if (*p == '\\' && p[1]) {
			if (p[1] >= '1' && p[1] <= '9')
				return err_set(err, ERR_CONFIG,
				    "back-reference \\%c is not supported", p[1]);
			p++;
		} else if (*p == '{') {
			product *= repeat_count(p + 1);
			if (product > REPEAT_MAX)
				return err_set(err, ERR_CONFIG,
				    "repeat counts multiply to more than %d", REPEAT_MAX);
		}
	}
	return true;
}

bool
filter_init(struct filter *f, const char *pattern, struct err *err)
{
	char why[200];
	int code = 0;

	f->is_set = false;
	if (!pattern || !*pattern)
		return true;
	if (!pattern_is_bounded(pattern, err))
		return err_wrap(err, "regular expression '%.80s'", pattern);
	code = regcomp(&f->regex, pattern, REG_EXTENDED | REG_ICASE | REG_NOSUB);
	if (code != 0) {
		(void)regerror(code, &f->regex, why, sizeof(why));
		return err_set(err, ERR_CONFIG, "regular expression '%.80s': %s", pattern,
		    why);
	}
	f->is_set = true;
	return true;
}

void
filter_clear(struct filter *f)
{
	if (f->is_set)
		regfree(&f->regex);
	f->is_set = false;
}

/*
 * Copies the next paragraph (to an empty line, at most PIECE - 1 bytes, cut at a blank) with
 * its line ends as blanks.  Returns what was consumed, 0 at the end.
 */
static size_t
next_piece(const char *text, char piece[PIECE])
{
	size_t n = 0;
	size_t blank = 0;

	for (; text[n] && n < PIECE - 1; n++) {
		if (text[n] == '\n' && text[n + 1] == '\n' && n > 0)
			break;
		piece[n] = text[n];
		if (text[n] == '\n' || text[n] == '\t')
			piece[n] = ' ';
		if (piece[n] == ' ')
			blank = n;
	}
	if (n == PIECE - 1 && text[n] && blank > 0)
		n = blank;
	piece[n] = '\0';
	while (text[n] == '\n')
		n++;
	return n;
}

static bool
matches_text(const struct filter *f, const char *text)
{
	char piece[PIECE];
	size_t seen = 0;
	size_t n = 0;

	while (text && seen < TEXT_MAX && (n = next_piece(text + seen, piece)) > 0) {
		if (regexec(&f->regex, piece, 0, NULL, 0) == 0)
			return true;
		seen += n;
	}
	return false;
}

bool
filter_matches(const struct filter *f, const struct entry *e)
{
	if (!f->is_set)
		return false;
	if (matches_text(f, e->title) || matches_text(f, e->author) ||
	    matches_text(f, e->link))
		return true;
	for (size_t i = 0; i < e->category_count; i++) {
		if (matches_text(f, e->categories[i]))
			return true;
	}
	return matches_text(f, e->text ? e->text : e->summary);
}
