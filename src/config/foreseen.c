/* SPDX-License-Identifier: ISC */
/*
 * Settings of versions to come.  A file that is written for them is read with a warning for
 * each, since whoever shares one file among machines, or goes back a version, is better served
 * by letters than by an error; what they ask for does not happen, and that is what is told.
 */
#include <string.h>

#include "config/settings.h"

static const struct {
	const char *section, *names; /* names: each between blanks */
} foreseen[] = {
	/* clang-format off */
	{ "health", " failing_after follow_permanent letter " },
	{ "digest", " weekly_day duplicates " },
	{ "approval", " hold editors preview_at if_late " },
	{ "transport", " redirect_to " },
	{ "smtp", " pin per_hour per_domain dkim_selector dkim_key_file " },
	{ "list", " optin confirm_within remind forget_pending welcome goodbye defaults " },
	{ "limits", " mails_per_address asks_per_network asks_total min_fill_time honeypot"
	            " mx_check blocked_domains " },
	{ "web", " listen trusted_proxy archive archive_dir archive_full robots terms css " },
	{ "bounce", " address source hard_limit soft_limit complaint stale_after " },
	{ "privacy", " track_opens track_clicks keep_consent log_addresses " },
	{ "log", " metrics_file " },
};
/* clang-format on */

bool
setting_is_foreseen(const char *section, const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(foreseen); i++) {
		const char *at = NULL;

		if (strcmp(foreseen[i].section, section) != 0)
			continue;
		if (!name)
			return true;
		at = strstr(foreseen[i].names, name);
		return *name && at && at[-1] == ' ' && at[strlen(name)] == ' ';
	}
	return false;
}
