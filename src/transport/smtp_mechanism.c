/* SPDX-License-Identifier: ISC */
#include "transport/smtp_mechanism.h"

#include <string.h>

#include "base/ascii.h"
#include "base/attr.h"

static const struct {
	const char *name;
	enum smtp_auth setting; /* the word that asks for it */
	bool plus;
	bool token;
} mechanisms[] = {
	[MECHANISM_SCRAM_SHA_256_PLUS] = { "SCRAM-SHA-256-PLUS", AUTH_SCRAM_SHA_256, true,
	    false },
	[MECHANISM_SCRAM_SHA_1_PLUS] = { "SCRAM-SHA-1-PLUS", AUTH_SCRAM_SHA_1, true,
	    false },
	[MECHANISM_SCRAM_SHA_256] = { "SCRAM-SHA-256", AUTH_SCRAM_SHA_256, false, false },
	[MECHANISM_SCRAM_SHA_1] = { "SCRAM-SHA-1", AUTH_SCRAM_SHA_1, false, false },
	[MECHANISM_PLAIN] = { "PLAIN", AUTH_PLAIN, false, false },
	[MECHANISM_LOGIN] = { "LOGIN", AUTH_LOGIN, false, false },
	[MECHANISM_CRAM_MD5] = { "CRAM-MD5", AUTH_CRAM_MD5, false, false },
	[MECHANISM_OAUTHBEARER] = { "OAUTHBEARER", AUTH_OAUTHBEARER, false, true },
	[MECHANISM_XOAUTH2] = { "XOAUTH2", AUTH_XOAUTH2, false, true },
};

/* Strongest first.  In the clear the password itself had better not travel at all. */
static const enum smtp_mechanism under_tls[] = { MECHANISM_SCRAM_SHA_256_PLUS,
	MECHANISM_SCRAM_SHA_1_PLUS, MECHANISM_SCRAM_SHA_256, MECHANISM_SCRAM_SHA_1,
	MECHANISM_PLAIN, MECHANISM_LOGIN, MECHANISM_CRAM_MD5, MECHANISM_OAUTHBEARER,
	MECHANISM_XOAUTH2 };
static const enum smtp_mechanism in_the_clear[] = { MECHANISM_SCRAM_SHA_256,
	MECHANISM_SCRAM_SHA_1, MECHANISM_CRAM_MD5, MECHANISM_PLAIN, MECHANISM_LOGIN,
	MECHANISM_OAUTHBEARER, MECHANISM_XOAUTH2 };

static bool
has_word(const char *list, const char *word)
{
	const size_t len = strlen(word);

	while (*list != '\0') {
		const size_t n = strcspn(list, " ");

		if (n == len && ascii_starts_nocase(list, word))
			return true;
		list += n;
		list += strspn(list, " ");
	}
	return false;
}

static bool
is_wanted(enum smtp_mechanism m, const struct smtp_mechanism_wish *wish)
{
	if ((wish->refused & 1U << m) != 0 || (mechanisms[m].plus && !wish->bound))
		return false;
	if (wish->setting == AUTH_OAUTH)
		return mechanisms[m].token;
	return wish->setting == AUTH_AUTO || wish->setting == mechanisms[m].setting;
}

enum smtp_mechanism
smtp_mechanism_choose(const char *offered, const struct smtp_mechanism_wish *wish)
{
	const enum smtp_mechanism *order = wish->encrypted ? under_tls : in_the_clear;
	const size_t count =
	    wish->encrypted ? ARRAY_LEN(under_tls) : ARRAY_LEN(in_the_clear);

	for (size_t i = 0; i < count; i++) {
		if (is_wanted(order[i], wish) &&
		    has_word(offered, mechanisms[order[i]].name))
			return order[i];
	}
	return MECHANISM_NONE;
}

const char *
smtp_mechanism_name(enum smtp_mechanism m)
{
	return mechanisms[m].name;
}

bool
smtp_mechanism_is_mutual(enum smtp_mechanism m)
{
	return m <= MECHANISM_SCRAM_SHA_1;
}

bool
smtp_mechanism_is_bound(enum smtp_mechanism m)
{
	return mechanisms[m].plus;
}

bool
smtp_mechanism_waits(enum smtp_mechanism m)
{
	return m == MECHANISM_LOGIN || m == MECHANISM_CRAM_MD5;
}

/* RFC 5801 4: a name in the header of a GS2 mechanism. */
static void
add_gs2_name(struct buf *out, const char *name)
{
	for (; *name != '\0'; name++) {
		if (*name == ',')
			buf_adds(out, "=2C");
		else if (*name == '=')
			buf_adds(out, "=3D");
		else
			buf_addc(out, *name);
	}
}

void
smtp_mechanism_add_token(struct buf *out, enum smtp_mechanism m, const char *user,
    const char *token, const char *host, int port)
{
	if (m == MECHANISM_XOAUTH2) {
		buf_addf(out, "user=%s\001auth=Bearer %s\001\001", user, token);
		return;
	}
	buf_adds(out, "n,a=");
	add_gs2_name(out, user);
	buf_addf(out, ",\001host=%s\001port=%d\001auth=Bearer %s\001\001", host, port,
	    token);
}
