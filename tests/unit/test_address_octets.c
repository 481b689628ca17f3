/* SPDX-License-Identifier: ISC */
/* Which octets an address may have and where, how long it may be, and what is plain. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/text.h"
#include "mail/address.h"

#define TEN "aaaaaaaaaa"
#define SIXTY TEN TEN TEN TEN TEN TEN
#define LABEL63 SIXTY "aaa"
#define LETTERS "abcdefghijklmnopqrstuvwxyz"
#define CAPITALS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

/* What address_check says of a text: "" when it stands. */
static const char *
said_of(struct arena *a, const char *text)
{
	struct err err = ERR_INIT;
	const char *out = NULL;

	return address_check(a, text, &out, &err) ? "" : arena_strdup(a, err.text);
}

/* RFC 5322 3.2.3: atext; RFC 5890 2.3.1: letters, digits and hyphens. */
static void
each_octet_has_its_places(void **state)
{
	static const char local[] = LETTERS CAPITALS DIGITS "!#$%&'*+-/=?^_`{|}~.";
	static const char domain[] = LETTERS CAPITALS DIGITS "-.";
	static const char brackets[] = "<>[]()";
	struct arena *a = arena_new();

	(void)state;
	for (int c = 1; c < 0x80; c++) {
		const char *here = said_of(a, arena_printf(a, "a%ca@b.org", c));
		const char *there = said_of(a, arena_printf(a, "a@b%cb.org", c));

		if (c < 0x20 || c == 0x7F) {
			assert_string_equal(here, "control character");
			assert_string_equal(there, "control character");
		} else if (strchr(brackets, c)) {
			assert_string_equal(here, arena_printf(a, "bracket '%c'", c));
			assert_string_equal(there, here);
		} else if (c == ' ') {
			assert_string_equal(here, "blank inside");
			assert_string_equal(there, here);
		} else if (c == '@') {
			assert_string_equal(here, "'@' before the @");
		} else {
			assert_string_equal(here,
			    strchr(local, c) ? ""
					     : arena_printf(a, "'%c' before the @", c));
			assert_string_equal(there,
			    strchr(domain, c)
				? ""
				: arena_printf(a, "domain: '%c' is not allowed", c));
		}
	}
	arena_free(a);
}

/* Unicode: blanks are Zs, controls are Cc; on both sides of each range. */
static const struct {
	uint32_t c;
	const char *why;
} letters[] = {
	{ 0x7E, "" },
	{ 0x7F, "control character" },
	{ 0x80, "control character" },
	{ 0x9F, "control character" },
	{ 0xA0, "blank inside" },
	{ 0xA1, "" },
	{ 0x167F, "" },
	{ 0x1680, "blank inside" },
	{ 0x1681, "" },
	{ 0x1FFE, "" },
	{ 0x2000, "blank inside" },
	{ 0x200A, "blank inside" },
	{ 0x2010, "" },
	{ 0x202F, "blank inside" },
	{ 0x2030, "" },
	{ 0x205E, "" },
	{ 0x205F, "blank inside" },
	{ 0x3000, "blank inside" },
	{ 0x3001, "" },
	{ 0x10000, "" },
};

/* One character as UTF-8; in a. */
static const char *
encoded(struct arena *a, uint32_t c)
{
	struct buf b = BUF_INIT(10);
	const char *text = NULL;

	if (c != 0)
		text_encode(&b, c);
	text = arena_strdup(a, buf_text(&b));
	buf_clear(&b);
	return text;
}

static void
letters_beyond_ascii_have_theirs(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(letters); i++) {
		const char *got =
		    said_of(a, arena_printf(a, "a%sa@b.org", encoded(a, letters[i].c)));

		if (strcmp(got, letters[i].why) != 0)
			fail_msg("U+%04X: got \"%s\"", (unsigned)letters[i].c, got);
	}
	arena_free(a);
}

/* address_is_plain: true or false where its comment says so. */
static const struct {
	const char *text;
	bool is_plain;
} plain[] = {
	{ "a@b.c", true },
	{ "a.b.c@d.e.f", true },
	{ "AZaz09_+-@az09-z.az", true },
	{ "-a@b.org", true },
	{ "a-@b.org", true },
	{ "a@b.c-d", true },
	{ "a@b.c1", true },
	{ "a@1.c", true },
	{ "a@b.1c", false },
	{ "a@b", false },
	{ "a@b.", false },
	{ "a@.b", false },
	{ "a@b..c", false },
	{ "a@", false },
	{ "@b.org", false },
	{ ".a@b.org", false },
	{ "a.@b.org", false },
	{ "a..b@c.org", false },
	{ "a.b", false },
	{ "a", false },
	{ "", false },
	{ "a@-b.org", false },
	{ "a@b-.org", false },
	{ "a@b.-org", false },
	{ "a@b.org-", false },
	{ "a@b_c.org", false },
	{ "a@b+c.org", false },
	{ "a@B.org", false },
	{ "a@b.oRg", false },
	{ "a@b@c.org", false },
	{ "a@b.org@", false },
	{ "a@b.org\n", false },
	{ "a b@c.org", false },
	{ "a=b@c.org", false },
	{ "\xC3\xA4@b.org", false },
	/* 64 octets in front of the @, labels of 63, and 254 in all */
	{ SIXTY ".aaa@b.org", true },
	{ SIXTY ".aaaa@b.org", false },
	{ "a@" LABEL63 ".org", true },
	{ "a@" LABEL63 "a.org", false },
	{ "a@b." LABEL63, true },
	{ "a@b." LABEL63 "a", false },
	{ SIXTY ".aaa@" LABEL63 "." LABEL63 "." SIXTY "b", true },
	{ SIXTY ".aaa@" LABEL63 "." LABEL63 "." SIXTY "bb", false },
};

static void
plain_addresses_are_known_at_a_look(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(plain); i++) {
		if (address_is_plain(plain[i].text) != plain[i].is_plain)
			fail_msg("%s: got %d", plain[i].text, !plain[i].is_plain);
		/* What is plain stands the check. */
		if (plain[i].is_plain)
			assert_string_equal(said_of(a, plain[i].text), "");
	}
	arena_free(a);
}

/* Those that are not plain, so that each check is asked. */
static const struct {
	const char *text, *why;
} lengths[] = {
	{ "=" SIXTY "aaa@b.org", "" },
	{ "=" SIXTY "aaaa@b.org", "more than 64 octets before the @" },
	{ "=@" LABEL63 ".org", "" },
	{ "=@" LABEL63 "a.org", "domain: a label of more than 63 octets" },
	{ "=@b." LABEL63, "" },
	{ "=@" LABEL63 "." LABEL63 "." LABEL63 "." SIXTY, "" },
	{ "=@" LABEL63 "." LABEL63 "." LABEL63 "." SIXTY "a", "longer than 254 octets" },
	{ "=@a", "domain: no dot in \"a\"" },
	{ "=@a.", "domain: misplaced dot" },
	{ "=@.a", "domain: misplaced dot" },
	{ "=@a-b.c-d", "" },
	{ "=@-a.b", "domain: misplaced hyphen" },
	{ "=@a-.b", "domain: misplaced hyphen" },
	{ "=@a.-b", "domain: misplaced hyphen" },
	{ "=@a.b-", "domain: misplaced hyphen" },
	{ "=@localhost", "" },
	{ "=@LOCALHOST", "" },
	{ "=@localhosts", "domain: no dot in \"localhosts\"" },
	{ "=@a.1", "domain: a number, not a name" },
	{ "=@a.1b", "" },
	{ "=@1.b", "" },
	{ "=@", "domain: nothing after the @" },
	{ "@", "nothing before the @" },
	{ ".=@b.org", "misplaced dot before the @" },
	{ "=.@b.org", "misplaced dot before the @" },
	{ "=..=@b.org", "misplaced dot before the @" },
	{ "=.=@b.org", "" },
};

static void
each_part_has_its_length(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lengths); i++)
		if (strcmp(said_of(a, lengths[i].text), lengths[i].why) != 0)
			fail_msg("%s: got \"%s\", want \"%s\"", lengths[i].text,
			    said_of(a, lengths[i].text), lengths[i].why);
	arena_free(a);
}

static const struct {
	const char *text, *name, *why; /* why NULL: it stands, at a@b.org */
} mailboxes[] = {
	{ "A\tB <a@b.org>", "A B", NULL },
	{ "\t<a@b.org>\t", NULL, NULL },
	{ "\"A\" \t <a@b.org>", "A", NULL },
	{ "\"A\\\\\" <a@b.org>", "A\\", NULL },
	{ "\"A\\", NULL, "a quotation mark without its partner" },
	{ "\"A\\\"", NULL, "a quotation mark without its partner" },
	{ "\"A <a@b.org>", NULL, "a quotation mark without its partner" },
	{ "\"A\"", NULL, "no <address> after the name" },
	{ "\"A\" B <a@b.org>", NULL, "no <address> after the name" },
	{ "\"A\" a@b.org", NULL, "no <address> after the name" },
	{ "A <a@b.org", NULL, "'<' without '>'" },
	{ "A > <a@b.org", NULL, "'<' without '>'" },
	{ "A <a@b.org> x", NULL, "text after '>'" },
	{ "A <a@b.org>>", NULL, "text after '>'" },
	{ "A <>", NULL, "no address" },
	{ "A\x1F<a@b.org>", NULL, "control character" },
	{ "A\x7F<a@b.org>", NULL, "control character" },
	{ "A\n<a@b.org>", NULL, "control character" },
	{ "A~ <a@b.org>", "A~", NULL },
	{ "\xC3 <a@b.org>", NULL, "not UTF-8" },
	{ "a@b", NULL, "domain: no dot in \"b\"" },
};

static void
what_is_wrong_with_a_mailbox_is_named(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(mailboxes); i++) {
		struct err err = ERR_INIT;
		struct mailbox m = { "x", "y" };
		const bool ok = mailbox_parse(a, mailboxes[i].text, &m, &err);

		if (ok != !mailboxes[i].why ||
		    (!ok && strcmp(err.text, mailboxes[i].why) != 0))
			fail_msg("%s: got %d \"%s\"", mailboxes[i].text, ok, err.text);
		assert_string_equal(m.address ? m.address : "", ok ? "a@b.org" : "");
		assert_string_equal(m.name ? m.name : "",
		    mailboxes[i].name ? mailboxes[i].name : "");
		assert_int_equal(m.name != NULL, mailboxes[i].name != NULL);
	}
	arena_free(a);
}

static void
parts_of_an_address(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	assert_true(address_is_ascii(""));
	assert_true(address_is_ascii("\x7F"));
	assert_false(address_is_ascii("a\x80"));
	assert_string_equal(address_key(a, "A.Z[@B.org"), "a.z[@b.org");
	/* Eighteen letters of one: U+FDFA. */
	assert_int_equal(strlen(address_key(a, "\xEF\xB7\xBA@b.org")), 33 + 6);
	assert_string_equal(address_domain("a"), "");
	assert_string_equal(address_domain("a@b@c"), "c");
	assert_string_equal(address_domain("a@"), "");
	assert_string_equal(address_veiled(a, "a@b.org"), "a...@b.org");
	assert_string_equal(address_veiled(a, "\xF0\x90\x80\x80z@b.org"),
	    "\xF0\x90\x80\x80...@b.org");
	assert_string_equal(address_plus(a, "a@b.org", ""), "a+@b.org");
	assert_string_equal(address_plus(a, "a+b@c.org", "d"), "a+b+d@c.org");
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_octet_has_its_places),
		cmocka_unit_test(letters_beyond_ascii_have_theirs),
		cmocka_unit_test(plain_addresses_are_known_at_a_look),
		cmocka_unit_test(each_part_has_its_length),
		cmocka_unit_test(what_is_wrong_with_a_mailbox_is_named),
		cmocka_unit_test(parts_of_an_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
