/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "mail/address.h"

#define TEN "aaaaaaaaaa"
#define SIXTY TEN TEN TEN TEN TEN TEN
/* 64 + @ + 63.63.61 = 254 octets */
#define LOCAL64 SIXTY "aaaa"
#define LABEL63 SIXTY "aaa"
/* 240 octets: with ".xn--bcher-kva" it is 254 too */
#define OCTETS240 LOCAL64 "@" LABEL63 "." LABEL63 "." TEN TEN TEN TEN "aaaaaaa"
#define LONGEST LOCAL64 "@" LABEL63 "." LABEL63 "." SIXTY "b"

static void
expect(const char *name, const char *got, const char *want)
{
	if (!got || strcmp(got, want) != 0)
		fail_msg("%s: got \"%s\", want \"%s\"", name, got ? got : "(null)", want);
}

/* want NULL: refused, and why tells. */
static const struct {
	const char *name, *text, *want, *why;
} checks[] = {
	/* clang-format off */
	{ "plain", "ann@example.org", "ann@example.org", NULL },
	{ "domain to lower case", "Ann.B@Example.ORG", "Ann.B@example.org", NULL },
	{ "plus", "a+b-c_d@mail.example.co.uk", "a+b-c_d@mail.example.co.uk", NULL },
	{ "all of atext", "!#$%&'*+-/=?^_`{|}~@x.org", "!#$%&'*+-/=?^_`{|}~@x.org", NULL },
	{ "64 octets before, dots", "a." TEN TEN TEN TEN TEN TEN "aa@x.org",
	    "a." TEN TEN TEN TEN TEN TEN "aa@x.org", NULL },
	{ "a label of 63", "a@" LABEL63 ".org", "a@" LABEL63 ".org", NULL },
	{ "own machine", "root@localhost", "root@localhost", NULL },
	{ "digits in the domain", "a@1-2.3com.org", "a@1-2.3com.org", NULL },
	{ "international domain", "a@b\xC3\xBC" "cher.example", "a@xn--bcher-kva.example", NULL },
	{ "international domain, capitals", "a@B\xC3\x9C" "CHER.example",
	    "a@xn--bcher-kva.example", NULL },
	{ "UTF-8 local part", "d\xC3\xB6rte@example.org", "d\xC3\xB6rte@example.org", NULL },
	{ "254 octets", LONGEST, LONGEST, NULL },
	{ "254 octets as A-label", OCTETS240 ".b\xC3\xBC" "cher", OCTETS240 ".xn--bcher-kva", NULL },

	{ "nothing", "", NULL, "no address" },
	{ "255 octets", LONGEST "b", NULL, "longer than 254 octets" },
	{ "255 octets as A-label", OCTETS240 "a.b\xC3\xBC" "cher", NULL, "longer than 254 octets" },
	{ "a domain of 253 octets as A-label", "a@" LABEL63 "." LABEL63 "." LABEL63 "." TEN TEN TEN TEN
	    "aaaaaaa.b\xC3\xBC" "cher", NULL, "longer than 254 octets" },
	{ "no at", "ann.example.org", NULL, "there is no @ in it" },
	{ "two at", "ann@bob@example.org", NULL, "'@' before the @" },
	{ "no local part", "@example.org", NULL, "nothing before the @" },
	{ "65 octets before", LOCAL64 "a@example.org", NULL, "more than 64 octets before the @" },
	{ "first dot", ".a@example.org", NULL, "misplaced dot before the @" },
	{ "last dot", "a.@example.org", NULL, "misplaced dot before the @" },
	{ "two dots", "a..b@example.org", NULL, "misplaced dot before the @" },
	{ "comma", "a,b@example.org", NULL, "',' before the @" },
	{ "colon", "a:b@example.org", NULL, "':' before the @" },
	{ "backslash", "a\\b@example.org", NULL, "'\\' before the @" },
	{ "quoted", "\"a\"@example.org", NULL, "'\"' before the @" },
	{ "no domain", "ann@", NULL, "domain: nothing after the @" },
	{ "no dot in the domain", "ann@example", NULL, "domain: no dot in \"example\"" },
	{ "dot at the end", "ann@example.org.", NULL, "domain: misplaced dot" },
	{ "dots in the domain", "ann@example..org", NULL, "domain: misplaced dot" },
	{ "hyphen first", "ann@-example.org", NULL, "domain: misplaced hyphen" },
	{ "hyphen last", "ann@example-.org", NULL, "domain: misplaced hyphen" },
	{ "underscore", "ann@exa_mple.org", NULL, "domain: '_' is not allowed" },
	{ "long label", "a@" LABEL63 "a.org", NULL, "domain: a label of more than 63 octets" },
	{ "capitals and a number", "ann@Example.1", NULL, "domain: a number, not a name" },
	{ "number for a domain", "ann@192.0.2.1", NULL, "domain: a number, not a name" },
	{ "domain literal", "ann@[192.0.2.1]", NULL, "bracket '['" },
	{ "comment", "ann(x)@example.org", NULL, "bracket '('" },

	{ "CRLF and a command", "a@b.org\r\nRCPT TO:<x@y.org>", NULL, "control character" },
	{ "CRLF before the at", "a\r\nDATA\r\n@b.org", NULL, "control character" },
	{ "lone CR", "a@b.org\r", NULL, "control character" },
	{ "lone LF", "a@b.org\n", NULL, "control character" },
	{ "tab", "a\t@b.org", NULL, "control character" },
	{ "delete", "a\x7F@b.org", NULL, "control character" },
	{ "escape", "a\x1B[2J@b.org", NULL, "control character" },
	{ "next line, U+0085", "a\xC2\x85@b.org", NULL, "control character" },
	{ "end of the bracket", "a@b.org> SIZE=1 <x@y.org", NULL, "bracket '>'" },
	{ "bracket alone", "a>@b.org", NULL, "bracket '>'" },
	{ "blank", "a b@c.org", NULL, "blank inside" },
	{ "parameter", "a@b.org NOTIFY=NEVER", NULL, "blank inside" },
	{ "600 octets", SIXTY SIXTY SIXTY SIXTY SIXTY SIXTY SIXTY SIXTY SIXTY SIXTY "@x.org",
	    NULL, "longer than 254 octets" },
	{ "ill-formed UTF-8", "a\xC3@b.org", NULL, "not UTF-8" },
	{ "overlong line feed", "a\xC0\x8A@b.org", NULL, "not UTF-8" },
	{ "zero width blank", "ann\xE2\x80\x8B@b.org", NULL, "invisible character U+200B" },
	{ "soft hyphen in the domain", "ann@b\xC2\xAD.org", NULL, "invisible character U+00AD" },
	{ "text turned round", "\xE2\x80\xAE" "ann@b.org", NULL, "invisible character U+202E" },
	{ "byte order mark", "\xEF\xBB\xBF" "ann@b.org", NULL, "invisible character U+FEFF" },
	{ "tag", "ann\xF3\xA0\x80\xA1@b.org", NULL, "invisible character U+E0021" },
	{ "no-break blank", "ann\xC2\xA0@b.org", NULL, "blank inside" },
	{ "full-width at", "a\xEF\xBC\xA0" "b.org", NULL, "there is no @ in it" },
};
/* clang-format on */

static void
an_address_is_strict_and_canonical(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(checks); i++) {
		struct arena *a = arena_new();
		struct err err = ERR_INIT;
		const char *out = "untouched";
		bool ok = address_check(a, checks[i].text, &out, &err);

		if (ok != (checks[i].want != NULL))
			fail_msg("%s: got %d (%s)", checks[i].name, ok, err.text);
		if (ok) {
			expect(checks[i].name, out, checks[i].want);
		} else {
			expect(checks[i].name, err.text, checks[i].why);
			assert_int_equal(err.kind, ERR_INPUT);
			assert_null(out);
		}
		arena_free(a);
	}
}

static const struct {
	const char *name, *text, *display, *address; /* address NULL: refused */
} mailboxes[] = {
	{ "bare", "a@b.org", NULL, "a@b.org" },
	{ "bare with blanks around", "  a@b.org ", NULL, "a@b.org" },
	{ "brackets only", "<a@b.org>", NULL, "a@b.org" },
	{ "name", "Planet X <a@b.org>", "Planet X", "a@b.org" },
	{ "name without a blank", "Planet<a@b.org>", "Planet", "a@b.org" },
	{ "many blanks", "Planet   X  <a@b.org>", "Planet X", "a@b.org" },
	{ "quoted", "\"a, b\" <c@d.org>", "a, b", "c@d.org" },
	{ "quoted, nothing between", "\"a\"<c@d.org>", "a", "c@d.org" },
	{ "quotes within", "\"a \\\"b\\\" \\\\c\" <c@d.org>", "a \"b\" \\c", "c@d.org" },
	{ "bracket in quotes", "\"a <x@y.org>\" <c@d.org>", "a <x@y.org>", "c@d.org" },
	{ "empty quotes", "\"\" <c@d.org>", NULL, "c@d.org" },
	{ "UTF-8", "Plan\xC3\xA8te <c@d.org>", "Plan\xC3\xA8te", "c@d.org" },
	{ "two", "a@b.org, c@d.org", NULL, NULL },
	{ "two with names", "A <a@b.org>, C <c@d.org>", NULL, NULL },
	{ "no end of quotes", "\"a <c@d.org>", NULL, NULL },
	{ "no end of bracket", "a <c@d.org", NULL, NULL },
	{ "quoted name alone", "\"a\"", NULL, NULL },
	{ "nothing in brackets", "a <>", NULL, NULL },
	{ "line break in the name", "A\r\nBcc: x@y.org <a@b.org>", NULL, NULL },
	{ "line break in quotes", "\"A\nB\" <a@b.org>", NULL, NULL },
	{ "line break in brackets", "A <a@b.org\r\n>", NULL, NULL },
	{ "nothing", "", NULL, NULL },
};

static void
a_mailbox_is_a_name_and_an_address(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(mailboxes); i++) {
		struct arena *a = arena_new();
		struct err err = ERR_INIT;
		struct mailbox m = { "x", "y" };
		bool ok = mailbox_parse(a, mailboxes[i].text, &m, &err);

		if (ok != (mailboxes[i].address != NULL))
			fail_msg("%s: got %d (%s)", mailboxes[i].name, ok, err.text);
		if (mailboxes[i].address)
			expect(mailboxes[i].name, m.address, mailboxes[i].address);
		else
			assert_null(m.address);
		if (mailboxes[i].display)
			expect(mailboxes[i].name, m.name, mailboxes[i].display);
		else
			assert_null(m.name);
		arena_free(a);
	}
}

static void
small_questions_have_answers(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	assert_true(address_is_ascii("a@b.org"));
	assert_false(address_is_ascii("\xC3\xA4@b.org"));
	assert_true(address_is_plain("ann+b-1@x-y.example.org"));
	assert_false(address_is_plain("ann@Example.org")); /* would be another */
	assert_false(address_is_plain("ann@example.org\r\nRCPT TO:<b@c.org>"));
	assert_false(address_is_plain("ann@example.org "));
	assert_false(address_is_plain("a>b@example.org"));
	assert_false(address_is_plain("ann@example"));
	assert_false(address_is_plain(""));
	expect("key", address_key(a, "Ann@example.org"), "ann@example.org");
	expect("key of capitals beyond ASCII", address_key(a, "ANDR\xC3\x89@b.org"),
	    "andr\xC3\xA9@b.org");
	expect("key of an accent apart", address_key(a, "andre\xCC\x81@b.org"),
	    "andr\xC3\xA9@b.org");
	expect("key of wide letters", address_key(a, "\xEF\xBC\xA1nn@b.org"),
	    "ann@b.org");
	expect("domain", address_domain("ann@example.org"), "example.org");
	expect("veiled", address_veiled(a, "ann@example.org"), "a...@example.org");
	expect("veiled UTF-8", address_veiled(a, "\xC3\xA4rne@b.org"),
	    "\xC3\xA4...@b.org");
	expect("plus", address_plus(a, "planet@example.net", "b-17"),
	    "planet+b-17@example.net");
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_is_strict_and_canonical),
		cmocka_unit_test(a_mailbox_is_a_name_and_an_address),
		cmocka_unit_test(small_questions_have_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
