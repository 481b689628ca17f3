/* SPDX-License-Identifier: ISC */
/* Bounces in words for people: what qmail, exim, Domino, Exchange, carriers and filters write. */
#include <string.h>

#include "base/ascii.h"
#include "base/limits.h"
#include "base/text.h"
#include "mail/mail_report.h"
#include "mail/report_address.h"
#include "mail/report_reason.h"

enum {
	TEXT_MAX = 16 * 1024, /* of the words for people */
	LINES_MAX = 400,
	SAID_LINES = 12, /* behind an address: what the server said about it */
	SAID_MAX = 1500
};

/* ---- is it a bounce? ---- */

static const char *const failure_subjects[] = { " failure notice", " undeliver",
	" returned mail", " returned to sender", " returning message",
	" returned message", " delivery fail", " delivery status", " delivery problem",
	" delivery error", " delivery warning", " delivery notification",
	" delivery report", " delivery unsuccess", " delivery has failed",
	" delivery delayed", " mail delivery", " mail could not",
	" could not be delivered", " not be delivered", " not delivered", " non delivery",
	" nondelivery", " non deliverable", " unable to deliver", " failed mail",
	" mail failure", " failure delivery", " failed delivery", " message status",
	" mail system error", " permanent failure", " permanent delivery",
	" processing error", " error during delivery", " mail error", " undelivered",
	" user unknown", " unknown user", " rejected mail", " bounce",
	" message rejected", " mail rejected", " unzustellbar", " nicht zugestellt",
	" zustellung", " non remis", " echec de", " no entregado", " non consegnat",
	" mancata consegna", " niet bezorgd", " warning could not send", " не доставлено",
	" non recapitabile", " no se puede entregar", " nao entregue",
	" kunde inte levereras", " kunne ikke leveres", " teslim edilemedi",
	" niedostarczon", " nie dostarczono", " nedorucen", " nedorucitelna",
	"не доставлен", "недоставлен", "не доставлено", "退信", "退回", "投递失败",
	"无法送达", "배달 실패", "전송 실패", "반송", "送信できませんでした",
	"配信できませんでした", "エラーメール", " onbestelbaar", " kan ikke leveres",
	" nao foi possivel entregar", " kezbesithetetlen", " toimitus epaonnistui",
	NULL };

static const char *const failure_texts[] = { " could not be delivered",
	" couldn t be delivered", " cannot be delivered", " can not be delivered",
	" not be delivered", " was not delivered", " not been delivered",
	" not delivered", " unable to deliver", " able to deliver", " could not deliver",
	" couldn t deliver", " undeliverable", " undelivered", " undeliver",
	" delivery failed", " delivery to the following", " delivery has failed",
	" delivery of your message", " delivery of email", " delivery problem",
	" delivery error", " delivery failure", " did not reach", " permanent error",
	" permanent fatal error", " fatal error", " permanent failure",
	" failed permanently", " failed recipient", " following address failed",
	" following addresses", " did not receive", " has been returned", " was returned",
	" was rejected", " were rejected", " is rejected", " been rejected",
	" has been delayed", " was aborted", " error occurred", " returned to you",
	" returned to sender", " message failed", " not accepting mail",
	" no mailbox here", " user unknown", " unknown user", " no such user",
	" transcript of session", " mailbox is full", " mailbox full", " over quota",
	" email address is wrong", " has failed", " no longer valid", " nicht zugestellt",
	" konnte nicht", " pas pu etre", " pas ete", " no se pudo", " non e stato",
	" не может", " not yet been delivered", " wasn t delivered",
	" wurde nicht zugestellt", " non ha raggiunto", " nao pode ser entregue",
	" nao foi entregue", " kon niet worden", " kunde inte levereras",
	" kunne ikke leveres", " teslim edilemedi", " nie zostala dostarczona",
	" nie moze zostac", " nelze dorucit", " nebylo doruceno", " failed to deliver",
	"не было доставлен", "не доставлено", "被退回", "未能送达", "无法送达",
	"無法送達", "投递失败", "전송되지 못", "전송하지 못", "전달되지", "배달되지",
	"送信できませんでした", "配信できませんでした", "届けられませんでした",
	" niet worden bezorgd", " ikke leveres", " nem kezbesitheto",
	" ei voitu toimittaa", NULL };

/* Still tried: no bounce. */
static const char *const delays[] = { " warning message only", " will be retried",
	" not yet been delivered", " not yet delivered", " been delayed",
	" delivery is delayed", " delayed delivery", " still being", " keep trying",
	" continue to try", " continue to be made", " continue trying",
	" no action is required", " no need to resend", " need to resend your message",
	" has been postponed", " delivery attempts will", " will keep on trying",
	" future delivery attempt", " gmail will retry", " will retry for",
	" delivery incomplete", " temporary problem delivering", " wird weiter versucht",
	" weitere zustellversuche", NULL };

/* Our own mailbox: a warning of our provider. */
static const char *const own_mailbox[] = { " your mailbox is", " your mailbox has",
	" your mailbox quota", " your quota", " your email quota", " ihr postfach",
	" votre boite", " su buzon", " tu buzon", " la tua casella", " sua caixa", NULL };

static bool
has_original(const struct message_parts *m, const char *original)
{
	return m->has_original || original != NULL;
}

static bool
is_bounce(struct arena *a, const struct message_parts *m, const struct incoming *about,
    const char *words, const char *original)
{
	const char *subject = reason_words(a, about->subject, LIMIT_INCOMING_WORDS);
	/* "Re: Undeliverable" is a person who talks about one. */
	const bool says_subject = reason_has(subject, failure_subjects) &&
	    !ascii_starts_nocase(subject, " re ");
	const bool says_text = reason_has(words, failure_texts);
	const bool from_server = about->from_robot || about->has_null_sender;
	const bool is_listed = header_get(&m->header, "X-Failed-Recipients") != NULL;
	const int proofs = says_subject + says_text + from_server + 2 * is_listed +
	    (has_original(m, original) && (from_server || says_subject));

	if (!is_listed && !has_original(m, original) && reason_has(words, own_mailbox))
		return false;
	/* "I am away, and my mailbox is full": a person's program answers, no server. */
	if (!about->from_robot && !is_listed && !says_subject && !m->has_original &&
	    report_is_away(a, m, about))
		return false;
	/* In a language that nobody here knows. */
	if (from_server && m->has_original && !about->is_auto)
		return true;
	/* Somebody may quote a bounce, or their vacation program; a server names itself. */
	return (says_subject || says_text || is_listed) &&
	    proofs >= (from_server ? 2 : 3);
}

/* ---- lines ---- */

struct lines {
	const char *at[LINES_MAX];
	size_t len[LINES_MAX];
	size_t count;
};

static void
split(const char *text, struct lines *out)
{
	out->count = 0;
	while (*text != '\0' && out->count < LINES_MAX) {
		const size_t len = strcspn(text, "\n");

		out->at[out->count] = text;
		out->len[out->count++] = len;
		text += len + (text[len] == '\n');
	}
}

/* The words from line `from` to before line `to`. */
static const char *
lines_text(struct arena *a, const struct lines *l, size_t from, size_t to)
{
	const char *start = l->at[from];
	const char *end = l->at[to - 1] + l->len[to - 1];

	if (end - start > SAID_MAX)
		end = start + SAID_MAX;
	return arena_strndup(a, start, (size_t)(end - start));
}

/* ---- recipients ---- */

struct found {
	struct report_address *list;
	size_t count;
};

static bool
is_own(const struct incoming *about, const char *address)
{
	for (size_t i = 0; i < about->to_count; i++) {
		if (ascii_eq_nocase(about->to[i], address))
			return true;
	}
	return ascii_eq_nocase(about->from, address);
}

static void
find_addresses(struct arena *a, const struct lines *l, const struct incoming *about,
    struct found *out)
{
	for (size_t i = 0; i < l->count; i++) {
		const char *line = arena_strndup(a, l->at[i], l->len[i]);
		const char *at = line;
		struct report_address x;

		while (out->count < LIMIT_INCOMING_RECIPIENTS &&
		    report_address_next(a, line, &at, &x)) {
			x.line = i;
			if (is_own(about, x.text))
				continue;
			out->list =
			    arena_grow_list(a, out->list, out->count, sizeof(*out->list));
			out->list[out->count++] = x;
		}
	}
}

static enum report_rank
best_rank(const struct found *f)
{
	enum report_rank best = RANK_NONE;

	for (size_t i = 0; i < f->count; i++) {
		if (f->list[i].rank > best)
			best = f->list[i].rank;
	}
	return best;
}

/*
 * A name without a domain, alone in an indented line below a sentence about recipients: a
 * mailbox of the server that writes.
 */
static void
find_bare_names(struct arena *a, const struct lines *l, const struct incoming *about,
    struct found *out)
{
	const char *domain = strrchr(about->from, '@');
	bool announced = false;

	for (size_t i = 0; domain && i < l->count; i++) {
		const char *line = arena_strndup(a, l->at[i], l->len[i]);
		const char *word = line + strspn(line, " \t");
		const size_t n = strcspn(word, " \t,;:<>()");

		if (announced && word > line && n > 1 && word[n] == '\0') {
			out->list =
			    arena_grow_list(a, out->list, out->count, sizeof(*out->list));
			out->list[out->count++] =
			    (struct report_address){ arena_printf(a, "%.*s%s", (int)n,
							 word, domain),
				    RANK_ALONE, i };
		}
		announced = announced || ascii_find_nocase(line, "recipient");
	}
}

/* What was said about the i-th address: up to the next one that counts. */
static const char *
said_about(struct arena *a, const struct lines *l, const struct found *f, size_t i,
    enum report_rank rank)
{
	const size_t from = f->list[i].line;
	size_t to = from + SAID_LINES < l->count ? from + SAID_LINES : l->count;

	for (size_t k = i; k < f->count; k++) {
		if (f->list[k].rank >= rank && f->list[k].line > from &&
		    !ascii_eq_nocase(f->list[k].text, f->list[i].text)) {
			to = f->list[k].line < to ? f->list[k].line : to;
			break;
		}
	}
	return lines_text(a, l, from, to);
}

/* Elsewhere in the text, as in a transcript: the lines that name the address. */
static const char *
said_elsewhere(struct arena *a, const struct lines *l, const struct found *f, size_t i)
{
	struct buf b = BUF_INIT(SAID_MAX);

	for (size_t k = 0; k < f->count; k++) {
		if (!ascii_eq_nocase(f->list[k].text, f->list[i].text))
			continue;
		buf_add(&b, l->at[f->list[k].line], l->len[f->list[k].line]);
		buf_addc(&b, '\n');
	}
	return arena_take(a, &b);
}

/* The line of the i-th address with what it goes on in: indented lines without an address. */
static const char *
own_lines(struct arena *a, const struct lines *l, const struct found *f, size_t i)
{
	const size_t from = f->list[i].line;
	size_t to = from + 1;

	for (size_t k = i; to < l->count && to - from < SAID_LINES; to++) {
		while (k < f->count && f->list[k].line < to)
			k++;
		if (l->len[to] == 0 || (l->at[to][0] != ' ' && l->at[to][0] != '\t') ||
		    (k < f->count && f->list[k].line == to))
			break;
	}
	return lines_text(a, l, from, to);
}

static bool
judge(struct arena *a, struct incoming_recipient *x, const char *said)
{
	bool is_told = false;

	x->status = reason_status(a, said);
	x->code = reason_code(said);
	x->class =
	    reason_class(x->status, x->code, reason_words(a, said, SAID_MAX), &is_told);
	x->diagnostic = text_visible_line(a,
	    arena_strndup(a, said, strnlen(said, LIMIT_INCOMING_WORDS)));
	return is_told;
}

static void
add_recipients(struct arena *a, const struct lines *l, const struct found *f,
    const char *text, struct report *out)
{
	const enum report_rank rank = best_rank(f);

	for (size_t i = 0; i < f->count && rank != RANK_NONE; i++) {
		struct incoming_recipient x = { .address = f->list[i].text,
			.action = "failed" };

		if (f->list[i].rank != rank)
			continue;
		/* A transcript has a line for each; what follows may speak of the next. */
		(void)judge(a, &x, own_lines(a, l, f, i));
		if (x.class != BOUNCE_HARD &&
		    !judge(a, &x, said_about(a, l, f, i, rank)) &&
		    !judge(a, &x, said_elsewhere(a, l, f, i)))
			(void)judge(a, &x, text);
		report_add(a, out, &x);
	}
}

static void
add_listed(struct arena *a, const struct message_parts *m, const struct lines *l,
    const struct found *f, const char *text, struct report *out)
{
	const struct header *h = &m->header;

	for (size_t i = header_find(h, "X-Failed-Recipients", 0); i < h->count;
	     i = header_find(h, "X-Failed-Recipients", i + 1)) {
		const char *at = h->fields[i].value;
		struct report_address x;

		while (report_address_next(a, h->fields[i].value, &at, &x)) {
			struct incoming_recipient r = { .address = x.text,
				.action = "failed" };
			size_t k = 0;

			while (k < f->count && !ascii_eq_nocase(f->list[k].text, x.text))
				k++;
			if (k == f->count ||
			    !judge(a, &r, said_about(a, l, f, k, RANK_ALONE)))
				(void)judge(a, &r, text);
			report_add(a, out, &r);
		}
	}
}

static bool
is_to_bounce_address(const struct incoming *about)
{
	for (size_t i = 0; i < about->envelope_to_count; i++) {
		if (strstr(about->envelope_to[i], "+b-"))
			return true;
	}
	for (size_t i = 0; i < about->to_count; i++) {
		if (strstr(about->to[i], "+b-"))
			return true;
	}
	return false;
}

/*
 * Nobody was named: the letter that came back may be to one reader alone.  False when nothing of
 * it came back either, no reason is told, and it went to an address for all: then it speaks of a
 * parcel, or of other things that are delivered.
 */
static bool
add_unnamed(struct arena *a, const struct message_parts *m, const struct incoming *about,
    const char *text, struct report *out)
{
	const char *to = header_text(&m->original, "To");
	const char *at = to;
	struct incoming_recipient x = { .address = "", .action = "failed" };
	struct report_address first;
	struct report_address second;

	if (report_address_next(a, to, &at, &first) && !is_own(about, first.text) &&
	    !report_address_next(a, to, &at, &second))
		x.address = first.text;
	if (!judge(a, &x, text) && !*x.address && !is_to_bounce_address(about) &&
	    !m->has_original && m->original.count == 0)
		return false;
	report_add(a, out, &x);
	return true;
}

bool
report_text_read(struct arena *a, const struct message_parts *m,
    const struct incoming *about, struct report *out)
{
	const char *original = NULL;
	const char *text = report_text(a, m, &original);
	const char *words = reason_words(a, text, TEXT_MAX);
	struct lines *l = arena_alloc(a, sizeof(*l));
	struct found f = { NULL, 0 };

	if (!is_bounce(a, m, about, words, original))
		return false;
	split(text, l);
	find_addresses(a, l, about, &f);
	if (best_rank(&f) == RANK_NONE && about->from_robot)
		find_bare_names(a, l, about, &f);
	add_listed(a, m, l, &f, text, out);
	if (out->count == 0)
		add_recipients(a, l, &f, text, out);
	if (out->count == 0 && !add_unnamed(a, m, about, text, out))
		return false;
	for (size_t i = 0; i < out->count && reason_has(words, delays); i++) {
		out->recipients[i].class = BOUNCE_DELAY;
		out->recipients[i].action = "delayed";
	}
	return true;
}
