/* SPDX-License-Identifier: ISC */
#include "base/zone_hint.h"

#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/text.h"

enum { LIST_MAX = 1024 * 1024, NAME_ROOM = 64, BEST = 3 };

struct near {
	char name[NAME_ROOM];
	size_t score;
};

static void
fold_name(const char *text, char out[NAME_ROOM])
{
	size_t n = 0;

	for (; n + 1 < NAME_ROOM && text[n] != '\0'; n++)
		out[n] =
		    (char)(text[n] == ' ' ? '_' : ascii_lower((unsigned char)text[n]));
	out[n] = '\0';
}

static const char *
city(const char *name)
{
	const char *slash = strrchr(name, '/');

	return slash ? slash + 1 : name;
}

/* People know the city and forget the continent, so either may be near. */
static size_t
score(const char *wanted, const char *name)
{
	char other[NAME_ROOM];
	size_t whole = 0;
	size_t part = 0;

	fold_name(name, other);
	whole = nearest_distance(wanted, other);
	part = nearest_distance(city(wanted), city(other));
	if (whole <= strlen(wanted) / 4 && whole <= part)
		return 2 * whole;
	if (part <= strlen(city(wanted)) / 4)
		return 2 * part + 1;
	return SIZE_MAX;
}

static void
consider(struct near best[BEST], const char *wanted, const char name[NAME_ROOM])
{
	struct near here = { .score = score(wanted, name) };

	memcpy(here.name, name, strlen(name) + 1);
	for (size_t i = 0; i < BEST; i++) {
		struct near old = best[i];

		if (here.score >= old.score)
			continue;
		best[i] = here;
		here = old;
	}
}

/* tzdata.zi has "Z name ..." for each zone and "L target name" for each other name of one. */
static void
consider_line(struct near best[BEST], const char *wanted, const char *line, size_t len)
{
	char name[NAME_ROOM] = "";
	size_t start = 2;
	size_t n = 0;

	if (len < 3 || line[1] != ' ' || (line[0] != 'Z' && line[0] != 'L'))
		return;
	if (line[0] == 'L') {
		while (start < len && line[start] != ' ')
			start++;
		start++;
	}
	while (start + n < len && line[start + n] != ' ' && n + 1 < NAME_ROOM) {
		name[n] = line[start + n];
		n++;
	}
	if (n > 0)
		consider(best, wanted, name);
}

void
zone_hint(const char *name, struct err *err)
{
	struct buf list = BUF_INIT(LIST_MAX);
	/* Without the list there is no hint, which is no fault. */
	struct err ignored = ERR_INIT;
	struct near best[BEST] = { { "", SIZE_MAX }, { "", SIZE_MAX }, { "", SIZE_MAX } };
	char wanted[NAME_ROOM];

	fold_name(name, wanted);
	if (file_read(ZONE_DIR "/tzdata.zi", &list, &ignored)) {
		const char *end = buf_text(&list) + list.len;

		for (const char *p = buf_text(&list); p < end;) {
			const char *eol = memchr(p, '\n', (size_t)(end - p));

			if (!eol)
				eol = end;
			consider_line(best, wanted, p, (size_t)(eol - p));
			p = eol + (eol < end);
		}
	}
	buf_clear(&list);
	for (size_t i = 1; i < BEST; i++) {
		/* What is much farther off than the best was not meant. */
		if (best[i].score != SIZE_MAX && best[i].score > best[0].score + 2)
			best[i].score = SIZE_MAX;
	}
	if (best[2].score != SIZE_MAX)
		(void)err_hint(err, "did you mean %s, %s or %s?", best[0].name,
		    best[1].name, best[2].name);
	else if (best[1].score != SIZE_MAX)
		(void)err_hint(err, "did you mean %s or %s?", best[0].name, best[1].name);
	else if (best[0].score != SIZE_MAX)
		(void)err_hint(err, "did you mean %s?", best[0].name);
}
