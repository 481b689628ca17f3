/* SPDX-License-Identifier: ISC */
#include "base/letter_case.h"

#include <unicase.h>

uint32_t
letter_fold(uint32_t c)
{
	return c == 0x3C2 ? 0x3C3 : uc_tolower(c);
}

uint32_t
letter_capital(uint32_t c)
{
	return uc_toupper(c);
}
