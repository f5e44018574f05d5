#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# Languages keep up with the rules: every catalogue says all that the rules say,
# in the columns of a display; and the daemon speaks them.
set -eu

srcdir=${srcdir:-.}
builddir=${builddir:-.}
export LC_ALL=C

rules=$srcdir/daemon/rules/rules.yaml
work=$(mktemp -d "${TMPDIR:-/tmp}/gaitd-languages.XXXXXX")
trap 'rm -rf "$work"' EXIT
failures=0

fail() {
	echo "FAIL: $*"
	failures=$((failures + 1))
}

if [ ! -f "$builddir/daemon/rules/po/de.mo" ]; then
	echo "configured --without-languages"
	exit 77
fi

for po in "$srcdir"/daemon/rules/po/*.po; do
	language=$(basename "$po" .po)
	"$builddir/daemon/rules/rule_texts" --complete "$rules" \
		"$builddir/daemon/rules/po/$language.mo" ||
		fail "$po is out of date: make catalogues, then translate what is empty or fuzzy"
	grep -q "^\"Language: $language.n\"\$" "$po" || fail "$po: its header says another Language"
	! grep -q '^#, fuzzy' "$po" || fail "$po: fuzzy entries: look at them, take the mark away"
	! grep -q '^#~' "$po" || fail "$po: obsolete entries at its end"
done

# The console's own words: all that the source marks, and nothing else
(cd "$srcdir" && xgettext --from-code=UTF-8 -k_ -kN_ --no-location -o "$work/console.pot" \
	plugins/console/*.c plugins/drm/*.c plugins/terminal/*.c)
for po in "$srcdir"/plugins/console/po/*.po; do
	msgcmp "$po" "$work/console.pot" >"$work/said" 2>&1 && ! grep -q 'not used' "$work/said" ||
		fail "$po is out of date: $(cat "$work/said")"
done

# A template that is empty would pass all that.
"$builddir/daemon/rules/rule_texts" "$rules" >"$work/template"
[ "$(grep -c '^msgid ' "$work/template")" -gt 40 ] || fail "the template lacks the rules' texts"

# speak LANGUAGE [RECORDING]: what a runner of it is told of a pain of 4, and of a slow beat
# RECORDING: another one
speak() {
	sed "s/^# Runner: {/&\"lang\":\"$1\",/" \
		"$srcdir/tests/recordings/${2:-simulated-pain-rising}.rec" >"$work/$1.rec"
	"$builddir/gaitd" --replay "$work/$1.rec" --speed max --prompts - 2>"$work/log" ||
		fail "replay in $1: $(cat "$work/log")"
}

# Until somebody has reviewed it, safety has its English beneath; form has not.
for po in "$srcdir"/daemon/rules/po/*.po; do
	language=$(basename "$po" .po)
	grep -q '^"X-Safety-Reviewed-By: .n"$' "$po" || continue
	speak "$language" >"$work/said"
	[ "$(grep -c '"level":"safety".*"english":{"headline":"[^"]*","text":"[^"]*"' "$work/said")" -ge 2 ] ||
		fail "no English beneath safety in $language: $(cat "$work/said")"
	speak "$language" simulated-pod-rsc-strides >"$work/said"
	grep -q '"rule":"cadence-low"' "$work/said" || fail "no word on form in $language"
	! grep -q '"english"\|Quicker, lighter\|Hold this beat' "$work/said" ||
		fail "English on form in $language: $(cat "$work/said")"
done

speak de >"$work/said"
grep -q '"headline":"Etwas ruhiger","text":"[^"]*","english":{"headline":"Ease off a little"' "$work/said" ||
	fail "no German with its English beneath: $(cat "$work/said")"
"$builddir/gaitctl" summary --recording "$work/de.rec" >"$work/said" 2>"$work/log" ||
	fail "summary in de: $(cat "$work/log")"
grep -q 'Dein Rücken wollte Ruhe' "$work/said" && grep -q 'Your back asked for rest' "$work/said" ||
	fail "no advice in German with its English beneath: $(cat "$work/said")"
speak en >"$work/said"
! grep -q '"english"' "$work/said" || fail "English beneath English"
speak xx >"$work/said"
grep -q '"headline":"Ease off a little"' "$work/said" || fail "no English for a language that is not there"
[ "$(grep -c 'no catalogue for "xx"' "$work/log")" -eq 1 ] ||
	fail "not one line in the log on a language that is not there: $(cat "$work/log")"

[ "$failures" -eq 0 ]
