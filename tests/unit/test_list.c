/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE /* fopencookie */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/text.h"
#include "list/reader_file.h"
#include "list/subscription.h"
#include "model/names.h"

/* ---- states ---- */

static const struct {
	const char *name;
	enum reader_state from;
	enum reader_event event;
	bool legal;
	enum reader_state to;
} moves[] = {
	/* clang-format off */
	{ "an import confirms who was pending", READER_PENDING, EVENT_IMPORT, true, READER_ACTIVE },
	{ "an import changes nothing for the active", READER_ACTIVE, EVENT_IMPORT, true,
	  READER_ACTIVE },
	{ "an import does not end a hold", READER_HOLD, EVENT_IMPORT, true, READER_HOLD },
	{ "an import does not mend a bouncing address", READER_BOUNCED, EVENT_IMPORT, true,
	  READER_BOUNCED },
	{ "who left stays out at an import", READER_LEFT, EVENT_IMPORT, false, READER_LEFT },
	{ "who was removed stays out at an import", READER_REMOVED, EVENT_IMPORT, false,
	  READER_REMOVED },
	{ "who was erased stays out at an import", READER_ERASED, EVENT_IMPORT, false,
	  READER_ERASED },
	{ "who left may confirm again", READER_LEFT, EVENT_CONFIRM, true, READER_ACTIVE },
	{ "an erased reader confirms nothing", READER_ERASED, EVENT_CONFIRM, false,
	  READER_ERASED },
	{ "leaving ends a hold", READER_HOLD, EVENT_LEAVE, true, READER_LEFT },
	{ "leaving twice is leaving", READER_LEFT, EVENT_LEAVE, true, READER_LEFT },
	{ "nobody pending is put on hold", READER_PENDING, EVENT_HOLD, false, READER_PENDING },
	{ "resuming ends a hold", READER_HOLD, EVENT_RESUME, true, READER_ACTIVE },
	{ "who left is not resumed", READER_LEFT, EVENT_RESUME, false, READER_LEFT },
};
/* clang-format on */

static void
test_moves(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(moves); i++) {
		enum reader_state to = moves[i].from;
		const bool legal = subscription_move(moves[i].from, moves[i].event, &to);

		if (legal != moves[i].legal || to != moves[i].to)
			fail_msg("%s: got %s %s, want %s %s", moves[i].name,
			    legal ? "legal" : "illegal", reader_state_name(to),
			    moves[i].legal ? "legal" : "illegal",
			    reader_state_name(moves[i].to));
	}
}

static void
test_new_reader_has_not_asked_for_anything(void **state)
{
	const struct reader r = subscription_new(1795500000, "form");

	(void)state;
	assert_int_equal(r.state, READER_ACTIVE);
	assert_int_equal(r.cadence.rhythm, RHYTHM_EACH);
	assert_int_equal(r.cadence.day, 0);
	assert_int_equal(r.cadence.minute, CADENCE_ANY);
	assert_null(r.cadence.zone);
	assert_int_equal(r.variant.format, FORMAT_HTML);
	assert_int_equal(r.variant.length, LENGTH_DEFAULT);
	assert_string_equal(r.variant.sources, "*");
	assert_true(r.due == TIME_NONE);
	assert_false(r.hold_skip);
	assert_true(r.last_issue == 0);
	assert_string_equal(r.confirmed_by, "form");
	assert_true(r.created == 1795500000 && r.confirmed == 1795500000);
	assert_true(r.hold_until == TIME_NONE);
	assert_null(r.address);
	assert_int_equal(r.epoch, 0);
}

/* ---- lists as files ---- */

struct roll_case {
	const char *name, *text;
	size_t count;
	const char *error; /* NULL = read */
	struct {
		size_t line;
		const char *address, *confirmed_by;
	} rows[3];
	size_t len; /* of text with zeros in it */
};

/* clang-format off */
static const struct roll_case rolls[] = {
	{ "nothing", "", 0, NULL, { { 0, NULL, NULL } }, 0 },
	{ "a heading alone", "email\n", 0, NULL, { { 0, NULL, NULL } }, 0 },
	{ "one column without heading", "a@b.example\nc@d.example\n", 2, NULL,
	  { { 1, "a@b.example", NULL }, { 2, "c@d.example", NULL } }, 0 },
	{ "columns by name", "Name,Email,confirmed_by\nAnn,a@b.example,form\n", 1, NULL,
	  { { 2, "a@b.example", "form" } }, 0 },
	{ "semicolons", "email;confirmed_by\na@b.example;form, 3 May\n", 1, NULL,
	  { { 2, "a@b.example", "form, 3 May" } }, 0 },
	{ "what parts columns, said in front", "sep=;\nemail;confirmed_by\na@b.example;x,y\n", 1,
	  NULL, { { 3, "a@b.example", "x,y" } }, 0 },
	{ "the same with CRLF", "sep=|\r\nemail|confirmed_by\r\na@b.example|x\r\n", 1, NULL,
	  { { 3, "a@b.example", "x" } }, 0 },
	{ "the same and nothing else", "sep=;", 0,
	  "line 2: no column is called 'email' or 'address'", { { 0, NULL, NULL } }, 0 },
	{ "bars", "email|confirmed_by\na@b.example|x\n", 1, NULL,
	  { { 2, "a@b.example", "x" } }, 0 },
	{ "commas in quotes part nothing",
	  "\"confirmed, by, whom\";email\nx;a@b.example\n", 1, NULL,
	  { { 2, "a@b.example", NULL } }, 0 },
	{ "tabs and CRLF", "email\tconfirmed_by\r\na@b.example\tform\r\n", 1, NULL,
	  { { 2, "a@b.example", "form" } }, 0 },
	{ "quotes, commas and line ends inside",
	  "email,confirmed_by\n\"a@b.example\",\"said \"\"yes\"\",\nby mail\"\nc@d.example,x\n", 2,
	  NULL, { { 2, "a@b.example", "said \"yes\",\nby mail" }, { 4, "c@d.example", "x" } }, 0 },
	{ "a BOM and empty lines", "\xEF\xBB\xBF" "email\n\na@b.example\n\n", 1, NULL,
	  { { 3, "a@b.example", NULL } }, 0 },
	{ "no last line end", "email\na@b.example", 1, NULL, { { 2, "a@b.example", NULL } }, 0 },
	{ "JSON lines", "{\"email\":\"a@b.example\",\"confirmed_by\":\"form\"}\n\n"
	  "{\"address\":\"c@d.example\"}\n", 2, NULL,
	  { { 1, "a@b.example", "form" }, { 3, "c@d.example", NULL } }, 0 },
	{ "columns that are none of ours", "name,phone\nAnn,1\n", 0,
	  "line 1: no column is called 'email' or 'address'", { { 0, NULL, NULL } }, 0 },
	{ "two columns of addresses", "email,address\na@b.example,c@d.example\n", 0,
	  "line 1: two columns hold addresses", { { 0, NULL, NULL } }, 0 },
	{ "a column called mail alone, which may say whether they want any",
	  "Name;Mail\nAnn;a@b.example\n", 0,
	  "line 1: no column is called 'email' or 'address'", { { 0, NULL, NULL } }, 0 },
	{ "mail beside email", "email,mail\na@b.example,yes\n", 1, NULL,
	  { { 2, "a@b.example", NULL } }, 0 },
	{ "a row too short", "email,confirmed_by\na@b.example,x\nc@d.example\n", 0,
	  "line 3: 1 column, the first line has 2", { { 0, NULL, NULL } }, 0 },
	{ "a quotation without end", "email\n\"a@b.example\n", 0,
	  "line 2: a quotation mark is not closed", { { 0, NULL, NULL } }, 0 },
	{ "no text", "email\na\0b\n", 0, "line 2: not text: it has a zero byte", { { 0, NULL, NULL } }, 10 },
	{ "a zero byte after rows that are read", "email\na@b.example\nc@d.example\n\0\n", 2,
	  "line 4: not text: it has a zero byte", { { 0, NULL, NULL } }, 32 },
	{ "zero bytes alone", "\0\0\0\0\0\0", 0, "line 1: not text: it has a zero byte",
	  { { 0, NULL, NULL } }, 6 },
	{ "a zero byte in quotation marks", "email\n\"a\nb\0\n\"\n", 0,
	  "line 3: not text: it has a zero byte", { { 0, NULL, NULL } }, 14 },
	{ "a zero byte in JSON", "{\"email\":\"a@b.example\"}\n{\"a\":\"\0\"}\n", 1,
	  "line 2: not text: it has a zero byte", { { 0, NULL, NULL } }, 35 },
	{ "a zero letter in UTF-16", "\xff\xfe" "e\0m\0a\0i\0l\0\n\0a\0\0\0", 0,
	  "line 2: not text: it has a zero byte", { { 0, NULL, NULL } }, 18 },
	{ "UTF-16", "\xff\xfe" "e\0m\0a\0i\0l\0\n\0a\0@\0b\0.\0d\0e\0", 1, NULL,
	  { { 2, "a@b.de", NULL } }, 26 },
	{ "UTF-16 without a mark", "\0e\0m\0a\0i\0l\0\n\0a\0@\0b\0.\0d\0e", 1, NULL,
	  { { 2, "a@b.de", NULL } }, 24 },
	{ "UTF-16, high bytes first, with a mark", "\xfe\xff\0e\0m\0a\0i\0l\0\n\0a\0@\0b\0.\0d\0e", 1,
	  NULL, { { 2, "a@b.de", NULL } }, 26 },
	{ "UTF-16, low bytes first, without a mark", "e\0m\0a\0i\0l\0\n\0a\0@\0b\0.\0d\0e\0", 1, NULL,
	  { { 2, "a@b.de", NULL } }, 24 },
	{ "a mark in UTF-16 alone", "\xff\xfe", 0, NULL, { { 0, NULL, NULL } }, 2 },
	{ "the other mark alone", "\xfe\xff", 0, NULL, { { 0, NULL, NULL } }, 2 },
	{ "half a mark of UTF-16", "\xff" "a@b.example,\xfe\n", 0,
	  "line 1: no column is called 'email' or 'address'", { { 0, NULL, NULL } }, 0 },
	{ "half of the other", "\xfe" "a@b.example,\xff\n", 0,
	  "line 1: no column is called 'email' or 'address'", { { 0, NULL, NULL } }, 0 },
	{ "the second half of one", "a\xfe" "b@c.example,x\n", 0,
	  "line 1: no column is called 'email' or 'address'", { { 0, NULL, NULL } }, 0 },
	{ "a letter alone", "a", 0, "line 1: no column is called 'email' or 'address'",
	  { { 0, NULL, NULL } }, 0 },
	{ "a zero byte alone", "\0", 0, "line 1: not text: it has a zero byte", { { 0, NULL, NULL } }, 1 },
	{ "a BOM and nothing else", "\xEF\xBB\xBF", 0, NULL, { { 0, NULL, NULL } }, 0 },
	{ "a line for spreadsheets", "sep=;\r\nemail;name\r\na@b.example;A\r\n", 1, NULL,
	  { { 3, "a@b.example", NULL } }, 0 },
	{ "CR alone", "email,confirmed_by\ra@b.example,form\r", 1, NULL, { { 2, "a@b.example", "form" } }, 0 },
	{ "windows-1252", "email,confirmed_by\na@b.example,J\xf6rg\n", 1, NULL,
	  { { 2, "a@b.example", "J\xc3\xb6rg" } }, 0 },
	{ "what would be reckoned with", "email,confirmed_by\n\"'=1+1@b.example\",''x\n", 1, NULL,
	  { { 2, "=1+1@b.example", "'x" } }, 0 },
	{ "cells too many, empty", "email\na@b.example,,\n", 1, NULL, { { 2, "a@b.example", NULL } }, 0 },
	{ "a column that seems to say who left", "email,unsub_flag_x\na@b.example,0\n", 0,
	  "line 1: column 'unsub_flag_x' seems to say who left, and is not understood",
	  { { 0, NULL, NULL } }, 0 },
	{ "the same in JSON", "{\"email\":\"a@b.example\",\"blocked_by_x\":null}\n", 0,
	  "line 1: column 'blocked_by_x' seems to say who left, and is not understood",
	  { { 0, NULL, NULL } }, 0 },
	{ "who left, as an object", "{\"email\":\"a@b.example\",\"unsubscribed\":{\"at\":1}}\n", 0,
	  "line 1: column 'unsubscribed' seems to say who left, and is not understood",
	  { { 0, NULL, NULL } }, 0 },
	{ "states, as a list", "{\"email\":\"a@b.example\",\"status\":[\"left\"]}\n", 0,
	  "line 1: column 'status' seems to say who left, and is not understood",
	  { { 0, NULL, NULL } }, 0 },
	{ "objects of nothing and of other things",
	  "{\"email\":\"a@b.example\",\"unsubscribed\":{},\"bounced\":[],\"tags\":[\"x\"]}\n", 1, NULL,
	  { { 1, "a@b.example", NULL } }, 0 },
	{ "JSON without address", "{\"email\":\"a@b.example\"}\n{\"name\":\"x\"}\n", 0,
	  "line 2: no member 'email' or 'address'", { { 0, NULL, NULL } }, 0 },
};
/* clang-format on */

static void
check_row(const struct roll_case *c, size_t i, const struct roll_row *row)
{
	const char *evidence = row->confirmed_by ? row->confirmed_by : "(none)";
	const char *wanted = c->rows[i].confirmed_by ? c->rows[i].confirmed_by : "(none)";

	if (row->line != c->rows[i].line ||
	    strcmp(row->address, c->rows[i].address) != 0 ||
	    strcmp(evidence, wanted) != 0)
		fail_msg("%s: row %zu: got line %zu %s %s, want line %zu %s %s", c->name,
		    i, row->line, row->address, evidence, c->rows[i].line,
		    c->rows[i].address, wanted);
}

/* The text as UTF-16, the high bytes first when big. */
static void
put_utf_16(FILE *out, const char *text, bool big)
{
	const size_t len = strlen(text);
	uint32_t units[2];

	for (size_t i = 0; i < len;) {
		uint32_t c = 0;
		size_t n = 1;

		i += text_decode(text + i, len - i, &c);
		units[0] = c;
		if (c >= 0x10000) {
			units[0] = 0xD800 + ((c - 0x10000) >> 10);
			units[1] = 0xDC00 + ((c - 0x10000) & 0x3FF);
			n = 2;
		}
		for (size_t k = 0; k < n; k++) {
			(void)fputc((int)(big ? units[k] >> 8 : units[k] & 0xFF), out);
			(void)fputc((int)(big ? units[k] & 0xFF : units[k] >> 8), out);
		}
	}
}

static void
test_rolls(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rolls); i++) {
		const struct roll_case *c = &rolls[i];
		char *copy = strdup(c->text);
		FILE *f = fmemopen(copy, c->len ? c->len : strlen(copy), "r");
		struct err err = ERR_INIT;
		struct roll *r = NULL;
		struct roll_row row;
		size_t count = 0;
		bool got = true;
		bool ok = false;

		if (c->len) {
			assert_int_equal(fclose(f), 0);
			f = fmemopen((void *)(uintptr_t)c->text, c->len, "r");
		}
		ok = roll_open(f, NULL, &r, &err);
		while (ok && got) {
			ok = roll_next(r, &row, &got, &err);
			if (ok && got && c->error == NULL)
				check_row(c, count, &row);
			count += ok && got;
		}
		if (ok != (c->error == NULL) ||
		    (c->error && strcmp(err.text, c->error) != 0))
			fail_msg("%s: got '%s', want '%s'", c->name, err.text,
			    c->error ? c->error : "");
		if (ok && count != c->count)
			fail_msg("%s: got %zu rows, want %zu", c->name, count, c->count);
		roll_close(r);
		assert_int_equal(fclose(f), 0);
		free(copy);
	}
}

/* Headings that say who left, in no words that are understood: each stops the import. */
static const char *const suspect_headings[] = {
	/* clang-format off */
	"Отписан", "ОТПИСАН", "Заблокирован", "Удалён", "Відписаний", "Wypisany", "ZABLOKOWANY",
	"Odhlášen", "ODHLÁŠEN", "Annullato", "Rimosso", "Avregistrerad", "Borttagen", "Afmeldt",
	"Slettet", "Avmeldt", "Peruutettu", "Poistettu", "İptal edildi", "Engellendi", "Leiratkozott",
	"TÖRÖLT", "Dezabonat", "Șters", "ΔΙΑΓΡΑΦΗΚΕ", "Διαγράφηκε", "配信停止", "退会", "退订", "退訂",
	"黑名单", "수신 거부", "차단됨", "محظور", "إلغاء الاشتراك", "הוסר", "חסום", "ＵＮＳＵＢ＿Ｘ",
	/* clang-format on */
};

static void
headings_that_say_who_left_stop_an_import(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(suspect_headings); i++) {
		struct err err = ERR_INIT;
		struct roll *r = NULL;
		char text[200];
		FILE *f = NULL;

		(void)snprintf(text, sizeof(text), "email,%s\na@b.example,1\n",
		    suspect_headings[i]);
		f = fmemopen(text, strlen(text), "r");
		if (roll_open(f, NULL, &r, &err) ||
		    !strstr(err.text, "seems to say who left"))
			fail_msg("%s: %s", suspect_headings[i], err.text);
		roll_close(r);
		assert_int_equal(fclose(f), 0);
	}
}

/* Columns of any list, which say nothing of leaving. */
static void
other_headings_do_not(void **state)
{
	static const char text[] =
	    "email,Имя,Город,名前,姓名,이름,Név,Nome,Peru,superuser,description,hospital\n"
	    "a@b.example,,,,,,,,,,,\n";
	FILE *f = fmemopen((void *)(uintptr_t)text, sizeof(text) - 1, "r");
	struct err err = ERR_INIT;
	struct roll *r = NULL;

	(void)state;
	if (!roll_open(f, NULL, &r, &err))
		fail_msg("%s", err.text);
	roll_close(r);
	assert_int_equal(fclose(f), 0);
}

static void
a_false_of_json_is_a_no(void **state)
{
	static const char text[] = "{\"email\":\"a@b.example\",\"consent\":false}\n";
	FILE *f = fmemopen((void *)(uintptr_t)text, sizeof(text) - 1, "r");
	struct err err = ERR_INIT;
	struct roll *r = NULL;
	struct roll_row row;
	bool got = false;

	(void)state;
	assert_true(
	    roll_open(f, NULL, &r, &err) && roll_next(r, &row, &got, &err) && got);
	assert_int_equal(row.state, READER_LEFT);
	roll_close(r);
	assert_int_equal(fclose(f), 0);
}

/* ---- lists that do not end ---- */

struct endless {
	const char *start, *again;
	size_t at, given;
};

enum { ENDLESS_MAX = 64 * 1024 * 1024 };

/* What a stream without end gives; a reader that never has enough gets an error in the end. */
static ssize_t
give(void *cookie, char *out, size_t size)
{
	struct endless *e = cookie;

	if (e->given > ENDLESS_MAX) {
		errno = EIO;
		return -1;
	}
	const size_t head = strlen(e->start);
	const size_t period = strlen(e->again);

	for (size_t i = 0; i < size; i++) {
		const size_t at = e->at++;

		out[i] = at < head ? e->start[at] : e->again[(at - head) % period];
	}
	e->given += size;
	return (ssize_t)size;
}

static const struct {
	const char *name, *start, *again, *error;
} endless[] = {
	/* clang-format off */
	{ "one line", "", "x", "line 1: a field is longer than 8192 bytes" },
	{ "one line under a heading", "email\n", "x", "line 2: a field is longer than 8192 bytes" },
	{ "a quotation", "email\n\"", "x", "line 2: a field is longer than 8192 bytes" },
	{ "a quotation of lines", "email\na@b.example\n\"", "x\n",
	  "line 4099: a field is longer than 8192 bytes" },
	{ "columns", "", "email,", "line 1: more than 256 columns" },
	{ "columns in a row", "email\n", "x,", "line 2: more than 256 columns" },
	{ "empty lines", "email\n", "\n", "line 65538: more than 65536 empty lines and no row" },
	{ "empty lines of JSON", "{\"email\":\"a@b.example\"}\n", " \r\n",
	  "line 65538: more than 65536 empty lines and no row" },
	{ "a line of JSON", "", "{\"email\":\"a@b.example\",",
	  "line 1: a row is longer than 1048576 bytes" },
	{ "readers", "email\n", "a@b.c\n", "line 10000002: more than 10000000 rows" },
	{ "a row of fields that are long each", "", "LONG", "line 1: a row is longer than 1048576 bytes" },
	/* clang-format on */
};

static FILE *
open_endless(struct endless *e)
{
	const cookie_io_functions_t ways = { .read = give };
	FILE *f = fopencookie(e, "r", ways);

	assert_non_null(f);
	return f;
}

static void
lists_that_do_not_end_are_refused(void **state)
{
	char field[8002];

	(void)state;
	memset(field, 'x', sizeof(field));
	field[8000] = ',';
	field[8001] = '\0';
	for (size_t i = 0; i < ARRAY_LEN(endless); i++) {
		struct endless e = { endless[i].start, endless[i].again, 0, 0 };
		struct err err = ERR_INIT;
		struct roll *r = NULL;
		struct roll_row row;
		bool got = true;
		FILE *f = NULL;

		if (strcmp(e.again, "LONG") == 0)
			e.again = field;
		f = open_endless(&e);
		if (roll_open(f, NULL, &r, &err)) {
			while (roll_next(r, &row, &got, &err) && got)
				continue;
		}
		if (strcmp(err.text, endless[i].error) != 0)
			fail_msg("%s: got '%s', want '%s'", endless[i].name, err.text,
			    endless[i].error);
		assert_true(e.given < ENDLESS_MAX);
		roll_close(r);
		assert_int_equal(fclose(f), 0);
	}
}

static size_t questions_left;

static bool
is_time_to_stop(void)
{
	return questions_left == 0 || --questions_left == 0;
}

/* Between rows, and while bytes are read that make none. */
static void
a_list_is_interrupted_at_any_place(void **state)
{
	static const struct {
		const char *start, *again, *error;
		size_t questions;
	} cases[] = {
		{ "email\n", "a@b.example\n", "line 102: interrupted", 101 },
		{ "email\n", "\n", "line 2: interrupted", 1 },
		{ "{\"email\":\"a@b.example\"}\n", "x", "line 2: interrupted", 4 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct endless e = { cases[i].start, cases[i].again, 0, 0 };
		struct err err = ERR_INIT;
		struct roll *r = NULL;
		struct roll_row row;
		bool got = true;
		FILE *f = open_endless(&e);

		questions_left = cases[i].questions;
		if (roll_open(f, is_time_to_stop, &r, &err)) {
			while (roll_next(r, &row, &got, &err) && got)
				continue;
		}
		assert_string_equal(err.text, cases[i].error);
		assert_int_equal(err.kind, ERR_TEMPORARY);
		roll_close(r);
		assert_int_equal(fclose(f), 0);
	}
}

/* ---- states of other tools ---- */

static const struct {
	const char *heading, *row;
	enum reader_state state;
} exports[] = {
	/* clang-format off */
	{ "email,status", "a@b.example,enabled", READER_ACTIVE },
	{ "email,status", "a@b.example,blocklisted", READER_REMOVED },
	{ "email,status", "a@b.example,unreachable", READER_BOUNCED },
	{ "email,type", "a@b.example,unactivated", READER_PENDING },
	{ "email,subscribed_to_emails,deleted_at", "a@b.example,true,", READER_ACTIVE },
	{ "email,subscribed_to_emails,deleted_at", "a@b.example,false,", READER_LEFT },
	{ "email,subscribed_to_emails,deleted_at", "a@b.example,true,2025-06-01", READER_REMOVED },
	{ "Email Address,UNSUB_TIME,CLEAN_TIME", "a@b.example,2025-03-01 10:00:00,", READER_LEFT },
	{ "Email Address,UNSUB_TIME,CLEAN_TIME", "a@b.example,,2025-03-01 10:00:00", READER_BOUNCED },
	{ "email,confirmed,blacklisted", "a@b.example,1,0", READER_ACTIVE },
	{ "email,confirmed,blacklisted", "a@b.example,1,1", READER_REMOVED },
	{ "email,confirmed,blacklisted", "a@b.example,0,0", READER_PENDING },
	{ "email,status,unsubscribed", "a@b.example,active,yes", READER_LEFT },
	{ "email,consent", "a@b.example,no", READER_LEFT },
	{ "email,consent", "a@b.example,FALSE", READER_LEFT },
	{ "email,consent", "a@b.example,0", READER_LEFT },
	{ "email,consent", "a@b.example,withdrawn", READER_LEFT },
	{ "email,consent", "a@b.example,form of May", READER_ACTIVE },
	{ "email,consent", "a@b.example,", READER_ACTIVE },
	{ "email,Opt-In", "a@b.example,No", READER_LEFT },
	{ "email,Opt-In", "a@b.example,opt-out", READER_LEFT },
	{ "email,Agreed", "a@b.example,no", READER_LEFT },
	{ "email,Agreed", "a@b.example,yes", READER_ACTIVE },
	{ "email,permission", "a@b.example,denied", READER_LEFT },
	{ "email,permission", "a@b.example,granted", READER_ACTIVE },
	{ "email,Double Opt-In", "a@b.example,no", READER_PENDING },
	{ "email,Согласие", "a@b.example,Нет", READER_LEFT },
	{ "email,СОГЛАСИЕ", "a@b.example,ДА", READER_ACTIVE },
	{ "email,同意", "a@b.example,いいえ", READER_LEFT },
	{ "email,СТАТУС", "a@b.example,ОТПИСАН", READER_LEFT },
	{ "email,Статус", "a@b.example,Активен", READER_ACTIVE },
	{ "email,ステータス", "a@b.example,配信停止", READER_LEFT },
	{ "email,状态", "a@b.example,已退订", READER_LEFT },
	{ "email,상태", "a@b.example,수신거부", READER_LEFT },
	{ "email,Stav", "a@b.example,ODHLÁŠEN", READER_LEFT },
	{ "email,Durum", "a@b.example,Ayrıldı", READER_LEFT },
	{ "email,unsubscribed_at", "a@b.example,0000-00-00 00:00:00", READER_ACTIVE },
	/* clang-format on */
};

static void
states_of_other_tools_are_understood(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(exports); i++) {
		struct err err = ERR_INIT;
		struct roll *r = NULL;
		struct roll_row row;
		bool got = false;
		char text[300];
		FILE *f = NULL;

		(void)snprintf(text, sizeof(text), "%s\n%s\n", exports[i].heading,
		    exports[i].row);
		f = fmemopen(text, strlen(text), "r");
		if (!roll_open(f, NULL, &r, &err) || !roll_next(r, &row, &got, &err))
			fail_msg("%s: %s", exports[i].heading, err.text);
		if (!got || row.state != exports[i].state)
			fail_msg("%s: %s: got %s", exports[i].heading, exports[i].row,
			    reader_state_name(row.state));
		roll_close(r);
		assert_int_equal(fclose(f), 0);
	}
}

/* Letters beyond the first 65,536 are two units; rows cross the pieces in which a file is read. */
static void
long_lists_in_utf_16_are_read(void **state)
{
	enum { ROWS = 20000 };

	(void)state;
	for (int big = 0; big < 2; big++) {
		char *bytes = NULL;
		size_t size = 0;
		FILE *out = open_memstream(&bytes, &size);
		FILE *in = NULL;
		struct err err = ERR_INIT;
		struct roll *r = NULL;
		struct roll_row row;
		size_t count = 0;
		bool got = true;

		assert_non_null(out);
		put_utf_16(out, "\uFEFFemail,confirmed_by\n", big);
		for (int i = 0; i < ROWS; i++) {
			char text[100];

			(void)snprintf(text, sizeof(text),
			    "r%d@b.example,\u00E9\uD7FF\uE000\U00010000\U0001F600\U0010FFFF\n",
			    i);
			put_utf_16(out, text, big);
		}
		assert_int_equal(fclose(out), 0);
		in = fmemopen(bytes, size, "r");
		assert_true(roll_open(in, NULL, &r, &err));
		while (roll_next(r, &row, &got, &err) && got) {
			char want[40];

			(void)snprintf(want, sizeof(want), "r%zu@b.example", count++);
			assert_string_equal(row.address, want);
			assert_string_equal(row.confirmed_by,
			    "\u00E9\uD7FF\uE000\U00010000\U0001F600\U0010FFFF");
		}
		assert_string_equal(err.text, "");
		assert_int_equal(count, ROWS);
		roll_close(r);
		assert_int_equal(fclose(in), 0);
		free(bytes);
	}
}

/* Half of a pair stands for nothing that can be known. */
static void
half_a_pair_of_utf_16_is_replaced(void **state)
{
	static const char bytes[] = "\xff\xfe"
				    "e\0m\0a\0i\0l\0,\0c\0o\0n\0s\0e\0n\0t\0\n\0"
				    "a\0@\0b\0.\0d\0e\0,\0"
				    "\x3D\xD8"
				    "x\0"
				    "\x00\xDE"
				    "\n\0";
	FILE *f = fmemopen((void *)(uintptr_t)bytes, sizeof(bytes) - 1, "r");
	struct err err = ERR_INIT;
	struct roll *r = NULL;
	struct roll_row row;
	bool got = false;

	(void)state;
	assert_true(
	    roll_open(f, NULL, &r, &err) && roll_next(r, &row, &got, &err) && got);
	assert_string_equal(row.address, "a@b.de");
	assert_string_equal(row.confirmed_by, "\uFFFDx\uFFFD");
	roll_close(r);
	assert_int_equal(fclose(f), 0);
}

/* Each wish has a column, and some have an older name. */
static void
test_columns(void **state)
{
	static const char *const texts[] = {
		"email,rhythm,day,hour,zone,format,length,sources,state,confirmed_by\n"
		"a@b.example,weekly,Monday,18:30,Europe/Paris,text,title,only a,hold,form\n",
		"Address,FREQUENCY,Day,Hour,Zone,Format,Body,Sources,status,Confirmed_By\n"
		"a@b.example,weekly,Monday,18:30,Europe/Paris,text,title,only a,hold,form\n",
		"{\"email\":\"a@b.example\",\"frequency\":\"weekly\",\"day\":\"Monday\","
		"\"hour\":\"18:30\",\"zone\":\"Europe/Paris\",\"format\":\"text\","
		"\"body\":\"title\",\"sources\":\"only a\",\"state\":\"hold\","
		"\"confirmed_by\":\"form\"}\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		char *copy = strdup(texts[i]);
		FILE *f = fmemopen(copy, strlen(copy), "r");
		struct err err = ERR_INIT;
		struct roll *r = NULL;
		struct roll_row row;
		bool got = false;

		if (!roll_open(f, NULL, &r, &err) || !roll_next(r, &row, &got, &err))
			fail_msg("%s", err.text);
		assert_true(got);
		assert_string_equal(row.rhythm, "weekly");
		assert_string_equal(row.day, "Monday");
		assert_string_equal(row.hour, "18:30");
		assert_string_equal(row.zone, "Europe/Paris");
		assert_string_equal(row.format, "text");
		assert_string_equal(row.body, "title");
		assert_string_equal(row.sources, "only a");
		assert_int_equal(row.state, READER_HOLD);
		assert_string_equal(row.confirmed_by, "form");
		roll_close(r);
		assert_int_equal(fclose(f), 0);
		free(copy);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_new_reader_has_not_asked_for_anything),
		cmocka_unit_test(test_moves),
		cmocka_unit_test(test_rolls),
		cmocka_unit_test(long_lists_in_utf_16_are_read),
		cmocka_unit_test(half_a_pair_of_utf_16_is_replaced),
		cmocka_unit_test(headings_that_say_who_left_stop_an_import),
		cmocka_unit_test(other_headings_do_not),
		cmocka_unit_test(a_false_of_json_is_a_no),
		cmocka_unit_test(lists_that_do_not_end_are_refused),
		cmocka_unit_test(a_list_is_interrupted_at_any_place),
		cmocka_unit_test(states_of_other_tools_are_understood),
		cmocka_unit_test(test_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
