/* SPDX-License-Identifier: ISC */
#include "list/reader_columns.h"

#include <stddef.h>
#include <string.h>

#include "base/ascii.h"

enum { NAME_MAX_BYTES = 80 };

/* Letters and digits of a name in lower case; what is beyond ASCII stays. */
static void
squeeze(const char *name, char out[NAME_MAX_BYTES])
{
	size_t n = 0;

	for (; *name != '\0' && n + 1 < NAME_MAX_BYTES; name++) {
		const unsigned char c = (unsigned char)*name;

		if (c >= 0x80 || ascii_is_alphanumeric(c))
			out[n++] = (char)ascii_lower(c);
	}
	out[n] = '\0';
}

/* True when word is one of the words in list, which stand between blanks. */
static bool
is_listed(const char *list, const char *word)
{
	const size_t len = strlen(word);

	for (const char *at = list; len > 0 && (at = strstr(at, word)); at++) {
		if ((at == list || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
			return true;
	}
	return false;
}

static const struct {
	enum roll_column column;
	const char *names;
} columns[] = {
	{ ROLL_ADDRESS,
	    "email address emailaddress mailaddress emailadresse mailadresse "
	    "adresseemail adressemail courriel correo correoelectronico correoelectrónico "
	    "subscriber subscriberemail useremail emailid indirizzoemail epost emailadres" },
	{ ROLL_STATE,
	    "state status subscriptionstatus subscriberstatus emailstatus memberstatus "
	    "deliverystatus contactstatus substatus type subscribertype "
	    "emailmarketingstatus" },
	{ ROLL_CONFIRMED_BY, "confirmedby consent evidence" },
	{ ROLL_CONFIRMED,
	    "confirmed confirmedat confirmtime confirmationtime confirmationdate "
	    "confirmeddate optintime optindate optedinat consentat consentdate "
	    "subscribedat subscriptiondate subscribedate subscribeddate isconfirmed "
	    "istheemailofthisuserconfirmed emailconfirmed verified isverified" },
	{ ROLL_RHYTHM, "rhythm frequency" },
	{ ROLL_DAY, "day" },
	{ ROLL_HOUR, "hour" },
	{ ROLL_ZONE, "zone" },
	{ ROLL_SOURCES, "sources" },
	{ ROLL_FORMAT, "format" },
	{ ROLL_BODY, "body length" },
	{ ROLL_LANGUAGE, "language" },
	{ ROLL_PICTURES, "pictures" },
	{ ROLL_IS_LEFT,
	    "unsubscribed unsubscribedat unsubscribeddate unsubscribedate unsubscribetime "
	    "unsubscribedtime unsubtime unsubdate unsubreason unsubreasonother "
	    "unsubscribereason unsubscribedreason unsubscriptiondate "
	    "unsubscriptionreason unsubscriptiontime isunsubscribed "
	    "hasunsubscribed optout optedout optouttime optoutdate optedoutat isoptout "
	    "isoptedout emailoptout unsubscribedfromemails hasoptedoutofemail left leftat" },
	{ ROLL_IS_REMOVED,
	    "blacklisted blacklistedat isblacklisted isthisuserblacklisted "
	    "issubscriberblacklisted blocklisted blocklistedat isblocklisted blocked "
	    "blockedat isblocked emailblacklisted deleted deletedat deleteddate "
	    "deletiondate isdeleted removed removedat isremoved disabled disabledat "
	    "isdisabled emaildisabled isthisuserdisabled suppressed suppressedat "
	    "issuppressed suppressionreason complained complainedat iscomplained "
	    "complaint spamcomplaint markedasspam spam isspam banned isbanned bannedat "
	    "isexcludedfromcampaigns donotmail donotemail inactive isinactive" },
	{ ROLL_IS_BOUNCED,
	    "bounced bouncedat isbounced bouncetime bouncedate bouncereason hardbounced "
	    "hardbounce hardbouncedat cleantime cleaned cleanedat undeliverable "
	    "isundeliverable undeliverabilitydate undeliverabilityreason invalid "
	    "isinvalid" },
	{ ROLL_READS,
	    "subscribed issubscribed subscribedtoemails subscribedtonewsletter active "
	    "isactive enabled isenabled optin optedinemail emailoptin isoptin "
	    "acceptsmarketing acceptsemailmarketing receivesemails activesubscription" },
	/* They have a word in them that would make them suspect, and say nothing of leaving. */
	{ ROLL_IGNORED,
	    "bouncecount numberofbounces numberofbouncesonthisuser softbouncecount "
	    "unsubcampaigntitle unsubcampaignid cleancampaigntitle cleancampaignid "
	    "churndate firewallreasons" },
};

static const char *const suspects[] = {
	/* clang-format off */
	"unsub", "optout", "optedout", "block", "blacklist", "bounc", "delet", "remov", "suppress",
	"complain", "spam", "abus", "disabl", "inactiv", "cancel", "banned", "undeliver",
	"unreachab", "donot", "signedoff", "signoff", "resign", "abgemeldet", "abmeld", "abbestell",
	"gesperrt", "gelöscht", "geloescht", "désinscri", "desinscri", "désabonn", "desabonn",
	"bloqu", "supprim", "baja", "cancell", "disiscri", "bloccat", "uitgeschreven", "afgemeld",
	/* clang-format on */
};

enum roll_column
roll_column_of(const char *name)
{
	char key[NAME_MAX_BYTES];

	squeeze(name, key);
	for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
		if (is_listed(columns[i].names, key))
			return columns[i].column;
	}
	for (size_t i = 0; i < ARRAY_LEN(suspects); i++) {
		if (strstr(key, suspects[i]))
			return ROLL_SUSPECT;
	}
	return ROLL_IGNORED;
}

static const struct {
	enum reader_state state;
	const char *words;
} states[] = {
	{ READER_ACTIVE,
	    "active enabled subscribed subscriber confirmed regular premium gifted free "
	    "paid comp comped trialed trialing live optedin optin ok member bymember" },
	{ READER_HOLD, "hold onhold paused suspended vacation byuser nomail" },
	{ READER_PENDING,
	    "pending unconfirmed unactivated notconfirmed waiting nonsubscribed "
	    "notsubscribed new asked unverified transactional" },
	{ READER_BOUNCED,
	    "bounced bouncing bounce hardbounced softbounced unreachable cleaned "
	    "undeliverable invalid bybounces" },
	{ READER_LEFT,
	    "left unsubscribed unsubscribe unsub optedout optout churned cancelled "
	    "canceled abgemeldet désabonné baja gone" },
	{ READER_REMOVED,
	    "removed blocklisted blacklisted blocked banned disabled deleted archived "
	    "complained complaint spam spammy abuse suppressed inactive bymoderator" },
	{ READER_ERASED, "erased" },
};

bool
roll_state_of(const char *word, enum reader_state *state)
{
	char key[NAME_MAX_BYTES];

	squeeze(word, key);
	for (size_t i = 0; i < ARRAY_LEN(states); i++) {
		if (is_listed(states[i].words, key)) {
			*state = states[i].state;
			return true;
		}
	}
	return false;
}

bool
roll_is_yes(const char *word)
{
	char key[NAME_MAX_BYTES];

	squeeze(word, key);
	return is_listed("1 true yes y t on x ja oui si sí ano tak", key);
}

bool
roll_is_no(const char *word)
{
	char key[NAME_MAX_BYTES];

	squeeze(word, key);
	/* Also "-" and "0000-00-00 00:00:00". */
	return key[strspn(key, "0")] == '\0' ||
	    is_listed("false no n f off never none null nil nein non ne nie na", key);
}

bool
roll_cell_acts(const char *text)
{
	/* The wide forms of = + - @, which some spreadsheets take for them. */
	static const char *const wide[] = { "\uFF1D", "\uFF0B", "\uFF0D", "\uFF20" };

	if (*text != '\0' && strchr("=+-@\t\r\n", *text))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(wide); i++) {
		if (strncmp(text, wide[i], strlen(wide[i])) == 0)
			return true;
	}
	return false;
}
