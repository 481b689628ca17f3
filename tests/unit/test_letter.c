/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/limits.h"
#include "base/mem.h"
#include "mail/letter.h"
#include "mail/letter_personal.h"

#define MORNING INT64_C(1795500000) /* 2026-11-24 06:00:00 UTC */
#define TEN "0123456789"
#define WORD "abababababababababababababababab"
#define BOUNDARY "=_" WORD
#define AUTOMATIC \
	"Auto-Submitted: auto-generated\r\n" \
	"X-Auto-Response-Suppress: DR, RN, NRN, OOF, AutoReply\r\n"
#define HEAD \
	"Date: Tue, 24 Nov 2026 07:00:00 +0100\r\n" \
	"From: Planet X <planet@example.net>\r\n"
#define PERSONAL \
	"To: ann@example.org\r\n" \
	"Message-ID: <1.2@example.net>\r\n"

static struct letter_common
common_plain(void)
{
	return (struct letter_common){
		.from = { "Planet X", "planet@example.net" },
		.date = MORNING,
		.date_offset = 3600,
	};
}

static struct letter_personal
personal_plain(void)
{
	return (struct letter_personal){ .to = "ann@example.org",
		.message_id = "1.2@example.net" };
}

static struct rendering
rendering_of(const char *subject, const char *text, const char *html)
{
	return (struct rendering){ .subject = subject,
		.text = text,
		.html = html,
		.text_len = strlen(text),
		.html_len = html ? strlen(html) : 0 };
}

/* The pieces of a letter are the same letter; a line that begins with a dot is told. */
static void
expect_pieces(const char *name, const struct encoded_letter *f,
    const struct letter_personal *p, const struct buf *want)
{
	struct err err = ERR_INIT;
	struct buf got = BUF_INIT(LIMIT_LETTER);
	struct letter_pieces pieces;

	letter_pieces_init(&pieces);
	/* Twice: what was in them is gone. */
	if (!letter_write_pieces(f, p, &pieces, &err) ||
	    !letter_write_pieces(f, p, &pieces, &err))
		fail_msg("%s: %s", name, err.text);
	for (size_t i = 0; i < pieces.count; i++)
		buf_add(&got, pieces.list[i].bytes, pieces.list[i].len);
	if (strcmp(buf_text(&got), buf_text(want)) != 0 || pieces.len != want->len)
		fail_msg("%s in pieces: got\n%s\nwant\n%s", name, buf_text(&got),
		    buf_text(want));
	if (strstr(buf_text(want), "\n.") && !pieces.may_stuff)
		fail_msg("%s: a dot at the start of a line is not told", name);
	letter_pieces_clear(&pieces);
	buf_clear(&got);
}

static void
expect_letter(const char *name, const struct letter_common *c, const struct rendering *r,
    const struct letter_personal *p, const char *want)
{
	struct err err = ERR_INIT;
	struct buf out = BUF_INIT(LIMIT_LETTER);
	struct encoded_letter *f = letter_encode(c, r, WORD, &err);

	if (!f || !letter_write(f, p, &out, &err))
		fail_msg("%s: %s", name, err.text);
	if (strcmp(buf_text(&out), want) != 0)
		fail_msg("%s: got\n%s\nwant\n%s", name, buf_text(&out), want);
	expect_pieces(name, f, p, &out);
	encoded_letter_free(f);
	buf_clear(&out);
}

static void
short_ascii_text_goes_as_it_is(void **state)
{
	struct letter_common c = common_plain();
	struct letter_personal p = personal_plain();
	struct rendering r = rendering_of("News of the day", "Hello\n\nBye\n", NULL);

	(void)state;
	expect_letter("7bit", &c, &r, &p,
	    HEAD "Subject: News of the day\r\n" PERSONAL AUTOMATIC "MIME-Version: 1.0\r\n"
		 "Content-Type: text/plain; charset=\"utf-8\"\r\n"
		 "Content-Transfer-Encoding: 7bit\r\n"
		 "\r\n"
		 "Hello\r\n\r\nBye\r\n");
}

/* Where char is unsigned a letter is above every control, and is no ASCII all the same. */
static void
text_beyond_ascii_is_quoted(void **state)
{
	struct letter_common c = common_plain();
	struct letter_personal p = personal_plain();
	struct rendering r =
	    rendering_of("News", "Gr\u00FC\u00DFe an alle Leserinnen und Leser\n", NULL);

	(void)state;
	expect_letter("8-bit", &c, &r, &p,
	    HEAD "Subject: News\r\n" PERSONAL AUTOMATIC "MIME-Version: 1.0\r\n"
		 "Content-Type: text/plain; charset=\"utf-8\"\r\n"
		 "Content-Transfer-Encoding: quoted-printable\r\n"
		 "\r\n"
		 "Gr=C3=BC=C3=9Fe an alle Leserinnen und Leser\r\n");
}

static void
all_fields_of_a_list_stand_in_the_header(void **state)
{
	struct letter_common c = common_plain();
	struct letter_personal p = personal_plain();
	struct rendering r = rendering_of("News", "Hi\n", NULL);

	(void)state;
	c.reply_to = (struct mailbox){ NULL, "keeper@example.net" };
	c.list_name = "Planet X";
	c.list_id = "x.example.net";
	c.list_archive = "https://example.net/archive";
	c.list_help = "mailto:planet+help@example.net";
	c.list_owner = "mailto:keeper@example.net";
	c.language = "en";
	c.feedback_id = "2026-11-24:x:planetpost";
	p.leave_url = "https://example.net/u/abc";
	p.leave_mailto = "mailto:planet+leave-abc@example.net";
	p.one_click = true;
	expect_letter("list", &c, &r, &p,
	    HEAD "Reply-To: keeper@example.net\r\n"
		 "Subject: News\r\n" PERSONAL
		 "List-Unsubscribe: <https://example.net/u/abc>,\r\n"
		 " <mailto:planet+leave-abc@example.net>\r\n"
		 "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
		 "List-Id: Planet X <x.example.net>\r\n"
		 "List-Archive: <https://example.net/archive>\r\n"
		 "List-Help: <mailto:planet+help@example.net>\r\n"
		 "List-Owner: <mailto:keeper@example.net>\r\n" AUTOMATIC
		 "Feedback-ID: 2026-11-24:x:planetpost\r\n"
		 "Content-Language: en\r\n"
		 "MIME-Version: 1.0\r\n"
		 "Content-Type: text/plain; charset=\"utf-8\"\r\n"
		 "Content-Transfer-Encoding: 7bit\r\n"
		 "\r\n"
		 "Hi\r\n");
}

static void
one_click_needs_a_web_address(void **state)
{
	struct letter_common c = common_plain();
	struct letter_personal p = personal_plain();
	struct rendering r = rendering_of("News", "Hi\n", NULL);

	(void)state;
	p.leave_mailto = "mailto:planet+leave-abc@example.net";
	p.one_click = true;
	expect_letter("mailto alone", &c, &r, &p,
	    HEAD "Subject: News\r\n" PERSONAL
		 "List-Unsubscribe: <mailto:planet+leave-abc@example.net>\r\n" AUTOMATIC
		 "MIME-Version: 1.0\r\n"
		 "Content-Type: text/plain; charset=\"utf-8\"\r\n"
		 "Content-Transfer-Encoding: 7bit\r\n"
		 "\r\n"
		 "Hi\r\n");
}

/* Some programs read the field's first line and no further. */
static void
the_first_address_to_leave_stands_on_its_fields_line(void **state)
{
	struct letter_common c = common_plain();
	struct letter_personal p = personal_plain();
	struct rendering r = rendering_of("News", "Hi\n", NULL);

	(void)state;
	p.leave_url = "https://a-planet-with-a-long-name.example.net/letters/u/"
		      "q3xw7kz5d2j4m6p8r9t1v3b5n7c9f2h4";
	p.leave_mailto = "mailto:planet+leave-abc@example.net";
	expect_letter("long", &c, &r, &p,
	    HEAD "Subject: News\r\n" PERSONAL "List-Unsubscribe: "
		 "<https://a-planet-with-a-long-name.example.net/letters/u/"
		 "q3xw7kz5d2j4m6p8r9t1v3b5n7c9f2h4>,\r\n"
		 " <mailto:planet+leave-abc@example.net>\r\n" AUTOMATIC
		 "MIME-Version: 1.0\r\n"
		 "Content-Type: text/plain; charset=\"utf-8\"\r\n"
		 "Content-Transfer-Encoding: 7bit\r\n"
		 "\r\n"
		 "Hi\r\n");
}

static void
two_parts_text_first_with_holes_filled(void **state)
{
	struct letter_common c = common_plain();
	struct letter_personal p = personal_plain();
	struct rendering r = rendering_of("Nachrichten",
	    "Gr\xC3\xBC\xC3\x9F"
	    "e an \1address\2 = du\n\1leave\2\nEnde der Nachrichten dieses Tages \1since\2",
	    "<p>Hi <a href=\"\1leave\2\">\1address\2</a>\n\1manage\2</p>\n");

	(void)state;
	p.holes[HOLE_ADDRESS] = "o'hara&co@example.org";
	p.holes[HOLE_LEAVE] = "https://e.net/u?a=1&b=2";
	p.holes[HOLE_SINCE] = "24. M\xC3\xA4rz 2026";
	expect_letter("alternative", &c, &r, &p,
	    HEAD "Subject: Nachrichten\r\n" PERSONAL AUTOMATIC "MIME-Version: 1.0\r\n"
		 "Content-Type: multipart/alternative;\r\n"
		 " boundary=\"" BOUNDARY "\"\r\n"
		 "\r\n"
		 "--" BOUNDARY "\r\n"
		 "Content-Type: text/plain; charset=\"utf-8\"\r\n"
		 "Content-Transfer-Encoding: quoted-printable\r\n"
		 "\r\n"
		 "Gr=C3=BC=C3=9Fe an=20=\r\n"
		 "o'hara&co@example.org=\r\n"
		 " =3D du\r\n"
		 "https://e.net/u?a=3D1&b=3D2\r\n"
		 "Ende der Nachrichten dieses Tages=20=\r\n"
		 "24. M=C3=A4rz 2026\r\n"
		 "--" BOUNDARY "\r\n"
		 "Content-Type: text/html; charset=\"utf-8\"\r\n"
		 "Content-Transfer-Encoding: quoted-printable\r\n"
		 "\r\n"
		 "<p>Hi <a href=3D\"=\r\n"
		 "https://e.net/u?a=3D1&amp;b=3D2=\r\n"
		 "\">=\r\n"
		 "o&#39;hara&amp;co@example.org=\r\n"
		 "</a>\r\n"
		 "=\r\n"
		 "</p>\r\n"
		 "\r\n"
		 "--" BOUNDARY "--\r\n");
}

#define INNER "=." WORD
static void
pictures_go_with_the_html(void **state)
{
	static const struct picture_part pictures[] = {
		{ "aa@example.net", "image/png", "picture-1.png", "\x89PNG", 4 },
		{ "bb@example.net", "image/gif", "picture-2.gif", "GIF89a", 6 },
	};
	struct letter_common c = common_plain();
	struct letter_personal p = personal_plain();
	struct rendering r = rendering_of("News", "Hello\n",
	    "<img src=\"cid:aa@example.net\"><img src=\"cid:bb@example.net\">\n");

	(void)state;
	r.pictures = pictures;
	r.picture_count = 2;
	expect_letter("pictures", &c, &r, &p,
	    HEAD "Subject: News\r\n" PERSONAL AUTOMATIC "MIME-Version: 1.0\r\n"
		 "Content-Type: multipart/alternative;\r\n"
		 " boundary=\"" BOUNDARY "\"\r\n"
		 "\r\n"
		 "--" BOUNDARY "\r\n"
		 "Content-Type: text/plain; charset=\"utf-8\"\r\n"
		 "Content-Transfer-Encoding: 7bit\r\n"
		 "\r\n"
		 "Hello\r\n"
		 "\r\n"
		 "--" BOUNDARY "\r\n"
		 "Content-Type: multipart/related;\r\n"
		 " boundary=\"" INNER "\";\r\n"
		 " type=\"text/html\"\r\n"
		 "\r\n"
		 "--" INNER "\r\n"
		 "Content-Type: text/html; charset=\"utf-8\"\r\n"
		 "Content-Transfer-Encoding: 7bit\r\n"
		 "\r\n"
		 "<img src=\"cid:aa@example.net\"><img src=\"cid:bb@example.net\">\r\n"
		 "\r\n"
		 "--" INNER "\r\n"
		 "Content-Type: image/png\r\n"
		 "Content-Transfer-Encoding: base64\r\n"
		 "Content-ID: <aa@example.net>\r\n"
		 "Content-Disposition: inline; filename=\"picture-1.png\"\r\n"
		 "\r\n"
		 "iVBORw==\r\n"
		 "\r\n"
		 "--" INNER "\r\n"
		 "Content-Type: image/gif\r\n"
		 "Content-Transfer-Encoding: base64\r\n"
		 "Content-ID: <bb@example.net>\r\n"
		 "Content-Disposition: inline; filename=\"picture-2.gif\"\r\n"
		 "\r\n"
		 "R0lGODlh\r\n"
		 "\r\n"
		 "--" INNER "--\r\n"
		 "\r\n"
		 "--" BOUNDARY "--\r\n");
}

/* From the line of its first hole on the text is encoded for each reader. */
static void
what_is_shorter_in_base64_is_that(void **state)
{
	struct letter_common c = common_plain();
	struct letter_personal p = personal_plain();
	struct rendering r = rendering_of("News",
	    "\u3053\u308C\u306F\u9577\u3044\u8A18\u4E8B\u3067\u3059\u3002"
	    "\u65E5\u672C\u8A9E\u306E\u6587\u7AE0\u304C\u3053\u3053\u306B\u7D9A\u304D\u307E\u3059\u3002\n"
	    "\u51FA\u308B: \1leave\2\n"
	    "\u3055\u3088\u3046\u306A\u3089\1since\2\u3002\n",
	    NULL);

	(void)state;
	p.holes[HOLE_LEAVE] = "https://e.net/u?a=1&b=2";
	p.holes[HOLE_SINCE] = "24. M\xC3\xA4rz 2026";
	expect_letter("base64", &c, &r, &p,
	    HEAD
	    "Subject: News\r\n" PERSONAL AUTOMATIC "MIME-Version: 1.0\r\n"
	    "Content-Type: text/plain; charset=\"utf-8\"\r\n"
	    "Content-Transfer-Encoding: base64\r\n"
	    "\r\n"
	    "44GT44KM44Gv6ZW344GE6KiY5LqL44Gn44GZ44CC5pel5pys6Kqe44Gu5paH56ug44GM44GT44GT\r\n"
	    "44Gr57aa44GN44G+44GZ44CCDQrlh7rjgos6IGh0dHBzOi8vZS5uZXQvdT9hPTEmYj0yDQrjgZXj\r\n"
	    "gojjgYbjgarjgokyNC4gTcOkcnogMjAyNuOAgg0K\r\n");
}

/* Nothing is filled in: all of it is the same for each reader. */
static void
base64_without_holes_is_shared(void **state)
{
	struct letter_common c = common_plain();
	struct letter_personal p = personal_plain();
	struct rendering r = rendering_of("News",
	    "\u3053\u308C\u306F\u9577\u3044\u8A18\u4E8B\u3067\u3059\u3002\n", NULL);

	(void)state;
	expect_letter("no hole", &c, &r, &p,
	    HEAD "Subject: News\r\n" PERSONAL AUTOMATIC "MIME-Version: 1.0\r\n"
		 "Content-Type: text/plain; charset=\"utf-8\"\r\n"
		 "Content-Transfer-Encoding: base64\r\n"
		 "\r\n"
		 "44GT44KM44Gv6ZW344GE6KiY5LqL44Gn44GZ44CCDQo=\r\n");
}

/* Text and HTML have a rest of their own for each reader; in HTML it is escaped. */
static void
both_parts_may_be_base64(void **state)
{
	struct letter_common c = common_plain();
	struct letter_personal p = personal_plain();
	struct rendering r = rendering_of("News",
	    "\u3053\u308C\u306F\u9577\u3044\u8A18\u4E8B\u3067\u3059\u3002\u51FA\u308B: \1leave\2\n",
	    "<p>\u3053\u308C\u306F\u9577\u3044\u8A18\u4E8B\u3067\u3059\u3002"
	    "\u65E5\u672C\u8A9E\u306E\u6587\u7AE0\u304C\u3053\u3053\u306B\u7D9A\u304D\u307E\u3059\u3002</p>\n"
	    "<p>\u51FA\u308B: \1leave\2</p>\n");

	(void)state;
	p.holes[HOLE_LEAVE] = "a&b";
	expect_letter("both", &c, &r, &p,
	    HEAD
	    "Subject: News\r\n" PERSONAL AUTOMATIC "MIME-Version: 1.0\r\n"
	    "Content-Type: multipart/alternative;\r\n boundary=\"" BOUNDARY "\"\r\n"
	    "\r\n--" BOUNDARY "\r\n"
	    "Content-Type: text/plain; charset=\"utf-8\"\r\n"
	    "Content-Transfer-Encoding: base64\r\n"
	    "\r\n"
	    "44GT44KM44Gv6ZW344GE6KiY5LqL44Gn44GZ44CC5Ye644KLOiBhJmINCg==\r\n"
	    "--" BOUNDARY "\r\n"
	    "Content-Type: text/html; charset=\"utf-8\"\r\n"
	    "Content-Transfer-Encoding: base64\r\n"
	    "\r\n"
	    "PHA+44GT44KM44Gv6ZW344GE6KiY5LqL44Gn44GZ44CC5pel5pys6Kqe44Gu5paH56ug44GM44GT\r\n"
	    "44GT44Gr57aa44GN44G+44GZ44CCPC9wPg0KPHA+5Ye644KLOiBhJmFtcDtiPC9wPg0K\r\n"
	    "--" BOUNDARY "--\r\n");
}

static void
a_subject_beyond_ascii_is_encoded(void **state)
{
	struct letter_common c = common_plain();
	struct letter_personal p = personal_plain();
	struct rendering r = rendering_of("Caf\xC3\xA9\r\nBcc: x@y.org", "Hi\n", NULL);
	struct err err = ERR_INIT;
	struct buf out = BUF_INIT(LIMIT_LETTER);
	struct encoded_letter *f = letter_encode(&c, &r, WORD, &err);

	(void)state;
	assert_non_null(f);
	assert_true(letter_write(f, &p, &out, &err));
	assert_non_null(strstr(buf_text(&out), "Subject: =?"));
	assert_null(strstr(buf_text(&out), "\nBcc"));
	encoded_letter_free(f);
	buf_clear(&out);
}

/* ---- values -------------------------------------------------------------------------- */

static const struct {
	const char *name, *value, *text, *html;
} values[] = {
	{ "nothing", "", "", "" },
	{ "plain", "24 November 2026", "24 November 2026", "24 November 2026" },
	{ "equals", "a=b", "a=3Db", "a=3Db" },
	{ "markup", "<b>\"&'", "<b>\"&'", "&lt;b&gt;&quot;&amp;&#39;" },
	{ "UTF-8", "\xC3\xA4", "=C3=A4", "=C3=A4" },
	{ "line break", "a\r\nb", "a  b", "a  b" },
	{ "marks of holes", "a\1leave\2", "a leave=20", "a leave=20" },
	{ "blank at the end", "a ", "a=20", "a=20" },
	{ "dot first", ".a.", "=2Ea.", "=2Ea." },
	{ "From first", "From a", "=46rom a", "=46rom a" },
	{ "F later", "a From", "a From", "a From" },
	{ "75 stay in one line", TEN TEN TEN TEN TEN TEN TEN "01234",
	    TEN TEN TEN TEN TEN TEN TEN "01234", TEN TEN TEN TEN TEN TEN TEN "01234" },
	{ "76 take two", TEN TEN TEN TEN TEN TEN TEN "012345",
	    TEN TEN TEN TEN TEN TEN TEN "01234=\r\n5",
	    TEN TEN TEN TEN TEN TEN TEN "01234=\r\n5" },
	{ "no unit is cut",
	    TEN TEN TEN TEN TEN TEN TEN "012=", TEN TEN TEN TEN TEN TEN TEN "012=\r\n=3D",
	    TEN TEN TEN TEN TEN TEN TEN "012=\r\n=3D" },
	{ "an entity is cut like any text", TEN TEN TEN TEN TEN TEN TEN "0&",
	    TEN TEN TEN TEN TEN TEN TEN "0&", TEN TEN TEN TEN TEN TEN TEN "0&amp=\r\n;" },
	{ "dot first after a break", TEN TEN TEN TEN TEN TEN TEN "01234.",
	    TEN TEN TEN TEN TEN TEN TEN "01234=\r\n=2E",
	    TEN TEN TEN TEN TEN TEN TEN "01234=\r\n=2E" },
};

static void
values_are_encoded_and_escaped(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		for (int html = 0; html < 2; html++) {
			const char *want = html ? values[i].html : values[i].text;
			struct buf out = BUF_INIT(1000);

			letter_personal_add_value(&out, values[i].value, html != 0);
			if (strcmp(buf_text(&out), want) != 0)
				fail_msg("%s: got \"%s\", want \"%s\"", values[i].name,
				    buf_text(&out), want);
			buf_clear(&out);
		}
	}
}

/* ---- what is refused ----------------------------------------------------------------- */

static const struct {
	const char *name, *to, *message_id, *leave_url, *leave_mailto;
} refusals[] = {
	{ "line break in to", "a@b.org\r\nBcc: c@d.org", "1@x", NULL, NULL },
	{ "bracket in to", "a@b.org>", "1@x", NULL, NULL },
	{ "to without at", "a", "1@x", NULL, NULL },
	{ "line break in the id", "a@b.org", "1@x\r\nX: y", NULL, NULL },
	{ "no id", "a@b.org", "", NULL, NULL },
	{ "line break in the web address", "a@b.org", "1@x", "https://x/\r\nX: y", NULL },
	{ "blank in the web address", "a@b.org", "1@x", "https://x/ y", NULL },
	{ "8 bit in the web address", "a@b.org", "1@x", "https://x/\xC3\xA4", NULL },
	{ "bracket in the mailto", "a@b.org", "1@x", NULL, "mailto:x@y>, <mailto:z@y" },
};

static void
nothing_personal_can_add_a_field(void **state)
{
	struct letter_common c = common_plain();
	struct rendering r = rendering_of("News", "Hi\n", NULL);
	struct err err = ERR_INIT;
	struct encoded_letter *f = letter_encode(&c, &r, WORD, &err);

	(void)state;
	assert_non_null(f);
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		struct buf out = BUF_INIT(LIMIT_LETTER);
		struct letter_personal p = { .to = refusals[i].to,
			.message_id = refusals[i].message_id,
			.leave_url = refusals[i].leave_url,
			.leave_mailto = refusals[i].leave_mailto };

		err_clear(&err);
		if (letter_write(f, &p, &out, &err))
			fail_msg("%s: got a letter", refusals[i].name);
		if (err.kind != ERR_INPUT)
			fail_msg("%s: got kind %d", refusals[i].name, (int)err.kind);
		buf_clear(&out);
	}
	encoded_letter_free(f);
}

static void
expect_no_form(const char *name, const struct letter_common *c, const struct rendering *r,
    enum err_kind kind)
{
	struct err err = ERR_INIT;

	if (letter_encode(c, r, WORD, &err))
		fail_msg("%s: got a form", name);
	if (err.kind != kind)
		fail_msg("%s: got kind %d (%s), want %d", name, (int)err.kind, err.text,
		    (int)kind);
}

static void
a_form_has_no_foreign_holes_and_no_foreign_fields(void **state)
{
	struct letter_common c = common_plain();
	struct letter_common bad = c;
	struct rendering r = rendering_of("News", "Hi \1nobody\2\n", NULL);

	(void)state;
	expect_no_form("unknown hole", &c, &r, ERR_BUG);
	r = rendering_of("News", "Hi \1leave", NULL);
	expect_no_form("open hole", &c, &r, ERR_BUG);
	r = rendering_of("News", "Hi\n", NULL);
	bad.list_archive = "https://x/\r\nX: y";
	expect_no_form("line break in the archive", &bad, &r, ERR_INPUT);
	bad = c;
	bad.list_id = "a b";
	expect_no_form("blank in the list id", &bad, &r, ERR_INPUT);
}

static void
a_part_has_a_ceiling(void **state)
{
	struct letter_common c = common_plain();
	struct rendering r = rendering_of("News", "Hi\n", NULL);

	(void)state;
	r.text_len = LIMIT_PART + 1;
	expect_no_form("too long", &c, &r, ERR_LIMIT);
}

static bool
letter_has(const struct letter_common *c, const struct rendering *r, const char *words)
{
	const struct letter_personal p = personal_plain();
	struct err err = ERR_INIT;
	struct buf out = BUF_INIT(LIMIT_LETTER);
	struct encoded_letter *f = letter_encode(c, r, WORD, &err);
	bool has = false;

	if (!f || !letter_write(f, &p, &out, &err))
		fail_msg("%s", err.text);
	has = strstr(buf_text(&out), words) != NULL;
	encoded_letter_free(f);
	buf_clear(&out);
	return has;
}

#define SEVENTY TEN TEN TEN TEN TEN TEN TEN

/* Lines that some server would change are encoded; all others stay as they are. */
static void
text_with_a_snare_is_encoded(void **state)
{
	static const struct {
		const char *text;
		bool stays;
	} cases[] = {
		{ "a\n", true },
		{ "a", true },
		{ "a\n\nb\n", true },
		{ SEVENTY "123456\nb\n", true },
		{ SEVENTY "1234567\nb\n", false },
		{ ".a\n", false },
		{ "a\n.b\n", false },
		{ "a.\n", true },
		{ "From x\n", false },
		{ "a\nFrom x\n", false },
		{ "From\n", true },
		{ "Fromage\n", true },
		{ " From x\n", true },
		{ "a \n", false },
		{ " \n", false },
		{ " a\n", true },
		{ "\ta\n", false },
		{ "a\t\n", false },
		{ "a\x1F"
		  "b\n",
		    false },
		{ "\x7F"
		  "a\n",
		    false },
		{ "a~\n", true },
		{ "\u00E9\n", false },
	};
	const struct letter_common c = common_plain();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct rendering r = rendering_of("News", cases[i].text, NULL);

		if (letter_has(&c, &r, "Content-Transfer-Encoding: 7bit\r\n") !=
		    cases[i].stays)
			fail_msg("case %zu: \"%s\"", i, cases[i].text);
	}
}

static void
a_list_may_have_no_name(void **state)
{
	struct letter_common c = common_plain();
	const struct rendering r = rendering_of("News", "Hi\n", NULL);

	(void)state;
	c.list_id = "x.example.net";
	c.list_name = NULL;
	assert_true(letter_has(&c, &r, "\r\nList-Id: <x.example.net>\r\n"));
	c.list_name = "";
	assert_true(letter_has(&c, &r, "\r\nList-Id: <x.example.net>\r\n"));
	c.list_name = "X";
	assert_true(letter_has(&c, &r, "\r\nList-Id: X <x.example.net>\r\n"));
}

/* 900 bytes before they are encoded. */
static void
a_subject_has_a_ceiling(void **state)
{
	struct letter_common c = common_plain();
	char subject[LIMIT_SUBJECT + 2];

	(void)state;
	for (size_t len = LIMIT_SUBJECT - 1; len <= LIMIT_SUBJECT + 1; len++) {
		const struct rendering r = rendering_of(subject, "Hi\n", NULL);
		struct err err = ERR_INIT;
		struct encoded_letter *form = NULL;

		memset(subject, 's', len);
		subject[len] = '\0';
		form = letter_encode(&c, &r, WORD, &err);
		assert_int_equal(form != NULL, len <= LIMIT_SUBJECT);
		if (!form)
			assert_string_equal(err.text, "a subject of more than 900 bytes");
		encoded_letter_free(form);
	}
}

/* ---- properties, over many lengths --------------------------------------------------- */

/* Every line of a body is at most 76 octets, wherever the hole falls. */
static void
lines_stay_short_wherever_a_hole_is(void **state)
{
	struct letter_common c = common_plain();
	struct letter_personal p = personal_plain();

	(void)state;
	p.holes[HOLE_LEAVE] = "https://example.net/u/" TEN TEN TEN TEN TEN TEN TEN TEN;
	for (size_t n = 0; n < 160; n++) {
		char text[400];
		struct err err = ERR_INIT;
		struct buf out = BUF_INIT(LIMIT_LETTER);
		struct rendering r;
		struct encoded_letter *f = NULL;

		memset(text, 'x', n);
		memcpy(text + n, "=\1leave\2=tail\n", sizeof("=\1leave\2=tail\n"));
		if (n > 0)
			text[n - 1] = '=';
		r = rendering_of("News", text, NULL);
		f = letter_encode(&c, &r, WORD, &err);
		assert_non_null(f);
		assert_true(letter_write(f, &p, &out, &err));
		for (const char *line = buf_text(&out); *line != '\0';) {
			size_t len = strcspn(line, "\r");

			if (len > 76)
				fail_msg("%zu before the hole: a line of %zu", n, len);
			line += len + 2;
		}
		encoded_letter_free(f);
		buf_clear(&out);
	}
}

/* RFC 2046 5.1.5; each author's name before the newsletter's address. */
static void
posts_are_messages_of_their_own(void **state)
{
	static const char text[] = "Contents\n"
				   "\x1d"
				   "Ann (A blog)\x1f"
				   "ann@blog.example\x1f"
				   "Mon, 23 Nov 2026 08:00:00 +0000\x1f"
				   "Gr\u00FC\u00DFe\x1f\nHello\n"
				   "\x1d"
				   "B\x1f"
				   "no address, and a\r\nfield\x1f"
				   "Mon, 23 Nov 2026 09:00:00 +0000\x1f"
				   "Two\x1f\nBody\n"
				   "\x1d\nLeave: \x01leave\x02\n";
	struct letter_common c = common_plain();
	struct letter_personal p = personal_plain();
	struct rendering r = rendering_of("News", text, NULL);

	(void)state;
	p.holes[HOLE_LEAVE] = "https://x.example/u/1";
	expect_letter("digest", &c, &r, &p,
	    HEAD "Subject: News\r\n" PERSONAL AUTOMATIC "MIME-Version: 1.0\r\n"
		 "Content-Type: multipart/mixed;\r\n boundary=\"=_" WORD "\"\r\n"
		 "\r\n--=_" WORD "\r\n"
		 "Content-Type: text/plain; charset=\"utf-8\"\r\n"
		 "Content-Transfer-Encoding: 7bit\r\n\r\n"
		 "Contents\r\n"
		 "\r\n--=_" WORD "\r\n"
		 "Content-Type: multipart/digest;\r\n boundary=\"=." WORD "\"\r\n"
		 "\r\n--=." WORD "\r\n"
		 "Content-Type: message/rfc822\r\n\r\n"
		 "Date: Mon, 23 Nov 2026 08:00:00 +0000\r\n"
		 "From: \"Ann (A blog)\" <planet@example.net>\r\n"
		 "Reply-To: ann@blog.example\r\n"
		 "Subject: =?UTF-8?B?R3LDvMOfZQ==?=\r\n"
		 "MIME-Version: 1.0\r\n"
		 "Content-Type: text/plain; charset=\"utf-8\"\r\n"
		 "Content-Transfer-Encoding: 7bit\r\n\r\n"
		 "Hello\r\n"
		 "\r\n--=." WORD "\r\n"
		 "Content-Type: message/rfc822\r\n\r\n"
		 "Date: Mon, 23 Nov 2026 09:00:00 +0000\r\n"
		 "From: B <planet@example.net>\r\n"
		 "Subject: Two\r\n"
		 "MIME-Version: 1.0\r\n"
		 "Content-Type: text/plain; charset=\"utf-8\"\r\n"
		 "Content-Transfer-Encoding: 7bit\r\n\r\n"
		 "Body\r\n"
		 "\r\n--=." WORD "--\r\n"
		 "\r\n--=_" WORD "\r\n"
		 "Content-Type: text/plain; charset=\"utf-8\"\r\n"
		 "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
		 "Leave:=20=\r\nhttps://x.example/u/1\r\n"
		 "\r\n--=_" WORD "--\r\n");
}

static void
a_letter_may_refer_to_the_one_before(void **state)
{
	struct letter_common c = common_plain();
	struct letter_personal p = personal_plain();
	struct rendering r = rendering_of("News", "Hi\n", NULL);
	struct err err = ERR_INIT;

	(void)state;
	p.references = "0.2@example.net";
	expect_letter("thread", &c, &r, &p,
	    HEAD "Subject: News\r\n" PERSONAL
		 "References: <0.2@example.net>\r\n" AUTOMATIC "MIME-Version: 1.0\r\n"
		 "Content-Type: text/plain; charset=\"utf-8\"\r\n"
		 "Content-Transfer-Encoding: 7bit\r\n\r\n"
		 "Hi\r\n");
	p.references = "0.2@example.net>\r\nBcc: <x@y.example";
	assert_false(letter_personal_check(&p, &err));
	assert_int_equal(err.kind, ERR_INPUT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(short_ascii_text_goes_as_it_is),
		cmocka_unit_test(text_beyond_ascii_is_quoted),
		cmocka_unit_test(all_fields_of_a_list_stand_in_the_header),
		cmocka_unit_test(one_click_needs_a_web_address),
		cmocka_unit_test(the_first_address_to_leave_stands_on_its_fields_line),
		cmocka_unit_test(two_parts_text_first_with_holes_filled),
		cmocka_unit_test(pictures_go_with_the_html),
		cmocka_unit_test(what_is_shorter_in_base64_is_that),
		cmocka_unit_test(base64_without_holes_is_shared),
		cmocka_unit_test(both_parts_may_be_base64),
		cmocka_unit_test(a_subject_beyond_ascii_is_encoded),
		cmocka_unit_test(values_are_encoded_and_escaped),
		cmocka_unit_test(nothing_personal_can_add_a_field),
		cmocka_unit_test(a_form_has_no_foreign_holes_and_no_foreign_fields),
		cmocka_unit_test(a_part_has_a_ceiling),
		cmocka_unit_test(a_subject_has_a_ceiling),
		cmocka_unit_test(text_with_a_snare_is_encoded),
		cmocka_unit_test(a_list_may_have_no_name),
		cmocka_unit_test(lines_stay_short_wherever_a_hole_is),
		cmocka_unit_test(posts_are_messages_of_their_own),
		cmocka_unit_test(a_letter_may_refer_to_the_one_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
