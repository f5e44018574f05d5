#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# What an operator, and his scripts, ask gaitctl of a daemon that runs, and of
# one that does not: words and exit statuses.
. "${srcdir:-.}/tests/hostile/lib.sh"

# prints PATTERN: the last command's output has such a line
prints() {
	checked
	grep -q -e "$1" "$work/out" || {
		fail "no '$1' in the output:"
		head -n 20 "$work/out"
	}
}

# ---- no daemon ----
expect 1 '' "$gaitctl" health
prints '^failing: no gaitd at .*control.sock'
expect 1 '' "$gaitctl" health --wait 1
expect 0 '' "$gaitctl" health --idle
prints '^idle: no gaitd runs'
expect 0 '' "$gaitctl" health --idle --json
prints '"state": "idle"'
expect 2 'whole seconds' "$gaitctl" health --wait=soon
expect 2 'takes' "$gaitctl" health soon

# ---- a run ----
: >"$work/log"
"$gaitd" --config "$work/none.yaml" --simulate demo >>"$work/log" 2>&1 &
pids=$!
expect 0 '' "$gaitctl" health --wait 60
prints '^healthy: gaitd .*simulator demo'
expect 0 '' "$gaitctl" --json health
prints '"state": "healthy"'
expect 1 '' "$gaitctl" health --idle
prints '^busy: a session is running'
expect 1 '' "$gaitctl" health --idle --wait 1

finish
