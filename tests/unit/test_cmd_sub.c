/* SPDX-License-Identifier: ISC */
/* The list of readers as its keeper works with it: `planetpost sub`, from the words to the rows. */
#include "unit/cmd_fixture.h"

static const char settings[] =
    "[newsletter]\nname = Planet X\nfrom = planet@example.net\n"
    "[digest]\nschedule = off\n"
    "[transport]\nmethod = outbox\noutbox = out\n";

enum { DAY = 86400 };

#define ASKED "--confirmed-by", "asked me"

/* Ann and Bo are on the list since NOW, 2026-11-24 06:00 UTC. */
static void
begin(struct cmd_test *t)
{
	static const struct cmd_case two = { "two are added",
		{ "-v", "sub", "add", "ann@example.org", "Bo@Example.ORG", ASKED },
		EXIT_OK, "Added ann@example.org.\nAdded Bo@example.org.\n", NULL, NULL };

	cmd_begin(t, settings);
	cmd_expect(t, &two);
}

static const struct cmd_case added[] = {
	{ "without a terminal nobody is told", { "sub", "add", "cy@example.org", ASKED },
	    EXIT_OK, "", NULL, NULL },
	{ "nobody is added without evidence", { "sub", "add", "di@example.org" },
	    EXIT_USAGE, "", NULL,
	    "planetpost: how do you know that they want it?\n  hint: planetpost sub add "
	    "di@example.org --confirmed-by \"asked me by mail, 24 November\"\n" },
	{ "empty evidence is none",
	    { "sub", "add", "di@example.org", "--confirmed-by", "" }, EXIT_USAGE, "",
	    NULL, "how do you know" },
	{ "nobody is added twice", { "sub", "add", "ANN@example.org", ASKED },
	    EXIT_FAILED, "", NULL, "is on the list already (active)" },
	{ "what is no address", { "sub", "add", "ann@", ASKED }, EXIT_USAGE, "", NULL,
	    "planetpost: ann@: domain: nothing after the @" },
	{ "what is no wish",
	    { "sub", "add", "di@example.org", "--rhythm", "often", ASKED }, EXIT_USAGE,
	    "", NULL, "often" },
	{ "an address is missing", { "sub", "add", ASKED }, EXIT_USAGE, "", NULL,
	    "planetpost: add: an argument is missing\n  hint: usage: planetpost sub add "
	    "ADDRESS... --confirmed-by TEXT" },
	{ "three are on the list", { "sub", "list" }, EXIT_OK,
	    "ann@example.org\tactive\teach\thtml\t2026-11-24T06:00:00Z\n"
	    "Bo@example.org\tactive\teach\thtml\t2026-11-24T06:00:00Z\n"
	    "cy@example.org\tactive\teach\thtml\t2026-11-24T06:00:00Z\n",
	    NULL, NULL },
	{ "evidence is for programs", { "sub", "list", "--json=address,confirmed_by" },
	    EXIT_OK,
	    "{\"schema\":1,\"readers\":["
	    "{\"address\":\"ann@example.org\",\"confirmed_by\":\"asked me\"},"
	    "{\"address\":\"Bo@example.org\",\"confirmed_by\":\"asked me\"},"
	    "{\"address\":\"cy@example.org\",\"confirmed_by\":\"asked me\"}]}\n",
	    NULL, NULL },
};

static void
test_readers_are_added_with_evidence(void **state)
{
	struct cmd_test t;

	(void)state;
	begin(&t);
	EXPECT_ALL(&t, added);
	cmd_end(&t);
}

static const struct cmd_case unmade[] = {
	{ "list", { "sub", "list" }, EXIT_FAILED, "", NULL, "there is no database at " },
	{ "show", { "sub", "show", "a@example.org" }, EXIT_FAILED, "", NULL,
	    "hint: planetpost run\n" },
	{ "stats", { "sub", "stats" }, EXIT_FAILED, "", NULL, "there is no database" },
};

static void
test_looking_makes_no_database(void **state)
{
	struct cmd_test t;
	char path[400];

	(void)state;
	cmd_begin(&t, settings);
	EXPECT_ALL(&t, unmade);
	(void)snprintf(path, sizeof(path), "%s/planetpost.db", t.data);
	assert_false(file_exists(path));
	cmd_end(&t);
}

#define SHOWN_ANN \
	"added         2026-11-24T06:00:00Z\n" \
	"confirmed     2026-11-24T06:00:00Z\n" \
	"confirmed by  asked me\n"
#define ADDED "2026-11-24T06:00:00Z  added by command  -- asked me\n"
#define CHANGED \
	"2026-11-24T06:00:00Z  changed by command: weekly Monday 07:30 Europe/Paris, " \
	"text titles, all\n"
#define HELD \
	"2026-11-24T06:00:00Z  held by command: until 2026-12-01T00:00:00Z, what is missed " \
	"is skipped\n"

static const struct cmd_case wishes[] = {
	{ "shown", { "sub", "show", "ann@example.org" }, EXIT_OK,
	    "ann@example.org\nstate         active\nrhythm        each\n"
	    "format        html\nlength        default\n"
	    "language      default\npictures      default\nsources       all\n" SHOWN_ANN
	    "\n" ADDED,
	    NULL, NULL },
	{ "changed",
	    { "-v", "sub", "edit", "ann@example.org", "--rhythm", "weekly", "--day",
		"Monday", "--hour", "07:30", "--zone", "Europe/Paris", "--format", "text",
		"--length", "title" },
	    EXIT_OK,
	    "ann@example.org: weekly Monday 07:30 Europe/Paris, text titles, all.\n",
	    NULL, NULL },
	{ "the next letter comes on the next such day, at half past six in Greenwich",
	    { "sub", "show", "ann@example.org" }, EXIT_OK,
	    "ann@example.org\nstate         active\n"
	    "rhythm        weekly Monday 07:30 Europe/Paris\n"
	    "format        text\nlength        titles\n"
	    "language      default\npictures      default\nsources       all\n" SHOWN_ANN
	    "next          2026-11-30T06:30:00Z\n\n" ADDED CHANGED,
	    NULL, NULL },
	{ "no wish", { "sub", "edit", "ann@example.org" }, EXIT_USAGE, "", NULL,
	    "planetpost: what is to change?\n  hint: planetpost help sub edit\n" },
	{ "a wish that is none", { "sub", "edit", "ann@example.org", "--format", "pdf" },
	    EXIT_USAGE, "", NULL, "pdf" },
	{ "a stranger's wish", { "sub", "edit", "no@example.org", "--format", "text" },
	    EXIT_FAILED, "", NULL,
	    "nobody on the list has the address no@example.org\n"
	    "  hint: planetpost sub list" },
	{ "held until a day",
	    { "-v", "sub", "hold", "ann@example.org", "--until", "2026-12-01", "--skip" },
	    EXIT_OK,
	    "ann@example.org is on hold until 2026-12-01T00:00:00Z, what is missed is "
	    "skipped.\n",
	    NULL, NULL },
	{ "held: no next letter", { "sub", "show", "ann@example.org" }, EXIT_OK,
	    "ann@example.org\nstate         hold\n"
	    "rhythm        weekly Monday 07:30 Europe/Paris\n"
	    "format        text\nlength        titles\n"
	    "language      default\npictures      default\nsources       all\n" SHOWN_ANN
	    "hold until    2026-12-01T00:00:00Z\n\n" ADDED CHANGED HELD,
	    NULL, NULL },
	{ "for programs", { "sub", "show", "ann@example.org", "--json" }, EXIT_OK,
	    "{\"schema\":1,\"address\":\"ann@example.org\",\"state\":\"hold\","
	    "\"rhythm\":\"weekly Monday 07:30 Europe/Paris\",\"format\":\"text\","
	    "\"length\":\"titles\",\"language\":\"default\",\"pictures\":\"default\","
	    "\"sources\":\"all\",\"added\":\"2026-11-24T06:00:00Z\","
	    "\"confirmed\":\"2026-11-24T06:00:00Z\",\"confirmed_by\":\"asked me\","
	    "\"hold_until\":\"2026-12-01T00:00:00Z\",\"next\":null,\"came_back\":[],"
	    "\"history\":[{\"at\":\"2026-11-24T06:00:00Z\",\"event\":\"added\","
	    "\"cause\":\"command\",\"evidence\":\"asked me\"},"
	    "{\"at\":\"2026-11-24T06:00:00Z\",\"event\":\"changed\","
	    "\"cause\":\"command\",\"detail\":\"weekly Monday 07:30 Europe/Paris, "
	    "text titles, all\"},"
	    "{\"at\":\"2026-11-24T06:00:00Z\",\"event\":\"held\",\"cause\":\"command\","
	    "\"detail\":\"until 2026-12-01T00:00:00Z, what is missed is skipped\"}]}\n",
	    NULL, NULL },
	{ "both cannot be meant",
	    { "sub", "hold", "ann@example.org", "--resume", "--skip", "--catch-up" },
	    EXIT_USAGE, "", NULL, "--skip and --catch-up contradict each other" },
	{ "resumed, as the hold was asked for",
	    { "-v", "sub", "hold", "ann@example.org", "--resume" }, EXIT_OK,
	    "ann@example.org gets letters again; what was missed is skipped.\n", NULL,
	    NULL },
	{ "who gets letters already gets them",
	    { "-v", "sub", "hold", "ann@example.org", "--resume" }, EXIT_OK,
	    "ann@example.org is not on hold: letters come.\n", NULL, NULL },
	{ "all of it at once",
	    { "-v", "sub", "edit", "ann@example.org", "--rhythm", "each", "--language",
		"de", "--pictures", "none" },
	    EXIT_OK, NULL, ", text titles, pictures none, all.\n", NULL },
	{ "the language is shown", { "sub", "show", "ann@example.org" }, EXIT_OK, NULL,
	    "language      de\npictures      none\nsources       all\n", NULL },
	{ "held for as long as they like", { "-v", "sub", "hold", "ann@example.org" },
	    EXIT_OK, "ann@example.org is on hold until they say so.\n", NULL, NULL },
	{ "resumed, with what was missed",
	    { "-v", "sub", "hold", "ann@example.org", "--resume" }, EXIT_OK,
	    "ann@example.org gets letters again; one brings what was missed.\n", NULL,
	    NULL },
	{ "held to skip", { "sub", "hold", "ann@example.org", "--skip" }, EXIT_OK, "",
	    NULL, NULL },
	{ "and come back wanting it all the same",
	    { "-v", "sub", "hold", "ann@example.org", "--resume", "--catch-up" }, EXIT_OK,
	    "ann@example.org gets letters again; one brings what was missed.\n", NULL,
	    NULL },
	{ "held", { "sub", "hold", "ann@example.org" }, EXIT_OK, "", NULL, NULL },
	{ "and come back to skip",
	    { "-v", "sub", "hold", "ann@example.org", "--resume", "--skip" }, EXIT_OK,
	    "ann@example.org gets letters again; what was missed is skipped.\n", NULL,
	    NULL },
};

static void
test_wishes_and_holds(void **state)
{
	struct cmd_test t;

	(void)state;
	begin(&t);
	EXPECT_ALL(&t, wishes);
	cmd_end(&t);
}

/* NOW is 2026-11-24 06:00 UTC. */
static const struct {
	const char *until, *zone, *want; /* want: the instant, or the complaint */
	int code;
} untils[] = {
	{ "2026-11-25", "UTC", "until 2026-11-25T00:00:00Z", EXIT_OK },
	{ "2026-11-25", "Asia/Tokyo", "until 2026-11-24T15:00:00Z", EXIT_OK },
	{ "2026-11-24", "America/New_York", "is not in the future", EXIT_USAGE },
	{ "2026-11-24", "Pacific/Honolulu", "until 2026-11-24T10:00:00Z", EXIT_OK },
	{ "2026-11-24T06:00:01Z", "UTC", "until 2026-11-24T06:00:01Z", EXIT_OK },
	{ "2026-11-24T06:00:00Z", "UTC", "is not in the future", EXIT_USAGE },
	{ "2026-11-24", "UTC", "--until 2026-11-24 is not in the future", EXIT_USAGE },
	{ "tomorrow", "UTC", "--until takes a day as 2026-12-24, not 'tomorrow'",
	    EXIT_USAGE },
	{ "2026-13-01", "UTC", "--until takes a day as 2026-12-24, not '2026-13-01'",
	    EXIT_USAGE },
	{ "", "UTC", "--until takes a day", EXIT_USAGE },
};

static void
test_a_hold_ends_on_a_day_of_the_newsletters_zone(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(untils); i++) {
		const char *const words[] = { "-v", "sub", "hold", "ann@example.org",
			"--until", untils[i].until, NULL };
		struct cmd_test t;
		char more[600];
		int code = 0;

		begin(&t);
		(void)snprintf(more, sizeof(more), "%s[newsletter]\ntimezone = %s\n",
		    settings, untils[i].zone);
		(void)cmd_file(&t, "p.conf", more);
		code = cmd_call(&t, words);
		SAME_INT(untils[i].until, code, untils[i].code);
		if (!strstr(buf_text(code == EXIT_OK ? &t.out : &t.err), untils[i].want))
			fail_msg("%s %s: got %s%s, want %s", untils[i].until,
			    untils[i].zone, buf_text(&t.out), buf_text(&t.err),
			    untils[i].want);
		cmd_end(&t);
	}
}

static const struct cmd_case removed[] = {
	{ "removed", { "-v", "sub", "remove", "bo@example.org" }, EXIT_OK,
	    "Removed Bo@example.org: no letter goes there any more, and no import brings it "
	    "back.\n  hint: planetpost sub undo Bo@example.org   (within 30 days)\n",
	    NULL, NULL },
	{ "removed again", { "-v", "sub", "remove", "bo@example.org" }, EXIT_OK,
	    "Bo@example.org was removed already.\n", NULL, NULL },
	{ "none of two is there",
	    { "sub", "remove", "no@example.org", "nor@example.org" }, EXIT_FAILED, "",
	    NULL, "nobody on the list has the address nor@example.org" },
	{ "removed readers have no next letter", { "sub", "list", "--state", "removed" },
	    EXIT_OK, "Bo@example.org\tremoved\teach\thtml\t2026-11-24T06:00:00Z\n", NULL,
	    NULL },
	{ "active readers", { "sub", "list", "--state", "active" }, EXIT_OK,
	    "ann@example.org\tactive\teach\thtml\t2026-11-24T06:00:00Z\n", NULL, NULL },
	{ "no such state", { "sub", "list", "--state", "happy" }, EXIT_USAGE, "", NULL,
	    "--state takes pending, active, hold, bounced, left or removed, not 'happy'" },
	{ "who was not removed", { "sub", "undo", "ann@example.org" }, EXIT_FAILED, "",
	    NULL, "ann@example.org was not removed by a command: active" },
	{ "counted", { "sub", "stats" }, EXIT_OK,
	    "pending\t0\nactive\t1\nhold\t0\nbounced\t0\nleft\t0\nremoved\t1\nerased\t0\n"
	    "each\t1\ndaily\t0\nweekdays\t0\nweekly\t0\nmonthly\t0\n",
	    NULL, NULL },
	{ "counted for programs", { "sub", "stats", "--json" }, EXIT_OK, NULL,
	    "{\"what\":\"removed\",\"readers\":1},{\"what\":\"erased\",\"readers\":0},"
	    "{\"what\":\"each\",\"readers\":1}",
	    NULL },
};

static const struct cmd_case undone[] = {
	{ "the last second of thirty days", { "-v", "sub", "undo", "bo@example.org" },
	    EXIT_OK, "Bo@example.org is on the list again, as before (active).\n", NULL,
	    NULL },
	{ "nothing to undo", { "sub", "undo", "bo@example.org" }, EXIT_FAILED, "", NULL,
	    "was not removed by a command: active" },
};

static const struct cmd_case too_late = { "a second later",
	{ "sub", "undo", "bo@example.org" }, EXIT_FAILED, "", NULL,
	"Bo@example.org was removed more than 30 days ago: only they can come back" };

static const struct cmd_case erased[] = {
	{ "erased", { "-v", "sub", "erase", "bo@example.org" }, EXIT_OK,
	    "Erased: nothing is left of that reader but a salted hash of the address, so "
	    "that no import brings it back.\n",
	    NULL, NULL },
	{ "nobody knows them", { "sub", "show", "bo@example.org" }, EXIT_FAILED, "", NULL,
	    "nobody on the list has the address bo@example.org" },
	{ "nor lists them", { "sub", "list" }, EXIT_OK,
	    "ann@example.org\tactive\teach\thtml\t2026-11-24T06:00:00Z\n", NULL, NULL },
	{ "but counts them", { "sub", "stats", "--json" }, EXIT_OK, NULL,
	    "{\"what\":\"removed\",\"readers\":0},{\"what\":\"erased\",\"readers\":1}",
	    NULL },
};

static void
test_who_is_removed_comes_back_for_thirty_days(void **state)
{
	struct cmd_test t;

	(void)state;
	begin(&t);
	EXPECT_ALL(&t, removed);
	t.now = NOW + 30 * DAY + 1;
	cmd_expect(&t, &too_late);
	t.now = NOW + 30 * DAY;
	EXPECT_ALL(&t, undone);
	EXPECT_ALL(&t, erased);
	cmd_end(&t);
}

static const struct cmd_case several[] = {
	{ "each is tried",
	    { "-v", "sub", "add", "ann@example.org", "cy@example.org",
		"Cy <CY@example.org>", "di@example.org", ASKED },
	    EXIT_FAILED,
	    "Added cy@example.org.\n"
	    "Cy <CY@example.org> is named twice: once is enough.\n"
	    "Added di@example.org.\n",
	    NULL, "planetpost: ann@example.org is on the list already" },
	{ "every wrong address is told, and none added",
	    { "sub", "add", "ei@example.org", "fi@", "gi example.org", ASKED },
	    EXIT_USAGE, "", NULL,
	    "fi@: domain: nothing after the @\n  gi example.org: blank inside" },
	{ "the first of them too", { "sub", "add", "fi@", "gi@", ASKED }, EXIT_USAGE, "",
	    NULL, "planetpost: fi@: " },
	{ "each is removed",
	    { "-v", "--json=said", "sub", "remove", "no@example.org", "cy@example.org",
		"CY@example.org", "di@example.org" },
	    EXIT_FAILED, NULL, "\"cy@example.org was removed already.\"",
	    "address no@example.org" },
	{ "and who was not there is told", { "sub", "list", "--state", "removed" },
	    EXIT_OK,
	    "cy@example.org\tremoved\teach\thtml\t2026-11-24T06:00:00Z\n"
	    "di@example.org\tremoved\teach\thtml\t2026-11-24T06:00:00Z\n",
	    NULL, NULL },
	{ "nobody else", { "sub", "list", "--state", "active" }, EXIT_OK,
	    "ann@example.org\tactive\teach\thtml\t2026-11-24T06:00:00Z\n"
	    "Bo@example.org\tactive\teach\thtml\t2026-11-24T06:00:00Z\n",
	    NULL, NULL },
};

static void
test_of_several_readers_each_is_tried(void **state)
{
	struct cmd_test t;

	(void)state;
	begin(&t);
	EXPECT_ALL(&t, several);
	cmd_end(&t);
}

/* Cy comes a day after Ann and Bo; it is looked at two hours later still. */
static const struct cmd_case cy = { "a third one",
	{ "sub", "add", "cy@example.org", ASKED }, EXIT_OK, "", NULL, NULL };
#define CY "cy@example.org\tactive\teach\thtml\t2026-11-25T06:00:00Z\n"
static const struct cmd_case since[] = {
	{ "2h", { "sub", "list", "--since", "2h" }, EXIT_OK, CY, NULL, NULL },
	{ "119 minutes", { "sub", "list", "--since", "119m" }, EXIT_OK, "", NULL, NULL },
	{ "an instant", { "sub", "list", "--since", "2026-11-25T06:00:00Z" }, EXIT_OK, CY,
	    NULL, NULL },
	{ "a second later", { "sub", "list", "--since", "2026-11-25T06:00:01Z" }, EXIT_OK,
	    "", NULL, NULL },
	{ "a day", { "sub", "list", "--since", "2026-11-25" }, EXIT_OK, CY, NULL, NULL },
	{ "26h", { "sub", "list", "--since", "26h", "--json=address" }, EXIT_OK, NULL,
	    "ann@example.org", NULL },
	{ "no time", { "sub", "list", "--since", "lately" }, EXIT_USAGE, "", NULL,
	    "--since takes a time such as 2h, 7d or 2026-11-24, not 'lately'" },
};

static void
test_who_came_since(void **state)
{
	struct cmd_test t;

	(void)state;
	begin(&t);
	t.now = NOW + DAY;
	cmd_expect(&t, &cy);
	t.now = NOW + DAY + 7200;
	EXPECT_ALL(&t, since);
	cmd_end(&t);
}

#define EXPORT_HEAD \
	"email,state,rhythm,day,hour,zone,format,length,language,pictures," \
	"sources,confirmed,confirmed_by\n"
static const struct cmd_case exported[] = {
	{ "imported", { "-v", "sub", "import", "-" }, EXIT_PARTIAL,
	    "8 rows: 6 added, 0 confirmed, 0 left, 0 on the list already, 1 twice, "
	    "0 stay out, 1 not usable\n",
	    NULL, "line 9: nobody: " },
	{ "as CSV", { "sub", "export" }, EXIT_OK,
	    EXPORT_HEAD
	    "ann@example.org,active,weekly,Sunday,07:05,Europe/Paris,html,,,,all,"
	    "2026-11-24T06:00:00Z,\"'=1+1\"\n"
	    "bo@example.org,active,monthly,31,,,text,short,,,all,2026-11-24T06:00:00Z,"
	    "\"a, \"\"b\"\"\"\n"
	    "cy@example.org,active,daily,,23:59,,html,titles,,,all,2026-11-24T06:00:00Z,paper\n"
	    "di@example.org,active,weekly,Saturday,,,html,,,,all,2026-11-24T06:00:00Z,"
	    "paper\n"
	    "ed@example.org,active,each,,,,html,,,,all,2026-11-24T06:00:00Z,\"''x\"\n"
	    "fay@example.org,left,each,,,,html,,,,all,,\n",
	    NULL, NULL },
	{ "as JSON lines, veiled",
	    { "sub", "export", "--as", "jsonl", "--redact", "--state", "left" }, EXIT_OK,
	    "{\"email\":\"f...@example.org\",\"state\":\"left\",\"rhythm\":\"each\","
	    "\"format\":\"html\",\"sources\":\"all\"}\n",
	    NULL, NULL },
	{ "--json is JSON lines", { "sub", "export", "--json", "--state", "left" },
	    EXIT_OK, NULL, "{\"email\":\"fay@example.org\",", NULL },
	{ "but --as says more", { "sub", "export", "--json", "--as=csv", "--state=hold" },
	    EXIT_OK, EXPORT_HEAD, NULL, NULL },
	{ "no such form", { "sub", "export", "--as", "xml" }, EXIT_USAGE, "", NULL,
	    "--format takes csv or jsonl, not 'xml'" },
	{ "no such state", { "sub", "export", "--state", "x" }, EXIT_USAGE, "", NULL,
	    "--state takes" },
	{ "the same again", { "-v", "sub", "import", "-" }, EXIT_PARTIAL, NULL,
	    "8 rows: 0 added, 0 confirmed, ", "line 9: nobody: " },
	{ "quietly", { "-q", "sub", "import", "-" }, EXIT_PARTIAL, "", NULL, NULL },
};

static const struct cmd_case unexported[] = {
	{ "two names of one option",
	    { "sub", "export", "--format", "csv", "--as", "csv" }, EXIT_USAGE, "", NULL,
	    "planetpost: --as is an older name of --format: one of them\n" },
	{ "two files", { "sub", "export", "-o", "x", "y" }, EXIT_USAGE, "", NULL,
	    "planetpost: --output and 'y': one of them\n" },
	{ "where a file cannot be", { "sub", "export", "/dev/null/x" }, EXIT_FAILED, "",
	    NULL, "planetpost: /dev/null/x: " },
	{ "nowhere", { "-v", "sub", "export", "/dev/null" }, EXIT_OK,
	    "Wrote /dev/null: it holds addresses, keep it private.\n", NULL, NULL },
};

/* A list of readers is its owner's alone, and is there as a whole or not at all. */
static void
test_a_list_is_written_to_a_file(void **state)
{
	struct buf b = BUF_INIT(SAID_MAX);
	struct stat st;
	struct cmd_test t;
	char path[300];
	char said[400];

	(void)state;
	begin(&t);
	in_folder(t.folder, "list.csv", path);
	(void)snprintf(said, sizeof(said), "Dry run: would write %s.\n", path);
	cmd_expect(&t,
	    &(struct cmd_case){ "a dry run", { "-nv", "sub", "export", path }, EXIT_OK,
		said, NULL, NULL });
	assert_false(file_exists(path));
	cmd_expect(&t,
	    &(struct cmd_case){ "standard output, dry", { "-n", "sub", "export", "-" },
		EXIT_OK, NULL, "ann@example.org", NULL });
	(void)snprintf(said, sizeof(said),
	    "Wrote %s: it holds addresses, keep it private.\n", path);
	cmd_expect(&t,
	    &(struct cmd_case){ "a file", { "-v", "sub", "export", path, "--redact" },
		EXIT_OK, said, NULL, NULL });
	assert_int_equal(stat(path, &st), 0);
	SAME_INT("mode", st.st_mode & 0777, 0600);
	MUST(file_read(path, &b, err));
	SAME_TEXT("list", buf_text(&b),
	    EXPORT_HEAD
	    "a...@example.org,active,each,,,,html,,,,all,2026-11-24T06:00:00Z,asked me\n"
	    "B...@example.org,active,each,,,,html,,,,all,2026-11-24T06:00:00Z,asked me\n");
	buf_clear(&b);
	cmd_expect(&t,
	    &(struct cmd_case){ "a folder", { "sub", "export", "-o", t.folder },
		EXIT_FAILED, "", NULL, ": Is a directory\n" });
	EXPECT_ALL(&t, unexported);
	cmd_end(&t);
}

static const struct cmd_case imports[] = {
	{ "no such file", { "sub", "import", "/dev/null/list.csv" }, EXIT_FAILED, "",
	    NULL, "planetpost: /dev/null/list.csv: " },
	{ "a dry run", { "-vn", "sub", "import", "-", "--confirmed-by", "old list" },
	    EXIT_OK,
	    "Dry run: 1 row: 1 added, 0 confirmed, 0 left, 0 on the list already, 0 twice, "
	    "0 stay out, 0 not usable\n",
	    NULL, NULL },
	{ "added nobody", { "sub", "list" }, EXIT_OK, "", NULL, NULL },
	{ "evidence for all", { "sub", "import", "-", "--confirmed-by", "old list" },
	    EXIT_OK, "", NULL, NULL },
	{ "is kept", { "sub", "list", "--json=confirmed_by" }, EXIT_OK, NULL,
	    "[{\"confirmed_by\":\"old list\"}]", NULL },
};

static void
test_lists_go_out_and_come_in(void **state)
{
	static const char rows[] =
	    "email,state,rhythm,day,hour,zone,format,length,confirmed_by\n"
	    "ann@example.org,,weekly,sunday,7:05,Europe/Paris,,,\"'=1+1\"\n"
	    "bo@example.org,,monthly,31,,,text,short,\"a, \"\"b\"\"\"\n"
	    "cy@example.org,,daily,,23:59,,,title,paper\n"
	    "di@example.org,,weekly,Saturday,,,,,paper\n"
	    "ed@example.org,,,,,,,,\"''x\"\n"
	    "fay@example.org,left,,,,,,,\n"
	    "ann@example.org,,,,,,,,paper\n"
	    "nobody,,,,,,,,paper\n";
	struct cmd_test t;

	(void)state;
	cmd_begin(&t, settings);
	t.input = cmd_file(&t, "rows.csv", rows);
	EXPECT_ALL(&t, exported);
	cmd_end(&t);
	cmd_begin(&t, settings);
	t.input = cmd_file(&t, "one.csv", "email\nann@example.org\n");
	EXPECT_ALL(&t, imports);
	cmd_expect(&t,
	    &(struct cmd_case){ "no list",
		{ "sub", "import", cmd_file(&t, "no.csv", "name\nann\n") }, EXIT_FAILED,
		"", NULL,
		"no.csv: line 1: no column is called 'email' or 'address'\n  nothing was "
		"imported\n" });
	cmd_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_readers_are_added_with_evidence),
		cmocka_unit_test(test_looking_makes_no_database),
		cmocka_unit_test(test_wishes_and_holds),
		cmocka_unit_test(test_a_hold_ends_on_a_day_of_the_newsletters_zone),
		cmocka_unit_test(test_who_is_removed_comes_back_for_thirty_days),
		cmocka_unit_test(test_of_several_readers_each_is_tried),
		cmocka_unit_test(test_who_came_since),
		cmocka_unit_test(test_lists_go_out_and_come_in),
		cmocka_unit_test(test_a_list_is_written_to_a_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
