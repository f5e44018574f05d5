#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# Programs and manual pages tell the same: each option that --help names stands
# in the page, and each that the page documents is one that --help names.
set -eu

srcdir=${srcdir:-.}
builddir=${builddir:-.}
export LC_ALL=C

work=$(mktemp -d "${TMPDIR:-/tmp}/gaitd-manuals.XXXXXX")
trap 'rm -rf "$work"' EXIT
failures=0

fail() {
	echo "FAIL: $*"
	failures=$((failures + 1))
}

# options_of_page PAGE: long options that head an entry of its lists
options_of_page() {
	grep -E '^\.It (Xo )?Fl' "$1" | grep -oE 'Fl -[a-z][a-z-]+' | sed 's/^Fl //; s/^/-/' | sort -u
}

# compare PROGRAM PAGE
compare() {
	timeout 60 "$builddir/$1" --help >"$work/help" 2>&1 || fail "$1 --help does not end with 0"
	grep -oE -e '--[a-z][a-z-]+' "$work/help" | sort -u >"$work/said"
	options_of_page "$srcdir/$2" >"$work/written"
	[ -s "$work/said" ] || fail "$1 --help names no option"
	comm -23 "$work/said" "$work/written" | while read -r option; do
		echo "$option of $1 --help is not in $2"
	done >"$work/differences"
	comm -13 "$work/said" "$work/written" | while read -r option; do
		echo "$option of $2 is not in $1 --help"
	done >>"$work/differences"
	while read -r line; do
		fail "$line"
	done <"$work/differences"
}

compare gaitd daemon/gaitd.8
compare gaitctl daemon/gaitctl/gaitctl.1
compare gaitd-run plugins/gaitd-run.1
[ ! -x "$builddir/gaitd-sim" ] || compare gaitd-sim daemon/peripheral/gaitd-sim.1
[ ! -x "$builddir/gaitd-drm" ] || compare gaitd-drm plugins/drm/gaitd-drm.1
[ ! -x "$builddir/gaitd-metronome" ] || compare gaitd-metronome plugins/metronome/gaitd-metronome.1
[ ! -x "$builddir/gaitd-mqtt" ] || compare gaitd-mqtt plugins/mqtt/gaitd-mqtt.1
[ ! -x "$builddir/gaitd-voice" ] || compare gaitd-voice plugins/voice/gaitd-voice.1
[ ! -x "$builddir/gaitd-terminal" ] || compare gaitd-terminal plugins/terminal/gaitd-terminal.1
[ ! -x "$builddir/gaitd-web" ] || compare gaitd-web plugins/web/gaitd-web.1

if command -v mandoc >/dev/null; then
	find "$srcdir/daemon/" "$srcdir/plugins/" "$srcdir/protocol/" -name '*.[1-8]' >"$work/pages"
	while read -r page; do
		mandoc -T lint -W warning "$page" || fail "mandoc -T lint $page"
	done <"$work/pages"
fi

[ "$failures" -eq 0 ]
