/* SPDX-License-Identifier: ISC */
/*
 * A letter names itself: each token in it holds its reader and its issue, and its Message-ID
 * follows from these.  One of them is enough, so that a letter is found although any byte of it
 * was changed.
 */
#include "flow/verify.h"

#include <string.h>

#include "base/limits.h"
#include "flow/context.h"
#include "flow/shared_letter.h"
#include "list/token.h"
#include "mail/address.h"
#include "model/names.h"
#include "store/deliveries.h"
#include "store/issues.h"
#include "store/notes.h"
#include "store/notices.h"
#include "store/readers.h"

/* ---- making it again ---- */

static bool
check_was_sent(const struct delivery *d, struct err *err)
{
	switch (d->state) {
	case DELIVERY_SENT:
	case DELIVERY_UNKNOWN:
		break;
	case DELIVERY_REFUSED:
		return err_set(err, ERR_INPUT, "the server refused it: %s",
		    d->reply ? d->reply : "");
	case DELIVERY_QUEUED:
	case DELIVERY_SENDING:
	case DELIVERY_DEFERRED:
		return err_set(err, ERR_INPUT, "it was not sent yet: it is %s",
		    delivery_state_name(d->state));
	case DELIVERY_SKIPPED:
		return err_set(err, ERR_INPUT,
		    "it was not sent: the reader had left before it went");
	case DELIVERY_WITHDRAWN:
		return err_set(err, ERR_INPUT,
		    "it was not sent: its issues are in the letter after it");
	}
	return d->address ||
	    err_set(err, ERR_INPUT,
		"the reader was erased: nobody knows any more whom it was sent to");
}

static bool
make_again(struct run *run, const unsigned char key[HASH_SIZE], const struct delivery *d,
    struct issue *issue, struct buf *out, struct err *err)
{
	struct letter_personal personal;
	struct shared_letter l;
	bool ok = false;

	if (!shared_letter_load(run, run->arena, key, d, LETTER_STORED, &l, err))
		return false;
	*issue = l.issue;
	ok = shared_letter_write(&l, run->arena, d, &personal, out, err);
	shared_letter_clear(&l);
	return ok;
}

bool
flow_sent_letter(struct run *run, const struct delivery *d, struct issue *issue,
    struct buf *out, struct err *err)
{
	unsigned char key[HASH_SIZE];

	return check_was_sent(d, err) && store_key(run->store, key, err) &&
	    make_again(run, key, d, issue, out, err);
}

/* ---- finding it ---- */

struct search {
	struct run *run;
	const struct buf *letter;
	const char *id; /* its Message-ID, or NULL */
	unsigned char key[HASH_SIZE];
	struct verification *out;
	bool found;
	bool is_test;
	bool is_notice; /* by a token that stands in nothing else */
};

/* The text with soft line breaks closed, since tokens in the body may be broken by them. */
static void
close_soft_breaks(const struct buf *letter, struct buf *out)
{
	const char *p = buf_text(letter);
	const char *end = p + letter->len;

	while (p < end) {
		const char *mark = memchr(p, '=', (size_t)(end - p));
		const size_t n = (size_t)((mark ? mark : end) - p);

		buf_add(out, p, n);
		p += n;
		if (end - p >= 3 && p[1] == '\r' && p[2] == '\n')
			p += 3;
		else if (p < end)
			buf_addc(out, *p++);
	}
}

static bool
is_token_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '2' && c <= '7');
}

/* What a reader does with a letter's links: only these stand in it. */
static bool
read_token(const unsigned char key[HASH_SIZE], const char *text, struct token *out)
{
	return token_check(key, TOKEN_LEAVE, text, out) ||
	    token_check(key, TOKEN_PREFERENCES, text, out);
}

/* What only letters that are no issue ask a reader for. */
static bool
read_notice_token(const unsigned char key[HASH_SIZE], const char *text, struct token *out)
{
	return token_check(key, TOKEN_CONFIRM, text, out) ||
	    token_check(key, TOKEN_ERASE, text, out) ||
	    token_check(key, TOKEN_ADDRESS, text, out);
}

/* Whether it has the Message-ID that would be that letter's; of a notice the number is 0. */
static bool
has_id_of(const struct search *s, struct arena *a, int64_t number, int64_t reader,
    int64_t part)
{
	const char *its_id = token_message_id(a, s->key, number, reader, part, "");

	return s->id && strncmp(s->id, its_id, strlen(its_id)) == 0;
}

/* The letter itself, or the one of its parts that has this Message-ID. */
static bool
find_delivery(struct search *s, int64_t number, int64_t reader, struct err *err)
{
	enum { PARTS_MOST = 100 };
	struct arena *a = s->run->arena;
	struct delivery d;
	bool found = true;
	bool is_it = false;

	for (int64_t part = 1; !is_it && part <= PARTS_MOST; part++) {
		if (!store_delivery_ending(s->run->store, a, number, reader, part, &d,
			&found, err))
			return false;
		if (!found)
			break;
		is_it = has_id_of(s, a, number, reader, part);
		if (part > 1 && !is_it)
			continue;
		s->found = true;
		s->out->delivery = d;
	}
	return true;
}

static bool
try_word(struct search *s, const char *word, size_t len, struct err *err)
{
	char text[TOKEN_SIZE];
	struct token t;

	if (len >= sizeof(text))
		return true;
	memcpy(text, word, len);
	text[len] = '\0';
	if (read_notice_token(s->key, text, &t))
		t.issue = 0;
	else if (!read_token(s->key, text, &t))
		return true;
	s->is_notice = s->is_notice || t.issue == 0;
	s->is_test = s->is_test || (t.issue != 0 && t.reader == 0);
	if (t.reader != 0)
		s->out->delivery.reader_id = t.reader;
	if (t.issue == 0 || t.reader == 0)
		return true;
	s->out->delivery.span.last = t.issue;
	return find_delivery(s, t.issue, t.reader, err);
}

static bool
find_by_tokens(struct search *s, struct err *err)
{
	struct buf text = BUF_INIT(LIMIT_LETTER);
	const char *p = NULL;
	bool ok = true;

	close_soft_breaks(s->letter, &text);
	p = buf_text(&text);
	while (ok && !s->found && *p) {
		size_t n = 0;

		while (is_token_char(p[n]))
			n++;
		ok = n == 0 || try_word(s, p, n, err);
		p += n + (n == 0);
	}
	buf_clear(&text);
	return ok;
}

/* A letter that is no issue, by its Message-ID. */
static bool
find_notice(struct search *s, struct err *err)
{
	struct run *run = s->run;
	struct arena *scratch = arena_new();
	int64_t *ids = NULL;
	size_t count = 0;
	struct delivery d = { .kind = NOTICE_NONE };
	bool found = false;
	bool ok = !s->id || store_notice_ids(run->store, run->arena, &ids, &count, err);

	for (size_t i = 0; ok && !found && i < count; i++) {
		arena_reset(scratch);
		if (has_id_of(s, scratch, 0, ids[i], 0))
			ok = store_notice_delivery(run->store, run->arena, ids[i], &d,
			    &found, err);
	}
	arena_free(scratch);
	if (!ok || !found)
		return ok;
	s->is_test = d.kind == NOTICE_TEST || d.kind == NOTICE_PREVIEW;
	s->is_notice = !s->is_test;
	if (s->is_notice)
		s->out->delivery = d;
	return true;
}

/* By whom it is to: of their letters, the one with this Message-ID. */
static bool
find_by_address(struct search *s, struct err *err)
{
	struct run *run = s->run;
	const char *to = received_field(run->arena, s->letter, "To");
	struct issue *issues = NULL;
	struct reader r;
	size_t count = 0;
	bool found = false;

	if (!to || !s->id)
		return true;
	if (!store_reader_find(run->store, run->arena, address_key(run->arena, to), &r,
		&found, err))
		return false;
	if (!found)
		return true;
	if (!store_issues(run->store, run->arena, 0, &issues, &count, err))
		return false;
	for (size_t i = 0; i < count && !s->found; i++) {
		if (issues[i].number != 0 &&
		    has_id_of(s, run->arena, issues[i].number, r.id, 1) &&
		    !find_delivery(s, issues[i].number, r.id, err))
			return false;
	}
	return true;
}

/* ---- the verdict ---- */

static bool
compare(struct search *s, struct err *err)
{
	struct verification *out = s->out;
	struct buf want = BUF_INIT(LIMIT_LETTER);
	struct err why = ERR_INIT;

	out->verdict = VERDICT_GONE;
	if (!check_was_sent(&out->delivery, &why))
		out->verdict = out->delivery.address ? VERDICT_UNSENT : VERDICT_GONE;
	else if (make_again(s->run, s->key, &out->delivery, &out->issue, &want, &why))
		out->verdict =
		    received_compare(s->run->arena, &want, s->letter, &out->difference)
		    ? VERDICT_DIFFERENT
		    : VERDICT_SAME;
	buf_clear(&want);
	if (err_is_set(&why) && why.kind != ERR_INPUT) {
		*err = why;
		return false;
	}
	if (err_is_set(&why))
		out->why = arena_strdup(s->run->arena, why.text);
	return true;
}

static bool
find_issue(struct search *s, struct err *err)
{
	struct verification *out = s->out;
	const struct span one = { out->delivery.span.last - 1, out->delivery.span.last,
		0 };
	struct issue *issues = NULL;
	size_t count = 0;

	if (!store_issues_of_span(s->run->store, s->run->arena, &one, &issues, &count,
		err))
		return false;
	if (count > 0)
		out->issue = issues[0];
	return true;
}

/* A token tells whose notice it was when the notice itself is no longer stored. */
static bool
name_reader(struct search *s, struct err *err)
{
	struct delivery *d = &s->out->delivery;
	struct reader r;
	bool found = false;

	if (d->part != 0 || d->reader_id == 0)
		return true;
	if (!store_reader_get(s->run->store, s->run->arena, d->reader_id, &r, &found,
		err))
		return false;
	if (found)
		d->address = r.address;
	return true;
}

/* What was not found as the letter of an issue. */
static bool
judge_other(struct search *s, struct err *err)
{
	struct verification *out = s->out;

	if (s->is_test) {
		out->verdict = VERDICT_TEST;
	} else if (out->delivery.span.last != 0) {
		/* A token of ours, but no row: it was tidied away, or never sent. */
		out->verdict = VERDICT_GONE;
		out->why = "what became of it is no longer stored";
		return find_issue(s, err);
	} else if (s->is_notice) {
		out->verdict = VERDICT_NOTICE;
		return name_reader(s, err);
	}
	return true;
}

bool
flow_verify(struct run *run, const char *text, size_t len, struct verification *out,
    struct err *err)
{
	struct buf letter = BUF_INIT(LIMIT_LETTER);
	struct search s = { .run = run, .letter = &letter, .out = out };
	bool ok = false;

	*out = (struct verification){ .verdict = VERDICT_UNKNOWN };
	received_restore(&letter, text, len);
	if (buf_is_full(&letter)) {
		err_set(err, ERR_LIMIT, "a letter of more than %d bytes", LIMIT_LETTER);
		goto out;
	}
	s.id = received_field(run->arena, &letter, "Message-ID");
	if (!store_key(run->store, s.key, err) || !find_by_tokens(&s, err) ||
	    (!s.found && out->delivery.span.last == 0 && !find_notice(&s, err)) ||
	    (!s.found && !s.is_test && !s.is_notice && !find_by_address(&s, err)))
		goto out;
	ok = s.found ? find_issue(&s, err) && compare(&s, err) : judge_other(&s, err);
out:
	buf_clear(&letter);
	return ok;
}
