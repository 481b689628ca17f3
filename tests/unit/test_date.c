/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/clock.h"
#include "feed/date.h"
#include "unit/guarded.h"

struct date_case {
	const char *text;
	const char *want; /* "" = none */
};

static void
walk(const struct date_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char got[CLOCK_TEXT] = "";
		enum date_note note = DATE_EXACT;
		int64_t t = date_read(guarded(cases[i].text, strlen(cases[i].text)),
		    strlen(cases[i].text), &note);

		if (t != TIME_NONE)
			clock_rfc3339(t, got);
		if (strcmp(got, cases[i].want) != 0)
			fail_msg("%s: got %s, want %s", cases[i].text, got,
			    cases[i].want);
	}
}

static void
rfc_822_and_its_bad_relatives(void **state)
{
	static const struct date_case cases[] = {
		{ "Tue, 24 Nov 2026 06:30:11 +0000", "2026-11-24T06:30:11Z" },
		{ "Tue, 24 Nov 2026 06:30:11 GMT", "2026-11-24T06:30:11Z" },
		{ "24 Nov 2026 06:30 +0130", "2026-11-24T05:00:00Z" },
		{ "Tue, 24 Nov 26 06:30:11 EST", "2026-11-24T11:30:11Z" },
		{ "Tue, 24 Nov 99 06:30:11 PDT", "1999-11-24T13:30:11Z" },
		{ "Tue,24 Nov 2026 06:30:11 -0800", "2026-11-24T14:30:11Z" },
		{ "Tue, 24 Nov 2026 06:30:11 +01:00", "2026-11-24T05:30:11Z" },
		{ "Tue, 24 Nov 2026 06:30:11 GMT+2", "2026-11-24T04:30:11Z" },
		{ "Tuesday, 24 November 2026 06:30:11 UT", "2026-11-24T06:30:11Z" },
		{ "Mon, 24 Nov 2026 06:30:11 Z",
		    "2026-11-24T06:30:11Z" }, /* it is a Tuesday */
		{ "Tue, Nov 24 2026 06:30:11 PM", "2026-11-24T18:30:11Z" },
		{ "November 24, 2026 12:05 am UTC", "2026-11-24T00:05:00Z" },
		{ "Tue, 24-Nov-2026 06:30:11 GMT", "2026-11-24T06:30:11Z" },
		{ "Tue, 24 Nov 2026 (a comment) 06:30:11 +0000 (GMT)",
		    "2026-11-24T06:30:11Z" },
		{ "Tue, 24 Nov 2026 06:30:11.250 +0000", "2026-11-24T06:30:11Z" },
		{ "24 Nov 2026", "2026-11-24T00:00:00Z" },
		{ "Tue, 31 Dec 2024 24:00:00 GMT", "2025-01-01T00:00:00Z" },
		{ "Sat, 31 Dec 2016 23:59:60 GMT", "2016-12-31T23:59:59Z" },
		{ "  Tue, 24 Nov 2026\n06:30:11 +0000 ", "2026-11-24T06:30:11Z" },
	};

	(void)state;
	walk(cases, ARRAY_LEN(cases));
}

static void
rfc_3339_and_w3cdtf(void **state)
{
	static const struct date_case cases[] = {
		{ "2026-11-24T06:30:11Z", "2026-11-24T06:30:11Z" },
		{ "2026-11-24T06:30:11.123456+02:00", "2026-11-24T04:30:11Z" },
		{ "2026-11-24t06:30z", "2026-11-24T06:30:00Z" },
		{ "2026-11-24 06:30:11", "2026-11-24T06:30:11Z" },
		{ "2026-11-24 06:30:11 -0500", "2026-11-24T11:30:11Z" },
		{ "2026-11-24T06:30-00:20", "2026-11-24T06:50:00Z" },
		{ "2026-11-24", "2026-11-24T00:00:00Z" },
		{ "2026-11", "2026-11-01T00:00:00Z" },
		{ "2026", "2026-01-01T00:00:00Z" },
		{ "2026/11/24", "2026-11-24T00:00:00Z" },
		{ "20261124", "2026-11-24T00:00:00Z" },
		{ "20261124T063011Z", "2026-11-24T06:30:11Z" },
		{ "20261124T0630+0100", "2026-11-24T05:30:00Z" },
		{ "2026-328", "2026-11-24T00:00:00Z" },
		{ "2026-4-5T7:8:9Z", "2026-04-05T07:08:09Z" },
		{ "2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z" },
	};

	(void)state;
	walk(cases, ARRAY_LEN(cases));
}

static void
asctime_unix_times_and_what_programs_print(void **state)
{
	static const struct date_case cases[] = {
		{ "Tue Nov 24 06:30:11 2026", "2026-11-24T06:30:11Z" },
		{ "Tue Nov  4 06:30:11 PST 2026", "2026-11-04T14:30:11Z" },
		{ "Tue Nov 24 06:30:11 +0100 2026", "2026-11-24T05:30:11Z" },
		{ "1764000000", "2025-11-24T16:00:00Z" },
		{ "1764000000000", "2025-11-24T16:00:00Z" },
		{ "24/11/2026 06:30", "2026-11-24T06:30:00Z" },
		{ "11/24/2026", "2026-11-24T00:00:00Z" },
		{ "04.05.2026", "2026-05-04T00:00:00Z" },
		{ "05/05/2026", "2026-05-05T00:00:00Z" },
		{ "1/5/2026 10:00:00 AM", "2026-01-05T10:00:00Z" },
		{ "1/5/2026 10:00:00\u202fPM", "2026-01-05T22:00:00Z" },
		{ "12/10/2026 1:02:03 PM", "2026-12-10T13:02:03Z" },
		{ "05/01/2026 10:00:00 AM", "" }, /* India or the US */
		{ "5/01/2026 10:00:00 AM", "" },  /* Australia */
		{ "1/5/2026, 10:00:00 am", "" },  /* a browser in India, or a person */
		{ "1/5/2026 上午10:00", "" },
		{ "1/5/2026 10:00:00", "" },
		{ "5 Jan 2026 10:00 p.m.", "2026-01-05T22:00:00Z" },
		{ "5 Jan 2026 10:00 P.M. EST", "2026-01-06T03:00:00Z" },
		{ "5 ene 2026, 12:05 a.\u00a0m.", "2026-01-05T00:05:00Z" },
		{ "1/5/2026 10:00 a.m.", "" },
		{ "2026-01-05T10:00:00Z[UTC]", "2026-01-05T10:00:00Z" },
		{ "2026-01-05T10:00:00+01:00[Europe/Paris]", "2026-01-05T09:00:00Z" },
		{ "2026-01-05 [10:00]", "" },
		{ "[UTC]", "" },
		{ "2026-01-05[", "" },
		{ "]", "" },
		{ "/Date(1767607200000)/", "2026-01-05T10:00:00Z" },
		{ "/Date(1767607200000+0100)/", "2026-01-05T10:00:00Z" },
		{ "/Date(1767607200000-0800)/", "2026-01-05T10:00:00Z" },
		{ "/Date(1767607200000+01)/", "" },
		{ "/Date(176760720000)/", "1975-08-08T20:12:00Z" },
		{ "/Date(17676072000)/", "" },
		{ "/Date(1767607200000+010a)/", "" },
		{ "/Date(1767607200000)", "" },
		{ "/Date()/", "" },
		{ "/Date(0)/", "" },
		{ "/Date(1767607200)/", "" }, /* seconds by mistake */
		{ "/Date(-62135596800000)/", "" },
		{ "/Date(", "" },
		{ "/Date(+0100)/", "" },
		{ "/Date(99999999999999)/", "" },
		{ "/Date(1767607200000", "" },
		{ "1767607200.5", "2026-01-05T10:00:00Z" },
		{ "1767607200.", "" },
		{ "1767607200.5.1", "" },
		{ "1767607200000.5", "" },
		{ "Mon, 05 Jan 2026 10:00:00 \"GMT\"", "2026-01-05T10:00:00Z" },
		{ "Mon, 05 Jan 2026 10:00:00 \"EST\"", "2026-01-05T15:00:00Z" },
	};

	(void)state;
	walk(cases, ARRAY_LEN(cases));
}

/* Each side of what decides: the century and the order of numbers. */
static void
the_edges_of_numbers(void **state)
{
	static const struct date_case cases[] = {
		{ "5 Jan 49", "2049-01-05T00:00:00Z" }, /* RFC 5322 4.3 */
		{ "5 Jan 50", "1950-01-05T00:00:00Z" },
		{ "5 Jan 126", "2026-01-05T00:00:00Z" },
		{ "5 Jan 100", "2000-01-05T00:00:00Z" },
		{ "5 Jan 199", "2099-01-05T00:00:00Z" },
		{ "5 Jan 200", "" },
		{ "5 Jan 1899", "" },
		{ "5 Jan 2201", "" },
		{ "260105", "2026-01-05T00:00:00Z" },
		{ "490105", "2049-01-05T00:00:00Z" },
		{ "500105", "1950-01-05T00:00:00Z" },
		{ "-2601", "2026-01-01T00:00:00Z" }, /* ISO 8601:1988 */
		{ "-9912", "2099-12-01T00:00:00Z" },
		{ "-26-01", "2026-01-01T00:00:00Z" },
		{ "2026001", "2026-01-01T00:00:00Z" },
		{ "2024366", "2024-12-31T00:00:00Z" },
		{ "2026000", "" },
		{ "2026367", "" },
		{ "20261301", "" },
		{ "20260132", "" },
		{ "13/05/2026", "2026-05-13T00:00:00Z" },
		{ "12/05/2026", "" },
		{ "05/13/2026", "2026-05-13T00:00:00Z" },
		{ "12/12/2026", "2026-12-12T00:00:00Z" },
		{ "26-01-13", "2026-01-13T00:00:00Z" },
		{ "26-01-12", "" },
		{ "10/11/2026 1:00:00 AM", "2026-10-11T01:00:00Z" },
	};

	(void)state;
	walk(cases, ARRAY_LEN(cases));
}

/* The same of the hour of a day and of a zone. */
static void
the_edges_of_times(void **state)
{
	static const struct date_case cases[] = {
		{ "5 Jan 2026 12:00 AM", "2026-01-05T00:00:00Z" },
		{ "5 Jan 2026 1:00 AM", "2026-01-05T01:00:00Z" },
		{ "5 Jan 2026 12:00 PM", "2026-01-05T12:00:00Z" },
		{ "5 Jan 2026 1:00 PM", "2026-01-05T13:00:00Z" },
		{ "5 Jan 2026 13:05 PM", "2026-01-05T13:05:00Z" },
		{ "5 Jan 2026 0:05 PM", "2026-01-05T00:05:00Z" },
		{ "5 Jan 2026 23:59:59", "2026-01-05T23:59:59Z" },
		{ "5 Jan 2026 06:59:61", "" },
		{ "5 Jan 2026 24:00:01", "" },
		{ "5 Jan 2026 24:01", "" },
		{ "5 Jan 2026 10:60", "" },
		{ "5 Jan 2026 100:00", "" },
		{ "5 Jan 2026 10:000", "" },
		{ "5 Jan 2026 10:00:000", "" },
		{ "5 Jan 2026 10:00 +1800", "2026-01-04T16:00:00Z" },
		{ "5 Jan 2026 10:00 +1801", "2026-01-05T10:00:00Z" },
		{ "5 Jan 2026 10:00 +00100", "2026-01-05T10:00:00Z" },
		{ "5 Jan 2026 10:00 +1", "2026-01-05T09:00:00Z" },
		{ "5 Jan 2026 10:00 +530", "2026-01-05T04:30:00Z" },
		{ "5 Jan 2026 10:00 -05:30", "2026-01-05T15:30:00Z" },
		{ "5 Jan 2026 10:00 +05:3", "" },
		{ "20260105T10", "2026-01-05T10:00:00Z" },
		{ "20260105T103", "" },
		{ "20260105T1000", "2026-01-05T10:00:00Z" },
		{ "20260105T2300", "2026-01-05T23:00:00Z" },
		{ "20260105T2359", "2026-01-05T23:59:00Z" },
		{ "20260105T100000", "2026-01-05T10:00:00Z" },
		{ "20260105T235959", "2026-01-05T23:59:59Z" },
		{ "20260105T230100", "2026-01-05T23:01:00Z" },
		{ "20260105T103015.5Z", "2026-01-05T10:30:15Z" },
		{ "176760720", "1975-08-08T20:12:00Z" },
		{ "1767607200000000", "2026-01-05T10:00:00Z" },
	};

	(void)state;
	walk(cases, ARRAY_LEN(cases));
}

static const struct date_case edge_cases[] = {
	{ "2026366", "" }, /* of a common year */
	{ "2026-366", "" },
	{ "2026365", "2026-12-31T00:00:00Z" },
	{ "2026-365", "2026-12-31T00:00:00Z" },
	{ "2024-366", "2024-12-31T00:00:00Z" },
	{ "2100366", "" },
	{ "2000366", "2000-12-31T00:00:00Z" },
	{ "2026001", "2026-01-01T00:00:00Z" },
	{ "2026000", "" },
	{ "2026-000", "" },
	{ "2024367", "" },
	{ "491231", "2049-12-31T00:00:00Z" },
	{ "500101", "1950-01-01T00:00:00Z" },
	{ "31 Dec 49", "2049-12-31T00:00:00Z" },
	{ "1 Jan 50", "1950-01-01T00:00:00Z" },
	{ "31 Dec 199", "2099-12-31T00:00:00Z" },
	{ "-2612", "2026-12-01T00:00:00Z" },
	{ "-2613", "" },
	{ "-26-12", "2026-12-01T00:00:00Z" },
	{ "-26-13", "" },
	{ "26-12", "" },
	{ "26-5", "" },
	{ "2026-W05-2", "" },
	{ "5 Jan 2026 10:00 WEST", "2026-01-05T09:00:00Z" },
	{ "123-12", "" },
	{ "-26-5", "" },
	{ "5 Jan 100", "2000-01-05T00:00:00Z" },
	{ "5 Jan 099", "" },
	{ "5 Jan 200", "" },
	{ "13/05/2026", "2026-05-13T00:00:00Z" },
	{ "05/13/2026", "2026-05-13T00:00:00Z" },
	{ "13/13/2026", "" },
	{ "12.13.2026", "" },
	{ "13.12.2026", "2026-12-13T00:00:00Z" },
	{ "32/05/2026", "" },
	{ "31/05/2026", "2026-05-31T00:00:00Z" },
	{ "10/11/2026 10:00:00 AM", "2026-10-11T10:00:00Z" },
	{ "9/11/2026 1:00 PM", "2026-09-11T13:00:00Z" },
	{ "10/9/2026 1:00 PM", "2026-10-09T13:00:00Z" },
	{ "09/11/2026 1:00 PM", "" },
	{ "10/09/2026 1:00 PM", "" },
	{ "9/11/2026 1:00 pm", "" },
	{ "13/1/2026 1:00 PM", "2026-01-13T13:00:00Z" },
	{ "26-01-13", "2026-01-13T00:00:00Z" },
	{ "26/01/13", "" },
	{ "2026 Jan 5", "2026-01-05T00:00:00Z" },
	{ "2026 Jan 005", "" },
	{ "005 Jan 2026", "" },
	{ "5 6 Jan 2026", "" },
	{ "5 Jan 2026 0:30 PM", "2026-01-05T00:30:00Z" },
	{ "5 Jan 2026 1:00 AM", "2026-01-05T01:00:00Z" },
	{ "5 Jan 2026 11:59 PM", "2026-01-05T23:59:00Z" },
	{ "5 Jan 2026 24:00", "2026-01-06T00:00:00Z" },
	{ "5 Jan 2026 24:01", "" },
	{ "5 Jan 2026 23:59:61", "" },
	{ "5 Jan 2026 23:60", "" },
	{ "2026-01-05T10:00:00.5", "2026-01-05T10:00:00Z" },
	{ "2026-01-05T10:00:00,5", "2026-01-05T10:00:00Z" },
	{ "Posted Jan 2026", "2026-01-01T00:00:00Z" },
	{ "5 Jan 2026 10:00 p.m", "2026-01-05T22:00:00Z" },
	{ "5 Jan 2026 10:00 p. m.", "2026-01-05T22:00:00Z" },
	{ "5 Jan 2026 10:00 P.M. EST", "2026-01-06T03:00:00Z" },
	{ "5 Jan 2026 10:00 p.m+0100", "2026-01-05T21:00:00Z" },
	/* What is not quite that is a zone that nobody knows. */
	{ "2026-01-05T10:00:00[Etc/GMT+5]", "2026-01-05T10:00:00Z" },
	{ "5 Jan 2026 10:00 p", "2026-01-05T10:00:00Z" },
	{ "5 Jan 2026 10:00 p.", "2026-01-05T10:00:00Z" },
	{ "5 Jan 2026 10:00 p.x", "2026-01-05T10:00:00Z" },
	{ "5 Jan 2026 10:00 p.mx", "2026-01-05T10:00:00Z" },
	{ "5 Jan 2026 10:00 p.  m.", "2026-01-05T10:00:00Z" },
	{ "1 2 3 4 5 6 7 8 9", "" },
};

static void
beside_the_edges_of_numbers(void **state)
{
	(void)state;
	walk(edge_cases, ARRAY_LEN(edge_cases));
}

static void
months_in_other_languages(void **state)
{
	static const struct date_case cases[] = {
		{ "Di, 24 März 2026 06:30:11 +0100", "2026-03-24T05:30:11Z" },
		{ "mar., 24 févr. 2026 06:30:11 GMT", "2026-02-24T06:30:11Z" },
		{ "24 de julio de 2026", "2026-07-24T00:00:00Z" },
		{ "Ter, 24 Fev 2026 06:30:11 -0300", "2026-02-24T09:30:11Z" },
		{ "24 dicembre 2026 06:30", "2026-12-24T06:30:00Z" },
		{ "Вт, 24 ноя 2026 06:30:11 +0300", "2026-11-24T03:30:11Z" },
		{ "24 listopada 2026", "2026-11-24T00:00:00Z" },
		{ "Δευ, 12 Ιούλ 2004 06:30:11 GMT", "2004-07-12T06:30:11Z" },
		{ "2004-július-13T9:15-05:00", "2004-07-13T14:15:00Z" },
		{ "2026年11月24日 06:30", "2026-11-24T06:30:00Z" },
		{ "2026년 11월 24일 오후 6:30", "2026-11-24T18:30:00Z" },
		{ "2026年11月24日", "2026-11-24T00:00:00Z" },
		{ "2026年11月", "2026-11-01T00:00:00Z" },
		{ "2026年13月5日", "" },
		{ "20261年1月5日", "" },
		{ "2026年10000月5日", "" },
		{ "2026年1月5日 10000時", "" },
		{ "2026年1月5日 9999時", "" },
		{ "2026年1月5日 10時10000分", "" },
		{ "2026年11月24日 6時30分11秒", "2026-11-24T06:30:11Z" },
		{ "2026年11月24日6时30分", "2026-11-24T06:30:00Z" },
		{ "2026년 11월 24일 23시 59분 58초", "2026-11-24T23:59:58Z" },
		{ "2026년 11월 24일 오전 12시", "2026-11-24T00:00:00Z" },
		{ "2026年11月24日 24時1分", "" },
	};

	(void)state;
	walk(cases, ARRAY_LEN(cases));
}

static void
months_by_their_cases(void **state)
{
	static const struct date_case cases[] = {
		{ "5. tammikuuta 2026", "2026-01-05T00:00:00Z" },
		{ "Ke, 30 Lok 2013 11:34:37 +0000", "2013-10-30T11:34:37Z" },
		{ "to, 5 hei 2026 11:34:37 +0300", "2026-07-05T08:34:37Z" },
		{ "5. kesäkuuta 2026", "2026-06-05T00:00:00Z" },
		{ "5. HEINÄKUUTA 2026", "2026-07-05T00:00:00Z" },
		{ "5. joulukuuta 2026", "2026-12-05T00:00:00Z" },
		{ "05 Şub 2026 10:00:00 +0300", "2026-02-05T07:00:00Z" },
		{ "5 Ağustos 2026", "2026-08-05T00:00:00Z" },
		{ "Пн, 05 Січ 2026 10:00:00 +0200", "2026-01-05T08:00:00Z" },
		{ "5 січ 2026", "2026-01-05T00:00:00Z" },
		{ "5 ЛИС 2026", "2026-11-05T00:00:00Z" },
		{ "5 ian. 2026", "2026-01-05T00:00:00Z" },
		{ "5. ledna 2026", "2026-01-05T00:00:00Z" },
		{ "5. Února 2026", "2026-02-05T00:00:00Z" },
		{ "5. června 2026", "2026-06-05T00:00:00Z" },
		{ "5. července 2026", "2026-07-05T00:00:00Z" },
		{ "5. srpna 2026", "2026-08-05T00:00:00Z" },
		{ "5. Září 2026", "2026-09-05T00:00:00Z" },
		{ "5. Října 2026", "2026-10-05T00:00:00Z" },
		{ "5. listopadu 2026", "2026-11-05T00:00:00Z" },
		{ "5. prosince 2026", "2026-12-05T00:00:00Z" },
		{ "5 Ιανουαρίου 2026", "2026-01-05T00:00:00Z" },
		{ "5 Μαΐου 2026", "2026-05-05T00:00:00Z" },
		{ "5 ιουνίου 2026", "2026-06-05T00:00:00Z" },
		{ "5 Ιουλίου 2026", "2026-07-05T00:00:00Z" },
		{ "5 Αυγούστου 2026", "2026-08-05T00:00:00Z" },
		{ "5 Δεκεμβρίου 2026", "2026-12-05T00:00:00Z" },
	};

	(void)state;
	walk(cases, ARRAY_LEN(cases));
}

static void
months_that_are_others_next_door(void **state)
{
	static const struct date_case cases[] = {
		{ "5. listopada 2025", "2025-10-05T00:00:00Z" },
		{ "5.listopada 2025. 10:00", "2025-10-05T10:00:00Z" },
		{ "5 listopada 2025", "2025-11-05T00:00:00Z" },
		{ "5 listopada 2025.", "" }, /* the dot is Croatian, the day is Polish */
		{ "5 listopada 2025. 10:00", "" },
		{ "5 listopada 2025.10:00", "2025-11-05T10:00:00Z" },
		{ "nedjelja, 5 listopada 2025", "2025-10-05T00:00:00Z" },
		{ "listopada 2025", "" },
		{ "listopadu 2025", "" },
		{ "2025 listopada 5", "" },
		{ "pet, 5. listopadu 2025", "" },
		{ "5 lis 2025", "2025-11-05T00:00:00Z" },
		{ "5. lis 2025", "" }, /* November in Prague, October in Zagreb */
		{ "05.lis.2025", "" },
		{ "05.lip.2025", "" },
		{ "Čet, 06 lis 2025 10:00:00 +0100", "2025-10-06T09:00:00Z" },
		{ "śr, 05 lis 2025 10:00:00 +0100", "2025-11-05T09:00:00Z" },
		{ "pon, 03 lis 2025 10:00:00 +0100", "2025-11-03T09:00:00Z" },
		{ "pon, 06 lis 2025 10:00:00 +0200", "2025-10-06T08:00:00Z" },
		{ "pon, 05 lis 2025", "" }, /* a Monday in neither */
		{ "5 lip 2025", "2025-07-05T00:00:00Z" },
		{ "5. lip 2025.", "2025-06-05T00:00:00Z" },
		{ "5 lipca 2025", "2025-07-05T00:00:00Z" },
		{ "5. siječnja 2025", "2025-01-05T00:00:00Z" },
		{ "5. veljače 2025.", "2025-02-05T00:00:00Z" },
		{ "5. ožujka 2025.", "2025-03-05T00:00:00Z" },
		{ "5. travnja 2025.", "2025-04-05T00:00:00Z" },
		{ "5. svibnja 2025.", "2025-05-05T00:00:00Z" },
		{ "5. lipnja 2025.", "2025-06-05T00:00:00Z" },
		{ "5. srpnja 2025.", "2025-07-05T00:00:00Z" },
		{ "5. kolovoza 2025.", "2025-08-05T00:00:00Z" },
		{ "5. rujna 2025.", "2025-09-05T00:00:00Z" },
		{ "5. studenoga 2025.", "2025-11-05T00:00:00Z" },
		{ "5. prosinca 2025.", "2025-12-05T00:00:00Z" },
	};

	(void)state;
	walk(cases, ARRAY_LEN(cases));
}

static void
digits_and_signs_of_other_widths(void **state)
{
	static const struct date_case cases[] = {
		{ "５ Jan 2026", "2026-01-05T00:00:00Z" },
		{ "２０２６／０１／０５　１０：００", "2026-01-05T10:00:00Z" },
		{ "２０２６年１月５日", "2026-01-05T00:00:00Z" },
		{ "１７６７６０７２００", "2026-01-05T10:00:00Z" },
		{ "٥ Jan 2026", "2026-01-05T00:00:00Z" },
		{ "5\u00a0Jan\u00a02026", "2026-01-05T00:00:00Z" },
		{ "2026-01-05T10:00:00\u221205:00", "2026-01-05T15:00:00Z" },
		{ "٩ Jan 2026", "2026-01-09T00:00:00Z" },
		{ "٠٩ Jan 2026", "2026-01-09T00:00:00Z" },
		{ "۰۹ Jan 2026", "2026-01-09T00:00:00Z" },
		{ "०९ Jan 2026", "2026-01-09T00:00:00Z" },
		{ "5\u066A Jan 2026",
		    "2026-01-05T00:00:00Z" }, /* a sign, as letters are */
		{ "5\u2000Jan\u200A2026", "2026-01-05T00:00:00Z" },
		{ "5\u3000Jan\u202F2026", "2026-01-05T00:00:00Z" },
		{ "5\u200BJan 2026", "" },
		{ "2026\u201001\u201105", "2026-01-05T00:00:00Z" },
		{ "2026\u201201\u201205", "2026-01-05T00:00:00Z" },
		{ "2026\uFF0D01\uFF0D05\uFF34\uFF11\uFF10\uFF1A\uFF10\uFF10\uFF3A",
		    "2026-01-05T10:00:00Z" },
		{ "2026-01-05\uFF5E", "" },
		{ "五 Jan 2026", "" }, /* the day, in a word */
		{ "Jan 2026", "2026-01-01T00:00:00Z" },
	};

	(void)state;
	walk(cases, ARRAY_LEN(cases));
}

/* A date has 119 bytes at most, and with its comments 511. */
static void
long_texts_are_no_dates(void **state)
{
	(void)state;
	for (size_t len = 118; len <= 121; len++) {
		char text[600] = "5 Jan";
		enum date_note note = DATE_EXACT;
		int64_t t = TIME_NONE;

		memset(text + 5, ' ', len - 9);
		memcpy(text + len - 4, "2026", 5);
		t = date_read(text, len, &note);
		if ((t == TIME_NONE) != (len > 119))
			fail_msg("%zu bytes", len);
	}
	for (size_t len = 510; len <= 513; len++) {
		char text[600] = "5 Jan 2026 (";
		enum date_note note = DATE_EXACT;
		int64_t t = TIME_NONE;

		memset(text + 12, 'x', len - 13);
		memcpy(text + len - 1, ")", 2);
		t = date_read(text, len, &note);
		if ((t == TIME_NONE) != (len > 511))
			fail_msg("%zu bytes with a comment", len);
	}
}

static void
what_is_no_date_or_two_is_none(void **state)
{
	static const struct date_case cases[] = {
		{ "", "" },
		{ "yesterday", "" },
		{ "?", "" },
		{ "http://example.org/1", "" },
		{ "04/05/2026", "" }, /* April or May */
		{ "2026-13-01", "" },
		{ "2026-02-30", "" },
		{ "2025-02-29", "" },
		{ "Tue, 24 Nov 2026 25:00:00 GMT", "" },
		{ "Tue, 24 Nov 2026 06:61:00 GMT", "" },
		{ "Tue, 24 Nov 2026 06:30:11:12 GMT", "" },
		{ "24 Nov", "" },
		{ "24 25 Nov 2026", "" },
		{ "2026-W48-2", "" },
		{ "0001-01-01T00:00:00Z", "" }, /* "not set" of some programs */
		{ "start=2026-11-24; end=2026-11-25", "" },
		{ "12345", "" },
		{ "8555555555555", "" }, /* the year 2241 */
		{ "1900-01-01T02:00:00+02:00", "1900-01-01T00:00:00Z" },
		{ "1900-01-01T01:59:59+02:00", "" }, /* 1899, when the zone has its say */
		{ "2200-12-31T23:59:59Z", "2200-12-31T23:59:59Z" },
		{ "1900-01-01T00:00:00+00:01", "" },
		{ "2200-12-31T23:59:59-00:01", "" },
		{ "2201-01-01", "" },
		{ "1899-12-31", "" },
		{ "2200-12-31T23:59:59-01:00", "" },
		{ "99999999999", "" },
		{ "12345678901234567890", "" },
		{ "2026-11-24T06:30:11Z and much more text than any date has, so that it cannot be "
		  "one, however long one looks at it and wherever one begins",
		    "" },
	};

	(void)state;
	walk(cases, ARRAY_LEN(cases));
}

/* Expected values by the rules of summer time, not from a zone file. */
static void
zones_are_named_by_a_city(void **state)
{
	static const struct date_case cases[] = {
		{ "Mon, 02 Mar 2026 06:00:00 America/New_York", "2026-03-02T11:00:00Z" },
		{ "Sun, 08 Mar 2026 01:59:59 America/New_York", "2026-03-08T06:59:59Z" },
		{ "Sun, 08 Mar 2026 03:00:00 America/New_York", "2026-03-08T07:00:00Z" },
		{ "Sun, 01 Nov 2026 00:59:59 America/New_York", "2026-11-01T04:59:59Z" },
		{ "Sun, 01 Nov 2026 02:00:00 America/New_York", "2026-11-01T07:00:00Z" },
		{ "2026-07-01 12:00:00 america/los_angeles", "2026-07-01T19:00:00Z" },
		{ "2026-07-01 12:00:00 US/Pacific", "2026-07-01T19:00:00Z" },
		{ "2026-03-29T01:59:59[Europe/Paris]", "2026-03-29T00:59:59Z" },
		{ "2026-03-29T03:00:00[Europe/Paris]", "2026-03-29T01:00:00Z" },
		{ "2026-10-25T01:59:59[Europe/Paris]", "2026-10-24T23:59:59Z" },
		{ "2026-10-25T03:00:00[Europe/Paris]", "2026-10-25T02:00:00Z" },
		{ "2026-10-25 00:59:59 Europe/London", "2026-10-24T23:59:59Z" },
		{ "2026-10-25 02:00:00 Europe/London", "2026-10-25T02:00:00Z" },
		{ "2026-12-31 23:00:00 Asia/Kolkata", "2026-12-31T17:30:00Z" },
		{ "2026-01-15 12:00:00 Australia/Sydney", "2026-01-15T01:00:00Z" },
		{ "2026-04-05 03:00:00 Australia/Sydney", "2026-04-04T17:00:00Z" },
		{ "2026-10-04 03:00:00 Australia/Sydney", "2026-10-03T16:00:00Z" },
		{ "2026-09-27 03:00:00 Pacific/Auckland", "2026-09-26T14:00:00Z" },
		{ "2026-06-15 12:00:00 Pacific/Auckland", "2026-06-15T00:00:00Z" },
		{ "2026-06-15 12:00:00 America/Argentina/Buenos_Aires",
		    "2026-06-15T15:00:00Z" },
		/* an offset counts more than a name behind it */
		{ "2026-07-01 12:00:00 +0100 America/New_York", "2026-07-01T11:00:00Z" },
		{ "2026-07-01 12:00:00 Etc/UTC", "2026-07-01T12:00:00Z" },
	};

	(void)state;
	walk(cases, ARRAY_LEN(cases));
}

/* The zero of a program's clock, in whatever zone it is written. */
static void
the_epoch_is_no_date(void **state)
{
	static const struct date_case cases[] = {
		{ "Thu, 01 Jan 1970 00:00:00 +0000", "" },
		{ "Thu, 01 Jan 1970 01:00:00 +0100", "" },
		{ "1969-12-31T19:00:00-05:00", "" },
		{ "1969-12-31T16:00:00", "" },
		{ "1970-01-01", "" },
		{ "1970-01-01T09:00:00", "" },
		{ "0000000899", "" },
		{ "000086399.5", "" },
		{ "0000000000000", "" },
		{ "0000000000000000", "" },
		{ "/Date(000000000000)/", "" },
		{ "0000086400", "1970-01-02T00:00:00Z" },
		/* also where a name of a zone moved it there, or out of the years */
		{ "1970-01-02 00:30:00 Europe/Paris", "" },
		{ "2200-12-31 23:30:00 America/New_York", "" },
		{ "1970-01-02T00:00:00Z", "1970-01-02T00:00:00Z" },
		{ "1969-12-30T00:00:00Z", "1969-12-30T00:00:00Z" },
	};

	(void)state;
	walk(cases, ARRAY_LEN(cases));
}

static void
what_was_assumed_is_told(void **state)
{
	static const struct {
		const char *text;
		enum date_note want;
	} cases[] = {
		{ "2026-11-24T06:30:11Z", DATE_EXACT },
		{ "2026-11-24", DATE_EXACT },
		{ "1764000000", DATE_EXACT },
		{ "2026-11-24T06:30:11", DATE_NO_ZONE },
		{ "Tue, 24 Nov 2026 06:30:11", DATE_NO_ZONE },
		{ "Tue, 24 Nov 2026 06:30:11 XYZ", DATE_UNKNOWN_ZONE },
		{ "Tue, 24 Nov 2026 06:30:11 +9900", DATE_UNKNOWN_ZONE },
		{ "Tue, 24 Nov 2026 06:30:11 +1800", DATE_EXACT },
		{ "Tue, 24 Nov 2026 06:30:11 +1801", DATE_UNKNOWN_ZONE },
		{ "Tue, 24 Nov 2026 06:30:11 +00100", DATE_UNKNOWN_ZONE },
		{ "Tue, 24 Nov 2026 06:30:11 p", DATE_UNKNOWN_ZONE },
		{ "Tue, 24 Nov 2026 06:30:11 p.m", DATE_NO_ZONE },
		{ "2026年11月24日 6時", DATE_NO_ZONE },
		{ "2026年11月24日", DATE_EXACT },
		{ "2026-01-05T10:00:00[Europe/Paris]", DATE_EXACT },
		{ "2026-01-05T10:00:00[Europe/Nowhere]", DATE_UNKNOWN_ZONE },
		{ "2026-01-05 10:00:00 Mars/Phobos", DATE_UNKNOWN_ZONE },
		{ "2026-01-05T10:00:00Z[UTC]", DATE_EXACT },
		{ "/Date(1767607200000)/", DATE_EXACT },
		{ "soon", DATE_UNREADABLE },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		enum date_note note = DATE_EXACT;

		(void)date_read(cases[i].text, strlen(cases[i].text), &note);
		if (note != cases[i].want)
			fail_msg("%s: got %d, want %d", cases[i].text, (int)note,
			    (int)cases[i].want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zones_are_named_by_a_city),
		cmocka_unit_test(the_epoch_is_no_date),
		cmocka_unit_test(rfc_822_and_its_bad_relatives),
		cmocka_unit_test(rfc_3339_and_w3cdtf),
		cmocka_unit_test(asctime_unix_times_and_what_programs_print),
		cmocka_unit_test(the_edges_of_numbers),
		cmocka_unit_test(the_edges_of_times),
		cmocka_unit_test(beside_the_edges_of_numbers),
		cmocka_unit_test(months_in_other_languages),
		cmocka_unit_test(months_by_their_cases),
		cmocka_unit_test(months_that_are_others_next_door),
		cmocka_unit_test(digits_and_signs_of_other_widths),
		cmocka_unit_test(long_texts_are_no_dates),
		cmocka_unit_test(what_is_no_date_or_two_is_none),
		cmocka_unit_test(what_was_assumed_is_told),
	};

	return cmocka_run_group_tests_name("date", tests, NULL, NULL);
}
