/* SPDX-License-Identifier: ISC */
#include <iconv.h>
#include <stdio.h>

#include "feed_fixture.h"

#define DECLARED(name) "<?xml version='1.0' encoding='" name "'?>"
#define TITLE(text) "<rss version='2.0'><channel><title>" text "</title></channel></rss>"

static const struct {
	const char *name;
	const char *text;
	size_t len; /* 0: strlen */
	const char *type;
	const char *encoding;
	const char *title;
	const char *warning; /* or NULL */
} cases[] = {
	/* clang-format off */
	{ .name = "nothing said", .text = TITLE("caf\xc3\xa9 \xe2\x80\x94"), .encoding = "UTF-8",
	    .title = "café —" },
	{ .name = "declared latin1 is windows-1252", .text = DECLARED("ISO-8859-1")
	    TITLE("caf\xe9 \x93x\x94"), .encoding = "windows-1252", .title = "café “x”" },
	{ .name = "declared, but UTF-8 all the same", .text = DECLARED("ISO-8859-1")
	    TITLE("caf\xc3\xa9 \xe2\x80\x94"), .encoding = "UTF-8", .title = "café —",
	    .warning = "encoding is said to be ISO-8859-1; read as UTF-8" },
	{ .name = "UTF-8 is said, windows-1252 is meant", .text = DECLARED("UTF-8")
	    TITLE("caf\xe9"), .encoding = "windows-1252", .title = "café",
	    .warning = "encoding is said to be UTF-8; read as windows-1252" },
	{ .name = "UTF-8 with a stray byte", .text = TITLE("caf\xc3\xa9 \xe2\x80\x94 \x92"),
	    .encoding = "UTF-8", .title = "café — ’",
	    .warning = "UTF-8 with bytes of windows-1252 in it" },
	{ .name = "HTTP goes before the declaration", .text = DECLARED("ISO-8859-1")
	    TITLE("\xcf\xcb"), .type = "application/rss+xml; charset=\"KOI8-R\"",
	    .encoding = "KOI8-R", .title = "ок" },
	{ .name = "the BOM goes before all", .text = "\xef\xbb\xbf" DECLARED("KOI8-R")
	    TITLE("caf\xc3\xa9"), .type = "text/xml; charset=ISO-8859-1", .encoding = "UTF-8",
	    .title = "café" },
	{ .name = "windows-1251", .text = DECLARED("windows-1251") TITLE("\xce\xea"),
	    .encoding = "windows-1251", .title = "Ок" },
	{ .name = "Shift_JIS", .text = DECLARED("Shift_JIS") TITLE("\x93\xfa\x96\x7b"),
	    .encoding = "Shift_JIS", .title = "日本" },
	{ .name = "GB2312 is GB18030", .text = DECLARED("gb2312") TITLE("\xd6\xd0\xb9\xfa"),
	    .encoding = NULL, .title = "中国" },
	{ .name = "EUC-KR", .text = DECLARED("euc-kr") TITLE("\xb3\xe2"), .encoding = NULL,
	    .title = "년" },
	{ .name = "an encoding nobody knows", .text = DECLARED("x-none") TITLE("caf\xc3\xa9"),
	    .encoding = "UTF-8", .title = "café" },
	{ .name = "UTF-16 is claimed, ASCII is there", .text = DECLARED("UTF-16") TITLE("x"),
	    .encoding = "UTF-8", .title = "x" },
	{ .name = "encoded twice", .text = TITLE("caf\xc3\x83\xc2\xa9, r\xc3\x83\xc2\xa9sum\xc3\x83"
	    "\xc2\xa9"), .encoding = "UTF-8", .title = "café, résumé",
	    .warning = "encoded as UTF-8 twice" },
	{ .name = "encoded twice, three bytes each", .text = TITLE("a \xc3\xa2\xe2\x82\xac\xe2\x80\x9d b "
	    "\xc3\xa2\xe2\x82\xac\xe2\x80\x9d c \xc3\xa2\xe2\x82\xac\xe2\x80\x9d"),
	    .encoding = "UTF-8", .title = "a — b — c —",
	    .warning = "encoded as UTF-8 twice" },
	{ .name = "C1 characters", .text = TITLE("don\xc2\x92t"), .encoding = "UTF-8",
	    .title = "don’t", .warning = "control characters read as windows-1252" },
	{ .name = "NUL bytes go", .text = "<rss version='2.0'><channel><title>a\0b</title>"
	    "</channel></rss>", .len = 62, .encoding = "UTF-8", .title = "ab" },
};
/* clang-format on */

static void
what_is_said_then_what_works(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		size_t len = cases[i].len ? cases[i].len : strlen(cases[i].text);
		struct parsed p = parse_bytes(cases[i].text, len, NULL, cases[i].type);

		if (!p.feed)
			fail_msg("%s: no feed: %s", cases[i].name, p.err.text);
		expect_text(cases[i].name, "title", p.feed->title, cases[i].title);
		if (cases[i].encoding)
			expect_text(cases[i].name, "encoding", p.feed->encoding,
			    cases[i].encoding);
		if (cases[i].warning && !has_warning(p.feed, cases[i].warning))
			fail_msg("%s: got \"%s\", want \"%s\"", cases[i].name,
			    p.feed->warning_count ? p.feed->warnings[0] : "",
			    cases[i].warning);
		if (!cases[i].warning && p.feed->warning_count > 0 && !cases[i].len)
			fail_msg("%s: got \"%s\", want no warning", cases[i].name,
			    p.feed->warnings[0]);
		parsed_free(&p);
	}
}

static void
wide_characters_are_told_by_their_zeros(void **state)
{
	static const char text[] = TITLE("x");
	static const struct {
		const char *name;
		size_t width, at; /* bytes a character, place of the ASCII byte in it */
		const char *mark;
		size_t mark_len;
		const char *want;
	} forms[] = {
		{ "UTF-16BE with BOM", 2, 1, "\xfe\xff", 2, "UTF-16BE" },
		{ "UTF-16LE with BOM", 2, 0, "\xff\xfe", 2, "UTF-16LE" },
		{ "UTF-16BE", 2, 1, "", 0, "UTF-16BE" },
		{ "UTF-16LE", 2, 0, "", 0, "UTF-16LE" },
		{ "UTF-32BE with BOM", 4, 3, "\0\0\xfe\xff", 4, "UTF-32BE" },
		{ "UTF-32LE", 4, 0, "", 0, "UTF-32LE" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		char bytes[4 * sizeof(text) + 4] = { 0 };
		size_t len = forms[i].mark_len;
		struct parsed p;

		memcpy(bytes, forms[i].mark, forms[i].mark_len);
		for (size_t c = 0; c < sizeof(text) - 1; c++, len += forms[i].width)
			bytes[len + forms[i].at] = text[c];
		p = parse_bytes(bytes, len, NULL, NULL);
		if (!p.feed)
			fail_msg("%s: no feed: %s", forms[i].name, p.err.text);
		expect_text(forms[i].name, "title", p.feed->title, "x");
		expect_text(forms[i].name, "encoding", p.feed->encoding, forms[i].want);
		parsed_free(&p);
	}
}

/* Sentences as they stand in newspapers, in the encoding of which nothing is said. */
static const struct {
	const char *name;
	const char *charset;  /* for iconv */
	const char *language; /* what <language> says, or "" */
	const char *encoding;
	const char *text;
} guesses[] = {
	{ "Japanese", "SHIFT_JIS", "", "Shift_JIS",
	    "明日の東京は晴れのち曇り、最高気温は十二度になるでしょう。" },
	{ "Japanese in EUC", "EUC-JP", "", "EUC-JP",
	    "明日の東京は晴れのち曇り、最高気温は十二度になるでしょう。" },
	{ "Chinese", "GB18030", "", "gb18030",
	    "明天北京晴转多云，气温零下三度到八度，请大家注意保暖。" },
	{ "Chinese of Taiwan", "BIG5", "", "Big5",
	    "明天臺北多雲時晴，氣溫十五度到二十度，請大家注意保暖。" },
	{ "Korean", "EUC-KR", "", "EUC-KR",
	    "내일 서울은 맑은 뒤 흐려지고 낮 최고 기온은 오 도가 되겠습니다." },
	{ "Russian", "KOI8-R", "", "KOI8-R",
	    "Завтра в Москве ожидается переменная облачность." },
	{ "Russian of Windows", "CP1251", "", "windows-1251",
	    "Завтра в Москве ожидается переменная облачность." },
	{ "Russian of ISO", "ISO-8859-5", "ru", "ISO-8859-5",
	    "Завтра в Москве ожидается переменная облачность." },
	{ "Ukrainian", "KOI8-U", "", "KOI8-U",
	    "Завтра у Києві очікується мінлива хмарність і вітер." },
	{ "Greek", "CP1253", "", "windows-1253",
	    "Αύριο στην Αθήνα ο καιρός θα είναι αίθριος." },
	{ "Hebrew", "CP1255", "he", "windows-1255", "מחר בירושלים יהיה מעונן חלקית" },
	{ "Arabic", "CP1256", "", "windows-1256",
	    "يكون الطقس غدا في القاهرة معتدلا والسماء صافية" },
	{ "Thai", "CP874", "", "windows-874", "พรุ่งนี้กรุงเทพมหานครจะมีฝนเล็กน้อยในตอนเย็น" },
	{ "Czech, said so", "CP1250", "cs", "windows-1250",
	    "Zítra bude v Praze oblačno, žádný déšť." },
	{ "Polish, said so", "ISO-8859-2", "pl-PL", "ISO-8859-2",
	    "Jutro w Łodzi będzie słońce, źle nie będzie." },
	{ "Turkish, said so", "CP1254", "tr", "windows-1254",
	    "Yarın İstanbul güneşli, rüzgâr hafif." },
	{ "Czech", "CP1250", "", "windows-1250",
	    "Zítra bude v Praze oblačno, žádný déšť, večer se však vyjasní." },
	{ "Czech of ISO, said so", "ISO-8859-2", "cs", "ISO-8859-2",
	    "Zítra bude v Praze oblačno, žádný déšť, večer se však vyjasní." },
	{ "Polish", "ISO-8859-2", "", "ISO-8859-2",
	    "Jutro w Łodzi będzie słońce, źle nie będzie." },
	{ "Polish of Windows", "CP1250", "", "windows-1250",
	    "Jutro w Łodzi będzie słońce, źle nie będzie." },
	{ "Polish of Windows, said so", "CP1250", "pl", "windows-1250",
	    "Jutro w Łodzi będzie słońce, źle nie będzie." },
	{ "Slovak", "CP1250", "", "windows-1250",
	    "Zajtra bude v Bratislave polooblačno, večer môže ľahko pršať." },
	{ "Hungarian", "ISO-8859-2", "", "ISO-8859-2",
	    "Holnap Budapesten derült idő várható, erős északi széllel és hűvös estével." },
	{ "Romanian", "ISO-8859-2", "", "ISO-8859-2",
	    "Mâine în Bucureşti cerul va fi senin, iar vântul va sufla uşor dinspre munţi." },
	{ "Turkish", "CP1254", "", "windows-1254",
	    "Yarın İstanbul güneşli, akşam saatlerinde hafif yağış bekleniyor." },
	{ "Lithuanian", "CP1257", "", "windows-1257",
	    "Rytoj Vilniuje bus saulėta, o vakare šiek tiek palis; vėjas pūs iš šiaurės." },
	{ "Latvian", "CP1257", "", "windows-1257",
	    "Rīt Rīgā, šķiet, gaidāms saulains laiks, tomēr ziņo arī par lietu." },
	{ "Vietnamese", "CP1258", "", "windows-1258",
	    "Ngày mai Hà Nội nắng, buổi tối có mưa nhẹ, gió đông nam." },
	{ "Greek of ISO", "ISO-8859-7", "", "ISO-8859-7",
	    "Άνοιξη στην Αθήνα: ο καιρός θα είναι αίθριος." },
	{ "Belarusian", "CP1251", "", "windows-1251",
	    "Ці будзе заўтра ў Мінску сонечна, ніхто яшчэ не ведае." },
	{ "Thai among tags", "CP874", "", "windows-874", "ข่าวฝนในกรุงเทพ" },
	{ "Chinese, said so and short", "GB18030", "zh-CN", "gb18030", "天气" },
	{ "Chinese of Taiwan, said so and short", "BIG5", "zh-tw", "Big5", "天氣" },
	{ "Icelandic", "CP1252", "", "windows-1252",
	    "Á morgun verður bjart veður í Reykjavík en þó kalt á Norðurlandi." },
	{ "Spanish", "CP1252", "", "windows-1252",
	    "Mañana hará sol en Málaga; ¿quién lo diría?" },
	{ "Dutch", "CP1252", "", "windows-1252",
	    "Morgen zon in België, daarna één bui." },
	{ "Italian", "CP1252", "", "windows-1252",
	    "Domani sarà bello, però più freddo a Forlì." },
	{ "Finnish", "CP1252", "", "windows-1252",
	    "Huomenna Jyväskylässä sää on pääosin selkeä." },
	{ "French", "CP1252", "fr", "windows-1252",
	    "Demain, le ciel sera dégagé à Orléans, été oblige." },
	{ "Portuguese", "CP1252", "", "windows-1252",
	    "Previsões: as estações não serão tão frias; São João à espera." },
	{ "German", "CP1252", "", "windows-1252",
	    "Morgen wird es in Köln schön, später bewölkt – für Gäste größer." },
};

static void
what_is_not_said_is_told_by_the_content(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(guesses); i++) {
		char bytes[1024] = "";
		char text[1024] = "";
		char *in = text;
		char *out = bytes;
		size_t in_len = (size_t)snprintf(text, sizeof(text),
		    "<rss version='2.0'><channel>"
		    "<language>%s</language><title>%s</title></channel></rss>",
		    guesses[i].language, guesses[i].text);
		size_t out_len = sizeof(bytes);
		iconv_t conv = iconv_open(guesses[i].charset, "UTF-8");
		struct parsed p;

		assert_true(conv != (iconv_t)-1);
		if (iconv(conv, &in, &in_len, &out, &out_len) != 0)
			fail_msg("%s: cannot be written in %s", guesses[i].name,
			    guesses[i].charset);
		iconv_close(conv);
		p = parse_bytes(bytes, sizeof(bytes) - out_len, NULL, NULL);
		if (!p.feed)
			fail_msg("%s: no feed: %s", guesses[i].name, p.err.text);
		expect_text(guesses[i].name, "encoding", p.feed->encoding,
		    guesses[i].encoding);
		expect_text(guesses[i].name, "title", p.feed->title, guesses[i].text);
		if (!has_warning(p.feed, "encoding is not said; read as"))
			fail_msg("%s: got no warning, want one", guesses[i].name);
		parsed_free(&p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_said_then_what_works),
		cmocka_unit_test(wide_characters_are_told_by_their_zeros),
		cmocka_unit_test(what_is_not_said_is_told_by_the_content),
	};

	return cmocka_run_group_tests_name("encoding", tests, NULL, NULL);
}
