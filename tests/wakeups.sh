#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# gaitd wakes for what comes in, for a tick a second while somebody runs, for the
# pings of its displays and for its watchdog, and for nothing else: counted by the
# kernel, as the times that the loop has waited. A busy computer makes them fewer.
#
# usage: tests/wakeups.sh [SECONDS]
set -eu

builddir=${builddir:-.}
seconds=${1:-12}
displays=3
export LC_ALL=C
failures=0
pids=

work=$(mktemp -d "${TMPDIR:-/tmp}/gaitd-wakeups.XXXXXX")
trap 'for pid in $pids; do kill "$pid" 2>/dev/null || :; done; rm -rf "$work"' EXIT
printf 'log: {level: warning}\n' >"$work/gaitd.yaml"
export STATE_DIRECTORY="$work" WATCHDOG_USEC=10000000

gaitctl() {
	"$builddir/gaitctl" --socket "$work/$case.sock/display.sock" "$@"
}

events() {
	gaitctl status --json | sed -n 's/^ *"events": \([0-9]*\),*$/\1/p'
}

waits() {
	sed -n 's/^voluntary_ctxt_switches:[[:space:]]*//p' "/proc/$daemon/status"
}

ready() {
	[ "$(gaitctl status --json | grep -c '"ready": true')" -eq "$displays" ]
}

# count CASE TICKS GAITD-OPTION...: so many ticks a second
count() {
	case=$1 ticks=$2
	shift 2
	mkdir "$work/$case.sock"
	"$builddir/gaitd" --config "$work/gaitd.yaml" --socket "$work/$case.sock/display.sock" \
		"$@" 2>>"$work/log" &
	daemon=$!
	pids="$pids $daemon"
	until gaitctl status >/dev/null 2>&1; do
		kill -0 "$daemon" || return 1
	done
	for i in $(seq "$displays"); do
		"$builddir/gaitd-run" --socket "$work/$case.sock/display.sock" --name "display-$i" \
			sh -c 'exec cat >/dev/null' 2>/dev/null &
		pids="$pids $!"
	done
	until ready; do :; done
	before=$(events)
	from=$(waits)
	sleep "$seconds"
	to=$(waits)
	after=$(events)
	kill "$daemon"
	# a ping for all displays and the pong of each every 5 s, a watchdog's turn
	# every 5 s, and those who asked
	allowed=$((after - before + seconds * ticks + (seconds / 5 + 1) * (displays + 2) + 12))
	echo "$case: woke $((to - from)) times in $seconds s, allowed $allowed;" \
		"$((after - before)) events"
	[ $((to - from)) -le "$allowed" ] || failures=$((failures + 1))
}

# a treadmill that says nothing
mkfifo "$work/silence"
exec 9<>"$work/silence"
printf '# gaitd recording 1\n0 treadmill link live\n' >&9
count idle 0 --replay "$work/silence" || failures=$((failures + 1))
count run 1 --simulate walk || failures=$((failures + 1))

[ "$failures" -eq 0 ] || cat "$work/log"
[ "$failures" -eq 0 ]
