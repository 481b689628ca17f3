/* SPDX-License-Identifier: ISC */
/* The table of options as a file to start from, and as the manual's list. */
#include <string.h>

#include "base/text.h"
#include "config/option_value.h"

static const char HEAD[] =
    "# planetpost.conf: every setting with its default.\n"
    "#\n"
    "# /etc/planetpost/planetpost.conf or ~/.config/planetpost/planetpost.conf; everything is\n"
    "# optional.  A setting counts when the # in front of it is taken away.  The grammar and\n"
    "# all settings are described in planetpost.conf(5).\n";

static const char FEEDS[] =
    "\n"
    "# ---- feeds ----\n"
    "# A feed is a section called by its address, as a planet's config.ini has it:\n"
    "#\n"
    "#[https://blog.example.org/feed.xml]\n"
    "#name = Example Blog\n"
    "#\n"
    "# or a section with a short name of your own:\n"
    "#\n"
    "#[feed alice]\n"
    "#url = https://alice.example/atom\n"
    "#name = Alice\n"
    "#group = Core team\n"
    "#language = en\n"
    "#max_per_feed = 3\n"
    "#filter = regular expression that title or text must match\n"
    "#exclude = regular expression that neither may match\n"
    "#strip = what to take out of its entries: a selector or the text of a line\n"
    "#paused = no\n"
    "#\n"
    "# or a newsletter that comes by mail, by its List-Id, in a maildir: or an mbox: of this "
    "machine:\n"
    "#\n"
    "#[feed garden]\n"
    "#url = maildir:/var/mail/reader?list=garden.example.org\n"
    "#\n"
    "# More files, in the order they stand in:\n"
    "#\n"
    "#include = conf.d/*.conf\n";

static bool
begins_section(size_t i)
{
	return i == 0 || strcmp(options[i].section, options[i - 1].section) != 0;
}

static void
add_help(const struct option *o, struct buf *help)
{
	buf_adds(help, o->help);
	if (!o->words)
		return;
	buf_adds(help, " (");
	for (size_t i = 0; o->words[i]; i++)
		buf_addf(help, "%s%s", i ? ", " : "", o->words[i]);
	buf_addc(help, ')');
}

void
options_print_file(struct buf *out)
{
	struct buf help = BUF_INIT(1000);

	buf_adds(out, HEAD);
	for (size_t i = 0; i < option_count; i++) {
		const struct option *o = &options[i];

		if (begins_section(i))
			buf_addf(out, "\n[%s]\n", o->section);
		buf_reset(&help);
		add_help(o, &help);
		wrap_text(out, buf_text(&help), 90, "# ", "# ");
		if (out->len > 0 && out->data[out->len - 1] != '\n')
			buf_addc(out, '\n');
		buf_addf(out, "#%s =%s%s\n", o->name, *o->initial ? " " : "", o->initial);
	}
	buf_adds(out, FEEDS);
	buf_clear(&help);
}

/*
 * Text for mdoc: no escape, no request, no macro.  An argument of a macro is quoted, so that a word
 * of it cannot be a macro's name.
 */
static void
add_mdoc(struct buf *out, const char *text, bool is_argument)
{
	if (is_argument)
		buf_addc(out, '"');
	else if (*text == '.' || *text == '\'')
		buf_adds(out, "\\&");
	for (; *text; text++) {
		if (*text == '\\')
			buf_adds(out, "\\e");
		else if (*text == '"' && is_argument)
			buf_adds(out, "\"\"");
		else
			buf_addc(out, *text);
	}
	if (is_argument)
		buf_addc(out, '"');
}

void
options_print_mdoc(struct buf *out)
{
	struct buf help = BUF_INIT(1000);

	for (size_t i = 0; i < option_count; i++) {
		const struct option *o = &options[i];

		if (begins_section(i))
			buf_addf(out, "%s.Ss [%s]\n.Bl -tag -width Ds\n",
			    i ? ".El\n" : "", o->section);
		buf_addf(out, ".It Cm %s", o->name);
		if (*o->initial) {
			buf_adds(out, " = Ar ");
			add_mdoc(out, o->initial, true);
		}
		buf_addc(out, '\n');
		buf_reset(&help);
		add_help(o, &help);
		add_mdoc(out, buf_text(&help), false);
		buf_addc(out, '\n');
	}
	buf_adds(out, ".El\n");
	buf_clear(&help);
}
