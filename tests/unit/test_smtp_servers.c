/* SPDX-License-Identifier: ISC */
/* Two mail servers that say what they are told to: which letter goes to which, line by line. */
#include "unit/smtp_script.h"

#include "unit/heard_log.h"
#include "unit/letters.h"

#define EHLO "EHLO host.example|"
#define MAIL "MAIL FROM:<bounce@example.net>"
#define LETTER(to, n) \
	MAIL "|RCPT TO:<" to ">|DATA|To: " to "|Subject: letter " n \
	     "||..Hello|...|From me|.|"
#define ANN "ann@x.org"
#define BO "bo@y.org"
#define CY "cy@mail.y.org"
#define INTER "\xC3\xA4@x.org"
#define NO_PIN \
	"smtp.pin says which key 127.0.0.1 has, and smtp.security = none asks for none"
#define HEX32 "00112233445566778899aabbccddeeff"
#define OK "250 m", "250 r", "354 d", "250 ok"
#define HI "220 hi", "250 mx"

enum { SERVERS = 2, LETTERS = 3 };

static const struct row {
	const char *name;
	const char *replies[SERVERS][SCRIPT_REPLIES]; /* no greeting: nobody is there */
	const char *domains[SERVERS];                 /* NULL: all */
	int64_t shares[SERVERS];
	const char *to[LETTERS];
	enum outcome_kind kinds[LETTERS];
	const char *said[SERVERS];
	const char *error, *why; /* of a run that fails */
	/* Before the run: why a password could not be had, with its reason; a pin of no use. */
	const char *trouble[SERVERS], *reason;
	bool has_pin[SERVERS];
	const char *log; /* of what a person should see; NULL: whatever it is */
} rows[] = {
	{ "each has its domain", { { HI, OK, "221 bye" }, { HI, OK, OK, "221 bye" } },
	    .domains = { NULL, "y.org" }, .shares = { 1, 1 }, .to = { ANN, BO, CY },
	    .kinds = { OUTCOME_SENT, OUTCOME_SENT, OUTCOME_SENT },
	    .said = { EHLO LETTER(ANN, "0") "QUIT|",
		EHLO LETTER(BO, "1") LETTER(CY, "2") "QUIT|" },
	    .log = "" },
	{ "each has its share", { { HI, OK, "221 bye" }, { HI, OK, "221 bye" } },
	    .shares = { 1, 1 }, .to = { ANN, BO },
	    .kinds = { OUTCOME_SENT, OUTCOME_SENT },
	    .said = { EHLO LETTER(ANN, "0") "QUIT|", EHLO LETTER(BO, "1") "QUIT|" },
	    .log = "" },
	{ "one stands by", { { HI, OK, OK, OK, "221 bye" }, { HI, OK, "221 bye" } },
	    .shares = { 1, 0 }, .to = { ANN, BO, CY },
	    .kinds = { OUTCOME_SENT, OUTCOME_SENT, OUTCOME_SENT },
	    .said = { EHLO LETTER(ANN, "0") LETTER(BO, "1") LETTER(CY, "2") "QUIT|", "" },
	    .log = "" },
	{ "one that stands by is needed",
	    { { HI, "550 5.7.1 no", "221 bye" }, { HI, OK, OK, "221 bye" } },
	    .shares = { 1, 0 }, .to = { ANN, BO },
	    .kinds = { OUTCOME_SENT, OUTCOME_SENT },
	    .said = { EHLO MAIL "|QUIT|",
		EHLO LETTER(BO, "1") LETTER(ANN, "0") "QUIT|" } },
	{ "the first does not want us",
	    { { HI, "550 5.7.1 no", "221 bye" }, { HI, OK, OK, "221 bye" } },
	    .shares = { 1, 1 }, .to = { ANN, BO },
	    .kinds = { OUTCOME_SENT, OUTCOME_SENT },
	    .said = { EHLO MAIL "|QUIT|", EHLO LETTER(BO, "1") LETTER(ANN, "0") "QUIT|" },
	    .log =
		"warn smtp: one: 127.0.0.1 takes no letter from us: server said: 550 5.7.1 no; "
		"its letters go to others\n" },
	{ "the second does not want us",
	    { { HI, OK, OK, "221 bye" }, { HI, "550 5.7.1 no", "221 bye" } },
	    .shares = { 1, 1 }, .to = { ANN, BO },
	    .kinds = { OUTCOME_SENT, OUTCOME_SENT },
	    .said = { EHLO LETTER(ANN, "0") LETTER(BO, "1") "QUIT|",
		EHLO MAIL "|QUIT|" } },
	{ "the first is not there", { { NULL }, { HI, OK, OK, "221 bye" } },
	    .shares = { 1, 1 }, .to = { ANN, BO },
	    .kinds = { OUTCOME_SENT, OUTCOME_SENT },
	    .said = { "", EHLO LETTER(BO, "1") LETTER(ANN, "0") "QUIT|" } },
	{ "the second is not there", { { HI, OK, OK, "221 bye" }, { NULL } },
	    .shares = { 1, 1 }, .to = { ANN, BO },
	    .kinds = { OUTCOME_SENT, OUTCOME_SENT },
	    .said = { EHLO LETTER(ANN, "0") LETTER(BO, "1") "QUIT|", "" } },
	{ "none is there", { { NULL }, { NULL } }, .shares = { 1, 1 }, .to = { ANN, BO },
	    .kinds = { OUTCOME_DEFERRED, OUTCOME_DEFERRED }, .said = { "", "" },
	    .error = "", .why = "" },
	{ "none wants us",
	    { { HI, "550 5.7.1 no", "221 bye" }, { HI, "550 5.7.1 no", "221 bye" } },
	    .shares = { 1, 1 }, .to = { ANN }, .kinds = { OUTCOME_DEFERRED },
	    .said = { EHLO MAIL "|QUIT|", EHLO MAIL "|QUIT|" },
	    .error = "127.0.0.1 takes no letter from us",
	    .why = "server said: 550 5.7.1 no" },
	{ "a reader whom both refuse",
	    { { HI, "250 m", "554 5.7.1 relay", "221 bye" },
		{ HI, "250 m", "554 5.7.1 relay", "221 bye" } },
	    .shares = { 1, 1 }, .to = { ANN }, .kinds = { OUTCOME_REFUSED },
	    .said = { EHLO MAIL "|RCPT TO:<" ANN ">|QUIT|",
		EHLO MAIL "|RCPT TO:<" ANN ">|QUIT|" } },
	{ "a reader whom one of them knows",
	    { { HI, "250 m", "554 5.7.1 relay", "221 bye" }, { HI, OK, "221 bye" } },
	    .shares = { 1, 1 }, .to = { ANN }, .kinds = { OUTCOME_SENT },
	    .said = { EHLO MAIL "|RCPT TO:<" ANN ">|QUIT|",
		EHLO LETTER(ANN, "0") "QUIT|" } },
	{ "a reader who is not there",
	    { { HI, "250 m", "550 5.1.1 no", "221 bye" }, { HI, OK, "221 bye" } },
	    .shares = { 1, 1 }, .to = { ANN }, .kinds = { OUTCOME_REFUSED },
	    .said = { EHLO MAIL "|RCPT TO:<" ANN ">|QUIT|", "" }, .log = "" },
	{ "an address that one of them takes",
	    { { HI, "221 bye" }, { "220 hi", "250-mx\r\n250 SMTPUTF8", OK, "221 bye" } },
	    .shares = { 1, 1 }, .to = { INTER }, .kinds = { OUTCOME_SENT },
	    .said = { EHLO "QUIT|",
		EHLO MAIL " SMTPUTF8|RCPT TO:<" INTER ">|DATA|To: " INTER
			  "|Subject: letter 0||..Hello|...|From "
			  "me|.|QUIT|" } },
	{ "the first has no password", { { NULL }, { HI, OK, "221 bye" } },
	    .shares = { 1, 1 }, .to = { ANN }, .kinds = { OUTCOME_SENT },
	    .said = { "", EHLO LETTER(ANN, "0") "QUIT|" }, .trouble = { "no password" },
	    .log = "warn smtp: no password; its letters go to others\n" },
	{ "nor the second", { { HI, OK, "221 bye" }, { NULL } }, .shares = { 1, 1 },
	    .to = { ANN }, .kinds = { OUTCOME_SENT },
	    .said = { EHLO LETTER(ANN, "0") "QUIT|", "" },
	    .trouble = { NULL, "no password" }, .reason = "1",
	    .log = "warn smtp: no password: 1; its letters go to others\n" },
	{ "none has one", { { NULL }, { NULL } }, .shares = { 1, 1 }, .said = { "", "" },
	    .error = "no password", .why = "pass ended",
	    .trouble = { "no password", "no other" }, .reason = "pass ended",
	    .log = "warn smtp: no password: pass ended; its letters go to others\n"
		   "warn smtp: no other: pass ended; its letters go to others\n" },
	{ "the first is set up wrongly", { { NULL }, { HI, OK, "221 bye" } },
	    .shares = { 1, 1 }, .to = { ANN }, .kinds = { OUTCOME_SENT },
	    .said = { "", EHLO LETTER(ANN, "0") "QUIT|" }, .has_pin = { true, false },
	    .log = "warn smtp: relay one: " NO_PIN "; its letters go to others\n" },
	{ "both are", { { NULL }, { NULL } }, .shares = { 1, 1 }, .said = { "", "" },
	    .error = "relay one: " NO_PIN, .why = "", .has_pin = { true, true },
	    .log = "warn smtp: relay one: " NO_PIN "; its letters go to others\n"
		   "warn smtp: relay two: " NO_PIN "; its letters go to others\n" },
	{ "one and the other", { { NULL }, { NULL } }, .shares = { 1, 1 },
	    .said = { "", "" }, .error = "no password", .why = "",
	    .trouble = { "no password" }, .has_pin = { false, true },
	    .log = "warn smtp: no password; its letters go to others\n"
		   "warn smtp: relay two: " NO_PIN "; its letters go to others\n" },
};

/* A socket that nobody listens at keeps the port of a server that is not there. */
static void
start(struct smtp_script *s, const char *const *replies)
{
	memset(s, 0, sizeof(*s));
	memcpy(s->calls[0], replies, sizeof(s->calls[0]));
	if (replies[0]) {
		script_begin(s);
		return;
	}
	s->listener = listen_here(0, 1, &s->port);
	(void)close(s->listener);
	s->listener = -1;
}

static void
end(struct smtp_script *s)
{
	if (s->listener >= 0)
		script_end(s);
}

static void
set_up(const struct row *row, struct smtp_script *scripts, struct relay_options *relays,
    struct config *c)
{
	static const char *const names[] = { "one", "two" };

	c->transport.method = TRANSPORT_SMTP;
	c->transport.lmtp = "";
	c->smtp.host = "127.0.0.1";
	c->smtp.security = SECURITY_NONE;
	c->smtp.user = c->smtp.helo = c->smtp.domains = c->smtp.ca_file = "";
	c->smtp.connections = 1;
	c->smtp.timeout = 5;
	for (size_t i = 0; i < SERVERS; i++) {
		start(&scripts[i], row->replies[i]);
		relays[i] = (struct relay_options){ names[i], c->smtp, "" };
		relays[i].smtp.port = scripts[i].port;
		relays[i].smtp.share = row->shares[i];
		relays[i].smtp.pin = row->has_pin[i] ? HEX32 HEX32 : NULL;
		relays[i].smtp.domains = row->domains[i] ? row->domains[i] : "";
	}
	c->relays = relays;
	c->relay_count = SERVERS;
}

static void
expect_end(const struct row *row, bool ok, const struct err *err)
{
	if (ok != !row->error)
		fail_msg("%s: got %d \"%s\" %s", row->name, ok, err->text, err->why);
	if (ok || *row->error == '\0')
		return;
	assert_string_equal(err->text, row->error);
	assert_string_equal(err->why, row->why);
}

static void
expect_row(const struct row *row)
{
	struct smtp_script scripts[SERVERS];
	struct relay_options relays[SERVERS];
	struct config config = { .relay_count = 0 };
	struct err troubles[SERVERS];
	struct transport_settings t = { .config = &config,
		.host_name = "host.example",
		.troubles = troubles };
	struct heard_log heard;
	struct letters letters;
	struct letter_source src;
	struct err err = ERR_INIT;
	size_t count = 0;
	bool ok = false;

	while (count < LETTERS && row->to[count])
		count++;
	letters_init(&letters, row->to, count);
	src = letters_source(&letters);
	set_up(row, scripts, relays, &config);
	for (size_t i = 0; i < SERVERS; i++) {
		troubles[i] = (struct err)ERR_INIT;
		if (row->trouble[i])
			(void)err_set(&troubles[i], ERR_HUMAN, "%s", row->trouble[i]);
		if (row->trouble[i] && row->reason)
			(void)err_why(&troubles[i], "%s", row->reason);
	}
	heard_log_begin(&heard, LOG_LEVEL_WARN);
	ok = transport_run(&t, &src, &err);
	(void)heard_log_end(&heard);
	if (row->log && strcmp(heard.text, row->log) != 0)
		fail_msg("%s: logged \"%s\"", row->name, heard.text);
	for (size_t i = 0; i < SERVERS; i++)
		end(&scripts[i]);
	expect_end(row, ok, &err);
	if (letters_broken(&letters))
		fail_msg("%s: %s", row->name, letters_broken(&letters));
	for (size_t i = 0; i < count; i++)
		if (letters.kinds[i] != row->kinds[i])
			fail_msg("%s: letter %zu: %d (%s)", row->name, i,
			    (int)letters.kinds[i], letters.replies[i]);
	for (size_t i = 0; i < SERVERS; i++) {
		if (strcmp(buf_text(&scripts[i].said), row->said[i]) != 0)
			fail_msg("%s: server %zu heard \"%s\", want \"%s\"", row->name, i,
			    buf_text(&scripts[i].said), row->said[i]);
		buf_clear(&scripts[i].said);
	}
	buf_clear(&letters.bytes);
}

static void
each_letter_goes_where_it_is_taken(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		expect_row(&rows[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_letter_goes_where_it_is_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
