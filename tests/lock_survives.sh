#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# A red flag, and the daemon is killed: the next one shows the prompt again,
# until it is acknowledged; the one after that does not.
set -eu

builddir=${builddir:-.}
export LC_ALL=C
failures=0
daemon=

work=$(mktemp -d "${TMPDIR:-/tmp}/gaitd-lock.XXXXXX")
trap '[ -z "$daemon" ] || kill -9 "$daemon"; rm -rf "$work"' EXIT
lock=$work/display.sock.safety-lock
printf 'display: {input: [runner]}\n' >"$work/gaitd.yaml"

start() {
	"$builddir/gaitd" --config "$work/gaitd.yaml" --simulate walk \
		--socket "$work/display.sock" 2>>"$work/log" &
	daemon=$!
}

# kill -9: it has no time to tidy up
kill_daemon() {
	kill -9 "$daemon"
	wait "$daemon" 2>/dev/null || :
	daemon=
}

fail() {
	echo "FAIL: $*"
	failures=$((failures + 1))
}

# runner SCRIPT: the runner's display; the script reads what it is told.
runner() {
	timeout 100 "$builddir/gaitd-run" --socket "$work/display.sock" --name runner \
		--caps shown,input sh -c "$1"
}

# prompt RULE: reads on to the next prompt, which must be that rule's
prompt='prompt() {
	while read -r line; do
		case $line in
		"{\"type\":\"prompt\""*"\"rule\":\"$1\""*) id=${line#*\"id\":} id=${id%%,*}; return ;;
		"{\"type\":\"prompt\""*) echo "$line" >&2; exit 1 ;;
		esac
	done
	exit 1
}
'

start
runner "$prompt"'read -r ready; echo "{\"type\":\"input\",\"input\":\"red_flag\",\"value\":\"leg\"}"
	prompt pain-red-flag' || fail "a red flag is not answered"
kill_daemon
grep -qx 'locked [0-9]*' "$lock" || fail "$lock does not say that it is locked"
[ "$(wc -l <"$lock")" -eq 1 ] || fail "$lock holds more than a line"
case $(ls -l "$lock") in
-rw-------*) ;;
*) fail "$lock can be read by others" ;;
esac

start
runner "$prompt"'prompt pain-red-flag
	echo "{\"type\":\"input\",\"input\":\"ack\",\"id\":$id}"
	while read -r line; do
		case $line in "{\"type\":\"clear\",\"id\":$id,"*acknowledged*) exit 0 ;; esac
	done
	exit 1' || fail "the prompt is not shown again, or not acknowledged"
[ ! -e "$lock" ] || fail "$lock outlives its prompt"
kill_daemon

start
runner "$prompt"'read -r ready; echo "{\"type\":\"input\",\"input\":\"pain\",\"value\":1}"
	prompt pain-mild' || fail "what was acknowledged is shown again"
kill_daemon

[ "$failures" -eq 0 ] || cat "$work/log"
[ "$failures" -eq 0 ]
