/* SPDX-License-Identifier: ISC */
/* One setting at a time: defaults, values from text, and what to say about wrong ones. */
#include "config/settings.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "format/ini_line.h"
#include "config/option_checks.h"
#include "config/option_value.h"

void
settings_warn(struct arena *a, struct settings *s, const char *fmt, ...)
{
	char text[600];
	size_t n = s->warning_count;
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt,
	    ap); /* cut when longer: it is for people */
	va_end(ap);
	text_drop_logins(text);
	s->warnings = arena_grow_list(a, s->warnings, n, sizeof(*s->warnings));
	s->warnings[s->warning_count++] = arena_strdup(a, text);
}

/* "~/x" and "~", not "~user/x". */
static const char *
after_prefix(const char *path, const char *prefix)
{
	size_t len = strlen(prefix);

	if (strncmp(path, prefix, len) != 0 || (path[len] != '/' && path[len] != '\0'))
		return NULL;
	return path + len;
}

const char *
settings_path(struct arena *a, const struct settings *s, const char *file,
    const char *path)
{
	const char *rest = NULL;

	if ((rest = after_prefix(path, "$STATE")) != NULL)
		return arena_printf(a, "%s%s", s->state_dir, rest);
	if (s->home && (rest = after_prefix(path, "~")) != NULL)
		return arena_printf(a, "%s%s", s->home, rest);
	const char *slash = file ? strrchr(file, '/') : NULL;
	if (*path == '\0' || *path == '/' || !slash)
		return path;
	if (path[0] == '.' && path[1] == '/')
		path += 2;
	return arena_printf(a, "%.*s/%s", (int)(slash - file), file, path);
}

static const char *
whole_paths(struct arena *a, const struct settings *s, const char *file, const char *list)
{
	struct buf out = BUF_INIT(LIMIT_CONFIG_FILE);
	const char *separators = strchr(list, '\n') ? "\n" : " \t";
	const char *item = NULL;

	while ((item = text_next_word(a, &list, separators)) != NULL) {
		if (!strstr(item, "://"))
			item = settings_path(a, s, file, item);
		buf_addf(&out, "%s%s", out.len > 0 ? "\n" : "", item);
	}
	return arena_take(a, &out);
}

bool
settings_value(struct arena *a, const struct settings *s, const struct option *o,
    const char *file, const char *value, struct config *c, const char **wanted)
{
	*wanted = NULL;
	value = option_check(a, o, value, wanted);
	if (!value)
		return false;
	if (o->type == OPTION_PATHS)
		value = whole_paths(a, s, file, value);
	else if (o->is_path)
		value = settings_path(a, s, file, value);
	return option_read(o, value, c);
}

void
settings_default(struct arena *a, const char *state_dir, struct settings *out)
{
	const char *wanted = NULL;

	memset(out, 0, sizeof(*out));
	out->state_dir = state_dir;
	out->origins = arena_array(a, option_count, sizeof(*out->origins));
	for (size_t i = 0; i < option_count; i++)
		if (!settings_value(a, out, &options[i], NULL, options[i].initial,
			&out->config, &wanted))
			/* A default that its own option refuses is a mistake in the table. */
			(void)fprintf(stderr, "planetpost: bad default of %s.%s\n",
			    options[i].section, options[i].name);
}

static bool
unknown_section(const char *section, const char *file, int line, struct err *err)
{
	const char **names = xcalloc(option_count, sizeof(*names));
	size_t count = option_sections(names);
	const char *near = nearest_word(section, names, count);

	(void)err_set(err, ERR_CONFIG, "unknown section [%s], %s line %d", section, file,
	    line);
	if (strcmp(section, "feed") == 0)
		(void)err_hint(err,
		    "a feed has a name: [feed NAME] with url = https://...");
	else if (near) {
		(void)err_hint(err, "did you mean [%s]?", near);
		(void)err_next(err, NEXT_LIST_SETTINGS);
	} else
		(void)err_hint(err,
		    "a feed is [https://...] or [feed %s] with url = https://...",
		    section);
	free(names);
	return false;
}

/* The section that has such a key, when it is another one. */
static const char *
other_home(const char *name)
{
	for (size_t i = 0; i < option_count; i++)
		if (strcmp(options[i].name, name) == 0)
			return options[i].section;
	return NULL;
}

static bool
unknown_key(const char *section, const char *written, const char *name, const char *file,
    int line, struct err *err)
{
	const char **names = xcalloc(option_count, sizeof(*names));
	size_t count = option_names(section, names);
	const char *near = nearest_word(name, names, count);
	const char *other = other_home(name);

	(void)err_set(err, ERR_CONFIG, "unknown key '%s' in [%s], %s line %d", written,
	    section, file, line);
	if (other)
		(void)err_hint(err, "'%s' belongs to [%s]", name, other);
	else if (near)
		(void)err_hint(err, "did you mean '%s'?", near);
	(void)err_next(err, NEXT_LIST_SETTINGS);
	free(names);
	return false;
}

bool
settings_set(struct arena *a, struct settings *s, const char *section, const char *name,
    const char *value, const char *file, int line, struct err *err)
{
	const char *place = file ? file : "command line";
	const char *wanted = NULL;

	if (!option_is_section(section))
		return unknown_section(section, place, line, err);
	const char *key = ini_key_name(a, name, strlen(name));
	const struct option *o = option_find(section, key);
	if (!o && option_is_foreseen(section, key)) {
		settings_warn(a, s,
		    "%s line %d: '%s' in [%s] does nothing in this version", place, line,
		    key, section);
		return true;
	}
	if (!o)
		return unknown_key(section, name, key, place, line, err);
	if (!settings_value(a, s, o, file, arena_strdup(a, value), &s->config, &wanted))
		return option_refuse(o, value, wanted,
		    &(struct option_place){ o->name, o->section, place, line }, err);
	struct origin *origin = &s->origins[o - options];
	if (file && origin->file && strcmp(origin->file, file) == 0)
		settings_warn(a, s,
		    "%s line %d: '%s' in [%s] was set in line %d; this one counts", file,
		    line, key, section, origin->line);
	origin->file = place;
	origin->line = line;
	return true;
}

bool
settings_is_set(const struct settings *s, const struct option *o)
{
	return s->origins[o - options].file != NULL;
}
