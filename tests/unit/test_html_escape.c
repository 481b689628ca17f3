/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "format/html_escape.h"
#include "unit/guarded.h"

static const struct {
	const char *name, *text;
	enum html_quotes quotes;
	const char *want;
} cases[] = {
	{ "nothing", "", HTML_ALL_QUOTES, "" },
	{ "plain", "Grüße, 5", HTML_ALL_QUOTES, "Grüße, 5" },
	{ "text", "a<b> & \"c\" 'd'", HTML_KEEP_QUOTES, "a&lt;b&gt; &amp; \"c\" 'd'" },
	{ "attribute", "<\"'>", HTML_DOUBLE_QUOTES, "&lt;&quot;'&gt;" },
	{ "anywhere", "<\"'>", HTML_ALL_QUOTES, "&lt;&quot;&#39;&gt;" },
	{ "escaped twice", "&amp;", HTML_KEEP_QUOTES, "&amp;amp;" },
};

static void
markup_becomes_references(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf b = BUF_INIT(100);

		html_escape(&b, guarded(cases[i].text, strlen(cases[i].text)),
		    strlen(cases[i].text), cases[i].quotes);
		if (strcmp(buf_text(&b), cases[i].want) != 0)
			fail_msg("%s: got %s, want %s", cases[i].name, buf_text(&b),
			    cases[i].want);
		buf_clear(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(markup_becomes_references),
	};

	return cmocka_run_group_tests_name("html_escape", tests, NULL, NULL);
}
