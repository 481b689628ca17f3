/* SPDX-License-Identifier: ISC */
/* A run of a transport that writes files or starts a program, in a folder of its own. */
#ifndef TRANSPORT_FIXTURE_H
#define TRANSPORT_FIXTURE_H

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/file.h"
#include "base/limits.h"
#include "unit/letters.h"
#include "unit/scratch.h"

#define NOON INT64_C(1795521600) /* 2026-11-24 12:00:00 UTC */
#define LETTER0 \
	"To: ann@example.org\r\nSubject: letter 0\r\n\r\n.Hello\r\n..\r\nFrom me\r\n"
#define ENTRY(to, n) \
	"From bounce@example.net Tue Nov 24 12:00:00 2026\n" \
	"To: " to "\nSubject: letter " n "\n\n.Hello\n..\n>From me\n\n"

static const char *const two[] = { "ann@example.org", "bo@example.org" };

struct bench {
	struct arena *arena;
	char dir[32];
	struct config config;
	struct transport_settings t;
	struct letters letters;
	struct err err;
};

static inline int
setup(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	if (!b)
		return -1;
	b->arena = arena_new();
	if (!scratch_folder(b->dir, sizeof(b->dir)))
		return -1;
	b->config.transport.outbox = "";
	b->config.transport.mbox = "";
	b->config.transport.maildir = "";
	b->config.transport.sendmail = "";
	b->config.smtp.timeout = 10;
	b->t = (struct transport_settings){ .config = &b->config,
		.host_name = "host.example",
		.now = NOON };
	letters_init(&b->letters, two, 2);
	*state = b;
	return 0;
}

static inline int
teardown(void **state)
{
	struct bench *b = *state;

	scratch_remove(b->dir);
	buf_clear(&b->letters.bytes);
	arena_free(b->arena);
	free(b);
	return 0;
}

static inline const char *
in_dir(struct bench *b, const char *name)
{
	return arena_printf(b->arena, "%s/%s", b->dir, name);
}

static inline bool
run(struct bench *b, enum transport_method method)
{
	struct letter_source src = letters_source(&b->letters);
	const char *broken = NULL;
	bool ok = false;

	b->config.transport.method = method;
	ok = transport_run(&b->t, &src, &b->err);
	broken = letters_broken(&b->letters);
	if (broken)
		fail_msg("%s", broken);
	if (ok == err_is_set(&b->err))
		fail_msg("got %d with error \"%s\"", ok, b->err.text);
	return ok;
}

static inline void
expect_file(struct bench *b, const char *path, const char *want)
{
	struct buf text = BUF_INIT(1 << 20);
	struct err err = ERR_INIT;

	(void)b;
	if (!file_read(path, &text, &err))
		fail_msg("%s", err.text);
	if (strcmp(buf_text(&text), want) != 0)
		fail_msg("%s: got \"%s\", want \"%s\"", path, buf_text(&text), want);
	buf_clear(&text);
}

static inline void
expect_kind(struct bench *b, size_t i, enum outcome_kind want)
{
	if (b->letters.kinds[i] != want)
		fail_msg("letter %zu: got outcome %d (%s), want %d", i,
		    (int)b->letters.kinds[i], b->letters.replies[i], (int)want);
}

#endif
