/* SPDX-License-Identifier: ISC */
/* The words of states and preferences, each written out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/attr.h"
#include "model/names.h"

static void
test_source_states(void **state)
{
	static const struct {
		enum source_state value;
		const char *word;
	} t[] = {
		{ SOURCE_OK, "ok" },
		{ SOURCE_FAILING, "failing" },
		{ SOURCE_REFUSED, "refused" },
		{ SOURCE_MALFORMED, "malformed" },
		{ SOURCE_MOVED, "moved" },
		{ SOURCE_WEB_PAGE, "web-page" },
		{ SOURCE_STALE, "stale" },
		{ SOURCE_GONE, "gone" },
		{ SOURCE_SLOW, "slow" },
		{ SOURCE_DUPLICATE, "duplicate" },
		{ SOURCE_FLOOD, "flood" },
		{ SOURCE_CHANGED, "changed" },
	};
	enum source_state got = SOURCE_CHANGED;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		assert_string_equal(source_state_name(t[i].value), t[i].word);
		assert_true(source_state_parse(t[i].word, &got));
		assert_int_equal(got, t[i].value);
	}
	assert_int_equal(ARRAY_LEN(t), SOURCE_CHANGED + 1);
	assert_false(source_state_parse("Gone", &got));
	assert_false(source_state_parse("", &got));
	assert_int_equal(got, SOURCE_CHANGED);
}

static void
test_issue_states(void **state)
{
	(void)state;
	assert_string_equal(issue_state_name(ISSUE_DRAFT), "draft");
	assert_string_equal(issue_state_name(ISSUE_APPROVED), "approved");
	assert_string_equal(issue_state_name(ISSUE_SENDING), "sending");
	assert_string_equal(issue_state_name(ISSUE_PAUSED), "paused");
	assert_string_equal(issue_state_name(ISSUE_SENT), "sent");
	assert_string_equal(issue_state_name(ISSUE_SKIPPED), "skipped");
	assert_string_equal(issue_state_name(ISSUE_CANCELLED), "cancelled");
}

static void
test_delivery_states(void **state)
{
	(void)state;
	assert_string_equal(delivery_state_name(DELIVERY_QUEUED), "queued");
	assert_string_equal(delivery_state_name(DELIVERY_SENDING), "sending");
	assert_string_equal(delivery_state_name(DELIVERY_SENT), "accepted");
	assert_string_equal(delivery_state_name(DELIVERY_DEFERRED), "deferred");
	assert_string_equal(delivery_state_name(DELIVERY_REFUSED), "refused");
	assert_string_equal(delivery_state_name(DELIVERY_UNKNOWN), "unknown");
	assert_string_equal(delivery_state_name(DELIVERY_SKIPPED), "skipped");
	assert_string_equal(delivery_state_name(DELIVERY_WITHDRAWN), "withdrawn");
}

static void
test_reader_states(void **state)
{
	static const struct {
		enum reader_state value;
		const char *word;
	} t[] = {
		{ READER_PENDING, "pending" },
		{ READER_ACTIVE, "active" },
		{ READER_HOLD, "hold" },
		{ READER_BOUNCED, "bounced" },
		{ READER_LEFT, "left" },
		{ READER_REMOVED, "removed" },
		{ READER_ERASED, "erased" },
	};
	enum reader_state got = READER_PENDING;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		assert_string_equal(reader_state_name(t[i].value), t[i].word);
		assert_true(reader_state_parse(t[i].word, &got));
		assert_int_equal(got, t[i].value);
	}
	assert_int_equal(ARRAY_LEN(t), READER_ERASED + 1);
	assert_false(reader_state_parse("act", &got));
	assert_int_equal(got, READER_ERASED);
}

static void
test_history(void **state)
{
	static const struct {
		enum reader_event value;
		const char *word;
	} events[] = {
		{ EVENT_ASK, "asked" },
		{ EVENT_CONFIRM, "confirmed" },
		{ EVENT_LEAVE, "left" },
		{ EVENT_REMOVE, "removed" },
		{ EVENT_HOLD, "held" },
		{ EVENT_RESUME, "resumed" },
		{ EVENT_BOUNCE, "bounced" },
		{ EVENT_ERASE, "erased" },
		{ EVENT_IMPORT, "added" },
		{ EVENT_EDIT, "changed" },
		{ EVENT_UNDO, "taken back" },
	};
	static const struct {
		enum event_cause value;
		const char *word;
	} causes[] = {
		{ CAUSE_COMMAND, "command" },
		{ CAUSE_LIST, "list" },
		{ CAUSE_PAGE, "page" },
		{ CAUSE_MAIL, "mail" },
		{ CAUSE_BOUNCE, "bounce" },
		{ CAUSE_RUN, "run" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(events); i++)
		assert_string_equal(reader_event_name(events[i].value), events[i].word);
	for (size_t i = 0; i < ARRAY_LEN(causes); i++)
		assert_string_equal(event_cause_name(causes[i].value), causes[i].word);
}

static void
test_preferences(void **state)
{
	static const struct {
		enum letter_format value;
		const char *word;
	} formats[] = {
		{ FORMAT_PLAIN, "plain" },
		{ FORMAT_HTML, "html" },
		{ FORMAT_TEXT, "text" },
		{ FORMAT_DIGEST, "digest" },
	};
	enum letter_format format = FORMAT_HTML;

	(void)state;
	assert_string_equal(body_name(BODY_TITLES), "titles");
	assert_string_equal(body_name(BODY_SHORT), "short");
	assert_string_equal(body_name(BODY_WHOLE), "whole");

	for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
		assert_string_equal(format_name(formats[i].value), formats[i].word);
		assert_true(format_parse(formats[i].word, &format));
		assert_int_equal(format, formats[i].value);
	}
	assert_false(format_parse("pdf", &format));
	assert_int_equal(format, FORMAT_DIGEST);
}

static void
test_lengths_as_a_reader_wants_them(void **state)
{
	static const struct {
		enum length_wish wish;
		enum entry_body usual;
		enum entry_body want;
	} cases[] = {
		{ LENGTH_DEFAULT, BODY_TITLES, BODY_TITLES },
		{ LENGTH_DEFAULT, BODY_SHORT, BODY_SHORT },
		{ LENGTH_DEFAULT, BODY_WHOLE, BODY_WHOLE },
		{ LENGTH_TITLES, BODY_TITLES, BODY_TITLES },
		{ LENGTH_TITLES, BODY_SHORT, BODY_TITLES },
		{ LENGTH_TITLES, BODY_WHOLE, BODY_TITLES },
		{ LENGTH_SHORT, BODY_TITLES, BODY_SHORT },
		{ LENGTH_SHORT, BODY_SHORT, BODY_SHORT },
		{ LENGTH_SHORT, BODY_WHOLE, BODY_SHORT },
		{ LENGTH_WHOLE, BODY_TITLES, BODY_WHOLE },
		{ LENGTH_WHOLE, BODY_SHORT, BODY_WHOLE },
		{ LENGTH_WHOLE, BODY_WHOLE, BODY_WHOLE },
	};
	static const struct {
		const char *word;
		enum length_wish want;
		bool is_ours;
	} words[] = {
		{ "titles", LENGTH_TITLES, true },
		{ "short", LENGTH_SHORT, true },
		{ "default", LENGTH_DEFAULT, true },
		{ "whole", LENGTH_WHOLE, true },
		{ "title", LENGTH_TITLES, false },
		{ "summary", LENGTH_SHORT, false },
		{ "full", LENGTH_WHOLE, false },
	};
	enum length_wish wish = LENGTH_DEFAULT;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(length_shown(cases[i].wish, cases[i].usual),
		    cases[i].want);
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		assert_true(length_parse(words[i].word, &wish));
		assert_int_equal(wish, words[i].want);
		if (words[i].is_ours)
			assert_string_equal(length_name(wish), words[i].word);
	}
	assert_false(length_parse("none", &wish));
	assert_int_equal(wish, LENGTH_WHOLE);
	/* The numbers are stored. */
	assert_int_equal(LENGTH_TITLES, 0);
	assert_int_equal(LENGTH_SHORT, 1);
	assert_int_equal(LENGTH_DEFAULT, 2);
	assert_int_equal(LENGTH_WHOLE, 3);
}

static void
test_pictures_as_a_reader_wants_them(void **state)
{
	static const struct {
		enum picture_wish wish;
		enum images usual, want;
	} cases[] = {
		{ PICTURES_DEFAULT, IMAGES_LINK, IMAGES_LINK },
		{ PICTURES_DEFAULT, IMAGES_REMOTE, IMAGES_REMOTE },
		{ PICTURES_NONE, IMAGES_REMOTE, IMAGES_NONE },
		{ PICTURES_LINK, IMAGES_NONE, IMAGES_LINK },
		{ PICTURES_REMOTE, IMAGES_LINK, IMAGES_REMOTE },
		{ PICTURES_FIRST, IMAGES_LINK, IMAGES_FIRST },
		{ PICTURES_INLINE, IMAGES_REMOTE, IMAGES_INLINE },
	};
	static const struct {
		const char *word;
		enum picture_wish want;
	} words[] = {
		{ "inline-remote", PICTURES_REMOTE },
		{ "none", PICTURES_NONE },
		{ "link", PICTURES_LINK },
		{ "first", PICTURES_FIRST },
		{ "inline", PICTURES_INLINE },
		{ "remote", PICTURES_REMOTE },
		{ "default", PICTURES_DEFAULT },
	};
	enum picture_wish wish = PICTURES_NONE;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(pictures_shown(cases[i].wish, cases[i].usual),
		    cases[i].want);
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		assert_true(pictures_parse(words[i].word, &wish));
		assert_int_equal(wish, words[i].want);
		if (i > 0)
			assert_string_equal(pictures_name(wish), words[i].word);
	}
	assert_false(pictures_parse("7", &wish));
	assert_int_equal(wish, PICTURES_DEFAULT);
}

static void
test_settings_have_all_words(void **state)
{
	(void)state;
	assert_string_equal(images_words[IMAGES_NONE], "none");
	assert_string_equal(images_words[IMAGES_LINK], "link");
	assert_string_equal(images_words[IMAGES_FIRST], "first");
	assert_string_equal(images_words[IMAGES_INLINE], "inline");
	assert_string_equal(images_words[IMAGES_REMOTE], "inline-remote");
	assert_null(images_words[IMAGES_REMOTE + 1]);
	assert_string_equal(body_words[BODY_SHORT], "short");
	assert_null(body_words[BODY_WHOLE + 1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_source_states),
		cmocka_unit_test(test_issue_states),
		cmocka_unit_test(test_delivery_states),
		cmocka_unit_test(test_reader_states),
		cmocka_unit_test(test_history),
		cmocka_unit_test(test_preferences),
		cmocka_unit_test(test_lengths_as_a_reader_wants_them),
		cmocka_unit_test(test_pictures_as_a_reader_wants_them),
		cmocka_unit_test(test_settings_have_all_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
