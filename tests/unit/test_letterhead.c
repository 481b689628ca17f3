/* SPDX-License-Identifier: ISC */
/* What all letters of a time share: who sends them, in which list, and how that is stored. */
#include "unit/flow_fixture.h"

#include "base/limits.h"
#include "flow/letterhead.h"

static struct letterhead
head_at(struct flow_test *t, int64_t date)
{
	struct letterhead head;

	MUST(letterhead_now(&t->run, date, &head, err));
	return head;
}

/* ---- Feedback-ID ---------------------------------------------------------------------- */

/* 5 to 15 letters and digits of the sender's domain, small. */
static const struct {
	const char *from, *id;
} senders[] = {
	{ "p@example.net", "2026-11-24:letter:planetpost:examplenet" },
	{ "p@Ex-Ample1.NET", "2026-11-24:letter:planetpost:example1net" },
	{ "p@ab.cd", "2026-11-24:letter:planetpost:abcdplanetpost" },
	{ "p@ab.cde", "2026-11-24:letter:planetpost:abcde" },
	{ "p@abcdefghijkl.net", "2026-11-24:letter:planetpost:abcdefghijklnet" },
	{ "p@abcdefghijklm.net", "2026-11-24:letter:planetpost:abcdefghijklmne" },
};

static void
complaints_are_counted_by_day_and_sender(void **state)
{
	struct flow_test t;
	struct letterhead head;

	(void)state;
	flow_begin(&t);
	for (size_t i = 0; i < ARRAY_LEN(senders); i++) {
		t.settings.config.newsletter.from = senders[i].from;
		SAME_TEXT(senders[i].from, head_at(&t, NOW).common.feedback_id,
		    senders[i].id);
	}
	t.settings.config.newsletter.from = "p@example.net";
	SAME_TEXT("another day", head_at(&t, NOW + 40 * 86400).common.feedback_id,
	    "2027-01-03:letter:planetpost:examplenet");
	head = head_at(&t, NOW);
	letterhead_of_notice(t.run.arena, &head);
	SAME_TEXT("of a notice", head.common.feedback_id,
	    "2026-11-24:notice:planetpost:examplenet");
	letterhead_of_notice(t.run.arena, &head);
	SAME_TEXT("once", head.common.feedback_id,
	    "2026-11-24:notice:planetpost:examplenet");
	head.common.feedback_id = NULL;
	letterhead_of_notice(t.run.arena, &head);
	SAME_TEXT("without one", head.common.feedback_id, "(none)");
	flow_end(&t);
}

/* ---- settings ------------------------------------------------------------------------- */

static void
every_setting_is_in_its_place(void **state)
{
	struct flow_test t;
	struct config *c = &t.settings.config;
	struct err ignored = ERR_INIT;
	struct zone *paris = zone_open("Europe/Paris", &ignored);
	const struct zone *utc = NULL;
	struct letterhead head;

	(void)state;
	assert_non_null(paris);
	flow_begin(&t);
	head = head_at(&t, NOW);
	SAME_INT("no threads", head.threads, 0);
	SAME_TEXT("no pages", head.web_url, "");
	SAME_TEXT("no commands", head.command_address, "");
	SAME_TEXT("zone", head.zone_name, "UTC");
	SAME_TEXT("no archive", head.common.list_archive, "(none)");
	SAME_INT("nothing of an issue", head.settings == NULL && head.logo == NULL, 1);
	utc = t.run.zone;
	t.run.zone = paris;
	c->digest.thread = true;
	c->newsletter.description = "Words of a planet";
	c->bounce.address = "Bounces <bounces@example.net>";
	c->newsletter.language = "fr";
	head = head_at(&t, NOW);
	SAME_INT("threads", head.threads, 1);
	SAME_TEXT("list", head.common.list_name, "Words of a planet");
	SAME_TEXT("bounces", head.common.sender, "bounces@example.net");
	SAME_TEXT("language", head.common.language, "fr");
	SAME_TEXT("zone", head.zone_name, "Europe/Paris");
	SAME_INT("an hour before UTC", head.common.date_offset, 3600);
	SAME_INT("two in summer", head_at(&t, NOW - 150 * 86400).common.date_offset,
	    7200);
	c->bounce.address = "nobody";
	MUST_FAIL(letterhead_now(&t.run, NOW, &head, err), ERR_CONFIG,
	    "bounce.address: ");
	t.run.zone = utc;
	zone_close(paris);
	flow_end(&t);
}

static void
another_language_changes_its_words(void **state)
{
	struct flow_test t;
	struct letterhead head;

	(void)state;
	flow_begin(&t);
	head = head_at(&t, NOW);
	MUST(letterhead_speak(&t.run, NULL, &head, err));
	SAME_TEXT("none said", head.common.language, "en");
	MUST(letterhead_speak(&t.run, "", &head, err));
	SAME_TEXT("the newsletter's", head.common.language, "en");
	SAME_TEXT("its dates", head.since.form, "{{day}} {{month}} {{year}}");
	MUST(letterhead_speak(&t.run, "de", &head, err));
	SAME_TEXT("another", head.common.language, "de");
	SAME_TEXT("its dates", head.since.form, "{{day}}. {{month}} {{year}}");
	flow_end(&t);
}

/* ---- as it is stored ------------------------------------------------------------------ */

/* Letters of an older version are made again by a newer one: the words are those in the store. */
static void
the_stored_words_stay_as_they_are(void **state)
{
	struct flow_test t;
	struct config *c = &t.settings.config;
	struct letterhead head;
	const char *text = NULL;
	const char *months = NULL;

	(void)state;
	flow_begin(&t);
	c->newsletter.from = "Planet <p@example.net>";
	c->newsletter.reply_to = "Talk <talk@example.net>";
	c->bounce.address = "b@example.net";
	c->web.url = "https://news.example";
	c->list.command_address = "cmd@example.net";
	c->digest.thread = true;
	head = head_at(&t, NOW);
	text = letterhead_text(t.run.arena, &head);
	months = strstr(text, "\"weekdays\":");
	assert_non_null(months);
	SAME_TEXT("the first of it",
	    arena_strndup(t.run.arena, text, (size_t)(months - text)),
	    "{\"letterhead\":1,\"date\":1795500000,\"date_offset\":0,"
	    "\"from_name\":\"Planet\",\"from\":\"p@example.net\","
	    "\"reply_to_name\":\"Talk\",\"reply_to\":\"talk@example.net\","
	    "\"sender\":\"b@example.net\",\"list_name\":\"Planet X\","
	    "\"list_id\":\"planet-x.example.net\","
	    "\"list_archive\":\"https://news.example/archive/\","
	    "\"list_help\":\"https://news.example/\","
	    "\"list_owner\":\"mailto:p@example.net\",\"language\":\"en\","
	    "\"feedback_id\":\"2026-11-24:letter:planetpost:examplenet\","
	    "\"thread\":true,\"web\":\"https://news.example\","
	    "\"commands\":\"cmd@example.net\",\"zone\":\"UTC\",");
	flow_end(&t);
}

/* Each member alone is not there: those that a letter cannot do without are missed. */
static const struct {
	const char *member;
	bool is_missed;
} members[] = {
	{ "letterhead", true },
	{ "date", true },
	{ "date_offset", true },
	{ "from_name", false },
	{ "from", true },
	{ "reply_to_name", false },
	{ "reply_to", false },
	{ "sender", true },
	{ "list_name", false },
	{ "list_id", false },
	{ "list_archive", false },
	{ "list_help", false },
	{ "list_owner", false },
	{ "language", false },
	{ "feedback_id", false },
	{ "thread", false },
	{ "web", true },
	{ "commands", true },
	{ "zone", true },
	{ "weekdays", true },
	{ "months", true },
	{ "since", true },
	{ "first_day", false },
};

static void
what_a_letter_needs_is_missed_by_its_name(void **state)
{
	struct flow_test t;
	struct config *c = &t.settings.config;
	struct letterhead head;
	struct letterhead back;
	const char *whole = NULL;

	(void)state;
	flow_begin(&t);
	c->newsletter.reply_to = "Talk <talk@example.net>";
	c->web.url = "https://news.example";
	c->digest.thread = true;
	head = head_at(&t, NOW);
	whole = letterhead_text(t.run.arena, &head);
	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		const char *name = members[i].member;
		const char *at =
		    strstr(whole, arena_printf(t.run.arena, "\"%s\":", name));
		const char *text = NULL;

		if (!at && strcmp(name, "first_day") == 0)
			continue;
		assert_non_null(at);
		text = arena_printf(t.run.arena, "%.*s\"x\":%s", (int)(at - whole), whole,
		    at + strlen(name) + 3);
		if (members[i].is_missed) {
			MUST_FAIL(letterhead_read(&t.run, t.run.arena, text, &back, err),
			    ERR_STORE,
			    arena_printf(t.run.arena,
				"a stored letterhead is damaged: %s", name));
			letterhead_clear(&back);
			continue;
		}
		MUST(letterhead_read(&t.run, t.run.arena, text, &back, err));
		/* The last one has no comma behind it. */
		if (!strchr(at, ',')) {
			letterhead_clear(&back);
			continue;
		}
		SAME_TEXT(name, letterhead_text(t.run.arena, &back),
		    strcmp(name, "thread") == 0
			? arena_printf(t.run.arena, "%.*s\"thread\":false%s",
			      (int)(at - whole), whole, strchr(at, ','))
			: arena_printf(t.run.arena, "%.*s%s", (int)(at - whole), whole,
			      strstr(at, "\",") + 2));
		letterhead_clear(&back);
	}
	flow_end(&t);
}

static const struct {
	const char *find, *put, *damage;
} addresses[] = {
	{ "\"from\":\"planet@example.net\"", "\"from\":\"planet\"", "from" },
	{ "\"sender\":\"planet@example.net\"", "\"sender\":\"a b@c\"", "sender" },
	{ "\"reply_to\":\"talk@example.net\"", "\"reply_to\":\"talk\"", "reply_to" },
	{ "\"letterhead\":1", "\"letterhead\":0", "letterhead" },
	{ "\"letterhead\":1", "\"letterhead\":2", "letterhead" },
};

static void
a_damaged_one_is_told_by_its_member(void **state)
{
	struct flow_test t;
	struct letterhead head;
	struct letterhead back;

	(void)state;
	flow_begin(&t);
	t.settings.config.newsletter.reply_to = "talk@example.net";
	head = head_at(&t, NOW);
	for (size_t i = 0; i < ARRAY_LEN(addresses); i++) {
		const char *text = letterhead_text(t.run.arena, &head);
		const char *at = strstr(text, addresses[i].find);

		assert_non_null(at);
		text = arena_printf(t.run.arena, "%.*s%s%s", (int)(at - text), text,
		    addresses[i].put, at + strlen(addresses[i].find));
		MUST_FAIL(letterhead_read(&t.run, t.run.arena, text, &back, err),
		    ERR_STORE,
		    arena_printf(t.run.arena, "a stored letterhead is damaged: %s",
			addresses[i].damage));
		letterhead_clear(&back);
	}
	flow_end(&t);
}

/* ---- its logo ------------------------------------------------------------------------- */

static const struct {
	const char *logo;
	bool is_one;
} logos[] = {
	{ "{\"id\":\"x\",\"width\":1,\"height\":1}", true },
	{ "{\"id\":\"x\",\"width\":0,\"height\":1}", false },
	{ "{\"id\":\"x\",\"width\":1,\"height\":0}", false },
	{ "{\"id\":\"x\",\"width\":%d,\"height\":%d}", true },
	{ "{\"id\":\"x\",\"width\":%d1,\"height\":%d}", false },
	{ "{\"id\":\"x\",\"width\":%d,\"height\":%d1}", false },
	{ "{\"id\":\"x\",\"width\":1}", false },
	{ "{\"id\":\"x\",\"height\":1}", false },
	{ "{\"width\":1,\"height\":1}", false },
	{ "{}", false },
};

/* "%d" is the largest that a picture may be. */
static const char *
with_size(struct arena *a, const char *form)
{
	const char *at = strstr(form, "%d");

	if (!at)
		return form;
	return with_size(a,
	    arena_printf(a, "%.*s%d%s", (int)(at - form), form, LIMIT_PICTURE_SIDE,
		at + 2));
}

static void
a_logo_has_an_id_and_a_size(void **state)
{
	struct flow_test t;
	struct letterhead head;
	struct letterhead back;
	const char *text = NULL;
	const char *at = NULL;

	(void)state;
	flow_begin(&t);
	MUST(letterhead_of_issue(&t.run, t.run.arena, NOW, &head, err));
	text = letterhead_text(t.run.arena, &head);
	at = strstr(text, "\"logo\":{}");
	assert_non_null(at);
	for (size_t i = 0; i < ARRAY_LEN(logos); i++) {
		const char *logo = with_size(t.run.arena, logos[i].logo);

		MUST(letterhead_read(&t.run, t.run.arena,
		    arena_printf(t.run.arena, "%.*s\"logo\":%s}", (int)(at - text), text,
			logo),
		    &back, err));
		SAME_INT(logo, back.logo != NULL, logos[i].is_one);
		letterhead_clear(&back);
	}
	flow_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(complaints_are_counted_by_day_and_sender),
		cmocka_unit_test(every_setting_is_in_its_place),
		cmocka_unit_test(another_language_changes_its_words),
		cmocka_unit_test(the_stored_words_stay_as_they_are),
		cmocka_unit_test(what_a_letter_needs_is_missed_by_its_name),
		cmocka_unit_test(a_damaged_one_is_told_by_its_member),
		cmocka_unit_test(a_logo_has_an_id_and_a_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
