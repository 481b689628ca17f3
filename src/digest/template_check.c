/* SPDX-License-Identifier: ISC */
#include "digest/template_check.h"

#include <dirent.h>
#include <string.h>

#include "base/ascii.h"
#include "base/embed.h"
#include "base/nearest.h"
#include "digest/wording.h"
#include "format/ini.h"
#include "html/tags.h"

static const char english[] = "templates/en/";

enum { NAMES_MAX = 200 };

/* ---- sections and keys ---- */

static const struct ini_section *
find_section(const struct ini *ini, const char *name)
{
	for (size_t i = 0; i < ini->section_count; i++) {
		if (strcmp(ini->sections[i].name, name) == 0)
			return &ini->sections[i];
	}
	return NULL;
}

/* A section of words for a number has one for each form that the language knows. */
static bool
is_plural_form(const struct ini_section *known, const char *key)
{
	static const char *const forms[] = { "zero", "one", "two", "few", "many" };

	for (size_t i = 0; ini_find(known, "other") && i < ARRAY_LEN(forms); i++) {
		if (strcmp(key, forms[i]) == 0)
			return true;
	}
	return false;
}

/* Styles of elements may be those of any element that posts have. */
static bool
is_element(const struct ini_section *known, const char *key)
{
	static const char *const sections[] = { "content", "content_rtl", "class" };
	bool of_elements = false;

	for (size_t i = 0; i < ARRAY_LEN(sections); i++)
		of_elements = of_elements || strcmp(known->name, sections[i]) == 0;
	return of_elements && tag_find(key, strlen(key)) != TAG_UNKNOWN;
}

static bool
unknown_section(const struct ini *known, const char *path,
    const struct ini_section *section, struct err *err)
{
	const char *names[NAMES_MAX];
	const char *nearest = NULL;
	size_t count = 0;

	for (; count < known->section_count && count < NAMES_MAX; count++)
		names[count] = known->sections[count].name;
	nearest = nearest_word(section->name, names, count);
	(void)err_set(err, ERR_CONFIG, "%s line %d: there is no section [%s]", path,
	    section->line, section->name);
	return nearest ? err_hint(err, "did you mean [%s]?", nearest) : false;
}

static bool
unknown_key(const struct ini_section *known, const char *path, const struct ini_key *key,
    struct err *err)
{
	const char *names[NAMES_MAX];
	const char *nearest = NULL;
	size_t count = 0;

	for (; count < known->key_count && count < NAMES_MAX; count++)
		names[count] = known->keys[count].name;
	nearest = nearest_word(key->name, names, count);
	(void)err_set(err, ERR_CONFIG, "%s line %d: [%s] has no '%s'", path, key->line,
	    known->name, key->written);
	return nearest ? err_hint(err, "did you mean %s?", nearest) : false;
}

static bool
check_rule(const char *path, const struct ini_section *section, const struct ini_key *key,
    struct err *err)
{
	if (strcmp(section->name, "plural") != 0 || wording_is_rule(key->value))
		return true;
	(void)err_set(err, ERR_CONFIG, "%s line %d: there is no plural rule '%s'", path,
	    key->line, key->value);
	return err_hint(err, "there are: %s", wording_rules());
}

static bool
check_section(const struct ini *known, const char *path,
    const struct ini_section *section, struct err *err)
{
	const struct ini_section *twin = find_section(known, section->name);

	if (!twin)
		return unknown_section(known, path, section, err);
	for (size_t i = 0; i < section->key_count; i++) {
		const struct ini_key *key = &section->keys[i];

		if (!ini_find(twin, key->name) && !is_plural_form(twin, key->name) &&
		    !is_element(twin, key->name))
			return unknown_key(twin, path, key, err);
		if (!check_rule(path, section, key, err))
			return false;
	}
	return true;
}

bool
template_check_words(struct arena *a, const char *path, const char *text,
    const char *name, struct err *err)
{
	const struct embedded_file *f =
	    embedded_find(arena_printf(a, "%s%s", english, name));
	struct ini known = { 0 };
	struct ini theirs = { 0 };

	if (!f)
		return err_set(err, ERR_BUG, "%s is not built in", name);
	if (!ini_parse(a, f->name, f->text, f->len, false, &known, err) ||
	    !ini_parse(a, path, text, strlen(text), false, &theirs, err))
		return false;
	for (size_t i = 0; i < theirs.section_count; i++) {
		if (!check_section(&known, path, &theirs.sections[i], err))
			return false;
	}
	return true;
}

/* ---- names of files ---- */

/* Notes for people may lie beside the templates. */
static bool
looks_like_template(const char *name)
{
	static const char *const endings[] = { ".html", ".txt", ".ini", ".css" };
	const char *end = strrchr(name, '.');

	for (size_t i = 0; end && i < ARRAY_LEN(endings); i++) {
		if (strcmp(end, endings[i]) == 0)
			return *name != '.' && !ascii_starts_nocase(name, "readme");
	}
	return false;
}

static size_t
built_in_names(const char *names[NAMES_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < embedded_count && count < NAMES_MAX; i++) {
		if (strncmp(embedded_files[i].name, english, sizeof(english) - 1) == 0)
			names[count++] = embedded_files[i].name + sizeof(english) - 1;
	}
	return count;
}

static bool
check_name(const char *dir, const char *name, const char *const *names, size_t count,
    struct err *err)
{
	const char *nearest = NULL;

	if (!looks_like_template(name))
		return true;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(names[i], name) == 0)
			return true;
	}
	nearest = nearest_word(name, names, count);
	(void)err_set(err, ERR_CONFIG, "%s/%s: no template is called so", dir, name);
	return nearest ? err_hint(err, "did you mean %s?", nearest) : false;
}

bool
template_check_dir(const char *dir, struct err *err)
{
	const char *names[NAMES_MAX];
	const size_t count = built_in_names(names);
	DIR *d = opendir(dir);
	const struct dirent *entry = NULL;
	bool ok = true;

	/* A folder of the language that is not there says nothing. */
	while (d && ok && (entry = readdir(d)))
		ok = check_name(dir, entry->d_name, names, count, err);
	if (d)
		closedir(d);
	return ok;
}
