/* SPDX-License-Identifier: ISC */
/* /a/TOKEN: the last step to a new address, opened from a letter that came there. */
#include <string.h>

#include "flow/address_move.h"
#include "mail/address.h"
#include "web/page.h"

static bool
show(struct page *p, const struct address_move *m, bool done, struct err *err)
{
	if (m->answer == ADDRESS_EXPIRED)
		return page_show_plain(p, 200, "page-address-old", err);
	struct template_value *root = page_begin(p, 200);
	template_put_text(root, "address", address_veiled(p->a, m->address));
	template_put_text(root, "when", page_when(p, &m->reader.cadence, err));
	template_put_bool(root, "done", done && m->answer == ADDRESS_MOVES);
	template_put_bool(root, "asks", !done && m->answer == ADDRESS_MOVES);
	template_put_bool(root, "taken", m->answer == ADDRESS_TAKEN);
	template_put_text(root, "from", p->site->from);
	return page_show(p, "page-address", root, err);
}

bool
page_address(struct page *p, struct err *err)
{
	const bool acts = p->request->method == WEB_POST;
	struct address_move m;

	if (acts) {
		if (!flow_address_confirm(&p->run, &p->token, &m, err))
			return false;
		p->answer->wakes = true;
	} else if (!flow_address_look(&p->run, &p->token, &m, err)) {
		return false;
	}
	return show(p, &m, acts, err);
}
