/* SPDX-License-Identifier: ISC */
#include "mail/newsletter_words.h"

#include <stddef.h>
#include <string.h>

#include "base/ascii.h"
#include "base/attr.h"

/* list/token.h: 30 bytes at most, 27 in practice, in base32; what is near it counts too. */
enum { TOKEN_LEAST = 24, TOKEN_MOST = 52, LINK_WORDS = 120 };

static const char *const leave_words[] = {
	/* en */ "unsubscribe",
	"opt out",
	"opt-out",
	"manage your subscription",
	"manage subscription",
	"manage your email",
	"manage preferences",
	"manage your preferences",
	"update your preferences",
	"update preferences",
	"update your profile",
	"email preferences",
	"email settings",
	"mail preferences",
	"subscription preferences",
	"subscription settings",
	"notification settings",
	"change your preferences",
	"change your email",
	"your preferences",
	"change or stop",
	"stop receiving",
	"stop these emails",
	"turn off these emails",
	"disable email",
	"leave this list",
	"no longer wish",
	"no longer want",
	"remove me",
	/* de */ "abbestellen",
	"abmelden",
	"austragen",
	"einstellungen \xC3\xA4ndern",
	"profil bearbeiten",
	"abonnement verwalten",
	"einstellungen verwalten",
	"abo verwalten",
	"abo k\xC3\xBCndigen",
	"keine e-mails mehr",
	"w\xC3\xBCnsche \xC3\xA4ndern",
	"oder beenden",
	/* fr */ "d\xC3\xA9sabonner",
	"d\xC3\xA9sinscrire",
	"se desabonner",
	"d\xC3\xA9sabonnement",
	"d\xC3\xA9sinscription",
	"mes pr\xC3\xA9"
	"f\xC3\xA9rences",
	"vos pr\xC3\xA9"
	"f\xC3\xA9rences",
	"g\xC3\xA9rer",
	"ne plus recevoir",
	"modifier ou arr",
	/* es, pt, it, nl */ "darse de baja",
	"darte de baja",
	"cancelar suscripci",
	"cancelar la suscripci",
	"cancelar inscri",
	"cancelar a inscri",
	"cancelar assinatura",
	"desinscrever",
	"cancella iscrizione",
	"annulla iscrizione",
	"disiscri",
	"cancellarti",
	"afmelden",
	"uitschrijven",
	"voorkeuren",
	"avprenumerera",
	"afmeld",
};

static const char *const browser_words[] = { "in browser", "in your browser",
	"in the browser", "in a browser", "view online", "read online", "view it online",
	"on the web", "web version", "view as web", "view this email", "view email",
	"view this post", "im browser", "webversion", "web-version", "online ansehen",
	"online lesen", "online-version", "dans le navigateur", "dans votre navigateur",
	"version en ligne", "version web", "lire en ligne", "voir en ligne",
	"en el navegador", "en tu navegador", "nel browser", "in je browser",
	"in de browser", "no navegador" };

static const char *const ask_subjects[] = { "confirm your", "please confirm",
	"confirm subscription", "confirm your subscription", "confirmation is required",
	"confirmation required", "subscription confirm", "confirm that you",
	"verify your", "email verification", "e-mail verification", "activate your",
	"complete your sign", "complete your subscription", "finish signing up",
	"sign in link", "sign-in link", "sign in to", "log in to", "login link",
	"log-in link", "magic link", "verification code", "security code", "login code",
	"sign-in code", "one-time code", "is your code", "your code for",
	"your code:", "one step left", "was it you?", "password reset",
	"reset your password", "memberships reminder", "membership reminder",
	"membership disabled", "confirm your unsubscription", "your confirmation",
	/* de */ "bitte best\xC3\xA4tig", "anmeldung best\xC3\xA4tig",
	"best\xC3\xA4tigen sie", "best\xC3\xA4tige deine", "best\xC3\xA4tige die",
	"best\xC3\xA4tigung deiner anmeldung", "best\xC3\xA4tigung ihrer anmeldung",
	"best\xC3\xA4tigung erforderlich", "ist ihr code", "ist dein code", "anmeldecode",
	"noch ein schritt", "fehlt noch ein schritt", "waren sie das?",
	"e-mail-adresse best\xC3\xA4tig",
	/* fr */ "confirmez votre", "confirmez l", "confirmer votre",
	"confirmation de votre inscription", "confirmation d'inscription",
	"confirmation de l'inscription", "est votre code", "votre code de",
	"une derni\xC3\xA8re \xC3\xA9tape", "il reste une \xC3\xA9tape",
	"v\xC3\xA9rifiez votre", "activez votre",
	/* es, pt, it, nl */ "confirma tu", "confirma su", "confirme su",
	"confirme a sua", "conferma la tua", "conferma l", "bevestig je", "bevestig uw" };

static const char *const ask_words[] = { "to confirm your subscription",
	"confirm your subscription", "confirm your email address",
	"confirm your e-mail address", "verify your email address",
	"to complete your subscription", "if you did not subscribe",
	"if you didn't subscribe", "if you did not request", "if you didn't request",
	"if you did not sign up", "if you didn't sign up", "simply reply to this message",
	"your confirmation is required", "use this link to sign in",
	"your mailing list password", "um ihre anmeldung zu best",
	"um deine anmeldung zu best", "falls sie sich nicht angemeldet",
	"wenn sie sich nicht angemeldet", "falls du dich nicht angemeldet",
	"pour confirmer votre inscription", "confirmer mon inscription",
	"confirmez votre inscription", "pour confirmer votre abonnement",
	"si vous n'avez pas demand" };

/* Parts of addresses of the large tools, and words that addresses of small ones have. */
static const char *const leave_addresses[] = { "unsubscribe", "opt-out", "optout",
	"opt_out", "list-manage.com/profile", "list-manage.com/vcard",
	"list-manage.com/subscribe/confirm", "/update-profile", "/update_profile",
	"manage-preferences", "manage_preferences", "managepreferences",
	"email-preferences", "email_preferences", "emailpreferences",
	"subscription-preferences", "subscription_preferences", "email-settings",
	"manage-subscription", "manage_subscription", "subscriptions/manage",
	"/action/disable_email", "/disable_email", "#/portal/account",
	"newsletters/confirm", "preferences_token", "/abmelden", "/abbestellen",
	"/desinscription", "/desabonnement", "one-click", "oneclick", "-leave@", "leave-",
	"confirm-subscription", "confirm_subscription", "%7bunsub", "/options/",
	"/mailman/listinfo", "/mailman/options" };

static bool
has_any(const char *text, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (ascii_find_nocase(text, list[i]))
			return true;
	return false;
}

bool
newsletter_words_leave(const char *text)
{
	return strnlen(text, LINK_WORDS + 1) <= LINK_WORDS &&
	    has_any(text, leave_words, ARRAY_LEN(leave_words));
}

bool
newsletter_words_browser(const char *text)
{
	return strnlen(text, LINK_WORDS + 1) <= LINK_WORDS &&
	    has_any(text, browser_words, ARRAY_LEN(browser_words));
}

/* "confirm 4f3c2a...": what Mailman asks to be answered with. */
static bool
is_confirm_code(const char *subject)
{
	if (!ascii_starts_nocase(subject, "confirm "))
		return false;
	subject += 8;
	return strlen(subject) >= 20 &&
	    strspn(subject, "0123456789abcdefABCDEF") == strlen(subject);
}

bool
newsletter_words_ask(const char *subject)
{
	return is_confirm_code(subject) ||
	    has_any(subject, ask_subjects, ARRAY_LEN(ask_subjects));
}

bool
newsletter_words_ask_plainly(const char *text)
{
	return has_any(text, ask_words, ARRAY_LEN(ask_words));
}

bool
newsletter_address_leaves(const char *url)
{
	return has_any(url, leave_addresses, ARRAY_LEN(leave_addresses));
}

unsigned
newsletter_token_length(const char *text)
{
	unsigned n = 0;

	for (;; n++) {
		const int c = ascii_lower((unsigned char)text[n]);

		if (!(c >= 'a' && c <= 'z') && !(c >= '2' && c <= '7'))
			break;
	}
	return n >= TOKEN_LEAST && n <= TOKEN_MOST && !ascii_is_digit(text[n]) ? n : 0;
}

bool
newsletter_address_has_token(const char *url)
{
	while (*url) {
		if (newsletter_token_length(url) > 0)
			return true;
		while (ascii_is_alphanumeric((unsigned char)*url))
			url++;
		while (*url && !ascii_is_alphanumeric((unsigned char)*url))
			url++;
	}
	return false;
}
