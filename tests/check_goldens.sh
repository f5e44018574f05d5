#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# The table of tests/recordings/README: each shipped rule has a recording in which
# it speaks, is over, speaks again and is silent, and it does so at that second.
set -eu

srcdir=${srcdir:-.}
builddir=${builddir:-.}
export LC_ALL=C
golden=$srcdir/tests/recordings
rules=$srcdir/daemon/rules/rules.yaml

work=$(mktemp -d "${TMPDIR:-/tmp}/gaitd-goldens.XXXXXX")
trap 'rm -rf "$work"' EXIT
: >"$work/gaitd.yaml"
failures=0

fail() {
	echo "FAIL: $*"
	failures=$((failures + 1))
}

# recording NAME: its path, expanded if it is written down in steps
recording() {
	if [ -f "$golden/$1.rec" ]; then
		echo "$golden/$1.rec"
		return
	fi
	[ -f "$work/$1.rec" ] ||
		if [ -f "$golden/$1.runner" ]; then
			sed -e 's/^/# Runner: /' "$golden/$1.runner" >"$work/runner"
			awk -f "$srcdir/tests/ant.awk" -f "$srcdir/tests/steps.awk" "$golden/${1%%.*}.steps" |
				sed -e '/^# Runner: /d' -e "1r $work/runner" >"$work/$1.rec"
		else
			awk -f "$srcdir/tests/ant.awk" -f "$srcdir/tests/steps.awk" "$golden/$1.steps" >"$work/$1.rec"
		fi
	echo "$work/$1.rec"
}

# why RULE NAME SECOND: what the coach made of it, a member a line
why() {
	"$builddir/gaitctl" --config "$work/gaitd.yaml" --json rules why "$(recording "$2")" \
		--at "$3" "$1" >"$work/why" || fail "gaitctl rules why $2 --at $3 $1"
}

# speaks RULE NAME SECOND
speaks() {
	grep -q "^{\"t\":$3\.[0-9]*,\"event\":\"prompt\",\"id\":[0-9]*,\"rule\":\"$1\"" "$golden/$2.prompts" ||
		fail "$1 does not speak at $3 s of $2"
}

# over RULE NAME SECOND
over() {
	ids=$(sed -n "s/.*\"event\":\"prompt\",\"id\":\([0-9]*\),\"rule\":\"$1\".*/\1/p" "$golden/$2.prompts")
	for id in $ids; do
		! grep -q "^{\"t\":$3\.000,\"event\":\"clear\",\"id\":$id," "$golden/$2.prompts" || return 0
	done
	why "$1" "$2" "$3"
	grep -q '"active": false' "$work/why" || fail "$1 is not over at $3 s of $2"
}

# silent RULE NAME SECOND REASON
silent() {
	! grep -q "^{\"t\":$3\.[0-9]*,\"event\":\"prompt\",\"id\":[0-9]*,\"rule\":\"$1\"" "$golden/$2.prompts" ||
		fail "$1 is not silent at $3 s of $2"
	why "$1" "$2" "$3"
	grep -q "\"reason\": \"$4\"" "$work/why" ||
		fail "$1 at $3 s of $2: silent by$(sed -n 's/.*"reason"://p' "$work/why") not $4"
}

# keeps_to_once RULE: it speaks once a session, by its own words
keeps_to_once() {
	awk -v id="$1" '
		$1 == "-" && $2 == "id:" { inside = $3 == id }
		inside && $1 == "once:" { found = 1 }
		END { exit !found }' "$rules"
}

awk '/^rule recording / { inside = 1; next } NF != 7 { inside = 0 } inside' "$golden/README" >"$work/table"
while read -r rule name first end again quiet because; do
	speaks "$rule" "$name" "$first"
	for dash in "$end" "$again"; do
		[ "$dash" != - ] || keeps_to_once "$rule" || fail "$rule: \"-\", and it speaks more than once"
	done
	[ "$end" = - ] || over "$rule" "$name" "$end"
	[ "$again" = - ] || speaks "$rule" "$name" "$again"
	case $quiet in
	*@*) silent "$rule" "${quiet%@*}" "${quiet#*@}" "$because" ;;
	*) silent "$rule" "$name" "$quiet" "$because" ;;
	esac
done <"$work/table"

sed -n 's/^  - id: //p' "$rules" | sort >"$work/shipped"
cut -d ' ' -f 1 "$work/table" | sort >"$work/shown"
diff "$work/shipped" "$work/shown" >"$work/diff" ||
	fail "rules without a line (<), or lines without a rule (>): $(grep '^[<>]' "$work/diff" | tr '\n' ' ')"

echo "$(wc -l <"$work/table") rules looked at"
[ "$failures" -eq 0 ]
