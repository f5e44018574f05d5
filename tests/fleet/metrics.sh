#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# gaitctl metrics as others read it: Prometheus' own checker has nothing to say of
# it, whatever was heard; nothing of a runner is in it, and nothing is left beside
# the file.
. "${srcdir:-.}/tests/hostile/lib.sh"
command -v promtool >/dev/null || {
	echo "no promtool here (Debian: prometheus)"
	exit 77
}

# understood FILE: without a remark
understood() {
	checked
	promtool check metrics <"$1" >"$work/said" 2>&1 && [ ! -s "$work/said" ] || {
		fail "promtool of $1:"
		head -n 20 "$work/said"
	}
}

# has FILE PATTERN: such a line
has() {
	checked
	grep -q -E -e "$2" "$1" || {
		fail "no '$2' in:"
		cat "$1"
	}
}

# has_no FILE PATTERN
has_no() {
	checked
	! grep -i -E -e "$2" "$1" || fail "that should not be in $1"
}

# metrics FILE: gaitctl's, of the daemon that runs
metrics() {
	expect 0 '' "$gaitctl" metrics -o "$1"
}

# play COMMAND-LINE...: a daemon that answers
play() {
	"$gaitd" --config "$work/none.yaml" "$@" >>"$work/log" 2>&1 &
	pids=$!
	expect 0 '' "$gaitctl" health --wait 60
}

stop() {
	kill "$pids"
	wait "$pids" || :
	pids=
}

# ---- nobody ----
expect 75 'no gaitd at' "$gaitctl" metrics
cp "$work/out" "$work/gone.prom"
understood "$work/gone.prom"
has "$work/gone.prom" '^gaitd_up 0$'
expect 75 'no gaitd at' "$gaitctl" metrics --output "$work/gone.prom"
has "$work/gone.prom" '^gaitd_up 0$'

# ---- a run, of somebody who is known ----
play --simulate demo
metrics "$work/gaitd.prom"
understood "$work/gaitd.prom"
has "$work/gaitd.prom" '^gaitd_up 1$'
has "$work/gaitd.prom" '^gaitd_build_info\{version="[0-9.]+[^"]*"\} 1$'
has "$work/gaitd.prom" '^gaitd_link_state\{device="treadmill",state="live"\} 1$'
has "$work/gaitd.prom" '^gaitd_frames_total\{device="treadmill"\} [1-9]'
has "$work/gaitd.prom" '^gaitd_wakeups_total [1-9]'
has_no "$work/gaitd.prom" 'runner|cadence|speed_|heart_rate_bpm|pain|address'
has "$work/gaitd.prom" '^gaitd_sessions_total 1$'
checked
[ "$(stat -c %a "$work/gaitd.prom")" = 644 ] || fail "another user cannot read it"
checked
[ "$(find "$work" -name '*gaitd.prom*' | wc -l)" -eq 1 ] || fail "something is left beside it"

expect 1 'No such file' "$gaitctl" metrics -o "$work/none/gaitd.prom"
stop

# ---- what is heard of a bad world: nonsense, a strap, a weak pod ----
mkfifo "$work/world"
exec 9<>"$work/world"
{
	echo '# gaitd recording 1'
	echo '0 treadmill link live'
	echo '0 treadmill notify 2acd 00'
	echo '0 footpod link live'
	echo '0 footpod rssi -88'
	echo '0 footpod rssi -71'
	echo '0 footpod notify 2a53 0666025048000000'
	echo '0 footpod ant a4'
	echo '0 heart_rate notify 2a37 0048'
	echo '0 treadmill link lost'
} >&9
play --replay "$work/world"
metrics "$work/world.prom"
understood "$work/world.prom"
has "$work/world.prom" '^gaitd_decode_errors_total\{device="treadmill",kind="notify"\} 1$'
has "$work/world.prom" '^gaitd_decode_errors_total\{device="footpod",kind="ant"\} 1$'
has "$work/world.prom" '^gaitd_link_losses_total\{device="treadmill"\} 1$'
has "$work/world.prom" '^gaitd_link_state\{device="heart_rate",state="live"\} 1$'
has "$work/world.prom" '^gaitd_signal_dbm\{device="footpod",percentile="10"\} -88$'
stop
exec 9>&-

# ---- the README's table is of what is written, name, type and meaning ----
sed -n 's/^# HELP \([^ ]*\) \(.*\)/\1\t\2/p' "$work"/*.prom | sort -u >"$work/helps"
sed -n 's/^# TYPE \([^ ]*\) \(.*\)/\1\t\2/p' "$work"/*.prom | sort -u >"$work/types"
checked
[ "$(wc -l <"$work/types")" -ge 15 ] || fail "few metrics were written: $(cat "$work/types")"
readme=$srcdir/plugins/fleet/README.md
while IFS='	' read -r name type; do
	meaning=$(sed -n "s/^$name	//p" "$work/helps")
	checked
	grep -q "^| \`$name\` | [a-z, ]*| $type | $meaning |\$" "$readme" ||
		fail "$readme has no row for $name, $type, $meaning"
done <"$work/types"
# and the other way round: it lists none that nobody writes, and all that might be
sed -n 's/^| `\(gaitd_[a-z_]*\)` |.*/\1/p' "$readme" | sort >"$work/listed"
grep -o '"gaitd_[a-z_]*"' "$srcdir/daemon/gaitctl/metrics_text.c" | tr -d '"' | sort -u >"$work/known"
checked
cmp -s "$work/listed" "$work/known" || fail "README and gaitctl: $(diff "$work/listed" "$work/known")"
checked
for name in $(cat "$work/known"); do
	grep -q "$name" "$srcdir/daemon/gaitctl/gaitctl.1" || fail "gaitctl(1) does not tell of $name"
done
finish
