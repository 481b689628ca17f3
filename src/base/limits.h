/* SPDX-License-Identifier: ISC */
/*
 * Every ceiling of the program in one place.  Sizes are bytes, times are seconds, unless the
 * name says otherwise.  What a keeper may want to change is a setting (config/options) whose
 * highest value stands here; the rest is fixed.
 */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

/* base/ */
enum {
	LIMIT_URL = 2048, /* longer addresses are refused; browsers and servers agree */
	LIMIT_PATH = 4096,
	LIMIT_ADDRESS = 254,        /* RFC 5321 4.5.3.1.3 less the brackets */
	LIMIT_HEADER_VALUE = 16384, /* one unfolded header field */
	LIMIT_JSON_DEPTH = 64,
	LIMIT_JSON_GROUPS =
	    200000, /* objects and arrays of a document, 200 bytes and more each */
	LIMIT_LANGUAGES = 100, /* that are there to choose from */
	LIMIT_TEMPLATE_DEPTH = 16
};

/* config/ */
enum {
	LIMIT_CONFIG_FILE = 8 * 1024 * 1024,
	LIMIT_CONFIG_INCLUDES = 64,
	LIMIT_SOURCES = 100000
};

/* feeds */
enum {
	LIMIT_HTTP_PACKINGS = 3,       /* gzip in gzip is met; more is nobody's mistake */
	LIMIT_HTTP_CONNECT_MS = 10000, /* for a name, a connection and TLS together */
	LIMIT_HTTP_SILENCE = 15,       /* seconds without a byte of an answer */
	LIMIT_HTTP_FIELDS =
	    256 * 1024, /* header and trailer bytes of all answers to a request */
	LIMIT_FEED_BYTES = 64 * 1024 * 1024, /* most for fetch.max_bytes; decompressed */
	LIMIT_FEED_ENTRIES = 20000,
	LIMIT_HELD_POSTS =
	    1000, /* stored of a feed for a person to decide; above, counted */
	LIMIT_NEW_PRINTS = 32768, /* of posts, before they move to all others */
	LIMIT_PRINT_FILTER = 8 * 1024 * 1024, /* bytes in memory, for 8,000,000 prints */
	LIMIT_READING_THREADS = 8, /* that read and clean beside the fetching */
	/* of documents that came and are not stored yet */
	LIMIT_READING_BYTES = 8 * 1024 * 1024,
	LIMIT_READING_ALONE = 1024 * 1024, /* a larger document is read by itself */
	LIMIT_GUESS = 256 * 1024,          /* of a feed, to guess its encoding from */
	LIMIT_XML_DEPTH = 256,
	LIMIT_XML_ATTRIBUTES = 1000,
	/* pictures that letters carry */
	LIMIT_PICTURE_SIDE = 16384,          /* pixels */
	LIMIT_PICTURE_PIXELS = 32 * 1000000, /* what a mail program must hold of one */
	LIMIT_PICTURES_A_POST = 8,
	LIMIT_PICTURES_A_ROUND = 300,       /* asked for */
	LIMIT_PICTURE_HEAD = 64 * 1024,     /* of one, to read its size from */
	LIMIT_PICTURES_MS = 120 * 1000,     /* for all of a round */
	LIMIT_PICTURES_KEPT = 512 << 20,    /* bytes of all that are stored */
	LIMIT_LOGO = 64 * 1024,             /* each letter carries it */
	LIMIT_FIELD = 4096,                 /* a title, a name, a category: bytes kept */
	LIMIT_ENTRY_TEXT = 4 * 1024 * 1024, /* one entry's content before cleaning */
	LIMIT_ENTRY_CATEGORIES = 128,
	LIMIT_ENTRY_ENCLOSURES = 16,
	LIMIT_BOILERPLATE_POSTS = 100, /* of one document, for what they have in common */
	LIMIT_ARCHIVES = 5, /* older documents of a feed that are read in one round */
	LIMIT_PAGES_A_ROUND = 500, /* of posts, asked for their whole text */
	LIMIT_FILTER_MS = 5000,    /* for filter_command to judge one post */
	/* of documents whose posts a program judges when the round is over */
	LIMIT_WAITING_BYTES = 64 * 1024 * 1024,
	LIMIT_BOILERPLATE_BYTES = 2 * 1024 * 1024,
	LIMIT_ENTRY_AUTHORS = 16,
	LIMIT_FEED_WARNINGS = 50
};

/* HTML */
enum {
	LIMIT_HTML_DEPTH = 200,
	LIMIT_HTML_NODES = 500000,
	LIMIT_HTML_CLEAN = 8 * 1024 * 1024
};

/* digests and letters */
enum {
	LIMIT_ISSUE_ENTRIES = 2000,
	LIMIT_PART = 16 * 1024 * 1024, /* a text or HTML part before encoding */
	LIMIT_LETTER = 32 * 1024 * 1024,
	LIMIT_LETTER_PICTURES = 8 * 1024 * 1024, /* most for digest.image_bytes */
	LIMIT_LETTER_CACHE = 4 * 1024 * 1024, /* encoded letters at hand while sending */
	LIMIT_SOURCES_TEXT = 256 * 1024,      /* a reader's choice of sources */
	LIMIT_STORY_WORDS = 24,   /* of a title, in search of posts that tell one story */
	LIMIT_STORY_LINKS = 100,  /* of a post, likewise */
	LIMIT_STORY_POSTS = 12,   /* of one story; a page that more link to is none */
	LIMIT_STORY_TALKERS = 50, /* blogs that talk about one post */
	LIMIT_STORY_SUSPECTS = 64, /* sources whose older posts are looked at */
	LIMIT_STORY_PAST = 6, /* older posts of a source, for what it always links to */
	LIMIT_ISSUES_KNOWN = 16 * 1024 * 1024, /* entries at hand for other letters */
	LIMIT_POSTS_KNOWN = 16 * 1024 * 1024,  /* what was read of them */
	LIMIT_SUBJECT = 900                    /* bytes before encoding */
};

/* pages */
enum {
	LIMIT_WEB_CONNECTIONS = 256,
	LIMIT_WEB_REQUEST_MS = 20000, /* from the first byte to the answer */
	LIMIT_WEB_SILENCE = 10,       /* seconds without a byte */
	LIMIT_WEB_GROUP = 64,         /* forms recorded by one commit */
	LIMIT_WEB_LOCK_MS = 10000,    /* while somebody else writes; then it is said so */
	LIMIT_FORM = 64 * 1024,       /* the body of a request */
	LIMIT_FORM_FILL = 2,          /* seconds nobody fills in a form faster than */
	LIMIT_FORM_OPEN =
	    20 * 60, /* how long a page may lie open past the end of its link */
	LIMIT_PREFERENCES_AGE = 30 * 86400, /* of a link to preferences */
	LIMIT_ERASE_AGE = 3600,             /* of one to see and delete everything */
	LIMIT_OWN_DELIVERIES = 1000,  /* letters that a reader is told of, the newest */
	LIMIT_STYLE = 256 * 1024,     /* the keeper's own style sheet */
	LIMIT_PAGE = 16 * 1024 * 1024 /* a letter in the browser is the largest */
};

/* readers, mail */
enum {
	LIMIT_CSV_FIELD = 8192,
	LIMIT_LIST_ROW = 1024 * 1024, /* one reader in a list */
	LIMIT_LIST_BLANKS = 65536,    /* empty lines between two of them */
	LIMIT_READERS = 10000000,
	LIMIT_STOP_GRACE_MS =
	    20000,               /* for letters in flight, when a signal ends the send */
	LIMIT_REPLY_LINE = 2048, /* one SMTP reply line */
	LIMIT_REPLY_TOTAL = 64 * 1024, /* all lines of one reply */
	LIMIT_SENDING_BATCH = 1000,    /* deliveries settled in one transaction */
	LIMIT_RATES = 4,               /* "1 per 24h, 3 per 30d" has two */
	LIMIT_RATE_COUNT = 10000,
	LIMIT_PINS = 8,            /* keys that one mail server may have */
	LIMIT_TLSA = 16,           /* records of one mail server that are looked at */
	LIMIT_TLSA_BYTES = 4096,   /* of all of them: an answer of the DNS is no longer */
	LIMIT_QUARANTINE = 100,    /* messages kept that were not understood */
	LIMIT_ANSWER_EVERY = 3600, /* seconds between two answers to one sender */
	LIMIT_CODE_TRIES = 5,      /* wrong codes for one ask */
	LIMIT_CODE_AGE = 20 * 60,  /* how long a code can be typed */
	LIMIT_UNDO_AGE = 15 * 60,  /* how long a page offers to take a leave back */
	LIMIT_NEW_ADDRESSES = 3,   /* that a reader may ask for in a day */
	LIMIT_BLOCK_AGE = 365 * 86400, /* after "I did not ask for this" */
	LIMIT_DOMAINS_FILE = 1024 * 1024
};

/* strangers' mail */
enum {
	LIMIT_INCOMING = 32 * 1024 * 1024, /* a larger message is not taken */
	LIMIT_INCOMING_READ = 256 * 1024,  /* of it, from its beginning, is looked at */
	LIMIT_INCOMING_TEXT = 32 * 1024,   /* of one text part */
	LIMIT_INCOMING_FIELDS = 400,       /* header fields of one header */
	LIMIT_INCOMING_PARTS = 40,         /* MIME parts */
	LIMIT_INCOMING_BOUNDARIES = 24,    /* multiparts in one message, however deep */
	LIMIT_INCOMING_RECIPIENTS = 100,   /* of one report */
	LIMIT_INCOMING_HOPS = 50, /* Received fields of a message that is no loop */
	LIMIT_INCOMING_TOKENS = 32,
	LIMIT_INCOMING_ADDRESSES = 32, /* of To, and of the envelope */
	LIMIT_INCOMING_WORDS = 500, /* bytes of a diagnostic, a subject, a first line */
	LIMIT_INCOMING_ANSWER = 256 * 1024, /* what the child that reads it may say */
	LIMIT_INCOMING_MEMORY = 256 * 1024 * 1024, /* mapped by that child */
	LIMIT_INCOMING_CPU_MS = 2000,              /* for one message */
	LIMIT_INCOMING_PATIENCE_MS = 60 * 1000,
	LIMIT_INCOMING_CHILD = 2000, /* messages that one child reads */
	LIMIT_MIME_DEPTH = 12,       /* parts in parts of a newsletter */
	LIMIT_MIME_PARTS = 2000,
	LIMIT_NEWSLETTER = 8 * 1024 * 1024,      /* of one message, from its beginning */
	LIMIT_NEWSLETTER_TEXT = 2 * 1024 * 1024, /* of one text part */
	LIMIT_NEWSLETTER_POSTS = 2000,           /* of one digest */
	LIMIT_NEWSLETTER_ANSWER = 32 * 1024 * 1024,
	LIMIT_NEWSLETTER_MEMORY = 768 * 1024 * 1024,
	LIMIT_NEWSLETTER_CPU_MS = 5000,
	LIMIT_NEWSLETTER_ROUND = 1000, /* messages of one source in one round */
	LIMIT_NEWSLETTER_BYTES = 32 * 1024 * 1024, /* of them together */
	LIMIT_MAIL_FILES = 200000,                 /* looked at in a maildir */
	LIMIT_MAILBOX_BREAKS = 8,   /* messages that break sessions, in one run */
	LIMIT_MAILBOX_BATCH = 10000 /* messages of a mailbox in one run */
};

#endif
