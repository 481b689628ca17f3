/* SPDX-License-Identifier: ISC */
#include "flow/dkim_keys.h"

#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/text.h"
#include "flow/context.h"
#include "mail/address.h"

static bool
read_selectors(struct run *run, struct dkim_places *out, struct err *err)
{
	const char *list = run->config->smtp.dkim_selector;
	const char *word = NULL;

	while ((word = text_next_word(run->arena, &list, " \t")) != NULL) {
		if (out->count == DKIM_KEYS_MAX)
			return err_set(err, ERR_CONFIG,
			    "smtp.dkim_selector: more than %d", DKIM_KEYS_MAX);
		if (!dkim_selector_is_one(word))
			return err_set(err, ERR_CONFIG,
			    "smtp.dkim_selector: %s is no name in the DNS", word);
		out->selectors[out->count++] = word;
	}
	return true;
}

/* A credential has the selector's name; where it is not there, nobody signs with it here. */
static void
find_credentials(struct run *run, struct dkim_places *out)
{
	for (size_t i = 0; run->credentials_dir && i < out->count; i++) {
		const char *path = arena_printf(run->arena, "%s/dkim-%s",
		    run->credentials_dir, out->selectors[i]);

		if (file_exists(path))
			out->files[i] = path;
	}
}

bool
flow_dkim_places(struct run *run, struct dkim_places *out, struct err *err)
{
	const char *list = run->config->smtp.dkim_key_file;
	const char *path = NULL;
	size_t files = 0;

	*out = (struct dkim_places){ .count = 0 };
	if (!read_selectors(run, out, err))
		return false;
	if (*list == '\0') {
		find_credentials(run, out);
		return true;
	}
	while ((path = text_next_word(run->arena, &list, "\n")) != NULL) {
		if (files < out->count)
			out->files[files] = path;
		files++;
	}
	if (files == out->count)
		return true;
	(void)err_set(err, ERR_CONFIG,
	    "smtp.dkim_key_file has %zu and smtp.dkim_selector %zu names", files,
	    out->count);
	return err_hint(err,
	    "each key has its selector: the name of its record in the DNS");
}

bool
flow_dkim_domain(struct run *run, const char **out, struct err *err)
{
	const char *from = run->config->newsletter.from;
	const char *at = NULL;
	struct mailbox box;

	if (*from == '\0')
		return err_set(err, ERR_CONFIG, "newsletter.from is not set");
	if (!mailbox_parse(run->arena, from, &box, err)) {
		err->kind = ERR_CONFIG;
		return err_wrap(err, "newsletter.from");
	}
	at = strrchr(box.address, '@');
	*out = at ? at + 1 : box.address;
	return true;
}

bool
flow_dkim_key(const char *path, struct dkim_key **out, struct err *err)
{
	struct buf b = BUF_INIT(DKIM_KEY_FILE_MAX);
	mode_t mode = 0;

	*out = NULL;
	if (file_is_exposed(path, &mode) && (mode & S_IROTH)) {
		(void)err_set(err, ERR_CONFIG,
		    "%s holds a private key and others can read it (mode %04o)", path,
		    (unsigned)(mode & 07777));
		return err_hint(err, "chmod 640 %s", path);
	}
	if (file_read(path, &b, err)) {
		*out = dkim_key_read(buf_text(&b), b.len, err);
		if (!*out)
			(void)err_wrap(err, "%s", path);
	}
	buf_clear(&b);
	if (!*out)
		err->kind = ERR_CONFIG;
	return *out || err_wrap(err, "smtp.dkim_key_file");
}

bool
flow_dkim_signer(struct run *run, struct dkim_signer *out, struct err *err)
{
	struct dkim_places places;

	*out = (struct dkim_signer){ .count = 0 };
	if (!flow_dkim_places(run, &places, err))
		return false;
	for (size_t i = 0; i < places.count; i++) {
		if (!places.files[i])
			continue;
		if (!flow_dkim_key(places.files[i], &out->keys[out->count].key, err)) {
			flow_dkim_clear(out);
			return false;
		}
		out->keys[out->count++].selector = places.selectors[i];
	}
	if (out->count == 0 || flow_dkim_domain(run, &out->domain, err))
		return true;
	flow_dkim_clear(out);
	return false;
}

void
flow_dkim_clear(struct dkim_signer *s)
{
	for (size_t i = 0; i < s->count; i++)
		dkim_key_free(s->keys[i].key);
	*s = (struct dkim_signer){ .count = 0 };
}
