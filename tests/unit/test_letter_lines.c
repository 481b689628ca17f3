/* SPDX-License-Identifier: ISC */
/* Lines of letters: none is longer than it may be, wherever a reader's own words stand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/limits.h"
#include "mail/body_text.h"
#include "mail/letter.h"
#include "mail/letter_personal.h"

#define WORD "abababababababababababababababab"
#define LONG_ENOUGH 100

enum {
	BODY_LINE = 76, /* RFC 2045 6.7 (5), 6.8 */
	FIELD_LINE = 78 /* RFC 5322 2.1.1 */
};

/* The text n times. */
static const char *
times(struct arena *a, size_t n, const char *text)
{
	struct buf b = BUF_INIT(1 << 20);
	const char *out = NULL;

	for (size_t i = 0; i < n; i++)
		buf_adds(&b, text);
	out = arena_strdup(a, buf_text(&b));
	buf_clear(&b);
	return out;
}

static struct letter_common
common(void)
{
	return (struct letter_common){ .from = { NULL, "planet@example.net" } };
}

/* A letter, whose holes for addresses are filled with `value`; in a.  NULL: *err tells. */
static const char *
letter_of(struct arena *a, const struct letter_common *c, const char *text,
    const char *value, struct err *err)
{
	const struct rendering r = { .subject = "s",
		.text = text,
		.text_len = strlen(text) };
	const struct letter_personal p = { .to = "a@b.org",
		.message_id = "1@b",
		.holes = { [HOLE_ADDRESS] = value } };
	struct encoded_letter *f = letter_encode(c, &r, WORD, err);
	struct buf out = BUF_INIT(LIMIT_LETTER);
	const char *copy = NULL;

	if (f && letter_write(f, &p, &out, err))
		copy = arena_strdup(a, buf_text(&out));
	encoded_letter_free(f);
	buf_clear(&out);
	return copy;
}

/* How the body is encoded, and where it begins. */
static enum body_encoding
body_of(const char *letter, const char **body)
{
	const char *field = strstr(letter, "Content-Transfer-Encoding: ");

	assert_non_null(field);
	field += strlen("Content-Transfer-Encoding: ");
	*body = strstr(letter, "\r\n\r\n");
	assert_non_null(*body);
	*body += 4;
	return body_encoding_of(field);
}

/* Each line has CRLF and is short; decoded, it is the text that was meant. */
static void
expect_body(struct arena *a, const char *letter, enum body_encoding encoding,
    const char *want)
{
	const char *body = NULL;
	const char *got = NULL;

	assert_int_equal(body_of(letter, &body), encoding);
	for (const char *at = body; *at != '\0';) {
		const size_t len = strcspn(at, "\r\n");

		if (len > BODY_LINE)
			fail_msg("a line of %zu: %s", len, at);
		if (strncmp(at + len, "\r\n", 2) != 0)
			fail_msg("no line end: %s", at);
		at += len + 2;
	}
	got = body_text(a, body, strlen(body), encoding, "utf-8", 1 << 20);
	if (strcmp(got, want) != 0)
		fail_msg("got \"%s\", want \"%s\"", got, want);
}

/* ---- bodies -------------------------------------------------------------------------- */

static const char *const units[] = { "x", "\xC3\xA9", "x\xC3\xA9", "=" };
static const char *const values[] = { "ann@x.example", "", NULL };

/* A hole behind each length of line, with something behind it and with nothing. */
static void
quoted_lines_are_short_wherever_a_hole_stands(void **state)
{
	static const char *const behind[] = { "\n", "yy\n", "y\nz\n", "" };

	(void)state;
	for (size_t n = 0; n <= LONG_ENOUGH; n++) {
		struct arena *a = arena_new();
		const char *unit = units[n % ARRAY_LEN(units)];

		for (size_t k = 0; k < ARRAY_LEN(behind); k++) {
			const struct letter_common c = common();
			const char *value = values[(n + k) % ARRAY_LEN(values)];
			const char *lead =
			    arena_printf(a, "Plain words, and caf\xC3\xA9 with them\n%s",
				times(a, n, unit));
			struct err err = ERR_INIT;
			const char *letter = letter_of(a, &c,
			    arena_printf(a, "%s%s%s", lead, hole_mark(HOLE_ADDRESS),
				behind[k]),
			    value, &err);
			const char *want = arena_printf(a, "%s%s%s", lead,
			    value ? value : "", behind[k]);

			assert_non_null(letter);
			/* Much that is not ASCII is smaller as base64. */
			if (strstr(letter, "base64"))
				continue;
			if (!strchr("\n", want[strlen(want) - 1]))
				want = arena_printf(a, "%s\n", want);
			expect_body(a, letter, BODY_QUOTED, want);
		}
		arena_free(a);
	}
}

/* Letters of another script: base64, to the hole and from there on for each reader. */
static void
base64_lines_are_short_wherever_a_hole_stands(void **state)
{
	(void)state;
	for (size_t n = 0; n <= LONG_ENOUGH; n++) {
		struct arena *a = arena_new();
		const struct letter_common c = common();
		const char *value = values[n % ARRAY_LEN(values)];
		const char *lead = arena_printf(a, "%s\n%s", times(a, 60, "\xD0\xB6"),
		    times(a, n, "\xD0\xB6"));
		struct err err = ERR_INIT;
		const char *letter = letter_of(a, &c,
		    arena_printf(a, "%s%s\xD0\xB6\n%s.\n", lead, hole_mark(HOLE_ADDRESS),
			hole_mark(HOLE_ADDRESS)),
		    value, &err);

		assert_non_null(letter);
		expect_body(a, letter, BODY_BASE64,
		    arena_printf(a, "%s%s\xD0\xB6\n%s.\n", lead, value ? value : "",
			value ? value : ""));
		arena_free(a);
	}
}

#define X70 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

static const struct {
	const char *text;
	bool is_7bit;
	const char *body; /* as it stands then */
} plain[] = {
	{ "a\n", true, "a\r\n" },
	{ "a", true, "a\r\n" },
	{ "\n\n", true, "\r\n\r\n" },
	{ "a\n\nb", true, "a\r\n\r\nb\r\n" },
	{ X70 "xxxxxx\n", true, X70 "xxxxxx\r\n" },
	{ X70 "xxxxxxx\n", false, NULL },
	{ "a\n" X70 "xxxxxxx", false, NULL },
	{ "a ~\n", true, "a ~\r\n" },
	{ "a\x7F\n", false, NULL },
	{ "a\x80\n", false, NULL },
	{ "a\tb\n", false, NULL },
	{ "a\x1Fz\n", false, NULL },
	{ "a \n", false, NULL },
	{ "a\n \nb\n", false, NULL },
	{ ".a\n", false, NULL },
	{ "a\n.\n", false, NULL },
	{ "a.\n", true, "a.\r\n" },
	{ "From a\n", false, NULL },
	{ "From\n", true, "From\r\n" },
	{ "Fromage\n", true, "Fromage\r\n" },
	{ ">From a\n", true, ">From a\r\n" },
	{ "a\nFrom b", false, NULL },
};

static void
what_every_server_hands_on_goes_as_it_is(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(plain); i++) {
		const struct letter_common c = common();
		struct err err = ERR_INIT;
		const char *letter = letter_of(a, &c, plain[i].text, NULL, &err);
		const char *body = NULL;

		assert_non_null(letter);
		(void)body_of(letter, &body);
		if ((strstr(letter, ": 7bit\r\n") != NULL) != plain[i].is_7bit ||
		    (plain[i].body && strcmp(body, plain[i].body) != 0))
			fail_msg("\"%s\": got %s", plain[i].text, letter);
	}
	arena_free(a);
}

/* ---- header -------------------------------------------------------------------------- */

/* The field with its folds; in a. */
static const char *
field_of(struct arena *a, const char *letter, const char *name)
{
	const char *at = strstr(letter, name);
	const char *end = at;

	assert_non_null(at);
	do {
		end = strstr(end, "\r\n") + 2;
	} while (*end == ' ' || *end == '\t');
	return arena_strndup(a, at, (size_t)(end - at));
}

/* As long as the line has room, an address stands beside its name. */
static void
an_address_is_folded_when_its_line_would_be_too_long(void **state)
{
	(void)state;
	for (size_t n = 1; n <= 60; n++) {
		struct arena *a = arena_new();
		struct letter_common c = common();
		const char *name = times(a, n, "x");
		struct err err = ERR_INIT;
		const char *letter = NULL;
		const size_t from =
		    strlen("From: ") + n + strlen(" <planet@example.net>");
		const size_t list = strlen("List-Id: ") + n + strlen(" <x.example.net>");

		c.from.name = c.list_name = name;
		c.list_id = "x.example.net";
		letter = letter_of(a, &c, "t\n", NULL, &err);
		assert_non_null(letter);
		assert_string_equal(field_of(a, letter, "From:"),
		    arena_printf(a, "From: %s%s <planet@example.net>\r\n", name,
			from > FIELD_LINE ? "\r\n" : ""));
		assert_string_equal(field_of(a, letter, "List-Id:"),
		    arena_printf(a, "List-Id: %s%s<x.example.net>\r\n", name,
			list > FIELD_LINE ? "\r\n " : " "));
		arena_free(a);
	}
}

static void
a_uri_is_folded_when_its_line_would_be_too_long(void **state)
{
	(void)state;
	for (size_t n = 50; n <= 70; n++) {
		struct arena *a = arena_new();
		struct letter_common c = common();
		const char *uri = arena_printf(a, "https:%s", times(a, n, "x"));
		const size_t len = strlen("List-Archive: <>") + strlen(uri);
		struct err err = ERR_INIT;

		c.list_archive = uri;
		assert_string_equal(field_of(a, letter_of(a, &c, "t\n", NULL, &err),
					"List-Archive:"),
		    arena_printf(a, "List-Archive:%s <%s>\r\n",
			len > FIELD_LINE ? "\r\n" : "", uri));
		arena_free(a);
	}
}

static void
a_list_without_a_name_has_its_id_alone(void **state)
{
	static const char *const names[] = { NULL, "" };
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct letter_common c = common();
		struct err err = ERR_INIT;

		c.list_name = names[i];
		c.list_id = "x.example.net";
		assert_string_equal(field_of(a, letter_of(a, &c, "t\n", NULL, &err),
					"List-Id:"),
		    "List-Id: <x.example.net>\r\n");
	}
	arena_free(a);
}

/* ---- what is refused ----------------------------------------------------------------- */

static const struct {
	const char *archive, *help, *owner, *id;
	const char *text; /* of the error; NULL: none */
} uris[] = {
	{ "", "", "", "", NULL },
	{ "https://x", "mailto:a", "mailto:b", "x", NULL },
	{ "https://x y", NULL, NULL, NULL,
	    "List-Archive: not an address to put in a letter: https://x y" },
	{ NULL, "mailto:<", NULL, NULL,
	    "List-Help: not an address to put in a letter: mailto:<" },
	{ NULL, NULL, "mailto:>", NULL,
	    "List-Owner: not an address to put in a letter: mailto:>" },
	{ NULL, NULL, "mailto:\x7F", NULL,
	    "List-Owner: not an address to put in a letter: mailto:\x7F" },
	{ NULL, NULL, "mailto:\xC3\xA9", NULL,
	    "List-Owner: not an address to put in a letter: mailto:\xC3\xA9" },
	{ NULL, NULL, "mailto:!~", NULL, NULL },
	{ NULL, NULL, NULL, "x y", "not a list id: x y" },
};

static void
what_would_break_a_header_is_refused(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(uris); i++) {
		struct letter_common c = common();
		struct err err = ERR_INIT;
		const char *letter = NULL;

		c.list_archive = uris[i].archive;
		c.list_help = uris[i].help;
		c.list_owner = uris[i].owner;
		c.list_id = uris[i].id;
		letter = letter_of(a, &c, "t\n", NULL, &err);
		if (!letter != (uris[i].text != NULL) ||
		    strcmp(err.text, uris[i].text ? uris[i].text : "") != 0)
			fail_msg("%zu: got \"%s\"", i, err.text);
		assert_int_equal(err.kind, uris[i].text ? ERR_INPUT : ERR_NONE);
	}
	arena_free(a);
}

static void
a_letter_has_its_ceilings(void **state)
{
	struct arena *a = arena_new();
	struct letter_common c = common();
	struct letter_personal p = { .to = "a@b.org", .message_id = "1@b" };
	const char *line = arena_printf(a, "plain words %s\n", hole_mark(HOLE_ADDRESS));

	(void)state;
	/* Holes: one piece stands behind the last, and one is the header's. */
	for (size_t n = 4094; n <= 4095; n++) {
		struct err err = ERR_INIT;
		const char *letter = letter_of(a, &c, times(a, n, line), "", &err);

		if ((letter != NULL) != (n == 4094))
			fail_msg("%zu holes: %s", n, err.text);
		if (!letter) {
			assert_int_equal(err.kind, ERR_LIMIT);
			assert_string_equal(err.text, "more than 4096 holes in a letter");
		}
	}
	for (size_t n = LIMIT_SUBJECT; n <= LIMIT_SUBJECT + 1; n++) {
		struct err err = ERR_INIT;
		const struct rendering r = { .subject = times(a, n, "x"),
			.text = "t\n",
			.text_len = 2 };
		struct encoded_letter *f = letter_encode(&c, &r, WORD, &err);

		assert_int_equal(f != NULL, n == LIMIT_SUBJECT);
		if (!f)
			assert_string_equal(err.text, "a subject of more than 900 bytes");
		encoded_letter_free(f);
	}
	/* And ids of messages 250, addresses to leave 900. */
	for (size_t n = 248; n <= 249; n++) {
		struct err err = ERR_INIT;

		p.message_id = arena_printf(a, "%s@b", times(a, n, "x"));
		assert_int_equal(letter_personal_check(&p, &err), n == 248);
		assert_string_equal(err.text, n == 248 ? "" : "not a message id");
		p.message_id = "1@b";
		err_clear(&err);
		p.references = arena_printf(a, "%s@b", times(a, n, "x"));
		assert_int_equal(letter_personal_check(&p, &err), n == 248);
		p.references = NULL;
	}
	for (size_t n = 899; n <= 901; n++) {
		struct err err = ERR_INIT;

		p.leave_url = times(a, n, "x");
		p.leave_mailto = NULL;
		assert_int_equal(letter_personal_check(&p, &err), n <= 900);
		err_clear(&err);
		p.leave_mailto = p.leave_url;
		p.leave_url = NULL;
		assert_int_equal(letter_personal_check(&p, &err), n <= 900);
	}
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quoted_lines_are_short_wherever_a_hole_stands),
		cmocka_unit_test(base64_lines_are_short_wherever_a_hole_stands),
		cmocka_unit_test(what_every_server_hands_on_goes_as_it_is),
		cmocka_unit_test(an_address_is_folded_when_its_line_would_be_too_long),
		cmocka_unit_test(a_uri_is_folded_when_its_line_would_be_too_long),
		cmocka_unit_test(a_list_without_a_name_has_its_id_alone),
		cmocka_unit_test(what_would_break_a_header_is_refused),
		cmocka_unit_test(a_letter_has_its_ceilings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
