/* SPDX-License-Identifier: ISC */
/* Personal letters of a given size, for measuring how they are made and sent. */
#ifndef BENCH_LETTERS_H
#define BENCH_LETTERS_H

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "base/buf.h"
#include "base/err.h"
#include "mail/letter.h"

struct bench_letters {
	struct letter_common common;
	struct rendering rendering;
	struct buf text, html;
	struct encoded_letter *form;
	char to[64], id[64], leave[128], leave_mailto[128], sender[64], name[32];
};

/* User and system time of who (RUSAGE_SELF, RUSAGE_CHILDREN) in microseconds. */
static inline double
bench_cpu_us(int who)
{
	struct rusage ru;

	(void)getrusage(who, &ru);
	return (double)(ru.ru_utime.tv_sec + ru.ru_stime.tv_sec) * 1e6 +
	    (double)(ru.ru_utime.tv_usec + ru.ru_stime.tv_usec);
}

/* A digest of about `size` octets, a third of them text, with the usual holes at the end. */
static bool
bench_letters_init(struct bench_letters *b, size_t size, struct err *err)
{
	memset(b, 0, sizeof(*b));
	buf_init(&b->text, 1 << 20);
	buf_init(&b->html, 1 << 20);
	while (b->text.len < size / 3)
		buf_adds(&b->text,
		    "Caf\xC3\xA9 at the harbour: what came in with the tide today\n");
	while (b->html.len < size - size / 3 - size / 10)
		buf_adds(&b->html,
		    "<p style=\"margin:0\"><a href=\"https://example.org/a?b=c\">The "
		    "harbour</a>: what came in with the tide</p>\n");
	buf_adds(&b->text,
	    "Leave: \1leave\2\nYou (\1address\2) asked for it on \1since\2.\n");
	buf_adds(&b->html,
	    "<p><a href=\"\1leave\2\">leave</a> <a href=\"\1manage\2\">change</a> "
	    "\1address\2, \1since\2</p>\n");
	b->rendering = (struct rendering){
		.subject = "Planet X, Tuesday 24 November: 31 posts from 12 blogs",
		.text = buf_text(&b->text),
		.html = buf_text(&b->html),
		.text_len = b->text.len,
		.html_len = b->html.len
	};
	b->common = (struct letter_common){ .from = { "Planet X", "planet@example.net" },
		.list_name = "Planet X",
		.list_id = "x.example.net",
		.list_archive = "https://news.example.org/archive",
		.list_help = "https://news.example.org/help",
		.list_owner = "mailto:keeper@example.net",
		.language = "en",
		.date = INT64_C(1795500000) };
	b->form = letter_encode(&b->common, &b->rendering,
	    "0123456789abcdef0123456789abcdef", err);
	return b->form != NULL;
}

static void
bench_letters_clear(struct bench_letters *b)
{
	encoded_letter_free(b->form);
	buf_clear(&b->text);
	buf_clear(&b->html);
}

/* Reader i's letter, as the program composes it: names and addresses made anew each time. */
static bool
bench_letter_write(struct bench_letters *b, long i, struct buf *out, struct err *err)
{
	struct letter_personal p = { .to = b->to,
		.message_id = b->id,
		.leave_url = b->leave,
		.leave_mailto = b->leave_mailto,
		.one_click = true,
		.holes = { b->leave, b->leave, b->to, "24 November 2026" } };

	(void)snprintf(b->to, sizeof(b->to), "reader%ld@example.com", i);
	(void)snprintf(b->id, sizeof(b->id), "12.%ld.abcdef@example.net", i);
	(void)snprintf(b->leave, sizeof(b->leave),
	    "https://news.example.org/u/0123456789abcdefghijkl-%08ld", i);
	(void)snprintf(b->leave_mailto, sizeof(b->leave_mailto),
	    "mailto:planet+leave-%08ld@example.net", i);
	(void)snprintf(b->sender, sizeof(b->sender), "planet+b-%ld@example.net", i);
	(void)snprintf(b->name, sizeof(b->name), "2026-11-24-%ld", i);
	return letter_write(b->form, &p, out, err);
}

#endif
