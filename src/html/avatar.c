/* SPDX-License-Identifier: ISC */
#include "html/avatar.h"

#include <string.h>

#include "base/text.h"

/* Ends of hosts with the beginning of the path: the whole folder holds faces. */
static const char *const faces[] = {
	"gravatar.com/avatar/", "libravatar.org/avatar/",
	"avatars.githubusercontent.com/u/", "cdn.bsky.app/img/avatar",
	"pbs.twimg.com/profile_images/", "yt3.ggpht.com/",
	"/accounts/avatars/", /* Mastodon */
	"/user_avatar/",      /* Discourse */
};

bool
avatar_is_address(const char *address)
{
	const char *host = strstr(address, "://");
	const size_t len = host ? strcspn(host, "?#") : 0;

	for (size_t i = 0; host && i < ARRAY_LEN(faces); i++) {
		const char *found = ascii_find_nocase(host, faces[i]);

		/* Addresses may hold others as parameters. */
		if (found && (size_t)(found - host) < len)
			return true;
	}
	return false;
}
