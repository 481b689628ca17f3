/* SPDX-License-Identifier: ISC */
/* /privacy: made from the settings that are in force, so that it says what is done. */
#include "base/text.h"
#include "web/page.h"

enum { DAY = 86400 };

/* "90 days". */
static const char *
days(struct page *p, int64_t seconds, struct err *err)
{
	return page_count(p, "days", (seconds + DAY - 1) / DAY, err);
}

bool
page_privacy(struct page *p, struct err *err)
{
	const struct config *c = p->run.config;
	struct template_value *root = page_begin(p, 200);

	template_put_bool(root, "at_privacy", true);
	template_put_text(root, "postal_address", c->newsletter.postal_address);
	template_put_text(root, "keep_letters", days(p, c->database.keep_letters, err));
	template_put_text(root, "forget_asks", days(p, c->list.forget_pending, err));
	/* The number 0 is no reason to leave a section out. */
	template_put_text(root, "backups",
	    text_is_set(c->database.backup_dir) && c->database.backup_keep > 0
		? arena_printf(p->a, "%lld", (long long)c->database.backup_keep)
		: "");
	template_put_bool(root, "shows_pictures", c->digest.images == IMAGES_REMOTE);
	template_put_bool(root, "names_readers", c->smtp.verp);
	return page_show(p, "page-privacy", root, err);
}
