#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# What a simulated run prompts, its recording prompts again: each scenario is
# played as fast as it goes and recorded, and the recording is replayed. The
# same seed gives the same recording.
set -eu

builddir=${builddir:-.}
export LC_ALL=C
failures=0
compared=0

work=$(mktemp -d "${TMPDIR:-/tmp}/gaitd-simulate.XXXXXX")
trap 'rm -rf "$work"' EXIT
: >"$work/gaitd.yaml"

# run PROMPTS OPTION...: gaitd at full speed, its prompts into a file
run() {
	prompts=$1
	shift
	timeout 300 "$builddir/gaitd" --config "$work/gaitd.yaml" --speed max \
		--socket "$work/display.sock" --prompts - "$@" \
		>"$prompts" 2>"$work/stderr" && return
	echo "FAIL: gaitd $* ended with $?:"
	sed 's/^/  /' "$work/stderr"
	failures=$((failures + 1))
	return 1
}

# same WHAT FILE FILE
same() {
	compared=$((compared + 1))
	cmp -s "$2" "$3" && return
	echo "FAIL: $1:"
	diff "$2" "$3" | head -n 20
	failures=$((failures + 1))
}

"$builddir/gaitd" --simulate list | while read -r name summary; do
	[ -n "$summary" ] && echo "$name"
done >"$work/names"

while read -r name; do
	run "$work/live" --simulate "$name" --record "$work/$name.rec" </dev/null || continue
	run "$work/again" --replay "$work/$name.rec" </dev/null || continue
	same "the recording of $name prompts otherwise" "$work/live" "$work/again"
done <"$work/names"

# events RECORDING: without the header, which tells the hour
events() {
	grep -v '^#' "$1"
}

events "$work/walk.rec" >"$work/first"
run "$work/live" --simulate walk --record "$work/second.rec" </dev/null
events "$work/second.rec" >"$work/second"
same "two runs of walk differ" "$work/first" "$work/second"
run "$work/live" --simulate walk --seed 2 --record "$work/other.rec" </dev/null
events "$work/other.rec" >"$work/other"
if cmp -s "$work/first" "$work/other"; then
	echo "FAIL: another seed gives the same run"
	failures=$((failures + 1))
fi

# What a pod counts shows 20 s later where nothing is known of it: a recording
# tells what the configuration said.
printf 'footpod:\n  rsc_unit: strides\n' >"$work/gaitd.yaml"
run "$work/live" --simulate pod-rsc-strides --metrics --record "$work/known.rec" </dev/null
: >"$work/gaitd.yaml"
run "$work/again" --replay "$work/known.rec" --metrics </dev/null
same "a replay shows cadence at another time" "$work/live" "$work/again"
grep -v '^# Footpod-unit: strides configured$' "$work/known.rec" >"$work/unknown.rec"
run "$work/again" --replay "$work/unknown.rec" --metrics </dev/null
if cmp -s "$work/live" "$work/again"; then
	echo "FAIL: what is known of a pod makes no difference"
	failures=$((failures + 1))
fi
# what is configured now counts more than what was recorded
printf 'footpod:\n  rsc_unit: steps\n' >"$work/gaitd.yaml"
run "$work/again" --replay "$work/known.rec" --metrics --record "$work/steps.rec" </dev/null
if ! grep -q '^# Footpod-unit: steps configured$' "$work/steps.rec" ||
	grep -q '^# Footpod-unit: strides' "$work/steps.rec"; then
	echo "FAIL: a replay does not record what held for it"
	failures=$((failures + 1))
fi

echo "$compared runs compared"
[ "$failures" -eq 0 ] && [ "$compared" -gt 20 ]
