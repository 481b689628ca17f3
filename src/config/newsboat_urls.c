/* SPDX-License-Identifier: ISC */
#include "config/newsboat_urls.h"

#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "config/feed_address.h"

/* Lines newsboat runs or computes; not addresses to ask. */
static const char *const PROGRAMS[] = { "exec:", "filter:", "query:", "\"exec:",
	"\"filter:", "\"query:" };

struct lines {
	const char *at;
	const char *end;
	int number;
};

/* The next line that is neither empty nor a comment, trimmed. */
static bool
next_line(struct lines *l, const char **line, size_t *len)
{
	while (l->at < l->end) {
		const char *eol = memchr(l->at, '\n', (size_t)(l->end - l->at));

		*line = l->at;
		*len = (size_t)((eol ? eol : l->end) - l->at);
		l->at = eol ? eol + 1 : l->end;
		l->number++;
		ascii_trim(line, len);
		if (*len > 0 && **line != '#')
			return true;
	}
	return false;
}

static void
begin_lines(struct lines *l, const char *text, size_t len)
{
	size_t bom = len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;

	l->at = text + bom;
	l->end = text + len;
	l->number = 0;
}

static bool
starts_with_any(const char *line, size_t len, const char *const *starts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (len >= strlen(starts[i]) &&
		    memcmp(line, starts[i], strlen(starts[i])) == 0)
			return true;
	return false;
}

static bool
is_feed(const char *line, size_t len)
{
	static const char *const STARTS[] = { "http://", "https://", "file:///",
		"feed:" };

	return starts_with_any(line, len, STARTS, ARRAY_LEN(STARTS));
}

bool
newsboat_urls_detect(const char *text, size_t len)
{
	struct lines lines;
	const char *line = NULL;
	size_t line_len = 0;
	size_t feeds = 0;
	size_t other = 0;

	begin_lines(&lines, text, len);
	while (next_line(&lines, &line, &line_len)) {
		if (line[0] == '[')
			return false;
		if (is_feed(line, line_len) ||
		    starts_with_any(line, line_len, PROGRAMS, ARRAY_LEN(PROGRAMS)))
			feeds++;
		else
			other++;
	}
	/* One foreign line does not make the rest unreadable. */
	return feeds > other;
}

/*
 * One word, quoted or not: newsboat takes \" and \\ inside quotes.  False at the line's end.
 */
static bool
next_word(const char **p, const char *end, struct buf *word)
{
	buf_reset(word);
	while (*p < end && ascii_is_space((unsigned char)**p))
		(*p)++;
	if (*p == end || **p == '#')
		return false;
	if (**p != '"') {
		for (; *p < end && !ascii_is_space((unsigned char)**p); (*p)++)
			buf_addc(word, **p);
		return true;
	}
	for ((*p)++; *p < end && **p != '"'; (*p)++) {
		if (**p == '\\' && *p + 1 < end)
			(*p)++;
		buf_addc(word, **p);
	}
	if (*p < end)
		(*p)++;
	return true;
}

/* The first tag becomes the group; "~Title" the name; "!" hides a feed in newsboat only. */
static void
read_line(struct arena *a, const char *line, size_t len, struct listed_feed *spec)
{
	struct buf word = BUF_INIT(LIMIT_URL * 2);
	const char *p = line;

	memset(spec, 0, sizeof(*spec));
	spec->max_per_feed = -1;
	if (next_word(&p, line + len, &word))
		spec->url = arena_strdup(a, buf_text(&word));
	while (next_word(&p, line + len, &word)) {
		const char *text = buf_text(&word);

		if (text[0] == '~' && text[1])
			spec->name = text_one_line(a, text + 1, word.len - 1);
		else if (text[0] != '!' && text[0] != '~' && text[0] && !spec->group)
			spec->group = text_one_line(a, text, word.len);
	}
	buf_clear(&word);
}

bool
newsboat_urls_parse(struct arena *a, const char *path, const char *text, size_t len,
    struct feed_list *out, struct err *err)
{
	struct lines lines;
	struct listed_feed spec;
	const char *line = NULL;
	size_t line_len = 0;

	begin_lines(&lines, text, len);
	while (next_line(&lines, &line, &line_len)) {
		if (!is_feed(line, line_len)) {
			out->ignored = arena_grow_list(a, out->ignored,
			    out->ignored_count, sizeof(*out->ignored));
			out->ignored[out->ignored_count++] =
			    arena_printf(a, "line %d: %.*s", lines.number,
				line_len > 40 ? 40 : (int)line_len, line);
			continue;
		}
		read_line(a, line, line_len, &spec);
		if (out->source_count == LIMIT_SOURCES)
			return err_set(err, ERR_CONFIG, "%s names more than %d feeds",
			    path, LIMIT_SOURCES);
		spec.url = feed_address_of_list(a, out, spec.url);
		if (!spec.url)
			continue;
		spec.file = path;
		spec.line = lines.number;
		out->sources = arena_grow_list(a, out->sources, out->source_count,
		    sizeof(*out->sources));
		out->sources[out->source_count++] = spec;
	}
	return true;
}
