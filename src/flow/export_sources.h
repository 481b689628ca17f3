/* SPDX-License-Identifier: ISC */
/* EXPORT: the planet's feeds as other programs read lists of them. */
#ifndef FLOW_EXPORT_SOURCES_H
#define FLOW_EXPORT_SOURCES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

struct run;

enum source_list_form {
	SOURCE_LIST_OPML, /* 2.0, grouped */
	SOURCE_LIST_FOAF, /* RDF, as planets publish it */
	SOURCE_LIST_URLS  /* newsboat's: address, "~name", group */
};
/*
 * All feeds that the planet names, in the order of their keys, but newsletters in mailboxes;
 * users and passwords in addresses are left out.  Each of the forms is read again by import.
 * ERR_LIMIT when out is full.
 */
bool flow_export_sources(struct run *run, enum source_list_form form, struct buf *out,
    size_t *count, struct err *err) MUST_CHECK;

#endif
