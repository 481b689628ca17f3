/* SPDX-License-Identifier: ISC */
#include "base/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"

enum {
	REDRAW_MS = 100,
	RATE_AFTER_MS = 5000,
	BAR = 24,
	COLUMNS = 79, /* the last column is left free: some terminals wrap there */
	LINE_BYTES = 1024
};

static const char erase_line[] = "\r\033[K";

/* Block characters only where the terminal's charset has them; asked once, at the start. */
static bool
takes_unicode(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);

		if (value && *value != '\0')
			return ascii_find_nocase(value, "utf-8") ||
			    ascii_find_nocase(value, "utf8");
	}
	return false;
}

static bool
is_dumb(void)
{
	const char *term = getenv("TERM");

	return !term || *term == '\0' || strcmp(term, "dumb") == 0;
}

void
progress_begin(struct progress *p, const char *title, size_t total, bool wanted)
{
	*p = (struct progress){ .title = title, .total = total };
	p->on = wanted && total > 0 && isatty(STDERR_FILENO) && !is_dumb();
	p->unicode = p->on && takes_unicode();
	p->started_ms = p->on ? clock_ticks_ms() : 0;
	/* Nothing is drawn in the first instant: short jobs do not flicker. */
	p->drawn_ms = p->started_ms;
}

static void
add_bar(struct buf *line, const struct progress *p, size_t done)
{
	size_t full = done * BAR / p->total;

	for (size_t i = 0; i < BAR; i++) {
		if (p->unicode)
			buf_adds(line, i < full ? "\u2588" : "\u2591");
		else
			buf_addc(line, i < full ? '#' : '.');
	}
}

/* " · 12/s · 3 min left", once there is something to go by. */
static void
add_rate(struct buf *line, const struct progress *p, size_t done, int64_t now)
{
	const char *dot = p->unicode ? "\u00B7" : "-";
	int64_t took = now - p->started_ms;
	int64_t left = 0;

	if (took < RATE_AFTER_MS || done == 0)
		return;
	left = (int64_t)((double)took / 1000 * (double)(p->total - done) / (double)done);
	buf_addf(line, " %s %.0f/s", dot, (double)done * 1000 / (double)took);
	if (left >= 120)
		buf_addf(line, " %s %lld min left", dot, (long long)((left + 30) / 60));
	else
		buf_addf(line, " %s %lld s left", dot, (long long)left);
}

static void
draw_progress(const struct progress *p, size_t done, const char *note, int64_t now)
{
	struct buf line = BUF_INIT(LINE_BYTES);

	buf_addf(&line, "%s  ", p->title);
	add_bar(&line, p, done);
	buf_addf(&line, "  %zu/%zu", done, p->total);
	if (note) {
		buf_adds(&line, "  ");
		text_add_shown(&line, note, strlen(note));
	}
	add_rate(&line, p, done, now);
	buf_truncate(&line, width_fit(buf_text(&line), line.len, COLUMNS));
	(void)fprintf(stderr, "%s%s", erase_line, buf_text(&line));
	(void)fflush(stderr);
	buf_clear(&line);
}

void
progress_step(struct progress *p, size_t done, const char *note)
{
	int64_t now = 0;

	if (!p->on)
		return;
	now = clock_ticks_ms();
	if (now - p->drawn_ms < REDRAW_MS)
		return;
	p->drawn_ms = now;
	draw_progress(p, done < p->total ? done : p->total, note, now);
}

void
progress_end(struct progress *p)
{
	if (p->on && p->drawn_ms != p->started_ms) {
		(void)fputs(erase_line, stderr);
		(void)fflush(stderr);
	}
	p->on = false;
}
