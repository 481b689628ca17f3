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
	{ "JSON", "application/json", "{}", 415, 0, NULL },
	{ "text", "text/plain", "act=leave", 415, 0, NULL },
	{ "a type that begins alike", URLENCODED "x", "act=leave", 415, 0, NULL },
};

static void
what_is_sent_is_read(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		struct form f;
		const int status =
		    form_read(a, forms[i].type, forms[i].body, strlen(forms[i].body), &f);

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_sent_is_read),
		cmocka_unit_test(every_tick_counts),
	};

	return cmocka_run_group_tests_name("form", tests, NULL, NULL);
}
