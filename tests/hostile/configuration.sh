#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# Configurations with faults: FILE:LINE:COLUMN, what was expected, exit 3.
. "${srcdir:-.}/tests/hostile/lib.sh"

# bad LINE:COLUMN PATTERN: of what comes in
bad() {
	cat >"$work/bad.yaml"
	expect 3 "^gaitd: config: $work/bad.yaml:$1: .*$2" "$gaitd" --check-config "$work/bad.yaml"
	[ ! -s "$work/out" ] || fail "--check-config prints '$(cat "$work/out")' after a fault"
	expect 3 "bad.yaml:$1: " "$gaitd" --config "$work/bad.yaml" --simulate demo --speed max
	expect 3 "bad.yaml:$1: " "$gaitd" --config "$work/bad.yaml" --dump-config
}

printf 'display:\n  max: 5\n' >"$work/good.yaml"
expect 0 '' "$gaitd" --check-config "$work/good.yaml"
[ "$(cat "$work/out")" = "$work/good.yaml: ok" ] || fail "--check-config does not say ok"
expect 0 '' "$gaitd" --check-config "$work/none.yaml"

printf 'display:\n  max: 5\ndispaly:\n  max: 5\n' | bad 3:1 'did you mean display?'
printf 'display:\n  maxx: 5\n' | bad 2:3 'unknown key "maxx" in display; did you mean max?'
printf 'display:\n  max: 65\n' | bad 2:8 'from 1 to 64'
printf 'display:\n  max: lots\n' | bad 2:8 'from 1 to 64, found "lots"'
printf 'display:\n  max: 1\n  max: 2\n' | bad 3:3 'stands twice'
printf 'display:\n\tmax: 1\n' | bad 2:1 'no tabs'
printf 'display: &a\n  max: 1\nlog: *a\n' | bad 3:6 'aliases'
printf 'display: [\n' | bad 2:1 ''
printf 'rules:\n  files: rules.yaml\n' | bad 2:10 'expected a list'
printf 'rules:\n  files: [rules.yaml]\n' | bad 2:11 'from the root on'
printf 'ant:\n  network_key: cafecafe\n' | bad 2:16 '16 hex digits'
printf 'log:\n  level: \377\n' | bad 2:10 'UTF-8'
printf -- '- a\n' | bad 1:1 'expected keys'
printf 'a: 1\n---\nb: 2\n' | bad 2:1 'one document'
head -c 3000000 /dev/zero | tr '\0' '#' | bad 1:1 'at most 1048576'
head -c 3000000 /dev/zero | tr '\0' '[' | bad 1:1 'at most 1048576'
head -c 500000 /dev/zero | tr '\0' '[' | bad '1:[0-9]*' 'deep'
binary | bad '[0-9]*:[0-9]*' ''

# Rules that it names are part of a configuration.
printf 'rules:\n  files: [/nonexistent/rules.yaml]\n' >"$work/rules.yaml"
expect 3 '/nonexistent/rules.yaml' "$gaitd" --check-config "$work/rules.yaml"

expect 3 'No such file' "$gaitd" --check-config "$work/nothing.yaml"
expect 3 'Is a directory' "$gaitd" --check-config "$work"
expect 3 'No such file' "$gaitd" --config "$work/nothing.yaml" --simulate demo
expect 3 'at most 1048576' "$gaitd" --check-config /dev/zero

# A secret is never said, right or wrong.
printf 'ant:\n  network_key: 0123456789abcdef0\n' >"$work/key.yaml"
expect 3 'key.yaml:2:' "$gaitd" --check-config "$work/key.yaml"
! grep -q 0123456789abcdef "$work/out" "$work/err" || fail "--check-config shows a wrong key"
printf 'ant:\n  network_key: 0123456789abcdef\n' >"$work/key.yaml"
chmod 600 "$work/key.yaml"
expect 0 '' "$gaitd" --check-config "$work/key.yaml"
! grep -q 0123456789abcdef "$work/out" "$work/err" || fail "--check-config shows the key"
expect 0 '' "$gaitd" --config "$work/key.yaml" --dump-config
! grep -q 0123456789abcdef "$work/out" || fail "--dump-config shows the key"

# What is dumped is a configuration again, and the same.
expect 0 '' "$gaitd" --config "$work/good.yaml" --dump-config
grep -q "^  max: 5  # $work/good.yaml:2:8\$" "$work/out" || fail "--dump-config names no origin"
cp "$work/out" "$work/dump.yaml"
expect 0 '' "$gaitd" --config "$work/dump.yaml" --dump-config
sed 's/ *#.*//' "$work/dump.yaml" >"$work/values"
sed 's/ *#.*//' "$work/out" | cmp - "$work/values" || fail "a dump reads back as something else"

finish
