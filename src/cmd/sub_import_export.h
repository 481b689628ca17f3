/* SPDX-License-Identifier: ISC */
/* sub import and export: readers as CSV or JSON lines. */
#ifndef CMD_SUB_IMPORT_EXPORT_H
#define CMD_SUB_IMPORT_EXPORT_H

#include <stdbool.h>

#include "base/err.h"
#include "cmd/app.h"
#include "cmd/args.h"

/* Which states are wanted, as bits: all but erased readers when --state is not given. */
bool reader_states_wanted(const struct args *args, unsigned *states,
    struct err *err) MUST_CHECK;

extern const struct cmd_option import_list_options[], export_list_options[];
bool run_sub_import(struct app *app, const struct args *args, struct err *err) MUST_CHECK;
bool prepare_sub_export(struct app *app, const struct args *args,
    struct err *err) MUST_CHECK;
bool run_sub_export(struct app *app, const struct args *args, struct err *err) MUST_CHECK;

#endif
