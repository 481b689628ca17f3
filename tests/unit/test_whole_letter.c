/* SPDX-License-Identifier: ISC */
/* One letter from beginning to end, as somebody reads it: every line has its reason. */
#include "unit/cmd_fixture.h"

/* clang-format off */
static const char settings[] =
	"[newsletter]\n"
	"name = Planet X\n"
	"link = https://planet.example/\n"
	"from = planet@example.net\n"
	"owner = keeper@example.net\n"
	"postal_address = 1 Harbour Street\n"
	"[fetch]\n"
	"allow_files = yes\n"
	"[digest]\n"
	"schedule = off\n"
	"[transport]\n"
	"method = outbox\n"
	"outbox = out\n"
	"[feed a]\n"
	"url = file:a.xml\n"
	"name = A's blog\n"
	"[feed b]\n"
	"url = file:b.xml\n"
	"name = Bee & Co\n"
	"group = Friends\n";

static const char a_blog[] =
	"<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \n"
	"xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\"><channel><title>A</title>\n"
	"<link>https://a.example/</link>\n"
	"<item><title>One &amp;amp; only</title><link>https://a.example/1</link><guid>1</guid>\n"
	"<pubDate>Mon, 23 Nov 2026 10:00:00 GMT</pubDate><dc:creator>Ann</dc:creator><category>tea</category>\n"
	"<description>&lt;p&gt;Words of &lt;a href=\"https://x.example/\"&gt;one&lt;/a&gt;.&lt;/p&gt;\n"
	"&lt;h2&gt;Head&lt;/h2&gt;&lt;ul&gt;&lt;li&gt;item&lt;/li&gt;&lt;/ul&gt;</description>\n"
	"<enclosure url=\"https://a.example/1.mp3\" type=\"audio/mpeg\" length=\"2097152\"/>\n"
	"<itunes:duration>62:03</itunes:duration></item>\n"
	"<item><link>https://a.example/2</link><guid>2</guid>\n"
	"<pubDate>Sun, 22 Nov 2026 10:00:00 GMT</pubDate><description>A post without title.</description></item>\n"
	"</channel></rss>\n";

static const char b_blog[] =
	"<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>B</title><link href=\"https://b.example/\"/>\n"
	"<entry><id>x</id><title>Bees</title><link href=\"https://b.example/1\"/>\n"
	"<updated>2026-11-23T12:00:00Z</updated><summary>Only a summary.</summary></entry></feed>\n";

/*
 * Its date is today's, its days are those of the posts, the newest first; a source that is named
 * has that name; what is read takes a minute, what is heard as long as it says; of a post without
 * title its time is the heading.
 */
static const char letter[] =
	"Planet X\n"
	"No. 1 · Tuesday, 24 November 2026 · 3 posts from 2 blogs\n"
	"https://planet.example/\n"
	"\n"
	"  - Bees (Bee & Co), 1 min\n"
	"  - One & only (A's blog, and 1 more), 62 min\n"
	"\n"
	"\n"
	"Monday, 23 November\n"
	"===================\n"
	"\n"
	"Bee & Co\n"
	"  https://b.example/\n"
	"\n"
	"Bees\n"
	"----\n"
	"12:00 UTC\n"
	"https://b.example/1\n"
	"\n"
	"Only a summary.\n"
	"\n"
	"A's blog\n"
	"  https://a.example/\n"
	"\n"
	"One & only\n"
	"----------\n"
	"by Ann · 10:00 · listen 62 min\n"
	"https://a.example/1\n"
	"\n"
	"Words of one [1].\n"
	"\n"
	"## Head\n"
	"\n"
	"- item\n"
	"\n"
	"[1] https://x.example/\n"
	"\n"
	"Listen (62 min, 2 MB)\n"
	"https://a.example/1.mp3\n"
	"\n"
	"Filed under tea\n"
	"\n"
	"\n"
	"Sunday, 22 November\n"
	"===================\n"
	"\n"
	"A's blog\n"
	"  https://a.example/\n"
	"\n"
	"10:00\n"
	"https://a.example/2\n"
	"\n"
	"A post without title.\n"
	"\n"
	"-- \n"
	"A letter comes when there is something new.\n"
	"\n"
	"\n"
	"Posts belong to their authors.\n"
	"1 Harbour Street\n";
/* clang-format on */

static void
a_letter_reads_from_top_to_bottom(void **state)
{
	static const struct cmd_case whole = { "as text", { "-q", "preview" }, EXIT_OK,
		letter, NULL, NULL };
	struct cmd_test t;

	(void)state;
	cmd_begin(&t, settings);
	(void)cmd_file(&t, "a.xml", a_blog);
	(void)cmd_file(&t, "b.xml", b_blog);
	cmd_expect(&t, &whole);
	cmd_end(&t);
}

/*
 * A post without title is called by its first words, those of its text before those of its
 * summary; by what its picture shows when there are no others.
 */
static void
posts_without_title_are_called_by_their_words(void **state)
{
	static const struct {
		const char *name, *body, *want;
	} cases[] = {
		{ "text and summary",
		    "<summary>Something else.</summary><content>Words of the text</content>",
		    "  - Words of the text (Bee & Co), 1 min\n" },
		{ "a summary", "<summary>Words of the summary</summary>",
		    "  - Words of the summary (Bee & Co), 1 min\n" },
		{ "a picture",
		    "<content type=\"html\">&lt;img src=\"https://b.example/z.png\" "
		    "alt=\"A red bee\"&gt;</content>",
		    "  - A red bee (Bee & Co), 1 min\n" },
		{ "a picture and a summary",
		    "<summary>Words of the summary</summary><content type=\"html\">"
		    "&lt;img src=\"https://b.example/z.png\" alt=\"A red bee\"&gt;"
		    "</content>",
		    "  - Words of the summary (Bee & Co), 1 min\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char feed[1000];
		struct cmd_test t;

		(void)snprintf(feed, sizeof(feed),
		    "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>B</title><entry>"
		    "<id>x</id><updated>2026-11-23T12:00:00Z</updated>%s</entry></feed>",
		    cases[i].body);
		cmd_begin(&t, settings);
		(void)cmd_file(&t, "a.xml", a_blog);
		(void)cmd_file(&t, "b.xml", feed);
		cmd_expect(&t,
		    &(struct cmd_case){ cases[i].name, { "-q", "preview" }, EXIT_OK, NULL,
			cases[i].want, NULL });
		cmd_end(&t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_letter_reads_from_top_to_bottom),
		cmocka_unit_test(posts_without_title_are_called_by_their_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
