/* SPDX-License-Identifier: ISC */
/* What a person sees at a terminal, and is asked there. */
#include "unit/terminal_fixture.h"

#define ASKED "--confirmed-by", "asked me"

static const struct terminal_case empty[] = {
	{ { "no feeds", { "feed", "list" }, EXIT_OK, NULL, "A's blog", NULL }, 80, "" },
	{ { "no issues", { "issue", "list" }, EXIT_OK,
	      "No issues yet.\n  hint: planetpost run\n", NULL, NULL },
	    80, "" },
	{ { "no readers", { "sub", "list" }, EXIT_OK,
	      "No readers.\n  hint: planetpost sub add ADDRESS --confirmed-by TEXT\n",
	      NULL, NULL },
	    80, "" },
	{ { "no bounces", { "bounces", "list" }, EXIT_OK, "No letter came back yet.\n",
	      NULL, NULL },
	    80, "" },
	{ { "but not for a program", { "issue", "list", "--json" }, EXIT_OK,
	      "{\"schema\":1,\"issues\":[]}\n", NULL, NULL },
	    80, "" },
	{ { "a copy of all is no text", { "backup", "-" }, EXIT_USAGE, "", NULL,
	      "a backup is no text for a terminal\n  hint: planetpost backup - >FILE\n" },
	    80, "" },
};

static const struct terminal_case feedless[] = {
	{ { "no feeds", { "feed", "list" }, EXIT_OK,
	      "No feeds yet.\n  hint: planetpost feed add URL\n", NULL, NULL },
	    80, "" },
	{ { "nor for a program", { "feed", "list", "--json" }, EXIT_OK,
	      "{\"schema\":1,\"feeds\":[]}\n", NULL, NULL },
	    80, "" },
};

static void
empty_lists_say_what_comes_next(void **state)
{
	struct cmd_test t;

	(void)state;
	planet_begin(&t);
	for (size_t i = 0; i < ARRAY_LEN(empty); i++)
		terminal_expect(&t, &empty[i]);
	(void)cmd_file(&t, "p.conf", "[newsletter]\nname = X\n");
	for (size_t i = 0; i < ARRAY_LEN(feedless); i++)
		terminal_expect(&t, &feedless[i]);
	cmd_end(&t);
}

/* One row each, and no word of what comes next. */
static const struct terminal_case full[] = {
	{ { "one feed", { "feed", "list" }, EXIT_OK, NULL, "A's blog", NULL }, 200, "" },
	{ { "one issue", { "issue", "list" }, EXIT_OK, NULL, "2026-11-23", NULL }, 80,
	    "" },
	{ { "one reader", { "sub", "list" }, EXIT_OK,
	      "ADDRESS          STATE   RHYTHM  FORMAT  SINCE\n"
	      "ann@example.org  active  each    html    2026-11-24T06:00:00Z\n",
	      NULL, NULL },
	    80, "" },
	{ { "one bounce", { "bounces", "list" }, EXIT_OK,
	      "ADDRESS          STATE   AT                    KIND  STATUS\n"
	      "ann@example.org  active  2026-11-24T06:00:00Z  hard  5.1.1\n",
	      NULL, NULL },
	    80, "" },
};

static void
full_lists_say_nothing_else(void **state)
{
	static const struct cmd_case added = { "a reader",
		{ "sub", "add", "ann@example.org", ASKED }, EXIT_OK, "", NULL, NULL };
	struct store_options o = open_options(STORE_WRITE);
	struct store *s = NULL;
	struct cmd_test t;
	char path[400];

	(void)state;
	planet_begin(&t);
	cmd_expect(&t, &added);
	(void)snprintf(path, sizeof(path), "%s/planetpost.db", t.data);
	MUST((s = store_open(path, &o, err)) != NULL);
	MUST(db_exec(s,
	    "INSERT INTO bounce (reader_id, at, kind, status, issue, cause)"
	    " VALUES (1, 1795500000, 0, '5.1.1', 1, 1);"
	    "INSERT INTO issue (number, name, state, entry_count, source_count, bytes)"
	    " VALUES (1, '2026-11-23', 4, 1, 1, 0);",
	    err));
	close_store(s);
	for (size_t i = 0; i < ARRAY_LEN(full); i++) {
		terminal_expect(&t, &full[i]);
		if (strstr(buf_text(&t.out), " yet.") ||
		    strstr(buf_text(&t.out), "hint:"))
			fail_msg("%s: got %s", full[i].c.name, buf_text(&t.out));
	}
	cmd_end(&t);
}

static const struct terminal_case audience[] = {
	{ { "the wrong number", { "issue", "send", "next" }, EXIT_HUMAN, "", NULL,
	      "Issue 2026-11-24 goes to 2 readers.\nType the number of readers to go on: "
	      "planetpost: '3' is not the number of readers: nothing was sent\n" },
	    80, "3\n" },
	{ { "nothing", { "issue", "send", "next" }, EXIT_HUMAN, "", NULL,
	      "'' is not the number of readers: nothing was sent\n" },
	    80, "\n" },
	{ { "the end of the input", { "issue", "send", "next" }, EXIT_USAGE, "", NULL,
	      "planetpost: no answer to \"Type the number of readers to go on:\"\n"
	      "  hint: planetpost issue send 2026-11-24 --confirm 2\n" },
	    80, "\004" },
	{ { "no input", { "--no-input", "issue", "send", "next" }, EXIT_USAGE, "", NULL,
	      "cannot ask \"Type the number of readers to go on:\": no terminal, or "
	      "--no-input\n" },
	    80, "2\n" },
	{ { "the right one", { "issue", "send", "next" }, EXIT_OK, NULL,
	      " 2 accepted by ", "Type the number of readers to go on: " },
	    80, "2\n" },
};

static void
whoever_sends_types_the_number_of_readers(void **state)
{
	static const struct cmd_case before[] = {
		{ "readers", { "sub", "add", "ann@example.org", "bo@example.org", ASKED },
		    EXIT_OK, "", NULL, NULL },
		{ "a draft", { "run" }, EXIT_HUMAN, NULL, NULL, NULL },
	};
	struct cmd_test t;
	char text[1000];

	(void)state;
	planet_begin(&t);
	(void)snprintf(text, sizeof(text), "%s[approval]\nmode = manual\n",
	    planet_settings);
	(void)cmd_file(&t, "p.conf", text);
	EXPECT_ALL(&t, before);
	for (size_t i = 0; i < ARRAY_LEN(audience); i++)
		terminal_expect(&t, &audience[i]);
	cmd_end(&t);
}

/* ---- tables ---- */

static const struct terminal_case tables[] = {
	{ { "room for all", { "issue", "show", "last" }, EXIT_OK, NULL,
	      "DAY         SOURCE    TITLE  WORDS\n"
	      "2026-11-23  A's blog  Two    3\n"
	      "2026-11-23  A's blog  One    3\n",
	      NULL },
	    80, "" },
	{ { "just enough", { "issue", "show", "last" }, EXIT_OK, NULL,
	      "DAY         SOURCE    TITLE  WORDS\n", NULL },
	    34, "" },
	{ { "a column less", { "issue", "show", "last" }, EXIT_OK, NULL,
	      "DAY        SOURCE    TITLE  WORDS\n"
	      "2026-11-\xe2\x80\xa6  A's blog  Two    3\n",
	      NULL },
	    33, "" },
	{ { "no column is narrower than eight", { "issue", "show", "last" }, EXIT_OK,
	      NULL,
	      "DAY       SOURCE    TITLE  WORDS\n"
	      "2026-11\xe2\x80\xa6  A's blog  Two    3\n",
	      NULL },
	    20, "" },
};

static void
tables_fit_the_terminal(void **state)
{
	static const struct cmd_case before[] = {
		{ "readers", { "sub", "add", "ann@example.org", ASKED }, EXIT_OK, "",
		    NULL, NULL },
		{ "an issue", { "run" }, EXIT_OK, NULL, NULL, NULL },
	};
	struct cmd_test t;

	(void)state;
	planet_begin(&t);
	EXPECT_ALL(&t, before);
	for (size_t i = 0; i < ARRAY_LEN(tables); i++)
		terminal_expect(&t, &tables[i]);
	cmd_end(&t);
}

/* ---- feeds in trouble ---- */

#define HEALTH "feed", "health"

static void
health_says_how_many_need_somebody(void **state)
{
	static const struct terminal_case before = {
		{ "not asked yet", { HEALTH }, EXIT_OK,
		    "0 feeds need you (2 feeds, 2 fine, "
		    "0 known problems)\n",
		    NULL, NULL },
		80, ""
	};
	static const struct cmd_case fetch = { "fetched", { "fetch", "b" }, EXIT_PARTIAL,
		"", NULL, "b: the file" };
	static const struct terminal_case young[] = {
		{ { "for a short time", { HEALTH }, EXIT_OK,
		      "0 feeds need you (2 feeds, 1 fine, 1 known problem hidden: --all)\n",
		      NULL, NULL },
		    80, "" },
		{ { "shown", { HEALTH, "--all" }, EXIT_OK, NULL,
		      "planetpost feed test b\n", NULL },
		    80, "" },
	};
	static const struct cmd_case works = { "fetched", { "fetch", "b" }, EXIT_OK, "",
		NULL, NULL };
	static const struct terminal_case old = {
		{ "for two days", { "--now", "2026-11-26T08:00:00Z", HEALTH }, EXIT_OK,
		    "1 feed needs you (2 feeds, 1 fine, "
		    "0 known problems)\n"
		    "FEED  SINCE   WHAT                     MEND WITH\n"
		    "b     2 days  the file cannot be read  "
		    "planetpost feed test b\n",
		    NULL, NULL },
		80, ""
	};
	const char *path = NULL;
	struct cmd_test t;
	char text[1000];

	(void)state;
	planet_begin(&t);
	(void)snprintf(text, sizeof(text), "%s[feed b]\nurl = file:b.xml\nname = B\n",
	    planet_settings);
	(void)cmd_file(&t, "p.conf", text);
	terminal_expect(&t, &empty[0]);
	terminal_expect(&t, &before);
	/* It answers once, then never again. */
	path = cmd_file(&t, "b.xml", PLANET_FEED(PLANET_ITEM("Bees", "23", "10:00:00")));
	cmd_expect(&t, &works);
	assert_int_equal(unlink(path), 0);
	for (int i = 0; i < 3; i++) {
		cmd_expect(&t, &fetch);
		terminal_expect(&t, &young[0]);
	}
	terminal_expect(&t, &young[1]);
	terminal_expect(&t, &old);
	cmd_end(&t);
}

/* ---- a starter configuration ---- */

static const struct terminal_case starters[] = {
	{ { "an answer that is none is asked for again", { "-n", "init" }, EXIT_OK, NULL,
	      "name       = Planet Y\n"
	      "from       = Planet Y <me@example.org>\n",
	      "What is the newsletter called? [" },
	    80, "Planet Y\nme@\nme@example.org\n\n\n\n" },
	{ { "it says why", { "-n", "init" }, EXIT_OK, NULL, "method     = smtp\n",
	      "pigeon" },
	    80, "Planet Y\n\n\n\npigeon\nsmtp\n\n" },
	{ { "the host of smtp", { "-n", "init" }, EXIT_OK, NULL,
	      "host       = localhost\n", "Which SMTP server? [localhost] " },
	    80, "Planet Y\n\n\n\nsmtp\n\n" },
	{ { "no such list", { "-n", "init" }, EXIT_OK, NULL,
	      "#feeds_from = ", "  there is no file /dev/null/x\n" },
	    80, "Planet Y\n\n/dev/null/x\n\n\n\n" },
	{ { "no sender", { "-n", "init" }, EXIT_OK, NULL,
	      "from       = P <p@example.org>\n", "  P <p@: " },
	    80, "Planet Y\n\n\nP <p@\nP <p@example.org>\n\n" },
	{ { "what an option says is not asked", { "-n", "init", "--name", "Z" }, EXIT_OK,
	      NULL, "name       = Z\n", "Your own address, to get it yourself" },
	    80, "\n\n\n\n" },
	{ { "nobody is asked", { "-n", "--no-input", "init" }, EXIT_OK, NULL,
	      "method     = outbox\n", NULL },
	    80, "Planet Y\n\n\n\n\n" },
};

static void
a_starter_configuration_is_asked_for(void **state)
{
	struct cmd_test t;

	(void)state;
	cmd_begin(&t, NULL);
	for (size_t i = 0; i < ARRAY_LEN(starters); i++)
		terminal_expect(&t, &starters[i]);
	cmd_end(&t);
}

/* ---- signatures ---- */

static void
a_key_is_shown_as_a_zone_has_it(void **state)
{
	static const struct terminal_case tried = { { "tried", { "-n", "dkim", "key" },
							EXIT_OK, NULL, "Dry run ", NULL },
		80, "" };
	static const struct terminal_case made = {
		{ "made", { "dkim", "key" }, EXIT_OK, NULL,
		    "   rsa-sha256\n\n"
		    "s2026._domainkey.example.net. IN TXT (\n"
		    "  \"v=DKIM1; ",
		    NULL },
		80, ""
	};
	static const struct terminal_case kept = {
		{ "kept", { "dkim", "key" }, EXIT_OK, NULL, "Kept    ", NULL }, 80, ""
	};
	static const struct terminal_case wrong = {
		{ "another kind", { "dkim", "key", "--ed25519" }, EXIT_FAILED, "", NULL,
		    "is there, and an RSA key\n" },
		80, ""
	};
	static const struct terminal_case second = {
		{ "beside it", { "dkim", "key", "--ed25519", "--selector", "e" }, EXIT_OK,
		    NULL,
		    "ed25519-sha256\n\n"
		    "e._domainkey.example.net. IN TXT (\n"
		    "  \"v=DKIM1; k=ed25519; ",
		    NULL },
		80, ""
	};
	struct cmd_test t;

	(void)state;
	planet_begin(&t);
	terminal_expect(&t, &tried);
	terminal_expect(&t, &made);
	if (strncmp(buf_text(&t.out), "Made    ", 8) != 0)
		fail_msg("got %s", buf_text(&t.out));
	/* A string of a zone has 255 octets at most. */
	for (const char *at = buf_text(&t.out); (at = strstr(at, "\n  \"")) != NULL; at++)
		assert_true(strcspn(at + 4, "\"") <= 255);
	assert_non_null(strstr(buf_text(&t.out),
	    "\nWhen the record can be seen in the DNS, letters are signed with\n\n[smtp]\n"
	    "dkim_selector = s2026\ndkim_key_file = "));
	terminal_expect(&t, &kept);
	terminal_expect(&t, &wrong);
	terminal_expect(&t, &second);
	cmd_end(&t);
}

/* Made with: openssl genpkey -algorithm ed25519 */
static const char key[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEIKaCz+m+c7KCvVD0VrCORqS/mO0gTMEzg+R6f8qhH/cW\n"
    "-----END PRIVATE KEY-----\n";

#define SIGNED_WITH \
	"\nWhen the record can be seen in the DNS, letters are signed with\n\n[smtp]\n"

/* D/ stands for the test's folder; d.pem is given as the file of the key. */
static const struct {
	const char *settings, *selector;
	const char *path, *told;
} signings[] = {
	{ "", "mine", "D/d.pem",
	    SIGNED_WITH "dkim_selector = mine\ndkim_key_file = D/d.pem\n" },
	{ "dkim_selector = a\ndkim_key_file = D/a.pem\n", "mine", "D/d.pem",
	    SIGNED_WITH "dkim_selector = a mine\ndkim_key_file = D/a.pem D/d.pem\n" },
	{ "dkim_selector = a b\ndkim_key_file = D/a.pem\n  D/b.pem\n", "mine", "D/d.pem",
	    SIGNED_WITH
	    "dkim_selector = a b mine\ndkim_key_file = D/a.pem D/b.pem D/d.pem\n" },
	/* A selector without a key signs nothing. */
	{ "dkim_selector = a\n", "mine", "D/d.pem",
	    SIGNED_WITH "dkim_selector = mine\ndkim_key_file = D/d.pem\n" },
	{ "dkim_selector = mine\n", "mine", "D/d.pem",
	    SIGNED_WITH "dkim_selector = mine\ndkim_key_file = D/d.pem\n" },
	/* What is set already needs no word. */
	{ "dkim_selector = a\ndkim_key_file = D/a.pem\n", "a", "D/a.pem", "" },
	{ "dkim_selector = a b\ndkim_key_file = D/a.pem\n  D/b.pem\n", "a", "D/a.pem",
	    "" },
	{ "dkim_selector = a b\ndkim_key_file = D/a.pem\n  D/b.pem\n", "b", "D/b.pem",
	    "" },
};

static const char *
with_folder(struct cmd_test *t, const char *text, char out[1500])
{
	size_t n = 0;

	for (; *text; text++)
		if (text[0] == 'D' && text[1] == '/')
			n += (size_t)snprintf(out + n, 300, "%s", t->folder);
		else
			out[n++] = *text;
	out[n] = '\0';
	return out;
}

static void
signatures_are_set_where_they_are_not_yet(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(signings); i++) {
		char rooms[2][1500];
		char path[1500];
		char want[4000];
		struct cmd_test t;
		struct terminal_case c = { { signings[i].settings,
					       { "dkim", "key", "--selector",
						   signings[i].selector },
					       EXIT_OK, want, NULL, NULL },
			80, "" };

		planet_begin(&t);
		(void)snprintf(want, sizeof(want), "%s[smtp]\n%s", planet_settings,
		    with_folder(&t, signings[i].settings, rooms[0]));
		(void)cmd_file(&t, "p.conf", want);
		for (const char *const *name =
			 (const char *const[]){ "a.pem", "b.pem", "d.pem", NULL };
		     *name; name++)
			(void)cmd_file(&t, *name, key);
		with_folder(&t, signings[i].path, path);
		if (strcmp(signings[i].path, "D/d.pem") == 0)
			c.c.words[4] = path;
		(void)snprintf(want, sizeof(want),
		    "Kept    %s   ed25519-sha256\n\n"
		    "%s._domainkey.example.net. IN TXT (\n  \"v=DKIM1; k=ed25519; "
		    "p=yCPImCfv8YcwF3WTz6ctfku5KWA40AZgCygWppzGl9U=\" )\n%s",
		    path, signings[i].selector,
		    with_folder(&t, signings[i].told, rooms[1]));
		terminal_expect(&t, &c);
		cmd_end(&t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty_lists_say_what_comes_next),
		cmocka_unit_test(full_lists_say_nothing_else),
		cmocka_unit_test(whoever_sends_types_the_number_of_readers),
		cmocka_unit_test(tables_fit_the_terminal),
		cmocka_unit_test(health_says_how_many_need_somebody),
		cmocka_unit_test(a_starter_configuration_is_asked_for),
		cmocka_unit_test(a_key_is_shown_as_a_zone_has_it),
		cmocka_unit_test(signatures_are_set_where_they_are_not_yet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
