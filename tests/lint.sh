#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# make lint: clang-tidy over the C files, mandoc over the manual pages, sh -n
# over the scripts. A tool that is missing is a failure: lint that looked at
# nothing is no lint.
set -eu

srcdir=${srcdir:-.}
export LC_ALL=C
failures=0

need() {
	command -v "$1" >/dev/null && return
	echo "lint: $1 is missing: apt-get install $2" >&2
	exit 1
}
need clang-tidy clang-tidy
need mandoc mandoc

rooms=
for room in daemon plugins protocol tests; do
	[ ! -d "$srcdir/$room" ] || rooms="$rooms $srcdir/$room/"
done

# Warnings are the compilers' business; clang-tidy knows not all of gcc's.
flags=$(printf '%s ' $CPPFLAGS $CFLAGS | sed 's/ -W[^l][^ ]*//g; s/ -ffile-prefix-map=[^ ]*//g')
for directory in DATADIR SYSCONFDIR VENDORDIR TEST_DATA TEST_SOURCE; do
	flags="$flags -D$directory='\"/\"'"
done

# tidy CHECKS: over the files whose names come in, a few at a time
tidy() {
	tr '\n' '\0' | xargs -0 -n 4 -P "$(nproc)" sh -c '
		checks=$1 flags=$2
		shift 2
		eval clang-tidy --quiet --checks="$checks" --warnings-as-errors="*" "\"\$@\"" -- "$flags" 2>&1 |
			grep -vE "warnings?( and [0-9]+ errors?)? generated\.$"
		exit 0' sh "$1" "$flags"
}

# The analyzer walks each path of what ships. In tests it would report what
# follows an assertion that has failed; and a test may scan, count in steps of
# 0.7, join two literals and compare structures that it zeroed before.
find $rooms -name '*.c' | sort >lint.files
grep -v '/tests/' lint.files | tidy '' >lint.log
grep '/tests/' lint.files | tidy '-clang-analyzer-*,-cert-err34-c,-cert-flp30-c,-bugprone-suspicious-missing-comma,-bugprone-suspicious-memory-comparison,-cert-exp42-c,-cert-flp37-c' >>lint.log
rm -f lint.files
if grep -qE '(error|warning):' lint.log; then
	cat lint.log
	failures=$(grep -cE '(error|warning):' lint.log)
else
	rm -f lint.log
fi

for page in $(find $rooms -name '*.[1-8]' | sort); do
	mandoc -T lint -W warning "$page" || failures=$((failures + 1))
done

for script in $(grep -rlE '^#! ?/bin/(ba)?sh' $rooms "$srcdir/quickstart" "$srcdir/.ci/"); do
	shell=$(sed -n '1s/.*\///p' "$script")
	! command -v "$shell" >/dev/null || "$shell" -n "$script" || failures=$((failures + 1))
done

echo "lint: $failures findings"
[ "$failures" -eq 0 ]
