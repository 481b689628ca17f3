/* SPDX-License-Identifier: ISC */
/*
 * Faces of authors, which blog hosts and forums put beside posts: no picture of the post.
 */
#ifndef HTML_AVATAR_H
#define HTML_AVATAR_H

#include <stdbool.h>

/* True for the address of somebody's face at a service that keeps nothing else there. */
bool avatar_is_address(const char *address);

#endif
