/* SPDX-License-Identifier: ISC */
#include "flow/join_limits.h"

#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "flow/context.h"
#include "flow/notice_letters.h"
#include "list/ask_limits.h"
#include "mail/address.h"
#include "store/asks.h"
#include "store/notes.h"
#include "store/readers.h"

enum { DAY = 86400 };

static const char told_note[] = "asks_told";

/* The settings were checked when they were read. */
static struct rates
rates_of(const char *text)
{
	struct rates rates;

	return rates_parse(text, &rates) ? rates : (struct rates){ .count = 0 };
}

int64_t
join_limits_window(const struct config *c)
{
	const char *const texts[] = { c->limits.mails_per_address,
		c->limits.asks_per_network, c->limits.asks_total };
	int64_t longest = DAY;

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		const struct rates rates = rates_of(texts[i]);

		if (limits_window(&rates) > longest)
			longest = limits_window(&rates);
	}
	return longest;
}

/* ---- all asks ---- */

static bool
check_network(struct run *run, const struct ask *ask, bool *reached, struct err *err)
{
	const struct rates rates = rates_of(run->config->limits.asks_per_network);
	int64_t *times = NULL;
	size_t count = 0;

	if (!ask->network)
		return true;
	if (!store_ask_times_network(run->store, run->arena, ask->network,
		run->now - limits_window(&rates), limits_most(&rates), &times, &count,
		err))
		return false;
	*reached = limits_reached(&rates, times, count, run->now);
	return true;
}

/* Asks by the page, by mail and by the keeper are counted apart: one does not shut the other. */
static bool
check_total(struct run *run, const struct ask *ask, size_t *count, bool *reached,
    struct err *err)
{
	const struct rates rates = rates_of(run->config->limits.asks_total);
	int64_t *times = NULL;

	if (!store_ask_times_cause(run->store, run->arena, ask->cause,
		run->now - limits_window(&rates), limits_most(&rates), &times, count,
		err))
		return false;
	*reached = limits_reached(&rates, times, *count, run->now);
	return true;
}

static bool
tell_keeper(struct run *run, size_t count, struct err *err)
{
	const struct config *c = run->config;
	const char *owner =
	    *c->newsletter.owner ? c->newsletter.owner : c->newsletter.from;
	struct notice_order o = { .kind = NOTICE_KEEPER,
		.asked = TIME_NONE,
		.number = (int64_t)count };
	struct mailbox box;
	struct err ignored = ERR_INIT;
	bool told = false;

	if (!store_note_is_recent(run->store, told_note, run->now, DAY, &told, err) ||
	    told)
		return !err_is_set(err);
	log_warn("join",
	    "more than limits.asks_total ask to join: the page mails nobody");
	if (!store_note_set_time(run->store, told_note, run->now, err))
		return false;
	if (!mailbox_parse(run->arena, owner, &box, &ignored))
		return true;
	o.address = box.address;
	return flow_notice_queue(run, &o, err);
}

bool
join_limits_readers(struct run *run, int64_t *count, struct err *err)
{
	int64_t by_state[READER_ERASED + 1];

	if (!store_readers_count(run->store, by_state, err))
		return false;
	*count = by_state[READER_PENDING] + by_state[READER_ACTIVE] +
	    by_state[READER_HOLD] + by_state[READER_BOUNCED];
	return true;
}

bool
join_limits_check(struct run *run, const struct ask *ask, enum ask_answer *answer,
    struct err *err)
{
	const bool is_keeper = ask->cause == CAUSE_COMMAND || ask->cause == CAUSE_LIST;
	const int64_t most = run->config->list.max_subscribers;
	int64_t readers = -1;
	bool reached = false;
	size_t count = 0;

	*answer = ASK_LOOK_AT_MAIL;
	if (is_keeper)
		return true;
	if (!check_network(run, ask, &reached, err))
		return false;
	if (reached) {
		*answer = ASK_TOO_MANY;
		return true;
	}
	if (!check_total(run, ask, &count, &reached, err) ||
	    (most != 0 && !join_limits_readers(run, &readers, err)))
		return false;
	if (reached) {
		*answer = ASK_BY_MAIL_ONLY;
		return ask->cause != CAUSE_PAGE || tell_keeper(run, count, err);
	}
	if (readers >= most)
		*answer = ASK_FULL;
	return true;
}

/* ---- one address ---- */

/* True when a line of the file is the domain, or one that it lies in. */
static bool
names_domain(const char *line, size_t len, const char *domain)
{
	const size_t whole = strlen(domain);

	while (len > 0 && (unsigned char)line[len - 1] <= ' ')
		len--;
	if (len == 0 || *line == '#' || len > whole ||
	    strncasecmp(line, domain + whole - len, len) != 0)
		return false;
	return len == whole || domain[whole - len - 1] == '.';
}

static bool
is_blocked_domain(struct run *run, const char *address, bool *blocked, struct err *err)
{
	const char *path = run->config->limits.blocked_domains;
	struct buf b = BUF_INIT(LIMIT_DOMAINS_FILE);
	bool ok = true;

	*blocked = false;
	if (*path) {
		ok = file_read(path, &b, err) || err_wrap(err, "limits.blocked_domains");
		for (const char *at = buf_text(&b); ok && *at && !*blocked;) {
			const size_t len = strcspn(at, "\n");

			*blocked = names_domain(at, len, address_domain(address));
			at += len + (at[len] != '\0');
		}
	}
	buf_clear(&b);
	return ok;
}

/* Letters of a kind to one address. */
static bool
check_address(struct run *run, const struct rates *rates,
    const unsigned char hash[HASH_SIZE], enum ask_letter letter, bool *reached,
    struct err *err)
{
	int64_t *times = NULL;
	size_t count = 0;

	if (!store_ask_times_address(run->store, run->arena, hash, letter,
		run->now - limits_window(rates), limits_most(rates), &times, &count, err))
		return false;
	*reached = limits_reached(rates, times, count, run->now);
	return true;
}

bool
join_may_mail(struct run *run, const char *address, const unsigned char hash[HASH_SIZE],
    bool *may, struct err *err)
{
	const struct rates rates = rates_of(run->config->limits.mails_per_address);
	bool reached = false;
	bool left_alone = false;
	bool foul = false;

	*may = false;
	if (!check_address(run, &rates, hash, LETTER_ASKED, &reached, err) ||
	    !store_ask_is_blocked(run->store, hash, run->now, &left_alone, err) ||
	    !is_blocked_domain(run, address, &foul, err))
		return false;
	*may = !left_alone && !foul && !reached;
	return true;
}

/* ---- answers ---- */

bool
join_may_answer(struct run *run, const char *address, bool *may, struct err *err)
{
	static const struct ask by_mail = { .cause = CAUSE_MAIL };
	static const struct rates rates = { { { 1, LIMIT_ANSWER_EVERY } }, 1 };
	unsigned char hash[HASH_SIZE];
	const struct ask_log_line line = { run->now, CAUSE_MAIL, LETTER_ANSWER, hash,
		NULL };
	size_t all = 0;
	bool reached = false;
	bool all_reached = false;

	*may = false;
	if (!store_address_hash(run->store, address_key(run->arena, address), hash,
		err) ||
	    !check_address(run, &rates, hash, LETTER_ANSWER, &reached, err) ||
	    !check_total(run, &by_mail, &all, &all_reached, err))
		return false;
	*may = !reached && !all_reached;
	return !*may || store_ask_log(run->store, &line, err);
}

/* ---- links ---- */

bool
join_may_send_link(struct run *run, const struct reader *r, enum ask_letter letter,
    bool *may, struct err *err)
{
	/* Whoever has an old letter of theirs can ask for it, too. */
	static const struct rates rates = { { { 1, 3600 }, { 4, DAY } }, 2 };
	unsigned char hash[HASH_SIZE];
	const struct ask_log_line line = { run->now, CAUSE_RUN, letter, hash, NULL };
	bool reached = false;

	*may = false;
	if (!store_address_hash(run->store, r->address_key, hash, err) ||
	    !check_address(run, &rates, hash, letter, &reached, err))
		return false;
	*may = !reached;
	return !*may || store_ask_log(run->store, &line, err);
}
