#!/bin/sh
# SPDX-License-Identifier: ISC
# Forty days of life, kills and outages and the change to summer time in them: what each reader
# gets is what a simple reckoning says.  The year itself: make model.
. tests/cli/lib.sh
need python3
if ! python3 -c 'import zoneinfo; zoneinfo.ZoneInfo("Europe/Paris")' 2>/dev/null; then
	skip_all "python3 knows no time zones"
fi

# The plain program: what is asked here is what it does, thousands of times.
run python3 "$TOP/tests/model/year" --program "$PLANETPOST_PLAIN" --readers 20 --sources 6 \
	--days 40 --start 2026-03-10 --seed 8 --keep "$W/year" --quiet
exits 0 "what everybody got is what they should have got"
diag "$(tail -n 1 "$W/out" | cut -c 1-900)"
out_like '[0-9]{3,} letters.*; 0 differences' "and letters did arrive"
out_like ' kills' "runs were killed"
finish
