#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# The gym in a box shows its consoles and leaves nothing when it is ended; the
# brokers of plugins/fleet/README.md do what it says of them: brokers.py.
. "${srcdir:-.}/tests/hostile/lib.sh"
for program in "$builddir/gaitd-mqtt" mosquitto_sub python3; do
	command -v "$program" >/dev/null || {
		echo "no $program here"
		exit 77
	}
done
export TMPDIR="$work/tmp" builddir
mkdir "$TMPDIR"
gym="$srcdir/plugins/fleet/gym.py"

expect 2 'expected 1 to 999' python3 "$gym" --consoles 0
expect 1 'no gaitd here' env -i PATH=/usr/bin:/bin python3 "$gym" --programs "$work"

# However it is ended, nothing of it stays.
for signal in INT HUP; do
	# a shell has what it starts in the background ignore Ctrl-C
	python3 -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
os.execvp("python3", ["python3"] + sys.argv[1:])' \
		"$gym" --consoles 3 --programs "$builddir" >"$work/view" 2>"$work/err" &
	pids=$!
	until grep -q 'gym-a/console-002  *online  *live' "$work/view"; do
		kill -0 "$pids" || {
			fail "it ended:"
			cat "$work/view" "$work/err"
			finish
			exit 1
		}
		sleep 0.2
	done
	checked
	grep -q '^consoles online: 3 of 3; treadmills live: [0-3]; .*; prompts: ' "$work/view" ||
		fail "no line that sums it up: $(head -n 3 "$work/view")"
	kill -s $signal "$pids"
	status=0
	wait "$pids" || status=$?
	pids=
	checked
	[ "$status" -eq 0 ] || fail "$signal: status $status"
	checked
	[ -z "$(ls -A "$TMPDIR")" ] || fail "$signal left: $(ls -A "$TMPDIR")"
	checked
	! grep -l "$TMPDIR/gaitd-gy[m]" /proc/[0-9]*/cmdline 2>/dev/null || fail "$signal left what runs"
done

for what in gym bridge nats; do
	checked
	status=0
	python3 "$srcdir/tests/fleet/brokers.py" "$what" >"$work/out" 2>&1 || status=$?
	cat "$work/out"
	[ "$status" -eq 0 ] || [ "$status" -eq 77 ] || fail "$what"
done
checked
[ -z "$(ls -A "$TMPDIR")" ] || fail "left: $(ls -A "$TMPDIR")"
finish
