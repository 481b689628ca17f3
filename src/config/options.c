/* SPDX-License-Identifier: ISC */
#include "config/options.h"

#include <stddef.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "model/names.h"

static const char *const GROUP_BY[] = { "day source", "source", "group source", "none",
	NULL };
static const char *const ORDER[] = { "newest", "oldest", "source", NULL };
static const char *const WEEKDAYS[] = { "Sunday", "Monday", "Tuesday", "Wednesday",
	"Thursday", "Friday", "Saturday", NULL };
static const char *const OVERFLOW[] = { "link", "error", NULL };
static const char *const EMPTY[] = { "skip", "send", NULL };
static const char *const FUTURE[] = { "drop", "now", "keep", NULL };
static const char *const MODE[] = { "auto", "manual", NULL };
static const char *const METHOD[] = { "outbox", "smtp", "sendmail", "lmtp", "maildir",
	"mbox", "stdout", "redirect", NULL };
static const char *const FOLLOW[] = { "ask", "yes", "no", NULL };
static const char *const ANSWERS[] = { "planetpost", "elsewhere", NULL };
static const char *const SECURITY[] = { "auto", "tls", "starttls", "none", NULL };
static const char *const AUTH[] = { "auto", "oauth", "scram-sha-256", "scram-sha-1",
	"plain", "login", "cram-md5", "oauthbearer", "xoauth2", NULL };
static const char *const OPTIN[] = { "double", "single", NULL };
static const char *const GOODBYE[] = { "never", "form", "always", NULL };
static const char *const COMPLAINT[] = { "remove", "hold", "ignore", NULL };
static const char *const ROBOTS[] = { "index", "noindex", NULL };
static const char *const ARCHIVE[] = { "public", "unlisted", "off", NULL };
static const char *const LOG_FORMAT[] = { "auto", "text", "logfmt", NULL };
static const char *const LEVEL[] = { [LOG_LEVEL_ERROR] = "error",
	[LOG_LEVEL_WARN] = "warn",
	[LOG_LEVEL_INFO] = "info",
	[LOG_LEVEL_DEBUG] = "debug",
	NULL };

enum { MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR, YEAR = 365 * DAY };

#define AT(section, field) offsetof(struct config, section.field)

/* In the order of planetpost.conf(5). */
/* clang-format off */
const struct option options[] = {
	{ "newsletter", "name", OPTION_TEXT, AT(newsletter, name), "Planet",
	    .help = "shown in From, subject and pages" },
	{ "newsletter", "link", OPTION_TEXT, AT(newsletter, link), "",
	    .help = "the planet's web page" },
	{ "newsletter", "description", OPTION_TEXT, AT(newsletter, description), "",
	    .help = "one sentence about the newsletter: the words of the List-Id, which mail "
	    "programs show as the list's name; empty = name" },
	{ "newsletter", "language", OPTION_TEXT, AT(newsletter, language), "en",
	    .help = "language of letters and pages: en, de, fr, or that of your templates" },
	{ "newsletter", "timezone", OPTION_TEXT, AT(newsletter, timezone), "system",
	    .help = "where a day begins and ends, such as Europe/Paris; system = this machine's" },
	{ "newsletter", "from", OPTION_TEXT, AT(newsletter, from), "",
	    .help = "who the letters are from: Planet X <planet@example.net>" },
	{ "newsletter", "reply_to", OPTION_TEXT, AT(newsletter, reply_to), "",
	    .help = "where answers go; empty = from" },
	{ "newsletter", "owner", OPTION_TEXT, AT(newsletter, owner), "",
	    .help = "address of the keeper, for List-Owner; empty = from" },
	{ "newsletter", "postal_address", OPTION_TEXT, AT(newsletter, postal_address), "",
	    .help = "printed at the foot of each letter when set; some countries' law wants it" },
	{ "newsletter", "list_id", OPTION_TEXT, AT(newsletter, list_id), "",
	    .help = "the List-Id; empty = made from name and the domain of from" },

	{ "feeds", "feeds_from", OPTION_PATHS, AT(feeds, feeds_from), "", .is_path = true,
	    .help = "a planet's config.ini or planet.ini, OPML or urls files; paths or https "
	    "addresses separated by blanks, read at every run" },
	{ "feeds", "default_group", OPTION_TEXT, AT(feeds, default_group), "Blogs",
	    .help = "group of the feeds that name none" },

	{ "fetch", "every", OPTION_DURATION, AT(fetch, every), "1h", 0, 30 * DAY,
	    .help = "do not ask a feed more often; what it says itself (Cache-Control, "
	    "Expires, Retry-After, ttl, skipHours, sy:updatePeriod) is obeyed too, and one that "
	    "posts seldom is asked seldom" },
	{ "fetch", "longest", OPTION_DURATION, AT(fetch, longest), "1d", MINUTE, 30 * DAY,
	    .help = "ask each feed at least so often, whatever it says, however seldom it posts "
	    "and however often it failed; the same as every: all are asked each time" },
	{ "fetch", "parallel", OPTION_NUMBER, AT(fetch, parallel), "64", 1, 1000,
	    .help = "feeds asked at once" },
	{ "fetch", "per_host", OPTION_NUMBER, AT(fetch, per_host), "1", 1, 100,
	    .help = "feeds asked at once on one host" },
	{ "fetch", "host_pause", OPTION_DURATION_MS, AT(fetch, host_pause_ms), "1s", 0, HOUR * 1000,
	    .help = "pause between two requests to one host" },
	{ "fetch", "timeout", OPTION_DURATION, AT(fetch, timeout), "20s", 1, 10 * MINUTE,
	    .help = "longest time for one feed, redirects included" },
	{ "fetch", "max_bytes", OPTION_SIZE, AT(fetch, max_bytes), "10M", 1024, LIMIT_FEED_BYTES,
	    .help = "largest feed, after decompression" },
	{ "fetch", "max_redirects", OPTION_NUMBER, AT(fetch, max_redirects), "5", 0, 20,
	    .help = "redirects followed for one feed" },
	{ "fetch", "threads", OPTION_NUMBER, AT(fetch, threads), "0", 0,
	    LIMIT_READING_THREADS + 1,
	    .help = "threads that read feeds and clean their posts; the first asks the network "
	    "too; 0 = one for each processor, 1 = no other; what is stored is the same" },
	{ "fetch", "user_agent", OPTION_TEXT, AT(fetch, user_agent), "planetpost/VERSION (+LINK)",
	    .help = "how we introduce ourselves; VERSION and LINK are replaced" },
	{ "fetch", "proxy", OPTION_TEXT, AT(fetch, proxy), "env",
	    .help = "env (http_proxy, https_proxy, no_proxy), none, or the proxy's address" },
	{ "fetch", "allow_private", OPTION_BOOL, AT(fetch, allow_private), "no",
	    .help = "fetch feeds from private and loopback addresses too" },
	{ "fetch", "allow_files", OPTION_BOOL, AT(fetch, allow_files), "no",
	    .help = "read feeds at file: addresses too" },
	{ "fetch", "alarm_at", OPTION_PERCENT, AT(fetch, alarm_at), "20%", 1, 100,
	    .help = "when more of the feeds that answered before than this cannot be "
	    "reached in one run, this machine's network is blamed and none of them is "
	    "marked; when more newly fail for other reasons, they are told" },
	{ "fetch", "flood", OPTION_NUMBER, AT(fetch, flood), "200", 1, LIMIT_FEED_ENTRIES,
	    .help = "when a feed that was read before has so many unseen entries at once, they "
	    "are held until you say planetpost feed release or feed drop" },
	{ "fetch", "keep_entries", OPTION_DURATION, AT(fetch, keep_entries), "90d",
	    DAY, 50L * YEAR,
	    .help = "how long the text of entries is kept after they were last seen; what was "
	    "mailed is remembered for ever" },

	{ "health", "stale_after", OPTION_DURATION, AT(health, stale_after), "180d",
	    DAY, 50L * YEAR,
	    .help = "a feed without a new entry for this long counts as stale" },
	{ "health", "gone_after", OPTION_DURATION, AT(health, gone_after), "30d", 0, 10L * YEAR,
	    .help = "a feed that answers 410, or whose host does not exist, this long is gone: it "
	    "is paused, which is told" },
	{ "health", "letter", OPTION_TEXT, AT(health, letter), "weekly Monday",
	    .help = "when newsletter.owner, where that is set, gets a letter of what is new of the "
	    "feeds: never, daily, weekly DAY; without news there is none" },
	{ "health", "follow_permanent", OPTION_ENUM, AT(health, follow), "yes",
	    .words = FOLLOW, .help = "a feed that answers from another address for good (301, "
	    "308): yes = after seven days it is asked there, ask = planetpost feed move does it, "
	    "no = https alone is not followed either" },

	{ "digest", "schedule", OPTION_SCHEDULE, AT(digest, schedule), "daily 07:00",
	    .help = "when an issue goes out: daily 07:00, weekdays 07:00, weekly Monday 07:00, "
	    "monthly 1 07:00; off = no schedule, every run sends what is new" },
	{ "digest", "weekly_day", OPTION_ENUM, AT(digest, weekly_day), "Monday",
	    .words = WEEKDAYS, .help = "for readers who chose weekly letters without a day" },
	{ "digest", "group_by", OPTION_ENUM, AT(digest, group_by), "day source",
	    .words = GROUP_BY, .help = "the headings of an issue" },
	{ "digest", "order", OPTION_ENUM, AT(digest, order), "newest",
	    .words = ORDER, .help = "which entries come first" },
	{ "digest", "max_items", OPTION_NUMBER, AT(digest, max_items), "60",
	    1, LIMIT_ISSUE_ENTRIES,
	    .help = "entries in one issue; the rest are counted and linked" },
	{ "digest", "max_per_feed", OPTION_NUMBER, AT(digest, max_per_feed), "5",
	    1, LIMIT_ISSUE_ENTRIES,
	    .help = "entries of one feed in an issue; the rest become \"and 7 more\" with a "
	    "link; of a feed met for the first time only so many are taken: its older posts "
	    "are no news" },
	{ "digest", "overflow", OPTION_ENUM, AT(digest, overflow), "link",
	    .words = OVERFLOW, .help = "what an issue over max_bytes does: leave out what has no "
	    "room, or wait for a person where not even all titles have any" },
	{ "digest", "max_bytes", OPTION_SIZE, AT(digest, max_bytes), "95000", 4096, LIMIT_PART,
	    .help = "largest HTML part as it is mailed; Gmail cuts near 102 kB" },
	{ "digest", "body", OPTION_ENUM, AT(digest, body), "short",
	    .words = body_words, .others = body_others_words,
	    .help = "how much of an entry is shown: its title, its beginning, or "
	    "all that the letter has room for; readers may choose for themselves" },
	{ "digest", "short_bytes", OPTION_SIZE, AT(digest, short_bytes), "1300", 200, 100000,
	    .help = "the beginning of an entry, cut at a sentence: bytes of its HTML, letters "
		    "of other scripts counted as one each; where "
		    "sentences further down say twice as much of what it is about, those "
		    "stand in it too, behind \"[\xE2\x80\xA6]\"" },
	{ "digest", "stories", OPTION_BOOL, AT(digest, stories), "yes",
	    .help = "posts of several blogs that tell one story stand together, and a post that "
	    "others of the letter link to says who talks about it" },
	{ "digest", "thread", OPTION_BOOL, AT(digest, thread), "no",
	    .help = "letters refer to the one before, so that mail programs show them together" },
	{ "digest", "images", OPTION_ENUM, AT(digest, images), "link",
	    .words = images_words, .help = "pictures in entries, where readers do not "
	    "say: left out; linked; first = the first of each entry is carried in the letter, "
	    "inline = all are, others are linked; or loaded from the blog by the reader's mail "
	    "program, which tells the blog that somebody reads" },
	{ "digest", "image_bytes", OPTION_SIZE, AT(digest, image_bytes), "400000", 0,
	    LIMIT_LETTER_PICTURES,
	    .help = "most that the pictures of one letter may take as they are mailed, beside "
	    "max_bytes; one picture half of it; 0 = letters carry none" },
	{ "digest", "empty", OPTION_BOOL, AT(digest, empty_send), "skip",
	    .words = EMPTY, .help = "what happens when there is no entry" },
	{ "digest", "window", OPTION_WINDOW, AT(digest, window), "since-last", 60, 10L * YEAR,
	    .help = "since-last = all entries not mailed before; or a duration: older ones are "
	    "left out" },
	{ "digest", "late", OPTION_DURATION, AT(digest, late), "30d", 0, 10L * YEAR,
	    .help = "how old an entry may be that is seen for the first time and is older than "
	    "the last issue; older ones are remembered, not mailed; of a feed that is new only "
	    "what is younger than the last issue is news; "
	    "in a feed without dates, what stands below all known posts counts as older than "
	    "they are" },
	{ "digest", "filter", OPTION_TEXT, AT(digest, filter), "",
	    .help = "regular expression that title or text of an entry must match" },
	{ "digest", "exclude", OPTION_TEXT, AT(digest, exclude), "",
	    .help = "regular expression that title and text of an entry must not match; a feed's "
	    "own comes to it" },
	{ "digest", "categories", OPTION_TEXT, AT(digest, categories), "",
	    .help = "entries must be in one of these categories; with commas between them" },
	{ "digest", "exclude_categories", OPTION_TEXT, AT(digest, exclude_categories), "",
	    .help = "entries in one of these categories are left out" },
	{ "digest", "languages", OPTION_TEXT, AT(digest, languages), "",
	    .help = "entries in another language are left out: en, pt-BR; what says no language "
	    "stays" },
	{ "digest", "exclude_languages", OPTION_TEXT, AT(digest, exclude_languages), "",
	    .help = "entries in one of these languages are left out" },
	{ "digest", "future", OPTION_ENUM, AT(digest, future), "drop",
	    .words = FUTURE, .help = "entries dated ahead: leave out until then, date them now, or "
	    "keep their date" },
	{ "digest", "subject", OPTION_TEXT, AT(digest, subject),
	    "{{titles}}",
	    .help = "template of the subject" },
	{ "digest", "template", OPTION_TEXT, AT(digest, template_dir), "", .is_path = true,
	    .help = "folder of templates; empty = the built-in ones" },

	{ "approval", "mode", OPTION_BOOL, AT(approval, manual), "auto",
	    .words = MODE,
	    .help = "auto sends when due; manual waits for planetpost issue send" },
	{ "approval", "editors", OPTION_TEXT, AT(approval, editors), "",
	    .help = "addresses, separated by blanks, that get a test letter of each new draft, "
	    "and those of planetpost issue test; empty = newsletter.owner, when asked" },
	{ "approval", "max_growth", OPTION_PERCENT, AT(approval, max_growth), "25%", 1, 10000,
	    .help = "when readers grew by more than this since the last issue, a person must "
	    "agree" },

	{ "transport", "method", OPTION_ENUM, AT(transport, method), "outbox",
	    .words = METHOD, .help = "where letters go" },
	{ "transport", "outbox", OPTION_TEXT, AT(transport, outbox), "./outbox", .is_path = true,
	    .help = "outbox: folder that gets one .eml for each letter, and an mbox; when it is "
	    "not set, beside the configuration that -c names, else in the data directory" },
	{ "transport", "sendmail", OPTION_TEXT, AT(transport, sendmail),
	    "/usr/sbin/sendmail -i -f {bounce}",
	    .help = "sendmail: the command; the recipient is added as last argument" },
	{ "transport", "lmtp", OPTION_TEXT, AT(transport, lmtp), "",
	    .help = "lmtp: unix:/path/to/socket or host:port" },
	{ "transport", "maildir", OPTION_TEXT, AT(transport, maildir), "", .is_path = true,
	    .help = "maildir: the folder" },
	{ "transport", "mbox", OPTION_TEXT, AT(transport, mbox), "", .is_path = true,
	    .help = "mbox: the file letters are appended to" },
	{ "transport", "redirect_to", OPTION_TEXT, AT(transport, redirect_to), "",
	    .help = "redirect, for trials: the one address that gets every letter, by the server "
	    "of [smtp], with its reader's in the subject; readers get none, and nothing moves" },

	{ "smtp", "host", OPTION_TEXT, AT(smtp, host), "localhost",
	    .help = "the mail server" },
	{ "smtp", "port", OPTION_NUMBER, AT(smtp, port), "0", 0, 65535,
	    .help = "0 = 465 for tls, 587 for starttls, 25 on this machine" },
	{ "smtp", "security", OPTION_ENUM, AT(smtp, security), "auto",
	    .words = SECURITY, .help = "auto = starttls, but where it is offered on this machine; "
	    "certificates are always verified; none is for this machine only" },
	{ "smtp", "user", OPTION_TEXT, AT(smtp, user), "",
	    .help = "login; empty = none" },
	{ "smtp", "password", OPTION_TEXT, AT(smtp, password), "", .secret = true,
	    .help = "refused in a file that others can read; password_file is better" },
	{ "smtp", "password_file", OPTION_TEXT, AT(smtp, password_file), "", .is_path = true,
	    .help = "file whose first line is the password" },
	{ "smtp", "password_command", OPTION_TEXT, AT(smtp, password_command), "",
	    .help = "command whose first line of output is the password, or an access token "
	    "(OAuth); it has smtp.timeout, and is run again once when the server refuses what "
	    "it said" },
	{ "smtp", "auth", OPTION_ENUM, AT(smtp, auth), "auto", .words = AUTH,
	    .help = "how to log in: auto = by password in the strongest way the server offers, "
	    "by access token where it offers nothing else; oauth = by access token" },
	{ "smtp", "helo", OPTION_TEXT, AT(smtp, helo), "",
	    .help = "name for EHLO; empty = this host's" },
	{ "smtp", "ca_file", OPTION_TEXT, AT(smtp, ca_file), "", .is_path = true,
	    .help = "certificates that are trusted; empty = the system's" },
	{ "smtp", "pin", OPTION_TEXT, AT(smtp, pin), "",
	    .help = "sha256 of the server's public key, base64 or hex; several with blanks "
	    "between them, of which one must be its; then neither authority, name nor date of "
	    "its certificate counts" },
	{ "smtp", "dane", OPTION_BOOL, AT(smtp, dane), "no",
	    .help = "what the DNS says of the server's certificate (TLSA, RFC 7672) is what it "
	    "must show, where the records are signed; else it is verified as ever; wants a "
	    "validating name server on this machine, or trust-ad in resolv.conf" },
	{ "smtp", "connections", OPTION_NUMBER, AT(smtp, connections), "4", 1, 100,
	    .help = "connections at once" },
	{ "smtp", "per_connection", OPTION_NUMBER, AT(smtp, per_connection), "0", 0, 1000000,
	    .help = "letters before a connection is made anew; 0 = as many as the server takes" },
	{ "smtp", "rate", OPTION_NUMBER, AT(smtp, rate), "0", 0, 100000,
	    .help = "letters a second; 0 = as fast as the server takes them" },
	{ "smtp", "per_hour", OPTION_NUMBER, AT(smtp, per_hour), "0", 0, 1000000,
	    .help = "letters in any sixty minutes, those of earlier runs among them, which a "
	    "provider may limit: sending then takes hours, and says when it goes on; 0 = as many "
	    "as the server takes" },
	{ "smtp", "per_domain", OPTION_NUMBER, AT(smtp, per_domain), "0", 0, 100,
	    .help = "letters at once to one receiving domain; 0 = as many as there are "
	    "connections" },
	{ "smtp", "share", OPTION_NUMBER, AT(smtp, share), "1", 0, 1000,
	    .help = "of the letters, where there are several servers ([relay NAME]); 0 = only "
	    "when those with a share are down, the first such server first" },
	{ "smtp", "domains", OPTION_TEXT, AT(smtp, domains), "",
	    .help = "receiving domains, separated by blanks, that this server is for; empty = all "
	    "that no other is for" },
	{ "smtp", "quiet_hours", OPTION_TEXT, AT(smtp, quiet_hours), "",
	    .help = "from when to when no letter of an issue is begun, such as 22:00-07:00 in "
	    "newsletter.timezone, whatever transport.method is; what waits goes with the first "
	    "run behind it; answers to somebody who has just asked, and test letters, go at "
	    "once" },
	{ "smtp", "retry", OPTION_TEXT, AT(smtp, retry), "10m 30m 2h 6h",
	    .help =
		"waits after temporary refusals; the last repeats, after four days the "
		"letter counts as refused" },
	{ "smtp", "timeout", OPTION_DURATION, AT(smtp, timeout), "5m", 1, HOUR,
	    .help = "longest silence of the server; an exchange has twice as long in all" },
	{ "smtp", "verp", OPTION_BOOL, AT(smtp, verp), "yes",
	    .help = "one envelope sender for each reader, so that bounces name them" },
	{ "smtp", "dkim_selector", OPTION_TEXT, AT(smtp, dkim_selector), "",
	    .help = "name of the DKIM key in the DNS; two, separated by a blank, for two "
	    "signatures" },
	{ "smtp", "dkim_key_file", OPTION_PATHS, AT(smtp, dkim_key_file), "", .is_path = true,
	    .help = "private key that letters are signed with, one for each selector "
	    "(planetpost dkim key); empty = signing is the mail server's work, unless there is "
	    "a credential dkim-SELECTOR" },

	{ "list", "optin", OPTION_BOOL, AT(list, optin_single), "double",
	    .words = OPTIN, .help = "double = who asks to join confirms it; single is refused but "
	    "for rows of sub add and sub import that carry confirmed_by, which are never asked" },
	{ "list", "confirm_within", OPTION_DURATION, AT(list, confirm_within), "3d",
	    HOUR, 30 * DAY,
	    .help = "how long the link of a confirmation letter works" },
	{ "list", "remind", OPTION_BOOL, AT(list, remind), "yes",
	    .help = "one reminder, a day later, to who has not confirmed; never two" },
	{ "list", "forget_pending", OPTION_DURATION, AT(list, forget_pending), "1w",
	    HOUR, 90 * DAY,
	    .help = "who has not confirmed by then is forgotten" },
	{ "list", "welcome", OPTION_BOOL, AT(list, welcome), "yes",
	    .help = "a letter to who has confirmed, and the newest issue at once" },
	{ "list", "goodbye", OPTION_ENUM, AT(list, goodbye), "form",
	    .words = GOODBYE,
	    .help = "a last letter, with a way back: never; form = to who left by the page or by "
	    "a mail they wrote; always = by the mail program's button too" },
	{ "list", "command_address", OPTION_TEXT, AT(list, command_address), "",
	    .help = "address that takes commands by mail (leave, subscribe); empty = none" },
	{ "list", "max_subscribers", OPTION_NUMBER, AT(list, max_subscribers), "0",
	    0, LIMIT_READERS,
	    .help = "most readers that sub add and sub import may lead to; who left, was taken "
	    "out or erased does not count; 0 = no limit" },

	{ "limits", "mails_per_address", OPTION_TEXT, AT(limits, mails_per_address),
	    "1 per 24h, 3 per 30d",
	    .help = "letters that one address gets because somebody asked" },
	{ "limits", "asks_per_network", OPTION_TEXT, AT(limits, asks_per_network), "5 per 1h",
	    .help = "asks from one network, /24 of IPv4 or /56 of IPv6" },
	{ "limits", "asks_total", OPTION_TEXT, AT(limits, asks_total), "60 per 1h",
	    .help = "asks in all; beyond that the page mails nobody and names the address that "
	    "takes an ask by mail, and the keeper is told" },
	{ "limits", "mx_check", OPTION_BOOL, AT(limits, mx_check), "yes",
	    .help = "who asks with an address whose domain takes no mail, by the DNS, is not "
	    "written to; a few seconds, before letters go by smtp or sendmail" },
	{ "limits", "blocked_domains", OPTION_TEXT, AT(limits, blocked_domains), "",
	    .is_path = true, .help = "file of domains, one a line, that nobody can join from" },

	{ "web", "url", OPTION_TEXT, AT(web, url), "",
	    .help = "address of the readers' pages, https://news.example.org/p; empty = no pages" },
	{ "web", "answers", OPTION_BOOL, AT(web, answers_elsewhere), "planetpost",
	    .words = ANSWERS, .help = "what answers at web.url: planetpost = our pages, and no "
	    "letter goes before they were seen there once; elsewhere = something else, which is "
	    "not asked" },
	{ "web", "listen", OPTION_TEXT, AT(web, listen), "unix:/run/planetpost/web.sock",
	    .help = "where serve listens: unix:PATH or 127.0.0.1:PORT, behind a web server" },
	{ "web", "trusted_proxy", OPTION_TEXT, AT(web, trusted_proxy), "unix loopback",
	    .help = "whose X-Forwarded-For, or Forwarded where that is not sent, says who "
	    "asks, for limits.asks_per_network: unix (whoever reaches a local socket), "
	    "loopback, addresses, networks such as 192.0.2.0/24; none" },
	{ "web", "archive", OPTION_ENUM, AT(web, archive), "public", .words = ARCHIVE,
	    .help = "the list of issues: public, unlisted (no search engine is told), off" },
	{ "web", "archive_full", OPTION_ENUM, AT(web, archive_full), "short",
	    .words = body_words, .others = body_others_words,
	    .help = "how much of an entry everybody sees in the archive and "
	    "in the browser; whole = as in the letter; an issue that went out before the setting "
	    "changed follows with the next run" },
	{ "web", "archive_dir", OPTION_TEXT, AT(web, archive_dir), "",
	    .is_path = true, .help = "folder in which each run also leaves the archive as files, "
	    "under the paths they have below web.url; empty = none" },
	{ "web", "robots", OPTION_BOOL, AT(web, robots_stay_away), "index",
	    .words = ROBOTS, .help = "whether search engines may list a public archive; no page of "
	    "a reader is ever listed" },
	{ "web", "terms", OPTION_TEXT, AT(web, terms), "",
	    .help = "address of a page with your terms, linked at the foot of each page" },
	{ "web", "css", OPTION_TEXT, AT(web, css), "",
	    .is_path = true, .help = "one more style sheet, a file; it comes behind page.css" },

	{ "style", "colour", OPTION_TEXT, AT(style, colour), "",
	    .help = "the colour of links and buttons in letters and pages, such as #7a1f5c; "
		    "empty = that of the templates" },
	{ "style", "colour_dark", OPTION_TEXT, AT(style, colour_dark), "",
	    .help = "the same in dark mode; empty = colour, as much lighter as reading needs" },
	{ "style", "logo", OPTION_TEXT, AT(style, logo), "",
	    .is_path = true, .help = "a PNG, JPEG or GIF file of at most 64 kB that stands in the "
	    "place of the newsletter's name in letters and pages, at most 300 pixels wide and 60 "
	    "high; letters carry it; empty = the name" },

	{ "bounce", "address", OPTION_TEXT, AT(bounce, address), "",
	    .help = "envelope sender of letters, where bounces come back; empty = from" },
	{ "bounce", "source", OPTION_TEXT, AT(bounce, source), "pipe",
	    .help = "where mail for the newsletter comes in: pipe = a mail server calls mail-in; "
	    "maildir:PATH or pop3s://HOST = each run reads it; none" },
	{ "bounce", "user", OPTION_TEXT, AT(bounce, user), "",
	    .help = "login name of the mailbox of a pop3s source" },
	{ "bounce", "password_file", OPTION_TEXT, AT(bounce, password_file), "", .is_path = true,
	    .help = "file whose first line is its password" },
	{ "bounce", "password_command", OPTION_TEXT, AT(bounce, password_command), "",
	    .help = "command whose first line of output is its password" },
	{ "bounce", "ca_file", OPTION_TEXT, AT(bounce, ca_file), "", .is_path = true,
	    .help = "certificates that are trusted there; empty = the system's" },
	{ "bounce", "hard_limit", OPTION_TEXT, AT(bounce, hard_limit), "1 then probe",
	    .help = "so many bounces that say there is no such mailbox stop the letters; probe = "
	    "one letter a week later, and when that comes back the reader is taken out; remove = "
	    "at once; 0 = never" },
	{ "bounce", "soft_limit", OPTION_TEXT, AT(bounce, soft_limit), "5 in 14d",
	    .help = "so many other bounces, one a day counted, do the same; 0 = never" },
	{ "bounce", "complaint", OPTION_ENUM, AT(bounce, complaint), "remove",
	    .words = COMPLAINT, .help = "what a reader's \"this is spam\" does" },
	{ "bounce", "stale_after", OPTION_DURATION, AT(bounce, stale_after), "2w", DAY, YEAR,
	    .help = "bounces are forgotten after so long without another" },

	{ "log", "format", OPTION_ENUM, AT(log, format), "auto",
	    .words = LOG_FORMAT, .help = "auto = logfmt under systemd's journal, text elsewhere" },
	{ "log", "level", OPTION_ENUM, AT(log, level), "info",
	    .words = LEVEL, .help = "what is told on standard error; -q, -v and -vv are stronger; "
	    "when it is not set, a run without terminal (cron) tells warnings only" },

	{ "database", "path", OPTION_TEXT, AT(database, path), "$STATE/planetpost.db",
	    .is_path = true, .help = "the database; $STATE is the data directory (option -d)" },
	{ "database", "backup_dir", OPTION_TEXT, AT(database, backup_dir), "$STATE/backup",
	    .is_path = true, .help = "folder in which each day's first run leaves a backup, and "
	    "those before an upgrade; empty = no daily ones" },
	{ "database", "backup_keep", OPTION_NUMBER, AT(database, backup_keep), "7", 0, 1000,
	    .help = "daily backups kept, and newest ones of a name with the date (%F) in it that "
	    "planetpost backup keeps; 0 = all" },
	{ "database", "keep_letters", OPTION_DURATION, AT(database, keep_letters), "90d",
	    86400, 3650 * INT64_C(86400),
	    .help = "how long each letter can be made again and looked up; afterwards a count per "
	    "issue stays, and the archive's own" },
	{ "database", "auto_migrate", OPTION_BOOL, AT(database, auto_migrate), "yes",
	    .help = "a newer program brings the database up to date by itself, after a backup" }
};
/* clang-format on */
const size_t option_count = ARRAY_LEN(options);

const struct option *
option_find(const char *section, const char *name)
{
	for (size_t i = 0; i < option_count; i++)
		if (strcmp(options[i].section, section) == 0 &&
		    strcmp(options[i].name, name) == 0)
			return &options[i];
	return NULL;
}

size_t
option_names(const char *section, const char **out)
{
	size_t count = 0;

	for (size_t i = 0; i < option_count; i++)
		if (!section || strcmp(options[i].section, section) == 0)
			out[count++] = options[i].name;
	return count;
}

size_t
option_sections(const char **out)
{
	size_t count = 0;

	for (size_t i = 0; i < option_count; i++)
		if (i == 0 || strcmp(options[i].section, options[i - 1].section) != 0)
			out[count++] = options[i].section;
	return count;
}

/*
 * Settings of versions to come.  A file that is written for them is read with a warning for
 * each, since whoever shares one file among machines, or goes back a version, is better served
 * by letters than by an error; what they ask for does not happen, and that is what is told.
 */
static const struct {
	const char *section, *names; /* names: each between blanks */
} foreseen[] = {
	/* clang-format off */
	{ "health", " failing_after " },
	{ "digest", " duplicates " },
	{ "approval", " hold preview_at if_late " },
	{ "list", " defaults " },
	{ "limits", " min_fill_time honeypot " },
	{ "privacy", " track_opens track_clicks keep_consent log_addresses " },
	{ "log", " metrics_file " },
};
/* clang-format on */

bool
option_is_foreseen(const char *section, const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(foreseen); i++) {
		if (strcmp(foreseen[i].section, section) != 0)
			continue;
		if (!name)
			return true;
		const char *at = strstr(foreseen[i].names, name);
		return *name && at && at[-1] == ' ' && at[strlen(name)] == ' ';
	}
	return false;
}

bool
option_is_section(const char *section)
{
	/* A planet has thousands of sections that are feeds; ours are words of small letters. */
	for (const char *p = section; *p != '\0'; p++)
		if (!ascii_is_letter(*p))
			return false;
	for (size_t i = 0; i < option_count; i++)
		if (options[i].section[0] == section[0] &&
		    strcmp(options[i].section, section) == 0)
			return true;
	return option_is_foreseen(section, NULL);
}
