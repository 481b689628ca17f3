/* SPDX-License-Identifier: ISC */
/*
 * The nouns of the program as plain structs, and nothing else: no function, no library.
 * Text is clean UTF-8.  Pointers are borrowed from whoever made the struct (a feed's arena, a
 * store's row, a configuration) unless a header says otherwise.  NULL text means "not known";
 * TIME_NONE means "no instant"; an id of 0 means "not stored".
 */
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/cadence.h"

/* ---- sources ------------------------------------------------------------------------- */

enum source_state {
	SOURCE_OK,
	SOURCE_FAILING,   /* network, server, or a document that is no feed */
	SOURCE_REFUSED,   /* 401, 403, 429 */
	SOURCE_MALFORMED, /* read only after repair or recovery */
	SOURCE_MOVED,     /* answers with a permanent redirect */
	SOURCE_WEB_PAGE,  /* a web page, not a feed */
	SOURCE_STALE,     /* no new entry for health.stale_after */
	SOURCE_GONE,      /* 410, or no such host for long */
	SOURCE_SLOW,      /* it answers, and takes long */
	SOURCE_DUPLICATE, /* the posts of another source */
	SOURCE_FLOOD,     /* posts of it wait for a person; never stored */
	SOURCE_CHANGED    /* it seems to be another feed: its posts wait for a person */
};

/* What a person said to many unseen posts at once.  The numbers are stored. */
enum held_verdict {
	VERDICT_NONE,
	VERDICT_RELEASE, /* they are news */
	VERDICT_DROP     /* they are not */
};

struct source {
	int64_t id;
	const char *key;      /* short name on the command line, unique: "alice" */
	const char *url;      /* as configured, unique */
	const char *name;     /* as configured; NULL: the feed's own title serves */
	const char *title;    /* as the feed says */
	const char *link;     /* the web page the feed belongs to */
	const char *language; /* BCP 47: configured, else the feed's */
	const char *group;
	const char *face;    /* address of a picture, or NULL */
	const char *filter;  /* regex an entry must match, or NULL */
	const char *exclude; /* regex an entry must not match, or NULL */
	const char
	    *strip; /* what to take out of its entries: selectors or lines, or NULL */
	const char
	    *user_agent; /* how we introduce ourselves to it, or NULL: as [fetch] says */
	int64_t max_per_feed; /* -1: as [digest] says */
	/* What its own section says, known during a round only; or NULL. */
	const char *full_text, *filter_command;
	bool paused;
	bool listed; /* still named by the configuration */

	const char *etag; /* validators, verbatim */
	const char *last_modified;
	int64_t next_poll; /* not before this instant */
	int64_t last_poll;
	int64_t last_ok;     /* last 200 or 304 */
	int64_t last_entry;  /* when it last brought a new entry */
	int64_t body_hash;   /* of the document that was read last; 0: of none */
	int64_t packed_hash; /* of the packed answer that held it; 0: it was not packed */
	int64_t pace;   /* seconds between two of its posts as learned; 0: not known */
	uint32_t hours; /* bit n: it posts around hour n UTC; 0: at any hour */
	/* What it said last of when to ask, as struct feed has it; ttl 0: nothing. */
	int64_t ttl;
	uint32_t skip_hours;
	unsigned skip_days;
	const char *hub; /* its WebSub hub, or NULL */

	enum source_state state;
	int64_t state_since;
	int64_t state_runs;     /* how many runs have found it so */
	enum source_state told; /* the trouble that was told last; SOURCE_OK: none */
	int64_t failures;       /* runs in a row */
	const char *state_note; /* "404 Not Found", "XML line 88: ...", new address */

	int64_t held;       /* posts that wait for a person */
	int64_t held_more;  /* and more that the last document had and are not stored */
	int64_t held_since; /* TIME_NONE: none is held */
	enum held_verdict verdict; /* for the next document that has as many */
	const char *self; /* the address that the feed gave itself last, or NULL */

	/* Messages of a mailbox so far: its letters, other mail, questions that are never shown,
	   and what could not be read. */
	int64_t mail_read, mail_others, mail_asks, mail_lost;
};

/* ---- feeds and entries --------------------------------------------------------------- */

struct enclosure {
	const char *url;
	const char *type;  /* media type or NULL */
	const char *title; /* or NULL */
	int64_t bytes;     /* -1 when not said */
	int64_t seconds;   /* -1 when not said */
};

struct person {
	const char *name; /* plain text; the address when there is no name */
	const char *url;  /* web page, or "mailto:" and an address, or NULL */
};

enum content_type { CONTENT_TEXT, CONTENT_HTML };

/* What a feed said, before cleaning: only feed/ makes it and only the cleaner reads it. */
struct raw_content {
	const char *text; /* NULL when absent */
	size_t len;
	enum content_type type; /* XHTML is serialised to CONTENT_HTML */
	const char *base;       /* address its relative links resolve against */
	const char *language;   /* xml:lang, or NULL */
};

struct entry {
	int64_t id;
	int64_t source_id;
	const char *guid; /* guid or id, verbatim; NULL when the feed has none */
	const char *link; /* absolute web address or NULL */
	const char
	    *external;      /* what the entry is about, elsewhere (JSON Feed), or NULL */
	const char *title;  /* plain text, one line; NULL when none */
	const char *author; /* plain text: "Ann, Bo" */
	const char *author_address;   /* mail, as the feed gave it, unchecked; or NULL */
	const struct person *authors; /* the same, one by one: as parsed, not stored */
	size_t author_count;
	const char *language; /* BCP 47 or NULL */
	int64_t published;    /* TIME_NONE when unreadable or absent */
	int64_t updated;
	int64_t first_seen;
	bool late;            /* older than the issue before it was first seen */
	uint64_t fingerprint; /* of title and raw text: identity_fingerprint() */
	uint64_t text_print;  /* of the raw text: identity_text_print(); not stored */
	const char *html;     /* clean, balanced, absolute; NULL until cleaned */
	const char *text;     /* the same as plain text, wrapped at 72 */
	const char
	    *summary; /* one paragraph of plain text, the feed's own; NULL when none */
	const char *image; /* web address of the picture that stands for it, or NULL */
	int64_t words;
	const char *const *categories;
	size_t category_count;
	const struct enclosure *enclosures;
	size_t enclosure_count;
	const int64_t *also; /* ids of further sources that carry it, ascending */
	size_t also_count;

	struct raw_content content;     /* fullest body */
	struct raw_content raw_summary; /* description or summary beside it */
};

struct feed {
	const char
	    *format; /* rss20 rss10 rss094 rss093 rss092 rss091 rss090 atom10 atom03 json1
	                          json11 cdf */
	const char *encoding; /* as read: "UTF-8", "windows-1252" */
	const char *title;    /* plain text */
	const char *link;     /* the web page */
	const char *self;     /* rel=self */
	const char *hub;
	const char *next;    /* rel=next or prev-archive */
	const char *archive; /* rel=prev-archive: the document with older entries */
	const char *language;
	const char *description;
	const char *author;
	const struct person *authors;
	size_t author_count;
	const char *image;
	int64_t updated;
	int64_t ttl;           /* seconds; -1 when not said */
	uint32_t skip_hours;   /* bit n: not in hour n UTC */
	unsigned skip_days;    /* bit n: not on weekday n, 0 = Sunday */
	struct entry *entries; /* in document order */
	size_t entry_count;
	const char *const *warnings; /* "line 9: unescaped '&'; repaired" */
	size_t warning_count;
	bool damaged;   /* repaired or recovered: some of it may be missing */
	bool torn;      /* it ends inside an entry */
	bool ends_torn; /* and that one is the last here */
};

/* ---- issues -------------------------------------------------------------------------- */

enum issue_state {
	ISSUE_DRAFT,    /* may still change */
	ISSUE_APPROVED, /* frozen: entries and renderings stand */
	ISSUE_SENDING,
	ISSUE_PAUSED,
	ISSUE_SENT,
	ISSUE_SKIPPED, /* nothing new */
	ISSUE_CANCELLED
};

struct issue {
	int64_t id;
	int64_t number;   /* 1, 2, 3 ... as issues are approved; 0 before that */
	const char *name; /* "2026-11-24", "2026-11-24-2": unique, its name everywhere */
	const char *subject; /* NULL until it is frozen */
	const char *intro;   /* the editor's words, plain text, or NULL */
	enum issue_state state;
	int64_t date; /* the instant it is dated with */
	int64_t created;
	int64_t approved;
	int64_t sent; /* when the last delivery of the first round was settled */
	int64_t entry_count;
	int64_t source_count;
	int64_t bytes; /* of the default variant's encoded HTML part */
};

/* How much of an entry is shown. */
enum entry_body { BODY_TITLES, BODY_SHORT, BODY_WHOLE };
/* What a reader says of that.  The numbers are stored: only appended to. */
enum length_wish { LENGTH_TITLES, LENGTH_SHORT, LENGTH_DEFAULT, LENGTH_WHOLE };
/* The numbers are stored: only appended to. */
enum letter_format {
	FORMAT_HTML, /* with a text part */
	FORMAT_TEXT,
	FORMAT_DIGEST, /* each post a message of its own: multipart/digest */
	FORMAT_PLAIN   /* one text as RFC 1153 has it */
};
/*
 * Pictures: only their alt texts; "[picture: alt]" linked to them; carried in the letter, the
 * first of each post or all, as far as there is room; loaded from elsewhere by who reads.
 */
enum images { IMAGES_NONE, IMAGES_LINK, IMAGES_FIRST, IMAGES_INLINE, IMAGES_REMOTE };
/* What a reader says of them.  The numbers are stored: only appended to. */
enum picture_wish {
	PICTURES_DEFAULT,
	PICTURES_NONE,
	PICTURES_LINK,
	PICTURES_FIRST,
	PICTURES_INLINE,
	PICTURES_REMOTE
};

/* One set of reader preferences; a span of issues is rendered once per variant in use. */
struct variant {
	int64_t id;
	enum length_wish length;
	enum letter_format format;
	/* "*" = all sources, "+ID ID" only these, "-ID ID" all but these; ids ascending */
	const char *sources;
	const char *language; /* of our words, BCP 47; NULL or "": the newsletter's */
	enum picture_wish pictures;
};

/*
 * The issues one letter covers: those with a number above `after`, up to `last`.  One for a
 * reader who gets each issue, seven for a weekly one, all that was missed after a hold.
 */
struct span {
	int64_t after;
	int64_t last;    /* number of the newest issue in it */
	int64_t last_id; /* id of that issue */
};

/* A picture that letters may carry, without its bytes. */
struct carried_picture {
	const char *url;
	const char *id;    /* Content-ID without its brackets (RFC 2392) */
	int width, height; /* pixels */
	size_t len;        /* of the file */
};
/* One that a letter does carry. */
struct picture_part {
	const char *id;   /* Content-ID without its brackets */
	const char *type; /* "image/png" */
	const char *name; /* of the file: "picture-1.png" */
	const char *bytes;
	size_t len;
};

/* Everything of a letter but a reader's own few bytes: where those go is a hole (holes.h). */
struct rendering {
	const char *subject; /* plain text, no holes */
	const char *text;    /* LF line ends */
	const char *html;    /* only of FORMAT_HTML, else NULL */
	size_t text_len;
	size_t html_len;
	size_t bytes; /* of the HTML part, encoded, when it is made; not stored */
	const struct picture_part
	    *pictures; /* that the HTML shows, once they are loaded */
	size_t picture_count;
};

/* ---- readers and deliveries ---------------------------------------------------------- */

enum reader_state {
	READER_PENDING, /* asked, has not confirmed */
	READER_ACTIVE,
	READER_HOLD,    /* nothing until hold_until (TIME_NONE: until they say so) */
	READER_BOUNCED, /* mail to them comes back */
	READER_LEFT,    /* unsubscribed; stays out at imports */
	READER_REMOVED, /* taken out by the keeper; stays out at imports */
	READER_ERASED   /* only a salted hash is left */
};

struct reader {
	int64_t id;
	const char *address; /* as given, domain in A-labels; NULL when erased */
	const char
	    *address_key; /* what all spellings of it share: address_key() of mail/ */
	enum reader_state state;
	struct cadence cadence;
	int64_t
	    cadence_id; /* of a new reader whose cadence is known to be stored; else 0 */
	struct variant variant;
	int64_t
	    last_issue; /* number of the newest issue they have had, or was not theirs */
	/*
	 * TIME_NONE: the next issue as it is approved, because they get each or because their
	 * slot went by without one; else nothing before this instant.
	 */
	int64_t due;
	bool hold_skip; /* what was missed on hold is not sent afterwards */
	const char
	    *confirmed_by; /* evidence: "form 2026-11-24", text of --confirmed-by */
	int64_t created;
	int64_t confirmed;
	int64_t hold_until;
	int64_t epoch; /* goes up when all tokens mailed so far must die */
	int64_t soft_bounces;
};

enum delivery_state {
	DELIVERY_QUEUED,
	DELIVERY_SENDING,  /* written down before the first byte can leave */
	DELIVERY_SENT,     /* the server accepted it */
	DELIVERY_DEFERRED, /* refused for now; again at next_try */
	DELIVERY_REFUSED,  /* for good, with the reply */
	DELIVERY_UNKNOWN,  /* the connection was lost after the final dot */
	DELIVERY_SKIPPED,  /* the reader left before it went */
	DELIVERY_WITHDRAWN /* the reader's next letter came due: its issues are in that one */
};
enum { DELIVERY_STATES = DELIVERY_WITHDRAWN + 1 };
/* The status of a letter at which the server, after it had greeted us, broke off. */
#define STATUS_BROKE_OFF "4.4.2"

/* Letters that are no issue.  They go before issues. */
enum notice_kind {
	NOTICE_NONE, /* the letter of an issue */
	NOTICE_CONFIRMATION,
	NOTICE_WELCOME,
	NOTICE_GOODBYE,
	NOTICE_PREVIEW, /* of an issue, to its editors */
	NOTICE_TEST,    /* of an issue, to anybody the keeper names */
	NOTICE_KEEPER,
	NOTICE_REMINDER, /* of a confirmation */
	NOTICE_KNOWN,    /* somebody asked for who reads already */
	NOTICE_REQUEST,  /* whether a command that came by mail was theirs */
	NOTICE_DONE,     /* a command that came by mail was obeyed */
	NOTICE_HELP,     /* how to write to us */
	NOTICE_PROBE,    /* whether mail reaches them again */
	NOTICE_LINK,     /* a fresh link to their preferences */
	NOTICE_DATA,     /* a link to what is kept of them, and to its end */
	NOTICE_ADDRESS,  /* to the address they want letters at, to be confirmed there */
	NOTICE_MOVED     /* to the address they had before */
};

/* One letter to one mailbox: of a span of issues to a reader, or a notice. */
struct delivery {
	enum notice_kind kind;
	int64_t notice_id; /* of a notice, else 0 */
	struct span span;  /* of an issue's letter or of a test of it */
	int64_t part;      /* 1, and up when a letter is split */
	int64_t reader_id; /* 0: a mailbox that is no reader's */
	int64_t variant_id;
	enum delivery_state state;
	int64_t attempts;
	int64_t next_try;
	int64_t settled;
	int64_t queued;      /* TIME_NONE: not known */
	const char *address; /* the reader's, joined in by the store */
	const char *reply;   /* the server's last words */
	const char *status;  /* enhanced status code "4.2.2", or NULL */
	int64_t confirmed;   /* the reader's, when the letter was made */
	int64_t epoch;       /* the reader's, when the letter was made */
};

/* ---- history ------------------------------------------------------------------------- */

/* What happens to a reader.  The numbers are stored: only appended to. */
enum reader_event {
	EVENT_ASK, /* asked to join, not confirmed yet */
	EVENT_CONFIRM,
	EVENT_LEAVE,
	EVENT_REMOVE, /* by the keeper */
	EVENT_HOLD,
	EVENT_RESUME,
	EVENT_BOUNCE,
	EVENT_ERASE,
	EVENT_IMPORT, /* an import or `sub add` with evidence */
	EVENT_EDIT,   /* other wishes: rhythm, format, sources */
	EVENT_UNDO,   /* the keeper's removal, or their own leaving, is taken back */
	EVENT_FORGET  /* never confirmed: nothing is left of them */
};
/* By what. */
enum event_cause {
	CAUSE_COMMAND,
	CAUSE_LIST, /* a file of readers */
	CAUSE_PAGE,
	CAUSE_MAIL,
	CAUSE_BOUNCE,
	CAUSE_RUN /* time: the end of a hold */
};
struct reader_event_line {
	int64_t at;
	enum reader_event event;
	enum event_cause cause;
	enum reader_state state; /* after it */
	const char *evidence;    /* or NULL */
	const char *detail;      /* "weekly Monday 18:30", "until 2026-12-24", or NULL */
};

/* ---- letters that come back ---------------------------------------------------------- */

/* What is kept of a reader; zeroed for one who never bounced. */
struct bounce_record {
	int64_t hard; /* since letters last went well */
	int64_t soft; /* within soft_within from soft_since */
	int64_t soft_since;
	int64_t last;       /* the newest bounce that counted */
	bool is_stopped;    /* letters stopped: the reader is READER_BOUNCED */
	int64_t stopped;    /* since when */
	int64_t probes;     /* sent since then */
	int64_t probe_sent; /* the last of them */
	int64_t well;       /* when the newest letter went that took something off */
};
/* The numbers are stored. */
enum bounce_event {
	BOUNCED_HARD,
	BOUNCED_SOFT,
	COMPLAINED,
	WENT_WELL /* nothing came back of a letter within BOUNCE_PROBE_PATIENCE */
};

#endif
