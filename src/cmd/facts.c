/* SPDX-License-Identifier: ISC */
#include "cmd/facts.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/text.h"

enum { FACTS_MAX = 4 * 1024 * 1024, NAME_MAX_BYTES = 64 };

void
facts_begin(struct facts *f, struct app *app, int width)
{
	f->app = app;
	f->width = width;
	buf_init(&f->b, FACTS_MAX);
	json_writer_init(&f->w, &f->b, false);
	if (!app->json)
		return;
	json_begin_object(&f->w);
	json_member_int(&f->w, "schema", 1);
}

static void
add_key(struct facts *f, const char *name)
{
	char key[NAME_MAX_BYTES];

	(void)snprintf(key, sizeof(key), "%s", name);
	for (char *p = key; *p; p++)
		*p = *p == ' ' ? '_' : *p;
	json_key(&f->w, key);
}

void
facts_text(struct facts *f, const char *name, const char *value)
{
	if (f->app->json) {
		add_key(f, name);
		json_put_string(&f->w, value);
	} else if (value) {
		app_print(stdout, "%-*s %s\n", f->width, name,
		    text_shown(f->app->run.arena, value));
	}
}

void
facts_number(struct facts *f, const char *name, int64_t n, const char *words)
{
	if (f->app->json) {
		add_key(f, name);
		json_int(&f->w, n);
	} else if (words) {
		facts_text(f, name, words);
	} else {
		app_print(stdout, "%-*s %" PRId64 "\n", f->width, name, n);
	}
}

void
facts_time(struct facts *f, const char *name, int64_t instant)
{
	char room[CLOCK_TEXT];

	facts_text(f, name, instant == TIME_NONE ? NULL : clock_rfc3339(instant, room));
}

void
facts_begin_list(struct facts *f, const char *name)
{
	if (!f->app->json)
		return;
	json_key(&f->w, name);
	json_begin_array(&f->w);
}

void
facts_end_list(struct facts *f)
{
	if (f->app->json)
		json_end_array(&f->w);
}

void
facts_end(struct facts *f)
{
	if (f->app->json) {
		json_end_object(&f->w);
		puts(buf_text(&f->b));
	}
	buf_clear(&f->b);
}
