/* SPDX-License-Identifier: ISC */
/*
 * Bounces read from a maildir through the confined child, and its memory.  Goal: 100,000 a minute
 * on one core, which is 600 us each, ours and the child's; the peak may not grow with their
 * number.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "mail/incoming_reader.h"
#include "transport/mailbox.h"

enum { MESSAGES = 5000, GOAL_US = 600, FILLER = 20000 };

static const char report[] =
    "Return-Path: <>\nDelivered-To: planet+b-mfqwc43eorqxa2ltoqzdgnbvgy3tq@news.example\n"
    "Received: from mx.there.example by news.example; Tue, 24 Nov 2026 06:10:00 +0000\n"
    "From: Mail Delivery System <MAILER-DAEMON@mx.there.example>\n"
    "To: planet+b-mfqwc43eorqxa2ltoqzdgnbvgy3tq@news.example\n"
    "Subject: Undelivered Mail Returned to Sender\nAuto-Submitted: auto-replied\n"
    "MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; "
    "boundary=\"B\"\n\n--B\nContent-Type: text/plain\n\n"
    "This is the mail system at host mx.there.example.\n\nI'm sorry to have to inform you that "
    "your message could not\nbe delivered to one or more recipients.\n\n"
    "<reader%d@there.example>: host box.there.example said: 550 5.1.1 No such user\n--B\n"
    "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.there.example\n\n"
    "Final-Recipient: rfc822; reader%d@there.example\nAction: failed\nStatus: 5.1.1\n"
    "Diagnostic-Code: smtp; 550 5.1.1 No such user\n\n--B\nContent-Type: message/rfc822\n\n"
    "From: Planet <planet@news.example>\nTo: reader%d@there.example\n"
    "Message-ID: <1234@news.example>\nList-Id: Planet <planet.news.example>\n\n%s\n--B--\n";

static double
cpu_us(int who)
{
	struct rusage ru;

	(void)getrusage(who, &ru);
	return (double)(ru.ru_utime.tv_sec + ru.ru_stime.tv_sec) * 1e6 +
	    (double)(ru.ru_utime.tv_usec + ru.ru_stime.tv_usec);
}

static bool
fill(const char *dir, struct err *err)
{
	char *filler = malloc(FILLER + 1);
	char *text = malloc(sizeof(report) + FILLER + 100);
	bool ok = filler && text;

	for (int i = 0; ok && i < FILLER; i++)
		filler[i] = i % 70 == 69 ? '\n' : 'x';
	if (ok)
		filler[FILLER] = '\0';
	for (int i = 0; ok && i < MESSAGES; i++) {
		char path[LIMIT_PATH + 32];
		FILE *f = NULL;
		int len = snprintf(text, sizeof(report) + FILLER + 100, report, i, i, i,
		    filler);

		(void)snprintf(path, sizeof(path), "%s/new/%06d", dir, i);
		f = fopen(path, "w");
		ok = f && fwrite(text, 1, (size_t)len, f) == (size_t)len;
		ok = file_close(f, path, err) && ok;
	}
	free(text);
	free(filler);
	return ok;
}

static long
read_all(const char *source, struct incoming_reader *r, struct err *err)
{
	struct mailbox_reader *m = mailbox_open(source, NULL, err);
	struct arena *a = arena_new();
	struct buf b = BUF_INIT(2 * (size_t)LIMIT_INCOMING_READ);
	struct incoming said;
	long bounces = 0;
	bool more = true;

	while (m && mailbox_next(m, &b, &more, err) && more) {
		incoming_reader_read(r, a, buf_text(&b), b.len, &said);
		bounces += said.kind == INCOMING_BOUNCE && said.token_count == 1;
		arena_reset(a);
		if (!mailbox_done(m, err))
			break;
	}
	if (!mailbox_close(m, err))
		bounces = 0;
	buf_clear(&b);
	arena_free(a);
	return bounces;
}

int
main(void)
{
	const char *bench = getenv("BENCH");
	char dir[LIMIT_PATH];
	char source[LIMIT_PATH + 10];
	struct err err = ERR_INIT;
	struct incoming_reader *r = incoming_reader_new(&err);
	struct rusage use;
	double us = 0;
	long bounces = 0;

	(void)snprintf(dir, sizeof(dir), "%s/maildir", bench ? bench : "/tmp");
	(void)snprintf(source, sizeof(source), "maildir:%s", dir);
	if (r && file_make_dirs(file_join(dir, "new"), 0700, &err) &&
	    file_make_dirs(file_join(dir, "cur"), 0700, &err) && fill(dir, &err)) {
		us = cpu_us(RUSAGE_SELF);
		bounces = read_all(source, r, &err);
	}
	/* The child's time counts once it has ended. */
	incoming_reader_free(r);
	us = (cpu_us(RUSAGE_SELF) - us + cpu_us(RUSAGE_CHILDREN)) / MESSAGES;
	if (bounces != MESSAGES) {
		(void)fprintf(stderr, "%ld of %d understood: %s\n", bounces, MESSAGES,
		    err.text);
		return 1;
	}
	(void)getrusage(RUSAGE_CHILDREN, &use);
	(void)printf(
	    "mail    %.0f us CPU each, %.0f a minute (goal 100,000); child %ld MB\n", us,
	    60e6 / us, use.ru_maxrss / 1024);
	return us <= GOAL_US ? 0 : 1;
}
