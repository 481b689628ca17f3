/* SPDX-License-Identifier: ISC */
/* Signatures of letters: canonical forms, what is signed, keys.  tests/cli/dkim.t verifies them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/hash.h"
#include "format/mime_encoding.h"
#include "mail/dkim.h"

/* The key pairs of RFC 8463 A.2. */
static const char ed25519_pem[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
    "-----END PRIVATE KEY-----\n";
static const char ed25519_public[] = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

static struct dkim_key *
read_key(const char *pem)
{
	struct err err = ERR_INIT;
	struct dkim_key *k = dkim_key_read(pem, strlen(pem), &err);

	if (!k)
		fail_msg("%s", err.text);
	return k;
}

/* The signature fields of a letter, unfolded. */
static const char *
sign(struct arena *a, const struct dkim_signer *s, const char *letter)
{
	struct buf scratch = BUF_INIT(1 << 20);
	struct buf out = BUF_INIT(1 << 20);
	struct err err = ERR_INIT;
	char *text = NULL;
	char *to = NULL;

	if (!dkim_sign(s, letter, strlen(letter), 1528637909, &scratch, &out, &err))
		fail_msg("%s", err.text);
	text = arena_strdup(a, buf_text(&out));
	to = text;
	for (const char *p = text; *p != '\0'; p++)
		if (*p != '\r' && *p != '\t' && !(*p == '\n' && p[1] == '\t') &&
		    !(*p == ' ' && p > text && p[-1] == '\t'))
			*to++ = *p;
	*to = '\0';
	buf_clear(&scratch);
	buf_clear(&out);
	return text;
}

/* The value of a tag; in a. */
static const char *
tag(struct arena *a, const char *field, const char *name)
{
	const char *at = strstr(field, name);

	assert_non_null(at);
	at += strlen(name);
	return arena_strndup(a, at, strcspn(at, ";\n"));
}

/* Digests of the canonical forms, by sha256sum of what RFC 6376 3.4.4 makes of each body. */
static const struct {
	const char *name, *body, *hash;
} bodies[] = {
	{ "RFC 6376 3.4.5", " C \r\nD \t E\r\n\r\n\r\n",
	    "unak6JHq0wL+Q1HP7dW1tjBx9FLA6DffoZ0qrLwbbpo=" },
	{ "nothing", "", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" },
	{ "empty lines alone", "\r\n\r\n\r\n",
	    "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" },
	{ "blanks alone", " \t\r\n  \r\n",
	    "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" },
	{ "an empty line within", "a \r\n \t\r\nb\tc\r\n\r\n",
	    "NrEisoNjtfphjQvOR/AchjLV+zPpOJoXXBJm71WPCCA=" },
	{ "no line end", "a\r\n\r\nb c", "NrEisoNjtfphjQvOR/AchjLV+zPpOJoXXBJm71WPCCA=" },
	{ "runs of blanks", "\t \tx\t\t\r\n",
	    "ke28WSuh9b+cQI5hAwVR5sGjZpXa9E5HKrMgt7wR45I=" },
	{ "RFC 8463 A.2",
	    "Hi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n",
	    "2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=" },
};

static void
bodies_are_hashed_in_their_relaxed_form(void **state)
{
	struct arena *a = arena_new();
	struct dkim_signer s = { .domain = "football.example.com", .count = 1 };

	(void)state;
	s.keys[0].selector = "brisbane";
	s.keys[0].key = read_key(ed25519_pem);
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		const char *letter =
		    arena_printf(a, "From: a@b.example\r\n\r\n%s", bodies[i].body);
		const char *got = tag(a, sign(a, &s, letter), "bh=");

		if (strcmp(got, bodies[i].hash) != 0)
			fail_msg("%s: got %s, want %s", bodies[i].name, got,
			    bodies[i].hash);
	}
	dkim_key_free(s.keys[0].key);
	arena_free(a);
}

/* The digest of a body, as bh= has it. */
static const char *
body_hash(struct arena *a, const struct dkim_signer *s, const char *body)
{
	return tag(a, sign(a, s, arena_printf(a, "From: a@b.example\r\n\r\n%s", body)),
	    "bh=");
}

/* The digest of a text that is in its relaxed form already. */
static const char *
digest_of(struct arena *a, const char *text)
{
	struct buf b = BUF_INIT(100);
	unsigned char digest[HASH_SIZE];
	const char *out = NULL;

	hash_sha256(text, strlen(text), digest);
	mime_base64(&b, digest, sizeof(digest), false);
	out = arena_strdup(a, buf_text(&b));
	buf_clear(&b);
	return out;
}

/* What relaxed changes is found wherever it stands among what it leaves alone. */
static void
long_bodies_have_their_relaxed_form_at_each_octet(void **state)
{
	static const struct {
		const char *written, *relaxed;
	} odd[] = {
		{ "a  b", "a b" },
		{ "a\tb", "a b" },
		{ "a \r\nb", "a\r\nb" },
		{ "a\t\r\n\r\nb", "a\r\n\r\nb" },
		{ "a \t \r\n \r\nb", "a\r\n\r\nb" },
		{ "a\nb", "a\r\nb" },
	};
	static const char filler[] =
	    "line of words that stay\r\nas they are, with one blank "
	    "each, for some while\r\n\r\nand an empty line before "
	    "this, which is the end of it all but for the next words";
	struct dkim_signer s = { .domain = "news.example", .count = 1 };

	(void)state;
	s.keys[0].selector = "k1";
	s.keys[0].key = read_key(ed25519_pem);
	for (size_t i = 0; i < ARRAY_LEN(odd); i++) {
		for (int at = 0; at < 150; at++) {
			struct arena *a = arena_new();
			const char *got = body_hash(a, &s,
			    arena_printf(a, "%.*sx%sx %s\r\n", at, filler, odd[i].written,
				filler));
			const char *want = digest_of(a,
			    arena_printf(a, "%.*sx%sx %s\r\n", at, filler, odd[i].relaxed,
				filler));

			if (strcmp(got, want) != 0)
				fail_msg("%zu at %d: got %s, want %s", i, at, got, want);
			arena_free(a);
		}
	}
	dkim_key_free(s.keys[0].key);
}

/* python3-dkim's digest of a body of forty paragraphs. */
static void
a_long_body_is_hashed_as_others_hash_it(void **state)
{
	struct arena *a = arena_new();
	struct dkim_signer s = { .domain = "news.example", .count = 1 };
	const char *body = "";

	(void)state;
	s.keys[0].selector = "k1";
	s.keys[0].key = read_key(ed25519_pem);
	for (int i = 0; i < 40; i++)
		body = arena_printf(a,
		    "%sThe tide  came in \t at noon, and with it three boats from the east. "
		    "\r\n\r\n",
		    body);
	assert_string_equal(body_hash(a, &s, body),
	    "4xd59gA6+iV4o4KvKSnivio2r5hBlyKpcxajAnFOIiw=");
	dkim_key_free(s.keys[0].key);
	arena_free(a);
}

static void
what_makes_a_letter_one_of_a_list_is_signed(void **state)
{
	struct arena *a = arena_new();
	struct dkim_signer s = { .domain = "news.example", .count = 1 };
	const char *field = NULL;

	(void)state;
	s.keys[0].selector = "k1";
	s.keys[0].key = read_key(ed25519_pem);
	field = sign(a, &s,
	    "Received: by us\r\nFrom: a@b.example\r\nto:\r\n c@d.example\r\n"
	    "SUBJECT: x\r\nX-Other: y\r\nList-Unsubscribe: <mailto:l@b.example>\r\n"
	    "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n\r\nbody\r\n");
	assert_string_equal(tag(a, field, ";h="),
	    "List-Unsubscribe-Post:List-Unsubscribe:Subject:To:From:From");
	assert_string_equal(tag(a, field, "a="), "ed25519-sha256");
	assert_string_equal(tag(a, field, "c="), "relaxed/relaxed");
	assert_string_equal(tag(a, field, "d="), "news.example");
	assert_string_equal(tag(a, field, "s="), "k1");
	assert_string_equal(tag(a, field, "t="), "1528637909");
	dkim_key_free(s.keys[0].key);
	arena_free(a);
}

/*
 * Whole signatures: Ed25519 gives one text one signature.  They were made by Python's cryptography
 * over the canonical form that RFC 6376 3.4.2 and 3.7 describe.
 */
static const struct {
	const char *name, *letter, *names, *signature;
} signatures[] = {
	/* clang-format off */
	{ "one field", "From: a@b.example\r\n\r\nx\r\n", "From:From",
	    "vJ65YgomD2VDYFYACAPdb2F3Ah7uUxmcYP3Zt3Mji3VBOyFK8npzOS5ESMaB6Gz9GYRU/D3CK8C5tjUAY4csAw==" },
	{ "without a body", "From: a@b.example\r\n\r\n", "From:From",
	    "jYxoNohVX4Ps4iYaM3Z3sd44FyCDDGC0O0eJA8f4rhruAIhAulnK4QGffFGPNTHgEpbMJN6qOcG0lHbtQFTyDg==" },
	{ "without an empty line", "From: a@b.example\r\n", "From:From",
	    "jYxoNohVX4Ps4iYaM3Z3sd44FyCDDGC0O0eJA8f4rhruAIhAulnK4QGffFGPNTHgEpbMJN6qOcG0lHbtQFTyDg==" },
	{ "folded, with runs of blanks, empty",
	    "FROM:a@b.example \r\nTo:\r\n\t c@d.example,\r\n  e@f.example\t\r\n"
	    "Subject:  two \t  words \r\nX-Own: y\r\nCc:\r\n\r\nx\r\n",
	    "Cc:Subject:To:From:From",
	    "FNrmMP9oxzUzP1u2ROPmIn2uUnpmjT2lOOh7YjMXh0qD4WaXhjKz1kE9gwX+6LBzfY6u3OI0mrNI18QZSkRECQ==" },
	{ "a blank at the end of a folded line",
	    "From: a@b.example\r\nSubject: x \t\r\n y\r\n\r\n\r\nx\r\n",
	    "Subject:From:From",
	    "kPO24x0JhtSqzMQ4nf6z6SshZLU9/IYWq7/RtfWSHZhEGr1Iv27JsXasO6zNluPGfDzT0B8nxiZYBuextF45Cg==" },
	{ "names that begin as one, and one twice",
	    "From: a@b.example\r\nTo: c@d.example\r\nTos: x\r\nFro: y\r\nFrom: z@b.example\r\n"
	    "\r\nx\r\n",
	    "From:To:From:From",
	    "pvlIzHcM8QvKKqBsKi2L3p9aW9u3pqkuQiqv6Zk0oOCWqAPIr7fC3D2I6k/+6w71Opso/vkd6HGpgtW8VO3UCA==" },
	{ "each name that is signed, folded",
	    "From: 0\r\nSender: 1\r\nReply-To: 2\r\nTo: 3\r\nCc: 4\r\nSubject: 5\r\nDate: 6\r\n"
	    "Message-ID: 7\r\nIn-Reply-To: 8\r\nReferences: 9\r\nMIME-Version: 10\r\n"
	    "Content-Type: 11\r\nContent-Transfer-Encoding: 12\r\nList-Id: 13\r\n"
	    "List-Unsubscribe: 14\r\nList-Unsubscribe-Post: 15\r\nList-Help: 16\r\n"
	    "List-Subscribe: 17\r\nList-Post: 18\r\nList-Owner: 19\r\nList-Archive: 20\r\n"
	    "Auto-Submitted: 21\r\nFeedback-ID: 22\r\n\r\nx\r\n",
	    "Feedback-ID:Auto-Submitted:List-Archive:List-Owner:List-Post:List-Subscribe:List-Help:"
	    "List-Unsubscribe-Post:List-Unsubscribe:List-Id:Content-Transfer-Encoding:Content-Type:"
	    "MIME-Version:References:In-Reply-To:Message-ID:Date:Subject:Cc:To:Reply-To:Sender:From:"
	    "From",
	    "VgT+9N0cEy/qrkYA9ZyKuIZMBhi7SDQq4qSc3NTk4XECh33UD/dheKZCkbjgM8BwYTtlQUIYH2n/V3eGj7bIAw==" },
	/* clang-format on */
};

static void
a_signature_is_what_others_make(void **state)
{
	struct arena *a = arena_new();
	struct dkim_signer s = { .domain = "news.example", .count = 1 };

	(void)state;
	s.keys[0].selector = "k1";
	s.keys[0].key = read_key(ed25519_pem);
	for (size_t i = 0; i < ARRAY_LEN(signatures); i++) {
		const char *field = sign(a, &s, signatures[i].letter);
		const char *names = tag(a, field, ";h=");
		const char *got = tag(a, field, ";b=");

		if (strcmp(names, signatures[i].names) != 0)
			fail_msg("%s: got %s", signatures[i].name, names);
		if (strcmp(got, signatures[i].signature) != 0)
			fail_msg("%s: got %s", signatures[i].name, got);
	}
	dkim_key_free(s.keys[0].key);
	arena_free(a);
}

/* RFC 5322 2.1.1 wants 78 columns, and a field that is not one would end the header. */
static void
the_field_is_folded_and_closed(void **state)
{
	struct dkim_signer s = { .domain = "news.example", .count = 2 };
	static const char letter[] =
	    "From: a@b.example\r\nTo: c@d.example\r\nSubject: x\r\nDate: now\r\n"
	    "Message-ID: <1@b.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n"
	    "List-Id: <l.b.example>\r\nList-Unsubscribe: <mailto:l@b.example>\r\n\r\nx\r\n";
	struct buf scratch = BUF_INIT(1 << 16);
	struct buf pem = BUF_INIT(DKIM_KEY_FILE_MAX);
	struct buf out = BUF_INIT(1 << 16);
	struct err err = ERR_INIT;
	size_t fields = 0;

	(void)state;
	assert_true(dkim_key_make(DKIM_RSA_SHA256, &pem, &err));
	s.keys[0].selector = "rsa";
	s.keys[0].key = read_key(buf_text(&pem));
	s.keys[1].selector = "ed";
	s.keys[1].key = read_key(ed25519_pem);
	assert_true(dkim_sign(&s, letter, sizeof(letter) - 1, 0, &scratch, &out, &err));
	for (const char *p = buf_text(&out); *p != '\0';) {
		const size_t len = strcspn(p, "\r");

		assert_true(len > 0 && len <= 78);
		assert_true(p[len] == '\r' && p[len + 1] == '\n');
		fields += *p != '\t';
		assert_true(*p == '\t' || strncmp(p, "DKIM-Signature: v=1; ", 21) == 0);
		p += len + 2;
	}
	assert_int_equal(fields, 2);
	/* The same letter, key and instant give the same octets. */
	buf_reset(&pem);
	buf_add(&pem, out.data, out.len);
	buf_reset(&out);
	assert_true(dkim_sign(&s, letter, sizeof(letter) - 1, 0, &scratch, &out, &err));
	assert_string_equal(buf_text(&out), buf_text(&pem));
	dkim_key_free(s.keys[0].key);
	dkim_key_free(s.keys[1].key);
	buf_clear(&scratch);
	buf_clear(&pem);
	buf_clear(&out);
}

/* Lines of 72 columns, a tab being eight of them, which are filled as far as they can be. */
static void
lines_are_as_full_as_they_may_be(void **state)
{
	/* Of the tag in front of it, its names: 3 octets each, the last ones From:From. */
	static const size_t names[] = { 20 * 3, 21 * 3, 9 * 3 + 10 };
	/* And the base64 of 256 octets. */
	static const size_t signature[] = { 62, 63, 63, 63, 63, 30 };
	struct dkim_signer s = { .domain = "news.example", .count = 1 };
	struct buf letter = BUF_INIT(1 << 16);
	struct buf scratch = BUF_INIT(1 << 16);
	struct buf pem = BUF_INIT(DKIM_KEY_FILE_MAX);
	struct buf out = BUF_INIT(1 << 16);
	struct err err = ERR_INIT;
	const char *at = NULL;

	(void)state;
	assert_true(dkim_key_make(DKIM_RSA_SHA256, &pem, &err));
	s.keys[0].selector = "rsa";
	s.keys[0].key = read_key(buf_text(&pem));
	buf_adds(&letter, "From: a@b.example\r\n");
	for (int i = 0; i < 50; i++)
		buf_adds(&letter, "To: a\r\n");
	buf_adds(&letter, "\r\nx\r\n");
	assert_true(
	    dkim_sign(&s, buf_text(&letter), letter.len, 0, &scratch, &out, &err));
	at = strstr(buf_text(&out), "\r\n\th=");
	assert_non_null(at);
	at += strlen("\r\n\th=");
	for (size_t i = 0; i < ARRAY_LEN(names); i++, at += strlen("\r\n\t ")) {
		const size_t len = strcspn(at, ";\r");

		assert_int_equal(len, names[i] - (i + 1 == ARRAY_LEN(names)));
		at += len;
	}
	at = strstr(buf_text(&out), "\r\n\tb=");
	assert_non_null(at);
	at += strlen("\r\n\tb=");
	for (size_t i = 0; i < ARRAY_LEN(signature); i++, at += strlen("\r\n\t ")) {
		assert_int_equal(strcspn(at, "\r"), signature[i]);
		at += signature[i];
	}
	dkim_key_free(s.keys[0].key);
	buf_clear(&letter);
	buf_clear(&scratch);
	buf_clear(&pem);
	buf_clear(&out);
}

static void
a_letter_that_is_none_is_not_signed(void **state)
{
	static const char *const letters[] = { "no colon\r\n\r\n", "\n", "From",
		"From: a", "\n:\r\n", "From\r\n: a\r\n\r\n", "From: a\r\nx\r\n" };
	struct dkim_signer s = { .domain = "news.example", .count = 1 };
	struct buf scratch = BUF_INIT(1 << 16);
	struct buf out = BUF_INIT(1 << 16);

	(void)state;
	s.keys[0].selector = "k1";
	s.keys[0].key = read_key(ed25519_pem);
	for (size_t i = 0; i < ARRAY_LEN(letters); i++) {
		struct err err = ERR_INIT;

		assert_false(dkim_sign(&s, letters[i], strlen(letters[i]), 0, &scratch,
		    &out, &err));
		assert_int_equal(err.kind, ERR_LIMIT);
	}
	dkim_key_free(s.keys[0].key);
	buf_clear(&scratch);
	buf_clear(&out);
}

/* 200 fields are signed, 201 are more than a letter of ours has. */
static void
a_letter_of_too_many_fields_is_not_signed(void **state)
{
	struct dkim_signer s = { .domain = "news.example", .count = 1 };

	(void)state;
	s.keys[0].selector = "k1";
	s.keys[0].key = read_key(ed25519_pem);
	for (int count = 199; count <= 201; count++) {
		struct buf letter = BUF_INIT(1 << 16);
		struct buf scratch = BUF_INIT(1 << 16);
		struct buf out = BUF_INIT(1 << 16);
		struct err err = ERR_INIT;

		for (int i = 0; i < count; i++)
			buf_adds(&letter, "X: y\r\n");
		buf_adds(&letter, "\r\n");
		assert_int_equal(dkim_sign(&s, letter.data, letter.len, 0, &scratch, &out,
				     &err),
		    count <= 200);
		assert_int_equal(err.kind, count <= 200 ? ERR_NONE : ERR_LIMIT);
		buf_clear(&letter);
		buf_clear(&scratch);
		buf_clear(&out);
	}
	dkim_key_free(s.keys[0].key);
}

static void
the_record_holds_the_public_half(void **state)
{
	struct buf b = BUF_INIT(4096);
	struct buf pem = BUF_INIT(DKIM_KEY_FILE_MAX);
	struct dkim_key *k = read_key(ed25519_pem);
	struct err err = ERR_INIT;

	(void)state;
	assert_true(dkim_record(k, &b));
	assert_int_equal(strncmp(buf_text(&b), "v=DKIM1; k=ed25519; p=", 22), 0);
	assert_string_equal(buf_text(&b) + 22, ed25519_public);
	dkim_key_free(k);
	buf_reset(&b);
	assert_true(dkim_key_make(DKIM_RSA_SHA256, &pem, &err));
	k = read_key(buf_text(&pem));
	assert_true(dkim_record(k, &b));
	/* 294 octets of DER for 2048 bits */
	assert_int_equal(b.len, strlen("v=DKIM1; k=rsa; p=") + 392);
	dkim_key_free(k);
	buf_clear(&pem);
	buf_clear(&b);
}

static void
what_is_no_key_is_refused(void **state)
{
	static const char *const texts[] = { "", "x", "-----BEGIN PRIVATE KEY-----\n",
		"-----BEGIN PUBLIC KEY-----\n"
		"MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n"
		"-----END PUBLIC KEY-----\n",
		/* P-256 */
		"-----BEGIN PRIVATE KEY-----\n"
		"MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgevZzL1gdAFr88hb2\n"
		"OF/2NxApJCzGCEDdfSp6VQO30hyhRANCAAQRWz+jn65BtOMvdyHKcvjBeBSDZH2r\n"
		"1RTwjmYSi9R/zpBnuQ4EiMnCqfMPWiZqB4QdbAd0E7oH50VpuZ1P087G\n"
		"-----END PRIVATE KEY-----\n" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct err err = ERR_INIT;

		assert_null(dkim_key_read(texts[i], strlen(texts[i]), &err));
		assert_int_equal(err.kind, ERR_CONFIG);
	}
}

static const struct {
	const char *text;
	bool good;
} selectors[] = {
	{ "s2026", true },
	{ "a.b-c", true },
	{ "x", true },
	{ "", false },
	{ "-a", false },
	{ "a-", false },
	{ ".a", false },
	{ "a.", false },
	{ "a..b", false },
	{ "a.-b", false },
	{ "a b", false },
	{ "a;b", false },
	{ "a_b", false },
	{ "012345678901234567890123456789012345678901234567890123456789012", true },
	{ "0123456789012345678901234567890123456789012345678901234567890123", false },
};

static void
a_selector_is_a_name_in_the_dns(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(selectors); i++)
		if (dkim_selector_is_one(selectors[i].text) != selectors[i].good)
			fail_msg("\"%s\": got %d", selectors[i].text, !selectors[i].good);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bodies_are_hashed_in_their_relaxed_form),
		cmocka_unit_test(long_bodies_have_their_relaxed_form_at_each_octet),
		cmocka_unit_test(a_long_body_is_hashed_as_others_hash_it),
		cmocka_unit_test(what_makes_a_letter_one_of_a_list_is_signed),
		cmocka_unit_test(a_signature_is_what_others_make),
		cmocka_unit_test(the_field_is_folded_and_closed),
		cmocka_unit_test(lines_are_as_full_as_they_may_be),
		cmocka_unit_test(a_letter_that_is_none_is_not_signed),
		cmocka_unit_test(a_letter_of_too_many_fields_is_not_signed),
		cmocka_unit_test(the_record_holds_the_public_half),
		cmocka_unit_test(what_is_no_key_is_refused),
		cmocka_unit_test(a_selector_is_a_name_in_the_dns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
