/* SPDX-License-Identifier: ISC */
/* What stands on every letter, what stands on one alone, and issues as mail of nobody. */
#include "unit/flow_fixture.h"

#include "digest/render.h"
#include "flow/compile.h"
#include "flow/export.h"
#include "flow/letter_fields.h"
#include "flow/letterhead.h"
#include "flow/preview_letter.h"
#include "list/subscription.h"
#include "list/token.h"

static const unsigned char key[HASH_SIZE] = { 1, 2, 3 };
static struct hash_key *set_key; /* the same */
static const struct delivery ann = { .span = { 2, 3, 3 },
	.part = 1,
	.reader_id = 7,
	.epoch = 2,
	.confirmed = NOW,
	.address = "Ann@x.example" };

static struct letterhead
head_of(struct flow_test *t)
{
	struct letterhead head;

	MUST(letterhead_now(&t->run, NOW, &head, err));
	return head;
}

static struct letter_common
common_of(struct flow_test *t)
{
	return head_of(t).common;
}

static struct letter_personal
personal_of(struct flow_test *t)
{
	const struct letterhead head = head_of(t);
	struct letter_personal p;

	MUST(flow_letter_personal(t->run.arena, &head, set_key, &ann, &p, err));
	return p;
}

static void
make_token(enum token_scope scope, char out[TOKEN_SIZE])
{
	const struct token token = { scope, 7, 2, 3, NOW };

	token_make(key, &token, out);
}

/* ---- common ---- */

static void
without_further_settings(void **state)
{
	struct flow_test t;
	struct letter_common c;

	(void)state;
	flow_begin(&t);
	c = common_of(&t);
	SAME_TEXT("name", c.from.name, "Planet X");
	SAME_TEXT("from", c.from.address, "planet@example.net");
	SAME_TEXT("sender", c.sender, "planet@example.net");
	assert_null(c.reply_to.address);
	SAME_TEXT("list", c.list_name, "Planet X");
	SAME_TEXT("id", c.list_id, "planet-x.example.net");
	assert_null(c.list_archive);
	SAME_TEXT("help", c.list_help, "mailto:planet@example.net?subject=help");
	SAME_TEXT("owner", c.list_owner, "mailto:planet@example.net");
	SAME_TEXT("language", c.language, "en");
	SAME_INT("date", c.date, NOW);
	SAME_INT("UTC", c.date_offset, 0);
	flow_end(&t);
}

static void
every_setting_has_its_field(void **state)
{
	struct flow_test t;
	struct letter_common c;

	(void)state;
	flow_begin(&t);
	t.settings.config.newsletter.from = "The Planet <p@example.net>";
	t.settings.config.newsletter.reply_to = "talk@example.net";
	t.settings.config.newsletter.owner = "Kay <kay@example.net>";
	t.settings.config.newsletter.list_id = "own.id";
	t.settings.config.newsletter.link = "https://planet.example/";
	t.settings.config.smtp.verp = true;
	c = common_of(&t);
	SAME_TEXT("name", c.from.name, "The Planet");
	SAME_TEXT("reply to", c.reply_to.address, "talk@example.net");
	SAME_TEXT("owner", c.list_owner, "mailto:kay@example.net");
	SAME_TEXT("id", c.list_id, "own.id");
	SAME_TEXT("archive", c.list_archive, "https://planet.example/");
	SAME_TEXT("help", c.list_help, "mailto:talk@example.net?subject=help");
	assert_true(c.verp);
	t.settings.config.newsletter.link = "ftp://planet.example/";
	assert_null(common_of(&t).list_archive);
	t.settings.config.list.command_address = "cmd@example.net";
	SAME_TEXT("help by command", common_of(&t).list_help,
	    "mailto:cmd+help@example.net?subject=help");
	t.settings.config.web.url = "https://news.example";
	c = common_of(&t);
	SAME_TEXT("help on the web", c.list_help, "https://news.example/");
	SAME_TEXT("archive on the web", c.list_archive, "https://news.example/archive/");
	flow_end(&t);
}

static void
list_ids_are_made_of_names(void **state)
{
	static const struct {
		const char *name, *want;
	} cases[] = {
		{ "Planet X", "planet-x.example.net" },
		{ "Planet -- X!", "planet-x.example.net" },
		{ "  Azaz 0909  ", "azaz-0909.example.net" },
		{ "@[`{/:", "newsletter.example.net" },
		{ "", "newsletter.example.net" },
		{ "\u30D7\u30E9\u30CD\u30C3\u30C8", "newsletter.example.net" },
		{ "a123456789b123456789c123456789d123456789e123456789f123456789g1",
		    "a123456789b123456789c123456789d123456789e123456789f123456789"
		    ".example.net" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct flow_test t;

		flow_begin(&t);
		t.settings.config.newsletter.name = cases[i].name;
		SAME_TEXT(cases[i].name, common_of(&t).list_id, cases[i].want);
		flow_end(&t);
	}
}

static void
addresses_that_are_none_are_told(void **state)
{
	static const struct {
		const char *name, *from, *reply_to, *owner;
		enum transport_method method;
		enum err_kind kind;
		const char *words;
	} cases[] = {
		{ "from", "nobody", "", "", TRANSPORT_OUTBOX, ERR_CONFIG,
		    "newsletter.from: " },
		{ "reply_to", "p@example.net", "x", "", TRANSPORT_OUTBOX, ERR_CONFIG,
		    "newsletter.reply_to: " },
		{ "owner", "p@example.net", "", "x", TRANSPORT_OUTBOX, ERR_CONFIG,
		    "newsletter.owner: " },
		{ "smtp needs a sender", "", "", "", TRANSPORT_SMTP, ERR_CONFIG,
		    "newsletter.from is not set" },
		{ "sendmail too", "", "", "", TRANSPORT_SENDMAIL, ERR_CONFIG,
		    "newsletter.from is not set" },
		{ "lmtp too", "", "", "", TRANSPORT_LMTP, ERR_CONFIG,
		    "newsletter.from is not set" },
	};
	static const enum transport_method files[] = { TRANSPORT_OUTBOX, TRANSPORT_MBOX,
		TRANSPORT_MAILDIR, TRANSPORT_STDOUT };
	struct flow_test t;
	struct letterhead head;

	(void)state;
	flow_begin(&t);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		t.settings.config.newsletter.from = cases[i].from;
		t.settings.config.newsletter.reply_to = cases[i].reply_to;
		t.settings.config.newsletter.owner = cases[i].owner;
		t.settings.config.transport.method = cases[i].method;
		MUST_FAIL(letterhead_now(&t.run, NOW, &head, err), cases[i].kind,
		    cases[i].words);
	}
	t.settings.config.newsletter.owner = "";
	t.settings.config.newsletter.from = "";
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		t.settings.config.transport.method = files[i];
		SAME_TEXT("files need no sender", common_of(&t).from.address,
		    "planetpost@localhost.localdomain");
	}
	flow_end(&t);
}

/* ---- one reader's own ---- */

static void
leaving_is_a_letter_until_there_are_pages(void **state)
{
	struct flow_test t;
	struct letter_personal p;
	char token[TOKEN_SIZE];
	const char *want = NULL;

	(void)state;
	flow_begin(&t);
	make_token(TOKEN_LEAVE, token);
	p = personal_of(&t);
	SAME_TEXT("to", p.to, "Ann@x.example");
	want = arena_printf(t.run.arena, "mailto:planet@example.net?subject=leave-%s",
	    token);
	SAME_TEXT("leave by letter", p.leave_mailto, want);
	SAME_TEXT("the hole", p.holes[HOLE_LEAVE], want);
	SAME_TEXT("address", p.holes[HOLE_ADDRESS], "Ann@x.example");
	SAME_TEXT("since", p.holes[HOLE_SINCE], "24 November 2026");
	assert_null(p.leave_url);
	assert_null(p.holes[HOLE_MANAGE]);
	assert_false(p.one_click);
	assert_non_null(strstr(p.message_id, "@example.net"));

	t.settings.config.list.command_address = "cmd@example.net";
	SAME_TEXT("by command", personal_of(&t).leave_mailto,
	    arena_printf(t.run.arena,
		"mailto:cmd+unsubscribe@example.net?subject=leave-%s", token));

	t.settings.config.web.url = "https://news.example";
	p = personal_of(&t);
	want = arena_printf(t.run.arena, "https://news.example/u/%s", token);
	SAME_TEXT("leave by page", p.leave_url, want);
	SAME_TEXT("the hole", p.holes[HOLE_LEAVE], want);
	assert_true(p.one_click);
	make_token(TOKEN_PREFERENCES, token);
	SAME_TEXT("manage", p.holes[HOLE_MANAGE],
	    arena_printf(t.run.arena, "https://news.example/p/%s", token));
	flow_end(&t);
}

static void
what_a_reader_may_lack(void **state)
{
	struct flow_test t;
	struct letterhead head;
	struct letter_personal p;
	struct delivery d = ann;

	(void)state;
	flow_begin(&t);
	head = head_of(&t);
	d.confirmed = TIME_NONE;
	MUST(flow_letter_personal(t.run.arena, &head, set_key, &d, &p, err));
	assert_null(p.holes[HOLE_SINCE]);
	d.address = "nobody";
	MUST_FAIL(flow_letter_personal(t.run.arena, &head, set_key, &d, &p, err),
	    ERR_INPUT, "");
	d = ann;
	head.since.form = "{{#day}}";
	MUST_FAIL(flow_letter_personal(t.run.arena, &head, set_key, &d, &p, err),
	    ERR_CONFIG, "");
	template_set_close(t.run.templates);
	t.run.templates = NULL;
	t.settings.config.digest.template_dir = "/nowhere/at/all";
	MUST_FAIL(letterhead_now(&t.run, NOW, &head, err), ERR_CONFIG, "/nowhere/at/all");
	flow_end(&t);
}

/* NOW is 24 November 2026; the same day of 2027 has its place in memory too. */
static const struct {
	int64_t after_s;
	const char *form, *want;
} confirmations[] = {
	{ 0, "{{day}} {{month}} {{year}}", "24 November 2026" },
	{ 365 * 86400, "{{day}} {{month}} {{year}}", "24 November 2027" },
	{ 86400, "{{day}} {{month}} {{year}}", "25 November 2026" },
	{ 0, "{{day}} {{month}} {{year}}", "24 November 2026" },
	{ 3600, "{{day}} {{month}} {{year}}", "24 November 2026" },
	{ 0, "{{hour}}", "06" },
	{ 3600, "{{hour}}", "07" },
	{ 0, "{{minute}}", "00" },
	{ 60, "{{minute}}", "01" },
};

static void
dates_that_are_remembered_are_each_readers_own(void **state)
{
	struct flow_test t;
	struct letterhead head;
	struct letter_personal p;
	struct delivery d = ann;

	(void)state;
	flow_begin(&t);
	head = head_of(&t);
	head.known = arena_array(t.run.arena, SINCE_DAYS, sizeof(*head.known));
	for (size_t i = 0; i < ARRAY_LEN(confirmations); i++) {
		head.since.form = confirmations[i].form;
		d.confirmed = NOW / 3600 * 3600 + confirmations[i].after_s;
		MUST(flow_letter_personal(t.run.arena, &head, set_key, &d, &p, err));
		SAME_TEXT("since", p.holes[HOLE_SINCE], confirmations[i].want);
	}
	flow_end(&t);
}

/* Letters to somebody who is no reader, or not at that address. */
static const struct {
	enum notice_kind kind;
	bool harmless;
} harmless[] = {
	{ NOTICE_NONE, false },
	{ NOTICE_TEST, true },
	{ NOTICE_PREVIEW, true },
	{ NOTICE_ADDRESS, true },
	{ NOTICE_MOVED, true },
	{ NOTICE_WELCOME, false },
	{ NOTICE_DONE, false },
	{ NOTICE_KEEPER, false },
};

static void
a_letter_to_no_reader_has_links_that_do_nothing(void **state)
{
	struct flow_test t;
	struct letterhead head;
	struct letter_personal p;
	struct delivery d = ann;
	struct token token;

	(void)state;
	flow_begin(&t);
	d.notice_id = 5;
	head = head_of(&t);
	for (size_t i = 0; i < ARRAY_LEN(harmless); i++) {
		d.kind = harmless[i].kind;
		MUST(flow_letter_personal(t.run.arena, &head, set_key, &d, &p, err));
		assert_true(token_check(key, TOKEN_LEAVE,
		    strstr(p.leave_mailto, "leave-") + 6, &token));
		SAME_INT("whose", token.reader, harmless[i].harmless ? 0 : ann.reader_id);
		SAME_INT("since", token.epoch, harmless[i].harmless ? 0 : ann.epoch);
		SAME_INT("an id of its own",
		    strcmp(p.message_id, personal_of(&t).message_id) != 0,
		    harmless[i].kind != NOTICE_NONE);
	}
	flow_end(&t);
}

static void
letters_refer_to_the_one_before_where_that_is_set(void **state)
{
	struct flow_test t;
	struct letterhead head;
	struct letter_personal p;
	struct delivery before = ann;
	struct delivery d = ann;
	const char *id = NULL;

	(void)state;
	flow_begin(&t);
	head = head_of(&t);
	before.span = (struct span){ 2, 3, 3 };
	d.span = (struct span){ 3, 7, 7 };
	MUST(flow_letter_personal(t.run.arena, &head, set_key, &before, &p, err));
	id = p.message_id;
	MUST(flow_letter_personal(t.run.arena, &head, set_key, &d, &p, err));
	assert_null(p.references);
	t.settings.config.digest.thread = true;
	head = head_of(&t);
	MUST(flow_letter_personal(t.run.arena, &head, set_key, &d, &p, err));
	SAME_TEXT("the one before", p.references, id);
	d.span.after = 0;
	MUST(flow_letter_personal(t.run.arena, &head, set_key, &d, &p, err));
	assert_null(p.references);
	flow_end(&t);
}

/* ---- the letterhead as it is stored ---- */

static void
a_letterhead_is_read_back_as_it_was(void **state)
{
	struct flow_test t;
	struct letterhead head;
	struct letterhead back;
	const char *text = NULL;

	(void)state;
	flow_begin(&t);
	t.settings.config.newsletter.from = "\"Plan\u00E8te\" <p@example.net>";
	t.settings.config.newsletter.reply_to = "Talk <talk@example.net>";
	t.settings.config.web.url = "https://news.example";
	head = head_of(&t);
	text = letterhead_text(t.run.arena, &head);
	t.settings.config.newsletter.from = "other@example.net";
	t.settings.config.smtp.verp = !head.common.verp;
	MUST(letterhead_read(&t.run, t.run.arena, text, &back, err));
	SAME_TEXT("the same text", letterhead_text(t.run.arena, &back), text);
	SAME_TEXT("from", back.common.from.address, "p@example.net");
	SAME_TEXT("pages", back.web_url, "https://news.example");
	SAME_INT("bounces come as they are set now", back.common.verp,
	    t.settings.config.smtp.verp);
	assert_ptr_equal(back.zone, t.run.zone);
	letterhead_clear(&back);
	head.zone_name = "Europe/Paris";
	MUST(letterhead_read(&t.run, t.run.arena, letterhead_text(t.run.arena, &head),
	    &back, err));
	SAME_TEXT("its own zone", zone_name(back.zone), "Europe/Paris");
	letterhead_clear(&back);
	flow_end(&t);
}

static void
an_issue_keeps_the_settings_that_show(void **state)
{
	struct flow_test t;
	struct config *c = &t.settings.config;
	struct letterhead head;
	struct letterhead back;
	const char *text = NULL;

	(void)state;
	flow_begin(&t);
	head = head_of(&t);
	text = letterhead_text(t.run.arena, &head);
	assert_null(strstr(text, "settings"));
	MUST(letterhead_read(&t.run, t.run.arena, text, &back, err));
	assert_null(back.settings);
	letterhead_clear(&back);

	c->newsletter.name = "Then \"here\"";
	c->digest.max_bytes = 50000;
	c->digest.body = BODY_WHOLE;
	c->style.colour = "#8a1c1c";
	MUST(letterhead_of_issue(&t.run, t.run.arena, NOW, &head, err));
	text = letterhead_text(t.run.arena, &head);
	c->newsletter.name = "Now";
	c->newsletter.description = "Since then";
	c->digest.max_bytes = 60000;
	c->digest.body = BODY_TITLES;
	c->style.colour = "#0b6b2e";
	c->smtp.port = 2525;
	MUST(letterhead_read(&t.run, t.run.arena, text, &back, err));
	SAME_TEXT("the same text", letterhead_text(t.run.arena, &back), text);
	SAME_TEXT("a name", back.settings->newsletter.name, "Then \"here\"");
	SAME_TEXT("what was not set", back.settings->newsletter.description, "");
	SAME_INT("a size", back.settings->digest.max_bytes, 50000);
	SAME_INT("a word", back.settings->digest.body, BODY_WHOLE);
	SAME_TEXT("a colour", back.settings->style.colour, "#8a1c1c");
	SAME_INT("what does not show is as it is now", back.settings->smtp.port, 2525);
	assert_null(back.logo);
	letterhead_clear(&back);

	text = arena_printf(t.run.arena, "%.*s%s",
	    (int)(strstr(text, "\"logo\":") - text), text,
	    "\"logo\":{\"id\":\"x.logo@quay.example\",\"width\":40,\"height\":9}}");
	MUST(letterhead_read(&t.run, t.run.arena, text, &back, err));
	SAME_TEXT("a logo", back.logo->id, "x.logo@quay.example");
	SAME_INT("as wide", back.logo->width, 40);
	SAME_INT("as high", back.logo->height, 9);
	SAME_TEXT("written again", letterhead_text(t.run.arena, &back), text);
	letterhead_clear(&back);
	flow_end(&t);
}

static void
a_damaged_letterhead_is_told(void **state)
{
	static const struct {
		const char *find, *put;
	} cases[] = {
		{ "{", "" },
		{ "\"letterhead\":1", "\"letterhead\":2" },
		{ "\"date\":", "\"day\":" },
		{ "\"from\":", "\"form\":" },
		{ "planet@example.net\"", "planet\\r\\nBcc: x@example.net\"" },
		{ "\"zone\":\"UTC\"", "\"zone\":\"Nowhere\"" },
		{ "\"months\":", "\"months\":7,\"x\":" },
	};
	struct flow_test t;
	struct letterhead head;

	(void)state;
	flow_begin(&t);
	head = head_of(&t);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *text = letterhead_text(t.run.arena, &head);
		const char *at = strstr(text, cases[i].find);
		struct letterhead back;

		assert_non_null(at);
		text = arena_printf(t.run.arena, "%.*s%s%s", (int)(at - text), text,
		    cases[i].put, at + strlen(cases[i].find));
		MUST_FAIL(letterhead_read(&t.run, t.run.arena, text, &back, err),
		    ERR_STORE, "letterhead");
		letterhead_clear(&back);
	}
	flow_end(&t);
}

static void
bounces_come_back_to_one_reader_where_they_fit(void **state)
{
	struct flow_test t;
	struct letter_common c;
	char token[TOKEN_SIZE];
	char local[80];
	size_t room = 0;

	(void)state;
	flow_begin(&t);
	make_token(TOKEN_BOUNCE, token);
	c = common_of(&t);
	c.verp = false;
	SAME_TEXT("without VERP", flow_letter_sender(t.run.arena, &c, set_key, &ann),
	    "planet@example.net");
	c.verp = true;
	SAME_TEXT("with VERP", flow_letter_sender(t.run.arena, &c, set_key, &ann),
	    arena_printf(t.run.arena, "planet+b-%s@example.net", token));
	/* 64 octets of local part, and not one more. */
	room = 64 - strlen("+b-") - strlen(token);
	memset(local, 'p', sizeof(local));
	c.sender = arena_printf(t.run.arena, "%.*s@example.net", (int)room, local);
	SAME_INT("64 octets",
	    strcspn(flow_letter_sender(t.run.arena, &c, set_key, &ann), "@"), 64);
	c.sender = arena_printf(t.run.arena, "%.*s@example.net", (int)room + 1, local);
	SAME_TEXT("65 octets", flow_letter_sender(t.run.arena, &c, set_key, &ann),
	    c.sender);
	flow_end(&t);
}

/* ---- one letter, and export ---- */

static struct issue
add_sent_issue(struct flow_test *t, const char *title, enum issue_state sent)
{
	struct compile_report r;

	(void)add_full_post(t, 1, title, NOW - 86400);
	MUST(flow_issue_build(&t->run, true, &r, err));
	r.issue.state = sent;
	MUST(store_issue_update(t->run.store, &r.issue, err));
	return r.issue;
}

static char *
exported(struct flow_test *t, const char *month, size_t *count)
{
	const struct export_options o = { .month = month };
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);

	assert_non_null(f);
	MUST(flow_export_mbox(&t->run, &o, f, count, err));
	assert_int_equal(fclose(f), 0);
	return text;
}

static void
what_was_sent_is_exported_oldest_first(void **state)
{
	struct flow_test t;
	size_t count = 0;
	char *text = NULL;
	char *again = NULL;

	(void)state;
	flow_begin(&t);
	SAME_INT("the first source", add_source(t.run.store, "a"), 1);
	(void)add_sent_issue(&t, "one", ISSUE_SENT);
	(void)add_sent_issue(&t, "two", ISSUE_SENDING);
	(void)add_sent_issue(&t, "three", ISSUE_PAUSED);
	(void)add_sent_issue(&t, "four", ISSUE_APPROVED);
	(void)add_sent_issue(&t, "five", ISSUE_CANCELLED);
	text = exported(&t, NULL, &count);
	SAME_INT("went out", count, 3);
	assert_non_null(strstr(text, "Words of one."));
	assert_true(strstr(text, "Words of one.") < strstr(text, "Words of two."));
	assert_non_null(strstr(text, "Words of three."));
	assert_null(strstr(text, "Words of four."));
	assert_null(strstr(text, "Words of five."));
	SAME_INT("it is an mbox", strncmp(text, "From planet@example.net ", 24), 0);
	/* Nobody's address, token or way to leave. */
	assert_non_null(strstr(text, "To: planet@example.net"));
	assert_null(strstr(text, "leave-"));
	assert_null(strchr(text, '\x01'));
	again = exported(&t, NULL, &count);
	SAME_TEXT("the same bytes again", again, text);
	free(again);
	free(text);
	text = exported(&t, "2026-11", &count);
	SAME_INT("of this month", count, 3);
	free(text);
	text = exported(&t, "2026-10", &count);
	SAME_INT("of another", count, 0);
	SAME_INT("nothing is written", strlen(text), 0);
	free(text);
	flow_end(&t);
}

static void
an_export_that_cannot_be_written_is_told(void **state)
{
	const struct export_options o = { NULL };
	struct flow_test t;
	size_t count = 7;
	FILE *full = NULL;

	(void)state;
	flow_begin(&t);
	SAME_INT("the first source", add_source(t.run.store, "a"), 1);
	(void)add_sent_issue(&t, "one", ISSUE_SENT);
	full = fopen("/dev/full", "w");
	if (full) {
		assert_int_equal(setvbuf(full, NULL, _IONBF, 0), 0);
		MUST_FAIL(flow_export_mbox(&t.run, &o, full, &count, err), ERR_SYSTEM,
		    "issue 2026-11-24: export");
		SAME_INT("none counted", count, 0);
		(void)fclose(full);
	}
	MUST(db_exec(t.run.store, "DELETE FROM rendering", err));
	MUST_FAIL(flow_export_mbox(&t.run, &o, stdout, &count, err), ERR_STORE,
	    "issue 2026-11-24");
	MUST(db_exec(t.run.store, "DELETE FROM secret", err));
	MUST_FAIL(flow_export_mbox(&t.run, &o, stdout, &count, err), ERR_STORE,
	    "lost its key");
	flow_end(&t);
}

static void
one_letter_is_what_a_reader_would_get(void **state)
{
	struct flow_test t;
	struct preview_letter l;
	struct buf out = BUF_INIT(1 << 20);
	struct reader to = subscription_new(NOW, "form");

	(void)state;
	flow_begin(&t);
	to.address = "ann@x.example";
	MUST(flow_preview_letter(&t.run, &to, NULL, &l, err));
	assert_false(l.any);
	(void)add_full_post(&t, add_source(t.run.store, "a"), "one", NOW - 86400);
	MUST(flow_preview_letter(&t.run, &to, NULL, &l, err));
	assert_true(l.any);
	MUST(flow_preview_letter_write(&t.run, &l, &out, err));
	shared_letter_clear(&l.shared);
	assert_non_null(strstr(buf_text(&out), "To: ann@x.example\r\n"));
	assert_non_null(strstr(buf_text(&out), "Words of one."));
	assert_null(strchr(buf_text(&out), '\x01'));
	to.address = "nobody";
	buf_reset(&out);
	MUST(flow_preview_letter(&t.run, &to, NULL, &l, err));
	MUST_FAIL(flow_preview_letter_write(&t.run, &l, &out, err), ERR_INPUT, "");
	shared_letter_clear(&l.shared);
	t.settings.config.newsletter.from = "nobody";
	MUST(flow_preview_letter(&t.run, &to, NULL, &l, err));
	MUST_FAIL(flow_preview_letter_write(&t.run, &l, &out, err), ERR_CONFIG,
	    "newsletter.from");
	shared_letter_clear(&l.shared);
	buf_clear(&out);
	flow_end(&t);
}

static int
set_up(void **state)
{
	(void)state;
	set_key = hash_key_new(key);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	hash_key_free(set_key);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_further_settings),
		cmocka_unit_test(every_setting_has_its_field),
		cmocka_unit_test(list_ids_are_made_of_names),
		cmocka_unit_test(addresses_that_are_none_are_told),
		cmocka_unit_test(leaving_is_a_letter_until_there_are_pages),
		cmocka_unit_test(what_a_reader_may_lack),
		cmocka_unit_test(dates_that_are_remembered_are_each_readers_own),
		cmocka_unit_test(a_letter_to_no_reader_has_links_that_do_nothing),
		cmocka_unit_test(letters_refer_to_the_one_before_where_that_is_set),
		cmocka_unit_test(a_letterhead_is_read_back_as_it_was),
		cmocka_unit_test(an_issue_keeps_the_settings_that_show),
		cmocka_unit_test(a_damaged_letterhead_is_told),
		cmocka_unit_test(bounces_come_back_to_one_reader_where_they_fit),
		cmocka_unit_test(what_was_sent_is_exported_oldest_first),
		cmocka_unit_test(an_export_that_cannot_be_written_is_told),
		cmocka_unit_test(one_letter_is_what_a_reader_would_get),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
