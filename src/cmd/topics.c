/* SPDX-License-Identifier: ISC */
#include "cmd/topics.h"

#include <string.h>

#include "base/buf.h"
#include "config/options.h"

enum { TOPIC_MAX = 256 * 1024 };

static void
print_config(FILE *f)
{
	struct buf b = BUF_INIT(TOPIC_MAX);

	options_print_file(&b);
	fputs("\nSettings, as a configuration file has them\n\n", f);
	fputs(buf_text(&b), f);
	buf_clear(&b);
}

static void
print_exit_codes(FILE *f)
{
	fputs(
	    "0    done, or nothing was due; single failing feeds are recorded, not an error\n"
	    "1    failed: unexpected, internal, or wrong input\n"
	    "2    wrong option or argument\n"
	    "3    many feeds newly failed, or letters wait to be tried again\n"
	    "4    somebody must decide\n"
	    "5    try again: lock held, server not reachable; state is kept\n"
	    "6    configuration: file, key or value is wrong\n"
	    "7    database: newer than the program, or damaged\n"
	    "130  interrupted (143: by SIGTERM); the next run goes on where it stopped\n",
	    f);
}

static const struct {
	const char *name;
	void (*print)(FILE *f);
} topics[] = {
	{ "config", print_config },
	{ "exit-codes", print_exit_codes },
};

bool
topic_print(FILE *f, const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(topics); i++) {
		if (strcmp(topics[i].name, name) == 0) {
			topics[i].print(f);
			return true;
		}
	}
	return false;
}
