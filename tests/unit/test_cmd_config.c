/* SPDX-License-Identifier: ISC */
/* What config check, show, get and templates say of settings, right and wrong ones. */
#include "unit/planet_fixture.h"

/* The settings are written with DIR for the test's folder. */
static void
settle(struct cmd_test *t, const char *settings)
{
	struct buf b = BUF_INIT(16000);
	const char *at = settings;
	const char *dir = NULL;

	for (; (dir = strstr(at, "DIR")) != NULL; at = dir + 3) {
		buf_add(&b, at, (size_t)(dir - at));
		buf_adds(&b, t->folder);
	}
	buf_adds(&b, at);
	(void)cmd_file(t, "p.conf", buf_text(&b));
	buf_clear(&b);
}

#define PLANET \
	"[newsletter]\nname = Planet X\nfrom = planet@example.net\n" \
	"[transport]\nmethod = outbox\noutbox = out\n"
#define SMTP "[transport]\nmethod = smtp\n"
#define FEED "[feed a]\nurl = https://a.example/feed\n"

/* What it says must hold each of the words of out, parted by "|", and of err. */
struct check {
	const char *name, *settings;
	int code;
	const char *out, *err;
};

static const struct check right[] = {
	{ "one feed, and nobody but a person takes leaves", PLANET FEED, EXIT_OK,
	    "feeds      1 in these files\n|note       readers leave by a mail to the "
	    "newsletter's own address|ok         1 feed, 0 warnings\n",
	    NULL },
	{ "mail takes them", PLANET FEED "[list]\ncommand_address = planet@example.net\n",
	    EXIT_OK, "!note |ok         1 feed, 0 warnings\n", NULL },
	{ "pages take them",
	    PLANET FEED "[web]\nurl = https://news.example.net/p\nanswers = elsewhere\n"
			"archive_full = whole\n",
	    EXIT_OK, "!note |ok         1 feed, 0 warnings\n", NULL },
	{ "pages show less than letters",
	    PLANET FEED "[web]\nurl = https://news.example.net/p\nanswers = elsewhere\n"
			"archive_full = short\n[digest]\nbody = whole\n",
	    EXIT_OK, "note       who opens a letter in the browser sees less", NULL },
	{ "pages show as much",
	    PLANET FEED "[web]\nurl = https://news.example.net/p\nanswers = elsewhere\n"
			"archive_full = short\n[digest]\nbody = short\n",
	    EXIT_OK, "!note ", NULL },
	{ "pages show more",
	    PLANET FEED "[web]\nurl = https://news.example.net/p\nanswers = elsewhere\n"
			"archive_full = whole\n[digest]\nbody = short\n",
	    EXIT_OK, "!note ", NULL },
	{ "no sender where letters become files", "[transport]\nmethod = outbox\n" FEED,
	    EXIT_OK, "!note |ok         1 feed, 0 warnings\n", NULL },
	{ "no feed", PLANET, EXIT_OK,
	    "!in these files|warning    no feeds: nothing will be fetched\n|"
	    "ok         0 feeds, 1 warning\n",
	    NULL },
	{ "a password for nobody", PLANET FEED "[smtp]\npassword = p\n", EXIT_OK,
	    "warning    smtp.password is not used: smtp.user is not set\n|1 warning\n",
	    NULL },
	{ "a password for somebody",
	    PLANET FEED "[smtp]\npassword = p\nuser = u\n"
			"[database]\nbackup_dir = DIR/later\n",
	    EXIT_OK, "!warning |0 warnings\n", NULL },
	{ "patterns that are none",
	    PLANET FEED
	    "filter = (\nexclude = [\n[feed b]\nurl = https://u:p@b.example/\n"
	    "exclude = (\n",
	    EXIT_OK,
	    "warning    https://a.example/feed: its posts are held: |"
	    "warning    https://b.example/: its posts are held: |"
	    "ok         2 feeds, 3 warnings\n",
	    NULL },
	{ "a file of domains, and a folder for copies",
	    PLANET FEED "[limits]\nblocked_domains = DIR/p.conf\n"
			"[database]\nbackup_dir = DIR/own\n",
	    EXIT_OK, "0 warnings\n", NULL },
	{ "a list", PLANET "[feeds]\nfeeds_from = DIR/list.opml\n", EXIT_OK,
	    "feeds      2 from |/list.opml\n|warning    |/list.opml: 'mailto:x@example.org' "
	    "is no web address: feeds are asked by https and http, not by mailto, and "
	    "left out\n|ok         2 feeds, 1 warning\n",
	    NULL },
	{ "lists, and a feed of our own",
	    PLANET FEED "[feeds]\nfeeds_from = DIR/list.opml\n\tDIR/planet.ini\n",
	    EXIT_OK,
	    "feeds      1 in these files\n|feeds      2 from |feeds      1 from |"
	    "/planet.ini\n|note       ignored there (not ours): cache_directory log_level\n|"
	    "ok         4 feeds, ",
	    NULL },
	{ "forty names that are not ours", PLANET "[feeds]\nfeeds_from = DIR/forty.ini\n",
	    EXIT_OK, " k39\n|!more", NULL },
	{ "forty-one", PLANET "[feeds]\nfeeds_from = DIR/forty-one.ini\n", EXIT_OK,
	    " k39 and 1 more\n", NULL },
	{ "a mailbox that comes with its first mail",
	    PLANET FEED "[bounce]\nsource = maildir:DIR/own\n", EXIT_OK,
	    "warning    bounce.source: there is no maildir |/own yet\n|1 warning\n",
	    NULL },
	{ "one that is not there at all",
	    PLANET FEED "[bounce]\nsource = maildir:DIR/later\n", EXIT_OK,
	    "warning    bounce.source: there is no maildir |/later yet\n|1 warning\n",
	    NULL },
	{ "one that is there", PLANET FEED "[bounce]\nsource = maildir:DIR/box\n",
	    EXIT_OK, "!warning |0 warnings\n", NULL },
	{ "a password that is in a file: no program tells it",
	    PLANET FEED "[bounce]\nsource = pop3s://pop.example\nuser = u\n"
			"password_file = DIR/pw\npassword_command = DIR/nothing\n",
	    EXIT_OK, "0 warnings\n", NULL },
	{ "a filter that is there, with words of its own",
	    PLANET FEED "filter_command = true x y\n", EXIT_OK, "0 warnings\n", NULL },
	{ "a filter that is not", PLANET FEED "filter_command = DIR/nothing x\n", EXIT_OK,
	    "warning    https://a.example/feed: filter_command: |/nothing|1 warning\n",
	    NULL },
	{ "a program that nobody asks for a password, since letters become files",
	    PLANET FEED "[smtp]\nuser = u\npassword_command = DIR/nothing\n", EXIT_OK,
	    "0 warnings\n", NULL },
};

static const struct check wrong[] = {
	{ "no time", PLANET FEED "[fetch]\ntimeout = soon\n", EXIT_CONFIG, "!ok ",
	    "wrong value 'soon' for 'timeout' in [fetch]" },
	{ "no sender", "[transport]\nmethod = smtp\n" FEED, EXIT_CONFIG, "!ok ",
	    "newsletter.from is not set: letters need a sender" },
	{ "no list", PLANET "[feeds]\nfeeds_from = DIR/nothing.opml\n", EXIT_CONFIG,
	    "!ok ", "feeds.feeds_from: |p.conf line 8" },
	{ "a list that cannot be read", PLANET "[feeds]\nfeeds_from = DIR/own\n",
	    EXIT_CONFIG, "!ok ", "feeds.feeds_from: " },
	{ "a file in the place of copies",
	    PLANET FEED "[database]\nbackup_dir = DIR/p.conf\n", EXIT_CONFIG, "!ok ",
	    "/p.conf is no directory" },
	{ "no file of domains", PLANET FEED "[limits]\nblocked_domains = DIR/nothing\n",
	    EXIT_CONFIG, "!ok ", "limits.blocked_domains: |p.conf line 10" },
	{ "an address that is none", PLANET FEED "[list]\ncommand_address = x@\n",
	    EXIT_CONFIG, "!ok ", "list.command_address: " },
	{ "two mistakes, told at once",
	    PLANET FEED "[digest]\nexclude = (\n[list]\ncommand_address = x@\n",
	    EXIT_CONFIG, "!ok ",
	    "digest.exclude: |p.conf line 10|list.command_address: |p.conf line 12" },
	{ "an editor who is none", PLANET FEED "[approval]\neditors = x@\n", EXIT_CONFIG,
	    "!ok ", "approval.editors" },
	{ "bounces that count for nothing", PLANET FEED "[bounce]\nhard_limit = 0x\n",
	    EXIT_CONFIG, "!ok ", "bounce.hard_limit: " },
	{ "a mailbox that is a file",
	    PLANET FEED "[bounce]\nsource = maildir:DIR/p.conf\n", EXIT_CONFIG, "!ok ",
	    "bounce.source: |/p.conf is no directory" },
	{ "a mailbox without its password",
	    PLANET FEED "[bounce]\nsource = pop3s://pop.example\nuser = u\n"
			"password_file = DIR/nothing\n",
	    EXIT_CONFIG, "!ok ", "bounce.password_file|/nothing" },
	{ "a mailbox whose password no program tells",
	    PLANET FEED "[bounce]\nsource = pop3s://pop.example\nuser = u\n"
			"password_command = DIR/nothing x\n",
	    EXIT_CONFIG, "!ok ", "bounce.password_command|/nothing" },
	{ "a mailbox whose server nobody vouches for",
	    PLANET FEED "[bounce]\nsource = pop3s://pop.example\nuser = u\n"
			"password_command = true\nca_file = DIR/nothing\n",
	    EXIT_CONFIG, "!ok ", "bounce.ca_file|/nothing" },
	{ "a key that is not there",
	    PLANET FEED "[smtp]\ndkim_selector = s\ndkim_key_file = DIR/nothing.pem\n",
	    EXIT_CONFIG, "!ok ", "smtp.dkim_key_file: " },
	{ "a password that is not there",
	    PLANET FEED SMTP "[smtp]\nuser = u\npassword_file = DIR/nothing\n",
	    EXIT_CONFIG, "!ok ", "smtp.password_file" },
	{ "one of a second server",
	    PLANET FEED SMTP "[relay b]\nhost = b.example\nuser = u\n"
			     "password_file = DIR/nothing\n",
	    EXIT_CONFIG, "!ok ", "relay b" },
	{ "a program that is not there",
	    PLANET FEED SMTP "[smtp]\nuser = u\npassword_command = DIR/nothing x\n",
	    EXIT_CONFIG, "!ok ", "planetpost: smtp.password_command: |/nothing" },
	{ "one of a second server",
	    PLANET FEED SMTP "[smtp]\nhost = a.example\n[relay b]\nhost = b.example\n"
			     "user = u\npassword_command = DIR/nothing x\n",
	    EXIT_CONFIG, "!ok ", "planetpost: relay b.password_command: |/nothing" },
	{ "letters to one address take the same way",
	    PLANET FEED "[transport]\nmethod = redirect\nredirect_to = me@example.org\n"
			"[smtp]\nuser = u\npassword_command = DIR/nothing\n",
	    EXIT_CONFIG, "!ok ", "smtp.password_command: |/nothing" },
	{ "an archive in the place of a file",
	    PLANET FEED "[web]\narchive_dir = DIR/p.conf\n", EXIT_CONFIG, "!ok ",
	    "web.archive_dir: |/p.conf is no directory" },
	{ "a logo that is no picture", PLANET FEED "[style]\nlogo = DIR/p.conf\n",
	    EXIT_CONFIG, "!ok ", "style.logo" },
	{ "a language that nobody has words of",
	    PLANET FEED "[newsletter]\nlanguage = tlh\n", EXIT_CONFIG, "!ok ",
	    "newsletter.language" },
	{ "pages that do not answer", PLANET FEED "[web]\nurl = http://127.0.0.1:9/p\n",
	    EXIT_CONFIG, "!ok ",
	    "web.url: no readers' pages answer at http://127.0.0.1:9/p: " },
};

static void
write_names(struct cmd_test *t, const char *name, int count)
{
	struct buf b = BUF_INIT(4000);

	buf_adds(&b, "[Planet]\nname = X\n");
	for (int i = 0; i < count; i++)
		buf_addf(&b, "k%02d = x\n", i);
	buf_adds(&b, "[https://k.example/feed]\nname = K\n");
	(void)cmd_file(t, name, buf_text(&b));
	buf_clear(&b);
}

static void
begin(struct cmd_test *t)
{
	char path[300];

	cmd_begin(t, PLANET);
	assert_int_equal(mkdir(in_folder(t->folder, "own", path), 0700), 0);
	assert_int_equal(mkdir(in_folder(t->folder, "box", path), 0700), 0);
	assert_int_equal(mkdir(in_folder(t->folder, "box/new", path), 0700), 0);
	(void)cmd_file(t, "pw", "secret\n");
	(void)cmd_file(t, "list.opml",
	    "<opml version=\"2.0\"><body><outline text=\"L\">"
	    "<outline type=\"rss\" text=\"A\" xmlUrl=\"https://l1.example/f\"/>"
	    "<outline type=\"rss\" text=\"B\" xmlUrl=\"mailto:x@example.org\"/>"
	    "<outline type=\"rss\" text=\"C\" xmlUrl=\"https://l2.example/f\"/>"
	    "</outline></body></opml>");
	(void)cmd_file(t, "planet.ini",
	    "[Planet]\nname = X\ncache_directory = c\nlog_level = d\n"
	    "[https://i.example/feed]\nname = I\n");
	write_names(t, "forty.ini", 40);
	write_names(t, "forty-one.ini", 41);
}

/* The words of a row, parted by "|"; those behind "!" must not be there. */
static void
look_for(const char *name, const char *text, const char *words)
{
	while (*words) {
		const size_t len = strcspn(words, "|");
		const bool unwanted = *words == '!';
		char part[300];

		(void)snprintf(part, sizeof(part), "%.*s", (int)(len - unwanted),
		    words + unwanted);
		if ((strstr(text, part) == NULL) != unwanted)
			fail_msg("%s: %s \"%s\" in\n%s", name,
			    unwanted ? "there is" : "there is no", part, text);
		words += len + (words[len] == '|');
	}
}

static void
check_all(const struct check *rows, size_t count)
{
	struct cmd_test t;

	begin(&t);
	for (size_t i = 0; i < count; i++) {
		const struct cmd_case c = { rows[i].name, { "config", "check" },
			rows[i].code, NULL, NULL, rows[i].err ? "" : NULL };

		settle(&t, rows[i].settings);
		cmd_expect(&t, &c);
		look_for(rows[i].name, buf_text(&t.out), rows[i].out);
		if (rows[i].err)
			look_for(rows[i].name, buf_text(&t.err), rows[i].err);
	}
	cmd_end(&t);
}

static void
settings_that_are_right_are_told(void **state)
{
	(void)state;
	check_all(right, ARRAY_LEN(right));
}

static void
settings_that_are_wrong_are_refused(void **state)
{
	(void)state;
	check_all(wrong, ARRAY_LEN(wrong));
}

static void
a_folder_is_no_database(void **state)
{
	static const struct cmd_case c = { "in its place", { "config", "check" },
		EXIT_CONFIG, NULL, NULL, "planetpost.db is a directory" };
	static const struct cmd_case pipe = { "nor is a pipe", { "config", "check" },
		EXIT_CONFIG, NULL, NULL, "planetpost.db is no file" };
	struct cmd_test t;
	char path[400];

	(void)state;
	begin(&t);
	settle(&t, PLANET FEED);
	assert_int_equal(mkdir(t.data, 0700), 0);
	(void)snprintf(path, sizeof(path), "%s/planetpost.db", t.data);
	assert_int_equal(mkdir(path, 0700), 0);
	cmd_expect(&t, &c);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	cmd_expect(&t, &pipe);
	cmd_end(&t);
}

static void
a_database_that_others_can_read_is_told(void **state)
{
	static const struct cmd_case made = { "made", { "feed", "list" }, EXIT_OK, NULL,
		NULL, NULL };
	static const struct cmd_case c = { "checked", { "config", "check" }, EXIT_OK,
		NULL, "holds addresses and keys and others can read it (mode 0644)",
		NULL };
	static const struct cmd_case well = { "for its group", { "config", "check" },
		EXIT_OK, NULL, "ok         1 feed, 0 warnings\n", NULL };
	struct cmd_test t;
	char path[400];

	(void)state;
	begin(&t);
	settle(&t, PLANET FEED);
	cmd_expect(&t, &made);
	assert_int_equal(chmod(t.folder, 0755), 0);
	assert_int_equal(chmod(t.data, 0755), 0);
	(void)snprintf(path, sizeof(path), "%s/planetpost.db", t.data);
	assert_int_equal(chmod(path, 0640), 0);
	cmd_expect(&t, &well);
	assert_int_equal(chmod(path, 0644), 0);
	cmd_expect(&t, &c);
	assert_int_equal(chmod(t.data, 0750), 0);
	cmd_expect(&t, &well);
	cmd_end(&t);
}

/* ---- show and get ---- */

static const struct cmd_case shown[] = {
	{ "a section", { "config", "show", "web" }, EXIT_OK, NULL, "web.url\t", NULL },
	{ "a key of a server", { "config", "show", "relay b.host", "--json" }, EXIT_OK,
	    NULL, "[{\"key\":\"relay b.host\",\"value\":\"b.example\",\"origin\":\"",
	    NULL },
	{ "its secret", { "config", "show", "relay b.password", "--json=value" }, EXIT_OK,
	    "{\"schema\":1,\"settings\":[{\"value\":\"(secret)\"}]}\n", NULL, NULL },
	{ "a secret that is not set",
	    { "config", "show", "smtp.password", "--json=value" }, EXIT_OK,
	    "{\"schema\":1,\"settings\":[{\"value\":\"\"}]}\n", NULL, NULL },
	{ "its own", { "config", "show", "relay b.port", "--json=value" }, EXIT_OK,
	    "{\"schema\":1,\"settings\":[{\"value\":\"2526\"}]}\n", NULL, NULL },
	{ "what no server has for itself", { "config", "show", "relay b.url" },
	    EXIT_USAGE, "", NULL, "there is no setting 'relay b.url'" },
	{ "nearly a section", { "config", "show", "webb" }, EXIT_USAGE, "", NULL,
	    "there is no setting 'webb'\n  hint: did you mean 'web'?" },
	{ "nothing like it", { "config", "show", "qqqqqqqqqq" }, EXIT_USAGE, "", NULL,
	    "hint: planetpost help config" },
	{ "a section and more", { "config", "show", "web." }, EXIT_USAGE, "", NULL,
	    "there is no setting 'web.'" },
	{ "one", { "config", "get", "newsletter.name" }, EXIT_OK, "Planet X\n", NULL,
	    NULL },
	{ "one with a login", { "config", "get", "fetch.proxy" }, EXIT_OK,
	    "http://proxy.example:8080/\n", NULL, NULL },
	{ "a section", { "config", "get", "web" }, EXIT_USAGE, "", NULL,
	    "'web' is a section, not a setting\n  hint: planetpost config show web" },
	{ "none", { "config", "get", "newsletter.nam" }, EXIT_USAGE, "", NULL,
	    "did you mean 'newsletter.name'?" },
	{ "no section", { "config", "get", "x.name" }, EXIT_USAGE, "", NULL,
	    "there is no setting 'x.name'" },
	{ "a secret", { "config", "get", "smtp.password" }, EXIT_USAGE, "", NULL,
	    "smtp.password is a secret, and is not shown" },
};

static void
settings_are_shown(void **state)
{
	static const struct cmd_case web = { "the web", { "config", "show", "web" },
		EXIT_OK, NULL, NULL, NULL };
	static const struct cmd_case all = { "all", { "config", "show" }, EXIT_OK, NULL,
		NULL, NULL };
	struct cmd_test t;

	(void)state;
	begin(&t);
	settle(&t,
	    PLANET
	    "[fetch]\nproxy = http://u:p@proxy.example:8080/\n"
	    "[smtp]\nport = 2525\n[relay b]\nhost = b.example\nport = 2526\npassword = p\n");
	EXPECT_ALL(&t, shown);
	cmd_expect(&t, &web);
	look_for("the web", buf_text(&t.out), "web.url\t|web.answers\t|!smtp.|!relay b");
	cmd_expect(&t, &all);
	look_for("all", buf_text(&t.out),
	    "web.url\t\tbuilt-in\n|/p.conf:10\n|relay b.password\t(secret)\t|!proxy.example:p");
	cmd_end(&t);
}

/* ---- templates ---- */

static size_t
count_files(const char *dir)
{
	DIR *d = opendir(dir);
	size_t n = 0;

	assert_non_null(d);
	for (struct dirent *e = NULL; (e = readdir(d));)
		n += e->d_name[0] != '.';
	(void)closedir(d);
	return n;
}

static void
templates_are_written_once(void **state)
{
	struct cmd_test t;
	char dir[400];
	char path[1200];
	const struct cmd_case first = { "written", { "config", "templates", dir },
		EXIT_OK, NULL, "and put\ntemplate = /", NULL };
	const struct cmd_case again = { "again", { "config", "templates", dir },
		EXIT_FAILED, "", NULL,
		"hint: a folder that is empty, or not there yet, is best" };
	const struct cmd_case nowhere = { "in a file", { "config", "templates", path },
		EXIT_FAILED, "", NULL, "page-left.html" };
	struct stat st;

	(void)state;
	begin(&t);
	(void)snprintf(dir, sizeof(dir), "%s/new/own", t.folder);
	cmd_expect(&t, &first);
	(void)snprintf(path, sizeof(path),
	    "Wrote %zu files to %s.  Keep what you change, delete the others, and put\n"
	    "template = %s under [digest].\n",
	    count_files(dir), dir, dir);
	SAME_TEXT("their number", buf_text(&t.out), path);
	(void)snprintf(path, sizeof(path), "%s/page-left.html", dir);
	assert_int_equal(stat(path, &st), 0);
	SAME_INT("for everybody", st.st_mode & 0777, 0644);
	cmd_expect(&t, &again);
	cmd_expect(&t, &nowhere);
	settle(&t, PLANET "[newsletter]\nlanguage = tlh\n");
	cmd_expect(&t,
	    &(struct cmd_case){ "no words", { "config", "templates", "DIR/x" },
		EXIT_CONFIG, "", NULL, "tlh" });
	cmd_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(settings_that_are_right_are_told),
		cmocka_unit_test(settings_that_are_wrong_are_refused),
		cmocka_unit_test(a_folder_is_no_database),
		cmocka_unit_test(a_database_that_others_can_read_is_told),
		cmocka_unit_test(settings_are_shown),
		cmocka_unit_test(templates_are_written_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
