/* SPDX-License-Identifier: ISC */
/*
 * Who wrote it: names and addresses in the forms feeds use for them.
 */
#include "feed/entry_person.h"

#include <string.h>

#include "base/text.h"
#include "feed/entry_text.h"

enum {
	RANK_WRITER = 30, /* from here on an author; below, who else had to do with it */
	BONUS_NAME = 100  /* any name beats any address without one */
};

static bool
is_address_of(const struct person *p, const char *email)
{
	return p->url && ascii_starts_nocase(p->url, "mailto:") &&
	    strcmp(p->url + sizeof("mailto:") - 1, email) == 0;
}

/* The address of an entry's author can stand in another element than the name. */
static void
join_address(struct draft *d, const char *email)
{
	struct person *p = &d->authors[0];

	if (!d->is_feed && d->author_count == 1 && !p->url)
		p->url = arena_printf(d->build->a, "mailto:%s", email);
}

void
draft_add_person(struct draft *d, unsigned rank, const char *name, const char *email,
    const char *url)
{
	struct arena *a = d->build->a;
	struct person *p = NULL;
	const char *spare = NULL;
	bool is_writer = rank >= RANK_WRITER;

	if (email && ascii_starts_nocase(email, "mailto:"))
		email += sizeof("mailto:") - 1;
	email = plain_of_text(d->build, email);
	if (email && (!strchr(email, '@') || strchr(email, ' ')))
		email = NULL;
	if (is_writer && name && *name)
		rank += BONUS_NAME;
	else if (!name || !*name)
		name = email ? email : url;
	if (!name || !*name)
		return;
	if (rank < d->rank[FIELD_AUTHOR]) {
		if (is_writer && email && d->rank[FIELD_AUTHOR] > BONUS_NAME)
			join_address(d, email);
		return;
	}
	/* A better source of authors replaces all that a lesser one named. */
	if (rank > d->rank[FIELD_AUTHOR]) {
		if (d->author_count == 1 && rank > BONUS_NAME &&
		    d->rank[FIELD_AUTHOR] >= RANK_WRITER &&
		    is_address_of(&d->authors[0], d->authors[0].name))
			spare = d->authors[0].name;
		d->author_count = 0;
	}
	d->rank[FIELD_AUTHOR] = rank;
	for (size_t i = 0; i < d->author_count; i++)
		if (strcmp(d->authors[i].name, name) == 0)
			return;
	if (d->author_count >= LIMIT_ENTRY_AUTHORS)
		return;
	p = &d->authors[d->author_count++];
	p->name = name;
	p->url = url ? url : email ? arena_printf(a, "mailto:%s", email) : NULL;
	if (spare)
		join_address(d, spare);
}

/* Cuts "mailto:" and what is no address from *text; true when an address is left. */
static bool
is_email(const char **text, size_t *len)
{
	ascii_trim(text, len);
	if (*len > 7 && ascii_starts_nocase(*text, "mailto:")) {
		*text += 7;
		*len -= 7;
	}
	return memchr(*text, '@', *len) && !memchr(*text, ' ', *len);
}

/*
 * "before OPEN inside CLOSE": the part with the at sign is the address, the other the name.
 * "Ann (London)" has no address and stays whole.
 */
static bool
split_pair(const char *text, char open, char close, const char **name, size_t *name_len,
    const char **email, size_t *email_len)
{
	const char *from = strchr(text, open);
	const char *to = from ? strchr(from, close) : NULL;
	const char *inside = from ? from + 1 : NULL;
	size_t inside_len = to ? (size_t)(to - inside) : 0;
	size_t before_len = from ? (size_t)(from - text) : 0;

	if (!to)
		return false;
	ascii_trim(&text, &before_len);
	ascii_trim(&inside, &inside_len);
	*name = text;
	*name_len = before_len;
	*email = inside;
	*email_len = inside_len;
	if (is_email(email, email_len))
		return true;
	*name = inside;
	*name_len = inside_len;
	*email = text;
	*email_len = before_len;
	return is_email(email, email_len);
}

static void
trim_quotes(const char **text, size_t *len)
{
	ascii_trim(text, len);
	if (*len >= 2 && (*text)[0] == '"' && (*text)[*len - 1] == '"') {
		(*text)++;
		*len -= 2;
	}
	ascii_trim(text, len);
}

void
draft_add_person_text(struct draft *d, unsigned rank, const char *text)
{
	struct arena *a = d->build->a;
	const char *name = NULL;
	const char *email = NULL;
	size_t name_len = 0;
	size_t email_len = 0;

	if (!text || !*text)
		return;
	if (split_pair(text, '(', ')', &name, &name_len, &email, &email_len) ||
	    split_pair(text, '<', '>', &name, &name_len, &email, &email_len)) {
		trim_quotes(&name, &name_len);
		draft_add_person(d, rank, arena_strndup(a, name, name_len),
		    arena_strndup(a, email, email_len), NULL);
		return;
	}
	email = text;
	email_len = strlen(text);
	if (is_email(&email, &email_len))
		draft_add_person(d, rank, NULL, arena_strndup(a, email, email_len), NULL);
	else
		draft_add_person(d, rank, text, NULL, NULL);
}
