/* SPDX-License-Identifier: ISC */
/* What status tells of a database in every state it can be in, for people and for programs. */
#include "unit/planet_rows.h"

#define HEAD "Planet X \xc2\xb7 1 feed \xc2\xb7 2 readers\n"
#define NO_ISSUE "last   no issue was sent yet\n"
#define NEXT "next   at the next run: 0 posts wait\n"
#define ISSUE(number, name, state, posts) \
	"INSERT INTO issue (number, name, state, entry_count, source_count, bytes)" \
	" VALUES (" #number ", '" name "', " #state ", " #posts ", 1, 0);"
#define LETTERS(name, state, count) \
	"INSERT INTO issue_count SELECT id, " #state ", " #count " FROM issue" \
	" WHERE name = '" name "';"
#define LETTER(name, reader, state) \
	"INSERT INTO delivery (issue_id, reader_id, part, state, after, variant_id, epoch," \
	" attempts, queued) SELECT id, " #reader ", 1, " #state \
	", 0, 1, 0, 0, 0 FROM issue" \
	" WHERE name = '" name "';"
#define NOTE(name, value) "INSERT OR REPLACE INTO note VALUES ('" name "', '" value "');"
#define FEED(key) \
	"INSERT INTO source (key, url) VALUES ('" key "', 'https://" key ".example/f');"
#define POST(number) \
	"INSERT INTO entry (source_id, state, fingerprint, said_title, said_text)" \
	" VALUES (1, 0, " #number ", 1, 1);"
#define NOTICE(state) \
	"INSERT INTO notice (kind, address, created, state, attempts)" \
	" VALUES (1, 'x@example.org', 0, " #state ", 0);"
#define NEVER(key) \
	"UPDATE source SET state = 1, failures = 1, state_note = 'no answer'" \
	" WHERE key = '" key "';"
/* Three days before NOW, which is 2026-11-24T06:00:00Z. */
#define LASTED(key, runs) \
	"UPDATE source SET state = 1, failures = " #runs ", last_ok = 1795240800," \
	" state_note = 'no answer' WHERE key = '" key "';"
#define HELD(key, count, more) \
	"UPDATE source SET held = " #count ", held_more = " #more ", held_since = 1" \
	" WHERE key = '" key "';"
#define HINT "           hint: planetpost feed health\n"

/* A row's database is the first one, a feed and two readers, with this done to it. */
static const struct {
	const char *name, *settings, *sql, *out;
} rows[] = {
	{ "nothing happened yet", "", "", HEAD NO_ISSUE NEXT },
	{ "no feed", "", "UPDATE source SET listed = 0",
	    "Planet X \xc2\xb7 0 feeds \xc2\xb7 2 readers\n" NO_ISSUE NEXT },
	{ "one reader, one on hold", "", "UPDATE reader SET state = 2 WHERE id = 2",
	    "Planet X \xc2\xb7 1 feed \xc2\xb7 1 reader (1 more on hold)\n" NO_ISSUE
		NEXT },
	{ "nobody reads", "", "UPDATE reader SET state = 4",
	    "Planet X \xc2\xb7 1 feed \xc2\xb7 0 readers\n" NO_ISSUE NEXT },
	{ "one post waits", "", POST(1),
	    HEAD NO_ISSUE "next   at the next run: 1 post waits\n" },
	{ "a schedule, and two posts", "[digest]\nschedule = daily 07:00\n",
	    POST(1) POST(2), HEAD NO_ISSUE "next   2026-11-24 07:00: 2 posts wait\n" },
	/* What came of its letters: 0 and 3 wait, 2 went, 4 were refused. */
	{ "an issue of one post", "",
	    ISSUE(1, "2026-11-23", 4, 1) LETTERS("2026-11-23", 2, 5)
		LETTERS("2026-11-23", 3, 2) LETTERS("2026-11-23", 0, 7)
		    LETTERS("2026-11-23", 4, 3) LETTERS("2026-11-23", 6, 40),
	    HEAD "last   2026-11-23: 1 post, 5 accepted, 9 to retry, 3 refused\n" NEXT },
	{ "the newest of two, whatever waits of it", "",
	    ISSUE(1, "2026-11-22", 4, 9) ISSUE(2, "2026-11-23", 2, 2)
		LETTER("2026-11-23", 1, 0) LETTER("2026-11-23", 2, 3),
	    HEAD "last   2026-11-23: 2 posts, 0 accepted, 2 to retry, 0 refused\n" NEXT },
	{ "a letter that may have gone", "",
	    ISSUE(1, "2026-11-23", 4, 2) LETTERS("2026-11-23", 5, 1),
	    HEAD "last   2026-11-23: 2 posts, 0 accepted, 0 to retry, 0 refused\n" NEXT
		 "needs you  1 letter may or may not have gone: planetpost issue show "
		 "2026-11-23\n" },
	{ "two of them", "", ISSUE(1, "2026-11-23", 4, 2) LETTERS("2026-11-23", 5, 2),
	    HEAD "last   2026-11-23: 2 posts, 0 accepted, 0 to retry, 0 refused\n" NEXT
		 "needs you  2 letters may or may not have gone: planetpost issue show "
		 "2026-11-23\n" },
	{ "a draft", "", ISSUE(NULL, "2026-11-23", 0, 2),
	    HEAD NO_ISSUE NEXT "needs you  issue 2026-11-23 waits for approval: "
			       "planetpost issue send 2026-11-23\n" },
	{ "one that was approved needs nobody", "", ISSUE(1, "2026-11-23", 1, 2),
	    HEAD NO_ISSUE NEXT },
	{ "one that was cancelled", "", ISSUE(1, "2026-11-23", 6, 2),
	    HEAD NO_ISSUE NEXT },
	{ "one that is paused", "", ISSUE(1, "2026-11-23", 3, 2),
	    HEAD "last   2026-11-23: 2 posts, 0 accepted, 0 to retry, 0 refused\n" NEXT
		 "needs you  issue 2026-11-23 is paused: planetpost issue send "
		 "2026-11-23\n" },
	{ "a letter of an earlier issue", "",
	    ISSUE(1, "2026-11-21", 2, 2) LETTER("2026-11-21", 1, 3)
		ISSUE(2, "2026-11-22", 2, 2) ISSUE(3, "2026-11-23", 4, 2),
	    HEAD "last   2026-11-23: 2 posts, 0 accepted, 0 to retry, 0 refused\n" NEXT
		 "needs you  1 letter waits since issue 2026-11-21: planetpost issue "
		 "show 2026-11-21\n" },
	{ "an issue before it has none", "",
	    ISSUE(1, "2026-11-20", 2, 2) ISSUE(2, "2026-11-21", 2, 2)
		LETTER("2026-11-21", 1, 3) ISSUE(3, "2026-11-23", 4, 2),
	    HEAD "last   2026-11-23: 2 posts, 0 accepted, 0 to retry, 0 refused\n" NEXT
		 "needs you  1 letter waits since issue 2026-11-21: planetpost issue "
		 "show 2026-11-21\n" },
	{ "letters of two", "",
	    ISSUE(1, "2026-11-21", 2, 2) LETTER("2026-11-21", 1, 3)
		ISSUE(2, "2026-11-22", 2, 2) LETTER("2026-11-22", 1, 1)
		    LETTER("2026-11-22", 2, 0) ISSUE(3, "2026-11-23", 4, 2),
	    HEAD "last   2026-11-23: 2 posts, 0 accepted, 0 to retry, 0 refused\n" NEXT
		 "needs you  3 letters wait since issue 2026-11-21: planetpost issue "
		 "show 2026-11-21\n" },
	{ "the only feed is paused", "", "UPDATE source SET paused = 1",
	    HEAD NO_ISSUE NEXT "needs you  no feed is asked: the only one is paused\n" },
	{ "one of two", "", FEED("b") "UPDATE source SET paused = 1 WHERE key = 'b'",
	    "Planet X \xc2\xb7 2 feeds \xc2\xb7 2 readers\n" NO_ISSUE NEXT },
	{ "both", "", FEED("b") "UPDATE source SET paused = 1",
	    "Planet X \xc2\xb7 2 feeds \xc2\xb7 2 readers\n" NO_ISSUE NEXT
	    "needs you  no feed is asked: all are paused\n" },
	{ "a feed that never was one", "", NEVER("a"),
	    HEAD NO_ISSUE NEXT
	    "needs you  1 feed never answered with a feed\n           a: no answer\n" HINT },
	{ "posts that are held", "", HELD("a", 1, 0),
	    HEAD NO_ISSUE NEXT
	    "needs you  1 feed with posts that are held\n"
	    "           a: 1 unseen post is held: release or drop\n" HINT },
	{ "in trouble for long", "", LASTED("a", 3),
	    HEAD NO_ISSUE NEXT "needs you  1 feed in trouble for two days or more\n"
			       "           a: no answer\n" HINT },
	{ "too few runs", "", LASTED("a", 2), HEAD NO_ISSUE NEXT },
	{ "two of each, of which five are named", "",
	    FEED("b") FEED("c") FEED("d") FEED("e") FEED("f") NEVER("a") NEVER("b")
		HELD("c", 1, 1) HELD("d", 1, 0) LASTED("e", 3) LASTED("f", 3),
	    "Planet X \xc2\xb7 6 feeds \xc2\xb7 2 readers\n" NO_ISSUE NEXT
	    "needs you  2 feeds never answered with a feed\n"
	    "needs you  2 feeds with posts that are held\n"
	    "needs you  2 feeds in trouble for two days or more\n"
	    "           a: no answer\n           b: no answer\n"
	    "           c: 2 unseen posts are held: release or drop\n"
	    "           d: 1 unseen post is held: release or drop\n"
	    "           e: no answer\n           and 1 more\n" HINT },
	{ "five are all named", "",
	    FEED("b") FEED("c") FEED("d") FEED("e") NEVER("a") NEVER("b") NEVER("c")
		NEVER("d") NEVER("e"),
	    "Planet X \xc2\xb7 5 feeds \xc2\xb7 2 readers\n" NO_ISSUE NEXT
	    "needs you  5 feeds never answered with a feed\n"
	    "           a: no answer\n           b: no answer\n           c: no answer\n"
	    "           d: no answer\n           e: no answer\n" HINT },
	{ "quiet hours", "[smtp]\nquiet_hours = 05:00-07:30\n", "",
	    HEAD NO_ISSUE NEXT
	    "quiet  until 2026-11-24 07:30 no letter of an issue goes\n" },
	{ "a trial", "[transport]\nredirect_to = me@example.net\nmethod = redirect\n", "",
	    HEAD NO_ISSUE NEXT
	    "trial  every letter goes to me@example.net, readers get none\n" },
	{ "a message", "", NOTICE(0) NOTICE(2),
	    HEAD NO_ISSUE NEXT "wait   1 message, such as codes and confirmations: "
			       "planetpost run --answers\n" },
	{ "two messages", "", NOTICE(1) NOTICE(3),
	    HEAD NO_ISSUE NEXT "wait   2 messages, such as codes and confirmations: "
			       "planetpost run --answers\n" },
	/* Minute 29925000 is NOW's; its last letter is an hour old at the end of minute 60. */
	{ "all letters of an hour", "[smtp]\nper_hour = 10\n",
	    NOTE("sent.hour", "smtp\t29925000:10 "),
	    HEAD NO_ISSUE NEXT
	    "pace   smtp had the 10 letters of an hour: goes on at 2026-11-24 07:01\n" },
	{ "one less", "[smtp]\nper_hour = 10\n", NOTE("sent.hour", "smtp\t29925000:9 "),
	    HEAD NO_ISSUE NEXT },
	{ "a relay",
	    "[smtp]\nhost = a.example\n[relay b]\nhost = b.example\nper_hour = 3\n",
	    NOTE("sent.hour", "smtp\t29925000:9 \n b\t29924990:1 29924991:2 "),
	    HEAD NO_ISSUE NEXT
	    "pace   b had the 3 letters of an hour: goes on at 2026-11-24 06:51\n" },
	{ "mail that did something", "", NOTE("mail.done", "1"),
	    HEAD NO_ISSUE NEXT
	    "mail   1 did something, 0 answered, 0 letters came back\n" },
	{ "mail that was answered", "", NOTE("mail.answered", "2"),
	    HEAD NO_ISSUE NEXT
	    "mail   0 did something, 2 answered, 0 letters came back\n" },
	{ "a letter that came back", "", NOTE("mail.bounced", "1"),
	    HEAD NO_ISSUE NEXT
	    "mail   0 did something, 0 answered, 1 letter came back\n" },
	{ "mail that says nothing", "",
	    NOTE("mail.nothing", "5") NOTE("mail.no_user", "5"), HEAD NO_ISSUE NEXT },
	{ "a mail that was not understood", "", NOTE("mail.not_understood", "1"),
	    HEAD NO_ISSUE NEXT "note       1 mail was not understood: the newest is in "
			       "DIR/data/planetpost.db.quarantine\n" },
	{ "two of them", "", NOTE("mail.not_understood", "2"),
	    HEAD NO_ISSUE NEXT
	    "note       2 mails were not understood: the newest are in "
	    "DIR/data/planetpost.db.quarantine\n" },
};

static void
people_are_told(void **state)
{
	static const char *const words[] = { "status", NULL };
	struct planet_rows d;

	(void)state;
	rows_begin(&d);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		rows_put(&d, rows[i].settings, rows[i].sql);
		SAME_INT(rows[i].name, cmd_call(&d.t, words), EXIT_OK);
		SAME_TEXT(rows[i].name, rows_told(&d), rows[i].out);
		SAME_TEXT(rows[i].name, buf_text(&d.t.err), "");
	}
	rows_end(&d);
}

/* ---- programs ---- */

static const char much[] = FEED("b") FEED("c") FEED("d") FEED("e") FEED("f") FEED("g")
    NEVER("a") HELD("c", 1, 1) HELD("d", 1, 0) LASTED("e", 3) LASTED("f",
	4) "UPDATE source SET paused = 1 WHERE key IN ('b', 'g');"
	   "UPDATE reader SET state = 2 WHERE id = 2;" POST(1) POST(2) POST(
	       3) "UPDATE entry SET state = 1 WHERE id = 1;" NOTE("last_run",
	       "2026-11-24T05:00:00Z") ISSUE(1, "2026-11-21", 2, 2)
	       LETTER("2026-11-21", 1, 3) ISSUE(2, "2026-11-23", 4, 2)
		   LETTERS("2026-11-23", 2, 11) LETTERS("2026-11-23", 0, 6)
		       LETTERS("2026-11-23", 3, 7) LETTERS("2026-11-23", 4, 14)
			   LETTERS("2026-11-23", 5, 15) ISSUE(NULL, "2026-11-24", 0, 2)
			       NOTICE(0) NOTICE(1) NOTICE(2) NOTE("mail.done", "21")
				   NOTE("mail.answered", "22") NOTE("mail.bounced", "23")
				       NOTE("mail.not_understood", "24")
					   NOTE("sent.hour", "smtp\t29925000:10 ");

static const char much_settings[] = "[smtp]\nper_hour = 10\nquiet_hours = 05:00-07:30\n"
				    "[digest]\nschedule = daily 07:00\n";

static const struct cmd_case all_of_it = { "all of it", { "status", "--json" }, EXIT_OK,
	"{\n  \"schema\": 1,\n  \"newsletter\": \"Planet X\",\n  \"feeds\": 7,\n"
	"  \"feeds_paused\": 2,\n  \"feeds_failing\": 3,\n  \"feeds_held\": 2,\n"
	"  \"readers\": 1,\n  \"readers_on_hold\": 1,\n  \"readers_pending\": 0,\n"
	"  \"entries\": 3,\n  \"entries_waiting\": 2,\n"
	"  \"last_run\": \"2026-11-24T05:00:00Z\",\n  \"last_issue\": \"2026-11-23\",\n"
	"  \"last_accepted\": 11,\n  \"last_deferred\": 13,\n  \"last_refused\": 14,\n"
	"  \"last_unknown\": 15,\n  \"stuck\": 1,\n  \"answers_waiting\": 2,\n"
	"  \"mail_done\": 21,\n  \"mail_answered\": 22,\n  \"mail_bounced\": 23,\n"
	"  \"mail_not_understood\": 24,\n  \"draft\": \"2026-11-24\",\n"
	"  \"next\": \"2026-11-24T07:00:00Z\",\n"
	"  \"quiet_until\": \"2026-11-24T07:30:00Z\",\n"
	"  \"pace_until\": \"2026-11-24T07:01:00Z\",\n  \"needs_you\": 8\n}\n",
	NULL, NULL };

static const struct {
	const char *name, *sql, *field, *out;
} fields[] = {
	{ "nothing", "", "needs_you", "0" },
	{ "two that read not yet", "UPDATE reader SET state = 0", "readers_pending",
	    "2" },
	{ "a draft", ISSUE(NULL, "2026-11-23", 0, 2), "needs_you", "1" },
	{ "an approved issue is no draft that needs", ISSUE(1, "2026-11-23", 1, 2),
	    "needs_you", "0" },
	{ "a paused issue", ISSUE(1, "2026-11-23", 3, 2), "needs_you", "1" },
	{ "letters that may have gone",
	    ISSUE(1, "2026-11-23", 4, 2) LETTERS("2026-11-23", 5, 2), "needs_you", "1" },
	{ "letters that are stuck",
	    ISSUE(1, "2026-11-21", 2, 2) LETTER("2026-11-21", 1, 3)
		LETTER("2026-11-21", 2, 3) ISSUE(2, "2026-11-23", 4, 2),
	    "needs_you", "1" },
	{ "no feed is asked", "UPDATE source SET paused = 1", "needs_you", "1" },
	{ "no feed at all", "UPDATE source SET listed = 0", "needs_you", "0" },
	{ "feeds", FEED("b") NEVER("a") NEVER("b"), "needs_you", "2" },
};

static void
programs_are_told(void **state)
{
	static const struct cmd_case help = { "which fields there are",
		{ "status", "--json=help" }, EXIT_OK, NULL,
		"needs_you            how many things do\n", NULL };
	static const struct cmd_case none = { "no such field",
		{ "status", "--json=feed" }, EXIT_USAGE, "", NULL,
		"--json has no field 'feed' here" };
	struct planet_rows d;

	(void)state;
	rows_begin(&d);
	rows_put(&d, much_settings, much);
	cmd_expect(&d.t, &all_of_it);
	cmd_expect(&d.t, &help);
	cmd_expect(&d.t, &none);
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		char field[60];
		char out[120];
		const struct cmd_case c = { fields[i].name, { "status", field }, EXIT_OK,
			out, NULL, NULL };

		(void)snprintf(field, sizeof(field), "--json=%s", fields[i].field);
		(void)snprintf(out, sizeof(out), "{\n  \"schema\": 1,\n  \"%s\": %s\n}\n",
		    fields[i].field, fields[i].out);
		rows_put(&d, "", fields[i].sql);
		cmd_expect(&d.t, &c);
	}
	rows_end(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(people_are_told),
		cmocka_unit_test(programs_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
