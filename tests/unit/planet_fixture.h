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

/* Two posts of 2026-11-23; NOW is 06:00 of the next day. */
static inline void
planet_begin(struct cmd_test *t)
{
	cmd_begin(t, planet_settings);
	(void)cmd_file(t, "a.xml",
	    PLANET_FEED(PLANET_ITEM("One", "23", "10:00:00")
		    PLANET_ITEM("Two", "23", "11:00:00")));
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
