/* SPDX-License-Identifier: ISC */
/* A run over one connection after the other: how many letters each takes, and in which form. */
#include "unit/smtp_script.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "unit/letters.h"

#define TO0 "ann@example.org"
#define TO1 "bo@example.org"
#define TO2 "cy@example.org"
#define TO3 "di@example.org"
#define TO4 "ed@example.org"
#define TO5 "fy@example.org"
static const char *const readers[] = { TO0, TO1, TO2, TO3, TO4, TO5 };

#define EHLO "EHLO host.example|"
#define ENVELOPE(to) "MAIL FROM:<bounce@example.net>|RCPT TO:<" to ">|"
#define LETTER(to, n) \
	ENVELOPE(to) "DATA|To: " to "|Subject: letter " n "||..Hello|...|From me|.|"
#define RAW(to, n) \
	"To: " to "\r\nSubject: letter " n "\r\n\r\n.Hello\r\n..\r\nFrom me\r\n"
#define L0 LETTER(TO0, "0")
#define L1 LETTER(TO1, "1")
#define L2 LETTER(TO2, "2")
#define L3 LETTER(TO3, "3")
/* 62 octets: the lengths of the letters to all but ann. */
#define C1 ENVELOPE(TO1) "BDAT 62 LAST|" RAW(TO1, "1") "|"
#define C2 ENVELOPE(TO2) "BDAT 62 LAST|" RAW(TO2, "2") "|"
#define C3 ENVELOPE(TO3) "BDAT 62 LAST|" RAW(TO3, "3") "|"
#define C4 ENVELOPE(TO4) "BDAT 62 LAST|" RAW(TO4, "4") "|"
#define C5 ENVELOPE(TO5) "BDAT 62 LAST|" RAW(TO5, "5") "|"

#define OK "250 m", "250 r", "354 d", "250 ok"
#define CHUNK "250 m", "250 r", "250 ok"
#define PIPES "250-mx\r\n250 PIPELINING"
#define PIPES_3 "250-mx\r\n250-PIPELINING\r\n250 LIMITS MAILMAX=3"
/* Those of a letter with nothing said ahead or behind it, of one behind others, all at once. */
#define LOOKED_AT "250 m", "250 r", "354 d", "?250 ok"
#define HELD "-", "-", "-"
#define ALL "250 m\r\n250 r\r\n250 ok"
#define RSET_ALL "\r\n250 reset\r\n" ALL
#define CHUNKS "250-mx\r\n250-CHUNKING\r\n250 PIPELINING"
#define CHUNKS_3 "250-mx\r\n250-CHUNKING\r\n250-PIPELINING\r\n250 LIMITS MAILMAX=3"

static const struct {
	const char *name;
	const char *calls[SCRIPT_CALLS][SCRIPT_REPLIES];
	int64_t per_connection, rate, per_hour;
	size_t letters;    /* 0: three */
	size_t alone;      /* number n */
	size_t foreign;    /* number n: to an international address */
	size_t unsignable; /* number n; where it is set, letters are signed by no key */
	int64_t grace_ms;  /* somebody waits for the end from the first letter on */
	int64_t least_ms;  /* that it takes */
	size_t stop_after;
	enum outcome_kind kinds[6]; /* of those that were handed out */
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
	/* In front of a letter's answer "!": the next envelope was said ahead. */
	{ "ahead, from the second on",
	    { { "220 hi", PIPES, LOOKED_AT, LOOKED_AT, LOOKED_AT, "221 bye" } },
	    .kinds = { OUTCOME_SENT, OUTCOME_SENT, OUTCOME_SENT }, .handed_out = 3,
	    .said = EHLO L0 L1 "!" L2 "QUIT|" },
	{ "the last that may go is followed by none",
	    { { "220 hi", PIPES, LOOKED_AT, LOOKED_AT, LOOKED_AT, "221 bye" },
		{ "220 hi", PIPES, LOOKED_AT, "221 bye" } },
	    .letters = 4, .per_connection = 3,
	    .kinds = { OUTCOME_SENT, OUTCOME_SENT, OUTCOME_SENT, OUTCOME_SENT },
	    .handed_out = 4, .said = EHLO L0 L1 "!" L2 "QUIT|#" EHLO L3 "QUIT|" },
	{ "as the server counts itself",
	    { { "220 hi", PIPES_3, LOOKED_AT, LOOKED_AT, LOOKED_AT, "221 bye" },
		{ "220 hi", PIPES, LOOKED_AT, "221 bye" } },
	    .letters = 4,
	    .kinds = { OUTCOME_SENT, OUTCOME_SENT, OUTCOME_SENT, OUTCOME_SENT },
	    .handed_out = 4, .said = EHLO L0 L1 "!" L2 "QUIT|#" EHLO L3 "QUIT|" },
	{ "nothing ahead of one that goes alone",
	    { { "220 hi", PIPES, LOOKED_AT, LOOKED_AT, LOOKED_AT, LOOKED_AT,
		"221 bye" } },
	    .letters = 4, .alone = 3,
	    .kinds = { OUTCOME_SENT, OUTCOME_SENT, OUTCOME_SENT, OUTCOME_SENT },
	    .handed_out = 4, .said = EHLO L0 L1 L2 L3 "QUIT|" },
	{ "nothing ahead where there is a rate",
	    { { "220 hi", PIPES, LOOKED_AT, LOOKED_AT, LOOKED_AT, "221 bye" } },
	    .rate = 1000, .kinds = { OUTCOME_SENT, OUTCOME_SENT, OUTCOME_SENT },
	    .handed_out = 3, .said = EHLO L0 L1 L2 "QUIT|" },
	/* Two chunks before the first is heard, one more with each that is taken. */
	{ "a window that grows",
	    { { "220 hi", CHUNKS, LOOKED_AT, HELD, "-", "-", "-", "?" ALL, "-", HELD, "-",
		"-", "-", "?250 reset\r\n" ALL RSET_ALL RSET_ALL, CHUNK, "221 bye" } },
	    .letters = 6,
	    .kinds = { OUTCOME_SENT, OUTCOME_SENT, OUTCOME_SENT, OUTCOME_SENT,
		OUTCOME_SENT, OUTCOME_SENT },
	    .handed_out = 6,
	    .said = EHLO L0 C1 "RSET|" C2 "RSET|" C3 "RSET|" C4 C5 "QUIT|" },
	{ "a window that is refused does not grow",
	    { { "220 hi", CHUNKS, LOOKED_AT, HELD, "-", "-", "-",
		"?250 m\r\n250 r\r\n554 no", "-", "-", "-", "?250 reset\r\n" ALL RSET_ALL,
		CHUNK, "221 bye" } },
	    .letters = 5,
	    .kinds = { OUTCOME_SENT, OUTCOME_REFUSED, OUTCOME_SENT, OUTCOME_SENT,
		OUTCOME_SENT },
	    .handed_out = 5, .said = EHLO L0 C1 "RSET|" C2 "RSET|" C3 C4 "QUIT|" },
	{ "a window that ends with the connection",
	    { { "220 hi", CHUNKS, LOOKED_AT, HELD, "-", "-", "-", "?" ALL RSET_ALL,
		  "221 bye" },
		{ "220 hi", CHUNKS, LOOKED_AT, "221 bye" } },
	    .letters = 4, .per_connection = 3,
	    .kinds = { OUTCOME_SENT, OUTCOME_SENT, OUTCOME_SENT, OUTCOME_SENT },
	    .handed_out = 4, .said = EHLO L0 C1 "RSET|" C2 "QUIT|#" EHLO L3 "QUIT|" },
	{ "a window as the server counts itself",
	    { { "220 hi", CHUNKS_3, LOOKED_AT, HELD, "-", "-", "-", "?" ALL RSET_ALL,
		  "221 bye" },
		{ "220 hi", CHUNKS, LOOKED_AT, "221 bye" } },
	    .letters = 4,
	    .kinds = { OUTCOME_SENT, OUTCOME_SENT, OUTCOME_SENT, OUTCOME_SENT },
	    .handed_out = 4, .said = EHLO L0 C1 "RSET|" C2 "QUIT|#" EHLO L3 "QUIT|" },
	{ "a chunk that goes alone",
	    { { "220 hi", CHUNKS, LOOKED_AT, "-", "-", "?" ALL, "-", "-", "?" ALL, CHUNK,
		"221 bye" } },
	    .letters = 4, .alone = 3,
	    .kinds = { OUTCOME_SENT, OUTCOME_SENT, OUTCOME_SENT, OUTCOME_SENT },
	    .handed_out = 4, .said = EHLO L0 C1 C2 C3 "QUIT|" },
	/* Who is lost with a window. */
	{ "a window that is cut by 421",
	    { { "220 hi", CHUNKS, OK, HELD, "-", "-", "-", ALL "\r\n421 bye" },
		{ "220 hi", CHUNKS, OK, CHUNK, "221 bye" } },
	    .letters = 4,
	    .kinds = { OUTCOME_SENT, OUTCOME_SENT, OUTCOME_SENT, OUTCOME_SENT },
	    .handed_out = 4, .said = EHLO L0 C1 "RSET|" C2 "#" EHLO L2 C3 "QUIT|" },
	{ "a window that is cut without a word",
	    { { "220 hi", CHUNKS, OK, HELD, "-", "-", "-", NULL },
		{ "220 hi", CHUNKS, OK, "221 bye" } },
	    .letters = 4,
	    .kinds = { OUTCOME_SENT, OUTCOME_UNKNOWN, OUTCOME_UNKNOWN, OUTCOME_SENT },
	    .handed_out = 4, .said = EHLO L0 C1 "RSET|" C2 "#" EHLO L3 "QUIT|" },
	{ "one that the server cannot take, in a window",
	    { { "220 hi", CHUNKS, OK, HELD, "-", "-", "-", "?" ALL RSET_ALL,
		"221 bye" } },
	    .letters = 4, .foreign = 3,
	    .kinds = { OUTCOME_SENT, OUTCOME_SENT, OUTCOME_REFUSED, OUTCOME_SENT },
	    .handed_out = 4, .said = EHLO L0 C1 "RSET|" C3 "QUIT|" },
	{ "one that the server cannot take, step by step",
	    { { "220 hi", PIPES, LOOKED_AT, LOOKED_AT, LOOKED_AT, "221 bye" } },
	    .letters = 4, .foreign = 3,
	    .kinds = { OUTCOME_SENT, OUTCOME_SENT, OUTCOME_REFUSED, OUTCOME_SENT },
	    .handed_out = 4, .said = EHLO L0 L1 L3 "QUIT|" },
	{ "forty letters a second", { { "220 hi", "250 mx", OK, OK, OK, "221 bye" } },
	    .rate = 40, .least_ms = 49,
	    .kinds = { OUTCOME_SENT, OUTCOME_SENT, OUTCOME_SENT }, .handed_out = 3,
	    .said = EHLO L0 L1 L2 "QUIT|" },
	/* It is met with the next letter, and costs none of its tries. */
	{ "a server that ends a pause",
	    { { "220 hi", "250 mx", "250 m", "250 r", "354 d", "^250 ok\r\n421 idle" },
		{ "220 hi", "250 mx", OK, OK, "221 bye" } },
	    .rate = 40, .least_ms = 49,
	    .kinds = { OUTCOME_SENT, OUTCOME_SENT, OUTCOME_SENT }, .handed_out = 3,
	    .said = EHLO L0 "#" EHLO L1 L2 "QUIT|" },
	/* When somebody waits for the end. */
	{ "a letter that is not answered",
	    { { "220 hi", "250 mx", "250 m", "250 r", "354 d", "~" } }, .letters = 1,
	    .grace_ms = 60, .least_ms = 60, .kinds = { OUTCOME_UNKNOWN }, .handed_out = 1,
	    .said = EHLO L0 },
	{ "a command that is not", { { "220 hi", "250 mx", "~" } }, .letters = 1,
	    .grace_ms = 60, .least_ms = 60, .kinds = { OUTCOME_DEFERRED },
	    .handed_out = 1, .said = EHLO "MAIL FROM:<bounce@example.net>|" },
	{ "a server that does not greet", { { "~" } }, .letters = 1, .grace_ms = 60,
	    .least_ms = 60, .fails = true, .kinds = { OUTCOME_DEFERRED }, .handed_out = 1,
	    .said = "" },
	{ "a letter that is, in time",
	    { { "220 hi", "250 mx", "250 m", "250 r", "354 d", "?250 ok", "221 bye" } },
	    .letters = 1, .grace_ms = 3000, .kinds = { OUTCOME_SENT }, .handed_out = 1,
	    .said = EHLO L0 "QUIT|" },
	{ "a letter that cannot be signed ends the run",
	    { { "220 hi", "250 mx", OK, "221 bye" } }, .unsignable = 2, .fails = true,
	    .kinds = { OUTCOME_SENT, OUTCOME_DEFERRED }, .handed_out = 2,
	    .said = EHLO L0 "QUIT|" },
	{ "a server that takes none of ours",
	    { { "220 hi", "250 mx", "550 5.7.1 no", "221 bye" } }, .fails = true,
	    .kinds = { OUTCOME_DEFERRED }, .handed_out = 1,
	    .said = EHLO "MAIL FROM:<bounce@example.net>|QUIT|" },
};

/* The letters come first, so that they are the source's as well. */
struct run {
	struct letters letters;
	size_t row;
	struct smtp_script script;
	struct config config;
	struct buf no_letter;
	size_t pipes; /* as open_ends counts them, before the run */
	bool leaks;   /* to programs that are started meanwhile */
};

/* What is open; is_leak: only pipes that programs would get which are started now. */
static size_t
open_ends(bool is_leak)
{
	size_t count = 0;

	for (int fd = 0; fd < 64; fd++) {
		struct stat st;

		if (fstat(fd, &st) != 0)
			continue;
		count += !is_leak ||
		    (S_ISFIFO(st.st_mode) && (fcntl(fd, F_GETFD) & FD_CLOEXEC) == 0);
	}
	return count;
}

static bool
next_of_run(void *arg, struct letter *out, struct err *err)
{
	struct run *r = arg;

	r->leaks = r->leaks || open_ends(true) != r->pipes;
	if (!letters_next(&r->letters, out, err))
		return false;
	if (r->letters.handed_out == rows[r->row].unsignable)
		out->bytes = &r->no_letter;
	return true;
}

static void
run_begin(struct run *r, size_t i)
{
	memset(r, 0, sizeof(*r));
	r->row = i;
	memcpy(r->script.calls, rows[i].calls, sizeof(r->script.calls));
	script_begin(&r->script);
	r->config.transport.method = TRANSPORT_SMTP;
	r->config.transport.lmtp = "";
	r->config.smtp.host = "127.0.0.1";
	r->config.smtp.port = r->script.port;
	r->config.smtp.security = SECURITY_NONE;
	r->config.smtp.user = r->config.smtp.helo = r->config.smtp.domains =
	    r->config.smtp.ca_file = "";
	r->config.smtp.share = r->config.smtp.connections = 1;
	r->config.smtp.timeout = 5;
	r->config.smtp.per_connection = rows[i].per_connection;
	r->config.smtp.rate = rows[i].rate;
	r->config.smtp.per_hour = rows[i].per_hour;
	letters_init(&r->letters, readers, rows[i].letters > 0 ? rows[i].letters : 3);
	r->letters.alone = rows[i].alone;
	r->letters.hurry_after = rows[i].grace_ms > 0;
	r->letters.stop_after = rows[i].stop_after + r->letters.hurry_after;
	if (rows[i].foreign > 0)
		r->letters.recipients[rows[i].foreign - 1] = "\xC3\xA4@example.org";
	buf_init(&r->no_letter, 100);
	buf_adds(&r->no_letter, "no field\r\n\r\n");
	r->pipes = open_ends(true);
}

static void
expect_outcomes(const struct run *r, size_t i, bool ok, const struct err *err)
{
	if (ok == rows[i].fails || r->letters.handed_out != rows[i].handed_out)
		fail_msg("%s: got %d \"%s\" %s", rows[i].name, ok, err->text, err->why);
	if (letters_broken(&r->letters))
		fail_msg("%s: %s", rows[i].name, letters_broken(&r->letters));
	for (size_t k = 0; k < rows[i].handed_out; k++)
		if (r->letters.kinds[k] != rows[i].kinds[k])
			fail_msg("%s: letter %zu: %d (%s)", rows[i].name, k,
			    (int)r->letters.kinds[k], r->letters.replies[k]);
	if (rows[i].said && strcmp(buf_text(&r->script.said), rows[i].said) != 0)
		fail_msg("%s: said \"%s\", want \"%s\"", rows[i].name,
		    buf_text(&r->script.said), rows[i].said);
}

static void
expect_row(size_t i)
{
	static const struct dkim_signer no_key = { .domain = "example.net" };
	const size_t before = open_ends(false);
	struct run r;
	struct transport_settings t = { .config = &r.config,
		.host_name = "host.example",
		.grace_ms = rows[i].grace_ms,
		.signer = rows[i].unsignable > 0 ? &no_key : NULL };
	struct letter_source src;
	struct err err = ERR_INIT;
	int64_t begun = 0;
	int64_t took = 0;
	bool ok = false;

	run_begin(&r, i);
	src = letters_source(&r.letters);
	src.next = next_of_run;
	begun = clock_ticks_ms();
	ok = transport_run(&t, &src, &err);
	took = clock_ticks_ms() - begun;
	script_end(&r.script);
	expect_outcomes(&r, i, ok, &err);
	if (took < rows[i].least_ms)
		fail_msg("%s: took %d ms", rows[i].name, (int)took);
	/* Who waits for the end does not wait for a server's patience. */
	if (rows[i].grace_ms > 0)
		assert_true(took < rows[i].grace_ms + 3000);
	assert_false(r.leaks);
	assert_int_equal(open_ends(false), before);
	buf_clear(&r.script.said);
	buf_clear(&r.letters.bytes);
	buf_clear(&r.no_letter);
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
