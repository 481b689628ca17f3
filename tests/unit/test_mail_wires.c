/* SPDX-License-Identifier: ISC */
/* What comes from the child that reads strangers' mail: whole, in range, or nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/limits.h"
#include "mail/incoming_wire.h"
#include "mail/newsletter_wire.h"

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

/* ---- newsletters --------------------------------------------------------------------- */

static const struct newsletter_post two_posts[] = {
	{ "p1", "t1", "a1", "d1", "l1", "x\ny\n", false },
	{ "p2", "t2", "a2", "d2", "l2", "<p>\xC3\xA9</p>", true },
};
static const struct newsletter digest = { NEWSLETTER_DIGEST, "m", "i", "f", "n", "s", "d",
	two_posts, 2 };

static void
expect_nothing(const struct newsletter *n)
{
	assert_int_equal(n->kind, NEWSLETTER_NOTHING);
	assert_string_equal(n->message_id, "");
	assert_string_equal(n->date, "");
	assert_null(n->posts);
	assert_int_equal(n->count, 0);
}

static void
a_newsletter_comes_whole_or_not_at_all(void **state)
{
	struct arena *a = arena_new();
	struct buf b = BUF_INIT(10000);
	struct newsletter n;

	(void)state;
	newsletter_wire_write(&digest, &b);
	assert_true(newsletter_wire_read(a, buf_text(&b), b.len, &n));
	assert_int_equal(n.kind, NEWSLETTER_DIGEST);
	assert_string_equal(n.message_id, "m");
	assert_string_equal(n.list_id, "i");
	assert_string_equal(n.from, "f");
	assert_string_equal(n.name, "n");
	assert_string_equal(n.site, "s");
	assert_string_equal(n.date, "d");
	assert_int_equal(n.count, 2);
	for (size_t i = 0; i < 2; i++) {
		assert_string_equal(n.posts[i].id, two_posts[i].id);
		assert_string_equal(n.posts[i].title, two_posts[i].title);
		assert_string_equal(n.posts[i].author, two_posts[i].author);
		assert_string_equal(n.posts[i].date, two_posts[i].date);
		assert_string_equal(n.posts[i].link, two_posts[i].link);
		assert_string_equal(n.posts[i].text, two_posts[i].text);
		assert_int_equal(n.posts[i].is_html, two_posts[i].is_html);
	}
	/* A byte too few, and one too many. */
	for (size_t len = 0; len < b.len; len++) {
		assert_false(newsletter_wire_read(a, buf_text(&b), len, &n));
		expect_nothing(&n);
	}
	buf_addc(&b, 'x');
	assert_false(newsletter_wire_read(a, buf_text(&b), b.len, &n));
	expect_nothing(&n);
	buf_clear(&b);
	arena_free(a);
}

static bool
comes_through(struct arena *a, const struct newsletter *n, struct newsletter *out)
{
	struct buf b = BUF_INIT(1 << 24);
	bool ok = false;

	newsletter_wire_write(n, &b);
	ok = newsletter_wire_read(a, buf_text(&b), b.len, out);
	buf_clear(&b);
	return ok;
}

static void
a_newsletter_out_of_range_is_nothing(void **state)
{
	struct arena *a = arena_new();
	struct newsletter_post *many = calloc(LIMIT_NEWSLETTER_POSTS + 1, sizeof(*many));
	struct newsletter n = digest;
	struct newsletter out;

	(void)state;
	assert_non_null(many);
	n.kind = (enum newsletter_kind)(NEWSLETTER_DIGEST + 1);
	assert_false(comes_through(a, &n, &out));
	n = digest;
	n.posts = many;
	n.count = LIMIT_NEWSLETTER_POSTS;
	assert_true(comes_through(a, &n, &out));
	assert_int_equal(out.count, LIMIT_NEWSLETTER_POSTS);
	n.count++;
	assert_false(comes_through(a, &n, &out));
	expect_nothing(&out);
	/* A line of 64 KB; more is none. */
	n = digest;
	n.name = times(a, 4 * LIMIT_HEADER_VALUE, "x");
	assert_true(comes_through(a, &n, &out));
	n.name = times(a, 4 * LIMIT_HEADER_VALUE + 1, "x");
	assert_false(comes_through(a, &n, &out));
	n.name = "\xFF";
	assert_false(comes_through(a, &n, &out));
	/* What is hidden is taken out of a line. */
	n.name = "a\x01\xE2\x80\x8B"
		 "b\nc";
	assert_true(comes_through(a, &n, &out));
	assert_null(strchr(out.name, '\n'));
	assert_null(strchr(out.name, 1));
	free(many);
	arena_free(a);
}

/* ---- reports and the like ------------------------------------------------------------ */

static bool
passes(struct arena *a, const struct incoming *m, struct incoming *out)
{
	struct buf b = BUF_INIT(1 << 20);
	bool ok = false;

	incoming_wire_write(m, &b);
	ok = incoming_wire_read(a, buf_text(&b), b.len, out);
	buf_clear(&b);
	if (!ok) {
		assert_int_equal(out->kind, INCOMING_NOTHING);
		assert_int_equal(out->recipient_count, 0);
		assert_string_equal(out->subject, "");
	}
	return ok;
}

/* What may be so much and no more, in the order of set_up(). */
static const char *const limits[] = { "kind", "why", "class", "code", "recipients",
	"tokens", "place", "envelope", "to", "received" };

static struct incoming_recipient recipients[LIMIT_INCOMING_RECIPIENTS + 1];
static struct incoming_token tokens[LIMIT_INCOMING_TOKENS + 1];
static const char *addresses[LIMIT_INCOMING_ADDRESSES + 1];

/* A bounce with as much of all as it may have; of what row i names `more` beyond. */
static struct incoming
set_up(size_t i, int more)
{
	const int m[10] = { i == 0 ? more : 0, i == 1 ? more : 0, i == 2 ? more : 0,
		i == 3 ? more : 0, i == 4 ? more : 0, i == 5 ? more : 0,
		i == 6 ? more : 0, i == 7 ? more : 0, i == 8 ? more : 0,
		i == 9 ? more : 0 };
	struct arena *a = arena_new();
	struct incoming x;

	assert_false(incoming_wire_read(a, "", 0, &x));
	arena_free(a);
	for (size_t k = 0; k < ARRAY_LEN(recipients); k++)
		recipients[k] = (struct incoming_recipient){ .class = BOUNCE_HARD,
			.code = 599,
			.address = "a",
			.status = "",
			.action = "",
			.diagnostic = "" };
	recipients[0].class = (enum bounce_class)(BOUNCE_HARD + m[2]);
	recipients[0].code = 599 + m[3];
	for (size_t k = 0; k < ARRAY_LEN(tokens); k++)
		tokens[k] = (struct incoming_token){ PLACE_ORIGINAL, "t", "" };
	tokens[0].place = (enum token_place)(PLACE_ORIGINAL + m[6]);
	for (size_t k = 0; k < ARRAY_LEN(addresses); k++)
		addresses[k] = "a@b";
	x.kind = (enum incoming_kind)(m[0] ? INCOMING_COMPLAINT + m[0] : INCOMING_BOUNCE);
	x.why = (enum incoming_why)(WHY_OTHER_REPORT + m[1]);
	x.recipients = recipients;
	x.recipient_count = (size_t)(LIMIT_INCOMING_RECIPIENTS + m[4]);
	x.tokens = tokens;
	x.token_count = (size_t)(LIMIT_INCOMING_TOKENS + m[5]);
	x.envelope_to = x.to = addresses;
	x.envelope_to_count = (size_t)(LIMIT_INCOMING_ADDRESSES + m[7]);
	x.to_count = (size_t)(LIMIT_INCOMING_ADDRESSES + m[8]);
	x.received_count = (size_t)(LIMIT_INCOMING_FIELDS + m[9]);
	return x;
}

static void
a_report_may_have_so_much_and_no_more(void **state)
{
	struct arena *a = arena_new();
	struct incoming out;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(limits); i++) {
		struct incoming x = set_up(i, 0);

		if (!passes(a, &x, &out))
			fail_msg("%s: refused", limits[i]);
		assert_int_equal(out.recipient_count, LIMIT_INCOMING_RECIPIENTS);
		assert_int_equal(out.token_count, LIMIT_INCOMING_TOKENS);
		assert_int_equal(out.to_count, LIMIT_INCOMING_ADDRESSES);
		assert_int_equal(out.envelope_to_count, LIMIT_INCOMING_ADDRESSES);
		assert_int_equal(out.received_count, LIMIT_INCOMING_FIELDS);
		assert_int_equal(out.recipients[0].code, 599);
		x = set_up(i, 1);
		if (passes(a, &x, &out))
			fail_msg("%s: taken", limits[i]);
	}
	arena_free(a);
}

/* What cannot be: a bounce of nobody, somebody who failed in anything else, a complaint of none. */
static const struct {
	enum incoming_kind kind;
	int classes[2]; /* -1: no such recipient */
	bool holds;
} sense[] = {
	{ INCOMING_BOUNCE, { BOUNCE_HARD, -1 }, true },
	{ INCOMING_BOUNCE, { BOUNCE_SOFT, -1 }, true },
	{ INCOMING_BOUNCE, { BOUNCE_DELAY, BOUNCE_SOFT }, true },
	{ INCOMING_BOUNCE, { BOUNCE_SOFT, BOUNCE_DELAY }, true },
	{ INCOMING_BOUNCE, { BOUNCE_DELAY, BOUNCE_NONE }, false },
	{ INCOMING_BOUNCE, { -1, -1 }, false },
	{ INCOMING_NOTHING, { BOUNCE_DELAY, -1 }, true },
	{ INCOMING_NOTHING, { BOUNCE_HARD, -1 }, false },
	{ INCOMING_NOTHING, { -1, -1 }, true },
	{ INCOMING_COMMAND, { -1, -1 }, true },
	{ INCOMING_COMMAND, { BOUNCE_SOFT, -1 }, false },
	{ INCOMING_COMPLAINT, { BOUNCE_NONE, -1 }, true },
	{ INCOMING_COMPLAINT, { -1, -1 }, false },
	{ INCOMING_COMPLAINT, { BOUNCE_NONE, BOUNCE_HARD }, false },
};

static void
a_report_must_make_sense(void **state)
{
	struct arena *a = arena_new();
	struct incoming out;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sense); i++) {
		struct incoming x = set_up(0, 0);

		x.kind = sense[i].kind;
		x.recipient_count = 0;
		for (size_t k = 0; k < 2 && sense[i].classes[k] >= 0; k++)
			recipients[x.recipient_count++].class =
			    (enum bounce_class)sense[i].classes[k];
		if (passes(a, &x, &out) != sense[i].holds)
			fail_msg("%zu", i);
	}
	arena_free(a);
}

/* Texts are cut at 500 bytes, not within a character; a byte too few or too many is nothing. */
static void
texts_are_cut_and_clean(void **state)
{
	struct arena *a = arena_new();
	struct incoming x = set_up(0, 0);
	struct incoming out;
	struct buf b = BUF_INIT(1 << 20);

	(void)state;
	x.subject = times(a, 500, "s");
	assert_true(passes(a, &x, &out));
	assert_int_equal(strlen(out.subject), 500);
	x.subject = times(a, 501, "s");
	assert_true(passes(a, &x, &out));
	assert_int_equal(strlen(out.subject), 500);
	x.subject = arena_printf(a, "%s\xC3\xA9", times(a, 499, "s"));
	assert_true(passes(a, &x, &out));
	assert_int_equal(strlen(out.subject), 499);
	x.subject = arena_printf(a, "%s\xC3\xA9z", times(a, 498, "s"));
	assert_true(passes(a, &x, &out));
	assert_int_equal(strlen(out.subject), 500);
	x.subject = arena_printf(a, "%s\xF0\x9F\x98\x80", times(a, 497, "s"));
	assert_true(passes(a, &x, &out));
	assert_int_equal(strlen(out.subject), 497);
	x.subject = "a\nb";
	assert_false(passes(a, &x, &out));
	x.subject = "a\xE2\x80\x8B";
	assert_false(passes(a, &x, &out));
	x.subject = "\xFF";
	assert_false(passes(a, &x, &out));
	x = set_up(0, 0);
	x.recipient_count = 2;
	x.token_count = x.to_count = x.envelope_to_count = 1;
	incoming_wire_write(&x, &b);
	for (size_t len = 0; len < b.len; len++)
		assert_false(incoming_wire_read(a, buf_text(&b), len, &out));
	assert_true(incoming_wire_read(a, buf_text(&b), b.len, &out));
	buf_addc(&b, '\0');
	assert_false(incoming_wire_read(a, buf_text(&b), b.len, &out));
	buf_clear(&b);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_newsletter_comes_whole_or_not_at_all),
		cmocka_unit_test(a_newsletter_out_of_range_is_nothing),
		cmocka_unit_test(a_report_may_have_so_much_and_no_more),
		cmocka_unit_test(a_report_must_make_sense),
		cmocka_unit_test(texts_are_cut_and_clean),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
