/* SPDX-License-Identifier: ISC */
/*
 * The settings: one table (options.c) with section, name, type, default, limits, help; one
 * struct with their values.  planetpost.conf(5), config/planetpost.conf and `config show` are
 * made from or checked against the table.  Only settings that do something exist here.
 *
 * Order of power: option > environment (PLANETPOST_CONFIG, PLANETPOST_DATA: paths only) >
 * files in order > built-in.
 */
#ifndef CONFIG_OPTIONS_H
#define CONFIG_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/err.h"
#include "model/cadence.h"
#include "model/model.h"

enum group_by { GROUP_DAY_SOURCE, GROUP_SOURCE, GROUP_GROUP_SOURCE, GROUP_NONE };
enum entry_order { ORDER_NEWEST, ORDER_OLDEST, ORDER_SOURCE };
enum overflow { OVERFLOW_LINK, OVERFLOW_ERROR };
enum future { FUTURE_DROP, FUTURE_NOW, FUTURE_KEEP };
enum transport_method {
	TRANSPORT_OUTBOX,
	TRANSPORT_SMTP,
	TRANSPORT_SENDMAIL,
	TRANSPORT_LMTP,
	TRANSPORT_MAILDIR,
	TRANSPORT_MBOX,
	TRANSPORT_STDOUT,
	TRANSPORT_REDIRECT /* by SMTP, to one address */
};
/* Who left gets a last letter: nobody, who said so themselves, all but complainers. */
enum follow_moves { FOLLOW_ASK, FOLLOW_YES, FOLLOW_NO };
enum goodbye { GOODBYE_NEVER, GOODBYE_FORM, GOODBYE_ALWAYS };
enum bounce_complaint { COMPLAINT_REMOVES, COMPLAINT_HOLDS, COMPLAINT_IGNORED };
/* Who sees the list of issues: everybody; who has its address; nobody. */
enum archive { ARCHIVE_PUBLIC, ARCHIVE_UNLISTED, ARCHIVE_OFF };
/* How a login is made; AUTO: by password, or by token where nothing else is offered. */
enum smtp_auth {
	AUTH_AUTO,
	AUTH_OAUTH, /* by either of the two ways to show an access token */
	AUTH_SCRAM_SHA_256,
	AUTH_SCRAM_SHA_1,
	AUTH_PLAIN,
	AUTH_LOGIN,
	AUTH_CRAM_MD5,
	AUTH_OAUTHBEARER,
	AUTH_XOAUTH2
};
enum smtp_security { SECURITY_AUTO, SECURITY_TLS, SECURITY_STARTTLS, SECURITY_NONE };

/* AUTO: logfmt under the journal, text elsewhere. */
enum log_form { LOG_FORM_AUTO, LOG_FORM_TEXT, LOG_FORM_LOGFMT };

/* A mail server and how letters go there: [smtp] and each [relay NAME]. */
struct smtp_options {
	const char *host;
	int64_t port; /* 0 = by security */
	enum smtp_security security;
	const char *user, *password, *password_file, *password_command;
	enum smtp_auth auth;
	const char *helo, *ca_file;
	const char *pin; /* config/pins.h */
	bool dane;
	int64_t connections, per_connection, rate;
	const char *quiet_hours; /* config/quiet_hours.h */
	const char *retry;       /* blank-separated durations */
	int64_t timeout;
	bool verp;
	const char *dkim_selector;    /* blank-separated */
	const char *dkim_key_file;    /* a path for each, one a line */
	int64_t per_hour, per_domain; /* 0 = as many as the server takes */
	int64_t share;
	const char *domains; /* blank-separated; "" = all */
};
struct relay_options {
	const char *name;
	struct smtp_options smtp;
	const char *file; /* that names it, for messages */
};

/* Durations are seconds, sizes bytes, percentages 0..100; text is never NULL, "" = not set. */
struct config {
	struct {
		const char *name, *link, *description, *language, *timezone;
		const char *from, *reply_to, *owner, *postal_address, *list_id;
	} newsletter;
	struct {
		const char *feeds_from; /* paths or https addresses, one a line */
		const char *default_group;
	} feeds;
	struct {
		int64_t every, longest, parallel, per_host, host_pause_ms, timeout,
		    max_bytes, max_redirects, threads;
		const char *user_agent; /* VERSION and LINK not yet replaced */
		const char *proxy;
		bool allow_private, allow_files;
		int64_t alarm_at, flood, keep_entries;
	} fetch;
	struct {
		int64_t stale_after, gone_after;
		enum follow_moves follow;
		const char *letter;
	} health;
	struct {
		struct cadence
		    schedule;        /* RHYTHM_EACH: off, every run sends what is new */
		unsigned weekly_day; /* 0 = Sunday */
		enum group_by group_by;
		enum entry_order order;
		int64_t max_items, max_per_feed;
		enum overflow overflow;
		int64_t max_bytes;
		enum entry_body body;
		int64_t short_bytes;
		bool thread;
		bool stories;
		enum images images;
		int64_t image_bytes; /* of all pictures that a letter carries; 0 = none */
		bool empty_send;     /* empty = send */
		int64_t window;      /* seconds; 0 = since-last */
		int64_t late;
		const char *filter, *exclude;
		const char *categories, *exclude_categories;
		const char *languages, *exclude_languages;
		enum future future;
		const char *subject;      /* template */
		const char *template_dir; /* key "template" */
	} digest;
	struct {
		bool manual; /* mode = manual */
		const char *editors;
		int64_t max_growth;
	} approval;
	struct {
		enum transport_method method;
		const char *outbox, *sendmail, *lmtp, *maildir, *mbox;
		const char *redirect_to;
	} transport;
	struct smtp_options smtp; /* of one relay, where several are looked at in turn */
	struct relay_options *relays; /* of the sections [relay NAME], in their order */
	size_t relay_count;
	bool smtp_is_relay; /* [smtp] names a server beside them */
	struct {
		int64_t confirm_within, forget_pending;
		bool
		    optin_single; /* optin = single: the keeper is told what that is not */
		bool remind, welcome;
		enum goodbye goodbye;
		const char *command_address;
		int64_t max_subscribers;
	} list;
	struct {
		const char *mails_per_address, *asks_per_network,
		    *asks_total; /* rates.h */
		bool mx_check;
		const char *blocked_domains; /* path of a file */
	} limits;
	struct {
		const char *url; /* without "/" at the end */
		bool answers_elsewhere;
		const char *listen;
		const char *trusted_proxy; /* as format/network_list.h reads it */
		enum archive archive;
		enum entry_body archive_full; /* how much of an entry everybody may see */
		const char *archive_dir;      /* "" = none */
		bool robots_stay_away;
		const char *terms; /* address of a page, "" = none */
		const char *css;   /* path of a file, "" = none */
	} web;
	struct {
		const char *colour, *colour_dark; /* "#rrggbb"; "" = not set */
		const char *logo;                 /* path of a file, "" = none */
	} style;
	struct {
		const char *address; /* "" = newsletter.from */
		const char *source;  /* pipe, none, or as transport/mailbox.h reads it */
		const char *user, *password_file, *password_command, *ca_file;
		const char *hard_limit, *soft_limit; /* list/bounces.h reads them */
		enum bounce_complaint complaint;
		int64_t stale_after;
	} bounce;
	struct {
		enum log_form format;
		enum log_level level;
	} log;
	struct {
		const char *path, *backup_dir;
		int64_t backup_keep;
		int64_t keep_letters;
		bool auto_migrate;
	} database;
};

enum option_type {
	OPTION_TEXT,
	OPTION_BOOL,
	OPTION_NUMBER,
	OPTION_DURATION,
	OPTION_DURATION_MS,
	OPTION_SIZE,
	OPTION_PERCENT,
	OPTION_ENUM,
	OPTION_SCHEDULE,
	OPTION_WINDOW,
	OPTION_PATHS /* blank-separated: paths, each as is_path says, or addresses */
};
struct option {
	const char *section, *name;
	enum option_type type;
	size_t offset;       /* in struct config */
	const char *initial; /* as one writes it in a file */
	int64_t min, max;    /* in the type's unit */
	const char *const
	    *words; /* OPTION_ENUM and two-word bools: words in order of values */
	const char *const
	    *others;      /* OPTION_ENUM: in the same order, read but never written */
	const char *help; /* one line */
	bool secret;      /* not shown */
	bool is_path;     /* relative to the file that sets it; $STATE and ~ replaced */
};
extern const struct option options[];
extern const size_t option_count;

/* NULL when there is none. */
const struct option *option_find(const char *section, const char *name);
/* The names of all keys of a section; out has room for option_count. */
size_t option_names(const char *section, const char **out);
/* The names of all sections in order; out has room for option_count. */
size_t option_sections(const char **out);
/*
 * True for an option that a later version has and this one does nothing with; name NULL: for a
 * section that holds any.
 */
bool option_is_foreseen(const char *section, const char *name);
/* True for the name of a section that has options, now or in a later version. */
bool option_is_section(const char *section);

/* planetpost.conf with every key, its default and its help: config/planetpost.conf. */
void options_print_file(struct buf *out);
/* The mdoc list of all keys for planetpost.conf(5). */
void options_print_mdoc(struct buf *out);

#endif
