/* SPDX-License-Identifier: ISC */
/* A run over one connection after the other: how many letters each takes, and in which form. */
#include "unit/smtp_script.h"

#include "unit/letters.h"

#define TO0 "ann@example.org"
#define TO1 "bo@example.org"
#define TO2 "cy@example.org"
static const char *const three[] = { TO0, TO1, TO2 };

#define EHLO "EHLO host.example|"
#define ENVELOPE(to) "MAIL FROM:<bounce@example.net>|RCPT TO:<" to ">|"
#define LETTER(to, n) \
	ENVELOPE(to) "DATA|To: " to "|Subject: letter " n "||..Hello|...|From me|.|"
#define RAW(to, n) \
	"To: " to "\r\nSubject: letter " n "\r\n\r\n.Hello\r\n..\r\nFrom me\r\n"
#define L0 LETTER(TO0, "0")
#define L1 LETTER(TO1, "1")
#define L2 LETTER(TO2, "2")
/* 62 octets: the lengths of the letters to bo and cy. */
#define C1 ENVELOPE(TO1) "BDAT 62 LAST|" RAW(TO1, "1") "|"
#define C2 ENVELOPE(TO2) "BDAT 62 LAST|" RAW(TO2, "2") "|"

#define OK "250 m", "250 r", "354 d", "250 ok"
#define CHUNK "250 m", "250 r", "250 ok"
#define PIPES "250-mx\r\n250 PIPELINING"
#define CHUNKS "250-mx\r\n250-CHUNKING\r\n250 PIPELINING"

static const struct {
	const char *name;
	const char *calls[SCRIPT_CALLS][SCRIPT_REPLIES];
	int64_t per_connection, rate, per_hour;
	size_t stop_after;
	enum outcome_kind kinds[3]; /* of those that were handed out */
	size_t handed_out;
	bool fails;
	const char *said;
} rows[] = {
	{ "all over one", { { "220 hi", "250 mx", OK, OK, OK, "221 bye" } },
	    .kinds = { OUTCOME_SENT, OUTCOME_SENT, OUTCOME_SENT }, .handed_out = 3,
	    .said = EHLO L0 L1 L2 "QUIT|" },
	{ "one over each",
	    { { "220 hi", "250 mx", OK, "221 bye" },
		{ "220 hi", "250 mx", OK, "221 bye" },
		{ "220 hi", "250 mx", OK, "221 bye" } },
	    .per_connection = 1, .kinds = { OUTCOME_SENT, OUTCOME_SENT, OUTCOME_SENT },
	    .handed_out = 3, .said = EHLO L0 "QUIT|#" EHLO L1 "QUIT|#" EHLO L2 "QUIT|" },
	{ "two over one",
	    { { "220 hi", "250 mx", OK, OK, "221 bye" },
		{ "220 hi", "250 mx", OK, "221 bye" } },
	    .per_connection = 2, .kinds = { OUTCOME_SENT, OUTCOME_SENT, OUTCOME_SENT },
	    .handed_out = 3, .said = EHLO L0 L1 "QUIT|#" EHLO L2 "QUIT|" },
	{ "two over one, as the server says itself",
	    { { "220 hi", "250-mx\r\n250 LIMITS MAILMAX=2", OK, OK, "221 bye" },
		{ "220 hi", "250-mx\r\n250 LIMITS MAILMAX=2", OK, "221 bye" } },
	    .kinds = { OUTCOME_SENT, OUTCOME_SENT, OUTCOME_SENT }, .handed_out = 3,
	    .said = EHLO L0 L1 "QUIT|#" EHLO L2 "QUIT|" },
	/* What is said ahead must go over the same connection. */
	{ "with PIPELINING",
	    { { "220 hi", PIPES, OK, OK, "221 bye" },
		{ "220 hi", PIPES, OK, "221 bye" } },
	    .per_connection = 2, .kinds = { OUTCOME_SENT, OUTCOME_SENT, OUTCOME_SENT },
	    .handed_out = 3, .said = EHLO L0 L1 "QUIT|#" EHLO L2 "QUIT|" },
	{ "by chunks: the first goes step by step",
	    { { "220 hi", CHUNKS, OK, CHUNK, "250 reset", CHUNK, "221 bye" } },
	    .kinds = { OUTCOME_SENT, OUTCOME_SENT, OUTCOME_SENT }, .handed_out = 3,
	    .said = EHLO L0 C1 "RSET|" C2 "QUIT|" },
	{ "by chunks, two over one",
	    { { "220 hi", CHUNKS, OK, CHUNK, "221 bye" },
		{ "220 hi", CHUNKS, OK, "221 bye" } },
	    .per_connection = 2, .kinds = { OUTCOME_SENT, OUTCOME_SENT, OUTCOME_SENT },
	    .handed_out = 3, .said = EHLO L0 C1 "QUIT|#" EHLO L2 "QUIT|" },
	/* Where there is a pace to keep nothing is said ahead. */
	{ "with a rate", { { "220 hi", CHUNKS, OK, OK, OK, "221 bye" } }, .rate = 1000,
	    .kinds = { OUTCOME_SENT, OUTCOME_SENT, OUTCOME_SENT }, .handed_out = 3,
	    .said = EHLO L0 L1 L2 "QUIT|" },
	{ "with letters of an hour", { { "220 hi", CHUNKS, OK, OK, OK, "221 bye" } },
	    .per_hour = 100, .kinds = { OUTCOME_SENT, OUTCOME_SENT, OUTCOME_SENT },
	    .handed_out = 3, .said = EHLO L0 L1 L2 "QUIT|" },
	{ "stopped", { { "220 hi", "250 mx", OK, "221 bye" } }, .stop_after = 1,
	    .kinds = { OUTCOME_SENT }, .handed_out = 1, .said = EHLO L0 "QUIT|" },
	{ "a reader that is not there",
	    { { "220 hi", "250 mx", OK, "250 m", "550 5.1.1 no", "250 reset", OK,
		"221 bye" } },
	    .kinds = { OUTCOME_SENT, OUTCOME_REFUSED, OUTCOME_SENT }, .handed_out = 3,
	    .said = EHLO L0 ENVELOPE(TO1) "RSET|" L2 "QUIT|" },
	{ "a chunk for one",
	    { { "220 hi", CHUNKS, OK, "250 m", "550 5.1.1 no", "503 none", "250 reset",
		CHUNK, "221 bye" } },
	    .kinds = { OUTCOME_SENT, OUTCOME_REFUSED, OUTCOME_SENT }, .handed_out = 3,
	    .said = EHLO L0 C1 "RSET|" C2 "QUIT|" },
	/* The one behind it is in hand, and goes first. */
	{ "an end before the second",
	    { { "220 hi", "250 mx", OK, "421 bye" },
		{ "220 hi", "250 mx", OK, OK, "221 bye" } },
	    .kinds = { OUTCOME_SENT, OUTCOME_SENT, OUTCOME_SENT }, .handed_out = 3,
	    .said = EHLO L0 "MAIL FROM:<bounce@example.net>|#" EHLO L2 L1 "QUIT|" },
	{ "chunks that are not known",
	    { { "220 hi", CHUNKS, OK, "250 m", "250 r", "500 what", "500 what",
		  "500 what", "500 what", "500 what" },
		{ "220 hi", CHUNKS, OK, OK, "221 bye" } },
	    .kinds = { OUTCOME_SENT, OUTCOME_SENT, OUTCOME_SENT }, .handed_out = 3,
	    .said = NULL },
	{ "a server that takes none of ours",
	    { { "220 hi", "250 mx", "550 5.7.1 no", "221 bye" } }, .fails = true,
	    .kinds = { OUTCOME_DEFERRED }, .handed_out = 1,
	    .said = EHLO "MAIL FROM:<bounce@example.net>|QUIT|" },
};

static void
expect_row(size_t i)
{
	struct config config = { .transport = { .method = TRANSPORT_SMTP, .lmtp = "" } };
	struct transport_settings t = { .config = &config, .host_name = "host.example" };
	struct smtp_script script;
	struct letters letters;
	struct letter_source src;
	struct err err = ERR_INIT;
	bool ok = false;

	memcpy(script.calls, rows[i].calls, sizeof(script.calls));
	script_begin(&script);
	config.smtp.host = "127.0.0.1";
	config.smtp.port = script.port;
	config.smtp.security = SECURITY_NONE;
	config.smtp.user = config.smtp.helo = config.smtp.domains = config.smtp.ca_file =
	    "";
	config.smtp.share = config.smtp.connections = 1;
	config.smtp.timeout = 5;
	config.smtp.per_connection = rows[i].per_connection;
	config.smtp.rate = rows[i].rate;
	config.smtp.per_hour = rows[i].per_hour;
	letters_init(&letters, three, 3);
	letters.stop_after = rows[i].stop_after;
	src = letters_source(&letters);
	ok = transport_run(&t, &src, &err);
	script_end(&script);
	if (ok == rows[i].fails || letters.handed_out < rows[i].handed_out)
		fail_msg("%s: got %d \"%s\" %s", rows[i].name, ok, err.text, err.why);
	if (letters_broken(&letters))
		fail_msg("%s: %s", rows[i].name, letters_broken(&letters));
	for (size_t k = 0; k < rows[i].handed_out; k++)
		if (letters.kinds[k] != rows[i].kinds[k])
			fail_msg("%s: letter %zu: %d (%s)", rows[i].name, k,
			    (int)letters.kinds[k], letters.replies[k]);
	if (rows[i].said && strcmp(buf_text(&script.said), rows[i].said) != 0)
		fail_msg("%s: said \"%s\", want \"%s\"", rows[i].name,
		    buf_text(&script.said), rows[i].said);
	buf_clear(&script.said);
	buf_clear(&letters.bytes);
}

static void
letters_share_a_connection_as_far_as_they_may(void **state)
{
	(void)state;
	assert_int_equal(strlen(RAW(TO1, "1")), 62);
	assert_int_equal(strlen(RAW(TO2, "2")), 62);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		expect_row(i);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(letters_share_a_connection_as_far_as_they_may),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
