/* SPDX-License-Identifier: ISC */
#include "model/names.h"

#include <stddef.h>
#include <string.h>

static const char *const source_state_words[] = {
	[SOURCE_OK] = "ok",
	[SOURCE_FAILING] = "failing",
	[SOURCE_REFUSED] = "refused",
	[SOURCE_MALFORMED] = "malformed",
	[SOURCE_MOVED] = "moved",
	[SOURCE_WEB_PAGE] = "web-page",
	[SOURCE_STALE] = "stale",
	[SOURCE_GONE] = "gone",
	[SOURCE_SLOW] = "slow",
	[SOURCE_DUPLICATE] = "duplicate",
	[SOURCE_FLOOD] = "flood",
	[SOURCE_CHANGED] = "changed",
	NULL,
};
static const char *const issue_state_words[] = {
	[ISSUE_DRAFT] = "draft",
	[ISSUE_APPROVED] = "approved",
	[ISSUE_SENDING] = "sending",
	[ISSUE_PAUSED] = "paused",
	[ISSUE_SENT] = "sent",
	[ISSUE_SKIPPED] = "skipped",
	[ISSUE_CANCELLED] = "cancelled",
	NULL,
};
static const char *const delivery_state_words[] = {
	[DELIVERY_QUEUED] = "queued",
	[DELIVERY_SENDING] = "sending",
	/* What the next server took is not yet what a person has got. */
	[DELIVERY_SENT] = "accepted",
	[DELIVERY_DEFERRED] = "deferred",
	[DELIVERY_REFUSED] = "refused",
	[DELIVERY_UNKNOWN] = "unknown",
	[DELIVERY_SKIPPED] = "skipped",
	[DELIVERY_WITHDRAWN] = "withdrawn",
	NULL,
};
static const char *const reader_state_words[] = {
	[READER_PENDING] = "pending",
	[READER_ACTIVE] = "active",
	[READER_HOLD] = "hold",
	[READER_BOUNCED] = "bounced",
	[READER_LEFT] = "left",
	[READER_REMOVED] = "removed",
	[READER_ERASED] = "erased",
	NULL,
};
static const char *const reader_event_words[] = {
	[EVENT_ASK] = "asked",
	[EVENT_CONFIRM] = "confirmed",
	[EVENT_LEAVE] = "left",
	[EVENT_REMOVE] = "removed",
	[EVENT_HOLD] = "held",
	[EVENT_RESUME] = "resumed",
	[EVENT_BOUNCE] = "bounced",
	[EVENT_ERASE] = "erased",
	[EVENT_IMPORT] = "added",
	[EVENT_EDIT] = "changed",
	[EVENT_UNDO] = "taken back",
	[EVENT_FORGET] = "forgotten",
	NULL,
};
static const char *const event_cause_words[] = {
	[CAUSE_COMMAND] = "command",
	[CAUSE_LIST] = "list",
	[CAUSE_PAGE] = "page",
	[CAUSE_MAIL] = "mail",
	[CAUSE_BOUNCE] = "bounce",
	[CAUSE_RUN] = "run",
	NULL,
};
const char *const body_words[] = {
	[BODY_TITLES] = "titles",
	[BODY_SHORT] = "short",
	[BODY_WHOLE] = "whole",
	NULL,
};
/* What other programs and their lists of readers call the same; read, never written. */
const char *const body_others_words[] = {
	[BODY_TITLES] = "title",
	[BODY_SHORT] = "summary",
	[BODY_WHOLE] = "full",
	NULL,
};
static const char *const length_words[] = {
	[LENGTH_TITLES] = "titles",
	[LENGTH_SHORT] = "short",
	[LENGTH_DEFAULT] = "default",
	[LENGTH_WHOLE] = "whole",
	NULL,
};
static const char *const length_others_words[] = {
	[LENGTH_TITLES] = "title",
	[LENGTH_SHORT] = "summary",
	[LENGTH_DEFAULT] = "",
	[LENGTH_WHOLE] = "full",
	NULL,
};
static const char *const format_words[] = {
	[FORMAT_HTML] = "html",
	[FORMAT_TEXT] = "text",
	[FORMAT_DIGEST] = "digest",
	[FORMAT_PLAIN] = "plain",
	NULL,
};
const char *const images_words[] = {
	[IMAGES_NONE] = "none",
	[IMAGES_LINK] = "link",
	[IMAGES_FIRST] = "first",
	[IMAGES_INLINE] = "inline",
	[IMAGES_REMOTE] = "inline-remote",
	NULL,
};
static const char *const pictures_words[] = {
	[PICTURES_DEFAULT] = "default",
	[PICTURES_NONE] = "none",
	[PICTURES_LINK] = "link",
	[PICTURES_FIRST] = "first",
	[PICTURES_INLINE] = "inline",
	[PICTURES_REMOTE] = "remote",
	NULL,
};

/* The value of a word; -1 when it is none of them. */
static int
find_word(const char *const *words, const char *text)
{
	for (int i = 0; words[i]; i++) {
		if (strcmp(words[i], text) == 0)
			return i;
	}
	return -1;
}

const char *
source_state_name(enum source_state value)
{
	return source_state_words[value];
}

bool
source_state_parse(const char *text, enum source_state *value)
{
	const int found = find_word(source_state_words, text);

	if (found >= 0)
		*value = (enum source_state)found;
	return found >= 0;
}

const char *
issue_state_name(enum issue_state value)
{
	return issue_state_words[value];
}

const char *
delivery_state_name(enum delivery_state value)
{
	return delivery_state_words[value];
}

const char *
reader_state_name(enum reader_state value)
{
	return reader_state_words[value];
}

bool
reader_state_parse(const char *text, enum reader_state *value)
{
	const int found = find_word(reader_state_words, text);

	if (found >= 0)
		*value = (enum reader_state)found;
	return found >= 0;
}

const char *
reader_event_name(enum reader_event value)
{
	return reader_event_words[value];
}

const char *
event_cause_name(enum event_cause value)
{
	return event_cause_words[value];
}

const char *
body_name(enum entry_body value)
{
	return body_words[value];
}

const char *
length_name(enum length_wish value)
{
	return length_words[value];
}

bool
length_parse(const char *text, enum length_wish *value)
{
	int found = find_word(length_words, text);

	if (found < 0)
		found = find_word(length_others_words, text);
	if (found >= 0)
		*value = (enum length_wish)found;
	return found >= 0;
}

enum entry_body
length_shown(enum length_wish value, enum entry_body usual)
{
	switch (value) {
	case LENGTH_TITLES:
		return BODY_TITLES;
	case LENGTH_SHORT:
		return BODY_SHORT;
	case LENGTH_DEFAULT:
		break;
	case LENGTH_WHOLE:
		return BODY_WHOLE;
	}
	return usual;
}

const char *
format_name(enum letter_format value)
{
	return format_words[value];
}

bool
format_parse(const char *text, enum letter_format *value)
{
	const int found = find_word(format_words, text);

	if (found >= 0)
		*value = (enum letter_format)found;
	return found >= 0;
}

const char *
pictures_name(enum picture_wish value)
{
	return pictures_words[value];
}

bool
pictures_parse(const char *text, enum picture_wish *value)
{
	const int found = find_word(pictures_words, text);

	/* As digest.images names it. */
	if (strcmp(text, images_words[IMAGES_REMOTE]) == 0)
		*value = PICTURES_REMOTE;
	else if (found >= 0)
		*value = (enum picture_wish)found;
	else
		return false;
	return true;
}

enum images
pictures_shown(enum picture_wish value, enum images usual)
{
	switch (value) {
	case PICTURES_DEFAULT:
		break;
	case PICTURES_NONE:
		return IMAGES_NONE;
	case PICTURES_LINK:
		return IMAGES_LINK;
	case PICTURES_FIRST:
		return IMAGES_FIRST;
	case PICTURES_INLINE:
		return IMAGES_INLINE;
	case PICTURES_REMOTE:
		return IMAGES_REMOTE;
	}
	return usual;
}
