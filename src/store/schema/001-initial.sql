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
	state         INTEGER NOT NULL DEFAULT 0,
	state_since   INTEGER,
	failures      INTEGER NOT NULL DEFAULT 0,
	state_note    TEXT
) STRICT;

-- One small row for each post ever seen, kept for ever.
-- state: 0 open (may come into an issue), 1 kept out for good, 2 held by an issue.
CREATE TABLE entry (
	id          INTEGER PRIMARY KEY,
	source_id   INTEGER NOT NULL REFERENCES source (id),
	state       INTEGER NOT NULL,
	published   INTEGER,
	updated     INTEGER,
	first_seen  INTEGER,
	last_seen   INTEGER,
	fingerprint INTEGER NOT NULL,
	own_key     INTEGER, -- its row in identity that has a fingerprint
	title       TEXT,
	link        TEXT,
	author      TEXT,
	language    TEXT,
	guid        TEXT     -- '' when it is the link, as it mostly is
) STRICT;
CREATE INDEX entry_open ON entry (source_id) WHERE state = 0;

-- What posts are known by, as 64-bit keys that identity.c makes.  Keys of guids (within a
-- source) and of addresses begin with bits of the source or the host, so that those of one feed
-- lie side by side in the tree.  Those of texts are scattered: in a tree of their own they
-- leave the first one small enough to stay in memory.
-- fingerprint: what this source last said of the post; NULL for an echo and for an address.
CREATE TABLE identity (
	key         INTEGER PRIMARY KEY,
	entry_id    INTEGER NOT NULL,
	fingerprint INTEGER
) STRICT;
CREATE TABLE entry_print (
	fingerprint INTEGER PRIMARY KEY,
	entry_id    INTEGER NOT NULL
) STRICT;

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

CREATE TABLE issue (
	id           INTEGER PRIMARY KEY,
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

CREATE TABLE variant (
	id     INTEGER PRIMARY KEY,
	key    TEXT NOT NULL UNIQUE,
	body   INTEGER NOT NULL,
	format INTEGER NOT NULL,
	UNIQUE (body, format)
) STRICT;

CREATE TABLE rendering (
	id         INTEGER PRIMARY KEY,
	issue_id   INTEGER NOT NULL REFERENCES issue (id),
	variant_id INTEGER NOT NULL REFERENCES variant (id),
	subject    TEXT NOT NULL,
	text       TEXT NOT NULL,
	html       TEXT,
	UNIQUE (issue_id, variant_id)
) STRICT;

-- Rows are never deleted: tokens name a reader by id and an id must not be given twice.
CREATE TABLE reader (
	id           INTEGER PRIMARY KEY,
	state        INTEGER NOT NULL,
	frequency    INTEGER NOT NULL,
	format       INTEGER NOT NULL,
	body         INTEGER NOT NULL,
	epoch        INTEGER NOT NULL,
	soft_bounces INTEGER NOT NULL,
	created      INTEGER,
	confirmed    INTEGER,
	hold_until   INTEGER,
	address      TEXT,
	address_key  TEXT UNIQUE,
	sources      TEXT NOT NULL,
	confirmed_by TEXT
) STRICT;
CREATE INDEX reader_state ON reader (state, body, format);

-- Keyed hashes of the addresses of people who had everything erased.
CREATE TABLE erased (
	hash BLOB PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE delivery (
	id         INTEGER PRIMARY KEY,
	kind       INTEGER NOT NULL,
	issue_id   INTEGER REFERENCES issue (id),
	reader_id  INTEGER NOT NULL REFERENCES reader (id),
	variant_id INTEGER REFERENCES variant (id),
	state      INTEGER NOT NULL,
	attempts   INTEGER NOT NULL,
	next_try   INTEGER,
	settled    INTEGER,
	status     TEXT,
	reply      TEXT
) STRICT;
-- Nobody gets an issue twice.  kind 0 is the issue's own letter; tests may go out often.
CREATE UNIQUE INDEX delivery_once ON delivery (issue_id, reader_id) WHERE kind = 0;
CREATE INDEX delivery_state ON delivery (kind, issue_id, state, next_try);
