/* SPDX-License-Identifier: ISC */
#include "config/option_value.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* A number with a unit: "90s".  The first unit is the plain one. */
struct unit {
	const char *suffix;
	int64_t factor;
};
static const struct unit DURATIONS[] = { { "s", 1 }, { "m", 60 }, { "h", 3600 },
	{ "d", 86400 }, { "w", 604800 }, { NULL, 0 } };
static const struct unit DURATIONS_MS[] = { { "ms", 1 }, { "s", 1000 }, { "m", 60000 },
	{ "h", 3600000 }, { NULL, 0 } };
static const struct unit SIZES[] = { { "", 1 }, { "k", 1024 }, { "M", 1024 * 1024 },
	{ "G", 1024 * 1024 * 1024 }, { NULL, 0 } };
static const struct unit NUMBERS[] = { { "", 1 }, { NULL, 0 } };
static const struct unit PERCENTS[] = { { "%", 1 }, { NULL, 0 } };

/* What a type is for people; the units of those that are numbers. */
static const struct {
	const char *wanted;
	const struct unit *units;
} types[] = {
	[OPTION_TEXT] = { "text", NULL },
	[OPTION_PATHS] = { "paths or addresses", NULL },
	[OPTION_BOOL] = { "yes or no", NULL },
	[OPTION_ENUM] = { "one of the words", NULL },
	[OPTION_SCHEDULE] = { "off, daily 07:00, weekdays 07:00, weekly Monday 07:00 or "
			      "monthly 1 07:00 (day 1 to 31)",
	    NULL },
	[OPTION_NUMBER] = { "a number", NUMBERS },
	[OPTION_DURATION] = { "a duration such as 90s, 15m, 6h, 3d or 2w", DURATIONS },
	[OPTION_DURATION_MS] = { "a duration such as 250ms, 1s or 2m", DURATIONS_MS },
	[OPTION_SIZE] = { "a size such as 95000, 100k or 2M", SIZES },
	[OPTION_PERCENT] = { "a percentage such as 20%", PERCENTS },
	[OPTION_WINDOW] = { "since-last or a duration such as 24h or 7d", DURATIONS },
};

/* Digits and a unit of the table; a number without unit has the factor `plain`. */
static bool
read_units(const struct unit *units, int64_t plain, const char *text, int64_t *out)
{
	int64_t n = 0;
	const char *p = text;

	for (; ascii_is_digit(*p); p++) {
		if (n > (INT64_MAX - 9) / 10)
			return false;
		n = n * 10 + (*p - '0');
	}
	if (p == text)
		return false;
	while (*p == ' ')
		p++;
	int64_t factor = *p ? 0 : plain;
	for (const struct unit *u = units; u->suffix && factor == 0; u++)
		if (ascii_eq_nocase(p, u->suffix))
			factor = u->factor;
	if (factor == 0 || n > INT64_MAX / factor)
		return false;
	*out = n * factor;
	return true;
}

static void
print_units(const struct unit *units, int64_t n, struct buf *out)
{
	const struct unit *best = units;

	for (const struct unit *u = units; u->suffix; u++)
		if (n != 0 && n % u->factor == 0)
			best = u;
	buf_addf(out, "%" PRId64 "%s", n / best->factor, best->suffix);
}

bool
option_parse_duration(const char *text, int64_t *seconds)
{
	return read_units(DURATIONS, 1, text, seconds);
}

static bool
read_word(const char *const *words, const char *text, unsigned *index)
{
	for (unsigned i = 0; words[i]; i++)
		if (ascii_eq_nocase(words[i], text)) {
			*index = i;
			return true;
		}
	return false;
}

/* Every second word means yes. */
static bool
read_bool(const char *const *words, const char *text, bool *out)
{
	unsigned index = 0;

	if (!read_word(words, text, &index))
		return false;
	*out = index % 2 == 1;
	return true;
}

bool
option_parse_bool(const char *text, bool *out)
{
	static const char *const BOOLS[] = { "no", "yes", "false", "true", "off", "on",
		"0", "1", NULL };

	return read_bool(BOOLS, text, out);
}

bool
option_read_number(const struct option *o, const char *text, int64_t *out)
{
	const struct unit *units = types[o->type].units;
	int64_t n = 0;

	if (o->type == OPTION_WINDOW && ascii_eq_nocase(text, "since-last")) {
		*out = 0;
		return true;
	}
	/* A plain number means seconds in durations of both kinds. */
	if (!read_units(units, o->type == OPTION_DURATION_MS ? 1000 : 1, text, &n))
		return false;
	if (n < o->min || n > o->max)
		return false;
	*out = n;
	return true;
}

bool
option_read(const struct option *o, const char *text, struct config *c)
{
	char *field = (char *)c + o->offset;
	unsigned index = 0;

	switch (o->type) {
	case OPTION_TEXT:
	case OPTION_PATHS:
		memcpy(field, &text, sizeof(text));
		return true;
	case OPTION_BOOL:
		return o->words ? read_bool(o->words, text, (bool *)(void *)field)
				: option_parse_bool(text, (bool *)(void *)field);
	case OPTION_ENUM:
		/* Every enum of struct config is an unsigned int to this compiler. */
		if (!read_word(o->words, text, &index) &&
		    !(o->others && read_word(o->others, text, &index)))
			return false;
		memcpy(field, &index, sizeof(index));
		return true;
	case OPTION_SCHEDULE:
		return cadence_parse(text, (struct cadence *)(void *)field);
	case OPTION_NUMBER:
	case OPTION_DURATION:
	case OPTION_DURATION_MS:
	case OPTION_SIZE:
	case OPTION_PERCENT:
	case OPTION_WINDOW:
		return option_read_number(o, text, (int64_t *)(void *)field);
	}
	return false;
}

void
option_print(const struct option *o, const struct config *c, struct buf *out)
{
	const char *field = (const char *)c + o->offset;
	const char *text = NULL;
	unsigned index = 0;
	int64_t n = 0;
	bool truth = false;

	switch (o->type) {
	case OPTION_TEXT:
	case OPTION_PATHS:
		memcpy(&text, field, sizeof(text));
		buf_adds(out, o->secret && *text ? "********" : text);
		break;
	case OPTION_BOOL:
		memcpy(&truth, field, sizeof(truth));
		buf_adds(out, o->words ? o->words[truth] : truth ? "yes" : "no");
		break;
	case OPTION_ENUM:
		memcpy(&index, field, sizeof(index));
		buf_adds(out, o->words[index]);
		break;
	case OPTION_SCHEDULE:
		cadence_print((const struct cadence *)(const void *)field, out);
		break;
	case OPTION_NUMBER:
	case OPTION_DURATION:
	case OPTION_DURATION_MS:
	case OPTION_SIZE:
	case OPTION_PERCENT:
	case OPTION_WINDOW:
		memcpy(&n, field, sizeof(n));
		if (o->type == OPTION_WINDOW && n == 0)
			buf_adds(out, "since-last");
		else
			print_units(types[o->type].units, n, out);
		break;
	}
}

static void
add_words(const struct option *o, struct buf *out)
{
	for (size_t i = 0; o->words[i]; i++)
		buf_addf(out, "%s%s",
		    i == 0                ? ""
			: o->words[i + 1] ? ", "
					  : " or ",
		    o->words[i]);
}

/* Appends what is allowed: "a duration such as 90s, 15m, 6h, 3d or 2w, from 1s to 10m". */
static void
add_wanted(const struct option *o, struct buf *out)
{
	const struct unit *units = types[o->type].units;

	if (o->words) {
		add_words(o, out);
		return;
	}
	buf_adds(out, types[o->type].wanted);
	if (!units)
		return;
	buf_adds(out, ", from ");
	print_units(units, o->min, out);
	buf_adds(out, " to ");
	print_units(units, o->max, out);
}

bool
option_refuse(const struct option *o, const char *value, const char *wanted,
    const struct option_place *at, struct err *err)
{
	struct buf allowed = BUF_INIT(sizeof(err->hint));

	(void)err_set(err, ERR_CONFIG, "wrong value '%s' for '%s' in [%s], %s line %d",
	    o && o->secret ? "********" : value, at->key, at->section, at->file,
	    at->line);
	if (wanted)
		buf_adds(&allowed, wanted);
	else
		add_wanted(o, &allowed);
	(void)err_hint(err, "allowed: %s", buf_text(&allowed));
	buf_clear(&allowed);
	return false;
}
