#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# Outputs that take nothing: said once, exit 1, and no longer than need be.
. "${srcdir:-.}/tests/hostile/lib.sh"

"$gaitd" --config "$work/none.yaml" --simulate demo --speed max --record "$work/demo.rec" \
	2>/dev/null

once() {
	checked
	[ "$(grep -c "$1" "$work/err")" -eq 1 ] || fail "'$1' is not said exactly once"
}

expect 1 'No space left' "$replay" "$work/demo.rec" --prompts /dev/full --metrics
once 'No space left'

# The run goes on without its recording: all prompts come out.
"$replay" "$work/demo.rec" >"$work/all"
expect 1 'No space left' "$replay" "$work/demo.rec" --record /dev/full
once 'No space left'
cmp "$work/out" "$work/all" || fail "without the disk the prompts are others"

# A reader that goes away ends it, without a signal and with one message.
{
	seen=0
	"$replay" "$work/demo.rec" --metrics 2>"$work/err" || seen=$?
	echo $seen >"$work/status"
} | head -n 1 >/dev/null
once 'Broken pipe'
[ "$(cat "$work/status")" -eq 1 ] || fail "a closed pipe ends it with $(cat "$work/status")"

# Closed descriptors are not taken for sockets or files.
seen=0
"$replay" "$work/demo.rec" --record "$work/closed.rec" <&- >&- 2>&- || seen=$?
checked
head -n 1 "$work/closed.rec" | grep -qx '# gaitd recording 1' ||
	fail "with closed descriptors a recording holds something else"

expect 1 'No such file' "$replay" "$work/demo.rec" --record "$work/no/such.rec"
expect 1 'No such file' "$replay" "$work/demo.rec" --prompts "$work/no/such.json"

finish
