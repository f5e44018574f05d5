#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# Replays each tests/recordings/X.rec as fast as it goes and compares what is
# prompted with X.prompts, and where X.metrics exists the metrics as well. Short
# ones are played a hundred times as fast as life and in real time, too: speed
# changes not an octet. A line of JSON in X.WHO.runner makes a second test of
# the same recording: WHO runs it. --regen (make regen-expect) writes what is printed now: read the
# diff, each line of it must be what the rules ask for.
set -eu

srcdir=${srcdir:-.}
builddir=${builddir:-.}
export LC_ALL=C
regen=${1:-}
golden=$srcdir/tests/recordings
failures=0
compared=0

work=$(mktemp -d "${TMPDIR:-/tmp}/gaitd-recordings.XXXXXX")
trap 'rm -rf "$work"' EXIT
: >"$work/gaitd.yaml"

# replay RECORDING SPEED OUTPUT [OPTION...]
replay() {
	recording=$1 speed=$2 output=$3
	shift 3
	timeout 300 "$builddir/gaitd" --config "$work/gaitd.yaml" --replay "$recording" \
		--socket "$work/display.sock" --speed "$speed" --prompts - "$@" \
		>"$output" 2>"$work/stderr" && return
	echo "FAIL: gaitd --replay $recording ended with $?:"
	sed 's/^/  /' "$work/stderr"
	failures=$((failures + 1))
	return 1
}

# compare RECORDING GOLDEN [OPTION...]
compare() {
	recording=$1 expected=$2
	shift 2
	replay "$recording" max "$work/seen" "$@" || return 0
	compared=$((compared + 1))
	if [ "$regen" = --regen ]; then
		cp "$work/seen" "$expected"
	elif [ ! -f "$expected" ]; then
		echo "FAIL: no $expected: make regen-expect writes it"
		failures=$((failures + 1))
	elif ! diff -u "$expected" "$work/seen" >"$work/diff"; then
		echo "FAIL: $recording does not give $expected:"
		head -n 40 "$work/diff"
		failures=$((failures + 1))
	fi
}

# seconds_of RECORDING: how long it plays
seconds_of() {
	end=$(sed -n 's/^# End: //p' "$1")
	[ -n "$end" ] || end=$(tail -n 1 "$1" | cut -d ' ' -f 1)
	echo $((end / 1000000))
}

# same_at SPEED RECORDING: the octets of --speed max, metrics included
same_at() {
	replay "$2" max "$work/at-max" --metrics || return 0
	replay "$2" "$1" "$work/at-speed" --metrics || return 0
	compared=$((compared + 1))
	cmp -s "$work/at-max" "$work/at-speed" && return
	echo "FAIL: $2 gives something else at --speed $1 than at max:"
	diff "$work/at-max" "$work/at-speed" | head -n 20
	failures=$((failures + 1))
}

# Those made from tests/data are what make_recordings makes.
mkdir "$work/made"
srcdir=$srcdir sh "$srcdir/tests/make_recordings" "$work/made"
for made in "$work/made"/*.rec; do
	if [ "$regen" = --regen ]; then
		cp "$made" "$golden/"
	elif ! cmp -s "$made" "$golden/${made##*/}"; then
		echo "FAIL: $golden/${made##*/} is not what tests/make_recordings makes"
		failures=$((failures + 1))
	fi
done

# A run that is written down in steps
mkdir "$work/steps"
for steps in "$golden"/*.steps; do
	name=${steps##*/}
	awk -f "$srcdir/tests/ant.awk" -f "$srcdir/tests/steps.awk" "$steps" \
		>"$work/steps/${name%.steps}.rec"
done

for recording in "$golden"/*.rec "$work/steps"/*.rec; do
	name=${recording##*/}
	base=$golden/${name%.rec}
	compare "$recording" "$base.prompts"
	[ ! -f "$base.metrics" ] || compare "$recording" "$base.metrics" --metrics
	seconds=$(seconds_of "$recording")
	[ "$seconds" -gt 200 ] || same_at 100 "$recording"
	[ "$seconds" -gt 4 ] || same_at 1 "$recording"
	for runner in "$base".*.runner; do
		[ -f "$runner" ] || continue
		who=${runner##*/}
		{
			head -n 1 "$recording"
			sed 's/^/# Runner: /' "$runner"
			tail -n +2 "$recording" | grep -v '^# Runner: '
		} >"$work/${who%.runner}.rec"
		compare "$work/${who%.runner}.rec" "${runner%.runner}.prompts"
	done
done

echo "$compared replays compared"
[ "$failures" -eq 0 ] && [ "$compared" -gt 0 ]
