/* SPDX-License-Identifier: ISC */
#include "config/relays.h"

#include <string.h>

#include "base/attr.h"
#include "base/text.h"
#include "config/option_checks.h"
#include "config/option_value.h"

static const char prefix[] = "relay";

/* What one server has for itself; the other keys of [smtp] are for all of them. */
static const char *const own_keys[] = { "host", "port", "security", "user", "password",
	"password_file", "password_command", "auth", "helo", "ca_file", "pin", "dane",
	"connections", "per_connection", "rate", "per_hour", "per_domain", "share",
	"domains", "timeout" };

bool
relay_section_is_one(const char *section)
{
	const size_t len = sizeof(prefix) - 1;

	return strncmp(section, prefix, len) == 0 &&
	    (section[len] == '\0' || section[len] == ' ');
}

bool
relay_has_option(const struct option *o)
{
	return strcmp(o->section, "smtp") == 0 &&
	    text_is_among(o->name, own_keys, ARRAY_LEN(own_keys));
}

static struct relay_options *
find_or_add(struct arena *a, struct settings *s, const char *name, const char *path)
{
	struct config *c = &s->config;
	struct config initial = *c;

	for (size_t i = 0; i < c->relay_count; i++)
		if (strcmp(c->relays[i].name, name) == 0)
			return &c->relays[i];
	if (c->relay_count == RELAYS_MAX)
		return NULL;
	for (size_t i = 0; i < option_count; i++)
		if (strcmp(options[i].section, "smtp") == 0 &&
		    !option_read(&options[i], options[i].initial, &initial))
			return NULL;
	c->relays = arena_grow_list(a, c->relays, c->relay_count, sizeof(*c->relays));
	struct relay_options *r = &c->relays[c->relay_count++];
	*r = (struct relay_options){ name, initial.smtp, path };
	return r;
}

static bool
refuse_key(const struct ini_section *section, const struct ini_key *key, const char *path,
    struct err *err)
{
	const bool is_general = option_find("smtp", key->name) != NULL;

	(void)err_set(err, ERR_CONFIG,
	    is_general ? "'%s' in [%s] is a setting for all servers, %s line %d"
		       : "unknown key '%s' in [%s], %s line %d",
	    key->written, section->name, path, key->line);
	return err_hint(err,
	    is_general ? "it belongs to [smtp]"
		       : "a relay has the keys of [smtp]: planetpost help config");
}

static bool
read_key(struct arena *a, struct settings *s, struct relay_options *r, const char *path,
    const struct ini_section *section, const struct ini_key *key, struct err *err)
{
	const struct option *o = option_find("smtp", key->name);
	const char *value = arena_strdup(a, key->value);
	const char *wanted = NULL;
	struct config c = s->config;

	if (!o || !relay_has_option(o))
		return refuse_key(section, key, path, err);
	c.smtp = r->smtp;
	if (!settings_value(a, s, o, path, value, &c, &wanted))
		return option_refuse(o, value, wanted,
		    &(struct option_place){ key->written, section->name, path,
			key->line },
		    err);
	r->smtp = c.smtp;
	return true;
}

bool
relay_section_read(struct arena *a, struct settings *s, const char *path,
    const struct ini_section *section, struct err *err)
{
	const char *name = section->name + sizeof(prefix) - 1;

	name += strspn(name, " ");
	for (const char *p = name; *p != '\0'; p++)
		if (!ascii_is_alphanumeric((unsigned char)*p) && *p != '-' && *p != '_')
			return err_set(err, ERR_CONFIG,
			    "[%s]: a relay's name has letters, digits and hyphens, %s "
			    "line %d",
			    section->name, path, section->line);
	struct relay_options *r =
	    *name != '\0' ? find_or_add(a, s, arena_strdup(a, name), path) : NULL;
	if (!r)
		return err_set(err, ERR_CONFIG,
		    *name == '\0' ? "[relay] wants a name: [relay NAME], %s line %d"
				  : "more relays than there may be, %s line %d",
		    path, section->line);
	for (size_t i = 0; i < section->key_count; i++)
		if (!read_key(a, s, r, path, section, &section->keys[i], err))
			return false;
	return true;
}

size_t
relay_count(const struct config *c)
{
	return c->relay_count == 0 ? 1 : c->relay_count + c->smtp_is_relay;
}

void
relay_config(const struct config *c, size_t i, struct config *out, const char **name)
{
	const size_t before = c->relay_count == 0 || c->smtp_is_relay ? 1 : 0;

	*out = *c;
	*name = "";
	if (i < before)
		return;
	out->smtp = c->relays[i - before].smtp;
	out->smtp.quiet_hours = c->smtp.quiet_hours;
	out->smtp.retry = c->smtp.retry;
	out->smtp.verp = c->smtp.verp;
	out->smtp.dkim_selector = c->smtp.dkim_selector;
	out->smtp.dkim_key_file = c->smtp.dkim_key_file;
	*name = c->relays[i - before].name;
}
