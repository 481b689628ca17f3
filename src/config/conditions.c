/* SPDX-License-Identifier: ISC */
#include "config/conditions.h"

#include <string.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/limits.h"

/*
 * A unit separator and a letter before each: no value of a configuration has a control character
 * in it, so a text that does not begin with one is a pattern as it is.
 */
static const char mark = '\x1f';
static const char letters[] = { [CONDITION_PATTERN] = 'p',
	[CONDITION_CATEGORY] = 'c',
	[CONDITION_LANGUAGE] = 'l' };

const char *
conditions_join(struct arena *a, const char *pattern, const char *categories,
    const char *languages)
{
	const char *const all[] = { pattern,
		categories && *categories ? categories : NULL,
		languages && *languages ? languages : NULL };
	struct buf b = BUF_INIT(LIMIT_CONFIG_FILE);

	if (!all[CONDITION_CATEGORY] && !all[CONDITION_LANGUAGE])
		return pattern;
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		if (!all[i])
			continue;
		buf_addc(&b, mark);
		buf_addc(&b, letters[i]);
		buf_adds(&b, all[i]);
	}
	return arena_take(a, &b);
}

const char *
conditions_part(struct arena *a, const char *joined, enum condition which)
{
	if (!joined || *joined != mark)
		return which == CONDITION_PATTERN ? joined : NULL;
	while (*joined == mark && joined[1]) {
		const char *value = joined + 2;
		const size_t len = strcspn(value, (const char[]){ mark, '\0' });

		if (joined[1] == letters[which])
			return arena_strndup(a, value, len);
		joined = value + len;
	}
	return NULL;
}
