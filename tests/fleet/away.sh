#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# More than an hour of runs, played fast, with the broker away: the runner notices
# nothing. His prompts are the same to the byte as without gaitd-mqtt, which is
# never slow, and what it keeps stays within its bound.
. "${srcdir:-.}/tests/hostile/lib.sh"
[ -x "$builddir/gaitd-mqtt" ] || {
	echo "no gaitd-mqtt here"
	exit 77
}

# play SCENARIO NAME: begins it
play() {
	"$gaitd" --config "$work/none.yaml" --simulate "$1" --seed 7 --speed 300 \
		--prompts "$work/$2.$1" 2>>"$work/log" &
	daemon=$!
	pids="$pids $daemon"
}

ended() {
	status=0
	wait "$daemon" || status=$?
	checked
	[ "$status" -eq 0 ] || fail "gaitd: status $status: $(cat "$work/log")"
}

# until_status PATTERN: until gaitctl status has such a line; not if the run ends before
until_status() {
	until "$gaitctl" status --json >"$work/status" 2>/dev/null && grep -q -e "$1" "$work/status"; do
		kill -0 "$daemon" 2>/dev/null || return 1
		sleep 0.1
	done
}

# play_together SCENARIO: again where a slow machine had them miss each other
play_together() {
	for try in 1 2 3 4 5; do
		play "$1" away
		# it is connected while he runs
		until_status '"name": "gaitd-mqtt"' && until_status '"state": "running"' && return
		[ $try -eq 5 ] || wait "$daemon" || :
	done
	checked
	fail "gaitd-mqtt is not there while he runs: $(cat "$work/status")"
}

cat >"$work/mqtt.yaml" <<END
broker: {host: 127.0.0.1, port: 9}
site: gym-a
console: alone
commands: {enabled: no}
spool: {directory: $work/spool, events: 64}
END
mkdir "$work/spool"

# 45 and 24 minutes
for scenario in long-run cadence-low-stubborn; do
	play $scenario alone
	ended
done
"$builddir/gaitd-mqtt" --config "$work/mqtt.yaml" 2>"$work/mqtt.log" &
mqtt=$!
pids="$pids $mqtt"
resident_kib()
{
	sed -n 's/^VmRSS:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$mqtt/status"
}

for scenario in long-run cadence-low-stubborn; do
	began=${took:+$(resident_kib)} # when its spool was full once
	took=yes
	play_together $scenario
	checked
	grep -q '"errors": 0' "$work/status" || fail "gaitd-mqtt says what gaitd does not take"
	ended
	checked
	[ -s "$work/alone.$scenario" ] || fail "$scenario: nothing was said"
	checked
	cmp "$work/alone.$scenario" "$work/away.$scenario" || fail "he was told something else"
done
checked
kill -0 "$mqtt" || fail "gaitd-mqtt ended: $(cat "$work/mqtt.log")"
checked
# one that is slow is named, and closed
! grep 'gaitd-mqtt' "$work/log" | grep -v ': ready, version' || fail "gaitd has something to say of it"
checked
# a sanitizer keeps what was freed
grown=$(($(resident_kib) - began))
grep -q __asan_init "$builddir/gaitd-mqtt" || [ "$grown" -le 512 ] || fail "it has grown by $grown KiB in a run"
checked
kept=$(find "$work/spool" -type f | wc -l)
[ "$kept" -gt 10 ] && [ "$kept" -le 64 ] || fail "its spool holds $kept events"
finish
