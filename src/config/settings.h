/* SPDX-License-Identifier: ISC */
/*
 * What the files that fill struct settings share.  Private to config/.
 */
#ifndef CONFIG_SETTINGS_H
#define CONFIG_SETTINGS_H

#include "format/ini.h"
#include "config/options.h"

/* Adds a line to s->warnings. */
void settings_warn(struct arena *a, struct settings *s, const char *fmt, ...)
    PRINTF_LIKE(3, 4);
/*
 * A path of a setting made whole: $STATE and ~ replaced, else relative to the folder of file
 * (NULL = the present directory).
 */
const char *settings_path(struct arena *a, const struct settings *s, const char *file,
    const char *path);
/* The same for a list; one a line. */
const char *settings_paths_list(struct arena *a, const struct settings *s,
    const char *file, const char *list);
/*
 * What the table cannot say about a value.  Returns it as it is to be kept, or NULL with *wanted
 * = what is allowed.
 */
const char *settings_check(struct arena *a, const struct option *o, const char *value,
    const char **wanted);

/*
 * True for a setting that a later version has and this one does nothing with; name NULL: for a
 * section that holds any.
 */
bool setting_is_foreseen(const char *section, const char *name);

/* True for a section of the table; planet: the file is one's, which may call a feed so. */
bool section_is_ours(const struct ini_section *section, bool planet);
/* True when the section names a feed: an address as name, [feed NAME], or a key feed. */
bool section_is_feed(const struct ini_section *section);
/*
 * A feed's section as a source.  strict: a wrong value is ERR_CONFIG, else it is left out.
 * Unknown keys are no error: they are a planet's, for its templates.
 */
bool source_from_section(struct arena *a, const char *path,
    const struct ini_section *section, bool strict, struct source_spec *out,
    struct err *err) MUST_CHECK;
/* Of feeds with one address keeps the last; of feeds with one key only the first keeps it. */
void settings_drop_doubles(struct arena *a, struct settings *s);

#endif
