/* SPDX-License-Identifier: ISC */
/* Confirmation letters to domains that take no mail do not go; what cannot be learnt does. */
#include "unit/flow_fixture.h"

#include "flow/join_domains.h"
#include "store/notices.h"

static int asked;

static enum mail_domain
by_first_letter(const char *domain)
{
	asked++;
	return *domain == 'n' ? DOMAIN_TAKES_NONE
	    : *domain == 'u'  ? DOMAIN_UNKNOWN
			      : DOMAIN_TAKES_MAIL;
}

static int64_t
add(struct flow_test *t, enum notice_kind kind, const char *address)
{
	const struct notice n = { .kind = kind, .address = address };
	int64_t id = 0;

	MUST(store_notice_add(t->run.store, &n, NOW, &id, err));
	return id;
}

static int64_t
state_of(struct flow_test *t, int64_t id)
{
	int64_t state = -1;

	MUST(db_number(t->run.store,
	    arena_printf(t->run.arena, "SELECT state FROM notice WHERE id = %d", (int)id),
	    &state, err));
	return state;
}

static void
letters_to_domains_without_mail_are_refused(void **state)
{
	struct flow_test t;
	int64_t none = 0;
	int64_t other = 0;
	int64_t takes = 0;

	(void)state;
	flow_begin(&t);
	t.settings.config.transport.method = TRANSPORT_SMTP;
	t.settings.config.limits.mx_check = true;
	none = add(&t, NOTICE_CONFIRMATION, "ann@none.net");
	takes = add(&t, NOTICE_CONFIRMATION, "bob@takes.net");
	other = add(&t, NOTICE_KEEPER, "cy@none.net");
	asked = 0;
	MUST(flow_join_domains(&t.run, by_first_letter, err));
	SAME_INT("asked", asked, 2);
	SAME_INT("refused", state_of(&t, none), DELIVERY_REFUSED);
	SAME_INT("goes", state_of(&t, takes), DELIVERY_QUEUED);
	SAME_INT("another kind goes", state_of(&t, other), DELIVERY_QUEUED);
	flow_end(&t);
}

/* Name servers that do not answer are asked twice, not sixty times. */
static void
what_is_unknown_goes_and_ends_the_questions(void **state)
{
	struct flow_test t;
	int64_t ids[4];

	(void)state;
	flow_begin(&t);
	t.settings.config.transport.method = TRANSPORT_SMTP;
	t.settings.config.limits.mx_check = true;
	for (int i = 0; i < 3; i++)
		ids[i] = add(&t, NOTICE_CONFIRMATION, "ann@unknown.net");
	ids[3] = add(&t, NOTICE_CONFIRMATION, "ann@none.net");
	asked = 0;
	MUST(flow_join_domains(&t.run, by_first_letter, err));
	SAME_INT("asked", asked, 2);
	for (int i = 0; i < 4; i++)
		SAME_INT("goes", state_of(&t, ids[i]), DELIVERY_QUEUED);
	flow_end(&t);
}

static void
nobody_is_asked_without_need(void **state)
{
	static const struct {
		enum transport_method method;
		bool mx_check;
	} cases[] = { { TRANSPORT_SMTP, false }, { TRANSPORT_OUTBOX, true },
		{ TRANSPORT_MAILDIR, true }, { TRANSPORT_LMTP, true } };

	(void)state;
	asked = 0;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct flow_test t;

		flow_begin(&t);
		t.settings.config.transport.method = cases[i].method;
		t.settings.config.limits.mx_check = cases[i].mx_check;
		(void)add(&t, NOTICE_CONFIRMATION, "ann@none.net");
		MUST(flow_join_domains(&t.run, by_first_letter, err));
		flow_end(&t);
	}
	SAME_INT("asked", asked, 0);
}

/* Letters leave the machine by these. */
static void
each_way_out_asks(void **state)
{
	static const enum transport_method ways[] = { TRANSPORT_SMTP, TRANSPORT_SENDMAIL,
		TRANSPORT_REDIRECT };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		struct flow_test t;
		int64_t none = 0;

		flow_begin(&t);
		t.settings.config.transport.method = ways[i];
		t.settings.config.limits.mx_check = true;
		none = add(&t, NOTICE_CONFIRMATION, "ann@none.net");
		MUST(flow_join_domains(&t.run, by_first_letter, err));
		SAME_INT("refused", state_of(&t, none), DELIVERY_REFUSED);
		flow_end(&t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(letters_to_domains_without_mail_are_refused),
		cmocka_unit_test(what_is_unknown_goes_and_ends_the_questions),
		cmocka_unit_test(nobody_is_asked_without_need),
		cmocka_unit_test(each_way_out_asks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
