#!/bin/sh
# SPDX-License-Identifier: ISC
# One feed's cost: time grows with its length and not with its square, memory stays below a
# ceiling, whatever a feed is made of.  The plain program: sanitizers cost more than feeds.
. tests/cli/lib.sh
need python3

python3 tests/cli/cost.py "$PLANETPOST_PLAIN"
tap_finished=yes
