/* SPDX-License-Identifier: ISC */
/* Keys that letters are signed with, an archive as files, and pages of one's own that are tried. */
#include "unit/planet_fixture.h"

static void
begin_with(struct cmd_test *t, const char *more)
{
	struct buf b = BUF_INIT(4000);

	planet_begin(t);
	buf_adds(&b, planet_settings);
	buf_adds(&b, more);
	(void)cmd_file(t, "p.conf", buf_text(&b));
	buf_clear(&b);
}

/* ---- what was done, for programs ---- */

static const struct cmd_case said[] = {
	{ "a reader", { "sub", "add", "ann@example.org", "--confirmed-by", "asked" },
	    EXIT_OK, "", NULL, NULL },
	{ "whole", { "bounces", "forget", "ann@example.org", "--json" }, EXIT_OK,
	    "{\"schema\":1,\"command\":\"bounces forget\",\"dry_run\":false,"
	    "\"said\":[\"ann@example.org: what came back is forgotten (active).\"]}\n",
	    NULL, NULL },
	{ "only the words", { "bounces", "forget", "ann@example.org", "--json=said" },
	    EXIT_OK,
	    "{\"schema\":1,\"said\":[\"ann@example.org: what came back is forgotten "
	    "(active).\"]}\n",
	    NULL, NULL },
	{ "only which", { "bounces", "forget", "ann@example.org", "--json=command" },
	    EXIT_OK, "{\"schema\":1,\"command\":\"bounces forget\"}\n", NULL, NULL },
	{ "only whether",
	    { "-n", "bounces", "forget", "ann@example.org", "--json=dry_run" }, EXIT_OK,
	    "{\"schema\":1,\"dry_run\":true}\n", NULL, NULL },
	{ "two lines", { "init", "--json=said" }, EXIT_FAILED, "", NULL,
	    "is there already" },
	{ "which fields there are",
	    { "bounces", "forget", "ann@example.org", "--json=help" }, EXIT_OK, NULL,
	    "command  what was done\ndry_run  whether it was only tried\n"
	    "said     what people are told, a string for each line\n",
	    NULL },
	{ "no such field", { "bounces", "forget", "ann@example.org", "--json=words" },
	    EXIT_USAGE, "", NULL, "--json has no field 'words' here" },
	{ "nothing is said of what failed",
	    { "bounces", "forget", "cy@example.org", "--json" }, EXIT_FAILED, "", NULL,
	    "nobody on the list has the address cy@example.org" },
	{ "no answer in JSON", { "preview", "--json" }, EXIT_USAGE, "", NULL,
	    "preview has no answer in JSON" },
	{ "no command", { "--json" }, EXIT_USAGE, "", NULL, "planetpost" },
	{ "half a command", { "bounces" }, EXIT_USAGE, "", NULL,
	    "bounces list|show|forget|parse" },
	{ "the version", { "--version" }, EXIT_OK, "planetpost " VERSION "\n", NULL,
	    NULL },
	{ "help of one", { "gc", "--help" }, EXIT_OK, NULL, "planetpost gc", NULL },
	{ "help of all", { "--help" }, EXIT_OK, NULL, "Upkeep", NULL },
};

static void
sentences_are_told_as_json(void **state)
{
	struct cmd_test t;

	(void)state;
	begin_with(&t, "");
	EXPECT_ALL(&t, said);
	cmd_end(&t);
}

/* ---- keys ---- */

/* The part of a row of `dkim key` behind its first tabs. */
static const char *
cell(struct cmd_test *t, int n)
{
	static char text[2000];
	const char *at = buf_text(&t->out);

	for (; n > 0 && *at; at++)
		n -= *at == '\t';
	(void)snprintf(text, sizeof(text), "%.*s", (int)strcspn(at, "\t\n"), at);
	return text;
}

static void
a_key_is_made_once_and_kept(void **state)
{
	static const struct cmd_case tried = { "tried", { "-n", "dkim", "key" }, EXIT_OK,
		NULL, "s2026._domainkey.example.net\tTXT\tv=DKIM1; k=rsa; p=", NULL };
	static const struct cmd_case made = { "made", { "dkim", "key" }, EXIT_OK, NULL,
		"s2026._domainkey.example.net\tTXT\tv=DKIM1; k=rsa; p=", NULL };
	static const struct cmd_case other = { "of another kind",
		{ "dkim", "key", "--ed25519" }, EXIT_FAILED, "", NULL,
		"is there, and an RSA key" };
	static const struct cmd_case short_one = { "a short one",
		{ "dkim", "key", "--ed25519", "--selector", "e" }, EXIT_OK, NULL,
		"e._domainkey.example.net\tTXT\tv=DKIM1; k=ed25519; p=", NULL };
	static const struct cmd_case json = { "for programs",
		{ "dkim", "key", "--selector", "e", "--json=name,type,algorithm,made" },
		EXIT_OK,
		"{\"schema\":1,\"records\":[{\"name\":\"e._domainkey.example.net\","
		"\"type\":\"TXT\",\"algorithm\":\"ed25519-sha256\",\"made\":\"no\"}]}\n",
		NULL, NULL };
	static const struct cmd_case no_name = { "no name",
		{ "dkim", "key", "--selector", "a_b" }, EXIT_USAGE, "", NULL,
		"--selector a_b: letters, digits and hyphens, with dots between" };
	struct cmd_test t;
	char first[2000];
	char path[400];
	struct stat st;

	(void)state;
	begin_with(&t, "");
	(void)snprintf(path, sizeof(path), "%s/dkim-s2026.pem", t.data);
	cmd_expect(&t, &tried);
	SAME_INT("tried only", file_exists(path), 0);
	cmd_expect(&t, &made);
	(void)snprintf(first, sizeof(first), "%s", cell(&t, 2));
	/* 2,048 bits are 294 bytes of DER, 392 letters of base64. */
	SAME_INT("its length", strlen(first), strlen("v=DKIM1; k=rsa; p=") + 392);
	assert_int_equal(stat(path, &st), 0);
	SAME_INT("for its owner alone", st.st_mode & 0777, 0600);
	cmd_expect(&t, &made);
	SAME_TEXT("kept", cell(&t, 2), first);
	cmd_expect(&t, &other);
	cmd_expect(&t, &short_one);
	/* 32 bytes are 44 letters (RFC 8463). */
	SAME_INT("its length", strlen(cell(&t, 2)),
	    strlen("v=DKIM1; k=ed25519; p=") + 44);
	cmd_expect(&t, &json);
	cmd_expect(&t, &no_name);
	cmd_end(&t);
}

static const struct {
	const char *name, *settings;
	int code;
	const char *has, *err;
} key_settings[] = {
	{ "a selector of the settings", "[smtp]\ndkim_selector = mine\n", EXIT_OK,
	    "mine._domainkey.example.net\tTXT\t", NULL },
	{ "no name in the DNS", "[smtp]\ndkim_selector = a_b\n", EXIT_CONFIG, NULL,
	    "smtp.dkim_selector" },
	{ "a selector without its key",
	    "[smtp]\ndkim_selector = a b\ndkim_key_file = /nowhere/a.pem\n", EXIT_CONFIG,
	    NULL, "smtp.dkim_key_file has 1 and smtp.dkim_selector 2 names" },
};

static void
selectors_and_files_belong_together(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(key_settings); i++) {
		const struct cmd_case c = { key_settings[i].name, { "dkim", "key" },
			key_settings[i].code, NULL, key_settings[i].has,
			key_settings[i].err };
		struct cmd_test t;

		begin_with(&t, key_settings[i].settings);
		cmd_expect(&t, &c);
		cmd_end(&t);
	}
}

static void
a_key_that_others_can_read_is_refused(void **state)
{
	static const struct cmd_case made = { "made", { "dkim", "key" }, EXIT_OK, NULL,
		NULL, NULL };
	static const struct cmd_case exposed = { "exposed", { "dkim", "key" },
		EXIT_CONFIG, "", NULL,
		"holds a private key and others can read it (mode 0644)" };
	static const struct cmd_case broken = { "no key", { "dkim", "key" }, EXIT_CONFIG,
		"", NULL, "dkim-s2026.pem" };
	struct cmd_test t;
	char path[400];

	(void)state;
	begin_with(&t, "");
	cmd_expect(&t, &made);
	(void)snprintf(path, sizeof(path), "%s/dkim-s2026.pem", t.data);
	assert_int_equal(chmod(path, 0644), 0);
	cmd_expect(&t, &exposed);
	assert_int_equal(chmod(path, 0640), 0);
	cmd_expect(&t, &made);
	MUST(file_write(path, "nonsense", 8, 0600, err));
	cmd_expect(&t, &broken);
	cmd_end(&t);
}

/* ---- an archive as files ---- */

static bool
is_there(struct cmd_test *t, const char *name, const char *words)
{
	struct buf b = BUF_INIT(SAID_MAX);
	char path[500];
	bool found = false;

	(void)snprintf(path, sizeof(path), "%s/www/%s", t->folder, name);
	if (file_exists(path)) {
		MUST(file_read(path, &b, err));
		found = strstr(buf_text(&b), words) != NULL;
	}
	buf_clear(&b);
	return found;
}

static void
issues_are_written_as_files(void **state)
{
	static const struct cmd_case before[] = {
		{ "a reader",
		    { "sub", "add", "ann@example.org", "--confirmed-by", "asked" },
		    EXIT_OK, "", NULL, NULL },
		{ "an issue", { "run" }, EXIT_OK, NULL, NULL, "" },
	};
	static const struct cmd_case again = { "again", { "run" }, EXIT_OK, NULL, NULL,
		"" };
	struct cmd_test t;
	char more[900];
	char path[500];

	(void)state;
	planet_begin(&t);
	(void)snprintf(more, sizeof(more),
	    "%s[web]\nurl = https://news.example.net/p\nanswers = elsewhere\n"
	    "archive_dir = %s/www\n",
	    planet_settings, t.folder);
	(void)cmd_file(&t, "p.conf", more);
	EXPECT_ALL(&t, before);
	assert_true(is_there(&t, "archive/index.html", "<h1>November 2026</h1>"));
	assert_true(is_there(&t, "archive/2026/11/index.html", "<h1>November 2026</h1>"));
	assert_true(is_there(&t, "archive/atom.xml", "/i/2026-11-24"));
	assert_true(is_there(&t, "style.css", "{"));
	assert_true(is_there(&t, "i/2026-11-24/index.html", "Words of One."));
	assert_false(is_there(&t, "i/2026-11-24/index.html", "ann@example.org"));
	/* A letter is written once; the page of its month with each run that sends. */
	(void)snprintf(path, sizeof(path), "%s/www/i/2026-11-24/index.html", t.folder);
	MUST(file_write(path, "as it was", 9, 0644, err));
	(void)snprintf(path, sizeof(path), "%s/www/archive/2026/11/index.html", t.folder);
	MUST(file_write(path, "as it was", 9, 0644, err));
	planet_goes_on(&t);
	t.now += (int64_t)10 * 3600;
	cmd_expect(&t, &again);
	assert_true(is_there(&t, "i/2026-11-24/index.html", "as it was"));
	assert_true(is_there(&t, "archive/2026/11/index.html", "2 issues"));
	assert_true(is_there(&t, "i/2026-11-24-2/index.html", "Words of Three."));
	cmd_end(&t);
}

/* ---- pages of one's own ---- */

static const struct {
	const char *name, *file, *text;
	int code;
	const char *err;
} templates[] = {
	{ "none", "README.txt", "", EXIT_OK, NULL },
	{ "one that can be shown", "page-left.html", "{{> page-head}}<p>Gone.</p>",
	    EXIT_OK, NULL },
	{ "a name that there is not", "page-left.html", "{{nonsense}}", EXIT_CONFIG,
	    "nonsense" },
	{ "one that everybody sees", "page-busy.html", "{{nonsense}}", EXIT_CONFIG,
	    "nonsense" },
	{ "one for many sources", "page-sources-part.html", "{{nonsense}}", EXIT_CONFIG,
	    "nonsense" },
	{ "one that is no template", "page-left.html", "{{#a}}", EXIT_CONFIG,
	    "page-left" },
};

static void
pages_of_ones_own_are_tried(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(templates); i++) {
		const struct cmd_case c = { templates[i].name, { "config", "check" },
			templates[i].code, NULL, NULL, templates[i].err };
		struct cmd_test t;
		char path[300];
		char name[100];
		char conf[1200];

		planet_begin(&t);
		assert_int_equal(mkdir(in_folder(t.folder, "own", path), 0700), 0);
		(void)snprintf(conf, sizeof(conf),
		    "%s[web]\nurl = https://news.example.net/p\nanswers = elsewhere\n"
		    "[digest]\ntemplate = %s\n",
		    planet_settings, path);
		(void)cmd_file(&t, "p.conf", conf);
		(void)snprintf(name, sizeof(name), "own/%s", templates[i].file);
		(void)cmd_file(&t, name, templates[i].text);
		cmd_expect(&t, &c);
		cmd_end(&t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sentences_are_told_as_json),
		cmocka_unit_test(a_key_is_made_once_and_kept),
		cmocka_unit_test(selectors_and_files_belong_together),
		cmocka_unit_test(a_key_that_others_can_read_is_refused),
		cmocka_unit_test(issues_are_written_as_files),
		cmocka_unit_test(pages_of_ones_own_are_tried),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
