/* SPDX-License-Identifier: ISC */
#include "flow/mail_commands.h"

#include <string.h>

#include "base/ascii.h"
#include "base/limits.h"
#include "mail/address.h"
#include "mail/report_reason.h"

/* ---- the command ---- */

static enum mail_command
find_command(const char *word, size_t len)
{
	for (int i = 0; i < MAIL_COMMANDS; i++) {
		const char *name = mail_command_word((enum mail_command)i);

		if (strlen(name) == len && ascii_starts_nocase(word, name))
			return (enum mail_command)i;
	}
	return MAIL_COMMANDS;
}

/*
 * "hold" of "planet+hold@example.net", "" without one; NULL when it is another address.  Servers
 * may be set to other separators; behind those only our own words count, since planet-fan@ may be
 * somebody else.
 */
static const char *
tag_of(struct arena *a, const char *address, const char *own)
{
	const char *domain = address_domain(address);
	const char *own_domain = address_domain(own);
	const size_t local = strlen(address) - strlen(domain);
	const size_t own_local = strlen(own) - strlen(own_domain);
	const char *tag = NULL;

	/* Both with their "@". */
	if (!*domain || !*own_domain || !ascii_eq_nocase(domain, own_domain) ||
	    local < own_local ||
	    !ascii_starts_nocase(address, arena_strndup(a, own, own_local - 1)))
		return NULL;
	if (local == own_local)
		return "";
	if (!strchr("+-=", address[own_local - 1]))
		return NULL;
	tag = ascii_make_lower(
	    arena_strndup(a, address + own_local, local - own_local - 1));
	if (address[own_local - 1] != '+' && strncmp(tag, "b-", 2) != 0 &&
	    find_command(tag, strcspn(tag, "-")) == MAIL_COMMANDS)
		return NULL;
	return tag;
}

/* "confirm-TOKEN", "hold": what stands behind the plus. */
static bool
read_tag(const char *tag, struct mail_order *out)
{
	const size_t len = strcspn(tag, "-");

	if (strncmp(tag, "b-", 2) == 0) {
		out->is_bounce_address = true;
		return true;
	}
	out->command = find_command(tag, len);
	if (out->command == MAIL_COMMANDS) {
		out->has_unknown_tag = true;
		return false;
	}
	if (tag[len] == '-')
		out->token = tag + len + 1;
	return true;
}

/* The first address of ours with something behind the plus. */
static bool
read_addresses(struct arena *a, const char *own, const char *const *list, size_t count,
    struct mail_order *out)
{
	for (size_t i = 0; i < count; i++) {
		const char *tag = tag_of(a, list[i], own);

		if (tag && *tag && read_tag(tag, out))
			return true;
	}
	return false;
}

/*
 * What people write in the languages of our letters, and instead of our words; small letters
 * without accents.  Alone in their line: "Stop by on Monday" is no wish to leave.
 */
static const struct {
	const char *line;
	enum mail_command command;
} others[] = {
	{ " join ", MAIL_SUBSCRIBE },
	{ " subscribe me ", MAIL_SUBSCRIBE },
	{ " anmelden ", MAIL_SUBSCRIBE },
	{ " anmeldung ", MAIL_SUBSCRIBE },
	{ " abonnieren ", MAIL_SUBSCRIBE },
	{ " abonner ", MAIL_SUBSCRIBE },
	{ " s abonner ", MAIL_SUBSCRIBE },
	{ " abonnement ", MAIL_SUBSCRIBE },
	{ " inscription ", MAIL_SUBSCRIBE },
	{ " leave ", MAIL_UNSUBSCRIBE },
	{ " stop ", MAIL_UNSUBSCRIBE },
	{ " remove ", MAIL_UNSUBSCRIBE },
	{ " remove me ", MAIL_UNSUBSCRIBE },
	{ " please remove me ", MAIL_UNSUBSCRIBE },
	{ " please unsubscribe ", MAIL_UNSUBSCRIBE },
	{ " please unsubscribe me ", MAIL_UNSUBSCRIBE },
	{ " signoff ", MAIL_UNSUBSCRIBE },
	{ " abmelden ", MAIL_UNSUBSCRIBE },
	{ " bitte abmelden ", MAIL_UNSUBSCRIBE },
	{ " abmeldung ", MAIL_UNSUBSCRIBE },
	{ " abbestellen ", MAIL_UNSUBSCRIBE },
	{ " kundigen ", MAIL_UNSUBSCRIBE },
	{ " desabonner ", MAIL_UNSUBSCRIBE },
	{ " se desabonner ", MAIL_UNSUBSCRIBE },
	{ " me desabonner ", MAIL_UNSUBSCRIBE },
	{ " desabonnement ", MAIL_UNSUBSCRIBE },
	{ " desinscrire ", MAIL_UNSUBSCRIBE },
	{ " se desinscrire ", MAIL_UNSUBSCRIBE },
	{ " me desinscrire ", MAIL_UNSUBSCRIBE },
	{ " desinscription ", MAIL_UNSUBSCRIBE },
	{ " pause ", MAIL_HOLD },
	{ " wochentlich ", MAIL_WEEKLY },
	{ " hebdomadaire ", MAIL_WEEKLY },
	{ " taglich ", MAIL_DAILY },
	{ " quotidien ", MAIL_DAILY },
	{ " hilfe ", MAIL_HELP },
	{ " aide ", MAIL_HELP },
};

static bool
read_other_words(struct arena *a, const char *line, struct mail_order *out)
{
	const char *words = reason_words(a, line, LIMIT_INCOMING_WORDS);

	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		if (strcmp(words, others[i].line) == 0) {
			out->command = others[i].command;
			return true;
		}
	}
	return false;
}

/* The word a line begins with; a mail program's own prefixes do not count. */
static bool
read_line(struct arena *a, const char *line, struct mail_order *out)
{
	size_t len = 0;

	line += strspn(line, " \t+");
	if (read_other_words(a, line, out))
		return true;
	len = strcspn(line, " \t.,;:!");
	if (len == 0 || len > 20)
		return false;
	out->command = find_command(line, len);
	/* Without a token these two say nothing. */
	if (out->command == MAIL_CONFIRM || out->command == MAIL_REFUSE)
		out->command = MAIL_COMMANDS;
	return out->command != MAIL_COMMANDS;
}

/* Behind the "Re:" that mail programs of several languages put there; NULL: none stands there. */
static const char *
behind_answer_mark(const char *subject)
{
	static const char *const marks[] = { "re", "aw", "antw", "sv", "vs", "odp",
		"rif" };

	subject += strspn(subject, " \t");
	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		const size_t len = strlen(marks[i]);

		if (ascii_starts_nocase(subject, marks[i]) && subject[len] == ':')
			return subject + len + 1;
	}
	return NULL;
}

/*
 * Who answers a letter and writes "unsubscribe" over the rest of its subject wants to leave.  Only
 * that counts in an answer, since nothing must be easier than leaving, and alone: "Re: unsubscribe
 * link" is said about it.
 */
static bool
read_answer(struct arena *a, const char *subject, struct mail_order *out)
{
	struct mail_order said = { .command = MAIL_COMMANDS };
	const char *rest = NULL;

	for (const char *at = subject; at; at = behind_answer_mark(at))
		rest = at == subject ? NULL : at;
	if (!rest)
		return false;
	if (strcmp(reason_words(a, rest, LIMIT_INCOMING_WORDS), " unsubscribe ") != 0 &&
	    (!read_other_words(a, rest, &said) || said.command != MAIL_UNSUBSCRIBE))
		return false;
	out->command = MAIL_UNSUBSCRIBE;
	return true;
}

/* "leave-TOKEN" in the subject, as List-Unsubscribe asks for it. */
static void
find_leave_token(const struct incoming *m, struct mail_order *out)
{
	for (size_t i = 0; i < m->token_count; i++) {
		const struct incoming_token *t = &m->tokens[i];

		if (t->place != PLACE_SUBJECT || strcmp(t->before, "leave-") != 0)
			continue;
		out->command = MAIL_UNSUBSCRIBE;
		out->token = t->text;
		out->by_letter = true;
		return;
	}
}

struct mail_order
mail_order_of(struct arena *a, const char *own, const struct incoming *m)
{
	struct mail_order out = { .command = MAIL_COMMANDS };

	if (!read_addresses(a, own, m->envelope_to, m->envelope_to_count, &out))
		(void)read_addresses(a, own, m->to, m->to_count, &out);
	if (out.is_bounce_address)
		return out;
	if (!out.token &&
	    (out.command == MAIL_COMMANDS || out.command == MAIL_UNSUBSCRIBE))
		find_leave_token(m, &out);
	/* These two are nothing without one. */
	if (!out.token && (out.command == MAIL_CONFIRM || out.command == MAIL_REFUSE))
		out.command = MAIL_COMMANDS;
	if (out.command == MAIL_COMMANDS && !out.has_unknown_tag &&
	    !read_line(a, m->subject, &out) && !read_answer(a, m->subject, &out))
		(void)read_line(a, m->words, &out);
	return out;
}

/* ---- who gets no answer ---- */

static bool
is_ours(const char *address, const char *own)
{
	const char *domain = address_domain(address);
	const char *own_domain = address_domain(own);
	const size_t own_local = strlen(own) - strlen(own_domain);

	if (!*own_domain || !ascii_eq_nocase(domain, own_domain))
		return false;
	for (size_t i = 0; i + 1 < own_local; i++) {
		if (ascii_lower((unsigned char)address[i]) !=
		    ascii_lower((unsigned char)own[i]))
			return false;
	}
	return address[own_local - 1] == '@' || address[own_local - 1] == '+';
}

const char *
mail_is_no_person(const struct incoming *m, const char *own_list_id,
    const char *own_address, const char *command_address)
{
	if (*m->list_id && *own_list_id && ascii_eq_nocase(m->list_id, own_list_id))
		return "our own letter";
	if (is_ours(m->from, own_address) || is_ours(m->from, command_address))
		return "from ourselves";
	if (m->received_count > LIMIT_INCOMING_HOPS)
		return "a loop";
	if (m->is_auto)
		return "an automatic answer";
	if (m->has_null_sender)
		return "no sender";
	if (m->is_list || m->is_bulk)
		return "a mailing list";
	if (m->from_robot)
		return "from a program";
	return m->is_marked_spam ? "spam" : NULL;
}

static bool
says_no_reply(const char *address)
{
	static const char *const words[] = { "noreply", "no-reply", "no_reply",
		"no.reply", "donotreply", "do-not-reply", "do_not_reply", "do.not.reply",
		"dontreply", "keine-antwort", "nicht-antworten", "nepasrepondre",
		"ne-pas-repondre" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		const size_t len = strlen(words[i]);

		if (ascii_starts_nocase(address, words[i]) &&
		    (address[len] == '@' || address[len] == '+'))
			return true;
	}
	return false;
}

bool
mail_is_to_nobody(const struct incoming *m)
{
	const bool has_envelope = m->envelope_to_count > 0;
	const char *const *to = has_envelope ? m->envelope_to : m->to;
	const size_t count = has_envelope ? m->envelope_to_count : m->to_count;

	for (size_t i = 0; i < count; i++) {
		if (says_no_reply(to[i]))
			return true;
	}
	return false;
}

static bool
is_within(const char *inner, const char *outer)
{
	const size_t len = strlen(inner);
	const size_t whole = strlen(outer);

	return len >= whole && ascii_eq_nocase(inner + len - whole, outer) &&
	    (len == whole || inner[len - whole - 1] == '.');
}

bool
mail_seems_forged(const struct incoming *m)
{
	const char *from = address_domain(m->from);
	const char *sender = address_domain(m->return_path);

	return *sender && !is_within(from, sender) && !is_within(sender, from);
}
