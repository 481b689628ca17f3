/* SPDX-License-Identifier: ISC */
/* dkim key: a key that letters are signed with, and the record that goes into the DNS. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "cmd/cmd.h"
#include "cmd/file_address.h"
#include "cmd/table.h"
#include "flow/dkim_keys.h"

enum {
	RECORD_MAX = 4096,
	STRING_MAX = 255 /* RFC 1035 3.3: of a string in a TXT record */
};

static const struct column columns[] = {
	{ "name", COLUMN_TEXT, false, "of the record in the DNS" },
	{ "type", COLUMN_TEXT, false, "TXT" },
	{ "value", COLUMN_TEXT, false, "the record, as one string" },
	{ "file", COLUMN_TEXT, true, "where the private key is" },
	{ "algorithm", COLUMN_TEXT, true, "rsa-sha256 or ed25519-sha256" },
	{ "made", COLUMN_TEXT, true, "yes when the key was made now" },
};

struct signing {
	const char *selector, *domain, *path;
	struct dkim_key *key;
	bool made;
};

/* The selector of --selector, of the settings, or the year's. */
static bool
choose_selector(struct app *app, const struct args *args,
    const struct dkim_places *places, struct signing *s, struct err *err)
{
	char year[CLOCK_TEXT];

	s->selector = args_value(args, "selector");
	if (!s->selector && places->count > 0)
		s->selector = places->selectors[0];
	if (!s->selector)
		s->selector = arena_printf(app->run.arena, "s%.4s",
		    clock_rfc3339(app->run.now, year));
	return dkim_selector_is_one(s->selector) ||
	    err_set(err, ERR_USAGE,
		"--selector %s: letters, digits and hyphens, with dots between",
		s->selector);
}

/* The key of a selector in the settings, or NULL. */
static const char *
file_of(const struct dkim_places *places, const char *selector)
{
	for (size_t i = 0; i < places->count; i++)
		if (strcmp(places->selectors[i], selector) == 0 && places->files[i])
			return places->files[i];
	return NULL;
}

/* The file that is named, that of the settings, or one beside the database. */
static void
choose_path(struct app *app, const struct args *args, const struct dkim_places *places,
    struct signing *s)
{
	s->path = args->word_count > 0 ? cmd_whole_path(app, args->words[0])
				       : file_of(places, s->selector);
	if (!s->path)
		s->path = arena_printf(app->run.arena, "%s/dkim-%s.pem",
		    app->settings.state_dir, s->selector);
}

/* A key is made only where none is: one in use is never written over. */
static bool
make_key(struct app *app, const struct args *args, struct signing *s, struct err *err)
{
	struct buf pem = BUF_INIT(DKIM_KEY_FILE_MAX);
	bool ok = dkim_key_make(args_has(args, "ed25519") ? DKIM_ED25519_SHA256
							  : DKIM_RSA_SHA256,
	    &pem, err);

	/* Root makes it for who runs the service. */
	if (ok && args->word_count == 0)
		ok = session_become_owner(app, err) &&
		    file_make_dirs(app->settings.state_dir, 0700, err);
	if (ok && !app->run.dry_run)
		ok = file_create(s->path, pem.data, pem.len, 0600, err);
	if (ok) {
		s->key = dkim_key_read(pem.data, pem.len, err);
		ok = s->key != NULL;
	}
	s->made = ok;
	buf_clear(&pem);
	return ok;
}

static bool
find_key(struct app *app, const struct args *args, struct signing *s, struct err *err)
{
	const bool ed25519 = args_has(args, "ed25519");

	if (!file_exists(s->path))
		return make_key(app, args, s, err);
	if (!flow_dkim_key(s->path, &s->key, err))
		return false;
	if (!ed25519 || dkim_key_algorithm(s->key) == DKIM_ED25519_SHA256)
		return true;
	(void)err_set(err, ERR_INPUT, "%s is there, and an RSA key", s->path);
	return err_hint(err, "another file, and another --selector");
}

static const char *
algorithm_word(const struct signing *s)
{
	return dkim_key_algorithm(s->key) == DKIM_RSA_SHA256 ? "rsa-sha256"
							     : "ed25519-sha256";
}

/* As a zone file has it: strings of 255 octets at most. */
static void
print_zone(const char *name, const char *record)
{
	printf("%s. IN TXT (", name);
	while (*record != '\0') {
		const size_t len = strnlen(record, STRING_MAX);

		printf("\n  \"%.*s\"", (int)len, record);
		record += len;
	}
	printf(" )\n");
}

/* What two signatures need: the selectors and files that are set, and this one. */
static void
print_settings(const struct dkim_places *places, const struct signing *s)
{
	if (file_of(places, s->selector))
		return;
	printf(
	    "\nWhen the record can be seen in the DNS, letters are signed with\n\n[smtp]\n"
	    "dkim_selector =");
	for (size_t i = 0; i < places->count; i++)
		if (places->files[i])
			printf(" %s", places->selectors[i]);
	printf(" %s\ndkim_key_file =", s->selector);
	for (size_t i = 0; i < places->count; i++)
		if (places->files[i])
			printf(" %s", places->files[i]);
	printf(" %s\n", s->path);
}

static bool
print_row(struct app *app, const struct signing *s, const char *name, const char *record,
    struct err *err)
{
	struct table t;

	if (!table_begin(&t, app, "records", columns, ARRAY_LEN(columns), err))
		return false;
	table_text(&t, name);
	table_text(&t, "TXT");
	table_text(&t, record);
	table_text(&t, s->path);
	table_text(&t, algorithm_word(s));
	table_text(&t, s->made ? "yes" : "no");
	table_row(&t);
	table_end(&t);
	return true;
}

static bool
print_key(struct app *app, const struct dkim_places *places, const struct signing *s,
    struct err *err)
{
	struct buf record = BUF_INIT(RECORD_MAX);
	const char *name =
	    arena_printf(app->run.arena, "%s._domainkey.%s", s->selector, s->domain);
	bool ok = true;

	if (!dkim_record(s->key, &record)) {
		ok = err_set(err, ERR_INPUT, "%s has no public half", s->path);
	} else if (app->json || app->plain) {
		ok = print_row(app, s, name, buf_text(&record), err);
	} else {
		printf("%s%s   %s\n\n",
		    !s->made               ? "Kept    "
			: app->run.dry_run ? "Dry run "
					   : "Made    ",
		    s->path, algorithm_word(s));
		print_zone(name, buf_text(&record));
		print_settings(places, s);
	}
	buf_clear(&record);
	return ok;
}

static bool
run_key(struct app *app, const struct args *args, struct err *err)
{
	struct dkim_places places;
	struct signing s = { .key = NULL };

	if (table_lists_fields(app, columns, ARRAY_LEN(columns)))
		return true;
	if (!flow_dkim_places(&app->run, &places, err) ||
	    !flow_dkim_domain(&app->run, &s.domain, err) ||
	    !choose_selector(app, args, &places, &s, err))
		return false;
	choose_path(app, args, &places, &s);
	const bool ok = find_key(app, args, &s, err) && print_key(app, &places, &s, err);
	dkim_key_free(s.key);
	return ok;
}

static const struct cmd_option key_options[] = {
	{ "selector", '\0', "NAME",
	    "its name in the DNS; else that of the settings, or sYEAR" },
	{ "ed25519", '\0', NULL,
	    "a short key, beside an RSA one: not all receivers read it" },
	{ NULL, '\0', NULL, NULL }
};

static const struct command subcommands[] = {
	{ .name = "key",
	    .json = JSON_OWN,
	    .usage = "dkim key [--selector NAME] [--ed25519] [FILE]",
	    .summary = "make a key that letters are signed with; print its DNS record",
	    .details =
		"The key is RSA of 2048 bits; its file, mode 0600, is smtp.dkim_key_file or one\n"
		"in the data directory.  One that is there is kept, and its record printed.",
	    .options = key_options,
	    .words = { 0, 1 },
	    .need = NEED_SETTINGS,
	    .run = run_key },
	{ .name = NULL },
};

const struct command cmd_dkim = {
	.name = "dkim",
	.group = "Upkeep",
	.usage = "dkim key",
	.summary = "the signature of letters",
	.subcommands = subcommands,
};
