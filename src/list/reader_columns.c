/* SPDX-License-Identifier: ISC */
#include "list/reader_columns.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/letter_case.h"
#include "base/text.h"

enum { NAME_MAX_BYTES = 256 };

/* Letters and digits of a name in lower case. */
static void
squeeze(const char *name, char out[NAME_MAX_BYTES])
{
	struct buf b = BUF_INIT(NAME_MAX_BYTES - 1);
	const size_t len = strlen(name);

	for (size_t i = 0; i < len && !buf_is_full(&b);) {
		uint32_t c = 0;

		i += text_decode(name + i, len - i, &c);
		/* A wide letter is that of ASCII. */
		c = letter_fold(c >= 0xFF01 && c <= 0xFF5E ? c - 0xFEE0 : c);
		if (c >= 0x80 ? c != 0xA0 && c != 0x3000 : ascii_is_alphanumeric((int)c))
			text_encode(&b, c);
	}
	memcpy(out, buf_text(&b), b.len + 1);
	buf_clear(&b);
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
	    "статус состояние стан stav stato tila durum állapot stare κατάσταση "
	    "ステータス 状態 状态 狀態 상태 الحالة סטטוס מצב "
	    "emailmarketingstatus" },
	{ ROLL_CONFIRMED_BY, "confirmedby consent evidence" },
	{ ROLL_CONFIRMED,
	    "confirmed confirmedat confirmtime confirmationtime confirmationdate "
	    "confirmeddate optintime optindate optedinat consentat consentdate "
	    "subscribedat subscriptiondate subscribedate subscribeddate isconfirmed "
	    "istheemailofthisuserconfirmed emailconfirmed verified isverified "
	    "doubleoptin doubleoptinconfirmed isdoubleoptin doi doiconfirmed" },
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
	{ ROLL_AGREES,
	    "agreed agrees agreement permission haspermission permissiongranted consented "
	    "hasconsent hasconsented consentgiven consentstatus emailconsent "
	    "marketingconsent gdprconsent gdpr emailpermission marketingpermission "
	    "einwilligung zustimmung consentement consentimiento consenso toestemming "
	    "согласие согласен згода zgoda souhlas samtycke samtykke suostumus onay izin "
	    "hozzájárulás consimțământ συγκατάθεση 同意 동의 موافقة הסכמה" },
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
	/* The same in other languages, in small letters. */
	"отпис", "заблок", "удал", "отказ", "неактив", "недостав", "отмен",
	"відпис", "видален", "відмов", "скасов", "недоставл",
	"wypis", "rezygn", "zablok", "usuni", "odrzuc", "nieaktyw",
	"odhlá", "odhlas", "zruš", "smaz", "vymaz", "neaktiv",
	"annullat", "eliminat", "rimoss", "respint", "rimbalz", "inattiv",
	"avregistr", "avslut", "blocker", "borttag", "raderad", "avanmäl", "studsa",
	"afmeld", "slettet", "fjernet", "frameld", "avmeld", "blokk",
	"peruut", "poistet", "estett", "poistunut",
	"iptal", "ayrıl", "ayril", "engell", "silindi", "çıktı", "cikti",
	"leirat", "törölt", "torolt", "letilt", "inaktív", "inaktiv",
	"dezabon", "dezaboniat", "șters", "blocat", "anulat",
	"διαγραφ", "διαγράφ", "απεγγρ", "αποκλ", "διεγραμ", "ανενεργ",
	"配信停止", "停止", "解除", "退会", "拒否", "削除", "ブロック", "無効", "不達", "エラー",
	"退订", "退訂", "取消", "屏蔽", "封锁", "封鎖", "删除", "刪除", "拒收", "退信", "停用", "拉黑", "黑名单", "黑名單",
	"수신거부", "거부", "해지", "차단", "삭제", "반송", "탈퇴", "취소", "비활성",
	"إلغاء", "الغاء", "ملغى", "محظور", "محذوف", "حذف", "مرتد",
	"הוסר", "ביטול", "בוטל", "חסום", "נחסם", "נמחק", "הסרה", "לאפעיל",
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
	    "paid comp comped trialed trialing live optedin optin ok member bymember "
	    "agreed granted given активен активный подписан aktywny aktivní attivo aktiv "
	    "aktiivinen "
	    "aktif aktív activ ενεργός 有効 購読中 配信中 活跃 活躍 已订阅 已訂閱 활성 구독 نشط פעיל" },
	{ READER_HOLD, "hold onhold paused suspended vacation byuser nomail" },
	{ READER_PENDING,
	    "pending unconfirmed unactivated notconfirmed waiting nonsubscribed "
	    "notsubscribed new asked unverified transactional" },
	{ READER_BOUNCED,
	    "bounced bouncing bounce hardbounced softbounced unreachable cleaned "
	    "undeliverable invalid bybounces" },
	{ READER_LEFT,
	    "left unsubscribed unsubscribe unsub optedout optout churned cancelled "
	    "canceled abgemeldet désabonné baja gone withdrawn revoked declined denied "
	    "refused отписан отписался отписалась відписаний відписався wypisany "
	    "odhlášen disiscritto avregistrerad avmeldt afmeldt peruttu ayrıldı "
	    "leiratkozott dezabonat 配信停止 退会 退订 已退订 退訂 已退訂 수신거부 해지" },
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
	return is_listed(
	    "1 true yes y t on x ja oui si sí ano tak да так igen da evet kyllä "
	    "ναι はい 是 예 네 نعم כן",
	    key);
}

bool
roll_is_no(const char *word)
{
	char key[NAME_MAX_BYTES];

	squeeze(word, key);
	/* Also "-" and "0000-00-00 00:00:00". */
	return key[strspn(key, "0")] == '\0' ||
	    is_listed(
		"false no n f off never none null nil nein non ne nie na нет ні nej nei "
		"ei hayır hayir nem nu όχι いいえ 否 不 아니오 아니요 لا לא",
		key);
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
