/* SPDX-License-Identifier: ISC */
/*
 * A digest as the names and values that templates see: planetpost-templates(5) lists them.
 * Private to digest/.
 */
#ifndef DIGEST_VIEW_H
#define DIGEST_VIEW_H

#include "base/arena.h"
#include "base/err.h"
#include "format/template.h"
#include "digest/group.h"
#include "digest/render.h"
#include "digest/fit.h"

struct view {
	struct arena *a;
	const struct render_context *ctx;
	const struct wording *words;
	const struct digest *digest;
	struct fit *fit;
	enum letter_format format;
	const char *subject;
	struct err *err; /* the first failure stays here; asked once at the end */
};

struct template_value *view_make(const struct view *v) MUST_CHECK;
/* The names that a subject may use: name, date, posts, blogs, issue, title. */
struct template_value *view_subject(const struct view *v) MUST_CHECK;

/* ---- view_days.c ---- */

/* Days with their sources and entries. */
struct template_value *view_days(const struct view *v) MUST_CHECK;

/* ---- view_contents.c ---- */

/* has_contents, is_all, contents and more_rows. */
void view_contents(const struct view *v, struct template_value *root);

/* ---- view_days.c ---- */

/* "And 7 more at NAME", for what the limits left out of a run; "" when it is nothing. */
const char *view_more_words(const struct view *v, const struct digest_source *run);
/* Whether something of a run is shown; *at is its first item, and then that behind it. */
bool view_shows_run(const struct view *v, const struct digest_source *run, size_t *at);
/* The heading of a day or group, "" when there is none. */
const char *view_section_heading(const struct view *v, const struct digest_section *s);
/* Sources of which nothing is shown. */
struct template_value *view_others(const struct view *v) MUST_CHECK;

/* ---- view_entry.c ---- */

/*
 * Title of an entry; made of its text, or of what its picture shows, when it has none.  Whole:
 * where there is little room it goes through view_cut().
 */
const char *view_title(const struct view *v, const struct entry *e);
/* Text of at most so many columns, cut at a word where one ends near, with an ellipsis. */
const char *view_cut(const struct view *v, const char *text, size_t columns);
const char *view_source_name(const struct view *v, const struct source *s);
/* A text of [words] in which one name may stand; and the form of a section for so many. */
const char *view_say(const struct view *v, const char *key, const char *name,
    const char *text);
const char *view_count(const struct view *v, const char *section, int64_t n);
/* An address that can be followed, else "". */
const char *view_link(const char *link);
/* Text under a key, and filled at 72 columns under another. */
void view_put_wrapped(const struct view *v, struct template_value *map, const char *key,
    const char *wrapped_key, const char *text);
/* Text filled at 72 columns. */
const char *view_wrap(const struct view *v, const char *text, const char *first,
    const char *indent);
/* As many of a sign as the text has columns, 72 at most: to underline it. */
const char *view_line(const struct view *v, const char *text, char sign);
const char *view_isolate(const struct view *v, const char *text);
/* The parts that are not empty, joined two by two by a pattern of [words]. */
const char *view_join(const struct view *v, const char *const *parts, size_t count,
    const char *pattern);
/* What the entry takes: "11 min", or "listen 62 min" where it is heard or watched. */
const char *view_time(const struct view *v, const struct entry *e, bool says_how);
/* The direction of text where it is not that of the letter: "rtl" or "ltr", else "". */
const char *view_direction(const struct view *v, bool rtl);
/* lang and dir of an entry where they differ from the letter's, else "". */
void view_set_language(const struct view *v, struct template_value *map,
    const struct fit_item *item);
/* What was said last in the walk through a letter, so as not to say it again. */
struct entry_walk {
	int64_t last_time; /* TIME_NONE */
	bool has_zone;     /* a time named it */
};
/* Where an entry stands; meta and meta_link are filled in, the latter for its source. */
struct entry_place {
	struct entry_walk *walk;
	bool by_day;   /* under its day */
	bool is_first; /* of its source there */
	const char *meta;
	const char *meta_link; /* "" when its title has the link */
};
/* ---- view_ties.c ---- */

struct named_link {
	const char *name;
	const char *link; /* or NULL */
};
/*
 * has_also, also, also_after and also_wrapped: further sources that carry a post, behind its
 * meta; and has_small, whether there is anything of both.
 */
void view_also(const struct view *v, const struct digest_ties *ties, const char *meta,
    struct template_value *map);
/* has_talk, talk, talk_after and talk_wrapped: blogs whose posts link to a post. */
void view_talk(const struct view *v, const struct digest_ties *ties,
    struct template_value *map);
/* "One story, two blogs"; with their names behind a colon where they are not NULL. */
const char *view_story_words(const struct view *v, const struct source *const *sources,
    size_t count, bool with_names);

/* ---- view_message.c ---- */

/* Names of letters in which each entry is a message of its own. */
void view_digest(const struct view *v, struct template_value *root, bool has_posts);
/*
 * Of such an entry: message_open (the marks of model/digest_parts.h with its fields),
 * message_fields (the same as RFC 1153 has them) and quiet_text (no line of which begins with
 * the hyphens that part messages).
 */
void view_message(const struct view *v, const struct fit_item *item,
    struct template_value *map);

/* ---- view_entry.c, an entry ---- */

struct template_value *view_entry(const struct view *v, struct fit_item *item,
    struct entry_place *place) MUST_CHECK;

#endif
