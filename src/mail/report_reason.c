/* SPDX-License-Identifier: ISC */
#include "mail/report_reason.h"

#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/buf.h"

/* ---- phrases by meaning ---- */

/* The mailbox is there, and full. */
static const char *const full[] = { " mailbox full", " mailbox is full", " inbox is full",
	" mailfolder is full", " mail folder is full", " folder is full", " box full",
	" quota", " over the limit", " out of storage", " storage space",
	" not enough storage", " insufficient storage", " insufficient system storage",
	" insufficient disk", " disk space", " diskspace", " disk full", " disc quota",
	" exceeded storage", " exceeds allowed", " exceed the maximum",
	" mailbox size limit", " too much mail", " too many messages", " too many mails",
	" has too many", " zuviele mails", " postfach voll", " mailbox has exceeded",
	" account is full", " is out of space", " exceeded its limit", " boite pleine",
	" buzon lleno", " mailbox exceeds", " no space left", " space limit",
	" file too large", " maximum storage", " over its maximum", " user is over",
	" is full", " postfach ist voll", " speichervolumen", " speicherplatz",
	" kontingent", " boite aux lettres pleine", " boite aux lettres est pleine",
	" est pleine", " buzon esta lleno", " esta lleno", " casella piena",
	" posta piena", " e piena", " caixa cheia", " postal cheia", " esta cheia",
	" postvak vol", " postvak is vol", " brevladan ar full", " ar full",
	" postkassen er full", " er fuld", " przepelnion", " jest pelna", " je plna",
	" megtelt", " kutusu dolu", " doldu", "переполнен", "превышен", "переповнен",
	"已满", "已滿", "超出容量", "空间不足", "容量不足", "いっぱい", "一杯です",
	"容量を超", "容量オーバー", "용량이 초과", "용량 초과", "용량이 부족", "가득",
	"γεμάτ", " ممتلئ", "מלאה", NULL };

/* One sentence that names every cause; where it stands, the address led nowhere (cPanel). */
static const char *const nowhere[] = { " account or domain may not exist", NULL };

/* The answer to MAIL FROM, as exim and Postfix say it: no recipient was named yet. */
static const char *const before_recipients[] = { " after mail from",
	" in reply to mail from", NULL };

/* The same of a sender, which is us. */
static const char *const sender_nowhere[] = { " sender verify failed",
	" verification failed for", NULL };

/* The sender, which is us, our machine or this letter was looked at and not liked. */
static const char *const sender[] = { " sender address", " sender rejected",
	" sender denied", " sender domain", " domain of sender", " sender verify",
	" sender not", " sender is not", " bad sender", " invalid sender",
	" sending address", " sending server", " return path", " envelope sender",
	" from address", " verification failed for", " helo", " ehlo", " client host",
	" your host", " your ip", " your server", " your mail server", " your domain",
	" ip address", " reverse dns", " rdns", " ptr", " spf", " dkim", " dmarc",
	" dns record", " mx record for your", " blacklist", " black list", " blocklist",
	" block list", " blocked using", " dnsbl", " rbl ", " rblsmtpd", " uribl",
	" reputation", " spam", " unsolicited", " virus", " infected",
	" callout verification", " sender was rejected", " may not have permission",
	NULL };

/* There is no such mailbox: words that leave no doubt, and name what is not there. */
static const char *const no_mailbox[] = { " user unknown", " unknown user",
	" unknown recipient", " recipient unknown", " unknown or illegal",
	" unknown address", " address unknown", " unknown local", " unknown mailbox",
	" unknown account", " unknown email", " no such user", " no such recipient",
	" no such mailbox", " no such address", " no such person", " no such local user",
	" no such account", " no such addr", " no such email", " no this user",
	" no mailbox here", " no mailbox by that name", " no mailbox for",
	" no mail box available", " no account by that name", " no user by that name",
	" does not exist", " doesn t exist", " did not exist", " not exist ",
	" nonexistent", " non existent", " non existing", " nonexisting",
	" not a known user", " not known user", " user not known", " isn t a known",
	" not a valid user", " not a valid mailbox", " not a valid recipient",
	" not a valid address", " no valid recipient", " address is not valid",
	" recipient is not valid", " user is not valid", " recipient not valid",
	" mailbox not found", " user not found", " recipient not found",
	" account not found", " address not found", " mailbox was not found",
	" user was not found", " recipient was not found", " account was not found",
	" address was not found", " address wasn t found", " recipient wasn t found",
	" user wasn t found", " address couldn t be found", " address could not be found",
	" recipient could not be found", " user could not be found",
	" mailbox could not be found", " recipnotfound", " not found in directory",
	" email account not found", " does not have an account",
	" doesn t have an account", " this user doesn t have", " this user does not have",
	" not our user", " not our customer", " not listed in domino",
	" not listed in public", " not listed in directory", " user not listed",
	" recipient not listed", " name is not recognized", " recipient not recognized",
	" user not recognized", " invalid recipient", " invalid mailbox", " invalid user",
	" invalid local part", " bad destination mailbox", " bad mailbox",
	" recipient invalid", " mailbox invalid", " user invalid", " no longer on server",
	" no longer valid", " no longer exist", " no longer in use", " user no longer",
	" mailbox no longer", " address no longer", " account no longer",
	" recipient no longer", " user has moved", " recipient has moved",
	" has moved to", " address has changed", " did not exactly match",
	" matches to nameserver query", " unbekannt", " nicht bekannt",
	" existiert nicht", " gibt es nicht", " nie istnieje", " inconnu",
	" n existe pas", " destinataire invalide", " no existe", " nao existe",
	" desconocid", " desconhecid", " non esiste", " sconosciut", " bestaat niet",
	" onbekend", " usuario no", " recipient address rejected access denied",
	" mailbox unavailable", " mailbox not available", " mailbox is unavailable",
	" mailbox currently unavailable", " user is unknown", " recipient is unknown",
	" address is unknown", " mailbox is unknown", " user not registered",
	" recipient not registered", " not a registered gateway user",
	" not a registered user", " has no mailbox", " undeliverable address",
	" account has been closed", " account is closed", " account closed",
	" account terminated", " account has been deleted", " account deleted",
	" user has been deleted", " mailbox has been deleted",
	" account has been removed", " email address is wrong", " no such name",
	" account unknown", " nicht gefunden", " nicht im domino", " nicht im adressbuch",
	" introuvable", " inexistant", " no se encontro", " no se ha encontrado",
	" inexistente", " non trovato", " inesistente", " nao encontrado",
	" nao foi encontrad", " niet gevonden", " finns inte", " hittades inte",
	" okand mottagare", " findes ikke", " finnes ikke", " ukendt modtager",
	" ukjent mottaker", " ei loydy", " ei ole olemassa", " nie ma takiego",
	" nieznany", " nie znaleziono", " neexistuje", " neznamy", " nem letezik",
	" ismeretlen cimzett", " boyle bir kullanici", " kullanici yok", " bulunamadi",
	" nu exista", " ne postoji", "не существует", "не найден",
	"такого пользователя нет", "нет такого", "не існує", "не знайден", "δεν υπάρχει",
	"δεν βρέθηκε", "不存在", "没有此用户", "查无此", "查無此", "見つかりません",
	"存在しません", "宛先不明", "あて先不明", "존재하지 않", "찾을 수 없",
	"없는 사용자", "غير موجود", "לא קיים", "לא נמצא", " ikke fundet", " ikke funnet",
	" kunde inte hittas", " ei loytynyt", " nebyl nalezen", " nenalezen",
	" nem talalhato", "未找到", "找不到", NULL };

/* No mail system answers for the domain, and nobody says that it may come back. */
static const char *const no_host[] = { " host unknown", " unknown host", " no such host",
	" host not found", " domain not found", " no such domain", " unknown domain",
	" domain unknown", " unrouteable", " unroutable", " name or service not known",
	" domain name not found", " host or domain name not found",
	" domain does not exist", " no mx", " bad domain", " invalid domain", " nullmx",
	" null mx", " does not accept mail", " domain has no mail", " accepts no mail",
	" indicated no smtp service", " no smtp service", " no mail service",
	" dns lookup failure host", " illegal host", " illegal domain", " invalid host",
	" nxdomain", NULL };

/* It may work later. */
static const char *const later[] = { " try again", " retry timeout", " retry time",
	" timed out", " timeout", " time out", " expired", " temporar", " deferred",
	" connection refused", " connection dropped", " connection reset",
	" connection was dropped", " could not connect", " unable to connect",
	" couldn t connect", " no route to host", " network is unreachable",
	" not accepting connections", " service unavailable", " service currently",
	" too long", " lost connection", " greylist", " graylist",
	" too many connections", " rate limit", " throttl", " too busy", " not collected",
	" been collected", " will be retried", " will continue", " delayed", " postponed",
	" no answer from", " not answering", " not respond", " loops back",
	" too many hops", " mail loop", " routing loop", " deadline",
	" undeliverable for", " gave up", NULL };

/* About us or this letter; the mailbox may be fine. */
static const char *const policy[] = { " blocked", " authenticat", " unauthenticated",
	" policy", " content reject", " message content", " content filter", " bulk",
	" banned", " prohibited", " forbidden", " not permitted", " not allowed",
	" not authorized", " unauthorized", " relay", " too many recipients",
	" sent to too many", " too large", " too big", " message size", " size limit",
	" ube ", " preferences", " whitelist", " violation", " frequency",
	" purported responsible", " improper use", " header", " suppression list", NULL };

/* The same in words that also say that somebody is not known: a code with them counts more. */
static const char *const refused[] = { " rejected", " refused", " denied",
	" not accepted", " too many", " security", " verify", " restricted", " filter",
	" not accepting", " only accept", " disabled", " suspended", " frozen",
	" inactive", " deactivated", " locked", " content", NULL };

/* qmail's words for any answer to RCPT: what the server said besides counts first. */
static const char *const disliked[] = { " does not like recipient", NULL };

/* Enhanced codes that say by themselves what it is. */
static const struct {
	const char *status;
	enum bounce_class class;
} statuses[] = {
	{ "5.1.1", BOUNCE_HARD },   /* bad destination mailbox address */
	{ "5.1.2", BOUNCE_HARD },   /* bad destination system address */
	{ "5.1.3", BOUNCE_HARD },   /* bad syntax of it */
	{ "5.1.6", BOUNCE_HARD },   /* has moved, no forwarding */
	{ "5.1.10", BOUNCE_HARD },  /* null MX (RFC 7505) */
	{ "5.4.310", BOUNCE_HARD }, /* Exchange Online: the domain does not exist */
};

/* ---- words ---- */

/* U+00C0 to U+017F without their marks; a blank is a sign of arithmetic. */
static const char latin[] = "aaaaaaaceeeeiiiidnooooo ouuuuyts"
			    "aaaaaaaceeeeiiiidnooooo ouuuuyty"
			    "aaaaaaccccccccdd"
			    "ddeeeeeeeeeegggg"
			    "gggghhhhiiiiiiii"
			    "iijjjjkkklllllll"
			    "lllnnnnnnnnnoooo"
			    "oooorrrrrrssssss"
			    "ssttttttuuuuuuuu"
			    "uuuuwwyyyzzzzzzs";

/* Small letters of Greek and Cyrillic. */
static unsigned
small_letter(unsigned c)
{
	if ((c >= 0x391 && c <= 0x3A9) || (c >= 0x410 && c <= 0x42F))
		return c + 0x20;
	return c >= 0x400 && c <= 0x40F ? c + 0x50 : c;
}

/* Quotes, dashes, blanks and the points of Chinese and Japanese: no letters. */
static bool
is_mark(const unsigned char *p)
{
	return (p[0] == 0xE2 && (p[1] == 0x80 || p[1] == 0x81)) ||
	    (p[0] == 0xE3 && p[1] == 0x80) ||
	    (p[0] == 0xEF && p[1] == 0xBC && (p[2] < 0x90 || p[2] > 0x99) && p[2] < 0xA1);
}

/*
 * One character at p, of at most `left` bytes, as reason_words() keeps it: its letters are
 * appended at out (no more than it has bytes), none for what is no letter.  Returns its bytes.
 */
static size_t
fold_character(const unsigned char *p, size_t left, char *out, size_t *n)
{
	unsigned c = p[0];

	*n = 0;
	if (c < 0x80) {
		if (ascii_is_alphanumeric((int)c))
			out[(*n)++] = (char)ascii_lower((int)c);
		return 1;
	}
	if (c >= 0xC2 && c < 0xE0 && left > 1 && (p[1] & 0xC0) == 0x80) {
		c = small_letter((c & 0x1F) << 6 | (p[1] & 0x3F));
		if (c >= 0xC0 && c < 0x180) {
			if (latin[c - 0xC0] != ' ')
				out[(*n)++] = latin[c - 0xC0];
		} else if (c >= 0x180) {
			out[(*n)++] = (char)(0xC0 | c >> 6);
			out[(*n)++] = (char)(0x80 | (c & 0x3F));
		}
		return 2;
	}
	if (c >= 0xE0 && c < 0xF0 && left > 2 && (p[1] & 0xC0) == 0x80) {
		memcpy(out, p, is_mark(p) ? 0 : 3);
		*n = is_mark(p) ? 0 : 3;
		return 3;
	}
	out[(*n)++] = (char)c;
	return 1;
}

const char *
reason_words(struct arena *a, const char *text, size_t max)
{
	const size_t len = strnlen(text, max);
	char *words = arena_alloc(a, len + 3);
	size_t n = 0;

	words[n++] = ' ';
	for (size_t i = 0; i < len;) {
		size_t added = 0;

		i += fold_character((const unsigned char *)text + i, len - i, words + n,
		    &added);
		if (added == 0 && words[n - 1] != ' ')
			words[n++] = ' ';
		n += added;
	}
	if (words[n - 1] != ' ')
		words[n++] = ' ';
	words[n] = '\0';
	return words;
}

bool
reason_has(const char *words, const char *const *phrases)
{
	for (; *phrases; phrases++) {
		if (strstr(words, *phrases))
			return true;
	}
	return false;
}

/* ---- codes ---- */

/* The length of "5.1.1" at text; 0 when it is none. */
static size_t
status_length(const char *text)
{
	size_t n = 1;

	if (*text != '2' && *text != '4' && *text != '5')
		return 0;
	for (int part = 0; part < 2; part++) {
		size_t digits = 0;

		if (text[n++] != '.')
			return 0;
		digits = strspn(text + n, "0123456789");
		if (digits == 0 || digits > 3)
			return 0;
		n += digits;
	}
	/* Four parts are an address of a machine. */
	return text[n] == '.' && ascii_is_digit(text[n + 1]) ? 0 : n;
}

const char *
reason_status(struct arena *a, const char *text)
{
	for (const char *at = text; *at != '\0'; at++) {
		size_t len = 0;

		if (at > text &&
		    (ascii_is_alphanumeric(at[-1]) || at[-1] == '.' ||
			(at[-1] == '-' && at - text > 1 && !ascii_is_digit(at[-2]))))
			continue;
		len = status_length(at);
		if (len > 0)
			return arena_strndup(a, at, len);
	}
	return "";
}

int
reason_code(const char *text)
{
	for (const char *at = text; *at != '\0'; at++) {
		if (*at != '4' && *at != '5')
			continue;
		if (at > text &&
		    (ascii_is_alphanumeric(at[-1]) || at[-1] == '.' || at[-1] == '-' ||
			at[-1] == '@' || at[-1] == '/'))
			continue;
		if (at[1] < '0' || at[1] > '7' || !ascii_is_digit(at[2]))
			continue;
		if (at[3] == ' ' || at[3] == '-' || at[3] == '\0' || at[3] == '\n' ||
		    at[3] == ']' || at[3] == ')' || at[3] == ':' || at[3] == '#')
			return (int)strtol(at, NULL, 10);
	}
	return 0;
}

static bool
status_class(const char *status, enum bounce_class *out)
{
	for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
		if (strcmp(statuses[i].status, status) == 0) {
			*out = statuses[i].class;
			return true;
		}
	}
	return false;
}

bool
reason_is_full(const char *words)
{
	return reason_has(words, full);
}

bool
reason_is_of_sender(const char *words)
{
	return reason_has(words, before_recipients);
}

enum bounce_class
reason_class(const char *status, int code, const char *words, bool *is_told)
{
	/* 4.x.x and 4xx are no last word, whatever stands beside them. */
	const bool is_temporary =
	    status[0] == '4' || (status[0] == '\0' && code >= 400 && code < 500);
	enum bounce_class class = BOUNCE_SOFT;

	*is_told = true;
	if (is_temporary || reason_has(words, full))
		return BOUNCE_SOFT;
	if (reason_has(words, nowhere) && !reason_has(words, sender_nowhere))
		return BOUNCE_HARD;
	if (reason_has(words, sender) || reason_is_of_sender(words))
		return BOUNCE_SOFT;
	if (reason_has(words, no_mailbox))
		return BOUNCE_HARD;
	if (reason_has(words, later))
		return BOUNCE_SOFT;
	if (reason_has(words, no_host))
		return BOUNCE_HARD;
	if (reason_has(words, policy))
		return BOUNCE_SOFT;
	if (status_class(status, &class))
		return class;
	if (reason_has(words, refused))
		return BOUNCE_SOFT;
	if (reason_has(words, disliked))
		return BOUNCE_HARD;
	*is_told = code != 0 || (status[0] != '\0' && strcmp(status, "5.0.0") != 0);
	return BOUNCE_SOFT;
}
