/* SPDX-License-Identifier: ISC */
/*
 * An encoded letter is one buffer, cut where each reader's own bytes go: once in the header, and
 * at the holes of the bodies.  The bodies are already encoded.  In quoted-printable a soft line
 * break (RFC 2045 6.7) stands before and after a hole, so that its value begins at column 0 and
 * may have any length.  Base64 knows no such place: the text from the line of its first hole on,
 * mostly the foot, is encoded for each reader.
 */
#include "mail/letter.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "format/mime_encoding.h"
#include "format/mime_words.h"
#include "mail/letter_digest.h"
#include "mail/letter_personal.h"

enum {
	LINE_MAX_QP = 76,                   /* RFC 2045 6.7 (5) */
	BYTES_A_LINE = LINE_MAX_QP / 4 * 3, /* of base64, as long */
	CRLF_MAX = 2 * LIMIT_PART,          /* a part with each line end in two bytes */
	PIECES_MAX = 4096
};

enum mime_encoding { MIME_7BIT, MIME_QUOTED, MIME_BASE64 };
struct mime_part {
	const char *type; /* "text/plain"; the charset is UTF-8 */
	enum mime_encoding encoding;
	const struct buf *body; /* encoded, CRLF */
};

struct piece {
	size_t end;    /* of the bytes before the hole */
	int filled_by; /* an enum hole, or one of these */
	bool html;
};
enum { BY_HEADER = HOLE_COUNT, BY_TEXT, BY_HTML, BY_NOTHING };

struct encoded_letter {
	struct buf bytes;
	struct piece *pieces; /* the last one is filled by nothing */
	size_t piece_count;
	struct buf tails[2]; /* of text and HTML: what is encoded for each reader */
	bool may_stuff;      /* a piece has a line that begins with a dot */
};

/* ---- bodies -------------------------------------------------------------------------- */

/* In the encoded body a hole is HOLE_OPEN, one letter, HOLE_CLOSE: encoded text has neither. */
static void
add_mark(struct buf *out, enum hole hole, bool html)
{
	buf_addc(out, HOLE_OPEN);
	buf_addc(out, (char)((html ? 'a' : 'A') + (int)hole));
	buf_addc(out, HOLE_CLOSE);
}

/* Ends the line with a soft break, but at its start. */
static void
add_soft_break(struct buf *out)
{
	size_t column = letter_column(out);
	char unit[3];
	size_t n = 1;

	if (column == 0)
		return;
	if (column >= LINE_MAX_QP) {
		/* No room for the "=": the last character moves to a line of its own. */
		if (out->data[out->len - 3] == '=')
			n = 3;
		memcpy(unit, out->data + out->len - n, n);
		buf_truncate(out, out->len - n);
		buf_adds(out, "=\r\n");
		buf_add(out, unit, n);
	}
	buf_adds(out, "=\r\n");
}

static bool
encode_quoted(struct buf *out, const char *text, size_t len, bool html, struct err *err)
{
	const char *end = text + len;

	while (text < end) {
		enum hole hole = HOLE_COUNT;
		const char *after = NULL;
		const char *mark = hole_find(text, end, &hole, &after);

		mime_quoted_printable(out, text, (size_t)((mark ? mark : end) - text));
		if (!mark)
			break;
		if (hole == HOLE_COUNT)
			return err_set(err, ERR_BUG,
			    "a hole in the rendering that nothing fills");
		add_soft_break(out);
		add_mark(out, hole, html);
		text = after;
		if (text < end && *text != '\n')
			buf_adds(out, "=\r\n");
	}
	if (buf_is_full(out))
		return err_set(err, ERR_LIMIT, "a letter of more than %d bytes",
		    LIMIT_LETTER);
	return true;
}

/* True for text that every server hands on as it is: short ASCII lines without snares. */
static bool
fits_7bit(const char *text, size_t len)
{
	const char *end = text + len;

	while (text < end) {
		const char *nl = memchr(text, '\n', (size_t)(end - text));
		size_t n = (size_t)((nl ? nl : end) - text);

		if (n > LINE_MAX_QP || *text == '.' || ascii_starts(text, n, "From "))
			return false;
		for (size_t i = 0; i < n; i++)
			if ((unsigned char)text[i] < 0x20 ||
			    (unsigned char)text[i] >= 0x7F)
				return false;
		if (n > 0 && text[n - 1] == ' ')
			return false;
		text += n + (nl != NULL);
	}
	return true;
}

static void
add_crlf(struct buf *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\n')
			buf_addc(out, '\r');
		buf_addc(out, text[i]);
	}
}

/* Up to the line of the first hole; the rest waits in tail, with CRLF, for its values. */
static bool
encode_base64(struct buf *out, const char *text, size_t len, bool html, struct buf *tail,
    struct err *err)
{
	struct buf canonical = BUF_INIT(CRLF_MAX);
	enum hole hole = HOLE_COUNT;
	const char *after = NULL;
	const char *end = NULL;
	const char *mark = NULL;
	size_t head = 0;

	add_crlf(&canonical, text, len);
	end = buf_text(&canonical) + canonical.len;
	mark = hole_find(buf_text(&canonical), end, &hole, &after);
	head = mark ? (size_t)(mark - canonical.data) / BYTES_A_LINE * BYTES_A_LINE
		    : canonical.len;
	mime_base64(out, canonical.data, head, true);
	for (; mark && hole != HOLE_COUNT; mark = hole_find(after, end, &hole, &after))
		;
	if (!mark && head < canonical.len) {
		buf_add(tail, canonical.data + head, canonical.len - head);
		add_mark(out, HOLE_COUNT, html);
	}
	buf_clear(&canonical);
	if (mark)
		return err_set(err, ERR_BUG,
		    "a hole in the rendering that nothing fills");
	return true;
}

/* *encoding tells what it became: what is smallest. */
static bool
encode_body(struct buf *out, const char *text, size_t len, bool html,
    enum mime_encoding *encoding, struct buf *tail, struct err *err)
{
	if (len > LIMIT_PART)
		return err_set(err, ERR_LIMIT, "a part of more than %d bytes",
		    LIMIT_PART);
	if (fits_7bit(text, len)) {
		*encoding = MIME_7BIT;
		add_crlf(out, text, len);
		return true;
	}
	if (mime_prefers_base64(text, len, NULL)) {
		*encoding = MIME_BASE64;
		return encode_base64(out, text, len, html, tail, err);
	}
	*encoding = MIME_QUOTED;
	return encode_quoted(out, text, len, html, err);
}

/* ---- header -------------------------------------------------------------------------- */

static void
add_list_id(struct buf *out, const char *name, const char *id)
{
	buf_adds(out, "List-Id: ");
	letter_add_bracketed(out, text_is_set(name) ? name : NULL, id);
}

static bool
add_uri(struct buf *out, const char *field, const char *uri, struct err *err)
{
	if (!uri || *uri == '\0')
		return true;
	if (!letter_is_header_word(uri, false))
		return err_set(err, ERR_INPUT,
		    "%s: not an address to put in a letter: %s", field, uri);
	letter_add_header_word(out, field, uri);
	return true;
}

static bool
add_common_before(struct buf *out, const struct letter_common *c, const char *subject,
    struct err *err)
{
	char date[CLOCK_TEXT];

	if (strlen(subject) > LIMIT_SUBJECT)
		return err_set(err, ERR_LIMIT, "a subject of more than %d bytes",
		    LIMIT_SUBJECT);
	buf_addf(out, "Date: %s\r\n", clock_rfc5322(c->date, c->date_offset, date));
	letter_add_mailbox(out, "From", &c->from);
	if (c->reply_to.address)
		letter_add_mailbox(out, "Reply-To", &c->reply_to);
	mime_header(out, "Subject", subject);
	return true;
}

static bool
add_common_after(struct buf *out, const struct letter_common *c, struct err *err)
{
	if (c->list_id && *c->list_id != '\0') {
		if (!letter_is_header_word(c->list_id, false))
			return err_set(err, ERR_INPUT, "not a list id: %s", c->list_id);
		add_list_id(out, c->list_name, c->list_id);
	}
	if (!add_uri(out, "List-Archive", c->list_archive, err) ||
	    !add_uri(out, "List-Help", c->list_help, err) ||
	    !add_uri(out, "List-Owner", c->list_owner, err))
		return false;
	/*
	 * RFC 3834: no vacation program answers this.  Exchange looks at its own field (MS-OXCMAIL
	 * 2.2.3.2.14), in which NDR is not named: bounces shall come.  No Precedence: bulk, which
	 * some drop.
	 */
	buf_adds(out,
	    "Auto-Submitted: auto-generated\r\n"
	    "X-Auto-Response-Suppress: DR, RN, NRN, OOF, AutoReply\r\n");
	if (c->feedback_id && *c->feedback_id != '\0')
		mime_header(out, "Feedback-ID", c->feedback_id);
	if (c->language && *c->language != '\0')
		mime_header(out, "Content-Language", c->language);
	buf_adds(out, "MIME-Version: 1.0\r\n");
	return true;
}

/* ---- the form ------------------------------------------------------------------------ */

static void
add_piece(struct encoded_letter *f, int filled_by, bool html)
{
	f->pieces[f->piece_count++] = (struct piece){ f->bytes.len, filled_by, html };
}

/* Cuts the encoded text at its marks. */
static bool
add_cut(struct encoded_letter *f, const struct buf *text, struct err *err)
{
	const char *at = buf_text(text);
	const char *end = at + text->len;

	for (;;) {
		const char *mark = memchr(at, HOLE_OPEN, (size_t)(end - at));
		bool html = false;

		if (!mark) {
			buf_add(&f->bytes, at, (size_t)(end - at));
			return true;
		}
		if (f->piece_count + 1 >= PIECES_MAX)
			return err_set(err, ERR_LIMIT, "more than %d holes in a letter",
			    PIECES_MAX);
		html = mark[1] >= 'a';
		buf_add(&f->bytes, at, (size_t)(mark - at));
		add_piece(f,
		    mark[1] == 'a' + HOLE_COUNT       ? BY_HTML
			: mark[1] == 'A' + HOLE_COUNT ? BY_TEXT
						      : mark[1] - (html ? 'a' : 'A'),
		    html);
		at = mark + 3;
	}
}

/* ---- the structure (RFC 2046) -------------------------------------------------------- */

static void
add_part(struct buf *out, const struct mime_part *part)
{
	static const char *const names[] = { [MIME_7BIT] = "7bit",
		[MIME_QUOTED] = "quoted-printable",
		[MIME_BASE64] = "base64" };

	buf_addf(out,
	    "Content-Type: %s; charset=\"utf-8\"\r\n"
	    "Content-Transfer-Encoding: %s\r\n\r\n",
	    part->type, names[part->encoding]);
	buf_add(out, buf_text(part->body), part->body->len);
}

static void
add_single(struct buf *out, const struct mime_part *part)
{
	add_part(out, part);
	/* A message ends with a line end; the one before the final dot is not a part of it. */
	if (letter_column(out) > 0)
		buf_adds(out, "\r\n");
}

/* A picture, which the HTML names by its Content-ID (RFC 2392), with a name to save it under. */
static void
add_picture(struct buf *out, const struct picture_part *p)
{
	buf_addf(out,
	    "Content-Type: %s\r\nContent-Transfer-Encoding: base64\r\n"
	    "Content-ID: <%s>\r\nContent-Disposition: inline; filename=\"%s\"\r\n\r\n",
	    p->type, p->id, p->name);
	mime_base64(out, p->bytes, p->len, true);
}

/* The HTML with the pictures that it shows (RFC 2387). */
static void
add_related(struct buf *out, const struct mime_part *html, const struct rendering *r,
    const char *word)
{
	buf_addf(out,
	    "Content-Type: multipart/related;\r\n boundary=\"=.%s\";\r\n type=\"%s\"\r\n"
	    "\r\n--=.%s\r\n",
	    word, html->type, word);
	add_part(out, html);
	for (size_t i = 0; i < r->picture_count; i++) {
		buf_addf(out, "\r\n--=.%s\r\n", word);
		add_picture(out, &r->pictures[i]);
	}
	buf_addf(out, "\r\n--=.%s--\r\n", word);
}

/*
 * Text and HTML, the poorer first.  Boundaries: "=_" and "=." cannot stand in quoted-printable
 * text (RFC 2045 6.7), and none of the two begins with the other.
 */
static void
add_alternative(struct buf *out, const struct mime_part parts[2],
    const struct rendering *r, const char *word)
{
	buf_addf(out,
	    "Content-Type: multipart/alternative;\r\n boundary=\"=_%s\"\r\n"
	    "\r\n--=_%s\r\n",
	    word, word);
	add_part(out, &parts[0]);
	buf_addf(out, "\r\n--=_%s\r\n", word);
	if (r->picture_count > 0)
		add_related(out, &parts[1], r, word);
	else
		add_part(out, &parts[1]);
	buf_addf(out, "\r\n--=_%s--\r\n", word);
}

/* A text with its fields, as it stands in a part of a digest. */
static bool
add_text_part(struct buf *out, const char *text, size_t len, struct err *err)
{
	struct buf body = BUF_INIT(LIMIT_LETTER);
	struct buf tail = BUF_INIT(LIMIT_LETTER);
	struct mime_part part = { "text/plain", MIME_QUOTED, &body };
	/* Only where nothing is filled in may it be base64: a letter has one tail. */
	const bool ok = memchr(text, HOLE_OPEN, len)
	    ? encode_quoted(&body, text, len, false, err)
	    : encode_body(&body, text, len, false, &part.encoding, &tail, err);

	if (ok)
		add_single(out, &part);
	buf_clear(&tail);
	buf_clear(&body);
	return ok;
}

static bool
write_bodies(struct encoded_letter *f, const struct mailbox *from,
    const struct rendering *r, const char *boundary, struct err *err)
{
	bool ok = false;
	struct buf text = BUF_INIT(LIMIT_LETTER);
	struct buf html = BUF_INIT(LIMIT_LETTER);
	struct buf whole = BUF_INIT(2 * LIMIT_LETTER);
	struct mime_part parts[2] = { { "text/plain", MIME_QUOTED, &text },
		{ "text/html", MIME_QUOTED, &html } };

	if (r->text_len <= LIMIT_PART && letter_is_digest(r->text, r->text_len)) {
		const struct digest_frame frame = { from, boundary, add_text_part };

		ok = letter_write_digest(&whole, &frame, r->text, r->text_len, err) &&
		    add_cut(f, &whole, err);
		goto out;
	}
	if (!encode_body(&text, r->text, r->text_len, false, &parts[0].encoding,
		&f->tails[0], err))
		goto out;
	if (r->html) {
		if (!encode_body(&html, r->html, r->html_len, true, &parts[1].encoding,
			&f->tails[1], err))
			goto out;
		add_alternative(&whole, parts, r, boundary);
	} else {
		add_single(&whole, &parts[0]);
	}
	ok = add_cut(f, &whole, err);
out:
	buf_clear(&whole);
	buf_clear(&html);
	buf_clear(&text);
	return ok;
}

/* A dot that begins a line, or the text itself: what stands before it is not known here. */
static bool
has_first_dot(const char *text, size_t len)
{
	const char *end = text + len;

	while (text < end) {
		if (*text == '.')
			return true;
		text = memchr(text, '\n', (size_t)(end - text));
		if (!text)
			return false;
		text++;
	}
	return false;
}

static void
look_for_dots(struct encoded_letter *f)
{
	size_t from = 0;

	for (size_t i = 0; i < f->piece_count && !f->may_stuff; i++) {
		f->may_stuff =
		    has_first_dot(f->bytes.data + from, f->pieces[i].end - from);
		from = f->pieces[i].end;
	}
}

struct encoded_letter *
letter_encode(const struct letter_common *common, const struct rendering *rendering,
    const char *boundary, struct err *err)
{
	struct encoded_letter *f = xcalloc(1, sizeof(*f));

	buf_init(&f->bytes, LIMIT_LETTER);
	for (size_t i = 0; i < ARRAY_LEN(f->tails); i++)
		buf_init(&f->tails[i], CRLF_MAX);
	f->pieces = xcalloc(PIECES_MAX, sizeof(*f->pieces));
	if (!add_common_before(&f->bytes, common, rendering->subject, err))
		goto bad;
	add_piece(f, BY_HEADER, false);
	if (!add_common_after(&f->bytes, common, err))
		goto bad;
	if (!write_bodies(f, &common->from, rendering, boundary, err))
		goto bad;
	add_piece(f, BY_NOTHING, false);
	if (buf_is_full(&f->bytes)) {
		(void)err_set(err, ERR_LIMIT, "a letter of more than %d bytes",
		    LIMIT_LETTER);
		goto bad;
	}
	f->pieces = xreallocarray(f->pieces, f->piece_count, sizeof(*f->pieces));
	look_for_dots(f);
	return f;
bad:
	encoded_letter_free(f);
	return NULL;
}

void
encoded_letter_free(struct encoded_letter *f)
{
	if (!f)
		return;
	buf_clear(&f->bytes);
	for (size_t i = 0; i < ARRAY_LEN(f->tails); i++)
		buf_clear(&f->tails[i]);
	free(f->pieces);
	free(f);
}

static void
add_tail(struct buf *out, const struct buf *tail, bool html,
    const struct letter_personal *p)
{
	letter_personal_add_text(out, buf_text(tail), tail->len, html, p);
	buf_truncate(out, out->len - 2); /* the line's end stands behind the mark */
}

/* What stands behind a piece: the reader's own. */
static void
fill(const struct encoded_letter *f, const struct piece *piece,
    const struct letter_personal *p, struct buf *out)
{
	if (piece->filled_by == BY_HEADER)
		letter_personal_add_header(out, p);
	else if (piece->filled_by == BY_TEXT || piece->filled_by == BY_HTML)
		add_tail(out, &f->tails[piece->filled_by == BY_HTML], piece->html, p);
	else if (piece->filled_by < HOLE_COUNT && p->holes[piece->filled_by])
		letter_personal_add_value(out, p->holes[piece->filled_by], piece->html);
}

static bool
check_room(const struct buf *out, struct err *err)
{
	return !buf_is_full(out) ||
	    err_set(err, ERR_LIMIT, "a letter of more than %zu bytes", out->max);
}

bool
letter_write(const struct encoded_letter *f, const struct letter_personal *p,
    struct buf *out, struct err *err)
{
	size_t from = 0;

	if (!letter_personal_check(p, err))
		return false;
	(void)buf_reserve(out, f->bytes.len + 4096);
	for (size_t i = 0; i < f->piece_count; i++) {
		const struct piece *piece = &f->pieces[i];

		buf_add(out, f->bytes.data + from, piece->end - from);
		from = piece->end;
		fill(f, piece, p, out);
	}
	return check_room(out, err);
}

/* ---- a letter in pieces -------------------------------------------------------------- */

void
letter_pieces_init(struct letter_pieces *p)
{
	*p = (struct letter_pieces){ .own = BUF_INIT(LIMIT_LETTER) };
}

void
letter_pieces_clear(struct letter_pieces *p)
{
	free(p->list);
	buf_clear(&p->own);
	letter_pieces_init(p);
}

/* bytes NULL: the next len bytes of the reader's own, which may still move. */
static void
add_to_pieces(struct letter_pieces *out, const char *bytes, size_t len)
{
	if (len == 0)
		return;
	if (out->count == out->room) {
		out->room = out->room == 0 ? 16 : 2 * out->room;
		out->list = xreallocarray(out->list, out->room, sizeof(*out->list));
	}
	out->list[out->count++] = (struct letter_piece){ bytes, len };
	out->len += len;
}

bool
letter_write_pieces(const struct encoded_letter *f, const struct letter_personal *p,
    struct letter_pieces *out, struct err *err)
{
	const char *own = NULL;
	size_t from = 0;

	out->count = 0;
	out->len = 0;
	buf_reset(&out->own);
	if (!letter_personal_check(p, err))
		return false;
	for (size_t i = 0; i < f->piece_count; i++) {
		const struct piece *piece = &f->pieces[i];
		const size_t before = out->own.len;

		add_to_pieces(out, f->bytes.data + from, piece->end - from);
		from = piece->end;
		fill(f, piece, p, &out->own);
		add_to_pieces(out, NULL, out->own.len - before);
	}
	out->may_stuff = f->may_stuff;
	own = buf_text(&out->own);
	for (size_t i = 0; i < out->count; i++) {
		struct letter_piece *piece = &out->list[i];

		if (piece->bytes)
			continue;
		piece->bytes = own;
		own += piece->len;
		out->may_stuff =
		    out->may_stuff || has_first_dot(piece->bytes, piece->len);
	}
	return check_room(&out->own, err);
}

size_t
encoded_letter_size(const struct encoded_letter *f)
{
	return f->bytes.cap + f->tails[0].cap + f->tails[1].cap +
	    f->piece_count * sizeof(*f->pieces);
}
