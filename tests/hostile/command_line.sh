#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# Mistyped command lines: what was meant, exit 2. And the other exit statuses.
. "${srcdir:-.}/tests/hostile/lib.sh"

printf '%s\n' '# gaitd recording 1' '0 treadmill link live' >"$work/a.rec"

expect 2 'did you mean --replay?' "$gaitd" --replya "$work/a.rec"
expect 2 'did you mean --simulate?' "$gaitd" --simulat=demo --simulatee demo
expect 2 'ambiguous option --re' "$gaitd" --re "$work/a.rec"
expect 2 'unknown option -x' "$gaitd" -x
expect 2 'unknown option --xyzzy (gaitd --help' "$gaitd" --xyzzy
expect 2 'needs a FILE' "$gaitd" --replay
expect 2 'takes no value' "$gaitd" --metrics=yes
expect 2 'unexpected "demo"' "$gaitd" demo
expect 2 'expected max, or a number' "$gaitd" --replay "$work/a.rec" --speed fast
expect 2 'expected max, or a number' "$gaitd" --replay "$work/a.rec" --speed 0
expect 2 'expected max, or a number' "$gaitd" --replay "$work/a.rec" --speed -1
expect 2 'expected max, or a number' "$gaitd" --replay "$work/a.rec" --speed nan
expect 2 'expected a whole number' "$gaitd" --simulate demo --seed x
expect 2 'choose one' "$gaitd" --simulate demo --replay "$work/a.rec"
expect 2 'add --simulate' "$gaitd" --seed 1
expect 2 'add --prompts' "$gaitd" --simulate demo --metrics
expect 2 'real runs go at their own' "$gaitd" --speed 2
expect 2 'did you mean demo?' "$gaitd" --config "$work/none.yaml" --simulate dmeo
expect 2 'need different ones' "$gaitd" --config "$work/none.yaml" --replay "$work/a.rec" \
	--record "$work/a.rec" --speed max
[ "$(wc -l <"$work/a.rec")" -eq 2 ] || fail "--record emptied what is replayed"
long=$(printf '%0120d' 0)
expect 2 'too long for a socket' "$gaitd" --config "$work/none.yaml" --simulate demo \
	--socket "$work/$long"

expect 0 '' "$gaitd" --help
grep -q '^  gaitd --simulate demo' "$work/out" || fail "--help does not lead with examples"
cp "$work/out" "$work/help"
expect 0 '' "$gaitd" -h
cmp "$work/out" "$work/help" || fail "-h is not --help"
expect 0 '' "$gaitd" --version
grep -q 'display 1' "$work/out" || fail "--version names no protocol"
expect 0 '' "$gaitd" --simulate list
grep -q '^demo ' "$work/out" || fail "--simulate list has no demo"
# without hardware gaitd waits for some: tests/lab/guest/links
expect 1 'make it, or choose another' "$gaitd" --config "$work/none.yaml" --simulate demo \
	--socket "$work/no/such/display.sock"
expect 1 'no socket' "$gaitd" --config "$work/none.yaml" --simulate demo --socket "$work/a.rec"
[ -f "$work/a.rec" ] || fail "a file in the socket's place was removed"
expect 1 'full' sh -c "\"$gaitd\" --help >/dev/full || { s=\$?; echo full >&2; exit \$s; }"

expect 2 'did you mean status?' "$gaitctl" sttaus
expect 2 'did you mean --json?' "$gaitctl" --jsno status
expect 2 'gaitctl status' "$gaitctl"
expect 2 'did you mean rules check' "$gaitctl" rules chekc
expect 2 'takes FILE' "$gaitctl" rules check
expect 2 'takes' "$gaitctl" status now
expect 75 'Start one (gaitd --simulate demo)' "$gaitctl" status
expect 0 '' "$gaitctl" --help
expect 0 '' "$gaitctl" --version

finish
