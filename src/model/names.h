/* SPDX-License-Identifier: ISC */
/*
 * The words of the enums of model.h, as people read and write them: in lists, tables, files of
 * readers, options and settings.  One table each; nothing else knows these words.
 *
 * x_name() gives the word of a value; it lives as long as the program.
 * x_parse() finds the value of a word, letter for letter; false when it is none of them.
 * x_words are all of them in order of the values and end with NULL.
 */
#ifndef MODEL_NAMES_H
#define MODEL_NAMES_H

#include <stdbool.h>

#include "base/attr.h"
#include "model/model.h"

extern const char *const body_words[];
extern const char *const body_others_words[];
extern const char *const images_words[];

const char *source_state_name(enum source_state value);
bool source_state_parse(const char *text, enum source_state *value) MUST_CHECK;

const char *issue_state_name(enum issue_state value);

const char *delivery_state_name(enum delivery_state value);

const char *reader_state_name(enum reader_state value);
bool reader_state_parse(const char *text, enum reader_state *value) MUST_CHECK;

const char *reader_event_name(enum reader_event value);
const char *event_cause_name(enum event_cause value);

const char *body_name(enum entry_body value);

const char *length_name(enum length_wish value);
bool length_parse(const char *text, enum length_wish *value) MUST_CHECK;
/* What the wish comes to where the newsletter shows `usual` of an entry: more, or less. */
enum entry_body length_shown(enum length_wish value, enum entry_body usual);

const char *format_name(enum letter_format value);
bool format_parse(const char *text, enum letter_format *value) MUST_CHECK;

const char *pictures_name(enum picture_wish value);
bool pictures_parse(const char *text, enum picture_wish *value) MUST_CHECK;
/* What the wish comes to where the newsletter shows them as `usual`. */
enum images pictures_shown(enum picture_wish value, enum images usual);

#endif
