/* SPDX-License-Identifier: ISC */
/*
 * Month names, zone abbreviations and other words of dates, in the languages that blog
 * programs write into pubDate when nobody looks.
 */
#include "feed/date_words.h"

#include <stdint.h>
#include <string.h>

#include "base/attr.h"
#include "base/letter_case.h"
#include "base/text.h"

/* Compared without regard to case, by the whole word without closing dot. */
struct date_word {
	const char *word;
	int value;
};

static const struct date_word months[] = {
	/* clang-format off */
	{ "jan", 1 }, { "feb", 2 }, { "mar", 3 }, { "apr", 4 }, { "may", 5 }, { "jun", 6 },
	{ "jul", 7 }, { "aug", 8 }, { "sep", 9 }, { "oct", 10 }, { "nov", 11 }, { "dec", 12 },
	{ "january", 1 }, { "february", 2 }, { "march", 3 }, { "april", 4 }, { "june", 6 },
	{ "july", 7 }, { "august", 8 }, { "september", 9 }, { "sept", 9 }, { "october", 10 },
	{ "november", 11 }, { "december", 12 },
	/* German, Austrian */
	{ "januar", 1 }, { "jänner", 1 }, { "jän", 1 }, { "februar", 2 }, { "märz", 3 },
	{ "mär", 3 }, { "mrz", 3 }, { "maerz", 3 }, { "mai", 5 }, { "juni", 6 },
	{ "juli", 7 }, { "okt", 10 }, { "oktober", 10 }, { "dez", 12 }, { "dezember", 12 },
	/* French */
	{ "janvier", 1 }, { "janv", 1 }, { "février", 2 }, { "fevrier", 2 }, { "févr", 2 },
	{ "fév", 2 }, { "fevr", 2 }, { "mars", 3 }, { "avril", 4 }, { "avr", 4 },
	{ "juin", 6 }, { "juillet", 7 }, { "juil", 7 }, { "août", 8 }, { "aout", 8 },
	{ "aoû", 8 }, { "septembre", 9 }, { "octobre", 10 }, { "novembre", 11 },
	{ "décembre", 12 }, { "decembre", 12 }, { "déc", 12 },
	/* Spanish, Portuguese, Italian, Catalan */
	{ "enero", 1 }, { "ene", 1 }, { "janeiro", 1 }, { "gennaio", 1 }, { "gen", 1 },
	{ "gener", 1 }, { "febrero", 2 }, { "fevereiro", 2 }, { "fev", 2 }, { "febbraio", 2 },
	{ "febrer", 2 }, { "marzo", 3 }, { "março", 3 }, { "març", 3 }, { "abril", 4 },
	{ "abr", 4 }, { "aprile", 4 }, { "mayo", 5 }, { "maio", 5 }, { "maggio", 5 },
	{ "mag", 5 }, { "maig", 5 }, { "junio", 6 }, { "junho", 6 }, { "giugno", 6 },
	{ "giu", 6 }, { "juny", 6 }, { "julio", 7 }, { "julho", 7 }, { "luglio", 7 },
	{ "lug", 7 }, { "juliol", 7 }, { "agosto", 8 }, { "ago", 8 }, { "agost", 8 },
	{ "septiembre", 9 }, { "setiembre", 9 }, { "setembro", 9 }, { "settembre", 9 },
	{ "set", 9 }, { "setembre", 9 }, { "octubre", 10 }, { "outubro", 10 }, { "out", 10 },
	{ "ottobre", 10 }, { "ott", 10 }, { "noviembre", 11 }, { "novembro", 11 },
	{ "diciembre", 12 }, { "dic", 12 }, { "dezembro", 12 }, { "dicembre", 12 },
	{ "desembre", 12 },
	/* Dutch, Danish, Norwegian, Swedish, Finnish */
	{ "januari", 1 }, { "februari", 2 }, { "maart", 3 }, { "mrt", 3 }, { "mei", 5 },
	{ "augustus", 8 }, { "augusti", 8 }, { "marts", 3 }, { "maj", 5 }, { "desember", 12 },
	{ "des", 12 }, { "tammikuu", 1 }, { "helmikuu", 2 }, { "maaliskuu", 3 },
	{ "huhtikuu", 4 }, { "toukokuu", 5 }, { "kesäkuu", 6 }, { "heinäkuu", 7 },
	{ "elokuu", 8 }, { "syyskuu", 9 }, { "lokakuu", 10 }, { "marraskuu", 11 },
	{ "joulukuu", 12 }, { "tammi", 1 }, { "helmi", 2 }, { "maalis", 3 }, { "huhti", 4 },
	{ "touko", 5 }, { "kesä", 6 }, { "heinä", 7 }, { "elo", 8 }, { "syys", 9 },
	{ "loka", 10 }, { "marras", 11 }, { "joulu", 12 }, { "maa", 3 }, { "huh", 4 },
	{ "tou", 5 }, { "hei", 7 }, { "syy", 9 }, { "lok", 10 }, { "joul", 12 },
	{ "tammikuuta", 1 }, { "helmikuuta", 2 }, { "maaliskuuta", 3 }, { "huhtikuuta", 4 },
	{ "toukokuuta", 5 }, { "kesäkuuta", 6 }, { "heinäkuuta", 7 }, { "elokuuta", 8 },
	{ "syyskuuta", 9 }, { "lokakuuta", 10 }, { "marraskuuta", 11 }, { "joulukuuta", 12 },
	/* Polish, Czech; "listopada", "lis" and "lip" are others in Croatian (below) */
	{ "stycznia", 1 }, { "styczeń", 1 }, { "sty", 1 }, { "lutego", 2 }, { "luty", 2 },
	{ "lut", 2 }, { "marca", 3 }, { "marzec", 3 }, { "kwietnia", 4 }, { "kwiecień", 4 },
	{ "kwi", 4 }, { "maja", 5 }, { "czerwca", 6 }, { "czerwiec", 6 }, { "cze", 6 },
	{ "lipca", 7 }, { "lipiec", 7 }, { "lip", 7 }, { "sierpnia", 8 }, { "sierpień", 8 },
	{ "sie", 8 }, { "września", 9 }, { "wrzesień", 9 }, { "wrz", 9 },
	{ "października", 10 }, { "październik", 10 }, { "paź", 10 }, { "listopada", 11 },
	{ "lis", 11 }, { "grudnia", 12 }, { "grudzień", 12 }, { "gru", 12 },
	{ "ledna", 1 }, { "leden", 1 }, { "února", 2 }, { "únor", 2 }, { "března", 3 },
	{ "březen", 3 }, { "dubna", 4 }, { "duben", 4 }, { "května", 5 }, { "květen", 5 },
	{ "června", 6 }, { "červen", 6 }, { "července", 7 }, { "červenec", 7 },
	{ "srpna", 8 }, { "srpen", 8 }, { "září", 9 }, { "října", 10 }, { "říjen", 10 },
	{ "listopadu", 11 }, { "prosince", 12 }, { "prosinec", 12 },
	/* Croatian; "listopada" is told apart by what stands beside it */
	{ "siječnja", 1 }, { "veljače", 2 }, { "ožujka", 3 }, { "travnja", 4 },
	{ "svibnja", 5 }, { "lipnja", 6 }, { "srpnja", 7 }, { "kolovoza", 8 }, { "rujna", 9 },
	{ "studenoga", 11 }, { "studenog", 11 }, { "prosinca", 12 },
	/* Russian, Ukrainian, Bulgarian */
	{ "янв", 1 }, { "января", 1 }, { "январь", 1 }, { "фев", 2 }, { "февраля", 2 },
	{ "февраль", 2 }, { "мар", 3 }, { "марта", 3 }, { "март", 3 }, { "апр", 4 },
	{ "апреля", 4 }, { "апрель", 4 }, { "май", 5 }, { "мая", 5 }, { "июн", 6 },
	{ "июня", 6 }, { "июнь", 6 }, { "июл", 7 }, { "июля", 7 }, { "июль", 7 },
	{ "авг", 8 }, { "августа", 8 }, { "август", 8 }, { "сен", 9 }, { "сент", 9 },
	{ "сентября", 9 }, { "сентябрь", 9 }, { "окт", 10 }, { "октября", 10 },
	{ "октябрь", 10 }, { "ноя", 11 }, { "нояб", 11 }, { "ноября", 11 },
	{ "ноябрь", 11 }, { "дек", 12 }, { "декабря", 12 }, { "декабрь", 12 },
	{ "січня", 1 }, { "лютого", 2 }, { "березня", 3 }, { "квітня", 4 }, { "травня", 5 },
	{ "червня", 6 }, { "липня", 7 }, { "серпня", 8 }, { "вересня", 9 }, { "жовтня", 10 },
	{ "листопада", 11 }, { "грудня", 12 },
	{ "січ", 1 }, { "лют", 2 }, { "бер", 3 }, { "кві", 4 }, { "тра", 5 }, { "чер", 6 },
	{ "лип", 7 }, { "сер", 8 }, { "вер", 9 }, { "жов", 10 }, { "лис", 11 }, { "гру", 12 },
	{ "януари", 1 }, { "февруари", 2 }, { "април", 4 }, { "юни", 6 }, { "юли", 7 },
	{ "септември", 9 }, { "октомври", 10 }, { "ноември", 11 }, { "декември", 12 },
	/* Greek */
	{ "Ιαν", 1 }, { "Φεβ", 2 }, { "Μάώ", 3 }, { "Μαώ", 3 }, { "Μάρ", 3 }, { "Μαρ", 3 },
	{ "Απρ", 4 }, { "Μάι", 5 }, { "Μαϊ", 5 }, { "Μαι", 5 }, { "Μαΐ", 5 }, { "Ιούν", 6 },
	{ "Ιον", 6 }, { "Ιουν", 6 }, { "Ιούλ", 7 }, { "Ιολ", 7 }, { "Ιουλ", 7 },
	{ "Αύγ", 8 }, { "Αυγ", 8 }, { "Σεπ", 9 }, { "Οκτ", 10 }, { "Νοέ", 11 },
	{ "Νοε", 11 }, { "Δεκ", 12 },
	{ "Ιανουαρίου", 1 }, { "Φεβρουαρίου", 2 }, { "Μαρτίου", 3 }, { "Απριλίου", 4 },
	{ "Μαΐου", 5 }, { "Μαίου", 5 }, { "Μαϊου", 5 }, { "Ιουνίου", 6 }, { "Ιουλίου", 7 },
	{ "Αυγούστου", 8 }, { "Σεπτεμβρίου", 9 }, { "Οκτωβρίου", 10 }, { "Νοεμβρίου", 11 },
	{ "Δεκεμβρίου", 12 },
	/* Hungarian */
	{ "január", 1 }, { "janu\303\241ri", 1 }, { "február", 2 }, { "febru\303\241ri", 2 },
	{ "március", 3 }, { "m\303\241rcius", 3 }, { "április", 4 }, { "\303\241prilis", 4 },
	{ "máujus", 5 }, { "május", 5 }, { "június", 6 }, { "július", 7 },
	{ "augusztus", 8 }, { "szeptember", 9 }, { "október", 10 },
	/* Turkish, Romanian, Indonesian */
	{ "ocak", 1 }, { "oca", 1 }, { "şubat", 2 }, { "şub", 2 }, { "mart", 3 },
	{ "nisan", 4 }, { "nis", 4 }, { "mayıs", 5 }, { "haziran", 6 }, { "haz", 6 },
	{ "temmuz", 7 }, { "tem", 7 }, { "ağustos", 8 }, { "ağu", 8 }, { "eylül", 9 },
	{ "eyl", 9 }, { "ekim", 10 }, { "eki", 10 }, { "kasım", 11 }, { "kas", 11 },
	{ "aralık", 12 }, { "ara", 12 },
	{ "ianuarie", 1 }, { "ian", 1 }, { "februarie", 2 }, { "martie", 3 }, { "aprilie", 4 },
	{ "iunie", 6 }, { "iulie", 7 }, { "septembrie", 9 }, { "octombrie", 10 },
	{ "noiembrie", 11 }, { "decembrie", 12 },
	{ "maret", 3 }, { "agustus", 8 }, { "agu", 8 }, { "desember", 12 },
};
/* clang-format on */

/* Minutes east of UTC.  Abbreviations that mean several zones are not here, but for those of
 * RFC 822 and the ones that feeds use in one sense. */
static const struct date_word zones[] = {
	/* clang-format off */
	{ "z", 0 }, { "ut", 0 }, { "utc", 0 }, { "gmt", 0 }, { "wet", 0 }, { "west", 60 },
	{ "est", -300 }, { "edt", -240 }, { "cst", -360 }, { "cdt", -300 },
	{ "mst", -420 }, { "mdt", -360 }, { "pst", -480 }, { "pdt", -420 },
	{ "at", -240 }, { "et", -300 }, { "ct", -360 }, { "mt", -420 }, { "pt", -480 },
	{ "akst", -540 }, { "akdt", -480 }, { "hst", -600 }, { "ast", -240 },
	{ "adt", -180 }, { "nst", -210 }, { "ndt", -150 },
	{ "bst", 60 }, { "cet", 60 }, { "cest", 120 }, { "met", 60 }, { "mest", 120 },
	{ "mez", 60 }, { "mesz", 120 }, { "eet", 120 }, { "eest", 180 }, { "msk", 180 },
	{ "msd", 240 }, { "jst", 540 }, { "kst", 540 }, { "aest", 600 }, { "aedt", 660 },
	{ "acst", 570 }, { "acdt", 630 }, { "awst", 480 }, { "nzst", 720 }, { "nzdt", 780 },
	{ "hkt", 480 }, { "sgt", 480 }, { "pht", 480 }, { "wib", 420 }, { "brt", -180 },
	{ "brst", -120 }, { "art", -180 }, { "clt", -240 }, { "pkt", 300 }, { "sast", 120 },
};
/* clang-format on */

/* Both begin with a letter of ASCII, and with another one: most words are told apart by that. */
static bool
begin_apart(const char *text, const char *word)
{
	const unsigned char a = (unsigned char)*text;
	const unsigned char b = (unsigned char)*word;

	return a < 0x80 && b < 0x80 && ascii_lower(a) != ascii_lower(b);
}

/* Every letter is as long as its capital. */
static bool
is_word(const char *text, size_t len, const char *word)
{
	size_t at = 0;

	if (len == 0 || begin_apart(text, word) || strlen(word) != len)
		return false;
	while (at < len) {
		uint32_t a = 0;
		uint32_t b = 0;
		size_t a_len = text_decode(text + at, len - at, &a);

		if (text_decode(word + at, len - at, &b) != a_len ||
		    letter_fold(a) != letter_fold(b))
			return false;
		at += a_len;
	}
	return true;
}

static const struct date_word *
find_word(const struct date_word *list, size_t count, const char *text, size_t len)
{
	for (size_t i = 0; i < count; i++)
		if (is_word(text, len, list[i].word))
			return &list[i];
	return NULL;
}

enum date_day
date_weekday(const char *text, size_t len)
{
	enum { EN = DATE_DAY_ENGLISH, HR = DATE_DAY_CROATIAN };
	/* clang-format off */
	static const struct date_word days[] = {
		{ "mon", EN }, { "tue", EN }, { "wed", EN }, { "thu", EN }, { "fri", EN },
		{ "sat", EN }, { "sun", EN }, { "uto", HR }, { "sri", HR }, { "čet", HR },
		{ "pet", HR }, { "sub", HR }, { "ned", HR }, { "ponedjeljak", HR },
		{ "utorak", HR }, { "srijeda", HR }, { "četvrtak", HR }, { "petak", HR },
		{ "subota", HR }, { "nedjelja", HR }, { "pon", DATE_DAY_SLAVIC_MONDAY },
	};
	/* clang-format on */
	const struct date_word *found = find_word(days, ARRAY_LEN(days), text, len);

	return found ? (enum date_day)found->value : DATE_DAY_UNKNOWN;
}

int
date_croatian_month(const char *text, size_t len)
{
	static const struct date_word others[] = { { "listopada", 10 },
		{ "listopadu", 10 }, { "lis", 10 }, { "lip", 6 } };
	const struct date_word *found = find_word(others, ARRAY_LEN(others), text, len);

	return found ? found->value : 0;
}

/* The ASCII character for a wide, foreign or typographic form of it; c itself for the rest. */
static uint32_t
plain_char(uint32_t c)
{
	/* Arabic, Persian, Hindi */
	static const uint32_t zeros[] = { 0x660, 0x6F0, 0x966 };

	for (size_t i = 0; i < ARRAY_LEN(zeros); i++)
		if (c >= zeros[i] && c <= zeros[i] + 9)
			return c - zeros[i] + '0';
	if (c >= 0xFF01 && c <= 0xFF5E)
		return c - 0xFF01 + '!';
	if (c == 0x2212 || c == 0x2010 || c == 0x2011)
		return '-';
	if (c == 0xA0 || c == 0x3000 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F)
		return ' ';
	return c;
}

int
date_month(const char *text, size_t len)
{
	const struct date_word *found = find_word(months, ARRAY_LEN(months), text, len);

	return found ? found->value : 0;
}

size_t
date_copy_plain(const char *text, size_t len, char *out, size_t size)
{
	size_t n = 0;
	size_t at = 0;

	while (at < len) {
		uint32_t c = 0;
		size_t bytes = text_decode(text + at, len - at, &c);
		uint32_t plain = plain_char(c);

		if (n + bytes >= size) {
			out[0] = '\0';
			return 0;
		}
		if (plain < 0x80 && c >= 0x80) {
			out[n++] = (char)plain;
		} else {
			memcpy(out + n, text + at, bytes);
			n += bytes;
		}
		at += bytes;
	}
	out[n] = '\0';
	return n;
}

bool
date_zone(const char *text, size_t len, int *minutes)
{
	const struct date_word *found = find_word(zones, ARRAY_LEN(zones), text, len);

	if (found)
		*minutes = found->value;
	return found != NULL;
}
