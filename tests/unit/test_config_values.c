/* SPDX-License-Identifier: ISC */
/* Values as keepers write them: rates, pins, conditions, addresses of feeds; each limit from both sides. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/err.h"
#include "config/conditions.h"
#include "config/feed_address.h"
#include "config/mailbox_address.h"
#include "config/pins.h"
#include "config/quiet_hours.h"
#include "config/rates.h"

static const char *
or_none(const char *text)
{
	return text ? text : "(none)";
}

/* ---- rates ---- */

/* clang-format off */
static const struct {
	const char *text;
	bool good;
	size_t count;
	struct rate list[4];
} rates[] = {
	{ "", true, 0, { { 0, 0 } } },
	{ " \t\n", true, 0, { { 0, 0 } } },
	{ "1 per 24h", true, 1, { { 1, 86400 } } },
	{ "\t2  per\n1h ", true, 1, { { 2, 3600 } } },
	{ "1 per 24h, 3 per 30d", true, 2, { { 1, 86400 }, { 3, 2592000 } } },
	{ "1 per 24h ,3 per 30d", true, 2, { { 1, 86400 }, { 3, 2592000 } } },
	{ "1 per 1h,2 per 2h,3 per 3h,4 per 4h", true, 4,
		{ { 1, 3600 }, { 2, 7200 }, { 3, 10800 }, { 4, 14400 } } },
	{ "1 per 1h,2 per 2h,3 per 3h,4 per 4h,5 per 5h", false, 0, { { 0, 0 } } },
	{ "10000 per 1h", true, 1, { { 10000, 3600 } } },
	{ "10001 per 1h", false, 0, { { 0, 0 } } },
	{ "0 per 1h", false, 0, { { 0, 0 } } },
	{ "000000007 per 1h", true, 1, { { 7, 3600 } } },
	{ "0000000007 per 1h", false, 0, { { 0, 0 } } },
	{ "1 per 1s", true, 1, { { 1, 1 } } },
	{ "1 per 0s", false, 0, { { 0, 0 } } },
	{ "1 per 0h", false, 0, { { 0, 0 } } },
	{ "1 per 1h,", false, 0, { { 0, 0 } } },
	{ ",1 per 1h", false, 0, { { 0, 0 } } },
	{ "1 per 1h 2 per 2h", false, 0, { { 0, 0 } } },
	{ "1 per", false, 0, { { 0, 0 } } },
	{ "1", false, 0, { { 0, 0 } } },
	{ "one per 1h", false, 0, { { 0, 0 } } },
	{ "1x per 1h", false, 0, { { 0, 0 } } },
	{ "-1 per 1h", false, 0, { { 0, 0 } } },
	{ "1 a 1h", false, 0, { { 0, 0 } } },
	{ "1 Per 1h", false, 0, { { 0, 0 } } },
	{ "1 per soon", false, 0, { { 0, 0 } } },
	{ "1 per 0000000000000000000000000000001h", false, 0, { { 0, 0 } } },
};
/* clang-format on */

static void
rates_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rates); i++) {
		struct rates got;
		const bool good = rates_parse(rates[i].text, &got);

		if (good != rates[i].good)
			fail_msg("\"%s\": got %d, want %d", rates[i].text, good,
			    rates[i].good);
		if (!good)
			continue;
		if (got.count != rates[i].count)
			fail_msg("\"%s\": got %zu, want %zu", rates[i].text, got.count,
			    rates[i].count);
		for (size_t k = 0; k < got.count; k++)
			if (got.list[k].count != rates[i].list[k].count ||
			    got.list[k].seconds != rates[i].list[k].seconds)
				fail_msg("\"%s\", %zu: got %lld per %lld", rates[i].text,
				    k, (long long)got.list[k].count,
				    (long long)got.list[k].seconds);
	}
}

/* ---- pins ---- */

#define HEX "000102030405060708090a0b0c0d0e0f101112131415161718191A1B1C1D1E1f"
#define COLONS \
	"00:01:02:03:04:05:06:07:08:09:0a:0b:0c:0d:0e:0f:10:11:12:13:14:15:16:17:18:19:1a:1b:1c:1d:1e:1f"
#define BASE64 "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
#define FOUR BASE64 " " HEX "\t" COLONS "\n" BASE64 " "

/* clang-format off */
static const struct { const char *text; bool good; size_t count; } pins[] = {
	{ "", true, 0 }, { " \t\n", true, 0 },
	{ HEX, true, 1 }, { COLONS, true, 1 }, { BASE64, true, 1 },
	{ " " HEX "  " BASE64 "\n", true, 2 },
	{ "sha256:" HEX, true, 1 }, { "sha256//" BASE64, true, 1 }, { "SHA256:" COLONS, true, 1 },
	{ FOUR FOUR, true, 8 }, { FOUR FOUR BASE64, false, 0 },
	{ "sha256:", false, 0 }, { "sha256//", false, 0 }, { "sha1:" HEX, false, 0 },
	{ "sha256:sha256:" HEX, false, 0 },
	{ HEX "0", false, 0 }, { "0102030405060708090a0b0c0d0e0f101112131415161718191A1B1C1D1E1f", false, 0 },
	{ COLONS ":", false, 0 }, { ":" COLONS, false, 0 },
	{ "00-01:02:03:04:05:06:07:08:09:0a:0b:0c:0d:0e:0f:10:11:12:13:14:15:16:17:18:19:1a:1b:1c:1d:1e:1f", false, 0 },
	{ "00:01:02:03:04:05:06:07:08:09:0a:0b:0c:0d:0e:0f:10:11:12:13:14:15:16:17:18:19:1a:1b:1c:1d:1e-1f", false, 0 },
	{ "0g0102030405060708090a0b0c0d0e0f101112131415161718191A1B1C1D1E1f00", false, 0 },
	{ "g00102030405060708090a0b0c0d0e0f101112131415161718191A1B1C1D1E1f", false, 0 },
	{ "000102030405060708090a0b0c0d0e0f101112131415161718191A1B1C1D1E1g", false, 0 },
	{ "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", false, 0 },
	{ "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==", false, 0 },
	{ "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=AAAA", false, 0 },
	{ HEX "," HEX, false, 0 },
};
/* clang-format on */

static void
pins_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pins); i++) {
		struct pins got;
		const bool good = pins_parse(pins[i].text, &got);

		if (good != pins[i].good)
			fail_msg("\"%s\": got %d, want %d", pins[i].text, good,
			    pins[i].good);
		if (!good)
			continue;
		if (got.count != pins[i].count)
			fail_msg("\"%s\": got %zu, want %zu", pins[i].text, got.count,
			    pins[i].count);
		/* However it is written, it is the same. */
		for (size_t k = 0; k < got.count; k++)
			for (unsigned char byte = 0; byte < HASH_SIZE; byte++)
				if (got.list[k][byte] != byte)
					fail_msg("\"%s\", %zu: byte %d is %d",
					    pins[i].text, k, byte, got.list[k][byte]);
	}
}

/* ---- conditions ---- */

/* clang-format off */
static const struct { const char *all[3], *joined; } conditions[] = {
	{ { NULL, NULL, NULL }, NULL },
	{ { NULL, "", "" }, NULL },
	{ { "sea|lake", NULL, NULL }, "sea|lake" },
	{ { "sea|lake", "", "" }, "sea|lake" },
	{ { "", NULL, NULL }, "" },
	{ { NULL, "sea", NULL }, "\x1f" "csea" },
	{ { NULL, "", "en" }, "\x1f" "len" },
	{ { "", "sea", NULL }, "\x1f" "p" "\x1f" "csea" },
	{ { "x", NULL, "en pt-BR" }, "\x1f" "px" "\x1f" "len pt-BR" },
	{ { "p", "c", "l" }, "\x1f" "pp" "\x1f" "cc" "\x1f" "ll" },
};
/* clang-format on */

static void
conditions_are_joined_and_parted(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(conditions); i++) {
		const char *const *all = conditions[i].all;
		const char *joined = conditions_join(a, all[0], all[1], all[2]);

		assert_string_equal(or_none(joined), or_none(conditions[i].joined));
		for (unsigned k = 0; k < 3; k++) {
			/* Only a pattern may be said to be none. */
			const char *want = k > 0 && all[k] && !*all[k] ? NULL : all[k];

			assert_string_equal(or_none(conditions_part(a, joined,
						(enum condition)k)),
			    or_none(want));
		}
	}
	/* What ends too early has no part that could be meant. */
	assert_null(conditions_part(a, "\x1f", CONDITION_PATTERN));
	assert_null(conditions_part(a,
	    "\x1f"
	    "csea"
	    "\x1f",
	    CONDITION_PATTERN));
	arena_free(a);
}

/* ---- addresses of feeds ---- */

/* clang-format off */
static const struct { const char *text, *read; } addresses[] = {
	{ "https://a.example/f", "https://a.example/f" },
	{ " \t\r\nhttps://a.example/f\n ", "https://a.example/f" },
	{ "feed://a.example/f", "http://a.example/f" },
	{ "FEED://a.example/f", "http://a.example/f" },
	{ "feed:https://a.example/f", "https://a.example/f" },
	{ "feed:", NULL },
	{ "file:/x", "file:///x" },
	{ "file:///x", "file:///x" },
	{ "FILE:/x", "file:///x" },
	{ "file://x", NULL },
	{ "file:x", NULL },
	{ "https://a.example/a b\\c", "https://a.example/a%20b%5Cc" },
	{ "https://a.exa\nmple/f", "https://a.example/f" },
	{ "https://a.ex\tam\rple/f", "https://a.example/f" },
	{ "ftp://a.example/f", NULL },
	{ "a.example", NULL },
	{ "", NULL },
};
static const struct { const char *text, *said, *hint; } refused[] = {
	{ "a.example", "'a.example' is no web address", "an address begins with https://" },
	{ "", "'' is no web address", "an address begins with https://" },
	{ "http:/a.example/f", "'http:/a.example/f' is no web address", "did you mean http://a.example/f?" },
	{ "https:a.example/f", "'https:a.example/f' is no web address", "did you mean https://a.example/f?" },
	{ "htps://a.example/f", "'htps://a.example/f' is no web address", "did you mean https://a.example/f?" },
	{ "http:\\\\a.example/f", "'http:\\\\a.example/f' is no web address", "did you mean http://a.example/f?" },
	{ "view-source:https://a.example/f", "'view-source:https://a.example/f' is no web address",
		"did you mean https://a.example/f?" },
	{ "http:", "'http:' is no web address", "an address begins with https://" },
	{ "http:nothing", "'http:nothing' is no web address", "an address begins with https://" },
	{ "mailto:a@example.org", "'mailto:a@example.org' is no web address: feeds are asked by https and http,"
		" not by mailto", "newsletters that come by mail: maildir:/PATH?list=ID" },
	{ "gopher://a.example/f", "'gopher://a.example/f' is no web address: feeds are asked by https and http,"
		" not by gopher", "an address begins with https://" },
	{ "a+b-c.9:x", "'a+b-c.9:x' is no web address: feeds are asked by https and http, not by a+b-c.9",
		"an address begins with https://" },
	{ "C:\\feed.xml", "'C:\\feed.xml' is no web address", "an address begins with https://" },
	{ "ab:\\feed.xml", "'ab:\\feed.xml' is no web address: feeds are asked by https and http, not by ab",
		"an address begins with https://" },
	{ "1a:x", "'1a:x' is no web address", "an address begins with https://" },
	{ "a b:x", "'a b:x' is no web address", "an address begins with https://" },
};
/* clang-format on */

static void
addresses_of_feeds_are_read(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(addresses); i++) {
		const char *got = feed_address_read(a, addresses[i].text);

		if (strcmp(or_none(got), or_none(addresses[i].read)) != 0)
			fail_msg("\"%s\": got %s, want %s", addresses[i].text,
			    or_none(got), or_none(addresses[i].read));
	}
	arena_free(a);
}

static void
what_is_no_address_of_a_feed_is_refused_with_what_may_be_meant(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		struct err err = ERR_INIT;
		char want[400];

		assert_false(feed_address_refuse(a, refused[i].text, &err));
		assert_int_equal(err.kind, ERR_USAGE);
		assert_string_equal(err.text, refused[i].said);
		assert_string_equal(err.hint, refused[i].hint);
		(void)snprintf(want, sizeof(want), "%s, and left out%s%s",
		    refused[i].said, refused[i].hint[0] == 'd' ? "; " : "",
		    refused[i].hint[0] == 'd' ? refused[i].hint : "");
		assert_string_equal(feed_address_left_out(a, refused[i].text), want);
	}
	arena_free(a);
}

/* ---- addresses of mailboxes ---- */

#define MAILBOX_HINT \
	"maildir:/PATH?list=ID with the ID of the newsletter's List-Id, or mbox:/PATH?..."

/* clang-format off */
static const struct {
	const char *text;
	const char *said; /* behind the address; NULL: it is one */
	bool is_mbox;
	const char *path, *list, *from;
} mailboxes[] = {
	{ "maildir:/m?list=a.example", NULL, false, "/m", "a.example", NULL },
	{ "MAILDIR:///m/n?LIST= <A.Example> ", NULL, false, "/m/n", "a.example", NULL },
	{ "mbox:/m?from=A@Example.org", NULL, true, "/m", NULL, "a@example.org" },
	{ "mbox:/m?x?list=a", NULL, true, "/m?x", "a", NULL },
	{ "mbox:/m?list=<a", "does not say which newsletter", false, NULL, NULL, NULL },
	{ "mbox:/m?list=a>", "does not say which newsletter", false, NULL, NULL, NULL },
	{ "mbox:/m?list=a b", "does not say which newsletter", false, NULL, NULL, NULL },
	{ "mbox:/m?list=<>", "does not say which newsletter", false, NULL, NULL, NULL },
	{ "mbox:/m?list=<", "does not say which newsletter", false, NULL, NULL, NULL },
	{ "mbox:/m?list=", "does not say which newsletter", false, NULL, NULL, NULL },
	{ "mbox:/m?lists=a", "does not say which newsletter", false, NULL, NULL, NULL },
	{ "mbox:/m", "does not say which newsletter", false, NULL, NULL, NULL },
	{ "mbox:m?list=a", "needs the whole path of a mailbox", false, NULL, NULL, NULL },
	{ "mbox:?list=/a", "needs the whole path of a mailbox", false, NULL, NULL, NULL },
	{ "mail:/m?list=a", "is no address of a mailbox", false, NULL, NULL, NULL },
	{ "maildir", "is no address of a mailbox", false, NULL, NULL, NULL },
};
/* clang-format on */

static void
addresses_of_mailboxes_are_read(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(mailboxes); i++) {
		struct mailbox_address got;
		struct err err = ERR_INIT;
		char want[400];

		if (mailbox_address_read(a, mailboxes[i].text, &got, &err) !=
		    (mailboxes[i].said == NULL))
			fail_msg("\"%s\": got \"%s\"", mailboxes[i].text, err.text);
		if (mailboxes[i].said) {
			(void)snprintf(want, sizeof(want), "'%s' %s", mailboxes[i].text,
			    mailboxes[i].said);
			assert_string_equal(err.text, want);
			assert_string_equal(err.hint, MAILBOX_HINT);
			assert_int_equal(err.kind, ERR_CONFIG);
			continue;
		}
		assert_int_equal(got.is_mbox, mailboxes[i].is_mbox);
		assert_string_equal(got.path, mailboxes[i].path);
		assert_string_equal(or_none(got.list), or_none(mailboxes[i].list));
		assert_string_equal(or_none(got.from), or_none(mailboxes[i].from));
	}
	arena_free(a);
}

/* ---- quiet hours ---- */

/* clang-format off */
static const struct { const char *text; bool good, any; int from, to; } hours[] = {
	{ "", true, false, 0, 0 }, { " \t", true, false, 0, 0 },
	{ "22:00-07:30", true, true, 1320, 450 }, { " 22:00 - 7:30\t", true, true, 1320, 450 },
	{ "0:00-23:59", true, true, 0, 1439 }, { "23:00-24:00", true, true, 1380, 0 },
	{ "24:00-1:00", true, true, 0, 60 }, { "0:00-24:00", false, true, 0, 0 },
	{ "24:01-1:00", false, true, 0, 0 }, { "25:00-1:00", false, true, 0, 0 },
	{ "1:59-1:58", true, true, 119, 118 }, { "1:60-2:00", false, true, 0, 0 },
	{ "1:5-2:00", false, true, 0, 0 }, { "1:055-2:00", false, true, 0, 0 },
	{ "123:00-2:00", false, true, 0, 0 }, { "1.00-2:00", false, true, 0, 0 },
	{ "1:00+2:00", false, true, 0, 0 }, { "1:00-2:00x", false, true, 0, 0 },
	{ ":30-1:00", false, true, 0, 0 }, { "1:00-:30", false, true, 0, 0 },
	{ "1:00-1:00", false, true, 0, 0 }, { "-2:00", false, true, 0, 0 },
	{ "1:00-", false, true, 0, 0 }, { "1:00", false, true, 0, 0 }, { "1:x0-2:00", false, true, 0, 0 },
};
/* clang-format on */

static void
quiet_hours_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(hours); i++) {
		struct quiet_hours got;

		if (quiet_hours_parse(hours[i].text, &got) != hours[i].good)
			fail_msg("\"%s\": want %d", hours[i].text, hours[i].good);
		if (got.any != hours[i].any)
			fail_msg("\"%s\": any: got %d", hours[i].text, got.any);
		if (hours[i].good && (got.from != hours[i].from || got.to != hours[i].to))
			fail_msg("\"%s\": got %d to %d", hours[i].text, got.from, got.to);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rates_are_read),
		cmocka_unit_test(pins_are_read),
		cmocka_unit_test(conditions_are_joined_and_parted),
		cmocka_unit_test(addresses_of_feeds_are_read),
		cmocka_unit_test(
		    what_is_no_address_of_a_feed_is_refused_with_what_may_be_meant),
		cmocka_unit_test(addresses_of_mailboxes_are_read),
		cmocka_unit_test(quiet_hours_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
