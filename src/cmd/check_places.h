/* SPDX-License-Identifier: ISC */
/*
 * What `config check` looks at of files and programs that only some later hour would need: each is
 * found, and read where it is read whole, without starting a program or asking a server.
 */
#ifndef CMD_CHECK_PLACES_H
#define CMD_CHECK_PLACES_H

#include <stdbool.h>

#include "base/err.h"
#include "config/feed_lists.h"

struct app;

/* ERR_CONFIG with the setting's name for the first that a run would refuse; warns of the rest. */
bool check_places(struct app *app, struct err *err) MUST_CHECK;
/* A feed whose filter_command cannot be started has its posts held: a warning. */
void check_filter_program(struct app *app, const struct listed_feed *feed);

#endif
