#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# A daemon that runs: asked, reloaded with good and bad files, ended by a
# signal, and nothing of it left behind.
. "${srcdir:-.}/tests/hostile/lib.sh"

# start [OPTION...]: in the background, until it listens
start() {
	: >"$work/log"
	"$gaitd" --config "$work/gaitd.yaml" --simulate demo "$@" >>"$work/log" 2>&1 &
	pid=$!
	pids=$pid
	wait_for "$work/log" 'displays connect to'
}

# end SIGNAL: it ends well, its sockets gone
end() {
	kill -"$1" "$pid"
	seen=0
	wait "$pid" || seen=$?
	pids=
	checked
	[ "$seen" -eq 0 ] || fail "SIG$1 ends it with $seen"
	! ls "$work"/*.sock 2>/dev/null || fail "SIG$1: sockets are left"
}

cp "$work/none.yaml" "$work/gaitd.yaml"
start
expect 0 '' "$gaitctl" status
for line in '^gaitd ' '^treadmill ' '^session ' '^displays  *0'; do
	grep -q "$line" "$work/out" || fail "gaitctl status has no line '$line'"
done
expect 0 '' "$gaitctl" --json status
grep -q '"ok": true' "$work/out" || fail "gaitctl status --json is not ok"

# A second one does not take the socket from the first.
expect 75 'another gaitd listens' "$gaitd" --config "$work/none.yaml" --simulate demo
expect 0 '' "$gaitctl" status

# Reload: good, bad, good again; by SIGHUP as well
expect 0 '' "$gaitctl" reload --wait
printf 'dispaly:\n' >"$work/gaitd.yaml"
expect 3 'gaitd.yaml:1:1: unknown key' "$gaitctl" reload --wait
grep -q 'gaitd.yaml:1:1: unknown key' "$work/log" || fail "the log does not say why"
expect 0 '' "$gaitctl" status
printf 'rules:\n  files: [%s/nothing.yaml]\n' "$work" >"$work/gaitd.yaml"
expect 3 'nothing.yaml: ' "$gaitctl" reload --wait
printf 'log:\n  level: info\n' >"$work/gaitd.yaml"
expect 0 '' "$gaitctl" reload --wait
kill -HUP "$pid"
expect 0 '' "$gaitctl" status
end TERM

start
end INT

# A socket that a killed daemon left is replaced.
start
kill -KILL "$pid"
wait "$pid" || :
[ -S "$work/display.sock" ] || fail "SIGKILL should leave a socket"
start
expect 0 '' "$gaitctl" status
end TERM

finish
