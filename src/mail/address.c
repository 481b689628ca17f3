/* SPDX-License-Identifier: ISC */
#include "mail/address.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <unicase.h>
#include <uninorm.h>

#include "base/limits.h"
#include "base/text.h"
#include "format/url.h"

enum {
	LOCAL_MAX = 64,   /* RFC 5321 4.5.3.1.1 */
	DOMAIN_MAX = 253, /* RFC 1035 2.3.4 in presentation form */
	LABEL_MAX = 63
};

/* RFC 5322 3.2.3; everything beyond ASCII is atext by RFC 6531 3.3. */
static bool
is_atext(unsigned char c)
{
	if (c >= 0x80 || ascii_is_alphanumeric(c))
		return true;
	return c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL;
}

static bool
is_blank(uint32_t c)
{
	return c == ' ' || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
	    c == 0x202F || c == 0x205F || c == 0x3000;
}

/* What could end a command or a field early is named first, whatever else may be wrong. */
static bool
check_bytes(const char *text, size_t len, struct err *err)
{
	if (len == 0)
		return err_set(err, ERR_INPUT, "no address");
	if (len > LIMIT_ADDRESS)
		return err_set(err, ERR_INPUT, "longer than %d octets", LIMIT_ADDRESS);
	if (!text_is_utf8(text, len))
		return err_set(err, ERR_INPUT, "not UTF-8");
	for (size_t i = 0; i < len;) {
		uint32_t c = 0;

		i += text_decode(text + i, len - i, &c);
		/* U+0080 to U+009F are controls too: some terminals and servers obey them. */
		if (c < 0x20 || (c >= 0x7F && c < 0xA0))
			return err_set(err, ERR_INPUT, "control character");
		if (c < 0x80 && strchr("<>[]()", (int)c))
			return err_set(err, ERR_INPUT, "bracket '%c'", (char)c);
		if (is_blank(c))
			return err_set(err, ERR_INPUT, "blank inside");
		if (text_is_hidden(c))
			return err_set(err, ERR_INPUT, "invisible character U+%04X",
			    (unsigned)c);
	}
	return true;
}

/* A dot-atom.  Quoted local parts are refused: nobody has one, and each is an attack. */
static bool
check_local(const char *local, size_t len, struct err *err)
{
	if (len == 0)
		return err_set(err, ERR_INPUT, "nothing before the @");
	if (len > LOCAL_MAX)
		return err_set(err, ERR_INPUT, "more than %d octets before the @",
		    LOCAL_MAX);
	for (size_t i = 0; i < len; i++) {
		bool at_edge = i == 0 || i + 1 == len || local[i - 1] == '.';

		if (local[i] == '.' && at_edge)
			return err_set(err, ERR_INPUT, "misplaced dot before the @");
		if (local[i] != '.' && !is_atext((unsigned char)local[i]))
			return err_set(err, ERR_INPUT, "'%c' before the @", local[i]);
	}
	return true;
}

static bool
check_label(const char *label, size_t len, struct err *err)
{
	if (len == 0)
		return err_set(err, ERR_INPUT, "domain: misplaced dot");
	if (len > LABEL_MAX)
		return err_set(err, ERR_INPUT, "domain: a label of more than %d octets",
		    LABEL_MAX);
	if (label[0] == '-' || label[len - 1] == '-')
		return err_set(err, ERR_INPUT, "domain: misplaced hyphen");
	for (size_t i = 0; i < len; i++) {
		char c = label[i];

		if (!((c >= 'a' && c <= 'z') || ascii_is_digit(c) || c == '-'))
			return err_set(err, ERR_INPUT, "domain: '%c' is not allowed", c);
	}
	return true;
}

/* domain: lower-case A-labels; how long it may be follows from the whole address. */
static bool
check_domain(const char *domain, struct err *err)
{
	const char *label = domain;
	size_t labels = 0;

	for (;;) {
		size_t len = strcspn(label, ".");

		if (!check_label(label, len, err))
			return false;
		labels++;
		if (label[len] == '\0')
			break;
		label += len + 1;
	}
	/* A domain without a dot is a typing error, but on one's own machine. */
	if (labels == 1 && strcmp(domain, "localhost") != 0)
		return err_set(err, ERR_INPUT, "domain: no dot in \"%s\"", domain);
	if (strspn(label, "0123456789") == strlen(label))
		return err_set(err, ERR_INPUT, "domain: a number, not a name");
	return true;
}

/* ASCII is only put to lower case, so that the reason for a refusal is ours to word. */
static bool
domain_to_ascii(const char *domain, char *out, size_t size, struct err *err)
{
	size_t len = strlen(domain);

	if (len == 0)
		return err_set(err, ERR_INPUT, "domain: nothing after the @");
	if (!address_is_ascii(domain)) {
		if (!url_host_ascii(domain, out, size))
			return err_set(err, ERR_INPUT,
			    "domain: not an international name");
		return true;
	}
	if (len >= size)
		return err_set(err, ERR_INPUT, "domain: longer than %d octets",
		    DOMAIN_MAX);
	for (size_t i = 0; i <= len; i++)
		out[i] = (char)ascii_lower((unsigned char)domain[i]);
	return true;
}

static bool
is_plain_char(char c, bool in_domain)
{
	return (c >= 'a' && c <= 'z') || ascii_is_digit(c) || c == '-' ||
	    (!in_domain && ((c >= 'A' && c <= 'Z') || c == '_' || c == '+'));
}

/*
 * True for most addresses: letters, digits, hyphens and dots in their places, the domain in
 * lower case.  They stand every check below and stay as they are; of others it tells nothing.
 */
static bool
is_plain(const char *text, size_t *len)
{
	size_t start = 0;  /* of what stands between dots */
	size_t domain = 0; /* where it begins; 0 before the @ */
	size_t i = 0;

	for (;; i++) {
		if (is_plain_char(text[i], domain > 0))
			continue;
		if (i == start || i - start > LABEL_MAX ||
		    (domain > 0 && (text[start] == '-' || text[i - 1] == '-')))
			return false;
		if (text[i] == '@' && domain == 0 && i <= LOCAL_MAX)
			domain = i + 1;
		else if (text[i] != '.')
			break;
		start = i + 1;
	}
	*len = i;
	return text[i] == '\0' && domain > 0 && start > domain && i <= LIMIT_ADDRESS &&
	    ascii_is_letter(text[start]);
}

bool
address_is_plain(const char *text)
{
	size_t len = 0;

	return is_plain(text, &len);
}

bool
address_check(struct arena *a, const char *text, const char **out, struct err *err)
{
	char domain[256];
	const char *at = NULL;
	size_t local_len = 0;

	if (is_plain(text, &local_len)) {
		*out = arena_strndup(a, text, local_len);
		return true;
	}
	*out = NULL;
	if (!check_bytes(text, strlen(text), err))
		return false;
	at = strrchr(text, '@');
	if (!at)
		return err_set(err, ERR_INPUT, "there is no @ in it");
	local_len = (size_t)(at - text);
	if (!check_local(text, local_len, err))
		return false;
	if (!domain_to_ascii(at + 1, domain, sizeof(domain), err))
		return false;
	if (!check_domain(domain, err))
		return false;
	/* A-labels are longer than what was typed. */
	if (local_len + 1 + strlen(domain) > LIMIT_ADDRESS)
		return err_set(err, ERR_INPUT, "longer than %d octets", LIMIT_ADDRESS);
	*out = arena_printf(a, "%.*s@%s", (int)local_len, text, domain);
	return true;
}

/* '"a \"b\", c"' without its quotes; *rest is what follows.  NULL when it has no end. */
static const char *
parse_quoted(struct arena *a, const char *text, const char **rest)
{
	/* Without its quotation marks, and with a NUL. */
	char *out = arena_alloc(a, strlen(text));
	size_t len = 0;

	for (text++; *text != '\0' && *text != '"'; text++) {
		if (*text == '\\' && text[1] != '\0')
			text++;
		out[len++] = *text;
	}
	if (*text != '"')
		return NULL;
	*rest = text + 1;
	return out;
}

static bool
has_control(const char *text)
{
	for (; *text != '\0'; text++)
		if (((unsigned char)*text < 0x20 && *text != '\t') || *text == 0x7F)
			return true;
	return false;
}

/* "name <" up to the bracket; *rest points at it. */
static bool
parse_name(struct arena *a, const char *text, const char *bracket, struct mailbox *out,
    const char **rest, struct err *err)
{
	const char *name = NULL;

	*rest = bracket;
	if (*text == '"') {
		name = parse_quoted(a, text, rest);
		if (!name)
			return err_set(err, ERR_INPUT,
			    "a quotation mark without its partner");
		*rest += strspn(*rest, " \t");
	} else if (bracket) {
		name = arena_strndup(a, text, (size_t)(bracket - text));
	}
	if (!*rest || **rest != '<')
		return err_set(err, ERR_INPUT, "no <address> after the name");
	name = text_one_line(a, name, strlen(name));
	out->name = *name != '\0' ? name : NULL;
	return true;
}

/* "name <address>"; text is trimmed. */
static bool
parse_named(struct arena *a, const char *text, struct mailbox *out, struct err *err)
{
	const char *rest = NULL;
	const char *close = NULL;

	if (!parse_name(a, text, strchr(text, '<'), out, &rest, err))
		return false;
	close = strchr(rest, '>');
	if (!close)
		return err_set(err, ERR_INPUT, "'<' without '>'");
	if (close[1] != '\0')
		return err_set(err, ERR_INPUT, "text after '>'");
	text = arena_strndup(a, rest + 1, (size_t)(close - rest - 1));
	return address_check(a, text, &out->address, err);
}

bool
mailbox_parse(struct arena *a, const char *text, struct mailbox *out, struct err *err)
{
	size_t len = strlen(text);
	bool ok = false;

	*out = (struct mailbox){ NULL, NULL };
	/* A name with a line break would be a field of its own. */
	if (has_control(text))
		return err_set(err, ERR_INPUT, "control character");
	if (!text_is_utf8(text, len))
		return err_set(err, ERR_INPUT, "not UTF-8");
	ascii_trim(&text, &len);
	text = arena_strndup(a, text, len);
	if (*text == '"' || strchr(text, '<'))
		ok = parse_named(a, text, out, err);
	else
		ok = address_check(a, text, &out->address, err);
	if (!ok)
		*out = (struct mailbox){ NULL, NULL };
	return ok;
}

bool
address_is_ascii(const char *address)
{
	for (; *address != '\0'; address++)
		if ((unsigned char)*address >= 0x80)
			return false;
	return true;
}

char *
address_key(struct arena *a, const char *address)
{
	size_t len = 0;
	uint8_t *folded = NULL;
	char *key = NULL;

	if (address_is_ascii(address))
		return ascii_make_lower(arena_strdup(a, address));
	folded = u8_casefold((const uint8_t *)address, strlen(address), NULL,
	    UNINORM_NFKC, NULL, &len);
	/* Not UTF-8, thus no address that was checked. */
	if (!folded)
		return arena_strdup(a, address);
	key = arena_strndup(a, (const char *)folded, len);
	free(folded);
	return key;
}

const char *
address_domain(const char *address)
{
	const char *at = strrchr(address, '@');

	return at ? at + 1 : "";
}

char *
address_veiled(struct arena *a, const char *address)
{
	uint32_t first = 0;
	size_t len = text_decode(address, strlen(address), &first);

	return arena_printf(a, "%.*s...@%s", (int)len, address, address_domain(address));
}

char *
address_plus(struct arena *a, const char *address, const char *tag)
{
	const char *domain = address_domain(address);
	size_t local_len = strlen(address) - strlen(domain);

	if (local_len > 0)
		local_len--;
	return arena_join(a,
	    (const char *const[]){ arena_strndup(a, address, local_len), "+", tag, "@",
		domain, NULL });
}
