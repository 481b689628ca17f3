/* SPDX-License-Identifier: ISC */
#include "store/new_address.h"

#include "store/db.h"

bool
store_new_address_put(struct store *s, const struct new_address *n, struct err *err)
{
	struct db_query *q = db_query(s,
	    "INSERT INTO new_address (reader_id, asked, address, address_key, evidence)"
	    " VALUES (:reader, :asked, :address, :key, :evidence)"
	    " ON CONFLICT (reader_id) DO UPDATE SET asked = excluded.asked,"
	    " address = excluded.address, address_key = excluded.address_key,"
	    " evidence = excluded.evidence",
	    err);

	db_bind_int(q, ":reader", n->reader_id);
	db_bind_int(q, ":asked", n->asked);
	db_bind_text(q, ":address", n->address);
	db_bind_text(q, ":key", n->address_key);
	db_bind_text(q, ":evidence", n->evidence);
	return db_run(q, err);
}

static void
row_to_new_address(struct db_query *q, struct arena *a, void *row)
{
	struct new_address *out = row;

	out->reader_id = db_int(q);
	out->asked = db_int(q);
	out->address = db_text(q, a);
	out->address_key = db_text(q, a);
	out->evidence = db_text(q, a);
}

bool
store_new_address_get(struct store *s, struct arena *a, int64_t reader_id,
    struct new_address *out, bool *found, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT reader_id, asked, address, address_key, evidence FROM new_address"
	    " WHERE reader_id = :reader",
	    err);

	*out = (struct new_address){ .reader_id = reader_id };
	db_bind_int(q, ":reader", reader_id);
	return db_one(q, a, row_to_new_address, out, found, err);
}

bool
store_new_address_end(struct store *s, int64_t reader_id, struct err *err)
{
	return db_run_int(s, "DELETE FROM new_address WHERE reader_id = :reader",
	    ":reader", reader_id, err);
}

bool
store_new_address_tidy(struct store *s, int64_t before, struct err *err)
{
	return db_run_int(s, "DELETE FROM new_address WHERE asked < :before", ":before",
	    before, err);
}
