/* SPDX-License-Identifier: ISC */
/* What a form sends, in both encodings, and what no form of ours sends. */
#include "unit/store_fixture.h"

#include "base/attr.h"
#include "web/form.h"
#include "web/request.h"

#define URLENCODED "application/x-www-form-urlencoded"
#define MULTIPART "multipart/form-data; boundary=xY9"
#define PART(name, value) \
	"--xY9\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" value "\r\n"

static const struct {
	const char *name, *type, *body;
	int status;
	enum form_field field;
	const char *value; /* "(none)": not sent */
} forms[] = {
	{ "one click", URLENCODED, "List-Unsubscribe=One-Click", 200, FIELD_ONE_CLICK,
	    "One-Click" },
	{ "one click in parts", MULTIPART,
	    PART("List-Unsubscribe", "One-Click") "--xY9--\r\n", 200, FIELD_ONE_CLICK,
	    "One-Click" },
	{ "with a charset", "Application/X-WWW-Form-Urlencoded; charset=UTF-8",
	    "act=leave", 200, FIELD_ACT, "leave" },
	{ "a quoted boundary", "multipart/form-data; charset=utf-8; boundary=\"xY9\"",
	    PART("act", "undo") "--xY9--", 200, FIELD_ACT, "undo" },
	{ "something before the parts", MULTIPART,
	    "hello\r\n" PART("act", "undo") "--xY9--", 200, FIELD_ACT, "undo" },
	{ "fields of other forms", URLENCODED, "a=b&&=&x&act=save", 200, FIELD_ACT,
	    "save" },
	{ "escapes and blanks", URLENCODED, "why=a+b%20%C3%A4%2B&act=why", 200, FIELD_WHY,
	    "a b \xc3\xa4+" },
	{ "a percent sign alone", URLENCODED, "why=100%&act=why", 200, FIELD_WHY,
	    "100%" },
	{ "the first of two", URLENCODED, "act=undo&act=leave", 200, FIELD_ACT, "undo" },
	{ "an empty body", "", "", 200, FIELD_ACT, "(none)" },
	{ "an empty value", URLENCODED, "email=", 200, FIELD_EMAIL, "" },
	{ "a line end in a line", URLENCODED, "email=a%40b.example%0d%0aBcc:x", 400, 0,
	    NULL },
	{ "a NUL", URLENCODED, "email=a%00b", 400, 0, NULL },
	{ "bytes that are no UTF-8", URLENCODED, "why=%ff%fe", 400, 0, NULL },
	{ "a turn of direction", URLENCODED, "why=%e2%80%ae", 400, 0, NULL },
	{ "a word with a blank", URLENCODED, "act=a+b", 400, 0, NULL },
	{ "a word that is too long", URLENCODED, "act=aaaaaaaaaaaaaaaaaaaaa", 400, 0,
	    NULL },
	{ "parts without an end", MULTIPART, PART("act", "undo"), 400, 0, NULL },
	{ "a part without a body", MULTIPART, "--xY9\r\nX: y\r\n--xY9--", 400, 0, NULL },
	{ "no boundary", "multipart/form-data", PART("act", "undo"), 400, 0, NULL },
	{ "parts that are not there", MULTIPART, "--other--", 400, 0, NULL },
	{ "an octet at the end", URLENCODED, "why=%41", 200, FIELD_WHY, "A" },
	{ "half of one", URLENCODED, "why=a%4", 200, FIELD_WHY, "a%4" },
	{ "its first digit is none", URLENCODED, "why=%g1%/0%:0", 200, FIELD_WHY,
	    "%g1%/0%:0" },
	{ "nor its second", URLENCODED, "why=%4g%4/%4:%4`%4@", 200, FIELD_WHY,
	    "%4g%4/%4:%4`%4@" },
	{ "all digits", URLENCODED, "why=%30%39%4a%4F%5A%5f%6B%7c%7D%7e", 200, FIELD_WHY,
	    "09JOZ_k|}~" },
	{ "an octet behind half of one", URLENCODED, "why=%%41", 200, FIELD_WHY, "%A" },
	{ "a name in octets", URLENCODED, "%61ct=undo", 200, FIELD_ACT, "undo" },
	{ "a name without a value", URLENCODED, "why&act=undo", 200, FIELD_WHY, "" },
	{ "and what is behind it", URLENCODED, "why&act=undo", 200, FIELD_ACT, "undo" },
	{ "one at the end", URLENCODED, "act=undo&why", 200, FIELD_WHY, "" },
	{ "an end of a pair at the end", URLENCODED, "act=undo&", 200, FIELD_ACT,
	    "undo" },
	{ "and at the beginning", URLENCODED, "&act=undo", 200, FIELD_ACT, "undo" },
	{ "a value of an equals sign", URLENCODED, "why==&act=undo", 200, FIELD_WHY,
	    "=" },
	{ "a field of one letter", URLENCODED, "a=undo", 200, FIELD_ACT, "(none)" },
	{ "a longer name", URLENCODED, "acts=undo", 200, FIELD_ACT, "(none)" },
	{ "a name in capitals", URLENCODED, "ACT=undo", 200, FIELD_ACT, "(none)" },
	{ "all that a word may have", URLENCODED, "act=azAZ09-._", 200, FIELD_ACT,
	    "azAZ09-._" },
	{ "nothing where a word may stand", URLENCODED, "act=", 200, FIELD_ACT, "" },
	{ "a slash in a word", URLENCODED, "act=a/b", 400, 0, NULL },
	{ "an umlaut in a word", URLENCODED, "act=%c3%a4", 400, 0, NULL },
	{ "a tab in a line", URLENCODED, "why=a%09", 400, 0, NULL },
	{ "a hidden sign behind others", URLENCODED, "why=ab%c3%a4%e2%80%8b", 400, 0,
	    NULL },
	{ "a hidden one first", URLENCODED, "why=%e2%80%8bab", 400, 0, NULL },
	{ "a NUL in a field of nobody", URLENCODED, "x=a%00b", 400, 0, NULL },
	{ "a source with a line end", URLENCODED, "source=a%0ab", 400, 0, NULL },
	/* ---- multipart/form-data ---- */
	{ "two parts", MULTIPART, PART("why", "x") PART("act", "undo") "--xY9--", 200,
	    FIELD_ACT, "undo" },
	{ "the first of them", MULTIPART, PART("why", "x") PART("act", "undo") "--xY9--",
	    200, FIELD_WHY, "x" },
	{ "no part", MULTIPART, "--xY9--", 200, FIELD_ACT, "(none)" },
	{ "something behind the last", MULTIPART, PART("act", "undo") "--xY9--\r\nbye",
	    200, FIELD_ACT, "undo" },
	{ "an empty part", MULTIPART, PART("email", "") "--xY9--", 200, FIELD_EMAIL, "" },
	{ "what looks like an end", MULTIPART, PART("why", "x--xY9--") "--xY9--", 200,
	    FIELD_WHY, "x--xY9--" },
	{ "a line end within", MULTIPART, PART("why", "a\r\nb") "--xY9--", 400, 0, NULL },
	{ "a carriage return before the end", MULTIPART, PART("why", "a\r") "--xY9--",
	    400, 0, NULL },
	{ "of a field of nobody", MULTIPART,
	    PART("x", "a\r\n--xY\r\r\r\n--x\r") PART("act", "undo") "--xY9--", 200,
	    FIELD_ACT, "undo" },
	{ "other fields of a part", MULTIPART,
	    "--xY9\r\nContent-Type: text/plain\r\ncontent-disposition: form-data;\tNAME="
	    "act; filename=x\r\nX: y\r\n\r\nundo\r\n--xY9--",
	    200, FIELD_ACT, "undo" },
	{ "the first name counts", MULTIPART,
	    "--xY9\r\nContent-Disposition: x;name=act\r\nContent-Disposition: x;name=why"
	    "\r\n\r\nundo\r\n--xY9--",
	    200, FIELD_ACT, "undo" },
	{ "a part without a name", MULTIPART,
	    "--xY9\r\nContent-Disposition:\r\n\r\nundo\r\n" PART("act", "why") "--xY9--",
	    200, FIELD_ACT, "why" },
	{ "a part without any field", MULTIPART,
	    "--xY9\r\n\r\nundo\r\n" PART("act", "why") "--xY9--", 200, FIELD_ACT, "why" },
	{ "a name that only ends so", MULTIPART,
	    "--xY9\r\nContent-Disposition: x; filename=act; x=name=act\r\n\r\nundo\r\n"
	    "--xY9--",
	    200, FIELD_ACT, "(none)" },
	{ "a name without a value", MULTIPART,
	    "--xY9\r\nContent-Disposition: x; name\r\n\r\nundo\r\n--xY9--", 200,
	    FIELD_ACT, "(none)" },
	{ "a name at once", MULTIPART,
	    "--xY9\r\nContent-Disposition:name=act\r\n\r\nundo\r\n--xY9--", 200,
	    FIELD_ACT, "undo" },
	{ "quotes that do not end", MULTIPART,
	    "--xY9\r\nContent-Disposition: x; name=\"act\r\n\r\nundo\r\n--xY9--", 200,
	    FIELD_ACT, "undo" },
	{ "a line feed alone", MULTIPART,
	    "--xY9\r\nContent-Disposition: x; name=act\n\nundo\r\n--xY9--", 400, 0,
	    NULL },
	{ "a carriage return alone", MULTIPART,
	    "--xY9\r\nX: y\rContent-Disposition: x; name=act\r\n\r\nundo\r\n--xY9--", 400,
	    0, NULL },
	{ "a boundary that goes on", MULTIPART, "--xY9x\r\n\r\nundo\r\n--xY9--", 400, 0,
	    NULL },
	{ "a dash alone", MULTIPART, "--xY9-x", 400, 0, NULL },
	{ "a refused value in a part", MULTIPART, PART("act", "a b") "--xY9--", 400, 0,
	    NULL },
	/* ---- the type ---- */
	{ "a boundary and more", "multipart/form-data;boundary=xY9;charset=utf-8",
	    PART("act", "undo") "--xY9--", 200, FIELD_ACT, "undo" },
	{ "a boundary in capitals", "Multipart/Form-Data;\tBOUNDARY=xY9",
	    PART("act", "undo") "--xY9--", 200, FIELD_ACT, "undo" },
	{ "another case is another", "multipart/form-data; boundary=XY9",
	    PART("act", "undo") "--xY9--", 400, 0, NULL },
	{ "an empty boundary", "multipart/form-data; boundary=", "--\r\n\r\n\r\n----",
	    400, 0, NULL },
	{ "an empty one in quotes", "multipart/form-data; boundary=\"\"", "----", 400, 0,
	    NULL },
	{ "the longest boundary",
	    "multipart/form-data; boundary=1234567890123456789012345678901234567890"
	    "123456789012345678901234567890",
	    "--1234567890123456789012345678901234567890123456789012345678901234567890--",
	    200, FIELD_ACT, "(none)" },
	{ "a longer one",
	    "multipart/form-data; boundary=1234567890123456789012345678901234567890"
	    "1234567890123456789012345678901",
	    "--12345678901234567890123456789012345678901234567890123456789012345678901--",
	    400, 0, NULL },
	{ "a boundary of something else", "multipart/form-data; x=boundary=xY9",
	    PART("act", "undo") "--xY9--", 400, 0, NULL },
	{ "a type and a blank", URLENCODED " ", "act=undo", 200, FIELD_ACT, "undo" },
	{ "a type and a tab", URLENCODED "\t;x", "act=undo", 200, FIELD_ACT, "undo" },
	{ "a form without anything", URLENCODED, "", 200, FIELD_ACT, "(none)" },
	{ "another type without anything", "text/plain", "", 415, 0, NULL },
	{ "no type", "", "act=undo", 415, 0, NULL },
	{ "a blank as the type", " ", "", 200, FIELD_ACT, "(none)" },
	{ "a type that ends sooner", "multipart/form-dat; boundary=xY9", "--xY9--", 415,
	    0, NULL },
	{ "one of the same length", "multipart/form-dato; boundary=xY9", "--xY9--", 415,
	    0, NULL },
	{ "JSON", "application/json", "{}", 415, 0, NULL },
	{ "text", "text/plain", "act=leave", 415, 0, NULL },
	{ "a type that begins alike", URLENCODED "x", "act=leave", 415, 0, NULL },
};

/* No byte behind the body may be looked at: it is one that is not there. */
static int
read_exactly(struct arena *a, const char *type, const char *body, size_t len,
    struct form *f)
{
	char *exact = malloc(len > 0 ? len : 1);
	int status = 0;

	assert_non_null(exact);
	memcpy(exact, body, len);
	status = form_read(a, type, len > 0 ? exact : exact + 1, len, f);
	free(exact);
	return status;
}

static void
what_is_sent_is_read(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		struct form f;
		const int status = read_exactly(a, forms[i].type, forms[i].body,
		    strlen(forms[i].body), &f);

		SAME_INT(forms[i].name, status, forms[i].status);
		if (status == 200)
			SAME_TEXT(forms[i].name, f.values[forms[i].field],
			    forms[i].value);
	}
	arena_free(a);
}

static void
every_tick_counts(void **state)
{
	static const char body[] = "source=a&source=b%20c&act=save&source=d";
	struct arena *a = arena_new();
	struct form f;

	(void)state;
	SAME_INT("status", form_read(a, URLENCODED, body, sizeof(body) - 1, &f), 200);
	SAME_INT("ticks", f.source_count, 3);
	SAME_TEXT("second", f.sources[1], "b c");
	SAME_TEXT("button", form_value(&f, FIELD_ACT), "save");
	SAME_TEXT("not sent", form_value(&f, FIELD_WHY), "");
	arena_free(a);
}

static const struct {
	enum form_field field;
	const char *name;
	size_t max;
	bool is_word; /* else a line */
} limits[] = {
	{ FIELD_ACT, "act", 20, true },
	{ FIELD_ONE_CLICK, "List-Unsubscribe", 20, true },
	{ FIELD_EMAIL, "email", 400, false },
	{ FIELD_RHYTHM, "rhythm", 20, true },
	{ FIELD_WEEKDAY, "wday", 20, true },
	{ FIELD_MONTHDAY, "mday", 20, true },
	{ FIELD_HOUR, "hour", 20, false },
	{ FIELD_ZONE, "zone", 100, false },
	{ FIELD_LENGTH, "length", 20, true },
	{ FIELD_FORMAT, "format", 20, true },
	{ FIELD_LANGUAGE, "language", 40, true },
	{ FIELD_PICTURES, "pictures", 20, true },
	{ FIELD_WHICH, "which", 20, true },
	{ FIELD_HOLD, "hold", 40, false },
	{ FIELD_MISSED, "missed", 20, true },
	{ FIELD_CODE, "code", 40, false },
	{ FIELD_ASKED, "asked", 80, true },
	{ FIELD_TRAP, "website", 1000, false },
	{ FIELD_SHOWN, "shown", 80, true },
	{ FIELD_WHY, "why", 1000, false },
	{ FIELD_GROUP, "group", 20, true },
	{ FIELD_COUNT, "source", 200, false },
};

/* As long as it may be, a byte more, and with a blank. */
static void
each_field_has_its_length_and_signs(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(limits); i++) {
		char value[1002];
		struct form f;
		const char *body = NULL;

		memset(value, 'a', limits[i].max + 1);
		value[limits[i].max + 1] = '\0';
		body = arena_printf(a, "%s=%s", limits[i].name, value);
		SAME_INT(limits[i].name,
		    read_exactly(a, URLENCODED, body, strlen(body), &f), 400);
		SAME_INT("the longest",
		    read_exactly(a, URLENCODED, body, strlen(body) - 1, &f), 200);
		value[limits[i].max] = '\0';
		SAME_TEXT(limits[i].name,
		    limits[i].field < FIELD_COUNT ? f.values[limits[i].field]
						  : f.sources[0],
		    value);
		SAME_INT("ticks", f.source_count, limits[i].field == FIELD_COUNT);
		body = arena_printf(a, "%s=a+b", limits[i].name);
		SAME_INT(limits[i].name,
		    read_exactly(a, URLENCODED, body, strlen(body), &f),
		    limits[i].is_word ? 400 : 200);
	}
	arena_free(a);
}

/* A form in parts that ends too early is refused, wherever that is. */
static void
a_part_of_a_form_is_refused(void **state)
{
	static const char body[] =
	    "x\r\n" PART("act", "undo") "--xY9\r\nX: y\r\n\r\n--xY\r\n--xY9--";
	struct arena *a = arena_new();
	struct form f;

	(void)state;
	for (size_t len = 0; len < sizeof(body) - 1; len++)
		SAME_INT(arena_strndup(a, body, len),
		    read_exactly(a, MULTIPART, body, len, &f), 400);
	SAME_INT("all of it", read_exactly(a, MULTIPART, body, sizeof(body) - 1, &f),
	    200);
	SAME_TEXT("its value", f.values[FIELD_ACT], "undo");
	for (size_t len = 1; len < sizeof("why=%41%42&b&=") - 1; len++)
		SAME_INT("the beginning of a form",
		    read_exactly(a, URLENCODED, "why=%41%42&b&=", len, &f), 200);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_sent_is_read),
		cmocka_unit_test(every_tick_counts),
		cmocka_unit_test(each_field_has_its_length_and_signs),
		cmocka_unit_test(a_part_of_a_form_is_refused),
	};

	return cmocka_run_group_tests_name("form", tests, NULL, NULL);
}
