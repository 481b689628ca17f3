/* SPDX-License-Identifier: ISC */
#include "digest/filter.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

enum {
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
 * glibc's matcher copies its automaton for every repeat count, nested counts multiplied: ten
 * characters could ask for all memory.
 */
static bool
pattern_is_bounded(const char *pattern, struct err *err)
{
	long product = 1;

	for (const char *p = pattern; *p; p++) {
		if (*p == '\\' && p[1]) {
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

static bool
compile_part(struct filter *f, const char *text, bool is_forbidden, struct err *err)
{
	struct filter_part *part = &f->parts[f->count];
	char why[200];
	int code = 0;

	if (!pattern_is_bounded(text, err))
		return false;
	code = regcomp(&part->regex, text, REG_EXTENDED | REG_ICASE | REG_NOSUB);
	if (code != 0) {
		(void)regerror(code, &part->regex, why, sizeof(why));
		return err_set(err, ERR_CONFIG, "%s", why);
	}
	part->is_forbidden = is_forbidden;
	f->count++;
	return true;
}

bool
filter_init(struct filter *f, const char *pattern, struct err *err)
{
	struct pattern read;
	bool ok = false;

	f->parts = NULL;
	f->count = 0;
	if (!pattern || !*pattern)
		return true;
	ok = pattern_read(pattern, &read, err);
	f->parts = xcalloc(read.count, sizeof(*f->parts));
	for (size_t i = 0; ok && i < read.count; i++)
		ok = compile_part(f, buf_text(&read.text) + read.parts[i].start,
		    read.parts[i].is_forbidden, err);
	buf_clear(&read.text);
	if (!ok)
		filter_clear(f);
	return ok || err_wrap(err, "regular expression '%.80s'", pattern);
}

void
filter_clear(struct filter *f)
{
	for (size_t i = 0; i < f->count; i++)
		regfree(&f->parts[i].regex);
	free(f->parts);
	f->parts = NULL;
	f->count = 0;
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
		if (text[n] == '\n' && text[n + 1] == '\n')
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
matches_text(const regex_t *regex, const char *text)
{
	char piece[PIECE];
	size_t seen = 0;
	size_t n = 0;

	while (text && seen < TEXT_MAX && (n = next_piece(text + seen, piece)) > 0) {
		if (regexec(regex, piece, 0, NULL, 0) == 0)
			return true;
		seen += n;
	}
	return false;
}

static bool
is_found(const regex_t *regex, const struct entry *e)
{
	if (matches_text(regex, e->title) || matches_text(regex, e->author) ||
	    matches_text(regex, e->link))
		return true;
	for (size_t i = 0; i < e->category_count; i++) {
		if (matches_text(regex, e->categories[i]))
			return true;
	}
	return matches_text(regex, e->text ? e->text : e->summary);
}

bool
filter_matches(const struct filter *f, const struct entry *e)
{
	for (size_t i = 0; i < f->count; i++)
		if (is_found(&f->parts[i].regex, e) == f->parts[i].is_forbidden)
			return false;
	return f->count > 0;
}

/* The words of a list: between commas, or between blanks and commas. */
static const char *
next_word(const char **at, const char *ends, size_t *len)
{
	const char *word = *at + strspn(*at, " \t,");

	*len = strcspn(word, ends);
	*at = word + *len;
	while (*len > 0 && (word[*len - 1] == ' ' || word[*len - 1] == '\t'))
		--*len;
	return *len > 0 ? word : NULL;
}

static bool
is_word(const char *text, const char *word, size_t len)
{
	return strlen(text) == len && strncasecmp(text, word, len) == 0;
}

bool
filter_has_category(const char *list, const struct entry *e)
{
	const char *word = NULL;
	size_t len = 0;

	while ((word = next_word(&list, ",", &len)) != NULL)
		for (size_t i = 0; i < e->category_count; i++)
			if (is_word(e->categories[i], word, len))
				return true;
	return false;
}

bool
filter_has_language(const char *list, const char *language)
{
	const char *word = NULL;
	size_t len = 0;

	while ((word = next_word(&list, " \t,", &len)) != NULL)
		if (strncasecmp(language, word, len) == 0 &&
		    (language[len] == '\0' || language[len] == '-'))
			return true;
	return false;
}
