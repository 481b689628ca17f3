/* SPDX-License-Identifier: ISC */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

static const char ellipsis[] = "...";

/* Cuts at a UTF-8 boundary and marks the cut, so that nobody takes half a path for a whole. */
static void
mark_cut(char *text, size_t size, int wanted)
{
	size_t end = 0;

	if (wanted < 0 || (size_t)wanted < size)
		return;
	end = size - sizeof(ellipsis);
	while (end > 0 && ((unsigned char)text[end] & 0xC0) == 0x80)
		end--;
	memcpy(text + end, ellipsis, sizeof(ellipsis));
}

bool
err_set(struct err *err, enum err_kind kind, const char *fmt, ...)
{
	va_list ap;
	int n = 0;

	if (err->kind != ERR_NONE)
		return false;
	err->kind = kind;
	va_start(ap, fmt);
	n = vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	mark_cut(err->text, sizeof(err->text), n);
	text_drop_logins(err->text);
	return false;
}

bool
err_errno(struct err *err, const char *fmt, ...)
{
	char what[sizeof(err->text)];
	const char *why = strerror(errno);
	va_list ap;
	int n = 0;

	va_start(ap, fmt);
	n = vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	mark_cut(what, sizeof(what), n);
	return err_set(err, ERR_SYSTEM, "%s: %s", what, why);
}

bool
err_wrap(struct err *err, const char *fmt, ...)
{
	char context[sizeof(err->text)];
	char cause[sizeof(err->text)];
	va_list ap;
	int n = 0;

	if (err->kind == ERR_NONE)
		return false;
	va_start(ap, fmt);
	n = vsnprintf(context, sizeof(context), fmt, ap);
	va_end(ap);
	mark_cut(context, sizeof(context), n);
	memcpy(cause, err->text, sizeof(cause));
	n = snprintf(err->text, sizeof(err->text), "%s: %s", context, cause);
	mark_cut(err->text, sizeof(err->text), n);
	text_drop_logins(err->text);
	return false;
}

bool
err_why(struct err *err, const char *fmt, ...)
{
	va_list ap;
	int n = 0;

	if (err->why[0] != '\0')
		return false;
	va_start(ap, fmt);
	n = vsnprintf(err->why, sizeof(err->why), fmt, ap);
	va_end(ap);
	mark_cut(err->why, sizeof(err->why), n);
	text_drop_logins(err->why);
	return false;
}

bool
err_hint(struct err *err, const char *fmt, ...)
{
	va_list ap;
	int n = 0;

	if (err->hint[0] != '\0' || err->next != NEXT_NONE)
		return false;
	va_start(ap, fmt);
	n = vsnprintf(err->hint, sizeof(err->hint), fmt, ap);
	va_end(ap);
	mark_cut(err->hint, sizeof(err->hint), n);
	text_drop_logins(err->hint);
	return false;
}

bool
err_next(struct err *err, enum err_next next)
{
	if (err->next == NEXT_NONE)
		err->next = next;
	return false;
}

/* Among several, a hint stands with what it is of. */
static void
hint_into_text(struct err *err)
{
	const size_t used = strlen(err->text);
	const size_t room = sizeof(err->text) - used;
	int n = 0;

	if (err->next != NEXT_NONE || err->hint[0] == '\0')
		return;
	n = snprintf(err->text + used, room, "; %s", err->hint);
	if (n < 0 || (size_t)n >= room)
		err->text[used] = '\0';
	else
		err->hint[0] = '\0';
}

bool
err_also(struct err *err, const struct err *other)
{
	const size_t used = strlen(err->why);
	const size_t room = sizeof(err->why) - used;
	int n = 0;

	if (err->kind == ERR_NONE) {
		*err = *other;
		return false;
	}
	hint_into_text(err);
	n = snprintf(err->why + used, room, "%s%s%s%s%s%s", used > 0 ? "\n" : "",
	    other->text, other->hint[0] != '\0' ? "; " : "", other->hint,
	    other->why[0] != '\0' ? "\n" : "", other->why);
	if (n < 0 || (size_t)n >= room)
		err->why[used] = '\0';
	return false;
}

void
err_clear(struct err *err)
{
	err->kind = ERR_NONE;
	err->next = NEXT_NONE;
	err->text[0] = '\0';
	err->why[0] = '\0';
	err->hint[0] = '\0';
}

bool
err_is_set(const struct err *err)
{
	return err->kind != ERR_NONE;
}
