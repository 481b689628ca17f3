/* SPDX-License-Identifier: ISC */
#include "mail/dkim.h"

#include <string.h>

#include "base/ascii.h"
#include "base/attr.h"
#include "format/mime_encoding.h"

enum { FIELD_MAX = 16 * 1024, LINE = 72, FIELDS_MAX = 200, SELECTOR_MAX = 63 };

/* RFC 6376 5.4.1, and what makes a letter one of a list. */
static const char *const signed_names[] = { "From", "Sender", "Reply-To", "To", "Cc",
	"Subject", "Date", "Message-ID", "In-Reply-To", "References", "MIME-Version",
	"Content-Type", "Content-Transfer-Encoding", "List-Id", "List-Unsubscribe",
	"List-Unsubscribe-Post", "List-Help", "List-Subscribe", "List-Post", "List-Owner",
	"List-Archive", "Auto-Submitted", "Feedback-ID" };

/* A field as it stands in the letter, continuation lines included. */
struct field {
	const char *text;
	size_t len; /* without the last CRLF */
	size_t name_len;
};

/* ---- canonical forms (RFC 6376 3.4) -------------------------------------------------- */

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/*
 * Relaxed: blanks at the end of a line go, runs of them become one.  Stretches without either
 * are copied whole.
 */
static void
add_relaxed_line(struct buf *out, const char *p, const char *end)
{
	const char *from = p;

	while (p < end) {
		const char *run = p;

		if (!is_blank(*p)) {
			p++;
			continue;
		}
		while (p < end && is_blank(*p))
			p++;
		if (p == end || p - run > 1 || *run == '\t') {
			buf_add(out, from, (size_t)(run - from));
			if (p < end)
				buf_addc(out, ' ');
			from = p;
		}
	}
	buf_add(out, from, (size_t)(end - from));
}

/*
 * What follows p up to the first octet that relaxed might change: a tab, a blank before another
 * or before the line's end, a line end that is not CRLF.  Whole stretches are looked at without
 * a branch for each octet, which is what the machine does fast.
 */
enum { STRETCH = 64 };
static size_t
plain_length(const char *p, const char *end)
{
	size_t n = 0;

	/* Each is looked at together with the one behind it. */
	for (; (size_t)(end - p) > n + STRETCH; n += STRETCH) {
		const unsigned char *c = (const unsigned char *)p + n;
		unsigned odd = 0;

		for (size_t i = 0; i < STRETCH; i++)
			odd |= (unsigned)(c[i] == '\t') |
			    ((unsigned)(c[i] == ' ') & (unsigned)(c[i + 1] <= ' ')) |
			    ((unsigned)(c[i] != '\r') & (unsigned)(c[i + 1] == '\n'));
		if (odd != 0)
			break;
	}
	return n;
}

/* The start of the line that p is in. */
static const char *
line_start(const char *body, const char *p)
{
	while (p > body && p[-1] != '\n')
		p--;
	return p;
}

static void
add_relaxed_lines(struct buf *out, const char *p, const char *end)
{
	while (p < end && !buf_is_full(out)) {
		const char *plain = line_start(p, p + plain_length(p, end));
		const char *lf = memchr(plain, '\n', (size_t)(end - plain));
		const char *stop = lf ? lf : end;

		buf_add(out, p, (size_t)(plain - p));
		if (stop > plain && stop[-1] == '\r')
			stop--;
		while (stop > plain && is_blank(stop[-1]))
			stop--;
		add_relaxed_line(out, plain, stop);
		if (lf)
			buf_add(out, "\r\n", 2);
		p = lf ? lf + 1 : end;
	}
}

/* Lines without a word at the end are left out; a body of none is empty. */
static void
add_relaxed_body(struct buf *out, const char *body, size_t len)
{
	const char *end = body + len;

	while (end > body && (is_blank(end[-1]) || end[-1] == '\r' || end[-1] == '\n'))
		end--;
	add_relaxed_lines(out, body, end);
	if (end > body)
		buf_add(out, "\r\n", 2);
}

/* A blank, or an octet of a line's end inside a folded field. */
static bool
is_white(char c)
{
	return is_blank(c) || c == '\r' || c == '\n';
}

static const char *
skip_white(const char *p, const char *end)
{
	while (p < end && is_white(*p))
		p++;
	return p;
}

/* The end of a stretch that stays as it is: words with one blank between them. */
static const char *
skip_words(const char *p, const char *end)
{
	while (
	    p < end && (!is_white(*p) || (*p == ' ' && p + 1 < end && !is_white(p[1]))))
		p++;
	return p;
}

/* "name:value" in small letters, unfolded, without the line's end. */
static void
add_relaxed_field(struct buf *out, const struct field *f)
{
	const char *end = f->text + f->len;
	const char *p = skip_white(f->text + f->name_len + 1, end);

	for (size_t i = 0; i < f->name_len; i++)
		buf_addc(out, (char)ascii_lower((unsigned char)f->text[i]));
	buf_addc(out, ':');
	while (p < end) {
		const char *stop = skip_words(p, end);

		buf_add(out, p, (size_t)(stop - p));
		p = skip_white(stop, end);
		if (p < end)
			buf_addc(out, ' ');
	}
}

/* ---- what is signed ------------------------------------------------------------------ */

struct parts {
	struct field fields[FIELDS_MAX];
	size_t count;
	const char *body;
	size_t body_len;
};

/* Splits a letter of our own: CRLF line ends, an empty line behind the header. */
static bool
split(const char *letter, size_t len, struct parts *out)
{
	const char *end = letter + len;
	const char *p = letter;

	out->count = 0;
	while (p < end && !(end - p >= 2 && p[0] == '\r' && p[1] == '\n')) {
		const char *lf = p;
		const char *colon = memchr(p, ':', (size_t)(end - p));

		do {
			lf = memchr(lf, '\n', (size_t)(end - lf));
		} while (lf && ++lf < end && is_blank(*lf));
		if (!lf || !colon || colon >= lf || out->count == FIELDS_MAX)
			return false;
		out->fields[out->count++] =
		    (struct field){ p, (size_t)(lf - p) - 2, (size_t)(colon - p) };
		p = lf;
	}
	out->body = p < end ? p + 2 : end;
	out->body_len = (size_t)(end - out->body);
	return true;
}

static const char *
signed_name(const struct field *f)
{
	for (size_t i = 0; i < ARRAY_LEN(signed_names); i++) {
		if (ascii_starts_nocase(f->text, signed_names[i]) &&
		    strlen(signed_names[i]) == f->name_len)
			return signed_names[i];
	}
	return NULL;
}

/* Appends to a list that is folded between its words. */
static void
add_name(struct buf *out, const char *name, size_t *column)
{
	const size_t len = strlen(name) + 1;

	if (*column + len > LINE) {
		buf_adds(out, "\r\n\t ");
		*column = 9;
	}
	buf_addf(out, "%s:", name);
	*column += len;
}

/*
 * The names of h=, and the fields in canonical form: from the last up, as a verifier counts
 * them, and From once more than there are.
 */
static void
add_fields(const struct parts *p, struct buf *names, struct buf *canonical)
{
	size_t column = 11;

	for (size_t i = p->count; i > 0; i--) {
		const char *name = signed_name(&p->fields[i - 1]);

		if (!name)
			continue;
		add_name(names, name, &column);
		add_relaxed_field(canonical, &p->fields[i - 1]);
		buf_adds(canonical, "\r\n");
	}
	add_name(names, "From", &column);
	buf_truncate(names, names->len - 1);
}

/* ---- the field ----------------------------------------------------------------------- */

static void
add_folded(struct buf *out, const char *text, size_t column)
{
	while (*text != '\0') {
		const size_t room = column < LINE ? LINE - column : 0;
		const size_t len = strnlen(text, room);

		buf_add(out, text, len);
		text += len;
		if (*text != '\0')
			buf_adds(out, "\r\n\t ");
		column = 9;
	}
}

struct digests {
	const char *names;     /* of h= */
	const char *canonical; /* the fields */
	const char *body;      /* bh= */
	int64_t at;
};

static bool
add_signature(const struct dkim_signer *s, size_t i, const struct digests *d,
    struct buf *out)
{
	static const char *const algorithms[] = { [DKIM_RSA_SHA256] = "rsa-sha256",
		[DKIM_ED25519_SHA256] = "ed25519-sha256" };
	const struct dkim_key *key = s->keys[i].key;
	unsigned char digest[HASH_SIZE];
	unsigned char signature[DKIM_SIGNATURE_MAX];
	struct buf b = BUF_INIT(FIELD_MAX + FIELD_MAX);
	const size_t begin = out->len;
	size_t len = 0;
	bool ok = false;

	buf_addf(out,
	    "DKIM-Signature: v=1; a=%s; c=relaxed/relaxed;\r\n\td=%s; s=%s;\r\n"
	    "\tt=%lld; bh=%s;\r\n\th=%s;\r\n\tb=",
	    algorithms[dkim_key_algorithm(key)], s->domain, s->keys[i].selector,
	    (long long)d->at, d->body, d->names);
	buf_adds(&b, d->canonical);
	if (!buf_is_full(out))
		add_relaxed_field(&b,
		    &(const struct field){ out->data + begin, out->len - begin,
			sizeof("DKIM-Signature") - 1 });
	hash_sha256(buf_text(&b), b.len, digest);
	ok = !buf_is_full(&b) && !buf_is_full(out) &&
	    dkim_key_sign(key, digest, signature, &len);
	buf_reset(&b);
	mime_base64(&b, signature, ok ? len : 0, false);
	add_folded(out, buf_text(&b), sizeof("\tb=") + 6);
	buf_adds(out, "\r\n");
	buf_clear(&b);
	return ok;
}

bool
dkim_sign(const struct dkim_signer *s, const char *letter, size_t len, int64_t at,
    struct buf *scratch, struct buf *out, struct err *err)
{
	struct buf names = BUF_INIT(FIELD_MAX);
	struct buf canonical = BUF_INIT(FIELD_MAX);
	struct buf body = BUF_INIT(2 * HASH_HEX);
	unsigned char digest[HASH_SIZE];
	struct parts p;
	bool ok = split(letter, len, &p);

	buf_reset(scratch);
	if (ok) {
		add_relaxed_body(scratch, p.body, p.body_len);
		hash_sha256(buf_text(scratch), scratch->len, digest);
		mime_base64(&body, digest, sizeof(digest), false);
		add_fields(&p, &names, &canonical);
		ok = !buf_is_full(scratch) && !buf_is_full(&names) &&
		    !buf_is_full(&canonical);
	}
	if (!ok)
		(void)err_set(err, ERR_LIMIT, "a letter that cannot be signed");
	for (size_t i = 0; ok && i < s->count; i++) {
		const struct digests d = { buf_text(&names), buf_text(&canonical),
			buf_text(&body), at };

		ok = add_signature(s, i, &d, out) ||
		    err_set(err, ERR_SYSTEM, "the key of %s cannot sign",
			s->keys[i].selector);
	}
	buf_clear(&names);
	buf_clear(&canonical);
	buf_clear(&body);
	return ok;
}

/* ---- the record ---------------------------------------------------------------------- */

bool
dkim_selector_is_one(const char *selector)
{
	const size_t len = strlen(selector);

	if (len == 0 || len > SELECTOR_MAX)
		return false;
	for (size_t i = 0; i < len; i++) {
		const char c = selector[i];
		const bool edge = i == 0 || i + 1 == len || selector[i - 1] == '.' ||
		    selector[i + 1] == '.';

		if (!ascii_is_alphanumeric((unsigned char)c) &&
		    ((c != '-' && c != '.') || edge))
			return false;
	}
	return true;
}

bool
dkim_record(const struct dkim_key *key, struct buf *out)
{
	buf_addf(out, "v=DKIM1; k=%s; p=",
	    dkim_key_algorithm(key) == DKIM_RSA_SHA256 ? "rsa" : "ed25519");
	return dkim_key_add_public(key, out) && !buf_is_full(out);
}
