/* SPDX-License-Identifier: ISC */
/* A small planet for tests of commands: one feed that is a file, letters that become files. */
#ifndef TESTS_PLANET_FIXTURE_H
#define TESTS_PLANET_FIXTURE_H

#include "unit/cmd_fixture.h"

static const char planet_settings[] = "[newsletter]\n"
				      "name = Planet X\n"
				      "link = https://planet.example/\n"
				      "from = planet@example.net\n"
				      "owner = keeper@example.net\n"
				      "[fetch]\nallow_files = yes\n"
				      "[digest]\nschedule = off\n"
				      "[transport]\nmethod = outbox\noutbox = out\n"
				      "[feed a]\nurl = file:a.xml\nname = A's blog\n";

#define PLANET_ITEM(title, day, time) \
	"<item><title>" title "</title><link>https://a.example/" title "</link>" \
	"<guid>" title "</guid><pubDate>" day " Nov 2026 " time " GMT</pubDate>" \
	"<description>&lt;p&gt;Words of " title ".&lt;/p&gt;</description></item>"
#define PLANET_FEED(items) \
	"<rss version=\"2.0\"><channel><title>A</title>" \
	"<link>https://a.example/</link>" items "</channel></rss>"

#define MESSAGE(to, from, subject, body) \
	"Return-Path: <" from ">\nDelivered-To: " to "\nFrom: " from "\nTo: " to \
	"\nSubject: " subject "\nMessage-ID: <1@x.example>\n" \
	"Date: Tue, 24 Nov 2026 06:00:00 +0000\n\n" body "\n"

/* Two posts of 2026-11-23; NOW is 06:00 of the next day. */
static inline void
planet_begin(struct cmd_test *t)
{
	cmd_begin(t, planet_settings);
	(void)cmd_file(t, "a.xml",
	    PLANET_FEED(PLANET_ITEM("One", "23", "10:00:00")
		    PLANET_ITEM("Two", "23", "11:00:00")));
}

/* The same with more settings, and a database. */
static inline void
planet_begin_with(struct cmd_test *t, const char *more)
{
	struct buf b = BUF_INIT(4000);

	planet_begin(t);
	buf_adds(&b, planet_settings);
	buf_adds(&b, more);
	(void)cmd_file(t, "p.conf", buf_text(&b));
	buf_clear(&b);
	cmd_expect(t,
	    &(struct cmd_case){ "a database", { "feed", "list" }, EXIT_OK, NULL, NULL,
		NULL });
}

/* A message as a mail server hands it over, on standard input from here on. */
static inline void
planet_put_input(struct cmd_test *t, const char *text)
{
	static char path[300];

	(void)snprintf(path, sizeof(path), "%s", cmd_file(t, "input", text));
	t->input = path;
}

/* One more post, of 07:00 today. */
static inline void
planet_goes_on(struct cmd_test *t)
{
	(void)cmd_file(t, "a.xml",
	    PLANET_FEED(PLANET_ITEM("One", "23", "10:00:00") PLANET_ITEM("Two", "23",
		"11:00:00") PLANET_ITEM("Three", "24", "07:00:00")));
}

#endif
