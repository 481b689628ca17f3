/* SPDX-License-Identifier: ISC */
/* windows-1252, which stands behind so much text that claims or seems to be something else. */
#ifndef FEED_WINDOWS_1252_H
#define FEED_WINDOWS_1252_H

#include <stdint.h>

/* The character of a byte 0x80 to 0x9F (or of the C1 control of that number); others stay. */
uint32_t windows_1252_char(uint32_t byte);
/* The byte of a character beyond ASCII; 0 when it has none. */
unsigned char windows_1252_byte(uint32_t c);

#endif
