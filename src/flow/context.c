/* SPDX-License-Identifier: ISC */
#include "flow/context.h"

#include "base/clock.h"

int64_t
flow_now(const struct run *run)
{
	return run->now + (clock_ticks_ms() - run->started_ms) / 1000;
}
