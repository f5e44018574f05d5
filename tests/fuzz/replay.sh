#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# Gives each fuzz target its corpus, tests/fuzz/corpus/NAME/: what was found
# once stays mended.
set -eu

srcdir=${srcdir:-.}
builddir=${builddir:-.}
failures=0
inputs=0

for target in "$builddir"/tests/fuzz/fuzz_*; do
	case ${target##*/} in *.*) continue ;; esac
	corpus=$srcdir/tests/fuzz/corpus/${target##*/fuzz_}
	if [ ! -d "$corpus" ]; then
		echo "FAIL: $target has no corpus in $corpus"
		failures=$((failures + 1))
		continue
	fi
	for input in "$corpus"/*; do
		inputs=$((inputs + 1))
		"$target" "$input" >/dev/null 2>fuzz-replay.err && continue
		echo "FAIL: $target $input"
		cat fuzz-replay.err
		failures=$((failures + 1))
	done
done
rm -f fuzz-replay.err

echo "$inputs inputs"
[ "$failures" -eq 0 ] && [ "$inputs" -gt 0 ]
