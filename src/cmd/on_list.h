/* SPDX-License-Identifier: ISC */
/* The reader whom a command names by address. */
#ifndef CMD_ON_LIST_H
#define CMD_ON_LIST_H

#include "cmd/app.h"
#include "model/model.h"

/*
 * text: an address as somebody wrote it.  The reader of that address in *out, from the run's
 * arena, whatever their state.  ERR_INPUT when it is no address, and when nobody has it.
 */
bool reader_on_list(struct app *app, const char *text, struct reader *out,
    struct err *err) MUST_CHECK;

#endif
