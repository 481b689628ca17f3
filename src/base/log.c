/* SPDX-License-Identifier: ISC */
#include "base/log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/text.h"

enum { LINE_MAX_BYTES = 16 * 1024 };

static enum log_level current_level = LOG_LEVEL_INFO;
static enum log_format current_format = LOG_TEXT;

/* syslog's priorities, which journald takes from the beginning of a line. */
static const struct {
	const char *name;
	int priority;
} levels[] = {
	[LOG_LEVEL_ERROR] = { "error", 3 },
	[LOG_LEVEL_WARN] = { "warn", 4 },
	[LOG_LEVEL_INFO] = { "info", 6 },
	[LOG_LEVEL_DEBUG] = { "debug", 7 },
	[LOG_LEVEL_WIRE] = { "wire", 7 },
};

void
log_setup(enum log_level level, enum log_format format)
{
	current_level = level;
	current_format = format;
}

enum log_level
log_level(void)
{
	return current_level;
}

/* Appends text with hidden characters as \xNN; quoted: with " and \ escaped for logfmt. */
static void
add_escaped(struct buf *b, const char *text, size_t len, bool quoted)
{
	size_t start = 0;

	for (size_t i = 0; i < len;) {
		uint32_t c = 0;
		size_t n = text_decode(text + i, len - i, &c);
		bool hidden = text_hidden_length(text + i, len - i) > 0;
		bool mark = quoted && (text[i] == '"' || text[i] == '\\');

		if (hidden || mark)
			buf_add(b, text + start, i - start);
		if (mark)
			buf_addf(b, "\\%c", text[i]);
		for (size_t k = 0; hidden && k < n; k++)
			buf_addf(b, "\\x%02x", (unsigned)(unsigned char)text[i + k]);
		i += n;
		if (hidden || mark)
			start = i;
	}
	buf_add(b, text + start, len - start);
}

/* True for key=value that needs no quotes in logfmt. */
static bool
is_pair(const char *word, size_t len)
{
	size_t key = 0;

	while (key < len && ((word[key] >= 'a' && word[key] <= 'z') || word[key] == '_'))
		key++;
	if (key == 0 || key == len || word[key] != '=')
		return false;
	for (size_t i = key + 1; i < len;) {
		uint32_t c = 0;

		if (word[i] == '"' || word[i] == '=' || word[i] == '\\' ||
		    text_hidden_length(word + i, len - i) > 0)
			return false;
		i += text_decode(word + i, len - i, &c);
	}
	return true;
}

/* Length of the sentence before the key=value words at the end of a message. */
static size_t
sentence_length(const char *text, size_t len)
{
	while (len > 0) {
		size_t word = len;

		while (word > 0 && text[word - 1] != ' ')
			word--;
		if (!is_pair(text + word, len - word))
			break;
		len = word;
		while (len > 0 && text[len - 1] == ' ')
			len--;
	}
	return len;
}

static void
add_logfmt(struct buf *line, enum log_level level, const char *module, const char *text,
    size_t len)
{
	size_t sentence = sentence_length(text, len);

	buf_addf(line, "<%d>event=%s", levels[level].priority, module);
	if (sentence > 0) {
		buf_adds(line, " text=\"");
		add_escaped(line, text, sentence, true);
		buf_adds(line, "\"");
	}
	if (sentence < len) {
		if (sentence == 0)
			buf_addc(line, ' ');
		buf_add(line, text + sentence, len - sentence);
	}
}

/* One write per line, so that lines of two processes do not mix. */
static void
write_line(const char *text, size_t len)
{
	while (len > 0) {
		ssize_t n = write(STDERR_FILENO, text, len);

		if (n <= 0)
			return; /* there is nowhere else to report it */
		text += n;
		len -= (size_t)n;
	}
}

static void
log_line(enum log_level level, const char *module, const char *fmt, va_list ap)
{
	char text[4096];
	struct buf line = BUF_INIT(LINE_MAX_BYTES + 256);
	int n = vsnprintf(text, sizeof(text), fmt, ap);
	size_t len = n < 0 ? 0 : (size_t)n;

	if (len > 0) {
		text_drop_logins(text);
		len = strlen(text);
	}
	if (current_format == LOG_LOGFMT) {
		add_logfmt(&line, level, module, text, len);
	} else {
		buf_addf(&line, "%s %s: ", levels[level].name, module);
		add_escaped(&line, text, len, false);
	}
	buf_addc(&line, '\n');
	(void)fflush(stderr);
	write_line(buf_text(&line), line.len);
	buf_clear(&line);
}

#define LOG_AT(level, module, fmt) \
	do { \
		va_list ap; \
		if (current_level < (level)) \
			return; \
		va_start(ap, fmt); \
		log_line((level), (module), (fmt), ap); \
		va_end(ap); \
	} while (0)

void
log_warn(const char *module, const char *fmt, ...)
{
	LOG_AT(LOG_LEVEL_WARN, module, fmt);
}

void
log_info(const char *module, const char *fmt, ...)
{
	LOG_AT(LOG_LEVEL_INFO, module, fmt);
}

void
log_event(const char *name, const char *fmt, ...)
{
	if (current_format == LOG_LOGFMT)
		LOG_AT(LOG_LEVEL_INFO, name, fmt);
}

void
log_debug(const char *module, const char *fmt, ...)
{
	LOG_AT(LOG_LEVEL_DEBUG, module, fmt);
}

void
log_wire(const char *module, const char *fmt, ...)
{
	LOG_AT(LOG_LEVEL_WIRE, module, fmt);
}
