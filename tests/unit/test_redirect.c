/* SPDX-License-Identifier: ISC */
/* A trial: letters go to one address, say whose they would have been, and nobody can leave. */
#include "unit/smtp_fixture.h"

#include "transport/redirect.h"

/* One letter, as often as there are recipients. */
struct trial {
	const char *text;
	const char *recipients[3];
	size_t count, given, settled, stop_at;
	enum outcome_kind last;
	struct buf bytes;
};

static bool
next(void *arg, struct letter *out, struct err *err)
{
	struct trial *t = arg;

	(void)err;
	if (t->given == t->count)
		return false;
	buf_reset(&t->bytes);
	buf_adds(&t->bytes, t->text);
	*out = (struct letter){ .sender = "bounces+token@planet.example",
		.recipient = t->recipients[t->given],
		.name = "2026-11-24-1",
		.bytes = &t->bytes,
		.owner = &t->recipients[t->given] };
	t->given++;
	return true;
}

static bool
settle(void *arg, const struct letter *l, const struct outcome *o, struct err *err)
{
	struct trial *t = arg;

	(void)err;
	assert_true(l->owner == &t->recipients[t->settled]);
	t->last = o->kind;
	t->settled++;
	return true;
}

static bool
stop(void *arg)
{
	struct trial *t = arg;

	return t->stop_at > 0 && t->given >= t->stop_at;
}

static void
redirected(struct bench *b, struct trial *t)
{
	const struct letter_source src = { next, settle, stop, t, NULL };

	buf_init(&t->bytes, 1 << 16);
	if (!redirect_run(&b->t, &src, &b->err))
		fail_msg("%s", b->err.text);
	buf_clear(&t->bytes);
	read_log(b);
}

/* The letter that arrived as number n. */
static const char *
arrived(struct bench *b, unsigned n)
{
	struct buf text = BUF_INIT(1 << 16);
	struct err err = ERR_INIT;
	const char *copy = NULL;

	assert_true(
	    file_read(arena_printf(b->arena, "%s/%u.eml", b->dir, n), &text, &err));
	copy = arena_strdup(b->arena, buf_text(&text));
	buf_clear(&text);
	return copy;
}

static const char plain[] = "From: Planet <planet@planet.example>\r\n"
			    "To: Ann <ann@example.org>\r\n"
			    "Subject: Three posts\r\n"
			    "List-Id: <planet.example>\r\n"
			    "List-Unsubscribe: <https://news.planet.example/u/t>,\r\n"
			    "\t<mailto:planet+unsubscribe-t@planet.example>\r\n"
			    "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
			    "X-To: kept\r\n"
			    "\r\n"
			    "To: stays in the body\r\n"
			    ".dots\r\n";

static void
one_address_gets_all(void **state)
{
	struct bench *b = *state;
	struct trial t = { .text = plain,
		.recipients = { "ann@example.org", "bo@example.org" },
		.count = 2 };

	serve(b, "");
	b->config.transport.redirect_to = "keeper@home.example";
	b->config.bounce.address = "bounces@planet.example";
	redirected(b, &t);
	assert_int_equal(t.settled, 2);
	assert_int_equal(t.last, OUTCOME_SENT);
	expect_count(b, "accepted bounces@planet.example keeper@home.example ", 2);
	expect_count(b, "ann@example.org", 0);
	expect_count(b, "bo@example.org", 0);
	assert_string_equal(arrived(b, 1),
	    "To: <keeper@home.example>\r\n"
	    "Subject: [would have gone to ann@example.org] Three posts\r\n"
	    "From: Planet <planet@planet.example>\r\n"
	    "List-Id: <planet.example>\r\n"
	    "X-To: kept\r\n"
	    "\r\n"
	    "To: stays in the body\r\n"
	    ".dots\r\n");
	assert_non_null(strstr(arrived(b, 2),
	    "Subject: [would have gone to bo@example.org] Three posts\r\n"));
}

/* Without an address for bounces, what fails comes back to the newsletter's own. */
static void
a_subject_is_read_before_it_is_written_anew(void **state)
{
	struct bench *b = *state;
	struct trial t = { .text = "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n"
				   " =?utf-8?q?_an_alle?=\r\n\r\nx\r\n",
		.recipients = { "ann@example.org" },
		.count = 1 };

	serve(b, "");
	b->config.transport.redirect_to = "keeper@home.example";
	b->config.newsletter.from = "The Planet <planet@planet.example>";
	b->config.bounce.address = "";
	redirected(b, &t);
	expect_count(b, "accepted planet@planet.example keeper@home.example ", 1);
	assert_string_equal(arrived(b, 1),
	    "To: <keeper@home.example>\r\n"
	    "Subject: [would have gone to ann@example.org] =?UTF-8?B?R3LDvMOfZQ==?= an\r\n"
	    " alle\r\n"
	    "\r\nx\r\n");
}

static void
a_letter_without_body_or_subject(void **state)
{
	struct bench *b = *state;
	struct trial t = { .text = "From: Planet <planet@planet.example>\r\n\r\n",
		.recipients = { "ann@example.org" },
		.count = 1 };

	serve(b, "");
	b->config.transport.redirect_to = "keeper@home.example";
	b->config.bounce.address = "bounces@planet.example";
	redirected(b, &t);
	assert_string_equal(arrived(b, 1),
	    "To: <keeper@home.example>\r\n"
	    "Subject: [would have gone to ann@example.org]\r\n"
	    "From: Planet <planet@planet.example>\r\n\r\n");
}

static void
it_stops_when_it_is_told_to(void **state)
{
	struct bench *b = *state;
	struct trial t = { .text = plain,
		.recipients = { "ann@example.org", "bo@example.org", "cy@example.org" },
		.count = 3,
		.stop_at = 1 };

	serve(b, "");
	b->config.transport.redirect_to = "keeper@home.example";
	b->config.bounce.address = "bounces@planet.example";
	redirected(b, &t);
	assert_int_equal(t.given, 1);
	assert_int_equal(t.settled, 1);
}

static void
it_is_told_in_words(void **state)
{
	struct bench *b = *state;
	struct buf out = BUF_INIT(1000);

	b->config.transport.redirect_to = "keeper@home.example";
	b->config.smtp.port = 25;
	b->config.transport.method = TRANSPORT_REDIRECT;
	transport_describe(&b->config, &out);
	assert_string_equal(buf_text(&out),
	    "keeper@home.example in place of the readers, by localhost:25 (in the clear)");
	buf_clear(&out);
}

/* Nothing is sent where an address is none. */
static void
an_address_that_is_none(void **state)
{
	struct bench *b = *state;
	struct trial t = { .text = plain,
		.recipients = { "ann@example.org" },
		.count = 1 };
	const struct letter_source src = { next, settle, stop, &t, NULL };

	serve(b, "");
	b->config.transport.redirect_to = "nobody";
	b->config.bounce.address = "bounces@planet.example";
	assert_false(redirect_run(&b->t, &src, &b->err));
	assert_true(err_is_set(&b->err));
	err_clear(&b->err);
	b->config.transport.redirect_to = "keeper@home.example";
	b->config.bounce.address = "two\r\nlines@planet.example";
	assert_false(redirect_run(&b->t, &src, &b->err));
	assert_true(err_is_set(&b->err));
	assert_int_equal(t.given, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(one_address_gets_all, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    a_subject_is_read_before_it_is_written_anew, setup, teardown),
		cmocka_unit_test_setup_teardown(a_letter_without_body_or_subject, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(it_stops_when_it_is_told_to, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(it_is_told_in_words, setup, teardown),
		cmocka_unit_test_setup_teardown(an_address_that_is_none, setup, teardown),
	};

	return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
