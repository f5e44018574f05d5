#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# Feeds every fuzz program that was built each input of its corpus once, be it
# linked with libFuzzer or with replay_corpus.c.
set -eu

srcdir=${srcdir:-.}
builddir=${builddir:-.}
programs=0
failures=0

fail() {
	echo "FAIL: $*"
	failures=$((failures + 1))
}

for program in "$builddir"/tests/fuzz/fuzz_*; do
	name=${program##*/fuzz_}
	case $name in
	*.* | '*') continue ;;
	esac
	[ -f "$program" ] && [ -x "$program" ] || continue
	programs=$((programs + 1))
	set -- "$srcdir/tests/fuzz/corpus/$name"/*
	if [ ! -f "$1" ]; then
		fail "$name: no inputs in tests/fuzz/corpus/$name"
	elif output=$("$program" "$@" 2>&1); then
		echo "$name: $# inputs"
	else
		echo "$output" | tail -n 40
		fail "$name: see the input above; fix, and keep the input"
	fi
done

[ "$programs" -gt 0 ] || fail "no fuzz program was built: make check builds them"
[ "$failures" -eq 0 ]
