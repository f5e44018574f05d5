#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# Rule files with faults: FILE:LINE:COLUMN and the fix, exit 3; from gaitd
# --rules, gaitd --check-config and gaitctl rules check alike.
. "${srcdir:-.}/tests/hostile/lib.sh"

# bad LINE:COLUMN PATTERN: of what comes in
bad() {
	cat >"$work/bad.yaml"
	printf 'rules:\n  files: [%s]\n' "$work/bad.yaml" >"$work/gaitd.yaml"
	expect 3 "^gaitctl: rules: $work/bad.yaml:$1: .*$2" "$gaitctl" rules check "$work/bad.yaml"
	expect 3 "^gaitd: rules: $work/bad.yaml:$1: .*$2" "$gaitd" --config "$work/none.yaml" \
		--rules "$work/bad.yaml" --simulate demo --speed max
	expect 3 "bad.yaml:$1: " "$gaitd" --check-config "$work/gaitd.yaml"
}

# rule WHEN: a rule file with that condition, in line 4 from column 11 on
rule() {
	printf 'rules:\n  - id: mine\n    level: form\n    when: "%s"\n' "$1"
	printf '    say: {headline: "Ease off", text: "Ease off."}\n'
}

rule 'speed > 12 km/h and incline >= 4 %' >"$work/good.yaml"
expect 0 '' "$gaitctl" rules check "$work/good.yaml"
expect 0 '' "$gaitctl" rules check "$srcdir/daemon/rules/rules.yaml"

rule 'speed > 4 %' | bad '4:[0-9]*' ''
rule 'speed > 12' | bad '4:[0-9]*' ''
rule 'sped > 12 km/h' | bad 4:12 'speed'
rule 'speed > 12 km/h and' | bad '4:[0-9]*' ''
rule 'distance / heart_rate > 3 m/s' | bad '4:[0-9]*' ''
rule 'speed > 12 parsec' | bad '4:[0-9]*' ''
rule '((((((((((((((((((((((((((((((((((((((((speed > 1 km/h' | bad '4:[0-9]*' ''
rule '' | bad '[45]:[0-9]*' ''
rule 'speed > 12 km/h' | sed 's/level/levle/' | bad 3:5 'level'
rule 'speed > 12 km/h' | sed 's/: form/: fom/' | bad 3:12 'form'
printf 'rulse: []\n' | bad 1:1 'rules'
printf 'rules:\n\t- id: x\n' | bad 2:1 'no tabs'
printf 'rules: &a [*a]\n' | bad '1:[0-9]*' ''
head -c 10485760 /dev/zero | tr '\0' 'x' | bad 1:1 ''
binary | bad '[0-9]*:[0-9]*' ''

expect 3 'No such file' "$gaitctl" rules check "$work/nothing.yaml"
expect 3 'nothing.yaml' "$gaitd" --config "$work/none.yaml" --rules "$work/nothing.yaml" --simulate demo

finish
