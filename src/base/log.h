/* SPDX-License-Identifier: ISC */
/*
 * Lines to stderr: `level module: sentence key=value`.  Never a password, token or message
 * body; addresses only at debug.  Control characters and line ends in what is logged are
 * written as \xNN, so that a stranger's bytes cannot forge a line.  The level is the one
 * mutable global of the program.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/attr.h"

enum log_level {
	LOG_LEVEL_ERROR, /* -q: nothing but what main prints */
	LOG_LEVEL_WARN,  /* wants a person's eye */
	LOG_LEVEL_INFO,  /* what a run achieved; the default on a terminal */
	LOG_LEVEL_DEBUG, /* -v */
	LOG_LEVEL_WIRE   /* -vv: HTTP and SMTP dialogue, secrets blanked */
};
enum log_format {
	LOG_TEXT,  /* for people */
	LOG_LOGFMT /* for journald: <priority>event=... */
};

void log_setup(enum log_level level, enum log_format format);
enum log_level log_level(void);

/* module is the part of the program that speaks: "fetch", "smtp". */
void log_warn(const char *module, const char *fmt, ...) PRINTF_LIKE(2, 3);
void log_info(const char *module, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* An event with a stable name for machines: "fetch.done", "feeds=9 new=2".  Only in logfmt. */
void log_event(const char *name, const char *fmt, ...) PRINTF_LIKE(2, 3);
void log_debug(const char *module, const char *fmt, ...) PRINTF_LIKE(2, 3);
void log_wire(const char *module, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
