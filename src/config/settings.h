/* SPDX-License-Identifier: ISC */
/*
 * The settings of a run: the values of all options, the feeds our own files name, and the lists
 * that feeds_from names; with where each stands and what is odd about it.
 */
#ifndef CONFIG_SETTINGS_H
#define CONFIG_SETTINGS_H

#include "base/buf.h"
#include "config/feed_lists.h"
#include "config/feed_section.h"
#include "config/options.h"

struct settings {
	struct config config;
	const char *state_dir;       /* what $STATE stands for */
	const char *home;            /* what ~ stands for; NULL = not known */
	struct listed_feed *sources; /* of our own files */
	size_t source_count;
	struct feed_list
	    *lists; /* of feeds_from, those that are files and could be read */
	size_t list_count;
	const char **warnings; /* "PATH line N: ..." */
	size_t warning_count;
	const char **files; /* read, in order, includes too */
	size_t file_count;
	struct origin {
		const char *file;
		int line;
	} * origins; /* by index of options[] */
};

struct settings_paths {
	const char *const
	    *files; /* -c, in order; none: env_config or the default places */
	size_t file_count;
	const char *data_dir;   /* -d, or NULL: $PLANETPOST_DATA or the default place */
	const char *env_config; /* values of the environment, handed in by main */
	const char *env_data;
	const char *home;
	const char *xdg_config, *xdg_state;
	bool is_root;
	/* A file that is read as this text instead: how an edit is tried before it is written. */
	const char *edited;
	const struct buf *edited_text;
};

/*
 * Reads all files and includes.  A planet's own config.ini (either dialect) is accepted as a
 * file: its [Planet] keys are mapped, its feeds become sources.  ERR_CONFIG names file, line
 * and key, with "did you mean".  A file that holds smtp.password and that others can read is
 * refused.  Everything lives in a.
 */
bool settings_load(struct arena *a, const struct settings_paths *paths,
    struct settings *out, struct err *err) MUST_CHECK;
/* All defaults, no file: for tests and the demo. */
void settings_default(struct arena *a, const char *state_dir, struct settings *out);
/* Sets one option from text, as a file would.  origin for messages. */
bool settings_set(struct arena *a, struct settings *s, const char *section,
    const char *name, const char *value, const char *file, int line,
    struct err *err) MUST_CHECK;
/*
 * Reads a value that file (NULL: the command line) says into c, with whole paths.  False when it is
 * not allowed; *wanted is what is, or NULL: what the option's type allows.
 */
bool settings_value(struct arena *a, const struct settings *s, const struct option *o,
    const char *file, const char *value, struct config *c,
    const char **wanted) MUST_CHECK;
/* Where a new configuration belongs: the first -c, else the default place for this user. */
const char *settings_default_file(struct arena *a, const struct settings_paths *paths);

/* True when a file or the command line said it: the built-in value does not count. */
bool settings_is_set(const struct settings *s, const struct option *o);
/* Adds a line to s->warnings. */
void settings_warn(struct arena *a, struct settings *s, const char *fmt, ...)
    PRINTF_LIKE(3, 4);
/*
 * A path of a setting made whole: $STATE and ~ replaced, else relative to the folder of file
 * (NULL = the present directory).
 */
const char *settings_path(struct arena *a, const struct settings *s, const char *file,
    const char *path);

#endif
