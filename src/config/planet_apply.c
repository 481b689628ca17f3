/* SPDX-License-Identifier: ISC */
#include "config/planet_apply.h"

#include <string.h>

#include "base/text.h"
#include "format/ini.h"

static const struct mapping {
	const char *theirs;
	const char *section;
	const char *name;
	const char *unit; /* put behind a plain number */
} MAPPINGS[] = { { "name", "newsletter", "name", "" },
	{ "title", "newsletter", "name", "" }, /* Pluto */
	{ "link", "newsletter", "link", "" }, { "feed_timeout", "fetch", "timeout", "s" },
	{ "spider_threads", "fetch", "parallel", "" },
	{ "items_per_page", "digest", "max_items", "" },
	{ "activity_threshold", "health", "stale_after", "d" },
	{ "filter", "digest", "filter", "" }, { "exclude", "digest", "exclude", "" } };

/* Sets what was not set; a value we cannot use is told and left. */
static void
apply(struct arena *a, struct settings *s, const struct option *o,
    const struct ini_key *key, const char *value, const char *path)
{
	struct err refused = ERR_INIT;

	if (*value == '\0' || settings_is_set(s, o))
		return;
	if (!settings_set(a, s, o->section, o->name, value, path, key->line, &refused))
		settings_warn(a, s,
		    "%s line %d: '%s = %s' of the planet is not used (%s)", path,
		    key->line, key->written, key->value, refused.hint);
}

/* Planets hide addresses from robots: "kushal AT gmail DOT com" cannot be written to. */
static bool
is_plain_address(const char *text)
{
	const char *at = strchr(text, '@');

	return at && at > text && at[1] && !strchr(at + 1, '@') &&
	    !strpbrk(text, " \t\n<>\"(),;:\\");
}

static void
apply_owner(struct arena *a, const struct ini_section *planet, struct settings *s,
    const char *path)
{
	const struct ini_key *name = ini_find(planet, "owner_name");
	const struct ini_key *email = ini_find(planet, "owner_email");
	const struct option *from = option_find("newsletter", "from");
	struct buf value = BUF_INIT(1000);

	if (!email || *email->value == '\0' || settings_is_set(s, from))
		return;
	if (!is_plain_address(email->value)) {
		settings_warn(a, s,
		    "%s line %d: owner_email of the planet is no address; set from "
		    "in [newsletter]",
		    path, email->line);
		return;
	}
	if (name && *name->value) {
		buf_addc(&value, '"');
		for (const char *p = name->value; *p; p++)
			if (*p != '"' && *p != '\\')
				buf_addc(&value, *p == '\n' ? ' ' : *p);
		buf_addf(&value, "\" <%s>", email->value);
	} else {
		buf_adds(&value, email->value);
	}
	apply(a, s, from, email, arena_strdup(a, buf_text(&value)), path);
	buf_clear(&value);
}

void
planet_apply(struct arena *a, const struct feed_list *list, struct settings *s)
{
	for (size_t i = 0; list->planet && i < ARRAY_LEN(MAPPINGS); i++) {
		const struct mapping *m = &MAPPINGS[i];
		const struct ini_key *key = ini_find(list->planet, m->theirs);

		if (key)
			apply(a, s, option_find(m->section, m->name), key,
			    arena_printf(a, "%s%s", key->value,
				*key->value ? m->unit : ""),
			    list->path);
	}
	if (list->planet)
		apply_owner(a, list->planet, s, list->path);
}
