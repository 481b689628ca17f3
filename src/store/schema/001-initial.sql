-- SPDX-License-Identifier: ISC
-- Schema 1: every noun of the program.  Never edited after a release; a change is a new step.
--
-- Numbers of states, kinds and formats are those of the enums of model.h, which are only ever
-- appended to.  Instants are seconds since 1970 UTC, NULL for "none"; flags are 0 and 1.

-- Small named values.  'program' is the version that wrote the schema: an older program reads
-- it to name the newer one, so this table keeps its shape for ever.
CREATE TABLE note (
	name  TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What must never leave the machine but in a backup.
CREATE TABLE secret (
	name  TEXT PRIMARY KEY,
	value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE source (
	id            INTEGER PRIMARY KEY,
	key           TEXT NOT NULL UNIQUE,
	url           TEXT NOT NULL UNIQUE,
	-- as configured
	name          TEXT,
	language      TEXT,
	feed_group    TEXT,
	face          TEXT,
	filter        TEXT,
	exclude       TEXT,
	strip         TEXT,
	user_agent    TEXT,
	max_per_feed  INTEGER NOT NULL DEFAULT -1,
	paused        INTEGER NOT NULL DEFAULT 0,
	listed        INTEGER NOT NULL DEFAULT 1,
	-- as the feed says
	title         TEXT,
	link          TEXT,
	feed_language TEXT,
	-- polling and health
	etag          TEXT,
	last_modified TEXT,
	next_poll     INTEGER,
	last_poll     INTEGER,
	last_ok       INTEGER,
	last_entry    INTEGER,
	-- of the last document read; seconds between posts as learned; what it said of when to ask
	body_hash     INTEGER NOT NULL DEFAULT 0,
	packed_hash   INTEGER NOT NULL DEFAULT 0,
	pace          INTEGER NOT NULL DEFAULT 0,
	hours         INTEGER NOT NULL DEFAULT 0, -- in which it posts, a bit each
	ttl           INTEGER NOT NULL DEFAULT 0,
	skip_hours    INTEGER NOT NULL DEFAULT 0,
	skip_days     INTEGER NOT NULL DEFAULT 0,
	hub           TEXT,
	state         INTEGER NOT NULL DEFAULT 0,
	state_since   INTEGER,
	state_runs    INTEGER NOT NULL DEFAULT 0,
	told          INTEGER NOT NULL DEFAULT 0, -- the state that was told last
	failures      INTEGER NOT NULL DEFAULT 0,
	state_note    TEXT,
	-- posts held for a person: how many are stored, how many of the last document are not,
	-- since when; verdict: 1 release, 2 drop what else the next document has of them
	held          INTEGER NOT NULL DEFAULT 0,
	held_more     INTEGER NOT NULL DEFAULT 0,
	held_since    INTEGER,
	verdict       INTEGER NOT NULL DEFAULT 0,
	-- the address that the feed gave itself last
	self          TEXT,
	-- messages of a mailbox so far: its letters, other mail, questions, unreadable ones
	mail_read     INTEGER NOT NULL DEFAULT 0,
	mail_others   INTEGER NOT NULL DEFAULT 0,
	mail_asks     INTEGER NOT NULL DEFAULT 0,
	mail_lost     INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX source_link ON source (link);
CREATE INDEX source_polled ON source (listed, paused, next_poll, last_poll);

-- What a person or a rule of ours says of a feed that stands in a list which we do not write: by
-- the address it has there, a key and value as a section of the configuration would have them.
CREATE TABLE source_override (
	url    TEXT NOT NULL,
	key    TEXT NOT NULL,
	value  TEXT NOT NULL,
	reason TEXT,
	at     INTEGER NOT NULL,
	PRIMARY KEY (url, key)
) STRICT, WITHOUT ROWID;

-- One small row for each post ever seen, kept for ever.
-- state: 0 open (may come into an issue), 1 kept out for good, 2 held by an issue, 3 taken back
-- by its source, 4 held for a person.  late: older than the issue before it was seen.
CREATE TABLE entry (
	id          INTEGER PRIMARY KEY,
	source_id   INTEGER NOT NULL REFERENCES source (id),
	state       INTEGER NOT NULL,
	published   INTEGER,
	updated     INTEGER,
	first_seen  INTEGER,
	last_seen   INTEGER,
	late        INTEGER NOT NULL DEFAULT 0,
	fingerprint INTEGER NOT NULL,
	-- what its source said last, after it was mailed too: prints and instant
	said_title  INTEGER NOT NULL,
	said_text   INTEGER NOT NULL,
	said_at     INTEGER,
	title       TEXT,
	link        TEXT,
	author      TEXT,
	author_address TEXT, -- as the feed gave it, unchecked
	language    TEXT,
	guid        TEXT     -- '' when it is the link, as it mostly is
) STRICT;
CREATE INDEX entry_open ON entry (source_id) WHERE state = 0;
CREATE INDEX entry_aside ON entry (source_id, state) WHERE state > 2;
-- Whether a text was mailed before, under whatever name.
CREATE INDEX entry_mailed_text ON entry (source_id, said_text) WHERE state = 2;

-- What posts are known by, as 64-bit keys that identity.c makes.  Keys begin with bits of the
-- source or the host, so that those of one feed lie side by side in the tree.  Those of texts
-- anywhere are scattered: in a tree of their own they leave the first one small enough to stay
-- in memory.  New ones wait in a small tree until they move together: else each new post changes
-- a page of the large one.  No print is in both.
-- said: print of what the source said of the post when it was last seen under its own key.
CREATE TABLE identity (
	key      INTEGER PRIMARY KEY,
	entry_id INTEGER NOT NULL,
	said     INTEGER
) STRICT;
CREATE TABLE entry_print (
	fingerprint INTEGER PRIMARY KEY,
	entry_id    INTEGER NOT NULL
) STRICT;
CREATE TABLE entry_print_new (
	fingerprint INTEGER PRIMARY KEY,
	entry_id    INTEGER NOT NULL
) STRICT;

-- The keys a post came to have after it was stored, the newest of each kind: a feed with new
-- addresses in every answer does not grow the tree for ever.
CREATE TABLE entry_learned (
	entry_id  INTEGER NOT NULL REFERENCES entry (id),
	source_id INTEGER NOT NULL REFERENCES source (id),
	kind      INTEGER NOT NULL, -- enum identity_key
	key       INTEGER NOT NULL,
	PRIMARY KEY (entry_id, source_id, kind)
) STRICT, WITHOUT ROWID;

-- Further sources a post was seen in: "also in".
CREATE TABLE entry_also (
	entry_id  INTEGER NOT NULL REFERENCES entry (id),
	source_id INTEGER NOT NULL REFERENCES source (id),
	PRIMARY KEY (entry_id, source_id)
) STRICT, WITHOUT ROWID;

-- What is large and may be dropped, small columns first.  categories: one a line.
CREATE TABLE entry_text (
	entry_id   INTEGER PRIMARY KEY REFERENCES entry (id),
	words      INTEGER NOT NULL,
	image      TEXT,
	categories TEXT,
	summary    TEXT,
	text       TEXT,
	html       TEXT
) STRICT;
-- Posts whose whole text is wanted from their own pages, and how often that was tried.
CREATE TABLE entry_page (
	entry_id INTEGER PRIMARY KEY REFERENCES entry (id),
	tries    INTEGER NOT NULL
) STRICT;
-- Pictures that letters may carry, by address.  tries: how often one was asked for in vain;
-- used: when it came, or when a letter was last made that carries it.
CREATE TABLE picture (
	id     INTEGER PRIMARY KEY,
	url    TEXT NOT NULL UNIQUE,
	tries  INTEGER NOT NULL,
	used   INTEGER NOT NULL,
	kind   INTEGER, -- enum picture_kind; NULL: there is none
	width  INTEGER,
	height INTEGER,
	bytes  INTEGER NOT NULL,
	name   TEXT, -- by what it holds
	data   BLOB
) STRICT;
CREATE INDEX picture_name ON picture (name) WHERE name IS NOT NULL;
CREATE TABLE enclosure (
	entry_id INTEGER NOT NULL REFERENCES entry (id),
	position INTEGER NOT NULL,
	url      TEXT NOT NULL,
	type     TEXT,
	title    TEXT,
	bytes    INTEGER NOT NULL,
	seconds  INTEGER NOT NULL,
	PRIMARY KEY (entry_id, position)
) STRICT, WITHOUT ROWID;

-- number: given when the issue is approved, in that order; a reader's watermark speaks of it.
-- The counts of letters are kept when the rows of the letters are tidied away.
CREATE TABLE issue (
	id           INTEGER PRIMARY KEY,
	number       INTEGER UNIQUE,
	name         TEXT NOT NULL UNIQUE,
	state        INTEGER NOT NULL,
	date         INTEGER,
	created      INTEGER,
	approved     INTEGER,
	sent         INTEGER,
	entry_count  INTEGER NOT NULL,
	source_count INTEGER NOT NULL,
	bytes        INTEGER NOT NULL,
	subject      TEXT,
	intro        TEXT
) STRICT;
CREATE INDEX issue_draft ON issue (state) WHERE state = 0;
-- One count per issue and state of its letters, once their rows are gone.
CREATE TABLE issue_count (
	issue_id INTEGER NOT NULL REFERENCES issue (id),
	state    INTEGER NOT NULL,
	letters  INTEGER NOT NULL,
	PRIMARY KEY (issue_id, state)
) STRICT, WITHOUT ROWID;

-- UNIQUE (entry_id): no post is in two issues, whatever the program believes.
CREATE TABLE issue_entry (
	issue_id INTEGER NOT NULL REFERENCES issue (id),
	position INTEGER NOT NULL,
	entry_id INTEGER NOT NULL UNIQUE REFERENCES entry (id),
	PRIMARY KEY (issue_id, position)
) STRICT, WITHOUT ROWID;

-- Posts an issue counts without showing them: "and 7 more".
CREATE TABLE issue_over (
	issue_id INTEGER NOT NULL REFERENCES issue (id),
	entry_id INTEGER NOT NULL UNIQUE REFERENCES entry (id),
	PRIMARY KEY (issue_id, entry_id)
) STRICT, WITHOUT ROWID;

-- What readers wish a letter to be like, each combination in use once.
-- length: enum length_wish.  sources: "*" all, "+1 5" only these, "-1 5" all but these.
-- language: of our words; '': the newsletter's.  pictures: enum picture_wish.
CREATE TABLE variant (
	id       INTEGER PRIMARY KEY,
	length   INTEGER NOT NULL,
	format   INTEGER NOT NULL,
	sources  TEXT NOT NULL,
	language TEXT NOT NULL,
	pictures INTEGER NOT NULL,
	UNIQUE (length, format, sources, language, pictures)
) STRICT;

-- When readers wish letters, each combination in use once; -1 and '': as the newsletter.
CREATE TABLE cadence (
	id     INTEGER PRIMARY KEY,
	rhythm INTEGER NOT NULL,
	day    INTEGER NOT NULL,
	minute INTEGER NOT NULL,
	zone   TEXT NOT NULL,
	UNIQUE (rhythm, day, minute, zone)
) STRICT;

-- What all letters of a time share that is no post: senders, addresses of pages, words of
-- dates.  Kept so that a letter can be made again whatever became of the settings.
CREATE TABLE letterhead (
	id   INTEGER PRIMARY KEY,
	text TEXT NOT NULL UNIQUE
) STRICT;

-- The letter of a span of issues, behind number `after` up to issue_id, in one variant.
-- base_id: the rendering that its texts are stored as a difference from; NULL: they stand alone.
CREATE TABLE rendering (
	id            INTEGER PRIMARY KEY,
	issue_id      INTEGER NOT NULL REFERENCES issue (id),
	after         INTEGER NOT NULL,
	variant_id    INTEGER NOT NULL REFERENCES variant (id),
	part          INTEGER NOT NULL,
	letterhead_id INTEGER REFERENCES letterhead (id),
	base_id       INTEGER REFERENCES rendering (id),
	created       INTEGER,
	subject       TEXT NOT NULL,
	text          BLOB NOT NULL, -- compressed
	html          BLOB,
	UNIQUE (issue_id, after, variant_id, part)
) STRICT;
CREATE INDEX rendering_created ON rendering (created);
CREATE INDEX rendering_base ON rendering (base_id) WHERE base_id IS NOT NULL;

-- Rows are never deleted: tokens name a reader by id and an id must not be given twice.
-- last_issue: number of the newest issue they have had, or was not for them.
-- due: NULL when the next issue is theirs as soon as it is approved (also when their slot went
-- by without one); else the instant before which nothing goes to them (the next slot of a
-- rhythm of their own, the end of a hold).
CREATE TABLE reader (
	id           INTEGER PRIMARY KEY,
	state        INTEGER NOT NULL,
	cadence_id   INTEGER NOT NULL REFERENCES cadence (id),
	variant_id   INTEGER NOT NULL REFERENCES variant (id),
	last_issue   INTEGER NOT NULL,
	epoch        INTEGER NOT NULL,
	soft_bounces INTEGER NOT NULL,
	hold_skip    INTEGER NOT NULL,
	due          INTEGER,
	created      INTEGER,
	confirmed    INTEGER,
	hold_until   INTEGER,
	address      TEXT,
	address_key  TEXT UNIQUE,
	confirmed_by TEXT
) STRICT;
CREATE INDEX reader_due ON reader (due) WHERE due IS NOT NULL;

-- Every move of a reader, written together with the move.  number: 1, 2 ... of each reader.
CREATE TABLE reader_event (
	reader_id INTEGER NOT NULL REFERENCES reader (id),
	number    INTEGER NOT NULL,
	at        INTEGER NOT NULL,
	event     INTEGER NOT NULL,
	cause     INTEGER NOT NULL, -- command, list, page, mail, bounce, run
	state     INTEGER NOT NULL, -- after it
	evidence  TEXT,
	detail    TEXT,
	PRIMARY KEY (reader_id, number)
) STRICT, WITHOUT ROWID;

-- Who asked to join and has not answered yet.  hash: a keyed hash of the address, of every
-- address somebody asked for, so that a page does the same work for all of them; reader_id: who
-- would join, NULL when nobody was written to.
CREATE TABLE ask (
	hash      BLOB PRIMARY KEY,
	reader_id INTEGER REFERENCES reader (id),
	asked     INTEGER NOT NULL,
	tries     INTEGER NOT NULL, -- wrong codes so far
	reminded  INTEGER NOT NULL,
	evidence  TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX ask_asked ON ask (asked);

-- Asks of the last weeks, and letters that strangers caused: what limits are reckoned from.
CREATE TABLE ask_log (
	id      INTEGER PRIMARY KEY,
	at      INTEGER NOT NULL,
	cause   INTEGER NOT NULL, -- page, mail ... as in reader_event
	letter  INTEGER NOT NULL, -- what the address got: nothing, a question, an answer
	hash    BLOB NOT NULL,
	network TEXT
) STRICT;
CREATE INDEX ask_log_at ON ask_log (at);
CREATE INDEX ask_log_hash ON ask_log (hash, letter, at) WHERE letter > 0;
CREATE INDEX ask_log_network ON ask_log (network, at) WHERE network IS NOT NULL;

-- Keyed hashes of addresses whose owners want no such letters any more, for a while.
CREATE TABLE ask_block (
	hash  BLOB PRIMARY KEY,
	until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- An address that a reader wants letters at and has not answered from yet.
CREATE TABLE new_address (
	reader_id   INTEGER PRIMARY KEY REFERENCES reader (id),
	asked       INTEGER NOT NULL,
	address     TEXT NOT NULL,
	address_key TEXT NOT NULL,
	evidence    TEXT
) STRICT;

-- Letters that came back.  kind: 0 for good, 1 for now, 2 a complaint.
CREATE TABLE bounce (
	id        INTEGER PRIMARY KEY,
	reader_id INTEGER NOT NULL REFERENCES reader (id),
	at        INTEGER NOT NULL,
	kind      INTEGER NOT NULL,
	issue     INTEGER NOT NULL, -- number of the letter's issue; 0: another letter
	cause     TEXT NOT NULL,    -- what bounces of one cause share, to tell a storm
	status    TEXT,             -- RFC 3463
	reply     TEXT
) STRICT;
CREATE INDEX bounce_reader ON bounce (reader_id, issue);

-- Where a reader stands by what came back: list/bounces.h.
CREATE TABLE bounce_standing (
	reader_id  INTEGER PRIMARY KEY REFERENCES reader (id),
	hard       INTEGER NOT NULL,
	soft       INTEGER NOT NULL,
	soft_since INTEGER NOT NULL,
	last       INTEGER NOT NULL,
	is_stopped INTEGER NOT NULL,
	stopped    INTEGER NOT NULL,
	probes     INTEGER NOT NULL,
	probe_sent INTEGER NOT NULL,
	well       INTEGER NOT NULL -- when the newest letter went that took something off
) STRICT;

-- How many letters of an issue came back for one cause, and of how many: to tell a storm without
-- counting again.  issue: its number, or less than 0 for a day's other letters.
CREATE TABLE bounce_tally (
	issue   INTEGER NOT NULL,
	cause   TEXT NOT NULL,
	at      INTEGER NOT NULL, -- the newest
	bounces INTEGER NOT NULL,
	letters INTEGER NOT NULL, -- that had gone when they were counted
	counted INTEGER NOT NULL,
	PRIMARY KEY (issue, cause)
) STRICT, WITHOUT ROWID;

-- Keyed hashes of the addresses of people who had everything erased.
CREATE TABLE erased (
	hash BLOB PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- One letter to one reader: of the issues behind number `after` up to issue_id.  The primary
-- key lets nobody get a last issue twice; what is settled has no other index.  No REFERENCES: its
-- rows are made of rows of issue, reader and variant, of which none is ever deleted; to look each
-- of the three up again was a seventh of what it takes to queue a letter.
CREATE TABLE delivery (
	issue_id   INTEGER NOT NULL,
	reader_id  INTEGER NOT NULL,
	part       INTEGER NOT NULL,
	state      INTEGER NOT NULL,
	after      INTEGER NOT NULL,
	variant_id INTEGER NOT NULL,
	epoch      INTEGER NOT NULL, -- the reader's, when the letter was made
	attempts   INTEGER NOT NULL,
	queued     INTEGER NOT NULL, -- its lifetime begins
	confirmed  INTEGER,          -- the reader's, when the letter was made
	next_try   INTEGER,
	settled    INTEGER,
	status     TEXT,
	reply      TEXT,
	PRIMARY KEY (issue_id, reader_id, part)
) STRICT, WITHOUT ROWID;
-- state, although it is always the same: else it is looked up in the table, row by row.
CREATE INDEX delivery_queued ON delivery (state, issue_id, variant_id, after) WHERE state = 0;
CREATE INDEX delivery_sending ON delivery (state) WHERE state = 1;
CREATE INDEX delivery_deferred ON delivery (state, next_try) WHERE state = 3;

-- Letters that are no issue: tests, confirmations, welcomes; to a reader or to a mailbox that
-- is none.  They go before issues.
CREATE TABLE notice (
	id         INTEGER PRIMARY KEY,
	kind       INTEGER NOT NULL,
	reader_id  INTEGER REFERENCES reader (id),
	address    TEXT,    -- when it is no reader's, or another than theirs
	issue_id   INTEGER REFERENCES issue (id), -- of a test letter
	variant_id INTEGER REFERENCES variant (id),
	created    INTEGER NOT NULL,
	state      INTEGER NOT NULL,
	attempts   INTEGER NOT NULL,
	next_try   INTEGER,
	settled    INTEGER,
	status     TEXT,
	reply      TEXT,
	reply_to   TEXT,    -- where an answer goes, when not to the newsletter
	language   TEXT,    -- of its words, when not the newsletter's
	subject    TEXT,
	text       TEXT,
	html       TEXT
) STRICT;
CREATE INDEX notice_state ON notice (state, next_try);
CREATE INDEX notice_reader ON notice (reader_id) WHERE reader_id IS NOT NULL;
