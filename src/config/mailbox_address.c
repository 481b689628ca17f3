/* SPDX-License-Identifier: ISC */
#include "config/mailbox_address.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"

static const char maildir[] = "maildir:";
static const char mbox[] = "mbox:";

bool
mailbox_address_is(const char *text)
{
	return ascii_starts_nocase(text, maildir) || ascii_starts_nocase(text, mbox);
}

static bool
refuse(const char *text, const char *why, struct err *err)
{
	(void)err_set(err, ERR_CONFIG, "'%.*s' %s", LIMIT_ADDRESS, text, why);
	return err_hint(err,
	    "maildir:/PATH?list=ID with the ID of the newsletter's List-Id, or mbox:/PATH?...");
}

static const char *
lower(struct arena *a, const char *text)
{
	size_t len = strlen(text);

	ascii_trim(&text, &len);
	if (len > 1 && text[0] == '<' && text[len - 1] == '>') {
		text++;
		len -= 2;
	}
	char *copy = arena_strndup(a, text, len);
	for (char *p = copy; *p; p++)
		*p = (char)ascii_lower((unsigned char)*p);
	return *copy && !strpbrk(copy, " \t<>\"") ? copy : NULL;
}

bool
mailbox_address_read(struct arena *a, const char *text, struct mailbox_address *out,
    struct err *err)
{
	const char *path = strchr(text, ':');
	const char *query = path ? strrchr(path, '?') : NULL;

	memset(out, 0, sizeof(*out));
	if (!path || !mailbox_address_is(text))
		return refuse(text, "is no address of a mailbox", err);
	out->is_mbox = ascii_starts_nocase(text, mbox);
	path++;
	/* maildir:///PATH is written too. */
	while (path[0] == '/' && path[1] == '/')
		path++;
	if (*path != '/' || strlen(path) >= LIMIT_PATH)
		return refuse(text, "needs the whole path of a mailbox", err);
	if (query && ascii_starts_nocase(query, "?list="))
		out->list = lower(a, query + 6);
	else if (query && ascii_starts_nocase(query, "?from="))
		out->from = lower(a, query + 6);
	if (!out->list && !out->from)
		return refuse(text, "does not say which newsletter", err);
	out->path = arena_strndup(a, path, (size_t)(query - path));
	return *out->path != '\0' || refuse(text, "names no mailbox", err);
}
