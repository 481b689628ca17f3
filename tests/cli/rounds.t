#!/bin/sh
# SPDX-License-Identifier: ISC
# Rounds over many feeds that are killed at any moment leave a store like one whose rounds were left
# alone. The long form: make interrupt-rounds.
. tests/cli/lib.sh
need python3

# The plain program: what is asked here is what it does, many times.
run python3 "$TOP/tests/model/interrupt-rounds" --program "$PLANETPOST_PLAIN" --times 12 \
	--feeds 40 --seed 3
exits 0 "killed rounds and undisturbed ones end with the same posts and feeds"
diag "$(tail -n 3 "$W/out" | cut -c 1-900)"
out_like '[1-9][0-9]* of 12 rounds over 40 feeds were killed' "and some were killed"
finish
